//! Brokers and controllers: how the controllers see a broker, and how each node sees itself.

use base::{BrokerId, Offset};
use broker::Broker;
use controller::Controller;
use metadata::BrokerRegistration;
use quorum::Quorum;
use sim::Slot;

use super::super::pull;
use super::cluster::{self, Cluster};
use super::{Look, NONE, property, section, toned};
use crate::{PropertyView, SectionView, Tone};

/// Waiting fetches that are listed.
const PARKED: usize = 12;

/// The parts of a node's state.
pub(super) fn sections(look: &Look<'_>, cluster: &Cluster<'_>, slot: &Slot) -> Vec<SectionView> {
    let words = &look.text.inspect;
    // It was never started: there is nothing to inspect.
    let Some(node) = cluster::node(slot) else { return Vec::new() };
    let mut sections: Vec<SectionView> = Vec::new();
    if let Some(broker) = node.broker() {
        let known = cluster.image().and_then(|image| image.broker(broker.id()));
        let rows = known.map(|known| registered(look, cluster, known)).unwrap_or_default();
        sections.extend(section(words.as_controllers_see, rows));
        sections.extend(section(&own_title(look, slot, broker.id().0), own(look, broker)));
        sections.extend(section(words.parked_fetches, parked(look, cluster, slot)));
    }
    sections.extend(section(words.quorum, quorum(look, cluster, node.quorum())));
    if let Some(controller) = node.controller() {
        sections.extend(section(words.sessions, brokers_sessions(look, controller)));
    }
    sections
}

/// "As broker 2 itself sees it", or saw it last.
pub(super) fn own_title(look: &Look<'_>, slot: &Slot, id: i32) -> String {
    let words = &look.text.inspect;
    if slot.liveness.is_up() { (words.as_broker_sees)(id) } else { (words.as_broker_saw)(id, slot.since) }
}

/// As the controllers know the broker.
fn registered(look: &Look<'_>, cluster: &Cluster<'_>, known: &BrokerRegistration) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let (state, tone) = match (known.fenced, known.in_controlled_shutdown) {
        (true, _) => (words.fenced, Tone::Bad),
        (false, true) => (words.shutting_down, Tone::Warning),
        (false, false) => (words.let_in, Tone::Good),
    };
    let mut rows = vec![
        toned(words.registration, state, tone),
        property(words.broker_epoch, known.epoch),
        property(words.registered_at, known.registered_at),
        property("broker.rack", known.rack.as_ref().map_or(NONE, |rack| rack)),
        property(words.endpoint, &known.endpoints),
    ];
    rows.extend(session(look, cluster, known.id));
    rows
}

/// What is left of the broker's session with the controller in charge.
fn session(look: &Look<'_>, cluster: &Cluster<'_>, id: BrokerId) -> Option<PropertyView> {
    let words = &look.text.inspect;
    let (_, slot) = cluster.active()?;
    let controller = cluster::node(slot)?.controller()?;
    Some(match controller.active()?.sessions().session(id) {
        Some(known) => {
            let timeout = controller.settings().controller.session_timeout;
            property(words.session, (words.session_left)(known.last_contact, known.last_contact + timeout))
        }
        None => toned(words.session, words.session_over, Tone::Bad),
    })
}

/// As it knows itself; the two differ after a fence or a restart.
fn own(look: &Look<'_>, broker: &Broker) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let lifecycle = broker.lifecycle();
    let (leads, all) = broker
        .partitions()
        .iter()
        .fold((0, 0), |(leads, all), (_, partition)| (leads + usize::from(partition.is_leader()), all + 1));
    let epoch = lifecycle.broker_epoch();
    vec![
        property(words.broker_state, (look.text.states.broker)(broker.state())),
        property(words.broker_epoch, if epoch < 0 { NONE.to_owned() } else { epoch.to_string() }),
        property(words.metadata_offset, shown(broker.image().last_applied())),
        property(words.leads_of, (words.leads_count)(leads, all)),
        property(words.parked, (words.parked_count)(broker.parked_appends(), broker.fetches().parked())),
        property(words.held, broker.held()),
    ]
}

/// Readers' fetches that wait here, those that wait longest first.
fn parked(look: &Look<'_>, cluster: &Cluster<'_>, slot: &Slot) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let mut waiting = pull::parked(look, cluster, |(_, broker)| broker == slot.id);
    base::sort_by(&mut waiting, |one, other| one.since.cmp(&other.since));
    let row = |waits: &pull::Parked| {
        let reader = look.world.slot(waits.reader).map_or(NONE, |slot| &slot.name);
        let about = waits.about.as_ref().map_or_else(|| NONE.to_owned(), ToString::to_string);
        property(reader, (words.fetch_waits)(&about, waits.others, (waits.since, waits.min_bytes)))
    };
    waiting.iter().take(PARKED).map(row).collect()
}

/// Its part in elections of controllers.
fn quorum(look: &Look<'_>, cluster: &Cluster<'_>, quorum: &Quorum) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let name = |id: BrokerId| cluster.slot(id).map_or(id.to_string(), |slot| slot.name.to_string());
    let mut rows = vec![
        property("node.id", quorum.node()),
        property(words.quorum_role, (look.text.states.quorum)(quorum.role().kind())),
        property(words.quorum_epoch, quorum.epoch()),
        property(words.quorum_leader, quorum.leader().map_or(NONE.to_owned(), name)),
        property(words.metadata_end, quorum.log_end()),
        property(words.metadata_mark, quorum.high_watermark().map_or(NONE.to_owned(), shown)),
    ];
    rows.extend(quorum.voted().map(|voted| property(words.voted, name(voted))));
    rows
}

fn brokers_sessions(look: &Look<'_>, controller: &Controller) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    // A controller that stands by counts no sessions.
    let Some(active) = controller.active() else { return Vec::new() };
    let timeout = controller.settings().controller.session_timeout;
    let row = |known: &BrokerRegistration| {
        let name = (look.text.stage.broker)(known.id.0);
        match active.sessions().session(known.id) {
            Some(session) => {
                property(&name, (words.session_left)(session.last_contact, session.last_contact + timeout))
            }
            None => toned(&name, if known.fenced { words.fenced } else { words.session_over }, Tone::Bad),
        }
    };
    active.image().brokers().map(row).collect()
}

fn shown(offset: Offset) -> String {
    if offset == Offset::UNDEFINED { NONE.to_owned() } else { offset.to_string() }
}
