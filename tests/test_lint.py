"""lint: every code on a document that has the fault, and on the nearest one that has not."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from sheets import gate as a_gate
from sheets import line, section, sheet
from written import DOCUMENTS

import civrules
from civrules import (
    Campaign,
    Community,
    Condition,
    Effect,
    Evaluation,
    Grade,
    InvalidDocument,
    Outcome,
    Period,
    Problem,
    RankingRule,
    Reading,
    Rulebook,
    Standard,
    Text,
    lint,
    load,
    load_campaign,
    read_table,
)
from civrules.authoring.documents import loads
from civrules.errors.codes import LINTS
from civrules.errors.lints import EDITIONS, UNUSED
from civrules.measures import Check, Checklist, Event, Findings, Item, Levels, Marks, Shortfall, Tier, Tiers
from civrules.model.given import read_given
from civrules.model.standard import Printed

FAULTS = tuple(path for path in sorted((DOCUMENTS / "lint").glob("*.toml")) if ".near" not in path.name)
NEAR = tuple(sorted((DOCUMENTS / "lint").glob("*.near.toml")))
RECORD = os.environ.get("CIVRULES_RECORD", "") not in {"", "0"}
ROOT = Path(__file__).parent.parent


def read(path: Path) -> Standard | Campaign:
    """The document of either kind."""
    return load_campaign(path) if "\n[campaign]\n" in path.read_text(encoding="utf-8") else load(path)


def name_of(path: Path) -> str:
    """A file's name without its suffix."""
    return path.stem


@pytest.mark.parametrize("path", FAULTS, ids=name_of)
def test_the_fault_is_found_and_nothing_else(path: Path) -> None:
    """A document with one fault is found to have just that, in the words of its golden file, in both languages."""
    found = lint([read(path)])
    said = "".join(f"{problem.say(lang)}\n" for problem in found for lang in ("en", "zh"))
    golden = path.with_suffix(".txt")
    if RECORD:
        golden.write_text(said, encoding="utf-8")

    assert [path.stem] == [problem.code for problem in found]
    assert golden.read_text(encoding="utf-8") == said
    assert {"warning"} == {problem.severity for problem in found}


@pytest.mark.parametrize("path", NEAR, ids=name_of)
def test_the_nearest_sound_document_is_clean(path: Path) -> None:
    """The document that differs in the fault alone has nothing to say of."""
    assert () == lint([read(path)])


def test_every_code_has_a_document_and_its_neighbour() -> None:
    """No code of lint goes without both."""
    stems = {path.stem for path in FAULTS}
    assert (LINTS | {UNUSED}) - set(EDITIONS) == stems
    assert {f"{name}.near" for name in stems} == {path.stem for path in NEAR}


def test_every_code_is_in_the_reference() -> None:
    """docs/lint.md describes every code under its own heading."""
    headings = set(re.findall(r"^### `([\w-]+)`$", (ROOT / "docs/lint.md").read_text("utf-8"), re.MULTILINE))
    assert LINTS | {UNUSED} == headings


def tried(problem: Problem, standard: Standard, folder: Path) -> Evaluation:
    """The evaluation of the input that a problem shows, read as a table."""
    cells = dict(part.split("=", 1) for part in problem.hint.split(", "))
    table = folder / "shown.csv"
    table.write_text(f"community,{','.join(cells)}\nany,{','.join(cells.values())}\n", encoding="utf-8")
    seen = read_table(table, standard).observations["any"]
    return civrules.evaluate(standard, Community("any"), seen)


def only(path: str) -> tuple[Standard, Problem]:
    """The document of a code, and what lint finds in it."""
    standard = load(DOCUMENTS / "lint" / f"{path}.toml")
    (problem,) = lint([standard])
    return standard, problem


