//! Answers and refusals in words: Kafka's own first, unchanged, then one plain sentence.

use port::{OperatorAnswer, Refuser};
use sim::{Command, CommandError, KafkaCommand};

use super::refused;
use crate::text::Text;
use crate::{ErrorView, Field, FormError};
use base::{ErrorCode, Str, TopicPartition};
use lab::LabError;
use script::TextError;
use script::cli::CliError;
use script::shell::ShellError;

/// Kafka refused: by whom, in its own words, and one sentence that fits the case.
fn of_kafka(command: &Command, by: Refuser, (error, message): (ErrorCode, &str), text: &Text) -> FormError {
    let field = match error {
        ErrorCode::InvalidReplicationFactor => Some(Field::ReplicationFactor),
        ErrorCode::InvalidPartitions => Some(Field::Partitions),
        ErrorCode::TopicAlreadyExists | ErrorCode::InvalidTopicException => Some(Field::Name),
        ErrorCode::InvalidConfig => Some(Field::MinIsr),
        _any_other => None,
    };
    let who = (text.refused.by)(&refused::by(command, by, error));
    let sentence = match config::Lack::in_message(message) {
        Some(lack) => (text.settings.lack)(lack).to_owned(),
        None => (text.refused.plainly)(refused::case(command, by, error, message)),
    };
    let error = ErrorView {
        name: error.name().to_owned(),
        source: (text.form.refused_source)(&who, error.code()),
        text: message.to_owned(),
        sentence,
    };
    FormError { field, error }
}

fn ours(field: Option<Field>, sentence: String) -> FormError {
    let error = ErrorView { sentence, ..ErrorView::default() };
    FormError { field, error }
}

/// The world does not take a command.
pub fn of_world(error: &CommandError, text: &Text) -> FormError {
    let field = match error {
        CommandError::NoSuchProcess(_)
        | CommandError::NoSuchStore(_)
        | CommandError::NoSuchCluster(_)
        | CommandError::OfAnotherCluster { .. }
        | CommandError::NameTaken(_)
        | CommandError::WrongKind { .. }
        | CommandError::NotRunning(_)
        | CommandError::AlreadyRunning(_)
        | CommandError::SameEnds(_) => Some(Field::Name),
        CommandError::Config { name, .. } => crate::application::field_of(name),
        CommandError::NotModelled(lacking) => crate::application::field_of(&lacking.name),
        CommandError::Unstartable(_) | CommandError::Malformed { .. } | CommandError::TooMuch { .. } => None,
    };
    ours(field, (text.refusal.of_world)(error))
}

/// An intent came to nothing; lines of text and of Kafka's tools included.
pub fn of_lab(error: &LabError, text: &Text) -> FormError {
    match error {
        LabError::Command(error) => of_world(error, text),
        LabError::Cluster { command, by, error, message } => of_kafka(command, *by, (*error, message), text),
        LabError::Text(TextError::UnknownVerb(_)) => ours(Some(Field::Line), text.form.unknown_line.to_owned()),
        LabError::Cli(CliError::Quotes) => ours(Some(Field::Line), (text.refusal.of_shell)(&ShellError::Quotes)),
        LabError::Cli(CliError::Shell(error)) => ours(Some(Field::Line), (text.refusal.of_shell)(error)),
        LabError::Cli(CliError::NotHere { tool, what, lack, .. }) => {
            ours(Some(Field::Line), (text.refusal.not_here)(tool, what, *lack))
        }
        LabError::Cli(error) => {
            let instead = error.instead().map(|line| (text.refusal.instead)(line));
            let mut view = ours(Some(Field::Line), instead.unwrap_or_default());
            view.error.text = error.to_string();
            view
        }
        LabError::Beyond(beyond) => ours(None, (text.refusal.beyond)(beyond.what, beyond.limit)),
        LabError::Forgotten(before) => ours(None, super::rewinds_to(*before, text)),
        LabError::TheEnd => ours(None, text.refusal.the_end.to_owned()),
        LabError::Text(error) => ours(Some(Field::Line), crate::text_error(error, text.language)),
        LabError::NoSuchBranch | LabError::Nothing => ours(Some(Field::Line), error.to_string()),
    }
}

