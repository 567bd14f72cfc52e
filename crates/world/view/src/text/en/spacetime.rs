//! English: messages between processes.

use crate::text::SpacetimeText;
use crate::text::spacetime::{NoJournal, Way};
use crate::text::thousands;

pub(super) const SPACETIME: SpacetimeText = SpacetimeText {
    view: "Space-time",
    title: "Who sent what to whom, and when",
    reading: "Time runs right. Each slanted line is a message; the further right it ends, the longer it was under way.",
    families: ["Produce", "Fetch", "Groups", "Brokers and controllers", "Metadata and lookups", "Operators", "Other"],
    everything: "All",
    roles: ["controller", "broker", "broker, controller", "producer", "consumer", "operators' client", "process"],
    line_arrived: "arrived",
    line_under_way: "on its way",
    line_held: "held by a fault of its link",
    line_lost: "never arrives",
    lane_down: "not running",
    longer: "Show a longer stretch",
    shorter: "Show a shorter stretch",
    choose: "Choose a message to read what it is; press it for its bytes.",
    label: |messages, lanes, [from, until]| {
        format!(
            "Space-time diagram: {} among {} from {from} to {until}",
            many(messages, "message"),
            many(lanes, "process")
        )
    },
    stretch: |from, until| format!("{from} to {until}"),
    left_out: |drawn, all| format!("The newest {} of {} are drawn.", thousands(drawn as u64), many(all, "message")),
    lanes_left_out: |count| format!("{} without a lane.", many(count, "process")),
    empty: "No message was on its way here.",
    behind: |until| format!("Told up to {until}; the rest is being run again."),
    forgotten: |from| format!("The past before {from} was given up."),
    between: |from, to| format!("{from} → {}", to.unwrap_or("?")),
    request: |api, version| match version {
        Some(version) => format!("{api} request, version {version}"),
        None => format!("{api} request"),
    },
    answer: |api| format!("{api} response"),
    details: |bytes, connection, correlation| {
        let mut parts = vec![many(bytes as usize, "byte")];
        parts.extend(connection.map(|number| format!("connection {number}")));
        parts.extend(correlation.map(|number| format!("correlation id {number}")));
        parts.join(", ")
    },
    sent: |at| format!("sent at {at}"),
    way: |way| match way {
        Way::Arrived(at, after, None) => format!("arrived at {at}, after {after}"),
        Way::Arrived(at, after, Some(late)) => format!("arrived at {at}, after {after}; it was held {late}"),
        Way::UnderWay(due) => format!("on its way, to arrive at {due}"),
        Way::Held(due) => format!("held; without the fault it arrives at {due}"),
        Way::Lost(at) => format!("lost at {at}; nobody is told"),
        Way::Unread(at) => format!("not read; its receiver closed the connection at {at}"),
        Way::Reset(at) => format!("gone; its connection broke at {at}"),
        Way::Over => "refused; its connection was over".to_owned(),
        Way::Unheard => "unheard; the other machine does not answer".to_owned(),
    },
    sentence: |[between, what, details, sent, outcome]| format!("{between}: {what}, {details}; {sent}, {outcome}."),
    columns: ["From → to", "Message", "Details", "Sent", "What became of it"],
    table: "The messages as a table",
    frame: |what, bytes, estimate| {
        format!("{what}: {} on the wire (transfer times go by an estimate of {estimate})", many(bytes, "byte"))
    },
    no_frame: |api| format!("Bytes of this {api} message are not laid out."),
    lost_frame: "This message is out of reach now.",
    none_fits: "No such message.",
    bytes_left_out: |count| format!("{} more", many(count, "byte")),
    rows_left_out: |count| format!("{} more", many(count, "row")),
    counted: |count, [from, until]| format!("{} from {from} to {until}", many(count, "message")),
    no_journal: |why| match why {
        NoJournal::Backwards => "The stretch ends before it begins.".to_owned(),
        NoJournal::Future(now) => format!("It is {now}; nothing is told of what has not happened yet."),
        NoJournal::Forgotten(begin) => format!("The past before {begin} was given up."),
        NoJournal::TooLong(events, reached) => {
            format!("Too much: {} events lead to {reached} only. Ask for a shorter stretch.", thousands(events))
        }
        NoJournal::TooMany(count, most) => format!(
            "Too much: {} messages, and {} are told at most. Ask for a shorter stretch, or name api= or node=.",
            thousands(count as u64),
            thousands(most as u64)
        ),
        NoJournal::Word(word) => format!("'{word}' is no instant such as 12.5s, and neither api=NAME nor node=NAME."),
        NoJournal::Api(name) => format!("There is no API '{name}'."),
        NoJournal::Process(name) => format!("There is no process '{name}'."),
        NoJournal::Cluster(name) => format!("There is no cluster '{name}'."),
    },
};

/// "1 message", "1,036 messages", "2 processes"
fn many(count: usize, noun: &str) -> String {
    let ending = match (count, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{} {noun}{ending}", thousands(count as u64))
}
