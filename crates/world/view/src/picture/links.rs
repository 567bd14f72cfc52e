//! Links that do not work as they should.

use base::{FlatMap, ProcessId, Span, Time};
use port::{KafkaSetup, ProcessConfig};
use sim::{LinkRule, Slot, World};

use super::Look;
use super::cluster::Cluster;
use crate::{LinkEnd, LinkState, LinkView, LinkWay};

/// So many links of one process with the same fault are told as one.
const MANY: usize = 3;
/// So many to one kind of processes.
const SOME: usize = 2;
/// Milliseconds to which what is left of a stall is rounded up.
const LEFT: u64 = 100;

/// What is wrong between two processes.
struct Fault {
    from: ProcessId,
    to: ProcessId,
    /// Both, or onward.
    way: LinkWay,
    state: LinkState,
    is_told: bool,
}

impl Fault {
    /// The other end, and which way it is for this one.
    fn seen_from(&self, hub: ProcessId) -> Option<(ProcessId, LinkWay)> {
        match (self.from == hub, self.to == hub, self.way) {
            (true, _, way) => Some((self.to, way)),
            (_, true, LinkWay::Both) => Some((self.from, LinkWay::Both)),
            (_, true, LinkWay::Onward | LinkWay::Backward) => Some((self.from, LinkWay::Backward)),
            (false, false, _) => None,
        }
    }
}

/// Every fault; of a process that everybody, or everybody of a kind, is cut off from in the same way, all of them as one.
pub(super) fn links(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<LinkView> {
    let mut faults = faults(look, cluster);
    let mut views = Vec::new();
    let on_stage: Vec<&Slot> = look.slots().filter(|slot| kind(slot).is_some()).collect();
    let is_hub = |slot: &&&Slot| faults.iter().filter(|fault| fault.seen_from(slot.id).is_some()).count() >= SOME;
    let mut hubs: Vec<&Slot> = on_stage.iter().filter(is_hub).copied().collect();
    base::sort_by_key(&mut hubs, |slot| (kind(slot), slot.id));
    for hub in &hubs {
        sum(look, &mut faults, &mut views, &Group { hub, end: LinkEnd::All, of: &on_stage });
    }
    for hub in &hubs {
        for end in [LinkEnd::Brokers, LinkEnd::Controllers, LinkEnd::Clients] {
            let of: Vec<&Slot> = on_stage.iter().filter(|slot| is_of(slot, end)).copied().collect();
            sum(look, &mut faults, &mut views, &Group { hub, end, of: &of });
        }
    }
    let single = |fault: &Fault| {
        let names = [fault.from, fault.to].map(|process| name(look, process));
        let heal = vec![(fault.from, fault.to)];
        view(look, names, LinkView { to: LinkEnd::One(fault.to), heal, ..blank(fault.from, fault.way, fault.state) })
    };
    views.extend(faults.iter().filter(|fault| !fault.is_told).map(single));
    views
}

/// Ways with something wrong at an instant, by their ends, the lower first: onward and back. What a stall held back has
/// passed when it is over.
pub(super) fn rules(world: &World, now: Time) -> FlatMap<(ProcessId, ProcessId), [Option<LinkRule>; 2]> {
    let mut pairs: FlatMap<(ProcessId, ProcessId), [Option<LinkRule>; 2]> = FlatMap::new();
    for (from, to, rule) in world.network().link_rules() {
        match rule {
            LinkRule::StalledUntil(until) if until <= now => continue,
            LinkRule::Cut
            | LinkRule::StalledUntil(_)
            | LinkRule::Held(_)
            | LinkRule::Lost { .. }
            | LinkRule::Delayed(_) => {}
        }
        // The gravest comes first and is the one that is told.
        pairs.entry((from.min(to), from.max(to))).or_default()[usize::from(from > to)].get_or_insert(rule);
    }
    pairs
}

/// What is wrong with links: of both directions at once where they suffer the same.
fn faults(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<Fault> {
    let now = cluster.now();
    let state = |rule: LinkRule| match rule {
        LinkRule::Cut => LinkState::Cut,
        LinkRule::Delayed(by) => LinkState::Delayed(by.0.div_ceil(1_000_000)),
        LinkRule::StalledUntil(until) => LinkState::Stalled(until.since(now).0.div_ceil(LEFT * 1_000_000) * LEFT),
        LinkRule::Held(api) => LinkState::Held(api),
        LinkRule::Lost { api, left } => LinkState::Lost(api, left),
    };
    let mut faults = Vec::new();
    for ((one, other), rules) in &rules(look.world, now) {
        if !look.has(*one) || !look.has(*other) {
            continue;
        }
        let ways = rules.map(|rule| rule.map(state));
        let mut push = |from: ProcessId, to: ProcessId, way: LinkWay, state: Option<LinkState>| {
            faults.extend(state.map(|state| Fault { from, to, way, state, is_told: false }));
        };
        if ways[0] == ways[1] {
            push(*one, *other, LinkWay::Both, ways[0]);
        } else {
            push(*one, *other, LinkWay::Onward, ways[0]);
            push(*other, *one, LinkWay::Onward, ways[1]);
        }
    }
    faults
}

/// What a process is on the stage: brokers before controllers before clients.
fn kind(slot: &Slot) -> Option<u8> {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => Some(u8::from(!setup.roles.is_broker())),
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..)) => Some(2),
        ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => None,
    }
}

