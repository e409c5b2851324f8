"""Hostile files: refused quickly and cleanly. "The loader raises nothing but `InvalidDocument`"."""

import copy
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import attrs
import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written import CHECK, GOOD, SECTION, criterion, head, raw, sheet

import civrules
from civrules import Community, InvalidDocument, InvalidInput, Problem, dump, load
from civrules.authoring.documents import MOST_BYTES, loads
from civrules.authoring.outline import TABLES
from civrules.model.given import variants
from civrules.testing.strategies import broken_documents
from civrules.testing.strategies.broken import steps_in, values, writable

SECONDS = 10.0
"""Everything here takes less than two; the rest is for busy machines."""
DAY = date(2031, 1, 1)


@contextmanager
def quickly() -> Iterator[None]:
    """Fails where the block takes too much of the processor's time."""
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def refused(document: str | bytes) -> InvalidDocument:
    """The error with which a document is refused: quickly, and in words that can be shown."""
    with quickly(), pytest.raises(InvalidDocument) as caught:
        loads(document, "a.toml")
    error = caught.value
    for said in (*str(error).splitlines(), *error.say("zh").splitlines()):
        assert said.isprintable()
    return error


def codes(document: str | bytes) -> list[str]:
    """The codes of the problems for which a document is refused."""
    return [problem.code for problem in refused(document).problems]


class TestNumbers:
    """Model, section 3: "NaN, infinities, more than 18 digits or an exponent beyond ±12 are refused"."""

    @pytest.mark.parametrize(
        "written",
        [
            "1e999999",
            "-1e-999999",
            "1e99999999999999999999",
            "-1e-99999999999999999999",
            "1e13",
            "1e-13",
            "1234567890123456789",
            "0.1234567890123456789",
            "0x7fffffffffffffffff",
            "9" * 5_000,
            "9" * 1_000_000,
            f"0.{'9' * 1_000_000}",
            f"1.{'0' * 1_000_000}",
            f"0x{'f' * 1_000_000}",
            f"0b{'1' * 1_000_000}",
        ],
        ids=lambda written: written[:24],
    )
    def test_too_many_digits(self, written: str) -> None:
        """A figure that is too long or too large is refused before any arithmetic."""
        assert ["too-many-digits"] == codes(sheet(criterion("a", points=written)))

    def test_the_line_of_a_number_that_is_never_read(self) -> None:
        """A number that is too long for Python itself is named with its line."""
        text = sheet(criterion("a"), criterion("b", points="7" * 6_000))
        (problem,) = refused(text).problems

        assert ("a.toml", f"line {text[: text.index('777')].count(chr(10)) + 1}") == problem.where
        assert "7777" in problem.say()

    @pytest.mark.parametrize("written", ["nan", "+nan", "-nan", "inf", "+inf", "-inf"])
    def test_no_numbers(self, written: str) -> None:
        """NaN and infinities are numbers in TOML, and no figures."""
        assert ["bad-figure"] == codes(sheet(criterion("a", points=written)))

    @pytest.mark.parametrize(
        "written",
        [
            "９５%",
            "95％",
            "٩٥%",
            "95 %",
            " 95%",
            "1_000%",
            "1e2%",
            "+5%",
            "--5%",
            "0x5%",
            "%",
            "5%%",
            "5.%",
            ".5%",
            "5%\\n",
            "Ⅴ%",
            "½%",
        ],
    )
    def test_texts_that_are_no_percentage(self, written: str) -> None:
        """A percentage is ASCII digits with an optional point and sign, and nothing else."""
        measure = f'{{ kind = "check", at_least = "{written}" }}'

        assert codes(sheet(criterion("a", measure))) in (["bad-figure"], ["wrong-type"])

    @pytest.mark.parametrize("written", ["true", "false"])
    @pytest.mark.parametrize("key", ["points", "decimals", "least"])
    def test_yes_and_no_are_no_figures(self, key: str, written: str) -> None:
        """Python takes True for 1; a document does not."""
        given = {"points": "1", key: written}
        more = "\n".join(f"{name} = {value}" for name, value in given.items() if name != "points")

        assert ["wrong-type"] == codes(sheet(criterion("a", points=given["points"], more=more)))

    def test_the_largest_and_the_smallest_figure(self) -> None:
        """Eighteen digits and twelve places are taken, exactly."""
        read = loads(sheet(criterion("a", points="999999999999999999"), criterion("b", points="1e-12")))

        assert [Decimal(10**18 - 1), Decimal("1e-12")] == [one.points for one in read.criteria.values()]

    def test_the_hosts_decimal_context_changes_nothing(self) -> None:
        """A host that computes with three digits, and traps everything, reads the same document."""
        text = sheet(criterion("a", points="84.9996"), criterion("b", points="123456789.123456789"))
        expected = loads(text)
        with localcontext() as context:
            context.prec = 3
            context.Emax = 5
            context.traps = dict.fromkeys(context.traps, True)

            assert expected == loads(text)
            assert expected.digest == loads(text).digest


