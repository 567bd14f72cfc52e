//! A store that answers late or not at all, and what each program does then.

use super::policies::{call, commits, part, rows, run};
use super::*;
use port::{ConsumerCall, CrashAt, OnFailedWrite, StoreCondition};

const SLOW: StoreCondition = StoreCondition { time: Span::from_millis(1_000), is_down: false };
const DOWN: StoreCondition = StoreCondition { time: Span::ZERO, is_down: true };

fn set(stage: &mut Stage, condition: Option<StoreCondition>) {
    let stores = &mut stage.outbox.stores;
    _ = stores.remove("db");
    condition.into_iter().for_each(|condition| _ = stores.insert("db".into(), condition));
}

fn failures(stage: &Stage) -> Vec<(i64, OnFailedWrite, u32)> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::WriteFailed { offset, then, attempt, .. }) => Some((offset.0, *then, *attempt)),
        _ => None,
    })
}

fn booted(stage: &mut Stage, settings: &[(&str, &str)]) -> (Consumer, Cluster) {
    let settings: Vec<(&str, &str)> = [("app.sink", "db")].iter().chain(settings).copied().collect();
    let consumer = boot(stage, &settings, 0);
    let mut cluster = Cluster::new();
    cluster.logs[1].clear();
    (consumer, cluster)
}

#[test]
fn a_program_waits_for_a_slow_store_and_polls_no_more_than_it_could() {
    let mut stage = Stage::new();
    let (mut consumer, mut cluster) = booted(&mut stage, &[("app.commit", "after"), ("max.poll.records", "5")]);
    set(&mut stage, Some(SLOW));
    run(&mut stage, &mut consumer, &mut cluster, 4_000);
    assert_eq!(consumer.application(), Application::Writing);
    let written = rows(&stage, 0);
    // From the plan on, a second and a message's way each.
    assert!((1..10).contains(&written.len()), "{written:?}");
    assert_eq!(written, (0..written.len() as i64).collect::<Vec<_>>());
    run(&mut stage, &mut consumer, &mut cluster, 12_000);
    assert_eq!((rows(&stage, 0), commits(&cluster, 0)), ((0..10).collect(), vec![5, 10]));
    assert_eq!((consumer.application(), failures(&stage).len()), (Application::Polling, 0));
}

/// What each policy leaves in the store, and what is committed, when the store was out of order from the beginning and
/// is in order again later.
#[test]
fn a_program_ends_writes_again_or_leaves_out_as_its_policy_says() {
    type Wanted = (&'static [i64], &'static [i64]);
    let cases: [(&str, Wanted, Wanted); 4] = [
        ("die", (&[], &[]), (&[], &[])),
        ("", (&[], &[]), (&[], &[])),
        ("retry", (&[], &[]), (&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[10])),
        ("skip", (&[], &[10]), (&[], &[10])),
    ];
    for (policy, down, healed) in cases {
        let mut stage = Stage::new();
        let set_up = [("app.commit", "after"), ("app.sink.error", policy)];
        let (mut consumer, mut cluster) = booted(&mut stage, &set_up[..if policy.is_empty() { 1 } else { 2 }]);
        set(&mut stage, Some(DOWN));
        run(&mut stage, &mut consumer, &mut cluster, 6_000);
        assert_eq!((&rows(&stage, 0)[..], &commits(&cluster, 0)[..]), down, "{policy}");
        let failed = failures(&stage);
        let dies = policy == "die" || policy.is_empty();
        assert_eq!(stage.crashed, dies, "{policy}");
        match policy {
            "retry" => {
                let tries = failed.len() as u32;
                let wanted: Vec<_> = (1..=tries).map(|attempt| (0, OnFailedWrite::Retry, attempt)).collect();
                assert!(tries > 3 && failed == wanted, "{failed:?}");
            }
            "skip" => {
                assert_eq!(failed, (0..10).map(|at| (at, OnFailedWrite::Skip, at as u32 + 1)).collect::<Vec<_>>())
            }
            _dies => {
                assert_eq!(failed, [(0, OnFailedWrite::Die, 1)]);
                let death = consumer.death().expect("it says how far it had come");
                assert_eq!((death.at, death.left[0].worked.0), (CrashAt::FailedWrite, 0));
            }
        }
        set(&mut stage, None);
        run(&mut stage, &mut consumer, &mut cluster, 6_000);
        assert_eq!((&rows(&stage, 0)[..], &commits(&cluster, 0)[..]), healed, "{policy}");
    }
}

#[test]
fn a_program_that_is_to_close_does_not_write_for_ever() {
    let mut stage = Stage::new();
    let (mut consumer, mut cluster) = booted(&mut stage, &[("app.commit", "after"), ("app.sink.error", "retry")]);
    set(&mut stage, Some(DOWN));
    run(&mut stage, &mut consumer, &mut cluster, 6_000);
    stage.with(|cx| consumer.on_event(cx, Event::Operator(OperatorRequest::ShutDown)));
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    assert!(stage.exited && commits(&cluster, 0).is_empty(), "what has no row is not committed");
}

#[test]
fn a_program_may_be_told_to_die_of_the_next_write_that_fails() {
    let mut stage = Stage::new();
    let (mut consumer, mut cluster) = booted(&mut stage, &[("app.commit", "after"), ("app.sink.error", "retry")]);
    call(&mut stage, &mut consumer, ConsumerCall::Crash(CrashAt::FailedWrite));
    run(&mut stage, &mut consumer, &mut cluster, 6_000);
    assert!(!stage.crashed, "none has failed");
    cluster.logs[1] = log_of(2, 3);
    set(&mut stage, Some(DOWN));
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    assert!(stage.crashed && part(0).partition == 0);
}
