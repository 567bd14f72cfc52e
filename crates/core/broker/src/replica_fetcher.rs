//! Copying from one leader: what is followed there, and what the fetch session holds of it, so that a request names only
//! what changed.
//!
//! It sends nothing itself; `replica_fetchers` is about when, and what comes back. Kafka: `ReplicaFetcherThread`,
//! `FetchSessionHandler`; semantics §6.1 and §6.3.

use crate::replicas::Replicas;
use crate::wires::Asked;
use api::{FetchPartition, FetchRequest, IsolationLevel, ListOffsetsPartition, ListOffsetsRequest, OffsetSpec};
use api::{ReplicaState, Request};
use base::{BlockMap, BrokerId, FlatSet, LeaderEpoch, Offset, TopicIdPartition};
use config::ReplicationConfig;

/// How a followed partition stands with its fetcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchStatus {
    Fetching,
    /// After an error, until its backoff is over.
    BackingOff,
    /// Its offset is out of the leader's range: the leader is asked for its bounds.
    AskingForOffsets,
    /// The leader is in a later epoch: wait for the metadata.
    Fenced,
}

/// A followed partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Followed {
    pub leader_epoch: LeaderEpoch,
    pub status: FetchStatus,
    /// What the session holds for it: epoch, offset and last fetched epoch as last sent.
    sent: Option<(LeaderEpoch, Offset, LeaderEpoch)>,
}

/// Copies from one leader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fetcher {
    partitions: BlockMap<TopicIdPartition, Followed>,
    /// What the next request has to name.
    changed: FlatSet<TopicIdPartition>,
    forgotten: FlatSet<TopicIdPartition>,
    /// How many partitions are being fetched, so that nobody counts them.
    fetching: u32,
    session_id: i32,
    session_epoch: i32,
}

impl Followed {
    /// Epoch and offset of the fetch under way; `None`: the session does not hold it.
    pub(crate) fn asked(&self) -> Option<(LeaderEpoch, Offset)> {
        self.sent.map(|(epoch, offset, _)| (epoch, offset))
    }
}

impl Fetcher {
    /// What is copied from this leader.
    pub fn partitions(&self) -> &BlockMap<TopicIdPartition, Followed> {
        &self.partitions
    }

    /// Follows a partition from now on.
    pub(crate) fn add(&mut self, at: TopicIdPartition, leader_epoch: LeaderEpoch) {
        self.partitions.insert(at, Followed { leader_epoch, status: FetchStatus::Fenced, sent: None });
        self.set_status(at, FetchStatus::Fetching);
    }

    /// Only what is being fetched is in the session: whatever backs off leaves it, so that requests stay short.
    pub(crate) fn set_status(&mut self, at: TopicIdPartition, status: FetchStatus) {
        let followed = self.partitions.get_mut(&at).expect("only what is followed has a status");
        let was_fetching = followed.status == FetchStatus::Fetching;
        let is_fetching = status == FetchStatus::Fetching;
        followed.status = status;
        match (was_fetching, is_fetching) {
            (false, true) => self.fetching += 1,
            (true, false) => self.fetching -= 1,
            (true, true) | (false, false) => {}
        }
        if is_fetching {
            self.changed.insert(at);
            self.forgotten.remove(&at);
        } else {
            self.leave_session(at);
        }
    }

    /// The leader has to hear that it is not wanted, if it knows of it.
    fn leave_session(&mut self, at: TopicIdPartition) {
        self.changed.remove(&at);
        let was_sent = self.partitions.get_mut(&at).is_some_and(|followed| followed.sent.take().is_some());
        if was_sent {
            self.forgotten.insert(at);
        }
    }

    pub(crate) fn remove(&mut self, at: TopicIdPartition) {
        self.set_status(at, FetchStatus::Fenced);
        self.partitions.remove(&at);
    }

    /// The next request begins a new session and names everything.
    fn reset_session(&mut self) {
        self.session_epoch = 0;
        self.forgotten.clear();
        self.changed.clear();
        for (at, followed) in self.partitions.iter_mut() {
            followed.sent = None;
            if followed.status == FetchStatus::Fetching {
                self.changed.insert(*at);
            }
        }
    }

    /// The session is gone, on the other side or with its connection: begins anew.
    pub(crate) fn session_lost(&mut self) {
        self.session_id = 0;
        self.reset_session();
    }

