//! The first difference in words.

use base::ProcessId;
use lab::{Beside, Looked, Seen};

use super::super::cluster::Cluster;
use crate::text::{Names, Text, thousands};
use crate::{DifferenceView, Thing};

/// What differs first; `None` while it is not known, or nothing does.
pub(super) fn view(beside: &Beside, text: &Text) -> Option<DifferenceView> {
    let Looked::Found(found) = beside.looked() else { return None };
    let words = &text.compare;
    // Both as they were there: they know everybody by name.
    let clusters = found.worlds.each_ref().map(|world| Cluster::of(world.first_cluster()));
    let name = |process: ProcessId| {
        let known = |cluster: &Cluster<'_>| cluster.world.slot(process).is_some();
        // Somebody who has just come is known in one of them only.
        let cluster = clusters.iter().find(|cluster| known(cluster)).unwrap_or(&clusters[0]);
        match cluster.world.slot(process).is_some_and(super::super::cluster::is_broker) {
            true => cluster.name(process).parse().map_or_else(|_| cluster.name(process).to_owned(), text.stage.broker),
            false => cluster.name(process).to_owned(),
        }
    };
    let reports = |seen: &Seen| {
        let sentence = (text.facts)(&seen.happening.fact, &Names { process: &name });
        (words.reports)(&name(seen.happening.process), &sentence)
    };
    let side = |seen: &Option<Seen>| match seen {
        None => words.nothing_more.to_owned(),
        Some(seen) if seen.happening.at == found.at => reports(seen),
        Some(seen) => (words.not_yet)(&seen.happening.at.to_string(), &reports(seen)),
    };
    let first = found.sides.iter().flatten().find(|seen| seen.happening.at == found.at)?;
    Some(DifferenceView {
        at: found.at,
        time_text: found.at.to_string(),
        pill: (words.first_difference)(&thousands(found.event)),
        sides: found.sides.each_ref().map(side),
        about: Thing::Process(first.happening.process),
        partition: found.sides.iter().flatten().find_map(|seen| seen.happening.fact.partition().cloned()),
    })
}

/// Why there is none; empty where there is one.
pub(super) fn looking(beside: &Beside, text: &Text) -> String {
    let words = &text.compare;
    match beside.looked() {
        Looked::Found(_) => String::new(),
        Looked::UnderWay(at) => (words.looking)(&at.to_string()),
        Looked::Alike(at) => (words.alike)(&at.to_string()),
        Looked::Forgotten => words.past_forgotten.to_owned(),
    }
}
