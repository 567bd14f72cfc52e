//! What an experiment may ask for, so that whatever can be done here can be handed on as a link and opened again: the
//! one table that acting, writing and reading go by. What a world may hold is `sim::Limits`.

use base::{Str, Time};
use sim::{ClusterPlan, Command, KafkaCommand};

/// No run lasts longer: a week.
pub const LONGEST_RUN: Time = Time(7 * 24 * 3_600_000_000_000);
/// Characters of a link: longer addresses are cut by browsers, servers and mail programs.
pub const CHARACTERS: usize = 64 << 10;
/// Bytes that a link may inflate to, and that its commands may take when all are spelt out.
pub const SPELLED: usize = 512 << 10;
/// Bytes of a text that a link holds: a lesson in both languages has six thousand.
pub const LINKED_TEXT: usize = 64 << 10;
/// Acts of one experiment.
pub const STEPS: usize = 20_000;
/// Bytes of one name, key or value.
pub const TEXT: usize = 16 << 10;
/// Keys, topics or partitions that one command may list.
pub const LISTED: usize = 5_000;
/// Settings that one command, or one setup, may make.
pub const SETTINGS: usize = 200;
/// Copies of one partition that a placement may name.
pub const COPIES: usize = 200;
/// Nodes of a setup.
pub const NODES: usize = 100;

/// Something is more than a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Beyond {
    /// Of what there is too much, as `text` names it.
    pub what: &'static str,
    pub limit: u64,
}

/// Does a command fit into a link at all?
///
/// # Errors
/// What there is too much of.
pub fn check(command: &Command) -> Result<(), Beyond> {
    let command = match command {
        Command::World(_) => return Ok(()),
        Command::Kafka(Some(cluster), _) if !ClusterPlan::is_name(cluster) => {
            return at_most("commands without a spelling", 1, 0);
        }
        Command::Kafka(_, command) => command,
        Command::Other(_) => return at_most("commands without a spelling", 1, 0),
    };
    check_of_kafka(command)
}

fn check_of_kafka(command: &KafkaCommand) -> Result<(), Beyond> {
    match command {
        KafkaCommand::CreateTopic { assignments, configs, .. } => {
            at_most("settings", configs.len(), SETTINGS)?;
            placement(assignments)
        }
        KafkaCommand::AddPartitions { assignments, .. } => placement(assignments),
        KafkaCommand::AlterTopicConfig { set, delete, .. } => {
            at_most("settings", set.len().max(delete.len()), SETTINGS)
        }
        KafkaCommand::ElectLeaders { partitions, .. } => at_most("entries", partitions.len(), LISTED),
        KafkaCommand::AddProducer { keys, configs, .. } => {
            at_most("settings", configs.len(), SETTINGS)?;
            at_most("entries", keys.len(), LISTED)?;
            at_most("bytes", spelled(keys), SPELLED / 4)
        }
        KafkaCommand::AddConsumer { topics, configs, .. } => {
            at_most("settings", configs.len(), SETTINGS)?;
            at_most("entries", topics.len(), LISTED)
        }
        KafkaCommand::Call { call, .. } => at_most("entries", call.partitions().len() + 1, LISTED),
        KafkaCommand::Ask(ask) => {
            let words = crate::ask::write(ask);
            at_most("entries", words.len(), LISTED)?;
            at_most("bytes", spelled(&words), SPELLED / 4)
        }
        KafkaCommand::Send { headers, timestamp, .. } => {
            at_most("commands without a spelling", usize::from(timestamp.is_some_and(|at| at.0 < 0)), 0)?;
            at_most("entries", headers.len(), SETTINGS)?;
            at_most("commands without a spelling", headers.iter().filter(|(name, _)| name.is_empty()).count(), 0)
        }
        KafkaCommand::Via { servers, command } => {
            at_most("bytes", servers.len(), SPELLED / 4)?;
            check_of_kafka(command)
        }
        KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddBroker { .. }
        | KafkaCommand::SetInterval { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::ListTopics
        | KafkaCommand::Leave { .. } => Ok(()),
    }
}

/// Copies are counted one by one.
fn placement(assignments: &[Vec<i32>]) -> Result<(), Beyond> {
    at_most("entries", assignments.len(), LISTED)?;
    at_most("copies", assignments.iter().map(Vec::len).max().unwrap_or(0), COPIES)?;
    at_most("bytes", assignments.iter().map(Vec::len).sum::<usize>() * 5, SPELLED / 4)
}

/// Bytes of all texts.
fn spelled(texts: &[Str]) -> usize {
    texts.iter().map(|text| text.len() + 3).sum()
}

/// Says what there is too much of.
fn at_most(what: &'static str, asked: usize, limit: usize) -> Result<(), Beyond> {
    if asked > limit { Err(Beyond { what, limit: limit as u64 }) } else { Ok(()) }
}
