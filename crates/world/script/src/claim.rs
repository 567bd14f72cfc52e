//! What a `see` line claims, read before anything runs: `SUBJECT is WORDS`, `SUBJECT >= NUMBER`, `[no] fact KIND … [on NODE] [between A and B]`
//! and a few more. A kind of fact or a subject that there is not is an error with its place and the nearest right word, so
//! that no claim is true because of a slip of the pen. Whether a claim holds is looked up by whoever plays the scenario.

use crate::brief::brief;
use crate::near::nearest;
use crate::text::IN;
use crate::{Mistake, Problem, Scenario, See, parse_span};
use base::Time;
use port::Fact;
use sim::meters::{Asked, MeterKind, Misread};

/// What a claim can speak of, and how many words may say which one: `leader orders-0` or `leader orders-0 on 2`.
const SUBJECTS: &[(&str, &[usize])] = &[
    ("leader", &[1, 3]),
    ("isr", &[1, 3]),
    ("elr", &[1, 3]),
    ("replicas", &[1, 3]),
    ("hw", &[3]),
    ("log-end", &[3]),
    ("log-start", &[3]),
    ("epochs", &[3]),
    ("role", &[3]),
    ("proposed-isr", &[3]),
    ("answer", &[0, 1]),
    ("sent", &[0]),
    ("acked", &[0]),
    ("committed", &[0]),
    ("delivered", &[0]),
    ("duplicated", &[0]),
    ("lost", &[0]),
    ("reordered", &[0]),
    ("failed", &[0]),
    ("waiting", &[0]),
    ("unanswered", &[0]),
    ("skipped", &[0]),
    ("group", &[1]),
    ("coordinator", &[1]),
    ("offset", &[2]),
    ("owner", &[1]),
    ("position", &[2]),
    ("lag", &[2]),
    ("store", &[2]),
    ("assignment", &[1]),
    ("topics", &[0, 2]),
    ("quorum", &[1, 3]),
    ("controller", &[1]),
    ("took", &[1]),
    ("packed", &[1]),
    ("blocked", &[1]),
    ("process", &[1]),
    ("state", &[1]),
    ("fenced", &[1, 3]),
    ("requests", &[2]),
    ("empty-fetches", &[1]),
    ("parked-fetches", &[1]),
    ("inversions", &[1]),
    ("pushed", &[1]),
    ("record", &[4]),
    ("look-up", &[4]),
    ("flushed", &[3]),
];

/// One `see` line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The subject's words begin with the expected ones, or do not.
    Is { subject: Vec<String>, expected: Vec<String>, holds: Holds },
    /// The first number that the subject reads stands so to this one.
    Compares { subject: Vec<String>, order: Order, number: String },
    /// A fact of this pattern was told, or was not.
    Fact { pattern: Pattern, holds: Holds },
    /// Among the lines that the last line of a tool has printed one has these words in a row, or none has.
    Printed { words: Vec<String>, holds: Holds },
    /// Among the lines that are kept of a client's log one has these words in a row, or none has.
    Logged { client: String, words: Vec<String>, holds: Holds },
    /// These nodes know and keep what they did at `remember`.
    Unchanged(Vec<String>),
    /// Every step since `remember` was a timer of its own process.
    OnlyOwnTimers,
    /// Later claims compare with this instant.
    Remember,
}

/// How a number stands to the one that is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AtLeast,
    AtMost,
    More,
    Less,
}

impl Order {
    const ALL: [Order; 4] = [Order::AtLeast, Order::AtMost, Order::More, Order::Less];

    pub const fn sign(self) -> &'static str {
        match self {
            Order::AtLeast => ">=",
            Order::AtMost => "<=",
            Order::More => ">",
            Order::Less => "<",
        }
    }

    /// Does it hold between the two?
    pub fn holds(self, found: f64, claimed: f64) -> bool {
        match self {
            Order::AtLeast => found >= claimed,
            Order::AtMost => found <= claimed,
            Order::More => found > claimed,
            Order::Less => found < claimed,
        }
    }
}

/// Is it claimed, or the opposite of it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    So,
    Not,
}

/// The first words of a fact's line, where it happened and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The first is the kind.
    pub words: Vec<String>,
    pub node: Option<String>,
    /// The cluster whose processes may have told it; `None`: anybody.
    pub cluster: Option<String>,
    pub from: Time,
    pub to: Time,
}

/// A claim and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    pub claim: Claim,
    /// What stands in brackets at its end.
    pub source: Option<String>,
}

