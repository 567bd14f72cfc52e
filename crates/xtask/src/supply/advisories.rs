//! What is known against packages: the advisories of RustSec, of which a part lies in this repository (`snapshot`).
//! A vulnerability, something unsound and something unmaintained all count, unless `deny.toml` lives with it.

use super::policy::Policy;
use super::snapshot::Snapshot;
use super::{Package, Verdict};
use anyhow::{Context, Result};
use semver::{Version, VersionReq};
use serde::Deserialize;

/// An advisory as far as it is looked at. The file is Markdown that begins with TOML.
#[derive(Clone, Debug)]
pub struct Advisory {
    pub id: String,
    pub package: String,
    /// `unmaintained`, `unsound`, `notice`; `None`: a vulnerability.
    informational: Option<String>,
    withdrawn: bool,
    title: String,
    patched: Vec<VersionReq>,
    unaffected: Vec<VersionReq>,
}

#[derive(Deserialize)]
struct Head {
    advisory: Named,
    versions: Versions,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    package: String,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Deserialize)]
struct Versions {
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

impl Advisory {
    /// An advisory of the RustSec database: a head in TOML, then text.
    pub fn parse(text: &str) -> Result<Advisory> {
        let after = text.split_once("```toml").context("it does not begin with TOML")?.1;
        let (head, body) = after.split_once("```").context("its TOML does not end")?;
        let Head { advisory, versions } = toml::from_str(head)?;
        let title = body.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("without a title");
        Ok(Advisory {
            id: advisory.id,
            package: advisory.package,
            informational: advisory.informational,
            withdrawn: advisory.withdrawn.is_some(),
            title: title.trim().to_owned(),
            patched: versions.patched,
            unaffected: versions.unaffected,
        })
    }

    /// By name and version.
    fn concerns(&self, package: &Package) -> bool {
        self.package == package.name && !self.withdrawn && self.affects(&package.version)
    }

    /// Neither patched nor older than the fault.
    fn affects(&self, version: &Version) -> bool {
        !self.patched.iter().chain(&self.unaffected).any(|safe| safe.matches(version))
    }
}

/// Looks every package up.
pub fn check(packages: &[&Package], policy: &Policy, snapshot: &Snapshot) -> Verdict {
    let (mut verdict, mut lived_with) = (Verdict::default(), Vec::new());
    verdict.lines.push(snapshot.described());
    for advisory in &snapshot.advisories {
        let found = packages.iter().filter(|package| advisory.concerns(package));
        for package in found {
            let kind = advisory.informational.as_deref().unwrap_or("vulnerability");
            let text = format!("{} {} ({kind}): {}", advisory.id, package.described(), advisory.title);
            match policy.advisories.ignore.iter().find(|ignored| ignored.id == advisory.id) {
                Some(ignored) => {
                    lived_with.push(ignored.id.as_str());
                    verdict.lines.push(format!("  lived with: {text}. {}", ignored.reason));
                }
                None => verdict.problems.push(text),
            }
        }
    }
    let ignored = policy.advisories.ignore.iter();
    for unneeded in ignored.filter(|ignored| !lived_with.contains(&ignored.id.as_str())) {
        verdict.problems.push(format!("deny.toml ignores {}, which nothing here is open to", unneeded.id));
    }
    // Newer than the snapshot. Not a problem, because it cannot be mended where there is no network; but said.
    let unknown: Vec<&str> =
        packages.iter().map(|package| &*package.name).filter(|name| !snapshot.covers(name)).collect();
    if !unknown.is_empty() {
        verdict.lines.push(format!("  not looked up, since the snapshot is older: {}", unknown.join(" ")));
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::super::tests::package;
    use super::*;

    const TEXT: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2021-0001\"\npackage = \"a\"\ndate = \"2021-01-01\"\n\n\
                        [versions]\npatched = [\">= 1.2.3\", \"^0.9.7\"]\nunaffected = [\"< 0.5\"]\n```\n\n# A hole\n";

    fn snapshot(text: &str) -> Snapshot {
        Snapshot::of(vec![Advisory::parse(text).expect("an advisory")], &["a", "bincode", "proc-macro-error"])
    }

    /// Nothing that the real rules ignore is there, so only what is about `a` is looked at.
    fn problems(version: &str, text: &str) -> Vec<String> {
        let policy = Policy::read().expect("our own");
        let verdict = check(&[&package("a", version, None)], &policy, &snapshot(text));
        verdict.problems.into_iter().filter(|problem| problem.contains(" a ")).collect()
    }

    #[test]
    fn a_version_is_open_unless_it_is_patched_or_older() {
        for (version, open) in [("1.2.3", 0), ("2.0.0", 0), ("1.2.2", 1), ("0.9.7", 0), ("0.9.6", 1), ("0.4.9", 0)] {
            assert_eq!(problems(version, TEXT).len(), open, "{version}");
        }
        assert_eq!(problems("1.0.0", TEXT), ["RUSTSEC-2021-0001 a 1.0.0 (vulnerability): A hole"]);
        let withdrawn = TEXT.replace("date =", "withdrawn = \"2022-01-01\"\ndate =");
        assert!(problems("1.0.0", &withdrawn).is_empty());
    }

    #[test]
    fn an_exception_that_nothing_needs_is_a_problem() {
        let policy = Policy::read().expect("our own");
        let verdict = check(&[&package("b", "1.0.0", None)], &policy, &snapshot(TEXT));
        assert_eq!(verdict.problems.len(), policy.advisories.ignore.len());
        assert!(verdict.lines.iter().any(|line| line.ends_with("the snapshot is older: b")), "{verdict:?}");
    }
}