class TestShown:
    """What is shown to happen happens when it is fed to the engine as a table."""

    def test_a_score_in_a_printed_gap(self, tmp_path: Path) -> None:
        """The smallest score above 4 in tenths is 4.1, which 4 and 5 leave open."""
        standard, problem = only("printed-gap")
        assert "a=4.1" == problem.hint
        assert "4.1" == str(tried(problem, standard, tmp_path).score)

    def test_a_score_in_two_printed_bands(self, tmp_path: Path) -> None:
        """5 is printed twice."""
        standard, problem = only("printed-overlap")
        assert "5" == str(tried(problem, standard, tmp_path).score)

    def test_a_score_graded_otherwise_than_printed(self, tmp_path: Path) -> None:
        """4 is printed as A and graded B."""
        standard, problem = only("printed-differs")
        assert "B" == tried(problem, standard, tmp_path).grade

    def test_a_score_that_rounding_carries_over_an_end(self, tmp_path: Path) -> None:
        """What is shown is below 6.7 before it is rounded and an A after."""
        standard, problem = only("cut-finer-than-rounding")
        evaluation = tried(problem, standard, tmp_path)
        assert ("7", "A") == (str(evaluation.score), evaluation.grade)
        assert 6.5 <= float(problem.hint.partition("=")[2]) / 10 < 6.7

    def test_deductions_beyond_the_section(self, tmp_path: Path) -> None:
        """Nothing clean and three spots leave the section at -3, and all else may be left out."""
        standard, problem = only("deductions-beyond-section")
        assert "spots:spot=3" == problem.hint
        evaluation = tried(problem, standard, tmp_path)
        assert -3 == sum(one.points or 0 for one in evaluation.lines if one.criterion in ("clean", "spots"))

    def test_a_flag_in_spite_of_a_gate(self, tmp_path: Path) -> None:
        """After the fire that is shown the only one that is ranked is a B by the gate, and has the red flag."""
        standard, problem = only("award-despite-force")
        evaluation = tried(problem, standard, tmp_path)
        issued = civrules.outcomes(standard, [evaluation], on=date(2031, 1, 1)).issued
        assert ("B", ("fire-is-b",)) == (evaluation.grade, evaluation.gates)
        assert [("red", "flag", "any")] == [(one.outcome, one.kind, one.community) for one in issued]

    def test_nothing_applies(self, tmp_path: Path) -> None:
        """With both lines left out the community is not rated."""
        standard, problem = only("all-not-applicable")
        assert "not-rated" == tried(problem, standard, tmp_path).grade


def codes(standard: Standard) -> list[str]:
    """What lint finds beside citations and translations, which small standards of tests lack."""
    found = lint([standard])
    return [
        one.code for one in found if one.code not in ("citation-missing", "translation-missing", "missing-unstated")
    ]


def graded(*parts: Any, ends: tuple[Any, ...] = (6, None), **more: Any) -> Standard:
    """A standard with grades A, B, … of these ends."""
    grades = [Grade(id=name, at_least=end) for name, end in zip("ABCD", ends, strict=False)]
    return sheet(*parts, **{"grades": grades, "not_applicable": "refuse", **more})


def gate(name: str, when: dict[str, Any], **then: str) -> Any:
    """A gate on a condition as documents write it."""
    return a_gate(name, Condition.of(when), **then)


TEN = line("a", Marks(choices=(0, 5, 10)), 10)


class TestConditions:
    """Gates that never fire, by what their conditions ask."""

    @pytest.mark.parametrize(
        "when, never",
        [
            ({"value": "a", "less_than": 0}, True),
            ({"value": "a", "at_least": 5, "less_than": 10}, False),
            ({"value": "a", "more_than": 5, "less_than": 10}, True),
            ({"points": "a", "at_least": "60%", "less_than": "90%"}, True),
            ({"points": "a", "at_most": "50%"}, False),
            ({"section": "all", "more_than": 12}, True),
            ({"worst_in": "all", "less_than": 0}, True),
            ({"figure": "score", "at_least": 8, "less_than": 10}, True),
            ({"figure": "coverage", "at_least": 80}, True),
            ({"figure": "coverage", "at_least": "80%"}, False),
            ({"failed_tag": "key", "at_least": 2}, True),
            ({"failed_tag": "key", "at_least": 1}, False),
            ({"all": [{"points": "a", "at_least": 6}, {"points": "a", "less_than": 5}]}, True),
            ({"any": [{"points": "a", "more_than": 10}, {"failed": "a"}]}, False),
            ({"none": [{"points": "a", "more_than": 10}]}, False),
            ({"none": [{"none": [{"points": "a", "more_than": 10}]}]}, True),
            ({"value": "tidy", "equals": "yes"}, True),
            ({"value": "tidy", "equals": True}, False),
            ({"all": [{"value": "state", "equals": "good"}, {"value": "state", "equals": "bad"}]}, True),
            ({"failed": "hoped"}, True),
            ({"happened": "fire"}, False),
            ({"value": "state", "equals": ["good", "bad"]}, False),
            ({"all": [{"value": "state", "equals": ["good", "bad"]}, {"value": "state", "equals": "good"}]}, False),
            ({"all": [{"attribute": "area", "equals": ["a", "b"]}, {"attribute": "area", "equals": ["c"]}]}, True),
            ({"all": [{"attribute": "area", "equals": ["a", "b"]}, {"attribute": "area", "equals": "b"}]}, False),
            ({"attribute": "kind", "equals": "campus"}, True),
            ({"attribute": "kind", "equals": ["campus", "residential"]}, False),
            ({"attribute": "locality", "equals": "3207"}, False),
            ({"attribute": "locality", "equals": "330000"}, True),
        ],
    )
    def test_whether_it_can_hold(self, when: dict[str, Any], never: bool) -> None:
        """A gate is reported where its condition contradicts itself or asks for what cannot be observed."""
        standard = graded(
            attrs.evolve(TEN, tags=["key"]),
            line("tidy", Check(), 1),
            line("state", Levels(levels={"good": 1, "bad": 0}), 1),
            line("hoped", Check(), strength="should"),
            line("fire", Event()),
            gates=[gate("g", when, grade="B"), gate("named", {"happened": "fire"}, grade="B")],
            ends=(11, None),
        )
        assert never == ("gate-never" in codes(standard))

    def test_zero_of_what_has_no_points(self) -> None:
        """Emptying an event changes nothing."""
        fire = line("fire", Event())
        standard = graded(TEN, fire, gates=[gate("g", {"happened": "fire"}, zero="fire")])
        assert ["gate-without-effect"] == codes(standard)


