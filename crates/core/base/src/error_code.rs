//! Kafka's error codes (`org.apache.kafka.common.protocol.Errors`, 4.3.0): number, name, whether a
//! client may retry, and whether the error makes the client's metadata suspect.

macro_rules! error_codes {
    ($($(#[$default:meta])? $variant:ident $name:literal $code:literal $retriable:literal $stale:literal,)*) => {
        /// An error code as it travels in answers. `None` (0) is success.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[repr(i16)]
        pub enum ErrorCode { $($(#[$default])? #[doc = $name] $variant = $code,)* }

        impl ErrorCode {
            /// Every code, in numeric order.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// Kafka's own upper-case name, as its tools and clients print it.
            pub const fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $name,)* }
            }

            /// May the same request succeed when sent again?
            pub const fn is_retriable(self) -> bool {
                match self { $(ErrorCode::$variant => $retriable,)* }
            }

            /// Does this error mean that the client's metadata is out of date?
            pub const fn invalidates_metadata(self) -> bool {
                match self { $(ErrorCode::$variant => $stale,)* }
            }
        }
    };
}

impl ErrorCode {
    /// The number on the wire.
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// The code with that number, if Kafka 4.3.0 has one.
    pub fn from_code(code: i16) -> Option<ErrorCode> {
        Self::ALL.iter().copied().find(|each| each.code() == code)
    }

    pub fn is_error(self) -> bool {
        self != ErrorCode::None
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

error_codes! {
    UnknownServerError "UNKNOWN_SERVER_ERROR" -1 false false,
    #[default] None "NONE" 0 false false,
    OffsetOutOfRange "OFFSET_OUT_OF_RANGE" 1 false false,
    CorruptMessage "CORRUPT_MESSAGE" 2 true false,
    UnknownTopicOrPartition "UNKNOWN_TOPIC_OR_PARTITION" 3 true true,
    InvalidFetchSize "INVALID_FETCH_SIZE" 4 false false,
    LeaderNotAvailable "LEADER_NOT_AVAILABLE" 5 true true,
    NotLeaderOrFollower "NOT_LEADER_OR_FOLLOWER" 6 true true,
    RequestTimedOut "REQUEST_TIMED_OUT" 7 true false,
    BrokerNotAvailable "BROKER_NOT_AVAILABLE" 8 false false,
    ReplicaNotAvailable "REPLICA_NOT_AVAILABLE" 9 true true,
    MessageTooLarge "MESSAGE_TOO_LARGE" 10 false false,
    StaleControllerEpoch "STALE_CONTROLLER_EPOCH" 11 false false,
    OffsetMetadataTooLarge "OFFSET_METADATA_TOO_LARGE" 12 false false,
    NetworkException "NETWORK_EXCEPTION" 13 true true,
    CoordinatorLoadInProgress "COORDINATOR_LOAD_IN_PROGRESS" 14 true false,
    CoordinatorNotAvailable "COORDINATOR_NOT_AVAILABLE" 15 true false,
    NotCoordinator "NOT_COORDINATOR" 16 true false,
    InvalidTopicException "INVALID_TOPIC_EXCEPTION" 17 false false,
    RecordListTooLarge "RECORD_LIST_TOO_LARGE" 18 false false,
    NotEnoughReplicas "NOT_ENOUGH_REPLICAS" 19 true false,
    NotEnoughReplicasAfterAppend "NOT_ENOUGH_REPLICAS_AFTER_APPEND" 20 true false,
    InvalidRequiredAcks "INVALID_REQUIRED_ACKS" 21 false false,
    IllegalGeneration "ILLEGAL_GENERATION" 22 false false,
    InconsistentGroupProtocol "INCONSISTENT_GROUP_PROTOCOL" 23 false false,
    InvalidGroupId "INVALID_GROUP_ID" 24 false false,
    UnknownMemberId "UNKNOWN_MEMBER_ID" 25 false false,
    InvalidSessionTimeout "INVALID_SESSION_TIMEOUT" 26 false false,
    RebalanceInProgress "REBALANCE_IN_PROGRESS" 27 false false,
    InvalidCommitOffsetSize "INVALID_COMMIT_OFFSET_SIZE" 28 false false,
    TopicAuthorizationFailed "TOPIC_AUTHORIZATION_FAILED" 29 false false,
    GroupAuthorizationFailed "GROUP_AUTHORIZATION_FAILED" 30 false false,
    ClusterAuthorizationFailed "CLUSTER_AUTHORIZATION_FAILED" 31 false false,
    InvalidTimestamp "INVALID_TIMESTAMP" 32 false false,
    UnsupportedSaslMechanism "UNSUPPORTED_SASL_MECHANISM" 33 false false,
    IllegalSaslState "ILLEGAL_SASL_STATE" 34 false false,
    UnsupportedVersion "UNSUPPORTED_VERSION" 35 false false,
    TopicAlreadyExists "TOPIC_ALREADY_EXISTS" 36 false false,
    InvalidPartitions "INVALID_PARTITIONS" 37 false false,
    InvalidReplicationFactor "INVALID_REPLICATION_FACTOR" 38 false false,
    InvalidReplicaAssignment "INVALID_REPLICA_ASSIGNMENT" 39 false false,
    InvalidConfig "INVALID_CONFIG" 40 false false,
    NotController "NOT_CONTROLLER" 41 true false,
    InvalidRequest "INVALID_REQUEST" 42 false false,
    UnsupportedForMessageFormat "UNSUPPORTED_FOR_MESSAGE_FORMAT" 43 false false,
    PolicyViolation "POLICY_VIOLATION" 44 false false,
    OutOfOrderSequenceNumber "OUT_OF_ORDER_SEQUENCE_NUMBER" 45 false false,
    DuplicateSequenceNumber "DUPLICATE_SEQUENCE_NUMBER" 46 false false,
    InvalidProducerEpoch "INVALID_PRODUCER_EPOCH" 47 false false,
    InvalidTxnState "INVALID_TXN_STATE" 48 false false,
    InvalidProducerIdMapping "INVALID_PRODUCER_ID_MAPPING" 49 false false,
    InvalidTransactionTimeout "INVALID_TRANSACTION_TIMEOUT" 50 false false,
    ConcurrentTransactions "CONCURRENT_TRANSACTIONS" 51 true false,
    TransactionCoordinatorFenced "TRANSACTION_COORDINATOR_FENCED" 52 false false,
    TransactionalIdAuthorizationFailed "TRANSACTIONAL_ID_AUTHORIZATION_FAILED" 53 false false,
    SecurityDisabled "SECURITY_DISABLED" 54 false false,
    OperationNotAttempted "OPERATION_NOT_ATTEMPTED" 55 false false,
    KafkaStorageError "KAFKA_STORAGE_ERROR" 56 true true,
    LogDirNotFound "LOG_DIR_NOT_FOUND" 57 false false,
    SaslAuthenticationFailed "SASL_AUTHENTICATION_FAILED" 58 false false,
    UnknownProducerId "UNKNOWN_PRODUCER_ID" 59 false false,
    ReassignmentInProgress "REASSIGNMENT_IN_PROGRESS" 60 false false,
    DelegationTokenAuthDisabled "DELEGATION_TOKEN_AUTH_DISABLED" 61 false false,
    DelegationTokenNotFound "DELEGATION_TOKEN_NOT_FOUND" 62 false false,
    DelegationTokenOwnerMismatch "DELEGATION_TOKEN_OWNER_MISMATCH" 63 false false,
    DelegationTokenRequestNotAllowed "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED" 64 false false,
    DelegationTokenAuthorizationFailed "DELEGATION_TOKEN_AUTHORIZATION_FAILED" 65 false false,
    DelegationTokenExpired "DELEGATION_TOKEN_EXPIRED" 66 false false,
    InvalidPrincipalType "INVALID_PRINCIPAL_TYPE" 67 false false,
    NonEmptyGroup "NON_EMPTY_GROUP" 68 false false,
    GroupIdNotFound "GROUP_ID_NOT_FOUND" 69 false false,
    FetchSessionIdNotFound "FETCH_SESSION_ID_NOT_FOUND" 70 true false,
    InvalidFetchSessionEpoch "INVALID_FETCH_SESSION_EPOCH" 71 true false,
    ListenerNotFound "LISTENER_NOT_FOUND" 72 true true,
    TopicDeletionDisabled "TOPIC_DELETION_DISABLED" 73 false false,
    FencedLeaderEpoch "FENCED_LEADER_EPOCH" 74 true true,
    UnknownLeaderEpoch "UNKNOWN_LEADER_EPOCH" 75 true false,
    UnsupportedCompressionType "UNSUPPORTED_COMPRESSION_TYPE" 76 false false,
    StaleBrokerEpoch "STALE_BROKER_EPOCH" 77 false false,
    OffsetNotAvailable "OFFSET_NOT_AVAILABLE" 78 true false,
    MemberIdRequired "MEMBER_ID_REQUIRED" 79 false false,
    PreferredLeaderNotAvailable "PREFERRED_LEADER_NOT_AVAILABLE" 80 true true,
    GroupMaxSizeReached "GROUP_MAX_SIZE_REACHED" 81 false false,
    FencedInstanceId "FENCED_INSTANCE_ID" 82 false false,
    EligibleLeadersNotAvailable "ELIGIBLE_LEADERS_NOT_AVAILABLE" 83 true true,
    ElectionNotNeeded "ELECTION_NOT_NEEDED" 84 true true,
    NoReassignmentInProgress "NO_REASSIGNMENT_IN_PROGRESS" 85 false false,
    GroupSubscribedToTopic "GROUP_SUBSCRIBED_TO_TOPIC" 86 false false,
    InvalidRecord "INVALID_RECORD" 87 false false,
    UnstableOffsetCommit "UNSTABLE_OFFSET_COMMIT" 88 true false,
    ThrottlingQuotaExceeded "THROTTLING_QUOTA_EXCEEDED" 89 true false,
    ProducerFenced "PRODUCER_FENCED" 90 false false,
    ResourceNotFound "RESOURCE_NOT_FOUND" 91 false false,
    DuplicateResource "DUPLICATE_RESOURCE" 92 false false,
    UnacceptableCredential "UNACCEPTABLE_CREDENTIAL" 93 false false,
    InconsistentVoterSet "INCONSISTENT_VOTER_SET" 94 false false,
    InvalidUpdateVersion "INVALID_UPDATE_VERSION" 95 false false,
    FeatureUpdateFailed "FEATURE_UPDATE_FAILED" 96 false false,
    PrincipalDeserializationFailure "PRINCIPAL_DESERIALIZATION_FAILURE" 97 false false,
    SnapshotNotFound "SNAPSHOT_NOT_FOUND" 98 false false,
    PositionOutOfRange "POSITION_OUT_OF_RANGE" 99 false false,
    UnknownTopicId "UNKNOWN_TOPIC_ID" 100 true true,
    DuplicateBrokerRegistration "DUPLICATE_BROKER_REGISTRATION" 101 false false,
    BrokerIdNotRegistered "BROKER_ID_NOT_REGISTERED" 102 false false,
    InconsistentTopicId "INCONSISTENT_TOPIC_ID" 103 true true,
    InconsistentClusterId "INCONSISTENT_CLUSTER_ID" 104 false false,
    TransactionalIdNotFound "TRANSACTIONAL_ID_NOT_FOUND" 105 false false,
    FetchSessionTopicIdError "FETCH_SESSION_TOPIC_ID_ERROR" 106 true false,
    IneligibleReplica "INELIGIBLE_REPLICA" 107 false false,
    NewLeaderElected "NEW_LEADER_ELECTED" 108 false false,
    OffsetMovedToTieredStorage "OFFSET_MOVED_TO_TIERED_STORAGE" 109 false false,
    FencedMemberEpoch "FENCED_MEMBER_EPOCH" 110 false false,
    UnreleasedInstanceId "UNRELEASED_INSTANCE_ID" 111 false false,
    UnsupportedAssignor "UNSUPPORTED_ASSIGNOR" 112 false false,
    StaleMemberEpoch "STALE_MEMBER_EPOCH" 113 false false,
    MismatchedEndpointType "MISMATCHED_ENDPOINT_TYPE" 114 false false,
    UnsupportedEndpointType "UNSUPPORTED_ENDPOINT_TYPE" 115 false false,
    UnknownControllerId "UNKNOWN_CONTROLLER_ID" 116 false false,
    UnknownSubscriptionId "UNKNOWN_SUBSCRIPTION_ID" 117 false false,
    TelemetryTooLarge "TELEMETRY_TOO_LARGE" 118 false false,
    InvalidRegistration "INVALID_REGISTRATION" 119 false false,
    TransactionAbortable "TRANSACTION_ABORTABLE" 120 false false,
    InvalidRecordState "INVALID_RECORD_STATE" 121 false false,
    ShareSessionNotFound "SHARE_SESSION_NOT_FOUND" 122 true false,
    InvalidShareSessionEpoch "INVALID_SHARE_SESSION_EPOCH" 123 true false,
    FencedStateEpoch "FENCED_STATE_EPOCH" 124 false false,
    InvalidVoterKey "INVALID_VOTER_KEY" 125 false false,
    DuplicateVoter "DUPLICATE_VOTER" 126 false false,
    VoterNotFound "VOTER_NOT_FOUND" 127 false false,
    InvalidRegularExpression "INVALID_REGULAR_EXPRESSION" 128 false false,
    RebootstrapRequired "REBOOTSTRAP_REQUIRED" 129 false false,
    StreamsInvalidTopology "STREAMS_INVALID_TOPOLOGY" 130 false false,
    StreamsInvalidTopologyEpoch "STREAMS_INVALID_TOPOLOGY_EPOCH" 131 false false,
    StreamsTopologyFenced "STREAMS_TOPOLOGY_FENCED" 132 false false,
    ShareSessionLimitReached "SHARE_SESSION_LIMIT_REACHED" 133 true false,
}
