"""Engines that add, bring to scale, hold or round in a wrong way."""

from fractions import Fraction
from typing import Any

from civrules import Program
from civrules.model import figures
from civrules.scoring import line, sums
from civrules.scoring.line import Rounder
from civrules.scoring.sums import Adder
from mutants.breaking import ANNUAL, CHECK, CONSTRUCTS, POLICIES, TORONTO, Made, instead, mutant
from mutants.mutant import EngineMutant, Patch

HALF_EVEN = "Halves go to the even figure, though the document says up."


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


def _coverage_of_all(_: Made, self: Program, cells: Any) -> Any:
    seen = sum(own for index, own in self.weights if cells[index].state == "seen")
    return figures.decimal(seen * 10**4 // (sum(own for _, own in self.weights) or 1), 4)


def _no_rescale(_: Made, self: Adder, got: Any, applicable: Any) -> Any:
    return got


def _rescaled_by_lines(original: Made, self: Adder, got: Any, applicable: Any) -> Any:
    return (
        original(self, got, applicable) if applicable == self.total else original(self, got, applicable + 10**self.unit)
    )


def _unscaled(_: Made, self: Adder, sums: Any, section: Any, points: Any, reach: Any) -> Any:
    return points, reach


def _first_section_twice(original: Made, self: Adder, cells: Any, zeroed: Any = frozenset()) -> Any:
    sums = original(self, cells, zeroed)
    points = sums.sections[self.sections[0].id][0]
    if sums.score is not None and points:
        self.finish(sums, sums.exact - points if sums.exact > points else sums.exact)
    return sums


def _falls(original: Made, self: Adder, got: Any, applicable: Any) -> Any:
    """Above nine tenths less is given."""
    points = original(self, got, applicable)
    return points - self.total // 5 if points * 10 > self.total * 9 else points


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


def _coverage_of_what_is_shown(original: Made, self: Program) -> Any:
    weights, summed = original(self)
    return (*weights, *((line.index, 1) for line in self.lines if not line.scored and not line.event)), summed


def _coverage_up(original: Made, self: Program, cells: Any) -> Any:
    found = original(self, cells)
    return found if found in (0, 1) else found + figures.decimal(1, 4)


SUMS: tuple[EngineMutant, ...] = (
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
    mutant("falls-above", "Above nine tenths the score falls.", "monotone", CHECK, instead(Adder, "rescaled", _falls)),
    mutant(
        "first-section-lost",
        "The section that comes first counts for less.",
        "sheet-order",
        CHECK,
        instead(Adder, "add", _first_section_twice),
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
)
