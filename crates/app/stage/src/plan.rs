//! The plan of a stage: which step is drawn, how wide the three columns are, how high a lane is. It depends on who is
//! there and how much room there is, never on what happens, so nothing moves under the pointer because something died,
//! came back or grew.

mod columns;

use crate::geometry::{Area, Between};
use crate::room::{Crowd, Room, Step};
pub use columns::{SLOT, SLOT_LEAST, group_gap, group_height, member_height, producer_pitch, store_pitch};

/// The reference screens are drawn for this width.
const NATURAL_WIDTH: f64 = 1120.0;
/// Larger than this the stage does not grow by itself.
const LARGEST: f64 = 2.2;
/// The narrowest lanes in which cells with offsets can be read, and denser ones.
const LANE_FOR_CELLS: f64 = 420.0;
/// The least width of a lane with strips or lines.
const LANE_FOR_STRIPS: f64 = 300.0;
/// From one row to the next: full cells; the least and most of lower ones; of lines; of brokers.
const CELLS_PITCH: f64 = 44.0;
/// Least and most height of a row with strips.
const STRIPS_PITCH: (f64, f64) = (17.0, 40.0);
/// The same of a row that is one line.
const LINES_PITCH: (f64, f64) = (14.0, 18.0);
/// The same where a lane is one row.
const BROKERS_PITCH: (f64, f64) = (11.0, 28.0);
/// The pitch of strips that is worth a second column, and that of an opened lane.
const STRIPS_GOOD: f64 = 22.0;
/// The narrowest column of rows inside a lane.
const STRIP_COLUMN: f64 = 190.0;
const LINE_COLUMN: f64 = 92.0;
const BAR_COLUMN: f64 = 170.0;
/// A broker's number and its load, beside its marks.
pub const BROKER_HEAD: f64 = 46.0;
pub const BROKER_LOAD: f64 = 84.0;
/// A mark for one replica; below the least it joins a bar.
pub const MARK: (f64, f64) = (9.0, 22.0);
/// Around and between the frames of racks.
pub const RACK_PAD: f64 = 4.0;
pub const RACK_GAP: f64 = 6.0;
/// The line over the brokers that says what the columns mean.
pub const COLUMNS: f64 = 16.0;

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
    /// What a lane is higher than its head and its rows.
    pub pad: f64,
    /// From one broker's mark of a replica to the next, at the step of brokers.
    pub mark: f64,
    /// All lanes' height together, with the gaps.
    pub height: f64,
    /// Lanes at full size, by their place among the brokers; see [`LanesPlan::full`].
    pub opened: Vec<usize>,
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
    /// Of groups: those of more members than a few are one card.
    pub gathers: bool,
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