/// Why a `see` line claims nothing that can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimProblem {
    NoFact(String),
    NoSubject(String),
    BadTime(String),
    /// Something is missing behind these words.
    Unfinished(String),
    /// This word has no place in a claim about that subject.
    TooMuch(String),
    /// There is no meter of that name.
    NoMeter(String),
    /// A window of time in which nothing can be: its end is before its beginning, or it begins after the look.
    NoSuchWindow(String),
}

impl ClaimProblem {
    /// The word that is wrong.
    pub fn word(&self) -> &str {
        match self {
            ClaimProblem::NoFact(word)
            | ClaimProblem::NoSubject(word)
            | ClaimProblem::BadTime(word)
            | ClaimProblem::Unfinished(word)
            | ClaimProblem::TooMuch(word)
            | ClaimProblem::NoMeter(word)
            | ClaimProblem::NoSuchWindow(word) => word,
        }
    }

    /// The words that could have been meant, the likeliest first.
    pub(crate) fn nearest(&self) -> Vec<String> {
        match self {
            ClaimProblem::NoFact(word) => nearest(word, Fact::kinds()),
            ClaimProblem::NoSubject(word) => nearest(word, subjects()),
            ClaimProblem::NoMeter(word) => nearest(word, MeterKind::ALL.into_iter().map(MeterKind::name)),
            ClaimProblem::BadTime(_)
            | ClaimProblem::Unfinished(_)
            | ClaimProblem::TooMuch(_)
            | ClaimProblem::NoSuchWindow(_) => Vec::new(),
        }
    }
}

impl std::fmt::Display for ClaimProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ClaimProblem::NoFact(word) => write!(f, "there is no fact '{}'", brief(word)),
            ClaimProblem::NoSubject(word) => write!(f, "'{}' is nothing that can be seen", brief(word)),
            ClaimProblem::BadTime(text) => write!(f, "'{}' is not a time such as 2s", brief(text)),
            ClaimProblem::Unfinished(text) => write!(f, "'{}' says too little", brief(text)),
            ClaimProblem::NoMeter(word) => write!(f, "there is no meter '{}'", brief(word)),
            ClaimProblem::TooMuch(word) => write!(f, "'{}' is one word too many", brief(word)),
            ClaimProblem::NoSuchWindow(text) => write!(f, "nothing can be seen {}", brief(text)),
        }
    }
}

/// Everything that a claim can speak of, by name.
pub fn subjects() -> impl Iterator<Item = &'static str> {
    SUBJECTS.iter().map(|(name, _)| *name).chain(["count", "meter"])
}

/// What a claim begins with besides what is looked at.
pub(crate) const BEGINNINGS: [&str; 8] =
    ["fact", "no", "printed", "not printed", "logged", "not logged", "unchanged", "only own timers"];
/// What comes behind what is looked at.
pub(crate) const VERBS: [&str; 6] = ["is", "is not", ">=", "<=", ">", "<"];
/// Where and when a fact must have happened.
pub(crate) const WINDOWS: [&str; 4] = ["on", "between", "after", "before"];

/// The counts of the ledger, by name.
pub const COUNTS: &[&str] = &[
    "sent",
    "acked",
    "committed",
    "delivered",
    "duplicated",
    "lost",
    "reordered",
    "failed",
    "waiting",
    "unanswered",
    "skipped",
];

/// Every `see` line of a scenario, in order.
///
/// # Errors
/// The first one that is wrong, and why.
pub fn claims(scenario: &Scenario) -> Result<Vec<Cited>, Mistake> {
    scenario.sees.iter().map(of).collect()
}

/// What one `see` line claims.
///
/// # Errors
/// What is wrong with it, and where.
pub fn of(see: &See) -> Result<Cited, Mistake> {
    read(&see.text).and_then(|cited| by_then(cited, see.at)).map_err(|(at, problem)| {
        let before = see.text.get(..at).unwrap_or_default().chars().count();
        let column = see.column.saturating_add(u32::try_from(before).unwrap_or(u32::MAX));
        Mistake::new(see.line, column, Problem::Claim(problem))
    })
}

/// Is it something that a claim can speak of, as a question may ask for it?
pub(crate) fn is_subject(text: &str) -> Result<(), ClaimProblem> {
    check_subject(&words(text)).map_err(|(_, problem)| problem)
}

