//! Claims: `see SUBJECT is WORDS`, `see [no] fact WORDS [on NODE] [between A and B]` and a few more.
//!
//! What a subject is gives a few words; a claim holds when they begin with the words it names, so
//! `leader orders-0 is 2` and `leader orders-0 is 2 epoch 1` may both be true.

use crate::player::Player;
use crate::{command, facts, subject};
use base::Time;

/// Does the claim hold now?
///
/// # Errors
/// What is there instead.
pub fn check(player: &Player, claim: &str) -> Result<(), String> {
    let words: Vec<&str> = claim.split_whitespace().collect();
    if let Some(at) = words.iter().position(|word| *word == "is") {
        return compare(&words[..at], &words[at + 1..], &subject::value(player, &words[..at])?);
    }
    match words.as_slice() {
        ["fact", rest @ ..] => found(player, rest),
        ["no", "fact", rest @ ..] => match occurrences(player, rest)?.first() {
            Some(line) => Err(format!("there is one: {line}")),
            None => Ok(()),
        },
        ["no", rest @ ..] => compare(rest, &["none"], &subject::value(player, rest)?),
        ["unchanged", names @ ..] => unchanged(player, names),
        ["only", "own", "timers"] => only_own_timers(player),
        [number @ .., expected] if expected.parse::<u64>().is_ok() => {
            compare(number, &[expected], &subject::value(player, number)?)
        }
        _unknown => Err("this claim is not understood".into()),
    }
}

fn compare(subject: &[&str], expected: &[&str], actual: &str) -> Result<(), String> {
    let found: Vec<&str> = actual.split_whitespace().collect();
    let (holds, expected) = match expected {
        ["not", rest @ ..] => (!rest.is_empty() && !found.starts_with(rest), rest),
        rest => (!rest.is_empty() && found.starts_with(rest), rest),
    };
    if holds {
        Ok(())
    } else {
        Err(format!("{} is '{actual}' (looked for '{}')", subject.join(" "), expected.join(" ")))
    }
}

fn found(player: &Player, words: &[&str]) -> Result<(), String> {
    if !occurrences(player, words)?.is_empty() {
        return Ok(());
    }
    let kind = words.first().copied().unwrap_or_default();
    let alike = player.facts.iter().filter(|(_, _, fact)| facts::text(player, fact).split(' ').next() == Some(kind));
    let alike: Vec<String> = alike
        .map(|(at, process, fact)| format!("\n      {at} {} {}", player.name(*process), facts::text(player, fact)))
        .collect();
    Err(format!("it did not happen; of this kind:{}", alike.into_iter().rev().take(12).collect::<String>()))
}

/// The facts so far that a pattern fits.
fn occurrences(player: &Player, words: &[&str]) -> Result<Vec<String>, String> {
    let pattern = Pattern::read(words)?;
    let fitting = player.facts.iter().filter(|(at, process, fact)| {
        (pattern.from..=pattern.to).contains(at)
            && pattern.node.is_none_or(|node| player.name(*process) == node)
            && facts::text(player, fact).split_whitespace().collect::<Vec<_>>().starts_with(&pattern.words)
    });
    Ok(fitting
        .map(|(at, process, fact)| format!("{at} {} {}", player.name(*process), facts::text(player, fact)))
        .collect())
}

/// How often a pattern fits.
pub fn count(player: &Player, words: &[&str]) -> Result<usize, String> {
    occurrences(player, words).map(|lines| lines.len())
}

/// First words of a fact's line, where it happened and when.
struct Pattern<'a> {
    words: Vec<&'a str>,
    node: Option<&'a str>,
    from: Time,
    to: Time,
}

impl<'a> Pattern<'a> {
    fn read(words: &[&'a str]) -> Result<Pattern<'a>, String> {
        let (words, from, to) = match words {
            [rest @ .., "between", from, "and", to] => (rest, time(from)?, time(to)?),
            [rest @ .., "after", from] if from.starts_with(|c: char| c.is_ascii_digit()) => {
                (rest, time(from)?, Time::MAX)
            }
            [rest @ .., "before", to] => (rest, Time::ZERO, time(to)?),
            rest => (rest, Time::ZERO, Time::MAX),
        };
        let (words, node) = match words {
            [rest @ .., "on", node] => (rest, Some(*node)),
            rest => (rest, None),
        };
        if words.is_empty() {
            return Err("which fact?".into());
        }
        Ok(Pattern { words: words.to_vec(), node, from, to })
    }
}

fn time(text: &str) -> Result<Time, String> {
    command::parse_span(text).map(Time).ok_or_else(|| format!("'{text}' is no time"))
}

/// Does each named node know and keep what it did at `remember`?
fn unchanged(player: &Player, names: &[&str]) -> Result<(), String> {
    let memory = player.memory.as_ref().ok_or("nothing was remembered")?;
    for name in names {
        let slot = player.world.find(name).ok_or_else(|| format!("there is no '{name}'"))?;
        if memory.kept.get(&slot.id) != Some(&player.knowledge(slot.id)) {
            return Err(format!("{name} changed"));
        }
    }
    if names.is_empty() { Err("who?".into()) } else { Ok(()) }
}

/// Was every step since `remember` a timer of the node that took it, and did it change nobody else?
fn only_own_timers(player: &Player) -> Result<(), String> {
    let memory = player.memory.as_ref().ok_or("nothing was remembered")?;
    memory.foreign_step.clone().map_or(Ok(()), Err)
}
