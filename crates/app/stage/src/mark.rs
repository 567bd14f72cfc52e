//! Marks: the few kinds of things that the stage is drawn with. They name classes of the style sheet and coordinates in
//! stage units; a page draws them as SVG, a test measures them.

use std::rc::Rc;

use view::{BrokerId, Glyph, Pointed, ProcessId, Thing};

use crate::geometry::{Area, Point};
use crate::measure;

/// A keyed piece of the stage. The page draws it again only when it is another `Rc`.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Unique in its scene, and the same for the same thing in every scene.
    pub key: String,
    /// What it is called by those who hear the stage; empty for what is only decoration.
    pub label: String,
    pub marks: Vec<Mark>,
}

/// One thing that is drawn. Later marks lie over earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Text(Words),
    /// A box with rounded corners.
    Box {
        area: Area,
        radius: f64,
        class: &'static str,
    },
    Circle(Circle),
    /// A path in SVG's words.
    Path {
        d: String,
        class: &'static str,
    },
    /// A symbol of the page's own set, such as `crown`, in a colour of the theme, such as `ink-2`; empty: its own.
    Symbol {
        name: &'static str,
        area: Area,
        color: &'static str,
    },
    /// A key's shape and letter; `area` is its square.
    Key(Glyph, Area),
    /// Marks that share a class, a place or an opacity.
    Gather(Gathered),
    Button(Button),
    /// A piece that is drawn again only when it is another one.
    Part(Rc<Part>),
}

/// A circle, or a part of its edge: `share` of it, clockwise from above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    pub center: Point,
    pub radius: f64,
    pub class: &'static str,
    /// `None`: the whole edge.
    pub share: Option<f64>,
}

/// Marks that share something.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    pub class: &'static str,
    /// A second class, such as a topic's hue.
    pub hue: &'static str,
    /// Degrees around a point.
    pub turn: Option<(f64, Point)>,
    pub shift: Point,
    /// 1 is opaque.
    pub opacity: f64,
    /// What a pointer or a test finds here, as `data-…` attributes; see `view::pointed`.
    pub tag: Tag,
    pub marks: Vec<Mark>,
}

/// What lies under the pointer, spelled for an attribute; empty mostly.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tag(pub String);

impl Tag {
    /// Of something that can be pointed at.
    pub fn of(pointed: &Pointed) -> Tag {
        Tag(view::pointed::spell(pointed))
    }
}

/// A text's size on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 11 px: offsets, notes. Nothing is smaller.
    Micro,
    /// 12 px: second lines.
    Small,
    /// 13 px, in pills.
    Pill,
    /// 14 px: names.
    Label,
    /// 15 px: stamps.
    Stamp,
}

impl Size {
    /// In stage units.
    pub fn units(self) -> f64 {
        match self {
            Size::Micro => 11.0,
            Size::Small => 12.0,
            Size::Pill => 13.0,
            Size::Label => 14.0,
            Size::Stamp => 15.0,
        }
    }
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Start,
    Middle,
    End,
}

/// How a text is set: size, weight, letters, colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    pub size: Size,
    pub strong: bool,
    pub mono: bool,
    /// A class of colour, such as `i2` or `f-warn`; empty is plain ink.
    pub color: &'static str,
    pub align: Align,
}

impl Spelling {
    /// Plain words of a size, beginning at their place.
    pub const fn of(size: Size) -> Spelling {
        Spelling { size, strong: false, mono: false, color: "", align: Align::Start }
    }
    pub const fn strong(self) -> Spelling {
        Spelling { strong: true, ..self }
    }
    pub const fn mono(self) -> Spelling {
        Spelling { mono: true, ..self }
    }
    pub const fn color(self, color: &'static str) -> Spelling {
        Spelling { color, ..self }
    }
    pub const fn align(self, align: Align) -> Spelling {
        Spelling { align, ..self }
    }
}

/// A placed text: `at` is on the base line.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    pub at: Point,
    pub spelling: Spelling,
    pub text: String,
    /// The whole text where `text` had to be shortened; empty otherwise.
    pub whole: String,
}

impl Words {
    /// The box that the text covers.
    pub fn area(&self) -> Area {
        let (width, size) = (measure::width(&self.text, self.spelling), self.spelling.size.units());
        let x = match self.spelling.align {
            Align::Start => self.at.x,
            Align::Middle => self.at.x - width / 2.0,
            Align::End => self.at.x - width,
        };
        // Latin letters rise three quarters above the base line and hang a fifth below it.
        Area::new(x, self.at.y - size * 0.78, width, size)
    }
}

/// What a press on the stage asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    Select(Thing),
    /// Stops, starts or resumes a process.
    Switch(Switch, ProcessId),
    /// Opens a broker's lane at full size in its place, or closes it.
    OpenLane(BrokerId),
    /// Lets messages pass between these pairs of processes again.
    Heal(Vec<(ProcessId, ProcessId)>),
    /// The list of everything, in which what is not drawn can be found.
    List,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    Kill,
    Start,
    Resume,
}

/// Something that can be pressed by pointer, Enter and Space, and that can be focused.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    pub press: Press,
    /// What a screen reader says.
    pub label: String,
    /// For tests and style sheets: `switch-2`, `row-orders-0`.
    pub name: String,
    /// The box that takes the pointer.
    pub area: Area,
    pub class: &'static str,
    /// Whether it is the selected one; `None` for what is no choice.
    pub pressed: Option<bool>,
    /// How it is drawn.
    pub marks: Vec<Mark>,
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered {
            class: "",
            hue: "",
            turn: None,
            shift: Point::default(),
            opacity: 1.0,
            tag: Tag::default(),
            marks: Vec::new(),
        }
    }
}

impl Part {
    /// A piece without a name of its own.
    pub fn new(key: impl Into<String>, marks: Vec<Mark>) -> Rc<Part> {
        Rc::new(Part { key: key.into(), label: String::new(), marks })
    }
}

impl Mark {
    /// The piece that this mark is, if it is one.
    pub fn piece(&self) -> Option<&Rc<Part>> {
        if let Mark::Part(part) = self { Some(part) } else { None }
    }

    /// Calls `visit` for this mark and all inside it, with the shift that applies. Turned marks are told where they are
    /// before they are turned.
    pub fn walk(&self, shift: Point, visit: &mut impl FnMut(&Mark, Point)) {
        visit(self, shift);
        match self {
            Mark::Gather(gathered) => {
                let shift = Point { x: shift.x + gathered.shift.x, y: shift.y + gathered.shift.y };
                gathered.marks.iter().for_each(|mark| mark.walk(shift, visit));
            }
            Mark::Button(button) => button.marks.iter().for_each(|mark| mark.walk(shift, visit)),
            Mark::Part(part) => part.marks.iter().for_each(|mark| mark.walk(shift, visit)),
            Mark::Text(_)
            | Mark::Box { .. }
            | Mark::Circle(_)
            | Mark::Path { .. }
            | Mark::Symbol { .. }
            | Mark::Key(..) => {}
        }
    }
}
