//! What travelling in time costs: a run of a million events in the laboratory itself, with its
//! checkpoints, marks, ledger and checks, as the page keeps it.
//!
//! `rewind/play` events per second through `Lab`; `rewind/history` bytes that the run takes;
//! `rewind/checkpoint` bytes that one of its checkpoints does not share with the next; `rewind/seek` and `rewind/step-back` from anywhere to anywhere; `rewind/link`.

use super::memory::{processor_time, resident_bytes};
use base::{Draw, Rng, Time};
use lab::{Intent, Lab, Run, Tempo};
use script::Scenario;
use std::time::{Duration, Instant};

/// Events of the run.
const EVENTS: u64 = 1_000_000;
/// Measured moves of each sort.
const MOVES: usize = 60;
/// Checkpoints that are weighed, and events between two of them.
const KEPT: u64 = 20;
/// Events between two checkpoints.
const SPACING: u64 = 16_000;
/// Actions of the linked run.
const ACTIONS: usize = 500;

/// 3 brokers, 12 partitions, RF 3, three producers at 1,000 records/s, three consumers.
pub const BUSY: &str = "title: Busy
seed: 1
brokers: 3
controllers: 1
open: 8s
@5s create-topic orders partitions=12 rf=3
@5300ms add-producer p1 orders keys=a,b,c every=1ms
@5600ms add-producer p2 orders keys=d,e,f every=1ms
@5900ms add-producer p3 orders keys=g,h,i every=1ms
@6200ms add-consumer c1 readers orders
@6500ms add-consumer c2 readers orders
@6800ms add-consumer c3 readers orders
";

/// Runs all of them.
pub fn run() {
    let before = resident_bytes();
    // `play` has said why.
    let Some(mut lab) = play() else { return };
    if let Some((before, after)) = before.zip(resident_bytes()) {
        println!("rewind/history {} bytes at {} events", after.saturating_sub(before), lab.run().world.events());
    }
    let (sparse, dense) = lab.history().branch().checkpoint_count();
    println!("rewind/history {sparse} checkpoints and {dense} near the playhead");
    println!("rewind/history {} bytes of it are marks", lab.history().branch().marks_size());
    let mut rng = Rng::new(3, 1);
    let (opens, end) = (lab.scenario().opens_at, lab.now());
    let mut targets = || Time(opens.0 + rng.below_u64(end.0 - opens.0));
    let mut times = Vec::new();
    let mut back = Vec::new();
    for _ in 0..MOVES {
        times.push(timed(&mut lab, Intent::Seek(targets())));
        back.push(timed(&mut lab, Intent::StepBack));
    }
    print("rewind/seek", &times);
    print("rewind/step-back", &back);
    checkpoints(lab.run());
    link();
}

/// What one checkpoint holds that its neighbours do not share: the same events with and without.
fn checkpoints(run: &Run) {
    // Only Linux tells how much a process holds.
    let Some(before) = resident_bytes() else { return };
    let (without, _) = on(run.clone(), false);
    let between = resident_bytes().unwrap_or_default();
    let (with, kept) = on(run.clone(), true);
    let after = resident_bytes().unwrap_or_default();
    let (plain, all) = (between.saturating_sub(before), after.saturating_sub(between));
    println!("rewind/checkpoint {} bytes not shared, {SPACING} events apart", all.saturating_sub(plain) / KEPT);
    println!("rewind/checkpoint {} bytes per 1,000 events without any", plain * 1_000 / (KEPT * SPACING));
    drop((without, with, kept));
}

/// Goes on with it, and keeps copies on the way or not.
fn on(mut run: Run, keeps: bool) -> (Run, Vec<Run>) {
    let (mut kept, mut facts) = (Vec::new(), Vec::new());
    for event in 0..KEPT * SPACING {
        if keeps && event % SPACING == 0 {
            kept.push(run.clone());
        }
        run.step(Time::MAX, &mut facts);
        facts.clear();
    }
    (run, kept)
}

/// The run, played as fast as it goes.
fn play() -> Option<Lab> {
    let scenario = match Scenario::parse(BUSY) {
        Ok(scenario) => scenario,
        Err(error) => {
            println!("rewind: {error}");
            return None;
        }
    };
    let mut lab = Lab::new(scenario);
    let _ = lab.dispatch(Intent::Tempo(Tempo::Manual(10.0)));
    let _ = lab.dispatch(Intent::Play);
    let (first, start) = (lab.run().world.events(), Instant::now());
    while lab.run().world.events() < EVENTS {
        lab.advance(0.1, 100_000);
    }
    let (events, nanos) = (lab.run().world.events() - first, start.elapsed().as_nanos() as u64);
    println!("rewind/play {} events/s", events * 1_000_000_000 / nanos.max(1));
    let _ = lab.dispatch(Intent::Pause);
    Some(lab)
}

/// What a move takes: by the wall clock, and of the processor's time.
fn timed(lab: &mut Lab, intent: Intent) -> [Duration; 2] {
    let (start, processor) = (Instant::now(), processor_time());
    let done = lab.dispatch(intent);
    let took = [start.elapsed(), processor_time().saturating_sub(processor)];
    if let Err(error) = done {
        println!("rewind: {error}");
    }
    took
}

fn print(name: &str, times: &[[Duration; 2]]) {
    for (clock, what) in ["", " of processor time"].into_iter().enumerate() {
        let mut times: Vec<Duration> = times.iter().map(|took| took[clock]).collect();
        times.sort();
        for (percent, word) in [(50, "p50"), (95, "p95"), (100, "max")] {
            let place = (times.len() * percent).div_ceil(100).max(1) - 1;
            println!("{name} {} us {word}{what}", times[place].as_micros());
        }
    }
}

/// What a person may do to the opening scene, over and over.
const LINES: &[&str] = &[
    "kill 2",
    "start 2",
    "send web hello key=order-1",
    "send app v2 key=order-3",
    "stop billing-1",
    "start billing-1",
    "cut 1 3",
    "heal 1 3",
    "pace web 250ms",
    "pause 3",
    "resume 3",
    "heal-all",
];

/// The link of a run with many actions.
fn link() {
    let mut lab = Lab::new(Scenario::opening());
    let mut rng = Rng::new(7, 1);
    let mut done = 0;
    for _ in 0..ACTIONS * 20 {
        if done == ACTIONS {
            break;
        }
        let gap = 100_000 * u64::from(1 + rng.below(400));
        let _ = lab.dispatch(Intent::Seek(Time((lab.now().0 + gap) / 100_000 * 100_000)));
        let line = LINES[rng.below(LINES.len() as u32) as usize];
        done += usize::from(lab.dispatch(Intent::Line(line.into())).is_ok());
    }
    println!("rewind/link {} characters for {done} actions", lab.share().map_or(0, |link| link.len()));
}
