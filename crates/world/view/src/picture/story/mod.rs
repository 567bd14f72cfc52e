//! Facts as sentences. Facts that repeat every few milliseconds are not told; the rest have one line each, with the
//! reason it came about where an earlier fact is one ([`Reason`](crate::Reason)). What one process gave cause for in one
//! instant is one line, which names the gravest and opens to all.

mod of_broker;
mod of_client;
mod of_controller;
mod of_group;
mod of_process;
mod past;
mod reason;
mod told;

use base::{ProcessId, Span, Time, TopicPartition};
use lab::{Author, Happening, Sums};
use port::{Fact, KafkaFact, WorldFact};
use sim::World;

use super::cluster::Cluster;
use crate::text::Text;
use crate::{Actor, StoryKind, StoryLine, StoryView};
pub(super) use past::{Past, is_new_session};
pub(super) use told::joined;
use told::{Crowd, Line, Told};

/// Names that a list spells out before it counts.
const NAMED: usize = 8;

/// Tells facts in their order.
struct Narrator<'a> {
    cluster: Cluster<'a>,
    text: &'static Text,
    past: Past<'a>,
}

impl<'a> Narrator<'a> {
    /// The next fact as a line; `None` for what only explains others.
    fn line(&mut self, happening: &'a Happening) -> Option<Line> {
        let told = self.tell(happening);
        self.past.note(happening);
        told.map(|told| Line::of(happening, told))
    }

    /// The first room that knows the fact tells it; some facts are not worth a line.
    fn tell(&self, happening: &Happening) -> Option<Told> {
        self.of_process(happening)
            .or_else(|| self.of_controller(happening))
            .or_else(|| self.of_broker(happening))
            .or_else(|| self.of_group(happening))
            .or_else(|| self.of_client(happening))
    }

    /// `Broker 2`, `c1`, `web`.
    fn name(&self, process: ProcessId) -> String {
        match self.cluster.brokers().find(|(_, slot)| slot.id == process) {
            Some((id, _)) => (self.text.stage.broker)(id.0),
            None => self.cluster.name(process).to_owned(),
        }
    }

    fn broker_id(&self, process: ProcessId) -> i32 {
        self.cluster.brokers().find(|(_, slot)| slot.id == process).map_or(0, |(id, _)| id.0)
    }

    /// `orders-0, orders-1`, the first few of them.
    fn listed<'n>(&self, names: impl Iterator<Item = &'n TopicPartition>) -> String {
        let names: Vec<String> = names.map(ToString::to_string).collect();
        let more = names.len().saturating_sub(NAMED);
        let mut text = names[..names.len() - more].join(", ");
        if more > 0 {
            text.push_str(&(self.text.story.and_others)(more));
        }
        text
    }
}

/// Whose act a fact is.
fn actor(happening: &Happening) -> Actor {
    match happening.by {
        Some(Author::Reader) => Actor::You,
        Some(Author::Scene) | None => Actor::Other,
    }
}

/// `9.3 s`.
pub(super) fn seconds(span: Span) -> String {
    format!("{}.{} s", span.as_millis() / 1_000, span.as_millis() % 1_000 / 100)
}

fn narrated(cluster: sim::Cluster<'_>, told: &[Happening], text: &'static Text) -> Vec<Line> {
    let mut narrator = Narrator { cluster: Cluster::of(cluster), text, past: Past::default() };
    told.iter().filter_map(|happening| narrator.line(happening)).collect()
}

/// All lines of a cluster's facts in their order, each with the process it happened at.
pub(super) fn lines(cluster: sim::Cluster<'_>, told: &[Happening], text: &'static Text) -> Vec<(ProcessId, StoryLine)> {
    narrated(cluster, told, text).into_iter().map(|line| (line.process, line.line)).collect()
}

/// What of the story is wanted.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub text: &'static Text,
    /// At most so many lines, the newest.
    pub most: usize,
    /// Lines of the scene's making, before this instant, are left out.
    pub since: Time,
    /// How long what is waited for usually takes, such as `9 s`, while that is passed over.
    pub waiting: Option<&'a str>,
    /// What accidents came to, oldest first.
    pub sums: &'a [Sums],
}

