//! What a long past takes in memory: scenes played in the laboratory as the page plays them, at ×1000.
//!
//! `memory/quiet` the opening scene, `memory/busy` three producers at 1,000 records/s, `memory/load` 10 MB/s of
//! generated values for ten virtual minutes, `memory/hose` the same in records of a megabyte. Built with the feature `heap`, bytes of the heap are counted exactly;
//! otherwise they are resident bytes, which hold what the allocator has not given back too.

use super::memory;
use base::{Span, Time};
use lab::{Budget, Intent, Lab, Tempo};
use script::Scenario;
use std::time::Instant;

/// Events after which memory is weighed, in millions, unless `BENCH_MILLIONS` names others; who asks for everything
/// gets the first only.
const MILLIONS: [f64; 3] = [1.0, 5.0, 20.0];
/// Events that one call may play, about what a page plays between two frames.
const SLICE: u64 = 5_000;
/// Virtual time under load.
const LOAD: Span = Span::from_secs(600);

const BUSY: &str = super::rewind::BUSY;

/// Ten megabytes of values per second, three copies of each.
const UNDER_LOAD: &str = "title: Load
seed: 1
brokers: 3
controllers: 1
open: 8s
@5s create-topic orders partitions=12 rf=3
@5300ms add-producer p1 orders keys=a,b,c every=1ms size=10000
@6200ms add-consumer c1 readers orders
@6500ms add-consumer c2 readers orders
";

/// The same in records of a megabyte, to one partition at a time.
const HOSE: &str = "title: Hose
seed: 1
brokers: 3
controllers: 1
open: 8s
@5s create-topic orders partitions=3 rf=3
@6s add-consumer c1 readers orders
@6s add-consumer c2 readers orders
@7s add-producer hose orders every=100ms size=1000000 max.request.size=2000000
";

/// Runs those whose names begin with `filter`.
pub fn run(filter: &str) {
    let is_wanted = |name: &str| name.starts_with(filter);
    if is_wanted("memory/quiet") {
        long("memory/quiet", Scenario::opening(), filter);
    }
    for (name, text) in [("memory/busy", BUSY), ("memory/load", UNDER_LOAD), ("memory/hose", HOSE)] {
        match Scenario::parse(text) {
            Ok(_) if !is_wanted(name) => {}
            Ok(scenario) if text != BUSY => under_load(name, scenario, filter),
            Ok(scenario) => long(name, scenario, filter),
            Err(error) => println!("{name}: {error}"),
        }
    }
}

fn long(name: &str, scenario: Scenario, filter: &str) {
    let before = memory::held();
    let mut lab = playing(scenario);
    let asked = std::env::var("BENCH_MILLIONS").unwrap_or_default();
    let asked: Vec<f64> = asked.split(',').filter_map(|number| number.parse().ok()).collect();
    let usual = &MILLIONS[..if filter.is_empty() { 1 } else { MILLIONS.len() }];
    for millions in if asked.is_empty() { usual.to_vec() } else { asked } {
        let (first, start) = (lab.run().world.events(), Instant::now());
        while lab.run().world.events() < (millions * 1e6) as u64 && lab.playback().playing {
            lab.advance(1.0, SLICE);
        }
        let speed = (lab.run().world.events() - first) as f64 / start.elapsed().as_secs_f64();
        tell(&format!("{name}/{millions}M"), &lab, before);
        println!("{name}/{millions}M {speed:.0} events/s");
    }
    // What going back costs is what is given back with it.
    let run = lab.run().clone();
    drop(lab);
    println!("{name} {:.1} MB without its past", memory::held().saturating_sub(before) as f64 / 1e6);
    let world = run.world.clone();
    drop(run);
    println!("{name} {:.1} MB without ledger and checks", memory::held().saturating_sub(before) as f64 / 1e6);
    drop(world);
}

fn under_load(name: &str, scenario: Scenario, filter: &str) {
    let before = memory::held();
    let mut lab = playing(scenario);
    let minutes = [1, 3, 10].map(|minutes| (minutes, Time(LOAD.0 / 10 * minutes)));
    for (minutes, until) in minutes.into_iter().take(if filter.is_empty() { 1 } else { 3 }) {
        let start = Instant::now();
        while lab.now() < until && lab.playback().playing {
            lab.advance(1.0, SLICE);
        }
        tell(&format!("{name}/{minutes}min"), &lab, before);
        println!("{name}/{minutes}min {} ms, now at {} s", start.elapsed().as_millis(), lab.now().0 / 1_000_000_000);
    }
}

fn playing(scenario: Scenario) -> Lab {
    let mut lab = Lab::new(scenario);
    let _ = lab.dispatch(Intent::Tempo(Tempo::Manual(1_000.0)));
    let _ = lab.dispatch(Intent::Play);
    lab
}

fn tell(name: &str, lab: &Lab, before: u64) {
    let world = &lab.run().world;
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{name} {:.1} MB held, {:.1} MB at the peak",
        mb(memory::held().saturating_sub(before)),
        mb(memory::peak())
    );
    let disks = world.disks();
    let (sparse, near) = lab.history().branch().checkpoint_count();
    println!("{name} {:.1} MB on disks, {:.1} MB held for them", mb(disks.used), mb(disks.held));
    println!("{name} {} events, {sparse}+{near} checkpoints", world.events());
    println!("{name} {:.1} MB of marks", mb(lab.history().branch().marks_size()));
    let measured = lab.measured(None);
    println!("{name} {:.1} MB is what its past is reckoned at", mb(measured.past));
    if let Some(spent) = Budget::default().check(&measured) {
        println!("{name} used up: {spent:?}");
    }
}