class TestGrades:
    """Grades that nothing reaches, and what may still reach them."""

    def test_a_number_that_a_community_gives(self) -> None:
        """One guard short takes 2 of 10 points here and 3 there: the grade from 7 up to 8 is reached there."""
        taken = read_given({"by": "size", "lower": {0: 2, 100: 3}})
        short = Shortfall(target=10, per=1, deduct=taken, steps="full")
        standard = graded(attrs.evolve(line("a", short, 10), range=(0, 40), decimals=0), ends=(8, 7, None))
        assert [] == codes(standard)

    def test_requirements_are_reckoned_with(self) -> None:
        """30 is enough for the sum; but a line of 10 is never a section whose worst line is 5."""
        both = [{"worst_in": "all", "at_most": 5}, {"points": "a", "at_least": 10}]
        lines = [line(name, Marks(choices=(0, 5, 10)), 10) for name in "abc"]
        grades = [
            Grade(id="A", at_most=0),
            Grade(id="B", at_most=30, requires=Condition.of({"all": both})),
            Grade(id="C"),
        ]
        standard = sheet(*lines, direction="demerits", not_applicable="refuse", grades=grades)
        assert ["grade-unreached"] == codes(standard)

    def test_a_gate_reaches_a_grade_that_no_score_does(self) -> None:
        """A gate that can fire gives C; one that cannot does not."""
        ends: dict[str, Any] = {"grades": [Grade(id="A", at_least=5), Grade(id="B"), Grade(id="C", gate_only=True)]}
        fires = graded(TEN, line("fire", Event()), gates=[gate("g", {"happened": "fire"}, grade="C")], **ends)
        never = graded(TEN, gates=[gate("g", {"points": "a", "more_than": 10}, grade="C")], **ends)
        assert [] == codes(fires)
        assert ["grade-unreached", "gate-never"] == codes(never)

    def test_what_may_not_apply_is_reckoned_with(self) -> None:
        """With b left out, 5 of 10 is half of 20; with b always there nothing lies between 8 and 12."""
        lines = (line("a", Marks(choices=(0, 5, 10)), 10), line("b", Marks(choices=(0, 5, 10)), 10))
        ends = (12, 11, None)
        assert ["grade-unreached"] == codes(graded(*lines, ends=ends))
        rounded = {"rounding": civrules.Rounding(total=0), "not_applicable": "rescale", "total": 20}
        assert "grade-unreached" in codes(graded(*lines, ends=ends, **rounded))
        assert "grade-unreached" not in codes(
            graded(*lines, line("c", Marks(), 1), ends=ends, **rounded | {"total": 21})
        )

    def test_many_sums_are_told_apart_and_more_are_bounded(self) -> None:
        """Ten marks in ten-thousandths come to a million sums, which are listed; scores between are reached."""
        lines = [line(f"c{number}", Marks(), 9) for number in range(10)]
        assert [] == codes(graded(*lines, ends=("45.0001", "45", None)))


