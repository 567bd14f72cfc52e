//! Which partition a key would hit, said without sending anything.

use base::Str;
use port::{KafkaSetup, ProcessConfig};
use sim::World;

use super::super::cluster::Cluster;
use super::{Asked, chooser, producer, words};
use crate::text::Text;
use crate::{Chooser, KeyHash, WhereRow, WhereView};

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// It comes first; `None`: all topics alike.
    pub topic: Option<&'a str>,
    /// `None`: no key.
    pub key: Option<&'a str>,
    /// The producer that would send it, by its name; `None`: any that knows all partitions.
    pub sender: Option<&'a str>,
}

/// Topics that are told of at a time.
const TOPICS: usize = 20;

/// The answer for every topic of a cluster, the one that was asked for first.
pub fn where_to(part: sim::Cluster<'_>, question: &Question<'_>, text: &Text) -> WhereView {
    let (world, cluster) = (part.world(), Cluster::of(part));
    let mut topics: Vec<&Str> = cluster.topics().filter(|name| !metadata::topic_name::is_internal(name)).collect();
    base::sort_by(&mut topics, |one, other| {
        let second = |name: &Str| question.topic != Some(&**name);
        (second(one), one).cmp(&(second(other), other))
    });
    let known = question.topic.is_none_or(|wanted| topics.first().is_some_and(|first| ***first == *wanted));
    let nothing = match question.topic {
        _ if topics.is_empty() => text.key_card.no_topics.to_owned(),
        Some(wanted) if !known => (text.key_card.no_such_topic)(wanted),
        _ => String::new(),
    };
    let more = if known { topics.len().saturating_sub(TOPICS) } else { 0 };
    let rows =
        topics.into_iter().filter(|_| known).take(TOPICS).map(|topic| row(world, &cluster, (topic, question), text));
    WhereView {
        rows: rows.collect(),
        more: if more > 0 { (text.key_card.more_topics)(more) } else { String::new() },
        nothing,
    }
}

fn row(world: &World, cluster: &Cluster<'_>, (topic, question): (&Str, &Question<'_>), text: &Text) -> WhereRow {
    let asked = Asked { world, cluster, topic, key: question.key.map(str::as_bytes) };
    let sender = question.sender.and_then(|name| world.find(name)).map(|slot| slot.id);
    let chooser = chooser(&asked, sender);
    let name = |process| cluster.name(process);
    let place = match &chooser {
        Chooser::Key(hash) => Some(asked.place(hash.partition)),
        Chooser::JavaHash(hash) => hash.place().map(|partition| asked.place(partition)),
        Chooser::Sum(sum) => Some(asked.place(sum.partition)),
        Chooser::Table(entry) => entry.place().map(|partition| asked.place(partition)),
        Chooser::Ignored { .. }
        | Chooser::Anywhere { .. }
        | Chooser::Turns { .. }
        | Chooser::PerBatch { .. }
        | Chooser::Sticky { .. }
        | Chooser::Keyless
        | Chooser::Unknown => None,
    };
    let sentence = match &place {
        Some((partition, Some(leader))) => (text.key_card.led_by)(&partition.to_string(), leader.0),
        Some((partition, None)) => (text.key_card.led_by_nobody)(&partition.to_string()),
        None if chooser == Chooser::Keyless => (text.key_card.no_hash)(topic),
        None => words::chosen(&chooser, topic, (text, &name)),
    };
    let key = question.key.map(|key| words::shown(key.as_bytes())).unwrap_or_default();
    let (partition, leader) = place.map_or((None, None), |(partition, leader)| (Some(partition), leader));
    let formula = words::formula(&chooser, &key);
    let notes = if sender.is_none() { others(&asked, &chooser, text) } else { Vec::new() };
    WhereRow { topic: topic.clone(), chooser, partition, leader, formula, sentence, notes }
}

/// Producers of the topic that do otherwise: they know of other partitions, look at no key, or have none to look at.
fn others(asked: &Asked<'_>, usual: &Chooser, text: &Text) -> Vec<String> {
    let name = |process| asked.cluster.name(process);
    let own = asked.cluster.part.slots().filter(|slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) => *setup.topic == *asked.topic && slot.liveness.is_up(),
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => false,
    });
    let note = |slot: &sim::Slot| {
        // Whoever has not heard of the topic yet will hear of all of it.
        producer(asked.world, slot.id)?.network().metadata().topic(asked.topic)?;
        let other = chooser(asked, Some(slot.id));
        match &other {
            Chooser::Key(KeyHash { partitions, partition, .. }) if other != *usual && asked.key.is_some() => {
                let place = base::TopicPartition::new(asked.topic, *partition).to_string();
                Some((text.key_card.believes)(&slot.name, *partitions, &place))
            }
            // Where it has drawn no partition yet there is nothing to add.
            Chooser::Key(_)
            | Chooser::Keyless
            | Chooser::Unknown
            | Chooser::PerBatch { current: None, .. }
            | Chooser::Sticky { current: None, .. } => None,
            Chooser::Ignored { .. }
            | Chooser::JavaHash(_)
            | Chooser::Sum(_)
            | Chooser::Anywhere { .. }
            | Chooser::Table(_)
            | Chooser::Turns { .. }
            | Chooser::PerBatch { .. }
            | Chooser::Sticky { .. } => Some(words::chosen(&other, asked.topic, (text, &name))),
        }
    };
    { own }.filter_map(note).collect()
}
