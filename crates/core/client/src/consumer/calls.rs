//! What the application calls between two polls: seek, pause, resume, a commit of its own choice. Kafka:
//! `ClassicKafkaConsumer`, `SubscriptionState`.

use super::program::{CALLS, Seeker, Sought, Then};
use super::{Application, Consumer, ConsumerTimer, FetchPosition, Position};
use api::OffsetSpec;
use base::{ErrorCode, Offset, Span, Str, TopicPartition};
use port::{ConsumerCall, Cx, KafkaFact, OperatorAnswer, Refuser, SeekTo};

impl Consumer {
    /// Somebody wants the application to do something; it does when it is back in its loop.
    pub(super) fn on_call(&mut self, cx: &mut Cx<'_>, ticket: u64, call: ConsumerCall) {
        match call {
            // These are about the work that is under way.
            ConsumerCall::Work(span) => self.work_takes(cx, span),
            ConsumerCall::Crash(at) => self.program.crash = Some(at),
            ConsumerCall::Seek { .. }
            | ConsumerCall::Pause(_)
            | ConsumerCall::Resume(_)
            | ConsumerCall::Commit { .. } => {
                if self.program.calls.len() < CALLS {
                    return self.program.calls.push_back((ticket, call));
                }
                return refuse(cx, ticket, "the application has no time for so many calls".into());
            }
        }
        cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer: OperatorAnswer::Done });
    }

    /// Makes the calls that wait, while the application has nothing else to do.
    pub(super) fn make_calls(&mut self, cx: &mut Cx<'_>) {
        while self.application == Application::Polling
            && let Some((ticket, call)) = self.program.calls.pop_front()
        {
            let done = match call {
                ConsumerCall::Seek { partitions, to } => self.seek(cx, partitions, to),
                ConsumerCall::Pause(partitions) => self.pause(cx, partitions),
                ConsumerCall::Resume(partitions) => self.resume(cx, partitions),
                ConsumerCall::Commit { partition, offset } => match checked(offset) {
                    // It is answered when the commit is.
                    Ok(()) => {
                        self.commit_now(cx, vec![(partition, offset)], Then::Tell(ticket));
                        continue;
                    }
                    Err(why) => Err(why),
                },
                ConsumerCall::Work(_) | ConsumerCall::Crash(_) => unreachable!("these do not wait"),
            };
            match done {
                Ok(()) => cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer: OperatorAnswer::Done }),
                Err(why) => refuse(cx, ticket, why),
            }
        }
    }

    /// All that it has, where none is named; Kafka refuses what is not assigned.
    fn meant(&self, partitions: Vec<TopicPartition>) -> Result<Vec<TopicPartition>, Str> {
        if partitions.is_empty() {
            return Ok(self.partitions.keys().cloned().collect());
        }
        match partitions.iter().find(|partition| self.partitions.get(partition).is_none()) {
            Some(other) => Err(format!("IllegalStateException: No current assignment for partition {other}").into()),
            None => Ok(partitions),
        }
    }

    /// `SubscriptionState.seekUnvalidated`, or `requestOffsetReset` where a leader has to be asked.
    fn seek(&mut self, cx: &mut Cx<'_>, partitions: Vec<TopicPartition>, to: SeekTo) -> Result<(), Str> {
        if let SeekTo::Offset(offset) = to {
            checked(offset)?;
        }
        for partition in self.meant(partitions)? {
            let leader_epoch = self.known_epoch(&partition);
            let place = self.partitions.keys().position(|each| *each == partition).expect("it is assigned");
            let is_asked = self.partitions.is_asking(place);
            let state = self.partitions.get_mut(&partition).expect("it is assigned");
            let from = state.offset();
            (state.opened, state.not_before) = (None, cx.now);
            state.buffer.clear();
            let spec = match to {
                SeekTo::Offset(offset) => {
                    let offset_epoch = base::LeaderEpoch::UNDEFINED;
                    state.position = Position::At(FetchPosition { offset, offset_epoch, leader_epoch });
                    self.program.sought.remove(&partition);
                    self.tell_sought(cx, &partition, from, offset);
                    None
                }
                SeekTo::Begin => Some(OffsetSpec::Earliest),
                SeekTo::End => Some(OffsetSpec::Latest),
                SeekTo::Time(at) => Some(OffsetSpec::Timestamp(at)),
            };
            if let Some(spec) = spec {
                let state = self.partitions.get_mut(&partition).expect("it is assigned");
                state.position = Position::Resetting;
                self.program.sought.insert(partition.clone(), Sought { spec, from, by: Seeker::Call });
            }
            if is_asked {
                self.program.stale.insert(partition);
            }
        }
        Ok(())
    }

    /// A seek has come to its end.
    pub(super) fn tell_sought(&self, cx: &mut Cx<'_>, partition: &TopicPartition, from: Option<Offset>, to: Offset) {
        let (group, partition) = (self.setup.group.clone(), partition.clone());
        cx.fact(|| KafkaFact::Sought { group, partition, from, to });
    }

    fn pause(&mut self, cx: &mut Cx<'_>, partitions: Vec<TopicPartition>) -> Result<(), Str> {
        for partition in self.meant(partitions)? {
            if self.program.paused.insert(partition.clone()) {
                let group = self.setup.group.clone();
                cx.fact(|| KafkaFact::ReadingPaused { group, partition });
            }
        }
        Ok(())
    }

    fn resume(&mut self, cx: &mut Cx<'_>, partitions: Vec<TopicPartition>) -> Result<(), Str> {
        for partition in self.meant(partitions)? {
            if self.program.paused.remove(&partition) {
                let group = self.setup.group.clone();
                cx.fact(|| KafkaFact::ReadingResumed { group, partition });
            }
        }
        Ok(())
    }

    /// From the next record on; what is left of the present work shrinks or grows with it.
    fn work_takes(&mut self, cx: &mut Cx<'_>, work: Span) {
        let before = std::mem::replace(&mut self.setup.processing_time, work);
        let group = self.setup.group.clone();
        cx.fact(|| KafkaFact::WorkChanged { group, work });
        // It works on nothing, and the next poll knows.
        let Some(ends) = self.timers.deadline(&ConsumerTimer::Poll) else { return };
        let left = u128::from(ends.since(cx.now).0) * u128::from(work.0) / u128::from(before.0.max(1));
        self.timers.set(ConsumerTimer::Poll, cx.now + Span(u64::try_from(left).unwrap_or(u64::MAX / 4)));
    }
}

/// `KafkaConsumer.seek` and `OffsetAndMetadata` refuse the same.
fn checked(offset: Offset) -> Result<(), Str> {
    let negative = "IllegalArgumentException: seek offset must not be a negative number";
    if offset.0 < 0 { Err(negative.into()) } else { Ok(()) }
}

fn refuse(cx: &mut Cx<'_>, ticket: u64, message: Str) {
    let answer = OperatorAnswer::Failed { by: Refuser::Client, error: ErrorCode::InvalidRequest, message };
    cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
}