/// From the most telling to the densest: the first that fits is taken.
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
        let drafted = DRAFTS.iter().filter(|draft| draft.step.detail() >= crowd.detail).find_map(|draft| {
            let plan = draft.plan(crowd, width, height)?;
            (plan.height <= height + 0.5).then_some((draft, plan))
        });
        let Some((draft, mut plan)) = drafted else {
            let densest = DRAFTS[DRAFTS.len() - 1];
            let plan = densest.plan(crowd, width.max(360.0), height);
            return plan
                .map_or_else(|| unreachable!("bars fit any width"), |plan| plan.opened(crowd).enlarged(room.enlarged));
        };
        if draft.step == Step::Cells {
            let larger = (width / NATURAL_WIDTH).min(height / plan.height).min(LARGEST);
            if larger > 1.0 {
                let again = draft.plan(crowd, width / larger, height / larger);
                plan = again.map_or(plan, |plan| Plan { scale: larger, ..plan });
            }
        }
        plan.opened(crowd).unfolded(crowd).enlarged(room.enlarged)
    }

    /// The same for clients that share a card which is opened.
    fn unfolded(self, crowd: &Crowd) -> Plan {
        let producers = self.producers.height + self.producers.unfolded(crowd);
        let groups = self.groups.height + self.groups.unfolded_groups(crowd);
        let below = self.height - self.lanes.top - self.lanes.height.max(self.producers.height).max(self.groups.height);
        Plan { height: self.height.max(self.lanes.top + producers.max(groups) + below), ..self }
    }

    /// Opened lanes are as high as they need to be; the step stays, and the scene may become higher than the room.
    fn opened(self, crowd: &Crowd) -> Plan {
        if crowd.opened.is_empty() || self.lanes.step == Step::Cells {
            return self;
        }
        let closed = self.lanes.height;
        let lanes = LanesPlan { opened: crowd.opened.clone(), ..self.lanes };
        let lanes = match lanes.step {
            Step::Cells | Step::Strips | Step::Lines => lanes.high(crowd),
            Step::Brokers | Step::Bars => lanes.high_racks(crowd),
        };
        let below = self.height - lanes.top - closed.max(self.producers.height).max(self.groups.height);
        let highest = lanes.height.max(self.producers.height).max(self.groups.height);
        Plan { height: lanes.top + highest + below, lanes, ..self }
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
    /// `None`: the columns do not fit side by side.
    fn across(&self, width: f64) -> Option<Across> {
        let (margin, cards, groups) = match width {
            960.0.. => (20.0, 132.0, 176.0),
            760.0..960.0 => (8.0, 112.0, 166.0),
            _ => (8.0, 108.0, 140.0),
        };
        let spare = width - 2.0 * margin - cards - groups;
        let (gaps, least, most) = match self.step {
            Step::Cells => (248.0, LANE_FOR_CELLS, 640.0),
            Step::Strips => (150.0, LANE_FOR_STRIPS, 760.0),
            Step::Lines => (150.0, LANE_FOR_STRIPS, 900.0),
            Step::Brokers | Step::Bars => (140.0, 200.0, 900.0),
        };
        let lanes = (spare - gaps).between(least, most);
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
        let mut producers = self.producers(crowd, &across, room);
        if crowd.trays {
            // Not at the cost of the size at which everything else is drawn.
            let larger = (width / NATURAL_WIDTH).between(1.0, LARGEST);
            producers.make_room_for_trays(height / larger - top - below);
        }
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

    /// `None`: this draft is too large for the stage.
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
            pad: 16.0,
            mark: 0.0,
            height: 0.0,
            opened: Vec::new(),
        };
        match self.step {
            Step::Cells => Some(frame.high(crowd)),
            Step::Strips => {
                let frame = LanesPlan { gap: 8.0, pad: 8.0, ..frame };
                let beside = LanesPlan { head: Head::Beside(92.0), ..frame.clone() };
                let frames = [LanesPlan { head: Head::Above(30.0), ..frame }, beside];
                in_columns(
                    &frames,
                    crowd,
                    &Columns { room, width: STRIP_COLUMN, pitch: STRIPS_PITCH, good: STRIPS_GOOD },
                )
            }
            Step::Lines => {
                let frame = LanesPlan { head: Head::Beside(104.0), gap: 6.0, pad: 8.0, ..frame };
                let frames = [frame.clone(), LanesPlan { gap: 3.0, pad: 4.0, ..frame }];
                let good = LINES_PITCH.0;
                in_columns(&frames, crowd, &Columns { room, width: LINE_COLUMN, pitch: LINES_PITCH, good })
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
            (Step::Brokers | Step::Bars, _) => self.pitch,
            (_, Head::Above(head)) => head + self.pad + self.pitch * lines,
            (_, Head::Beside(_)) => (self.pad + self.pitch * lines).max(22.0 + self.pad),
        }
    }

    /// How a lane is drawn that has been opened: as full as its width allows.
    pub fn full(&self) -> LanesPlan {
        // Inside a rack's frame, right of its name.
        let (x, width) =
            if self.step >= Step::Brokers { (self.x + 16.0, self.width - 20.0) } else { (self.x, self.width) };
        let full = LanesPlan { x, width, columns: 1, opened: Vec::new(), mark: 0.0, ..self.clone() };
        if full.width >= LANE_FOR_CELLS {
            LanesPlan { step: Step::Cells, head: Head::Above(32.0), pitch: CELLS_PITCH, pad: 16.0, ..full }
        } else {
            LanesPlan { step: Step::Strips, head: Head::Above(30.0), pitch: STRIPS_GOOD, pad: 8.0, ..full }
        }
    }

    /// How the lane of the broker at this place is drawn.
    pub fn of_lane(&self, index: usize) -> LanesPlan {
        if self.opened.contains(&index) { self.full() } else { self.clone() }
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
        let gap = match self.step {
            Step::Strips if self.columns > 1 => 10.0,
            Step::Lines => 4.0,
            Step::Cells | Step::Strips | Step::Brokers | Step::Bars => 4.0,
        };
        self.column_width() - gap
    }

    fn high(self, crowd: &Crowd) -> LanesPlan {
        let lanes: f64 = (0..crowd.rows.len()).map(|index| self.lane_height_of(crowd, index)).sum();
        let height = lanes + self.gap * crowd.rows.len().saturating_sub(1) as f64;
        LanesPlan { height, ..self }
    }

    /// Splits a rack's brokers where one is opened: lines that stand in columns, and the opened one below them.
    pub fn stretches<'a>(&self, brokers: &'a [usize]) -> Vec<(&'a [usize], Option<usize>)> {
        let is_open = |index: &usize| self.opened.contains(index);
        let stretches = brokers.split_inclusive(is_open);
        stretches
            .map(|stretch| match stretch.split_last() {
                Some((last, lines)) if is_open(last) => (lines, Some(*last)),
                Some(_) | None => (stretch, None),
            })
            .collect()
    }

    fn rack_height(&self, crowd: &Crowd, brokers: &[usize]) -> f64 {
        let height = |(lines, opened): &(&[usize], Option<usize>)| {
            let full = opened.map_or(0.0, |index| self.lane_height_of(crowd, index) + 2.0 * RACK_GAP);
            full + self.pitch * lines.len().div_ceil(self.columns) as f64
        };
        self.stretches(brokers).iter().map(height).sum()
    }

    /// The height of the lane of the broker at this place.
    pub fn lane_height_of(&self, crowd: &Crowd, index: usize) -> f64 {
        self.of_lane(index).lane_height(crowd.rows.get(index).copied().unwrap_or(0))
    }

    fn high_racks(self, crowd: &Crowd) -> LanesPlan {
        let racks: f64 = crowd.racks.iter().map(|brokers| self.rack_height(crowd, brokers)).sum();
        LanesPlan { height: rack_frames(crowd) + racks, ..self }
    }

    /// With rows as high as the room allows, within the pitches.
    fn filling(self, crowd: &Crowd, columns: &Columns) -> LanesPlan {
        let lines: usize = crowd.rows.iter().map(|rows| rows.max(&1).div_ceil(self.columns)).sum();
        let mut plan = LanesPlan { pitch: columns.pitch.1, ..self }.high(crowd);
        // A lane is at least as high as its head, so the first answer may be too high.
        for _ in 0..6 {
            let over = plan.height - columns.room;
            if over <= 0.0 || plan.pitch <= columns.pitch.0 {
                break;
            }
            plan.pitch = (plan.pitch - over / lines.max(1) as f64).max(columns.pitch.0);
            plan = plan.high(crowd);
        }
        plan
    }

    fn of_brokers(self, crowd: &Crowd, room: f64) -> Option<LanesPlan> {
        // A gap of one mark between those that it leads and those that it copies.
        let most = crowd.most_rows() + 1;
        let mark = |count: usize| (self.width - BROKER_HEAD - BROKER_LOAD) / count as f64;
        // Some more, where there is room: then copies stand below each other though one leads more than another.
        let mark = if mark(most + most / 8) >= MARK.0 { mark(most + most / 8) } else { mark(most) };
        if mark < MARK.0 {
            return None;
        }
        let pitch = (room - rack_frames(crowd)) / crowd.rows.len().max(1) as f64;
        let pitch = pitch.between(BROKERS_PITCH.0, BROKERS_PITCH.1);
        let head = Head::Beside(BROKER_HEAD);
        Some(LanesPlan { pitch, gap: 0.0, pad: 0.0, mark: mark.min(MARK.1), head, ..self }.high_racks(crowd))
    }

    fn of_bars(self, crowd: &Crowd, room: f64) -> LanesPlan {
        let frames = rack_frames(crowd);
        let most = ((self.width - 16.0) / BAR_COLUMN).floor().max(1.0) as usize;
        let tried = |columns: usize| {
            let lines: usize = crowd.racks.iter().map(|brokers| brokers.len().div_ceil(columns)).sum();
            let pitch = ((room - frames) / lines.max(1) as f64).between(BROKERS_PITCH.0, 20.0);
            let head = Head::Beside(BROKER_HEAD);
            LanesPlan { columns, pitch, gap: 0.0, pad: 0.0, head, ..self.clone() }.high_racks(crowd)
        };
        let fitting = (1..most).map(tried).find(|plan| plan.height <= room + 0.5);
        fitting.unwrap_or_else(|| tried(most))
    }
}

