//! Questions at random, while brokers die, hang and come back.

use super::{Run, t};
use api::OffsetSpec;
use base::{BrokerId, Draw, ErrorCode, Offset, Rng, Str, TopicPartition};
use port::{Act, Ask, ConfigsOf, GroupDetail, NewOffset, OperatorAnswer, Part, ResetTo, Which};
use sim::{KafkaCommand, WorldCommand};

/// Any question, about things that are there and things that are not.
fn any_ask(rng: &mut Rng) -> Ask {
    let partition = |rng: &mut Rng| match rng.below(4) {
        0 => t(0),
        1 => t(1),
        2 => t(9),
        _ => TopicPartition::new("nope", 0),
    };
    let group = |rng: &mut Rng| Str::from(["g", "readers", "nope", ""][rng.below(4) as usize]);
    let offset = |rng: &mut Rng| Offset(i64::from(rng.below(8)) - 2);
    match rng.below(18) {
        0 => Ask::DescribeTopics(None),
        1 => Ask::DescribeTopics(Some(vec!["t".into(), "nope".into(), "a/b".into()])),
        2 => Ask::ListOffsets { of: Which::All, spec: OffsetSpec::Latest },
        3 => Ask::ListOffsets { of: Which::These(vec![Part::Partition(partition(rng))]), spec: OffsetSpec::Earliest },
        4 => Ask::DescribeConfigs(ConfigsOf::Brokers),
        5 => Ask::DescribeConfigs(ConfigsOf::Topics),
        6 => Ask::ListGroups { states: Vec::new(), types: Vec::new() },
        7 => Ask::DescribeGroups { groups: None, detail: GroupDetail::Offsets },
        8 => Ask::DescribeGroups { groups: Some(vec![group(rng)]), detail: GroupDetail::Offsets },
        9 => {
            let new = NewOffset { partition: partition(rng), offset: offset(rng), metadata: "".into() };
            Ask::CommitOffsets { group: group(rng), offsets: vec![new] }
        }
        10 => {
            let to = [ResetTo::Earliest, ResetTo::Current, ResetTo::ShiftBy(-1)][rng.below(3) as usize].clone();
            Ask::ResetOffsets { group: group(rng), of: Which::All, to, act: Act::Execute }
        }
        11 => Ask::DeleteGroups(vec![group(rng), group(rng)]),
        12 => Ask::DeleteOffsets {
            group: group(rng),
            of: vec![Part::Partition(partition(rng)), Part::Topic("nope".into())],
        },
        13 => Ask::DeleteRecords(vec![(partition(rng), offset(rng)), (t(0), Offset(-1))]),
        14 => Ask::DescribeLogDirs { brokers: None, topics: None },
        15 => Ask::DescribeQuorum,
        16 => Ask::ApiVersions,
        _ => Ask::RemoveMembers { group: group(rng), instances: vec!["m1".into()] },
    }
}

/// Whoever asks hears exactly once, whatever happens to brokers meanwhile; every process is checked after each event.
#[test]
fn every_question_is_answered_once_whatever_happens() {
    let mut answered = 0;
    for seed in 0..40 {
        let (mut run, mut rng) = (Run::new(100 + seed), Rng::new(seed, 7));
        run.produce(3);
        run.join("m1");
        let mut tickets = Vec::new();
        for _ in 0..24 {
            let name: Str = ["1", "2", "3"][rng.below(3) as usize].into();
            let fault = match rng.below(8) {
                0 => Some(WorldCommand::Kill { name }),
                1 => Some(WorldCommand::Pause { name }),
                2 => Some(WorldCommand::Stop { name }),
                _ => None,
            };
            if let Some(fault) = fault {
                // Who is down already stays so.
                let _ = run.world.apply_at(run.now, &fault.into(), &mut run.facts);
            }
            tickets.extend(run.act(KafkaCommand::Ask(Box::new(any_ask(&mut rng)))));
            run.pass(u64::from(rng.below(900)));
            for name in ["1", "2", "3"].into_iter().filter(|_| rng.below(6) == 0) {
                let _ = run.world.apply_at(run.now, &WorldCommand::Start { name: name.into() }.into(), &mut run.facts);
                let _ = run.world.apply_at(run.now, &WorldCommand::Resume { name: name.into() }.into(), &mut run.facts);
            }
        }
        run.pass(65_000);
        for ticket in &tickets {
            let heard = run.facts.iter().filter(|(_, _, fact)| fact.answer_to(*ticket).is_some()).count();
            assert_eq!(heard, 1, "seed {seed}, ticket {ticket}");
        }
        let told = |ticket: &&u64| {
            run.facts.iter().any(|(_, _, fact)| matches!(fact.answer_to(**ticket), Some(OperatorAnswer::Told(_))))
        };
        answered += tickets.iter().filter(told).count();
    }
    assert!(answered > 40 * 8, "{answered} questions were not only refused");
}

#[test]
fn a_broker_that_lives_is_not_unregistered() {
    let mut run = Run::new(13);
    let (error, message) = run.refusal(Ask::UnregisterBroker(BrokerId(1)));
    assert_eq!(error, ErrorCode::PolicyViolation);
    assert!(message.starts_with("Broker 1 lives: "), "{message}");
}
