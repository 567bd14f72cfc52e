//! The room that the stage has on a screen, and how densely a cluster has to be drawn to be seen whole in it.

use view::{StageView, TopicPartition};

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

/// Who is there: all that a step depends on besides the room.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Crowd {
    /// Partitions on each broker, in the view's order.
    pub rows: Vec<usize>,
    /// Brokers in each rack, in the order in which they are drawn; one entry where racks are not set.
    pub racks: Vec<usize>,
    pub producers: usize,
    /// Each group's members, and for each the partitions that it owns.
    pub groups: Vec<Vec<usize>>,
}

impl Crowd {
    /// Of a view that has been built.
    pub fn of(stage: &StageView) -> Crowd {
        let members = |group: &view::GroupView| group.members.iter().map(|member| member.owned.len()).collect();
        Crowd {
            rows: stage.brokers.iter().map(|broker| broker.rows.len()).collect(),
            racks: vec![stage.brokers.len()],
            producers: stage.producers.len(),
            groups: stage.groups.iter().map(|group| members(group)).collect(),
        }
    }

    /// The most partitions on one broker.
    pub fn most_rows(&self) -> usize {
        self.rows.iter().copied().max().unwrap_or(0)
    }
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

/// The step at which this crowd is seen whole in this room, or the densest one.
pub fn step(crowd: &Crowd, room: &Room) -> Step {
    crate::plan::Plan::of(crowd, room).lanes.step
}
