//! The plan of a stage: which step is drawn, how wide the three columns are, how high a lane is. It depends on who is
//! there and how much room there is, never on what happens, so nothing moves under the pointer because something died,
//! came back or grew.

use crate::geometry::Area;
use crate::room::{Crowd, Party, Room, Step};

/// The reference screens are drawn for this width.
const NATURAL_WIDTH: f64 = 1120.0;
/// Larger than this the stage does not grow by itself.
const LARGEST: f64 = 2.2;
/// The narrowest lanes in which cells with offsets can be read, and denser ones.
const LANE_FOR_CELLS: f64 = 420.0;
const LANE_FOR_STRIPS: f64 = 300.0;
/// From one row to the next: full cells; the least and most of lower ones; of lines; of brokers.
const CELLS_PITCH: f64 = 44.0;
const STRIPS_PITCH: (f64, f64) = (17.0, 40.0);
const LINES_PITCH: (f64, f64) = (14.0, 18.0);
const BROKERS_PITCH: (f64, f64) = (12.0, 28.0);
/// The narrowest column of rows inside a lane.
const STRIP_COLUMN: f64 = 232.0;
const LINE_COLUMN: f64 = 92.0;
const BAR_COLUMN: f64 = 170.0;
/// A broker's number and its load, beside its marks.
const BROKER_ENDS: f64 = 140.0;
/// A mark for one replica; below the least it joins a bar.
pub const MARK: (f64, f64) = (9.0, 22.0);
/// Around and between the frames of racks.
const RACK_PAD: f64 = 4.0;
const RACK_GAP: f64 = 6.0;

/// The replication channel at the right end of the lanes.
pub const CHANNEL: f64 = 32.0;

/// Where the rows of a lane stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Head {
    /// The broker's name and switch stand above its rows, in this much height.
    Above(f64),
    /// They stand left of them, in this much width.
    Beside(f64),
}

/// The broker lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct LanesPlan {
    pub step: Step,
    pub x: f64,
    pub width: f64,
    pub top: f64,
    pub head: Head,
    /// Columns of rows in a lane; with bars, columns of brokers.
    pub columns: usize,
    /// From one row to the next.
    pub pitch: f64,
    /// From one lane to the next, beside its height.
    pub gap: f64,
    /// From one broker's mark of a replica to the next, at the step of brokers.
    pub mark: f64,
    /// All lanes' height together, with the gaps.
    pub height: f64,
}

/// How much a client's card shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardDetail {
    /// Everything.
    Full,
    /// Name and what matters most, in two lines.
    Short,
    /// One line; a group is one line with the lag of all its members.
    Line,
}

/// Whose card it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cards {
    /// One producer's.
    Each,
    /// That of all which send alike.
    Gathered,
}

/// Producers on the left or groups on the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub x: f64,
    pub width: f64,
    pub detail: CardDetail,
    pub cards: Cards,
    /// Of each group: the slots that a member's card has room for.
    pub slots: Vec<usize>,
    /// What its cards need.
    pub height: f64,
}

/// Where everything stands, in stage units.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub width: f64,
    pub height: f64,
    /// CSS pixels per unit.
    pub scale: f64,
    pub controllers: Area,
    /// The controllers' lane has its sessions, its log and its remarks.
    pub controllers_in_full: bool,
    pub lanes: LanesPlan,
    pub producers: Column,
    pub groups: Column,
    /// The line that says what left, right, up and down mean.
    pub has_directions: bool,
}

/// What is tried, from the largest to the densest.
#[derive(Clone, Copy)]
struct Draft {
    step: Step,
    controllers_in_full: bool,
    has_directions: bool,
}

const DRAFTS: [Draft; 7] = [
    Draft { step: Step::Cells, controllers_in_full: true, has_directions: true },
    Draft { step: Step::Cells, controllers_in_full: true, has_directions: false },
    Draft { step: Step::Cells, controllers_in_full: false, has_directions: false },
    Draft { step: Step::Strips, controllers_in_full: false, has_directions: false },
    Draft { step: Step::Lines, controllers_in_full: false, has_directions: false },
    Draft { step: Step::Brokers, controllers_in_full: false, has_directions: false },
    Draft { step: Step::Bars, controllers_in_full: false, has_directions: false },
];

