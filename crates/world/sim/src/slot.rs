//! A place where a process runs, stops and runs again: its disk and dice outlive it.

use crate::setup::ClusterIndex;
use api::Message;
use base::{ConnectionId, ProcessId, Rng, Shared, Str, Time};
use port::{CloseReason, KafkaSetup, Listener, MemoryStore, OperatorRequest, Owner, ProcessConfig, Stored};
use process::Process;
use std::collections::VecDeque;
use std::sync::Arc;

/// One process's place.
#[derive(Clone, Debug, Hash)]
pub struct Slot {
    pub id: ProcessId,
    pub name: Str,
    pub config: ProcessConfig,
    /// Whose node it is, or whose brokers a client was told of.
    pub cluster: ClusterIndex,
    pub liveness: Liveness,
    /// The running process; the last state of a stopped one stays for those who look.
    pub process: Option<Process>,
    pub store: MemoryStore,
    pub(crate) rng: Rng,
    pub(crate) next_connection: u64,
    /// Busy with the last event until then.
    pub(crate) busy_until: Time,
    pub(crate) inbox: VecDeque<Delivery>,
    /// The earliest agenda entry that will call this process.
    pub(crate) called_at: Option<Time>,
    /// How often it was started; agenda entries of an earlier life are void.
    pub(crate) life: u32,
    /// Since when it is in its present liveness.
    pub since: Time,
}

/// How a place stands, as an operator would see it; peers may believe something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Liveness {
    Running,
    /// Hangs; keeps its connections.
    Paused,
    /// A controlled shutdown or an orderly close ended.
    Stopped,
    /// kill -9.
    Killed,
    PoweredOff,
}

impl Liveness {
    /// Does the process exist (perhaps hanging)?
    pub fn is_up(self) -> bool {
        matches!(self, Liveness::Running | Liveness::Paused)
    }
}

/// Something that waits for a busy or paused process.
#[derive(Clone, Debug, Hash)]
pub(crate) enum Delivery {
    Connected(ConnectionId, Owner),
    Accepted(ConnectionId, Listener),
    Closed(ConnectionId, Owner, CloseReason),
    Received(ConnectionId, Owner, Arc<Message>),
    Deadline,
    Operator(OperatorRequest),
    Stored(Stored),
}

impl Delivery {
    /// Bytes that came over the network.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Delivery::Received(_, _, message) => u64::from(message.size()),
            Delivery::Connected(..)
            | Delivery::Accepted(..)
            | Delivery::Closed(..)
            | Delivery::Deadline
            | Delivery::Stored(_)
            | Delivery::Operator(_) => 0,
        }
    }
}

impl Slot {
    /// A place in which nothing has run yet. Its dice depend on seed and place alone, so that another process beside
    /// it changes nothing.
    pub(crate) fn new(id: ProcessId, name: Str, config: ProcessConfig, seed: u64) -> Slot {
        Slot {
            id,
            name,
            config,
            cluster: ClusterIndex::FIRST,
            liveness: Liveness::Stopped,
            process: None,
            store: MemoryStore::new(),
            rng: Rng::new(seed, u64::from(id.0) + 1),
            next_connection: 2,
            busy_until: Time::ZERO,
            inbox: VecDeque::new(),
            called_at: None,
            life: 0,
            since: Time::ZERO,
        }
    }

    /// Bytes of the messages that wait for it.
    pub(crate) fn waiting_bytes(&self) -> u64 {
        self.inbox.iter().map(Delivery::bytes).sum()
    }

    /// Or of another family.
    pub fn is_kafka(&self) -> bool {
        matches!(self.config, ProcessConfig::Kafka(_))
    }

    /// A broker, a controller, or both in one.
    pub fn is_node(&self) -> bool {
        matches!(self.config, ProcessConfig::Kafka(KafkaSetup::Node(_)))
    }
}

/// Every process's place, copied on write. Processes are numbered from 0 on and stay, so that each lies where its number
/// says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots(Vec<Shared<Slot>>);

impl Slots {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// # Panics
    /// When it is not the next one.
    pub(crate) fn push(&mut self, slot: Slot) {
        assert_eq!(slot.id.0 as usize, self.0.len(), "processes are numbered as they come");
        self.0.push(Shared::new(slot));
    }

    pub(crate) fn get(&self, process: &ProcessId) -> Option<&Shared<Slot>> {
        self.0.get(process.0 as usize)
    }

    pub(crate) fn get_mut(&mut self, process: &ProcessId) -> Option<&mut Shared<Slot>> {
        self.0.get_mut(process.0 as usize)
    }

    pub(crate) fn values(&self) -> impl ExactSizeIterator<Item = &Shared<Slot>> {
        self.0.iter()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Shared<Slot>> {
        self.0.iter_mut()
    }
}

/// # Panics
/// When there is no such process.
impl std::ops::Index<&ProcessId> for Slots {
    type Output = Shared<Slot>;
    fn index(&self, process: &ProcessId) -> &Shared<Slot> {
        self.get(process).expect("a process that is known to be there")
    }
}
