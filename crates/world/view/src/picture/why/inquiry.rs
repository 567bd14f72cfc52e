//! What answers are looked up in: the facts that were told, newest first, and the processes as they are.

use api::ConfigResource;
use base::{BrokerId, ProcessId, Span, Str, Time};
use lab::Happening;
use port::{CutWay, Fact, KafkaFact, WorldFact};
use sim::{LinkRule, World};

use super::cluster::{self, Cluster};
use crate::why::{Clause, Fell, OfProcess, Rests, Step};

/// See the module.
pub(super) struct Inquiry<'a> {
    pub world: &'a World,
    /// Oldest first.
    pub told: &'a [Happening],
    pub cluster: &'a Cluster<'a>,
    /// What was given to whom, where that is kept.
    pub ledger: Option<&'a check::ClusterLedger>,
}

/// A step that rests on a fact.
pub(super) fn because(fact: &Happening, clause: impl Into<Clause>) -> Step {
    Step { at: fact.at, clause: clause.into(), rests_on: Rests::Fact { process: fact.process, at: fact.at } }
}

impl<'a> Inquiry<'a> {
    /// Of the world, not of the reader's clock.
    pub(super) fn now(&self) -> Time {
        self.world.now()
    }

    /// A step that rests on what is so now.
    pub(super) fn now_so(&self, clause: impl Into<Clause>) -> Step {
        Step { at: self.now(), clause: clause.into(), rests_on: Rests::State }
    }

