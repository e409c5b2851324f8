"""The model: ids, places, days and figures; values that cannot change, and that compare, hash and pickle."""

import copy
import pickle
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import GOOD, criterion, written

import civrules
from civrules import (
    Body,
    CivrulesError,
    Community,
    Condition,
    Criterion,
    Gate,
    Grade,
    Honour,
    InvalidDocument,
    InvalidInput,
    NamedSet,
    NotApplicable,
    NotComparable,
    Observation,
    Origin,
    Period,
    Plugin,
    Post,
    Problem,
    Ratio,
    Reading,
    Reference,
    Responsible,
    Rounding,
    Section,
    Source,
    Standard,
    StandardUnavailable,
    Text,
    load,
)
from civrules.measures import Check, Event, Findings, Item, Levels, Linear, Marks, Shortfall, Tier, Tiers
from civrules.model.canonical import canonical
from civrules.model.community import check_locality, contains
from civrules.model.days import Duration, add_months, read_day
from civrules.model.figures import (
    MOST_COUNT,
    Mode,
    added,
    count,
    decimal,
    decimals_of,
    figure,
    plain,
    round_quotient,
)
from civrules.model.identity import check_full_id, check_id, check_item, duplicates
from civrules.model.mapping import FrozenMapping

DAY = date(2031, 1, 1)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


class TestIds:
    """Section 1: "An id is `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, ASCII, unique regardless of case"."""

    @pytest.mark.parametrize("id", ["a", "A", "7", "stair-lights", "4.2.1", "a_b", "2024-1", "a" * 64, "9.-_"])
    def test_ids(self, id: str) -> None:
        """Letters, digits, point, hyphen and underscore; a letter or digit first."""
        assert id == check_id(id)

    @pytest.mark.parametrize(
        "id",
        [
            "",
            ".a",
            "-a",
            "_a",
            "a" * 65,
            "a b",
            "a/b",
            "a:b",
            "a@1",
            "é",
            "ａ",
            "а",
            "楼道",
            "a\n",
            " a",
            "a\0",
            "²",
            "٣",
        ],
        ids=ascii,
    )
    def test_what_is_no_id(self, id: str) -> None:
        """Separators, white space and every letter that is not ASCII."""
        with pytest.raises(InvalidDocument, match="is not an id"):
            check_id(id)

    @pytest.mark.parametrize("id", [None, 5, b"a", ["a"], True])
    def test_an_id_is_text(self, id: Any) -> None:
        """Nothing else becomes an id."""
        with pytest.raises(InvalidDocument, match="is not text"):
            check_id(id)

    @pytest.mark.parametrize("id", ["a/b", "hygiene/uk-fhrs", "A.1/b_2"])
    def test_full_ids(self, id: str) -> None:
        """A standard's id is "plugin/name"."""
        assert id == check_full_id(id)

    @pytest.mark.parametrize("id", ["a", "a/", "/b", "a/b/c", "a/b@1", "a //b", "", None, 5, "小区/a"])
    def test_what_is_no_full_id(self, id: Any) -> None:
        """One separator with an id on either side."""
        with pytest.raises(InvalidDocument, match="expected plugin/name"):
            check_full_id(id)

    @pytest.mark.parametrize("id", ["of", "na", "OF", "Na"])
    def test_items_that_would_be_taken_for_a_suffix(self, id: str) -> None:
        """Section 3: "No item is called `of` or `na`"."""
        with pytest.raises(InvalidDocument, match="taken are: of, na"):
            check_item(id)

    def test_duplicates_regardless_of_case(self) -> None:
        """Those that stood before, as they are written."""
        assert ("A", "b") == duplicates(["a", "A", "B", "c", "b"])


