"""What holds for every standard and everything that can be seen of a community."""

import decimal
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import print_results
import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st

from civrules import (
    Community,
    Criterion,
    Evaluation,
    InvalidInput,
    NotApplicable,
    Observation,
    Period,
    Program,
    Section,
    Standard,
    Waiver,
    dump,
    evaluate,
    load,
    rank,
    replay,
)
from civrules.model.given import givens
from civrules.testing import naive
from civrules.testing.strategies import Case, cases, cases_of, changes, documents, standards

DEEP = os.environ.get("CIVRULES_HYPOTHESIS_PROFILE") == "deep"
slow_to_draw = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)


def evaluated(case: Case) -> Evaluation:
    """What the engine makes of the case; an example that a policy refuses is passed over."""
    try:
        return case.evaluated()
    except InvalidInput as error:
        if {problem.code for problem in error.problems} <= {"missing-refused", "not-applicable-refused"}:
            reject()
        raise


def favour(standard: Standard, score: Decimal | Fraction) -> Fraction:
    """The score turned so that more is better."""
    return Fraction(score) * (-1 if standard.direction == "demerits" else 1)


def place(standard: Standard, grade: str | None) -> int:
    """Where the grade stands in the document, 0 the best; -1 for none, not-rated and withheld."""
    ids = [one.id for one in standard.grades]
    return ids.index(grade) if grade in ids else -1


def criterion_lines(evaluation: Evaluation) -> dict[str, Any]:
    """The criteria's lines by id."""
    return {line.criterion: line for line in evaluation.lines if line.criterion is not None}


class TestLines:
    """What a reader sees adds up: every step that changes a figure is a line."""

    @settings(slow_to_draw)
    @given(cases())
    def test_points_lie_within_what_the_criterion_gives(self, case: Case) -> None:
        """No line gives less than its least points or more than its points."""
        for name, line in criterion_lines(evaluated(case)).items():
            criterion = case.standard.criteria[name]
            if line.points is not None:
                places = len(case.community.places["building"]) if criterion.places == "sum" else 1
                assert line.points >= criterion.least * (places if criterion.least < 0 else 1)
                assert criterion.points is None or line.points <= criterion.points * places

    @settings(slow_to_draw, max_examples=5_000 if DEEP else 150)
    @given(cases())
    def test_lines_add_up_to_the_score(self, case: Case) -> None:
        """The points of all lines, criteria and steps, sum exactly to the score."""
        evaluation = evaluated(case)
        assume(evaluation.score is not None)
        assert evaluation.score is not None
        assert Fraction(evaluation.score) == sum(
            Fraction(line.points) for line in evaluation.lines if line.points is not None
        )

    @settings(slow_to_draw, max_examples=5_000 if DEEP else 100)
    @given(cases())
    def test_lines_add_up_to_each_section(self, case: Case) -> None:
        """The points of a section's lines, of those of the sections in it and of its steps, sum to its points."""
        evaluation = evaluated(case)
        sums = naive.evaluate(*naive_arguments(case)).sections
        for section in case.standard.walk():
            inside = {one.id for one in section.walk()}
            lines = [line.points for line in evaluation.lines if line.section in inside and line.points is not None]
            points = sums.get(section.id)
            if points is not None:
                shown = sum((Fraction(one) for one in lines), start=Fraction(0))
                decimals = max(2, case.standard.rounding.total or 0)
                assert abs(shown - points) <= Fraction(1, 2 * 10**decimals)


def naive_arguments(case: Case) -> tuple[Any, ...]:
    """What the naive evaluator is asked, with the figures that the engine saw before."""
    before: Any = {}
    if case.earlier is not None and case.previous is not None:
        before = naive.evaluate(case.standard, case.community, case.earlier, case.on, case.period).raw
    return case.standard, case.community, case.observations, case.on, case.period, case.waivers, before


