//! Control records: what brokers and quorums write into a log for each other, never for
//! applications. Kafka: `ControlRecordType`, `EndTransactionMarker`.

use crate::header::{int, short};
use bytes::Bytes;

/// The kind of a control record: the second number of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum ControlType {
    Abort = 0,
    Commit = 1,
    LeaderChange = 2,
    SnapshotHeader = 3,
    SnapshotFooter = 4,
    KRaftVersion = 5,
    KRaftVoters = 6,
}

impl ControlType {
    pub const ALL: [ControlType; 7] = [
        ControlType::Abort,
        ControlType::Commit,
        ControlType::LeaderChange,
        ControlType::SnapshotHeader,
        ControlType::SnapshotFooter,
        ControlType::KRaftVersion,
        ControlType::KRaftVoters,
    ];

    /// Kafka's own name.
    pub const fn name(self) -> &'static str {
        match self {
            ControlType::Abort => "ABORT",
            ControlType::Commit => "COMMIT",
            ControlType::LeaderChange => "LEADER_CHANGE",
            ControlType::SnapshotHeader => "SNAPSHOT_HEADER",
            ControlType::SnapshotFooter => "SNAPSHOT_FOOTER",
            ControlType::KRaftVersion => "KRAFT_VERSION",
            ControlType::KRaftVoters => "KRAFT_VOTERS",
        }
    }

    /// The record key that says so: version 0 and the kind, two bytes each.
    pub fn key(self) -> Bytes {
        let [high, low] = (self as i16).to_be_bytes();
        Bytes::copy_from_slice(&[0, 0, high, low])
    }

    /// Reads a key of any version; `None` for kinds that 4.3.0 does not know.
    pub fn from_key(key: &[u8]) -> Option<ControlType> {
        if key.len() < 4 || short(key, 0) < 0 {
            return None;
        }
        ControlType::ALL.into_iter().find(|kind| *kind as i16 == short(key, 2))
    }
}

/// The value of a COMMIT or ABORT record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndTransactionMarker {
    /// Epoch of the transaction coordinator that wrote it.
    pub coordinator_epoch: i32,
}

impl EndTransactionMarker {
    /// Version 0 and the epoch.
    pub fn to_bytes(self) -> Bytes {
        [&[0, 0], &self.coordinator_epoch.to_be_bytes()[..]].concat().into()
    }

    pub fn parse(value: &[u8]) -> Option<EndTransactionMarker> {
        (value.len() >= 6 && short(value, 0) >= 0).then(|| EndTransactionMarker { coordinator_epoch: int(value, 2) })
    }
}
