//! One node's part in the quorum: its state, how it boots, and which event goes where.
//!
//! Elections are in `vote` and `transitions`, following in `follower`, leading in `leader` and
//! `serve_fetch`. Kafka: `KafkaRaftClient`.

use crate::committed::QuorumOutput;
use crate::election_state::ElectionState;
use crate::leader::PendingRecords;
use crate::metadata_log::{METADATA_DIRECTORY, MetadataLog};
use crate::peers::Peers;
use crate::role::{ResignedState, Role, Votes};
use crate::serve_fetch::ParkedFetch;
use crate::settings::QuorumSettings;
use crate::voters::VoterSet;
use api::{Request, Response};
use base::{BrokerId, ConnectionId, Draw, ErrorCode, FlatMap, LeaderEpoch, Offset, Str, Time, TimerKey, TimerTable};
use net::{Answer, LineTimer, Outgoing, Wait};
use port::{CloseReason, Cx, KafkaFact, NodeSetup, ReplyTo, TestSwitches};

/// Has this node a vote?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Membership {
    /// A controller.
    Voter,
    /// A broker without the controller role: it fetches, nothing else.
    Observer,
}

/// What the quorum waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuorumTimer {
    /// Unattached: ask for an election. Nominee: this round failed. Resigned: move on.
    Election,
    /// The leader has been silent for too long.
    FetchTimeout,
    /// No majority has fetched from this leader for too long.
    CheckQuorum,
    BeginQuorumEpoch,
    AppendLinger,
    /// A peer owes an answer, or a connection.
    RequestTimeout(BrokerId),
    RetryBackoff(BrokerId),
    ReconnectBackoff(BrokerId),
    /// A fetch has waited for records long enough.
    ParkedFetch(ReplyTo),
    ShutDown,
}

impl TimerKey for QuorumTimer {}

impl From<LineTimer<BrokerId>> for QuorumTimer {
    fn from(timer: LineTimer<BrokerId>) -> QuorumTimer {
        match timer {
            LineTimer::Retry(node) => QuorumTimer::ReconnectBackoff(node),
            LineTimer::Setup(node) | LineTimer::Answer(node) => QuorumTimer::RequestTimeout(node),
        }
    }
}

/// Where the node stands between boot and exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Life {
    Running,
    /// A leader that hands over before it goes.
    ShuttingDown,
    /// Nothing more to do.
    ShutDown,
    /// The disk failed or the log contradicts a leader: Kafka halts.
    Failed,
}

/// A node's part in the quorum.
#[derive(Clone, Debug, Hash)]
pub struct Quorum {
    pub(crate) node: BrokerId,
    pub(crate) membership: Membership,
    pub(crate) cluster_id: Str,
    pub(crate) client_id: Str,
    pub(crate) voters: VoterSet,
    pub(crate) settings: QuorumSettings,
    pub(crate) life: Life,
    pub(crate) election: ElectionState,
    /// What `quorum-state` holds.
    pub(crate) persisted: Option<ElectionState>,
    pub(crate) role: Role,
    pub(crate) log: MetadataLog,
    /// `None` until a leader of this lifetime has told it.
    pub(crate) high_watermark: Option<Offset>,
    /// Committed records before this have been given to the process.
    pub(crate) handed_over: Offset,
    pub(crate) pending: PendingRecords,
    pub(crate) parked: FlatMap<ReplyTo, ParkedFetch>,
    pub(crate) peers: Peers,
    pub(crate) timers: TimerTable<QuorumTimer>,
    pub(crate) outputs: Vec<QuorumOutput>,
    /// The leader and epoch that the process was last told of.
    pub(crate) announced: Option<(Option<BrokerId>, LeaderEpoch)>,
    pub(crate) switches: TestSwitches,
}

impl Quorum {
    /// Reads log and `quorum-state` and takes the role that follows from them: whoever led before has
    /// resigned, whoever was a candidate still is one (`QuorumState.initialize`).
    pub fn boot(setup: &NodeSetup, cx: &mut Cx<'_>) -> Quorum {
        let voters = VoterSet::new(&setup.voters);
        let settings = QuorumSettings::resolve(&setup.overrides);
        let log = MetadataLog::open(cx.store, cx.wall, settings.log_segment_bytes);
        let log = log.expect("a node whose disk cannot be opened is not started");
        let switches = TestSwitches::from_overrides(&setup.overrides);
        let first_turn = cx.rng.below(voters.len() as u32);
        let mut quorum = Quorum {
            node: setup.node,
            membership: Membership::Observer,
            cluster_id: setup.cluster_id.clone(),
            client_id: format!("raft-client-{}", setup.node.0).into(),
            voters: VoterSet::default(),
            settings,
            life: Life::Running,
            election: ElectionState::default(),
            persisted: None,
            role: Role::Unattached,
            log,
            high_watermark: None,
            handed_over: Offset::ZERO,
            pending: PendingRecords::default(),
            parked: FlatMap::new(),
            peers: Peers::new(cx, first_turn, switches),
            timers: TimerTable::default(),
            outputs: Vec::new(),
            announced: None,
            switches,
        };
        quorum.install_voters(cx, voters);
        quorum.start(cx);
        quorum
    }