class TestLocalities:
    """Section 1: "GB/T 2260 digits, trailing 00 pairs dropped, up to 12 for townships and villages, or ISO 3166-2"."""

    @pytest.mark.parametrize(
        "written, read",
        [
            ("32", "32"),
            ("320000", "32"),
            ("3200", "32"),
            ("320700", "3207"),
            ("320724", "320724"),
            ("320724000", "320724"),
            ("320724000000", "320724"),
            ("320724100", "320724100"),
            ("320724100000", "320724100"),
            ("320724100200", "320724100200"),
            ("320000000000", "32"),
            ("110100", "1101"),
            ("500200", "5002"),
            ("GB", "GB"),
            ("GB-LND", "GB-LND"),
            ("CA-ON", "CA-ON"),
            ("FR-75", "FR-75"),
            ("CN-32", "CN-32"),
        ],
    )
    def test_are_kept_without_trailing_zeros(self, written: str, read: str) -> None:
        """A level that is all zeros says nothing."""
        assert read == check_locality(written)
        assert read == Community("c", locality=written).locality

    @pytest.mark.parametrize(
        "written",
        [
            "", "3", "320", "32072", "3207241", "32072410", "3207241002", "32072410020", "3207241002001", "gb", "GBR",
            "GB-", "GB-LOND", "GB_LND", "３２", "32 ", "+32", "3207-24", "٣٢", "江苏", None, 32, 320724,
        ],
    )  # fmt: skip
    def test_what_is_no_locality(self, written: Any) -> None:
        """Other lengths, small letters, digits that are not ASCII, numbers."""
        with pytest.raises(InvalidInput, match="is not a locality"):
            check_locality(written)

    @pytest.mark.parametrize(
        "outer, inner, lies",
        [
            ("32", "32", True),
            ("32", "3207", True),
            ("32", "320724", True),
            ("320724", "320724100", True),
            ("320724", "320724100200", True),
            ("320724", "32", False),
            ("320724", "320725", False),
            ("3", "32", True),
            ("GB", "GB-LND", True),
            ("GB", "GB", True),
            ("GB-LND", "GB", False),
            ("GB-L", "GB-LND", False),
            ("G", "GB-LND", False),
            ("32", "GB-LND", False),
            ("GB", "32", False),
        ],
    )
    def test_containment(self, outer: str, inner: str, *, lies: bool) -> None:
        """What a code begins with contains it; a country contains its regions, a region no other."""
        assert lies == contains(outer, inner)


class TestPeriods:
    """Section 5: "Every range of days has `first` and `last`, both included"."""

    @pytest.mark.parametrize(
        "text, first, last",
        [
            ("2031", date(2031, 1, 1), date(2031, 12, 31)),
            ("2031-Q1", date(2031, 1, 1), date(2031, 3, 31)),
            ("2031-Q2", date(2031, 4, 1), date(2031, 6, 30)),
            ("2031-Q3", date(2031, 7, 1), date(2031, 9, 30)),
            ("2031-Q4", date(2031, 10, 1), date(2031, 12, 31)),
            ("9999-Q4", date(9999, 10, 1), date(9999, 12, 31)),
            ("2031-02", date(2031, 2, 1), date(2031, 2, 28)),
            ("2032-02", date(2032, 2, 1), date(2032, 2, 29)),
            ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
            ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
            ("2031-07-01..2031-09-30", date(2031, 7, 1), date(2031, 9, 30)),
            ("2031-07-01..", date(2031, 7, 1), None),
            ("..2031-09-30", None, date(2031, 9, 30)),
        ],
    )
    def test_are_read_from_text(self, text: str, first: date | None, last: date | None) -> None:
        """A year, a quarter, a month, or two days."""
        assert Period(first, last) == Period.of(text)

    @pytest.mark.parametrize(
        "text",
        [
            "", "..", "31", "2031-Q0", "2031-Q5", "2031-q1", "2031-0", "2031-00", "2031-13", "2031-1", "0000",
            "0000-Q1", "20310", "2031-02-30..", "2031-2-3..", "20310203..", "2031..2032", "2031-09-30..2031-07-01",
            "２０３１", "2031\n",
        ],
        ids=ascii,
    )  # fmt: skip
    def test_what_is_no_period(self, text: str) -> None:
        """Anything else is refused."""
        with pytest.raises(InvalidInput):
            Period.of(text)

    def test_both_ends_belong(self) -> None:
        """The day before and the day after do not."""
        quarter = Period.quarter(2031, 1)
        days = [date(2030, 12, 31), date(2031, 1, 1), date(2031, 3, 31), date(2031, 4, 1)]

        assert [False, True, True, False] == [day in quarter for day in days]

    def test_open_ends(self) -> None:
        """None is an open end."""
        assert date.min in Period()
        assert date.max in Period(first=DAY)
        assert date.max not in Period(last=DAY)
        assert ("… … …", "2031-01-01 … …") == (str(Period()), str(Period(DAY)))

    def test_first_after_last(self) -> None:
        """A period has at least one day."""
        assert DAY in Period(DAY, DAY)
        with pytest.raises(InvalidInput, match="first day lies after the last"):
            Period(DAY, DAY - timedelta(days=1))


