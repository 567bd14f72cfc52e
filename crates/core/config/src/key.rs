//! One setting as Kafka's `ConfigDef.ConfigKey` describes it, and how a text becomes its value:
//! `ConfigDef.parseType`, then the key's validator. The complaints are Kafka's, letter for letter.

use crate::{ConfigError, Support, java};
use base::{FlatSet, Str};

/// Whose setting it is. `Broker` covers everything in `server.properties`, controllers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Producer,
    Consumer,
    Admin,
    Topic,
    Broker,
}

/// `ConfigDef.Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Boolean,
    Int,
    Long,
    Short,
    Double,
    String,
    List,
    Class,
    Password,
}

impl Kind {
    /// The type's name as Kafka prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Boolean => "BOOLEAN",
            Kind::Int => "INT",
            Kind::Long => "LONG",
            Kind::Short => "SHORT",
            Kind::Double => "DOUBLE",
            Kind::String => "STRING",
            Kind::List => "LIST",
            Kind::Class => "CLASS",
            Kind::Password => "PASSWORD",
        }
    }
}

/// What a setting is when nobody sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// There is none: it must be set.
    Required,
    /// Optional and unset.
    Null,
    /// Text, in the form in which a person would write it.
    Text(&'static str),
}

/// Can a running broker's setting be changed (`DynamicBrokerConfig`)? Settings of clients and topics
/// are not of this kind and count as `ReadOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateMode {
    ReadOnly,
    /// For one broker only.
    PerBroker,
    /// For one broker or for all.
    ClusterWide,
}

/// Which values are valid (`ConfigDef.Validator`); `Display` prints what Kafka's documentation prints.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Valid {
    Any,
    /// A number from `min` to `max`, both included, as texts.
    Range {
        min: &'static str,
        max: Option<&'static str>,
    },
    OneOf(Vec<&'static str>),
    OneOfAnyCase(Vec<&'static str>),
    NonEmpty,
    NonNull,
    /// A list without duplicates; of these values only, if there are any.
    ListOf {
        values: Vec<&'static str>,
        empty: EmptyList,
    },
    /// −1 or 1 to 9.
    GzipLevel,
    ThrottledReplicas,
    OffsetReset,
    AcknowledgementMode,
    AcquireMode,
    QuorumVoters,
    BootstrapServers,
}

/// May a list be empty?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmptyList {
    Allowed,
    Refused,
}

/// One setting of one scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigKey {
    pub scope: Scope,
    pub name: &'static str,
    pub kind: Kind,
    pub default: Preset,
    pub valid: Valid,
    /// Not documented by Kafka (`defineInternal`).
    pub internal: bool,
    pub support: Support,
    pub update_mode: UpdateMode,
}

/// A value after parsing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Parsed {
    Boolean(bool),
    /// INT, LONG and SHORT.
    Number(i64),
    /// The double as Java prints it: no float is kept.
    Double(Str),
    /// STRING, CLASS and PASSWORD.
    Text(Str),
    List(Vec<Str>),
}

impl Parsed {
    /// As Java prints it in a message.
    pub fn shown(&self) -> String {
        match self {
            Parsed::Boolean(value) => value.to_string(),
            Parsed::Number(value) => value.to_string(),
            Parsed::Double(text) | Parsed::Text(text) => text.to_string(),
            Parsed::List(items) => format!("[{}]", items.join(", ")),
        }
    }

    /// A list with each item once, where it came first.
    fn distinct(self) -> Parsed {
        // Only lists can say a thing twice.
        let Parsed::List(items) = self else { return self };
        let mut seen = FlatSet::new();
        Parsed::List(items.into_iter().filter(|item| seen.insert(item.clone())).collect())
    }
}

impl ConfigKey {
    /// Parses and validates one value by itself, as the validator alone sees it.
    ///
    /// # Errors
    /// Kafka's complaint about this value.
    pub fn parse(&self, text: &str) -> Result<Parsed, ConfigError> {
        let parsed = self.parse_type(text).map_err(|error| error.with_value(text))?;
        self.valid.check(self.name, &parsed).map_err(|error| error.with_value(text))?;
        Ok(parsed)
    }

    /// Parses and validates the value of a configuration as a whole (`ConfigDef.parseValue`): what a
    /// list says twice counts once there, before the validator could complain of it (KIP-1161).
    ///
    /// # Errors
    /// Kafka's complaint about this value.
    pub fn parse_set(&self, text: &str) -> Result<Parsed, ConfigError> {
        let parsed = self.parse_type(text).map_err(|error| error.with_value(text))?;
        let parsed = if self.valid.drops_duplicates() { parsed.distinct() } else { parsed };
        self.valid.check(self.name, &parsed).map_err(|error| error.with_value(text))?;
        Ok(parsed)
    }

    /// The parsed default; `None` when there is none or it is null.
    pub fn default_value(&self) -> Option<Parsed> {
        match self.default {
            Preset::Required | Preset::Null => None,
            Preset::Text(text) => Some(self.parse_type(text).expect("the table's defaults are well-formed")),
        }
    }

    /// `ConfigDef.parseType`.
    fn parse_type(&self, text: &str) -> Result<Parsed, ConfigError> {
        let trimmed = java::trim(text);
        let not_a_number =
            || ConfigError::invalid(self.name, text, &format!("Not a number of type {}", self.kind.name()));
        match self.kind {
            Kind::Boolean if trimmed.eq_ignore_ascii_case("true") => Ok(Parsed::Boolean(true)),
            Kind::Boolean if trimmed.eq_ignore_ascii_case("false") => Ok(Parsed::Boolean(false)),
            Kind::Boolean => Err(ConfigError::invalid(self.name, text, "Expected value to be either true or false")),
            Kind::Int => trimmed.parse::<i32>().map(i64::from).map(Parsed::Number).map_err(|_| not_a_number()),
            Kind::Short => trimmed.parse::<i16>().map(i64::from).map(Parsed::Number).map_err(|_| not_a_number()),
            Kind::Long => trimmed.parse::<i64>().map(Parsed::Number).map_err(|_| not_a_number()),
            Kind::Double => {
                let value = java::parse_double(trimmed).ok_or_else(not_a_number)?;
                Ok(Parsed::Double(java::double_to_string(value).into()))
            }
            Kind::String | Kind::Password => Ok(Parsed::Text(trimmed.into())),
            Kind::List => Ok(Parsed::List(java::split_list(trimmed))),
            Kind::Class if java::is_known_class(trimmed) => Ok(Parsed::Text(trimmed.into())),
            Kind::Class => Err(ConfigError::invalid(self.name, text, &format!("Class {text} could not be found."))),
        }
    }
}
