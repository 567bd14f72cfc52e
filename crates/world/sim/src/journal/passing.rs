//! What the network tells of messages as it happens.

use super::Line;
use api::Message;
use base::{ProcessId, Time};

/// A message by its place: the how manyth of a direction of a connection. One that was refused has no place there; what
/// tells it from others is its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId {
    pub connection: u32,
    /// 0: from the one who opened the connection, 1: to them.
    pub lane: u8,
    pub number: u64,
}

impl MessageId {
    /// The lane of what was refused.
    pub(super) const NO_LANE: u8 = u8::MAX;
    /// Numbers that one instant has for what a sender was refused in it.
    pub(super) const REFUSED_AT_ONCE: u64 = 1_000;
}

/// Something that happens to a message. Each that is sent on an open connection is told as sent once and as ended at
/// most once; what is refused is told by that alone.
#[derive(Clone, Debug)]
pub enum Passing<'a> {
    Sent(Sent<'a>),
    Ended {
        id: MessageId,
        at: Time,
        outcome: Outcome,
    },
    /// It was sent where nothing can go any more; senders learn of that later.
    Refused {
        line: Line,
        message: &'a Message,
        at: Time,
        why: Refused,
    },
}

/// A message sets out.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    pub id: MessageId,
    pub from: ProcessId,
    pub to: ProcessId,
    pub message: &'a Message,
    pub sent: Time,
    /// When it is to arrive.
    pub due: Time,
}

/// How a message's way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// At its receiver's machine. A process that is busy or paused takes it up later.
    Arrived,
    /// A rule of the link took it (`lose`), and nobody is told.
    Lost,
    /// Its receiver closed the connection before it was there.
    Unread,
    /// Its connection broke: by a reset, or because a process at one of its ends was gone.
    Reset,
    Refused(Refused),
}

/// Why nothing can go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refused {
    /// The connection is over, and its sender has not taken that up yet.
    Over,
    /// The other machine lost power or was reset behind a cut: nobody answers, and the sender finds out by its own
    /// time-outs.
    Unheard,
}
