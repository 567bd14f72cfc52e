//! A failing seed made short: commands are left out as long as it fails alike.

use crate::plan::{Plan, QUIET};
use crate::run::{self, RunResult};
use base::Time;
use script::{PlacedCommand, Scenario};

/// How many runs shrinking may take.
const ATTEMPTS: u32 = 120;

/// The shortest failing plan found, and how it fails.
pub struct Shrunk {
    pub plan: Plan,
    pub result: RunResult,
}

/// Leaves out what the failure does not need. Topics and clients stay.
pub fn shrink(plan: Plan, result: &RunResult) -> Shrunk {
    let mut best = plan;
    let mut attempts = 0;
    let first = best.commands.iter().take_while(|(at, _)| *at < QUIET).count();
    let mut size = (best.commands.len() - first).div_ceil(2);
    while size >= 1 && attempts < ATTEMPTS {
        let mut from = first;
        while from < best.commands.len() && attempts < ATTEMPTS {
            let mut shorter = best.clone();
            shorter.commands.drain(from..(from + size).min(best.commands.len()));
            attempts += 1;
            if run::run(&shorter).kind == result.kind {
                best = shorter;
            } else {
                from += size;
            }
        }
        size /= 2;
    }
    let result = run::run(&best);
    Shrunk { plan: best, result }
}

impl std::fmt::Display for Shrunk {
    /// The commands as lines that a scenario's text holds, below what its headers do not say.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plan = &self.plan;
        let failure = self.result.failure.as_deref().unwrap_or("it does not fail any more");
        writeln!(f, "# seed {} ({:?}): {failure}", plan.seed, plan.flavour)?;
        let nodes: Vec<String> =
            plan.setup.first().nodes.iter().map(|node| format!("{} {:?}", node.name, node.roles)).collect();
        writeln!(f, "# nodes: {}", nodes.join(", "))?;
        writeln!(f, "seed: {}", plan.seed)?;
        plan.setup.first().overrides.iter().try_for_each(|(name, value)| writeln!(f, "set: {name}={value}"))?;
        f.write_str(&Scenario::script(&placed(plan)))?;
        write!(f, "# @{}ms everything heals", plan.heal_at.0 / 1_000_000)
    }
}

/// Each at its time, or right after the one before.
fn placed(plan: &Plan) -> Vec<PlacedCommand> {
    let mut free = Time::ZERO;
    let place = |(at, command): &(Time, _)| {
        let placed = PlacedCommand { after: free.max(*at), command: Clone::clone(command) };
        free = placed.at();
        placed
    };
    plan.commands.iter().map(place).collect()
}
