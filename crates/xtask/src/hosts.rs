//! What pages of others use: the player, a course that shows it, the page in one file, answers to other sites, and the
//! service worker of the main site. None of it is part of a first visit.

use crate::oembed::{self, Address};
use crate::{editor, library, offline, single};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Copied as they are, each into the folder beside it.
const FILES: [(&str, &str); 7] = [
    ("www/player/player.js", "player"),
    ("www/course/index.html", "course"),
    ("www/course/zh.html", "course"),
    ("www/course/course.css", "course"),
    ("www/course/course.js", "course"),
    ("www/styles/tokens.css", "course"),
    ("www/scripts/frame.js", ""),
];

/// Nobody minifies this one, and each first visit fetches it.
const LOADER: &str = "www/scripts/loader.js";

/// Writes all of it into the built page, after everything else: the last file names all others.
pub fn write(root: &Path, dist: &Path, address: Option<&Address>) -> Result<()> {
    for (file, folder) in FILES {
        let to = dist.join(folder);
        fs::create_dir_all(&to)?;
        let name = Path::new(file).file_name().context("a file has a name")?;
        fs::copy(root.join(file), to.join(name)).with_context(|| format!("cannot copy {file}"))?;
    }
    fs::write(dist.join("loader.js"), bare(&fs::read_to_string(root.join(LOADER))?))?;
    editor::write(root, dist)?;
    oembed::write(dist, &library::lessons(root)?, address)?;
    single::write(root, dist)?;
    offline::all_have_policies(dist)?;
    offline::write(root, dist)
}

/// A script without indents and without lines that are only a comment. It must hold no text of several lines.
fn bare(script: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("//") || (line.starts_with("/**") && line.ends_with("*/"));
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty()).filter(|line| !is_comment(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_keeps_its_code_and_loses_its_comments() {
        assert_eq!(
            bare("// a\n(function () {\n  /** b */\n  run(); // c\n\n})();\n"),
            "(function () {\nrun(); // c\n})();\n"
        );
        assert!(!include_str!("../../../www/scripts/loader.js").contains('`'), "a text of several lines would change");
    }
}
