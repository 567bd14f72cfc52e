//! The inside of one selected thing, read from the process that holds it.

mod arrivals;
mod clients;
mod config;
mod contents;
mod decoded;
mod events;
mod group;
mod logged;
mod logs;
mod nodes;
mod producers;
mod program;
mod replica;
mod sketch;
mod timers;

use base::{Offset, ProcessId};

use super::cluster::{self, Cluster};
use super::{Look, Memory, why};
use crate::inspector::METADATA_LOG;
use crate::{InspectorTab, InspectorView, PropertyView, SectionView, Thing, Tone};

/// The selected thing's view; `None` when it is not there any more.
pub fn inspector(look: &Look<'_>, memory: &mut Memory) -> Option<InspectorView> {
    inspect(look, memory, look.selection?)
}

// A function of its own, so that it can come after the opening.
#[inline(never)]
fn inspect(look: &Look<'_>, memory: &mut Memory, thing: &Thing) -> Option<InspectorView> {
    let cluster = Cluster::of(look.cluster);
    let mut view = match thing {
        Thing::Process(process) => of_process(look, &cluster, memory, (*process, None)),
        Thing::Record { process, partition, offset } if &*partition.topic == METADATA_LOG => {
            of_process(look, &cluster, memory, (*process, Some(*offset)))
        }
        Thing::Replica { process, partition } => replica::view(look, &cluster, memory, (*process, partition, None)),
        Thing::Record { process, partition, offset } => {
            replica::view(look, &cluster, memory, (*process, partition, Some(*offset)))
        }
        Thing::Group(name) => group::view(look, &cluster, name),
        Thing::Topic(_) | Thing::Packet(_) => None,
    }?;
    let now = look.world.now();
    view.whys = why::of_thing(look, &cluster, &view.thing).iter().map(|why| why.told(now, look.text)).collect();
    view.events = events::of(look, &cluster, &view.thing);
    if view.events.is_empty() {
        view.tabs.retain(|tab| *tab != InspectorTab::Events);
    }
    if view.config.is_empty() {
        view.tabs.retain(|tab| *tab != InspectorTab::Config);
    }
    Some(view)
}

fn property(name: &str, value: impl ToString) -> PropertyView {
    PropertyView { name: name.to_owned(), value: value.to_string(), tone: Tone::Plain, share: None }
}

fn toned(name: &str, value: impl ToString, tone: Tone) -> PropertyView {
    PropertyView { tone, ..property(name, value) }
}

/// What there is none of.
const NONE: &str = "–";

fn list(ids: &[base::BrokerId]) -> String {
    if ids.is_empty() { NONE.to_owned() } else { ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

fn empty(thing: Thing, kind: &str, title: String, subtitle: String) -> InspectorView {
    InspectorView {
        thing,
        kind: kind.to_owned(),
        title,
        subtitle,
        hue: 0,
        tabs: vec![InspectorTab::State, InspectorTab::Config, InspectorTab::Events],
        state: Vec::new(),
        arrivals: None,
        sketch: None,
        whys: Vec::new(),
        config: Vec::new(),
        place: None,
        flushed: String::new(),
        segments: Vec::new(),
        high_watermark: None,
        epochs: Vec::new(),
        contents: None,
        readers: Vec::new(),
        events: Vec::new(),
        can_stop: false,
        can_start: false,
        calls: Vec::new(),
        store_acts: Vec::new(),
    }
}

/// A part of a tab; nothing where it is empty.
fn section(title: &str, rows: Vec<PropertyView>) -> Option<SectionView> {
    (!rows.is_empty()).then(|| SectionView { title: title.to_owned(), rows })
}

/// A process; of a node's copy of the metadata log the record at an offset.
fn of_process(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    memory: &mut Memory,
    (process, offset): (ProcessId, Option<Offset>),
) -> Option<InspectorView> {
    let slot = look.world.slot(process)?;
    let words = &look.text.inspect;
    let kind = match &slot.config {
        port::ProcessConfig::Kafka(port::KafkaSetup::Node(setup)) if setup.roles.is_broker() => words.broker,
        port::ProcessConfig::Kafka(port::KafkaSetup::Node(_)) => words.controller,
        port::ProcessConfig::Kafka(port::KafkaSetup::Producer(..)) => words.producer,
        port::ProcessConfig::Kafka(port::KafkaSetup::Consumer(..)) => words.consumer,
        port::ProcessConfig::Kafka(port::KafkaSetup::Admin(..)) => words.admin,
        port::ProcessConfig::Other(_) => return None,
    };
    let state = (look.text.states.liveness)(slot.liveness);
    let mut view = empty(Thing::Process(process), kind, slot.name.to_string(), (words.state_since)(state, slot.since));
    view.can_stop = slot.liveness.is_up();
    view.can_start = !slot.liveness.is_up();
    view.calls = program::calls(look, slot);
    view.store_acts = program::store_acts(look, slot);
    view.state = match &slot.config {
        port::ProcessConfig::Kafka(port::KafkaSetup::Node(_)) => nodes::sections(look, cluster, slot),
        port::ProcessConfig::Kafka(port::KafkaSetup::Producer(..)) => clients::of_producer(look, slot),
        port::ProcessConfig::Kafka(port::KafkaSetup::Consumer(..)) => clients::of_consumer(look, slot),
        port::ProcessConfig::Kafka(port::KafkaSetup::Admin(..)) | port::ProcessConfig::Other(_) => Vec::new(),
    };
    view.state.extend(section(look.text.page.timers, timers::of(look, cluster, slot)));
    view.arrivals = arrivals::of(look, process);
    view.sketch = sketch::of(look, slot);
    view.config = config::of_process(look, &slot.config);
    if let Some(node) = cluster::node(slot) {
        logs::put_metadata(&mut view, look, memory, (slot, node.quorum(), offset));
    }
    Some(view)
}
