//! The newest end of the metadata log in few words. The log of the active controller is read once; each record
//! is told from the image before it, so that a change of leader can name both.

use base::{Offset, Timestamp, TopicIdPartition};
use log::BatchEntry;
use metadata::{Image, MetadataRecord};
use records::Record;
use sim::Slot;
use std::borrow::Cow;

use super::Look;
use super::cluster::{self, Cluster};
use crate::text::Text;
use crate::{Decision, DecisionState, DecisionView};

/// Batches whose lines are kept.
const KEPT: usize = 64;
/// Cells that the lane has room for.
const SHOWN: usize = 7;
/// Committed less than this long ago counts as fresh.
const FRESH_MILLISECONDS: i64 = 400;

/// A batch of the metadata log, told.
#[derive(Clone, Debug)]
struct Told {
    first: Offset,
    last: Offset,
    written: Timestamp,
    lines: Vec<Line>,
}

/// A record as the lane shows it.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    NoOp,
    /// Worth its own cell.
    News(Decision),
    /// Only counted.
    Other,
}

impl Line {
    /// Somebody else is to lead: that is told before all other news.
    fn is_leader(&self) -> bool {
        matches!(self, Line::News(Decision::Leader(..)))
    }
}

/// The log as far as it has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct DecisionBook {
    image: Image,
    next: Offset,
    told: std::collections::VecDeque<Told>,
}

