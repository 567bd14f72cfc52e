//! What answers say, and which errors make the client ask again (`AdminApiHandler.handleResponse` of each kind).

use super::known::{Known, Leader};
use super::{Heard, Inquiry, Want};
use crate::subscription;
use api::{
    DescribedGroup, FindCoordinatorResponse, LeaveGroupResponse, ListOffsetsResponse, OffsetCommitResponse,
    OffsetDeleteResponse, OffsetFetchResponse, Response,
};
use base::{BrokerId, Endpoint, ErrorCode, GroupId, LeaderEpoch, Offset, TopicPartition};
use port::{
    Ask, ClusterTold, GroupFound, GroupListed, GroupOffsetTold, LogDirFound, MemberTold, NodeTold, OffsetTold,
    QuorumReplicaTold, QuorumTold, ReplicaSize, Said, VersionsFound,
};

impl Inquiry {
    /// An answer of another kind than was asked for is as good as none.
    pub(super) fn take(&mut self, want: &Want, response: Response) -> Heard {
        match (want, response) {
            (Want::Metadata(topics), Response::Metadata(answer)) => {
                self.known.take_metadata(&answer);
                if topics.is_none() {
                    let mut names: Vec<_> = answer.topics.into_iter().map(|topic| topic.name).collect();
                    base::sort(&mut names);
                    self.known.names = Some(names);
                }
                self.look_at_leaders()
            }
            (Want::Coordinator(group), Response::FindCoordinator(answer)) => self.take_coordinator(group, answer),
            (Want::Offsets(_, spec, _), Response::ListOffsets(answer)) => self.take_offsets(*spec, answer),
            (Want::DeleteRecords(..), Response::DeleteRecords(answer)) => {
                let results =
                    answer.partitions.into_iter().map(|each| (each.partition, each.low_watermark, each.error));
                self.take_changes(results)
            }
            (Want::Commit(_, group, _), Response::OffsetCommit(answer)) => self.take_commit(group, answer),
            (Want::DeleteOffsets(_, group, _), Response::OffsetDelete(answer)) => self.take_deleted(group, answer),
            (Want::DeleteGroup(_, group), Response::DeleteGroups(answer)) => {
                let Some((_, error)) = answer.groups.into_iter().next() else { return Heard::Again };
                self.of_coordinator(group, error, |known| {
                    known.each.insert(group.clone(), Said::of(error, None));
                })
            }
            (Want::Remove(_, group), Response::LeaveGroup(answer)) => self.take_removed(group, answer),
            (Want::Group(broker, group), Response::DescribeGroups(answer)) => {
                let Some(told) = answer.groups.into_iter().next() else { return Heard::Again };
                let endpoint = self.known.coordinators.get(group).and_then(|(_, endpoint)| endpoint.clone());
                let coordinator = (*broker, endpoint);
                self.of_coordinator(group, told.error, |known| known.take_group(told, coordinator))
            }
            (Want::Committed(_, group), Response::OffsetFetch(answer)) => self.take_committed(group, answer),
            (want, response) => self.take_looked(want, response),
        }
    }

    /// What is looked at and concerns neither a leader nor a coordinator.
    fn take_looked(&mut self, want: &Want, response: Response) -> Heard {
        let known = &mut self.known;
        match (want, response) {
            (Want::Topics(..), Response::DescribeTopicPartitions(answer)) => {
                answer.topics.into_iter().for_each(|topic| known.take_topic(topic));
                known.cursor = answer.next;
            }
            (Want::Configs(..), Response::DescribeConfigs(answer)) => {
                for each in answer.results {
                    let found = Said::of(each.error, each.error_message).map(|()| each.entries);
                    known.configs.insert(each.resource, found);
                }
            }
            (Want::Groups(broker), Response::ListGroups(answer)) => match answer.error {
                ErrorCode::None => {
                    let listed = answer.groups.into_iter().map(|each| GroupListed {
                        group: each.group,
                        protocol_type: each.protocol_type,
                        state: each.state,
                        group_type: each.group_type,
                    });
                    known.listed.insert(*broker, listed.collect());
                }
                error => return again_or_failed(error),
            },
            (Want::LogDirs(broker), Response::DescribeLogDirs(answer)) => {
                known.dirs.insert(*broker, log_dir(answer));
            }
            (want, response) => return self.take_cluster(want, response),
        }
        Heard::On
    }

