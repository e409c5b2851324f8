"""The catalogue of problem codes: every sentence a problem can say, in both languages, in one place.

A code never changes its meaning. `{value}` is what was met, `{expected}` what would do, `{hint}` the nearest valid
word; `{argument[on]}` is an argument of Python, or what stands for it where the reader has options.
"""

from collections.abc import Mapping
from types import MappingProxyType

from civrules.errors.following_codes import CAMPAIGNS, CASES
from civrules.errors.lints import UNUSED, WORDS
from civrules.errors.plugin_codes import NOTES, PLUGINS
from civrules.errors.sentence import Code

_FILES = {
    "unreadable": Code("the file cannot be read: {value}", "文件无法读取：{value}"),
    "too-large": Code(
        "the file has {value} bytes, at most {expected} are read", "文件有{value}字节，至多读取{expected}字节"
    ),
    "wide-mark": Code(
        "{value} is a mark of Chinese or typeset text, which TOML knows in quotes only",
        "{value}是全角或排版标点，TOML只在引号之内接受",
        "write {expected}",
        "请改为{expected}",
    ),
    "not-toml": Code("not TOML: {value}", "不是有效的TOML：{value}"),
    "too-deep": Code("nested deeper than {expected}", "嵌套超过{expected}层"),
    "too-many": Code("{value} entries, at most {expected} are allowed", "共有{value}项，至多允许{expected}项"),
    "more-problems": Code("only the first {expected} problems are listed", "仅列出前{expected}个问题"),
    "not-utf-8": Code("not text in UTF-8", "不是UTF-8文本", "save the file as UTF-8", "请以UTF-8保存"),
    "not-a-table": Code(
        "not a table that can be read: {value}; expected {expected}", "无法作为表读取：{value}；应为{expected}"
    ),
}

