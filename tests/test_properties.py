"""What holds for every standard and everything that can be seen of a community, and a second evaluator that agrees."""

import decimal
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import naive
import print_results
import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st
from strategies import Case, cases, cases_of, changes, documents, standards

from civrules import (
    Community,
    Criterion,
    Evaluation,
    InvalidInput,
    NotApplicable,
    Observation,
    Program,
    Section,
    Standard,
    dump,
    evaluate,
    load,
    rank,
)

DEEP = os.environ.get("CIVRULES_HYPOTHESIS_PROFILE") == "deep"
slow_to_draw = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)


def evaluated(case: Case) -> Evaluation:
    """What the engine makes of the case; an example that a policy refuses is passed over."""
    try:
        return evaluate(case.standard, case.community, case.observations, on=case.on, period=case.period)
    except InvalidInput as error:
        if {problem.code for problem in error.problems} <= {"missing-refused", "not-applicable-refused"}:
            reject()
        raise


def favour(standard: Standard, score: Decimal | Fraction) -> Fraction:
    """The score turned so that more is better."""
    return Fraction(score) * (-1 if standard.direction == "demerits" else 1)


def place(standard: Standard, grade: str | None) -> int:
    """Where the grade stands in the document, 0 the best; -1 for none, not-rated and withheld."""
    ids = [one.id for one in standard.grades]
    return ids.index(grade) if grade in ids else -1


def criterion_lines(evaluation: Evaluation) -> dict[str, Any]:
    """The criteria's lines by id."""
    return {line.criterion: line for line in evaluation.lines if line.criterion is not None}


def close(shown: Decimal | None, exact: Fraction | None, standard: Standard) -> bool:
    """Equal; or, where a fraction is carried on to the total, shown to within half of the total's last decimal."""
    if shown is None or exact is None:
        return shown is None and exact is None
    if Fraction(shown) == exact:
        return True
    carried = "exact" in (standard.rounding.criterion, standard.rounding.section) or not naive.ends_in_decimals(exact)
    return carried and abs(Fraction(shown) - exact) <= Fraction(1, 2 * 10 ** (standard.rounding.total or 0))


class TestNaive:
    """Two evaluators that share nothing but the model and the design say the same."""

    @settings(slow_to_draw, max_examples=20_000 if DEEP else 1_000)
    @given(cases())
    def test_engine_equals_naive(self, case: Case) -> None:
        """Score, maximum, grade before and after gates, coverage, gates, points and results agree, and refusals do."""
        try:
            expected = naive.evaluate(case.standard, case.community, case.observations, case.on, case.period)
        except naive.Refused:
            with pytest.raises(InvalidInput):
                evaluate(case.standard, case.community, case.observations, on=case.on, period=case.period)
            return
        actual = evaluate(case.standard, case.community, case.observations, on=case.on, period=case.period)
        lines = criterion_lines(actual)

        assert (expected.score, expected.grade, expected.grade_before_gates) == (
            actual.score,
            actual.grade,
            actual.grade_before_gates,
        )
        assert (expected.coverage, expected.gates) == (actual.coverage, actual.gates)
        assert expected.results == {name: line.result for name, line in lines.items()}
        assert all(close(lines[name].points, points, case.standard) for name, points in expected.points.items())
        assert close(actual.maximum, expected.maximum, case.standard)

    @settings(slow_to_draw, max_examples=4_000 if DEEP else 150)
    @given(cases(gaps=True))
    def test_bounds_hold_every_completion(self, case: Case) -> None:
        """Every completion of what is missing lies within the bounds, and exact ends are both reached."""
        bounds = evaluated(case).bounds
        ends = naive.bounds(case.standard, case.community, case.observations, case.on, case.period)
        assume(ends is not None)
        assert ends is not None
        if bounds is None:
            assert ends.low is None
            return
        assert (
            bounds.low is None
            or ends.low is None
            or favour(case.standard, bounds.low) <= favour(case.standard, ends.low)
        )
        assert (
            bounds.high is None
            or ends.high is None
            or favour(case.standard, ends.high) <= favour(case.standard, bounds.high)
        )
        assert place(case.standard, bounds.grade_high) <= place(case.standard, ends.grade_high)
        assert place(case.standard, ends.grade_low) <= place(case.standard, bounds.grade_low)
        if bounds.exact:
            assert (bounds.low, bounds.high) in ((ends.low, ends.high), (None, ends.high))
            assert (bounds.grade_low, bounds.grade_high) == (ends.grade_low, ends.grade_high)


