//! One thing that an operator asked for, until it is answered. Kafka: `KafkaAdminClient.Call`.

use api::{
    AlterConfig, ConfigResource, CreatableTopic, CreatePartitionsRequest, CreatePartitionsTopic, CreateTopicsRequest,
    DeleteTopicsRequest, ElectLeadersRequest, ElectionType, IncrementalAlterConfigsRequest, MetadataRequest, Request,
};
use base::{Offset, Span, Str, Time, Timestamp, TopicPartition};
use bytes::Bytes;

/// A record as it is read: offset, key, value.
pub type ReadRecord = (Offset, Option<Bytes>, Option<Bytes>);

/// What is asked for, as a request of it can be made again and again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    CreateTopic(CreatableTopic),
    DeleteTopic(Str),
    CreatePartitions(CreatePartitionsTopic),
    AlterConfigs(ConfigResource, Vec<AlterConfig>),
    ElectLeaders(ElectionType, Option<Vec<TopicPartition>>),
    ListTopics,
    Read(Reading),
}

/// A partition being read to the end that was visible when the reading began.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    pub partition: TopicPartition,
    pub position: Offset,
    pub end: Option<Offset>,
    pub records: Vec<ReadRecord>,
}

/// A task, whose ticket it answers and how its tries went.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    pub ticket: u64,
    pub task: Task,
    pub started: Time,
    /// default.api.timeout.ms, or the timeout that came with the request.
    pub deadline: Time,
    pub(crate) in_flight: bool,
    pub attempts: u32,
    pub(crate) not_before: Time,
}

impl Task {
    /// `Call.callName`, as Kafka's messages have it.
    pub const fn name(&self) -> &'static str {
        match self {
            Task::CreateTopic(_) => "createTopics",
            Task::DeleteTopic(_) => "deleteTopics",
            Task::CreatePartitions(_) => "createPartitions",
            Task::AlterConfigs(..) => "incrementalAlterConfigs",
            Task::ElectLeaders(..) => "electLeaders",
            Task::ListTopics => "listTopics",
            Task::Read(_) => "read",
        }
    }

    /// Kafka's client does not even ask (`topicNameIsUnrepresentable`).
    pub(crate) fn has_no_topic_name(&self) -> bool {
        match self {
            Task::CreateTopic(topic) => topic.name.is_empty(),
            Task::DeleteTopic(name) => name.is_empty(),
            Task::CreatePartitions(_)
            | Task::AlterConfigs(..)
            | Task::ElectLeaders(..)
            | Task::ListTopics
            | Task::Read(_) => false,
        }
    }

    /// The reading, if it is one.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        // Everything else is one request and one answer.
        let Task::Read(reading) = self else { return None };
        Some(reading)
    }

    /// The same, to go on with.
    pub(crate) fn reading_mut(&mut self) -> Option<&mut Reading> {
        // As above.
        let Task::Read(reading) = self else { return None };
        Some(reading)
    }

    /// The partition whose leader alone can answer; `None`: any broker will do.
    pub(crate) fn whom(&self) -> Option<TopicPartition> {
        self.reading().map(|reading| reading.partition.clone())
    }

    /// The request to any broker; `None`: the task needs a particular one.
    pub(crate) fn request(&self, timeout: Span) -> Option<Request> {
        let validate_only = false;
        Some(match self.clone() {
            Task::CreateTopic(topic) => {
                Request::CreateTopics(CreateTopicsRequest { topics: vec![topic], timeout, validate_only })
            }
            Task::DeleteTopic(name) => Request::DeleteTopics(DeleteTopicsRequest { names: vec![name], timeout }),
            Task::CreatePartitions(topic) => {
                Request::CreatePartitions(CreatePartitionsRequest { topics: vec![topic], timeout, validate_only })
            }
            Task::AlterConfigs(resource, changes) => {
                let resources = vec![(resource, changes)];
                Request::IncrementalAlterConfigs(IncrementalAlterConfigsRequest { resources, validate_only })
            }
            Task::ElectLeaders(election_type, partitions) => {
                Request::ElectLeaders(ElectLeadersRequest { election_type, partitions, timeout })
            }
            Task::ListTopics => Request::Metadata(MetadataRequest { topics: None, allow_auto_topic_creation: false }),
            Task::Read(_) => return None,
        })
    }
}

impl Operation {
    /// Kafka's sentence for a call whose request was not answered in time (`handleTimeoutFailure`). The
    /// times are the client's own clock's; `backoff` is what would have passed before another try.
    pub(crate) fn unanswered_message(&self, now: Timestamp, backoff: Span) -> String {
        let (name, tries) = (self.task.name(), self.attempts);
        let next = now.0 + backoff.as_millis() as i64;
        format!(
            "Call(callName={name}, deadlineMs={0}, tries={tries}, nextAllowedTryMs={next}) timed out at {0} after {tries} \
             attempt(s)",
            now.0
        )
    }
}
