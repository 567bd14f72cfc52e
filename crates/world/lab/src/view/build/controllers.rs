//! The metadata lane.

use base::BrokerId;
use port::QuorumRole;
use sim::{Liveness, Slot};

use super::cluster::{self, Cluster};
use super::{Look, Memory};
use crate::view::{ControllerRole, ControllerView, ControllersView, SessionView, Tone};

/// The whole lane.
pub(super) fn controllers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> ControllersView {
    let words = &look.text.stage;
    let active = cluster.active();
    let views: Vec<ControllerView> = cluster.controllers().map(|one| controller(look, cluster, one)).collect();
    let (line, line_quiet) = lines(look, cluster);
    let note = note(look, active, &views);
    let shows_log = look.details || active.is_none();
    ControllersView {
        title: words.controllers.to_owned(),
        line: if note.is_some() { words.decide.to_owned() } else { line },
        line_quiet: if note.is_some() { String::new() } else { line_quiet },
        crown_lost_at: if active.is_some() { None } else { crown_lost_at(cluster) },
        nobody_text: words.nobody_in_charge.to_owned(),
        sessions_title: words.last_heard_from.to_owned(),
        sessions: if look.details { sessions(look, cluster) } else { Vec::new() },
        log_title: words.metadata_log.to_owned(),
        log: if shows_log { memory.decisions.tail(look, cluster) } else { Vec::new() },
        controllers: views,
        note,
    }
}

fn role_of(slot: &Slot) -> ControllerRole {
    match slot.liveness {
        Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => return ControllerRole::Stopped,
        Liveness::Paused => return ControllerRole::Paused,
        Liveness::Running => {}
    }
    match cluster::node(slot).map(|node| node.quorum().role().kind()) {
        Some(QuorumRole::Leader) => ControllerRole::Active,
        Some(QuorumRole::Follower) => ControllerRole::Follower,
        Some(QuorumRole::Prospective) => ControllerRole::Prospective,
        Some(QuorumRole::Candidate) => ControllerRole::Candidate,
        Some(QuorumRole::Resigned) => ControllerRole::Resigned,
        Some(QuorumRole::Unattached) | None => ControllerRole::Unattached,
    }
}

fn controller(look: &Look<'_>, cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot)) -> ControllerView {
    let role = role_of(slot);
    let index = match role {
        ControllerRole::Active => 0,
        ControllerRole::Follower => 1,
        ControllerRole::Prospective => 2,
        ControllerRole::Candidate => 3,
        ControllerRole::Unattached => 4,
        ControllerRole::Resigned => 5,
        ControllerRole::Stopped => 6,
        ControllerRole::Paused => 7,
    };
    let role_text = look.text.stage.roles[index].to_owned();
    let quorum = cluster::node(slot).map(process::Node::quorum);
    let voters = cluster.controllers().count() as u32;
    let votes = quorum.and_then(quorum::Quorum::votes).map(|votes| (votes.granted.len() as u32, voters / 2 + 1));
    let name = cluster.name(slot.id).to_owned();
    let _ = id;
    ControllerView {
        process: slot.id,
        label: format!("{} {name}, {role_text}", look.text.stage.controllers),
        name,
        role,
        role_text,
        epoch: quorum.map_or_else(String::new, |quorum| quorum.epoch().to_string()),
        votes: if slot.liveness.is_up() { votes } else { None },
        timer: None,
    }
}

/// The crown of a stopped holder stays where it was: with the one that led in the highest epoch.
fn crown_lost_at(cluster: &Cluster<'_>) -> Option<usize> {
    let led = |slot: &Slot| {
        let quorum = cluster::node(slot)?.quorum();
        quorum.is_leader().then(|| quorum.epoch())
    };
    let places = cluster.controllers().enumerate().filter_map(|(index, (_, slot))| Some((led(slot)?, index)));
    places.max().map(|(_, index)| index)
}

fn lines(look: &Look<'_>, cluster: &Cluster<'_>) -> (String, String) {
    let words = &look.text.stage;
    let epochs = cluster.controllers().filter(|(_, slot)| slot.liveness.is_up());
    let epoch = epochs.filter_map(|(_, slot)| cluster::node(slot).map(|node| node.quorum().epoch().0)).max();
    match cluster.active() {
        Some((_, slot)) => {
            let node = cluster::node(slot);
            let committed = node.and_then(|node| node.quorum().high_watermark()).map_or(0, |offset| offset.0);
            ((words.epoch_active)(epoch.unwrap_or(0), &slot.name), (words.committed_up_to)(committed))
        }
        None => ((words.epoch_nobody)(epoch.unwrap_or(0)), String::new()),
    }
}

/// On a first visit two sentences stand in place of sessions and log.
fn note(look: &Look<'_>, active: Option<(BrokerId, &Slot)>, views: &[ControllerView]) -> Option<(String, String)> {
    let (_, slot) = active.filter(|_| !look.details)?;
    let waiting = views.iter().filter(|view| view.process != slot.id && view.role == ControllerRole::Follower);
    let waiting: Vec<&str> = waiting.map(|view| &*view.name).collect();
    let words = &look.text.stage;
    Some(((words.in_charge)(&slot.name, &waiting), words.report.to_owned()))
}

fn sessions(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<SessionView> {
    let Some(active) = cluster.active().and_then(|(_, slot)| cluster::node(slot)?.controller()?.active()) else {
        return Vec::new();
    };
    let now = look.world.now();
    let view = |(id, slot): (BrokerId, &Slot)| {
        let name = id.to_string();
        let fenced = active.image().broker(id).is_none_or(|known| known.fenced);
        let session = active.sessions().session(id).zip(active.sessions().deadline(id));
        let Some((session, deadline)) = session.filter(|_| !fenced) else {
            let text = look.text.stage.fenced.to_owned();
            return SessionView { process: slot.id, name, left: None, low: false, text, tone: Tone::Bad };
        };
        let all = deadline.since(session.last_contact).0.max(1);
        // In hundredths: a ring that moves by less than a pixel need not be drawn again.
        let left = (deadline.since(now).0.saturating_mul(100) / all * 10) as u16;
        let low = left < 400;
        let tenths = now.since(session.last_contact).as_millis() / 100;
        let text = format!("{}.{} s", tenths / 10, tenths % 10);
        let tone = if left == 0 {
            Tone::Bad
        } else if low {
            Tone::Warning
        } else {
            Tone::Plain
        };
        SessionView { process: slot.id, name, left: Some(left), low, text, tone }
    };
    cluster.brokers().map(view).collect()
}
