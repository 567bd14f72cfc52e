//! What every text file must keep: no to-do without a reason, nothing of the machine it was written on, and a top
//! level that holds only what everybody expects there.

use super::Findings;
use crate::shell;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// All that may lie at the top besides files whose name begins with a dot.
const TOP_LEVEL: [&str; 15] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "Trunk.toml",
    "crates",
    "deny.toml",
    "docs",
    "index.html",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
    "www",
];

/// Data of others, kept as it came.
const FOREIGN: [&str; 2] = ["tests/conformance", "crates/xtask/advisories"];
/// It names what it forbids.
const THIS_FILE: &str = "crates/xtask/src/tidy/texts.rs";

/// Each wants a reason in brackets.
const TO_DO: [&str; 3] = ["TODO", "FIXME", "XXX"];
/// Beginnings of paths that exist on one machine only.
const MACHINE: [&str; 5] = ["/root/", "/home/", "/work/", "/Users/", "C:\\Users"];
/// The one that everybody has.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every file.
pub fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    for file in files {
        top_level(file, findings);
        if FOREIGN.iter().any(|folder| file.starts_with(folder)) || file == Path::new(THIS_FILE) {
            continue;
        }
        // Pictures and fonts are no text.
        let Ok(text) = fs::read_to_string(shell::root().join(file)) else { continue };
        for (index, line) in text.lines().enumerate() {
            if let Some(complaint) = complaint(file, line) {
                findings.problems.push(format!("{}:{} {complaint}", file.display(), index + 1));
            }
        }
    }
    Ok(())
}

fn top_level(file: &Path, findings: &mut Findings) {
    let first = file.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let first = first.unwrap_or_default();
    if !first.starts_with('.') && !TOP_LEVEL.contains(&first.as_str()) {
        findings.problems.push(format!("{}: nothing else belongs at the top level", file.display()));
    }
}

fn complaint(file: &Path, line: &str) -> Option<String> {
    if let Some(word) = TO_DO.iter().find(|word| says(line, word)) {
        return Some(format!("has a {word} without a reason: write {word}(why it is not done)"));
    }
    if let Some(path) = MACHINE.iter().find(|path| line.contains(*path)) {
        return Some(format!("names a folder of one machine ({path})"));
    }
    let locked = file.ends_with("Cargo.lock") && line.starts_with("source = ");
    if locked && !line.contains(REGISTRY) {
        return Some("locks a package that is not from crates.io".to_owned());
    }
    let settings = file.starts_with(".cargo") || file.ends_with(".npmrc");
    (settings && line.contains("registry")).then(|| "names a registry; that is each machine's own affair".to_owned())
}

/// Whether the line has the word, alone and without a reason in brackets.
fn says(line: &str, word: &str) -> bool {
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !before.ends_with(letter) && !after.starts_with(letter) && !after.starts_with('(')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_to_do_needs_a_reason() {
        let file = Path::new("a.rs");
        assert!(complaint(file, "// TODO: later").is_some());
        assert!(complaint(file, "// TODO(needs the new protocol)").is_none());
        assert!(complaint(file, "the TODOS file").is_none());
    }

    #[test]
    fn packages_come_from_the_public_registry() {
        let lock = Path::new("Cargo.lock");
        assert!(complaint(lock, "source = \"registry+https://mirror.example/index\"").is_some());
        assert!(complaint(lock, &format!("source = \"{REGISTRY}\"")).is_none());
    }
}
