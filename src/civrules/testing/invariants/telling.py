"""What an evaluation promises to those who read it later: words, records, prepared values, and no look outside."""

from typing import Any

from civrules import Evaluation, InvalidInput, replay
from civrules.model.figures import plain
from civrules.model.measures.adopted import Adopted
from civrules.review.lines import plain as is_plain
from civrules.testing.drawing import own_values, samples, single_samples
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.invariants.lines import tried
from civrules.testing.prepared import Unsayable, prepared, sayable
from civrules.testing.sample import Sample
from civrules.testing.subject import Subject
from civrules.testing.watching import watched


def explained(subject: Subject, sample: Sample) -> None:
    """Raise Broken where a criterion, the score or a measure has no words in one of the languages."""
    evaluation = tried(subject, sample)
    if evaluation is None:
        return
    languages: Any = ("zh", "en")
    for lang in languages:
        lines = evaluation.explain(lang).lines
        text = "\n".join(lines)
        if not all(line.strip() for line in lines):
            raise Broken("expected", f"words in {lang}", "found", "an empty line", sample)
        for criterion in subject.standard.criteria.values():
            if criterion.title.in_(lang) not in text:
                raise Broken(f"expected in {lang}", criterion.title.in_(lang), "found", text, sample)
        if evaluation.score is not None and plain(evaluation.score) not in text:
            raise Broken(f"expected in {lang}", evaluation.score, "found", text, sample)
        _measures_say(evaluation, lang, sample)


def _measures_say(evaluation: Evaluation, lang: Any, sample: Sample) -> None:
    """Raise Broken where a plugin's measure has nothing to say of what it read."""
    for line, cell in zip(evaluation.program.lines, evaluation.run.cells, strict=True):
        if isinstance(line.measure, Adopted) and cell.state == "seen" and cell.read is not None:
            try:
                words = line.measure.measure.say(cell.read, lang)
            except Exception as error:  # noqa: BLE001  # whatever a plugin does, the kit says what
                words = error
            if not isinstance(words, str) or not words.strip():
                raise Broken(f"expected in {lang}", f"words for {line.id}", "found", repr(words), sample)


def replays(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the record, evaluated again, gives another result."""
    evaluation = tried(subject, sample)
    if evaluation is None:
        return
    record = evaluation.to_json()
    found = replay(record, subject.standard)
    if found:
        raise Broken("recorded", found[0].before, "replayed", found[0].after, sample)
    equal("record", evaluation.score, "read again", Evaluation.from_json(record).score, sample)


def agrees_prepared(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the program over prepared values says something else."""
    evaluation = tried(subject, sample)
    if evaluation is None or any(one.at is not None for one in sample.observations):
        return
    try:
        score, grade, _ = subject.program.score(prepared(subject.program, sample.observations))
    except (Unsayable, InvalidInput):
        return
    expected = evaluation.run.sums.score
    equal("score", expected, "of prepared values", score, sample)
    place = evaluation.run.graded.place
    equal("grade", -1 if place is None else place, "of prepared values", grade, sample)


def _can_be_prepared(subject: Subject) -> bool:
    lines = subject.program.lines
    own = any(isinstance(line.measure, Adopted) for line in lines)
    return not own and sayable(subject.program) and all(is_plain(line) or line.event for line in lines)


def quiet(subject: Subject, sample: Sample) -> None:
    """Raise Broken where an evaluation looks at a clock or outside."""
    # What is imported or kept the first time is there before anyone watches.
    tried(subject, sample)
    program = subject.another()
    with watched() as seen:
        try:
            subject.evaluated(sample, program=program)
        except InvalidInput:
            return
    equal("asked for", tuple(dict.fromkeys(seen)), "expected", (), sample)


TELLING = (
    Invariant(
        id="explained", draws=samples, corners=own_values, check=explained,
        says="Every criterion, the score and what was seen are explained in Chinese and in English.",
    ),
    Invariant(
        id="replays", draws=samples, corners=own_values, one_in=3, check=replays,
        says="A record, evaluated again, gives the same result.",
    ),
    Invariant(
        id="prepared", draws=single_samples, check=agrees_prepared,
        where="standards that `Program.score` takes: one look says all of a line", applies=_can_be_prepared,
        says="The inner loop over prepared values gives the same score and grade.",
    ),
    Invariant(
        id="quiet", draws=samples, one_in=10, check=quiet,
        says="An evaluation asks no clock, no chance, no file, no network and no other program.",
    ),
)  # fmt: skip
