//! What always holds of the requests that wait: each waits for what is not there yet, and not for ever
//! (`DelayedOperation`).

use super::Purgatories;
use crate::replicas::LOOKED_AT;
use crate::timer::Timer;
use crate::view::View;
use base::{TimerTable, TopicIdPartition};
use port::ReplyTo;

impl Purgatories {
    /// To whom an answer is owed.
    pub(crate) fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        let produces = self.produces.produces().map(|(_, produce)| produce.reply);
        produces
            .chain(self.deletes.owed())
            .chain(self.fetches.iter().filter_map(|(_, session)| Some(session.parked?.reply)))
    }

    /// Checks what always holds.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self, view: View<'_>, timers: &TimerTable<Timer>) {
        self.produces.verify();
        for (number, at, required) in self.produces.waits() {
            assert!(timers.deadline(&Timer::Produce(number)).is_some(), "produce {number} waits without end");
            let partition = view.replicas.get(at);
            let partition = partition.unwrap_or_else(|| panic!("produce {number} waits for {at:?}, gone"));
            let outcome = partition.acks_all_outcome(required);
            assert_eq!(outcome, None, "produce {number} was not told of {}, {required}", partition.name());
        }
        for (number, at, required) in self.deletes.waits() {
            assert!(timers.deadline(&Timer::DeleteRecords(number)).is_some(), "deletion {number} waits without end");
            let low = view.low_watermark(at);
            assert!(low.is_ok_and(|low| low < required), "deletion {number} was not told of {low:?}, {required}");
        }
        self.fetches.verify();
        for (id, session) in self.fetches.iter() {
            // Nobody waits in it: there is nothing to be late with.
            let Some(parked) = session.parked else { continue };
            assert!(timers.deadline(&Timer::FetchWait(id)).is_some(), "a fetch waits without end: {session:?}");
            // Another reader goes on in it: see `FetchSessions::continue_session`.
            if session.has_moved() {
                continue;
            }
            let has_enough =
                |at: &&TopicIdPartition| view.has_enough(session, (**at, view.replicas.get(**at)), parked.min_bytes);
            let answerable = session.dirty.iter().take(LOOKED_AT).find(has_enough);
            assert_eq!(answerable, None, "fetch session {id} waits for what is there");
        }
    }
}
