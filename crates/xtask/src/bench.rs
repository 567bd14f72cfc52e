//! `cargo xtask bench`: the numbers of the README, measured here and now. One line each: `name value unit`.
//!
//! Times shake on a busy machine, instructions do not: they are counted by valgrind's callgrind around the measured part
//! only, where valgrind is there.

use crate::workspace::Workspace;
use crate::{page, portable, shell, size, stages, tools::Tools};
use anyhow::Result;
use std::path::Path;
use std::process::Stdio;

/// Clusters whose instructions are counted: the small one, the same with many partitions, and a large one with many
/// groups. `engine/grid` takes an hour.
const COUNTED: [&str; 4] = ["engine/3/12", "engine/3/1000", "engine/50/500/20", "engine/quiet"];
/// The function between whose beginning and end is counted (`bench/engine.rs` of `blumfeld`).
const MEASURED: &str = "*engine::stretch*";

/// Measures engine and page.
pub fn run() -> Result<()> {
    let tools = Tools::for_browser_tests()?;
    page::build_with(&tools)?;
    // Each in a process of its own: memory that one gave back would not count for the other.
    for part in ["rewind", "engine", "pace"] {
        let native = ["run", "--locked", "--quiet", "--release", "--package", "blumfeld-cli", "--", "bench", part];
        shell::lines(shell::cargo().args(native), |line| println!("native-{line}"))?;
    }
    instructions(&[])?;
    for line in portable::wasm(&tools, "bench")?.lines() {
        println!("wasm-{line}");
    }
    println!("first-load-brotli {} bytes", size::first_load()?);
    shell::run(&mut stages::node(&tools, "tests/browser/bench.mjs")?)
}

/// Counts instructions per event of the clusters named, or of [`COUNTED`].
pub fn instructions(names: &[&str]) -> Result<()> {
    let Some(valgrind) = shell::find("valgrind") else {
        println!("instructions are not counted: valgrind is not installed here");
        return Ok(());
    };
    shell::run(shell::cargo().args(["build", "--locked", "--quiet", "--release", "--package", "blumfeld-cli"]))?;
    let program = Workspace::read()?.target_folder().join("release/blumfeld");
    for name in if names.is_empty() { &COUNTED } else { names } {
        count(&valgrind, &program, name)?;
    }
    Ok(())
}

/// Counts one of them, and prints its line.
fn count(valgrind: &Path, program: &Path, name: &str) -> Result<()> {
    let mut command = shell::command(valgrind);
    command.args(["--tool=callgrind", "--collect-atstart=no", "--callgrind-out-file=/dev/null"]);
    command.arg(format!("--toggle-collect={MEASURED}")).arg(program).args(["bench", name]);
    let output = command.stderr(Stdio::piped()).output()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let counted = told.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse::<u64>().ok());
    let events = String::from_utf8_lossy(&output.stdout).lines().filter_map(measured_events).sum::<u64>();
    match counted.and_then(|counted| counted.checked_div(events)) {
        Some(each) => println!("native-{name} {each} instructions/event"),
        None => println!("native-{name} is not counted: {}", told.lines().last().unwrap_or("valgrind said nothing")),
    }
    Ok(())
}

/// Of a line like `engine/3/12/1 59922 measured-events`.
fn measured_events(line: &str) -> Option<u64> {
    line.strip_suffix(" measured-events")?.split(' ').next_back()?.parse().ok()
}
