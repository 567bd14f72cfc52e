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
    (lab.run().world.state_digest(), (frame.tau * 1e6) as u64, facts)
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

/// A run of the scene with these acts and nothing else, up to an instant.
fn run_with(acts: &[(u64, &str)], millis: u64) -> Lab {
    let mut lab = lab();
    for (at, text) in acts {
        seek(&mut lab, *at);
        line(&mut lab, text);
    }
    seek(&mut lab, millis);
    lab
}

#[test]
fn undo_takes_the_act_away_and_redo_brings_it_back() {
    let mut lab = run_with(&[(30_000, "kill 2"), (50_000, "start 2")], 60_000);
    let end = state(&lab);
    lab.dispatch(Intent::Undo).expect("undoes the start");
    assert_eq!(state(&lab), state(&run_with(&[(30_000, "kill 2")], 60_000)), "he stays where he is");
    assert!(lab.frame(0.4).branch.can_redo);
    lab.dispatch(Intent::Undo).expect("undoes the kill");
    assert_eq!(state(&lab), state(&run_with(&[], 60_000)));
    assert!(lab.dispatch(Intent::Undo).is_err(), "the scenario itself is not undone");
    lab.dispatch(Intent::Play).expect("plays");
    for _ in 0..120 {
        lab.advance(1.0 / 60.0, 50_000);
    }
    lab.dispatch(Intent::Pause).expect("pauses");
    let mut without = self::lab();
    without.dispatch(Intent::Seek(lab.now())).expect("seeks");
    assert_eq!(state(&lab), state(&without), "it stays away");
    seek(&mut lab, 60_000);
    for _ in 0..2 {
        lab.dispatch(Intent::Redo).expect("comes back");
    }
    assert_eq!((state(&lab), lab.frame(0.4).branch.count), (end, 1));
    assert!(lab.dispatch(Intent::Redo).is_err(), "there is nothing more");
}

#[test]
fn right_after_an_act_undo_is_right_before_it() {
    let mut lab = lab();
    let before = state(&lab);
    line(&mut lab, "kill 2");
    let after = state(&lab);
    lab.dispatch(Intent::Undo).expect("undoes");
    assert_eq!(state(&lab), before);
    lab.dispatch(Intent::Redo).expect("redoes");
    assert_eq!(state(&lab), after);
    // Who has gone back before it loses nothing that he sees.
    seek(&mut lab, 10_000);
    let here = state(&lab);
    lab.dispatch(Intent::Undo).expect("undoes what is to come");
    assert_eq!(state(&lab), here);
    seek(&mut lab, 40_000);
    assert_eq!(state(&lab), state(&run_with(&[], 40_000)));
}

#[test]
fn only_a_new_act_after_an_undo_makes_a_branch() {
    let mut lab = run_with(&[(30_000, "kill 2")], 40_000);
    let end = state(&lab);
    lab.dispatch(Intent::Undo).expect("undoes");
    for refused in
        ["kill nobody", "create-topic payments rf=7", "create-topic orders", "delete-topic nobody", "nonsense"]
    {
        let before = (state(&lab), lab.commands().len());
        lab.dispatch(Intent::Line(refused.into())).expect_err(refused);
        assert_eq!((state(&lab), lab.commands().len()), before, "{refused}");
        assert_eq!(lab.frame(0.4).branch.count, 1, "{refused}");
        assert!(lab.frame(0.4).branch.can_redo, "{refused}");
    }
    line(&mut lab, "kill 3");
    let frame = lab.frame(0.4);
    assert_eq!((frame.branch.count, &*frame.branch.name, frame.branch.can_redo), (2, "B", false));
    assert_eq!(lab.history().parting(1), Some(Time(30_000_000_000)), "from there on they differ");
    lab.dispatch(Intent::SwitchBranch(0)).expect("shows A");
    seek(&mut lab, 40_000);
    assert_eq!(state(&lab), end, "A is what it was");
    lab.dispatch(Intent::SwitchBranch(1)).expect("shows B");
    assert_eq!(lab.commands().last().map(|act| act.after), Some(Time(40_000_000_000)));
}

/// What is told of an answer goes by the act's place, because tickets are counted anew.
#[test]
fn an_answer_finds_its_act_when_another_is_undone() {
    let mut lab = lab();
    line(&mut lab, "create-topic one");
    line(&mut lab, "create-topic one");
    let second = lab.now();
    seek(&mut lab, 10_000);
    line(&mut lab, "create-topic two");
    let before = lab.now();
    lab.dispatch(Intent::SwitchBranch(0)).expect("A");
    seek(&mut lab, 40_000);
    let refused = |lab: &Lab| format!("{:?}", lab.run().answer_to(second).expect("it was answered").answer);
    assert!(refused(&lab).contains("TopicAlreadyExists"), "{}", refused(&lab));
    assert!(lab.run().answer_to(before).is_none(), "nobody asked here");
    let first = lab.history().branch().acts.future(Time::ZERO, 99).iter().rev().nth(1).map(|act| act.id);
    lab.dispatch(Intent::LeaveOut(first.expect("two acts"))).expect("left out");
    assert_eq!(refused(&lab), "Done");
}

