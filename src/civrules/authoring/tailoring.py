"""Tailoring: a document that rests on others, made whole before it is read.

Data in, data out: the tables of the parent, with what the child amends, drops and adds, and the registers of the
documents that it uses. What comes out is read and checked like any document; `Places` leads its problems back.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy, deepcopy
from typing import Any, TypeAlias

import attrs

from civrules.authoring.origins import Places
from civrules.authoring.outline import CAMPAIGN, LISTS, OF_A_CHILD, REGISTERS, TABLES, head_of, outline_of
from civrules.authoring.rows import MEMBERS, WITH_IDS, Row, Table, rows, written
from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.community import check_locality, contains
from civrules.model.document import Place
from civrules.model.identity import check_full_id, check_id
from civrules.model.soundness import label
from civrules.model.standard import RESTING, Standard

AnyDocument: TypeAlias = Standard | Campaign
Find: TypeAlias = Callable[[str, str], AnyDocument]
"""Finds what another document is named for, "extends" or "uses"; raises StandardUnavailable."""

MOST_HINTS = 100
Slot: TypeAlias = tuple[list[Any], int, tuple[Row, ...]]
"""A list of tables, the place in it at which one is put, and the tables that hold it."""

STATED = ("id", "version", "title", "effective", "source")
"""What a child says for itself; all else is inherited where it says nothing."""
_OWN = (*STATED, "locality", "issued", "fixed")
"""What a child may say even where its parent is fixed."""


@attrs.frozen
class Merged:
    """A document made whole, where its values come from, and what could not be done."""

    tables: dict[str, Any]
    origin: Mapping[Place, str]
    problems: tuple[Problem, ...]
    places: Places


def rests(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys by which a document rests on others."""
    keys = ("uses",) if outline_of(raw) is CAMPAIGN else ("extends", "uses")
    return tuple(key for key in keys if key in head_of(raw))


def tailored(raw: Mapping[str, Any], find: Find) -> Merged:
    """The document, made whole. Raises InvalidDocument where a document that it rests on cannot be had."""
    problems: list[Problem] = []
    parents = [] if outline_of(raw) is CAMPAIGN else _others(raw, "extends", find, problems)
    parent = _parent(raw, parents, problems)
    used = _others(raw, "uses", find, problems)
    if problems:
        raise InvalidDocument(problems)
    whole = _Whole(raw, parent)
    if parent is not None:
        whole.extend(parent)
    for other in used:
        whole.use(other)
    return whole.merged()


def _parent(raw: Mapping[str, Any], parents: list[AnyDocument], problems: list[Problem]) -> Standard | None:
    """The standard that another extends; a campaign is not extended."""
    parent = parents[0] if parents else None
    if isinstance(parent, Campaign):
        problems.append(Problem("not-a-standard", ("standard", "extends"), head_of(raw)["extends"]))
        return None
    return parent


def _others(raw: Mapping[str, Any], key: str, find: Find, problems: list[Problem]) -> list[AnyDocument]:
    """The documents that a key names."""
    head = head_of(raw)
    if key not in head:
        return []
    names = head[key] if key == "uses" else [head[key]]
    if not isinstance(names, list):
        problems.append(Problem("wrong-type", (outline_of(raw).head, key), names, "a list"))
        return []
    found = []
    for name in names:
        try:
            found.append(find(key, check_edition(name, versioned=key == "extends")))
        except CivrulesError as error:
            problems += error.within(outline_of(raw).head, key)
    return found


def check_edition(name: object, *, versioned: bool) -> str:
    """The edition itself, "plugin/name@version"; an id too unless `versioned`. Raises InvalidDocument."""
    id_, at, version = name.partition("@") if isinstance(name, str) else ("", "", "")
    try:
        check_full_id(id_)
        if at or versioned:
            check_id(version)
    except InvalidDocument:
        form = "plugin/name@version" if versioned else "plugin/name, plugin/name@version"
        raise InvalidDocument(Problem("bad-id", (), name, form)) from None
    return str(name)


