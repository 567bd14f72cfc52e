//! One partition at a time, for phones, small frames in other pages and a page that is zoomed to twice its size: its
//! replicas below each other, who writes on the left, who reads on the right, the controllers above. Planned from the room:
//! every replica is in view, and lanes become lower where the room is low.

use std::rc::Rc;

use view::{BrokerView, OneView, ProcessId, RowView, StageView, Str, TopicPartition};

use crate::geometry::{Area, Between, point};
use crate::places::{Card, Frame, Lane, Places, members_of};
use crate::plan::{CardDetail, Cards, Column, Head, LanesPlan, Plan};
use crate::room::{Room, Step};

/// Narrower than this in its own units the stage is an upright phone's: fingers press it.
const UPRIGHT: f64 = 440.0;
/// The widths that the two sorts are drawn for, and the height at which a stage of three replicas is at ease.
const PHONE: f64 = 360.0;
const FRAME: f64 = 480.0;
const AT_EASE: f64 = 254.0;
const LARGEST: f64 = 2.2;
/// From one lane to the next: the least at which cells stand below the head with offsets and words, and without them;
/// what a lane has at most of either; the least of a lane that is one line.
const TALL: f64 = 98.0;
const MIDDLE: f64 = 58.0;
const MOST: (f64, f64, f64) = (104.0, 76.0, 48.0);
const LEAST: f64 = 18.0;
/// A finger's target.
const FINGER: f64 = 44.0;
const EDGE: f64 = 4.0;

/// How a lane is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Head, cells with the mark's word above them, offsets.
    Tall,
    /// Head, cells, offsets.
    Middle,
    /// Everything in one line.
    Low,
}

/// Everybody that is drawn, and where.
pub struct One<'a> {
    pub partition: Option<TopicPartition>,
    pub plan: Plan,
    pub places: Places,
    pub style: Style,
    pub lanes: Vec<&'a Rc<BrokerView>>,
    pub writers: Clients,
    pub readers: Vec<Reader>,
    /// How many groups have no card.
    pub hidden_readers: Clients,
    /// Where bad links can be healed, a line for each; empty where there is none or no room.
    pub heal: Vec<Area>,
}

/// Producers with a card, and the place where the others are counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clients {
    pub shown: Vec<ProcessId>,
    pub hidden: usize,
    pub rest: Option<Area>,
}

/// A group that reads the topic, and the member that owns the partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    /// By its place among the view's groups.
    pub group: usize,
    pub member: Option<ProcessId>,
    pub area: Area,
}

/// The partition that is shown where there is room for one: the reader's choice, else the one that matters, else the first.
pub fn shown(stage: &StageView, room: &Room) -> Option<TopicPartition> {
    let exists = |name: &&TopicPartition| stage.partitions.iter().any(|(known, _)| known == *name);
    let chosen = room.partition.as_ref().filter(exists).or(stage.matters.as_ref().filter(exists));
    chosen.or(stage.partitions.first().map(|(name, _)| name)).cloned()
}

/// A broker's row of the partition.
pub fn row_of<'a>(broker: &'a BrokerView, partition: &TopicPartition) -> Option<&'a Rc<RowView>> {
    broker.rows.iter().find(|row| row.partition == *partition)
}

/// Columns and lines, before it is known who stands in them.
struct Ground {
    width: f64,
    height: f64,
    scale: f64,
    upright: bool,
    /// Width of a card, and the gap between cards and lanes.
    card: f64,
    gap: f64,
    controllers: Area,
    top: f64,
}

impl Ground {
    /// What the stage is divided into, by its width.
    fn of(room: &Room, replicas: usize) -> Ground {
        let (width, height) = room.units();
        let natural = if width < UPRIGHT { PHONE } else { FRAME };
        let at_ease = 44.0 + (AT_EASE - 44.0) / 3.0 * replicas.max(3) as f64;
        let scale = (width / natural).min(height / at_ease).between(1.0, LARGEST);
        let (width, height) = ((width / scale).max(280.0), height / scale);
        let upright = natural == PHONE;
        let (card, gap) = match width {
            // A message between two cards is wider than the gap: it may lie on their edges, not on their words.
            ..UPRIGHT => (60.0, 20.0),
            UPRIGHT..600.0 => (84.0, 26.0),
            _ => (112.0, 36.0),
        };
        let line = if upright { FINGER } else { 34.0 };
        let controllers = Area::new(EDGE, 2.0, width - 2.0 * EDGE, line);
        Ground { width, height, scale, upright, card, gap, controllers, top: controllers.bottom() + EDGE }
    }

    /// What lanes and cards have in height.
    fn room(&self) -> f64 {
        (self.height - self.top - EDGE).max(40.0)
    }

