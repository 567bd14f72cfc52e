//! Leading: opening the epoch, collecting and writing records, presenting oneself and stepping down.
//! Kafka: `LeaderState`, `BatchAccumulator`, `pollLeader`, `pollResigned`.

use crate::committed::QuorumOutput;
use crate::quorum::{Quorum, QuorumTimer, Verdict};
use crate::role::Role;
use api::{BeginQuorumEpochRequest, BeginQuorumEpochResponse, EndQuorumEpochRequest, EndQuorumEpochResponse, Request};
use base::{BrokerId, ErrorCode, FlatSet, Offset, Str};
use bytes::Bytes;
use port::{Cx, KafkaFact};
use records::{Batch, BatchBuilder, ControlType, NewRecord};
use schema::Value;

/// What a leader has accepted and not written yet. Offsets are given out already.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct PendingRecords {
    records: Vec<Bytes>,
    size: u64,
    /// How many records each call brought, and what they are about.
    calls: Vec<(u32, Summary)>,
}

/// What records are about, in words for whoever listens. Nobody may be listening, so it is no part of the state.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Summary(Str);

impl std::hash::Hash for Summary {
    fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
}

impl PendingRecords {
    /// How many records wait for others to fill the batch.
    pub(crate) fn count(&self) -> u32 {
        self.records.len() as u32
    }
}

impl Quorum {
    /// Accepts metadata records (with their frames) for one batch, to be written within the append
    /// linger. `summary` is what `Fact::MetadataAppended` will say of them. Returns the offset of the
    /// last one; it is committed when the high watermark passes it, or lost with the leadership.
    ///
    /// # Errors
    /// `NotController` when this node does not lead, or no longer because its disk failed while older records were
    /// written; `InvalidRequest` without records, `RecordListTooLarge` when they do not fit in one batch.
    pub fn append(&mut self, cx: &mut Cx<'_>, records: Vec<Bytes>, summary: Str) -> Result<Offset, ErrorCode> {
        if !self.is_leader() || self.is_shut_down() {
            return Err(ErrorCode::NotController);
        }
        if records.is_empty() {
            return Err(ErrorCode::InvalidRequest);
        }
        let size = port::metadata_records_size(records.iter().map(Bytes::len));
        if !port::fits_metadata_batch(size) {
            return Err(ErrorCode::RecordListTooLarge);
        }
        if !port::fits_metadata_batch(self.pending.size + size) {
            self.write_pending(cx);
            if self.is_shut_down() {
                return Err(ErrorCode::NotController);
            }
        }
        if self.pending.records.is_empty() {
            self.timers.set(QuorumTimer::AppendLinger, cx.now + self.settings.append_linger);
        }
        self.pending.size += size;
        self.pending.calls.push((records.len() as u32, Summary(summary)));
        self.pending.records.extend(records);
        Ok(self.log.end().plus(i64::from(self.pending.count()) - 1))
    }

    /// Writes what was collected as one batch.
    pub(crate) fn write_pending(&mut self, cx: &mut Cx<'_>) {
        self.timers.cancel(&QuorumTimer::AppendLinger);
        let pending = std::mem::take(&mut self.pending);
        if pending.records.is_empty() {
            return;
        }
        let mut builder = BatchBuilder::new();
        for record in pending.records {
            let value = Some(record);
            builder.append(&NewRecord { timestamp: cx.wall, key: None, value, headers: Vec::new() });
        }
        let mut offset = self.log.end();
        if self.write(cx, &builder.build()).is_none() {
            return;
        }
        for (count, Summary(summary)) in pending.calls {
            offset = offset.plus(i64::from(count));
            cx.fact(|| KafkaFact::MetadataAppended { offset: offset.plus(-1), count, summary });
        }
        self.on_written(cx);
    }

    /// A leader begins its epoch with a record of its own; only through that can older records become
    /// committed (§9.3).
    pub(crate) fn open_epoch(&mut self, cx: &mut Cx<'_>, granting: &FlatSet<BrokerId>) {
        let message = self.leader_change_message(granting);
        let batch = BatchBuilder::new().control(ControlType::LeaderChange, message, cx.wall).build();
        // The disk fails, and with it this node: see `or_fail`.
        let Some(offset) = self.write(cx, &batch) else { return };
        let epoch = self.election.epoch;
        cx.fact(|| KafkaFact::MetadataAppended { offset, count: 1, summary: Str::from("LEADER_CHANGE") });
        self.outputs.push(QuorumOutput::BecameLeader { epoch, log_end: self.log.end() });
        self.on_written(cx);
    }