class TestLines:
    """What a reader sees adds up: every step that changes a figure is a line."""

    @settings(slow_to_draw)
    @given(cases())
    def test_points_lie_within_what_the_criterion_gives(self, case: Case) -> None:
        """No line gives less than its least points or more than its points."""
        for name, line in criterion_lines(evaluated(case)).items():
            criterion = case.standard.criteria[name]
            if line.points is not None:
                assert line.points >= criterion.least
                assert criterion.points is None or line.points <= criterion.points

    @settings(slow_to_draw, max_examples=5_000 if DEEP else 150)
    @given(cases())
    def test_lines_add_up_to_the_score(self, case: Case) -> None:
        """The points of all lines, criteria and steps, sum exactly to the score."""
        evaluation = evaluated(case)
        assume(evaluation.score is not None)
        assert evaluation.score is not None
        assert Fraction(evaluation.score) == sum(
            Fraction(line.points) for line in evaluation.lines if line.points is not None
        )


class TestOrder:
    """Nothing depends on the order in which things were written down or handed in."""

    @settings(slow_to_draw)
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_observations(self, case: Case, random: Any) -> None:
        """Observations in another order give the same figures, lines and bounds."""
        shuffled = random.sample(case.observations, len(case.observations))
        assert figures(evaluated(attrs.evolve(case, observations=tuple(shuffled)))) == figures(evaluated(case))

    @settings(slow_to_draw)
    @given(cases(), st.randoms(use_true_random=False))
    def test_order_of_the_sheet(self, case: Case, random: Any) -> None:
        """Sections, and criteria within a section, in another order give the same figures, lines and bounds."""
        sections = [
            attrs.evolve(section, children=random.sample(section.children, len(section.children)))
            for section in case.standard.sections
        ]
        standard = attrs.evolve(case.standard, sections=random.sample(sections, len(sections)))
        assert figures(evaluated(attrs.evolve(case, standard=standard))) == figures(evaluated(case))


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that an evaluation says but for the order of its lines, and for which of two equal looks was taken."""
    names = ("score", "maximum", "grade", "grade_before_gates", "coverage", "gates", "bounds")
    lines = {
        (line.criterion, line.section, line.step): (line.points, line.possible, line.result, line.reason)
        for line in evaluation.lines
    }
    return {"lines": lines} | {name: getattr(evaluation, name) for name in names}


RESULTS = {"fail": 0, "partial": 1, "pass": 2}


class TestChanges:
    """One thing changes, and what follows from it."""

    @settings(slow_to_draw, max_examples=4_000 if DEEP else 150)
    @given(changes(monotone=True))
    def test_improving_one_observation_never_lowers_anything(self, change: tuple[Case, Case, str]) -> None:
        """Better points or a better result on one line never lower score or grade (in demerits raise the score)."""
        before, after, name = change
        standard = before.standard
        was, became = criterion_lines(evaluated(before))[name], criterion_lines(evaluated(after))[name]
        steps = [(favour(standard, line.points or Decimal(0)), RESULTS.get(line.result, 2)) for line in (was, became)]
        if steps[0][0] > steps[1][0] and steps[0][1] >= steps[1][1]:
            before, after = after, before
        else:
            assume(steps[0][0] <= steps[1][0] and steps[0][1] <= steps[1][1])
        worse, better = evaluated(before), evaluated(after)

        assert (worse.score is None) == (better.score is None)
        if worse.score is not None and better.score is not None:
            assert favour(standard, worse.score) <= favour(standard, better.score)
        assert place(standard, better.grade) <= place(standard, worse.grade)

    @settings(slow_to_draw)
    @given(changes())
    def test_changing_one_observation_changes_its_own_line_only(self, change: tuple[Case, Case, str]) -> None:
        """Another value for one criterion leaves every other criterion's line and every other section's steps alone."""
        before, after, name = change
        section = next(one.id for one in before.standard.sections if name in [line.id for line in one.children])
        lines = [
            [
                line
                for line in evaluated(case).lines
                if line.section and line.criterion != name and (line.criterion or line.section != section)
            ]
            for case in (before, after)
        ]
        assert lines[0] == lines[1]

    @settings(slow_to_draw)
    @given(cases(whole=True), st.data())
    def test_what_does_not_apply_leaves_the_denominator_only(self, case: Case, data: st.DataObject) -> None:
        """A line that does not apply under rescale gives the score of the same sheet without that line."""
        standard = attrs.evolve(
            case.standard, gates=(), grades=[attrs.evolve(grade, requires=None) for grade in case.standard.grades]
        )
        assume(standard.direction == "merits" and standard.rounding.total is not None)
        pool = [one for section, one in naive.sections_of(standard) if may_leave(standard, section, one)]
        assume(pool)
        line = data.draw(st.sampled_from(pool))
        others = tuple(look for look in case.observations if look.criterion != line.id)
        case = attrs.evolve(
            case, standard=standard, observations=(*others, Observation(line.id, NotApplicable("there is none")))
        )
        smaller = attrs.evolve(case, standard=without(standard, line), observations=others)
        full, left = evaluated(case), evaluated(smaller)

        assert (full.score, full.grade, full.coverage) == (left.score, left.grade, left.coverage)
        lines = criterion_lines(full)
        assert lines.pop(line.id).result == "not-applicable"
        assert lines == criterion_lines(left)


def may_leave(standard: Standard, section: Section, line: Criterion) -> bool:
    """Whether the line may not apply, and the sheet without it can be written down."""
    rescaled = (line.not_applicable or standard.when_not_applicable) == "rescale"
    others = sum((Fraction(one.points or 0) for one in standard.criteria.values()), start=Fraction(0)) - Fraction(
        line.points or 0
    )
    return line.measure.kind != "event" and bool(line.points) and rescaled and section.scale_to is None and others > 0


def without(standard: Standard, line: Criterion) -> Standard:
    """The sheet without the line, brought to the same total."""
    sections = [
        attrs.evolve(section, children=[one for one in section.children if one != line])
        for section in standard.sections
    ]
    total = standard.total if standard.total is not None else standard.full
    return attrs.evolve(standard, sections=[one for one in sections if one.children], total=total, scale=True)


class TestBounds:
    """The least and the most favourable ends that the missing values could still give."""

    @settings(slow_to_draw, max_examples=4_000 if DEEP else 150)
    @given(cases(gaps=True), st.data())
    def test_filling_in_one_value_never_widens_them(self, case: Case, data: st.DataObject) -> None:
        """With one missing value observed, score and grade ends lie within those from before."""
        before = evaluated(case)
        missing = [
            criterion.id
            for section, criterion in naive.sections_of(case.standard)
            if criterion_lines(before)[criterion.id].reason == "no-observation"
            and not naive.only_when_it_happens(section, criterion)
        ]
        assume(missing and before.bounds is not None)
        name = data.draw(st.sampled_from(missing))
        value = data.draw(st.sampled_from(naive.values_of(case.standard.criteria[name])))
        after = evaluated(attrs.evolve(case, observations=(*case.observations, Observation(name, value))))
        standard, old, new = case.standard, before.bounds, after.bounds
        assert old is not None
        assert new is not None

        if old.low is not None:
            assert new.low is not None
            assert favour(standard, old.low) <= favour(standard, new.low)
        if old.high is not None:
            assert new.high is not None
            assert favour(standard, new.high) <= favour(standard, old.high)
        assert place(standard, old.grade_high) <= place(standard, new.grade_high)
        assert place(standard, new.grade_low) <= place(standard, old.grade_low)

    @settings(slow_to_draw)
    @given(cases(gaps=True, monotone=True))
    def test_the_score_is_the_low_end_under_worst(self, case: Case) -> None:
        """What is missing standing at its worst, under monotone gates, score and grade are the low end, exactly."""
        evaluation = evaluated(case)
        assume(evaluation.score is not None and evaluation.bounds is not None)
        assert evaluation.bounds is not None
        assert (evaluation.score, evaluation.grade, True) == (
            evaluation.bounds.low,
            evaluation.bounds.grade_low,
            evaluation.bounds.exact,
        )

    @settings(slow_to_draw)
    @given(cases(whole=True))
    def test_nothing_missing_leaves_nothing_open(self, case: Case) -> None:
        """With everything observed both ends are the score and the grade."""
        evaluation = evaluated(case)
        bounds = evaluation.bounds
        if bounds is None:
            assert evaluation.score is None
        else:
            ends = (bounds.low, bounds.high, bounds.grade_low, bounds.grade_high, bounds.exact)
            assert ends == (evaluation.score, evaluation.score, evaluation.grade, evaluation.grade, True)


class TestValues:
    """Everything that a host stores compares, hashes, pickles, and is written and read without loss."""

    @settings(slow_to_draw)
    @given(standard=documents())
    def test_dump_and_load_is_the_identity(self, standard: Standard, tmp_path_factory: pytest.TempPathFactory) -> None:
        """A standard written as a document and read again is equal, with the same digest, and is written the same."""
        file = tmp_path_factory.getbasetemp() / "standard.toml"
        file.write_text(dump(standard), encoding="utf-8")
        again = load(file)
        assert standard == again
        assert (standard.digest, hash(standard), dump(standard)) == (again.digest, hash(again), dump(again))

    @settings(slow_to_draw)
    @given(cases())
    def test_pickled_values_are_equal_and_hash_alike(self, case: Case) -> None:
        """A standard, its program, observations and an evaluation come back from a pickle as they went."""
        evaluation = evaluated(case)
        for value in (
            case.standard,
            Program(case.standard),
            case.community,
            case.observations,
            evaluation,
            evaluation.lines,
        ):
            again = pickle.loads(pickle.dumps(value))
            assert value == again
            assert hash(value) == hash(again)
        assert print_results.text_of(evaluation) == print_results.text_of(pickle.loads(pickle.dumps(evaluation)))

    @settings(slow_to_draw)
    @given(standards())
    def test_standards_and_programs_are_equal_by_value(self, standard: Standard) -> None:
        """A standard made again from its parts is equal and has an equal program; another version has neither."""
        again = attrs.evolve(standard, sections=[attrs.evolve(section) for section in standard.sections])
        other = attrs.evolve(standard, version="2")
        assert (standard, hash(standard), standard.digest) == (again, hash(again), again.digest)
        assert (Program(standard), hash(Program(standard))) == (Program(again), hash(Program(again)))
        assert standard != other
        assert standard.digest != other.digest
        assert Program(standard) != Program(other)

    @settings(slow_to_draw)
    @given(cases())
    def test_a_program_remembers_nothing(self, case: Case) -> None:
        """A program that has evaluated something else before says the same as a fresh one."""
        fresh = evaluated(case)
        program = Program(case.standard)
        if can_be_empty(case.standard):
            program.evaluate(case.community, {}, on=case.on, period=case.period)
        program.evaluate(case.community, case.observations, on=case.on, period=case.period)
        used = program.evaluate(case.community, case.observations, on=case.on, period=case.period)
        assert fresh == used
        assert print_results.text_of(fresh) == print_results.text_of(used)


def can_be_empty(standard: Standard) -> bool:
    """Whether nothing must be observed."""
    rules = {
        standard.when_missing,
        *(one.missing for one in standard.sections),
        *(one.missing for one in standard.criteria.values()),
    }
    return "refuse" not in rules


@st.composite
def rated(draw: st.DrawFn) -> tuple[Standard, list[Evaluation]]:
    """Evaluations of up to six communities against one standard."""
    standard = draw(standards())
    found = []
    for number in range(draw(st.integers(1, 6))):
        case = draw(cases_of(standard))
        community = Community(f"compound-{number}", attributes={"street": draw(st.sampled_from(("east", "west")))})
        try:
            found.append(evaluate(standard, community, case.observations, on=case.on, period=case.period))
        except InvalidInput:
            continue
    return standard, found


class TestRanking:
    """Competition ranks in the standard's direction; what stays tied shares the better place."""

    @settings(slow_to_draw)
    @given(rated(), st.randoms(use_true_random=False))
    def test_places_count_those_who_are_better(self, drawn: tuple[Standard, list[Evaluation]], random: Any) -> None:
        """A place is one more than how many have a better score, from the end likewise, in whatever order handed in."""
        standard, evaluations = drawn
        ranking = rank(random.sample(evaluations, len(evaluations)))
        scores = [favour(standard, one.score) for one in evaluations if one.score is not None]
        expected = {
            one.community.id: (
                1 + sum(other > favour(standard, one.score) for other in scores),
                1 + sum(other < favour(standard, one.score) for other in scores),
            )
            for one in evaluations
            if one.score is not None
        }
        assert expected == {one.evaluation.community.id: (one.place, one.from_last) for one in ranking.ranked}
        assert [one.place for one in ranking.ranked] == sorted(one.place for one in ranking.ranked)
        assert {one.community.id for one in evaluations if one.score is None} == {
            one.community.id for one, _ in ranking.apart
        }
        assert ranking == rank(evaluations) or len(ranking.apart) > 1

    @settings(slow_to_draw)
    @given(rated())
    def test_a_broken_tie_keeps_the_order_of_scores(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """With the community's id as the last order no place is shared, and no one passes a better score."""
        _, evaluations = drawn
        shared = {one.evaluation.community.id: one.place for one in rank(evaluations).ranked}
        broken = rank(evaluations, by=("score", "community")).ranked
        assert [one.place for one in broken] == list(range(1, len(broken) + 1))
        assert [shared[one.evaluation.community.id] for one in broken] == sorted(shared.values())

    @settings(slow_to_draw)
    @given(rated())
    def test_groups_are_ranked_for_themselves(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """Within an attribute everyone has the place that a ranking of its own group gives."""
        _, evaluations = drawn
        places = {
            one.evaluation.community.id: (one.place, one.from_last) for one in rank(evaluations, within="street").ranked
        }
        for street in ("east", "west"):
            group = [one for one in evaluations if one.community.attributes["street"] == street]
            assert {
                one.evaluation.community.id: (one.place, one.from_last) for one in rank(group).ranked
            }.items() <= places.items()


class TestHost:
    """No result depends on the host: its decimal context, locale, hash seed or time zone."""

    @settings(slow_to_draw)
    @given(cases())
    def test_decimal_context(self, case: Case) -> None:
        """With three digits, rounding up and every signal a trap, documents and evaluations say what they say else."""
        call = (case.standard, case.community, case.observations, case.on, case.period)
        document, words = dump(case.standard), print_results.answer(call)
        with decimal.localcontext(prec=3, rounding=decimal.ROUND_UP) as context:
            for signal in context.traps:
                context.traps[signal] = True
            again = attrs.evolve(case.standard, sections=[attrs.evolve(one) for one in case.standard.sections])
            assert dump(again) == document
            assert again.digest == case.standard.digest
            assert print_results.answer((again, *call[1:])) == words

    @settings(slow_to_draw)
    @given(rated())
    def test_decimal_context_of_a_ranking(self, drawn: tuple[Standard, list[Evaluation]]) -> None:
        """Ranks are the same under that context."""
        _, evaluations = drawn
        expected = rank(evaluations)
        with decimal.localcontext(prec=1, rounding=decimal.ROUND_UP) as context:
            for signal in context.traps:
                context.traps[signal] = True
            assert expected == rank(evaluations)

    def test_hash_seed_locale_and_time_zone(self, tmp_path: Path) -> None:
        """Other processes with other hash seeds, locales and time zones print the very same."""
        calls = drawn_calls(300 if DEEP else 60)
        file = tmp_path / "calls.pickle"
        file.write_bytes(pickle.dumps(calls))
        printed = [printed_by(file, *host) for host in HOSTS]
        assert len(set(printed)) == 1
        assert len(printed[0].splitlines()) == len(calls)


HOSTS = (("0", "C", "UTC"), ("1", "de_DE.UTF-8", "Asia/Shanghai"), ("random", "tr_TR.UTF-8", "America/St_Johns"))


def printed_by(file: Path, seed: str, language: str, zone: str) -> str:
    """What a process on that host prints for the calls of the file."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "TZ": zone}
    command = [sys.executable, str(Path(print_results.__file__)), str(file)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def drawn_calls(count: int) -> list[print_results.Call]:
    """So many calls, drawn as for a test."""
    calls: list[print_results.Call] = []

    @settings(slow_to_draw, max_examples=count, database=None, phases=[Phase.generate])
    @given(cases())
    def collect(case: Case) -> None:
        calls.append((case.standard, case.community, case.observations, case.on, case.period))

    collect()
    return calls
