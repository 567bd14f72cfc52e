//! Broker lanes and their rows.

use std::rc::Rc;

use base::{BrokerId, Offset, TopicPartition};
use broker::Partition;
use port::Fact;
use sim::{Liveness, Slot};

use super::cells::{self, Style};
use super::cluster::{self, Cluster, DRAWN};
use super::{Look, Memory, Recent};
use crate::{
    BadgeView, BrokerState, BrokerView, EpochTickView, IsrDotState, IsrDotView, Permille, RowView, StarView, Thing,
    Tone,
};

/// A record lands (tokens: `--d-land`).
const LAND: f32 = 180.0;
/// The high watermark slides (`--d-sweep`).
const SWEEP: f32 = 240.0;
/// The L badge travels (`--d-fly`).
const FLY: f32 = 320.0;

/// All lanes, by broker id.
pub(super) fn brokers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> Vec<Rc<BrokerView>> {
    cluster.brokers().map(|(id, slot)| Rc::new(lane(look, cluster, memory, (id, slot)))).collect()
}

fn lane(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory, (id, slot): (BrokerId, &Slot)) -> BrokerView {
    let words = &look.text.stage;
    let state = state_of(slot);
    let held = held(look, slot);
    let rows = rows(look, cluster, memory, (slot, &held));
    let more = held.len() - rows.len();
    let (line, line_tone) = line(look, cluster, (id, slot), &held);
    let down = state == BrokerState::Stopped;
    let name = (words.broker)(id.0);
    let stamp = match state {
        BrokerState::Stopped => words.stamp_stopped,
        BrokerState::Paused => words.stamp_paused,
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => "",
    };
    let shows_details = look.details && !down;
    BrokerView {
        process: slot.id,
        id,
        state,
        label: format!("{name}, {line}"),
        name,
        rack: None,
        rack_text: String::new(),
        line,
        line_tone,
        stamp: stamp.to_owned(),
        coordinates: if shows_details { coordinates(slot) } else { String::new() },
        parked: if shows_details { parked(look, slot) } else { String::new() },
        metadata_offset: if shows_details { (words.meta)(cluster::metadata_offset(slot).0 + 1) } else { String::new() },
        rows,
        marks: Default::default(),
        load: Default::default(),
        opened: look.is_opened(id),
        more: if more > 0 { (words.more_rows)(more as u64) } else { String::new() },
        selected: look.selection == Some(&Thing::Process(slot.id)),
        tried: look.first_visit && cluster.brokers().nth(1).is_some_and(|(second, _)| second == id),
        switch_label: match state {
            BrokerState::Stopped | BrokerState::Paused => (words.start_broker)(id.0),
            BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => (words.kill_broker)(id.0),
        },
    }
}

fn state_of(slot: &Slot) -> BrokerState {
    match slot.liveness {
        Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => BrokerState::Stopped,
        Liveness::Paused => BrokerState::Paused,
        Liveness::Running => match cluster::broker(slot).map(broker::Broker::state) {
            Some(broker::BrokerState::Running) => BrokerState::Running,
            Some(broker::BrokerState::PendingControlledShutdown | broker::BrokerState::ShuttingDown) => {
                BrokerState::ShuttingDown
            }
            Some(broker::BrokerState::Starting | broker::BrokerState::Recovery) | None => BrokerState::Fenced,
        },
    }
}

fn line(look: &Look<'_>, cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot), held: &[&Partition]) -> (String, Tone) {
    let words = &look.text.stage;
    let leads: Vec<&TopicPartition> =
        held.iter().filter(|partition| partition.is_leader()).map(|partition| partition.name()).collect();
    match state_of(slot) {
        BrokerState::Stopped => {
            let fenced = cluster.image().and_then(|image| image.broker(id)).is_some_and(|known| known.fenced);
            let text =
                if fenced { words.stopped_fenced.to_owned() } else { (words.stopped_at)(&slot.since.to_string()) };
            (text, Tone::Bad)
        }
        BrokerState::Paused => (words.paused_state.to_owned(), Tone::Warning),
        BrokerState::ShuttingDown => (words.shutting_down.to_owned(), Tone::Warning),
        BrokerState::Fenced => (words.fenced_state.to_owned(), Tone::Warning),
        BrokerState::Running if leads.is_empty() => (words.leads_nothing.to_owned(), Tone::Quiet),
        BrokerState::Running if leads.len() > 3 => ((words.leads_many)(leads.len()), Tone::Plain),
        BrokerState::Running => {
            let names: Vec<String> = leads.iter().map(ToString::to_string).collect();
            ((words.leads)(&names.join(", ")), Tone::Plain)
        }
    }
}

