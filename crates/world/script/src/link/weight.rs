//! Why an experiment does not fit into a link, and what takes the most room: so that whoever wants to share it knows
//! what to leave out. It decides nothing; the reader's word counts.

use super::bytes::Writer;
use super::{Link, LinkError, codec};
use crate::limits::SPELLED;
use crate::print;
use crate::text::IN;

/// How many sorts of acts are named.
const NAMED: usize = 3;

/// An experiment that no link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTooLong {
    /// Of what there is too much, as `text` names it.
    pub what: &'static str,
    pub limit: u64,
    /// What takes the most room, the heaviest first.
    pub heaviest: Vec<Heavy>,
}

/// All acts of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heavy {
    /// The first word of their lines.
    pub verb: String,
    pub times: u64,
    /// Bytes that spell them, before they are packed.
    pub bytes: u64,
}

impl std::fmt::Display for LinkTooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a link holds at most {} {}", self.limit, self.what)?;
        for heavy in &self.heaviest {
            write!(f, "; {} × {}: {} bytes", heavy.times, heavy.verb, heavy.bytes)?;
        }
        Ok(())
    }
}

impl std::error::Error for LinkTooLong {}

/// Why the reader did not take it.
pub(super) fn too_long(link: &Link, error: Option<LinkError>) -> LinkTooLong {
    let (what, limit) = match error {
        Some(LinkError::TooLarge { what, limit }) => (what, limit),
        // Its acts, spelt out, are more than a reader unpacks.
        Some(
            LinkError::Foreign
            | LinkError::Future { .. }
            | LinkError::OtherSemantics { .. }
            | LinkError::Truncated { .. }
            | LinkError::Damaged { .. }
            | LinkError::UnknownScenario(_),
        )
        | None => ("bytes", SPELLED as u64),
    };
    LinkTooLong { what, limit, heaviest: heaviest(link) }
}

/// What a reader could leave out to make it shorter.
fn heaviest(link: &Link) -> Vec<Heavy> {
    let mut sorts: Vec<Heavy> = Vec::new();
    for placed in &link.commands {
        let line = print(&placed.command);
        let mut words = line.split_whitespace();
        let verb = match words.next() {
            // `in west create-topic orders`.
            Some(IN) => words.nth(1),
            verb => verb,
        };
        let verb = verb.unwrap_or_default();
        let mut writer = Writer::default();
        codec::write(&mut writer, &placed.command);
        let bytes = writer.bytes.len() as u64;
        match sorts.iter_mut().find(|heavy| heavy.verb == verb) {
            Some(heavy) => (heavy.times, heavy.bytes) = (heavy.times + 1, heavy.bytes + bytes),
            None => sorts.push(Heavy { verb: verb.to_owned(), times: 1, bytes }),
        }
    }
    base::sort_by(&mut sorts, |one, other| other.bytes.cmp(&one.bytes));
    sorts.truncate(NAMED);
    sorts
}
