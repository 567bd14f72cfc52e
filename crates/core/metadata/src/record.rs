//! What the controller writes to `__cluster_metadata`, typed (`org.apache.kafka.common.metadata`).
//!
//! Each variant is one record type of Kafka's; fields that no modelled feature reads are left to the
//! codec, which writes what Kafka 4.3.0 writes there. An absent field of a change record is `None`.

use crate::PartitionRegistration;
use api::{ConfigResource, LeaderRecoveryState};
use base::{BrokerId, Endpoints, PartitionId, Str, TopicId};

/// Names of the features whose levels are kept in the metadata log (KIP-584).
pub mod feature {
    /// The metadata version; its levels are [`crate::Image::metadata_version`]'s numbers.
    pub const METADATA_VERSION: &str = "metadata.version";
    /// KIP-966: 1 when eligible leader replicas are on.
    pub const ELIGIBLE_LEADER_REPLICAS: &str = "eligible.leader.replicas.version";
}

/// One record of the metadata log. It takes one offset there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MetadataRecord {
    RegisterBroker(RegisterBroker),
    UnregisterBroker {
        broker: BrokerId,
        broker_epoch: i64,
    },
    BrokerRegistrationChange(BrokerRegistrationChange),
    Topic {
        name: Str,
        id: TopicId,
    },
    Partition(PartitionRecord),
    PartitionChange(PartitionChange),
    RemoveTopic {
        id: TopicId,
    },
    Config(ConfigChange),
    FeatureLevel {
        name: Str,
        level: i16,
    },
    /// A block of producer ids was given to a broker; the next block starts at `next`.
    ProducerIds {
        broker: BrokerId,
        broker_epoch: i64,
        next: i64,
    },
    /// Written when nothing else was for a while, so that lag can be measured.
    NoOp,
    /// What follows, up to `EndTransaction`, takes effect together (KIP-868). The model appends such
    /// records as one atomic batch, so replaying both brackets changes nothing.
    BeginTransaction {
        name: Str,
    },
    EndTransaction,
    /// Empties the ELR and the last known ELR of every partition of the topic, of all topics when
    /// the name is empty (KIP-966).
    ClearElr {
        topic: Str,
    },
}

/// A broker registers, fenced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegisterBroker {
    pub broker: BrokerId,
    /// One per process start.
    pub incarnation: u128,
    /// Where the batch with this record began; unique per registration.
    pub broker_epoch: i64,
    pub endpoints: Endpoints,
    pub rack: Option<Str>,
    pub fenced: bool,
    pub in_controlled_shutdown: bool,
    pub log_dirs: Vec<u128>,
}

/// A registered broker's state changes; `None` leaves a field as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BrokerRegistrationChange {
    pub broker: BrokerId,
    pub broker_epoch: i64,
    pub fenced: Option<bool>,
    /// Kafka can only set it; a new registration clears it.
    pub in_controlled_shutdown: Option<bool>,
    pub cordoned_log_dirs: Option<Vec<u128>>,
}

/// A new partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionRecord {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub registration: PartitionRegistration,
}

/// A partition changes; `None` leaves a field as it is. Every such record raises the partition
/// epoch by one, and one that carries a leader (the same one, or none) the leader epoch as well.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct PartitionChange {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub isr: Option<Vec<BrokerId>>,
    /// `Some(BrokerId::NONE)`: from now on nobody leads.
    pub leader: Option<BrokerId>,
    pub replicas: Option<Vec<BrokerId>>,
    pub removing: Option<Vec<BrokerId>>,
    pub adding: Option<Vec<BrokerId>>,
    pub elr: Option<Vec<BrokerId>>,
    pub last_known_elr: Option<Vec<BrokerId>>,
    pub leader_recovery_state: Option<LeaderRecoveryState>,
    /// One per replica, in the order of the replicas.
    pub directories: Option<Vec<u128>>,
}

impl PartitionChange {
    /// A change of that partition that changes nothing yet.
    pub fn of(topic: TopicId, partition: PartitionId) -> PartitionChange {
        PartitionChange { topic, partition, ..PartitionChange::default() }
    }

    /// Would writing this record change nothing but the epochs? Such a record is not written.
    pub fn is_no_op(&self) -> bool {
        *self == PartitionChange::of(self.topic, self.partition)
    }
}

/// A config is set, or with `None` back to its default.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigChange {
    pub resource: ConfigResource,
    pub name: Str,
    pub value: Option<Str>,
}

impl From<PartitionChange> for MetadataRecord {
    fn from(change: PartitionChange) -> Self {
        MetadataRecord::PartitionChange(change)
    }
}

impl From<BrokerRegistrationChange> for MetadataRecord {
    fn from(change: BrokerRegistrationChange) -> Self {
        MetadataRecord::BrokerRegistrationChange(change)
    }
}
