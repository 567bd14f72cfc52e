//! The broker of one node: its parts, and which event goes to which of them.
//!
//! Handlers live beside what they handle (`produce`, `fetch`, `fetcher`, `lifecycle`, ...). They
//! change partitions through [`Broker::note_change`]; what that may have woken is looked at once, at
//! the end of the event, in [`Broker::settle`]. Kafka: `BrokerServer`, `KafkaApis`,
//! `ReplicaManager`.

mod controller;
mod digest;
mod lines;
mod verify;

use crate::checkpoints::{self, Offsets};
use crate::controller_lines::ControllerLines;
use crate::fetch_session::FetchSessions;
use crate::fetcher::Fetcher;
use crate::lifecycle::{BrokerState, Lifecycle};
use crate::partition::{Change, Partition, RemoteReplica};
use crate::publishing::Publishing;
use crate::purgatory::ProducePurgatory;
use crate::timer::Timer;
use crate::wires::Wires;
use api::{Incoming, Request, Response};
use base::{BlockMap, BrokerId, ConnectionId, ErrorCode, FlatMap, FlatSet, Shared, Time, TimerTable, TopicIdPartition};
use config::BrokerConfig;
use coordinator::{GroupConfig, GroupCoordinator, GroupRequest};
use metadata::Image;
use port::{BrokerLine, Cx, Mutant, NodeSetup, ReplyTo};
use std::collections::VecDeque;

/// The replicas of this broker.
pub type Partitions = BlockMap<TopicIdPartition, Shared<Partition>>;

/// The broker role of a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Broker {
    pub(crate) setup: Shared<NodeSetup>,
    /// What the machines have in common: the broker's own connections, timers, settings.
    pub(crate) wires: Wires,
    pub(crate) image: Image,
    pub(crate) partitions: Partitions,
    pub(crate) publishing: Shared<Publishing>,
    pub(crate) lifecycle: Lifecycle,
    controller_lines: ControllerLines,
    pub(crate) produces: Shared<ProducePurgatory>,
    pub(crate) fetches: Shared<FetchSessions>,
    pub(crate) fetchers: Shared<FlatMap<BrokerId, Shared<Fetcher>>>,
    pub(crate) coordinator: Shared<GroupCoordinator>,
    /// What the checkpoints said at boot, for partitions that were not opened yet.
    pub(crate) checkpointed: Shared<Checkpointed>,
    /// Partitions whose waiters have to look again before this event is over.
    touched: FlatSet<TopicIdPartition>,
    /// Requests that came before this broker serves.
    held: VecDeque<Held>,
}

/// High watermarks and log starts as last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Checkpointed {
    pub(crate) high_watermarks: Offsets,
    pub(crate) log_starts: Offsets,
}

#[derive(Clone, Debug, Hash)]
struct Held {
    reply: ReplyTo,
    incoming: Incoming,
}

impl Broker {
    /// Reads the checkpoints and begins to register. Logs are opened once the metadata has said
    /// which partitions are here.
    ///
    /// # Panics
    /// When an override is not valid: they are checked before a process starts.
    pub fn boot(setup: &NodeSetup, cx: &mut Cx<'_>) -> Broker {
        let config = BrokerConfig::resolve(&setup.overrides).expect("overrides are checked before a process starts");
        let previous_broker_epoch = checkpoints::take_clean_shutdown(cx.store);
        let checkpointed = Checkpointed {
            high_watermarks: checkpoints::read_offsets(cx.store, checkpoints::HIGH_WATERMARKS),
            log_starts: checkpoints::read_offsets(cx.store, checkpoints::LOG_STARTS),
        };
        let mut broker = Broker {
            image: Image::default(),
            partitions: Partitions::default(),
            publishing: Shared::default(),
            lifecycle: Lifecycle::boot(cx.rng.next_u128(), previous_broker_epoch),
            controller_lines: ControllerLines::default(),
            produces: Shared::default(),
            fetches: Shared::default(),
            fetchers: Shared::default(),
            coordinator: Shared::new(GroupCoordinator::new(GroupConfig::new(&config.groups, &setup.overrides))),
            checkpointed: Shared::new(checkpointed),
            touched: FlatSet::new(),
            held: VecDeque::new(),
            wires: Wires::new(cx, setup, config),
            setup: Shared::new(setup.clone()),
        };
        broker.begin_lifecycle(cx);
        broker.begin_upkeep(cx);
        broker
    }

