//! The reader's half of a fetch session with one broker (KIP-227): what the broker knows already is
//! not said again, and what is no longer wanted is taken back. Kafka: `FetchSessionHandler`.
//!
//! A first request is full and asks for a session; a broker may refuse one, and every request is a
//! full one then. The broker's half is another crate's business.

use api::{FetchPartition, FetchResponse};
use base::{ErrorCode, FlatMap, PartitionId, TopicId};

/// By id: a topic that was deleted and made anew is another one to a session.
type At = (TopicId, PartitionId);

/// A session with one broker, or the wish for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FetchSession {
    /// 0: none yet.
    id: i32,
    /// Of the next request; 0: it is full.
    epoch: i32,
    /// Partitions as the broker knows them.
    partitions: FlatMap<At, FetchPartition>,
}

/// What goes into the next request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct NextFetch {
    /// 0: a new one is wanted.
    pub session_id: i32,
    /// Counts requests, so that the broker notices one that was lost.
    pub session_epoch: i32,
    /// New ones, and those of which something has changed.
    pub partitions: Vec<FetchPartition>,
    /// What the broker need not look at any more.
    pub forgotten: Vec<At>,
}

impl FetchSession {
    /// The session's number; 0: there is none.
    pub fn id(&self) -> i32 {
        self.id
    }

    /// Partitions that the broker knows.
    pub fn partitions(&self) -> u32 {
        self.partitions.len() as u32
    }

    /// The request that makes the broker's list equal to `wanted`.
    pub(super) fn next(&mut self, wanted: Vec<FetchPartition>) -> NextFetch {
        let (session_id, session_epoch) = (self.id, self.epoch);
        let names = |(at, each): (&At, &FetchPartition)| *at == (each.topic, each.partition);
        if self.partitions.len() == wanted.len() && self.partitions.keys().zip(&wanted).all(names) {
            return NextFetch { session_id, session_epoch, partitions: self.changed(wanted), forgotten: Vec::new() };
        }
        let known = std::mem::take(&mut self.partitions);
        for each in &wanted {
            self.partitions.insert((each.topic, each.partition), *each);
        }
        if session_epoch == 0 {
            return NextFetch { session_id, session_epoch, partitions: wanted, forgotten: Vec::new() };
        }
        let differs = |each: &FetchPartition| known.get(&(each.topic, each.partition)) != Some(each);
        let partitions = wanted.into_iter().filter(differs).collect();
        let forgotten = known.keys().filter(|at| !self.partitions.contains_key(at)).copied().collect();
        NextFetch { session_id, session_epoch, partitions, forgotten }
    }

    /// Of the partitions that the broker knows, all of them and in order, those that it has to be told: all at first.
    fn changed(&mut self, mut wanted: Vec<FetchPartition>) -> Vec<FetchPartition> {
        let (is_full, mut known) = (self.epoch == 0, self.partitions.values_mut());
        wanted.retain(|each| {
            let known = known.next();
            let differs = known.as_deref() != Some(each);
            if let Some(known) = known {
                *known = *each;
            }
            is_full || differs
        });
        wanted
    }

    /// The broker answered.
    pub(super) fn answered(&mut self, answer: &FetchResponse) {
        match (answer.error, answer.session_id) {
            (ErrorCode::None, 0) | (ErrorCode::FetchSessionIdNotFound, _) => *self = FetchSession::default(),
            (ErrorCode::None, id) => {
                self.id = id;
                self.epoch = self.epoch.checked_add(1).unwrap_or(1);
            }
            (_, _) => self.lost(),
        }
    }

    /// Nobody knows what the broker knows: the next request ends this session and begins another.
    pub(super) fn lost(&mut self) {
        self.epoch = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{LeaderEpoch, Offset};

    fn at(partition: PartitionId, offset: i64) -> FetchPartition {
        FetchPartition {
            topic: TopicId(1),
            partition,
            current_leader_epoch: LeaderEpoch(0),
            fetch_offset: Offset(offset),
            last_fetched_epoch: LeaderEpoch::UNDEFINED,
            log_start_offset: Offset::UNDEFINED,
            max_bytes: 1,
        }
    }

    fn answer(error: ErrorCode, session_id: i32) -> FetchResponse {
        FetchResponse { error, session_id, partitions: Vec::new(), node_endpoints: Vec::new() }
    }

    #[test]
    fn a_session_says_only_what_changed() {
        let mut session = FetchSession::default();
        let first = session.next(vec![at(0, 5), at(1, 5)]);
        assert_eq!((first.session_id, first.session_epoch, first.partitions.len()), (0, 0, 2));
        session.answered(&answer(ErrorCode::None, 7));
        let second = session.next(vec![at(1, 6), at(2, 0)]);
        assert_eq!((second.session_id, second.session_epoch), (7, 1));
        assert_eq!((second.partitions, second.forgotten), (vec![at(1, 6), at(2, 0)], vec![(TopicId(1), 0)]));
        session.answered(&answer(ErrorCode::None, 7));
        let third = session.next(vec![at(1, 6), at(2, 0)]);
        assert_eq!((third.session_epoch, third.partitions, third.forgotten), (2, Vec::new(), Vec::new()));
    }

    #[test]
    fn after_trouble_everything_is_said_again() {
        let mut session = FetchSession::default();
        session.next(vec![at(0, 5)]);
        session.answered(&answer(ErrorCode::None, 7));
        session.lost();
        let full = session.next(vec![at(0, 5)]);
        assert_eq!((full.session_id, full.session_epoch, full.partitions.len()), (7, 0, 1));
        session.answered(&answer(ErrorCode::FetchSessionIdNotFound, 0));
        assert_eq!((session.id, session.epoch), (0, 0));
        session.next(vec![at(0, 5)]);
        session.answered(&answer(ErrorCode::None, 0));
        assert_eq!((session.id, session.next(vec![at(0, 5)]).session_epoch), (0, 0), "this broker keeps no sessions");
        let mut worn = FetchSession { id: 7, epoch: i32::MAX, ..FetchSession::default() };
        worn.answered(&answer(ErrorCode::None, 7));
        assert_eq!(worn.epoch, 1);
    }
}
