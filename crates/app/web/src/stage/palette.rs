//! The tokens' colours as the canvas needs them, read once per theme.

use view::KeyShape;
use web_sys::CssStyleDeclaration;

/// A topic's hue: leader cell, text, copy cell.
pub struct Hue {
    pub plain: String,
    pub ink: String,
    pub soft: String,
}

/// The colours of the present theme.
pub struct Palette {
    pub surface: String,
    pub ink_2: String,
    pub ink_3: String,
    pub line_strong: String,
    pub accent: String,
    pub ok: String,
    pub ok_soft: String,
    pub bad: String,
    pub bad_soft: String,
    pub meta: String,
    pub meta_soft: String,
    pub crown: String,
    pub key_ink: String,
    pub hues: [Hue; 5],
    pub font: String,
    keys: [String; 6],
}

impl Palette {
    /// The colours that apply to the document at this moment.
    pub fn read() -> Palette {
        let window = web_sys::window();
        let root = window.as_ref().and_then(|window| window.document()?.document_element());
        let style = window.zip(root).and_then(|(window, root)| window.get_computed_style(&root).ok()?);
        let get = |name: &str| token(style.as_ref(), name);
        let hue = |index: usize| Hue {
            plain: get(&format!("--t{index}")),
            ink: get(&format!("--t{index}-ink")),
            soft: get(&format!("--t{index}-soft")),
        };
        Palette {
            surface: get("--surface"),
            ink_2: get("--ink-2"),
            ink_3: get("--ink-3"),
            line_strong: get("--line-strong"),
            accent: get("--accent"),
            ok: get("--ok"),
            ok_soft: get("--ok-soft"),
            bad: get("--bad"),
            bad_soft: get("--bad-soft"),
            meta: get("--meta"),
            meta_soft: get("--meta-soft"),
            crown: get("--crown"),
            key_ink: get("--key-ink"),
            hues: [0, 1, 2, 3, 4].map(hue),
            font: get("--font-ui"),
            keys: ["a", "b", "c", "d", "e", "g"].map(|key| get(&format!("--key-{key}"))),
        }
    }

    /// A glyph's ground.
    pub fn key_fill(&self, shape: KeyShape) -> &str {
        let index = match shape {
            KeyShape::Circle => 0,
            KeyShape::Square => 1,
            KeyShape::Triangle => 2,
            KeyShape::Diamond => 3,
            KeyShape::Hexagon => 4,
            KeyShape::Pentagon => 5,
        };
        &self.keys[index]
    }
}

/// A colour of the theme, as the style sheet has it: the canvas knows no classes.
fn token(style: Option<&CssStyleDeclaration>, name: &str) -> String {
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default().trim().to_owned()
}
