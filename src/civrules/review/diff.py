"""diff: two editions, or one community's two evaluations, criterion by criterion."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from civrules.codec.problems import KEYS
from civrules.errors import InvalidInput, Problem
from civrules.model.canonical import canonical, data
from civrules.model.difference import Difference
from civrules.model.mapping import FrozenMapping
from civrules.model.standard import Section, Standard
from civrules.model.text import Text
from civrules.scoring.evaluation import Evaluation

Where: TypeAlias = tuple[str, ...]
Tables: TypeAlias = dict[str, Any]
"""Tables by what they are called, `criterion waste`, in the order of the document."""

_BESIDE = ("rounding", "table", "bound")
"""Tables of a document that stand beside [standard]."""
_JUDGED = ("points", "possible", "result", "reason")
_ONLY_APART = {
    "grade_before_gates": "grade", "score_without_waivers": "score", "grade_without_waivers": "grade",
}  # fmt: skip
"""Figures that are compared only where they are not those beside them."""
_LEFT_OUT = ("gates", "lines", "notes", *_ONLY_APART)


def diff(old: Standard | Evaluation, new: Standard | Evaluation, /) -> tuple[Difference, ...]:
    """Two editions, or one community's two evaluations, criterion by criterion; empty where nothing differs.

    Of editions everything is compared that their digests cover, so that it is empty exactly where the digests are
    equal. `where` begins with the table: `standard`, `rounding`, `section ID`, `criterion ID`, `grade ID`, `gate ID`, …
    A table that only one of them has is one difference, whose value is its title; a criterion or section that was moved
    differs in its `section`, members that changed places in the `order` of what holds them. Figures are text.

    Of evaluations their outcomes are compared: the figures, grades and gates, and for each criterion `points`,
    `possible`, `result` and `reason`; not what was seen, nor the notes.

    Raises InvalidInput where one is a standard and the other an evaluation.

    >>> from civrules import Criterion, Section, Source, Standard, Text, measures
    >>> def edition(points):
    ...     lamps = Criterion(id="lamps", title=Text(en="Lamps"), points=points, measure=measures.Check())
    ...     street = Section(id="street", title=Text(en="Street"), children=[lamps])
    ...     return Standard(
    ...         id="a/b", version="1", title=Text(en="T"), kinds=["residential"], sections=[street],
    ...         source=Source(document="D"), not_applicable="refuse",
    ...     )
    >>> [one.say() for one in diff(edition(4), edition(5))]
    ['criterion lamps › points: 4 before, 5 after']
    """
    if isinstance(old, Standard) and isinstance(new, Standard):
        return tuple(_editions(old, new))
    if isinstance(old, Evaluation) and isinstance(new, Evaluation):
        return tuple(_outcomes(old, new))
    given = ", ".join(type(one).__name__ for one in (old, new))
    raise InvalidInput(Problem("bad-argument", (), given, "Standard, Standard; Evaluation, Evaluation"))


def _editions(old: Standard, new: Standard) -> Iterator[Difference]:
    before, after = _tables(old), _tables(new)
    for name in dict.fromkeys((*before, *after)):
        yield from _compared((name,), before.get(name), after.get(name))
    members = _members(new)
    for name, ids in _members(old).items():
        yield from _order((name,), ids, members.get(name, ()))


def _tables(standard: Standard) -> Tables:
    """Every table of the document: the head and what stands beside it, the sheet, then all that is listed."""
    fields = _fields(standard)
    listed = {key: fields.pop(key) for key in _lists(fields)}
    tables: Tables = {"standard": fields, **{key: fields.pop(key, {}) for key in _BESIDE}}
    for section in standard.sections:
        tables |= _sheet(section, None)
    for key, rows in listed.items():
        table = KEYS.get(key, key)
        tables |= {f"{table} {name}": row for name, row in _named(rows).items()} if _have_ids(rows) else {table: rows}
    return tables


def _fields(standard: Standard) -> Tables:
    """The document as plain data, but for its sheet."""
    return {key: value for key, value in data(standard).items() if key != "sections"}


def _lists(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of the lists of tables that stand beside [standard]."""
    return tuple(key for key, value in fields.items() if _is_tables(value) and key != "source")


def _sheet(section: Section, outer: str | None) -> Tables:
    """A section, what it holds, and in which section each stands."""
    own = {key: part for key, part in data(section).items() if key != "children"}
    tables: Tables = {f"section {section.id}": own | ({"section": outer} if outer else {})}
    for criterion in section.criteria:
        tables[f"criterion {criterion.id}"] = _line(data(criterion)) | {"section": section.id}
    for inner in section.sections:
        tables |= _sheet(inner, section.id)
    return tables


