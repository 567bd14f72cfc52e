//! What is wrong with a cluster, worst first, and what it comes to in one line.

use std::rc::Rc;

use base::{BrokerId, TopicPartition};
use sim::Slot;

use super::cluster::{self, Cluster};
use super::headline::{Sight, Standing};
use super::producers::short;
use super::{Look, loads};
use crate::{AttentionView, BrokerView, End, GroupView, SummaryView, Thing, Tone, Trouble};

/// So many brokers, groups and hot brokers are told one by one.
const TOLD: usize = 5;
/// So many partitions are named.
const NAMED: usize = 100;

/// Brokers and groups as the picture shows them.
pub(super) struct Shown<'a> {
    pub brokers: &'a [Rc<BrokerView>],
    pub groups: &'a [Rc<GroupView>],
}

/// What is wrong with partitions.
#[derive(Default)]
struct Ill<'a> {
    leaderless: Vec<&'a TopicPartition>,
    below: Vec<&'a TopicPartition>,
    short: Vec<&'a TopicPartition>,
    /// Copies that are out of their ISRs.
    missing: u64,
}

/// The list, and the summary.
pub(super) fn attention(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    shown: &Shown<'_>,
) -> (Vec<AttentionView>, SummaryView) {
    let sight = Sight::of(look, cluster);
    let (ill, out) = (ill(cluster), out(&sight));
    let mut list: Vec<AttentionView> = Vec::new();
    list.extend(no_controller(look, &sight));
    let counts = [
        (Trouble::Leaderless(ill.leaderless.len()), Tone::Bad, &ill.leaderless),
        (Trouble::BelowMinIsr(ill.below.len()), Tone::Bad, &ill.below),
    ];
    let wrong = counts.iter().filter(|(_, _, partitions)| !partitions.is_empty());
    list.extend(wrong.map(|(trouble, tone, partitions)| counted(look, cluster, (trouble, *tone), partitions)));
    list.extend(brokers(look, &out));
    if !ill.short.is_empty() {
        list.push(counted(look, cluster, (&Trouble::Short(ill.short.len()), Tone::Warning), &ill.short));
    }
    list.extend(behind(look, shown.groups));
    list.extend(hot(look, shown.brokers));
    let counts = [
        Trouble::Short(ill.short.len()),
        Trouble::BelowMinIsr(ill.below.len()),
        Trouble::Leaderless(ill.leaderless.len()),
    ];
    let nought = counts.iter().filter(|trouble| trouble.count() == Some(0));
    list.extend(nought.map(|trouble| counted(look, cluster, (trouble, Tone::Quiet), &[])));
    let summary = summary(look, cluster, &Sum { out: &out, ill: &ill, worst: list.first().map(|worst| worst.tone) });
    (list, summary)
}

/// One pass over all partitions, because a cluster may have thousands.
fn ill<'a>(cluster: &'a Cluster<'_>) -> Ill<'a> {
    let mut ill = Ill::default();
    let atlas = cluster.atlas();
    for ((id, name), head) in atlas.names.iter().zip(cluster.heads()) {
        // Deleted in the eyes of those who know best; some broker still has it.
        let Some(registered) = cluster.known().partition(*id) else { continue };
        if metadata::topic_name::is_internal(&name.topic) {
            continue;
        }
        let missing = registered.replicas.iter().filter(|replica| !registered.isr.contains(replica)).count();
        ill.missing += missing as u64;
        if missing > 0 {
            ill.short.push(name);
        }
        let leader = head.leader.filter(|_| head.serves).and_then(|(_, partition)| partition.leader());
        match leader {
            None => ill.leaderless.push(name),
            Some(leader) if leader.is_under_min_isr() => ill.below.push(name),
            Some(_) => {}
        }
    }
    ill
}

/// A broker that is out of reach, hangs, starts or is not let in.
type Out<'a> = (Trouble, BrokerId, &'a Slot);

