//! What a client writes into its own log, as values: the events of this model about which the library of 4.3.0 has a line at
//! INFO, WARN or ERROR. Words are made of them where somebody reads (`script::logged`). It decides nothing and is no part of
//! the client's state: runs and their digests do not know it.
//!
//! Not here: what the library says of itself (its version, metrics, settings) and lines at DEBUG. Kafka: `NetworkClient`,
//! `Metadata`, `Sender`, `TransactionManager`, `AbstractCoordinator`, `ConsumerCoordinator`, `FetchCollector`.

use crate::network::Node;
use api::ApiKey;
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, Offset, Shared, Span, Str, Time, TopicPartition};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// How many lines are kept: the newest.
pub const KEPT_LINES: usize = 50;

/// One line, before words are made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub at: Time,
    pub said: Said,
}

/// How grave Kafka's logger calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    Info,
    Warn,
    Error,
}

/// A member's place in its group, as a line names it (`AbstractCoordinator.Generation`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub number: i32,
    pub member_id: Str,
    pub protocol: Option<Str>,
}

/// A broker as the coordinator of the group, with its address.
pub type Coordinator = (BrokerId, Endpoint);

/// How a consumer comes to believe that its coordinator is none (`markCoordinatorUnknown`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinatorLoss {
    /// The connection is gone, and with it requests that were under way.
    Broken,
    /// The connection is gone, or never was.
    Unavailable,
    /// An answer said so.
    Answered(ErrorCode),
    /// No heartbeat was answered for session.timeout.ms.
    Silent,
}

/// A request whose answer no longer comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelled {
    pub node: Node,
    pub api: ApiKey,
    pub correlation_id: i32,
    pub since: Span,
    pub timeout: Span,
}

/// A batch that a leader did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub correlation_id: i32,
    pub partition: TopicPartition,
    /// How often it may be sent again.
    pub left: i64,
    pub error: ErrorCode,
    /// The broker's own words, or the client's about a lost connection.
    pub message: Option<Str>,
}

/// Partitions, or topics, by name: the first of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T = TopicPartition> {
    pub first: Vec<T>,
    /// Kafka names all; here a line has a bound.
    pub more: usize,
}

/// How many names a line keeps.
const MOST_NAMES: usize = 32;

impl<T: Clone> Named<T> {
    pub(crate) fn of<'a>(names: impl ExactSizeIterator<Item = &'a T>) -> Named<T>
    where
        T: 'a,
    {
        Named::first(MOST_NAMES, names)
    }

    /// So many of them.
    pub(crate) fn first<'a>(most: usize, names: impl ExactSizeIterator<Item = &'a T>) -> Named<T>
    where
        T: 'a,
    {
        let more = names.len().saturating_sub(most);
        Named { first: names.take(most).cloned().collect(), more }
    }
}

/// Where a consumer goes on, and under whom (`SubscriptionState.FetchPosition`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub partition: TopicPartition,
    pub offset: Offset,
    pub offset_epoch: LeaderEpoch,
    pub leader: Option<(BrokerId, Endpoint, Option<Str>)>,
    /// −1: none is known.
    pub epoch: LeaderEpoch,
}

/// What is said, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Connection(OfConnection),
    Metadata(OfMetadata),
    Producer(OfProducer),
    Group(OfGroup),
    Position(OfPosition),
}

/// Of connections and what was asked on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfConnection {
    /// An open connection broke, or one was refused.
    Disconnected(Node),
    NotEstablished(Node, Endpoint),
    /// The host has no address. With the broker's rack.
    Unresolved(Node, Endpoint, Option<Str>),
    /// Before any metadata came.
    BootstrapDisconnected(Node, Endpoint),
    /// After that time.
    SetupTimedOut(Node, Span),
    RequestTimedOut(Node),
    AskedToDisconnect(Node),
    Cancelled(Box<Cancelled>),
}

/// Of what is known of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfMetadata {
    /// Topics with their errors, under the answer's correlation id.
    Issue(i32, Named<(Str, ErrorCode)>),
    /// Partitions whose leaders have no listener like the one asked.
    NoListener(Named),
    InvalidTopics(Named<Str>),
    Rebootstrapping(Vec<Endpoint>),
    ClusterId(Str),
}