class TestDepth:
    """Deep nesting is refused, and never a RecursionError."""

    @pytest.mark.parametrize(
        "line",
        [
            f"x = {'[' * 100_000}{']' * 100_000}",
            f"x = {'[' * 100_000}",
            f"x = {'{a=' * 100_000}1{'}' * 100_000}",
            f"x = {'[{a=' * 100_000}1{'}]' * 100_000}",
            f"{'x.' * 100_000}x = 1",
            f"{'x . ' * 100_000}x = 1",
            '"x".' * 100_000 + "x = 1",
            "'x'." * 100_000 + "x = 1",
            f"{('y' * 65 + '.') * 50_000}x = 1",
            f"[{'x.' * 100_000}x]",
            f"[[{'x.' * 100_000}x]]",
            f"x = {{ {'x.' * 100_000}x = 1 }}",
        ],
        ids=[
            "arrays", "open-arrays", "inline-tables", "both", "dotted", "spaced", "quoted", "single-quoted",
            "long-keys", "header", "header-of-list", "dotted-inside",
        ],
    )  # fmt: skip
    def test_100_000_deep(self, line: str) -> None:
        """However it is written, nesting 100,000 deep is refused at once."""
        assert ["too-deep"] == codes(f"{head()}\n{line}\n{SECTION}{criterion('a')}")

    @pytest.mark.parametrize("depth, code", [(8, None), (9, "too-deep"), (300, "too-deep"), (3_000, "too-deep")])
    def test_conditions(self, depth: int, code: str | None) -> None:
        """Conditions hold conditions eight deep and no deeper."""
        when = "{ all = [" * (depth - 1) + '{ failed = "a" }' + "] }" * (depth - 1)
        text = sheet(criterion("a"), tables=gates([when]))

        if code is None:
            assert depth == len(list(loads(text).gates[0].when.walk()))
        else:
            assert [code] == codes(text)

    def test_points_in_a_text_are_not_depth(self) -> None:
        """A sentence with many full stops is no dotted key."""
        text = sheet(criterion("a")).replace("A line", "A . " * 20 + "1.2.3.4.5.6")

        assert loads(text).criteria["a"].title.in_("en").startswith("A . A . ")


def many(number: int, entry: str, between: str = "") -> str:
    """The entry so many times, # replaced by its number."""
    return between.join(entry.replace("#", str(place)) for place in range(number))


def gates(conditions: Iterable[str]) -> str:
    """Grades and a gate for every condition."""
    made = "".join(
        f"""
[[gate]]
id = "g{number}"
title = {{ en = "A gate" }}
when = {when}
then = {{ grade = "B" }}
"""
        for number, when in enumerate(conditions)
    )
    return f'\n[[grade]]\nid = "A"\nat_least = 1\n\n[[grade]]\nid = "B"\n{made}'


