"""Eight published standards as documents (`vectors/`), and every published case of theirs through the public API."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from civrules import (
    Community,
    Criterion,
    Evaluation,
    Happening,
    InvalidInput,
    Ledger,
    NotApplicable,
    Observation,
    Outcomes,
    Period,
    Section,
    Standard,
    compose,
    evaluate,
    load,
    outcomes,
)
from civrules.measures import Shortfall
from civrules.model.days import add_months

DOCUMENTS = Path(__file__).parent / "vectors"
# The folder of the fixture `shared`: cases are collected before there are fixtures.
FILES = Path(os.environ.get("CIVRULES_SHARED") or Path(__file__).parents[2] / "shared") / "vectors"

FOLLOWING = (
    "flags-01", "flags-02", "prizes-01", "bid-01", "bid-02", "bid-03", "bid-04", "bid-05", "bid-06",
)  # fmt: skip
LEFT_OUT = frozenset(f"cn_guannan_property_annual/{name}" for name in FOLLOWING)
"""Cases that have neither score nor grade nor error: what follows from evaluations; tested by themselves below."""

WORDS: Mapping[str, Any] = {"pass": True, "fail": False, "na": NotApplicable("so the inspector said")}


@attrs.frozen
class Case:
    """A published case and the file that it stands in."""

    file: Mapping[str, Any]
    case: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The file's and the case's own: file/case."""
        return f"{self.file['id']}/{self.case['id']}"

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What was seen, and how it is to be scored."""
        inputs: Mapping[str, Any] = self.case["inputs"]
        return inputs

    @property
    def rules(self) -> Mapping[str, Any]:
        """The rule of every line."""
        return {line["id"]: line["rule"] for line in self.file["criteria"]}

    def standard(self) -> Standard:
        """The document for the task or policy, cut to the scope, with variants in place of the lines they replace."""
        name = self.file["id"]
        choice = [self.inputs[key] for key in ("task", "exempt_policy") if key in self.inputs]
        whole = document(".".join([name, *choice]))
        scope, variants = self.inputs.get("scope", "all"), self.inputs.get("use_variants", ())
        if scope == "all" and not variants:
            return whole
        replaced = {line["id"]: line.get("replaces") for line in self.file["criteria"]}
        lines = {replaced[one]: document(f"{name}.{one}").criteria[one] for one in variants}
        sections = [part(section, None if scope == "all" else scope, lines) for section in whole.sections]
        return attrs.evolve(whole, sections=[one for one in sections if one is not None], total=None)

    def observations(self, standard: Standard) -> Iterator[Observation]:
        """What was seen: the lines' values, the events, and every other input that is named as a line is."""
        for name, value in self.values(standard).items():
            yield Observation(ours(name), observed(bare(standard.criteria.get(ours(name)), value)))
        for event in self.inputs.get("events", ()):
            day, who = event.get("date"), event.get("responsible")
            yield Observation(
                ours(event["event"]),
                True,
                at=date.fromisoformat(day) if day else None,
                attributable=who == "operator" if who else None,
            )
        for name, value in self.inputs.items():
            if ours(name) in standard.criteria and value is not None:
                yield Observation(ours(name), observed(value))

    def values(self, standard: Standard) -> dict[str, Any]:
        """The value of every line; of those that are not named the best, where the case says so."""
        given: dict[str, Any] = dict(self.inputs.get("values", {}))
        for violation in self.inputs.get("violations", ()):
            level, found = f"level_{violation['level']}", given.setdefault(violation["criterion"], {})
            found[level] = found.get(level, 0) + 1
        if self.inputs["unnamed"] == "best":
            for name, rule in self.rules.items():
                if ours(name) in standard.criteria:
                    given[name] = with_the_best(rule, given.get(name))
        return given

    def result(self, standard: Standard, observations: tuple[Observation, ...]) -> Evaluation:
        """The case through the public API, on the day of the application, for the award year."""
        day, year = self.inputs.get("application_date"), self.inputs.get("award_year")
        credentials = tuple(ours(one) for one in self.inputs.get("credentials", ()))
        return evaluate(
            standard,
            Community(self.id, attributes={"credentials": credentials}),
            observations,
            on=date.fromisoformat(day) if day else None,
            period=Period(date(year, 1, 1), date(year, 12, 31)) if year else None,
        )