_DOCUMENTS = {
    "unknown-key": Code(
        "unknown key {value}; expected one of: {expected}", "未知的键{value}；应为以下之一：{expected}"
    ),
    "missing-key": Code("the key {expected} is missing", "缺少键{expected}"),
    "missing-table": Code("the table {expected} is missing", "缺少表{expected}"),
    "misplaced-table": Code(
        "the table {value} does not stand here", "表{value}不应写在此处", "write it as {expected}", "请写作{expected}"
    ),
    "wrong-type": Code("{value} is not {expected}", "{value}的类型不对，应为{expected}"),
    "unknown-word": Code(
        "{value} is not known; expected one of: {expected}", "{value}不是可用的词；应为以下之一：{expected}"
    ),
    "unsupported": Code(
        "{value} is not supported by this version of civrules",
        "此版本的civrules尚不支持{value}",
        "supported here: {expected}",
        "此处支持：{expected}",
    ),
    "parameter-here": Code(
        "{value}: no table can give the number here",
        "{value}：此处的数值不能由表给出",
        "write {expected}",
        "请写明{expected}",
    ),
    "two-uses": Code(
        "the parameter {value} stands for a number and for an interval",
        "参数{value}既作数值又作时间间隔",
        "declare two",
        "请分别声明",
    ),
    "not-given": Code(
        "{value} does not say how a number is given; expected {expected}", "{value}未说明数值如何给出；应为{expected}"
    ),
    "no-words": Code("no words stand here; expected {expected}", "此处没有文字；应有{expected}"),
    "hiding-character": Code(
        "{value} holds a control or bidirectional character", "{value}含有控制字符或双向字符", "remove it", "请删除"
    ),
    "bad-id": Code("{value} is not an id; expected {expected}", "{value}不是有效的标识；应为{expected}"),
    "reserved-id": Code(
        "{value} is taken; choose another id (taken are: {expected})",
        "{value}为保留词；请另选（保留词：{expected}）",
    ),
    "duplicate-id": Code(
        "the id {value} stands twice (upper and lower case are the same)", "标识{value}重复（不分大小写）"
    ),
    "unknown-id": Code("{value} names no {expected}", "{value}没有对应的{expected}"),
    "bad-figure": Code("{value} is not a figure; expected {expected}", "{value}不是数字；应为{expected}"),
    "too-many-digits": Code(
        "{value} has too many digits or places for a figure; expected {expected}", "{value}位数过多；应为{expected}"
    ),
    "too-precise": Code("{value} has more decimals than {expected}", "{value}的小数位超过{expected}"),
    "out-of-range": Code("{value} is out of range; expected {expected}", "{value}超出范围；应为{expected}"),
    "bad-day": Code("{value} is not a day; expected {expected}", "{value}不是日期；应为{expected}"),
    "bad-duration": Code("{value} is not a length of time; expected {expected}", "{value}不是时间长度；应为{expected}"),
    "bad-locality": Code("{value} is not a locality; expected {expected}", "{value}不是行政区划代码；应为{expected}"),
    "bad-period": Code("{value} is not a period; expected {expected}", "{value}不是期间；应为{expected}"),
    "first-after-last": Code("the first day lies after the last: {value}", "起始日晚于截止日：{value}"),
    "empty": Code("nothing stands here; expected {expected}", "此处为空；应有{expected}"),
    "mixed-units": Code(
        "{value}: figures in % and plain figures stand together; write all in %, as {expected}, or all plain",
        "{value}：百分数与普通数混用；请统一写作百分数（如{expected}）或普通数",
    ),
    "one-of": Code("{value} given; expected exactly one of: {expected}", "给出了{value}；应恰好给出其一：{expected}"),
    "needs-points": Code("{value} needs points", "{value}需要分值", "set points above 0", "请写明大于0的points"),
    "above-points": Code(
        "{value} is not within what the criterion can give, {expected}", "{value}不在该指标可得的分值之内：{expected}"
    ),
    "event-points": Code(
        "an event has no points; {value} given",
        "事件没有分值；给出了{value}",
        "remove points, or use another measure",
        "请删去points，或改用其他评分办法",
    ),
    "bad-order": Code("{value} is out of order; expected {expected}", "{value}次序不对；应为{expected}"),
}