    /// A request on the broker's listener. It is answered now or later.
    pub fn on_request(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, incoming: Incoming) {
        match self.state() {
            BrokerState::Starting => {
                // Kafka opens its listener before it processes requests.
                self.held.push_back(Held { reply, incoming });
            }
            BrokerState::Recovery | BrokerState::Running | BrokerState::PendingControlledShutdown => {
                self.serve(cx, reply, incoming);
                self.settle(cx);
            }
            BrokerState::ShuttingDown => cx.refuse(reply),
        }
    }

    fn serve(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, incoming: Incoming) {
        let Incoming { client_id, version, request } = incoming;
        match request {
            Request::Produce(request) => self.on_produce(cx, reply, &request),
            Request::Fetch(request) => self.on_fetch(cx, reply, request),
            Request::ListOffsets(request) => self.on_list_offsets(cx, reply, &request),
            Request::OffsetForLeaderEpoch(request) => self.on_offset_for_leader_epoch(cx, reply, &request),
            Request::Metadata(request) => self.on_metadata_request(cx, (reply, &client_id), &request),
            Request::FindCoordinator(request) => self.on_find_coordinator(cx, reply, &request),
            Request::InitProducerId(request) => self.on_init_producer_id(cx, reply, &request),
            Request::OffsetCommit(request) => self.on_offset_commit(cx, reply, request),
            Request::OffsetFetch(request) => self.on_group_request(cx, reply, &client_id, GroupRequest::Fetch(request)),
            Request::JoinGroup(request) => self.on_group_request(cx, reply, &client_id, GroupRequest::Join(request)),
            Request::SyncGroup(request) => self.on_group_request(cx, reply, &client_id, GroupRequest::Sync(request)),
            Request::Heartbeat(request) => {
                self.on_group_request(cx, reply, &client_id, GroupRequest::Heartbeat(request));
            }
            Request::LeaveGroup(request) => self.on_group_request(cx, reply, &client_id, GroupRequest::Leave(request)),
            Request::DescribeGroups(request) => {
                self.on_group_request(cx, reply, &client_id, GroupRequest::Describe(request));
            }
            Request::ApiVersions(request) => {
                let answer = self.api_versions(&request, version);
                cx.respond(reply, Response::ApiVersions(answer));
            }
            api::for_forwarding!() => self.forward(cx, reply, Incoming { client_id, version, request }),
            api::for_voters!() | api::for_controllers!() => unreachable!("the broker's listener does not take it"),
        }
    }

    /// Serves what came while the broker was starting.
    pub(crate) fn serve_held(&mut self, cx: &mut Cx<'_>) {
        for held in std::mem::take(&mut self.held) {
            self.serve(cx, held.reply, held.incoming);
        }
        self.settle(cx);
    }

