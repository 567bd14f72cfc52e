//! The tools that the page and its tests need, with the versions that were proved to work together.
//!
//! Only trunk and wasm-bindgen are compiled; everything else is fetched ready-made. wasm-bindgen's version is the one
//! in `Cargo.lock`, because crate and tool must agree.

use crate::cache::{self, Tool};
use crate::{chromium, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const PLAYWRIGHT: &str = "1.65.1";
const AXE: &str = "4.14.1";
const WASM: &str = "wasm32-unknown-unknown";

/// Where everything is.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Folders with programs, first one first.
    folders: Vec<PathBuf>,
    /// The browser and playwright's folder, when they were asked for.
    pub browser: Option<Browser>,
}

/// What the browser tests need.
#[derive(Clone, Debug)]
pub struct Browser {
    pub chromium: PathBuf,
    /// The folder that holds `playwright-core` and `axe-core`.
    pub modules: PathBuf,
}

impl Tools {
    /// All that builds the page.
    pub fn for_page() -> Result<Tools> {
        wasm_target()?;
        let trunk = trunk()?.join("bin");
        let bindgen = wasm_bindgen()?.join("bin");
        let optimiser = binaryen()?.join("node_modules").join(".bin");
        Ok(Tools { folders: vec![trunk, bindgen, optimiser], browser: None })
    }

    /// That, and a browser.
    pub fn for_browser_tests() -> Result<Tools> {
        Tools::for_page()?.with_browser()
    }

    /// These, and a browser.
    pub fn with_browser(self) -> Result<Tools> {
        let modules = playwright()?.join("node_modules");
        let chromium = chromium::find_or_install()?;
        Ok(Tools { browser: Some(Browser { chromium, modules }), ..self })
    }

    /// A program that finds the tools on its PATH.
    pub fn command(&self, program: &str) -> Result<Command> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(std::env::split_paths(&path));
        let here = self.folders.iter().map(|folder| folder.join(program)).find(|file| file.is_file());
        let mut command = shell::command(here.unwrap_or_else(|| program.into()));
        command.env("PATH", std::env::join_paths(folders)?);
        Ok(command)
    }
}

fn wasm_target() -> Result<()> {
    let sysroot = shell::capture(shell::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).is_dir() {
        return Ok(());
    }
    eprintln!("Adding Rust's {WASM} target (20 MB).");
    let added = shell::run(shell::command("rustup").args(["target", "add", WASM]));
    added.with_context(|| format!("Rust cannot compile for the browser here. Remedy: rustup target add {WASM}"))
}

fn trunk() -> Result<PathBuf> {
    let folder = format!("trunk-{TRUNK}");
    let tool = Tool { folder: &folder, proof: "bin/trunk", estimate: "compiles for 5 to 8 minutes, once" };
    // Without its lock file it does not compile with today's dependencies.
    cache::ensure(&tool, |place| install(place, &["trunk", "--version", TRUNK, "--locked"]))
}

fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    let folder = format!("wasm-bindgen-{version}");
    let tool = Tool { folder: &folder, proof: "bin/wasm-bindgen", estimate: "compiles for 2 to 4 minutes, once" };
    cache::ensure(&tool, |place| install(place, &["wasm-bindgen-cli", "--version", &version]))
}

fn binaryen() -> Result<PathBuf> {
    let folder = format!("binaryen-{BINARYEN}");
    let tool = Tool { folder: &folder, proof: "node_modules/.bin/wasm-opt", estimate: "104 MB on disk, seconds" };
    cache::ensure(&tool, |place| npm(place, &[&format!("binaryen@{BINARYEN}")]))
}

fn playwright() -> Result<PathBuf> {
    let folder = format!("playwright-core-{PLAYWRIGHT}-axe-core-{AXE}");
    let tool = Tool { folder: &folder, proof: "node_modules/axe-core/axe.min.js", estimate: "16 MB, seconds" };
    cache::ensure(&tool, |place| npm(place, &[&format!("playwright-core@{PLAYWRIGHT}"), &format!("axe-core@{AXE}")]))
}

/// Compiles a program of crates.io. Its objects stay beside the tools until it is done: an interrupted
/// installation goes on where it was.
fn install(place: &Path, arguments: &[&str]) -> Result<()> {
    let objects = cache::folder()?.join("build");
    let mut cargo = shell::cargo();
    cargo.args(["install", "--root"]).arg(place).args(arguments).env("CARGO_TARGET_DIR", &objects);
    // Not in the repository: its cargo configuration is about our own crates.
    cargo.current_dir(place);
    shell::run(&mut cargo).context("cargo could not install it. Is crates.io reachable?")?;
    let _ = std::fs::remove_dir_all(objects);
    Ok(())
}

fn npm(place: &Path, packages: &[&str]) -> Result<()> {
    if shell::find("npm").is_none() || shell::find("node").is_none() {
        bail!("npm is missing. Remedy: install Node.js 18 or later, with npm (on Debian: apt-get install nodejs npm)");
    }
    let mut npm = shell::command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(place).args(packages).current_dir(place);
    shell::run(&mut npm).context("npm could not install it. Is its registry reachable?")
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(shell::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    version_in(&lock, package).with_context(|| format!("{package} is not in Cargo.lock"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_named_package_is_found() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \
                    \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "yew"), None);
    }
}
