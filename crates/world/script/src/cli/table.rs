//! Kafka's tools: their names, their options, and how each prints what it cannot do.

use super::options::Options;
use super::{Begun, Refusal, admin, all_groups, configs, console, dump, election, groups, kcat, perf, reading, server};

/// How a tool prints an exception.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// `CommandLineUtils.printUsageAndExit`.
    Usage,
    /// Its message alone.
    Words,
    /// Its message, then its stack trace.
    Thrown,
    /// Nobody catches it.
    Main,
    /// `GetOffsetShell`.
    Occurred,
    /// `TopicCommand.printException`.
    Topic,
    /// `ConsumerGroupCommand.printError`.
    Group,
}

/// One tool: its name without `.sh`, its options and what it makes of them.
pub(super) struct Tool {
    pub(super) name: &'static str,
    /// As `options` reads them.
    pub(super) options: &'static str,
    /// What it says before its options where help is asked for; `None`: it takes them otherwise.
    pub(super) about: Option<&'static str>,
    /// How it prints a line that it cannot read.
    pub(super) unread: Manner,
    /// How it prints what is wrong with a value, when it reads it.
    pub(super) wrong: Manner,
    pub(super) run: fn(&Options) -> Result<Begun, Refusal>,
}

/// The table of a tool that reads its options by itself.
const RAW: &str = "";

/// Kafka's scripts that have something to do here.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "kafka-topics",
        options: admin::TOPICS,
        about: Some("This tool helps to create, delete, describe, or change a topic."),
        unread: Manner::Thrown,
        wrong: Manner::Topic,
        run: admin::topics,
    },
    Tool {
        name: "kafka-configs",
        options: configs::CONFIGS,
        about: Some(
            "This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, \
             client-metrics or group",
        ),
        unread: Manner::Words,
        wrong: Manner::Words,
        run: configs::configs,
    },
    Tool {
        name: "kafka-leader-election",
        options: election::ELECTION,
        about: Some(
            "This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are \
             preferred replicas and unclean replicas.",
        ),
        unread: Manner::Thrown,
        wrong: Manner::Thrown,
        run: election::election,
    },
    Tool {
        name: "kafka-console-producer",
        options: console::PRODUCER,
        about: Some("This tool helps to read data from standard input and publish it to Kafka."),
        unread: Manner::Usage,
        wrong: Manner::Words,
        run: console::producer,
    },
    Tool {
        name: "kafka-console-consumer",
        options: console::CONSUMER,
        about: Some("This tool helps to read data from Kafka topics and outputs it to standard output."),
        unread: Manner::Usage,
        wrong: Manner::Main,
        run: console::consumer,
    },
    Tool {
        name: "kafka-consumer-groups",
        options: groups::GROUPS,
        about: Some(
            "This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or \
             reset consumer group offsets.",
        ),
        unread: Manner::Main,
        wrong: Manner::Group,
        run: groups::groups,
    },
    Tool {
        name: "kafka-groups",
        options: all_groups::ALL,
        about: Some("This tool helps to list groups of all types."),
        unread: Manner::Usage,
        wrong: Manner::Thrown,
        run: all_groups::groups,
    },
    Tool {
        name: "kafka-get-offsets",
        options: reading::OFFSETS,
        about: Some("An interactive shell for getting topic-partition offsets."),
        unread: Manner::Occurred,
        wrong: Manner::Occurred,
        run: reading::offsets,
    },
    Tool {
        name: "kafka-delete-records",
        options: reading::RECORDS,
        about: Some("This tool helps to delete records of the given partitions down to the specified offset."),
        unread: Manner::Thrown,
        wrong: Manner::Thrown,
        run: reading::records,
    },
    Tool {
        name: "kafka-log-dirs",
        options: reading::DIRS,
        about: Some("This tool helps to query log directory usage on the specified brokers."),
        unread: Manner::Thrown,
        wrong: Manner::Thrown,
        run: reading::dirs,
    },
    Tool {
        name: "kafka-broker-api-versions",
        options: reading::VERSIONS,
        about: Some("This tool helps to retrieve broker version information."),
        unread: Manner::Thrown,
        wrong: Manner::Thrown,
        run: reading::versions,
    },
    Tool {
        name: "kafka-cluster",
        options: RAW,
        about: None,
        unread: Manner::Words,
        wrong: Manner::Words,
        run: reading::cluster,
    },
    Tool {
        name: "kafka-metadata-quorum",
        options: RAW,
        about: None,
        unread: Manner::Words,
        wrong: Manner::Words,
        run: reading::quorum,
    },
    Tool {
        name: "kafka-dump-log",
        options: dump::DUMP,
        about: Some(
            "This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly \
             corrupt log segment.",
        ),
        unread: Manner::Main,
        wrong: Manner::Main,
        run: dump::dump,
    },
    Tool {
        name: "kafka-server-start",
        options: server::START,
        about: None,
        unread: Manner::Words,
        wrong: Manner::Words,
        run: server::start,
    },
    Tool {
        name: "kafka-server-stop",
        options: server::STOP,
        about: None,
        unread: Manner::Words,
        wrong: Manner::Words,
        run: server::stop,
    },
    Tool {
        name: "kafka-producer-perf-test",
        options: RAW,
        about: None,
        unread: Manner::Words,
        wrong: Manner::Words,
        run: perf::perf,
    },
    Tool { name: "kcat", options: RAW, about: None, unread: Manner::Words, wrong: Manner::Words, run: kcat::kcat },
];

/// Tools that Kafka has and this page has not.
pub(super) const ABSENT: &[&str] = &[
    "kafka-acls",
    "kafka-client-metrics",
    "kafka-consumer-perf-test",
    "kafka-delegation-tokens",
    "kafka-e2e-latency",
    "kafka-features",
    "kafka-jmx",
    "kafka-metadata-shell",
    "kafka-reassign-partitions",
    "kafka-replica-verification",
    "kafka-share-groups",
    "kafka-storage",
    "kafka-streams-groups",
    "kafka-transactions",
    "kafka-verifiable-consumer",
    "kafka-verifiable-producer",
];
