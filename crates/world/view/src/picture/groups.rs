//! Consumer groups: the coordinator's state and generation, and what each member itself believes to own.

use std::rc::Rc;

use base::{FlatMap, GroupId, Offset, ProcessId, TopicPartition};
use client::Consumer;
use client::consumer::{Application, GroupPhase};
use coordinator::ClassicGroup;
use port::{ConsumerSetup, KafkaSetup, ProcessConfig};
use sim::{Liveness, Slot};

use super::cells::lit;
use super::cluster::Cluster;
use super::ground::Watch;
use super::lags::{self, Group};
use super::members;
use super::one;
use super::tally::Tally;
use super::{Look, Memory, cards};
use crate::{
    Detail, Glyph, GroupLine, GroupState, GroupView, LagView, MemberState, MemberView, OwnedLine, OwnedView, Thing,
};

/// Glyphs in a member's "read" row.
pub(super) const READ: usize = 4;
/// Partitions that a member's label names.
const SPOKEN: usize = 12;

/// Groups as they were, for as long as nobody who says something about them has changed.
#[derive(Default)]
pub(super) struct GroupBook(FlatMap<GroupId, Kept>);

struct Kept {
    basis: Basis,
    watch: Watch,
    view: Rc<GroupView>,
}

/// What a group's view depends on besides the processes that are watched.
#[derive(PartialEq)]
struct Basis {
    ground: u64,
    coordinator: Option<ProcessId>,
    leaders: Vec<Option<ProcessId>>,
    grows: bool,
}

/// All groups that have, or had, a consumer on the stage.
pub(super) fn groups(
    look: &Look<'_>,
    (cluster, tally): (&Cluster<'_>, &Tally<'_>),
    memory: &mut Memory,
) -> Vec<Rc<GroupView>> {
    let mut members: FlatMap<GroupId, Vec<(&Slot, &ConsumerSetup)>> = FlatMap::new();
    for slot in look.slots() {
        if let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config {
            members.entry(setup.group.clone()).or_default().push((slot, setup));
        }
    }
    let book = &mut memory.groups;
    members.iter().map(|(name, members)| book.of(look, (cluster, tally), (name, members))).collect()
}

impl GroupBook {
    fn of(
        &mut self,
        look: &Look<'_>,
        (cluster, tally): (&Cluster<'_>, &Tally<'_>),
        named: Group<'_, '_>,
    ) -> Rc<GroupView> {
        let basis = Basis::of(cluster, tally, named);
        let before = self.0.get(named.0);
        if let Some(kept) = before.filter(|kept| kept.basis == basis && kept.watch.holds(look.world)) {
            return kept.view.clone();
        }
        let before = before.map(|kept| &kept.view);
        let made = group(look, (cluster, basis.grows), named, before);
        let view = before.filter(|view| ***view == made).cloned().unwrap_or_else(|| Rc::new(made));
        let members = named.1.iter().map(|(slot, _)| slot.id);
        let others = basis.coordinator.into_iter().chain(basis.leaders.iter().flatten().copied());
        let watch = Watch::of(look.world, members.chain(others));
        self.0.insert(named.0.clone(), Kept { basis, watch, view: view.clone() });
        view
    }
}

impl Basis {
    fn of(cluster: &Cluster<'_>, tally: &Tally<'_>, named: Group<'_, '_>) -> Basis {
        let topics = named.1.iter().flat_map(|(_, setup)| setup.topics.iter());
        let topics: base::FlatSet<&base::Str> = topics.collect();
        let places = topics.iter().flat_map(|topic| cluster.atlas().topic(topic));
        let leader = |place: usize| cluster.heads()[place].leader.map(|(slot, _)| slot.id);
        Basis {
            ground: cluster.ground,
            coordinator: cluster.coordinator(named.0).and_then(|(broker, ..)| cluster.place(broker)),
            leaders: places.map(leader).collect(),
            grows: lags::grows(tally, named),
        }
    }
}

