//! Words for the states of processes, roles and groups. Kafka's own names stay.

use broker::BrokerState;
use client::consumer::{Application, GroupPhase, Position};
use client::producer::Idempotence;
use port::{GroupState, QuorumRole};
use sim::Liveness;

/// One function per kind of state.
pub struct StatesText {
    pub liveness: fn(Liveness) -> &'static str,
    pub quorum: fn(QuorumRole) -> &'static str,
    pub broker: fn(BrokerState) -> &'static str,
    pub group: fn(GroupState) -> &'static str,
    pub phase: fn(GroupPhase) -> &'static str,
    pub application: fn(Application) -> &'static str,
    pub idempotence: fn(Idempotence) -> String,
    pub position: fn(Position) -> String,
}