/// Nobody can look at what is still to come.
fn by_then(cited: Cited, at: Time) -> Result<Cited, Wrong> {
    let from = match &cited.claim {
        Claim::Fact { pattern, .. } => pattern.from,
        Claim::Is { subject, .. } if subject.first().is_some_and(|word| word == "count") => {
            Pattern::read(&subject[1..]).map_err(|problem| (0, problem))?.from
        }
        Claim::Is { .. } | Claim::Compares { .. } | Claim::Printed { .. } | Claim::Logged { .. } => Time::ZERO,
        Claim::Unchanged(_) | Claim::OnlyOwnTimers | Claim::Remember => Time::ZERO,
    };
    if from > at {
        return Err((0, ClaimProblem::NoSuchWindow(format!("at {at} of what comes after {from}"))));
    }
    Ok(cited)
}

/// A problem and the byte where it stands.
type Wrong = (usize, ClaimProblem);

fn read(text: &str) -> Result<Cited, Wrong> {
    let cited = text.strip_suffix(']').and_then(|text| text.rsplit_once(" ["));
    let (body, source) = cited.map_or((text, None), |(body, source)| (body, Some(source.trim().to_owned())));
    let words: Vec<Word<'_>> = words(body);
    let source = source.filter(|source| !source.is_empty());
    Ok(Cited { claim: claim(text, &words)?, source })
}

/// A word and the byte where it begins.
type Word<'a> = (usize, &'a str);

fn words(text: &str) -> Vec<Word<'_>> {
    let place = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    text.split_whitespace().map(|word| (place(word), word)).collect()
}

