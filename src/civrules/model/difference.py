"""Difference: one thing that is not the same."""

import attrs

from civrules.errors import shown
from civrules.model.text import Lang, Text


@attrs.frozen
class Difference:
    """One thing that is not the same: in a replay, between editions, between periods.

    >>> Difference(("result", "score"), "84.5", "85").say()
    'result › score: 84.5 before, 85 after'
    """

    where: tuple[str, ...]
    before: object
    after: object

    def say(self, lang: Lang = "en") -> str:
        """The difference as one sentence."""
        place = " › ".join(self.where)
        before, after = self.words(lang)
        return f"{place}：原为{before}，现为{after}" if lang == "zh" else f"{place}: {before} before, {after} after"

    def words(self, lang: Lang = "en") -> tuple[str, str]:
        """What was before and what is after, in words."""
        return _words(self.before, lang), _words(self.after, lang)


def _words(value: object, lang: Lang) -> str:
    if value is None:
        return "无" if lang == "zh" else "nothing"
    return value.in_(lang) if isinstance(value, Text) else shown(value).strip('"')
