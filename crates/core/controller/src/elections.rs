//! Elections that somebody asks for or that are due (ElectLeaders, the leader rebalance and the
//! unclean election task; semantics 7.3).

use crate::partition_change::Election;
use crate::{Decision, View};
use api::{ElectLeadersRequest, ElectLeadersResponse, ElectionType, Response};
use base::{ErrorCode, Str, TopicIdPartition, TopicPartition};
use metadata::{MetadataRecord, PartitionRegistration};

/// How many elections one round of a task makes (`maxElectionsPerImbalance`).
pub(crate) const MAX_PER_ROUND: usize = 1_000;

/// Why there was no election: the code and Kafka's sentence.
type Outcome = (ErrorCode, Option<Str>);

/// ElectLeaders. When all partitions are asked for, those that need none are not listed.
pub(crate) fn elect_leaders(view: View<'_>, request: &ElectLeadersRequest) -> Decision {
    let mut records = Vec::new();
    let all: Vec<TopicPartition>;
    let asked = match &request.partitions {
        Some(partitions) => partitions.as_slice(),
        None => {
            all =
                view.partitions().map(|(topic, id, _)| TopicPartition::new(topic.name.clone(), id.partition)).collect();
            &all
        }
    };
    let mut results = Vec::new();
    for partition in asked {
        let (error, message) = match elect(view, partition, request.election_type) {
            Ok(record) => {
                records.push(record);
                (ErrorCode::None, None)
            }
            Err(outcome) => outcome,
        };
        if request.partitions.is_some() || error != ErrorCode::ElectionNotNeeded {
            results.push((partition.clone(), error, message));
        }
    }
    Decision { records, response: Response::ElectLeaders(ElectLeadersResponse { error: ErrorCode::None, results }) }
}

/// One partition that somebody named.
fn elect(view: View<'_>, partition: &TopicPartition, election: ElectionType) -> Result<MetadataRecord, Outcome> {
    let unknown = |what: String| (ErrorCode::UnknownTopicOrPartition, Some(Str::from(what)));
    let name = &partition.topic;
    let topic = view.image.topic_by_name(name).ok_or_else(|| unknown(format!("No such topic as {name}")))?;
    let id = TopicIdPartition { topic: topic.id, partition: partition.partition };
    let current = view.image.partition(id).ok_or_else(|| unknown(format!("No such partition as {partition}")))?;
    if has_wanted_leader(current, election) {
        let message = "Leader election not needed for topic partition.";
        return Err((ErrorCode::ElectionNotNeeded, Some(message.into())));
    }
    let kind = match election {
        ElectionType::Preferred => Election::Preferred,
        ElectionType::Unclean => Election::Unclean,
    };
    view.elect(topic, id, kind).ok_or_else(|| match election {
        ElectionType::Preferred => {
            (ErrorCode::PreferredLeaderNotAvailable, Some("The preferred leader was not available.".into()))
        }
        ElectionType::Unclean => {
            let message = "Eligible topic partition leaders are not available.";
            (ErrorCode::EligibleLeadersNotAvailable, Some(message.into()))
        }
    })
}

/// An unclean election is for partitions that nobody leads; it never takes a partition from a leader that lives.
fn has_wanted_leader(partition: &PartitionRegistration, election: ElectionType) -> bool {
    match election {
        ElectionType::Preferred => partition.has_preferred_leader(),
        ElectionType::Unclean => partition.leader.is_some(),
    }
}

/// Preferred elections for everything that is led by another replica than its first.
/// `ReplicationControlManager.maybeBalancePartitionLeaders` (`auto.leader.rebalance.enable`).
pub(crate) fn balance_leaders(view: View<'_>) -> Vec<MetadataRecord> {
    let imbalanced = view.partitions().filter(|(_, _, partition)| !partition.has_preferred_leader());
    imbalanced.filter_map(|(topic, id, _)| view.elect(topic, id, Election::Preferred)).take(MAX_PER_ROUND).collect()
}

/// Unclean elections for everything without a leader whose topic allows them.
/// `ReplicationControlManager.maybeElectUncleanLeaders` (`unclean.leader.election.interval.ms`).
pub(crate) fn elect_unclean_leaders(view: View<'_>) -> Vec<MetadataRecord> {
    let leaderless = view.partitions().filter(|(_, _, partition)| partition.leader.is_none());
    leaderless
        .filter(|(topic, _, _)| view.unclean_election_enabled(&topic.name))
        .filter_map(|(topic, id, _)| view.elect(topic, id, Election::Unclean))
        .take(MAX_PER_ROUND)
        .collect()
}