    /// As high as they can be without scrolling.
    fn lanes(&self, replicas: usize) -> (Style, LanesPlan) {
        let own = self.room() / replicas.max(1) as f64;
        let (style, pitch) = match own {
            TALL.. => (Style::Tall, own.min(MOST.0)),
            MIDDLE..TALL => (Style::Middle, own.min(MOST.1)),
            _ => (Style::Low, own.between(LEAST, MOST.2)),
        };
        let x = EDGE + self.card + self.gap;
        let plan = LanesPlan {
            step: Step::Cells,
            x,
            width: self.width - 2.0 * x,
            top: self.top,
            head: Head::Above(26.0),
            columns: 1,
            pitch,
            gap: if style == Style::Low { (pitch * 0.12).min(4.0) } else { 6.0 },
            pad: 0.0,
            mark: 0.0,
            height: pitch * replicas as f64,
            opened: Vec::new(),
        };
        (style, plan)
    }

    /// Cards below each other; where they are too many the last place counts the others.
    fn cards(&self, x: f64, count: usize) -> (Vec<Area>, Option<Area>) {
        let least = if self.upright { FINGER + 4.0 } else { 26.0 };
        let fitting = (self.room() / least).floor().max(1.0) as usize;
        let places = count.min(fitting).max(1);
        let pitch = (self.room() / places as f64).between(least.min(self.room()), 78.0);
        let place = |index: usize| Area::new(x, self.top + pitch * index as f64, self.card, pitch - 4.0);
        let shown = if count > fitting { fitting - 1 } else { count };
        ((0..shown).map(place).collect(), (count > shown).then(|| place(shown)))
    }
}

impl<'a> One<'a> {
    /// Who is there and where he stands, in a room.
    pub fn of(stage: &'a StageView, room: &Room) -> One<'a> {
        let partition = shown(stage, room);
        let holds = |broker: &&Rc<BrokerView>| partition.as_ref().is_none_or(|name| row_of(broker, name).is_some());
        let brokers: Vec<&Rc<BrokerView>> = stage.brokers.iter().filter(holds).collect();
        let ground = Ground::of(room, brokers.len());
        let (style, lanes_plan) = ground.lanes(brokers.len());
        let beside = beside(stage, partition.as_ref());
        let (cards, rest) = ground.cards(EDGE, beside.writers.len());
        let shown = beside.writers.iter().copied().take(cards.len()).collect::<Vec<ProcessId>>();
        let writers = Clients { hidden: beside.writers.len() - shown.len(), shown, rest };
        let (readers, hidden_readers, stores) = readers(stage, (&beside.groups, partition.as_ref()), &ground);
        let right = readers.iter().map(|one| one.area).chain(stores.iter().copied());
        let lowest = cards.iter().chain(&rest).map(Area::bottom).chain(right.map(|area| area.bottom()));
        let lowest = lowest.fold(lanes_plan.top + lanes_plan.height, f64::max) + EDGE;
        let (heal, height) = ground.heal(stage.links.len(), lowest);
        let plan = ground.plan(room, (lanes_plan, height), stage);
        let lanes = brokers
            .iter()
            .enumerate()
            .map(|(index, broker)| lane(broker, (index, &plan.lanes), partition.as_ref(), style));
        let lanes = lanes.collect();
        let producers = writers.shown.iter().zip(cards).map(|(process, area)| Card::new(*process, area)).collect();
        let places = Places {
            width: plan.width,
            height: plan.height,
            step: Step::Cells,
            controllers: seats(stage, &ground),
            decisions: plan.controllers.bottom(),
            producers,
            gathered: Vec::new(),
            lanes,
            racks: Vec::new(),
            groups: frames(stage, &readers, partition.as_ref()),
            stores,
            folded: members_of(stage),
            phone: true,
        };
        One { partition, plan, places, style, lanes: brokers, writers, readers, hidden_readers, heal }
    }
}

impl Ground {
    /// Lines below everything else, as many as there is room for, and where the stage ends with them.
    fn heal(&self, links: usize, lowest: f64) -> (Vec<Area>, f64) {
        let high = if self.upright { FINGER } else { 28.0 };
        let fitting = ((self.height - lowest) / (high + EDGE)).floor().max(0.0) as usize;
        let line = |index: usize| Area::new(EDGE, lowest + (high + EDGE) * index as f64, self.width - 2.0 * EDGE, high);
        let lines: Vec<Area> = (0..links.min(fitting)).map(line).collect();
        let end = lines.last().map_or(lowest, |line| line.bottom() + EDGE);
        (lines, end)
    }

