//! `kafka-dump-log`: what lies in the files of a node (`DumpLogSegments`). It asks no cluster: it reads bytes, as the tool does, also
//! of a node that is down. Index files are not kept here; what is printed of one is reckoned from its log.

use super::dumped_json as json;
use super::options::Options;
use super::output::{FRAMES, Fault, Output};
use super::{Begun, Refusal};
use crate::shell::Pipe;
use base::{BrokerId, ErrorCode};
use bytes::Bytes;
use port::Store;
use records::{Batch, ControlType, EndTransactionMarker, HEADER_SIZE, OFFSET_AND_LENGTH, Record, TimestampType};
use sim::{Cluster, Slot};

/// `kafka-dump-log.sh`.
pub(crate) const DUMP: &str = "cluster-metadata-decoder deep-iteration files= index-sanity-check key-decoder-class? max-bytes= \
                               max-message-size= offsets-decoder print-data-log remote-log-metadata-decoder \
                               share-group-state-decoder skip-record-metadata transaction-log-decoder \
                               value-decoder-class? verify-index-only";

/// Lines that are printed of one line's files, and bytes of them…
const MOST: usize = 5_000;
const MOST_PRINTED: usize = 1 << 20;
/// …and bytes of a file that are looked at: a page has no room for all of a large one at once.
const MOST_READ: u32 = 16 << 20;
/// `index.interval.bytes` where nobody has set it.
const INTERVAL: u64 = 4_096;

/// A line of the tool that was understood; whoever has the cluster prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    files: Vec<String>,
    depth: Depth,
    decoder: Decoder,
    metadata: Metadata,
    /// Bytes of each log that are looked at.
    most: u64,
    index: Index,
    pipe: Pipe,
}

/// How far into batches it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Batches,
    Records,
    Contents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decoder {
    Text,
    Metadata,
    Offsets,
}

/// `--skip-record-metadata`?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metadata {
    Shown,
    Skipped,
}

/// What is done with an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Printed,
    Verified,
    Checked,
}

pub(crate) fn dump(options: &Options) -> Result<Begun, Refusal> {
    const TEXT: &str = "org.apache.kafka.tools.api.StringDecoder";
    options.require(&["files"])?;
    options.absent(&["remote-log-metadata-decoder", "share-group-state-decoder", "transaction-log-decoder"])?;
    for name in ["key-decoder-class", "value-decoder-class"] {
        if let Some(class) = options.value(name)?.filter(|class| *class != TEXT) {
            return Err(Refusal::NotHere(format!("--{name} {class}")));
        }
    }
    let decoder = match (options.has("offsets-decoder"), options.has("cluster-metadata-decoder")) {
        (true, _) => Decoder::Offsets,
        (false, true) => Decoder::Metadata,
        (false, false) => Decoder::Text,
    };
    let contents = ["print-data-log", "key-decoder-class", "value-decoder-class"];
    let depth = match (options.count(&contents) > 0 || decoder != Decoder::Text, options.has("deep-iteration")) {
        (true, _) => Depth::Contents,
        (false, true) => Depth::Records,
        (false, false) => Depth::Batches,
    };
    let index = match (options.has("index-sanity-check"), options.has("verify-index-only")) {
        (true, _) => Index::Checked,
        (false, true) => Index::Verified,
        (false, false) => Index::Printed,
    };
    let metadata = if options.has("skip-record-metadata") { Metadata::Skipped } else { Metadata::Shown };
    let most: Option<i32> = options.number("max-bytes")?;
    let _read_but_of_no_use: Option<i32> = options.number("max-message-size")?;
    let files: Vec<String> = options.value("files")?.unwrap_or_default().split(',').map(str::to_owned).collect();
    if let Some(file) = files
        .iter()
        .find(|file| [".timeindex", ".snapshot", ".txnindex", ".checkpoint"].iter().any(|end| file.ends_with(end)))
    {
        return Err(Refusal::NotHere(format!("--files {file}")));
    }
    let most = most.map_or(u64::MAX, |most| u64::try_from(most).unwrap_or(0));
    let most = if most == i32::MAX as u64 { u64::MAX } else { most };
    Err(Refusal::Files(Dump { files, depth, decoder, metadata, most, index, pipe: Pipe::default() }))
}

/// A file of a node, found by a path such as `/kafka-logs-1/orders-0/00000000000000000000.log`: the folder's number is the node's.
struct Found<'a> {
    slot: &'a Slot,
    /// `orders-0`
    folder: &'a str,
}

fn find<'a>(cluster: &Cluster<'a>, path: &'a str) -> Option<(Found<'a>, &'a str)> {
    let (rest, file) = path.rsplit_once('/')?;
    let (disk, folder) = rest.rsplit_once('/')?;
    Some((Found { slot: disk_of(cluster, disk)?, folder }, file))
}

