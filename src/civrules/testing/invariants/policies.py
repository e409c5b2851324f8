"""What a standard promises of its policies: gates, what is missing, what does not apply, waivers, what improves."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from civrules import Community, Evaluation, Gate, Line, NotApplicable, Observation, Period, Waiver
from civrules.measures import Event
from civrules.model.measures.adopted import Adopted
from civrules.review.edges import NOT_HERE
from civrules.review.lines import one_value
from civrules.review.witness import written
from civrules.scoring.line import CompiledLine, Points
from civrules.testing.comparing import criterion_lines, difference, favour, figures, place, result
from civrules.testing.drawing import changed, in_order, nearly_best, samples, single_samples
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.invariants.lines import agrees, known_to_both, sums_up, tried
from civrules.testing.sample import Sample, value_said
from civrules.testing.subject import Subject


def only_harms(subject: Subject) -> bool:
    """Whether gates and requirements go one way: what improves can only lift a gate or meet a requirement."""
    grader = subject.program.grader
    last = len(subject.standard.grades) - 1
    gates = all(
        gate.when.rising == -1
        and (gate.effect in ("grade_at_most", "ineligible") or (gate.effect == "grade" and gate.place == last))
        for gate in grader.gates
    )
    return gates and all(band.requires is None or band.requires.rising == 1 for band in grader.bands)


def improves(subject: Subject, pair: tuple[Sample, Sample]) -> None:
    """Raise Broken where one better observation makes the score or the grade worse."""
    if any(tried(subject, sample) is None for sample in pair):
        return
    ordered = in_order(subject, pair)
    if ordered is None:
        return
    worse, better = ordered
    one, other = (tried(subject, sample) for sample in ordered)
    assert one is not None
    assert other is not None
    if one.score is None or other.score is None:
        equal("score", one.score is None, "after improving", other.score is None, worse, better)
    elif favour(subject.standard, one.score) > favour(subject.standard, other.score):
        raise Broken("score", one.score, "after improving", other.score, worse, better)
    if place(subject.standard, other.grade) > place(subject.standard, one.grade):
        raise Broken("grade", one.grade, "after improving", other.grade, worse, better)


def gates_dominate(subject: Subject, sample: Sample) -> None:
    """Raise Broken where a reported event is passed over, or a gate that holds has not its effect."""
    evaluation = tried(subject, sample)
    if evaluation is None:
        return
    for gate in subject.standard.gates:
        happened = gate.when.happened
        counts = happened is not None and gate.when.within is None and _counts(subject, sample, happened)
        if counts and gate.id not in evaluation.gates:
            raise Broken("gates", evaluation.gates, f"though {happened}", gate.id, sample)
    holding = [one for one in subject.standard.gates if one.id in evaluation.gates]
    forced = any("grade" in gate.then for gate in holding)
    for gate in holding:
        ((effect, value),) = gate.then.items()
        found = place(subject.standard, evaluation.grade)
        binds = effect == "grade" or (effect == "grade_at_most" and not forced and found > -1)
        if binds and found < place(subject.standard, str(value)) and not _ahead(subject, holding, gate):
            raise Broken(f"{gate.id} allows", value, "grade", evaluation.grade, sample)
        if effect == "ineligible" and not evaluation.ineligible:
            raise Broken(f"{gate.id} makes", "ineligible", "found", "eligible", sample)


def _ahead(subject: Subject, holding: list[Gate], gate: Gate) -> bool:
    """Whether a gate that forces another grade comes before: the first decides."""
    before = holding[: holding.index(gate)]
    gate_only = {one.id for one in subject.standard.grades if one.gate_only}
    return any("grade" in one.then for one in before) or str(gate.then.get("grade")) in gate_only


def _counts(subject: Subject, sample: Sample, event: str) -> bool:
    """Whether a report within the period says that the event counts, beyond doubt."""
    looks = [one for one in sample.observations if one.criterion == event]
    measure = subject.program.by_id[event].measure
    yes = "attributable" if measure.attributable else "yes"
    return any(one.value == yes and (one.at is None or one.at in subject.period) for one in looks)


def missing_stands(subject: Subject, drawn: tuple[Sample, str]) -> None:
    """Raise Broken where a missing value does not stand as the document says."""
    whole, name = drawn
    line, sample = subject.program.by_id[name], whole.without(name)
    evaluation = tried(subject, sample)
    if evaluation is None or not sample.observations:
        if line.missing != "refuse" and sample.observations:
            raise Broken("expected", "an evaluation", "missing", name, sample)
        return
    if evaluation.run.cells[line.index].state != "missing" or _sets_the_score(subject, evaluation):
        return
    if line.missing == "refuse":
        raise Broken("expected", "refused", f"without {name}", evaluation.score, sample)
    if line.missing == "hold":
        equal("score", evaluation.score, f"{name} is held", None, sample)
        return
    stands = _standing_for(line, sample.community)
    if stands:
        other = subject.evaluated(sample.also(*stands))
        equal("score, grade", result(evaluation), f"{name} = {value_said(stands[0].value)}", result(other), sample)


def _sets_the_score(subject: Subject, evaluation: Evaluation) -> bool:
    """Whether a gate has set the score, whatever is missing."""
    return any("score" in gate.then for gate in subject.standard.gates if gate.id in evaluation.gates)


def _standing_for(line: CompiledLine, community: Community) -> tuple[Observation, ...]:
    """What a missing value counts as, one look for every place of it; nothing where one look each cannot say it."""
    unit = line.criterion.per_unit
    places: tuple[str | None, ...] = (None,) if unit is None else tuple(community.places.get(unit, ()))
    value = None
    if line.missing == "worst" and one_value(line):
        value = written(line, line.worst)
    elif line.missing == "rescale" and line.not_applicable == "rescale":
        value = NOT_HERE
    return () if value is None else tuple(Observation(line.id, value, place=place) for place in places)


def _one_missing(subject: Subject) -> Any:
    names = _required(subject)
    return st.tuples(single_samples(subject), st.sampled_from(names))


def _required(subject: Subject) -> list[str]:
    return [line.id for line in subject.program.lines if line.required and line.scored and not line.change]


def is_simple(subject: Subject) -> bool:
    """Whether the score is got × total ÷ applicable: base sections alone, each the sum of its lines."""
    standard = subject.standard
    flat = all(
        section.role == "base" and section.combine == "sum" and not section.sections
        and (section.scale_to, section.cap, section.floor) == (None, None, None)
        for section in standard.sections
    )  # fmt: skip
    gated = any({"zero", "score"} & {*gate.then} for gate in standard.gates)
    known = standard.direction == "merits" and standard.rescale == "total" and standard.most is not None
    places = all(one.places != "sum" and one.least >= 0 for one in standard.criteria.values())
    return flat and known and places and not gated and not standard.scale


def leaves_the_denominator(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the score is not got × total ÷ applicable."""
    evaluation = tried(subject, sample)
    if evaluation is None or evaluation.score is None or evaluation.run.sums.exact is None:
        return
    got: Points = 0
    reach: Points = 0
    for line, cell in zip(subject.program.lines, evaluation.run.cells, strict=True):
        if line.scored and line.strength == "must" and cell.state != "not-applicable" and not cell.skipped:
            got += cell.points or 0
            reach += line.full if cell.reach is None else cell.reach
        elif line.scored and cell.state == "not-applicable" and line.not_applicable == "full":
            got += line.full
            reach += line.full
    total = subject.standard.total if subject.standard.total is not None else subject.standard.most
    if reach:
        expected = min(Fraction(got) * Fraction(total or 0) / reach, Fraction(subject.standard.cap or total or 0))
        exact = Fraction(evaluation.run.sums.exact) / 10**subject.program.places
        equal("score before rounding", exact, "got × total ÷ applicable", expected, sample)


