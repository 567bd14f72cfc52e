//! The tools that the page and its tests need, with the versions that were proved to work together.
//!
//! Only trunk and wasm-bindgen are compiled, without optimisation (what they write is the same, and they run for a
//! second): trunk with the lock file that its authors published and without its downloads, wasm-bindgen with
//! ours (`bindgen`); everything else is fetched ready-made, and `npm/package-lock.json` holds its hashes.
//! wasm-bindgen's version is the one in `Cargo.lock`, because crate and tool must agree.

use crate::cache::{self, Tool};
use crate::{chromium, shell};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the page.
const TRUNK: &str = "0.21.14";
/// What npm installs, and the hash of each package. No address stands there: which registry it is, is each machine's
/// own affair.
const NPM_MANIFEST: &str = include_str!("../npm/package.json");
/// Names the version of the browser's driver.
const NPM_LOCK: &str = include_str!("../npm/package-lock.json");
/// A download that fails once may succeed a moment later.
const ATTEMPTS: u32 = 2;
/// The package whose lock file names everything that the tool wasm-bindgen is made of.
pub const BINDGEN: &str = "crates/xtask/bindgen";
/// What the page is compiled for.
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
        let optimiser = node_modules()?.join(".bin");
        Ok(Tools { folders: vec![trunk, bindgen, optimiser], browser: None })
    }

    /// That, and a browser.
    pub fn for_browser_tests() -> Result<Tools> {
        Tools::for_page()?.with_browser()
    }

    /// These, and a browser.
    pub fn with_browser(self) -> Result<Tools> {
        let modules = node_modules()?;
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

/// With rustup, where it is missing.
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
    let tool = Tool { folder: &folder, proof: "bin/trunk", estimate: "compiles for about 2 minutes, once" };
    // Without its lock file it does not compile with today's dependencies. What it leaves out would look for newer
    // versions and fetch tools, which are ours to fetch.
    cache::ensure(&tool, |place| install(place, &["trunk", "--version", TRUNK, "--locked", "--no-default-features"]))
}

fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen")?;
    let folder = format!("wasm-bindgen-{version}");
    let tool = Tool { folder: &folder, proof: "bin/wasm-bindgen", estimate: "compiles for about a minute, once" };
    let ours = shell::root().join(BINDGEN);
    cache::ensure(&tool, |place| install(place, &["--path", &ours.to_string_lossy(), "--locked"]))
}

/// The folder with binaryen for the page, and playwright and axe for its tests.
fn node_modules() -> Result<PathBuf> {
    let folder = npm_folder(NPM_MANIFEST)?;
    let tool = Tool { folder: &folder, proof: "node_modules/.package-lock.json", estimate: "120 MB on disk, seconds" };
    Ok(cache::ensure(&tool, npm)?.join("node_modules"))
}

/// Every package with its version, as all tools have it in their folder's name.
fn npm_folder(manifest: &str) -> Result<String> {
    let manifest: serde_json::Value = serde_json::from_str(manifest).context("npm/package.json")?;
    let packages = manifest["dependencies"].as_object().context("npm/package.json names no packages")?;
    let names = packages.iter().map(|(name, version)| format!("-{name}-{}", version.as_str().unwrap_or_default()));
    Ok(format!("npm{}", names.collect::<String>()))
}

/// Compiles a program of crates.io. Its objects stay beside the tools until it is done: an interrupted
/// installation goes on where it was.
fn install(place: &Path, arguments: &[&str]) -> Result<()> {
    let objects = cache::folder()?.join("build");
    again("cargo could not install it. Is crates.io reachable?", || {
        let mut cargo = shell::cargo();
        cargo.args(["install", "--debug", "--root"]).arg(place).args(arguments).env("CARGO_TARGET_DIR", &objects);
        // Their own release profiles make one piece of all crates, which takes three times as long as compiling them.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "false").env("CARGO_PROFILE_DEV_OPT_LEVEL", "0");
        // Not in the repository: its cargo configuration is about our own crates.
        shell::run(cargo.current_dir(place))
    })?;
    let _ = std::fs::remove_dir_all(objects);
    Ok(())
}

/// Installs exactly what the lock file says; a package with another hash is refused. Nothing of a package is run.
fn npm(place: &Path) -> Result<()> {
    if shell::find("npm").is_none() || shell::find("node").is_none() {
        bail!("npm is missing. Remedy: install Node.js 20 or later, with npm (on Debian: apt-get install nodejs npm)");
    }
    std::fs::write(place.join("package.json"), NPM_MANIFEST)?;
    std::fs::write(place.join("package-lock.json"), NPM_LOCK)?;
    let words = ["ci", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"];
    again("npm could not install it. Is its registry reachable?", || {
        shell::run(shell::command("npm").args(words).current_dir(place))
    })
}

/// Networks fail: a second try, then what somebody can do about it.
fn again(remedy: &'static str, mut attempt: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 1..ATTEMPTS {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(error) => eprintln!("{error:#}; once more."),
        }
    }
    attempt().context(remedy)
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(shell::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    version_in(&lock, package).with_context(|| format!("{package} is not in Cargo.lock"))
}

/// So that no version is said twice.
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
    fn crate_and_tool_of_wasm_bindgen_agree() {
        let tool = std::fs::read_to_string(shell::root().join(BINDGEN).join("Cargo.lock")).expect("a lock file");
        assert_eq!(version_in(&tool, "wasm-bindgen-cli"), locked_version("wasm-bindgen").ok());
    }

    #[test]
    fn the_folder_of_npm_names_every_version() {
        let manifest = r#"{"dependencies": {"axe-core": "4.14.1", "binaryen": "132.0.0"}}"#;
        assert_eq!(npm_folder(manifest).ok().as_deref(), Some("npm-axe-core-4.14.1-binaryen-132.0.0"));
    }

    /// What is not locked could be anything tomorrow; an address would name somebody's registry.
    #[test]
    fn every_npm_package_is_locked_by_its_hash() {
        let lock: serde_json::Value = serde_json::from_str(NPM_LOCK).expect("JSON");
        let packages = lock["packages"].as_object().expect("packages");
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            assert!(package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")), "{name}");
            assert!(package["resolved"].is_null(), "{name} names a registry");
        }
        let manifest: serde_json::Value = serde_json::from_str(NPM_MANIFEST).expect("JSON");
        assert_eq!(lock["packages"][""]["dependencies"], manifest["dependencies"]);
        assert!(packages.len() > 3);
    }

    #[test]
    fn the_version_of_the_named_package_is_found() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \
                    \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "yew"), None);
    }
}
