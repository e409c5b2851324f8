"""Campaigns: a few tasks, each with a way of its own to be due."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules import Campaign, Source
from civrules.model.campaign import Phase, Recurrence, Task
from civrules.testing.strategies.drawing import chance, pick, title_of, up_to

TASKS: tuple[Mapping[str, Any], ...] = (
    {"due": "06-10"},
    {"cadence": {"per": "month"}, "due": "5 days"},
    {"cadence": {"per": "2 weeks", "at_least": 2}, "first": "03-mid"},
    {"cadence": {"per": "week", "weekdays": ["friday"]}, "first": "11", "last": "02"},
    {"cadence": {"per": "quarter"}, "due": "2 working-days"},
    {"lasts": "3 months"},
    {"items": ["a", "b"], "due": "09-late"},
)
"""What a task says of its days: a single day, windows of the calendar with and without a deadline, a span, items."""
PHASES: tuple[Mapping[str, Any], ...] = ({"first": "03", "last": "05"}, {"first": "12-21", "last": "02-mid"}, {})


def days(first: date, most: int = 500) -> st.SearchStrategy[date]:
    """A day, from the first on; shrinks to it."""
    return st.integers(0, most).map(lambda number: first + timedelta(days=number))


@st.composite
def tasks(draw: st.DrawFn, name: str = "t1") -> Task:
    """One task of that id."""
    words = dict(pick(draw, TASKS))
    cadence = words.pop("cadence", None)
    recurrence = None if cadence is None else Recurrence(**cadence)
    return Task(id=name, title=title_of(name), cadence=recurrence, **words)


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """A sound campaign of one to four tasks, some after the one before, some in a phase."""
    phases = [Phase(id="p1", title=title_of("p1"), **pick(draw, PHASES))] if chance(draw, 3) else []
    found = [draw(tasks(f"t{number + 1}")) for number in range(1 + draw(up_to(3)))]
    return Campaign(
        id="example/plan", version="1", title=title_of("plan"), kinds=("residential",),
        source=Source(document="drawn"), phases=phases,
        tasks=[_placed(draw, found, index, phases) for index in range(len(found))],
    )  # fmt: skip


def _placed(draw: st.DrawFn, found: list[Task], index: int, phases: list[Phase]) -> Task:
    """The task, after the one before or not, and in the phase where it has no days of its own."""
    one = found[index]
    if index and chance(draw, 3):
        one = attrs.evolve(one, after=(found[index - 1].id,))
    free = phases and (one.first, one.last, one.lasts) == (None, None, None)
    return attrs.evolve(one, phase="p1") if free and chance(draw, 2) else one
