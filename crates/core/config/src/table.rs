//! The tables: every setting of Kafka 4.3.0 by scope and name, in the order of its `ConfigDef`.

use crate::key::EmptyList;
use crate::{ConfigKey, Kind, Preset, Scope, UpdateMode, Valid, support};
use base::FlatMap;
use std::sync::LazyLock;

/// One scope's settings, in order and by name.
struct Table {
    keys: Vec<ConfigKey>,
    by_name: FlatMap<&'static str, usize>,
}

static PRODUCER: LazyLock<Table> = LazyLock::new(|| read(Scope::Producer, include_str!("../table/producer.txt")));
static CONSUMER: LazyLock<Table> = LazyLock::new(|| read(Scope::Consumer, include_str!("../table/consumer.txt")));
static ADMIN: LazyLock<Table> = LazyLock::new(|| read(Scope::Admin, include_str!("../table/admin.txt")));
static TOPIC: LazyLock<Table> = LazyLock::new(|| read(Scope::Topic, include_str!("../table/topic.txt")));
static BROKER: LazyLock<Table> = LazyLock::new(|| read(Scope::Broker, include_str!("../table/broker.txt")));

/// Read once: the texts are those of `config_defaults`, and take a moment.
fn table(scope: Scope) -> &'static Table {
    match scope {
        Scope::Producer => &PRODUCER,
        Scope::Consumer => &CONSUMER,
        Scope::Admin => &ADMIN,
        Scope::Topic => &TOPIC,
        Scope::Broker => &BROKER,
    }
}

/// Every setting of `scope`, in Kafka's order.
pub fn keys(scope: Scope) -> &'static [ConfigKey] {
    &table(scope).keys
}

/// The setting of that name, if Kafka has it.
pub fn key(scope: Scope, name: &str) -> Option<&'static ConfigKey> {
    let table = table(scope);
    table.by_name.get(name).map(|index| &table.keys[*index])
}

fn read(scope: Scope, text: &'static str) -> Table {
    let keys: Vec<ConfigKey> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let columns: Vec<&'static str> = line.split('\t').collect();
            let [mark, name, kind, default, valid] = columns[..5] else { panic!("five columns: {line}") };
            ConfigKey {
                scope,
                name,
                kind: read_kind(kind),
                default: read_default(default),
                valid: read_valid(valid),
                internal: mark.contains('!'),
                support: support::read(mark, columns.get(5).copied()),
                update_mode: match mark {
                    _ if mark.contains('b') => UpdateMode::PerBroker,
                    _ if mark.contains('*') => UpdateMode::ClusterWide,
                    _ => UpdateMode::ReadOnly,
                },
            }
        })
        .collect();
    let by_name = keys.iter().enumerate().map(|(index, key)| (key.name, index)).collect();
    Table { keys, by_name }
}

fn read_kind(text: &str) -> Kind {
    match text {
        "B" => Kind::Boolean,
        "I" => Kind::Int,
        "L" => Kind::Long,
        "H" => Kind::Short,
        "D" => Kind::Double,
        "S" => Kind::String,
        "T" => Kind::List,
        "C" => Kind::Class,
        "P" => Kind::Password,
        other => panic!("{other} is not a type of the table"),
    }
}

fn read_default(text: &'static str) -> Preset {
    match text {
        "?" => Preset::Required,
        "-" => Preset::Null,
        "\"\"" | "[]" => Preset::Text(""),
        other => Preset::Text(other),
    }
}

fn read_valid(text: &'static str) -> Valid {
    let values = |text: &'static str| {
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        inner.map_or(Vec::new(), |inner| inner.split('|').collect())
    };
    if let Some(rest) = text.strip_prefix("list!") {
        return Valid::ListOf { values: values(rest), empty: EmptyList::Refused };
    }
    if let Some(rest) = text.strip_prefix("list") {
        return Valid::ListOf { values: values(rest), empty: EmptyList::Allowed };
    }
    if let Some(rest) = text.strip_prefix('~') {
        return Valid::OneOfAnyCase(values(rest));
    }
    if let Some((min, max)) = text.split_once("..") {
        return Valid::Range { min, max: (!max.is_empty()).then_some(max) };
    }
    match text {
        "-" => Valid::Any,
        "nonempty" => Valid::NonEmpty,
        "nonnull" => Valid::NonNull,
        "gzip" => Valid::GzipLevel,
        "throttled" => Valid::ThrottledReplicas,
        "reset" => Valid::OffsetReset,
        "acknowledgement" => Valid::AcknowledgementMode,
        "acquire" => Valid::AcquireMode,
        "voters" => Valid::QuorumVoters,
        "servers" => Valid::BootstrapServers,
        other => Valid::OneOf(values(other)),
    }
}
