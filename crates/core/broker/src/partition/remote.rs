//! What a leader knows about one of its followers: how far it has fetched, when it was last caught
//! up, and whether the cluster would take it into the ISR. Kafka: `Replica`, `ReplicaState`.
//!
//! A follower's position is only ever learnt from its own fetches (semantics §6.2).

use base::{Offset, Span, Time};

/// Does the metadata allow a broker to be in an ISR?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Registration {
    /// Alive, with this broker epoch.
    Active { broker_epoch: i64 },
    /// Registered, but fenced or in controlled shutdown.
    Inactive { broker_epoch: i64 },
    /// Not registered.
    Absent,
}

/// One follower as its leader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RemoteReplica {
    /// The offset of its last fetch; −1 until it fetches from this leader.
    pub log_end: Offset,
    pub log_start: Offset,
    /// `None`: never, as far as this leader knows.
    pub last_caught_up: Option<Time>,
    pub last_fetch: Option<Time>,
    /// The leader's log end at that fetch; −1 before the first.
    pub last_fetch_leader_end: Offset,
    /// From its last fetch; −1: it did not say. `None`: it never fetched.
    pub broker_epoch: Option<i64>,
    pub registration: Registration,
}

/// One fetch of a follower, as far as its leader's books go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FollowerFetch {
    pub offset: Offset,
    pub log_start: Offset,
    /// −1: not said.
    pub broker_epoch: i64,
    pub at: Time,
}

impl RemoteReplica {
    /// A follower that has not been heard of.
    pub fn unknown(registration: Registration) -> RemoteReplica {
        RemoteReplica {
            log_end: Offset::UNDEFINED,
            log_start: Offset::UNDEFINED,
            last_caught_up: None,
            last_fetch: None,
            last_fetch_leader_end: Offset::UNDEFINED,
            broker_epoch: None,
            registration,
        }
    }

    /// A new leader forgets where its followers stood and gives ISR members the benefit of the doubt.
    pub fn reset_for_new_leader(&mut self, in_sync_since: Option<Time>) {
        *self = RemoteReplica { last_caught_up: in_sync_since, ..RemoteReplica::unknown(self.registration) };
    }

    /// The same leader begins another epoch: positions stay, times begin anew.
    pub fn reset_for_new_epoch(&mut self, leader_end: Offset, in_sync_since: Option<Time>) {
        self.last_fetch_leader_end = leader_end;
        self.last_fetch = in_sync_since;
        self.last_caught_up = in_sync_since;
    }

    /// Notes a fetch. Caught up "now" if it asks for the leader's end; caught up at the previous
    /// fetch if it now asks for what was the end then.
    pub fn fetched(&mut self, fetch: FollowerFetch, leader_end: Offset) {
        if fetch.offset >= leader_end {
            self.last_caught_up = self.last_caught_up.max(Some(fetch.at));
        } else if fetch.offset >= self.last_fetch_leader_end {
            self.last_caught_up = self.last_caught_up.max(self.last_fetch);
        }
        self.log_end = fetch.offset;
        self.log_start = fetch.log_start;
        self.last_fetch_leader_end = self.last_fetch_leader_end.max(leader_end);
        self.last_fetch = Some(fetch.at);
        self.broker_epoch = Some(fetch.broker_epoch);
    }

    /// At the leader's end, or there not longer than `lag_max` ago.
    pub fn is_caught_up(&self, leader_end: Offset, now: Time, lag_max: Span) -> bool {
        self.log_end == leader_end || self.last_caught_up.is_some_and(|at| now.since(at) <= lag_max)
    }

    /// May it join the ISR as far as the cluster is concerned? The epoch of its last fetch must be
    /// that of the living registration, or a replica that lost its disk could come back in (KIP-903).
    pub fn is_isr_eligible(&self) -> bool {
        match (self.registration, self.broker_epoch) {
            (Registration::Active { broker_epoch }, Some(fetched)) => fetched == -1 || fetched == broker_epoch,
            (Registration::Active { .. }, None) | (Registration::Inactive { .. } | Registration::Absent, _) => false,
        }
    }

    /// Is a fetch that names `broker_epoch` from an earlier life of this broker?
    pub fn is_stale_epoch(&self, broker_epoch: i64) -> bool {
        match self.registration {
            Registration::Active { broker_epoch: known } => broker_epoch != -1 && known > broker_epoch,
            Registration::Inactive { .. } | Registration::Absent => false,
        }
    }
}
