//! The library for scripts as an npm folder: WebAssembly of its own, the scripts and types of `www/api` around it, the player
//! that the wrappers show. It is no part of a visit to the page; nothing there asks for it.

use crate::supply::notices;
use crate::workspace::{self, Workspace};
use crate::{page, portable, shell, size, tools::Tools};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Where it lies in the built page.
pub const FOLDER: &str = "api";
/// The crate that becomes the module.
const PACKAGE: &str = "blumfeld-js";
/// What lies beside it as it is.
const SOURCE: &str = "www/api";
/// What the folder contains of elsewhere.
const BESIDE: [&str; 3] = ["www/player/player.js", "LICENSE-APACHE", "LICENSE-MIT"];

/// Builds all of it, and says what it weighs.
pub fn write(tools: &Tools) -> Result<()> {
    let folder = page::folder().join(FOLDER);
    if folder.is_dir() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    engine(tools, &folder.join("engine"))?;
    copy(&shell::root().join(SOURCE), &folder)?;
    for file in BESIDE {
        let name = Path::new(file).file_name().context("a file has a name")?;
        fs::copy(shell::root().join(file), folder.join(name)).with_context(|| format!("cannot copy {file}"))?;
    }
    let linked = notices::write_of(PACKAGE, &folder)?;
    let module = fs::read(folder.join("engine").join(module()))?;
    let weight = size::weigh(&module);
    println!("{FOLDER}: {} bytes of WebAssembly, {} under brotli; {linked} packages", weight.raw, weight.brotli);
    Ok(())
}

fn module() -> String {
    format!("{}_bg.wasm", PACKAGE.replace('-', "_"))
}

/// Compiled as the page is, so that both share what is compiled; without the names that the page is cut by.
fn engine(tools: &Tools, folder: &Path) -> Result<()> {
    let compiled = workspace::build_wasm(&Workspace::read()?, PACKAGE)?;
    let mut bindgen = tools.command("wasm-bindgen")?;
    shell::run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(folder).arg(compiled))?;
    let file = folder.join(module());
    let mut optimiser = tools.command("wasm-opt")?;
    let passes = portable::page_optimiser()?.into_iter().filter(|pass| pass != "-g");
    shell::run(optimiser.args(passes).arg("--strip-debug").arg(&file).arg("-o").arg(&file))
}

/// A folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever installs it knows what he has.
    #[test]
    fn the_folder_has_the_version_of_the_workspace() {
        let manifest: serde_json::Value =
            serde_json::from_str(include_str!("../../../www/api/package.json")).expect("JSON");
        assert_eq!(manifest["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
        for exported in manifest["exports"].as_object().expect("exports").values() {
            let files = [exported.as_str(), exported["types"].as_str(), exported["default"].as_str()];
            for file in files.into_iter().flatten().filter(|file| !file.contains('*') && *file != "./player.js") {
                assert!(shell::root().join(SOURCE).join(file).is_file(), "{file} is exported and not there");
            }
        }
    }
}
