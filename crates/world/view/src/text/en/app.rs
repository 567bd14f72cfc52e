//! English: the program around a consumer.

use base::Span;
use client::consumer::Commits;
use port::{ConsumerCall, CrashAt, OnFailedWrite, SeekTo, StoreCondition, Written};
use sim::WorldCommand;

use super::plural;
use crate::text::{AppText, short, span_of};

pub(super) const APP: AppText = AppText {
    commits: "commits",
    commit_policy: |commits| match commits {
        Commits::Auto => "by itself",
        Commits::Before => "before the work",
        Commits::After => "after the work",
        Commits::Every(_) => "after so many records",
        Commits::Never => "never",
    },
    every: |count| format!("after every {}", plural(count as usize, "record", "records")),
    work: "work per record",
    in_hand: "records in hand",
    crash: "told to crash",
    crash_at: |at| match at {
        CrashAt::BeforeCommit => "before its next commit",
        CrashAt::AfterCommit => "after its next commit",
        CrashAt::FailedWrite => "when a write fails",
    },
    paused: "paused",
    reads: |position, committed, more| {
        let more = more.map(|(end, ahead, lag)| format!(", end {end}; records-lag {ahead}, LAG {lag}"));
        format!("{position}, committed {committed}{}", more.unwrap_or_default())
    },
    call: |call| match call {
        ConsumerCall::Seek { to: SeekTo::Begin, .. } => "Seek to the beginning".to_owned(),
        ConsumerCall::Seek { to: SeekTo::End, .. } => "Seek to the end".to_owned(),
        ConsumerCall::Seek { to: SeekTo::Offset(_) | SeekTo::Time(_), .. } => "Seek".to_owned(),
        ConsumerCall::Pause(_) => "Pause its partitions".to_owned(),
        ConsumerCall::Resume(_) => "Resume its partitions".to_owned(),
        ConsumerCall::Commit { .. } => "Commit".to_owned(),
        ConsumerCall::Work(work) => format!("Work {} per record", span_of(work.0)),
        ConsumerCall::Crash(CrashAt::BeforeCommit) => "Crash before its next commit".to_owned(),
        ConsumerCall::Crash(CrashAt::AfterCommit) => "Crash after its next commit".to_owned(),
        ConsumerCall::Crash(CrashAt::FailedWrite) => "Crash when a write fails".to_owned(),
    },
    store: |name| format!("Store {name}, outside Kafka"),
    store_rows: |rows| format!("{} {}", short(rows), if rows == 1 { "row" } else { "rows" }),
    store_told: |twice, never| match (twice, never) {
        (0, 0) => "none twice or never".to_owned(),
        (twice, 0) => format!("{} twice, none never", short(twice)),
        (0, never) => format!("none twice, {} never", short(never)),
        (twice, never) => format!("{} twice, {} never", short(twice), short(never)),
    },
    outside: "outside Kafka",
    store_stands,
    store_act,
    on_error: "when a write fails",
    on_error_does: |then| match then {
        OnFailedWrite::Die => "it ends",
        OnFailedWrite::Retry => "writes again every 500 ms",
        OnFailedWrite::Skip => "goes on with the next record",
    },
    failed_writes: "writes that failed",
    stands: "now",
    rows: "rows",
    twice: "records done twice",
    never: "records never done",
    same: "writes that changed nothing",
    written: |how| match how {
        Written::New => "new",
        Written::Again => "once more",
        Written::Same => "was there",
        Written::Refused => "full",
    },
};

fn store_stands(stands: StoreCondition, waiting: usize) -> String {
    let wait = match waiting {
        0 => String::new(),
        1 => ", 1 program waits".to_owned(),
        more => format!(", {more} programs wait"),
    };
    match stands {
        StoreCondition { is_down: true, .. } => format!("out of order{wait}"),
        StoreCondition { time: Span::ZERO, .. } => String::new(),
        StoreCondition { time, .. } => format!("{} a row{wait}", span_of(time.0)),
    }
}

fn store_act(act: &WorldCommand) -> String {
    match act {
        WorldCommand::FailStore { .. } => "Put the store out of order".to_owned(),
        WorldCommand::HealStore { .. } => "Put the store in order".to_owned(),
        WorldCommand::SlowStore { time: 0, .. } => "Let the store take rows at once".to_owned(),
        WorldCommand::SlowStore { time, .. } => format!("Let the store take {} a row", span_of(*time)),
        _of_no_store => String::new(),
    }
}
