//! The settings of one owner, parsed: what was set, else the default.

use crate::{ConfigError, Parsed, Scope, check, key, keys, table};
use base::{FlatMap, Span, Str};

/// Settings by name, as a person wrote them.
pub type Overrides = FlatMap<Str, Str>;

/// Parsed settings of one scope; reading one that is not in the table is a bug of ours.
pub(crate) struct Values<'a> {
    scope: Scope,
    overrides: &'a Overrides,
    parsed: FlatMap<&'static str, Parsed>,
}

impl<'a> Values<'a> {
    /// Parses and checks every setting, then all of them together.
    pub(crate) fn read(scope: Scope, overrides: &'a Overrides) -> Result<Values<'a>, ConfigError> {
        let unknown = overrides.keys().find(|name| scope == Scope::Topic && key(scope, name).is_none());
        if let Some(name) = unknown {
            return Err(ConfigError::about(name, &format!("Unknown topic config name: {name}")));
        }
        let mut parsed = FlatMap::new();
        if !overrides.is_empty() {
            for key in keys(scope) {
                if let Some(text) = overrides.get(key.name) {
                    parsed.insert(key.name, key.parse_set(text)?);
                }
            }
        }
        let values = Values { scope, overrides, parsed };
        check::together(&values)?;
        Ok(values)
    }

    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    /// Was it set, rather than left at its default?
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.overrides.contains_key(name)
    }

    /// Was it set to something other than blanks?
    pub(crate) fn is_written(&self, name: &str) -> bool {
        self.overrides.get(name).is_some_and(|text| !text.trim().is_empty())
    }

    fn value(&self, name: &str) -> Option<Parsed> {
        let key = table::key(self.scope, name).unwrap_or_else(|| panic!("{name} is in the table of {:?}", self.scope));
        self.parsed.get(name).cloned().or_else(|| key.default_value())
    }

    /// Checked when it was set, as are the others.
    pub(crate) fn boolean(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Parsed::Boolean(true)))
    }

    /// A number that may be unset.
    pub(crate) fn optional_number(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Parsed::Number(number)) => Some(number),
            None => None,
            Some(other) => panic!("{name} is not a number: {other:?}"),
        }
    }

    /// A number that has a default.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.optional_number(name).unwrap_or_else(|| panic!("{name} has a default"))
    }

    /// An INT or SHORT that has a default.
    pub(crate) fn int(&self, name: &str) -> i32 {
        i32::try_from(self.number(name)).unwrap_or_else(|_| panic!("{name} is an INT"))
    }

    /// Milliseconds as a span; negative ones are none at all.
    pub(crate) fn span(&self, name: &str) -> Span {
        millis(self.number(name))
    }

    pub(crate) fn text(&self, name: &str) -> Option<Str> {
        match self.value(name) {
            Some(Parsed::Text(text)) => Some(text),
            Some(Parsed::Boolean(_) | Parsed::Number(_) | Parsed::Double(_) | Parsed::List(_)) | None => None,
        }
    }

    pub(crate) fn list(&self, name: &str) -> Vec<Str> {
        match self.value(name) {
            Some(Parsed::List(items)) => items,
            Some(Parsed::Boolean(_) | Parsed::Number(_) | Parsed::Double(_) | Parsed::Text(_)) | None => Vec::new(),
        }
    }
}

pub(crate) fn millis(number: i64) -> Span {
    Span::from_millis(u64::try_from(number).unwrap_or(0))
}
