//! Where the pieces of one row stand: name, badge, star, ISR, cells. It depends on the width and the pitch that a row
//! has, so that neighbours stand below each other.

use crate::mark::Size;
use crate::places::Lane;
use crate::room::Step;

/// Left edges, from the row's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The name's width; it begins at 0.
    pub name: f64,
    pub name_size: Size,
    pub badge: f64,
    pub badge_size: f64,
    /// `None`: there is no room for stars.
    pub star: Option<f64>,
    /// ISR dots, or a word.
    pub isr: f64,
    pub isr_width: f64,
    pub cells: f64,
    /// From one cell to the next.
    pub cell: f64,
    pub cell_width: f64,
    /// Half of a cell's height.
    pub half: f64,
    /// Cells that have room.
    pub count: usize,
    /// Where the row ends.
    pub right: f64,
}

impl Grid {
    /// Of the rows of a lane.
    pub fn of(lane: &Lane) -> Grid {
        let (width, pitch) = lane.row_size;
        if lane.step == Step::Cells { Grid::of_cells(width) } else { Grid::of_strip(width, pitch) }
    }

    /// Records as cells with their keys.
    fn of_cells(right: f64) -> Grid {
        // What is wider than twelve cells is shared with the names.
        let more = ((right - 474.0) / 2.0).clamp(0.0, 60.0);
        let cells = 170.0 + more;
        Grid {
            name: 66.0 + more,
            name_size: Size::Small,
            badge: 70.0 + more,
            badge_size: 20.0,
            star: Some(94.0 + more),
            isr: 109.4 + more,
            isr_width: 57.6,
            cells,
            cell: 25.0,
            cell_width: 23.0,
            half: 12.0,
            count: room(right - cells, 25.0),
            right,
        }
    }

    /// Records as thin strips.
    fn of_strip(right: f64, pitch: f64) -> Grid {
        let cell = (pitch - 3.0).min(24.0);
        let badge_size = cell.clamp(14.0, 18.0);
        // What is wider than twelve cells and what is said behind them goes to the names.
        let more = (right - 66.0 - 98.6 - NEWEST * (cell + 1.5) - BEHIND).clamp(0.0, 30.0);
        let (name, name_size) = if right < 230.0 { (61.0, Size::Micro) } else { (66.0 + more, Size::Small) };
        let badge = name + 3.0;
        let star = (right >= 210.0).then_some(badge + badge_size + 2.0);
        let isr = star.unwrap_or(badge + badge_size) + if star.is_some() { 14.0 } else { 3.0 };
        let isr_width = match right {
            ..230.0 => 32.0,
            230.0..300.0 => 42.0,
            _ => 57.6,
        };
        let cells = isr + isr_width + 4.0;
        // Behind the cells, "HW 1234".
        let behind = if right >= 300.0 { BEHIND } else { 0.0 };
        Grid {
            name,
            name_size,
            badge,
            badge_size,
            star,
            isr,
            isr_width,
            cells,
            cell: cell + 1.5,
            cell_width: cell,
            half: cell / 2.0,
            count: room(right - cells - behind, cell + 1.5),
            right,
        }
    }
}

/// As many cells as a view has of a row.
const NEWEST: f64 = 12.0;
/// What "HW 1234" behind the cells needs.
const BEHIND: f64 = 54.0;

/// How many fit.
fn room(width: f64, cell: f64) -> usize {
    (width / cell).floor().max(1.0) as usize
}
