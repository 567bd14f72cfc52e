//! Which case a refusal is, and who refused. Kafka's codes are coarse: INVALID_PARTITIONS is said of a topic without
//! partitions and of one that would shrink; its sentences, which are fixed, tell them apart.

use base::ErrorCode;
use port::Refuser;
use sim::{Command, KafkaCommand};

use crate::text::{By, Refused};

/// Who refused an act.
pub(super) fn by(command: &Command, refuser: Refuser, error: ErrorCode) -> By<'_> {
    match (command, refuser) {
        (Command::Kafka(_, KafkaCommand::Send { producer, .. }), Refuser::Client)
            if error == ErrorCode::RequestTimedOut =>
        {
            By::ProducerGaveUp(producer)
        }
        (_, Refuser::Client) if error == ErrorCode::RequestTimedOut => By::ToolGaveUp,
        (Command::Kafka(_, KafkaCommand::Send { producer, .. }), Refuser::Client) => By::Producer(producer),
        (_, Refuser::Client) => By::Tool,
        // The broker itself gives up when no controller takes the request.
        (_, Refuser::Broker(id)) if error == ErrorCode::RequestTimedOut => By::Broker(id),
        (command, Refuser::Broker(id)) if is_for_the_controller(command) => By::Controller(id),
        (_, Refuser::Broker(id)) => By::Broker(id),
    }
}

/// Only the controller can answer it, so that it waits for one.
fn is_for_the_controller(command: &Command) -> bool {
    matches!(
        command,
        Command::Kafka(
            _,
            KafkaCommand::CreateTopic { .. }
                | KafkaCommand::DeleteTopic { .. }
                | KafkaCommand::AddPartitions { .. }
                | KafkaCommand::AlterTopicConfig { .. }
                | KafkaCommand::ElectLeaders { .. }
        )
    )
}

/// What exactly was wrong.
pub(super) fn case<'a>(command: &Command, refuser: Refuser, error: ErrorCode, message: &'a str) -> Refused<'a> {
    match error {
        ErrorCode::TopicAlreadyExists => Refused::NameTaken,
        ErrorCode::InvalidTopicException if message.contains("cannot be represented") => Refused::NameMissing,
        ErrorCode::InvalidTopicException if message.contains("collides") => Refused::NameCollides,
        ErrorCode::InvalidTopicException => Refused::NameInvalid,
        ErrorCode::InvalidPartitions => not_more(message).map_or(Refused::NoPartition, Refused::NotMore),
        ErrorCode::InvalidReplicationFactor if message.contains("must be larger than 0") => Refused::NoCopy,
        ErrorCode::InvalidReplicationFactor if message.contains("fenced") => Refused::NobodyToPlaceOn,
        ErrorCode::InvalidReplicationFactor => Refused::TooManyCopies,
        ErrorCode::InvalidReplicaAssignment => placement(message),
        ErrorCode::UnknownTopicOrPartition if message.contains("partition as") => Refused::NoSuchPartition,
        ErrorCode::UnknownTopicOrPartition => Refused::NoSuchTopic,
        ErrorCode::BrokerIdNotRegistered => Refused::NoSuchBroker,
        ErrorCode::TopicDeletionDisabled => Refused::DeletionOff,
        ErrorCode::InvalidConfig if message.contains("Unknown") => Refused::SettingUnknown,
        ErrorCode::InvalidConfig => Refused::Setting,
        ErrorCode::InvalidRequest => request(message),
        ErrorCode::PolicyViolation => Refused::Policy,
        ErrorCode::ElectionNotNeeded => match command {
            Command::Kafka(_, KafkaCommand::ElectLeaders { election: sim::Election::Unclean, .. }) => {
                Refused::HasLeader
            }
            _preferred => Refused::LeaderIsRight,
        },
        ErrorCode::PreferredLeaderNotAvailable => Refused::PreferredAway,
        ErrorCode::EligibleLeadersNotAvailable => Refused::NobodyEligible,
        ErrorCode::NotController => Refused::NobodyInCharge,
        _of_records => of_records(command, refuser, error, message),
    }
}

/// Errors of a produce mean what they mean by who found them: a broker, or the client that gave up.
fn of_records<'a>(command: &Command, refuser: Refuser, error: ErrorCode, message: &str) -> Refused<'a> {
    match (error, refuser) {
        (ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend, _) => Refused::TooFewInSync,
        (ErrorCode::MessageTooLarge, Refuser::Client) => Refused::TooLargeForProducer,
        (ErrorCode::MessageTooLarge, Refuser::Broker(_)) => Refused::TooLargeForBroker,
        (ErrorCode::RecordListTooLarge, _) => Refused::BatchTooLarge,
        (ErrorCode::NetworkException, _) => Refused::Disconnected,
        (ErrorCode::OffsetOutOfRange, _) => Refused::OffsetGone,
        (ErrorCode::CorruptMessage, _) => Refused::CannotRead,
        (ErrorCode::UnknownServerError, Refuser::Client) => Refused::Closed,
        (ErrorCode::RequestTimedOut, _) => late(command, message),
        _any_other => Refused::Other,
    }
}

/// Does it read a partition?
fn reads(command: &Command) -> bool {
    match command {
        Command::Kafka(_, KafkaCommand::Read { .. }) => true,
        Command::Kafka(_, KafkaCommand::Ask(ask)) => matches!(**ask, port::Ask::Read { .. }),
        _other => false,
    }
}

/// Nobody did it in time: who waited for what?
fn late<'a>(command: &Command, message: &str) -> Refused<'a> {
    let says = |part: &str| message.contains(part);
    match matches!(command, Command::Kafka(_, KafkaCommand::Send { .. })) {
        true if says("present in metadata") => Refused::NotInMetadata,
        true if says("allocate") => Refused::NoMemory,
        true => Refused::NotDelivered,
        false if reads(command) && says("waiting to send") => Refused::NoLeaderFound,
        false if says("waiting for a node assignment") || says("waiting to send") => Refused::NobodyAsked,
        false if says("has exited") => Refused::Closed,
        false => Refused::NobodyAnswered,
    }
}

/// How many partitions the topic has, if that is what the sentence says.
fn not_more(message: &str) -> Option<&str> {
    let rest = message.split_once("currently has ").or_else(|| message.split_once("already has "))?.1;
    rest.split(' ').next()
}

fn placement(message: &str) -> Refused<'static> {
    let says = |part: &str| message.contains(part);
    match () {
        () if says("no such broker") => Refused::PlacedOnUnknown,
        () if says("more than once") => Refused::PlacedTwice,
        () if says("not consistent") => Refused::PlacedUnevenly,
        () if says("empty replica list") => Refused::PlacedOnNobody,
        () if says("fenced") => Refused::PlacedOnTheDead,
        () => Refused::PlacementsMissing,
    }
}

fn request(message: &str) -> Refused<'static> {
    let says = |part: &str| message.contains(part);
    match () {
        () if says("manual partition assignment") => Refused::CountedAndPlaced,
        () if says("internal topic") => Refused::InternalTopic,
        () if says("uplicate") || says("at most once") => Refused::ListedTwice,
        () if says("Invalid partition") => Refused::NegativePartition,
        () if says("cannot do that") => Refused::WrongProcess,
        () => Refused::SettingsRequest,
    }
}
