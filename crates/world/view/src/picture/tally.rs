//! What came and went lately, read once for a picture.

use base::{FlatMap, GroupId, Meter, ProcessId, Str, TopicPartition};
use lab::Way;

use super::Look;

/// Records by way. Ways without any are left out.
#[derive(Default)]
pub(super) struct Tally<'a> {
    /// Written by leaders in the last second, by way and partition.
    pub written: Vec<(Way, &'a TopicPartition, u64)>,
    /// Given to groups in the last second, with who led the partition.
    pub given: Vec<((&'a GroupId, ProcessId), &'a TopicPartition, u64)>,
    /// In the last two seconds.
    written_long: FlatMap<&'a Str, u64>,
    given_long: FlatMap<&'a GroupId, u64>,
}

impl<'a> Tally<'a> {
    pub(super) fn of(look: &Look<'a>) -> Tally<'a> {
        let mut tally = Tally::default();
        let (Some(traffic), now) = (look.account.traffic, look.now()) else { return tally };
        for (way, partition, meter) in traffic.written() {
            match meter.over(now, Meter::LONGEST) {
                0 => {}
                records => *tally.written_long.entry(&partition.topic).or_default() += records,
            }
            match meter.over(now, Meter::SECOND) {
                0 => {}
                records => tally.written.push((way, partition, records)),
            }
        }
        for (from, partition, meter) in traffic.given() {
            match meter.over(now, Meter::LONGEST) {
                0 => {}
                records => *tally.given_long.entry(from.0).or_default() += records,
            }
            match meter.over(now, Meter::SECOND) {
                0 => {}
                records => tally.given.push((from, partition, records)),
            }
        }
        tally
    }

    /// Records that were written to a topic in the last two seconds.
    pub(super) fn written_to(&self, topic: &Str) -> u64 {
        self.written_long.get(topic).copied().unwrap_or(0)
    }

    /// Records that a group was given in the last two seconds.
    pub(super) fn given_to(&self, group: &GroupId) -> u64 {
        self.given_long.get(group).copied().unwrap_or(0)
    }
}
