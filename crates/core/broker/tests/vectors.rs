//! Kafka's own cases of the leader's books, run through the production type.

use base::{BrokerId, ErrorCode, LeaderEpoch, Offset, Span, Time};
use broker::partition::leader::{Assignment, LeaderConfig, LeaderState, ProposalOutcome};
use broker::partition::remote::{FollowerFetch, Registration};
use conformance::{run_vectors, same};
use port::TestSwitches;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "test")]
    _test: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    leader: i32,
    replicas: Vec<i32>,
    isr: Vec<i32>,
    leader_epoch: i32,
    leader_end_offset: i64,
    leader_epoch_start_offset: i64,
    min_insync_replicas: i32,
    high_watermark: i64,
    replica_lag_time_max_ms: Option<u64>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step {
    op: String,
    at_ms: Option<u64>,
    replica: Option<i32>,
    fetch_offset: Option<i64>,
    replica_eligible: Option<bool>,
    new_end_offset: Option<i64>,
    new_partition_epoch: Option<i32>,
    same_leader_epoch: Option<bool>,
    isr: Option<Vec<i32>>,
    state: Option<String>,
    error: Option<String>,
    acks: Option<i16>,
    count: Option<i64>,
    #[serde(default)]
    expect: Expect,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expect {
    high_watermark: Option<i64>,
    isr: Option<Vec<i32>>,
    #[serde(default, with = "present")]
    proposed_isr: Option<Option<Vec<i32>>>,
    maximal_isr: Option<Vec<i32>>,
    last_caught_up_ms: Option<BTreeMap<i32, Option<u64>>>,
    under_min_isr: Option<bool>,
    log_end_offset: Option<i64>,
    follower_end_offset: Option<i64>,
    #[serde(default, with = "present")]
    error: Option<Option<String>>,
    appended: Option<bool>,
}

/// Tells `null` from absent.
mod present {
    use serde::{Deserialize, Deserializer};

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(from).map(Some)
    }
}

/// The leader's books with the two numbers that a log would hold.
struct Replayed {
    books: LeaderState,
    log_end: Offset,
    high_watermark: Offset,
    now: Time,
    waiting: Vec<Offset>,
    error: Option<String>,
    appended: bool,
}

impl Replayed {
    fn advance_high_watermark(&mut self) {
        let candidate = self.books.high_watermark_candidate(self.log_end, self.now);
        self.high_watermark = candidate.map_or(self.high_watermark, |to| to.max(self.high_watermark));
    }

    fn append_to(&mut self, end: Offset) {
        self.log_end = end;
        self.advance_high_watermark();
    }

    fn fetch(&mut self, replica: BrokerId, offset: Offset) -> Result<(), String> {
        let fetch = FollowerFetch { offset, log_start: Offset::ZERO, broker_epoch: -1, at: self.now };
        let moved = self.books.follower_fetched(replica, fetch, self.log_end).map_err(|error| error.to_string())?;
        self.books.maybe_expand(replica, self.high_watermark);
        if moved {
            self.advance_high_watermark();
        }
        Ok(())
    }

    fn produce(&mut self, acks: i16, count: i64) {
        self.error = None;
        self.appended = false;
        if acks == -1
            && let Err(error) = self.books.check_enough_replicas()
        {
            self.error = Some(error.to_string());
            return;
        }
        self.append_to(self.log_end.plus(count));
        self.appended = true;
        match acks {
            -1 => match self.books.acks_all_outcome(self.log_end, self.high_watermark) {
                Some(outcome) => self.error = Some(outcome.to_string()),
                None => self.waiting.push(self.log_end),
            },
            _ => self.error = Some(ErrorCode::None.to_string()),
        }
    }
}

fn brokers(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().map(|&id| BrokerId(id)).collect()
}

fn numbers(ids: &[BrokerId]) -> Vec<i32> {
    let mut ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids
}

fn begin(case: &Case) -> Replayed {
    let config = LeaderConfig {
        local: BrokerId(case.leader),
        lag_time_max: Span::from_millis(case.replica_lag_time_max_ms.unwrap_or(30_000)),
        min_insync_replicas: case.min_insync_replicas,
        switches: TestSwitches::default(),
    };
    let assignment = Assignment {
        leader_epoch: LeaderEpoch(case.leader_epoch),
        partition_epoch: 1,
        replicas: brokers(&case.replicas),
        isr: brokers(&case.isr),
    };
    let start = Offset(case.leader_epoch_start_offset);
    let mut books = LeaderState::begin(config, &assignment, start, Time::ZERO);
    for &replica in &assignment.replicas {
        books.set_registration(replica, Registration::Active { broker_epoch: 9 });
    }
    let mut replayed = Replayed {
        books,
        log_end: start,
        high_watermark: Offset(case.high_watermark),
        now: Time::ZERO,
        waiting: Vec::new(),
        error: None,
        appended: false,
    };
    replayed.advance_high_watermark();
    replayed.append_to(Offset(case.leader_end_offset));
    replayed
}

fn needed<T>(field: Option<T>) -> Result<T, String> {
    field.ok_or_else(|| "a field of this step is missing".to_owned())
}

