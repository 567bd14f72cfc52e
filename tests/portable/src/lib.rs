//! The same worlds natively and as WebAssembly: whoever runs a scenario must get the same digests.
//!
//! `cargo xtask test` runs the native program `digests` and this library under node and compares what they print;
//! `cargo xtask bench` measures the engine as the page ships it. Nothing here is part of the page.

mod codecs;
mod random_worlds;
mod scenarios;
mod sessions;

use base::{ProcessId, Span, Time};
use check::Ledger;
use port::Fact;
use sim::{FactSink, NoFacts, World};
use wasm_bindgen::prelude::wasm_bindgen;

/// Virtual time that is measured, after a warm-up of as much again.
const MEASURED: Span = Span::from_secs(10);

/// One line per codec, then one per scenario: name, events, run digest, state digest; then some per session in a laboratory.
#[wasm_bindgen]
pub fn digests() -> String {
    let worlds = scenarios::all().into_iter().chain(random_worlds::all());
    let lines = worlds.map(|(name, world)| {
        format!("{name} {} events, run {}, state {}\n", world.events(), world.run_digest(), world.state_digest())
    });
    codecs::lines().into_iter().chain(lines).chain(sessions::all()).collect()
}

/// Events per second of the busy cluster, and what a delivered record costs, by the clock of the script's host.
#[wasm_bindgen]
pub fn bench() -> String {
    let mut world = scenarios::busy();
    world.run_until(world.now() + MEASURED, &mut NoFacts);
    (1..=3).flat_map(|round| [quiet(round, world.clone()), ledger(round, world.clone())]).collect()
}

fn quiet(round: u32, mut world: World) -> String {
    let events = world.events();
    let seconds = timed(|| world.run_until(world.now() + MEASURED, &mut NoFacts));
    format!("engine/quiet/{round} {:.0} events/s\n", (world.events() - events) as f64 / seconds)
}

fn ledger(round: u32, mut world: World) -> String {
    let (events, mut counted) = (world.events(), Counted::default());
    let seconds = timed(|| world.run_until(world.now() + MEASURED, &mut counted));
    let (events, delivered) = ((world.events() - events) as f64, counted.0.counts().delivered.max(1) as f64);
    let name = format!("engine/ledger/{round}");
    format!("{name} {:.0} events/s\n{name} {:.0} ns/delivered-record\n", events / seconds, seconds * 1e9 / delivered)
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = js_sys::Date::now();
    work();
    (js_sys::Date::now() - start) / 1_000.0
}

/// The ledger, kept as the page keeps it.
#[derive(Default)]
struct Counted(Ledger);

impl FactSink for Counted {
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact) {
        // These runs have one cluster.
        self.0.note(at, (process, sim::ClusterIndex::FIRST), &fact);
    }
}
