"""The plugin and each of its standards keep what the conformance kit asks of them."""

import civrules_residential.plugin
from civrules.testing import conformance

TestConformance = conformance(civrules_residential.plugin)