impl Plan {
    /// The first draft in which the whole crowd is seen at once; the densest one, higher than the room, where none is.
    pub fn of(crowd: &Crowd, room: &Room) -> Plan {
        let (width, height) = room.units();
        let drafted = DRAFTS.iter().find_map(|draft| {
            let plan = draft.plan(crowd, width, height)?;
            (plan.height <= height + 0.5).then_some((draft, plan))
        });
        let Some((draft, mut plan)) = drafted else {
            let densest = DRAFTS[DRAFTS.len() - 1];
            let plan = densest.plan(crowd, width.max(360.0), height);
            return plan.map_or_else(|| unreachable!("bars fit any width"), |plan| plan.enlarged(room.enlarged));
        };
        if draft.step == Step::Cells {
            let larger = (width / NATURAL_WIDTH).min(height / plan.height).min(LARGEST);
            if larger > 1.0 {
                let again = draft.plan(crowd, width / larger, height / larger);
                plan = again.map_or(plan, |plan| Plan { scale: larger, ..plan });
            }
        }
        plan.enlarged(room.enlarged)
    }

    fn enlarged(self, by: f64) -> Plan {
        Plan { scale: self.scale * by, ..self }
    }
}

/// Widths of the columns.
struct Across {
    margin: f64,
    cards: f64,
    lanes_x: f64,
    lanes: f64,
    groups_x: f64,
    groups: f64,
}

impl Draft {
    fn across(&self, width: f64) -> Option<Across> {
        let (margin, cards, groups) = if width < 960.0 { (8.0, 108.0, 140.0) } else { (20.0, 132.0, 176.0) };
        let spare = width - 2.0 * margin - cards - groups;
        let (gaps, least, most) = match self.step {
            Step::Cells => (248.0, LANE_FOR_CELLS, 640.0),
            Step::Strips => (190.0, LANE_FOR_STRIPS, 760.0),
            Step::Lines => (150.0, LANE_FOR_STRIPS, 900.0),
            Step::Brokers | Step::Bars => (140.0, 200.0, 900.0),
        };
        let lanes = (spare - gaps).clamp(least, most);
        let gaps = spare - lanes;
        if gaps < 100.0 && self.step < Step::Bars {
            return None;
        }
        let left = gaps * 144.0 / 248.0;
        let lanes_x = margin + cards + left;
        Some(Across { margin, cards, lanes_x, lanes, groups_x: width - margin - groups, groups })
    }

    /// `None` where this step cannot be drawn in this width at all.
    fn plan(&self, crowd: &Crowd, width: f64, height: f64) -> Option<Plan> {
        let across = self.across(width)?;
        let controllers_height = if self.controllers_in_full { 80.0 } else { 34.0 };
        let top = 2.0 + controllers_height + if self.controllers_in_full { 12.0 } else { 8.0 };
        let below = if self.has_directions { 42.0 } else { 6.0 };
        let room = height - top - below;
        let lanes = self.lanes(crowd, &across, room)?;
        let lanes = LanesPlan { top, ..lanes };
        let producers = self.producers(crowd, &across, room);
        let groups = self.groups(crowd, &across, room);
        let highest = lanes.height.max(producers.height).max(groups.height);
        Some(Plan {
            width,
            height: top + highest + below,
            scale: 1.0,
            controllers: Area::new(across.margin, 2.0, width - 2.0 * across.margin, controllers_height),
            controllers_in_full: self.controllers_in_full,
            lanes,
            producers,
            groups,
            has_directions: self.has_directions,
        })
    }

    fn lanes(&self, crowd: &Crowd, across: &Across, room: f64) -> Option<LanesPlan> {
        let frame = LanesPlan {
            step: self.step,
            x: across.lanes_x,
            width: across.lanes,
            top: 0.0,
            head: Head::Above(32.0),
            columns: 1,
            pitch: CELLS_PITCH,
            gap: 12.0,
            mark: 0.0,
            height: 0.0,
        };
        match self.step {
            Step::Cells => Some(frame.high(crowd)),
            Step::Strips => {
                let frame = LanesPlan { head: Head::Above(30.0), gap: 8.0, ..frame };
                frame.in_columns(crowd, room, (STRIP_COLUMN, STRIPS_PITCH, 22.0))
            }
            Step::Lines => {
                let frame = LanesPlan { head: Head::Beside(100.0), gap: 6.0, ..frame };
                frame.in_columns(crowd, room, (LINE_COLUMN, LINES_PITCH, LINES_PITCH.0))
            }
            Step::Brokers => frame.of_brokers(crowd, room),
            Step::Bars => Some(frame.of_bars(crowd, room)),
        }
    }
}

impl LanesPlan {
    /// A lane's height for so many rows.
    pub fn lane_height(&self, rows: usize) -> f64 {
        let lines = rows.max(1).div_ceil(self.columns) as f64;
        match (self.step, self.head) {
            (Step::Cells, Head::Above(head) | Head::Beside(head)) => head + 16.0 + self.pitch * lines,
            (Step::Strips | Step::Lines, Head::Above(head)) => head + 8.0 + self.pitch * lines,
            (Step::Strips | Step::Lines, Head::Beside(_)) => (8.0 + self.pitch * lines).max(30.0),
            (Step::Brokers | Step::Bars, _) => self.pitch,
        }
    }

