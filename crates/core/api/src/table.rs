//! The one table of what the model speaks: a row per API. From it come [`ApiKey`], [`Request`], [`Response`], what
//! [`serving`](crate::serving) lets in and what ApiVersions answers. It does not say how a request is served.
//!
//! An API is added by its two structs (with [`RequestBody`] and [`ResponseBody`]) and a row here. Numbers, names, versions
//! and listeners are those of `ApiKeys` and of the message definitions of 4.3.0; `tests/vectors.rs` compares them.

use crate::*;
use base::{ErrorCode, Span};

/// What is known of an API before any request of it comes.
#[derive(Debug)]
pub struct ApiRow {
    pub key: ApiKey,
    /// Kafka's name, as its logs print it.
    pub name: &'static str,
    /// The oldest and the newest version that a server takes; the newest is the newest stable one.
    pub versions: (i16, i16),
    /// The version whose fields our structs have; fields that no modelled feature reads are left out of it.
    pub spoken: i16,
    pub served: Served,
}

/// On which listener an API is served, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    ByBrokers,
    /// On the controllers' listener, by the quorum member.
    ByVoters,
    /// On the controllers' listener, by the active controller.
    ByControllers,
    /// On both, by whoever listens.
    ByBoth,
    /// On both listeners, but a broker passes it on to the active controller (`ApiKeys.forwardable`, KIP-590).
    ByForwarding,
}

/// Sorts the rows by who serves them, and makes of each sort a pattern: whoever serves some kinds of requests names those,
/// and all others by these patterns, so that the compiler still asks him about a new row.
macro_rules! patterns {
    ([$($a:tt)*] $b:tt $c:tt $d:tt $e:tt (ByBrokers $name:ident) $($rest:tt)*) => {
        patterns! { [$($a)* $name] $b $c $d $e $($rest)* }
    };
    ($a:tt [$($b:tt)*] $c:tt $d:tt $e:tt (ByVoters $name:ident) $($rest:tt)*) => {
        patterns! { $a [$($b)* $name] $c $d $e $($rest)* }
    };
    ($a:tt $b:tt [$($c:tt)*] $d:tt $e:tt (ByControllers $name:ident) $($rest:tt)*) => {
        patterns! { $a $b [$($c)* $name] $d $e $($rest)* }
    };
    ($a:tt $b:tt $c:tt [$($d:tt)*] $e:tt (ByBoth $name:ident) $($rest:tt)*) => {
        patterns! { $a $b $c [$($d)* $name] $e $($rest)* }
    };
    ($a:tt $b:tt $c:tt $d:tt [$($e:tt)*] (ByForwarding $name:ident) $($rest:tt)*) => {
        patterns! { $a $b $c $d [$($e)* $name] $($rest)* }
    };
    ([$($broker:ident)*] [$($voter:ident)*] [$($controller:ident)*] [$($both:ident)*] [$($forwarded:ident)*]) => {
        /// The pattern of every request that brokers alone serve.
        #[macro_export]
        macro_rules! for_brokers { () => { $(::api::Request::$broker(_))|* } }
        /// The pattern of every request that the quorum member alone serves.
        #[macro_export]
        macro_rules! for_voters { () => { $(::api::Request::$voter(_))|* } }
        /// The pattern of every request that the active controller serves and no broker passes on.
        #[macro_export]
        macro_rules! for_controllers { () => { $(::api::Request::$controller(_))|* } }
        /// The pattern of every request that is served on both listeners.
        #[macro_export]
        macro_rules! for_both { () => { $(::api::Request::$both(_))|* } }
        /// The pattern of every request that a broker passes on to the active controller.
        #[macro_export]
        macro_rules! for_forwarding { () => { $(::api::Request::$forwarded(_))|* } }
    };
}