class TestSize:
    """Files above 4 MB and more than 5,000 criteria are refused; what is large and sound is read."""

    def test_more_than_4_mb(self, tmp_path: Path) -> None:
        """One byte too many, and nothing is read."""
        path = tmp_path / "large.toml"
        text = sheet().encode()
        path.write_bytes(text + b"#" * (MOST_BYTES - len(text)))
        assert load(path).id
        path.write_bytes(text + b"#" * (MOST_BYTES - len(text) + 1))

        with (
            quickly(),
            pytest.raises(InvalidDocument, match=r"large.toml: the file has 4194305 bytes, at most 4194304"),
        ):
            load(path)

    def test_5_000_criteria_are_read(self) -> None:
        """The most that a document may have."""
        with quickly():
            assert 5_000 == len(loads(sheet(*(criterion(f"c{number}") for number in range(5_000)))).criteria)

    @pytest.mark.parametrize("many", [5_001, 20_000])
    def test_more_than_5_000_criteria(self, many: int) -> None:
        """They are counted before anything is made of them."""
        text = sheet(*(criterion(f"c{number}", points="broken") for number in range(many))).replace("broken", "1")

        (problem,) = refused(text).problems
        assert ("too-many", many) == (problem.code, problem.value)

    def test_more_than_5_000_criteria_in_python(self) -> None:
        """The same holds of a standard that is built in Python."""
        one = loads(sheet())
        (section,) = one.sections
        children = tuple(attrs.evolve(section.children[0], id=f"c{number}") for number in range(5_001))

        with quickly(), pytest.raises(InvalidDocument, match="5001 entries, at most 5000"):
            attrs.evolve(one, sections=(attrs.evolve(section, children=children),))

    @pytest.mark.parametrize(
        "number, measure, entry",
        [
            (100_000, '{ kind = "findings", items = [@] }', '{ id = "i#", each = 1 }'),
            (20_000, '{ kind = "levels", levels = { @ } }', "l# = 1"),
            (20_000, '{ kind = "tiers", tiers = [@] }', "{ at_most = #, points = 1 }"),
            (20_000, '{ kind = "marks", choices = [@] }', "1"),
        ],
        ids=["items", "levels", "tiers", "choices"],
    )
    def test_very_many_entries_are_read(self, number: int, measure: str, entry: str) -> None:
        """What is large and sound takes no more than its time."""
        with quickly():
            loads(sheet(criterion("a", measure.replace("@", many(number, entry, ",")))))

    @pytest.mark.parametrize(
        "text",
        [
            lambda: sheet(more=many(20_000, "k# = 1\n")),
            lambda: sheet(tables=many(20_000, "\n[k#]")),
            lambda: sheet(many(2_000, criterion("c#", '{ kind = "chek" }'))),
            lambda: head() + many(3_000, '\n[[section]]\nid = "s#"\ntitle = { en = "S" }\ncriterion = []'),
            lambda: sheet(
                many(2_000, criterion("criterion-#")),
                tables=gates(many(2_000, '{ failed = "kriterion-#" }', "\n").splitlines()),
            ),
            lambda: sheet(
                criterion("a", f'{{ kind = "levels", levels = {{ {many(10_000, "l# = 1", ",")} }} }}'),
                tables=gates(many(1_200, '{ value = "a", equals = "m#" }', "\n").splitlines()),
            ),
        ],
        ids=["keys", "tables", "measures", "sections", "criteria-in-conditions", "levels-in-conditions"],
    )
    def test_very_many_problems(self, text: Callable[[], str]) -> None:
        """The first thousand are said, and that there are more; nearest words do not take for ever."""
        problems = refused(text()).problems

        assert (1_001, "more-problems") == (len(problems), problems[-1].code)
        assert sum(len(problem.say()) for problem in problems) < 1_000_000

    @pytest.mark.parametrize(
        "text",
        [
            lambda: sheet(
                many(2_000, criterion("c#", more='tags = ["t#"]')),
                tables=gates(many(2_000, '{ failed_tag = "t#" }', "\n").splitlines()),
            ),
            lambda: sheet(tables=gates(["{ all = [" + many(10_000, '{ failed = "tidy" }', ",") + "] }"])),
        ],
        ids=["conditions", "one-wide-condition"],
    )
    def test_many_sound_conditions(self, text: Callable[[], str]) -> None:
        """Names are looked up, not searched for."""
        with quickly():
            assert civrules.compile(loads(text())).lines

    def test_many_given_numbers(self) -> None:
        """What is checked of a measure with given numbers grows with them, not with their square."""
        steps = many(5, "# = 0.#", ", ")
        items = many(40, f'{{ id = "i@", each = {{ by = "a@", lower = {{ {steps} }} }} }}'.replace("@", "#"), ", ")
        measure = loads(sheet(criterion("a", f'{{ kind = "findings", items = [{items}] }}'))).criteria["a"].measure

        assert len(variants(measure, {})) <= 40

    def test_a_long_text_is_cut_where_it_is_shown(self) -> None:
        """An id of a million letters does not make a message of a million letters."""
        problems = refused(sheet(criterion("a" * 1_000_000))).problems

        assert ["bad-id"] == [problem.code for problem in problems]
        assert len(problems[0].say()) < 400


