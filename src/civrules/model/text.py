"""Text: a sentence in Chinese, English or both."""

import re
from typing import Literal

import attrs

from civrules.errors import InvalidDocument, Problem

Lang = Literal["zh", "en"]


@attrs.frozen
class Text:
    """A sentence in Chinese, English or both; at least one.

    `zh` is the Chinese. `en` is the English. Where one is missing the other is shown.
    Raises InvalidDocument where both are missing, where one is blank, or where a control or bidirectional
    character could hide what a reader sees.

    >>> Text(zh="红旗", en="Red flag").in_("en")
    'Red flag'
    """

    zh: str | None = None
    en: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.zh is None and self.en is None:
            raise InvalidDocument(Problem("no-words", (), None, "zh or en"))
        problems: list[Problem] = []
        for lang, words in (("zh", self.zh), ("en", self.en)):
            try:
                if words is not None:
                    check_words(words, lang)
            except InvalidDocument as error:
                problems += error.problems
        if problems:
            raise InvalidDocument(problems)

    def in_(self, lang: Lang) -> str:
        """The text in `lang`, else in the other language."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first if first is not None else second or ""

    def __str__(self) -> str:
        return self.in_("en")


HIDING = frozenset(
    {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u200e\u200f\u061c\u2028\u2029\ufeff"}
    | {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
) - {"\n", "\t"}


def check_words(words: object, *where: str) -> str:
    """The words themselves; raises InvalidDocument where they are not text, blank, or hold hiding characters."""
    if not isinstance(words, str):
        raise InvalidDocument(Problem("wrong-type", where, words, "text"))
    if not words.strip():
        raise InvalidDocument(Problem("no-words", where, words, "text"))
    if not HIDING.isdisjoint(words):
        raise InvalidDocument(Problem("hiding-character", where, words))
    return words


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
NUMBER = r"-?[0-9]+(\.[0-9]+)?"


def harmless(text: str) -> str:
    """The text of a CSV cell, with an apostrophe before what a spreadsheet would run as a formula; numbers as they are.

    >>> harmless("=1+1"), harmless("-0.5")
    ("'=1+1", '-0.5')
    """
    marked = f"'{text}" if text.startswith(FORMULA) and not re.fullmatch(NUMBER, text) else text
    # The csv module quotes a line feed, but not a lone carriage return.
    return marked.replace("\r\n", "\n").replace("\r", "\n")
