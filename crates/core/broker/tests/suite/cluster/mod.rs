//! Two or three brokers on an instant network with a controller that agrees to everything: the main
//! paths of the broker from outside.

mod harness;

use api::{Acks, FetchPartition, FetchRequest, IsolationLevel, ProducePartition, ProduceRequest, Request, Response};
use api::{
    ApiVersionsRequest, FindCoordinatorRequest, Listener, OffsetCommitPartition, OffsetCommitRequest,
    OffsetFetchRequest,
};
use api::{
    InitProducerIdRequest, ListOffsetsPartition, ListOffsetsRequest, MetadataRequest, MetadataTopic, OffsetSpec,
};
use base::{BrokerId, Draw, ErrorCode, LeaderEpoch, Offset, Rng, Span, TopicId};
use broker::BrokerState;
use harness::{Cluster, TOPIC, TOPIC_NAME, at};
use records::{Batch, BatchBuilder, NewRecord};

fn batch(value: &'static str) -> Batch {
    let value = Some(value.into());
    BatchBuilder::new().record(&NewRecord { value, ..NewRecord::default() }).build()
}

fn produce(acks: Acks, value: &'static str) -> Request {
    let partitions = vec![ProducePartition { topic: TOPIC, partition: 0, batch: batch(value) }];
    Request::Produce(ProduceRequest { acks, timeout: Span::from_secs(5), partitions })
}

fn produced(response: Option<Response>) -> (ErrorCode, i64) {
    match response {
        Some(Response::Produce(answer)) => (answer.partitions[0].error, answer.partitions[0].base_offset.0),
        other => panic!("no produce answer: {other:?}"),
    }
}

fn fetch(offset: i64, max_wait: Span) -> Request {
    fetch_in_epoch(offset, max_wait, LeaderEpoch::UNDEFINED)
}

fn fetch_in_epoch(offset: i64, max_wait: Span, epoch: LeaderEpoch) -> Request {
    let wanted = FetchPartition {
        topic: TOPIC,
        partition: 0,
        current_leader_epoch: epoch,
        fetch_offset: Offset(offset),
        last_fetched_epoch: LeaderEpoch::UNDEFINED,
        log_start_offset: Offset::UNDEFINED,
        max_bytes: 1 << 20,
    };
    Request::Fetch(FetchRequest {
        replica: None,
        cluster_id: None,
        max_wait,
        min_bytes: 1,
        max_bytes: 1 << 20,
        isolation: IsolationLevel::ReadUncommitted,
        session_id: 0,
        session_epoch: -1,
        partitions: vec![wanted],
        forgotten: Vec::new(),
        rack: None,
    })
}

fn fetched(response: Option<Response>) -> (ErrorCode, usize, i64) {
    match response {
        Some(Response::Fetch(answer)) => {
            let part = &answer.partitions[0];
            (part.error, part.records.len(), part.high_watermark.0)
        }
        other => panic!("no fetch answer: {other:?}"),
    }
}

#[test]
fn brokers_register_catch_up_and_are_unfenced() {
    let mut cluster = Cluster::start(&[1, 2, 3]);
    cluster.run_for(Span::from_secs(1));
    for id in [1, 2, 3] {
        assert_eq!(cluster.broker(id).state(), BrokerState::Running);
    }
    let answer = cluster.ask(1, Request::Metadata(MetadataRequest { topics: None, allow_auto_topic_creation: false }));
    let Some(Response::Metadata(answer)) = answer else { panic!("no metadata") };
    assert_eq!(answer.brokers.len(), 3);
}

