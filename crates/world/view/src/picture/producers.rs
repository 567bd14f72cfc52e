//! Producers' cards: which keys go where, what waits and why.

use std::rc::Rc;

use base::{FlatMap, ProcessId, Str, TopicPartition, Witness};
use client::producer::Producer;
use lab::Firsts;
use port::{KeyPattern, ProcessConfig, ProducerSetup};
use sim::Slot;

use super::cluster::Cluster;
use super::{Look, Memory};
use crate::{Detail, Glyph, ProducerView, StatusLine, Thing, Tone, short_name};

/// All producers in the order in which they were added.
pub(super) fn producers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> Vec<Rc<ProducerView>> {
    if look.detail == Detail::Brokers {
        return Vec::new();
    }
    let producers = look.world.slots().filter_map(|slot| match &slot.config {
        ProcessConfig::Producer(_, setup) => Some((slot, setup)),
        ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => None,
    });
    producers.map(|(slot, setup)| memory.cards.of(cluster, slot, || card(look, cluster, (slot, setup)))).collect()
}

/// Cards as they were, for as long as their producers and the ground stay.
#[derive(Default)]
pub(super) struct CardBook(FlatMap<ProcessId, (u64, Witness<Slot>, Rc<ProducerView>)>);

impl CardBook {
    fn of(&mut self, cluster: &Cluster<'_>, slot: &Slot, make: impl FnOnce() -> ProducerView) -> Rc<ProducerView> {
        let before = self.0.get(&slot.id);
        let holds = |(ground, witness, _): &&(u64, Witness<Slot>, Rc<ProducerView>)| {
            *ground == cluster.ground && cluster.world.is_seen_by(slot.id, witness)
        };
        if let Some((.., card)) = before.filter(holds) {
            return card.clone();
        }
        let made = make();
        let card =
            before.map(|(.., card)| card).filter(|card| ***card == made).cloned().unwrap_or_else(|| Rc::new(made));
        if let Some(witness) = cluster.world.witness(slot.id) {
            self.0.insert(slot.id, (cluster.ground, witness, card.clone()));
        }
        card
    }
}

fn card(look: &Look<'_>, cluster: &Cluster<'_>, (slot, setup): (&Slot, &ProducerSetup)) -> ProducerView {
    let words = &look.text.stage;
    let producer = slot.process.as_ref().and_then(process::Process::producer);
    let stopped = !slot.liveness.is_up();
    let keys = glyphs(look, setup);
    let lines = match producer {
        _ if stopped => vec![line(words.member_stopped.to_owned(), Tone::Bad)],
        Some(producer) => lines(look, cluster, &Card { slot, producer }),
        None => Vec::new(),
    };
    let by_key = producer.is_none_or(|producer| !producer.config().partitioner_ignore_keys);
    let lines = if lines.is_empty() && by_key { targets(look, producer, setup) } else { lines };
    let acks = producer.map(|producer| format!("acks={}", acks_text(producer)));
    let spoken: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
    ProducerView {
        process: slot.id,
        name: slot.name.to_string(),
        sends: words.sends.to_owned(),
        keys,
        acks: acks.filter(|_| look.details).unwrap_or_default(),
        stopped,
        selected: look.selection == Some(&Thing::Process(slot.id)),
        label: format!("{}: {}", slot.name, spoken.join(", ")),
        lines,
    }
}

fn acks_text(producer: &Producer) -> String {
    match producer.config().acks.wire() {
        -1 => "all".to_owned(),
        other => other.to_string(),
    }
}

/// So many keys at the beginning of a cycle are told once each.
const FIRST_KEYS: usize = 32;
/// Characters of a partition's name that a card has room for.
const NAME: usize = 9;

fn line(text: String, tone: Tone) -> StatusLine {
    StatusLine { text, tone, strong: tone == Tone::Warning }
}

fn glyphs(look: &Look<'_>, setup: &ProducerSetup) -> Vec<Glyph> {
    match &setup.keys {
        KeyPattern::None => vec![Glyph::Keyless],
        KeyPattern::Cycle(keys) => distinct(keys).map(|key| look.glyph(key.as_bytes())).collect(),
        KeyPattern::Random { prefix, count } => (1..=(*count).min(Firsts::RANDOM))
            .map(|number| look.glyph(format!("{prefix}{number}").as_bytes()))
            .collect(),
    }
}

/// A cycle may name a key several times; it is one key. Of a cycle of thousands a card shows the first few alone, so
/// later ones are held against those only.
pub(super) fn distinct(keys: &[Str]) -> impl Iterator<Item = &Str> {
    let before = |index: usize| &keys[..index.min(FIRST_KEYS)];
    keys.iter().enumerate().filter(move |(index, key)| !before(*index).contains(key)).map(|(_, key)| key)
}

