//! One thing that an operator asked for, until it is answered. Kafka: `KafkaAdminClient.Call`.

use api::{
    AlterConfig, ConfigResource, CreatableTopic, CreatePartitionsRequest, CreatePartitionsTopic, CreateTopicsRequest,
    DeleteTopicsRequest, ElectLeadersRequest, ElectionType, IncrementalAlterConfigsRequest, MetadataRequest,
    OffsetSpec, Request,
};
use base::{BrokerId, Offset, Seldom, Span, Str, Time, Timestamp, TopicPartition};
use bytes::Bytes;
use port::ReadFrom;

use super::inquiry::Inquiry;

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
    Ask(Box<Inquiry>),
}

/// Whom an operation's next request has to go to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// Any broker will do.
    Any,
    /// The leader of the partition.
    Leader(TopicPartition),
    Broker(BrokerId),
}

/// A partition being read to the end that was visible when the reading began.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    pub partition: TopicPartition,
    pub position: Offset,
    pub end: Option<Offset>,
    pub records: Vec<ReadRecord>,
    /// `None`: an offset that the log does not have is told as an error.
    pub seeks: Seldom<Option<Seeks>>,
}

/// What a reader does who lets ListOffsets say where he reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seeks {
    /// It is asked before anything is fetched.
    pub next: Option<OffsetSpec>,
    /// `auto.offset.reset`.
    pub reset: OffsetSpec,
}

impl Reading {
    /// From that offset on, and from no other.
    pub(crate) fn exactly(partition: TopicPartition, position: Offset) -> Reading {
        Reading { partition, position, end: None, records: Vec::new(), seeks: Seldom(None) }
    }

    /// As Kafka's consumer does.
    pub(crate) fn seeking(partition: TopicPartition, from: ReadFrom, reset: OffsetSpec) -> Reading {
        let (position, next) = match from {
            ReadFrom::Offset(offset) => (offset, None),
            ReadFrom::Found(spec) => (Offset::ZERO, Some(spec)),
        };
        Reading { seeks: Seldom(Some(Seeks { next, reset })), ..Reading::exactly(partition, position) }
    }

    /// Which offset ListOffsets has to tell, if one is missing: the end comes first.
    pub(crate) fn unknown(&self) -> Option<OffsetSpec> {
        match self.end {
            None => Some(OffsetSpec::Latest),
            Some(_) => self.seeks.and_then(|seeks| seeks.next),
        }
    }

    /// ListOffsets has told it. Where no record was found the reader goes to the end.
    pub(crate) fn take_offset(&mut self, offset: Offset) {
        let Some(end) = self.end else {
            self.end = Some(offset);
            return;
        };
        self.position = if offset < Offset::ZERO { end } else { offset.min(end) };
        if let Some(seeks) = self.seeks.as_mut() {
            seeks.next = None;
        }
    }

    /// The log does not have the position: does the reader go elsewhere?
    pub(crate) fn reset(&mut self) -> bool {
        let Some(seeks) = self.seeks.as_mut() else { return false };
        seeks.next = Some(seeks.reset);
        true
    }

    /// Is nothing left to be fetched? That a position lies behind the end the leader says.
    pub(crate) fn is_at_end(&self) -> bool {
        self.unknown().is_none() && self.end == Some(self.position)
    }
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
    pub fn name(&self) -> String {
        let name = match self {
            Task::Ask(inquiry) => return inquiry.call_name(),
            Task::CreateTopic(_) => "createTopics",
            Task::DeleteTopic(_) => "deleteTopics",
            Task::CreatePartitions(_) => "createPartitions",
            Task::AlterConfigs(..) => "incrementalAlterConfigs",
            Task::ElectLeaders(..) => "electLeaders",
            Task::ListTopics => "listTopics",
            Task::Read(_) => "read",
        };
        name.to_owned()
    }

    /// Has its client looked in vain for whom to ask?
    pub(crate) fn looks_up(&self) -> bool {
        matches!(self, Task::Ask(inquiry) if inquiry.looks_up())
    }

    /// The question, if it is one that takes several requests.
    pub(crate) fn inquiry_mut(&mut self) -> Option<&mut Inquiry> {
        // Everything else is one request, or a reading.
        let Task::Ask(inquiry) = self else { return None };
        Some(inquiry)
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
            | Task::Read(_)
            | Task::Ask(_) => false,
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

    /// Who can answer.
    pub(crate) fn whom(&self) -> Whom {
        match self {
            Task::Read(reading) => Whom::Leader(reading.partition.clone()),
            Task::Ask(inquiry) => inquiry.whom(),
            Task::CreateTopic(_)
            | Task::DeleteTopic(_)
            | Task::CreatePartitions(_)
            | Task::AlterConfigs(..)
            | Task::ElectLeaders(..)
            | Task::ListTopics => Whom::Any,
        }
    }

    /// The next request; `None`: it is made where its leader is found.
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
            Task::Ask(inquiry) => return inquiry.request(timeout),
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
