//! Keys and topics in the order in which they first appeared in a run. Who recognises things by such an order (glyphs,
//! hues) recognises them on every visit alike, before and after stepping back, and on every branch that shares the past.

use base::{ProcessId, Shared, Str};
use port::{Fact, KafkaFact, KafkaSetup, KeyPattern, ProcessConfig, WorldFact};
use sim::World;

/// See the module. Only the first few have a place: whoever meets more tells them apart by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Firsts {
    keys: Vec<Str>,
    topics: Vec<Str>,
}

impl Firsts {
    /// Keys that have a place, as many as people can tell apart.
    pub const KEYS: usize = 24;
    /// Topics that have one.
    pub const TOPICS: usize = 64;
    /// Random keys of a producer that are known before they are sent: those that stand for all of them.
    pub const RANDOM: u32 = 3;

    /// The place of a key, counted from 0.
    pub fn key(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| **known == *key)
    }

    /// The place of a topic, counted from 0. Internal topics have none.
    pub fn topic(&self, topic: &str) -> Option<usize> {
        self.topics.iter().position(|known| **known == *topic)
    }

    /// Learns what the fact brings up for the first time. A producer's own keys appear with it, in its order.
    pub(crate) fn note(firsts: &mut Shared<Firsts>, (process, fact): (ProcessId, &Fact), world: &World) {
        match fact {
            Fact::Kafka(KafkaFact::RecordSent { key: Some(key), .. }) => Firsts::note_key(firsts, key),
            Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) => {
                let is_internal = metadata::topic_name::is_internal(topic);
                if !is_internal && firsts.topics.len() < Firsts::TOPICS && firsts.topic(topic).is_none() {
                    firsts.topics.push(topic.clone());
                }
            }
            Fact::World(WorldFact::ProcessStarted) => {
                if let Some(ProcessConfig::Kafka(KafkaSetup::Producer(_, setup))) =
                    world.slot(process).map(|slot| &slot.config)
                {
                    Firsts::note_pattern(firsts, &setup.keys);
                }
            }
            _brings_up_nothing => {}
        }
    }

    fn note_key(firsts: &mut Shared<Firsts>, key: &Str) {
        if firsts.keys.len() < Firsts::KEYS && firsts.key(key).is_none() {
            firsts.keys.push(key.clone());
        }
    }

    fn note_pattern(firsts: &mut Shared<Firsts>, keys: &KeyPattern) {
        match keys {
            KeyPattern::None => {}
            KeyPattern::Cycle(keys) => keys.iter().for_each(|key| Firsts::note_key(firsts, key)),
            KeyPattern::Random { prefix, count } => {
                for number in 1..=(*count).min(Firsts::RANDOM) {
                    Firsts::note_key(firsts, &format!("{prefix}{number}").as_str().into());
                }
            }
        }
    }
}