_STANDARDS = {
    "no-decimals": Code(
        "a quotient arises in {value} and [rounding] does not name the step {expected}",
        "{value}会产生除法结果，而[rounding]未规定{expected}一步的小数位",
        'set rounding.{expected} to a number of decimals (or "exact" where a later step rounds)',
        '请写明rounding.{expected}的小数位（若由后面的步骤舍入，可写"exact"）',
    ),
    "no-total-decimals": Code(
        "a quotient arises in {value} and [rounding] does not name the step total",
        "{value}会产生除法结果，而[rounding]未规定total一步的小数位",
        "set rounding.total to a number of decimals",
        "请写明rounding.total的小数位",
    ),
    "rescale-decimals": Code(
        "where {value} does not apply, the score is rescaled, which is a quotient, and [rounding] does not name the "
        "step total",
        "{value}不适用时须按适用部分折算，会产生除法结果，而[rounding]未规定total一步的小数位",
        'set rounding.total to a number of decimals, or not_applicable = "refuse" on a line that always applies',
        '请写明rounding.total的小数位；该项必定适用的，也可写明not_applicable = "refuse"',
    ),
    "points-do-not-sum": Code(
        "the base sections' points sum to {value}, the total is {expected}",
        "各基本项目分值之和为{value}，总分为{expected}",
        "correct one of them, or set scale = true",
        "请更正其一，或写明scale = true",
    ),
    "items-do-not-sum": Code(
        "the items' points sum to {value}, the criterion's are {expected}",
        "细项分值之和为{value}，指标分值为{expected}",
    ),
    "no-worst": Code(
        'the measure of {value} has no worst value, so missing = "worst" cannot be applied',
        '{value}的评分办法没有最差值，不能用missing = "worst"',
        "set another missing rule: {expected}",
        "请改用：{expected}",
    ),
    "band-ends": Code(
        "a band has one closed end here: {expected}; {value} given", "此处等次只有一个闭端：{expected}；给出了{value}"
    ),
    "band-order": Code(
        "the band {value} does not follow from the one before; expected {expected}",
        "等次{value}与上一等次次序不符；应为{expected}",
    ),
    "band-hole": Code(
        "no grade is left for scores beyond {value}",
        "{value}以外的得分没有对应的等次",
        "end with a grade without a bound",
        "请以无界限的等次结尾",
    ),
    "gate-effect": Code(
        "a gate has one effect, one of: {expected}; {value} given",
        "限级条款只有一种效果，为以下之一：{expected}；给出了{value}",
    ),
    "not-at-the-top": Code(
        "a section of role {value} stands at the top of the document",
        "{value}项目须位于文件最上层",
        "move it there",
        "请移至最上层",
    ),
    "not-weighted": Code(
        "a weight of {value} stands in a section without {expected}", "所在项目没有{expected}，却有权重{value}"
    ),
    "needs-cap": Code(
        "adjustments ({value}) can carry the score beyond the total; say where it ends",
        "加减分项目（{value}）可使得分超过总分；请写明上限",
        "set cap",
        "请写明cap",
    ),
    "before-observation": Code(
        "applies_when decides before anything was seen and cannot name {value}; expected {expected}",
        "applies_when在检查之前判定，不能涉及{value}；应为{expected}",
    ),
    "before-sums": Code(
        "a gate that empties is tried before anything is summed and cannot name {value}; expected {expected}",
        "清零条款在汇总之前判定，不能涉及{value}；应为{expected}",
    ),
    "of-the-finding": Code(
        "when asks about the finding and cannot name {value}; expected {expected}",
        "when只看问题本身的属性，不能涉及{value}；应为{expected}",
    ),
    "of-the-case": Code(
        "an escalation asks about the case and cannot name {value}; expected {expected}",
        "上报条件只看整改本身，不能涉及{value}；应为{expected}",
    ),
    "part-of-itself": Code("{value} is part of itself: {expected}", "{value}属于其自身：{expected}"),
    "not-an-event": Code(
        "{value} is not an event",
        "{value}不是事件",
        "name a criterion whose measure is an event",
        "请写评分办法为event的指标",
    ),
    "no-figure": Code("{value} has no figure to compare", "{value}没有可比较的数值"),
    "must-compare": Code("{value} needs a comparison: {expected}", "{value}需要比较：{expected}"),
    "not-compared": Code(
        "{value} is not compared with a figure; remove {expected}", "{value}不与数值比较；请删去{expected}"
    ),
    "follows-from-itself": Code("{value} follows from itself: {expected}", "{value}以自身为条件：{expected}"),
    "only-with": Code("{value} means nothing without {expected}", "没有{expected}，{value}没有意义"),
    "holds-sections": Code(
        "{value} holds sections; an order names a section of criteria",
        "{value}下设项目；排序只能用直接含指标的项目",
    ),
    "grade-or-score": Code(
        "a {value} cannot be handed in for a measure of the kind {expected}; levels take a grade, the others a score",
        "{value}不能用于{expected}；levels用等次，其余用得分",
    ),
    "gate-on-outcome": Code("{value} may be named by outcomes and tasks only", "{value}只可用于结果运用与任务"),
}

