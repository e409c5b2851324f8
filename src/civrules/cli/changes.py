"""diff: what became of an edition, and what that does to the same observations."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import click

from civrules import Difference, Evaluation, InvalidInput, Period, Problem, Rulebook, Standard, Waiver, read_table
from civrules.cli.options import calendar_of, format_option, lang_option, reading_options, standard_of
from civrules.cli.output import Row, printable, rendered, write
from civrules.cli.scores import evaluated, excused, uncollected

_DIFFERENCES = ("where", "before", "after")
_CHANGES = ("community", "score_before", "score_after", "grade_before", "grade_after", "because")
_COUNTS = ("grade_before", "grade_after", "communities")
_CRITERION = "criterion "
_GRADE = "grade "
_GIVEN_BY = ("at_least", "at_most", "requires", "gate_only")
_OF_A_TABLE = ("layout", "attributes", "communities", "ignore", "calendar", "waivers")
_SUMMARY = {
    "en": "{count} communities: {scores} with another score, {grades} with another grade\n",
    "zh": "共{count}个对象：{scores}个得分不同，{grades}个等次不同\n",
}


@attrs.frozen
class Pair:
    """One community under both editions."""

    old: Evaluation
    new: Evaluation

    @property
    def other_score(self) -> bool:
        """Whether the score is not the same."""
        return self.old.score != self.new.score

    @property
    def other_grade(self) -> bool:
        """Whether the grade is not the same."""
        return self.old.grade != self.new.grade


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--on",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table of observations: score it by both editions, and say who changes score or grade, and why.",
)
@reading_options("--day")
@format_option
@lang_option()
def diff_command(
    old: str, new: str, file: Path | None, day: date | None, period: Period | None, form: str, lang: Any, **reading: Any
) -> None:  # fmt: skip
    """Compare two editions, criterion by criterion: A is the old one, B the new one.

    With --on FILE also what the change does to the same observations: every community whose score or grade is another,
    the criteria whose points differ (the largest difference first) and the steps after them (rescale, rounding, …),
    which add up to the difference, the gates and bands, and how many go from which grade to which. FILE is
    a table as for `evaluate`; a column of a criterion or item that only one edition has counts there alone. With
    --format csv|json only the communities are written.

    Ends with 0 where nothing differs, with 1 where something does.
    """
    from civrules import diff

    if file is None and (given := [name for name in _OF_A_TABLE if reading[name]]):
        raise click.UsageError(f"--{given[0].rstrip('s')} is of no use without --on FILE")
    book = Rulebook.installed()
    in_force = day if day is not None else period.last if period is not None else None
    editions = {name: standard_of(book, name, in_force) for name in (old, new)}
    differences = diff(editions[old], editions[new])
    if file is None:
        _write_differences(differences, form, lang)
    else:
        pairs = _pairs(book, editions, (old, new), file, on=day, period=period, **reading)
        if form == "table":
            _write_differences(differences, form, lang)
        _write_pairs(pairs, _bands(differences), form, lang)
    if differences:
        raise click.exceptions.Exit(1)


def _write_differences(differences: Sequence[Difference], form: str, lang: Any) -> None:
    if form == "table":
        write("".join(f"{printable(one.say(lang))}\n" for one in differences))
    else:
        rows = ([" › ".join(one.where), *one.words(lang)] for one in differences)
        write(rendered(_DIFFERENCES, rows, form))


def _pairs(
    book: Rulebook, editions: dict[str, Standard], names: tuple[str, str], file: Path, *,
    calendar: Path | None, waivers: Path | None, on: date | None, period: Period | None, **reading: Any,
) -> list[Pair]:  # fmt: skip
    """Every community under both editions. Raises InvalidInput with the problems that the table has with either."""
    judged: dict[str, list[Evaluation]] = {}
    refused: dict[str, tuple[Problem, ...]] = {}
    times = calendar_of(calendar)
    granted: Mapping[str, tuple[Waiver, ...]] | None = None
    for name, other in (names, names[::-1]):
        try:
            with uncollected():
                table = read_table(
                    file, editions[name], id=reading["column"], beside=[editions[other]],
                    **{key: part for key, part in reading.items() if key != "column"},
                )  # fmt: skip
                if granted is None:
                    granted = excused(waivers, table, file)
                program = book.program(editions[name])
                judged[name] = evaluated(program, table, file.name, granted, on=on, period=period, calendar=times)
        except InvalidInput as error:
            refused[name] = error.problems
    if refused:
        raise InvalidInput(_together(refused, names))
    return [Pair(*both) for both in zip(judged[names[0]], judged[names[1]], strict=True)]


def _together(refused: dict[str, tuple[Problem, ...]], names: tuple[str, str]) -> Iterator[Problem]:
    """Problems that the table has with both editions once, those with one of them under its name."""
    one, other = (refused.get(name, ()) for name in names)
    yield from (problem for problem in one if problem in other)
    for name, mine, others in ((names[0], one, other), (names[1], other, one)):
        yield from (problem.within(name) for problem in mine if problem not in others)


def _write_pairs(pairs: Sequence[Pair], bands: frozenset[str], form: str, lang: Any) -> None:
    changed: list[Row] = [_row(pair, bands) for pair in pairs if pair.other_score or pair.other_grade]
    if form != "table":
        write(rendered(_CHANGES, changed, form))
        return
    grades = Counter((pair.old.grade, pair.new.grade) for pair in pairs if pair.other_grade)
    write("\n" + rendered(_CHANGES, changed, form) if changed else "")
    counts: list[Row] = [[*ends, count] for ends, count in grades.most_common()]
    write("\n" + rendered(_COUNTS, counts, form) if counts else "")
    scores = sum(pair.other_score for pair in pairs)
    write("\n" + _SUMMARY[lang].format(count=len(pairs), scores=scores, grades=grades.total()))


def _row(pair: Pair, bands: frozenset[str]) -> Row:
    old, new = pair.old, pair.new
    return [old.community.id, old.score, new.score, old.grade, new.grade, list(because(pair, bands))]


def _bands(differences: Sequence[Difference]) -> frozenset[str]:
    """The grades that are given otherwise in the two editions, those that only one of them has among them."""
    named = (one.where[0].removeprefix(_GRADE) for one in differences if _regraded(one.where))
    return frozenset(named)


def _regraded(where: tuple[str, ...]) -> bool:
    return where[0].startswith(_GRADE) and (len(where) == 1 or where[1] in _GIVEN_BY)


def because(pair: Pair, bands: frozenset[str]) -> Iterator[str]:
    """Criteria, the largest difference first, and steps, which add up; then gates, and bands given otherwise."""
    from civrules import diff

    found = diff(pair.old, pair.new)
    points = {one.where[0]: _change(one) for one in found if one.where[1:] == ("points",)}
    moved = sorted(points.items(), key=lambda one: (not one[0].startswith(_CRITERION), -abs(one[1])))
    said = [f"{name.removeprefix(_CRITERION)} {by:+f}" for name, by in moved if by]
    gates = dict.fromkeys((*pair.old.gates, *pair.new.gates))
    said += [f"gate {name}" for name in gates if (name in pair.old.gates) != (name in pair.new.gates)]
    if pair.other_grade:
        said += [f"grade {name}" for name in (pair.old.grade, pair.new.grade) if name in bands]
    yield from said or ["grade"]


def _change(one: Difference) -> Decimal:
    return Decimal(str(one.after or 0)) - Decimal(str(one.before or 0))
