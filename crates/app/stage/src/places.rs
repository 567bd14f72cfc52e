//! Where everything stands: producers left, broker lanes in the middle, groups right, the metadata lane on top; and the
//! ways between them. Places depend on who is there and how much room there is, never on what happens.

mod lanes;

use std::rc::Rc;

use view::{CellsView, GroupView, Offset, OutlineView, Port, ProcessId, StageView, TopicPartition};

use crate::draw::Grid;
use crate::geometry::Between;
use crate::geometry::{Area, Path, Point, point};
use crate::plan::{
    CardDetail, Cards, Head, Plan, SLOT, SLOT_LEAST, group_gap, group_height, member_height, producer_pitch,
    store_pitch,
};
use crate::room::{Crowd, Step, opened_crowd};

/// One broker's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub process: ProcessId,
    pub area: Area,
    /// How this lane is drawn: an opened one is fuller than the others.
    pub step: Step,
    pub head: Head,
    pub opened: bool,
    /// The box of a row.
    pub row_size: (f64, f64),
    /// How far a row's way out starts inside the lane: there is the replication channel.
    pub channel: f64,
    /// The left edge and the centre line of each row, in the view's order; none where brokers are one line each.
    pub rows: Vec<(TopicPartition, Point)>,
}

/// A frame around the brokers of a rack, where brokers are one line each.
#[derive(Clone, Debug, PartialEq)]
pub struct Rack {
    pub area: Area,
    /// "rack a"; empty where it is not set.
    pub text: String,
}

/// One group's frame and its members' cards.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub area: Area,
    /// Empty where a group is one line.
    pub members: Vec<Card>,
}

/// A client's card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub process: ProcessId,
    pub area: Area,
    /// The slots of the partitions that a member owns: their boxes.
    pub slots: Vec<(TopicPartition, Area)>,
    /// Where those that have no slot are counted.
    pub rest: Option<Area>,
    /// Height below it that is nobody else's.
    pub below: f64,
}

impl Card {
    /// A card without slots.
    pub fn new(process: ProcessId, area: Area) -> Card {
        Card { process, area, slots: Vec::new(), rest: None, below: 0.0 }
    }
}

/// All places, in stage units.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    pub width: f64,
    pub height: f64,
    pub step: Step,
    pub controllers: Vec<(ProcessId, Point)>,
    /// Where decisions leave the metadata lane.
    pub decisions: f64,
    /// Each producer's card, or one for all that send alike: then its process is the first of them.
    pub producers: Vec<Card>,
    /// All that share a card, by card; empty where each has its own.
    pub gathered: Vec<Vec<ProcessId>>,
    /// In the view's order.
    pub lanes: Vec<Lane>,
    pub racks: Vec<Rack>,
    pub groups: Vec<Frame>,
    /// Cards of stores outside Kafka, in the view's order.
    pub stores: Vec<Area>,
    /// The members of a group, by group: those without a card are where their group is.
    pub(crate) folded: Vec<Vec<ProcessId>>,
    /// One partition at a time, for narrow screens.
    pub phone: bool,
}

impl Lane {
    /// The box of a row that stands here.
    pub fn row_box(&self, at: Point) -> Area {
        let (width, height) = self.row_size;
        // A row of cells has its offsets below it.
        let above = if self.step == Step::Cells { height / 2.0 - 1.0 } else { height / 2.0 };
        Area::new(at.x - 6.0, at.y - above, width + 6.0, height)
    }
}

