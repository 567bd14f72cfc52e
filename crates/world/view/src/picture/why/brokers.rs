//! Brokers and the controllers that count their heartbeats (semantics 7.6).

use base::{BrokerId, ProcessId, Time};
use lab::Happening;
use metadata::BrokerRegistration;
use port::{Fact, FenceReason, KafkaFact, WorldFact};
use sim::{Liveness, Slot};

use super::answered;
use super::cluster;
use super::inquiry::{Inquiry, because};
use crate::picture::story::is_new_session;
use crate::why::{OfBroker, OfProcess, Question, Step, Why};

impl Inquiry<'_> {
    /// Why a broker is fenced, or why one that is silent is not.
    pub(super) fn of_broker(&self, id: BrokerId) -> Option<Why> {
        match self.cluster.image().and_then(|image| image.broker(id)) {
            Some(registration) if !registration.fenced => {
                self.not_yet(id).or_else(|| self.not_serving(id, registration))
            }
            registration => {
                let mut steps = self.fencing(id, self.now());
                steps.extend(self.not_let_in(id, registration));
                Some(answered(Question::Fenced(id), steps))
            }
        }
    }

    /// How it came that a broker was fenced last, up to an instant.
    pub(super) fn fencing(&self, id: BrokerId, until: Time) -> Vec<Step> {
        let of_it = |told: &Happening| matches!(&told.fact, Fact::Kafka(KafkaFact::BrokerFenced { broker, .. }) if *broker == id);
        // It was never fenced, as far as is told.
        let (Some(fact), Some(place)) = (self.latest(until, &of_it), self.cluster.place(id)) else { return Vec::new() };
        let Fact::Kafka(KafkaFact::BrokerFenced { reason, last_contact, .. }) = &fact.fact else { return Vec::new() };
        let controller = self.name(fact.process);
        let mut steps = Vec::new();
        match reason {
            FenceReason::SessionExpired => {
                steps.extend(self.silence(place, Some(fact.process), fact.at));
                if let Some(contact) = *last_contact {
                    let timeout = self.session_timeout();
                    let heard = Step { at: contact, ..because(fact, self.contact(fact.process, id, contact)) };
                    // The controller looks a little later than the session ends; both are told, with their own
                    // instants.
                    let over = Step { at: contact + timeout, ..because(fact, OfBroker::SessionOver { timeout }) };
                    steps.extend([heard, over]);
                }
                steps.push(because(fact, OfBroker::Fenced { controller, broker: id }));
            }
            FenceReason::Requested | FenceReason::Restarted => {
                let first = match reason {
                    FenceReason::Restarted => self.back(place, fact.at),
                    FenceReason::Requested | FenceReason::SessionExpired => self.asked_to_stop(place, fact.at),
                };
                steps.extend(first);
                steps.push(because(fact, OfBroker::FencedAsAsked { controller, broker: id }));
                steps.extend(self.silence(place, None, until).filter(|step| step.at >= fact.at));
            }
        }
        steps
    }

    /// The controller's last word of a broker: a heartbeat, or the new session that it gave to all as it took charge.
    fn contact(&self, controller: ProcessId, broker: BrokerId, at: Time) -> OfBroker {
        let took_charge = self.latest(at, &|told| {
            told.process == controller && matches!(told.fact, Fact::Kafka(KafkaFact::BecameActiveController { .. }))
        });
        let controller = self.name(controller);
        match is_new_session(took_charge, Some(at)) {
            true => OfBroker::SessionGranted { controller, broker },
            false => OfBroker::LastHeard { controller, broker },
        }
    }

    /// The request of this life: one of an earlier life explains nothing.
    fn asked_to_stop(&self, place: ProcessId, until: Time) -> Option<Step> {
        let asked = self.latest(until, &|told| {
            told.process == place
                && matches!(told.fact, Fact::World(WorldFact::StopRequested | WorldFact::ProcessStarted))
        })?;
        let clause = OfProcess::AskedToStop { name: self.name(place) };
        matches!(asked.fact, Fact::World(WorldFact::StopRequested)).then(|| because(asked, clause))
    }

    /// What a fenced broker still waits for, if it is there at all.
    pub(super) fn not_let_in(&self, id: BrokerId, registration: Option<&BrokerRegistration>) -> Vec<Step> {
        // It is not in this world.
        let Some(slot) = self.cluster.slot(id) else { return Vec::new() };
        if slot.liveness != Liveness::Running {
            return self.silence(slot.id, None, self.now()).into_iter().collect();
        }
        let mut steps: Vec<Step> = self.back(slot.id, self.now()).into_iter().collect();
        let Some((_, active)) = self.cluster.active() else {
            steps.push(self.now_so(OfBroker::NobodyInCharge));
            return steps;
        };
        let Some(broker) = cluster::broker(slot) else { return steps };
        let applied = broker.image().last_applied();
        let known = registration.filter(|known| known.epoch == broker.lifecycle().broker_epoch());
        steps.extend(self.cut(slot.id, active.id, self.now()));
        match known {
            Some(known) if applied < known.registered_at => {
                let needs = known.registered_at;
                steps.push(self.now_so(OfBroker::ReadsMetadata { broker: id, at: applied, needs }));
            }
            // It has asked, or asks with its next heartbeat.
            Some(_) => {}
            None => steps.push(self.now_so(self.unregistered(id, active))),
        }
        steps
    }

    /// Its registration is not through: the old session stands in its way, or it is under way.
    fn unregistered(&self, broker: BrokerId, active: &Slot) -> OfBroker {
        let sessions = cluster::node(active).and_then(|node| Some(node.controller()?.active()?.sessions()));
        match sessions.and_then(|sessions| sessions.deadline(broker)).filter(|until| *until >= self.now()) {
            Some(until) => OfBroker::OldSession { controller: self.name(active.id), broker, until },
            None => OfBroker::NotRegistered { broker },
        }
    }

    /// It started anew while it still counts as let in.
    fn not_serving(&self, id: BrokerId, registration: &BrokerRegistration) -> Option<Why> {
        let broker = self.cluster.slot(id).and_then(cluster::broker)?;
        let anew = broker.lifecycle().broker_epoch() != registration.epoch;
        anew.then(|| answered(Question::NotServing(id), self.not_let_in(id, Some(registration))))
    }

    /// A broker that is silent and that the controllers still count on.
    fn not_yet(&self, id: BrokerId) -> Option<Why> {
        let slot = self.cluster.slot(id)?;
        let active = self.cluster.active();
        let silence = self.silence(slot.id, active.map(|(_, slot)| slot.id), self.now())?;
        let mut steps = vec![silence];
        match active.and_then(|(_, slot)| Some((slot, cluster::node(slot)?.controller()?))) {
            Some((controller, state)) => {
                let session = state.active().and_then(|active| active.sessions().session(id));
                if let Some(session) = session {
                    let contact = session.last_contact;
                    let heard = self.now_so(self.contact(controller.id, id, contact));
                    steps.push(Step { at: contact, ..heard });
                    let timeout = state.settings().controller.session_timeout;
                    let (until, controller) = (contact + timeout, self.name(controller.id));
                    steps.push(self.now_so(OfBroker::SessionRuns { controller, until, timeout }));
                }
            }
            None => steps.push(self.now_so(OfBroker::NobodyInCharge)),
        }
        Some(answered(Question::NotYetFenced(id), steps))
    }
}
