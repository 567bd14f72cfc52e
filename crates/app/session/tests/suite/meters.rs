//! The meters behind a page: a producer that goes on with other settings, and what an address names.

use base::{Offset, TopicPartition};
use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, ViewOptions};
use view::meters::{CurveView, MetersChoice};
use view::text::Language;
use view::{Str, Thing};

const EN: Language = Language::English;

fn session(search: &str) -> Session {
    let start = Start { visit: Visit::read(search), ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&ViewOptions::default()).way.is_some() {
        session.advance(16.0, EN);
    }
    session
}

fn play(session: &mut Session, frames: u32) {
    session.play(Playback::Toggle);
    for _ in 0..frames {
        session.advance(16.0, EN);
    }
    session.play(Playback::Toggle);
}

/// Once everything is told.
fn curve(session: &mut Session, choice: &MetersChoice) -> CurveView {
    let options = ViewOptions { meters: Some(choice.clone()), ..ViewOptions::default() };
    for _ in 0..5_000 {
        let frame = session.frame(&options);
        if session.is_at_rest() {
            return frame.meters.as_ref().and_then(|view| view.curve.clone()).expect("there are producers");
        }
        session.advance(16.0, EN);
    }
    panic!("it is never told");
}

fn commands(session: &mut Session) -> usize {
    session.frame(&ViewOptions::default()).timeline.marks.len()
}

#[test]
fn a_producer_goes_on_with_other_settings() {
    let mut session = session("?speed=20");
    play(&mut session, 200);
    let next = session.retune("web", (0, 200), EN);
    assert_eq!(next.as_deref(), Some("web-2"));
    play(&mut session, 400);
    let choice = MetersChoice { tuned: next, ..MetersChoice::default() };
    let view = curve(&mut session, &choice);
    assert_eq!((&*view.producers[view.chosen], view.linger, view.batch), ("web-2", 0, 0));
    assert!(!view.producers.iter().any(|name| **name == *"web"), "the one before it is closed");
    let of = |name: &str| view.points.iter().find(|point| point.label.starts_with(&format!("{name}: ")));
    assert!(of("web").is_some_and(|point| point.label.contains("linger.ms=210")), "what it came to stays");
    assert!(of("web-2").is_some_and(|point| point.label.contains("linger.ms=0, batch.size=200")), "{:?}", view.points);
    // Again: numbers go on, and do not pile up behind each other.
    assert_eq!(session.retune("web-2", (5, 1_000), EN).as_deref(), Some("web-3"));
    assert_eq!(session.retune("nobody", (5, 1_000), EN), None, "nobody of that name was ever added");
}

/// Two acts, as two lines would be: each is undone alone.
#[test]
fn both_acts_can_be_undone() {
    let mut session = session("?speed=20");
    play(&mut session, 200);
    let before = commands(&mut session);
    session.retune("web", (0, 200), EN).expect("it is there");
    play(&mut session, 20);
    for _ in 0..2 {
        session.play(Playback::Undo);
        for _ in 0..2_000 {
            if session.is_at_rest() {
                break;
            }
            session.advance(16.0, EN);
        }
    }
    assert!(commands(&mut session) <= before);
    let view = curve(&mut session, &MetersChoice { tuned: Some(Str::from("web")), ..MetersChoice::default() });
    assert_eq!(&*view.producers[view.chosen], "web", "it sends as before");
}

#[test]
fn an_address_names_processes_partitions_and_records() {
    let mut session = session("?speed=20");
    play(&mut session, 200);
    let process = |name: &str| match session.thing_named(name) {
        Some(Thing::Process(process)) => process,
        other => panic!("{name} is {other:?}"),
    };
    let (leader, _) = (process("1"), process("billing-1"));
    let partition = TopicPartition::new("orders", 0);
    let led = Some(Thing::Replica { process: leader, partition: partition.clone() });
    assert_eq!(session.thing_named("orders-0"), led);
    let record = Thing::Record { process: leader, partition, offset: Offset(12) };
    assert_eq!(session.thing_named("orders-0@12"), Some(record));
    for nothing in
        ["", "@", "orders", "orders-9", "orders-0@", "orders-0@-1", "orders-0@999999", "orders-x@1", "nobody"]
    {
        assert_eq!(session.thing_named(nothing), None, "{nothing}");
    }
}
