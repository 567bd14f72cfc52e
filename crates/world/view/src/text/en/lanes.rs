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
    heal: |one, other| format!("Heal the link between {one} and {other}"),
    ends: ["the brokers", "the controllers", "the clients"],
    other_ends: ["the other brokers", "the other controllers", "the other clients"],
    everybody: "everybody else",
};

fn commas(brokers: &[i32]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