    /// Before anything else it reads whom it voted for: two votes in one epoch could make two leaders.
    fn start(&mut self, cx: &mut Cx<'_>) {
        let state = match cx.store.content(&quorum_state_file()) {
            Some(content) => ElectionState::parse(&content).ok_or(ErrorCode::KafkaStorageError),
            None => Ok(ElectionState::default()),
        };
        // A node that cannot know whom it voted for must not vote: it ends (`FileQuorumStateStore` throws).
        let Some(mut state) = self.or_fail(cx, state) else { return };
        self.persisted = Some(state);
        // The file was lost or is older than the log: the log's epoch is the least that this node has taken part in,
        // and whom it voted for in it nobody knows any more (`QuorumState.initialize`).
        if state.epoch < self.log.last_epoch() {
            state = ElectionState { epoch: self.log.last_epoch(), leader: None, voted: None };
        }
        // A voter of former times may find itself in its own file.
        if self.membership == Membership::Observer {
            state.leader = state.leader.filter(|leader| *leader != self.node);
            state.voted = None;
        }
        state.leader = state.leader.filter(|leader| self.voters.contains(*leader));
        self.enter(cx, state, self.first_role(state));
        if matches!(self.role, Role::Follower(_)) {
            self.timers.set(QuorumTimer::FetchTimeout, cx.now + self.settings.fetch_timeout);
        } else if self.membership == Membership::Voter {
            let timeout = self.election_timeout(cx);
            self.timers.set(QuorumTimer::Election, cx.now + timeout);
        }
        // A sole voter needs no timeout to find out that nobody objects.
        if self.membership == Membership::Voter && self.voters.len() == 1 {
            self.become_prospective(cx);
        }
        self.poll(cx);
    }

    /// Whoever led before may have given out offsets that it has forgotten: it does not go on in that epoch. A
    /// candidate's vote for itself still binds it.
    fn first_role(&self, state: ElectionState) -> Role {
        if state.leader == Some(self.node) {
            let unacknowledged = self.voters.others(self.node);
            return Role::Resigned(ResignedState { preferred_successors: Vec::new(), unacknowledged });
        }
        if state.leader.is_some() {
            return Role::Follower(Default::default());
        }
        match state.voted {
            Some(voted) if voted == self.node => Role::Candidate(Votes::for_self(self.node)),
            Some(_) | None => Role::Unattached,
        }
    }

    /// A request on a connection that somebody opened to the controller listener: Vote,
    /// BeginQuorumEpoch, EndQuorumEpoch or Fetch.
    pub fn on_request(&mut self, cx: &mut Cx<'_>, to: ReplyTo, request: &Request) {
        if self.is_over() {
            return;
        }
        match request {
            Request::Vote(request) => {
                let response = self.on_vote(cx, request);
                self.respond(cx, to, Response::Vote(response));
            }
            Request::BeginQuorumEpoch(request) => {
                let response = self.on_begin_quorum_epoch(cx, request);
                self.respond(cx, to, Response::BeginQuorumEpoch(response));
            }
            Request::EndQuorumEpoch(request) => {
                let response = self.on_end_quorum_epoch(cx, request);
                self.respond(cx, to, Response::EndQuorumEpoch(response));
            }
            Request::Fetch(request) => self.on_fetch(cx, to, request),
            Request::DescribeQuorum(request) => {
                let response = self.describe_quorum(cx, request);
                self.respond(cx, to, Response::DescribeQuorum(response));
            }
            Request::Envelope(envelope) => {
                let response = self.describe_enveloped(cx, envelope);
                self.respond(cx, to, response);
            }
            Request::ApiVersions(_)
            | Request::DescribeConfigs(_)
            | Request::DescribeCluster(_)
            | api::for_brokers!()
            | api::for_controllers!()
            | api::for_forwarding!() => {
                unreachable!("a voter is not asked for {}", request.api_key())
            }
        }
        self.poll(cx);
    }