fn group(
    look: &Look<'_>,
    (cluster, grows): (&Cluster<'_>, bool),
    (name, members): Group<'_, '_>,
    before: Option<&Rc<GroupView>>,
) -> GroupView {
    let words = &look.text.stage;
    let found = cluster.coordinator(name).map(|(_, _, known)| known);
    let known = found.flatten();
    let folds = folds(look, (name, members));
    let shown = members.iter().filter(|_| !folds).enumerate();
    let views: Vec<Rc<MemberView>> = shown
        .map(|(place, (slot, _))| {
            let made = member(look, cluster, (slot, known));
            let before = before.and_then(|before| before.members.get(place)).filter(|before| ***before == made);
            before.cloned().unwrap_or_else(|| Rc::new(made))
        })
        .collect();
    let (state, said) = state_of(found);
    let state_text = cards::group(said, look.text);
    // On a first visit a stable group needs no word; a change always has one, and takes the title's room.
    let rests = |(slot, _): &(&Slot, &ConsumerSetup)| {
        let consumer = slot.process.as_ref().and_then(process::Process::consumer);
        let owns_nothing = consumer.is_none_or(|consumer| owned_count(look, consumer) == 0);
        matches!(self::state(slot, consumer, owns_nothing), MemberState::Paused | MemberState::Waiting)
    };
    let quiet = !look.details && state == GroupState::Stable && !members.iter().any(rests);
    let title = if quiet { (words.group)(name) } else { name.to_string() };
    let lag = lags::lag(look, cluster, (name, members));
    GroupView {
        name: name.clone(),
        label: format!("{}, {state_text}", (words.group)(name)),
        title,
        state,
        said,
        state_text: if quiet { String::new() } else { state_text },
        member_count: members.len(),
        reads: one::reads(cluster, members.iter().flat_map(|(_, setup)| setup.topics.iter())),
        members: views,
        folded: if folds || members.len() > GroupView::FEW { folded(look, members) } else { String::new() },
        trouble: trouble(look, members),
        lag: LagView { grows: grows && lag.total >= lags::SOME, ..lag },
        selected: look.selection == Some(&Thing::Group(name.clone())),
    }
}

/// Among lanes of one line a group is one line, unless it or a member is selected.
fn folds(look: &Look<'_>, (name, members): Group<'_, '_>) -> bool {
    let is_chosen = match look.selection {
        Some(Thing::Group(chosen)) => chosen == name,
        Some(Thing::Process(chosen)) => members.iter().any(|(slot, _)| slot.id == *chosen),
        Some(Thing::Replica { .. } | Thing::Record { .. } | Thing::Topic(_) | Thing::Packet(_)) | None => false,
    };
    look.detail == Detail::Brokers && !is_chosen
}

fn folded(look: &Look<'_>, members: &[(&Slot, &ConsumerSetup)]) -> String {
    let running = members.iter().filter(|(slot, _)| slot.liveness.is_up());
    let consumers = running.filter_map(|(slot, _)| slot.process.as_ref()?.consumer());
    let owned: Vec<usize> = consumers.map(|consumer| owned_count(look, consumer)).collect();
    let (fewest, most) = (owned.iter().min().copied().unwrap_or(0), owned.iter().max().copied().unwrap_or(0));
    (look.text.dense.members)((owned.len(), members.len() - owned.len()), fewest, most)
}

/// Members that do not run, in words.
fn trouble(look: &Look<'_>, members: &[(&Slot, &ConsumerSetup)]) -> String {
    let hung = members.iter().filter(|(slot, _)| slot.liveness == Liveness::Paused).count();
    let stopped = members.iter().filter(|(slot, _)| !slot.liveness.is_up()).count();
    if hung + stopped == 0 {
        return String::new();
    }
    let words = &look.text.dense;
    (words.members)((members.len(), 0), 0, 0) + words.comma + &(words.troubled)([stopped, hung, 0])
}

/// The group as the broker knows it that coordinates it.
pub(super) fn coordinated<'a>(cluster: &Cluster<'a>, name: &GroupId) -> Option<&'a ClassicGroup> {
    cluster.coordinator(name)?.2
}

/// What the coordinator says; without one, what is missing.
fn state_of(found: Option<Option<&ClassicGroup>>) -> (GroupState, GroupLine) {
    let Some(known) = found else { return (GroupState::Unknown, GroupLine::NoCoordinator) };
    let Some(known) = known else { return (GroupState::Empty, GroupLine::Empty) };
    let generation = known.generation();
    match known.state() {
        port::GroupState::Empty => (GroupState::Empty, GroupLine::Empty),
        port::GroupState::Dead => (GroupState::Dead, GroupLine::Empty),
        port::GroupState::Stable => (GroupState::Stable, GroupLine::Stable { generation }),
        port::GroupState::CompletingRebalance => (GroupState::CompletingRebalance, GroupLine::Syncing { generation }),
        port::GroupState::PreparingRebalance => {
            let joined = known.members().values().filter(|member| member.awaiting_join.is_some()).count();
            let all = known.members().len() + known.pending_members().len();
            (GroupState::PreparingRebalance, GroupLine::Joining { joined, all })
        }
    }
}

