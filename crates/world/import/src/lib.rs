//! One's own cluster: what its tools, files and manifests say, read into a plan and played until a world stands in that
//! very state; and the way back, from a world to the same texts. Every line is answered for: understood, or kept with the
//! reason; what the texts do not say is told as an assumption; what no act leads to is found by playing and told too.
//! Nothing here panics over a stranger's text, and everything is bounded.

mod acts;
mod anonymise;
mod answer;
mod compose;
pub mod export;
mod found;
mod groups;
mod groups_plan;
mod json;
mod labels;
mod lines;
mod model;
mod names;
mod neutral;
mod plan;
mod properties;
mod quorum;
mod read;
mod reassignment;
mod report;
pub mod state;
mod strimzi;
mod topics;
mod try_out;
mod yaml;

pub use answer::{Answer, NoAnswer};
pub use found::{Assumed, Found, GroupFound, NodeFound, OffsetFound, PartitionFound, TopicFound};
pub use groups_plan::MOST_RECORDS;
pub use plan::{Plan, Shape, TopicPlan};
pub use read::{read, recognise};
pub use report::{Format, Kept, Report, TextReport, Unreached, Why};

pub use try_out::Trial;

use script::Scenario;

/// Bytes of one text.
pub const LONGEST: usize = 512 << 10;
/// Lines of a file that stay with its node.
pub const MOST_LINES: usize = 2_000;
/// Kept lines that are listed, for each text.
pub const MOST_KEPT: usize = 200;
/// Topics of all texts.
pub const MOST_TOPICS: usize = 300;
/// Groups of all texts.
pub const MOST_GROUPS: usize = 20;
/// Partitions of one topic.
pub const MOST_PARTITIONS: i32 = 1_000;
/// Copies of one partition.
pub const MOST_COPIES: usize = 20;
/// Nodes of all texts.
pub const MOST_NODES: usize = 60;
/// Answers to what was assumed.
pub const MOST_ANSWERS: usize = 100;
/// Settings of one file.
pub const MOST_SETTINGS: usize = 150;

/// What came of some texts: the run that leads to their state, and what became of each line.
#[derive(Clone, Debug)]
pub struct Imported {
    pub found: Found,
    pub plan: Plan,
    pub scenario: Scenario,
    pub report: Report,
}

/// Do names stay?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    #[default]
    AsGiven,
    /// `topic-1`, `group-1`, `client-1`.
    Neutral,
}

/// Reads texts of one cluster, each with its name; later ones go over earlier ones.
pub fn import<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>, title: &str) -> Imported {
    import_named(texts, title, Naming::AsGiven)
}

/// The same; names stay, or not.
pub fn import_named<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>, title: &str, naming: Naming) -> Imported {
    import_answered(texts, title, naming, &[])
}

/// The same with answers to what was assumed, of which [`MOST_ANSWERS`] are heard. They speak of names as they are shown.
pub fn import_answered<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    title: &str,
    naming: Naming,
    answers: &[Answer],
) -> Imported {
    let mut found = Found::default();
    let texts = texts.into_iter().map(|(name, text)| read(&mut found, name, text)).collect();
    if naming == Naming::Neutral {
        found = found.anonymised();
    }
    found.answers = answers.iter().take(MOST_ANSWERS).cloned().collect();
    let (plan, mut assumed) = Plan::of(&found);
    let scenario = acts::scenario(&plan, title, &mut assumed);
    Imported { found, plan, scenario, report: Report { texts, assumed } }
}