class _Whole:
    """A document while it is made whole."""

    def __init__(self, raw: Mapping[str, Any], parent: Standard | None) -> None:
        self.raw = raw
        self.own = head_of(raw)
        self.parent = parent
        self.edition = f"{self.own.get('id')}@{self.own.get('version')}"
        self.problems: list[Problem] = []
        self.origin: dict[Place, str] = {}
        self.tables: dict[str, Any] = {key: copy(raw[key]) for key in raw if key not in OF_A_CHILD}
        self.head = outline_of(raw).head
        self.tables[self.head] = self._own_head()
        self.amended: dict[Table, str] = {}
        self.added: dict[Table, tuple[str, ...]] = {}
        self.rows: dict[Table, Row] = {}
        """Every table with an id, those added too."""
        self.behind: dict[int, Any] = {}
        """What an addition was put behind, by the identity of its table."""
        self.dropped: set[Table] = set()

    def _own_head(self) -> Any:
        head = self.raw.get(self.head)
        resting = RESTING if self.head == "standard" else ("uses",)
        return {key: head[key] for key in head if key not in resting} if isinstance(head, Mapping) else head

    def merged(self) -> Merged:
        """What was made."""
        places = Places(
            raw=self.raw, parent=self.parent.edition if self.parent else None, edition=self.edition,
            origin=self.origin, amended=self.amended, added=self.added, dropped=frozenset(self.dropped),
            readings=len(self.parent.readings) if self.parent else 0,
        )  # fmt: skip
        return Merged(self.tables, self.origin, tuple(self.problems), places)

    def refuse(
        self, code: str, where: tuple[str, ...], value: object = None, expected: str = "", hint: str = ""
    ) -> None:
        """Note what cannot be done, and go on."""
        self.problems.append(Problem(code, where, value, expected, hint))

    def near(self, word: object, words: Iterable[str]) -> str:
        """The word that is nearest, as long as it is looked for: among thousands that takes its time."""
        return nearest(word, words) if len(self.problems) < MOST_HINTS else ""

    def extend(self, parent: Standard) -> None:
        """The parent's tables, with what the child says instead."""
        self.tables = written(parent)
        self._inherit(parent)
        self._head(parent)
        self._single("rounding")
        self._single("table")
        inherited = {row.table: row for row in rows(self.tables, WITH_IDS)}
        self.rows = dict(inherited)
        self._amend(inherited)
        self._add()
        self._drop(inherited)

    def _inherit(self, parent: Standard) -> None:
        for kind in ("standard", "rounding", "table"):
            self._from(parent, (kind, ""), self.tables.get(kind, {}))
        for row in rows(self.tables, WITH_IDS):
            self._from(parent, row.table, row.values)
        for number, reading in enumerate(self.tables.get("reading", ()), 1):
            self._from(parent, ("reading", str(number)), reading)

    def _from(self, other: AnyDocument, table: Table, values: Mapping[str, Any]) -> None:
        for key in values:
            self.origin[(*table, key)] = other.edition_of(*table, key)

    def _head(self, parent: Standard) -> None:
        for key in STATED:
            if key not in self.own:
                self.refuse("missing-key", ("standard",), None, key)
        for key, value in self.own.items():
            if key in RESTING or key in TABLES[1:]:
                continue
            if parent.fixed and key not in _OWN:
                self.refuse("fixed", ("standard", key), key, parent.edition_of("standard", "", "fixed"))
                continue
            self.tables["standard"][key] = value
            self.origin.pop(("standard", "", key), None)
        self._locality(parent)

    def _locality(self, parent: Standard) -> None:
        own = self.own.get("locality")
        try:
            inside = own is None or parent.locality is None or contains(parent.locality, check_locality(own))
        except CivrulesError:
            return
        if not inside:
            self.refuse("outside-locality", ("standard", "locality"), own, str(parent.locality), self.parent_name)

    @property
    def parent_name(self) -> str:
        """The parent's edition."""
        return self.parent.edition if self.parent else ""

    def _single(self, kind: str) -> None:
        """[rounding] and [table]: each key that the child writes takes the place of the parent's."""
        own = self.raw.get(kind)
        if own is None:
            return
        inherited = self.tables.get(kind, {})
        if not isinstance(own, Mapping):
            self.tables[kind] = own
            return
        if inherited.get("fixed"):
            self.refuse("fixed", (kind,), kind, self.origin[(kind, "", "fixed")])
            return
        self.tables[kind] = {**inherited, **own}
        for key in own:
            self.origin.pop((kind, "", key), None)

    def _listed(self, kind: str) -> list[Any]:
        rows = self.raw.get(kind)
        return rows if isinstance(rows, list) else []

    def _amend(self, found: Mapping[Table, Row]) -> None:
        for index, amend in enumerate(self._listed("amend")):
            where = (label("amend", index, amend.get("of") if isinstance(amend, Mapping) else None),)
            if not isinstance(amend, Mapping):
                self.refuse("wrong-type", where, amend, "a table")
            elif "of" not in amend:
                self.refuse("missing-key", where, None, "of")
            elif (row := self._named(found, amend["of"], (*where, "of"))) is not None:
                self._amend_row(row, amend, where)

    def _amend_row(self, row: Row, amend: Mapping[str, Any], where: tuple[str, ...]) -> None:
        if row.table in self.amended:
            self.refuse("duplicate-id", (*where, "of"), amend["of"])
        if self._is_fixed(row, where) or row.table in self.amended:
            return
        self.amended[row.table] = where[0]
        for key, value in amend.items():
            if key == "id" or (row.table[0] == "section" and key in MEMBERS):
                self.refuse("not-amended", (*where, key), key, row.name)
            elif key not in ("of", "without"):
                row.values[key] = value
                self.origin[(*row.table, key)] = self.edition
        self._take_out(row, amend, where)

    def _take_out(self, row: Row, amend: Mapping[str, Any], where: tuple[str, ...]) -> None:
        """The keys that `without` names: as if the parent had never written them."""
        keys = amend.get("without", [])
        if not isinstance(keys, list):
            self.refuse("wrong-type", (*where, "without"), keys, "a list of names")
            return
        for key in keys:
            if key in ("id", *MEMBERS):
                self.refuse("not-amended", (*where, "without"), key, row.name)
            elif not isinstance(key, str) or key in amend or key not in row.values:
                there = [one for one in row.values if one not in ("id", *MEMBERS) and one not in amend]
                self.refuse("unknown-key", (*where, "without"), key, ", ".join(there), self.near(key, there))
            else:
                del row.values[key]
                self.origin[(*row.table, key)] = self.edition

    def _named(self, found: Mapping[Table, Row], name: Any, where: tuple[str, ...]) -> Row | None:
        """The parent's table of an id; where several kinds have it, `criterion:id`."""
        if not isinstance(name, str):
            self.refuse("wrong-type", where, name, "text")
            return None
        kind, colon, rest = name.partition(":")
        wanted = [(kind, rest)] if colon else [(one, name) for one in WITH_IDS]
        named = [found[table] for table in wanted if table in found]
        if len(named) == 1:
            return named[0]
        if named:
            self.refuse("several-tables", where, name, ", ".join(":".join(row.table) for row in named))
        else:
            near = self.near(rest or name, (id_ for one, id_ in found if one == kind or not colon))
            self.refuse("not-in-parent", where, name, self.parent_name, near)
        return None

    def _is_fixed(self, row: Row, where: tuple[str, ...]) -> bool:
        """Whether the table, or one that holds it, is fixed; then that is said."""
        if self.parent is not None and self.parent.fixed:
            self.refuse("fixed", where, row.table[1], self.parent.edition_of("standard", "", "fixed"))
            return True
        holder = next((one for one in (*row.holders, row) if self._fixed_by(one)), None)
        if holder is not None:
            name = "" if holder is row else f"{holder.name}, "
            self.refuse("fixed", where, row.table[1], f"{name}{self._fixed_by(holder)}")
        return holder is not None

    def _fixed_by(self, row: Row) -> str:
        """The edition that fixed the table; "" where none did, or the child itself."""
        by = self.origin.get((*row.table, "fixed"), "") if row.values.get("fixed") is True else ""
        return by if by != self.edition else ""

    def _add(self) -> None:
        known = {(kind, name.lower()) for kind, name in self.rows}
        for kind in (*LISTS, "criterion"):
            for index, addition in enumerate(self._listed(kind)):
                name = addition.get("id") if isinstance(addition, Mapping) else None
                where = (label(kind, index, name),)
                if kind == "reading":
                    self.tables.setdefault(kind, []).append(addition)
                elif not isinstance(addition, Mapping):
                    self.refuse("wrong-type", where, addition, "a table")
                elif not isinstance(name, str):
                    code, expected = ("wrong-type", "text") if name is not None else ("missing-key", "id")
                    self.refuse(code, where, name, expected)
                else:
                    self._add_row(kind, addition, where, known)

    def _add_row(self, kind: str, addition: Mapping[str, Any], where: tuple[str, ...], known: set[Table]) -> None:
        table = {key: deepcopy(value) for key, value in addition.items() if key not in ("after", "into")}
        slot = self._slot(kind, addition, where)
        if slot is None:
            return
        if (kind, addition["id"].lower()) in known:
            self.refuse("inherited-id", (*where, "id"), addition["id"], self.parent_name)
            return
        among, index, holders = slot
        self.behind[id(table)] = addition.get("after")
        for row in rows({kind: [table]}, (kind,), holders):
            inner = (*row.holders, row)[len(holders) + 1 :]
            at = (*where, *(one.name for one in inner))
            if (row.table[0], row.table[1].lower()) in known:
                self.refuse("inherited-id", (*at, "id"), row.table[1], self.parent_name)
            self.added.setdefault(row.table, at)
            self.rows.setdefault(row.table, row if inner else attrs.evolve(row, among=among))
        among.insert(index, table)

    def _slot(self, kind: str, addition: Mapping[str, Any], where: tuple[str, ...]) -> Slot | None:
        """The list that the addition goes into, and its place there; None where that cannot be said."""
        if self.parent is not None and self.parent.fixed:
            self.refuse("fixed", where, addition["id"], self.parent.edition_of("standard", "", "fixed"))
            return None
        if "after" in addition:
            return self._behind(kind, addition, where)
        if kind in MEMBERS and "into" in addition:
            return self._inside(kind, addition, where)
        if kind == "criterion":
            self.refuse("missing-key", where, None, "into")
            return None
        among = self.tables.setdefault(kind, [])
        return among, len(among), ()

    def _behind(self, kind: str, addition: Mapping[str, Any], where: tuple[str, ...]) -> Slot | None:
        """Behind the table that it comes `after`, and behind what was put there before."""
        name = addition["after"]
        row = self._one_of(kind, name, (*where, "after"))
        if row is None:
            return None
        inner = row.holders[-1] if row.holders else None
        if "into" in addition and (inner is None or inner.table[1] != addition["into"]):
            self.refuse("not-in-section", (*where, "after"), name, str(addition["into"]))
            return None
        if inner is not None and self._is_fixed(inner, where):
            return None
        index = next(place for place, one in enumerate(row.among) if one is row.values) + 1
        line = {name}
        while index < len(row.among) and self.behind.get(id(row.among[index])) in line:
            line.add(row.among[index]["id"])
            index += 1
        return row.among, index, row.holders

    def _inside(self, kind: str, addition: Mapping[str, Any], where: tuple[str, ...]) -> Slot | None:
        name = addition["into"]
        row = self._one_of("section", name, (*where, "into"))
        if row is None:
            return None
        other = "criterion" if kind == "section" else "section"
        if row.values.get(other):
            self.refuse("holds-other", (*where, "into"), name, other)
            return None
        if self._is_fixed(row, where):
            return None
        among: list[Any] = row.values.setdefault(kind, [])
        return among, len(among), (*row.holders, row)

    def _one_of(self, kind: str, name: Any, where: tuple[str, ...]) -> Row | None:
        """The table of one kind that has the id, be it inherited or added before."""
        row = self.rows.get((kind, name)) if isinstance(name, str) else None
        if row is None:
            self.refuse(
                "unknown-id", where, name, kind, self.near(name, (id_ for one, id_ in self.rows if one == kind))
            )
        return row

    def _drop(self, found: Mapping[Table, Row]) -> None:
        where = ("standard", "drop")
        names = self.own.get("drop", [])
        if not isinstance(names, list):
            self.refuse("wrong-type", where, names, "a list of names")
            return
        for name in names:
            row = self._named(found, name, where)
            if row is None:
                continue
            held = [one for one in found.values() if one is row or row in one.holders]
            fixed = next((one for one in held if one is not row and self._fixed_by(one)), None)
            if row.table in self.dropped:
                self.refuse("duplicate-id", where, name)
            elif fixed is not None:
                self.refuse("fixed", where, name, f"{fixed.name}, {self._fixed_by(fixed)}")
            elif not self._is_fixed(row, where):
                self._drop_row(row, held)

    def _drop_row(self, row: Row, held: Iterable[Row]) -> None:
        for one in held:
            self.dropped.add(one.table)
            if one.table in self.amended:
                self.refuse("still-named", ("standard", "drop"), one.table[1], self.amended[one.table])
        row.among[:] = [one for one in row.among if one is not row.values]

    def use(self, other: AnyDocument) -> None:
        """The registers of another document, behind the document's own; for a campaign the criteria, as goals.

        A parameter brings how its text was read: whoever leaves it open does so for that reason.
        """
        tables = written(other)
        if self.head == "campaign":
            self._goals(other)
        for kind in REGISTERS:
            there = {row.table[1].lower(): row for row in rows(self.tables, (kind,))}
            for row in rows(tables, (kind,)):
                # What carries the members of a set is the other document's affair: its ids are not known here.
                row.values.pop("carried", None)
                same = there.get(row.table[1].lower())
                if same is None:
                    self._from(other, row.table, row.values)
                    if isinstance(among := self.tables.setdefault(kind, []), list):
                        among.append(row.values)
                    if kind == "parameter":
                        self._readings(other, row.table[1], tables.get("reading", ()))
                elif same.values != row.values:
                    self._clash(row, other, same)

    def _readings(self, other: AnyDocument, parameter: str, readings: Iterable[Mapping[str, Any]]) -> None:
        for number, reading in enumerate(readings, 1):
            among = self.tables.setdefault("reading", [])
            if reading.get("at") == parameter and isinstance(among, list) and reading not in among:
                among.append(reading)
                for key in reading:
                    place = ("reading", str(len(among)), key)
                    self.origin[place] = other.edition_of("reading", str(number), key)

    def _goals(self, other: AnyDocument) -> None:
        """What the campaign may serve: every criterion of the standard that it uses, every goal of the campaign."""
        goals = written(other).get("goal", [])
        if isinstance(other, Standard):
            criteria = [row.values for row in rows(written(other), ("section",)) if row.table[0] == "criterion"]
            goals = [{"id": one["id"], "title": one["title"], "of": other.id} for one in criteria]
        for goal in goals:
            self._from(other, ("goal", goal["id"]), goal)
            if isinstance(among := self.tables.setdefault("goal", []), list) and goal not in among:
                among.append(goal)

    def _clash(self, row: Row, other: AnyDocument, same: Row) -> None:
        own = self.origin.get((*same.table, "id"), self.edition)
        self.refuse("register-clash", (self.head, "uses"), row.table[1], f"{other.edition_of(*row.table)}, {own}")
