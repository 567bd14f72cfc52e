//! The controller role of one node (`QuorumController`): standby controllers replay what is
//! committed, the active one decides ahead of it.
//!
//! Decisions take effect in the speculative image at once and leave as [`Append`]s; answers wait
//! until what they rest on is committed. Losing leadership drops the speculative image with all that
//! was not committed. The quorum itself, its log and its elections are elsewhere.

mod verify;

use crate::api_versions;
use crate::append::{Append, Measured, is_atomic};
use crate::brokers::{self, BrokerControlState};
use crate::report::{Before, Origin, cause_of, report};
use crate::{
    BrokerState, Decision, Sessions, Settings, View, alter_partition, bootstrap, changes, configs, create_partitions,
    elections, looking, producer_ids, topics, unregister,
};
use api::{BrokerHeartbeatRequest, EnvelopeResponse, Incoming, Refusal, Request, Response};
use base::{
    Aside, ConnectionId, ErrorCode, FlatMap, LeaderEpoch, Offset, Shared, Span, Str, Time, TimerKey, TimerTable,
};
use metadata::{Image, MetadataRecord};
use port::{ChangeCause, Cx, FenceReason, KafkaFact, Mutant, NodeSetup, ReplyTo};

/// How soon a periodic task goes on when it has not finished (`PeriodicTask`).
const UNFINISHED: Span = Span::from_millis(10);

/// What an active controller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// Look for brokers whose session has ended (every eighth of the session timeout).
    SessionCheck,
    /// Bring partitions back to their preferred leaders.
    LeaderRebalance,
    /// Look for leaderless partitions that may be led uncleanly.
    UncleanElection,
    /// Write a no-op, whatever else is written, so that observers see the log move.
    NoOp,
}

impl TimerKey for Timer {}

/// An answer that waits for an offset to be committed.
#[derive(Clone, Debug, Hash)]
pub struct Parked {
    pub to: ReplyTo,
    pub response: Response,
    /// What is answered instead when this controller resigns first.
    pub refusal: Response,
}

/// What only the active controller has.
#[derive(Clone, Debug, Hash)]
pub struct Active {
    epoch: LeaderEpoch,
    image: Image,
    next_offset: Offset,
    high_watermark: Offset,
    sessions: Sessions,
    /// By the offset that must be committed, then in order of arrival.
    parked: FlatMap<(Offset, u64), Parked>,
    next_sequence: u64,
    /// Appends handed out and not yet confirmed: id and expected last offset.
    unconfirmed: FlatMap<u64, Offset>,
}

/// The controller role.
#[derive(Clone, Debug, Hash)]
pub struct Controller {
    cluster_id: Str,
    settings: Shared<Settings>,
    committed: Image,
    active: Option<Shared<Active>>,
    appends: Vec<Append>,
    timers: TimerTable<Timer>,
    /// As the node was started; what of it a decision rests on is in the settings.
    setup: Aside<Shared<NodeSetup>>,
}

impl Controller {
    /// A standby controller with an empty image.
    ///
    /// # Panics
    /// When the node's settings do not resolve; they are checked before a node starts.
    pub fn new(setup: &NodeSetup) -> Controller {
        let settings = Settings::resolve(&setup.overrides, &setup.features).expect("settings are checked before start");
        let settings = Settings { topic_policy: setup.topic_policy, ..settings };
        Controller {
            cluster_id: setup.cluster_id.clone(),
            settings: Shared::new(settings),
            committed: Image::default(),
            active: None,
            appends: Vec::new(),
            timers: TimerTable::default(),
            setup: Aside(Shared::new(setup.clone())),
        }
    }

    // What it learns from the quorum.

    /// Replays a committed record, active or not.
    /// The active one has applied it to its own image when it wrote it; this is the image that it goes back to.
    pub fn replay(&mut self, offset: Offset, record: &MetadataRecord) {
        self.committed.apply(offset, record);
    }

