//! Producers that send alike, as one card.

use std::rc::Rc;

use base::{FlatMap, Meter, ProcessId, Str, TopicPartition, Witness};
use port::{KafkaSetup, ProcessConfig, ProducerSetup};
use sim::{Liveness, Slot};

use super::batches::{self, Asked, Selected};
use super::cluster::Cluster;
use super::loads::rate;
use super::producers::{self, short};
use super::tally::Tally;
use super::{Look, Memory};
use crate::{CrowdView, Permille, Thing, short_name};

/// A partition that gets more than twice its part is told, where there are enough records to tell.
const SKEW: (u64, u64) = (2, 20);

/// What makes producers alike: what their names begin with, and their topic.
pub(super) type Kind<'a> = (&'a str, &'a Str);

/// A crowd's kind and its members.
type Crowd<'a> = (Kind<'a>, Vec<(&'a Slot, &'a ProducerSetup)>);

/// All producers, those that send alike together.
pub(super) struct Crowds<'a> {
    crowds: Vec<Crowd<'a>>,
    of: FlatMap<ProcessId, usize>,
}

impl<'a> Crowds<'a> {
    pub(super) fn of_look(look: &Look<'a>) -> Crowds<'a> {
        let crowds = gathered(look);
        let members = crowds.iter().enumerate();
        let of =
            members.flat_map(|(place, (_, members))| members.iter().map(move |(slot, _)| (slot.id, place))).collect();
        Crowds { crowds, of }
    }

    /// The crowd that a producer is in.
    pub(super) fn of(&self, producer: ProcessId) -> Option<usize> {
        self.of.get(&producer).copied()
    }

    /// A card each.
    pub(super) fn cards(
        &self,
        look: &Look<'_>,
        (cluster, tally): (&Cluster<'_>, &Tally<'_>),
        memory: &mut Memory,
    ) -> Vec<Rc<CrowdView>> {
        let mut written: Vec<FlatMap<&TopicPartition, u64>> = vec![FlatMap::new(); self.crowds.len()];
        for (way, partition, records) in &tally.written {
            if let Some(crowd) = self.of(way.producer) {
                *written[crowd].entry(*partition).or_default() += records;
            }
        }
        let before = std::mem::take(&mut memory.crowds);
        let cards = self.crowds.iter().zip(&written).enumerate().map(|(place, (crowd, written))| {
            let made = card(look, cluster, (crowd, written), &mut memory.waits);
            let before = before.get(place).filter(|before| ***before == made);
            before.cloned().unwrap_or_else(|| Rc::new(made))
        });
        let cards: Vec<Rc<CrowdView>> = cards.collect();
        memory.crowds = cards.clone();
        cards
    }
}

/// All producers, those that send alike together, in order of their names.
pub(super) fn gathered<'a>(look: &Look<'a>) -> Vec<Crowd<'a>> {
    let mut crowds: FlatMap<Kind<'a>, Vec<(&'a Slot, &'a ProducerSetup)>> = FlatMap::new();
    for slot in look.slots() {
        if let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &slot.config {
            crowds.entry((stem(&slot.name), &setup.topic)).or_default().push((slot, setup));
        }
    }
    let mut gathered: Vec<Crowd<'a>> = crowds.iter().map(|(kind, members)| (*kind, members.clone())).collect();
    // One alone keeps its whole name.
    for ((name, _), members) in &mut gathered {
        if let [(slot, _)] = &members[..] {
            *name = &slot.name;
        }
    }
    gathered
}

type Written<'a, 'b> = (&'b Crowd<'a>, &'b FlatMap<&'b TopicPartition, u64>);

