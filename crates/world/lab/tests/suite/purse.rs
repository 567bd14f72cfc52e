//! Play pauses where a budget is used up, says which, and goes on by what the reader chooses.

use lab::{Budget, Intent, Lab, Remedy, Spent, Tempo};
use script::Scenario;

/// One heavy producer: a megabyte every eighth of a second.
const HEAVY: &str = "title: Heavy\nseed: 2\ncombined: 1\nopen: 2s
@1s create-topic orders partitions=1 rf=1
@1500ms add-producer web orders every=125ms size=1000000
";

fn played(lab: &mut Lab, frames: u32) {
    lab.dispatch(Intent::Play).expect("plays");
    for _ in 0..frames {
        lab.advance(0.1, 5_000);
    }
}

/// Each budget pauses play with its name, nothing is lost, and what the card offers lets it go on.
#[test]
fn play_pauses_where_a_budget_is_used_up_and_goes_on_by_a_remedy() {
    let small = Budget { events: 3_000, disk_bytes: 3_000_000, world: 2_000_000, past: 400_000, memory: 1_000 };
    let ample = Budget::default();
    for (budget, text) in [
        (Budget { events: small.events, ..ample }, "events"),
        (Budget { disk_bytes: small.disk_bytes, ..ample }, "disks"),
        (Budget { past: small.past, ..ample }, "past"),
        (Budget { memory: small.memory, ..ample }, "memory"),
    ] {
        let mut lab = Lab::new(Scenario::parse(HEAVY).expect("our own"));
        lab.dispatch(Intent::Tempo(Tempo::Manual(100.0))).expect("fast");
        lab.set_budget(budget);
        if text == "memory" {
            lab.set_memory(0);
            lab.set_memory(200 << 20);
        }
        played(&mut lab, 400);
        let spent = lab.purse().spent().unwrap_or_else(|| panic!("{text} are bounded"));
        let named = match spent {
            Spent::Events { .. } => "events",
            Spent::DiskBytes { .. } => "disks",
            Spent::World { .. } => "world",
            Spent::History { .. } => "past",
            Spent::Memory { .. } => "memory",
            Spent::Standstill { .. } => "standstill",
        };
        assert_eq!(named, text);
        assert!(!lab.playback().playing);
        let stopped = lab.now();
        played(&mut lab, 3);
        assert!(lab.now() < stopped + base::Span::from_secs(40), "pressing play alone leads no further than a frame");
        assert!(lab.purse().spent().is_some());
        lab.share().expect("what was done can be shared");
        let (at, cause) = (lab.now(), lab::Cause::of(&lab.run().world));
        let remedies = lab::budget::remedies(spent, &cause, lab.history());
        let chosen = remedies.into_iter().find(Remedy::is_done_here).expect("one that is done here");
        lab.relieve(&chosen);
        lab.relieve(&Remedy::GoOn);
        played(&mut lab, 3);
        assert!(lab.now() > at, "{text}: it goes on after {chosen:?}");
    }
}

/// Time that does not go on is told, also on a long way and while a link is opened.
#[test]
fn a_clock_that_stands_still_pauses_play() {
    let mut scenario = Scenario::parse(
        "title: No time\nseed: 1\ncombined: 1\nopen: 1s
set: offsets.topic.replication.factor=1
@500ms create-topic orders partitions=1 rf=1
@600ms add-consumer reader shop orders fetch.max.wait.ms=0
",
    )
    .expect("our own");
    let none = base::Span::ZERO;
    let connect_timeout = scenario.setup.network.connect_timeout;
    scenario.setup.network = sim::NetworkSetup { latency: none, jitter: none, per_kib: none, connect_timeout };
    scenario.setup.service = sim::ServiceTimes { per_event: none, per_kib: none };
    let mut lab = Lab::begin(scenario);
    lab.set_about(Intent::Seek(base::Time(30_000_000_000))).expect("sets out");
    let mut slices = 0;
    while lab.travel(&mut lab::Allowance::events(5_000)) == lab::Travel::UnderWay {
        slices += 1;
        assert!(slices < 200, "it notices");
    }
    assert!(matches!(lab.purse().spent(), Some(Spent::Standstill { .. })), "{:?}", lab.purse());
    let link = lab.share().expect("it can be shared");
    let link = script::link::Link::read(&link).expect("and opens");
    let mut replay = lab::Replay::new(&link).expect("of this build");
    while !replay.advance(50_000) {}
    assert!(replay.finish().0.purse().spent().is_some() || lab.now() > base::Time::ZERO);
    lab.relieve(&Remedy::GoOn);
    let at = lab.now();
    played(&mut lab, 5);
    assert!(lab.now() > at, "whoever wants to, goes on: {:?} {:?} {at:?} {:?}", lab.purse(), lab.now(), lab.playback());
}

/// A budget that is used up keeps nobody from going back.
#[test]
fn going_back_is_free_when_a_budget_is_used_up() {
    let mut lab = Lab::new(Scenario::parse(HEAVY).expect("our own"));
    lab.dispatch(Intent::Tempo(Tempo::Manual(100.0))).expect("fast");
    lab.set_budget(Budget { past: 400_000, ..Budget::default() });
    played(&mut lab, 400);
    assert!(lab.purse().spent().is_some());
    let to = base::Time(2_500_000_000);
    lab.set_about(Intent::Seek(to)).expect("sets out");
    while lab.travel(&mut lab::Allowance::events(20)) == lab::Travel::UnderWay {}
    assert_eq!(lab.now(), to);
}

/// What earlier experiments of a page have taken is not the next one's fault.
#[test]
fn a_link_opens_in_a_page_that_takes_much_already() {
    let link = Lab::new(Scenario::opening()).link();
    let mut replay = lab::Replay::new(&link).expect("of this build");
    replay.set_memory(400 << 20);
    while !replay.advance(500) {
        replay.set_memory(401 << 20);
    }
    assert!(matches!(replay.finish().1, lab::Outcome::Matches { .. }));
}

/// A page that takes much gives up checkpoints by itself before it pauses, and everything can still be gone back to.
#[test]
fn a_page_that_grows_keeps_fewer_checkpoints_and_all_of_the_past() {
    let mut lab = Lab::new(Scenario::opening());
    lab.dispatch(Intent::Tempo(Tempo::Manual(1_000.0))).expect("fast");
    lab.set_memory(0);
    played(&mut lab, 12);
    let (many, _) = lab.history().branch().checkpoint_count();
    assert!(many >= 32, "{many}");
    assert_eq!(Budget::default().memory, 300 << 20, "what phones let a page have");
    let tight = (300 << 20) / 8 * 7 + 1;
    for (bytes, goes) in [(tight - 1, false), (tight, true), (tight, false)] {
        let (before, _) = lab.history().branch().checkpoint_count();
        lab.set_memory(bytes);
        lab.advance(1e-6, 1);
        let (after, _) = lab.history().branch().checkpoint_count();
        assert_eq!(after < before, goes, "{before} and {after} at {bytes}");
        assert!(after >= 16 && lab.playback().playing);
    }
    assert_eq!(lab.history().branch().rewinds_to(), base::Time::ZERO);
}
