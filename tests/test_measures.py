"""Kinds of measure that a plugin brings: as good as built in, and harmless where they fail."""

import pickle
import types
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import civrules
from civrules import (
    Community,
    InvalidDocument,
    InvalidInput,
    MeasuresPlugin,
    Observation,
    Problem,
    Rulebook,
    Standard,
    StandardsPlugin,
    hookimpl,
)


@attrs.frozen(kw_only=True)
class Quiz:
    """So many of a class's answers right: points in proportion, half of them below `least_right`."""

    kind: ClassVar[str] = "quiz"
    version: ClassVar[str] = "2"
    rising: ClassVar[int] = 1

    questions: int
    least_right: int = 0

    def read(self, value: Any, /) -> Any:
        """The answers that were right."""
        if value == "crash":
            raise RuntimeError("no paper")
        if not isinstance(value, Decimal) or value % 1 or not 0 <= value <= self.questions:
            raise InvalidInput(Problem("out-of-range", (), value, f"0 … {self.questions}"))
        return int(value)

    def points(self, read: int, possible: Decimal | None, /) -> Fraction:
        """In proportion; half of that for too few."""
        share = Fraction(possible or 0) * read / self.questions
        return share if read >= self.least_right else share / 2

    def reach(self, possible: Decimal | None, /) -> tuple[Fraction, Fraction]:
        """Nothing, or all."""
        return Fraction(0), Fraction(possible or 0)

    def figure(self, read: int, /) -> int:
        """The answers that were right."""
        return read

    def say(self, read: int, lang: str, /) -> str:
        """How many of how many."""
        return f"{read}/{self.questions}题" if lang == "zh" else f"{read} of {self.questions} right"


DOCUMENT = """
[standard]
id = "school/quiz"
version = "1"
title = { en = "Quiz", zh = "测验" }
kinds = ["campus"]
source = { document = "made up" }
[rounding]
criterion = 2
total = 1

[[section]]
id = "all"
title = { en = "All", zh = "全部" }

  [[section.criterion]]
  id = "answers"
  title = { en = "Answers", zh = "答题" }
  points = 10
  measure = { kind = "quiz", questions = 30, least_right = 12 }

  [[section.criterion]]
  id = "board"
  title = { en = "Board", zh = "展板" }
  points = 2
  measure = { kind = "check" }

[[grade]]
id = "A"
at_least = 8
[[grade]]
id = "B"

[[gate]]
id = "too-few"
title = { en = "Too few right", zh = "答对过少" }
when = { value = "answers", less_than = 15 }
then = { grade_at_most = "B" }
"""


class School:
    """A plugin of a measure and of the standard that uses it; mypy checks it against both protocols."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "quiz.toml").write_text(DOCUMENT, encoding="utf-8")

    @hookimpl
    def civrules_standards(self) -> list[civrules.Documents | Standard]:
        """The folder."""
        return [civrules.Documents(self.folder)]

    @hookimpl
    def civrules_measures(self) -> list[type[civrules.Measure]]:
        """The quiz."""
        return [Quiz]


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    """A book of the school's plugin."""
    plugin = School(tmp_path)
    typed: tuple[StandardsPlugin, MeasuresPlugin] = (plugin, plugin)
    return Rulebook(typed[:1])


PUPILS = Community("class-3", kind="campus")


def of(book: Rulebook, answers: Any, board: bool = True) -> civrules.Evaluation:
    """The evaluation of so many right answers."""
    return book.evaluate("school/quiz", PUPILS, [Observation("answers", answers), Observation("board", board)])


class TestLikeBuiltIn:
    """A plugin's measure works everywhere that a built-in one does."""

    def test_it_scores_rounds_and_answers_conditions(self, book: Rulebook) -> None:
        """10 · 20/30 is 6.67, with the board 8.67, shown 8.7; 14 right are under the gate's 15: 4.67 + 2 = 6.7."""
        assert (of(book, 20).score, of(book, 20).grade) == (Decimal("8.7"), "A")
        assert (of(book, 14).score, of(book, 14).gates) == (Decimal("6.7"), ("too-few",))

    def test_its_own_fields_count(self, book: Rulebook) -> None:
        """6 right are below the 12 that are asked: 10 · 6/30 / 2 = 1."""
        assert of(book, 6).lines[0].points == Decimal(1)

    def test_it_says_what_was_seen_in_both_languages(self, book: Rulebook) -> None:
        """The explanation has the measure's own words, in both languages."""
        assert "20 of 30 right" in str(of(book, 20).explain("en"))
        assert "20/30题" in str(of(book, 20).explain("zh"))

    def test_bounds_use_its_reach(self, book: Rulebook) -> None:
        """Without answers, which give 0 to 10, and with the board's 2, the ends are 2 and 12."""
        evaluation = book.evaluate("school/quiz", PUPILS, {"board": True})
        assert evaluation.bounds is not None
        assert (evaluation.bounds.low, evaluation.bounds.high) == (Decimal(2), Decimal(12))

    def test_a_record_replays_and_reads_back(self, book: Rulebook) -> None:
        """A record replays without a difference and reads back equal."""
        record = of(book, 20).to_json()
        assert book.replay(record) == ()
        assert civrules.Evaluation.from_json(record, book.standard("school/quiz")) == of(book, 20)

    def test_it_is_dumped_by_its_fields_and_pickles(self, book: Rulebook, tmp_path: Path) -> None:
        """It is written by its own fields, read again by the book, and pickles."""
        standard = book.standard("school/quiz")
        path = tmp_path / "again.toml"
        path.write_text(civrules.dump(standard), encoding="utf-8")
        assert book.load(path) == standard == pickle.loads(pickle.dumps(standard))
        with pytest.raises(InvalidDocument, match='"quiz" is not known'):
            civrules.load(path)

    def test_the_inner_loop_names_it(self, book: Rulebook) -> None:
        """Without a formula of its own the inner loop refuses it by name."""
        with pytest.raises(InvalidInput, match="quiz"):
            book.program("school/quiz").score([20, 1])

    def test_the_digest_covers_who_supplies_it(self, tmp_path: Path) -> None:
        """The same document with another version of the measure has another digest."""
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        newer = type("Newer", (Quiz,), {"version": "3"})

        class Later(School):
            """The same with a later measure."""

            @hookimpl
            def civrules_measures(self) -> list[type[civrules.Measure]]:
                """The later quiz."""
                return [attrs.frozen(newer)]

        first, second = (
            Rulebook([plugin]).standard("school/quiz") for plugin in (School(tmp_path / "one"), Later(tmp_path / "two"))
        )
        assert first.digest != second.digest


