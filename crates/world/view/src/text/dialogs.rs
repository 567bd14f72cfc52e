//! Words of what dialogs have beside their fields: further settings, a look ahead, links to heal, messages sent.

use crate::LinkTrouble;

/// Sentences and titles.
pub struct DialogsText {
    pub command_copied: &'static str,
    pub command_by_hand: &'static str,
    /// How many settings are folded away.
    pub more_settings: fn(usize) -> String,
    pub more_note: &'static str,
    /// Beside settings that only take their default here, and those that change nothing here.
    pub fixed: &'static str,
    pub without_effect: &'static str,
    /// Over where a topic's leaders and copies would go.
    pub placed_title: &'static str,
    /// A partition, its leader, and the brokers of its other copies.
    pub placed: fn(&str, Option<i32>, &str) -> String,
    pub placed_more: fn(usize) -> String,
    /// While time runs: the controller draws when it is asked.
    pub placed_later: &'static str,
    pub no_producer: &'static str,
    pub sent_title: &'static str,
    /// What was sent: key, value.
    pub sent: fn(Option<&str>, &str) -> String,
    pub sent_pending: &'static str,
    pub links_title: &'static str,
    pub trouble: fn(LinkTrouble) -> String,
    /// Two ends, and the trouble of both directions.
    pub both_ways: fn(&str, &str, &str) -> String,
    /// From, to, trouble.
    pub one_way: fn(&str, &str, &str) -> String,
    pub healed: &'static str,
}
