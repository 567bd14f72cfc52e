//! DescribeQuorum: how far everybody is, as the leader knows it (`KafkaRaftClient.handleDescribeQuorumRequest`,
//! `LeaderState.describeQuorum`). It comes from brokers, which pass it on in an Envelope.

use crate::leader_state::ReplicaProgress;
use crate::quorum::Quorum;
use api::{
    DescribeQuorumRequest, DescribeQuorumResponse, EnvelopeRequest, EnvelopeResponse, QuorumReplica, RequestBody,
    Response,
};
use base::{BrokerId, ErrorCode, FlatMap, Offset, Span, Time, Timestamp};
use port::Cx;

/// Observers that have been silent for longer are not told of (`OBSERVER_SESSION_TIMEOUT_MS`).
const OBSERVER_SESSION: Span = Span::from_secs(300);

impl Quorum {
    /// Only the leader knows.
    pub(crate) fn describe_quorum(&self, cx: &Cx<'_>, request: &DescribeQuorumRequest) -> DescribeQuorumResponse {
        let Some(state) = self.leader_state() else {
            return request.refused(&ErrorCode::NotLeaderOrFollower.into());
        };
        let is_heard =
            |progress: &ReplicaProgress| progress.last_fetch.is_some_and(|at| cx.now.since(at) <= OBSERVER_SESSION);
        let observers: FlatMap<BrokerId, ReplicaProgress> =
            state.observers().iter().filter(|(_, each)| is_heard(each)).map(|(id, each)| (*id, *each)).collect();
        let endpoints = self.voters.ids().filter_map(|id| Some((id, self.voters.endpoint(id)?.clone())));
        DescribeQuorumResponse {
            error: ErrorCode::None,
            error_message: None,
            leader: self.node,
            leader_epoch: state.epoch(),
            high_watermark: state.high_watermark().unwrap_or(Offset::UNDEFINED),
            voters: self.replicas(cx, state.voters()),
            observers: self.replicas(cx, &observers),
            nodes: endpoints.collect(),
        }
    }

    /// The leader counts as having fetched just now.
    fn replicas(&self, cx: &Cx<'_>, of: &FlatMap<BrokerId, ReplicaProgress>) -> Vec<QuorumReplica> {
        let clock = |at: Option<Time>| match at {
            Some(at) => Timestamp(cx.wall.0 - cx.now.since(at).as_millis() as i64),
            None => Timestamp(-1),
        };
        let replica = |(id, progress): (&BrokerId, &ReplicaProgress)| {
            let is_leader = *id == self.node;
            let told = |at: Option<Time>| if is_leader { cx.wall } else { clock(at) };
            QuorumReplica {
                id: *id,
                directory: 0,
                log_end: progress.log_end.unwrap_or(Offset::UNDEFINED),
                last_fetch: told(progress.last_fetch),
                last_caught_up: told(progress.last_caught_up),
            }
        };
        of.iter().map(replica).collect()
    }

    /// A controller that does not lead sends the broker to the one that does, as for all that is passed on.
    pub(crate) fn describe_enveloped(&self, cx: &Cx<'_>, envelope: &EnvelopeRequest) -> Response {
        let api::Request::DescribeQuorum(request) = &envelope.passed.request else {
            unreachable!("the controller is asked for everything else that is passed on");
        };
        let row = api::ApiKey::DescribeQuorum.row();
        let answer = if !row.takes(envelope.passed.version) {
            EnvelopeResponse { error: ErrorCode::UnsupportedVersion, response: None }
        } else if self.leader_state().is_none() {
            EnvelopeResponse { error: ErrorCode::NotController, response: None }
        } else {
            let response = Response::DescribeQuorum(self.describe_quorum(cx, request));
            EnvelopeResponse { error: ErrorCode::None, response: Some(Box::new(response)) }
        };
        Response::Envelope(answer)
    }
}