#[test]
fn acks_all_is_answered_when_every_isr_member_has_asked_for_what_comes_next() {
    let mut cluster = Cluster::with_topic(&[1, 2, 3], &[1, 2, 3]);
    let waiting = cluster.send(1, produce(Acks::ALL, "one"));
    assert!(cluster.answer(waiting).is_none(), "followers have not copied it yet");
    cluster.run_for(Span::from_millis(10));
    assert_eq!(produced(cluster.answer(waiting)), (ErrorCode::None, 0));
    for id in [2, 3] {
        assert_eq!(cluster.partition(id).log_end(), Offset(1));
    }
    assert_eq!(cluster.partition(1).high_watermark(), Offset(1));
    // Followers learn the HW with the answer to their next fetch.
    cluster.run_for(Span::from_secs(1));
    assert_eq!(cluster.partition(2).high_watermark(), Offset(1));
}

#[test]
fn a_parked_consumer_wakes_on_the_high_watermark_and_waits_no_longer_than_it_said() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    let waiting = cluster.send(1, fetch(0, Span::from_millis(500)));
    assert!(cluster.answer(waiting).is_none());
    cluster.run_for(Span::from_millis(501));
    assert_eq!(fetched(cluster.answer(waiting)), (ErrorCode::None, 0, 0));
    let waiting = cluster.send(1, fetch(0, Span::from_secs(30)));
    cluster.send(1, produce(Acks::LEADER, "one"));
    assert!(cluster.answer(waiting).is_none(), "appended is not committed");
    cluster.run_for(Span::from_millis(10));
    assert_eq!(fetched(cluster.answer(waiting)), (ErrorCode::None, 1, 1));
    assert_eq!(cluster.broker(1).fetches().parked(), 1, "the follower's");
}

#[test]
fn a_silent_follower_leaves_the_isr_and_comes_back() {
    let mut cluster = Cluster::with_topic(&[1, 2, 3], &[1, 2, 3]);
    cluster.cut(3);
    let waiting = cluster.send(
        1,
        Request::Produce(ProduceRequest {
            timeout: Span::from_secs(60),
            ..match produce(Acks::ALL, "one") {
                Request::Produce(request) => request,
                _ => unreachable!("a produce"),
            }
        }),
    );
    cluster.run_for(Span::from_secs(20));
    assert!(cluster.answer(waiting).is_none(), "pending removals still count");
    cluster.run_for(Span::from_secs(30));
    assert_eq!(produced(cluster.answer(waiting)), (ErrorCode::None, 0));
    assert_eq!(cluster.partition(1).isr(), [BrokerId(1), BrokerId(2)]);
    cluster.heal(3);
    cluster.run_for(Span::from_secs(60));
    assert_eq!(cluster.partition(1).isr(), [BrokerId(1), BrokerId(2), BrokerId(3)]);
    assert_eq!(cluster.partition(3).log_end(), Offset(1));
}

#[test]
fn an_idle_follower_stays_in_the_isr() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.run_for(Span::from_secs(120));
    cluster.send(1, produce(Acks::LEADER, "one"));
    let caught_up = cluster.broker(1).followers(at(0))[&BrokerId(2)].last_caught_up;
    assert!(caught_up.is_some_and(|caught_up| cluster.now().since(caught_up) < Span::from_secs(1)));
    cluster.run_for(Span::from_secs(60));
    assert_eq!(cluster.partition(1).isr(), [BrokerId(1), BrokerId(2)]);
}

#[test]
fn under_min_isr_acks_all_is_refused_and_acks_1_is_not_visible() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.set_topic_config("min.insync.replicas", "2");
    cluster.change_isr(&[1]);
    cluster.cut(2);
    assert_eq!(produced(cluster.ask(1, produce(Acks::ALL, "one"))), (ErrorCode::NotEnoughReplicas, -1));
    assert_eq!(produced(cluster.ask(1, produce(Acks::LEADER, "two"))), (ErrorCode::None, 0));
    assert_eq!(fetched(cluster.ask(1, fetch(0, Span::ZERO))), (ErrorCode::None, 0, 0));
}

