//! What a leader knows of everybody who fetches from it, and the high watermark that follows from it.
//! Kafka: `LeaderState`; `V:raft_high_watermark`.

use base::{BrokerId, ConnectionId, FlatMap, FlatSet, LeaderEpoch, Offset, Time};

/// One epoch's leader's view of the voters and observers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeaderState {
    node: BrokerId,
    epoch: LeaderEpoch,
    /// Where this epoch's first record, the LeaderChange record, lies.
    epoch_start: Offset,
    high_watermark: Option<Offset>,
    voters: FlatMap<BrokerId, ReplicaProgress>,
    observers: FlatMap<BrokerId, ReplicaProgress>,
    /// Voters that have fetched since a majority last had.
    fetched: FlatSet<BrokerId>,
    /// Voters that are to be told of this leader at the next opportunity.
    pub(crate) to_be_told: FlatSet<BrokerId>,
}

/// How far one replica has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ReplicaProgress {
    /// The offset it asked for last: it has everything before. `None`: never heard of.
    pub log_end: Option<Offset>,
    pub last_fetch: Option<Time>,
    /// When it last had everything that the leader had.
    pub last_caught_up: Option<Time>,
    /// The leader's log end when it last fetched.
    leader_end_at_fetch: Offset,
    /// It has fetched or answered BeginQuorumEpoch in this epoch.
    pub has_acknowledged: bool,
    /// The high watermark in the last answer, and the connection that carried it: whoever connects
    /// anew may have forgotten it.
    told: Option<(ConnectionId, Offset)>,
}

/// What one fetch changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchOutcome {
    /// The new high watermark, if this fetch moved it.
    pub high_watermark: Option<Offset>,
    /// A majority of voters has fetched since the last time this was said.
    pub majority_fetched: bool,
}

impl LeaderState {
    /// A leader elected by `voters`, which begins to write at `epoch_start`.
    pub fn new(
        node: BrokerId,
        epoch: LeaderEpoch,
        epoch_start: Offset,
        voters: impl Iterator<Item = BrokerId>,
    ) -> LeaderState {
        let progress = |voter| ReplicaProgress { has_acknowledged: voter == node, ..ReplicaProgress::default() };
        let voters: FlatMap<_, _> = voters.map(|voter| (voter, progress(voter))).collect();
        let to_be_told = voters.keys().copied().filter(|&voter| voter != node).collect();
        LeaderState {
            node,
            epoch,
            epoch_start,
            high_watermark: None,
            voters,
            observers: FlatMap::new(),
            fetched: FlatSet::new(),
            to_be_told,
        }
    }

    /// In which it leads; there is one leader of an epoch at most.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// Its first offset in this epoch. Nothing below is committed by counting alone (Raft §5.4.2).
    pub fn epoch_start(&self) -> Offset {
        self.epoch_start
    }

