//! What happened, in one vocabulary with three readers: checks, timeline and narration, and
//! transcripts. A fact changes nothing; a missed fact costs a flash, never a wrong number.

use crate::{CutWay, KafkaFact, OperatorAnswer, StoreCondition};
use api::MessageKind;
use base::{Endpoint, GroupId, ProcessId, Str, Time, TopicIdPartition, TopicPartition};

/// One record as its producer knows it: its process and its running number there, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    pub producer: ProcessId,
    pub index: u64,
}

/// A quorum member's role (KIP-595, KIP-996).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuorumRole {
    Unattached,
    Follower,
    Prospective,
    Candidate,
    Leader,
    Resigned,
}

/// A classic group's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FenceReason {
    /// No heartbeat for broker.session.timeout.ms.
    SessionExpired,
    /// The broker asked for it or is shutting down.
    Requested,
    /// It registered anew.
    Restarted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaveReason {
    /// LeaveGroup.
    Left,
    /// No heartbeat for session.timeout.ms.
    SessionExpired,
    /// Did not rejoin within the rebalance timeout.
    DidNotRejoin,
    /// Did not sync within the rebalance timeout.
    DidNotSync,
    /// Another process took over its group.instance.id.
    Replaced,
}

/// Something that happened on the process that reports it, by who tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    World(WorldFact),
    Kafka(KafkaFact),
    /// A process of another family tells it.
    Other(OtherFact),
}

/// What the world itself tells: of machines, processes and the network between them, whatever runs there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorldFact {
    ProcessStarted,
    /// `clean`: a controlled shutdown ended; otherwise a kill or a power-off.
    ProcessStopped {
        clean: bool,
    },
    ProcessPaused,
    ProcessResumed,
    ConnectionOpened {
        peer: ProcessId,
    },
    ConnectionClosed {
        peer: ProcessId,
        lost_messages: u32,
    },
    /// A message was on its way on a connection that has just closed, or on a link that loses such messages; it never
    /// arrives.
    MessageLost {
        from: ProcessId,
        to: ProcessId,
        /// The partition whose records it carried, or whose write it answered.
        about: Option<TopicIdPartition>,
        sent: Time,
        arrives: Time,
    },
    ConnectionRefused {
        endpoint: Endpoint,
    },
    LinkCut {
        peer: ProcessId,
        way: CutWay,
    },
    LinkHealed {
        peer: ProcessId,
    },
    /// From now on messages of this kind wait on their way to the peer.
    MessagesHeld {
        peer: ProcessId,
        api: MessageKind,
    },
    /// The next `left` messages of this kind to the peer will be lost.
    MessagesToBeLost {
        peer: ProcessId,
        api: MessageKind,
        left: u32,
    },
    /// One of these was.
    ChosenMessageLost {
        peer: ProcessId,
        api: MessageKind,
    },
    /// The connections between the two were broken.
    LinkReset {
        peer: ProcessId,
    },
    /// Somebody has asked the process to stop in order. One that stops without that stops by itself.
    StopRequested,
    /// The machine loses its power; the process stops with it.
    PowerLost,
    /// A store outside Kafka that this process's program writes to stands so from now on. Told once, by the first of its
    /// writers.
    StoreChanged {
        store: Str,
        condition: StoreCondition,
    },
}

/// What a process of another family tells: the family's name, what happened, and how often or how much.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherFact {
    pub family: Str,
    pub what: Str,
    pub number: u64,
}

impl From<WorldFact> for Fact {
    fn from(fact: WorldFact) -> Fact {
        Fact::World(fact)
    }
}

impl From<KafkaFact> for Fact {
    fn from(fact: KafkaFact) -> Fact {
        Fact::Kafka(fact)
    }
}

impl From<OtherFact> for Fact {
    fn from(fact: OtherFact) -> Fact {
        Fact::Other(fact)
    }
}

impl Fact {
    /// What Kafka told, if it was Kafka.
    pub fn kafka(&self) -> Option<&KafkaFact> {
        match self {
            Fact::Kafka(fact) => Some(fact),
            Fact::World(_) | Fact::Other(_) => None,
        }
    }

    /// What was answered to the operator's request of that ticket, if it is that.
    pub fn answer_to(&self, ticket: u64) -> Option<&OperatorAnswer> {
        // Nothing else answers an operator.
        let KafkaFact::OperatorAnswered { ticket: of, answer } = self.kafka()? else { return None };
        (*of == ticket).then_some(answer)
    }

    /// The partition that it speaks of, if it is one.
    pub fn partition(&self) -> Option<&TopicPartition> {
        self.kafka().and_then(KafkaFact::partition)
    }

    /// The group that it speaks of, if it is one.
    pub fn group(&self) -> Option<&GroupId> {
        self.kafka().and_then(KafkaFact::group)
    }
}