#[test]
fn a_new_leader_fences_the_old_epoch_and_the_old_leader_truncates() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    assert_eq!(produced(cluster.ask(1, produce(Acks::LEADER, "kept"))), (ErrorCode::None, 0));
    cluster.run_for(Span::from_secs(1));
    cluster.cut(1);
    cluster.send(1, produce(Acks::LEADER, "lost"));
    assert_eq!(cluster.partition(1).log_end(), Offset(2));
    cluster.elect(2, &[2]);
    assert!(cluster.partition(2).is_leader());
    let (error, _, _) = fetched(cluster.ask(2, fetch_in_epoch(0, Span::ZERO, LeaderEpoch(0))));
    assert_eq!(error, ErrorCode::FencedLeaderEpoch);
    cluster.ask(2, produce(Acks::LEADER, "new"));
    cluster.heal(1);
    cluster.run_for(Span::from_secs(5));
    assert_eq!(cluster.partition(1).log().latest_epoch(), LeaderEpoch(1));
    let batches = |id: i32| {
        cluster.partition(id).log().batches_from(Offset::ZERO).map(std::borrow::Cow::into_owned).collect::<Vec<_>>()
    };
    let epochs = |id: i32| batches(id).iter().map(|batch| batch.leader_epoch.0).collect::<Vec<_>>();
    assert_eq!(epochs(1), [0, 1]);
    assert_eq!(epochs(2), [0, 1]);
    assert_eq!(cluster.partition(2).isr(), [BrokerId(1), BrokerId(2)], "it caught up and was taken in");
    let answer = produced(cluster.ask(1, produce(Acks::LEADER, "wrong")));
    assert_eq!(answer, (ErrorCode::NotLeaderOrFollower, -1));
}

#[test]
fn a_produce_that_nobody_copies_times_out_and_stays_in_the_log() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.cut(2);
    let waiting = cluster.send(1, produce(Acks::ALL, "one"));
    cluster.run_for(Span::from_millis(5_001));
    assert_eq!(produced(cluster.answer(waiting)), (ErrorCode::RequestTimedOut, -1));
    assert_eq!(cluster.partition(1).log_end(), Offset(1));
}

#[test]
fn a_polite_stop_leaves_a_note_that_the_next_start_takes() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.ask(1, produce(Acks::LEADER, "one"));
    cluster.run_for(Span::from_secs(1));
    assert!(cluster.shut_down(2), "the controller lets it go and the process exits");
    let epoch = cluster.broker(2).lifecycle().broker_epoch();
    cluster.restart(2);
    cluster.run_for(Span::from_secs(3));
    assert_eq!(cluster.previous_epochs[&2], epoch);
    assert_eq!(cluster.partition(2).log_end(), Offset(1));
    assert_eq!(cluster.partition(2).high_watermark(), Offset(1));
}

#[test]
fn missing_topics_and_producer_ids_come_from_the_controller() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    let wanted = Some(vec![MetadataTopic::Name("new".into())]);
    let ask = MetadataRequest { topics: wanted, allow_auto_topic_creation: true };
    let Some(Response::Metadata(answer)) = cluster.ask(1, Request::Metadata(ask)) else { panic!("no metadata") };
    assert_eq!(answer.topics[0].error, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(cluster.created, ["new"]);
    let init = || Request::InitProducerId(InitProducerIdRequest { transactional_id: None });
    let ids: Vec<i64> = (0..3)
        .map(|_| match cluster.ask(1, init()) {
            Some(Response::InitProducerId(answer)) => answer.producer_id.0,
            other => panic!("no producer id: {other:?}"),
        })
        .collect();
    assert_eq!(ids, [-1, 0, 1], "the first request waits for a block");
}

#[test]
fn latest_is_unknown_until_the_new_leader_has_committed_something() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.cut(2);
    cluster.send(1, produce(Acks::LEADER, "one"));
    cluster.elect(1, &[1, 2]);
    let latest = ListOffsetsRequest {
        replica: None,
        isolation: IsolationLevel::ReadUncommitted,
        partitions: vec![ListOffsetsPartition {
            topic: TOPIC_NAME.into(),
            partition: 0,
            current_leader_epoch: LeaderEpoch::UNDEFINED,
            spec: OffsetSpec::Latest,
        }],
    };
    let Some(Response::ListOffsets(answer)) = cluster.ask(1, Request::ListOffsets(latest)) else { panic!("no answer") };
    assert_eq!(answer.partitions[0].error, ErrorCode::OffsetNotAvailable);
}