class TestDurations:
    """Section 5: "`within = "12 months"` runs from the same day of the month twelve months before `on` to `on`"."""

    @pytest.mark.parametrize(
        "text, day, first",
        [
            ("12 months", date(2032, 2, 29), date(2031, 2, 28)),
            ("1 year", date(2032, 2, 29), date(2031, 2, 28)),
            ("4 years", date(2032, 2, 29), date(2028, 2, 29)),
            ("12 months", date(2031, 2, 28), date(2030, 2, 28)),
            ("12 months", date(2033, 2, 28), date(2032, 2, 28)),
            ("1 month", date(2031, 3, 31), date(2031, 2, 28)),
            ("1 month", date(2032, 3, 30), date(2032, 2, 29)),
            ("1 month", date(2031, 12, 31), date(2031, 11, 30)),
            ("2 months", date(2031, 12, 31), date(2031, 10, 31)),
            ("1 month", date(2031, 1, 15), date(2030, 12, 15)),
            ("3 months", date(2031, 5, 31), date(2031, 2, 28)),
            ("1 quarter", date(2031, 5, 31), date(2031, 2, 28)),
            ("2 quarters", date(2031, 8, 31), date(2031, 2, 28)),
            ("1 half-year", date(2031, 8, 31), date(2031, 2, 28)),
            ("10 days", date(2031, 3, 5), date(2031, 2, 23)),
            ("1 day", date(2031, 1, 1), date(2030, 12, 31)),
            ("2 weeks", date(2031, 1, 15), date(2031, 1, 1)),
            ("9999 years", date(2031, 1, 15), date.min),
            ("9999 weeks", date.min, date.min),
        ],
    )
    def test_windows_that_end_with_a_day(self, text: str, day: date, first: date) -> None:
        """The same day of the month, the month's last day where there is none; the calendar has a beginning."""
        assert first == Duration.of(text).before(day)

    @pytest.mark.parametrize("unit", ["day", "week", "month", "quarter", "half-year", "year"])
    def test_one_or_several(self, unit: str) -> None:
        """The plural is taken, and written where there are several."""
        assert Duration(2, unit) == Duration.of(f"2 {unit}") == Duration.of(f"2 {unit}s")
        assert (f"1 {unit}", f"2 {unit}s") == (str(Duration.of(f"1 {unit}")), str(Duration.of(f"2 {unit}")))

    @pytest.mark.parametrize(
        "text",
        [
            "", "12", "months", "12months", "12  months", " 12 months", "12 months ", "0 months", "-1 months",
            "1.5 years", "12 Months", "a year", "12 monate", "10000 days", "１ year", "12 months\n", None, 12,
            timedelta(days=1),
        ],
        ids=repr,
    )  # fmt: skip
    def test_what_is_no_length_of_time(self, text: Any) -> None:
        """A whole number from 1, one space, a unit."""
        with pytest.raises(InvalidInput, match="is not a length of time"):
            Duration.of(text)

    @given(days, st.integers(-600, 600))
    def test_months_are_added_and_clamped(self, day: date, months: int) -> None:
        """The month is the one so many months away; the day is the same, or the month's last."""
        later = add_months(day, months)

        assert day.year * 12 + day.month + months == later.year * 12 + later.month
        assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)

    @given(days, st.integers(1, 40))
    def test_a_longer_window_holds_a_shorter_one(self, day: date, number: int) -> None:
        """Windows of one unit lie within each other."""
        for unit in ("day", "week", "month", "quarter", "half-year", "year"):
            assert Duration(number + 1, unit).before(day) < Duration(number, unit).before(day) < day

    @pytest.mark.parametrize(
        "text", ["2031-02-29", "2031-2-3", "20310203", "2031-W01-1", "", "2031-01-01T00:00", "２０３１-01-01"]
    )
    def test_what_is_no_day(self, text: str) -> None:
        """A day is YYYY-MM-DD, and nothing else that ISO 8601 allows."""
        with pytest.raises(InvalidInput, match="expected YYYY-MM-DD"):
            read_day(text)


