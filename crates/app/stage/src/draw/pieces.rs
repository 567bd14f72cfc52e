//! Shorter ways to write the marks that clients, controllers and wires are made of.

use view::{Glyph, Pointed, ProcessId, ProducerView, Thing};

use super::parts::rect;
use crate::geometry::{Area, Path, Point};
use crate::mark::{Align, Button, Circle, Gathered, Mark, Press, Size, Spelling, Switch, Tag};
use crate::measure;

/// What is only read from near.
pub const MICRO: Spelling = Spelling::of(Size::Micro);
/// Numbers.
pub const SMALL: Spelling = Spelling::of(Size::Small);
/// Names.
pub const NAME: Spelling = Spelling::of(Size::Label).strong();

/// Marks that share a class and a topic's hue.
pub fn group(class: &'static str, hue: &'static str, marks: Vec<Mark>) -> Mark {
    Mark::Gather(Gathered { class, hue, marks, ..Gathered::default() })
}

pub fn path(path: &Path, class: &'static str) -> Mark {
    Mark::Path { d: path.svg(), class }
}

pub fn circle(center: Point, radius: f64, class: &'static str) -> Mark {
    Mark::Circle(Circle { center, radius, class, share: None })
}

/// The part of a deadline's ring that is left, in thousandths.
pub fn ring(center: Point, radius: f64, (class, left): (&'static str, u16)) -> Mark {
    Mark::Circle(Circle { center, radius, class, share: Some(f64::from(left) / 1000.0) })
}

pub fn symbol(name: &'static str, area: Area, color: &'static str) -> Mark {
    Mark::Symbol { name, area, color }
}

/// Keys beside each other from `x` on, `size` high, `apart` from one to the next, around the line `y`.
pub fn keys(glyphs: &[Glyph], at: Point, (size, apart): (f64, f64)) -> impl Iterator<Item = Mark> {
    glyphs.iter().enumerate().map(move |(index, glyph)| {
        Mark::Key(*glyph, Area::new(at.x + apart * index as f64, at.y - size / 2.0, size, size))
    })
}

/// A key that can be pointed at.
pub fn pointable(key: Mark, pointed: &Pointed) -> Mark {
    Mark::Gather(Gathered { tag: Tag::of(pointed), marks: vec![key], ..Gathered::default() })
}

/// A producer's keys, each of which can be pointed at.
pub fn sent_keys(view: &ProducerView, shown: usize, at: Point, sizes: (f64, f64)) -> impl Iterator<Item = Mark> {
    let producer = view.process;
    let drawn = keys(&view.keys[..shown.min(view.keys.len())], at, sizes).enumerate();
    drawn.map(move |(index, key)| pointable(key, &Pointed::Key { producer, index }))
}

/// The square that stops, starts or resumes a process.
pub struct SwitchMark {
    pub switch: Switch,
    pub process: ProcessId,
    pub label: String,
    pub name: String,
    pub area: Area,
    pub class: &'static str,
}

impl SwitchMark {
    /// `inside` is the box and the sign's size; the button may be larger than what is drawn.
    pub fn button(self, (inside, sign, class): (Area, f64, &'static str)) -> Mark {
        let color = match (self.switch, class) {
            (Switch::Start | Switch::Resume, _) if self.class.is_empty() => "accent",
            (Switch::Kill, "try") => "bad",
            (Switch::Kill | Switch::Start | Switch::Resume, _) => "ink-2",
        };
        let name = match self.switch {
            Switch::Kill => "x",
            Switch::Start | Switch::Resume => "again",
        };
        let middle = inside.middle();
        let icon = Area::new(middle.x - sign / 2.0, middle.y - sign / 2.0, sign, sign);
        Mark::Button(Button {
            press: Press::Switch(self.switch, self.process),
            label: self.label,
            name: self.name,
            area: self.area,
            class: self.class,
            pressed: None,
            marks: vec![rect(inside, 6.0, class), symbol(name, icon, color)],
        })
    }
}

/// Something that is selected when it is pressed.
pub struct Choice {
    pub thing: Thing,
    pub label: String,
    pub name: String,
    pub area: Area,
    pub selected: Option<bool>,
}

impl Choice {
    pub fn button(self, marks: Vec<Mark>) -> Mark {
        Mark::Button(Button {
            press: Press::Select(self.thing),
            label: self.label,
            name: self.name,
            area: self.area,
            class: "",
            pressed: self.selected,
            marks,
        })
    }
}

/// A name in so much room: smaller before it is shortened.
pub fn name_in(words: &str, room: f64) -> Spelling {
    let sizes = [NAME, SMALL.strong(), MICRO.strong()];
    sizes.into_iter().find(|name| measure::width(words, *name) <= room).unwrap_or(sizes[1])
}

/// Ends at its place.
pub const fn end(spelling: Spelling) -> Spelling {
    spelling.align(Align::End)
}

/// Stands in the middle of its place.
pub const fn mid(spelling: Spelling) -> Spelling {
    spelling.align(Align::Middle)
}

/// The frame of a card.
pub fn card(area: Area, (selected, rests): (bool, Rests)) -> Mark {
    let class = match (selected, rests) {
        (true, _) => "card sel",
        (false, Rests::Yes) => "card idle",
        (false, Rests::No) => "card",
    };
    rect(area, 10.0_f64.min(area.height / 3.0), class)
}

/// Whether a client does nothing at present.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rests {
    Yes,
    No,
}

impl Rests {
    pub fn when(rests: bool) -> Rests {
        if rests { Rests::Yes } else { Rests::No }
    }

    /// The colour of the name.
    pub fn color(self) -> &'static str {
        match self {
            Rests::Yes => "f-off",
            Rests::No => "",
        }
    }
}

/// The base line of a text that stands around a line.
pub fn base(y: f64, size: Size) -> f64 {
    y + size.units() * 0.36
}
