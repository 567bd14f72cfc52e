//! Accidents: from the end of a broker that led something to the moment when everybody has caught up, and what it came
//! to. A function of the facts so far, like the ledger.

use crate::pace::Phase;
use base::{FlatMap, ProcessId, Span, Time, TopicPartition};
use check::{ClusterLedger, Counts};
use port::{Fact, KafkaFact, WorldFact};

/// Accidents that are remembered, the newest.
const REMEMBERED: usize = 16;
/// So long after the last leader is back an accident is over even if somebody has not caught up.
const PATIENCE: Span = Span::from_secs(30);

/// What an accident came to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sums {
    /// When it was over.
    pub at: Time,
    /// Partitions that had no leader, and how long at most.
    pub unavailable: Vec<(TopicPartition, Span)>,
    /// Messages whose success had been reported and that are gone.
    pub lost: u64,
    /// Messages whose failure was reported.
    pub failed: u64,
    /// Messages that a reader was given again.
    pub twice: u64,
}

/// All accidents so far.
#[derive(Clone, Debug, Default)]
pub struct Accidents {
    leaders: FlatMap<TopicPartition, ProcessId>,
    homeless: Homeless,
    open: Option<Open>,
    over: Vec<Sums>,
}

/// Partitions whose leader is out of reach or has been told to stop, from any cause.
#[derive(Clone, Debug, Default)]
struct Homeless {
    since: FlatMap<TopicPartition, Time>,
    /// The longest of those that are led again.
    longest: Option<(TopicPartition, Span)>,
}

impl Homeless {
    fn led(&mut self, at: Time, partition: &TopicPartition) {
        // It was never without a leader.
        let Some(since) = self.since.remove(partition) else { return };
        let (span, longest) = (at.since(since), self.longest.as_ref().map_or(Span::ZERO, |(_, longest)| *longest));
        if span > longest {
            self.longest = Some((partition.clone(), span));
        }
    }
}

#[derive(Clone, Debug)]
struct Open {
    before: Counts,
    /// Partitions without a leader, since when.
    homeless: FlatMap<TopicPartition, Time>,
    unavailable: Vec<(TopicPartition, Span)>,
    /// When the last of them was led again.
    led: Time,
}

impl Accidents {
    /// What accidents came to, oldest first.
    pub fn sums(&self) -> &[Sums] {
        &self.over
    }

    /// The longest that a partition has had no leader so far, or has had none until now; also one whose only replica was
    /// stopped in order, which is no accident.
    pub fn leaderless(&self, now: Time) -> Option<(&TopicPartition, Span)> {
        let homeless = self.homeless.since.iter().map(|(partition, since)| (partition, now.since(*since)));
        let ended = self.homeless.longest.iter().map(|(partition, span)| (partition, *span));
        // Of equally long ones the first by name: which comes first is no difference.
        ended.chain(homeless).max_by_key(|(partition, span)| (*span, std::cmp::Reverse(*partition)))
    }

    /// How far the one is that is not over.
    pub(crate) fn phase(&self) -> Phase {
        match &self.open {
            None => Phase::Usual,
            Some(open) if open.homeless.is_empty() => Phase::CatchingUp,
            Some(_has_homeless) => Phase::Leaderless,
        }
    }

