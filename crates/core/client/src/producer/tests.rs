//! Producers against scripted brokers.

mod policy;

use super::*;
use crate::log::{LogLevel, OfMetadata, Said};
use crate::testing::{Reply, Stage, client_setup, endpoint_of, metadata_of, topic_of};
use api::{
    Acks, InitProducerIdResponse, LeaderIdAndEpoch, ProducePartition, ProducePartitionResponse, ProduceRequest,
    ProduceResponse, Request, Response,
};
use base::{BrokerId, LeaderEpoch, Offset, ProducerId, Seldom};
use port::{Fact, KafkaFact, KafkaRequest, KeyPattern, OperatorAnswer};
use records::Batch;

/// Brokers that take everything they are sent, unless `fault` has something to say.
#[derive(Default)]
struct Cluster {
    leaders: Vec<(i32, i32)>,
    written: Vec<(i32, PartitionId, Batch)>,
    metadata_requests: u32,
}

type Fault<'a> = &'a mut dyn FnMut(i32, &ProducePartition) -> Option<ErrorCode>;

impl Cluster {
    fn new(leaders: &[(i32, i32)]) -> Cluster {
        Cluster { leaders: leaders.to_vec(), ..Cluster::default() }
    }

    fn reply(&mut self, node: i32, request: &Request, fault: Fault<'_>) -> Reply {
        match request {
            Request::Metadata(_) => {
                self.metadata_requests += 1;
                Reply::Answer(Response::Metadata(metadata_of(2, vec![topic_of("t", &self.leaders)])))
            }
            Request::InitProducerId(_) => {
                let (error, producer_id) = (ErrorCode::None, ProducerId(7));
                Reply::Answer(Response::InitProducerId(InitProducerIdResponse {
                    error,
                    producer_id,
                    producer_epoch: 0,
                }))
            }
            Request::Produce(request) => self.produce(node, request, fault),
            other => panic!("a producer sends no {}", other.api_key()),
        }
    }

    fn produce(&mut self, node: i32, request: &ProduceRequest, fault: Fault<'_>) -> Reply {
        let mut partitions = Vec::new();
        for part in &request.partitions {
            let mut error = fault(node, part).unwrap_or(ErrorCode::None);
            if error == ErrorCode::NetworkException {
                return Reply::Break;
            }
            let (leader, epoch) = self.leaders[part.partition as usize];
            if leader != node {
                error = ErrorCode::NotLeaderOrFollower;
            }
            if error == ErrorCode::None {
                self.written.push((node, part.partition, part.batch.clone()));
            }
            let hint = LeaderIdAndEpoch { leader: BrokerId(leader), epoch: LeaderEpoch(epoch) };
            partitions.push(ProducePartitionResponse {
                topic: part.topic,
                partition: part.partition,
                error,
                error_message: None,
                base_offset: Offset(100),
                log_append_time: None,
                log_start_offset: Offset(0),
                current_leader: (error == ErrorCode::NotLeaderOrFollower).then_some(hint),
            });
        }
        if request.acks == Acks::NONE {
            return Reply::Silence;
        }
        let node_endpoints = vec![(BrokerId(1), endpoint_of(1)), (BrokerId(2), endpoint_of(2))];
        Reply::Answer(Response::Produce(ProduceResponse { partitions, node_endpoints }))
    }

    /// Indexes of everything written, in the order of writing.
    fn indexes(&self) -> Vec<u64> {
        self.written.iter().flat_map(|(_, _, batch)| batch.trace().expect("traced").indexes.to_vec()).collect()
    }
}

fn workload(interval_ms: Option<u64>, limit: Option<u64>) -> ProducerSetup {
    let keys = KeyPattern::Cycle(vec!["a".into(), "b".into(), "c".into(), "d".into()]);
    ProducerSetup { topic: "t".into(), keys, interval: interval_ms.map(Span::from_millis), value_size: 20, limit }
}

fn boot(stage: &mut Stage, overrides: &[(&str, &str)], setup: ProducerSetup) -> Producer {
    stage.with(|cx| Producer::boot(client_setup(overrides), setup, cx))
}

fn acked(stage: &Stage) -> Vec<u64> {
    let acked = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::RecordsAcked { records, .. }) => Some(records.indexes.to_vec()),
        _ => None,
    });
    let mut indexes: Vec<u64> = acked.into_iter().flatten().collect();
    indexes.sort_unstable();
    indexes
}

