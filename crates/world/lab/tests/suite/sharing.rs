//! What a laboratory shares opens as it stands here, from wherever it is shared; what cannot be handed on cannot be
//! done.

use base::{Digest, Span, Time};
use lab::{Intent, Lab, Outcome, Replay};
use script::link::Link;
use script::{PlacedCommand, Scenario};
use sim::{Command, WorldCommand};

const QUIET: &str = "title: Nothing of its own\nseed: 9\ncombined: 1\nopen: 0s\n";

fn digests(lab: &Lab) -> (Digest, Digest, Time) {
    (lab.run().world.run_digest(), lab.state_digest(), lab.now())
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn seek(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(Time(millis * 1_000_000))).expect("seeks");
}

/// Before the scene's first act, between its acts, at one of them, and before its last.
#[test]
fn an_act_in_the_middle_of_the_opening_scene_is_shared() {
    for millis in [0, 1_000, 5_000, 6_000, 15_100, 15_500, 23_000] {
        let mut lab = Lab::new(Scenario::opening());
        seek(&mut lab, millis);
        line(&mut lab, "kill 1");
        seek(&mut lab, 20_000);
        let (here, link) = (digests(&lab), lab.link());
        assert_eq!(link.commands.len(), 1, "the kill at {millis} ms");
        let text = lab.share().expect("it fits");
        let mut replay = Replay::new(&Link::read(&text).expect("it opens")).expect("of this build");
        while !replay.advance(100_000) {}
        let (again, outcome) = replay.finish();
        assert!(matches!(outcome, Outcome::Matches { .. }), "{millis} ms: {outcome:?}");
        assert_eq!(digests(&again), here);
        assert!(lab.run().world.find("shop").is_some(), "the scene went on: its last producer is there");
    }
}

/// An act that would come after the longest run, or that no link could hold, is refused before it is done.
#[test]
fn what_cannot_be_handed_on_cannot_be_done() {
    let mut lab = Lab::new(Scenario::parse(QUIET).expect("our own"));
    let settings: String = (0..201).map(|index| format!(" client.id{index}=a")).collect();
    let places = (1..=201).map(|id: u32| id.to_string()).collect::<Vec<_>>().join(",");
    let keys = (0..5_001).map(|key| format!("k{key}")).collect::<Vec<_>>().join(",");
    for text in [
        format!("create-topic t{settings}"),
        format!("create-topic t assign={places}"),
        format!("add-producer p t keys={keys}"),
    ] {
        let before = (digests(&lab), lab.commands().len());
        let refused = lab.dispatch(Intent::Line(text.clone())).expect_err("no link holds it");
        assert!(matches!(refused, lab::LabError::Beyond(_)), "{refused:?}");
        assert_eq!((digests(&lab), lab.commands().len()), before);
    }
    let far = script::limits::LONGEST_RUN + Span::from_secs(1);
    lab.set_about(Intent::Seek(far)).expect("sets out");
    assert!(matches!(lab.distance(), Some(lab::Distance::Time { to, .. }) if to == script::limits::LONGEST_RUN));
    lab.stop();
    line(&mut lab, "list-topics");
}

/// Everybody can stop on any way, and stands at an instant like any other.
#[test]
fn a_way_that_is_stopped_leaves_a_state_that_can_be_shared() {
    let mut lab = Lab::new(Scenario::opening());
    line(&mut lab, "kill 2");
    for budget in [1, 7, 100, 1_500] {
        lab.set_about(Intent::Seek(Time(3_600_000_000_000))).expect("sets out");
        assert_eq!(lab.travel(&mut lab::Allowance::events(budget)), lab::Travel::UnderWay);
        lab.stop();
        assert_eq!(lab.distance(), None);
        let link = Link::read(&lab.share().expect("it fits")).expect("it opens");
        let mut replay = Replay::new(&link).expect("of this build");
        while !replay.advance(100_000) {}
        assert!(matches!(replay.finish().1, Outcome::Matches { .. }));
    }
}

/// A week with an act in its last second is shared from any place without running the rest of it.
#[test]
fn sharing_never_runs_what_nobody_has_seen() {
    let mut lab = Lab::new(Scenario::opening());
    let late = PlacedCommand {
        after: Time(5 * 86_400_000_000_000),
        command: Command::World(WorldCommand::Kill { name: "2".into() }),
    };
    let link = Link { commands: vec![late.clone()], ..lab.link() };
    let mut replay = Replay::new(&Link::read(&link.text().expect("it fits")).expect("it opens")).expect("opens");
    replay.advance(100);
    let (stopped, _) = replay.finish();
    assert_eq!(stopped.link().commands, [late]);
    assert!(stopped.now() < lab.now());
    line(&mut lab, "kill 1");
}

/// A link that does not say how many events there are still says how far it is.
#[test]
fn a_link_without_hashes_says_how_far_it_is() {
    let mut lab = Lab::new(Scenario::opening());
    seek(&mut lab, 60_000);
    let mut replay = Replay::new(&lab.draft()).expect("of this build");
    let mut shares = vec![replay.permille()];
    while !replay.advance(500) {
        shares.push(replay.permille());
    }
    assert!(shares.len() > 5 && shares.is_sorted() && shares[0] == 0, "{shares:?}");
    assert!(shares[shares.len() / 2] < 1_000, "{shares:?}");
    assert!(matches!(replay.finish().1, Outcome::Unhashed { .. }));
}
