//! The ledger's numbers with their names. What is not zero and not good shows itself.

use base::{Span, Time};
use check::Ledger;
use sim::{Liveness, World};

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

/// The numbers of a run at an instant. `world`: where it is known, for `send` calls that have not returned.
pub fn ledger(ledger: &Ledger, world: Option<&World>, now: Time, text: &Text) -> LedgerView {
    view(rows(ledger, world, now, text))
}

pub(super) fn view(rows: Vec<Row>) -> LedgerView {
    let brief = rows.iter().filter(|(_, brief)| *brief == Brief::Shown).map(|(row, _)| row.clone()).collect();
    LedgerView { brief, all: rows.into_iter().map(|(row, _)| row).collect() }
}

/// All numbers, in the order of their names.
pub(super) fn numbers(ledger: &Ledger, blocked: u64) -> [u64; 11] {
    let counts = ledger.counts();
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

pub(super) fn rows(ledger: &Ledger, world: Option<&World>, now: Time, text: &Text) -> Vec<Row> {
    let blocked = world.map_or(0, blocked);
    let numbers = numbers(ledger, blocked);
    let waits = blocked > 0 || ledger.waits_since().is_some_and(|since| now.since(since) >= PATIENCE);
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
pub(super) fn blocked(world: &World) -> u64 {
    let running = world.slots().filter(|slot| slot.liveness == Liveness::Running);
    running
        .filter_map(|slot| slot.process.as_ref()?.producer())
        .map(|producer| u64::from(producer.blocked_calls()))
        .sum()
}