    /// The leader answered within that session; 0: it keeps none for us.
    pub(crate) fn session_answered(&mut self, session_id: i32) {
        self.session_id = session_id;
        if session_id == 0 {
            self.reset_session();
        } else {
            self.session_epoch = self.session_epoch.checked_add(1).unwrap_or(1);
        }
    }

    /// What is to be asked next. `None`: nothing.
    pub(crate) fn next_request(
        &mut self,
        replica: ReplicaState,
        replicas: &Replicas,
        replication: &ReplicationConfig,
    ) -> Option<(Request, Asked)> {
        let asks_for_offsets = self.partitions.len() as u32 != self.fetching
            && self.partitions.values().any(|followed| followed.status == FetchStatus::AskingForOffsets);
        if asks_for_offsets {
            return Some((self.list_offsets_request(replica.id, replicas), Asked::ListOffsets));
        }
        if self.fetching == 0 {
            return None;
        }
        let mut request = session_request(replica, replication);
        self.name_changes(&mut request, replicas, replication.fetch_max_bytes);
        Some((Request::Fetch(request), Asked::Fetch))
    }

    /// Everything in a new session, what changed in an old one.
    fn name_changes(&mut self, request: &mut FetchRequest, replicas: &Replicas, max_bytes: i32) {
        let mut partitions = Vec::with_capacity(self.changed.len());
        for at in self.changed.iter() {
            let followed = self.partitions.get_mut(at).expect("what leaves the session is no change of it");
            let partition = replicas.get(*at).expect("what is followed is here");
            let wanted = (followed.leader_epoch, partition.log_end(), partition.last_fetched_epoch());
            followed.sent = Some(wanted);
            partitions.push(FetchPartition {
                topic: at.topic,
                partition: at.partition,
                current_leader_epoch: wanted.0,
                fetch_offset: wanted.1,
                last_fetched_epoch: wanted.2,
                log_start_offset: partition.log().log_start(),
                max_bytes,
            });
        }
        request.partitions = partitions;
        request.forgotten = self.forgotten.iter().map(|at| (at.topic, at.partition)).collect();
        self.changed.clear();
        self.forgotten.clear();
        request.session_id = self.session_id;
        request.session_epoch = self.session_epoch;
    }

    /// Asks the leader where its logs begin and end, for partitions whose offset it does not have.
    fn list_offsets_request(&self, replica: BrokerId, replicas: &Replicas) -> Request {
        let asking = self.partitions.iter().filter(|(_, followed)| followed.status == FetchStatus::AskingForOffsets);
        let ask = |(at, followed): (&TopicIdPartition, &Followed)| {
            let name = replicas.get(*at)?.name();
            let question = |spec| ListOffsetsPartition {
                topic: name.topic.clone(),
                partition: name.partition,
                current_leader_epoch: followed.leader_epoch,
                spec,
            };
            Some([question(OffsetSpec::Latest), question(OffsetSpec::Earliest)])
        };
        Request::ListOffsets(ListOffsetsRequest {
            replica: Some(replica),
            isolation: IsolationLevel::ReadUncommitted,
            partitions: asking.filter_map(ask).flatten().collect(),
        })
    }

    /// Is anything being fetched?
    pub(crate) fn is_fetching(&self) -> bool {
        self.fetching > 0
    }

    /// Checks what always holds of the books of one fetcher.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self, leader: BrokerId) {
        let fetching = |status: FetchStatus| status == FetchStatus::Fetching;
        let count = self.partitions.values().filter(|followed| fetching(followed.status)).count();
        assert_eq!(count, self.fetching as usize, "the fetcher of {leader:?} miscounts");
        for at in self.changed.iter() {
            let known = self.partitions.get(at).is_some_and(|followed| fetching(followed.status));
            assert!(known, "the fetcher of {leader:?} would name {at:?}");
            assert!(!self.forgotten.contains(at), "{at:?} is both named and taken back");
        }
    }
}

/// A follower's fetch that names nothing yet.
fn session_request(replica: ReplicaState, replication: &ReplicationConfig) -> FetchRequest {
    FetchRequest {
        replica: Some(replica),
        cluster_id: None,
        max_wait: replication.fetch_wait_max,
        min_bytes: replication.fetch_min_bytes,
        max_bytes: replication.fetch_response_max_bytes,
        isolation: IsolationLevel::ReadUncommitted,
        session_id: 0,
        session_epoch: 0,
        partitions: Vec::new(),
        forgotten: Vec::new(),
        rack: None,
    }
}
