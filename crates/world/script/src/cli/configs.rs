//! `kafka-configs`, with its checks in Kafka's order (`ConfigCommand.ConfigCommandOptions.checkArgs`).

use super::after::After;
use super::looked::Looked;
use super::options::Options;
use super::told::{ConfigsShown, Settings};
use super::{Begun, Lack, Refusal, admin, usage, words};
use api::{AlterConfig, AlterConfigOp, ConfigResource};
use base::{BrokerId, FlatMap, Str};
use port::{Ask, ConfigsOf};
use sim::KafkaCommand;

/// `kafka-configs.sh`.
pub(crate) const CONFIGS: &str = "add-config= add-config-file= all alter bootstrap-controller= bootstrap-server= broker= \
                                  broker-defaults broker-logger= client= client-defaults client-metrics= \
                                  command-config= delete-config= describe entity-default entity-name= entity-type= \
                                  group= ip= ip-defaults topic= user= user-defaults";

/// `ConfigType`, and the loggers.
const KINDS: [&str; 8] = ["topics", "brokers", "users", "clients", "ips", "client-metrics", "groups", "broker-loggers"];

/// Options that name a kind by themselves: with an entity's name, and for the default.
const FLAGS: [(&str, &str); 8] = [
    ("topic", "topics"),
    ("client", "clients"),
    ("user", "users"),
    ("broker", "brokers"),
    ("broker-logger", "broker-loggers"),
    ("ip", "ips"),
    ("client-metrics", "client-metrics"),
    ("group", "groups"),
];
const DEFAULTS: [(&str, &str); 4] = [
    ("client-defaults", "clients"),
    ("user-defaults", "users"),
    ("broker-defaults", "brokers"),
    ("ip-defaults", "ips"),
];

/// Whose settings a line is about.
struct Entities<'a> {
    kinds: Vec<&'a str>,
    /// An empty name is the default's.
    names: Vec<&'a str>,
}

impl<'a> Entities<'a> {
    fn of(options: &'a Options) -> Result<Entities<'a>, Refusal> {
        let flags = || FLAGS.iter().chain(&DEFAULTS).filter(|(flag, _)| options.has(flag));
        let kinds = options.all("entity-type").into_iter().chain(flags().map(|(_, kind)| *kind)).collect();
        let mut values = options.all("entity-name").into_iter();
        let mut names: Vec<&str> = Vec::new();
        for name in options.names() {
            match name {
                "entity-name" => names.extend(values.next()),
                "entity-default" => names.push(""),
                _other => {}
            }
        }
        for (flag, _) in FLAGS.iter().filter(|(flag, _)| options.has(flag)) {
            names.extend(options.value(flag)?);
        }
        names.extend(DEFAULTS.iter().filter(|(flag, _)| options.has(flag)).map(|_| ""));
        Ok(Entities { kinds, names })
    }

    fn has(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(kind))
    }

    fn said(&self) -> String {
        self.kinds.join(",")
    }
}

/// Complaints in the order of `checkArgs`.
pub(crate) fn configs(options: &Options) -> Result<Begun, Refusal> {
    if options.has("alter") == options.has("describe") {
        return usage("Command must include exactly one action: --describe, --alter");
    }
    options.exclude("describe", &["alter", "add-config", "delete-config"])?;
    let entities = Entities::of(options)?;
    check_kinds(options, &entities)?;
    check_names(options, &entities)?;
    if options.has("alter") {
        check_alter(options, &entities)?;
    }
    admin::connect(options)?;
    if options.has("describe") {
        return describe(options, &entities);
    }
    if entities.kinds.len() != entities.names.len() {
        return words("An entity name must be specified for every entity type");
    }
    match (entities.kinds.as_slice(), entities.names.as_slice()) {
        (["topics"], [name]) => alter_topic(options, name),
        (["brokers"], [name]) => alter_broker(options, name),
        (kinds, _) => Err(lacking("", kinds)),
    }
}

fn check_kinds(options: &Options, entities: &Entities<'_>) -> Result<(), Refusal> {
    let kinds = &entities.kinds;
    let twice: Vec<&str> =
        kinds.iter().enumerate().filter(|(at, kind)| kinds[..*at].contains(kind)).map(|(_, kind)| *kind).collect();
    if !twice.is_empty() {
        return words(format!("Duplicate entity type(s) specified: {}", twice.join(",")));
    }
    if options.count(&["bootstrap-server", "bootstrap-controller"]) == 0 {
        return words("Either --bootstrap-server or --bootstrap-controller must be specified.");
    }
    if let Some(kind) = kinds.iter().find(|kind| !KINDS.contains(kind)) {
        return words(format!(
            "Invalid entity type {kind}, the entity type must be one of {} with a --bootstrap-server or \
             --bootstrap-controller argument",
            KINDS.join(", ")
        ));
    }
    match kinds.as_slice() {
        [] => words("At least one entity type must be specified"),
        [_] | ["users", "clients"] | ["clients", "users"] => Ok(()),
        _several => words("Only 'users' and 'clients' entity types may be specified together"),
    }
}

fn check_names(options: &Options, entities: &Entities<'_>) -> Result<(), Refusal> {
    let flags = FLAGS.iter().chain(&DEFAULTS).any(|(flag, _)| options.has(flag));
    if options.count(&["entity-name", "entity-type", "entity-default"]) > 0 && flags {
        return words("--entity-{type,name,default} should not be used in conjunction with specific entity flags");
    }
    if options.count(&["bootstrap-server", "bootstrap-controller"]) > 1 {
        return words("Only one of --bootstrap-server or --bootstrap-controller can be specified");
    }
    let is_named = entities.names.iter().any(|name| !name.is_empty());
    if is_named && entities.has(&["brokers", "broker-loggers"]) {
        let bad = entities.names.iter().find(|name| !name.is_empty() && name.parse::<i32>().is_err());
        if let Some(bad) = bad {
            return words(format!(
                "The entity name for {} must be a valid integer broker id, but it is: {bad}",
                entities.kinds[0]
            ));
        }
    }
    if options.has("describe") {
        if !entities.has(&["users", "clients", "brokers", "ips"]) && options.has("entity-default") {
            return words(format!("--entity-default must not be specified with --describe of {}", entities.said()));
        }
        if entities.has(&["broker-loggers"]) && !is_named {
            return words(format!("An entity name must be specified with --describe of {}", entities.said()));
        }
    }
    Ok(())
}