class TestFiles:
    """What cannot be read, or is no text."""

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """The file is named, and the reason."""
        with pytest.raises(InvalidDocument, match=r"none.toml: the file cannot be read"):
            load(tmp_path / "none.toml")

    def test_a_directory(self, tmp_path: Path) -> None:
        """A folder is no document."""
        with pytest.raises(InvalidDocument, match="the file cannot be read"):
            load(tmp_path)

    @pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5_000, ""])
    def test_a_name_that_no_file_can_have(self, name: str) -> None:
        """What the system refuses to look for is refused like a missing file."""
        with pytest.raises(InvalidDocument, match="the file cannot be read"):
            load(name)

    def test_an_empty_file(self) -> None:
        """Both tables that a document must have are named."""
        assert ["the table [standard] is missing", "the table [[section]] is missing"] == [
            problem.say().removeprefix("a.toml: ") for problem in refused("").problems
        ]

    @pytest.mark.parametrize(
        "data",
        [
            sheet().encode("utf-16"),
            sheet().encode("utf-32"),
            sheet().replace("A line", "Straße").encode("latin-1"),
            sheet().replace("A line", "楼道").encode("gb18030"),
            b"\xff\xfe",
            b"\x80",
            b'x = "\xed\xa0\x80"',
            b'x = "\xc0\xaf"',
        ],
        ids=["utf-16", "utf-32", "latin-1", "gb18030", "mark", "lone", "surrogate", "overlong"],
    )
    def test_not_utf_8(self, data: bytes) -> None:
        """Other encodings are refused with what to do."""
        (problem,) = refused(data).problems

        assert "not-utf-8" == problem.code
        assert problem.say().endswith("save the file as UTF-8")

    @pytest.mark.parametrize(
        "text",
        [
            f"\0{sheet()}",
            sheet().replace("A line", "A\0line"),
            sheet().replace("A line", "A\x07line"),
            sheet().replace('"A line"', '"A line'),
            sheet().replace("A line", "A\rline"),
            sheet().replace("A line", "\\uD800"),
            sheet().replace("A line", "\\U00110000"),
            sheet().replace("A line", "\\x41"),
            "{}",
            "- a\n- b",
            "<xml/>",
            '{"standard": {}}',
            "=" * 1_000_000,
            '"' * 1_000_000,
            "[" * 20,
            "\ufeff\ufeff" + sheet(),
            "[standard]\n[standard]",
            "[standard]\nid = 1\n[[standard]]",
            "standard = 1\n[standard]",
        ],
        ids=range(19),
    )
    def test_not_toml(self, text: str) -> None:
        """Whatever else it is, it is refused with the place."""
        (problem,) = refused(text).problems

        assert "not-toml" == problem.code
        assert problem.where[1].startswith(("line ", "end of document"))  # type: ignore[union-attr]  # a text

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: text.replace("\n", "\r\n"),
            lambda text: f"\ufeff{text}",
            lambda text: f"\n\n# Remark\n{text}\n\n\n",
            lambda text: text.rstrip("\n"),
            lambda text: text.replace(" = ", "\t=\t"),
        ],
        ids=["crlf", "mark", "remarks", "no-last-line-end", "tabs"],
    )
    def test_what_an_editor_may_do(self, change: Callable[[str], str]) -> None:
        """Line ends, the byte order mark and white space change nothing."""
        assert loads(sheet()) == loads(change(sheet()))

    @pytest.mark.parametrize(
        "soup",
        [
            "effective = { first = 1979-05-27T07:32:00Z, last = 07:32:00 }",
            "effective = 1979-05-27",
            "effective = [1979-05-27, 1979-05-28]",
            "total = 1979-05-27",
            "total = 07:32:00",
            "locality = 1979-05-27 07:32:00",
            "scale = 1979-05-27T00:32:00.999999-07:00",
            "missing = 2000-02-29",
            "direction = 0001-01-01",
            "issued = { on = 2024-01-01 }",
        ],
    )
    def test_dates_where_none_belong(self, soup: str) -> None:
        """A date is no text, no figure and no word; a day has no hour."""
        assert set(codes(sheet(more=soup))) <= {"wrong-type", "bad-day"}

    @pytest.mark.parametrize(
        "written", ["2025-02-30", "2025-13-01", "2025-00-00", "0000-01-01", "2025-1-1", "20250101-"]
    )
    def test_days_that_are_none(self, written: str) -> None:
        """Days that the calendar does not have are no TOML."""
        assert {"not-toml", "wrong-type", "bad-day"} >= set(codes(sheet(more=f"effective = {{ first = {written} }}")))


