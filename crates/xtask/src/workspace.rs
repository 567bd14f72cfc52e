//! What cargo knows about the workspace, and the test programs that it builds.

use crate::shell;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Random-fault runs need speed and every assertion; all native tests use it, so that things are built once.
pub const PROFILE: &str = "fuzz";
const XTASK: &str = "blumfeld-xtask";

/// cargo's description of the workspace.
pub struct Workspace(Value);

/// A test program.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Package, and target where it is another one: `log`, `tests/traces`.
    pub name: String,
    pub target: String,
    executable: PathBuf,
    folder: PathBuf,
}

impl Workspace {
    /// As cargo sees it.
    pub fn read() -> Result<Workspace> {
        let mut cargo = shell::cargo();
        cargo.args(["metadata", "--locked", "--no-deps", "--format-version", "1"]);
        Ok(Workspace(serde_json::from_str(&shell::capture(&mut cargo)?)?))
    }

    /// Ours.
    pub fn packages(&self) -> impl Iterator<Item = &Value> {
        self.0["packages"].as_array().into_iter().flatten()
    }

    /// Where cargo puts what it builds.
    pub fn target_folder(&self) -> PathBuf {
        PathBuf::from(self.0["target_directory"].as_str().unwrap_or("target"))
    }

    /// The test-only switches of all packages, for `--features`.
    fn mutants(&self) -> String {
        let with = self.packages().filter(|package| package["features"].get("mutants").is_some());
        let names: Vec<String> = with.filter_map(|is| Some(format!("{}/mutants", is["name"].as_str()?))).collect();
        names.join(",")
    }

    /// What every native test command has in common; differing selections would build everything again.
    fn selection(&self) -> Vec<String> {
        let words = ["--locked", "--profile", PROFILE, "--workspace", "--exclude", XTASK, "--features"];
        words.into_iter().map(str::to_owned).chain([self.mutants()]).collect()
    }

    /// Builds all native test programs but xtask's own.
    pub fn build_tests(&self) -> Result<Vec<Suite>> {
        let mut cargo = shell::cargo();
        cargo.args(["test", "--quiet", "--no-run", "--message-format", "json-render-diagnostics"]);
        cargo.args(self.selection());
        let mut suites = Vec::new();
        if !shell::lines(&mut cargo, |line| suites.extend(suite(line)))? {
            bail!("the tests do not compile");
        }
        suites.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(suites)
    }

    /// Runs the examples in documentation.
    pub fn documentation_tests(&self) -> std::process::Command {
        let mut cargo = shell::cargo();
        cargo.args(["test", "--quiet", "--doc", "--no-fail-fast"]).args(self.selection());
        cargo
    }
}

/// The tests of this very program, in the profile it already has.
pub fn own_tests() -> std::process::Command {
    let mut cargo = shell::cargo();
    cargo.args(["test", "--locked", "--quiet", "--package", XTASK]);
    cargo
}

impl Suite {
    /// The program, to be run as cargo would.
    pub fn command(&self) -> std::process::Command {
        let mut command = shell::command(&self.executable);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

fn suite(line: &str) -> Option<Suite> {
    let message: Value = serde_json::from_str(line).ok()?;
    let executable = message["executable"].as_str().filter(|_| message["profile"]["test"] == true)?;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let package = folder.file_name()?.to_str()?.to_owned();
    let target = message["target"]["name"].as_str()?.to_owned();
    let inside = message["target"]["kind"].as_array()?.iter().any(|kind| kind != "test");
    let name = if inside { package } else { format!("{package}/{target}") };
    Some(Suite { name, target, executable: executable.into(), folder })
}

/// A package's compiled library for the browser, as wasm-bindgen wants it.
pub fn build_wasm(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    let mut cargo = shell::cargo();
    cargo.args(["build", "--locked", "--quiet", "--profile", "web", "--target", "wasm32-unknown-unknown", "--lib"]);
    cargo.args(["-p", package]);
    shell::run(&mut cargo).with_context(|| format!("{package} does not compile for the browser"))?;
    let file = format!("wasm32-unknown-unknown/web/{}.wasm", package.replace('-', "_"));
    Ok(workspace.target_folder().join(file))
}