    /// The width of one column of rows.
    pub fn column_width(&self) -> f64 {
        let beside = match self.head {
            Head::Above(_) => 0.0,
            Head::Beside(width) => width,
        };
        let channel = if self.step <= Step::Strips { CHANNEL } else { 14.0 };
        (self.width - 14.0 - channel - beside) / self.columns as f64
    }

    /// The width of one row: the last column leaves the replication channel free.
    pub fn row_width(&self) -> f64 {
        let channel = if self.step <= Step::Strips { CHANNEL } else { 0.0 };
        (self.column_width() - 4.0).min(self.width - 14.0 - channel)
    }

    fn high(self, crowd: &Crowd) -> LanesPlan {
        let lanes: f64 = crowd.rows.iter().map(|rows| self.lane_height(*rows)).sum();
        let height = lanes + self.gap * crowd.rows.len().saturating_sub(1) as f64;
        LanesPlan { height, ..self }
    }

    /// As few columns as give rows that can be read well; else those that give the highest rows.
    fn in_columns(self, crowd: &Crowd, room: f64, (width, pitch, good): (f64, (f64, f64), f64)) -> Option<LanesPlan> {
        let beside = match self.head {
            Head::Above(_) => 0.0,
            Head::Beside(width) => width,
        };
        let most = (LanesPlan { columns: 1, ..self.clone() }.column_width() / width).floor() as usize;
        if most == 0 {
            return None;
        }
        let tried = |columns: usize| {
            let lines: usize = crowd.rows.iter().map(|rows| rows.max(&1).div_ceil(columns)).sum();
            let bare = LanesPlan { columns, pitch: 0.0, ..self.clone() }.high(crowd).height;
            // Without rows a lane beside its head is as high as the head, which the rows share.
            let bare = if beside > 0.0 { bare - 22.0 * crowd.rows.len() as f64 } else { bare };
            let fits = (room - bare) / lines.max(1) as f64;
            LanesPlan { columns, pitch: fits.clamp(pitch.0, pitch.1), ..self.clone() }.high(crowd)
        };
        let wide = (1..=most.min(crowd.most_rows().max(1))).map(tried);
        let mut best: Option<LanesPlan> = None;
        for plan in wide {
            let fits = plan.height <= room + 0.5;
            if fits && plan.pitch >= good {
                return Some(plan);
            }
            if best.as_ref().is_none_or(|best| plan.height < best.height) {
                best = Some(plan);
            }
        }
        best
    }

    fn of_brokers(self, crowd: &Crowd, room: f64) -> Option<LanesPlan> {
        // A gap of one mark between those that it leads and those that it copies.
        let mark = (self.width - BROKER_ENDS) / (crowd.most_rows() + 1) as f64;
        if mark < MARK.0 {
            return None;
        }
        let frames = rack_frames(crowd);
        let pitch = (room - frames) / crowd.rows.len().max(1) as f64;
        let pitch = pitch.clamp(BROKERS_PITCH.0, BROKERS_PITCH.1);
        let height = frames + pitch * crowd.rows.len() as f64;
        Some(LanesPlan { pitch, gap: 0.0, mark: mark.min(MARK.1), height, head: Head::Beside(40.0), ..self })
    }

    fn of_bars(self, crowd: &Crowd, room: f64) -> LanesPlan {
        let frames = rack_frames(crowd);
        let most = ((self.width - 16.0) / BAR_COLUMN).floor().max(1.0) as usize;
        let tried = |columns: usize| {
            let lines: usize = crowd.racks.iter().map(|brokers| brokers.div_ceil(columns)).sum();
            let pitch = ((room - frames) / lines.max(1) as f64).clamp(BROKERS_PITCH.0, 20.0);
            let height = frames + pitch * lines as f64;
            LanesPlan { columns, pitch, gap: 0.0, head: Head::Beside(40.0), height, ..self.clone() }
        };
        let fitting = (1..most).map(tried).find(|plan| plan.height <= room + 0.5);
        fitting.unwrap_or_else(|| tried(most))
    }
}

/// Frames around racks, without what is in them; a header line says what the columns mean.
fn rack_frames(crowd: &Crowd) -> f64 {
    let racks = crowd.racks.len().max(1) as f64;
    16.0 + racks * 2.0 * RACK_PAD + (racks - 1.0) * RACK_GAP
}