macro_rules! apis {
    ($($name:ident = $key:literal, $min:literal - $max:literal, $spoken:literal, $served:ident,
       $request:ty => $response:ty;)+) => {
        /// A kind of request, with Kafka's number (`org.apache.kafka.common.protocol.ApiKeys`). Only kinds that the model
        /// speaks are listed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum ApiKey {
            $($name = $key,)+
        }

        /// A request's body.
        #[derive(Clone, Debug, Hash)]
        pub enum Request {
            $($name($request),)+
        }

        /// An answer's body.
        #[derive(Clone, Debug, Hash)]
        pub enum Response {
            $($name($response),)+
        }

        patterns! { [] [] [] [] [] $(($served $name))+ }

        impl ApiKey {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [ApiKey] = &[$(ApiKey::$name),+];

            pub const fn row(self) -> &'static ApiRow {
                match self {
                    $(ApiKey::$name => &ApiRow {
                        key: ApiKey::$name,
                        name: stringify!($name),
                        versions: ($min, $max),
                        spoken: $spoken,
                        served: Served::$served,
                    },)+
                }
            }
        }

        impl Request {
            pub fn api_key(&self) -> ApiKey {
                match self {
                    $(Request::$name(_) => ApiKey::$name,)+
                }
            }

            /// The answer that says `error` to the whole request (`AbstractRequest.getErrorResponse`).
            pub fn refused(&self, refusal: &Refusal) -> Response {
                match self {
                    $(Request::$name(body) => Response::$name(body.refused(refusal)),)+
                }
            }

            /// How long the one who asks lets the server take (`timeoutMs`); `None` where the form has no such field.
            pub fn timeout(&self) -> Option<Span> {
                match self {
                    $(Request::$name(body) => body.timeout(),)+
                }
            }

            /// Bytes on the wire without the header; see [`Message::size`].
            pub(crate) fn size(&self) -> u32 {
                match self {
                    $(Request::$name(body) => body.size(),)+
                }
            }
        }

        impl Response {
            pub fn api_key(&self) -> ApiKey {
                match self {
                    $(Response::$name(_) => ApiKey::$name,)+
                }
            }

            /// The error that concerns the whole answer; none where only its parts have one.
            pub fn error(&self) -> ErrorCode {
                match self {
                    $(Response::$name(body) => body.error(),)+
                }
            }

            /// Bytes on the wire without the header; see [`Message::size`].
            pub(crate) fn size(&self) -> u32 {
                match self {
                    $(Response::$name(body) => body.size(),)+
                }
            }
        }
    };
}

