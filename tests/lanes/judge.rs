//! Judges badges and links from the world, not by asking the picture's own helpers.

use std::collections::BTreeMap;

use base::{BrokerId, ProcessId, TopicPartition};
use broker::{Broker, Partition};
use metadata::{Image, PartitionRegistration};
use port::{KafkaSetup, ProcessConfig, Store};
use process::Node;
use sim::{Command, LinkRule, Liveness, NoFacts, Slot, World, WorldCommand};
use view::{BadgeView, LinkEnd, LinkState, LinkView, LinkWay, RowView, StageView, StarView};

fn node(slot: &Slot) -> Option<&Node> {
    slot.process.as_ref()?.node()
}

fn broker(slot: &Slot) -> Option<&Broker> {
    node(slot)?.broker()
}

/// One row, and what there is to know about its replica.
struct Seen<'a> {
    id: BrokerId,
    slot: &'a Slot,
    row: &'a RowView,
    /// As the broker's process has it, or had it last.
    own: Option<&'a Partition>,
    decided: Option<&'a PartitionRegistration>,
    is_fenced: bool,
    /// The decided leader's replica, if it is up, has read so and is not fenced.
    leader: Option<(&'a Slot, &'a Partition)>,
}

fn kind(badge: BadgeView) -> &'static str {
    match badge {
        BadgeView::Leader => "Leader",
        BadgeView::Arriving => "Arriving",
        BadgeView::Named => "Named",
        BadgeView::Believes => "Believes",
        BadgeView::HungLeader => "HungLeader",
        BadgeView::Follower => "Follower",
        BadgeView::Behind(_) => "Behind",
        BadgeView::CatchingUp(_) => "CatchingUp",
        BadgeView::Out => "Out",
        BadgeView::Eligible => "Eligible",
        BadgeView::NoLeader => "NoLeader",
        BadgeView::Hung => "Hung",
        BadgeView::OnDisk => "OnDisk",
        BadgeView::Empty => "Empty",
        BadgeView::GoneLeader => "GoneLeader",
        BadgeView::GoneFollower => "GoneFollower",
        BadgeView::GoneDisk => "GoneDisk",
    }
}

/// `Err`: what is wrong with the picture of this world.
pub(crate) fn judge(world: &World, view: &StageView, seen: &mut BTreeMap<&'static str, u64>) -> Result<(), String> {
    let image = &super::known::newest(world);
    let mut leaders: BTreeMap<&TopicPartition, BrokerId> = BTreeMap::new();
    for broker in &view.brokers {
        for row in &broker.rows {
            let one = replica(world, image, broker.id, row).ok_or("a row of nobody")?;
            of_row(&one)
                .map_err(|wrong| format!("broker {}, {}: {:?} {wrong}", broker.id, row.partition, row.badge))?;
            if row.badge.counts()
                && let Some(other) = leaders.insert(&row.partition, broker.id)
            {
                return Err(format!("{} and {other} both lead {}", broker.id, row.partition));
            }
            *seen.entry(kind(row.badge)).or_default() += 1;
        }
    }
    links(world, &view.links)
}

fn replica<'a>(world: &'a World, image: &'a Image, id: BrokerId, row: &'a RowView) -> Option<Seen<'a>> {
    let slot = world.first_cluster().node(id)?;
    let named =
        |topic: &metadata::TopicImage| base::TopicIdPartition { topic: topic.id, partition: row.partition.partition };
    let at = image.topic_by_name(&row.partition.topic).map(named);
    let decided = at.and_then(|at| image.partition(at));
    let own = broker(slot).and_then(|broker| broker.partition(at?));
    let fenced = |id: BrokerId| image.broker(id).is_none_or(|known| known.fenced);
    let leader = decided.and_then(|decided| {
        let leader = decided.leader.filter(|leader| !fenced(*leader))?;
        let slot = world.first_cluster().node(leader).filter(|slot| slot.liveness.is_up())?;
        let partition = broker(slot)?.partition(at?)?;
        (partition.is_leader() && partition.leader_epoch() == decided.leader_epoch).then_some((slot, partition))
    });
    Some(Seen { id, slot, row, own, decided, is_fenced: fenced(id), leader })
}

