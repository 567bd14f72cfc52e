//! What every machine of the broker sends with: the broker's own connections, all in one (`net::Lines`): three lines to
//! the controller and one to each leader that it copies from; and the broker's table of timers.
//!
//! What is sent and what answers mean is the business of `controller_lines` and `replica_fetchers`. Kafka:
//! `NodeToControllerChannelManagerImpl`, `BrokerBlockingSender`.

use crate::controller_lines::Purpose;
use crate::timer::Timer;
use api::Request;
use base::{Endpoint, Shared, Span, Str, TimerTable};
use config::BrokerConfig;
use net::{Backoff, InFlight, LineTimer, Lines, Outgoing, Pause, Rules, Wait};
use port::{BrokerLine, ChannelKind, Cx, Listeners, NodeSetup, TestSwitches};
use std::collections::VecDeque;

/// Why a request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    Controller(Purpose),
    Fetch,
    ListOffsets,
}

impl From<LineTimer<BrokerLine>> for Timer {
    fn from(timer: LineTimer<BrokerLine>) -> Timer {
        match timer {
            LineTimer::Retry(BrokerLine::Controller(kind)) => Timer::ChannelRetry(kind),
            LineTimer::Retry(BrokerLine::Leader(leader)) => Timer::FetcherRetry(leader),
            LineTimer::Setup(BrokerLine::Controller(kind)) | LineTimer::Answer(BrokerLine::Controller(kind)) => {
                Timer::ChannelTimeout(kind)
            }
            LineTimer::Setup(BrokerLine::Leader(leader)) | LineTimer::Answer(BrokerLine::Leader(leader)) => {
                Timer::FetcherTimeout(leader)
            }
        }
    }
}

/// What the broker's machines have in common, lent to each for the time of a call.
#[derive(Clone, Debug)]
pub(crate) struct Wires {
    pub(crate) lines: Lines<BrokerLine, Asked>,
    pub(crate) timers: TimerTable<Timer>,
    pub(crate) config: Shared<BrokerConfig>,
    /// `client.id` of the broker's own requests.
    pub(crate) client_id: Str,
    pub(crate) listeners: Shared<Listeners>,
    pub(crate) switches: TestSwitches,
}

impl Wires {
    /// No connection and no timer yet.
    pub(crate) fn new(cx: &Cx<'_>, setup: &NodeSetup, config: BrokerConfig) -> Wires {
        let switches = TestSwitches::from_overrides(&setup.overrides);
        Wires {
            lines: Lines::new(cx, 1, switches),
            timers: TimerTable::default(),
            config: Shared::new(config),
            client_id: format!("broker-{}", setup.node).into(),
            listeners: Shared::new(setup.listeners.clone()),
            switches,
        }
    }

    pub(crate) fn has_connection(&self, line: BrokerLine) -> bool {
        self.lines.get(line).is_some_and(|line| line.connection().is_some())
    }

    /// What the controller was asked on this line and has not answered.
    pub(crate) fn under_way(&self, kind: ChannelKind) -> Option<Purpose> {
        under_way(&self.lines, kind)
    }

    /// Where the line leads when it is opened next.
    pub(crate) fn know(&mut self, line: BrokerLine, endpoint: &Endpoint) {
        let reconnect = match line {
            // reconnect.backoff.ms and reconnect.backoff.max.ms of Kafka's network client.
            BrokerLine::Controller(_) => Backoff::exact(Span::from_millis(50), Span::from_millis(1_000)),
            BrokerLine::Leader(_) => Backoff::always(self.config.replication.fetch_backoff),
        };
        let rules = Rules { reconnect, setup: None, in_flight_max: 1, pause: Pause::UntilTimer };
        self.lines.know(line, endpoint, rules);
    }

    /// Can a request be sent now? The line is opened where that is needed and allowed.
    pub(crate) fn ready(&mut self, cx: &mut Cx<'_>, line: BrokerLine) -> bool {
        self.lines.ready(cx, &mut self.timers, line)
    }

    /// Sends on a line that is ready.
    pub(crate) fn send(&mut self, cx: &mut Cx<'_>, line: BrokerLine, request: Request, asked: Asked) {
        let patience = match line {
            // KAFKA-14392: a heartbeat is given up in time for another one within the session.
            BrokerLine::Controller(ChannelKind::Lifecycle) => self.config.controller.session_timeout.divided_by(2),
            BrokerLine::Controller(ChannelKind::Partitions | ChannelKind::Forwarding) => self.config.request_timeout,
            BrokerLine::Leader(_) => self.config.replication.socket_timeout,
        };
        let outgoing = Outgoing { client_id: self.client_id.clone(), request, wait: Wait::Within(patience, asked) };
        self.lines.send(cx, &mut self.timers, line, outgoing);
    }

    /// Closes the connection and may open another at once; gives what was under way.
    pub(crate) fn begin_anew(&mut self, cx: &mut Cx<'_>, line: BrokerLine) -> VecDeque<InFlight<Asked>> {
        self.lines.begin_anew(cx, &mut self.timers, line)
    }
}

/// What the controller was asked on this line and has not answered.
pub(crate) fn under_way(lines: &Lines<BrokerLine, Asked>, kind: ChannelKind) -> Option<Purpose> {
    match lines.first_in_flight(BrokerLine::Controller(kind)) {
        Some(Asked::Controller(purpose)) => Some(*purpose),
        Some(Asked::Fetch | Asked::ListOffsets) | None => None,
    }
}
