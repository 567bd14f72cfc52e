//! `deny.toml` as far as it is heeded here. An unknown word in a part that is read fails: a rule that nobody follows
//! would be worse than none.

use crate::shell;
use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::Licensee;
use std::fs;

/// `deny.toml`, as far as it is used.
#[derive(Debug, Deserialize)]
pub struct Policy {
    pub advisories: Advisories,
    licenses: Licences,
    sources: Sources,
}

/// Which of them are known and why they do not concern us.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisories {
    pub ignore: Vec<Ignored>,
}

/// An advisory that is known and lived with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    pub id: String,
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
    allow_git: Vec<String>,
    #[allow(dead_code, reason = "anything but deny is refused when it is read")]
    unknown_registry: Deny,
    #[allow(dead_code, reason = "anything but deny is refused when it is read")]
    unknown_git: Deny,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deny {
    Deny,
}

impl Policy {
    /// The file lies in the repository.
    pub fn read() -> Result<Policy> {
        let text = fs::read_to_string(shell::root().join("deny.toml")).context("cannot read deny.toml")?;
        toml::from_str(&text).context("deny.toml")
    }

    /// The allowed licences.
    pub fn licences(&self) -> Result<Vec<Licensee>> {
        let parse = |name: &String| Licensee::parse(name).with_context(|| format!("deny.toml allows '{name}'"));
        self.licenses.allow.iter().map(parse).collect()
    }

    /// Whether a package may come from there; the source is written as in `Cargo.lock`.
    pub fn allows_source(&self, source: &str) -> bool {
        let (kind, address) = source.split_once('+').unwrap_or_default();
        let allowed = match kind {
            "registry" => &self.sources.allow_registry,
            "git" => &self.sources.allow_git,
            _another_kind => return false,
        };
        let plain = address.split(['?', '#']).next().unwrap_or_default();
        allowed.iter().any(|one| one == plain)
    }
}
