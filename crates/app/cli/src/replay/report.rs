//! What a run came to, as lines and as JSON.

use super::player::{Player, seconds};
use super::source::{Expected, Source};
use base::Digest;
use check::Counts;
use lab::Unsafe;
use serde_json::{Value, json};
use std::fmt;

/// Whether it is the run that was shared.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Matches,
    Differs,
    /// Nobody has said what it should come to.
    Unchecked,
    /// Only a part of the link could be read.
    Partial(String),
    /// It costs too much to be run to its end.
    Stopped(String),
    /// A bug.
    Panicked(String),
}

/// What a run came to.
pub struct Report<'a> {
    source: &'a Source,
    outcome: Outcome,
    refused: u64,
    events: u64,
    run: Digest,
    state: Digest,
    ledger: Counts,
    /// What went wrong on the way, as sentences.
    unsafe_steps: Vec<String>,
}

impl<'a> Report<'a> {
    pub fn of(source: &'a Source, player: &Player<'_>) -> Report<'a> {
        let world = &player.run.world;
        let (events, run, state) = (world.events(), world.run_digest(), world.state_digest());
        let same = |expected: &Expected| expected.events == events && expected.run == run && expected.state == state;
        let cut_short = player.panic.clone().map(Outcome::Panicked);
        let cut_short = cut_short.or_else(|| player.stopped.clone().map(Outcome::Stopped));
        let outcome = cut_short.unwrap_or_else(|| match (&source.damage, &source.expected) {
            (Some(damage), _) => Outcome::Partial(damage.clone()),
            (None, None) => Outcome::Unchecked,
            (None, Some(expected)) if same(expected) => Outcome::Matches,
            (None, Some(_)) => Outcome::Differs,
        });
        let unsafe_steps = player.run.unsafe_steps().into_iter().map(|step| match step.why {
            Unsafe::LostWrite { partition, offset } => {
                format!(
                    "{} an acknowledged record is lost: {}-{} offset {}",
                    seconds(step.at),
                    partition.topic,
                    partition.partition,
                    offset.0
                )
            }
            Unsafe::Broken(violation) => format!("{} {violation}", seconds(step.at)),
        });
        let unsafe_steps = unsafe_steps.collect();
        let ledger = player.run.ledger.counts();
        Report { source, outcome, refused: player.refused, events, run, state, ledger, unsafe_steps }
    }

    /// A loss is none of our business here: Kafka loses what it was asked to lose, and the link says so, too.
    pub fn is_well(&self) -> bool {
        match self.outcome {
            Outcome::Matches | Outcome::Unchecked => true,
            Outcome::Differs | Outcome::Partial(_) | Outcome::Stopped(_) | Outcome::Panicked(_) => false,
        }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let ledger: serde_json::Map<String, Value> =
            self.ledger.named().into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
        let expected = self.source.expected.as_ref().map(|expected| {
            json!({ "events": expected.events, "run": expected.run.to_string(), "state": expected.state.to_string() })
        });
        json!({
            "outcome": self.outcome.word(),
            "detail": self.outcome.detail(),
            "seed": self.source.seed,
            "commands": self.source.commands.len(),
            "refused": self.refused,
            "endNanos": self.source.end.0,
            "events": self.events,
            "run": self.run.to_string(),
            "state": self.state.to_string(),
            "expected": expected,
            "ledger": ledger,
            "unsafe": self.unsafe_steps,
            "claimsNotLookedAt": self.source.claims,
        })
    }
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Outcome::Matches => "matches",
            Outcome::Differs => "differs",
            Outcome::Unchecked => "unchecked",
            Outcome::Partial(_) => "partial",
            Outcome::Stopped(_) => "stopped",
            Outcome::Panicked(_) => "panicked",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Outcome::Matches | Outcome::Differs | Outcome::Unchecked => None,
            Outcome::Partial(detail) | Outcome::Stopped(detail) | Outcome::Panicked(detail) => Some(detail),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (commands, end) = (self.source.commands.len(), seconds(self.source.end));
        let end = end.trim_start();
        writeln!(f, "seed {}, {commands} commands ({} refused), up to {end}", self.source.seed, self.refused)?;
        let says = |number: fn(&Expected) -> String, got: String| match &self.source.expected {
            Some(expected) if number(expected) != got => format!("{got}  the link says {}", number(expected)),
            Some(_) | None => got,
        };
        writeln!(f, "events        {}", says(|expected| expected.events.to_string(), self.events.to_string()))?;
        writeln!(f, "run digest    {}", says(|expected| expected.run.to_string(), self.run.to_string()))?;
        writeln!(f, "state digest  {}", says(|expected| expected.state.to_string(), self.state.to_string()))?;
        let ledger: Vec<String> = self.ledger.named().iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(f, "ledger        {}", ledger.join(", "))?;
        self.unsafe_steps.iter().try_for_each(|step| writeln!(f, "unsafe        {}", step.trim_start()))?;
        if self.source.claims > 0 {
            writeln!(f, "claims        {} not looked at: that is for `cargo xtask test`", self.source.claims)?;
        }
        match &self.outcome {
            Outcome::Matches => writeln!(f, "It matches: every event was the same."),
            Outcome::Differs => writeln!(f, "It differs: this is not the run that the link tells of."),
            Outcome::Unchecked => writeln!(f, "There is nothing to compare it with."),
            Outcome::Partial(damage) => writeln!(f, "Not compared: {damage}."),
            Outcome::Stopped(why) => writeln!(f, "Stopped before its end: {why}."),
            Outcome::Panicked(said) => writeln!(f, "The core broke down, which is a bug of ours: {said}"),
        }
    }
}
