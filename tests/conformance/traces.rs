//! Traces of a real Kafka 4.3.0 cluster, replayed as commands on a world; every recorded expectation
//! and observation is compared. `TRACES` names another folder.

mod replay;

use replay::{Outcome, Trace};

/// How many steps of a trace are not built; of those that are not named here none. A number may only fall, and falls here when
/// it falls. The traces beside this file are a part of what was recorded; the others are named for `TRACES`.
const NOT_BUILT: &[(&str, u32)] = &[
    ("cli.json", 44),
    ("errors.json", 63),
    ("files.json", 47),
    ("groups-classic.json", 66),
    ("groups-consumer.json", 44),
    ("log.json", 84),
    ("metadata-log.json", 45),
    ("reassignment.json", 92),
    ("share-group.json", 36),
    ("transactions.json", 87),
];

#[test]
fn traces_of_a_real_cluster_hold() {
    let folder = conformance::traces_folder();
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{}: no traces", folder.display());
    let mut failures = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(trace) = Trace::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}")) else {
            println!("{file}: no trace, no steps");
            continue;
        };
        let outcome = replay::run(&trace);
        println!("{file}: {outcome}");
        let not_built: u32 = outcome.not_built.values().sum();
        let pinned = NOT_BUILT.iter().find(|(name, _)| *name == file).map_or(0, |(_, pinned)| *pinned);
        if not_built != pinned {
            failures.push(format!("{file}: {not_built} steps are not built, pinned are {pinned}"));
        }
        failures.extend(outcome.failures.iter().map(|failure| format!("{file}: {failure}")));
        check_seeds(&trace, &file, &outcome, &mut failures);
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// What is recorded must hold whatever the dice say.
fn check_seeds(trace: &Trace, file: &str, first: &Outcome, failures: &mut Vec<String>) {
    let seeds: u64 = std::env::var("TRACE_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    for seed in 2..=seeds {
        let outcome = replay::run_with_seed(trace, seed);
        failures.extend(outcome.failures.iter().map(|failure| format!("{file}, seed {seed}: {failure}")));
        assert_eq!(outcome.ran + outcome.failures.len() as u32, first.ran + first.failures.len() as u32, "{file}");
    }
}
