//! Answering fetches of the metadata log: at once when there is something to say, otherwise when a
//! record is written, the high watermark moves or the time is over.
//! Kafka: `handleFetchRequest`, `tryCompleteFetchRequest`, `ThresholdPurgatory` (KIP-595, KIP-1166).

use crate::quorum::{Quorum, QuorumTimer};
use api::{
    EpochEndOffset, FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, LeaderIdAndEpoch, Response,
};
use base::{BrokerId, ConnectionId, ErrorCode, LeaderEpoch, Offset, TopicId};
use port::{Cx, ReplyTo};
use records::Batch;

/// A fetch that waits for something to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ParkedFetch {
    /// `None`: somebody who only reads.
    replica: Option<BrokerId>,
    fetch_offset: Offset,
    max_bytes: u64,
}

impl Quorum {
    /// Checks in the order of `KafkaRaftClient.handleFetchRequest`; a fetch of a voter also proves that it follows.
    pub(crate) fn on_fetch(&mut self, cx: &mut Cx<'_>, to: ReplyTo, request: &FetchRequest) {
        if request.cluster_id.as_ref().is_some_and(|cluster| *cluster != self.cluster_id) {
            return refuse(cx, to, ErrorCode::InconsistentClusterId);
        }
        let replica = request.replica.map(|replica| replica.id);
        let partition = match request.partitions.as_slice() {
            [only] if is_sound(only) && replica != Some(self.node) => only,
            _ => return refuse(cx, to, ErrorCode::InvalidRequest),
        };
        if let Err(error) = self.check_leader_only(partition.current_leader_epoch) {
            return self.answer(cx, to, Answer::error(error));
        }
        // What the follower has beyond that point is not this log's; its offset says nothing about how much it has of
        // this one, so it is not noted (KIP-595).
        if let Some(at) = self.log.divergence(partition.fetch_offset, partition.last_fetched_epoch) {
            return self.answer(cx, to, Answer { diverging: Some(at), ..Answer::default() });
        }
        if let Some(replica) = replica {
            self.note_fetch(cx, replica, partition.fetch_offset);
        }
        let max_bytes = partition.max_bytes.min(request.max_bytes).max(0) as u64;
        let fetch = ParkedFetch { replica, fetch_offset: partition.fetch_offset, max_bytes };
        if self.try_answer(cx, to, fetch) || self.is_shut_down() {
            return;
        }
        if request.max_wait.0 == 0 {
            return self.answer(cx, to, Answer { replica, ..Answer::default() });
        }
        self.parked.insert(to, fetch);
        self.timers.set(QuorumTimer::ParkedFetch(to), cx.now + request.max_wait);
    }

    /// Only the leader knows what is committed, and only in the epoch that the follower has heard of: an older one
    /// means that it has a new leader to learn of first. Kafka: `validateLeaderOnlyRequest`.
    fn check_leader_only(&self, epoch: LeaderEpoch) -> Result<(), ErrorCode> {
        match epoch.cmp(&self.election.epoch) {
            std::cmp::Ordering::Less => Err(ErrorCode::FencedLeaderEpoch),
            std::cmp::Ordering::Greater => Err(ErrorCode::UnknownLeaderEpoch),
            // Not unusual: observers ask anybody how the election went.
            std::cmp::Ordering::Equal if !self.is_leader() => Err(ErrorCode::NotLeaderOrFollower),
            std::cmp::Ordering::Equal => Ok(()),
        }
    }

    /// Who asks for an offset has stored everything before it.
    fn note_fetch(&mut self, cx: &mut Cx<'_>, replica: BrokerId, fetch_offset: Offset) {
        let now = cx.now;
        let state = self.role.leader_mut().expect("only a leader's epoch was accepted");
        let outcome = state.record_fetch(replica, fetch_offset, now);
        if outcome.majority_fetched {
            self.timers.set(QuorumTimer::CheckQuorum, now + self.settings.check_quorum_timeout());
        }
        if let Some(high_watermark) = outcome.high_watermark {
            self.on_high_watermark(cx, high_watermark);
            self.wake_parked(cx);
        }
    }

