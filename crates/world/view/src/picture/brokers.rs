//! Broker lanes and their rows.

use std::rc::Rc;

use base::{BrokerId, Offset, TopicPartition};
use broker::Partition;
use metadata::BrokerRegistration;
use port::{Fact, KafkaFact, KafkaSetup, ProcessConfig};
use sim::{Liveness, Slot};

use super::badges;
use super::cells::{self, CellBook, Style};
use super::cluster::{self, Cluster, DRAWN};
use super::lanes::{self, Lane, Rows};
use super::replicas::{Replica, replicas};
use super::{Look, Memory, Recent, cards, loads, marks};
use crate::{
    BadgeView, BrokerLine, BrokerState, BrokerView, Detail, EpochTickView, IsrDotState, IsrDotView, MarkRole, Permille,
    ReplicaMark, RowView, StarView, Thing, Tone,
};

/// A record lands (tokens: `--d-land`).
const LAND: f32 = 180.0;
/// The high watermark slides (`--d-sweep`).
const SWEEP: f32 = 240.0;

/// A replica and the part that it plays.
pub(super) type Judged<'a> = (Replica<'a>, BadgeView);

/// All lanes, by broker id.
pub(super) fn brokers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> Vec<Rc<BrokerView>> {
    marks::learn(look, cluster, memory);
    let lanes = cluster.brokers().zip(loads::loads(look, cluster)).map(|((id, slot), load)| {
        let marks = memory.marks.of(look, id);
        lanes::lane(look, cluster, memory, Lane { id, slot, load, marks })
    });
    lanes.collect()
}

/// A lane, with the rows that can be kept.
pub(super) fn lane(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    memory: &mut Memory,
    (lane, kept): (&Lane<'_>, &mut Rows),
) -> BrokerView {
    let words = &look.text.stage;
    let (id, slot) = (lane.id, lane.slot);
    let state = state_of(cluster, (id, slot));
    let (rows, leads, more) = match look.has_rows(id) {
        true => with_rows(look, cluster, memory, (lane, kept)),
        false => (Vec::new(), marked(&lane.marks), 0),
    };
    let rack = rack(slot);
    let (said, line_tone) = line(cluster, (id, slot), &leads);
    let line = cards::broker(&said, look.text);
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
        rack_text: rack.as_deref().map(look.text.lanes.rack).unwrap_or_default(),
        rack,
        said,
        line,
        line_tone,
        stamp: stamp.to_owned(),
        coordinates: if shows_details { coordinates(slot) } else { String::new() },
        parked: if shows_details { parked(look, slot) } else { String::new() },
        metadata_offset: if shows_details { (words.meta)(cluster::metadata_offset(slot).0 + 1) } else { String::new() },
        rows,
        marks: lane.marks.clone(),
        load: lane.load.clone(),
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

fn rack(slot: &Slot) -> Option<base::Str> {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => setup.rack.clone(),
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    }
}

/// What an operator would see first: does it run, and is it let in?
fn state_of(cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot)) -> BrokerState {
    match slot.liveness {
        Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => BrokerState::Stopped,
        Liveness::Paused => BrokerState::Paused,
        Liveness::Running => match cluster::broker(slot).map(broker::Broker::state) {
            Some(broker::BrokerState::PendingControlledShutdown | broker::BrokerState::ShuttingDown) => {
                BrokerState::ShuttingDown
            }
            // Whatever it thinks itself: the controllers let it in or fence it.
            Some(broker::BrokerState::Running | broker::BrokerState::Starting | broker::BrokerState::Recovery)
            | None => match registered(cluster, (id, slot)).is_some_and(|known| !known.fenced) {
                true => BrokerState::Running,
                false => BrokerState::Fenced,
            },
        },
    }
}

