//! The browser for the tests: Chromium's headless shell, which is the same engine without windows and takes three fifths of
//! the processor's time; else a whole Chromium that is present; else a sentence. Debian's are installed where we may.

use crate::{cache, shell};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// Debian's package, and its program.
const SHELL: &str = "chromium-headless-shell";
/// For Chinese: without one the screenshots would show boxes.
const FONTS: &str = "fonts-noto-cjk";
/// Whole browsers, as distributions call them.
const WHOLE: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's program.
pub fn find_or_install() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("BLUMFELD_CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.is_file() { Ok(named) } else { bail!("BLUMFELD_CHROMIUM names no file: {}", named.display()) };
    }
    if let Some(found) = shell::find(SHELL) {
        say_when_chinese_is_missing();
        return Ok(found);
    }
    let Some(whole) = WHOLE.iter().find_map(|name| shell::find(name)) else {
        install()?;
        return shell::find(SHELL).context("Chromium was installed, but no program of that name is on PATH");
    };
    // Without looking for newer versions: the tests run with what is there, too.
    let lighter = may_install() && apt(&["install", "-y", "-qq", "--no-install-recommends", SHELL]).is_ok();
    say_when_chinese_is_missing();
    Ok(shell::find(SHELL).filter(|_| lighter).unwrap_or(whole))
}

/// By the system's own package manager, where we may.
fn install() -> Result<()> {
    let remedy = format!("Remedy on Debian: sudo apt-get update && sudo apt-get install -y {SHELL} {FONTS}");
    if !may_install() {
        bail!(
            "the browser tests need Chromium, and it can only be installed by an administrator here. {remedy}. \
             Or name a browser with BLUMFELD_CHROMIUM"
        );
    }
    std::fs::create_dir_all(cache::folder()?)?;
    let _lock = cache::lock(&cache::folder()?.join("lock"))?;
    eprintln!(
        "Installing Chromium's headless shell and Chinese fonts with apt-get (about 200 MB, one to three minutes)."
    );
    apt(&["update", "-qq"])
        .and_then(|()| apt(&["install", "-y", "-qq", "--no-install-recommends", SHELL, FONTS]))
        .context(remedy)
}

fn apt(arguments: &[&str]) -> Result<()> {
    let mut apt = shell::command("apt-get");
    shell::run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Is there a package manager that we know, and may we use it?
fn may_install() -> bool {
    shell::find("apt-get").is_some() && is_root()
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
