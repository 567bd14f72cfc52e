//! Recorded values: reading fields, and comparing with `{"anyOf": [...]}`.

use super::Trouble;
use serde_json::Value;

/// Is `actual` what was recorded? `{"anyOf": [...]}` stands for each of its values.
pub fn matches(expected: &Value, actual: &Value) -> bool {
    if let Some(choices) = expected.get("anyOf").and_then(Value::as_array) {
        return choices.iter().any(|choice| matches(choice, actual));
    }
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            expected.len() == actual.len()
                && expected.iter().all(|(name, value)| actual.get(name).is_some_and(|found| matches(value, found)))
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(value, found)| matches(value, found))
        }
        (expected, actual) => expected == actual,
    }
}

/// # Errors
/// `Differs` with both values.
pub fn compare(what: &str, expected: &Value, actual: &Value) -> Result<(), Trouble> {
    match matches(expected, actual) {
        true => Ok(()),
        false => Err(Trouble::Differs(format!("{what}: recorded {expected}, here {actual}"))),
    }
}

/// # Errors
/// `NotBuilt` when the step has fields beyond those that we know what to do with.
pub fn only(step: &Value, known: &[&str]) -> Result<(), Trouble> {
    let unknown = step.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    match unknown.filter(|name| *name != "do").find(|name| !known.contains(name)) {
        Some(name) => Err(Trouble::NotBuilt(format!("{} with {name}", kind(step)))),
        None => Ok(()),
    }
}

pub fn kind(step: &Value) -> &str {
    step["do"].as_str().unwrap_or("?")
}

/// # Errors
/// `Differs` when the text is missing.
pub fn text<'a>(step: &'a Value, field: &str) -> Result<&'a str, Trouble> {
    step[field].as_str().ok_or_else(|| Trouble::Differs(format!("no {field} in the step")))
}

/// # Errors
/// `Differs` when the number is missing.
pub fn number(step: &Value, field: &str) -> Result<i64, Trouble> {
    step[field].as_i64().ok_or_else(|| Trouble::Differs(format!("no {field} in the step")))
}

/// `orders-1` as topic and number.
///
/// # Errors
/// `Differs` when it is no partition.
pub fn partition(name: &str) -> Result<(&str, i32), Trouble> {
    let parsed = name.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
    parsed.ok_or_else(|| Trouble::Differs(format!("'{name}' is no partition")))
}

/// The beginning of a step, for messages.
pub fn short(step: &Value) -> String {
    step.to_string().chars().take(160).collect()
}
