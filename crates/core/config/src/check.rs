//! Is a value valid, and do values go together? The first is `ConfigDef.Validator`; the second
//! `LogConfig.validate`, `KafkaProducer.configureDeliveryTimeout` and what the constructors of
//! `ProducerConfig` and `ConsumerConfig` check.

use crate::key::EmptyList;
use crate::values::{Overrides, Values};
use crate::{ConfigError, Parsed, Scope, Valid, java};
use base::{FlatSet, Str};
use std::fmt;

impl Valid {
    /// Kafka's complaint, if it has one about this value.
    pub(crate) fn check(&self, name: &str, value: &Parsed) -> Result<(), ConfigError> {
        let invalid = |reason: String| Err(ConfigError::invalid(name, &value.shown(), &reason));
        match (self, value) {
            (Valid::Range { min, max }, _) => range(name, value, min, *max),
            (Valid::OneOf(values), Parsed::Text(text)) => one_of(name, text, values),
            (Valid::OneOfAnyCase(values), Parsed::Text(text)) => {
                if values.iter().any(|each| each.eq_ignore_ascii_case(text)) {
                    Ok(())
                } else {
                    invalid(format!("String must be one of (case insensitive): {}", values.join(", ")))
                }
            }
            (Valid::NonEmpty, Parsed::Text(text)) if text.is_empty() => invalid("String must be non-empty".to_owned()),
            (Valid::ListOf { values, empty }, Parsed::List(items)) => list(name, items, values, *empty),
            (Valid::GzipLevel, Parsed::Number(level)) if *level != -1 && !(1..=9).contains(level) => {
                invalid("Value must be between 1 and 9 or equal to -1".to_owned())
            }
            (Valid::ThrottledReplicas, Parsed::List(items)) if !throttled(items) => {
                invalid(format!("{name} must be the literal '*' or a list of replicas in the following format: {self}"))
            }
            (Valid::OffsetReset, Parsed::Text(text)) if !offset_reset(text) => invalid(format!(
                "Invalid value `{text}` for configuration {name}. The value must be either 'earliest', 'latest', \
                 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'."
            )),
            (Valid::AcknowledgementMode, Parsed::Text(text)) => mode(name, text, text, ["implicit", "explicit"]),
            (Valid::AcquireMode, Parsed::Text(text)) => {
                mode(name, text, &text.to_ascii_lowercase(), ["batch_optimized", "record_limit"])
            }
            (Valid::QuorumVoters, Parsed::List(items)) => items.iter().try_for_each(|item| voter(name, item)),
            (Valid::BootstrapServers, Parsed::List(items)) => items.iter().try_for_each(|item| server(name, item)),
            _ => Ok(()),
        }
    }
}

impl Valid {
    /// Is it a `ConfigDef.ValidList`? Other validators of lists get every item.
    pub(crate) fn drops_duplicates(&self) -> bool {
        matches!(self, Valid::ListOf { .. })
    }
}

/// `ConfigDef.Range`, with Kafka's sentences.
fn range(name: &str, value: &Parsed, min: &str, max: Option<&str>) -> Result<(), ConfigError> {
    let (below, above) = match value {
        Parsed::Number(number) => {
            let bound = |text: &str| text.parse::<i64>().expect("the table's bounds are numbers");
            (*number < bound(min), max.is_some_and(|max| *number > bound(max)))
        }
        Parsed::Double(text) => {
            let number = |text: &str| java::parse_double(text).expect("bounds and parsed doubles are numbers");
            (number(text) < number(min), max.is_some_and(|max| number(text) > number(max)))
        }
        Parsed::Boolean(_) | Parsed::Text(_) | Parsed::List(_) => (false, false),
    };
    let complain = |reason: String| Err(ConfigError::invalid(name, &value.shown(), &reason));
    match (below, above, max) {
        (true, _, _) => complain(format!("Value must be at least {min}")),
        (false, true, Some(max)) => complain(format!("Value must be no more than {max}")),
        _ => Ok(()),
    }
}

/// `ConfigDef.ValidString`.
fn one_of(name: &str, text: &str, values: &[&str]) -> Result<(), ConfigError> {
    if values.contains(&text) {
        return Ok(());
    }
    Err(ConfigError::invalid(name, text, &format!("String must be one of: {}", values.join(", "))))
}

