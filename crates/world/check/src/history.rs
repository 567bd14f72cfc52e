//! What checks remember in common: what was ever committed, and what happened that takes promises
//! away (unclean elections, lost disk tails).

use crate::invariants::Moment;
use base::{FlatMap, LeaderEpoch, Offset, ProcessId, Str, TopicPartition};
use broker::Partition;
use controller::Controller;
use metadata::Image;
use port::{Fact, ProcessConfig};
use sim::{Liveness, World};

/// Facts of a whole run, as far as preconditions and committed data go.
#[derive(Clone, Debug, Default)]
pub struct History {
    committed: FlatMap<TopicPartition, Committed>,
    newest_epoch: FlatMap<TopicPartition, LeaderEpoch>,
    pub(crate) topic_deleted: bool,
    pub(crate) min_isr_at_least_two: bool,
    unclean_elections_allowed: bool,
    power_offs: u32,
}

/// The committed part of a partition: where it ends and which epochs wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) end: Offset,
    pub(crate) epochs: Vec<(LeaderEpoch, Offset)>,
}

impl Committed {
    pub(crate) fn below(&self, end: Offset) -> Vec<(LeaderEpoch, Offset)> {
        self.epochs.iter().copied().filter(|(_, start)| *start < end).collect()
    }
}

impl History {
    pub(crate) fn note(&mut self, world: &World, facts: &[(base::Time, ProcessId, Fact)]) {
        let setting = |name: &str| world.setup().overrides.get(name).map(|value| value.to_string());
        self.unclean_elections_allowed |= setting("unclean.leader.election.enable").as_deref() == Some("true");
        self.min_isr_at_least_two = setting("min.insync.replicas").and_then(|text| text.parse().ok()) >= Some(2);
        for (_, process, fact) in facts {
            match fact {
                Fact::ProcessStopped { clean: false } => {
                    let off = world.slot(*process).is_some_and(|slot| slot.liveness == Liveness::PoweredOff);
                    self.power_offs += u32::from(off);
                }
                Fact::TopicDeleted { topic } => {
                    self.topic_deleted = true;
                    self.committed.retain(|partition, _| partition.topic != *topic);
                }
                Fact::BecameLeader { partition, epoch, .. } => {
                    let newest = self.newest_epoch.entry(partition.clone()).or_default();
                    *newest = (*newest).max(*epoch);
                }
                Fact::PartitionChanged { partition, .. } => {
                    self.unclean_elections_allowed |= allows_unclean_elections(world, *process, &partition.topic);
                }
                Fact::HighWatermarkAdvanced { partition, to, .. } => self.advanced(world, *process, partition, *to),
                _takes_no_promise_away => {}
            }
        }
    }

    fn advanced(&mut self, world: &World, process: ProcessId, name: &TopicPartition, to: Offset) {
        let partition = partition(world, process, name).filter(|partition| partition.is_leader());
        let Some(partition) = partition else { return };
        let committed = self.committed.entry(name.clone()).or_default();
        if to > committed.end {
            *committed = Committed { end: to, epochs: History::epochs_below(partition, to) };
        }
    }

    /// The epochs that wrote what this replica holds below `end`, each with its first offset.
    pub(crate) fn epochs_below(partition: &Partition, end: Offset) -> Vec<(LeaderEpoch, Offset)> {
        let entries = partition.log().epochs().entries().iter().map(|entry| (entry.epoch, entry.start));
        // An epoch in which nothing was written has the start of the next one.
        let entries: Vec<_> = entries.filter(|(_, start)| *start < end).collect();
        let next = entries.iter().skip(1).map(|(_, start)| Some(*start)).chain([None]);
        entries.iter().zip(next).filter(|((_, start), next)| Some(*start) != *next).map(|(entry, _)| *entry).collect()
    }

    /// Clean elections only, and no disk lost what was not flushed.
    pub(crate) fn keeps_committed_data(&self) -> bool {
        !self.unclean_elections_allowed && self.power_offs == 0 && !self.topic_deleted
    }

    pub(crate) fn committed(&self, partition: &TopicPartition) -> Option<&Committed> {
        self.committed.get(partition)
    }

    pub(crate) fn newest_epoch(&self, partition: &TopicPartition) -> LeaderEpoch {
        self.newest_epoch.get(partition).copied().unwrap_or_default()
    }
}

/// Does the topic's own setting allow them, in the eyes of the controller that just decided?
fn allows_unclean_elections(world: &World, process: ProcessId, topic: &Str) -> bool {
    let controller = world.process(process).and_then(|process| process.node()?.controller());
    let configs = controller.map(|controller| controller.image().topic_configs(topic)).unwrap_or_default();
    configs.get("unclean.leader.election.enable").is_some_and(|value| &**value == "true")
}

fn partition<'a>(world: &'a World, process: ProcessId, name: &TopicPartition) -> Option<&'a Partition> {
    let broker = world.process(process)?.node()?.broker()?;
    let topic = broker.image().topic_id(&name.topic)?;
    broker.partition(base::TopicIdPartition { topic, partition: name.partition })
}

impl<'a> Moment<'a> {
    pub(crate) fn partition(&self, name: &TopicPartition) -> Option<&'a Partition> {
        partition(self.world, self.process, name)
    }

    pub(crate) fn active_controller(&self) -> Option<&'a Controller> {
        let controller = self.world.process(self.process)?.node()?.controller()?;
        controller.is_active().then_some(controller)
    }

    /// The image that the controller which just decided goes by.
    pub(crate) fn active_image(&self) -> Option<&'a Image> {
        self.active_controller().map(Controller::image)
    }

    /// The replicas on this broker of which the step reported something.
    pub(crate) fn touched_partitions(&self) -> impl Iterator<Item = &'a Partition> {
        let names = self.facts.iter().filter_map(|(_, _, fact)| match fact {
            Fact::Appended { partition, .. }
            | Fact::Replicated { partition, .. }
            | Fact::HighWatermarkAdvanced { partition, .. }
            | Fact::Truncated { partition, .. }
            | Fact::BecameLeader { partition, .. }
            | Fact::BecameFollower { partition, .. } => Some(partition),
            _not_about_a_replica => None,
        });
        let mut names: Vec<&TopicPartition> = names.collect();
        base::sort(&mut names);
        names.dedup();
        let (world, process) = (self.world, self.process);
        names.into_iter().filter_map(move |name| partition(world, process, name)).collect::<Vec<_>>().into_iter()
    }

    /// The `group.instance.id` of a consumer process.
    pub(crate) fn instance_id(&self, process: ProcessId) -> Option<&'a Str> {
        match &self.world.slot(process)?.config {
            ProcessConfig::Consumer(client, _) => client.overrides.get("group.instance.id"),
            ProcessConfig::Node(_) | ProcessConfig::Producer(..) | ProcessConfig::Admin(..) => None,
        }
    }
}
