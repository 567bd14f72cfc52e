//! English: large clusters.

use super::plural;
use crate::Trouble;
use crate::text::{DenseText, duration, thousands};

pub(super) const DENSE: DenseText = DenseText {
    title: |brokers, partitions| {
        format!("{}, {}", plural(brokers, "broker", "brokers"), plural(partitions, "partition", "partitions"))
    },
    stopped: |count| format!("{} stopped", plural(count, "broker", "brokers")),
    hang: |count| format!("{} {}", plural(count, "broker", "brokers"), if count == 1 { "hangs" } else { "hang" }),
    cut_off: |count| format!("{} cut off", plural(count, "broker", "brokers")),
    missing: |count| match count {
        1 => "1 copy missing".to_owned(),
        _ => format!("{} copies missing", thousands(count)),
    },
    lost: |count| match count {
        1 => "1 message lost".to_owned(),
        _ => format!("{} messages lost", thousands(count)),
    },
    not_in: |count| format!("{} not let in yet", plural(count, "broker", "brokers")),
    all_run: "all brokers run",
    none_missing: "no copy missing",
    nothing_lost: "nothing lost",
    comma: ", ",
    trouble: |trouble| match trouble {
        Trouble::NoController => "No controller in charge".to_owned(),
        Trouble::Stopped(broker) => format!("Broker {broker} stopped"),
        Trouble::Hangs(broker) => format!("Broker {broker} hangs"),
        Trouble::CutOff(broker) => format!("Broker {broker} is cut off"),
        Trouble::Fenced(broker) => format!("Broker {broker} is not let in"),
        Trouble::Starts(broker) => format!("Broker {broker} starts"),
        Trouble::ManyNotIn(_) => "More brokers not let in yet".to_owned(),
        Trouble::ManyOut(_) => "More brokers out of reach".to_owned(),
        Trouble::Leaderless(_) => "Without a leader".to_owned(),
        Trouble::BelowMinIsr(_) => "Below min ISR".to_owned(),
        Trouble::Short(_) => "Partitions short of copies".to_owned(),
        Trouble::FallsBehind(group) => format!("{group} falls behind"),
        Trouble::Hot(broker) => format!("Broker {broker} is hot"),
    },
    since: duration,
    times: |tenths| format!("×{}.{}", tenths / 10, tenths % 10),
    hot: |amount| format!("hot: {amount}"),
    rates: |bytes, records| format!("{bytes}/s, {records} records/s"),
    rate: |bytes| format!("{bytes}/s"),
    producers: |count| plural(count, "producer", "producers"),
    troubled: |[stopped, hung, blocked]| {
        let told =
            [(stopped, "stopped"), (hung, if hung == 1 { "hangs" } else { "hang" }), (blocked, "blocked in send()")];
        let told = told.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        told.collect::<Vec<_>>().join(", ")
    },
    producers_stopped: |count, stopped| format!("{}, {stopped} stopped", plural(count, "producer", "producers")),
    skew: |partition, percent| format!("{partition} gets {percent} %"),
    waiting: |count| format!("{count} wait for a leader"),
    unknown_lag: "?",
    partly_unknown_lag: |known| format!("{known} + ?"),
    unknown_partitions: |count| match count {
        1 => "not known for 1 partition".to_owned(),
        _ => format!("not known for {} partitions", thousands(count as u64)),
    },
    worst: |partition, lag| format!("most in {partition}: {lag}"),
    members: |(running, stopped), fewest, most| {
        let members = plural(running, "member", "members");
        let told = match (fewest, most) {
            (_, 0) => members,
            (1, 1) => format!("{members}, 1 partition each"),
            (fewest, most) if fewest == most => format!("{members}, {most} partitions each"),
            (fewest, most) => format!("{members}, {fewest} to {most} partitions each"),
        };
        if stopped > 0 { format!("{told}, {stopped} stopped") } else { told }
    },
};
