//! 中文：大集群。

use crate::Trouble;
use crate::text::{DenseText, duration, thousands};

pub(super) const DENSE: DenseText = DenseText {
    title: |brokers, partitions| format!("{brokers} 个 Broker，{partitions} 个分区"),
    stopped: |count| format!("{count} 个 Broker 已停止"),
    hang: |count| format!("{count} 个 Broker 挂起"),
    cut_off: |count| format!("{count} 个 Broker 失联"),
    missing: |count| format!("缺 {} 个副本", thousands(count)),
    lost: |count| format!("丢失 {} 条消息", thousands(count)),
    not_in: |count| format!("{count} 个 Broker 尚未获准加入"),
    all_run: "Broker 全部在运行",
    none_missing: "副本齐全",
    nothing_lost: "没有丢失",
    comma: "，",
    trouble: |trouble| match trouble {
        Trouble::NoController => "没有控制器主事".to_owned(),
        Trouble::Stopped(broker) => format!("Broker {broker} 已停止"),
        Trouble::Hangs(broker) => format!("Broker {broker} 挂起"),
        Trouble::CutOff(broker) => format!("Broker {broker} 失联"),
        Trouble::Fenced(broker) => format!("Broker {broker} 未获准加入"),
        Trouble::Starts(broker) => format!("Broker {broker} 正在启动"),
        Trouble::ManyNotIn(_) => "其余尚未获准加入的 Broker".to_owned(),
        Trouble::ManyOut(_) => "其余联系不上的 Broker".to_owned(),
        Trouble::Leaderless(_) => "没有 Leader 的分区".to_owned(),
        Trouble::BelowMinIsr(_) => "低于 min ISR 的分区".to_owned(),
        Trouble::Short(_) => "副本不足的分区".to_owned(),
        Trouble::FallsBehind(group) => format!("{group} 越落越远"),
        Trouble::Hot(broker) => format!("Broker {broker} 过热"),
    },
    since: duration,
    times: |tenths| format!("×{}.{}", tenths / 10, tenths % 10),
    hot: |amount| format!("过热：{amount}"),
    rates: |bytes, records| format!("{bytes}/s，{records} 条/s"),
    rate: |bytes| format!("{bytes}/s"),
    producers: |count| format!("{count} 个生产者"),
    troubled: |[stopped, hung, blocked]| {
        let told = [(stopped, "个已停止"), (hung, "个挂起"), (blocked, "个卡在 send()")];
        let told = told.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        told.collect::<Vec<_>>().join("，")
    },
    producers_stopped: |count, stopped| format!("{count} 个生产者，{stopped} 个已停止"),
    skew: |partition, percent| format!("{partition} 占 {percent} %"),
    waiting: |count| format!("{count} 条在等 Leader"),
    unknown_lag: "?",
    partly_unknown_lag: |known| format!("{known} + ?"),
    unknown_partitions: |count| format!("{count} 个分区不知道"),
    worst: |partition, lag| format!("最多在 {partition}：{lag}"),
    members: |(running, stopped), fewest, most| {
        let told = match (fewest, most) {
            (_, 0) => format!("{running} 个成员"),
            (fewest, most) if fewest == most => format!("{running} 个成员，各 {most} 个分区"),
            (fewest, most) => format!("{running} 个成员，各 {fewest} 到 {most} 个分区"),
        };
        if stopped > 0 { format!("{told}，{stopped} 个已停止") } else { told }
    },
};
