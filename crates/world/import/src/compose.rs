//! docker-compose: services that run Kafka, by what their environment sets. Names become settings as the images of Apache,
//! Confluent and Bitnami make them.

use crate::found::Found;
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

/// Reads a compose file's services.
pub(crate) fn read(found: &mut Found, notebook: &mut Notebook, (root, text): (&Yaml, &str)) {
    let line_of = |line: u32| text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
    for (name, service) in root.get("services").map(Yaml::all).unwrap_or_default() {
        let variables = variables(service);
        let is_node = variables.iter().any(|(_, name, _)| setting(name).is_some());
        if !is_node {
            let why = if name.contains("zookeeper") { Why::ZooKeeper } else { Why::NoNode };
            notebook.keep(service.line, name, why);
            continue;
        }
        if variables
            .iter()
            .any(|(_, name, _)| name == "KAFKA_ZOOKEEPER_CONNECT" || name == "KAFKA_CFG_ZOOKEEPER_CONNECT")
        {
            notebook.keep(service.line, line_of(service.line), Why::ZooKeeper);
        }
        let mut sheet = Sheet::default();
        for (line, name, value) in &variables {
            match setting(name).filter(|setting| !setting.starts_with("zookeeper.")) {
                Some(setting) => sheet.set(*line, &setting, value),
                None => notebook.keep(*line, &format!("{name}={value}"), Why::NotUnderstood),
            }
        }
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