fn commit(offset: i64) -> Request {
    let partition = OffsetCommitPartition {
        topic: TOPIC_NAME.into(),
        topic_id: TopicId::ZERO,
        partition: 0,
        offset: Offset(offset),
        leader_epoch: LeaderEpoch::UNDEFINED,
        metadata: "".into(),
    };
    Request::OffsetCommit(OffsetCommitRequest {
        group: "readers".into(),
        generation: -1,
        member_id: "".into(),
        group_instance_id: None,
        partitions: vec![partition],
    })
}

fn committed(response: Option<Response>) -> (ErrorCode, i64) {
    match response {
        Some(Response::OffsetFetch(answer)) => {
            (answer.error, answer.partitions.first().map_or(-1, |partition| partition.offset.0))
        }
        other => panic!("no offset fetch answer: {other:?}"),
    }
}

#[test]
fn committed_offsets_survive_their_coordinator() {
    let mut cluster = Cluster::with_topic(&[1, 2, 3], &[1, 2, 3]);
    let find = || Request::FindCoordinator(FindCoordinatorRequest { group: "readers".into() });
    let Some(Response::FindCoordinator(answer)) = cluster.ask(3, find()) else { panic!("no answer") };
    assert_eq!(answer.error, ErrorCode::CoordinatorNotAvailable);
    assert_eq!(cluster.created, ["__consumer_offsets"]);
    cluster.create_offsets_topic(&[1, 2, 3]);
    let Some(Response::FindCoordinator(answer)) = cluster.ask(3, find()) else { panic!("no answer") };
    assert_eq!(answer.node, BrokerId(1));
    let waiting = cluster.send(1, commit(5));
    assert!(cluster.answer(waiting).is_none(), "a commit is answered when all ISR members have it");
    cluster.run_for(Span::from_millis(100));
    let Some(Response::OffsetCommit(answer)) = cluster.answer(waiting) else { panic!("no commit") };
    assert_eq!(answer.partitions[0].2, ErrorCode::None);
    cluster.elect_coordinator(2);
    let partitions = Some(vec![(TOPIC_NAME.into(), 0)]);
    let ask = || Request::OffsetFetch(OffsetFetchRequest { group: "readers".into(), partitions: partitions.clone() });
    assert_eq!(committed(cluster.ask(1, ask())).0, ErrorCode::NotCoordinator);
    assert_eq!(committed(cluster.ask(2, ask())), (ErrorCode::None, 5));
}

/// With 50 idle partitions a fetch names and visits only what changed.
#[test]
fn a_follower_fetch_names_only_what_changed() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.create_offsets_topic(&[1, 2]);
    cluster.run_for(Span::from_secs(2));
    let session = |cluster: &Cluster| {
        let (_, session) = cluster.broker(1).fetches().iter().next().expect("the follower's session");
        (session.partitions.len(), session.news())
    };
    assert_eq!(session(&cluster), (51, 0));
    cluster.cut(2);
    cluster.send(1, produce(Acks::LEADER, "one"));
    assert_eq!(cluster.broker(1).fetches().iter().count(), 0, "a session ends with its connection");
    cluster.heal(2);
    cluster.run_for(Span::from_secs(3));
    assert_eq!(session(&cluster), (51, 0));
    assert_eq!(cluster.partition(2).high_watermark(), Offset(1));
}

/// A node fails as the controller sees it: out of the ISR, and its leadership goes to the next member.
fn fail(cluster: &mut Cluster, id: i32) {
    cluster.cut(id);
    let (leader, isr) = cluster.leadership();
    let rest: Vec<i32> = isr.into_iter().filter(|&member| member != id).collect();
    match rest.first() {
        Some(&next) if leader == id => cluster.elect(next, &rest),
        Some(_) => cluster.change_isr(&rest),
        None => cluster.heal(id),
    }
}

