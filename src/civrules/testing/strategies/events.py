"""What happens to a case of rectification: events of any kind, and those of them that can happen."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from civrules import Case, CaseEvent, InvalidInput
from civrules.model.case import KINDS
from civrules.testing.strategies.drawing import pick, up_to

STEPS = ("notify", "repair", "re-check")


@st.composite
def case_event(draw: st.DrawFn, first: date = date(2031, 4, 1), steps: Sequence[str] = STEPS) -> CaseEvent:
    """One event of any kind within ninety days of the first; shrinks to the opening on it."""
    kind = pick(draw, KINDS)
    on = first + timedelta(days=draw(up_to(90)))
    more: dict[str, Any] = {}
    if kind == "done":
        more = {"step": pick(draw, (None, *steps)), "ok": pick(draw, (True, False))}
    elif kind in ("extended", "waived"):
        more = {"until": on + timedelta(days=draw(up_to(60)))}
    elif kind == "partly":
        more = {"points": pick(draw, (None, Decimal(1), Decimal(5)))}
    return CaseEvent(kind=kind, on=on, **more)


def case_events(first: date = date(2031, 4, 1), steps: Sequence[str] = STEPS) -> st.SearchStrategy[list[CaseEvent]]:
    """Up to twelve events of any kind in any order, most of them impossible; `possible` leaves the others."""
    return st.lists(case_event(first, steps), max_size=12)


def possible(case: Case, drawn: Iterable[CaseEvent]) -> list[CaseEvent]:
    """Those of the events that can happen to the case, one after the other, in the order of their days."""
    kept = []
    for event in sorted(drawn, key=lambda event: event.on):
        try:
            case = case.add(event)
        except InvalidInput:
            continue
        kept.append(event)
    return kept
