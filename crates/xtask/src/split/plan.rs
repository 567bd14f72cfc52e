//! Which functions come later: those of the parts that are named, and whatever nothing else needs.

use super::program::Program;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is shorter than this stays, in bytes: what stands for it would be as long.
const LEAST: usize = 32;

/// Ends a part that is a whole name, under which others lie that stay.
pub const EXACTLY: char = '=';

/// Where each function goes.
pub struct Plan {
    /// Those that come later.
    pub later: BTreeSet<u32>,
    /// Those of them that the first part calls, each with its places in the table.
    pub entries: BTreeMap<u32, Vec<u32>>,
    /// Those of the first part that the later one calls.
    pub lent: BTreeSet<u32>,
    /// Places of the table that there were before.
    pub places: u32,
    /// The function that fetches the later part.
    pub whole: u32,
    /// Where in memory constants lie that come later, in order.
    pub constants: Vec<Range<u32>>,
}

impl Plan {
    /// Parts are beginnings of names. Functions from `moved` on are branches, which all come later.
    pub fn new(program: &Program<'_>, whole: u32, parts: &[&str], moved: u32) -> Result<Plan> {
        let uses = (0..program.functions.len() as u32).map(|each| program.uses(each)).collect::<Result<Vec<_>>>()?;
        let cut = |function: &u32| {
            let branch = *function >= moved;
            branch
                || program.size(*function) >= LEAST
                    && program.names.get(function).is_some_and(|name| is_of(name, parts))
        };
        let first = reached(program, whole, &uses, &cut);
        let later = (program.imported..program.functions.len() as u32).filter(|each| !first.contains(each));
        let later: BTreeSet<u32> = later.collect();
        let called = |from: &BTreeSet<u32>| -> BTreeSet<u32> {
            from.iter().flat_map(|function| uses[*function as usize].iter().copied()).collect()
        };
        let lent: BTreeSet<u32> = called(&later).difference(&later).copied().collect();
        let mut entries: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (place, function) in &program.table {
            if later.contains(function) {
                entries.entry(*function).or_default().push(*place);
            }
        }
        let Some(table) = program.tables.first() else { bail!("the program has no table") };
        let places = table.initial as u32;
        let mut next = places;
        for function in called(&first).intersection(&later) {
            entries.entry(*function).or_insert_with(|| {
                next += 1;
                vec![next - 1]
            });
        }
        Ok(Plan { later, entries, lent, places, whole, constants: Vec::new() })
    }

    /// The functions of the first part.
    pub fn stays(&self, program: &Program<'_>) -> BTreeSet<u32> {
        (0..program.functions.len() as u32).filter(|function| !self.later.contains(function)).collect()
    }

    /// Where the later part will be found.
    pub fn place(&self, function: u32) -> Option<u32> {
        self.entries.get(&function).and_then(|places| places.first().copied())
    }

    /// The place of a function that comes later where the program itself had put it into the table.
    pub fn stub(&self, function: u32) -> Option<u32> {
        self.place(function).filter(|place| *place < self.places)
    }

    /// How many functions had no place in the table and need one.
    pub fn added(&self) -> u32 {
        self.entries.values().filter(|places| places[0] >= self.places).count() as u32
    }
}

/// Everything that can be called without going through what is cut. What is called from outside stays.
fn reached(program: &Program<'_>, whole: u32, uses: &[Vec<u32>], cut: &dyn Fn(&u32) -> bool) -> BTreeSet<u32> {
    let mut open: Vec<u32> = program.called.clone();
    open.push(whole);
    open.extend(program.table.values().filter(|function| !cut(function)));
    open.extend(0..program.imported);
    let mut reached: BTreeSet<u32> = open.iter().copied().collect();
    while let Some(function) = open.pop() {
        for next in &uses[function as usize] {
            if !cut(next) && reached.insert(*next) {
                open.push(*next);
            }
        }
    }
    reached
}

/// Whether a function's name begins with one of the parts, or is about a type of theirs.
fn is_of(name: &str, parts: &[&str]) -> bool {
    let name = about(name);
    parts.iter().any(|part| match part.strip_suffix(EXACTLY) {
        Some(whole) => name == whole,
        None => name.strip_prefix(part).is_some_and(|rest| !rest.starts_with(is_letter)),
    })
}

/// A name without what comes before that of its type.
pub fn about(name: &str) -> &str {
    let name = name.strip_prefix("core::ptr::drop_in_place::").unwrap_or(name);
    name.trim_start_matches(['<', '&', '(', '[', '*']).trim_start_matches("mut ").trim_start_matches("dyn ")
}

/// Of a name: what may not go on where the name of a part ends.
pub fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_belong_to_the_part_of_their_type() {
        let parts = ["script::cli", "view::text::zh", "view::Way>="];
        assert!(is_of("script::cli::run", &parts));
        assert!(is_of("<&mut script::cli::Line as core::fmt::Display>::fmt", &parts));
        assert!(!is_of("script::link::read", &parts));
        assert!(!is_of("script::client", &parts));
        assert!(is_of("core::ptr::drop_in_place::<script::cli::Line>", &parts));
        assert!(is_of("core::ptr::drop_in_place::<view::Way>", &parts));
        assert!(!is_of("<view::Way>::go", &parts));
        assert!(!is_of("alloc::vec::Vec<script::cli::Line>>::push", &parts));
    }
}
