//! What a schema's bytes say, as a small tree. Built with [`Value::record`] and [`Value::with`],
//! read with [`Value::get`]:
//!
//! ```
//! use schema::{Value, metadata, encode, decode};
//! let record = Value::record().with("name", "orders").with("topicId", base::TopicId(7));
//! let bytes = encode(metadata::topic_record(), 0, &record).unwrap();
//! let (read, rest) = decode(metadata::topic_record(), 0, &bytes).unwrap();
//! assert_eq!(read.get::<base::Str>("name").as_ref(), "orders");
//! assert!(rest.is_empty());
//! ```

use crate::Field;
use base::{BrokerId, LeaderEpoch, Offset, ProducerId, Str, Timestamp, TopicId};
use bytes::Bytes;

/// A value of any type of the schema language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Null,
    Bool(bool),
    Int8(i8),
    Int16(i16),
    Uint16(u16),
    Int32(i32),
    Uint32(u32),
    Int64(i64),
    /// The bits of a Java double: values are hashed and compared, so no float lives here.
    Float64(u64),
    Uuid(u128),
    String(Str),
    Bytes(Bytes),
    Array(Vec<Value>),
    /// Fields by name. What [`crate::decode`] returns has every field of the schema, in its order.
    Struct(Vec<(&'static str, Value)>),
}

impl Value {
    /// A struct without fields yet; fields that are never added take their defaults when written.
    pub fn record() -> Value {
        Value::Struct(Vec::new())
    }

    /// This struct with the field `name` set.
    ///
    /// # Panics
    /// When this is not a struct.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Value {
        let Value::Struct(fields) = &mut self else { panic!("only a struct has a field {name}") };
        match fields.iter_mut().find(|(each, _)| *each == name) {
            Some((_, old)) => *old = value.into(),
            None => fields.push((name, value.into())),
        }
        self
    }

    /// The field `name`, if this is a struct that has it.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Struct(fields) => fields.iter().find(|(each, _)| *each == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The field `name` as a Rust value: an integer, `bool`, `Str`, `Bytes`, one of base's numbers,
    /// a `Vec` of them, or an `Option` where null is allowed.
    ///
    /// # Panics
    /// When the struct has no such field or it is of another type: then this program and its own
    /// schema text disagree. A decoded value always has all fields of its schema.
    pub fn get<T: FromValue>(&self, name: &str) -> T {
        self.field(name)
            .and_then(T::from_value)
            .unwrap_or_else(|| panic!("{name} is a field of that type in the schema: {self:?}"))
    }

    /// The elements of the array `name`, without copying; none when it is null.
    ///
    /// # Panics
    /// As [`Value::get`].
    pub fn items(&self, name: &str) -> &[Value] {
        match self.field(name) {
            Some(Value::Array(items)) => items,
            Some(Value::Null) => &[],
            _ => panic!("{name} is an array in the schema: {self:?}"),
        }
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    /// A struct with every field at its default.
    pub(crate) fn defaults(fields: &[Field]) -> Value {
        Value::Struct(fields.iter().map(|field| (field.name, field.default.clone())).collect())
    }
}

/// A Rust type that a [`Value`] can be read as; `None` when the value is of another type.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! scalar {
    ($($kind:ty, $variant:ident, |$to:ident| $into:expr, |$from:ident| $out:expr;)*) => {$(
        impl From<$kind> for Value {
            fn from($to: $kind) -> Value {
                Value::$variant($into)
            }
        }
        impl FromValue for $kind {
            fn from_value(value: &Value) -> Option<$kind> {
                match value {
                    Value::$variant($from) => Some($out),
                    _ => None,
                }
            }
        }
    )*};
}

scalar! {
    bool, Bool, |value| value, |value| *value;
    i8, Int8, |value| value, |value| *value;
    i16, Int16, |value| value, |value| *value;
    u16, Uint16, |value| value, |value| *value;
    i32, Int32, |value| value, |value| *value;
    u32, Uint32, |value| value, |value| *value;
    i64, Int64, |value| value, |value| *value;
    u128, Uuid, |value| value, |value| *value;
    Str, String, |value| value, |value| value.clone();
    Bytes, Bytes, |value| value, |value| value.clone();
    BrokerId, Int32, |value| value.0, |value| BrokerId(*value);
    LeaderEpoch, Int32, |value| value.0, |value| LeaderEpoch(*value);
    Offset, Int64, |value| value.0, |value| Offset(*value);
    ProducerId, Int64, |value| value.0, |value| ProducerId(*value);
    Timestamp, Int64, |value| value.0, |value| Timestamp(*value);
    TopicId, Uuid, |value| value.0, |value| TopicId(*value);
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(text.into())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        values.into_iter().collect()
    }
}

impl<T: Into<Value> + Clone> From<&[T]> for Value {
    fn from(values: &[T]) -> Value {
        values.iter().cloned().collect()
    }
}

/// An array of whatever the iterator yields.
impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Value {
        Value::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Option<T>> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Vec<T>> {
        match value {
            Value::Array(items) => items.iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Value> {
        Some(value.clone())
    }
}