_RESTING = {
    "needs-rulebook": Code(
        "{value} is another document, which only a rulebook knows",
        "{value}是另一文件，只有规则库才能找到",
        "read it with Rulebook.load, or supply it by a plugin",
        "请用Rulebook.load读取，或由插件提供",
    ),
    "needs-extends": Code(
        "{value} changes another document, and none is named",
        "{value}用于修改另一文件，而未写明是哪一文件",
        "set extends",
        "请写明extends",
    ),
    "not-in-parent": Code("{value} names nothing in {expected}", "{expected}中没有{value}"),
    "several-tables": Code(
        "{value} names several tables", "{value}对应多个表", "write one of: {expected}", "请写其一：{expected}"
    ),
    "not-amended": Code(
        "the key {value} of {expected} is not amended",
        "{expected}的键{value}不能修改",
        "ids stay; what a section holds is dropped by its own id, or added with into",
        "标识不变；项目所含内容请按其标识写入drop，或用into增加",
    ),
    "fixed": Code("{value} is fixed by {expected}", "{value}已由{expected}固定，不能改动"),
    "still-named": Code(
        "{value} is dropped, and still named by {expected}",
        "{value}已删去，但{expected}仍然引用",
        "amend or drop what names it",
        "请修改或删去引用之处",
    ),
    "inherited-id": Code(
        "the id {value} stands in {expected}, which this document extends",
        "标识{value}已在所扩展的{expected}中",
        "amend it, or choose another id",
        "请修改该表，或另选标识",
    ),
    "not-in-section": Code("{value} does not stand in {expected}", "{value}不在{expected}中"),
    "holds-other": Code(
        "{value} holds tables of the kind {expected}; a section holds sections or criteria, never both",
        "{value}所含为{expected}；一个项目只含项目或只含指标",
    ),
    "outside-locality": Code(
        "{value} does not lie in {expected}, for which {hint} was made", "{value}不在{expected}之内，而{hint}适用于后者"
    ),
    "register-clash": Code(
        "{value} stands in two documents and is not the same: {expected}", "{value}在两个文件中且内容不同：{expected}"
    ),
    "cycle": Code("the documents rest on each other: {value}", "文件互相依据：{value}"),
    "rests-too-deep": Code(
        "{value} documents extend one another, at most {expected} may", "连续扩展{value}层，至多允许{expected}层"
    ),
    "standard-refused": Code("the standard {value} was refused, for:", "标准{value}未被接受，原因："),
}