/// Its rows, the partitions that it leads, and how many replicas have no row.
fn with_rows(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    memory: &mut Memory,
    (lane, kept): (&Lane<'_>, &mut Rows),
) -> (Vec<Rc<RowView>>, Vec<TopicPartition>, usize) {
    let stored = memory.disks.of(look, lane.slot);
    let held: Vec<Judged<'_>> = replicas(look, cluster, &stored, (lane.id, lane.slot))
        .into_iter()
        .map(|replica| {
            let badge = badges::badge(look, cluster, &replica);
            (replica, badge)
        })
        .collect();
    let rows = rows(look, cluster, (&mut memory.cells, kept), &held);
    let leads = held.iter().filter(|(_, badge)| badge.counts()).map(|(replica, _)| replica.name.clone()).collect();
    let more = held.len() - rows.len();
    (rows, leads, more)
}

fn marked(marks: &[ReplicaMark]) -> Vec<TopicPartition> {
    let leads = marks.iter().take_while(|mark| mark.role == MarkRole::Leads);
    leads.map(|mark| mark.partition.clone()).collect()
}

/// What is known of this life of the broker.
fn registered<'a>(cluster: &'a Cluster<'_>, (id, slot): (BrokerId, &Slot)) -> Option<&'a BrokerRegistration> {
    let own = cluster::broker(slot)?.lifecycle().broker_epoch();
    cluster.known().broker(id).filter(|known| known.epoch == own)
}

/// The one sentence about a broker that matters most.
fn line(cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot), leads: &[TopicPartition]) -> (BrokerLine, Tone) {
    match state_of(cluster, (id, slot)) {
        BrokerState::Stopped => match cluster.known().broker(id) {
            Some(known) if known.fenced => (BrokerLine::StoppedFenced, Tone::Bad),
            Some(_) | None => (BrokerLine::StoppedAt(slot.since), Tone::Bad),
        },
        BrokerState::Paused => (BrokerLine::Hangs, Tone::Warning),
        BrokerState::ShuttingDown => (BrokerLine::HandsOver, Tone::Warning),
        BrokerState::Fenced => match registered(cluster, (id, slot)) {
            Some(_) => (BrokerLine::Fenced, Tone::Warning),
            None => (BrokerLine::Starting, Tone::Warning),
        },
        BrokerState::Running if leads.is_empty() => (BrokerLine::LeadsNothing, Tone::Quiet),
        BrokerState::Running if leads.len() > 3 => (BrokerLine::LeadsMany(leads.len()), Tone::Plain),
        BrokerState::Running => (BrokerLine::Leads(leads.to_vec()), Tone::Plain),
    }
}

/// Groups whose coordinator it is, by its own lights.
fn coordinates(slot: &Slot) -> String {
    // A controller of its own coordinates nothing.
    let Some(broker) = cluster::broker(slot) else { return String::new() };
    let groups: Vec<&str> = broker.coordinator().groups().map(|group| &**group.id()).collect();
    groups.join(", ")
}

/// Requests that it keeps until there is more, or enough copies.
fn parked(look: &Look<'_>, slot: &Slot) -> String {
    // Only brokers keep requests waiting.
    let Some(broker) = cluster::broker(slot) else { return String::new() };
    match broker.parked_appends() + broker.fetches().parked() {
        0 => String::new(),
        count => (look.text.stage.parked)(count as usize),
    }
}