fn check_alter(options: &Options, entities: &Entities<'_>) -> Result<(), Refusal> {
    let is_named = entities.names.iter().any(|name| !name.is_empty());
    if entities.has(&["users", "clients", "brokers", "ips"]) {
        if entities.names.is_empty() {
            return words(
                "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips",
            );
        }
    } else if !is_named {
        return words(format!("An entity name must be specified with --alter of {}", entities.said()));
    }
    if options.has("add-config") && options.has("add-config-file") {
        return words("Only one of --add-config or --add-config-file must be specified");
    }
    if options.count(&["add-config", "add-config-file", "delete-config"]) == 0 {
        return words(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        );
    }
    Ok(())
}

/// Values that hold commas stand in square brackets (`ConfigCommand.parseConfigsToBeAdded`).
fn changes(options: &Options) -> Result<(FlatMap<Str, Str>, Vec<Str>), Refusal> {
    let mut set = FlatMap::new();
    if let Some(file) = options.file("add-config-file")? {
        if !file.contains('=') {
            return Err(Refusal::Value(super::Fault::new("java.nio.file.NoSuchFileException", file)));
        }
        for (name, value) in file.lines().filter_map(|line| line.trim().split_once(['=', ':'])) {
            if !name.starts_with(['#', '!']) {
                set.insert(Str::from(name.trim()), Str::from(value.trim()));
            }
        }
    }
    for pair in split_settings(options.value("add-config")?.unwrap_or_default()) {
        let Some((name, value)) = pair.split_once('=') else {
            return words(
                "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" or  \
                 \"key=[val1,val2]\" to group values which contain commas.",
            );
        };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "$._-".contains(letter);
        if !name.trim().chars().all(is_plain) {
            return words(format!("Invalid character found for config key: {}", name.trim()));
        }
        set.insert(Str::from(name.trim()), Str::from(value.replace(['[', ']'], "").trim()));
    }
    let deleted = options.all("delete-config");
    let deleted = deleted.iter().flat_map(|names| names.split(','));
    Ok((set, deleted.map(str::trim).filter(|name| !name.is_empty()).map(Str::from).collect()))
}

fn alter_topic(options: &Options, name: &str) -> Result<Begun, Refusal> {
    let (set, delete) = changes(options)?;
    let command = KafkaCommand::AlterTopicConfig { topic: name.into(), set, delete };
    Ok(Begun::new(
        command,
        After::Configured { what: format!("config for topic {name}"), line: options.line.join(" ") },
    ))
}

fn alter_broker(options: &Options, name: &str) -> Result<Begun, Refusal> {
    let (set, delete) = changes(options)?;
    let change = |name: Str, value: Option<Str>| AlterConfig {
        name,
        op: if value.is_some() { AlterConfigOp::Set } else { AlterConfigOp::Delete },
        value,
    };
    let set = set.into_iter().map(|(name, value)| change(name, Some(value)));
    let changes = set.chain(delete.into_iter().map(|name| change(name, None))).collect();
    let what = match name {
        "" => "default config for brokers in the cluster".to_owned(),
        name => format!("config for broker {name}"),
    };
    let ask = Ask::AlterConfigs { resource: ConfigResource::Broker(name.parse().ok().map(BrokerId)), changes };
    Ok(Begun::asking(ask, After::Configured { what, line: options.line.join(" ") }))
}

/// `ConfigCommand.describeConfig`.
fn describe(options: &Options, entities: &Entities<'_>) -> Result<Begun, Refusal> {
    let kind = match entities.kinds.as_slice() {
        ["topics"] => "topics",
        ["brokers"] => "brokers",
        kinds => return Err(lacking("--describe ", kinds)),
    };
    let name = entities.names.first().copied();
    let whose = match (kind, name) {
        ("topics", None) => ConfigsOf::Topics,
        ("topics", Some(name)) => ConfigsOf::One(ConfigResource::Topic(name.into())),
        (_, None) => ConfigsOf::Brokers,
        (_, Some(name)) => ConfigsOf::One(ConfigResource::Broker(name.parse().ok().map(BrokerId))),
    };
    let which = if options.has("all") { Settings::All } else { Settings::Dynamic };
    let shown = ConfigsShown { kind, which, name: name.map(Str::from), line: options.line.join(" ") };
    Ok(Begun::asking(Ask::DescribeConfigs(whose), After::Looked(Looked::Configs(shown))))
}

/// Of such entities nothing is modelled.
fn lacking(before: &str, kinds: &[&str]) -> Refusal {
    let lack = match kinds.first() {
        Some(&"broker-loggers") => Lack::Loggers,
        Some(&"groups") => Lack::GroupSettings,
        Some(&"client-metrics") => Lack::ClientMetrics,
        Some(_) | None => Lack::Quotas,
    };
    Refusal::Lacking(format!("{before}--entity-type {}", kinds.join(" --entity-type ")), lack)
}

/// Splits at commas that stand in no square brackets.
fn split_settings(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut inside) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            ',' if !inside => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _of_a_setting => {}
        }
    }
    parts.push(&text[from..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}
