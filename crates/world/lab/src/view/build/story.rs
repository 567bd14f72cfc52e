//! Facts as sentences. Facts that repeat every few milliseconds are not told; the rest have one line each, and
//! what happens in one instant for many partitions is told once.

use base::{BrokerId, ProcessId, Time, TopicPartition};
use port::{Fact, FenceReason, LeaveReason, QuorumRole};
use sim::World;

use super::cluster::Cluster;
use crate::text::Text;
use crate::view::{StoryKind, StoryLine, Thing};

/// A fact with its place and instant.
pub struct Happened<'a> {
    pub at: Time,
    pub process: ProcessId,
    pub fact: &'a Fact,
}

/// Who is told about: the world gives names to processes.
pub struct Narrator<'a> {
    cluster: Cluster<'a>,
    text: &'static Text,
}

type Told = (StoryKind, (String, String), Option<Thing>);

impl<'a> Narrator<'a> {
    pub fn new(world: &'a World, text: &'static Text) -> Narrator<'a> {
        Narrator { cluster: Cluster::of(world), text }
    }

    /// The fact as a line; `None` for what is not worth telling.
    pub fn line(&self, happened: &Happened<'_>) -> Option<StoryLine> {
        let (kind, (strong, rest), about) = self.tell(happened)?;
        Some(StoryLine {
            time: happened.at,
            time_text: happened.at.to_string(),
            kind,
            strong,
            rest,
            why: None,
            about,
            here: false,
        })
    }

    fn tell(&self, happened: &Happened<'_>) -> Option<Told> {
        self.of_process(happened).or_else(|| self.of_cluster(happened)).or_else(|| self.of_clients(happened))
    }

    /// `Broker 2`, `c1`, `web`.
    fn name(&self, process: ProcessId) -> String {
        let broker = self.cluster.brokers().find(|(_, slot)| slot.id == process);
        match broker {
            Some((id, _)) => (self.text.stage.broker)(id.0),
            None => self.cluster.name(process).to_owned(),
        }
    }

    fn of_process(&self, happened: &Happened<'_>) -> Option<Told> {
        let story = &self.text.story;
        let (process, about) = (happened.process, Some(Thing::Process(happened.process)));
        Some(match happened.fact {
            Fact::ProcessStopped { .. } => (StoryKind::Act, self.stopped(process), about),
            Fact::ProcessStarted if happened.at > Time::ZERO => {
                (StoryKind::Act, (story.you_started)(&self.name(process)), about)
            }
            Fact::ConnectionClosed { peer, lost_messages } if *lost_messages > 0 => {
                let gone = if self.is_down(process) { process } else { *peer };
                (StoryKind::Loss, (story.connections_closed)(&self.name(gone), *lost_messages as usize), about)
            }
            Fact::LinkCut { peer } => (StoryKind::Act, (story.link_cut)(&self.name(process), &self.name(*peer)), about),
            Fact::LinkHealed { peer } => {
                (StoryKind::Act, (story.link_healed)(&self.name(process), &self.name(*peer)), about)
            }
            _other => return None,
        })
    }

    fn is_down(&self, process: ProcessId) -> bool {
        self.cluster.world.slot(process).is_some_and(|slot| !slot.liveness.is_up())
    }

    fn stopped(&self, process: ProcessId) -> (String, String) {
        let story = &self.text.story;
        let (strong, _) = (story.you_stopped)(&self.name(process));
        let broker = self.cluster.world.slot(process).and_then(super::cluster::broker);
        let led: Vec<String> = broker
            .into_iter()
            .flat_map(|broker| broker.partitions().values())
            .filter(|partition| partition.is_leader() && !metadata::topic_name::is_internal(&partition.name().topic))
            .map(|partition| partition.name().to_string())
            .collect();
        let rest = if led.is_empty() { String::new() } else { (story.it_led)(&led.join(", ")) };
        (strong, rest)
    }

    fn of_cluster(&self, happened: &Happened<'_>) -> Option<Told> {
        let story = &self.text.story;
        let here = self.cluster.name(happened.process);
        let replica = |partition: &TopicPartition| {
            Some(Thing::Replica { process: happened.process, partition: partition.clone() })
        };
        Some(match happened.fact {
            Fact::QuorumRoleChanged { role: QuorumRole::Candidate, epoch, .. } => {
                (StoryKind::Decision, (story.candidate)(here, epoch.0), Some(Thing::Process(happened.process)))
            }
            Fact::BecameActiveController { epoch } => {
                (StoryKind::Effect, (story.active)(here, epoch.0), Some(Thing::Process(happened.process)))
            }
            Fact::BrokerFenced { broker, reason: FenceReason::SessionExpired, .. } => {
                (StoryKind::Decision, (story.fenced)(here, broker.0), self.cluster.place(*broker).map(Thing::Process))
            }
            Fact::BrokerUnfenced { broker } => {
                (StoryKind::Decision, (story.unfenced)(here, broker.0), self.cluster.place(*broker).map(Thing::Process))
            }
            Fact::TopicCreated { topic, partitions } if !metadata::topic_name::is_internal(topic) => {
                let copies = self.cluster.image().and_then(|image| image.topic_by_name(topic));
                let copies =
                    copies.and_then(|topic| topic.partitions.values().next()).map_or(1, |one| one.replicas.len());
                (
                    StoryKind::Decision,
                    (story.topic_created)(topic, *partitions as usize, copies),
                    Some(Thing::Topic(topic.clone())),
                )
            }
            Fact::PartitionChanged { partition, .. } => self.changed(happened.fact, partition)?,
            Fact::BecameLeader { partition, epoch, start_offset, previous_leader: Some(_) } if is_shown(partition) => {
                let id = self.cluster.brokers().find(|(_, slot)| slot.id == happened.process).map_or(0, |(id, _)| id.0);
                let told = (story.leads_from)(id, &partition.to_string(), epoch.0, start_offset.0);
                (StoryKind::Effect, told, replica(partition))
            }
            Fact::Truncated { partition, from, to, .. } if is_shown(partition) && from > to => {
                let id = self.cluster.brokers().find(|(_, slot)| slot.id == happened.process).map_or(0, |(id, _)| id.0);
                (StoryKind::Loss, (story.truncated)(id, &partition.to_string(), from.0, to.0), replica(partition))
            }
            _other => return None,
        })
    }

    /// A decision about a partition: who is to lead, or who counts as in sync.
    fn changed(&self, fact: &Fact, partition: &TopicPartition) -> Option<Told> {
        let Fact::PartitionChanged { old_leader, leader, leader_epoch, old_isr, isr, .. } = fact else { return None };
        if !is_shown(partition) || old_isr.is_empty() {
            return None;
        }
        let story = &self.text.story;
        let name = partition.to_string();
        let list = |isr: &[BrokerId]| isr.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let told = match (old_leader, leader) {
            (_, None) => (story.leaderless)(&name),
            (old, Some(new)) if *old != Some(*new) => {
                (story.leader_decided)(&name, old.map_or(-1, |old| old.0), new.0, leader_epoch.0)
            }
            (_, Some(_)) if isr.len() < old_isr.len() => (story.isr_shrank)(&name, &list(isr), leader_epoch.0),
            (_, Some(_)) if isr.len() > old_isr.len() => (story.isr_grew)(&name, &list(isr)),
            (_, Some(_)) => return None,
        };
        Some((StoryKind::Decision, told, None))
    }

    fn of_clients(&self, happened: &Happened<'_>) -> Option<Told> {
        let story = &self.text.story;
        let here = self.name(happened.process);
        Some(match happened.fact {
            Fact::DuplicateIgnored { partition, .. } if is_shown(partition) => {
                let id = self.cluster.brokers().find(|(_, slot)| slot.id == happened.process).map_or(0, |(id, _)| id.0);
                (StoryKind::Effect, (story.duplicate_ignored)(id, &partition.to_string()), None)
            }
            Fact::GroupStateChanged { group, state: port::GroupState::PreparingRebalance, generation } => {
                (StoryKind::Decision, (story.rebalancing)(group, generation + 1), Some(Thing::Group(group.clone())))
            }
            Fact::GroupStateChanged { group, state: port::GroupState::Stable, generation } => {
                (StoryKind::Effect, (story.assigned)(group, *generation), Some(Thing::Group(group.clone())))
            }
            Fact::MemberLeft { group, client, reason, .. } => match reason {
                LeaveReason::Left => {
                    (StoryKind::Note, (story.leaves)(client, group), Some(Thing::Group(group.clone())))
                }
                LeaveReason::SessionExpired | LeaveReason::DidNotRejoin | LeaveReason::DidNotSync => {
                    (StoryKind::Decision, (story.expired)(client, group), Some(Thing::Group(group.clone())))
                }
                LeaveReason::Replaced => return None,
            },
            Fact::PartitionAssigned { partition, .. } if is_shown(partition) => {
                (StoryKind::Effect, (story.owns)(&here, &partition.to_string()), Some(Thing::Process(happened.process)))
            }
            Fact::RecordsFailed { error, .. } => {
                (StoryKind::Loss, (story.refused)(error.name(), &here), Some(Thing::Process(happened.process)))
            }
            _other => return None,
        })
    }
}

fn is_shown(partition: &TopicPartition) -> bool {
    !metadata::topic_name::is_internal(&partition.topic)
}

/// Joins what one process is told to do in one instant: "billing-1 reads orders-0", "… orders-1" become one line.
pub fn condensed(lines: Vec<StoryLine>, most: usize) -> (Vec<StoryLine>, u32) {
    let mut kept: Vec<StoryLine> = Vec::new();
    for line in lines {
        let same = kept.last().is_some_and(|last| last.strong == line.strong && last.rest == line.rest);
        if !same {
            kept.push(line);
        }
    }
    let earlier = kept.len().saturating_sub(most);
    kept.drain(..earlier);
    (kept, earlier as u32)
}
