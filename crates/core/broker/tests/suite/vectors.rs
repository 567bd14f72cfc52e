//! Kafka's own cases of a partition's leader, run through [`Partition`] with a log on a disk, and through the purgatory of its
//! produces. Nothing of Kafka's rules is said here again.

use api::{Acks, AlterPartitionResult, LeaderRecoveryState};
use base::{
    BrokerId, ErrorCode, LeaderEpoch, Offset, Rng, Span, Time, Timestamp, TopicId, TopicIdPartition, TopicPartition,
};
use broker::partition::Change;
use broker::partition::leader_books::{Assignment, LeaderConfig, LeaderState, ProposalOutcome};
use broker::partition::remote::{FollowerFetch, Registration};
use broker::{DelayedPart, DelayedProduce, Partition, ProducePurgatory};
use conformance::{run_vectors, same};
use log::{AppendInfo, AppendOrigin, Log, LogConfig, LogSetup, Shutdown};
use port::{Cx, MemoryStore, Outbox, ReplyTo, TestSwitches};
use records::{BatchBuilder, NewRecord};
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
    /// Does an acks=all produce wait, and how many?
    pending: Option<bool>,
    waiting: Option<u32>,
}

/// Tells `null` from absent.
mod present {
    use serde::{Deserialize, Deserializer};

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(from).map(Some)
    }
}

/// A replica that leads, its disk, and the produces that wait for it.
struct Replayed {
    partition: Partition,
    store: MemoryStore,
    rng: Rng,
    outbox: Outbox,
    produces: ProducePurgatory,
    now: Time,
    error: Option<String>,
    appended: bool,
}

