//! When a program commits, what it writes down, and what it may be told while it runs.

use super::*;
use port::{ConsumerCall, CrashAt, OperatorAnswer, RowId, SeekTo, StoreCondition};

pub(super) fn call(stage: &mut Stage, consumer: &mut Consumer, call: ConsumerCall) {
    let request = OperatorRequest::Kafka(KafkaRequest::Call { ticket: 7, call: Box::new(call) });
    stage.with(|cx| consumer.on_event(cx, Event::Operator(request)));
}

pub(super) fn run(stage: &mut Stage, consumer: &mut Consumer, cluster: &mut Cluster, millis: u64) {
    stage.run(consumer, Span::from_millis(millis), &mut |_, request| cluster.reply(request));
    consumer.verify();
}

pub(super) fn part(number: i32) -> TopicPartition {
    TopicPartition::new("t", number)
}

/// Offsets of rows of a partition, in the order of writing.
pub(super) fn rows(stage: &Stage, number: i32) -> Vec<i64> {
    stage.rows.iter().filter(|row| row.partition == part(number)).map(|row| row.offset.0).collect()
}

pub(super) fn commits(cluster: &Cluster, number: i32) -> Vec<i64> {
    cluster.commits.iter().filter(|each| each.partition == number).map(|each| each.offset.0).collect()
}

fn thrown(stage: &Stage) -> Vec<String> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::CommitThrew { error, message, .. }) => Some(format!("{error}: {message}")),
        _ => None,
    })
}

fn answers(stage: &Stage) -> Vec<OperatorAnswer> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { answer, .. }) => Some(answer.clone()),
        _ => None,
    })
}

/// Each way to commit, crash or not: what is in the store and what is committed when the process is gone.
#[test]
fn before_the_work_loses_and_after_it_repeats() {
    // app.commit, when it dies, rows of t-0, commits of t-0.
    let cases: [(&str, CrashAt, &[i64], &[i64]); 5] = [
        ("before", CrashAt::BeforeCommit, &[], &[]),
        ("before", CrashAt::AfterCommit, &[], &[4]),
        ("after", CrashAt::BeforeCommit, &[0, 1, 2, 3], &[]),
        ("after", CrashAt::AfterCommit, &[0, 1, 2, 3], &[4]),
        ("every:3", CrashAt::AfterCommit, &[0, 1, 2], &[3]),
    ];
    for (policy, at, wanted, committed) in cases {
        for mode in ["sync", "async"] {
            let mut stage = Stage::new();
            let settings = [
                ("app.commit", policy),
                ("app.commit.mode", mode),
                ("app.sink", "db"),
                ("max.poll.records", "4"),
                ("max.partition.fetch.bytes", "1000000"),
            ];
            let mut consumer = boot(&mut stage, &settings, if mode == "sync" { 10 } else { 0 });
            assert!(!consumer.config().enable_auto_commit, "a program that commits turns the consumer's own off");
            let mut cluster = Cluster::new();
            cluster.logs[1].clear();
            call(&mut stage, &mut consumer, ConsumerCall::Crash(at));
            run(&mut stage, &mut consumer, &mut cluster, 3_000);
            assert!(stage.crashed && !stage.exited, "{policy} {at:?}");
            assert!(cluster.left.is_empty(), "it says nothing to anybody");
            let death = consumer.death().expect("it says how far it had come");
            let left = death.left.iter().find(|left| left.partition == part(0)).expect("it read there");
            if mode == "sync" {
                let far = (left.worked.0, left.given.0, left.committed.map(|at| at.0));
                assert_eq!(far, (wanted.len() as i64, 4, committed.last().copied()), "{policy} {at:?}");
            }
            // Whoever does not wait has done more by the time the answer comes.
            if mode == "sync" {
                assert_eq!((&rows(&stage, 0)[..], &commits(&cluster, 0)[..]), (wanted, committed), "{policy} {at:?}");
            } else {
                assert!(rows(&stage, 0).starts_with(wanted), "{policy} {at:?}");
            }
        }
    }
}