    /// A node that failed while it worked on an answer does not give it.
    fn respond(&mut self, cx: &mut Cx<'_>, to: ReplyTo, response: Response) {
        if self.life != Life::Failed {
            cx.respond(to, response);
        }
    }

    /// An answer on this role's own connection to that voter.
    pub fn on_response(&mut self, cx: &mut Cx<'_>, node: BrokerId, to: ReplyTo, response: Response) {
        if self.is_over() {
            return;
        }
        match self.peers.lines.on_answer(&mut self.timers, node, to.connection, to.correlation_id) {
            Answer::To(()) => {
                if self.route_response(cx, node, response) == Verdict::BackOff {
                    self.timers.set(QuorumTimer::RetryBackoff(node), cx.now + self.settings.retry_backoff);
                }
            }
            // (`KafkaRaftClient.handleResponse` checks with `RequestManager.isResponseExpected`.)
            // What was asked in another role, or on a connection that was given up, no longer counts.
            Answer::Forgotten | Answer::Late(_) => return,
            Answer::OutOfTurn => self.give_up(cx, node),
        }
        self.poll(cx);
    }

    /// An answer of another kind than any that is asked for is a peer's fault: it is asked again later.
    fn route_response(&mut self, cx: &mut Cx<'_>, node: BrokerId, response: Response) -> Verdict {
        if let Response::Vote(response) = response {
            self.on_vote_response(cx, node, &response)
        } else if let Response::Fetch(response) = response {
            self.on_fetch_response(cx, &response)
        } else if let Response::BeginQuorumEpoch(response) = response {
            self.on_begin_quorum_epoch_response(cx, node, &response)
        } else if let Response::EndQuorumEpoch(response) = response {
            self.on_end_quorum_epoch_response(cx, node, &response)
        } else {
            Verdict::BackOff
        }
    }

    /// The connection to that voter is open.
    pub fn on_connected(&mut self, cx: &mut Cx<'_>, node: BrokerId, connection: ConnectionId) {
        if !self.is_over() && self.peers.lines.on_connected(&mut self.timers, node, connection).is_ok() {
            self.poll(cx);
        }
    }

    /// The connection to that voter is gone, or was never made.
    pub fn on_closed(&mut self, cx: &mut Cx<'_>, node: BrokerId, connection: ConnectionId, _reason: CloseReason) {
        if self.is_over() {
            return;
        }
        // Requests are made anew from the role, so what was in flight is of no interest.
        if self.peers.lines.on_closed(cx, &mut self.timers, node, connection).is_ok() {
            self.after_loss(node);
            self.poll(cx);
        }
    }

    /// A connection that somebody opened to the controller listener is gone.
    pub fn on_inlet_closed(&mut self, connection: ConnectionId) {
        if !self.is_over() {
            self.forget_parked(connection);
        }
    }

    /// A voter asks on a connection where this node asks.
    pub fn on_nonsense(&mut self, cx: &mut Cx<'_>, node: BrokerId, connection: ConnectionId) {
        if self.peers.lines.on_nonsense(cx, &mut self.timers, node, connection).is_ok() {
            self.after_loss(node);
        }
    }

    /// A peer that does not answer: whatever was asked of it is asked again later.
    fn give_up(&mut self, cx: &mut Cx<'_>, node: BrokerId) {
        self.peers.lines.give_up(cx, &mut self.timers, node);
        self.after_loss(node);
    }

    /// The next one is asked at once instead of waiting for this one's backoff.
    fn after_loss(&mut self, node: BrokerId) {
        if self.peers.whose_turn() == Some(node) {
            self.peers.next_turn();
        }
    }

