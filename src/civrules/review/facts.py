"""Facts: what a community may say of itself where conditions ask: on and beside what it is compared with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civrules.model.community import OWN_FIELDS
from civrules.model.condition import Condition
from civrules.model.measures.measure import amount


def facts_asked(conditions: Iterable[Condition]) -> Mapping[str, list[Any]]:
    """For every attribute that the conditions ask for what it may be; the first of them is what is asked for."""
    found: dict[str, list[Any]] = {}
    for part in (part for one in conditions for part in one.walk() if part.attribute is not None):
        if part.attribute not in OWN_FIELDS:
            found.setdefault(str(part.attribute), []).extend(_values(part))
    return {name: list(dict.fromkeys(facts)) for name, facts in found.items()}


def _values(part: Condition) -> Iterator[Any]:
    if part.has is not None:
        yield from ((part.has,), ())
    elif part.equals is not None:
        yield from (part.wanted if not isinstance(part.equals, bool) else (True, False))
        yield "another" if isinstance(part.wanted[0], str) else not part.equals
    elif part.comparisons:
        for _, limit in part.comparisons:
            end = int(amount(limit))
            yield from (end, end + 1, end - 1)
    else:
        yield from (True, False)