    /// Does the fact concern them?
    pub(crate) fn concerns(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Kafka(KafkaFact::BecameLeader { .. })
            | Fact::World(WorldFact::ProcessStopped { .. } | WorldFact::ProcessPaused | WorldFact::ProcessResumed)
            | Fact::Kafka(KafkaFact::TopicDeleted { .. }) => true,
            Fact::Kafka(
                KafkaFact::RecordsAcked { .. } | KafkaFact::RecordsFailed { .. } | KafkaFact::Delivered { .. },
            ) => self.phase() == Phase::CatchingUp,
            _another => false,
        }
    }

    /// Takes note of a fact that concerns them, after the ledger has.
    pub(crate) fn note(&mut self, (at, process): (Time, ProcessId), fact: &Fact, ledger: &ClusterLedger) {
        match fact {
            Fact::World(WorldFact::ProcessStopped { clean: true }) => {
                self.away(at, process);
            }
            Fact::World(WorldFact::ProcessStopped { clean: false } | WorldFact::ProcessPaused) => {
                self.left((at, process), ledger.counts())
            }
            Fact::World(WorldFact::ProcessResumed) => self.resumed(at, process),
            Fact::Kafka(KafkaFact::BecameLeader { partition, .. })
                if !metadata::topic_name::is_internal(&partition.topic) =>
            {
                self.leaders.insert(partition.clone(), process);
                self.led(at, partition);
            }
            Fact::Kafka(KafkaFact::TopicDeleted { topic, .. }) => {
                self.leaders.retain(|partition, _| partition.topic != *topic);
                self.homeless.since.retain(|partition, _| partition.topic != *topic);
                if let Some(open) = &mut self.open {
                    open.homeless.retain(|partition, _| partition.topic != *topic);
                }
            }
            _about_records => {}
        }
        self.close(at, ledger.counts());
    }

    /// A process is out of reach, and with it what it led.
    fn left(&mut self, (at, process): (Time, ProcessId), before: Counts) {
        let led = self.away(at, process);
        if led.is_empty() {
            return;
        }
        let fresh = || Open { before, homeless: FlatMap::new(), unavailable: Vec::new(), led: Time::ZERO };
        let open = self.open.get_or_insert_with(fresh);
        for partition in led {
            open.homeless.entry(partition).or_insert(at);
        }
    }

    /// What it led has nobody to lead it.
    fn away(&mut self, at: Time, process: ProcessId) -> Vec<TopicPartition> {
        let led: Vec<TopicPartition> = self.led_by(process);
        for partition in &led {
            self.homeless.since.entry(partition.clone()).or_insert(at);
        }
        led
    }

    fn led_by(&self, process: ProcessId) -> Vec<TopicPartition> {
        let own = self.leaders.iter().filter(|(_, leader)| **leader == process);
        own.map(|(partition, _)| partition.clone()).collect()
    }

    fn resumed(&mut self, at: Time, process: ProcessId) {
        self.led_by(process).iter().for_each(|partition| self.led(at, partition));
    }

    fn led(&mut self, at: Time, partition: &TopicPartition) {
        self.homeless.led(at, partition);
        // Nothing is out of order.
        let Some(open) = &mut self.open else { return };
        // It is not one of those that the accident has cost their leader.
        let Some(since) = open.homeless.remove(partition) else { return };
        open.led = at;
        let span = at.since(since);
        match open.unavailable.iter_mut().find(|(known, _)| known == partition) {
            Some((_, longest)) => *longest = span.max(*longest),
            None => open.unavailable.push((partition.clone(), span)),
        }
    }

    fn close(&mut self, at: Time, now: Counts) {
        // As long as a partition has no leader it is not over.
        let Some(open) = self.open.as_ref().filter(|open| open.homeless.is_empty()) else { return };
        let before = &open.before;
        // As few are under way as before it, or a few more: some always are.
        let usual = |before: u64| before + before / 2 + 4;
        let sending = now.waiting <= usual(before.waiting);
        let reading = now.unread() <= usual(before.unread()) || before.delivered == 0;
        if !(sending && reading) && at.since(open.led) < PATIENCE {
            return;
        }
        let sums = Sums {
            at,
            unavailable: open.unavailable.clone(),
            lost: now.lost.saturating_sub(before.lost),
            failed: now.failed.saturating_sub(before.failed),
            twice: now.duplicated - before.duplicated,
        };
        self.open = None;
        if self.over.len() == REMEMBERED {
            self.over.remove(0);
        }
        self.over.push(sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{LeaderEpoch, Offset};

    fn leads(accidents: &mut Accidents, at: u64, process: u32) {
        let fact = Fact::Kafka(KafkaFact::BecameLeader {
            partition: TopicPartition::new("orders", 1),
            epoch: LeaderEpoch(0),
            start_offset: Offset(0),
            previous_leader: None,
        });
        accidents.note((Time(at), ProcessId(process)), &fact, &ClusterLedger::default());
    }

    #[test]
    fn an_accident_lasts_from_the_end_of_a_leader_until_all_are_back() {
        let mut accidents = Accidents::default();
        let killed = Fact::World(WorldFact::ProcessStopped { clean: false });
        leads(&mut accidents, 5, 2);
        accidents.note((Time(10), ProcessId(3)), &killed, &ClusterLedger::default());
        assert!(accidents.open.is_none(), "it led nothing");
        accidents.note((Time(20), ProcessId(2)), &killed, &ClusterLedger::default());
        assert!(accidents.phase() == Phase::Leaderless && accidents.sums().is_empty());
        leads(&mut accidents, 900, 3);
        let [sums] = accidents.sums() else { panic!("{accidents:?}") };
        assert_eq!(sums.unavailable, [(TopicPartition::new("orders", 1), Span(880))]);
        assert_eq!((sums.at, sums.lost, sums.twice), (Time(900), 0, 0));
    }

    #[test]
    fn whose_only_replica_is_stopped_in_order_has_no_leader_and_no_accident() {
        let mut accidents = Accidents::default();
        leads(&mut accidents, 5, 2);
        accidents.note(
            (Time(20), ProcessId(2)),
            &Fact::World(WorldFact::ProcessStopped { clean: true }),
            &ClusterLedger::default(),
        );
        let partition = TopicPartition::new("orders", 1);
        assert!(accidents.open.is_none());
        assert_eq!(accidents.leaderless(Time(30)), Some((&partition, Span(10))));
        leads(&mut accidents, 50, 2);
        assert_eq!(accidents.leaderless(Time(90)), Some((&partition, Span(30))));
        assert!(accidents.sums().is_empty());
    }

    #[test]
    fn one_who_hangs_and_goes_on_was_away() {
        let mut accidents = Accidents::default();
        leads(&mut accidents, 5, 2);
        accidents.note((Time(20), ProcessId(2)), &Fact::World(WorldFact::ProcessPaused), &ClusterLedger::default());
        accidents.note((Time(50), ProcessId(2)), &Fact::World(WorldFact::ProcessResumed), &ClusterLedger::default());
        assert_eq!(accidents.sums()[0].unavailable[0].1, Span(30));
    }
}
