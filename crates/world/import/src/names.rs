//! New names for what has a name of its owner's: each old name has one new one, whatever text it stands in. Kafka's own words,
//! its internal topics and numbers of nodes stay.

use base::{FlatMap, Str, TopicPartition};
use config::application::{named, spelled};
use config::{ConfigKey, Kind, PartitionerClass, Scope, Valid};
use sim::NodePlan;

/// How many letters a drawn id has behind a member's name, with the hyphen between them.
const DRAWN: usize = 37;

/// Listeners whose names tell nothing.
const USUAL_LISTENERS: [&str; 10] = [
    "PLAINTEXT",
    "SSL",
    "SASL_PLAINTEXT",
    "SASL_SSL",
    "CONTROLLER",
    "INTERNAL",
    "EXTERNAL",
    "INSIDE",
    "OUTSIDE",
    "PLAINTEXT_HOST",
];

/// New names of one kind, in the order in which old ones are met.
struct Renamed {
    kind: &'static str,
    known: FlatMap<Str, Str>,
}

impl Renamed {
    fn new(kind: &'static str) -> Renamed {
        Renamed { kind, known: FlatMap::new() }
    }

    fn of(&mut self, name: &str) -> Str {
        let next = self.known.len() + 1;
        let kind = self.kind;
        self.known.entry(name.into()).or_insert_with(|| format!("{kind}-{next}").into()).clone()
    }
}

/// Topics that Kafka makes for itself.
const KAFKAS_TOPICS: [&str; 5] =
    ["__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata", "__remote_log_metadata"];

/// All names of one run.
pub(crate) struct Names {
    topics: Renamed,
    groups: Renamed,
    clients: Renamed,
    /// Static members (`group.instance.id`).
    instances: Renamed,
    racks: Renamed,
    hosts: Renamed,
    clusters: Renamed,
    listeners: Renamed,
    stores: Renamed,
    keys: Renamed,
    values: Renamed,
    headers: Renamed,
    /// Nodes whose names are no numbers.
    nodes: FlatMap<Str, Str>,
}

impl Names {
    pub(crate) fn new() -> Names {
        Names {
            topics: Renamed::new("topic"),
            groups: Renamed::new("group"),
            clients: Renamed::new("client"),
            instances: Renamed::new("member"),
            racks: Renamed::new("rack"),
            hosts: Renamed::new("host"),
            clusters: Renamed::new("cluster"),
            listeners: Renamed::new("LISTENER"),
            stores: Renamed::new("store"),
            keys: Renamed::new("key"),
            values: Renamed::new("value"),
            headers: Renamed::new("header"),
            nodes: FlatMap::new(),
        }
    }

    /// Kafka's own topics keep their names.
    pub(crate) fn topic(&mut self, name: &str) -> Str {
        if KAFKAS_TOPICS.contains(&name) { name.into() } else { self.topics.of(name) }
    }

    pub(crate) fn partition(&mut self, at: &TopicPartition) -> TopicPartition {
        TopicPartition::new(self.topic(&at.topic), at.partition)
    }

    /// `orders-1`.
    pub(crate) fn spelled_partition(&mut self, text: &str) -> Str {
        match text.rsplit_once('-') {
            Some((topic, number)) => format!("{}-{number}", self.topic(topic)).into(),
            None => self.topic(text),
        }
    }

    pub(crate) fn group(&mut self, name: &str) -> Str {
        self.groups.of(name)
    }

    pub(crate) fn client(&mut self, name: &str) -> Str {
        self.clients.of(name)
    }

    pub(crate) fn instance(&mut self, name: &str) -> Str {
        self.instances.of(name)
    }

    pub(crate) fn rack(&mut self, name: &str) -> Str {
        self.racks.of(name)
    }

    /// One's own machine has no owner's name, and who is nowhere stays nowhere.
    pub(crate) fn host(&mut self, name: &str) -> Str {
        match name.strip_suffix(".invalid") {
            Some(name) => format!("{}.invalid", self.hosts.of(name)).into(),
            // All addresses of a machine.
            None if ["0.0.0.0", "::", "[::]"].contains(&name) => name.into(),
            None if !NodePlan::leads_to_its_node(name) => name.into(),
            // Whoever stands outside knows names with a dot only.
            None if name.contains('.') => format!("{}.example", self.hosts.of(name)).into(),
            None => self.hosts.of(name),
        }
    }

    pub(crate) fn cluster(&mut self, name: &str) -> Str {
        self.clusters.of(name)
    }

    pub(crate) fn key(&mut self, name: &str) -> Str {
        self.keys.of(name)
    }

    pub(crate) fn value(&mut self, name: &str) -> Str {
        self.values.of(name)
    }

    pub(crate) fn header(&mut self, name: &str) -> Str {
        self.headers.of(name)
    }

    /// A store outside Kafka.
    pub(crate) fn store(&mut self, name: &str) -> Str {
        self.stores.of(name)
    }

    /// A node whose name is no number is called by its number from here on.
    pub(crate) fn node(&mut self, name: &str, new: &str) {
        self.nodes.insert(name.into(), new.into());
    }

    /// A process as commands call it: a client, a node, or somebody whom nobody has introduced.
    pub(crate) fn process(&mut self, name: &str) -> Str {
        if let Some(known) = self.clients.known.get(name).or_else(|| self.nodes.get(name)) {
            return known.clone();
        }
        if is_number(name) || name == "admin" { name.into() } else { self.client(name) }
    }

