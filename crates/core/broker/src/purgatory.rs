//! Clients' acks=all produces that wait for the high watermark, indexed by partition so that an advance looks
//! only at those it concerns.
//!
//! Kafka: `DelayedProduce` and its purgatory. Writes of the group coordinator wait in its own runtime.

use crate::partition::Partition;
use api::{Acks, ProducePartitionResponse};
use base::{BlockMap, ErrorCode, FlatMap, Offset, TopicIdPartition};
use log::AppendInfo;
use port::ReplyTo;

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
    delayed: FlatMap<u64, DelayedProduce>,
    /// Numbers by partition, ascending. Lists that became empty stay: more will come.
    by_partition: BlockMap<TopicIdPartition, Vec<u64>>,
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

    /// The part has its outcome; others of the request may still wait.
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

    /// Does it wait for that partition?
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
    /// How many produces wait.
    pub fn parked(&self) -> u32 {
        self.delayed.len() as u32
    }

    /// Those that wait, by number.
    pub fn produces(&self) -> impl Iterator<Item = (u64, &DelayedProduce)> {
        self.delayed.iter().map(|(number, produce)| (*number, produce))
    }

    /// Checks what always holds of the books: who waits is found by each partition that it waits for, and nobody else is.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self) {
        for (number, produce) in self.produces() {
            assert!(number < self.next && produce.waits(), "produce {number} waits for nothing");
            for part in produce.parts.iter().filter(|part| part.required.is_some()) {
                let known = self.by_partition.get(&part.at()).is_some_and(|numbers| numbers.contains(&number));
                assert!(known, "{:?} would not wake produce {number}", part.at());
            }
        }
        for (at, numbers) in self.by_partition.iter() {
            assert!(numbers.is_sorted(), "produces at {at:?} are answered out of order");
            let waits = |number: &u64| self.delayed.get(number).is_some_and(|produce| produce.waits_at(*at));
            assert!(numbers.iter().all(waits), "{at:?} is waited for by somebody who is gone: {numbers:?}");
        }
    }

    /// What is waited for: a number, a partition, and the high watermark that settles it there.
    pub(crate) fn waits(&self) -> impl Iterator<Item = (u64, TopicIdPartition, Offset)> {
        let parts = |(number, produce): (u64, _)| {
            let produce: &DelayedProduce = produce;
            produce.parts.iter().filter_map(move |part| Some((number, part.at(), part.required?)))
        };
        self.produces().flat_map(parts)
    }

    /// Parks a produce and says under which number.
    pub fn park(&mut self, produce: DelayedProduce) -> u64 {
        let number = self.next;
        self.next += 1;
        for part in produce.parts.iter().filter(|part| part.required.is_some()) {
            self.index(number, part.at());
        }
        self.delayed.insert(number, produce);
        number
    }

    /// So that a change of the partition finds it.
    fn index(&mut self, number: u64, at: TopicIdPartition) {
        let numbers = self.by_partition.get_or_insert_with(at, Vec::new);
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }

    /// Which produces wait for this partition?
    pub fn waiting_for(&self, at: TopicIdPartition) -> Vec<u64> {
        self.by_partition.get(&at).cloned().unwrap_or_default()
    }

    /// Settles what `outcome` settles of one produce at one partition, and gives the produce back when
    /// nothing of it waits any more.
    pub fn settle(
        &mut self,
        number: u64,
        at: TopicIdPartition,
        outcome: impl Fn(Offset) -> Option<ErrorCode>,
    ) -> Option<DelayedProduce> {
        let produce = self.delayed.get_mut(&number)?;
        produce.settle_at(at, outcome);
        let (waits, waits_here) = (produce.waits(), produce.waits_at(at));
        if !waits_here {
            self.forget(number, at);
        }
        if waits { None } else { self.delayed.remove(&number) }
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
        let produce = self.delayed.remove(&number)?;
        for part in &produce.parts {
            self.forget(number, part.at());
        }
        Some(produce)
    }

    /// It does not wait there any more.
    fn forget(&mut self, number: u64, at: TopicIdPartition) {
        if let Some(numbers) = self.by_partition.get_mut(&at)
            && let Ok(place) = numbers.binary_search(&number)
        {
            numbers.remove(place);
        }
    }
}