/// What columns of rows have to keep to.
struct Columns {
    /// The height that there is.
    room: f64,
    /// The least width of a column.
    width: f64,
    /// The least and most pitch of rows.
    pitch: (f64, f64),
    /// From this pitch on, rows are read well.
    good: f64,
}

/// The first frame, with as few columns as it takes, whose rows can be read well; else the highest rows that fit; else
/// the lowest plan. `None` where not even one column is wide enough.
fn in_columns(frames: &[LanesPlan], crowd: &Crowd, columns: &Columns) -> Option<LanesPlan> {
    let mut best: Option<LanesPlan> = None;
    for frame in frames {
        let most = (frame.column_width() / columns.width).floor() as usize;
        for count in 1..=most.min(crowd.most_rows().max(1)) {
            let plan = LanesPlan { columns: count, ..frame.clone() }.filling(crowd, columns);
            let fits = |plan: &LanesPlan| plan.height <= columns.room + 0.5;
            if fits(&plan) && plan.pitch >= columns.good {
                return Some(plan);
            }
            let better = |best: &LanesPlan| match (fits(&plan), fits(best)) {
                (true, true) => plan.pitch > best.pitch + 0.5,
                (true, false) => true,
                (false, true) => false,
                (false, false) => plan.height < best.height,
            };
            if best.as_ref().is_none_or(better) {
                best = Some(plan);
            }
        }
    }
    best
}

/// Frames around racks, without what is in them; a header line says what the columns mean.
fn rack_frames(crowd: &Crowd) -> f64 {
    let racks = crowd.racks.len().max(1) as f64;
    COLUMNS + racks * 2.0 * RACK_PAD + (racks - 1.0) * RACK_GAP
}