fn out<'a>(sight: &Sight<'a, '_>) -> Vec<Out<'a>> {
    let trouble = |(id, slot): (BrokerId, &'a Slot)| {
        let trouble = match sight.standing(id, slot) {
            Standing::Missing(end) | Standing::Out(end) => match end {
                End::Killed | End::PoweredOff | End::Stopped => Trouble::Stopped(id),
                End::Hangs => Trouble::Hangs(id),
                End::CutOff => Trouble::CutOff(id),
            },
            Standing::Fenced => Trouble::Fenced(id),
            Standing::Starting => Trouble::Starts(id),
            Standing::In | Standing::Leaving => return None,
        };
        Some((trouble, id, slot))
    };
    let mut out: Vec<Out<'_>> = sight.cluster.brokers().filter_map(trouble).collect();
    // The newest first: it is what somebody looks for.
    base::sort_by_key(&mut out, |(trouble, id, slot)| (waits_outside(trouble), std::cmp::Reverse(slot.since), *id));
    out
}

/// Does the broker run without being counted on, rather than being out of reach?
fn waits_outside(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Fenced(_) | Trouble::Starts(_))
}

/// Without one nothing is repaired, so it comes first.
fn no_controller(look: &Look<'_>, sight: &Sight<'_, '_>) -> Option<AttentionView> {
    let first = sight.cluster.controllers().next().filter(|_| sight.active().is_none())?;
    let led = sight.cluster.controllers().filter_map(|(_, slot)| Some((cluster::node(slot)?.quorum(), slot)));
    let led = led.filter(|(quorum, _)| quorum.is_leader()).max_by_key(|(quorum, _)| quorum.epoch());
    let slot = led.map_or(first.1, |(_, slot)| slot);
    Some(line(look, (Trouble::NoController, Tone::Bad), String::new(), Some(Thing::Process(slot.id))))
}

/// Brokers that are out, the longest first.
fn brokers(look: &Look<'_>, out: &[Out<'_>]) -> Vec<AttentionView> {
    let told = |(trouble, _, slot): &Out<'_>| {
        // Since when a running one is cut off or shut out, its slot does not say.
        let has_since = matches!(trouble, Trouble::Stopped(_) | Trouble::Hangs(_) | Trouble::Starts(_));
        let since = || (look.text.dense.since)(seconds(look.now().since(slot.since)));
        let amount = if has_since { since() } else { String::new() };
        line(look, (trouble.clone(), Tone::Warning), amount, Some(Thing::Process(slot.id)))
    };
    let (away, outside) = out.split_at(out.partition_point(|(trouble, ..)| !waits_outside(trouble)));
    let some = |own: &[Out<'_>], many: fn(usize) -> Trouble| -> Vec<AttentionView> {
        let rest = own.get(TOLD).map(|(_, _, first)| {
            let (more, thing) = (own.len() - TOLD, Some(Thing::Process(first.id)));
            line(look, (many(more), Tone::Warning), more.to_string(), thing)
        });
        own.iter().take(TOLD).map(told).chain(rest).collect()
    };
    [some(away, Trouble::ManyOut), some(outside, Trouble::ManyNotIn)].concat()
}

/// In whole seconds.
fn seconds(span: base::Span) -> base::Span {
    base::Span::from_secs(span.as_millis() / 1_000)
}

/// A count of partitions; a click leads to the first.
fn counted(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (trouble, tone): (&Trouble, Tone),
    partitions: &[&TopicPartition],
) -> AttentionView {
    let mut partitions: Vec<TopicPartition> = partitions.iter().map(|name| (*name).clone()).collect();
    base::sort(&mut partitions);
    let thing = partitions.first().and_then(|name| replica(cluster, name));
    let amount = short(partitions.len() as u64);
    partitions.truncate(NAMED);
    AttentionView { partitions, ..line(look, (trouble.clone(), tone), amount, thing) }
}

