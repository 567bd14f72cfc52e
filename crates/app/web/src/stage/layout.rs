//! Where everything stands: producers left, broker lanes in the middle, groups right, the metadata lane on
//! top. The numbers are those of the drawn reference screens. A layout depends on who is there and how
//! many rows they have, never on what happens, so nothing moves under the pointer.

use view::{BrokerView, GroupView, MemberView, OutlineView, Port, ProcessId, StageView, TopicPartition};

use super::geometry::{Area, Path, Point, point};

/// The stage's width in its own units.
pub const WIDTH: f64 = 1120.0;
const SMALLEST_HEIGHT: f64 = 756.0;
const LANE_LEFT: f64 = 296.0;
const LANE_WIDTH: f64 = 524.0;
const TOP: f64 = 150.0;
const GAP: f64 = 12.0;
/// The line that says what is not drawn.
const MORE: f64 = 24.0;

/// How much room a row has. Dense worlds lose the cells first, then the names' size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// Cells with offsets, 44 units a row.
    Full,
    /// Low cells without offsets, 24 units a row.
    Compact,
    /// Three bars beside each other.
    Bars,
}

/// One broker's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub process: ProcessId,
    pub area: Area,
    pub density: Density,
    /// The left edge and the centre line of each row, in the view's order.
    pub rows: Vec<(TopicPartition, Point)>,
}

/// One group's frame and its members' cards.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub area: Area,
    pub members: Vec<Card>,
}

/// A client's card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub process: ProcessId,
    pub area: Area,
    /// The slots of the partitions that a member owns: their boxes.
    pub slots: Vec<(TopicPartition, Area)>,
}

/// All places.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    pub controllers: Vec<(ProcessId, Point)>,
    pub producers: Vec<Card>,
    pub lanes: Vec<Lane>,
    pub groups: Vec<Frame>,
    /// One partition at a time, for narrow screens.
    pub phone: bool,
}

impl Layout {
    /// The full stage.
    pub fn of(stage: &StageView) -> Layout {
        let density = density(stage);
        let lanes = lanes(&stage.brokers, density);
        let lanes_bottom = lanes.last().map_or(TOP + 180.0, |lane| lane.area.bottom());
        let height = (lanes_bottom - TOP).max(564.0);
        let producers = producers(stage, height);
        let groups = groups(&stage.groups, height);
        let bottom = [
            lanes_bottom,
            producers.last().map_or(0.0, |card| card.area.bottom()),
            groups.last().map_or(0.0, |frame| frame.area.bottom()),
        ];
        let bottom = bottom.into_iter().fold(0.0, f64::max);
        Layout {
            width: WIDTH,
            height: (bottom + 42.0).max(SMALLEST_HEIGHT),
            controllers: controllers(stage, 216.0, 54.0, 102.0),
            producers,
            lanes,
            groups,
            phone: false,
        }
    }