    /// Answers if there are records, or a high watermark that the replica does not know.
    /// Without the second a follower would learn only with the next record that the last one is committed (KIP-1166).
    fn try_answer(&mut self, cx: &mut Cx<'_>, to: ReplyTo, fetch: ParkedFetch) -> bool {
        let has_news = match (self.leader_state(), fetch.replica) {
            (Some(state), Some(replica)) => state.has_news_for(replica, to.connection),
            (Some(_) | None, _) => false,
        };
        if fetch.fetch_offset >= self.log.end() && !has_news {
            return false;
        }
        let read = self.log.read(cx.store, fetch.fetch_offset, fetch.max_bytes);
        // The disk fails, and with it this node: whoever asked loses the connection.
        let Some(records) = self.or_fail(cx, read) else { return false };
        self.answer(cx, to, Answer { records, replica: fetch.replica, ..Answer::default() });
        true
    }

    /// Something was written or committed: looks at every waiting fetch again.
    pub(crate) fn wake_parked(&mut self, cx: &mut Cx<'_>) {
        let waiting: Vec<(ReplyTo, ParkedFetch)> = self.parked.iter().map(|(to, fetch)| (*to, *fetch)).collect();
        for (to, fetch) in waiting {
            if self.try_answer(cx, to, fetch) {
                self.unpark(to);
            }
        }
    }

    /// It is answered now.
    fn unpark(&mut self, to: ReplyTo) -> Option<ParkedFetch> {
        self.timers.cancel(&QuorumTimer::ParkedFetch(to));
        self.parked.remove(&to)
    }

    /// It has waited long enough: an empty answer.
    pub(crate) fn answer_expired(&mut self, cx: &mut Cx<'_>, to: ReplyTo) {
        if let Some(fetch) = self.unpark(to) {
            self.answer(cx, to, Answer { replica: fetch.replica, ..Answer::default() });
        }
    }

    /// Leadership is gone: whoever waits has to look for the next leader.
    pub(crate) fn answer_all_parked(&mut self, cx: &mut Cx<'_>, error: ErrorCode) {
        let waiting: Vec<ReplyTo> = self.parked.keys().copied().collect();
        for to in waiting {
            self.unpark(to);
            self.answer(cx, to, Answer::error(error));
        }
    }

    /// Nobody is left to answer on that connection.
    pub(crate) fn forget_parked(&mut self, connection: ConnectionId) {
        let gone: Vec<ReplyTo> = self.parked.keys().copied().filter(|to| to.connection == connection).collect();
        for to in gone {
            self.unpark(to);
        }
    }

    /// Each answer names the leader and where it is reached, so that whoever asked the wrong one needs not ask again.
    fn answer(&mut self, cx: &mut Cx<'_>, to: ReplyTo, answer: Answer) {
        let high_watermark = self.leader_state().and_then(|state| state.high_watermark());
        let leader = self.leader();
        let partition = FetchPartitionResponse {
            topic: TopicId::METADATA,
            partition: 0,
            error: answer.error,
            high_watermark: high_watermark.unwrap_or(Offset::UNDEFINED),
            last_stable_offset: high_watermark.unwrap_or(Offset::UNDEFINED),
            log_start_offset: self.log.log().log_start(),
            diverging: answer.diverging,
            current_leader: Some(LeaderIdAndEpoch {
                leader: leader.unwrap_or(BrokerId::NONE),
                epoch: self.election.epoch,
            }),
            records: answer.records,
        };
        let endpoint = leader.and_then(|leader| Some((leader, self.voters.endpoint(leader)?.clone())));
        let response = FetchResponse {
            error: ErrorCode::None,
            session_id: 0,
            partitions: vec![partition],
            node_endpoints: endpoint.into_iter().collect(),
        };
        cx.respond(to, Response::Fetch(response));
        if let (Some(replica), Some(state)) = (answer.replica, self.role.leader_mut()) {
            state.told(replica, to.connection);
        }
    }
}

/// What is particular about one answer.
#[derive(Default)]
struct Answer {
    error: ErrorCode,
    diverging: Option<EpochEndOffset>,
    records: Vec<Batch>,
    /// Who learns the high watermark from it.
    replica: Option<BrokerId>,
}

impl Answer {
    fn error(error: ErrorCode) -> Answer {
        Answer { error, ..Answer::default() }
    }
}

fn is_sound(partition: &FetchPartition) -> bool {
    partition.topic == TopicId::METADATA
        && partition.partition == 0
        && partition.fetch_offset >= Offset::ZERO
        && partition.last_fetched_epoch.0 >= 0
}

/// An answer about the request as a whole.
fn refuse(cx: &mut Cx<'_>, to: ReplyTo, error: ErrorCode) {
    let response = FetchResponse { error, session_id: 0, partitions: Vec::new(), node_endpoints: Vec::new() };
    cx.respond(to, Response::Fetch(response));
}