    /// Fires every timer that is due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        if self.is_over() {
            return;
        }
        while let Some(timer) = self.timers.pop_due(cx.now) {
            self.on_timer(cx, timer);
            if self.is_over() {
                return;
            }
        }
        self.poll(cx);
    }

    /// Elections, fetches and their backoffs.
    fn on_timer(&mut self, cx: &mut Cx<'_>, timer: QuorumTimer) {
        match timer {
            QuorumTimer::Election => self.on_election_timeout(cx),
            QuorumTimer::FetchTimeout => self.on_fetch_timeout(cx),
            QuorumTimer::CheckQuorum => self.become_resigned(cx),
            QuorumTimer::BeginQuorumEpoch => self.repeat_begin_quorum_epoch(cx),
            QuorumTimer::AppendLinger => self.write_pending(cx),
            QuorumTimer::RequestTimeout(node) => self.give_up(cx, node),
            QuorumTimer::RetryBackoff(_) | QuorumTimer::ReconnectBackoff(_) => {}
            QuorumTimer::ParkedFetch(to) => self.answer_expired(cx, to),
            QuorumTimer::ShutDown => self.end_life(Life::ShutDown),
        }
    }

    /// When it wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        // A failing step may have set timers after it failed.
        if self.is_over() { None } else { self.timers.next_deadline() }
    }

    /// Sends whatever the role wants sent and can be sent now (`KafkaRaftClient.poll`).
    pub(crate) fn poll(&mut self, cx: &mut Cx<'_>) {
        if self.life == Life::ShuttingDown && self.leader().is_some_and(|leader| leader != self.node) {
            self.end_life(Life::ShutDown);
        }
        if self.is_over() {
            return;
        }
        match &self.role {
            Role::Unattached | Role::Follower(_) => self.poll_fetch(cx),
            Role::Prospective(_) | Role::Candidate(_) => self.poll_votes(cx),
            Role::Leader(_) => self.poll_begin_quorum_epoch(cx),
            Role::Resigned(_) => self.poll_end_quorum_epoch(cx),
        }
    }

    /// Was the last try in vain and is its pause not over?
    pub(crate) fn is_backing_off(&self, node: BrokerId) -> bool {
        self.timers.deadline(&QuorumTimer::RetryBackoff(node)).is_some()
            || self.timers.deadline(&QuorumTimer::ReconnectBackoff(node)).is_some()
    }

    /// Sends `request` to `node` if that is possible now; opens a connection where there is none.
    pub(crate) fn send(&mut self, cx: &mut Cx<'_>, node: BrokerId, request: impl FnOnce(&Quorum) -> Request) -> bool {
        if self.is_backing_off(node) || !self.peers.lines.ready(cx, &mut self.timers, node) {
            return false;
        }
        let request = request(self);
        let wait = Wait::Within(self.settings.request_timeout, ());
        let outgoing = Outgoing { client_id: self.client_id.clone(), request, wait };
        self.peers.lines.send(cx, &mut self.timers, node, outgoing);
        true
    }

    /// A disk that fails ends the node, as Kafka's fault handler does.
    pub(crate) fn or_fail<T>(&mut self, cx: &mut Cx<'_>, result: Result<T, ErrorCode>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(cx, error, "the metadata log or quorum-state could not be read or written");
                None
            }
        }
    }

    /// A node whose metadata log cannot be trusted stops, as Kafka's fault handler lets it.
    pub(crate) fn fail(&mut self, cx: &mut Cx<'_>, error: ErrorCode, message: &str) {
        cx.fact(|| KafkaFact::Refused { api: api::ApiKey::Fetch, error, message: message.into() });
        self.end_life(Life::Failed);
        cx.wish_exit();
    }

    /// Whoever waits hears nothing more: the connections end with the process.
    fn end_life(&mut self, life: Life) {
        self.life = life;
        self.timers.clear();
    }

    fn is_over(&self) -> bool {
        matches!(self.life, Life::ShutDown | Life::Failed)
    }

    /// A leader steps down in favour of the voter with the longest log and stays until another leads or
    /// five seconds have passed; everybody else is done at once. Ask [`Quorum::is_shut_down`].
    pub fn shut_down(&mut self, cx: &mut Cx<'_>) {
        if self.life != Life::Running {
            return;
        }
        let has_remote_leader = self.leader().is_some_and(|leader| leader != self.node);
        if self.membership == Membership::Observer || self.voters.len() == 1 || has_remote_leader {
            self.end_life(Life::ShutDown);
            return;
        }
        self.life = Life::ShuttingDown;
        if matches!(self.role, Role::Leader(_)) {
            self.become_resigned(cx);
        }
        self.timers.set(QuorumTimer::ShutDown, cx.now + base::Span::from_secs(5));
        self.poll(cx);
    }

    /// May the process exit as far as the quorum is concerned?
    pub fn is_shut_down(&self) -> bool {
        self.is_over()
    }
}

/// What an answer means for the connection it came on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The next request may follow at once.
    Ready,
    /// Ask again after the retry backoff.
    BackOff,
}

/// Beside the log, as in Kafka: `__cluster_metadata-0/quorum-state`.
pub(crate) fn quorum_state_file() -> String {
    format!("{METADATA_DIRECTORY}/quorum-state")
}