fn card(look: &Look<'_>, cluster: &Cluster<'_>, (crowd, written): Written<'_, '_>, waits: &mut WaitBook) -> CrowdView {
    let words = &look.text.dense;
    let ((name, topic), members) = crowd;
    let slots = || members.iter().map(|(slot, _)| *slot);
    let stopped = slots().filter(|slot| !slot.liveness.is_up()).count();
    let count = match (members.len(), stopped) {
        (1, 0) => String::new(),
        (all, 0) => (words.producers)(all),
        (all, stopped) => (words.producers_stopped)(all, stopped),
    };
    let bytes = slots().map(|slot| look.world.toil().bytes(slot.id, look.now(), Meter::SECOND)).sum();
    let records = written.values().sum();
    let skew = skew(written, records);
    let waiting = slots().map(|slot| waits.of(cluster, slot)).sum();
    let rate = rate(look, bytes, Some(records));
    let of_state = |wanted: State| slots().filter(|slot| state(slot) == wanted).count();
    let (hung, blocked) = (of_state(State::Hangs), of_state(State::Blocked));
    let batches = slots().filter_map(|slot| {
        let ProcessConfig::Kafka(KafkaSetup::Producer(client, _)) = &slot.config else { return None };
        let producer = slot.process.as_ref().filter(|_| slot.liveness.is_up())?.producer()?;
        batches::batches(look, &Asked { client, producer, selected: Selected::No })
    });
    let batches = batches::together(look, name, batches);
    let trouble = if hung + blocked > 0 { (words.troubled)([0, hung, blocked]) } else { String::new() };
    CrowdView {
        label: format!("{name}: {count} {rate} {trouble}").trim_end().to_owned(),
        hung,
        blocked,
        trouble,
        batches,
        // There is nobody without a first.
        worst: slots().min_by_key(|slot| (state(slot), slot.id)).map_or(ProcessId(0), |slot| slot.id),
        name: (*name).to_owned(),
        topic: (*topic).clone(),
        hue: look.hue(topic),
        members: slots().map(|slot| slot.id).collect(),
        stopped,
        count,
        bytes,
        records,
        rate,
        skew_text: told_skew(look, (cluster.atlas().topic(topic).len(), records), skew.as_ref()),
        skew,
        waiting,
        waiting_text: if waiting > 0 { (words.waiting)(&short(waiting)) } else { String::new() },
        selected: slots().any(|slot| look.selection == Some(&Thing::Process(slot.id))),
    }
}

/// How a producer of a crowd stands, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Stopped,
    Hangs,
    Blocked,
    Sends,
}

fn state(slot: &Slot) -> State {
    let producer = slot.process.as_ref().and_then(process::Process::producer);
    match slot.liveness {
        Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => State::Stopped,
        Liveness::Paused => State::Hangs,
        Liveness::Running if producer.is_some_and(client::Producer::waits_for_memory) => State::Blocked,
        Liveness::Running => State::Sends,
    }
}

/// The partition that got most, and its share.
fn skew(written: &FlatMap<&TopicPartition, u64>, records: u64) -> Option<(TopicPartition, Permille)> {
    let (partition, most) =
        written.iter().max_by_key(|(partition, count)| (**count, std::cmp::Reverse(**partition)))?;
    Some(((*partition).clone(), (most * 1_000 / records.max(1)) as Permille))
}

fn told_skew(
    look: &Look<'_>,
    (partitions, records): (usize, u64),
    skew: Option<&(TopicPartition, Permille)>,
) -> String {
    // Nothing was written yet.
    let Some((partition, share)) = skew else { return String::new() };
    let even = 1_000 / partitions.max(1) as u64;
    let is_skewed = partitions > 1 && records >= SKEW.1 && u64::from(*share) > even * SKEW.0;
    if is_skewed { (look.text.dense.skew)(&short_name(partition, 9), share / 10) } else { String::new() }
}

/// How many records of a producer wait for leaders that do not serve; looked at again when it has changed.
#[derive(Default)]
pub(super) struct WaitBook(FlatMap<ProcessId, (u64, Witness<Slot>, u64)>);

impl WaitBook {
    fn of(&mut self, cluster: &Cluster<'_>, slot: &Slot) -> u64 {
        let holds = |(ground, witness, _): &&(u64, Witness<Slot>, u64)| {
            *ground == cluster.ground && cluster.world.is_seen_by(slot.id, witness)
        };
        if let Some((.., waiting)) = self.0.get(&slot.id).filter(holds) {
            return *waiting;
        }
        let waiting = producers::waiting(cluster, slot);
        if let Some(witness) = cluster.world.witness(slot.id) {
            self.0.insert(slot.id, (cluster.ground, witness, waiting));
        }
        waiting
    }
}

/// `web` of `web-12`, `web12` and `web_12`; the whole name where nothing would be left.
fn stem(name: &str) -> &str {
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let stem = if stem.len() < name.len() { stem.trim_end_matches(['-', '_', '.']) } else { stem };
    if stem.is_empty() { name } else { stem }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_number_at_the_end_is_no_part_of_the_stem() {
        let stems = ["web-1", "web-40", "web12", "web", "7", "v2-web", "a-", "shop_3"].map(stem);
        assert_eq!(stems, ["web", "web", "web", "web", "7", "v2-web", "a-", "shop"]);
    }
}
