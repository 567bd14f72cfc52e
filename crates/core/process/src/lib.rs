//! What one machine runs: a Kafka node (controller, broker or both) or a client, as one state
//! machine. This crate routes events to roles and hands committed metadata from the quorum to the
//! controller and the broker; it decides nothing about Kafka itself.

mod node;

pub use node::Node;

use base::Time;
use client::{Admin, Consumer, Producer};
use port::{Cx, Event, ProcessConfig};

/// A process by protocol family. Kafka is the only family so far.
#[derive(Clone, Debug, Hash)]
pub enum Process {
    Kafka(KafkaProcess),
}

#[derive(Clone, Debug, Hash)]
pub enum KafkaProcess {
    Node(Box<Node>),
    Producer(Box<Producer>),
    Consumer(Box<Consumer>),
    Admin(Box<Admin>),
}

impl Process {
    /// Starts the process; it reads its disk through `cx.store`.
    pub fn boot(config: &ProcessConfig, cx: &mut Cx<'_>) -> Process {
        Process::Kafka(match config {
            ProcessConfig::Node(setup) => KafkaProcess::Node(Box::new(Node::boot(setup, cx))),
            ProcessConfig::Producer(client, setup) => {
                KafkaProcess::Producer(Box::new(Producer::boot(client.clone(), setup.clone(), cx)))
            }
            ProcessConfig::Consumer(client, setup) => {
                KafkaProcess::Consumer(Box::new(Consumer::boot(client.clone(), setup.clone(), cx)))
            }
            ProcessConfig::Admin(client, setup) => {
                KafkaProcess::Admin(Box::new(Admin::boot(client.clone(), setup.clone(), cx)))
            }
        })
    }

    /// The same place ran `former` before: what only watchers tell apart by number goes on from there.
    pub fn count_on_from(&mut self, former: &Process) {
        if let Process::Kafka(KafkaProcess::Producer(producer)) = self
            && let Some(former) = former.producer()
        {
            producer.count_on_from(former);
        }
    }

    /// Something happened. Cannot fail: bad input gets a reply with an error code.
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        match self {
            Process::Kafka(KafkaProcess::Node(node)) => node.on_event(cx, event),
            Process::Kafka(KafkaProcess::Producer(producer)) => producer.on_event(cx, event),
            Process::Kafka(KafkaProcess::Consumer(consumer)) => consumer.on_event(cx, event),
            Process::Kafka(KafkaProcess::Admin(admin)) => admin.on_event(cx, event),
        }
        // Tests and random faults are built with assertions; the page and the bench are not.
        if cfg!(debug_assertions) {
            self.verify(cx.now);
        }
    }

    /// Checks what always holds between two events, within this process. It costs as much as what is under way, and
    /// of what there may be thousands of it looks at some, at others each time.
    ///
    /// # Panics
    /// When it does not hold: a bug of ours, whatever peers may have done.
    pub fn verify(&self, now: Time) {
        match self {
            Process::Kafka(KafkaProcess::Node(node)) => node.verify(now),
            Process::Kafka(KafkaProcess::Producer(producer)) => producer.verify(),
            Process::Kafka(KafkaProcess::Consumer(consumer)) => consumer.verify(),
            Process::Kafka(KafkaProcess::Admin(admin)) => admin.verify(),
        }
    }

    /// When `Event::DeadlineReached` is wanted next.
    pub fn next_deadline(&self) -> Option<Time> {
        match self {
            Process::Kafka(KafkaProcess::Node(node)) => node.next_deadline(),
            Process::Kafka(KafkaProcess::Producer(producer)) => producer.next_deadline(),
            Process::Kafka(KafkaProcess::Consumer(consumer)) => consumer.next_deadline(),
            Process::Kafka(KafkaProcess::Admin(admin)) => admin.next_deadline(),
        }
    }

    pub fn node(&self) -> Option<&Node> {
        match self {
            Process::Kafka(KafkaProcess::Node(node)) => Some(node),
            Process::Kafka(KafkaProcess::Producer(_) | KafkaProcess::Consumer(_) | KafkaProcess::Admin(_)) => None,
        }
    }

    pub fn producer(&self) -> Option<&Producer> {
        match self {
            Process::Kafka(KafkaProcess::Producer(producer)) => Some(producer),
            Process::Kafka(KafkaProcess::Node(_) | KafkaProcess::Consumer(_) | KafkaProcess::Admin(_)) => None,
        }
    }

    pub fn consumer(&self) -> Option<&Consumer> {
        match self {
            Process::Kafka(KafkaProcess::Consumer(consumer)) => Some(consumer),
            Process::Kafka(KafkaProcess::Node(_) | KafkaProcess::Producer(_) | KafkaProcess::Admin(_)) => None,
        }
    }
}
