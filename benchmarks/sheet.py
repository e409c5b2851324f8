"""The sheet that the benchmarks score: 60 criteria of mixed kinds, five weighted sections, a bonus, gates, grades."""

import random
from decimal import Decimal
from typing import Any

from civrules import NotApplicable, Ratio

_HEAD = """
[standard]
id = "bench/sixty"
version = "1"
title = {{ en = "Sixty criteria" }}
kinds = ["residential"]
source = {{ document = "benchmark", provenance = "reference" }}
total = 100
cap = 105
missing = "{missing}"
not_applicable = "rescale"

[rounding]
criterion = 4
section = 4
total = 2
"""

_ITEMS = "items = [{ id = 'a' }, { id = 'b' }, { id = 'c' }, { id = 'd' }]"
_STEPS = "{ at_least = '95%', points = 4 }, { at_least = '85%', points = 2.5 }, { at_least = '70%', points = 1 }"
_SPOTS = "{ id = 'spot', each = 0.5, cap = 3 }, { id = 'heap', each = 2 }"
KINDS = {
    "lit": "kind = 'check'",
    "sorted": "kind = 'check', at_least = '95%'",
    "kept": f"kind = 'checklist', {_ITEMS}, at_least = 3",
    "tidy": "kind = 'levels', levels = { good = '100%', fair = '60%', poor = 0 }",
    "answered": f"kind = 'tiers', tiers = [{_STEPS}]",
    "satisfied": "kind = 'linear', zero_at = '60%', full_at = '95%'",
    "lamps": "kind = 'shortfall', target = '100%', per = '1%', deduct = 0.5, steps = 'started'",
    "litter": f"kind = 'findings', items = [{_SPOTS}]",
    "look": "kind = 'marks'",
    "board": "kind = 'levels', levels = { full = '100%', part = '50%', none = 0 }",
    "late": "kind = 'tiers', tiers = [{ at_most = 2, points = 4 }, { at_most = 5, points = 2 }]",
}

_TAIL = """
[[section]]
id = "bonus"
title = { en = "Bonus" }
role = "adjustment"
cap = 5

  [[section.criterion]]
  id = "press"
  title = { en = "Press" }
  points = 3
  measure = { kind = "levels", levels = { national = "100%", provincial = "50%", none = 0 } }

  [[section.criterion]]
  id = "volunteers"
  title = { en = "Volunteers" }
  points = 2
  measure = { kind = "check" }

  [[section.criterion]]
  id = "complaint"
  title = { en = "Complaints" }
  points = 0
  least = -5
  measure = { kind = "findings", items = [{ id = "one", each = 0.5 }] }

[[section]]
id = "events"
title = { en = "Events" }

  [[section.criterion]]
  id = "accident"
  title = { en = "Accident" }
  measure = { kind = "event" }

  [[section.criterion]]
  id = "fire"
  title = { en = "Fire" }
  measure = { kind = "event" }

[[grade]]
id = "A"
at_least = 85
requires = { all = [{ section = "s1", at_least = "60%" }, { section = "s2", at_least = "60%" }] }
[[grade]]
id = "B"
at_least = 70
[[grade]]
id = "C"
at_least = 60
[[grade]]
id = "D"

[[gate]]
id = "fire"
title = { en = "D after a fire" }
when = { happened = "fire" }
then = { grade = "D" }
[[gate]]
id = "accident"
title = { en = "No A after an accident" }
when = { happened = "accident" }
then = { grade_at_most = "B" }
[[gate]]
id = "unlit"
title = { en = "No A in the dark" }
when = { any = [{ failed = "lit-1" }, { value = "lamps-1", less_than = 80 }] }
then = { grade_at_most = "B" }
"""

WEIGHTS = {1: 30, 2: 25, 3: 20, 4: 15, 5: 10}
POINTS = 4


def document(missing: str = "worst") -> str:
    """The sheet as TOML: each of the five sections holds one criterion of every kind, brought to its weight."""
    parts = [_HEAD.format(missing=missing)]
    for number, weight in WEIGHTS.items():
        parts.append(f'[[section]]\nid = "s{number}"\ntitle = {{ en = "Section {number}" }}\nscale_to = {weight}\n')
        for kind, measure in KINDS.items():
            parts.append(
                f'  [[section.criterion]]\n  id = "{kind}-{number}"\n  title = {{ en = "{kind}" }}\n'
                f"  points = {POINTS}\n  measure = {{ {measure} }}\n"
            )
    return "\n".join((*parts, _TAIL))


def community(seed: int, *, missing: float = 0.0, inapplicable: float = 0.0) -> dict[str, Any]:
    """What was seen of one community: {criterion: value}."""
    draw = random.Random(seed)
    seen: dict[str, Any] = {}
    for number in WEIGHTS:
        seen |= {
            f"lit-{number}": draw.random() < 0.97,
            f"sorted-{number}": Decimal(draw.randint(900, 1000)) / 10,
            f"kept-{number}": {item: draw.random() < 0.9 for item in "abcd"},
            f"tidy-{number}": draw.choice(["good", "good", "good", "fair", "poor"]),
            f"answered-{number}": Decimal(draw.randint(650, 1000)) / 10,
            f"satisfied-{number}": Decimal(draw.randint(6500, 10000)) / 100,
            f"lamps-{number}": Ratio(draw.randint(190, 200), 200),
            f"litter-{number}": {"spot": draw.choice([0, 0, 1, 2]), "heap": draw.choice([0, 0, 0, 1])},
            f"look-{number}": Decimal(draw.randint(28, 40)) / 10,
            f"board-{number}": draw.choice(["full", "full", "part", "none"]),
            f"late-{number}": draw.randint(0, 6),
        }
    for criterion in list(seen):
        chance = draw.random()
        if chance < missing:
            del seen[criterion]
        elif chance < missing + inapplicable:
            seen[criterion] = NotApplicable("none here")
    return seen | {
        "press": draw.choice(["national", "provincial", "none", "none"]),
        "volunteers": draw.random() < 0.5,
        "complaint": {"one": draw.choice([0, 0, 1, 2])},
        "accident": draw.random() < 0.02,
        "fire": draw.random() < 0.01,
    }
