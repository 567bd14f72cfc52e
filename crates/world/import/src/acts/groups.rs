//! Groups: records are written up to what a group has committed, a member reads them and leaves, and the rest is written
//! while nobody reads. What it has read too much of is reset. Members that the text names join then; where they lag they are
//! slow.

use super::Acts;
use crate::found::{Assumed, GroupFound, OffsetFound};
use crate::groups_plan::ends;
use crate::plan::Shape;
use base::{FlatMap, Offset, Span, Str, TopicPartition};
use client::partitioner::partition_for_key;
use port::{Act, Ask, Part, ResetTo, Which};
use sim::{KafkaCommand, WorldCommand};

/// Keys that one line of a text lists at most; where more records are written each partition has a producer of its own.
const MOST_KEYS: usize = 300;
/// Partitions that are written at most.
const MOST_WRITTEN: usize = 60;
/// Nanoseconds between records.
const PACE: u64 = 1_000_000;

/// Where logs end, as far as they were written.
type Ends = FlatMap<(Str, i32), i64>;

/// Brings all groups to their offsets and members.
pub(super) fn stand(acts: &mut Acts<'_>) {
    let plan = acts.plan;
    let mut written = Ends::new();
    let mut groups: Vec<(&Str, &GroupFound)> = plan.groups.iter().collect();
    // Who has read least goes first: what is written for one is there for all who come later.
    base::sort_by_key(&mut groups, |(_, group)| group.rows.values().filter_map(|row| row.current).sum::<i64>());
    for (name, group) in &groups {
        let committed = group.rows.iter().filter_map(|(at, row)| Some((at.clone(), row.current?)));
        let committed: Ends = committed.collect();
        if !committed.is_empty() {
            write(acts, &mut written, &committed);
            read(acts, name, group);
            put_back(acts, (name, group), &written);
        }
    }
    write(acts, &mut written, &ends(plan));
    groups.iter().for_each(|(name, group)| join(acts, name, group));
    if !groups.is_empty() {
        acts.wait(Span::from_secs(8));
    }
    for (name, group) in groups {
        look(acts, name, group);
    }
}

/// Topics of a group, each once.
fn topics(group: &GroupFound) -> Vec<Str> {
    let mut topics: Vec<Str> = group.rows.keys().map(|(topic, _)| topic.clone()).collect();
    topics.dedup();
    topics
}

/// A name that nobody has, of letters that names may have.
fn name_for(acts: &mut Acts<'_>, wish: &str) -> Str {
    let legal = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
    let base: String = wish.chars().map(legal).take(34).collect();
    let base = if base.is_empty() { "client".to_owned() } else { base };
    let mut name = Str::from(base.as_str());
    // From where the last one of this base found room: many clients of one name would be looked through again and again.
    let mut number = acts.next_number.get(&name).copied().unwrap_or(2);
    let base = name.clone();
    while acts.names.contains(&name) {
        name = format!("{base}-{number}").into();
        number += 1;
    }
    acts.next_number.insert(base, number);
    acts.names.insert(name.clone());
    name
}

/// Partitions of a topic; what the controller places counts from what the text says.
fn partitions_of(acts: &Acts<'_>, topic: &Str) -> u32 {
    let found = acts.plan.topics.iter().find(|plan| plan.name == *topic);
    match found.map(|plan| &plan.shape) {
        Some(Shape::Placed(partitions)) => partitions.len() as u32,
        Some(Shape::Counted { partitions, .. }) => partitions.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        None => 1,
    }
}

/// A key that goes to that partition; one of some thousand does, of as many partitions as are taken.
fn key_of(partition: i32, partitions: u32) -> Str {
    let keys = (1..100_000).map(|number| format!("k{number}"));
    let mut fitting = keys.into_iter().filter(|key| partition_for_key(key.as_bytes(), partitions.max(1)) == partition);
    fitting.next().unwrap_or_default().into()
}

/// Writes on until logs end there.
fn write(acts: &mut Acts<'_>, written: &mut Ends, ends: &Ends) {
    let mut lacking: FlatMap<Str, Vec<(i32, i64)>> = FlatMap::new();
    for ((topic, partition), end) in ends {
        let known = written.entry((topic.clone(), *partition)).or_insert(0);
        if *end > *known {
            lacking.entry(topic.clone()).or_default().push((*partition, *end - *known));
            *known = *end;
        }
    }
    let mut longest = 0;
    for (topic, counts) in lacking {
        let count = partitions_of(acts, &topic);
        let counts = counts.into_iter().filter(|(partition, _)| *partition < count as i32);
        let counts: Vec<(i32, i64)> = counts.take(MOST_WRITTEN).collect();
        let sum: i64 = counts.iter().map(|(_, records)| records).sum();
        let keys = |partition: i32, records: i64| vec![key_of(partition, count); records as usize];
        if sum <= MOST_KEYS as i64 {
            let all = counts.iter().flat_map(|(partition, records)| keys(*partition, *records)).collect();
            produce(acts, &topic, (all, sum));
            longest = longest.max(sum);
        } else {
            for (partition, records) in counts {
                produce(acts, &topic, (vec![key_of(partition, count)], records));
                longest = longest.max(records);
            }
        }
    }
    if longest > 0 {
        acts.wait(Span(longest as u64 * PACE) + Span::from_secs(3));
    }
}

/// A record more.
pub(super) fn write_one(acts: &mut Acts<'_>, topic: &Str, partition: i32) {
    let key = key_of(partition, partitions_of(acts, topic));
    produce(acts, topic, (vec![key], 1));
}

