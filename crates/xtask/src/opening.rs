//! `cargo xtask opening`: writes anew which parts of the program come later, out of what runs in openings of the page.

use crate::{page, shell, split, stages, tools::Tools};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::fs;

const LIST: &str = "crates/xtask/src/split/later.txt";
const BRANCHES: &str = "crates/xtask/src/split/branches.txt";

/// Builds the page uncut, watches openings of it, and writes the list. The page in `dist/` is of no use then.
pub fn learn() -> Result<()> {
    let tools = Tools::for_browser_tests()?;
    page::build_whole(&tools)?;
    let program = fs::read(split::program(&page::folder())?)?;
    split::trace(&page::folder())?;
    let mut node = stages::node(&tools, "tests/browser/traced.mjs")?;
    let mut passed = BTreeSet::new();
    let well = shell::lines(&mut node, |line| match line.parse() {
        Ok(point) => {
            passed.insert(point);
        }
        Err(_) => println!("{line}"),
    })?;
    if !well || passed.is_empty() {
        bail!("the openings were not watched");
    }
    let (list, branches) = split::learn(&program, &passed)?;
    let (parts, functions) = (list.lines().count(), branches.lines().count());
    println!("{parts} parts come later: {LIST}; and branches of {functions} functions. Build the page again.");
    fs::write(shell::root().join(BRANCHES), branches)?;
    Ok(fs::write(shell::root().join(LIST), list)?)
}