#[test]
fn a_program_commits_when_it_says_and_the_consumer_does_not() {
    let wanted: [(&str, &[i64]); 4] =
        [("never", &[]), ("before", &[5, 10]), ("after", &[5, 10]), ("every:2", &[2, 4, 6, 8, 10])];
    for (policy, committed) in wanted {
        let mut stage = Stage::new();
        let settings = [("app.commit", policy), ("app.sink", "db"), ("max.poll.records", "5")];
        let mut consumer = boot(&mut stage, &settings, 1);
        let mut cluster = Cluster::new();
        cluster.logs[1].clear();
        run(&mut stage, &mut consumer, &mut cluster, 9_000);
        assert_eq!(rows(&stage, 0), (0..10).collect::<Vec<_>>(), "{policy}");
        assert_eq!(commits(&cluster, 0), committed, "{policy}");
        assert!(stage.rows.iter().all(|row| row.id == RowId::None && &*row.sink == "db"));
        stage.with(|cx| consumer.on_event(cx, Event::Operator(OperatorRequest::ShutDown)));
        run(&mut stage, &mut consumer, &mut cluster, 1_000);
        assert!(stage.exited);
        assert_eq!(commits(&cluster, 0), committed, "{policy}: close commits only what commits by itself");
    }
}

/// Kafka: `ConsumerCoordinator.commitOffsetsSync`, `OffsetCommitResponseHandler`.
#[test]
fn a_refused_commit_throws_in_kafkas_words_and_one_that_may_be_tried_again_is() {
    let run_with = |mode: &str, error: ErrorCode| {
        let mut stage = Stage::new();
        let settings = [("app.commit", "after"), ("app.commit.mode", mode)];
        let mut consumer = boot(&mut stage, &settings, 1);
        let mut cluster = Cluster::new();
        cluster.commit_error = error;
        run(&mut stage, &mut consumer, &mut cluster, 2_000);
        let first = cluster.commits.len();
        cluster.commit_error = ErrorCode::None;
        run(&mut stage, &mut consumer, &mut cluster, 2_000);
        (thrown(&stage), first, consumer.application())
    };
    let (said, first, _) = run_with("sync", ErrorCode::UnknownTopicOrPartition);
    assert!(said.is_empty() && first > 1, "a retriable exception: {said:?}");
    let (said, ..) = run_with("sync", ErrorCode::UnknownServerError);
    assert!(said[0].starts_with("KafkaException: Unexpected error in commit: The server experienced"), "{said:?}");
    let (said, ..) = run_with("sync", ErrorCode::InvalidCommitOffsetSize);
    assert_eq!(said, ["InvalidCommitOffsetSizeException: The committing offset data size is not valid."]);
    let (said, _, application) = run_with("sync", ErrorCode::UnknownMemberId);
    assert!(said[0].starts_with("CommitFailedException: Commit cannot be completed since the group has already"));
    assert_eq!(application, Application::Polling, "the program goes on");
    let (said, _, _) = run_with("sync", ErrorCode::RebalanceInProgress);
    assert!(said[0].starts_with("RebalanceInProgressException: Offset commit cannot be completed"), "{said:?}");
    let (said, tries, application) = run_with("sync", ErrorCode::CoordinatorNotAvailable);
    assert!(said.is_empty() && tries > 4, "commitSync tries until it is answered: {tries} {said:?}");
    assert_eq!(application, Application::Polling);
    let (said, tries, _) = run_with("async", ErrorCode::CoordinatorNotAvailable);
    assert!(said[0].starts_with("RetriableCommitFailedException: Offset commit failed with a retriable"), "{said:?}");
    assert!(tries <= 4, "commitAsync tries once for each poll: {tries}");
}

#[test]
fn a_commit_that_nobody_answers_ends_with_its_time_out() {
    let mut stage = Stage::new();
    let settings = [("app.commit", "after"), ("default.api.timeout.ms", "5000")];
    let mut consumer = boot(&mut stage, &settings, 1);
    let mut cluster = Cluster::new();
    cluster.commit_error = ErrorCode::CoordinatorLoadInProgress;
    run(&mut stage, &mut consumer, &mut cluster, 8_000);
    let said = thrown(&stage);
    assert!(
        said[0].starts_with("TimeoutException: Timeout of 5000ms expired before successfully committing offsets {t-")
    );
}

#[test]
fn a_chosen_offset_is_committed_as_it_is() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[("app.commit", "never")], 0);
    let mut cluster = Cluster::new();
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    call(&mut stage, &mut consumer, ConsumerCall::Commit { partition: part(0), offset: Offset(4) });
    run(&mut stage, &mut consumer, &mut cluster, 1_000);
    assert_eq!((commits(&cluster, 0), commits(&cluster, 1)), (vec![4], vec![]));
    assert_eq!(answers(&stage), [OperatorAnswer::Done]);
    cluster.commit_error = ErrorCode::IllegalGeneration;
    call(&mut stage, &mut consumer, ConsumerCall::Commit { partition: part(0), offset: Offset(5) });
    run(&mut stage, &mut consumer, &mut cluster, 1_000);
    let OperatorAnswer::Failed { message, .. } = &answers(&stage)[1] else { panic!("{:?}", answers(&stage)) };
    assert!(message.starts_with("CommitFailedException: Commit cannot be completed"), "{message}");
}

