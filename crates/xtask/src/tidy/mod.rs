//! `cargo xtask tidy`: the rules of the house, as data and as code that reads every file.
//!
//! It judges files and manifests itself, then asks rustfmt and clippy. It never changes anything.

mod count;
mod crates;
mod names;
mod silent;
mod sources;
mod speech;
mod texts;

pub use count::{run as count, run_silent as count_silent};

use crate::shell;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// What was found; problems fail the command, warnings ask for a thought.
#[derive(Debug, Default)]
pub struct Findings {
    pub problems: Vec<String>,
    pub warnings: Vec<String>,
}

/// Checks everything.
pub fn run() -> Result<()> {
    let mut findings = Findings::default();
    let files = files()?;
    crates::check(&mut findings)?;
    sources::check(&files, &mut findings)?;
    speech::check(&files, &mut findings)?;
    texts::check(&files, &mut findings)?;
    for warning in &findings.warnings {
        println!("think: {warning}");
    }
    ask("formatting (remedy: cargo fmt)", &["fmt", "--all", "--check"], &mut findings);
    // The profiles of the tests and of the page, so that macros are built once for both uses.
    let host = ["clippy", "--locked", "--quiet", "--profile", "fuzz", "--workspace", "--all-targets", "--all-features"];
    ask("clippy", &[&host[..], &["--", "-D", "warnings"]].concat(), &mut findings);
    let page = ["clippy", "--locked", "--quiet", "--profile", "web", "-p", "blumfeld-web"];
    let target = ["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
    ask("clippy of the page", &[&page[..], &target].concat(), &mut findings);
    for problem in &findings.problems {
        println!("wrong: {problem}");
    }
    println!(
        "tidy: {} files, {} wrong, {} to think about",
        files.len(),
        findings.problems.len(),
        findings.warnings.len()
    );
    if !findings.problems.is_empty() {
        bail!("not tidy");
    }
    Ok(())
}

/// What others judge: rustfmt and clippy.
fn ask(what: &str, arguments: &[&str], findings: &mut Findings) {
    if let Err(error) = shell::run(shell::cargo().args(arguments)) {
        findings.problems.push(format!("{what}: {error}"));
    }
}

/// Every file that is, or would be, committed; relative to the repository.
fn files() -> Result<Vec<PathBuf>> {
    let list = shell::capture(shell::command("git").args(["ls-files", "-co", "--exclude-standard", "-z"]))?;
    let mut files: Vec<PathBuf> = list.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    files.retain(|file| shell::root().join(file).is_file());
    files.sort();
    Ok(files)
}
