"""Hostile observations: whatever a host hands in is read exactly, or refused with InvalidInput."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import criterion, event, written

import civrules
from civrules import Community, Evaluation, InvalidInput, NotApplicable, Observation, Period, Problem, Ratio
from civrules.errors import shown

DAY = date(2031, 1, 1)
HERE = Community("compound-07")
PROGRAM = civrules.compile(
    written(
        criterion("yes-no"),
        criterion("percent", '{ kind = "check", at_least = "95%" }'),
        criterion("plain", '{ kind = "check", at_most = 3 }'),
        criterion("levels", '{ kind = "levels", levels = { full = 1, none = 0, 2 = 0 } }'),
        criterion("tiers", '{ kind = "tiers", tiers = [{ at_least = 5, points = 1 }] }'),
        criterion("linear", '{ kind = "linear", zero_at = 0, full_at = 5 }'),
        criterion("marks", '{ kind = "marks" }'),
        criterion("choices", '{ kind = "marks", choices = [0, 1] }'),
        criterion("bands", '{ kind = "marks", bands = { good = [0.5, 1] } }'),
        criterion("counted", '{ kind = "findings", items = [{ id = "spot", each = 0.5 }] }'),
        criterion("settled", '{ kind = "findings", items = [{ id = "spot", each = [0.1, 0.2] }] }'),
        criterion(
            "by-level", '{ kind = "findings", items = [{ id = "spot", levels = { good = 0, bad = [0.1, 0.5] } }] }'
        ),
        criterion(
            "by-tier", '{ kind = "findings", items = [{ id = "spot", tiers = [{ more_than = 5, points = 1 }] }] }'
        ),
        criterion(
            "by-step",
            '{ kind = "findings", items = [{ id = "spot", shortfall = '
            '{ target = "98%", per = "1%", deduct = 0.2, steps = "full" } }] }',
        ),
        criterion("charged", '{ kind = "findings", items = [{ id = "spot", each = 1, attributable = true }] }'),
        event("event", "attributable = true"),
        tables="\n[rounding]\ncriterion = 2\n",
    )
)
FIGURES = ("percent", "plain", "tiers", "linear", "marks", "choices", "bands")
ITEMS = ("counted", "settled", "by-level", "by-tier", "by-step", "charged")


class Kind:
    """Stands in for a NumPy dtype."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Scalar:
    """Stands in for a NumPy scalar: a dtype, the text that it prints, and item()."""

    def __init__(self, kind: str, text: str, item: object = None) -> None:
        self.dtype = Kind(kind)
        self._text = text
        self._item = item

    def item(self) -> object:
        """The value as Python's own."""
        return self._item

    def __str__(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return self._text == "True"


class Endless(Mapping[str, object]):
    """A mapping without end that cannot be shown."""

    def __getitem__(self, key: str) -> object:
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(("spot",))

    def __len__(self) -> int:
        return 1

    def __repr__(self) -> str:
        raise RuntimeError("not to be shown")


class Unspeakable:
    """A value that can be neither shown nor compared."""

    __hash__ = None  # type: ignore[assignment]  # the point of it

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not to be compared")

    def __repr__(self) -> str:
        raise RuntimeError("not to be shown")


def cycle() -> dict[str, Any]:
    """A dict that holds itself."""
    table: dict[str, Any] = {}
    table["spot"] = table
    return table


def chain(links: int) -> dict[str, Any]:
    """A dict in a dict in a dict."""
    table: dict[str, Any] = {}
    for _ in range(links):
        table = {"spot": table}
    return table


NO_FIGURES: dict[str, Any] = {
    "nan": math.nan,
    "infinity": math.inf,
    "minus-infinity": -math.inf,
    "1e400": float("1e400"),
    "1e308": 1e308,
    "5e-324": 5e-324,
    "10**30": 10**30,
    "-10**30": -(10**30),
    "10**5000": 10**5000,
    "true": True,
    "false": False,
    "decimal-nan": Decimal("NaN"),
    "decimal-snan": Decimal("sNaN"),
    "decimal-infinity": Decimal("-Infinity"),
    "decimal-large": Decimal("1e999999"),
    "decimal-small": Decimal("-1e-999999"),
    "decimal-long": Decimal("9" * 100_000),
    "decimal-zeros": Decimal("1." + "0" * 100_000),
    "full-width": "９５",
    "arabic": "٩٥",
    "superscript": "5²",
    "roman": "Ⅴ",
    "underscore": "1_000",
    "space-before": " 95",
    "space-behind": "95 ",
    "space-between": "95 %",
    "line-feed": "95\n",
    "exponent": "1e5",
    "plus": "+5",
    "comma": "1,000",
    "decimal-comma": "0,5",
    "point-before": ".5",
    "point-behind": "5.",
    "two-points": "1.2.3",
    "hexadecimal": "0x10",
    "minus-alone": "-",
    "percent-alone": "%",
    "permille": "5‰",
    "full-width-percent": "95％",
    "word-nan": "NaN",
    "word-infinity": "Infinity",
    "empty": "",
    "blank": " ",
    "long-text": "9" * 1_000_000,
    "long-words": "x" * 1_000_000,
    "nul": "5\0",
    "surrogate": "\ud800",
    "bytes": b"95",
    "bytearray": bytearray(b"95"),
    "none": None,
    "complex": 5j,
    "fraction": Fraction(1, 3),
    "date": DAY,
    "datetime": datetime(2031, 1, 1),  # noqa: DTZ001  # a value that is none
    "list": [95],
    "tuple": (95,),
    "set": {95},
    "mapping": {"spot": 95},
    "nested": {"spot": {"spot": {"spot": 1}}},
    "cycle": cycle(),
    "chain": chain(100_000),
    "endless": Endless(),
    "object": object(),
    "class": int,
    "function": len,
    "unspeakable": Unspeakable(),
    "in-a-list": [Unspeakable()],
    "numpy-bool": Scalar("b", "True", True),
    "numpy-nan": Scalar("f", "nan", math.nan),
    "numpy-infinity": Scalar("f", "inf", math.inf),
    "numpy-large": Scalar("f", "1e400", 1e308),
    "numpy-integer-large": Scalar("i", "7", 10**5000),
    "numpy-text": Scalar("U", "95", "95"),
    "numpy-day": Scalar("M", "2031-01-01", DAY),
    "numpy-complex": Scalar("c", "1j", 1j),
    "numpy-object": Scalar("O", "95", 95),
    "no-number": Scalar("f", "ninety", 90.0),
    "no-integer": Scalar("i", "7", "seven"),
}


def evaluate(seen: Any, **more: Any) -> Evaluation:
    """The evaluation of one community."""
    return PROGRAM.evaluate(HERE, seen, **{"on": DAY, **more})


def points(line: str, value: Any) -> Decimal | None:
    """The points of one line."""
    return {one.criterion: one.points for one in evaluate({line: value}).lines}[line]


def refused(seen: Any, **more: Any) -> InvalidInput:
    """The error with which observations are refused, in words that can be shown."""
    with pytest.raises(InvalidInput) as caught:
        evaluate(seen, **more)
    for said in (*str(caught.value).splitlines(), *caught.value.say("zh").splitlines()):
        assert said.isprintable()
        assert len(said) < 1_000
    return caught.value


def assert_read_or_refused(form: Callable[[str], Any], line: str) -> None:
    """The observations make an evaluation that can be shown, or are refused with problems that can be said."""
    problems: tuple[Problem, ...] = ()
    try:
        made = evaluate(form(line))
        assert made.score is None or 0 <= made.score <= 15
        assert made.bounds is not None
        assert str(made.explain("zh"))
    except InvalidInput as error:
        problems = error.problems
    assert all(problem.say("zh") and problem.say("en") for problem in problems)


class TestFigures:
    """Section 3: "NaN, infinities, more than 18 digits or an exponent beyond ±12 are refused before any arithmetic"."""

    @pytest.mark.parametrize("name", NO_FIGURES)
    def test_what_is_no_figure(self, name: str) -> None:
        """Every hostile value in place of a figure is refused, for every measure of figures."""
        for line in FIGURES:
            error = refused({line: NO_FIGURES[name]})

            assert {"bad-figure", "too-many-digits", "too-deep"} >= {problem.code for problem in error.problems}

    @pytest.mark.parametrize("name", NO_FIGURES)
    def test_nothing_but_invalid_input(self, name: str) -> None:
        """Whatever stands for whichever measure, in whichever form: it is read, or refused with InvalidInput."""
        value = NO_FIGURES[name]
        key = value if isinstance(value, str | int | tuple) else name
        for line in (one.id for one in PROGRAM.lines):
            for form in (
                lambda line: {line: value},
                lambda line: {line: {"spot": value}},
                lambda line: {line: {"spot": {"attributable": value}}},
                lambda line: {line: {key: 1}},
                lambda line: [Observation(line, value, at=DAY, attributable=True)],
                lambda line: [Observation(line, {"spot": value}, at=DAY), Observation(line, value)],
            ):
                assert_read_or_refused(form, line)

    @pytest.mark.parametrize("line", FIGURES)
    def test_a_problem_names_the_criterion(self, line: str) -> None:
        """All problems of the call come, each under its criterion."""
        error = refused(dict.fromkeys((line, "yes-no"), math.nan))

        assert {(line,), ("yes-no",)} == {problem.where for problem in error.problems}

    def test_a_value_that_holds_itself_names_its_criterion(self) -> None:
        """A cyclic value is refused under its criterion, beside another of the same call."""
        error = refused({"counted": cycle(), "settled": cycle()})

        assert [("too-deep", ("counted",)), ("too-deep", ("settled",))] == [
            (problem.code, problem.where) for problem in error.problems
        ]

    @pytest.mark.parametrize(
        "value, text",
        [
            (1, "1"),
            (Decimal("0.50"), "0.5"),
            (0.1, "0.1"),
            ("0.25", "0.25"),
            ("-0", "0"),
            (Decimal("0E+999999"), "0"),
            (Decimal("-0.0"), "0"),
            (Scalar("f", "0.1", 0.10000000149011612), "0.1"),
            (Scalar("i", "np.int64(1)", 1), "1"),
            (Scalar("u", "1", 1), "1"),
        ],
        ids=str,
    )
    def test_figures_are_read_by_their_shortest_decimal(self, value: Any, text: str) -> None:
        """float32's 0.1 is 0.1, as its own text says, and not 0.10000000149011612."""
        assert Decimal(text) == points("marks", value)

    def test_numpy_scalars(self) -> None:
        """Real NumPy scalars: float32 by its text, whole numbers, and a bool that is no figure."""
        numpy = pytest.importorskip("numpy", reason="NumPy is not installed; the stand-in above says the same.")

        assert Decimal("0.1") == points("marks", numpy.float32(0.1))
        assert ["out-of-range"] == [one.code for one in refused({"choices": numpy.int64(5)}).problems]
        assert ["bad-figure"] == [one.code for one in refused({"marks": numpy.bool_(True)}).problems]
        assert points("yes-no", numpy.bool_(True)) == 1

    @pytest.mark.parametrize(
        "line, value, code",
        [
            ("percent", "100.0001%", "out-of-range"),
            ("percent", -1, "out-of-range"),
            ("percent", "95.00001%", "too-precise"),
            ("plain", "3%", "percent-here"),
            ("marks", 1.5, "out-of-range"),
            ("marks", "-1", "out-of-range"),
            ("choices", 0.5, "not-a-choice"),
            ("bands", 0.4999, "not-a-choice"),
            ("levels", "Full", "unknown-level"),
            ("levels", 3, "unknown-level"),
            ("yes-no", 2, "not-yes-no"),
            ("yes-no", "oui", "not-yes-no"),
            ("event", "perhaps", "not-yes-no"),
        ],
    )
    def test_figures_and_words_that_do_not_belong(self, line: str, value: Any, code: str) -> None:
        """Outside the range, more decimals, another unit, no choice, no level, neither yes nor no."""
        assert [(code, (line,))] == [(one.code, one.where) for one in refused({line: value}).problems]

    @given(st.floats() | st.integers() | st.decimals() | st.text(max_size=6) | st.fractions())
    def test_any_number(self, value: Any) -> None:
        """Any number is read as itself, or refused."""
        try:
            read = points("marks", value)
        except InvalidInput:
            return
        assert Fraction(str(value)) == Fraction(read or 0)

    def test_the_hosts_decimal_context_changes_nothing(self) -> None:
        """A host that computes with two digits, traps everything or nothing, gets the same answers."""
        expected = evaluate({"linear": Decimal("1.2345"), "marks": Decimal("0.3333")})
        for traps in (True, False):
            with localcontext() as context:
                context.prec = 2
                context.traps = dict.fromkeys(context.traps, traps)

                assert expected == evaluate({"linear": Decimal("1.2345"), "marks": Decimal("0.3333")})
                assert ["bad-figure"] == [one.code for one in refused({"marks": Decimal("sNaN")}).problems]
                assert ["bad-figure"] == [one.code for one in refused({"marks": Scalar("f", "x")}).problems]


class TestRatios:
    """Section 3: "counts are whole numbers from 0; counts and denominators above 10^6 are refused as values"."""

    @pytest.mark.parametrize(
        "n, of",
        [
            (-1, 5),
            (1, -5),
            (0.5, 5),
            (1, 2.5),
            (1, 10**6 + 1),
            (10**6 + 1, 10**7),
            (10**30, 10**30),
            (10**5000, 10**5000),
            (1, 0),
            (math.nan, 5),
            (5, math.inf),
            (True, 5),
            (5, True),
            ("５", "10"),
            ("5%", 10),
            (None, None),
            ("1e3", 10),
            (Decimal("sNaN"), 10),
            ([], {}),
            (Unspeakable(), 1),
        ],
        ids=shown,
    )
    @pytest.mark.parametrize("line", ["percent", "plain", "tiers", "linear", "marks"])
    def test_what_is_no_ratio(self, line: str, n: Any, of: Any) -> None:
        """Negative, broken, huge and senseless counts are refused."""
        error = refused({line: Ratio(n, of)})

        assert {"not-whole", "bad-figure", "too-many-digits", "out-of-range"} >= {one.code for one in error.problems}

    def test_more_than_all(self) -> None:
        """7 of 5 is more than 100 %."""
        assert ["out-of-range"] == [one.code for one in refused({"percent": Ratio(7, 5)}).problems]

    def test_the_largest_that_may_be(self) -> None:
        """A million of a million is all."""
        assert points("percent", Ratio(10**6, 10**6)) == 1

    def test_95_of_100(self) -> None:
        """Section 3: "95, "95%" and 95 of 100 are equal, and 0.95 is 0.95 %"."""
        values = (95, "95%", Ratio(95, 100), 0.95, "94.9999%")

        assert [1, 1, 1, 0, 0] == [points("percent", value) for value in values]


class TestItems:
    """Findings name items."""

    @pytest.mark.parametrize("line", ITEMS)
    @pytest.mark.parametrize(
        "value, code",
        [
            ({"spots": 1}, "unknown-item"),
            ({"SPOT": 1}, "unknown-item"),
            ({"": 1}, "unknown-item"),
            ({1: 1}, "unknown-item"),
            ({None: 1}, "unknown-item"),
            ({("spot",): 1}, "unknown-item"),
            ([], "not-items"),
            ("spot", "not-items"),
            (True, "not-items"),
            (["spot"], "not-items"),
            ([("spot", 1)], "not-items"),
        ],
        ids=repr,
    )
    def test_wrong_items(self, line: str, value: Any, code: str) -> None:
        """Items that the criterion does not have, and values that name none."""
        assert code in [problem.code for problem in refused({line: value}).problems]

    def test_the_nearest_item_is_named(self) -> None:
        """A misspelt item shows the one that was meant."""
        (problem,) = refused({"counted": {"spto": 1}}).problems

        assert ("unknown-item", ("counted",), "spot") == (problem.code, problem.where, problem.hint)

    @pytest.mark.parametrize(
        "value", [-1, 0.5, 10**6 + 1, "1e3", 10**30, math.nan, "many", None, "5%", Decimal("0.1")], ids=repr
    )
    @pytest.mark.parametrize("line", ["counted", "charged"])
    def test_what_is_no_count(self, line: str, value: Any) -> None:
        """Counts are whole numbers from 0 to a million."""
        (problem,) = refused({line: {"spot": value}}).problems

        assert (line, "spot") == problem.where

    @pytest.mark.parametrize("value", [0.05, 0.3, "0.15%", -0.1, "0.123456", True, Decimal("sNaN")], ids=repr)
    def test_an_amount_outside_its_range(self, value: Any) -> None:
        """The assessor settles an amount between the ends, and nowhere else."""
        assert ("settled", "spot") == refused({"settled": {"spot": value}}).problems[0].where

    @pytest.mark.parametrize(
        "value", ["bad", "bad=", "bad=9", "good=0.1", "=0.1", "worse", {"bad": 9}, {"bad": 0.1, "good": 0}], ids=repr
    )
    def test_a_level_without_its_amount(self, value: Any) -> None:
        """A level whose amount is a range needs an amount within it; others take none."""
        assert ("by-level", "spot") == refused({"by-level": {"spot": value}}).problems[0].where

    def test_a_level_whose_amount_was_left_out(self) -> None:
        """Whoever wrote the level alone hears how the amount is written with it."""
        (problem,) = refused({"by-level": {"spot": "bad"}}).problems

        assert "amount-open" == problem.code
        assert problem.say().endswith(f"write it behind the word, as in {problem.hint}")
        assert problem.hint.startswith("bad=")

    def test_measured_items_must_be_given(self) -> None:
        """An item that is measured, not counted, cannot be passed over."""
        assert ["item-missing"] == [one.code for one in refused({"by-step": {}}).problems]
        assert points("counted", {}) == 1

    def test_very_many_unknown_items(self) -> None:
        """They are refused without a message of a gigabyte."""
        with pytest.raises(InvalidInput) as caught:
            evaluate({"counted": {f"item-{number}": 1 for number in range(20_000)}})

        assert 20_000 == len(caught.value.problems)


class TestReasons:
    """Section 5: "Not applicable needs a reason"."""

    @pytest.mark.parametrize("reason", ["", " ", "\n", "\u3000", None, 5, [], b"because"], ids=repr)
    def test_without_a_reason(self, reason: Any) -> None:
        """What does not apply without a reason in words is refused."""
        program = civrules.compile(
            written(criterion("tidy", more='not_applicable = "rescale"'), tables="\n[rounding]\ntotal = 1\n")
        )

        with pytest.raises(InvalidInput, match='"does not apply" without a reason'):
            program.evaluate(HERE, {"tidy": NotApplicable(reason)})

    def test_refused(self) -> None:
        """Under not_applicable = "refuse" an observer's "does not apply" is refused."""
        assert ["not-applicable-refused"] == [
            one.code for one in refused({"yes-no": NotApplicable("no lift")}).problems
        ]


class TestForms:
    """Observations in any form but the two."""

    @pytest.mark.parametrize(
        "seen",
        [
            None, 5, "yes-no", b"yes-no", [1], ["yes-no"], [{"yes-no": True}], [None], Observation, [Observation],
            {1: True}, {None: True}, {("yes-no",): True}, [("yes-no", True)], True, math.nan,
        ],
        ids=lambda seen: repr(seen)[:30],
    )  # fmt: skip
    def test_no_observations(self, seen: Any) -> None:
        """What is neither a mapping of criteria nor Observation objects is refused."""
        assert {"not-an-observation", "unknown-criterion"} >= {one.code for one in refused(seen).problems}

    @pytest.mark.parametrize(
        "name, hint",
        [
            ("yesno", "yes-no"),
            ("Percent", "percent"),
            ("wholly unknown", ""),
            ("", ""),
            ("percent:of", "percent"),
            ("\u202e", ""),
        ],
    )
    def test_an_unknown_criterion(self, name: str, hint: str) -> None:
        """The nearest criterion is named."""
        (problem,) = refused({name: True}).problems

        assert ("unknown-criterion", name, hint) == (problem.code, problem.value, problem.hint)

    @pytest.mark.parametrize(
        "more",
        [
            {"at": "2031-01-01"},
            {"at": datetime(2031, 1, 1)},  # noqa: DTZ001  # a day has no hour
            {"at": 5},
            {"method": "onsite"},
            {"method": []},
            {"attributable": "perhaps"},
        ],
        ids=repr,
    )
    def test_an_observation_that_cannot_be(self, more: Any) -> None:
        """Days with an hour, unknown methods."""
        assert refused([Observation("event", True, **more), Observation("yes-no", True, **more)]).problems

    @pytest.mark.parametrize(
        "more",
        [{"on": "2031-01-01"}, {"on": datetime(2031, 1, 1)}, {"on": 5}, {"period": "2031"}, {"period": (DAY, DAY)}],  # noqa: DTZ001  # as above
        ids=repr,
    )
    def test_a_day_or_period_that_is_none(self, more: Any) -> None:
        """Days and periods are checked, not tried."""
        assert refused({"yes-no": True}, **more).problems

    @pytest.mark.parametrize("community", [None, "compound-07", 7, {"id": "compound-07"}, Community], ids=repr)
    def test_a_community_that_is_none(self, community: Any) -> None:
        """What is not a Community is refused in words."""
        with pytest.raises(InvalidInput, match=r"community: .* given; expected a Community"):
            PROGRAM.evaluate(community, {"yes-no": True}, on=DAY)

    @pytest.mark.parametrize(
        "fields",
        [
            {"id": ""}, {"id": None}, {"id": 7}, {"id": "a\nb"}, {"id": "a\u202eb"}, {"id": "a" * 201}, {"kind": "a b"},
            {"kind": 5}, {"locality": "3"}, {"locality": 32}, {"locality": "３２"}, {"name": 5}, {"parent": ""},
            {"attributes": None}, {"attributes": [1]}, {"attributes": "lift"}, {"attributes": {5: "x"}},
            {"attributes": {"a": None}}, {"attributes": {"a": 1.5}}, {"attributes": {"a": [[1]]}},
            {"attributes": {"a": {}}}, {"places": None}, {"places": {"building": "12"}}, {"places": {"building": 5}},
            {"places": {"building": [5]}},
        ],
        ids=repr,
    )  # fmt: skip
    def test_a_community_that_cannot_be(self, fields: Any) -> None:
        """A community with senseless fields cannot be made."""
        with pytest.raises(InvalidInput):
            Community(**{"id": "compound-07", **fields})

    def test_the_first_and_the_last_day_of_the_calendar(self) -> None:
        """A window that begins before the calendar does begins with it."""
        program = civrules.compile(
            written(
                criterion("tidy"),
                event("fire"),
                tables='\n[[grade]]\nid = "A"\nat_least = 1\n\n[[grade]]\nid = "B"\n\n[[gate]]\nid = "g"\n'
                'title = { en = "G" }\nwhen = { happened = "fire", within = "9999 years" }\nthen = { grade = "B" }\n',
            )
        )
        seen = [Observation("tidy", True), Observation("fire", True, at=date.min)]

        assert ["B", "B"] == [program.evaluate(HERE, seen, on=day).grade for day in (date.min, date.max)]
        assert program.evaluate(HERE, seen[:1], period=Period(date.min, date.max)).grade == "A"
