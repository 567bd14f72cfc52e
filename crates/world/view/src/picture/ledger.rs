//! The ledger's numbers with their names. What is not zero and not good shows itself.

use base::{Span, Time};
use check::{ClusterLedger, Counts};
use lab::Run;
use sim::{ClusterIndex, Liveness, Slot};

use crate::text::{Text, thousands};
use crate::{LedgerRow, LedgerView, Tone};

/// A wait for answers that is shorter is nothing to look at.
const PATIENCE: Span = Span::from_secs(1);
/// Places of the numbers that a first visit shows: sent, delivered, lost.
const BRIEF: [usize; 3] = [0, 4, 10];

/// A row, and whether the brief form has it.
pub(super) type Row = (LedgerRow, Brief);

/// Does the brief form show a number?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brief {
    Shown,
    Left,
}

/// The numbers of a cluster of a run at an instant; `None`: of all its clusters together.
pub fn ledger(run: &Run, cluster: Option<ClusterIndex>, now: Time, text: &Text) -> LedgerView {
    view(rows(run, cluster, now, text))
}

pub(super) fn view(rows: Vec<Row>) -> LedgerView {
    let brief = rows.iter().filter(|(_, brief)| *brief == Brief::Shown).map(|(row, _)| row.clone()).collect();
    LedgerView { brief, all: rows.into_iter().map(|(row, _)| row).collect() }
}

/// What clients of a cluster saw; `None`: of all.
pub(super) fn counts(run: &Run, cluster: Option<ClusterIndex>) -> Counts {
    match cluster {
        Some(cluster) => run.ledger.of(cluster).map_or_else(Counts::default, ClusterLedger::counts),
        None => run.ledger.counts(),
    }
}

/// All numbers, in the order of their names.
pub(super) fn numbers(counts: Counts, blocked: u64) -> [u64; 11] {
    [
        counts.sent + blocked,
        counts.waiting + blocked,
        counts.acked,
        counts.committed,
        counts.delivered,
        counts.duplicated,
        counts.reordered,
        counts.skipped,
        counts.failed,
        counts.unanswered,
        counts.lost,
    ]
}

/// A count that scenarios name, in the reader's words.
pub fn ledger_name(name: &str, text: &Text) -> &'static str {
    /// As `Counts::named` has them, in the same order.
    const NAMES: [&str; 11] = [
        "sent",
        "waiting",
        "acked",
        "committed",
        "delivered",
        "duplicated",
        "reordered",
        "skipped",
        "failed",
        "unanswered",
        "lost",
    ];
    NAMES.iter().position(|known| *known == name).map_or("", |place| text.ledger.names[place])
}

/// How bad a number is, as long as it is not zero.
pub(super) fn tone(place: usize) -> Tone {
    match place {
        1 | 7 => Tone::Warning,
        4 => Tone::Good,
        5 | 6 | 8.. => Tone::Bad,
        _plain => Tone::Plain,
    }
}

pub(super) fn rows(run: &Run, cluster: Option<ClusterIndex>, now: Time, text: &Text) -> Vec<Row> {
    let blocked = blocked(run, cluster);
    let numbers = numbers(counts(run, cluster), blocked);
    let waits_since = match cluster {
        Some(cluster) => run.ledger.of(cluster).and_then(ClusterLedger::waits_since),
        None => run.ledger.waits_since(),
    };
    let waits = blocked > 0 || waits_since.is_some_and(|since| now.since(since) >= PATIENCE);
    let row = |place: usize| {
        let shown = match (place, tone(place), numbers[place]) {
            _ if BRIEF.contains(&place) => Brief::Shown,
            // Records on their way are nothing bad by themselves.
            (1, _, _) if !waits => Brief::Left,
            (_, Tone::Warning | Tone::Bad, 1..) => Brief::Shown,
            (_, Tone::Plain | Tone::Quiet | Tone::Good | Tone::Warning | Tone::Bad | Tone::Metadata, _) => Brief::Left,
        };
        let is_bad = numbers[place] > 0 && (waits || place != 1);
        let row = LedgerRow {
            name: text.ledger.names[place],
            text: thousands(numbers[place]),
            tone: if is_bad || tone(place) == Tone::Good { tone(place) } else { Tone::Plain },
            meaning: text.ledger.meanings[place],
        };
        (row, shown)
    };
    (0..numbers.len()).map(row).collect()
}

/// `send` calls of running producers that have not returned.
pub(super) fn blocked(run: &Run, cluster: Option<ClusterIndex>) -> u64 {
    let is_meant = |slot: &&Slot| slot.liveness == Liveness::Running && cluster.is_none_or(|one| slot.cluster == one);
    let running = run.world.slots().filter(is_meant);
    running
        .filter_map(|slot| slot.process.as_ref()?.producer())
        .map(|producer| u64::from(producer.blocked_calls()))
        .sum()
}