    /// What is known of nodes.
    fn take_cluster(&mut self, want: &Want, response: Response) -> Heard {
        let known = &mut self.known;
        match (want, response) {
            (Want::Cluster, Response::DescribeCluster(answer)) => {
                if answer.error.is_error() {
                    return Heard::Failed(answer.error, answer.error_message);
                }
                known.cluster = Some(cluster(answer));
            }
            (Want::Quorum, Response::DescribeQuorum(answer)) => match answer.error {
                ErrorCode::None => known.quorum = Some(quorum(answer)),
                error if error.is_retriable() => return Heard::Again,
                error => return Heard::Failed(error, answer.error_message),
            },
            (Want::Versions(broker), Response::ApiVersions(answer)) => {
                let found = Said::of(answer.error, None).map(|()| VersionsFound {
                    apis: answer.api_keys.iter().map(|range| (range.key, range.min, range.max)).collect(),
                    supported: answer.supported_features,
                    finalized: answer.finalized_features,
                    finalized_epoch: answer.finalized_features_epoch,
                });
                known.versions.insert(*broker, found);
            }
            (Want::Unregister(_), Response::UnregisterBroker(answer)) => match answer.error {
                ErrorCode::None => known.done = true,
                error if error.is_retriable() => return Heard::Again,
                error => return Heard::Failed(error, answer.error_message),
            },
            _another_kind => return Heard::Again,
        }
        Heard::On
    }

    /// Where nobody leads what is asked for, the client asks again until it runs out of time, if Kafka's does.
    fn look_at_leaders(&mut self) -> Heard {
        let waits = match &self.ask {
            Ask::ListOffsets { .. } | Ask::DeleteRecords(_) => self.waits_for_leaders(),
            _whoever_leads => Vec::new(),
        };
        if waits.is_empty() {
            return Heard::On;
        }
        waits.iter().for_each(|partition| _ = self.known.layouts.remove(&partition.topic));
        Heard::Again
    }

    /// Partitions that have no leader to ask and cannot be given up; none while another one can be asked.
    fn waits_for_leaders(&self) -> Vec<TopicPartition> {
        let tolerates = matches!(self.ask, Ask::DeleteRecords(_));
        let missing = self.missing_partitions();
        let leaders: Vec<Leader> = missing.iter().map(|partition| self.known.leader(partition)).collect();
        if leaders.iter().any(|leader| matches!(leader, Leader::At(_) | Leader::Unknown)) {
            return Vec::new();
        }
        let waits = |leader: &Leader| match leader {
            Leader::NoTopic(error) => tolerates || !is_unknown(*error),
            Leader::Nobody => true,
            Leader::At(_) | Leader::Unknown => false,
        };
        let pairs = missing.into_iter().zip(leaders);
        pairs.filter(|(_, leader)| waits(leader)).map(|(partition, _)| partition).collect()
    }

    /// `CoordinatorStrategy`: one that is not available is looked for again.
    fn take_coordinator(&mut self, group: &GroupId, answer: FindCoordinatorResponse) -> Heard {
        match answer.error {
            ErrorCode::None => {
                self.known.coordinators.insert(group.clone(), (answer.node, answer.endpoint));
                Heard::On
            }
            ErrorCode::CoordinatorNotAvailable | ErrorCode::CoordinatorLoadInProgress => Heard::Again,
            error => Heard::Failed(error, answer.error_message),
        }
    }

    /// What a coordinator's error means for the conversation; everything else is taken.
    fn of_coordinator(&mut self, group: &GroupId, error: ErrorCode, take: impl FnOnce(&mut Known)) -> Heard {
        match error {
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable => {
                self.known.coordinators.remove(group);
                Heard::Again
            }
            ErrorCode::CoordinatorLoadInProgress | ErrorCode::RebalanceInProgress => Heard::Again,
            _to_be_told => {
                take(&mut self.known);
                Heard::On
            }
        }
    }

