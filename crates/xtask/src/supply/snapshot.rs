//! The part of RustSec's database that lies in this repository: the advisories about packages of `Cargo.lock`, as
//! they are, with the day of the database and the names that were looked for. `cargo xtask advisories` takes it anew,
//! from the network or from a clone; everything else works without either.

use super::advisories::Advisory;
use crate::{cache, shell};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Anybody can clone it.
const DATABASE: &str = "https://github.com/rustsec/advisory-db";
/// An old snapshot is said to be old.
const OLD_DAYS: u64 = 180;

/// Of when it is, and what it answers.
#[derive(Debug, Deserialize, Serialize)]
struct Note {
    /// The database's commit, and its instant in seconds since 1970.
    commit: String,
    date: String,
    seconds: u64,
    /// Advisories in the whole database.
    all: usize,
    /// Packages that were looked for.
    names: BTreeSet<String>,
}

/// As much of the database as concerns our packages.
pub struct Snapshot {
    note: Note,
    pub advisories: Vec<Advisory>,
}

fn folder() -> PathBuf {
    shell::root().join("crates/xtask/advisories")
}

impl Snapshot {
    /// From the repository, without a network.
    pub fn read() -> Result<Snapshot> {
        let note = fs::read_to_string(folder().join("snapshot.json")).context("there is no snapshot of advisories")?;
        let mut files = fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
        files.sort();
        let read = |file: &PathBuf| -> Result<Advisory> {
            Advisory::parse(&fs::read_to_string(file)?).with_context(|| file.display().to_string())
        };
        Ok(Snapshot { note: serde_json::from_str(&note)?, advisories: files.iter().map(read).collect::<Result<_>>()? })
    }

    #[cfg(test)]
    pub fn of(advisories: Vec<Advisory>, names: &[&str]) -> Snapshot {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let note = Note { commit: String::new(), date: String::new(), seconds: 0, all: advisories.len(), names };
        Snapshot { note, advisories }
    }

    /// Was this package looked for when the snapshot was taken?
    pub fn covers(&self, name: &str) -> bool {
        self.note.names.contains(name)
    }

    /// How old it is, in a sentence.
    pub fn described(&self) -> String {
        let taken = SystemTime::UNIX_EPOCH + Duration::from_secs(self.note.seconds);
        let days = SystemTime::now().duration_since(taken).unwrap_or_default().as_secs() / 86_400;
        let old = if days > OLD_DAYS { "; take a newer one: cargo xtask advisories" } else { "" };
        format!(
            "advisories: database of {} ({days} days old, {} advisories), {} are about packages here{old}",
            self.note.date,
            self.note.all,
            self.advisories.len()
        )
    }
}

/// Takes the snapshot anew, from a clone of the database or from a fresh one.
pub fn refresh(clone: Option<&str>) -> Result<()> {
    let clone = match clone {
        Some(folder) => std::path::absolute(folder)?,
        None => fresh_clone()?,
    };
    let git = |arguments: &[&str]| {
        let text = shell::capture(shell::command("git").arg("-C").arg(&clone).args(arguments));
        text.context("this is no clone of the database")
    };
    let head = git(&["log", "-1", "--format=%H %cs %ct"])?;
    let (commit, date, seconds) = three(&head).context("git log says nothing")?;
    let names: BTreeSet<String> =
        super::everything()?.iter().filter(|one| !one.is_ours()).map(|one| one.name.clone()).collect();
    let list = git(&["ls-tree", "-r", "--name-only", "HEAD", "crates"])?;
    let all: Vec<&str> = list.lines().filter(|path| path.ends_with(".md")).collect();
    clear()?;
    let mut kept = 0;
    for path in &all {
        let mut parts = path.split('/').skip(1);
        // No advisory: those lie in a folder of their package.
        let (Some(package), Some(file)) = (parts.next(), parts.next()) else { continue };
        if names.contains(package) {
            let text = git(&["show", &format!("HEAD:{path}")])?;
            Advisory::parse(&text).with_context(|| (*path).to_owned())?;
            fs::write(folder().join(file), text)?;
            kept += 1;
        }
    }
    let note = Note { commit, date, seconds, all: all.len(), names };
    fs::write(folder().join("snapshot.json"), serde_json::to_string_pretty(&note)? + "\n")?;
    println!("{kept} of {} advisories kept, database of {}. Now: cargo xtask audit", all.len(), note.date);
    Ok(())
}

fn three(head: &str) -> Option<(String, String, u64)> {
    let mut words = head.split_whitespace();
    Some((words.next()?.to_owned(), words.next()?.to_owned(), words.next()?.parse().ok()?))
}

fn fresh_clone() -> Result<PathBuf> {
    let place = cache::folder()?.join("advisory-db");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    let mut git = shell::command("git");
    git.args(["clone", "--quiet", "--depth", "1", DATABASE]).arg(&place);
    shell::run(&mut git).context("the database cannot be had; name a clone of it: cargo xtask advisories FOLDER")?;
    Ok(place)
}

/// Removes the advisories that are there; one may have been withdrawn.
fn clear() -> Result<()> {
    fs::create_dir_all(folder())?;
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if is_advisory(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn is_advisory(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("RUSTSEC-"))
}
