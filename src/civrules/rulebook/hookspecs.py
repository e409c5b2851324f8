"""The hooks that a plugin may have: typed, documented, and all there is."""

from collections.abc import Iterable
from typing import Protocol

import pluggy

from civrules.model.campaign import Campaign
from civrules.model.measures import Measure
from civrules.model.standard import Standard
from civrules.rulebook.documents import Documents

PROJECT = "civrules"
API = (1, 0)
"""The version of the hooks, which a plugin may ask for as `civrules_api = "1.0"`."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's functions, as in pluggy."""


class StandardsPlugin(Protocol):
    """A plugin that supplies standards; mypy checks a module against it."""

    def civrules_standards(self) -> Iterable[Documents | Standard]:
        """The plugin's standards."""


class CampaignsPlugin(Protocol):
    """A plugin that supplies campaigns; mypy checks a module against it."""

    def civrules_campaigns(self) -> Iterable[Documents | Campaign]:
        """The plugin's campaigns."""


@hookspec
def civrules_standards() -> Iterable[Documents | Standard]:  # type: ignore[empty-body]  # pluggy calls the plugins' own
    """The plugin's standards: `civrules.documents(__package__, "standards")`, or finished Standard objects.

    Called once, while a book is made. Folders are read when a standard of the plugin is first asked for.
    """


@hookspec
def civrules_campaigns() -> Iterable[Documents | Campaign]:  # type: ignore[empty-body]  # pluggy calls the plugins' own
    """The plugin's campaigns: `civrules.documents(__package__, "campaigns")`, or finished Campaign objects.

    Called once, while a book is made. Folders are read when a campaign or a standard of the plugin is first asked for.
    """


class MeasuresPlugin(Protocol):
    """A plugin that supplies kinds of measure; mypy checks a module against it."""

    def civrules_measures(self) -> Iterable[type[Measure]]:
        """The plugin's kinds of measure."""


@hookspec
def civrules_measures() -> Iterable[type[Measure]]:  # type: ignore[empty-body]  # pluggy calls the plugins' own
    """The plugin's kinds of measure: classes as `civrules.Measure` describes them.

    Called once, while a book is made. Every document of the book may name them.
    """


HOOKS = ("civrules_standards", "civrules_campaigns", "civrules_measures")