impl Places {
    /// The places of a plan.
    pub fn of(stage: &StageView, crowd: &Crowd, plan: &Plan) -> Places {
        let (lanes, racks) = lanes::lanes(stage, crowd, &plan.lanes);
        let full = plan.controllers_in_full;
        let (first, apart) = if full { (216.0, 54.0) } else { (130.0, 34.0) };
        let count = stage.controllers.controllers.len().max(1) as f64;
        let apart = ((plan.controllers.right() - 40.0 - first) / count).between(24.0, apart);
        let row = stage.controllers.controllers.iter().enumerate();
        let y = plan.controllers.y + if full { 44.0 } else { 17.0 };
        let columns = plan.height - plan.lanes.top - if plan.has_directions { 42.0 } else { 6.0 };
        let (groups, stores) = groups(stage, plan, columns);
        Places {
            width: plan.width,
            height: plan.height,
            step: plan.lanes.step,
            controllers: row.map(|(index, view)| (view.process, point(first + apart * index as f64, y))).collect(),
            decisions: plan.controllers.bottom(),
            producers: producers(stage, plan, columns),
            gathered: match plan.producers.cards {
                Cards::Each => Vec::new(),
                Cards::Gathered => stage.crowds.iter().map(|crowd| crowd.members.clone()).collect(),
            },
            lanes,
            racks,
            groups,
            stores,
            folded: members_of(stage),
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

    /// The box of a replica's row; `None` where brokers are one line each.
    pub fn row_area(&self, process: ProcessId, partition: &TopicPartition) -> Option<Area> {
        let lane = self.lane(process)?;
        lane.rows.iter().find(|(name, _)| name == partition).map(|(_, at)| lane.row_box(*at))
    }

    /// The height at which a row's wires arrive: the row's own, or the broker's where rows are not drawn.
    fn line(&self, lane: &Lane, partition: &TopicPartition) -> Option<f64> {
        match lane.step {
            Step::Brokers | Step::Bars => Some(lane.area.middle().y),
            Step::Cells | Step::Strips | Step::Lines => {
                lane.rows.iter().find(|(name, _)| name == partition).map(|(_, at)| at.y)
            }
        }
    }

    /// The card of a producer, its own or the one that it shares.
    pub fn producer(&self, process: ProcessId) -> Option<&Card> {
        let shared = || {
            let card = self.gathered.iter().position(|members| members.contains(&process))?;
            self.producers.get(card)
        };
        self.producers.iter().find(|card| card.process == process).or_else(shared)
    }

    /// Which group a process is a member of, by its place.
    pub fn group_of(&self, process: ProcessId) -> Option<usize> {
        self.folded.iter().position(|members| members.contains(&process))
    }

    /// Its card.
    fn member(&self, process: ProcessId) -> Option<&Card> {
        self.groups.iter().flat_map(|frame| &frame.members).find(|card| card.process == process)
    }

    /// A member's card, or the line of its group.
    fn reader(&self, process: ProcessId) -> Option<Area> {
        let folded = || self.groups.get(self.group_of(process)?).map(|frame| frame.area);
        self.member(process).map(|card| card.area).or_else(folded)
    }

    /// Where its ribbon of that partition ends.
    fn slot(&self, process: ProcessId, partition: &TopicPartition) -> Option<Area> {
        let card = self.member(process);
        let own = card.and_then(|card| card.slots.iter().find(|(name, _)| name == partition)).map(|(_, area)| *area);
        own.or_else(|| card?.rest).or_else(|| self.reader(process))
    }

    /// The place of a port; `None` when its owner is not drawn.
    pub fn port(&self, port: &Port) -> Option<Point> {
        match port {
            Port::Producer(process) => {
                self.producer(*process).map(|card| point(card.area.right(), card.area.middle().y))
            }
            Port::Broker(process) => {
                self.lane(*process).map(|lane| point(lane.area.x, lane.area.y + lane.area.height.min(48.0) / 2.0))
            }
            Port::RowIn(process, partition) => {
                let lane = self.lane(*process)?;
                Some(point(lane.area.x, self.line(lane, partition)?))
            }
            Port::RowOut(process, partition) | Port::RowCopy(process, partition) => {
                let lane = self.lane(*process)?;
                Some(point(lane.area.right() - lane.channel, self.line(lane, partition)?))
            }
            Port::Controller(process) => self.controllers.iter().find(|(id, _)| id == process).map(|(_, at)| *at),
            Port::Lane(process) => {
                self.lane(*process).map(|lane| point(lane.area.right(), lane.area.y + lane.area.height.min(40.0) / 2.0))
            }
            Port::Member(process) => self.reader(*process).map(|area| point(area.x, area.middle().y)),
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
                let lane = self.lane(*process)?;
                self.row_area(*process, partition).or(Some(lane.area))
            }
            OutlineView::Cells(process, partition, cells) => self.cells(*process, partition, *cells),
            OutlineView::Controller(process) => {
                let at = self.port(&Port::Controller(*process))?;
                Some(Area::new(at.x - 23.0, at.y - 23.0, 46.0, 46.0))
            }
            OutlineView::Client(process) => {
                let producer = self.producer(*process).map(|card| card.area);
                producer.or_else(|| self.reader(*process))
            }
        }
    }

    /// The box around records of a row; around the row where they have no cells, none where rows are not drawn.
    fn cells(&self, process: ProcessId, partition: &TopicPartition, cells: CellsView) -> Option<Area> {
        let (lane, at) = (self.lane(process)?, self.row(process, partition)?);
        if self.phone || lane.step > Step::Strips {
            return Some(lane.row_box(at));
        }
        let grid = Grid::of(lane);
        let first = cells.first.max(Offset(cells.end.0 - grid.count as i64));
        let place = |offset: Offset| grid.cells + grid.cell * offset.max(first).min(cells.end).since(first) as f64;
        let (from, to) = (place(cells.from), place(cells.to));
        let more = grid.half + 2.0;
        (from < to).then(|| Area::new(at.x + from - 1.5, at.y - more, to - from + 1.0, 2.0 * more))
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
                // Over the circles, so that a tag does not cover their names, but never over the stage's edge.
                let most = (one.y - 20.0 - 12.5) / 0.75;
                if most < 4.0 {
                    return Some(Path::lines(&[one, other]));
                }
                let (one, other) = (point(one.x, one.y - 20.0), point(other.x, other.y - 20.0));
                let lift = (22.0 + (one.x - other.x).abs() / 12.0).min(most);
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
        // Between lanes and groups, six beside each other.
        let gap = self.groups.first().map_or(self.width, |frame| frame.area.x) - end.x;
        let apart = ((gap - 24.0) / 6.0).clamp(2.0, 12.0);
        let x = end.x + (18.0_f64).min(gap / 3.0) + apart * (index % 6) as f64;
        Some(Path::lines(&[point(x, self.decisions), point(x, end.y), end]))
    }

    /// Around the lanes that lie between.
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

/// The processes of each group.
pub(crate) fn members_of(stage: &StageView) -> Vec<Vec<ProcessId>> {
    let members = |group: &Rc<GroupView>| group.members.iter().map(|member| member.process).collect();
    stage.groups.iter().map(members).collect()
}

/// A column of cards, from the top.
fn producers(stage: &StageView, plan: &Plan, height: f64) -> Vec<Card> {
    let column = &plan.producers;
    let pitch = producer_pitch(column.detail);
    let (gap, spread) = match column.detail {
        CardDetail::Full => (12.0, true),
        CardDetail::Short => (8.0, false),
        CardDetail::Line => (4.0, false),
    };
    let owners: Vec<ProcessId> = match column.cards {
        Cards::Each => stage.producers.iter().map(|view| view.process).collect(),
        Cards::Gathered => stage.crowds.iter().filter_map(|crowd| crowd.members.first().copied()).collect(),
    };
    // Cards with trays below them begin at the top.
    let trays = stage.producers.iter().any(|view| view.sets_batches);
    let count = owners.len().max(1) as f64;
    let step = if spread { ((height + gap) / count).max(pitch) } else { pitch };
    let place = |(index, process): (usize, ProcessId)| {
        let down = if spread && !trays { ((step - pitch) / 2.0).min(30.0) } else { 0.0 };
        let y = plan.lanes.top + step * index as f64 + down;
        // As much for each of them, the last one too, whose column ends.
        let below = if spread { step - pitch - down } else { 0.0 };
        Card { below, ..Card::new(process, Area::new(column.x, y, column.width, pitch - gap)) }
    };
    let cards = owners.into_iter().enumerate().map(place).collect();
    if column.cards == Cards::Gathered { unfolded(stage, cards) } else { cards }
}

/// Behind all cards those of the producers that share the opened one, which stand below it.
fn unfolded(stage: &StageView, mut cards: Vec<Card>) -> Vec<Card> {
    let Some(open) = opened_crowd(stage) else { return cards };
    let (pitch, members) = (producer_pitch(CardDetail::Line), &stage.crowds[open].members);
    let Some(above) = cards.get(open).map(|card| card.area) else { return cards };
    cards[open + 1..].iter_mut().for_each(|card| card.area.y += pitch * members.len() as f64);
    let place = |(index, process): (usize, &ProcessId)| {
        let y = above.bottom() + 4.0 + pitch * index as f64;
        Card::new(*process, Area::new(above.x + 8.0, y, above.width - 8.0, pitch - 4.0))
    };
    cards.extend(members.iter().enumerate().map(place));
    cards
}

/// A column of frames with members, and below the last of those that write to it each store.
fn groups(stage: &StageView, plan: &Plan, height: f64) -> (Vec<Frame>, Vec<Area>) {
    let (groups, column) = (&stage.groups, &plan.groups);
    // Where brokers are one line each, members have no cards.
    let folds = |group: &GroupView| column.gathers && group.member_count > GroupView::FEW && !group.is_open();
    let folds = |group: &GroupView| plan.lanes.step >= Step::Brokers || folds(group);
    let count = |group: &GroupView| if folds(group) { 0 } else { group.members.len() };
    let slots = |index: usize| column.slots.get(index).copied().unwrap_or(1);
    let needs = groups.iter().enumerate();
    let needs: Vec<f64> = needs.map(|(index, group)| group_height(count(group), slots(index), column.detail)).collect();
    let gap = group_gap(column.detail);
    let gaps = gap * groups.len().saturating_sub(1) as f64;
    let (store, mut stores) = (store_pitch(column.detail), vec![Area::default(); stage.stores.len()]);
    let taken = gaps + store * stores.len() as f64;
    let spare = (height - taken - needs.iter().sum::<f64>()).max(0.0) / groups.len().max(1) as f64;
    let share = match column.detail {
        CardDetail::Full => spare,
        CardDetail::Short => 0.0,
        CardDetail::Line => spare.min(6.0),
    };
    let mut y = plan.lanes.top;
    let frame = |(index, need): (usize, &f64)| {
        let area = Area::new(column.x, y, column.width, need + share);
        y = area.bottom() + gap;
        let group = &groups[index];
        for place in last_of(stage, index) {
            stores[place] = Area::new(column.x, y, column.width, store - gap);
            y += store;
        }
        let members = if count(group) == 0 { Vec::new() } else { members(group, area, (column.detail, slots(index))) };
        Frame { area, members }
    };
    let frames = needs.iter().enumerate().map(frame).collect();
    (frames, stores)
}

/// The stores to which this group writes and none that stands below it.
fn last_of(stage: &StageView, group: usize) -> impl Iterator<Item = usize> {
    let last = move |store: &view::StoreView| {
        stage.groups.iter().rposition(|group| store.groups.contains(&group.name)) == Some(group)
    };
    stage.stores.iter().enumerate().filter(move |(_, store)| last(store)).map(|(place, _)| place)
}

/// Cards below each other, spread over the frame. Their places and sizes depend on how many there are alone.
fn members(group: &GroupView, area: Area, (detail, slots): (CardDetail, usize)) -> Vec<Card> {
    let height = member_height(slots, detail);
    let (top, gap) = match detail {
        CardDetail::Full => (34.0, 12.0),
        CardDetail::Short => (28.0, 4.0),
        CardDetail::Line => return Vec::new(),
    };
    let count = group.members.len().max(1) as f64;
    // Spread like the lanes, but never out of the frame.
    let step = ((area.height + 12.0) / count).min((area.height - 42.0 - height) / (count - 1.0).max(1.0));
    let step = if detail == CardDetail::Full { step.max(height + gap) } else { height + gap };
    let place = |(index, member): (usize, &Rc<view::MemberView>)| {
        let card = Area::new(area.x + 10.0, area.y + top + step * index as f64, area.width - 20.0, height);
        match detail {
            CardDetail::Full => with_slots(member, card, slots),
            CardDetail::Short | CardDetail::Line => Card::new(member.process, card),
        }
    };
    group.members.iter().enumerate().map(place).collect()
}

/// Slots below each other; lower ones where there are more than the card was made for, and a count of those that do not
/// fit even then.
fn with_slots(member: &view::MemberView, card: Area, slots: usize) -> Card {
    let zone = SLOT * slots as f64;
    let most = (zone / SLOT_LEAST).floor().max(1.0) as usize;
    let uncounted = usize::from(!member.more.is_empty());
    let wanted = member.owned.len() + uncounted;
    let drawn = if wanted <= most { member.owned.len() } else { most - 1 };
    let places = wanted.min(most).max(1);
    let pitch = (zone / places as f64).min(SLOT);
    let place = |index: usize| {
        let height = if pitch < SLOT { pitch - 2.0 } else { 22.0 };
        Area::new(card.x + 12.0, card.y + 34.0 + pitch * index as f64, card.width - 24.0, height)
    };
    let owned = member.owned.iter().take(drawn).enumerate();
    let slots = owned.map(|(index, owned)| (owned.partition.clone(), place(index))).collect();
    let rest = (wanted > drawn).then(|| place(drawn));
    Card { slots, rest, ..Card::new(member.process, card) }
}
