//! Bytes that Kafka 4.3.0's own generated classes wrote (`MetadataRecordSerde`, `MessageUtil`,
//! `GroupCoordinatorRecordSerde`), read and written again byte for byte; then the same bytes damaged.

use base::{BrokerId, Str, TopicId};
use bytes::Bytes;
use schema::{Schema, Value, consumer_protocol, control, decode, encode, explain, metadata, offsets, size};

const METADATA: &[(&str, i16, &str)] = &[
    (
        "RegisterBrokerRecord",
        4,
        "010004000000010001020304050607081112131415161718000000000000004d020a504c41494e544558540962726f6b65722d319c4000000002116d657461646174612e76657273696f6e0007001e000001000100110221222324252627283132333435363738",
    ),
    (
        "RegisterBrokerRecord",
        1,
        "0100010000000101020304050607081112131415161718000000000000004d020a504c41494e544558540962726f6b65722d319c4000000002116d657461646174612e76657273696f6e0007001e000261000100",
    ),
    ("TopicRecord", 0, "010200076f72646572730102030405060708111213141516171800"),
    (
        "PartitionRecord",
        2,
        "0103020000000201020304050607081112131415161718040000000100000002000000030300000001000000020101000000010000000400000009040102030405060708111213141516171821222324252627283132333435363738212223242526272831323334353637380200010101050200000003",
    ),
    (
        "PartitionChangeRecord",
        2,
        "01050200000002010203040506070811121314151617180500090300000001000000020104000000010605020000000307010108110201020304050607081112131415161718",
    ),
    ("PartitionChangeRecord", 0, "0105000000000201020304050607081112131415161718010104ffffffff"),
    ("ConfigRecord", 0, "01040002076f72646572730d726574656e74696f6e2e6d730000"),
    ("BrokerRegistrationChangeRecord", 0, "011100000000030000000000000005010001ff"),
    (
        "BrokerRegistrationChangeRecord",
        3,
        "0111030000000300000000000000050201010102110221222324252627283132333435363738",
    ),
    ("FeatureLevelRecord", 0, "010c00116d657461646174612e76657273696f6e001e00"),
    ("ProducerIdsRecord", 0, "010f0000000001000000000000000600000000000003e800"),
    (
        "ClientQuotaRecord",
        0,
        "010e00020a636c69656e742d696400001370726f64756365725f627974655f7261746540900200000000000000",
    ),
    ("RemoveTopicRecord", 0, "0109000102030405060708111213141516171800"),
    ("NoOpRecord", 0, "01140000"),
    ("BeginTransactionRecord", 0, "01170001001212426f6f747374726170207265636f726473"),
    ("ClearElrRecord", 0, "011c00076f726465727300"),
    ("UnregisterBrokerRecord", 0, "01010000000003000000000000000500"),
];

const OFFSETS: &[(&str, i16, &str)] = &[
    ("OffsetCommitValue", 0, "0000000000000000002a00016d00000000000003e8"),
    ("OffsetCommitValue", 1, "0001000000000000002a00016d00000000000003e8ffffffffffffffff"),
    ("OffsetCommitValue", 2, "0002000000000000002a00016d00000000000003e8"),
    ("OffsetCommitValue", 3, "0003000000000000002a0000000300016d00000000000003e8"),
    ("OffsetCommitValue", 4, "0004000000000000002a00000003026d00000000000003e801001001020304050607081112131415161718"),
    (
        "GroupMetadataValue",
        0,
        "00000008636f6e73756d657200000005000572616e67650001610000000100016100016300022f680000afc80000000201020000000103",
    ),
    (
        "GroupMetadataValue",
        1,
        "00010008636f6e73756d657200000005000572616e67650001610000000100016100016300022f68000493e00000afc80000000201020000000103",
    ),
    (
        "GroupMetadataValue",
        2,
        "00020008636f6e73756d657200000005000572616e676500016100000000000000090000000100016100016300022f68000493e00000afc80000000201020000000103",
    ),
    (
        "GroupMetadataValue",
        3,
        "00030008636f6e73756d657200000005000572616e6765000161000000000000000900000001000161ffff00016300022f68000493e00000afc80000000201020000000103",
    ),
    (
        "GroupMetadataValue",
        4,
        "000409636f6e73756d6572000000050672616e676502610000000000000009020261000263032f68000493e00000afc803010202030000",
    ),
];

