"""Kernel: a program's formulas as one Python function over prepared whole numbers.

The function is generated, as attrs does it; its source holds numbered names alone, never an id or a constant of the
document.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from civrules.model.figures import round_quotient
from civrules.model.formula import NO, Term, assuming, known
from civrules.scoring.formulas import Formulas

DOES_NOT_APPLY = -(10**30)
"""The prepared value that says "does not apply"; no figure reaches so far."""

Kernel: TypeAlias = Callable[[Sequence[int | None]], tuple[int | None, int, tuple[int, ...]]]

_WORDS = {"at_least": ">=", "more_than": ">", "equal": "=="}
_GROUPS = {"all": " and ", "any": " or "}


def kernel(formulas: Formulas) -> Kernel:
    """The function: score (None where there is none), place of the grade (-1 where there is none), points by line.

    It has two bodies: most often everything applies, and then there is little left to ask.
    """
    source = _Source(formulas)
    text = "\n".join(source.lines())
    namespace: dict[str, Any] = {}
    exec(compile(text, "<civrules program>", "exec"), namespace)  # numbered names only, see above
    made: Kernel = namespace["make"](round_quotient, DOES_NOT_APPLY, *source.constants)
    return made


def _applies(term: Term) -> Term | None:
    return NO if term.op == "outside" else None


def _as_it_is(_: Term) -> None:
    return None


class _Source:
    """The text of the function, and the constants that its names stand for."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.constants: list[Any] = []
        self._places: dict[Any, int] = {}
        self._names: dict[int, str] = {}
        self._walrus = 0

    def lines(self) -> Iterator[str]:
        """The function that makes the function."""
        applies = list(self._body(_applies))
        general = list(self._body(_as_it_is))
        names = ", ".join(("q", "x", *(f"k{place}" for place in range(len(self.constants)))))
        slots = ", ".join(f"v{place}" for place in range(len(self.formulas.slots)))
        yield f"def make({names}):"
        yield "  def score(values):"
        yield f"    ({slots},) = values"
        yield "    if x not in values:"
        yield from (f"      {line}" for line in applies)
        yield from (f"    {line}" for line in general)
        yield "  return score"

    def _body(self, holds: Callable[[Term], Term | None]) -> Iterator[str]:
        formulas = self.formulas
        points = [one.points.rounded("half-up") for one in formulas.lines]
        steps = [term for _, term in formulas.steps]
        asked = [*steps, formulas.score, formulas.scored, formulas.grade, *points]
        made = assuming(asked, holds)
        self._names = {}
        for place, term in enumerate(made[: len(steps)]):
            if not known(term) and id(term) not in self._names:
                yield f"t{place} = {self._text(term)}"
                self._names[id(term)] = f"t{place}"
        score, scored, grade, *lines = map(self._text, made[len(steps) :])
        yield f"return {score} if {scored} else None, {grade}, ({', '.join(lines)},)"

    def _constant(self, value: Any) -> str:
        # True is 1 to a dictionary; to the function they are as good as equal.
        place = self._places.setdefault(value, len(self._places))
        if place == len(self.constants):
            self.constants.append(value)
        return f"k{place}"

    def _text(self, term: Term) -> str:
        """The term as an expression; what a step is, by its name."""
        name = self._names.get(id(term))
        if name is not None:
            return name
        made: str = getattr(self, f"_{term.op}", self._between)(term)
        return made

    def _between(self, term: Term) -> str:
        if term.op in _GROUPS:
            return "(" + _GROUPS[term.op].join(map(self._text, term.parts)) + ")"
        one, other = term.parts
        return f"({self._text(one)} {_WORDS[term.op]} {self._text(other)})"

    def _number(self, term: Term) -> str:
        return self._constant(term.detail)

    def _slot(self, term: Term) -> str:
        return f"v{term.detail}"

    def _absent(self, term: Term) -> str:
        return f"(v{term.parts[0].detail} is None)"

    def _outside(self, term: Term) -> str:
        return f"(v{term.parts[0].detail} is x)"

    def _add(self, term: Term) -> str:
        return "(" + " + ".join(map(self._text, term.parts)) + ")"

    def _times(self, term: Term) -> str:
        return f"({self._text(term.parts[0])} * {self._text(term.parts[1])})"

    def _not(self, term: Term) -> str:
        (one,) = term.parts
        if one.op in ("absent", "outside"):
            return f"({self._text(one)[1:-1].replace(' is ', ' is not ')})"
        return f"(not {self._text(one)})"

    def _choose(self, term: Term) -> str:
        test, then, other = map(self._text, term.parts)
        return f"({then} if {test} else {other})"

    def _pick(self, term: Term) -> str:
        return f"{self._constant(term.detail)}[{self._text(term.parts[0])}]"

    def _least(self, term: Term) -> str:
        return self._of_two(term, "<")

    def _greatest(self, term: Term) -> str:
        return self._of_two(term, ">")

    def _of_two(self, term: Term, sign: str) -> str:
        """Each part is worked out once."""
        (one, first), (other, second) = map(self._once, term.parts)
        return f"({one} if {first} {sign} {second} else {other})"

    def _once(self, term: Term) -> tuple[str, str]:
        """How a term is named again, and how it is written where it comes first."""
        text = self._text(term)
        if text.isidentifier():
            return text, text
        self._walrus += 1
        name = f"w{self._walrus}"
        return name, f"({name} := {text})"

    def _quotient(self, term: Term) -> str:
        above, below = term.parts
        if above.low < 0:
            return f"q({self._text(above)}, {self._text(below)}, {self._constant(term.detail)})"
        top = self._text(above)
        if term.detail == "down":
            return f"({top} // {self._text(below)})"
        if term.detail == "up":
            return f"(-(-{top} // {self._text(below)}))"
        if term.detail == "half-up":
            if below.op == "number" and below.detail % 2 == 0:
                return f"(({top} + {self._constant(below.detail // 2)}) // {self._text(below)})"
            again, first = self._once(below)
            return f"(({top} * 2 + {first}) // ({again} * 2))"
        return f"q({top}, {self._text(below)}, {self._constant(term.detail)})"
