//! Reading what test programs print: totals, and how many cases of each vector file ran.

use crate::shell;
use anyhow::Result;
use std::process::Command;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub passed: u64,
    pub failed: u64,
}

impl Totals {
    /// Both together.
    pub fn add(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Of a test that is a program.
    pub fn one(passed: bool) -> Totals {
        Totals { passed: passed.into(), failed: (!passed).into() }
    }
}

/// How much of a program's output is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Each line as it comes.
    Everything,
    /// Counts of vector cases; everything when it fails.
    Counts,
}

/// Runs one test program and prints what is to be shown as it comes.
pub fn run(command: &mut Command, show: Show) -> Result<Totals> {
    watch(command, show, |line| println!("{line}"))
}

/// The same, told to whoever gathers it: programs that run beside each other would print into each other.
pub fn watch(command: &mut Command, show: Show, mut say: impl FnMut(&str)) -> Result<Totals> {
    let (mut totals, mut kept) = (Totals::default(), Vec::new());
    let succeeded = shell::lines(command, |line| {
        totals.add(result(line).unwrap_or_default());
        if show == Show::Everything || is_count(line) {
            say(line);
        } else {
            kept.push(line.to_owned());
        }
    })?;
    if !succeeded {
        kept.iter().for_each(|line| say(line));
        totals.failed = totals.failed.max(1);
    } else if totals == Totals::default() {
        say(&format!("no test ran in {}", command.get_program().to_string_lossy()));
    }
    Ok(totals)
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; …`
fn result(line: &str) -> Option<Totals> {
    let numbers = line.strip_prefix("test result: ")?.split(". ").nth(1)?;
    let number = |word: &str| {
        let part = numbers.split("; ").find_map(|part| part.strip_suffix(word))?;
        part.trim().parse().ok()
    };
    Some(Totals { passed: number("passed")?, failed: number("failed")? })
}

/// `murmur2.json: ran 56 of 56`, and lines that say what could not be tried.
fn is_count(line: &str) -> bool {
    let counts = line.split_once(": ran ").is_some_and(|(_, rest)| rest.contains(" of "));
    counts || line.contains("not built yet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_from_the_result_line() {
        let line = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(result(line), Some(Totals { passed: 12, failed: 1 }));
        assert_eq!(result("test a ... ok"), None);
    }

    #[test]
    fn counts_of_vector_cases_are_shown() {
        assert!(is_count("murmur2.json: ran 56 of 56"));
        assert!(!is_count("test murmur2 ... ok"));
    }
}