#[test]
fn a_seek_reads_again_and_skips_and_takes_no_answer_that_was_asked_before() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 0);
    let mut cluster = Cluster::new();
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    let to = |offset| ConsumerCall::Seek { partitions: vec![part(0)], to: SeekTo::Offset(Offset(offset)) };
    // A fetch at 10 is under way and answered with an empty part; whatever comes of it, reading goes on at 3.
    call(&mut stage, &mut consumer, to(3));
    assert_eq!(consumer.position(&part(0)), Some(Offset(3)));
    run(&mut stage, &mut consumer, &mut cluster, 500);
    let of = |stage: &Stage| {
        delivered(stage)
            .into_iter()
            .filter(|(number, ..)| *number == 0)
            .map(|(_, offset, _)| offset)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&stage), (0..10).chain(3..10).collect::<Vec<_>>());
    call(&mut stage, &mut consumer, ConsumerCall::Seek { partitions: Vec::new(), to: SeekTo::Begin });
    run(&mut stage, &mut consumer, &mut cluster, 500);
    assert_eq!(of(&stage).len(), 27);
    call(&mut stage, &mut consumer, to(-1));
    let elsewhere = ConsumerCall::Seek { partitions: vec![part(9)], to: SeekTo::End };
    call(&mut stage, &mut consumer, elsewhere);
    // No record is so young: the end.
    let late = SeekTo::Time(Timestamp(99));
    call(&mut stage, &mut consumer, ConsumerCall::Seek { partitions: vec![part(0)], to: late });
    run(&mut stage, &mut consumer, &mut cluster, 500);
    assert_eq!(consumer.position(&part(0)), Some(Offset(10)));
    let refused: Vec<String> = answers(&stage)
        .into_iter()
        .filter_map(|answer| match answer {
            OperatorAnswer::Failed { message, .. } => Some(message.to_string()),
            _ => None,
        })
        .collect();
    let wanted = [
        "IllegalArgumentException: seek offset must not be a negative number",
        "IllegalStateException: No current assignment for partition t-9",
    ];
    assert_eq!(refused, wanted);
    let sought = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::Sought { partition, from, to, .. }) if partition.partition == 0 => Some((*from, to.0)),
        _ => None,
    });
    assert_eq!(sought, [(Some(Offset(10)), 3), (Some(Offset(10)), 0), (Some(Offset(10)), 10)]);
}

/// `app.from=-3` is where a program begins; whoever then seeks the end wants the end, known position or not.
#[test]
fn a_call_seeks_the_end_itself() {
    for (early, wanted) in [(Some(SeekTo::End), 10), (Some(SeekTo::Begin), 0), (None, 7)] {
        let mut stage = Stage::new();
        let mut consumer =
            boot(&mut stage, &[("app.assign", "t-0"), ("app.from", "-3"), ("app.max.messages", "99")], 0);
        let mut cluster = Cluster::new();
        cluster.logs[0].truncate(10);
        while consumer.assignment().count() == 0 {
            run(&mut stage, &mut consumer, &mut cluster, 1);
        }
        assert_eq!(consumer.position(&part(0)), None, "no leader has answered yet");
        if let Some(to) = early {
            call(&mut stage, &mut consumer, ConsumerCall::Seek { partitions: Vec::new(), to });
        }
        run(&mut stage, &mut consumer, &mut cluster, 2_000);
        let first = stage.picked(|fact| match fact {
            Fact::Kafka(KafkaFact::Sought { to, .. }) => Some(to.0),
            _ => None,
        });
        assert_eq!(first, [wanted], "{early:?}");
    }
}

#[test]
fn what_is_paused_is_neither_fetched_nor_handed_out() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 0);
    let mut cluster = Cluster::new();
    cluster.logs[0].truncate(1);
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    call(&mut stage, &mut consumer, ConsumerCall::Pause(vec![part(0)]));
    cluster.logs[0] = log_of(2, 5);
    cluster.logs[1] = log_of(2, 3);
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    let count = |stage: &Stage, number| delivered(stage).iter().filter(|(of, ..)| *of == number).count();
    assert_eq!((count(&stage, 0), count(&stage, 1)), (5, 6), "the other one goes on");
    call(&mut stage, &mut consumer, ConsumerCall::Resume(Vec::new()));
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    assert_eq!(count(&stage, 0), 10);
}

