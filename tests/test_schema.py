"""The JSON Schemas: made from the model, shipped as made, taking what is good and refusing what a schema can see."""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Literal

import attrs
import pytest
import tomli_w
from click.testing import CliRunner
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_readme import WHOLE
from written import BAD, DOCUMENTS, GOOD, RESTING, criterion, sheet

import civrules
from civrules import (
    InvalidDocument,
    InvalidInput,
    NotApplicable,
    Observation,
    Ratio,
    Rulebook,
    Standard,
    dump,
    read_table,
)
from civrules.authoring.documents import loads, parsed
from civrules.cli import main
from civrules.codec.shapes import Shapes
from civrules.model.measures import BUILT_IN, Kind
from civrules.review.schema import standard_schema
from civrules.testing.strategies import cases, documents

ROOT = Path(__file__).parent.parent
SHIPPED = Path(str(files("civrules"))) / "schema"
RECORD = os.environ.get("CIVRULES_RECORD", "") not in {"", "0"}
"""CIVRULES_RECORD=1 writes the shipped files anew."""
OF_PLUGINS = tuple(sorted(ROOT.glob("plugins/*/src/**/standards/*.toml")))
CAMPAIGNS = (
    *sorted((DOCUMENTS / "campaigns/good").glob("*.toml")),
    *sorted((DOCUMENTS / "campaigns/plans").glob("*.toml")),
    *(path for path in sorted((DOCUMENTS / "lint").glob("*.toml")) if "[campaign]" in path.read_text("utf-8")),
    *sorted(ROOT.glob("plugins/*/src/**/campaigns/*.toml")),
)
SOUND = (
    *GOOD,
    *(path for path in sorted((DOCUMENTS / "lint").glob("*.toml")) if "[standard]" in path.read_text("utf-8")),
    *sorted((RESTING / "good").glob("*.toml")),
    *sorted((RESTING / "shelf").glob("*.toml")),
    *OF_PLUGINS,
)
UNSOUND = (*BAD, *sorted((RESTING / "bad").glob("*.toml")))
UNSOUND_CAMPAIGNS = tuple(sorted((DOCUMENTS / "campaigns/bad").glob("*.toml")))

BEYOND: Mapping[str, str] = {
    "bad/band-hole": "whether bands follow from each other takes all grades",
    "bad/band-unreachable": "whether bands follow from each other takes all grades",
    "bad/bands-out-of-order": "whether bands follow from each other takes all grades",
    "bad/broken-toml": "no TOML: there is nothing to hold against a schema",
    "bad/condition-targets": "what a condition names stands elsewhere in the document",
    "campaigns/bad/needs-rulebook": "whether there is a rulebook is not the document's to say",
    "bad/days-turned-round": "a schema does not compare two values",
    "bad/demerit-bands": "which end is closed is said by the head",
    "bad/demerits-without-end": "what demerits need is said by the head",
    "bad/ids-twice": "whether an id stands twice takes all tables",
    "bad/key-twice": "no TOML: there is nothing to hold against a schema",
    "bad/mixed-units": "a schema does not compare two values",
    "bad/no-decimals": "whether a quotient can arise is worked out",
    "bad/no-decimals-for-the-total": "whether a quotient can arise is worked out",
    "bad/number-too-long": "how a number is written is gone once it is read",
    "bad/points-do-not-sum": "a schema does not add up",
    "bad/scale-without-total": "a scale needs a total only where the points do not sum to it",
    "bad/unknown-item-levels": "what a condition compares stands elsewhere in the document",
    "bad/wide-mark": "no TOML: there is nothing to hold against a schema",
    "resting/bad/amended-to-unsound": "what is amended stands in another document",
    "resting/bad/clash": "what clashes stands in other documents",
    "resting/bad/fixed": "what is fixed stands in another document",
    "resting/bad/fixed-whole": "what is fixed stands in another document",
}
"""Bad documents whose fault a schema cannot see, and why."""


def name_of(path: Path) -> str:
    """A document's name with its folder: good/check."""
    return path.relative_to(DOCUMENTS if path.is_relative_to(DOCUMENTS) else ROOT).with_suffix("").as_posix()


