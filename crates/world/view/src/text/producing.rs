//! Words for what a producer and its application do, beside what Kafka's client counts by itself.

use base::{Span, Time};
use client::producer::{Blocked, Packed};
use config::application::{DataPack, Load, PACKS};
use port::BatchClosing;

use crate::BatchRow;

/// See the module.
pub struct ProducingText {
    /// Titles of the inspector's sections.
    pub application: &'static str,
    pub batches: &'static str,
    /// What the application does after `send`.
    pub sends: &'static str,
    pub sends_on: &'static str,
    pub waits: &'static str,
    /// What its values, keys and pace are like.
    pub load_name: &'static str,
    pub load: fn(&Load) -> String,
    /// Records that have ended, of how many, in what time.
    pub took: fn((u64, Option<u64>), Span) -> String,
    pub answered: &'static str,
    pub headers: &'static str,
    pub compression: &'static str,
    /// Bytes before and after, and the processor's time for them.
    pub packed: fn(Packed, Span) -> String,
    /// Since when a `send` does not return, and how long that is by now.
    pub blocked_since: fn(Time, Span) -> String,
    pub blocked: fn(Blocked) -> String,
    pub blocked_name: &'static str,
    /// Records and bytes of an open batch, of how many bytes, and when it closes at the latest.
    pub open: fn(u32, (u32, u32), Time) -> String,
    /// A batch that has closed: records, bytes, why, when.
    pub closed: fn((u32, u32), BatchClosing, Time) -> String,
    pub closing: fn(BatchClosing) -> &'static str,
    pub closings: &'static str,
    /// Beside a partition's name on the stage, in at most 9 letters: so many batches wait, or why the last one closed.
    pub wait: fn(&str) -> String,
    pub closed_by: fn(BatchClosing) -> &'static str,
    /// The same aloud.
    pub spoken: fn(&BatchRow) -> String,
    /// `buffer.memory`, in few letters.
    pub buffer: &'static str,
    /// On the card: a `send` that waits for memory since then.
    pub card_blocked: fn(Time) -> String,
    /// On the card of an application that is done.
    pub card_took: fn(u64, Span) -> String,
}

/// The name of a data pack, as a setting spells it.
pub(crate) fn load_name(pack: DataPack) -> &'static str {
    PACKS.into_iter().find(|(_, known)| *known == pack).map_or("", |(name, _)| name)
}