#[test]
fn keyed_records_are_batched_numbered_and_acknowledged() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[], workload(Some(1), Some(100)));
    let mut cluster = Cluster::new(&[(1, 0), (2, 0), (1, 0)]);
    stage.run(&mut producer, Span::from_secs(2), &mut |node, request| cluster.reply(node, request, &mut |_, _| None));
    assert_eq!(acked(&stage), (0..100).collect::<Vec<_>>());
    assert!(cluster.written.len() < 80, "{} batches for 100 records", cluster.written.len());
    for partition in 0..3 {
        let batches = cluster.written.iter().filter(|(_, at, _)| *at == partition);
        let mut next = 0;
        for (_, _, batch) in batches {
            assert_eq!((batch.base_sequence(), batch.producer_id(), batch.producer_epoch()), (next, ProducerId(7), 0));
            next += batch.record_count();
        }
    }
    assert_eq!(producer.counts(), ProducerCounts { sent: 100, acked: 100, failed: 0, refused: 0 });
    assert_eq!(producer.buffered(), 0);
}

#[test]
fn a_leader_hint_is_followed_and_nothing_is_lost() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[], workload(Some(2), Some(200)));
    let mut cluster = Cluster::new(&[(1, 0)]);
    stage.run(&mut producer, Span::from_millis(200), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    cluster.leaders[0] = (2, 1);
    let before = cluster.written.len();
    stage.run(&mut producer, Span::from_millis(50), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    assert!(cluster.written.len() > before, "the hint needs neither metadata nor backoff");
    stage.run(&mut producer, Span::from_secs(2), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    assert_eq!(acked(&stage), (0..200).collect::<Vec<_>>());
    let mut written = cluster.indexes();
    written.sort_unstable();
    assert_eq!(written, (0..200).collect::<Vec<_>>());
    assert_eq!(producer.network().leader("t", 0), Some((crate::network::Node::Broker(BrokerId(2)), LeaderEpoch(1))));
}

/// `DefaultMetadataUpdater.handleSuccessfulResponse` counts all and names ten; leaders that are none say nothing there.
#[test]
fn leaders_without_the_listener_are_warned_of() {
    for (lacking, named) in [(0, 0), (1, 1), (12, 10)] {
        let mut stage = Stage::new();
        let mut producer = boot(&mut stage, &[], workload(None, None));
        let mut topic = topic_of("t", &[(-1, 0); 13]);
        for partition in topic.partitions.iter_mut().take(lacking) {
            partition.error = ErrorCode::ListenerNotFound;
        }
        stage.run(&mut producer, Span::from_millis(20), &mut |_, request| match request {
            Request::Metadata(_) => Reply::Answer(Response::Metadata(metadata_of(1, vec![topic.clone()]))),
            _other => Reply::Silence,
        });
        let lines = producer.network().log().lines();
        let said = lines.map(|line| &line.said).find_map(|said| match said {
            Said::Metadata(OfMetadata::NoListener(of)) => Some((said.level(), of.first.clone(), of.more)),
            _ => None,
        });
        let names = (0..named as i32).map(|at| TopicPartition::new("t", at)).collect();
        assert_eq!(said, (lacking > 0).then_some((LogLevel::Warn, names, lacking - named)), "{lacking}");
    }
}

#[test]
fn a_broken_connection_is_retried_in_order() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[("linger.ms", "0")], workload(Some(1), Some(300)));
    let mut cluster = Cluster::new(&[(1, 0)]);
    let mut requests = 0;
    stage.run(&mut producer, Span::from_secs(20), &mut |node, request| {
        cluster.reply(node, request, &mut |_, _| {
            requests += 1;
            (requests % 7 == 0).then_some(ErrorCode::NetworkException)
        })
    });
    assert_eq!(acked(&stage), (0..300).collect::<Vec<_>>());
    let mut sequences: Vec<i32> = cluster.written.iter().map(|(_, _, batch)| batch.base_sequence()).collect();
    let sorted = {
        let mut s = sequences.clone();
        s.sort_unstable();
        s
    };
    assert_eq!(sequences, sorted, "idempotent order holds over retries");
    sequences.dedup();
    assert_eq!(sequences.len(), cluster.written.len());
}

