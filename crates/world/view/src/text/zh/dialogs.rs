//! 中文：对话框里字段以外的内容。

use crate::LinkTrouble;
use crate::text::{DialogsText, duration};

pub(super) const DIALOGS: DialogsText = DialogsText {
    command_copied: "命令已复制。",
    command_by_hand: "浏览器不允许网页复制。命令已选中，请手动复制。",
    more_settings: |count| format!("还有 {count} 项设置"),
    more_note: "都是 Kafka 的默认值；没有建模的有标注",
    fixed: "这里只能用默认值",
    without_effect: "这里不起作用",
    placed_title: "如果在这一刻创建",
    placed: |partition, leader, copies| {
        let leads = leader.map_or("没有 Leader".to_owned(), |leader| format!("Leader 是 {leader}"));
        if copies.is_empty() {
            format!("{partition}：{leads}")
        } else {
            format!("{partition}：{leads}，副本在 {copies}")
        }
    },
    placed_more: |count| format!("……还有 {count} 个分区"),
    placed_later: "Leader 和副本放在哪里，由控制器在收到请求时抽签。暂停后可以看这一刻的结果。",
    no_producer: "还没有生产者，先添加一个。",
    sent_title: "从这里发出的",
    sent: |key, value| key.map_or_else(|| format!("没有键，{value}"), |key| format!("{key}，{value}")),
    sent_pending: "还没有回答；时间继续走就会有。",
    links_title: "有故障的连接",
    trouble: |trouble| match trouble {
        LinkTrouble::Cut => "切断".to_owned(),
        LinkTrouble::Stalled { until } => format!("停滞到 {until}"),
        LinkTrouble::Delayed { by } => format!("慢 {}", duration(by)),
        LinkTrouble::Held { api } => format!("扣住 {api} 消息"),
        LinkTrouble::Lost { api, left } => format!("还要丢 {left} 条 {api} 消息"),
    },
    both_ways: |one, other, trouble| format!("{one} – {other}：{trouble}"),
    one_way: |from, to, trouble| format!("{from} → {to}：{trouble}，只有这个方向"),
    healed: "已恢复",
};
