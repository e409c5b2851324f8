"""Engines in which one thing is broken."""

import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import attrs

from civrules import Period, Program, Ratio
from civrules.frames import scored
from civrules.model import figures
from civrules.model.measures import (
    Check,
    Checklist,
    Event,
    Findings,
    Frequency,
    Levels,
    Linear,
    Marks,
    Shortfall,
    Tiers,
)
from civrules.model.measures.item import Item
from civrules.model.measures.measure import amount
from civrules.scoring import bounds, conditions, explain, line, pooling, record, sums, waiving
from civrules.scoring.conditions import Compiler
from civrules.scoring.grading import Grader
from civrules.scoring.line import Cell, CompiledLine, Rounder
from civrules.scoring.pooling import Pool
from civrules.scoring.reading import Reader
from civrules.scoring.sums import Adder
from mutants.mutant import EngineMutant, Patch

CHECK, ANNUAL, QUARTER = "example/check", "residential/guannan-annual", "residential/guannan-quarter"
TORONTO, HYGIENE = "residential/toronto-rentsafe-2017", "hygiene/uk-fhrs"
CONSTRUCTS, POLICIES = "mutants/constructs", "mutants/policies"
Made = Callable[..., Any]


def instead(owner: Any, name: str, body: Callable[..., Any]) -> Patch:
    """A function in the place of another; it is handed the original first."""

    def make(original: Any) -> Any:
        plain = getattr(original, "__func__", original)
        return lambda *given, **named: body(plain, *given, **named)

    return owner, name, make


def mutant(name: str, says: str, breaks: str, on: str, *patches: Patch) -> EngineMutant:
    """One engine."""
    return EngineMutant(name=name, says=says, breaks=breaks, on=on, patches=patches)


def rounding_as(mode: str) -> tuple[Patch, ...]:
    """Every quotient is rounded in one way."""

    def rounded(original: Made, numerator: int, denominator: int, _: str) -> Any:
        return original(numerator, denominator, mode)

    return (instead(line, "round_quotient", rounded),)


def _coarser(_: Made, self: Rounder, points: Any) -> Any:
    places = self.places
    if places is None:
        return points
    step = 10 ** (self.unit - places + 1)
    return figures.round_quotient(points.numerator, points.denominator * step, self.mode) * step


def _judged(change: Callable[..., Any]) -> Made:
    """A measure's judgement with its points changed."""

    def judge(original: Made, self: Any, read: Any, most: Fraction, least: Fraction | None) -> Any:
        points, result = original(self, read, most, least)
        return change(self, read, most, points), result

    return judge


def _missing_at_best(original: Made, self: CompiledLine, *given: Any) -> Cell:
    cell: Cell = original(self, *given)
    if cell.state == "missing" and self.missing == "worst":
        return attrs.evolve(cell, points=self.judged_best[0], result=self.judged_best[1], read=self.best)
    return cell


def _held_as_nothing(original: Made, self: CompiledLine, *given: Any) -> Cell:
    cell: Cell = original(self, *given)
    return attrs.evolve(cell, points=0, result="fail") if cell.points is None and not cell.skipped else cell


def _as_points(full: bool) -> Made:
    def inapplicable(_: Made, self: CompiledLine, reason: str, observations: Any = ()) -> Cell:
        return Cell("not-applicable", None, self.full if full else 0, "not-applicable", reason, observations)

    return inapplicable


def _latest(choose: Callable[..., Any]) -> Made:
    def latest(_: Made, self: Pool, looks: Any, values: Any) -> Any:
        cells = [(self.line.seen(values[index], (look,), rounded=False), look) for index, look in looks]
        return choose(self, cells)

    return latest


def _last_handed_in(self: Pool, cells: Any) -> Any:
    newest = max(look.at or self.last for _, look in cells)
    return [cell for cell, look in cells if (look.at or self.last) == newest][-1]


def _earliest(self: Pool, cells: Any) -> Any:
    return min(cells, key=lambda pair: (pair[1].at or self.last, pair[0].points or 0))[0]


