//! The admin client against scripted brokers.

use super::*;
use crate::testing::{Reply, Stage, client_setup, metadata_of, topic_of};
use api::{CreatableTopic, CreatableTopicResult, CreateTopicsResponse, Request};
use base::{TopicId, TopicPartition};
use port::{Fact, KafkaFact, KafkaRequest};

fn create(ticket: u64, timeout: Span) -> OperatorRequest {
    let topic = CreatableTopic {
        name: "t".into(),
        num_partitions: 3,
        replication_factor: 1,
        assignments: Vec::new(),
        configs: Vec::new(),
    };
    OperatorRequest::Kafka(KafkaRequest::CreateTopic { ticket, topic, timeout })
}

fn created(error: ErrorCode) -> Reply {
    let (name, topic_id) = ("t".into(), TopicId(1));
    let error_message = error.is_error().then(|| "because".into());
    let topic = CreatableTopicResult { name, topic_id, error, error_message, num_partitions: 3, replication_factor: 1 };
    Reply::Answer(Response::CreateTopics(CreateTopicsResponse { topics: vec![topic] }))
}

fn answers(stage: &Stage) -> Vec<(u64, OperatorAnswer)> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { ticket, answer }) => Some((*ticket, answer.clone())),
        _ => None,
    })
}

fn run(errors: &[ErrorCode], timeout: Span) -> (Stage, u32) {
    let mut stage = Stage::new();
    let mut admin = stage.with(|cx| Admin::boot(client_setup(&[]), AdminSetup::default(), cx));
    stage.with(|cx| admin.on_event(cx, Event::Operator(create(5, timeout))));
    let mut asked = 0;
    stage.run(&mut admin, Span::from_secs(20), &mut |_, request| match request {
        Request::Metadata(_) => Reply::Answer(Response::Metadata(metadata_of(2, vec![topic_of("t", &[(1, 0)])]))),
        Request::CreateTopics(_) => {
            asked += 1;
            errors.get(asked as usize - 1).map_or(Reply::Silence, |error| created(*error))
        }
        other => panic!("unexpected {}", other.api_key()),
    });
    (stage, asked)
}

#[test]
fn a_wrong_controller_is_asked_again_and_other_errors_are_told() {
    let (stage, asked) = run(&[ErrorCode::NotController, ErrorCode::None], Span::ZERO);
    assert_eq!((answers(&stage), asked), (vec![(5, OperatorAnswer::Done)], 2));
    let (stage, asked) = run(&[ErrorCode::TopicAlreadyExists], Span::ZERO);
    let told = answers(&stage);
    let [(5, OperatorAnswer::Failed { error: ErrorCode::TopicAlreadyExists, message, by: Refuser::Broker(_) })] =
        &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!((&**message, asked), ("because", 1));
}

#[test]
fn without_an_answer_the_timeout_of_the_request_holds() {
    let (stage, _) = run(&[], Span::from_secs(15));
    assert!(matches!(answers(&stage)[..], [(5, OperatorAnswer::Failed { error: ErrorCode::RequestTimedOut, .. })]));
}

#[test]
fn with_nobody_there_the_call_was_never_sent() {
    let mut stage = Stage::new();
    stage.dead = vec![9001, 9002];
    let mut admin = stage.with(|cx| Admin::boot(client_setup(&[]), AdminSetup::default(), cx));
    let partition = TopicPartition::new("t", 0);
    let read = OperatorRequest::Kafka(KafkaRequest::Read { ticket: 1, partition, from: base::Offset(0) });
    stage.with(|cx| admin.on_event(cx, Event::Operator(create(2, Span::from_secs(5)))));
    stage.with(|cx| admin.on_event(cx, Event::Operator(read)));
    stage.run(&mut admin, Span::from_secs(61), &mut |_, _| Reply::Silence);
    let messages: Vec<_> = answers(&stage)
        .into_iter()
        .map(|(ticket, answer)| match answer {
            OperatorAnswer::Failed { message, .. } => (ticket, message.to_string()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = |ticket, call| (ticket, format!("Timed out waiting for a node assignment. Call: {call}"));
    assert_eq!(messages, [expected(2, "createTopics"), expected(1, "read")]);
}

/// How often `call` throws dice.
fn draws(stage: &mut Stage, call: impl FnOnce(&mut Cx<'_>)) -> usize {
    let mut before = stage.with(|cx| cx.rng.clone());
    stage.with(call);
    let after = stage.with(|cx| cx.rng.clone());
    (0..100)
        .find(|_| {
            let is_same = before == after;
            before.next_u64();
            is_same
        })
        .expect("fewer than a hundred draws")
}

#[test]
fn a_thousand_questions_that_wait_cost_no_more_dice_than_one() {
    let mut stage = Stage::new();
    let mut admin = stage.with(|cx| Admin::boot(client_setup(&[]), AdminSetup::default(), cx));
    let mut counts = Vec::new();
    for ticket in 0..1_000 {
        let ask = OperatorRequest::Kafka(KafkaRequest::ListTopics { ticket });
        counts.push(draws(&mut stage, |cx| admin.on_event(cx, Event::Operator(ask))));
    }
    assert!(counts.iter().all(|&count| count <= 4), "{counts:?}");
    // And all are answered, in the order in which they were asked.
    stage.run(&mut admin, Span::from_secs(30), &mut |_, _| {
        Reply::Answer(Response::Metadata(metadata_of(2, Vec::new())))
    });
    let tickets: Vec<u64> = answers(&stage).into_iter().map(|(ticket, _)| ticket).collect();
    assert_eq!(tickets, (0..1_000).collect::<Vec<u64>>());
    assert!(admin.waiting.is_empty());
}
