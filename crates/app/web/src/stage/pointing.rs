//! What lies under the pointer or comes next by keys. An element that shows a key says so by an attribute
//! ([`view::pointed::ATTRIBUTE`]); where messages are that are under way is reckoned from the layout.

use stage::geometry::{Area, Point};
use stage::{Parcel, Places};
use view::pointed::{self, ATTRIBUTE};
use view::{MotionView, PacketFate, Pointed};
use wasm_bindgen::JsCast;
use web_sys::{Document, DomRect, Element};

/// What is drawn at this moment, and where on the screen.
pub struct Shown<'a> {
    pub layout: &'a Places,
    pub motion: &'a MotionView,
    /// CSS pixels per stage unit.
    pub scale: f64,
}

/// Something that shows a key, and its box in CSS pixels of the window.
pub type Place = (Pointed, Area);

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// In the window's pixels.
fn area_of(rect: &DomRect) -> Area {
    Area::new(rect.left(), rect.top(), rect.width(), rect.height())
}

/// Edges count.
fn holds(area: &Area, at: Point) -> bool {
    (area.x..area.right()).contains(&at.x) && (area.y..area.bottom()).contains(&at.y)
}

/// What an element says of itself.
fn named(element: &Element) -> Option<Place> {
    let pointed = pointed::parse(&element.get_attribute(ATTRIBUTE)?)?;
    Some((pointed, area_of(&element.get_bounding_client_rect())))
}

/// Of two stages beside each other only the shown branch's is asked: of the other nobody here knows anything.
const OTHER: &str = ".half:not(.on)";

/// The other run of a comparison has a stage of its own.
fn is_of_other(element: &Element) -> bool {
    matches!(element.closest(OTHER), Ok(Some(_)))
}

/// The first element that suits, outside the other branch's stage.
fn first(selector: &str) -> Option<Element> {
    let all = document()?.query_selector_all(selector).ok()?;
    let elements = (0..all.length()).filter_map(|index| all.get(index)?.dyn_into::<Element>().ok());
    elements.into_iter().find(|element| !is_of_other(element))
}

impl Shown<'_> {
    /// What lies at a point of the window.
    pub fn at(&self, at: Point) -> Option<Place> {
        let element = document()?.element_from_point(at.x as f32, at.y as f32)?;
        if is_of_other(&element) {
            return None;
        }
        let own = element.closest(&format!("[{ATTRIBUTE}]")).ok().flatten().and_then(|element| named(&element));
        // Above the stage may lie something else.
        let on_stage = || matches!(element.closest(".boards"), Ok(Some(_)));
        own.or_else(|| self.drawn().filter(|_| on_stage())?.into_iter().find(|(_, area)| holds(area, at)))
    }

    /// Where it is shown now; `None` when it is not.
    pub fn place_of(&self, wanted: &Pointed) -> Option<Area> {
        let selector = format!("[{ATTRIBUTE}=\"{}\"]", pointed::spell(wanted));
        let own = first(&selector);
        let own = own.map(|element| area_of(&element.get_bounding_client_rect()));
        own.or_else(|| self.drawn()?.into_iter().find(|(pointed, _)| pointed == wanted).map(|(_, area)| area))
    }

    /// What follows by so many steps in the row or card that has the focus; at first its end or its beginning.
    pub fn along(&self, known: Option<&Pointed>, steps: i32) -> Option<Place> {
        let mut all = self.in_focus()?;
        let here = known.and_then(|known| all.iter().position(|(pointed, _)| pointed == known));
        let last = all.len().checked_sub(1)?;
        let next = match here {
            Some(here) => here.saturating_add_signed(steps as isize).min(last),
            None if steps < 0 => last,
            None => 0,
        };
        Some(all.swap_remove(next))
    }

    /// All that shows a key in what has the focus, from left to right.
    fn in_focus(&self) -> Option<Vec<Place>> {
        let focused = document()?.active_element().filter(|focused| !is_of_other(focused))?;
        let list = focused.closest(".press").ok().flatten()?.query_selector_all(&format!("[{ATTRIBUTE}]")).ok()?;
        let elements = (0..list.length()).filter_map(|index| list.get(index));
        let own: Vec<Place> = elements.filter_map(|node| named(&node.dyn_into::<Element>().ok()?)).collect();
        if !own.is_empty() {
            return Some(own);
        }
        let area = area_of(&focused.get_bounding_client_rect());
        let inside = self
            .drawn()?
            .into_iter()
            .filter(|(pointed, place)| !matches!(pointed, Pointed::Packet { .. }) && holds(&area, place.middle()));
        Some(inside.collect())
    }

    /// Every message under way, in the window.
    fn drawn(&self) -> Option<Vec<Place>> {
        let drawing = first(".boards > svg")?.get_bounding_client_rect();
        let mut all = self.packets();
        let scale = self.scale;
        for (_, area) in &mut all {
            let (x, y) = (drawing.left() + area.x * scale, drawing.top() + area.y * scale);
            *area = Area::new(x, y, area.width * scale, area.height * scale);
        }
        Some(all)
    }

    /// The canvas has no elements, so that records on their way are found by their places.
    fn packets(&self) -> Vec<Place> {
        let there = self.motion.packets.iter().filter(|packet| packet.fate != PacketFate::Lost);
        let mut all = Vec::new();
        for packet in there.filter(|packet| packet.text.is_empty() && !packet.glyphs.is_empty()) {
            // One of its ends is not on the picture.
            let Some(parcel) = Parcel::of(packet, self.layout, f64::from(packet.progress)) else { continue };
            let record = |index: usize| (Pointed::Packet { number: packet.number, index }, parcel.record(index));
            all.extend((0..parcel.shown).map(record));
        }
        all
    }
}
