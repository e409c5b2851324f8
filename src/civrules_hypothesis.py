"""Hypothesis learns here how to draw standards, campaigns and events; the kit is imported when one is first asked for.

It stands outside the package and imports the model alone: Hypothesis runs it in every project that has civrules.
"""

from typing import Any


def register() -> None:
    """Called by Hypothesis: `st.from_type(civrules.Standard)` and `st.builds` of what has one draw sound standards."""
    from hypothesis import strategies as st

    from civrules import Campaign, CaseEvent, Community, Criterion, Section, Standard, Task

    st.register_type_strategy(Standard, lambda _: _kit().standards())
    st.register_type_strategy(Section, lambda _: _kit().sections())
    st.register_type_strategy(Criterion, lambda _: _kit().criteria())
    st.register_type_strategy(Community, lambda _: _kit().communities())
    st.register_type_strategy(Campaign, lambda _: _kit().campaigns())
    st.register_type_strategy(Task, lambda _: _kit().tasks())
    st.register_type_strategy(CaseEvent, lambda _: _kit().case_event())


def _kit() -> Any:
    from civrules.testing import strategies

    return strategies
