//! What a tool prints when its command is answered. Kafka: `TopicCommand`, `ConfigCommand`, `LeaderElectionCommand`.

use super::output::{FRAMES, Fault, Output};
use base::{ErrorCode, Str, TopicPartition};
use port::OperatorAnswer;
use sim::Election;

/// What the tool that asked makes of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The page says what came of it.
    Nothing,
    /// `kafka-console-producer`: what was sent well it does not speak of.
    Sent(Sent),
    /// `kafka-topics --list`.
    Names,
    /// `kafka-topics --create`, with or without `--if-not-exists`.
    Created { topic: Str, is_there_fine: bool },
    /// `kafka-topics --delete` and `--alter`, with or without `--if-exists`: it first looks whether there is such a topic.
    Topic { topic: Str, is_missing_fine: bool },
    /// `kafka-configs --alter` with this line.
    Configured { what: String, line: String },
    /// `kafka-leader-election`.
    Elected(Election),
}

/// A record that a console producer has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) topic: Str,
    /// Bytes; `None`: there is none.
    pub(crate) key: Option<usize>,
    pub(crate) value: Option<usize>,
}

impl Sent {
    /// `ErrorLoggingCallback`.
    fn failed(&self, output: &mut Output, fault: &Fault) {
        let size = |bytes: Option<usize>| bytes.map_or_else(|| "null".to_owned(), |bytes| format!("{bytes} bytes"));
        output.log(format!(
            "ERROR Error when sending message to topic {} with key: {}, value: {} with error: \
             (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)",
            self.topic,
            size(self.key),
            size(self.value)
        ));
        output.err(fault.to_string());
    }
}

impl After {
    /// `None`: the tool itself says nothing of it.
    pub(crate) fn answered(&self, answer: &OperatorAnswer) -> Option<Output> {
        let mut output = Output::default();
        match self {
            After::Nothing => return None,
            After::Sent(sent) => sent.failed(&mut output, &failure(answer)?),
            After::Names => match answer {
                OperatorAnswer::Topics(names) => names.iter().for_each(|name| _ = output.out(&**name)),
                other => topic_failed(&mut output, other),
            },
            After::Created { topic, is_there_fine } => match answer {
                OperatorAnswer::Done => _ = output.out(format!("Created topic {topic}.")),
                OperatorAnswer::Failed { error: ErrorCode::TopicAlreadyExists, .. } if *is_there_fine => {}
                // The tool itself looks at values before it asks (`LogConfig.validate`).
                OperatorAnswer::Failed { error: ErrorCode::InvalidConfig, message, .. } if is_of_value(message) => {
                    output.topic(&Fault::new("org.apache.kafka.common.config.ConfigException", &**message));
                }
                other => topic_failed(&mut output, other),
            },
            After::Topic { topic, is_missing_fine } => match answer {
                OperatorAnswer::Done => {}
                OperatorAnswer::Failed { error: ErrorCode::UnknownTopicOrPartition, .. } => {
                    if !is_missing_fine {
                        output.topic(&Fault::argument(format!("Topic '{topic}' does not exist as expected")));
                    }
                }
                other => topic_failed(&mut output, other),
            },
            After::Configured { what, line } => match failure(answer) {
                None => _ = output.out(format!("Completed updating {what}.")),
                Some(fault) => _ = output.config(line, &fault),
            },
            After::Elected(election) => elected(&mut output, *election, answer),
        }
        Some(output)
    }
}

/// The exception that Kafka's client makes of a refusal.
fn failure(answer: &OperatorAnswer) -> Option<Fault> {
    match answer {
        OperatorAnswer::Failed { error, message, .. } => Some(Fault::of(*error, message)),
        OperatorAnswer::Done
        | OperatorAnswer::Sent { .. }
        | OperatorAnswer::Topics(_)
        | OperatorAnswer::Elected(_)
        | OperatorAnswer::Told(_)
        | OperatorAnswer::Read { .. } => None,
    }
}

/// `ConfigDef` complains of a value, not of a name.
fn is_of_value(message: &str) -> bool {
    message.starts_with("Invalid value ") || message.starts_with("Missing value ")
}

fn topic_failed(output: &mut Output, answer: &OperatorAnswer) {
    if let Some(fault) = failure(answer) {
        output.topic(&fault);
    }
}

impl Output {
    /// `ConfigCommand.main` when a future has failed.
    fn config(&mut self, line: &str, fault: &Fault) -> &mut Output {
        self.err(format!("Error while executing config command with args '{line}'"));
        self.err(format!("java.util.concurrent.ExecutionException: {fault}")).err(FRAMES);
        self.err(format!("Caused by: {fault}")).exit(1)
    }
}

/// `LeaderElectionCommand.electLeaders`.
fn elected(output: &mut Output, election: Election, answer: &OperatorAnswer) {
    let list = match answer {
        OperatorAnswer::Elected(list) => list,
        other => return election_failed(output, other),
    };
    let kind = match election {
        Election::Preferred => "PREFERRED",
        Election::Unclean => "UNCLEAN",
    };
    let named = |wanted: ErrorCode| {
        let those = list.iter().filter(|(_, error, _)| *error == wanted);
        those.map(|(partition, ..)| partition.to_string()).collect::<Vec<_>>().join(", ")
    };
    let (done, needless) = (named(ErrorCode::None), named(ErrorCode::ElectionNotNeeded));
    if !done.is_empty() {
        output.out(format!("Successfully completed leader election ({kind}) for partitions {done}"));
    }
    if !needless.is_empty() {
        output.out(format!("Valid replica already elected for partitions {needless}"));
    }
    let fine = [ErrorCode::None, ErrorCode::ElectionNotNeeded];
    let failed: Vec<(&TopicPartition, Fault)> = list
        .iter()
        .filter(|(_, error, _)| !fine.contains(error))
        .map(|(partition, error, message)| {
            (partition, Fault::of(*error, message.as_deref().unwrap_or_else(|| error.message())))
        })
        .collect();
    if failed.is_empty() {
        return;
    }
    for (partition, fault) in &failed {
        output.out(format!("Error completing leader election ({kind}) for partition: {partition}: {fault}"));
    }
    let words = format!("{} replica(s) could not be elected", failed.len());
    output.err(&*words).err(format!("org.apache.kafka.tools.AdminCommandFailedException: {words}")).err(FRAMES);
    failed.iter().for_each(|(_, fault)| _ = output.err(format!("\tSuppressed: {fault}")));
    output.err("").exit(1);
}

/// Nobody was asked, or nobody has answered in time.
fn election_failed(output: &mut Output, answer: &OperatorAnswer) {
    // What is no refusal is no answer to an election.
    let Some(fault) = failure(answer) else { return };
    let class = "org.apache.kafka.tools.AdminCommandFailedException";
    if fault.class.ends_with(".TimeoutException") {
        let words = "Timeout waiting for election results";
        output.out(words).err(words).err(format!("{class}: {words}")).err(FRAMES);
        output.err(format!("Caused by: {fault}")).err("").exit(1);
        return;
    }
    let words = format!("java.util.concurrent.ExecutionException: {fault}");
    output.err(&*words).err(format!("java.lang.RuntimeException: {words}")).err(FRAMES);
    output.err(format!("Caused by: {words}")).err(FRAMES).err(format!("Caused by: {fault}")).err("").exit(1);
}