    /// `ListOffsetsHandler`: an error that passes makes the client look for the leader again.
    fn take_offsets(&mut self, spec: api::OffsetSpec, answer: ListOffsetsResponse) -> Heard {
        let mut heard = Heard::On;
        for each in answer.partitions {
            if each.error.is_retriable() {
                self.known.layouts.remove(&each.topic);
                heard = Heard::Again;
                continue;
            }
            let found = Said::of(each.error, None).map(|()| OffsetTold {
                offset: each.offset,
                timestamp: each.timestamp,
                leader_epoch: each.leader_epoch,
            });
            let partition = TopicPartition { topic: each.topic, partition: each.partition };
            self.known.offsets.insert((partition, spec), found);
        }
        heard
    }

    /// Changes that a leader made, or did not.
    fn take_changes(&mut self, results: impl Iterator<Item = (TopicPartition, Offset, ErrorCode)>) -> Heard {
        let mut heard = Heard::On;
        for (partition, offset, error) in results {
            if error.is_retriable() && error != ErrorCode::UnknownTopicOrPartition {
                self.known.layouts.remove(&partition.topic);
                heard = Heard::Again;
            } else {
                self.known.changed.insert(partition, Said::of(error, None).map(|()| offset));
            }
        }
        heard
    }

    /// `AlterConsumerGroupOffsetsHandler`: errors of the group are said of each partition.
    fn take_commit(&mut self, group: &GroupId, answer: OffsetCommitResponse) -> Heard {
        let whole = |error: &ErrorCode| {
            matches!(
                error,
                ErrorCode::GroupIdNotFound | ErrorCode::InvalidGroupId | ErrorCode::GroupAuthorizationFailed
            )
        };
        let errors = || answer.partitions.iter().map(|(_, _, error)| *error);
        if let Some(error) = errors().find(whole) {
            return Heard::Failed(error, None);
        }
        let passing = errors().find(|error| {
            matches!(
                error,
                ErrorCode::NotCoordinator
                    | ErrorCode::CoordinatorNotAvailable
                    | ErrorCode::CoordinatorLoadInProgress
                    | ErrorCode::RebalanceInProgress
            )
        });
        let partitions = answer.partitions.clone();
        self.of_coordinator(group, passing.unwrap_or(ErrorCode::None), |known| {
            for (topic, partition, error) in partitions {
                let partition = TopicPartition { topic, partition };
                known.changed.insert(partition, Said::of(error, None).map(|()| Offset::UNDEFINED));
            }
        })
    }

    /// `DeleteConsumerGroupOffsetsHandler`.
    fn take_deleted(&mut self, group: &GroupId, answer: OffsetDeleteResponse) -> Heard {
        let (error, partitions) = (answer.error, answer.partitions);
        let heard = self.of_coordinator(group, error, |known| {
            for (partition, error) in partitions {
                known.changed.insert(partition, Said::of(error, None).map(|()| Offset::UNDEFINED));
            }
        });
        if heard == Heard::On && error.is_error() { Heard::Failed(error, None) } else { heard }
    }

    /// `RemoveMembersFromConsumerGroupHandler`.
    fn take_removed(&mut self, group: &GroupId, answer: LeaveGroupResponse) -> Heard {
        let (error, members) = (answer.error, answer.members);
        let heard = self.of_coordinator(group, error, |known| {
            for (member, instance, error) in members {
                known.each.insert(instance.unwrap_or(member), Said::of(error, None));
            }
            known.done = true;
        });
        if heard == Heard::On && error.is_error() { Heard::Failed(error, None) } else { heard }
    }

