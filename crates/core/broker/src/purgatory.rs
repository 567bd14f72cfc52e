//! acks=all appends that wait for the high watermark, indexed by partition so that an advance looks
//! only at those it concerns.
//!
//! Kafka: `DelayedProduce` and its purgatory. The group coordinator's appends wait here as well.

use crate::partition::Partition;
use api::{Acks, ProducePartitionResponse};
use base::{ErrorCode, FlatMap, Offset, TopicIdPartition};
use log::AppendInfo;
use port::ReplyTo;

/// Who waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waiting {
    Client(ReplyTo),
    /// The group coordinator, by the token of its append.
    Coordinator(u64),
}

/// One partition's part of a produce.
#[derive(Clone, Debug, Hash)]
pub struct DelayedPart {
    /// What is answered once it is settled.
    pub response: ProducePartitionResponse,
    /// The HW that settles it; `None`: settled.
    pub required: Option<Offset>,
}

/// One produce that waits for at least one partition.
#[derive(Clone, Debug, Hash)]
pub struct DelayedProduce {
    pub waiting: Waiting,
    pub parts: Vec<DelayedPart>,
}

/// All of them, in the order in which they came.
#[derive(Clone, Debug, Default, Hash)]
pub struct ProducePurgatory {
    next: u64,
    delayed: FlatMap<u64, DelayedProduce>,
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

impl ProducePurgatory {
    /// How many produces wait.
    pub fn parked(&self) -> u32 {
        self.delayed.len() as u32
    }

    pub fn iter(&self) -> impl Iterator<Item = (u64, &DelayedProduce)> {
        self.delayed.iter().map(|(number, delayed)| (*number, delayed))
    }

    /// Parks a produce and says under which number.
    pub fn park(&mut self, delayed: DelayedProduce) -> u64 {
        let number = self.next;
        self.next += 1;
        for part in delayed.parts.iter().filter(|part| part.required.is_some()) {
            let numbers = self.by_partition.get_or_insert_with(part.at(), Vec::new);
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
        self.delayed.insert(number, delayed);
        number
    }

    /// Which produces wait for this partition?
    pub fn waiting_for(&self, at: TopicIdPartition) -> Vec<u64> {
        self.by_partition.get(&at).cloned().unwrap_or_default()
    }

    /// Settles what `outcome` settles of one produce at one partition, and gives the produce back
    /// when nothing of it waits any more.
    pub fn settle(
        &mut self,
        number: u64,
        at: TopicIdPartition,
        outcome: impl Fn(Offset) -> Option<ErrorCode>,
    ) -> Option<DelayedProduce> {
        let delayed = self.delayed.get_mut(&number)?;
        for part in delayed.parts.iter_mut().filter(|part| part.at() == at) {
            if let Some(error) = part.required.and_then(&outcome) {
                part.settle(error);
            }
        }
        let waits_here = delayed.parts.iter().any(|part| part.required.is_some() && part.at() == at);
        let waits = delayed.parts.iter().any(|part| part.required.is_some());
        if !waits_here {
            self.forget(number, at);
        }
        if waits { None } else { self.delayed.remove(&number) }
    }

    /// The time is up: what is not settled is REQUEST_TIMED_OUT; its records stay in the log.
    pub fn time_out(&mut self, number: u64) -> Option<DelayedProduce> {
        let mut delayed = self.remove(number)?;
        for part in delayed.parts.iter_mut().filter(|part| part.required.is_some()) {
            part.settle(ErrorCode::RequestTimedOut);
        }
        Some(delayed)
    }

    /// Forgets a produce whose client is gone.
    pub(crate) fn remove(&mut self, number: u64) -> Option<DelayedProduce> {
        let delayed = self.delayed.remove(&number)?;
        for part in &delayed.parts {
            self.forget(number, part.at());
        }
        Some(delayed)
    }

    fn forget(&mut self, number: u64, at: TopicIdPartition) {
        if let Some(numbers) = self.by_partition.get_mut(&at)
            && let Ok(place) = numbers.binary_search(&number)
        {
            numbers.remove(place);
        }
    }
}
