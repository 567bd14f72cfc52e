//! Room for processes of other families than Kafka's: what the driver must know of one, and nothing of what it speaks.
//! Such a process is a trait object, so that the world, its checkpoints and its digests carry it without knowing it.

use crate::{Cx, Event};
use base::{Endpoint, FlatMap, Str, Time};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A process of another family. It keeps the same rules as Kafka's: it changes only in answer to events, and time, dice
/// and disk come from `cx`.
pub trait OtherProcess: fmt::Debug + Send + Sync {
    /// Something happened. Cannot fail: what comes from others may be anything.
    fn on_event(&mut self, cx: &mut Cx<'_>, event: Event);

    /// When `Event::DeadlineReached` is wanted next.
    fn next_deadline(&self) -> Option<Time>;

    /// One like it that runs on its own; checkpoints and forks are made of it.
    fn duplicate(&self) -> Box<dyn OtherProcess>;

    /// Hashes the whole state, for digests.
    fn digest(&self, state: &mut dyn Hasher);
}

impl Clone for Box<dyn OtherProcess> {
    fn clone(&self) -> Self {
        self.duplicate()
    }
}

impl Hash for Box<dyn OtherProcess> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest(state);
    }
}

/// A family of processes: its name, its messages and how one of them boots. The name alone says which it is; where a function lies in
/// memory may differ from run to run.
#[derive(Clone, Copy)]
pub struct Family {
    pub name: &'static str,
    /// The kinds of messages that its processes send to each other, so that links can hold and lose them by name.
    pub kinds: &'static [&'static str],
    /// Starts a process; it may read its disk through `cx.store`.
    pub boot: fn(&OtherSetup, &mut Cx<'_>) -> Box<dyn OtherProcess>,
}

impl PartialEq for Family {
    fn eq(&self, other: &Family) -> bool {
        self.name == other.name
    }
}

impl Eq for Family {}

impl Hash for Family {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// How to start one process of another family.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherSetup {
    pub family: Family,
    /// Where it listens, if it does.
    pub endpoint: Option<Endpoint>,
    /// In its family's own words.
    pub settings: FlatMap<Str, Str>,
}