def _most_favourable(self: Pool, cells: Any) -> Any:
    newest = max(look.at or self.last for _, look in cells)
    last = [cell for cell, look in cells if (look.at or self.last) == newest]
    return max(last, key=lambda cell: pooling.favour(cell, self.line))


def _no_gate(_: Made, self: Program, facts: Any) -> Any:
    return self.settle(facts, lambda gate: False)


def _but_the_last(_: Made, self: Program, facts: Any) -> Any:
    last = self.grader.gates[-1] if self.grader.gates else None
    return self.settle(facts, lambda gate: gate is not last and gate.when.holds(facts))


def _caps_raise(_: Made, self: Grader, band: int | None, holding: Any) -> int | None:
    places = [gate.place for gate in holding if gate.place >= 0]
    return places[0] if places else band


def _caps_beat_force(original: Made, self: Grader, band: int | None, holding: Any) -> Any:
    caps = [gate for gate in holding if not gate.forces]
    return original(self, band, caps or holding)


def _forces_as_caps_only_with_score(original: Made, self: Grader, band: int | None, holding: Any) -> Any:
    return None if band is None else original(self, band, holding)


def _beyond_the_end(_: Made, self: Grader, grade: Any, points: Any) -> bool:
    return grade.end is None or bool(points < grade.end if self.demerits else points > grade.end)


