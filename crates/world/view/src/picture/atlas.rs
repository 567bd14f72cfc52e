//! All partitions of an image with their names, and who is to hold them: made anew only when the image has changed.

use std::ops::Range;
use std::rc::Rc;

use base::{BrokerId, FlatMap, PartitionId, Str, TopicId, TopicIdPartition, TopicPartition};
use metadata::{Image, ImageWitness};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    /// Those of a topic stand together, in order.
    pub names: Vec<(TopicIdPartition, TopicPartition)>,
    topics: FlatMap<Str, Range<usize>>,
    ids: FlatMap<TopicId, Range<usize>>,
    /// Places in `names`.
    assigned: FlatMap<BrokerId, Vec<usize>>,
}

impl Atlas {
    /// Names and places; who is to hold them is left out.
    pub(super) fn of(image: &Image) -> Atlas {
        let mut atlas = Atlas::default();
        for topic in image.topics() {
            let start = atlas.names.len();
            let names = topic.partitions.keys().map(|number| {
                let id = TopicIdPartition { topic: topic.id, partition: *number };
                (id, TopicPartition { topic: topic.name.clone(), partition: *number })
            });
            atlas.names.extend(names);
            atlas.topics.insert(topic.name.clone(), start..atlas.names.len());
            atlas.ids.insert(topic.id, start..atlas.names.len());
        }
        atlas
    }

    /// All of it.
    fn whole(image: &Image) -> Atlas {
        let mut atlas = Atlas::of(image);
        // Brokers are few: they are found sooner one by one than by halving.
        let mut assigned: Vec<(BrokerId, Vec<usize>)> = Vec::new();
        for (place, (_, registered)) in image.partitions().enumerate() {
            for broker in &registered.replicas {
                match assigned.iter_mut().find(|(known, _)| known == broker) {
                    Some((_, places)) => places.push(place),
                    None => assigned.push((*broker, vec![place])),
                }
            }
        }
        atlas.assigned = assigned.into_iter().collect();
        atlas
    }

    /// The places of a topic's partitions.
    pub(super) fn topic(&self, topic: &Str) -> Range<usize> {
        self.topics.get(topic).cloned().unwrap_or_default()
    }

    /// The place of a partition.
    pub(super) fn place(&self, name: &TopicPartition) -> Option<usize> {
        self.place_in(self.topics.get(&name.topic)?, name.partition)
    }

    /// The same, by its id.
    pub(super) fn place_of(&self, id: TopicIdPartition) -> Option<usize> {
        self.place_in(self.ids.get(&id.topic)?, id.partition)
    }

    fn place_in(&self, topic: &Range<usize>, number: PartitionId) -> Option<usize> {
        // Partitions are numbered from 0 without a gap.
        let guess = topic.start + usize::try_from(number).ok()?;
        let is_there = topic.contains(&guess) && self.names[guess].1.partition == number;
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
        let atlas = Rc::new(Atlas::whole(image));
        self.0.swap(0, 1);
        self.0[0] = Some((image.witness(), atlas.clone()));
        atlas
    }
}