def as_json(value: Any) -> Any:
    """What an editor makes of TOML before it asks the schema: days are text, numbers JSON's own."""
    if isinstance(value, Mapping):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if not isinstance(value, float) or abs(value) < float("inf") else None


def tables_of(text: str) -> Any:
    """A document as an editor hands it to the schema."""
    return as_json(tomllib.loads(text))


DOCUMENT = Draft202012Validator(civrules.schema())
CAMPAIGN = Draft202012Validator(civrules.schema("campaign"))
TABLE = Draft202012Validator(civrules.schema("observations"))


def faults(path: Path, schema: Draft202012Validator = DOCUMENT) -> list[str]:
    """What the schema finds wrong with a document."""
    try:
        tables = tables_of(path.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return [f"{one.json_path}: {one.message}" for one in schema.iter_errors(tables)]


@pytest.mark.parametrize("of", ["standard", "campaign", "observations"])
class TestShipped:
    """The package has the schemas as files, for editors."""

    def test_is_what_the_model_makes_today(self, of: Any) -> None:
        """The shipped file is the one that the model generates, word for word."""
        made = f"{json.dumps(civrules.schema(of), ensure_ascii=False, indent=2)}\n"
        path = SHIPPED / f"{of}.schema.json"
        if RECORD:
            path.write_text(made, encoding="utf-8", newline="\n")

        assert path.read_text(encoding="utf-8") == made

    def test_is_a_schema_of_its_draft(self, of: Any) -> None:
        """The schema holds against the schema of schemas, and says which draft it is."""
        made = civrules.schema(of)

        assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(made)

    def test_the_command_prints_it(self, of: Any) -> None:
        """`civrules schema` prints the same."""
        result = CliRunner().invoke(main, ["schema", of])

        assert json.loads(result.stdout) == civrules.schema(of)

    def test_is_json_in_every_encoding(self, of: Any) -> None:
        """A terminal that has no Chinese gets it escaped as JSON escapes."""
        result = CliRunner(charset="ascii").invoke(main, ["schema", of])

        assert result.stdout.isascii()
        assert json.loads(result.stdout) == civrules.schema(of)

    def test_belongs_to_who_asked(self, of: Any) -> None:
        """What a host changes in a schema changes no other."""
        made = civrules.schema(of)
        made["$defs"].clear()

        assert civrules.schema(of)["$defs"]


def test_without_a_word_it_is_of_standards() -> None:
    """The schema of documents is the default, of the function and of the command."""
    assert civrules.schema() == civrules.schema("standard")
    assert json.loads(CliRunner().invoke(main, ["schema"]).stdout) == civrules.schema()


def test_an_unknown_schema_is_refused() -> None:
    """Which schemas there are is said, with the nearest."""
    with pytest.raises(InvalidInput, match='did you mean "standard"'):
        civrules.schema("standards")  # type: ignore[arg-type]  # what mypy would refuse


class TestSound:
    """Every document that is read passes the schema: it may never refuse what `load` takes."""

    @pytest.mark.parametrize("path", SOUND, ids=name_of)
    def test_good_documents_pass(self, path: Path) -> None:
        """Golden documents, those of lint, and every standard of a plugin."""
        assert [] == faults(path)

    @pytest.mark.parametrize("path", CAMPAIGNS, ids=name_of)
    def test_good_campaigns_pass(self, path: Path) -> None:
        """Golden campaigns, those of lint and of the plans, and every campaign of a plugin."""
        assert [] == faults(path, CAMPAIGN)

    def test_every_plugin_has_documents_here(self) -> None:
        """The plugins' standards are among them."""
        assert {"civrules-hygiene", "civrules-residential"} <= {path.relative_to(ROOT).parts[1] for path in OF_PLUGINS}

    @pytest.mark.parametrize("text", WHOLE)
    def test_the_format_reference_passes(self, text: str) -> None:
        """The whole documents that docs/format.md shows."""
        assert [] == list(DOCUMENT.iter_errors(tables_of(text)))

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(documents())
    def test_documents_of_every_kind_pass(self, standard: Standard) -> None:
        """Whatever standard is drawn: its document passes, as data and as TOML."""
        assert [] == list(DOCUMENT.iter_errors(tables_of(dump(standard))))


def test_python_checks_as_the_reference_says() -> None:
    """The example of docs/schema.md finds nothing in a sound document, and something in one that is not."""
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/schema.md").read_text(encoding="utf-8"), re.DOTALL)
    text = sheet(more="effective = { first = 2025-01-01 }")
    for document, sound in ((text, True), (text.replace("2025-01-01", "2025-01-01T00:00:00"), False)):
        found: dict[str, Any] = {"text": document}
        exec(compile(example, "docs/schema.md", "exec"), found)
        assert sound is not bool(found["problems"])


class TestUnsound:
    """What a schema can see of a fault it refuses; the rest is listed with the reason."""

    @pytest.mark.parametrize("path", UNSOUND, ids=name_of)
    def test_bad_documents_fail_unless_listed(self, path: Path) -> None:
        """A bad document fails the schema, or stands among those that are beyond it; never both."""
        found = faults(path)

        assert bool(found) is not (name_of(path) in BEYOND), found

    @pytest.mark.parametrize("path", UNSOUND_CAMPAIGNS, ids=name_of)
    def test_bad_campaigns_fail_unless_listed(self, path: Path) -> None:
        """A bad campaign fails its schema, or stands among those that are beyond it; never both."""
        found = faults(path, CAMPAIGN)

        assert bool(found) is not (name_of(path) in BEYOND), found

    def test_the_list_holds_nothing_else(self) -> None:
        """Every document of the list exists."""
        assert set() == set(BEYOND) - {name_of(path) for path in (*UNSOUND, *UNSOUND_CAMPAIGNS)}

    @pytest.mark.parametrize("path", [*GOOD, *sorted((RESTING / "good").glob("*.toml"))], ids=name_of)
    def test_an_unknown_key_fails_in_every_table(self, path: Path) -> None:
        """A misspelt key is seen wherever it stands, but where names are the author's own."""
        tables = tables_of(path.read_text(encoding="utf-8"))
        for place in list(tables_in(tables)):
            place["clouor"] = True
            assert not DOCUMENT.is_valid(tables), place
            del place["clouor"]
        assert DOCUMENT.is_valid(tables)

    @pytest.mark.parametrize(
        "good, bad",
        [
            ("points = 1", "points = true"),
            ("points = 1", "points = { parameter = 'p' }"),
            ("points = 1", "points = -1"),
            ('{ kind = "check" }', '{ kind = "check", at_leats = 1 }'),
            ('{ kind = "check" }', '{ kind = "chekc" }'),
            ('{ kind = "check" }', "{ expect = true }"),
            ('{ kind = "check" }', '{ kind = "check", at_least = "95" }'),
            ('{ kind = "check" }', '{ kind = "check", at_least = { 2024-7-1 = 5 } }'),
            ('{ kind = "check" }', '{ kind = "check", at_least = { by = "households", lower = {} } }'),
            ('{ kind = "check" }', '{ kind = "tiers", tiers = [{ points = 1 }] }'),
            ("points = 1", 'points = 1\napplies_when = { failed = "tidy" }'),
            ("points = 1", 'points = 1\napplies_when = { attribute = "lifts" }'),
            ("points = 1", "points = 1\nplaces = { at_least = 0.9 }"),
            ('version = "1"', 'version = "1"\neffective = { first = 2025-01-01T00:00:00 }'),
            ('version = "1"', 'version = "1"\nlocality = "Lianyungang"'),
            ('version = "1"', 'version = "1"\ndrop = ["tidy"]'),
            ('version = "1"', 'version = "1"\nextends = "example/compound"'),
        ],
    )
    def test_one_fault_in_a_good_document(self, good: str, bad: str) -> None:
        """A document passes, and fails with one thing changed."""
        text = sheet()
        assert DOCUMENT.is_valid(tables_of(text))
        assert good in text

        assert not DOCUMENT.is_valid(tables_of(text.replace(good, bad, 1)))


OWN_NAMES = {"levels", "bands", "carried", "bound", "lower", "then", "equals"}
"""Tables whose keys are the author's own, or are told apart by number."""


def tables_in(value: Any, key: str = "") -> Iterator[dict[str, Any]]:
    """Every table of a document whose keys the format knows."""
    if isinstance(value, dict):
        if key not in OWN_NAMES and not any(name[:4].isdigit() for name in value):
            yield value
        for name, part in value.items():
            yield from tables_in(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from tables_in(part, key)


class TestUnsoundCampaigns:
    """One thing wrong with a good campaign or procedure: the schema sees it, and so does the loader."""

    @pytest.mark.parametrize(
        "good, bad",
        [
            ('last = "11"', 'last = "11"\nlasts = "3 months"'),
            ('last = "11"', 'last = "November"'),
            ('last = "11"', 'last = "11"\noccasion = "term"'),
            ('last = "11"', 'last = 11'),
            ('per = "quarter"', 'per = "quarter", rule = "FREQ=WEEKLY"'),
            ('cadence = { per = "quarter" }', "cadence = {}"),
            ('cadence = { per = "quarter" }', 'cadence = { rule = "FREQ=HOURLY" }'),
            ('cadence = { per = "quarter" }', 'cadence = { rule = "FREQ=WEEKLY;UNTIL=20311231" }'),
            ('cadence = { per = "quarter" }', 'cadence = { rule = "FREQ=WEEKLY", weekdays = ["monday"] }'),
            ('due = "10 days"', 'due = "soon"'),
            ('{ outcome = "key-supervision" }', '{ outcome = "key-supervision", stage = "held" }'),
            ('{ outcome = "key-supervision" }', '{ case = "late" }'),
            ('{ outcome = "key-supervision" }', '{ all = [] }'),
            ('{ outcome = "key-supervision" }', '{ any = [{ happened = "fire" }] }'),
            ('{ outcome = "key-supervision" }', '{ any = [{ attribute = "lifts" }] }'),
            ('[[task]]', 'colour = "red"\n[[task]]'),
            ('[[body]]', '[[grade]]\nid = "A"\n[[body]]'),
        ],
    )  # fmt: skip
    def test_one_fault_in_a_good_campaign(self, good: str, bad: str) -> None:
        """A campaign passes both, and fails both with one thing changed."""
        text = (DOCUMENTS / "campaigns/good/compounds.toml").read_text(encoding="utf-8")
        assert good in text
        assert CAMPAIGN.is_valid(tables_of(text))
        broken = text.replace(good, bad, 1)

        assert not CAMPAIGN.is_valid(tables_of(broken))
        with pytest.raises(InvalidDocument):
            parsed(broken).campaign()

    @pytest.mark.parametrize(
        "good, bad",
        [
            ('within = "10 days"', 'within = "soon"'),
            ('within = "10 days"', "within = 10"),
            ("steps = [", "extensions = -1\nsteps = ["),
            ("steps = [", 'opens_on = ["pass"]\nsteps = ['),
            ('id = "repair"', 'id = "a repair"'),
            ('id = "notify"', 'id = "to notify"'),
            ('steps = [{ id = "notify", within = "10 days" }]', "steps = []"),
        ],
    )
    def test_one_fault_in_a_good_procedure(self, good: str, bad: str) -> None:
        """A procedure passes both, and fails both with one thing changed."""
        steps = '\nsteps = [{ id = "notify", within = "10 days" }]\n'
        text = sheet(tables='\n[[procedure]]\nid = "repair"\ntitle = { en = "Repair" }' + steps)
        assert DOCUMENT.is_valid(tables_of(text))
        broken = text.replace(good, bad, 1)
        assert broken != text

        assert not DOCUMENT.is_valid(tables_of(broken))
        with pytest.raises(InvalidDocument):
            loads(broken)


DAYS = st.sampled_from(["07-21", "07", "02-late", "13", "07-40", {"parameter": "day"}])
LENGTHS = st.sampled_from(["3 months", "1 year", "10 days", "2 terms", "soon", {"parameter": "length"}])
SPAN = {"first": DAYS, "last": DAYS, "lasts": LENGTHS, "occasion": st.sampled_from(["term", "theme-month", "a term"])}
STANDING = st.recursive(
    st.sampled_from(
        [
            {"grade": "A"}, {"grade": ["A", "B"]}, {"outcome": "watched"}, {"honour": "civil", "stage": "held"},
            {"case": "overdue"}, {"case": ["open", "late"]}, {"attribute": "lifts", "at_least": 2},
            {"attribute": "lifts"}, {"grade": "A", "stage": "held"}, {"happened": "fire"},
        ]
    ),
    lambda inner: st.builds(
        lambda word, members: {word: members}, st.sampled_from(["all", "any", "none"]), st.lists(inner, max_size=2)
    ),
    max_leaves=4,
)  # fmt: skip
CADENCES = st.fixed_dictionaries(
    {},
    optional={
        "per": st.sampled_from(["week", "2 weeks", "term", "theme-month", "weak", {"parameter": "often"}]),
        "rule": st.sampled_from(["FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY", "BYDAY=MO", "FREQ=HOURLY", ""]),
        "at_least": st.sampled_from([1, 3, 0, {"parameter": "often"}]),
        "weekdays": st.lists(st.sampled_from(["monday", "friday", "moonday"]), max_size=2),
    },
)
DUE = st.sampled_from(["10 days", "5 working-days", "12-31", "soon", "10", {"parameter": "length"}])
NAMED = {"id": st.sampled_from(["one", "two", "an id"]), "title": st.just({"en": "Words"})}


def some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table with an id, a title and any of these keys."""
    return st.fixed_dictionaries(NAMED, optional=optional)


CAMPAIGN_TABLES = st.fixed_dictionaries(
    {
        "campaign": st.builds(
            lambda more: {"id": "a/b", "version": "1", "title": {"en": "C"}, "kinds": ["residential"], **more},
            st.fixed_dictionaries({}, optional={**SPAN, "traced": st.booleans()}),
        ),
        "parameter": st.just([{"id": name, "title": {"en": name}} for name in ("day", "length", "often")]),
    },
    optional={
        "phase": st.lists(some(**SPAN), max_size=2),
        "goal": st.lists(some(of=st.just("a/sheet")), max_size=2),
        "task": st.lists(
            some(
                **SPAN, cadence=CADENCES, due=DUE, applies_when=STANDING, phase=st.just("one"),
                after=st.just(["two"]), serves=st.just(["one"]), items=st.just(["x", "y"]), at_least=st.integers(0, 3),
                per_unit=st.just("building"), responsible=st.just({"lead": "office", "when": {"attribute": "a"}}),
                strength=st.sampled_from(["must", "should", "might"]),
            ),
            max_size=2,
        ),
    },
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(CAMPAIGN_TABLES)
def test_what_the_loader_takes_of_a_campaign_the_schema_takes(tables: dict[str, Any]) -> None:
    """Whatever campaign is drawn, from sound and unsound parts: what is read passes, and written anew it passes."""
    try:
        campaign = parsed(tomli_w.dumps(tables)).campaign()
    except InvalidDocument:
        reject()

    assert [] == list(CAMPAIGN.iter_errors(as_json(tables)))
    assert [] == list(CAMPAIGN.iter_errors(tables_of(dump(campaign))))


class TestMade:
    """The schema is made from the model: what joins the one joins the other."""

    def test_a_new_class_joins_by_itself(self) -> None:
        """Fields, types, defaults, words and what the docstring says become a table that knows no other key."""

        @attrs.frozen(kw_only=True)
        class Flag:
            """A flag that is given.

            `colour` is what it looks like; `from_day` when it begins.
            """

            id: str
            colour: Literal["red", "white"] = "red"
            from_day: date | None = None
            shares: Mapping[str, Decimal] = attrs.field(factory=dict)
            kin: tuple[civrules.Text, ...] = ()

        shapes = Shapes()
        made = {**shapes.of(Flag), "$defs": shapes.definitions}

        holds = Draft202012Validator(made).is_valid
        assert holds(
            {"id": "a", "colour": "white", "from_day": "2031-01-01", "shares": {"x": 1}, "kin": [{"zh": "旗"}]}
        )
        assert not holds({"id": "a", "colour": "blue"})
        assert not holds({"id": "a", "color": "red"})
        assert not holds({"colour": "red"})
        flag = shapes.definitions["Flag"]
        assert "red" == flag["properties"]["colour"]["default"]
        assert "`colour` is what it looks like;" == flag["properties"]["colour"]["description"]
        assert flag["description"].startswith("A flag that is given.")

    def test_a_type_without_a_shape_is_said(self) -> None:
        """Who adds a new kind of leaf hears where its shape goes."""
        with pytest.raises(TypeError, match=r"no shape for <class 'complex'>.*codec\.shapes"):
            Shapes().of(complex)

    def test_every_table_of_the_model_is_there(self) -> None:
        """Every field of Standard but where its values come from is a key of the head or a table beside it."""
        from civrules.codec.problems import KEYS

        definitions = civrules.schema()["$defs"]
        for name in ("Whole", "Tailored"):
            known = {*definitions[name]["properties"]}
            known |= {*definitions["Head" if name == "Whole" else "TailoredHead"]["properties"]}
            assert {KEYS.get(one.name, one.name) for one in attrs.fields(Standard)} - {"origin"} <= known
        made = civrules.schema("campaign")
        known = {*made["properties"], *made["$defs"]["Head"]["properties"]}
        assert {KEYS.get(one.name, one.name) for one in attrs.fields(civrules.Campaign)} - {"origin"} <= known

    @pytest.mark.parametrize("kind", BUILT_IN)
    def test_every_measure_is_there_with_its_keys(self, kind: str) -> None:
        """Every built-in measure has its fields and nothing else."""
        table = civrules.schema()["$defs"][f"{kind}-measure"]

        assert {"kind", *(one.name for one in attrs.fields(BUILT_IN[kind]))} == set(table["properties"])
        assert table["additionalProperties"] is False


@attrs.frozen(kw_only=True)
class Quorum:
    """So many of those invited came."""

    kind: ClassVar[str] = "quorum"
    needed: Decimal
    note: complex | None = None


class TestPlugins:
    """Documents may name the kinds of measure of a book's plugins."""

    WITH = sheet(criterion("meeting", '{ kind = "quorum", needed = { parameter = "half" } }'))

    def test_a_kind_of_a_plugin_is_known_to_its_book(self) -> None:
        """The kind's fields are keys, numbers may be given, and what no document has a type for may be anything."""
        holds = Draft202012Validator(standard_schema((Kind("quorum", Quorum, "town 1"),))).is_valid

        assert holds(tables_of(self.WITH))
        assert not holds(tables_of(self.WITH.replace("needed", "need")))
        assert holds(tables_of(self.WITH.replace("needed =", "note = [1], needed =")))
        assert not DOCUMENT.is_valid(tables_of(self.WITH))

    def test_a_book_without_such_plugins_has_the_shipped_schema(self) -> None:
        """What plugins do not add to stays as it is."""
        assert civrules.schema() == Rulebook().schema()


def row_of(community: str, look: Observation) -> Iterator[dict[str, Any]]:
    """The rows of a long table that say what was seen."""
    own = {"community": community, "criterion": look.criterion}
    details = {
        "at": look.at.isoformat() if look.at else None, "place": look.place, "by": look.by, "method": look.method,
        "attributable": look.attributable, "evidence": list(look.evidence), "id": look.id,
    }  # fmt: skip
    if isinstance(look.value, Mapping):
        yield from ({**own, "item": item, **forms_of(part), **details} for item, part in look.value.items())
    else:
        yield {**own, **forms_of(look.value), **details}


def forms_of(value: Any) -> dict[str, Any]:
    """A value in the columns value, of and na."""
    if isinstance(value, Ratio):
        return {"value": value.n, "of": value.of}
    if isinstance(value, NotApplicable):
        return {"value": None, "na": value.reason}
    if isinstance(value, tuple):
        return {"value": ";".join(map(str, value))}
    return {"value": str(value) if isinstance(value, Decimal) else as_json(value)}


class TestObservations:
    """The JSON that `read_table` takes."""

    YARD = sheet(
        criterion("tidy", '{ kind = "marks" }', points=10),
        criterion("lit", '{ kind = "tiers", tiers = [{ at_least = "90%", points = 2 }] }', points=2),
        criterion("waste", '{ kind = "findings", items = [{ id = "heap", each = 1, attributable = true }] }', points=5),
        tables="\n[rounding]\ntotal = 2\n",
    ).replace('not_applicable = "refuse"', "")

    @pytest.mark.parametrize(
        "rows",
        [
            [{"community": "a", "tidy": 4.5, "lit": 9, "lit:of": 10}, {"community": 7, "tidy": None}],
            [{"community": "a", "tidy:na": "no yard", "lit": "9/10", "waste": {"heap": {"attributable": 1}}}],
            [{"community": "a", "tidy": "8.50", "waste:heap": "n/a: no yard"}, {"community": " b ", "tidy": " "}],
            [
                {
                    "community": "a", "criterion": "tidy", "value": 3, "at": " 2031-01-05 ", "place": 7, "by": "x",
                    "method": "on-site", "evidence": ["photo 1", 2], "id": "look-1",
                },
                {"community": "a", "criterion": "waste", "item": "heap", "value": 2, "attributable": "Yes"},
                {"community": "b", "criterion": "lit", "value": 9, "of": 10, "at": "", "evidence": "p1; p2"},
                {"community": "b", "criterion": "tidy", "value": None, "na": "no yard"},
            ],
        ],
    )  # fmt: skip
    def test_what_is_read_passes(self, rows: Any, tmp_path: Path) -> None:
        """Wide and long tables that `read_table` takes pass the schema."""
        (tmp_path / "yard.toml").write_text(self.YARD, encoding="utf-8")
        (tmp_path / "t.json").write_text(json.dumps(rows), encoding="utf-8")

        assert read_table(tmp_path / "t.json", civrules.load(tmp_path / "yard.toml")).communities
        assert [] == list(TABLE.iter_errors(rows))

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(cases())
    def test_observations_of_every_kind_pass(self, case: Any) -> None:
        """Whatever observations are drawn: as rows they pass, by themselves and side by side."""
        rows = [row for look in case.observations for row in row_of("a", look)]

        assert [] == [error for row in rows for error in TABLE.iter_errors([row])]

    @pytest.mark.parametrize(
        "rows",
        [
            {},
            [],
            [1],
            [{"tidy": 1}],
            [{"community": True, "tidy": 1}],
            [{"community": 1.5, "tidy": 1}],
            [{"community": " ", "tidy": 1}],
            [{"community": "a", "tidy": [1]}],
            [{"community": "a", "waste": {"heap": {"a": {"b": 1}}}}],
            [{"community": "a", "waste": {"heap": [1]}}],
            [{"community": "a", "tidy:na": True}],
            [{"community": "a", "lit": 9, "lit:of": 9.5}],
            [{"community": "a", "criterion": "tidy", "value": 1, "at": "5 January"}],
            [{"community": "a", "criterion": "tidy", "value": 1, "method": "onsite"}],
            [{"community": "a", "criterion": "tidy", "value": 1, "evidence": {"photo": 1}}],
            [{"community": "a", "criterion": "waste", "item": "heap", "value": 1, "attributable": "perhaps"}],
            [{"community": "a", "criterion": "tidy", "value": [1]}],
            [{"community": "a", "criterion": 5, "value": 1}],
        ],
    )
    def test_what_is_refused_fails(self, rows: Any, tmp_path: Path) -> None:
        """What `read_table` refuses for its form fails the schema too."""
        (tmp_path / "yard.toml").write_text(self.YARD, encoding="utf-8")
        (tmp_path / "t.json").write_text(json.dumps(rows), encoding="utf-8")

        with pytest.raises(InvalidInput):
            read_table(tmp_path / "t.json", civrules.load(tmp_path / "yard.toml"))
        assert not TABLE.is_valid(rows)

    @pytest.mark.parametrize(
        "name, good, bad",
        [
            (
                "Communities",
                {"id": "a", "name": "A", "locality": 320724, "attribute:lifts": True, "place:building": ["1", 2]},
                {"id": "a", "attributes": {"lifts": True}},
            ),
            (
                "Waivers",
                {"community": "a", "criterion": "tidy", "reason": "r", "approver": "b", "last": "2031-12-31"},
                {"community": "a", "criterion": "tidy", "reason": " ", "approver": "b"},
            ),
            ("Calendar", {"occasion": "term", "first": "2031-02-17", "last": None}, {"occasion": "term"}),
        ],
    )
    def test_registers_and_calendars_are_described_beside_it(self, name: str, good: Any, bad: Any) -> None:
        """A host points at `#/$defs/Communities` and `#/$defs/Calendar`."""
        holds = Draft202012Validator(
            {**civrules.schema("observations"), "$ref": f"#/$defs/{name}", "items": True}
        ).is_valid

        assert holds([good])
        assert not holds([bad])
        assert not holds([])
