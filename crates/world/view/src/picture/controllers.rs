//! The metadata lane.

use base::{BrokerId, Span};
use port::{Fact, KafkaFact, QuorumRole};
use quorum::QuorumTimer;
use sim::{Liveness, Slot};

use super::cluster::{self, Cluster};
use super::story::seconds;
use super::{Look, Memory};
use crate::{ControllerRole, ControllerView, ControllersView, Permille, SessionView, TallyView, Tone, VoteState};

/// The whole lane.
pub(super) fn controllers(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) -> ControllersView {
    let words = &look.text.stage;
    let active = cluster.active();
    let views: Vec<ControllerView> = cluster.controllers().map(|(_, slot)| controller(look, cluster, slot)).collect();
    let (line, line_quiet) = lines(look, cluster);
    let opened = look.details || is_unsettled(cluster);
    let note = note(look, cluster, &views).filter(|_| !opened);
    let sessions = sessions(look, cluster);
    let (sessions_sum, sessions_tone) = summed(look, &sessions);
    ControllersView {
        title: words.controllers.to_owned(),
        line: if note.is_some() { words.decide.to_owned() } else { line },
        line_quiet: if note.is_some() { String::new() } else { line_quiet },
        crown_lost_at: if active.is_some() { None } else { crown_lost_at(cluster) },
        nobody_text: words.nobody_in_charge.to_owned(),
        sessions_title: words.last_heard_from.to_owned(),
        tally: tally(look, cluster),
        sessions: if opened { sessions } else { Vec::new() },
        sessions_sum,
        sessions_tone,
        log_title: words.metadata_log.to_owned(),
        log: if opened || active.is_none() { memory.decisions.tail(look, cluster) } else { Vec::new() },
        controllers: views,
        note,
    }
}

/// Some broker is down, hangs or is not let in: who noticed and when, and what was decided, is worth the room.
fn is_unsettled(cluster: &Cluster<'_>) -> bool {
    let settled = |id: BrokerId, slot: &Slot| {
        let known = cluster.image().and_then(|image| image.broker(id));
        slot.liveness == Liveness::Running && known.is_some_and(|known| !known.fenced)
    };
    cluster.brokers().any(|(id, slot)| !settled(id, slot))
}

/// Whoever has the most votes of those that stand for election.
fn tally(look: &Look<'_>, cluster: &Cluster<'_>) -> Option<TallyView> {
    let words = &look.text.stage;
    let nominees = cluster.controllers().filter(|(_, slot)| slot.liveness == Liveness::Running);
    let nominees = nominees.filter_map(|(_, slot)| Some((slot, cluster::node(slot)?.quorum().votes()?)));
    let (slot, votes) = nominees.max_by_key(|(_, votes)| votes.granted.len())?;
    let voters = cluster.controllers().count();
    let state = |(id, _): (BrokerId, &Slot)| match (votes.granted.contains(&id), votes.rejected.contains(&id)) {
        (true, _) => VoteState::Granted,
        (false, true) => VoteState::Rejected,
        (false, false) => VoteState::Open,
    };
    let trial = role_of(slot) == ControllerRole::Prospective;
    let title = if trial { words.trial_votes_for } else { words.votes_for };
    let mut answers: Vec<VoteState> = cluster.controllers().map(state).collect();
    base::sort_by_key(&mut answers, |state| *state as u8);
    let have = votes.granted.len();
    Some(TallyView {
        title: title(&slot.name),
        votes: answers,
        strong: (words.votes_of)(have, voters),
        rest: if have > voters / 2 { words.votes_majority.to_owned() } else { (words.votes_needed)(voters / 2 + 1) },
    })
}

/// The deadline that a controller without a leader waits for, and how much of it is left.
fn timer(look: &Look<'_>, slot: &Slot) -> Option<(Permille, String)> {
    let quorum = cluster::node(slot)?.quorum();
    let (timer, all) = match quorum.role().kind() {
        QuorumRole::Follower => (QuorumTimer::FetchTimeout, quorum.settings().fetch_timeout),
        QuorumRole::Unattached | QuorumRole::Prospective | QuorumRole::Candidate | QuorumRole::Resigned => {
            (QuorumTimer::Election, Span(quorum.settings().election_timeout.0 * 2))
        }
        QuorumRole::Leader => return None,
    };
    let left = quorum.timers().deadline(&timer)?.since(look.world.now());
    let share = (left.0.saturating_mul(100) / all.0.max(1) * 10).min(1_000) as Permille;
    Some((share, seconds(left)))
}

/// A decision takes so long to be written to a majority and read by the brokers.
const DECIDING: Span = Span::from_millis(50);

/// Has this controller decided something about brokers or partitions a moment ago?
fn decides(look: &Look<'_>, slot: &Slot) -> bool {
    let since = look.world.now();
    let newest = look.told.iter().rev().take_while(|told| since.since(told.at) <= DECIDING);
    newest.filter(|told| told.process == slot.id).any(|told| {
        matches!(
            &told.fact,
            Fact::Kafka(
                KafkaFact::PartitionChanged { .. }
                    | KafkaFact::BrokerFenced { .. }
                    | KafkaFact::BrokerUnfenced { .. }
                    | KafkaFact::TopicCreated { .. }
            )
        )
    })
}

