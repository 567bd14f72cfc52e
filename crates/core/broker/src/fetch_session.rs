//! Fetch sessions: what each reader wants, so that requests and answers name only what changed, and
//! which partitions may have news for it, so that an event costs what it changes and no more.
//!
//! Kafka: `FetchSession`, `FetchManager` (KIP-227). A fetch outside of any session gets one of its
//! own under a negative number, which ends with its answer. Unlike Kafka's, a session ends with its
//! connection: clients begin a new one after a disconnect anyway.

use api::{FetchPartition, FetchRequest, IsolationLevel, ReplicaState};
use base::{
    BlockMap, BrokerId, ConnectionId, ErrorCode, FlatMap, FlatSet, LeaderEpoch, Offset, Shared, Time, TopicIdPartition,
};
use port::ReplyTo;

/// max.incremental.fetch.session.cache.slots; with more readers the rest fetch without sessions.
const SLOTS: usize = 1_000;

/// One partition as a reader wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Watched {
    /// Its turn within the session; what gave data goes to the end.
    pub(crate) turn: u64,
    pub leader_epoch: LeaderEpoch,
    pub fetch_offset: Offset,
    pub last_fetched_epoch: LeaderEpoch,
    /// The follower's.
    pub log_start: Offset,
    pub max_bytes: i32,
    /// HW and log start as last told; `None`: nothing was told yet.
    pub(crate) told: Option<(Offset, Offset)>,
}

/// A partition of a session, as an answer looks at it.
pub(crate) type Turn = (TopicIdPartition, Watched);

/// A fetch that waits for enough bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParkedFetch {
    pub reply: ReplyTo,
    pub min_bytes: u64,
    pub max_bytes: u64,
}

/// One reader.
#[derive(Clone, Debug, Hash)]
pub struct FetchSession {
    /// The epoch of the next request.
    next_epoch: i32,
    /// A follower; `None`: a consumer.
    pub replica: Option<ReplicaState>,
    pub isolation: IsolationLevel,
    connection: ConnectionId,
    pub partitions: BlockMap<TopicIdPartition, Watched>,
    /// What may have news since it was last looked at.
    pub(crate) dirty: FlatSet<TopicIdPartition>,
    next_turn: u64,
    /// When the last request came.
    pub last_fetch: Time,
    pub parked: Option<ParkedFetch>,
    /// The next answer names every partition.
    pub(crate) answers_in_full: bool,
}

/// All readers, and who watches which partition.
#[derive(Clone, Debug, Default, Hash)]
pub struct FetchSessions {
    last_id: i32,
    last_passing: i32,
    sessions: FlatMap<i32, Shared<FetchSession>>,
    /// Sessions by partition, ascending. Lists that became empty stay: their reader comes back.
    watchers: BlockMap<TopicIdPartition, Vec<i32>>,
}

impl Watched {
    fn new(turn: u64, wanted: &FetchPartition) -> Watched {
        Watched {
            turn,
            leader_epoch: wanted.current_leader_epoch,
            fetch_offset: wanted.fetch_offset,
            last_fetched_epoch: wanted.last_fetched_epoch,
            log_start: wanted.log_start_offset,
            max_bytes: wanted.max_bytes,
            told: None,
        }
    }
}

impl FetchSession {
    fn new(request: &FetchRequest, connection: ConnectionId) -> FetchSession {
        FetchSession {
            next_epoch: 1,
            replica: request.replica,
            isolation: request.isolation,
            connection,
            partitions: BlockMap::new(),
            dirty: FlatSet::new(),
            next_turn: 0,
            last_fetch: Time::ZERO,
            parked: None,
            answers_in_full: true,
        }
    }

    /// Is the partition new to the session?
    fn watch(&mut self, at: TopicIdPartition, wanted: &FetchPartition) -> bool {
        let (next_turn, mut is_new) = (self.next_turn, false);
        let watched = self.partitions.get_or_insert_with(at, || {
            is_new = true;
            Watched::new(next_turn, wanted)
        });
        *watched = Watched { told: watched.told, ..Watched::new(watched.turn, wanted) };
        self.next_turn += u64::from(is_new);
        self.dirty.insert(at);
        is_new
    }

