"""The words of explanations, in both languages: every phrase once."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from civrules.model.condition import FOLLOWING, Condition
from civrules.model.days import Duration
from civrules.model.document import Document
from civrules.model.figures import plain
from civrules.model.standard import Standard
from civrules.model.text import Lang
from civrules.model.titles import Titles, titled

_PHRASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "line": ("{title}：{points}{of}分（{seen}，{result}）", "{title}: {points}{of} ({seen}; {result})"),
        "event": ("{title}：{seen}", "{title}: {seen}"),
        "not-reported": ("{title}：未报告，视为没有发生", "{title}: not reported, taken as not happened"),
        "excused": ("{title}：{points}{of}分（豁免：{reason}）", "{title}: {points}{of} (waived: {reason})"),
        "without-waivers": ("若无豁免：{end}", "Without waivers: {end}"),
        "not-seen": ("{title}：{reason}（不计分）", "{title}: {reason} (not scored)"),
        "shown": ("{title}：{seen}{result}", "{title}: {seen}{result}"),
        "not-recorded": ("{title}：没有记录，计0分", "{title}: nothing recorded, 0"),
        "of": ("/{possible}", " of {possible}"),
        "pass": ("达标", "pass"),
        "partial": ("部分达标", "partial"),
        "fail": ("不达标", "fail"),
        "informational": ("不计", "does not count"),
        "advice": ("建议改进", "advice"),
        "waived": ("豁免", "waived"),
        "no-earlier-period": ("没有上一期", "no earlier period"),
        "parameter-open": ("参数未定", "a parameter is open"),
        "before-first-number": ("当日尚无规定值", "no number is in force yet"),
        "no-attribute": ("缺少对象的属性", "an attribute of the community is missing"),
        "no-calendar": ("日历未列出该时段", "the calendar does not say when"),
        "measure-error": ("计分方法出错", "its measure failed"),
        "sample-too-small": ("样本不足", "sample too small"),
        "places": ("检查{n}/{of}处{short}", "{n} of {of} places{short}"),
        "short-at": ("，不足：{places}", ", short at: {places}"),
        "because": ("，{reason}", ", {reason}"),
        "looks": ("{n}次检查", "{n} looks"),
        "expired": ("记录已过期", "expired"),
        "applies-when": ("不适用于该对象", "not for this community"),
        "not-applicable": ("{title}：不适用（{reason}）", "{title}: does not apply ({reason})"),
        "not-checked": ("{title}：未检查（{reason}）{stands}", "{title}: not checked ({reason}){stands}"),
        "stands": ("，按最差计{points}{of}分", ", stands at its worst: {points}{of}"),
        "held": ("，暂不计分", ", held open"),
        "left-aside": ("，不计入得分", ", left out of the score"),
        "no-observation": ("无检查记录", "no observation"),
        "attribution-open": ("责任未定", "responsibility left open"),
        "in-section": ("“{title}”{step}", "{title}: {step}"),
        "step-scale": ("折算为{possible}分：{points}", "brought to {possible}: {points}"),
        "step-mean": ("取平均：{points}", "mean of what applies: {points}"),
        "step-weighted": ("加权平均：{points}", "weighted mean of what applies: {points}"),
        "step-worst": ("取最不利的单项：{points}", "the least favourable counts: {points}"),
        "step-gate": ("限级条款：{points}", "emptied or set by a gate: {points}"),
        "step-rescale": ("按适用部分折算为{possible}分：{points}", "what applies, brought to {possible}: {points}"),
        "step-cap": ("不高于{possible}分：{points}", "at most {possible}: {points}"),
        "step-floor": ("不低于{possible}分：{points}", "at least {possible}: {points}"),
        "step-rounding": ("舍入：{points}", "rounding: {points}"),
        "score": ("得分：{points}{of}分", "Score: {points}{of}"),
        "no-score": ("没有得分", "No score"),
        "grade": ("等次：{grade}", "Grade: {grade}"),
        "not-rated": ("未评定", "not rated"),
        "withheld": ("暂不评定", "withheld"),
        "gate-grade_at_most": ("{title}：等次不高于{grade}", "{title}: grade at most {grade}"),
        "gate-grade": ("{title}：等次定为{grade}", "{title}: grade set to {grade}"),
        "gate-zero": ("{title}：“{value}”计0分", '{title}: "{value}" counts 0'),
        "gate-score": ("{title}：得分定为{value}分", "{title}: score set to {value}"),
        "gate-ineligible": ("{title}：不参加排名与评优", "{title}: left out of ranks and awards"),
        "bounds": (
            "尚有未检查项（覆盖率{coverage}）：可能在{low}与{high}之间",
            "Not everything was checked (coverage {coverage}): between {low} and {high}",
        ),
        "end": ("{points}分（{grade}）", "{points} ({grade})"),
        "end-alone": ("{points}分", "{points}"),
        "no-limit": ("无上限", "no limit"),
        "reading": ("采用的理解：{text}", "Reading taken: {text}"),
        "nothing-observed": ("没有任何检查记录", "nothing was observed"),
        "nothing-applies": ("没有适用的指标", "nothing applies"),
        "held-because": ("以下各项须先检查：{titles}", "these must be checked first: {titles}"),
        "without-gate": ("若无“{title}”，等次为{grade}", 'without "{title}" the grade would be {grade}'),
        "forced-by": ("“{title}”定了等次", '"{title}" set the grade'),
        "short": ("评{grade}需{end}分，还差{gap}分", "{grade} needs {end}, {gap} short"),
        "over": ("评{grade}不得超过{end}分，多出{gap}分", "{grade} allows {end}, {gap} over"),
        "requires": ("评{grade}要求：{condition}", "{grade} requires: {condition}"),
        "why": ("为何不是更高等次：{reasons}", "Why not higher: {reasons}"),
        "happened": ("发生“{title}”{window}", '"{title}" happened{window}'),
        "within": ("（{length}内）", " within {length}"),
        "within-open": ("（期限未定）", " within a time that is left open"),
        "during": ("（当年内）", " this year"),
        "failed": ("“{title}”不达标", '"{title}" failed'),
        "failed_tag": ("标有“{target}”的指标不达标的项数{tests}", 'lines tagged "{target}" that failed: {tests}'),
        "value": ("“{title}”{tests}", '"{title}" {tests}'),
        "points": ("“{title}”的得分{tests}", 'points of "{title}" {tests}'),
        "section": ("“{title}”的得分{tests}", 'points of "{title}" {tests}'),
        "worst_in": ("“{title}”中最不利的单项{tests}", 'the worst single line of "{title}" {tests}'),
        "figure-score": ("得分{tests}", "the score {tests}"),
        "figure-coverage": ("覆盖率{tests}", "coverage {tests}"),
        "attribute": ("“{target}”{tests}", '"{target}" {tests}'),
        "in-grade": ("等次为“{target}”", 'the grade is "{target}"'),
        "honour": ("“{target}”{tests}", '"{target}" {tests}'),
        "streak": ("连续{count}期：{parts}", "{count} periods in a row: {parts}"),
        "change-score": ("得分的变化{tests}", "the change of the score {tests}"),
        "change-coverage": ("覆盖率的变化{tests}", "the change of the coverage {tests}"),
        "change": ("“{title}”得分的变化{tests}", 'the change of "{title}" {tests}'),
        "rank": ("“{target}”排名{tests}", 'the place in "{target}" is {tests}'),
        "first": ("前{limit}名", "among the first {limit}"),
        "last": ("后{limit}名", "among the last {limit}"),
        "first-share": ("前{limit}", "among the first {limit}"),
        "last-share": ("后{limit}", "among the last {limit}"),
        "between": ("第{first}至{last}名", "{first} to {last}"),
        "outcome": ("“{target}”有效", '"{target}" is in force'),
        "case-open": ("有整改未完成", "a case is open"),
        "case-overdue": ("有整改逾期", "a case is overdue"),
        "case-repeated": ("有问题重复出现", "a case is repeated"),
        "stage-target": ("为创建目标", "is the target"),
        "stage-nominated": ("已获提名", "is nominated"),
        "stage-held": ("已获得", "is held"),
        "stage-re-evaluation": ("复评中", "is under re-evaluation"),
        "stage-lapsed": ("已失效", "has lapsed"),
        "at_least": ("不低于{limit}", "at least {limit}"),
        "more_than": ("高于{limit}", "more than {limit}"),
        "at_most": ("不高于{limit}", "at most {limit}"),
        "less_than": ("低于{limit}", "less than {limit}"),
        "equals": ("为“{limit}”", 'is "{limit}"'),
        "or": ("”或“", '" or "'),
        "has": ("含“{limit}”", 'has "{limit}"'),
        "all": ("以下全部：{parts}", "all of: {parts}"),
        "any": ("以下之一：{parts}", "any of: {parts}"),
        "none": ("以下均不：{parts}", "none of: {parts}"),
        "and": ("且", " and "),
        "join": ("；", "; "),
    }
)
_UNITS_ZH = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "half-year": "个半年", "year": "年"}


def say(phrase: str, lang: Lang, **parts: object) -> str:
    """A phrase in the language, its parts filled in."""
    return _PHRASES[phrase][0 if lang == "zh" else 1].format(**parts)


def signed(points: str) -> str:
    """A change of points with its sign.

    >>> signed("0.05"), signed("-3")
    ('+0.05', '−3')
    """
    return f"−{points[1:]}" if points[0] == "-" else f"+{points}"


def length(text: str, lang: Lang) -> str:
    """A length of time in words."""
    if lang == "en":
        return text
    duration = Duration.of(text)
    return f"{duration.count}{_UNITS_ZH[duration.unit]}"


def condition(of: Condition, document: Document, lang: Lang) -> str:
    """A condition of a standard or of a campaign in words."""
    subject = of.subject
    if subject in FOLLOWING:
        return _following(of, document, lang)
    if of.members:
        return say(subject, lang, parts=say("join", lang).join(condition(part, document, lang) for part in of.members))
    tests = _compared(of, lang)
    if of.wanted:
        titles = _level_titles(of, document)
        shown = (titled(word, titles, lang) if isinstance(word, str) else _shown(word) for word in of.wanted)
        tests.append(say("equals", lang, limit=say("or", lang).join(shown)))
    if of.has is not None:
        tests.append(say("has", lang, limit=of.has))
    if subject == "failed_tag" and not tests:
        tests = [say("at_least", lang, limit=1)]
    phrase = f"figure-{of.figure}" if subject == "figure" else subject
    return say(
        phrase,
        lang,
        title=_title(of, document, lang),
        target=of.target,
        window=_window(of, document, lang),
        tests=say("and", lang).join(tests),
    )


def _compared(of: Condition, lang: Lang) -> list[str]:
    return [say(word, lang, limit=limit if isinstance(limit, str) else plain(limit)) for word, limit in of.comparisons]


def _following(of: Condition, document: Document, lang: Lang) -> str:
    """A condition on what follows from evaluations, in words."""
    subject, words = of.subject, say("or", lang)
    if subject == "grade":
        titles = _titles(document, "grades", lang)
        return say("in-grade", lang, target=words.join(titles.get(one, one) for one in of.grade or ()))
    if subject == "honour":
        titles = _titles(document, "honours", lang)
        stage = say(f"stage-{of.stage or 'held'}", lang)
        return say("honour", lang, target=words.join(titles.get(one, one) for one in of.honour or ()), tests=stage)
    if subject == "streak" and of.when is not None:
        return say("streak", lang, count=of.streak, parts=condition(of.when, document, lang))
    if subject == "change":
        phrase = f"change-{of.change}" if of.change in ("score", "coverage") else "change"
        tests = say("and", lang).join(_compared(of, lang))
        return say(phrase, lang, title=_title(of, document, lang), tests=tests)
    if subject == "rank":
        titles = _titles(document, "rankings", lang)
        return say("rank", lang, target=titles.get(of.target, of.target), tests=_cut(of, lang))
    if subject == "outcome":
        titles = _titles(document, "outcomes", lang)
        return say("outcome", lang, target=words.join(titles.get(one, one) for one in of.outcome or ()))
    return say("join", lang).join(say(f"case-{one}", lang) for one in of.case or ())


def _titles(document: Document, table: str, lang: Lang) -> dict[str, str]:
    """What those of a table are called that have a title; a campaign has no grades, rankings or outcomes of its own."""
    return {one.id: one.title.in_(lang) for one in getattr(document, table, ()) if one.title is not None}


def _cut(of: Condition, lang: Lang) -> str:
    """The places that a condition names, in words."""
    if of.between is not None:
        return say("between", lang, first=of.between[0], last=of.between[1])
    word = "first" if of.first is not None else "last"
    cut = getattr(of, word)
    return say(f"{word}-share", lang, limit=cut) if isinstance(cut, str) else say(word, lang, limit=plain(cut))


def _shown(word: str | bool | Decimal) -> str:
    return plain(word) if isinstance(word, Decimal) else str(word)


def _level_titles(of: Condition, document: Document) -> Titles:
    """What the levels are called of the line, or of its item, that a condition names."""
    if of.subject != "value" or not isinstance(document, Standard):
        return {}
    name, _, item = of.target.partition(":")
    measure: Any = document.criteria[name].measure
    named = (one for one in getattr(measure, "items", ()) if one.id == item) if item else (measure,)
    return next((getattr(one, "titles", {}) for one in named), {})


def _window(of: Condition, document: Document, lang: Lang) -> str:
    """How far a condition looks back, in words."""
    if of.within is None:
        return say("during", lang) if of.during else ""
    within = document.interval(of.within)
    return say("within-open", lang) if within is None else say("within", lang, length=length(within, lang))


def _title(of: Condition, document: Document, lang: Lang) -> str:
    """The title of what a condition names, with the item's where it names one; a campaign knows no lines."""
    if not isinstance(document, Standard):
        return of.target
    name, _, item = of.target.partition(":")
    if of.subject in ("section", "worst_in"):
        return next((section.title.in_(lang) for section in document.walk() if section.id == name), name)
    if name not in document.criteria:
        return of.target
    criterion = document.criteria[name]
    items: Any = getattr(criterion.measure, "items", ())
    titles = [one.title.in_(lang) if one.title else one.id for one in items if one.id == item]
    return " · ".join([criterion.title.in_(lang), *titles])
