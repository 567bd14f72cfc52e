//! What an application around a producer may choose, and what its watchers are told.

use super::*;
use port::BatchClosing;

fn run(stage: &mut Stage, producer: &mut Producer, cluster: &mut Cluster, millis: u64) {
    stage.run(producer, Span::from_millis(millis), &mut |n, r| cluster.reply(n, r, &mut |_, _| None));
}

fn keyless(interval_ms: u64, limit: u64) -> ProducerSetup {
    ProducerSetup { keys: KeyPattern::None, ..workload(Some(interval_ms), Some(limit)) }
}

fn send(ticket: u64, key: &str, value: &str) -> Event {
    Event::Operator(OperatorRequest::Kafka(KafkaRequest::Send {
        ticket,
        topic: "t".into(),
        partition: None,
        key: Some(bytes::Bytes::copy_from_slice(key.as_bytes())),
        value: Some(bytes::Bytes::copy_from_slice(value.as_bytes())),
        headers: Seldom(vec![records::Header { key: "trace".into(), value: Some("7".into()) }]),
        timestamp: Seldom::default(),
    }))
}

fn refusals(stage: &Stage) -> Vec<String> {
    stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { answer: OperatorAnswer::Failed { message, .. }, .. }) => {
            Some(message.to_string())
        }
        _ => None,
    })
}

#[test]
fn who_waits_has_one_record_under_way_and_takes_longer() {
    let took = |how: &str| {
        let (mut stage, mut cluster) = (Stage::new(), Cluster::new(&[(1, 0)]));
        let mut producer = boot(&mut stage, &[("app.send", how), ("linger.ms", "0")], keyless(1, 50));
        let mut most = 0;
        for _ in 0..4_000 {
            run(&mut stage, &mut producer, &mut cluster, 1);
            let (waiting, in_flight) = producer.queues().fold((0, 0), |(one, other), (_, queue)| {
                let (waiting, in_flight) = queue.record_counts();
                (one + waiting, other + in_flight)
            });
            most = most.max(waiting + in_flight);
        }
        assert_eq!(acked(&stage), (0..50).collect::<Vec<_>>());
        assert_eq!((producer.course().acked, producer.course().failed), (50, 0));
        assert_eq!(cluster.indexes(), (0..50).collect::<Vec<_>>(), "in order either way");
        (producer.course().took().expect("it has been answered"), most)
    };
    let ((waits, one), (on, several)) = (took("wait"), took("on"));
    assert_eq!(one, 1);
    assert!(several > 1, "{several}");
    // An answer takes two milliseconds here, one there and one back.
    assert!(waits.as_millis() >= 2 * on.as_millis() - 10, "{waits:?} {on:?}");
}

#[test]
fn who_waits_goes_on_after_a_failure() {
    let mut stage = Stage::new();
    let overrides = [("app.send", "wait"), ("delivery.timeout.ms", "300"), ("request.timeout.ms", "200")];
    let mut producer = boot(&mut stage, &[&overrides[..], &[("linger.ms", "0")]].concat(), keyless(10, 5));
    let mut cluster = Cluster::new(&[(1, 0)]);
    stage.run(&mut producer, Span::from_secs(10), &mut |node, request| match request {
        Request::Produce(_) => Reply::Silence,
        other => cluster.reply(node, other, &mut |_, _| None),
    });
    assert_eq!((producer.counts().failed, producer.course().failed), (5, 5));
    assert!(!producer.workload().awaits_answer());
}

#[test]
fn a_table_sends_keys_where_it_says_and_others_by_their_hash() {
    let mut stage = Stage::new();
    let overrides = [("partitioner.class", "blumfeld.TablePartitioner"), ("app.partitions", "a:2,b:2,z:9")];
    let mut producer = boot(&mut stage, &overrides, workload(Some(1), Some(40)));
    let mut cluster = Cluster::new(&[(1, 0), (1, 0), (1, 0)]);
    run(&mut stage, &mut producer, &mut cluster, 500);
    let sent = stage.picked(|fact| match fact {
        Fact::Kafka(KafkaFact::RecordSent { partition, key, .. }) => Some((key.clone(), partition.partition)),
        _ => None,
    });
    assert_eq!(sent.len(), 40);
    for (key, partition) in sent {
        let key = key.expect("each has a key");
        let expected =
            if matches!(&*key, "a" | "b") { 2 } else { crate::partitioner::partition_for_key(key.as_bytes(), 3) };
        assert_eq!(partition, expected, "{key}");
    }
    stage.with(|cx| producer.on_event(cx, send(3, "z", "lost")));
    run(&mut stage, &mut producer, &mut cluster, 5);
    assert_eq!(refusals(&stage), ["blumfeld.TablePartitioner: topic t has 3 partitions and no partition 9"]);
}