fn produce(acts: &mut Acts<'_>, topic: &Str, (keys, records): (Vec<Str>, i64)) {
    let name = name_for(acts, &format!("load-{topic}"));
    acts.act(KafkaCommand::AddProducer {
        name,
        topic: topic.clone(),
        keys,
        random_keys: None,
        interval: Some(PACE),
        value_size: 0,
        limit: u64::try_from(records).ok(),
        configs: FlatMap::new(),
    });
}

/// Reads all that there is, commits and goes.
fn read(acts: &mut Acts<'_>, group: &Str, found: &GroupFound) {
    let name = name_for(acts, &format!("{group}-before"));
    let settings = [("auto.offset.reset", "earliest")];
    consume(acts, (&name, group), topics(found), &settings);
    // The group gathers for three seconds, and the offsets topic may have to be created first.
    acts.wait(Span::from_secs(14));
    acts.act(WorldCommand::Stop { name });
    acts.wait(Span::from_secs(2));
}

/// What was written for others it has read, too, and a member commits wherever it reads: its offsets go to where the text
/// has them, and there are none where the text has none.
fn put_back(acts: &mut Acts<'_>, (name, group): (&Str, &GroupFound), written: &Ends) {
    let mut none = Vec::new();
    for (at, row) in &group.rows {
        let partition = TopicPartition::new(at.0.clone(), at.1);
        match row.current {
            None => none.push(Part::Partition(partition)),
            Some(current) if written.get(at).is_some_and(|end| *end > current) => {
                acts.act(KafkaCommand::Ask(Box::new(Ask::ResetOffsets {
                    group: name.clone(),
                    of: Which::These(vec![Part::Partition(partition)]),
                    to: ResetTo::Offset(Offset(current)),
                    act: Act::Execute,
                })))
            }
            Some(_) => {}
        }
    }
    if !none.is_empty() {
        acts.act(KafkaCommand::Ask(Box::new(Ask::DeleteOffsets { group: name.clone(), of: none })));
    }
}

fn consume(acts: &mut Acts<'_>, (name, group): (&Str, &Str), topics: Vec<Str>, settings: &[(&str, &str)]) {
    let work = settings.iter().find(|(name, _)| *name == "work").map_or(0, |_| 3_600_000_000_000);
    let configs = settings.iter().filter(|(name, _)| *name != "work");
    acts.act(KafkaCommand::AddConsumer {
        name: name.clone(),
        group: group.clone(),
        topics,
        processing: work,
        configs: configs.map(|(name, value)| (Str::from(*name), Str::from(*value))).collect(),
    });
}

/// A member of the text: its client id and what it reads.
type Members = FlatMap<(Str, Str), Vec<(Str, i32)>>;

fn members(found: &GroupFound) -> Members {
    let mut members = Members::new();
    for (at, row) in &found.rows {
        if let Some(member) = &row.member {
            members.entry(member.clone()).or_default().push(at.clone());
        }
    }
    members
}

/// The members that the text names, under their client ids; those of one client id are numbered.
fn join(acts: &mut Acts<'_>, group: &Str, found: &GroupFound) {
    let lags = |row: &OffsetFound| row.member.is_some() && row.end > row.current;
    let is_slow = found.rows.values().any(lags) && !acts.plan.is_at_work(group);
    let commits = found.rows.values().all(|row| row.current.is_some());
    let mut settings = vec![("auto.offset.reset", if commits { "earliest" } else { "latest" })];
    if is_slow {
        settings.extend([("work", ""), ("max.poll.records", "1"), ("max.poll.interval.ms", "2147483647")]);
    }
    if !commits {
        settings.push(("enable.auto.commit", "false"));
    }
    let members = members(found);
    for (index, ((client, _), reads)) in members.iter().enumerate() {
        let alike = members.keys().filter(|(other, _)| other == client).count();
        let wish = if alike > 1 { format!("{client}-{}", index + 1) } else { client.to_string() };
        let name = name_for(acts, &wish);
        told_anew(acts, client, (&name, alike));
        consume(acts, (&name, group), topics(found), &settings);
        let reads: Vec<String> = reads.iter().map(|(topic, partition)| format!("{topic}-{partition}")).collect();
        acts.sees.push(format!("assignment {name} is {}", reads.join(",")));
    }
    for client in &found.idle {
        if !members.keys().any(|(known, _)| known == client) {
            let name = name_for(acts, client);
            told_anew(acts, client, (&name, 1));
            consume(acts, (&name, group), topics(found), &settings);
        }
    }
}

/// A client is called otherwise where another process has its name, and where several have one client id.
fn told_anew(acts: &mut Acts<'_>, client: &Str, (name, alike): (&Str, usize)) {
    let is_told = |each: &Assumed| matches!(each, Assumed::Renamed { from, .. } if from == client);
    if name != client && !acts.assumed.iter().any(is_told) {
        let to = if alike > 1 { format!("{name}, …").into() } else { name.clone() };
        acts.assumed.push(Assumed::Renamed { from: client.clone(), to });
    }
}

/// What the text says of the group, to be looked at.
fn look(acts: &mut Acts<'_>, group: &Str, found: &GroupFound) {
    if group.contains(char::is_whitespace) {
        return;
    }
    for ((topic, partition), row) in &found.rows {
        // Whoever reads on stands elsewhere soon.
        if !acts.plan.is_at_work(group) {
            let current = row.current.map_or_else(|| "none".to_owned(), |current| current.to_string());
            acts.sees.push(format!("offset {group} {topic}-{partition} is {current}"));
        }
    }
    let is_read = found.rows.values().any(|row| row.member.is_some());
    if !found.rows.is_empty() {
        acts.sees.push(format!("group {group} is {}", if is_read { "Stable" } else { "Empty" }));
    }
}
