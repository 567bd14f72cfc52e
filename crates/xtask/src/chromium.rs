//! The browser for the tests: one that is present, else Debian's where we may install it, else a sentence.

use crate::{cache, shell};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// With a font for Chinese: without one the screenshots would show boxes.
const PACKAGES: &str = "chromium fonts-noto-cjk";
/// As distributions call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's program.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("BLUMFELD_CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.is_file() { Ok(named) } else { bail!("BLUMFELD_CHROMIUM names no file: {}", named.display()) };
    }
    let present = || NAMES.iter().find_map(|name| shell::find(name));
    if let Some(found) = present() {
        say_when_chinese_is_missing();
        return Ok(found);
    }
    install()?;
    present().context("Chromium was installed, but no program of that name is on PATH")
}

/// By the system's own package manager, where we may.
fn install() -> Result<()> {
    let remedy = format!("Remedy on Debian: sudo apt-get update && sudo apt-get install -y {PACKAGES}");
    if shell::find("apt-get").is_none() || !is_root() {
        bail!(
            "the browser tests need Chromium, and it can only be installed by an administrator here. {remedy}. \
             Or name a browser with BLUMFELD_CHROMIUM"
        );
    }
    std::fs::create_dir_all(cache::folder()?)?;
    let _lock = cache::lock(&cache::folder()?.join("lock"))?;
    eprintln!("Installing Chromium and Chinese fonts with apt-get (about 200 MB, one to three minutes).");
    let apt = |arguments: &[&str]| {
        let mut apt = shell::command("apt-get");
        shell::run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update", "-qq"])
        .and_then(|()| {
            let words = ["install", "-y", "-qq", "--no-install-recommends"].into_iter().chain(PACKAGES.split(' '));
            apt(&words.collect::<Vec<_>>())
        })
        .context(remedy)
}

/// Only root may install packages.
fn is_root() -> bool {
    shell::capture(shell::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Chinese screenshots show empty boxes without a font; everything else works.
fn say_when_chinese_is_missing() {
    let fonts = shell::capture(shell::command("fc-list").arg(":lang=zh"));
    if fonts.is_ok_and(|list| list.trim().is_empty()) {
        eprintln!("No Chinese font here: screenshots will show boxes. Remedy: apt-get install fonts-noto-cjk");
    }
}
