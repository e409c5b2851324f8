"""Hypothesis strategies: sound standards, communities, and what was seen of them.

Everything is drawn from small pools, so that thresholds are hit and failures shrink to something a reader can follow; a
`Case` shows itself as the document and the list of observations.
"""

from civrules.testing.strategies.cases import Case, cases, cases_of, changes, communities
from civrules.testing.strategies.documents import documents
from civrules.testing.strategies.standards import standards

__all__ = ["Case", "cases", "cases_of", "changes", "communities", "documents", "standards"]
