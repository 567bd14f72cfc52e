//! What always holds of the lines to the controller between two events of their broker: what it is to be told it will be
//! told.

use super::{ControllerLines, Purpose};
use crate::timer::Timer;
use crate::wires::{Asked, under_way};
use base::TimerTable;
use net::Lines;
use port::{BrokerLine, ChannelKind};

impl ControllerLines {
    /// Checks what always holds.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self, lines: &Lines<BrokerLine, Asked>, timers: &TimerTable<Timer>) {
        for kind in [ChannelKind::Lifecycle, ChannelKind::Partitions, ChannelKind::Forwarding] {
            let idle = lines.get(BrokerLine::Controller(kind)).is_none_or(|line| line.has_room());
            let pauses = timers.deadline(&Timer::ChannelRetry(kind)).is_some();
            let stuck = self.queues_on(kind) && idle && !pauses && self.controller.is_some();
            assert!(!stuck, "nobody sends what waits for the controller on the line {kind:?}");
        }
        let (in_flight, unsent) = self.alter_partitions.counts();
        let asked = self.asks(lines, Purpose::AlterPartition);
        let pauses = timers.deadline(&Timer::AlterPartitionRetry).is_some();
        assert!(in_flight == 0 || asked, "proposals of ISRs are under way nowhere");
        assert!(unsent == 0 || asked || pauses, "proposals of ISRs are never sent");
        for ticket in self.forwarding.tickets() {
            assert!(self.asks(lines, Purpose::Forward(ticket)), "{ticket} is passed on to nobody");
            assert!(timers.deadline(&Timer::Forwarded(ticket)).is_some(), "{ticket} is passed on without end");
        }
    }

    /// Does anything wait for that line?
    pub(crate) fn queues_on(&self, kind: ChannelKind) -> bool {
        self.channels.get(&kind).is_some_and(|channel| !channel.queue.is_empty())
    }

    /// Does a line carry this, or is it next?
    pub(super) fn asks(&self, lines: &Lines<BrokerLine, Asked>, purpose: Purpose) -> bool {
        let waits = self.channels.get(&purpose.kind()).is_some_and(|channel| channel.queue.contains(&purpose));
        waits || under_way(lines, purpose.kind()) == Some(purpose)
    }
}