    /// A member's id: its client's or its own name, and what was drawn.
    pub(crate) fn member(&mut self, id: &str, client: &str) -> Str {
        let cut = id.len().checked_sub(DRAWN).filter(|cut| id.as_bytes()[*cut] == b'-');
        let (name, drawn) = cut.map_or((id, ""), |cut| id.split_at(cut));
        let name = if name == client { self.client(name) } else { self.instance(name) };
        format!("{name}{drawn}").into()
    }

    /// Settings whose values are numbers, Kafka's own words or names that have new ones; what else a value says is not told.
    pub(crate) fn settings(&mut self, scope: Scope, settings: &FlatMap<Str, Str>) -> FlatMap<Str, Str> {
        let each = settings.iter();
        each.filter_map(|(name, value)| Some((name.clone(), self.setting(scope, name, value)?))).collect()
    }

    /// One of them; `None`: nobody knows what its value tells.
    pub(crate) fn setting(&mut self, scope: Scope, name: &str, value: &Str) -> Option<Str> {
        match name {
            "client.id" => Some(self.client(value)),
            "group.id" => Some(self.group(value)),
            "group.instance.id" => Some(self.instance(value)),
            "client.rack" | "broker.rack" => Some(self.rack(value)),
            "app.sink" => Some(self.store(value.trim())),
            "app.headers" => {
                let pair =
                    |(name, value): (Str, Option<Str>)| (self.header(&name), value.map(|value| self.value(&value)));
                Some(spelled(&named(value)?.into_iter().map(pair).collect::<Vec<_>>()).into())
            }
            "app.partitions" => {
                let pair = |(key, partition): (Str, Option<Str>)| (self.key(&key), partition);
                Some(spelled(&named(value)?.into_iter().map(pair).collect::<Vec<_>>()).into())
            }
            "app.assign" => {
                let mut each = |text: &str| match text.trim().split_once('@') {
                    Some((partition, offset)) => format!("{}@{offset}", self.spelled_partition(partition)),
                    None => self.spelled_partition(text.trim()).to_string(),
                };
                Some(value.split(',').map(&mut each).collect::<Vec<_>>().join(",").into())
            }
            "listeners" | "advertised.listeners" => Some(self.each(value, |names, entry| {
                let (name, address) = entry.split_once("://")?;
                let (host, port) = address.rsplit_once(':')?;
                let host = if host.is_empty() { "".into() } else { names.host(host) };
                Some(format!("{}://{host}:{port}", names.listener(name)))
            })?),
            "listener.security.protocol.map" => Some(self.each(value, |names, entry| {
                let (name, protocol) = entry.rsplit_once(':')?;
                Some(format!("{}:{protocol}", names.listener(name)))
            })?),
            "inter.broker.listener.name" | "controller.listener.names" => {
                Some(self.each(value, |names, name| Some(names.listener(name).to_string()))?)
            }
            // The others of ours take words of ours.
            ours if ours.starts_with("app.") => Some(value.clone()),
            kafkas => {
                config::key(scope, kafkas).filter(|key| says_nothing_of_its_owner(key, value)).map(|_key| value.clone())
            }
        }
    }
}

impl Names {
    /// Each part of a list; `None`: one of them is none.
    fn each(&mut self, list: &str, new: fn(&mut Names, &str) -> Option<String>) -> Option<Str> {
        let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
        let all = parts.map(|entry| new(self, entry)).collect::<Option<Vec<_>>>()?;
        Some(all.join(",").into())
    }

    /// Names of protocols and sides are everybody's.
    fn listener(&mut self, name: &str) -> Str {
        let upper = name.to_uppercase();
        let is_usual = USUAL_LISTENERS.contains(&upper.as_str());
        if is_usual { upper.into() } else { self.listeners.of(&upper) }
    }
}

/// `7`, `c2`.
pub(crate) fn is_number(name: &str) -> bool {
    let digits = name.strip_prefix('c').unwrap_or(name);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Can the value be a number, a choice among Kafka's words or one of its classes only?
fn says_nothing_of_its_owner(key: &ConfigKey, value: &str) -> bool {
    let is_number = match key.kind {
        Kind::Boolean | Kind::Int | Kind::Long | Kind::Short | Kind::Double => true,
        Kind::String | Kind::List | Kind::Class | Kind::Password => false,
    };
    let is_choice = match &key.valid {
        Valid::ListOf { values, .. } => !values.is_empty(),
        Valid::OneOf(_)
        | Valid::OneOfAnyCase(_)
        | Valid::GzipLevel
        | Valid::ThrottledReplicas
        | Valid::OffsetReset
        | Valid::AcknowledgementMode
        | Valid::AcquireMode => true,
        Valid::Any
        | Valid::Range { .. }
        | Valid::NonEmpty
        | Valid::NonNull
        | Valid::QuorumVoters
        | Valid::BootstrapServers => false,
    };
    let is_class = |word: &str| {
        let ours = PartitionerClass::NAMED.iter().any(|each| each.class() == Some(word));
        ours || word.starts_with("org.apache.kafka.") || word.starts_with("java.lang.")
    };
    is_number || is_choice || value.split(',').all(|word| is_class(word.trim()))
}
