//! Where a card stands beside a thing: wholly in view where there is room for it, and never over the thing itself, so that
//! it is never under the pointer.

/// An upright box in CSS pixels of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// Where the card's corner stands, and how high it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub left: f64,
    pub top: f64,
    pub most: f64,
}

/// From the thing to the card, and from the card to the edges of the room.
const GAP: f64 = 10.0;
const EDGE: f64 = 6.0;

/// Above the thing, else below it, else beside it; where nothing of it fits whole, on the side with most room, made lower.
pub fn beside(thing: &Frame, (width, height): (f64, f64), room: &Frame) -> Spot {
    let room =
        Frame { left: room.left + EDGE, top: room.top + EDGE, right: room.right - EDGE, bottom: room.bottom - EDGE };
    let within = |from: f64, least: f64, most: f64| from.min(most).max(least);
    let across = within(f64::midpoint(thing.left, thing.right) - width / 2.0, room.left, room.right - width);
    let down = within(f64::midpoint(thing.top, thing.bottom) - height / 2.0, room.top, room.bottom - height);
    let (above, below) = (thing.top - GAP - room.top, room.bottom - thing.bottom - GAP);
    let over = |most: f64| Spot { left: across, top: thing.top - GAP - height.min(most), most };
    let under = |most: f64| Spot { left: across, top: thing.bottom + GAP, most };
    let tall = room.bottom - room.top;
    if above >= height {
        over(above)
    } else if below >= height {
        under(below)
    } else if room.right - thing.right - GAP >= width {
        Spot { left: thing.right + GAP, top: down, most: tall }
    } else if thing.left - GAP - room.left >= width {
        Spot { left: thing.left - GAP - width, top: down, most: tall }
    } else if above >= below {
        over(above.max(0.0))
    } else {
        under(below.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(left: f64, top: f64, width: f64, height: f64) -> Frame {
        Frame { left, top, right: left + width, bottom: top + height }
    }

    /// Things all over rooms of all sizes.
    #[test]
    fn a_card_is_in_view_and_not_over_its_thing() {
        for (wide, high) in [(1120.0, 756.0), (360.0, 560.0), (683.0, 240.0), (480.0, 200.0), (1920.0, 900.0)] {
            let room = frame(20.0, 54.0, wide, high);
            for step in 0..400 {
                let (column, row) = (f64::from(step % 20) / 19.0, f64::from(step / 20) / 19.0);
                let thing = frame(20.0 + column * (wide - 24.0), 54.0 + row * (high - 24.0), 24.0, 24.0);
                let (width, height) = (300.0, 210.0);
                let spot = beside(&thing, (width, height), &room);
                let card = frame(spot.left, spot.top, width, height.min(spot.most));
                let inside = card.left >= room.left
                    && card.right <= room.right
                    && card.top >= room.top
                    && card.bottom <= room.bottom + 0.001;
                assert!(inside, "{card:?} is out of {room:?} beside {thing:?}");
                let apart = card.right < thing.left
                    || card.left > thing.right
                    || card.bottom < thing.top
                    || card.top > thing.bottom;
                assert!(apart, "{card:?} lies over {thing:?}");
                if high > 500.0 {
                    assert!(spot.most >= height, "{card:?} is made lower without need");
                }
            }
        }
    }

    #[test]
    fn above_comes_first() {
        let room = frame(0.0, 0.0, 1000.0, 700.0);
        let spot = beside(&frame(500.0, 400.0, 20.0, 20.0), (300.0, 200.0), &room);
        assert_eq!((spot.left, spot.top), (360.0, 190.0));
        assert_eq!(beside(&frame(2.0, 20.0, 20.0, 20.0), (300.0, 200.0), &room).top, 50.0);
    }
}
