//! Kafka's own cases: `config_defaults` (every setting with type, default and range) and
//! `config_validation` (values and combinations with Kafka's complaint).

use config::{ConfigKey, Kind, Overrides, Parsed, Preset, Scope, Support};
use conformance::{run_vectors, same};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Default {
    #[serde(rename = "id")]
    _id: u32,
    scope: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    default: Value,
    validator: Option<String>,
    internal: bool,
    /// How prominently Kafka's documentation shows it; the model has no use for that.
    #[serde(rename = "importance")]
    _importance: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Validation {
    Value {
        #[serde(rename = "id")]
        _id: u32,
        scope: String,
        name: String,
        value: String,
        valid: bool,
        error: Option<String>,
        parsed: Option<Value>,
    },
    Combination {
        #[serde(rename = "id")]
        _id: u32,
        scope: String,
        values: std::collections::BTreeMap<String, String>,
        valid: bool,
        error: Option<String>,
    },
}

fn scope(name: &str) -> Result<Scope, String> {
    match name {
        "producer" => Ok(Scope::Producer),
        "consumer" => Ok(Scope::Consumer),
        "admin" => Ok(Scope::Admin),
        "topic" => Ok(Scope::Topic),
        "broker" => Ok(Scope::Broker),
        other => Err(format!("scope {other} is not built")),
    }
}

fn key(scope_name: &str, name: &str) -> Result<&'static ConfigKey, String> {
    config::key(scope(scope_name)?, name).ok_or_else(|| format!("{scope_name} {name} is not in the table"))
}

#[test]
fn config_defaults() {
    let mut seen = 0;
    run_vectors("config_defaults", |case: Default| {
        let key = key(&case.scope, &case.name)?;
        seen += 1;
        same("type", &key.kind.name(), &case.kind.as_str())?;
        same("internal", &key.internal, &case.internal)?;
        same("valid", &key.valid.to_string(), &case.validator.unwrap_or_default())?;
        let expected = case.default;
        let matches = match (&key.default, &expected, key.default_value()) {
            (Preset::Null, Value::Null, None) => true,
            (Preset::Required, Value::String(text), None) => text == "(required)",
            (Preset::Text(_), Value::String(text), Some(value)) => value.shown() == *text,
            (Preset::Text(_), _, Some(value)) => is(&value, &expected),
            _ => false,
        };
        if matches { Ok(()) } else { Err(format!("default: got {:?}, expected {expected}", key.default)) }
    });
    let ours: usize = [Scope::Producer, Scope::Consumer, Scope::Admin, Scope::Topic, Scope::Broker]
        .iter()
        .map(|scope| config::keys(*scope).len())
        .sum();
    println!("the table has {ours} settings, the vectors {seen}");
}

#[test]
fn config_validation() {
    run_vectors("config_validation", |case: Validation| match case {
        Validation::Value { scope, name, value, valid, error, parsed, .. } => {
            let key = key(&scope, &name)?;
            match key.parse(&value) {
                Ok(got) => {
                    same("valid", &(true, None), &(valid, error))?;
                    match parsed {
                        Some(expected) if !is(&got, &expected) => {
                            Err(format!("parsed: got {got:?}, expected {expected}"))
                        }
                        _ => Ok(()),
                    }
                }
                Err(got) => same("error", &(false, Some(got.message.to_string())), &(valid, error)),
            }
        }
        Validation::Combination { scope: name, values, valid, error, .. } => {
            let overrides: Overrides =
                values.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect();
            let got = config::validate_all(scope(&name)?, &overrides).err().map(|error| error.message.to_string());
            same("error", &(got.is_none(), got), &(valid, error))
        }
    });
}

/// Is the parsed value the one in the file?
fn is(value: &Parsed, expected: &Value) -> bool {
    match value {
        Parsed::Boolean(value) => expected.as_bool() == Some(*value),
        Parsed::Number(value) => expected.as_i64() == Some(*value),
        Parsed::Double(text) => text.parse::<f64>().ok() == expected.as_f64(),
        Parsed::Text(text) => expected.as_str() == Some(text),
        Parsed::List(items) => {
            let expected = expected.as_array().map(|items| items.iter().map(Value::as_str).collect::<Vec<_>>());
            expected == Some(items.iter().map(|item| Some(&**item)).collect())
        }
    }
}

/// Every default is itself a valid value, but for those that Kafka's own validators refuse.
#[test]
fn defaults_are_valid() {
    for scope in [Scope::Producer, Scope::Consumer, Scope::Admin, Scope::Topic, Scope::Broker] {
        for key in config::keys(scope) {
            if let Preset::Text(text) = key.default {
                assert!(key.parse(text).is_ok(), "{scope:?} {}: {:?}", key.name, key.parse(text));
            }
            let heeded = key.support != Support::WithoutEffect;
            assert!(!(heeded && key.kind == Kind::Password), "no secrets in the model");
        }
    }
}
