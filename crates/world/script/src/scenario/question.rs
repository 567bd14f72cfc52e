//! What a lesson asks: before the run, answered again by it, and after it.

use super::choices::{self, Condition, Vary};
use super::draft;
use super::{AskedWrongly, Problem};
use crate::claim;
use base::Str;

/// Choices of one question.
const MOST_CHOICES: u32 = 9;

/// `predict` or `check`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// From 1.
    pub line: u32,
    pub asks: Asks,
    /// Where wrong answers are seen to be wrong.
    pub refuted: Vec<Refuted>,
    /// With which values it is asked; with the first ones where it does not say.
    pub when: Vec<Condition>,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// One of so many sentences; numbers from 1.
    Choice {
        right: u32,
        of: u32,
    },
    Number(Answer),
    /// Something on the stage: a key, a broker, a client, a partition.
    Name(Answer),
}

/// Where the right answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Given(Str),
    /// What `see SUBJECT` reads at the mark.
    Read {
        subject: Str,
        mark: Str,
    },
}

/// A mark that shows what is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuted {
    /// Of this choice; of all that have no mark of their own where there is none.
    pub choice: Option<u32>,
    pub mark: Str,
}

/// A problem with the right words that are nearest, where the problem does not know them.
type Wrong = (Problem, Vec<String>);

impl Question {
    /// Reads what stands behind `predict:` or `check:`.
    pub(super) fn read(line: u32, varied: &[Vary], text: &str) -> Result<Question, Wrong> {
        let (text, when) = match text.rsplit_once("when ") {
            Some((text, conditions)) => (text, choices::conditions(varied, conditions)?),
            None => (text, Vec::new()),
        };
        let mut parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let asks = asks(parts.next().unwrap_or_default())?;
        let refuted = parts.map(|part| refuted(&asks, part)).collect::<Result<_, _>>()?;
        Ok(Question { line, asks, refuted, when })
    }

    /// The mark at which this answer is seen to be wrong; for choices their number from 1.
    pub fn refuted_at(&self, choice: Option<u32>) -> Option<&Str> {
        let own = self.refuted.iter().find(|refuted| choice.is_some() && refuted.choice == choice);
        own.or_else(|| self.refuted.iter().find(|refuted| refuted.choice.is_none())).map(|refuted| &refuted.mark)
    }

    /// Every mark that it names.
    pub fn marks(&self) -> impl Iterator<Item = &Str> {
        let read = match &self.asks {
            Asks::Number(Answer::Read { mark, .. }) | Asks::Name(Answer::Read { mark, .. }) => Some(mark),
            Asks::Number(Answer::Given(_)) | Asks::Name(Answer::Given(_)) | Asks::Choice { .. } => None,
        };
        read.into_iter().chain(self.refuted.iter().map(|refuted| &refuted.mark))
    }
}

fn wrong(problem: AskedWrongly) -> Wrong {
    (Problem::Question(problem), Vec::new())
}

fn asks(text: &str) -> Result<Asks, Wrong> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let form = || wrong(AskedWrongly::Form(text.to_owned()));
    match words.as_slice() {
        ["choice", right, "of", of] => {
            let of: u32 = of.parse().ok().filter(|of| (2..=MOST_CHOICES).contains(of)).ok_or_else(form)?;
            let right = number(right, of)?;
            Ok(Asks::Choice { right, of })
        }
        ["number", "of", subject @ .., "at", mark] => Ok(Asks::Number(read(subject, mark)?)),
        ["name", "of", subject @ .., "at", mark] => Ok(Asks::Name(read(subject, mark)?)),
        ["number", value] if value.parse::<u64>().is_ok() => Ok(Asks::Number(Answer::Given((*value).into()))),
        ["name", value] => Ok(Asks::Name(Answer::Given((*value).into()))),
        _no_form => Err(form()),
    }
}

/// The number of a choice, from 1.
fn number(text: &str, of: u32) -> Result<u32, Wrong> {
    let number = text.parse().ok().filter(|number| (1..=of).contains(number));
    number.ok_or_else(|| wrong(AskedWrongly::Choice(text.to_owned())))
}

fn read(subject: &[&str], mark: &str) -> Result<Answer, Wrong> {
    let subject = subject.join(" ");
    claim::is_subject(&subject).map_err(|problem| (Problem::Claim(problem), Vec::new()))?;
    Ok(Answer::Read { subject: subject.into(), mark: name(mark)? })
}

fn refuted(asks: &Asks, text: &str) -> Result<Refuted, Wrong> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let form = || wrong(AskedWrongly::Form(text.to_owned()));
    match (asks, words.as_slice()) {
        (_, ["at", mark]) => Ok(Refuted { choice: None, mark: name(mark)? }),
        (Asks::Choice { of, .. }, [choice, "at", mark]) => {
            Ok(Refuted { choice: Some(number(choice, *of)?), mark: name(mark)? })
        }
        (Asks::Choice { .. } | Asks::Number(_) | Asks::Name(_), _) => Err(form()),
    }
}

fn name(mark: &str) -> Result<Str, Wrong> {
    let is_name = draft::is_mark(mark) || ["start", "end"].contains(&mark);
    if is_name { Ok(mark.into()) } else { Err((Problem::BadMark(mark.to_owned()), Vec::new())) }
}
