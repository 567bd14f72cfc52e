//! Any act at any instant, as the page asks for it: gestures, lines, buttons of the transport, links, notices, frames
//! in between, under a clock that cuts the work into slices of any length. Nothing panics; whatever is shared opens
//! again, in a session of its own, to the same digests and the same acts.
//!
//! `SEQUENCES` says how many random sequences are tried, `FIRST` the seed of the first.

use std::cell::Cell;

use base::{Draw, Rng, Time};
use lab::{ActId, Lab};
use script::link::Link;
use script::{PlacedCommand, Scenario};
use session::visit::ask::Request;
use session::visit::{Place, Visit};
use session::{Acks, Act, Playback, Session, Start, Surroundings, ViewOptions};
use view::text::Language;
use view::{NoticeAction, Offset, Pointed, ProcessId, Thing, TopicPartition};

thread_local! {
    static NOW: Cell<f64> = const { Cell::new(0.0) };
    static PACE: Cell<f64> = const { Cell::new(1.0) };
}

/// A clock that goes on by so much each time that it is read: small slices, the same in every run.
fn clock() -> f64 {
    NOW.set(NOW.get() + PACE.get());
    NOW.get()
}

const SCENES: [&str; 3] = [
    "title: Alone\nseed: 3\ncombined: 1\nopen: 2s
set: offsets.topic.replication.factor=1
@300ms create-topic orders partitions=2 rf=1
@300ms add-consumer reader shop orders
@700ms add-producer web orders keys=a,b every=150ms
@1500ms pace web 90ms
",
    "title: Two and a controller\nseed: 5\nbrokers: 2\ncontrollers: 1\nopen: 3s
set: offsets.topic.replication.factor=1
@1s create-topic orders assign=1,2/2,1
@1s add-consumer reader shop orders
@1s add-producer web orders keys=a every=400ms acks=all
@2500ms kill 2
@2500ms start 2
",
    "title: Nothing of its own\nseed: 9\ncombined: 1\nopen: 0s\n",
];

const LINES: [&str; 27] = [
    "kill 2",
    "kill 1",
    "start 2",
    "start 1",
    "send web hello key=order-1",
    "stop reader",
    "create-topic payments partitions=2 rf=1",
    "create-topic other rf=7",
    "add-consumer c-1 audit payments,orders work=2ms",
    "cut 1 2",
    "stall web 1 200ms",
    "pause 1",
    "elect-leaders unclean orders-0",
    "read orders-0 from=0",
    "list-topics",
    "delete-topic payments",
    "heal-all",
    "send web 值 key=键",
    "nonsense",
    "play",
    "halt",
    "step",
    "back",
    "fork",
    "undo",
    "redo",
    "seek 2s",
];

fn session(fragment: &str) -> Session {
    let start = Start { visit: Visit::default(), fragment: fragment.to_owned(), autoplay: false, ..Start::default() };
    Session::open(&start, Surroundings { clock, address: "https://page.example/".to_owned() })
}

/// A scene as a link without a hash, so that sequences start in small clusters.
fn scene(rng: &mut Rng) -> String {
    let lab = Lab::new(Scenario::parse(SCENES[rng.below(3) as usize]).expect("our own"));
    lab.share().expect("it fits")
}

fn language(rng: &mut Rng) -> Language {
    if rng.below(2) == 0 { Language::English } else { Language::Chinese }
}

fn process(rng: &mut Rng) -> ProcessId {
    ProcessId(rng.below(8))
}

fn pointed(rng: &mut Rng, partition: &TopicPartition) -> Option<Pointed> {
    let process = ProcessId(rng.below(12));
    let index = rng.below(4) as usize;
    match rng.below(8) {
        0 => Some(Pointed::Key { producer: process, index }),
        1 => Some(Pointed::Record {
            process,
            partition: partition.clone(),
            offset: Offset(i64::from(rng.below(20)) - 1),
        }),
        2 => Some(Pointed::Read { member: process, index }),
        3 => Some(Pointed::Packet { number: u64::from(rng.below(1 << 26)), index }),
        _nothing => None,
    }
}

fn options(rng: &mut Rng) -> ViewOptions {
    let partition = TopicPartition::new("orders", rng.below(3) as i32);
    let selection = match rng.below(6) {
        0 => Some(Thing::Process(process(rng))),
        1 => Some(Thing::Replica { process: process(rng), partition: partition.clone() }),
        2 => Some(Thing::Group("shop".into())),
        3 => Some(Thing::Topic("orders".into())),
        _ => None,
    };
    ViewOptions {
        language: language(rng),
        details: rng.below(2) == 0,
        internal: rng.below(2) == 0,
        selection,
        pointed: pointed(rng, &partition),
        partition: (rng.below(2) == 0).then_some(partition),
        reduced_motion: rng.below(2) == 0,
        compare: rng.below(4) == 0,
        ..ViewOptions::default()
    }
}

