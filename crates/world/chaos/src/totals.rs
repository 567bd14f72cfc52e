//! Sums over all seeds.

use crate::run::{FactCounts, RunResult};
use std::collections::BTreeMap;

/// What all runs together came to.
#[derive(Default)]
pub struct Totals {
    pub events: u64,
    counts: FactCounts,
    /// Per check: in how many seeds its precondition held.
    promised: BTreeMap<&'static str, u64>,
}

impl Totals {
    /// Adds a run's numbers.
    pub fn add(&mut self, result: &RunResult) {
        self.events += result.events;
        let (sum, one) = (&mut self.counts, &result.counts);
        sum.elections += one.elections;
        sum.quorum_elections += one.quorum_elections;
        sum.truncations += one.truncations;
        sum.isr_shrinks += one.isr_shrinks;
        sum.isr_expansions += one.isr_expansions;
        sum.coordinator_failovers += one.coordinator_failovers;
        sum.rebalances += one.rebalances;
        sum.acked += one.acked;
        sum.failed += one.failed;
        sum.delivered += one.delivered;
        sum.lost += one.lost;
        sum.duplicates_ignored += one.duplicates_ignored;
        sum.unclean_elections += one.unclean_elections;
        for (id, held) in &result.promised {
            *self.promised.entry(id).or_default() += u64::from(*held);
        }
    }

    /// The faults must really have done what they are there for, and each check must have counted.
    ///
    /// # Panics
    /// When they have not.
    pub fn demand_enough(&self, seeds: u64) {
        let demanded = [
            ("elections", self.counts.elections),
            ("truncations", self.counts.truncations),
            ("ISR shrinks", self.counts.isr_shrinks),
            ("coordinator failovers", self.counts.coordinator_failovers),
            ("rebalances", self.counts.rebalances),
            ("unclean elections", self.counts.unclean_elections),
        ];
        for (what, count) in demanded {
            assert!(count >= 100, "only {count} {what} over all seeds");
        }
        for (id, held) in &self.promised {
            assert!(held * 2 >= seeds, "{id} was promised in {held} of {seeds} seeds only");
        }
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = &self.counts;
        writeln!(
            f,
            "{} elections, {} truncations, {} ISR shrinks, {} coordinator failovers, {} rebalances",
            counts.elections, counts.truncations, counts.isr_shrinks, counts.coordinator_failovers, counts.rebalances
        )?;
        writeln!(
            f,
            "{} unclean and {} quorum elections, {} ISR expansions, {} duplicates ignored, {} events",
            counts.unclean_elections,
            counts.quorum_elections,
            counts.isr_expansions,
            counts.duplicates_ignored,
            self.events
        )?;
        writeln!(
            f,
            "{} records acknowledged, {} failed, {} delivered, {} lost (acks=1, acks=0 and unclean seeds)",
            counts.acked, counts.failed, counts.delivered, counts.lost
        )?;
        let held = self.promised.iter().map(|(id, held)| format!("{id}: {held}"));
        write!(f, "seeds in which each check's precondition held: {}", held.collect::<Vec<_>>().join("; "))
    }
}
