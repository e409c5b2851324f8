"""Every clause of the fifteen plans has a carrier, and nothing is cited that no plan has.

The clauses are read from the shared inventory; the carriers are whatever our plugins' documents cite by `source.id`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
import pytest

from civrules import Campaign, Rulebook, Source, Standard, Text, lint
from civrules.model.document import Document

ROOT = Path(__file__).parent.parent
PLUGINS = ("campus", "hygiene", "municipal", "neighbourhood", "residential")
CLAUSE = re.compile(r"p\d+\.\S+")
PRINCIPLE = "S09"
"""The construct of a clause that is a slogan or a principle: kept and shown, never judged."""
SHARED = 9
"""So many consecutive characters of the source may stand in a title of ours; one more may not."""
OFFICIAL = ("body", "post", "reference", "honour")
"""Tables whose titles are official names."""


@attrs.frozen
class Carrier:
    """A table that cites clauses: of which document, which table, and what it says of its strength."""

    edition: str
    table: str
    id: str
    informative: bool


def tables_of(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value of a document, with the name of its class in lower case: "criterion", "task", "grade"."""
    if attrs.has(type(value)):
        yield type(value).__name__.lower(), value
        for field in attrs.fields(type(value)):
            if field.name != "origin":
                yield from tables_of(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(tables_of, value.values()))
    elif isinstance(value, tuple | list | frozenset):
        yield from chain.from_iterable(map(tables_of, value))


def own(document: Document) -> Iterator[tuple[str, Any]]:
    """The tables that the document itself wrote, not those of documents that it uses."""
    for table, one in tables_of(document):
        known = table in ("body", "reference", "honour", "namedset", "parameter")
        name = "set" if table == "namedset" else table
        if not known or document.edition_of(name, one.id) == document.edition:
            yield name, one


def documents() -> tuple[Document, ...]:
    """Every document of the plugins that hold the plans."""
    book = Rulebook.installed(only=PLUGINS)
    return (*book.standards(), *book.campaigns())


@pytest.fixture(scope="module")
def plans(shared: Path) -> Mapping[int, Any]:
    """The plans of the inventory by number."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {plan["id"]: plan for plan in inventory["plans"]}


@pytest.fixture(scope="module")
def clauses(plans: Mapping[int, Any]) -> Mapping[str, Any]:
    """Every clause by its id."""
    return {clause["id"]: clause for plan in plans.values() for clause in plan["clauses"]}


@pytest.fixture(scope="module")
def carriers() -> Mapping[str, list[Carrier]]:
    """For every clause that is cited the tables that cite it."""
    found: dict[str, list[Carrier]] = {}
    for document in documents():
        for table, one in own(document):
            for source in getattr(one, "source", ()):
                if isinstance(source, Source) and source.id is not None and CLAUSE.fullmatch(source.id):
                    informative = getattr(one, "strength", None) == "informative"
                    carrier = Carrier(document.edition, table, str(getattr(one, "id", "")), informative)
                    found.setdefault(source.id, []).append(carrier)
    return found


def test_every_clause_is_carried(clauses: Mapping[str, Any], carriers: Mapping[str, list[Carrier]]) -> None:
    """None of the clauses is without a table that cites it."""
    assert [] == sorted(clauses.keys() - carriers.keys())
    assert len(clauses) == 994


def test_no_clause_is_invented(clauses: Mapping[str, Any], carriers: Mapping[str, list[Carrier]]) -> None:
    """What is cited is in the inventory."""
    assert [] == sorted(carriers.keys() - clauses.keys())


def test_a_clause_has_one_carrier_of_a_kind(carriers: Mapping[str, list[Carrier]]) -> None:
    """Within a document of one plan no two criteria, and no two tasks, cite one clause."""
    plans_of = {one.edition: {clause.partition(".")[0] for clause in ids_of(one)} for one in documents()}
    twice = [
        (clause, edition, table)
        for clause, found in carriers.items()
        for (edition, table), often in Counter((one.edition, one.table) for one in found).items()
        if often > 1 and table in ("criterion", "task") and len(plans_of[edition]) == 1
    ]
    assert [] == twice


def exceptions() -> frozenset[str]:
    """The clauses of the table in docs/plans.md that are kept without being judged, each with its reason."""
    page = (ROOT / "docs/plans.md").read_text(encoding="utf-8")
    table = page.partition("## Kept and not judged")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|$", table, re.MULTILINE)
    assert all(reason.strip() for _, reason in rows)
    return frozenset(clause for clause, _ in rows)


JUDGED = (
    "criterion", "section", "standard", "grade", "gate", "rankingrule", "outcome", "procedure", "task", "phase", "goal",
    "body", "campaign",
)  # fmt: skip
"""What makes a clause usable: it is judged, scheduled, follows from a result, or says who does it."""


def test_only_principles_are_kept_without_being_judged(
    clauses: Mapping[str, Any], carriers: Mapping[str, list[Carrier]]
) -> None:
    """Whatever is no principle is carried by something that judges or schedules it, or has its reason in the table."""
    kept = {
        clause
        for clause, found in carriers.items()
        if not any(one.table in JUDGED and not one.informative for one in found)
        and PRINCIPLE not in clauses[clause]["constructs"]
    }
    assert sorted(exceptions()) == sorted(kept)


def test_defects_of_the_table_are_found_by_lint(plans: Mapping[int, Any]) -> None:
    """What the table says that lint finds of a plan, lint finds once the readings that silence it are taken away."""
    by_plan = findings(plans)
    missing = [(defect, plan, code) for defect, plan, code in found_by_lint() if code not in by_plan[plan]]
    assert [] == missing


def test_every_defect_of_the_inventory_is_in_the_table(plans: Mapping[int, Any], shared: Path) -> None:
    """Every code of a defect, and none else, has a row: found by lint, by the loader, or why no machine can."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    lints = (*inventory["document_lints"], *(lint for plan in plans.values() for lint in plan["lints"]))
    assert {one["code"] for one in lints} == {row[0] for row in defect_rows()}