class TestFigures:
    """Section 3: "A figure is int, Decimal, float (read by its shortest decimal), or ASCII text"."""

    @pytest.mark.parametrize(
        "value, read, percent",
        [
            (95, "95", False),
            ("95", "95", False),
            ("95%", "95", True),
            (0.95, "0.95", False),
            ("0.95%", "0.95", True),
            (84.995, "84.995", False),
            (1e-12, "1E-12", False),
            (1e12, "1000000000000", False),
            (Decimal("1.50"), "1.5", False),
            (Decimal("-0.00"), "0", False),
            (Decimal("0E+99999"), "0", False),
            ("-0", "0", False),
            ("-5.50%", "-5.5", True),
            ("007", "7", False),
            ("000000000000000000000000000000001", "1", False),
            (10**18 - 1, "999999999999999999", False),
            (Decimal("1E+12"), "1000000000000", False),
            (-(10**18) + 1, "-999999999999999999", False),
        ],
        ids=repr,
    )
    def test_are_read_exactly(self, value: Any, read: str, *, percent: bool) -> None:
        """Without trailing zeros, and with whether they were written in %."""
        number, in_percent = figure(value)

        assert (Fraction(Decimal(read)), percent) == (Fraction(number), in_percent)

    @pytest.mark.parametrize(
        "value",
        [
            10**18,
            Decimal("1E+13"),
            Decimal("1E-13"),
            1e18 * 10,
            "1234567890123456789",
            "0.0000000000001",
            Decimal("1.234567890123456789"),
            0.1 + 0.2,
        ],
        ids=repr,
    )
    def test_too_many_digits(self, value: Any) -> None:
        """More than 18 digits, or a place beyond the twelfth."""
        with pytest.raises(InvalidInput, match="at most 18 digits, none beyond the 12th place"):
            figure(value)

    @given(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 12))
    def test_a_figure_and_its_text_are_one(self, units: int, places: int) -> None:
        """What is read from text, from Decimal and from a figure that was read before is the same."""
        number = decimal(units, places)

        assert (number, False) == figure(number) == figure(plain(number)) == figure(figure(number)[0])
        assert (number, True) == figure(f"{plain(number)}%")
        assert Fraction(units, 10**places) == Fraction(number)

    @given(st.floats(-1e6, 1e6).map(lambda number: round(number, 4)))
    def test_a_float_is_its_shortest_decimal(self, number: float) -> None:
        """0.1 is 0.1 and not 0.1000000000000000055511151231257827."""
        assert Fraction(repr(number)) == Fraction(figure(number)[0])

    @pytest.mark.parametrize(
        "number, text",
        [
            (Decimal("1E+2"), "100"),
            (Decimal("0.50"), "0.5"),
            (Decimal("-0"), "0"),
            (Fraction(1, 3), "1/3"),
            (Fraction(-7, 8), "-0.875"),
            (12, "12"),
            (Decimal("1E-12"), "0.000000000001"),
        ],
        ids=str,
    )
    def test_are_written_without_exponent_or_trailing_zeros(self, number: Any, text: str) -> None:
        """As documents and records hold them."""
        assert text == plain(number)

    @pytest.mark.parametrize(
        "number, places",
        [(Fraction(1, 8), 3), (Fraction(1, 3), None), (Decimal("1.50"), 1), (7, 0), (Fraction(1, 10**12), 12), (0, 0)],
    )
    def test_how_many_decimals_there_are(self, number: Any, places: int | None) -> None:
        """None where a fraction has no end."""
        assert places == decimals_of(number)

    @given(st.lists(st.decimals(-(10**6), 10**6, places=6)))
    def test_sums_are_exact(self, parts: list[Decimal]) -> None:
        """Whatever the host's decimal context."""
        with localcontext() as context:
            context.prec = 2
            total = added(parts)

        assert sum(map(Fraction, parts), start=Fraction(0)) == Fraction(total)

    @pytest.mark.parametrize(
        "value, number", [(0, 0), ("7", 7), (7.0, 7), (Decimal("7.0"), 7), ("1000000", MOST_COUNT)]
    )
    def test_counts(self, value: Any, number: int) -> None:
        """Whole numbers from 0 to a million, however they are written."""
        assert number == count(value)

    @pytest.mark.parametrize("value", [-1, 0.5, "7%", 1_000_001, "-1", True, "seven"])
    def test_what_is_no_count(self, value: Any) -> None:
        """Nothing else is counted."""
        with pytest.raises(InvalidInput):
            count(value)

    def test_n_of_m(self) -> None:
        """n of m is two counts."""
        assert (19, 20) == Ratio(19, "20").read()


MODES: tuple[Mode, ...] = get_args(Mode)


