"""Write docs/reference.md, every table of a document with every key, from the model.

A key about which the model says nothing, and a table of the model that has no place here, is an error.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import attrs

from civrules import schema
from civrules.authoring.outline import CAMPAIGN, STANDARD, Outline, bracketed
from civrules.authoring.rows import WITH_IDS
from civrules.codec.leaves import is_effect, is_literal, is_mapping, is_set, is_threshold, is_tuple
from civrules.codec.problems import KEYS
from civrules.model.campaign import Campaign, Goal, Phase, Recurrence, Task
from civrules.model.canonical import STANDS_FOR, default_of
from civrules.model.condition import (
    COMPARISONS,
    FOLLOWING,
    GROUPS,
    LISTED,
    SUBJECTS,
    Condition,
    details_of,
    needs_comparison,
)
from civrules.model.days import Period
from civrules.model.document import Document, Issuance, Parameter, Reading
from civrules.model.figures import Count
from civrules.model.given import ByAttribute, Dated, Interval, ParameterOf, Setting
from civrules.model.keys import said_of, sentences
from civrules.model.measures import BUILT_IN, AnyMeasure, Entry, Item, Tier, Tiers
from civrules.model.outcome import Composed, Effect, EndsOn, Outcome, RankingRule
from civrules.model.procedure import Escalation, Procedure, Step
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.soundness import EFFECTS
from civrules.model.soundness.campaign import OF_A_TASK
from civrules.model.source import Source, takes_one
from civrules.model.standard import Blank, Criterion, Gate, Grade, Passing, Printed, Rounding, Section, Standard, Table
from civrules.model.text import Text
from civrules.model.yearday import DayOfYear

PAGE = Path(__file__).parent.parent / "docs/reference.md"
_HEAD = """# Every table and key

This page is written by `tools/write_reference.py` from the model that reads documents: what is not here no document may
say. [The document format](format.md) tells the same as a story, with examples; [the schemas](schema.md) tell it to
editors.

