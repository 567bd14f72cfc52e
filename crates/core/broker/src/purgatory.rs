//! acks=all appends that wait for the high watermark, indexed by partition so that an advance looks
//! only at those it concerns.
//!
//! Two kinds wait in one line: clients' produces, which have an answer and a time limit, and writes of
//! the group coordinator, which have neither: it answers itself and has its own deadline for each.
//!
//! Kafka: `DelayedProduce` and its purgatory; for the coordinator `CoordinatorRuntime`, which listens to
//! the high watermark of its partition (`PartitionWriter.Listener.onHighWatermarkUpdated`).

use crate::partition::Partition;
use api::{Acks, ProducePartitionResponse};
use base::{ErrorCode, FlatMap, Offset, TopicIdPartition};
use log::AppendInfo;
use port::ReplyTo;

/// What waits under one number.
#[derive(Clone, Debug, Hash)]
pub enum Delayed {
    Produce(DelayedProduce),
    Write(DelayedWrite),
}

/// A batch of the group coordinator that its log has and that is not committed yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DelayedWrite {
    /// The coordinator's name for its append.
    pub token: u64,
    pub at: TopicIdPartition,
    /// The HW that commits it.
    pub required: Offset,
}

/// What does not wait any more.
#[derive(Clone, Debug)]
pub enum Settled {
    Produce(DelayedProduce),
    /// By its token; an error when the partition cannot commit it here any more.
    Write(u64, Result<(), ErrorCode>),
}

/// One partition's part of a produce.
#[derive(Clone, Debug, Hash)]
pub struct DelayedPart {
    /// What is answered once it is settled.
    pub response: ProducePartitionResponse,
    /// The HW that settles it; `None`: settled.
    pub required: Option<Offset>,
}

/// A client's produce that waits for at least one partition.
#[derive(Clone, Debug, Hash)]
pub struct DelayedProduce {
    pub reply: ReplyTo,
    pub parts: Vec<DelayedPart>,
}

/// All of them, in the order in which they came.
#[derive(Clone, Debug, Default, Hash)]
pub struct ProducePurgatory {
    next: u64,
    delayed: FlatMap<u64, Delayed>,
    /// Numbers by partition, ascending. Lists that became empty stay: more will come.
    by_partition: FlatMap<TopicIdPartition, Vec<u64>>,
}

impl DelayedPart {
    /// What is answered to an append that succeeded: at once, or with acks=all when the high watermark has come
    /// (`ReplicaManager.delayedProduceRequestRequired`).
    pub fn of_append(partition: &Partition, info: &AppendInfo, acks: Acks) -> DelayedPart {
        let required = info.last_offset.plus(1);
        let TopicIdPartition { topic, partition: number } = partition.id();
        let mut part = DelayedPart {
            response: ProducePartitionResponse {
                topic,
                partition: number,
                error: ErrorCode::None,
                error_message: None,
                base_offset: info.first_offset,
                log_append_time: info.log_append_time,
                log_start_offset: partition.log().log_start(),
                current_leader: None,
            },
            required: None,
        };
        if acks == Acks::ALL {
            match partition.acks_all_outcome(required) {
                Some(outcome) => part.response.error = outcome,
                None => part.required = Some(required),
            }
        }
        part
    }

    fn at(&self) -> TopicIdPartition {
        TopicIdPartition { topic: self.response.topic, partition: self.response.partition }
    }

    fn settle(&mut self, error: ErrorCode) {
        self.required = None;
        self.response.error = error;
        if error.is_error() {
            self.response.base_offset = Offset::UNDEFINED;
        }
    }
}

impl DelayedProduce {
    /// Does any part of it wait?
    pub fn waits(&self) -> bool {
        self.parts.iter().any(|part| part.required.is_some())
    }

    fn waits_at(&self, at: TopicIdPartition) -> bool {
        self.parts.iter().any(|part| part.required.is_some() && part.at() == at)
    }

    fn settle_at(&mut self, at: TopicIdPartition, outcome: impl Fn(Offset) -> Option<ErrorCode>) {
        for part in self.parts.iter_mut().filter(|part| part.at() == at) {
            if let Some(error) = part.required.and_then(&outcome) {
                part.settle(error);
            }
        }
    }
}

impl ProducePurgatory {
    /// How many appends wait, clients' and the coordinator's.
    pub fn parked(&self) -> u32 {
        self.delayed.len() as u32
    }

    /// Clients' produces that wait, by number.
    pub fn produces(&self) -> impl Iterator<Item = (u64, &DelayedProduce)> {
        self.delayed.iter().filter_map(|(number, delayed)| match delayed {
            Delayed::Produce(produce) => Some((*number, produce)),
            Delayed::Write(_) => None,
        })
    }

    /// Parks a client's produce and says under which number.
    pub fn park(&mut self, produce: DelayedProduce) -> u64 {
        let number = self.number();
        for part in produce.parts.iter().filter(|part| part.required.is_some()) {
            self.index(number, part.at());
        }
        self.delayed.insert(number, Delayed::Produce(produce));
        number
    }

