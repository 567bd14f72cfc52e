//! The English of the report.

use super::lacking;
use crate::text::Language;
use import::{Answer, Assumed, Why};

fn lines(count: u32) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

pub(super) fn sum(understood: u32, kept: u32) -> String {
    match kept {
        0 => format!("{} understood, nothing left over", lines(understood)),
        kept => format!("{} understood, {kept} not understood and kept", lines(understood)),
    }
}

pub(super) fn why(why: &Why) -> String {
    match why {
        Why::NotUnderstood => "not understood, kept".to_owned(),
        Why::UnknownSetting => "Kafka 4.3 has no such setting; kept".to_owned(),
        Why::Refused(words) => format!("Kafka refuses it: {words}"),
        Why::NotModelled(lack) => lacking(lack, Language::English),
        Why::Syntax(words) => format!("nothing is read from here on: {words}"),
        Why::BadNumbers => "numbers are whole, from 0 on, each once in a list, and fit together; kept".to_owned(),
        Why::TooMuch(what) => format!("there are more {what} than can be taken"),
        Why::NoNode => "no Kafka node; kept".to_owned(),
        Why::ZooKeeper => "Kafka 4 has no ZooKeeper; kept".to_owned(),
    }
}

/// On a button: what is said instead.
pub(super) fn instead(answer: &Answer) -> String {
    match answer {
        Answer::Controllers(1) => "1 controller".to_owned(),
        Answer::Controllers(count) => format!("{count} controllers"),
        Answer::Brokers(1) => "1 broker".to_owned(),
        Answer::Brokers(count) => format!("{count} brokers"),
        Answer::Up(_) => "It is up".to_owned(),
        Answer::AtWork(_) => "They read on".to_owned(),
    }
}

pub(super) fn assumed(assumed: &Assumed) -> String {
    match assumed {
        Assumed::Answered(answer) => match answer {
            Answer::Controllers(count) => format!("Separate controllers: {count}, as you say."),
            Answer::Brokers(count) => format!("Brokers: {count}, as you say."),
            Answer::Up(id) => format!("Broker {id} is up, as you say."),
            Answer::AtWork(group) => format!("{group} reads on, as you say."),
        },
        Assumed::Controllers(count) => format!("{count} separate controllers: the text names none."),
        Assumed::AlsoBroker(id) => {
            format!("Node {id} is broker and controller: it holds copies, though a file says otherwise.")
        }
        Assumed::Brokers(count) => format!("Brokers 1 to {count}: the text names none."),
        Assumed::Down(id) => format!("Broker {id} is down: it is a replica and nowhere in sync."),
        Assumed::Away(id) => format!("Broker {id} was down when others were lost, and is up again."),
        Assumed::Cut { leader, follower } => {
            format!("Brokers {leader} and {follower} do not hear each other: {follower} is up and lacks a record.")
        }
        Assumed::InSync(topic) => format!("All copies of {topic} are in sync: the text only says where they are."),
        Assumed::Placed(topic) => format!("The controller places {topic}: the text only counts."),
        Assumed::TopicOf { topic, partitions } => {
            format!("{topic} has {partitions} partitions: only a group speaks of it.")
        }
        Assumed::Slow(group) => format!("Members of {group} work an hour on each record, so that the lag stays."),
        Assumed::Shifted { topic, partition, from, to } => {
            format!("{topic}-{partition} ends at {to} instead of {from}: a log that long is not written out.")
        }
        Assumed::Shortened { topic, partition, from, to } => {
            format!("The lag at {topic}-{partition} is {to} instead of {from}.")
        }
        Assumed::OffsetsFactor(count) => {
            format!("offsets.topic.replication.factor is {count}: there are too few brokers for 3.")
        }
        Assumed::NoElr => "No eligible leader replicas: the text has none, as before Kafka 4.1.".to_owned(),
        Assumed::Listener(id, name) => format!("Node {id} is reached by its listener {name} only."),
        Assumed::OneListener => {
            "Each broker has one listener: what the texts say of others does not hold for all brokers.".to_owned()
        }
        Assumed::PoolNumbers => "Nodes of pools are numbered from 0 on, in the order of the text.".to_owned(),
        Assumed::DrawnIds => "Ids of members, topics and the cluster are drawn anew.".to_owned(),
        Assumed::Renamed { from, to } => format!("The client {from} is called {to} here."),
        Assumed::Reassigned { topic, partition } => {
            format!("{topic}-{partition} was being reassigned: its copies stand as listed, and nothing moves.")
        }
        Assumed::NotTheProposed => "Of the two assignments the current one stands, not the proposed one.".to_owned(),
        Assumed::Unset { name, default } if default.is_empty() => {
            format!("The variable {name} is empty: it is not set here.")
        }
        Assumed::Unset { name, default } => format!("The variable {name} has its default: {default}."),
    }
}
