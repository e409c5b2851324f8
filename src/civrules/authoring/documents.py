"""Reading and writing a standard or a campaign as a TOML document."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from civrules.authoring.outline import (
    CAMPAIGN,
    EVERY_LIST,
    STANDARD,
    Outline,
    head_of,
    head_problems,
    outline_of,
    outline_problems,
)
from civrules.authoring.rows import written
from civrules.authoring.tailoring import AnyDocument, Find, rests, tailored
from civrules.errors import CivrulesError, InvalidDocument, Problem
from civrules.model.campaign import Campaign
from civrules.model.figures import SIZE
from civrules.model.measures import Kind
from civrules.model.soundness import MOST_CRITERIA, MOST_PROBLEMS
from civrules.model.standard import Standard

MOST_BYTES = 4 * 1024 * 1024
DEEPEST_KEY = 32
LONGEST_NUMBER = 64

_ELEMENTS = (*EVERY_LIST, "criterion")
# Dotted keys are followed one prefix at a time, so a key of a million dots would take the square of that.
_DOTS = re.compile(
    rb"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % DEEPEST_KEY
)
_ANY_HEAD = {"id": "any/any", "version": "1", "title": {"en": "any"}, "kinds": ["any"]}
_WHOLE = (
    "points-do-not-sum", "band-hole", "band-order", "no-decimals", "no-total-decimals", "rescale-decimals",
)  # fmt: skip
"""What cannot be said of a document while parts of it are broken."""


def load(source: str | PathLike[str] | Traversable, /) -> Standard:
    """Read one standard from a TOML file, with the built-in measures; a campaign is read by `load_campaign`.

    Takes a path or a resource of at most 4 MB. Raises InvalidDocument, and nothing else, with every problem of the
    file: unknown keys, wrong types, lossy numbers, ids that name nothing, steps without decimals. A document that
    extends or uses another is read by `Rulebook.load`, which knows others.
    """
    return draft(source).standard()


def load_campaign(source: str | PathLike[str] | Traversable, /) -> Campaign:
    """Read one campaign from a TOML file, as `load` reads a standard. Raises InvalidDocument.

    A campaign that uses another document is read by `Rulebook.load_campaign`, which knows others.
    """
    return draft(source).campaign()


def loads(data: bytes | str, name: str = "document", /) -> Standard:
    """Read one standard from TOML text; `name` stands in the problems' place. Raises InvalidDocument."""
    return parsed(data, name).standard()


def draft(source: str | PathLike[str] | Traversable, /, kinds: tuple[Kind, ...] = ()) -> "Draft":
    """Read a TOML file and make nothing of it yet; `kinds` are the measures of plugins that it may name.

    Raises InvalidDocument where it is no TOML.
    """
    name, data = _bytes(source)
    return parsed(data, name, kinds)


def parsed(data: bytes | str, name: str = "document", /, kinds: tuple[Kind, ...] = ()) -> "Draft":
    """The same of TOML text."""
    try:
        return Draft(name, _parsed(data.encode() if isinstance(data, str) else data), kinds)
    except CivrulesError as error:
        raise InvalidDocument(error.within(name)) from None
    except RecursionError:
        raise InvalidDocument(_too_deep(name)) from None