/// The story of a cluster so far; `told` is what happened there.
pub fn story(cluster: sim::Cluster<'_>, told: &[Happening], wanted: Wanted<'_>) -> StoryView {
    let Wanted { text, most, since, waiting, sums } = wanted;
    let moved = told.iter().rev().find(|told| is_decisive(&told.fact));
    let moved = moved
        .is_some_and(|last| matches!(last.fact, Fact::Kafka(KafkaFact::BecameLeader { previous_leader: Some(_), .. })));
    let moral = match waiting {
        Some(span) => (text.story.moral_waiting)(span),
        None if moved => text.story.moral_role.to_owned(),
        None => String::new(),
    };
    let mut lines = narrated(cluster, told, text);
    lines.retain(|line| line.line.time >= since);
    let mut lines = condensed(lines, text);
    for sums in sums.iter().filter(|sums| sums.at >= since) {
        let place = lines.iter().rposition(|line| line.time <= sums.at).map_or(0, |before| before + 1);
        lines.insert(place, of_sums(sums, text));
    }
    let earlier = lines.len().saturating_sub(most);
    lines.drain(..earlier);
    if let Some(last) = lines.last_mut() {
        last.here = true;
    }
    StoryView { lines, moral, earlier: earlier as u32 }
}

/// The stories of all clusters of a world as one, in order of time. Where there are several, each line begins with whose it
/// is.
pub fn story_of_all(world: &World, told: &[Happening], wanted: Wanted<'_>) -> Vec<StoryLine> {
    let first = world.first_cluster();
    if first.is_alone() {
        return story(first, told, wanted).lines;
    }
    let of_cluster = |cluster: sim::Cluster<'_>| {
        let own: Vec<Happening> = told.iter().filter(|happening| cluster.has(happening.process)).cloned().collect();
        let name = &cluster.plan().cluster_id;
        let named = |line: StoryLine| StoryLine { strong: format!("{name}: {}", line.strong), ..line };
        story(cluster, &own, wanted).lines.into_iter().map(named).collect::<Vec<_>>()
    };
    let mut lines: Vec<StoryLine> = world.clusters().flat_map(of_cluster).collect();
    base::sort_by_key(&mut lines, |line| line.time);
    lines
}

/// How an accident ended.
fn of_sums(sums: &Sums, text: &Text) -> StoryLine {
    StoryLine {
        time: sums.at,
        time_text: sums.at.to_string(),
        kind: StoryKind::Effect,
        strong: (text.pace.sums)(sums),
        rest: String::new(),
        why: None,
        about: None,
        here: false,
        more: Vec::new(),
    }
}

/// What the moral of a story depends on.
fn is_decisive(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Kafka(KafkaFact::BecameLeader { previous_leader: Some(_), .. })
            | Fact::World(WorldFact::ProcessStopped { .. })
            | Fact::Kafka(KafkaFact::GroupStateChanged { .. })
    )
}

/// Leaves out repetitions, and puts together what one process gave cause for in one instant.
fn condensed(lines: Vec<Line>, text: &Text) -> Vec<StoryLine> {
    let mut kept: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let now = line.line.time;
        let first = kept.iter().rposition(|crowd| crowd[0].line.time != now).map_or(0, |before| before + 1);
        let place = |sort: Crowd| {
            let own = |crowd: &Vec<Line>| crowd[0].process == line.process && crowd[0].crowd == sort;
            kept[first..].iter().position(own).map(|place| first + place)
        };
        let repeats = kept.last().is_some_and(|last| is_said(last, &line));
        match line.crowd {
            Crowd::Alone if repeats => {}
            Crowd::Alone => kept.push(vec![line]),
            // Who is in or out comes before what follows from it.
            Crowd::Brokers => kept.insert(place(Crowd::Partitions).unwrap_or(kept.len()), vec![line]),
            sort => match place(sort) {
                Some(crowd) => kept[crowd].push(line),
                None if repeats => {}
                None => kept.push(vec![line]),
            },
        }
    }
    kept.into_iter().filter_map(|crowd| summed_up(crowd, text)).collect()
}

/// Does a line only repeat the one before? Each act is one.
fn is_said(last: &[Line], line: &Line) -> bool {
    let [last] = last else { return false };
    line.line.kind != StoryKind::Act && last.line.strong == line.line.strong && last.line.rest == line.line.rest
}

/// One line for a crowd: its gravest, with all of them behind it.
fn summed_up(crowd: Vec<Line>, text: &Text) -> Option<StoryLine> {
    let gravest = (0..crowd.len()).min_by_key(|index| crowd[*index].rank)?;
    let mut lines: Vec<StoryLine> = crowd.into_iter().map(|line| line.line).collect();
    if lines.len() == 1 {
        return lines.pop();
    }
    let head = lines[gravest].clone();
    let rest = joined(&head.rest, &(text.story.and_more)(lines.len() - 1));
    Some(StoryLine { rest, more: lines, ..head })
}
