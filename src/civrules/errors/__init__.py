"""What can be wrong, and how it is said: one Problem type, one catalogue of codes, one base error."""

from civrules.errors.problem import (
    A_DATE,
    CivrulesError,
    InvalidDocument,
    InvalidInput,
    NotComparable,
    Problem,
    Problems,
    StandardUnavailable,
    listed,
    nearest,
    shown,
)

__all__ = [
    "A_DATE",
    "CivrulesError",
    "InvalidDocument",
    "InvalidInput",
    "NotComparable",
    "Problem",
    "Problems",
    "StandardUnavailable",
    "listed",
    "nearest",
    "shown",
]
