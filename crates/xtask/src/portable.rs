//! The same scenarios natively and as WebAssembly under node: every event of a run, and every byte of the state after
//! it, must be the same.

use crate::workspace::{self, Suite, Workspace};
use crate::{shell, tools::Tools};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The crate that runs the scenarios.
const PACKAGE: &str = "blumfeld-portable";

/// Runs both and compares line by line.
pub fn compare(tools: &Tools, native: &Suite) -> Result<()> {
    let native = shell::capture(&mut native.command())?;
    let wasm = wasm(tools, "digests")?;
    if native.trim().is_empty() {
        bail!("no scenario ran");
    }
    for (native, wasm) in native.lines().zip(wasm.lines()) {
        if native != wasm {
            bail!("digests differ\n  native {native}\n  wasm   {wasm}");
        }
        println!("{native}");
    }
    if native.lines().count() != wasm.lines().count() {
        bail!("native and wasm ran different numbers of scenarios");
    }
    println!("{} scenarios, equal run and state digests", native.lines().count());
    Ok(())
}

/// What one function of the library gives under node.
pub fn wasm(tools: &Tools, function: &str) -> Result<String> {
    let folder = build(tools)?;
    let library = folder.join(PACKAGE.replace('-', "_"));
    let script = format!("process.stdout.write(require(process.argv[1]).{function}())");
    shell::capture(tools.command("node")?.args(["-e", &script]).arg(library))
}

/// Built as the page is, so that both share what is compiled.
fn build(tools: &Tools) -> Result<PathBuf> {
    let workspace = Workspace::read()?;
    let compiled = workspace::build_wasm(&workspace, PACKAGE)?;
    let folder = workspace.target_folder().join("portable");
    let mut bindgen = tools.command("wasm-bindgen")?;
    shell::run(bindgen.args(["--target", "nodejs", "--no-typescript", "--out-dir"]).arg(&folder).arg(compiled))?;
    let module = folder.join(format!("{}_bg.wasm", PACKAGE.replace('-', "_")));
    let mut optimiser = tools.command("wasm-opt")?;
    shell::run(optimiser.arg("-Oz").arg(&module).arg("-o").arg(&module))?;
    Ok(folder)
}
