//! Conversations with scripted brokers: who is not the right one is asked no more.

use crate::admin::Admin;
use crate::testing::{Reply, Stage, client_setup, metadata_of, topic_of};
use api::{DeleteGroupsResponse, DescribeGroupsResponse, DescribedGroup, FindCoordinatorResponse, Request, Response};
use api::{ListOffsetsPartitionResponse, ListOffsetsResponse, OffsetSpec};
use base::{BrokerId, ErrorCode, LeaderEpoch, Offset, Span, TopicPartition};
use port::{AdminSetup, Ask, Event, Fact, KafkaFact, KafkaRequest, OperatorAnswer, OperatorRequest, Part, Told, Which};

/// The answer to one question, with the requests that it took.
fn put(ask: Ask, reply: &mut dyn FnMut(u32, &Request) -> Reply) -> (Option<OperatorAnswer>, Vec<&'static str>) {
    let mut stage = Stage::new();
    let mut admin = stage.with(|cx| Admin::boot(client_setup(&[]), AdminSetup::default(), cx));
    let request = OperatorRequest::Kafka(KafkaRequest::Ask { ticket: 1, ask: Box::new(ask) });
    stage.with(|cx| admin.on_event(cx, Event::Operator(request)));
    let mut asked = Vec::new();
    stage.run(&mut admin, Span::from_secs(70), &mut |_, request| match request {
        Request::Metadata(_) => Reply::Answer(Response::Metadata(metadata_of(2, vec![topic_of("t", &[(1, 0)])]))),
        other => {
            asked.push(other.api_key().name());
            reply(asked.len() as u32, other)
        }
    });
    admin.verify();
    let answers = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { answer, .. }) => Some(answer.clone()),
        _ => None,
    });
    assert!(answers.len() <= 1, "an operator hears once: {answers:?}");
    (answers.into_iter().next(), asked)
}

fn coordinator(node: i32) -> Reply {
    let (error, error_message, endpoint) = (ErrorCode::None, None, None);
    let answer = FindCoordinatorResponse { error, error_message, node: BrokerId(node), endpoint };
    Reply::Answer(Response::FindCoordinator(answer))
}

#[test]
fn a_coordinator_that_is_none_any_more_is_looked_for_again() {
    for passing in [ErrorCode::NotCoordinator, ErrorCode::CoordinatorNotAvailable] {
        let mut errors = vec![ErrorCode::None, passing];
        let (answer, asked) = put(Ask::DeleteGroups(vec!["g".into()]), &mut |_, request| match request {
            Request::FindCoordinator(_) => coordinator(errors.len() as i32),
            _delete => {
                let groups = vec![("g".into(), errors.pop().expect("asked twice"))];
                Reply::Answer(Response::DeleteGroups(DeleteGroupsResponse { groups }))
            }
        });
        assert_eq!(answer, Some(OperatorAnswer::Told(Box::new(Told::Each(vec![("g".into(), Ok(()))])))));
        assert_eq!(asked, ["FindCoordinator", "DeleteGroups", "FindCoordinator", "DeleteGroups"]);
    }
}

#[test]
fn a_coordinator_that_loads_is_asked_again_itself() {
    let mut errors = vec![ErrorCode::GroupIdNotFound, ErrorCode::CoordinatorLoadInProgress];
    let ask = Ask::DescribeGroups { groups: Some(vec!["g".into()]), detail: port::GroupDetail::Members };
    let (answer, asked) = put(ask, &mut |_, request| match request {
        Request::FindCoordinator(_) => coordinator(1),
        _describe => {
            let error = errors.pop().expect("asked twice");
            let group = DescribedGroup {
                error,
                error_message: None,
                group: "g".into(),
                state: "".into(),
                protocol_type: "".into(),
                protocol: "".into(),
                members: Vec::new(),
            };
            Reply::Answer(Response::DescribeGroups(DescribeGroupsResponse { groups: vec![group] }))
        }
    });
    assert_eq!(asked, ["FindCoordinator", "DescribeGroups", "DescribeGroups"]);
    let Some(OperatorAnswer::Told(told)) = answer else { panic!("{answer:?}") };
    let Told::DescribedGroups(groups) = *told else { panic!("{told:?}") };
    assert_eq!(groups[0].found.as_ref().map_err(|said| said.error).err(), Some(ErrorCode::GroupIdNotFound));
}

#[test]
fn a_leader_that_is_none_any_more_is_looked_for_again_and_time_ends_it() {
    let of = || Which::These(vec![Part::Partition(TopicPartition::new("t", 0))]);
    let answer = |error: ErrorCode, offset: i64| {
        let part = ListOffsetsPartitionResponse {
            topic: "t".into(),
            partition: 0,
            error,
            timestamp: None,
            offset: Offset(offset),
            leader_epoch: LeaderEpoch(0),
        };
        Reply::Answer(Response::ListOffsets(ListOffsetsResponse { partitions: vec![part] }))
    };
    let ask = Ask::ListOffsets { of: of(), spec: OffsetSpec::Latest };
    let (told, asked) = put(ask.clone(), &mut |count, _| match count {
        1 => answer(ErrorCode::NotLeaderOrFollower, -1),
        _again => answer(ErrorCode::None, 7),
    });
    assert!(
        matches!(&told, Some(OperatorAnswer::Told(told)) if matches!(&**told, Told::Offsets(all) if all.len() == 1))
    );
    assert_eq!(asked.len(), 2);
    let (told, _) = put(ask, &mut |_, _| answer(ErrorCode::NotLeaderOrFollower, -1));
    assert!(matches!(told, Some(OperatorAnswer::Failed { error: ErrorCode::RequestTimedOut, .. })), "{told:?}");
}

#[test]
fn an_answer_of_another_kind_is_as_good_as_none() {
    let (told, asked) = put(Ask::DescribeCluster, &mut |_, _| coordinator(1));
    assert!(matches!(told, Some(OperatorAnswer::Failed { error: ErrorCode::RequestTimedOut, .. })), "{told:?}");
    assert!(asked.len() > 10 && asked.iter().all(|api| *api == "DescribeCluster"));
}
