//! English: an opened record.

use crate::text::ContentsText;

pub(super) const CONTENTS: ContentsText = ContentsText {
    title: |offset| format!("offset {offset}"),
    key: "Key",
    value: "Value",
    header: |key| format!("Header {key}"),
    more: |bytes| format!("{bytes} more bytes"),
    timestamp_by: |leader| if leader { "set by the leader" } else { "set by the producer" },
    record_size: "Key, value, headers",
    codec: "Codec",
    removed: "null: a tombstone",
    unread: "not read",
    before: "Record before",
    after: "Record after",
    metadata_log: "Metadata log",
    none: "No record lies at this offset.",
};