    fn plan(&self, room: &Room, (lanes, height): (LanesPlan, f64), stage: &StageView) -> Plan {
        let column = |x: f64| Column {
            x,
            width: self.card,
            detail: CardDetail::Full,
            cards: Cards::Each,
            slots: vec![1; stage.groups.len()],
            gathers: false,
            height: height - self.top,
        };
        Plan {
            width: self.width,
            height,
            scale: self.scale * room.enlarged,
            controllers: self.controllers,
            controllers_in_full: false,
            lanes,
            producers: column(EDGE),
            groups: column(self.width - EDGE - self.card),
            has_directions: false,
        }
    }
}

/// As the view says; by the wires and ribbons where it speaks of another partition.
fn beside(stage: &StageView, partition: Option<&TopicPartition>) -> OneView {
    let nobody = OneView { partition: TopicPartition::new("", 0), writers: Vec::new(), groups: Vec::new() };
    let Some(partition) = partition else { return nobody };
    if let Some(one) = stage.one.as_ref().filter(|one| one.partition == *partition) {
        return one.clone();
    }
    let mut writers: Vec<ProcessId> = Vec::new();
    for wire in stage.wires.iter().filter(|wire| wire.partition.as_ref() == Some(partition)) {
        if !writers.contains(&wire.producer) {
            writers.push(wire.producer);
        }
    }
    let reads = |group: &&Rc<view::GroupView>| owner(group, partition).is_some();
    let groups: Vec<Str> = stage.groups.iter().filter(reads).map(|group| group.name.clone()).collect();
    OneView { partition: partition.clone(), writers, groups }
}

/// Who reads the partition in that group.
fn owner(group: &view::GroupView, partition: &TopicPartition) -> Option<ProcessId> {
    let owns = |member: &&Rc<view::MemberView>| member.owned.iter().any(|owned| owned.partition == *partition);
    group.members.iter().find(owns).map(|member| member.process)
}

/// Below the groups the stores that they write to, where there is room for all of them: in the view's order, one without a
/// card has no place.
fn readers(
    stage: &StageView,
    (names, partition): (&[Str], Option<&TopicPartition>),
    ground: &Ground,
) -> (Vec<Reader>, Clients, Vec<Area>) {
    let groups = stage.groups.iter().enumerate().filter(|(_, group)| names.contains(&group.name));
    let groups: Vec<(usize, &Rc<view::GroupView>)> = groups.collect();
    let is_own = |store: &&view::StoreView| store.groups.iter().any(|group| names.contains(group));
    let count = stage.stores.iter().filter(is_own).count();
    let x = ground.width - EDGE - ground.card;
    let with_stores = Some(ground.cards(x, groups.len() + count)).filter(|(_, rest)| rest.is_none() && count > 0);
    let mut below = with_stores.iter().flat_map(|(cards, _)| cards.iter().skip(groups.len()));
    let place = |store: &view::StoreView| is_own(&store).then(|| below.next().copied()).flatten().unwrap_or_default();
    let stores: Vec<Area> = stage.stores.iter().map(place).collect();
    let (cards, rest) = with_stores.unwrap_or_else(|| ground.cards(x, groups.len()));
    let reader = |((group, view), area): (&(usize, &Rc<view::GroupView>), &Area)| Reader {
        group: *group,
        member: partition.and_then(|partition| owner(view, partition)),
        area: *area,
    };
    let shown: Vec<Reader> = groups.iter().zip(&cards).map(reader).collect();
    let hidden = groups.len() - shown.len();
    (shown, Clients { shown: Vec::new(), hidden, rest }, stores)
}

/// Each group's frame is its card; a group without one has no place.
fn frames(stage: &StageView, readers: &[Reader], partition: Option<&TopicPartition>) -> Vec<Frame> {
    let frame = |index: usize| {
        let Some(reader) = readers.iter().find(|reader| reader.group == index) else {
            return Frame { area: Area::default(), members: Vec::new() };
        };
        let area = reader.area;
        let high = area.height.min(22.0);
        let slot = Area::new(area.x, area.middle().y - high / 2.0, area.width, high);
        let card = |process: ProcessId| Card {
            slots: partition.map(|name| (name.clone(), slot)).into_iter().collect(),
            ..Card::new(process, area)
        };
        Frame { area, members: reader.member.map(card).into_iter().collect() }
    };
    (0..stage.groups.len()).map(frame).collect()
}

fn lane(
    broker: &BrokerView,
    (index, plan): (usize, &LanesPlan),
    partition: Option<&TopicPartition>,
    style: Style,
) -> Lane {
    let area = Area::new(plan.x, plan.top + plan.pitch * index as f64, plan.width, plan.pitch - plan.gap);
    let middle = match style {
        Style::Tall => area.y + 61.0,
        Style::Middle => area.y + 39.0,
        Style::Low => area.middle().y,
    };
    let row = partition.filter(|name| row_of(broker, name).is_some());
    Lane {
        process: broker.process,
        area,
        step: Step::Cells,
        head: plan.head,
        opened: false,
        row_size: (area.width - 16.0, 32.0_f64.min(area.height)),
        channel: 0.0,
        rows: row.map(|name| (name.clone(), point(area.x + 10.0, middle))).into_iter().collect(),
    }
}

/// Controllers in a row.
fn seats(stage: &StageView, ground: &Ground) -> Vec<(ProcessId, crate::geometry::Point)> {
    let all = &stage.controllers.controllers;
    let area = ground.controllers;
    // An upright phone has no room for the title: the crown says what they are.
    let (first, wished) = if ground.upright { (area.x + 24.0, FINGER) } else { (area.x + 116.0, 34.0) };
    let apart = ((area.right() - 110.0 - first) / all.len().max(1) as f64).between(24.0, wished);
    let y = area.middle().y.max(21.0);
    let seat = |index: usize| point(first + apart * index as f64, y);
    all.iter().enumerate().map(|(index, one)| (one.process, seat(index))).collect()
}
