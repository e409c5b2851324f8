"""Outcomes: which of a standard's effects follow from evaluations, on a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

import attrs

from civrules.errors import InvalidInput, Problem, listed
from civrules.followup.judging import Judge, Past
from civrules.followup.ledger import Happening, Issued, Ledger
from civrules.followup.ranking import Ranked, Ranking, reach, standard_of
from civrules.model.case import Case, case_states
from civrules.model.condition import Condition
from civrules.model.days import Duration, Period, check_day
from civrules.model.given import ParameterOf
from civrules.model.mapping import FrozenMapping
from civrules.model.outcome import DISTINCTIONS, Effect, Outcome
from civrules.model.soundness.outcomes import condition_problems
from civrules.model.standard import Standard
from civrules.model.standing import Stands
from civrules.model.text import Lang
from civrules.scoring.evaluation import Evaluation

_NO_LEDGER = Ledger()


@attrs.frozen(kw_only=True)
class Outcomes:
    """What took effect on a day, in the order of the document and of the communities, and what is to be said of it."""

    standard: Standard = attrs.field(repr=False)
    on: date
    issued: tuple[Issued, ...]
    notes: tuple[Problem, ...]
    """Seats that end inside a tie or stay empty, cuts that meet or reach beyond who is ranked, nobody to receive."""

    def __iter__(self) -> Iterator[Issued]:
        return iter(self.issued)

    def __len__(self) -> int:
        return len(self.issued)

    @property
    def issues(self) -> tuple[Happening, ...]:
        """That every outcome was issued: ends what lasts until the next issue, also where nobody received it."""
        return tuple(Happening(event=one.id, of=self.standard.id, on=self.on) for one in self.standard.outcomes)

    def explain(self, lang: Lang = "zh") -> tuple[str, ...]:
        """What took effect in words, a line for each effect, then the notes."""
        from civrules.followup.saying import said

        return (*(said(one, self.standard, lang) for one in self.issued), *(note.say(lang) for note in self.notes))


def outcomes(
    standard: Standard,
    evaluations: Ranking | Iterable[Ranking | Evaluation],
    /,
    *,
    on: date,
    history: Iterable[Evaluation] = (),
    events: Iterable[Happening] = (),
    ledger: Ledger = _NO_LEDGER,
    honours: Mapping[str, Mapping[str, str]] | None = None,
    cases: Mapping[str, Iterable[str]] | Iterable[Case] | None = None,
) -> Outcomes:
    """The effects of the standard's outcomes for each evaluation given, issued on the day `on`.

    `evaluations` are the standard's own, with those of other standards that its rankings need, or rankings that were
    made of them; a `[[ranking]]` that is not given is made. `history` has the evaluations of earlier periods, of all
    communities where a streak names a rank; `ledger` what was issued before, which other outcomes and honours look at;
    `events` cut the terms of what is issued. `honours` says which honour each community has at which stage, `cases`
    are everyone's cases, or for each community whether one is "open", "overdue" or "repeated".

    Raises InvalidInput with every problem, NotComparable where a ranking would mix editions, and CivrulesError where
    a condition asks for more than an evaluation read from its record alone can say.
    """
    check_day(on, "on")
    work = _Work(standard, *_given(standard, evaluations), on, tuple(history), ledger)
    work.told(honours or {}, cases or ())
    issued = [one for outcome in standard.outcomes for one in work.effects(outcome)]
    work.cuts()
    ended = Ledger((), tuple(events)).cut(issued)
    return Outcomes(standard=standard, on=on, issued=ended, notes=tuple(dict.fromkeys(work.notes)))


def standings(
    standard: Standard,
    evaluations: Ranking | Iterable[Ranking | Evaluation],
    /,
    *,
    on: date,
    history: Iterable[Evaluation] = (),
    ledger: Ledger = _NO_LEDGER,
    honours: Mapping[str, Mapping[str, str]] | None = None,
    cases: Mapping[str, Iterable[str]] | Iterable[Case] | None = None,
) -> Mapping[str, Stands]:
    """How each community stands on a day, for the tasks of a campaign: whatever an outcome may name, they may too.

    The arguments are those of `outcomes`. Outcomes hold that are in force by the ledger, or follow from the
    evaluations on the day. A condition that names what the standard does not have is refused when it is asked.
    Raises InvalidInput.
    """
    check_day(on, "on")
    work = _Work(standard, *_given(standard, evaluations), on, tuple(history), ledger)
    work.told(honours or {}, cases or ())
    return FrozenMapping({one.community.id: _JudgedStanding(standard, work.judge, one) for one in work.judged})


@attrs.frozen(eq=False)
class _JudgedStanding:
    """A community's standing as its evaluation, its place, its history and the ledger tell it."""

    standard: Standard
    judge: Judge
    evaluation: Evaluation

    def holds(self, condition: Condition, /) -> bool:
        """Whether the condition holds. Raises InvalidInput where it names what the standard does not have."""
        problems = tuple(condition_problems(self.standard, condition))
        if problems:
            raise InvalidInput(problems)
        return self.judge.holds(condition, self.evaluation)


