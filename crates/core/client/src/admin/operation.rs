//! One thing that an operator asked for, until it is answered. Kafka: `KafkaAdminClient.Call`.

use api::{
    AlterConfig, ConfigResource, CreatableTopic, CreatePartitionsRequest, CreatePartitionsTopic, CreateTopicsRequest,
    DeleteTopicsRequest, ElectLeadersRequest, ElectionType, IncrementalAlterConfigsRequest, MetadataRequest, Request,
};
use base::{Offset, Span, Str, Time, TopicPartition};
use bytes::Bytes;

/// A record as it is read: offset, key, value.
pub type ReadRecord = (Offset, Option<Bytes>, Option<Bytes>);

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
    /// Kafka's sentence for a call that ran out of time.
    pub(crate) fn timeout_message(&self) -> String {
        let name = self.task.name();
        if self.attempts == 0 {
            return format!("Timed out waiting for a node assignment. Call: {name}");
        }
        let (waited, tries) = (self.deadline.since(self.started).as_millis(), self.attempts);
        format!("Call(callName={name}, tries={tries}) timed out after {waited} ms and {tries} attempt(s)")
    }
}
