//! How a broker joins its cluster, stays in it and leaves it: registration, heartbeats, fencing,
//! controlled shutdown.
//!
//! A machine of its own: it knows what was said to and heard of the controller, and says what comes next; it neither sends
//! nor serves. Kafka: `BrokerLifecycleManager`, `BrokerServer.startup` and `shutdown`; semantics §7.6. The broker serves
//! nobody before it has replayed its own registration, and asks to be unfenced then.

use crate::controller_lines::Purpose;
use crate::timer::Timer;
use crate::wires::Wires;
use api::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse, Request,
};
use base::{BrokerId, ErrorCode, Offset, Span, TimerTable};
use log::Shutdown;
use port::{Cx, KafkaFact, NodeSetup};

/// Kafka's `BrokerState`, without those that last no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BrokerState {
    /// Registering and catching up with the metadata log.
    Starting,
    /// Caught up and serving, but still fenced.
    Recovery,
    Running,
    PendingControlledShutdown,
    ShuttingDown,
}

/// Where this broker stands with the controller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lifecycle {
    state: BrokerState,
    incarnation: u128,
    /// −1 before the first registration.
    broker_epoch: i64,
    previous_broker_epoch: i64,
    is_fenced: bool,
    is_registered: bool,
    heard_of_shutdown: bool,
    /// Something became urgent while a request was under way: the next one follows its answer at once.
    next_is_urgent: bool,
}

/// What the broker has to do next for its place in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Step {
    /// Wait for a timer, or for an answer.
    Wait,
    /// It is registered: perhaps it can serve now. Then a heartbeat at once.
    Registered,
    /// A heartbeat at once.
    Speak,
    /// Stop, now.
    Stop,
}

/// The first heartbeat after the first answer to "want shut down" comes sooner.
const SHUTDOWN_POLL: Span = Span::from_millis(50);
/// `BrokerServer` waits so long for the controller to let it go.
const SHUTDOWN_PATIENCE: Span = Span::from_secs(300);

impl Lifecycle {
    /// A new incarnation. `previous_broker_epoch` comes from the clean-shutdown file.
    pub(crate) fn boot(incarnation: u128, previous_broker_epoch: Option<i64>) -> Lifecycle {
        Lifecycle {
            state: BrokerState::Starting,
            incarnation,
            broker_epoch: -1,
            previous_broker_epoch: previous_broker_epoch.unwrap_or(-1),
            is_fenced: true,
            is_registered: false,
            heard_of_shutdown: false,
            next_is_urgent: false,
        }
    }

    pub fn state(&self) -> BrokerState {
        self.state
    }
    pub fn broker_epoch(&self) -> i64 {
        self.broker_epoch
    }
    /// As the controller said last.
    pub fn is_fenced(&self) -> bool {
        self.is_fenced
    }
    pub fn incarnation(&self) -> u128 {
        self.incarnation
    }

    /// How the process before this one ended.
    pub(crate) fn last_shutdown(&self) -> Shutdown {
        if self.previous_broker_epoch >= 0 { Shutdown::Clean } else { Shutdown::Unclean }
    }
}

/// One log directory, whose id stays the same over restarts. Ids below 100 are reserved.
fn log_dir_id(node: BrokerId) -> u128 {
    (1 << 64) | u128::from(node.0.unsigned_abs())
}

impl Lifecycle {
    /// The process has begun: somebody has to register it in time.
    pub(crate) fn begin(&self, cx: &Cx<'_>, wires: &mut Wires) {
        wires.timers.set(Timer::RegistrationGivesUp, cx.now + wires.config.registration_timeout);
    }

    pub(crate) fn registration_request(&self, setup: &NodeSetup) -> Request {
        Request::BrokerRegistration(BrokerRegistrationRequest {
            broker: setup.node,
            cluster_id: setup.cluster_id.clone(),
            incarnation: self.incarnation,
            endpoints: setup.listeners.advertised.clone(),
            rack: setup.rack.clone(),
            log_dirs: vec![log_dir_id(setup.node)],
            previous_broker_epoch: self.previous_broker_epoch,
        })
    }

    /// `published`: up to where the metadata log is carried out.
    pub(crate) fn heartbeat_request(&self, broker: BrokerId, published: Offset) -> Request {
        Request::BrokerHeartbeat(BrokerHeartbeatRequest {
            broker,
            broker_epoch: self.broker_epoch,
            current_metadata_offset: published,
            want_fence: self.state == BrokerState::Starting,
            want_shut_down: self.state == BrokerState::PendingControlledShutdown,
        })
    }

