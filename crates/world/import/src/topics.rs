//! `kafka-topics.sh --describe`: the layout of 4.3 and those of older releases.

use crate::found::{Assumed, Found, PartitionFound};
use crate::labels::{Labelled, numbers, settings};
use crate::report::{Notebook, Why};
use base::Str;
use config::Scope;

/// What a line may be labelled with. The longest come first where one ends as another.
pub(crate) const LABELS: [&str; 17] = [
    "Topic:",
    "TopicId:",
    "PartitionCount:",
    "ReplicationFactor:",
    "Configs:",
    "Partition:",
    "Leader:",
    "Replicas:",
    "Isr:",
    "Adding Replicas:",
    "Removing Replicas:",
    "Elr:",
    "LastKnownElr:",
    "MarkedForDeletion:",
    // Confluent's, which say no more than leaders and in-sync lists do.
    "Offline:",
    "Observers:",
    "LiveObservers:",
];

/// Does the line belong to such an output?
pub(crate) fn is_line(text: &str) -> bool {
    let line = Labelled::read(text, &LABELS);
    line.has("Topic:") && (line.has("PartitionCount:") || line.has("Partition:")) || is_rest(text)
}

/// A terminal may have broken a long line before one of its labels.
pub(crate) fn is_rest(text: &str) -> bool {
    let text = text.trim_start();
    LABELS.iter().skip(1).any(|label| text.starts_with(label))
}

/// Takes a whole line, with what a terminal broke off.
pub(crate) fn read(found: &mut Found, notebook: &mut Notebook, (number, text): (u32, &str)) {
    let line = Labelled::read(text, &LABELS);
    let Some(name) = line.get("Topic:").filter(|name| is_topic(name)) else {
        return notebook.keep(number, text, Why::NotUnderstood);
    };
    if found.topics.len() >= crate::MOST_TOPICS && !found.topics.contains_key(name) {
        return notebook.keep(number, text, Why::TooMuch("topics"));
    }
    let taken = match line.get("Partition:") {
        Some(partition) => partition_line(found, (name, partition), &line),
        None => head_line(found, notebook, (number, name), &line),
    };
    match taken {
        Ok(()) => notebook.understood(number),
        Err(why) => notebook.keep(number, text, why),
    }
}

/// Kafka's own rule, so that what is read can be created.
pub(crate) fn is_topic(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && name.len() <= 249 && name != "." && name != ".." && name.bytes().all(legal)
}

fn head_line(
    found: &mut Found,
    notebook: &mut Notebook,
    (number, name): (u32, &str),
    line: &Labelled<'_>,
) -> Result<(), Why> {
    let count = |label: &str| line.get(label).map(|text| text.parse::<i32>().map_err(|_| Why::BadNumbers)).transpose();
    let partitions = count("PartitionCount:")?.filter(|count| *count >= 0);
    if partitions.is_some_and(|count| count > crate::MOST_PARTITIONS) {
        return Err(Why::TooMuch("partitions"));
    }
    let copies = count("ReplicationFactor:")?.and_then(|count| i16::try_from(count).ok());
    let topic = found.topics.entry(name.into()).or_default();
    (topic.count, topic.replication_factor) = (partitions, copies);
    for (setting, value) in settings(line.get("Configs:").unwrap_or_default()) {
        match check(Scope::Topic, &setting, &value) {
            Ok(()) => drop(topic.configs.insert(setting, value.into())),
            Err(why) => notebook.keep(number, &format!("{setting}={value}"), why),
        }
    }
    Ok(())
}

/// May it be set here, as Kafka and the model have it?
pub(crate) fn check(scope: Scope, name: &str, value: &str) -> Result<(), Why> {
    let key = config::key(scope, name).ok_or(Why::UnknownSetting)?;
    key.parse_set(value).map_err(|error| Why::Refused(error.message))?;
    let one = [(Str::from(name), Str::from(value))].into_iter().collect();
    config::not_modelled(scope, &one).map_or(Ok(()), |lack| Err(Why::NotModelled(lack)))
}

fn partition_line(found: &mut Found, (name, partition): (&str, &str), line: &Labelled<'_>) -> Result<(), Why> {
    let number = |text: &str| text.parse::<i32>().ok().filter(|number| *number >= 0).ok_or(Why::BadNumbers);
    let list = |label: &str| line.get(label).map(|text| numbers(text).ok_or(Why::BadNumbers)).transpose();
    let partition = number(partition)?;
    let replicas = list("Replicas:")?.filter(|replicas| !replicas.is_empty()).ok_or(Why::BadNumbers)?;
    let leader = match line.get("Leader:") {
        None => None,
        Some("none" | "-1" | "") => Some(None),
        Some(text) => Some(Some(number(text)?)),
    };
    let read = PartitionFound {
        leader,
        isr: list("Isr:")?,
        elr: list("Elr:")?,
        last_known_elr: list("LastKnownElr:")?,
        replicas,
    };
    let strangers = [&read.isr, &read.elr, &read.last_known_elr];
    let known = |id: &i32| read.replicas.contains(id);
    if !strangers.into_iter().flatten().flatten().all(known) || !read.leader.flatten().iter().all(known) {
        return Err(Why::BadNumbers);
    }
    if partition >= crate::MOST_PARTITIONS {
        return Err(Why::TooMuch("partitions"));
    }
    let moves = |label: &str| list(label).map(|ids| ids.is_some_and(|ids| !ids.is_empty()));
    if moves("Adding Replicas:")? || moves("Removing Replicas:")? {
        found.notes.push(Assumed::Reassigned { topic: name.into(), partition });
    }
    // Releases that have none print N/A.
    found.names_elr |= line.get("Elr:").is_some_and(|text| text != "N/A");
    found.topics.entry(name.into()).or_default().partitions.insert(partition, read);
    Ok(())
}