// Number, versions, the version that we speak, who serves it, structs. States are hashed by the place of a row, so that a new
// one goes to the end.
apis! {
    Produce = 0, 3 - 13, 13, ByBrokers, ProduceRequest => ProduceResponse;
    Fetch = 1, 4 - 18, 17, ByBoth, FetchRequest => FetchResponse;
    ListOffsets = 2, 1 - 11, 9, ByBrokers, ListOffsetsRequest => ListOffsetsResponse;
    Metadata = 3, 0 - 13, 12, ByBrokers, MetadataRequest => MetadataResponse;
    OffsetCommit = 8, 2 - 10, 9, ByBrokers, OffsetCommitRequest => OffsetCommitResponse;
    OffsetFetch = 9, 1 - 10, 7, ByBrokers, OffsetFetchRequest => OffsetFetchResponse;
    FindCoordinator = 10, 0 - 6, 3, ByBrokers, FindCoordinatorRequest => FindCoordinatorResponse;
    JoinGroup = 11, 0 - 9, 9, ByBrokers, JoinGroupRequest => JoinGroupResponse;
    Heartbeat = 12, 0 - 4, 4, ByBrokers, HeartbeatRequest => HeartbeatResponse;
    LeaveGroup = 13, 0 - 5, 5, ByBrokers, LeaveGroupRequest => LeaveGroupResponse;
    SyncGroup = 14, 0 - 5, 5, ByBrokers, SyncGroupRequest => SyncGroupResponse;
    DescribeGroups = 15, 0 - 6, 6, ByBrokers, DescribeGroupsRequest => DescribeGroupsResponse;
    CreateTopics = 19, 2 - 7, 7, ByForwarding, CreateTopicsRequest => CreateTopicsResponse;
    DeleteTopics = 20, 1 - 6, 5, ByForwarding, DeleteTopicsRequest => DeleteTopicsResponse;
    InitProducerId = 22, 0 - 5, 2, ByBrokers, InitProducerIdRequest => InitProducerIdResponse;
    OffsetForLeaderEpoch = 23, 2 - 4, 4, ByBrokers, OffsetForLeaderEpochRequest => OffsetForLeaderEpochResponse;
    CreatePartitions = 37, 0 - 3, 3, ByForwarding, CreatePartitionsRequest => CreatePartitionsResponse;
    ElectLeaders = 43, 0 - 2, 2, ByForwarding, ElectLeadersRequest => ElectLeadersResponse;
    IncrementalAlterConfigs = 44, 0 - 1, 1, ByForwarding,
        IncrementalAlterConfigsRequest => IncrementalAlterConfigsResponse;
    Vote = 52, 0 - 2, 2, ByVoters, VoteRequest => VoteResponse;
    BeginQuorumEpoch = 53, 0 - 1, 1, ByVoters, BeginQuorumEpochRequest => BeginQuorumEpochResponse;
    EndQuorumEpoch = 54, 0 - 1, 0, ByVoters, EndQuorumEpochRequest => EndQuorumEpochResponse;
    AlterPartition = 56, 2 - 3, 3, ByControllers, AlterPartitionRequest => AlterPartitionResponse;
    BrokerRegistration = 62, 0 - 4, 4, ByControllers, BrokerRegistrationRequest => BrokerRegistrationResponse;
    BrokerHeartbeat = 63, 0 - 2, 0, ByControllers, BrokerHeartbeatRequest => BrokerHeartbeatResponse;
    AllocateProducerIds = 67, 0 - 0, 0, ByControllers, AllocateProducerIdsRequest => AllocateProducerIdsResponse;
    Envelope = 58, 0 - 0, 0, ByControllers, Box<EnvelopeRequest> => EnvelopeResponse;
    ApiVersions = 18, 0 - 4, 4, ByBoth, ApiVersionsRequest => ApiVersionsResponse;
    ListGroups = 16, 0 - 5, 5, ByBrokers, ListGroupsRequest => ListGroupsResponse;
    DeleteRecords = 21, 0 - 2, 2, ByBrokers, DeleteRecordsRequest => DeleteRecordsResponse;
    DescribeConfigs = 32, 1 - 4, 4, ByBoth, DescribeConfigsRequest => DescribeConfigsResponse;
    DescribeLogDirs = 35, 1 - 5, 4, ByBrokers, DescribeLogDirsRequest => DescribeLogDirsResponse;
    DeleteGroups = 42, 0 - 2, 2, ByBrokers, DeleteGroupsRequest => DeleteGroupsResponse;
    OffsetDelete = 47, 0 - 0, 0, ByBrokers, OffsetDeleteRequest => OffsetDeleteResponse;
    DescribeQuorum = 55, 0 - 2, 2, ByForwarding, DescribeQuorumRequest => DescribeQuorumResponse;
    DescribeCluster = 60, 0 - 2, 2, ByBoth, DescribeClusterRequest => DescribeClusterResponse;
    UnregisterBroker = 64, 0 - 0, 0, ByForwarding, UnregisterBrokerRequest => UnregisterBrokerResponse;
    DescribeTopicPartitions = 75, 0 - 0, 0, ByBrokers,
        DescribeTopicPartitionsRequest => DescribeTopicPartitionsResponse;
}

impl ApiKey {
    /// Kafka's name, as its logs print it.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind of that name, ignoring case.
    pub fn from_name(name: &str) -> Option<ApiKey> {
        Self::ALL.iter().copied().find(|key| key.name().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