fn apply(replayed: &mut Replayed, case: &Case, step: &Step) -> Result<(), String> {
    if let Some(at) = step.at_ms {
        replayed.now = Time::ZERO + Span::from_millis(at);
    }
    match step.op.as_str() {
        "becomeLeader" => Ok(()),
        "leaderAppend" => {
            replayed.append_to(Offset(needed(step.new_end_offset)?));
            Ok(())
        }
        "followerFetch" => {
            let replica = BrokerId(needed(step.replica)?);
            if let Some(eligible) = step.replica_eligible {
                replayed.books.set_registration(replica, registration(eligible));
            }
            replayed.fetch(replica, Offset(needed(step.fetch_offset)?))
        }
        "maybeShrinkIsr" => {
            replayed.books.maybe_shrink(replayed.log_end, replayed.now);
            Ok(())
        }
        "markReplica" => {
            let eligible = match needed(step.state.as_deref())? {
                "unfenced" => true,
                "fenced" | "shuttingDown" => false,
                other => return Err(format!("unknown state {other}")),
            };
            replayed.books.set_registration(BrokerId(needed(step.replica)?), registration(eligible));
            Ok(())
        }
        "produce" => {
            replayed.produce(needed(step.acks)?, needed(step.count)?);
            Ok(())
        }
        "requestTimeout" => {
            let open = replayed.waiting.iter().any(|&end| end > replayed.high_watermark);
            replayed.error = open.then(|| ErrorCode::RequestTimedOut.to_string());
            Ok(())
        }
        _ => apply_decision(replayed, case, step),
    }
}

fn apply_decision(replayed: &mut Replayed, case: &Case, step: &Step) -> Result<(), String> {
    match step.op.as_str() {
        "alterPartitionAccepted" => {
            let proposal = needed(replayed.books.proposal())?;
            let isr: Vec<BrokerId> = proposal.to.iter().map(|(id, _)| *id).collect();
            let epoch = needed(step.new_partition_epoch)?;
            let outcome = replayed.books.proposal_accepted(LeaderEpoch(case.leader_epoch), &isr, epoch);
            same("outcome", &outcome, &ProposalOutcome::Installed)?;
            replayed.advance_high_watermark();
        }
        "alterPartitionFailed" => {
            let name = needed(step.error.as_deref())?;
            let error = ErrorCode::ALL.iter().find(|code| code.name() == name);
            replayed.books.proposal_failed(*needed(error)?);
        }
        "isrChangedTo" => {
            let newer = i32::from(!needed(step.same_leader_epoch)?);
            let assignment = Assignment {
                leader_epoch: LeaderEpoch(case.leader_epoch + newer),
                partition_epoch: needed(step.new_partition_epoch)?,
                replicas: brokers(&case.replicas),
                isr: brokers(needed(step.isr.as_deref())?),
            };
            if replayed.books.refresh(&assignment, replayed.log_end, replayed.now) {
                replayed.advance_high_watermark();
            }
        }
        other => return Err(format!("unknown step {other}")),
    }
    Ok(())
}

fn registration(eligible: bool) -> Registration {
    match eligible {
        true => Registration::Active { broker_epoch: 9 },
        false => Registration::Inactive { broker_epoch: 9 },
    }
}

fn compare(replayed: &Replayed, step: &Step) -> Result<(), String> {
    let expect = &step.expect;
    let books = &replayed.books;
    check("highWatermark", &replayed.high_watermark.0, &expect.high_watermark)?;
    check("logEndOffset", &replayed.log_end.0, &expect.log_end_offset)?;
    check("isr", &numbers(books.isr()), &expect.isr)?;
    let proposed = books.proposed().map(|proposed| numbers(&proposed.isr));
    check("proposedIsr", &proposed, &expect.proposed_isr)?;
    check("maximalIsr", &numbers(&books.maximal_isr()), &expect.maximal_isr)?;
    check("underMinIsr", &books.is_under_min_isr(), &expect.under_min_isr)?;
    check("error", &replayed.error, &expect.error)?;
    check("appended", &replayed.appended, &expect.appended)?;
    if let Some(end) = expect.follower_end_offset {
        let follower = needed(books.follower(BrokerId(needed(step.replica)?)))?;
        same("followerEndOffset", &follower.log_end.0, &end)?;
    }
    if let Some(times) = &expect.last_caught_up_ms {
        for (id, at) in times {
            let follower = needed(books.follower(BrokerId(*id)))?;
            let got = follower.last_caught_up.map(|at| at.since(Time::ZERO).as_millis());
            same(&format!("lastCaughtUpMs of {id}"), &got, at)?;
        }
    }
    Ok(())
}

fn check<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &Option<T>) -> Result<(), String> {
    expected.as_ref().map_or(Ok(()), |expected| same(what, got, expected))
}

#[test]
fn isr_and_high_watermark() {
    run_vectors("isr_and_high_watermark", |case: Case| {
        let mut replayed = begin(&case);
        for (number, step) in case.steps.iter().enumerate() {
            apply(&mut replayed, &case, step)
                .and_then(|()| compare(&replayed, step))
                .map_err(|error| format!("step {} ({}): {error}", number + 1, step.op))?;
        }
        Ok(())
    });
}
