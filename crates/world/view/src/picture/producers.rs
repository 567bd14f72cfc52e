//! Producers' cards: which keys go where, what waits and why.

use std::rc::Rc;

use base::{FlatMap, PartitionId, ProcessId, Str, TopicPartition, Witness};
use client::partitioner::{partition_for_key, partition_of_key};
use client::producer::{Producer, ProducerBatch};
use lab::Firsts;
use port::{ClientSetup, KafkaSetup, KeyPattern, ProcessConfig, ProducerSetup};
use sim::{Liveness, Slot};

use super::batches::{Asked, Selected};
use super::cluster::Cluster;
use super::{Look, Memory, batches, cards};
use crate::{Detail, End, Glyph, ProducerView, Status, StatusLine, Thing, Tone};

/// All producers in the order in which they were added.
pub(super) fn producers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> Vec<Rc<ProducerView>> {
    if look.detail == Detail::Brokers {
        return Vec::new();
    }
    let producers = look.slots().filter_map(|slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Producer(client, setup)) => Some((slot, (client, setup))),
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
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
        // Batches linger, and a `send` waits, while nothing happens.
        let stands = |(.., card): &&(u64, Witness<Slot>, Rc<ProducerView>)| card.batches.is_none();
        if let Some((.., card)) = before.filter(holds).filter(stands) {
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

fn card(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (slot, (client, setup)): (&Slot, (&ClientSetup, &ProducerSetup)),
) -> ProducerView {
    let words = &look.text.stage;
    let selected = look.selection == Some(&Thing::Process(slot.id));
    let producer = slot.process.as_ref().and_then(process::Process::producer);
    let stopped = !slot.liveness.is_up();
    let keys = glyphs(look, setup);
    let said = match producer {
        _ if stopped => vec![Status::Stopped],
        Some(producer) => states(look, cluster, &Card { slot, producer }),
        None => Vec::new(),
    };
    let by_key = producer.is_none_or(|producer| !producer.config().partitioner_ignore_keys);
    let said = if said.is_empty() && by_key { targets(look, producer, setup) } else { said };
    let lines: Vec<StatusLine> = said.iter().enumerate().map(|said| line(look, said)).collect();
    let acks = producer.map(|producer| format!("acks={}", acks_text(producer)));
    let spoken: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
    ProducerView {
        process: slot.id,
        name: slot.name.to_string(),
        sends: words.sends.to_owned(),
        keys,
        acks: acks.filter(|_| look.details).unwrap_or_default(),
        sets_batches: batches::are_set(client),
        batches: producer.filter(|_| !stopped).and_then(|producer| {
            batches::batches(look, &Asked { client, producer, selected: Selected::when(selected) })
        }),
        stopped,
        selected,
        label: format!("{}: {}", slot.name, spoken.join(", ")),
        said,
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
/// Sequence numbers that a line has room for.
const SEQUENCES: usize = 4;

/// A line of a card: its tone, and whether it is the one to read first.
fn line(look: &Look<'_>, (place, said): (usize, &Status)) -> StatusLine {
    let tone = match said {
        Status::Stopped => Tone::Bad,
        Status::Hangs
        | Status::Waits { .. }
        | Status::Unreachable { .. }
        | Status::Stale { .. }
        | Status::KnowsNoLeader
        | Status::Blocked { .. } => Tone::Warning,
        Status::Acked(_) | Status::Took { .. } => Tone::Good,
        Status::NoTargetYet { .. } => Tone::Quiet,
        Status::Target { .. } if place > 0 => Tone::Quiet,
        Status::Target { .. } | Status::InFlight { .. } | Status::Unnumbered { .. } => Tone::Plain,
    };
    StatusLine { text: cards::status(said, look.text), tone, strong: tone == Tone::Warning && place == 0 }
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
fn states(look: &Look<'_>, cluster: &Cluster<'_>, card: &Card<'_>) -> Vec<Status> {
    if card.slot.liveness == Liveness::Paused {
        return vec![Status::Hangs];
    }
    let waiting = card.producer.queues().filter_map(|(partition, queue)| {
        let (waiting, in_flight) = queue.record_counts();
        let why = unanswered(cluster, card, &partition).filter(|_| waiting + in_flight > 0)?;
        Some((waiting + in_flight, partition, why))
    });
    let most = waiting.max_by(|(one, first, _), (other, second, _)| (one, first).cmp(&(other, second)));
    if let Some(since) = card.producer.blocked_since().filter(|_| card.producer.waits_for_memory()) {
        let next = most.map(|(records, partition, _)| Status::Waits { records, partition });
        return [Status::Blocked { since }].into_iter().chain(next).collect();
    }
    if let Some((records, partition, why)) = most {
        return vec![Status::Waits { records, partition }, why];
    }
    if let Some(took) = took(card.producer) {
        return vec![took];
    }
    if !look.details {
        return Vec::new();
    }
    vec![in_flight(card.producer), Status::Acked(card.producer.counts().acked)]
}

/// Told of an application that was told how to send, once all its records have ended.
fn took(producer: &Producer) -> Option<Status> {
    let (workload, course) = (producer.workload(), producer.course());
    workload.application().sending?;
    let records = workload.limit().filter(|limit| *limit > 0 && course.acked + course.failed >= *limit)?;
    Some(Status::Took { records, time: course.took()? })
}

/// The batches that are in flight, by the first few sequence numbers if they have any.
fn in_flight(producer: &Producer) -> Status {
    let sequence = |batch: &ProducerBatch| batch.sequence.map(|(_, first)| first);
    let (mut sequences, mut batches) = (Vec::new(), 0);
    for (_, queue) in producer.queues() {
        batches += queue.in_flight().count();
        sequences.extend(queue.in_flight().filter_map(sequence));
    }
    if sequences.is_empty() {
        return Status::Unnumbered { batches };
    }
    let more = sequences.len().saturating_sub(SEQUENCES);
    sequences.truncate(SEQUENCES);
    Status::InFlight { sequences, more }
}

/// `999`, `8k`: a card has room for three digits.
pub(super) fn short(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => format!("{}k", count / 1_000),
        _more => format!("{}M", count / 1_000_000),
    }
}

/// Records that wait, or are on their way, for leaders that cannot answer.
pub(super) fn waiting(cluster: &Cluster<'_>, slot: &Slot) -> u64 {
    let producer =
        slot.process.as_ref().and_then(process::Process::producer).filter(|_| slot.liveness == Liveness::Running);
    // Who does not run keeps nothing waiting.
    let Some(producer) = producer else { return 0 };
    let card = Card { slot, producer };
    let busy = producer.queues().map(|(partition, queue)| (partition, queue.record_counts()));
    let busy = busy.filter(|(_, (waiting, in_flight))| waiting + in_flight > 0);
    let cut_off = busy.filter(|(partition, _)| unanswered(cluster, &card, partition).is_some());
    cut_off.map(|(_, (waiting, in_flight))| waiting + in_flight).sum()
}

/// Why the leader that the producer knows of cannot answer it; `None`: it can, whoever leads by now.
fn unanswered(cluster: &Cluster<'_>, card: &Card<'_>, partition: &TopicPartition) -> Option<Status> {
    let believed = card.producer.network().metadata().leader(&partition.topic, partition.partition);
    let Some((leader, _)) = believed else { return Some(Status::KnowsNoLeader) };
    let end = match cluster.slot(leader) {
        Some(slot) => match slot.liveness {
            Liveness::Running => cluster.is_cut_between(card.slot.id, slot.id).then_some(End::CutOff)?,
            Liveness::Paused => End::Hangs,
            Liveness::Stopped => End::Stopped,
            Liveness::Killed => End::Killed,
            Liveness::PoweredOff => End::PoweredOff,
        },
        None => End::Stopped,
    };
    let known = cluster.id_of(partition).and_then(|id| cluster.known().partition(id));
    let is_decided = known.is_some_and(|known| known.leader == Some(leader));
    Some(if is_decided { Status::Unreachable { leader, end } } else { Status::Stale { leader } })
}

/// Where the producer's class sends a key; nowhere where it looks at none, or refuses.
fn goes(producer: Option<&Producer>, key: &Str, count: u32) -> Option<PartitionId> {
    let partition = match producer {
        Some(own) => {
            let by = (own.config().partitioner_class, &*own.workload().application().partitions);
            partition_of_key(by, key.as_bytes(), count)
        }
        None => Some(partition_for_key(key.as_bytes(), count)),
    };
    partition.filter(|partition| u32::try_from(*partition).is_ok_and(|partition| partition < count))
}

/// "A to orders-1", "B to orders-0": the first two targets of its keys. It reckons with as many partitions as its own
/// metadata has, which may be older than the cluster's for metadata.max.age.ms.
fn targets(look: &Look<'_>, producer: Option<&Producer>, setup: &ProducerSetup) -> Vec<Status> {
    let KeyPattern::Cycle(keys) = &setup.keys else { return Vec::new() };
    let known = producer.and_then(|producer| producer.network().metadata().topic(&setup.topic));
    let count = known.map_or(0, |topic| topic.partitions.len() as u32);
    if count == 0 {
        return vec![Status::NoTargetYet { topic: setup.topic.clone() }];
    }
    let mut targets: Vec<(i32, Vec<Glyph>)> = Vec::new();
    for key in distinct(keys) {
        let Some(partition) = goes(producer, key, count) else { continue };
        let glyph = look.glyph(key.as_bytes());
        match targets.iter_mut().find(|(known, _)| *known == partition) {
            Some((_, glyphs)) => glyphs.push(glyph),
            None => targets.push((partition, vec![glyph])),
        }
    }
    let told = |(partition, keys): (i32, Vec<Glyph>)| Status::Target {
        keys,
        partition: TopicPartition::new(setup.topic.clone(), partition),
    };
    targets.into_iter().take(2).map(told).collect()
}
