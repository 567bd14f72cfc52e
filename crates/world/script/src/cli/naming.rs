//! What console clients are called. Kafka's tool draws a group for whoever names none, and two clients of one name are no
//! matter to it; here a client's name is its place on the stage, and two runs of the same acts are the same.

use super::Run;
use super::console::{CONSUMER_NAME, console_producer};
use base::{Str, Time};
use sim::{Command, KafkaCommand};

impl Run {
    /// A console consumer gets a group of its own where its line names none, by the instant at which it is started, and
    /// whoever comes second another name.
    pub fn name_at(&mut self, now: Time, is_taken: impl Fn(&str) -> bool) {
        let Command::Kafka(_, KafkaCommand::AddConsumer { name, group, .. }) = &mut self.command else { return };
        if **group == *CONSUMER_NAME {
            // As many digits as Kafka draws.
            let drawn = now.0 / 1_000 % 100_000;
            *group = format!("{CONSUMER_NAME}-{drawn}").into();
        }
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
        let add = match console_producer(producer, topic) {
            Command::Kafka(_, add) => Command::Kafka(cluster.clone(), add),
            other => other,
        };
        Some((producer, add))
    }
}
