//! Kafka's own cases of leader epochs, divergence and truncation, through the types
//! that the brokers use.

use crate::world;

use base::{ErrorCode, LeaderEpoch, Offset, Timestamp};
use conformance::{run_vectors, same};
use log::{EpochEndOffset, LeaderEpochCache, Log, diverging_epoch, truncation_step};
use port::MemoryStore;
use serde::{Deserialize, de::Error};
use world::{Disk, data};

type Entry = (i32, i64);

fn entries(cache: &LeaderEpochCache) -> Vec<Entry> {
    cache.entries().iter().map(|entry| (entry.epoch.0, entry.start.0)).collect()
}

fn cache_of(entries: &[Entry]) -> LeaderEpochCache {
    let mut cache = LeaderEpochCache::default();
    for &(epoch, start) in entries {
        cache.assign(LeaderEpoch(epoch), Offset(start));
    }
    cache
}

fn pair(found: Option<EpochEndOffset>) -> Entry {
    found.map_or((-1, -1), |found| (found.epoch.0, found.end.0))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct CacheCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    steps: Vec<CacheStep>,
    latest_epoch: Option<i32>,
}

/// `entriesAfter` stands beside the fields of each operation, which deny what they do not know.
struct CacheStep {
    op: CacheOp,
    entries_after: Vec<Entry>,
}

impl<'de> Deserialize<'de> for CacheStep {
    fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<CacheStep, D::Error> {
        let mut step = serde_json::Map::deserialize(source)?;
        let entries = step.remove("entriesAfter").ok_or_else(|| Error::missing_field("entriesAfter"))?;
        let entries_after = serde_json::from_value(entries).map_err(Error::custom)?;
        let op = serde_json::from_value(step.into()).map_err(Error::custom)?;
        Ok(CacheStep { op, entries_after })
    }
}

#[derive(Deserialize)]
#[serde(tag = "op", deny_unknown_fields, rename_all = "camelCase", rename_all_fields = "camelCase")]
enum CacheOp {
    Assign { epoch: i32, start_offset: i64 },
    TruncateFromEnd { end_offset: i64 },
    TruncateFromStart { start_offset: i64 },
    Clear {},
    EndOffsetFor { epoch: i32, log_end_offset: i64, expect: Entry },
    PreviousEpoch { epoch: i32, expect: Option<i32> },
    NextEpoch { epoch: i32, expect: Option<i32> },
    EpochForOffset { offset: i64, expect: Option<i32> },
}