/// As it believes itself: a leader that was replaced may not know it.
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

/// A controller with its part in the quorum and what of the log it holds.
fn controller(look: &Look<'_>, cluster: &Cluster<'_>, slot: &Slot) -> ControllerView {
    let role = match role_of(slot) {
        // Only one wears the crown: the one that a majority follows.
        ControllerRole::Active if cluster.active().is_none_or(|(_, active)| active.id != slot.id) => {
            ControllerRole::Stale
        }
        role => role,
    };
    let index = match role {
        ControllerRole::Active => 0,
        ControllerRole::Follower => 1,
        ControllerRole::Prospective => 2,
        ControllerRole::Candidate => 3,
        ControllerRole::Unattached => 4,
        ControllerRole::Resigned => 5,
        ControllerRole::Stopped => 6,
        ControllerRole::Paused => 7,
        ControllerRole::Stale => 8,
    };
    let role_text = look.text.stage.roles[index].to_owned();
    let quorum = cluster::node(slot).map(process::Node::quorum);
    let voters = cluster.controllers().count() as u32;
    let votes = quorum.and_then(quorum::Quorum::votes).map(|votes| (votes.granted.len() as u32, voters / 2 + 1));
    let name = cluster.name(slot.id).to_owned();
    let waits = cluster.active().is_none() && slot.liveness == Liveness::Running;
    let timer = if waits { timer(look, slot) } else { None };
    let decides = role == ControllerRole::Active && decides(look, slot);
    let below = match &timer {
        Some((_, left)) => left.clone(),
        None if decides => look.text.stage.decides_word.to_owned(),
        None => String::new(),
    };
    ControllerView {
        process: slot.id,
        label: format!("{} {name}, {role_text}", look.text.stage.controllers),
        name,
        role,
        role_text,
        epoch: quorum.map_or_else(String::new, |quorum| quorum.epoch().to_string()),
        votes: if slot.liveness.is_up() { votes } else { None },
        timer_low: timer.as_ref().is_some_and(|(share, _)| *share < 400),
        timer: timer.map(|(share, _)| share).filter(|_| !look.reduced),
        below,
        decides,
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

/// Who is in charge, in which epoch, and how far the log is committed.
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
fn note(look: &Look<'_>, cluster: &Cluster<'_>, views: &[ControllerView]) -> Option<(String, String)> {
    let (_, slot) = cluster.active().filter(|_| !look.details)?;
    let waiting = views.iter().filter(|view| view.process != slot.id && view.role == ControllerRole::Follower);
    let waiting: Vec<&str> = waiting.map(|view| &*view.name).collect();
    let words = &look.text.stage;
    Some(((words.in_charge)(&slot.name, &waiting), (words.report)(&heartbeats(cluster))))
}

/// How often brokers report: `2 s`.
fn heartbeats(cluster: &Cluster<'_>) -> String {
    let broker = cluster.brokers().find_map(|(_, slot)| cluster::broker(slot));
    let milliseconds = broker.map_or(0, |broker| broker.config().heartbeat_interval.as_millis());
    match milliseconds % 1_000 {
        0 => format!("{} s", milliseconds / 1_000),
        _ => format!("{milliseconds} ms"),
    }
}

/// All sessions in one line, as bad as the worst of them.
fn summed(look: &Look<'_>, sessions: &[SessionView]) -> (String, Tone) {
    if sessions.is_empty() {
        return (String::new(), Tone::Quiet);
    }
    let fresh = sessions.iter().filter(|session| session.tone == Tone::Plain).count();
    let fenced = sessions.iter().filter(|session| session.is_fenced);
    let fenced: Vec<i32> = fenced.filter_map(|session| session.name.parse().ok()).collect();
    let tone = match (fenced.is_empty(), fresh == sessions.len()) {
        (false, _) => Tone::Bad,
        (true, false) => Tone::Warning,
        (true, true) => Tone::Quiet,
    };
    ((look.text.sessions.sum)(fresh, sessions.len(), &fenced), tone)
}

/// How long each broker may still be silent.
fn sessions(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<SessionView> {
    // While nobody decides, nobody counts sessions.
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
            return SessionView {
                process: slot.id,
                name,
                left: None,
                low: false,
                is_fenced: true,
                text,
                tone: Tone::Bad,
            };
        };
        let all = deadline.since(session.last_contact).0.max(1);
        // In hundredths: a ring that moves by less than a pixel need not be drawn again.
        let left = (deadline.since(now).0.saturating_mul(100) / all * 10) as u16;
        let low = left < 400;
        let silence = now.since(session.last_contact);
        let text = if look.reduced { format!("{} s", silence.as_millis() / 1_000) } else { seconds(silence) };
        let tone = if left == 0 {
            Tone::Bad
        } else if low {
            Tone::Warning
        } else {
            Tone::Plain
        };
        SessionView {
            process: slot.id,
            name,
            left: Some(left).filter(|_| !look.reduced),
            low,
            is_fenced: false,
            text,
            tone,
        }
    };
    cluster.brokers().map(view).collect()
}
