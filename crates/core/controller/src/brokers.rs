//! Brokers register and send heartbeats (`ClusterControlManager.registerBroker`,
//! `BrokerHeartbeatManager.calculateNextBrokerState`, semantics 7.6).

use crate::{BrokerState, Decision, Sessions, View, changes};
use api::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse, Response,
};
use base::{BrokerId, ErrorCode, FlatSet, Offset, Str, Time};
use metadata::{MetadataRecord, RegisterBroker};

/// Directory ids below this one have meanings of their own (`DirectoryId`).
const RESERVED_DIRECTORY_IDS: u128 = 100;

/// BrokerRegistration. `next_offset` is where the batch will start; it becomes the broker epoch.
pub(crate) fn register(
    view: View<'_>,
    sessions: &Sessions,
    request: &BrokerRegistrationRequest,
    (now, next_offset): (Time, Offset),
    cluster_id: &Str,
) -> Decision {
    let answer = |error, broker_epoch| Response::BrokerRegistration(BrokerRegistrationResponse { error, broker_epoch });
    if let Err(error) = check_registration(view, sessions, request, (now, cluster_id)) {
        return Decision::answer(answer(error, -1));
    }
    let existing = view.image.broker(request.broker);
    let mut record = RegisterBroker {
        broker: request.broker,
        incarnation: request.incarnation,
        broker_epoch: next_offset.0,
        endpoints: request.endpoints.clone(),
        rack: request.rack.clone(),
        fenced: true,
        in_controlled_shutdown: false,
        log_dirs: request.log_dirs.clone(),
    };
    let mut records = Vec::new();
    // The same process asks again because the answer was lost: nothing about it has changed.
    match existing.filter(|existing| existing.incarnation == request.incarnation) {
        Some(same) => {
            record.broker_epoch = same.epoch;
            record.fenced = same.fenced;
            record.in_controlled_shutdown = same.in_controlled_shutdown;
        }
        None => {
            // It found the file of a clean stop with the epoch that it had then (KIP-966): it has lost nothing.
            let clean = existing.is_some_and(|existing| existing.epoch == request.previous_broker_epoch);
            records = changes::restarted(view, request.broker, clean);
        }
    }
    let response = answer(ErrorCode::None, record.broker_epoch);
    records.push(MetadataRecord::RegisterBroker(record));
    Decision { records, response }
}

/// Of two processes with one id the later waits until the session of the earlier is over, or both would act in one
/// name; a broker that was killed and comes back at once is refused until then, too, and tries again.
fn check_registration(
    view: View<'_>,
    sessions: &Sessions,
    request: &BrokerRegistrationRequest,
    (now, cluster_id): (Time, &Str),
) -> Result<(), ErrorCode> {
    if request.cluster_id != *cluster_id {
        return Err(ErrorCode::InconsistentClusterId);
    }
    let other = view.image.broker(request.broker).filter(|existing| existing.incarnation != request.incarnation);
    if other.is_some_and(|existing| sessions.has_valid_session(existing.id, existing.epoch, now)) {
        return Err(ErrorCode::DuplicateBrokerRegistration);
    }
    let directories: FlatSet<u128> = request.log_dirs.iter().copied().collect();
    let taken = |id: &u128| view.image.brokers().any(|other| other.id != request.broker && other.log_dirs.contains(id));
    let invalid = directories.is_empty()
        || directories.len() != request.log_dirs.len()
        || directories.iter().any(|id| *id < RESERVED_DIRECTORY_IDS || taken(id));
    if invalid { Err(ErrorCode::InvalidRegistration) } else { Ok(()) }
}

/// Where a broker stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrokerControlState {
    Fenced,
    Unfenced,
    ControlledShutdown,
    ShutdownNow,
}

impl BrokerControlState {
    /// What the heartbeat's answer says.
    fn is_fenced(self) -> bool {
        match self {
            BrokerControlState::Fenced | BrokerControlState::ShutdownNow => true,
            BrokerControlState::Unfenced | BrokerControlState::ControlledShutdown => false,
        }
    }
}

