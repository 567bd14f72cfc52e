//! What a `see` line claims, read before anything runs: `SUBJECT is WORDS`, `[no] fact KIND … [on NODE] [between A and B]`
//! and a few more. A kind of fact or a subject that there is not is an error with its place and the nearest right word, so
//! that no claim is true because of a slip of the pen. Whether a claim holds is looked up by whoever plays the scenario.

use crate::{Scenario, parse_span};
use base::Time;
use port::Fact;

/// What a claim can speak of, and how many words may say which one: `leader orders-0` or `leader orders-0 on 2`.
const SUBJECTS: &[(&str, &[usize])] = &[
    ("leader", &[1, 3]),
    ("isr", &[1, 3]),
    ("elr", &[1, 3]),
    ("replicas", &[1, 3]),
    ("hw", &[3]),
    ("log-end", &[3]),
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
    ("assignment", &[1]),
    ("topics", &[0, 2]),
    ("quorum", &[1, 3]),
    ("controller", &[1]),
    ("process", &[1]),
    ("state", &[1]),
    ("fenced", &[1, 3]),
];

/// One `see` line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The subject's words begin with the expected ones, or do not.
    Is { subject: Vec<String>, expected: Vec<String>, holds: Holds },
    /// A fact of this pattern was told, or was not.
    Fact { pattern: Pattern, holds: Holds },
    /// These nodes know and keep what they did at `remember`.
    Unchanged(Vec<String>),
    /// Every step since `remember` was a timer of its own process.
    OnlyOwnTimers,
    /// Later claims compare with this instant.
    Remember,
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

/// A `see` line that claims nothing that can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimError {
    /// From 1, both.
    pub line: u32,
    pub column: u32,
    pub problem: ClaimProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimProblem {
    NoFact {
        word: String,
        nearest: &'static str,
    },
    NoSubject {
        word: String,
        nearest: &'static str,
    },
    BadTime(String),
    /// Something is missing behind these words.
    Unfinished(String),
    /// This word has no place in a claim about that subject.
    TooMuch(String),
    /// A window of time in which nothing can be: its end is before its beginning, or it begins after the look.
    NoSuchWindow(String),
}

impl std::fmt::Display for ClaimError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        match &self.problem {
            ClaimProblem::NoFact { word, nearest } => {
                write!(f, "there is no fact '{word}'; the nearest is '{nearest}'")
            }
            ClaimProblem::NoSubject { word, nearest } => {
                write!(f, "'{word}' is nothing that can be seen; the nearest is '{nearest}'")
            }
            ClaimProblem::BadTime(text) => write!(f, "'{text}' is not a time such as 2s"),
            ClaimProblem::Unfinished(text) => write!(f, "'{text}' says too little"),
            ClaimProblem::TooMuch(word) => write!(f, "'{word}' is one word too many"),
            ClaimProblem::NoSuchWindow(text) => write!(f, "nothing can be seen {text}"),
        }
    }
}

impl std::error::Error for ClaimError {}

/// Every `see` line of a scenario, in order.
///
/// # Errors
/// The first one that is wrong, and why.
pub fn claims(scenario: &Scenario) -> Result<Vec<Cited>, ClaimError> {
    scenario
        .sees
        .iter()
        .map(|see| {
            read(&see.text).and_then(|cited| by_then(cited, see.at)).map_err(|(at, problem)| {
                let before = see.text.get(..at).unwrap_or_default().chars().count();
                let column = see.column.saturating_add(u32::try_from(before).unwrap_or(u32::MAX));
                ClaimError { line: see.line, column, problem }
            })
        })
        .collect()
}