    /// `None` until a record of this epoch is committed.
    pub fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark
    }

    /// The voters' progress, the leader's own included.
    pub fn voters(&self) -> &FlatMap<BrokerId, ReplicaProgress> {
        &self.voters
    }

    /// Those that fetch and do not count: brokers, and controllers that are no voters.
    pub fn observers(&self) -> &FlatMap<BrokerId, ReplicaProgress> {
        &self.observers
    }

    /// Installs another set of voters; what is known of their progress stays, those that left count as
    /// observers. Takes effect on the high watermark with the next progress
    /// (`LeaderState.updateVoterAndObserverStates`).
    pub fn set_voters(&mut self, voters: &FlatSet<BrokerId>) {
        let mut known = std::mem::take(&mut self.voters);
        known.append(&mut self.observers);
        for &voter in voters {
            self.voters.insert(voter, known.remove(&voter).unwrap_or_default());
        }
        self.observers = known;
        self.fetched.retain(|voter| voters.contains(voter));
        self.to_be_told.retain(|voter| voters.contains(voter));
    }

    /// The leader's own log now ends at `log_end`. Returns the new high watermark, if it moved.
    pub fn update_local_end(&mut self, log_end: Offset) -> Option<Offset> {
        let node = self.node;
        self.progress(node).log_end = Some(log_end);
        self.advance_high_watermark()
    }

    /// `replica` asks for what begins at `fetch_offset`, so it has stored everything before.
    pub fn record_fetch(&mut self, replica: BrokerId, fetch_offset: Offset, now: Time) -> FetchOutcome {
        let leader_end = self.voters.get(&self.node).and_then(|own| own.log_end).unwrap_or(self.epoch_start);
        let progress = self.progress(replica);
        if fetch_offset >= leader_end {
            progress.last_caught_up = Some(now);
        } else if progress.last_fetch.is_some() && fetch_offset >= progress.leader_end_at_fetch {
            progress.last_caught_up = progress.last_fetch;
        }
        progress.log_end = Some(fetch_offset);
        progress.last_fetch = Some(now);
        progress.leader_end_at_fetch = leader_end;
        progress.has_acknowledged = true;
        let is_voter = self.voters.contains_key(&replica);
        if is_voter {
            self.to_be_told.remove(&replica);
        }
        FetchOutcome {
            majority_fetched: is_voter && self.count_fetch(replica),
            high_watermark: if is_voter { self.advance_high_watermark() } else { None },
        }
    }

    /// Check quorum: has a majority, of which the leader itself is one, fetched?
    /// A leader that is cut off steps down, so that its clients stop waiting for what it cannot commit (KIP-595,
    /// `LeaderState.timeUntilCheckQuorumExpires`).
    fn count_fetch(&mut self, voter: BrokerId) -> bool {
        self.fetched.insert(voter);
        let own = usize::from(self.voters.contains_key(&self.node));
        let has_majority = self.fetched.len() + own > self.voters.len() / 2;
        if has_majority {
            self.fetched.clear();
        }
        has_majority
    }

    /// `voter` answered BeginQuorumEpoch.
    pub fn acknowledge(&mut self, voter: BrokerId) {
        if let Some(progress) = self.voters.get_mut(&voter) {
            progress.has_acknowledged = true;
        }
    }

    /// Voters that have not fetched since `since` are to be told of this leader (again).
    pub(crate) fn tell_silent_voters(&mut self, since: Time) {
        let is_silent = |progress: &ReplicaProgress| progress.last_fetch.is_none_or(|last| last <= since);
        let node = self.node;
        let silent = self.voters.iter().filter(|(voter, progress)| **voter != node && is_silent(progress));
        self.to_be_told = silent.map(|(voter, _)| *voter).collect();
    }

    /// The other voters, those with the longest logs first.
    pub fn preferred_successors(&self) -> Vec<BrokerId> {
        let mut others: Vec<_> = self.voters.iter().filter(|(voter, _)| **voter != self.node).collect();
        base::sort_by_key(&mut others, |(voter, progress)| (std::cmp::Reverse(progress.log_end), **voter));
        others.into_iter().map(|(voter, _)| *voter).collect()
    }

    /// Does `replica` not know the high watermark yet (KIP-1166)?
    pub(crate) fn has_news_for(&self, replica: BrokerId, connection: ConnectionId) -> bool {
        let told = self.known(replica).and_then(|progress| progress.told);
        let told = told.filter(|(on, _)| *on == connection).map(|(_, high_watermark)| high_watermark);
        self.high_watermark > told
    }

    /// It knows the newest high watermark now, on that connection.
    pub(crate) fn told(&mut self, replica: BrokerId, connection: ConnectionId) {
        let high_watermark = self.high_watermark;
        self.progress(replica).told = high_watermark.map(|high_watermark| (connection, high_watermark));
    }

    fn known(&self, replica: BrokerId) -> Option<&ReplicaProgress> {
        self.voters.get(&replica).or_else(|| self.observers.get(&replica))
    }

    fn progress(&mut self, replica: BrokerId) -> &mut ReplicaProgress {
        match self.voters.get_mut(&replica) {
            Some(progress) => progress,
            None => self.observers.entry(replica).or_default(),
        }
    }

    /// The largest offset that a majority of voters has stored, but only beyond the start of this
    /// epoch: older records are committed through the epoch's own first record (K6). Never back.
    fn advance_high_watermark(&mut self) -> Option<Offset> {
        let mut ends: Vec<Option<Offset>> = self.voters.values().map(|progress| progress.log_end).collect();
        base::sort_by(&mut ends, |a, b| b.cmp(a));
        let candidate = ends.get(self.voters.len() / 2).copied().flatten()?;
        if candidate <= self.epoch_start || self.high_watermark.is_some_and(|current| candidate <= current) {
            return None;
        }
        self.high_watermark = Some(candidate);
        self.high_watermark
    }
}
