//! Why records failed: who found it, and what lay behind it.

use base::{ErrorCode, Time, TopicPartition};
use lab::Happening;
use port::{Fact, KafkaFact, Refuser};
use sim::Slot;

use super::answered;
use super::inquiry::{Inquiry, because, broker_name};
use super::producers::life_of;
use crate::why::{FailedBy, OfProducer, Question, Step, Why};

impl Inquiry<'_> {
    /// The newest failure of a producer in its present life.
    pub(super) fn send_failed(&self, slot: &Slot) -> Option<Why> {
        let life = life_of(self, slot);
        let failed = self.latest(self.now(), &|told| {
            told.process == slot.id
                && matches!(told.fact, Fact::Kafka(KafkaFact::RecordsFailed { .. } | KafkaFact::SendFailed { .. }))
        });
        let failed = failed.filter(|told| told.at >= life)?;
        let client = || FailedBy::Client(slot.name.clone());
        let (by, error, records, mut steps) = match &failed.fact {
            Fact::Kafka(KafkaFact::RecordsFailed { partition, records, by, error }) => {
                let by = match by {
                    Refuser::Broker(Some(id)) => FailedBy::Broker(broker_name(*id)),
                    Refuser::Broker(None) => FailedBy::Broker("Broker".into()),
                    Refuser::Client => client(),
                };
                let mut steps = self.too_few_then(partition, *error, failed);
                if matches!(error, ErrorCode::RequestTimedOut | ErrorCode::NetworkException) {
                    steps.extend(self.leader_then(partition, failed));
                }
                (by, *error, records.indexes.len() as u64, steps)
            }
            Fact::Kafka(KafkaFact::SendFailed { error, .. }) => (client(), *error, 1, Vec::new()),
            _of_something_else => return None,
        };
        steps.retain(|step| step.at <= failed.at);
        steps.push(because(failed, OfProducer::Failed { by, error, records }));
        Some(answered(Question::SendFailed(slot.name.clone()), steps))
    }

    /// The ISR was smaller than it had to be: the broker's own word.
    fn too_few_then(&self, partition: &TopicPartition, error: ErrorCode, failed: &Happening) -> Vec<Step> {
        let mut steps = self.too_few(partition, Some(error));
        let too_few = matches!(error, ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend);
        let changed = self.latest(failed.at, &|told| match &told.fact {
            Fact::Kafka(KafkaFact::PartitionChanged { partition: of, .. }) => of == partition,
            _other => false,
        });
        if let Some(changed) = changed.filter(|_| too_few)
            && let Fact::Kafka(KafkaFact::PartitionChanged { isr, .. }) = &changed.fact
            && let Some(known) = self.known(partition)
        {
            let min = self.min_isr(&partition.topic, known.registration.replicas.len());
            if (isr.len() as u32) < min {
                steps.push(because(failed, OfProducer::IsrTooSmall { isr: isr.clone(), min }));
            }
        }
        steps
    }

    /// Why the partition's leader was not to be reached then.
    fn leader_then(&self, partition: &TopicPartition, failed: &Happening) -> Vec<Step> {
        let leader = self.leader_at(partition, failed.at);
        let place = leader.and_then(|leader| self.cluster.place(leader));
        place.and_then(|place| self.silence(place, Some(failed.process), failed.at)).into_iter().collect()
    }

    /// Who led it last, up to an instant.
    fn leader_at(&self, name: &TopicPartition, until: Time) -> Option<base::BrokerId> {
        let led = self.latest(until, &|told| match &told.fact {
            Fact::Kafka(KafkaFact::BecameLeader { partition, .. }) => partition == name,
            _other => false,
        })?;
        self.cluster.brokers().find(|(_, slot)| slot.id == led.process).map(|(id, _)| id)
    }
}
