//! Does a claim hold now? What a subject is gives a few words; a claim holds when they begin with the words it names, so
//! `leader orders-0 is 2` and `leader orders-0 is 2 epoch 1` may both be true.

use crate::instead::{Instead, Kind, Unseen};
use crate::sight::{Seen, Sight};
use crate::{facts, subject};
use script::Claim;
use script::claim::{ClaimProblem, Holds, Pattern};

/// Facts of the kind that is missing, told instead.
const MOST_ALIKE: usize = 12;

/// Does the claim hold now?
///
/// # Errors
/// What is there instead.
pub fn check(sight: &Sight<'_>, claim: &Claim) -> Result<(), Instead> {
    match claim {
        Claim::Is { subject, expected, holds } => {
            let words: Vec<&str> = subject.iter().map(String::as_str).collect();
            let found = subject::value(sight, &words)?;
            match (holds, begins(&found, expected)) {
                (Holds::So, true) | (Holds::Not, false) => Ok(()),
                (Holds::So, false) | (Holds::Not, true) => Err(Instead::Reads {
                    subject: subject.join(" "),
                    found,
                    expected: expected.join(" "),
                    holds: *holds,
                }),
            }
        }
        Claim::Compares { subject, order, number } => {
            let words: Vec<&str> = subject.iter().map(String::as_str).collect();
            let found = subject::value(sight, &words)?;
            let read = found.split_whitespace().find_map(base::parse_double);
            match read.zip(base::parse_double(number)) {
                Some((read, claimed)) if order.holds(read, claimed) => Ok(()),
                Some(_) | None => Err(Instead::Reads {
                    subject: subject.join(" "),
                    found,
                    expected: format!("{} {number}", order.sign()),
                    holds: Holds::So,
                }),
            }
        }
        Claim::Fact { pattern, holds: Holds::So } => found(sight, pattern),
        Claim::Fact { pattern, holds: Holds::Not } => match occurrences(sight, pattern)?.first() {
            Some(line) => Err(Instead::Happened(line.clone())),
            None => Ok(()),
        },
        Claim::Printed { words, holds } => printed(sight, words, *holds),
        Claim::Logged { client, words, holds } => logged(sight, client, (words, *holds)),
        Claim::Unchanged(names) => unchanged(sight, names),
        Claim::OnlyOwnTimers => only_own_timers(sight),
        Claim::Remember => Ok(()),
    }
}

/// Are these words in a row in a line that the tool has printed?
fn printed(sight: &Sight<'_>, words: &[String], holds: Holds) -> Result<(), Instead> {
    let lines = sight.typed.ok_or(Unseen::NothingTyped)?.printed(sight).plain();
    if has(&lines, words) == (holds == Holds::So) {
        return Ok(());
    }
    Err(Instead::Printed { lines: lines.into_iter().take(MOST_ALIKE).collect(), holds })
}

/// Are they in a line that the client has logged? If not, the newest of another kind than INFO are named, or else any.
fn logged(sight: &Sight<'_>, client: &str, (words, holds): (&[String], Holds)) -> Result<(), Instead> {
    let slot = subject::slot(sight, client)?;
    let logs = script::logged::Logs::of(slot).ok_or_else(|| subject::not_a(client, Kind::Client))?;
    let lines: Vec<String> = logs.lines().flat_map(|line| logs.print(line)).collect();
    if has(&lines, words) == (holds == Holds::So) {
        return Ok(());
    }
    let (plain, grave): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.starts_with("INFO"));
    let told = grave.into_iter().rev().chain(plain.into_iter().rev());
    Err(Instead::Printed { lines: told.take(MOST_ALIKE).collect(), holds })
}

/// Does one of the lines have these words in a row?
fn has(lines: &[String], words: &[String]) -> bool {
    let in_a_row = |line: &String| {
        let line: Vec<&str> = line.split_whitespace().collect();
        line.windows(words.len()).any(|part| part == words)
    };
    lines.iter().any(in_a_row)
}

/// Is there such a fact? If not, the nearest ones are named.
fn found(sight: &Sight<'_>, pattern: &Pattern) -> Result<(), Instead> {
    if !occurrences(sight, pattern)?.is_empty() {
        return Ok(());
    }
    let alike =
        facts(sight)?.iter().filter(|(_, _, fact)| Some(fact.kind()) == pattern.words.first().map(String::as_str));
    let alike: Vec<String> = alike
        .map(|(at, process, fact)| format!("{at} {} {}", sight.name(*process), facts::text(sight, *process, fact)))
        .collect();
    Err(Instead::Missing { alike: alike.into_iter().rev().take(MOST_ALIKE).collect() })
}

/// The facts so far that a pattern fits.
fn occurrences(sight: &Sight<'_>, pattern: &Pattern) -> Result<Vec<String>, Unseen> {
    if let Some(node) = pattern.node.as_ref().filter(|node| sight.world.find(node).is_none()) {
        return Err(Unseen::Nobody(node.clone()));
    }
    let cluster = match &pattern.cluster {
        Some(name) => Some(sight.named(name)?),
        None => sight.cluster,
    };
    let fitting = facts(sight)?.iter().filter(|(at, process, fact)| {
        (pattern.from..=pattern.to).contains(at)
            && cluster.is_none_or(|cluster| sight.world.cluster_of(*process) == cluster)
            && pattern.node.as_ref().is_none_or(|node| sight.name(*process) == *node)
            && pattern.words.first().is_some_and(|kind| fact.kind() == kind)
            && begins(&facts::text(sight, *process, fact), &pattern.words)
    });
    Ok(fitting
        .map(|(at, process, fact)| format!("{at} {} {}", sight.name(*process), facts::text(sight, *process, fact)))
        .collect())
}

/// Words are compared from the front: a claim may leave out what does not matter to it.
fn begins(text: &str, words: &[String]) -> bool {
    let mut found = text.split_whitespace();
    words.iter().all(|word| found.next() == Some(word))
}

/// Where facts are not kept, nothing can be claimed about them.
fn facts<'a>(sight: &Sight<'a>) -> Result<&'a [Seen], Unseen> {
    sight.facts.ok_or(Unseen::NotKept)
}

/// How often a pattern fits.
pub fn count(sight: &Sight<'_>, words: &[&str]) -> Result<usize, Unseen> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let pattern = Pattern::read(&words).map_err(Unseen::Claim)?;
    occurrences(sight, &pattern).map(|lines| lines.len())
}

/// Does each named node know and keep what it did at `remember`?
fn unchanged(sight: &Sight<'_>, names: &[String]) -> Result<(), Instead> {
    let memory = sight.memory.ok_or(Unseen::NothingRemembered)?;
    for name in names {
        let slot = sight.world.find(name).ok_or_else(|| Unseen::Nobody(name.clone()))?;
        if memory.kept.get(&slot.id) != Some(&sight.knowledge(slot.id)) {
            return Err(Instead::Changed(name.clone()));
        }
    }
    match names {
        [] => Err(Unseen::Claim(ClaimProblem::Unfinished("unchanged".to_owned())).into()),
        [_, ..] => Ok(()),
    }
}

/// Was every step since `remember` a timer of the node that took it, and did it change nobody else?
fn only_own_timers(sight: &Sight<'_>) -> Result<(), Instead> {
    let memory = sight.memory.ok_or(Unseen::NothingRemembered)?;
    memory.foreign_step.clone().map_or(Ok(()), |step| Err(Instead::Step(step)))
}