class TestRounding:
    """Section 2: "modes `half-up`, `half-even`, `down`, `up`"; halves go away from zero under half-up."""

    @pytest.mark.parametrize(
        "numerator, denominator, half_up, half_even, up, down",
        [
            (0, 7, 0, 0, 0, 0),
            (7, 7, 1, 1, 1, 1),
            (1, 3, 0, 0, 1, 0),
            (2, 3, 1, 1, 1, 0),
            (1, 2, 1, 0, 1, 0),
            (3, 2, 2, 2, 2, 1),
            (5, 2, 3, 2, 3, 2),
            (7, 2, 4, 4, 4, 3),
            (499, 1000, 0, 0, 1, 0),
            (501, 1000, 1, 1, 1, 0),
            (-1, 3, 0, 0, -1, 0),
            (-2, 3, -1, -1, -1, 0),
            (-1, 2, -1, 0, -1, 0),
            (-3, 2, -2, -2, -2, -1),
            (-5, 2, -3, -2, -3, -2),
            (-7, 2, -4, -4, -4, -3),
            (10**40 + 1, 2 * 10**20, 5 * 10**19, 5 * 10**19, 5 * 10**19 + 1, 5 * 10**19),
        ],
    )
    def test_by_hand(self, numerator: int, denominator: int, half_up: int, half_even: int, up: int, down: int) -> None:
        """Each mode on both sides of zero, on halves and beside them."""
        expected = {"half-up": half_up, "half-even": half_even, "up": up, "down": down}

        assert expected == {mode: round_quotient(numerator, denominator, mode) for mode in MODES}

    @given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
    def test_by_the_decimal_module(self, numerator: int, denominator: int) -> None:
        """The modes are those of the decimal module, on a quotient long enough to show every half."""
        names = {"half-up": "ROUND_HALF_UP", "half-even": "ROUND_HALF_EVEN", "up": "ROUND_UP", "down": "ROUND_DOWN"}
        # A sum of a whole number and two thirds of the rest keeps the side of the half that the quotient lies on.
        whole, rest = divmod(abs(numerator), denominator)
        side = Decimal((2 * rest > denominator) - (2 * rest < denominator)) / 4 + Decimal("0.5") if rest else Decimal(0)
        for mode in MODES:
            expected = (whole + side).quantize(Decimal(1), rounding=names[mode])

            assert int(expected) * (1 if numerator >= 0 else -1) == round_quotient(numerator, denominator, mode)


class TestFrozenMapping:
    """Section 10: "mappings are a small frozen Mapping of ours"."""

    def test_compares_with_any_mapping(self) -> None:
        """Whatever the order, and with a dict too."""
        assert FrozenMapping({"a": 1, "b": 2}) == FrozenMapping(b=2, a=1) == {"b": 2, "a": 1}
        assert {"a": 1} != FrozenMapping(a=2)
        assert FrozenMapping(a=1) != [("a", 1)]

    def test_hashes_whatever_the_order(self) -> None:
        """Equal mappings have equal hashes."""
        assert hash(FrozenMapping({"a": 1, "b": 2})) == hash(FrozenMapping(b=2, a=1))

    def test_keeps_the_order(self) -> None:
        """Documents are shown in their own order."""
        assert ["b", "a"] == list(FrozenMapping({"b": 1, "a": 2}))

    def test_cannot_change(self) -> None:
        """Neither an item, nor an attribute, nor what it was made from."""
        source = {"a": 1}
        mapping: Any = FrozenMapping(source)
        source["a"] = 2

        assert mapping["a"] == 1
        with pytest.raises(TypeError):
            mapping["a"] = 3
        with pytest.raises(AttributeError):
            mapping._items = {}
        with pytest.raises(AttributeError):
            mapping.more = 1
        with pytest.raises(KeyError):
            mapping["b"]

    def test_copies_and_pickles(self) -> None:
        """An equal value comes back."""
        mapping = FrozenMapping({"a": (1, 2), "b": FrozenMapping(c=3)})

        assert mapping == copy.copy(mapping) == copy.deepcopy(mapping) == pickle.loads(pickle.dumps(mapping))
        assert isinstance(mapping, Mapping)
        assert "FrozenMapping({'a': 1})" == repr(FrozenMapping(a=1))


