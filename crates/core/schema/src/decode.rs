//! From bytes to a [`Value`], and to an explanation of which bytes say what. Both are one walk over
//! the schema; the walk notes spans only when somebody wants them.
//!
//! Lengths in the bytes are believed only as far as bytes are left, so nothing that is allocated is
//! larger than a small multiple of the input. Strings and bytes are checked before they are copied.

use crate::{Field, Kind, Schema, SchemaError, Value};
use base::TopicId;
use bytes::Bytes;

/// Reads one value of `version`; returns it and the bytes behind it. The value has every field of
/// the schema: those that the version or the writer left out have their defaults.
///
/// # Errors
/// A version that the schema lacks, or bytes that are not such a value.
pub fn decode(schema: &Schema, version: i16, bytes: &Bytes) -> Result<(Value, Bytes), SchemaError> {
    schema.check_version(version)?;
    let mut reader = Reader::new(schema, version, bytes);
    let value = reader.fields(&schema.fields, schema.name)?;
    Ok((value, bytes.slice(reader.position..)))
}

/// Reads an int16 version, then the value. A version above the schema's newest is read as the
/// newest, and what follows is left alone, as Kafka's consumers do (semantics 12.7).
pub fn decode_prefixed(schema: &Schema, bytes: &Bytes) -> Result<(i16, Value), SchemaError> {
    let prefix = bytes.first_chunk::<2>().ok_or(SchemaError::Truncated { field: "version" })?;
    let version = i16::from_be_bytes(*prefix);
    let (value, _) = decode(schema, version.min(schema.versions.last), &bytes.slice(2..))?;
    Ok((version, value))
}

/// One run of bytes and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldSpan {
    /// Where in the value: `members[0].clientId`; a length or count has its array's path.
    pub path: String,
    /// Offset of the first byte.
    pub start: u32,
    /// How many bytes.
    pub length: u32,
    /// The value in words: a number, quoted text, `3 elements`.
    pub text: String,
}

/// What a byte inspector shows: the spans in order of offset, as far as the bytes make sense.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Explanation {
    pub spans: Vec<FieldSpan>,
    /// Offset of the first byte that was not read.
    pub end: u32,
    /// Why reading stopped early.
    pub error: Option<SchemaError>,
}

/// Explains `bytes` field by field. Damaged bytes are explained up to the damage.
pub fn explain(schema: &Schema, version: i16, bytes: &Bytes) -> Explanation {
    if let Err(error) = schema.check_version(version) {
        return Explanation { spans: Vec::new(), end: 0, error: Some(error) };
    }
    let mut reader = Reader::new(schema, version, bytes);
    reader.notes = Some(Notes::default());
    let error = reader.fields(&schema.fields, schema.name).err();
    let spans = reader.notes.take().map(|notes| notes.spans).unwrap_or_default();
    Explanation { spans, end: reader.position as u32, error }
}

/// The spans so far and the path of what is being read.
#[derive(Default)]
struct Notes {
    spans: Vec<FieldSpan>,
    path: Vec<String>,
}

/// One walk over bytes along a schema.
struct Reader<'a> {
    bytes: &'a Bytes,
    position: usize,
    /// Reading stops here: the end of the bytes, or of the tagged field being read.
    end: usize,
    version: i16,
    flexible: bool,
    notes: Option<Notes>,
}

impl<'a> Reader<'a> {
    fn new(schema: &Schema, version: i16, bytes: &'a Bytes) -> Reader<'a> {
        let flexible = schema.flexible.contains(version);
        Reader { bytes, position: 0, end: bytes.len(), version, flexible, notes: None }
    }

    fn fields(&mut self, fields: &[Field], name: &'static str) -> Result<Value, SchemaError> {
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            let present = field.versions.contains(self.version) && field.tag.is_none();
            let value = if present { self.field(field)? } else { field.default.clone() };
            values.push((field.name, value));
        }
        if self.flexible {
            self.tagged(fields, name, &mut values)?;
        }
        Ok(Value::Struct(values))
    }