    pub(crate) fn on_registered(
        &mut self,
        cx: &Cx<'_>,
        wires: &mut Wires,
        answer: &BrokerRegistrationResponse,
    ) -> Step {
        if answer.error.is_error() {
            return self.after_failure(cx, wires);
        }
        self.broker_epoch = answer.broker_epoch;
        self.is_registered = true;
        wires.timers.cancel(&Timer::RegistrationGivesUp);
        Step::Registered
    }

    pub(crate) fn on_heartbeat(&mut self, cx: &Cx<'_>, wires: &mut Wires, answer: &BrokerHeartbeatResponse) -> Step {
        if matches!(answer.error, ErrorCode::StaleBrokerEpoch | ErrorCode::BrokerIdNotRegistered) {
            self.is_registered = false;
        }
        if answer.error.is_error() {
            return self.after_failure(cx, wires);
        }
        self.is_fenced = answer.is_fenced;
        let mut next = wires.config.heartbeat_interval;
        match self.state {
            BrokerState::Recovery if !answer.is_fenced => self.state = BrokerState::Running,
            BrokerState::PendingControlledShutdown if answer.should_shut_down => return Step::Stop,
            BrokerState::PendingControlledShutdown if !self.heard_of_shutdown => {
                self.heard_of_shutdown = true;
                next = SHUTDOWN_POLL;
            }
            BrokerState::Starting
            | BrokerState::Recovery
            | BrokerState::Running
            | BrokerState::PendingControlledShutdown
            | BrokerState::ShuttingDown => {}
        }
        if std::mem::take(&mut self.next_is_urgent) {
            return Step::Speak;
        }
        wires.timers.set(Timer::Heartbeat, cx.now + next);
        Step::Wait
    }

    /// It is time for a heartbeat, or for a registration where there is none. While another is under way it has to wait
    /// for that one's answer.
    pub(crate) fn speak(&mut self, wires: &mut Wires, under_way: Option<Purpose>) -> Option<Purpose> {
        wires.timers.cancel(&Timer::Heartbeat);
        if under_way.is_some() {
            self.next_is_urgent = true;
            return None;
        }
        Some(if self.is_registered { Purpose::Heartbeat } else { Purpose::Register })
    }

    /// What was urgent has been said.
    pub(crate) fn calm(&mut self) {
        self.next_is_urgent = false;
    }

    /// After a failure the next try is never at once.
    pub(crate) fn after_failure(&mut self, cx: &Cx<'_>, wires: &mut Wires) -> Step {
        self.next_is_urgent = false;
        wires.timers.set(Timer::Heartbeat, cx.now + wires.config.heartbeat_interval);
        Step::Wait
    }

    /// Nobody registered us in time: Kafka's broker exits then.
    pub(crate) fn on_registration_gave_up(&mut self, cx: &mut Cx<'_>) {
        if !self.is_registered {
            self.state = BrokerState::ShuttingDown;
            cx.fact(|| KafkaFact::RegistrationGaveUp);
            cx.wish_exit();
        }
    }

    /// Every partition of the first image has been taken up.
    pub(crate) fn serves(&mut self) {
        self.state = BrokerState::Recovery;
    }

    /// A person or a script asks for a controlled shutdown.
    pub(crate) fn shut_down(&mut self, cx: &mut Cx<'_>, wires: &mut Wires) -> Step {
        match self.state {
            BrokerState::Running if wires.config.controlled_shutdown_enable => {
                cx.fact(|| KafkaFact::ControlledShutdownStarted);
                self.state = BrokerState::PendingControlledShutdown;
                wires.timers.set(Timer::ShutdownGivesUp, cx.now + SHUTDOWN_PATIENCE);
                Step::Speak
            }
            BrokerState::PendingControlledShutdown | BrokerState::ShuttingDown => Step::Wait,
            BrokerState::Starting | BrokerState::Recovery | BrokerState::Running => Step::Stop,
        }
    }

    /// It stops now.
    pub(crate) fn stops(&mut self) {
        self.state = BrokerState::ShuttingDown;
    }

    /// Checks that something will make it speak again, when nothing is under way and nothing waits to be sent.
    ///
    /// # Panics
    /// When nothing will.
    pub(crate) fn verify_silent(&self, timers: &TimerTable<Timer>) {
        assert!(timers.deadline(&Timer::Heartbeat).is_some(), "no heartbeat would follow: {self:?}");
    }
}
