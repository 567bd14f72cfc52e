//! A coordinator with a clock, a log that commits at once (or when told), and a list of answers.
#![allow(dead_code)] // Each test file uses its own part of it.

use ::config::{BrokerConfig, Overrides};
use base::{ConnectionId, ErrorCode, LeaderEpoch, Offset, Rng, Span, Str, Time, Timestamp, TopicId, TopicPartition};
use coordinator::runtime::{Append, Led};
use coordinator::{GroupConfig, GroupCoordinator, GroupRequest, JoinCall};
use port::{Cx, Effect, MemoryStore, Outbox, ReplyTo};
use records::{Batch, BatchBuilder, NewRecord};

/// The group of every test.
pub const GROUP: &str = "g";
/// The topic whose offsets are committed.
pub const ORDERS: TopicId = TopicId(7);
const CONNECTION: ConnectionId = ConnectionId(1);
const ANSWERED_AT_ONCE: i32 = -1;

pub struct Harness {
    pub coordinator: GroupCoordinator,
    pub now: Time,
    /// Correlation id and answer, in order.
    pub answers: Vec<(i32, api::Response)>,
    /// What the log holds.
    pub log: Vec<Batch>,
    pub writes: Writes,
    rng: Rng,
    store: MemoryStore,
}

/// How the log treats what is appended.
#[derive(Clone, Copy, PartialEq)]
pub enum Writes {
    Commit,
    Hold,
    Refuse(ErrorCode),
}

pub struct Join<'a> {
    pub correlation_id: i32,
    pub api_version: i16,
    pub member_id: &'a str,
    pub instance_id: Option<&'a str>,
    pub session: Span,
    pub rebalance: Span,
    pub protocol_type: &'a str,
    /// `range`, or `range:metadata`.
    pub protocols: &'a [String],
}

impl Harness {
    pub fn config() -> GroupConfig {
        let broker = BrokerConfig::resolve(&Overrides::new()).expect("Kafka's defaults are valid");
        GroupConfig::new(&broker.groups, &Overrides::new())
    }

    /// Leads the group's partition, whose log is empty.
    pub fn new(config: GroupConfig) -> Harness {
        Harness::with_log(config, Vec::new(), 1)
    }

    /// Leads the group's partition and has loaded this log.
    pub fn with_log(config: GroupConfig, log: Vec<Batch>, seed: u64) -> Harness {
        let end = end_of(&log);
        Harness::with_log_up_to(config, log, end, seed)
    }

    /// The same, when it does not know of more than this to be committed.
    pub fn with_log_up_to(config: GroupConfig, log: Vec<Batch>, high_watermark: Offset, seed: u64) -> Harness {
        let mut harness = Harness {
            coordinator: GroupCoordinator::new(config),
            now: Time::ZERO,
            answers: Vec::new(),
            log: log.clone(),
            writes: Writes::Commit,
            rng: Rng::new(seed, 1),
            store: MemoryStore::new(),
        };
        let partition = harness.coordinator.partition_of(GROUP);
        let led = Led { partition, epoch: LeaderEpoch(0), high_watermark };
        harness.act(|coordinator, cx| coordinator.runtime_mut().load(cx, led, &mut log.into_iter()));
        harness
    }

    /// Runs one call, collects its answers and lets the log have its writes.
    pub fn act(&mut self, call: impl FnOnce(&mut GroupCoordinator, &mut Cx<'_>)) {
        let mut outbox = Outbox::default();
        let wall = Timestamp((self.now.0 / 1_000_000) as i64);
        let (rng, store) = (&mut self.rng, &mut self.store);
        call(&mut self.coordinator, &mut Cx { now: self.now, wall, rng, store, outbox: &mut outbox });
        for effect in outbox.effects {
            if let Effect::Send(_, message) = effect
                && let api::Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message)
                && let api::Body::Response(response) = message.body
            {
                self.answers.push((message.correlation_id, response));
            }
        }
        for append in self.coordinator.runtime_mut().take_appends() {
            if self.coordinator.runtime().expects(append.token) {
                self.append(append);
            }
        }
    }

