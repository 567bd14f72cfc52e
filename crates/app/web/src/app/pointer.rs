//! The pointer over the stage, and keys that go along a row. What is pointed at goes when the pointer goes, however fast;
//! and when the picture changes under a resting pointer, it is looked up again.

use view::Pointed;
use web_sys::{Element, FocusEvent, HtmlElement, PointerEvent};
use yew::prelude::*;

use super::beside::{Frame, beside};
use super::{App, Msg};
use crate::clock::Listener;
use crate::stage::pointing::{Place, Shown};
use ::stage::geometry::{Area, Point, point};

/// Between two looks at what lies under a resting pointer, in milliseconds.
const AGAIN: f64 = 100.0;

/// What became of the pointer.
pub enum News {
    Moved(Point),
    /// A finger has touched here.
    Tapped(Point),
    /// It is over nothing any more, or nobody knows where it is.
    Left,
    /// The focus went elsewhere.
    Refocused,
}

/// Who points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum By {
    #[default]
    Nobody,
    /// A pointer that rests here.
    Pointer(Point),
    /// A finger that touched something and went.
    Finger,
    Keys,
}

/// Who points, and at which box of the window.
#[derive(Debug, Default)]
pub struct Pointer {
    by: By,
    area: Option<Area>,
    /// The picture is another one than when it was looked up.
    stale: bool,
    looked: f64,
    pub card: NodeRef,
}

impl Pointer {
    /// The picture has changed.
    pub fn outdated(&mut self) {
        self.stale = true;
    }

    /// Whoever does not see the card hears what keys lead to.
    pub fn is_by_keys(&self) -> bool {
        self.by == By::Keys
    }
}

/// What only has to stay alive.
pub struct Ears {
    _pointer: Vec<Listener<PointerEvent>>,
    _focus: Option<Listener<FocusEvent>>,
    _blur: Option<Listener<web_sys::Event>>,
}

/// Listens to everything that a pointer does. A pointer that leaves the window says so to whatever it was over.
pub fn listen(ctx: &Context<App>) -> Ears {
    let window = web_sys::window();
    let document = window.as_ref().and_then(web_sys::Window::document);
    let tell = ctx.link().callback(Msg::Pointer);
    let on = |kind: &'static str, news: fn(&PointerEvent) -> Option<News>| {
        let tell = tell.clone();
        let hear = move |event: PointerEvent| news(&event).into_iter().for_each(|news| tell.emit(news));
        document.as_ref().map(|document| Listener::new(document, kind, hear))
    };
    let kinds = [
        on("pointermove", |event| (!is_finger(event)).then(|| News::Moved(place(event)))),
        on("pointerup", |event| is_finger(event).then(|| News::Tapped(place(event)))),
        on("pointerout", |event| (!is_finger(event) && event.related_target().is_none()).then_some(News::Left)),
        on("pointercancel", |_| Some(News::Left)),
    ];
    let (focused, blurred) = (tell.clone(), tell);
    Ears {
        _pointer: kinds.into_iter().flatten().collect(),
        _focus: document.map(|document| Listener::new(&document, "focusin", move |_| focused.emit(News::Refocused))),
        _blur: window.map(|window| Listener::new(&window, "blur", move |_| blurred.emit(News::Left))),
    }
}

/// A finger hides what it points at, so that cards stand above it.
fn is_finger(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

fn place(event: &PointerEvent) -> Point {
    point(f64::from(event.client_x()), f64::from(event.client_y()))
}

impl App {
    /// The pointer has moved, touched or gone; whether something else is pointed at now.
    pub(super) fn pointer(&mut self, news: News) -> bool {
        match news {
            News::Moved(at) => {
                let found = self.shown().at(at);
                // A pointer that moves over nothing leaves alone what keys have gone to.
                if found.is_none() && self.pointer.is_by_keys() {
                    return false;
                }
                self.point(By::Pointer(at), found)
            }
            News::Tapped(at) => {
                let found = self.shown().at(at);
                self.point(By::Finger, found)
            }
            News::Refocused if !self.pointer.is_by_keys() => false,
            News::Left | News::Refocused => self.point(By::Nobody, None),
        }
    }

    /// Nothing is pointed at any more, until the pointer moves again.
    pub(super) fn point_at_nothing(&mut self) -> bool {
        self.point(By::Nobody, None)
    }

    /// What keys have gone to, where it is drawn.
    pub(super) fn point_by_keys(&mut self, pointed: Pointed) {
        if let Some(area) = self.shown().place_of(&pointed) {
            self.point(By::Keys, Some((pointed, area)));
        }
    }

    /// Along the keys of what has the focus.
    pub(super) fn along_keys(&mut self, steps: i32) {
        let known = self.state.pointed.as_ref().filter(|_| self.pointer.is_by_keys());
        if let Some(found) = self.shown().along(known, steps) {
            self.point(By::Keys, Some(found));
        }
    }

    /// Looks again at what lies under a resting pointer, or where the thing itself is now. Whether it is another.
    pub(super) fn look_again(&mut self, stamp: f64) -> bool {
        if !self.pointer.stale || stamp - self.pointer.looked < AGAIN || self.pointer.by == By::Nobody {
            return false;
        }
        self.pointer.stale = false;
        self.pointer.looked = stamp;
        let by = self.pointer.by;
        let found: Option<Place> = match by {
            By::Nobody => None,
            By::Pointer(at) => self.shown().at(at),
            By::Finger | By::Keys => {
                let known = self.state.pointed.clone();
                known.and_then(|known| Some((known.clone(), self.shown().place_of(&known)?)))
            }
        };
        self.point(by, found)
    }

    /// Has anything changed by it?
    fn point(&mut self, by: By, found: Option<Place>) -> bool {
        let (pointed, area) = found.map_or((None, None), |(pointed, area)| (Some(pointed), Some(area)));
        self.pointer.by = by;
        let changed = self.state.pointed != pointed || self.pointer.area != area;
        self.pointer.area = area;
        self.state.pointed = pointed;
        changed
    }

    fn shown(&self) -> Shown<'_> {
        Shown { layout: &self.scene.places, motion: &self.motion, scale: self.scene.plan.scale }
    }

    /// Puts the card beside what is pointed at, inside the stage.
    pub(super) fn place_card(&self) {
        // There is no card, or nothing is pointed at.
        let Some((card, thing)) = self.pointer.card.cast::<HtmlElement>().zip(self.pointer.area) else { return };
        let stage = web_sys::window().and_then(|window| window.document()?.get_element_by_id("stage"));
        // The stage has not been drawn.
        let Some(room) = stage.map(|stage: Element| stage.get_bounding_client_rect()) else { return };
        let room = Frame { left: room.left(), top: room.top(), right: room.right(), bottom: room.bottom() };
        let thing = Frame { left: thing.x, top: thing.y, right: thing.right(), bottom: thing.bottom() };
        // As high as it wants to be.
        let style = card.style();
        let _ = style.set_property("max-height", "none");
        let size = (f64::from(card.offset_width()), f64::from(card.offset_height()));
        let spot = beside(&thing, size, &room);
        for (name, value) in [("left", spot.left), ("top", spot.top), ("max-height", spot.most)] {
            let _ = style.set_property(name, &format!("{}px", value.round() as i32));
        }
    }
}
