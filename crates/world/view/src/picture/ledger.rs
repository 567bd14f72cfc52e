//! The ledger's seven numbers with their names.

use check::Counts;

use crate::text::{Text, thousands};
use crate::{LedgerRow, LedgerView, Tone};

/// The numbers of a run. On a first visit only sent, delivered and lost are shown.
pub fn ledger(counts: &Counts, text: &Text) -> LedgerView {
    let numbers = [
        counts.sent,
        counts.acked,
        counts.committed,
        counts.delivered,
        counts.duplicated,
        counts.lost,
        counts.reordered,
    ];
    let row = |index: usize| LedgerRow {
        name: text.ledger.names[index],
        text: thousands(numbers[index]),
        tone: match (index, numbers[index]) {
            (3, _) => Tone::Good,
            (4..=6, 1..) => Tone::Bad,
            _plain => Tone::Plain,
        },
        meaning: text.ledger.meanings[index],
    };
    LedgerView { brief: [0, 3, 5].map(row).to_vec(), all: (0..numbers.len()).map(row).collect() }
}
