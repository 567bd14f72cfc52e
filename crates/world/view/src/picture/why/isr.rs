//! Why a replica is not in the ISR, each reason with its own steps, and how one came back.

use base::{BrokerId, Offset};
use lab::Happening;
use port::{ChangeCause, Chosen, Fact, KafkaFact, WorldFact};
use sim::Liveness;

use super::answered;
use super::inquiry::{Inquiry, because};
use super::replicas::Known;
use crate::why::{IsrExit, OfBroker, OfProcess, OfReplica, Question, Step, Why};

impl<'a> Inquiry<'a> {
    /// The decision that took a broker out of the ISR last, and its words.
    pub(super) fn exit(&self, known: &Known<'_>, broker: BrokerId) -> Option<(&'a Happening, OfReplica)> {
        let fact = self.decision(&known.name, &|fact| match fact {
            Fact::Kafka(KafkaFact::PartitionChanged { old_isr, isr, .. }) => {
                old_isr.contains(&broker) && !isr.contains(&broker)
            }
            _other => false,
        })?;
        let Fact::Kafka(KafkaFact::PartitionChanged { isr, cause, chosen, .. }) = &fact.fact else { return None };
        let exit = match (chosen, cause) {
            // An unclean election leaves the new leader alone, whatever the reason was that it was held.
            (Some(Chosen::LastKnown | Chosen::OutOfSync), _) => IsrExit::Unclean,
            (_, Some(ChangeCause::SessionExpired(of))) if *of == broker => IsrExit::Fenced,
            (_, Some(ChangeCause::ShutDown(of))) if *of == broker => IsrExit::ShutDown,
            (_, Some(ChangeCause::Restarted(of))) if *of == broker => IsrExit::Restarted,
            (_, Some(ChangeCause::LeaderAsked(leader))) => IsrExit::Lagging(self.lag_time(*leader)),
            (_, _) => IsrExit::Unknown,
        };
        Some((fact, OfReplica::LeftIsr { broker, isr: isr.clone(), exit }))
    }

    /// `replica.lag.time.max.ms` of a leader.
    fn lag_time(&self, leader: BrokerId) -> base::Span {
        let broker = self.cluster.slot(leader).and_then(super::cluster::broker);
        broker.map_or(base::Span::ZERO, |broker| broker.config().replication.lag_time_max)
    }

    /// First what put it out, then what keeps it out: a follower that is well again still has to catch up.
    pub(super) fn not_in_isr(&self, known: &Known<'_>, broker: BrokerId) -> Why {
        let mut steps: Vec<Step> = Vec::new();
        if let Some((fact, clause)) = self.exit(known, broker) {
            steps.extend(self.before_exit(broker, fact).or_else(|| self.caught_up_last(known, broker, fact)));
            steps.push(because(fact, clause));
        }
        steps.extend(self.still_out(known, broker));
        answered(Question::NotInIsr(broker, known.name.clone()), steps)
    }

    /// What made the broker leave.
    fn before_exit(&self, broker: BrokerId, exit: &Happening) -> Option<Step> {
        let place = self.cluster.place(broker)?;
        let Fact::Kafka(KafkaFact::PartitionChanged { cause, .. }) = &exit.fact else { return None };
        let peer = match cause {
            Some(ChangeCause::LeaderAsked(leader)) => self.cluster.place(*leader),
            Some(ChangeCause::Restarted(_)) => return self.back(place, exit.at),
            Some(ChangeCause::ShutDown(_)) => {
                let asked = |told: &Happening| {
                    told.process == place && matches!(told.fact, Fact::World(WorldFact::StopRequested))
                };
                let name = self.name(place);
                return self.latest(exit.at, &asked).map(|told| because(told, OfProcess::AskedToStop { name }));
            }
            Some(_) | None => Some(exit.process),
        };
        self.silence(place, peer, exit.at)
    }

    /// When the leader that found it lagging had seen it caught up for the last time.
    fn caught_up_last(&self, known: &Known<'_>, broker: BrokerId, exit: &Happening) -> Option<Step> {
        let leader = known.registration.leader?;
        let books = known.leader.and_then(|(_, partition)| partition.leader())?;
        let last = books.follower(broker)?.last_caught_up.filter(|last| *last <= exit.at)?;
        Some(Step { at: last, ..self.now_so(OfReplica::CaughtUpLast { leader, broker }) })
    }

    /// What keeps it out now.
    fn still_out(&self, known: &Known<'_>, broker: BrokerId) -> Vec<Step> {
        // It is not in this world.
        let Some(slot) = self.cluster.slot(broker) else { return Vec::new() };
        let leader = known.leader.map(|(place, _)| place);
        if slot.liveness != Liveness::Running {
            return self.silence(slot.id, leader, self.now()).into_iter().collect();
        }
        let back = self.back(slot.id, self.now()).filter(|step| step.at > base::Time::ZERO);
        let mut steps: Vec<Step> = back.into_iter().collect();
        let registration = self.cluster.image().and_then(|image| image.broker(broker));
        if registration.is_none_or(|registration| registration.fenced) {
            steps.extend(self.not_let_in(broker, registration));
            steps.push(self.now_so(OfReplica::MayNotJoin { broker }));
            return steps;
        }
        steps.extend(leader.and_then(|leader| self.cut(slot.id, leader, self.now())));
        steps.extend(leader.and_then(|leader| self.slow(slot.id, leader)));
        steps.push(self.now_so(self.catching_up(known, broker)));
        steps
    }

