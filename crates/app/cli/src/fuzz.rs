//! `blumfeld fuzz`: random faults from the command line (`chaos`), some runs at a time. What fails is printed as a link
//! and, made short, as command lines.

use crate::{Ending, Failure, number, unexpected};
use chaos::mutants::{self, MUTANTS};
use chaos::{Flavour, Plan, RunResult, Totals};
use lexopt::Parser;
use lexopt::prelude::*;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Failing runs that are made short; each takes a hundred runs more.
const SHRUNK: usize = 3;

/// As they were given.
struct Options {
    seeds: Option<u64>,
    first: u64,
    flavour: Option<Flavour>,
    jobs: u64,
    what: What,
}

/// Random faults, or planted bugs.
enum What {
    Faults,
    Mutants,
}

/// Ends badly if a promise was broken: so that a script can tell.
pub fn run(mut parser: Parser) -> Result<Ending, Failure> {
    let mut options = Options { seeds: None, first: 1, flavour: None, jobs: 2, what: What::Faults };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seeds") => options.seeds = Some(number(&mut parser, "seeds", 1)?),
            Long("first") => options.first = number(&mut parser, "first", 0)?,
            Long("jobs") => options.jobs = number(&mut parser, "jobs", 1)?,
            Long("flavour") => options.flavour = Some(flavour(&parser.value()?.string()?)?),
            Long("mutants") => options.what = What::Mutants,
            other => return Err(unexpected(other)),
        }
    }
    match options.what {
        What::Faults => faults(&options),
        What::Mutants => planted(options.seeds.unwrap_or(400)),
    }
}

fn flavour(name: &str) -> Result<Flavour, Failure> {
    Flavour::named(name).ok_or_else(|| Failure::Usage(format!("there is no kind of faults '{name}'")))
}

/// All seeds, then the sums.
fn faults(options: &Options) -> Result<Ending, Failure> {
    let seeds = options.seeds.unwrap_or(200);
    let (next, found) = (AtomicU64::new(0), Mutex::new(Found::default()));
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.min(seeds) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= seeds {
                        return;
                    }
                    one(options, options.first.saturating_add(index), &found);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", found.totals)?;
    writeln!(out, "{seeds} runs from seed {} on, {} failed", options.first, found.failed)?;
    Ok(if found.failed == 0 { Ending::Well } else { Ending::Found })
}

/// What all of them together have seen.
#[derive(Default)]
struct Found {
    totals: Totals,
    failed: usize,
}

/// One seed; what fails is made short first.
fn one(options: &Options, seed: u64, found: &Mutex<Found>) {
    let plan = options.flavour.map_or_else(|| Plan::random(seed), |flavour| Plan::of(seed, flavour));
    let result = chaos::run(&plan);
    let position = {
        let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        found.totals.add(&result);
        found.failed += usize::from(result.failure.is_some());
        found.failed
    };
    if result.failure.is_some() {
        // A reader that has gone is no reason to stop looking.
        let _reader_gone = std::io::stdout().lock().write_all(report(plan, &result, position).as_bytes());
    }
}

/// The failing run as a link; the first ones also as short as they can be made.
fn report(plan: Plan, result: &RunResult, position: usize) -> String {
    let failure = result.failure.as_deref().unwrap_or_default();
    let link = |result: &RunResult| result.link.clone().unwrap_or_default();
    let mut text = format!("seed {} ({:?}): {failure}\n{}\n", plan.seed, plan.flavour, link(result));
    if position <= SHRUNK {
        let shrunk = chaos::shrink(plan, result);
        text += &format!("the same, made short:\n{}\n{shrunk}\n", link(&shrunk.result));
    }
    text
}

/// Every planted bug has to be caught.
fn planted(seeds: u64) -> Result<Ending, Failure> {
    if !mutants::BUILT_IN {
        let how = "this program was built without planted bugs: cargo run -p blumfeld-cli --features mutants -- fuzz \
                   --mutants";
        return Err(Failure::Other(anyhow::anyhow!(how)));
    }
    let mut ending = Ending::Well;
    for mutant in &MUTANTS {
        let line = match mutants::catch(mutant, seeds) {
            Some(caught) if caught.control.is_none() => {
                format!("{}: caught by seed {}: {}", mutant.name, caught.seed, caught.failure)
            }
            Some(caught) => {
                ending = Ending::Found;
                format!("{}: seed {} fails without it, too: {}", mutant.name, caught.seed, caught.failure)
            }
            None => {
                ending = Ending::Found;
                format!("{}: not caught in {seeds} runs", mutant.name)
            }
        };
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(ending)
}
