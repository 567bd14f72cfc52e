//! Random faults from a seed, every safety check at every step; then everything heals and must live.
//!
//! `SEEDS` says how many seeds (200), `SEED` names one, `JOBS` how many run at a time. With the cargo
//! feature `mutants` the same runs must catch each deliberate bug; `MUTANT` names one.

#[path = "../support/mod.rs"]
mod support;

mod faults;
mod liveness;
#[cfg(feature = "mutants")]
mod mutants;
mod plan;
mod run;
mod shrink;
mod totals;

use {
    plan::Plan,
    std::sync::Mutex,
    std::sync::atomic::{AtomicU64, Ordering},
    totals::Totals,
};

#[test]
fn random_faults_break_no_promise_and_everything_lives_again() {
    let seeds = seeds();
    let started = std::time::Instant::now();
    let (totals, failures) = run_all(&seeds, Plan::random);
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
        let digest = || run::run(&Plan::random(seed)).digest;
        assert_eq!(digest(), digest(), "seed {seed}");
    }
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SEEDS").unwrap_or(200)).collect(),
    }
}

/// Runs every seed, some at a time, and shrinks those that fail (the first three).
fn run_all(seeds: &[u64], plan: impl Fn(u64) -> Plan + Sync) -> (Totals, Vec<String>) {
    let jobs = std::env::var("JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let (next, found) = (AtomicU64::new(0), Mutex::new((Totals::default(), Vec::new())));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let plan = plan(*seed);
                    let result = run::run(&plan);
                    let failed = result.failure.is_some();
                    let mut found = found.lock().expect("no other job panicked");
                    found.0.add(&result);
                    let position = found.1.len();
                    if failed {
                        found.1.push(format!("seed {seed}: {}", result.failure.as_deref().unwrap_or_default()));
                    }
                    drop(found);
                    if failed && position < 3 {
                        eprintln!("{}", shrink::shrink(plan, &result));
                    }
                }
            });
        }
    });
    found.into_inner().expect("no job panicked")
}
