//! Words at brokers' rows, and of links that do not work.

use base::Span;

/// Words of badges that `StageText` does not have, of stars, racks and links. Where a word stands beside a badge it has at
/// most 17 characters of English or 11 of Chinese.
pub struct LanesText {
    /// Named by the controllers, and has not read so yet.
    pub named: &'static str,
    pub believes: &'static str,
    pub hung_leader: &'static str,
    pub hung: &'static str,
    /// Out of the ISR, and so many records behind.
    pub catches_up: fn(u64) -> String,
    /// Out of the ISR of a partition without a leader.
    pub out_leaderless: &'static str,
    pub eligible: &'static str,
    pub on_disk: &'static str,
    pub empty: &'static str,
    pub gone_disk: &'static str,
    pub preferred: &'static str,
    pub preferred_waits: &'static str,
    /// Brokers that are out of the ISR.
    pub out_of_isr: fn(&[i32]) -> String,
    pub epoch: fn(i32) -> String,
    pub rack: fn(&str) -> String,
    /// "still in the ISR", of several.
    pub still_in_isr: fn(&[i32]) -> String,

    pub cut: &'static str,
    pub delayed: fn(Span) -> String,
    pub stalled: fn(Span) -> String,
    /// Two ends, both ways and one way.
    pub cut_between: fn(&str, &str) -> String,
    pub cut_onward: fn(&str, &str) -> String,
    pub delayed_between: fn(&str, &str, Span) -> String,
    pub delayed_onward: fn(&str, &str, Span) -> String,
    pub stalled_between: fn(&str, &str, Span) -> String,
    pub stalled_onward: fn(&str, &str, Span) -> String,
    /// Kafka's name of the API, on the link.
    pub held: fn(&str) -> String,
    pub held_between: fn(&str, &str, &str) -> String,
    pub held_onward: fn(&str, &str, &str) -> String,
    /// With how many are still to be lost.
    pub lost: fn(&str, u32) -> String,
    pub lost_between: fn(&str, &str, (&str, u32)) -> String,
    pub lost_onward: fn(&str, &str, (&str, u32)) -> String,
    pub heal: fn(&str, &str) -> String,
    /// The far ends of many links: brokers, controllers, clients.
    pub ends: [&'static str; 3],
    /// The same, from one of them.
    pub other_ends: [&'static str; 3],
    pub everybody: &'static str,
}
