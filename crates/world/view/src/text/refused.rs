//! The words of a refusal: by whom, and one plain sentence that fits the case.

use base::BrokerId;

/// Who refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// A producer, before or instead of a broker.
    Producer(&'a str),
    /// The client of an operator's tool.
    Tool,
    /// They waited in vain.
    ProducerGaveUp(&'a str),
    ToolGaveUp,
    Broker(Option<BrokerId>),
    /// What brokers pass on and only the controller in charge decides; by whom it was passed on.
    Controller(Option<BrokerId>),
}

/// What exactly was wrong. Kafka's code alone does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused<'a> {
    NameTaken,
    /// Another name that differs in `.` and `_` alone.
    NameCollides,
    NameInvalid,
    NameMissing,
    InternalTopic,
    ListedTwice,
    NoPartition,
    /// The topic has so many already.
    NotMore(&'a str),
    NoCopy,
    TooManyCopies,
    NobodyToPlaceOn,
    /// Partitions or copies were counted and placed by hand at once.
    CountedAndPlaced,
    PlacedOnUnknown,
    PlacedTwice,
    PlacedUnevenly,
    PlacedOnNobody,
    PlacedOnTheDead,
    /// Numbers of partitions with gaps, or too few or too many placements.
    PlacementsMissing,
    NoSuchTopic,
    NoSuchPartition,
    NoSuchBroker,
    DeletionOff,
    Setting,
    SettingUnknown,
    /// A request about settings that makes no sense as a whole.
    SettingsRequest,
    Policy,
    /// The first replica leads already.
    LeaderIsRight,
    /// An unclean election is for partitions without a leader.
    HasLeader,
    PreferredAway,
    NobodyEligible,
    TooFewInSync,
    TooLargeForProducer,
    TooLargeForBroker,
    BatchTooLarge,
    NegativePartition,
    /// `send` waited max.block.ms: the topic, or the partition, is in no metadata.
    NotInMetadata,
    NoMemory,
    /// delivery.timeout.ms is over.
    NotDelivered,
    /// A tool's request was answered by nobody.
    NobodyAnswered,
    /// No broker could be asked in time.
    NobodyAsked,
    /// No leader of the partition was found in time.
    NoLeaderFound,
    Closed,
    Disconnected,
    OffsetGone,
    CannotRead,
    WrongProcess,
    NobodyInCharge,
    Other,
}

/// See the module.
pub struct RefusedText {
    pub by: for<'a> fn(&By<'a>) -> String,
    pub plainly: for<'a> fn(Refused<'a>) -> String,
}
