//! Whose a connection is: a role of the process and what it has the connection for. The process says it where it
//! connects, the driver keeps it beside the connection and hands it back with each event, so that nobody has to guess it
//! from a number. Kafka: the `NetworkClient` that a connection belongs to, and its node within.

use crate::{Listener, Refuser};
use base::BrokerId;
use std::hash::{Hash, Hasher};

/// Role and purpose of one end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Somebody else opened it to this port.
    Listener(Listener),
    /// The quorum member's connection to that voter (`KafkaNetworkChannel`).
    Quorum(BrokerId),
    Broker(BrokerLine),
    /// A client's connection to that node.
    Client(ClientNode),
    /// Of a process of another family, which numbers its connections as it likes.
    Other(u64),
}

/// A number never changes its owner, so whoever hashes the number has said all.
impl Hash for Owner {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// What a broker has a connection of its own for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BrokerLine {
    /// A line to the active controller (`NodeToControllerChannelManager`).
    Controller(ChannelKind),
    /// The fetcher that copies from that leader (`ReplicaFetcherThread`).
    Leader(BrokerId),
}

/// Which line to the controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// Registration and heartbeats.
    Lifecycle,
    /// AlterPartition and AllocateProducerIds.
    Partitions,
    /// What clients asked for and only the controller can do.
    Forwarding,
}

/// Whom a client's connection leads to. A group's coordinator has a connection of its own, or its answers
/// would queue behind a parked fetch (semantics 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientNode {
    /// The n-th address of `bootstrap.servers`; who answers there is not known.
    Bootstrap(u32),
    Broker(BrokerId),
    Coordinator(BrokerId),
}

impl ClientNode {
    /// The node as the one who refused.
    pub fn refuser(self) -> Refuser {
        match self {
            ClientNode::Bootstrap(_) => Refuser::Broker(None),
            ClientNode::Broker(id) | ClientNode::Coordinator(id) => Refuser::Broker(Some(id)),
        }
    }
}