    /// The lane of a broker.
    pub fn lane(&self, process: ProcessId) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.process == process)
    }

    /// The left edge and centre line of a replica's row.
    pub fn row(&self, process: ProcessId, partition: &TopicPartition) -> Option<Point> {
        let lane = self.lane(process)?;
        lane.rows.iter().find(|(name, _)| name == partition).map(|(_, at)| *at)
    }

    fn member(&self, process: ProcessId) -> Option<&Card> {
        self.groups.iter().flat_map(|frame| &frame.members).find(|card| card.process == process)
    }

    fn slot(&self, process: ProcessId, partition: &TopicPartition) -> Option<Area> {
        let card = self.member(process)?;
        let own = card.slots.iter().find(|(name, _)| name == partition).map(|(_, area)| *area);
        own.or_else(|| Some(Area::new(card.area.x + 12.0, card.area.middle().y - 3.0, 132.0, 22.0)))
    }

    /// The place of a port; `None` when its owner is not drawn.
    pub fn port(&self, port: &Port) -> Option<Point> {
        match port {
            Port::Producer(process) => {
                let card = self.producers.iter().find(|card| card.process == *process)?;
                Some(point(card.area.right(), card.area.middle().y))
            }
            Port::Broker(process) => self.lane(*process).map(|lane| point(lane.area.x, lane.area.y + 24.0)),
            Port::RowIn(process, partition) => {
                let lane = self.lane(*process)?;
                let row = self.row(*process, partition)?;
                Some(point(lane.area.x, row.y))
            }
            Port::RowOut(process, partition) | Port::RowCopy(process, partition) => {
                let lane = self.lane(*process)?;
                let inset = if self.phone { 0.0 } else { 32.0 };
                Some(point(lane.area.right() - inset, self.row(*process, partition)?.y))
            }
            Port::Controller(process) => self.controllers.iter().find(|(id, _)| id == process).map(|(_, at)| *at),
            Port::Lane(process) => self.lane(*process).map(|lane| point(lane.area.right(), lane.area.y + 20.0)),
            Port::Member(process) => self.member(*process).map(|card| point(card.area.x, card.area.middle().y)),
            Port::Slot(process, partition) => {
                let slot = self.slot(*process, partition)?;
                Some(point(slot.x, slot.y + slot.height / 2.0))
            }
        }
    }

    /// The box around something that has changed.
    pub fn outline(&self, changed: &OutlineView) -> Option<Area> {
        match changed {
            OutlineView::Broker(process) => self.lane(*process).map(|lane| lane.area),
            OutlineView::Row(process, partition) => {
                let (lane, at) = (self.lane(*process)?, self.row(*process, partition)?);
                let (width, above, height) = match lane.density {
                    _ if self.phone => return Some(lane.area),
                    Density::Full => (476.0, 25.0, 50.0),
                    Density::Compact => (476.0, 11.5, 23.0),
                    Density::Bars => (156.0, 9.0, 18.0),
                };
                Some(Area::new(at.x - 6.0, at.y - above, width, height))
            }
            OutlineView::Controller(process) => {
                let at = self.port(&Port::Controller(*process))?;
                Some(Area::new(at.x - 23.0, at.y - 23.0, 46.0, 46.0))
            }
            OutlineView::Client(process) => {
                let producer = self.producers.iter().find(|card| card.process == *process);
                producer.or_else(|| self.member(*process)).map(|card| card.area)
            }
        }
    }

    /// The way from one port to another, as the wire between them is drawn.
    pub fn path(&self, from: &Port, to: &Port) -> Option<Path> {
        match (from, to) {
            (Port::RowOut(broker, partition), Port::Slot(member, _)) => self.ribbon(*broker, *member, partition),
            (Port::Slot(member, _), Port::RowOut(broker, partition)) => {
                self.ribbon(*broker, *member, partition).map(|path| path.reversed())
            }
            (Port::RowCopy(leader, partition), Port::RowCopy(follower, _)) => self.copy(*leader, *follower, partition),
            (Port::Controller(_), Port::Lane(process)) => self.decision(*process),
            (Port::Lane(process), Port::Controller(_)) => self.decision(*process).map(|path| path.reversed()),
            (Port::Controller(_), Port::Controller(_)) => {
                let (one, other) = (self.port(from)?, self.port(to)?);
                if self.phone {
                    return Some(Path::lines(&[one, other]));
                }
                // Over the circles, so that a tag does not cover their names.
                let (one, other) = (point(one.x, one.y - 20.0), point(other.x, other.y - 20.0));
                let lift = 22.0 + (one.x - other.x).abs() / 12.0;
                Some(Path::curve(one, point(one.x, one.y - lift), point(other.x, other.y - lift), other))
            }
            (Port::Lane(_) | Port::Broker(_), Port::Lane(_) | Port::Broker(_)) => self.between_lanes(from, to),
            _ => Some(Path::s_curve(self.port(from)?, self.port(to)?)),
        }
    }

    /// The ribbon of a partition: from its leader's row into the owner's slot.
    pub fn ribbon(&self, broker: ProcessId, member: ProcessId, partition: &TopicPartition) -> Option<Path> {
        let start = self.port(&Port::RowOut(broker, partition.clone()))?;
        let end = self.port(&Port::Slot(member, partition.clone()))?;
        let lane = self.lane(broker)?.area;
        let edge = point(lane.right(), start.y);
        Some(Path::lines(&[start, edge]).then(Path::s_curve(edge, end)))
    }

    /// The replication channel: out of the leader's row, along the right end of the lanes, into the follower's.
    fn copy(&self, leader: ProcessId, follower: ProcessId, partition: &TopicPartition) -> Option<Path> {
        let start = self.port(&Port::RowCopy(leader, partition.clone()))?;
        let end = self.port(&Port::RowCopy(follower, partition.clone()))?;
        let x = if self.phone { start.x + 6.0 } else { start.x + 19.0 };
        Some(Path::lines(&[start, point(x, start.y), point(x, end.y), end]))
    }

    /// Down between lanes and groups, from the metadata lane to a broker.
    pub fn decision(&self, process: ProcessId) -> Option<Path> {
        if self.phone {
            return None;
        }
        let end = self.port(&Port::Lane(process))?;
        let index = self.lanes.iter().position(|lane| lane.process == process)?;
        let x = end.x + 18.0 + 12.0 * (index % 6) as f64;
        Some(Path::lines(&[point(x, 138.0), point(x, end.y), end]))
    }

    fn between_lanes(&self, from: &Port, to: &Port) -> Option<Path> {
        let side = |port: &Port| match port {
            Port::Broker(process) | Port::Lane(process) => self.port(&Port::Lane(*process)),
            _ => None,
        };
        let (one, other) = (side(from)?, side(to)?);
        let x = one.x + 10.0;
        Some(Path::lines(&[one, point(x, one.y), point(x, other.y), other]))
    }
}

