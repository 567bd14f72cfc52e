//! English: an opened record.

use super::plural;
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
    disk: "On disk",
    on_disk: |flushed| if flushed { "flushed" } else { "written, not flushed" },
    flushed: |offset, behind| match behind {
        0 => format!("flushed up to offset {offset}"),
        _some => format!("flushed up to {offset}, {behind} behind it in the page cache"),
    },
    way_title: "How Kafka finds it",
    way_file: |file, files| {
        format!("Of {} it takes {file}: no other name below the offset is larger.", plural(files, "file", "files"))
    },
    way_index: |way, interval| match way.entry {
        Some(entry) => format!(
            "Its .index has an entry every {interval} B or more. The nearest: offset {} at byte {}.",
            entry.offset, entry.position
        ),
        None => format!("Its .index has an entry every {interval} B or more. None is before it: byte 0."),
    },
    way_log: |way| {
        let walked = plural(way.walked as usize, "batch", "batches");
        let position = way.found.extent.position;
        format!(
            "From there {walked} are looked at, {} B passed over: byte {position}. Without the index: {}.",
            way.passed, way.batches
        )
    },
    tries: ["Change this record?", "Insert one before it?"],
    before: "Record before",
    after: "Record after",
    metadata_log: "Metadata log",
    none: "No record lies at this offset.",
};
