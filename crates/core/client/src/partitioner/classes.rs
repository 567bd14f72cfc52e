//! What a `partitioner.class` remembers of a topic between two records. Kafka: `RoundRobinPartitioner` of 4.3.0; for lessons
//! `DefaultPartitioner` of 2.3 and `StickyPartitionCache` of 2.4 (KIP-480), which 4.3.0 has no longer. The built-in
//! partitioner is in `sticky`.

use super::{Partitions, to_positive};
use base::{Draw, PartitionId};
use std::hash::{Hash, Hasher};

/// Each record to the next partition that has a leader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turn(u32);

impl Turn {
    /// The partition after the last one, and goes on; the count wraps as Java's does.
    fn next(&mut self, partitions: &Partitions<'_>) -> PartitionId {
        let chosen = self.coming(partitions);
        self.0 = self.0.wrapping_add(1);
        chosen
    }

    /// The partition that comes next.
    fn coming(&self, partitions: &Partitions<'_>) -> PartitionId {
        at(to_positive(self.0 as i32), partitions)
    }
}

/// A partition for records without a key, until a batch is opened there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PerBatchSticky(Option<PartitionId>);

impl PerBatchSticky {
    fn current(&mut self, partitions: &Partitions<'_>, draw: &mut impl Draw) -> PartitionId {
        match self.0 {
            Some(partition) => partition,
            None => self.move_on(partitions, draw),
        }
    }

    /// Another partition than the present one, if another one has a leader.
    fn move_on(&mut self, partitions: &Partitions<'_>, draw: &mut impl Draw) -> PartitionId {
        let others: Vec<_> = partitions.available.iter().copied().filter(|each| Some(*each) != self.0).collect();
        let chosen = match (partitions.available, &others[..]) {
            ([only], _) => *only,
            (_, others) => at(random(draw), &Partitions { available: others, ..*partitions }),
        };
        self.0 = Some(chosen);
        chosen
    }
}

/// What the class of a producer remembers of one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Nothing: the built-in one is elsewhere.
    BuiltIn,
    Turn(Turn),
    /// Whose first number is drawn.
    RandomTurn(Option<Turn>),
    PerBatch(PerBatchSticky),
    /// Nothing, and each record anywhere.
    Anywhere,
}

/// The built-in one adds nothing, so that a run without a class is the run that it always was.
impl Hash for Chosen {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Chosen::BuiltIn => {}
            Chosen::Turn(turn) => (1_u8, turn).hash(state),
            Chosen::RandomTurn(turn) => (2_u8, turn).hash(state),
            Chosen::PerBatch(sticky) => (3_u8, sticky).hash(state),
            Chosen::Anywhere => 4_u8.hash(state),
        }
    }
}

impl Chosen {
    /// The next record's partition. The built-in one is never asked here; it would get any that has a leader.
    pub fn next(&mut self, partitions: &Partitions<'_>, draw: &mut impl Draw) -> PartitionId {
        match self {
            Chosen::BuiltIn | Chosen::Anywhere => at(random(draw), partitions),
            Chosen::Turn(turn) => turn.next(partitions),
            Chosen::RandomTurn(turn) => turn.get_or_insert_with(|| Turn(random(draw))).next(partitions),
            Chosen::PerBatch(sticky) => sticky.current(partitions, draw),
        }
    }

    /// A batch is about to be opened at that partition: whoever stayed there moves on. `None`: nobody stays anywhere.
    pub fn on_new_batch(
        &mut self,
        there: PartitionId,
        partitions: &Partitions<'_>,
        draw: &mut impl Draw,
    ) -> Option<PartitionId> {
        match self {
            Chosen::BuiltIn | Chosen::Turn(_) | Chosen::RandomTurn(_) | Chosen::Anywhere => None,
            Chosen::PerBatch(sticky) if sticky.0.is_none_or(|current| current == there) => {
                Some(sticky.move_on(partitions, draw))
            }
            Chosen::PerBatch(sticky) => sticky.0,
        }
    }

    /// Where the next record without a key goes as things are, for whoever looks; `None`: that is not drawn yet.
    pub fn coming(&self, partitions: &Partitions<'_>) -> Option<PartitionId> {
        match self {
            Chosen::BuiltIn | Chosen::Anywhere => None,
            Chosen::Turn(turn) => Some(turn.coming(partitions)),
            Chosen::RandomTurn(turn) => turn.as_ref().map(|turn| turn.coming(partitions)),
            Chosen::PerBatch(sticky) => sticky.0,
        }
    }
}

/// The partition with a leader that a number falls on, or any where none has one.
fn at(number: u32, partitions: &Partitions<'_>) -> PartitionId {
    match partitions.available {
        [] => (number % partitions.count.max(1)) as PartitionId,
        available => available[number as usize % available.len()],
    }
}

/// Without a sign.
fn random(draw: &mut impl Draw) -> u32 {
    draw.below(1 << 31)
}