/// Nobody can look at what is still to come.
fn by_then(cited: Cited, at: Time) -> Result<Cited, Wrong> {
    let from = match &cited.claim {
        Claim::Fact { pattern, .. } => pattern.from,
        Claim::Is { subject, .. } if subject.first().is_some_and(|word| word == "count") => {
            Pattern::read(&subject[1..]).map_err(|problem| (0, problem))?.from
        }
        Claim::Is { .. } | Claim::Unchanged(_) | Claim::OnlyOwnTimers | Claim::Remember => Time::ZERO,
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

fn check_subject(words: &[Word<'_>]) -> Result<(), Wrong> {
    match words {
        [] => Err((0, ClaimProblem::Unfinished("is".into()))),
        [(_, "count"), rest @ ..] => pattern(rest).map(drop),
        [(at, word), rest @ ..] => {
            let Some((_, counts)) = SUBJECTS.iter().find(|(name, _)| name == word) else {
                let names: Vec<&str> = SUBJECTS.iter().map(|(name, _)| *name).collect();
                let nearest = nearest(word, &names);
                return Err((*at, ClaimProblem::NoSubject { word: (*word).to_owned(), nearest }));
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
    let dangling = |(_, word): &&Word<'_>| ["between", "and", "after", "before", "on"].contains(word);
    if let Some((at, word)) = words.last().filter(dangling) {
        return Err((*at, ClaimProblem::Unfinished((*word).to_owned())));
    }
    if let Some((at, word)) = words.iter().find(|(_, word)| *word == "between") {
        return Err((*at, ClaimProblem::Unfinished((*word).to_owned())));
    }
    let (words, node) = match words {
        [rest @ .., (_, "on"), (_, node)] => (rest, Some((*node).to_owned())),
        rest => (rest, None),
    };
    match words {
        [] => Err((0, ClaimProblem::Unfinished("fact".into()))),
        [(_, kind), ..] if Fact::KINDS.contains(kind) => Ok(Pattern { words: owned(words), node, from, to }),
        [(at, kind), ..] => {
            Err((*at, ClaimProblem::NoFact { word: (*kind).to_owned(), nearest: nearest(kind, Fact::KINDS) }))
        }
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

/// The right word that needs the fewest changes of letters; the first of several.
pub(crate) fn nearest(word: &str, right: &[&'static str]) -> &'static str {
    // A word as long as a line is near to nothing; what it costs to compare stays small.
    let word: Vec<char> = word.chars().take(60).flat_map(char::to_lowercase).collect();
    right.iter().copied().min_by_key(|right| distance(&word, right)).unwrap_or_default()
}

/// Letters to change, add or leave out, whatever their case (Levenshtein).
fn distance(word: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (index, wanted) in right.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, letter) in word.iter().enumerate() {
            let changed = diagonal + usize::from(*letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(line: &str) -> Result<Cited, String> {
        let scenario = Scenario::parse(&format!("title: t\n{line}\n")).expect("a scenario");
        claims(&scenario).map(|mut claims| claims.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn claims_are_read() {
        let Ok(Cited { claim: Claim::Is { subject, expected, holds }, source }) =
            only("@2s see leader orders-0 is not 2 epoch 1 [semantics 7.3: why]")
        else {
            panic!("a claim about a subject")
        };
        assert_eq!((subject.join(" ").as_str(), expected.join(" ").as_str()), ("leader orders-0", "2 epoch 1"));
        assert_eq!((holds, source.as_deref()), (Holds::Not, Some("semantics 7.3: why")));
        let Ok(Cited { claim: Claim::Fact { pattern, holds: Holds::Not }, source: None }) =
            only("@5s see no fact Truncated orders-0 on 1 between 2s and 3s")
        else {
            panic!("a claim about a fact")
        };
        assert_eq!((pattern.words.join(" ").as_str(), pattern.node.as_deref()), ("Truncated orders-0", Some("1")));
        assert_eq!((pattern.from.0, pattern.to.0), (2_000_000_000, 3_000_000_000));
        assert_eq!(only("see lost 0").map(|cited| cited.claim), only("see lost is 0").map(|cited| cited.claim));
        assert!(only("see count RecordsFailed is 4").is_ok());
    }

    #[test]
    fn slips_are_named_with_their_place() {
        for (line, words) in [
            (
                "see no fact RecordsAked web",
                "line 2, column 13: there is no fact 'RecordsAked'; the nearest is 'RecordsAcked'",
            ),
            ("@5s see fact truncated", "line 2, column 14: there is no fact 'truncated'; the nearest is 'Truncated'"),
            ("see count Deliverd is 3", "line 2, column 11: there is no fact 'Deliverd'; the nearest is 'Delivered'"),
            ("see 值 is 3", "line 2, column 5: '值' is nothing that can be seen; the nearest is 'hw'"),
            (
                "see leadr orders-0 is 1",
                "line 2, column 5: 'leadr' is nothing that can be seen; the nearest is 'leader'",
            ),
            ("see fact Truncated after 2x", "line 2, column 26: '2x' is not a time such as 2s"),
            ("see leader orders-0", "line 2, column 5: 'leader orders-0' says too little"),
            ("see leader orders-0 is", "line 2, column 5: 'leader orders-0 is' says too little"),
            ("see fact", "line 2, column 5: 'fact' says too little"),
            ("see unchanged", "line 2, column 5: 'unchanged' says too little"),
            ("@9s see fact Truncated between 3s and", "line 2, column 35: 'and' says too little"),
            ("@9s see no fact Truncated on", "line 2, column 27: 'on' says too little"),
            ("@9s see no fact Truncated between 4s", "line 2, column 27: 'between' says too little"),
            ("@9s see no fact Truncated between 4s and 3s", "line 2, column 27: nothing can be seen between 4s and 3s"),
            (
                "@9s see no fact Truncated after 10s",
                "line 2, column 9: nothing can be seen at 9.000 s of what comes after 10.000 s",
            ),
            ("see lost orders-0 is 0", "line 2, column 10: 'orders-0' is one word too many"),
            ("see leader is 1", "line 2, column 5: 'leader' says too little"),
            ("see hw orders-0 is 1", "line 2, column 5: 'hw orders-0' says too little"),
        ] {
            assert_eq!(only(line).map(drop), Err(words.to_owned()), "{line}");
        }
    }
}