impl Replayed {
    fn act<T>(&mut self, act: impl FnOnce(&mut Partition, &mut Cx<'_>) -> T) -> T {
        let (store, rng, outbox) = (&mut self.store, &mut self.rng, &mut self.outbox);
        let wall = Timestamp(self.now.since(Time::ZERO).as_millis() as i64);
        act(&mut self.partition, &mut Cx { now: self.now, wall, rng, store, outbox })
    }

    /// As a broker does after whatever may have woken a produce.
    fn look_again(&mut self, change: &Change) {
        let at = self.partition.id();
        for number in if change.moved { self.produces.waiting_for(at) } else { Vec::new() } {
            self.produces.settle(number, at, |required| self.partition.acks_all_outcome(required));
        }
    }

    /// The cases hand the books positions that lie anywhere; a real follower's fetch stands at the start of a batch. So each
    /// record is a batch of its own. What the last one says is the whole append's.
    fn append(&mut self, count: i64, origin: AppendOrigin, acks: Acks) -> Result<AppendInfo, ErrorCode> {
        let mut last = Err(ErrorCode::InvalidRecord);
        for _ in 0..count {
            let record = NewRecord { timestamp: Timestamp(1), ..NewRecord::default() };
            let batch = BatchBuilder::new().record(&record).build();
            let (info, change) = self.act(|partition, cx| partition.append_as_leader(cx, &batch, origin, acks))?;
            self.look_again(&change);
            last = Ok(info);
        }
        last
    }

    fn append_to(&mut self, end: Offset) -> Result<(), String> {
        let count = end.0 - self.partition.log_end().0;
        match self.append(count, AppendOrigin::Coordinator, Acks::LEADER) {
            Err(error) if count > 0 => Err(error.to_string()),
            Ok(_) | Err(_) => same("log end", &self.partition.log_end(), &end),
        }
    }

    fn fetch(&mut self, replica: BrokerId, offset: Offset) -> Result<(), String> {
        let fetch = FollowerFetch { offset, log_start: Offset::ZERO, broker_epoch: -1, at: self.now };
        let fetched = self.act(|partition, cx| partition.follower_fetched(cx, replica, fetch));
        self.look_again(&fetched.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// What is answered at once; `None` while the produce waits.
    fn produce(&mut self, acks: i16, count: i64) {
        let appended = self.append(count, AppendOrigin::Client, Acks(acks));
        self.appended = appended.is_ok();
        let part = match appended {
            Err(error) => return self.error = Some(error.to_string()),
            Ok(info) => DelayedPart::of_append(&self.partition, &info, Acks(acks)),
        };
        self.error = part.required.is_none().then(|| part.response.error.to_string());
        if self.error.is_none() {
            let reply = ReplyTo::new(base::ConnectionId(0), 0);
            self.produces.park(DelayedProduce { reply, parts: vec![part] });
        }
    }

    /// The time of all that wait is up.
    fn time_out(&mut self) {
        let waiting: Vec<u64> = self.produces.produces().map(|(number, _)| number).collect();
        let late = waiting.into_iter().filter_map(|number| self.produces.time_out(number));
        self.error = late.last().map(|late| late.parts[0].response.error.to_string());
    }

    fn leader(&self) -> &LeaderState {
        self.partition.leader().expect("it leads")
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

/// Records of earlier leaders up to where this one begins, and what it has written itself.
fn begin(case: &Case) -> Result<Replayed, String> {
    let mut store = MemoryStore::new();
    let setup = LogSetup {
        directory: "t-0".into(),
        config: LogConfig::default(),
        log_start: Offset::ZERO,
        high_watermark: Offset::ZERO,
        shutdown: Shutdown::Clean,
        wall: Timestamp(0),
    };
    let log = Log::open(&mut store, setup).map_err(|error| format!("{error:?}"))?;
    let id = TopicIdPartition { topic: TopicId(1), partition: 0 };
    let partition = Partition::new(id, TopicPartition::new("t", 0), log, TestSwitches::default());
    let mut replayed = Replayed {
        partition,
        store,
        rng: Rng::new(1, 1),
        outbox: Outbox::default(),
        produces: ProducePurgatory::default(),
        now: Time::ZERO,
        error: None,
        appended: false,
    };
    follow(&mut replayed, case)?;
    lead(&mut replayed, case);
    replayed.append_to(Offset(case.leader_end_offset))?;
    Ok(replayed)
}

fn assignment(case: &Case, leader_epoch: i32) -> Assignment {
    Assignment {
        leader_epoch: LeaderEpoch(leader_epoch),
        partition_epoch: 1,
        replicas: brokers(&case.replicas),
        isr: brokers(&case.isr),
    }
}

fn follow(replayed: &mut Replayed, case: &Case) -> Result<(), String> {
    let before = assignment(case, case.leader_epoch - 1);
    let before = Assignment { partition_epoch: 0, ..before };
    replayed.act(|partition, cx| partition.become_follower(cx, &before, None));
    for offset in 0..case.leader_epoch_start_offset {
        let record = NewRecord { timestamp: Timestamp(1), ..NewRecord::default() };
        let batch = BatchBuilder::new().at(Offset(offset), before.leader_epoch).record(&record).build();
        let appended = replayed.act(|partition, cx| partition.append_replicated(cx, &[batch]));
        appended.map_err(|error| error.to_string())?;
    }
    let leaders = Offset(case.high_watermark);
    replayed.act(|partition, cx| partition.follow_leader_offsets(cx, leaders, Offset::ZERO));
    Ok(())
}

fn config(case: &Case) -> LeaderConfig {
    LeaderConfig {
        local: BrokerId(case.leader),
        lag_time_max: Span::from_millis(case.replica_lag_time_max_ms.unwrap_or(30_000)),
        min_insync_replicas: case.min_insync_replicas,
        switches: TestSwitches::default(),
    }
}

fn lead(replayed: &mut Replayed, case: &Case) {
    let config = config(case);
    let assignment = assignment(case, case.leader_epoch);
    replayed.act(|partition, cx| partition.become_leader(cx, config, &assignment, None));
    for replica in assignment.replicas {
        replayed.partition.set_registration(replica, Registration::Active { broker_epoch: 9 });
    }
    replayed.act(|partition, cx| partition.advance_high_watermark(cx));
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
        "leaderAppend" => replayed.append_to(Offset(needed(step.new_end_offset)?)),
        "followerFetch" => {
            let replica = BrokerId(needed(step.replica)?);
            if let Some(eligible) = step.replica_eligible {
                replayed.partition.set_registration(replica, registration(eligible));
            }
            replayed.fetch(replica, Offset(needed(step.fetch_offset)?))
        }
        "maybeShrinkIsr" => {
            let change = replayed.act(Partition::maybe_shrink_isr);
            replayed.look_again(&change);
            Ok(())
        }
        "markReplica" => {
            let eligible = match needed(step.state.as_deref())? {
                "unfenced" => true,
                "fenced" | "shuttingDown" => false,
                other => return Err(format!("unknown state {other}")),
            };
            replayed.partition.set_registration(BrokerId(needed(step.replica)?), registration(eligible));
            Ok(())
        }
        "produce" => {
            replayed.produce(needed(step.acks)?, step.count.unwrap_or(1));
            Ok(())
        }
        "requestTimeout" => {
            replayed.time_out();
            Ok(())
        }
        _ => apply_decision(replayed, case, step),
    }
}

fn apply_decision(replayed: &mut Replayed, case: &Case, step: &Step) -> Result<(), String> {
    match step.op.as_str() {
        "alterPartitionAccepted" => {
            let proposal = needed(replayed.leader().proposal())?;
            let result = AlterPartitionResult {
                topic: replayed.partition.id().topic,
                partition: replayed.partition.id().partition,
                error: ErrorCode::None,
                leader: BrokerId(case.leader),
                leader_epoch: LeaderEpoch(case.leader_epoch),
                isr: proposal.to.iter().map(|(id, _)| *id).collect(),
                leader_recovery_state: LeaderRecoveryState::Recovered,
                partition_epoch: needed(step.new_partition_epoch)?,
            };
            let (outcome, change) = replayed.act(|partition, cx| partition.on_alter_partition(cx, &result));
            same("outcome", &outcome, &ProposalOutcome::Installed)?;
            replayed.look_again(&change);
        }
        "alterPartitionFailed" => {
            let name = needed(step.error.as_deref())?;
            let error = ErrorCode::ALL.iter().find(|code| code.name() == name);
            replayed.partition.on_alter_partition_failed(*needed(error)?);
        }
        "isrChangedTo" => {
            let newer = i32::from(!needed(step.same_leader_epoch)?);
            let assignment = Assignment {
                leader_epoch: LeaderEpoch(case.leader_epoch + newer),
                partition_epoch: needed(step.new_partition_epoch)?,
                replicas: brokers(&case.replicas),
                isr: brokers(needed(step.isr.as_deref())?),
            };
            let config = config(case);
            let change = replayed.act(|partition, cx| partition.become_leader(cx, config, &assignment, None));
            replayed.act(|partition, cx| partition.advance_high_watermark(cx));
            replayed.look_again(&change);
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
    let books = replayed.leader();
    check("highWatermark", &replayed.partition.high_watermark().0, &expect.high_watermark)?;
    check("logEndOffset", &replayed.partition.log_end().0, &expect.log_end_offset)?;
    check("waiting", &replayed.produces.parked(), &expect.waiting)?;
    check("pending", &(replayed.produces.parked() > 0), &expect.pending)?;
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
        let mut replayed = begin(&case)?;
        for (number, step) in case.steps.iter().enumerate() {
            apply(&mut replayed, &case, step)
                .and_then(|()| compare(&replayed, step))
                .map_err(|error| format!("step {} ({}): {error}", number + 1, step.op))?;
        }
        Ok(())
    });
}