struct Card<'a> {
    slot: &'a Slot,
    producer: &'a Producer,
}

/// What is wrong, or with details what is on its way; empty when the targets can be told instead.
fn lines(look: &Look<'_>, cluster: &Cluster<'_>, card: &Card<'_>) -> Vec<StatusLine> {
    let words = &look.text.stage;
    let mut waiting: Vec<(u64, TopicPartition)> = card
        .producer
        .queues()
        .filter(|(partition, _)| is_cut_off(cluster, card, partition))
        .map(|(partition, queue)| (queue.record_counts().0 + queue.record_counts().1, partition))
        .filter(|(count, _)| *count > 0)
        .collect();
    base::sort(&mut waiting);
    if let Some((count, partition)) = waiting.pop() {
        let mut lines =
            vec![line((words.waiting_for)(&short(count), &short_name(&partition, NAME - 1)), Tone::Warning)];
        if let Some((leader, _)) = card.producer.network().metadata().leader(&partition.topic, partition.partition) {
            let text = (words.stale_leader)(leader.0);
            lines.push(StatusLine { text, tone: Tone::Warning, strong: false });
        }
        return lines;
    }
    if !look.details {
        return Vec::new();
    }
    let mut sequences: Vec<String> = Vec::new();
    for (_, queue) in card.producer.queues() {
        sequences.extend(queue.in_flight().filter_map(|batch| batch.sequence).map(|(_, first)| first.to_string()));
    }
    let in_flight = if sequences.is_empty() {
        words.in_flight_none.to_owned()
    } else {
        sequences.truncate(4);
        (words.in_flight_sequence)(&sequences.join(", "))
    };
    vec![line(in_flight, Tone::Plain), line((words.acked)(card.producer.counts().acked), Tone::Good)]
}

/// `999`, `8k`: a card has room for three digits.
pub(super) fn short(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => format!("{}k", count / 1_000),
        _more => format!("{}M", count / 1_000_000),
    }
}

/// Records that wait, or are on their way, for leaders that do not serve.
pub(super) fn waiting(cluster: &Cluster<'_>, slot: &Slot) -> u64 {
    let producer = slot.process.as_ref().and_then(process::Process::producer).filter(|_| slot.liveness.is_up());
    let Some(producer) = producer else { return 0 };
    let card = Card { slot, producer };
    let busy = producer.queues().map(|(partition, queue)| (partition, queue.record_counts()));
    let busy = busy.filter(|(_, (waiting, in_flight))| waiting + in_flight > 0);
    let cut_off = busy.filter(|(partition, _)| is_cut_off(cluster, &card, partition));
    cut_off.map(|(_, (waiting, in_flight))| waiting + in_flight).sum()
}

/// Does the producer believe in a leader of this partition that does not serve it?
fn is_cut_off(cluster: &Cluster<'_>, card: &Card<'_>, partition: &TopicPartition) -> bool {
    let believed = card.producer.network().metadata().leader(&partition.topic, partition.partition);
    let believed = believed.and_then(|(leader, _)| cluster.slot(leader));
    believed.is_none_or(|slot| !slot.liveness.is_up()) && card.slot.liveness.is_up()
}

/// "A to orders-1", "B to orders-0": the first two targets of its keys. It reckons with as many partitions as its own
/// metadata has, which may be older than the cluster's for metadata.max.age.ms.
fn targets(look: &Look<'_>, producer: Option<&Producer>, setup: &ProducerSetup) -> Vec<StatusLine> {
    let KeyPattern::Cycle(keys) = &setup.keys else { return Vec::new() };
    let known = producer.and_then(|producer| producer.network().metadata().topic(&setup.topic));
    let count = known.map_or(0, |topic| topic.partitions.len() as u32);
    if count == 0 {
        return vec![line((look.text.stage.key_to)("…", &setup.topic), Tone::Quiet)];
    }
    let mut targets: Vec<(i32, Vec<String>)> = Vec::new();
    for key in distinct(keys) {
        let partition = client::partitioner::partition_for_key(key.as_bytes(), count);
        let Glyph::Key { letter, .. } = look.glyph(key.as_bytes()) else { continue };
        match targets.iter_mut().find(|(known, _)| *known == partition) {
            Some((_, letters)) => letters.push(letter.to_string()),
            None => targets.push((partition, vec![letter.to_string()])),
        }
    }
    let told = |(index, (partition, letters)): (usize, &(i32, Vec<String>))| {
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        let text = (look.text.stage.keys_to)(
            &letters,
            &short_name(&TopicPartition::new(setup.topic.clone(), *partition), NAME),
        );
        line(text, if index == 0 { Tone::Plain } else { Tone::Quiet })
    };
    targets.iter().take(2).enumerate().map(told).collect()
}
