"""The words of lint: what was proved of a standard without any data, why it matters, what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

UNUSED = "silence-unused"
"""What is said of a silence that silences nothing; nothing silences that."""
EDITIONS = ("editions-overlap", "editions-hole")
"""What is said of two editions; rulebooks say it too."""


@attrs.frozen
class LintWords:
    """What is wrong, why it matters, and what to change, in both languages."""

    en: str
    zh: str
    why_en: str
    why_zh: str
    repair_en: str
    repair_zh: str

    def remedies(self, code: str) -> tuple[str, str]:
        """Why it matters, and how to repair or to silence it, in English and in Chinese."""
        if code == UNUSED:
            return f"{self.why_en}; {self.repair_en}", f"{self.why_zh}；{self.repair_zh}"
        silence_en = f'or give the reason in a [[reading]] with silences = ["{code}"]'
        silence_zh = f'或在[[reading]]中写明理由，并注明silences = ["{code}"]'
        return f"{self.why_en}; {self.repair_en}, {silence_en}", f"{self.why_zh}；{self.repair_zh}，{silence_zh}"


WORDS: Mapping[str, LintWords] = MappingProxyType(
    {
        "total-unreached": LintWords(
            "the most that any observations come to is {value}, the declared total is {expected}",
            "任何检查结果最多得{value}分，写明的总分为{expected}分",
            "a full score is promised that nobody can get",
            "写明的满分无人可得",
            "correct the total or the points",
            "请更正总分或分值",
        ),
        "points-unreached": LintWords(
            "no observation comes to the criterion's {expected} points; the nearest is {value}",
            "任何检查结果都达不到该指标的{expected}分；最接近的是{value}分",
            "points are written that the measure never uses",
            "写明的分值在评分办法中用不到",
            "correct the points or the measure",
            "请更正分值或评分办法",
        ),
        "grade-unreached": LintWords(
            "no observations reach the grade {value}",
            "任何检查结果都达不到等次{value}",
            "a grade is promised that nobody can get; scores lie within {expected}",
            "列出的等次无人可得；得分范围为{expected}",
            "change its end or what it requires, remove it, or let a gate give it",
            "请更改其界限或条件，删去该等次，或由限级条款给出",
        ),
        "grade-certain": LintWords(
            "whatever is observed, every score has the grade {value}",
            "无论检查结果如何，所有得分都属等次{value}",
            "a grade that nothing can miss tells nothing; scores lie within {expected}",
            "人人必得的等次没有意义；得分范围为{expected}",
            "change the ends of the bands",
            "请更改各等次的界限",
        ),
        "printed-gap": LintWords(
            "the printed bands leave scores between {value} and {expected} without a grade; it happens with: {hint}",
            "所印等次未涵盖{value}与{expected}之间的得分；以下输入即可出现：{hint}",
            "readers of the printed table cannot tell the grade",
            "按所印表格无法判断等次",
            "print half-open bands or round the score",
            "请改印半开区间，或对得分取整",
        ),
        "printed-overlap": LintWords(
            "the printed bands hold scores from {value} to {expected} twice; it happens with: {hint}",
            "所印等次重复涵盖{value}至{expected}的得分；以下输入即可出现：{hint}",
            "two grades can be read off for one score",
            "同一得分可对应两个等次",
            "correct the printed bands",
            "请更正所印等次",
        ),
        "printed-differs": LintWords(
            "the band is printed to begin at {value} and is graded from {expected}; they differ with: {hint}",
            "所印等次从{value}起，评定时从{expected}起；以下输入即出现差别：{hint}",
            "the grade given is not the one that is printed",
            "评出的等次与所印不符",
            "correct the printed band or its end",
            "请更正所印等次或其界限",
        ),
        "cut-finer-than-rounding": LintWords(
            "the end {value} is finer than the score, which is rounded in steps of {expected} before it is graded; a "
            "score is graded otherwise than its fraction with: {hint}",
            "界限{value}比得分更细，而得分先按{expected}一档舍入再评等次；以下输入的等次与其精确得分不符：{hint}",
            "scores beyond the end fall short of it, or the other way round",
            "已达界限的得分可能评为未达，反之亦然",
            'round the end too, keep more decimals, or set grade_from = "exact"',
            '请将界限取整、保留更多小数位，或写明grade_from = "exact"',
        ),
        "gate-never": LintWords(
            "the gate's condition never holds, whatever is observed: {value}",
            "无论检查结果如何，该限级条款的条件都不成立：{value}",
            "a rule stands in the document that never acts",
            "文件中的规则从不生效",
            "correct the condition or remove the gate",
            "请更正条件，或删去该条款",
        ),
        "condition-never": LintWords(
            "the condition never holds: {value}",
            "该条件从不成立：{value}",
            "what depends on it never comes about",
            "取决于该条件的内容从不出现",
            "correct the condition, or remove what depends on it",
            "请更正条件，或删去取决于该条件的内容",
        ),
        "gate-without-effect": LintWords(
            "the gate changes nothing where it holds: {value}",
            "该限级条款成立时也不改变任何结果：{value}",
            "a rule stands in the document that never acts",
            "文件中的规则从不生效",
            "correct its effect or remove the gate",
            "请更正其效果，或删去该条款",
        ),
        "criterion-without-effect": LintWords(
            "whatever is observed for {value}, no grade changes",
            "无论{value}的检查结果如何，等次都不变",
            "it is inspected for nothing",
            "检查该项没有意义",
            "give it points, name it in a condition, or mark it informative",
            "请赋予分值、在条件中使用，或注明为informative",
        ),
        "deductions-beyond-section": LintWords(
            "the section's lines can take away more than it gives: {value} points, with: {hint}",
            "该项目的扣分可超过其分值：得{value}分，输入为：{hint}",
            "what is taken beyond it comes off other sections' points",
            "超出部分会扣减其他项目的得分",
            "set floor = 0 on the section, or make it an adjustment",
            "请在该项目写明floor = 0，或改为加减分项目",
        ),
        "missing-unstated": LintWords(
            "the document does not say what a missing value stands for; {value} can be missing",
            "文件未写明缺项如何处理；{value}可能缺项",
            "it is counted as the worst that it could be",
            "现按最差情形计",
            "set missing to one of: {expected}",
            "请写明missing（{expected}）",
        ),
        "zero-denominator-unstated": LintWords(
            "the document does not say what 0 of 0 stands for; {value} can be observed so",
            "文件未写明分母为零如何处理；{value}可能出现",
            "it is taken as not applicable, and leaves the points that can be reached",
            "现按不适用处理，从应得分中除去",
            "set not_applicable to one of: {expected}",
            "请写明not_applicable（{expected}）",
        ),
        "all-not-applicable": LintWords(
            "where nothing applies the result is {value}, and the document does not say so; it happens with: {hint}",
            "全部不适用时结果为{value}，而文件未作规定；以下输入即可出现：{hint}",
            "a community that nothing applies to stands in no order and has no grade of its own",
            "全部不适用的对象无法比较，也没有确切等次",
            'let a line always apply (not_applicable = "refuse")',
            '请使某项必须适用（not_applicable = "refuse"）',
        ),
        "editions-overlap": LintWords(
            "the editions {value} are both in force: {expected}",
            "版本{value}同时有效：{expected}",
            "on these days it is open which of them rules",
            "这些日子适用哪个版本不明确",
            "correct `effective`",
            "请更正effective",
        ),
        "editions-hole": LintWords(
            "no edition of {value} is in force: {expected}",
            "{value}没有有效版本：{expected}",
            "who is assessed on these days has no standard",
            "在这些日子测评没有标准可依",
            "correct `effective`",
            "请更正effective",
        ),
        "set-size": LintWords(
            "the set declares {value} members and lists {expected}",
            "该集合声明{value}项，实列{expected}项",
            "one of them is forgotten, or one too many is asked for",
            "或有遗漏，或要求过多",
            "list what is missing, or correct the number",
            "请补列所缺各项，或更正数目",
        ),
        "reference-missing": LintWords(
            "the document rests on {value}, and nobody has it",
            "文件依据{value}，而该文件缺失",
            "what it says cannot be checked",
            "其内容无从核对",
            "attach it, or say where it is (state)",
            "请附上该文件，或写明其所在（state）",
        ),
        "parameter-unset": LintWords(
            "nobody has set the parameter {value}",
            "参数{value}尚未设定",
            "what needs it is not checked, undetermined or never ends",
            "需用该参数之处无法检查或无法确定",
            "give it a default",
            "请给出default",
        ),
        "parameter-unused": LintWords(
            "nothing uses the parameter {value}",
            "没有任何内容使用参数{value}",
            "who sets it changes nothing",
            "设定该参数不起作用",
            "use it, or remove it",
            "请使用或删去该参数",
        ),
        "set-uncarried": LintWords(
            "no criterion carries these members of the set: {value}",
            "集合的以下成员没有对应的指标：{value}",
            "they are announced and never assessed",
            "已列出而从不测评",
            "name in `carried` what carries them",
            "请在carried中写明对应的指标或项目",
        ),
        "label-repeated": LintWords(
            "the printed label {value} stands twice: {expected}",
            "所印序号{value}重复：{expected}",
            "a citation by the label does not say which of them is meant",
            "仅凭序号无法分辨所指条款",
            "correct the label",
            "请更正序号",
        ),
        "step-without-limit": LintWords(
            "nothing says by when these steps are done: {value}",
            "以下步骤未规定期限：{value}",
            "a case that has no due day is never overdue",
            "没有期限的整改永不逾期",
            "give them `within`",
            "请用within规定期限",
        ),
        "grade-without-outcome": LintWords(
            "nothing follows from {value}, while something does from {expected}",
            "{value}没有任何结果运用，而{expected}有",
            "who gets that grade cannot tell what comes of it",
            "得此等次者不知后果如何",
            "add an outcome",
            "请增加结果运用",
        ),
        "cuts-overlap": LintWords(
            "of {expected} communities that are ranked some are first and last at once, and get both of {value}",
            "参加排名的对象为{expected}个时，有的既在前列又在末位，同时得到{value}",
            "a prize and a warning contradict each other",
            "奖与惩相互矛盾",
            "ask for more communities, take fewer places or shares, or say which of the two holds",
            "请规定最少的参评数量，减少名次或比例，或写明以何者为准",
        ),
        "seats-beyond": LintWords(
            "more get the title {value} than may hold it: {expected}",
            "授予{value}的数量超过其名额：{expected}",
            "somebody is promised a seat that is not there",
            "有人得不到所许的名额",
            "correct the places, the seats of the outcome, or those of the title",
            "请更正名次、结果运用的名额或该称号的名额",
        ),
        "ties-unstated": LintWords(
            "nothing says what becomes of those who tie at the last place of {value}, by which a few have: {expected}",
            "未规定排名{value}中末位并列者如何处理，而以下结果运用据此取有限名额：{expected}",
            "more may have it than there are places, and nobody decided so",
            "取得者可能多于名额，而文件未作决定",
            'set ties to "in" or "out", or let the order end with "community"',
            '请写明ties为"in"或"out"，或以"community"作为最后的排序依据',
        ),
        "award-despite-force": LintWords(
            "the outcome {value} is given in spite of the gate {expected}; it happens with: {hint}",
            "触发限级条款{expected}者仍可获得{value}；以下输入即可出现：{hint}",
            "who was brought down to that grade is distinguished all the same",
            "被降至该等次者仍受表彰",
            "ask for a `grade` in its `when`, or let another gate make `ineligible`",
            "请在其when中要求grade，或另设ineligible条款",
        ),
        "phase-undated": LintWords(
            "the phase {value} has no days",
            "阶段{value}没有日期",
            "nobody can say what is due in it until the host gives its days",
            "在使用方给出日期之前无法确定何时应完成什么",
            "give `first` and `last`",
            "请给出first与last",
        ),
        "campaign-undated": LintWords(
            "the campaign has no days, and these tasks have none but its: {value}",
            "创建方案没有日期，而以下任务仅以其日期为准：{value}",
            "unless the host says from when on, they are expected all the year round",
            "使用方未给出起始日时，这些任务全年均要求",
            "give `first` and `last`, or give the tasks a phase or days of their own",
            "请给出first与last，或为任务给出阶段或日期",
        ),
        "phase-without-start": LintWords(
            "the phase {value} has no first day",
            "阶段{value}没有起始日期",
            "what belongs to it is expected from the year's first day on",
            "其任务将自年初起要求",
            "give `first`",
            "请给出first",
        ),
        "task-without-end": LintWords(
            "nothing says when these tasks end: {value}",
            "以下任务没有截止日期：{value}",
            "they are expected without end, or never due",
            "这些任务将无限期持续，或永不到期",
            "give `last` or `lasts`, or a day on which it is `due`",
            "请给出last或lasts，或以due给出期限",
        ),
        "after-later": LintWords(
            "{value} comes after {expected}, which in no year is over before it is",
            "{value}须在{expected}之后，而后者在任何年度都不会先结束",
            "the order that is asked for waits for nothing",
            "所要求的先后次序不起作用",
            "correct their days, or leave it out of `after`",
            "请更正日期，或从after中删去",
        ),
        "phase-open": LintWords(
            "the phase {value} has no last day",
            "阶段{value}没有截止日期",
            "what belongs to it is expected without end",
            "其任务将无限期持续",
            "give `last` or `lasts`",
            "请给出last或lasts",
        ),
        "phases-overlap": LintWords(
            "the phases {value} overlap: {expected}",
            "阶段{value}重叠：{expected}",
            "on these days it is open which of them rules",
            "这些日子适用哪个阶段不明确",
            "correct their days",
            "请更正日期",
        ),
        "phases-gap": LintWords(
            "no phase holds {expected}",
            "{expected}不在任何阶段之内",
            "nothing of the phases is expected on these days",
            "这些日子没有阶段任务",
            "correct the days of the phases",
            "请更正各阶段日期",
        ),
        "body-without-task": LintWords(
            "no task is led or supported by {value}",
            "{value}没有牵头或配合的任务",
            "a body is named that has nothing to do",
            "列出的单位没有职责",
            "make it responsible for something, or leave it out",
            "请赋予其职责或将其删去",
        ),
        "task-without-lead": LintWords(
            "nobody leads {value}",
            "{value}没有牵头单位",
            "what is left undone is nobody's",
            "未完成时无人负责",
            "give `responsible.lead`",
            "请给出responsible.lead",
        ),
        "goal-without-task": LintWords(
            "no task serves {value}",
            "没有任务落实{value}",
            "a goal is set and nothing is done for it",
            "目标无从落实",
            "add a task, or let one serve it",
            "请增加任务，或在任务的serves中列出",
        ),
        "task-without-goal": LintWords(
            "{value} serves no goal",
            "{value}没有对应的目标",
            "it is done for no reason that the document gives",
            "文件未说明为何要做",
            "name the goal in `serves`",
            "请在serves中列出目标",
        ),
        "citation-missing": LintWords(
            "no source is cited for: {value}",
            "未注明出处：{value}",
            "nobody can look up the rule",
            "规则无从查考",
            "give a source here or on the section around it",
            "请在此处或所属项目写明source",
        ),
        "translation-missing": LintWords(
            "{value} has no words in {expected}",
            "{value}没有{expected}文字",
            "readers of that language are shown the other one",
            "该语言的读者只能看到另一种文字",
            "add them",
            "请补充",
        ),
        UNUSED: LintWords(
            "the reading silences {value} at {expected}, where lint finds no such thing",
            "该说明在{expected}处注明silences {value}，而此处并无此问题",
            "it would hide the next one",
            "会掩盖日后出现的问题",
            "remove the code from silences",
            "请从silences中删去",
        ),
    }
)
