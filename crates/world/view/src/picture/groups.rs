//! Consumer groups: the coordinator's state and generation, and what each member itself believes to own.

use std::rc::Rc;

use base::{FlatMap, GroupId, TopicPartition};
use client::Consumer;
use client::consumer::GroupPhase;
use coordinator::ClassicGroup;
use port::{ConsumerSetup, ProcessConfig};
use sim::{Liveness, Slot};

use super::Look;
use super::cells::lit;
use super::cluster::{self, Cluster};
use super::one;
use crate::{Glyph, GroupState, GroupView, MemberState, MemberView, OwnedView, Thing};

/// Glyphs in a member's "read" row.
const READ: usize = 4;
/// Partitions that a member's label names.
const SPOKEN: usize = 12;

/// All groups that have, or had, a consumer on the stage.
pub(super) fn groups(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<Rc<GroupView>> {
    let mut members: FlatMap<GroupId, Vec<(&Slot, &ConsumerSetup)>> = FlatMap::new();
    for slot in look.world.slots() {
        if let ProcessConfig::Consumer(_, setup) = &slot.config {
            members.entry(setup.group.clone()).or_default().push((slot, setup));
        }
    }
    members.iter().map(|(name, members)| Rc::new(group(look, cluster, (name, members)))).collect()
}

type Named<'a, 'b> = (&'b GroupId, &'b [(&'a Slot, &'a ConsumerSetup)]);

fn group(look: &Look<'_>, cluster: &Cluster<'_>, (name, members): Named<'_, '_>) -> GroupView {
    let words = &look.text.stage;
    let known = coordinated(cluster, name);
    let views: Vec<Rc<MemberView>> =
        members.iter().map(|(slot, _)| Rc::new(member(look, cluster, (slot, known)))).collect();
    let state = state_of(known);
    let state_text = state_text(look, known);
    // On a first visit a stable group needs no word; a change always has one, and takes the title's room.
    let rests = |view: &Rc<MemberView>| matches!(view.state, MemberState::Paused | MemberState::Waiting);
    let quiet = !look.details && state == GroupState::Stable && !views.iter().any(rests);
    let title = if quiet { (words.group)(name) } else { name.to_string() };
    GroupView {
        name: name.clone(),
        label: format!("{}, {state_text}", (words.group)(name)),
        title,
        state,
        state_text: if quiet { String::new() } else { state_text },
        member_count: views.len(),
        reads: one::reads_of(look, cluster, name),
        members: views,
        folded: String::new(),
        lag: Default::default(),
        selected: look.selection == Some(&Thing::Group(name.clone())),
    }
}

/// The group as its running coordinator knows it.
pub(super) fn coordinated<'a>(cluster: &Cluster<'a>, name: &GroupId) -> Option<&'a ClassicGroup> {
    let running = cluster.brokers().filter(|(_, slot)| slot.liveness.is_up());
    let known = running.filter_map(|(_, slot)| cluster::broker(slot)?.coordinator().group(name));
    known.max_by_key(|group| group.generation())
}

fn state_of(known: Option<&ClassicGroup>) -> GroupState {
    match known.map(ClassicGroup::state) {
        None => GroupState::Unknown,
        Some(port::GroupState::Empty) => GroupState::Empty,
        Some(port::GroupState::PreparingRebalance) => GroupState::PreparingRebalance,
        Some(port::GroupState::CompletingRebalance) => GroupState::CompletingRebalance,
        Some(port::GroupState::Stable) => GroupState::Stable,
        Some(port::GroupState::Dead) => GroupState::Dead,
    }
}

fn state_text(look: &Look<'_>, known: Option<&ClassicGroup>) -> String {
    let words = &look.text.stage;
    let Some(known) = known else { return words.group_unknown.to_owned() };
    match state_of(Some(known)) {
        GroupState::PreparingRebalance => {
            let joined = known.members().values().filter(|member| member.awaiting_join.is_some()).count();
            let all = known.members().len() + known.pending_members().len();
            (words.group_joining)(joined, all)
        }
        GroupState::CompletingRebalance => (words.group_syncing)(known.generation()),
        GroupState::Stable => (words.group_stable)(known.generation()),
        GroupState::Empty | GroupState::Dead => words.group_empty.to_owned(),
        GroupState::Unknown => words.group_unknown.to_owned(),
    }
}