TEXT = Text(zh="整洁", en="Tidy")
TIDY = Criterion(id="tidy", title=TEXT, points=5, measure=Check(), tags={"key"})
ALL = Section(id="all", title=TEXT, children=[TIDY])
STANDARD = Standard(
    id="example/a",
    version="1",
    title=TEXT,
    kinds=["residential"],
    effective=Period(DAY),
    rounding=Rounding(total=1),
    sections=[ALL],
    grades=[Grade(id="A", at_least=3, requires=Condition.of({"failed_tag": "key", "less_than": 1})), Grade(id="B")],
    gates=[Gate(id="g", title=TEXT, when=Condition.of({"failed": "tidy"}), then={"grade": "B"})],
    readings=[Reading(text=TEXT, at="tidy")],
    source=Source(document="Example rules", clause="1"),
)
PROBLEM = Problem("unknown-key", ("a.toml", "grade[1]"), "titel", "id, title", "title")
SEEN = Observation("tidy", {"a": {"b": 1}}, at=DAY, place="1", by="street office", evidence=["a.jpg"], id="7")
HERE = Community(
    "compound-07",
    name="七号",
    kind="residential",
    locality="320724",
    parent="street-1",
    attributes={"built": 1990, "lift": True, "permits": ["gas", "lift"], "since": DAY},
    places={"building": ["1", "2"]},
)
VALUES: dict[str, Callable[[], Any]] = {
    "text": lambda: Text(zh="整洁", en="Tidy"),
    "period": lambda: Period(DAY, date(2031, 12, 31)),
    "duration": lambda: Duration.of("12 months"),
    "ratio": lambda: Ratio(19, 20),
    "not-applicable": lambda: NotApplicable("no lift"),
    "problem": lambda: attrs.evolve(PROBLEM),
    "community": lambda: attrs.evolve(HERE),
    "observation": lambda: attrs.evolve(SEEN),
    "observation-of-items": lambda: Observation("waste", {"spot": 3, "bin": Ratio(1, 2)}),
    "source": lambda: Source(document="Example rules", provenance="reference"),
    "rounding": lambda: Rounding(criterion=4, section="exact", total=2),
    "condition": lambda: Condition.of({"all": [{"failed": "a"}, {"points": "b", "less_than": "60%"}]}),
    "check": lambda: Check(at_least="95%"),
    "levels": lambda: Levels(levels={"full": 2, "partly": "50%"}),
    "tiers": lambda: Tiers(tiers=[Tier(at_least="95%", points=4)]),
    "linear": lambda: Linear(knots=[(0, 0), (35, 2)]),
    "shortfall": lambda: Shortfall(target="100%", per="1%", deduct=0.5, steps="started"),
    "findings": lambda: Findings(
        items=[Item(id="spot", each=(0.1, 0.2)), Item(id="bin", levels={"good": 0, "bad": 1})]
    ),
    "marks": lambda: Marks(bands={"good": (8, 10)}),
    "event": lambda: Event(attributable=True),
    "criterion": lambda: attrs.evolve(TIDY),
    "section": lambda: attrs.evolve(ALL),
    "grade": lambda: Grade(id="A", at_least=3, title=TEXT),
    "gate": lambda: Gate(id="g", title=TEXT, when=Condition.of({"failed": "tidy"}), then={"grade": "B"}),
    "reading": lambda: Reading(text=TEXT),
    "body": lambda: Body(id="b", title=TEXT, aliases=["局"], posts=["head", Post(id="deputy", title=TEXT)]),
    "reference": lambda: Reference(id="r", title=TEXT, state="missing"),
    "honour": lambda: Honour(id="h", title=TEXT, seats=3, stage="held"),
    "set": lambda: NamedSet(id="s", title=TEXT, declared=2, members=["一"], carried={"一": "tidy"}),
    "origin": lambda: Origin(table="criterion", id="tidy", edition="example/a@1", keys=("id", "points")),
    "responsible": lambda: Responsible(lead="a", support=["b"], when=Condition.of({"attribute": "x", "equals": "y"})),
    "standard": lambda: attrs.evolve(STANDARD),
    "plugin": lambda: Plugin("hygiene", "civrules-hygiene", "0.1.0"),
    "program": lambda: civrules.compile(STANDARD),
    "evaluation": lambda: civrules.evaluate(STANDARD, HERE, {"tidy": True}, on=DAY),
    "bounds": lambda: civrules.evaluate(STANDARD, HERE, {"tidy": True}, on=DAY).bounds,
    "line": lambda: civrules.evaluate(STANDARD, HERE, {"tidy": True}, on=DAY).lines[0],
    "explanation": lambda: civrules.evaluate(STANDARD, HERE, {"tidy": True}, on=DAY).explain("en"),
    "ranking": lambda: civrules.rank([civrules.evaluate(STANDARD, HERE, {"tidy": True}, on=DAY)]),
}