    /// This node leads the quorum and has replayed everything below `next_offset`, where its own
    /// first record will go.
    pub fn activate(&mut self, cx: &mut Cx<'_>, epoch: LeaderEpoch, next_offset: Offset) {
        assert!(self.active.is_none(), "a controller becomes active once");
        let image = self.committed.clone();
        let is_new_cluster = image.is_empty();
        let forgets = self.settings.switches.breaks(Mutant::SessionsForgotten);
        let found = if forgets { &Image::default() } else { &image };
        // Nobody has been heard of yet, and nobody is fenced for that: every broker gets a whole session.
        let sessions = Sessions::new(self.settings.controller.session_timeout, found, cx.now);
        self.active = Some(Shared::new(Active {
            epoch,
            image,
            next_offset,
            high_watermark: next_offset,
            sessions,
            parked: FlatMap::new(),
            next_sequence: 0,
            unconfirmed: FlatMap::new(),
        }));
        cx.fact(|| KafkaFact::BecameActiveController { epoch });
        for timer in [Timer::SessionCheck, Timer::LeaderRebalance, Timer::UncleanElection, Timer::NoOp] {
            self.schedule(timer, cx.now);
        }
        if is_new_cluster {
            let records = bootstrap::records(&self.settings);
            self.write(cx, records, &Origin::default());
        }
    }

    /// This node does not lead the quorum any more: what was not committed is forgotten, and
    /// whoever waits for it is sent elsewhere.
    pub fn deactivate(&mut self, cx: &mut Cx<'_>) {
        let active = self.active.take().expect("only an active controller resigns").into_inner();
        self.appends.clear();
        self.timers.clear();
        for parked in active.parked.into_values() {
            cx.respond(parked.to, parked.refusal);
        }
        cx.fact(|| KafkaFact::ResignedController { epoch: active.epoch });
    }

    /// Is there anything to append?
    pub fn has_appends(&self) -> bool {
        !self.appends.is_empty()
    }

    /// Takes the records to append, in order.
    pub fn take_appends(&mut self) -> Vec<Append> {
        std::mem::take(&mut self.appends)
    }

    /// The quorum has appended the batch `id`; its last record is at `last_offset`.
    pub fn on_appended(&mut self, id: u64, last_offset: Offset) {
        let active = self.active.as_mut().expect("what a controller that resigned decided is not appended");
        let expected = active.unconfirmed.remove(&id);
        assert!(expected.is_none_or(|expected| expected == last_offset), "records go where they were meant to go");
    }

    /// Everything below `high_watermark` is committed: answers that waited for it leave.
    pub fn on_committed(&mut self, cx: &mut Cx<'_>, high_watermark: Offset) {
        let active = self.active.as_mut().expect("only an active controller waits for commits");
        active.high_watermark = active.high_watermark.max(high_watermark);
        if active.parked.first_key_value().is_none_or(|((offset, _), _)| *offset >= active.high_watermark) {
            return;
        }
        let committed = (active.high_watermark, 0);
        let waiting = active.parked.split_off(&committed);
        for parked in std::mem::replace(&mut active.parked, waiting).into_values() {
            cx.respond(parked.to, parked.response);
        }
    }

    // What it hears from brokers.

