"""Documents: good ones load and survive a round trip; bad ones are refused with every problem, word for word."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import attrs
import golden
import pytest
from golden import name_of
from written import BAD, DOCUMENTS, GOOD

from civrules import InvalidDocument, Problem, Standard, dump, load
from civrules.authoring.documents import loads
from civrules.errors import shown
from civrules.errors.codes import CODES
from civrules.model import standard

SOURCE = Path(standard.__file__).parent.parent
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def refused(path: Path) -> InvalidDocument:
    """The error with which a bad document is refused."""
    return golden.refused(path, load)


@pytest.mark.parametrize("path", GOOD, ids=name_of)
class TestGood:
    """Design, section 7: "Dumping and loading again is the identity"."""

    def test_loads_under_its_own_name(self, path: Path) -> None:
        """A good document loads; it is named as its file."""
        assert f"example/{path.stem}" == load(path).id

    def test_dumped_and_loaded_again_it_is_equal(self, path: Path) -> None:
        """What is dumped loads as an equal value with an equal digest and hash."""
        first = load(path)
        again = loads(dump(first))

        assert first == again
        assert (first.digest, hash(first)) == (again.digest, hash(again))

    def test_dumping_is_stable(self, path: Path) -> None:
        """What was dumped, loaded and dumped again is the same text."""
        text = dump(load(path))

        assert text == dump(loads(text))

    def test_line_ends_and_byte_order_mark_do_not_matter(self, path: Path) -> None:
        """A file saved on Windows says the same."""
        saved = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")

        assert load(path) == loads(saved)

    def test_path_text_and_resource_are_the_same(self, path: Path) -> None:
        """A document may be named by text as well as by path."""
        assert load(path) == load(str(path))


ENGLISH_ONLY: Any = {
    "id": "example/english-only",
    "version": "1",
    "title": {"en": "Building check"},
    "kinds": ["residential"],
    "locality": "CA-ON",
    "effective": {"last": "2023-06-30"},
    "source": [{"document": "By-law 970"}],
    "not_applicable": "refuse",
    "missing": "refuse",
    "sections": [
        {
            "id": "common",
            "title": {"en": "Common areas"},
            "children": [{"id": "lobby", "title": {"en": "Lobby"}, "points": "5", "measure": {"kind": "check"}}],
        }
    ],
}
CHINESE_ONLY: Any = {
    "id": "example/chinese-only",
    "version": "1",
    "title": {"zh": "小区考核办法"},
    "kinds": ["residential"],
    "locality": "3207",
    "effective": {"first": "2024-02-29", "last": "2025-12-31"},
    "issued": {"by": "住房和城乡建设局", "on": "2024年2月", "interpreter": "住建局"},
    "source": [{"document": "《小区考核办法》", "clause": "四（一）", "id": "kh-4-1"}],
    "total": "2",
    "rounding": {"total": 1},
    "sections": [
        {
            "id": "wh",
            "title": {"zh": "日常维护"},
            "responsible": {
                "lead": "物业服务企业",
                "support": ["街道", "社区居委会"],
                "evaluator": "住建局",
                "via": "网格员",
            },
            "children": [
                {
                    "id": "ld",
                    "title": {"zh": "楼道照明完好"},
                    "points": "2",
                    "method": "on-site",
                    "responsible": {"lead": "物业服务企业", "support": ["街道"]},
                    "measure": {"kind": "check"},
                }
            ],
        }
    ],
    "grades": [
        {"id": "A", "title": {"zh": "优"}, "at_least": "1.8"},
        {"id": "B", "title": {"zh": "不合格"}},
    ],
}


class TestDigest:
    """Design, section 7: "Digest: SHA-256 of `civrules/1` LF and that text"."""

    @pytest.mark.parametrize(
        "name, fields, digest",
        [
            ("english-only", ENGLISH_ONLY, "12a8c5112455065e0c7f361818e032f937832e259fa9f8f2a9baccd78f8f8a74"),
            ("chinese-only", CHINESE_ONLY, "80725ffb41e80f5ba77be48778b4325e0e53d019e3e4d5d6af0f5f0d53517b5d"),
        ],
    )
    def test_is_that_of_the_documented_canonical_form(self, name: str, fields: Any, digest: str) -> None:
        """Two digests, worked out from the canonical form alone, stay what they are."""
        canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

        assert digest == hashlib.sha256(b"civrules/1\n" + canonical.encode()).hexdigest()
        assert digest == load(DOCUMENTS / "good" / f"{name}.toml").digest

    @pytest.mark.parametrize(
        "one, other",
        [
            ("points = 5", "points = 5.0"),
            ("points = 5", "points = 5.00"),
            ("points = 5", "points = 0.5e1"),
            ('missing = "refuse"', 'missing = "refuse" # in words'),
            ("points = 5", "points = 5\n  least = 0\n  decimals = 4"),
            ('locality = "CA-ON"', 'scale = false\nlocality = "CA-ON"'),
        ],
    )
    def test_does_not_depend_on_how_it_is_written(self, one: str, other: str) -> None:
        """Trailing zeros, comments and defaults that are written out change nothing."""
        text = (DOCUMENTS / "good" / "english-only.toml").read_text(encoding="utf-8")

        assert loads(text) == loads(text.replace(one, other))
        assert loads(text).digest == loads(text.replace(one, other)).digest

    @pytest.mark.parametrize(
        "one, other",
        [
            ("points = 5", "points = 5.0001"),
            ("Lobby", "lobby"),
            ('version = "1"', 'version = "2"'),
            ("2023-06-30", "2023-06-29"),
            ('"By-law 970"', '"By-law 971"'),
        ],
    )
    def test_tells_documents_apart(self, one: str, other: str) -> None:
        """Whatever says something else has another digest."""
        text = (DOCUMENTS / "good" / "english-only.toml").read_text(encoding="utf-8")

        assert loads(text) != loads(text.replace(one, other))
        assert loads(text).digest != loads(text.replace(one, other)).digest

    def test_are_all_different(self) -> None:
        """No two documents share a digest."""
        assert len(GOOD) == len({load(path).digest for path in GOOD})


class TestReading:
    """What the keys of a document become."""

    def test_a_source_may_be_a_table_or_a_list(self) -> None:
        """`source` is a table or a list of them, and is kept as a list."""
        read = load(DOCUMENTS / "good" / "sources.toml")

        assert ("Example rules", "Example notice") == tuple(one.document for one in read.source)
        assert ("published", "reference") == tuple(one.provenance for one in read.source)
        assert ("2", "3") == tuple(one.clause for one in read.sections[0].source)
        assert ("2.1",) == tuple(one.clause for one in read.criteria["tidy"].source)

    def test_a_locality_loses_its_trailing_zeros(self) -> None:
        """`320700000000` is `3207`."""
        assert "3207" == load(DOCUMENTS / "good" / "chinese-only.toml").locality

    def test_full_points_are_the_sum_of_the_sections(self) -> None:
        """A section's full points are its `scale_to`, else the sum of its criteria's."""
        read = load(DOCUMENTS / "good" / "scaled-sections.toml")

        assert 8 == read.sections[2].full(demerits=False)
        assert "40.5" == str(read.full)

    def test_criteria_stand_in_the_documents_order(self) -> None:
        """Criteria of all sections, by id, in the document's order."""
        read = load(DOCUMENTS / "good" / "policies.toml")

        assert ("refused", "worst", "held") == tuple(read.criteria)


