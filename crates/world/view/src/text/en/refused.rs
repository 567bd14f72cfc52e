//! English: refusals.

use crate::text::{By, Refused, RefusedText};

pub(super) const REFUSED: RefusedText = RefusedText { by, plainly };

fn by(by: &By<'_>) -> String {
    match by {
        By::Producer(name) => format!("The producer {name} itself refused"),
        By::ProducerGaveUp(name) => format!("The producer {name} itself gave up"),
        By::ToolGaveUp => "The tool’s own client gave up".to_owned(),
        By::Tool => "The tool’s own client refused".to_owned(),
        By::Broker(Some(id)) => format!("Broker {id} refused"),
        By::Broker(None) => "The broker that answered refused".to_owned(),
        By::Controller(Some(id)) => format!("The controller refused, through broker {id}"),
        By::Controller(None) => "The controller refused, through a broker".to_owned(),
    }
}

fn plainly(refused: Refused<'_>) -> String {
    match refused {
        Refused::NotMore(has) => format!("Partitions can only be added; the topic has {has}."),
        other => fixed(other).or_else(|| of_placement(other)).unwrap_or_else(|| of_client(other)).to_owned(),
    }
}

fn fixed(refused: Refused<'_>) -> Option<&'static str> {
    Some(match refused {
        Refused::NameTaken => "A topic of this name is there already.",
        Refused::NameCollides => {
            "Another topic’s name differs only in dot and underscore; metrics could not tell them apart."
        }
        Refused::NameInvalid => "Letters, digits, dot, underscore and hyphen; 249 at most.",
        Refused::NameMissing => "A topic needs a name.",
        Refused::InternalTopic => "This topic is the cluster’s own.",
        Refused::ListedTwice => "The same thing was asked for twice in one request.",
        Refused::NoPartition => "A topic has at least one partition.",
        Refused::NoCopy => "A partition has at least one copy.",
        Refused::TooManyCopies => "Each copy needs its own broker.",
        Refused::NobodyToPlaceOn => "No broker is let in at present.",
        Refused::NoSuchTopic => "There is no topic of this name.",
        Refused::NoSuchPartition => "The topic has no partition of this number.",
        Refused::NoSuchBroker => "No broker of this number is registered.",
        Refused::DeletionOff => "delete.topic.enable is false.",
        Refused::Setting => "The setting does not take this value.",
        Refused::SettingUnknown => "Kafka has no such setting here.",
        Refused::SettingsRequest => "The change of settings contradicts itself.",
        Refused::Policy => "The cluster would grow too large for one tab.",
        Refused::LeaderIsRight => "The leader is the right one already.",
        Refused::HasLeader => "It has a leader; this election is for partitions without one.",
        Refused::PreferredAway => "The first replica is not alive or not in the ISR.",
        Refused::NobodyEligible => "No replica that may lead is alive.",
        _of_others => return None,
    })
}

fn of_placement(refused: Refused<'_>) -> Option<&'static str> {
    Some(match refused {
        Refused::CountedAndPlaced => "Copies placed by hand are counted by the placement itself.",
        Refused::PlacedOnUnknown => "The placement names a broker that is not registered.",
        Refused::PlacedTwice => "The placement puts two copies on one broker.",
        Refused::PlacedUnevenly => "All partitions of a topic have equally many copies.",
        Refused::PlacedOnNobody => "The placement names no broker.",
        Refused::PlacedOnTheDead => "All brokers of the placement are fenced or shut down.",
        Refused::PlacementsMissing => "Each new partition needs its placement, numbered without gaps.",
        _of_others => return None,
    })
}

fn of_client(refused: Refused<'_>) -> &'static str {
    match refused {
        Refused::TooFewInSync => "The ISR has fewer members than min.insync.replicas.",
        Refused::TooLargeForProducer => "The message is larger than the producer’s own limits; nothing was sent.",
        Refused::TooLargeForBroker => "The message is larger than the broker takes (message.max.bytes).",
        Refused::BatchTooLarge => "All of it together is larger than one segment of the log.",
        Refused::NegativePartition => "A partition’s number is 0 or more.",
        Refused::NotInMetadata => "The producer heard of no such topic or partition in max.block.ms.",
        Refused::NoMemory => "buffer.memory stayed full for max.block.ms.",
        Refused::NotDelivered => "No leader had confirmed it when delivery.timeout.ms was over.",
        Refused::NobodyAnswered => "Nobody answered in time; whether it was done is not known.",
        Refused::NobodyAsked => "No broker could be reached in time; nothing was asked.",
        Refused::NoLeaderFound => "Nobody who leads that partition was found in time.",
        Refused::Closed => "The client is closed.",
        Refused::Disconnected => "The connection broke before an answer came.",
        Refused::OffsetGone => "The log does not hold this offset.",
        Refused::CannotRead => "What was read is damaged.",
        Refused::WrongProcess => "This process does other things.",
        Refused::NobodyInCharge => "No controller is in charge at present.",
        _any_other => "See Kafka’s own sentence.",
    }
}
