//! Does a claim hold now? What a subject is gives a few words; a claim holds when they begin with the words it names, so
//! `leader orders-0 is 2` and `leader orders-0 is 2 epoch 1` may both be true.

use crate::sight::{Seen, Sight};
use crate::{facts, subject};
use script::Claim;
use script::claim::{Holds, Pattern};

/// Does the claim hold now?
///
/// # Errors
/// What is there instead.
pub fn check(sight: &Sight<'_>, claim: &Claim) -> Result<(), String> {
    match claim {
        Claim::Is { subject, expected, holds } => {
            let words: Vec<&str> = subject.iter().map(String::as_str).collect();
            compare((subject.join(" "), expected), *holds, &subject::value(sight, &words)?)
        }
        Claim::Fact { pattern, holds: Holds::So } => found(sight, pattern),
        Claim::Fact { pattern, holds: Holds::Not } => match occurrences(sight, pattern)?.first() {
            Some(line) => Err(format!("there is one: {line}")),
            None => Ok(()),
        },
        Claim::Unchanged(names) => unchanged(sight, names),
        Claim::OnlyOwnTimers => only_own_timers(sight),
        Claim::Remember => Ok(()),
    }
}

fn compare((subject, expected): (String, &[String]), holds: Holds, actual: &str) -> Result<(), String> {
    let begins = actual.split_whitespace().map(str::to_owned).collect::<Vec<_>>().starts_with(expected);
    let not = match (holds, begins) {
        (Holds::So, true) | (Holds::Not, false) => return Ok(()),
        (Holds::So, false) => "",
        (Holds::Not, true) => "not ",
    };
    Err(format!("{subject} is '{actual}' (looked for {not}'{}')", expected.join(" ")))
}

fn found(sight: &Sight<'_>, pattern: &Pattern) -> Result<(), String> {
    if !occurrences(sight, pattern)?.is_empty() {
        return Ok(());
    }
    let alike =
        facts(sight)?.iter().filter(|(_, _, fact)| Some(fact.kind()) == pattern.words.first().map(String::as_str));
    let alike: Vec<String> = alike
        .map(|(at, process, fact)| format!("\n      {at} {} {}", sight.name(*process), facts::text(sight, fact)))
        .collect();
    Err(format!("it did not happen; of this kind:{}", alike.into_iter().rev().take(12).collect::<String>()))
}

/// The facts so far that a pattern fits.
fn occurrences(sight: &Sight<'_>, pattern: &Pattern) -> Result<Vec<String>, String> {
    if let Some(node) = pattern.node.as_ref().filter(|node| sight.world.find(node).is_none()) {
        return Err(format!("there is no '{node}'"));
    }
    let fitting = facts(sight)?.iter().filter(|(at, process, fact)| {
        (pattern.from..=pattern.to).contains(at)
            && pattern.node.as_ref().is_none_or(|node| sight.name(*process) == *node)
            && pattern.words.first().is_some_and(|kind| fact.kind() == kind)
            && begins(&facts::text(sight, fact), &pattern.words)
    });
    Ok(fitting
        .map(|(at, process, fact)| format!("{at} {} {}", sight.name(*process), facts::text(sight, fact)))
        .collect())
}

fn begins(text: &str, words: &[String]) -> bool {
    let mut found = text.split_whitespace();
    words.iter().all(|word| found.next() == Some(word))
}

fn facts<'a>(sight: &Sight<'a>) -> Result<&'a [Seen], String> {
    sight.facts.ok_or_else(|| "what happened before was not kept".to_owned())
}

/// How often a pattern fits.
pub fn count(sight: &Sight<'_>, words: &[&str]) -> Result<usize, String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let pattern = Pattern::read(&words).map_err(|problem| problem.to_string())?;
    occurrences(sight, &pattern).map(|lines| lines.len())
}

/// Does each named node know and keep what it did at `remember`?
fn unchanged(sight: &Sight<'_>, names: &[String]) -> Result<(), String> {
    let memory = sight.memory.ok_or("nothing was remembered")?;
    for name in names {
        let slot = sight.world.find(name).ok_or_else(|| format!("there is no '{name}'"))?;
        if memory.kept.get(&slot.id) != Some(&sight.knowledge(slot.id)) {
            return Err(format!("{name} changed"));
        }
    }
    if names.is_empty() { Err("who?".into()) } else { Ok(()) }
}

/// Was every step since `remember` a timer of the node that took it, and did it change nobody else?
fn only_own_timers(sight: &Sight<'_>) -> Result<(), String> {
    let memory = sight.memory.ok_or("nothing was remembered")?;
    memory.foreign_step.clone().map_or(Ok(()), Err)
}
