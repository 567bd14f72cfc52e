//! Words of an opened record. Names of fields and schemas are Kafka's own.

use log::LookUp;

/// Titles and sizes.
pub struct ContentsText {
    /// "offset 12"
    pub title: fn(i64) -> String,
    pub key: &'static str,
    pub value: &'static str,
    /// "header source"
    pub header: fn(&str) -> String,
    /// How many bytes are not shown.
    pub more: fn(usize) -> String,
    pub timestamp_by: fn(bool) -> &'static str,
    pub record_size: &'static str,
    pub codec: &'static str,
    /// A tombstone: what the key names is removed.
    pub removed: &'static str,
    /// A record of a kind that this release does not know, or damaged bytes.
    pub unread: &'static str,
    pub disk: &'static str,
    /// Does it survive a power-off for certain?
    pub on_disk: fn(bool) -> &'static str,
    /// Up to which offset a log is flushed, and how many records lie behind.
    pub flushed: fn(i64, i64) -> String,
    pub way_title: &'static str,
    /// The file, and among how many.
    pub way_file: fn(&str, usize) -> String,
    pub way_index: fn(&LookUp, u64) -> String,
    pub way_log: fn(&LookUp) -> String,
    pub tries: [&'static str; 2],
    pub before: &'static str,
    pub after: &'static str,
    pub metadata_log: &'static str,
    /// Retention, a truncation or a marker: there is no record.
    pub none: &'static str,
}