def _line(fields: Tables) -> Tables:
    """A criterion; of a plugin's measure the keys that the document has, and beside them who supplies it."""
    measure = fields["measure"]
    if not isinstance(measure.get("measure"), Mapping):
        return fields
    return fields | {"measure": measure["measure"], "measure by": measure.get("by")}


def _members(standard: Standard) -> dict[str, tuple[str, ...]]:
    """What each table holds in which order; the lists of the document itself by their keys."""
    fields = _fields(standard)
    members = {f"section {one.id}": tuple(inner.id for inner in one.children) for one in standard.walk()}
    members["section"] = tuple(one.id for one in standard.sections)
    return members | {
        KEYS.get(key, key): tuple(_named(fields[key])) for key in _lists(fields) if _have_ids(fields[key])
    }


def _order(where: Where, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Whether members that both have stand in another order."""
    one, other = tuple(name for name in before if name in after), tuple(name for name in after if name in before)
    if one != other:
        yield Difference((*where, "order"), one, other)


def _compared(where: Where, before: Any, after: Any) -> Iterator[Difference]:
    """Every leaf that is not the same; tables that have nothing in common, or another kind, as a whole."""
    if canonical(before) == canonical(after):  # to Python true and 1 are equal
        return
    if _is_tables(before or after) and _is_tables(after or before):
        yield from _listed(where, before or [], after or [])
    elif isinstance(before, Mapping) and isinstance(after, Mapping) and _alike(before, after):
        for key in dict.fromkeys((*before, *after)):
            yield from _compared((*where, key), before.get(key), after.get(key))
    elif before is None or after is None:
        yield Difference(where, _said(before), _said(after))
    else:
        yield Difference(where, _frozen(before), _frozen(after))


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.get("kind") == other.get("kind") and (not one or not other or not one.keys().isdisjoint(other))


def _listed(where: Where, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Two lists of tables: by their ids where all have one, else as they stand beside each other."""
    if where[-1] != "source" and _have_ids(before) and _have_ids(after):
        one, other = _named(before), _named(after)
        for name in dict.fromkeys((*one, *other)):
            yield from _compared((*where, name), one.get(name), other.get(name))
        yield from _order(where, tuple(one), tuple(other))
    elif len(before) == len(after) == 1:
        yield from _compared(where, before[0], after[0])
    else:
        yield from _side_by_side(where, before, after)


def _side_by_side(where: Where, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Two lists without ids: what is equal in both is passed over, what stands between is compared in its order."""
    steps = SequenceMatcher(None, [*map(canonical, before)], [*map(canonical, after)], autojunk=False).get_opcodes()
    for step, first, last, begin, end in steps:
        old, new = before[first:last], after[begin:end]
        for place in range(max(len(old), len(new)) if step != "equal" else 0):
            index = begin + place if place < len(new) else first + place
            one, other = (part[place] if place < len(part) else None for part in (old, new))
            yield from _compared((*where, str(index + 1)), one, other)


def _said(table: Any) -> Any:
    """What stands for a table that only one of them has: its words where it has some."""
    words = (table.get("title") or table.get("text")) if isinstance(table, Mapping) else None
    return Text(**words) if isinstance(words, Mapping) else _frozen(table)


def _frozen(value: Any) -> Any:
    """The value as one that hashes."""
    if isinstance(value, Mapping):
        return FrozenMapping({key: _frozen(part) for key, part in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _have_ids(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every table has an id, and none has another's."""
    return len({one.get("id") for one in rows} - {None}) == len(rows)


def _named(rows: Sequence[Mapping[str, Any]]) -> Tables:
    """The tables by their ids."""
    return {str(one["id"]): one for one in rows}


def _outcomes(old: Evaluation, new: Evaluation) -> Iterator[Difference]:
    before, after = _outcome(old), _outcome(new)
    if old.edition == new.edition:
        yield from _compared(("digest",), old.digest, new.digest)
    for name in dict.fromkeys((*before, *after)):
        nothing: Any = {} if isinstance(before.get(name, after.get(name)), Mapping) else None
        yield from _compared((name,), before.get(name, nothing), after.get(name, nothing))


def _outcome(evaluation: Evaluation) -> Tables:
    """An evaluation's figures and lines by name."""
    result = evaluation.made.result(evaluation)
    tables: Tables = {"edition": evaluation.edition}
    tables |= {key: part for key, part in result.items() if key not in _LEFT_OUT}
    tables |= {key: result[key] for key, beside in _ONLY_APART.items() if result[key] != result[beside]}
    tables["gates"] = result["gates"] or None
    for line in result["lines"]:
        name = f"criterion {line['criterion']}" if line["criterion"] else _step(line)
        tables[name] = {key: line[key] for key in _JUDGED}
    return tables


def _step(line: Mapping[str, Any]) -> str:
    return f"section {line['section']} › {line['step']}" if line["section"] else str(line["step"])