@attrs.frozen(eq=False)
class Draft:
    """A document that was read and of which nothing was made yet; it says what it rests on."""

    name: str
    tables: dict[str, Any]
    kinds: tuple[Kind, ...] = ()
    """The measures of plugins that it may name."""

    @property
    def id(self) -> str:
        """The document's id, "" where none is written."""
        return _word(head_of(self.tables).get("id"))

    @property
    def version(self) -> str:
        """The document's version, "" where none is written."""
        return _word(head_of(self.tables).get("version"))

    @property
    def edition(self) -> str:
        """The id and the version: plugin/name@version."""
        return f"{self.id}@{self.version}"

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day on which it is in force, where it says them."""
        effective = head_of(self.tables).get("effective")
        ends = [effective.get(key) for key in ("first", "last")] if isinstance(effective, Mapping) else [None, None]
        first, last = (one if isinstance(one, date) and not isinstance(one, datetime) else None for one in ends)
        return first, last

    @property
    def is_campaign(self) -> bool:
        """Whether it is a campaign, and not a standard."""
        return outline_of(self.tables) is CAMPAIGN

    @property
    def rests_on(self) -> tuple[tuple[str, str], ...]:
        """What it rests on: ("extends", edition), ("uses", id or edition)."""
        head = head_of(self.tables)
        named = [(key, name) for key in rests(self.tables) for name in _many(head[key])]
        return tuple((key, name) for key, name in named if isinstance(name, str))

    def standard(self, find: Find | None = None) -> Standard:
        """The standard; `find` finds what it rests on. Raises InvalidDocument with every problem of the file."""
        made: Standard = self._document(STANDARD, "load", find)
        return made

    def campaign(self, find: Find | None = None) -> Campaign:
        """The campaign; `find` finds what it uses. Raises InvalidDocument with every problem of the file."""
        made: Campaign = self._document(CAMPAIGN, "load_campaign", find)
        return made

    def document(self, find: Find | None = None) -> AnyDocument:
        """The standard or the campaign, whichever it is. Raises InvalidDocument with every problem of the file."""
        return self.campaign(find) if outline_of(self.tables) is CAMPAIGN else self.standard(find)

    def _document(self, wanted: Outline, reader: str, find: Find | None) -> Any:
        try:
            other = next((one for one in (STANDARD, CAMPAIGN) if one is not wanted and one.head in self.tables), None)
            if other is not None and wanted.head not in self.tables:
                reads = {"load": "load_campaign", "load_campaign": "load"}[reader]
                raise InvalidDocument(Problem("other-kind", (), other.head, wanted.head, reads))
            if wanted is CAMPAIGN and wanted.head not in self.tables:
                raise InvalidDocument(Problem("missing-table", (), None, "[campaign]"))
            return _made(self, find)
        except CivrulesError as error:
            raise InvalidDocument(error.within(self.name)) from None
        except RecursionError:
            raise InvalidDocument(_too_deep(self.name)) from None


def _too_deep(name: str) -> Problem:
    return Problem("too-deep", (name,), None, str(DEEPEST_KEY))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def dump(document: Standard | Campaign, /) -> str:
    """The standard or campaign as TOML text; what is read from it is equal. Needs tomli-w: `civrules[dump]` brings it.

    A document that extends or uses others is written whole, without them.
    """
    try:
        import tomli_w
    except ImportError:
        raise ImportError("civrules.dump needs tomli-w: pip install 'civrules[dump]'") from None
    return tomli_w.dumps(written(document), multiline_strings=False)


def _bytes(source: str | PathLike[str] | Traversable) -> tuple[str, bytes]:
    place: Any = Path(source) if isinstance(source, str | PathLike) else source
    try:
        with place.open("rb") as file:
            return str(place.name), file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InvalidDocument(Problem("unreadable", (str(place.name),), reason)) from None


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise InvalidDocument(Problem("too-large", (), len(data), str(MOST_BYTES)))
    if _DOTS.search(data):
        raise InvalidDocument(Problem("too-deep", (), None, str(DEEPEST_KEY)))
    try:
        return tomllib.loads(data.decode("utf-8").removeprefix("\ufeff"), parse_float=_figure)
    except UnicodeDecodeError:
        raise InvalidDocument(Problem("not-utf-8")) from None
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        place, said = ((found[2],), found[1]) if found else ((), str(error))
        problems = [Problem("not-toml", place, said), *_wide_mark(data.decode("utf-8"), place)]
        raise InvalidDocument(problems) from None
    except ValueError as error:
        raise InvalidDocument(_too_many_digits(data, error)) from None


def _figure(text: str) -> Decimal:
    try:
        if len(text) <= LONGEST_NUMBER:
            return Decimal(text)
    except ArithmeticError:
        pass
    raise ValueError(text)


def _wide_mark(text: str, place: tuple[str, ...]) -> Iterator[Problem]:
    """The mark where TOML ends, if it is one that an input method puts in the place of a plain one."""
    found = _LINE_AND_COLUMN.fullmatch(place[0]) if place else None
    if found is not None:
        line, column = (int(number) - 1 for number in found.groups())
        mark = text.split("\n")[line][column : column + 1]
        if mark in _PLAIN_MARKS:
            yield Problem("wide-mark", place, mark, _PLAIN_MARKS[mark])


_LINE_AND_COLUMN = re.compile(r"line (\d+), column (\d+)")
_PLAIN_MARKS = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "，": ",", "＝": "=", "：": "=", "［": "[", "］": "]", "【": "[", "】": "]",
    "｛": "{", "｝": "}", "＃": "#", "。": ".",
}  # fmt: skip
_PLACE = re.compile(r"(.*) \(at (.*)\)", re.DOTALL)
_DIGITS = re.compile(rb"[0-9_]{%d,}" % LONGEST_NUMBER)


def _too_many_digits(data: bytes, error: ValueError) -> Problem:
    """The number that Python or `_figure` refused, and its line."""
    text = str(error).encode()
    start = data.find(text)
    if start < 0:
        found = _DIGITS.search(data)
        start, text = (found.start(), found[0]) if found else (0, b"")
    line = data.count(b"\n", 0, start) + 1
    return Problem("too-many-digits", (f"line {line}",), text.decode(), SIZE)


def _made(document: Draft, find: Find | None) -> Any:
    raw = document.tables
    problems = [*islice(outline_problems(raw), MOST_PROBLEMS), *head_problems(raw)]
    if not rests(raw):
        return _checked(raw, problems, document.kinds)
    if find is None:
        head = outline_of(raw).head
        named = (Problem("needs-rulebook", (head, key), head_of(raw)[key]) for key in rests(raw))
        raise InvalidDocument([*problems, *named])
    try:
        whole = tailored(raw, find)
    except InvalidDocument as error:
        raise InvalidDocument([*problems, *error.problems]) from None
    made = _checked(whole.tables, [*problems, *whole.problems], document.kinds, whole.places.of)
    return attrs.evolve(made, origin=whole.origin)


def _checked(
    raw: dict[str, Any],
    problems: list[Problem],
    kinds: tuple[Kind, ...],
    place: Callable[[Problem], Problem] = lambda problem: problem,
) -> Any:
    """The document of these tables, where nothing is wrong; `place` says where its author meets a problem."""
    if (criteria := _criteria(raw)) > MOST_CRITERIA:
        raise InvalidDocument(Problem("too-many", ("section",), criteria, str(MOST_CRITERIA)))
    document, found, misshapen = _structured(raw, kinds)
    if document is not None and not problems:
        return document
    problems += (place(_read(problem, raw)) for problem in found)
    if misshapen:
        problems += map(place, _of_the_rest(raw, found, kinds))
    problems = list(dict.fromkeys(problems))
    if len(problems) >= MOST_PROBLEMS:
        problems = [*problems[:MOST_PROBLEMS], Problem("more-problems", (), None, str(MOST_PROBLEMS))]
    raise InvalidDocument(problems)


def _criteria(raw: dict[str, Any]) -> int:
    """How many criteria there are; seen before anything is made of them."""
    sections = raw.get("section")
    lists = (one.get("criterion") for one in sections if isinstance(one, Mapping)) if isinstance(sections, list) else ()
    return sum(len(one) for one in lists if isinstance(one, list))


def _structured(raw: dict[str, Any], kinds: tuple[Kind, ...]) -> tuple[AnyDocument | None, tuple[Problem, ...], bool]:
    """The document, or the problems by raw path and whether they are of form; the head's stand under its name."""
    from civrules.codec.converter import structured
    from civrules.codec.problems import Misshapen

    outline = outline_of(raw)
    head = raw.get(outline.head)
    beside, lists = outline.beside, outline.lists
    flat = {
        **({key: head[key] for key in head if key not in (*beside, "drop")} if isinstance(head, Mapping) else {}),
        **{key: raw[key] for key in beside if key in raw and (key not in lists or isinstance(raw[key], list))},
    }
    try:
        return structured(flat, _MODELS[outline.head], kinds), (), False
    except InvalidDocument as error:
        found = (_headed(problem, outline) for problem in error.problems)
        new = tuple(problem for problem in found if not _of_the_outline(problem, head, flat, outline))
        return None, new, isinstance(error, Misshapen)


