//! The ledger: what became of the records, in eleven numbers. It turns every claim about reliability
//! into something that can be counted.

use super::Tone;

/// One number with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    pub name: &'static str,
    pub text: String,
    pub tone: Tone,
    /// Its one-sentence meaning.
    pub meaning: &'static str,
}

/// `brief` is what a first visit shows (sent, delivered, lost) and whatever is not zero and not good; `all` has all.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LedgerView {
    pub brief: Vec<LedgerRow>,
    pub all: Vec<LedgerRow>,
}
