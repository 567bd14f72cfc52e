//! 中文：嵌在别的页面里时的文字，以及对程序的回答。

use crate::text::EmbedText;

pub(super) const EMBED: EmbedText = EmbedText {
    open_full: "完整打开",
    open_full_label: |title| format!("完整打开：{title}（新标签页）"),
    no_new_tab: "外层页面不允许打开新标签页。请复制链接。",
    choose_partition: "分区",
    ledger_label: "账本",
    bad_value: |name, value, takes| format!("{name} 不接受“{value}”，可用：{takes}。"),
    no_space_time: "还没有时空图；这里显示 Broker。",
    no_questions: "这个实验没有检查题，check= 和 step= 不起作用。",
    unknown_option: |name| format!("地址里的选项“{name}”，本页不认识。"),
    no_row: |name| format!("此刻没有分区 {name}。"),
    no_mark: |name| format!("时间线上没有标记“{name}”。"),
    no_lesson: |id| format!("没能取到课程 {id} 的文字，这里只有当时的操作。"),
    other_rules: |asked, there| format!("地址要求引擎规则 {asked}，本页是规则 {there}。"),
    reached: |place| format!("停在 {place}。"),
    only_these: |names| format!("这个页面只允许：{names}。"),
    only_looking: "这个页面只供观看，不能改动集群。",
    starting: "集群正在启动。",
    going: |to| format!("前往 {to}"),
    looking: "正在寻找下一个可见事件",
    nothing_visible: "很久都没有可见的事件。",
    bad_argument: |method, takes| format!("{method} 需要{takes}。"),
    takes_text: "文本形式的链接",
    takes_instant: "时刻，例如 \"12.5s\"、从 0 起的整数纳秒，或标记，例如 \"mark:2-fenced\"",
    too_long: |limit| format!("链接超过 {limit} 个字符。"),
    too_far: "运行不会超过一周。",
    forbidden: "只有 api= 指明的页面可以这样要求。",
    bad_id: "id 是文本或数字。",
    busy: "另一件事还在进行。",
};
