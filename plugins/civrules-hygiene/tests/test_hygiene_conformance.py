"""The standards keep their promises."""

from civrules.testing import conformance
from civrules_hygiene import plugin

TestConformance = conformance(plugin)
