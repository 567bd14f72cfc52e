//! Kafka's error codes (`org.apache.kafka.common.protocol.Errors`, 4.3.0): number, name, whether a
//! client may retry, whether the error makes the client's metadata suspect, and Kafka's sentence.

macro_rules! error_codes {
    ($($(#[$default:meta])? $variant:ident $name:literal $code:literal $retriable:literal $stale:literal $message:literal,)*) => {
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

            /// Kafka's sentence for the error, which a client shows when an answer carries none of
            /// its own.
            pub const fn message(self) -> &'static str {
                match self { $(ErrorCode::$variant => $message,)* }
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

    /// Anything but `NONE`.
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
    UnknownServerError "UNKNOWN_SERVER_ERROR" -1 false false
        "The server experienced an unexpected error when processing the request.",
    #[default] None "NONE" 0 false false "NONE",
    OffsetOutOfRange "OFFSET_OUT_OF_RANGE" 1 false false
        "The requested offset is not within the range of offsets maintained by the server.",
    CorruptMessage "CORRUPT_MESSAGE" 2 true false
        "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or \
         is otherwise corrupt.",
    UnknownTopicOrPartition "UNKNOWN_TOPIC_OR_PARTITION" 3 true true "This server does not host this topic-partition.",
    InvalidFetchSize "INVALID_FETCH_SIZE" 4 false false "The requested fetch size is invalid.",
    LeaderNotAvailable "LEADER_NOT_AVAILABLE" 5 true true
        "There is no leader for this topic-partition as we are in the middle of a leadership election.",
    NotLeaderOrFollower "NOT_LEADER_OR_FOLLOWER" 6 true true
        "For requests intended only for the leader, this error indicates that the broker is not the current leader. \
         For requests intended for any replica, this error indicates that the broker is not a replica of the topic \
         partition.",
    RequestTimedOut "REQUEST_TIMED_OUT" 7 true false "The request timed out.",
    BrokerNotAvailable "BROKER_NOT_AVAILABLE" 8 false false "The broker is not available.",
    ReplicaNotAvailable "REPLICA_NOT_AVAILABLE" 9 true true
        "The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests \
         intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of \
         the topic-partition.",
    MessageTooLarge "MESSAGE_TOO_LARGE" 10 false false
        "The request included a message larger than the max message size the server will accept.",
    StaleControllerEpoch "STALE_CONTROLLER_EPOCH" 11 false false "The controller moved to another broker.",
    OffsetMetadataTooLarge "OFFSET_METADATA_TOO_LARGE" 12 false false
        "The metadata field of the offset request was too large.",
    NetworkException "NETWORK_EXCEPTION" 13 true true "The server disconnected before a response was received.",
    CoordinatorLoadInProgress "COORDINATOR_LOAD_IN_PROGRESS" 14 true false
        "The coordinator is loading and hence can't process requests.",
    CoordinatorNotAvailable "COORDINATOR_NOT_AVAILABLE" 15 true false "The coordinator is not available.",
    NotCoordinator "NOT_COORDINATOR" 16 true false "This is not the correct coordinator.",
    InvalidTopicException "INVALID_TOPIC_EXCEPTION" 17 false false
        "The request attempted to perform an operation on an invalid topic.",
    RecordListTooLarge "RECORD_LIST_TOO_LARGE" 18 false false
        "The request included message batch larger than the configured segment size on the server.",
    NotEnoughReplicas "NOT_ENOUGH_REPLICAS" 19 true false
        "Messages are rejected since there are fewer in-sync replicas than required.",
    NotEnoughReplicasAfterAppend "NOT_ENOUGH_REPLICAS_AFTER_APPEND" 20 true false
        "Messages are written to the log, but to fewer in-sync replicas than required.",
    InvalidRequiredAcks "INVALID_REQUIRED_ACKS" 21 false false
        "Produce request specified an invalid value for required acks.",
    IllegalGeneration "ILLEGAL_GENERATION" 22 false false "Specified group generation id is not valid.",
    InconsistentGroupProtocol "INCONSISTENT_GROUP_PROTOCOL" 23 false false
        "The group member's supported protocols are incompatible with those of existing members or first group \
         member tried to join with empty protocol type or empty protocol list.",
    InvalidGroupId "INVALID_GROUP_ID" 24 false false "The group id is invalid.",
    UnknownMemberId "UNKNOWN_MEMBER_ID" 25 false false "The coordinator is not aware of this member.",
    InvalidSessionTimeout "INVALID_SESSION_TIMEOUT" 26 false false
        "The session timeout is not within the range allowed by the broker (as configured by \
         group.min.session.timeout.ms and group.max.session.timeout.ms).",
    RebalanceInProgress "REBALANCE_IN_PROGRESS" 27 false false "The group is rebalancing, so a rejoin is needed.",
    InvalidCommitOffsetSize "INVALID_COMMIT_OFFSET_SIZE" 28 false false "The committing offset data size is not valid.",
    TopicAuthorizationFailed "TOPIC_AUTHORIZATION_FAILED" 29 false false "Topic authorization failed.",
    GroupAuthorizationFailed "GROUP_AUTHORIZATION_FAILED" 30 false false "Group authorization failed.",
    ClusterAuthorizationFailed "CLUSTER_AUTHORIZATION_FAILED" 31 false false "Cluster authorization failed.",
    InvalidTimestamp "INVALID_TIMESTAMP" 32 false false "The timestamp of the message is out of acceptable range.",
    UnsupportedSaslMechanism "UNSUPPORTED_SASL_MECHANISM" 33 false false
        "The broker does not support the requested SASL mechanism.",
    IllegalSaslState "ILLEGAL_SASL_STATE" 34 false false "Request is not valid given the current SASL state.",
    UnsupportedVersion "UNSUPPORTED_VERSION" 35 false false "The version of API is not supported.",
    TopicAlreadyExists "TOPIC_ALREADY_EXISTS" 36 false false "Topic with this name already exists.",
    InvalidPartitions "INVALID_PARTITIONS" 37 false false "Number of partitions is below 1.",
    InvalidReplicationFactor "INVALID_REPLICATION_FACTOR" 38 false false
        "Replication factor is below 1 or larger than the number of available brokers.",
    InvalidReplicaAssignment "INVALID_REPLICA_ASSIGNMENT" 39 false false "Replica assignment is invalid.",
    InvalidConfig "INVALID_CONFIG" 40 false false "Configuration is invalid.",
    NotController "NOT_CONTROLLER" 41 true false "This is not the correct controller for this cluster.",
    InvalidRequest "INVALID_REQUEST" 42 false false
        "This most likely occurs because of a request being malformed by the client library or the message was sent \
         to an incompatible broker. See the broker logs for more details.",
    UnsupportedForMessageFormat "UNSUPPORTED_FOR_MESSAGE_FORMAT" 43 false false
        "The message format version on the broker does not support the request.",
    PolicyViolation "POLICY_VIOLATION" 44 false false "Request parameters do not satisfy the configured policy.",
    OutOfOrderSequenceNumber "OUT_OF_ORDER_SEQUENCE_NUMBER" 45 false false
        "The broker received an out of order sequence number.",
    DuplicateSequenceNumber "DUPLICATE_SEQUENCE_NUMBER" 46 false false
        "The broker received a duplicate sequence number.",
    InvalidProducerEpoch "INVALID_PRODUCER_EPOCH" 47 false false "Producer attempted to produce with an old epoch.",
    InvalidTxnState "INVALID_TXN_STATE" 48 false false
        "The producer attempted a transactional operation in an invalid state.",
    InvalidProducerIdMapping "INVALID_PRODUCER_ID_MAPPING" 49 false false
        "The producer attempted to use a producer id which is not currently assigned to its transactional id.",
    InvalidTransactionTimeout "INVALID_TRANSACTION_TIMEOUT" 50 false false
        "The transaction timeout is larger than the maximum value allowed by the broker (as configured by \
         transaction.max.timeout.ms).",
    ConcurrentTransactions "CONCURRENT_TRANSACTIONS" 51 true false
        "The producer attempted to update a transaction while another concurrent operation on the same transaction \
         was ongoing.",
    TransactionCoordinatorFenced "TRANSACTION_COORDINATOR_FENCED" 52 false false
        "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator \
         for a given producer.",
    TransactionalIdAuthorizationFailed "TRANSACTIONAL_ID_AUTHORIZATION_FAILED" 53 false false
        "Transactional Id authorization failed.",
    SecurityDisabled "SECURITY_DISABLED" 54 false false "Security features are disabled.",
    OperationNotAttempted "OPERATION_NOT_ATTEMPTED" 55 false false
        "The broker did not attempt to execute this operation. This may happen for batched RPCs where some \
         operations in the batch failed, causing the broker to respond without trying the rest.",
    KafkaStorageError "KAFKA_STORAGE_ERROR" 56 true true "Disk error when trying to access log file on the disk.",
    LogDirNotFound "LOG_DIR_NOT_FOUND" 57 false false
        "The user-specified log directory is not found in the broker config.",
    SaslAuthenticationFailed "SASL_AUTHENTICATION_FAILED" 58 false false "SASL Authentication failed.",
    UnknownProducerId "UNKNOWN_PRODUCER_ID" 59 false false
        "This exception is raised by the broker if it could not locate the producer metadata associated with the \
         producerId in question. This could happen if, for instance, the producer's records were deleted because \
         their retention time had elapsed. Once the last records of the producerId are removed, the producer's \
         metadata is removed from the broker, and future appends by the producer will return this exception.",
    ReassignmentInProgress "REASSIGNMENT_IN_PROGRESS" 60 false false "A partition reassignment is in progress.",
    DelegationTokenAuthDisabled "DELEGATION_TOKEN_AUTH_DISABLED" 61 false false
        "Delegation Token feature is not enabled.",
    DelegationTokenNotFound "DELEGATION_TOKEN_NOT_FOUND" 62 false false "Delegation Token is not found on server.",
    DelegationTokenOwnerMismatch "DELEGATION_TOKEN_OWNER_MISMATCH" 63 false false
        "Specified Principal is not valid Owner/Renewer.",
    DelegationTokenRequestNotAllowed "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED" 64 false false
        "Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on delegation token \
         authenticated channels.",
    DelegationTokenAuthorizationFailed "DELEGATION_TOKEN_AUTHORIZATION_FAILED" 65 false false
        "Delegation Token authorization failed.",
    DelegationTokenExpired "DELEGATION_TOKEN_EXPIRED" 66 false false "Delegation Token is expired.",
    InvalidPrincipalType "INVALID_PRINCIPAL_TYPE" 67 false false "Supplied principalType is not supported.",
    NonEmptyGroup "NON_EMPTY_GROUP" 68 false false "The group is not empty.",
    GroupIdNotFound "GROUP_ID_NOT_FOUND" 69 false false "The group id does not exist.",
    FetchSessionIdNotFound "FETCH_SESSION_ID_NOT_FOUND" 70 true false "The fetch session ID was not found.",
    InvalidFetchSessionEpoch "INVALID_FETCH_SESSION_EPOCH" 71 true false "The fetch session epoch is invalid.",
    ListenerNotFound "LISTENER_NOT_FOUND" 72 true true
        "There is no listener on the leader broker that matches the listener on which metadata request was \
         processed.",
    TopicDeletionDisabled "TOPIC_DELETION_DISABLED" 73 false false "Topic deletion is disabled.",
    FencedLeaderEpoch "FENCED_LEADER_EPOCH" 74 true true
        "The leader epoch in the request is older than the epoch on the broker.",
    UnknownLeaderEpoch "UNKNOWN_LEADER_EPOCH" 75 true false
        "The leader epoch in the request is newer than the epoch on the broker.",
    UnsupportedCompressionType "UNSUPPORTED_COMPRESSION_TYPE" 76 false false
        "The requesting client does not support the compression type of given partition.",
    StaleBrokerEpoch "STALE_BROKER_EPOCH" 77 false false "Broker epoch has changed.",
    OffsetNotAvailable "OFFSET_NOT_AVAILABLE" 78 true false
        "The leader high watermark has not caught up from a recent leader election so the offsets cannot be \
         guaranteed to be monotonically increasing.",
    MemberIdRequired "MEMBER_ID_REQUIRED" 79 false false
        "The group member needs to have a valid member id before actually entering a consumer group.",
    PreferredLeaderNotAvailable "PREFERRED_LEADER_NOT_AVAILABLE" 80 true true "The preferred leader was not available.",
    GroupMaxSizeReached "GROUP_MAX_SIZE_REACHED" 81 false false "The group has reached its maximum size.",
    FencedInstanceId "FENCED_INSTANCE_ID" 82 false false
        "The broker rejected this static consumer since another consumer with the same group.instance.id has \
         registered with a different member.id.",
    EligibleLeadersNotAvailable "ELIGIBLE_LEADERS_NOT_AVAILABLE" 83 true true
        "Eligible topic partition leaders are not available.",
    ElectionNotNeeded "ELECTION_NOT_NEEDED" 84 true true "Leader election not needed for topic partition.",
    NoReassignmentInProgress "NO_REASSIGNMENT_IN_PROGRESS" 85 false false "No partition reassignment is in progress.",
    GroupSubscribedToTopic "GROUP_SUBSCRIBED_TO_TOPIC" 86 false false
        "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.",
    InvalidRecord "INVALID_RECORD" 87 false false
        "This record has failed the validation on broker and hence will be rejected.",
    UnstableOffsetCommit "UNSTABLE_OFFSET_COMMIT" 88 true false "There are unstable offsets that need to be cleared.",
    ThrottlingQuotaExceeded "THROTTLING_QUOTA_EXCEEDED" 89 true false "The throttling quota has been exceeded.",
    ProducerFenced "PRODUCER_FENCED" 90 false false
        "There is a newer producer with the same transactionalId which fences the current one.",
    ResourceNotFound "RESOURCE_NOT_FOUND" 91 false false
        "A request illegally referred to a resource that does not exist.",
    DuplicateResource "DUPLICATE_RESOURCE" 92 false false "A request illegally referred to the same resource twice.",
    UnacceptableCredential "UNACCEPTABLE_CREDENTIAL" 93 false false
        "Requested credential would not meet criteria for acceptability.",
    InconsistentVoterSet "INCONSISTENT_VOTER_SET" 94 false false
        "Indicates that the either the sender or recipient of a voter-only request is not one of the expected \
         voters.",
    InvalidUpdateVersion "INVALID_UPDATE_VERSION" 95 false false "The given update version was invalid.",
    FeatureUpdateFailed "FEATURE_UPDATE_FAILED" 96 false false
        "Unable to update finalized features due to an unexpected server error.",
    PrincipalDeserializationFailure "PRINCIPAL_DESERIALIZATION_FAILURE" 97 false false
        "Request principal deserialization failed during forwarding. This indicates an internal error on the broker \
         cluster security setup.",
    SnapshotNotFound "SNAPSHOT_NOT_FOUND" 98 false false "Requested snapshot was not found.",
    PositionOutOfRange "POSITION_OUT_OF_RANGE" 99 false false
        "Requested position is not greater than or equal to zero, and less than the size of the snapshot.",
    UnknownTopicId "UNKNOWN_TOPIC_ID" 100 true true "This server does not host this topic ID.",
    DuplicateBrokerRegistration "DUPLICATE_BROKER_REGISTRATION" 101 false false "This broker ID is already in use.",
    BrokerIdNotRegistered "BROKER_ID_NOT_REGISTERED" 102 false false "The given broker ID was not registered.",
    InconsistentTopicId "INCONSISTENT_TOPIC_ID" 103 true true
        "The log's topic ID did not match the topic ID in the request.",
    InconsistentClusterId "INCONSISTENT_CLUSTER_ID" 104 false false
        "The clusterId in the request does not match that found on the server.",
    TransactionalIdNotFound "TRANSACTIONAL_ID_NOT_FOUND" 105 false false "The transactionalId could not be found.",
    FetchSessionTopicIdError "FETCH_SESSION_TOPIC_ID_ERROR" 106 true false
        "The fetch session encountered inconsistent topic ID usage.",
    IneligibleReplica "INELIGIBLE_REPLICA" 107 false false "The new ISR contains at least one ineligible replica.",
    NewLeaderElected "NEW_LEADER_ELECTED" 108 false false
        "The AlterPartition request successfully updated the partition state but the leader has changed.",
    OffsetMovedToTieredStorage "OFFSET_MOVED_TO_TIERED_STORAGE" 109 false false
        "The requested offset is moved to tiered storage.",
    FencedMemberEpoch "FENCED_MEMBER_EPOCH" 110 false false
        "The member epoch is fenced by the group coordinator. The member must abandon all its partitions and \
         rejoin.",
    UnreleasedInstanceId "UNRELEASED_INSTANCE_ID" 111 false false
        "The instance ID is still used by another member in the consumer group. That member must leave first.",
    UnsupportedAssignor "UNSUPPORTED_ASSIGNOR" 112 false false
        "The assignor or its version range is not supported by the consumer group.",
    StaleMemberEpoch "STALE_MEMBER_EPOCH" 113 false false
        "The member epoch is stale. The member must retry after receiving its updated member epoch via the \
         ConsumerGroupHeartbeat API.",
    MismatchedEndpointType "MISMATCHED_ENDPOINT_TYPE" 114 false false
        "The request was sent to an endpoint of the wrong type.",
    UnsupportedEndpointType "UNSUPPORTED_ENDPOINT_TYPE" 115 false false "This endpoint type is not supported yet.",
    UnknownControllerId "UNKNOWN_CONTROLLER_ID" 116 false false "This controller ID is not known.",
    UnknownSubscriptionId "UNKNOWN_SUBSCRIPTION_ID" 117 false false
        "Client sent a push telemetry request with an invalid or outdated subscription ID.",
    TelemetryTooLarge "TELEMETRY_TOO_LARGE" 118 false false
        "Client sent a push telemetry request larger than the maximum size the broker will accept.",
    InvalidRegistration "INVALID_REGISTRATION" 119 false false
        "The controller has considered the broker registration to be invalid.",
    TransactionAbortable "TRANSACTION_ABORTABLE" 120 false false
        "The server encountered an error with the transaction. The client can abort the transaction to continue \
         using this transactional ID.",
    InvalidRecordState "INVALID_RECORD_STATE" 121 false false
        "The record state is invalid. The acknowledgement of delivery could not be completed.",
    ShareSessionNotFound "SHARE_SESSION_NOT_FOUND" 122 true false "The share session was not found.",
    InvalidShareSessionEpoch "INVALID_SHARE_SESSION_EPOCH" 123 true false "The share session epoch is invalid.",
    FencedStateEpoch "FENCED_STATE_EPOCH" 124 false false
        "The share coordinator rejected the request because the share-group state epoch did not match.",
    InvalidVoterKey "INVALID_VOTER_KEY" 125 false false "The voter key doesn't match the receiving replica's key.",
    DuplicateVoter "DUPLICATE_VOTER" 126 false false "The voter is already part of the set of voters.",
    VoterNotFound "VOTER_NOT_FOUND" 127 false false "The voter is not part of the set of voters.",
    InvalidRegularExpression "INVALID_REGULAR_EXPRESSION" 128 false false "The regular expression is not valid.",
    RebootstrapRequired "REBOOTSTRAP_REQUIRED" 129 false false
        "Client metadata is stale. The client should rebootstrap to obtain new metadata.",
    StreamsInvalidTopology "STREAMS_INVALID_TOPOLOGY" 130 false false "The supplied topology is invalid.",
    StreamsInvalidTopologyEpoch "STREAMS_INVALID_TOPOLOGY_EPOCH" 131 false false
        "The supplied topology epoch is invalid.",
    StreamsTopologyFenced "STREAMS_TOPOLOGY_FENCED" 132 false false "The supplied topology epoch is outdated.",
    ShareSessionLimitReached "SHARE_SESSION_LIMIT_REACHED" 133 true false
        "The limit of share sessions has been reached.",
}
