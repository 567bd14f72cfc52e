//! Copying from leaders: one fetcher per leader broker, one connection and one request under way per
//! fetcher, all followed partitions in one fetch session.
//!
//! Kafka: `ReplicaFetcherThread`, `AbstractFetcherThread`, `FetchSessionHandler`; semantics §6.1 and
//! §6.3. This file keeps what is to be fetched; `fetcher_answers` is about what comes back.

use crate::broker::Broker;
use crate::timer::Timer;
use crate::wires::Asked;
use api::{FetchPartition, FetchRequest, IsolationLevel, ListOffsetsPartition, ListOffsetsRequest, OffsetSpec};
use api::{ReplicaState, Request};
use base::{BlockMap, BlockSet, BrokerId, LeaderEpoch, Offset, Shared, TopicIdPartition};
use port::{BrokerLine, Cx};

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
    pub(crate) sent: Option<(LeaderEpoch, Offset, LeaderEpoch)>,
}

/// Copies from one leader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fetcher {
    pub(crate) partitions: BlockMap<TopicIdPartition, Followed>,
    /// What the next request has to name.
    pub(crate) changed: BlockSet<TopicIdPartition>,
    pub(crate) forgotten: BlockSet<TopicIdPartition>,
    /// How many partitions are being fetched, so that nobody counts them.
    pub(crate) fetching: u32,
    pub(crate) session_id: i32,
    pub(crate) session_epoch: i32,
}

impl Fetcher {
    pub fn partitions(&self) -> &BlockMap<TopicIdPartition, Followed> {
        &self.partitions
    }

