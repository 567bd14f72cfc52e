//! The broker of one node: its parts, and which event goes to which of them.
//!
//! The parts are machines that never see the whole broker (decision 036); what they return is carried
//! to whom it concerns here and in this folder, and what it may have woken is looked at once, at the
//! end of the event, in [`Broker::settle`]. Kafka: `BrokerServer`, `KafkaApis`, `ReplicaManager`.

mod controller;
mod digest;
mod fetchers;
mod lines;
mod serving;
mod upkeep;
mod verify;

use crate::api_versions;
use crate::checkpoints;
use crate::controller_lines::ControllerLines;
use crate::fetch_session::FetchSessions;
use crate::lifecycle::{BrokerState, Lifecycle};
use crate::looking;
use crate::partition::{Partition, RemoteReplica};
use crate::publishing::Publishing;
use crate::purgatories::Purgatories;
use crate::purgatory::ProducePurgatory;
use crate::replica_fetcher::Fetcher;
use crate::replica_fetchers::ReplicaFetchers;
use crate::replicas::{Partitions, Replicas};
use crate::timer::Timer;
use crate::view::View;
use crate::wires::Wires;
use api::{Incoming, Request, Response};
use base::{BrokerId, ConnectionId, FlatMap, Shared, Time, TimerTable, TopicIdPartition};
use config::BrokerConfig;
use coordinator::{GroupConfig, GroupCoordinator, GroupRequest};
use metadata::Image;
use port::{BrokerLine, Cx, NodeSetup, ReplyTo};
use std::collections::VecDeque;

