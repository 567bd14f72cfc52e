//! Two branches under one clock: the other's stage, the first difference, and what moves with the reader.

use std::cell::Cell;

use base::Time;
use session::visit::Visit;
use session::{Frame, Playback, Session, Start, Surroundings, ViewOptions};
use view::Compared;
use view::text::Language;

thread_local! {
    static NOW: Cell<f64> = const { Cell::new(0.0) };
    /// How long it takes from one look at the clock to the next, in milliseconds: on a slow machine a few events.
    static LOOK: Cell<f64> = const { Cell::new(0.0) };
}

fn clock() -> f64 {
    NOW.set(NOW.get() + LOOK.get());
    NOW.get()
}

fn options() -> ViewOptions {
    ViewOptions { compare: true, ..ViewOptions::default() }
}

fn open() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session = Session::open(&start, Surroundings { clock, address: "https://page.example/".to_owned() });
    settle(&mut session);
    session
}

/// Until nothing is under way, and how many frames that took.
fn settle(session: &mut Session) -> (Frame, u32) {
    for frames in 0..20_000 {
        let frame = session.frame(&options());
        let done = frame.way.is_none() && frame.compare.as_ref().is_none_or(|view| is_there(&view.said));
        if done && frame.compare.as_ref().is_none_or(|view| !view.looking.starts_with("Looking")) {
            return (frame, frames);
        }
        session.advance(0.0, Language::English);
    }
    panic!("it never arrives");
}

fn is_there(said: &Compared) -> bool {
    !matches!(said, Compared::Behind { .. })
}

/// Broker 2 is killed in B and not in A; the reader stands in B.
fn forked() -> (Session, Time) {
    let mut session = open();
    let at = session.frame(&options()).timeline.now;
    session.play(Playback::Seek(Time(at.0 + 12_000_000_000)));
    settle(&mut session);
    session.play(Playback::Seek(at));
    settle(&mut session);
    session.line("kill 2", Language::English);
    session.play(Playback::Seek(Time(at.0 + 8_000_000_000)));
    settle(&mut session);
    (session, at)
}

#[test]
fn one_branch_has_nothing_beside_it() {
    let mut session = open();
    let frame = session.frame(&options());
    assert!(frame.compare.is_none() && frame.beside.is_none());
    assert!(session.motion_beside(&options()).is_none());
}

#[test]
fn the_other_stage_stands_at_the_same_instant_wherever_the_reader_goes() {
    let (mut session, at) = forked();
    for later in [8_000, 2_000, 5_000, 11_000, 0] {
        session.play(Playback::Seek(Time(at.0 + later * 1_000_000)));
        let (frame, _) = settle(&mut session);
        let (compare, other) = (frame.compare.expect("two branches"), frame.beside.expect("it is there"));
        assert!(is_there(&compare.said), "{:?}", compare.said);
        // In A nobody has killed anybody.
        let state = |stage: &view::StageView| stage.brokers.iter().map(|broker| broker.state).collect::<Vec<_>>();
        assert_eq!(compare.sides.each_ref().map(|side| side.shown), [false, true]);
        if later > 0 {
            assert_ne!(state(&other), state(&frame.stage), "{later}");
        }
        assert!(session.motion_beside(&options()).is_some());
        // The other alone is the same picture.
        session.play(Playback::ShowBranch(0));
        let (alone, _) = settle(&mut session);
        assert_eq!(alone.timeline.now, frame.timeline.now);
        assert_eq!(state(&alone.stage), state(&other), "{later}");
        assert_eq!(alone.stage.headline, other.headline, "{later}");
        session.play(Playback::ShowBranch(1));
        settle(&mut session);
    }
}

