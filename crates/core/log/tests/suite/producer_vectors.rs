//! Kafka's own cases of idempotent and transactional appends, through the log that the brokers use.

use crate::world;

use base::{ErrorCode, LeaderEpoch, Offset, ProducerId, Timestamp};
use conformance::{run_vectors, same};
use log::{AppendInfo, AppendOptions, AppendOrigin, AppendOutcome, Log, Verification};
use records::{BatchBuilder, ControlType, EndTransactionMarker};
use serde::Deserialize;
use world::{Disk, record};

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
