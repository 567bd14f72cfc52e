//! What can be wrong with bytes, or with a value that was to become bytes. Not an error code: who
//! answers a request chooses that (mostly CORRUPT_MESSAGE or UNSUPPORTED_VERSION).

use std::fmt;

/// Why a value could not be read or written. `field` is a field's name as the schema writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SchemaError {
    /// The schema has no such version.
    UnsupportedVersion { schema: &'static str, version: i16 },
    /// The bytes end inside `field`.
    Truncated { field: &'static str },
    /// A length is negative, or greater than what is left of the bytes.
    BadLength { field: &'static str, length: i64 },
    /// A null where the field cannot be null in this version.
    UnexpectedNull { field: &'static str },
    /// Text that is not UTF-8.
    NotUtf8 { field: &'static str },
    /// An unsigned varint of more than five bytes.
    BadVarint { field: &'static str },
    /// Text, bytes or an array too long for this encoding.
    TooLong { field: &'static str },
    /// A tagged field whose content is shorter or longer than its size says.
    BadTag { field: &'static str },
    /// The value holds something of another type than the field.
    WrongType { field: &'static str },
    /// The value has a field that the schema lacks.
    UnknownField { schema: &'static str, field: &'static str },
    /// The field has a value of its own, and this version has no place for it.
    NotInVersion { field: &'static str, version: i16 },
    /// No schema with that key (a record type of another release).
    UnknownKey { key: i64 },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaError::UnsupportedVersion { schema, version } => write!(f, "{schema} has no version {version}"),
            SchemaError::Truncated { field } => write!(f, "the bytes end inside {field}"),
            SchemaError::BadLength { field, length } => write!(f, "{field} had invalid length {length}"),
            SchemaError::UnexpectedNull { field } => write!(f, "non-nullable field {field} was serialized as null"),
            SchemaError::NotUtf8 { field } => write!(f, "{field} is not UTF-8"),
            SchemaError::BadVarint { field } => write!(f, "a varint in {field} is too long"),
            SchemaError::TooLong { field } => write!(f, "{field} is too long to be serialized"),
            SchemaError::BadTag { field } => write!(f, "tagged field {field} does not fill its size"),
            SchemaError::WrongType { field } => write!(f, "{field} has another type"),
            SchemaError::UnknownField { schema, field } => write!(f, "{schema} has no field {field}"),
            SchemaError::NotInVersion { field, version } => {
                write!(f, "Attempted to write a non-default {field} at version {version}")
            }
            SchemaError::UnknownKey { key } => write!(f, "unknown record type {key}"),
        }
    }
}

impl std::error::Error for SchemaError {}
