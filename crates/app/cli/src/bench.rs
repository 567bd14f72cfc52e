//! How fast the engine is: the same busy cluster each time, timed by the wall clock.

use base::{Span, Time};
use check::Ledger;
use port::Fact;
use sim::{Command, FactSink, Setup, World};
use std::time::Instant;

/// Virtual time that is measured, after a warm-up of as much again.
const MEASURED: Span = Span::from_secs(10);

/// Counts events without and with facts, and what a delivered record costs.
pub fn run() {
    let mut warm = busy_cluster();
    let start = warm.now();
    warm.run_until(start + MEASURED, &mut sim::NoFacts);
    for round in 1..=3 {
        measure(&format!("engine/quiet/{round}"), warm.clone(), &mut Counted::default());
        measure(&format!("engine/ledger/{round}"), warm.clone(), &mut Counted { wants: true, ..Counted::default() });
    }
}

fn measure(name: &str, mut world: World, sink: &mut Counted) {
    let (events, until) = (world.events(), world.now() + MEASURED);
    let before = Instant::now();
    world.run_until(until, sink);
    let (nanos, events) = (before.elapsed().as_nanos() as u64, world.events() - events);
    println!("{name} {} events/s", events * 1_000_000_000 / nanos.max(1));
    let delivered = sink.ledger.counts().delivered;
    if delivered > 0 {
        println!("{name} {} ns/delivered-record", nanos / delivered);
        println!("{name} {:.2} events/delivered-record", events as f64 / delivered as f64);
    }
}

/// 3 brokers, 12 partitions, RF 3, three producers at 1,000 records/s, three consumers.
fn busy_cluster() -> World {
    let mut world = World::new(&Setup::new(3, 1), 1);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut sim::NoFacts);
    let text = |text: &str| text.into();
    let mut commands = vec![Command::CreateTopic {
        name: text("orders"),
        partitions: Some(12),
        replication_factor: Some(3),
        assignments: Vec::new(),
        configs: Default::default(),
        timeout_ms: None,
    }];
    for number in 1..=3 {
        commands.push(Command::AddProducer {
            name: format!("producer-{number}").into(),
            topic: text("orders"),
            keys: vec![text("key-")],
            random_keys: Some(1_000),
            interval: Some(1_000_000),
            value_size: 100,
            limit: None,
            configs: Default::default(),
        });
        commands.push(Command::AddConsumer {
            name: format!("consumer-{number}").into(),
            group: text("readers"),
            topics: vec![text("orders")],
            processing: 0,
            configs: Default::default(),
        });
    }
    for command in commands {
        if let Err(error) = world.apply(&command, &mut sim::NoFacts) {
            println!("bench: {error}");
        }
        let next = world.now() + Span::from_millis(300);
        world.run_until(next, &mut sim::NoFacts);
    }
    world
}

#[derive(Default)]
struct Counted {
    wants: bool,
    ledger: Ledger,
}

impl FactSink for Counted {
    fn fact(&mut self, at: Time, _process: base::ProcessId, fact: Fact) {
        self.ledger.note(at, &fact);
    }
    fn wants_facts(&self) -> bool {
        self.wants
    }
}