/// `ConfigDef.ValidList`.
fn list(name: &str, items: &[Str], values: &[&str], empty: EmptyList) -> Result<(), ConfigError> {
    if items.is_empty() && empty == EmptyList::Refused {
        let allowed =
            if values.is_empty() { "any non-empty value".to_owned() } else { format!("[{}]", values.join(", ")) };
        let message = format!("Configuration '{name}' must not be empty. Valid values include: {allowed}");
        return Err(ConfigError::about(name, &message));
    }
    if items.iter().collect::<FlatSet<_>>().len() != items.len() {
        return Err(ConfigError::about(name, &format!("Configuration '{name}' values must not be duplicated.")));
    }
    for item in items {
        if item.is_empty() {
            return Err(ConfigError::about(name, &format!("Configuration '{name}' values must not be empty.")));
        }
        if !values.is_empty() {
            one_of(name, item, values)?;
        }
    }
    Ok(())
}

/// `ThrottledReplicaListValidator`: `*`, or pairs of numbers; an empty element passes.
fn throttled(items: &[Str]) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let pair = |item: &Str| {
        let item = java::trim(item);
        item.is_empty() || item.split_once(':').is_some_and(|(partition, broker)| number(partition) && number(broker))
    };
    items.iter().all(pair) || matches!(items, [only] if java::trim(only) == "*")
}

/// `AutoOffsetResetStrategy.Validator` (KIP-1106).
fn offset_reset(text: &str) -> bool {
    matches!(text, "latest" | "earliest" | "none")
        || text.strip_prefix("by_duration:").is_some_and(|text| java::parse_duration(text).is_some())
}

/// A share consumer's modes: `folded` is the text as the mode compares it (only one ignores case).
fn mode(name: &str, text: &str, folded: &str, modes: [&str; 2]) -> Result<(), ConfigError> {
    if modes.contains(&folded) {
        return Ok(());
    }
    let reason = format!(
        "Invalid value `{text}` for configuration {name}. The value must either be '{}' or '{}'.",
        modes[0], modes[1]
    );
    Err(ConfigError::invalid(name, text, &reason))
}

/// `QuorumConfig.parseVoterConnections` for one entry `{id}@{host}:{port}`.
fn voter(name: &str, entry: &str) -> Result<(), ConfigError> {
    let form = "Each entry should be in the form `{id}@{host}:{port}`.";
    let parts: Vec<&str> = entry.split('@').collect();
    let [id, address] = parts[..] else {
        return Err(ConfigError::about(name, &format!("Invalid configuration value for {name}. {form}")));
    };
    if address.is_empty() {
        return Err(ConfigError::about(name, &format!("Invalid configuration value for {name}. {form}")));
    }
    if id.parse::<i32>().is_err() {
        return Err(ConfigError::about(name, &format!("Failed to parse voter ID as an integer from {id}")));
    }
    let Some((_, port)) = java::host_and_port(address) else {
        let message = format!("Failed to parse host name from entry {entry} for the configuration {name}. {form}");
        return Err(ConfigError::about(name, &message));
    };
    in_port_range(name, port)
}

/// `QuorumConfig.parseBootstrapServer` for one entry `{host}:{port}`.
fn server(name: &str, entry: &str) -> Result<(), ConfigError> {
    let Some((_, port)) = java::host_and_port(entry) else {
        let message = format!(
            "Failed to parse host name from {entry} for the configuration {name}. Each entry should be in the form \
             \"{{host}}:{{port}}\""
        );
        return Err(ConfigError::about(name, &message));
    };
    in_port_range(name, port)
}

fn in_port_range(name: &str, port: &str) -> Result<(), ConfigError> {
    match port.parse::<i32>() {
        Ok(0..=65_535) => Ok(()),
        Ok(number) => Err(ConfigError::about(name, &format!("port out of range:{number}"))),
        Err(_) => Err(ConfigError::about(name, &format!("For input string: \"{port}\""))),
    }
}

impl fmt::Display for Valid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Valid::Any => Ok(()),
            Valid::Range { min, max: Some(max) } => write!(f, "[{min},...,{max}]"),
            Valid::Range { min, max: None } => write!(f, "[{min},...]"),
            Valid::OneOf(values) => write!(f, "[{}]", values.join(", ")),
            Valid::OneOfAnyCase(values) => write!(f, "(case insensitive) [{}]", values.join(", ")),
            Valid::NonEmpty => f.write_str("non-empty string"),
            Valid::NonNull => f.write_str("non-null string"),
            Valid::ListOf { values, .. } if values.is_empty() => Ok(()),
            Valid::ListOf { values, .. } => write!(f, "[{}]", values.join(", ")),
            Valid::GzipLevel => f.write_str("[1,...,9] or -1"),
            Valid::ThrottledReplicas => f.write_str("[partitionId]:[brokerId],[partitionId]:[brokerId],..."),
            Valid::OffsetReset => f.write_str("[latest, earliest, none, by_duration:PnDTnHnMn.nS]"),
            Valid::AcknowledgementMode => f.write_str("[implicit, explicit]"),
            Valid::AcquireMode => f.write_str("[batch_optimized, record_limit]"),
            Valid::QuorumVoters | Valid::BootstrapServers => f.write_str("non-empty list"),
        }
    }
}

