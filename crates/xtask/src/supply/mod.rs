//! What others wrote: where it comes from, on which terms, and whether something is known against it. The rules are
//! in `deny.toml`, in the format of `cargo deny`; decision 019 says why that program itself is not run.
//!
//! It looks at every package of `Cargo.lock` and of the tool wasm-bindgen. Trunk, and what npm installs, is not
//! looked at.

mod advisories;
mod licences;
pub mod notices;
mod policy;
mod snapshot;

pub use snapshot::refresh;

use crate::test_output::Totals;
use crate::{shell, tools};
use anyhow::{Context, Result, bail};
use policy::Policy;
use semver::Version;
use serde::Deserialize;
use std::path::PathBuf;

/// A package as cargo describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    pub name: String,
    pub version: Version,
    /// `None`: it lies in this repository.
    source: Option<String>,
    #[serde(rename = "license")]
    licence: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
}

impl Package {
    /// Of this workspace.
    fn is_ours(&self) -> bool {
        self.source.is_none()
    }

    /// Name and version.
    fn described(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// What one question found: a line that sums it up, and what must be mended.
#[derive(Debug, Default)]
struct Verdict {
    lines: Vec<String>,
    problems: Vec<String>,
}

impl Verdict {
    fn print(&self) {
        self.lines.iter().for_each(|line| println!("{line}"));
        self.problems.iter().for_each(|problem| println!("wrong: {problem}"));
    }
}

/// `cargo xtask audit`: all three questions, each counted as a test.
pub fn audit() -> Result<Totals> {
    let policy = Policy::read()?;
    let packages = everything()?;
    let foreign: Vec<&Package> = packages.iter().filter(|package| !package.is_ours()).collect();
    let mut totals = Totals::default();
    for verdict in [
        licences::check(&packages, &policy)?,
        sources(&foreign, &policy),
        advisories::check(&foreign, &policy, &snapshot::Snapshot::read()?),
    ] {
        verdict.print();
        totals.add(Totals::one(verdict.problems.is_empty()));
    }
    Ok(totals)
}

/// The same by itself.
pub fn run() -> Result<()> {
    let totals = audit()?;
    println!("{} passed, {} failed", totals.passed, totals.failed);
    if totals.failed > 0 { bail!("see above; the rules are in deny.toml") } else { Ok(()) }
}

/// Every package that is compiled here for any platform, each version once.
fn everything() -> Result<Vec<Package>> {
    let mut all = packages(".")?;
    all.extend(packages(tools::BINDGEN)?);
    all.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    all.dedup_by(|one, other| (&one.name, &one.version) == (&other.name, &other.version));
    Ok(all)
}

/// Every package of the lock file in that folder, for all platforms.
fn packages(folder: &str) -> Result<Vec<Package>> {
    /// What `cargo metadata` says.
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let manifest = shell::root().join(folder).join("Cargo.toml");
    let metadata = |more: &[&str]| {
        let mut cargo = shell::cargo();
        cargo.args(["metadata", "--locked", "--format-version", "1", "--manifest-path"]).arg(&manifest);
        shell::capture(cargo.args(more))
    };
    // Without asking the registry first: what was compiled here before is here.
    let text = metadata(&["--offline", "--quiet"]).or_else(|_| metadata(&["--quiet"]));
    let text = text.context("cargo cannot describe all packages. Remedy, once with a network: cargo fetch --locked")?;
    Ok(serde_json::from_str::<Metadata>(&text)?.packages)
}

/// Each package must come from a registry that is allowed.
fn sources(packages: &[&Package], policy: &Policy) -> Verdict {
    let mut verdict = Verdict::default();
    for package in packages {
        let source = package.source.as_deref().unwrap_or_default();
        if !policy.allows_source(source) {
            verdict.problems.push(format!("{} comes from {source}", package.described()));
        }
    }
    let allowed = packages.len() - verdict.problems.len();
    verdict.lines.push(format!("sources: {allowed} of {} packages come from an allowed registry", packages.len()));
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn package(name: &str, version: &str, licence: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: version.parse().expect("a version"),
            source: Some("registry+https://github.com/rust-lang/crates.io-index".to_owned()),
            licence: licence.map(str::to_owned),
            repository: None,
            manifest_path: PathBuf::new(),
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_a_problem() {
        let policy = Policy::read().expect("our own");
        let from = |source: &str| {
            let mut package = package("a", "1.0.0", None);
            package.source = Some(source.to_owned());
            sources(&[&package], &policy).problems.len()
        };
        assert_eq!(from("registry+https://github.com/rust-lang/crates.io-index"), 0);
        assert_eq!(from("sparse+https://mirror.example/index/"), 1);
        assert_eq!(from("git+https://example.org/a?branch=main#0123"), 1);
    }
}
