//! The inside of one selected thing, read from the process that holds it.

use base::{Offset, ProcessId, Time, TimerTable, TopicPartition};
use broker::Partition;
use log::Log;
use sim::Slot;

use super::cells::{self, Source};
use super::cluster::{self, Cluster};
use super::{Look, Memory};
use crate::{
    CellState, CellView, InspectorTab, InspectorView, PropertyView, ReaderView, SegmentView, StoryLine, Thing, Tone,
};

/// Cells drawn per segment.
const SEGMENT_CELLS: usize = 11;
/// Segments listed, newest last.
const SEGMENTS: usize = 4;
/// Lines of the story that are listed.
const EVENTS: usize = 16;

/// The selected thing's view; `None` when it is not there any more.
pub fn inspector(look: &Look<'_>, memory: &mut Memory) -> Option<InspectorView> {
    let cluster = Cluster::of(look.world);
    let mut view = match look.selection? {
        Thing::Process(process) => of_process(look, &cluster, *process),
        Thing::Replica { process, partition } => of_replica(look, &cluster, memory, (*process, partition, None)),
        Thing::Record { process, partition, offset } => {
            of_replica(look, &cluster, memory, (*process, partition, Some(*offset)))
        }
        Thing::Group(name) => of_group(look, &cluster, name),
        Thing::Topic(_) | Thing::Packet(_) => None,
    }?;
    view.events = events(look, &view.thing);
    if view.events.is_empty() {
        view.tabs.retain(|tab| *tab != InspectorTab::Events);
    }
    Some(view)
}

