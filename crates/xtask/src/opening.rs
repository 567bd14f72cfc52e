//! `cargo xtask opening`: writes anew which parts of the program come later, out of what runs in openings of the page.

use crate::{page, shell, split, stages, tools::Tools};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::fs;

const LIST: &str = "crates/xtask/src/split/later.txt";

/// Builds the page uncut, watches openings of it, and writes the list. The page in `dist/` is of no use then.
pub fn learn() -> Result<()> {
    let tools = Tools::for_browser_tests()?;
    page::build_whole(&tools)?;
    let program = fs::read(split::program(&page::folder())?)?;
    split::trace(&page::folder())?;
    let mut node = stages::node(&tools, "tests/browser/traced.mjs")?;
    let mut ran = BTreeSet::new();
    let well = shell::lines(&mut node, |line| match line.parse() {
        Ok(function) => {
            ran.insert(function);
        }
        Err(_) => println!("{line}"),
    })?;
    if !well || ran.is_empty() {
        bail!("the openings were not watched");
    }
    let list = split::learn(&program, &ran)?;
    println!("{} functions ran; {} parts come later: {LIST}. Build the page again.", ran.len(), list.lines().count());
    Ok(fs::write(shell::root().join(LIST), list)?)
}