class TestPrinted:
    """Printed bands that may overlap."""

    def test_a_requirement_tells_equal_bands_apart(self) -> None:
        """A and B are both printed from 6 to 10; A asks for more than the score."""
        asks = Condition.of({"attribute": "credentials", "has": "green"})
        both: dict[str, Any] = {"at_least": 6, "printed": Printed(first=6, last=10)}
        grades = [Grade(id="A", requires=asks, **both), Grade(id="B", **both), Grade(id="C")]
        assert [] == codes(graded(TEN, grades=grades))
        plain = [attrs.evolve(grades[0], requires=None, at_least=8), *grades[1:]]
        assert "printed-overlap" in codes(graded(TEN, grades=plain))


class TestIdle:
    """Criteria that change no grade."""

    def test_an_event_that_no_condition_names(self) -> None:
        """It changes neither points nor grade; one that is named does."""
        fire = line("fire", Event())
        assert ["criterion-without-effect"] == codes(graded(TEN, fire))
        assert [] == codes(graded(TEN, fire, gates=[gate("g", {"happened": "fire"}, grade="B")]))

    def test_what_is_shown_only_is_meant_so(self) -> None:
        """An informative line is not reported."""
        assert [] == codes(graded(TEN, line("seen", Check(), strength="informative")))

    def test_a_line_that_may_be_all_that_applies(self) -> None:
        """Where all else can be left out a point decides everything."""
        lines = (TEN, line("b", Check(), 1, not_applicable="refuse"))
        rescaled = {"rounding": civrules.Rounding(total=0), "not_applicable": "rescale"}
        assert [] == codes(graded(*lines, ends=(8, None), **rescaled))
        assert ["criterion-without-effect"] == codes(graded(*lines, ends=(8, None)))


class TestPoints:
    """What of the declared points nothing comes to."""

    @pytest.mark.parametrize(
        "measure, reached",
        [
            (Tiers(tiers=[Tier(at_least=90, points=8)]), False),
            (Tiers(tiers=[Tier(at_least=90, points=10)]), True),
            (Levels(levels={"good": "90%", "bad": 0}), False),
            (Check(at_least="100%"), True),
            (Checklist(items=("law", "map")), True),
            (Findings(items=[Item(id="state", levels={"poor": 3, "bad": 5})]), False),
            (Findings(items=[Item(id="state", levels={"good": 0, "bad": 5})]), True),
        ],
    )
    def test_by_measure(self, measure: Any, reached: bool) -> None:
        """The best that the measure can give decides."""
        assert reached == ("points-unreached" not in codes(graded(line("a", measure, 10), ends=(3, None))))


class TestSilences:
    """A reading's `silences`."""

    FAULTY = graded(
        section("s", line("a", Marks(choices=(0, 8)), 10)), line("b", Marks(choices=(0, 1)), 2), ends=(9, None)
    )

    def silenced(self, at: str | None, *more: str) -> list[str]:
        """What is left of two criteria's faults under a reading at that place."""
        reading = Reading(text=Text(en="so"), at=at, silences=("points-unreached", *more))
        return codes(attrs.evolve(self.FAULTY, readings=(reading,)))

    @pytest.mark.parametrize(
        "at, left", [("a", 1), ("s", 1), ("b", 1), ("all", 1), ("section", 0), ("standard", 0), (None, 0)]
    )
    def test_they_reach_what_lies_at_their_place_or_below(self, at: str | None, left: int) -> None:
        """An id silences its own and what it holds, a table all of its kind, no place or `standard` everything."""
        assert ["points-unreached"] * left == self.silenced(at)

    @pytest.mark.parametrize("at", ["A", "nowhere", "rounding"])
    def test_one_that_silences_nothing_is_reported(self, at: str) -> None:
        """Beside what it failed to silence."""
        assert ["points-unreached", "points-unreached", "silence-unused"] == self.silenced(at)

    def test_each_code_counts_for_itself(self) -> None:
        """One of two codes is of no use."""
        assert ["silence-unused"] == self.silenced(None, "grade-certain")

    def test_a_code_that_lint_does_not_know_is_refused(self) -> None:
        """With the nearest that it does."""
        with pytest.raises(InvalidDocument) as caught:
            attrs.evolve(self.FAULTY, readings=(Reading(text=Text(en="so"), silences="points-unreach"),))
        (problem,) = caught.value.problems
        assert ("unknown-word", "points-unreached") == (problem.code, problem.hint)