/// The node whose disk is called so; where there is but one, the number may be left out.
fn disk_of<'a>(cluster: &Cluster<'a>, path: &str) -> Option<&'a Slot> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let number = &name[name.trim_end_matches(|letter: char| letter.is_ascii_digit()).len()..];
    match (number.parse(), cluster.plan().nodes.as_slice()) {
        (Ok(node), _) => cluster.node(BrokerId(node)),
        (Err(_), [only]) => cluster.node(BrokerId(only.node)),
        (Err(_), _several) => None,
    }
}

/// What `ls` of a node's disk, or of a folder on it, shows; `None`: there is none.
pub fn listed(cluster: &Cluster<'_>, path: &str) -> Option<Vec<String>> {
    const ROOT: &str = "kafka-logs";
    let path = path.trim_end_matches('/');
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let names = if last.starts_with(ROOT) {
        let all = disk_of(cluster, path)?.store.list("");
        let mut names: Vec<String> = all.iter().map(|name| name.split('/').next().unwrap_or(name).to_owned()).collect();
        names.push(META.to_owned());
        base::sort_by(&mut names, Ord::cmp);
        names.dedup();
        names
    } else if parent.rsplit('/').next()?.starts_with(ROOT) {
        let inside = format!("{last}/");
        let all = disk_of(cluster, parent)?.store.list(&inside);
        all.iter().filter_map(|name| name.strip_prefix(&inside).map(str::to_owned)).collect()
    } else {
        return None;
    };
    (!names.is_empty()).then_some(names)
}

/// The text of a small file on a node's disk, line by line; `None`: there is none, or it is no text.
pub fn contents(cluster: &Cluster<'_>, path: &str) -> Option<Vec<String>> {
    const TEXTS: [&str; 5] = [
        "replication-offset-checkpoint",
        "log-start-offset-checkpoint",
        "leader-epoch-checkpoint",
        "partition.metadata",
        ".kafka_cleanshutdown",
    ];
    let (rest, file) = path.rsplit_once('/')?;
    if file == META
        && let Some(slot) = disk_of(cluster, rest).filter(|_| is_disk(rest))
    {
        let node = cluster.plan().nodes.iter().find(|plan| plan.name == slot.name)?.node;
        let id = &cluster.plan().cluster_id;
        return Some(vec![
            "#".to_owned(),
            format!("cluster.id={id}"),
            format!("node.id={node}"),
            "version=1".to_owned(),
        ]);
    }
    if !TEXTS.contains(&file) {
        return None;
    }
    let (slot, name) = match is_disk(rest) {
        true => (disk_of(cluster, rest)?, file.to_owned()),
        false => (find(cluster, path)?.0.slot, format!("{}/{file}", find(cluster, path)?.0.folder)),
    };
    let (bytes, _) = slot.store.beginning(&name, MOST_PRINTED as u32)?;
    Some(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
}

/// What `kafka-storage format` writes on each disk; it is told from the plan.
const META: &str = "meta.properties";

fn is_disk(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("kafka-logs"))
}

/// What one line prints, and what it has found to be wrong, which comes at the end.
struct Printing<'a> {
    dump: &'a Dump,
    output: Output,
    mismatches: Vec<String>,
    gaps: Vec<String>,
    last_offset: i64,
    /// Bytes of what is printed.
    printed: usize,
}

impl Dump {
    pub(super) fn into_pipe(self, pipe: Pipe) -> Dump {
        Dump { pipe, ..self }
    }

    /// What the tool prints of the files as they are.
    pub fn print(&self, cluster: &Cluster<'_>) -> Output {
        self.pipe.clone().all(self.dumped(cluster))
    }

    fn dumped(&self, cluster: &Cluster<'_>) -> Output {
        let (output, mismatches, gaps) = (Output::default(), Vec::new(), Vec::new());
        let mut printing = Printing { dump: self, output, mismatches, gaps, last_offset: -1, printed: 0 };
        for path in &self.files {
            printing.output.out(format!("Dumping {path}"));
            if let Err(fault) = printing.file(cluster, path) {
                let output = &mut printing.output;
                output.err(format!("Exception in thread \"main\" {fault}")).err(FRAMES).exit(1);
                return printing.output;
            }
        }
        let Printing { mut output, mismatches, gaps, .. } = printing;
        mismatches.into_iter().chain(gaps).for_each(|line| _ = output.err(line));
        output
    }
}