_INPUTS = {
    "unknown-criterion": Code("{value} is not a criterion of {expected}", "{value}不是{expected}的指标"),
    "unknown-item": Code(
        "{value} is not an item here; expected one of: {expected}", "{value}不是此处的细项；应为以下之一：{expected}"
    ),
    "unknown-level": Code(
        "{value} is not a level; expected one of: {expected}", "{value}不是等级；应为以下之一：{expected}"
    ),
    "not-a-choice": Code(
        "{value} is not allowed; expected one of: {expected}", "{value}不在允许之列；应为以下之一：{expected}"
    ),
    "not-yes-no": Code("{value} is not yes or no", "{value}不是“是”或“否”"),
    "not-whole": Code("{value} is not a count; expected {expected}", "{value}不是计数；应为{expected}"),
    "not-items": Code(
        "{value} does not name items; expected a value for each of: {expected}",
        "{value}未按细项给出；应逐项给出：{expected}",
    ),
    "amount-open": Code(
        "{value} takes an amount that the assessor gives, {expected}",
        "{value}的扣分由检查人在{expected}之内给出",
        "write it behind the word, as in {hint}",
        "请写在其后，如{hint}",
    ),
    "item-missing": Code(
        "nothing was given for {expected}",
        "未给出{expected}",
        'give a value, or "n/a: reason"',
        "请给出数值，或写“n/a: 原因”",
    ),
    "percent-here": Code("{value} is in %, the figures here are plain", "{value}是百分数，此处为普通数"),
    "no-reason": Code(
        '"does not apply" without a reason', "“不适用”未写明原因", 'write "n/a: reason"', "请写“n/a: 原因”"
    ),
    "no-reason-given": Code('"not observed" without a reason', "“未检查”未写明原因", "write the reason", "请写明原因"),
    "no-grades": Code(
        "{value} has no grades to hand in",
        "{value}没有等次可用",
        'hand in the score: of = "score"',
        '请改用得分：of = "score"',
    ),
    "not-applicable-refused": Code(
        "{expected} always applies; {value} is refused", "{expected}必须适用；不接受{value}"
    ),
    "measure-raised": Code(
        "the measure {expected} failed: {value}",
        "计分方法{expected}出错：{value}",
        "tell the plugin's author; until then the line counts as missing",
        "请告知插件作者；在此之前该项按缺失处理",
    ),
    "not-a-measure": Code(
        "{value} is no measure; it lacks {expected}",
        "{value}不是计分方法，缺少{expected}",
        "see civrules.Measure for what a measure must have",
        "计分方法须具备的内容见civrules.Measure",
    ),
    "not-prepared": Code(
        "prepared values cannot say {value}",
        "整数形式的数值无法表达{value}",
        "score each community with `evaluate`",
        "请用`evaluate`逐个评分",
    ),
    "missing-refused": Code("{expected} was not observed and must be", "{expected}未检查，而该项必须检查"),
    "wrong-kind": Code(
        "the community is of kind {value}, the standard is for {expected}", "对象类别为{value}，标准适用于{expected}"
    ),
    "wrong-locality": Code(
        "the community lies in {value}, the standard is for {expected}", "对象位于{value}，标准适用于{expected}"
    ),
    "bounds-one-by-one": Code(
        "the gate {value} moves the score, so that bounds cannot be worked out in columns",
        "限级条款{value}改变得分，无法按列计算上下限",
        "ask with {argument[bounds=False]}, or evaluate one by one",
        "请用{argument[bounds=False]}，或逐个评分",
    ),
    "beyond-exact": Code(
        "{value} can be reached here, and this backend divides exactly only below {expected}",
        "此处可达{value}，而该后端仅在{expected}以下能精确相除",
        "give the criterion a range or fewer decimals, or evaluate one by one",
        "请限定指标的range或减少decimals，或逐个评分",
    ),
    "divides-otherwise": Code(
        "{value} does not compute as the standard means: {expected}",
        "{value}的计算与标准的含义不符：{expected}",
        "use another backend",
        "请改用其他后端",
    ),
    "needs-looks": Code(
        "{value} needs the day of every look, and a wide table has none",
        "{value}需要每次检查的日期，而宽表没有日期",
        "give {argument[on]} as the period's last day, or evaluate one by one",
        "请用{argument[on]}给出期间的截止日，或逐个评分",
    ),
    "day-needed": Code(
        "{value} needs a day of judgement",
        "{value}需要评定日",
        "give {argument[on]}, or {argument[period]} with a last day",
        "请给出{argument[on]}，或有截止日的{argument[period]}",
    ),
    "not-a-record": Code("{value} is not a record of the format {expected}", "{value}不是{expected}格式的记录"),
    "no-inputs": Code("the record was stripped of its {expected}", "该记录已去除{expected}", "put them back", "请放回"),
    "other-inputs": Code(
        "the inputs have the digest {value}, the record was made from {expected}",
        "输入的摘要为{value}，记录所用为{expected}",
    ),
    "other-result": Code(
        "{value} now, {expected} in the record",
        "现为{value}，记录为{expected}",
        "replay says all that differs; without the standard the record is read as it stands",
        "可用replay查看全部差异；不给出标准则按记录原样读取",
    ),
    "record-alone": Code(
        "the evaluation was read from a record of {value} without its standard",
        "该测评结果读自{value}的记录，未给出标准",
        "read it with the standard: Evaluation.from_json(text, standard)",
        "请连同标准读取：Evaluation.from_json(text, standard)",
    ),
    "other-edition": Code(
        "the record is of {value}, the standard is {expected}", "记录属于{value}，所给标准为{expected}"
    ),
    "periods-overlap": Code("two periods of one occasion overlap: {value}", "同一时段的两段日期重叠：{value}"),
    "place-needed": Code(
        "{value} counts per {expected}, and a look does not say where",
        "{value}按{expected}计，检查记录未写明地点",
        "give the place of every look, in a table in the column `place` of a long one",
        "请为每次检查写明地点；表格请用长表的place列",
    ),
    "unknown-place": Code(
        "{value} is not in the register of places: {expected}", "{value}不在登记的地点中：{expected}"
    ),
    "cannot-add": Code("{value} cannot be added up", "{value}无法相加"),
    "which-window": Code(
        "{value} belongs to no one window; expected {expected}", "无法确定{value}属于哪个周期；应为{expected}"
    ),
    "period-needed": Code(
        "{value} needs a period with both ends",
        "{value}需要有起止日的期间",
        "give {argument[period]}",
        "请给出{argument[period]}",
    ),
    "event-per-unit": Code("an event is counted by its condition, not by {value}", "事件由条件计数，不按{value}"),
    "not-excusable": Code(
        "{value}: the standard knows no excuse for this event",
        "{value}：标准未规定该事件可以免责",
        "say yes or no",
        "请写“是”或“否”",
    ),
    "excuse-without-evidence": Code(
        "{value} needs evidence",
        "{value}须有证据",
        "name the evidence with the observation; in a long table it has a column",
        "请在检查记录中写明证据；长表中有专门一列",
    ),
    "two-meanings": Code("{value} is a section and a criterion; rename one", "{value}既是项目又是指标；请改名其一"),
    "event-waived": Code("the event {value} cannot be waived", "事件{value}不能豁免"),
    "not-an-observation": Code(
        "{value} is not an observation",
        "{value}不是检查记录",
        "give Observation objects, or a mapping of criterion to value",
        "请给出Observation，或“指标到数值”的映射",
    ),
    "repeated-look": Code(
        "one look records {value} twice",
        "同一次检查对{value}记了两次",
        "give two looks their own day, place, assessor or id; one look has one row for it",
        "若为两次检查，请分别写明日期、地点、检查人或id；若为一次，请只写一行",
    ),
    "unknown-campaign": Code("no campaign {value}; known: {expected}", "没有创建方案{value}；已知：{expected}"),
    "unknown-standard": Code("no standard {value}; known: {expected}", "没有标准{value}；已知：{expected}"),
    "bad-argument": Code("{value} given; expected {expected}", "给出了{value}；应为{expected}"),
    "bad-name": Code("{value} cannot name a plugin; expected {expected}", "{value}不能作为插件名称；应为{expected}"),
    "already-there": Code(
        "{value} is there already",
        "{value}已存在",
        "choose another name, or another folder with --into",
        "请另选名称，或用--into另选文件夹",
    ),
}

