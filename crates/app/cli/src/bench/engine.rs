//! What an event costs as clusters grow: `engine/BROKERS/PARTITIONS` or `engine/BROKERS/PARTITIONS/GROUPS`, and
//! `engine/grid` for all of [`GRID`]. The traffic is the same in all of them: three producers that send a thousand
//! records a second together, and groups (one if none is named) of three members that read everything.
//!
//! Times are told here. Instructions are counted from outside (`cargo xtask bench instructions`), by whoever watches
//! [`stretch`] and divides by the events told.

use super::clusters;
use base::Span;
use sim::{FactSink, NoFacts, World};
use std::time::Instant;

/// Brokers and partitions of the grid.
pub const GRID: ([i32; 5], [i32; 6]) = ([3, 10, 30, 50, 100], [12, 60, 200, 500, 1_000, 5_000]);
/// Virtual time of running in, and of each round.
const SPAN: Span = Span::from_secs(3);
/// The fastest of so many rounds counts: on a busy machine the neighbours are in the others.
const ROUNDS: u32 = 3;

/// Is this the name of a cluster of some size, or of the grid? Then it is measured.
pub fn run(name: &str) -> bool {
    if name == "engine/grid" {
        for partitions in GRID.1 {
            GRID.0.iter().for_each(|brokers| measure(Size { brokers: *brokers, partitions, groups: 1 }));
        }
        return true;
    }
    sizes(name).map(measure).is_some()
}

/// How large a cluster is.
#[derive(Clone, Copy)]
pub struct Size {
    brokers: i32,
    partitions: i32,
    groups: i32,
}

/// The size that a name like `engine/50/500/20` says.
pub fn sizes(name: &str) -> Option<Size> {
    let sizes = name.strip_prefix("engine/")?.split('/').map(|size| size.parse().ok().filter(|size| *size > 0));
    match *sizes.collect::<Option<Vec<i32>>>()? {
        [brokers, partitions] => Some(Size { brokers, partitions, groups: 1 }),
        [brokers, partitions, groups] => Some(Size { brokers, partitions, groups }),
        _ => None,
    }
}

fn measure(Size { brokers, partitions, groups }: Size) {
    let mut world = clusters::shared(brokers, partitions, groups);
    let start = world.now();
    world.run_until(start + SPAN, &mut NoFacts);
    let (mut events, mut least) = (0, u64::MAX);
    for _ in 0..ROUNDS {
        let mut world = world.clone();
        let before = Instant::now();
        events = stretch(&mut world, SPAN, &mut NoFacts);
        least = least.min(before.elapsed().as_nanos() as u64);
    }
    let name = format!("engine/{brokers}/{partitions}/{groups}");
    println!("{name} {} events/virtual-second", events * 1_000 / SPAN.as_millis());
    println!("{name} {} ns/event", least / events.max(1));
    println!("{name} {} measured-events", events * u64::from(ROUNDS));
}

/// Plays the world for a while and tells how many events that were. Never inlined: instructions are counted in it.
#[inline(never)]
pub fn stretch(world: &mut World, span: Span, sink: &mut impl FactSink) -> u64 {
    let (before, until) = (world.events(), world.now() + span);
    world.run_until(until, sink);
    world.events() - before
}
