//! What a headline asks of a moment, in one place each: who leads, who is in charge, who is out of reach, who waits
//! for what. Questions only; which of the answers is told is decided elsewhere.

use std::cell::OnceCell;

use base::{BrokerId, FlatSet, GroupId, ProcessId, Span, Time, TopicIdPartition, TopicPartition};
use broker::{Broker, BrokerState, Partition};
use client::Consumer;
use client::consumer::Application;
use coordinator::ClassicGroup;
use metadata::{Image, PartitionRegistration};
use port::{KafkaSetup, ProcessConfig};
use process::Process;
use sim::{Liveness, Slot};

use super::super::Look;
use super::super::cluster::{self, Cluster};
use crate::End;

/// The questions, for one moment.
pub(in super::super) struct Sight<'a, 'b> {
    pub look: &'b Look<'a>,
    pub cluster: &'b Cluster<'a>,
    pub now: Time,
    active: Option<&'a Slot>,
    /// Asked for several times where something is wrong, and read from thousands of places.
    known: OnceCell<Vec<Known<'a, 'b>>>,
}

/// A partition that readers know of.
struct Known<'a, 'b> {
    id: TopicIdPartition,
    name: &'b TopicPartition,
    registered: &'a PartitionRegistration,
    /// What the broker that was named to lead it holds of it, running or not.
    own: Option<&'a Partition>,
}

/// Where a broker stands with the controller in charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Standing {
    In,
    /// Out of reach, and the controller still counts on it.
    Missing(End),
    /// Out of reach, and nobody counts on it.
    Out(End),
    Starting,
    Fenced,
    Leaving,
}

impl<'a, 'b> Sight<'a, 'b> {
    pub fn of(look: &'b Look<'a>, cluster: &'b Cluster<'a>) -> Sight<'a, 'b> {
        Sight { look, cluster, now: look.now(), active: cluster.active().map(|(_, slot)| slot), known: OnceCell::new() }
    }

