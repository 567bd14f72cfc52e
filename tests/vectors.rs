//! Which files of Kafka's cases are run by whom. A file that nothing reads is named here with its number of cases, or the
//! test fails: what is not built is a number that may only fall, not a file that nobody remembers.

use base::ErrorCode;
use conformance::{run_vectors, same, vectors_folder};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files without a reader: how many cases the copy beside these tests has, and what has to be built first.
const NOT_BUILT: &[(&str, usize, &str)] = &[
    ("assignor_cooperative_sticky", 236, "the cooperative-sticky assignor"),
    ("assignor_roundrobin", 40, "the round-robin assignor"),
    ("assignor_sticky", 181, "the sticky assignor"),
    ("group_consumer_kip848", 52, "groups of KIP-848"),
    ("group_member_reconciliation", 74, "groups of KIP-848"),
    ("log_cleaner", 51, "compaction"),
    ("mirror_maker", 46, "mirrors"),
    ("replica_placement_adminutils", 33, "the era of ZooKeeper"),
    ("server_assignor_range", 43, "groups of KIP-848"),
    ("server_assignor_simple_share", 43, "share groups"),
    ("server_assignor_uniform", 76, "groups of KIP-848"),
];

#[test]
fn every_file_of_cases_has_a_reader_or_is_listed_as_not_built() {
    let files = cases_of_each_file();
    let read = names_read(&workspace());
    let mut wrong = Vec::new();
    for (name, cases) in &files {
        match (read.contains(name), NOT_BUILT.iter().find(|(listed, ..)| listed == name)) {
            (true, None) => {}
            (true, Some(_)) => wrong.push(format!("{name}: has a reader and is listed as not built")),
            (false, None) => wrong.push(format!("{name}: {cases} cases, and nothing reads them")),
            // Another folder than our own may hold more cases.
            (false, Some((_, listed, _))) if listed != cases && std::env::var_os("VECTORS").is_none() => {
                wrong.push(format!("{name}: {cases} cases are not built, listed are {listed}"));
            }
            (false, Some((_, _, lacking))) => println!("{name}: not built, {cases} cases wait for {lacking}"),
        }
    }
    let gone = read.iter().map(String::as_str).chain(NOT_BUILT.iter().map(|(name, ..)| *name));
    wrong.extend(gone.filter(|name| !files.contains_key(*name)).map(|name| format!("{name}: there is no such file")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cases_of_each_file() -> BTreeMap<String, usize> {
    let folder = vectors_folder();
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder that can be listed").path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let file: serde_json::Value =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let cases = file["cases"].as_array().unwrap_or_else(|| panic!("{}: no cases", path.display())).len();
            (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), cases)
        })
        .collect()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What is handed to [`run_vectors`], read from the tests' own text: a call is what makes a reader.
fn names_read(workspace: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for crates in ["crates/core", "crates/world", "crates/app"] {
        let members = std::fs::read_dir(workspace.join(crates)).expect("the crates are there");
        for member in members.filter_map(Result::ok) {
            read_calls(&member.path().join("tests"), &mut names);
        }
    }
    read_calls(&workspace.join("tests"), &mut names);
    names
}

fn read_calls(folder: &Path, names: &mut BTreeSet<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path.is_dir() {
            read_calls(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let calls = text.split("run_vectors(\"").skip(1).filter_map(|after| after.split('"').next());
            names.extend(calls.filter(|name| !name.contains('\\')).map(ToOwned::to_owned));
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CodeCase {
    #[serde(rename = "id")]
    _id: u32,
    code: i16,
    name: String,
    retriable: bool,
    invalidates_metadata: bool,
}

#[test]
fn error_codes() {
    let mut seen = BTreeSet::new();
    run_vectors("error_codes", |case: CodeCase| {
        let code = ErrorCode::from_code(case.code).ok_or("no such code here")?;
        seen.insert(code);
        same("name", &code.name(), &case.name.as_str())?;
        same("retriable", &code.is_retriable(), &case.retriable)?;
        same("invalidatesMetadata", &code.invalidates_metadata(), &case.invalidates_metadata)
    });
    let invented: Vec<_> = ErrorCode::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(invented.is_empty(), "Kafka does not have {invented:?}");
}
