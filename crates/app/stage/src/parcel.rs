//! Messages under way: how large each one's tag is and where on its way. Whoever draws them and whoever points at them
//! see the same.

use view::PacketView;

use crate::geometry::{Area, Place, Point, point};
use crate::places::Places;

/// A record in a tag.
const RECORD: f64 = 17.0;

/// One message's tag: a box with a tip in the direction of travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parcel {
    pub place: Place,
    /// Of the box without its tip.
    pub length: f64,
    pub tip: f64,
    /// From its middle line to either side.
    pub half: f64,
    /// The records that it shows, of those that it carries.
    pub shown: usize,
}

impl Parcel {
    /// The tag of a message that has gone `share` (0 to 1) of its way. It lies between the ends of the way, as far as it is
    /// shorter than that, and so not on the words of cards; `None` where an end is not drawn.
    pub fn of(packet: &PacketView, places: &Places, share: f64) -> Option<Parcel> {
        // Between cards that are close to each other one record stands for all.
        let shown = packet.glyphs.len().min(if places.phone { 1 } else { 3 });
        let is_small = packet.text.is_empty() && shown == 0;
        let length = match (packet.text.chars().count(), is_small) {
            (_, true) => 10.0,
            (0, false) => 5.0 + RECORD * shown as f64,
            (letters, false) => 12.0 + 6.2 * letters as f64,
        };
        let (half, tip) = if is_small { (7.0, 6.0) } else { (11.0, 9.0) };
        let place = places.path(&packet.from, &packet.to)?.at_between(share, (length + tip) / 2.0);
        Some(Parcel { place, length, tip, half, shown })
    }

    /// How far the middle of a record stands from that of all, along the tag.
    fn along(&self, record: usize) -> f64 {
        RECORD * (record as f64 - (self.shown as f64 - 1.0) / 2.0)
    }

    /// The middle of the box without its tip, in which records stand.
    pub fn middle(&self) -> Point {
        let (x, y) = self.place.direction.step();
        let back = self.tip / 2.0;
        point(self.place.at.x - x * back, self.place.at.y - y * back)
    }

    /// Where a record of it is drawn: a tag that travels up or down has them below each other.
    pub fn record(&self, index: usize) -> Area {
        let (along, middle) = (self.along(index), self.middle());
        let (x, y) = if self.place.direction.is_upright() { (0.0, along) } else { (along, 0.0) };
        Area::new(middle.x + x - 8.0, middle.y + y - 8.0, 16.0, 16.0)
    }
}
