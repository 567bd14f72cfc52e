//! How long applications waited for the answers to what they sent, over a whole run. A function of the facts so far,
//! like the ledger.

use std::collections::VecDeque;

use base::{FlatMap, Offset, ProcessId, Span, Time};
use port::{Fact, KafkaFact, WorldFact};

/// Records on their way that are timed, of each producer; what comes on top of that is not.
const TIMED: usize = 4_096;
/// Two spans in one class differ by less than one in so many.
const CLASSES: u64 = 1 << FINENESS;
const FINENESS: u32 = 5;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    open: FlatMap<ProcessId, VecDeque<(u64, Time)>>,
    /// How many waited how long, by class.
    waited: FlatMap<u64, u64>,
    count: u64,
}

impl Replies {
    /// Half of the answers came within so long, give or take 2 %. `None`: none has come.
    pub fn median(&self) -> Option<Span> {
        let half = self.count.div_ceil(2);
        let mut so_far = 0;
        let (class, _) = self.waited.iter().find(|(_, count)| {
            so_far += **count;
            so_far >= half && half > 0
        })?;
        Some(middle(*class))
    }

    /// How many answers have come.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Does the fact concern it?
    pub(crate) fn concerns(fact: &Fact) -> bool {
        matches!(
            fact,
            Fact::Kafka(
                KafkaFact::RecordSent { .. } | KafkaFact::RecordsAcked { .. } | KafkaFact::RecordsFailed { .. }
            ) | Fact::World(WorldFact::ProcessStopped { .. })
        )
    }

    /// Takes note of a fact that concerns it.
    pub(crate) fn note(&mut self, (at, process): (Time, ProcessId), fact: &Fact) {
        match fact {
            Fact::Kafka(KafkaFact::RecordSent { record, .. }) => {
                let open = self.open.entry(record.producer).or_default();
                if open.len() < TIMED {
                    open.push_back((record.index, at));
                }
            }
            Fact::Kafka(KafkaFact::RecordsAcked { records, base, .. }) => {
                for index in records.indexes.iter() {
                    let since = self.close(records.producer, *index);
                    // With acks=0 success is reported though nobody has answered.
                    if let Some(since) = since.filter(|_| *base != Offset::UNDEFINED) {
                        *self.waited.entry(class(at.since(since))).or_default() += 1;
                        self.count += 1;
                    }
                }
            }
            Fact::Kafka(KafkaFact::RecordsFailed { records, .. }) => {
                for index in records.indexes.iter() {
                    self.close(records.producer, *index);
                }
            }
            Fact::World(WorldFact::ProcessStopped { .. }) => drop(self.open.remove(&process)),
            _another => {}
        }
    }

    /// Records come in the order of their indexes.
    fn close(&mut self, producer: ProcessId, index: u64) -> Option<Time> {
        let open = self.open.get_mut(&producer)?;
        let place = open.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        open.remove(place).map(|(_, since)| since)
    }
}

/// Spans by their highest bits.
fn class(span: Span) -> u64 {
    let excess = (u64::BITS - span.0.leading_zeros()).saturating_sub(FINENESS + 1);
    u64::from(excess) * CLASSES + (span.0 >> excess)
}

/// The middle of a class.
fn middle(class: u64) -> Span {
    let excess = (class / CLASSES).saturating_sub(1);
    let low = (class - excess * CLASSES) << excess;
    Span(low + ((1 << excess) >> 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Rng;

    #[test]
    fn a_class_is_narrow_and_in_order() {
        let mut rng = Rng::new(1, 1);
        let mut spans: Vec<u64> = (0..200).chain((0..2_000).map(|_| rng.below_u64(1 << 50))).collect();
        spans.sort_unstable();
        for span in &spans {
            let off = middle(class(Span(*span))).0.abs_diff(*span);
            assert!(off * 50 <= *span, "{span} in a class around {}", middle(class(Span(*span))).0);
        }
        assert!(spans.is_sorted_by_key(|span| class(Span(*span))));
    }

    #[test]
    fn without_answers_there_is_no_median() {
        assert_eq!(Replies::default().median(), None);
    }
}
