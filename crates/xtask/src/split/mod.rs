//! Cuts the built program in two: what the first picture needs, and what comes right after it.
//!
//! Whatever is cut, the page does the same: a function that is not there yet fetches its file and waits
//! (`crates/app/web/src/later.rs`, `www/scripts/loader.js`). So the list of what comes later (`later.txt`) is about time
//! only, and a name in it that the compiler has inlined or that has gone does no harm.

mod branches;
mod constants;
mod learn;
mod linked;
mod memory;
mod plan;
mod program;
mod rewrite;
mod trace;

use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use branches::Cold;
use constants::Constants;
use linked::Linked;
use plan::Plan;
use program::Program;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How the name of the later file begins. What follows belongs to exactly one first file, which exports its table under
/// the same name: two files of different builds do not join.
pub const LATER: &str = "later-";

/// The page's program as the linker wrote it, in the folder of what is built.
const LINKED: &str = "wasm32-unknown-unknown/web/blumfeld-web.wasm";

/// The function of the page that returns when the later file is there.
const WHOLE: &str = "blumfeld_web::later::whole";

/// Parts of the program that the opening does without until somebody acts, by the beginnings of their functions' names,
/// one a line. `cargo xtask opening` writes it.
const PARTS: &str = include_str!("later.txt");

/// Points of other functions that no opening passes. `cargo xtask opening` writes them too.
const POINTS: &str = include_str!("branches.txt");

/// Cuts the program in the folder, and tells its page how the later file is called.
pub fn cut(folder: &Path) -> Result<()> {
    let file = program(folder)?;
    let bytes = fs::read(&file)?;
    let linked = Workspace::read()?.target_folder().join(LINKED);
    let linked = fs::read(&linked).with_context(|| format!("{} cannot be read", linked.display()))?;
    let (first, key, later) = parts(&bytes, &linked)?;
    let page = folder.join("index.html");
    let told = tell(&fs::read_to_string(&page)?, &key)?;
    fs::write(&file, first)?;
    fs::write(folder.join(format!("{key}.wasm")), later)?;
    fs::write(page, told)?;
    Ok(())
}

/// Makes the uncut program in the folder tell which of its points are passed: each has a byte of the memory `traced` that
/// is not 0 once it was.
pub fn trace(folder: &Path) -> Result<()> {
    let file = program(folder)?;
    let bytes = fs::read(&file)?;
    let traced = trace::traced(&Program::read(&bytes)?, &bytes)?;
    Ok(fs::write(&file, traced)?)
}

/// What comes later, from the program as it was before `trace`, and the numbers of points that were passed: the list of
/// parts, and that of branches.
pub fn learn(bytes: &[u8], passed: &BTreeSet<u32>) -> Result<(String, String)> {
    let program = Program::read(bytes)?;
    let firsts = branches::points(&program)?;
    let ran =
        (program.imported..).zip(&firsts).filter(|(_, first)| passed.contains(first)).map(|(function, _)| function);
    let parts = learn::parts(&program, &ran.collect());
    let list: Vec<&str> = parts.iter().map(String::as_str).collect();
    let stays = Plan::new(&program, program.named(WHOLE)?, &list, program.functions.len() as u32)?.stays(&program);
    let cold = branches::learn(&program, &stays, passed, &learn::KEPT)?;
    Ok((parts.join("\n") + "\n", cold.text()))
}

/// The loader's element names both files.
fn tell(page: &str, key: &str) -> Result<String> {
    const FIRST: &str = " data-wasm=";
    match page.matches(FIRST).count() {
        1 => Ok(page.replace(FIRST, &format!(" data-later=\"./{key}.wasm\"{FIRST}"))),
        several => bail!("the page names its program {several} times"),
    }
}

/// The one program in the folder.
pub fn program(folder: &Path) -> Result<PathBuf> {
    let mut found = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "wasm") && found.replace(path).is_some() {
            bail!("{} holds several programs", folder.display());
        }
    }
    found.with_context(|| format!("{} holds no program", folder.display()))
}

/// The first file, the name of the later one, and the later one.
fn parts(bytes: &[u8], linked: &[u8]) -> Result<(Vec<u8>, String, Vec<u8>)> {
    let program = Program::read(bytes)?;
    let parts: Vec<&str> = PARTS.lines().collect();
    let before = program.functions.len() as u32;
    let stays = Plan::new(&program, program.named(WHOLE)?, &parts, before)?.stays(&program);
    let bytes = &branches::moved(&program, &stays, &Cold::read(POINTS)?, bytes)?;
    let program = Program::read(bytes)?;
    let mut plan = Plan::new(&program, program.named(WHOLE)?, &parts, before)?;
    let stays = plan.stays(&program);
    let bodies = stays.iter().filter_map(|function| function.checked_sub(program.imported));
    let bodies = bodies.map(|place| &program.bodies[place as usize]);
    let linked = Linked::read(linked)?;
    plan.constants = Constants::read(&linked)?.unneeded(bodies)?;
    let moved = |place: &Range<u32>| {
        linked.bytes(place).is_none_or(|bytes| place.clone().zip(bytes).any(|(at, byte)| program.byte(at) != *byte))
    };
    if plan.constants.iter().any(moved) {
        bail!("the program's constants are not where the linker put them: was it built in between?");
    }
    // The name is of what goes into both files: the program, and how it is cut.
    let unnamed = rewrite::later(&program, &plan, LATER)?;
    let key = format!("{LATER}{:016x}", digest(&[bytes, &unnamed]));
    Ok((rewrite::first(&program, &plan, bytes, &key)?, key.clone(), rewrite::later(&program, &plan, &key)?))
}

/// FNV-1a: it has to tell builds apart, nobody attacks it.
fn digest(parts: &[&[u8]]) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().copied().flatten() {
        digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_both_files_or_the_build_fails() {
        let told = tell("<script data-wasm=\"a.wasm\">", "later-1").unwrap();
        assert_eq!(told, "<script data-later=\"./later-1.wasm\" data-wasm=\"a.wasm\">");
        assert!(tell("<script>", "later-1").is_err());
    }

    #[test]
    fn a_program_without_names_is_not_cut() {
        assert!(parts(b"\0asm\x01\0\0\0", b"").is_err());
        assert!(parts(b"no program", b"").is_err());
    }
}