#[test]
fn leader_epoch_cache() {
    run_vectors("leader_epoch_cache", |case: CacheCase| {
        let mut cache = LeaderEpochCache::default();
        for (at, step) in case.steps.iter().enumerate() {
            let number = |epoch: Option<LeaderEpoch>| epoch.map(|epoch| epoch.0);
            match &step.op {
                CacheOp::Assign { epoch, start_offset } => cache.assign(LeaderEpoch(*epoch), Offset(*start_offset)),
                CacheOp::TruncateFromEnd { end_offset } => cache.truncate_from_end(Offset(*end_offset)),
                CacheOp::TruncateFromStart { start_offset } => cache.truncate_from_start(Offset(*start_offset)),
                CacheOp::Clear {} => cache.clear(),
                CacheOp::EndOffsetFor { epoch, log_end_offset, expect } => {
                    let found = cache.end_offset_for(LeaderEpoch(*epoch), Offset(*log_end_offset));
                    same("end offset", &pair(found), expect)?;
                }
                CacheOp::PreviousEpoch { epoch, expect } => {
                    same("previous", &number(cache.previous_epoch(LeaderEpoch(*epoch))), expect)?
                }
                CacheOp::NextEpoch { epoch, expect } => {
                    same("next", &number(cache.next_epoch(LeaderEpoch(*epoch))), expect)?
                }
                CacheOp::EpochForOffset { offset, expect } => {
                    same("epoch for offset", &number(cache.epoch_for_offset(Offset(*offset))), expect)?
                }
            }
            same(&format!("entries after step {at}"), &entries(&cache), &step.entries_after)?;
        }
        same("latest", &cache.latest_epoch().map(|epoch| epoch.0), &case.latest_epoch)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DivergenceCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    leader_epochs: Vec<Entry>,
    log_start_offset: i64,
    log_end_offset: i64,
    last_fetched_epoch: i32,
    fetch_offset: i64,
    expected: Option<ExpectedDivergence>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ExpectedDivergence {
    Word(String),
    #[serde(rename_all = "camelCase")]
    Diverging {
        diverging_epoch: i32,
        end_offset: i64,
    },
}

#[test]
fn fetch_divergence() {
    run_vectors("fetch_divergence", |case: DivergenceCase| {
        let cache = cache_of(&case.leader_epochs);
        let (log_start, log_end) = (Offset(case.log_start_offset), Offset(case.log_end_offset));
        let epoch = LeaderEpoch(case.last_fetched_epoch);
        let got = diverging_epoch(&cache, log_start, log_end, epoch, Offset(case.fetch_offset));
        let expected = match case.expected {
            None => Ok(None),
            Some(ExpectedDivergence::Word(word)) if word == "NO_DIVERGENCE" => Ok(None),
            Some(ExpectedDivergence::Word(word)) if word == "OFFSET_OUT_OF_RANGE" => Err(ErrorCode::OffsetOutOfRange),
            Some(ExpectedDivergence::Word(word)) => return Err(format!("unknown outcome {word}")),
            Some(ExpectedDivergence::Diverging { diverging_epoch, end_offset }) => {
                Ok(Some((diverging_epoch, end_offset)))
            }
        };
        let got = got.map(|found| found.map(|found| (found.epoch.0, found.end.0)));
        same("answer", &got.map_err(ErrorCode::from), &expected)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct StepCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    follower_log_end_offset: Option<i64>,
    leader_reply: Entry,
    follower_end_offset_for_that_epoch: Option<Entry>,
    initial_fetch_offset: Option<i64>,
    truncate_to: i64,
    truncation_complete: bool,
}

#[test]
fn follower_truncation_step() {
    run_vectors("follower_truncation_step", |case: StepCase| {
        let end_offset = |(epoch, end): Entry| EpochEndOffset { epoch: LeaderEpoch(epoch), end: Offset(end) };
        // Where one of the two is not given it plays no part.
        let log_end = Offset(case.follower_log_end_offset.unwrap_or(i64::MAX));
        let initial = Offset(case.initial_fetch_offset.unwrap_or(-1));
        let own = case.follower_end_offset_for_that_epoch.map(end_offset);
        let step = truncation_step(end_offset(case.leader_reply), own, log_end, initial);
        same("truncate to", &step.offset.0, &case.truncate_to)?;
        same("complete", &step.is_complete, &case.truncation_complete)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TruncationCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "sourceTest")]
    _source_test: String,
    leader_epochs: Vec<Entry>,
    leader_end_offset: i64,
    leader_log_start_offset: i64,
    follower_epochs: Vec<Entry>,
    follower_end_offset: i64,
    follower_high_watermark: i64,
    steps: Vec<DialogueStep>,
    final_follower_end_offset: i64,
    final_follower_epochs: Vec<Entry>,
    outcome: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DialogueStep {
    fetch_offset: i64,
    last_fetched_epoch: i32,
    response: Option<String>,
    diverging_epoch: Option<i32>,
    diverging_end_offset: Option<i64>,
    truncate_to: Option<i64>,
    truncation_complete: Option<bool>,
    follower_epochs_after: Option<Vec<Entry>>,
}

/// A log whose records have just these epochs; records before the first one have none.
fn log_with(disk: &mut Disk, start: i64, end: i64, epochs: &[Entry]) -> Result<Log, String> {
    let mut log = disk.open();
    log.truncate_fully_and_start_at(&mut disk.store, Offset(start), None).map_err(|error| error.to_string())?;
    let of = |offset: i64| epochs.iter().rev().find(|entry| entry.1 <= offset).map_or(-1, |entry| entry.0);
    for offset in start..end {
        let batch = data(offset, of(offset), 1);
        let appended = log.append_as_follower(&mut disk.store, &batch, LeaderEpoch(i32::MAX), Timestamp(0));
        appended.map_err(|error| error.to_string())?;
    }
    // A leader that has written nothing yet has noted its epoch all the same.
    for &(epoch, _) in epochs.iter().filter(|entry| entry.1 >= end) {
        log.assign_epoch(LeaderEpoch(epoch));
    }
    same("epochs of the prepared log", &entries(log.epochs()), &epochs.to_vec())?;
    Ok(log)
}

#[test]
fn log_truncation() {
    run_vectors("log_truncation", |case: TruncationCase| {
        let (mut leader_disk, mut disk) = (Disk::default(), Disk::default());
        let leader =
            log_with(&mut leader_disk, case.leader_log_start_offset, case.leader_end_offset, &case.leader_epochs)?;
        let mut follower = log_with(&mut disk, 0, case.follower_end_offset, &case.follower_epochs)?;
        follower.update_high_watermark(Offset(case.follower_high_watermark));
        let mut outcome = "IN_SYNC_PREFIX";
        for expected in &case.steps {
            same("fetch offset", &follower.log_end().0, &expected.fetch_offset)?;
            same("last fetched epoch", &follower.latest_epoch().0, &expected.last_fetched_epoch)?;
            outcome = dialogue_step(&leader, &mut follower, &mut disk.store, expected)?;
        }
        same("outcome", &outcome, &case.outcome.as_str())?;
        same("end", &follower.log_end().0, &case.final_follower_end_offset)?;
        same("epochs", &entries(follower.epochs()), &case.final_follower_epochs)
    });
}

/// One fetch, its answer, and what the follower makes of it.
fn dialogue_step(
    leader: &Log,
    follower: &mut Log,
    store: &mut MemoryStore,
    expected: &DialogueStep,
) -> Result<&'static str, String> {
    let Some(response) = &expected.response else {
        // Without epochs a follower cuts to its high watermark before it fetches.
        same("no epochs", &follower.latest_epoch(), &LeaderEpoch::UNDEFINED)?;
        same("truncate to", &Some(follower.high_watermark().0), &expected.truncate_to)?;
        let to = follower.high_watermark();
        follower.truncate_to(store, to).map_err(|error| error.to_string())?;
        return Ok("NO_EPOCH_TRUNCATE_TO_HW");
    };
    let answer = leader.diverging_epoch(follower.latest_epoch(), follower.log_end()).map_err(ErrorCode::from);
    let word = match &answer {
        Ok(None) => "OK",
        Ok(Some(_)) => "DIVERGING",
        Err(error) => error.name(),
    };
    same("response", &word, &response.as_str())?;
    let diverging = match answer {
        Ok(Some(diverging)) => diverging,
        Ok(None) => return Ok("IN_SYNC_PREFIX"),
        Err(_) => return Ok("OFFSET_OUT_OF_RANGE"),
    };
    let word = (Some(diverging.epoch.0), Some(diverging.end.0));
    same("diverging", &word, &(expected.diverging_epoch, expected.diverging_end_offset))?;
    let step = follower.truncation_step(diverging);
    same("truncate to", &Some(step.offset.0), &expected.truncate_to)?;
    same("complete", &Some(step.is_complete), &expected.truncation_complete)?;
    follower.truncate_to(store, step.offset).map_err(|error| error.to_string())?;
    same("epochs after", &Some(entries(follower.epochs())), &expected.follower_epochs_after)?;
    Ok("IN_SYNC_PREFIX")
}