class TestEditions:
    """Editions of one standard, looked at together."""

    @pytest.mark.parametrize(
        "last, first, expected",
        [
            ("2030-12-31", "2031-01-01", []),
            ("2030-12-31", "2030-12-31", ["editions-overlap"]),
            ("2030-12-31", "2031-01-02", ["editions-hole"]),
        ],
    )
    def test_seams(self, last: str, first: str, expected: list[str]) -> None:
        """The day after the last must be the first."""
        one = attrs.evolve(graded(TEN), effective=Period.of(f"..{last}"))
        other = attrs.evolve(graded(TEN), version="2", effective=Period.of(f"{first}.."))
        found = [problem for problem in lint([other, one]) if problem.code in EDITIONS]
        assert expected == [problem.code for problem in found]
        assert all("example/sheet@2" == problem.where[0] for problem in found)


class TestStated:
    """What a document states of missing values and of what does not apply."""

    def test_saying_the_default_changes_no_digest(self) -> None:
        """The same meaning is the same digest; that it was said is kept."""
        silent = sheet(TEN, rounding=civrules.Rounding(total=0))
        stated = attrs.evolve(silent, missing="worst", not_applicable="rescale")
        assert silent.digest == stated.digest
        assert ("worst", "rescale") == (silent.when_missing, silent.when_not_applicable)
        again = civrules.authoring.documents.loads(civrules.dump(stated))
        assert (stated, "worst") == (again, again.missing)


def test_an_event_that_an_outcome_names_is_not_idle() -> None:
    """Nothing but an outcome asks whether it happened; a second event, that nothing names, is idle."""
    outcome = Outcome(id="told", title=Text(en="told"), when=Condition(happened="fire"), then=Effect(notice="told"))
    standard = graded(line("lit", Check(), 10), line("fire", Event()), line("flood", Event()), outcomes=[outcome])
    (found,) = [one for one in lint([standard]) if one.code == "criterion-without-effect"]
    assert found.where[-1] == 'criterion "flood"'


class TestCuts:
    """First and last places, where the outcomes ask for more than a place."""

    @pytest.mark.parametrize(
        "first, last, both",
        [(["A"], ["A", "B"], True), (["A"], ["B"], False), (["B"], ["B"], True)],
    )
    def test_who_stands_alone_is_first_and_last(self, first: list[str], last: list[str], both: bool) -> None:
        """With one community both flags hang where one grade is enough for both, and never where none is."""

        def outcome(name: str, cut: dict[str, Any], grades: list[str]) -> Outcome:
            when = Condition.of({"all": [{"rank": "year", **cut}, {"grade": grades}]})
            return Outcome(id=name, title=Text(zh=name, en=name), when=when, then=[Effect(flag=name)])

        outcomes = [outcome("red", {"first": 3}, first), outcome("yellow", {"last": 3}, last)]
        standard = graded(TEN, outcomes=outcomes, rankings=[RankingRule(id="year", ties="in")])
        found = [one.expected for one in lint([standard]) if one.code == "cuts-overlap"]
        assert (["1"] if both else []) == found


class TestTitles:
    """What people read in the place of names."""

    LEVELS = Levels(levels={"good": 1, "bad": 0}, titles={"good": Text(en="In order")})
    BIN = Item(id="bin", levels={"full": 1, "torn": (1, 2)}, titles={"torn": Text(zh="破损", en="Torn")})
    STANDARD = sheet(
        line("state", LEVELS, 1), line("waste", Findings(items=[BIN]), 2), not_applicable="refuse",
        grades=[Grade(id="A", at_least=2, requires=Condition.of({"value": "state", "equals": "good"})), Grade(id="B")],
    )  # fmt: skip

    def test_titles_stand_in_explanations(self) -> None:
        """A level is called by its title, with the amount that was settled, in conditions too; else by its name."""
        seen = {"state": "bad", "waste": {"bin": "torn=1.5"}}
        explained = civrules.evaluate(self.STANDARD, Community("c"), seen).explain("en")

        assert {"state: 0 of 1 (bad; fail)", "waste: 0.5 of 2 (bin Torn 1.5; partial)"} <= set(explained.lines)
        assert '"state" is "In order"' in str(explained.why_not_higher)
        better = civrules.evaluate(self.STANDARD, Community("c"), {**seen, "state": "good"}).explain("en")
        assert "state: 1 of 1 (In order; pass)" in better.lines

    def test_titles_need_both_languages(self) -> None:
        """A title of a level, a step or a post is a text like any other."""
        places = {problem.where[-2:] for problem in lint([self.STANDARD]) if problem.code == "translation-missing"}
        assert ("titles", "good") in places
        assert ("titles", "torn") not in places


