//! DescribeConfigs: every setting of a topic or a broker, the value that counts and the places where it is set.
//!
//! Kafka: `ConfigHelper`, `DynamicBrokerConfig.brokerConfigSynonyms`, `ServerTopicConfigSynonyms`.

use crate::{ConfigKey, Kind, Overrides, Parsed, Preset, Scope, UpdateMode, key, keys};
use api::{
    ConfigEntry, ConfigResource, ConfigSource, ConfigSynonym, DescribeConfigsRequest, DescribeConfigsResponse,
    DescribedConfigs,
};
use base::{BrokerId, ErrorCode, FlatSet, Str};

/// What a node looks its answer up in.
pub struct Described<'a> {
    /// Who answers: settings of other nodes are not known here.
    pub node: BrokerId,
    /// What the node was started with.
    pub fixed: &'a Overrides,
    /// What was set while the cluster runs.
    pub set: &'a dyn Fn(&ConfigResource) -> Option<&'a Overrides>,
    /// Why a topic of that name has no settings: its name is not legal, or it is not there.
    pub missing: &'a dyn Fn(&Str) -> Option<Complaint>,
}

/// Why a resource is not described.
pub type Complaint = (ErrorCode, Str);

/// A broker's settings by how strong they are.
struct Layers<'a> {
    dynamic: Option<&'a Overrides>,
    dynamic_default: Option<&'a Overrides>,
    fixed: &'a Overrides,
}

impl Described<'_> {
    /// One result per resource.
    pub fn answer(&self, request: &DescribeConfigsRequest) -> DescribeConfigsResponse {
        let described = |(resource, names): &(ConfigResource, Option<Vec<Str>>)| {
            let (error, error_message, mut entries) = match self.of(resource) {
                Ok(entries) => (ErrorCode::None, None, entries),
                Err((error, message)) => (error, Some(message), Vec::new()),
            };
            entries.retain(|entry| names.as_ref().is_none_or(|names| names.contains(&entry.name)));
            if !request.include_synonyms {
                entries.iter_mut().for_each(|entry| entry.synonyms.clear());
            }
            DescribedConfigs { error, error_message, resource: resource.clone(), entries }
        };
        DescribeConfigsResponse { results: request.resources.iter().map(described).collect() }
    }

    fn of(&self, resource: &ConfigResource) -> Result<Vec<ConfigEntry>, Complaint> {
        let layers = Layers {
            dynamic: (self.set)(&ConfigResource::Broker(Some(self.node))),
            dynamic_default: (self.set)(&ConfigResource::Broker(None)),
            fixed: self.fixed,
        };
        match resource {
            ConfigResource::Topic(name) => match (self.missing)(name) {
                Some(complaint) => Err(complaint),
                None => Ok(topic_entries(&layers, (self.set)(resource).unwrap_or(&Overrides::new()))),
            },
            ConfigResource::Broker(None) => Ok(layers.default_entries()),
            ConfigResource::Broker(Some(id)) if *id == self.node => Ok(layers.broker_entries()),
            ConfigResource::Broker(Some(other)) => {
                let own = self.node;
                let message = format!("Unexpected broker id, expected {own} or empty string, but received {other}");
                Err((ErrorCode::InvalidRequest, message.into()))
            }
        }
    }
}

