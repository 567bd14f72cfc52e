//! Accepted means honoured: each setting is honoured, refused in words, or taken without effect and listed in
//! `docs/fidelity.md`. What the tables say is held against the code that reads settings and against that page.

use config::{ConfigKey, Lack, Preset, Scope, Support, keys};
use std::path::{Path, PathBuf};

const SCOPES: [Scope; 5] = [Scope::Producer, Scope::Consumer, Scope::Admin, Scope::Topic, Scope::Broker];
const FIDELITY: &str = include_str!("../../../../../docs/fidelity.md");
const READERS: [&str; 3] =
    [include_str!("../../src/broker.rs"), include_str!("../../src/client.rs"), include_str!("../../src/topic.rs")];

/// Idempotence and the shortest delivery time-out are worked out where they are checked.
const CHECKS: &str = include_str!("../../src/check.rs");

fn all() -> impl Iterator<Item = &'static ConfigKey> {
    SCOPES.into_iter().flat_map(keys)
}

/// Patterns of names in the last section, where `*` is any part of a name.
fn listed() -> Vec<&'static str> {
    let (_, section) = FIDELITY.split_once("## Taken without effect").expect("the section is there");
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let names = |row: &'static str| row.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap_or_default();
    rows.flat_map(|row| names(row).split(',')).map(str::trim).collect()
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
        None => pattern == name,
    }
}

#[test]
fn what_is_taken_without_effect_is_listed_and_nothing_else() {
    let listed = listed();
    for key in all() {
        let patterns: Vec<&&str> = listed.iter().filter(|pattern| fits(pattern, key.name)).collect();
        let silent = key.support == Support::WithoutEffect;
        assert_eq!(!patterns.is_empty(), silent, "{:?} {}: listed as {patterns:?}", key.scope, key.name);
    }
    for pattern in &listed {
        assert!(all().any(|key| fits(pattern, key.name)), "{pattern} is no setting");
    }
}

#[test]
fn every_reason_for_a_refusal_is_in_fidelity_and_used() {
    let subjects: Vec<&str> =
        FIDELITY.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    for lack in Lack::ALL {
        assert!(subjects.contains(&lack.word()), "{} is no row of fidelity.md", lack.word());
        let names = |key: &&ConfigKey| match &key.support {
            Support::HonouredBut { lack: other, .. } | Support::Refused { lack: other, .. } => other == lack,
            Support::Honoured | Support::WithoutEffect => false,
        };
        // Which codecs there are depends on the build; names are the command's business.
        let elsewhere = matches!(lack, Lack::Codec | Lack::Names);
        assert!(elsewhere || all().find(names).is_some(), "{} refuses nothing", lack.word());
    }
}

/// Defaults are never refused, and a value that a table names is one that Kafka takes.
#[test]
fn only_what_kafka_takes_is_refused() {
    for key in all() {
        if let Preset::Text(text) = key.default {
            assert_eq!(key.lack(text), None, "{:?} {}={text}", key.scope, key.name);
        }
        let (named, refuses) = match &key.support {
            Support::HonouredBut { values, .. } => (values, true),
            Support::Refused { unless, .. } => (unless, false),
            Support::Honoured | Support::WithoutEffect => continue,
        };
        for value in named {
            assert!(key.parse_set(value).is_ok(), "{}={value}", key.name);
            assert_eq!(key.lack(value).is_some(), refuses, "{}={value}", key.name);
        }
    }
}

/// A name stands in quotes where settings are resolved exactly if it is honoured.
#[test]
fn what_is_honoured_is_read() {
    for key in all() {
        let quoted = format!("\"{}\"", key.name);
        let is_read = readers_of(key.scope).iter().any(|text| text.contains(&quoted));
        let honoured = matches!(key.support, Support::Honoured | Support::HonouredBut { .. });
        assert_eq!(is_read, honoured, "{:?} {}", key.scope, key.name);
    }
}

fn readers_of(scope: Scope) -> Vec<&'static str> {
    let [broker, client, topic] = READERS;
    match scope {
        Scope::Producer => {
            let mut parts = part(client, "impl ProducerConfig", "impl ConsumerConfig");
            parts.extend(
                CHECKS.split("/// Idempotence, which").nth(1).and_then(|text| text.split("/// `Consumer").next()),
            );
            parts
        }
        Scope::Consumer => part(client, "impl ConsumerConfig", "impl AdminConfig"),
        Scope::Admin => part(client, "impl AdminConfig", "fn retry"),
        Scope::Topic => vec![topic],
        Scope::Broker => vec![broker, topic],
    }
}

/// A client's own resolver, and the helpers that all of them share.
fn part(client: &'static str, from: &str, to: &str) -> Vec<&'static str> {
    let cut = |text: &'static str, at: &str| text.split_once(at).unwrap_or_else(|| panic!("{at}")).1;
    let own = cut(client, from);
    vec![own.split(to).next().unwrap_or_default(), cut(client, "fn retry")]
}

/// Every field of a resolved configuration is read by some role, outside this crate.
#[test]
fn what_is_resolved_is_used() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = String::new();
    for role in ["broker", "client", "controller", "coordinator", "quorum"] {
        read_folder(&core.join(role).join("src"), &mut sources);
    }
    for field in READERS.iter().flat_map(|text| fields(text)) {
        let used = sources.match_indices(&format!(".{field}")).any(|(at, word)| {
            !sources[at + word.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '(')
        });
        assert!(used, "nothing outside reads {field}");
    }
}

/// Names of the public fields in a source text.
fn fields(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split_once(": "))
        .map(|(name, _)| name)
        .filter(is_name)
}

fn is_name(text: &&str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn read_folder(folder: &Path, into: &mut String) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.expect("a readable folder").path()).collect::<Vec<PathBuf>>() {
        if path.is_dir() {
            read_folder(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).expect("a readable file"));
        }
    }
}