    pub(crate) fn set_status(&mut self, at: TopicIdPartition, status: FetchStatus) {
        let Some(followed) = self.partitions.get_mut(&at) else { return };
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

    fn leave_session(&mut self, at: TopicIdPartition) {
        self.changed.remove(&at);
        let was_sent = self.partitions.get_mut(&at).is_some_and(|followed| followed.sent.take().is_some());
        if was_sent {
            self.forgotten.insert(at);
        }
    }

    fn remove(&mut self, at: TopicIdPartition) {
        self.set_status(at, FetchStatus::Fenced);
        self.partitions.remove(&at);
    }

    /// The next request begins a new session and names everything.
    pub(crate) fn reset_session(&mut self) {
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

    /// The connection is gone, and with it the session.
    pub(crate) fn disconnected(&mut self) {
        self.session_id = 0;
        self.reset_session();
    }
}

impl Broker {
    /// Copies the partition from `leader` from now on, in `epoch`; from nobody else.
    pub(crate) fn follow(&mut self, at: TopicIdPartition, leader: BrokerId, epoch: LeaderEpoch) {
        let known = self.fetchers.get(&leader).and_then(|fetcher| fetcher.partitions.get(&at));
        if known.is_some_and(|followed| followed.leader_epoch == epoch) {
            return;
        }
        self.unfollow(at);
        let fetcher = self.fetchers.get_or_insert_with(leader, || Shared::new(Fetcher::default()));
        let followed = Followed { leader_epoch: epoch, status: FetchStatus::Fenced, sent: None };
        fetcher.partitions.insert(at, followed);
        fetcher.set_status(at, FetchStatus::Fetching);
    }

    /// Copies the partition no more.
    pub(crate) fn unfollow(&mut self, at: TopicIdPartition) {
        self.wires.timers.cancel(&Timer::FetchBackoff(at));
        let leaders: Vec<BrokerId> = self
            .fetchers
            .iter()
            .filter(|(_, fetcher)| fetcher.partitions.contains_key(&at))
            .map(|(leader, _)| *leader)
            .collect();
        for leader in leaders {
            let Some(fetcher) = self.fetchers.get_mut(&leader) else { continue };
            fetcher.remove(at);
        }
    }

    /// After a change of the metadata: fetchers with nothing to do go, the others get on.
    pub(crate) fn pump_fetchers(&mut self, cx: &mut Cx<'_>) {
        let leaders: Vec<BrokerId> = self.fetchers.keys().copied().collect();
        for leader in leaders {
            if self.fetchers.get(&leader).is_some_and(|fetcher| fetcher.partitions.is_empty()) {
                self.stop_fetcher(cx, leader);
            } else {
                self.pump_fetcher(cx, leader);
            }
        }
    }

    fn stop_fetcher(&mut self, cx: &mut Cx<'_>, leader: BrokerId) {
        self.fetchers.remove(&leader);
        self.wires.lines.remove(cx, &mut self.wires.timers, BrokerLine::Leader(leader));
    }

    /// Sends the next request to a leader, connecting first where needed.
    pub(crate) fn pump_fetcher(&mut self, cx: &mut Cx<'_>, leader: BrokerId) {
        if !self.fetchers.contains_key(&leader) {
            return;
        }
        let line = BrokerLine::Leader(leader);
        if !self.wires.has_connection(line) {
            let Some(endpoint) = self.image.broker(leader).map(|broker| broker.endpoint.clone()) else { return };
            self.wires.know(line, &endpoint);
        }
        if !self.wires.ready(cx, line) {
            return;
        }
        match self.next_fetcher_request(leader) {
            Some((request, asked)) => self.wires.send(cx, line, request, asked),
            // A number is taken before the fetcher knows that it has nothing to ask.
            None => _ = self.wires.lines.skip_number(),
        }
    }

    fn next_fetcher_request(&mut self, leader: BrokerId) -> Option<(Request, Asked)> {
        let fetcher = self.fetchers.get(&leader)?;
        let asks_for_offsets = fetcher.partitions.len() as u32 != fetcher.fetching
            && fetcher.partitions.values().any(|followed| followed.status == FetchStatus::AskingForOffsets);
        if asks_for_offsets {
            return Some((self.list_offsets_request(leader)?, Asked::ListOffsets));
        }
        if fetcher.fetching == 0 {
            return None;
        }
        Some((self.fetch_request(leader)?, Asked::Fetch))
    }

    /// The next fetch: everything in a new session, what changed in an old one.
    fn fetch_request(&mut self, leader: BrokerId) -> Option<Request> {
        let replication = self.wires.config.replication.clone();
        let replica = ReplicaState { id: self.id(), epoch: self.lifecycle.broker_epoch() };
        let partitions_here = &self.partitions;
        let fetcher = &mut **self.fetchers.get_mut(&leader)?;
        let mut partitions = Vec::with_capacity(fetcher.changed.len());
        for at in fetcher.changed.iter() {
            let (Some(followed), Some(partition)) = (fetcher.partitions.get_mut(at), partitions_here.get(at)) else {
                continue;
            };
            let wanted = (followed.leader_epoch, partition.log_end(), partition.last_fetched_epoch());
            followed.sent = Some(wanted);
            partitions.push(FetchPartition {
                topic: at.topic,
                partition: at.partition,
                current_leader_epoch: wanted.0,
                fetch_offset: wanted.1,
                last_fetched_epoch: wanted.2,
                log_start_offset: partition.log().log_start(),
                max_bytes: replication.fetch_max_bytes,
            });
        }
        let forgotten = fetcher.forgotten.iter().map(|at| (at.topic, at.partition)).collect();
        fetcher.changed.clear();
        fetcher.forgotten.clear();
        Some(Request::Fetch(FetchRequest {
            replica: Some(replica),
            cluster_id: None,
            max_wait: replication.fetch_wait_max,
            min_bytes: replication.fetch_min_bytes,
            max_bytes: replication.fetch_response_max_bytes,
            isolation: IsolationLevel::ReadUncommitted,
            session_id: fetcher.session_id,
            session_epoch: fetcher.session_epoch,
            partitions,
            forgotten,
            rack: None,
        }))
    }

    /// Asks the leader where its logs begin and end, for partitions whose offset it does not have.
    fn list_offsets_request(&self, leader: BrokerId) -> Option<Request> {
        let fetcher = self.fetchers.get(&leader)?;
        let asking = fetcher.partitions.iter().filter(|(_, followed)| followed.status == FetchStatus::AskingForOffsets);
        let ask = |(at, followed): (&TopicIdPartition, &Followed)| {
            let name = self.partitions.get(at)?.name();
            let question = |spec| ListOffsetsPartition {
                topic: name.topic.clone(),
                partition: name.partition,
                current_leader_epoch: followed.leader_epoch,
                spec,
            };
            Some([question(OffsetSpec::Latest), question(OffsetSpec::Earliest)])
        };
        Some(Request::ListOffsets(ListOffsetsRequest {
            replica: Some(self.id()),
            isolation: IsolationLevel::ReadUncommitted,
            partitions: asking.filter_map(ask).flatten().collect(),
        }))
    }

    pub(crate) fn fetch_backoff_over(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        let waiting = self.fetchers.iter().find(|(_, fetcher)| fetcher.partitions.contains_key(&at));
        let Some(leader) = waiting.map(|(leader, _)| *leader) else { return };
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.set_status(at, FetchStatus::Fetching);
        }
        self.pump_fetcher(cx, leader);
    }
}
