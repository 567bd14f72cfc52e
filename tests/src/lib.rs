//! How recorded cases of the real Kafka are read and counted.
//!
//! A vector file is `{"source", "description", "kafkaVersion", "cases": [...]}`. Tests beside the
//! code call [`run_vectors`] with the production type; nothing here knows any rule of Kafka.

use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::PathBuf;

/// The folder with the vector files: the environment variable `VECTORS`, else the vendored copy.
pub fn vectors_folder() -> PathBuf {
    folder("VECTORS", "conformance/vectors")
}

/// The folder with the traces: the environment variable `TRACES`, else the vendored copy.
pub fn traces_folder() -> PathBuf {
    folder("TRACES", "conformance/traces")
}

fn folder(variable: &str, vendored: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(named) => named.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(vendored),
    }
}

/// Runs every case of `<name>.json` through `check` and prints `name: ran N of N`.
///
/// A case that does not deserialise (an unknown field or kind, say) counts as failed: nothing is
/// skipped in silence. Make `C` deny unknown fields.
///
/// # Panics
/// When the file cannot be read, has no cases, or any case fails; the message names each.
pub fn run_vectors<C: DeserializeOwned>(name: &str, mut check: impl FnMut(C) -> Result<(), String>) {
    let path = vectors_folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases = file["cases"].as_array().unwrap_or_else(|| panic!("{}: no cases", path.display()));
    assert!(!cases.is_empty(), "{}: no cases", path.display());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let outcome = serde_json::from_value(case.clone()).map_err(|error| error.to_string()).and_then(&mut check);
            outcome.err().map(|error| format!("  case {}: {error}", case["id"]))
        })
        .collect();
    println!("{name}: ran {} of {}", cases.len() - failures.len(), cases.len());
    assert!(failures.is_empty(), "{name}: {} of {} failed\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// The bytes that a string of hexadecimal digits spells.
///
/// # Panics
/// When the text is no such string.
pub fn from_hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd number of hexadecimal digits");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits"))
        .collect()
}

/// Fails with both sides when they differ; for use inside a `run_vectors` check.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what}: got {got:?}, expected {expected:?}")) }
}
