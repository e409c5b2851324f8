"""OSCAL: cases as a plan of action and milestones, for tools that read NIST's format."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, tzinfo
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from civrules.errors import InvalidInput, Problem
from civrules.model.case import Case, CaseEvent
from civrules.model.figures import plain
from civrules.model.text import Lang

VERSION = "1.1.3"
"""The version of OSCAL that is written."""
_STATUS = {"open": "open", "overdue": "remediating", "waived": "deviation-approved", "closed": "closed"}
"""OSCAL's words for the states of a risk."""


def to_oscal(
    cases: Iterable[Case], /, *, on: date, modified: datetime, title: str, version: str = "1", lang: Lang = "en"
) -> str:
    """The cases as they stand on a day, as the JSON of an OSCAL plan of action and milestones.

    Each case is an item with an observation of what was found and a risk that holds its steps, its deadline and a log
    of its events. `modified` is the host's clock, with a time zone, in which days begin at midnight. The same cases
    give the same uuids: version 5, from the digest of the record that found each. Raises InvalidInput for a `modified`
    without time zone, and where no case was open by that day.
    """
    if modified.tzinfo is None:
        raise InvalidInput(Problem("bad-argument", ("modified",), modified, "a time with a time zone"))
    found = [case for case in cases if case.since <= on]
    if not found:
        raise InvalidInput(Problem("empty", (), None, "at least one case"))
    writers = [_Item(case, on, modified.tzinfo, lang) for case in found]
    plan = {
        "uuid": str(_uuid(title, *(one.name for one in writers))),
        "metadata": {
            "title": title, "last-modified": modified.isoformat(), "version": version, "oscal-version": VERSION,
        },
        "observations": [one.observation() for one in writers],
        "risks": [one.risk() for one in writers],
        "poam-items": [one.item() for one in writers],
    }  # fmt: skip
    return json.dumps({"plan-of-action-and-milestones": plan}, ensure_ascii=False, indent=2, sort_keys=True)


def _uuid(*parts: str | None) -> UUID:
    return uuid5(NAMESPACE_URL, "\n".join(("civrules", *(part or "" for part in parts))))


class _Item:
    """One case while it is written."""

    def __init__(self, case: Case, on: date, zone: tzinfo, lang: Lang) -> None:
        self.case, self.on, self.zone, self.lang = case, on, zone, lang
        self.events = [event for event in case.events if event.on <= on]
        self.name = "\n".join(
            (case.record or "", case.community, case.criterion or "", case.place or "", case.since.isoformat())
        )
        if case.outcome is not None:
            self.name = "\n".join((self.name, case.outcome, case.responsible or "", case.procedure.id))
        where = "" if case.place is None else f", {case.place}"
        self.title = f"{case.community}: {case.criterion or case.outcome or case.procedure.id}{where}"

    def uuid(self, *parts: str) -> str:
        """A uuid of a part of the case."""
        return str(_uuid(self.name, *parts))

    def at(self, day: date) -> str:
        """A day as the time at which it begins."""
        return datetime.combine(day, time(), self.zone).isoformat()

    def observation(self) -> dict[str, Any]:
        """What was found, and when."""
        return {
            "uuid": self.uuid("observation"), "description": self.title, "methods": ["EXAMINE"],
            "types": ["finding"], "collected": self.at(self.case.since),
            **self._props(("record", self.case.record), ("edition", self.case.edition)),
        }  # fmt: skip

    def item(self) -> dict[str, Any]:
        """The item that leads to both."""
        points = None if self.case.points is None else plain(self.case.points)
        back = plain(self.case.given_back(on=self.on))
        return {
            "uuid": self.uuid("item"), "title": self.title, "description": self.case.procedure.title.in_(self.lang),
            "related-observations": [{"observation-uuid": self.uuid("observation")}],
            "related-risks": [{"risk-uuid": self.uuid("risk")}],
            **self._props(
                ("community", self.case.community), ("criterion", self.case.criterion), ("place", self.case.place),
                ("outcome", self.case.outcome), ("points", points), ("given-back", back),
                ("responsible", self.case.responsible),
            ),
        }  # fmt: skip

    def risk(self) -> dict[str, Any]:
        """The failing as a risk: its state, its deadline, the steps to take, what happened."""
        status = self.case.status(on=self.on)
        due = self._due()
        return {
            "uuid": self.uuid("risk"), "title": self.title, "description": self.title,
            "statement": self.case.procedure.title.in_(self.lang), "status": _STATUS[status],
            **({"deadline": self.at(due)} if due is not None else {}),
            **self._props(("status", status)),
            "remediations": [self._remediation()],
            "risk-log": {"entries": [self._entry(number, event) for number, event in enumerate(self.events)]},
        }  # fmt: skip

    def _due(self) -> date | None:
        return self.case.due_on(self.on)

    def _remediation(self) -> dict[str, Any]:
        procedure = self.case.procedure
        title = procedure.title.in_(self.lang)
        return {
            "uuid": self.uuid("remediation"), "lifecycle": "planned", "title": title, "description": title,
            "tasks": list(self._tasks()),
        }  # fmt: skip

    def _tasks(self) -> Iterator[dict[str, Any]]:
        for step in self.case.procedure.steps:
            title = step.title.in_(self.lang) if step.title is not None else step.id
            yield {
                "uuid": self.uuid("step", step.id), "type": "milestone", "title": title,
                **self._props(("step", step.id), ("by", step.by)),
            }  # fmt: skip

    def _entry(self, number: int, event: CaseEvent) -> dict[str, Any]:
        status = self.case.status(on=event.on) if event is self.events[-1] else None
        return {
            "uuid": self.uuid("event", str(number)), "title": event.kind, "start": self.at(event.on),
            **({"description": event.note} if event.note else {}),
            **({"status-change": _STATUS[status]} if status is not None else {}),
            **self._props(
                ("step", event.step), ("by", event.by), ("to", event.to),
                ("until", event.until.isoformat() if event.until is not None else None),
                ("ok", None if event.kind != "done" else "yes" if event.ok else "no"),
            ),
        }  # fmt: skip

    @staticmethod
    def _props(*pairs: tuple[str, str | None]) -> dict[str, Any]:
        """Properties in a namespace of ours; none where nothing is said. A value begins and ends visibly."""
        found = [{"name": name, "ns": _NAMESPACE, "value": value.strip()} for name, value in pairs if value]
        return {"props": found} if found else {}


_NAMESPACE = "https://civrules.example/ns/oscal"
