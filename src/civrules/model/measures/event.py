"""event: happened or not; no points, so that conditions can name it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.formula import Exact, equal, number, opposite, slot, some
from civrules.model.measures.measure import Judged, Limits, yes_no
from civrules.model.measures.prepared import Formula
from civrules.model.text import Lang

NO, YES, ATTRIBUTABLE, NOT_ATTRIBUTABLE, EXCUSED = "no", "yes", "attributable", "not-attributable", "excused"
_EXCUSES = (EXCUSED, "免责")
_WORDS = {
    NO: ("没有发生", "did not happen"),
    YES: ("发生", "happened"),
    ATTRIBUTABLE: ("发生，负主要责任", "happened, mainly responsible"),
    NOT_ATTRIBUTABLE: ("发生，不负主要责任", "happened, not mainly responsible"),
    EXCUSED: ("发生，有证据免责", "happened, excused on evidence"),
}


@attrs.frozen(kw_only=True)
class Event:
    """Happened or not; no points. Not reported means not happened, unless `must_report`.

    With `attributable` (主要责任) a yes counts only where the assessed body is mainly responsible; a yes that leaves
    it open is missing. With `excusable` (免责) a report may say "excused" or 免责, on evidence: it is listed and does
    not count.

    >>> Event(attributable=True).read("attributable", Limits())
    'attributable'
    """

    kind: ClassVar[str] = "event"
    loses: ClassVar[bool] = True

    attributable: bool = False
    must_report: bool = False
    excusable: bool = False

    def read(self, value: Any, limits: Limits, /) -> Any:
        """One of no, yes, attributable, not-attributable, excused."""
        if isinstance(value, str) and value.lower() in _EXCUSES:
            if not self.excusable:
                raise InvalidInput(Problem("not-excusable", (), value))
            return EXCUSED
        if isinstance(value, str) and value.lower() in (ATTRIBUTABLE, NOT_ATTRIBUTABLE):
            return value.lower()
        return YES if yes_no(value) else NO

    def counts(self, read: Any) -> bool | None:
        """Whether this report counts; None where it depends on an attribution that was left open."""
        if read in (NO, EXCUSED):
            return False
        if not self.attributable or read == ATTRIBUTABLE:
            return True
        return False if read == NOT_ATTRIBUTABLE else None

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """No points; fail where the event counts."""
        return Fraction(0), "fail" if self.counts(read) else "pass"

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """Happened, and did not."""
        return (ATTRIBUTABLE if self.attributable else YES), NO

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """Whether it counts."""
        said = slot(place, 0, 4)
        wanted = (2,) if self.attributable else (1, 2, 3)
        counts = some(*(equal(said, number(one)) for one in wanted))
        return Formula(Exact.of(0), opposite(counts), counts, {None: counts}, {})

    def quotient(self) -> bool:
        """Never: there are no points."""
        return False

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """None: there are no points."""
        return 0

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """Whether it counts."""
        return bool(self.counts(read))

    def rising(self, item: str | None, /) -> int:
        """Happening is worse."""
        return -1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """None: that there are no points is said of the criterion."""
        return iter(())

    def say(self, read: Any, lang: Lang, /) -> str:
        """Happened or not, and who was responsible."""
        return _WORDS[read][0 if lang == "zh" else 1]