/// Of batches and the identity that they go under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfProducer {
    ProducerId(i64, i16),
    Retried(Box<Refusal>),
    Split(Box<Refusal>),
    /// The answer says that the metadata is out of date.
    Stale(Box<Refusal>),
}

/// Of a consumer's place in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfGroup {
    CoordinatorFound(Coordinator),
    CoordinatorLost(Coordinator, CoordinatorLoss),
    Joining,
    Joined(Generation),
    Synced(Generation),
    Assigned(Named),
    Revoked(Named),
    Lost(Named),
    /// The group is rebalancing, a heartbeat has told.
    Rejoins,
    /// The coordinator has given it an id to join with.
    MemberIdGiven(Str),
    /// After this error to that request.
    MembershipLost(ApiKey, ErrorCode),
    /// The member, whom it tells, why.
    Leaving(Str, Coordinator, &'static str),
    PollTimedOut,
}

/// Of where a consumer reads and what it commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfPosition {
    CommitRefused(TopicPartition, Offset, ErrorCode),
    NothingCommitted(TopicPartition),
    FromCommitted(Box<Placed>),
    Reset(Box<Placed>),
    OutOfRange(Box<Placed>),
    FetchRefused(TopicPartition, ErrorCode),
}

/// Each kind of what is said is one of these.
macro_rules! said {
    ($($kind:ident $of:ident)*) => {
        $(impl From<$of> for Said {
            fn from(said: $of) -> Said {
                Said::$kind(said)
            }
        })*
    };
}
said! { Connection OfConnection Metadata OfMetadata Producer OfProducer Group OfGroup Position OfPosition }

impl Said {
    /// As Kafka's classes call it.
    pub fn level(&self) -> LogLevel {
        match self {
            Said::Connection(said) => match said {
                OfConnection::NotEstablished(..)
                | OfConnection::Unresolved(..)
                | OfConnection::BootstrapDisconnected(..) => LogLevel::Warn,
                OfConnection::Disconnected(_)
                | OfConnection::SetupTimedOut(..)
                | OfConnection::RequestTimedOut(_)
                | OfConnection::AskedToDisconnect(_)
                | OfConnection::Cancelled(_) => LogLevel::Info,
            },
            Said::Metadata(OfMetadata::Issue(..) | OfMetadata::NoListener(_)) => LogLevel::Warn,
            Said::Metadata(OfMetadata::InvalidTopics(_)) => LogLevel::Error,
            Said::Metadata(OfMetadata::Rebootstrapping(_) | OfMetadata::ClusterId(_)) => LogLevel::Info,
            Said::Producer(OfProducer::ProducerId(..)) => LogLevel::Info,
            Said::Producer(OfProducer::Retried(_) | OfProducer::Split(_) | OfProducer::Stale(_)) => LogLevel::Warn,
            Said::Group(said) if *said == OfGroup::PollTimedOut => LogLevel::Warn,
            Said::Group(_) => LogLevel::Info,
            Said::Position(said) => match said {
                OfPosition::CommitRefused(_, _, error) if !error.is_retriable() => LogLevel::Error,
                OfPosition::CommitRefused(..) | OfPosition::FetchRefused(..) => LogLevel::Warn,
                OfPosition::NothingCommitted(_)
                | OfPosition::FromCommitted(_)
                | OfPosition::Reset(_)
                | OfPosition::OutOfRange(_) => LogLevel::Info,
            },
        }
    }
}

/// What Kafka numbers a client's connections by: bootstrap servers below zero, a coordinator beside the broker that it is.
pub fn number(node: Node) -> i32 {
    match node {
        Node::Bootstrap(index) => -1 - i32::try_from(index).unwrap_or(i32::MAX - 1),
        Node::Broker(id) => id.0,
        Node::Coordinator(id) => i32::MAX - id.0,
    }
}

/// The newest lines of one client.
#[derive(Clone, Debug, Default)]
pub struct ClientLog {
    lines: Shared<VecDeque<LogLine>>,
    dropped: u64,
}

impl ClientLog {
    /// Oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &LogLine> {
        self.lines.iter()
    }

    /// Older lines that are no longer kept.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) fn write(&mut self, at: Time, said: Said) {
        if self.lines.len() == KEPT_LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
        self.lines.push_back(LogLine { at, said });
    }
}

impl Hash for ClientLog {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