/// Three of librdkafka's sum nothing where there is no key; all others put records without a key anywhere.
#[test]
fn records_without_a_key_stay_with_one_partition_where_librdkafka_sums_nothing() {
    let fnv1a = (crate::partitioner::fnv1a(b"") % 3) as PartitionId;
    for (class, only) in [
        (None, None),
        (Some("librdkafka.consistent"), Some(0)),
        (Some("librdkafka.consistent_random"), None),
        (Some("librdkafka.murmur2"), Some(crate::partitioner::partition_for_key(b"", 3))),
        (Some("librdkafka.fnv1a"), Some(fnv1a)),
        (Some("librdkafka.fnv1a_random"), None),
        (Some("librdkafka.random"), None),
    ] {
        let (mut stage, mut cluster) = (Stage::new(), Cluster::new(&[(1, 0), (1, 0), (1, 0)]));
        let mut overrides = vec![("batch.size", "100"), ("linger.ms", "0")];
        overrides.extend(class.map(|class| ("partitioner.class", class)));
        let mut producer = boot(&mut stage, &overrides, keyless(1, 60));
        run(&mut stage, &mut producer, &mut cluster, 500);
        let sent: base::FlatSet<PartitionId> = cluster.written.iter().map(|(_, at, _)| *at).collect();
        let wanted = only.map_or_else(|| vec![0, 1, 2], |only| vec![only]);
        assert_eq!(sent.into_iter().collect::<Vec<_>>(), wanted, "{class:?}");
        stage.with(|cx| producer.on_event(cx, send(1, "order-1", "by hand")));
        cluster.written.clear();
        run(&mut stage, &mut producer, &mut cluster, 100);
        let goes = match class {
            Some("librdkafka.consistent" | "librdkafka.consistent_random") => crate::partitioner::crc32(b"order-1") % 3,
            Some("librdkafka.fnv1a" | "librdkafka.fnv1a_random") => crate::partitioner::fnv1a(b"order-1") % 3,
            Some("librdkafka.random") => continue,
            _own => crate::partitioner::partition_for_key(b"order-1", 3) as u32,
        };
        assert_eq!(cluster.written[0].1, goes as PartitionId, "{class:?}");
    }
}

#[test]
fn headers_travel_with_their_record() {
    let mut stage = Stage::new();
    let mut producer = boot(&mut stage, &[("app.headers", "source:web,raw")], keyless(1, 1));
    let mut cluster = Cluster::new(&[(1, 0)]);
    run(&mut stage, &mut producer, &mut cluster, 100);
    stage.with(|cx| producer.on_event(cx, send(1, "k", "by hand")));
    run(&mut stage, &mut producer, &mut cluster, 100);
    let records = cluster.written.iter().flat_map(|(_, _, batch)| batch.records().expect("readable"));
    let headers: Vec<Vec<(String, Option<String>)>> = records
        .map(|record| {
            let text = |value: &bytes::Bytes| String::from_utf8_lossy(value).into_owned();
            record.headers.iter().map(|header| (header.key.to_string(), header.value.as_ref().map(text))).collect()
        })
        .collect();
    let of = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
    assert_eq!(headers, [vec![of("source", Some("web")), of("raw", None)], vec![of("trace", Some("7"))]]);
}

#[test]
fn a_batch_says_why_it_closed() {
    let closings = |overrides: &[(&str, &str)], interval: u64| {
        let (mut stage, mut cluster) = (Stage::new(), Cluster::new(&[(1, 0)]));
        let mut producer = boot(&mut stage, overrides, keyless(interval, 30));
        run(&mut stage, &mut producer, &mut cluster, 2_000);
        let told = stage.picked(|fact| match fact {
            Fact::Kafka(KafkaFact::BatchSent { closed, attempt: 1, .. }) => *closed,
            _ => None,
        });
        for why in BatchClosing::ALL {
            let count = told.iter().filter(|closed| **closed == why).count() as u64;
            assert_eq!(producer.course().closed(why), count, "{why:?}");
        }
        assert_eq!(producer.course().acked, 30);
        (producer, told)
    };
    let (_, full) = closings(&[("linger.ms", "1000"), ("batch.size", "200")], 1);
    assert!(full.iter().rev().skip(1).all(|why| *why == BatchClosing::Full), "{full:?}");
    let (producer, linger) = closings(&[("linger.ms", "5")], 20);
    assert_eq!(linger, [BatchClosing::Linger; 30]);
    let queue = producer.queue(&base::TopicPartition::new("t", 0)).expect("written to");
    let last = queue.closed().expect("some batch closed");
    assert_eq!((last.records, queue.open_batch().is_none()), (1, true));
}

#[test]
fn a_full_buffer_blocks_send_and_says_how_long() {
    let mut stage = Stage::new();
    let overrides = [("buffer.memory", "40000"), ("max.block.ms", "700"), ("batch.size", "16384")];
    let big = ProducerSetup { value_size: 9_000, ..keyless(10, 100) };
    let mut producer = boot(&mut stage, &overrides, big);
    let mut cluster = Cluster::new(&[(1, 0)]);
    let mut silent = |node: i32, request: &Request| match request {
        Request::Produce(_) => Reply::Silence,
        other => cluster.reply(node, other, &mut |_, _| None),
    };
    stage.run(&mut producer, Span::from_millis(500), &mut silent);
    let since = producer.blocked_since().expect("two batches fill it");
    assert!(producer.waits_for_memory() && since > Time(0));
    stage.with(|cx| producer.on_event(cx, send(8, "k", "no room")));
    stage.run(&mut producer, Span::from_millis(1_000), &mut silent);
    let course = producer.course();
    assert_eq!((course.blocked.longest, course.failed >= 1), (Span::from_millis(700), true));
    let message = "Failed to allocate 16384 bytes within the configured max blocking time 700 ms. Total memory: 40000 bytes. \
                   Available memory: 7232 bytes. Poolable size: 16384 bytes";
    assert_eq!(refusals(&stage), [message]);
}