/// Seeded failures under acks=all: what was acknowledged is in every log in the end, and all logs agree.
#[test]
fn acknowledged_records_survive_failing_nodes() {
    for seed in 0..40 {
        let mut rng = Rng::new(seed, 1);
        let mut cluster = Cluster::with_topic(&[1, 2, 3], &[1, 2, 3]);
        cluster.set_topic_config("min.insync.replicas", "2");
        let mut asked = Vec::new();
        for _ in 0..150 {
            cluster.run_for(Span::from_millis(u64::from(rng.below(700))));
            let (leader, isr) = cluster.leadership();
            match rng.below(8) {
                0 if isr.len() > 2 => fail(&mut cluster, 1 + rng.below(3) as i32),
                1 => {
                    let id = 1 + rng.below(3) as i32;
                    if cluster.is_cut(id) {
                        cluster.heal(id);
                    }
                }
                2 => cluster.restart_if_follower(1 + rng.below(3) as i32),
                _ => {
                    let zombie = 1 + rng.below(3) as i32;
                    let to = if rng.chance(1, 4) { zombie } else { leader };
                    asked.push(cluster.send(to, produce(Acks::ALL, "acked")));
                    cluster.send(to, produce(Acks::LEADER, "perhaps"));
                }
            }
        }
        (1..=3).for_each(|id| cluster.heal(id));
        cluster.run_for(Span::from_secs(90));
        let batches = |id: i32| -> Vec<(i64, i32)> {
            let entries = cluster.partition(id).log().batches_from(Offset::ZERO);
            entries.map(|entry| (entry.base_offset.0, entry.leader_epoch.0)).collect()
        };
        assert_eq!(batches(1), batches(2), "seed {seed}");
        assert_eq!(batches(1), batches(3), "seed {seed}");
        assert_eq!(cluster.leadership().1.len(), 3, "seed {seed}");
        let end = cluster.partition(1).log_end();
        assert_eq!([1, 2, 3].map(|id| cluster.partition(id).high_watermark()), [end; 3], "seed {seed}");
        let acked: Vec<i64> = asked
            .into_iter()
            .filter_map(|ticket| cluster.answer(ticket))
            .map(|answer| produced(Some(answer)))
            .filter(|(error, _)| *error == ErrorCode::None)
            .map(|(_, offset)| offset)
            .collect();
        assert!(acked.len() > 20, "seed {seed}: {} acknowledged", acked.len());
        assert!(acked.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}: an offset was given twice: {acked:?}");
    }
}

#[test]
fn whoever_asks_learns_what_a_broker_serves_and_in_which_versions() {
    let mut cluster = Cluster::with_topic(&[1], &[1]);
    let request = ApiVersionsRequest { client_software_name: "x".into(), client_software_version: "1".into() };
    let Some(Response::ApiVersions(answer)) = cluster.ask(1, Request::ApiVersions(request)) else { panic!() };
    assert_eq!((answer.error, answer.api_keys), (ErrorCode::None, api::api_keys(Listener::FIRST)));
    let applied = cluster.broker(1).image().last_applied();
    assert_eq!(answer.finalized_features_epoch, applied.0, "as of the metadata that this broker has applied");
}

/// A cleared ELR is another partition epoch (`TopicDelta.replay(ClearElrRecord)`): a leader that did not hear of it could
/// propose nothing any more.
#[test]
fn a_cleared_elr_is_news_for_the_leader() {
    let mut cluster = Cluster::with_topic(&[1, 2], &[1, 2]);
    cluster.cut(2);
    cluster.note_elr(&[1], &[2]);
    cluster.clear_elr();
    assert_eq!(cluster.partition(1).partition_epoch(), cluster.partition_epoch());
    cluster.heal(2);
    cluster.run_for(Span::from_secs(5));
    assert_eq!(cluster.partition(1).isr(), [BrokerId(1), BrokerId(2)], "it was taken in again");
}
