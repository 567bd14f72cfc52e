//! Deliberate bugs, one rule each: every one must be caught by a seed. They are only there in a build with the cargo
//! feature `mutants`.

use crate::plan::{Flavour, Plan};
use crate::run;

/// Whether this build has them.
pub const BUILT_IN: bool = cfg!(feature = "mutants");

/// A rule that is broken.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    pub name: &'static str,
    /// The faults that it shows under.
    pub flavour: Flavour,
    /// The seed to begin with; rare ones need a lucky one.
    pub first: u64,
}

/// With a flavour and a seed that find it soon, so that the test of all of them is quick.
const fn mutant(name: &'static str, flavour: Flavour, first: u64) -> Mutant {
    Mutant { name, flavour, first }
}

/// Planted bugs: a check that finds none of them would be worth nothing.
pub const MUTANTS: [Mutant; 18] = [
    mutant("ack-before-hw", Flavour::Replication, 1),
    mutant("hw-without-maximal-isr", Flavour::Replication, 1),
    mutant("truncate-to-hw", Flavour::Replication, 1),
    mutant("vote-not-persisted", Flavour::Votes, 1),
    mutant("no-epoch-fence", Flavour::Replication, 916),
    mutant("commit-without-generation-check", Flavour::Groups, 1),
    mutant("new-leader-not-in-isr", Flavour::Replication, 1),
    mutant("stale-owner", Flavour::Replication, 1),
    mutant("segment-index-off-by-one", Flavour::Replication, 1),
    mutant("ahead-not-dropped", Flavour::Groups, 1),
    mutant("parked-reply-lost", Flavour::Groups, 1),
    mutant("epoch-not-noted", Flavour::Replication, 1),
    mutant("producers-not-reloaded", Flavour::Replication, 1),
    mutant("produce-not-told", Flavour::Replication, 1),
    mutant("fetch-not-woken", Flavour::Replication, 1),
    mutant("proposal-lost", Flavour::Replication, 1),
    mutant("sessions-forgotten", Flavour::Controllers, 1),
    mutant("vote-given-twice", Flavour::Votes, 1),
];

/// What caught it.
#[derive(Clone, Debug)]
pub struct Caught {
    pub seed: u64,
    pub failure: String,
    /// The same run without the mutant, which must be flawless.
    pub control: Option<String>,
}

/// Looks for a seed that catches it, among so many.
pub fn catch(mutant: &Mutant, seeds: u64) -> Option<Caught> {
    (mutant.first..mutant.first.saturating_add(seeds)).find_map(|seed| {
        let mut plan = Plan::of(seed, mutant.flavour);
        plan.setup.first_mut().overrides.insert("blumfeld.mutant".into(), mutant.name.into());
        let failure = run::run(&plan).failure?;
        let control = run::run(&Plan::of(seed, mutant.flavour)).failure;
        Some(Caught { seed, failure, control })
    })
}