#[test]
fn an_unknown_producer_restarts_its_sequences_under_the_next_epoch() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[], workload(Some(20), Some(20)));
    let mut cluster = Cluster::new(&[(1, 0)]);
    let mut count = 0;
    stage.run(&mut producer, Span::from_secs(5), &mut |node, request| {
        cluster.reply(node, request, &mut |_, part| {
            count += 1;
            (count >= 5 && part.batch.producer_epoch() == 0).then_some(ErrorCode::OutOfOrderSequenceNumber)
        })
    });
    assert_eq!(acked(&stage), (0..20).collect::<Vec<_>>());
    let epochs: Vec<_> = cluster.written.iter().map(|(_, _, b)| (b.producer_epoch(), b.base_sequence())).collect();
    assert_eq!(epochs[..5], [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]);
    assert_eq!(producer.idempotence(), Idempotence::Known(Identity { id: ProducerId(7), epoch: 1 }));
}

#[test]
fn a_batch_too_large_for_the_leader_is_split() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[("linger.ms", "100")], workload(Some(1), Some(60)));
    let mut cluster = Cluster::new(&[(1, 0)]);
    stage.run(&mut producer, Span::from_secs(5), &mut |node, request| {
        cluster.reply(node, request, &mut |_, part| (part.batch.size() > 500).then_some(ErrorCode::MessageTooLarge))
    });
    assert_eq!(acked(&stage), (0..60).collect::<Vec<_>>());
    assert_eq!(cluster.indexes(), (0..60).collect::<Vec<_>>(), "in order");
    assert_eq!(producer.buffered(), 0);
}

#[test]
fn without_answers_records_fail_when_their_time_is_up() {
    let mut stage = Stage::new();
    let overrides = [("delivery.timeout.ms", "3000"), ("request.timeout.ms", "1000")];
    let mut producer = boot(&mut stage, &overrides, workload(None, None));
    let mut cluster = Cluster::new(&[(1, 0)]);
    stage.run(&mut producer, Span::from_secs(1), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    let send = OperatorRequest::Kafka(KafkaRequest::Send {
        ticket: 4,
        topic: "t".into(),
        partition: Some(0),
        key: None,
        value: None,
        headers: Seldom::default(),
        timestamp: Seldom::default(),
    });
    stage.with(|cx| producer.on_event(cx, Event::Operator(send)));
    stage.run(&mut producer, Span::from_secs(8), &mut |node, request| match request {
        Request::Produce(_) => Reply::Silence,
        other => cluster.reply(node, other, &mut |_, _| None),
    });
    let answers = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { ticket: 4, answer: OperatorAnswer::Failed { error, .. } }) => {
            Some(*error)
        }
        _ => None,
    });
    assert_eq!(answers, [ErrorCode::RequestTimedOut]);
    assert_eq!((producer.counts().failed, producer.buffered()), (1, 0));
}

#[test]
fn a_topic_that_nobody_knows_blocks_send_for_max_block() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[("max.block.ms", "2000")], workload(None, None));
    let send = OperatorRequest::Kafka(KafkaRequest::Send {
        ticket: 1,
        topic: "x".into(),
        partition: None,
        key: None,
        value: None,
        headers: Seldom::default(),
        timestamp: Seldom::default(),
    });
    stage.with(|cx| producer.on_event(cx, Event::Operator(send)));
    let mut cluster = Cluster::new(&[(1, 0)]);
    stage.run(&mut producer, Span::from_secs(3), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    let message = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { answer: OperatorAnswer::Failed { message, .. }, .. }) => {
            Some(message.to_string())
        }
        _ => None,
    });
    assert_eq!(message, ["Topic x not present in metadata after 2000 ms."]);
}

#[test]
fn acks_0_is_acknowledged_when_it_is_sent_and_closing_flushes() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[("acks", "0"), ("linger.ms", "500")], workload(Some(10), None));
    let mut cluster = Cluster::new(&[(1, 0), (2, 0)]);
    stage.run(&mut producer, Span::from_millis(205), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    stage.with(|cx| producer.on_event(cx, Event::Operator(OperatorRequest::ShutDown)));
    stage.run(&mut producer, Span::from_secs(2), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
    assert!(stage.exited);
    let made = producer.workload().made();
    assert!(made >= 15);
    assert_eq!(acked(&stage), (0..made).collect::<Vec<_>>());
    assert_eq!(cluster.written[0].2.base_sequence(), -1, "without acks=all there is no idempotence");
}