@pytest.mark.parametrize("name", VALUES)
class TestValues:
    """Section 10: "Programs, standards, evaluations and all model values compare, hash and pickle"."""

    def test_compare_and_hash(self, name: str) -> None:
        """Two that are made alike are equal and have one hash."""
        one, other = VALUES[name](), VALUES[name]()

        assert one == other
        assert hash(one) == hash(other)
        assert 1 == len({one, other})

    def test_are_not_equal_to_anything_else(self, name: str) -> None:
        """No two kinds of value are equal; none is equal to a text."""
        one = VALUES[name]()

        assert one != name
        assert [name] == [other for other in VALUES if type(VALUES[other]()) is type(one) and VALUES[other]() == one]

    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_pickle(self, name: str, protocol: int) -> None:
        """What comes back is equal, and shows itself the same."""
        one = VALUES[name]()
        again = pickle.loads(pickle.dumps(one, protocol))

        assert one == again
        assert hash(one) == hash(again)
        assert repr(one) == repr(again)

    def test_copy(self, name: str) -> None:
        """A copy is equal."""
        one = VALUES[name]()

        assert one == copy.copy(one) == copy.deepcopy(one)

    def test_cannot_change(self, name: str) -> None:
        """No attribute can be set, new or old, or deleted."""
        one = VALUES[name]()
        fields = [field.name for field in attrs.fields(type(one))] if attrs.has(type(one)) else []
        for field in (*fields, "anything"):
            if name != "program":
                with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
                    setattr(one, field, None)
        for field in fields:
            with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
                delattr(one, field)

        assert one == VALUES[name]()

    def test_show_themselves(self, name: str) -> None:
        """repr() names the class."""
        one = VALUES[name]()

        assert type(one).__name__ in repr(one)


ERRORS = (CivrulesError, InvalidDocument, InvalidInput, StandardUnavailable, NotComparable)


class TestErrors:
    """One base error; each holds its problems and builds its text."""

    @pytest.mark.parametrize("kind", ERRORS)
    def test_pickle(self, kind: type[CivrulesError]) -> None:
        """An error survives the way from one process to another, problems and all."""
        error = kind([PROBLEM, attrs.evolve(PROBLEM, value={"a": [1]})])
        again = pickle.loads(pickle.dumps(error))

        assert (kind, error.problems, str(error)) == (type(again), again.problems, str(again))

    @pytest.mark.parametrize("kind", ERRORS)
    def test_text(self, kind: type[CivrulesError]) -> None:
        """One problem a line, in either language."""
        error = kind([PROBLEM, PROBLEM])

        assert "\n".join([PROBLEM.say()] * 2) == str(error)
        assert "\n".join([PROBLEM.say("zh")] * 2) == error.say("zh")
        assert isinstance(error, CivrulesError)

    def test_one_problem_needs_no_list(self) -> None:
        """A single problem may be given as it is."""
        assert (PROBLEM,) == InvalidInput(PROBLEM).problems

    def test_are_what_hosts_catch(self) -> None:
        """ValueError for what cannot be used, LookupError for what is not there."""
        assert [True, True, False, True] == [
            issubclass(kind, ValueError) for kind in (InvalidDocument, InvalidInput, StandardUnavailable, NotComparable)
        ]
        assert issubclass(StandardUnavailable, LookupError)

    def test_seen_from_further_out(self) -> None:
        """A problem can be placed within something."""
        assert ("b", 1, "a.toml", "grade[1]") == PROBLEM.within("b", 1).where
        assert [("b", "a.toml", "grade[1]")] == [problem.where for problem in InvalidInput(PROBLEM).within("b")]

    def test_a_problem_with_an_unhashable_value_hashes(self) -> None:
        """Problems about lists and tables can be put in a set."""
        assert 1 == len({attrs.evolve(PROBLEM, value=[1]), attrs.evolve(PROBLEM, value=[1])})


class TestInvariants:
    """A host may call attrs.validators.set_disabled(True): invariants hold all the same."""

    @pytest.mark.parametrize(
        "make",
        [
            Text,
            lambda: Text(en=" "),
            lambda: Text(en="a\u202eb"),
            lambda: Period(date(2031, 12, 31), DAY),
            lambda: Community(""),
            lambda: Community("c", locality="3"),
            lambda: Condition(failed="a", points="b"),
            lambda: Condition.of({"failed": "a", "within": "1 year"}),
            lambda: attrs.evolve(STANDARD, version="a b"),
            lambda: attrs.evolve(STANDARD, rounding=Rounding()),
            lambda: attrs.evolve(STANDARD, sections=[]),
            lambda: attrs.evolve(STANDARD, total=7),
            lambda: Check(at_least="much"),
            lambda: Criterion(id="a", title=TEXT, points="1e999", measure=Check()),
        ],
    )
    def test_hold_without_validators(self, make: Callable[[], object]) -> None:
        """What cannot be made with validators cannot be made without."""
        with attrs.validators.disabled(), pytest.raises(CivrulesError):
            make()
        with pytest.raises(CivrulesError):
            make()


