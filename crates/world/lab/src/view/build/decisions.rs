//! The newest end of the metadata log in few words. The log of the active controller is read once; each record
//! is told from the image before it, so that a change of leader can name both.

use base::{Offset, Timestamp, TopicIdPartition};
use log::BatchEntry;
use metadata::{Image, MetadataRecord};
use records::Record;
use sim::Slot;

use super::Look;
use super::cluster::{self, Cluster};
use crate::text::Text;
use crate::view::{DecisionState, DecisionView};

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

/// A record in few words, without a language: these are names and numbers.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    NoOp,
    /// Worth its own cell.
    News(String),
    /// The same, and before all other news: somebody else is to lead.
    Leader(String),
    /// Only counted.
    Other,
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
        let Some((_, slot)) = cluster.active().or(newest) else { return Vec::new() };
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

    fn read(&mut self, slot: &Slot, log: &log::Log) {
        let last = self.told.back();
        let kept =
            last.is_none_or(|last| log.batches_from(last.first).next().is_some_and(|entry| is_same(entry, last)));
        if !kept || log.log_end() < self.next {
            *self = DecisionBook::default();
        }
        let fresh: Vec<BatchEntry> = log.batches_from(self.next).cloned().collect();
        for entry in &fresh {
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

    fn tell(&mut self, record: &Record) -> Line {
        let decoded = record.value.as_ref().and_then(|value| metadata::codec::decode(value).ok());
        let Some(decoded) = decoded else { return Line::Other };
        let line = line_of(&decoded, &self.image);
        self.image.apply(record.offset, &decoded);
        line
    }
}

fn is_same(entry: &BatchEntry, told: &Told) -> bool {
    entry.base_offset == told.first && entry.last_offset == told.last && entry.max_timestamp == told.written
}

fn line_of(record: &MetadataRecord, before: &Image) -> Line {
    match record {
        MetadataRecord::NoOp => Line::NoOp,
        MetadataRecord::RegisterBroker(record) => Line::News(format!("{} registers", record.broker)),
        MetadataRecord::BrokerRegistrationChange(change) => match change.fenced {
            Some(true) => Line::News(format!("{} fenced", change.broker)),
            Some(false) => Line::News(format!("{} unfenced", change.broker)),
            None => Line::News(format!("{} leaves", change.broker)),
        },
        MetadataRecord::Topic { name, .. } => Line::News(format!("topic {name}")),
        MetadataRecord::RemoveTopic { id } => {
            Line::News(format!("{} deleted", before.topic_name(*id).map_or("topic", |name| name)))
        }
        MetadataRecord::PartitionChange(change) => {
            let id = TopicIdPartition { topic: change.topic, partition: change.partition };
            partition_line(id, change, before)
        }
        MetadataRecord::Config(change) => Line::News(format!("{} set", change.name)),
        MetadataRecord::ProducerIds { .. } => Line::News("producer ids".to_owned()),
        MetadataRecord::Partition(_)
        | MetadataRecord::UnregisterBroker { .. }
        | MetadataRecord::FeatureLevel { .. }
        | MetadataRecord::BeginTransaction { .. }
        | MetadataRecord::EndTransaction
        | MetadataRecord::ClearElr { .. } => Line::Other,
    }
}

fn partition_line(id: TopicIdPartition, change: &metadata::PartitionChange, before: &Image) -> Line {
    let Some((name, old)) = before.named(id).zip(before.partition(id)) else { return Line::Other };
    if metadata::topic_name::is_internal(&name.topic) {
        return Line::Other;
    }
    if let Some(leader) = change.leader {
        let show = |leader: Option<base::BrokerId>| leader.map_or("–".to_owned(), |leader| leader.to_string());
        let epoch = old.leader_epoch.0 + 1;
        return Line::Leader(format!("{name}: leader {}→{}, epoch {epoch}", show(old.leader), show(leader.known())));
    }
    match &change.isr {
        Some(isr) => {
            Line::News(format!("{name}: ISR {}", isr.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")))
        }
        None => Line::Other,
    }
}

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
    let last = places(|line| matches!(line, Line::News(_) | Line::Leader(_))).last();
    let leaders = places(|line| matches!(line, Line::Leader(_)));
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
            Line::News(news) | Line::Leader(news) if chosen.contains(&index) => {
                push_others(&mut cells, others.take(), loud, text);
                cells.push(DecisionView { text: news.clone(), offsets: at(index).to_string(), state: loud });
            }
            Line::News(_) | Line::Leader(_) | Line::Other => {
                others = Some((others.map_or(at(index), |(first, _)| first), at(index)));
            }
        }
    }
    push_others(&mut cells, others, loud, text);
    cells
}

fn push_others(cells: &mut Vec<DecisionView>, others: Option<(Offset, Offset)>, state: DecisionState, text: &Text) {
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

    #[test]
    fn a_change_of_leader_is_told_before_shrunk_isrs() {
        let news = |text: &str| Line::News(text.to_owned());
        let mut lines = vec![Line::Other; 50];
        lines.extend([news("isr"), Line::Leader("leader".to_owned()), news("isr"), news("2 fenced")]);
        assert_eq!(chosen(&lines), [53, 51, 50]);
        assert!(chosen(&[Line::NoOp]).is_empty());
    }
}
