"""civrules: score communities against standards, and say what follows."""

from typing import TYPE_CHECKING, Any

from civrules.authoring.documents import dump, load
from civrules.errors import (
    CivrulesError,
    InvalidDocument,
    InvalidInput,
    NotComparable,
    Problem,
    StandardUnavailable,
)
from civrules.followup.ranking import Ranked, Ranking, rank
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.difference import Difference
from civrules.model.figures import NotApplicable, NotObserved, Ratio
from civrules.model.measures import Measure
from civrules.model.observation import Observation
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.source import Source
from civrules.model.standard import (
    Blank,
    Criterion,
    Gate,
    Grade,
    Issuance,
    Origin,
    Parameter,
    Printed,
    Reading,
    Rounding,
    Section,
    Standard,
)
from civrules.model.text import Text
from civrules.model.waiver import Waiver
from civrules.rulebook.book import Rulebook
from civrules.rulebook.documents import Documents, documents
from civrules.rulebook.hookspecs import MeasuresPlugin, StandardsPlugin, hookimpl
from civrules.rulebook.plugin import Plugin
from civrules.scoring.calendars import read_calendar
from civrules.scoring.evaluation import Bounds, Evaluation, Explanation, Line
from civrules.scoring.program import Program, compile, evaluate  # noqa: A004  # named as re.compile is
from civrules.scoring.record import replay
from civrules.scoring.table import Table, read_table

__all__ = [
    "Blank",
    "Body",
    "Bounds",
    "Calendar",
    "CivrulesError",
    "Community",
    "Condition",
    "Criterion",
    "Difference",
    "Documents",
    "Evaluation",
    "Explanation",
    "Gate",
    "Grade",
    "Honour",
    "InvalidDocument",
    "InvalidInput",
    "Issuance",
    "Line",
    "Measure",
    "MeasuresPlugin",
    "NamedSet",
    "NotApplicable",
    "NotComparable",
    "NotObserved",
    "Observation",
    "Origin",
    "Parameter",
    "Period",
    "Plugin",
    "Post",
    "Printed",
    "Problem",
    "Program",
    "Ranked",
    "Ranking",
    "Ratio",
    "Reading",
    "Reference",
    "Responsible",
    "Rounding",
    "Rulebook",
    "Section",
    "Source",
    "Standard",
    "StandardUnavailable",
    "StandardsPlugin",
    "Table",
    "Text",
    "Waiver",
    "compile",
    "documents",
    "dump",
    "evaluate",
    "hookimpl",
    "lint",
    "load",
    "rank",
    "read_calendar",
    "read_table",
    "replay",
    "schema",
]

if TYPE_CHECKING:
    from civrules.review.lint import lint
    from civrules.review.schema import schema


def __getattr__(name: str) -> Any:
    """What is dear to import comes when it is first asked for."""
    if name == "lint":
        from civrules.review.lint import lint

        return lint
    if name == "schema":
        from civrules.review.schema import schema

        return schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
