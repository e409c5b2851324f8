"""The words of problems with campaigns and with cases: English, Chinese, and what to do in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

CAMPAIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "other-kind": (
            "this document is a {value}, not a {expected}",
            "该文件是{value}文件，不是{expected}文件",
            "read it with {hint}",
            "请用{hint}读取",
        ),
        "other-document": (
            "{value} does not stand beside [{expected}]",
            "{value}不能与[{expected}]同处一个文件",
            "move it to a document of its own kind",
            "请移至相应种类的文件",
        ),
        "not-a-standard": ("{value} is a campaign, and only standards are extended", "{value}是创建方案；只能扩展标准"),
        "campaign-tailored": (
            "{value} tailors a document, and only standards are tailored",
            "{value}用于调整其他文件，而只有标准可以调整",
            'write the campaign out; uses = ["plugin/id"] makes bodies, parameters and criteria of others known',
            '请写出完整的创建方案；uses = ["plugin/id"]可引用其他文件的单位、参数与指标',
        ),
        "no-whole-window": (
            "{expected} hold no whole window of {value}: nothing is expected in them",
            "{expected}之内没有{value}的完整周期：其间不要求完成",
            "begin it with its window, or give a longer time",
            "请从周期之首日开始，或延长时间",
        ),
        "bad-year-day": (
            "{value} is no day of the year; expected {expected}",
            "{value}不是一年中的日子；应为{expected}",
        ),
        "two-ways": (
            "days are said in two ways by {value}; expected {expected}",
            "{value}重复规定了日期；应为{expected}",
        ),
        "bad-rule": ("{value} cannot be read; expected {expected}", "{value}无法读取；应为{expected}"),
        "after-itself": ("{value} comes after itself: {expected}", "{value}排在其自身之后：{expected}"),
        "of-the-task": (
            "a campaign has no sheet, and its tasks cannot name {value}; expected {expected}",
            "创建方案没有测评表，其任务不能涉及{value}；应为{expected}",
            "let an outcome of the standard name it, and name that outcome",
            "请由标准的结果运用条款规定，并引用该条款",
        ),
        "year-needed": (
            "a campaign has no year; expected {expected}",
            "创建方案不含年份；应给出{expected}",
            "give one of them",
            "请给出其一",
        ),
        "dated-already": (
            "the document gives {value} its days: {expected}",
            "文件已规定{value}的日期：{expected}",
            "leave it out of {argument[dates]}",
            "请勿在{argument[dates]}中给出",
        ),
        "no-such-window": (
            "{value} names no window; expected one of: {expected}",
            "{value}不在任何周期内；应为以下之一：{expected}",
        ),
        "undated": (
            "{value} has no days",
            "{value}没有日期",
            "give them by {argument[dates]}",
            "请用{argument[dates]}给出",
        ),
        "undetermined": (
            "{value} is undetermined: {expected}",
            "{value}的日期无法确定：{expected}",
            "set the parameter, or give {argument[calendar]}, {argument[start]} or {argument[dates]}",
            "请设定参数，或给出{argument[calendar]}、{argument[start]}或{argument[dates]}",
        ),
        "vacant-post": (
            "nobody holds the post {value}",
            "岗位{value}空缺",
            "give its holder by {argument[holders]}",
            "请用{argument[holders]}给出任职者",
        ),
        "unknown-task": ("there is no task {value}; known: {expected}", "没有任务{value}；已知：{expected}"),
        "outside-windows": (
            "{expected} records of {value} lie in no window and count for none",
            "{value}有{expected}条记录不在任何周期内，不计",
            "name the window that each belongs to",
            "请写明各自所属的周期",
        ),
    }
)

CASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "case-not-opened": (
            "a case begins with {expected}; {value} came first",
            "整改以{expected}开始；首先给出的是{value}",
        ),
        "case-opened-twice": ("the case was opened before", "整改已立项", "open another case", "请另立一项"),
        "case-order": (
            "{value} is earlier than the event before, of {expected}",
            "{value}早于前一事件的日期{expected}",
        ),
        "case-closed": (
            "{value} cannot happen: the case was closed on {expected}",
            "整改已于{expected}办结，不能再有{value}",
        ),
        "case-before": (
            "on {value} there was no case yet; it was opened on {expected}",
            "{value}时尚未立项；立项日为{expected}",
        ),
        "case-step": (
            "the step {value} is not open; the open step is {expected}",
            "步骤{value}尚不能办理；当前步骤为{expected}",
        ),
        "case-by": (
            "{value} does not do this step; {expected} does",
            "该步骤不由{value}办理，而由{expected}办理",
            "step: {hint}",
            "步骤：{hint}",
        ),
        "case-nothing-before": (
            "{value} is the first step, and there is none before it to open again",
            "{value}是第一步，没有可退回的前一步",
        ),
        "case-detail": ("{value} does not say {expected}", "{value}没有{expected}这一项", "leave it out", "请删去"),
        "case-extension": ("{value} is not later than {expected}", "{value}不晚于{expected}"),
        "case-extensions": ("extended {value} times already; at most {expected}", "已延期{value}次；至多{expected}次"),
        "case-escalations": (
            "there is nowhere left to go; the procedure names {expected}",
            "已无可升级的主体；程序规定的是{expected}",
        ),
        "case-to": ("the case goes to {expected} next, not to {value}", "下一步应上报{expected}，而不是{value}"),
        "case-not-overdue": (
            "on {value} it is too early to go to {hint}; the step is due on {expected}",
            "{value}尚不到上报{hint}之时；该步骤的期限为{expected}",
        ),
        "case-no-reason": (
            "on {expected} the procedure sees no reason to go to {value}",
            "{expected}时尚无程序规定的上报{value}的情形",
        ),
        "case-points": (
            "{value} points cannot be given back; {expected} are left",
            "不能返还{value}分；尚余{expected}分",
        ),
    }
)