_TABLES = {
    "no-column": Code("there is no column {value}; the columns are: {expected}", "没有列{value}；现有列：{expected}"),
    "unknown-column": Code(
        "the column {value} is neither a criterion nor named as an attribute",
        "列{value}既不是指标，也未指定为属性",
        "rename it, name it with {argument[attributes]}, or pass over such columns with {argument[ignore=True]}",
        "请改名，或用{argument[attributes]}指定，或用{argument[ignore=True]}略过",
    ),
    "duplicate-column": Code("the column {value} stands twice", "列{value}重复"),
    "row-length": Code("the row has {value} cells, the header {expected}", "该行有{value}格，表头有{expected}格"),
    "no-id": Code("the row has no id in the column {expected}", "该行的{expected}列没有标识"),
    "duplicate-community": Code("the community {value} stands in an earlier row too", "对象{value}在前面的行已出现"),
    "unknown-community": Code("there is no community {value}", "没有对象{value}"),
    "two-forms": Code("{value} stands beside {expected}; give one of them", "{value}与{expected}同时给出；请只给其一"),
    "no-value": Code("a row without a value; expected {expected}", "该行没有值；应有{expected}"),
    "no-rows": Code("the table has no rows", "表中没有数据行"),
    "would-overwrite": Code("{value} would be written over one of the inputs", "{value}会覆盖输入文件"),
    "unwritable": Code("cannot be written: {value}", "无法写入：{value}"),
    "column-taken": Code(
        "the column {value} has a meaning of its own here: {expected}", "列{value}在此另有含义：{expected}"
    ),
    "no-criterion-column": Code(
        "no column is a criterion of {expected}",
        "没有一列是{expected}的指标",
        "name the columns after the criteria",
        "请以指标的标识作为列名",
    ),
    "other-value": Code("{value} here, {expected} in an earlier row", "此处为{value}，前面的行为{expected}"),
    "not-attributed": Code(
        "{value} is given; nobody's responsibility is asked of {expected}",
        "给出了{value}；{expected}不区分责任",
        "leave it blank",
        "请留空",
    ),
    "more-problems": Code("{value} more problems are not listed", "另有{value}个问题未列出"),
    "two-formats": Code(
        "files of several formats: {value}", "文件格式不一：{value}", "read them one by one", "请分别读取"
    ),
    "other-columns": Code("the columns are not those of {expected}", "各列与{expected}的不同"),
    "engine-stopped": Code("the engine stopped: {value}", "引擎中止：{value}"),
    "not-installed": Code(
        "{value} is not installed", "未安装{value}", "pip install {expected}", "请执行pip install {expected}"
    ),
    "rows-written": Code("{value} of {expected} rows are written", "共{expected}行，已写入{value}行"),
    "rows-rejected": Code("{value} rows are rejected: {expected}", "{value}行未能评分：{expected}"),
}

