//! English: what dialogs have beside their fields.

use super::plural;
use crate::LinkTrouble;
use crate::text::{DialogsText, duration};

pub(super) const DIALOGS: DialogsText = DialogsText {
    command_copied: "The command is copied.",
    command_by_hand: "The browser did not let the page copy. The command is selected: copy it by hand.",
    more_settings: |count| plural(count, "more setting", "more settings"),
    more_note: "all with Kafka’s defaults; the ones not modelled are marked",
    fixed: "only the default here",
    without_effect: "no effect here",
    placed_title: "If it were created at this instant",
    placed: |partition, leader, copies| {
        let leads = leader.map_or("nobody leads".to_owned(), |leader| format!("broker {leader} leads"));
        if copies.is_empty() {
            format!("{partition}: {leads}")
        } else {
            format!("{partition}: {leads}, copies on {copies}")
        }
    },
    placed_more: |count| format!("… and {}", plural(count, "more partition", "more partitions")),
    placed_later: "The controller draws leaders and copies when it is asked. Pause to see the draw of an instant.",
    no_producer: "There is no producer yet. Add one first.",
    sent_title: "Sent from here",
    sent: |key, value| key.map_or_else(|| format!("no key, {value}"), |key| format!("{key}, {value}")),
    sent_pending: "No answer yet; it comes as time goes on.",
    links_title: "Links with a fault",
    trouble: |trouble| match trouble {
        LinkTrouble::Cut => "cut".to_owned(),
        LinkTrouble::Stalled { until } => format!("stalled until {until}"),
        LinkTrouble::Delayed { by } => format!("{} slower", duration(by)),
        LinkTrouble::Held { api } => format!("{api} messages held"),
        LinkTrouble::Lost { api, left } => format!("{left} {api} messages to be lost"),
    },
    both_ways: |one, other, trouble| format!("{one} – {other}: {trouble}"),
    one_way: |from, to, trouble| format!("{from} → {to}: {trouble}, this way only"),
    healed: "healed",
};
