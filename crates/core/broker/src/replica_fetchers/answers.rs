//! What a follower does with its leader's answers: append, cut, start over, back off.
//!
//! Kafka: `AbstractFetcherThread.processFetchRequest`, `fetchOffsetAndTruncate`; semantics §6.1.

use super::{Following, ReplicaFetchers};
use crate::replica_fetcher::{FetchStatus, Followed};
use crate::replicas::Progress;
use crate::timer::Timer;
use crate::wires::{Asked, Wires};
use api::{FetchPartitionResponse, FetchResponse, ListOffsetsPartitionResponse, ListOffsetsResponse, Response};
use base::{BrokerId, ErrorCode, Offset, TopicIdPartition};
use port::{BrokerLine, Cx};

/// Was it an answer to what was asked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Sense {
    Made,
    /// An answer to something else: no leader to copy from.
    None(BrokerLine),
}

/// An answer, and to what.
pub(crate) struct Answered<'a> {
    pub(crate) to: Asked,
    pub(crate) response: &'a Response,
}

/// A partition and whom it is copied from.
#[derive(Clone, Copy)]
struct Copied {
    leader: BrokerId,
    at: TopicIdPartition,
}

impl ReplicaFetchers {
    /// A leader answered.
    pub(crate) fn on_answer(
        &mut self,
        cx: &mut Cx<'_>,
        following: &mut Following<'_>,
        leader: BrokerId,
        answer: Answered<'_>,
    ) -> Sense {
        match (answer.to, answer.response) {
            (Asked::Fetch, Response::Fetch(answer)) => self.on_fetched(cx, following, leader, answer),
            (Asked::ListOffsets, Response::ListOffsets(answer)) => self.on_offsets(cx, following, leader, answer),
            (Asked::Fetch | Asked::ListOffsets | Asked::Controller(_), _) => {
                return Sense::None(BrokerLine::Leader(leader));
            }
        }
        self.pump(cx, following, leader);
        Sense::Made
    }

    /// An error of the whole answer is one of the session: it begins anew.
    fn on_fetched(&mut self, cx: &mut Cx<'_>, following: &mut Following<'_>, leader: BrokerId, answer: &FetchResponse) {
        let fetcher = self.fetchers.get_mut(&leader).expect("a fetcher that stops takes its line with it");
        if answer.error.is_error() {
            return fetcher.session_lost();
        }
        fetcher.session_answered(answer.session_id);
        for part in &answer.partitions {
            self.on_fetched_partition(cx, following, leader, part);
        }
    }

    /// Only an answer to what the replica is now counts: epoch and offset are compared with what was asked.
    fn on_fetched_partition(
        &mut self,
        cx: &mut Cx<'_>,
        following: &mut Following<'_>,
        leader: BrokerId,
        part: &FetchPartitionResponse,
    ) {
        let at = TopicIdPartition { topic: part.topic, partition: part.partition };
        // The metadata took it from this leader after it was asked for, or the leader names what nobody asked for.
        let Some(followed) = self.followed(leader, at) else { return };
        // It waits for something else than data, or began anew since: the next fetch will say where it stands.
        let Some((epoch, offset)) = followed.asked().filter(|_| followed.status == FetchStatus::Fetching) else {
            return;
        };
        // What came for an earlier part that the replica played is nothing any more.
        let is_current = following.replicas.get(at).is_some_and(|partition| {
            !partition.is_leader() && partition.leader_epoch() == epoch && partition.log_end() == offset
        });
        if !is_current {
            return;
        }
        if part.error == ErrorCode::OffsetOutOfRange {
            self.set_status(leader, at, FetchStatus::AskingForOffsets);
        } else if part.error == ErrorCode::FencedLeaderEpoch {
            self.set_status(leader, at, FetchStatus::Fenced);
        } else if part.error.is_error() {
            self.back_off(cx, following.wires, Copied { leader, at });
        } else {
            let progress = following.replicas.replicate(cx, at, part);
            self.go_on(cx, following.wires, Copied { leader, at }, progress);
        }
    }

    fn followed(&self, leader: BrokerId, at: TopicIdPartition) -> Option<Followed> {
        self.fetchers.get(&leader)?.partitions().get(&at).copied()
    }

    /// What moved is named in the next fetch; what failed is tried again later.
    fn go_on(&mut self, cx: &Cx<'_>, wires: &mut Wires, copied: Copied, progress: Progress) {
        match progress {
            Progress::Moved => self.set_status(copied.leader, copied.at, FetchStatus::Fetching),
            Progress::Unmoved => {}
            Progress::Failed => self.back_off(cx, wires, copied),
        }
    }

    /// replica.fetch.backoff.ms, for this partition alone.
    fn back_off(&mut self, cx: &Cx<'_>, wires: &mut Wires, copied: Copied) {
        self.set_status(copied.leader, copied.at, FetchStatus::BackingOff);
        wires.timers.set(Timer::FetchBackoff(copied.at), cx.now + wires.config.replication.fetch_backoff);
    }

    /// Latest and earliest offsets of the leader, in pairs.
    fn on_offsets(
        &mut self,
        cx: &mut Cx<'_>,
        following: &mut Following<'_>,
        leader: BrokerId,
        answer: &ListOffsetsResponse,
    ) {
        for pair in answer.partitions.chunks_exact(2) {
            let [latest, earliest] = pair else { unreachable!("chunks of two have two") };
            // The topic was deleted while the question was under way.
            let Some(topic) = following.image.topic_id(&latest.topic) else { continue };
            let at = TopicIdPartition { topic, partition: latest.partition };
            let followed = self.followed(leader, at);
            if followed.is_some_and(|followed| followed.status == FetchStatus::AskingForOffsets) {
                let progress = match bounds(latest, earliest) {
                    Some((earliest, latest)) => following.replicas.enter_bounds(cx, at, earliest, latest),
                    None => Progress::Failed,
                };
                self.go_on(cx, following.wires, Copied { leader, at }, progress);
            }
        }
    }
}

/// Where a leader's log begins and ends, if it said so.
fn bounds(latest: &ListOffsetsPartitionResponse, earliest: &ListOffsetsPartitionResponse) -> Option<(Offset, Offset)> {
    let failed = latest.error.is_error() || earliest.error.is_error() || latest.offset == Offset::UNDEFINED;
    (!failed).then_some((earliest.offset, latest.offset))
}