impl Printing<'_> {
    fn file(&mut self, cluster: &Cluster<'_>, path: &str) -> Result<(), Fault> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let end = name.rfind('.').map(|at| &name[at..]);
        if end != Some(".log") && end != Some(".index") {
            self.output.err(format!("Ignoring unknown file {path}"));
            return Ok(());
        }
        let digits = name.split('.').next().unwrap_or_default();
        let bad = |_| Fault::new("java.lang.NumberFormatException", format!("For input string: \"{digits}\""));
        let start: i64 = digits.parse().map_err(bad)?;
        if end == Some(".log") {
            self.output.out(format!("Log starting offset: {start}"));
        }
        let log = format!("{digits}.log");
        let found = find(cluster, path);
        let most = if end == Some(".log") { self.dump.most } else { u64::MAX };
        let most = u32::try_from(most).unwrap_or(MOST_READ).min(MOST_READ);
        let read = |found: &Found<'_>| found.slot.store.beginning(&format!("{}/{log}", found.folder), most);
        let read = found.as_ref().and_then(|(found, _)| read(found));
        let (Some((found, _)), Some((bytes, length))) = (found, read) else {
            return Err(Fault::new("java.nio.file.NoSuchFileException", path));
        };
        match end {
            Some(".log") => self.log(path, &bytes, length),
            _index => self.index(path, &bytes, (start, is_last(&found, &log))),
        }
        if length > u64::from(MOST_READ) && most == MOST_READ {
            self.output.err(format!("Behind {MOST_READ} bytes of a file nothing is shown here."));
        }
        Ok(())
    }

    /// As much as one line's files may print is printed.
    fn is_full(&self) -> bool {
        self.output.lines.len() > MOST || self.printed > MOST_PRINTED
    }

    fn tell(&mut self, line: String) {
        self.printed += line.len();
        self.output.out(line);
    }

    fn stop(&mut self) {
        self.output.err(format!("Behind {MOST} lines or {MOST_PRINTED} bytes of them nothing is shown here."));
    }

    fn log(&mut self, path: &str, seen: &Bytes, length: u64) {
        self.last_offset = -1;
        let mut gaps = Vec::new();
        let mut at = 0;
        while let Some(batch) = batch_at(seen, at) {
            self.batch(&batch, at);
            let records =
                if self.dump.depth == Depth::Batches { Vec::new() } else { batch.records().unwrap_or_default() };
            for record in &records {
                if self.is_full() {
                    break;
                }
                if record.offset.0 != self.last_offset + 1 {
                    gaps.push(format!("  {} is followed by {}", self.last_offset, record.offset));
                }
                self.last_offset = record.offset.0;
                self.record(&batch, record);
            }
            if self.is_full() {
                return self.stop();
            }
            at += batch.size() as usize;
        }
        if at < seen.len() && seen.len() as u64 == length && self.dump.most == u64::MAX {
            let name = path.rsplit('/').next().unwrap_or(path);
            self.output.out(format!("Found {} invalid bytes at the end of {name}", seen.len() - at));
        }
        if !gaps.is_empty() {
            self.gaps.push(format!("Non-consecutive offsets in {path}"));
            self.gaps.append(&mut gaps);
        }
    }

    /// `printBatchLevel`.
    fn batch(&mut self, batch: &Batch, position: usize) {
        let horizon = batch.delete_horizon();
        let horizon = horizon.map_or_else(|| "OptionalLong.empty".to_owned(), |at| format!("OptionalLong[{at}]"));
        let is_valid = Batch::verify(batch.bytes()) != Err(ErrorCode::CorruptMessage);
        let head = format!(
            "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} producerEpoch: {}",
            batch.base_offset(),
            batch.last_offset(),
            batch.record_count(),
            batch.base_sequence(),
            batch.last_sequence(),
            batch.producer_id(),
            batch.producer_epoch(),
        );
        let middle = format!(
            "partitionLeaderEpoch: {} isTransactional: {} isControl: {} deleteHorizonMs: {horizon} position: {position}",
            batch.leader_epoch(),
            batch.is_transactional(),
            batch.is_control(),
        );
        let tail = format!(
            "{}: {} size: {} magic: 2 compresscodec: {} crc: {} isvalid: {is_valid}",
            time_of(batch),
            batch.max_timestamp(),
            batch.size(),
            batch.compression().name(),
            batch.crc(),
        );
        self.tell(format!("{head} {middle} {tail}"));
    }

    /// `printRecordMetadata`, `printRecordContents`.
    fn record(&mut self, batch: &Batch, record: &Record) {
        let size = |bytes: &Option<Bytes>| bytes.as_ref().map_or(-1, |bytes| bytes.len() as i64);
        let mut line = String::new();
        if self.dump.metadata == Metadata::Shown {
            let headers: Vec<&str> = record.headers.iter().map(|header| &*header.key).collect();
            line = format!(
                "| offset: {} {}: {} keySize: {} valueSize: {} sequence: {} headerKeys: [{}]",
                record.offset,
                time_of(batch),
                record.timestamp,
                size(&record.key),
                size(&record.value),
                record.sequence,
                headers.join(",")
            );
            if batch.is_control() {
                line += &control(record);
            }
        }
        if self.dump.depth == Depth::Contents && !batch.is_control() {
            let start = if line.is_empty() { "| " } else { " " };
            let (key, value) = self.contents(record);
            let key = key.map(|key| format!("key: {key}"));
            let value = value.map(|value| format!("payload: {value}"));
            let parts: Vec<String> = key.into_iter().chain(value).collect();
            if !parts.is_empty() {
                line = format!("{line}{start}{}", parts.join(" "));
            }
        }
        self.tell(line);
    }

    fn contents(&self, record: &Record) -> (Option<String>, Option<String>) {
        let text = |bytes: &Option<Bytes>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        match self.dump.decoder {
            Decoder::Text => (text(&record.key), text(&record.value)),
            Decoder::Metadata => (None, Some(json::of_metadata(record))),
            Decoder::Offsets => {
                let (key, value) = json::of_group(record);
                (Some(key), value)
            }
        }
    }

    /// `dumpIndex`. The index of the file that is written to is made longer beforehand, so that its first entry is there in any case.
    fn index(&mut self, path: &str, log: &Bytes, (start, is_last): (i64, bool)) {
        let entries = entries(log);
        if entries.is_empty() && !is_last {
            self.output.out(format!("{path} is empty."));
            return;
        }
        if self.dump.index == Index::Checked {
            self.output.out(format!("{path} passed sanity check."));
            return;
        }
        let first = batch_at(log, 0).map(|batch| batch.last_offset().0).filter(|_| entries.is_empty());
        if let Some(last) = first.filter(|last| *last != start) {
            self.mismatches.push(format!("Mismatches in :{path}"));
            self.mismatches.push(format!("  Index offset: {start}, log offset: {last}"));
        }
        let shown = if entries.is_empty() { vec![(start, 0)] } else { entries };
        if self.dump.index == Index::Printed {
            for (offset, at) in shown {
                if self.is_full() {
                    return self.stop();
                }
                self.tell(format!("offset: {offset} position: {at}"));
            }
        }
    }
}

