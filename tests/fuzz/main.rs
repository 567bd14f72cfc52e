//! Random faults from a seed, every safety check at every step; then everything heals and must live (`chaos`).
//!
//! `SEEDS` says how many seeds (200), `SEED` names one, `FLAVOUR` one kind of faults, `JOBS` how many run at a time.
//! With the cargo feature `mutants` the same runs must catch each deliberate bug; `MUTANT` names one.

use base::Digest;
use chaos::{Flavour, Plan, Totals};
use metadata::Image;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn random_faults_break_no_promise_and_everything_lives_again() {
    let seeds = seeds();
    let started = std::time::Instant::now();
    let (totals, failures) = run_all(&seeds);
    println!("{totals}");
    let seconds = started.elapsed().as_secs_f64();
    println!("{:.0} events/s, {} seeds in {seconds:.1} s", totals.events as f64 / seconds, seeds.len());
    assert!(failures.is_empty(), "{} of {} seeds failed\n{}", failures.len(), seeds.len(), failures.join("\n"));
    if seeds.len() >= 200 {
        totals.demand_enough(seeds.len() as u64);
    }
}

#[test]
fn a_seed_gives_the_same_run_every_time() {
    for seed in 1..=2 {
        let digest = || chaos::run(&Plan::random(seed)).digest;
        assert_eq!(digest(), digest(), "seed {seed}");
    }
}

/// `metadata::Image::write`, on what controllers and brokers know in the middle of random faults.
#[test]
fn every_image_of_a_run_writes_itself_out_as_records() {
    let mut compared = 0;
    for seed in 1..=20 {
        let plan = Plan::random(seed);
        let mut stage = chaos::Stage::new(&plan.setup, plan.seed).expect("starts");
        for (at, command) in &plan.commands {
            stage.run_until(*at);
            stage.place(command);
            for image in images(&stage) {
                let mut again = Image::default();
                image.write(|offset, record| again.apply(offset, &record));
                assert_eq!(Digest::of(&again), Digest::of(image), "seed {seed} at {at}\n{again:?}\n{image:?}");
                compared += u32::from(!image.is_empty());
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

/// What each node that is up has replayed, and what a controller knows ahead of it.
fn images(stage: &chaos::Stage) -> impl Iterator<Item = &Image> {
    let nodes = stage.world.slots().filter_map(|slot| slot.process.as_ref()?.node());
    nodes.flat_map(|node| {
        let controller = node.controller().map(|controller| [controller.image(), controller.committed_image()]);
        node.broker().map(|broker| broker.image()).into_iter().chain(controller.into_iter().flatten())
    })
}

#[cfg(feature = "mutants")]
#[test]
fn every_mutant_is_caught() {
    use chaos::mutants::{MUTANTS, catch};
    let wanted = std::env::var("MUTANT").ok();
    let limit = number("SEEDS").unwrap_or(400);
    let mut escaped = Vec::new();
    for mutant in MUTANTS.iter().filter(|mutant| wanted.as_deref().is_none_or(|wanted| wanted == mutant.name)) {
        match catch(mutant, limit) {
            Some(caught) => {
                assert_eq!(caught.control, None, "seed {} fails without {}, too", caught.seed, mutant.name);
                println!("{}: caught by seed {}: {}", mutant.name, caught.seed, caught.failure);
            }
            None => escaped.push(mutant.name),
        }
    }
    assert!(escaped.is_empty(), "not caught in {limit} seeds: {}", escaped.join(", "));
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

fn seeds() -> Vec<u64> {
    match number("SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SEEDS").unwrap_or(200)).collect(),
    }
}

fn plan(seed: u64) -> Plan {
    match std::env::var("FLAVOUR") {
        Ok(name) => Plan::of(seed, Flavour::named(&name).expect("a kind of faults")),
        Err(_) => Plan::random(seed),
    }
}

/// Runs every seed, some at a time, and shrinks those that fail (the first three).
fn run_all(seeds: &[u64]) -> (Totals, Vec<String>) {
    let jobs = number("JOBS").unwrap_or(2);
    let (next, found) = (AtomicU64::new(0), Mutex::new((Totals::default(), Vec::new())));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let plan = plan(*seed);
                    let result = chaos::run(&plan);
                    let failed = result.failure.is_some();
                    let mut found = found.lock().expect("no other job panicked");
                    found.0.add(&result);
                    let position = found.1.len();
                    if failed {
                        found.1.push(format!("seed {seed}: {}", result.failure.as_deref().unwrap_or_default()));
                    }
                    drop(found);
                    if failed && position < 3 {
                        let shrunk = chaos::shrink(plan, &result);
                        eprintln!("{shrunk}\n{}", shrunk.result.link.as_deref().unwrap_or_default());
                    }
                }
            });
        }
    });
    found.into_inner().expect("no job panicked")
}