/// The broker role of a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Broker {
    pub(crate) setup: Shared<NodeSetup>,
    /// What the machines have in common: the broker's own connections, timers, settings.
    pub(crate) wires: Wires,
    pub(crate) image: Image,
    pub(crate) replicas: Replicas,
    pub(crate) publishing: Shared<Publishing>,
    pub(crate) lifecycle: Lifecycle,
    controller_lines: ControllerLines,
    purgatories: Purgatories,
    pub(crate) replica_fetchers: ReplicaFetchers,
    pub(crate) coordinator: Shared<GroupCoordinator>,
    /// Requests that came before this broker serves.
    held: VecDeque<Held>,
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
        let mut broker = Broker {
            image: Image::default(),
            replicas: Replicas::boot(cx.store),
            publishing: Shared::default(),
            lifecycle: Lifecycle::boot(cx.rng.next_u128(), previous_broker_epoch),
            controller_lines: ControllerLines::default(),
            purgatories: Purgatories::default(),
            replica_fetchers: ReplicaFetchers::default(),
            coordinator: Shared::new(GroupCoordinator::new(GroupConfig::new(&config.groups, &setup.overrides))),
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
            Request::Fetch(request) => self.on_fetch(cx, reply, &request),
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
                let answer = api_versions::answer(&self.image, &request, version);
                cx.respond(reply, Response::ApiVersions(answer));
            }
            Request::ListGroups(request) => self.on_group_request(cx, reply, &client_id, GroupRequest::List(request)),
            Request::DeleteGroups(request) => {
                self.on_group_request(cx, reply, &client_id, GroupRequest::Delete(request));
            }
            Request::OffsetDelete(request) => self.on_offset_delete(cx, reply, request),
            Request::DeleteRecords(request) => self.on_delete_records(cx, reply, &request),
            Request::ListOffsets(_)
            | Request::OffsetForLeaderEpoch(_)
            | Request::DescribeTopicPartitions(_)
            | Request::DescribeConfigs(_)
            | Request::DescribeCluster(_)
            | Request::DescribeLogDirs(_) => self.show(cx, reply, &request),
            api::for_forwarding!() => self.forward(cx, reply, Incoming { client_id, version, request }),
            api::for_voters!() | api::for_controllers!() => unreachable!("the broker's listener does not take it"),
        }
    }

    /// Questions that any broker, or this one about itself, answers at once.
    fn show(&self, cx: &mut Cx<'_>, reply: ReplyTo, request: &Request) {
        let answer = match request {
            Request::ListOffsets(request) => Response::ListOffsets(self.view().list_offsets(cx, request)),
            Request::OffsetForLeaderEpoch(request) => {
                Response::OffsetForLeaderEpoch(self.view().ends_of_epochs(request))
            }
            Request::DescribeTopicPartitions(request) => {
                Response::DescribeTopicPartitions(looking::describe_topics(self.seen_from(reply), request))
            }
            Request::DescribeConfigs(request) => Response::DescribeConfigs(self.describe_configs(request)),
            Request::DescribeCluster(request) => Response::DescribeCluster(self.describe_cluster(cx, reply, request)),
            Request::DescribeLogDirs(request) => {
                Response::DescribeLogDirs(self.view().log_dirs(self.setup.log_dir(), request))
            }
            other => unreachable!("{} has its own arm", other.api_key()),
        };
        cx.respond(reply, answer);
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
        self.purgatories.on_closed(&mut self.wires, connection);
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
            Timer::Produce(number) => {
                self.purgatories.produce_timed_out(cx, (&self.image, &self.wires.listeners), number)
            }
            Timer::FetchWait(session) => self.fetch_waited(cx, session),
            Timer::FetcherRetry(leader) => self.pump_fetcher(cx, leader),
            Timer::FetcherTimeout(leader) => self.give_up_line(cx, BrokerLine::Leader(leader)),
            Timer::FetchBackoff(at) => self.fetch_backoff_over(cx, at),
            Timer::ChannelRetry(kind) => self.pump_channel(cx, kind),
            Timer::ChannelTimeout(kind) => self.begin_channel_anew(cx, kind),
            Timer::Forwarded(ticket) => self.forwarded_timed_out(cx, ticket),
            Timer::AlterPartitionRetry => self.send_proposals(cx),
            Timer::Publish => self.on_publish_due(cx),
            Timer::DeleteRecords(number) => self.purgatories.delete_timed_out(cx, number),
        }
    }

    /// Lets everybody look who waits for a partition that changed, until nothing changes any more.
    pub(crate) fn settle(&mut self, cx: &mut Cx<'_>) {
        loop {
            while self.replicas.has_touched() {
                let touched = self.replicas.take_touched();
                // A fetch that one partition completes answers for all: `DelayedFetch.onComplete`.
                touched.iter().for_each(|at| self.purgatories.mark_news(*at));
                touched.iter().for_each(|at| self.wake(cx, *at));
                self.replicas.reuse(touched);
            }
            self.complete_deletes(cx);
            if !self.carry_coordinator(cx) {
                return;
            }
        }
    }

    fn view(&self) -> View<'_> {
        View { replicas: &self.replicas, image: &self.image }
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
        self.replicas.partitions()
    }
    pub fn partition(&self, at: TopicIdPartition) -> Option<&Partition> {
        self.replicas.get(at)
    }
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }
    pub fn state(&self) -> BrokerState {
        self.lifecycle.state()
    }
    /// acks=all produces that wait.
    pub fn produces(&self) -> &ProducePurgatory {
        self.purgatories.produces()
    }
    /// Appends that wait for the high watermark, clients' and the coordinator's.
    pub fn parked_appends(&self) -> u32 {
        self.produces().parked() + self.coordinator.runtime().pending_writes()
    }
    /// Fetch sessions and the fetches parked in them.
    pub fn fetches(&self) -> &FetchSessions {
        self.purgatories.fetches()
    }
    /// One per leader that this broker copies from.
    pub fn fetchers(&self) -> impl Iterator<Item = (BrokerId, &Fetcher)> {
        self.replica_fetchers.iter()
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
        self.replicas.followers(at, self.purgatories.idle_followers(at))
    }
}
