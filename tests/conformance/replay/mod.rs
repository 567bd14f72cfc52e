//! Replays one trace: reads it, runs its steps in order, and says of each whether it held.
//!
//! A step whose kind is not built yet is counted and named, and so is every later step about what it
//! would have changed. Nothing is passed over in silence.

mod asks;
mod awaits;
mod changes;
mod cli;
mod clients;
mod groups;
mod observe;
mod player;
mod reading;
mod refusals;
mod steps;
mod value;

use player::Player;
use serde_json::Value;
use std::collections::BTreeMap;

/// A recorded scenario.
pub struct Trace {
    pub nodes: Vec<Value>,
    pub features: Vec<String>,
    pub config: BTreeMap<String, String>,
    pub steps: Vec<Value>,
}

/// Why a step did not run to its end.
pub enum Trouble {
    /// The world differs from the record.
    Differs(String),
    /// The step, or a part of it, is not built yet. The name is what gets listed.
    NotBuilt(String),
}

/// How a trace went.
pub struct Outcome {
    pub ran: u32,
    pub steps: u32,
    pub failures: Vec<String>,
    /// What is not built yet, with how many steps.
    pub not_built: BTreeMap<String, u32>,
}

impl Trace {
    /// `None` for a file that is no trace (no steps), such as a list of disagreements.
    ///
    /// # Errors
    /// When the file is not what a trace looks like.
    pub fn parse(text: &str) -> Result<Option<Trace>, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Some(steps) = file["steps"].as_array().cloned() else { return Ok(None) };
        let known = ["name", "about", "kafka", "cluster", "runs", "rows", "steps"];
        let fields = file.as_object().ok_or("not an object")?;
        if let Some(unknown) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("unknown field {unknown}"));
        }
        let cluster = &file["cluster"];
        let strings = |value: &Value| serde_json::from_value(value.clone()).map_err(|error| error.to_string());
        Ok(Some(Trace {
            nodes: cluster["nodes"].as_array().cloned().ok_or("no nodes")?,
            features: strings(&cluster["features"])?,
            config: serde_json::from_value(cluster["config"].clone()).map_err(|error| error.to_string())?,
            steps,
        }))
    }
}

pub fn run(trace: &Trace) -> Outcome {
    run_with_seed(trace, 1)
}

pub fn run_with_seed(trace: &Trace, seed: u64) -> Outcome {
    let steps = trace.steps.len() as u32;
    let mut outcome = Outcome { ran: 0, steps, failures: Vec::new(), not_built: BTreeMap::new() };
    let mut player = match Player::start(trace, seed) {
        Ok(player) => player,
        Err(Trouble::NotBuilt(name)) => {
            outcome.not_built.insert(name, steps);
            return outcome;
        }
        Err(Trouble::Differs(failure)) => {
            outcome.failures.push(failure);
            return outcome;
        }
    };
    for (number, step) in trace.steps.iter().enumerate() {
        match player.play(step) {
            Ok(()) => outcome.ran += 1,
            Err(Trouble::NotBuilt(name)) => *outcome.not_built.entry(name).or_default() += 1,
            Err(Trouble::Differs(failure)) => {
                outcome.failures.push(format!("step {number} {}: {failure}", value::short(step)));
            }
        }
        if let Some(violation) = player.violation() {
            outcome.failures.push(format!("step {number} {}: {violation}", value::short(step)));
            break;
        }
    }
    outcome
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ran {} of {} steps", self.ran, self.steps)?;
        if !self.failures.is_empty() {
            write!(f, ", {} FAILED", self.failures.len())?;
        }
        if !self.not_built.is_empty() {
            let named: Vec<String> = self.not_built.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            write!(f, "; not built yet: {}", named.join(", "))?;
        }
        Ok(())
    }
}