#[test]
fn work_may_change_while_it_is_under_way() {
    for settings in [&[][..], &[("app.sink", "db")]] {
        let mut stage = Stage::new();
        let mut consumer = boot(&mut stage, settings, 1_000);
        let mut cluster = Cluster::new();
        cluster.logs = [log_of(2, 5), Vec::new()];
        run(&mut stage, &mut consumer, &mut cluster, 2_000);
        assert_eq!(consumer.application(), Application::Processing);
        call(&mut stage, &mut consumer, ConsumerCall::Work(Span::from_millis(1)));
        run(&mut stage, &mut consumer, &mut cluster, 200);
        assert_eq!(consumer.application(), Application::Polling, "what is left shrinks with it: {settings:?}");
    }
}

#[test]
fn a_program_may_take_partitions_for_itself() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[("app.assign", "t-0@7,t-1")], 0);
    let mut cluster = Cluster::new();
    run(&mut stage, &mut consumer, &mut cluster, 6_000);
    let mut got: Vec<_> = delivered(&stage).into_iter().map(|(number, offset, _)| (number, offset)).collect();
    got.sort_unstable();
    assert_eq!(got, [(0, 7), (0, 8), (0, 9), (1, 0), (1, 1), (1, 2)]);
    assert!(cluster.joins.is_empty() && !cluster.apis.contains(&ApiKey::Heartbeat), "it is nobody's member");
    assert_eq!(commits(&cluster, 0), [10], "it commits outside of any generation");
    cluster.commit_error = ErrorCode::UnknownMemberId;
    run(&mut stage, &mut consumer, &mut cluster, 6_000);
    assert_eq!(consumer.assignment().count(), 2, "a group with members refuses its commits; it reads on");
    stage.with(|cx| consumer.on_event(cx, Event::Operator(OperatorRequest::ShutDown)));
    run(&mut stage, &mut consumer, &mut cluster, 2_000);
    assert!(stage.exited && cluster.left.is_empty());
}

/// Kafka's console consumer ends when it was given enough or has waited too long, with what it was given committed; and it begins
/// where it is told to.
#[test]
fn a_program_reads_within_its_bounds() {
    /// Settings, what it is given of t-0, what is committed there when it has closed, and why it has.
    type Case = (&'static [(&'static str, &'static str)], std::ops::Range<i64>, &'static [i64], Option<Ended>);
    let cases: [Case; 9] = [
        (&[("app.max.messages", "4")], 0..4, &[4], Some(Ended::Enough)),
        (&[("app.max.messages", "4"), ("max.poll.records", "3")], 0..4, &[4], Some(Ended::Enough)),
        (
            &[("app.max.messages", "4"), ("enable.auto.commit", "false"), ("app.from", "begin")],
            0..4,
            &[],
            Some(Ended::Enough),
        ),
        (&[("app.max.messages", "0")], 0..0, &[], Some(Ended::Enough)),
        (&[("app.timeout.ms", "900")], 0..10, &[10], Some(Ended::Silence)),
        (&[("app.timeout.ms", "900"), ("app.from", "end")], 0..0, &[10], Some(Ended::Silence)),
        (&[("app.timeout.ms", "900"), ("app.from", "-3")], 7..10, &[10], Some(Ended::Silence)),
        (&[("app.timeout.ms", "900"), ("app.from", "6")], 6..10, &[10], Some(Ended::Silence)),
        (&[("app.from", "begin")], 0..10, &[10], None),
    ];
    for (settings, given, committed, ended) in cases {
        for alone in [false, true] {
            for work in [0, 5] {
                let mut stage = Stage::new();
                let mut all = settings.to_vec();
                all.extend(alone.then_some(("app.assign", "t-0")));
                let mut consumer = boot(&mut stage, &all, work);
                let mut cluster = Cluster::new();
                run(&mut stage, &mut consumer, &mut cluster, 4_000);
                let at = format!("{all:?}, {work} ms");
                assert_eq!((consumer.program().ended(), stage.exited), (ended, ended.is_some()), "{at}");
                let got: Vec<(i32, i64)> = delivered(&stage).iter().map(|each| (each.0, each.1)).collect();
                if !alone {
                    // It has the other partition, too.
                    let most = if ended == Some(Ended::Enough) { given.end as usize } else { got.len() };
                    assert_eq!(got.len(), most, "{at}");
                    continue;
                }
                assert_eq!(got, given.clone().map(|offset| (0, offset)).collect::<Vec<_>>(), "{at}");
                if ended.is_some() {
                    assert_eq!(commits(&cluster, 0), committed, "{at}");
                }
                let asks = cluster.apis.contains(&ApiKey::FindCoordinator);
                let commits = !settings.contains(&("enable.auto.commit", "false"));
                assert!(!asks || commits, "{at}: a coordinator is asked for in vain");
            }
        }
    }
}

