//! Answers to "why": about the selected thing, from facts that were told and from what processes know at this instant.
//! What nobody reported and no process knows is not said.

mod brokers;
mod consumers;
mod groups;
mod inquiry;
mod isr;
mod producers;
mod programs;
mod replicas;
mod sends;

use base::{ProcessId, Time};
use port::{KafkaSetup, ProcessConfig};

use super::Look;
use super::cluster::{self, Cluster};
use crate::text::Text;
use crate::why::{Clause, MOST_STEPS, OfBroker, OfReplica, Question, Step, Why};
use crate::{Thing, WhyStep, WhyView};
use inquiry::Inquiry;

/// Questions about one thing, at most.
const MOST: usize = 4;

/// What a glance at the selected thing raises, the gravest first, and its answers.
pub fn whys(look: &Look<'_>) -> Vec<Why> {
    let cluster = Cluster::of(look.cluster);
    look.selection.map_or_else(Vec::new, |thing| of_thing(look, &cluster, thing))
}

/// The same about any thing.
pub(super) fn of_thing(look: &Look<'_>, cluster: &Cluster<'_>, thing: &Thing) -> Vec<Why> {
    let inquiry = Inquiry { world: look.world, told: look.told, cluster, ledger: look.account.ledger };
    let mut whys = match thing {
        Thing::Process(process) => of_process(&inquiry, *process),
        Thing::Replica { process, partition } | Thing::Record { process, partition, .. } => {
            inquiry.of_replica(*process, partition)
        }
        Thing::Group(name) => inquiry.of_group(name),
        Thing::Topic(_) | Thing::Packet(_) => Vec::new(),
    };
    whys.retain(|why| !why.steps.is_empty());
    whys.truncate(MOST);
    whys
}

/// By what it is.
fn of_process(inquiry: &Inquiry<'_>, process: ProcessId) -> Vec<Why> {
    // What is asked about was another branch's.
    let Some(slot) = inquiry.world.slot(process) else { return Vec::new() };
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => match setup.roles.is_broker() {
            true => inquiry.of_broker(setup.node).into_iter().collect(),
            false => Vec::new(),
        },
        ProcessConfig::Kafka(KafkaSetup::Producer(..)) => inquiry.of_producer(slot),
        ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => {
            inquiry.of_consumer(slot).into_iter().chain(inquiry.of_program(slot)).collect()
        }
        ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => Vec::new(),
    }
}

/// A question with its steps in order of time; too many lose some from the middle.
fn answered(question: Question, steps: impl IntoIterator<Item = Step>) -> Why {
    let mut kept: Vec<Step> = Vec::new();
    for step in steps {
        if !kept.contains(&step) {
            kept.push(step);
        }
    }
    base::sort_by(&mut kept, |one, other| one.at.cmp(&other.at));
    while kept.len() > MOST_STEPS {
        let detail = kept.iter().position(|step| is_detail(&step.clause));
        kept.remove(detail.unwrap_or(1));
    }
    Why { question, steps: kept }
}

/// What can be missed first.
fn is_detail(clause: &Clause) -> bool {
    matches!(
        clause,
        Clause::Broker(OfBroker::LastHeard { .. } | OfBroker::SessionGranted { .. } | OfBroker::SessionOver { .. })
            | Clause::Replica(OfReplica::CaughtUpLast { .. })
    )
}

impl Why {
    /// In words, as a reader at `now` sees it.
    pub fn told(&self, now: Time, text: &Text) -> WhyView {
        let here = self.steps.iter().rposition(|step| step.at <= now);
        let step = |(index, step): (usize, &Step)| WhyStep {
            at: step.at,
            time_text: step.at.to_string(),
            sentence: (text.why.clause)(&step.clause),
            rests_on: step.rests_on,
            here: here == Some(index),
        };
        WhyView {
            question: (text.why.question)(&self.question),
            steps: self.steps.iter().enumerate().map(step).collect(),
        }
    }
}
