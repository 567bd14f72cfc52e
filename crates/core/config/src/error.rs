//! A setting that Kafka refuses, in Kafka's own words (`ConfigException`).

use base::{ErrorCode, Str};
use std::fmt;

/// Which setting was refused and why. Displays as Kafka's message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigError {
    /// The setting's name; empty when a combination of settings is at fault.
    pub name: Str,
    /// The value as it was given, where one value is at fault.
    pub value: Option<Str>,
    /// Kafka's message.
    pub message: Str,
}

impl ConfigError {
    /// `Invalid value … for configuration …: …`, with the value as Kafka prints it after parsing.
    pub(crate) fn invalid(name: &str, shown: &str, reason: &str) -> ConfigError {
        ConfigError::about(name, &format!("Invalid value {shown} for configuration {name}: {reason}"))
    }

    /// A message that is about one setting but not of the usual form.
    pub fn about(name: &str, message: &str) -> ConfigError {
        ConfigError { name: name.into(), value: None, message: message.into() }
    }

    pub(crate) fn with_value(self, value: &str) -> ConfigError {
        ConfigError { value: Some(value.into()), ..self }
    }

    /// The code with which a broker answers: INVALID_CONFIG (40).
    pub fn code(&self) -> ErrorCode {
        ErrorCode::InvalidConfig
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}
