"""Editions of one standard, one after the other, and documents that tailor one."""

from datetime import date, timedelta

import attrs
from hypothesis import strategies as st

from civrules import Period, Standard
from civrules.testing.strategies.drawing import chance, pick, up_to
from civrules.testing.strategies.standards import standards

_FIRST = date(2029, 1, 1)
_LENGTHS = (365, 1, 90, 400)
_DAY = timedelta(days=1)


@st.composite
def editions(draw: st.DrawFn) -> tuple[Standard, ...]:
    """One to four editions of a standard, in force one after the other without a hole; the last is open, or not."""
    standard = draw(standards())
    many = 1 + draw(up_to(3))
    found = []
    first: date | None = None if chance(draw, 3) else _FIRST
    for number in range(many):
        start = first or _FIRST
        last = None if number == many - 1 and not chance(draw, 3) else start + timedelta(days=pick(draw, _LENGTHS) - 1)
        found.append(attrs.evolve(standard, version=str(number + 1), effective=Period(first, last)))
        first = None if last is None else last + _DAY
    return tuple(found)


@attrs.frozen(kw_only=True, repr=False)
class Tailoring:
    """A standard, what another document changes of it, and that document's text."""

    parent: Standard
    titles: tuple[tuple[str, str], ...]
    """The ids that get another title, and the title."""
    dropped: tuple[str, ...]
    """The gates that it does without."""
    text: str

    def __repr__(self) -> str:
        return f"\n{self.text}"


@st.composite
def tailorings(draw: st.DrawFn) -> Tailoring:
    """A document that extends a standard: it gives some sections and criteria other titles, and drops some gates."""
    parent = draw(standards())
    ids = (*(section.id for section in parent.walk()), *parent.criteria)
    titles = tuple((name, f"other {name}") for name in ids if chance(draw, 4))
    dropped = tuple(gate.id for gate in parent.gates if chance(draw, 3))
    drop = ", ".join(f'"{name}"' for name in dropped)
    lines = ["[standard]", 'id = "example/tailored"', 'version = "1"', f'extends = "{parent.edition}"']
    lines += ["effective = { first = 2029-01-01 }", 'title = { en = "tailored" }', 'source = { document = "drawn" }']
    lines += [f"drop = [{drop}]"] if drop else []
    for name, title in titles:
        lines += ["", "[[amend]]", f'of = "{name}"', f'title = {{ en = "{title}" }}']
    return Tailoring(parent=parent, titles=titles, dropped=dropped, text="\n".join(lines) + "\n")
