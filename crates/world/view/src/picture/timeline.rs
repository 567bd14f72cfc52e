//! The timeline: marks, waits, branches and the pace. The track is linear in Kafka's time and its end changes
//! rarely, so that nothing slides under the pointer.

use base::{ProcessId, Span, Time};
use port::{CutWay, Fact, KafkaFact, KafkaSetup, ProcessConfig, WorldFact};

use super::cluster::Cluster;
use crate::text::{Text, duration, thousands};
use crate::{BranchView, MarkKind, MarkView, Permille, TempoView, TimelineView, WaitView};
use lab::Happening;
use lab::{Frame, Lab};
use lab::{TempoWord, Tempometer};
use sim::ClusterIndex;

/// Lengths that the track may have, in seconds.
const LENGTHS: [u64; 10] = [30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400, 604_800];
/// Marks nearer than this on the track would cover each other.
const NEAR: Permille = 70;
/// Marks that are drawn.
const MARKS: usize = 14;

/// The last instant on the track.
pub fn end(lab: &Lab) -> Time {
    let seen = lab.history().branches().iter().map(|branch| branch.seen_until).max().unwrap_or_default();
    let long = |length: &u64| seen.0.saturating_add(seen.0 / 20) <= Span::from_secs(*length).0;
    Time(LENGTHS.into_iter().find(long).map_or(seen.0, |length| Span::from_secs(length).0))
}

/// The instant at a place on the track.
pub fn instant(lab: &Lab, place: Permille) -> Time {
    Time((u128::from(end(lab).0) * u128::from(place) / 1_000) as u64)
}

/// Every mark of a cluster up to where the branch has been seen: instant, kind and text.
pub fn marks(lab: &Lab, cluster: ClusterIndex, text: &Text) -> Vec<(Time, MarkKind, String)> {
    marks_after(lab, cluster, text, None)
}

/// The same, but only those after an instant: what came since the last picture costs little to look at.
pub fn marks_after(
    lab: &Lab,
    cluster: ClusterIndex,
    text: &Text,
    after: Option<Time>,
) -> Vec<(Time, MarkKind, String)> {
    let branch = lab.history().branch();
    let mut marks = marks_of(branch, &of(lab, cluster), (text, after));
    let parting = lab.history().parting(lab.history().current());
    let parting = parting.filter(|at| after.is_none_or(|after| *at > after));
    marks.extend(parting.map(|at| (at, MarkKind::Fork, branch.name.to_string())));
    base::sort_by_key(&mut marks, |(at, ..)| *at);
    marks
}

fn of(lab: &Lab, cluster: ClusterIndex) -> Cluster<'_> {
    Cluster::of(lab.run().world.cluster(cluster).expect("whoever looks at a cluster has found it in this world"))
}

/// What happened in a cluster on a branch up to where it has been seen, and what was marked by hand, after an instant.
pub(super) fn marks_of(
    branch: &lab::Branch,
    cluster: &Cluster<'_>,
    (text, after): (&Text, Option<Time>),
) -> Vec<(Time, MarkKind, String)> {
    let told = branch.marks.told_of(cluster.part.index(), branch.seen_until);
    let from = after.map_or(0, |after| told.partition_point(|told| told.at <= after));
    let mut marks: Vec<(Time, MarkKind, String)> = told[from..]
        .iter()
        .filter_map(|told| mark(cluster, told, text).map(|(kind, words)| (told.at, kind, words)))
        .collect();
    marks.extend(branch.own_marks.iter().map(|(at, name)| (*at, MarkKind::Own, name.to_string())));
    marks.retain(|(at, ..)| after.is_none_or(|after| *at > after));
    base::sort_by_key(&mut marks, |(at, ..)| *at);
    marks.dedup_by(|next, last| next.2 == last.2 && next.0 == last.0);
    marks
}

/// Only what changes how the cluster stands gets a mark.
fn mark(cluster: &Cluster<'_>, told: &Happening, text: &Text) -> Option<(MarkKind, String)> {
    let words = &text.story;
    let name = cluster.name(told.process);
    Some(match &told.fact {
        Fact::World(WorldFact::ProcessStopped { .. }) => (MarkKind::Loss, (words.mark_stopped)(name)),
        Fact::World(WorldFact::ProcessPaused) => (MarkKind::Loss, (words.mark_paused)(name)),
        Fact::World(WorldFact::ProcessStarted) if told.at > Time::ZERO && is_node(cluster, told) => {
            (MarkKind::Act, (words.mark_started)(name))
        }
        Fact::World(WorldFact::LinkCut { peer, way }) => {
            let words = if *way == CutWay::Both { words.mark_cut } else { words.mark_cut_one_way };
            (MarkKind::Loss, words(name, cluster.name(*peer)))
        }
        Fact::Kafka(KafkaFact::BrokerFenced { broker, reason: port::FenceReason::SessionExpired, .. }) => {
            (MarkKind::Decision, (words.mark_fenced)(&broker.to_string()))
        }
        Fact::Kafka(KafkaFact::BecameActiveController { .. }) => (MarkKind::Decision, (words.mark_active)(name)),
        Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) => (MarkKind::Act, (words.mark_topic)(topic)),
        Fact::Kafka(KafkaFact::BecameLeader { partition, previous_leader: Some(_), .. }) => {
            (MarkKind::Effect, (words.mark_leads)(&partition.to_string()))
        }
        Fact::Kafka(KafkaFact::GroupStateChanged { state: port::GroupState::Stable, generation, .. }) => {
            (MarkKind::Effect, (words.mark_generation)(*generation))
        }
        _unmarked => return None,
    })
}