    /// Kafka: `LeaderState.appendStartOfEpochControlRecords`; version 0 holds no directories of voters.
    fn leader_change_message(&self, granting: &FlatSet<BrokerId>) -> Bytes {
        let voter = |id: BrokerId| Value::record().with("voterId", id);
        let message = Value::record()
            .with("version", 0i16)
            .with("leaderId", self.node)
            .with("voters", self.voters.ids().map(voter).collect::<Value>())
            .with("grantingVoters", granting.iter().copied().map(voter).collect::<Value>());
        let encoded = schema::encode(schema::control::leader_change_message(), 0, &message);
        encoded.expect("the message has every field of its schema")
    }

    /// Into the leader's own log, which counts for the majority once it is flushed.
    fn write(&mut self, cx: &mut Cx<'_>, batch: &Batch) -> Option<Offset> {
        let written = self.log.append_as_leader(cx.store, batch, self.election.epoch, cx.wall);
        self.or_fail(cx, written)
    }

    /// The leader itself may have been the last that the majority lacked.
    pub(crate) fn on_written(&mut self, cx: &mut Cx<'_>) {
        let end = self.log.end();
        // A sole voter is its own majority.
        let advanced = self.role.leader_mut().and_then(|state| state.update_local_end(end));
        if let Some(high_watermark) = advanced {
            self.on_high_watermark(cx, high_watermark);
        }
        self.wake_parked(cx);
    }

    /// Followers that have not fetched for a while are told again who leads.
    pub(crate) fn repeat_begin_quorum_epoch(&mut self, cx: &mut Cx<'_>) {
        let interval = self.settings.begin_quorum_epoch_interval();
        let state = self.role.leader_mut().expect("whoever leads no longer has no such timer");
        state.tell_silent_voters(cx.now - interval);
        self.timers.set(QuorumTimer::BeginQuorumEpoch, cx.now + interval);
    }

    /// Voters that have not fetched in this epoch may not know who leads: they are told, again and again.
    pub(crate) fn poll_begin_quorum_epoch(&mut self, cx: &mut Cx<'_>) {
        let to_be_told = self.leader_state().map(|state| state.to_be_told.clone()).unwrap_or_default();
        for node in to_be_told {
            let sent = self.send(cx, node, |quorum| Request::BeginQuorumEpoch(quorum.begin_quorum_epoch(node)));
            if sent && let Some(state) = self.role.leader_mut() {
                state.to_be_told.remove(&node);
            }
        }
    }

    /// With the address, because a voter may never have heard of it (KIP-853).
    fn begin_quorum_epoch(&self, voter: BrokerId) -> BeginQuorumEpochRequest {
        let own = self.voters.endpoint(self.node).expect("a leader is one of the voters");
        BeginQuorumEpochRequest {
            cluster_id: self.cluster_id.clone(),
            voter,
            leader: self.node,
            leader_epoch: self.election.epoch,
            leader_endpoint: own.clone(),
        }
    }

    /// Nothing to do but to look at the epoch.
    pub(crate) fn on_begin_quorum_epoch_response(
        &mut self,
        cx: &mut Cx<'_>,
        voter: BrokerId,
        response: &BeginQuorumEpochResponse,
    ) -> Verdict {
        let (error, leader) = (response.error, response.leader.known());
        if let Some(verdict) = self.on_common_response(cx, error, leader, response.leader_epoch) {
            return verdict;
        }
        if let Some(state) = self.role.leader_mut() {
            state.acknowledge(voter);
        }
        Verdict::Ready
    }

    /// A leader that gave up tells every voter until each has answered.
    pub(crate) fn poll_end_quorum_epoch(&mut self, cx: &mut Cx<'_>) {
        let Role::Resigned(state) = &self.role else { unreachable!("only who resigned says so") };
        let request = EndQuorumEpochRequest {
            cluster_id: self.cluster_id.clone(),
            leader: self.node,
            leader_epoch: self.election.epoch,
            preferred_successors: state.preferred_successors.clone(),
        };
        for node in state.unacknowledged.clone() {
            self.send(cx, node, |_| Request::EndQuorumEpoch(request.clone()));
        }
    }

    /// The successor has heard of it.
    pub(crate) fn on_end_quorum_epoch_response(
        &mut self,
        cx: &mut Cx<'_>,
        voter: BrokerId,
        response: &EndQuorumEpochResponse,
    ) -> Verdict {
        let (error, leader) = (response.error, response.leader.known());
        if let Some(verdict) = self.on_common_response(cx, error, leader, response.leader_epoch) {
            return verdict;
        }
        if let Role::Resigned(state) = &mut self.role {
            state.unacknowledged.remove(&voter);
        }
        Verdict::Ready
    }
}
