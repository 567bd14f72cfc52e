//! What a program leaves behind that dies at a commit: how far it had come in each partition. The process is gone and has
//! no state any more; this is for watchers, nothing depends on it, so digests pass it by.

use super::{Consumer, DeliveredRecord};
use base::{Offset, TopicPartition};
use port::CrashAt;
use std::hash::{Hash, Hasher};

/// Where a program had come to in one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub partition: TopicPartition,
    /// All before it that the program was given, it had worked on.
    pub worked: Offset,
    /// The next that `poll` would have returned.
    pub given: Offset,
    /// What this member had committed last, or found committed; `None`: nothing.
    pub committed: Option<Offset>,
}

/// A program's end at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    pub at: CrashAt,
    pub left: Vec<Left>,
}

/// `None`: it has not died.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Remains(pub(super) Option<Death>);

impl Hash for Remains {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Consumer {
    /// How its program died, if it did so at a commit.
    pub fn death(&self) -> Option<&Death> {
        self.remains.0.as_ref()
    }

    /// Of the partitions that it has a position in.
    pub(super) fn leave_behind(&self, at: CrashAt) -> Death {
        let left = self.partitions.iter().filter_map(|(partition, state)| {
            let given = state.offset()?;
            let is_own = |record: &&DeliveredRecord| record.partition == *partition;
            let undone = self.program.work().find(is_own).map(|record| record.offset);
            let (partition, committed) = (partition.clone(), state.committed);
            Some(Left { partition, worked: undone.unwrap_or(given), given, committed })
        });
        Death { at, left: left.collect() }
    }
}
