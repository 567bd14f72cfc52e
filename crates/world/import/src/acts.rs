//! From a plan to a run: the acts that bring a cluster into the state, and `see` lines that say what the state is. Causes
//! only: topics are created, records sent and read, brokers killed; nothing is painted.

mod groups;
mod losses;
mod waves;

use crate::found::{Assumed, PartitionFound};
use crate::model::Elr;
use crate::plan::{Plan, Shape, TopicPlan};
use base::{FlatMap, FlatSet, Span, Str, Time};
use port::Feature;
use script::{PlacedCommand, Scenario, See};
use sim::{ClusterIndex, Command, KafkaCommand, Setup, WorldCommand};

/// Nodes have found each other by then.
const READY: Span = Span::from_secs(8);

/// Commands at their instants, as they are put together.
pub(crate) struct Acts<'a> {
    plan: &'a Plan,
    now: Time,
    commands: Vec<PlacedCommand>,
    sees: Vec<String>,
    assumed: &'a mut Vec<Assumed>,
    /// Names that processes have.
    names: FlatSet<Str>,
    /// By what a name begins with: the number that the next one of them is tried with.
    next_number: FlatMap<Str, u32>,
}

/// The run that leads to the planned state, and opens there.
pub(crate) fn scenario(plan: &Plan, title: &str, assumed: &mut Vec<Assumed>) -> Scenario {
    let names = plan.cluster.nodes.iter().map(|node| node.name.clone()).chain(["admin".into()]).collect();
    let mut acts = Acts {
        plan,
        now: Time::ZERO + READY,
        commands: Vec::new(),
        sees: Vec::new(),
        assumed,
        names,
        next_number: FlatMap::new(),
    };
    let all = waves::build(&mut acts);
    groups::stand(&mut acts);
    losses::happen(&mut acts, &all);
    acts.look(&all);
    let at = acts.now + Span::from_secs(1);
    let sees = acts.sees.iter().zip(1..);
    let after_commands = acts.commands.len();
    Scenario {
        id: None,
        title: title.into(),
        seed: plan.seed,
        setup: Setup::of(plan.cluster.clone()),
        lines: vec![0; after_commands],
        sees: sees.map(|(text, line)| See { at, after_commands, line, column: 1, text: text.clone() }).collect(),
        commands: std::mem::take(&mut acts.commands),
        opens_at: at,
        ends_at: at,
        headers: FlatMap::new(),
        marks: Vec::new(),
        typed: Vec::new(),
    }
}

/// A partition that is placed by hand, and where it shall stand.
pub(crate) struct Aim<'a> {
    topic: &'a TopicPlan,
    number: i32,
    wanted: &'a PartitionFound,
    min_isr: usize,
}

impl Aim<'_> {
    fn name(&self) -> Str {
        format!("{}-{}", self.topic.name, self.number).into()
    }

    /// Who shall be in sync.
    fn isr(&self) -> &[i32] {
        self.wanted.isr.as_deref().unwrap_or(&self.wanted.replicas)
    }

    /// Who shall lead.
    fn leader(&self) -> Option<i32> {
        let first = || self.wanted.replicas.iter().copied().find(|id| self.isr().contains(id));
        self.wanted.leader.unwrap_or_else(first)
    }
}

impl<'a> Acts<'a> {
    /// Every partition that the texts place.
    fn aims(&self) -> Vec<Aim<'a>> {
        let plan = self.plan;
        let mut aims = Vec::new();
        for topic in &plan.topics {
            let Shape::Placed(partitions) = &topic.shape else { continue };
            let min_isr = plan.min_isr(topic);
            aims.extend((0..).zip(partitions).map(|(number, wanted)| Aim { topic, number, wanted, min_isr }));
        }
        aims
    }

    fn elr(&self) -> Elr {
        let has = self.plan.cluster.features.contains(&Feature::EligibleLeaderReplicas);
        if has { Elr::On } else { Elr::Off }
    }

    /// One act, and a little time, so that no two race.
    fn act(&mut self, command: impl Into<Command>) {
        self.commands.push(PlacedCommand { after: self.now, command: command.into() });
        self.wait(Span::from_millis(200));
    }

    fn wait(&mut self, span: Span) {
        self.now = self.now + span;
    }

    fn kill(&mut self, node: i32) {
        self.act(WorldCommand::Kill { name: self.broker(node) });
    }

    fn broker(&self, node: i32) -> Str {
        Setup::of(self.plan.cluster.clone()).broker_name(ClusterIndex::FIRST, node)
    }

    /// A setting in milliseconds that all nodes have, or Kafka's default.
    fn millis(&self, name: &str, default: u64) -> Span {
        let value = self.plan.cluster.overrides.get(name).and_then(|value| value.trim().parse().ok());
        Span::from_millis(value.unwrap_or(default).min(600_000))
    }

    /// How long it takes until a silent broker is fenced, and some.
    fn fencing(&self) -> Span {
        self.millis("broker.session.timeout.ms", 9_000) + Span::from_secs(3)
    }

    /// Creates those whose copies the controller places.
    fn create_counted(&mut self) {
        let plan = self.plan;
        for topic in &plan.topics {
            if let Shape::Counted { partitions, replication_factor } = topic.shape {
                self.act(KafkaCommand::CreateTopic {
                    name: topic.name.clone(),
                    partitions,
                    replication_factor,
                    assignments: Vec::new(),
                    configs: topic.configs.clone(),
                    timeout_ms: None,
                });
            }
        }
    }

    /// What the texts say of partitions, to be looked at.
    fn look(&mut self, aims: &[Aim<'_>]) {
        let list = |ids: &[i32]| {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            if ids.is_empty() { "none".to_owned() } else { ids.join(",") }
        };
        for aim in aims {
            let name = aim.name();
            let wanted = aim.wanted;
            if let Some(leader) = wanted.leader {
                let leader = leader.map_or_else(|| "none".to_owned(), |leader| leader.to_string());
                self.sees.push(format!("leader {name} is {leader}"));
            }
            if let Some(isr) = &wanted.isr {
                self.sees.push(format!("isr {name} is {}", list(isr)));
            }
            if let Some(elr) = wanted.elr.as_ref().filter(|_| self.elr() == Elr::On) {
                self.sees.push(format!("elr {name} is {}", list(elr)));
            }
            if wanted.isr.is_none() {
                self.sees.push(format!("replicas {name} is {}", list(&wanted.replicas)));
            }
        }
    }
}
