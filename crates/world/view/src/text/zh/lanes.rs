//! 中文：副本所在的行，以及有故障的连接。

use crate::text::{LanesText, duration};

pub(super) const LANES: LanesText = LanesText {
    named: "将任 Leader",
    believes: "自以为是 Leader",
    hung_leader: "Leader，挂起",
    hung: "挂起",
    catches_up: |count| match count {
        0 => "ISR 外，已追上".to_owned(),
        _ => format!("ISR 外，差 {}", super::short(count)),
    },
    out_leaderless: "ISR 外，无 Leader",
    eligible: "在 ELR 里",
    on_disk: "在磁盘上",
    empty: "还没有日志",
    gone_disk: "已停止，在磁盘上",
    preferred: "首选",
    preferred_waits: "首选，现在不是 Leader",
    out_of_isr: |brokers| format!("ISR 外：{}", commas(brokers)),
    epoch: |epoch| format!("纪元 {epoch}"),
    rack: |rack| format!("机架 {rack}"),
    still_in_isr: |brokers| format!("{} 仍在 ISR 里", commas(brokers)),
    cut: "切断",
    delayed: |by| format!("+{}", duration(by)),
    stalled: |left| format!("停顿 {}", duration(left)),
    cut_between: |one, other| joined(&[one, "和", other, "之间不通。"]),
    cut_onward: |from, to| joined(&["从", from, "到", to, "不通。"]),
    delayed_between: |one, other, by| joined(&[one, "和", other, "之间的消息要多用", &duration(by), "。"]),
    delayed_onward: |from, to, by| joined(&["从", from, "到", to, "的消息要多用", &duration(by), "。"]),
    stalled_between: |one, other, left| joined(&[one, "和", other, "之间还有", &duration(left), "不通。"]),
    stalled_onward: |from, to, left| joined(&["从", from, "到", to, "还有", &duration(left), "不通。"]),
    held: |api| format!("扣住 {api}"),
    held_between: |one, other, api| joined(&[one, "和", other, "之间的", api, "消息被扣住，恢复连接后才到。"]),
    held_onward: |from, to, api| joined(&["从", from, "到", to, "的", api, "消息被扣住，恢复连接后才到。"]),
    lost: |api, left| format!("丢 {left} 条 {api}"),
    lost_between: |one, other, (api, left)| {
        joined(&[one, "和", other, "之间接下来的", &left.to_string(), "条", api, "消息会丢。"])
    },
    lost_onward: |from, to, (api, left)| {
        joined(&["从", from, "到", to, "接下来的", &left.to_string(), "条", api, "消息会丢。"])
    },
    heal: |one, other| joined(&["恢复", one, "和", other, "的连接"]),
    ends: ["各 Broker", "各控制器", "各客户端"],
    other_ends: ["其他 Broker", "其他控制器", "其他客户端"],
    everybody: "其他所有进程",
};

/// 中西文之间空一格。
fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let (last, first) = (text.chars().next_back(), part.chars().next());
        if let (Some(last), Some(first)) = (last, first)
            && last.is_ascii() != first.is_ascii()
            && first != '。'
        {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

fn commas(brokers: &[i32]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}