def waiver_is_neutral(subject: Subject, sample: Sample) -> None:
    """Raise Broken where excusing a line that passes changes something."""
    before = tried(subject, sample)
    lines = criterion_lines(before) if before is not None else {}
    passing = [name for name, line in lines.items() if line.result == "pass" and subject.standard.criteria[name].scored]
    if before is None or not passing:
        return
    after = subject.evaluated(sample, waivers=[_waiver(passing[0])])
    found = difference(figures(before), figures(after))
    if found is not None:
        raise Broken(found[0], found[1], f"with a waiver on {passing[0]}", found[2], sample)


def _waiver(name: str) -> Waiver:
    return Waiver(criterion=name, reason="to see", approver="the kit", valid=Period())


def excuses(subject: Subject, sample: Sample) -> None:
    """Raise Broken where excusing a line that does not pass does not give it all its points, or does more."""
    before = tried(subject, sample)
    lines = criterion_lines(before) if before is not None else {}
    failing = [name for name, line in lines.items() if _falls_short(subject, name, line)]
    if before is None or not failing:
        return
    # Not always the first: the samples differ in how much was seen.
    name = failing[len(sample.observations) % len(failing)]
    waiver = _waiver(name)
    after = subject.evaluated(sample, waivers=[waiver])
    excused = criterion_lines(after)
    line = excused.pop(name)
    equal(f"result of {name}", line.result, "with a waiver on it", "waived", sample)
    equal(f"points of {name}", line.points, "with a waiver on it", _all_of(subject, line), sample)
    for other, one in excused.items():
        found = (lines[other].result, lines[other].points)
        equal(f"{other} without", found, f"with a waiver on {name}", (one.result, one.points), sample)
    equal("score", result(before), "without the waiver", _unexcused(after), sample)
    sums_up(subject, after, sample)
    if known_to_both(subject):
        agrees(subject, sample, after, [waiver])