fn is_node(cluster: &Cluster<'_>, told: &Happening) -> bool {
    let config = cluster.world.slot(told.process).map(|slot| &slot.config);
    matches!(config, Some(ProcessConfig::Kafka(KafkaSetup::Node(_))))
}

/// Where marks lie on each other the weightiest is seen.
pub(super) fn weight(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Own | MarkKind::Fork => 4,
        MarkKind::Loss => 3,
        MarkKind::Decision => 2,
        MarkKind::Act => 1,
        MarkKind::Effect => 0,
    }
}

/// The marks that fit, the weightier first, in order of time.
fn drawn(marks: Vec<(Time, MarkKind, String)>, place: impl Fn(Time) -> Permille) -> Vec<MarkView> {
    let mut views: Vec<MarkView> =
        marks.into_iter().map(|(time, kind, text)| MarkView { time, at: place(time), kind, text }).collect();
    base::sort_by_key(&mut views, |view| (std::cmp::Reverse(weight(view.kind)), view.time));
    let mut kept: Vec<MarkView> = Vec::new();
    for view in views {
        // Texts stand above and below the track in turn, so two neighbours may be near.
        let near = kept.iter().filter(|known| known.at.abs_diff(view.at) < NEAR).count();
        if kept.len() < MARKS && near < 1 {
            kept.push(view);
        }
    }
    base::sort_by_key(&mut kept, |view| view.time);
    kept
}

/// Stretches in which somebody waits for a silent one: from its death to what ended the waiting.
fn waits(cluster: &Cluster<'_>, told: &[Happening], until: Time) -> Vec<(Time, Time)> {
    let mut waits = Vec::new();
    let mut open: Vec<(Time, ProcessId)> = Vec::new();
    for later in told {
        let is_over = |waiting: ProcessId| match &later.fact {
            Fact::Kafka(KafkaFact::BrokerFenced { broker, .. }) => cluster.place(*broker) == Some(waiting),
            Fact::Kafka(KafkaFact::MemberLeft { client, .. }) => cluster.name(waiting) == &**client,
            Fact::World(WorldFact::ProcessStarted | WorldFact::ProcessResumed) => later.process == waiting,
            Fact::Kafka(KafkaFact::BecameActiveController { .. }) => {
                cluster.controllers().any(|(_, slot)| slot.id == waiting)
            }
            _other => false,
        };
        waits.extend(open.extract_if(.., |(_, waiting)| is_over(*waiting)).map(|(start, _)| (start, later.at)));
        if let Fact::World(WorldFact::ProcessStopped { clean: false } | WorldFact::ProcessPaused) = &later.fact {
            open.push((later.at, later.process));
        }
    }
    waits.extend(open.into_iter().map(|(start, _)| (start, until)));
    waits.retain(|(start, end)| end.since(*start) > Span::from_secs(1));
    base::sort(&mut waits);
    waits
}

/// The pace as people read it: `×0.01`, `×9`.
pub fn rate_text(rate: f64) -> String {
    let digits = match rate {
        rate if rate >= 10.0 => 0,
        rate if rate >= 1.0 => 1,
        rate if rate >= 0.1 => 2,
        rate if rate >= 0.01 => 3,
        _slow => 4,
    };
    let unit = 10_u64.pow(digits);
    format!("×{}", base::plain_double((rate * unit as f64).round() / unit as f64))
}

/// "9 s of waiting", while that is passed over.
pub fn waiting(tempo: &Tempometer, text: &Text) -> Option<String> {
    Some((text.pace.waiting)(&waited(tempo)?))
}

/// `9 s`: how long what is waited for usually takes.
pub fn waited(tempo: &Tempometer) -> Option<String> {
    match tempo.word {
        TempoWord::Waiting(span) => Some(duration(span)),
        TempoWord::SlowMotion | TempoWord::AsItIs | TempoWord::Fast => None,
    }
}

/// The pace in words.
pub fn tempo_word(tempo: &Tempometer, text: &Text) -> String {
    match tempo.word {
        TempoWord::Waiting(span) => (text.pace.waiting)(&duration(span)),
        TempoWord::SlowMotion => text.pace.slow_motion.to_owned(),
        TempoWord::AsItIs => text.pace.as_it_is.to_owned(),
        TempoWord::Fast => text.pace.fast.to_owned(),
    }
}

/// Two significant digits, so that the pill does not flicker.
pub fn round(number: f64) -> f64 {
    if number < 1.0 {
        return number;
    }
    let unit = 10_f64.powf(number.log10().floor() - 1.0);
    (number / unit).round() * unit
}