fn act(rng: &mut Rng) -> Act {
    let (one, other) = (process(rng), process(rng));
    match rng.below(14) {
        0 => Act::CreateTopic {
            name: "payments".into(),
            partitions: rng.below(4) as i32,
            copies: rng.below(3) as i16,
            configs: if rng.below(2) == 0 { vec![("min.insync.replicas".into(), "1".into())] } else { Vec::new() },
        },
        1 => Act::AddBroker,
        2 => Act::AddProducer {
            name: "p".into(),
            topic: "orders".into(),
            keys: vec!["A".into()],
            rate: rng.below(20),
            acks: [Acks::None, Acks::Leader, Acks::All][rng.below(3) as usize],
            settings: if rng.below(2) == 0 { vec![("app.send".into(), "wait".into())] } else { Vec::new() },
        },
        3 => Act::AddConsumer {
            group: "shop".into(),
            topic: "orders".into(),
            work: u64::from(rng.below(2)) * 5_000_000,
            settings: if rng.below(2) == 0 { vec![("app.commit".into(), "after".into())] } else { Vec::new() },
        },
        4 => Act::Send {
            producer: "web".into(),
            topic: "orders".into(),
            key: None,
            value: "x".into(),
            headers: if rng.below(2) == 0 { vec![("trace".into(), Some("7".into()))] } else { Vec::new() },
            timestamp: None,
        },
        5 => Act::Kill(one),
        6 => Act::Stop(one),
        7 => Act::Start(one),
        8 => Act::Pause(one),
        9 => Act::Resume(one),
        10 => Act::PowerOff(one),
        11 => Act::Cut(one, other),
        12 => Act::Heal(one, other),
        _ => Act::HealAll,
    }
}

fn playback(rng: &mut Rng) -> Playback {
    let at = Time(u64::from(rng.below(4_000)) * 1_000_000);
    let id = if rng.below(2) == 0 { ActId::Scene(rng.below(5)) } else { ActId::Reader(1 + rng.below(5)) };
    match rng.below(22) {
        0 => Playback::Toggle,
        1 => Playback::Step,
        2 => Playback::StepBack,
        3 => Playback::NextVisible,
        4 => Playback::PreviousVisible,
        5 => Playback::NextMark,
        6 => Playback::PreviousMark,
        7 => Playback::Start,
        8 => Playback::Latest,
        9 => Playback::Seek(at),
        10 => Playback::Scrub(rng.below(1_001) as u16),
        11 => Playback::Slower,
        12 => Playback::Faster,
        13 => Playback::Auto,
        14 => Playback::SetMark,
        15 => Playback::Fork,
        16 => Playback::ForkAt(at),
        17 => Playback::ShowBranch(rng.below(4) as usize),
        18 => Playback::LeaveOut(id),
        19 => Playback::PutBack(id),
        _ => [Playback::Undo, Playback::Redo][rng.below(2) as usize],
    }
}

/// What programs and cards ask for.
fn foreign(session: &mut Session, rng: &mut Rng) {
    match rng.below(8) {
        0 => drop(session.state(language(rng))),
        1 => drop(session.share(view::share::BEGINNINGS[rng.below(3) as usize], language(rng))),
        2 => drop(session.newest_link()),
        3 => {
            let here = session.newest_link();
            let link = if rng.below(3) == 0 { scene(rng) } else { here };
            session.load(&link);
        }
        4 => session.load("#b1.nothing"),
        5 => session.stop_way(),
        6 => session.notice(
            [NoticeAction::PlayReadable, NoticeAction::PasteLink, NoticeAction::Dismiss][rng.below(3) as usize],
        ),
        _ => {
            let request = Request::Seek { at: Place::Mark("nobody".into()) };
            assert!(session.judge(&request).is_err());
        }
    }
}

fn step(session: &mut Session, rng: &mut Rng) {
    PACE.set([0.1, 2.0, 20.0][rng.below(3) as usize]);
    match rng.below(10) {
        0 | 1 => drop(session.act(&act(rng), language(rng))),
        2 | 3 => drop(session.line(LINES[rng.below(LINES.len() as u32) as usize], language(rng))),
        4 | 5 => session.play(playback(rng)),
        6 => foreign(session, rng),
        7 => drop((session.foresee(&act(rng), language(rng)), session.complete("kill "))),
        _ => {
            for _ in 0..rng.below(4) {
                session.advance(f64::from(rng.below(40)), language(rng));
                while session.due(Language::English).is_some() {
                    drop(session.take_turn(language(rng)));
                }
            }
            if rng.below(8) == 0 {
                session.drop_lines();
            }
        }
    }
    let options = options(rng);
    let frame = session.frame(&options);
    drop((session.motion(&options), session.shared(options.language), session.complaints()));
    assert!(!frame.stage.headline.is_empty());
}

/// Goes on until nothing is under way.
fn arrive(session: &mut Session) {
    PACE.set(0.01);
    let options = options(&mut Rng::new(1, 1));
    for _ in 0..10_000 {
        if session.frame(&options).way.is_none() {
            return;
        }
        session.advance(16.0, Language::English);
    }
    panic!("a way without an end");
}

fn acts(link: &str) -> Vec<PlacedCommand> {
    Link::read(link).expect("what is shared opens").commands
}

fn sequence(seed: u64) {
    let mut rng = Rng::new(seed, 78);
    let mut session = session(&scene(&mut rng));
    for _ in 0..2 + rng.below(14) {
        step(&mut session, &mut rng);
    }
    arrive(&mut session);
    if session.state(Language::English).playing {
        session.play(Playback::Toggle);
        arrive(&mut session);
    }
    let here = session.state(Language::English);
    assert_eq!(acts(&here.link), acts(&session.newest_link()), "what a rescue shows holds every act");
    let fragment = here.link.split_once('#').expect("an address").1;
    let mut again = self::session(fragment);
    arrive(&mut again);
    let there = again.state(Language::English);
    assert_eq!(acts(&there.link), acts(&here.link));
    assert_eq!((&there.hash, &there.events, &there.now), (&here.hash, &here.events, &here.now));
}

#[test]
fn any_act_at_any_instant() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (count, first) = (number("SEQUENCES", 1_000), number("FIRST", 1));
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
