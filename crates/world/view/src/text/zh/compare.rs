//! 中文：两个分支并排。

use crate::text::CompareText;

pub(super) const COMPARE: CompareText = CompareText {
    title: |a, b, now| format!("{now} 的 {a} 和 {b}"),
    parted: |at| format!("两个分支在 {at} 分开。"),
    difference: |a, b| format!("{b} − {a}"),
    nothing_done: "没有别的操作。",
    lost: |branch, at, partition, offset| {
        format!("{branch} 在 {at} 丢失写入：{partition} 的偏移量 {offset} 已确认，却不在了。")
    },
    nothing_lost: "没有丢失消息。",
    same: "到此为止两本账相同。",
    behind: |branch, at| format!("{branch} 还在重放，现在到 {at}。"),
    only_one: "目前只有一个分支。先在此分叉（F），改一点什么，再来比较。",
    both: |a, b| format!("{a} | {b}"),
    both_label: |both| format!("{both}，两本账并排"),
};