    /// A connection that somebody opened to this broker's listener is gone.
    pub fn on_inlet_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId) {
        self.held.retain(|held| held.reply.connection != connection);
        self.forget_produces_of(connection);
        self.forget_fetches_of(connection);
        self.controller_lines.on_inlet_closed(connection);
        self.coordinator_closed(connection);
        self.settle(cx);
    }

    /// Fires every timer that is due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        while let Some(timer) = self.wires.timers.pop_due(cx.now) {
            self.on_timer(cx, timer);
        }
        self.coordinator_deadline(cx);
        self.settle(cx);
    }

    /// When the next timer is due.
    pub fn next_deadline(&self) -> Option<Time> {
        [self.wires.timers.next_deadline(), self.coordinator.runtime().next_deadline()].into_iter().flatten().min()
    }

    fn on_timer(&mut self, cx: &mut Cx<'_>, timer: Timer) {
        match timer {
            Timer::Heartbeat => self.speak(cx),
            Timer::RegistrationGivesUp => self.lifecycle.on_registration_gave_up(cx),
            Timer::ShutdownGivesUp => self.stop(cx),
            Timer::ShrinkIsr => self.on_shrink_isr_due(cx),
            Timer::Checkpoint => self.on_checkpoint_due(cx),
            Timer::Retention => self.on_retention_due(cx),
            Timer::Produce(number) => self.produce_timed_out(cx, number),
            Timer::FetchWait(session) => self.fetch_waited(cx, session),
            Timer::FetcherRetry(leader) => self.pump_fetcher(cx, leader),
            Timer::FetcherTimeout(leader) => self.give_up_line(cx, BrokerLine::Leader(leader)),
            Timer::FetchBackoff(at) => self.fetch_backoff_over(cx, at),
            Timer::ChannelRetry(kind) => self.pump_channel(cx, kind),
            Timer::ChannelTimeout(kind) => self.begin_channel_anew(cx, kind),
            Timer::Forwarded(ticket) => self.forwarded_timed_out(cx, ticket),
            Timer::AlterPartitionRetry => self.send_proposals(cx),
            Timer::Publish => self.on_publish_due(cx),
        }
    }

    /// Takes note of what an act on a partition may have woken.
    pub(crate) fn note_change(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, change: Change) {
        if change.moved {
            self.touched.insert(at);
        }
        if change.proposal.is_some() {
            self.propose_isr(cx, at);
        }
    }

    /// Whoever waits for this partition has to look again.
    pub(crate) fn touch(&mut self, at: TopicIdPartition) {
        self.touched.insert(at);
    }

    /// Lets everybody look who waits for a partition that changed, until nothing changes any more.
    pub(crate) fn settle(&mut self, cx: &mut Cx<'_>) {
        loop {
            while !self.touched.is_empty() {
                let mut touched = std::mem::take(&mut self.touched);
                // A fetch that one partition completes answers for all: `DelayedFetch.onComplete`.
                touched.iter().for_each(|at| self.mark_news(*at));
                for at in &touched {
                    if !self.wires.switches.breaks(Mutant::ProduceNotTold) {
                        self.complete_produces(cx, *at);
                    }
                    if !self.wires.switches.breaks(Mutant::FetchNotWoken) {
                        self.wake_fetches(cx, *at);
                    }
                }
                // The list itself serves again.
                if self.touched.is_empty() {
                    touched.clear();
                    self.touched = touched;
                }
            }
            if !self.carry_coordinator(cx) {
                return;
            }
        }
    }

    /// Why a partition is not here: no such topic, no such partition, or another broker has it.
    pub(crate) fn missing_partition(&self, at: TopicIdPartition) -> ErrorCode {
        match self.image.topic(at.topic) {
            None => ErrorCode::UnknownTopicId,
            Some(topic) if topic.partitions.contains_key(&at.partition) => ErrorCode::NotLeaderOrFollower,
            Some(_) => ErrorCode::UnknownTopicOrPartition,
        }
    }

    pub fn id(&self) -> BrokerId {
        self.setup.node
    }
    pub fn config(&self) -> &BrokerConfig {
        &self.wires.config
    }
    /// The metadata as this broker has replayed it.
    pub fn image(&self) -> &Image {
        &self.image
    }
    /// Its replicas.
    pub fn partitions(&self) -> &Partitions {
        &self.partitions
    }
    pub fn partition(&self, at: TopicIdPartition) -> Option<&Partition> {
        self.partitions.get(&at).map(|partition| &**partition)
    }
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }
    pub fn state(&self) -> BrokerState {
        self.lifecycle.state()
    }
    /// acks=all produces that wait.
    pub fn produces(&self) -> &ProducePurgatory {
        &self.produces
    }
    /// Appends that wait for the high watermark, clients' and the coordinator's.
    pub fn parked_appends(&self) -> u32 {
        self.produces.parked() + self.coordinator.runtime().pending_writes()
    }
    /// Fetch sessions and the fetches parked in them.
    pub fn fetches(&self) -> &FetchSessions {
        &self.fetches
    }
    /// One per leader that this broker copies from.
    pub fn fetchers(&self) -> impl Iterator<Item = (BrokerId, &Fetcher)> {
        self.fetchers.iter().map(|(leader, fetcher)| (*leader, &**fetcher))
    }
    pub fn coordinator(&self) -> &GroupCoordinator {
        &self.coordinator
    }
    pub fn timers(&self) -> &TimerTable<Timer> {
        &self.wires.timers
    }
    /// How many requests wait until the broker serves.
    pub fn held(&self) -> u32 {
        self.held.len() as u32
    }

    /// A partition's followers as its leader would judge them now: sessions that had nothing to say
    /// about an idle partition count as fetches of it.
    pub fn followers(&self, at: TopicIdPartition) -> FlatMap<BrokerId, RemoteReplica> {
        let Some(partition) = self.partitions.get(&at) else { return FlatMap::new() };
        let mut partition = (**partition).clone();
        for (replica, heard) in self.fetches.followers_of(at) {
            partition.follower_idled(replica, heard);
        }
        partition.leader().map(|leader| leader.followers().clone()).unwrap_or_default()
    }
}