    /// How far the leader knows it to be.
    fn catching_up(&self, known: &Known<'_>, broker: BrokerId) -> OfReplica {
        let books = known.leader.and_then(|(_, partition)| Some((partition, partition.leader()?)));
        let Some((partition, books)) = books else { return OfReplica::NobodyToJoin };
        let leader = known.registration.leader.unwrap_or(BrokerId::NONE);
        // Both are asked for: all that is committed, and something of this leader's reign
        // (`Partition.isFollowerInSync`).
        let needs = partition.high_watermark().max(books.epoch_start());
        match books.follower(broker).map(|follower| follower.log_end) {
            None | Some(Offset::UNDEFINED) => OfReplica::NeverFetched { broker, leader },
            Some(has) if has < needs => OfReplica::FetchesRest { broker, has, of: partition.log_end() },
            Some(_) => OfReplica::IsrProposed { leader, broker },
        }
    }

    /// The last link of a broker that was healed, up to an instant.
    fn healed(&self, place: base::ProcessId, until: base::Time) -> Option<Step> {
        let last = self.latest(until, &|told| match &told.fact {
            Fact::World(WorldFact::LinkHealed { peer }) => told.process == place || *peer == place,
            _other => false,
        })?;
        let Fact::World(WorldFact::LinkHealed { peer }) = &last.fact else { return None };
        let (one, other) = (self.name(last.process), self.name(*peer));
        Some(because(last, OfProcess::Healed { one, other }))
    }

    /// How a broker came back into the ISR, if that is the last that happened to it there.
    pub(super) fn rejoined(&self, known: &Known<'_>, broker: BrokerId) -> Option<Why> {
        let moved = self.decision(&known.name, &|fact| match fact {
            Fact::Kafka(KafkaFact::PartitionChanged { old_isr, isr, .. }) => {
                !old_isr.is_empty() && old_isr.contains(&broker) != isr.contains(&broker)
            }
            _other => false,
        })?;
        let Fact::Kafka(KafkaFact::PartitionChanged { isr, cause, chosen, .. }) = &moved.fact else { return None };
        let place = self.cluster.place(broker).filter(|_| isr.contains(&broker))?;
        let back = self.back(place, moved.at);
        let since = back.as_ref().map_or(base::Time::ZERO, |step| step.at);
        let after = |told: &&Happening| told.at >= since;
        let unfenced = self.latest(
            moved.at,
            &|told| matches!(&told.fact, Fact::Kafka(KafkaFact::BrokerUnfenced { broker: of }) if *of == broker),
        );
        let truncated = self.latest(moved.at, &|told| match &told.fact {
            Fact::Kafka(KafkaFact::Truncated { partition, from, to, .. }) => {
                told.process == place && *partition == known.name && from > to
            }
            _other => false,
        });
        let mut steps: Vec<Step> = back.into_iter().collect();
        steps.extend(
            unfenced
                .filter(after)
                .map(|told| because(told, OfBroker::Unfenced { controller: self.name(told.process), broker })),
        );
        if let Some(told) = truncated.filter(after)
            && let Fact::Kafka(KafkaFact::Truncated { from, to, .. }) = told.fact
        {
            steps.push(because(told, OfReplica::Truncated { broker, from, to }));
        }
        steps.extend(self.healed(place, moved.at).filter(|step| step.at > since));
        steps.extend(self.asked_uncleanly(cause.as_ref(), moved.at));
        steps.push(because(moved, entry(broker, isr, (cause.as_ref(), *chosen))));
        Some(answered(Question::BackInIsr(broker, known.name.clone()), steps))
    }

    /// The request that an unclean election follows.
    fn asked_uncleanly(&self, cause: Option<&ChangeCause>, until: base::Time) -> Option<Step> {
        let asked = |told: &Happening| matches!(told.fact, Fact::Kafka(KafkaFact::UncleanElectionAsked { .. }));
        let asked = self.latest(until, &asked).filter(|_| cause == Some(&ChangeCause::UncleanAsked))?;
        Some(because(asked, OfProcess::UncleanElectionAsked))
    }
}

/// How a decision brought a broker into the ISR.
fn entry(broker: BrokerId, isr: &[BrokerId], (cause, chosen): (Option<&ChangeCause>, Option<Chosen>)) -> OfReplica {
    let isr = isr.to_vec();
    match (cause, chosen) {
        (_, Some(chosen @ (Chosen::Eligible | Chosen::LastKnown | Chosen::OutOfSync))) => {
            OfReplica::ElectedIntoIsr { broker, isr, chosen }
        }
        (Some(ChangeCause::LeaderAsked(_)), _) => OfReplica::JoinedIsr { broker, isr },
        (_, Some(Chosen::InSync) | None) => OfReplica::TakenIn { broker, isr },
    }
}
