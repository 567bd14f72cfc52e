//! What console clients are called. Kafka's tool draws a group for whoever names none, and two clients of one name are no
//! matter to it; here a client's name is its place on the stage, and two runs of the same acts are the same.

use super::console::{CONSUMER_NAME, add_producer};
use super::{Groups, Run};
use base::{FlatMap, Str, Time};
use config::application::MOST;
use port::{KafkaSetup, ProcessConfig};
use sim::{Command, KafkaCommand, World};

/// A name that somebody may have already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    Client(&'a str),
    /// A group that a client is in, or will be when it runs.
    Group(&'a str),
    /// A client of that name, unless it is a producer of that cluster with those settings: one that closes by itself is started
    /// again only when it has.
    Other {
        name: &'a str,
        cluster: Option<&'a str>,
        settings: &'a FlatMap<Str, Str>,
    },
}

impl Known<'_> {
    /// Is there one in a world?
    pub fn is_in(self, world: &World) -> bool {
        match self {
            Known::Client(name) => world.find(name).is_some(),
            Known::Group(name) => world.slots().any(|slot| match &slot.config {
                ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => *setup.group == *name,
                _other => false,
            }),
            Known::Other { name, cluster, settings } => world.find(name).is_some_and(|slot| {
                let own = world.cluster(slot.cluster).and_then(|cluster| cluster.command_name());
                let is_same = match &slot.config {
                    ProcessConfig::Kafka(KafkaSetup::Producer(client, _)) => client.overrides == *settings,
                    _other => false,
                };
                let is_busy = settings.contains_key(MOST) && slot.liveness.is_up();
                !is_same || is_busy || own.as_deref() != cluster
            }),
        }
    }
}

/// As many as the numbers that Kafka draws from.
const DRAWN: u64 = 100_000;

impl Run {
    /// A console consumer gets a group of its own where its line names none, by the instant at which it is started and the
    /// groups that there are, and whoever comes second another name.
    pub fn name_at(&mut self, now: Time, is_taken: impl Fn(Known<'_>) -> bool) {
        if let Command::Kafka(_, KafkaCommand::AddConsumer { group, .. }) = &mut self.command
            && self.groups == Groups::OfItsOwn
        {
            let first = now.0 / 1_000;
            let mut drawn = (0..DRAWN).map(|more| format!("{CONSUMER_NAME}-{}", (first + more) % DRAWN));
            *group = drawn.find(|group| !is_taken(Known::Group(group))).unwrap_or_default().into();
        }
        self.name_apart(|name| is_taken(Known::Client(name)));
        self.sender_apart(is_taken);
    }

    /// A console producer with other settings than an earlier one's is another client.
    fn sender_apart(&mut self, is_taken: impl Fn(Known<'_>) -> bool) {
        let (Some(input), Command::Kafka(cluster, command)) = (&mut self.input, &mut self.command) else { return };
        let (cluster, settings) = (cluster.as_deref(), &input.settings);
        let is_free = |name: &str| !is_taken(Known::Other { name, cluster, settings });
        let first = &input.reader.producer;
        if is_free(first) {
            return;
        }
        let name = (2..).map(|number| format!("{first}-{number}")).find(|name| is_free(name)).unwrap_or_default();
        input.reader.producer = name.as_str().into();
        if let KafkaCommand::Send { producer, .. } | KafkaCommand::AddProducer { name: producer, .. } = command {
            *producer = name.into();
        }
    }

    /// A line that names no cluster is for that one, with all that comes through its pipe.
    pub fn send_to(&mut self, cluster: Option<Str>) {
        if let (Some(input), Command::Kafka(own @ None, _)) = (&mut self.input, &mut self.command) {
            own.clone_from(&cluster);
            input.reader.cluster = cluster;
        }
    }

    /// A second producer that is measured has another name as well.
    fn name_apart(&mut self, is_taken: impl Fn(&str) -> bool) {
        let is_measured = self.perf.is_some();
        let name = match &mut self.command {
            Command::Kafka(_, KafkaCommand::AddConsumer { name, .. }) => name,
            Command::Kafka(_, KafkaCommand::AddProducer { name, .. }) if is_measured => name,
            _other => return,
        };
        if is_taken(name) {
            let free = (2..).map(|number| format!("{name}-{number}")).find(|name| !is_taken(name));
            *name = free.unwrap_or_default().into();
        }
    }

    /// The client that sends what a console producer is given: by its name, and what makes it.
    pub fn producer(&self) -> Option<(&Str, Command)> {
        let Command::Kafka(cluster, KafkaCommand::Send { producer, topic: Some(topic), .. }) = &self.command else {
            return None;
        };
        let settings = self.input.as_ref().map(|input| input.settings.clone()).unwrap_or_default();
        let add = Command::Kafka(cluster.clone(), add_producer(producer.clone(), topic.clone(), settings));
        Some((producer, add))
    }
}
