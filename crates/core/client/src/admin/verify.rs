//! What always holds of an admin client between two events.

use super::{Admin, AdminRequest, AdminTimer};
use base::FlatSet;

impl Admin {
    /// Checks what always holds. Costs as much as there are operations.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        if self.closed {
            assert!(self.operations.is_empty(), "every operator has his answer");
            return;
        }
        self.network.verify();
        let mut asked: FlatSet<u64> = FlatSet::new();
        for (_, AdminRequest(id)) in self.network.asked() {
            assert!(asked.insert(*id), "operation {id} is under way twice");
        }
        let queued: FlatSet<u64> = self.waiting.values().flatten().copied().collect();
        for (id, operation) in self.operations.iter() {
            assert!(self.timers.deadline(&AdminTimer::Deadline(*id)).is_some(), "operation {id} never ends");
            // Each is asked, or waits to be asked, or waits for its backoff: no operator is forgotten.
            let retries = self.timers.deadline(&AdminTimer::Retry(*id)).is_some();
            let (asks, waits) = (asked.contains(id), queued.contains(id));
            assert_eq!(operation.in_flight, asks, "operation {id} waits for an answer");
            assert!(asks || waits || retries, "operation {id} is forgotten");
        }
    }
}