def _last_band(original: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> Any:
    place = original(self, points, facts, given)
    return place if place is None else min(place + 1, self.bands[-1].place)


def _unrequired(original: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> Any:
    return original(self, points, facts, {band.place: True for band in self.bands})


def _cap_off(step: int) -> Made:
    def held(original: Made, self: Adder, sums: Any, section: Any, points: Any, limits: Any) -> Any:
        off = {name: limit + (step if name == "cap" else 0) for name, limit in limits.items()}
        return original(self, sums, section, points, off)

    return held


def _without(limit: str) -> Made:
    def held(original: Made, self: Adder, sums: Any, section: Any, points: Any, limits: Any) -> Any:
        return original(self, sums, section, points, {name: one for name, one in limits.items() if name != limit})

    return held


def _quiet_held(_: Made, self: Adder, sums: Any, section: Any, points: Any, limits: Any) -> Any:
    """Held, and no line says so."""
    points = min(points, limits.get("cap", points))
    return max(points, limits.get("floor", points))


def _counted_once(original: Made, self: Item, found: Any) -> Any:
    counts = isinstance(found.seen, int) and found.seen > 1 and found.settled is None
    return original(self, attrs.evolve(found, seen=1) if counts else found)


def _uncapped(original: Made, self: Item, found: Any) -> Any:
    return original(attrs.evolve(self, cap=None), found)


def _full_steps(original: Made, self: Shortfall, read: Any) -> Any:
    return original(attrs.evolve(self, steps="full") if self.steps == "started" else self, read)


def _happened_is_enough(_: Made, self: Event, read: str) -> bool:
    return read != "no"


def _open_counts(original: Made, self: Event, read: str) -> Any:
    return True if original(self, read) is None else original(self, read)


def _coverage_of_all(_: Made, self: Program, cells: Any) -> Any:
    seen = sum(own for index, own in self.weights if cells[index].state == "seen")
    return figures.decimal(seen * 10**4 // (sum(own for _, own in self.weights) or 1), 4)


def _waived_anyway(_: Made, *given: Any) -> bool:
    return False


def _no_rescale(_: Made, self: Adder, got: Any, applicable: Any) -> Any:
    return got


def _rescaled_by_lines(original: Made, self: Adder, got: Any, applicable: Any) -> Any:
    return (
        original(self, got, applicable) if applicable == self.total else original(self, got, applicable + 10**self.unit)
    )


def _unscaled(_: Made, self: Adder, sums: Any, section: Any, points: Any, reach: Any) -> Any:
    return points, reach


def _narrow(original: Made, given: Any) -> Any:
    found = original(given)
    return found if found is None else attrs.evolve(found, high=found.low, grade_high=found.grade_low)


def _wide(original: Made, given: Any) -> Any:
    found = original(given)
    if found is None or found.low is None or found.high is None or found.low == found.high:
        return found
    return attrs.evolve(found, high=found.high + 1)


def _wide_when_closed(original: Made, given: Any) -> Any:
    found = original(given)
    if found is None or found.low is None or found.low != found.high:
        return found
    return attrs.evolve(found, low=found.low - 1)


def _low_end_up(original: Made, given: Any) -> Any:
    """With more seen the low end falls."""
    found = original(given)
    if found is None or found.low is None:
        return found
    return attrs.evolve(found, low=found.low - len(given.observations))


def _first_line_lost(original: Made, *given: Any) -> Any:
    return original(*given)[1:]


def _chinese_only(original: Made, given: Any, lang: str) -> Any:
    return original(given, "zh")


def _another_score(original: Made, given: Any) -> str:
    text: str = original(given)
    return text.replace('"grade":"', '"grade":"X', 1)


def _counts_calls(original: Made, self: Program, *given: Any, **named: Any) -> Any:
    """Every second evaluation of a program is of a line less."""
    global _CALLS  # noqa: PLW0603  # what a broken engine remembers
    _CALLS += 1
    found = original(self, *given, **named)
    return attrs.evolve(found, coverage=figures.decimal(_CALLS % 2, 4))


_CALLS = 0


def _asks_the_clock(original: Made, self: Program, *given: Any, **named: Any) -> Any:
    time.time()
    return original(self, *given, **named)


def _sorts_in_place(original: Made, self: Program, community: Any, observations: Any, **named: Any) -> Any:
    if isinstance(observations, list):
        observations.reverse()
    return original(self, community, observations, **named)


def _first_section_twice(original: Made, self: Adder, cells: Any, zeroed: Any = frozenset()) -> Any:
    sums = original(self, cells, zeroed)
    points = sums.sections[self.sections[0].id][0]
    if sums.score is not None and points:
        self.finish(sums, sums.exact - points if sums.exact > points else sums.exact)
    return sums


def _worst_marks(original: Made, self: Program, values: Any) -> Any:
    score, grade, points = original(self, values)
    return (None if score is None else score + 1), grade, points


def _best_grade(original: Made, program: Program, sound: Any, place: Any, rated: Any, there: Any) -> Any:
    return original(program, sound, place * 0, rated, there)


def _more_than_all(original: Made, self: CompiledLine, read: Any) -> Any:
    points, result = original(self, read)
    return (points + 1 if result == "pass" else points), result


def _falls(original: Made, self: Adder, got: Any, applicable: Any) -> Any:
    """Above nine tenths less is given."""
    points = original(self, got, applicable)
    return points - self.total // 5 if points * 10 > self.total * 9 else points


def _refuses_zero(original: Made, self: CompiledLine, value: Any, *given: Any, **named: Any) -> Any:
    if value in (0, False):
        raise ZeroDivisionError
    return original(self, value, *given, **named)


def _from_exact(original: Made, self: Grader, *given: Any) -> None:
    original(self, *given)
    self.exact = True


def _rounded_twice(original: Made, self: Rounder, points: Any) -> Any:
    if self.places is None:
        return original(self, points)
    step = 10 ** (self.unit - self.places)
    tenths = figures.round_quotient(points.numerator * 10, points.denominator * step, self.mode)
    return original(self, Fraction(tenths * step, 10))


def _bonus_after_cap(_: Made, self: Adder, sums: Any, got: Any, adjusted: Any) -> None:
    points = self.held(sums, None, self.rescaled(got, sums.applicable), self.limits)
    self.finish(sums, points + adjusted)


def _bonus_rescaled(_: Made, self: Adder, sums: Any, got: Any, adjusted: Any) -> None:
    points = self.rescaled(got + adjusted, sums.applicable)
    self.finish(sums, self.held(sums, None, points, self.limits))


def _excused_on_top(original: Made, line: CompiledLine, cell: Cell, *given: Any) -> Cell:
    excused: Cell = original(line, cell, *given)
    return attrs.evolve(excused, points=(excused.points or 0) + (cell.points or 0), line=cell.line)


def _excused_yet_failing(original: Made, line: CompiledLine, cell: Cell, *given: Any) -> Cell:
    return attrs.evolve(original(line, cell, *given), result=cell.result)


def _window_from(days: int) -> Made:
    def window(original: Made, condition: Any, duration: Any, facts: Any) -> Any:
        found = original(condition, duration, facts)
        if found is None or duration is None:
            return found
        return Period(found.first + timedelta(days=days), found.last)

    return window


def _as_handed_in(_: Made, self: Pool, looks: Any, values: Any) -> Cell:
    index, look = looks[-1]
    return self.line.seen(values[index], (look,), rounded=False)


def _coverage_of_what_is_shown(original: Made, self: Program) -> Any:
    weights, summed = original(self)
    return (*weights, *((line.index, 1) for line in self.lines if not line.scored and not line.event)), summed


def _coverage_up(original: Made, self: Program, cells: Any) -> Any:
    found = original(self, cells)
    return found if found in (0, 1) else found + figures.decimal(1, 4)


def _covered_only_above(original: Made, self: Program, facts: Any) -> bool:
    least = self.standard.coverage
    return original(self, facts) or (least is not None and facts.coverage * 100 == amount(least))


def _next_grade_as_it_is(_: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> int | None:
    reached = [band for band in self.bands if self.reaches(band, points)]
    meets = reached and (reached[0].requires is None or reached[0].requires.holds(facts))
    return next((band.place for band in (reached if meets else reached[1:])), None)


def _expired_on_the_day(original: Made, self: Reader, line: CompiledLine, at: Any) -> bool:
    fresh: bool = original(self, line, at)
    return fresh and (line.valid_for is None or self.on is None or at != line.valid_for.before(self.on))


def _without_the_last_day(original: Made, self: Reader, at: Any) -> bool:
    return original(self, at) and (at is None or self.period is None or at != self.period.last)


def _one_assessor(_: Made, self: Pool, looks: Any, values: Any) -> Cell:
    if isinstance(self.line.measure, Frequency):
        return self._frequency(looks, values)
    return self._looks(looks, values)


def _mean_of_all(original: Made, line: CompiledLine, cells: Any, how: str, **named: Any) -> Cell:
    nothing = {"state": "seen", "points": 0, "result": "fail"}
    if how == "mean":
        cells = [attrs.evolve(cell, **nothing) if cell.state == "not-applicable" else cell for cell in cells]
    return original(line, cells, how, **named)


def _more_than_the_sample(original: Made, self: CompiledLine, value: Any, seen: Any, **named: Any) -> Cell:
    if isinstance(value, Ratio) and self._sample is not None and value.read()[1] == self._sample:
        return self.not_checked("sample-too-small", seen)
    return original(self, value, seen, **named)


def _more_than_the_share(original: Made, line: CompiledLine, cells: Any) -> Cell:
    how = line.criterion.places
    if how is None or isinstance(how, str) or any(cell.points is None for cell in cells):
        return original(line, cells)
    passing = sum(cell.result in ("pass", "waived") for cell in cells)
    enough = Fraction(passing * 100, len(cells)) > amount(how.at_least)
    points, result = line.judged_best if enough else line.nothing
    return Cell("seen", None, points, "pass" if enough else line.judged(result))


def _partial_fails(original: Made, self: Compiler, condition: Any) -> Any:
    index = self.lines[condition.target].index
    return attrs.evolve(original(self, condition), holds=lambda facts: facts.cells[index].result in ("fail", "partial"))


def _gates_forgotten(original: Made, given: Any) -> Any:
    found = original(given)
    return found if found is None else attrs.evolve(found, grade_low=found.grade_high)


HALF_EVEN = "Halves go to the even figure, though the document says up."
ENGINES: tuple[EngineMutant, ...] = (
    mutant("half-even", HALF_EVEN, "rounding", TORONTO, *rounding_as("half-even")),
    mutant(
        "half-even-of-tenths", "The same where the score has a decimal.", "rounding", CHECK, *rounding_as("half-even")
    ),
    mutant(
        "half-up",
        "Halves go up, though the document says to the even figure.",
        "second-opinion",
        CONSTRUCTS,
        *rounding_as("half-up"),
    ),
    mutant("cut-off", "What is to be rounded is cut off.", "rounding", TORONTO, *rounding_as("down")),
    mutant("rounded-up", "What is to be rounded always goes up.", "rounding", TORONTO, *rounding_as("up")),
    mutant(
        "a-decimal-less",
        "The score is rounded to a decimal less.",
        "rounding",
        CHECK,
        instead(Rounder, "round", _coarser),
    ),
    mutant("gates-skipped", "No gate is tried.", "gates-dominate", CHECK, instead(Program, "run", _no_gate)),
    mutant(
        "last-gate-skipped",
        "The last gate is not tried.",
        "gates-dominate",
        ANNUAL,
        instead(Program, "run", _but_the_last),
    ),
    mutant(
        "caps-raise",
        "A gate that caps sets the grade, also upwards.",
        "second-opinion",
        ANNUAL,
        instead(Grader, "grade", _caps_raise),
    ),
    mutant(
        "cap-beats-force",
        "A cap goes before a grade that is forced.",
        "gates-dominate",
        ANNUAL,
        instead(Grader, "grade", _caps_beat_force),
    ),
    mutant(
        "force-needs-a-score",
        "Where there is no score no gate forces.",
        "second-opinion",
        ANNUAL,
        instead(Grader, "grade", _forces_as_caps_only_with_score),
    ),
    mutant(
        "missing-as-full",
        "What is missing counts as its best.",
        "missing",
        CHECK,
        instead(CompiledLine, "not_checked", _missing_at_best),
    ),
    mutant(
        "held-as-nothing",
        "What is held counts as nothing.",
        "missing",
        QUARTER,
        instead(CompiledLine, "not_checked", _held_as_nothing),
        instead(Program, "held", lambda *_: False),
    ),
    mutant(
        "inapplicable-as-nothing",
        "What does not apply earns nothing and stays.",
        "second-opinion",
        TORONTO,
        instead(CompiledLine, "inapplicable", _as_points(full=False)),
    ),
    mutant(
        "inapplicable-as-full",
        "What does not apply earns everything.",
        "second-opinion",
        CHECK,
        instead(CompiledLine, "inapplicable", _as_points(full=True)),
    ),
    mutant(
        "band-open-below",
        "A score on the end of a band has the grade below.",
        "bands",
        ANNUAL,
        instead(Grader, "reaches", _beyond_the_end),
    ),
    mutant(
        "band-open-in-demerits",
        "The same where less is better.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "reaches", _beyond_the_end),
    ),
    mutant("one-grade-lower", "Everybody has the grade below.", "bands", CHECK, instead(Grader, "band", _last_band)),
    mutant(
        "requirement-skipped",
        "What a grade requires besides is not asked.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "band", _unrequired),
    ),
    mutant(
        "last-handed-in",
        "Of two looks of one day the last one handed in counts.",
        "order",
        CHECK,
        instead(Pool, "_latest", _latest(_last_handed_in)),
    ),
    mutant(
        "earliest",
        "The first look counts, not the latest.",
        "second-opinion",
        CHECK,
        instead(Pool, "_latest", _latest(_earliest)),
    ),
    mutant(
        "most-favourable",
        "Of two looks of one day the better one counts.",
        "second-opinion",
        TORONTO,
        instead(Pool, "_latest", _latest(_most_favourable)),
    ),
    mutant(
        "tier-beyond",
        "A figure on a tier's threshold falls to the next tier.",
        "second-opinion",
        CHECK,
        instead(
            Tiers,
            "points_of",
            lambda _, self, read: next((points for _, limit, points in self.steps if read > limit), None),
        ),
    ),
    mutant(
        "counted-once",
        "However often something was found, it takes its amount once.",
        "second-opinion",
        CHECK,
        instead(Item, "loss", _counted_once),
    ),
    mutant(
        "item-cap-ignored",
        "An item takes more than its cap.",
        "second-opinion",
        CONSTRUCTS,
        instead(Item, "loss", _uncapped),
    ),
    mutant(
        "takes-all-ignored",
        "What empties a line takes nothing.",
        "second-opinion",
        CONSTRUCTS,
        instead(
            Findings,
            "judge",
            lambda original, self, read, *more: original(
                attrs.evolve(
                    self,
                    items=[
                        attrs.evolve(one, takes="some", each=0) if one.takes == "all" else one for one in self.items
                    ],
                ),
                read,
                *more,
            ),
        ),
    ),
    mutant(
        "full-steps",
        "A step that was started is not taken.",
        "second-opinion",
        CONSTRUCTS,
        instead(Shortfall, "takes", _full_steps),
    ),
    mutant(
        "all-or-nothing",
        "A share of a checklist gives nothing.",
        "second-opinion",
        CHECK,
        instead(Checklist, "judge", _judged(lambda _, read, most, points: points if points == most else Fraction(0))),
    ),
    mutant(
        "level-in-full",
        "Every level gives the points of the best.",
        "second-opinion",
        CHECK,
        instead(Levels, "judge", _judged(lambda _, read, most, points: most if points else points)),
    ),
    mutant(
        "marks-halved",
        "Half a mark is lost.",
        "second-opinion",
        QUARTER,
        instead(
            Marks, "judge", _judged(lambda _, read, most, points: points - Fraction(1, 2) if points >= 1 else points)
        ),
    ),
    mutant(
        "yes-for-no",
        "A check is passed by the opposite.",
        "second-opinion",
        CHECK,
        instead(Check, "judge", _judged(lambda _, read, most, points: most - points)),
    ),
    mutant(
        "line-from-nothing",
        "A straight line begins at 0 instead of `zero_at`.",
        "second-opinion",
        CONSTRUCTS,
        instead(
            Linear, "judge", _judged(lambda self, read, most, points: min(most, max(Fraction(0), most * read / 99)))
        ),
    ),
    mutant(
        "windows-in-full",
        "One window that was kept is enough.",
        "second-opinion",
        CONSTRUCTS,
        instead(Frequency, "judge", _judged(lambda _, read, most, points: most if points else points)),
    ),
    mutant(
        "attribution-ignored",
        "An event counts whoever is responsible.",
        "second-opinion",
        ANNUAL,
        instead(Event, "counts", _happened_is_enough),
    ),
    mutant(
        "open-counts",
        "An event counts while it is open who is responsible.",
        "second-opinion",
        ANNUAL,
        instead(Event, "counts", _open_counts),
    ),
    mutant(
        "coverage-of-all",
        "What does not apply lowers the coverage.",
        "second-opinion",
        TORONTO,
        instead(Program, "coverage", _coverage_of_all),
    ),
    mutant(
        "no-rescale",
        "What is left is not brought to the total.",
        "not-applicable",
        CHECK,
        instead(Adder, "rescaled", _no_rescale),
    ),
    mutant(
        "rescale-off-by-one",
        "A point too much is taken as applicable.",
        "not-applicable",
        TORONTO,
        instead(Adder, "rescaled", _rescaled_by_lines),
    ),
    mutant(
        "no-scale",
        "A section is not brought to what it is scaled to.",
        "second-opinion",
        ANNUAL,
        instead(Adder, "scaled", _unscaled),
    ),
    mutant(
        "cap-a-step-higher",
        "A cap is one step higher than the document's.",
        "second-opinion",
        CONSTRUCTS,
        instead(Adder, "held", _cap_off(1)),
    ),
    mutant(
        "cap-a-step-lower",
        "A cap is one step lower than the document's.",
        "second-opinion",
        CONSTRUCTS,
        instead(Adder, "held", _cap_off(-1)),
    ),
    mutant("cap-ignored", "Nothing is capped.", "second-opinion", CONSTRUCTS, instead(Adder, "held", _without("cap"))),
    mutant(
        "floor-ignored",
        "Nothing is held at its floor.",
        "second-opinion",
        CONSTRUCTS,
        instead(Adder, "held", _without("floor")),
    ),
    mutant("cap-unsaid", "A cap has no line of its own.", "adds-up", CONSTRUCTS, instead(Adder, "held", _quiet_held)),
    mutant(
        "more-than-all",
        "A line that passes gives one step more than its points.",
        "points",
        CHECK,
        instead(CompiledLine, "judge", _more_than_all),
    ),
    mutant("falls-above", "Above nine tenths the score falls.", "monotone", CHECK, instead(Adder, "rescaled", _falls)),
    mutant(
        "zero-raises",
        "A value of nothing raises an error.",
        "accepts",
        QUARTER,
        instead(CompiledLine, "seen", _refuses_zero),
    ),
    mutant(
        "waiver-counts-anyway",
        "A waiver changes a line that passes.",
        "waiver",
        CHECK,
        instead(waiving, "_stands", _waived_anyway),
    ),
    mutant(
        "bounds-too-narrow",
        "The high end is the low one.",
        "bounds-contain",
        ANNUAL,
        instead(bounds, "bounds_of", _narrow),
    ),
    mutant(
        "bounds-too-wide",
        "The high end lies beyond what can be reached.",
        "bounds-reached",
        CHECK,
        instead(bounds, "bounds_of", _wide),
    ),
    mutant(
        "bounds-never-close",
        "With nothing missing the low end is below the score.",
        "closed",
        QUARTER,
        instead(bounds, "bounds_of", _wide_when_closed),
    ),
    mutant(
        "bounds-widen",
        "The more is seen, the lower the low end.",
        "never-widens",
        ANNUAL,
        instead(bounds, "bounds_of", _low_end_up),
    ),
    mutant(
        "low-end-off", "The low end lies below the score.", "low-end", CHECK, instead(bounds, "bounds_of", _low_end_up)
    ),
    mutant(
        "line-unsaid",
        "The first line is not explained.",
        "explained",
        HYGIENE,
        instead(explain, "steps_of", _first_line_lost),
    ),
    mutant(
        "chinese-only",
        "The explanation is Chinese, whatever was asked for.",
        "explained",
        CHECK,
        instead(explain, "explanation", _chinese_only),
    ),
    mutant(
        "record-differs",
        "The record says another grade.",
        "replays",
        CHECK,
        instead(record, "record_of", _another_score),
    ),
    mutant(
        "remembers",
        "What an evaluation says depends on how many there were before.",
        "deterministic",
        CHECK,
        instead(Program, "evaluate", _counts_calls),
    ),
    mutant(
        "asks-the-clock",
        "An evaluation looks at the clock.",
        "quiet",
        QUARTER,
        instead(Program, "evaluate", _asks_the_clock),
    ),
    mutant(
        "reverses-the-list",
        "An evaluation turns the host's list round.",
        "inputs-kept",
        CHECK,
        instead(Program, "evaluate", _sorts_in_place),
    ),
    mutant(
        "first-section-lost",
        "The section that comes first counts for less.",
        "sheet-order",
        CHECK,
        instead(Adder, "add", _first_section_twice),
    ),
    mutant(
        "prepared-off",
        "The inner loop gives one unit more.",
        "prepared",
        QUARTER,
        instead(Program, "score", _worst_marks),
    ),
    mutant(
        "bulk-off",
        "The bulk engine gives everybody the best grade.",
        "bulk",
        CHECK,
        instead(scored, "_grade", _best_grade),
    ),
    mutant(
        "grade-from-exact",
        "The grade is that of the figure before rounding.",
        "bands",
        POLICIES,
        instead(Grader, "__init__", _from_exact),
    ),
    mutant(
        "rounded-twice",
        "The score is rounded to a decimal more, and then rounded.",
        "rounding",
        TORONTO,
        instead(Rounder, "round", _rounded_twice),
    ),
    mutant(
        "bonus-after-cap",
        "What is added is added after the cap.",
        "second-opinion",
        CONSTRUCTS,
        instead(Adder, "_total", _bonus_after_cap),
    ),
    mutant(
        "bonus-rescaled",
        "What is added is rescaled with the rest.",
        "second-opinion",
        POLICIES,
        instead(Adder, "_total", _bonus_rescaled),
    ),
    mutant(
        "excused-on-top",
        "A waiver adds all points to those that were earned.",
        "excused",
        CHECK,
        instead(waiving, "_excused", _excused_on_top),
    ),
    mutant(
        "excused-yet-failing",
        "What is excused still counts as failed.",
        "excused",
        CHECK,
        instead(waiving, "_excused", _excused_yet_failing),
    ),
    mutant(
        "waivers-ignored", "No waiver has an effect.", "excused", ANNUAL, instead(waiving, "_stands", lambda *_: True)
    ),
    mutant(
        "looks-back-a-day-less",
        "A window begins a day late.",
        "second-opinion",
        POLICIES,
        instead(conditions, "_window", _window_from(1)),
    ),
    mutant(
        "looks-back-a-day-more",
        "A window begins a day early.",
        "second-opinion",
        POLICIES,
        instead(conditions, "_window", _window_from(-1)),
    ),
    mutant(
        "latest-as-handed-in",
        "The latest look is the last in the list, whatever its day.",
        "order",
        CHECK,
        instead(Pool, "_latest", _as_handed_in),
    ),
    mutant(
        "coverage-of-what-is-shown",
        "What is only shown counts in the coverage.",
        "second-opinion",
        POLICIES,
        instead(Program, "_weights", _coverage_of_what_is_shown),
    ),
    mutant(
        "coverage-rounded-up",
        "The coverage is rounded up.",
        "second-opinion",
        TORONTO,
        instead(Program, "coverage", _coverage_up),
    ),
    mutant(
        "covered-only-above",
        "The least coverage has to be passed.",
        "second-opinion",
        POLICIES,
        instead(Program, "too_little", _covered_only_above),
    ),
    mutant(
        "next-grade-as-it-is",
        "Whoever lacks what a grade requires has the next, whatever that requires.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "band", _next_grade_as_it_is),
    ),
    mutant(
        "expired-on-the-day",
        "A look expires a day early.",
        "second-opinion",
        POLICIES,
        instead(Reader, "_fresh", _expired_on_the_day),
    ),
    mutant(
        "without-the-last-day",
        "The last day of the period is not in it.",
        "second-opinion",
        CHECK,
        instead(Reader, "_counts", _without_the_last_day),
    ),
    mutant(
        "equal-looks-twice",
        "A look that was handed in twice counts twice.",
        "second-opinion",
        CONSTRUCTS,
        instead(Reader, "_once", lambda _, self, line, looks: looks),
    ),
    mutant(
        "one-assessor",
        "Looks of several assessors are pooled as those of one.",
        "second-opinion",
        POLICIES,
        instead(Pool, "_assessors", _one_assessor),
    ),
    mutant(
        "mean-of-all",
        "A mean counts what does not apply as nothing.",
        "second-opinion",
        POLICIES,
        instead(pooling, "combined", _mean_of_all),
    ),
    mutant(
        "more-than-the-sample",
        "A sample that is just large enough is too small.",
        "second-opinion",
        POLICIES,
        instead(CompiledLine, "_looked", _more_than_the_sample),
    ),
    mutant(
        "more-than-the-share",
        "Just enough places are not enough.",
        "second-opinion",
        POLICIES,
        instead(pooling, "_of_places", _more_than_the_share),
    ),
    mutant(
        "weights-ignored",
        "All lines of a section weigh the same.",
        "second-opinion",
        POLICIES,
        instead(sums, "_weight", lambda _, member: Fraction(1)),
    ),
    mutant(
        "nothing-emptied",
        "A gate that empties a line or section empties nothing.",
        "second-opinion",
        POLICIES,
        instead(Adder, "add", lambda original, self, cells, zeroed=(): original(self, cells)),
    ),
    mutant(
        "applies-anyway",
        "What applies to some communities applies to all.",
        "second-opinion",
        CONSTRUCTS,
        instead(Program, "inapplicable", lambda *_: {}),
    ),
    mutant(
        "partial-fails",
        "A line that passes in part has failed.",
        "second-opinion",
        POLICIES,
        instead(Compiler, "_failed", _partial_fails),
    ),
    mutant(
        "gates-forgotten",
        "The worst grade of the bounds forgets the gates.",
        "bounds-contain",
        CONSTRUCTS,
        instead(bounds, "bounds_of", _gates_forgotten),
    ),
)
"""Each is caught by the invariant that it names, on the standard that it names."""

__all__ = ["ENGINES"]
