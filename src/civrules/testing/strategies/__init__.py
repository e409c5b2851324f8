"""Hypothesis strategies: sound standards, their editions and tailorings, campaigns, communities and what was seen.

What is broken is drawn too: documents that a loader must refuse in words, and plugins that no host goes down with.

Everything is drawn from small pools, so that thresholds are hit and failures shrink to something a reader can follow; a
`Case` shows itself as the document and the list of observations.
"""

from civrules.testing.strategies.broken import BrokenPlugin, broken_documents, broken_plugins
from civrules.testing.strategies.campaigns import campaigns, tasks
from civrules.testing.strategies.cases import Case, cases, cases_of, changes, communities
from civrules.testing.strategies.criteria import criteria, measures, sections
from civrules.testing.strategies.documents import documents
from civrules.testing.strategies.editions import Tailoring, editions, tailorings
from civrules.testing.strategies.events import case_event, case_events, possible
from civrules.testing.strategies.standards import standards

__all__ = [
    "BrokenPlugin",
    "Case",
    "Tailoring",
    "broken_documents",
    "broken_plugins",
    "campaigns",
    "case_event",
    "case_events",
    "cases",
    "cases_of",
    "changes",
    "communities",
    "criteria",
    "documents",
    "editions",
    "measures",
    "possible",
    "sections",
    "standards",
    "tailorings",
    "tasks",
]