/// BrokerHeartbeat: the decision, and the state the broker is in afterwards (`None` when the
/// heartbeat is not from the broker as it is registered).
pub(crate) fn heartbeat(
    view: View<'_>,
    sessions: &Sessions,
    request: &BrokerHeartbeatRequest,
) -> (Decision, Option<BrokerControlState>) {
    let broker = request.broker;
    if let Err(error) = view.check_broker_epoch(broker, request.broker_epoch) {
        let (is_caught_up, is_fenced, should_shut_down) = (false, true, false);
        let response = BrokerHeartbeatResponse { error, is_caught_up, is_fenced, should_shut_down };
        return (Decision::answer(Response::BrokerHeartbeat(response)), None);
    }
    let current = current_state(view, sessions.state(broker), broker);
    let next = next_state(view, sessions, request, current);
    let mut records = if current == next { Vec::new() } else { transition(view, broker, next) };
    if view.image.broker(broker).is_some_and(|registered| registered.cordoned_log_dirs.is_none()) {
        // The broker's first heartbeat says which directories it keeps closed (KIP-1066): none.
        records.push(changes::registration_change(view, broker, |change| change.cordoned_log_dirs = Some(Vec::new())));
    }
    let response = Response::BrokerHeartbeat(BrokerHeartbeatResponse {
        error: ErrorCode::None,
        is_caught_up: is_caught_up(view, request),
        is_fenced: next.is_fenced(),
        should_shut_down: next == BrokerControlState::ShutdownNow,
    });
    (Decision { records, response }, Some(next))
}

/// Has it replayed its own registration?
/// Unfenced before that, it might lead by metadata of its former life.
fn is_caught_up(view: View<'_>, request: &BrokerHeartbeatRequest) -> bool {
    let registered = view.image.broker(request.broker);
    registered.is_some_and(|registered| request.current_metadata_offset >= registered.registered_at)
}

/// Registration says whether it is fenced; that it is leaving only this controller knows, from the offset that the
/// others must reach. A new controller hears of it with the next heartbeat.
fn current_state(view: View<'_>, state: BrokerState, broker: BrokerId) -> BrokerControlState {
    let fenced = view.image.broker(broker).is_none_or(|registered| registered.fenced);
    match (fenced, state.controlled_shutdown_offset) {
        (true, _) => BrokerControlState::Fenced,
        (false, Some(_)) => BrokerControlState::ControlledShutdown,
        (false, None) => BrokerControlState::Unfenced,
    }
}

/// `BrokerHeartbeatManager.calculateNextBrokerState`. Who leads something when it asks to leave stays until others lead
/// that and every active broker has heard so; then nobody looks for records at a broker that is gone (KIP-631).
fn next_state(
    view: View<'_>,
    sessions: &Sessions,
    request: &BrokerHeartbeatRequest,
    current: BrokerControlState,
) -> BrokerControlState {
    use BrokerControlState::{ControlledShutdown, Fenced, ShutdownNow, Unfenced};
    let leads = || view.leads_anything(request.broker);
    match current {
        Fenced if request.want_shut_down => ShutdownNow,
        Fenced if !request.want_fence && is_caught_up(view, request) => Unfenced,
        Fenced => Fenced,
        Unfenced if request.want_fence => {
            if request.want_shut_down {
                ShutdownNow
            } else {
                Fenced
            }
        }
        Unfenced if request.want_shut_down => {
            if leads() {
                ControlledShutdown
            } else {
                ShutdownNow
            }
        }
        Unfenced => Unfenced,
        ControlledShutdown if leads() => ControlledShutdown,
        ControlledShutdown => {
            let wanted = sessions.state(request.broker).controlled_shutdown_offset;
            let reached = sessions.lowest_active_offset(view.image);
            if reached.is_none_or(|reached| wanted <= Some(reached)) { ShutdownNow } else { ControlledShutdown }
        }
        ShutdownNow => ShutdownNow,
    }
}

/// The records that take a broker into its next state; none if it is there already.
fn transition(view: View<'_>, broker: BrokerId, next: BrokerControlState) -> Vec<MetadataRecord> {
    match next {
        BrokerControlState::Fenced | BrokerControlState::ShutdownNow => {
            let already = view.image.broker(broker).is_none_or(|registered| registered.fenced);
            if already { Vec::new() } else { changes::fence(view, broker) }
        }
        BrokerControlState::Unfenced => changes::unfence(view, broker),
        BrokerControlState::ControlledShutdown => changes::controlled_shutdown(view, broker),
    }
}