class TestHarmless:
    """What goes wrong in a plugin's measure stays in its line."""

    def test_a_measure_that_raises_gives_error_and_counts_as_missing(self, book: Rulebook) -> None:
        """The line's result is error, it stands at its worst and out of coverage, and a note says what was raised."""
        evaluation = of(book, "crash")
        assert (evaluation.lines[0].result, evaluation.lines[0].points) == ("error", Decimal(0))
        assert evaluation.coverage == Decimal("0.1666")
        assert [(note.code, note.where, note.value) for note in evaluation.notes] == [
            ("measure-raised", ("answers",), "RuntimeError: no paper")
        ]
        assert "its measure failed" in str(evaluation.explain("en"))

    def test_what_it_refuses_is_the_call_s_problem(self, book: Rulebook) -> None:
        """31 of 30 answers are refused with the criterion's name, as a built-in measure refuses."""
        with pytest.raises(InvalidInput, match="answers"):
            of(book, 31)

    def test_points_beyond_its_own_reach_and_floats_are_errors(self) -> None:
        """Points outside its own reach, and points as a float, are errors of the line."""
        for points in (lambda *_: Fraction(11), lambda *_: 0.5):
            bad = attrs.frozen(type("Bad", (Quiz,), {"points": points}))
            standard = attrs.evolve(
                civrules.Criterion(id="c", title=civrules.Text(en="c"), points=10, measure=bad(questions=3))
            )
            sheet = Standard(
                id="a/b", version="1", title=civrules.Text(en="s"), kinds=["campus"],
                source=civrules.Source(document="d"), rounding=civrules.Rounding(criterion=1, total=1),
                sections=[civrules.Section(id="s", title=civrules.Text(en="s"), children=[standard])],
            )  # fmt: skip
            assert civrules.evaluate(sheet, PUPILS, {"c": 2}).lines[0].result == "error"

    def test_two_plugins_with_one_kind_and_a_built_in_name_are_problems(self) -> None:
        """A kind that two plugins supply, or that is built in, is one problem that names the places."""
        check = attrs.frozen(type("Mine", (Quiz,), {"kind": "check"}))
        plugins = [_module("one", [Quiz]), _module("two", [Quiz]), _module("three", [check])]
        problems = Rulebook(plugins).problems
        assert [(one.code, one.value, one.expected) for one in problems] == [
            ("duplicate-measure", "quiz", "one, two"),
            ("duplicate-measure", "check", "civrules, three"),
        ]

    def test_one_kind_in_many_books_keeps_to_its_own(self, tmp_path: Path) -> None:
        """Books made and used in many threads, each with a measure of one name: every answer is its own book's."""

        def score(number: int) -> Decimal | None:
            quiz = attrs.frozen(type("Quiz", (Quiz,), {"points": lambda *_: Fraction(number)}))
            folder = tmp_path / str(number)
            folder.mkdir()
            school = School(folder)
            school.civrules_measures = hookimpl(lambda: [quiz])  # type: ignore[method-assign]  # its own kind
            return of(Rulebook([school]), 20).lines[0].points

        with ThreadPoolExecutor(8) as pool:
            assert list(map(Decimal, range(1, 11))) == list(pool.map(score, range(1, 11)))

    def test_a_figure_reads_the_same_however_it_was_written(self, book: Rulebook) -> None:
        """20 as a number, as a float and as a table's text are one figure, as they are in a record."""
        assert of(book, 20) == of(book, 20.0) == of(book, "20")

    @pytest.mark.parametrize(
        "wrong, said",
        [
            (5, "a class"),
            (int, "kind, read, points, reach, say"),
            (type("Plain", (), dict.fromkeys(("kind", "read", "points", "reach", "say"), "x")), "@attrs.frozen"),
        ],
    )
    def test_what_is_no_measure_is_said_by_what_it_lacks(self, wrong: object, said: str) -> None:
        """What a hook returns and is no measure is a problem that says what it lacks."""
        (problem,) = Rulebook([_module("broken", [wrong])]).problems
        assert (problem.code, problem.where[0]) == ("not-a-measure", "broken")
        assert problem.expected.startswith(said.split(",", maxsplit=1)[0])

    def test_a_value_that_is_no_measure_is_refused_in_python(self) -> None:
        """A criterion with a measure that is none is refused with what it lacks."""
        with pytest.raises(InvalidDocument, match="is no measure"):
            civrules.Criterion(id="c", title=civrules.Text(en="c"), points=1, measure=5)


def _module(name: str, measures: list[Any]) -> types.ModuleType:
    """A plugin module that supplies these."""
    module = types.ModuleType(name)
    module.civrules_measures = hookimpl(lambda: measures)  # type: ignore[attr-defined]  # a module made here
    return module