_MODELS: Mapping[str, Any] = {"standard": Standard, "campaign": Campaign}


def _of_the_outline(problem: Problem, head: Any, flat: Mapping[str, Any], outline: Outline) -> bool:
    """Whether the problem only repeats that a whole table is missing or not of its form."""
    if problem.code == "missing-key" and problem.expected == "section" and "section" not in flat:
        return True
    return not isinstance(head, Mapping) and problem.where[:1] == (outline.head,)


def _headed(problem: Problem, outline: Outline) -> Problem:
    inside = problem.where and (
        problem.where[0] in outline.tables or "[" in str(problem.where[0]) or " " in str(problem.where[0])
    )
    return problem if inside else problem.within(outline.head)


def _read(problem: Problem, raw: dict[str, Any]) -> Problem:
    """The problem with its raw path made readable."""
    from civrules.codec.problems import labelled

    return attrs.evolve(problem, where=labelled(problem.where, raw))


def _of_the_rest(raw: dict[str, Any], found: Iterable[Problem], kinds: tuple[Kind, ...]) -> Iterator[Problem]:
    """What is wrong with what is left when what is broken is taken out, so that all comes at once."""
    kept = _less_strange_keys(raw, found)
    found = [problem for problem in found if not _strange_key(problem, raw)]
    left, gone = _without(kept, {place for problem in found if (place := _element(problem.where))})
    left = _with_sound_head(left, found)
    if outline_of(raw) is STANDARD and not left.get("section"):
        return
    for problem in _structured(left, kinds)[1]:
        about_gone = isinstance(problem.value, str) and problem.value.partition(":")[0] in gone
        whole = problem.code in _WHOLE or (problem.code == "empty" and problem.where[-1] in _ELEMENTS)
        if not whole and not about_gone:
            yield _renumbered(_read(problem, left), raw)


