//! How long the longest single event takes: a page works in slices, but not within one event.
//!
//! `event/wide` a topic of 4,900 partitions with three replicas that is made, loses brokers, gets them back and goes;
//! `event/topics` 4,000 topics made one after the other, beside it a tenth as many: what an event costs must not grow
//! with what there is besides. What the pace asks about each of them, as in the page, is in it.

use lab::{Allowance, Budget, Intent, Lab};
use script::Scenario;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The least of so many runs counts: on a busy machine the neighbours are in the others.
const ROUNDS: usize = 3;

const WIDE: &str = "title: Wide
brokers: 3
controllers: 1
open: 1s
@5s create-topic wide partitions=4900 rf=3
@12s kill 2
@25s start 2
@40s stop 3
@50s start 3
@95s delete-topic wide
@100s list-topics
";

/// Runs those whose names begin with `filter`.
pub fn run(filter: &str) {
    if "event/wide".starts_with(filter) {
        tell("event/wide", WIDE);
    }
    for topics in [400, 4_000] {
        if "event/topics".starts_with(filter) {
            tell(&format!("event/topics/{topics}"), &topics_in_turn(topics));
        }
    }
}

fn topics_in_turn(count: u64) -> String {
    let mut text = "title: Topics\nbrokers: 3\ncontrollers: 1\nopen: 1s\n".to_owned();
    for topic in 0..count {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "@{}ms create-topic t{topic} partitions=1 rf=3", 5_000 + topic * 5);
    }
    text
}

fn tell(name: &str, text: &str) {
    let scenario = match Scenario::parse(text) {
        Ok(scenario) => scenario,
        Err(error) => return println!("{name}: {error}"),
    };
    let longest = (0..ROUNDS).map(|_| longest(scenario.clone())).min().unwrap_or_default();
    println!("{name} {:.1} ms for the longest event", longest.as_secs_f64() * 1e3);
}

fn longest(scenario: Scenario) -> Duration {
    let end = scenario.commands.last().map(|last| last.at()).unwrap_or_default();
    let mut lab = Lab::new(scenario).telling(view::picture::saying);
    lab.set_budget(Budget { past: u64::MAX, ..Budget::default() });
    if let Err(error) = lab.set_about(Intent::Seek(end)) {
        println!("event: {error:?}");
    }
    let mut longest = Duration::ZERO;
    while lab.distance().is_some() {
        let start = Instant::now();
        lab.travel(&mut Allowance::events(1));
        longest = longest.max(start.elapsed());
    }
    longest
}
