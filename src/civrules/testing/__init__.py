"""civrules.testing: prove that a plugin and its standards keep their promises; needs `civrules[testing]`.

>>> import civrules_example.plugin
>>> from civrules.testing import conformance
>>> TestConformance = conformance(civrules_example.plugin)
"""

from civrules.review.boundaries import Boundary, boundaries
from civrules.review.exercised import exercised
from civrules.testing.conformance import conformance
from civrules.testing.drawing import completions, improved, observations
from civrules.testing.invariant import Invariant
from civrules.testing.invariants import INVARIANTS

__all__ = [
    "INVARIANTS",
    "Boundary",
    "Invariant",
    "boundaries",
    "completions",
    "conformance",
    "exercised",
    "improved",
    "observations",
]
