//! Whatever strangers can hand over as text (links, lines of the terminal, options of an address, messages, scenarios, files and pictures)
//! is read without a panic, in bounded time and memory; what is refused is refused in words, what is taken can be
//! written and read back as the same.
//!
//! Inputs are valid examples that were mutated, and noise, each drawn from a seed and a number. `PARSERS_SECONDS` says
//! how long each target runs (1; a minute in `cargo xtask test`), `PARSERS_COUNT` how many inputs it gets instead, `PARSERS_SEED` the seed, `PARSERS_TARGET` one target,
//! `PARSERS_INPUT` the number of one input.

mod corpus;
mod mutate;
mod page;
mod run;
mod targets;

use run::Limits;
use std::time::Duration;

/// What all inputs together may hold at once, both threads counted. A link may inflate to half a megabyte.
const MEMORY: usize = 64 << 20;
/// One input, on a machine that is busy with other things.
const TIME: Duration = Duration::from_secs(5);

#[global_allocator]
static MEASURED: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

#[test]
fn no_text_breaks_a_reader() {
    let seconds = number("PARSERS_SECONDS").unwrap_or(1);
    let limits = Limits {
        seed: number("PARSERS_SEED").unwrap_or(1),
        only: number("PARSERS_INPUT"),
        time: Duration::from_secs(seconds),
        count: number("PARSERS_COUNT"),
        per_input: TIME,
    };
    let wanted = std::env::var("PARSERS_TARGET").ok();
    let targets: Vec<_> =
        targets::ALL.iter().filter(|target| wanted.as_deref().is_none_or(|name| name == target.name)).collect();
    assert!(!targets.is_empty(), "no target is called {wanted:?}");
    let failures = run::all(&targets, &limits);
    let peak = MEASURED.peak_usage();
    println!("peak of memory: {} KB", peak >> 10);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(peak < MEMORY, "{} KB are more than any text may cost", peak >> 10);
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}