    fn append(&mut self, append: Append) {
        match self.writes {
            Writes::Commit => {
                self.write(append);
                self.release();
            }
            Writes::Hold => self.write(append),
            Writes::Refuse(error) => {
                self.act(|coordinator, cx| coordinator.runtime_mut().on_refused(cx, append.token, error))
            }
        }
    }

    /// The log has it.
    fn write(&mut self, append: Append) {
        let mut builder = BatchBuilder::new().at(self.end(), LeaderEpoch(0));
        for (key, value) in append.records {
            builder.append(&NewRecord { key: Some(key), value, ..NewRecord::default() });
        }
        self.log.push(builder.build());
        let required = self.end();
        self.coordinator.runtime_mut().on_appended(append.token, required);
    }

    fn end(&self) -> Offset {
        end_of(&self.log)
    }

    /// The high watermark comes to the end of the log.
    pub fn release(&mut self) {
        let (partition, end) = (self.coordinator.partition_of(GROUP), self.end());
        self.act(|coordinator, cx| coordinator.runtime_mut().on_high_watermark(cx, partition, end));
    }

    /// Lets time pass; timers fire at their own instants.
    pub fn advance(&mut self, span: Span) {
        let end = self.now + span;
        while let Some(at) = self.coordinator.runtime().next_deadline().filter(|at| *at <= end) {
            self.now = at;
            self.act(|coordinator, cx| coordinator.runtime_mut().on_deadline(cx));
            assert!(self.coordinator.runtime().next_deadline().is_none_or(|next| next > at), "a due timer is left");
        }
        self.now = end;
    }

    pub fn request(&mut self, correlation_id: i32, request: GroupRequest) {
        let reply = ReplyTo { connection: CONNECTION, correlation_id };
        self.act(|coordinator, cx| coordinator.on_request(cx, reply, &"client".into(), request));
    }

    pub fn join(&mut self, join: Join<'_>) {
        let protocol = |text: &String| -> (Str, bytes::Bytes) {
            let (name, metadata) = text.split_once(':').unwrap_or((text, "meta"));
            (name.into(), metadata.to_owned().into())
        };
        let request = api::JoinGroupRequest {
            group: GROUP.into(),
            session_timeout: join.session,
            rebalance_timeout: join.rebalance,
            member_id: join.member_id.into(),
            group_instance_id: join.instance_id.map(Into::into),
            protocol_type: join.protocol_type.into(),
            protocols: join.protocols.iter().map(protocol).collect(),
            reason: None,
        };
        let reply = ReplyTo { connection: CONNECTION, correlation_id: join.correlation_id };
        let client_id: Str = "client".into();
        let call = JoinCall { reply, client_id: &client_id, api_version: join.api_version, request: &request };
        self.act(|coordinator, cx| coordinator.join(cx, call));
    }

    /// A join with everyday settings.
    pub fn join_as(&mut self, correlation_id: i32, member_id: &str, instance_id: Option<&str>) {
        self.join(Join {
            correlation_id,
            api_version: 9,
            member_id,
            instance_id,
            session: Span::from_secs(10),
            rebalance: Span::from_secs(60),
            protocol_type: "consumer",
            protocols: &["range".to_owned()],
        });
    }

    /// A dynamic member alone in a stable group of generation 1; returns its id.
    pub fn lonely_member(&mut self) -> Str {
        self.join_as(1, "", None);
        let member_id = self.joined(1).member_id;
        self.join_as(2, &member_id, None);
        self.advance(Span::from_secs(3));
        self.sync_alone(3, &member_id, None, 1);
        member_id
    }

    /// The sender, as leader, assigns everything to itself.
    pub fn sync_alone(&mut self, correlation_id: i32, member_id: &str, instance_id: Option<&str>, generation: i32) {
        let request = api::SyncGroupRequest {
            group: GROUP.into(),
            generation,
            member_id: member_id.into(),
            group_instance_id: instance_id.map(Into::into),
            protocol_type: Some("consumer".into()),
            protocol: Some("range".into()),
            assignments: vec![(member_id.into(), "all".into())],
        };
        self.request(correlation_id, GroupRequest::Sync(request));
    }