@pytest.mark.parametrize("path", BAD, ids=name_of)
class TestBad:
    """Design, section 7: "all problems of a file come at once".

    "Problems name the file, the table and key, the value, what was expected, and the nearest valid word."
    """

    def test_is_refused_with_exactly_these_words(self, path: Path) -> None:
        """Every message of every bad document, word for word."""
        golden.check_words(path, refused(path))

    def test_every_problem_names_the_file(self, path: Path) -> None:
        """The outermost place is the file's name."""
        assert {path.name} == {problem.where[0] for problem in refused(path).problems}

    def test_no_problem_comes_twice(self, path: Path) -> None:
        """One thing that is wrong is one line."""
        said = str(refused(path)).splitlines()

        assert len(said) == len(set(said))

    def test_chinese_holds_no_leftover(self, path: Path) -> None:
        """In Chinese nothing is left of placeholders or of English sentences."""
        golden.check_chinese(refused(path))

    def test_is_an_error_of_the_library_and_a_value_error(self, path: Path) -> None:
        """A host may catch ValueError; problems are errors, not notes."""
        error = refused(path)

        assert isinstance(error, ValueError)
        assert {"error"} == {problem.severity for problem in error.problems}


def test_every_bad_document_has_its_messages() -> None:
    """No sidecar is missing and none is left over."""
    recorded = {path.stem for path in (DOCUMENTS / "bad").glob("*.txt")}

    assert {path.stem for path in BAD} == recorded


