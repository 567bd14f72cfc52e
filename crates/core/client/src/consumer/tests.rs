//! Consumers against a scripted cluster: one broker that leads two partitions and coordinates.

use super::*;
use crate::subscription::write_assignment;
use crate::testing::{Reply, Stage, client_setup, endpoint_of, metadata_of, topic_of};
use api::{EpochEndOffset, OffsetForLeaderEpochResponse};
use api::{
    FetchPartitionResponse, FetchRequest, FetchResponse, FindCoordinatorResponse, HeartbeatResponse, JoinGroupMember,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupResponse, ListOffsetsPartitionResponse, ListOffsetsResponse,
    OffsetCommitPartition, OffsetCommitResponse, OffsetFetchPartitionResponse, OffsetFetchResponse, Response,
    SyncGroupResponse,
};
use base::{BrokerId, LeaderEpoch, ProcessId, Span, Timestamp};
use port::{Fact, KafkaFact};
use records::{Batch, BatchBuilder, NewRecord, Trace};

mod policies;
mod storing;

struct Cluster {
    /// Per partition: batches of the log.
    logs: [Vec<Batch>; 2],
    generation: i32,
    heartbeat: ErrorCode,
    joins: Vec<JoinGroupRequest>,
    plans: Vec<Vec<(Str, bytes::Bytes)>>,
    commits: Vec<OffsetCommitPartition>,
    committed: Offset,
    /// What each partition of a commit is answered.
    commit_error: ErrorCode,
    left: Vec<Str>,
    apis: Vec<ApiKey>,
}

fn log_of(batches: i64, records: i64) -> Vec<Batch> {
    let batch = |number: i64| {
        let mut builder = BatchBuilder::new().at(Offset(number * records), LeaderEpoch(0));
        for at in 0..records {
            let value = Some(format!("v{}", number * records + at).into());
            builder.append(&NewRecord { timestamp: Timestamp(1), key: None, value, headers: Vec::new() });
        }
        let indexes = (0..records).map(|at| (number * records + at) as u64).collect();
        builder.build().with_trace(Some(Trace { producer: ProcessId(3), indexes }))
    };
    (0..batches).map(batch).collect()
}

impl Cluster {
    fn new() -> Cluster {
        Cluster {
            logs: [log_of(2, 5), log_of(1, 3)],
            generation: 0,
            heartbeat: ErrorCode::None,
            joins: Vec::new(),
            plans: Vec::new(),
            commits: Vec::new(),
            committed: Offset::UNDEFINED,
            commit_error: ErrorCode::None,
            left: Vec::new(),
            apis: Vec::new(),
        }
    }

    fn reply(&mut self, request: &Request) -> Reply {
        self.apis.push(request.api_key());
        let answer = match request {
            Request::Metadata(_) => Response::Metadata(metadata_of(1, vec![topic_of("t", &[(1, 0), (1, 0)])])),
            Request::FindCoordinator(_) => Response::FindCoordinator(FindCoordinatorResponse {
                error: ErrorCode::None,
                error_message: None,
                node: BrokerId(1),
                endpoint: Some(endpoint_of(1)),
            }),
            Request::JoinGroup(request) => Response::JoinGroup(self.join(request)),
            Request::SyncGroup(request) => {
                self.plans.push(request.assignments.clone());
                let mine = request.assignments.iter().find(|(member, _)| member.as_ref() == "m");
                let assignment = mine.map(|(_, bytes)| bytes.clone()).unwrap_or_else(|| write_assignment(&[]));
                Response::SyncGroup(SyncGroupResponse {
                    error: ErrorCode::None,
                    protocol_type: None,
                    protocol: None,
                    assignment,
                })
            }
            Request::Heartbeat(_) => Response::Heartbeat(HeartbeatResponse { error: self.heartbeat }),
            Request::LeaveGroup(request) => {
                self.left.extend(request.members.iter().map(|member| member.member_id.clone()));
                Response::LeaveGroup(LeaveGroupResponse { error: ErrorCode::None, members: Vec::new() })
            }
            Request::OffsetFetch(request) => {
                let part = |(topic, partition): &(Str, i32)| OffsetFetchPartitionResponse {
                    topic: topic.clone(),
                    partition: *partition,
                    offset: self.committed,
                    leader_epoch: LeaderEpoch::UNDEFINED,
                    metadata: "".into(),
                    error: ErrorCode::None,
                };
                let partitions = request.partitions.iter().flatten().map(part).collect();
                Response::OffsetFetch(OffsetFetchResponse { error: ErrorCode::None, partitions })
            }
            Request::OffsetCommit(request) => {
                self.commits.extend(request.partitions.iter().cloned());
                let error = self.commit_error;
                let parts = request.partitions.iter().map(|each| (each.topic.clone(), each.partition, error));
                Response::OffsetCommit(OffsetCommitResponse { partitions: parts.collect() })
            }
            Request::ListOffsets(request) => {
                let part = |each: &api::ListOffsetsPartition| ListOffsetsPartitionResponse {
                    topic: each.topic.clone(),
                    partition: each.partition,
                    error: ErrorCode::None,
                    timestamp: None,
                    offset: match each.spec {
                        api::OffsetSpec::Latest => {
                            self.logs[each.partition as usize].last().map_or(Offset(0), Batch::next_offset)
                        }
                        api::OffsetSpec::Timestamp(at) if at.0 > 1 => Offset(-1),
                        api::OffsetSpec::Timestamp(_) | api::OffsetSpec::Earliest | api::OffsetSpec::MaxTimestamp => {
                            Offset(0)
                        }
                    },
                    leader_epoch: LeaderEpoch(0),
                };
                Response::ListOffsets(ListOffsetsResponse { partitions: request.partitions.iter().map(part).collect() })
            }
            Request::Fetch(request) => return self.fetch(request),
            other => panic!("a consumer sends no {}", other.api_key()),
        };
        Reply::Answer(answer)
    }