/// Producers' cards, from the most telling to the least: each its own as long as it says more than its name.
const PRODUCERS: [(Cards, CardDetail); 6] = [
    (Cards::Each, CardDetail::Full),
    (Cards::Each, CardDetail::Short),
    (Cards::Gathered, CardDetail::Full),
    (Cards::Gathered, CardDetail::Short),
    (Cards::Each, CardDetail::Line),
    (Cards::Gathered, CardDetail::Line),
];

impl Draft {
    /// Where brokers are one line each, so are groups, and producers that send alike share a card.
    fn is_summed(&self) -> bool {
        self.step >= Step::Brokers
    }

    fn producers(&self, crowd: &Crowd, across: &Across, room: f64) -> Column {
        let count = |cards: Cards| match cards {
            Cards::Each => crowd.producers,
            Cards::Gathered => crowd.crowds,
        };
        let is_gathered = crowd.crowds > 0 && crowd.producers > 0;
        let allowed = |(cards, _): &(Cards, CardDetail)| match cards {
            Cards::Each => !is_gathered || !self.is_summed(),
            Cards::Gathered => is_gathered && (self.is_summed() || crowd.crowds < crowd.producers),
        };
        let need = |(cards, detail): &(Cards, CardDetail)| producer_pitch(*detail) * count(*cards) as f64;
        let mut ways = PRODUCERS.iter().copied().filter(allowed);
        let densest = ways.clone().next_back().unwrap_or(PRODUCERS[4]);
        let way = ways.find(|way| need(way) <= room + 0.5).unwrap_or(densest);
        let (x, width, height) = (across.margin, across.cards, need(&way));
        Column { x, width, detail: way.1, cards: way.0, slots: Vec::new(), height }
    }

    fn groups(&self, crowd: &Crowd, across: &Across, room: f64) -> Column {
        let of = |detail: CardDetail, slots: Vec<usize>| {
            let members = |party: &Party| if self.is_summed() { 0 } else { party.members };
            let frames = crowd.groups.iter().zip(&slots);
            let frames: f64 = frames.map(|(party, slots)| group_height(members(party), *slots, detail)).sum();
            let height = frames + group_gap(detail) * crowd.groups.len().saturating_sub(1) as f64;
            Column { x: across.groups_x, width: across.groups, detail, cards: Cards::Each, slots, height }
        };
        let slots = |slots: fn(&Party) -> usize| crowd.groups.iter().map(slots).collect::<Vec<usize>>();
        let mut ways = vec![of(CardDetail::Short, slots(Party::share)), of(CardDetail::Line, slots(Party::share))];
        if !self.is_summed() {
            ways.splice(0..0, [of(CardDetail::Full, slots(wished)), of(CardDetail::Full, slots(Party::share))]);
        }
        let densest = ways.len() - 1;
        let fitting = ways.iter().position(|way| way.height <= room + 0.5).unwrap_or(densest);
        ways.swap_remove(fitting)
    }
}

/// Slots that a member's card has from the start: for one partition more than its share, and enough that all which it
/// could own fit when they are drawn low.
fn wished(party: &Party) -> usize {
    let low = (party.reads as f64 * SLOT_LEAST / SLOT).ceil() as usize;
    (party.share() + 1).max(low).min(party.reads.max(1))
}

/// From one slot to the next, and the least of it.
pub const SLOT: f64 = 25.0;
pub const SLOT_LEAST: f64 = 14.0;

/// From one producer's card to the next.
pub fn producer_pitch(detail: CardDetail) -> f64 {
    match detail {
        CardDetail::Full => 120.0,
        CardDetail::Short => 56.0,
        CardDetail::Line => 28.0,
    }
}

/// A member's card. It is always as high as the most that it can show, so that nothing moves when partitions come and go.
pub fn member_height(slots: usize, detail: CardDetail) -> f64 {
    match detail {
        CardDetail::Full => 96.0 + SLOT * slots.saturating_sub(1) as f64,
        CardDetail::Short => 24.0,
        CardDetail::Line => 0.0,
    }
}

/// A group's frame with so many members' cards in it; without any it says itself what there is to say.
pub fn group_height(members: usize, slots: usize, detail: CardDetail) -> f64 {
    let cards = members as f64;
    match detail {
        CardDetail::Full => 34.0 + (cards * (member_height(slots, detail) + 12.0)).max(40.0),
        CardDetail::Short if members == 0 => 44.0,
        CardDetail::Short => 32.0 + cards * (member_height(slots, detail) + 4.0),
        CardDetail::Line => 20.0,
    }
}

/// Between two groups.
pub fn group_gap(detail: CardDetail) -> f64 {
    match detail {
        CardDetail::Full => 12.0,
        CardDetail::Short => 8.0,
        CardDetail::Line => 5.0,
    }
}
