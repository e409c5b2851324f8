"""civrules lint: what it prints, and how it ends."""

import json

import pytest
from click.testing import CliRunner, Result
from written import DOCUMENTS

from civrules.cli import main

FAULT = str(DOCUMENTS / "lint/printed-gap.toml")
NEAR = str(DOCUMENTS / "lint/printed-gap.near.toml")


def linted(*arguments: str) -> Result:
    """The command, run to its end."""
    return CliRunner().invoke(main, ["lint", *arguments])


def test_all_that_is_installed_is_clean() -> None:
    """Without arguments nothing is found, nothing printed, and it ends with 0."""
    ended = linted()
    assert (0, "", "") == (ended.exit_code, ended.stdout, ended.stderr)


@pytest.mark.parametrize("lang, words", [("en", "it happens with: a=4.1"), ("zh", "以下输入即可出现：a=4.1")])
def test_a_fault_is_said_and_ends_with_1(lang: str, words: str) -> None:
    """One line for each finding, with its code, in the language asked for."""
    ended = linted(NEAR, FAULT, "--lang", lang)
    (said,) = ended.stdout.splitlines()
    assert 1 == ended.exit_code
    assert said.startswith("printed-gap: example/printed-gap@1 › grade[2] ")
    assert words in said


def test_a_sound_file_or_an_installed_standard_ends_with_0() -> None:
    """Files and ids stand side by side."""
    assert 0 == linted(NEAR, "residential/guannan-annual").exit_code


def test_a_campaign_is_linted_like_a_standard() -> None:
    """A file is read as what it is, and a name that nothing has is answered."""
    ended = linted(str(DOCUMENTS / "lint/phases-overlap.toml"))
    assert ended.stdout.startswith('phases-overlap: example/phases-overlap@1 › phase[2] "second": ')
    assert 'no standard "example/none"' in linted("example/none").stderr


def test_findings_for_programs() -> None:
    """JSON has an object for each finding, an empty list for none."""
    (found,) = json.loads(linted(FAULT, "--format", "json").stdout)
    assert ("printed-gap", 'example/printed-gap@1 › grade[2] "B" › printed') == (found["code"], found["where"])
    assert [] == json.loads(linted(NEAR, "--format", "json").stdout)
    assert "code,where,problem" == linted(NEAR, "--format", "csv").stdout.splitlines()[0]


def test_what_cannot_be_read_is_refused() -> None:
    """A standard that is not there ends with 1 and is said on standard error, wrong usage with 2."""
    ended = linted("residential/guannan")
    assert (1, "") == (ended.exit_code, ended.stdout)
    assert "residential/guannan-annual" in ended.stderr
    assert 2 == linted("--wrong").exit_code
