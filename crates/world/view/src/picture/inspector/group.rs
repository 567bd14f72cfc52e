//! A consumer group: as its coordinator knows it, or that there is none.

use base::Str;
use coordinator::ClassicGroup;
use sim::Liveness;

use super::cluster::{self, Cluster};
use super::{Look, NONE, empty, property, section, toned};
use crate::{InspectorView, PropertyView, Thing, Tone};

/// The view of a group that some consumer is, or was, in.
pub(super) fn view(look: &Look<'_>, cluster: &Cluster<'_>, name: &Str) -> Option<InspectorView> {
    let words = &look.text.inspect;
    let running = cluster.brokers().filter(|(_, slot)| slot.liveness == Liveness::Running);
    let known = running.filter_map(|(id, slot)| Some((id, cluster::broker(slot)?.coordinator().group(name)?)));
    let known = known.max_by_key(|(_, group)| group.generation());
    let subtitle = known.map_or(words.no_coordinator.to_owned(), |(id, _)| (words.coordinated_by)(id.0));
    let mut view = empty(Thing::Group(name.clone()), words.group, name.to_string(), subtitle);
    let rows = known.map(|(_, group)| rows(look, group)).unwrap_or_default();
    view.state = section(words.as_coordinator_sees, rows).into_iter().collect();
    Some(view)
}

fn rows(look: &Look<'_>, group: &ClassicGroup) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let mut rows = vec![
        property(words.group_state, (look.text.states.group)(group.state())),
        property(words.generation, group.generation()),
        property(words.assignor, group.protocol().map_or(NONE, |name| name)),
    ];
    for member in group.members().values() {
        let owned = member.assigned_partitions();
        let owned = owned.iter().flat_map(|(topic, numbers)| numbers.iter().map(move |at| format!("{topic}-{at}")));
        let owned: Vec<String> = owned.collect();
        let leads = group.leader() == Some(&member.id);
        let client = if leads { (words.group_leader)(&member.client_id) } else { member.client_id.to_string() };
        rows.push(match owned.is_empty() {
            true => toned(&client, words.nothing, Tone::Quiet),
            false => property(&client, owned.join(", ")),
        });
    }
    rows
}
