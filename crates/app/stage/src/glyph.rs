//! A key's outline, for those who draw it.

use view::{Glyph, KeyShape};

/// The fill class, the `d` of the outline in a box of 20, and the letter's base line.
pub struct Outline {
    pub class: &'static str,
    pub path: &'static str,
    pub baseline: f64,
}

const CIRCLE: &str = "M10 1a9 9 0 1 0 .001 0z";

/// How a shape is drawn.
pub fn outline(shape: KeyShape) -> Outline {
    match shape {
        KeyShape::Circle => Outline { class: "key ka", path: CIRCLE, baseline: 13.8 },
        KeyShape::Square => Outline {
            class: "key kb",
            path: "M3.6 1.6h12.8a2 2 0 0 1 2 2v12.8a2 2 0 0 1-2 2H3.6a2 2 0 0 1-2-2V3.6a2 2 0 0 1 2-2z",
            baseline: 13.8,
        },
        KeyShape::Triangle => Outline { class: "key kc", path: "M10 .8 19.6 18.6H.4z", baseline: 16.2 },
        KeyShape::Diamond => Outline { class: "key kd", path: "M10 .3 19.7 10 10 19.7.3 10z", baseline: 13.8 },
        KeyShape::Hexagon => {
            Outline { class: "key ke", path: "M5.2 1.8h9.6L19.5 10l-4.7 8.2H5.2L.5 10z", baseline: 13.8 }
        }
        KeyShape::Pentagon => {
            Outline { class: "key kg", path: "M10 .6 19.5 7.8 15.9 18.8H4.1L.5 7.8z", baseline: 14.6 }
        }
    }
}

/// The letter that names a glyph's key.
pub fn letter(glyph: Glyph) -> Option<char> {
    match glyph {
        Glyph::Keyless => None,
        Glyph::Key { letter, .. } => Some(letter),
    }
}