fn member(look: &Look<'_>, cluster: &Cluster<'_>, (slot, known): (&Slot, Option<&ClassicGroup>)) -> MemberView {
    let words = &look.text.stage;
    let consumer = slot.process.as_ref().and_then(process::Process::consumer);
    let up = slot.liveness.is_up();
    let owned = match consumer {
        Some(consumer) if up => owned(look, cluster, consumer),
        Some(_) | None => Vec::new(),
    };
    let all = consumer.filter(|_| up).map_or(0, |consumer| owned_count(look, consumer));
    let state = state(slot, consumer, all == 0);
    let failure = consumer.filter(|_| !up).and_then(Consumer::failure);
    let state_text = match (state, failure) {
        (MemberState::Stopped, Some(failure)) => (look.text.story.ended_with)(&failure.name),
        (MemberState::Stopped, None) => words.member_stopped.to_owned(),
        (MemberState::Reading, _) => String::new(),
        (MemberState::Idle, _) => words.idle.to_owned(),
        (MemberState::Paused, _) => words.paused.to_owned(),
        (MemberState::Waiting, _) => words.waiting.to_owned(),
        (MemberState::Hung, _) => words.member_hung.to_owned(),
    };
    let name = slot.name.to_string();
    let parts = [name.clone(), state_text.clone()]
        .into_iter()
        .chain(owned.iter().take(SPOKEN).map(|owned| owned.label.clone()));
    let spoken: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let own = consumer.map(|consumer| &consumer.membership().member_id);
    let is_new =
        own.zip(known).is_some_and(|(own, known)| known.members().get(own).is_some_and(|member| member.is_new));
    MemberView {
        process: slot.id,
        state,
        state_text,
        more: if all > owned.len() { (words.more_owned)((all - owned.len()) as u64) } else { String::new() },
        position: consumer.and_then(|consumer| position(look, consumer)).filter(|_| up).unwrap_or_default(),
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
    match (slot.liveness, consumer.map(|consumer| consumer.membership().phase)) {
        (Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff, _) | (_, None) => MemberState::Stopped,
        (Liveness::Paused, _) => MemberState::Hung,
        (Liveness::Running, Some(GroupPhase::Stable)) if owns_nothing => MemberState::Idle,
        (Liveness::Running, Some(GroupPhase::Stable)) => MemberState::Reading,
        (Liveness::Running, Some(_)) if !owns_nothing => MemberState::Reading,
        (Liveness::Running, Some(GroupPhase::Unjoined)) => MemberState::Waiting,
        (
            Liveness::Running,
            Some(GroupPhase::CommittingBeforeJoin | GroupPhase::Joining | GroupPhase::Assigning | GroupPhase::Syncing),
        ) => MemberState::Paused,
    }
}

fn owned(look: &Look<'_>, cluster: &Cluster<'_>, consumer: &Consumer) -> Vec<OwnedView> {
    let words = &look.text.stage;
    let shown = consumer.assignment().filter(|name| cluster.is_drawn(name));
    let view = |name: &TopicPartition| {
        let leader = cluster.id_of(name).and_then(|id| cluster.leader(id));
        let position = consumer.position(name);
        let note = match (leader, position) {
            (None, _) => words.no_leader.to_owned(),
            (Some((_, partition)), Some(position)) => (words.lag)(partition.high_watermark().since(position).max(0)),
            (Some(_), None) => String::new(),
        };
        OwnedView {
            label: format!("{name} {note}"),
            hue: look.hue(&name.topic),
            cut_off: leader.is_none(),
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
fn position(look: &Look<'_>, consumer: &Consumer) -> Option<String> {
    let last = consumer.recent().last().map(|record| &record.partition);
    let chosen = last.filter(|last| consumer.position(last).is_some()).or_else(|| consumer.assignment().next())?;
    consumer.position(chosen).map(|offset| (look.text.stage.offset)(offset.0))
}

fn read(look: &Look<'_>, consumer: &Consumer) -> Vec<(Glyph, Option<bool>)> {
    let glyphs: Vec<Glyph> = consumer.recent().map(|record| look.glyph_of(record.key.as_deref())).collect();
    let first = glyphs.len().saturating_sub(READ);
    glyphs[first..].iter().map(|glyph| (*glyph, lit(*glyph, look.lit_key))).collect()
}