impl DecisionBook {
    /// The newest cells, oldest first.
    pub(super) fn tail(&mut self, look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<DecisionView> {
        let newest = cluster.controllers().filter(|(_, slot)| slot.liveness.is_up());
        let newest = newest
            .max_by_key(|(_, slot)| cluster::node(slot).map(|node| (node.quorum().epoch(), node.quorum().log_end())));
        // No controller is up.
        let Some((_, slot)) = cluster.active().or(newest) else { return Vec::new() };
        // It has never run.
        let Some(quorum) = cluster::node(slot).map(process::Node::quorum) else { return Vec::new() };
        self.read(slot, quorum.log().log());
        let committed = quorum.high_watermark().unwrap_or(Offset::ZERO);
        let wall = look.world.wall();
        let cells = self.told.iter().flat_map(|told| {
            let fresh = wall.0 - told.written.0 < FRESH_MILLISECONDS;
            cells(told, State { open: told.last >= committed, fresh }, look.text)
        });
        let cells = joined(cells.collect());
        cells[cells.len().saturating_sub(SHOWN)..].to_vec()
    }

    /// Goes on from what was read; begins anew where the log is another one.
    fn read(&mut self, slot: &Slot, log: &log::Log) {
        let last = self.told.back();
        let kept =
            last.is_none_or(|last| log.batches_from(last.first).next().is_some_and(|entry| is_same(&entry, last)));
        if !kept || log.log_end() < self.next {
            *self = DecisionBook::default();
        }
        let fresh: Vec<BatchEntry> = log.batches_from(self.next).map(Cow::into_owned).collect();
        for entry in &fresh {
            // The disk does not give it; it is tried again with the next picture.
            let Ok(batch) = log.read_batch(&slot.store, entry) else { return };
            let records = if batch.is_control() { Vec::new() } else { batch.records().unwrap_or_default() };
            let lines = records.iter().map(|record| self.tell(record)).collect();
            self.told.push_back(Told {
                first: entry.base_offset,
                last: entry.last_offset,
                written: entry.max_timestamp,
                lines,
            });
            self.next = entry.last_offset.plus(1);
        }
        let old = self.told.len().saturating_sub(KEPT);
        self.told.drain(..old);
    }

    /// Told against the image before it, because records say only what changes.
    fn tell(&mut self, record: &Record) -> Line {
        let decoded = record.value.as_ref().and_then(|value| metadata::codec::decode(value).ok());
        let Some(decoded) = decoded else { return Line::Other };
        let line = line_of(&decoded, &self.image);
        self.image.apply(record.offset, &decoded);
        line
    }
}

/// By offsets and time: another leader may have written other records there.
fn is_same(entry: &BatchEntry, told: &Told) -> bool {
    entry.base_offset == told.first && entry.last_offset == told.last && entry.max_timestamp == told.written
}

fn line_of(record: &MetadataRecord, before: &Image) -> Line {
    match record {
        MetadataRecord::NoOp => Line::NoOp,
        MetadataRecord::RegisterBroker(record) => Line::News(Decision::Registers(record.broker)),
        MetadataRecord::BrokerRegistrationChange(change) => Line::News(match change.fenced {
            Some(true) => Decision::Fenced(change.broker),
            Some(false) => Decision::Unfenced(change.broker),
            None => Decision::Leaves(change.broker),
        }),
        MetadataRecord::Topic { name, .. } => Line::News(Decision::Topic(name.clone())),
        MetadataRecord::RemoveTopic { id } => Line::News(Decision::Deleted(before.topic_name(*id).cloned())),
        MetadataRecord::PartitionChange(change) => {
            let id = TopicIdPartition { topic: change.topic, partition: change.partition };
            partition_line(id, change, before)
        }
        MetadataRecord::Config(change) => Line::News(Decision::Set(change.name.clone())),
        MetadataRecord::ProducerIds { .. } => Line::News(Decision::ProducerIds),
        MetadataRecord::Partition(_)
        | MetadataRecord::UnregisterBroker { .. }
        | MetadataRecord::FeatureLevel { .. }
        | MetadataRecord::BeginTransaction { .. }
        | MetadataRecord::EndTransaction
        | MetadataRecord::ClearElr { .. } => Line::Other,
    }
}

/// What a reader wants to know of it: leader and ISR.
fn partition_line(id: TopicIdPartition, change: &metadata::PartitionChange, before: &Image) -> Line {
    let Some((name, old)) = before.named(id).zip(before.partition(id)) else { return Line::Other };
    if metadata::topic_name::is_internal(&name.topic) {
        return Line::Other;
    }
    if let Some(leader) = change.leader {
        return Line::News(Decision::Leader(name, old.leader, leader.known(), old.leader_epoch.0 + 1));
    }
    match &change.isr {
        Some(isr) => Line::News(Decision::Isr(name, isr.clone())),
        None => Line::Other,
    }
}

/// How far each cell is: written, or stored by a majority.
struct State {
    open: bool,
    fresh: bool,
}

/// Pieces of news of one batch that have their own cells.
const NEWS: usize = 3;

/// Which records of a batch have their own cells: the last piece of news, changes of leaders, then what comes first.
fn chosen(lines: &[Line]) -> Vec<usize> {
    let places = |wanted: fn(&Line) -> bool| {
        lines.iter().enumerate().filter(move |(_, line)| wanted(line)).map(|(index, _)| index)
    };
    let last = places(|line| matches!(line, Line::News(_))).next_back();
    let leaders = places(Line::is_leader);
    let mut chosen: Vec<usize> = Vec::new();
    for index in last.into_iter().chain(leaders).chain(places(|line| matches!(line, Line::News(_)))) {
        if chosen.len() < NEWS && !chosen.contains(&index) {
            chosen.push(index);
        }
    }
    chosen
}

/// A batch as cells: at most three pieces of news by themselves, the rest counted.
fn cells(told: &Told, state: State, text: &Text) -> Vec<DecisionView> {
    let at = |index: usize| Offset(told.first.0 + index as i64);
    let loud = match state {
        State { open: true, .. } => DecisionState::Open,
        State { fresh: true, .. } => DecisionState::Fresh,
        State { .. } => DecisionState::Committed,
    };
    let quiet = if state.open { DecisionState::Open } else { DecisionState::Quiet };
    let chosen = chosen(&told.lines);
    let mut cells = Vec::new();
    let mut others: Option<(Offset, Offset)> = None;
    for (index, line) in told.lines.iter().enumerate() {
        match line {
            Line::NoOp => {
                cells.push(DecisionView {
                    text: text.stage.no_op.to_owned(),
                    offsets: at(index).to_string(),
                    state: quiet,
                });
            }
            Line::News(news) if chosen.contains(&index) => {
                push_others(&mut cells, others.take(), loud, text);
                cells.push(DecisionView {
                    text: (text.stage.decision)(news),
                    offsets: at(index).to_string(),
                    state: loud,
                });
            }
            Line::News(_) | Line::Other => {
                others = Some((others.map_or(at(index), |(first, _)| first), at(index)));
            }
        }
    }
    push_others(&mut cells, others, loud, text);
    cells
}

fn push_others(cells: &mut Vec<DecisionView>, others: Option<(Offset, Offset)>, state: DecisionState, text: &Text) {
    // Every record has a cell of its own.
    let Some((first, last)) = others else { return };
    let count = last.since(first) as usize + 1;
    let offsets = if first == last { first.to_string() } else { format!("{first}-{last}") };
    cells.push(DecisionView { text: (text.stage.more_records)(count), offsets, state });
}

/// No-ops beside each other are one cell.
fn joined(cells: Vec<DecisionView>) -> Vec<DecisionView> {
    let mut joined: Vec<DecisionView> = Vec::new();
    for cell in cells {
        let same = |last: &&mut DecisionView| last.state == DecisionState::Quiet && cell.state == DecisionState::Quiet;
        match joined.last_mut().filter(same) {
            Some(last) => {
                let first = last.offsets.split('-').next().unwrap_or_default().to_owned();
                last.offsets = format!("{first}-{}", cell.offsets);
            }
            None => joined.push(cell),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::BrokerId;

    #[test]
    fn a_change_of_leader_is_told_before_shrunk_isrs() {
        let partition = base::TopicPartition::new("orders", 1);
        let isr = || Line::News(Decision::Isr(partition.clone(), vec![BrokerId(1)]));
        let leader = Line::News(Decision::Leader(partition.clone(), Some(BrokerId(2)), None, 6));
        let mut lines = vec![Line::Other; 50];
        lines.extend([isr(), leader, isr(), Line::News(Decision::Fenced(BrokerId(2)))]);
        assert_eq!(chosen(&lines), [53, 51, 50]);
        assert!(chosen(&[Line::NoOp]).is_empty());
    }

    #[test]
    fn cells_are_told_in_the_reader_s_language() {
        use crate::text::{EN, ZH};
        let partition = base::TopicPartition::new("orders", 1);
        for (decision, en, zh) in [
            (Decision::Registers(BrokerId(4)), "4 registers", "4 注册"),
            (Decision::Fenced(BrokerId(2)), "2 fenced", "2 被隔离"),
            (Decision::Deleted(None), "topic deleted", "主题被删除"),
            (Decision::Set("orders".into()), "orders set", "orders 已配置"),
            (
                Decision::Leader(partition.clone(), Some(BrokerId(2)), None, 6),
                "orders-1: leader 2→–, epoch 6",
                "orders-1：Leader 2→–，纪元 6",
            ),
            (Decision::Isr(partition, vec![BrokerId(1), BrokerId(3)]), "orders-1: ISR 1 3", "orders-1：ISR 1 3"),
        ] {
            assert_eq!(((EN.stage.decision)(&decision).as_str(), (ZH.stage.decision)(&decision).as_str()), (en, zh));
        }
    }
}
