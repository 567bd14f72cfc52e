//! The picture is a function of the run, the instant and what the reader chose to see: one session that played, stepped
//! around, undid and acted, another that opened its link, and a fork of the first draw the same at the same instants.
//!
//! `SEQUENCES` says how many random sequences are tried, `FIRST` the seed of the first.

use std::cell::Cell;

use base::{Draw, Rng, Time};
use lab::{ActId, Lab};
use script::Scenario;
use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, ViewOptions};
use view::text::Language;
use view::{InspectorView, LedgerView, MotionView, ProcessId, StageView, StoryView, Thing, TopicPartition};

/// Several topics and more keys than there are glyphs, so that an order of their own would show.
const SCENES: [&str; 3] = [
    "title: Alone\nseed: 3\ncombined: 1\nopen: 2s
set: offsets.topic.replication.factor=1
@300ms create-topic zebra partitions=1 rf=1
@300ms create-topic orders partitions=2 rf=1
@300ms add-consumer reader shop orders,zebra
@700ms add-producer web orders keys=b,a every=150ms
@900ms add-producer app zebra random-keys=40 every=60ms
@1500ms pace web 90ms
",
    "title: Two and a controller\nseed: 5\nbrokers: 2\ncontrollers: 1\nopen: 3s
set: offsets.topic.replication.factor=1
@1s create-topic orders assign=1,2/2,1
@1s add-consumer reader shop orders
@1s add-producer web orders keys=z,a every=200ms acks=all
@2500ms kill 2
@2500ms start 2
",
    "title: Nothing of its own\nseed: 9\ncombined: 1\nopen: 0s\n",
];

const LINES: [&str; 18] = [
    "kill 2",
    "kill 1",
    "start 2",
    "start 1",
    "send web hello key=order-1",
    "send web hello key=a-key-of-mine",
    "send web hello key=another",
    "stop reader",
    "start reader",
    "create-topic payments partitions=2 rf=1",
    "create-topic apples partitions=1 rf=1",
    "add-producer late apples keys=k,b every=130ms",
    "add-consumer c-1 audit payments,orders work=2ms",
    "cut 1 2",
    "pause 1",
    "resume 1",
    "delete-topic payments",
    "heal-all",
];

thread_local! {
    static NOW: Cell<f64> = const { Cell::new(0.0) };
}

/// A clock that goes on whenever it is read, so that slices end, in every run alike.
fn clock() -> f64 {
    NOW.set(NOW.get() + 0.01);
    NOW.get()
}

fn session(fragment: &str) -> Session {
    let start = Start { visit: Visit::default(), fragment: fragment.to_owned(), autoplay: false, ..Start::default() };
    let mut session = Session::open(&start, Surroundings { clock, address: "https://page.example/".to_owned() });
    arrive(&mut session);
    session
}

fn scene(rng: &mut Rng) -> String {
    let lab = Lab::new(Scenario::parse(SCENES[rng.below(3) as usize]).expect("our own"));
    lab.share().expect("it fits")
}

fn options(selection: Option<Thing>, details: bool, reduced_motion: bool) -> ViewOptions {
    ViewOptions {
        language: Language::English,
        details,
        internal: details,
        selection,
        partition: None,
        pointed: details.then(|| view::pointed::parse("record 3 orders-1 2").expect("a place")),
        reduced_motion,
        compare: false,
        ..ViewOptions::default()
    }
}

/// Goes on until nothing is under way and what comes next is known.
fn arrive(session: &mut Session) {
    let options = options(None, false, false);
    while session.frame(&options).way.is_some() {
        session.advance(0.0, Language::English);
    }
    for _ in 0..16 {
        session.advance(0.0, Language::English);
    }
}

fn playback(rng: &mut Rng) -> Playback {
    let at = Time(u64::from(rng.below(5_000)) * 1_000_000);
    match rng.below(16) {
        0 | 1 => Playback::Step,
        2 | 3 => Playback::StepBack,
        4 => Playback::NextVisible,
        5 => Playback::PreviousVisible,
        6 => Playback::PreviousMark,
        7 => Playback::Start,
        8 => Playback::Latest,
        9 | 10 => Playback::Seek(at),
        11 => Playback::Fork,
        12 => Playback::ShowBranch(rng.below(3) as usize),
        13 => Playback::LeaveOut(ActId::Reader(1 + rng.below(6))),
        _ => [Playback::Undo, Playback::Redo][rng.below(2) as usize],
    }
}