/// The rows that are drawn: all, unless the cluster has too many.
fn rows(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (cells, kept): (&mut CellBook, &mut Rows),
    held: &[Judged<'_>],
) -> Vec<Rc<RowView>> {
    // Where nobody is left to say what there is, each broker still has its own logs.
    let knows_none = cluster.drawn().next().is_none();
    let few = cluster.known_count(look) <= DRAWN && held.len() <= DRAWN;
    // A lane that stands open among lanes of one line has all its rows.
    let alone = look.detail == Detail::Brokers;
    let is_shown = |(place, (replica, _)): &(usize, &Judged<'_>)| {
        few || cluster.is_drawn(replica.name) || ((knows_none || alone) && *place < DRAWN)
    };
    let shown = held.iter().enumerate().filter(is_shown);
    shown.map(|(_, judged)| kept.row(cluster, judged, || row(look, cluster, cells, judged))).collect()
}

/// A replica as a row: what leads, how far it has come, who has it in its ISR.
fn row(look: &Look<'_>, cluster: &Cluster<'_>, book: &mut CellBook, judged: &Judged<'_>) -> RowView {
    let (replica, badge) = (&judged.0, judged.1);
    let (slot, name) = (replica.slot, replica.name);
    let fresh = if look.reduced { Vec::new() } else { cluster.fresh().about(slot.id, name) };
    let landed = |offset: Offset| landed(&fresh, offset);
    let style = Style { badge, lit_key: look.lit_key, landed: &landed };
    let (cells, hidden_before) = match replica.log {
        Some(log) if look.is_opened(replica.broker) => {
            let leads = replica.partition.is_some_and(Partition::is_leader);
            cells::cells(&cells::Source { id: replica.id, slot, log, leads }, &style, book, look)
        }
        Some(log) => (Vec::new(), log.log_end().since(log.log_start()).max(0).unsigned_abs()),
        None => (Vec::new(), 0),
    };
    let note = badges::note(look, cluster, (replica, badge));
    let star = badges::star(replica, badge);
    let out = badges::out(replica, badge);
    let epoch = replica.partition.map(Partition::leader_epoch).filter(|epoch| epoch.0 >= 0);
    let thing = Thing::Replica { process: slot.id, partition: name.clone() };
    let own_record = |chosen: &Thing| matches!(chosen, Thing::Record { process, partition, .. } if *process == slot.id && partition == name);
    let of_log = |offset: fn(&log::Log) -> Offset| replica.log.map_or(Offset::ZERO, offset);
    let lanes = &look.text.lanes;
    RowView {
        hue: look.hue(&name.topic),
        badge,
        star,
        star_text: star
            .map_or("", |star| match star {
                StarView::Leads => lanes.preferred,
                StarView::Waits => lanes.preferred_waits,
            })
            .to_owned(),
        isr: dots(cluster, replica, badge),
        out_text: if out.is_empty() { String::new() } else { (lanes.out_of_isr)(&numbers(&out)) },
        label: label(look, judged, &note),
        out,
        note,
        note_tone: badges::tone(badge),
        hidden_before,
        log_start: of_log(log::Log::log_start),
        high_watermark: of_log(log::Log::high_watermark),
        high_watermark_from: sweep(&fresh),
        log_end: of_log(log::Log::log_end),
        epoch,
        epoch_text: epoch.map(|epoch| (lanes.epoch)(epoch.0)).unwrap_or_default(),
        epochs: match replica.log {
            Some(log) if look.details => ticks(look, log, cells.first().map(|cell| cell.offset)),
            Some(_) | None => Vec::new(),
        },
        cells,
        selected: look.selection.is_some_and(|chosen| *chosen == thing || own_record(chosen)),
        partition: name.clone(),
    }
}

fn numbers(brokers: &[BrokerId]) -> Vec<i32> {
    brokers.iter().map(|broker| broker.0).collect()
}

fn permille(age: f32, length: f32) -> Permille {
    ((age / length).clamp(0.0, 1.0) * 1000.0) as Permille
}

/// How long ago the record came there, as a share of what is shown of it.
fn landed(fresh: &[&Recent], offset: Offset) -> Permille {
    let wrote = |recent: &&&Recent| match &recent.fact {
        Fact::Kafka(KafkaFact::Appended { base, last, .. } | KafkaFact::Replicated { base, last, .. }) => {
            *base <= offset && offset <= *last
        }
        _other => false,
    };
    fresh.iter().rev().find(wrote).map_or(1000, |recent| permille(recent.age, LAND))
}

/// The newest move of the high watermark, while it is shown.
fn sweep(fresh: &[&Recent]) -> Option<(Offset, Permille)> {
    fresh.iter().rev().find_map(|recent| match &recent.fact {
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { from, .. }) if recent.age < SWEEP => {
            Some((*from, permille(recent.age, SWEEP)))
        }
        _other => None,
    })
}

/// The ISR as the leader knows it, where it is the one that was named.
fn dots(cluster: &Cluster<'_>, replica: &Replica<'_>, badge: BadgeView) -> Vec<IsrDotView> {
    let named = badge.counts() || badge == BadgeView::HungLeader;
    // Who is not taken for the leader by the others has no ISR that counts.
    let Some(leader) = replica.partition.and_then(Partition::leader).filter(|_| named) else { return Vec::new() };
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

/// Where epochs begin among the cells that are shown.
fn ticks(look: &Look<'_>, log: &log::Log, first: Option<Offset>) -> Vec<EpochTickView> {
    let first = first.unwrap_or(log.log_end());
    let entries = log.epochs().entries().iter();
    let shown = entries.filter(|entry| entry.epoch.0 > 0 && entry.start >= first);
    shown
        .map(|entry| EpochTickView { offset: entry.start, text: (look.text.stage.epoch_tick)(entry.epoch.0) })
        .collect()
}

/// The same aloud: everything that the row shows by colour and place.
fn label(look: &Look<'_>, (replica, _): &Judged<'_>, note: &str) -> String {
    let broker = (look.text.stage.broker)(replica.broker.0);
    let of_log = |offset: fn(&log::Log) -> Offset| replica.log.map_or(Offset::ZERO, offset);
    let (start, end) = (of_log(log::Log::log_start), of_log(log::Log::log_end));
    format!("{}, {broker}, {note}, {start}–{end}, HW {}", replica.name, of_log(log::Log::high_watermark))
}
