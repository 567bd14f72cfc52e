//! English: names, states and second lines on the stage.

use super::{list, plural};
use crate::Decision;
use crate::text::stage::{known, spaced};
use crate::text::{StageText, thousands};

pub(super) const STAGE: StageText = StageText {
    more_rows: |count| format!("… and {} more partitions (not drawn)", thousands(count)),
    more_owned: |count| format!("and {} more", thousands(count)),
    controllers: "Controllers",
    decide: "decide who leads",
    epoch_active: |epoch, name| format!("epoch {epoch}, active {name}"),
    epoch_nobody: |epoch| format!("epoch {epoch}, nobody active"),
    committed_up_to: |offset| format!("committed up to {offset}"),
    metadata_offset: |offset| format!("metadata offset {offset}"),
    in_charge: |active, others| match others.len() {
        0 => format!("{active} is in charge, alone."),
        1 => format!("{active} is in charge; {} stands by.", others[0]),
        _ => format!("{active} is in charge; {} stand by.", list(others)),
    },
    nobody_in_charge: "nobody in charge",
    report: |interval| format!("Brokers report to it every {interval}. Messages never pass through here."),
    last_heard_from: "last heard from",
    metadata_log: "metadata log, newest right",
    no_op: "no-op",
    more_records: |count| format!("+{count} more"),
    fenced: "fenced",
    roles: ["active", "follower", "asks around", "candidate", "knows no leader", "resigned", "stopped", "hangs"],
    votes_for: |name| format!("votes for {name}"),
    trial_votes_for: |name| format!("trial votes for {name}"),
    votes_of: |have, all| format!("{have} of {all}"),
    votes_needed: |need| format!("{need} needed"),
    votes_majority: "a majority",
    decides_word: "decides",
    broker: |id| format!("Broker {id}"),
    leads_word: "leads",
    leads: |what| format!("leads {what}"),
    leads_many: |count| format!("leads {}", plural(count, "partition", "partitions")),
    leads_nothing: "leads nothing",
    stopped_at: |time| format!("stopped at {time}"),
    stopped_ago: |span| format!("stopped {span} ago"),
    stopped_fenced: "stopped, fenced",
    fenced_state: "runs, fenced",
    paused_state: "hangs",
    shutting_down: "hands over, then stops",
    starting: "starting",
    stamp_stopped: "STOPPED",
    stamp_paused: "HANGS",
    parked: |count| format!("{count} parked"),
    meta: |offset| format!("meta {offset}"),
    in_sync: "in sync",
    behind: |count| format!("{count} behind"),
    out: "out",
    no_leader: "no leader",
    gone_leader: "stopped, led before",
    gone_follower: "stopped, followed before",
    kill_broker: |id| format!("Stop broker {id} at once"),
    start_broker: |id| format!("Start broker {id} again"),
    high_watermark: "HW",
    log_end: "LEO",
    epoch_from: |epoch, offset| format!("epoch {epoch} from {offset}"),
    mark_stays: |offset| format!("HW stays at {offset}:"),
    still_in_isr: |broker| format!("{broker} is still in the ISR"),
    epoch_tick: |epoch| format!("e{epoch}"),
    sends: "sends",
    key_to: |key, partition| format!("{key} to {partition}"),
    keys_to: |keys, partition| format!("{} to {partition}", list(keys)),
    in_flight: |count| format!("in flight: {count}"),
    in_flight_sequence: |sequences| format!("in flight: seq {sequences}"),
    in_flight_none: "in flight: none",
    acked: |count| format!("acked: {count}"),
    waiting_for: |count, partition| format!("{count} wait for {partition}"),
    stale_leader: |broker| format!("stale: says {broker} leads"),
    believes: |partition, broker| format!("{partition}: leader {broker}"),
    group: |name| format!("group {name}"),
    group_joining: |joined, all| format!("Joining {joined}/{all}"),
    group_syncing: |generation| format!("Syncing, gen {generation}"),
    group_stable: |generation| format!("Stable, gen {generation}"),
    group_empty: "Empty",
    group_unknown: "no coordinator",
    offset: |offset| format!("offset {offset}"),
    lag: |lag| format!("lag {lag}"),
    read: "read",
    idle: "idle: no partition left",
    paused: "paused",
    waiting: "waiting",
    member_stopped: "stopped",
    member_hung: "hangs",
    new_member: "new",
    nobody_reads: "nobody reads",
    nobody_sends: "nobody sends",
    stop_client: |name| format!("Stop {name}"),
    start_client: |name| format!("Start {name} again"),
    left_right: "left to right: clients",
    up_down: "up and down: copies and decisions",
    copy_for: |broker| format!("a copy for broker {broker}"),
    again: |sequence| format!("again, seq {sequence}"),
    heartbeat: |broker| format!("heartbeat {broker}"),
    vote: "vote?",
    yes: "yes",
    undelivered: "undelivered",
    waiting_pill: |span, factor| format!("{span} of waiting, ×{factor}"),
    cluster_label: |producers, brokers, consumers| {
        format!(
            "Cluster: {}, {}, {}",
            plural(producers, "producer", "producers"),
            plural(brokers, "broker", "brokers"),
            plural(consumers, "consumer", "consumers")
        )
    },
    headline_flow: "Messages flow left to right; each broker keeps copies.",
    headline_empty: "Nothing here yet. Add a broker, a topic, a producer.",
    headline_stopped: |name| format!("{name} stops. Its clients notice at once; the controller does not, yet."),
    headline_waits: |controller, broker, partition| {
        format!("Controller {controller} waits for a heartbeat from broker {broker}. {partition} has no leader.")
    },
    headline_decides: |controller, broker, silence| {
        format!(
            "Controller {controller} heard nothing from broker {broker} for {silence}: it decides and writes it down."
        )
    },
    headline_takes_over: |broker, partitions| {
        format!("Broker {broker} reads the decision and takes over {partitions}.")
    },
    headline_reattached: |moved| format!("{moved} Clients ask who leads, and reconnect."),
    moved: |partition, from, to| format!("{partition}: {from} → {to}."),
    headline_elected: |down, active| format!("{down} is down. A majority voted for {active}, which is in charge."),
    headline_member_waits: |member, coordinator, partitions| {
        format!("{coordinator} waits for a heartbeat from {member}. Nobody reads {partitions}.")
    },
    headline_joining: |group, coordinator| {
        format!("{coordinator} coordinates {group}: all members let go and join again.")
    },
    headline_syncing: |group, leader| format!("{leader} leads {group} and shares the partitions out."),
    headline_member_plan: |member, partitions| {
        format!("{member} is gone. The new plan for {partitions} is on its way to the members.")
    },
    headline_member_moved: |member, moved| format!("{member} is gone. {moved}"),
    decision: |decision| match decision {
        Decision::Registers(broker) => format!("{broker} registers"),
        Decision::Fenced(broker) => format!("{broker} fenced"),
        Decision::Unfenced(broker) => format!("{broker} unfenced"),
        Decision::Leaves(broker) => format!("{broker} leaves"),
        Decision::Topic(name) => format!("topic {name}"),
        Decision::Deleted(Some(name)) => format!("{name} deleted"),
        Decision::Deleted(None) => "topic deleted".to_owned(),
        Decision::Leader(name, old, new, epoch) => {
            format!("{name}: leader {}→{}, epoch {epoch}", known(*old), known(*new))
        }
        Decision::Isr(name, isr) => format!("{name}: ISR {}", spaced(isr)),
        Decision::Set(name) => format!("{name} set"),
        Decision::ProducerIds => "producer ids".to_owned(),
    },
    headline_nobody: |have, all, brokers| {
        let messages = if brokers > 0 { "messages go on" } else { "no broker runs" };
        match have * 2 > all {
            true => format!("Nobody is in charge. The controllers elect; {messages}."),
            false => format!("Nobody is in charge: {have} of {all} controllers cannot elect; {messages}."),
        }
    },
    try_before: "Try:",
    try_after: "on a broker",
    try_start_after: "to start it again",
};
