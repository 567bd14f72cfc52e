//! All partitions of an image with their names, and who is to hold them: made anew only when the image has changed.

use std::ops::Range;
use std::rc::Rc;

use base::{BrokerId, FlatMap, Str, TopicIdPartition, TopicPartition};
use metadata::{Image, ImageWitness};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    /// Those of a topic stand together, in order.
    pub names: Vec<(TopicIdPartition, TopicPartition)>,
    topics: FlatMap<Str, Range<usize>>,
    /// Places in `names`.
    assigned: FlatMap<BrokerId, Vec<usize>>,
}

impl Atlas {
    pub(super) fn of(image: &Image) -> Atlas {
        let mut atlas = Atlas::default();
        for (id, registered) in image.partitions() {
            let Some(name) = image.named(id) else { continue };
            let place = atlas.names.len();
            match atlas.topics.get_mut(&name.topic) {
                Some(topic) => topic.end = place + 1,
                None => drop(atlas.topics.insert(name.topic.clone(), place..place + 1)),
            }
            for broker in &registered.replicas {
                atlas.assigned.entry(*broker).or_default().push(place);
            }
            atlas.names.push((id, name));
        }
        atlas
    }

    /// The places of a topic's partitions.
    pub(super) fn topic(&self, topic: &Str) -> Range<usize> {
        self.topics.get(topic).cloned().unwrap_or_default()
    }

    /// The place of a partition.
    pub(super) fn place(&self, name: &TopicPartition) -> Option<usize> {
        let topic = self.topic(&name.topic);
        // Partitions are numbered from 0 without a gap.
        let guess = topic.start + usize::try_from(name.partition).ok()?;
        let is_there = topic.contains(&guess) && self.names[guess].1.partition == name.partition;
        is_there.then_some(guess)
    }

    /// Places of the partitions that the broker is to hold.
    pub(super) fn assigned(&self, broker: BrokerId) -> &[usize] {
        self.assigned.get(&broker).map_or(&[], |places| places)
    }
}

/// The last two that were made, with what they were made of: the newest that somebody running has, and the newest of all.
#[derive(Default)]
pub(super) struct AtlasBook([Option<(ImageWitness, Rc<Atlas>)>; 2]);

impl AtlasBook {
    pub(super) fn of(&mut self, image: &Image) -> Rc<Atlas> {
        if let Some((_, atlas)) = self.0.iter().flatten().find(|(witness, _)| witness.saw(image)) {
            return atlas.clone();
        }
        let atlas = Rc::new(Atlas::of(image));
        self.0.swap(0, 1);
        self.0[0] = Some((image.witness(), atlas.clone()));
        atlas
    }
}
