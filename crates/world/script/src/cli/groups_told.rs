//! What `kafka-consumer-groups` prints of the cluster's answer (`ConsumerGroupCommand`, `OffsetsUtils`).

use super::java::hashed;
use super::output::{FRAMES, Fault, Output};
use super::plan;
use crate::describe::{MemberRow, OffsetRow, offset_table};
use base::{ErrorCode, FlatMap, Str, TopicPartition};
use port::{GroupFound, GroupListed, GroupTold, MemberTold, ResetNote, ResetTold, Said};

/// What is shown of each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupsShown {
    Offsets(Detail),
    Members(Detail),
    State(Detail),
}

/// `--verbose`?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    Brief,
    Verbose,
}

/// Which columns a list has beside the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) kind: Column,
    pub(crate) state: Column,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Shown,
    Hidden,
}

/// How new offsets are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    /// `--export` of the one group that is asked for.
    Csv,
    /// `--export` of several groups.
    CsvOfAll,
}

/// Pads on the right, as `%-15s` does.
fn padded(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

/// Consumer groups alone (`ListGroupsOptions.forConsumerGroups`).
fn of_consumers(groups: &[GroupListed]) -> Vec<&GroupListed> {
    let all = hashed(groups, None, |group| &group.group);
    all.into_iter().filter(|group| ["", "consumer"].contains(&&*group.protocol_type)).collect()
}

/// `listGroups`, `printGroupInfo`.
pub(crate) fn list(output: &mut Output, columns: Columns, groups: &[GroupListed]) {
    let groups = of_consumers(groups);
    if columns == (Columns { kind: Column::Hidden, state: Column::Hidden }) {
        groups.iter().for_each(|group| _ = output.out(group.group.to_string()));
        return;
    }
    let width = groups.iter().map(|group| group.group.len().max(15)).max().unwrap_or(15) + 10;
    let mut row = |name: &str, kind: &str, state: &str| {
        let mut line = padded(name, width);
        if columns.kind == Column::Shown {
            line = format!("{line} {kind:20}");
        }
        if columns.state == Column::Shown {
            line = format!("{line} {state:20}");
        }
        output.out(line);
    };
    row("GROUP", "TYPE", "STATE");
    groups.iter().for_each(|group| row(&group.group, &group.group_type, &group.state));
}

/// `describeGroups`: one that is not there ends the command.
pub(crate) fn describe(output: &mut Output, shown: GroupsShown, told: &[GroupTold]) {
    if let Some(said) = told.iter().find_map(|group| group.found.as_ref().err()) {
        let fault = Fault::from(said);
        output.out("").out(format!("Error: Executing consumer group command failed due to {fault}"));
        output.err(format!("java.util.concurrent.ExecutionException: {fault}")).err(FRAMES);
        output.err(format!("Caused by: {fault}"));
        return;
    }
    let found = told.iter().filter_map(|group| Some((group.group.clone(), group.found.as_ref().ok()?)));
    let found: FlatMap<Str, &GroupFound> = found.collect();
    for (name, group) in &found {
        match shown {
            GroupsShown::Offsets(detail) => offsets(output, name, group, detail),
            GroupsShown::Members(detail) => members(output, name, group, detail),
            GroupsShown::State(detail) => state(output, name, group, detail),
        }
    }
}

/// `shouldPrintMemberState`, of a group with so many rows.
fn is_shown(output: &mut Output, name: &str, group: &GroupFound, rows: usize) -> bool {
    match &*group.state {
        "Dead" => _ = output.out("").out(format!("Error: Consumer group '{name}' does not exist.")),
        "Empty" => _ = output.err("").err(format!("Consumer group '{name}' has no active members.")),
        "PreparingRebalance" | "CompletingRebalance" | "Assigning" | "Reconciling" => {
            output.err("").err(format!("Warning: Consumer group '{name}' is rebalancing."));
        }
        _stable => {}
    }
    &*group.state != "Dead" && rows > 0
}

/// `collectGroupsOffsets`: the members with most partitions first, then what nobody reads.
fn rows(name: &Str, group: &GroupFound) -> Vec<(OffsetRow, Option<i32>)> {
    let row = |partition: &TopicPartition, member: Option<&MemberTold>| {
        let told = group.offsets.iter().find(|told| told.partition == *partition);
        let row = OffsetRow {
            group: name.clone(),
            topic: partition.topic.clone(),
            partition: partition.partition,
            current: told.and_then(|told| Some(told.committed?.0)),
            end: told.and_then(|told| Some(told.end?.0)),
            member: member.map(|member| MemberRow {
                consumer_id: member.member_id.clone(),
                host: member.host.clone(),
                client_id: member.client_id.clone(),
            }),
        };
        (row, told.and_then(|told| Some(told.leader_epoch?.0)))
    };
    let mut members: Vec<&MemberTold> = group.members.iter().filter(|member| !member.assigned.is_empty()).collect();
    base::sort_by(&mut members, |one, other| other.assigned.len().cmp(&one.assigned.len()));
    let mut rows = Vec::new();
    for member in &members {
        let mut assigned: Vec<&TopicPartition> = member.assigned.iter().collect();
        base::sort_by(&mut assigned, |one, other| one.cmp(other));
        rows.extend(assigned.into_iter().map(|partition| row(partition, Some(member))));
    }
    let is_read = |partition| members.iter().any(|member| member.assigned.contains(partition));
    let unread = group.offsets.iter().filter(|told| told.committed.is_some() && !is_read(&told.partition));
    rows.extend(unread.map(|told| row(&told.partition, None)));
    rows
}

fn offsets(output: &mut Output, name: &Str, group: &GroupFound, detail: Detail) {
    let rows = rows(name, group);
    if !is_shown(output, name, group, rows.len()) {
        return;
    }
    let plain: Vec<OffsetRow> = rows.iter().map(|(row, _)| row.clone()).collect();
    let table = offset_table(&plain);
    // Between the number of the partition and its offset stands the epoch, in a column of its own.
    let at = plain.iter().map(|row| row.group.len()).max().unwrap_or(0).max(15)
        + plain.iter().map(|row| row.topic.len()).max().unwrap_or(0).max(15)
        + 13;
    for (index, line) in table.trim_end_matches('\n').split('\n').enumerate() {
        if detail == Detail::Brief || line.len() < at {
            output.out(line);
            continue;
        }
        let epoch = match index.checked_sub(2).and_then(|row| rows.get(row)) {
            None => "LEADER-EPOCH".to_owned(),
            Some((_, epoch)) => epoch.map_or_else(|| "-".to_owned(), |epoch| epoch.to_string()),
        };
        let (head, tail) = line.split_at(at);
        output.out(format!("{head}{epoch:15} {tail}"));
    }
}

/// `getAssignmentString`: `t:0,1;u:0`.
fn assignment(partitions: &[TopicPartition]) -> String {
    let mut by_topic: FlatMap<Str, Vec<i32>> = FlatMap::new();
    for partition in partitions {
        by_topic.entry(partition.topic.clone()).or_default().push(partition.partition);
    }
    if by_topic.is_empty() {
        return "-".to_owned();
    }
    let topics = by_topic.into_iter().map(|(topic, mut numbers)| {
        base::sort(&mut numbers);
        format!("{topic}:{}", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    });
    topics.collect::<Vec<_>>().join(";")
}

/// `printMembers`.
fn members(output: &mut Output, name: &Str, group: &GroupFound, detail: Detail) {
    let is_shown = is_shown(output, name, group, group.members.len());
    let shown: &[MemberTold] = if is_shown { &group.members } else { &[] };
    let width =
        |least: usize, part: &dyn Fn(&MemberTold) -> usize| shown.iter().map(part).max().unwrap_or(0).max(least);
    let instance = |member: &MemberTold| member.instance_id.clone().unwrap_or_default();
    let widths = [
        if shown.is_empty() { 15 } else { name.len().max(15) },
        width(15, &|member| member.member_id.len()),
        width(17, &|member| instance(member).len()),
        width(15, &|member| member.host.len()),
        width(15, &|member| member.client_id.len()),
        width(20, &|member| assignment(&member.assigned).len()),
    ];
    output.out("");
    let is_static = shown.iter().any(|member| !instance(member).is_empty());
    let mut row = |cells: [&str; 6], assigned: &str, heads: [&str; 3]| {
        let [group, id, instance, host, client, count] = cells;
        let mut line = format!("{} {} ", padded(group, widths[0]), padded(id, widths[1]));
        if is_static {
            line += &(padded(instance, widths[2]) + " ");
        }
        line += &format!("{} {} {count:15} ", padded(host, widths[3]), padded(client, widths[4]));
        if detail == Detail::Verbose {
            let [current, target, targets] = heads;
            line += &format!("{current:15} {} {target:15} {targets:20}", padded(assigned, widths[5]));
        }
        output.out(line);
    };
    let heads = ["GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", "#PARTITIONS"];
    row(heads, "CURRENT-ASSIGNMENT", ["CURRENT-EPOCH", "TARGET-EPOCH", "TARGET-ASSIGNMENT"]);
    for member in shown {
        let count = member.assigned.len().to_string();
        let cells = [name, &*member.member_id, &instance(member), &*member.host, &*member.client_id, &*count];
        // Epochs and targets are the newer protocol's.
        row(cells, &assignment(&member.assigned), ["-", "-", "-"]);
    }
}

/// `printStates`.
fn state(output: &mut Output, name: &Str, group: &GroupFound, detail: Detail) {
    if !is_shown(output, name, group, 1) {
        return;
    }
    let endpoint = group.endpoint.as_ref().map(ToString::to_string).unwrap_or_default();
    let coordinator = format!("{endpoint}  ({})", group.coordinator);
    let (wide, group_width) = (coordinator.len().max(25), name.len().max(15));
    let assignor = if group.assignor.is_empty() { "-" } else { &group.assignor };
    output.out("");
    let mut row = |[name, coordinator, assignor, state, members]: [&str; 5], epochs: [&str; 2]| {
        let mut line = format!("{} {} {assignor:20} {state:20} ", padded(name, group_width), padded(coordinator, wide));
        if detail == Detail::Verbose {
            line += &format!("{:15} {:25} ", epochs[0], epochs[1]);
        }
        output.out(line + members);
    };
    row(
        ["GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"],
        ["GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH"],
    );
    row([name, &coordinator, assignor, &group.state, &group.members.len().to_string()], ["-", "-"]);
}

/// `OffsetsUtils.printOffsetsToReset`, with the warnings that come before.
pub(crate) fn reset(output: &mut Output, (group, form): (&str, Form), told: &[ResetTold]) {
    for row in told {
        let partition = &row.partition;
        match row.note {
            None => {}
            Some(ResetNote::NoneAsYoung) => {
                output.out("").out(format!(
                    "Warn: Partition {} from topic {} is empty. Falling back to latest known offset.",
                    partition.partition, partition.topic
                ));
            }
            Some(ResetNote::BeyondEnd { wanted }) => note(output, partition, (wanted.0, "higher than latest"), row),
            Some(ResetNote::BeforeStart { wanted }) => note(output, partition, (wanted.0, "lower than earliest"), row),
        }
    }
    if let Some(said) = told.iter().find_map(|row| row.refused.as_ref()) {
        output.group(&Fault::from(said));
        return;
    }
    moved(output, &[(group, told)], form);
}

/// The same of every group, in one table.
pub(crate) fn reset_all(output: &mut Output, groups: &[(Str, Vec<ResetTold>)], form: Form) {
    let mut fine: Vec<(&str, &[ResetTold])> = Vec::new();
    for (group, told) in groups {
        match told.iter().find_map(|row| row.refused.as_ref()) {
            Some(said) => _ = output.group(&Fault::from(said)),
            None => fine.push((group, told)),
        }
    }
    moved(output, &fine, form);
}

/// Consumer groups by name, in the order in which the tool goes through them.
pub(crate) fn names(groups: &[GroupListed]) -> Vec<Str> {
    of_consumers(groups).into_iter().map(|group| group.group.clone()).collect()
}

fn note(output: &mut Output, partition: &TopicPartition, (wanted, how): (i64, &str), row: &ResetTold) {
    output.log(format!(
        "WARN New offset ({wanted}) is {how} offset for topic partition {partition}. Value will be set to {} \
         (org.apache.kafka.tools.OffsetsUtils)",
        row.offset
    ));
}

/// As a table or as what `--from-file` reads.
pub(crate) fn moved(output: &mut Output, groups: &[(&str, &[ResetTold])], form: Form) {
    match form {
        Form::Table => reset_table(output, groups),
        Form::Csv => plan::export(output, groups, |_| None),
        Form::CsvOfAll => plan::export(output, groups, |group| Some(group)),
    }
}

fn reset_table(output: &mut Output, groups: &[(&str, &[ResetTold])]) {
    let all = || groups.iter().flat_map(|(group, told)| told.iter().map(move |row| (*group, row)));
    let wide = groups.iter().map(|(group, _)| group.len()).max().unwrap_or(0).max(15);
    let topic = all().map(|(_, row)| row.partition.topic.len()).max().unwrap_or(0).max(15);
    output.out("").out(format!("{} {} {:10} NEW-OFFSET", padded("GROUP", wide), padded("TOPIC", topic), "PARTITION"));
    for (group, row) in all() {
        let (name, number) = (&row.partition.topic, row.partition.partition.to_string());
        output.out(format!("{} {} {number:10} {}", padded(group, wide), padded(name, topic), row.offset));
    }
}

/// `resetFromFile` of a group that the file does not name.
pub(crate) fn no_plan(output: &mut Output, group: &str) {
    output.out("").out(format!("Error: No reset plan for group {group} found"));
}

/// `resetOffsets` of a group that somebody is in.
pub(crate) fn is_active(output: &mut Output, group: &str, state: &str) {
    output.out("").out(format!(
        "Error: Assignments can only be reset if the group '{group}' is inactive, but the current state is {state}."
    ));
}

/// `deleteGroups`.
pub(crate) fn deleted(output: &mut Output, told: &[(Str, Result<(), Said>)]) {
    let quoted = |names: Vec<&Str>| {
        let names = names.into_iter().map(|name| format!("'{name}'"));
        names.collect::<Vec<_>>().join(", ")
    };
    let done: Vec<&Str> = told.iter().filter(|(_, result)| result.is_ok()).map(|(name, _)| name).collect();
    let failed: Vec<(&Str, &Said)> =
        told.iter().filter_map(|(name, result)| Some((name, result.as_ref().err()?))).collect();
    if failed.is_empty() {
        output.out(format!("Deletion of requested consumer groups ({}) was successful.", quoted(done)));
        return;
    }
    output.out("").out("Error: Deletion of some consumer groups failed:");
    for (name, said) in failed {
        output.out(format!("* Group '{name}' could not be deleted due to: {}", Fault::from(said)));
    }
    if !done.is_empty() {
        output.out("").out(format!("These consumer groups were deleted successfully: {}", quoted(done)));
    }
}

/// `deleteOffsets`.
pub(crate) fn offsets_deleted(output: &mut Output, group: &str, told: &[(TopicPartition, Result<(), Said>)]) {
    match told.iter().find_map(|(_, result)| result.as_ref().err()) {
        None => drop(output.out(format!("Request succeeded for deleting offsets from group {group}."))),
        Some(said) => offsets_not_deleted(output, said),
    }
    let width = told.iter().map(|(partition, _)| partition.topic.len()).max().unwrap_or(0).max(15);
    output.out("").out(format!("{} {:10} {:15}", padded("TOPIC", width), "PARTITION", "STATUS"));
    let mut rows: Vec<_> = told.iter().collect();
    base::sort_by(&mut rows, |(one, _), (other, _)| {
        let key = |partition: &TopicPartition| format!("{}{}", partition.topic, partition.partition);
        key(one).cmp(&key(other))
    });
    for (partition, result) in rows {
        let number = if partition.partition >= 0 { partition.partition.to_string() } else { "-".to_owned() };
        let status =
            result.as_ref().err().map_or("Successful".to_owned(), |said| format!("Error: {}", Fault::from(said)));
        output.out(format!("{} {number:10} {status:15}", padded(&partition.topic, width)));
    }
}

fn offsets_not_deleted(output: &mut Output, said: &Said) {
    let words = match said.error {
        ErrorCode::InvalidGroupId
        | ErrorCode::GroupIdNotFound
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::NonEmptyGroup => said.error.message().to_owned(),
        ErrorCode::GroupSubscribedToTopic
        | ErrorCode::TopicAuthorizationFailed
        | ErrorCode::UnknownTopicOrPartition => {
            "Encountered some partition-level error, see the follow-up details.".to_owned()
        }
        other => format!("Encountered some unknown error: {}", other.name()),
    };
    output.out("").out(format!("Error: {words}"));
}