    fn join(&mut self, request: &JoinGroupRequest) -> JoinGroupResponse {
        self.joins.push(request.clone());
        let known = !request.member_id.is_empty() || request.group_instance_id.is_some();
        self.generation += i32::from(known);
        let metadata = request.protocols[0].1.clone();
        let member =
            |id: &str| JoinGroupMember { member_id: id.into(), group_instance_id: None, metadata: metadata.clone() };
        let members = if self.generation > 1 { vec![member("m"), member("n")] } else { vec![member("m")] };
        JoinGroupResponse {
            error: if known { ErrorCode::None } else { ErrorCode::MemberIdRequired },
            generation: self.generation,
            protocol_type: Some("consumer".into()),
            protocol: Some("range".into()),
            leader: "m".into(),
            skip_assignment: false,
            member_id: "m".into(),
            members,
        }
    }

    fn fetch(&self, request: &FetchRequest) -> Reply {
        let part = |each: &api::FetchPartition| {
            let log = &self.logs[each.partition as usize];
            let end = log.last().map_or(Offset(0), Batch::next_offset);
            FetchPartitionResponse {
                topic: each.topic,
                partition: each.partition,
                error: if each.fetch_offset > end { ErrorCode::OffsetOutOfRange } else { ErrorCode::None },
                high_watermark: end,
                last_stable_offset: end,
                log_start_offset: Offset(0),
                diverging: None,
                current_leader: None,
                records: log.iter().filter(|batch| batch.last_offset() >= each.fetch_offset).cloned().collect(),
            }
        };
        let partitions: Vec<_> = request.partitions.iter().map(part).collect();
        let error = ErrorCode::None;
        Reply::Answer(Response::Fetch(FetchResponse { error, session_id: 0, partitions, node_endpoints: Vec::new() }))
    }
}

fn boot(stage: &mut Stage, overrides: &[(&str, &str)], processing_ms: u64) -> Consumer {
    let processing_time = Span::from_millis(processing_ms);
    let setup = ConsumerSetup { group: "g".into(), topics: vec!["t".into()], processing_time };
    let mut all = vec![("auto.offset.reset", "earliest")];
    all.extend_from_slice(overrides);
    stage.with(|cx| Consumer::boot(client_setup(&all), setup, cx))
}

fn delivered(stage: &Stage) -> Vec<(i32, i64, u64)> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::Delivered { partition, offset, record: Some(record), .. }) => {
            Some((partition.partition, offset.0, record.index))
        }
        _ => None,
    })
}

