//! The tool's line, its windows and its sum.

use crate::cli::{self, Output, Perf};
use sim::{Command, KafkaCommand};

fn perf(line: &str) -> (KafkaCommand, Perf) {
    let run = cli::run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let Command::Kafka(None, command) = run.command else { panic!("{line}") };
    (command, run.perf.expect("it is measured"))
}

#[test]
fn a_line_is_a_producer_of_so_many_records() {
    let line = "kafka-producer-perf-test.sh --topic t --num-records 3 --record-size 100 --throughput 50 --producer-props \
                bootstrap.servers=x:9092 acks=1 client.id=p";
    let (command, _) = perf(line);
    let KafkaCommand::AddProducer { name, topic, interval, value_size, limit, configs, .. } = command else {
        panic!("no producer")
    };
    assert_eq!((&*name, &*topic, interval, value_size, limit), ("p", "t", Some(20_000_000), 100, Some(3)));
    let configs: Vec<(&str, &str)> = configs.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(configs, [("acks", "1"), ("app.max.messages", "3")], "it closes then");
}

/// `--throughput -1` is as fast as a tab takes it, which the world bounds in records and in bytes.
#[test]
fn a_producer_without_a_bound_is_one_that_the_world_takes() {
    let limits = sim::Limits::default();
    for size in [1, 100, 167, 168, 1_000, 1_024, 10_000, 65_536, 1_000_000, 1_048_576] {
        let line = format!(
            "kafka-producer-perf-test.sh --bootstrap-server b:1 --topic t --num-records 9 --record-size {size} --throughput -1"
        );
        let KafkaCommand::AddProducer { interval: Some(interval), .. } = perf(&line).0 else { panic!("no producer") };
        let rate = 1_000_000_000 / interval;
        assert!(rate >= 1 && rate <= limits.records_per_second, "{size}: {rate}");
        assert!(rate * size <= limits.bytes_per_second, "{size}: {rate}");
    }
}

#[test]
fn windows_and_the_sum_are_laid_out_as_the_tool_does() {
    let line = "kafka-producer-perf-test.sh --bootstrap-server x:9092 --topic t --num-records 4 --record-size 1048576 \
                --throughput -1 --reporting-interval 1000";
    let (_, mut perf) = perf(line);
    let mut output = Output::default();
    perf.begin(10_000);
    for (at, latency) in [(10_100, 10), (11_000, 30), (11_500, 20)] {
        perf.record(at, latency, &mut output);
    }
    perf.fail(12_000, 1, &mut output);
    assert!(perf.is_done());
    assert_eq!(
        output.plain(),
        [
            "2 records sent, 2.0 records/sec (2.00 MB/sec), 20.0 ms avg latency, 30.0 ms max latency.",
            "3 records sent, 1.5 records/sec (1.50 MB/sec), 20.00 ms avg latency, 30.00 ms max latency, 20 ms 50th, 30 ms 95th, 30 \
             ms 99th, 30 ms 99.9th.",
        ]
    );
}

#[test]
fn what_is_missing_is_said() {
    for (line, words) in [
        ("--topic t", "producer-performance: error: argument --num-records is required"),
        (
            "--topic t --num-records x",
            "producer-performance: error: argument --num-records: could not convert 'x' to a number",
        ),
        ("--x", "producer-performance: error: unrecognized arguments: '--x'"),
        ("--topic", "producer-performance: error: argument --topic: expected one argument"),
    ] {
        let said = cli::run(&format!("kafka-producer-perf-test.sh {line}")).expect_err(line).to_string();
        assert_eq!(said, words);
    }
}