    /// Does the fetch that waits here belong to an earlier connection than the session?
    pub(crate) fn has_moved(&self) -> bool {
        self.parked.is_some_and(|parked| parked.reply.connection != self.connection)
    }

    /// How many partitions may have news.
    pub fn news(&self) -> u32 {
        self.dirty.len() as u32
    }

    /// What an answer has to look at, in turn.
    pub(crate) fn in_turn(&self) -> Vec<Turn> {
        let mut turns: Vec<Turn> = if self.answers_in_full {
            self.partitions.iter().map(|(at, watched)| (*at, *watched)).collect()
        } else {
            self.dirty.iter().filter_map(|at| Some((*at, *self.partitions.get(at)?))).collect()
        };
        base::sort_by_key(&mut turns, |(_, watched)| watched.turn);
        turns
    }

    /// What an answer said of a partition: HW and log start, if they were named, and whether there
    /// were records; such a partition goes last next time. Settled: there is nothing to say until
    /// there is news.
    pub(crate) fn answered(
        &mut self,
        at: TopicIdPartition,
        (told, gave_data): (Option<(Offset, Offset)>, bool),
        is_settled: bool,
    ) {
        if is_settled {
            self.dirty.remove(&at);
        }
        // What was not named is as it was told before.
        let Some(told) = told else { return };
        let watched = self.partitions.get_mut(&at).expect("an answer names what its session watches");
        watched.told = Some(told);
        if gave_data {
            watched.turn = self.next_turn;
            self.next_turn += 1;
        }
    }
}

impl FetchSessions {
    /// All sessions by number; negative ones last for one fetch.
    pub fn iter(&self) -> impl Iterator<Item = (i32, &FetchSession)> {
        self.sessions.iter().map(|(id, session)| (*id, &**session))
    }

    /// How many fetches wait.
    pub fn parked(&self) -> u32 {
        self.sessions.values().filter(|session| session.parked.is_some()).count() as u32
    }

    pub fn get(&self, id: i32) -> Option<&FetchSession> {
        self.sessions.get(&id).map(|session| &**session)
    }

    pub(crate) fn get_mut(&mut self, id: i32) -> Option<&mut FetchSession> {
        self.sessions.get_mut(&id).map(|session| &mut **session)
    }

