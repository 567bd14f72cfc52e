//! Deliberate bugs, one rule each: every one must be caught by a seed.

use crate::plan::{Flavour, Plan};
use crate::run;

/// Mutant, the faults that it shows under, and the seed to begin with (rare ones need a lucky one).
const MUTANTS: &[(&str, Flavour, u64)] = &[
    ("ack-before-hw", Flavour::Replication, 1),
    ("hw-without-maximal-isr", Flavour::Replication, 1),
    ("truncate-to-hw", Flavour::Replication, 1),
    ("vote-not-persisted", Flavour::Votes, 1),
    ("no-epoch-fence", Flavour::Replication, 916),
    ("commit-without-generation-check", Flavour::Groups, 1),
    ("new-leader-not-in-isr", Flavour::Replication, 1),
];

#[test]
fn every_mutant_is_caught() {
    let wanted = std::env::var("MUTANT").ok();
    let limit: u64 = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let mut escaped = Vec::new();
    for (name, flavour, first) in
        MUTANTS.iter().filter(|(name, ..)| wanted.as_deref().is_none_or(|wanted| wanted == *name))
    {
        let caught = (*first..*first + limit).find_map(|seed| {
            let mut plan = Plan::of(seed, *flavour);
            plan.setup.overrides.insert("blumfeld.mutant".into(), (*name).into());
            let failure = run::run(&plan).failure?;
            let control = run::run(&Plan::of(seed, *flavour)).failure;
            assert_eq!(control, None, "seed {seed} fails without {name}, too");
            Some((seed, failure))
        });
        match caught {
            Some((seed, failure)) => println!("{name}: caught by seed {seed}: {failure}"),
            None => escaped.push(*name),
        }
    }
    assert!(escaped.is_empty(), "not caught in {limit} seeds: {}", escaped.join(", "));
}
