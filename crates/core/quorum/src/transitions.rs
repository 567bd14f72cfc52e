//! From one role to the next. Kafka: `QuorumState`'s transitions and the polls that lead to them.
//!
//! Every transition writes `quorum-state` before anything of it can leave the node.

use crate::committed::QuorumOutput;
use crate::election_state::ElectionState;
use crate::leader_state::LeaderState;
use crate::quorum::{Life, Membership, Quorum, QuorumTimer, quorum_state_file};
use crate::role::{FollowerState, ResignedState, Role, Votes};
use base::{BrokerId, Draw, ErrorCode, FlatSet, LeaderEpoch, Span, Time};
use port::{Cx, KafkaFact, Mutant};

impl Quorum {
    /// Drawn from T to twice T, so that two candidates rarely collide twice.
    pub(crate) fn election_timeout(&self, cx: &mut Cx<'_>) -> Span {
        let timeout = self.settings.election_timeout;
        let millis = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
        timeout + Span::from_millis(u64::from(cx.rng.below(millis)))
    }

    /// Takes a new role, persistently, and lets go of what belonged to the old one.
    pub(crate) fn enter(&mut self, cx: &mut Cx<'_>, election: ElectionState, role: Role) {
        let lost = self.is_leader().then_some(self.election.epoch);
        self.forget_requests();
        for timer in [
            QuorumTimer::Election,
            QuorumTimer::FetchTimeout,
            QuorumTimer::CheckQuorum,
            QuorumTimer::BeginQuorumEpoch,
            QuorumTimer::AppendLinger,
        ] {
            self.timers.cancel(&timer);
        }
        self.election = election;
        self.role = role;
        self.persist(cx);
        // What it accepted and did not write is lost; those who wait for it hear from the controller.
        if let Some(epoch) = lost {
            self.pending = Default::default();
            self.outputs.push(QuorumOutput::LostLeadership { epoch });
            self.answer_all_parked(cx, ErrorCode::NotLeaderOrFollower);
        }
        let (role, epoch, leader) = (self.role.kind(), election.epoch, self.leader());
        cx.fact(|| KafkaFact::QuorumRoleChanged { role, epoch, leader });
        self.announce_leader();
    }

    /// Answers to what was asked in the old role no longer count.
    fn forget_requests(&mut self) {
        for node in self.peers.nodes() {
            self.timers.cancel(&QuorumTimer::RetryBackoff(node));
            self.peers.lines.forget_requests(&mut self.timers, node);
        }
    }

    fn announce_leader(&mut self) {
        let leader = self.leader();
        let epoch = self.election.epoch;
        if self.announced == Some((leader, epoch)) {
            return;
        }
        self.announced = Some((leader, epoch));
        let leader = leader.and_then(|id| Some((id, self.voters.endpoint(id)?.clone())));
        self.outputs.push(QuorumOutput::LeaderChanged { leader, epoch });
    }

    /// Before anybody can hear of it: a vote that is forgotten in a crash could be given twice.
    pub(crate) fn persist(&mut self, cx: &mut Cx<'_>) {
        let state = self.to_persist();
        if self.persisted == Some(state) {
            return;
        }
        self.persisted = Some(state);
        let content = state.to_bytes(self.voters.ids());
        let written = cx.store.replace(&quorum_state_file(), content);
        self.or_fail(cx, written.map_err(|_| ErrorCode::KafkaStorageError));
    }

    /// What survives a restart; the mutant forgets its vote.
    fn to_persist(&self) -> ElectionState {
        let voted = self.election.voted.filter(|_| !self.switches.breaks(Mutant::VoteNotPersisted));
        ElectionState { voted, ..self.election }
    }

    /// Into `epoch`, in which no leader is known yet.
    pub(crate) fn become_unattached(&mut self, cx: &mut Cx<'_>, epoch: LeaderEpoch) {
        let deadline = self.unattached_deadline(cx);
        let voted = self.election.voted.filter(|_| epoch == self.election.epoch);
        self.enter(cx, ElectionState { epoch, leader: None, voted }, Role::Unattached);
        if self.membership == Membership::Voter {
            self.timers.set(QuorumTimer::Election, deadline);
        }
    }

    /// A running election timeout is kept, unless the voters have just said no.
    /// To begin it anew at each higher epoch would let voters that raise epochs keep all others from electing.
    fn unattached_deadline(&self, cx: &mut Cx<'_>) -> Time {
        let keeps = match &self.role {
            Role::Unattached | Role::Candidate(_) | Role::Resigned(_) => true,
            Role::Prospective(votes) => !votes.is_rejected(self.voters.len()),
            Role::Follower(_) | Role::Leader(_) => false,
        };
        if keeps {
            return self.timers.deadline(&QuorumTimer::Election).unwrap_or(cx.now);
        }
        let timeout = self.election_timeout(cx);
        cx.now + timeout
    }

    /// Whoever leads a newer epoch, or this one, is followed.
    pub(crate) fn become_follower(&mut self, cx: &mut Cx<'_>, epoch: LeaderEpoch, leader: BrokerId) {
        let voted = self.election.voted.filter(|_| epoch == self.election.epoch);
        let election = ElectionState { epoch, leader: Some(leader), voted };
        self.enter(cx, election, Role::Follower(FollowerState::default()));
        self.timers.set(QuorumTimer::FetchTimeout, cx.now + self.settings.fetch_timeout);
    }