class TestTexts:
    """A sentence in Chinese, English or both."""

    def test_the_other_language_stands_in(self) -> None:
        """A missing translation shows the other language."""
        assert ("整洁", "整洁") == (Text(zh="整洁").in_("en"), Text(zh="整洁").in_("zh"))
        assert ("Tidy", "Tidy") == (Text(en="Tidy").in_("zh"), str(Text(en="Tidy")))
        assert ("整洁", "Tidy") == (TEXT.in_("zh"), TEXT.in_("en"))

    @pytest.mark.parametrize("words", ["", " ", "\n", "\u3000", 5, b"a", True], ids=repr)
    def test_words_are_text(self, words: Any) -> None:
        """Blanks and other values are no words."""
        with pytest.raises(InvalidDocument):
            Text(en=words)

    def test_both_languages_are_checked(self) -> None:
        """Both problems come at once."""
        with pytest.raises(InvalidDocument) as caught:
            Text(zh="\u202e", en="")

        assert [("zh",), ("en",)] == [problem.where for problem in caught.value.problems]


class TestConditions:
    """Section 6: "One condition language; data, never code strings"."""

    @pytest.mark.parametrize(
        "table",
        [
            {"happened": "fire", "within": "12 months"},
            {"failed": "a"},
            {"failed_tag": "key", "at_least": 2},
            {"value": "visit", "equals": "initial"},
            {"value": "fire:alarm", "more_than": 1.5},
            {"section": "safety", "at_least": "60%", "less_than": "80%"},
            {"figure": "coverage", "at_least": Decimal("0.8")},
            {"attribute": "credentials", "has": "green"},
            {"none": [{"any": [{"all": [{"failed": "a"}]}]}]},
        ],
        ids=str,
    )
    def test_are_read_from_tables(self, table: Any) -> None:
        """A table and the keywords of the class say the same."""
        read = Condition.of(table)

        assert read == Condition.of(dict(reversed(table.items())))
        assert read.subject == next(
            key
            for key in table
            if key in ("happened", "failed", "failed_tag", "value", "section", "figure", "attribute", "none")
        )
        assert read == Condition(**table)

    def test_a_member_may_be_a_condition(self) -> None:
        """Conditions hold conditions or tables."""
        failed = Condition(failed="a")

        assert Condition.of({"all": [failed, {"failed": "b"}]}) == Condition(all=[failed, Condition(failed="b")])
        assert ["all", "failed", "failed"] == [part.subject for part in Condition.of({"all": [failed, failed]}).walk()]


class TestCanonical:
    """Section 7: "fields as JSON in UTF-8, keys sorted, no spaces; fields equal to their default left out"."""

    @pytest.mark.parametrize(
        "value, text",
        [
            (Text(zh="整洁"), '{"zh":"整洁"}'),
            (Period(DAY), '{"first":"2031-01-01"}'),
            (Check(at_least="95%"), '{"at_least":"95%","kind":"check"}'),
            (Check(at_least=95), '{"at_least":"95","kind":"check"}'),
            (Levels(levels={"b": 1, "a": 0.50}), '{"kind":"levels","levels":{"a":"0.5","b":"1"}}'),
            (Marks(choices=[0, 1e1]), '{"choices":["0","10"],"kind":"marks"}'),
            (
                attrs.evolve(TIDY, title=Text(en="Tidy")),
                '{"id":"tidy","measure":{"kind":"check"},"points":"5","tags":["key"],"title":{"en":"Tidy"}}',
            ),
            (Observation("a", True), '{"criterion":"a","value":true}'),
            (Ratio(1, 2), '{"n":1,"of":2}'),
            (frozenset({"b", "a", "c"}), '["a","b","c"]'),
            ({"b": [Decimal("1.0"), Fraction(1, 3), 0.1, None, True]}, '{"b":["1","1/3","0.1",null,true]}'),
        ],
        ids=range(11),
    )  # fmt: skip
    def test_by_hand(self, value: Any, text: str) -> None:
        """The canonical text of small values."""
        assert text == canonical(value)

    def test_good_documents_have_no_default_in_theirs(self) -> None:
        """What is not said is not written."""
        for path in GOOD:
            text = canonical(load(path))

            assert "null" not in text
            assert '"decimals":4' not in text
            assert '"least":"0"' not in text

    def test_a_programs_standard_is_its_digest(self) -> None:
        """Equal standards have equal digests, other standards others."""
        assert written(criterion("a")).digest == written(criterion("a")).digest
        assert written(criterion("a")).digest != written(criterion("b")).digest
        assert 64 == len(STANDARD.digest)