    /// `ListConsumerGroupOffsetsHandler`.
    fn take_committed(&mut self, group: &GroupId, answer: OffsetFetchResponse) -> Heard {
        let (error, partitions) = (answer.error, answer.partitions);
        let heard = self.of_coordinator(group, error, |known| {
            let told = partitions.into_iter().filter(|each| !each.error.is_error() && each.offset >= Offset::ZERO);
            let told = told.map(|each| {
                let partition = TopicPartition { topic: each.topic, partition: each.partition };
                let leader_epoch = (each.leader_epoch != LeaderEpoch::UNDEFINED).then_some(each.leader_epoch);
                let (committed, metadata) = (Some(each.offset), each.metadata);
                (
                    partition.clone(),
                    GroupOffsetTold { partition, committed, leader_epoch, metadata, end: None, member: None },
                )
            });
            known.committed.insert(group.clone(), told.collect());
        });
        if heard == Heard::On && error.is_error() { Heard::Failed(error, None) } else { heard }
    }
}

/// Is a topic that was named not there?
pub(super) fn is_unknown(error: ErrorCode) -> bool {
    matches!(error, ErrorCode::UnknownTopicOrPartition | ErrorCode::InvalidTopicException | ErrorCode::UnknownTopicId)
}

fn again_or_failed(error: ErrorCode) -> Heard {
    if error.is_retriable() { Heard::Again } else { Heard::Failed(error, None) }
}

/// A group with its members' parts in words. An assignment that cannot be read counts as empty, as in Kafka's tools.
pub(super) fn group_found(
    group: DescribedGroup,
    (coordinator, endpoint): (BrokerId, Option<Endpoint>),
) -> Result<GroupFound, Said> {
    Said::of(group.error, group.error_message)?;
    let members = group.members.into_iter().map(|member| MemberTold {
        member_id: member.member_id,
        instance_id: member.group_instance_id,
        client_id: member.client_id,
        host: member.client_host,
        assigned: subscription::read_assignment(&member.assignment).unwrap_or_default(),
    });
    Ok(GroupFound {
        coordinator,
        endpoint,
        state: group.state,
        group_type: "Classic".into(),
        protocol_type: group.protocol_type,
        assignor: group.protocol,
        members: members.collect(),
        offsets: Vec::new(),
    })
}

fn log_dir(answer: api::DescribeLogDirsResponse) -> Result<LogDirFound, Said> {
    Said::of(answer.error, None)?;
    // A broker of the model has one directory.
    let dir = answer.dirs.into_iter().next().ok_or(Said {
        error: ErrorCode::UnknownServerError,
        message: ErrorCode::UnknownServerError.message().into(),
    })?;
    Said::of(dir.error, None)?;
    let replica =
        |each: api::DescribedReplica| ReplicaSize { partition: each.partition, bytes: each.size, lag: each.offset_lag };
    Ok(LogDirFound { path: dir.path, replicas: dir.replicas.into_iter().map(replica).collect() })
}

fn cluster(answer: api::DescribeClusterResponse) -> ClusterTold {
    let node = |each: api::DescribedNode| NodeTold {
        id: each.id,
        endpoint: each.endpoint,
        rack: each.rack,
        fenced: each.is_fenced,
    };
    ClusterTold {
        cluster_id: answer.cluster_id,
        controller: answer.controller_id,
        brokers: answer.brokers.into_iter().map(node).collect(),
    }
}

/// The cluster's id comes with another answer.
fn quorum(answer: api::DescribeQuorumResponse) -> QuorumTold {
    let nodes = answer.nodes;
    let replica = |each: api::QuorumReplica| QuorumReplicaTold {
        id: each.id,
        directory: each.directory,
        endpoint: nodes.iter().find(|(id, _)| *id == each.id).map(|(_, endpoint)| endpoint.clone()),
        log_end: each.log_end,
        last_fetch: Some(each.last_fetch).filter(|at| at.0 >= 0),
        last_caught_up: Some(each.last_caught_up).filter(|at| at.0 >= 0),
    };
    QuorumTold {
        cluster_id: "".into(),
        leader: answer.leader,
        leader_epoch: answer.leader_epoch,
        high_watermark: answer.high_watermark,
        voters: answer.voters.into_iter().map(replica).collect(),
        observers: answer.observers.into_iter().map(replica).collect(),
    }
}
