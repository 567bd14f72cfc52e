//! One replica: what is decided about it, what its broker knows, its log, and one record of it.

use base::{Offset, ProcessId, TopicPartition};
use broker::Partition;
use log::Log;
use metadata::PartitionRegistration;
use sim::Slot;

use super::super::cells::Source;
use super::cluster::{self, Cluster};
use super::nodes::own_title;
use super::{Look, Memory, config, empty, list, property, section, toned};
use crate::text::SegmentState;
use crate::{
    CellState, CellView, InspectorTab, InspectorView, PropertyView, ReaderView, SectionView, SegmentView, Thing, Tone,
};

/// Cells drawn per segment.
const SEGMENT_CELLS: usize = 11;
/// Segments listed, newest last.
const SEGMENTS: usize = 4;

type Chosen<'a> = (ProcessId, &'a TopicPartition, Option<Offset>);

/// The view of a replica, or of one of its records.
pub(super) fn view(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    memory: &mut Memory,
    (process, name, offset): Chosen<'_>,
) -> Option<InspectorView> {
    let slot = look.world.slot(process)?;
    let id = cluster.id_of(name)?;
    let partition = cluster::broker(slot)?.partition(id)?;
    let words = &look.text.inspect;
    let thing = match offset {
        Some(offset) => Thing::Record { process, partition: name.clone(), offset },
        None => Thing::Replica { process, partition: name.clone() },
    };
    let role = if partition.is_leader() { words.leader } else { words.follower };
    let mut view = empty(thing, words.partition, name.to_string(), (words.on_broker)(&slot.name, role));
    view.hue = look.hue(&name.topic);
    view.tabs = vec![InspectorTab::State, InspectorTab::Log, InspectorTab::Config, InspectorTab::Events];
    view.state = replica_state(look, cluster, (slot, partition));
    view.config = config::of_topic(look, cluster, &name.topic);
    view.high_watermark = Some(partition.high_watermark());
    let source = Source { id, slot, log: partition.log(), leads: partition.is_leader() };
    view.segments = segments(look, memory, &source);
    let epochs = partition.log().epochs().entries().iter();
    view.epochs =
        epochs.map(|entry| property(&format!("e{}", entry.epoch), (words.from_offset)(entry.start.0))).collect();
    view.readers = readers(look, cluster, name, partition);
    let shown = offset.or_else(|| Some(partition.log_end().plus(-1)).filter(|last| last.0 >= 0));
    view.record = shown.map(|offset| record(look, &source, offset)).unwrap_or_default();
    Some(view)
}

/// What the controllers have decided, as the newest image has it; then what the broker itself knows.
fn replica_state(look: &Look<'_>, cluster: &Cluster<'_>, (slot, partition): (&Slot, &Partition)) -> Vec<SectionView> {
    let words = &look.text.inspect;
    let decided = cluster.registration(partition.id()).map(|known| decided(look, known)).unwrap_or_default();
    let title = cluster::broker(slot).map_or_else(String::new, |broker| own_title(look, slot, broker.id().0));
    let sections = [section(words.as_controllers_see, decided), section(&title, own(look, partition))];
    sections.into_iter().flatten().collect()
}

/// What the controllers have written down.
fn decided(look: &Look<'_>, known: &PartitionRegistration) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let preferred = known.leader.is_some() && known.leader == known.preferred_leader();
    let leader = known.leader.map_or(words.nobody.to_owned(), |leader| leader.to_string());
    let tone = if known.leader.is_none() { Tone::Bad } else { Tone::Plain };
    let short = known.isr.len() < known.replicas.len();
    let mut rows = vec![
        toned(words.leader_title, if preferred { (words.preferred)(&leader) } else { leader }, tone),
        property(words.leader_epoch, known.leader_epoch),
        property(words.partition_epoch, known.partition_epoch),
        property(words.replicas, list(&known.replicas)),
        toned("ISR", list(&known.isr), if short { Tone::Warning } else { Tone::Plain }),
        property("ELR", list(&known.elr)),
        property("LastKnownELR", list(&known.last_known_elr)),
    ];
    let moving = [(words.adding, &known.adding), (words.removing, &known.removing)];
    rows.extend(moving.iter().filter(|(_, ids)| !ids.is_empty()).map(|(name, ids)| property(name, list(ids))));
    rows
}

/// What this broker makes of it.
fn own(look: &Look<'_>, partition: &Partition) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let log = partition.log();
    let mut rows = vec![
        property(words.role, if partition.is_leader() { words.leader } else { words.follower }),
        property(words.leader_epoch, partition.leader_epoch()),
        property(words.partition_epoch, partition.partition_epoch()),
        property("ISR", list(partition.isr())),
        property(words.start_mark_end, format!("{}, {}, {}", log.log_start(), log.high_watermark(), log.log_end())),
    ];
    if let Some(leader) = partition.leader() {
        rows.push(property("min.insync.replicas", leader.effective_min_isr()));
        for (follower, known) in leader.followers() {
            let end = known.log_end;
            let end = if end == Offset::UNDEFINED { words.not_fetched.to_owned() } else { end.to_string() };
            rows.push(property(&(words.follower_end)(follower.0), end));
        }
    }
    rows
}

