use crate::text::SafetyText;

pub(super) const SAFETY: SafetyText = SafetyText {
    title: "已停在不安全的一步",
    lost: "写入丢失",
    lost_at: |partition, offset, since| {
        format!("{partition}：偏移量 {offset} 已经确认，但自 {since} 起 leader 上不再有它。")
    },
    lost_unwritten: |partition, since| {
        format!("{partition}：一条消息至迟在 {since} 报告为已发送，却没有 leader 写过它。")
    },
    lost_check: "已确认的消息始终可读",
    broken: "承诺被打破",
    promise: |number| match number {
        "R2" => "被隔离的 broker 不当 leader，也不留在 ISR 中。",
        "R3" => "ISR 与 ELR 是副本中互不相交的两部分，leader 在 ISR 中。",
        "R4" => "leader epoch 与分区 epoch 只增不减。",
        "R5" => "一个 leader epoch 中至多一个 broker 领导该分区。",
        "R6" => "在同一 epoch 中，leader 的高水位只增不减。",
        "R12" => "新 leader 拥有全部已提交的消息。",
        "R13" => "高水位以下，各副本的消息完全相同。",
        "R15" => "以 acks=all 确认的消息必已提交。",
        "R20" => "follower 只在已采用的 epoch 中追加。",
        "K1" => "一个 epoch 中至多一个 controller 当选。",
        "G1" => "同一 generation 中，一个分区只有一个所有者。",
        "G2" => "协调者只接受当前 generation 的提交。",
        _other => "Kafka 的某项承诺未能成立。",
    },
    check: |name| format!("检查：{name}"),
    go_on: "继续",
    step_before: "退回一步",
    fork_before: "在此之前分叉",
    since: |time| format!("自 {time} 起不安全"),
};
