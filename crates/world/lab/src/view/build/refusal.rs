//! Answers and refusals in words: Kafka's own first, unchanged, then one plain sentence.

use port::OperatorAnswer;
use sim::{Command, CommandError, World};

use crate::command::TextError;
use crate::lab::LabError;
use crate::text::Text;
use crate::view::{ErrorView, Field, FormError};
use base::ErrorCode;

/// Kafka refused.
pub fn of_kafka(error: ErrorCode, message: &str, text: &Text) -> FormError {
    let field = match error {
        ErrorCode::InvalidReplicationFactor => Some(Field::ReplicationFactor),
        ErrorCode::InvalidPartitions => Some(Field::Partitions),
        ErrorCode::TopicAlreadyExists | ErrorCode::InvalidTopicException => Some(Field::Name),
        ErrorCode::InvalidConfig => Some(Field::MinIsr),
        _any_other => None,
    };
    let error = ErrorView {
        name: error.name().to_owned(),
        source: (text.form.refused_source)(error.code()),
        text: message.to_owned(),
        sentence: (text.refusal.of_kafka)(error).to_owned(),
    };
    FormError { field, error }
}

fn ours(field: Option<Field>, sentence: String) -> FormError {
    let error = ErrorView { name: String::new(), source: String::new(), text: String::new(), sentence };
    FormError { field, error }
}

/// The world does not take a command.
pub fn of_world(error: &CommandError, text: &Text) -> FormError {
    let field = match error {
        CommandError::NoSuchProcess(_)
        | CommandError::NameTaken(_)
        | CommandError::WrongKind { .. }
        | CommandError::NotRunning(_)
        | CommandError::AlreadyRunning(_)
        | CommandError::SameEnds(_) => Some(Field::Name),
        CommandError::Config { .. } | CommandError::Malformed { .. } | CommandError::TooMuch { .. } => None,
    };
    ours(field, (text.refusal.of_world)(error))
}

/// An intent came to nothing; lines of text and of Kafka's tools included.
pub fn of_lab(error: &LabError, text: &Text) -> FormError {
    match error {
        LabError::Command(error) => of_world(error, text),
        LabError::Text(TextError::UnknownVerb(_)) => ours(Some(Field::Line), text.form.unknown_line.to_owned()),
        LabError::Cli(error) => {
            let instead = error.instead().map(|line| (text.refusal.instead)(line));
            let mut view = ours(Some(Field::Line), instead.unwrap_or_default());
            view.error.text = error.to_string();
            view
        }
        LabError::Text(_) | LabError::NoSuchBranch | LabError::Nothing => ours(Some(Field::Line), error.to_string()),
    }
}

/// What an operator hears: lines of output, or a refusal.
///
/// # Errors
/// Kafka's refusal.
pub fn answered(command: &Command, answer: &OperatorAnswer, text: &Text) -> Result<Vec<String>, FormError> {
    let bytes = |bytes: &Option<bytes::Bytes>| match bytes {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => "null".to_owned(),
    };
    Ok(match answer {
        OperatorAnswer::Failed { error, message } => return Err(of_kafka(*error, message, text)),
        OperatorAnswer::Done => match command {
            // As TopicCommand prints it.
            Command::CreateTopic { name, .. } => vec![format!("Created topic {name}.")],
            _other => vec![text.refusal.done.to_owned()],
        },
        OperatorAnswer::Sent { partition, offset } => {
            let topic = match command {
                Command::Send { topic: Some(topic), .. } => format!("{topic}-{partition}"),
                _other => partition.to_string(),
            };
            vec![(text.refusal.sent)(&topic, offset.0)]
        }
        OperatorAnswer::Topics(names) => names.iter().map(ToString::to_string).collect(),
        OperatorAnswer::Elected(list) => list
            .iter()
            .map(|(partition, error, message)| {
                format!("{partition}: {} {}", error.name(), message.as_deref().unwrap_or_default())
            })
            .collect(),
        OperatorAnswer::Read { records, position, end } => {
            let line = |(offset, key, value): &(base::Offset, _, _)| {
                format!("Offset:{offset}\t{}\t{}", bytes(key), bytes(value))
            };
            let mut lines: Vec<String> = records.iter().map(line).collect();
            lines.push(format!("position {position}, end {end}"));
            lines
        }
    })
}

/// The partition to which the default partitioner sends a key, as `orders-1`.
pub fn partition_of(world: &World, topic: &str, key: &str) -> Option<String> {
    let cluster = super::cluster::Cluster::of(world);
    let count = cluster.partitions(true).filter(|(_, name)| *name.topic == *topic).count() as u32;
    let chosen =
        (count > 0 && !key.is_empty()).then(|| client::partitioner::partition_for_key(key.as_bytes(), count))?;
    Some(format!("{topic}-{chosen}"))
}