fn demand(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn of_row(seen: &Seen<'_>) -> Result<(), String> {
    let Seen { slot, row, own, .. } = seen;
    let runs = slot.liveness == Liveness::Running;
    let leads = own.is_some_and(Partition::is_leader);
    let is_leader = seen.leader.is_some_and(|(leader, _)| leader.id == slot.id);
    demand(row.badge.counts() == (is_leader && runs), "whoever leads has the L, and nobody else")?;
    demand((row.badge.letter() == "L") == row.badge.counts(), "an L that does not count")?;
    demand(!row.note.is_empty() && row.label.contains(&row.note), "no word")?;
    let preferred = seen.decided.and_then(PartitionRegistration::preferred_leader) == Some(seen.id);
    let star = preferred.then_some(if row.badge.counts() { StarView::Leads } else { StarView::Waits });
    demand(row.star == star && row.star_text.is_empty() == star.is_none(), "a false star")?;
    demand(row.epoch == own.map(Partition::leader_epoch).filter(|epoch| epoch.0 >= 0), "a false epoch")?;
    let isr = own.and_then(Partition::leader).filter(|_| row.badge.counts());
    let out: Vec<BrokerId> = isr.map_or_else(Vec::new, |leader| {
        leader.replicas().iter().filter(|id| !leader.isr().contains(id)).copied().collect()
    });
    demand(row.out == out && row.out_text.is_empty() == out.is_empty(), "others are out of the ISR")?;
    if let Some(own) = own.filter(|_| slot.liveness != Liveness::PoweredOff) {
        demand(row.log_end == own.log_end() && row.high_watermark == own.high_watermark(), "a false log")?;
    }
    of_badge(seen, (runs, leads))
}

fn of_badge(seen: &Seen<'_>, (runs, leads): (bool, bool)) -> Result<(), String> {
    let Seen { slot, row, own, decided, .. } = seen;
    let hangs = slot.liveness == Liveness::Paused;
    let in_isr = decided.is_some_and(|decided| decided.isr.contains(&seen.id));
    let in_elr = decided.is_some_and(|decided| decided.elr.contains(&seen.id));
    let named = decided.is_some_and(|decided| decided.leader == Some(seen.id)) && !seen.is_fenced;
    let lacks = |count: u64| {
        let behind = seen.leader.zip(*own).map(|((_, leader), own)| leader.log_end().since(own.log_end()).max(0));
        behind.is_some_and(|behind| behind.unsigned_abs() == count)
    };
    let knows = own.is_some();
    let holds = match row.badge {
        BadgeView::Leader => runs && leads && named,
        BadgeView::Arriving => false,
        BadgeView::Named => runs && named && knows && seen.leader.is_none_or(|(leader, _)| leader.id != slot.id),
        BadgeView::Believes => runs && leads && !named,
        BadgeView::HungLeader => hangs && leads && named,
        BadgeView::Hung => hangs && knows && !(leads && named),
        BadgeView::Follower => runs && !leads && in_isr && (lacks(0) || lacks(1)),
        BadgeView::Behind(count) => runs && !leads && in_isr && count > 1 && lacks(count),
        BadgeView::CatchingUp(count) => runs && !leads && !in_isr && !in_elr && !seen.is_fenced && lacks(count),
        BadgeView::Out => runs && !leads && !in_isr && !in_elr && !named,
        BadgeView::Eligible => runs && !leads && !in_isr && in_elr,
        BadgeView::NoLeader => runs && !leads && in_isr && seen.leader.is_none(),
        BadgeView::OnDisk => (runs || hangs) && !knows,
        BadgeView::Empty => {
            row.cells.is_empty() && !slot.store.has_any(&format!("{}/partition.metadata", row.partition))
        }
        BadgeView::GoneLeader => !runs && !hangs && leads,
        BadgeView::GoneFollower => !runs && !hangs && knows && !leads,
        BadgeView::GoneDisk => !runs && !hangs && !knows,
    };
    demand(holds, &format!("({}) is not so", row.note))
}

/// What a link's rule comes to at this instant.
fn state(world: &World, rule: LinkRule) -> Option<LinkState> {
    match rule {
        LinkRule::Cut => Some(LinkState::Cut),
        LinkRule::Delayed(by) => Some(LinkState::Delayed(by.0.div_ceil(1_000_000))),
        LinkRule::StalledUntil(until) if until <= world.now() => None,
        LinkRule::StalledUntil(until) => {
            Some(LinkState::Stalled(until.since(world.now()).0.div_ceil(100_000_000) * 100))
        }
        LinkRule::Held(api) => Some(LinkState::Held(api)),
        LinkRule::Lost { api, left } => Some(LinkState::Lost(api, left)),
    }
}

/// The processes at the far end.
fn far(world: &World, link: &LinkView) -> Vec<ProcessId> {
    let is_meant = |slot: &&Slot| match (&slot.config, link.to) {
        (_, LinkEnd::One(process)) => slot.id == process,
        (
            ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_),
            LinkEnd::All | LinkEnd::Brokers | LinkEnd::Controllers | LinkEnd::Clients,
        ) => false,
        (_, LinkEnd::All) => true,
        (ProcessConfig::Kafka(KafkaSetup::Node(setup)), LinkEnd::Brokers) => setup.roles.is_broker(),
        (ProcessConfig::Kafka(KafkaSetup::Node(setup)), LinkEnd::Controllers) => setup.roles.is_controller(),
        (config, LinkEnd::Clients) => !matches!(config, ProcessConfig::Kafka(KafkaSetup::Node(_))),
        (_, LinkEnd::Brokers | LinkEnd::Controllers) => false,
    };
    world.slots().filter(|slot| slot.id != link.from).filter(is_meant).map(|slot| slot.id).collect()
}