/// What the story tells of the thing.
fn events(look: &Look<'_>, thing: &Thing) -> Vec<StoryLine> {
    let mut lines = super::story::lines(look.world, look.told, look.text);
    let name = match thing {
        Thing::Replica { partition, .. } | Thing::Record { partition, .. } => Some(partition.to_string()),
        Thing::Process(_) | Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => None,
    };
    lines.retain(|(process, line)| match thing {
        Thing::Process(own) => process == own || line.about.as_ref() == Some(thing),
        Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => line.about.as_ref() == Some(thing),
        Thing::Replica { .. } | Thing::Record { .. } => name.as_ref().is_some_and(|name| line.strong.contains(name)),
    });
    let earlier = lines.len().saturating_sub(EVENTS);
    lines.drain(..earlier);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn property(name: &str, value: impl ToString) -> PropertyView {
    PropertyView { name: name.to_owned(), value: value.to_string(), tone: Tone::Plain }
}

fn toned(name: &str, value: impl ToString, tone: Tone) -> PropertyView {
    PropertyView { tone, ..property(name, value) }
}

fn list(ids: &[base::BrokerId]) -> String {
    if ids.is_empty() { "–".to_owned() } else { ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

fn empty(thing: Thing, kind: &str, title: String, subtitle: String) -> InspectorView {
    InspectorView {
        thing,
        kind: kind.to_owned(),
        title,
        subtitle,
        hue: 0,
        tabs: vec![InspectorTab::State, InspectorTab::Events],
        state: Vec::new(),
        why: None,
        timers: Vec::new(),
        segments: Vec::new(),
        high_watermark: None,
        epochs: Vec::new(),
        record: Vec::new(),
        readers: Vec::new(),
        events: Vec::new(),
        can_stop: false,
        can_start: false,
    }
}

fn timers<K: Ord + Clone + std::fmt::Debug>(now: Time, table: &TimerTable<K>) -> Vec<PropertyView> {
    let left = |(key, at): (&K, Time)| {
        let milliseconds = at.since(now).as_millis();
        property(&format!("{key:?}"), format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000))
    };
    table.iter().take(12).map(left).collect()
}

fn of_process(look: &Look<'_>, cluster: &Cluster<'_>, process: ProcessId) -> Option<InspectorView> {
    let slot = look.world.slot(process)?;
    let words = &look.text.inspect;
    let kind = match &slot.config {
        port::ProcessConfig::Node(setup) if setup.roles.is_broker() => words.broker,
        port::ProcessConfig::Node(_) => words.controller,
        port::ProcessConfig::Producer(..) => words.producer,
        port::ProcessConfig::Consumer(..) => words.consumer,
        port::ProcessConfig::Admin(..) => words.admin,
    };
    let mut view = empty(Thing::Process(process), kind, slot.name.to_string(), format!("{:?}", slot.liveness));
    view.can_stop = slot.liveness.is_up();
    view.can_start = !slot.liveness.is_up();
    let now = look.world.now();
    view.state.push(property(words.since, slot.since));
    if let Some(node) = cluster::node(slot) {
        let quorum = node.quorum();
        view.state.push(property("node.id", node.id()));
        view.state.push(property(words.quorum_role, format!("{:?}", quorum.role().kind())));
        view.state.push(property(words.quorum_epoch, quorum.epoch()));
        view.state.push(property(
            words.quorum_leader,
            quorum
                .leader()
                .map_or("–".to_owned(), |id| cluster.slot(id).map_or(id.to_string(), |slot| slot.name.to_string())),
        ));
        view.state.push(property(words.metadata_end, quorum.log_end()));
        view.timers = timers(now, quorum.timers());
        if let Some(broker) = node.broker() {
            view.state.push(property(words.broker_state, format!("{:?}", broker.state())));
            view.state.push(property(words.metadata_offset, broker.image().last_applied()));
            view.state.push(property(words.parked, broker.produces().parked() + broker.fetches().parked()));
            view.timers.extend(timers(now, broker.timers()));
        }
        if let Some(controller) = node.controller() {
            view.timers.extend(timers(now, controller.timers()));
        }
    }
    clients(look, slot, &mut view);
    Some(view)
}

fn clients(look: &Look<'_>, slot: &Slot, view: &mut InspectorView) {
    let words = &look.text.inspect;
    let now = look.world.now();
    let Some(process) = &slot.process else { return };
    if let Some(producer) = process.producer() {
        let counts = producer.counts();
        view.state.push(property("acks", producer.config().acks.wire()));
        view.state.push(property("enable.idempotence", format!("{:?}", producer.idempotence())));
        view.state
            .push(property(words.sent_acked_failed, format!("{}, {}, {}", counts.sent, counts.acked, counts.failed)));
        for (partition, queue) in producer.queues() {
            let (waiting, in_flight) = queue.record_counts();
            if waiting + in_flight > 0 {
                view.state.push(property(&partition.to_string(), (words.waiting_in_flight)(waiting, in_flight)));
            }
        }
        view.timers = timers(now, producer.timers());
    }
    if let Some(consumer) = process.consumer() {
        let membership = consumer.membership();
        view.state.push(property("group.id", &consumer.setup().group));
        view.state.push(property(words.phase, format!("{:?}", membership.phase)));
        view.state.push(property(words.generation, membership.generation));
        view.state.push(property(words.member_id, &membership.member_id));
        view.state
            .push(property(words.coordinator, membership.coordinator.map_or("–".to_owned(), |id| id.to_string())));
        for (partition, state) in consumer.partitions() {
            let offset = state.offset().map_or("–".to_owned(), |offset| offset.to_string());
            view.state.push(property(&partition.to_string(), offset));
        }
        view.timers = timers(now, consumer.timers());
    }
}

type Chosen<'a> = (ProcessId, &'a TopicPartition, Option<Offset>);

fn of_replica(
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
    view.hue = memory.hues.of(&name.topic);
    view.tabs = vec![InspectorTab::State, InspectorTab::Log, InspectorTab::Events];
    view.state = replica_state(look, cluster, partition);
    view.why = why(look, cluster, partition);
    view.high_watermark = Some(partition.high_watermark());
    let source = cells::source(slot, partition);
    view.segments = segments(memory, &source, partition);
    let epochs = partition.log().epochs().entries().iter();
    view.epochs =
        epochs.map(|entry| property(&format!("e{}", entry.epoch), (words.from_offset)(entry.start.0))).collect();
    view.readers = readers(look, cluster, name, partition);
    let shown = offset.or_else(|| Some(partition.log_end().plus(-1)).filter(|last| last.0 >= 0));
    view.record = shown.map(|offset| record(look, &source, offset)).unwrap_or_default();
    Some(view)
}

fn replica_state(look: &Look<'_>, cluster: &Cluster<'_>, partition: &Partition) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let log = partition.log();
    let mut state = Vec::new();
    if let Some(known) = cluster.registration(partition.id()) {
        let preferred = known.leader.is_some() && known.leader == known.preferred_leader();
        let leader = known.leader.map_or("–".to_owned(), |leader| leader.to_string());
        state.push(property(words.leader_title, if preferred { (words.preferred)(&leader) } else { leader }));
        state.push(property(words.replicas, list(&known.replicas)));
        state.push(property("ELR", list(&known.elr)));
    }
    state.push(property(words.leader_epoch, partition.leader_epoch()));
    state.push(property(words.partition_epoch, partition.partition_epoch()));
    let short = partition.leader().is_some_and(|leader| leader.isr().len() < leader.replicas().len());
    state.push(toned("ISR", list(partition.isr()), if short { Tone::Warning } else { Tone::Plain }));
    state.push(property(
        words.start_mark_end,
        format!("{}, {}, {}", log.log_start(), log.high_watermark(), log.log_end()),
    ));
    if let Some(leader) = partition.leader() {
        state.push(property("min.insync.replicas", leader.effective_min_isr()));
        for (follower, known) in leader.followers() {
            state.push(property(&(words.follower_end)(follower.0), format!("{:?}", known.log_end)));
        }
    }
    state
}

