//! A group coordinator whose log commits at once, or when told: a [`Rig`] with the requests of groups.

use crate::rig;

use ::config::{BrokerConfig, Overrides};
use base::{ConnectionId, ErrorCode, LeaderEpoch, Offset, Span, Str, TopicId, TopicPartition};
use coordinator::runtime::Append;
use coordinator::{GroupConfig, GroupCoordinator, GroupRequest, JoinCall};
use port::{Cx, ReplyTo};
use records::Batch;
use rig::Rig;
use std::ops::{Deref, DerefMut};

/// The group of every test.
pub const GROUP: &str = "g";
/// The topic whose offsets are committed.
pub const ORDERS: TopicId = TopicId(7);
const CONNECTION: ConnectionId = ConnectionId(1);
const ANSWERED_AT_ONCE: i32 = -1;

pub struct Harness {
    rig: Rig<GroupCoordinator>,
    pub writes: Writes,
}

impl Deref for Harness {
    type Target = Rig<GroupCoordinator>;
    fn deref(&self) -> &Self::Target {
        &self.rig
    }
}

impl DerefMut for Harness {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.rig
    }
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
        let coordinator = GroupCoordinator::new(config);
        let partition = coordinator.partition_of(GROUP);
        Harness { rig: Rig::with_log(coordinator, (partition, log), high_watermark, seed), writes: Writes::Commit }
    }

    /// Runs one call, collects its answers and lets the log have its writes.
    pub fn act(&mut self, call: impl FnOnce(&mut GroupCoordinator, &mut Cx<'_>)) {
        self.rig.act(call);
        for append in self.coordinator.runtime_mut().take_appends() {
            if self.coordinator.runtime().expects(append.token) {
                self.carry_out(append);
            }
        }
    }

    fn carry_out(&mut self, append: Append) {
        match self.writes {
            Writes::Commit => {
                self.rig.append(append);
                self.release();
            }
            Writes::Hold => self.rig.append(append),
            Writes::Refuse(error) => {
                self.act(|coordinator, cx| coordinator.runtime_mut().on_refused(cx, append.token, error))
            }
        }
    }

    /// The high watermark comes to the end of the log.
    pub fn release(&mut self) {
        self.commit_to(self.end());
    }

    /// The high watermark comes to there.
    pub fn commit_to(&mut self, high_watermark: Offset) {
        let partition = self.partition;
        self.act(|coordinator, cx| coordinator.runtime_mut().on_high_watermark(cx, partition, high_watermark));
    }

    /// Lets time pass; timers fire at their own instants.
    pub fn advance(&mut self, span: Span) {
        let end = self.now + span;
        while self.comes_to_timer(end) {
            self.act(|coordinator, cx| coordinator.runtime_mut().on_deadline(cx));
            let next = self.coordinator.runtime().next_deadline();
            assert!(next.is_none_or(|next| next > self.now), "a due timer is left");
        }
        self.now = end;
    }

    pub fn request(&mut self, correlation_id: i32, request: GroupRequest) {
        let reply = ReplyTo::new(CONNECTION, correlation_id);
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
        let reply = ReplyTo::new(CONNECTION, join.correlation_id);
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
        self.send_commits(correlation_id, (member_id, generation), &[offset]);
    }

    /// For each of the first partitions its offset.
    pub fn send_commits(&mut self, correlation_id: i32, (member_id, generation): (&str, i32), offsets: &[i64]) {
        let partition = |(number, offset): (i32, &i64)| api::OffsetCommitPartition {
            topic: "orders".into(),
            topic_id: ORDERS,
            partition: number,
            offset: Offset(*offset),
            leader_epoch: LeaderEpoch(0),
            metadata: "".into(),
        };
        let request = api::OffsetCommitRequest {
            group: GROUP.into(),
            generation,
            member_id: member_id.into(),
            group_instance_id: None,
            partitions: (0..).zip(offsets).map(partition).collect(),
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