/// Controllers' circles in a row.
pub fn controllers(stage: &StageView, first: f64, step: f64, y: f64) -> Vec<(ProcessId, Point)> {
    let places = stage.controllers.controllers.iter().enumerate();
    places.map(|(index, view)| (view.process, point(first + step * index as f64, y))).collect()
}

fn density(stage: &StageView) -> Density {
    let most = stage.brokers.iter().map(|broker| broker.rows.len()).max().unwrap_or(0);
    let all: usize = stage.brokers.iter().map(|broker| broker.rows.len()).sum();
    if most <= 4 && all <= 16 {
        Density::Full
    } else if most <= 9 && all <= 48 {
        Density::Compact
    } else {
        Density::Bars
    }
}

fn lanes(brokers: &[std::rc::Rc<BrokerView>], density: Density) -> Vec<Lane> {
    let mut y = TOP;
    let lane = |broker: &std::rc::Rc<BrokerView>| {
        let count = broker.rows.len();
        let height = match density {
            Density::Full => 92.0 + 44.0 * count.saturating_sub(1) as f64,
            Density::Compact => (52.0 + 24.0 * count as f64).max(76.0),
            Density::Bars => (46.0 + 20.0 * count.div_ceil(3) as f64).max(66.0),
        };
        let height = height + if broker.more.is_empty() { 0.0 } else { MORE };
        let area = Area::new(LANE_LEFT, y, LANE_WIDTH, height);
        y += height + GAP;
        let rows = broker.rows.iter().enumerate();
        let rows = rows.map(|(index, row)| (row.partition.clone(), row_place(area, density, index))).collect();
        Lane { process: broker.process, area, density, rows }
    };
    brokers.iter().map(lane).collect()
}

fn row_place(area: Area, density: Density, index: usize) -> Point {
    match density {
        Density::Full => point(area.x + 14.0, area.y + 54.0 + 44.0 * index as f64),
        Density::Compact => point(area.x + 14.0, area.y + 52.0 + 24.0 * index as f64),
        Density::Bars => point(area.x + 12.0 + 162.0 * (index % 3) as f64, area.y + 48.0 + 20.0 * (index / 3) as f64),
    }
}

fn producers(stage: &StageView, height: f64) -> Vec<Card> {
    let count = stage.producers.len().max(1) as f64;
    let step = ((height + GAP) / count).max(120.0);
    let place = |index: usize, process| {
        let y = TOP + step * index as f64 + (step - 192.0).max(0.0) / 2.0 + if step < 140.0 { 6.0 } else { 30.0 };
        Card { process, area: Area::new(20.0, y, 132.0, 108.0), slots: Vec::new() }
    };
    stage.producers.iter().enumerate().map(|(index, view)| place(index, view.process)).collect()
}

fn groups(groups: &[std::rc::Rc<GroupView>], height: f64) -> Vec<Frame> {
    let needs: Vec<f64> = groups.iter().map(|group| 46.0 + group_need(group)).collect();
    let gaps = GAP * groups.len().saturating_sub(1) as f64;
    let spare = (height - gaps - needs.iter().sum::<f64>()).max(0.0);
    let share = spare / groups.len().max(1) as f64;
    let mut y = TOP;
    let frame = |(group, need): (&std::rc::Rc<GroupView>, &f64)| {
        let area = Area::new(924.0, y, 176.0, need + share);
        y = area.bottom() + GAP;
        Frame { area, members: members(group, area) }
    };
    groups.iter().zip(&needs).map(frame).collect()
}

fn card_height(member: &MemberView) -> f64 {
    let more = if member.more.is_empty() { 0.0 } else { MORE };
    96.0 + 25.0 * member.owned.len().saturating_sub(1) as f64 + more
}

fn group_need(group: &GroupView) -> f64 {
    let cards: f64 = group.members.iter().map(|member| card_height(member) + GAP).sum();
    cards.max(40.0)
}

fn members(group: &GroupView, area: Area) -> Vec<Card> {
    let count = group.members.len().max(1) as f64;
    let tallest = group.members.iter().map(|member| card_height(member)).fold(0.0, f64::max);
    // Spread like the lanes, but never out of the frame.
    let step = ((area.height + GAP) / count).min((area.height - 42.0 - tallest) / (count - 1.0).max(1.0));
    let even = step >= tallest + GAP;
    let mut next = area.y + 34.0;
    let place = |(index, member): (usize, &std::rc::Rc<view::MemberView>)| {
        let height = card_height(member);
        let y = if even { area.y + 34.0 + step * index as f64 } else { next };
        next = y + height + GAP;
        let card = Area::new(area.x + 10.0, y, 156.0, height);
        let slot = |(slot, owned): (usize, &view::OwnedView)| {
            (owned.partition.clone(), Area::new(card.x + 12.0, card.y + 34.0 + 25.0 * slot as f64, 132.0, 22.0))
        };
        let slots = member.owned.iter().enumerate().map(slot).collect();
        Card { process: member.process, area: card, slots }
    };
    group.members.iter().enumerate().map(place).collect()
}
