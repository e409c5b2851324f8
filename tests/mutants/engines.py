"""Engines in which one thing is broken."""

from mutants.answers import ANSWERS
from mutants.grades import GRADES
from mutants.looks import LOOKS
from mutants.measures import MEASURES
from mutants.mutant import EngineMutant
from mutants.sums import SUMS

ENGINES: tuple[EngineMutant, ...] = (*SUMS, *GRADES, *LOOKS, *MEASURES, *ANSWERS)
"""Each is caught by the invariant that it names, on the standard that it names."""

__all__ = ["ENGINES"]