const CONSUMER: &[(&str, i16, &str)] = &[
    ("ConsumerProtocolSubscription", 0, "000000000002000174000175ffffffff"),
    ("ConsumerProtocolSubscription", 1, "000100000002000174000175ffffffff00000001000174000000020000000000000001"),
    (
        "ConsumerProtocolSubscription",
        2,
        "000200000002000174000175ffffffff0000000100017400000002000000000000000100000007",
    ),
    (
        "ConsumerProtocolSubscription",
        3,
        "000300000002000174000175ffffffff0000000100017400000002000000000000000100000007000172",
    ),
    ("ConsumerProtocolAssignment", 3, "0003000000010001740000000200000000000000010000000109"),
];

const CONTROL: &[(&str, i16, &str)] = &[
    ("LeaderChangeMessage", 0, "0000000000090200000009000100"),
    ("LeaderChangeMessage", 1, "000100000009020000000901020304050607081112131415161718000100"),
];

const TOPIC: u128 = 0x0102030405060708_1112131415161718;

fn bytes(hex: &str) -> Bytes {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every vector as (schema, version, bytes of the body).
fn bodies() -> Vec<(&'static Schema, i16, Bytes)> {
    let mut bodies = Vec::new();
    for (_, version, text) in METADATA {
        let whole = bytes(text);
        let (schema, read, start) = metadata::frame(&whole).expect("a frame");
        assert_eq!(read, *version);
        bodies.push((schema, read, whole.slice(start..)));
    }
    let schema = |name: &str| match name {
        "OffsetCommitValue" => offsets::offset_commit_value(),
        "GroupMetadataValue" => offsets::group_metadata_value(),
        "ConsumerProtocolSubscription" => consumer_protocol::subscription(),
        "ConsumerProtocolAssignment" => consumer_protocol::assignment(),
        other => panic!("{other}"),
    };
    for (name, version, text) in OFFSETS.iter().chain(CONSUMER) {
        bodies.push((schema(name), *version, bytes(text).slice(2..)));
    }
    for (_, version, text) in CONTROL {
        bodies.push((control::leader_change_message(), *version, bytes(text)));
    }
    bodies
}

#[test]
fn what_kafka_wrote_is_read_and_written_again() {
    for (schema, version, bytes) in bodies() {
        let (value, rest) = decode(schema, version, &bytes).expect(schema.name);
        assert!(rest.is_empty(), "{}: {} bytes left", schema.name, rest.len());
        let written = encode(schema, version, &value).expect(schema.name);
        assert_eq!(hex(&written), hex(&bytes), "{} v{version}", schema.name);
        assert_eq!(size(schema, version, &value), Ok(bytes.len() as u64));
    }
    for (name, version, text) in METADATA {
        let record = metadata::read(&bytes(text)).expect(name);
        assert_eq!((record.schema.name, record.version), (*name, *version));
        assert_eq!(hex(&metadata::write(record.schema, record.version, &record.value).expect(name)), *text);
    }
}

#[test]
fn a_partition_record_is_built_as_kafka_builds_it() {
    let directory = TopicId(0x2122232425262728_3132333435363738);
    let record = Value::record()
        .with("partitionId", 2)
        .with("topicId", TopicId(TOPIC))
        .with("replicas", vec![BrokerId(1), BrokerId(2), BrokerId(3)])
        .with("isr", vec![1, 2])
        .with("leader", BrokerId(1))
        .with("leaderRecoveryState", 1i8)
        .with("leaderEpoch", 4)
        .with("partitionEpoch", 9)
        .with("directories", vec![TopicId(TOPIC), directory, directory])
        .with("eligibleLeaderReplicas", Some(vec![3]));
    let written = metadata::write(metadata::partition_record(), 2, &record).expect("valid");
    assert_eq!(hex(&written), METADATA.iter().find(|(name, ..)| *name == "PartitionRecord").expect("vector").2);
    let read = metadata::read(&written).expect("valid").value;
    assert_eq!(read.get::<Vec<BrokerId>>("isr"), [BrokerId(1), BrokerId(2)]);
    assert_eq!(read.get::<Option<Vec<i32>>>("eligibleLeaderReplicas"), Some(vec![3]));
    assert_eq!(read.get::<Option<Vec<i32>>>("lastKnownElr"), None);
}

#[test]
fn absent_tagged_fields_read_as_their_defaults() {
    let bare = Value::record().with("partitionId", 0).with("topicId", TopicId(1));
    let written = metadata::write(metadata::partition_change_record(), 2, &bare).expect("valid");
    let change = metadata::read(&written).expect("valid").value;
    assert_eq!(change.get::<i32>("leader"), -2, "no change of leader");
    assert_eq!(change.get::<Option<Vec<i32>>>("isr"), None);
}

#[test]
fn keys_of_the_offsets_topic_open_with_their_type() {
    let key = Value::record().with("group", "g").with("topic", "t").with("partition", 3);
    let written = offsets::write_key(offsets::offset_commit_key(), &key).expect("valid");
    assert_eq!(hex(&written), "000100016700017400000003");
    assert_eq!(offsets::read_key(&written), Ok(offsets::OffsetsKey::OffsetCommit(key)));
    let key = Value::record().with("group", "g");
    let written = offsets::write_key(offsets::group_metadata_key(), &key).expect("valid");
    assert_eq!(hex(&written), "0002000167");
    assert!(offsets::read_key(&bytes("0063")).is_err(), "a type of another release");
}

#[test]
fn a_leader_opens_its_epoch_as_kafka_s_does() {
    let written = control::write_leader_change(BrokerId(9), &[BrokerId(9)], &[]);
    assert_eq!(hex(&written), CONTROL[0].2);
    for (_, version, text) in CONTROL {
        let read = control::read_leader_change(&bytes(text)).expect("readable");
        assert_eq!((read.get::<i16>("version"), read.get::<BrokerId>("leaderId")), (*version, BrokerId(9)));
    }
    assert!(control::read_leader_change(&bytes("0007")).is_err());
}

#[test]
fn a_subscription_of_a_later_version_is_read_as_the_newest_known() {
    let mut later = bytes(CONSUMER[3].2).to_vec();
    later[1] = 9;
    later.extend_from_slice(b"more");
    let (version, value) = consumer_protocol::read(consumer_protocol::subscription(), &later.into()).expect("readable");
    assert_eq!((version, value.get::<i32>("generationId")), (9, 7));
    assert_eq!(value.get::<Vec<Str>>("topics").len(), 2);
}

#[test]
fn what_a_version_cannot_hold_is_refused_unless_it_may_be_dropped() {
    let value = Value::record().with("brokerId", 1).with("logDirs", vec![TopicId(3)]);
    assert!(encode(metadata::register_broker_record(), 2, &value).is_err());
    assert!(encode(metadata::register_broker_record(), 3, &value).is_ok());
    let value = Value::record().with("offset", 1i64).with("leaderEpoch", 5);
    assert!(encode(offsets::offset_commit_value(), 0, &value).is_ok(), "leaderEpoch is ignorable");
    assert!(encode(offsets::offset_commit_value(), 5, &value).is_err(), "no such version");
    assert!(encode(offsets::offset_commit_value(), 3, &value.with("misspelt", 1)).is_err());
}

#[test]
fn an_explanation_covers_every_byte_in_order() {
    for (schema, version, bytes) in bodies() {
        let explained = explain(schema, version, &bytes);
        assert_eq!((explained.error, explained.end), (None, bytes.len() as u32));
        let mut next = 0;
        for span in explained.spans {
            assert_eq!(span.start, next, "{}: {}", schema.name, span.path);
            next += span.length;
        }
        assert_eq!(next as usize, bytes.len(), "{}", schema.name);
    }
}

#[test]
fn an_explanation_names_fields_by_path() {
    let (schema, version, bytes) = bodies().swap_remove(0);
    let spans = explain(schema, version, &bytes).spans;
    let text = |path: &str| spans.iter().find(|span| span.path == path).map(|span| span.text.as_str());
    assert_eq!(text("endPoints[0].host"), Some("\"broker-1\""));
    assert_eq!(text("endPoints"), Some("1 elements"));
    assert_eq!(text("logDirs[0]"), Some("ISIjJCUmJygxMjM0NTY3OA"));
}

/// Cut short, or with any byte changed to any of a few nasty values: an error or a value, no panic.
#[test]
fn damaged_bytes_are_an_error() {
    for (schema, version, good) in bodies() {
        for end in 0..good.len() {
            assert!(decode(schema, version, &good.slice(..end)).is_err(), "{} cut at {end}", schema.name);
            assert!(explain(schema, version, &good.slice(..end)).error.is_some());
        }
        for at in 0..good.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bad = good.to_vec();
                bad[at] = byte;
                let _ = decode(schema, version, &bad.clone().into());
                let _ = explain(schema, version, &bad.into());
            }
        }
    }
}

/// Tagged fields of a later release are stepped over.
#[test]
fn unknown_tagged_fields_are_skipped() {
    let mut record = bytes(METADATA.iter().find(|(name, ..)| *name == "TopicRecord").expect("vector").2).to_vec();
    record.truncate(record.len() - 1);
    record.extend_from_slice(&[1, 99, 2, 0xab, 0xcd]);
    let read = metadata::read(&record.into()).expect("readable");
    assert_eq!(read.value.get::<Str>("name").as_ref(), "orders");
}
