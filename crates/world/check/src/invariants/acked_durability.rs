//! R15 acked durability (protocol): a success with acks=all means that the record is committed, so
//! that it is never lost while elections are clean. Promised for min.insync.replicas ≥ 2. The leader that said so may
//! have been replaced by an unclean election meanwhile.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::Offset;
use port::{Fact, KafkaFact};

/// A client knows partitions by name only, so what counts is how far any leader of that name has told that it
/// committed.
#[derive(Clone, Debug, Default)]
pub(super) struct AckedDurability;

impl Invariant for AckedDurability {
    fn id(&self) -> &'static str {
        "R15 acked durability"
    }

    fn is_promised(&self, history: &History) -> bool {
        history.keeps_committed_data() && history.min_isr_at_least_two
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::RecordsAcked) {
            return Ok(());
        }
        for (_, _, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, acks_all: true }) = fact else {
                continue;
            };
            let end = base.plus(records.indexes.len() as i64);
            let committed = moment.history.ever_committed(partition);
            if *base >= Offset::ZERO && end > committed {
                return Err(format!("{partition}: acknowledged up to {end}, committed up to {committed}"));
            }
        }
        Ok(())
    }
}
