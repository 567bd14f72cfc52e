//! The same scenarios natively and as WebAssembly under node: every event of a run, and every byte of the state after
//! it, must be the same.

use crate::workspace::{self, Suite, Workspace};
use crate::{shell, tools::Tools};
use anyhow::{Context, Result, bail};
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
    shell::run(optimiser.args(page_optimiser()?).arg(&module).arg("-o").arg(&module))?;
    Ok(folder)
}

/// The arguments that `index.html` gives wasm-opt for the page: what is compared and measured here is what is loaded
/// there.
pub fn page_optimiser() -> Result<Vec<String>> {
    let page = std::fs::read_to_string(shell::root().join("index.html")).context("cannot read index.html")?;
    let level = attribute(&page, "data-wasm-opt").context("index.html has no data-wasm-opt")?;
    let passes = attribute(&page, "data-wasm-opt-params").context("index.html has no data-wasm-opt-params")?;
    Ok(std::iter::once(format!("-O{level}")).chain(passes.split_whitespace().map(str::to_owned)).collect())
}

/// The value of the first attribute of that name.
fn attribute<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = page.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passes_of_the_page_are_used() {
        let passes = page_optimiser().expect("index.html names them");
        assert_eq!(passes.first().map(String::as_str), Some("-O1"));
        assert_eq!(passes.last().map(String::as_str), Some("--reorder-functions-by-name"));
    }
}
