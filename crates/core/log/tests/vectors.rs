//! Kafka's own cases of leader epochs, divergence, truncation and idempotence, through the types
//! that the brokers use.

mod world;

use base::{ErrorCode, LeaderEpoch, Offset, ProducerId, Timestamp};
use conformance::{run_vectors, same};
use log::{
    AppendInfo, AppendOptions, AppendOrigin, AppendOutcome, EpochEndOffset, LeaderEpochCache, Log, Verification,
};
use log::{diverging_epoch, truncation_step};
use port::MemoryStore;
use records::{BatchBuilder, ControlType, EndTransactionMarker};
use serde::{Deserialize, de::Error};
use world::{Disk, data, record};

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
        same("answer", &got.map(|found| found.map(|found| (found.epoch.0, found.end.0))), &expected)
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
    let answer = leader.diverging_epoch(follower.latest_epoch(), follower.log_end());
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProducerCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "sourceTest")]
    _source_test: String,
    steps: Vec<ProducerStep>,
}

#[derive(Deserialize)]
#[serde(tag = "op", deny_unknown_fields, rename_all = "camelCase", rename_all_fields = "camelCase")]
enum ProducerStep {
    Append {
        origin: String,
        producer_id: i64,
        producer_epoch: i16,
        base_sequence: i32,
        record_count: u32,
        transactional: bool,
        base_offset: i64,
        transactions_v2: Option<bool>,
        expect: ProducerExpect,
    },
    EndTxnMarker {
        origin: String,
        producer_id: i64,
        producer_epoch: i16,
        #[serde(rename = "type")]
        kind: String,
        coordinator_epoch: i32,
        transaction_version: Option<i16>,
        base_offset: i64,
        expect: ProducerExpect,
    },
    AdvanceTimeAndExpire {
        millis: i64,
        producer_id: Option<i64>,
        expect: ProducerExpect,
    },
    TruncateFullyAndStartAt {
        offset: i64,
        producer_id: Option<i64>,
        expect: ProducerExpect,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProducerExpect {
    result: Option<String>,
    error_code: Option<i16>,
    first_offset: Option<i64>,
    last_offset: Option<i64>,
    /// Absent (after a duplicate) is not the same as null: then nothing may have changed.
    #[serde(default, deserialize_with = "present")]
    state: Option<Option<ExpectedState>>,
    log_end_offset: Option<i64>,
    last_stable_offset: Option<i64>,
    completed_txn: Option<ExpectedTxn>,
}

fn present<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<Option<ExpectedState>>, D::Error> {
    Option::deserialize(source).map(Some)
}

#[derive(Clone, Copy, Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedState {
    epoch: i16,
    first_seq: i32,
    last_seq: i32,
    first_data_offset: i64,
    last_data_offset: i64,
    current_txn_first_offset: Option<i64>,
    coordinator_epoch: i32,
    cached_batches: u32,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectedTxn {
    first_offset: i64,
    last_offset: i64,
    aborted: bool,
    last_stable_offset_for_index: i64,
}

/// A producer's state, the log end and the last stable offset.
type Observed = (Option<ExpectedState>, i64, i64);

/// One partition under test, with its clock and the producer that was spoken of last.
struct Partition {
    disk: Disk,
    log: Log,
    wall: Timestamp,
    last_producer: ProducerId,
}

#[test]
fn idempotent_producer() {
    run_vectors("idempotent_producer", |case: ProducerCase| {
        let mut disk = Disk::default();
        let mut log = disk.open();
        if let Some(ProducerStep::Append { base_offset, .. } | ProducerStep::EndTxnMarker { base_offset, .. }) =
            case.steps.first()
        {
            log.truncate_fully_and_start_at(&mut disk.store, Offset(*base_offset), None).expect("memory does not fail");
        }
        let mut partition = Partition { disk, log, wall: Timestamp(1_000_000), last_producer: ProducerId::NONE };
        for (at, step) in case.steps.iter().enumerate() {
            partition.step(step).map_err(|error| format!("step {at}: {error}"))?;
        }
        Ok(())
    });
}

impl Partition {
    fn step(&mut self, step: &ProducerStep) -> Result<(), String> {
        if let ProducerStep::Append { producer_id, .. } | ProducerStep::EndTxnMarker { producer_id, .. } = step {
            self.last_producer = ProducerId(*producer_id);
        }
        let before = (self.state(), self.log.log_end().0, self.log.last_stable_offset().0);
        let (answer, expect) = match step {
            ProducerStep::Append { expect, .. } => (Some(self.append(step)?), expect),
            ProducerStep::EndTxnMarker { expect, .. } => (Some(self.marker(step)?), expect),
            ProducerStep::AdvanceTimeAndExpire { millis, producer_id, expect } => {
                self.wall.0 += millis;
                self.last_producer = producer_id.map_or(self.last_producer, ProducerId);
                let expiration = self.log.config().producer_id_expiration_ms;
                self.log.producers_mut().expire(self.wall, expiration);
                (None, expect)
            }
            ProducerStep::TruncateFullyAndStartAt { offset, producer_id, expect } => {
                self.last_producer = producer_id.map_or(self.last_producer, ProducerId);
                let store = &mut self.disk.store;
                self.log
                    .truncate_fully_and_start_at(store, Offset(*offset), None)
                    .map_err(|error| error.to_string())?;
                (None, expect)
            }
        };
        self.log.raise_high_watermark(self.log.log_end());
        self.compare(answer, expect, before)
    }

    fn options(&self, origin: &str) -> Result<AppendOptions, String> {
        let origin = match origin {
            "CLIENT" => AppendOrigin::Client,
            "COORDINATOR" => AppendOrigin::Coordinator,
            "REPLICATION" => AppendOrigin::Replication,
            other => return Err(format!("unknown origin {other}")),
        };
        Ok(AppendOptions::new(origin, self.wall))
    }

    fn append(&mut self, step: &ProducerStep) -> Result<Result<AppendInfo, ErrorCode>, String> {
        let ProducerStep::Append {
            origin,
            producer_id,
            producer_epoch,
            base_sequence,
            record_count,
            transactional,
            base_offset,
            transactions_v2,
            ..
        } = step
        else {
            return Err("no append".into());
        };
        let producer = ProducerId(*producer_id);
        let options = self.options(origin)?;
        if let &Some(supports_epoch_bump) = transactions_v2 {
            let verification = Verification { lowest_sequence: *base_sequence, supports_epoch_bump };
            self.log.producers_mut().begin_verification(producer, verification);
        }
        let mut builder = BatchBuilder::new().producer(producer, *producer_epoch, *base_sequence);
        if options.origin == AppendOrigin::Replication {
            builder = builder.at(Offset(*base_offset), LeaderEpoch(0));
        }
        if *transactional {
            builder = builder.transactional();
        }
        for _ in 0..*record_count {
            builder.append(&record(self.wall));
        }
        self.send(*base_offset, &builder.build(), options)
    }

    fn marker(&mut self, step: &ProducerStep) -> Result<Result<AppendInfo, ErrorCode>, String> {
        let ProducerStep::EndTxnMarker {
            origin,
            producer_id,
            producer_epoch,
            kind,
            coordinator_epoch,
            transaction_version,
            base_offset,
            ..
        } = step
        else {
            return Err("no marker".into());
        };
        let producer = ProducerId(*producer_id);
        let transaction_version = transaction_version.unwrap_or(0);
        let options = AppendOptions { transaction_version, ..self.options(origin)? };
        let kind = [ControlType::Abort, ControlType::Commit].into_iter().find(|known| known.name() == kind);
        let kind = kind.ok_or("unknown marker")?;
        let value = EndTransactionMarker { coordinator_epoch: *coordinator_epoch }.to_bytes();
        let builder = BatchBuilder::new().producer(producer, *producer_epoch, -1).transactional();
        let batch = builder.control(kind, value, self.wall).build();
        self.send(*base_offset, &batch, options)
    }

    fn send(
        &mut self,
        base_offset: i64,
        batch: &records::Batch,
        options: AppendOptions,
    ) -> Result<Result<AppendInfo, ErrorCode>, String> {
        same("base offset", &self.log.log_end().0, &base_offset)?;
        let store = &mut self.disk.store;
        Ok(match options.origin {
            AppendOrigin::Replication => {
                let batch = batch.assign(Offset(base_offset), LeaderEpoch(0));
                self.log.append_as_follower(store, &batch, LeaderEpoch(0), self.wall)
            }
            AppendOrigin::Client | AppendOrigin::Coordinator | AppendOrigin::RaftLeader => {
                self.log.append_as_leader(store, batch, LeaderEpoch(0), options)
            }
        })
    }

    fn compare(
        &self,
        answer: Option<Result<AppendInfo, ErrorCode>>,
        expect: &ProducerExpect,
        before: Observed,
    ) -> Result<(), String> {
        if let Some(answer) = answer {
            let (word, code) = match &answer {
                Ok(AppendInfo { outcome: AppendOutcome::Appended, .. }) => ("ACCEPT", None),
                Ok(AppendInfo { outcome: AppendOutcome::Duplicate, .. }) => ("DUPLICATE", None),
                Ok(AppendInfo { outcome: AppendOutcome::Ignored, .. }) => ("IGNORED", None),
                Err(error) => (error.name(), Some(error.code())),
            };
            same("result", &Some(word), &expect.result.as_deref())?;
            same("error code", &code.filter(|_| expect.error_code.is_some()), &expect.error_code)?;
            let info = answer.ok();
            same("first offset", &info.map(|info| info.first_offset.0), &expect.first_offset)?;
            same("last offset", &info.map(|info| info.last_offset.0), &expect.last_offset)?;
            let completed = info.and_then(|info| info.completed).map(|ended| ExpectedTxn {
                first_offset: ended.first_offset.0,
                last_offset: ended.last_offset.0,
                aborted: ended.is_aborted,
                last_stable_offset_for_index: self.log.producers().last_stable_offset_after(&ended).0,
            });
            same("completed transaction", &completed, &expect.completed_txn)?;
        }
        let now = (self.state(), self.log.log_end().0, self.log.last_stable_offset().0);
        let expected = (
            expect.state.unwrap_or(before.0),
            expect.log_end_offset.unwrap_or(before.1),
            expect.last_stable_offset.unwrap_or(before.2),
        );
        same("state, log end, last stable offset", &now, &expected)
    }

    fn state(&self) -> Option<ExpectedState> {
        self.log.producers().entry(self.last_producer).map(|entry| ExpectedState {
            epoch: entry.epoch,
            first_seq: entry.first_sequence(),
            last_seq: entry.last_sequence(),
            first_data_offset: entry.first_data_offset().0,
            last_data_offset: entry.last_data_offset().0,
            current_txn_first_offset: entry.transaction_start.map(|start| start.0),
            coordinator_epoch: entry.coordinator_epoch,
            cached_batches: entry.batches.len() as u32,
        })
    }
}
