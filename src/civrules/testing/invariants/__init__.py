"""The invariants: everything that the kit asks of a plugin and of each of its standards."""

from civrules.testing.invariant import Invariant
from civrules.testing.invariants.bulk import BULK
from civrules.testing.invariants.documents import DOCUMENTS
from civrules.testing.invariants.ends import ENDS
from civrules.testing.invariants.lines import LINES
from civrules.testing.invariants.policies import POLICIES
from civrules.testing.invariants.registering import REGISTERING
from civrules.testing.invariants.telling import TELLING

INVARIANTS: tuple[Invariant, ...] = (*REGISTERING, *DOCUMENTS, *LINES, *POLICIES, *ENDS, *TELLING, *BULK)
"""In the order in which they are asked; none is ever taken out, and a new one has a level of its own."""

LEVELS = tuple(sorted({one.level for one in INVARIANTS}))
