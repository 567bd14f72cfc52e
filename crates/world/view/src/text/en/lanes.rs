//! English: rows and links.

use crate::text::{LanesText, duration};

pub(super) const LANES: LanesText = LanesText {
    named: "is to lead",
    believes: "believes it leads",
    hung_leader: "leads, hangs",
    hung: "hangs",
    catches_up: |count| match count {
        0 => "out, has all".to_owned(),
        _ => format!("out, {} behind", super::short(count)),
    },
    out_leaderless: "out, no leader",
    eligible: "in the ELR",
    on_disk: "on disk",
    empty: "no log yet",
    gone_disk: "stopped, on disk",
    preferred: "preferred",
    preferred_waits: "preferred, does not lead",
    out_of_isr: |brokers| format!("out: {}", commas(brokers)),
    epoch: |epoch| format!("epoch {epoch}"),
    rack: |rack| format!("rack {rack}"),
    still_in_isr: |brokers| match brokers {
        [one] => format!("{one} is still in the ISR"),
        _ => format!("{} are still in the ISR", commas(brokers)),
    },
    cut: "cut",
    delayed: |by| format!("+{}", duration(by)),
    stalled: |left| format!("stalled {}", duration(left)),
    cut_between: |one, other| format!("Nothing passes between {one} and {other}."),
    cut_onward: |from, to| format!("Nothing passes from {from} to {to}."),
    delayed_between: |one, other, by| format!("Messages between {one} and {other} take {} longer.", duration(by)),
    delayed_onward: |from, to, by| format!("Messages from {from} to {to} take {} longer.", duration(by)),
    stalled_between: |one, other, left| {
        format!("Nothing passes between {one} and {other} for {} more.", duration(left))
    },
    stalled_onward: |from, to, left| format!("Nothing passes from {from} to {to} for {} more.", duration(left)),
    held: |api| format!("{api} held"),
    held_between: |one, other, api| format!("{api} messages between {one} and {other} wait until the link is healed."),
    held_onward: |from, to, api| format!("{api} messages from {from} to {to} wait until the link is healed."),
    lost: |api, left| format!("{left} × {api} lost"),
    lost_between: |one, other, next| format!("{} between {one} and {other} gets lost.", next_messages(next)),
    lost_onward: |from, to, next| format!("{} from {from} to {to} gets lost.", next_messages(next)),
    heal: |one, other| format!("Heal the link between {one} and {other}"),
    ends: ["the brokers", "the controllers", "the clients"],
    other_ends: ["the other brokers", "the other controllers", "the other clients"],
    everybody: "everybody else",
};

fn commas(brokers: &[i32]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// "The next Produce message", "Each of the next 3 Produce messages".
pub(super) fn next_messages((api, left): (&str, u32)) -> String {
    if left == 1 { format!("The next {api} message") } else { format!("Each of the next {left} {api} messages") }
}
