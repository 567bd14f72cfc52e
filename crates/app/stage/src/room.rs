//! The room that the stage has on a screen, and how densely a cluster has to be drawn to be seen whole in it.

use view::text::Language;
use view::{BrokerId, Detail, Shape, StageView, TopicPartition};

/// A place for a stage on a page. Lengths in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// What is visible at once, below the headline.
    pub width: f64,
    pub height: f64,
    /// The reader's own zoom; 1 shows everything at once, as far as it can be drawn legibly.
    pub zoom: f64,
    /// By how much the theme enlarges everything: 1, more for a projector.
    pub enlarged: f64,
    pub sight: Sight,
    /// The partition that is shown where there is room for one only; `None`: the one that matters.
    pub partition: Option<TopicPartition>,
    /// Brokers whose lanes are shown at full size in their place, however dense the others are.
    pub opened: Vec<BrokerId>,
    /// Of the few words that belong to the stage itself and not to what stands on it.
    pub language: Language,
}

/// How much of the cluster is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sight {
    /// Everything, where there is room.
    #[default]
    Whole,
    /// One partition at a time.
    OnePartition,
}

/// How densely brokers and their partitions are drawn. Each step shows less of each and more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Cells with offsets below them.
    Cells,
    /// Lower cells: keys, high watermark and ISR stay, offsets go.
    Strips,
    /// One line per partition: role, name, and a bar for its log.
    Lines,
    /// One line per broker: a cell per partition that it leads or copies.
    Brokers,
    /// One line per broker: bars in place of cells.
    Bars,
}

impl Step {
    /// How much a view has to hold to be drawn so.
    pub fn detail(self) -> Detail {
        match self {
            Step::Cells | Step::Strips => Detail::Cells,
            Step::Lines => Detail::Lines,
            Step::Brokers | Step::Bars => Detail::Brokers,
        }
    }
}

/// Who is there: all that a step depends on besides the room.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Crowd {
    /// Partitions on each broker, in the view's order.
    pub rows: Vec<usize>,
    /// The brokers of each rack, by their place in `rows`; one entry with all where no rack is set.
    pub racks: Vec<Vec<usize>>,
    /// Brokers whose lanes are opened, by their place in `rows`.
    pub opened: Vec<usize>,
    pub producers: usize,
    /// Cards of producers where those that send alike share one; 0 where nobody has gathered them.
    pub crowds: usize,
    /// Some producer's batches are to be seen below its card, if the room allows it.
    pub trays: bool,
    pub groups: Vec<Party>,
    /// Producers whose shared card is opened: one of them is selected.
    pub unfolded: usize,
    /// Stores outside Kafka, which stand below the groups that write to them.
    pub stores: usize,
    /// How much a view that has been built holds: nothing finer can be drawn of it. `Detail::Cells` where none has.
    pub detail: Detail,
}

/// A group, as far as places depend on it: who was set up to read what, not who owns what just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Party {
    pub members: usize,
    /// As many partitions as one member could own.
    pub reads: usize,
    /// Its members are shown where those of others are one card.
    pub opened: bool,
}

impl Party {
    /// What a member owns where all own equally many.
    pub fn share(&self) -> usize {
        self.reads.div_ceil(self.members.max(1)).max(1)
    }
}

impl Crowd {
    /// Of a view that has been built.
    pub fn of(stage: &StageView, room: &Room) -> Crowd {
        let party = |group: &view::GroupView| Party {
            members: group.member_count,
            reads: group.reads,
            opened: group.is_open(),
        };
        let brokers = &stage.brokers;
        Crowd {
            // A view of one line per broker has marks in place of rows.
            rows: brokers.iter().map(|broker| broker.rows.len().max(broker.marks.len())).collect(),
            racks: by_rack(brokers.iter().map(|broker| broker.rack.as_ref())),
            opened: opened(brokers.iter().map(|broker| broker.id), room),
            producers: stage.producers.len(),
            crowds: stage.crowds.len(),
            trays: stage.producers.iter().any(|producer| producer.sets_batches),
            groups: stage.groups.iter().map(|group| party(group)).collect(),
            unfolded: opened_crowd(stage).map_or(0, |crowd| stage.crowds[crowd].members.len()),
            stores: stage.stores.len(),
            detail: stage.detail,
        }
    }

    /// Of a cluster of which no view has been built.
    pub fn of_shape(shape: &Shape, room: &Room) -> Crowd {
        Crowd {
            rows: shape.brokers.iter().map(|broker| broker.rows).collect(),
            racks: by_rack(shape.brokers.iter().map(|broker| broker.rack.and_then(|rack| shape.racks.get(rack)))),
            opened: opened(shape.brokers.iter().map(|broker| broker.id), room),
            producers: shape.producers,
            crowds: shape.crowds,
            // They only take what is left over.
            trays: false,
            groups: shape.groups.iter().map(of_shape).collect(),
            // What is opened takes no room from others.
            unfolded: 0,
            stores: shape.stores,
            detail: Detail::Cells,
        }
    }

    /// The most partitions on one broker.
    pub fn most_rows(&self) -> usize {
        self.rows.iter().copied().max().unwrap_or(0)
    }
}

fn of_shape(group: &view::GroupShape) -> Party {
    Party { members: group.members, reads: group.reads, opened: false }
}

/// The card of producers of which one is selected; where producers have no cards of their own it has nothing to show.
pub(crate) fn opened_crowd(stage: &StageView) -> Option<usize> {
    let crowd = stage.crowds.iter().position(|crowd| crowd.selected && crowd.members.len() > 1);
    crowd.filter(|_| !stage.producers.is_empty())
}

/// Racks by name, those without one last.
fn by_rack<T: Ord>(racks: impl Iterator<Item = Option<T>>) -> Vec<Vec<usize>> {
    let mut gathered: base::FlatMap<(bool, Option<T>), Vec<usize>> = base::FlatMap::new();
    for (index, rack) in racks.enumerate() {
        gathered.entry((rack.is_none(), rack)).or_default().push(index);
    }
    gathered.values().cloned().collect()
}

fn opened(brokers: impl Iterator<Item = BrokerId>, room: &Room) -> Vec<usize> {
    brokers.enumerate().filter(|(_, id)| room.opened.contains(id)).map(|(index, _)| index).collect()
}

impl Room {
    /// Whether one partition is shown at a time.
    pub fn shows_one(&self) -> bool {
        self.sight == Sight::OnePartition
    }

    /// The room as the plan sees it: in units of the smallest type, and as much larger as the reader has zoomed in.
    pub fn units(&self) -> (f64, f64) {
        let share = self.zoom / self.enlarged;
        (self.width * share, self.height * share)
    }
}

/// The step at which a cluster is seen whole in this room, or the densest one.
pub fn step(shape: &Shape, room: &Room) -> Step {
    if room.shows_one() {
        return Step::Cells;
    }
    crate::plan::Plan::of(&Crowd::of_shape(shape, room), room).lanes.step
}
