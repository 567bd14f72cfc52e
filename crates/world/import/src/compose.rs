//! docker-compose: services that run Kafka, by what their environment sets. Names become settings as the images of Apache,
//! Confluent and Bitnami make them.

use crate::found::{Assumed, Found};
use crate::properties::Sheet;
use crate::report::{Notebook, Why};
use crate::yaml::Yaml;

/// What scripts of the images read and Kafka does not.
const OF_THE_IMAGE: [&str; 8] = [
    "KAFKA_HEAP_OPTS",
    "KAFKA_OPTS",
    "KAFKA_JMX",
    "KAFKA_LOG4J",
    "KAFKA_JVM",
    "KAFKA_TOOLS",
    "KAFKA_CREATE_TOPICS",
    "KAFKA_KRAFT_CLUSTER_ID",
];

/// By which the images format a node's disk.
const CLUSTER_ID: [&str; 2] = ["CLUSTER_ID", "KAFKA_KRAFT_CLUSTER_ID"];

/// So many letters a default has at most; what is longer stays as it is written.
const LONGEST_DEFAULT: usize = 1_000;
/// So deep defaults stand within each other at most.
const DEEPEST: u32 = 8;

/// Reads a compose file's services.
pub(crate) fn read(found: &mut Found, notebook: &mut Notebook, root: &Yaml) {
    for (name, service) in root.get("services").map(Yaml::all).unwrap_or_default() {
        let mut variables = variables(service);
        let is_node = variables.iter().any(|(_, name, _)| setting(name).is_some());
        if !is_node {
            let why = if name.contains("zookeeper") { Why::ZooKeeper } else { Why::NoNode };
            notebook.keep(service.line, name, why);
            continue;
        }
        variables.iter_mut().for_each(|(_, _, value)| *value = interpolated(value, 0, &mut found.notes));
        let mut sheet = Sheet::default();
        for (line, name, value) in &variables {
            let kept = |why: Why| (format!("{name}={value}"), why);
            let kept = match setting(name) {
                // Ids of clusters are drawn anew.
                None if CLUSTER_ID.contains(&name.as_str()) => {
                    notebook.understood(*line);
                    if !found.notes.contains(&Assumed::DrawnIds) {
                        found.notes.push(Assumed::DrawnIds);
                    }
                    continue;
                }
                None => kept(Why::NotUnderstood),
                Some(setting) if setting.starts_with("zookeeper.") => kept(Why::ZooKeeper),
                Some(setting) => {
                    sheet.set(*line, &setting, value);
                    continue;
                }
            };
            notebook.keep(*line, &kept.0, kept.1);
        }
        sheet.bind_what_is_advertised();
        sheet.finish(found, notebook);
    }
}

/// Name and value of each, as a map or as a list of `NAME=VALUE`.
fn variables(service: &Yaml) -> Vec<(u32, String, String)> {
    let Some(environment) = service.get("environment") else { return Vec::new() };
    let of_map = environment.all().into_iter();
    let of_map = of_map.map(|(name, value)| (value.line, name.to_owned(), value.text().unwrap_or_default().to_owned()));
    let of_list = environment.items().iter().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some((item.line, name.trim().to_owned(), value.trim().to_owned()))
    });
    of_map.chain(of_list).collect()
}

/// A value as compose hands it on: `$$` is a dollar, `${NAME:-text}` and `${NAME-text}` are the text and `${NAME}`, `$NAME` nothing,
/// because nothing is set around the file here.
fn interpolated(text: &str, depth: u32, notes: &mut Vec<Assumed>) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        whole.push_str(before);
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        rest = if let Some(behind) = behind.strip_prefix('$') {
            whole.push('$');
            behind
        } else if let Some(inside) = behind.strip_prefix('{').filter(|_| depth < DEEPEST) {
            let Some(end) = closing(inside) else {
                whole.push('$');
                rest = behind;
                continue;
            };
            let (name, given) = inside[..end].split_at(inside[..end].find(|letter| !is_part(letter)).unwrap_or(end));
            let given = given.strip_prefix(':').unwrap_or(given).strip_prefix('-').unwrap_or_default();
            let default = interpolated(given, depth + 1, notes);
            whole.push_str(&default);
            unset(notes, name, &default);
            &inside[end + 1..]
        } else {
            let end = behind.find(|letter| !is_part(letter)).unwrap_or(behind.len());
            match end {
                0 => whole.push('$'),
                end => unset(notes, &behind[..end], ""),
            }
            &behind[end..]
        };
    }
    whole.push_str(rest);
    whole
}

/// Where the brace closes that opened before this text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, letter) in text.char_indices().take(LONGEST_DEFAULT) {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _other => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

fn unset(notes: &mut Vec<Assumed>, name: &str, default: &str) {
    let note = Assumed::Unset {
        name: script::brief(name).to_string().into(),
        default: script::brief(default).to_string().into(),
    };
    let is_told = |each: &Assumed| matches!(each, Assumed::Unset { .. });
    if notes.iter().filter(|each| is_told(each)).count() < crate::MOST_KEPT && !notes.contains(&note) {
        notes.push(note);
    }
}

/// The setting that a variable stands for: `KAFKA_NODE_ID` is `node.id`; `__` is an underscore and `___` a hyphen.
fn setting(variable: &str) -> Option<String> {
    if OF_THE_IMAGE.iter().any(|known| variable.starts_with(known)) {
        return None;
    }
    let rest = variable.strip_prefix("KAFKA_CFG_").or_else(|| variable.strip_prefix("KAFKA_"))?;
    let legal = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if rest.is_empty() || !rest.bytes().all(legal) {
        return None;
    }
    let name = rest.to_ascii_lowercase().replace("___", "-").replace("__", "\u{0}").replace('_', ".");
    Some(name.replace('\u{0}', "_"))
}

/// The variable that [`setting`] reads.
pub(crate) fn variable(setting: &str) -> String {
    let name = setting.replace('_', "__").replace('-', "___").replace('.', "_");
    format!("KAFKA_{}", name.to_ascii_uppercase())
}
