"""Write docs/plans-*.md, a page for each plugin that holds plans: its documents as tables, and the readings taken."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import civrules
from civrules import Campaign, Criterion, Rulebook, Section, Standard, Text

DOCS = Path(__file__).parent.parent / "docs"
PLUGINS = {
    "residential": "Residential compounds",
    "campus": "School campuses",
    "hygiene": "Hygiene",
    "neighbourhood": "Neighbourhoods",
    "municipal": "Townships, institutions, municipal facilities",
}
SHEETS = ("residential/reference-check",)
"""Standards that are carried around on site: their page says what is entered, and what it gives or takes."""


def page(plugin: str) -> str:
    """The page of a plugin."""
    book = Rulebook.installed(only=[plugin])
    documents: list[Standard | Campaign] = [*book.standards(), *book.campaigns()]
    parts = [
        f"# {PLUGINS[plugin]}: `civrules-{plugin}`\n",
        "Written from the documents of the plugin by `tools/write_plan_pages.py`; see [the fifteen plans](plans.md).\n",
        *table(
            ("document", "", "places and kinds", "source"),
            ((f"[`{one.id}`](#{anchor(one.id)})", both(one.title), scope(one), cited(one)) for one in documents),
        ),
    ]
    for one in documents:
        parts.extend(("", *(of_standard(one) if isinstance(one, Standard) else of_campaign(one))))
    return "\n".join(parts).rstrip() + "\n"


def anchor(name: str) -> str:
    """The name of a document's heading."""
    return name.replace("/", "")


def both(text: Text | None) -> str:
    """A text in both languages."""
    return " / ".join(dict.fromkeys(part for part in (text.zh, text.en) if part)) if text is not None else ""


def scope(one: Standard | Campaign) -> str:
    """Where it holds, and for what."""
    return ", ".join((*((one.locality,) if one.locality else ()), *one.kinds))