    /// Checks what always holds of the books: a change of a partition finds whoever watches it. Costs as much as there are
    /// sessions and what may have news.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self) {
        for (id, session) in self.iter() {
            assert!(id > 0 || session.parked.is_some(), "fetch session {id} was for one fetch, which is over");
            for at in session.dirty.iter() {
                let watched = session.partitions.get(at);
                assert!(
                    watched.is_some_and(|watched| watched.turn < session.next_turn),
                    "{id} looks at {at:?} for nobody"
                );
                let found = self.watchers.get(at).is_some_and(|ids| ids.binary_search(&id).is_ok());
                assert!(found, "news of {at:?} would not reach fetch session {id}");
            }
        }
    }

    /// The session that a request continues or begins.
    ///
    /// # Errors
    /// `FetchSessionIdNotFound`, `InvalidFetchSessionEpoch`; the reader begins anew then.
    pub(crate) fn open(&mut self, request: &FetchRequest, connection: ConnectionId) -> Result<i32, ErrorCode> {
        if request.session_epoch > 0 {
            return self.continue_session(request, connection);
        }
        if request.session_id != 0 {
            self.remove(request.session_id);
        }
        let is_full = request.session_epoch == 0;
        if let (true, Some(replica)) = (is_full, request.replica) {
            self.remove_of_replica(replica.id);
        }
        let passing = !is_full || self.sessions.len() >= SLOTS;
        let id = if passing {
            self.last_passing = self.last_passing.checked_sub(1).unwrap_or(-1);
            self.last_passing
        } else {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            self.last_id
        };
        self.sessions.insert(id, Shared::new(FetchSession::new(request, connection)));
        Ok(id)
    }

    /// Fetches that wait in sessions which this request ends: their reader has come back on another connection, or another
    /// reader names its session.
    pub(crate) fn superseded(&self, request: &FetchRequest) -> Vec<ReplyTo> {
        if request.session_epoch > 0 {
            return Vec::new();
        }
        let replica = request.replica.filter(|_| request.session_epoch == 0).map(|replica| replica.id);
        let of_replica = |session: &FetchSession| replica.is_some() && session.replica.map(|is| is.id) == replica;
        let ends = |(id, session): &(i32, &FetchSession)| {
            (request.session_id != 0 && *id == request.session_id) || of_replica(session)
        };
        self.iter().filter(ends).filter_map(|(_, session)| Some(session.parked?.reply)).collect()
    }

    fn continue_session(&mut self, request: &FetchRequest, connection: ConnectionId) -> Result<i32, ErrorCode> {
        let id = request.session_id;
        // Numbers begin anew with each start of a broker, where Kafka draws them: a reader that has not noticed may name one
        // that is another reader's now, and goes on in it.
        let session = self.get_mut(id).ok_or(ErrorCode::FetchSessionIdNotFound)?;
        if session.next_epoch != request.session_epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        session.next_epoch = session.next_epoch.checked_add(1).unwrap_or(1);
        session.connection = connection;
        session.replica = request.replica;
        Ok(id)
    }

    /// A follower has one fetcher per leader: what it had before is over.
    fn remove_of_replica(&mut self, replica: BrokerId) {
        let is_of = |session: &FetchSession| session.replica.is_some_and(|state| state.id == replica);
        let old: Vec<i32> = self.iter().filter(|(_, session)| is_of(session)).map(|(id, _)| id).collect();
        for id in old {
            self.remove(id);
        }
    }

    /// Takes over what the request adds, changes and forgets.
    pub(crate) fn update(&mut self, id: i32, request: &FetchRequest, now: Time) {
        let session = &mut **self.sessions.get_mut(&id).expect("the request has opened its session");
        session.last_fetch = now;
        for wanted in &request.partitions {
            let at = TopicIdPartition { topic: wanted.topic, partition: wanted.partition };
            if !session.watch(at, wanted) {
                continue;
            }
            let ids = self.watchers.get_or_insert_with(at, Vec::new);
            if let Err(place) = ids.binary_search(&id) {
                ids.insert(place, id);
            }
        }
        for &(topic, partition) in &request.forgotten {
            let at = TopicIdPartition { topic, partition };
            session.partitions.remove(&at);
            session.dirty.remove(&at);
            unwatch(&mut self.watchers, at, id);
        }
    }

    /// Whoever watches the partition has to look at it again.
    pub(crate) fn mark_news(&mut self, at: TopicIdPartition) {
        for id in self.watchers.get(&at).into_iter().flatten() {
            if let Some(session) = self.sessions.get_mut(id) {
                session.dirty.insert(at);
            }
        }
    }

    /// Sessions that watch the partition and have a fetch parked.
    pub(crate) fn parked_on(&self, at: TopicIdPartition) -> impl Iterator<Item = (i32, &FetchSession, ParkedFetch)> {
        let ids = self.watchers.get(&at).into_iter().flatten();
        ids.filter_map(|id| {
            let session = self.get(*id)?;
            Some((*id, session, session.parked?))
        })
    }

    /// The followers that watch the partition, and when each was heard of last.
    pub(crate) fn followers_of(&self, at: TopicIdPartition) -> impl Iterator<Item = (BrokerId, Time)> {
        let ids = self.watchers.get(&at).into_iter().flatten();
        ids.filter_map(|id| {
            let session = self.get(*id)?;
            Some((session.replica?.id, session.last_fetch))
        })
    }

    pub(crate) fn remove(&mut self, id: i32) -> Option<Shared<FetchSession>> {
        let session = self.sessions.remove(&id)?;
        for at in session.partitions.keys() {
            unwatch(&mut self.watchers, *at, id);
        }
        Some(session)
    }

    /// Ends the sessions of a connection that is gone; says which.
    pub(crate) fn remove_of_connection(&mut self, connection: ConnectionId) -> Vec<i32> {
        let gone: Vec<i32> =
            self.iter().filter(|(_, session)| session.connection == connection).map(|(id, _)| id).collect();
        for &id in &gone {
            self.remove(id);
        }
        gone
    }
}

fn unwatch(watchers: &mut BlockMap<TopicIdPartition, Vec<i32>>, at: TopicIdPartition, id: i32) {
    if let Some(ids) = watchers.get_mut(&at)
        && let Ok(place) = ids.binary_search(&id)
    {
        ids.remove(place);
    }
}