#[test]
fn a_member_joins_plans_reads_commits_and_leaves() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 1);
    let mut cluster = Cluster::new();
    stage.run(&mut consumer, Span::from_secs(6), &mut |_, request| cluster.reply(request));
    let mut got = delivered(&stage);
    got.sort_unstable();
    let expected: Vec<_> = (0..10).map(|at| (0, at, at as u64)).chain((0..3).map(|at| (1, at, at as u64))).collect();
    assert_eq!(got, expected);
    assert_eq!(cluster.joins.len(), 2, "first MEMBER_ID_REQUIRED, then the generation");
    assert_eq!((consumer.membership().phase, consumer.membership().generation), (GroupPhase::Stable, 1));
    assert_eq!(consumer.recent().count(), KEPT_RECORDS);
    let committed: Vec<_> = consumer.partitions().map(|(_, state)| state.committed).collect();
    assert_eq!(committed, [Some(Offset(10)), Some(Offset(3))], "auto commit after 5 s");
    stage.with(|cx| consumer.on_event(cx, Event::Operator(OperatorRequest::ShutDown)));
    stage.run(&mut consumer, Span::from_secs(1), &mut |_, request| cluster.reply(request));
    assert!(stage.exited);
    assert_eq!(cluster.left, ["m".into()]);
    let revoked =
        stage.picked(|fact| matches!(fact, Fact::Kafka(KafkaFact::PartitionRevoked { lost: false, .. })).then_some(()));
    assert_eq!(revoked.len(), 2);
}

#[test]
fn a_heartbeat_tells_of_a_rebalance_and_the_member_commits_before_it_gives_back() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 0);
    let mut cluster = Cluster::new();
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    cluster.heartbeat = ErrorCode::RebalanceInProgress;
    cluster.apis.clear();
    stage.run(&mut consumer, Span::from_millis(1_500), &mut |_, request| cluster.reply(request));
    cluster.heartbeat = ErrorCode::None;
    stage.run(&mut consumer, Span::from_secs(1), &mut |_, request| cluster.reply(request));
    let group = [ApiKey::Heartbeat, ApiKey::OffsetCommit, ApiKey::JoinGroup, ApiKey::SyncGroup];
    let order: Vec<_> = cluster.apis.iter().copied().filter(|key| group.contains(key)).collect();
    assert_eq!(order[..4], group);
    assert_eq!(consumer.membership().generation, 2);
    let held: Vec<_> = consumer.assignment().map(ToString::to_string).collect();
    assert_eq!(held, ["t-0"], "the other half went to n");
    assert_eq!(cluster.plans[1].len(), 2);
}

#[test]
fn a_forgotten_member_loses_its_partitions_and_joins_anew() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 0);
    let mut cluster = Cluster::new();
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    cluster.heartbeat = ErrorCode::UnknownMemberId;
    cluster.committed = Offset(2);
    stage.run(&mut consumer, Span::from_millis(1_500), &mut |_, request| cluster.reply(request));
    let lost =
        stage.picked(|fact| matches!(fact, Fact::Kafka(KafkaFact::PartitionRevoked { lost: true, .. })).then_some(()));
    assert_eq!(lost.len(), 2);
    assert_eq!(cluster.joins[2].member_id.as_ref(), "");
    cluster.heartbeat = ErrorCode::None;
    stage.run(&mut consumer, Span::from_secs(1), &mut |_, request| cluster.reply(request));
    let again = delivered(&stage).into_iter().filter(|(partition, offset, _)| (*partition, *offset) == (0, 2)).count();
    assert_eq!(again, 2, "read again from the committed offset");
}

#[test]
fn a_static_member_does_not_leave_and_dies_when_it_is_fenced() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[("group.instance.id", "i")], 0);
    let mut cluster = Cluster::new();
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    assert_eq!(cluster.joins.len(), 1);
    cluster.heartbeat = ErrorCode::FencedInstanceId;
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    assert!(stage.exited);
    assert_eq!(consumer.failure().map(|failure| failure.error), Some(ErrorCode::FencedInstanceId));
    assert!(cluster.left.is_empty());
}

#[test]
fn too_slow_between_polls_means_leaving_the_group() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[("max.poll.interval.ms", "6000"), ("max.poll.records", "4")], 2_000);
    let mut cluster = Cluster::new();
    stage.run(&mut consumer, Span::from_secs(7), &mut |_, request| cluster.reply(request));
    assert_eq!(cluster.left, ["m".into()]);
    let exceeded = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::PollIntervalExceeded { after, .. }) => Some(after.as_millis()),
        _ => None,
    });
    assert_eq!(exceeded, [6_000]);
    stage.run(&mut consumer, Span::from_secs(3), &mut |_, request| cluster.reply(request));
    assert_eq!(consumer.membership().phase, GroupPhase::Stable, "it joins again at the next poll");
}

