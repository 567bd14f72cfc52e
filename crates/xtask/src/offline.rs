//! The service worker of the main site: which files it keeps for times without a network, and under which version.

use crate::{api, digest, library, policy, single, supply::notices};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The script that keeps them.
pub const FILE: &str = "sw.js";
/// The worker, with room for the list of files.
const SOURCE: &str = "www/scripts/sw.js";
/// What a first visit does not bring for times without a network: the library for scripts (but see [`OF_EDITOR`]), other
/// builds of the page, pages for trying out, what other sites read.
const LEFT_OUT: [&str; 7] = [api::FOLDER, FILE, single::FILE, notices::FILE, "embed", "oembed", library::WORKSHEETS];

/// The editor's program. Whoever has never opened the editor does not get it; it is kept with the first visit there.
const OF_EDITOR: [&str; 3] = ["api/index.js", "api/engine/blumfeld_js.js", "api/engine/blumfeld_js_bg.wasm"];

/// Writes the script, which names every file and the version of all of them, and what the editor asks for later: those by
/// their hashes, so that nothing of another version is kept among this one's.
pub fn write(root: &Path, dist: &Path) -> Result<()> {
    let source = fs::read_to_string(root.join(SOURCE)).with_context(|| format!("cannot read {SOURCE}"))?;
    let files = files(dist)?;
    let mut all = Vec::new();
    for file in files.iter().map(String::as_str).chain(OF_EDITOR) {
        all.extend_from_slice(file.as_bytes());
        all.extend_from_slice(&digest::sha256(
            &fs::read(dist.join(file)).with_context(|| format!("cannot read {file}"))?,
        ));
    }
    let version = hex(&digest::sha256(&all)[..8]);
    let names: Vec<String> = files.iter().map(|file| address(file)).collect();
    let of_editor: Vec<(&str, String)> = OF_EDITOR
        .into_iter()
        .map(|file| Ok((file, hex(&digest::sha256(&fs::read(dist.join(file))?)))))
        .collect::<Result<_>>()?;
    let head = format!(
        "var VERSION = \"{version}\";\nvar FILES = {};\nvar OF_EDITOR = {};\n",
        serde_json::to_string(&names).context("names")?,
        serde_json::to_string(&of_editor).context("names")?
    );
    println!("{FILE}: version {version}, {} files", files.len());
    Ok(fs::write(dist.join(FILE), head + &source)?)
}

/// In small letters.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder's page is asked for by the folder's name.
fn address(file: &str) -> String {
    match file.strip_suffix("index.html") {
        Some("") => "./".to_owned(),
        Some(folder) if folder.ends_with('/') => folder.to_owned(),
        _file => file.to_owned(),
    }
}

/// All files that are kept, by their names relative to the page, in order.
fn files(dist: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![dist.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path: PathBuf = entry?.path();
            let name = path.strip_prefix(dist)?;
            if LEFT_OUT.iter().any(|left_out| name.starts_with(left_out)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Every page of the built site names its policy: the server's header comes from there.
pub fn all_have_policies(dist: &Path) -> Result<()> {
    for file in files(dist)?.iter().filter(|file| file.ends_with(".html")) {
        policy::of(&fs::read_to_string(dist.join(file))?).with_context(|| format!("{file} has no policy"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_folders_have_the_names_that_browsers_ask_for() {
        assert_eq!(address("index.html"), "./");
        assert_eq!(address("course/index.html"), "course/");
        assert_eq!(address("course/zh.html"), "course/zh.html");
        assert_eq!(address("myindex.html"), "myindex.html");
    }
}
