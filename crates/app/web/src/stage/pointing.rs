//! Which key lies under the pointer. The glyphs themselves do not take the pointer, so that a row or a card is
//! one target wherever it is touched.

use view::{Glyph, StageView};

use super::geometry::Point;
use super::glyph::letter;
use super::layout::{Density, Layout};
use super::row::{CELL, shown};

/// The letter of the key at a point of the stage.
pub fn key_at(stage: &StageView, layout: &Layout, at: Point) -> Option<char> {
    if layout.phone {
        return None;
    }
    in_rows(stage, layout, at).or_else(|| in_cards(stage, layout, at)).and_then(letter)
}

fn in_rows(stage: &StageView, layout: &Layout, at: Point) -> Option<Glyph> {
    let lanes = stage.brokers.iter().zip(&layout.lanes).filter(|(_, lane)| lane.density != Density::Bars);
    lanes.flat_map(|(broker, lane)| broker.rows.iter().zip(&lane.rows)).find_map(|(row, (_, place))| {
        let along = (at.x - place.x - 170.0) / CELL;
        let inside = (at.y - place.y).abs() <= 12.0 && along >= 0.0;
        if inside { shown(row).get(along as usize).map(|cell| cell.glyph) } else { None }
    })
}

fn in_cards(stage: &StageView, layout: &Layout, at: Point) -> Option<Glyph> {
    let producers = stage.producers.iter().zip(&layout.producers).find_map(|(view, card)| {
        let along = (at.x - card.area.x - 56.0) / 24.0;
        let inside = (at.y - card.area.y - 44.0).abs() <= 12.0 && along >= 0.0;
        if inside { view.keys.get(along as usize).copied() } else { None }
    });
    let mut members =
        stage.groups.iter().zip(&layout.groups).flat_map(|(group, frame)| group.members.iter().zip(&frame.members));
    producers.or_else(|| {
        members.find_map(|(view, card)| {
            let along = (at.x - card.area.x - 44.0) / 20.0;
            let inside = (at.y - card.area.bottom() + 24.0).abs() <= 10.0 && along >= 0.0;
            if inside { view.read.get(along as usize).map(|(glyph, _)| *glyph) } else { None }
        })
    })
}