    /// The newest fact of a kind up to an instant.
    pub(super) fn latest(&self, until: Time, wanted: &dyn Fn(&Happening) -> bool) -> Option<&'a Happening> {
        let known = &self.told[..self.told.partition_point(|told| told.at <= until)];
        known.iter().rev().find(|happening| wanted(happening))
    }

    /// `Broker 2`, `c1`, `web`: brokers are called the same in every language.
    pub(super) fn name(&self, process: ProcessId) -> Str {
        let broker = self.cluster.brokers().find(|(_, slot)| slot.id == process);
        broker.map_or_else(|| self.cluster.name(process).into(), |(id, _)| broker_name(id))
    }

    /// Why nobody heard of a process at an instant: it was dead or hung, or a link to `peer` was cut.
    pub(super) fn silence(&self, process: ProcessId, peer: Option<ProcessId>, at: Time) -> Option<Step> {
        let turning = |told: &Happening| {
            told.process == process
                && matches!(
                    told.fact,
                    Fact::World(
                        WorldFact::ProcessStopped { .. }
                            | WorldFact::ProcessPaused
                            | WorldFact::ProcessStarted
                            | WorldFact::ProcessResumed
                    )
                )
        };
        let last = self.latest(at, &turning);
        last.and_then(|last| self.fell(last)).or_else(|| self.cut(process, peer?, at))
    }

    /// `None`: it was up again, and silent for another reason.
    fn fell(&self, last: &'a Happening) -> Option<Step> {
        let at_once = |wanted: &dyn Fn(&Fact) -> bool| {
            self.latest(last.at, &|told| told.process == last.process && wanted(&told.fact))
        };
        let how = match &last.fact {
            Fact::World(WorldFact::ProcessPaused) => Fell::Hung,
            Fact::World(WorldFact::ProcessStopped { clean: true }) => {
                if let Some(step) = self.ended(last) {
                    return Some(step);
                }
                Fell::Stopped
            }
            Fact::World(WorldFact::ProcessStopped { clean: false }) => {
                // The power goes first and takes the process with it, in the same instant.
                let power = at_once(&|fact| matches!(fact, Fact::World(WorldFact::PowerLost)));
                if power.is_some_and(|power| power.at == last.at) { Fell::PoweredOff } else { Fell::Killed }
            }
            _it_runs => return None,
        };
        Some(because(last, OfProcess::FellSilent { name: self.name(last.process), how }))
    }

    /// It stopped by itself, with an error.
    fn ended(&self, stopped: &Happening) -> Option<Step> {
        let of_it = |told: &Happening| {
            told.process == stopped.process
                && matches!(
                    told.fact,
                    Fact::Kafka(KafkaFact::ClientFailed { .. } | KafkaFact::RegistrationGaveUp)
                        | Fact::World(WorldFact::ProcessStarted)
                )
        };
        let last = self.latest(stopped.at, &of_it)?;
        let error: Str = match &last.fact {
            Fact::Kafka(KafkaFact::ClientFailed { error, .. }) => error.clone(),
            Fact::Kafka(KafkaFact::RegistrationGaveUp) => "initial.broker.registration.timeout.ms".into(),
            _it_started => return None,
        };
        Some(because(last, OfProcess::EndedWith { name: self.name(last.process), error }))
    }

    /// A cut that stood between the two at an instant, one way or both. Two cuts of one way each are a whole one.
    pub(super) fn cut(&self, one: ProcessId, other: ProcessId, at: Time) -> Option<Step> {
        let between = |process: ProcessId, peer: ProcessId| [(one, other), (other, one)].contains(&(process, peer));
        let of_link = |told: &Happening| match &told.fact {
            Fact::World(WorldFact::LinkCut { peer, .. } | WorldFact::LinkHealed { peer }) => {
                between(told.process, *peer)
            }
            _of_no_link => false,
        };
        let last = self.latest(at, &of_link)?;
        let Fact::World(WorldFact::LinkCut { peer, way }) = last.fact else { return None };
        let is_other_way = |told: &Happening| match &told.fact {
            Fact::World(WorldFact::LinkCut { peer: to, way }) => {
                *way == CutWay::Both || (told.process, *to) == (peer, last.process)
            }
            _healed => true,
        };
        let before = self.latest(last.at, &|told| of_link(told) && is_other_way(told));
        let whole = way == CutWay::Both
            || before.is_some_and(|told| matches!(told.fact, Fact::World(WorldFact::LinkCut { .. })));
        let (from, to) = (self.name(last.process), self.name(peer));
        Some(match whole {
            true => because(last, OfProcess::Cut { one: self.name(one), other: self.name(other) }),
            false => because(last, OfProcess::CutOneWay { from, to }),
        })
    }

    /// Every message between the two takes longer, at present.
    pub(super) fn slow(&self, one: ProcessId, other: ProcessId) -> Option<Step> {
        let ends = [(one, other), (other, one)];
        let mut rules = self.world.network().link_rules().filter(|(from, to, _)| ends.contains(&(*from, *to)));
        let by = rules.find_map(|(_, _, rule)| match rule {
            LinkRule::Delayed(by) => Some(by),
            LinkRule::Cut | LinkRule::StalledUntil(_) | LinkRule::Held(_) | LinkRule::Lost { .. } => None,
        })?;
        Some(self.now_so(OfProcess::SlowLink { one: self.name(one), other: self.name(other), by }))
    }

    /// When it last started or woke up, before an instant.
    pub(super) fn back(&self, process: ProcessId, until: Time) -> Option<Step> {
        let last = self.latest(until, &|told| {
            told.process == process
                && matches!(told.fact, Fact::World(WorldFact::ProcessStarted | WorldFact::ProcessResumed))
        })?;
        let name = self.name(process);
        let clause = match &last.fact {
            Fact::World(WorldFact::ProcessResumed) => OfProcess::Woke { name },
            _started => OfProcess::Started { name },
        };
        Some(because(last, clause))
    }

    /// `min.insync.replicas` as the controllers apply it to a partition with so many replicas.
    pub(super) fn min_isr(&self, topic: &Str, replicas: usize) -> u32 {
        let set = self.setting(topic, "min.insync.replicas").and_then(|value| value.trim().parse().ok());
        let default = || self.controller().map_or(1, |controller| controller.settings().min_insync_replicas);
        (set.unwrap_or_else(default).max(0) as u32).min(replicas as u32)
    }

    /// May a topic's partitions be led by replicas that may lack records?
    pub(super) fn is_unclean_allowed(&self, topic: &Str) -> bool {
        let set = self.setting(topic, "unclean.leader.election.enable").map(|value| value.trim() == "true");
        let default = || self.controller().is_some_and(|it| it.settings().unclean_leader_election_enable);
        set.unwrap_or_else(default)
    }

    /// The topic's own, else the cluster's; what brokers say for themselves elections do not look at.
    fn setting(&self, topic: &Str, name: &str) -> Option<&'a Str> {
        let image = self.cluster.image()?;
        let own = image.config(&ConfigResource::Topic(topic.clone()), name);
        own.or_else(|| image.config(&ConfigResource::Broker(None), name))
    }

    /// Any of them: their `server.properties` say the same.
    fn controller(&self) -> Option<&'a controller::Controller> {
        let mut nodes = self.cluster.controllers().filter_map(|(_, slot)| cluster::node(slot)?.controller());
        nodes.next()
    }

    /// `broker.session.timeout.ms`
    pub(super) fn session_timeout(&self) -> Span {
        self.controller().map_or(Span::ZERO, |controller| controller.settings().controller.session_timeout)
    }
}

/// As Kafka's own logs call it.
pub(super) fn broker_name(id: BrokerId) -> Str {
    format!("Broker {id}").as_str().into()
}
