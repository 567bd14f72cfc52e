//! What always holds of accepted connections between two events.

use super::Inlets;
use port::ReplyTo;

impl<R> Inlets<R> {
    /// Checks what always holds, given whom the roles still owe an answer: those and nobody else are waiting. An answer
    /// that is forgotten would mute its connection for good.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, mut owed: Vec<ReplyTo>) {
        base::sort(&mut owed);
        let waiting = self.connections.iter().filter(|(_, channel)| !channel.abandoned.0);
        let waiting = waiting
            .filter_map(|(connection, channel)| Some(ReplyTo::new(*connection, channel.busy?).on(channel.listener)));
        let waiting: Vec<ReplyTo> = waiting.collect();
        assert_eq!(waiting, owed, "who waits for an answer, and to whom one is owed");
        for (connection, channel) in self.connections.iter() {
            let reads_on = channel.busy.is_some() || channel.waiting.is_empty();
            assert!(channel.busy.is_some() || !channel.abandoned.0, "{connection:?} was answered after all");
            assert!(reads_on, "{connection:?} has a request that nobody reads");
        }
    }
}