fn claim(text: &str, words: &[Word<'_>]) -> Result<Claim, Wrong> {
    let unfinished = || (0, ClaimProblem::Unfinished(text.to_owned()));
    let plain: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
    let is = |subject: &[Word<'_>], expected: &[&str], holds| {
        check_subject(subject)?;
        if expected.is_empty() {
            return Err(unfinished());
        }
        Ok(Claim::Is { subject: owned(subject), expected: strings(expected), holds })
    };
    // What tools print may have any words in it.
    match plain.as_slice() {
        ["printed"] | ["not", "printed"] => return Err(unfinished()),
        ["printed", rest @ ..] => return Ok(Claim::Printed { words: strings(rest), holds: Holds::So }),
        ["not", "printed", rest @ ..] => return Ok(Claim::Printed { words: strings(rest), holds: Holds::Not }),
        ["logged", client, rest @ ..] if !rest.is_empty() => return Ok(logged(client, rest, Holds::So)),
        ["not", "logged", client, rest @ ..] if !rest.is_empty() => return Ok(logged(client, rest, Holds::Not)),
        ["logged", ..] | ["not", "logged", ..] => return Err(unfinished()),
        _other_claim => {}
    }
    let order = |word: &&str| Order::ALL.into_iter().find(|order| order.sign() == *word);
    if let Some((at, order)) = plain.iter().enumerate().find_map(|(at, word)| Some((at, order(word)?))) {
        check_subject(&words[..at])?;
        return match &plain[at + 1..] {
            [number] if base::parse_double(number).is_some() => {
                Ok(Claim::Compares { subject: owned(&words[..at]), order, number: (*number).to_owned() })
            }
            [_, more, ..] => Err((words[at + 2].0, ClaimProblem::TooMuch((*more).to_owned()))),
            [] | [_] => Err(unfinished()),
        };
    }
    if let Some(at) = plain.iter().position(|word| *word == "is") {
        return match &plain[at + 1..] {
            ["not", rest @ ..] => is(&words[..at], rest, Holds::Not),
            rest => is(&words[..at], rest, Holds::So),
        };
    }
    match plain.as_slice() {
        [] => Err(unfinished()),
        ["remember"] => Ok(Claim::Remember),
        ["fact", ..] => Ok(Claim::Fact { pattern: pattern(&words[1..])?, holds: Holds::So }),
        ["no", "fact", ..] => Ok(Claim::Fact { pattern: pattern(&words[2..])?, holds: Holds::Not }),
        ["no", ..] => is(&words[1..], &["none"], Holds::So),
        ["unchanged"] => Err(unfinished()),
        ["unchanged", names @ ..] => Ok(Claim::Unchanged(strings(names))),
        ["only", "own", "timers"] => Ok(Claim::OnlyOwnTimers),
        [_, .., last] if last.parse::<u64>().is_ok() => is(&words[..words.len() - 1], &[last], Holds::So),
        _no_claim => check_subject(words).and(Err(unfinished())),
    }
}

fn logged(client: &str, words: &[&str], holds: Holds) -> Claim {
    Claim::Logged { client: client.to_owned(), words: strings(words), holds }
}

fn check_subject(words: &[Word<'_>]) -> Result<(), Wrong> {
    // `leader orders-0 in west`: of a cluster that is named.
    let words = match words {
        [rest @ .., (_, IN), _cluster] if !rest.is_empty() => rest,
        words => words,
    };
    match words {
        [] => Err((0, ClaimProblem::Unfinished("is".into()))),
        [(_, "count"), rest @ ..] => pattern(rest).map(drop),
        [(at, "meter"), rest @ ..] => meter(*at, rest),
        [(at, word), rest @ ..] => {
            let Some((_, counts)) = SUBJECTS.iter().find(|(name, _)| name == word) else {
                return Err((*at, ClaimProblem::NoSubject((*word).to_owned())));
            };
            match counts.iter().max() {
                Some(most) if rest.len() > *most => {
                    let (at, word) = rest[*most];
                    Err((at, ClaimProblem::TooMuch(word.to_owned())))
                }
                Some(_) if !counts.contains(&rest.len()) => {
                    let said: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
                    Err((*at, ClaimProblem::Unfinished(said.join(" "))))
                }
                Some(_) | None => Ok(()),
            }
        }
    }
}

/// What stands behind `meter`: `MessagesInPerSec topic=orders over=10s`.
fn meter(at: usize, words: &[Word<'_>]) -> Result<(), Wrong> {
    let plain: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
    let place = |wrong: &str| words.iter().find(|(_, word)| *word == wrong).map_or(at, |(at, _)| *at);
    Asked::read(&plain, parse_span).map(drop).map_err(|misread| match misread {
        Misread::NoMeter(word) => (place(&word), ClaimProblem::NoMeter(word)),
        Misread::Word(word) => (place(&word), ClaimProblem::TooMuch(word)),
        Misread::Nothing => (at, ClaimProblem::Unfinished("meter".to_owned())),
    })
}

impl Pattern {
    /// Reads a pattern's words alone, as they stand behind `count`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(words: &[String]) -> Result<Pattern, ClaimProblem> {
        let words: Vec<Word<'_>> = words.iter().map(|word| (0, word.as_str())).collect();
        pattern(&words).map_err(|(_, problem)| problem)
    }
}

fn pattern(words: &[Word<'_>]) -> Result<Pattern, Wrong> {
    let (words, behind) = of_cluster(words);
    let (words, from, to) = match words {
        [rest @ .., (at, "between"), from, (_, "and"), to] => {
            let (first, last) = (time(from)?, time(to)?);
            if last < first {
                return Err((*at, ClaimProblem::NoSuchWindow(format!("between {} and {}", from.1, to.1))));
            }
            (rest, first, last)
        }
        [rest @ .., (_, "after"), from] if from.1.starts_with(|c: char| c.is_ascii_digit()) => {
            (rest, time(from)?, Time::MAX)
        }
        [rest @ .., (_, "before"), to] => (rest, Time::ZERO, time(to)?),
        rest => (rest, Time::ZERO, Time::MAX),
    };
    let dangling = |(_, word): &&Word<'_>| ["between", "and", "after", "before", "on", IN].contains(word);
    if let Some((at, word)) = words.last().filter(dangling) {
        return Err((*at, ClaimProblem::Unfinished((*word).to_owned())));
    }
    if let Some((at, word)) = words.iter().find(|(_, word)| *word == "between") {
        return Err((*at, ClaimProblem::Unfinished((*word).to_owned())));
    }
    let (words, before) = of_cluster(words);
    let cluster = behind.or(before).map(str::to_owned);
    let (words, node) = match words {
        [rest @ .., (_, "on"), (_, node)] => (rest, Some((*node).to_owned())),
        rest => (rest, None),
    };
    match words {
        [] => Err((0, ClaimProblem::Unfinished("fact".into()))),
        [(_, kind), ..] if Fact::kinds().any(|known| known == *kind) => {
            Ok(Pattern { words: owned(words), node, cluster, from, to })
        }
        [(at, kind), ..] => Err((*at, ClaimProblem::NoFact((*kind).to_owned()))),
    }
}

/// `in west` at the end, behind a window of time or before it.
fn of_cluster<'w, 'a>(words: &'w [Word<'a>]) -> (&'w [Word<'a>], Option<&'a str>) {
    match words {
        [rest @ .., (_, IN), (_, cluster)] => (rest, Some(cluster)),
        words => (words, None),
    }
}

fn time((at, text): &Word<'_>) -> Result<Time, Wrong> {
    parse_span(text).map(Time).ok_or_else(|| (*at, ClaimProblem::BadTime((*text).to_owned())))
}

fn owned(words: &[Word<'_>]) -> Vec<String> {
    words.iter().map(|(_, word)| (*word).to_owned()).collect()
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests;
