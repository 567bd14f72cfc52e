//! What a tool prints when its command is answered. Kafka: `TopicCommand`, `ConfigCommand`, `LeaderElectionCommand`.

use super::each::EachGroup;
use super::each_topic::EachTopic;
use super::java::Pattern;
use super::kcat::{self, Form, Reading};
use super::looked::Looked;
use super::output::{FRAMES, Fault, Output};
use super::told::{Internal, is_internal};
use base::{ErrorCode, Str, Timestamp, TopicPartition};
use port::{ClusterTold, OperatorAnswer, Told};
use sim::{Election, KafkaCommand};

/// What the tool that asked makes of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The page says what came of it.
    Nothing,
    /// `kafka-console-producer`: what was sent well it does not speak of.
    Sent(Sent),
    /// `kafka-topics --list`.
    Names {
        pattern: Option<Pattern>,
        internal: Internal,
    },
    /// `kafka-topics --create`, with or without `--if-not-exists`.
    Created {
        topic: Str,
        is_there_fine: bool,
    },
    /// `kafka-topics --delete` and `--alter`, with or without `--if-exists`: it first looks whether there is such a topic.
    Topic {
        topic: Str,
        is_missing_fine: bool,
    },
    /// `kafka-topics --alter` with replicas: how many partitions there are says which of these are new.
    Counted {
        topic: Str,
        is_missing_fine: bool,
        total: i32,
        replicas: Vec<Vec<i32>>,
    },
    /// A tool that looks.
    Looked(Looked),
    /// `kcat -L` for a topic or all, while it is asked which brokers there are; and with them.
    KcatCluster(Option<Str>, Form),
    KcatTopics((Option<Str>, Form), ClusterTold),
    /// `kcat -Q`.
    KcatOffsets,
    /// `kcat -C -e`.
    KcatReading(Box<Reading>),
    /// `kafka-topics --delete` and `--alter` with a pattern.
    EachTopic(Box<EachTopic>),
    /// `kafka-consumer-groups --all-groups`, which looks first which there are.
    EachGroup(EachGroup),
    /// `kafka-configs --alter` with this line.
    Configured {
        what: String,
        line: String,
    },
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
    pub(crate) fn answered(&self, answer: &OperatorAnswer, now: Timestamp) -> Option<Output> {
        let mut output = Output::default();
        match self {
            After::Nothing => return None,
            After::Sent(sent) => sent.failed(&mut output, &failure(answer)?),
            After::Names { pattern, internal } => match answer {
                OperatorAnswer::Topics(names) => {
                    let is_shown = |name: &&Str| {
                        pattern.as_ref().is_none_or(|pattern| pattern.matches(name))
                            && (*internal == Internal::Shown || !is_internal(name))
                    };
                    let shown: Vec<&str> = names.iter().filter(is_shown).map(|name| &**name).collect();
                    // They are joined and printed as one line, which is there even if nothing is in it.
                    shown.iter().for_each(|name| _ = output.out(*name));
                    if shown.is_empty() {
                        output.out("");
                    }
                }
                other => topic_failed(&mut output, other),
            },
            After::Counted { topic, is_missing_fine, .. } => match counted(answer) {
                Some(_) => {}
                None => {
                    if !is_missing_fine {
                        output.topic(&Fault::argument(format!("Topic '{topic}' does not exist as expected")));
                    }
                }
            },
            After::Looked(looked) => return Some(looked.answered(answer, now)),
            After::EachGroup(each) => each.print(&mut output, answer, now),
            After::EachTopic(each) => each.print(&mut output, answer),
            After::KcatReading(reading) => reading.print(&mut output, answer),
            After::KcatCluster(..) | After::KcatTopics(..) | After::KcatOffsets => self.kcat(&mut output, answer),
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

impl After {
    fn kcat(&self, output: &mut Output, answer: &OperatorAnswer) {
        if let Some(fault) = failure(answer) {
            output.err(format!("% ERROR: Failed to acquire metadata: {}", fault.words)).exit(1);
        }
        let OperatorAnswer::Told(told) = answer else { return };
        match (self, &**told) {
            (After::KcatTopics((topic, form), cluster), Told::Topics(topics)) => {
                kcat::print_metadata(output, (topic.as_ref(), *form), cluster, topics);
            }
            (After::KcatOffsets, Told::Offsets(offsets)) => {
                if offsets.is_empty() {
                    output.err("% ERROR: offsets_for_times failed: Local: Unknown partition").exit(1);
                }
                for (partition, told) in offsets {
                    let at = told.as_ref().map_or(-1, |told| told.offset.0);
                    output.out(format!("{} [{}] offset {at}", partition.topic, partition.partition));
                }
            }
            _other_answer => {}
        }
    }
}

/// The exception that Kafka's client makes of a refusal.
pub(super) fn failure(answer: &OperatorAnswer) -> Option<Fault> {
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

pub(super) fn topic_failed(output: &mut Output, answer: &OperatorAnswer) {
    if let Some(fault) = failure(answer) {
        output.topic(&fault);
    }
}

/// Partitions of the one topic that was described.
pub(super) fn counted(answer: &OperatorAnswer) -> Option<usize> {
    match answer {
        OperatorAnswer::Told(told) => match &**told {
            Told::Topics(topics) => Some(topics.first()?.found.as_ref().ok()?.partitions.len()),
            _other => None,
        },
        _no_description => None,
    }
}

impl After {
    pub(crate) fn asks_on(&self) -> bool {
        let is_reading = matches!(self, After::KcatReading(reading) if reading.asks_on());
        is_reading
            || matches!(
                self,
                After::Counted { .. } | After::KcatCluster(..) | After::EachGroup(_) | After::EachTopic(_)
            )
    }

    /// What the tool asks next, now that it knows that.
    pub(crate) fn next(&self, answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
        match self {
            After::Counted { topic, is_missing_fine, total, replicas } => {
                let known = counted(answer)?;
                let assignments = replicas.iter().skip(known).cloned().collect();
                let command = KafkaCommand::AddPartitions { topic: topic.clone(), total: *total, assignments };
                Some((command, After::Topic { topic: topic.clone(), is_missing_fine: *is_missing_fine }))
            }
            After::KcatCluster(topic, form) => kcat::topics_of((topic.as_ref(), *form), answer),
            After::KcatReading(reading) => reading.next(answer),
            After::EachGroup(each) => each.next(answer),
            After::EachTopic(each) => each.next(answer),
            After::Nothing
            | After::Looked(_)
            | After::KcatTopics(..)
            | After::KcatOffsets
            | After::Sent(_)
            | After::Names { .. }
            | After::Created { .. }
            | After::Topic { .. }
            | After::Configured { .. }
            | After::Elected(_) => None,
        }
    }
}

impl Output {
    /// `ConfigCommand.main` when a future has failed.
    pub(crate) fn config(&mut self, line: &str, fault: &Fault) -> &mut Output {
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