    /// Parks a write of the coordinator until the HW of its partition is where it has to be.
    pub(crate) fn park_write(&mut self, write: DelayedWrite) {
        let number = self.number();
        self.index(number, write.at);
        self.delayed.insert(number, Delayed::Write(write));
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn index(&mut self, number: u64, at: TopicIdPartition) {
        let numbers = self.by_partition.get_or_insert_with(at, Vec::new);
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }

    /// Which appends wait for this partition?
    pub fn waiting_for(&self, at: TopicIdPartition) -> Vec<u64> {
        self.by_partition.get(&at).cloned().unwrap_or_default()
    }

    /// Settles what `outcome` settles of one append at one partition, and gives the append back when
    /// nothing of it waits any more.
    pub fn settle(
        &mut self,
        number: u64,
        at: TopicIdPartition,
        outcome: impl Fn(Offset) -> Option<ErrorCode>,
    ) -> Option<Settled> {
        match self.delayed.get_mut(&number)? {
            Delayed::Produce(produce) => {
                produce.settle_at(at, outcome);
                let (waits, waits_here) = (produce.waits(), produce.waits_at(at));
                if !waits_here {
                    self.forget(number, at);
                }
                if waits { None } else { self.take_produce(number).map(Settled::Produce) }
            }
            Delayed::Write(write) => {
                let (token, error) = (write.token, outcome(write.required)?);
                self.delayed.remove(&number);
                self.forget(number, at);
                Some(Settled::Write(token, if error.is_error() { Err(error) } else { Ok(()) }))
            }
        }
    }

    /// The time is up: what is not settled is REQUEST_TIMED_OUT; its records stay in the log.
    pub fn time_out(&mut self, number: u64) -> Option<DelayedProduce> {
        let mut produce = self.remove(number)?;
        for part in produce.parts.iter_mut().filter(|part| part.required.is_some()) {
            part.settle(ErrorCode::RequestTimedOut);
        }
        Some(produce)
    }

    /// Forgets a produce whose client is gone.
    pub(crate) fn remove(&mut self, number: u64) -> Option<DelayedProduce> {
        let produce = self.take_produce(number)?;
        for part in &produce.parts {
            self.forget(number, part.at());
        }
        Some(produce)
    }

    /// # Panics
    /// When the number is a write of the coordinator: nobody gives up on those here.
    fn take_produce(&mut self, number: u64) -> Option<DelayedProduce> {
        match self.delayed.remove(&number)? {
            Delayed::Produce(produce) => Some(produce),
            Delayed::Write(write) => panic!("{write:?} has neither client nor timer here"),
        }
    }

    fn forget(&mut self, number: u64, at: TopicIdPartition) {
        if let Some(numbers) = self.by_partition.get_mut(&at)
            && let Ok(place) = numbers.binary_search(&number)
        {
            numbers.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::TopicId;

    const AT: TopicIdPartition = TopicIdPartition { topic: TopicId(7), partition: 3 };
    const ELSEWHERE: TopicIdPartition = TopicIdPartition { topic: TopicId(7), partition: 4 };

    fn with_writes(required: &[i64]) -> ProducePurgatory {
        let mut purgatory = ProducePurgatory::default();
        for (token, required) in (100..).zip(required) {
            purgatory.park_write(DelayedWrite { token, at: AT, required: Offset(*required) });
        }
        purgatory
    }

    /// What settles when the HW is there.
    fn advance(purgatory: &mut ProducePurgatory, at: TopicIdPartition, high_watermark: i64) -> Vec<u64> {
        let numbers = purgatory.waiting_for(at);
        let reached = |required: Offset| (required.0 <= high_watermark).then_some(ErrorCode::None);
        let settled = |number| match purgatory.settle(number, at, reached)? {
            Settled::Write(token, result) => {
                assert_eq!(result, Ok(()));
                Some(token)
            }
            Settled::Produce(produce) => panic!("nobody produced {produce:?}"),
        };
        numbers.into_iter().filter_map(settled).collect()
    }

    #[test]
    fn a_write_waits_for_its_own_offset_on_its_own_partition() {
        let mut purgatory = with_writes(&[5, 8, 9]);
        assert_eq!(advance(&mut purgatory, ELSEWHERE, 100), []);
        assert_eq!(advance(&mut purgatory, AT, 4), []);
        assert_eq!(advance(&mut purgatory, AT, 8), [100, 101], "in the order of the log, once");
        assert_eq!((advance(&mut purgatory, AT, 8), purgatory.parked()), (vec![], 1));
        assert_eq!((advance(&mut purgatory, AT, 9), purgatory.parked()), (vec![102], 0));
        assert_eq!(purgatory.waiting_for(AT), []);
    }

    #[test]
    fn a_write_that_cannot_be_committed_here_fails_with_the_reason() {
        let mut purgatory = with_writes(&[5]);
        let settled = purgatory.settle(0, AT, |_| Some(ErrorCode::NotLeaderOrFollower));
        let Some(Settled::Write(100, result)) = settled else { panic!("{settled:?}") };
        assert_eq!((result, purgatory.parked()), (Err(ErrorCode::NotLeaderOrFollower), 0));
    }

    #[test]
    fn writes_are_no_clients_produces() {
        assert_eq!(with_writes(&[5]).produces().count(), 0);
    }
}