#[test]
fn an_offset_out_of_range_is_reset() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[], 0);
    let mut cluster = Cluster::new();
    cluster.committed = Offset(99);
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    let resets = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OffsetReset { to, .. }) => Some(to.0),
        _ => None,
    });
    assert_eq!((resets, delivered(&stage).len()), (vec![0, 0], 13));
}

/// An application that needs no time takes a whole answer within one call; however many polls that is, the stack does
/// not grow with them, and a batch is read once.
#[test]
fn a_hundred_thousand_polls_in_a_row_are_a_loop() {
    let mut stage = Stage::new();
    let mut consumer = boot(&mut stage, &[("max.poll.records", "1")], 0);
    let mut cluster = Cluster::new();
    cluster.logs = [log_of(2, 50_000), log_of(1, 3)];
    stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
    assert_eq!(delivered(&stage).len(), 100_003);
}

/// Kafka: `SubscriptionState.maybeCompleteValidation` and `LogTruncation.toString`.
#[test]
fn a_truncation_ends_a_consumer_without_a_policy_and_moves_another() {
    let (epoch, unknown) = (LeaderEpoch(1), (LeaderEpoch::UNDEFINED, Offset(-1)));
    let cases = [
        ("earliest", (epoch, Offset(3)), Ok("At(3)")),
        ("latest", unknown, Ok("Resetting")),
        ("none", (epoch, Offset(3)), Err("divergentOffset=3, divergentEpoch=Optional[1])]")),
        ("none", unknown, Err("divergentOffset=unknown, divergentEpoch=unknown)]")),
    ];
    for (policy, (epoch, end_offset), wanted) in cases {
        let mut stage = Stage::new();
        let mut consumer = boot(&mut stage, &[("auto.offset.reset", policy)], 1);
        let mut cluster = Cluster::new();
        cluster.committed = Offset(2);
        stage.run(&mut consumer, Span::from_secs(2), &mut |_, request| cluster.reply(request));
        let partition = TopicPartition::new("t", 0);
        let state = consumer.partitions.get_mut(&partition).expect("it is assigned");
        let Position::At(position) = state.position else { panic!("{:?}", state.position) };
        assert!(position.offset > Offset(3), "{position:?}");
        state.position = Position::Validating(position);
        let end = EpochEndOffset { epoch, end_offset };
        let answer = OffsetForLeaderEpochResponse { partitions: vec![("t".into(), 0, ErrorCode::None, end)] };
        let asked = (consumer.assignment_number, &[partition.clone()][..]);
        stage.with(|cx| consumer.on_validated(cx, asked, &answer));
        match (wanted, &consumer.failure) {
            (Ok(wanted), None) => {
                let now = match consumer.partitions.get(&partition).map(|state| state.position) {
                    Some(Position::At(at)) => format!("At({})", at.offset.0),
                    other => format!("{:?}", other.expect("it is assigned")),
                };
                assert_eq!(now, wanted, "{policy}");
            }
            (Err(wanted), Some(failure)) => {
                assert_eq!(&*failure.name, "LogTruncationException");
                let begin = "Detected truncated partitions: [(partition=t-0, fetchOffset=";
                assert!(failure.message.starts_with(begin) && failure.message.ends_with(wanted), "{}", failure.message);
            }
            (wanted, failure) => panic!("{policy}: {wanted:?} {failure:?}"),
        }
    }
}

/// Kafka: `ClassicKafkaConsumer.throwIfNoAssignorsConfigured`.
#[test]
fn a_consumer_needs_an_assignor() {
    let strategy = |value: &str| FlatMap::from([("partition.assignment.strategy".into(), value.into())]);
    let refused = crate::settings::check_consumer(&strategy("")).expect_err("nobody would share out");
    let crate::settings::Unusable::Refused(error) = refused else { panic!("{refused:?}") };
    // Whatever is let through has an assignor that runs: Java's names are read to the letter.
    let class = "org.apache.kafka.clients.consumer.RangeAssignor";
    for value in [class.to_lowercase(), format!("class {class}"), format!("{class},{class}"), "range".into()] {
        if crate::settings::check_consumer(&strategy(&value)).is_ok() {
            boot(&mut Stage::new(), &[("partition.assignment.strategy", &value)], 1);
        }
    }
    assert!(error.message.starts_with("Must configure at least one partition assigner class name to"));
    assert!(crate::settings::check_consumer(&strategy("org.apache.kafka.clients.consumer.RangeAssignor")).is_ok());
}