    /// A request came in on the controller listener.
    pub fn on_request(&mut self, cx: &mut Cx<'_>, to: ReplyTo, incoming: Incoming) {
        if let Request::ApiVersions(body) = &incoming.request {
            return cx.respond(to, api_versions::answer(&self.committed, body, incoming.version));
        }
        let is_active = self.is_active();
        if let Some(shown) = looking::answer(&self.setup.0, &self.committed, is_active, &incoming.request) {
            return cx.respond(to, shown);
        }
        let refusal = incoming.request.refused(&Refusal::in_words(ErrorCode::NotController));
        let (Incoming { client_id, request: inner, .. }, forwarded) = match incoming.request {
            Request::Envelope(envelope) => match api_versions::unpack(*envelope) {
                Ok(passed) => (passed, true),
                Err(error) => return cx.respond(to, enveloped(error, None)),
            },
            request => (Incoming { request, ..incoming }, false),
        };
        if self.active.is_none() {
            return cx.respond(to, refusal);
        }
        let Decision { records, response } = self.decide(cx, &inner);
        let measured = Measured::of(records);
        // `ControllerResult.atomicOf`, refused by `QuorumController.appendRecords`.
        if is_atomic(&inner) && !measured.fits() {
            // Nothing was applied yet, so that nothing has to be taken back.
            let answer = inner.refused(&Refusal::in_words(ErrorCode::RecordListTooLarge));
            return cx.respond(to, if forwarded { enveloped(ErrorCode::None, Some(answer)) } else { answer });
        }
        let response = if forwarded { enveloped(ErrorCode::None, Some(response)) } else { response };
        let last = self.write_measured(cx, measured, &Origin { cause: cause_of(&inner), client: client_id });
        if let Request::BrokerHeartbeat(request) = &inner {
            self.after_heartbeat(request, last);
        }
        self.answer(cx, last, Parked { to, response, refusal });
    }

    /// A broker's connection is gone: nobody waits there for an answer.
    pub fn on_inlet_closed(&mut self, connection: ConnectionId) {
        if let Some(active) = &mut self.active {
            active.parked.retain(|_, parked| parked.to.connection != connection);
        }
    }

    /// What the request comes to.
    fn decide(&mut self, cx: &mut Cx<'_>, request: &Request) -> Decision {
        let active = self.active.as_mut().expect("only an active controller decides");
        let view = View { image: &active.image, settings: &self.settings };
        match request {
            Request::BrokerRegistration(body) => {
                // A session begins with the first heartbeat, not here.
                let (now, next) = (cx.now, active.next_offset);
                let decision = brokers::register(view, &active.sessions, body, (now, next), &self.cluster_id);
                if !decision.records.is_empty() {
                    active.sessions.set_state(body.broker, BrokerState::default());
                }
                decision
            }
            Request::BrokerHeartbeat(body) => {
                let (decision, next) = brokers::heartbeat(view, &active.sessions, body);
                if let Some(next) = next {
                    note_heartbeat(&mut active.sessions, body, next, cx.now);
                }
                decision
            }
            Request::AlterPartition(body) => {
                let (records, response) = alter_partition::decide(view, body);
                Decision { records, response: Response::AlterPartition(response) }
            }
            Request::AllocateProducerIds(body) => producer_ids::allocate(view, body),
            Request::CreateTopics(body) => topics::create(view, body, cx.rng),
            Request::DeleteTopics(body) => topics::delete(view, body),
            Request::CreatePartitions(body) => create_partitions::decide(view, body, cx.rng),
            Request::IncrementalAlterConfigs(body) => configs::alter(view, body),
            Request::ElectLeaders(body) => elections::elect_leaders(view, body),
            Request::UnregisterBroker(body) => unregister::decide(view, body),
            // The quorum member answers it.
            Request::DescribeQuorum(_)
            | Request::Envelope(_)
            | api::for_brokers!()
            | api::for_voters!()
            | api::for_both!() => {
                unreachable!("a controller is not asked for {}", request.api_key())
            }
        }
    }

    /// A broker that has just begun to leave may stop once the others have replayed up to here.
    fn after_heartbeat(&mut self, request: &BrokerHeartbeatRequest, last: Offset) {
        let active = self.active.as_mut().expect("only an active controller hears heartbeats");
        let leaving = active.image.broker(request.broker).is_some_and(|broker| {
            broker.epoch == request.broker_epoch && !broker.fenced && broker.in_controlled_shutdown
        });
        let mut state = active.sessions.state(request.broker);
        if leaving && state.controlled_shutdown_offset.is_none() {
            state.controlled_shutdown_offset = Some(last);
            active.sessions.set_state(request.broker, state);
        }
    }

