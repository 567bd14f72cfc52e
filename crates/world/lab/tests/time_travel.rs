//! Rewind, fork, undo: the same instant is always the same state and the same picture.

use base::{Digest, Time};
use lab::{Allowance, Intent, Lab, RECENT_REDUCED, Travel};
use script::Scenario;

fn lab() -> Lab {
    Lab::new(Scenario::opening())
}

fn state(lab: &Lab) -> (Digest, Digest, Time) {
    (lab.run().world.run_digest(), lab.state_digest(), lab.now())
}

/// What a picture is made of.
fn picture(lab: &Lab) -> (Digest, u64, Vec<(u64, lab::Happening)>) {
    let frame = lab.frame(RECENT_REDUCED);
    let facts = frame.recent.iter().map(|(age, fact)| ((age * 1e6) as u64, fact.clone())).collect();
    (frame.run.world.state_digest(), (frame.tau * 1e6) as u64, facts)
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn seek(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(Time(millis * 1_000_000))).expect("seeks");
}

#[test]
fn the_same_picture_played_or_sought() {
    let mut played = lab();
    played.dispatch(Intent::Play).expect("plays");
    let mut pictures = Vec::new();
    for frame in 0..600 {
        played.advance(1.0 / 60.0, 50_000);
        if frame == 100 {
            line(&mut played, "send web hello key=order-1");
        }
        if frame == 200 {
            line(&mut played, "kill 2");
        }
        if frame % 37 == 0 {
            pictures.push((played.now(), picture(&played)));
        }
    }
    // Cold: another laboratory is led to each place by a jump, in mixed order.
    let mut sought = lab::Replay::new(&played.link()).expect("a scenario of this build");
    while !sought.advance(10_000) {}
    let (mut sought, _) = sought.finish();
    let count = pictures.len();
    for index in 0..count {
        let (at, picture_then) = &pictures[(index * 7 + 3) % count];
        sought.dispatch(Intent::Seek(*at)).expect("seeks");
        let now = picture(&sought);
        assert_eq!(now.0, picture_then.0, "the state at {at}");
        assert_eq!(now.2, picture_then.2, "the facts at {at}");
    }
    // And the one that played goes back itself.
    for (at, picture_then) in &pictures {
        played.dispatch(Intent::Seek(*at)).expect("seeks");
        assert_eq!(&picture(&played), picture_then, "{at}");
    }
}

#[test]
fn steps_back_and_forth_meet_the_same_states() {
    let mut lab = lab();
    line(&mut lab, "kill 3");
    let mut states = vec![state(&lab)];
    for _ in 0..50 {
        lab.dispatch(Intent::Step).expect("steps");
        states.push(state(&lab));
    }
    for expected in states.iter().rev().skip(1) {
        lab.dispatch(Intent::StepBack).expect("steps back");
        assert_eq!(lab.run().world.run_digest(), expected.0);
    }
}

#[test]
fn undo_keeps_the_tail_and_a_new_command_makes_a_branch() {
    let mut lab = lab();
    line(&mut lab, "kill 2");
    seek(&mut lab, 40_000);
    line(&mut lab, "start 2");
    seek(&mut lab, 50_000);
    let end = state(&lab);
    lab.dispatch(Intent::Undo).expect("undoes the start");
    assert!(lab.frame(0.4).branch.can_redo);
    lab.dispatch(Intent::Undo).expect("undoes the kill");
    assert!(lab.dispatch(Intent::Undo).is_err(), "the scenario itself is not undone");
    seek(&mut lab, 50_000);
    assert_eq!(state(&lab), end, "playing on repeats the tail");
    assert_eq!(lab.frame(0.4).branch.count, 1);
    lab.dispatch(Intent::Undo).expect("undoes the start");
    line(&mut lab, "kill 3");
    let frame = lab.frame(0.4);
    assert_eq!((frame.branch.count, &*frame.branch.name), (2, "B"));
    seek(&mut lab, 50_000);
    assert_ne!(state(&lab).0, end.0);
    lab.dispatch(Intent::SwitchBranch(0)).expect("shows A");
    assert_eq!(state(&lab), end);
}

#[test]
fn visible_events_are_walked_both_ways() {
    let mut lab = lab();
    let mut places = Vec::new();
    for _ in 0..20 {
        lab.dispatch(Intent::NextVisible).expect("next");
        places.push(lab.now());
    }
    assert!(places.is_sorted_by(|a, b| a < b));
    for place in places.iter().rev().skip(1) {
        lab.dispatch(Intent::PreviousVisible).expect("previous");
        assert_eq!(lab.now(), *place);
    }
}

#[test]
fn a_frame_never_runs_more_than_its_budget() {
    let mut lab = lab();
    lab.dispatch(Intent::Play).expect("plays");
    lab.dispatch(Intent::Tempo(lab::Tempo::Manual(1_000.0))).expect("fast");
    let progress = lab.advance(1.0 / 60.0, 100);
    assert_eq!((progress.events, progress.arrived), (100, false));
    assert!(lab.frame(0.4).behind);
}

#[test]
fn looking_for_something_visible_in_a_quiet_cluster_moves_nobody() {
    let mut lab = Lab::new(Scenario { commands: Vec::new(), ..Scenario::opening() });
    let before = state(&lab);
    lab.set_about(Intent::NextVisible).expect("sets out");
    let mut some = Allowance::events(3_000);
    assert_eq!(lab.travel(&mut some), Travel::UnderWay, "heartbeats and nothing else");
    lab.stop();
    assert_eq!(state(&lab), before);
    assert!(lab.dispatch(Intent::NextVisible).is_err(), "nothing so soon");
    assert_eq!(state(&lab), before);
    line(&mut lab, "kill 2");
    let killed = lab.now();
    lab.set_about(Intent::NextVisible).expect("sets out");
    assert_eq!(lab.travel(&mut Allowance::events(50_000)), Travel::Arrived, "broker 2 is missed");
    assert!(lab.now() > killed);
}

/// Whoever asks for a second step while he is still on the way of the first starts from where that one leads.
#[test]
fn a_second_undo_on_the_way_undoes_the_next_act() {
    let mut lab = lab();
    line(&mut lab, "kill 2");
    let killed = lab.now();
    seek(&mut lab, 40_000);
    line(&mut lab, "start 2");
    seek(&mut lab, 60_000);
    lab.set_about(Intent::Undo).expect("sets out");
    let mut little = Allowance::events(1);
    let _ = lab.travel(&mut little);
    lab.set_about(Intent::Undo).expect("the kill is left to undo");
    while lab.travel(&mut Allowance::events(1_000)) == Travel::UnderWay {}
    assert_eq!(lab.now(), Time(killed.0 - 1));
    seek(&mut lab, 60_000);
    lab.set_about(Intent::Seek(Time(30_000_000_000))).expect("sets out");
    let _ = lab.travel(&mut Allowance::events(1));
    lab.stop();
    let at = lab.now();
    assert!(lab.frame(RECENT_REDUCED).recent.iter().all(|(_, fact)| fact.at <= at), "nothing of later is shown");
}
