//! The program and its store outside Kafka: what it does while the store has not answered, and when it has not taken a row.
//! While it waits it does not poll, as in every program whose write is a call that blocks; heartbeats go on, and
//! max.poll.interval.ms runs.

use super::{Application, Consumer, ConsumerTimer};
use base::{Seldom, Span};
use port::{CrashAt, Cx, KafkaFact, OnFailedWrite, Row, Stored, Writing};

/// How long a program waits before it writes again.
pub const WRITE_BACKOFF: Span = Span::from_millis(500);

impl Consumer {
    /// Writes the row of the record under way, where there is a store for it.
    pub(super) fn write_down(&mut self, cx: &mut Cx<'_>) -> Writing {
        let (Some(sink), Some(done)) = (&self.program.policy.sink, self.program.work.front()) else {
            return Writing::Done;
        };
        let (sink, id, partition, offset) = (sink.name.clone(), sink.id, done.partition.clone(), done.offset);
        cx.write(Row { sink, id, partition, offset, key: done.key.clone(), value: done.value.clone() })
    }

    /// The write that was waited for is answered.
    pub(super) fn on_stored(&mut self, cx: &mut Cx<'_>, stored: Stored) {
        assert!(self.application == Application::Writing, "a store answers whoever waits for it");
        match stored {
            Stored::Taken => self.is_taken(cx),
            Stored::Failed => self.write_failed(cx),
        }
    }

    /// The store works (again).
    fn is_taken(&mut self, cx: &mut Cx<'_>) {
        self.program.failed_writes = Seldom(0);
        self.goes_on_working(cx);
    }

    fn goes_on_working(&mut self, cx: &mut Cx<'_>) {
        self.application = Application::Processing;
        self.one_is_through(cx);
    }

    fn write_failed(&mut self, cx: &mut Cx<'_>) {
        let Some((sink, done)) = self.program.policy.sink.as_ref().zip(self.program.work.front()) else { return };
        let dies = self.program.crash == Some(CrashAt::FailedWrite);
        let then = if dies { OnFailedWrite::Die } else { sink.on_error() };
        let (group, sink) = (self.setup.group.clone(), sink.name.clone());
        let (partition, offset) = (done.partition.clone(), done.offset);
        let attempt = self.program.failed_writes.saturating_add(1);
        self.program.failed_writes = Seldom(attempt);
        cx.fact(|| KafkaFact::WriteFailed { group, sink, partition, offset, then, attempt });
        match then {
            OnFailedWrite::Die => self.perishes(cx, CrashAt::FailedWrite),
            OnFailedWrite::Skip => self.goes_on_working(cx),
            OnFailedWrite::Retry => self.timers.set(ConsumerTimer::WriteRetry, cx.now + WRITE_BACKOFF),
        }
    }

    /// The backoff is over. Whoever is to close does not try for ever: it leaves what it has in its hands.
    pub(super) fn write_again(&mut self, cx: &mut Cx<'_>) {
        if self.close_wanted {
            self.program.work.clear();
            self.program.failed_writes = Seldom(0);
            return self.polls_again(cx);
        }
        if self.write_down(cx) == Writing::Done {
            self.is_taken(cx);
        }
    }
}