HIDING = ["\u202e", "\u2066", "\u200f", "\u061c", "\u2028", "\u2029", "\ufeff", "\x07", "\x1b", "\x7f", "\x9b", "\0"]


class TestHiding:
    """Control and bidirectional characters could hide what a reader sees."""

    @pytest.mark.parametrize("character", HIDING, ids=ascii)
    @pytest.mark.parametrize(
        "part",
        [
            '"tidy"',
            '"A line"',
            '"residential"',
            '"Example rules"',
            '"example/sheet"',
            '"on-site"',
            '"a-tag"',
            '"full"',
            '"A"',
        ],
    )
    def test_in_every_text(self, character: str, part: str) -> None:
        """Every text of a document is looked at, and what is said of it hides nothing."""
        text = sheet(
            criterion(
                "tidy",
                '{ kind = "levels", levels = { "full" = 1, none = 0 } }',
                more='method = "on-site"\ntags = ["a-tag"]',
            ),
            tables='\n[[grade]]\nid = "A"\n',
        )
        assert loads(text).id
        hidden = text.replace(part, f'{part[:-1]}\\u{ord(character):04x}"')

        assert set(codes(hidden)) <= {"hiding-character", "bad-id", "unknown-word"}

    @pytest.mark.parametrize("character", HIDING, ids=ascii)
    @pytest.mark.parametrize("table", ["standard", "section", "section.criterion", "rounding", "table", "ti\u00adtle"])
    def test_in_keys(self, character: str, table: str) -> None:
        """A key that nobody sees is an unknown key, and is shown."""
        escaped = f'"ke\\u{ord(character):04x}y" = 1\n'
        texts = {
            "standard": sheet(more=escaped),
            "section": head() + SECTION + escaped + criterion("tidy"),
            "section.criterion": sheet(criterion("tidy", more=escaped)),
            "rounding": sheet(tables=f"\n[rounding]\n{escaped}"),
            "table": sheet(tables=f"\n[table]\n{escaped}"),
        }
        error = refused(texts.get(table, sheet(tables=f'\n["{table}\\u{ord(character):04x}"]\n')))

        assert ["unknown-key"] == [problem.code for problem in error.problems]
        assert character not in str(error)

    @pytest.mark.parametrize(
        "word", ["tidу", "ｔｉｄｙ", "ti dy", "tidy ", "", ".tidy", "tidy\u0301", "a" * 65, "楼道"]
    )
    def test_ids_are_ascii(self, word: str) -> None:
        """Letters that look like others, full-width letters and white space are no ids."""
        assert set(codes(sheet(criterion(word)))) <= {"bad-id", "no-words"}

    def test_a_title_may_have_lines_and_chinese(self) -> None:
        """Line feed, tab and every other script are no hiding characters."""
        read = loads(sheet(criterion("tidy")).replace("A line", "一\\n二\\tثلاثة 👪"))

        assert "一\n二\tثلاثة 👪" == read.criteria["tidy"].title.in_("zh")