fn is_of(slot: &Slot, end: LinkEnd) -> bool {
    match (&slot.config, end) {
        (ProcessConfig::Kafka(KafkaSetup::Node(setup)), LinkEnd::Brokers) => setup.roles.is_broker(),
        (ProcessConfig::Kafka(KafkaSetup::Node(setup)), LinkEnd::Controllers) => setup.roles.is_controller(),
        (ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..)), LinkEnd::Clients) => true,
        (ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_), LinkEnd::All) => false,
        (_, LinkEnd::All) => true,
        (_, LinkEnd::One(process)) => slot.id == process,
        (
            ProcessConfig::Kafka(
                KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..),
            )
            | ProcessConfig::Other(_),
            LinkEnd::Brokers | LinkEnd::Controllers | LinkEnd::Clients,
        ) => false,
    }
}

/// Links of one process to several.
struct Group<'a> {
    hub: &'a Slot,
    end: LinkEnd,
    of: &'a [&'a Slot],
}

/// Tells the group as one for each fault that all its links have.
fn sum(look: &Look<'_>, faults: &mut [Fault], views: &mut Vec<LinkView>, group: &Group<'_>) {
    let others: Vec<ProcessId> = group.of.iter().map(|slot| slot.id).filter(|id| *id != group.hub.id).collect();
    let everybody = group.end == LinkEnd::All;
    if others.len() < if everybody { MANY } else { SOME } {
        return;
    }
    let mut seen: Vec<(LinkWay, LinkState)> = Vec::new();
    for fault in faults.iter() {
        if let Some((_, way)) = fault.seen_from(group.hub.id)
            && !seen.contains(&(way, fault.state))
        {
            seen.push((way, fault.state));
        }
    }
    for (way, state) in seen {
        // What is told of everybody is told of each process that it is true of.
        let is_meant = |fault: &Fault| {
            fault.state == state
                && (everybody || !fault.is_told)
                && fault.seen_from(group.hub.id).is_some_and(|(peer, seen)| seen == way && others.contains(&peer))
        };
        if faults.iter().filter(|fault| is_meant(fault)).count() < others.len() {
            continue;
        }
        let mut heal = Vec::new();
        for fault in faults.iter_mut().filter(|fault| is_meant(fault)) {
            fault.is_told = true;
            heal.push((fault.from, fault.to));
        }
        let names = [name(look, group.hub.id), end_name(look, group).to_owned()];
        views.push(view(look, names, LinkView { to: group.end, heal, ..blank(group.hub.id, way, state) }));
    }
}

fn name(look: &Look<'_>, process: ProcessId) -> String {
    match look.world.slot(process) {
        Some(Slot { config: ProcessConfig::Kafka(KafkaSetup::Node(setup)), .. }) if setup.roles.is_broker() => {
            (look.text.stage.broker)(setup.node.0)
        }
        Some(slot) => slot.name.to_string(),
        None => String::new(),
    }
}

fn end_name(look: &Look<'_>, group: &Group<'_>) -> &'static str {
    let lanes = &look.text.lanes;
    let names = if is_of(group.hub, group.end) { &lanes.other_ends } else { &lanes.ends };
    match group.end {
        LinkEnd::Brokers => names[0],
        LinkEnd::Controllers => names[1],
        LinkEnd::Clients => names[2],
        LinkEnd::All | LinkEnd::One(_) => lanes.everybody,
    }
}

/// A link of which nothing is known yet.
fn blank(from: ProcessId, way: LinkWay, state: LinkState) -> LinkView {
    let (words, heal_label, label) = Default::default();
    LinkView { from, to: LinkEnd::All, way, state, words, heal: Vec::new(), heal_label, label }
}

/// The same with its words.
fn view(look: &Look<'_>, [one, other]: [String; 2], link: LinkView) -> LinkView {
    let lanes = &look.text.lanes;
    let heal_label = (lanes.heal)(&one, &other);
    let (from, to) = if link.way == LinkWay::Backward { (other, one) } else { (one, other) };
    let both = link.way == LinkWay::Both;
    let (words, label) = match link.state {
        LinkState::Cut => {
            let say = if both { lanes.cut_between } else { lanes.cut_onward };
            (lanes.cut.to_owned(), say(&from, &to))
        }
        LinkState::Delayed(by) => {
            let (by, say) = (Span::from_millis(by), if both { lanes.delayed_between } else { lanes.delayed_onward });
            ((lanes.delayed)(by), say(&from, &to, by))
        }
        LinkState::Stalled(left) => {
            let (left, say) =
                (Span::from_millis(left), if both { lanes.stalled_between } else { lanes.stalled_onward });
            ((lanes.stalled)(left), say(&from, &to, left))
        }
        LinkState::Held(api) => {
            let say = if both { lanes.held_between } else { lanes.held_onward };
            ((lanes.held)(api.name()), say(&from, &to, api.name()))
        }
        LinkState::Lost(api, left) => {
            let say = if both { lanes.lost_between } else { lanes.lost_onward };
            ((lanes.lost)(api.name(), left), say(&from, &to, (api.name(), left)))
        }
    };
    LinkView { words, heal_label, label, ..link }
}