    pub fn heartbeat(&mut self, member_id: &str, instance_id: Option<&str>, generation: i32) -> ErrorCode {
        let group_instance_id = instance_id.map(Into::into);
        let request =
            api::HeartbeatRequest { group: GROUP.into(), generation, member_id: member_id.into(), group_instance_id };
        self.request(ANSWERED_AT_ONCE, GroupRequest::Heartbeat(request));
        match self.take(ANSWERED_AT_ONCE) {
            Some(api::Response::Heartbeat(response)) => response.error,
            other => panic!("no answer to a heartbeat: {other:?}"),
        }
    }

    pub fn leave(&mut self, member_id: &str, instance_id: Option<&str>) -> api::LeaveGroupResponse {
        let group_instance_id = instance_id.map(Into::into);
        let leaving = api::LeavingMember { member_id: member_id.into(), group_instance_id, reason: None };
        let request = api::LeaveGroupRequest { group: GROUP.into(), members: vec![leaving] };
        self.request(ANSWERED_AT_ONCE, GroupRequest::Leave(request));
        match self.take(ANSWERED_AT_ONCE) {
            Some(api::Response::LeaveGroup(response)) => response,
            other => panic!("no answer to a leave: {other:?}"),
        }
    }

    pub fn send_commit(&mut self, correlation_id: i32, member_id: &str, generation: i32, offset: i64) {
        let partition = api::OffsetCommitPartition {
            topic: "orders".into(),
            topic_id: ORDERS,
            partition: 0,
            offset: Offset(offset),
            leader_epoch: LeaderEpoch(0),
            metadata: "".into(),
        };
        let request = api::OffsetCommitRequest {
            group: GROUP.into(),
            generation,
            member_id: member_id.into(),
            group_instance_id: None,
            partitions: vec![partition],
        };
        self.request(correlation_id, GroupRequest::Commit(request));
    }

    /// Commits and returns the answer.
    pub fn commit_offset(&mut self, member_id: &str, generation: i32, offset: i64) -> ErrorCode {
        self.send_commit(ANSWERED_AT_ONCE, member_id, generation, offset);
        self.committed_answer(ANSWERED_AT_ONCE).expect("a commit is answered")
    }

    pub fn committed_answer(&mut self, correlation_id: i32) -> Option<ErrorCode> {
        match self.take(correlation_id)? {
            api::Response::OffsetCommit(response) => Some(response.partitions[0].2),
            other => panic!("no answer to a commit: {other:?}"),
        }
    }

    pub fn send_fetch(&mut self, correlation_id: i32) {
        let partitions = Some(vec![("orders".into(), 0)]);
        self.request(correlation_id, GroupRequest::Fetch(api::OffsetFetchRequest { group: GROUP.into(), partitions }));
    }

    pub fn fetched(&mut self, correlation_id: i32) -> Option<(ErrorCode, Option<Offset>)> {
        match self.take(correlation_id)? {
            api::Response::OffsetFetch(response) => {
                Some((response.error, response.partitions.first().map(|each| each.offset)))
            }
            other => panic!("no answer to a fetch: {other:?}"),
        }
    }

    pub fn stored(&self) -> Option<Offset> {
        self.coordinator.committed(GROUP, &TopicPartition::new("orders", 0)).map(|each| each.offset)
    }

    pub fn joined(&mut self, correlation_id: i32) -> api::JoinGroupResponse {
        match self.take(correlation_id) {
            Some(api::Response::JoinGroup(response)) => response,
            other => panic!("no answer to join {correlation_id}: {other:?}"),
        }
    }

    pub fn synced(&mut self, correlation_id: i32) -> api::SyncGroupResponse {
        match self.take(correlation_id) {
            Some(api::Response::SyncGroup(response)) => response,
            other => panic!("no answer to sync {correlation_id}: {other:?}"),
        }
    }

    pub fn take(&mut self, correlation_id: i32) -> Option<api::Response> {
        let at = self.answers.iter().position(|(id, _)| *id == correlation_id)?;
        Some(self.answers.remove(at).1)
    }
}

fn end_of(log: &[Batch]) -> Offset {
    log.last().map_or(Offset::ZERO, Batch::next_offset)
}
