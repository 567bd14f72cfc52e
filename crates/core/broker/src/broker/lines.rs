//! Routing of what comes on the broker's own connections: to the lines, and from there to the machine that asked.

use super::Broker;
use crate::replica_fetchers::Answered;
use crate::wires::Asked;
use api::Response;
use base::ConnectionId;
use net::{Answer, InFlight};
use port::{BrokerLine, Cx, ReplyTo};
use std::collections::VecDeque;

impl Broker {
    /// An answer to one of this broker's own requests.
    pub fn on_response(&mut self, cx: &mut Cx<'_>, line: BrokerLine, to: ReplyTo, response: Response) {
        match self.wires.lines.on_answer(&mut self.wires.timers, line, to.connection, to.correlation_id) {
            Answer::To(asked) => self.on_answer(cx, line, asked, response),
            // The request has been taken back and is sent again, or nobody wants it any more.
            Answer::Late(_) => {}
            Answer::Forgotten | Answer::OutOfTurn => self.give_up_line(cx, line),
        }
        self.settle(cx);
    }

    fn on_answer(&mut self, cx: &mut Cx<'_>, line: BrokerLine, asked: Asked, response: Response) {
        match (line, asked) {
            (BrokerLine::Controller(_), Asked::Controller(purpose)) => self.on_controller_answer(cx, purpose, response),
            (BrokerLine::Leader(leader), Asked::Fetch | Asked::ListOffsets) => {
                self.fetcher_answered(cx, leader, Answered { to: asked, response: &response });
            }
            (BrokerLine::Controller(_), Asked::Fetch | Asked::ListOffsets)
            | (BrokerLine::Leader(_), Asked::Controller(_)) => unreachable!("{asked:?} was asked on {line:?}"),
        }
    }

    /// A connection that this broker asked for is open.
    pub fn on_connected(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        // Late: the line was given up while it was being opened.
        if self.wires.lines.on_connected(&mut self.wires.timers, line, connection).is_ok() {
            match line {
                BrokerLine::Controller(kind) => self.pump_channel(cx, kind),
                BrokerLine::Leader(leader) => self.pump_fetcher(cx, leader),
            }
        }
    }

    /// A connection of this broker's own is over, or was never made.
    pub fn on_closed(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        // Late: the line has closed it as well and has another one by now, or none.
        if let Ok(lost) = self.wires.lines.on_closed(cx, &mut self.wires.timers, line, connection) {
            self.after_loss(line, lost);
        }
    }

    /// Somebody asks on a connection where this broker asks.
    pub fn on_nonsense(&mut self, cx: &mut Cx<'_>, line: BrokerLine, connection: ConnectionId) {
        if let Ok(lost) = self.wires.lines.on_nonsense(cx, &mut self.wires.timers, line, connection) {
            self.after_loss(line, lost);
        }
    }

    /// Its peer does not answer, or not as a peer: connects again after the backoff.
    pub(crate) fn give_up_line(&mut self, cx: &mut Cx<'_>, line: BrokerLine) {
        if let Some(lost) = self.wires.lines.give_up(cx, &mut self.wires.timers, line) {
            self.after_loss(line, lost);
        }
    }

    fn after_loss(&mut self, line: BrokerLine, lost: VecDeque<InFlight<Asked>>) {
        match line {
            BrokerLine::Controller(_) => self.controller_lines.lost(lost, self.wires.switches),
            BrokerLine::Leader(leader) => self.replica_fetchers.disconnected(leader),
        }
    }
}