    /// Answers now if everything that the answer rests on is committed, else parks it.
    /// Also an answer without records waits, for it may tell of what is not committed yet
    /// (`QuorumController.appendWriteEvent`, `DeferredEventQueue`).
    fn answer(&mut self, cx: &mut Cx<'_>, last: Offset, parked: Parked) {
        let active: &mut Active = self.active.as_mut().expect("only an active controller parks answers");
        if last < active.high_watermark {
            return cx.respond(parked.to, parked.response);
        }
        active.parked.insert((last, active.next_sequence), parked);
        active.next_sequence += 1;
    }

    /// Applies the records to the image ahead and hands them to the quorum: whoever decides next builds on them,
    /// whoever asked hears when they are committed.
    fn write(&mut self, cx: &mut Cx<'_>, records: Vec<MetadataRecord>, origin: &Origin) -> Offset {
        self.write_measured(cx, Measured::of(records), origin)
    }

    /// What is decided next builds on it before it is committed; if leadership is lost, all of that is forgotten
    /// together (`QuorumController.ControllerWriteEvent`, `OffsetControlManager`). Applies records to the speculative
    /// image and hands them out. Returns the offset that must be committed for anything read now to hold.
    fn write_measured(&mut self, cx: &mut Cx<'_>, measured: Measured, origin: &Origin) -> Offset {
        for batch in measured.batches() {
            self.write_batch(cx, batch, origin);
        }
        self.active.as_ref().expect("only an active controller writes").next_offset.plus(-1)
    }

    /// What was decided becomes the image that the next decision looks at; what listeners are told of it is told at the same
    /// instant, with how things stood before.
    fn write_batch(&mut self, cx: &mut Cx<'_>, batch: Measured, origin: &Origin) {
        let active: &mut Active = self.active.as_mut().expect("only an active controller writes");
        let Measured { records, frames } = batch;
        let mut lines: Vec<String> = Vec::new();
        for record in &records {
            if cx.outbox.wants_facts {
                lines.push(record.describe(&active.image));
            }
            let before = cx.outbox.wants_facts.then(|| Before::of(record, &active.image));
            active.image.apply(active.next_offset, record);
            active.next_offset = active.next_offset.plus(1);
            if let MetadataRecord::BrokerRegistrationChange(change) = record {
                active.sessions.forget_metadata_offset(change.broker);
            }
            if let Some(before) = before {
                report(cx, before, active, (record, &records), origin);
            }
        }
        let id = active.next_sequence;
        active.next_sequence += 1;
        active.unconfirmed.insert(id, active.next_offset.plus(-1));
        self.appends.push(Append { id, records, frames, summary: lines.join("\n").into() });
    }

    // Timers.

