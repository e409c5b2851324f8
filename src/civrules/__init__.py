"""civrules: score communities against standards, and say what follows."""

from civrules.authoring.documents import dump, load, load_campaign
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
from civrules.followup.cases import open_cases
from civrules.followup.oscal import to_oscal
from civrules.followup.ranking import Ranked, Ranking, rank
from civrules.model.calendar import Calendar
from civrules.model.campaign import Campaign, Funding, Goal, Phase, Recurrence, Task
from civrules.model.case import Case, CaseEvent
from civrules.model.community import Community
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.difference import Difference
from civrules.model.figures import NotApplicable, NotObserved, Ratio
from civrules.model.observation import Observation
from civrules.model.procedure import Escalation, Procedure, Step
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.source import Source
from civrules.model.standard import (
    Blank,
    Criterion,
    Gate,
    Grade,
    Issuance,
    Parameter,
    Printed,
    Reading,
    Rounding,
    Section,
    Standard,
)
from civrules.model.standing import Standing
from civrules.model.text import Text
from civrules.model.waiver import Waiver
from civrules.rulebook.book import Rulebook
from civrules.rulebook.documents import Documents, documents
from civrules.rulebook.hookspecs import CampaignsPlugin, StandardsPlugin, hookimpl
from civrules.rulebook.plugin import Plugin
from civrules.scoring.calendars import read_calendar
from civrules.scoring.evaluation import Bounds, Evaluation, Explanation, Line
from civrules.scoring.program import Program, compile, evaluate  # noqa: A004  # named as re.compile is
from civrules.scoring.record import replay
from civrules.scoring.table import Table, read_table

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
    "CivrulesError",
    "Community",
    "Condition",
    "Criterion",
    "Difference",
    "Documents",
    "Done",
    "Escalation",
    "Evaluation",
    "Explanation",
    "Funding",
    "Gate",
    "Goal",
    "Grade",
    "Honour",
    "InvalidDocument",
    "InvalidInput",
    "Issuance",
    "Line",
    "NamedSet",
    "NotApplicable",
    "NotComparable",
    "NotObserved",
    "Observation",
    "Occurrence",
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
    "Ratio",
    "Reading",
    "Recurrence",
    "Reference",
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
    "Step",
    "Table",
    "Task",
    "Text",
    "Tracked",
    "Waiver",
    "case_rows",
    "compile",
    "documents",
    "dump",
    "evaluate",
    "hookimpl",
    "load",
    "load_campaign",
    "open_cases",
    "rank",
    "read_calendar",
    "read_cases",
    "read_table",
    "replay",
    "to_oscal",
]
