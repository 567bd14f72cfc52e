//! Kafka's own varints and record batches, byte for byte, through the types that the brokers use.

use bytes::Bytes;
use conformance::{from_hex, run_vectors, same};
use records::{Batch, BatchBuilder, BatchHeader, Compression, ControlType, NewRecord, Record, TimestampType, varint};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VarintCase {
    #[serde(rename = "id")]
    _id: u32,
    kind: String,
    value: Value,
    hex: String,
}

#[test]
fn varints() {
    run_vectors("varint", |case: VarintCase| {
        let bytes = from_hex(&case.hex);
        // 64-bit values are written as text.
        let value: i64 = match &case.value {
            Value::String(text) => text.parse().map_err(|error| format!("{text}: {error}"))?,
            number => number.as_i64().ok_or_else(|| format!("{number} is no integer"))?,
        };
        let mut written = Vec::new();
        let mut input = &bytes[..];
        let (read, size) = match case.kind.as_str() {
            "varint" => {
                let value = i32::try_from(value).map_err(|error| error.to_string())?;
                varint::put_varint(&mut written, value);
                (varint::take_varint(&mut input).map(i64::from), varint::varint_size(value))
            }
            "varlong" => {
                varint::put_varlong(&mut written, value);
                (varint::take_varlong(&mut input), varint::varlong_size(value))
            }
            "unsigned_varint" => {
                // Java has no unsigned integers: a negative value stands for its 32 bits.
                let value = value as u32;
                varint::put_unsigned_varint(&mut written, value);
                let read = varint::take_unsigned_varint(&mut input).map(i64::from);
                (
                    read.map(|raw| if case.value.as_i64() < Some(0) { raw as u32 as i32 as i64 } else { raw }),
                    varint::unsigned_varint_size(value),
                )
            }
            kind => return Err(format!("unknown kind {kind}")),
        };
        same("bytes", &written, &bytes)?;
        same("value", &read, &Ok(value))?;
        same("left over", &input.len(), &0)?;
        same("size", &(size as usize), &bytes.len())
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    hex: String,
    batches: Vec<ExpectedBatch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedBatch {
    size_in_bytes: u32,
    base_offset: i64,
    batch_length: i32,
    partition_leader_epoch: i32,
    magic: u8,
    crc: u32,
    crc_hex: String,
    attributes: i16,
    last_offset_delta: i32,
    last_offset: i64,
    base_timestamp: i64,
    max_timestamp: i64,
    producer_id: i64,
    producer_epoch: i16,
    base_sequence: i32,
    last_sequence: i32,
    record_count: i32,
    compression: String,
    timestamp_type: String,
    is_transactional: bool,
    is_control: bool,
    delete_horizon_ms: Option<i64>,
    valid: bool,
    records: Vec<ExpectedRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedRecord {
    offset: i64,
    timestamp: i64,
    sequence: i32,
    key_hex: Option<String>,
    value_hex: Option<String>,
    headers: Vec<(String, Option<String>)>,
    control_type: Option<String>,
}

#[test]
fn record_batches() {
    run_vectors("record_batch", |case: BatchCase| {
        let mut rest = Bytes::from(from_hex(&case.hex));
        for expected in &case.batches {
            if rest.len() < expected.size_in_bytes as usize {
                return Err("fewer bytes than the batches take".into());
            }
            let bytes = rest.split_to(expected.size_in_bytes as usize);
            check_header(expected, &BatchHeader::parse(&bytes).ok_or("no header")?)?;
            let batch = Batch::verify(bytes.clone());
            same("valid", &batch.is_ok(), &expected.valid)?;
            if let Ok(batch) = batch {
                check_batch(expected, &batch, &bytes)?;
            }
        }
        same("left over", &rest.len(), &0)
    });
}

fn check_header(expected: &ExpectedBatch, header: &BatchHeader) -> Result<(), String> {
    same("baseOffset", &header.base_offset.0, &expected.base_offset)?;
    same("batchLength", &header.batch_length, &expected.batch_length)?;
    same("partitionLeaderEpoch", &header.leader_epoch.0, &expected.partition_leader_epoch)?;
    same("magic", &header.magic, &expected.magic)?;
    same("crc", &header.crc, &expected.crc)?;
    same("crcHex", &format!("{:08x}", header.crc), &expected.crc_hex)?;
    same("attributes", &header.attributes, &expected.attributes)?;
    same("lastOffsetDelta", &header.last_offset_delta, &expected.last_offset_delta)?;
    same("lastOffset", &header.last_offset().0, &expected.last_offset)?;
    same("baseTimestamp", &header.base_timestamp.0, &expected.base_timestamp)?;
    same("maxTimestamp", &header.max_timestamp.0, &expected.max_timestamp)?;
    same("producerId", &header.producer_id.0, &expected.producer_id)?;
    same("producerEpoch", &header.producer_epoch, &expected.producer_epoch)?;
    same("baseSequence", &header.base_sequence, &expected.base_sequence)?;
    same("lastSequence", &header.last_sequence(), &expected.last_sequence)?;
    same("recordCount", &header.record_count, &expected.record_count)?;
    same("deleteHorizonMs", &header.delete_horizon().map(|at| at.0), &expected.delete_horizon_ms)
}

fn check_batch(expected: &ExpectedBatch, batch: &Batch, bytes: &Bytes) -> Result<(), String> {
    same("size", &batch.size(), &expected.size_in_bytes)?;
    same("header", &Some(batch.header()), &BatchHeader::parse(bytes))?;
    same("last offset", &batch.last_offset().0, &expected.last_offset)?;
    same("last sequence", &batch.last_sequence(), &expected.last_sequence)?;
    same("compression", &batch.compression().name(), &expected.compression.as_str())?;
    let timestamp_type = match batch.timestamp_type() {
        TimestampType::CreateTime => "CreateTime",
        TimestampType::LogAppendTime => "LogAppendTime",
    };
    same("timestampType", &timestamp_type, &expected.timestamp_type.as_str())?;
    same("isTransactional", &batch.is_transactional(), &expected.is_transactional)?;
    same("isControl", &batch.is_control(), &expected.is_control)?;
    let records = batch.records().map_err(|error| format!("records: {error}"))?;
    same("number of records", &records.len(), &expected.records.len())?;
    for (got, expected) in records.iter().zip(&expected.records) {
        check_record(expected, got)?;
    }
    rebuild(batch, &records)
}

fn check_record(expected: &ExpectedRecord, got: &Record) -> Result<(), String> {
    let hex = |text: &Option<String>| text.as_deref().map(|text| Bytes::from(from_hex(text)));
    same("offset", &got.offset.0, &expected.offset)?;
    same("timestamp", &got.timestamp.0, &expected.timestamp)?;
    same("sequence", &got.sequence, &expected.sequence)?;
    same("key", &got.key, &hex(&expected.key_hex))?;
    same("value", &got.value, &hex(&expected.value_hex))?;
    let headers: Vec<_> = got.headers.iter().map(|header| (header.key.to_string(), header.value.clone())).collect();
    let wanted: Vec<_> = expected.headers.iter().map(|(key, value)| (key.clone(), hex(value))).collect();
    same("headers", &headers, &wanted)?;
    if let Some(name) = &expected.control_type {
        let kind = got.key.as_ref().and_then(|key| ControlType::from_key(key));
        same("controlType", &kind.map(ControlType::name), &Some(name.as_str()))?;
    }
    Ok(())
}

/// What the producer side writes has the very bytes of Kafka's builder. Compaction's results
/// (horizons, gaps, cut ends) and other encoders' compressed bytes are outside that promise.
fn rebuild(batch: &Batch, records: &[Record]) -> Result<(), String> {
    let dense = records.len() as i64 == i64::from(batch.last_offset_delta()) + 1;
    if batch.compression() != Compression::None || batch.delete_horizon().is_some() || !dense {
        return Ok(());
    }
    let control = batch.control_type();
    let mut builder = BatchBuilder::new().at(batch.base_offset(), batch.leader_epoch()).producer(
        batch.producer_id(),
        batch.producer_epoch(),
        batch.base_sequence(),
    );
    if batch.is_transactional() {
        builder = builder.transactional();
    }
    if batch.timestamp_type() == TimestampType::LogAppendTime {
        builder = builder.log_append_time(batch.max_timestamp());
    }
    let stamped =
        batch.timestamp_type() == TimestampType::LogAppendTime && batch.base_timestamp() != batch.max_timestamp();
    if stamped {
        // The records' own times are no longer to be seen once the broker has stamped the batch.
        return Ok(());
    }
    for record in records {
        let (key, value) = (record.key.clone(), record.value.clone());
        builder = match (control, value) {
            (Some(kind), Some(value)) => builder.control(kind, value, record.timestamp),
            (_, value) => {
                let headers = record.headers.clone();
                builder.record(&NewRecord { timestamp: record.timestamp, key, value, headers })
            }
        };
    }
    same("rebuilt", &builder.build().bytes(), &batch.bytes())
}
