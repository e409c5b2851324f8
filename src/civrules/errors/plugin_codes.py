"""The words of problems with plugins, and of notes: English, Chinese, and what to do in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

PLUGINS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "duplicate-measure": (
            "the measure {value} is supplied more than once, and so not at all: {expected}",
            "计分方法{value}不止一处提供，因此均不采用：{expected}",
            "rename one of them, or block its plugin",
            "请改名，或停用其一的插件",
        ),
        "plugin-import": (
            "the plugin cannot be imported: {value}",
            "插件无法导入：{value}",
            "reinstall it, or block it by name",
            "请重装，或按名称停用",
        ),
        "plugin-api": (
            "the plugin needs the API {value}, this is {expected}",
            "插件需要API {value}，当前为{expected}",
            "upgrade civrules",
            "请升级civrules",
        ),
        "plugin-hook": (
            "a hook is not as civrules defines it: {value}",
            "钩子与civrules的定义不符：{value}",
            "compare it with civrules.StandardsPlugin",
            "请对照civrules.StandardsPlugin",
        ),
        "plugin-unknown-hook": (
            "{value} is not a hook of civrules; the hooks are: {expected}",
            "{value}不是civrules的钩子；钩子有：{expected}",
        ),
        "plugin-no-hook": (
            "the plugin has no hook of civrules ({expected}); nearest to one is: {value}",
            "插件没有civrules的钩子（{expected}）；最接近的是：{value}",
        ),
        "plugin-undecorated": (
            "{value} is a hook's name without @civrules.hookimpl",
            "{value}是钩子名，但缺少@civrules.hookimpl",
            "decorate it",
            "请加上装饰器",
        ),
        "plugin-default": (
            "the hook {expected} gives {value} a default, and nothing is ever handed in for it",
            "钩子{expected}的参数{value}带默认值，而该参数从不传入",
            "remove the argument",
            "请删去该参数",
        ),
        "plugin-unreadable": (
            "what the plugin has cannot be looked at: {value}",
            "无法查看插件的内容：{value}",
            "report it to the plugin's author",
            "请告知插件作者",
        ),
        "plugin-raised": (
            "the hook {expected} raised {value}",
            "钩子{expected}出错：{value}",
            "report it to the plugin's author",
            "请告知插件作者",
        ),
        "plugin-returned": ("the hook returned {value}; expected {expected}", "钩子返回了{value}；应为{expected}"),
        "plugin-duplicate": (
            "the plugin {value} stands twice: {expected}",
            "插件{value}重复：{expected}",
            "uninstall one of them",
            "请卸载其一",
        ),
        "plugin-foreign-id": ("the standard {value} does not begin with {expected}", "标准{value}不以{expected}开头"),
        "duplicate-edition": (
            "the edition {value} comes from two places: {expected}",
            "版本{value}有两个来源：{expected}",
            "remove one of them, or block its plugin",
            "请删去其一，或停用其一的插件",
        ),
        "not-in-force": (
            "no edition of {value} is in force on {expected}",
            "{value}在{expected}没有有效版本",
            "there are: {hint}",
            "现有：{hint}",
        ),
        "several-editions": (
            "{value} has several editions: {expected}",
            "{value}有多个版本：{expected}",
            "give a day, or one of them",
            "请给出日期或其中之一",
        ),
        "not-comparable": (
            "evaluations of different editions stand together: {value}",
            "不同版本的测评结果混在一起：{value}",
            "ask for it with {argument[mixed=True]}",
            "如确需混排，请用{argument[mixed=True]}",
        ),
    }
)

NOTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "equal-observations": (
            "{expected} equal observations of {value} count once",
            "{value}的{expected}条相同记录只计一次",
            "give each its id where they are two",
            "若确为两次，请分别写明id",
        ),
        "same-day": (
            "looks of one day differ for {value}; the less favourable counts",
            "{value}同日的检查结果不同；按较不利的计",
        ),
        "outside-period": (
            "{expected} observations of {value} lie outside the period and do not count",
            "{value}有{expected}条记录在期间之外，不计",
        ),
        "waiver-orphan": ("a waiver names {value}, which is no criterion here", "豁免所指的{value}不是此处的指标"),
        "waiver-elsewhere": (
            "a waiver is for {value}, of which nothing stands in {expected}",
            "豁免所指的{value}不在{expected}中",
        ),
        "waiver-expired": (
            "the waiver of {value} holds {expected}, not on this day",
            "{value}的豁免有效期为{expected}，当日无效",
        ),
        "waiver-redundant": ("the waiver of {value} changes nothing", "{value}的豁免没有作用"),
        "outside-dates": ("the edition {value} is in force {expected}", "版本{value}的有效期为{expected}"),
        "inputs-stripped": (
            "the record was stripped of its inputs: observations, waivers and all but the community's id are not shown",
            "该记录已去除输入：检查记录、豁免及对象除标识外的信息均不显示",
        ),
        "nothing-handed-in": (
            "there was nothing to hand in for {value}: {expected}",
            "{value}没有可用的结果：{expected}",
        ),
        "seats-in-tie": (
            "the {expected} seats end inside a tie; {value} have them",
            "{expected}个名额止于并列处；实得{value}个",
        ),
        "seats-left": ("{value} of {expected} seats are taken", "{expected}个名额只用去{value}个"),
        "more-than-seats": (
            "{value} hold the condition, there are {expected} seats and no ranking says who comes first; all have them",
            "有{value}个符合条件，名额为{expected}个，而未规定按何排名取舍；全部获得",
            "name one in order",
            "请在order中写明",
        ),
        "left-out": (
            "{value} is left out of ranks and awards; no {expected}",
            "{value}不参加排名与评优；不给予{expected}",
        ),
        "open-effect": ("{value} is open until the parameter {expected} is set", "{value}待参数{expected}确定"),
        "no-recipient": ("{value} has no {expected}; nobody receives it", "{value}没有{expected}；无人接收"),
        "cuts-meet": (
            "{expected} communities lie in this cut and in that of {value}",
            "有{expected}个对象同时在此处与{value}的范围内",
        ),
        "cut-beyond": (
            "place {value} lies beyond the {expected} that are ranked",
            "第{value}名超出参加排名的{expected}个",
        ),
        "validity-open": (
            "how long observations of {value} hold is open until the parameter {expected} is set; none expires",
            "{value}的记录有效期待参数{expected}确定；暂无记录过期",
        ),
        "window-open": (
            "how far {value} looks back is open until the parameter {expected} is set; its condition does not hold",
            "{value}的回溯期待参数{expected}确定；其条件暂不成立",
        ),
        "reading": ("{value}", "{value}"),
    }
)
