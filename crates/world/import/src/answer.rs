//! What a person says where the texts say nothing: it stands instead of what would have been assumed. Written in a few
//! words, so that a page and a terminal can spell it.

use base::Str;
use std::fmt;
use std::str::FromStr;

/// Brokers that can be asked for.
const MOST_BROKERS: u32 = 50;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `controllers 1`: so many separate ones, where no text names any. 1, 3 or 5.
    Controllers(u32),
    /// `brokers 5`: so many, where no text names any.
    Brokers(u32),
    /// `up 4`: it is in no ISR, but not because it is down.
    Up(i32),
    /// `at-work billing`: members of the group read on, and its lag goes.
    AtWork(Str),
}

/// It is no answer that is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

impl FromStr for Answer {
    type Err = NoAnswer;

    fn from_str(words: &str) -> Result<Answer, NoAnswer> {
        let (kind, value) = words.trim().split_once(' ').ok_or(NoAnswer)?;
        let count = || value.parse::<u32>().map_err(|_not_a_number| NoAnswer);
        match kind {
            "controllers" => Some(count()?).filter(|count| [1, 3, 5].contains(count)).map(Answer::Controllers),
            "brokers" => Some(count()?).filter(|count| (1..=MOST_BROKERS).contains(count)).map(Answer::Brokers),
            "up" => value.parse().ok().map(Answer::Up),
            "at-work" if !value.is_empty() => Some(Answer::AtWork(value.into())),
            _ => None,
        }
        .ok_or(NoAnswer)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Controllers(count) => write!(f, "controllers {count}"),
            Answer::Brokers(count) => write!(f, "brokers {count}"),
            Answer::Up(id) => write!(f, "up {id}"),
            Answer::AtWork(group) => write!(f, "at-work {group}"),
        }
    }
}

/// The last word counts.
pub(crate) fn controllers(answers: &[Answer]) -> Option<u32> {
    answers.iter().rev().find_map(|answer| match answer {
        Answer::Controllers(count) => Some(*count),
        Answer::Brokers(_) | Answer::Up(_) | Answer::AtWork(_) => None,
    })
}

/// The last word counts.
pub(crate) fn brokers(answers: &[Answer]) -> Option<u32> {
    answers.iter().rev().find_map(|answer| match answer {
        Answer::Brokers(count) => Some(*count),
        Answer::Controllers(_) | Answer::Up(_) | Answer::AtWork(_) => None,
    })
}

impl crate::Assumed {
    /// What a person might say instead.
    pub fn offers(&self) -> Vec<Answer> {
        use crate::Assumed;
        match self {
            Assumed::Controllers(count) => {
                [1, 3, 5].into_iter().filter(|other| other != count).map(Answer::Controllers).collect()
            }
            Assumed::Brokers(count) => {
                let around = [count.saturating_sub(1), count + 1];
                around.into_iter().filter(|count| (1..=MOST_BROKERS).contains(count)).map(Answer::Brokers).collect()
            }
            Assumed::Down(id) => vec![Answer::Up(*id)],
            Assumed::Slow(group) => vec![Answer::AtWork(group.clone())],
            Assumed::AlsoBroker(_)
            | Assumed::Answered(_)
            | Assumed::Away(_)
            | Assumed::Cut { .. }
            | Assumed::InSync(_)
            | Assumed::Placed(_)
            | Assumed::TopicOf { .. }
            | Assumed::Shifted { .. }
            | Assumed::Shortened { .. }
            | Assumed::OffsetsFactor(_)
            | Assumed::NoElr
            | Assumed::Listener(..)
            | Assumed::PoolNumbers
            | Assumed::DrawnIds
            | Assumed::OneListener
            | Assumed::Renamed { .. }
            | Assumed::Reassigned { .. }
            | Assumed::NotTheProposed
            | Assumed::Unset { .. } => Vec::new(),
        }
    }
}