    /// The tagged fields; those that the schema does not know are stepped over.
    fn tagged(
        &mut self,
        fields: &[Field],
        name: &'static str,
        values: &mut [(&'static str, Value)],
    ) -> Result<(), SchemaError> {
        let start = self.position;
        let count = self.varint(name)?;
        self.note("(tagged fields)", start, || count.to_string());
        for _ in 0..count {
            let start = self.position;
            let tag = self.varint(name)?;
            let size = self.varint(name)? as usize;
            if size > self.left() {
                return Err(SchemaError::BadLength { field: name, length: size as i64 });
            }
            let known = fields.iter().position(|field| field.tag == Some(tag) && field.versions.contains(self.version));
            self.note("(tag)", start, || format!("tag {tag}, {size} bytes"));
            match known {
                Some(index) => values[index].1 = self.sized(&fields[index], size)?,
                None => {
                    let start = self.position;
                    self.position += size;
                    self.note("(unknown tagged field)", start, || format!("{size} bytes"));
                }
            }
        }
        Ok(())
    }

    /// A field that must fill exactly `size` bytes, which are known to be there.
    fn sized(&mut self, field: &Field, size: usize) -> Result<Value, SchemaError> {
        let outer = std::mem::replace(&mut self.end, self.position + size);
        let value = self.field(field)?;
        if self.position != self.end {
            return Err(SchemaError::BadTag { field: field.name });
        }
        self.end = outer;
        Ok(value)
    }

    fn field(&mut self, field: &Field) -> Result<Value, SchemaError> {
        self.enter(|| field.name.to_owned());
        let nullable = field.nullable.contains(self.version);
        let absent = nullable && matches!(field.kind, Kind::Struct(_)) && self.fixed::<1>(field.name)? == [0xff];
        let value = if absent { Value::Null } else { self.value(&field.kind, field.name)? };
        if value.is_null() && !nullable {
            return Err(SchemaError::UnexpectedNull { field: field.name });
        }
        self.leave();
        Ok(value)
    }

    fn value(&mut self, kind: &Kind, name: &'static str) -> Result<Value, SchemaError> {
        let start = self.position;
        let value = match kind {
            Kind::Bool => Value::Bool(self.fixed::<1>(name)? != [0]),
            Kind::Int8 => Value::Int8(i8::from_be_bytes(self.fixed(name)?)),
            Kind::Int16 => Value::Int16(i16::from_be_bytes(self.fixed(name)?)),
            Kind::Uint16 => Value::Uint16(u16::from_be_bytes(self.fixed(name)?)),
            Kind::Int32 => Value::Int32(i32::from_be_bytes(self.fixed(name)?)),
            Kind::Uint32 => Value::Uint32(u32::from_be_bytes(self.fixed(name)?)),
            Kind::Int64 => Value::Int64(i64::from_be_bytes(self.fixed(name)?)),
            Kind::Float64 => Value::Float64(u64::from_be_bytes(self.fixed(name)?)),
            Kind::Uuid => Value::Uuid(u128::from_be_bytes(self.fixed(name)?)),
            Kind::String => self.string(name)?,
            Kind::Bytes => match self.length(name)? {
                Some(length) => Value::Bytes(self.take(length, name)?),
                None => Value::Null,
            },
            Kind::Array(element) => return self.array(element, name),
            Kind::Struct(fields) => return self.fields(fields, name),
        };
        self.note("", start, || in_words(&value));
        Ok(value)
    }

    fn array(&mut self, element: &Kind, name: &'static str) -> Result<Value, SchemaError> {
        let start = self.position;
        let Some(count) = self.length(name)? else {
            self.note("", start, || "null".to_owned());
            return Ok(Value::Null);
        };
        // Every element takes a byte at least, as in Kafka's own check.
        if count > self.left() {
            return Err(SchemaError::BadLength { field: name, length: count as i64 });
        }
        self.note("", start, || format!("{count} elements"));
        let mut items = Vec::new();
        for index in 0..count {
            self.enter(|| format!("[{index}]"));
            let item = self.value(element, name)?;
            if item.is_null() {
                return Err(SchemaError::UnexpectedNull { field: name });
            }
            items.push(item);
            self.leave();
        }
        Ok(Value::Array(items))
    }

    fn string(&mut self, name: &'static str) -> Result<Value, SchemaError> {
        let length = if self.flexible {
            self.compact_length(name)?
        } else {
            usize::try_from(i16::from_be_bytes(self.fixed(name)?)).ok()
        };
        let Some(length) = length else { return Ok(Value::Null) };
        let bytes = self.take(length, name)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| SchemaError::NotUtf8 { field: name })?;
        Ok(Value::String(text.into()))
    }

    /// The length of bytes or an array; `None` is null.
    fn length(&mut self, name: &'static str) -> Result<Option<usize>, SchemaError> {
        if self.flexible {
            self.compact_length(name)
        } else {
            Ok(usize::try_from(i32::from_be_bytes(self.fixed(name)?)).ok())
        }
    }

    fn compact_length(&mut self, name: &'static str) -> Result<Option<usize>, SchemaError> {
        Ok((self.varint(name)? as usize).checked_sub(1))
    }

    fn varint(&mut self, name: &'static str) -> Result<u32, SchemaError> {
        let (value, length) = read_varint(&self.bytes[self.position..self.end], name)?;
        self.position += length;
        Ok(value)
    }

    fn left(&self) -> usize {
        self.end - self.position
    }

    fn fixed<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], SchemaError> {
        let chunk = self.bytes[self.position..self.end].first_chunk::<N>();
        self.position += if chunk.is_some() { N } else { 0 };
        chunk.copied().ok_or(SchemaError::Truncated { field: name })
    }

