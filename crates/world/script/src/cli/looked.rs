//! What the tools that look make of an answer, each with its own way to say that there is none.

use super::all_groups::Shown;
use super::groups_told::{self, Columns, Form, GroupsShown};
use super::output::{FRAMES, Fault, Output};
use super::quorum_told::{self, Times};
use super::told::{self, ConfigsShown, Internal, OffsetsShown, TopicsShown};
use base::{Offset, Str, Timestamp, TopicPartition};
use port::{OperatorAnswer, Part, Told, Which};

/// Which tool has asked, and what of the answer it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    Topics(TopicsShown),
    Offsets(OffsetsShown),
    Configs(ConfigsShown),
    GroupList(Columns),
    AllGroups(Shown),
    Groups(GroupsShown),
    Reset(Str, Named, Form),
    GroupsDeleted,
    OffsetsDeleted(Str),
    LowWatermarks(Vec<(TopicPartition, Offset)>),
    LogDirs(Vec<Str>),
    ClusterId,
    Endpoints(Internal),
    Status,
    Replication(Times),
    Versions,
    Unregistered(i32),
}

/// What `--reset-offsets` was told to move: Kafka's tool looks for topics and for partitions in different places, and wraps
/// differently what it hears there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Topics,
    Partitions,
    /// A file has no row of the group.
    Nothing,
}

impl Named {
    pub(crate) fn of(which: &Which) -> Named {
        match which {
            Which::These(parts) if parts.iter().any(|part| matches!(part, Part::Topic(_))) => Named::Topics,
            Which::These(_) | Which::All => Named::Partitions,
        }
    }

    /// `resetOffsets` came to nothing. Exceptions that the tool throws itself it does not wrap.
    fn failed(self, output: &mut Output, fault: &Fault) {
        let own = ["The partitions \"", "Cannot shift offset "];
        if fault.words.starts_with(own[1]) {
            output.usage(&fault.words, "kafka-consumer-groups");
        } else if fault.words.starts_with(own[0])
            || self == Named::Topics && !fault.class.ends_with(".UnsupportedVersionException")
        {
            output.group(fault);
        } else {
            let execution = format!("java.util.concurrent.ExecutionException: {fault}");
            output.group(&Fault::new("java.lang.RuntimeException", &*execution));
            output.err(format!("Caused by: {execution}")).err(FRAMES).err(format!("Caused by: {fault}"));
        }
    }
}

impl Looked {
    /// What is printed at that time of day.
    pub(crate) fn answered(&self, answer: &OperatorAnswer, now: Timestamp) -> Output {
        let mut output = Output::default();
        match answer {
            OperatorAnswer::Told(told) => self.told(&mut output, told, now),
            OperatorAnswer::Failed { error, message, .. } => match self {
                Looked::Configs(shown) if shown.is_missing(*error) => shown.missing(&mut output),
                _other => self.failed(&mut output, &Fault::of(*error, message)),
            },
            // No answer to a question.
            OperatorAnswer::Done
            | OperatorAnswer::Sent { .. }
            | OperatorAnswer::Topics(_)
            | OperatorAnswer::Elected(_)
            | OperatorAnswer::Read { .. } => {}
        }
        output
    }

    fn told(&self, output: &mut Output, told: &Told, now: Timestamp) {
        match (self, told) {
            (Looked::Topics(shown), Told::Topics(topics)) => shown.print(output, topics),
            (Looked::Offsets(shown), Told::Offsets(offsets)) => shown.print(output, offsets),
            (Looked::Configs(shown), Told::Configs(configs)) => shown.print(output, configs),
            (Looked::GroupList(columns), Told::Groups(groups)) => groups_told::list(output, *columns, groups),
            (Looked::AllGroups(shown), Told::Groups(groups)) => shown.print(output, groups),
            (Looked::Groups(shown), Told::DescribedGroups(groups)) => groups_told::describe(output, *shown, groups),
            (Looked::Reset(group, named, form), Told::Reset(rows)) => {
                if *named == Named::Nothing {
                    groups_told::no_plan(output, group);
                }
                groups_told::reset(output, (group, *form), rows);
            }
            (Looked::Reset(group, _, form), Told::GroupIsActive { state }) => {
                groups_told::is_active(output, group, state);
                groups_told::moved(output, &[(group, &[])], *form);
            }
            (Looked::GroupsDeleted, Told::Each(groups)) => groups_told::deleted(output, groups),
            (Looked::OffsetsDeleted(group), Told::Partitions(rows)) => {
                groups_told::offsets_deleted(output, group, rows);
            }
            (Looked::LowWatermarks(asked), Told::LowWatermarks(rows)) => told::low_watermarks(output, asked, rows),
            (Looked::LogDirs(topics), Told::LogDirs(dirs)) => told::log_dirs(output, topics, dirs),
            (Looked::LogDirs(_), Told::NoSuchBrokers { missing, existing }) => {
                told::no_such_brokers(output, missing, existing);
            }
            (Looked::ClusterId, Told::Cluster(cluster)) => {
                output.out(format!("Cluster ID: {}", cluster.cluster_id));
            }
            (Looked::Endpoints(fenced), Told::Cluster(cluster)) => told::endpoints(output, cluster, *fenced),
            (Looked::Status, Told::Quorum(quorum)) => quorum_told::status(output, quorum),
            (Looked::Replication(times), Told::Quorum(quorum)) => {
                quorum_told::replication(output, quorum, *times, now);
            }
            (Looked::Versions, Told::Versions(brokers)) => told::versions(output, brokers),
            (Looked::Unregistered(broker), Told::Done) => {
                output.out(format!("Broker {broker} is no longer registered."));
            }
            // An answer to another question.
            _other => {}
        }
    }

    /// The question came to nothing as a whole.
    fn failed(&self, output: &mut Output, fault: &Fault) {
        let execution = format!("java.util.concurrent.ExecutionException: {fault}");
        match self {
            Looked::Topics(_) => _ = output.topic(fault),
            Looked::Configs(shown) => _ = output.config(&shown.line, fault),
            Looked::Reset(_, named, _) => named.failed(output, fault),
            Looked::GroupList(_) | Looked::Groups(_) | Looked::GroupsDeleted | Looked::OffsetsDeleted(_) => {
                output.out("").out(format!("Error: Executing consumer group command failed due to {fault}"));
                output.err(execution).err(FRAMES).err(format!("Caused by: {fault}"));
            }
            Looked::AllGroups(_) => {
                output.out(format!("Error while executing groups command : {}", fault.words));
                output.log(format!("ERROR {fault}")).err(" (org.apache.kafka.tools.GroupsCommand)").exit(1);
            }
            Looked::Offsets(_) => {
                output.err(format!("Error occurred: {fault}"));
                output.err(execution).err(FRAMES).err(format!("Caused by: {fault}")).err("").exit(1);
            }
            Looked::LowWatermarks(_)
            | Looked::LogDirs(_)
            | Looked::ClusterId
            | Looked::Endpoints(_)
            | Looked::Status
            | Looked::Replication(_)
            | Looked::Versions
            | Looked::Unregistered(_) => {
                output.err(fault.to_string()).err(execution).err(FRAMES);
                output.err(format!("Caused by: {fault}")).err("").exit(1);
            }
        }
    }
}
