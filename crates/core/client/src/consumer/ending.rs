//! A program that ends by itself: when it was given all that it wanted, or when nothing came for too long. Kafka:
//! `ConsoleConsumer.process`, `ConsumerWrapper.receive` and `resetUnconsumedOffsets`.

use super::program::{Ended, Program};
use super::{Application, Consumer, ConsumerTimer};
use base::{Seldom, Span};
use port::Cx;

impl Program {
    /// How many records a poll may bring that could bring so many, where so many came already. What Kafka's tool was given beyond
    /// what it wants it seeks back to before it closes, so that nothing of it is committed.
    pub(super) fn wants(&self, most: u32, given: u64) -> u32 {
        let left = self.policy.bounds.most.map_or(u64::from(most), |wanted| wanted.saturating_sub(given));
        most.min(u32::try_from(left).unwrap_or(most))
    }
}

impl Consumer {
    /// One that wants nothing ends before it has polled.
    pub(super) fn begin_program(&mut self, cx: &mut Cx<'_>) {
        self.waits_anew(cx);
        self.was_given(cx, 0);
    }

    /// A poll has brought so many records.
    pub(super) fn was_given(&mut self, cx: &mut Cx<'_>, count: u32) {
        if count > 0 {
            self.waits_anew(cx);
        }
        if self.program.policy.bounds.most.is_some_and(|most| self.delivered >= most) {
            self.ends_itself(Ended::Enough);
        }
    }

    /// From now on it waits for the next record.
    pub(super) fn waits_anew(&mut self, cx: &mut Cx<'_>) {
        if let Some(patience) = self.program.policy.bounds.patience {
            // Longer than that, by a clock of milliseconds.
            self.timers.set(ConsumerTimer::Patience, cx.now + patience + Span::from_millis(1));
        }
    }

    /// Nothing came for too long; while the program works it waits for nothing.
    pub(super) fn has_waited(&mut self) {
        if self.application == Application::Polling {
            self.ends_itself(Ended::Silence);
        }
    }

    fn ends_itself(&mut self, why: Ended) {
        // Also of one that somebody has ended before.
        if !self.close_wanted {
            self.program.ended = Seldom(Some(why));
            self.close_wanted = true;
        }
    }
}