def cited(one: Standard | Campaign) -> str:
    """The text that it is taken from."""
    return "; ".join(dict.fromkeys(source.document for source in one.source if source.document))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A Markdown table, if it has rows."""
    body = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    if body:
        names = list(head)
        yield f"| {' | '.join(names)} |"
        yield f"|{'---|' * len(names)}"
        yield from (f"| {' | '.join(row)} |" for row in body)
        yield ""


def of_standard(standard: Standard) -> Iterator[str]:
    """A standard: its lines by section, what decides the grade, what follows."""
    yield f"## {standard.id}\n"
    yield f"{both(standard.title)}. Edition `{standard.edition}`; total {standard.total or standard.full}.\n"
    lines = ((below, one) for top in standard.sections for below in top.walk() for one in below.criteria)
    yield from table(("section", "criterion", "", "points", "measure"), (row(*pair) for pair in lines))
    if standard.id in SHEETS:
        yield "What is entered, and what it gives (+) or takes (−):\n"
        cells = (cell for one in standard.criteria.values() for cell in entered(one))
        yield from table(("column", "", "", "points"), cells)
    yield from table(
        ("grade", "", "from"),
        ((f"`{one.id}`", both(one.title), end(one.at_least, one.at_most)) for one in standard.grades),
    )
    yield from table(("gate", ""), ((f"`{one.id}`", both(one.title)) for one in standard.gates))
    yield from table(("outcome", ""), ((f"`{one.id}`", both(one.title)) for one in standard.outcomes))
    yield from table(("procedure", ""), ((f"`{one.id}`", both(one.title)) for one in standard.procedures))
    yield from shared(standard)


def row(section: Section, one: Criterion) -> tuple[object, ...]:
    """A line of the sheet."""
    strength = "" if one.strength == "must" else f", {one.strength}"
    per = "" if one.per_unit is None else f", for each {one.per_unit}"
    return f"`{section.id}`", f"`{one.id}`", both(one.title), points(one), f"{one.measure.kind}{per}{strength}"


def entered(one: Criterion) -> Iterator[tuple[str, str, str, str]]:
    """The columns of a line: what to write, and what it gives or takes. For the measures that sheets have."""
    measure: Any = one.measure
    name, whole = f"`{one.id}`", f"+{one.points}"
    match measure.kind:
        case "findings":
            yield from ((f"`{one.id}:{item.id}`", both(item.title), "how many", taken(item)) for item in measure.items)
        case "checklist":
            given = ((item, whole if item.points is None else f"+{item.points}") for item in measure.items)
            yield from ((f"`{one.id}:{item.id}`", both(item.title), "yes or no", gives) for item, gives in given)
        case "levels":
            words = ", ".join(f"`{word}` +{gives}" for word, gives in measure.levels.items())
            yield name, both(one.title), "a word", f"{words} of {one.points}"
        case "tiers":
            ends = ", ".join(f"from {tier.at_least} +{tier.points}" for tier in measure.tiers)
            yield name, both(one.title), "n/m" if "%" in ends else "a figure", ends
        case "shortfall":
            steps = "each" if measure.steps == "full" else "each begun"
            takes = f"{whole}, −{measure.deduct} for {steps} {measure.per} short of {measure.target}"
            yield name, both(one.title), "n/m", takes
        case "linear":
            yield name, both(one.title), "n/m", f"{whole} from {measure.full_at}, in proportion from {measure.zero_at}"
        case _:
            yield name, both(one.title), "yes or no", whole


def taken(item: Any) -> str:
    """What a finding takes."""
    if item.takes == "all":
        return "the whole line"
    return f"−{item.each} each" if item.cap is None else f"−{item.each} each, at most −{item.cap}"


def points(one: Criterion) -> str:
    """What it can give."""
    least = "" if not one.least else f"{one.least} to "
    return "" if one.points is None else f"{least}{one.points}"


def end(low: object, high: object) -> str:
    """The closed end of a band."""
    return "" if low is None and high is None else str(low if low is not None else high)


def of_campaign(campaign: Campaign) -> Iterator[str]:
    """A campaign: its phases and tasks."""
    yield f"## {campaign.id}\n"
    yield f"{both(campaign.title)}. Edition `{campaign.edition}`.\n"
    yield from table(
        ("phase", "", "first", "last"),
        ((f"`{one.id}`", both(one.title), day(one.first), day(one.last or one.lasts)) for one in campaign.phases),
    )
    yield from table(
        ("task", "", "phase", "how often", "due", "lead"),
        (
            (
                f"`{one.id}`", both(one.title), one.phase or "", often(one.cadence), day(one.due),
                lead(one.responsible),
            )
            for one in campaign.tasks
        ),
    )  # fmt: skip
    yield from shared(campaign)


def day(written: object) -> str:
    """A day or a length of time, as written or by the parameter that gives it."""
    return "" if written is None else f"`{getattr(written, 'parameter', written)}`"


def often(cadence: civrules.Recurrence | None) -> str:
    """How often."""
    return "" if cadence is None else day(cadence.per or cadence.rule)


def lead(responsible: object) -> str:
    """Who leads; of several by what was found."""
    many = responsible if isinstance(responsible, tuple) else (responsible,)
    names = (getattr(one, "lead", None) for one in many)
    return ", ".join(dict.fromkeys(f"`{name}`" for name in names if name))


def shared(document: Standard | Campaign) -> Iterator[str]:
    """What is left open, and how the text was read."""
    opened = [one for one in document.parameters if one.id in document.open_parameters]
    yield from table(("open parameter", ""), ((f"`{one.id}`", both(one.title)) for one in opened))
    if document.readings:
        yield "Readings taken:\n"
        yield from (f"- {f'`{one.at}`: ' if one.at else ''}{both(one.text)}" for one in document.readings)
        yield ""


def main() -> None:
    """Write every page."""
    for plugin in PLUGINS:
        (DOCS / f"plans-{plugin}.md").write_text(page(plugin), encoding="utf-8")


if __name__ == "__main__":
    main()
