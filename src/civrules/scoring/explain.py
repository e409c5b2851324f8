"""Explaining: an evaluation in words, why not the next grade, and what each line would give back."""

from collections.abc import Iterator
from decimal import Decimal

import attrs

from civrules.model.figures import decimal, plain
from civrules.model.text import Lang
from civrules.scoring import words
from civrules.scoring.evaluation import NOT_RATED, WITHHELD, Bounds, Evaluation, Explanation, reach_of
from civrules.scoring.grading import CompiledGate, CompiledGrade
from civrules.scoring.line import Cell, CompiledLine, Points, whole
from civrules.scoring.program import Program
from civrules.scoring.steps import Change, steps_of, text_of
from civrules.scoring.words import say, signed


def explanation(evaluation: Evaluation, lang: Lang) -> Explanation:
    """The words of an evaluation."""
    program = evaluation.program
    steps = [
        _changed(program, step, lang)
        if isinstance(step, Change)
        else step[1].words.get(lang) or _criterion(program, *step, lang)
        for step in steps_of(program, evaluation.run)
    ]
    return Explanation(
        lines=(*steps, *_results(evaluation, lang)),
        why_not_higher=_why_not_higher(evaluation, lang),
        evaluation=evaluation,
    )


def _results(evaluation: Evaluation, lang: Lang) -> Iterator[str]:
    """The score, the gates and the grade, and what a reader should know of them."""
    if evaluation.score is None:
        yield say("no-score", lang)
    else:
        yield say("score", lang, points=plain(evaluation.score), of=_of(evaluation.maximum, lang))
    yield from _gates(evaluation, lang)
    if evaluation.grade is not None:
        yield say("grade", lang, grade=_grade(evaluation, evaluation.grade, lang))
    if evaluation.waivers and any(cell.result == "waived" for cell in evaluation.run.cells):
        yield _without_waivers(evaluation, lang)
    bounds = evaluation.bounds
    if bounds is not None and (bounds.low, bounds.grade_low) != (bounds.high, bounds.grade_high):
        yield _bounds(evaluation, bounds, lang)
    for reading in evaluation.program.standard.readings:
        yield say("reading", lang, text=reading.text.in_(lang))


def _without_waivers(evaluation: Evaluation, lang: Lang) -> str:
    score, grade = evaluation.score_without_waivers, evaluation.grade_without_waivers
    end = say("no-score", lang) if score is None else _end(evaluation, score, grade, lang)
    return say("without-waivers", lang, end=end)


def _criterion(program: Program, own: CompiledLine, cell: Cell, lang: Lang) -> str:
    """A criterion's line; what a cell that stands for many looks says is kept with it."""
    words = _said(program, cell.line or own, cell, lang)
    if cell.alone:
        cell.words[lang] = words
    return words


def _said(program: Program, line: CompiledLine, cell: Cell, lang: Lang) -> str:
    title = line.criterion.title.in_(lang)
    if cell.state == "not-applicable":
        reason = say(cell.reason, lang) if cell.reason in ("applies-when", "no-earlier-period") else cell.reason
        return say("not-applicable", lang, title=title, reason=reason)
    points = _points(program, line, cell)
    of = _of(reach_of(line, cell, program), lang)
    if cell.result == "waived":
        return say("excused", lang, title=title, points=points, of=of, reason=cell.reason)
    if not line.scored and not line.event:
        return _shown_only(line, cell, title, lang)
    if cell.state == "unrecorded":
        return say("not-reported" if line.event else "not-recorded", lang, title=title)
    if cell.state == "missing":
        reason = say(str(cell.reason), lang)
        if cell.looked is not None:
            reason = say("places", lang, n=cell.looked[0], of=cell.looked[1], short=say("because", lang, reason=reason))
        stands = "" if cell.points is not None and not points else say("stands", lang, points=points, of=of)
        aside = "left-aside" if line.missing == "rescale" else "held"
        stands = say(aside, lang) if cell.points is None else stands
        return say("not-checked", lang, title=title, reason=reason, stands=stands)
    seen = _seen(line, cell, lang)
    if line.event:
        return say("event", lang, title=title, seen=seen)
    # Of several places the one that counts may be one where nothing was recorded.
    word = "no-observation" if cell.result == "not-checked" else str(cell.result)
    return say("line", lang, title=title, points=points, of=of, seen=seen, result=say(word, lang))


def _points(program: Program, line: CompiledLine, cell: Cell) -> str:
    return text_of(cell.points, program) if line.scored and cell.points is not None else ""


def _seen(compiled: CompiledLine, cell: Cell, lang: Lang) -> str:
    """What was seen in words; of several places how many were, and those that fall short."""
    if cell.parts and cell.looked is not None:
        short = [name for name, part in cell.parts if part.result not in ("pass", "waived", "not-applicable")]
        names = say("short-at", lang, places=", ".join(short)) if short else ""
        return say("places", lang, n=cell.looked[0], of=cell.looked[1], short=names)
    if cell.read is None:
        return say("looks", lang, n=len(cell.seen))
    words: str = compiled.measure.say(cell.read, lang)
    return words


def _shown_only(compiled: CompiledLine, cell: Cell, title: str, lang: Lang) -> str:
    """A line without points: what was seen, and advice where a "should" falls short."""
    if cell.state != "seen":
        return say("not-seen", lang, title=title, reason=say(str(cell.reason), lang))
    result = "" if cell.result == "informational" else say("because", lang, reason=say(str(cell.result), lang))
    return say("shown", lang, title=title, seen=_seen(compiled, cell, lang), result=result)


def _changed(program: Program, change: Change, lang: Lang) -> str:
    possible = "" if change.possible is None else text_of(change.possible, program)
    step = say(f"step-{change.name}", lang, possible=possible, points=signed(text_of(change.points, program)))
    if change.section is None:
        return step[:1].upper() + step[1:]
    return say("in-section", lang, title=change.section.title.in_(lang), step=step)