fn coordinates(slot: &Slot) -> String {
    let Some(broker) = cluster::broker(slot) else { return String::new() };
    let groups: Vec<&str> = broker.coordinator().groups().map(|group| &**group.id()).collect();
    groups.join(", ")
}

fn parked(look: &Look<'_>, slot: &Slot) -> String {
    let Some(broker) = cluster::broker(slot) else { return String::new() };
    match broker.produces().parked() + broker.fetches().parked() {
        0 => String::new(),
        count => (look.text.stage.parked)(count as usize),
    }
}

/// All replicas of a broker that are not hidden, by name.
fn held<'a>(look: &Look<'_>, slot: &'a Slot) -> Vec<&'a Partition> {
    let Some(broker) = cluster::broker(slot) else { return Vec::new() };
    let partitions = broker.partitions().values().map(|partition| &**partition);
    let mut held: Vec<&Partition> = partitions
        .filter(|partition| look.internal || !metadata::topic_name::is_internal(&partition.name().topic))
        .collect();
    base::sort_by(&mut held, |one, other| one.name().cmp(other.name()));
    held
}

/// The rows that are drawn: all, unless the cluster has too many.
fn rows(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    memory: &mut Memory,
    (slot, held): (&Slot, &[&Partition]),
) -> Vec<Rc<RowView>> {
    // Where nobody is left to say what there is, each broker still has its own logs.
    let knows_none = cluster.drawn().next().is_none();
    let few = cluster.partitions(look.internal).count() <= DRAWN && held.len() <= DRAWN;
    let is_shown = |(place, partition): &(usize, &&Partition)| {
        few || cluster.is_drawn(partition.name()) || (knows_none && *place < DRAWN)
    };
    let shown = held.iter().enumerate().filter(is_shown);
    shown.map(|(_, partition)| Rc::new(row(look, cluster, memory, &Replica { slot, partition }))).collect()
}

/// One replica and its broker.
struct Replica<'a> {
    slot: &'a Slot,
    partition: &'a Partition,
}

fn row(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory, replica: &Replica<'_>) -> RowView {
    let Replica { slot, partition } = *replica;
    let name = partition.name().clone();
    let stopped = !slot.liveness.is_up();
    let leads = partition.is_leader();
    let landed = |offset: Offset| if look.reduced { 1_000 } else { landed(look.recent, slot, &name, offset) };
    let style = Style { stopped, leads, lit_key: look.lit_key, landed: &landed };
    let (cells, hidden_before) = cells::cells(&cells::source(slot, partition), &style, &mut memory.cells, look);
    let (note, note_tone) = if leads || stopped { (String::new(), Tone::Quiet) } else { note(look, cluster, replica) };
    let badge = badge(look, replica);
    let thing = Thing::Replica { process: slot.id, partition: name.clone() };
    let own_record = |chosen: &Thing| matches!(chosen, Thing::Record { process, partition, .. } if *process == slot.id && *partition == name);
    RowView {
        hue: look.hue(&name.topic),
        badge,
        star: star(cluster, replica),
        star_text: String::new(),
        out: Vec::new(),
        out_text: String::new(),
        epoch: None,
        epoch_text: String::new(),
        isr: if leads && !stopped { dots(cluster, partition) } else { Vec::new() },
        label: label(look, cluster, replica, &note),
        note,
        note_tone,
        hidden_before,
        log_start: partition.log().log_start(),
        high_watermark: partition.high_watermark(),
        high_watermark_from: if look.reduced { None } else { sweep(look.recent, slot, &name) },
        log_end: partition.log_end(),
        epochs: if look.details { ticks(look, partition, cells.first().map(|cell| cell.offset)) } else { Vec::new() },
        cells,
        selected: look.selection.is_some_and(|chosen| *chosen == thing || own_record(chosen)),
        partition: name,
    }
}

fn permille(age: f32, length: f32) -> Permille {
    ((age / length).clamp(0.0, 1.0) * 1000.0) as Permille
}

fn landed(recent: &[Recent], slot: &Slot, name: &TopicPartition, offset: Offset) -> Permille {
    let wrote = |recent: &&Recent| {
        recent.process == slot.id
            && match &recent.fact {
                Fact::Appended { partition, base, last, .. } | Fact::Replicated { partition, base, last, .. } => {
                    partition == name && *base <= offset && offset <= *last
                }
                _other => false,
            }
    };
    recent.iter().rev().find(wrote).map_or(1000, |recent| permille(recent.age, LAND))
}

