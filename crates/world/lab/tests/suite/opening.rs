//! The opening scene: alive when it opens, slow where records fly, quick where nothing happens.

use base::{Span, Time};
use lab::{Intent, Lab, MarkKind, RECENT, TempoWord};
use port::{Fact, GroupState, KafkaFact};
use script::Scenario;

fn seconds(at: Time) -> f64 {
    at.0 as f64 / 1e9
}

#[test]
fn it_opens_with_everybody_alive() {
    let lab = Lab::new(Scenario::opening());
    let counts = lab.run().ledger.counts();
    println!("{counts:?} events {} at {}", lab.run().world.events(), lab.now());
    assert_eq!(lab.now(), lab.scenario().opens_at);
    assert!(counts.delivered >= 10 && counts.lost == 0 && counts.duplicated == 0, "{counts:?}");
    for mark in lab.history().branch().marks.majors() {
        println!("{} {:?} {:?}", mark.at, mark.kind, mark.process);
    }
    let frame = lab.frame(RECENT);
    assert_eq!(frame.branch.name, "A".into());
    assert!(!frame.branch.can_undo);
}

#[test]
fn the_group_is_stable_with_one_partition_each() {
    let mut lab = Lab::new(Scenario::opening());
    let mut assigned = 0;
    lab.dispatch(Intent::Seek(Time(0))).expect("the beginning");
    let mut history = lab.history().clone();
    let mut stable = Time(0);
    while history.cursor().at < lab.scenario().opens_at && history.step().is_some() {
        for happening in history.recent(0.001).filter(|happening| happening.at == history.cursor().at) {
            match &happening.fact {
                Fact::Kafka(KafkaFact::GroupStateChanged { state: GroupState::Stable, .. }) => stable = happening.at,
                Fact::Kafka(KafkaFact::PartitionAssigned { .. }) => assigned += 1,
                _other => {}
            }
        }
    }
    println!("stable at {stable}, {assigned} assignments");
    assert!(stable > Time(0) && stable + Span::from_secs(2) < lab.scenario().opens_at);
}

/// Plays so many seconds of the reader's time at sixty frames each.
fn play(lab: &mut Lab, wall: f64) -> Vec<(f64, f64, bool)> {
    let mut rows = Vec::new();
    for frame in 0..(wall * 60.0) as u64 {
        let progress = lab.advance(1.0 / 60.0, 50_000);
        assert!(progress.arrived);
        let tempo = lab.frame(RECENT).tempo;
        rows.push((frame as f64 / 60.0, tempo.rate, matches!(tempo.word, TempoWord::Waiting(_))));
    }
    rows
}

#[test]
fn the_opening_is_watchable() {
    let mut lab = Lab::new(Scenario::opening());
    lab.dispatch(Intent::Play).expect("plays");
    let from = lab.now();
    let rows = play(&mut lab, 30.0);
    let passed = seconds(lab.now()) - seconds(from);
    let slow = rows.iter().filter(|(_, rate, _)| *rate < 0.2).count() as f64 / rows.len() as f64;
    println!("30 s of watching show {passed:.3} s; slow {slow:.2}");
    assert!((0.05..4.0).contains(&passed), "{passed}");
    assert!(slow > 0.2, "{slow}");
}

#[test]
fn a_kill_glides_over_the_session_and_slows_for_the_election() {
    let mut lab = Lab::new(Scenario::opening());
    lab.dispatch(Intent::Play).expect("plays");
    play(&mut lab, 1.0);
    lab.dispatch(Intent::Line("kill 2".into())).expect("kills");
    let killed = lab.now();
    let (mut wall, mut waited) = (0.0, 0.0);
    let fenced = loop {
        let rows = play(&mut lab, 0.5);
        wall += 0.5;
        waited += rows.iter().filter(|(_, _, waiting)| *waiting).count() as f64 / 60.0;
        let fenced =
            lab.history().branch().marks.majors().find(|mark| mark.at > killed && mark.kind == MarkKind::Membership);
        if let Some(mark) = fenced.filter(|mark| mark.at <= lab.now()) {
            break mark.at;
        }
        assert!(wall < 60.0, "{}", lab.now());
    };
    println!(
        "fenced after {:.3} s; watched {wall} s, of those {waited:.2} s waiting",
        seconds(fenced) - seconds(killed)
    );
    assert!((6.0..12.0).contains(&(seconds(fenced) - seconds(killed))));
    assert!(wall < 14.0, "{wall}");
    assert!(waited > 0.5, "{waited}");
    assert!(lab.frame(RECENT).tempo.rate < 0.5, "slow at the election");
}