fn step(session: &mut Session, rng: &mut Rng) {
    match rng.below(8) {
        0..=2 => drop(session.line(LINES[rng.below(LINES.len() as u32) as usize], Language::English)),
        3..=5 => {
            session.play(playback(rng));
            arrive(session);
        }
        _ => {
            session.play(Playback::Toggle);
            for _ in 0..rng.below(30) {
                session.advance(f64::from(rng.below(50)), Language::English);
                // Whoever draws all the time sees more than others.
                drop(session.frame(&options(None, rng.below(2) == 0, false)));
            }
            halt(session);
        }
    }
    drop(session.frame(&options(Some(Thing::Topic("orders".into())), true, false)));
}

fn halt(session: &mut Session) {
    if session.state(Language::English).playing {
        session.play(Playback::Toggle);
    }
    session.drop_lines();
    session.play(Playback::Auto);
    arrive(session);
}

/// All that is drawn of a moment.
#[derive(PartialEq, Debug)]
struct Drawn {
    stage: StageView,
    motion: MotionView,
    story: StoryView,
    ledger: LedgerView,
    inspector: Option<InspectorView>,
}

fn drawn(session: &mut Session) -> Vec<Drawn> {
    let things = [
        None,
        Some(Thing::Process(ProcessId(1))),
        Some(Thing::Replica { process: ProcessId(0), partition: TopicPartition::new("orders", 0) }),
    ];
    let looks = things.into_iter().enumerate().map(|(index, thing)| options(thing, index != 1, index == 2));
    let draw = |options: ViewOptions| {
        let frame = session.frame(&options);
        let motion = session.motion(&options);
        Drawn {
            stage: StageView::clone(&frame.stage),
            motion,
            story: StoryView::clone(&frame.story),
            ledger: LedgerView::clone(&frame.ledger),
            inspector: frame.inspector.as_deref().cloned(),
        }
    };
    looks.map(draw).collect()
}

/// Where two pictures first differ.
fn same(one: &[Drawn], other: &[Drawn], of: &str) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.stage, other.stage, "the stage of {of}");
        assert_eq!(one.motion, other.motion, "what moves of {of}");
        assert_eq!(one.story, other.story, "the story of {of}");
        assert_eq!(one.ledger, other.ledger, "the ledger of {of}");
        assert_eq!(one.inspector, other.inspector, "the inspector of {of}");
    }
}

fn at(session: &mut Session, instant: Time) -> Vec<Drawn> {
    session.play(Playback::Seek(instant));
    arrive(session);
    drawn(session)
}

fn sequence(seed: u64) {
    let mut rng = Rng::new(seed, 91);
    let mut author = session(&scene(&mut rng));
    for _ in 0..3 + rng.below(12) {
        step(&mut author, &mut rng);
    }
    halt(&mut author);
    let here = drawn(&mut author);
    let state = author.state(Language::English);
    let fragment = state.link.split_once('#').expect("an address").1;
    let mut reader = session(fragment);
    same(&here, &drawn(&mut reader), "a link's own moment");
    let now: u64 = state.now.parse().expect("nanoseconds");
    let instants: Vec<Time> = (0..4).map(|_| Time(rng.below_u64(now + 1_500_000_000))).collect();
    let authors: Vec<_> = instants.iter().map(|instant| at(&mut author, *instant)).collect();
    for (instant, drawn) in instants.iter().zip(&authors).rev() {
        same(drawn, &at(&mut reader, *instant), &format!("{instant} for the reader of a link"));
    }
    author.play(Playback::Fork);
    for (instant, drawn) in instants.iter().zip(&authors) {
        same(drawn, &at(&mut author, *instant), &format!("{instant} on a fork"));
    }
}

#[test]
fn the_same_picture_whatever_way_led_there() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (count, first) = (number("SEQUENCES", 200), number("FIRST", 1));
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for seed in (first..first + count).filter(|seed| seed % 2 == half) {
                    let done = std::panic::catch_unwind(|| sequence(seed));
                    assert!(done.is_ok(), "sequence {seed} failed; try FIRST={seed} SEQUENCES=1");
                }
            });
        }
    });
    println!("{count} sequences");
}