class TestOrder:
    """Nothing depends on the order in which things were written down or handed in."""

    @settings(slow_to_draw)
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_observations(self, case: Case, random: Any) -> None:
        """Observations in another order give the same figures, lines and bounds."""
        shuffled = random.sample(case.observations, len(case.observations))
        assert figures(evaluated(attrs.evolve(case, observations=tuple(shuffled)))) == figures(evaluated(case))

    @settings(slow_to_draw)
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_the_sheet(self, case: Case, random: Any) -> None:
        """Sections, and criteria within a section, in another order give the same figures, lines and bounds."""
        sections = [shuffled(section, random) for section in case.standard.sections]
        standard = attrs.evolve(case.standard, sections=random.sample(sections, len(sections)))
        assert figures(evaluated(attrs.evolve(case, standard=standard))) == figures(evaluated(case))


def shuffled(section: Section, random: Any) -> Section:
    """The section with its members, and theirs, in another order."""
    children = [shuffled(one, random) if isinstance(one, Section) else one for one in section.children]
    return attrs.evolve(section, children=random.sample(children, len(children)))


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that an evaluation says but for the order of its lines, and for which of two equal looks was taken."""
    names = ("score", "maximum", "grade", "grade_before_gates", "coverage", "gates", "bounds")
    lines = {
        (line.criterion, line.section, line.step): (line.points, line.possible, line.result, line.reason)
        for line in evaluation.lines
    }
    return {"lines": lines} | {name: getattr(evaluation, name) for name in names}


RESULTS = {"fail": 0, "partial": 1, "advice": 1, "pass": 2}


class TestChanges:
    """One thing changes, and what follows from it."""

    @settings(slow_to_draw, max_examples=4_000 if DEEP else 150)
    @given(changes(monotone=True))
    def test_improving_one_observation_never_lowers_anything(self, change: tuple[Case, Case, str]) -> None:
        """Better points or a better result on one line never lower score or grade (in demerits raise the score)."""
        before, after, name = change
        standard = before.standard
        was, became = criterion_lines(evaluated(before))[name], criterion_lines(evaluated(after))[name]
        steps = [(favour(standard, line.points or Decimal(0)), RESULTS.get(line.result, 2)) for line in (was, became)]
        if steps[0][0] > steps[1][0] and steps[0][1] >= steps[1][1]:
            before, after = after, before
        else:
            assume(steps[0][0] <= steps[1][0] and steps[0][1] <= steps[1][1])
        worse, better = evaluated(before), evaluated(after)

        # What a gate gave to a community whose score is held back is gone where the gate no longer holds.
        given = any("score" in gate.then for gate in standard.gates if gate.id in worse.gates)
        assert (worse.score is None) == (better.score is None) or (given and better.score is None)
        if worse.score is not None and better.score is not None:
            assert favour(standard, worse.score) <= favour(standard, better.score)
        assert place(standard, better.grade) <= place(standard, worse.grade)

    @settings(slow_to_draw)
    @given(changes())
    def test_changing_one_observation_changes_its_own_line_only(self, change: tuple[Case, Case, str]) -> None:
        """Another value for one criterion leaves every other line alone, and the steps of sections that it is not in.

        Sections that a gate may empty depend on what the gate looks at.
        """
        before, after, name = change
        path = next(one.path for one in naive.places_of(before.standard) if one.name == name)
        zeroed = any("zero" in gate.then for gate in before.standard.gates)
        own = {section.id for section in path}
        was, became = (
            [
                line
                for line in evaluated(case).lines
                if (line.criterion and line.criterion != name)
                or (line.section and not (line.criterion or zeroed or line.section in own))
            ]
            for case in (before, after)
        )
        assert was == became

    @settings(slow_to_draw)
    @given(cases(whole=True), st.data())
    def test_what_does_not_apply_leaves_the_denominator_only(self, case: Case, data: st.DataObject) -> None:
        """A line that does not apply under rescale gives the score of the same sheet without that line."""
        standard = attrs.evolve(
            case.standard, gates=(), grades=[attrs.evolve(grade, requires=None) for grade in case.standard.grades]
        )
        assume(standard.direction == "merits" and standard.rounding.total is not None and standard.rescale == "total")
        assume(standard.total is not None or standard.full is not None)
        pool = [place for place in naive.places_of(standard) if may_leave(place)]
        assume(pool)
        place = data.draw(st.sampled_from(pool))
        line = place.criterion
        others = tuple(look for look in case.observations if look.criterion != line.id)
        looks = [Observation(line.id, NotApplicable("there is none"), place=one) for one in places_in(case, line)]
        case = attrs.evolve(case, standard=standard, observations=(*others, *looks), waivers=(), earlier=None)
        smaller = attrs.evolve(case, standard=without(standard, line), observations=others)
        full, left = evaluated(case), evaluated(smaller)
        # A community of which nothing else was observed was observed all the same.
        assume(others)

        assert (full.score, full.grade, full.coverage) == (left.score, left.grade, left.coverage)
        lines = criterion_lines(full)
        assert lines.pop(line.id).result == "not-applicable"
        assert lines == criterion_lines(left)


def places_in(case: Case, line: Criterion) -> tuple[str | None, ...]:
    """The places at which the criterion is counted."""
    return case.community.places["building"] if line.per_unit is not None else (None,)


def may_leave(place: naive.Place) -> bool:
    """Whether the line may not apply, and the sheet without it can be written down."""
    line, section = place.criterion, place.path[-1]
    simple = len(place.path) == 1 and section.combine == "sum" and section.scale_to is None
    rescaled = place.not_applicable == "rescale" and not place.adjusts and line.applies_when is None
    known = next(givens(line.measure), None) is None
    others = [one for one in naive.places_of(place.standard) if one.counts and not one.adjusts and one.name != line.id]
    full = any(one.criterion.points for one in others)
    return simple and rescaled and known and full and place.counts and bool(line.points)


def without(standard: Standard, line: Criterion) -> Standard:
    """The sheet without the line, brought to the same total."""
    sections = [
        attrs.evolve(section, children=[one for one in section.children if one != line])
        for section in standard.sections
    ]
    total = standard.total if standard.total is not None else standard.full
    return attrs.evolve(standard, sections=[one for one in sections if one.children], total=total, scale=True)


class TestWaivers:
    """A line that is excused."""

    @settings(slow_to_draw)
    @given(cases(), st.data())
    def test_excusing_what_passes_changes_nothing(self, case: Case, data: st.DataObject) -> None:
        """A waiver on a passing line says that it is redundant, and nothing else is other than without it."""
        assume(case.on is not None or case.period is not None)
        plain = attrs.evolve(case, waivers=())
        before = evaluated(plain)
        passing = [
            name
            for name, line in criterion_lines(before).items()
            if line.result == "pass" and case.standard.criteria[name].scored
        ]
        assume(passing)
        waiver = Waiver(
            criterion=data.draw(st.sampled_from(passing)), reason="spare", approver="housing", valid=Period()
        )
        after = evaluated(attrs.evolve(case, waivers=(waiver,)))
        assert figures(before) == figures(after)
        new = [note for note in after.notes if note not in before.notes]
        assert [note.code for note in new] == ["waiver-redundant"]

    @settings(slow_to_draw)
    @given(cases())
    def test_without_waivers_is_what_it_says(self, case: Case) -> None:
        """Score and grade without waivers are those of the same call without any."""
        evaluation, plain = evaluated(case), evaluated(attrs.evolve(case, waivers=()))
        assert (evaluation.score_without_waivers, evaluation.grade_without_waivers) == (plain.score, plain.grade)


class TestBounds:
    """The least and the most favourable ends that the missing values could still give."""

    @settings(slow_to_draw, max_examples=4_000 if DEEP else 150)
    @given(cases(gaps=True), st.data())
    def test_filling_in_one_value_never_widens_them(self, case: Case, data: st.DataObject) -> None:
        """With one missing value observed, score and grade ends lie within those from before."""
        before = evaluated(case)
        lines = criterion_lines(before)
        missing = [
            place
            for place in naive.places_of(case.standard)
            if lines[place.name].reason == "no-observation" and place.expected and place.criterion.per_unit is None
            and place.criterion.measure.kind != "frequency" and place.criterion.valid_for is None
            and next(givens(place.criterion.measure), None) is None
        ]  # fmt: skip
        assume(missing and before.bounds is not None)
        place_of_it = data.draw(st.sampled_from(missing))
        value = data.draw(st.sampled_from(naive.values_of(place_of_it.criterion)))
        looks = (*case.observations, Observation(place_of_it.name, value))
        after = evaluated(attrs.evolve(case, observations=looks))
        standard, old, new = case.standard, before.bounds, after.bounds
        assert old is not None
        assert new is not None

        if old.low is not None:
            assert new.low is not None
            assert favour(standard, old.low) <= favour(standard, new.low)
        if old.high is not None:
            assert new.high is not None
            assert favour(standard, new.high) <= favour(standard, old.high)
        assert place(standard, old.grade_high) <= place(standard, new.grade_high)
        assert place(standard, new.grade_low) <= place(standard, old.grade_low)

    @settings(slow_to_draw)
    @given(cases(gaps=True, monotone=True))
    def test_the_score_is_the_low_end_under_worst(self, case: Case) -> None:
        """What is missing standing at its worst, under monotone gates, score and grade are the low end, exactly."""
        case = attrs.evolve(case, standard=attrs.evolve(case.standard, coverage=None))
        evaluation = evaluated(case)
        left = {place.name for place in naive.places_of(case.standard) if place.missing == "rescale"}
        lines = criterion_lines(evaluation)
        assume(not any(name in left and line.result == "not-checked" for name, line in lines.items()))
        # A sample that is too small leaves the whole line missing, whatever was seen of it.
        assume(not any(line.reason == "sample-too-small" for line in lines.values()))
        assume(evaluation.score is not None and evaluation.bounds is not None)
        assert evaluation.bounds is not None
        assert (evaluation.score, evaluation.grade, True) == (
            evaluation.bounds.low,
            evaluation.bounds.grade_low,
            evaluation.bounds.exact,
        )

    @settings(slow_to_draw)
    @given(cases(whole=True))
    def test_nothing_missing_leaves_nothing_open(self, case: Case) -> None:
        """With everything observed, nothing expired and every number known, both ends are the score and the grade."""
        evaluation = evaluated(case)
        unknown = {"no-attribute", "parameter-open", "before-first-number", "expired"}
        assume(not unknown & {line.reason for line in evaluation.lines})
        bounds = evaluation.bounds
        if bounds is None:
            assert evaluation.score is None
        else:
            ends = (bounds.low, bounds.high, bounds.grade_low, bounds.grade_high, bounds.exact)
            assert ends == (evaluation.score, evaluation.score, evaluation.grade, evaluation.grade, True)


class TestValues:
    """Everything that a host stores compares, hashes, pickles, and is written and read without loss."""

    @settings(slow_to_draw)
    @given(standard=documents())
    def test_dump_and_load_is_the_identity(self, standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> None:
        """A standard written as a document and read again is equal, with the same digest, and is written the same."""
        file = tmp_path_factory.getbasetemp() / "standard.toml"
        file.write_text(dump(standard), encoding="utf-8")
        again = load(file)
        assert standard == again
        assert (standard.digest, hash(standard), dump(standard)) == (again.digest, hash(again), dump(again))

    @settings(slow_to_draw)
    @given(cases())
    def test_pickled_values_are_equal_and_hash_alike(self, case: Case) -> None:
        """A standard, its program, observations and an evaluation come back from a pickle as they went."""
        evaluation = evaluated(case)
        for value in (
            case.standard,
            Program(case.standard),
            case.community,
            case.observations,
            evaluation,
            evaluation.lines,
        ):
            again = pickle.loads(pickle.dumps(value))
            assert value == again
            assert hash(value) == hash(again)
        assert print_results.text_of(evaluation) == print_results.text_of(pickle.loads(pickle.dumps(evaluation)))

    @settings(slow_to_draw)
    @given(standards())
    def test_standards_and_programs_are_equal_by_value(self, standard: Standard) -> None:
        """A standard made again from its parts is equal and has an equal program; another version has neither."""
        again = attrs.evolve(standard, sections=[attrs.evolve(section) for section in standard.sections])
        other = attrs.evolve(standard, version="2")
        assert (standard, hash(standard), standard.digest) == (again, hash(again), again.digest)
        assert (Program(standard), hash(Program(standard))) == (Program(again), hash(Program(again)))
        assert standard != other
        assert standard.digest != other.digest
        assert Program(standard) != Program(other)

    @settings(slow_to_draw)
    @given(cases())
    def test_a_program_remembers_nothing(self, case: Case) -> None:
        """A program that has evaluated something else before says the same as a fresh one."""
        fresh = evaluated(case)
        program = Program(case.standard)
        more: Any = {"on": case.on, "period": case.period, "waivers": case.waivers, "previous": case.previous}
        if can_be_empty(case.standard):
            program.evaluate(case.community, {}, **more)
        program.evaluate(case.community, case.observations, **more)
        used = program.evaluate(case.community, case.observations, **more)
        assert fresh == used
        assert print_results.text_of(fresh) == print_results.text_of(used)


def can_be_empty(standard: Standard) -> bool:
    """Whether nothing must be observed."""
    rules = {
        standard.when_missing,
        *(one.missing for one in standard.walk()),
        *(one.missing for one in standard.criteria.values()),
    }
    return "refuse" not in rules


@st.composite
def rated(draw: st.DrawFn) -> tuple[Standard, list[Evaluation]]:
    """Evaluations of up to six communities against one standard."""
    standard = draw(standards())
    found = []
    for number in range(draw(st.integers(1, 6))):
        case = attrs.evolve(draw(cases_of(standard)), waivers=(), earlier=None)
        community = Community(
            f"compound-{number}",
            attributes={"street": draw(st.sampled_from(("east", "west")))},
            places=case.community.places,
        )
        try:
            found.append(evaluate(standard, community, case.observations, on=case.on, period=case.period))
        except InvalidInput:
            continue
    return standard, found


class TestRecords:
    """The record of an evaluation."""

    @settings(slow_to_draw)
    @given(cases())
    def test_a_replay_finds_no_difference(self, case: Case) -> None:
        """What an evaluation was made from, recorded and evaluated again, gives the same to the last figure."""
        evaluation = evaluated(case)
        assert replay(evaluation.to_json(), case.standard) == ()

    @settings(slow_to_draw)
    @given(cases())
    def test_inputs_are_left_as_they_were(self, case: Case) -> None:
        """An evaluation changes nothing of what it is made from."""
        before = pickle.dumps(attrs.evolve(case).call)
        evaluated(case)
        assert pickle.loads(before) == case.call


def stands(evaluation: Evaluation) -> bool:
    """Whether it takes part in ranks."""
    incomplete = evaluation.grade_before_gates in ("not-rated", "withheld")
    return evaluation.score is not None and not evaluation.ineligible and not incomplete


class TestRanking:
    """Competition ranks in the standard's direction; what stays tied shares the better place."""

    @settings(slow_to_draw)
    @given(rated(), st.randoms(use_true_random=False))
    def test_places_count_those_who_are_better(self, drawn: tuple[Standard, list[Evaluation]], random: Any) -> None:
        """A place is one more than how many have a better score, from the end likewise, in whatever order handed in."""
        standard, evaluations = drawn
        ranking = rank(random.sample(evaluations, len(evaluations)))
        rated = [one for one in evaluations if stands(one)]
        scores = [favour(standard, one.score) for one in rated if one.score is not None]
        expected = {
            one.community.id: (
                1 + sum(other > favour(standard, one.score) for other in scores),
                1 + sum(other < favour(standard, one.score) for other in scores),
            )
            for one in rated
            if one.score is not None
        }
        assert expected == {one.evaluation.community.id: (one.place, one.from_last) for one in ranking.ranked}
        assert [one.place for one in ranking.ranked] == sorted(one.place for one in ranking.ranked)
        assert {one.community.id for one in evaluations if not stands(one)} == {
            one.community.id for one, _ in ranking.apart
        }
        assert ranking == rank(evaluations) or len(ranking.apart) > 1

    @settings(slow_to_draw)
    @given(rated())
    def test_a_broken_tie_keeps_the_order_of_scores(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """With the community's id as the last order no place is shared, and no one passes a better score."""
        _, evaluations = drawn
        shared = {one.evaluation.community.id: one.place for one in rank(evaluations).ranked}
        broken = rank(evaluations, by=("score", "community")).ranked
        assert [one.place for one in broken] == list(range(1, len(broken) + 1))
        assert [shared[one.evaluation.community.id] for one in broken] == sorted(shared.values())

    @settings(slow_to_draw)
    @given(rated())
    def test_groups_are_ranked_for_themselves(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """Within an attribute everyone has the place that a ranking of its own group gives."""
        _, evaluations = drawn
        places = {
            one.evaluation.community.id: (one.place, one.from_last) for one in rank(evaluations, within="street").ranked
        }
        for street in ("east", "west"):
            group = [one for one in evaluations if one.community.attributes["street"] == street]
            assert {
                one.evaluation.community.id: (one.place, one.from_last) for one in rank(group).ranked
            }.items() <= places.items()


class TestHost:
    """No result depends on the host: its decimal context, locale, hash seed or time zone."""

    @settings(slow_to_draw)
    @given(cases())
    def test_decimal_context(self, case: Case) -> None:
        """With three digits, rounding up and every signal a trap, documents and evaluations say what they say else."""
        call = case.call
        document, words = dump(case.standard), print_results.answer(call)
        with decimal.localcontext(prec=3, rounding=decimal.ROUND_UP) as context:
            for signal in context.traps:
                context.traps[signal] = True
            again = attrs.evolve(case.standard, sections=[attrs.evolve(one) for one in case.standard.sections])
            assert dump(again) == document
            assert again.digest == case.standard.digest
            assert print_results.answer((again, *call[1:])) == words

    @settings(slow_to_draw)
    @given(rated())
    def test_decimal_context_of_a_ranking(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """Ranks are the same under that context."""
        _, evaluations = drawn
        expected = rank(evaluations)
        with decimal.localcontext(prec=1, rounding=decimal.ROUND_UP) as context:
            for signal in context.traps:
                context.traps[signal] = True
            assert expected == rank(evaluations)

    def test_hash_seed_locale_and_time_zone(self, tmp_path: Path) -> None:
        """Other processes with other hash seeds, locales and time zones print the very same."""
        calls = drawn_calls(300 if DEEP else 60)
        file = tmp_path / "calls.pickle"
        file.write_bytes(pickle.dumps(calls))
        printed = [printed_by(file, *host) for host in HOSTS]
        assert len(set(printed)) == 1
        assert len(printed[0].splitlines()) == len(calls)


HOSTS = (("0", "C", "UTC"), ("1", "de_DE.UTF-8", "Asia/Shanghai"), ("random", "tr_TR.UTF-8", "America/St_Johns"))


def printed_by(file: Path, seed: str, language: str, zone: str) -> str:
    """What a process on that host prints for the calls of the file."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "TZ": zone}
    command = [sys.executable, str(Path(print_results.__file__)), str(file)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def drawn_calls(count: int) -> list[print_results.Call]:
    """So many calls, drawn as for a test."""
    calls: list[print_results.Call] = []

    @settings(slow_to_draw, max_examples=count, database=None, phases=[Phase.generate])
    @given(cases())
    def collect(case: Case) -> None:
        calls.append(case.call)

    collect()
    return calls
