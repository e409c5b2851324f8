"""A second evaluator, written from the design alone: slow, plain, in fractions, nothing compiled, nothing in units.

It shares the model with the engine and nothing else. It trusts its input: what a standard or an observation may not say
is the engine's to refuse; only the refusals that are policies are known here.
"""

from civrules.testing.naive.answers import Answer, Ends, bounds, evaluate
from civrules.testing.naive.candidates import values_of
from civrules.testing.naive.figures import ends_in_decimals
from civrules.testing.naive.places import Place, places_of
from civrules.testing.naive.reading import Refused

__all__ = [
    "Answer",
    "Ends",
    "Place",
    "Refused",
    "bounds",
    "ends_in_decimals",
    "evaluate",
    "places_of",
    "values_of",
]