_FOLLOWUP = {
    "ranked-twice": Code(
        "{value} would be ranked twice",
        "{value}会被排名两次",
        "give one evaluation of each community",
        "每个对象请只给出一份测评结果",
    ),
    "two-evaluations": Code(
        "two evaluations of {expected} stand for {value}",
        "{value}有两份{expected}的测评结果",
        "give the one that counts",
        "请只给出有效的一份",
    ),
    "no-weight": Code(
        "{value}: no weight above 0 in the attribute {expected}", "{value}：属性{expected}没有大于0的权重"
    ),
    "no-end": Code(
        "{value} has no end as a decimal; say how many decimals are kept", "{value}不是有限小数；请写明保留的小数位"
    ),
    "which-ranking": Code(
        "it cannot be told which ranking {value} is; expected one of: {expected}, each once",
        "无法确定{value}是哪一个排名；应为以下之一，且各一次：{expected}",
        "make it by the rule: rank(evaluations, rule)",
        "请按规则排名：rank(evaluations, rule)",
    ),
    "no-evaluations": Code("no evaluation by {value} in the period {expected}", "期间{expected}没有{value}的测评结果"),
    "several-histories": Code(
        "evaluations of several communities or standards stand together: {value}",
        "多个对象或标准的测评结果混在一起：{value}",
    ),
    "mixed-editions": Code(
        "different editions or tailorings are ranked together: {value}", "不同版本的测评结果混合排名：{value}"
    ),
}

_PLUGINS = {code: Code(*words) for code, words in PLUGINS.items()}
_NOTES = {code: Code(*words) for code, words in NOTES.items()}
_CAMPAIGNS = {code: Code(*words) for code, words in {**CAMPAIGNS, **CASES}.items()}
_LINTS = {code: Code(words.en, words.zh, *words.remedies(code)) for code, words in WORDS.items()}

CODES: Mapping[str, Code] = MappingProxyType(
    _FILES
    | _FOLLOWUP
    | _DOCUMENTS
    | _STANDARDS
    | _RESTING
    | _CAMPAIGNS
    | _INPUTS
    | _TABLES
    | _PLUGINS
    | _NOTES
    | _LINTS
)
LINTS: frozenset[str] = frozenset(WORDS) - {UNUSED}
"""The codes of lint that a reading can silence."""