VALUES: list[Any] = [1, -1, Decimal("1.5"), True, "x", [], {}, DAY, "", [[]]]


def put(table: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The document with another value at a path."""
    changed = copy.deepcopy(table)
    inner: Any = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


def new_places() -> dict[Path, list[tuple[str | int, ...]]]:
    """The keys that each good document has and none before it; a measure's keys are its own."""
    seen: set[tuple[str, ...]] = set()
    found: dict[Path, list[tuple[str | int, ...]]] = {}
    for document in GOOD:
        table = raw(document)
        for path in steps_in(table):
            kind: Any = table
            for step in path[: path.index("measure") + 1] if "measure" in path else ():
                kind = kind[step]
            key = (*(step for step in path if isinstance(step, str)), kind["kind"] if "measure" in path else "")
            if key not in seen:
                seen.add(key)
                found.setdefault(document, []).append(path)
    return found


PLACES = new_places()


def sound_or_refused(text: str) -> None:
    """Refused in words of ours; or a standard that can be dumped, compiled and evaluated."""
    problems: tuple[Problem, ...] = ()
    try:
        read = loads(text, "a.toml")
        assert read == loads(dump(read))
        civrules.compile(read).evaluate(Community("c"), {}, on=DAY)
    except (InvalidDocument, InvalidInput) as error:
        problems = error.problems
    for problem in problems:
        assert problem.say("zh")
        assert "object" not in problem.expected
        assert "'" not in problem.expected


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.stem)
def test_every_value_of_every_type_under_every_key(path: Path) -> None:
    """Each key of the format with each type of value: the document loads or is refused, and nothing else."""
    table = raw(path)

    for place in PLACES[path]:
        for value in VALUES:
            sound_or_refused(tomli_w.dumps(put(table, place, value)))


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.stem)
def test_without_every_key(path: Path) -> None:
    """Each key taken out: the document loads or is refused, and nothing else."""
    table = raw(path)

    for place in PLACES[path]:
        changed = copy.deepcopy(table)
        inner: Any = changed
        for step in place[:-1]:
            inner = inner[step]
        del inner[place[-1]]
        sound_or_refused(tomli_w.dumps(changed))


TABLES_OF_GOOD = tuple(raw(path) for path in GOOD)


@settings(max_examples=300 if settings().max_examples < 2000 else 100_000)
@given(broken_documents(TABLES_OF_GOOD))
def test_mutated_documents(text: str) -> None:
    """Issue 2: "The loader raises nothing but `InvalidDocument`"; what loads can be dumped, compiled and evaluated."""
    sound_or_refused(text)


@given(broken_documents())
def test_drawn_documents_with_a_fault(text: str) -> None:
    """The same of the documents of drawn standards."""
    sound_or_refused(text)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b"\xef\xbb\xbf")
@example(b"standard = 1")
@example(b"section = [[]]")
@example(b"[standard]\nsource = [[]]")
@example(b"section = [{ criterion = [[], 1, { measure = [] }] }]")
def test_noise(data: bytes) -> None:
    """Bytes of any kind are refused like every other document."""
    with pytest.raises(InvalidDocument):
        loads(data)


@given(st.dictionaries(st.sampled_from(TABLES), values, max_size=4))
def test_tables_of_anything(table: dict[str, Any]) -> None:
    """The names of the tables with anything in them."""
    with pytest.raises(InvalidDocument):
        loads(tomli_w.dumps(writable(table)))


def test_check_is_the_plainest_measure() -> None:
    """The sheet that these tests spoil is sound."""
    assert "check" == loads(sheet(criterion("a", CHECK))).criteria["a"].measure.kind
