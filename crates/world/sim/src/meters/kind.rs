//! What is measured, under Kafka's own names where Kafka has one. Beans as in Kafka's documentation ("Monitoring").

/// A meter by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MeterKind {
    /// Records that leaders have appended (`BrokerTopicStats.messagesInRate`).
    MessagesInPerSec,
    /// Bytes of batches that leaders have appended (`bytesInRate`).
    BytesInPerSec,
    /// Bytes of batches that clients were answered with (`bytesOutRate`; not what followers fetch).
    BytesOutPerSec,
    /// Requests that were answered (`RequestMetrics`).
    RequestsPerSec,
    /// From a request's arrival at its node until its answer leaves it.
    TotalTimeMs,
    /// Of the partitions that brokers lead, those whose ISR lacks a replica (`ReplicaManager`).
    UnderReplicatedPartitions,
    /// Partitions without a leader, as the active controller has it (`KafkaController`).
    OfflinePartitionsCount,
    /// Times that a leader's ISR has lost a member (`ReplicaManager`).
    IsrShrinksPerSec,
    IsrExpandsPerSec,
    /// The share of time that a node or a consumer's application was at work: what Kafka tells the other way round, as
    /// RequestHandlerAvgIdlePercent and poll-idle-ratio-avg.
    Busy,
    /// Connections that are open at a process's end.
    ConnectionCount,
    /// What members know that there is to read before them (`FetchMetricsManager`).
    RecordsLag,
    /// Records that `poll` gave to members' applications.
    RecordsConsumedRate,
    /// Records that left a producer in batches, repetitions counted (`SenderMetricsRegistry`).
    RecordSendRate,
    /// From `send` to its success, as kafka-producer-perf-test measures it.
    ProducerLatency,
    /// From `send` until a group's member has the record, as kafka-e2e-latency measures it.
    EndToEndLatency,
    /// 1 while a process runs; what one tells that does not is nothing. Not asked for by name.
    Up,
    /// Partitions in whose ISR a broker is that does not run, as the active controller has it. Not asked for by name.
    SilentInSync,
}

/// How counts become a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So much in a second.
    Rate,
    /// Nanoseconds in a second, as a share.
    Share,
    /// What stood there at the end of a sample.
    Gauge,
    /// Spans of time, of which a percentile is told.
    Spread,
}

/// By what a meter's numbers are told apart, besides the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Nothing,
    Topic,
    Request,
    Group,
}

use MeterKind as Kind;

impl MeterKind {
    pub const ALL: [MeterKind; 16] = [
        Kind::MessagesInPerSec,
        Kind::BytesInPerSec,
        Kind::BytesOutPerSec,
        Kind::RequestsPerSec,
        Kind::TotalTimeMs,
        Kind::RecordsLag,
        Kind::UnderReplicatedPartitions,
        Kind::OfflinePartitionsCount,
        Kind::IsrShrinksPerSec,
        Kind::IsrExpandsPerSec,
        Kind::Busy,
        Kind::ConnectionCount,
        Kind::RecordsConsumedRate,
        Kind::RecordSendRate,
        Kind::ProducerLatency,
        Kind::EndToEndLatency,
    ];

    /// As `see` lines and the terminal spell it: Kafka's own name, or a plain one where Kafka has none.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::MessagesInPerSec => "MessagesInPerSec",
            Kind::BytesInPerSec => "BytesInPerSec",
            Kind::BytesOutPerSec => "BytesOutPerSec",
            Kind::RequestsPerSec => "RequestsPerSec",
            Kind::TotalTimeMs => "TotalTimeMs",
            Kind::UnderReplicatedPartitions => "UnderReplicatedPartitions",
            Kind::OfflinePartitionsCount => "OfflinePartitionsCount",
            Kind::IsrShrinksPerSec => "IsrShrinksPerSec",
            Kind::IsrExpandsPerSec => "IsrExpandsPerSec",
            Kind::Busy => "busy",
            Kind::ConnectionCount => "connection-count",
            Kind::RecordsLag => "records-lag",
            Kind::RecordsConsumedRate => "records-consumed-rate",
            Kind::RecordSendRate => "record-send-rate",
            Kind::ProducerLatency => "producer-latency",
            Kind::EndToEndLatency => "e2e-latency",
            Kind::Up => "up",
            Kind::SilentInSync => "silent",
        }
    }

    /// Where a real cluster tells it: the bean's domain and type, or the tool.
    pub const fn bean(self) -> &'static str {
        match self {
            Kind::MessagesInPerSec | Kind::BytesInPerSec | Kind::BytesOutPerSec => {
                "kafka.server:type=BrokerTopicMetrics"
            }
            Kind::RequestsPerSec | Kind::TotalTimeMs => "kafka.network:type=RequestMetrics",
            Kind::UnderReplicatedPartitions | Kind::IsrShrinksPerSec | Kind::IsrExpandsPerSec => {
                "kafka.server:type=ReplicaManager"
            }
            Kind::OfflinePartitionsCount => "kafka.controller:type=KafkaController",
            Kind::Busy => "1 − RequestHandlerAvgIdlePercent, 1 − poll-idle-ratio-avg",
            Kind::ConnectionCount => "kafka.server:type=socket-server-metrics",
            Kind::RecordsLag | Kind::RecordsConsumedRate => "kafka.consumer:type=consumer-fetch-manager-metrics",
            Kind::RecordSendRate => "kafka.producer:type=producer-metrics",
            Kind::ProducerLatency => "kafka-producer-perf-test.sh",
            Kind::EndToEndLatency => "kafka-e2e-latency.sh",
            Kind::Up | Kind::SilentInSync => "",
        }
    }

    pub const fn measure(self) -> Measure {
        match self {
            Kind::MessagesInPerSec | Kind::BytesInPerSec | Kind::BytesOutPerSec | Kind::RequestsPerSec => Measure::Rate,
            Kind::IsrShrinksPerSec | Kind::IsrExpandsPerSec => Measure::Rate,
            Kind::RecordsConsumedRate | Kind::RecordSendRate => Measure::Rate,
            Kind::TotalTimeMs | Kind::ProducerLatency | Kind::EndToEndLatency => Measure::Spread,
            Kind::UnderReplicatedPartitions | Kind::OfflinePartitionsCount | Kind::RecordsLag => Measure::Gauge,
            Kind::Up | Kind::SilentInSync | Kind::ConnectionCount => Measure::Gauge,
            Kind::Busy => Measure::Share,
        }
    }

    pub const fn label(self) -> Label {
        match self {
            Kind::MessagesInPerSec | Kind::BytesInPerSec | Kind::BytesOutPerSec => Label::Topic,
            Kind::RequestsPerSec | Kind::TotalTimeMs => Label::Request,
            Kind::RecordsLag | Kind::RecordsConsumedRate | Kind::EndToEndLatency => Label::Group,
            Kind::UnderReplicatedPartitions | Kind::OfflinePartitionsCount | Kind::Busy => Label::Nothing,
            Kind::IsrShrinksPerSec | Kind::IsrExpandsPerSec => Label::Nothing,
            Kind::Up | Kind::SilentInSync | Kind::ConnectionCount => Label::Nothing,
            Kind::RecordSendRate | Kind::ProducerLatency => Label::Nothing,
        }
    }

    pub fn named(name: &str) -> Option<MeterKind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Label {
    /// As it is spelled before a `=`; nothing where there is none.
    pub const fn name(self) -> &'static str {
        match self {
            Label::Nothing => "",
            Label::Topic => "topic",
            Label::Request => "request",
            Label::Group => "group",
        }
    }
}
