//! How fast the engine is: the same busy clusters each time, timed by the wall clock.
//!
//! `engine/quiet` nobody listens; `engine/ledger` counts what was delivered; `engine/large` ten
//! brokers; `engine/snapshot` what a held frame costs; `engine/history` what a rewindable past takes;
//! `rewind` the same in the laboratory, and what going back there costs; `memory` what a long past takes;
//! `engine/BROKERS/PARTITIONS` what an event costs in a cluster of that size, `engine/grid` in thirty of them;
//! `event` how long the longest single event takes; `pace` how long a reader has to read; `view` what a picture costs.

mod clusters;
mod engine;
mod events;
mod memory;
mod pace;
mod past;
mod rewind;
mod view;

use base::{ProcessId, Span, Time};
use check::Ledger;
use memory::resident_bytes;
use port::Fact;
use sim::{FactSink, NoFacts, World};
use std::time::Instant;

/// Virtual time that is measured, after a warm-up of as much again.
const MEASURED: Span = Span::from_secs(10);
/// Events that the history holds, and between two of its checkpoints.
const HISTORY: (u64, u64) = (1_000_000, 30_000);
/// Events between two held frames, about what a frame at 60 Hz plays.
const FRAME: u64 = 1_000;

/// What can be measured.
const NAMES: [&str; 23] = [
    "engine/history",
    "rewind",
    "engine/quiet",
    "engine/ledger",
    "engine/large",
    "engine/snapshot",
    "engine/grid",
    "memory/quiet",
    "memory/busy",
    "memory/load",
    "memory/hose",
    "event/wide",
    "event/topics",
    "pace",
    "view/opening",
    "view/10/60/cells",
    "view/10/60/brokers",
    "view/20/200/lines",
    "view/20/200/brokers",
    "view/50/500/20/cells",
    "view/50/500/20/lines",
    "view/50/500/20/brokers",
    "view/4/4900/brokers",
];

/// Is there a measurement of that name, or one that begins so?
pub fn is_known(name: &str) -> bool {
    NAMES.iter().any(|known| known.starts_with(name)) || engine::sizes(name).is_some()
}

/// Runs every measurement whose name begins with `filter`.
pub fn run(filter: &str) {
    if filter.starts_with("view") {
        return view::run(filter);
    }
    if engine::run(filter) {
        return;
    }
    let small = warm(clusters::small());
    let is_wanted = |name: &str| name.starts_with(filter);
    // First of all: memory that other measurements gave back would not count.
    if is_wanted("engine/history") {
        history(&small);
    }
    if "rewind".starts_with(filter) {
        rewind::run();
    }
    if is_wanted("pace") {
        pace::run();
    }
    past::run(filter);
    events::run(filter);
    view::run(filter);
    if is_wanted("engine/quiet") {
        speed("engine/quiet", &small, Counted::quiet);
    }
    if is_wanted("engine/ledger") {
        speed("engine/ledger", &small, Counted::with_facts);
    }
    if is_wanted("engine/large") {
        speed("engine/large", &warm(clusters::large()), Counted::quiet);
    }
    if is_wanted("engine/snapshot") {
        snapshots(&small);
    }
}

/// A cluster that has come to its pace: the first seconds are elections.
fn warm(mut world: World) -> World {
    let start = world.now();
    world.run_until(start + MEASURED, &mut NoFacts);
    world
}

/// Events per second, three times, and what a delivered record costs.
fn speed(name: &str, warm: &World, sink: fn() -> Counted) {
    for round in 1..=3 {
        let (mut world, mut sink) = (warm.clone(), sink());
        let before = Instant::now();
        let events = engine::stretch(&mut world, MEASURED, &mut sink);
        let nanos = before.elapsed().as_nanos() as u64;
        println!("{name}/{round} {} events/s", events * 1_000_000_000 / nanos.max(1));
        println!("{name}/{round} {events} measured-events");
        let delivered = sink.ledger.counts().delivered;
        if let Some(cost) = nanos.checked_div(delivered) {
            println!("{name}/{round} {cost} ns/delivered-record");
            println!("{name}/{round} {:.2} events/delivered-record", events as f64 / delivered as f64);
        }
    }
}

/// Holding one frame while the next is played: the clone itself, and what copying on first touch
/// adds to the same events.
fn snapshots(warm: &World) {
    /// Enough for a median.
    const FRAMES: u64 = 100;
    let mut free = warm.clone();
    let plain = Instant::now();
    (0..FRAMES).for_each(|_| play(&mut free, FRAME));
    let plain = plain.elapsed();
    let mut world = warm.clone();
    let (mut cloning, held) = (0, Instant::now());
    for _ in 0..FRAMES {
        let before = Instant::now();
        let frame = world.clone();
        cloning += before.elapsed().as_nanos();
        play(&mut world, FRAME);
        drop(frame);
    }
    let extra = held.elapsed().saturating_sub(plain).as_micros();
    println!("engine/snapshot {} ns/clone", cloning / u128::from(FRAMES));
    println!("engine/snapshot {} us/frame of {FRAME} events, clone and first touch", extra / u128::from(FRAMES));
}

/// Memory that a past of a million events takes: what the world itself grows by, logs and their
/// indexes, and what checkpoints along the way, which make it rewindable, add to that.
fn history(warm: &World) {
    let (events, every) = HISTORY;
    let (mut world, mut checkpoints) = (warm.clone(), Vec::new());
    let Some(before) = resident_bytes() else {
        return println!("engine/history is measured on Linux only");
    };
    for _ in 0..events / every {
        checkpoints.push(world.clone());
        play(&mut world, every);
    }
    let with_past = resident_bytes().unwrap_or_default();
    println!("engine/history {} bytes, {} checkpoints", with_past.saturating_sub(before), checkpoints.len());
    println!("engine/history {} bytes of them are records on disks", stored(&world) - stored(warm));
}

/// Bytes on the brokers' disks. Replicas share them in memory.
fn stored(world: &World) -> u64 {
    world.slots().map(|slot| slot.store.used()).sum::<u64>() / clusters::REPLICATION_FACTOR
}

fn play(world: &mut World, events: u64) {
    let until = world.events() + events;
    while world.events() < until && world.step(&mut NoFacts).is_some() {}
}

/// Facts are made and thrown away, as by a reader who looks at none.
#[derive(Default)]
struct Counted {
    wants: bool,
    ledger: Ledger,
}

impl Counted {
    /// Nobody listens, so that no fact is made.
    fn quiet() -> Counted {
        Counted::default()
    }
    /// Everything is told.
    fn with_facts() -> Counted {
        Counted { wants: true, ..Counted::default() }
    }
}

impl FactSink for Counted {
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact) {
        // What is measured here has one cluster.
        self.ledger.note(at, (process, sim::ClusterIndex::FIRST), &fact);
    }
    fn wants_facts(&self) -> bool {
        self.wants
    }
}
