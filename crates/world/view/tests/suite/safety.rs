//! The page stops at a step after which something is wrong, says what, and can go back before it.

use base::{Span, Time};
use lab::{Intent, Lab, Stops, Unsafe};
use script::Scenario;
use view::text::EN;
use view::{SafetyKind, picture};

/// A leader that is cut off acknowledges a record with acks=1 and dies with it.
const LOSS: &str = "title: A record that is lost
seed: 1
brokers: 3
controllers: 1
set: auto.leader.rebalance.enable=false
open: 10s
@8s create-topic orders assign=1,2,3
@8500ms add-producer quick orders acks=1
@9s send quick kept
@10s cut 1 2
@10s cut 1 3
@11s send quick lost
@13s kill 1
";

fn lab() -> Lab {
    Lab::new(Scenario::parse(LOSS).expect("a scenario"))
}

/// Plays up to an instant, or to where playing stops by itself.
fn play(lab: &mut Lab, until: Time) {
    lab.dispatch(Intent::Tempo(lab::Tempo::Manual(20.0))).expect("any tempo");
    lab.dispatch(Intent::Play).expect("plays");
    while lab.playback().playing && lab.now() < until {
        lab.advance(0.05, 100_000);
    }
    lab.dispatch(Intent::Pause).expect("pauses");
}

#[test]
fn playing_stops_at_a_lost_write_and_goes_on_when_asked() {
    let mut lab = lab();
    assert_eq!(picture::safety(lab.run(), lab.now(), &EN), None);
    play(&mut lab, Time::ZERO + Span::from_secs(40));
    let stopped = lab.now();
    let view = picture::safety(lab.run(), stopped, &EN).expect("a record is lost");
    assert!(view.here && view.kind == SafetyKind::LostWrite, "{view:?}");
    assert_eq!(view.strong, "Lost write");
    assert!(view.text.starts_with("in orders-0: offset 1 was acknowledged; its leader has not had it since "));
    assert_eq!(lab.run().ledger.counts().lost, 1);

    let state = lab.state_digest();
    lab.dispatch(Intent::Seek(view.before)).expect("goes back");
    assert_eq!(picture::safety(lab.run(), lab.now(), &EN), None, "all is well just before");
    lab.dispatch(Intent::Step).expect("the step again");
    assert_eq!((lab.now(), lab.state_digest()), (stopped, state));
    assert_eq!(picture::safety(lab.run(), lab.now(), &EN), Some(view));

    play(&mut lab, stopped + Span::from_secs(5));
    assert!(lab.now() >= stopped + Span::from_secs(5), "it does not stop for the same thing again");
    let later = picture::safety(lab.run(), lab.now(), &EN).expect("it is still lost");
    assert!(!later.here);
}

#[test]
fn a_fork_before_the_step_is_safe_again() {
    let mut lab = lab();
    play(&mut lab, Time::ZERO + Span::from_secs(40));
    let step = lab.run().unsafe_steps().pop().expect("a record is lost");
    assert!(matches!(step.why, Unsafe::LostWrite { .. }));
    lab.dispatch(Intent::Seek(Time(12_000_000_000))).expect("before the death");
    lab.dispatch(Intent::Line("heal-all".into())).expect("the followers catch up");
    assert_eq!(lab.frame(0.4).branch.count, 2, "the past changed");
    play(&mut lab, Time::ZERO + Span::from_secs(40));
    assert_eq!(lab.run().unsafe_steps(), Vec::new());
    lab.dispatch(Intent::SwitchBranch(0)).expect("the first branch");
    lab.dispatch(Intent::Seek(step.at)).expect("where it was lost");
    assert_eq!(lab.run().unsafe_steps(), vec![step]);
}

#[test]
fn it_can_be_told_not_to_stop() {
    let mut lab = lab();
    lab.set_stops(Stops::Never);
    play(&mut lab, Time::ZERO + Span::from_secs(40));
    assert!(lab.now() >= Time::ZERO + Span::from_secs(40));
    assert_eq!(lab.run().unsafe_steps().len(), 1);
    assert!(lab.run().promises().len() >= 12);
}

/// Broker 1 alone has the newest record and is dead; an operator would rather have any leader than none.
const ASKED: &str = "title: A loss that somebody asked for
seed: 1
brokers: 3
controllers: 1
set: auto.leader.rebalance.enable=false
open: 10s
@8s create-topic orders assign=1,2,3
@8500ms add-producer quick orders
@9s kill 2
@9s kill 3
@30s send quick kept-by-1
@32s kill 1
@45s start 2
@45s start 3
@55s elect-leaders unclean orders-0
";

#[test]
fn a_loss_that_was_asked_for_is_counted_and_breaks_no_promise() {
    let mut lab = Lab::new(Scenario::parse(ASKED).expect("a scenario"));
    lab.set_stops(Stops::Never);
    play(&mut lab, Time::ZERO + Span::from_secs(60));
    let elected = |answer: &lab::Answer| match &answer.answer {
        port::OperatorAnswer::Elected(results) => results.iter().all(|(_, error, _)| *error == base::ErrorCode::None),
        _another_request => false,
    };
    assert!(lab.run().answers().any(|(_, answer)| elected(answer)), "the operator is told");
    assert_eq!(lab.run().ledger.counts().lost, 1);
    let steps = lab.run().unsafe_steps();
    assert!(matches!(steps.as_slice(), [step] if matches!(step.why, Unsafe::LostWrite { .. })), "{steps:?}");
}
