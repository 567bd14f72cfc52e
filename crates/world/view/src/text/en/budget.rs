//! English: what an experiment may cost.

use crate::text::BudgetText;

pub(super) const BUDGET: BudgetText = BudgetText {
    events: ("Paused: a very long run", |count| format!("{count} events happened; links and rewinding get slow.")),
    disks: ("Paused: the disks are full of records", |bytes| format!("The brokers hold {bytes} on their disks.")),
    world: ("Paused: the world takes much memory", |bytes| format!("The page holds {bytes} for the brokers' disks.")),
    history: ("Paused: the past takes much memory", |bytes| format!("The page holds {bytes} so that you can go back.")),
    memory: ("Paused: the page takes much memory", |bytes| format!("The page uses {bytes}; the browser may end it.")),
    standstill: ("Paused: the clock stands still", |events, at| {
        format!("{events} events happened at {at}, and time did not go on.")
    }),
    by_producer: |name, records| format!("{name} wrote most: {records} records."),
    by_topic: |topic, bytes| format!("Topic {topic} is the largest: {bytes} in all its copies."),
    by_nobody: "No producer did it; the cluster keeps itself busy.",
    thin_past: "Keep fewer moments: going back takes longer",
    without_rewinding: |at| format!("Go on without rewinding before {at}"),
    smaller_values: |producer| format!("Let {producer} write smaller values, or more seldom"),
    shorter_retention: |topic| format!("Give topic {topic} a shorter retention"),
    go_on: "Go on all the same",
    rewinds_to: |at| format!("The past before {at} was given up. Its acts are still in the link."),
};