fn links(world: &World, links: &[LinkView]) -> Result<(), String> {
    let rules = world.network().link_rules().filter_map(|(from, to, rule)| Some(((from, to), state(world, rule)?)));
    // The gravest comes first and is the one that is told.
    let rules = rules.fold(BTreeMap::<(ProcessId, ProcessId), LinkState>::new(), |mut all, (way, state)| {
        all.entry(way).or_insert(state);
        all
    });
    let mut told: BTreeMap<(ProcessId, ProcessId), LinkState> = BTreeMap::new();
    for link in links {
        let mut healed = world.clone();
        for (one, other) in &link.heal {
            let name = |process: &ProcessId| world.slot(*process).map(|slot| slot.name.clone()).unwrap_or_default();
            let heal = Command::World(WorldCommand::Heal { a: name(one), b: name(other) });
            healed.apply(&heal, &mut NoFacts).map_err(|error| format!("{link:?} is not healed: {error}"))?;
        }
        for other in far(world, link) {
            let ways = [((link.from, other), LinkWay::Backward), ((other, link.from), LinkWay::Onward)];
            for (way, _) in ways.into_iter().filter(|(_, except)| *except != link.way) {
                demand(rules.get(&way) == Some(&link.state), &format!("{link:?} is not so"))?;
                let left = healed.network().link_rules().any(|(from, to, _)| (from, to) == way);
                demand(!left, &format!("{link:?} is not healed"))?;
                told.insert(way, link.state);
            }
        }
        let words = [&link.words, &link.heal_label, &link.label];
        demand(words.iter().all(|words| !words.is_empty()), "a link without words")?;
    }
    demand(told == rules, &format!("told are {told:?}, and there are {rules:?}"))
}