@cache
def document(name: str) -> Standard:
    """One of the documents of `vectors/`."""
    return load(DOCUMENTS / f"{name}.toml")


def part(whole: Section | Criterion, scope: list[str] | None, lines: Mapping[str, Criterion]) -> Any:
    """What of a section or line is in scope (None: all), `lines` by the id they replace; lines without points stay."""
    inside = scope is None or whole.id in scope
    if isinstance(whole, Criterion):
        return lines.get(whole.id, whole) if inside or not whole.scored else None
    children = [part(one, None if inside else scope, lines) for one in whole.children]
    children = [one for one in children if one is not None]
    return attrs.evolve(whole, children=children) if children else None


def ours(name: str) -> str:
    """An id or a word as the documents write it."""
    return name.replace("_", "-")


def with_the_best(rule: Mapping[str, Any], given: Any) -> Any:
    """The value given for a line; what was not given, or not given of it, is at its best."""
    best = best_of(rule)
    if isinstance(best, dict):
        return best | (given or {})
    return best if given is None else given


def best_of(rule: Mapping[str, Any]) -> Any:
    """The best value that a rule knows."""
    match rule:
        case {"kind": "pass_fail" | "key"}:
            return "pass"
        case {"kind": "levels", "levels": [best, *_]}:
            return best["level"]
        case {"kind": "level_percent", "checks": checks}:
            return dict.fromkeys(checks, True)
        case {"kind": "level_percent", "percent": percent}:
            return next(iter(percent))
        case {"kind": "award", "to": best} | {"kind": "component", "range": [_, best]}:
            return best
        case {"kind": "demerit_choice", "choices": [best, *_]}:
            return best
        case {"kind": "parts", "parts": parts}:
            return {one["input"]: True for one in parts}
        case {"kind": "deduct", "items": items}:
            return {one["input"]: best_item(one) for one in items}
    return {}


def best_item(item: Mapping[str, Any]) -> Any:
    """The best value of one input of a deduction."""
    match item:
        case {"type": "shortfall", "target": target}:
            return target
        case {"type": "tiers", "tiers": [best, *_]}:
            return best["at_least"]
        case {"type": "choice", "options": [best, *_]}:
            return best["option"]
    return 0


def bare(line: Criterion | None, value: Any) -> Any:
    """The value; of a line that is one figure without the name that the file gives this figure."""
    if line is not None and isinstance(line.measure, Shortfall) and len(value) == 1:
        return next(iter(value.values()))
    return value


def observed(value: Any) -> Any:
    """A value as it is handed in: yes and no, a level with what the assessor settled, words as documents have them."""
    match value:
        case {"option": option, "points": points}:
            return {option: points}
        case {"option": option}:
            return option
        case dict():
            return {ours(name): observed(one) for name, one in value.items()}
        case str():
            return WORDS.get(value, ours(value))
    return value


def decimals(figures: Mapping[str, str | None]) -> dict[str, Decimal | None]:
    """Figures as the files print them, by our ids."""
    return {ours(name): None if one is None else Decimal(one) for name, one in figures.items()}


def points(evaluation: Evaluation, *, by: str) -> dict[str | None, Decimal | None]:
    """The points of the lines, added up by `criterion` or `section`; None where nothing has points."""
    found: dict[str | None, Decimal | None] = {}
    for line in evaluation.lines:
        name, before = getattr(line, by), found.get(getattr(line, by))
        found[name] = before if line.points is None else (before or Decimal(0)) + line.points
    return found