fn sweep(recent: &[Recent], slot: &Slot, name: &TopicPartition) -> Option<(Offset, Permille)> {
    recent.iter().rev().find_map(|recent| match &recent.fact {
        Fact::HighWatermarkAdvanced { partition, from, .. }
            if recent.process == slot.id && partition == name && recent.age < SWEEP =>
        {
            Some((*from, permille(recent.age, SWEEP)))
        }
        _other => None,
    })
}

/// Did this broker take over the partition from another one a moment ago?
fn is_arriving(recent: &[Recent], slot: &Slot, name: &TopicPartition) -> bool {
    recent.iter().any(|recent| {
        recent.process == slot.id
            && recent.age < FLY
            && matches!(&recent.fact, Fact::BecameLeader { partition, previous_leader: Some(_), .. } if partition == name)
    })
}

fn badge(look: &Look<'_>, replica: &Replica<'_>) -> BadgeView {
    let Replica { slot, partition } = replica;
    match (slot.liveness.is_up(), partition.is_leader()) {
        (false, true) => BadgeView::GoneLeader,
        (false, false) => BadgeView::GoneFollower,
        (true, true) if !look.reduced && is_arriving(look.recent, slot, partition.name()) => BadgeView::Arriving,
        (true, true) => BadgeView::Leader,
        (true, false) => BadgeView::Follower,
    }
}

fn star(cluster: &Cluster<'_>, replica: &Replica<'_>) -> Option<StarView> {
    let registration = cluster.registration(replica.partition.id())?;
    let preferred = registration.preferred_leader()?;
    if cluster.place(preferred)? != replica.slot.id {
        return None;
    }
    Some(if replica.partition.is_leader() && replica.slot.liveness.is_up() { StarView::Leads } else { StarView::Waits })
}

fn dots(cluster: &Cluster<'_>, partition: &Partition) -> Vec<IsrDotView> {
    let Some(leader) = partition.leader() else { return Vec::new() };
    let proposed = leader.proposed().map(|proposed| &proposed.isr);
    let dot = |broker: &BrokerId| {
        let inside = leader.isr().contains(broker);
        let wanted = proposed.map_or(inside, |isr| isr.contains(broker));
        let silent = cluster.slot(*broker).is_none_or(|slot| slot.liveness != Liveness::Running);
        let state = match (inside, wanted, silent) {
            (true, false, _) | (false, true, _) => IsrDotState::Pending,
            (false, false, _) => IsrDotState::Out,
            (true, true, true) => IsrDotState::Silent,
            (true, true, false) => IsrDotState::In,
        };
        IsrDotView { broker: *broker, state }
    };
    leader.replicas().iter().map(dot).collect()
}

fn note(look: &Look<'_>, cluster: &Cluster<'_>, replica: &Replica<'_>) -> (String, Tone) {
    let words = &look.text.stage;
    let Replica { slot, partition } = replica;
    let Some((_, leader)) = cluster.leader(partition.id()) else {
        return (words.no_leader.to_owned(), Tone::Warning);
    };
    let behind = leader.log_end().since(partition.log_end());
    let own = cluster.brokers().find(|(_, known)| known.id == slot.id).map(|(id, _)| id);
    let inside = own.is_some_and(|own| leader.isr().contains(&own));
    match (inside, behind) {
        (false, _) => (words.out.to_owned(), Tone::Warning),
        (true, 2..) => ((words.behind)(behind), Tone::Warning),
        (true, _) => (words.in_sync.to_owned(), Tone::Good),
    }
}

fn ticks(look: &Look<'_>, partition: &Partition, first: Option<Offset>) -> Vec<EpochTickView> {
    let first = first.unwrap_or(partition.log_end());
    let entries = partition.log().epochs().entries().iter();
    let shown = entries.filter(|entry| entry.epoch.0 > 0 && entry.start >= first);
    shown
        .map(|entry| EpochTickView { offset: entry.start, text: (look.text.stage.epoch_tick)(entry.epoch.0) })
        .collect()
}

fn label(look: &Look<'_>, cluster: &Cluster<'_>, replica: &Replica<'_>, note: &str) -> String {
    let Replica { slot, partition } = replica;
    let words = &look.text.stage;
    let role = match (slot.liveness.is_up(), partition.is_leader()) {
        (true, true) => words.leads_word,
        (true, false) => note,
        (false, true) => words.gone_leader,
        (false, false) => words.gone_follower,
    };
    let broker = cluster.brokers().find(|(_, known)| known.id == slot.id).map_or(0, |(id, _)| id.0);
    let (start, end, mark) = (partition.log().log_start(), partition.log_end(), partition.high_watermark());
    format!("{}, {}, {role}, {start}–{end}, HW {mark}", partition.name(), (words.broker)(broker))
}
