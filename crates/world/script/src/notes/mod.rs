//! Notes: what people write down about Kafka, one claim a card, with the verdict on it, the releases in which it was so,
//! what comes of running it, the note that says the opposite, and who says so.
//!
//! One text holds them all (`www/notes/notes.txt`, docs/notes.md); a visit fetches that of its language, in which the
//! other's sections are left out. Reading it runs nothing and believes nothing: which lesson tests a note, and that it
//! does, is looked up by whoever has the lessons.

mod draft;
mod era;
mod error;
#[cfg(test)]
mod tests;

pub use era::{Era, RELEASES, Release};
pub use error::{NoteError, NoteProblem};

/// The most characters of a note's words: what is claimed, what is so instead, what a run shows.
pub const LENGTHS: [(Language, Lengths); 2] = [
    (Language::English, Lengths { claim: 110, says: 200, seen: 200 }),
    (Language::Chinese, Lengths { claim: 55, says: 100, seen: 100 }),
];
/// Bytes of a text of notes; one that is longer is not read.
pub const LONGEST: usize = 256 << 10;
/// Notes of one text, and mistakes that are told of it.
pub const MOST: usize = 200;

/// Characters at most, per kind of sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    pub claim: usize,
    pub says: usize,
    pub seen: usize,
}

/// A row of the list of claims (docs/coverage.md), and a letter where one row holds notes that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    pub row: u8,
    /// `b` for the second note of a row.
    pub letter: Option<char>,
}

/// A language that notes have words in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    Chinese,
}

/// What a note is about, as the library sorts lessons; and what is told about Kafka's own past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Log,
    Keys,
    Groups,
    Commits,
    Roles,
    Acks,
    Loss,
    Rebalance,
    Retention,
    Duplicates,
    Flow,
    Operations,
    History,
}

/// How a note stands beside Kafka 4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// In no release.
    Wrong,
    /// In older releases, no longer.
    Dated,
    /// Under a condition that the note leaves out.
    Imprecise,
    /// So it is.
    True,
}

/// What has to be built before a note, or a part of it, can be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    TruthRepairs,
    ScenarioFiles,
    VisiblePullAndOrder,
    CommandLine,
    ProducerPolicy,
    ConsumerPolicy,
    OwnCluster,
    Meters,
    Compaction,
    PushModel,
    Reassignment,
    Assignors,
    ShareGroups,
    IndexView,
    Cards,
    DataPacks,
    ZooKeeperEra,
    SeveralClusters,
}

/// Where a reader finds out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// These lessons run it.
    Lessons(Vec<String>),
    /// On the stage, with what everybody can do there; no lesson leads through it yet.
    Hand,
    /// It is about words or the past: nothing can be run, the source is the proof.
    Text,
    /// Nowhere yet: it waits for a capability.
    Later,
}

/// The sentences of a note in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What people write, in our words.
    pub claim: String,
    /// What is so instead, or why it is so.
    pub says: String,
    /// What a run shows; there where something can be run.
    pub seen: Option<String>,
}

/// One claim and what is to be said to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub number: Number,
    pub topic: Topic,
    pub verdict: Verdict,
    /// When it was so; for an imprecise one, when it was so under its condition.
    pub era: Era,
    /// Notes that say the opposite, and name this one in turn.
    pub against: Vec<Number>,
    pub test: Test,
    pub waits: Vec<Capability>,
    /// KIP, class, release or page: at least one.
    pub sources: Vec<String>,
    words: Vec<(Language, Words)>,
}

impl Note {
    /// The sentences in a language that the text was read for.
    pub fn words(&self, language: Language) -> Option<&Words> {
        self.words.iter().find(|(one, _)| *one == language).map(|(_, words)| words)
    }
}

/// Reads a text of notes in which each has words in exactly these languages.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines; [`MOST`] at most.
pub fn parse(text: &str, languages: &[Language]) -> Result<Vec<Note>, Vec<NoteError>> {
    draft::read(text, languages)
}

/// A kind of word that stands in the text under one of a few names.
pub trait Named: Copy + PartialEq + Sized + 'static {
    /// Each value with its name.
    const NAMES: &'static [(&'static str, Self)];

    /// The value of that name.
    fn of(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(one, _)| *one == name).map(|(_, value)| *value)
    }

    /// As it stands in the text.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }
}

impl Named for Language {
    const NAMES: &'static [(&'static str, Self)] = &[("en", Language::English), ("zh", Language::Chinese)];
}

impl Named for Topic {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("log", Topic::Log),
        ("keys", Topic::Keys),
        ("groups", Topic::Groups),
        ("commits", Topic::Commits),
        ("roles", Topic::Roles),
        ("acks", Topic::Acks),
        ("loss", Topic::Loss),
        ("rebalance", Topic::Rebalance),
        ("retention", Topic::Retention),
        ("duplicates", Topic::Duplicates),
        ("flow", Topic::Flow),
        ("operations", Topic::Operations),
        ("history", Topic::History),
    ];
}

impl Named for Verdict {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("wrong", Verdict::Wrong),
        ("dated", Verdict::Dated),
        ("imprecise", Verdict::Imprecise),
        ("true", Verdict::True),
    ];
}

impl Named for Capability {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("truth repairs", Capability::TruthRepairs),
        ("scenario files", Capability::ScenarioFiles),
        ("visible pull and order", Capability::VisiblePullAndOrder),
        ("command line", Capability::CommandLine),
        ("producer policy", Capability::ProducerPolicy),
        ("consumer policy", Capability::ConsumerPolicy),
        ("own cluster", Capability::OwnCluster),
        ("meters", Capability::Meters),
        ("compaction", Capability::Compaction),
        ("push model", Capability::PushModel),
        ("reassignment", Capability::Reassignment),
        ("assignors", Capability::Assignors),
        ("share groups", Capability::ShareGroups),
        ("index view", Capability::IndexView),
        ("cards", Capability::Cards),
        ("data packs", Capability::DataPacks),
        ("ZooKeeper era", Capability::ZooKeeperEra),
        ("several clusters", Capability::SeveralClusters),
    ];
}

impl Number {
    /// Reads `53` or `53b`.
    pub fn read(text: &str) -> Option<Number> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        let mut letters = text[digits.len()..].chars();
        let letter = letters.next();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let row = digits.parse().ok().filter(|row| plain && *row > 0)?;
        letters.next().is_none().then_some(Number { row, letter })
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.row)?;
        self.letter.map_or(Ok(()), |letter| write!(f, "{letter}"))
    }
}

/// The most characters of each kind of sentence.
fn lengths(language: Language) -> Lengths {
    let [(_, english), (_, chinese)] = LENGTHS;
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}