def defect_rows() -> list[tuple[str, str, str]]:
    """The rows of the table of defects: code, who finds it, how or why not."""
    page = (ROOT / "docs/plans.md").read_text(encoding="utf-8")
    table = page.partition("## Defects of the texts")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(L-[^`]+)` \| (.+?) \| (.+?) \|$", table, re.MULTILINE)


def found_by_lint() -> list[tuple[str, int, str]]:
    """For every row that lint finds: the defect, each plan, and the code of ours: "`phases-gap` in 12"."""
    rows = [(code, how) for code, finder, how in defect_rows() if finder == "lint"]
    return [
        (code, int(plan), ours)
        for code, how in rows
        for ours, named in re.findall(r"`([a-z-]+)` in ([\d, ]+\d)", how)
        for plan in named.split(",")
    ]


def findings(plans: Mapping[int, Any]) -> Mapping[int, set[str]]:
    """The codes that lint finds in the documents of each plan, once nothing is silenced."""
    bare = [attrs.evolve(one, readings=()) for one in documents() if isinstance(one, Standard | Campaign)]
    of_plan: dict[int, set[str]] = {plan: set() for plan in plans}
    cited = {one.edition: {int(clause.partition(".")[0][1:]) for clause in ids_of(one)} for one in bare}
    for problem in lint(bare):
        numbers = cited[str(problem.where[0])]
        # The reference sheet draws on several plans and is none of them.
        for plan in numbers if len(numbers) == 1 else ():
            of_plan[plan].add(problem.code)
    return of_plan


def ids_of(document: Document) -> Iterator[str]:
    """The clauses that a document cites."""
    for _, one in own(document):
        for source in getattr(one, "source", ()):
            if isinstance(source, Source) and source.id is not None and CLAUSE.fullmatch(source.id):
                yield source.id


def test_titles_are_our_own(shared: Path) -> None:
    """No title shares ten consecutive characters with the plans, official names apart."""
    text = "".join((next(shared.glob("*.txt"))).read_text(encoding="utf-8").split())
    copied = [
        (document.edition, table, title.zh)
        for document in documents()
        for table, one in own(document)
        if table not in OFFICIAL and isinstance(title := getattr(one, "title", None), Text) and title.zh
        if any(title.zh[at : at + SHARED + 1] in text for at in range(len(title.zh) - SHARED))
    ]
    assert [] == copied