/// Is that the file that is written to?
fn is_last(found: &Found<'_>, log: &str) -> bool {
    let names = found.slot.store.list(&format!("{}/", found.folder));
    let newest = names.iter().filter(|name| name.ends_with(".log")).max();
    newest.is_some_and(|newest| newest.ends_with(log)) && found.slot.liveness.is_up()
}

/// An entry for the batch behind each four kilobytes: its last offset and where it lies (`LogSegment.append`).
fn entries(log: &Bytes) -> Vec<(i64, usize)> {
    let (mut entries, mut at, mut since) = (Vec::new(), 0, 0);
    while let Some(batch) = batch_at(log, at) {
        if since > INTERVAL {
            entries.push((batch.last_offset().0, at));
            since = 0;
        }
        since += u64::from(batch.size());
        at += batch.size() as usize;
    }
    entries
}

/// The batch whose first byte lies there, if it is whole.
fn batch_at(log: &Bytes, at: usize) -> Option<Batch> {
    let rest = log.get(at..)?;
    let length = i32::from_be_bytes(*rest.get(OFFSET_AND_LENGTH - 4..)?.first_chunk::<4>()?);
    let size = usize::try_from(length).ok()?.checked_add(OFFSET_AND_LENGTH)?;
    if size < HEADER_SIZE || size > rest.len() {
        return None;
    }
    Batch::trusted(log.slice(at..at + size)).ok()
}

fn time_of(batch: &Batch) -> &'static str {
    match batch.timestamp_type() {
        TimestampType::CreateTime => "CreateTime",
        TimestampType::LogAppendTime => "LogAppendTime",
    }
}

/// `printControlRecord`.
fn control(record: &Record) -> String {
    let kind = record.key.as_ref().and_then(|key| ControlType::from_key(key));
    let value = record.value.clone().unwrap_or_default();
    match kind {
        Some(kind @ (ControlType::Abort | ControlType::Commit)) => {
            let epoch = EndTransactionMarker::parse(&value).map_or(-1, |marker| marker.coordinator_epoch);
            format!(" endTxnMarker: {} coordinatorEpoch: {epoch}", kind.name())
        }
        Some(ControlType::LeaderChange) => match schema::control::read_leader_change(&value) {
            Ok(message) => {
                let version = message.get::<i16>("version");
                let schema = schema::control::leader_change_message();
                format!(" LeaderChange: {}", json::message(schema, version, &message))
            }
            Err(error) => format!(" LeaderChange: {error}"),
        },
        // Nobody writes those here.
        Some(
            kind @ (ControlType::SnapshotHeader
            | ControlType::SnapshotFooter
            | ControlType::KRaftVersion
            | ControlType::KRaftVoters),
        ) => format!(" controlType: {}", kind.name()),
        None => String::new(),
    }
}