    /// The controller in charge.
    pub fn active(&self) -> Option<&'a Slot> {
        self.active
    }

    /// `None`: nobody counts them now.
    pub fn sessions(&self) -> Option<&'a controller::Sessions> {
        Some(cluster::node(self.active?)?.controller()?.active()?.sessions())
    }

    /// What the controller in charge goes by, what it has just decided included; else the newest that anybody knows.
    pub fn image(&self) -> Option<&'a Image> {
        let decided = self.active.and_then(|slot| Some(cluster::node(slot)?.controller()?.active()?.image()));
        decided.or(self.cluster.image())
    }

    /// Is the process up?
    pub fn is_up(&self, broker: BrokerId) -> bool {
        self.cluster.slot(broker).is_some_and(|slot| slot.liveness.is_up())
    }

    /// Every partition that readers know of, with what is decided about it, by topic and number. One that is being deleted
    /// has no say.
    pub fn partitions(
        &self,
    ) -> impl Iterator<Item = (TopicIdPartition, &'b TopicPartition, &'a PartitionRegistration)> {
        self.known().iter().map(|known| (known.id, known.name, known.registered))
    }

    /// One of them.
    pub fn partition(&self, name: &TopicPartition) -> Option<(TopicIdPartition, &'a PartitionRegistration)> {
        let all = self.known();
        let known = &all[all.binary_search_by(|known| known.name.cmp(name)).ok()?];
        Some((known.id, known.registered))
    }

    fn known(&self) -> &[Known<'a, 'b>] {
        self.known.get_or_init(|| {
            let image = self.image();
            let known = |(id, name): &'b (TopicIdPartition, TopicPartition)| {
                let registered = image?.partition(*id)?;
                Some(Known {
                    id: *id,
                    name,
                    registered,
                    own: registered.leader.and_then(|leader| self.own(leader, *id)),
                })
            };
            self.cluster.partitions(false).filter_map(known).collect()
        })
    }

    /// What that broker itself holds of it.
    fn own(&self, broker: BrokerId, id: TopicIdPartition) -> Option<&'a Partition> {
        self.cluster.slot(broker).and_then(cluster::broker)?.partition(id)
    }

    /// The decided leader's process is gone, or nobody at all acts as leader.
    pub fn is_leaderless(&self, id: TopicIdPartition, registered: &PartitionRegistration) -> bool {
        self.lacks_leader((id, registered), registered.leader.and_then(|leader| self.own(leader, id)))
    }

    fn lacks_leader(
        &self,
        (id, registered): (TopicIdPartition, &PartitionRegistration),
        own: Option<&Partition>,
    ) -> bool {
        let is_up = registered.leader.is_some_and(|leader| self.is_up(leader));
        !is_up || (!own.is_some_and(Partition::is_leader) && self.cluster.leader(id).is_none())
    }

    pub fn leaderless(&self) -> impl Iterator<Item = (&'b TopicPartition, &'a PartitionRegistration)> {
        let lacks = |known: &&Known<'a, 'b>| self.lacks_leader((known.id, known.registered), known.own);
        self.known().iter().filter(lacks).map(|known| (known.name, known.registered))
    }

    /// Partitions with fewer copies in sync than they need, as their leaders judge: have, need.
    pub fn short(&self) -> impl Iterator<Item = (&'b TopicPartition, usize, u32)> {
        self.known().iter().filter_map(|known| {
            let leader = known.own?.leader()?;
            leader.is_under_min_isr().then(|| (known.name, leader.isr().len(), leader.effective_min_isr()))
        })
    }

    /// Can nothing pass from one to the other at this instant?
    pub fn is_cut(&self, from: ProcessId, to: ProcessId) -> bool {
        self.cuts().any(|cut| cut == (from, to))
    }

    /// Directions in which nothing passes, both ends being up.
    pub fn cuts(&self) -> impl Iterator<Item = (ProcessId, ProcessId)> {
        let up = |process| self.look.world.slot(process).is_some_and(|slot| slot.liveness.is_up());
        self.cluster.silent_ways().filter(move |(from, to)| up(*from) && up(*to))
    }

    /// How the broker is out of reach, if it is.
    pub fn end(&self, slot: &Slot) -> Option<End> {
        let cut = |active: &Slot| self.is_cut(slot.id, active.id) || self.is_cut(active.id, slot.id);
        match slot.liveness {
            Liveness::Running => self.active.is_some_and(cut).then_some(End::CutOff),
            Liveness::Paused => Some(End::Hangs),
            Liveness::Stopped => Some(End::Stopped),
            Liveness::Killed => Some(End::Killed),
            Liveness::PoweredOff => Some(End::PoweredOff),
        }
    }

    /// How the broker stands with those who decide.
    pub fn standing(&self, id: BrokerId, slot: &Slot) -> Standing {
        let fenced = self.image().and_then(|image| image.broker(id)).is_none_or(|known| known.fenced);
        let missed = || self.silence(id).is_some_and(|silence| silence > heartbeat_interval(slot).times(2));
        match (self.end(slot), state(slot)) {
            (Some(End::CutOff), Some(BrokerState::Running)) if fenced => Standing::Out(End::CutOff),
            (Some(End::CutOff), Some(BrokerState::Running)) if missed() => Standing::Missing(End::CutOff),
            (None | Some(End::CutOff), own) => match own {
                Some(BrokerState::Running) if fenced => Standing::Fenced,
                // It serves from then on, and hears of it with its next heartbeat.
                Some(BrokerState::Running | BrokerState::Recovery) if !fenced => Standing::In,
                Some(BrokerState::PendingControlledShutdown | BrokerState::ShuttingDown) => Standing::Leaving,
                Some(BrokerState::Starting | BrokerState::Recovery | BrokerState::Running) | None => Standing::Starting,
            },
            (Some(end), _) if fenced => Standing::Out(end),
            (Some(end), _) => Standing::Missing(end),
        }
    }

    /// For how long the controller in charge has heard nothing of a broker whose session it keeps.
    pub fn silence(&self, broker: BrokerId) -> Option<Span> {
        self.sessions()?.session(broker).map(|session| self.now.since(session.last_contact))
    }

    /// When the session ends that the controller in charge keeps of a broker's life before: the broker runs, and is
    /// registered as it was. Kafka refuses its new registration until then (DUPLICATE_BROKER_REGISTRATION).
    pub fn old_session(&self, broker: BrokerId) -> Option<Time> {
        let own = self.cluster.slot(broker).filter(|slot| slot.liveness == Liveness::Running);
        let own = cluster::broker(own?)?;
        let known = self.image()?.broker(broker).filter(|known| !known.fenced)?;
        let anew = known.epoch != own.lifecycle().broker_epoch();
        self.sessions()?.deadline(broker).filter(|_| anew)
    }

    /// Is it out of reach for others: gone, hung, or cut off and missed?
    pub fn is_out(&self, broker: BrokerId, slot: &Slot) -> bool {
        matches!(self.standing(broker, slot), Standing::Out(_) | Standing::Missing(_))
    }

    /// Does the controller in charge wait for it: not fenced, and in a session?
    pub fn is_counted_on(&self, broker: BrokerId) -> bool {
        let known = self.image().and_then(|image| image.broker(broker));
        known.is_some_and(|known| !known.fenced) && self.silence(broker).is_some()
    }

    /// How long a broker may be silent.
    pub fn session_timeout(&self, broker: BrokerId) -> Option<Span> {
        let (sessions, at) = (self.sessions()?, self.sessions()?.session(broker)?.last_contact);
        Some(sessions.deadline(broker)?.since(at))
    }

    /// Running controllers that the one in the slot can talk to, itself included.
    pub fn reach(&self, slot: &Slot) -> usize {
        let reaches =
            |other: &Slot| other.liveness == Liveness::Running && !self.cluster.is_cut_between(slot.id, other.id);
        self.cluster.controllers().filter(|(_, other)| reaches(other)).count()
    }

    /// Running consumers that are not about to close, with their groups.
    pub fn consumers(&self) -> impl Iterator<Item = (&'a GroupId, &'a Slot, &'a Consumer)> {
        self.look.slots().filter(|slot| slot.liveness == Liveness::Running).filter_map(|slot| {
            let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config else { return None };
            let consumer = slot.process.as_ref().and_then(Process::consumer)?;
            let stays = !matches!(consumer.application(), Application::Closing(_) | Application::Closed);
            stays.then_some((&setup.group, slot, consumer))
        })
    }

    /// The groups that somebody running is to be in, each once.
    pub fn groups(&self) -> FlatSet<&'a GroupId> {
        self.consumers().map(|(group, _, _)| group).collect()
    }

    /// The running broker that coordinates the group, and the group if it has been formed there.
    pub fn coordinator(&self, group: &GroupId) -> Option<(BrokerId, &'a Broker, Option<&'a ClassicGroup>)> {
        self.cluster.coordinator(group)
    }

    /// Clients that run.
    pub fn clients(&self) -> impl Iterator<Item = &'a Slot> {
        self.look.slots().filter(|slot| is_client(slot))
    }
}

/// A producer or a consumer.
pub(super) fn is_client(slot: &Slot) -> bool {
    matches!(slot.config, ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..)))
}

/// A broker's own idea of where it stands.
fn state(slot: &Slot) -> Option<BrokerState> {
    cluster::broker(slot).map(Broker::state)
}

/// `broker.heartbeat.interval.ms` of a broker.
pub(super) fn heartbeat_interval(slot: &Slot) -> Span {
    cluster::broker(slot).map_or(Span::ZERO, |broker| broker.config().heartbeat_interval)
}

/// Whom a client takes for the leader.
pub(super) fn believed(slot: &Slot, partition: &TopicPartition) -> Option<BrokerId> {
    let process = slot.process.as_ref()?;
    let of_producer = process.producer().map(|producer| producer.network().metadata());
    let metadata = of_producer.or_else(|| process.consumer().map(|consumer| consumer.network().metadata()))?;
    metadata.leader(&partition.topic, partition.partition).map(|(leader, _)| leader)
}
