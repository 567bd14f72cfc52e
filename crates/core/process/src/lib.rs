//! What one machine runs: a Kafka node (controller, broker or both) or a client, as one state
//! machine. This crate routes events to roles and hands committed metadata from the quorum to the
//! controller and the broker; it decides nothing about Kafka itself.

mod node;

pub use node::Node;

use api::Message;
use base::Time;
use client::{Admin, Consumer, Producer};
use port::{CloseReason, Cx, Event, KafkaSetup, OtherProcess, ProcessConfig};
use std::hash::{Hash, Hasher};

/// A process by protocol family.
#[derive(Clone, Debug)]
pub enum Process {
    Kafka(KafkaProcess),
    Other(Box<dyn OtherProcess>),
}

/// Which family it is counts only where there are several, so that runs of Kafka alone keep their digests.
impl Hash for Process {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Process::Kafka(process) => process.hash(state),
            Process::Other(process) => process.hash(state),
        }
    }
}

/// A process of Kafka's. Boxed, because a world copies its places whenever one of them changes.
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
        match config {
            ProcessConfig::Kafka(setup) => Process::Kafka(KafkaProcess::boot(setup, cx)),
            ProcessConfig::Other(setup) => Process::Other((setup.family.boot)(setup, cx)),
        }
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
    #[inline]
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        match self {
            Process::Kafka(process) => process.on_event(cx, event),
            Process::Other(process) => process.on_event(cx, event),
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
            Process::Kafka(process) => process.verify(now),
            Process::Other(_) => {}
        }
    }

    /// When `Event::DeadlineReached` is wanted next.
    pub fn next_deadline(&self) -> Option<Time> {
        match self {
            Process::Kafka(process) => process.next_deadline(),
            Process::Other(process) => process.next_deadline(),
        }
    }

    /// The node, if it is one.
    pub fn node(&self) -> Option<&Node> {
        match self {
            Process::Kafka(KafkaProcess::Node(node)) => Some(node),
            Process::Kafka(KafkaProcess::Producer(_) | KafkaProcess::Consumer(_) | KafkaProcess::Admin(_))
            | Process::Other(_) => None,
        }
    }

    /// The producer, if it is one.
    pub fn producer(&self) -> Option<&Producer> {
        match self {
            Process::Kafka(KafkaProcess::Producer(producer)) => Some(producer),
            Process::Kafka(KafkaProcess::Node(_) | KafkaProcess::Consumer(_) | KafkaProcess::Admin(_))
            | Process::Other(_) => None,
        }
    }

    /// The admin client, if it is one.
    pub fn admin(&self) -> Option<&Admin> {
        match self {
            Process::Kafka(KafkaProcess::Admin(admin)) => Some(admin),
            Process::Kafka(KafkaProcess::Node(_) | KafkaProcess::Producer(_) | KafkaProcess::Consumer(_))
            | Process::Other(_) => None,
        }
    }

    /// The consumer, if it is one.
    pub fn consumer(&self) -> Option<&Consumer> {
        match self {
            Process::Kafka(KafkaProcess::Consumer(consumer)) => Some(consumer),
            Process::Kafka(KafkaProcess::Node(_) | KafkaProcess::Producer(_) | KafkaProcess::Admin(_))
            | Process::Other(_) => None,
        }
    }
}

impl KafkaProcess {
    /// What its disk holds from an earlier life is all that it knows.
    fn boot(setup: &KafkaSetup, cx: &mut Cx<'_>) -> KafkaProcess {
        match setup {
            KafkaSetup::Node(setup) => KafkaProcess::Node(Box::new(Node::boot(setup, cx))),
            KafkaSetup::Producer(client, setup) => {
                KafkaProcess::Producer(Box::new(Producer::boot(client.clone(), setup.clone(), cx)))
            }
            KafkaSetup::Consumer(client, setup) => {
                KafkaProcess::Consumer(Box::new(Consumer::boot(client.clone(), setup.clone(), cx)))
            }
            KafkaSetup::Admin(client, setup) => {
                KafkaProcess::Admin(Box::new(Admin::boot(client.clone(), setup.clone(), cx)))
            }
        }
    }

    #[inline]
    fn on_event(&mut self, cx: &mut Cx<'_>, mut event: Event) {
        // Behind this line there are only Kafka's messages, and whatever is not is a bug.
        at_the_door(cx, &mut event);
        match self {
            KafkaProcess::Node(node) => node.on_event(cx, event),
            KafkaProcess::Producer(producer) => producer.on_event(cx, event),
            KafkaProcess::Consumer(consumer) => consumer.on_event(cx, event),
            KafkaProcess::Admin(admin) => admin.on_event(cx, event),
        }
    }

    fn verify(&self, now: Time) {
        match self {
            KafkaProcess::Node(node) => node.verify(now),
            KafkaProcess::Producer(producer) => producer.verify(),
            KafkaProcess::Consumer(consumer) => consumer.verify(),
            KafkaProcess::Admin(admin) => admin.verify(),
        }
    }

    /// The earliest of all that the process waits for.
    fn next_deadline(&self) -> Option<Time> {
        match self {
            KafkaProcess::Node(node) => node.next_deadline(),
            KafkaProcess::Producer(producer) => producer.next_deadline(),
            KafkaProcess::Consumer(consumer) => consumer.next_deadline(),
            KafkaProcess::Admin(admin) => admin.next_deadline(),
        }
    }
}

/// Only Kafka's messages come into Kafka's rooms. What is none ends its connection, as bytes do that make no request
/// (`SocketServer.Processor`) or no answer (`NetworkClient`); to the role it is as if the peer had closed it.
fn at_the_door(cx: &mut Cx<'_>, event: &mut Event) {
    if let Event::Received(connection, owner, message) = event
        && let Message::Other(_) = **message
    {
        let (connection, owner) = (*connection, *owner);
        cx.close(connection);
        *event = Event::Closed(connection, owner, CloseReason::ByPeer);
    }
}
