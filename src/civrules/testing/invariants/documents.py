"""What a standard promises as a document, without any observation."""

import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

from civrules import Program, dump
from civrules.errors import CivrulesError
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.subject import Subject


def no_lint(*codes: str) -> Callable[[Subject], None]:
    """A check that lint finds nothing of these codes; what a reading silences is excused."""

    def check(subject: Subject) -> None:
        found = [problem for problem in subject.findings if problem.code in codes]
        if found:
            raise Broken(found[0].code, found[0].say(), "expected", "nothing, or a [[reading]] that says why")

    return check


def round_trip(subject: Subject) -> None:
    """Raise Broken where the standard, written down and read again, is another."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "standard.toml"
        try:
            file.write_text(dump(subject.standard), encoding="utf-8")
            again = subject.book.load(file)
        except CivrulesError as error:
            raise Broken("expected", "a document that can be read", "found", error.problems[0].say()) from None
    equal("digest", subject.standard.digest, "read again", again.digest)
    equal("standard", subject.standard, "read again", again)


def pickles(subject: Subject) -> None:
    """Raise Broken where the standard or its program comes back from a pickle as another."""
    again = pickle.loads(pickle.dumps(subject.standard))
    equal("digest", subject.standard.digest, "unpickled", again.digest)
    equal("standard", subject.standard, "unpickled", again)
    program = pickle.loads(pickle.dumps(subject.program))
    equal("program", Program(again), "unpickled", program)


DOCUMENTS = (
    Invariant(
        id="titles", check=no_lint("translation-missing"),
        says="Every title and every reading is there in Chinese and in English.",
    ),
    Invariant(
        id="citations", check=no_lint("citation-missing"),
        says="Every criterion, grade and gate says where it comes from, or a reading says why not.",
    ),
    Invariant(
        id="total", check=no_lint("total-unreached", "points-unreached"),
        says="The points that a document declares can be reached: each line's, and the total.",
    ),
    Invariant(
        id="grades-reached", check=no_lint("grade-unreached", "grade-certain"),
        where="standards with grades", applies=lambda subject: bool(subject.standard.grades),
        says="Every grade can be reached, and none is certain, or a reading says why.",
    ),
    Invariant(
        id="gates-act", check=no_lint("gate-never", "gate-without-effect"),
        where="standards with gates", applies=lambda subject: bool(subject.standard.gates),
        says="Every gate can hold and changes something where it does, or a reading says why not.",
    ),
    Invariant(
        id="round-trip", check=round_trip,
        says="Written down as a document and read again, the standard is equal, with the same digest.",
    ),
    Invariant(
        id="pickles", check=pickles,
        says="A standard and its program come back from a pickle as they went.",
    ),
)  # fmt: skip