def _falls_short(subject: Subject, name: str, line: Line) -> bool:
    """Whether there is something to excuse."""
    criterion = subject.standard.criteria[name]
    can_be = criterion.scored and not isinstance(criterion.measure, Event)
    short = line.result in ("partial", "fail", "advice", "not-checked")
    return can_be and short and line.points != _all_of(subject, line)


def _all_of(subject: Subject, line: Line) -> Decimal | None:
    """What the line gives, or in demerits takes, at its best."""
    return Decimal(0) if subject.standard.direction == "demerits" else line.possible


def _unexcused(evaluation: Evaluation) -> tuple[Any, ...]:
    return evaluation.score_without_waivers, evaluation.grade_without_waivers


def _rising(subject: Subject) -> list[CompiledLine]:
    """The lines whose measure, a plugin's own, says which way its points go."""
    return [
        line for line in subject.program.lines if isinstance(line.measure, Adopted) and line.measure.rising(None) != 0
    ]


def _every_two(subject: Subject) -> Iterator[tuple[Sample, Sample]]:
    """Every two values of a line that says which way its points go."""
    for slot in subject.slots:
        if slot.line in _rising(subject):
            for one, other in combinations(slot.values, 2):
                yield Sample(subject.communities[0], (one,)), Sample(subject.communities[0], (other,))


def keeps_its_way(subject: Subject, pair: tuple[Sample, Sample]) -> None:
    """Raise Broken where the points of a measure go another way than it says."""
    for line in _rising(subject):
        seen = [next((one for one in sample.observations if one.criterion == line.id), None) for sample in pair]
        if any(look is None or isinstance(look.value, NotApplicable) for look in seen):
            continue
        judged = [line.read(look.value) for look in seen if look is not None]
        first, second = sorted((line.measure.figure(read, None), points) for read, points, _ in judged)
        way = line.measure.rising(None)
        if first[0] != second[0] and (second[1] - first[1]) * way < 0:
            unit = 10**subject.program.places
            raise Broken(
                f"at {first[0]}", Fraction(first[1]) / unit, f"at {second[0]}", Fraction(second[1]) / unit, *pair
            )


POLICIES = (
    Invariant(
        id="rising", draws=lambda subject: st.tuples(single_samples(subject), single_samples(subject)),
        corners=_every_two, check=keeps_its_way,
        where="standards with a plugin's own measure that says which way its points go",
        applies=lambda subject: bool(_rising(subject)),
        says="A measure that says that its points rise with the figure, or fall, keeps to it.",
    ),
    Invariant(
        id="monotone", draws=changed, corners=nearly_best, check=improves,
        where="standards whose gates and requirements can only be helped by what improves",
        applies=lambda subject: only_harms(subject) and any(len(slot.values) > 1 for slot in subject.slots),
        says="One better observation never makes the score or the grade worse.",
    ),
    Invariant(
        id="gates-dominate", draws=samples, check=gates_dominate,
        where="standards with gates", applies=lambda subject: bool(subject.standard.gates),
        says="An event that counts is among the gates, and no grade is better than the gates that hold allow.",
    ),
    Invariant(
        id="missing", draws=_one_missing, check=missing_stands,
        where="standards with a line that must be looked at", applies=lambda subject: bool(_required(subject)),
        says="What is missing stands as the document says: at its worst, left out, held or refused.",
    ),
    Invariant(
        id="not-applicable", draws=samples, check=leaves_the_denominator,
        where="standards whose score is the plain sum of their lines, rescaled", applies=is_simple,
        says="What does not apply leaves the denominator and nothing else: got × total ÷ applicable.",
    ),
    Invariant(
        id="waiver", draws=samples, check=waiver_is_neutral,
        says="Excusing a line that passes changes nothing.",
    ),
    Invariant(
        id="excused", draws=samples, one_in=2, check=excuses,
        says="Excusing a line that does not pass gives it all of its points, and leaves every other line as it is.",
    ),
)  # fmt: skip
