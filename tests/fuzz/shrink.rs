//! A failing seed made short: commands are left out as long as it fails alike.

use crate::plan::{Plan, QUIET};
use crate::run::{self, RunResult};

/// How many runs shrinking may take.
const ATTEMPTS: u32 = 120;

/// The shortest failing plan found, as text.
pub fn shrink(plan: Plan, result: &RunResult) -> String {
    let mut best = plan;
    let mut attempts = 0;
    // Topics and clients stay.
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
    let failure = run::run(&best).failure.unwrap_or_else(|| "it does not fail any more".into());
    print(&best, &failure)
}

fn print(plan: &Plan, failure: &str) -> String {
    let nodes: Vec<String> = plan.setup.nodes.iter().map(|node| format!("{} {:?}", node.name, node.roles)).collect();
    let mut text = format!("seed {} ({:?}): {failure}\n  nodes: {}\n", plan.seed, plan.flavour, nodes.join(", "));
    text += &format!("  settings: {:?}\n", plan.setup.overrides);
    for (at, command) in &plan.commands {
        text += &format!("  @{}ms {}\n", at.0 / 1_000_000, serde_json::to_string(command).unwrap_or_default());
    }
    text + &format!("  @{}ms everything heals", plan.heal_at.0 / 1_000_000)
}