/// What an operator hears: lines of output, or a refusal.
///
/// # Errors
/// Kafka's refusal.
pub fn answered(command: &Command, answer: &OperatorAnswer, text: &Text) -> Result<Vec<String>, FormError> {
    let command = &*command.bare();
    let bytes = |bytes: &Option<bytes::Bytes>| match bytes {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => "null".to_owned(),
    };
    Ok(match answer {
        OperatorAnswer::Failed { by, error, message } => {
            return Err(of_kafka(command, *by, (*error, message), text));
        }
        OperatorAnswer::Done => match command {
            // As TopicCommand prints it.
            Command::Kafka(_, KafkaCommand::CreateTopic { name, .. }) => vec![format!("Created topic {name}.")],
            _other => vec![text.refusal.done.to_owned()],
        },
        OperatorAnswer::Sent { partition, offset } => {
            let topic = match command {
                Command::Kafka(_, KafkaCommand::Send { topic: Some(topic), .. }) => format!("{topic}-{partition}"),
                _other => partition.to_string(),
            };
            vec![(text.refusal.sent)(&topic, offset.0)]
        }
        OperatorAnswer::Topics(names) => names.iter().map(ToString::to_string).collect(),
        // What Kafka's tools print of it is theirs to say.
        OperatorAnswer::Told(_) => vec![text.refusal.done.to_owned()],
        OperatorAnswer::Elected(list) => return elected(command, list, text),
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

/// Refused partitions that are named before the others are counted.
const NAMED: usize = 8;

/// One partition's part of the answer to an election.
type Election = (TopicPartition, ErrorCode, Option<Str>);

/// What came of an election that was asked for. It is refused when it is for one partition; what went well for others
/// is told as LeaderElectionCommand prints it.
fn elected(command: &Command, list: &[Election], text: &Text) -> Result<Vec<String>, FormError> {
    let (failed, done): (Vec<&Election>, Vec<&Election>) = list.iter().partition(|(_, error, _)| error.is_error());
    let name = match command {
        Command::Kafka(_, KafkaCommand::ElectLeaders { election: sim::Election::Unclean, .. }) => "UNCLEAN",
        _preferred => "PREFERRED",
    };
    let done: Vec<String> = done.iter().map(|(partition, ..)| partition.to_string()).collect();
    let done = (!done.is_empty())
        .then(|| format!("Successfully completed leader election ({name}) for partitions {}", done.join(", ")));
    let mut refused = failed.iter().map(|(_, error, message)| {
        // Which broker passed it on is not told.
        of_kafka(command, Refuser::Broker(None), (*error, message.as_deref().unwrap_or_default()), text)
    });
    let Some(mut first) = refused.next() else { return Ok(vec![done.unwrap_or_else(|| text.refusal.done.to_owned())]) };
    for other in refused {
        if !first.error.sentence.contains(&other.error.sentence) {
            first.error.sentence = super::story::joined(&first.error.sentence, &other.error.sentence);
        }
    }
    if failed.len() > 1 || done.is_some() {
        let line = |(partition, error, message): &&Election| {
            format!("{partition}: {} {}", error.name(), message.as_deref().unwrap_or_default())
        };
        let lines: Vec<String> = done.into_iter().chain(failed.iter().take(NAMED).map(line)).collect();
        first.error.text = lines.join("\n");
        if failed.len() > NAMED {
            first.error.text.push_str(&(text.story.and_others)(failed.len() - NAMED));
        }
    }
    Err(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use script::link::LinkError;

    /// Whatever a refusal knows, both languages say; and the Chinese one has no English words in it.
    #[test]
    fn both_languages_say_all_that_a_refusal_knows() {
        let mut sim = include_str!("../../../sim/src/admission.rs").to_owned();
        sim.push_str(include_str!("../../../sim/src/apply.rs"));
        sim.push_str(include_str!("../../../sim/src/setup.rs"));
        sim.push_str(include_str!("../../../sim/src/limits.rs"));
        for what in named(&sim, "at_most(\"") {
            check(&CommandError::TooMuch { what: leak(what), limit: 77 }, &["77"]);
        }
        for what in named(&sim, "what: \"") {
            check(&CommandError::Malformed { what: leak(what), value: "x?".into() }, &["x?"]);
        }
        for wanted in named(&sim, "wanted: \"") {
            check(&CommandError::WrongKind { name: "x?".into(), wanted: leak(wanted) }, &["x?"]);
        }
        check(&CommandError::SameEnds("x?".into()), &["x?"]);
        for why in named(&sim, "Unstartable(\"") {
            check(&CommandError::Unstartable(leak(why)), &[]);
        }
        for what in named(include_str!("../../../script/src/link/mod.rs"), "TooLarge { what: \"") {
            let broken = LinkError::TooLarge { what: leak(what), limit: 77 }.into();
            let said = super::super::of_link(&broken, &ZH).text;
            assert!(said.contains("77") && !said.contains(what), "{said}");
        }
    }

    /// A value that the model has not is refused with the same reason in both languages, by the world and by the cluster.
    #[test]
    fn what_is_not_modelled_is_said_in_both_languages() {
        for lack in config::Lack::ALL {
            let lacking = config::NotModelled { name: "x?".into(), value: "x?".into(), lack: *lack };
            let message = lacking.to_string();
            let (command, by) = (Command::Kafka(None, KafkaCommand::ListTopics), Refuser::Broker(None));
            let refused = (ErrorCode::PolicyViolation, &*message);
            let [en, zh] = [&EN, &ZH].map(|text| of_kafka(&command, by, refused, text).error.sentence);
            assert_eq!(en, lack.sentence());
            assert!(!zh.is_ascii() && zh != en, "{zh}");
            let refused = CommandError::NotModelled(lacking);
            let [en, zh] = [&EN, &ZH].map(|text| (text.refusal.of_world)(&refused));
            assert!(en.contains("x?=x?") && zh.contains("x?=x?") && !zh.contains(lack.sentence()), "{en} / {zh}");
        }
    }

    fn leak(text: &str) -> &'static str {
        Box::leak(text.to_owned().into_boxed_str())
    }

    /// The texts in quotes after `before`.
    fn named<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
        let found: Vec<&str> = source.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(!found.is_empty(), "{before} is not to be found");
        found
    }

    fn check(error: &CommandError, parts: &[&str]) {
        let [en, zh] = [&EN, &ZH].map(|text| (text.refusal.of_world)(error));
        for part in parts {
            assert!(en.contains(part) && zh.contains(part), "{en} / {zh}");
        }
        // What has no Chinese name stays as it is.
        let own = zh.replace("x?", "").replace("node.id", "").replace("orders-1", "").replace("Broker", "");
        assert!(!own.contains(|letter: char| letter.is_ascii_alphabetic()), "{zh}");
    }
}