/// The question that a glance at this replica raises, and its answer.
fn why(look: &Look<'_>, cluster: &Cluster<'_>, partition: &Partition) -> Option<(String, String)> {
    let words = &look.text.inspect;
    let leader = partition.leader()?;
    let out = leader.replicas().iter().find(|replica| !leader.isr().contains(replica));
    if let Some(out) = out {
        let down = cluster.slot(*out).is_some_and(|slot| !slot.liveness.is_up());
        let since = cluster.slot(*out).map(|slot| slot.since.to_string()).unwrap_or_default();
        let answer = if down { (words.out_because_down)(out.0, &since) } else { (words.out_because_behind)(out.0) };
        return Some(((words.why_out)(out.0), answer));
    }
    let silent =
        leader.isr().iter().find(|member| cluster.slot(**member).is_some_and(|slot| !slot.liveness.is_up()))?;
    (partition.log_end() > partition.high_watermark())
        .then(|| ((words.why_mark)(partition.high_watermark().0), (words.mark_waits_for)(silent.0)))
}

fn segments(memory: &mut Memory, source: &Source<'_>, partition: &Partition) -> Vec<SegmentView> {
    let log = source.log;
    let all: Vec<_> = log.segments().collect();
    let first = all.len().saturating_sub(SEGMENTS);
    let view = |index: usize| {
        let segment = all[index];
        let end = all.get(index + 1).map_or(log.log_end(), |next| next.base_offset);
        let active = index + 1 == all.len();
        let from = segment.base_offset.max(Offset(end.0 - SEGMENT_CELLS as i64));
        let cells = cells_between(memory, source, partition, (from, end));
        SegmentView {
            file: format!("{:020}.log", segment.base_offset.0),
            note: format!("{} B", segment.size),
            active,
            hidden: from.since(segment.base_offset).max(0) as u64,
            cells,
        }
    };
    (first..all.len()).map(view).collect()
}

fn cells_between(
    memory: &mut Memory,
    source: &Source<'_>,
    partition: &Partition,
    (from, end): (Offset, Offset),
) -> Vec<CellView> {
    let mut cells = Vec::new();
    let state = |offset: Offset| match (offset >= partition.high_watermark(), partition.is_leader()) {
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
            let glyph = memory.cells.glyph(source, &entry, offset, &mut memory.keys);
            cells.push(CellView { offset, glyph, state: state(offset), landed: 1000, lit: None });
        }
    }
    cells
}

fn record(look: &Look<'_>, source: &Source<'_>, offset: Offset) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let log: &Log = source.log;
    let Some(entry) = log.batches_from(offset).next().filter(|entry| entry.base_offset <= offset) else {
        return Vec::new();
    };
    let Ok(batch) = log.read_batch(&source.slot.store, &entry) else { return Vec::new() };
    let records = batch.records().unwrap_or_default();
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

fn readers(look: &Look<'_>, cluster: &Cluster<'_>, name: &TopicPartition, partition: &Partition) -> Vec<ReaderView> {
    let mut readers: Vec<ReaderView> = Vec::new();
    for slot in look.world.slots() {
        let port::ProcessConfig::Consumer(_, setup) = &slot.config else { continue };
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
        let show = |number: Option<i64>| number.map_or("–".to_owned(), |number| number.to_string());
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
    look.world.slots().find_map(|slot| {
        let consumer = slot.process.as_ref()?.consumer()?;
        (*consumer.setup().group == *group && slot.liveness.is_up()).then(|| consumer.position(name)).flatten()
    })
}

fn of_group(look: &Look<'_>, cluster: &Cluster<'_>, name: &base::Str) -> Option<InspectorView> {
    let words = &look.text.inspect;
    let running = cluster.brokers().filter(|(_, slot)| slot.liveness.is_up());
    let (id, group) =
        running.filter_map(|(id, slot)| Some((id, cluster::broker(slot)?.coordinator().group(name)?))).next()?;
    let mut view = empty(Thing::Group(name.clone()), words.group, name.to_string(), (words.coordinated_by)(id.0));
    view.state.push(property(words.group_state, format!("{:?}", group.state())));
    view.state.push(property(words.generation, group.generation()));
    view.state.push(property(words.assignor, group.protocol().map_or("–", |name| name)));
    for member in group.members().values() {
        let owned: Vec<String> = member
            .assigned_partitions()
            .iter()
            .flat_map(|(topic, numbers)| numbers.iter().map(move |number| format!("{topic}-{number}")))
            .collect();
        let leads = group.leader() == Some(&member.id);
        let client = if leads { (words.group_leader)(&member.client_id) } else { member.client_id.to_string() };
        view.state.push(property(&client, if owned.is_empty() { "–".to_owned() } else { owned.join(", ") }));
    }
    Some(view)
}
