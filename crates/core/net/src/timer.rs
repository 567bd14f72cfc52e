//! What a line waits for. Its owner has a name of its own for each of these in its table of timers.

use base::TimerKey;

/// One deadline of the line `K`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineTimer<K> {
    /// The line may be opened (or used) again: reconnect.backoff.ms.
    Retry(K),
    /// An attempt to connect counts as failed: socket.connection.setup.timeout.ms.
    Setup(K),
    /// The first answer that is waited for is overdue: request.timeout.ms.
    Answer(K),
}

impl<K: Ord + Clone> TimerKey for LineTimer<K> {}
