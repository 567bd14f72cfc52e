//! The columns left and right of the lanes: how much each card of a producer or of a group says, so that all of them are
//! seen at once.

use view::GroupView;

use super::{Across, CardDetail, Cards, Column, Draft};
use crate::room::{Crowd, Party, Step};

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

    pub(super) fn producers(&self, crowd: &Crowd, across: &Across, room: f64) -> Column {
        let count = |cards: Cards| match cards {
            Cards::Each => crowd.producers,
            Cards::Gathered => crowd.crowds,
        };
        let is_gathered = crowd.crowds > 0;
        let allowed = |(cards, _): &(Cards, CardDetail)| match cards {
            Cards::Each => !is_gathered || (!self.is_summed() && crowd.producers > 0),
            // A view of one line per broker has no producers, only cards of many.
            Cards::Gathered => {
                is_gathered && (self.is_summed() || crowd.producers == 0 || crowd.crowds < crowd.producers)
            }
        };
        let need = |(cards, detail): &(Cards, CardDetail)| producer_pitch(*detail) * count(*cards) as f64;
        let mut ways = PRODUCERS.iter().copied().filter(allowed);
        let densest = ways.clone().next_back().unwrap_or(PRODUCERS[4]);
        let way = ways.find(|way| need(way) <= room + 0.5).unwrap_or(densest);
        let (x, width, height) = (across.margin, across.cards, need(&way));
        Column { x, width, detail: way.1, cards: way.0, slots: Vec::new(), gathers: false, height }
    }

    pub(super) fn groups(&self, crowd: &Crowd, across: &Across, room: f64) -> Column {
        let of = |(detail, gathers): (CardDetail, bool), slots: Vec<usize>| {
            let folds = |party: &Party| self.is_summed() || (gathers && party.members > GroupView::FEW);
            let members = |party: &Party| if folds(party) { 0 } else { party.members };
            let frames = crowd.groups.iter().zip(&slots);
            let frames: f64 = frames.map(|(party, slots)| group_height(members(party), *slots, detail)).sum();
            let gaps = group_gap(detail) * crowd.groups.len().saturating_sub(1) as f64;
            let height = frames + gaps + store_pitch(detail) * crowd.stores as f64;
            Column { x: across.groups_x, width: across.groups, detail, cards: Cards::Each, slots, gathers, height }
        };
        let slots = |slots: fn(&Party) -> usize| crowd.groups.iter().map(slots).collect::<Vec<usize>>();
        let mut ways = vec![
            of((CardDetail::Short, false), slots(Party::share)),
            of((CardDetail::Short, true), slots(Party::share)),
            of((CardDetail::Line, false), slots(Party::share)),
        ];
        if !self.is_summed() {
            let fewer: [fn(&Party) -> usize; 4] = [
                wished,
                |party| wished(party).min(party.share()),
                |party| party.share().min(4),
                |party| party.share().min(2),
            ];
            ways.splice(0..0, fewer.map(|slots_of| of((CardDetail::Full, false), slots(slots_of))));
        }
        let densest = ways.len() - 1;
        let fitting = ways.iter().position(|way| way.height <= room + 0.5).unwrap_or(densest);
        ways.swap_remove(fitting)
    }
}

impl Column {
    /// What the cards of producers take that share a card which is opened.
    pub(super) fn unfolded(&self, crowd: &Crowd) -> f64 {
        let opened = if self.cards == Cards::Gathered { crowd.unfolded } else { 0 };
        // A card of its own height may stand lower than the column begins.
        let lower = if opened > 0 { 34.0 } else { 0.0 };
        lower + producer_pitch(CardDetail::Line) * opened as f64
    }

    /// The same of members.
    pub(super) fn unfolded_groups(&self, crowd: &Crowd) -> f64 {
        let opened = crowd.groups.iter().filter(|party| self.gathers && party.opened && party.members > GroupView::FEW);
        opened.map(|party| group_height(party.members, 1, self.detail) - group_height(0, 1, self.detail)).sum()
    }

    /// Higher by a tray of batches for each card, as far as there is room.
    pub(super) fn make_room_for_trays(&mut self, room: f64) {
        if (self.cards, self.detail) == (Cards::Each, CardDetail::Full) {
            let more = TRAY / producer_pitch(CardDetail::Full);
            self.height = (self.height * (1.0 + more)).min(room).max(self.height);
        }
    }
}

/// What a tray of four rows takes.
const TRAY: f64 = 122.0;

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

/// A store's card, with the gap above it.
pub fn store_pitch(detail: CardDetail) -> f64 {
    match detail {
        CardDetail::Full => 66.0 + 12.0,
        CardDetail::Short => 40.0 + 8.0,
        CardDetail::Line => 20.0 + 5.0,
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
