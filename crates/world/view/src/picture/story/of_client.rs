//! What producers and consumers run into.

use base::{ErrorCode, Offset, TopicPartition};
use lab::Happening;
use port::{Fact, KafkaFact, PositionLoss};

use super::past::Key;
use super::told::{Crowd, Told};
use super::{Narrator, seconds};
use crate::text::{Doing, Jump};
use crate::{StoryKind, Thing};

impl Narrator<'_> {
    pub(super) fn of_client(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let here = self.name(happening.process);
        let told = match &happening.fact {
            Fact::Kafka(KafkaFact::RecordsFailed { partition, records, error, .. }) => {
                let strong = (story.send_failed)(&here, records.indexes.len(), &partition.to_string(), error.name());
                Told::new(StoryKind::Loss, (strong, (self.text.refusal.of_kafka)(*error).to_owned()))
            }
            Fact::Kafka(KafkaFact::CommitFailed { group, error }) => self.commit_failed(happening, group, *error),
            Fact::Kafka(KafkaFact::ClientFailed { error, .. }) => {
                let said = ((story.client_failed)(&here, error), (story.plainly)(error).to_owned());
                Told::new(StoryKind::Loss, said)
            }
            Fact::Kafka(KafkaFact::PollIntervalExceeded { group, after }) => {
                Told::new(StoryKind::Loss, (story.polled_too_late)(&here, group, &seconds(*after)))
            }
            Fact::Kafka(KafkaFact::OffsetReset { partition, to }) => self.jump(happening, partition, *to)?,
            other => self.of_program(&here, other)?,
        };
        Some(told.about(Thing::Process(happening.process)))
    }

    /// What its application does.
    fn of_program(&self, here: &str, fact: &Fact) -> Option<Told> {
        let words = self.text.story.program;
        let (kind, said) = match fact {
            Fact::Kafka(KafkaFact::CommitThrew { error, .. }) => (StoryKind::Loss, words(here, Doing::Threw(error))),
            Fact::Kafka(KafkaFact::Sought { partition, from, to, .. }) => {
                let doing = Doing::Seeks(&partition.to_string(), from.map(|from| from.0), to.0);
                (StoryKind::Act, words(here, doing))
            }
            Fact::Kafka(KafkaFact::ReadingPaused { partition, .. }) => {
                (StoryKind::Act, words(here, Doing::Pauses(&partition.to_string())))
            }
            Fact::Kafka(KafkaFact::ReadingResumed { partition, .. }) => {
                (StoryKind::Act, words(here, Doing::Resumes(&partition.to_string())))
            }
            Fact::Kafka(KafkaFact::WorkChanged { work, .. }) => {
                (StoryKind::Act, words(here, Doing::Works(&crate::text::span_of(work.0))))
            }
            // Once for an outage, however many rows it costs.
            Fact::Kafka(KafkaFact::WriteFailed { sink, partition, offset, then, attempt: 1, .. }) => {
                let record = format!("{partition}@{offset}");
                (StoryKind::Loss, words(here, Doing::FailsToWrite(sink, &record, *then)))
            }
            _of_something_else => return None,
        };
        Some(Told::new(kind, said))
    }

    fn commit_failed(&self, happening: &Happening, group: &str, error: ErrorCode) -> Told {
        let story = &self.text.story;
        let name = match error {
            // As `KafkaConsumer.commitSync` throws them.
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration => {
                format!("{} (CommitFailedException)", error.name())
            }
            other => other.name().to_owned(),
        };
        let group = base::GroupId::from(group);
        let cause = match error {
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration => self.past.get(&Key::Unrest(group)),
            ErrorCode::RebalanceInProgress => self.past.get(&Key::Rebalances(group)),
            _any_other => None,
        };
        let strong = (story.commit_refused)(&self.name(happening.process), &name);
        Told::new(StoryKind::Loss, (strong, (story.plainly)(error.name()).to_owned())).because(cause)
    }

    /// Where a reader goes on, if that is somewhere else than it was.
    fn jump(&self, happening: &Happening, partition: &TopicPartition, to: Offset) -> Option<Told> {
        let lost = self.past.get(&Key::Position(happening.process, partition.clone()))?;
        let Fact::Kafka(KafkaFact::PositionLost { why, .. }) = &lost.fact else { return None };
        let jump = match why {
            // Nothing is left out.
            PositionLoss::NeverCommitted if to == Offset::ZERO => return None,
            PositionLoss::NeverCommitted => Jump::Start,
            PositionLoss::OutOfRange(at) | PositionLoss::Truncated(at) if *at == to => return None,
            PositionLoss::OutOfRange(at) => Jump::OutOfRange(at.0),
            PositionLoss::Truncated(at) => Jump::Truncated(at.0),
        };
        let kind = if jump == Jump::Start { StoryKind::Note } else { StoryKind::Loss };
        let said = (self.text.story.jumps)(&self.name(happening.process), &partition.to_string(), to.0, jump);
        Some(Told::new(kind, said).because(Some(lost)).among(Crowd::Jumps, 0))
    }
}
