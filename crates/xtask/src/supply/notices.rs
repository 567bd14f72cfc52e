//! `THIRD-PARTY.txt` of the page: every package whose code is linked into it, with version, terms and the text of its
//! licence. What only runs while the page is built (macros, build scripts, tools) is not in the page and not in it.

use super::{Package, licences};
use crate::{page, shell};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the page shows it.
pub const FILE: &str = "THIRD-PARTY.txt";
/// What is in the page, and in nothing else, has to be named there.
const PAGE: &str = "blumfeld-web";
/// Beginnings of the names of files with terms, in small letters.
const TERMS: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "authors"];
/// Which text is given where a package brings none: the first of these that it may be used under.
const CHOICE: [&str; 2] = ["MIT", "Apache-2.0"];
/// Linked into everything, and in no lock file.
const STANDARD_LIBRARY: &str = "The Rust standard library (Copyright (c) The Rust Project Contributors)\n  terms: \
                                MIT OR Apache-2.0\n  from: https://www.rust-lang.org\n";

/// Writes the file into the built page.
pub fn write() -> Result<()> {
    let count = write_of(PAGE, &page::folder())?;
    println!("{FILE}: {count} packages are linked into the page");
    Ok(())
}

/// Writes the file of another of our packages into a folder; how many others are linked into it.
pub fn write_of(package: &str, folder: &Path) -> Result<usize> {
    let packages = super::packages(".")?;
    let linked = linked(package, &packages)?;
    let text = text(&linked)?;
    let file = folder.join(FILE);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(linked.len())
}

/// Packages of others in one of ours, by name.
fn linked<'a>(package: &str, packages: &'a [Package]) -> Result<Vec<&'a Package>> {
    let mut cargo = shell::cargo();
    cargo.args(["tree", "--locked", "--package", package, "--target", "wasm32-unknown-unknown", "--prefix", "none"]);
    cargo.args(["--edges", "normal,no-proc-macro", "--format", "{p}"]);
    let list = shell::capture(&mut cargo)?;
    let names: BTreeSet<(&str, &str)> = list.lines().filter_map(name_and_version).collect();
    let is_linked = |one: &&Package| names.contains(&(&*one.name, &*one.version.to_string()));
    let mut linked: Vec<&Package> = packages.iter().filter(|one| !one.is_ours()).filter(is_linked).collect();
    linked.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    if linked.is_empty() {
        bail!("cargo tree names no package of {package}");
    }
    Ok(linked)
}

/// `bytes v1.12.1 (/where/it/lies) (*)`
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

/// The list, then every text once with the packages that it belongs to.
fn text(packages: &[&Package]) -> Result<String> {
    let mut out = "Blumfeld contains code of others. What, on which terms, and the terms themselves:\n\n".to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        let terms = package.licence.as_deref().unwrap_or("see below");
        let from = package.repository.as_deref().unwrap_or("https://crates.io");
        writeln!(out, "{}\n  terms: {terms}\n  from: {from}", package.described())?;
        for text in terms_of(package)? {
            texts.entry(text).or_default().push(package.described());
        }
    }
    out += STANDARD_LIBRARY;
    texts.entry(standard_text("MIT")?).or_default().push("the Rust standard library".to_owned());
    let mut texts: Vec<(String, Vec<String>)> = texts.into_iter().collect();
    texts.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (text, packages) in texts {
        write!(out, "\n{}\n{}\n\n{text}\n", "-".repeat(100), packages.join(", "))?;
    }
    Ok(out)
}

/// The package's own files; where it has none, the standard text of its licence.
fn terms_of(package: &Package) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in files_of_terms(package)? {
        texts.push(plain(&fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?));
    }
    if texts.is_empty() {
        let terms = package.licence.as_deref().unwrap_or_default();
        let expression = licences::parse(terms).with_context(|| format!("{}: '{terms}'", package.described()))?;
        let named = |name: &&&str| {
            expression.evaluate(|one| one.license.id().is_some_and(|id| id.name == **name) && one.addition.is_none())
        };
        let chosen = CHOICE.iter().find(named);
        let chosen = chosen.with_context(|| format!("{} has no text of its licence", package.described()))?;
        texts.push(standard_text(chosen)?);
    }
    Ok(texts)
}

/// Licences that lie in the package.
fn files_of_terms(package: &Package) -> Result<Vec<PathBuf>> {
    let folder = package.manifest_path.parent().context("a manifest lies in a folder")?;
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let is_terms = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        TERMS.iter().any(|beginning| name.starts_with(beginning))
    };
    files.retain(|file| file.is_file() && is_terms(file));
    files.sort();
    Ok(files)
}

/// Where a package has none of its own.
fn standard_text(name: &str) -> Result<String> {
    Ok(plain(spdx::license_id(name).with_context(|| format!("no licence {name}"))?.text()))
}

/// Equal texts differ in line ends and spaces at the end.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests::package;
    use super::*;

    #[test]
    fn lines_of_cargo_tree_are_read() {
        assert_eq!(name_and_version("bytes v1.12.1"), Some(("bytes", "1.12.1")));
        assert_eq!(name_and_version("a v0.1.0 (/somewhere/a) (*)"), Some(("a", "0.1.0")));
        assert_eq!(name_and_version(""), None);
    }

    #[test]
    fn what_the_page_contains_is_listed_with_its_terms() {
        let packages = super::super::packages(".").expect("cargo describes them");
        let linked = linked(PAGE, &packages).expect("cargo tree");
        let text = text(&linked).expect("every package has terms");
        for name in ["bytes", "yew", "wasm-bindgen"] {
            assert!(
                linked.iter().any(|package| package.name == name) && text.contains(&format!("\n{name} ")),
                "{name}"
            );
        }
        // A macro's own code is not in the page, nor is this program's.
        assert!(linked.iter().all(|package| !["syn", "toml", "proc-macro2"].contains(&&*package.name)));
        assert!(text.contains("Permission is hereby granted") && text.contains("Apache License"));
    }

    #[test]
    fn a_package_without_terms_is_not_passed_over() {
        let mut nameless = package("a", "1.0.0", None);
        nameless.manifest_path = shell::root().join("docs/none.toml");
        assert!(terms_of(&nameless).is_err());
        nameless.licence = Some("GPL-3.0-only OR MIT".to_owned());
        assert!(terms_of(&nameless).is_ok_and(|texts| texts[0].contains("Permission is hereby granted")));
    }
}