/// Perhaps another condition for the store.
fn change_store(stage: &mut Stage, die: &mut impl FnMut(u32) -> u32) {
    if die(2) == 0 {
        let condition = StoreCondition { time: Span::from_millis(u64::from(die(3)) * 90), is_down: die(2) == 0 };
        _ = stage.outbox.stores.insert("db".into(), condition);
    }
}

/// Whatever is called when, a consumer holds what always holds, and what it hands out of a partition between two seeks
/// rises one by one.
#[test]
fn random_calls_break_nothing() {
    let policies = ["auto", "before", "after", "every:2", "never"];
    for seed in 0..300_u64 {
        let mut dice = base::Rng::new(seed, 1);
        let mut die = |bound: u32| base::Draw::below(&mut dice, bound);
        let mut stage = Stage::new();
        let policy = policies[die(5) as usize];
        let mode = if die(2) == 0 { "sync" } else { "async" };
        let records = ["1", "3", "500"][die(3) as usize];
        let mut settings = vec![("app.commit", policy), ("app.commit.mode", mode), ("max.poll.records", records)];
        if die(2) == 0 {
            settings.push(("app.sink", "db"));
            settings.push(("app.sink.error", ["die", "retry", "skip"][die(3) as usize]));
        }
        if die(4) == 0 {
            settings.push(("app.assign", "t-0,t-1@2"));
        }
        let mut consumer = boot(&mut stage, &settings, u64::from(die(3)) * 7);
        let mut cluster = Cluster::new();
        for _ in 0..12 {
            let partitions = match die(3) {
                0 => Vec::new(),
                number => vec![part(number as i32 - 1)],
            };
            let to =
                [SeekTo::Begin, SeekTo::End, SeekTo::Offset(Offset(i64::from(die(12)))), SeekTo::Time(Timestamp(5))];
            let made = match die(8) {
                0..3 => ConsumerCall::Seek { partitions, to: to[die(4) as usize] },
                3 => ConsumerCall::Pause(partitions),
                4 => ConsumerCall::Resume(partitions),
                5 => ConsumerCall::Work(Span::from_millis(u64::from(die(20)))),
                6 => ConsumerCall::Commit { partition: part(0), offset: Offset(i64::from(die(9)) - 1) },
                _ => ConsumerCall::Crash(
                    [CrashAt::BeforeCommit, CrashAt::AfterCommit, CrashAt::FailedWrite][die(3) as usize],
                ),
            };
            cluster.commit_error =
                [ErrorCode::None, ErrorCode::None, ErrorCode::NotCoordinator, ErrorCode::UnknownMemberId]
                    [die(4) as usize];
            call(&mut stage, &mut consumer, made);
            change_store(&mut stage, &mut die);
            let breaks = die(3) == 0;
            let mut count = 0;
            let lapse = Span::from_millis(u64::from(die(900)));
            stage.run(&mut consumer, lapse, &mut |_, request| {
                count += 1;
                if breaks && count % 3 == 0 { Reply::Break } else { cluster.reply(request) }
            });
            consumer.verify();
        }
        let mut next = std::collections::BTreeMap::new();
        for fact in &stage.facts {
            match fact {
                Fact::Kafka(KafkaFact::Delivered { partition, offset, .. }) => {
                    let wanted = next.insert(partition.clone(), offset.0 + 1).unwrap_or(offset.0);
                    assert_eq!(offset.0, wanted, "seed {seed}: {partition}");
                }
                Fact::Kafka(
                    KafkaFact::Sought { partition, .. }
                    | KafkaFact::OffsetReset { partition, .. }
                    | KafkaFact::PartitionAssigned { partition, .. },
                ) => drop(next.remove(partition)),
                _ => {}
            }
        }
    }
}
