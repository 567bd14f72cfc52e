//! Who in a group reads which partition (semantics 13): pure functions that the group's leader runs
//! over everybody's subscriptions. Kafka: `ConsumerPartitionAssignor`.

mod range;

pub use range::assign_range;

use base::{FlatMap, FlatSet, PartitionId, Str};

/// A group member as an assignor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub rack: Option<Str>,
    pub topics: Vec<Str>,
}

impl Member {
    /// The order in which members are served: static ones by instance id, then others by member id.
    fn order(&self) -> (bool, &str) {
        match &self.group_instance_id {
            Some(instance) => (false, instance),
            None => (true, &self.member_id),
        }
    }
}

/// A topic's partitions, numbered from 0: for each the racks of its replicas.
pub type TopicRacks = Vec<FlatSet<Str>>;

/// What an assignor decides on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Subscriptions {
    pub members: Vec<Member>,
    /// Topics with metadata; others are skipped.
    pub topics: FlatMap<Str, TopicRacks>,
    /// Match racks even when all partitions have the same ones. Kafka has this switch for tests only.
    pub force_rack_aware: bool,
}

/// Member id to its partitions, in Kafka's order.
pub type Assignment = FlatMap<Str, Vec<(Str, PartitionId)>>;

/// The assignors that are built, by their name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assignor {
    Range,
}

/// A name in `partition.assignment.strategy` that no built assignor has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownAssignor(pub Str);

impl std::fmt::Display for UnknownAssignor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the assignor {} of partition.assignment.strategy is not modelled; range is", self.0)
    }
}

impl std::error::Error for UnknownAssignor {}

impl Assignor {
    /// Those that are modelled. Others of Kafka's are known by name and refused.
    pub const ALL: &'static [Assignor] = &[Assignor::Range];

    /// The name in JoinGroup.
    pub const fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
        }
    }

    /// By name, or by Java class as `partition.assignment.strategy` names it.
    ///
    /// # Errors
    /// When no assignor of that name is built.
    pub fn from_name(name: &str) -> Result<Assignor, UnknownAssignor> {
        match name.rsplit('.').next().unwrap_or(name) {
            "range" | "RangeAssignor" => Ok(Assignor::Range),
            _ => Err(UnknownAssignor(name.into())),
        }
    }

    /// Who reads what. The same subscriptions give the same plan, whichever member leads.
    pub fn assign(self, subscriptions: &Subscriptions) -> Assignment {
        match self {
            Assignor::Range => assign_range(subscriptions),
        }
    }
}