def _of(possible: Decimal | None, lang: Lang) -> str:
    return "" if possible is None else say("of", lang, possible=plain(possible))


def _grade(evaluation: Evaluation, grade: str, lang: Lang) -> str:
    found = next((one for one in evaluation.program.standard.grades if one.id == grade), None)
    if found is None:
        return say(grade, lang)
    return found.id if found.title is None else f"{found.id} ({found.title.in_(lang)})"


def _gates(evaluation: Evaluation, lang: Lang) -> Iterator[str]:
    for place in evaluation.run.gates:
        gate = evaluation.program.grader.gates[place]
        grade = _grade(evaluation, str(gate.value), lang) if gate.place >= 0 else ""
        value = _effect_value(evaluation, gate.value, lang)
        yield say(f"gate-{gate.effect}", lang, title=gate.gate.title.in_(lang), grade=grade, value=value)


def _effect_value(evaluation: Evaluation, value: object, lang: Lang) -> str:
    """What a gate empties by its title, what it sets as a figure."""
    if isinstance(value, Decimal):
        return plain(value)
    standard = evaluation.program.standard
    titles = {section.id: section.title for section in standard.walk()} | {
        name: criterion.title for name, criterion in standard.criteria.items()
    }
    return titles[value].in_(lang) if isinstance(value, str) and value in titles else ""


def _bounds(evaluation: Evaluation, bounds: Bounds, lang: Lang) -> str:
    ends = [
        _end(evaluation, points, grade, lang)
        for points, grade in ((bounds.low, bounds.grade_low), (bounds.high, bounds.grade_high))
    ]
    return say("bounds", lang, coverage=plain(evaluation.coverage), low=ends[0], high=ends[1])


def _end(evaluation: Evaluation, points: Decimal | None, grade: str | None, lang: Lang) -> str:
    written = say("no-limit", lang) if points is None else plain(points)
    if grade is None:
        return say("end-alone", lang, points=written)
    return say("end", lang, points=written, grade=_grade(evaluation, grade, lang))


def _why_not_higher(evaluation: Evaluation, lang: Lang) -> str | None:
    """What keeps the grade from being better, or a score from being given; None where nothing does."""
    reasons = list(_reasons(evaluation, lang))
    return say("why", lang, reasons=say("join", lang).join(reasons)) if reasons else None


def _holding(evaluation: Evaluation) -> Iterator[CompiledGate]:
    gates = evaluation.program.grader.gates
    return (gates[place] for place in evaluation.run.gates)


def _reasons(evaluation: Evaluation, lang: Lang) -> Iterator[str]:
    run, grader = evaluation.run, evaluation.program.grader
    forcing = [gate.gate for gate in _holding(evaluation) if gate.forces]
    if evaluation.score is None and forcing:
        yield say("forced-by", lang, title=forcing[0].title.in_(lang))
    if evaluation.no_score == NOT_RATED:
        yield say("nothing-observed" if run.sums.applies else "nothing-applies", lang)
        return
    if evaluation.no_score == WITHHELD:
        lines = [
            line
            for line in evaluation.program.lines
            if run.cells[line.index].state == "missing" and line.missing == "hold"
        ]
        yield say("held-because", lang, titles=say("join", lang).join(line.criterion.title.in_(lang) for line in lines))
        return
    band, place = run.graded.band, run.graded.place
    if band is not None and place is not None and band < place:
        lowering = [grader.gates[held].gate for held in run.gates if grader.gates[held].place > band]
        titles = say("join", lang).join(gate.title.in_(lang) for gate in lowering)
        yield say("without-gate", lang, title=titles, grade=_grade(evaluation, grader.ids[band], lang))
        return
    better = [grade for grade in grader.bands if band is not None and grade.place < band]
    if better:
        yield from _between(evaluation, better[-1], lang)


def _between(evaluation: Evaluation, above: CompiledGrade, lang: Lang) -> Iterator[str]:
    """What the score and the requirement lack for the grade above."""
    program, run = evaluation.program, evaluation.run
    points = run.sums.exact if program.grader.exact else run.sums.score
    name = _grade(evaluation, above.grade.id, lang)
    if points is not None and above.end is not None and not program.grader.reaches(above, points):
        end, gap = _exactly(above.end, program), _exactly(whole(max(above.end - points, points - above.end)), program)
        yield say("over" if program.grader.demerits else "short", lang, grade=name, end=end, gap=gap)
    if above.requires is not None and not above.requires.holds(run.facts):
        yield say(
            "requires", lang, grade=name, condition=words.condition(above.requires.condition, program.standard, lang)
        )


def _exactly(points: Points, program: Program) -> str:
    """Points in units as they are, also where they have no end."""
    if isinstance(points, int):
        return plain(decimal(points, program.places))
    return plain(points / 10**program.places)


def gains(evaluation: Evaluation) -> Iterator[tuple[str, Decimal]]:
    """For every line that gave less than its best, what its best would change the score by; largest first."""
    program, run = evaluation.program, evaluation.run
    if run.sums.score is None:
        return
    found = []
    for own in program.lines:
        cell = run.cells[own.index]
        line = cell.line or own
        if cell.skipped or not line.scored or cell.points == line.judged_best[0]:
            continue
        cells = [*run.cells]
        cells[line.index] = line.completed(favourable=True)
        score = program.run(attrs.evolve(run.facts, cells=cells)).sums.score
        if score is not None and score != run.sums.score:
            found.append((abs(score - run.sums.score), line.index, line.id))
    for units, _, name in sorted(found, key=lambda one: (-one[0], one[1])):
        yield name, decimal(units, program.places)
