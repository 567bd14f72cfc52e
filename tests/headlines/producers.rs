//! Whether what producers' cards say is so.

use base::{Str, TopicPartition};
use client::Producer;
use port::{KafkaSetup, KeyPattern, ProcessConfig, ProducerSetup};
use sim::{Liveness, Slot};
use view::{End, Glyph, ProducerView, Status};

use super::cards::{Truth, equal, is_up, so};
use super::oracle::runs;

/// A card has so many lines, and so many sequence numbers are shown.
const LINES: usize = 2;
const SEQUENCES: usize = 4;

fn producer(slot: &Slot) -> Option<&Producer> {
    slot.process.as_ref()?.producer()
}

impl Truth<'_> {
    pub fn producer(&self, slot: &Slot, view: &ProducerView) -> Result<(), String> {
        let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &slot.config else {
            return Err("it is none".into());
        };
        equal(&*view.name, &*slot.name, "its name")?;
        equal(view.stopped, !is_up(slot), "it is stopped")?;
        so(view.lines.len() <= LINES && view.said.len() == view.lines.len(), "too many lines")?;
        so(view.lines.iter().all(|line| !line.text.is_empty() && view.label.contains(&line.text)), "unsaid lines")?;
        self.keys(setup, &view.keys)?;
        let said: Vec<&Status> = view.said.iter().collect();
        match slot.liveness {
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => equal(&said[..], &[&Status::Stopped], "why"),
            Liveness::Paused => equal(&said[..], &[&Status::Hangs], "why"),
            Liveness::Running => {
                let own = producer(slot).ok_or("it has no state")?;
                let acks = if self.look.details { format!("acks={}", acks(own)) } else { String::new() };
                equal(&view.acks, &acks, "acks")?;
                self.says(slot, (own, setup), &said)
            }
        }
    }

    /// The keys of its pattern, each once, and no other.
    fn keys(&self, setup: &ProducerSetup, shown: &[Glyph]) -> Result<(), String> {
        let keys: Vec<String> = match &setup.keys {
            KeyPattern::None => return equal(shown, &[Glyph::Keyless], "its keys"),
            KeyPattern::Cycle(keys) => once(keys).into_iter().map(|key| key.to_string()).collect(),
            KeyPattern::Random { prefix, count } => (1..=(*count).min(3)).map(|one| format!("{prefix}{one}")).collect(),
        };
        equal(shown.len(), keys.len(), "keys")?;
        let all = keys.iter().zip(shown).all(|(key, glyph)| self.is_glyph_of(*glyph, Some(key.as_bytes())));
        so(all, "another key's glyph")
    }

    /// Records for partitions whose leader, as the producer knows it, cannot answer.
    fn stuck(&self, slot: &Slot, own: &Producer) -> Vec<(u64, TopicPartition)> {
        let mut stuck = Vec::new();
        for (name, queue) in own.queues() {
            let records: u32 = queue.waiting().chain(queue.in_flight()).map(|batch| batch.record_count()).sum();
            let leader = own.network().metadata().leader(&name.topic, name.partition);
            let leader = leader.and_then(|(leader, _)| self.world.first_cluster().node(leader));
            let answers = leader.is_some_and(|leader| runs(leader) && self.passes(slot, leader));
            if records > 0 && !answers {
                stuck.push((u64::from(records), name));
            }
        }
        stuck
    }

    fn says(&self, slot: &Slot, (own, setup): (&Producer, &ProducerSetup), said: &[&Status]) -> Result<(), String> {
        let stuck = self.stuck(slot, own);
        match said {
            [Status::Waits { records, partition }, why] => {
                so(stuck.contains(&(*records, partition.clone())), "they do not wait")?;
                so(stuck.iter().all(|(count, _)| count <= records), "more wait for another")?;
                self.because(slot, (own, partition), why)
            }
            _ if !stuck.is_empty() => Err(format!("{stuck:?} wait, and {said:?} is said")),
            [in_flight, Status::Acked(records)] => {
                so(self.look.details, "without details")?;
                equal(*records, own.counts().acked, "acknowledged")?;
                is_in_flight(own, in_flight)
            }
            _ if self.look.details => Err(format!("{said:?} is said with details")),
            _ => self.targets((own, setup), said),
        }
    }

    /// Whom it believes to lead, and why that one does not answer.
    fn because(&self, slot: &Slot, (own, name): (&Producer, &TopicPartition), why: &Status) -> Result<(), String> {
        let believed = own.network().metadata().leader(&name.topic, name.partition).map(|(leader, _)| leader);
        let known = self.newest.topic_by_name(&name.topic).and_then(|topic| topic.partitions.get(&name.partition));
        let decided = known.and_then(|known| known.leader);
        let leader = match why {
            Status::KnowsNoLeader => return equal(None, believed, "whom it believes"),
            Status::Unreachable { leader, .. } | Status::Stale { leader } => *leader,
            another => return Err(format!("{another:?} is no reason")),
        };
        equal(Some(leader), believed, "whom it believes")?;
        match why {
            Status::Unreachable { end, .. } => {
                equal(decided, believed, "who is decided to lead")?;
                let broker = self.world.first_cluster().node(leader).ok_or("there is no such broker")?;
                let is = match broker.liveness {
                    Liveness::Running => End::CutOff,
                    Liveness::Paused => End::Hangs,
                    Liveness::Stopped => End::Stopped,
                    Liveness::Killed => End::Killed,
                    Liveness::PoweredOff => End::PoweredOff,
                };
                so(!runs(broker) || !self.passes(slot, broker), "it can be reached")?;
                equal(*end, is, "its end")
            }
            _ => so(decided != believed, "that is who is decided to lead"),
        }
    }

    /// The first two partitions of its keys, by hash, and all keys that go there.
    fn targets(&self, (own, setup): (&Producer, &ProducerSetup), said: &[&Status]) -> Result<(), String> {
        let KeyPattern::Cycle(keys) = &setup.keys else { return so(said.is_empty(), "it has no such keys") };
        if own.config().partitioner_ignore_keys {
            return so(said.is_empty(), "its keys do not choose");
        }
        let metadata = own.network().metadata();
        let count = metadata.topic(&setup.topic).map_or(0, |topic| topic.partitions.len() as u32);
        if count == 0 {
            return equal(said, &[&Status::NoTargetYet { topic: setup.topic.clone() }], "what it knows");
        }
        let mut wanted: Vec<(i32, Vec<&Str>)> = Vec::new();
        for key in once(keys) {
            let hash = client::partitioner::murmur2(key.as_bytes()) as u32 & 0x7fff_ffff;
            let number = (hash % count) as i32;
            match wanted.iter().position(|(known, _)| *known == number) {
                Some(at) => wanted[at].1.push(key),
                None => wanted.push((number, vec![key])),
            }
        }
        equal(said.len(), wanted.len().min(LINES), "targets")?;
        for (said, (number, keys)) in said.iter().zip(wanted) {
            let Status::Target { keys: glyphs, partition } = said else { return Err(format!("{said:?} is said")) };
            equal(partition, &TopicPartition::new(setup.topic.clone(), number), "where its keys go")?;
            let all = glyphs.len() == keys.len()
                && glyphs.iter().zip(&keys).all(|(glyph, key)| self.is_glyph_of(*glyph, Some(key.as_bytes())));
            so(all, "other keys go there")?;
        }
        Ok(())
    }
}