/// Checks all settings of one owner together: every value by itself in Kafka's order, then the
/// combinations. Settings that have no default need not be given (a client's serializers are not
/// the model's business).
///
/// # Errors
/// Kafka's first complaint. For a topic that includes a name Kafka does not know; elsewhere unknown
/// names are ignored, as Kafka ignores them.
pub fn validate_all(scope: Scope, overrides: &Overrides) -> Result<(), ConfigError> {
    Values::read(scope, overrides).map(|_| ())
}

/// The checks across settings.
pub(crate) fn together(values: &Values<'_>) -> Result<(), ConfigError> {
    match values.scope() {
        Scope::Producer => producer(values),
        Scope::Consumer => consumer(values),
        Scope::Topic => topic(values),
        Scope::Admin | Scope::Broker => Ok(()),
    }
}

fn refuse(message: &str) -> Result<(), ConfigError> {
    Err(ConfigError::about("", message))
}

/// `ProducerConfig.postProcessAndValidateIdempotenceConfigs`, then the delivery timeout.
fn producer(values: &Values<'_>) -> Result<(), ConfigError> {
    if values.boolean("enable.idempotence") {
        let asked = values.is_set("enable.idempotence");
        if values.number("retries") == 0 && asked {
            return refuse("Must set retries to non-zero when using the idempotent producer.");
        }
        if !matches!(values.text("acks").as_deref(), Some("all" | "-1")) && asked {
            return refuse(
                "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.",
            );
        }
        let in_flight = values.number("max.in.flight.requests.per.connection");
        if in_flight > 5 {
            return refuse(&format!(
                "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. \
                 Current value is {in_flight}."
            ));
        }
    }
    if !idempotent(values) && values.is_set("transactional.id") {
        return refuse("Cannot set a transactional.id without also enabling idempotence.");
    }
    if values.boolean("transaction.two.phase.commit.enable") && values.is_set("transaction.timeout.ms") {
        return refuse(
            "Cannot set transaction.timeout.ms when transaction.two.phase.commit.enable is set to true. Transactions \
             will not expire with two-phase commit enabled.",
        );
    }
    if values.is_set("delivery.timeout.ms") && values.number("delivery.timeout.ms") < shortest_delivery(values) {
        return refuse("delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
    }
    Ok(())
}

/// Idempotence, which a producer quietly gives up when acks or retries do not allow it.
pub(crate) fn idempotent(values: &Values<'_>) -> bool {
    values.boolean("enable.idempotence")
        && values.number("retries") != 0
        && matches!(values.text("acks").as_deref(), Some("all" | "-1"))
}

/// linger.ms + request.timeout.ms, each and together at most an int.
pub(crate) fn shortest_delivery(values: &Values<'_>) -> i64 {
    let int_max = i64::from(i32::MAX);
    (values.number("linger.ms").min(int_max) + values.number("request.timeout.ms")).min(int_max)
}

/// `ConsumerConfig.maybeOverrideEnableAutoCommit` and the settings of the other group protocol.
fn consumer(values: &Values<'_>) -> Result<(), ConfigError> {
    let auto_commit = values.is_set("enable.auto.commit") && values.boolean("enable.auto.commit");
    if auto_commit && values.text("group.id").is_none() {
        return refuse("enable.auto.commit cannot be set to true when default group id (null) is used.");
    }
    let classic = values.text("group.protocol").is_some_and(|text| text.eq_ignore_ascii_case("classic"));
    let (protocol, foreign): (_, &[&str]) = if classic {
        ("CLASSIC", &["group.remote.assignor", "share.acknowledgement.mode", "share.acquire.mode"])
    } else {
        let foreign = &[
            "partition.assignment.strategy",
            "heartbeat.interval.ms",
            "session.timeout.ms",
            "share.acknowledgement.mode",
            "share.acquire.mode",
        ];
        ("CONSUMER", foreign)
    };
    let set: Vec<&str> = foreign.iter().copied().filter(|name| values.is_written(name)).collect();
    if set.is_empty() {
        return Ok(());
    }
    refuse(&format!("{} cannot be set when group.protocol={protocol}", set.join(", ")))
}

/// `LogConfig.validateValues` and tiered storage, which the model's brokers have switched off.
fn topic(values: &Values<'_>) -> Result<(), ConfigError> {
    let (min, max) = (values.number("min.compaction.lag.ms"), values.number("max.compaction.lag.ms"));
    if min > max {
        return refuse(&format!(
            "conflict topic config setting min.compaction.lag.ms ({min}) > max.compaction.lag.ms ({max})"
        ));
    }
    if values.boolean("remote.storage.enable") {
        return refuse(
            "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.",
        );
    }
    Ok(())
}
