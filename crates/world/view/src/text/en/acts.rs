//! English: what the reader does, and taking it back.

use port::{Ask, ConsumerCall, CrashAt};
use sim::{Command, Election, KafkaCommand, OtherCommand, WorldCommand};

use super::plural;
use crate::text::{ActsText, span_of};

pub(super) const ACTS: ActsText = ActsText {
    done,
    undo: |act| format!("Undo: {act}"),
    redo: |act| format!("Redo: {act}"),
    undone: |act, at| format!("Undone: {act}, {at}"),
    redone: |act, at| format!("Done again: {act}, {at}"),
    ahead: |count| format!("{count} ahead"),
    ahead_title: "Still to come",
    ahead_note: "Clear a box and the act does not happen on this branch.",
    ahead_more: |count| format!("{count} more come later."),
    of_scene: "of the scene",
    waits_for_answer: |line, behind| format!("… waiting for the answer to {line}{}", waiting(behind)),
    waits_for_time: |line, behind| {
        format!("… waiting for the answer to {line}{}. Time stands still: press play.", waiting(behind))
    },
    waits_for_end: |behind| {
        format!("… waiting until the tool before has ended (Ctrl+C ends it): {}", plural(behind, "line", "lines"))
    },
    by_gesture: |at| format!("{at}, by hand"),
    waits_for_way: |behind| format!("… waiting until the clock is there: {}", plural(behind, "line", "lines")),
    too_many_lines: |most| format!("At most {most} lines can wait."),
    not_run: |count| format!("What they waited for was taken back: {} not run.", plural(count, "line", "lines")),
};

fn waiting(behind: usize) -> String {
    if behind == 0 { String::new() } else { format!(" ({} after it)", plural(behind, "line", "lines")) }
}

fn done(act: &Command, name: &dyn Fn(&str) -> String) -> String {
    match act {
        Command::World(act) => done_to_world(act, name),
        Command::Kafka(None, act) => done_to_kafka(act, name),
        Command::Kafka(Some(cluster), act) => format!("{} in {cluster}", done_to_kafka(act, name)),
        Command::Other(OtherCommand::Add { name: who, .. }) => format!("{} added", name(who)),
        Command::Other(OtherCommand::Ask { name: who, .. }) => format!("{} asked for something", name(who)),
    }
}

fn done_to_world(act: &WorldCommand, name: &dyn Fn(&str) -> String) -> String {
    match act {
        WorldCommand::Kill { name: who } => format!("{} killed", name(who)),
        WorldCommand::Stop { name: who } => format!("{} asked to stop", name(who)),
        WorldCommand::Start { name: who } => format!("{} started", name(who)),
        WorldCommand::Pause { name: who } => format!("{} hung", name(who)),
        WorldCommand::Resume { name: who } => format!("{} woken", name(who)),
        WorldCommand::PowerOff { name: who } => format!("Power of {} cut", name(who)),
        WorldCommand::Cut { a, b } => format!("Link {} – {} cut", name(a), name(b)),
        WorldCommand::CutOneWay { from, to } => format!("Link {} → {} cut", name(from), name(to)),
        WorldCommand::Delay { a, b, .. } => format!("Link {} – {} delayed", name(a), name(b)),
        WorldCommand::Stall { a, b, .. } => format!("Link {} – {} stalled", name(a), name(b)),
        WorldCommand::Reset { a, b } => format!("Connections {} – {} broken", name(a), name(b)),
        WorldCommand::Heal { a, b } => format!("Link {} – {} healed", name(a), name(b)),
        WorldCommand::Hold { from, to, api } => {
            format!("{api} messages {} → {} held", name(from), name(to))
        }
        WorldCommand::Lose { from, to, api, count } => {
            format!("{} {} → {} to be lost", super::lanes::next_messages((api, *count)), name(from), name(to))
        }
        WorldCommand::HealAll => "All links healed".to_owned(),
        WorldCommand::SlowStore { store, time: 0 } => format!("Store {store} takes rows at once"),
        WorldCommand::SlowStore { store, time } => format!("Store {store} takes {} a row", span_of(*time)),
        WorldCommand::FailStore { store } => format!("Store {store} out of order"),
        WorldCommand::HealStore { store } => format!("Store {store} in order again"),
    }
}

fn done_to_kafka(act: &KafkaCommand, name: &dyn Fn(&str) -> String) -> String {
    match act {
        KafkaCommand::CreateTopic { name: topic, .. } => format!("Topic {topic} asked for"),
        KafkaCommand::DeleteTopic { name: topic } => format!("Deletion of topic {topic} asked for"),
        KafkaCommand::AddPartitions { topic, total, .. } => {
            format!("{total} partitions for {topic} asked for")
        }
        KafkaCommand::AlterTopicConfig { topic, .. } => format!("Other settings for {topic} asked for"),
        KafkaCommand::ElectLeaders { election: Election::Preferred, .. } => "Preferred leaders asked for".to_owned(),
        KafkaCommand::ElectLeaders { election: Election::Unclean, .. } => "Unclean election asked for".to_owned(),
        KafkaCommand::AddBroker { node, .. } => format!("Broker {node} added"),
        KafkaCommand::AddProducer { name, .. } => format!("Producer {name} added"),
        KafkaCommand::AddConsumer { name, .. } => format!("Consumer {name} added"),
        KafkaCommand::Send { producer, .. } => format!("Message given to {producer}"),
        KafkaCommand::SetInterval { producer, interval: Some(_) } => {
            format!("Other pace for {producer}")
        }
        KafkaCommand::SetInterval { producer, interval: None } => format!("{producer} waits for you"),
        KafkaCommand::Read { topic, partition, .. } => {
            format!("Records of {topic}-{partition} asked for")
        }
        KafkaCommand::ListTopics => "List of topics asked for".to_owned(),
        KafkaCommand::Via { command, .. } => done_to_kafka(command, name),
        KafkaCommand::Ask(ask) => match &**ask {
            Ask::Read { partition, .. } => format!("Records of {partition} asked for"),
            ask => format!("{} called", ask.name()),
        },
        KafkaCommand::Call { name: who, call } => called(&name(who), call),
        KafkaCommand::Leave { name: who } => format!("{} asked to leave its group", name(who)),
    }
}

/// What a consumer's application is told.
fn called(name: &str, call: &ConsumerCall) -> String {
    match call {
        ConsumerCall::Seek { .. } => format!("{name} told to seek"),
        ConsumerCall::Pause(_) => format!("{name} told to pause partitions"),
        ConsumerCall::Resume(_) => format!("{name} told to resume partitions"),
        ConsumerCall::Commit { partition, offset } => format!("{name} told to commit {offset} of {partition}"),
        ConsumerCall::Work(_) => format!("Other work per record for {name}"),
        ConsumerCall::Crash(CrashAt::BeforeCommit) => format!("{name} to crash before its next commit"),
        ConsumerCall::Crash(CrashAt::AfterCommit) => format!("{name} to crash after its next commit"),
        ConsumerCall::Crash(CrashAt::FailedWrite) => format!("{name} to crash when a write fails"),
    }
}
