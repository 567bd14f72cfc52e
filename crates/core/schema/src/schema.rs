//! A parsed schema: what `schemas/*.txt` says, as data. Kafka generates a class per message from
//! the same facts (`clients/src/main/resources/common/message/README.md`); here one codec reads them.

use crate::{SchemaError, Value, parse};

/// A range of versions, both ends included; empty when `first > last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Versions {
    pub first: i16,
    pub last: i16,
}

impl Versions {
    pub const ALL: Versions = Versions { first: 0, last: i16::MAX };
    pub const NONE: Versions = Versions { first: 0, last: -1 };

    pub fn contains(self, version: i16) -> bool {
        self.first <= version && version <= self.last
    }
}

/// A field's type. `Uuid` is 16 bytes, `Float64` the bits of a Java double.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Bool,
    Int8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Array(Box<Kind>),
    Struct(Vec<Field>),
}

/// One field: where it exists, whether it may be null there, its tag if it is a tagged field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub versions: Versions,
    pub nullable: Versions,
    pub tag: Option<u32>,
    /// What a reader gets where the field is absent, and what a tagged field does not write.
    pub default: Value,
    /// May a value be dropped silently when the version has no place for it?
    pub ignorable: bool,
}

/// One message or record type with all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schema {
    pub name: &'static str,
    /// The api key or record type, where Kafka gives it one.
    pub key: Option<i16>,
    pub versions: Versions,
    /// Versions with compact lengths and tagged fields.
    pub flexible: Versions,
    pub fields: Vec<Field>,
}

impl Schema {
    /// Parses a text of one or more schemas (`schemas/*.txt` show the language).
    ///
    /// # Panics
    /// When the text is not in the language: schema texts are part of the program.
    pub fn parse(text: &'static str) -> Vec<Schema> {
        parse::schemas(text)
    }

    /// An error unless the schema has that version.
    pub fn check_version(&self, version: i16) -> Result<(), SchemaError> {
        if self.versions.contains(version) {
            Ok(())
        } else {
            Err(SchemaError::UnsupportedVersion { schema: self.name, version })
        }
    }

    /// A value with every field at its default, to be filled with [`Value::with`].
    pub fn empty(&self) -> Value {
        Value::defaults(&self.fields)
    }
}