    fn take(&mut self, length: usize, name: &'static str) -> Result<Bytes, SchemaError> {
        if length > self.left() {
            return Err(SchemaError::BadLength { field: name, length: length as i64 });
        }
        let taken = self.bytes.slice(self.position..self.position + length);
        self.position += length;
        Ok(taken)
    }

    fn enter(&mut self, step: impl FnOnce() -> String) {
        if let Some(notes) = &mut self.notes {
            notes.path.push(step());
        }
    }

    fn leave(&mut self) {
        if let Some(notes) = &mut self.notes {
            notes.path.pop();
        }
    }

    /// Notes what the bytes from `start` to here say.
    fn note(&mut self, step: &str, start: usize, text: impl FnOnce() -> String) {
        // Only who explains bytes to a reader asks for notes.
        let Some(notes) = &mut self.notes else { return };
        let mut path = String::new();
        for part in notes.path.iter().map(String::as_str).chain([step]) {
            if !path.is_empty() && !part.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        let length = (self.position - start) as u32;
        notes.spans.push(FieldSpan { path, start: start as u32, length, text: text() });
    }
}

/// An unsigned varint at the start of `bytes`, and how many bytes it takes (five at most).
pub(crate) fn read_varint(bytes: &[u8], field: &'static str) -> Result<(u32, usize), SchemaError> {
    let mut value = 0u32;
    for index in 0..5 {
        let byte = *bytes.get(index).ok_or(SchemaError::Truncated { field })?;
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, index + 1));
        }
    }
    Err(SchemaError::BadVarint { field })
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int8(value) => value.to_string(),
        Value::Int16(value) => value.to_string(),
        Value::Uint16(value) => value.to_string(),
        Value::Int32(value) => value.to_string(),
        Value::Uint32(value) => value.to_string(),
        Value::Int64(value) => value.to_string(),
        Value::Float64(bits) => base::plain_double(f64::from_bits(*bits)),
        Value::Uuid(value) => TopicId(*value).to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Array(items) => format!("{} elements", items.len()),
        Value::Struct(fields) => format!("{} fields", fields.len()),
    }
}
