//! Which glyph a key has and which hue a topic: by first appearance, so that neither ever changes.

use base::{FlatMap, Str};
use port::{Fact, KeyPattern, ProcessConfig};
use sim::World;

use super::cluster::Cluster;
use crate::Glyph;

/// Keys in the order in which they appeared.
#[derive(Clone, Debug, Default)]
pub struct KeyBook {
    keys: FlatMap<Str, u32>,
    known_processes: usize,
}

impl KeyBook {
    /// Takes note of the keys that producers are set up with, in the order of the producers.
    pub fn learn(&mut self, world: &World) {
        let count = world.slots().count();
        if count == self.known_processes {
            return;
        }
        self.known_processes = count;
        for slot in world.slots() {
            if let ProcessConfig::Producer(_, setup) = &slot.config
                && let KeyPattern::Cycle(keys) = &setup.keys
            {
                for key in keys {
                    self.glyph(key);
                }
            }
        }
    }

    /// Takes note of a key that somebody sent by hand. Call `learn` first: producers' own keys come before.
    pub fn note(&mut self, fact: &Fact) {
        if let Fact::RecordSent { key: Some(key), .. } = fact {
            self.glyph(key);
        }
    }

    /// The key's glyph.
    pub fn glyph(&mut self, key: &str) -> Glyph {
        let next = self.keys.len() as u32;
        let index = match self.keys.get(key) {
            Some(index) => *index,
            None => *self.keys.entry(key.into()).or_insert(next),
        };
        Glyph::of_key(index)
    }

    /// The key that has this letter, the first one where letters repeat.
    pub fn key_of(&self, letter: char) -> Option<&Str> {
        let named = self
            .keys
            .iter()
            .filter(|(_, index)| matches!(Glyph::of_key(**index), Glyph::Key { letter: own, .. } if own == letter));
        named.min_by_key(|(_, index)| **index).map(|(key, _)| key)
    }
}

/// Topics' hues: four in turn, and slate for internal ones.
#[derive(Clone, Debug, Default)]
pub struct HueBook {
    topics: FlatMap<Str, u8>,
}

const INTERNAL: u8 = 4;

impl HueBook {
    pub(super) fn learn(&mut self, cluster: &Cluster<'_>) {
        for topic in cluster.topics() {
            if !self.topics.contains_key(topic) && !metadata::topic_name::is_internal(topic) {
                let next = (self.topics.len() % 4) as u8;
                self.topics.insert(topic.clone(), next);
            }
        }
    }

    /// The topic's hue.
    pub fn of(&self, topic: &str) -> u8 {
        self.topics.get(topic).copied().unwrap_or(INTERNAL)
    }
}
