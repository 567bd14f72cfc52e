//! How a broker joins its cluster, stays in it and leaves it: registration, heartbeats, fencing,
//! controlled shutdown.
//!
//! Kafka: `BrokerLifecycleManager`, `BrokerServer.startup` and `shutdown`; semantics §7.6. The
//! broker serves nobody before it has replayed its own registration, and asks to be unfenced then.

use crate::broker::Broker;
use crate::checkpoints;
use crate::controller_channel::Purpose;
use crate::timer::Timer;
use api::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse, Request,
};
use base::{ErrorCode, Span};
use log::Shutdown;
use port::ChannelKind;
use port::{Cx, KafkaFact};

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
    pub(crate) state: BrokerState,
    pub(crate) incarnation: u128,
    /// −1 before the first registration.
    pub(crate) broker_epoch: i64,
    previous_broker_epoch: i64,
    is_fenced: bool,
    is_registered: bool,
    heard_of_shutdown: bool,
    /// Something became urgent while a request was under way: the next one follows its answer at once.
    next_is_urgent: bool,
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

impl Broker {
    pub(crate) fn begin_lifecycle(&mut self, cx: &mut Cx<'_>) {
        self.timers.set(Timer::RegistrationGivesUp, cx.now + self.config.registration_timeout);
        self.ask_controller(cx, ChannelKind::Lifecycle, Purpose::Register);
    }

    pub(crate) fn registration_request(&self) -> Request {
        Request::BrokerRegistration(BrokerRegistrationRequest {
            broker: self.id(),
            cluster_id: self.setup.cluster_id.clone(),
            incarnation: self.lifecycle.incarnation,
            endpoint: self.setup.endpoint.clone(),
            rack: self.setup.rack.clone(),
            log_dirs: vec![self.log_dir_id()],
            previous_broker_epoch: self.lifecycle.previous_broker_epoch,
        })
    }

    /// One log directory, whose id stays the same over restarts. Ids below 100 are reserved.
    fn log_dir_id(&self) -> u128 {
        (1 << 64) | u128::from(self.id().0.unsigned_abs())
    }

    pub(crate) fn heartbeat_request(&self) -> Request {
        let state = self.lifecycle.state;
        Request::BrokerHeartbeat(BrokerHeartbeatRequest {
            broker: self.id(),
            broker_epoch: self.lifecycle.broker_epoch,
            current_metadata_offset: self.published(),
            want_fence: state == BrokerState::Starting,
            want_shut_down: state == BrokerState::PendingControlledShutdown,
        })
    }

    pub(crate) fn on_registered(&mut self, cx: &mut Cx<'_>, answer: &BrokerRegistrationResponse) {
        if answer.error.is_error() {
            return self.communicate_after_failure(cx);
        }
        self.lifecycle.broker_epoch = answer.broker_epoch;
        self.lifecycle.is_registered = true;
        self.timers.cancel(&Timer::RegistrationGivesUp);
        self.maybe_start_serving(cx);
        self.on_heartbeat_due(cx);
        self.lifecycle.next_is_urgent = false;
    }

    pub(crate) fn on_heartbeat(&mut self, cx: &mut Cx<'_>, answer: &BrokerHeartbeatResponse) {
        if matches!(answer.error, ErrorCode::StaleBrokerEpoch | ErrorCode::BrokerIdNotRegistered) {
            self.lifecycle.is_registered = false;
        }
        if answer.error.is_error() {
            return self.communicate_after_failure(cx);
        }
        self.lifecycle.is_fenced = answer.is_fenced;
        let mut next = self.config.heartbeat_interval;
        match self.lifecycle.state {
            BrokerState::Recovery if !answer.is_fenced => self.lifecycle.state = BrokerState::Running,
            BrokerState::PendingControlledShutdown if answer.should_shut_down => return self.finish_shutdown(cx),
            BrokerState::PendingControlledShutdown if !self.lifecycle.heard_of_shutdown => {
                self.lifecycle.heard_of_shutdown = true;
                next = SHUTDOWN_POLL;
            }
            BrokerState::Starting
            | BrokerState::Recovery
            | BrokerState::Running
            | BrokerState::PendingControlledShutdown
            | BrokerState::ShuttingDown => {}
        }
        if std::mem::take(&mut self.lifecycle.next_is_urgent) {
            return self.on_heartbeat_due(cx);
        }
        self.timers.set(Timer::Heartbeat, cx.now + next);
    }

    /// The heartbeat timer: a heartbeat, or a registration where there is none. While another is under
    /// way it has to wait for that one's answer.
    pub(crate) fn on_heartbeat_due(&mut self, cx: &mut Cx<'_>) {
        self.timers.cancel(&Timer::Heartbeat);
        let purpose = if self.lifecycle.is_registered { Purpose::Heartbeat } else { Purpose::Register };
        let under_way = self.under_way(ChannelKind::Lifecycle).is_some();
        if under_way {
            self.lifecycle.next_is_urgent = true;
        } else {
            self.ask_controller(cx, ChannelKind::Lifecycle, purpose);
        }
    }

    /// After a failure the next try is never at once.
    pub(crate) fn communicate_after_failure(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.next_is_urgent = false;
        self.timers.set(Timer::Heartbeat, cx.now + self.config.heartbeat_interval);
    }

    /// Nobody registered us in time: Kafka's broker exits then.
    pub(crate) fn on_registration_gave_up(&mut self, cx: &mut Cx<'_>) {
        if !self.lifecycle.is_registered {
            self.lifecycle.state = BrokerState::ShuttingDown;
            cx.fact(|| KafkaFact::RegistrationGaveUp);
            cx.wish_exit();
        }
    }

    /// Once the own registration has been replayed the broker takes up its partitions, begins to
    /// serve and asks to be unfenced, at once.
    pub(crate) fn maybe_start_serving(&mut self, cx: &mut Cx<'_>) {
        let own = self.image.broker(self.id());
        let has_replayed = own.is_some_and(|own| own.epoch == self.lifecycle.broker_epoch);
        if self.lifecycle.state != BrokerState::Starting || !has_replayed || self.is_publishing() {
            return;
        }
        self.publish_first_image(cx);
    }

    /// Every partition of the first image has been taken up.
    pub(crate) fn begin_serving(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.state = BrokerState::Recovery;
        self.on_heartbeat_due(cx);
        self.serve_held(cx);
    }

    /// A person or a script asks for a controlled shutdown.
    pub fn shut_down(&mut self, cx: &mut Cx<'_>) {
        match self.lifecycle.state {
            BrokerState::Running if self.config.controlled_shutdown_enable => {
                cx.fact(|| KafkaFact::ControlledShutdownStarted);
                self.lifecycle.state = BrokerState::PendingControlledShutdown;
                self.timers.set(Timer::ShutdownGivesUp, cx.now + SHUTDOWN_PATIENCE);
                self.on_heartbeat_due(cx);
            }
            BrokerState::PendingControlledShutdown | BrokerState::ShuttingDown => {}
            BrokerState::Starting | BrokerState::Recovery | BrokerState::Running => self.finish_shutdown(cx),
        }
    }

    /// Writes what the next start wants to know, and stops.
    pub(crate) fn finish_shutdown(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.state = BrokerState::ShuttingDown;
        self.write_checkpoints(cx);
        // Who stops before all logs are open has not looked at the others: the next start has to.
        if self.lifecycle.broker_epoch >= 0 && !self.is_opening_logs() {
            checkpoints::write_clean_shutdown(cx.store, self.lifecycle.broker_epoch);
        }
        self.timers.clear();
        cx.wish_exit();
    }
}