def _given(
    standard: Standard, given: Ranking | Iterable[Ranking | Evaluation]
) -> tuple[tuple[Evaluation, ...], dict[str, Ranking]]:
    """The evaluations, and the rankings by the id of their rule; one that has none stands for the only rule."""
    parts = (given,) if isinstance(given, Ranking) else tuple(given)
    rankings: dict[str, Ranking] = {}
    evaluations: dict[int, Evaluation] = {}
    only = standard.rankings[0].id if len(standard.rankings) == 1 else None
    for part in parts:
        if isinstance(part, Ranking):
            known = {one.id for one in standard.rankings}
            name = part.rule.id if part.rule.id in known else only
            if name is None or name in rankings:
                expected = listed(known) or "no ranking"
                raise InvalidInput(Problem("which-ranking", (), part.rule.id, expected))
            rankings[name] = part
            within = (*(one.evaluation for one in part.ranked), *(one for one, _ in part.apart))
            evaluations |= {id(one): one for one in within}
        elif isinstance(part, Evaluation):
            evaluations[id(part)] = part
        else:
            raise InvalidInput(Problem("wrong-type", (), type(part).__name__, "a Ranking or an Evaluation"))
    return tuple(evaluations.values()), rankings


class _Work:
    """One day's outcomes while they are worked out."""

    def __init__(
        self,
        standard: Standard,
        evaluations: tuple[Evaluation, ...],
        rankings: dict[str, Ranking],
        on: date,
        history: tuple[Evaluation, ...],
        ledger: Ledger,
    ) -> None:
        self.standard = standard
        self.on = on
        own = (one for one in evaluations if standard_of(one) == standard.id)
        self.judged = sorted(own, key=lambda one: one.community.id)
        self.notes: list[Problem] = []
        self.ledger = ledger
        self._taken: dict[str, tuple[Evaluation, ...]] = {}
        self._ids: dict[str, frozenset[int]] = {}
        self.by_id = {one.id: one for one in standard.outcomes}
        self.judge = Judge(
            standard, on, evaluations, Past(history), rankings, ledger, honours={}, cases={}, follows=self._follows
        )

    def told(
        self, honours: Mapping[str, Mapping[str, str]], cases: Mapping[str, Iterable[str]] | Iterable[Case]
    ) -> None:
        """What the host says of honours and cases."""
        self.judge.honours = honours
        said = cases if isinstance(cases, Mapping) else case_states(cases, on=self.on)
        self.judge.cases = {name: frozenset(words) for name, words in said.items()}

    def note(self, code: str, where: str, value: object = None, expected: str = "", hint: str = "") -> None:
        """Say something of an outcome."""
        self.notes.append(Problem(code, (where,), value, expected, hint, severity="note"))

    def _follows(self, name: str, one: Evaluation) -> bool:
        if name not in self._ids:
            self._ids[name] = frozenset(map(id, self.taking(self.by_id[name])))
        return id(one) in self._ids[name]

    def taking(self, outcome: Outcome) -> tuple[Evaluation, ...]:
        """Those that the outcome takes: for whom its condition holds, as far as there are seats."""
        if outcome.id not in self._taken:
            holding = tuple(one for one in self.judged if self.judge.holds(outcome.when, one))
            self._taken[outcome.id] = self._seated(outcome, holding)
        return self._taken[outcome.id]

    def _seated(self, outcome: Outcome, holding: tuple[Evaluation, ...]) -> tuple[Evaluation, ...]:
        seats = self._seats(outcome)
        if isinstance(seats, ParameterOf):
            # Who would sit there nobody can say yet, so nobody is promised a seat.
            self.note("open-effect", outcome.id, "seats", seats.parameter)
            return ()
        if seats is None:
            return holding
        if len(holding) < seats:
            self.note("seats-left", outcome.id, len(holding), str(seats))
        if len(holding) <= seats:
            return holding
        order = outcome.order or next(iter(_rankings(outcome.when)), None)
        if order is None:
            self.note("more-than-seats", outcome.id, len(holding), str(seats))
            return holding
        return self._first(outcome, order, holding, seats)

    def _first(
        self, outcome: Outcome, order: str, holding: tuple[Evaluation, ...], seats: int
    ) -> tuple[Evaluation, ...]:
        """The first so many by place; whether a tie at the last seat is in, the ranking says."""
        ranking = self.judge.ranking(order)
        placed = [(self.judge.placed(order, one), one) for one in holding]
        lined = sorted(((place.place, one) for place, one in placed if place is not None), key=lambda pair: pair[0])
        if len(lined) <= seats:
            return tuple(one for _, one in lined)
        last = lined[seats - 1][0]
        if lined[seats][0] != last:
            return tuple(one for place, one in lined if place <= last)
        keep = ranking.rule.when_tied == "in"
        kept = tuple(one for place, one in lined if place < last or (keep and place == last))
        self.note("seats-in-tie", outcome.id, len(kept), str(seats))
        return kept

    def _seats(self, outcome: Outcome) -> int | ParameterOf | None:
        """How many there are: as the outcome says, else the honour that it awards; the parameter where that is open."""
        if isinstance(outcome.seats, ParameterOf):
            seats = self.standard.figure(outcome.seats)
            return outcome.seats if seats is None else int(seats)
        awarded = {effect.award for effect in outcome.then}
        of_honours = [one.seats for one in self.standard.honours if one.id in awarded and one.seats is not None]
        return outcome.seats if outcome.seats is not None else min(of_honours, default=None)

    def effects(self, outcome: Outcome) -> Iterator[Issued]:
        """What is issued to everyone whom the outcome takes."""
        for one in self.taking(outcome):
            for effect in outcome.then:
                if one.ineligible and effect.verb in DISTINCTIONS:
                    self.note("left-out", outcome.id, one.community.id, effect.verb)
                elif self._settled(outcome, effect):
                    yield from self._issued(outcome, effect, one)

    def _settled(self, outcome: Outcome, effect: Effect) -> bool:
        """Whether it can take effect: a credit of open points has none yet. What a parameter leaves open is noted."""
        for key in ("amount", "due", "lasts", "credit"):
            written = getattr(effect, key)
            if isinstance(written, ParameterOf) and written.parameter not in self.standard.settings:
                self.note("open-effect", outcome.id, key, written.parameter)
        return effect.credit is None or self.standard.figure(effect.credit) is not None

    def _issued(self, outcome: Outcome, effect: Effect, one: Evaluation) -> Iterator[Issued]:
        due = self.standard.interval(effect.due)
        for body, subject in self._recipients(outcome, effect, one):
            yield Issued(
                standard=self.standard.edition,
                outcome=outcome.id,
                kind=effect.verb,
                what=effect.what,
                community=one.community.id,
                subject=subject,
                to=body,
                on=self.on,
                valid=self._term(effect),
                due=None if due is None else Duration.of(due).after(self.on),
                points=self.standard.figure(effect.credit),
                account=effect.account,
                amount=self.standard.figure(effect.amount),
                ends_on=effect.ends_on,
                until_next=effect.lasts == "next",
                by=outcome.by,
                strength=outcome.strength,
                period=one.period,
                record=one.inputs_digest,
            )

    def _term(self, effect: Effect) -> Period:
        """The days on which it holds: from the day of issue to the end of its term."""
        if effect.last is not None:
            return Period(self.on, max(effect.last, self.on))
        lasts = self.standard.interval(effect.lasts)
        if lasts is None or lasts == "next":
            return Period(self.on, None)
        term = Duration.of(lasts)
        return Period(self.on, term.after(self.on)) if effect.anniversary == "included" else term.lasting(self.on)

    def _recipients(self, outcome: Outcome, effect: Effect, one: Evaluation) -> Iterator[tuple[str | None, str]]:
        """Who receives it: the community, a body, or whoever the body's attribute of the community names."""
        if not effect.to:
            yield None, one.community.id
        for name in effect.to:
            attribute = self._attributes.get(name)
            if attribute is None:
                yield name, name
                continue
            fact: Any = one.community.attributes.get(attribute)
            named = fact if isinstance(fact, tuple) else () if fact is None else (str(fact),)
            if not named:
                self.note("no-recipient", outcome.id, one.community.id, attribute)
            yield from ((name, subject) for subject in dict.fromkeys(named))

    @cached_property
    def _attributes(self) -> Mapping[str, str | None]:
        return {body.id: body.attribute for body in self.standard.bodies}

    def cuts(self) -> None:
        """Say where a cut reaches beyond who is ranked, and where a first n meets a last n."""
        cuts = [(one.id, part) for one in self.standard.outcomes for part in _cuts(one.when)]
        for outcome, cut in cuts:
            self._beyond(outcome, cut)
        firsts = [pair for pair in cuts if pair[1].first is not None]
        lasts = [pair for pair in cuts if pair[1].last is not None]
        for (one, first), (other, last) in product(firsts, lasts):
            if first.target == last.target and one != other:
                both = [place for place in self._placed(first.target) if self._in_both(first, last, place)]
                if both:
                    self.note("cuts-meet", one, other, str(len(both)))

    def _placed(self, name: str) -> tuple[Ranked, ...]:
        return self.judge.ranking(name).ranked

    def _in_both(self, first: Condition, last: Condition, place: Ranked) -> bool:
        return self._in(first, place) and self._in(last, place)

    def _in(self, cut: Condition, place: Ranked) -> bool:
        ranking = self.judge.ranking(cut.target)
        if cut.first is not None:
            return ranking.in_first(place, reach(cut.first, place.of))
        return cut.last is not None and ranking.in_last(place, reach(cut.last, place.of))

    def _beyond(self, outcome: str, cut: Condition) -> None:
        wanted = cut.between[1] if cut.between is not None else cut.first if cut.first is not None else cut.last
        if wanted is None or isinstance(wanted, str):
            return
        for size in self.judge.ranking(cut.target).sizes or (0,):
            if size < wanted:
                self.note("cut-beyond", outcome, int(wanted), str(size))


def _cuts(condition: Condition) -> Iterator[Condition]:
    """The places of the day that a condition names: not those of a streak."""
    if condition.subject == "rank":
        yield condition
    elif condition.subject != "streak":
        for member in condition.members:
            yield from _cuts(member)


def _rankings(condition: Condition) -> Iterator[str]:
    return (one.target for one in _cuts(condition))