class TestCatalogue:
    """Every code can be said in both languages."""

    @pytest.mark.parametrize("code", CODES)
    def test_both_languages_hold_the_same_parts(self, code: str) -> None:
        """The two sentences of a code show the same of value, expected and hint."""
        words = CODES[code]

        assert words.en
        assert words.zh
        assert bool(words.remedy_en) == bool(words.remedy_zh)
        english = set(PLACEHOLDER.findall(words.en + words.remedy_en))
        chinese = set(PLACEHOLDER.findall(words.zh + words.remedy_zh))
        assert english == chinese
        assert english <= {"value", "expected", "hint"}

    @pytest.mark.parametrize("code", sorted(set(CODES) - {"reading"}))
    def test_chinese_is_chinese_and_english_is_english(self, code: str) -> None:
        """A sentence holds Chinese characters in Chinese, and none in English."""
        chinese = re.compile("[\u4e00-\u9fff]")
        words = CODES[code]

        assert chinese.search(words.zh)
        assert not chinese.search(words.en + words.remedy_en.replace("是/否", ""))

    @pytest.mark.parametrize("code", CODES)
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_can_be_said_of_anything(self, code: str, lang: Any) -> None:
        """Braces in what was met are no placeholders."""
        problem = Problem(code, ("{where}",), "{value} {} {0}", "{expected}", "{hint}")

        assert "{where}" in problem.say(lang)
        assert "{hint}" in problem.say(lang)

    def test_is_complete(self) -> None:
        """Every code that the source names stands in the catalogue."""
        named = {
            code
            for path in SOURCE.rglob("*.py")
            for code in re.findall(r'Problem\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
        }

        assert set() == named - set(CODES)

    def test_bad_documents_show_what_can_be_wrong_with_documents(self) -> None:
        """Every code of documents and standards is met in a bad document, but for those of whole files and inputs."""
        elsewhere = {"too-precise", "bad-period"}
        from civrules.errors import codes

        met = {problem.code for path in BAD for problem in refused(path).problems}

        assert set() == {*codes._DOCUMENTS, *codes._STANDARDS} - met - elsewhere


class TestPlaces:
    """Where a problem lies is said as people say it."""

    def test_are_numbered_as_the_whole_file_counts(self) -> None:
        """A sound section behind a broken one keeps its number."""
        said = str(refused(DOCUMENTS / "bad" / "everywhere.toml"))

        assert '› section[3] "Upkeep" › criterion "fence" › measure.tiers[1]: ' in said

    @pytest.mark.parametrize(
        "broken",
        ["version = 5", 'colour = "red"', 'title = "Bad"', "kinds = 5"],
    )
    def test_a_broken_head_hides_no_problem_of_a_section(self, broken: str) -> None:
        """What is wrong in a section is said also while the head is broken."""
        key = broken.partition(" ")[0]
        text = (DOCUMENTS / "good" / "check.toml").read_text(encoding="utf-8")
        text = re.sub(rf"^{key} = .*$", "", text, count=1, flags=re.MULTILINE).replace(
            "[standard]", f"[standard]\n{broken}", 1
        )
        text = text.replace("at_most = 3", "at_most = 3, at_least = 2")

        with pytest.raises(InvalidDocument) as caught:
            loads(text, "a.toml")

        assert 2 == len(caught.value.problems)
        assert caught.value.problems[1].where == ("a.toml", 'section[1] "all"', 'criterion "at-most"', "measure")

    def test_values_are_shown_as_documents_write_them(self) -> None:
        """yes/no, lists and tables look like TOML, not like Python."""
        value = {"a": True, "b": [1, "x"], "c": {}}

        assert '{ a = true, b = [1, "x"], c = {} }' == shown(value)


def test_a_standard_built_in_python_is_checked_like_a_document() -> None:
    """An unsound value cannot be made: every problem comes, with the table and key."""
    sound = load(DOCUMENTS / "good" / "check.toml")

    with pytest.raises(InvalidDocument, match=r"standard › version: .*\n.*standard › missing: ") as caught:
        attrs.evolve(sound, version="a b", missing="never")  # type: ignore[arg-type]  # what mypy would refuse

    assert ["bad-id", "unknown-word"] == [problem.code for problem in caught.value.problems]
    assert isinstance(sound, Standard)
