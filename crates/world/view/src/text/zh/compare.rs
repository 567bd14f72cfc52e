//! 中文：两个分支并排。

use crate::text::{CompareText, span_of, thousands};
use crate::{Compared, Measure, Pair, Part, Str};

pub(super) const COMPARE: CompareText = CompareText {
    say,
    measure,
    pair,
    part: |part, number| match part {
        Part::Sent => format!("发送 {number}"),
        Part::Kept => format!("{number} 已确认且未丢失"),
        Part::Lost => format!("{number} 丢失"),
        Part::Waiting => format!("{number} 还在途中"),
        Part::Failed => format!("{number} 失败"),
        Part::Unanswered => format!("{number} 没有答复"),
    },
    comma: "，",
    semicolon: "；",
    no_difference: |list| format!("{list}：没有差别"),
    and: |one, other| format!("{one} 和 {other}"),
    without: |act| format!("没有：{act}"),
    as_it_was: "照旧",
    done_at: |at| format!("在 {at}"),
    not_done: |at| format!("{at} 没有这样做"),
    difference: |a, b| format!("{b} − {a}"),
    nothing_done: "没有别的操作。",
    unwatched: |name, at| format!("{name} 只看到 {at}；之后它自己运行，没有人操作。"),
    first_difference: |event| format!("第一处差别：事件 {event}"),
    go_to_difference: "到第一处差别",
    reports: |who, what| format!("{who}：{what}"),
    not_yet: |at, next| format!("还没有。下一个在 {at}：{next}"),
    nothing_more: "到此为止没有别的。",
    looking: |at| format!("正在找第一处差别；到 {at} 为止没有。"),
    alike: |at| format!("到 {at} 为止没有差别。"),
    past_forgotten: "两者分开的那段过去已经放弃。",
    drawn_short: |span| format!("{span}，画短了"),
    copy: "复制账本",
    copied: "账本已复制。",
    ledger_at: |at| format!("{at} 的账本"),
    one_clock: "同一个时钟推动两次运行。点一个事件，两个画面都到那一刻。",
    only_one: "目前只有一个分支。先在此分叉（F），改一点什么，再来比较。",
    both: |a, b| format!("{a} | {b}"),
    both_label: |both| format!("{both}，两个画面并排"),
};

fn say(said: &Compared, names: &[Str; 2]) -> String {
    let [a, b] = names;
    match said {
        Compared::Behind { name, at } => format!("{name} 还在重放，现在到 {at}。"),
        Compared::Forgotten { name, from } => format!("{name} 在 {from} 之前的过去已经放弃；这里无法比较。"),
        Compared::Differ { pair, by, also } => {
            let first = differ(pair, by.as_ref(), names);
            also.as_ref().map_or(first.clone(), |also| format!("{first}{}", price(also, names)))
        }
        Compared::SameNumbers => format!("到此为止 {a} 和 {b} 的数字相同。"),
        Compared::Alike => format!("到此为止 {a} 和 {b} 一样。"),
    }
}

fn messages(count: u64) -> String {
    format!("{} 条消息", thousands(count))
}

/// 没有，或几条。
fn or_none(count: u64) -> String {
    if count == 0 { "没有".to_owned() } else { format!("{} 条", thousands(count)) }
}

/// 先说差的。
fn differ(pair: &Pair, by: Option<&Str>, names: &[Str; 2]) -> String {
    let [worse, better] = pair.ranked().unwrap_or([0, 1]);
    let (w, b) = (&names[worse], &names[better]);
    let [x, y] = [worse, better].map(|place| pair.values[place].unwrap_or_default());
    let times = |count: u64| format!("{} 次", thousands(count));
    match (pair.measure, by) {
        (Measure::Lost, Some(by)) => format!("{w} 丢失了 {by} 以为安全的 {}；{b} {}。", messages(x), lost(y)),
        (Measure::Lost, None) => format!("{w} 丢失了已报告成功的 {}；{b} {}。", messages(x), lost(y)),
        (Measure::Failed, _) => format!("{w} 有 {}失败；{b} {}。", messages(x), or_none(y)),
        (Measure::Unanswered, _) => format!("{w} 有 {}再也得不到答复；{b} {}。", messages(x), or_none(y)),
        (Measure::Skipped, _) => format!("{w} 的读者跳过 {}；{b} {}。", messages(x), or_none(y)),
        (Measure::Twice, _) => format!("{w} 重复投递 {}；{b} {}。", times(x), times(y)),
        (Measure::Reordered, _) => format!("{w} 乱序投递 {}；{b} {}。", times(x), times(y)),
        (Measure::Leaderless, _) if y == 0 => format!("{w} 有分区 {} 没有 Leader；{b} 一直都有。", span_of(x)),
        (Measure::Leaderless, _) => format!("没有 Leader 最长：{w} {}，{b} {}。", span_of(x), span_of(y)),
        (Measure::Delivered, _) => format!("{w} 已投递 {}，{b} {}。", messages(x), or_none(y)),
        (Measure::Answers, _) => format!("一半的答复：{w} 在 {} 内，{b} 在 {} 内。", span_of(x), span_of(y)),
        (Measure::Waiting, _) => format!("{w} 有 {}在等答复，{b} {}。", messages(x), or_none(y)),
        (Measure::Acked, _) => format!("{w} 已确认 {}，{b} {}。", messages(x), or_none(y)),
        (Measure::Committed, _) => format!("{w} 可读 {}，{b} {}。", messages(x), or_none(y)),
        (Measure::Sent, _) => format!("{w} 已发送 {}，{b} {}。", messages(x), or_none(y)),
    }
}

fn lost(count: u64) -> String {
    if count == 0 { "没有丢失".to_owned() } else { format!("丢失 {} 条", thousands(count)) }
}

fn price(pair: &Pair, names: &[Str; 2]) -> String {
    // Both take as long, or one has no answers.
    let Some([slow, quick]) = pair.ranked() else { return String::new() };
    let [x, y] = [slow, quick].map(|place| pair.values[place].unwrap_or_default());
    format!("{} 的答复时间中位数多 {}。", names[slow], span_of(x.saturating_sub(y)))
}

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Lost => "已确认却丢失",
        Measure::Failed => "失败",
        Measure::Unanswered => "没有答复",
        Measure::Skipped => "跳过",
        Measure::Twice => "重复投递",
        Measure::Reordered => "乱序",
        Measure::Leaderless => "最长没有 Leader",
        Measure::Delivered => "已投递",
        Measure::Answers => "答复时间中位数",
        Measure::Waiting => "还在途中",
        Measure::Acked => "已确认",
        Measure::Committed => "可读",
        Measure::Sent => "已发送",
    }
}

fn pair(pair: &Pair, names: &[Str; 2]) -> String {
    let [a, b] = names;
    match pair.values {
        [Some(x), Some(y)] if x == y => same(pair.measure, x),
        [Some(_), Some(_)] => differ(pair, None, names),
        [Some(_), None] => format!("{b} 至今没有收到答复。"),
        [None, Some(_)] => format!("{a} 至今没有收到答复。"),
        [None, None] => "两边至今都没有收到答复。".to_owned(),
    }
}

fn same(measure: Measure, value: u64) -> String {
    let sentence = match (measure, value) {
        (Measure::Lost, 0) => "两边都没有丢失已报告成功的消息。",
        (Measure::Leaderless, 0) => "两边的分区都一直有 Leader。",
        (_, 0) => "两边都没有。",
        (_, _) => "两边相同。",
    };
    sentence.to_owned()
}
