"""The standards keep their promises."""

from civrules.testing import conformance
from civrules_residential import plugin

TestConformance = conformance(plugin)