/// Files of the log with the records that lie in them.
fn segments(look: &Look<'_>, memory: &mut Memory, source: &Source<'_>) -> Vec<SegmentView> {
    let log = source.log;
    let all: Vec<_> = log.segments().collect();
    let first = all.len().saturating_sub(SEGMENTS);
    let view = |index: usize| {
        let segment = all[index];
        let end = all.get(index + 1).map_or(log.log_end(), |next| next.base_offset);
        let active = index + 1 == all.len();
        let from = segment.base_offset.max(Offset(end.0 - SEGMENT_CELLS as i64));
        let cells = cells_between(look, memory, source, (from, end));
        SegmentView {
            file: format!("{:020}.log", segment.base_offset.0),
            note: (look.text.inspect.segment)(
                segment.size,
                if active { SegmentState::Active } else { SegmentState::Closed },
            ),
            active,
            hidden: from.since(segment.base_offset).max(0) as u64,
            cells,
        }
    };
    (first..all.len()).map(view).collect()
}

fn cells_between(
    look: &Look<'_>,
    memory: &mut Memory,
    source: &Source<'_>,
    (from, end): (Offset, Offset),
) -> Vec<CellView> {
    let mut cells = Vec::new();
    let state = |offset: Offset| match (offset >= source.log.high_watermark(), source.leads) {
        (true, _) => CellState::Open,
        (false, true) => CellState::Leader,
        (false, false) => CellState::Follower,
    };
    for entry in source.log.batches_from(from) {
        for offset in entry.base_offset.0.max(from.0)..=entry.last_offset.0 {
            let offset = Offset(offset);
            if offset >= end {
                return cells;
            }
            let glyph = memory.cells.glyph(source, &entry, offset, look);
            cells.push(CellView { offset, glyph, state: state(offset), landed: 1000, lit: None });
        }
    }
    cells
}

fn record(look: &Look<'_>, source: &Source<'_>, offset: Offset) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let log: &Log = source.log;
    // Retention or a truncation has taken it.
    let Some(entry) = log.batches_from(offset).next().filter(|entry| entry.base_offset <= offset) else {
        return Vec::new();
    };
    // The disk does not give it.
    let Ok(batch) = log.read_batch(&source.slot.store, &entry) else { return Vec::new() };
    let records = batch.records().unwrap_or_default();
    // A marker, or an offset that compaction left empty.
    let Some(record) = records.iter().find(|record| record.offset == offset) else { return Vec::new() };
    let show = |bytes: &Option<bytes::Bytes>| {
        bytes.as_ref().map_or("null".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    vec![
        property(words.offset, offset),
        property(words.key, show(&record.key)),
        property(words.value, show(&record.value)),
        property(words.timestamp, record.timestamp),
        property(
            words.producer_epoch_sequence,
            format!("{}, {}, {}", batch.producer_id(), batch.producer_epoch(), record.sequence),
        ),
        property(
            words.batch,
            format!("{}–{}, {} B, CRC-32C {:08x}", entry.base_offset, entry.last_offset, entry.size(), batch.crc()),
        ),
    ]
}

/// Groups that read it, and how far each is.
fn readers(look: &Look<'_>, cluster: &Cluster<'_>, name: &TopicPartition, partition: &Partition) -> Vec<ReaderView> {
    let mut readers: Vec<ReaderView> = Vec::new();
    for slot in look.slots() {
        let port::ProcessConfig::Kafka(port::KafkaSetup::Consumer(_, setup)) = &slot.config else { continue };
        if !setup.topics.contains(&name.topic) || readers.iter().any(|known| known.group == *setup.group) {
            continue;
        }
        let up = cluster.brokers().filter(|(_, slot)| slot.liveness.is_up());
        let committed = up
            .filter_map(|(_, slot)| cluster::broker(slot)?.coordinator().committed(&setup.group, name))
            .map(|known| known.offset)
            .max();
        let position = position_of(look, &setup.group, name);
        let behind = position.or(committed).map(|at| partition.high_watermark().since(at).max(0));
        let show = |number: Option<i64>| number.map_or(super::NONE.to_owned(), |number| number.to_string());
        readers.push(ReaderView {
            group: setup.group.to_string(),
            committed: show(committed.map(|offset| offset.0)),
            position: show(position.map(|offset| offset.0)),
            lag: show(behind),
        });
    }
    readers
}

fn position_of(look: &Look<'_>, group: &str, name: &TopicPartition) -> Option<Offset> {
    look.slots().find_map(|slot| {
        let consumer = slot.process.as_ref()?.consumer()?;
        (*consumer.setup().group == *group && slot.liveness.is_up()).then(|| consumer.position(name)).flatten()
    })
}
