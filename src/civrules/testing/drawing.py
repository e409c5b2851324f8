"""Drawing: Hypothesis strategies for what may be seen of a community under one standard.

What is drawn comes from lists that the standard itself gives (`review/edges.py`): values on its thresholds and one step
beside them. So failures shrink to few observations, each of them the best value or one that turns something.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st

from civrules import Observation, Plugin, Rulebook, Standard
from civrules.model.measures.adopted import Adopted
from civrules.testing.sample import Looks, Sample
from civrules.testing.subject import Slot, Subject

Samples: TypeAlias = st.SearchStrategy[Sample]
Change: TypeAlias = tuple[Sample, Sample]


def looks_in(slot: Slot, *, complete: bool) -> st.SearchStrategy[Looks]:
    """What is seen in one slot; with `complete` never nothing."""
    if (complete or not slot.may_be_empty) and not slot.line.event:
        return st.sampled_from(slot.options)
    return _or_nothing(slot.options)


def _or_nothing(options: tuple[Looks, ...]) -> st.SearchStrategy[Looks]:
    """Nothing half of the time; one draw costs less than two."""
    return st.sampled_from((((),) * len(options)) + options)


def samples(subject: Subject, *, complete: bool = False) -> Samples:
    """A community and what was seen of it; with `complete` something of everything that must be looked at."""
    whole = st.tuples(*(looks_in(slot, complete=True) for slot in subject.slots))
    some = st.tuples(*(looks_in(slot, complete=False) for slot in subject.slots))
    # Where half of everything is missing, little can be said of the score: so half of the time nothing is.
    return st.builds(_sample, st.sampled_from(subject.communities), whole if complete else some | whole)


def _sample(community: Any, seen: Iterable[Looks]) -> Sample:
    return Sample(community, tuple(look for looks in seen for look in looks))


def single_samples(subject: Subject) -> Samples:
    """Of everything one look that leaves nothing open: nothing is missing."""
    seen = st.tuples(*(_one(slot) for slot in subject.slots if slot.values))
    return st.builds(_sample, st.sampled_from(subject.communities), seen)


def _one(slot: Slot) -> st.SearchStrategy[Looks]:
    values = tuple((look,) for look in slot.values)
    return _or_nothing(values) if slot.line.event and not slot.line.required else st.sampled_from(values)


@st.composite
def changed(draw: st.DrawFn, subject: Subject) -> Change:
    """A sample twice, equal but for one observation in one slot."""
    sample = draw(samples(subject))
    slot = draw(st.sampled_from([slot for slot in subject.slots if len(slot.values) > 1]))
    others = tuple(one for one in sample.observations if (one.criterion, one.place) != (slot.name, slot.place))
    one, other = (draw(st.sampled_from(slot.values)) for _ in range(2))
    return Sample(sample.community, (*others, one)), Sample(sample.community, (*others, other))


def nearly_best(subject: Subject) -> Iterator[Change]:
    """Everything at its best, and the same with one value that is not."""
    slots = [slot for slot in subject.slots if slot.values and not slot.line.event]
    best = tuple(slot.values[0] for slot in slots)
    for place, slot in enumerate(slots):
        for value in slot.values[1:]:
            other = (*best[:place], value, *best[place + 1 :])
            yield Sample(subject.communities[0], other), Sample(subject.communities[0], best)


def own_values(subject: Subject) -> Iterator[Sample]:
    """Every value, alone, of the lines whose measure a plugin brings: what one does with each no one else knows."""
    for slot in subject.slots:
        if isinstance(slot.line.measure, Adopted):
            yield from (Sample(subject.communities[0], (look,)) for look in slot.values)


@st.composite
def completed(draw: st.DrawFn, subject: Subject, *, most: int | None = None) -> Change:
    """A sample with gaps, and the same with a value for every one of them, or for at most so many."""
    sample = draw(samples(subject))
    seen = {(one.criterion, one.place) for one in sample.observations}
    gaps = [
        slot for slot in subject.slots if (slot.name, slot.place) not in seen and slot.line.required and slot.values
    ]
    if most is not None and gaps:
        gaps = [draw(st.sampled_from(gaps))]
    return sample, sample.also(*(draw(st.sampled_from(slot.values)) for slot in gaps))


def subject_of(standard: Standard) -> Subject:
    """A standard by itself as a subject."""
    return Subject(Plugin("given"), Rulebook([standard]), standard)


def observations(standard: Standard, *, complete: bool = True) -> st.SearchStrategy[Looks]:
    """Observations that the standard accepts, on its boundaries and beside them; without `complete` some are missing.

    They fit a community that says nothing of itself, or one whose register has the places 1, 2 and 3.
    """
    return samples(subject_of(standard), complete=complete).map(lambda sample: sample.observations)


def improved(standard: Standard) -> st.SearchStrategy[tuple[Looks, Looks]]:
    """(worse, better): equal but for one observation, whose line has more points or the better result in the second."""
    subject = subject_of(standard)
    return changed(subject).map(lambda pair: in_order(subject, pair)).filter(bool).map(_looks)


def _looks(pair: Any) -> tuple[Looks, Looks]:
    worse, better = pair
    return worse.observations, better.observations


_RESULTS = {"fail": 0, "partial": 1, "advice": 1}


def in_order(subject: Subject, pair: Change) -> Change | None:
    """The pair with the better sample second; None where neither is, or where their lines are of two minds."""
    one, other = pair
    if one == other:
        return None
    name = next(b.criterion for a, b in zip(one.observations, other.observations, strict=True) if a != b)
    first, second = (_standing(subject, sample, name) for sample in pair)
    if all(a <= b for a, b in zip(first, second, strict=True)):
        return one, other
    return (other, one) if all(a >= b for a, b in zip(first, second, strict=True)) else None


def _standing(subject: Subject, sample: Sample, name: str) -> tuple[Any, int]:
    evaluation = subject.tried(sample)
    assert evaluation is not None
    cell = evaluation.run.cells[subject.program.by_id[name].index]
    points = cell.points or 0
    turned = -points if subject.standard.direction == "demerits" else points
    return turned, _RESULTS.get(str(cell.result), 2)


def completions(standard: Standard, seen: Iterable[Observation]) -> st.SearchStrategy[Looks]:
    """The observations seen, with a value for every one that is missing."""
    subject, kept = subject_of(standard), tuple(seen)
    known = {(one.criterion, one.place) for one in kept}
    gaps = [s for s in subject.slots if (s.name, s.place) not in known and s.line.required and s.values]
    return st.tuples(*(st.sampled_from(slot.values) for slot in gaps)).map(lambda more: (*kept, *more))