/// Each of them once, in order.
fn once(keys: &[Str]) -> Vec<&Str> {
    let mut found: Vec<&Str> = Vec::new();
    for key in keys {
        if !found.contains(&key) {
            found.push(key);
        }
    }
    found
}

fn acks(own: &Producer) -> &'static str {
    match own.config().acks.wire() {
        0 => "0",
        1 => "1",
        _ => "all",
    }
}

/// Batches that are in flight, over all partitions: by their first sequence numbers, or how many there are.
fn is_in_flight(own: &Producer, said: &Status) -> Result<(), String> {
    let queues = own.queues().map(|(_, queue)| queue);
    let batches: Vec<_> = queues.flat_map(|queue| queue.in_flight()).map(|batch| batch.sequence).collect();
    let numbers: Vec<i32> = batches.iter().flatten().map(|(_, first)| *first).collect();
    match said {
        Status::InFlight { sequences, more } => {
            so(!sequences.is_empty() && sequences.len() <= SEQUENCES, "too many or none")?;
            equal(&sequences[..], &numbers[..sequences.len().min(numbers.len())], "sequence numbers")?;
            equal(sequences.len() + more, batches.len(), "batches in flight")
        }
        Status::Unnumbered { batches: count } => {
            so(numbers.is_empty(), "they have numbers")?;
            equal(*count, batches.len(), "batches in flight")
        }
        another => Err(format!("{another:?} is not about what is in flight")),
    }
}