def _strange_key(problem: Problem, raw: Any) -> bool:
    """Whether a key of a table is not known: without it the table can be read."""
    from civrules.codec.problems import at

    outer = problem.where in (("standard",), ("campaign",), ("rounding",), ("table",)) or problem.where == _element(
        problem.where
    )
    return outer and problem.code in ("unknown-key", "unsupported") and isinstance(at(raw, problem.where), Mapping)


def _less_strange_keys(raw: dict[str, Any], found: Iterable[Problem]) -> dict[str, Any]:
    strange = {(*problem.where, problem.value) for problem in found if _strange_key(problem, raw)}

    def kept(part: Any, path: tuple[Any, ...]) -> Any:
        if isinstance(part, Mapping):
            return {key: kept(one, (*path, key)) for key, one in part.items() if (*path, key) not in strange}
        return [kept(one, (*path, index)) for index, one in enumerate(part)] if isinstance(part, list) else part

    whole: dict[str, Any] = kept(raw, ())
    return whole


def _with_sound_head(raw: dict[str, Any], found: Iterable[Problem]) -> dict[str, Any]:
    """The data less the broken keys of its head; what a head must have is made up."""
    broken = {problem.where[:2] for problem in found if not _element(problem.where)}
    name = outline_of(raw).head
    head = raw.get(name)
    own = {key: head[key] for key in head if (name, key) not in broken} if isinstance(head, Mapping) else {}
    if not any(isinstance(one, Mapping) and "document" in one for one in _many(own.get("source"))):
        own["source"] = {"document": "any"}
    rest = {key: raw[key] for key in raw if key == "section" or (key,) not in broken}
    for table in ("rounding", "table"):
        if isinstance(rest.get(table), Mapping):
            rest[table] = {key: rest[table][key] for key in rest[table] if (table, key) not in broken}
    return {**rest, name: {**_ANY_HEAD, **own}}


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _element(where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The innermost table of a list that the path leads into."""
    for end in range(len(where), 1, -1):
        if isinstance(where[end - 1], int) and where[end - 2] in _ELEMENTS:
            return where[:end]
    return ()


def _without(raw: Any, places: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> tuple[Any, set[str]]:
    """The data less the tables at `places`, and the ids that went with them."""
    gone: set[str] = set()
    if isinstance(raw, Mapping):
        kept: Any = {}
        for key, part in raw.items():
            kept[key], inner = _without(part, places, (*path, key))
            gone |= inner
        return kept, gone
    if not isinstance(raw, list):
        return raw, gone
    kept = []
    for index, part in enumerate(raw):
        inner_part, inner = _without(part, places, (*path, index))
        gone |= inner
        if (*path, index) in places:
            gone |= set(_ids(part))
        else:
            kept.append(inner_part)
    return kept, gone


def _ids(raw: Any) -> Iterator[str]:
    if isinstance(raw, Mapping):
        if isinstance(raw.get("id"), str):
            yield raw["id"]
        for part in raw.values():
            yield from _ids(part)
    elif isinstance(raw, list):
        for part in raw:
            yield from _ids(part)


_LABEL = re.compile(r'(\w+)\[(\d+)\] "(.+)"')


def _renumbered(problem: Problem, raw: dict[str, Any]) -> Problem:
    """The place as the whole file counts it."""
    from civrules.model.soundness import label

    found = _LABEL.fullmatch(str(problem.where[0])) if problem.where else None
    if found is None:
        return problem
    tables = raw.get(found[1], [])
    places = [place for place, table in enumerate(tables) if isinstance(table, Mapping) and table.get("id") == found[3]]
    index = int(found[2]) - 1
    if index not in places:
        index = places[0] if places else 0
    return attrs.evolve(problem, where=(label(found[1], index, found[3]), *problem.where[1:]))
