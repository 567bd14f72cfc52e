//! Numbers of a group as they can be written out: a log of millions of records is told by its end.

use crate::found::{Assumed, OffsetFound};
use crate::plan::{Plan, Shape, TopicPlan};
use base::{FlatMap, Str};

/// Records of one partition that are written at most.
pub const MOST_RECORDS: i64 = 4_000;
/// What stands before the committed offset of a log that was moved.
const BEFORE: i64 = 100;

/// Moves long logs, and adds topics that only a group names.
pub(crate) fn settle(plan: &mut Plan, assumed: &mut Vec<Assumed>) {
    if plan.groups.is_empty() {
        return;
    }
    missing_topics(plan, assumed);
    for ((topic, partition), end) in ends(plan) {
        if end > MOST_RECORDS {
            shorten(plan, assumed, (topic, partition, end));
        }
    }
    let is_read = |row: &OffsetFound| row.member.is_some();
    if !assumed.contains(&Assumed::DrawnIds) && plan.groups.values().any(|group| group.rows.values().any(is_read)) {
        assumed.push(Assumed::DrawnIds);
    }
    for (name, group) in &plan.groups {
        let lags = group.rows.values().any(|row| is_read(row) && row.end > row.current);
        if lags && !plan.is_at_work(name) {
            assumed.push(Assumed::Slow(name.clone()));
        }
    }
}

/// The end of every log that a group names.
pub(crate) fn ends(plan: &Plan) -> FlatMap<(Str, i32), i64> {
    let mut ends = FlatMap::new();
    for (at, row) in plan.groups.values().flat_map(|group| group.rows.iter()) {
        let end = row.end.or(row.current).unwrap_or(0);
        let known = ends.entry(at.clone()).or_insert(0);
        *known = end.max(*known);
    }
    ends
}

fn missing_topics(plan: &mut Plan, assumed: &mut Vec<Assumed>) {
    let mut missing: FlatMap<Str, i32> = FlatMap::new();
    for (topic, partition) in ends(plan).keys() {
        if !plan.topics.iter().any(|known| known.name == *topic) && !topic.starts_with("__") {
            let count = missing.entry(topic.clone()).or_insert(0);
            *count = (*count).max(partition + 1);
        }
    }
    let copies = i16::try_from(plan.brokers().len().min(3)).unwrap_or(1);
    for (topic, partitions) in missing {
        assumed.push(Assumed::TopicOf { topic: topic.clone(), partitions });
        let shape = Shape::Counted { partitions: Some(partitions), replication_factor: Some(copies) };
        plan.topics.push(TopicPlan { name: topic, configs: FlatMap::new(), shape });
    }
}

/// Lags stay where they fit; offsets count from somewhere else.
fn shorten(plan: &mut Plan, assumed: &mut Vec<Assumed>, (topic, partition, end): (Str, i32, i64)) {
    let at = (topic.clone(), partition);
    let rows = || plan.groups.values().filter_map(|group| group.rows.get(&at));
    let first = rows().filter_map(|row| row.current).min().unwrap_or(0);
    let lag = end - first;
    let by = if lag + BEFORE <= MOST_RECORDS { first - BEFORE } else { end - MOST_RECORDS };
    if by <= 0 {
        return;
    }
    assumed.push(Assumed::Shifted { topic: topic.clone(), partition, from: end, to: end - by });
    if first < by {
        assumed.push(Assumed::Shortened { topic: topic.clone(), partition, from: lag, to: end - by });
    }
    for row in plan.groups.values_mut().filter_map(|group| group.rows.get_mut(&at)) {
        let move_by = |offset: &mut Option<i64>| *offset = offset.map(|offset| (offset - by).max(0));
        move_by(&mut row.current);
        move_by(&mut row.end);
    }
}