/// A member as it is, beside what the coordinator takes it for.
fn member(look: &Look<'_>, cluster: &Cluster<'_>, (slot, known): (&Slot, Option<&ClassicGroup>)) -> MemberView {
    let words = &look.text.stage;
    let consumer = slot.process.as_ref().and_then(process::Process::consumer);
    let up = slot.liveness.is_up();
    let owned = match consumer {
        Some(consumer) if up => owned(look, cluster, consumer),
        Some(consumer) => members::left_behind(look, cluster, (slot, consumer)),
        None => Vec::new(),
    };
    let all = if up { consumer.map_or(0, |consumer| owned_count(look, consumer)) } else { owned.len() };
    let state = state(slot, consumer, all == 0);
    let error = consumer.filter(|_| !up).and_then(Consumer::failure).map(|failure| failure.name.clone());
    let state_text = cards::member(state, error.as_deref(), look.text);
    let name = slot.name.to_string();
    let parts = [name.clone(), state_text.clone()]
        .into_iter()
        .chain(owned.iter().take(SPOKEN).map(|owned| owned.label.clone()));
    let spoken: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let own = consumer.map(|consumer| &consumer.membership().member_id);
    let is_new =
        own.zip(known).is_some_and(|(own, known)| known.members().get(own).is_some_and(|member| member.is_new));
    let at = consumer.filter(|_| up).and_then(position);
    let undrawn = all - owned.len();
    MemberView {
        process: slot.id,
        state,
        error,
        state_text,
        undrawn,
        more: if undrawn > 0 { (words.more_owned)(undrawn as u64) } else { String::new() },
        position: at.as_ref().map_or(String::new(), |(_, offset)| (words.offset)(offset.0)),
        at,
        is_new: is_new && up,
        new_text: words.new_member.to_owned(),
        label: spoken.join(", "),
        owned,
        read_title: words.read.to_owned(),
        read: consumer.map(|consumer| read(look, consumer)).unwrap_or_default(),
        selected: look.selection == Some(&Thing::Process(slot.id)),
        switch_label: if up { (words.stop_client)(&name) } else { (words.start_client)(&name) },
        name,
    }
}

fn state(slot: &Slot, consumer: Option<&Consumer>, owns_nothing: bool) -> MemberState {
    let consumer = match (slot.liveness, consumer) {
        (Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff, _) | (_, None) => return MemberState::Stopped,
        (Liveness::Paused, Some(_)) => return MemberState::Hung,
        (Liveness::Running, Some(consumer)) => consumer,
    };
    match consumer.application() {
        Application::Closing(_) | Application::Closed => return MemberState::Leaving,
        Application::Polling | Application::Processing | Application::Committing | Application::Writing => {}
    }
    let membership = consumer.membership();
    match membership.phase {
        GroupPhase::Stable if owns_nothing => MemberState::Idle,
        GroupPhase::Stable
        | GroupPhase::Unjoined
        | GroupPhase::CommittingBeforeJoin
        | GroupPhase::Joining
        | GroupPhase::Assigning
        | GroupPhase::Syncing => match (owns_nothing, membership.generation < 0) {
            (false, _) => MemberState::Reading,
            (true, true) => MemberState::Waiting,
            (true, false) => MemberState::Paused,
        },
    }
}

/// What it believes to own: after a rebalance two may believe that of one partition for a while.
fn owned(look: &Look<'_>, cluster: &Cluster<'_>, consumer: &Consumer) -> Vec<OwnedView> {
    let shown = consumer.assignment().filter(|name| cluster.is_drawn(name));
    let view = |name: &TopicPartition| {
        let leader = cluster.id_of(name).and_then(|id| cluster.leader(id));
        let said = match (leader, consumer.position(name)) {
            (None, _) => OwnedLine::NoLeader,
            (Some((_, partition)), Some(at)) => OwnedLine::Lag(partition.high_watermark().since(at).max(0)),
            (Some(_), None) => OwnedLine::NoPosition,
        };
        let note = cards::owned(said, look.text);
        OwnedView {
            label: format!("{name} {note}"),
            hue: look.hue(&name.topic),
            cut_off: leader.is_none(),
            said,
            note,
            partition: name.clone(),
        }
    };
    shown.map(view).collect()
}

/// How many partitions a member owns that are not hidden.
fn owned_count(look: &Look<'_>, consumer: &Consumer) -> usize {
    let shown = |name: &&TopicPartition| look.internal || !metadata::topic_name::is_internal(&name.topic);
    consumer.assignment().filter(shown).count()
}

/// The position in the partition that was read last, or in the only one.
fn position(consumer: &Consumer) -> Option<(TopicPartition, Offset)> {
    let last = consumer.recent().last().map(|record| &record.partition);
    let chosen = last.filter(|last| consumer.position(last).is_some()).or_else(|| consumer.assignment().next())?;
    consumer.position(chosen).map(|offset| (chosen.clone(), offset))
}

fn read(look: &Look<'_>, consumer: &Consumer) -> Vec<(Glyph, Option<bool>)> {
    let glyphs: Vec<Glyph> = consumer.recent().map(|record| look.glyph_of(record.key.as_deref())).collect();
    let first = glyphs.len().saturating_sub(READ);
    glyphs[first..].iter().map(|glyph| (*glyph, lit(*glyph, look.lit_key))).collect()
}