#[test]
fn it_steps_back_and_plays_with_the_reader() {
    let (mut session, at) = forked();
    session.play(Playback::Seek(Time(at.0 + 3_000_000_000)));
    settle(&mut session);
    for _ in 0..5 {
        session.play(Playback::StepBack);
        let (frame, frames) = settle(&mut session);
        assert!(frame.beside.is_some() && frames < 20, "{frames} frames for one step");
    }
    session.play(Playback::Toggle);
    for _ in 0..30 {
        session.advance(16.0, Language::English);
        let frame = session.frame(&options());
        assert!(frame.beside.is_some(), "it keeps up");
    }
}

/// However fast it plays, and however slow the machine is: one clock moves both, and no stage goes and comes.
#[test]
fn whoever_plays_waits_for_the_other() {
    let (mut session, at) = forked();
    session.play(Playback::Seek(at));
    settle(&mut session);
    LOOK.set(1.0);
    (0..12).for_each(|_| session.play(Playback::Faster));
    session.play(Playback::Toggle);
    let begin = session.frame(&options()).timeline.now;
    let (mut last, mut stood) = (begin, 0);
    for _ in 0..400 {
        session.advance(16.0, Language::English);
        let frame = session.frame(&options());
        let compare = frame.compare.expect("two branches");
        assert!(frame.beside.is_some() && is_there(&compare.said), "{:?} at {}", compare.said, frame.timeline.now);
        assert!(frame.timeline.now >= last);
        stood = if frame.timeline.now == last { stood + 1 } else { 0 };
        assert!(stood < 25, "it goes on");
        last = frame.timeline.now;
    }
    assert!(last > begin, "time passes");
}

#[test]
fn the_first_difference_is_gone_to() {
    let (mut session, at) = forked();
    let (frame, _) = settle(&mut session);
    let first = frame.compare.and_then(|view| view.difference.clone()).expect("they differ");
    assert!(first.at > at && first.at <= Time(at.0 + 2), "the kill itself: {first:?}");
    session.play(Playback::FirstDifference);
    let (frame, _) = settle(&mut session);
    assert_eq!(frame.timeline.now, first.at);
    assert!(!frame.timeline.playing);
}

#[test]
fn without_comparing_nothing_is_kept() {
    let (mut session, _) = forked();
    let frame = session.frame(&ViewOptions::default());
    assert!(frame.compare.is_none() && frame.beside.is_none());
    assert!(!frame.ledger.all.iter().any(|row| row.text.contains(" | ")));
}

/// The same place may hold another key in the other branch: what is lit there is the key that is pointed at here.
#[test]
fn the_pointed_key_is_lit_in_both_branches() {
    let (mut session, at) = forked();
    session.line("add-producer extra orders keys=Z every=900ms", Language::English);
    session.play(Playback::Seek(Time(at.0 + 11_000_000_000)));
    let (frame, _) = settle(&mut session);
    let other = frame.beside.clone().expect("it is there");
    let cells = |stage: &view::StageView| -> Vec<(view::Pointed, view::Glyph, Option<bool>)> {
        let rows = stage.brokers.iter().flat_map(|broker| broker.rows.iter().map(move |row| (broker.process, row)));
        rows.flat_map(|(process, row)| {
            row.cells.iter().map(move |cell| {
                let partition = row.partition.clone();
                (view::Pointed::Record { process, partition, offset: cell.offset }, cell.glyph, cell.lit)
            })
        })
        .collect()
    };
    let there = cells(&other);
    let differs = |(pointed, glyph, _): &(view::Pointed, view::Glyph, _)| {
        there.iter().any(|(place, other, _)| place == pointed && other != glyph)
    };
    let found: Vec<_> = cells(&frame.stage).into_iter().filter(differs).take(5).collect();
    assert!(!found.is_empty(), "nothing differs");
    for (pointed, glyph, _) in found {
        let frame = session.frame(&ViewOptions { pointed: Some(pointed.clone()), ..options() });
        for stage in [&frame.stage, frame.beside.as_ref().expect("it is there")] {
            for (place, own, lit) in cells(stage) {
                assert_eq!(lit == Some(true), own == glyph, "{pointed:?}: {place:?} holds {own:?}");
            }
        }
    }
}
