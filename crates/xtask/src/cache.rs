//! The folder of tools: one per user, shared by all clones, each tool in a folder with its version.
//!
//! A tool is built beside its place and moved there when it is whole, so that an interrupted installation does not
//! count. A lock keeps two commands from installing at once.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where tools are kept: `BLUMFELD_CACHE`, or `blumfeld` in the user's cache folder.
pub fn folder() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").or_else(|| set("USERPROFILE")).map(|home| home.join(".cache"));
    if let Some(folder) = set("BLUMFELD_CACHE") {
        return std::path::absolute(folder).context("BLUMFELD_CACHE is not a folder name");
    }
    let caches = set("XDG_CACHE_HOME").or_else(home);
    Ok(caches.context("neither BLUMFELD_CACHE nor HOME is set: where should the tools go?")?.join("blumfeld"))
}

/// One tool to be had.
pub struct Tool<'a> {
    /// The folder's name: tool and version.
    pub folder: &'a str,
    /// A file that is there when the tool is.
    pub proof: &'a str,
    /// What a person should expect.
    pub estimate: &'a str,
}

/// The tool's folder; `install` fills an empty one when the tool is missing.
pub fn ensure(tool: &Tool<'_>, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let cache = folder()?;
    let place = cache.join(tool.folder);
    if place.join(tool.proof).exists() {
        return Ok(place);
    }
    fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
    let _lock = lock(&cache.join("lock"))?;
    if place.join(tool.proof).exists() {
        return Ok(place);
    }
    eprintln!("Getting {} into {} ({}).", tool.folder, cache.display(), tool.estimate);
    let start = Instant::now();
    let unfinished = cache.join(format!("{}.unfinished", tool.folder));
    remove(&unfinished)?;
    remove(&place)?;
    fs::create_dir_all(&unfinished)?;
    install(&unfinished)?;
    if !unfinished.join(tool.proof).exists() {
        anyhow::bail!("{} was installed without {}", tool.folder, tool.proof);
    }
    fs::rename(&unfinished, &place)?;
    eprintln!("{} is ready after {} s.", tool.folder, start.elapsed().as_secs());
    Ok(place)
}

/// Held until dropped; waits for another command that installs.
pub fn lock(path: &Path) -> Result<File> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("Another command is fetching tools; waiting for it.");
        file.lock()?;
    }
    Ok(file)
}

/// What is not there is removed already.
fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
