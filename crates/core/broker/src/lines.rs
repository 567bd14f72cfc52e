//! The broker's own connections, all in one machine (`net::Lines`): three lines to the controller and one to each leader
//! that it copies from. What is sent on them and what answers mean is in `controller_channel`, `fetcher` and
//! `fetcher_answers`. Kafka: `NodeToControllerChannelManagerImpl`, `BrokerBlockingSender`.

use crate::broker::Broker;
use crate::controller_channel::Purpose;
use crate::timer::Timer;
use api::{Request, Response};
use base::{BrokerId, ConnectionId, Endpoint, Span};
use net::{Answer, Backoff, InFlight, LineTimer, Outgoing, Pause, Rules, Wait};
use port::{BrokerLine, ChannelKind, Cx, Mutant, ReplyTo};
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

impl Broker {
    /// An answer to one of this broker's own requests.
    pub fn on_response(&mut self, cx: &mut Cx<'_>, line: BrokerLine, to: ReplyTo, response: Response) {
        match self.lines.on_answer(&mut self.timers, line, to.connection, to.correlation_id) {
            Answer::To(asked) => self.on_answer(cx, line, asked, response),
            // The request has been taken back and is sent again, or nobody wants it any more.
            Answer::Late(_) => {}
            Answer::Forgotten | Answer::OutOfTurn => self.give_up_line(cx, line),
        }
        self.settle(cx);
    }

    fn on_answer(&mut self, cx: &mut Cx<'_>, line: BrokerLine, asked: Asked, response: Response) {
        match (line, asked) {
            (BrokerLine::Controller(kind), Asked::Controller(purpose)) => {
                self.channel_answered(cx, kind, purpose, response);
            }
            (BrokerLine::Leader(leader), Asked::Fetch | Asked::ListOffsets) => {
                self.fetcher_answered(cx, leader, asked, response);
            }
            (BrokerLine::Controller(_), Asked::Fetch | Asked::ListOffsets)
            | (BrokerLine::Leader(_), Asked::Controller(_)) => unreachable!("{asked:?} was asked on {line:?}"),
        }
    }

    /// A connection that this broker asked for is open.
    pub fn on_connected(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        // Late: the line was given up while it was being opened.
        if self.lines.on_connected(&mut self.timers, line, connection).is_ok() {
            self.pump_line(cx, line);
        }
    }

    /// A connection of this broker's own is over, or was never made.
    pub fn on_closed(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        // Late: the line has closed it as well and has another one by now, or none.
        if let Ok(lost) = self.lines.on_closed(cx, &mut self.timers, line, connection) {
            self.after_loss(line, lost);
        }
    }

    /// Somebody asks on a connection where this broker asks.
    pub fn on_nonsense(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        if let Ok(lost) = self.lines.on_nonsense(cx, &mut self.timers, line, connection) {
            self.after_loss(line, lost);
        }
    }

    /// Its peer does not answer, or not as a peer: connects again after the backoff.
    pub(crate) fn give_up_line(&mut self, cx: &mut Cx<'_>, line: BrokerLine) {
        if let Some(lost) = self.lines.give_up(cx, &mut self.timers, line) {
            self.after_loss(line, lost);
        }
    }

    pub(crate) fn after_loss(&mut self, line: BrokerLine, lost: VecDeque<InFlight<Asked>>) {
        for request in lost {
            let forgets = self.switches.breaks(Mutant::ProposalLost);
            if forgets && request.purpose == Asked::Controller(Purpose::AlterPartition) {
                continue;
            }
            if let (BrokerLine::Controller(kind), Asked::Controller(purpose)) = (line, request.purpose) {
                self.channels.ask_again(kind, purpose);
            }
        }
        if let BrokerLine::Leader(leader) = line
            && let Some(fetcher) = self.fetchers.get_mut(&leader)
        {
            fetcher.disconnected();
        }
    }

    fn pump_line(&mut self, cx: &mut Cx<'_>, line: BrokerLine) {
        match line {
            BrokerLine::Controller(kind) => self.pump_channel(cx, kind),
            BrokerLine::Leader(leader) => self.pump_fetcher(cx, leader),
        }
    }

    pub(crate) fn has_connection(&self, line: BrokerLine) -> bool {
        self.lines.get(line).is_some_and(|line| line.connection().is_some())
    }

    /// Where the line leads when it is opened next.
    pub(crate) fn know_line(&mut self, line: BrokerLine, endpoint: &Endpoint) {
        let reconnect = match line {
            // reconnect.backoff.ms and reconnect.backoff.max.ms of Kafka's network client.
            BrokerLine::Controller(_) => Backoff::exact(Span::from_millis(50), Span::from_millis(1_000)),
            BrokerLine::Leader(_) => Backoff::always(self.config.replication.fetch_backoff),
        };
        let rules = Rules { reconnect, setup: None, in_flight_max: 1, pause: Pause::UntilTimer };
        self.lines.know(line, endpoint, rules);
    }

    pub(crate) fn send_on_line(&mut self, cx: &mut Cx<'_>, line: BrokerLine, request: Request, asked: Asked) {
        let patience = match line {
            // KAFKA-14392: a heartbeat is given up in time for another one within the session.
            BrokerLine::Controller(ChannelKind::Lifecycle) => self.config.controller.session_timeout.divided_by(2),
            BrokerLine::Controller(ChannelKind::Partitions | ChannelKind::Forwarding) => self.config.request_timeout,
            BrokerLine::Leader(_) => self.config.replication.socket_timeout,
        };
        let outgoing = Outgoing { client_id: self.client_id.clone(), request, wait: Wait::Within(patience, asked) };
        self.lines.send(cx, &mut self.timers, line, outgoing);
    }

    /// Copies from that leader over an open connection?
    pub fn is_connected_to(&self, leader: BrokerId) -> bool {
        self.lines.is_connected(BrokerLine::Leader(leader))
    }
}