#[test]
fn a_fork_keeps_what_is_to_come_and_each_act_of_it_can_be_left_out() {
    let mut lab = run_with(&[(30_000, "kill 2"), (34_000, "kill 3"), (50_000, "start 2")], 60_000);
    let end = state(&lab);
    seek(&mut lab, 32_000);
    lab.dispatch(Intent::Fork).expect("forks");
    let ahead = lab.history().branch().acts.future(lab.now(), 9);
    let lines: Vec<String> = ahead.iter().map(|act| script::print(&act.placed.command)).collect();
    assert_eq!(lines, ["kill 3", "start 2"]);
    seek(&mut lab, 60_000);
    assert_eq!(state(&lab), end, "nothing is left out yet");
    seek(&mut lab, 32_000);
    lab.dispatch(Intent::LeaveOut(ahead[0].id)).expect("left out");
    seek(&mut lab, 60_000);
    assert_eq!(state(&lab), state(&run_with(&[(30_000, "kill 2"), (50_000, "start 2")], 60_000)));
    lab.dispatch(Intent::PutBack(ahead[0].id)).expect("put back, from behind it as well");
    assert_eq!(state(&lab), end);
    assert!(lab.dispatch(Intent::PutBack(ahead[0].id)).is_err(), "it is there");
}

/// A scene's own act can be left out, and a link says so.
#[test]
fn a_scene_s_act_is_left_out_and_shared() {
    let mut lab = lab();
    seek(&mut lab, 5_000);
    lab.dispatch(Intent::Fork).expect("forks");
    let ahead = lab.history().branch().acts.future(lab.now(), 99);
    assert!(!ahead.is_empty() && ahead.iter().all(|act| act.id.author() == lab::Author::Scene));
    lab.dispatch(Intent::LeaveOut(ahead[0].id)).expect("left out");
    assert!(lab.dispatch(Intent::Undo).is_err(), "no act of the scene is the reader's");
    seek(&mut lab, 20_000);
    let link = script::link::Link::read(&lab.share().expect("it fits")).expect("it opens");
    assert!(
        matches!(&link.origin, script::link::Origin::Without(id, without) if &**id == "opening" && without.len() == 1)
    );
    let mut replay = lab::Replay::new(&link).expect("of this build");
    while !replay.advance(100_000) {}
    let (again, outcome) = replay.finish();
    assert!(matches!(outcome, lab::Outcome::Matches { .. }), "{outcome:?}");
    assert_eq!((state(&again), again.commands()), (state(&lab), lab.commands()));
    let put_back = again.history().branch().acts.future(Time(5_000_000_000), 99)[0].clone();
    assert_eq!((put_back.id, put_back.standing), (ahead[0].id, lab::Standing::LeftOut), "it can still be put back");
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
    assert_eq!((lab.now(), lab.commands().last().map(|act| act.after < killed)), (Time(60_000_000_000), Some(true)));
    lab.set_about(Intent::Seek(Time(30_000_000_000))).expect("sets out");
    let _ = lab.travel(&mut Allowance::events(1));
    lab.stop();
    let at = lab.now();
    assert!(lab.frame(RECENT_REDUCED).recent.iter().all(|(_, fact)| fact.at <= at), "nothing of later is shown");
}

/// Undone, brought back and left out on either: a branch parts where the acts do.
#[test]
fn branches_part_where_their_acts_do() {
    let mut lab = run_with(&[(30_000, "kill 2")], 40_000);
    let parting = |lab: &Lab| lab.history().parting(1).map(|at| at.0 / 1_000_000);
    lab.dispatch(Intent::Fork).expect("forks");
    assert_eq!((parting(&lab), lab.history().parting(0)), (Some(40_000), None), "they run alike so far");
    lab.dispatch(Intent::SwitchBranch(0)).expect("shows A");
    lab.dispatch(Intent::Undo).expect("undoes");
    assert_eq!(parting(&lab), Some(30_000), "broker 2 is killed on B only");
    lab.dispatch(Intent::Redo).expect("brings back");
    assert_eq!(parting(&lab), Some(40_000));
    seek(&mut lab, 50_000);
    line(&mut lab, "kill 3");
    assert_eq!(parting(&lab), Some(50_000), "A goes on");
}

/// Two acts of one line are a nanosecond apart, and what is said between them has its time to be read: longer than a frame.
#[test]
fn what_happens_at_one_instant_does_not_hold_time_up() {
    let text = "blumfeld 1\nbrokers: 3\ncontrollers: 1\nseed: 13\n@8s create-topic orders assign=1,2,3\n+500ms add-producer web orders\n\
                @12s kill 2; kill 3\n@20s\n";
    let scenario = Scenario::parse(text).expect("a scenario");
    for frame in [1.0 / 60.0, 0.25] {
        let mut lab = Lab::new(scenario.clone()).telling(|moment| moment.told.count() as u64);
        lab.dispatch(Intent::Seek(Time(11_900_000_000))).expect("there");
        lab.dispatch(Intent::Play).expect("plays");
        let frames = (0..10_000).take_while(|_| {
            lab.advance(frame, 1_000_000);
            lab.now() < Time(13_000_000_000)
        });
        assert!(frames.count() < 10_000, "it stands at {}", lab.now());
    }
}
