//! From a [`Value`] to bytes. Fields that the value lacks are written with their defaults, as
//! Kafka's generated classes do; tagged fields at their default are left out.

use crate::{Field, Kind, Schema, SchemaError, Value};
use bytes::Bytes;

/// The bytes of `value` in `version`.
///
/// # Errors
/// A version that the schema lacks, a value of another shape, or a value that this version has no
/// place for and that is not ignorable.
pub fn encode(schema: &Schema, version: i16, value: &Value) -> Result<Bytes, SchemaError> {
    let mut bytes = Vec::with_capacity(64);
    write(schema, version, value, &mut bytes)?;
    Ok(bytes.into())
}

/// The version as an int16, then the bytes: how values of `__consumer_offsets` and the consumers'
/// own formats carry their version.
pub fn encode_prefixed(schema: &Schema, version: i16, value: &Value) -> Result<Bytes, SchemaError> {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend_from_slice(&version.to_be_bytes());
    write(schema, version, value, &mut bytes)?;
    Ok(bytes.into())
}

/// How many bytes [`encode`] would return, without building them.
pub fn size(schema: &Schema, version: i16, value: &Value) -> Result<u64, SchemaError> {
    let mut count = Count(0);
    write(schema, version, value, &mut count)?;
    Ok(count.0)
}

/// Where bytes go: a buffer, or a mere count of them.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

/// Counts what would be written.
struct Count(u64);

impl Sink for Count {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len() as u64;
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes `value` behind what `sink` already holds.
pub(crate) fn write(schema: &Schema, version: i16, value: &Value, sink: &mut impl Sink) -> Result<(), SchemaError> {
    schema.check_version(version)?;
    let form = Form { schema: schema.name, version, flexible: schema.flexible.contains(version) };
    form.fields(&schema.fields, schema.name, value, sink)
}

/// What holds for a whole message while it is written.
#[derive(Clone, Copy)]
struct Form {
    schema: &'static str,
    version: i16,
    flexible: bool,
}

impl Form {
    fn fields(
        self,
        fields: &[Field],
        name: &'static str,
        value: &Value,
        sink: &mut impl Sink,
    ) -> Result<(), SchemaError> {
        let Value::Struct(given) = value else { return Err(SchemaError::WrongType { field: name }) };
        for (name, _) in given {
            if !fields.iter().any(|field| field.name == *name) {
                return Err(SchemaError::UnknownField { schema: self.schema, field: name });
            }
        }
        let mut tagged = Vec::new();
        for field in fields {
            let value = value.field(field.name).unwrap_or(&field.default);
            if !field.versions.contains(self.version) {
                self.left_out(field, value)?;
            } else if let Some(tag) = field.tag {
                if *value != field.default {
                    tagged.push((tag, field, value));
                }
            } else {
                self.field(field, value, sink)?;
            }
        }
        if self.flexible { self.tagged(tagged, sink) } else { Ok(()) }
    }

    fn left_out(self, field: &Field, value: &Value) -> Result<(), SchemaError> {
        if field.ignorable || *value == field.default {
            Ok(())
        } else {
            Err(SchemaError::NotInVersion { field: field.name, version: self.version })
        }
    }

    /// The tagged fields in the order of their tags, each behind its size.
    fn tagged(self, mut tagged: Vec<(u32, &Field, &Value)>, sink: &mut impl Sink) -> Result<(), SchemaError> {
        base::sort_by_key(&mut tagged, |(tag, _, _)| *tag);
        varint(tagged.len() as u32, sink);
        for (tag, field, value) in tagged {
            let mut count = Count(0);
            self.field(field, value, &mut count)?;
            varint(tag, sink);
            varint(u32::try_from(count.0).map_err(|_| SchemaError::TooLong { field: field.name })?, sink);
            self.field(field, value, sink)?;
        }
        Ok(())
    }

    fn field(self, field: &Field, value: &Value, sink: &mut impl Sink) -> Result<(), SchemaError> {
        let nullable = field.nullable.contains(self.version);
        match (value, nullable) {
            (Value::Null, true) => self.null(field, sink),
            (Value::Null, false) => Err(SchemaError::UnexpectedNull { field: field.name }),
            (value, nullable) => {
                if nullable && matches!(field.kind, Kind::Struct(_)) {
                    sink.put(&[1]);
                }
                self.value(&field.kind, field.name, value, sink)
            }
        }
    }

    fn null(self, field: &Field, sink: &mut impl Sink) -> Result<(), SchemaError> {
        match &field.kind {
            Kind::Struct(_) => sink.put(&[0xff]),
            Kind::String | Kind::Bytes | Kind::Array(_) if self.flexible => varint(0, sink),
            Kind::String => sink.put(&(-1i16).to_be_bytes()),
            Kind::Bytes | Kind::Array(_) => sink.put(&(-1i32).to_be_bytes()),
            _ => return Err(SchemaError::UnexpectedNull { field: field.name }),
        }
        Ok(())
    }

    fn value(self, kind: &Kind, name: &'static str, value: &Value, sink: &mut impl Sink) -> Result<(), SchemaError> {
        match (kind, value) {
            (Kind::Bool, Value::Bool(value)) => sink.put(&[u8::from(*value)]),
            (Kind::Int8, Value::Int8(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Int16, Value::Int16(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Uint16, Value::Uint16(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Int32, Value::Int32(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Uint32, Value::Uint32(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Int64, Value::Int64(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Float64, Value::Float64(value)) => sink.put(&value.to_be_bytes()),
            (Kind::Uuid, Value::Uuid(value)) => sink.put(&value.to_be_bytes()),
            (Kind::String, Value::String(text)) => {
                let length = i16::try_from(text.len()).map_err(|_| SchemaError::TooLong { field: name })?;
                if self.flexible {
                    varint(length as u32 + 1, sink)
                } else {
                    sink.put(&length.to_be_bytes())
                }
                sink.put(text.as_bytes());
            }
            (Kind::Bytes, Value::Bytes(bytes)) => {
                self.length(bytes.len(), name, sink)?;
                sink.put(bytes);
            }
            (Kind::Array(element), Value::Array(items)) => {
                self.length(items.len(), name, sink)?;
                items.iter().try_for_each(|item| self.value(element, name, item, sink))?;
            }
            (Kind::Struct(fields), value) => self.fields(fields, name, value, sink)?,
            _ => return Err(SchemaError::WrongType { field: name }),
        }
        Ok(())
    }

    fn length(self, length: usize, field: &'static str, sink: &mut impl Sink) -> Result<(), SchemaError> {
        let length = i32::try_from(length).map_err(|_| SchemaError::TooLong { field })?;
        if self.flexible {
            varint(length as u32 + 1, sink)
        } else {
            sink.put(&length.to_be_bytes())
        }
        Ok(())
    }
}

/// An unsigned varint: seven bits a byte, lowest first (`ByteUtils.writeUnsignedVarint`).
pub(crate) fn varint(mut value: u32, sink: &mut impl Sink) {
    while value >= 0x80 {
        sink.put(&[value as u8 | 0x80]);
        value >>= 7;
    }
    sink.put(&[value as u8]);
}