/// The timeline of this frame.
pub fn timeline(lab: &Lab, cluster: ClusterIndex, frame: &Frame, text: &Text) -> TimelineView {
    let words = &text.page;
    let history = lab.history();
    let end = end(lab);
    let place = |at: Time| (u128::from(at.0.min(end.0)) * 1_000 / u128::from(end.0.max(1))) as Permille;
    let branch = history.branch();
    let told = branch.marks.told_of(cluster, branch.seen_until);
    let branch_view = |(index, one): (usize, &lab::branch::Branch)| BranchView {
        name: one.name.to_string(),
        from: history.parting(index).map_or(0, place),
        to: place(one.seen_until),
        shown: index == history.current(),
        label: (words.branch)(&one.name),
    };
    let tempo = match (frame.playing, frame.tempo.auto) {
        (false, true) => (words.tempo_auto_line)(words.paused),
        (true, true) => (words.tempo_auto_line)(&tempo_word(&frame.tempo, text)),
        (_, false) => (words.tempo_manual_line)(&rate_text(round(frame.tempo.rate))),
    };
    TimelineView {
        playing: frame.playing,
        now: frame.now,
        now_text: frame.now.to_string(),
        event_text: (words.event)(&thousands(lab.run().world.events())),
        playhead: place(frame.now),
        known: place(branch.seen_until),
        end,
        marks: drawn(marks(lab, cluster, text), place),
        waits: waits(&of(lab, cluster), told, branch.seen_until)
            .into_iter()
            .map(|(from, to)| WaitView { from: place(from), to: place(to) })
            .collect(),
        branches: history.branches().iter().enumerate().map(branch_view).collect(),
        both: super::compare::names(history).map(|[a, b]| {
            let both = (text.compare.both)(&a, &b);
            let label = (text.compare.both_label)(&both);
            (both, label)
        }),
        tempo: TempoView { text: tempo, auto: frame.tempo.auto },
        value_text: (words.position_of)(&frame.now.to_string(), &branch.seen_until.to_string()),
        undo: branch.acts.last_done().map(|act| super::acted(&lab.run().world, &act.command, text)),
        redo: branch.acts.last_undone().map(|act| super::acted(&lab.run().world, &act.command, text)),
        ahead: super::ahead(lab, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::EN;
    use lab::Intent;
    use script::Scenario;
    use sim::{Command, WorldCommand};

    #[test]
    fn paces_are_short() {
        let texts = [0.001, 0.0104, 0.2, 1.0, 8.96, 900.0].map(rate_text);
        assert_eq!(texts, ["×0.001", "×0.01", "×0.2", "×1", "×9", "×900"]);
    }

    #[test]
    fn a_death_and_its_consequences_are_marked_and_told() {
        let mut lab = Lab::new(Scenario::opening());
        lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: "2".into() }))).expect("broker 2 runs");
        lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(12))).expect("time goes on");
        let frame = lab.frame(lab::RECENT);
        let view = timeline(&lab, ClusterIndex::FIRST, &frame, &EN);
        let texts: Vec<&str> = view.marks.iter().map(|mark| &*mark.text).collect();
        assert!(texts.contains(&"2 stopped") && texts.contains(&"2 fenced"), "{texts:?}");
        assert_eq!(view.waits.len(), 1, "{:?}", view.waits);
        let told = lab.history().branch().marks.told(lab.now());
        let wanted = super::super::story::Wanted { text: &EN, most: 40, since: Time::ZERO, waiting: None, sums: &[] };
        let story = super::super::story::story(lab.run().world.first_cluster(), told, wanted);
        let strong: Vec<&str> = story.lines.iter().map(|line| &*line.strong).collect();
        assert!(strong.iter().any(|line| line.starts_with("You killed Broker 2")), "{strong:#?}");
        assert!(strong.iter().any(|line| line.contains("fenced broker 2")), "{strong:#?}");
        assert!(strong.iter().any(|line| line.contains(": leader 2 to ")), "{strong:#?}");
        let fenced = story.lines.iter().find(|line| line.strong.contains("fenced broker 2")).expect("it was told");
        assert!(fenced.why.is_some_and(|why| why.at < fenced.time), "{fenced:?}");
    }

    #[test]
    fn a_stopped_consumer_s_partitions_are_seen_to_move() {
        let mut lab = Lab::new(Scenario::opening());
        lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: "billing-2".into() })))
            .expect("billing-2 runs");
        let killed = lab.now();
        lab.dispatch(Intent::Seek(killed + Span::from_secs(70))).expect("time goes on");
        let told = lab.history().branch().marks.told(lab.now());
        let wanted = super::super::story::Wanted { text: &EN, most: 40, since: Time::ZERO, waiting: None, sums: &[] };
        let story = super::super::story::story(lab.run().world.first_cluster(), told, wanted);
        let lines: Vec<String> = story.lines.iter().map(|line| format!("{} {}", line.strong, line.rest)).collect();
        assert!(lines.iter().any(|line| line.contains("drops billing-2 from billing")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains("billing-2 read it before")), "{lines:#?}");
    }
}
