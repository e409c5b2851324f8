"""Outcomes in words, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from civrules.followup.ledger import Issued
from civrules.model.figures import plain
from civrules.model.standard import Standard
from civrules.model.text import Lang
from civrules.scoring import words

_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "flag": ("授旗“{what}”", 'flag "{what}"'),
        "award": ("授予“{what}”", 'award "{what}"'),
        "notice": ("下发通知“{what}”", 'notice "{what}"'),
        "list": ("列入“{what}”名单", 'put on the list "{what}"'),
        "interview": ("约谈“{what}”", 'interview "{what}"'),
        "recommend": ("建议“{what}”", 'recommended: "{what}"'),
        "publish": ("公布“{what}”", 'published: "{what}"'),
        "record": ("记入“{what}”", 'recorded: "{what}"'),
        "withhold": ("暂停“{what}”", 'withheld: "{what}"'),
        "rectify": ("整改“{what}”", 'to be put right: "{what}"'),
        "credit": ("信用分{points}", "credit {points}"),
    }
)
_PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "line": (
            "{community}：{title}：{effect}{parts}（条件：{when}）",
            "{community}: {title}: {effect}{parts} (because {when})",
        ),
        "to": ("，对象{subject}", ", to {subject}"),
        "account": ("，计入{account}", ", on {account}"),
        "amount": ("，金额{amount}", ", amount {amount}"),
        "due": ("，{due}前办结", ", due {due}"),
        "until": ("，{first}至{last}", ", {first} to {last}"),
        "next": ("，{first}起至下次发布", ", from {first} until the next issue"),
        "from": ("，{first}起", ", from {first}"),
        "by": ("，由{by}执行", ", by {by}"),
        "should": ("（建议性）", " (advice)"),
    }
)  # fmt: skip


def said(one: Issued, standard: Standard, lang: Lang) -> str:
    """An effect as one sentence: who, what, for whom, until when, and on which condition."""
    outcome = next(each for each in standard.outcomes if each.id == one.outcome)
    bodies = {body.id: body.title.in_(lang) for body in standard.bodies}
    honours = {honour.id: honour.title.in_(lang) for honour in standard.honours}
    points = "" if one.points is None else words.signed(plain(one.points))
    effect = _in(_KINDS, one.kind, lang, what=honours.get(one.what or "", one.what), points=points)
    parts = [
        _in(_PARTS, "to", lang, subject=bodies.get(one.subject, one.subject)) if one.to is not None else "",
        _in(_PARTS, "account", lang, account=one.account) if one.account is not None else "",
        _in(_PARTS, "amount", lang, amount=plain(one.amount)) if one.amount is not None else "",
        _in(_PARTS, "due", lang, due=one.due) if one.due is not None else "",
        _term(one, lang),
        _in(_PARTS, "by", lang, by=bodies.get(one.by, one.by)) if one.by is not None else "",
        _in(_PARTS, "should", lang) if one.strength == "should" else "",
    ]
    when = words.condition(outcome.when, standard, lang)
    title = outcome.title.in_(lang)
    return _in(
        _PARTS, "line", lang, community=one.community, title=title, effect=effect, parts="".join(parts), when=when
    )


def _term(one: Issued, lang: Lang) -> str:
    first, last = one.valid.first, one.valid.last
    if last is not None:
        return _in(_PARTS, "until", lang, first=first, last=last)
    return _in(_PARTS, "next" if one.until_next else "from", lang, first=first)


def _in(phrases: Mapping[str, tuple[str, str]], phrase: str, lang: Lang, **parts: object) -> str:
    return phrases[phrase][0 if lang == "zh" else 1].format(**parts)