    /// Asks around before it disturbs anybody (KIP-996).
    pub(crate) fn become_prospective(&mut self, cx: &mut Cx<'_>) {
        let timeout = self.election_timeout(cx);
        self.enter(cx, self.election, Role::Prospective(Votes::for_self(self.node)));
        self.timers.set(QuorumTimer::Election, cx.now + timeout);
        self.move_on_if_granted(cx);
    }

    /// A new epoch, and the own vote with it. Only after a pre-vote was won (KIP-996).
    fn become_candidate(&mut self, cx: &mut Cx<'_>) {
        let timeout = self.election_timeout(cx);
        let epoch = LeaderEpoch(self.election.epoch.0 + 1);
        let election = ElectionState { epoch, leader: None, voted: Some(self.node) };
        self.enter(cx, election, Role::Candidate(Votes::for_self(self.node)));
        self.timers.set(QuorumTimer::Election, cx.now + timeout);
        self.move_on_if_granted(cx);
    }

    /// A nominee with a majority takes the next step: prospective, candidate, leader.
    pub(crate) fn move_on_if_granted(&mut self, cx: &mut Cx<'_>) {
        let voters = self.voters.len();
        if self.life == Life::Failed || !self.role.votes().is_some_and(|votes| votes.is_granted(voters)) {
            return;
        }
        match &self.role {
            Role::Prospective(_) => self.become_candidate(cx),
            Role::Candidate(votes) => {
                let granting = votes.granted.clone();
                self.become_leader(cx, granting);
            }
            Role::Unattached | Role::Follower(_) | Role::Leader(_) | Role::Resigned(_) => {}
        }
    }

    /// It knows what is in its log and not yet what of that is committed.
    fn become_leader(&mut self, cx: &mut Cx<'_>, granting: FlatSet<BrokerId>) {
        let epoch = self.election.epoch;
        let state = LeaderState::new(self.node, epoch, self.log.end(), self.voters.ids());
        let election = ElectionState { epoch, leader: Some(self.node), voted: None };
        self.enter(cx, election, Role::Leader(state));
        self.timers.set(QuorumTimer::BeginQuorumEpoch, cx.now + self.settings.begin_quorum_epoch_interval());
        if self.voters.len() > 1 {
            self.timers.set(QuorumTimer::CheckQuorum, cx.now + self.settings.check_quorum_timeout());
        }
        self.open_epoch(cx, &granting);
    }

    /// The leader gives up, in favour of whoever has most of the log.
    pub(crate) fn become_resigned(&mut self, cx: &mut Cx<'_>) {
        let Role::Leader(state) = &self.role else { unreachable!("only a leader resigns") };
        let preferred_successors = state.preferred_successors();
        let unacknowledged = preferred_successors.iter().copied().collect();
        let timeout = self.election_timeout(cx);
        self.enter(cx, self.election, Role::Resigned(ResignedState { preferred_successors, unacknowledged }));
        if self.life == Life::Running {
            self.timers.set(QuorumTimer::Election, cx.now + timeout);
        }
    }

    /// Nobody won: after a random pause anew, so that candidates do not split votes for ever.
    pub(crate) fn on_election_timeout(&mut self, cx: &mut Cx<'_>) {
        match &self.role {
            Role::Unattached if self.life == Life::Running => self.become_prospective(cx),
            Role::Prospective(_) => self.give_up_election(cx),
            // It waits out its timeout even when refused, then asks around again in the same epoch.
            Role::Candidate(_) => self.become_prospective(cx),
            // Nobody else took over: its old epoch is spent.
            Role::Resigned(_) if self.life == Life::Running => {
                self.become_unattached(cx, LeaderEpoch(self.election.epoch.0 + 1));
            }
            Role::Unattached | Role::Resigned(_) | Role::Follower(_) | Role::Leader(_) => {}
        }
    }

    /// A prospective voter that could not win goes back to its leader, if there is one.
    pub(crate) fn give_up_election(&mut self, cx: &mut Cx<'_>) {
        match self.election.leader {
            Some(leader) => self.become_follower(cx, self.election.epoch, leader),
            None => self.become_unattached(cx, self.election.epoch),
        }
    }

    /// The leader is silent. First the others are asked whether they think so, too (KIP-996).
    pub(crate) fn on_fetch_timeout(&mut self, cx: &mut Cx<'_>) {
        match (self.membership, &mut self.role) {
            (Membership::Voter, Role::Follower(_)) if self.life == Life::Running => self.become_prospective(cx),
            (Membership::Observer, Role::Follower(state)) => state.is_searching = true,
            (Membership::Voter | Membership::Observer, _) => {}
        }
    }

    /// Follows what a message says about epoch and leader, if it is news. Returns whether it was.
    /// Kafka: `KafkaRaftClient.maybeTransition`.
    pub(crate) fn learn(&mut self, cx: &mut Cx<'_>, epoch: LeaderEpoch, leader: Option<BrokerId>) -> bool {
        let leader = leader.filter(|leader| *leader != self.node && self.voters.contains(*leader));
        if epoch > self.election.epoch {
            match leader {
                Some(leader) => self.become_follower(cx, epoch, leader),
                None => self.become_unattached(cx, epoch),
            }
            return true;
        }
        match leader {
            Some(leader) if epoch == self.election.epoch && self.election.leader.is_none() => {
                self.become_follower(cx, epoch, leader);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Does the message contradict who leads this epoch?
    /// Two leaders of one epoch cannot be (K1), so whoever says so is not believed.
    pub(crate) fn contradicts(&self, epoch: LeaderEpoch, leader: BrokerId) -> bool {
        let other = self.election.leader.is_some_and(|known| known != leader);
        epoch == self.election.epoch && (other || leader == self.node)
    }
}
