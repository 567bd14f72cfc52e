//! Deliberate bugs, one rule each: every one must be caught by a seed.

use crate::plan::{Flavour, Plan};
use crate::run;

/// Mutant and the faults that it shows under.
const MUTANTS: &[(&str, Flavour)] = &[
    ("ack-before-hw", Flavour::Replication),
    ("hw-without-maximal-isr", Flavour::Replication),
    ("truncate-to-hw", Flavour::Replication),
    ("vote-not-persisted", Flavour::Votes),
    ("no-epoch-fence", Flavour::Replication),
    ("commit-without-generation-check", Flavour::Groups),
    ("new-leader-not-in-isr", Flavour::Replication),
];

#[test]
fn every_mutant_is_caught() {
    let wanted = std::env::var("MUTANT").ok();
    let limit: u64 = std::env::var("SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let mut escaped = Vec::new();
    for (name, flavour) in MUTANTS.iter().filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name)) {
        let caught = (1..=limit).find_map(|seed| {
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