def cases() -> Iterator[Case]:
    """Every case of every file that is not left out."""
    for path in sorted(FILES.glob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        yield from (case for case in (Case(file, one) for one in file["cases"]) if case.id not in LEFT_OUT)


CASES = list(cases())
SCORED = [pytest.param(case, id=case.id) for case in CASES if "expected_error" not in case.case]
REFUSED = [pytest.param(case, id=case.id) for case in CASES if "expected_error" in case.case]


def test_every_case_runs(shared: Path) -> None:
    """Every case is scored, refused, or follows from evaluations and has neither score nor grade."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted((shared / "vectors").glob("*.json"))]
    everything = {case.id: case for case in (Case(file, one) for file in files for one in file["cases"])}

    assert {case.id for case in CASES} | LEFT_OUT == everything.keys()
    assert (len(SCORED), len(REFUSED)) == (184, 28)
    for name in LEFT_OUT:
        case = everything[name].case
        assert (case["expected_score"], case["expected_grade"], "expected_error" in case) == (None, None, False)


@pytest.mark.parametrize("case", SCORED)
def test_case(case: Case) -> None:
    """Score, grade, and every criterion and section that the case names are equal as decimals."""
    standard = case.standard()
    evaluation = case.result(standard, tuple(case.observations(standard)))

    expected = case.case
    score, grade = expected["expected_score"], expected["expected_grade"]
    assert evaluation.score == (None if score is None else Decimal(score))
    assert evaluation.grade == (None if grade is None else ours(grade))
    for by in ("criterion", "section"):
        named = decimals(expected.get(f"expected_by_{by}", {}))
        found = points(evaluation, by=by)
        assert {name: found[name] for name in named} == named


@pytest.mark.parametrize("case", REFUSED)
def test_refused_case(case: Case) -> None:
    """What the case has wrong is refused, and nothing else of it is."""
    standard = case.standard()
    observations = tuple(case.observations(standard))

    with pytest.raises(InvalidInput) as refused:
        case.result(standard, observations)
    assert len(refused.value.problems) == 1


def following(name: str) -> Mapping[str, Any]:
    """A case of what follows from evaluations."""
    case = next(one for one in json.loads((FILES / "cn_guannan_property_annual.json").read_text("utf-8"))["cases"]
                if one["id"] == name)  # fmt: skip
    return {"inputs": case["inputs"], "expected": case["expected_outcome"]}


def reached(issued: Outcomes) -> dict[str, list[str]]:
    """The communities that each outcome reached, in the order of their ids."""
    found: dict[str, list[str]] = {}
    for one in sorted(issued, key=lambda one: one.community):
        found.setdefault(one.outcome, []).append(one.community)
    return found


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", ["flags-01", "flags-02"])
def test_flags(name: str) -> None:
    """The first ten and the last ten by the quarterly score have flags, all of a tie at the cut."""
    case, standard = following(name), document("cn_guannan_property_annual.flags")
    scores = case["inputs"]["quarter_scores"]
    quarters = [evaluate(standard, Community(who), {"quarter": score}) for who, score in scores.items()]
    assert case["expected"] == reached(outcomes(standard, quarters, on=date(2031, 4, 10)))


@pytest.mark.usefixtures("shared")
def test_prizes() -> None:
    """The sum of four quarters, then the composite, then the id put the compounds in order; prizes are limited."""
    case, standard = following("prizes-01"), document("cn_guannan_property_annual.prizes")
    annual = document("cn_guannan_property_annual.annual")
    given = []
    for one in case["inputs"]["compounds"]:
        community, quarters = Community(one["id"]), zip(("q1", "q2", "q3", "q4"), one["quarters"], strict=True)
        marks = dict.fromkeys(("assoc", "team", "satisf", "complaint"), one["composite"])
        given += [evaluate(standard, community, dict(quarters)), evaluate(annual, community, marks)]
    issued = outcomes(standard, given, on=date(2032, 1, 20))
    assert case["expected"] == reached(issued)
    assert () == issued.notes


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", [f"bid-0{number}" for number in range(1, 7)])
def test_bids(name: str) -> None:
    """The points of an operator's compounds add up; each holds for its months, a bonus until that compound's win."""
    case, standard = following(name), document("cn_guannan_property_annual.bidding")
    annual, day, ledger = document("cn_guannan_property_annual.annual"), date(2033, 3, 15), Ledger()
    marks = {"A": 90, "B": 75, "C": 65, "D": 50}
    for number, one in enumerate(case["inputs"]["operator_grades"]):
        community = Community(f"c{number}", attributes={"operator": "op"})
        seen = dict.fromkeys(("assoc", "team", "satisf", "complaint"), marks[one["grade"]])
        looks = compose(standard, [evaluate(annual, community, seen)])[community.id]
        issued_on = add_months(day, -one["age_months"])
        won = [Happening(event="bid-won", of=community.id, on=issued_on)] if one["won_since"] else []
        ledger = ledger.adding(outcomes(standard, [evaluate(standard, community, looks)], on=issued_on), won)
    assert Decimal(case["expected"]["bid_points"]) == ledger.balance("op", on=day, account="bids")
