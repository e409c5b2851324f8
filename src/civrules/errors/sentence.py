"""Code: the words of one problem code, and how they become a sentence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import attrs

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


class Arguments(dict[str, str]):
    """What a remedy calls an argument: `{argument[on]}` is `on=`, or the option that stands for it where there is one.

    >>> "give {argument[on]}".format(argument=Arguments()), "give {argument[on]}".format(argument=Arguments(on="--on"))
    ('give on=', 'give --on')
    """

    def __missing__(self, name: str) -> str:
        return name if "=" in name else f"{name}="


@attrs.frozen
class Code:
    """The words of one problem code: what is wrong, and what to do where the expected words do not say it."""

    en: str
    zh: str
    remedy_en: str = ""
    remedy_zh: str = ""

    def say(
        self,
        lang: Literal["zh", "en"],
        *,
        value: str,
        expected: str,
        hint: str,
        written: str = "",
        remedied: bool = True,
        options: Mapping[str, str] = NO_OPTIONS,
    ) -> str:
        """The sentence in `lang`, with what to do about it unless it is not to be `remedied`.

        `written` is the value as it ought to be written, where that is known. `options` are what arguments of Python
        that a remedy names are called elsewhere.
        """
        what, remedy = (self.zh, self.remedy_zh) if lang == "zh" else (self.en, self.remedy_en)
        remedy = remedy if remedied else ""
        if lang == "zh":
            expected = _in_chinese(expected)
        parts = [what.format(value=value, expected=expected, hint=hint)]
        if remedy:
            arguments = Arguments(options)
            parts.append(remedy.format(value=value, expected=expected, hint=hint, argument=arguments))
        if hint and "{hint}" not in what + remedy:
            parts.append(f"是否应为“{hint}”？" if lang == "zh" else f'did you mean "{hint}"?')
        if written:
            parts.append(f"请写作{written}" if lang == "zh" else f"write {written}")
        return ("；" if lang == "zh" else "; ").join(parts)


def _in_chinese(expected: str) -> str:
    if expected in _WORDS_ZH:
        return _WORDS_ZH[expected]
    for begins, in_chinese in (("one of: ", "以下之一："), ("a list of tables, ", "表的列表"), ("a table, ", "表，")):
        if expected.startswith(begins):
            return in_chinese + expected.removeprefix(begins)
    return expected


_WORDS_ZH = {
    "text": "文字",
    "words": "文字",
    "a table": "表",
    "a table with a kind": "含kind的表",
    "a list": "列表",
    "a list of names": "名称的列表",
    "a Period": "Period对象",
    "a Community": "Community对象",
    "a list of 2": "两项的列表",
    "a list of conditions": "条件的列表",
    "a figure": "数字",
    'a figure, or text such as "95%"': "数字，或如“95%”的文字",
    "a figure, or text": "数字或文字",
    "a whole number": "整数",
    "true or false": "true或false",
    "a date, YYYY-MM-DD": "日期（YYYY-MM-DD）",
    "criterion": "指标",
    "section": "项目",
    "grade": "等次",
    "tag": "标签",
    "body": "主体",
    "plugin/name@version": "插件/名称@版本",
    "plugin/name, plugin/name@version": "插件/名称，或插件/名称@版本",
    "member": "成员",
    "item": "细项",
    "above 0": "大于0",
    "Chinese": "中文",
    "English": "英文",
    "0 or more": "不小于0",
    "the lower end first": "先小后大",
    "values that rise": "递增的数值",
    "at least one section": "至少一个项目",
    "at least one criterion": "至少一个指标",
    "at least one kind": "至少一个类别",
    "at least one item": "至少一个细项",
    "at least one level": "至少一个等级",
    "at least one tier": "至少一档",
    "at least one choice": "至少一个可选值",
    "at least one condition": "至少一个条件",
    "at least two knots": "至少两个节点",
    "at least one effect": "至少一项结果",
    "at least one evaluation": "至少一份测评结果",
    "the grades that pass": "视为达标的等次",
    "a Ranking or an Evaluation": "Ranking或Evaluation对象",
    "ranking": "排名",
    "honour": "荣誉",
    "outcome": "结果运用",
    "subject": "主体",
    "text, or a list of names": "文字，或名称的列表",
    'a whole number, or a share such as "10%"': "整数，或如“10%”的比例",
    "a whole number from 1, or above 0% and at most 100%": "不小于1的整数，或大于0%且不超过100%",
    "places from 1, the better first": "不小于1的名次，先好后差",
    "at most points": "不大于points",
    "scores beyond the last grade": "最后等次以外的得分",
    "the best grade first, ends that go one way": "从最好的等次起，界限单向变化",
    "zero_at and full_at to differ": "zero_at与full_at不同",
    "none, for it is gate_only": "无，因其为gate_only",
    "1 to 200 visible characters": "1至200个可见字符",
    "an object": "对象",
    "MM-DD, MM, MM-early, MM-mid or MM-late": "MM-DD、MM、MM-early（上旬）、MM-mid（中旬）或MM-late（下旬）",
    (
        "a number and a unit: day, week, month, quarter, half-year, year; "
        "or days of an occasion, such as 5 working-days"
    ): "数字和单位：day、week、month、quarter、half-year、year；或某种日子的天数，如“5 working-days”",
    "a rule of RFC 5545 in whole days, such as FREQ=WEEKLY;BYDAY=MO, without UNTIL": (
        "RFC 5545规则，以整日计，如“FREQ=WEEKLY;BYDAY=MO”，不含UNTIL"
    ),
    "first with last or lasts; or occasion": "first与last或lasts；或occasion",
    "BYDAY in the rule": "规则中的BYDAY",
    "goal or task": "目标或任务",
    "phase or task": "阶段或任务",
    "goal": "目标",
    "task": "任务",
    "phase": "阶段",
    "post": "岗位",
    "procedure": "程序",
    "step": "步骤",
    "source": "资金来源",
    "at least one step": "至少一个步骤",
    "at least one case": "至少一项整改",
    "a time with a time zone": "含时区的时间",
    "year, start": "year或start",
    "years 2 to 9998": "2至9998年",
    "a list of objects": "对象的列表",
    "text or a whole number": "文字或整数",
    "text, a whole number or a list of names": "文字、整数或名称的列表",
    "a value of the grammar of tables": "表格语法中的值",
    ".csv or .json": ".csv或.json",
    "a column of its own in long tables": "长表自有的列",
    "zh or en": "zh或en",
    "a table, [standard]": "表[standard]",
    "a list of tables": "表的列表",
    'a table, { document = "…", clause = "…" }, or a list of such tables': (
        '表，{ document = "…", clause = "…" }，或此类表的列表'
    ),
    'a table, { zh = "…", en = "…" }': '表{ zh = "…", en = "…" }',
    'a whole number, or "exact"': '整数，或"exact"',
    "a whole number, 0 to 1000000": "0至1000000的整数",
    "whole numbers, 0 to 1000000, the lower end first": "0至1000000的整数，先小后大",
    "from 0, the lower end first": "不小于0，先小后大",
    "n of m, m at least n": "n/m，m不小于n",
    "at least one band": "至少一个区间",
    "at most 18 digits, none beyond the 12th place": "至多18位，且不超过12位小数或10的12次方",
    "[-]digits[.digits][%]": "[-]数字[.数字][%]",
    "one comparison, or two that make a range": "一个比较，或构成区间的两个比较",
    'combine = "weighted"': 'combine = "weighted"',
    "1 or more": "不小于1",
    "at most cap": "不大于cap",
    "at most 100%": "不超过100%",
    "above 0%, at most 100%": "大于0%，不超过100%",
    "criterion or section": "指标或项目",
    "parameter": "参数",
    "parameter; by with lower; or days": "parameter；by与lower；或日期",
    "day, week, month, quarter, half-year, year; several, such as 2 weeks; or an occasion, such as term": (
        "day、week、month、quarter、half-year、year之一，或其若干倍，或日历中的时段（如“term”）"
    ),
    "withheld": "暂不评定",
    "not-rated": "未评定",
    "at least one word": "至少一个词",
    "text, or a figure": "文字或数字",
    "a Calendar": "Calendar对象",
    "a period or a day": "期间或日期",
    "at least one period or day": "至少一段期间或一天",
    "a period with a first and a last day": "有起止日的期间",
    "a period": "期间",
    "true": "true",
    "attributable only with each or takes": "attributable只与each或takes同用",
    "zero_at with full_at, knots": "zero_at与full_at、knots",
    'a number and a unit, such as "12 months"; units: day, week, month, quarter, half-year, year': (
        "数字和单位，如“12 months”；单位：day、week、month、quarter、half-year、year"
    ),
    "GB/T 2260 digits (2, 4, 6, 9 or 12) or ISO 3166-2 (GB-LND)": (
        "GB/T 2260代码（2、4、6、9或12位）或ISO 3166-2（GB-LND）"
    ),
    "2025, 2025-H1, 2025-Q3, 2025-09, 2025-W36 or 2025-07-01..2025-09-30": (
        "2025、2025-H1、2025-Q3、2025-09、2025-W36或2025-07-01..2025-09-30"
    ),
    "years 1 to 9999": "1至9999年",
    "text, whole number, yes/no, day or list": "文字、整数、是否、日期或列表",
    'civrules.documents(__package__, "standards"), or Standard objects': (
        'civrules.documents(__package__, "standards")，或Standard对象'
    ),
    "a letter, then letters, digits and single . _ -, ending in none of these; no word of Python's": (
        "以字母开头，由字母、数字及不连续的. _ -组成，且不以后者结尾；不得为Python的保留字"
    ),
    "a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -": "字母或数字开头，至多64位的A-Z a-z 0-9 . _ -",
}
"""Expectations that are words, not data, in Chinese."""