/// The names under which a broker knows the same thing, the strongest first.
fn broker_synonyms(name: &str) -> Vec<&str> {
    const GROUPS: [&[&str]; 4] = [
        &["log.roll.ms", "log.roll.hours"],
        &["log.roll.jitter.ms", "log.roll.jitter.hours"],
        &["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
        &["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
    ];
    GROUPS.iter().find(|group| group.contains(&name)).map_or_else(|| vec![name], |group| group.to_vec())
}

/// How a broker calls what a topic calls so; `None`: it has nothing of the kind.
fn broker_name(topic: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 27] = [
        ("cleanup.policy", "log.cleanup.policy"),
        ("compression.gzip.level", "compression.gzip.level"),
        ("compression.lz4.level", "compression.lz4.level"),
        ("compression.type", "compression.type"),
        ("compression.zstd.level", "compression.zstd.level"),
        ("delete.retention.ms", "log.cleaner.delete.retention.ms"),
        ("file.delete.delay.ms", "log.segment.delete.delay.ms"),
        ("flush.messages", "log.flush.interval.messages"),
        ("flush.ms", "log.flush.interval.ms"),
        ("index.interval.bytes", "log.index.interval.bytes"),
        ("local.retention.bytes", "log.local.retention.bytes"),
        ("local.retention.ms", "log.local.retention.ms"),
        ("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"),
        ("max.message.bytes", "message.max.bytes"),
        ("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"),
        ("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"),
        ("message.timestamp.type", "log.message.timestamp.type"),
        ("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"),
        ("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"),
        ("min.insync.replicas", "min.insync.replicas"),
        ("preallocate", "log.preallocate"),
        ("retention.bytes", "log.retention.bytes"),
        ("retention.ms", "log.retention.ms"),
        ("segment.bytes", "log.segment.bytes"),
        ("segment.jitter.ms", "log.roll.jitter.ms"),
        ("segment.ms", "log.roll.ms"),
        ("segment.index.bytes", "log.index.size.max.bytes"),
    ];
    NAMES
        .iter()
        .find(|(name, _)| *name == topic)
        .map(|(_, broker)| *broker)
        .or((topic == "unclean.leader.election.enable").then_some("unclean.leader.election.enable"))
}

/// Milliseconds of one unit of a broker's setting of time.
fn unit_of(name: &str) -> i64 {
    if name.ends_with(".hours") {
        3_600_000
    } else if name.ends_with(".minutes") {
        60_000
    } else {
        1
    }
}

/// Every setting of a topic (`ConfigHelper.createTopicConfigEntry`).
fn topic_entries(layers: &Layers<'_>, own: &Overrides) -> Vec<ConfigEntry> {
    let keys = keys(Scope::Topic).iter().filter(|key| !key.internal || own.contains_key(key.name));
    let mut entries: Vec<ConfigEntry> = keys.map(|key| topic_entry(layers, own, key)).collect();
    base::sort_by(&mut entries, |a, b| a.name.cmp(&b.name));
    entries
}

fn topic_entry(layers: &Layers<'_>, own: &Overrides, key: &ConfigKey) -> ConfigEntry {
    let mut synonyms = broker_name(key.name).map_or_else(Vec::new, |name| layers.synonyms(name));
    let inherited = broker_name(key.name).and_then(|name| layers.value_for_topic(name));
    let set = own.get(key.name).map(|value| shown(key, value));
    if let Some(value) = &set {
        let (name, value) = (key.name.into(), Some(value.clone()));
        synonyms.insert(0, ConfigSynonym { name, value, source: ConfigSource::DynamicTopic });
    }
    ConfigEntry {
        name: key.name.into(),
        value: set.or(inherited).or_else(|| preset(key)),
        source: synonyms.first().map_or(ConfigSource::Default, |first| first.source),
        is_sensitive: false,
        is_read_only: false,
        synonyms,
    }
}

impl Layers<'_> {
    /// Every place where one of these names is set. What is only set under another name than was asked for comes first
    /// and is left out (`ConfigHelper.configSynonyms`).
    fn synonyms(&self, name: &str) -> Vec<ConfigSynonym> {
        let names = broker_synonyms(name);
        let mut all = Vec::new();
        let mut add = |settings: Option<&Overrides>, source: ConfigSource| {
            for each in &names {
                if let Some(value) = settings.and_then(|settings| settings.get(*each)) {
                    let value = value_of(each, value);
                    all.push(ConfigSynonym { name: (*each).into(), value, source });
                }
            }
        };
        add(self.dynamic, ConfigSource::DynamicBroker);
        add(self.dynamic_default, ConfigSource::DynamicDefaultBroker);
        add(Some(self.fixed), ConfigSource::StaticBroker);
        for each in &names {
            if let Some(value) = key(Scope::Broker, each).and_then(preset) {
                all.push(ConfigSynonym { name: (*each).into(), value: Some(value), source: ConfigSource::Default });
            }
        }
        let first = all.iter().position(|synonym| *synonym.name == *name);
        first.map_or_else(Vec::new, |first| all.split_off(first))
    }

    /// What counts of a broker's setting, under any of its names, in the topic's unit
    /// (`AbstractKafkaConfig.extractLogConfigMap`).
    fn value_for_topic(&self, name: &str) -> Option<Str> {
        let names = broker_synonyms(name);
        let set = |each: &str| {
            let layers = [self.dynamic, self.dynamic_default, Some(self.fixed)];
            layers.into_iter().flatten().find_map(|settings| settings.get(each).cloned())
        };
        let set = names.iter().find_map(|each| Some((*each, set(each)?)));
        let default = || names.iter().find_map(|each| Some((*each, preset(key(Scope::Broker, each)?)?)));
        let (under, text) = set.or_else(default)?;
        let key = key(Scope::Broker, under)?;
        match (unit_of(under), text.trim().parse::<i64>()) {
            (1, _) | (_, Err(_)) => Some(shown(key, &text)),
            (unit, Ok(number)) => Some(number.saturating_mul(unit).to_string().into()),
        }
    }

    /// Everything that a broker is configured with (`ConfigHelper.createBrokerConfigEntry`).
    fn broker_entries(&self) -> Vec<ConfigEntry> {
        let known = keys(Scope::Broker).iter().filter(|key| !key.internal).map(|key| key.name);
        let mut names: FlatSet<&str> = known.collect();
        for settings in [self.dynamic, self.dynamic_default, Some(self.fixed)].into_iter().flatten() {
            names.extend(settings.keys().map(|name| &**name));
        }
        let entry = |name: &&str| self.broker_entry(name, self.synonyms(name));
        names.iter().map(entry).collect()
    }

    /// What is set for all brokers together.
    fn default_entries(&self) -> Vec<ConfigEntry> {
        let names = self.dynamic_default.into_iter().flat_map(|settings| settings.keys());
        let of_all = |synonym: &ConfigSynonym| synonym.source == ConfigSource::DynamicDefaultBroker;
        let entry = |name: &Str| {
            let synonyms = self.synonyms(name).into_iter().filter(of_all).collect();
            self.broker_entry(name, synonyms)
        };
        names.map(entry).collect()
    }

    fn broker_entry(&self, name: &str, synonyms: Vec<ConfigSynonym>) -> ConfigEntry {
        let key = key(Scope::Broker, name);
        let set = synonyms.first().and_then(|first| first.value.clone());
        ConfigEntry {
            name: name.into(),
            value: set.or_else(|| key.and_then(preset)),
            source: synonyms.first().map_or(ConfigSource::Default, |first| first.source),
            is_sensitive: is_sensitive(key),
            is_read_only: key.is_none_or(|key| key.update_mode == UpdateMode::ReadOnly),
            synonyms,
        }
    }
}

/// A password, or of unknown type: not to be told (`KafkaConfig.maybeSensitive`).
fn is_sensitive(key: Option<&ConfigKey>) -> bool {
    key.is_none_or(|key| key.kind == Kind::Password)
}

/// A value as it is told of a broker's setting.
fn value_of(name: &str, text: &Str) -> Option<Str> {
    let key = key(Scope::Broker, name)?;
    (!is_sensitive(Some(key))).then(|| shown(key, text))
}

/// The default, if there is one.
fn preset(key: &ConfigKey) -> Option<Str> {
    match key.default {
        Preset::Required | Preset::Null => None,
        Preset::Text(text) => Some(shown(key, text)),
    }
}

/// As `ConfigDef.convertToString` prints the parsed value: lists with commas, numbers as numbers.
fn shown(key: &ConfigKey, text: &str) -> Str {
    match key.parse_set(text) {
        Ok(Parsed::List(items)) => items.join(",").into(),
        Ok(parsed) => parsed.shown().into(),
        // It was checked when it was set; a default may break its own rule.
        Err(_) => text.into(),
    }
}
