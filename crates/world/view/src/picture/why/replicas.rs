//! Questions about one replica: who leads its partition, who is in its ISR and its ELR, and what the high watermark
//! waits for (semantics 6.2, KIP-966).

use base::{BrokerId, ProcessId, TopicPartition};
use broker::Partition;
use lab::Happening;
use metadata::PartitionRegistration;
use port::{Fact, KafkaFact};
use sim::Liveness;

use super::answered;
use super::inquiry::{Inquiry, because};
use crate::why::{OfReplica, Question, Return, Step, Why};

/// A partition as the newest image has it.
pub(super) struct Known<'a> {
    pub name: TopicPartition,
    pub registration: &'a PartitionRegistration,
    /// The running broker that leads it.
    pub leader: Option<(ProcessId, &'a Partition)>,
}

impl<'a> Inquiry<'a> {
    /// `None`: nobody who counts knows the partition any more.
    pub(super) fn known(&self, name: &TopicPartition) -> Option<Known<'a>> {
        let id = self.cluster.id_of(name)?;
        let registration = self.cluster.registration(id)?;
        let leader = self.cluster.leader(id).map(|(slot, partition)| (slot.id, partition));
        Some(Known { name: name.clone(), registration, leader })
    }

    /// A leader is asked about all its followers, a follower about itself.
    pub(super) fn of_replica(&self, process: ProcessId, name: &TopicPartition) -> Vec<Why> {
        // Deleted meanwhile.
        let Some(known) = self.known(name) else { return Vec::new() };
        // It is another cluster's.
        let Some((own, _)) = self.cluster.brokers().find(|(_, slot)| slot.id == process) else { return Vec::new() };
        let registration = known.registration;
        let leads = registration.leader == Some(own);
        let concerns = |broker: &&BrokerId| leads || **broker == own;
        let out = registration.replicas.iter().filter(|broker| !registration.isr.contains(broker));
        let mut whys: Vec<Why> = self.leaderless(&known).into_iter().collect();
        whys.extend(leads.then(|| self.mark_stands(&known)).flatten());
        whys.extend(out.filter(concerns).map(|broker| self.not_in_isr(&known, *broker)));
        whys.extend(registration.elr.iter().filter(concerns).filter_map(|broker| self.eligible(&known, *broker)));
        whys.extend(registration.isr.iter().filter(concerns).filter_map(|broker| self.rejoined(&known, *broker)));
        whys
    }

    /// The newest decision about a partition of which something is so, up to now.
    pub(super) fn decision(&self, name: &TopicPartition, wanted: &dyn Fn(&Fact) -> bool) -> Option<&'a Happening> {
        self.latest(self.now(), &|told| match &told.fact {
            Fact::Kafka(KafkaFact::PartitionChanged { partition, .. }) => partition == name && wanted(&told.fact),
            _of_something_else => false,
        })
    }

    /// Asked only where it is so.
    pub(super) fn leaderless(&self, known: &Known<'_>) -> Option<Why> {
        let registration = known.registration;
        if registration.leader.is_some() {
            return None;
        }
        let steps = self.lost_leader(known);
        Some(answered(Question::Leaderless(known.name.clone()), steps))
    }

    /// How a partition came to have no leader, and what it waits for.
    pub(super) fn lost_leader(&self, known: &Known<'_>) -> Vec<Step> {
        let registration = known.registration;
        let lost = self.decision(&known.name, &|fact| {
            matches!(fact, Fact::Kafka(KafkaFact::PartitionChanged { old_leader: Some(_), leader: None, .. }))
        });
        let mut steps = Vec::new();
        if let Some(lost) = lost
            && let Fact::Kafka(KafkaFact::PartitionChanged { old_leader: Some(old), isr, elr, .. }) = &lost.fact
        {
            let gone = self.cluster.place(*old);
            steps.extend(self.others_out(known, *old));
            steps.extend(gone.and_then(|gone| self.silence(gone, Some(lost.process), lost.at)));
            steps.push(because(lost, OfReplica::Leaderless { isr: isr.clone(), elr: elr.clone() }));
        }
        if lost.is_none() {
            // What is not told of internal topics is seen at those that it waits for.
            let eligible = registration.isr.iter().chain(&registration.elr).chain(&registration.last_known_elr);
            let places = eligible.filter_map(|broker| self.cluster.place(*broker));
            steps.extend(places.filter_map(|place| self.silence(place, None, self.now())).next());
        }
        steps.push(self.now_so(self.may_lead(known)));
        steps
    }

    /// Who may lead a partition that has no leader (KIP-966).
    fn may_lead(&self, known: &Known<'_>) -> OfReplica {
        let registration = known.registration;
        if self.is_unclean_allowed(&known.name.topic) {
            return OfReplica::AnybodyMayLead;
        }
        // Who died in between may have lost what it had not flushed; the controller drops it as it registers again.
        let sound = registration.elr.iter().filter(|broker| !self.has_died(**broker));
        let mut brokers: Vec<BrokerId> = registration.isr.iter().chain(sound).copied().collect();
        base::sort(&mut brokers);
        match (brokers.is_empty(), registration.last_known_elr.as_slice()) {
            (false, _) => OfReplica::WaitsFor { brokers },
            (true, [leader]) => OfReplica::WaitsForLast { leader: *leader },
            (true, _) => OfReplica::OnlyUncleanly,
        }
    }

    /// It was killed or lost its power: as it registers anew it is no more eligible.
    fn has_died(&self, broker: BrokerId) -> bool {
        let slot = self.cluster.slot(broker);
        slot.is_none_or(|slot| matches!(slot.liveness, Liveness::Killed | Liveness::PoweredOff))
    }

    /// The last of the others that had left the ISR before.
    fn others_out(&self, known: &Known<'_>, leader: BrokerId) -> Option<Step> {
        let out = known.registration.replicas.iter().filter(|broker| **broker != leader);
        let exits = out.filter_map(|broker| self.exit(known, *broker));
        let last = exits.max_by_key(|(fact, _)| fact.at);
        last.map(|(fact, clause)| because(fact, clause))
    }

    /// Why the high watermark does not follow the end of the log.
    fn mark_stands(&self, known: &Known<'_>) -> Option<Why> {
        let (_, partition) = known.leader?;
        let mark = partition.high_watermark();
        let steps = if partition.log_end() > mark { self.mark_waits(known) } else { Vec::new() };
        (!steps.is_empty()).then(|| answered(Question::MarkStands(known.name.clone(), mark), steps))
    }

    /// What the high watermark waits for, where it is behind the end of the log.
    pub(super) fn mark_waits(&self, known: &Known<'_>) -> Vec<Step> {
        // Nobody leads, so nobody waits.
        let Some((place, partition)) = known.leader else { return Vec::new() };
        // It has not heard that it leads.
        let Some(leader) = partition.leader() else { return Vec::new() };
        let mut steps = self.ack_waits(place, partition);
        if leader.is_under_min_isr() {
            steps.extend(self.last_exit(known));
            let (members, min) = (leader.isr().len() as u32, leader.effective_min_isr());
            steps.push(self.now_so(OfReplica::MarkUnderMin { members, min }));
        }
        steps
    }

    /// A silent member of the ISR that the leader waits for, and why it is silent.
    pub(super) fn ack_waits(&self, place: ProcessId, partition: &Partition) -> Vec<Step> {
        // It has not heard that it leads.
        let Some(leader) = partition.leader() else { return Vec::new() };
        let behind = |member: &&BrokerId| leader.follower(**member).is_some_and(|it| it.log_end < partition.log_end());
        for member in leader.isr().iter().filter(behind) {
            let silence = self.cluster.place(*member).and_then(|it| self.silence(it, Some(place), self.now()));
            if let Some(silence) = silence {
                return vec![silence, self.now_so(OfReplica::MarkWaitsFor { broker: *member })];
            }
        }
        Vec::new()
    }

    /// The newest departure from the ISR among those that are out.
    pub(super) fn last_exit(&self, known: &Known<'_>) -> Option<Step> {
        let out = known.registration.replicas.iter().filter(|broker| !known.registration.isr.contains(broker));
        let last = out.filter_map(|broker| self.exit(known, *broker)).max_by_key(|(fact, _)| fact.at);
        last.map(|(fact, clause)| because(fact, clause))
    }

    /// Out of the ISR and still known to hold everything committed (KIP-966).
    fn eligible(&self, known: &Known<'_>, broker: BrokerId) -> Option<Why> {
        let mut became = None;
        for told in self.told.iter().rev() {
            let Fact::Kafka(KafkaFact::PartitionChanged { partition, elr, .. }) = &told.fact else { continue };
            if *partition != known.name {
                continue;
            }
            if !elr.contains(&broker) {
                break;
            }
            became = Some(told);
        }
        let became = became?;
        let min = self.min_isr(&known.name.topic, known.registration.replicas.len());
        let silence = self.cluster.place(broker).and_then(|it| self.silence(it, Some(became.process), became.at));
        let mut steps: Vec<Step> = silence.into_iter().collect();
        steps.extend(self.exit(known, broker).map(|(fact, clause)| because(fact, clause)));
        steps.push(because(became, OfReplica::BecameEligible { broker, min }));
        let how = match (self.has_died(broker), known.registration.leader) {
            (true, _) => Return::LosesPlace,
            (false, None) => Return::Leads,
            (false, Some(_)) => Return::CatchesUp,
        };
        steps.push(self.now_so(OfReplica::Returns { broker, how }));
        Some(answered(Question::Eligible(broker, known.name.clone()), steps))
    }
}
