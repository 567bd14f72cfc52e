//! Safety checks, one per file, each with its citation and with its precondition as code.
//!
//! [`Checks`] looks at the world after every step and stops at the first step that is not safe.
//! Numbers (R2, K1, …) are those of the project's list of invariants, which names their TLA+ sources.

mod acked_durability;
mod commit_fencing;
mod controller_state;
mod election_safety;
mod epochs;
mod follower_epoch;
mod high_watermark;
mod isr_and_elr;
mod leader_completeness;
mod log_matching;
mod one_assignment;
mod one_leader;

use crate::history::{History, Touched};
use crate::kinds::{Kind, Kinds};
use base::{ProcessId, Time};
use port::Fact;
use sim::{Cluster, ClusterIndex, Step, World};

/// A fact as the world reports it.
pub(crate) type Reported = (Time, ProcessId, Fact);

/// What a check may look at: the world right after a step and what that step reported.
pub struct Moment<'a> {
    pub world: &'a World,
    /// The one that the process belongs to.
    pub cluster: Cluster<'a>,
    pub process: ProcessId,
    pub facts: &'a [(Time, ProcessId, Fact)],
    pub history: &'a History,
    /// The replicas on this broker of which the step reported something.
    pub(crate) touched: &'a Touched<'a>,
    /// What the facts are about.
    pub(crate) kinds: Kinds,
}

/// A step after which a check did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub id: &'static str,
    pub at: Time,
    pub process: ProcessId,
    pub message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} broken at {} ns on process {}: {}", self.id, self.at.0, self.process, self.message)
    }
}

/// One safety property.
trait Invariant {
    /// Its number and, in brackets, where it comes from.
    fn id(&self) -> &'static str;
    /// Is it promised under what has happened so far?
    fn is_promised(&self, history: &History) -> bool;
    /// Looks at one step.
    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String>;
}

macro_rules! all_checks {
    ($($field:ident: $check:ty,)*) => {
        /// All checks of one cluster together with what they remember.
        #[derive(Clone, Debug, Default)]
        pub struct ClusterChecks {
            history: History,
            $($field: $check,)*
        }

        impl ClusterChecks {
            /// Looks at the cluster after a step or a command; `facts` are what its processes reported.
            fn on_step(&mut self, cluster: Cluster<'_>, step: Step, facts: &[Reported]) -> Result<(), Violation> {
                let world = cluster.world();
                let touched = Touched::of(world, step.process, facts);
                self.history.note(cluster, facts, &touched);
                let history = &self.history;
                let kinds = Kinds::of(facts);
                let moment = Moment { world, cluster, process: step.process, facts, history, touched: &touched, kinds };
                $(
                    if self.$field.is_promised(&self.history)
                        && let Err(message) = self.$field.check(&moment)
                    {
                        return Err(Violation { id: self.$field.id(), at: step.at, process: step.process, message });
                    }
                )*
                Ok(())
            }

            /// Each check's number and whether what happened so far still promises it.
            fn promised(&self) -> Vec<(&'static str, bool)> {
                vec![$((self.$field.id(), self.$field.is_promised(&self.history)),)*]
            }
        }
    };
}

all_checks! {
    controller_state: controller_state::ControllerState,
    isr_and_elr: isr_and_elr::IsrAndElr,
    epochs: epochs::Epochs,
    one_leader: one_leader::OneLeader,
    follower_epoch: follower_epoch::FollowerEpoch,
    high_watermark: high_watermark::HighWatermark,
    leader_completeness: leader_completeness::LeaderCompleteness,
    log_matching: log_matching::LogMatching,
    acked_durability: acked_durability::AckedDurability,
    election_safety: election_safety::ElectionSafety,
    one_assignment: one_assignment::OneAssignment,
    commit_fencing: commit_fencing::CommitFencing,
}

impl ClusterChecks {
    /// What has happened so far, as far as preconditions ask.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What would be too dear after every step: all replicas byte by byte.
    fn at_end(&self, cluster: Cluster<'_>) -> Result<(), Violation> {
        if !self.log_matching.is_promised(&self.history) {
            return Ok(());
        }
        let outcome = log_matching::compare_all(cluster, &self.history);
        let (at, process) = (cluster.world().now(), cluster.admin());
        outcome.map_err(|message| Violation { id: self.log_matching.id(), at, process, message })
    }
}

/// The checks of a world's clusters: what is promised is promised by a cluster, whatever another one does.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    first: ClusterChecks,
    others: Vec<ClusterChecks>,
}

impl Checks {
    /// Looks at the world after a step or a command; `facts` are what it reported.
    ///
    /// # Errors
    /// The first check that does not hold.
    pub fn on_step(&mut self, world: &World, step: Step, facts: &[Reported]) -> Result<(), Violation> {
        if facts.is_empty() {
            return Ok(());
        }
        let one = world.cluster_of(facts[0].1);
        if facts.iter().all(|(_, process, _)| world.cluster_of(*process) == one) {
            return self.at(world, (one, step), facts);
        }
        // A command may concern processes of several clusters: a healed network does.
        world.clusters().try_for_each(|cluster| {
            let own = facts.iter().filter(|(_, process, _)| world.cluster_of(*process) == cluster.index());
            self.at(world, (cluster.index(), step), &own.cloned().collect::<Vec<_>>())
        })
    }

    /// Only facts of this cluster are judged by its checks.
    fn at(&mut self, world: &World, (index, step): (ClusterIndex, Step), facts: &[Reported]) -> Result<(), Violation> {
        let cluster = world.cluster(index).expect("checks are of the world's own clusters");
        // A command is nobody's step; it counts as that of whoever carries out what operators ask of the cluster.
        let process = if world.cluster_of(step.process) == index { step.process } else { cluster.admin() };
        let step = Step { process, ..step };
        let checks = match usize::from(index.0).checked_sub(1) {
            None => &mut self.first,
            Some(other) => {
                self.others.resize_with(self.others.len().max(other + 1), ClusterChecks::default);
                &mut self.others[other]
            }
        };
        checks.on_step(cluster, step, facts)
    }

    /// Of every cluster, in the order of their numbers.
    fn all(&self) -> impl Iterator<Item = &ClusterChecks> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// One cluster's; `None`: nothing has happened there.
    pub fn of(&self, cluster: ClusterIndex) -> Option<&ClusterChecks> {
        self.all().nth(usize::from(cluster.0))
    }

    /// Each check's number and whether what happened so far still promises it in every cluster.
    pub fn promised(&self) -> Vec<(&'static str, bool)> {
        let mut promised = self.first.promised();
        for other in &self.others {
            promised.iter_mut().zip(other.promised()).for_each(|((_, held), (_, also))| *held &= also);
        }
        promised
    }

    /// How many unclean elections that were asked for or allowed may have lost records so far.
    pub fn given_up(&self) -> u64 {
        self.all().map(|checks| checks.history.given_up()).sum()
    }

    /// Compares every pair of replicas record by record; for the end of a run.
    ///
    /// # Errors
    /// Where two replicas disagree below both high watermarks (R13).
    pub fn at_end(&self, world: &World) -> Result<(), Violation> {
        self.all().zip(world.clusters()).try_for_each(|(checks, cluster)| checks.at_end(cluster))
    }
}
