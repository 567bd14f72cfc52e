//! What always holds of a node between two of its events: of each role, and of what they owe each other.

use super::{Node, Shutdown};
use base::Time;
use broker::BrokerState;
use port::ReplyTo;

impl Node {
    /// Checks what always holds.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, now: Time) {
        self.quorum.verify();
        if let Some(controller) = &self.controller {
            controller.verify(now);
        }
        if let Some(broker) = &self.broker {
            broker.verify(now);
        }
        // Whoever is about to go answers nobody: his connections go with him.
        let serves = self.broker().is_none_or(|broker| broker.state() != BrokerState::ShuttingDown);
        if serves && !self.quorum.is_shut_down() {
            self.verify_controller_and_log();
            self.inlets.verify(self.owed());
        }
    }

    /// To whom the roles owe an answer.
    fn owed(&self) -> Vec<ReplyTo> {
        let controller = self.controller().into_iter().flat_map(|controller| controller.owed());
        let broker = self.broker().into_iter().flat_map(|broker| broker.owed());
        self.quorum.owed().chain(controller).chain(broker).collect()
    }

    /// An active controller leads the quorum, in the same epoch, and knows where its next record goes.
    fn verify_controller_and_log(&self) {
        // A controller whose node leaves the quorum hears of that with the next event.
        let stays = self.shutdown == Shutdown::NotAsked;
        // Whoever does not decide owes the log nothing.
        let Some(active) = self.controller().filter(|_| stays).and_then(|controller| controller.active()) else {
            return;
        };
        assert!(self.quorum.is_leader(), "an active controller leads the quorum");
        assert_eq!(active.epoch(), self.quorum.epoch(), "an active controller is of the quorum's epoch");
        let end = self.quorum.log_end().plus(i64::from(self.quorum.pending()));
        assert_eq!(active.next_offset(), end, "records go where the controller thinks that they go");
        assert_eq!(self.activation, None, "what waits to become active is not");
    }
}
