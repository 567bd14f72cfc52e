//! How long a reader waits, at the automatic tempo, for what a person has asked for.

use base::Span;
use lab::{Intent, Lab};
use script::Scenario;
use sim::{Command, WorldCommand};
use view::picture::{self, Account, Look, Memory};
use view::{BrokerState, StageView};

/// Frames of a sixtieth of a second until the stage suits; `None` after two minutes.
fn seconds_until(lab: &mut Lab, suits: impl Fn(&StageView) -> bool) -> Option<f64> {
    let mut memory = Memory::default();
    for frame in 0..120 * 60 {
        let look = Look::plain(&lab.run().world, &[], Account::default(), &view::text::EN);
        if suits(&picture::stage(&look, &mut memory)) {
            return Some(f64::from(frame) / 60.0);
        }
        lab.advance(1.0 / 60.0, 4_000);
    }
    None
}

/// A broker that was killed, fenced and started again is back within a few seconds, and soon in the ISR.
#[test]
fn a_restarted_broker_comes_back_within_seconds() {
    // Two seconds after the kill the old session has to end first: a longer story.
    for (wait, most) in [(12, 8.0), (40, 8.0), (2, 25.0)] {
        let mut lab = Lab::new(Scenario::opening());
        lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: "2".into() }))).expect("broker 2 runs");
        lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(wait))).expect("time goes on");
        lab.dispatch(Intent::Play).expect("it can be played");
        lab.dispatch(Intent::Command(Command::World(WorldCommand::Start { name: "2".into() })))
            .expect("broker 2 is down");
        let from = lab.now();
        let runs = |stage: &StageView| stage.brokers[1].state == BrokerState::Running;
        let seconds = seconds_until(&mut lab, runs);
        println!("{wait} s down: runs after {seconds:?}, virtual {}", lab.now().since(from).as_millis());
        let follows = |stage: &StageView| stage.brokers[1].rows.iter().filter(|row| row.note == "in sync").count() >= 2;
        let more = seconds_until(&mut lab, follows);
        println!("  in sync after {more:?}, virtual {}", lab.now().since(from).as_millis());
        assert!(seconds.is_some_and(|seconds| seconds < most), "{seconds:?}");
        assert!(more.is_some_and(|seconds| seconds < 8.0), "{more:?}");
    }
}
