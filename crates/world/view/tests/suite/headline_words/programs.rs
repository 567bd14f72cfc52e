//! Samples of headlines about the programs around consumers.

use base::Offset;
use port::CrashAt;
use view::Headline;

use super::{Row, orders};

/// Worse than what a client is down for: what the group has done is repeated, or left out.
pub fn of_deaths() -> Vec<Row> {
    let crash = |at, again, never| Headline::Crashed { client: "billing-2".into(), at, again, never };
    let threw = |error: &str| Headline::CommitThrew { client: "billing-2".into(), error: error.into() };
    vec![
        (
            "a consumer died at a commit, as it was told to, and was not started again: told for 6 s of the reader's time, then when its group counts it no longer. Read again: before the offset that it had worked up to, from where the group goes on by its coordinator. Not worked on: behind that offset, before what it had committed. Both as the ledger saw them handed out",
            vec![
                crash(CrashAt::BeforeCommit, 10, 0),
                crash(CrashAt::BeforeCommit, 1, 0),
                crash(CrashAt::AfterCommit, 0, 10),
                crash(CrashAt::AfterCommit, 3, 2),
                crash(CrashAt::AfterCommit, 0, 0),
            ],
        ),
        (
            "`CommitThrew` within the last 4 s of the reader's time, of a consumer that runs",
            vec![
                threw("CommitFailedException"),
                threw("RebalanceInProgressException"),
                threw("RetriableCommitFailedException"),
                threw("TimeoutException"),
            ],
        ),
    ]
}

pub fn of_positions() -> Vec<Row> {
    let sought = |to: Option<i64>, again, skipped| Headline::Sought {
        client: "billing-2".into(),
        partitions: orders(0),
        to: to.map(Offset),
        again,
        skipped,
    };
    let paused = |waiting| Headline::Paused { client: "billing-2".into(), partitions: orders(1), waiting };
    vec![
        (
            "`Sought` within the last 4 s of the reader's time, of a consumer that runs, with all of the same instant; what lies behind the log's end is not skipped",
            vec![sought(Some(0), 12, 0), sought(Some(40), 0, 28), sought(None, 3, 1), sought(Some(5), 0, 0)],
        ),
        ("`ReadingResumed`, the same", vec![Headline::Resumed { client: "billing-2".into(), partitions: orders(0) }]),
        (
            "a member that runs has these paused; records between its position and the high watermark",
            vec![paused(1_204), paused(0)],
        ),
    ]
}

pub fn of_stores() -> Vec<Row> {
    let store = |twice, never| Headline::Store { store: "db".into(), twice, never };
    let fails = |more| Headline::StoreFails { store: "db".into(), client: "billing-1".into(), more };
    vec![
        (
            "a store is out of order, and a program whose row it did not take waits to write again; so many more with it",
            vec![fails(0), fails(1), fails(2)],
        ),
        (
            "`check::Done` of a store that a consumer's program writes to: records with more rows than one, and records that were handed out, are committed and have none",
            vec![store(10, 0), store(0, 1), store(3, 2)],
        ),
    ]
}
