//! A link says what its run came to. Whoever replays it by other rules, or finds other hashes in it, is told so in a
//! sentence; whoever replays it by the same rules is told that it matches.

mod heavy;

use base::Digest;
use lab::{Intent, Lab, Outcome, Replay};
use script::Scenario;
use script::link::{Link, Origin};
use view::NoticeKind;
use view::picture::{of_outcome, short_digest};
use view::text::{EN, ZH};

/// A cluster of its own, so that a link carries its setup and not a scenario's name.
const EXPERIMENT: &str = "\
title: A leader dies while records are written
seed: 11
brokers: 3
controllers: 3
open: 20s
@3s create-topic orders assign=1,2,3/2,3,1 min.insync.replicas=2
@4s add-consumer billing-1 billing orders
@10s add-producer web orders keys=A,B every=200ms acks=all
";

/// Plays, acts, and gives the link that a person would send.
fn link() -> String {
    let mut lab = Lab::new(Scenario::parse(EXPERIMENT).expect("our own"));
    lab.dispatch(Intent::Line("send web hello key=A".into())).expect("sends");
    lab.dispatch(Intent::Line("kill 1".into())).expect("kills");
    lab.dispatch(Intent::Seek(lab.now() + base::Span::from_secs(15))).expect("time goes on");
    lab.share().expect("it fits into a link")
}

fn replayed(link: &Link) -> Outcome {
    let mut replay = Replay::new(link).expect("a setup of its own");
    while !replay.advance(10_000) {}
    replay.finish().1
}

/// The sentence that the page shows, in both languages.
fn sentences(outcome: &Outcome) -> [(NoticeKind, String); 2] {
    [&EN, &ZH].map(|text| {
        let state = match outcome {
            Outcome::Differs { got, .. } => got.state,
            Outcome::Matches { .. }
            | Outcome::Stopped { .. }
            | Outcome::Unchecked { .. }
            | Outcome::Unhashed { .. } => Digest(0),
        };
        let view = of_outcome(outcome, state, text);
        (view.kind, format!("{}. {}", view.title, view.text))
    })
}

#[test]
fn the_same_rules_and_hashes_match() {
    let link = Link::read(&link()).expect("our own");
    let outcome = replayed(&link);
    assert!(matches!(outcome, Outcome::Matches { events } if events == link.events), "{outcome:?}");
    let [english, _] = sentences(&outcome);
    assert_eq!(english.0, NoticeKind::HashesMatch);
}

#[test]
fn one_byte_of_a_stored_hash_shows_the_mismatch_sentence() {
    let link = Link::read(&link()).expect("our own");
    for byte in 0..8 {
        for of_the_run in [false, true] {
            let mut forged = link.clone();
            let digest = if of_the_run { &mut forged.run_digest } else { &mut forged.state_digest };
            digest.0 ^= 1 << (8 * byte);
            // By way of its text, as it would come from a stranger.
            let forged = Link::read(&forged.write()).expect("well formed");
            let outcome = replayed(&forged);
            let [english, chinese] = sentences(&outcome);
            assert_eq!((english.0, chinese.0), (NoticeKind::HashesDiffer, NoticeKind::HashesDiffer));
            let expected = short_digest(forged.state_digest);
            assert!(english.1.starts_with(&format!("The state differs. The link says {expected},")), "{}", english.1);
            assert!(chinese.1.starts_with("状态不一致"), "{}", chinese.1);
        }
    }
}

/// The override is put into the setup after the link was read: it never travels, and only a build for tests heeds it.
#[cfg(feature = "mutants")]
#[test]
fn one_changed_rule_shows_the_mismatch_sentence() {
    let link = Link::read(&link()).expect("our own");
    let broken = |rule: &str| {
        let mut link = link.clone();
        let Origin::Setup(setup) = &mut link.origin else { panic!("a setup of its own") };
        setup.first_mut().overrides.insert("blumfeld.mutant".into(), rule.into());
        replayed(&link)
    };
    // The override's own name is part of the state; a name that breaks nothing leaves every event as it was.
    let Outcome::Differs { expected, got } = broken("none") else { panic!("the override is part of the state") };
    assert_eq!(expected.run, got.run);
    // Who is acknowledged earlier sends earlier: another run from the first record on.
    let outcome = broken("ack-before-hw");
    let Outcome::Differs { expected, got } = &outcome else { panic!("{outcome:?}") };
    println!("run {:?} instead of {:?}", got.run, expected.run);
    assert_ne!(expected.run, got.run);
    let [english, chinese] = sentences(&outcome);
    assert_eq!((english.0, chinese.0), (NoticeKind::HashesDiffer, NoticeKind::HashesDiffer));
    assert!(english.1.ends_with("The run went otherwise."), "{}", english.1);
    assert!(chinese.1.starts_with("状态不一致"), "{}", chinese.1);
}

/// A link cannot switch a rule off.
#[test]
fn no_link_carries_the_switch() {
    let link = Link::read(&link()).expect("our own");
    let mut mutant = link.clone();
    let Origin::Setup(setup) = &mut mutant.origin else { panic!("a setup of its own") };
    setup.first_mut().overrides.insert("blumfeld.mutant".into(), "ack-before-hw".into());
    let read = Link::read(&mutant.write());
    let travels = read.as_ref().is_ok_and(
        |link| matches!(&link.origin, Origin::Setup(setup) if setup.first().overrides.contains_key("blumfeld.mutant")),
    );
    println!("{:?}", read.map(drop).map_err(|broken| broken.error));
    assert!(!travels);
}
