//! What happened to a thing: the story's lines about it, and every fact of the last moments in words.

use base::{ProcessId, Time};
use port::Fact;

use super::Look;
use super::cluster::Cluster;
use crate::text::Names;
use crate::{StoryKind, StoryLine, Thing};

/// Lines of the story that are listed, and facts of the last moments.
const TOLD: usize = 16;
const RECENT: usize = 8;

/// The events of a thing, oldest first.
pub(super) fn of(look: &Look<'_>, cluster: &Cluster<'_>, thing: &Thing) -> Vec<StoryLine> {
    let mut lines = super::super::story::lines(look.cluster, look.told, look.text);
    let name = match thing {
        Thing::Replica { partition, .. } | Thing::Record { partition, .. } => Some(partition.to_string()),
        Thing::Process(_) | Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => None,
    };
    lines.retain(|(process, line)| match thing {
        Thing::Process(own) => process == own || line.about.as_ref() == Some(thing),
        Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => line.about.as_ref() == Some(thing),
        Thing::Replica { .. } | Thing::Record { .. } => name.as_ref().is_some_and(|name| line.strong.contains(name)),
    });
    let earlier = lines.len().saturating_sub(TOLD);
    lines.drain(..earlier);
    let mut lines: Vec<StoryLine> = lines.into_iter().map(|(_, line)| line).collect();
    lines.extend(newest(look, cluster, thing));
    base::sort_by(&mut lines, |one, other| one.time.cmp(&other.time));
    lines
}

/// Facts of the last moments that the story does not tell.
fn newest(look: &Look<'_>, cluster: &Cluster<'_>, thing: &Thing) -> Vec<StoryLine> {
    let own = |process: ProcessId, fact: &Fact| match thing {
        Thing::Process(own) => process == *own,
        Thing::Replica { process: own, partition } | Thing::Record { process: own, partition, .. } => {
            process == *own && fact.partition() == Some(partition)
        }
        Thing::Group(group) => fact.group() == Some(group),
        Thing::Topic(_) | Thing::Packet(_) => false,
    };
    let names = Names { process: &|process| cluster.name(process).to_owned() };
    let line = |(at, fact): (Time, &Fact)| StoryLine {
        time: at,
        time_text: at.to_string(),
        kind: StoryKind::Note,
        strong: (look.text.facts)(fact, &names),
        rest: String::new(),
        why: None,
        about: None,
        here: false,
        more: Vec::new(),
    };
    let mut facts: Vec<(Time, &Fact)> = look
        .recent
        .iter()
        .filter(|recent| own(recent.process, &recent.fact) && !lab::is_lasting(&recent.fact))
        .map(|recent| (recent.at, &recent.fact))
        .collect();
    let old = facts.len().saturating_sub(RECENT);
    facts.drain(..old);
    facts.into_iter().map(line).collect()
}
