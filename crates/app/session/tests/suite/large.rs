//! A large cluster plays: time goes on at the automatic tempo, whatever its groups are doing. And opening one can be
//! stopped: that is answered before thousands of partitions are drawn.

use std::cell::Cell;
use std::rc::Rc;

use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, ViewOptions, WayKind};
use view::Detail;
use view::text::Language;

const EN: Language = Language::English;
const SIZES: &str = include_str!("../../../../../tests/browser/sizes.json");
const HEAVY: &str = include_str!("../../../../../tests/browser/heavy.json");

thread_local! {
    static NOW: Cell<f64> = const { Cell::new(0.0) };
}

/// A clock that goes on whenever it is read, so that slices end.
fn clock() -> f64 {
    NOW.set(NOW.get() + 1.0);
    NOW.get()
}

fn link(all: &'static str, name: &str) -> &'static str {
    let start = all.find(name).expect("it is there") + name.len() + 4;
    let text = &all[start..];
    &text[..text.find('"').expect("it ends")]
}

fn options() -> ViewOptions {
    ViewOptions { detail: Detail::Brokers, ..ViewOptions::default() }
}

#[test]
fn fifty_brokers_go_on() {
    let start = Start {
        visit: Visit::default(),
        fragment: link(SIZES, "50-500-20").trim_start_matches('#').to_owned(),
        autoplay: false,
        ..Start::default()
    };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&options()).way.is_some() {
        session.advance(16.0, EN);
    }
    let before = session.frame(&options()).timeline.event_text.clone();
    session.play(Playback::Toggle);
    for _ in 0..180 {
        session.advance(16.7, EN);
        session.frame(&options());
    }
    let after = session.frame(&options()).timeline.event_text.clone();
    assert_ne!(before, after, "three seconds of the reader's time have passed");
}

#[test]
fn stop_is_answered_before_what_was_reached_is_drawn() {
    let fragment = link(HEAVY, "4900-partitions").trim_start_matches('#').to_owned();
    let start = Start { visit: Visit::default(), fragment, autoplay: false, ..Start::default() };
    let mut session = Session::open(&start, Surroundings { clock, address: "https://page.example/".to_owned() });
    let mut before = session.frame(&options());
    for _ in 0..40 {
        session.advance(16.0, EN);
        before = session.frame(&options());
    }
    assert_eq!(before.way.map(|way| way.kind), Some(WayKind::Link), "it is being opened");
    session.stop_way();
    let answer = session.frame(&options());
    assert_eq!(answer.way.map(|way| way.kind), Some(WayKind::Start), "nothing is left to stop, and not all is drawn");
    assert!(Rc::ptr_eq(&answer.stage, &before.stage), "the answer draws nothing");
    session.advance(16.0, EN);
    let after = session.frame(&options());
    assert!(after.way.is_none() && after.notice.is_some(), "it says that it was stopped");
    assert!(!Rc::ptr_eq(&after.stage, &before.stage), "what was reached is shown");
}