    /// When it wants to be called next; a controller that stands by waits for nothing.
    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Does everything that is due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        while let Some(timer) = self.timers.pop_due(cx.now) {
            self.schedule(timer, cx.now);
            let settings = self.settings.clone();
            let active = self.active.as_ref().expect("a controller that resigned has no timers");
            let view = View { image: &active.image, settings: &settings };
            let (records, cause) = match timer {
                Timer::SessionCheck => {
                    self.fence_one_stale_broker(cx);
                    continue;
                }
                Timer::LeaderRebalance => (elections::balance_leaders(view), Some(ChangeCause::PreferredDue)),
                Timer::UncleanElection => (elections::elect_unclean_leaders(view), Some(ChangeCause::UncleanDue)),
                Timer::NoOp => (vec![MetadataRecord::NoOp], None),
            };
            if records.len() >= elections::MAX_PER_ROUND {
                self.timers.set(timer, cx.now + UNFINISHED);
            }
            self.write(cx, records, &Origin { cause, ..Origin::default() });
        }
    }

    /// Sets the timer to its next round; one that is switched off is not set.
    /// Kafka: `PeriodicTaskControlManager`; the session check `ReplicationControlManager.maybeFenceStaleBroker`.
    fn schedule(&mut self, timer: Timer, now: Time) {
        let config = &self.settings.controller;
        let after = match timer {
            Timer::SessionCheck => Some(config.session_timeout.divided_by(8)),
            Timer::LeaderRebalance => {
                Some(config.leader_imbalance_check_interval).filter(|_| config.auto_leader_rebalance_enable)
            }
            Timer::UncleanElection => Some(config.unclean_leader_election_interval),
            Timer::NoOp => Some(config.metadata_max_idle_interval),
        };
        if let Some(after) = after.filter(|after| after.0 > 0) {
            self.timers.set(timer, now + after);
        }
    }

    /// One at a time, oldest contact first, so that each fencing sees the one before it. The session
    /// of a broker that is fenced already, as after a polite stop, ends in a fencing as well.
    fn fence_one_stale_broker(&mut self, cx: &mut Cx<'_>) {
        let settings = self.settings.clone();
        let active = self.active.as_mut().expect("a controller that resigned has no timers");
        // Everybody beats: the timer was for a session that has been renewed since.
        let Some((broker, session)) = active.sessions.take_expired(cx.now) else { return };
        self.timers.set(Timer::SessionCheck, cx.now + UNFINISHED);
        let view = View { image: &active.image, settings: &settings };
        // The session of a registration that another one has replaced ends without a word (`maybeFenceStaleBroker`).
        let Some(known) = view.image.broker(broker).filter(|known| known.epoch == session.broker_epoch) else { return };
        let already_fenced = known.fenced;
        let records = changes::fence(view, broker);
        let state = BrokerState { controlled_shutdown_offset: None, ..active.sessions.state(broker) };
        active.sessions.set_state(broker, state);
        let cause = Some(ChangeCause::SessionExpired(broker));
        self.write(cx, records, &Origin { cause, ..Origin::default() });
        if !already_fenced {
            // The session is over; the report still tells when the broker was last heard of.
            let last_contact = Some(session.last_contact);
            cx.fact(|| KafkaFact::BrokerFenced { broker, reason: FenceReason::SessionExpired, last_contact });
        }
    }

    // What it shows.

    /// Does it decide? One of the voters at most does, as far as the quorum knows.
    pub fn is_active(&self) -> bool {
        self.active.is_some()
    }

    /// The image it decides on: ahead of what is committed while it is active.
    pub fn image(&self) -> &Image {
        self.active.as_ref().map_or(&self.committed, |active| &active.image)
    }

    /// The image of committed records.
    pub fn committed_image(&self) -> &Image {
        &self.committed
    }

    /// What an active controller keeps beside the image.
    pub fn active(&self) -> Option<&Active> {
        self.active.as_deref()
    }

    /// Its part of `server.properties`.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<Timer> {
        &self.timers
    }
}

impl Active {
    /// The quorum epoch that it leads.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// The image it decides on.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// Where its next record goes.
    pub fn next_offset(&self) -> Offset {
        self.next_offset
    }

    /// When each broker was heard of last.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Answers that wait, each with the offset it waits for.
    pub fn parked(&self) -> impl Iterator<Item = (Offset, &Parked)> {
        self.parked.iter().map(|((offset, _), parked)| (*offset, parked))
    }
}

/// An answer to a broker that has passed on what a client asked (KIP-590).
fn enveloped(error: ErrorCode, response: Option<Response>) -> Response {
    Response::Envelope(EnvelopeResponse { error, response: response.map(Box::new) })
}

/// Only who was heard of keeps its session; a fenced broker has none to lose.
fn note_heartbeat(sessions: &mut Sessions, request: &BrokerHeartbeatRequest, next: BrokerControlState, now: Time) {
    sessions.touch(request.broker, request.broker_epoch, now);
    let mut state = sessions.state(request.broker);
    state.metadata_offset = request.current_metadata_offset;
    match next {
        BrokerControlState::Fenced | BrokerControlState::ShutdownNow => state.controlled_shutdown_offset = None,
        BrokerControlState::Unfenced | BrokerControlState::ControlledShutdown => {}
    }
    sessions.set_state(request.broker, state);
}
