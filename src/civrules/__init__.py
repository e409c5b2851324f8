"""civrules: score communities against standards, and say what follows."""

from typing import TYPE_CHECKING, Any

from civrules.authoring.documents import dump, load, load_campaign
from civrules.campaign.done_table import read_done
from civrules.campaign.progress import Behind, Done, Progress, Tracked
from civrules.campaign.schedule import Occurrence, Schedule
from civrules.errors import (
    CivrulesError,
    InvalidDocument,
    InvalidInput,
    NotComparable,
    Problem,
    StandardUnavailable,
)
from civrules.followup.case_table import case_rows, read_cases
from civrules.followup.cases import carry_on, open_cases
from civrules.followup.composing import compose
from civrules.followup.happenings import read_happenings
from civrules.followup.history import Change, History, Moved, Repeated, histories
from civrules.followup.ledger import Happening, Issued, Ledger
from civrules.followup.oscal import to_oscal
from civrules.followup.outcomes import Outcomes, outcomes, standings
from civrules.followup.ranking import Ranked, Ranking, rank
from civrules.followup.rolling import roll_up
from civrules.model.calendar import Calendar
from civrules.model.campaign import Campaign, Funding, Goal, Phase, Recurrence, Task
from civrules.model.case import Case, CaseEvent, case_states
from civrules.model.community import Community
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.difference import Difference
from civrules.model.document import Issuance, Parameter, Reading
from civrules.model.figures import NotApplicable, NotObserved, Ratio
from civrules.model.measures import Measure
from civrules.model.observation import Observation
from civrules.model.outcome import Composed, Effect, EndsOn, Outcome, RankingRule
from civrules.model.procedure import Escalation, Procedure, Step
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.source import Source
from civrules.model.standard import Blank, Criterion, Gate, Grade, Origin, Printed, Rounding, Section, Standard
from civrules.model.standing import Standing, Stands
from civrules.model.text import Text
from civrules.model.waiver import Waiver
from civrules.rulebook.book import Rulebook
from civrules.rulebook.documents import Documents, documents
from civrules.rulebook.hookspecs import CampaignsPlugin, MeasuresPlugin, StandardsPlugin, hookimpl
from civrules.rulebook.plugin import Plugin
from civrules.scoring.calendars import read_calendar
from civrules.scoring.evaluation import Bounds, Evaluation, Explanation, Line
from civrules.scoring.program import Program, compile, evaluate  # noqa: A004  # named as re.compile is
from civrules.scoring.record import replay
from civrules.scoring.table import Table, read_table
from civrules.scoring.waiver_table import read_waivers

__all__ = [
    "Behind",
    "Blank",
    "Body",
    "Bounds",
    "Calendar",
    "Campaign",
    "CampaignsPlugin",
    "Case",
    "CaseEvent",
    "Change",
    "CivrulesError",
    "Community",
    "Composed",
    "Condition",
    "Criterion",
    "Difference",
    "Documents",
    "Done",
    "Effect",
    "EndsOn",
    "Escalation",
    "Evaluation",
    "Explanation",
    "Funding",
    "Gate",
    "Goal",
    "Grade",
    "Happening",
    "History",
    "Honour",
    "InvalidDocument",
    "InvalidInput",
    "Issuance",
    "Issued",
    "Ledger",
    "Line",
    "Measure",
    "MeasuresPlugin",
    "Moved",
    "NamedSet",
    "NotApplicable",
    "NotComparable",
    "NotObserved",
    "Observation",
    "Occurrence",
    "Origin",
    "Outcome",
    "Outcomes",
    "Parameter",
    "Period",
    "Phase",
    "Plugin",
    "Post",
    "Printed",
    "Problem",
    "Procedure",
    "Program",
    "Progress",
    "Ranked",
    "Ranking",
    "RankingRule",
    "Ratio",
    "Reading",
    "Recurrence",
    "Reference",
    "Repeated",
    "Responsible",
    "Rounding",
    "Rulebook",
    "Schedule",
    "Section",
    "Source",
    "Standard",
    "StandardUnavailable",
    "StandardsPlugin",
    "Standing",
    "Stands",
    "Step",
    "Table",
    "Task",
    "Text",
    "Tracked",
    "Waiver",
    "carry_on",
    "case_rows",
    "case_states",
    "compile",
    "compose",
    "diff",
    "documents",
    "dump",
    "evaluate",
    "histories",
    "hookimpl",
    "lint",
    "load",
    "load_campaign",
    "open_cases",
    "outcomes",
    "rank",
    "read_calendar",
    "read_cases",
    "read_done",
    "read_happenings",
    "read_table",
    "read_waivers",
    "replay",
    "roll_up",
    "schema",
    "standings",
    "to_oscal",
]

if TYPE_CHECKING:
    from civrules import frames as frames
    from civrules.review.diff import diff
    from civrules.review.lint import lint
    from civrules.review.schema import schema


def __getattr__(name: str) -> Any:
    """What is dear to import comes when it is first asked for."""
    if name == "diff":
        from civrules.review.diff import diff

        return diff
    if name == "lint":
        from civrules.review.lint import lint

        return lint
    if name == "schema":
        from civrules.review.schema import schema

        return schema
    if name in ("frames", "testing"):
        from importlib import import_module

        return import_module(f"civrules.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
