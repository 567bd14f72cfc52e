//! `cargo xtask bench`: the numbers of the README, measured here and now. One line each: `name value unit`.

use crate::{page, portable, shell, size, stages, tools::Tools};
use anyhow::Result;

/// Measures engine and page.
pub fn run() -> Result<()> {
    let tools = Tools::for_browser_tests()?;
    page::build_with(&tools)?;
    // Each in a process of its own: memory that one gave back would not count for the other.
    for part in ["rewind", "engine", "pace"] {
        let native = ["run", "--locked", "--quiet", "--release", "--package", "blumfeld-cli", "--", "bench", part];
        shell::lines(shell::cargo().args(native), |line| println!("native-{line}"))?;
    }
    for line in portable::wasm(&tools, "bench")?.lines() {
        println!("wasm-{line}");
    }
    println!("first-load-brotli {} bytes", size::first_load()?);
    shell::run(&mut stages::node(&tools, "tests/browser/bench.mjs")?)
}
