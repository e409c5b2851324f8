"""Table: communities and what was seen of them, read from a CSV or JSON file."""

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from civrules.errors import InvalidInput, Problem, Problems, nearest
from civrules.model.community import Community
from civrules.model.mapping import FrozenMapping
from civrules.model.observation import Observation
from civrules.model.standard import Standard
from civrules.scoring.communities import Roll, read_register
from civrules.scoring.long import is_long, read_long
from civrules.scoring.program import Program
from civrules.scoring.rows import Source, read_rows
from civrules.scoring.wide import read_wide

Layout = Literal["wide", "long"]
LAYOUTS: tuple[Layout, ...] = ("wide", "long")


def _communities(communities: Iterable[Community]) -> tuple[Community, ...]:
    return tuple(communities)


def _observations(seen: Mapping[str, Iterable[Observation]]) -> FrozenMapping[str, tuple[Observation, ...]]:
    return FrozenMapping({community: tuple(observations) for community, observations in seen.items()})


@attrs.frozen
class Table:
    """Communities in the order of the file's rows, and what was seen of each, by its id.

    >>> Table((Community("north"),), {"north": ()}).observations["north"]
    ()
    """

    communities: tuple[Community, ...] = attrs.field(converter=_communities)
    observations: Mapping[str, tuple[Observation, ...]] = attrs.field(converter=_observations)


def read_table(
    source: Source, standard: Standard, /, *, id: str = "community", layout: Layout | None = None,
    attributes: Iterable[str] = (), ignore: bool = False, communities: Source | None = None,
    beside: Iterable[Standard] = (),
) -> Table:  # fmt: skip
    """Read what was seen of communities from a .csv or .json file, every value checked against the standard.

    A wide table has a row for each community, with the column `id` and columns `<criterion>`, `<criterion>:of` (the m
    of n of m), `<criterion>:<item>` and `<criterion>:na` (why it does not apply). A long table, which is what has
    columns `criterion` and `value`, has a row for each value: the column `id`, criterion, item, value, of, na, at,
    place, by, method, attributable, evidence (parted by semicolons) and id; rows of one criterion with the same at,
    place, by and id are one look. JSON is a list of objects with the same names; a criterion's value may there be an
    object of items.

    Cells say yes/no, true/false, 1/0, 是/否, `attributable`, a level, a figure, `95%`, `95/100` or `n/a: reason`. A
    blank was not observed, unless the standard's `table.blank` gives the reason why it does not apply.

    `attributes` are columns that become the communities' attributes; all other columns are refused, or passed over
    with `ignore`, but for those that name an item that the criterion does not have. `communities` is a table whose
    columns are the fields of Community (`attribute:<name>`, `place:<unit>`): a community that is not in it is refused,
    one without observations is in the result all the same, after those of the rows.

    Where one table serves several standards, `beside` are the others: what only they know, criteria and items, is
    passed over here.

    Raises InvalidInput with the problems of both files (the first thousand, and how many more), each with file, row
    and column; a CSV's header is row 1, in JSON the first object is.
    """
    if layout is not None and layout not in LAYOUTS:
        raise InvalidInput(Problem("unknown-word", ("layout",), layout, ", ".join(LAYOUTS), nearest(layout, LAYOUTS)))
    named = (attributes,) if isinstance(attributes, str) else tuple(attributes)
    problems = Problems()
    register = None
    try:
        if communities is not None:
            register = read_register(communities, problems, ignore=ignore)
    except InvalidInput as error:
        problems.add(*error.problems)
    try:
        rows = read_rows(source, problems)
        roll = Roll(rows, id=id, attributes=named, register=register, problems=problems)
        long = layout == "long" or (layout is None and is_long(rows.columns))
        read = read_long if long else read_wide
        observations = read(rows, Program(standard), roll, problems, ignore=ignore, elsewhere=_names(beside))
        found = roll.communities()
        if not observations and not problems:
            problems.add(Problem("no-rows", (rows.name,)))
    except InvalidInput as error:
        problems.add(*error.problems)
    if problems:
        raise InvalidInput(problems.all())
    return Table(found, {one.id: observations.get(one.id, ()) for one in found})


def _names(standards: Iterable[Standard]) -> frozenset[str]:
    """What tables call the criteria and items of the standards."""
    criteria = [one for standard in standards for one in standard.criteria.values()]
    items = (f"{one.id}:{item.id}" for one in criteria for item in getattr(one.measure, "items", ()))
    return frozenset((*(one.id for one in criteria), *items))
