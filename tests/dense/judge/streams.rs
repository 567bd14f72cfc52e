//! What streams in and out of brokers and racks, counted from what was written and delivered.

use super::{Moment, Seen, Verdict, equal, so};
use base::{ProcessId, TopicPartition};
use port::{Fact, KafkaFact};
use std::collections::BTreeMap;
use view::{StreamEnd, Thing};

/// Records by whether they come or go, and by the broker or rack.
type Ends = BTreeMap<(bool, StreamEnd), u64>;

impl Moment<'_> {
    /// What every broker or rack wrote, and what groups were given of what it led then.
    pub(super) fn streams(&self, seen: &mut Seen) -> Verdict {
        let by_rack = self.view.brokers.len() > 12;
        let end = |process: ProcessId| {
            let rack = self.view.brokers.iter().find(|view| view.process == process).and_then(|view| view.rack.clone());
            if by_rack { StreamEnd::Rack(rack) } else { StreamEnd::Broker(process) }
        };
        let (mut wanted, mut shown): (Ends, Ends) = (Ends::new(), Ends::new());
        for (leader, _, _, count) in self.written(5) {
            *wanted.entry((true, end(leader))).or_default() += count;
        }
        let mut leaders: BTreeMap<&TopicPartition, ProcessId> = BTreeMap::new();
        for happening in self.facts {
            match &happening.fact {
                Fact::Kafka(KafkaFact::BecameLeader { partition, .. }) => {
                    leaders.insert(partition, happening.process);
                }
                Fact::Kafka(KafkaFact::Delivered { partition, .. }) if self.is_within(happening.at, 5) => {
                    let leader = leaders.get(partition).ok_or("a record from nobody")?;
                    *wanted.entry((false, end(*leader))).or_default() += 1;
                }
                _another => {}
            }
        }
        for stream in &self.view.streams {
            let comes = matches!(stream.from, StreamEnd::Crowd(_));
            let broker = if comes { &stream.to } else { &stream.from };
            *shown.entry((comes, broker.clone())).or_default() += stream.records;
        }
        equal(shown, wanted, "records that stream in and out")?;
        *seen.entry("stream").or_default() += self.view.streams.len() as u64;
        so(
            self.view.attention.iter().all(|line| !matches!(line.thing, Some(Thing::Packet(_) | Thing::Record { .. }))),
            "a line leads to no lane, card or group",
        )
    }
}
