//! `kafka-reassign-partitions.sh --reassignment-json-file`: who shall hold which partition (`ReassignPartitionsCommand`).

use crate::found::{Assumed, Found, PartitionFound};
use crate::json::{BadJson, Json};
use crate::report::{Notebook, Why};
use crate::topics::is_topic;
use base::Str;

/// Takes a text that begins in that line.
pub(crate) fn read(found: &mut Found, notebook: &mut Notebook, (line, text): (u32, &str)) {
    let json = match Json::read(text, line) {
        Ok(json) => json,
        Err(BadJson { line: at, why }) => {
            let written = text.lines().nth((at - line) as usize).unwrap_or_default();
            return notebook.keep(at, written, Why::Syntax(why));
        }
    };
    let Some(partitions) = json.get("partitions").and_then(Json::list) else {
        return notebook.keep(line, text.lines().next().unwrap_or_default(), Why::NotUnderstood);
    };
    let lines: Vec<&str> = text.lines().collect();
    for partition in partitions {
        match take(found, partition) {
            Ok(()) => notebook.understood(partition.line),
            Err(why) => {
                let written = lines.get(partition.line.saturating_sub(line) as usize);
                notebook.keep(partition.line, written.copied().unwrap_or_default(), why);
            }
        }
    }
}

/// Log directories are one per broker here, so that theirs are not needed.
fn take(found: &mut Found, json: &Json) -> Result<(), Why> {
    let topic = json.get("topic").and_then(Json::text).filter(|topic| is_topic(topic)).ok_or(Why::NotUnderstood)?;
    let number = |json: &Json| json.number().filter(|number| *number >= 0);
    let partition = json.get("partition").and_then(number).ok_or(Why::BadNumbers)?;
    if partition >= crate::MOST_PARTITIONS {
        return Err(Why::TooMuch("partitions"));
    }
    let replicas = json.get("replicas").and_then(Json::list).ok_or(Why::NotUnderstood)?;
    let replicas: Vec<i32> = replicas.iter().map(number).collect::<Option<_>>().ok_or(Why::BadNumbers)?;
    let once = replicas.iter().enumerate().all(|(at, id)| !replicas[..at].contains(id));
    if replicas.is_empty() || replicas.len() > crate::MOST_COPIES || !once {
        return Err(Why::BadNumbers);
    }
    if found.topics.len() >= crate::MOST_TOPICS && !found.topics.contains_key(topic) {
        return Err(Why::TooMuch("topics"));
    }
    let name = Str::from(topic);
    if !found.topics.contains_key(&name) {
        found.notes.push(Assumed::InSync(name.clone()));
    }
    let wanted = PartitionFound { replicas, ..PartitionFound::default() };
    let topic = found.topics.entry(name).or_default();
    // What the describe output says of leaders stays where the copies are the same.
    let same = topic.partitions.get(&partition).is_some_and(|known| known.replicas == wanted.replicas);
    if !same {
        topic.partitions.insert(partition, wanted);
    }
    Ok(())
}
