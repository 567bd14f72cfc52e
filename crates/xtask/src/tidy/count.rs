//! `cargo xtask tidy --count`: how much of the code is comment, per crate; with `--silent`, where the code gives up without a word.
//!
//! It counts and never fails: what a rule may demand is in `sources`. Counted are the Rust files of `crates/`, tests apart: no file in
//! a folder `tests`, `benches` or `examples`, no module or item that only tests compile. A line that begins with `//` (plain, of an item
//! or of a module) is comment, an empty line is nothing, any other line is code. The ratio is comment to code.

use super::{files, names, silent};
use crate::shell;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

/// Lines of one crate, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    code: usize,
    comment: usize,
}

impl AddAssign for Lines {
    fn add_assign(&mut self, other: Self) {
        self.code += other.code;
        self.comment += other.comment;
    }
}

/// A file that is part of what ships, with the lines that only tests compile made empty.
struct Source {
    file: PathBuf,
    text: String,
}

/// Prints the lines of each crate, of each floor and of all.
pub fn run() -> Result<()> {
    let mut crates: BTreeMap<String, Lines> = BTreeMap::new();
    for source in sources()? {
        let lines = lines(&source.text);
        for name in sums(&source.file) {
            *crates.entry(name).or_default() += lines;
        }
    }
    println!("{:<24}{:>8}{:>10}{:>8}", "crate", "code", "comments", "ratio");
    for (name, lines) in &crates {
        let ratio = lines.comment as f64 / lines.code.max(1) as f64;
        println!("{name:<24}{:>8}{:>10}{ratio:>8.3}", lines.code, lines.comment);
    }
    Ok(())
}

/// Prints every place where a missing value ends the work without a comment that says why that is right.
pub fn run_silent() -> Result<()> {
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources()? {
        let syntax = syn::parse_file(&source.text).with_context(|| format!("{}", source.file.display()))?;
        for line in silent::places(&syntax, &source.text) {
            let said = source.text.lines().nth(line - 1).unwrap_or_default().trim();
            println!("{}:{line}: {said}", source.file.display());
            for name in sums(&source.file) {
                *crates.entry(name).or_default() += 1;
            }
        }
    }
    for (name, count) in &crates {
        println!("{name:<24}{count:>6}");
    }
    Ok(())
}

/// Tests are left out wherever they stand.
fn sources() -> Result<Vec<Source>> {
    let (mut sources, mut of_tests) = (Vec::new(), Vec::new());
    for file in files()?.into_iter().filter(|file| counts(file)) {
        let text = fs::read_to_string(shell::root().join(&file))?;
        let syntax = syn::parse_file(&text).with_context(|| format!("{} does not parse", file.display()))?;
        let tests = names::tests_in(&file, &syntax, &mut of_tests);
        let kept = |(index, line)| if tests.iter().any(|each| each.contains(&(index + 1))) { "" } else { line };
        let text = text.lines().enumerate().map(kept).collect::<Vec<_>>().join("\n");
        sources.push(Source { file, text });
    }
    let of_tests: BTreeSet<PathBuf> = of_tests.into_iter().collect();
    sources.retain(|source| !source.file.ancestors().any(|part| of_tests.contains(&part.with_extension(""))));
    Ok(sources)
}

/// Is it a Rust file that ships?
fn counts(file: &Path) -> bool {
    let apart =
        |part: std::path::Component<'_>| matches!(part.as_os_str().to_str(), Some("tests" | "benches" | "examples"));
    let rust = file.extension().is_some_and(|extension| extension == "rs");
    rust && file.starts_with("crates") && !file.components().any(apart)
}

/// The sums that a file counts in: its crate, its floor, all. The sorted order puts a floor above its crates.
fn sums(file: &Path) -> Vec<String> {
    let parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        ["crates", "xtask", ..] => vec!["all".into(), "xtask".into()],
        ["crates", floor, name, ..] => vec!["all".into(), (*floor).into(), format!("{floor}/{name}")],
        _ => vec!["all".into()],
    }
}

/// By how lines begin.
fn lines(text: &str) -> Lines {
    let mut lines = Lines::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("//") {
            lines.comment += 1;
        } else {
            lines.code += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_all_kinds_count_and_empty_lines_do_not() {
        let text = "//! What.\n\n/// That.\nfn f() {\n    // Why.\n    g(); // beside\n}\n";
        assert_eq!(lines(text), Lines { code: 3, comment: 3 });
    }

    #[test]
    fn tests_are_apart_wherever_they_stand() {
        assert!(counts(Path::new("crates/core/log/src/log.rs")));
        assert!(!counts(Path::new("crates/core/log/tests/model.rs")));
        assert!(!counts(Path::new("tests/src/lib.rs")));
        let mut skipped = Vec::new();
        let text = "mod a;\n#[cfg(test)]\nmod bench;\n#[cfg(test)]\nmod tests {\n    fn f() {}\n}\n";
        let syntax = syn::parse_file(text).expect("valid Rust");
        let tests = names::tests_in(Path::new("crates/core/a/src/lib.rs"), &syntax, &mut skipped);
        assert_eq!(tests, [2..=3, 4..=7]);
        assert_eq!(skipped, [PathBuf::from("crates/core/a/src/bench")]);
    }

    #[test]
    fn a_file_counts_in_its_crate_its_floor_and_all() {
        assert_eq!(sums(Path::new("crates/core/log/src/log.rs")), ["all", "core", "core/log"]);
        assert_eq!(sums(Path::new("crates/xtask/src/main.rs")), ["all", "xtask"]);
    }
}