/// The row to look at: the leader's, or the preferred replica's.
fn replica(cluster: &Cluster<'_>, name: &TopicPartition) -> Option<Thing> {
    let leader = cluster.head(name).and_then(|head| head.leader).map(|(slot, _)| slot.id);
    let preferred = || {
        let (id, _) = cluster.atlas().names.get(cluster.atlas().place(name)?)?;
        cluster.known().partition(*id)?.replicas.iter().find_map(|replica| cluster.place(*replica))
    };
    let process = leader.or_else(preferred)?;
    Some(Thing::Replica { process, partition: name.clone() })
}

/// Groups that fall behind, and by how much.
fn behind(look: &Look<'_>, groups: &[Rc<GroupView>]) -> Vec<AttentionView> {
    let mut groups: Vec<&Rc<GroupView>> = groups.iter().filter(|group| group.lag.grows).collect();
    base::sort_by_key(&mut groups, |group| (std::cmp::Reverse(group.lag.total), group.name.clone()));
    let told = |group: &&Rc<GroupView>| {
        let trouble = Trouble::FallsBehind(group.name.clone());
        line(look, (trouble, Tone::Warning), group.lag.text.clone(), Some(Thing::Group(group.name.clone())))
    };
    groups.iter().take(TOLD).map(told).collect()
}

/// Brokers that are hot, the busiest first.
fn hot(look: &Look<'_>, brokers: &[Rc<BrokerView>]) -> Vec<AttentionView> {
    let mut hot: Vec<&Rc<BrokerView>> = brokers.iter().filter(|broker| broker.load.heat.is_some()).collect();
    base::sort_by_key(&mut hot, |broker| (std::cmp::Reverse((broker.load.busy, broker.load.bytes)), broker.id));
    let told = |broker: &&Rc<BrokerView>| {
        let amount = broker.load.heat.map_or(String::new(), |heat| loads::heat_text(look, heat));
        line(look, (Trouble::Hot(broker.id), Tone::Warning), amount, Some(Thing::Process(broker.process)))
    };
    hot.iter().take(TOLD).map(told).collect()
}

fn line(look: &Look<'_>, (trouble, tone): (Trouble, Tone), amount: String, thing: Option<Thing>) -> AttentionView {
    let text = (look.text.dense.trouble)(&trouble);
    AttentionView { trouble, text, amount, tone, thing, partitions: Vec::new() }
}

/// What the line above the list adds up.
struct Sum<'a, 'b> {
    out: &'b [Out<'a>],
    ill: &'b Ill<'a>,
    worst: Option<Tone>,
}

/// The whole in one line, for who looks at nothing else.
fn summary(look: &Look<'_>, cluster: &Cluster<'_>, sum: &Sum<'_, '_>) -> SummaryView {
    let words = &look.text.dense;
    let count = |is: fn(&Trouble) -> bool| sum.out.iter().filter(|(trouble, ..)| is(trouble)).count();
    let ends = [
        (words.stopped, count(|trouble| matches!(trouble, Trouble::Stopped(_)))),
        (words.hang, count(|trouble| matches!(trouble, Trouble::Hangs(_)))),
        (words.cut_off, count(|trouble| matches!(trouble, Trouble::CutOff(_)))),
        (words.not_in, count(waits_outside)),
    ];
    let mut parts: Vec<String> = ends.iter().filter(|(_, count)| *count > 0).map(|(say, count)| say(*count)).collect();
    if parts.is_empty() {
        parts.push(words.all_run.to_owned());
    }
    parts.push(if sum.ill.missing > 0 { (words.missing)(sum.ill.missing) } else { words.none_missing.to_owned() });
    let lost = look.account.ledger.map_or(0, |ledger| ledger.counts().lost);
    parts.push(if lost > 0 { (words.lost)(lost) } else { words.nothing_lost.to_owned() });
    SummaryView {
        title: (words.title)(cluster.brokers().count(), cluster.known_count(look)),
        text: parts.join(words.comma),
        tone: if lost > 0 { Tone::Bad } else { sum.worst.filter(|tone| *tone != Tone::Quiet).unwrap_or(Tone::Plain) },
    }
}
