//! One replica: what is decided about it, what its broker knows, and who reads it.

use base::{Offset, ProcessId, TopicPartition};
use broker::Partition;
use metadata::PartitionRegistration;
use sim::Slot;

use super::super::cells::Source;
use super::cluster::{self, Cluster};
use super::nodes::own_title;
use super::{Look, Memory, config, empty, list, logs, property, section, toned};
use crate::{InspectorTab, InspectorView, PropertyView, ReaderView, SectionView, Thing, Tone};

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
    logs::put(&mut view, look, memory, (&source, name, offset));
    view.readers = readers(look, cluster, name, partition);
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
