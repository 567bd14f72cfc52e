//! The committed posters are what `blumfeld poster` draws of the lessons; `BLESS=1` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == kind));
    paths.sort();
    paths
}

fn pictures(folder: &Path) -> BTreeMap<String, String> {
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let read = |path: PathBuf| (name(&path), std::fs::read_to_string(&path).expect("text"));
    files(folder, "svg").into_iter().map(read).collect()
}

fn draw(texts: &[PathBuf], to: &Path) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_blumfeld"));
    let output = program.arg("poster").args(texts).arg("--to").arg(to).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_posters_are_what_the_command_draws() {
    let committed = root().join("www/posters");
    let lessons = files(&root().join("www/lessons"), "txt");
    if std::env::var_os("BLESS").is_some() {
        files(&committed, "svg").iter().for_each(|path| std::fs::remove_file(path).expect("ours"));
        draw(&lessons, &committed);
    }
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("posters");
    let _ = std::fs::remove_dir_all(&fresh);
    draw(&lessons, &fresh);
    let (drawn, kept) = (pictures(&fresh), pictures(&committed));
    assert_eq!(drawn.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    let other: Vec<&String> = drawn.keys().filter(|name| drawn[*name] != kept[*name]).collect();
    assert!(other.is_empty(), "drawn otherwise than committed (BLESS=1 writes them): {other:?}");
    for (name, picture) in &kept {
        assert!(picture.len() < 8_000, "{name} has {} bytes", picture.len());
        assert!(picture.contains("role=\"img\"") && !picture.contains("<title></title>"), "{name} has no name");
    }
}

/// What the page shows before its program is there.
#[test]
fn the_first_picture_is_what_the_opening_scene_gives() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opening");
    draw(&[root().join("crates/world/script/src/opening.txt")], &fresh);
    let (drawn, kept) = (fresh.join("opening.svg"), root().join("www/opening.svg"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::copy(&drawn, &kept).expect("ours");
    }
    let read = |path: &Path| std::fs::read_to_string(path).expect("text");
    assert!(read(&drawn) == read(&kept), "drawn otherwise than committed (BLESS=1 writes it)");
}

#[test]
fn their_colours_are_the_tokens() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).expect("a file of ours");
    let (style, tokens) = (read("crates/app/cli/src/poster/style.css"), read("www/styles/tokens.css"));
    let (light, dark) = style.split_once("@media").expect("two themes");
    let themes = tokens.split_once("[data-theme=\"dark\"] {").expect("two themes");
    let ends = themes.1.split_once('}').expect("it ends").0;
    for (ours, theirs) in [(light, themes.0), (dark, ends)] {
        let of = |text: &str| -> BTreeSet<String> {
            let each = text.split(['{', ';', '}']).map(|one| one.replace([' ', '\n'], ""));
            each.filter_map(|one| one.find("--").map(|at| one[at..].to_owned()))
                .filter(|one| one.contains(":#"))
                .collect()
        };
        let (ours, theirs) = (of(ours.split("font").next().unwrap_or_default()), of(theirs));
        let strange: Vec<&String> = ours.difference(&theirs).collect();
        assert!(ours.len() > 20 && strange.is_empty(), "not in tokens.css: {strange:?}");
    }
}