class TestCompany:
    """A campaign and the standard that it uses."""

    HEAD = 'version = "1"\ntitle = { zh = "示例", en = "Example" }\nkinds = ["residential"]\n'
    STANDARD = (
        f'[standard]\nid = "c/check"\n{HEAD}source = {{ document = "Rules" }}\nmissing = "worst"\n'
        'not_applicable = "refuse"\n[[body]]\nid = "idle"\ntitle = { zh = "甲", en = "A" }\n'
        '[[set]]\nid = "ones"\ntitle = { zh = "两个一", en = "Two ones" }\ndeclared = 2\nmembers = ["a"]\n'
        '[[section]]\nid = "all"\ntitle = { zh = "全部", en = "All" }\nsource = { clause = "1" }\n'
        '[[section.criterion]]\nid = "lit"\ntitle = { zh = "灯", en = "Lit" }\npoints = 1\n'
        'measure = { kind = "check" }\n'
    )
    CAMPAIGN = f'[campaign]\nid = "c/plan"\n{HEAD}source = {{ document = "Plan" }}\nuses = ["c/check"]\n'
    SILENCE = '[[reading]]\nsilences = ["body-without-task"]\ntext = { zh = "无", en = "It has none." }\n'

    def found(self, folder: Path, *, campaign: str = CAMPAIGN, together: bool = True) -> list[tuple[str, str]]:
        """Code and document of all that lint finds."""
        (folder / "check.toml").write_text(self.STANDARD, encoding="utf-8")
        (folder / "plan.toml").write_text(campaign, encoding="utf-8")
        standard = load(folder / "check.toml")
        plan = Rulebook([standard]).load_campaign(folder / "plan.toml")
        return [(one.code, str(one.where[0])) for one in lint([standard, plan] if together else [plan])]

    def test_what_is_used_is_looked_at_where_it_stands(self, tmp_path: Path) -> None:
        """The set is the standard's to mend; whether its body has a task the campaign is asked."""
        assert [("set-size", "c/check@1"), ("body-without-task", "c/plan@1")] == self.found(tmp_path)

    def test_what_cannot_be_asked_alone_is_silenced_for_company(self, tmp_path: Path) -> None:
        """The silence holds where both are linted, and is not called unused where the campaign stands alone."""
        campaign = self.CAMPAIGN + self.SILENCE
        assert [("set-size", "c/check@1")] == self.found(tmp_path, campaign=campaign)
        assert [] == self.found(tmp_path, campaign=campaign, together=False)

    def test_a_parameter_may_be_for_others(self, tmp_path: Path) -> None:
        """What only the campaign uses is unused where the standard stands alone; its silence is never unused."""
        idle = '[[parameter]]\nid = "{}"\ntitle = {{ zh = "间隔", en = "Interval" }}\ndefault = "1 week"\n'
        silence = (
            '[[reading]]\nat = "{}"\nsilences = "parameter-unused"\ntext = {{ zh = "另用", en = "For others." }}\n'
        )
        task = (
            '[[task]]\nid = "look"\ntitle = { zh = "看", en = "Look" }\nfirst = "03"\nlast = "11"\n'
            'source = { clause = "1" }\n'
            'cadence = { per = { parameter = "often" } }\nresponsible = { lead = "idle" }\n'
        )
        texts = {
            "check.toml": self.STANDARD.replace("declared = 2", "declared = 1")
            + idle.format("often")
            + idle.format("never"),
            "plan.toml": self.CAMPAIGN + task,
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        standard = load(tmp_path / "check.toml")
        silenced = loads(texts["check.toml"] + silence.format("often") + silence.format("never"))
        plan = Rulebook([standard]).load_campaign(tmp_path / "plan.toml")

        assert ["often", "never"] == [one.value for one in lint([standard])]
        assert ["never"] == [one.value for one in lint([standard, plan])]
        assert () == lint([silenced]) == lint([silenced, plan])


def test_every_installed_document_lints_clean() -> None:
    """Ours lint clean, or carry their reasons."""
    book = Rulebook.installed()
    assert () == lint([*book.standards(), *book.campaigns()])