A figure is a TOML number, exact as written. An id is a letter or digit, then up to 63 of `A-Z a-z 0-9 . _ -`. A day is
`YYYY-MM-DD` without quotes. Keys without an entry under *left out* must be there.
"""
_COLUMNS = "| key | what stands there | left out | meaning |\n|---|---|---|---|\n"

# Heading, class, and where the narrative tells more.
_TABLES: tuple[tuple[str, type[Any], str], ...] = (
    ("[standard]", Standard, "standard"),
    ("[rounding]", Rounding, "rounding"),
    ("[table]", Table, "table"),
    ("table.blank", Blank, "table"),
    ("[[section]]", Section, "section-and-sectioncriterion"),
    ("[[section.criterion]]", Criterion, "section-and-sectioncriterion"),
    ("criterion.places", Passing, "section-and-sectioncriterion"),
    ("criterion.standard", Composed, "composites"),
    ("[[grade]]", Grade, "grade"),
    ("grade.printed", Printed, "grade"),
    ("[[gate]]", Gate, "gate"),
    ("[[ranking]]", RankingRule, "ranking"),
    ("[[outcome]]", Outcome, "outcome"),
    ("outcome.then", Effect, "outcome"),
    ("outcome.then.ends_on", EndsOn, "outcome"),
    ("[[procedure]]", Procedure, "procedures"),
    ("procedure.steps", Step, "procedures"),
    ("procedure.escalate", Escalation, "procedures"),
    ("[[reading]]", Reading, "reading"),
    ("[[parameter]]", Parameter, "registers"),
    ("[[body]]", Body, "registers"),
    ("body.posts", Post, "registers"),
    ("[[reference]]", Reference, "registers"),
    ("[[honour]]", Honour, "registers"),
    ("[[set]]", NamedSet, "registers"),
    ("responsible", Responsible, "registers"),
    ("source", Source, "the-document-format"),
    ("issued", Issuance, "standard"),
    ("effective", Period, "standard"),
    ("title and text", Text, "the-document-format"),
    ("[campaign]", Campaign, "campaigns"),
    ("[[phase]]", Phase, "campaigns"),
    ("[[task]]", Task, "campaigns"),
    ("task.cadence", Recurrence, "campaigns"),
    ("[[goal]]", Goal, "campaigns"),
)
_OF_MEASURES = ((Entry, "checklist.items"), (Item, "findings.items"), (Tier, "tiers.tiers"))
_LINKS = (
    {kind: heading for heading, kind, _ in _TABLES}
    | dict(_OF_MEASURES)
    | {kind: name for name, kind in BUILT_IN.items()}
)
_WORDS: Mapping[Any, str] = {
    str: "text",
    bool: "`true` or `false`",
    int: "a whole number",
    Decimal: "a figure",
    date: "a day",
    Interval: 'a length of time, such as `"3 months"`; or [a parameter](#numbers-that-are-given)',
    DayOfYear: 'a day of every year: `"07-21"`, `"07"`, `"07-late"`; or [a parameter](#numbers-that-are-given)',
    Count: "a whole number, or [one that is given](#numbers-that-are-given)",
    Setting: 'a figure, or text such as `"95%"`, `"2 weeks"`, `"07-21"`',
    ParameterOf: "[a parameter](#numbers-that-are-given)",
    Condition: "[a condition](#conditions)",
    AnyMeasure: "[a measure](#measures)",
}
_CADENCE = 'a cadence, such as `"week"`, `"2 weeks"`, `"term"`; or [a parameter](#numbers-that-are-given)'
_NAMED = re.compile("`([a-z_]+)`")
_ELSEWHERE = {Dated, ByAttribute, ParameterOf, Condition, Tiers}
"""Classes that have a part of the page of their own."""


def page() -> str:
    """The page as it ought to be. Raises LookupError where the model leaves something unsaid."""
    missing = {kind.__name__ for kind in _reached()} - {
        kind.__name__ for kind in (*_LINKS, *_ELSEWHERE, *BUILT_IN.values())
    }
    if missing:
        raise LookupError(f"no place on the page for: {', '.join(sorted(missing))}")
    parts = [_HEAD, "## A standard", _tables_of(STANDARD), "## A campaign", _tables_of(CAMPAIGN), _tailored()]
    for heading, kind, more in _TABLES:
        words = f"{_said(kind)} [More](format.md#{more}).".lstrip()
        parts.append(f"## {_code(heading)}\n\n{words}\n\n{_COLUMNS}{_rows(heading, kind)}")
        if kind is Gate:
            parts.append(f"### gate.then\n\n{_effects()}")
    return "\n\n".join([*parts, _measures(), _given(), _conditions()]) + "\n"


def _reached() -> set[type[Any]]:
    """Every class of the model that a document can hold."""
    found: set[type[Any]] = set()
    waiting: list[type[Any]] = [Standard, Campaign, *BUILT_IN.values()]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            types = get_type_hints(kind, include_extras=True)
            waiting += [one for field in _fields(kind) for one in _classes(types[field.name])]
    return found


def _classes(wanted: Any) -> Iterator[type[Any]]:
    if isinstance(wanted, type) and attrs.has(wanted):
        yield wanted
    elif wanted != AnyMeasure:
        for part in get_args(wanted):
            yield from _classes(part)


def _fields(kind: type[Any]) -> list[Any]:
    """The fields that documents write: neither where values come from, nor what a section holds, told apart by kind."""
    return [one for one in attrs.fields(kind) if one.init and one.name not in ("origin", "children")]


def _tables_of(outline: Outline) -> str:
    names = ", ".join(f"`{bracketed(name)}`" for name in outline.tables)
    needed = " and ".join(f"`{bracketed(name)}`" for name in outline.needed)
    return f"Its tables: {names}. {needed} must be there."


def _tailored() -> str:
    """The keys of a document that rests on others: the schema says them, for no model keeps them."""
    definitions = schema()["$defs"]
    head = definitions["TailoredHead"]["properties"]
    amend = definitions["Amend"]["properties"]
    added = definitions["AddedCriterion"]["properties"]
    rows = [
        ("`[standard]` extends", "an edition, `plugin/name@version`", "nothing is tailored", head["extends"]),
        ("`[standard]` or `[campaign]` uses", "a list of ids or editions", "none", head["uses"]),
        ("`[standard]` drop", "a list of ids", "none", head["drop"]),
        ("`[[amend]]` of", "an id, or `kind:id`", "", amend["of"]),
        ("`[[amend]]` without", "a list of keys", "none", amend["without"]),
        ("an added table's after", "an id", "the last of its kind", added["after"]),
        ("an added section's or criterion's into", "an id", "the last of its kind", added["into"]),
    ]
    lines = [_line(key, words, default, one["description"]) for key, words, default, one in rows]
    named = ", ".join(f"`{name}`" for name in WITH_IDS)
    return (
        "## Documents that rest on others\n\nThe keys of a document that extends or uses others, besides those below. "
        f"`[[amend]]` takes every other key of the table that it changes; it changes {named}. "
        f"[More](format.md#tailoring).\n\n{_COLUMNS}" + "\n".join(lines)
    )


def _rows(heading: str, kind: type[Any], *, measure: bool = False) -> str:
    types = get_type_hints(kind, include_extras=True)
    beside = {STANDARD.head: STANDARD, CAMPAIGN.head: CAMPAIGN}.get(heading.strip("[]"))
    lines = []
    for one in _fields(kind):
        key = KEYS.get(one.name, one.name) if issubclass(kind, Document) else one.name
        if beside is None or key not in beside.beside:
            words = _key_words(kind, one.name, types[one.name], given=measure)
            lines.append(_line(f"`{key}`", words, _default(one), _sentence(kind, one.name)))
    if kind is Section:
        lines.append(_line("`criterion`", "`[[section.criterion]]`", "sections instead", "The criteria that it holds."))
        lines.append(_line("`section`", "`[[section.section]]`", "criteria instead", "The sections that it holds."))
    return "\n".join(lines)


def _sentence(kind: type[Any], name: str) -> str:
    said = said_of(kind, name)
    if not said:
        raise LookupError(f"{kind.__name__} says nothing of `{name}`: name it in a sentence of its docstring")
    return said.replace("; `", ". `").rstrip(";").removesuffix(".") + "."


def _line(key: str, words: str, default: str, meaning: str) -> str:
    cells = (key, words, default, meaning)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _default(field: Any) -> str:
    """What holds where the key is left out."""
    if field.default is attrs.NOTHING:
        return ""
    default = field.metadata.get(STANDS_FOR, default_of(field))
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, str):
        return f'`"{default}"`'
    if isinstance(default, int | Decimal):
        return f"`{default}`"
    if isinstance(default, tuple | frozenset) and default:
        return ", ".join(f'`"{one}"`' for one in default)
    return "–"


def _key_words(kind: type[Any], name: str, wanted: Any, *, given: bool = False) -> str:
    if name == "id" and kind is not Source:
        return "`plugin/name`" if issubclass(kind, Document) else "an id"
    words = _CADENCE if name == "per" and wanted is Interval else _in_words(wanted, given=given)
    alone = name in LISTED if kind is Condition else takes_one(getattr(attrs.fields(kind), name))
    return f"one, or {words}" if alone and name != "source" else words


def _in_words(wanted: Any, *, given: bool = False) -> str:
    """A type as an author says it."""
    if wanted in _WORDS or wanted == Setting:
        number = wanted is Decimal and given
        return f"{_WORDS[wanted]}, or [one that is given](#numbers-that-are-given)" if number else _WORDS[wanted]
    if is_threshold(wanted):
        words = 'a figure, or text in percent such as `"60%"`'
        return f"{words}; or [one that is given](#numbers-that-are-given)" if given else words
    if is_literal(wanted):
        return ", ".join(f'`"{word}"`' if isinstance(word, str) else f"`{word}`" for word in get_args(wanted))
    if is_effect(wanted):
        return "[one thing](#gatethen)"
    if isinstance(wanted, type) and attrs.has(wanted):
        return (
            "a list of [tiers](#tierstiers)" if wanted is Tiers else f"[{_LINKS[wanted]}](#{_anchor(_LINKS[wanted])})"
        )
    return _together(wanted, given=given)


def _together(wanted: Any, *, given: bool) -> str:
    """A list, a table of names, or one of several forms."""
    parts = [part for part in get_args(wanted) if part not in (NoneType, Ellipsis)]
    if is_set(wanted) or (is_tuple(wanted) and Ellipsis in get_args(wanted)):
        source = parts[0] is Source
        inner = "texts" if parts[0] is str else _in_words(parts[0], given=given)
        return f"{'one, or ' if source else ''}a list of {inner}"
    if is_tuple(wanted):
        return f"a list of {len(parts)}: {', '.join(dict.fromkeys(_in_words(part, given=given) for part in parts))}"
    if is_mapping(wanted):
        return f"a table: names, each with {_in_words(parts[1], given=given)}"
    if get_origin(wanted) is Annotated:
        return _in_words(parts[0], given=given)
    if get_origin(wanted) in (Union, UnionType):
        return "; or ".join(dict.fromkeys(_in_words(part, given=given) for part in parts))
    raise LookupError(f"no words for the type {wanted!r}")


def _effects() -> str:
    forms = {"score": "a figure", "ineligible": "`true`", "zero": "the id of a criterion or section"}
    lines = [
        _line(f"`{name}`", forms.get(name, "a grade's id"), "one of them", _sentence(Gate, name)) for name in EFFECTS
    ]
    return _COLUMNS + "\n".join(lines)


def _measures() -> str:
    words = "How what was seen becomes points. `kind` decides which keys there are. [More](format.md#measures)."
    parts = [f"## Measures\n\n{words}"]
    for name, kind in BUILT_IN.items():
        rows = _rows("", kind, measure=True)
        fixed = _line("`kind`", f'`"{name}"`', "", "Which measure it is.")
        parts.append(f"### {name}\n\n{_said(kind)}\n\n{_COLUMNS}{fixed}\n{rows}".rstrip())
        for inner, heading in _OF_MEASURES:
            if heading.startswith(f"{name}."):
                parts.append(f"### {heading}\n\n{_said(inner)}\n\n{_COLUMNS}{_rows('', inner, measure=True)}")
    return "\n\n".join(parts)


def _given() -> str:
    lines = [
        _line("`parameter`", "a parameter's id", "", _sentence(ParameterOf, "parameter")),
        _line("`by`", "an attribute's name", "", _sentence(ByAttribute, "by")),
        _line("`lower`", "a table: the lower end of a class, and its number", "", _sentence(ByAttribute, "lower")),
        _line("a day", "a number", "", _said(Dated)),
    ]
    words = "Any number in a measure, `sample`, lengths of time and days of the year may be given by a table instead."
    return f"## Numbers that are given\n\n{words} [More](format.md#numbers-that-are-given).\n\n{_COLUMNS}" + "\n".join(
        lines
    )


def _conditions() -> str:
    types = get_type_hints(Condition, include_extras=True)
    head = "| names | what stands there | beside it | meaning |\n|---|---|---|---|\n"
    lines = [
        _line(f"`{name}`", _key_words(Condition, name, types[name]), _beside(name), _sentence(Condition, name))
        for name in (*SUBJECTS, *GROUPS, *FOLLOWING)
    ]
    details = dict.fromkeys(word for name in (*SUBJECTS, *FOLLOWING) for word in details_of(name))
    more = [_line(f"`{name}`", _in_words(types[name]), "–", _sentence(Condition, name)) for name in details]
    later, of_a_task = (", ".join(f"`{name}`" for name in names) for names in (FOLLOWING, OF_A_TASK))
    return (
        f"## Conditions\n\n{_said(Condition)} Only outcomes may name {later}; `applies_when` of a task names "
        f"{of_a_task}; `applies_when` of a criterion and "
        "`when` of `responsible` name attributes and groups alone. [More](format.md#conditions).\n\n"
        + head + "\n".join(lines) + f"\n\nBeside what is named:\n\n{_COLUMNS}" + "\n".join(more)
    )  # fmt: skip


def _beside(name: str) -> str:
    details = details_of(name)
    shown = [f"`{one}`" for one in details if one not in COMPARISONS]
    shown += ["a comparison"] if set(COMPARISONS) <= set(details) else []
    return (", ".join(shown) + (" (one of them must be there)" if needs_comparison(name) else "")) or "–"


def _said(kind: type[Any]) -> str:
    """What is said of the table as a whole: what is said of a key stands beside the key."""
    keys = {one.name for one in _fields(kind)} | (set(EFFECTS) if kind is Gate else set())
    words = " ".join(one for one in sentences(kind) if not keys & set(_NAMED.findall(one)))
    return f"{words.rstrip(':;.')}." if words else ""


def _code(heading: str) -> str:
    return f"`{heading}`" if heading.startswith("[") else heading


def _anchor(heading: str) -> str:
    """The anchor that the generator of the pages gives a heading."""
    kept = "".join(one for one in heading.lower() if one.isalnum() or one in "-_ ")
    return kept.replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
