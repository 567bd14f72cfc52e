//! What a consumer's application is told, as words, and back: a verb and what follows the consumer's name in a line. A link
//! holds the same words.

use super::span::parse_span;
use crate::span_text;
use base::{Offset, Span, Str, Time, Timestamp, TopicPartition};
use port::{ConsumerCall, CrashAt, SeekTo};

/// The verbs.
pub(crate) const SEEK: &str = "seek";
pub(crate) const PAUSE: &str = "pause-partitions";
pub(crate) const RESUME: &str = "resume-partitions";
pub(crate) const COMMIT: &str = "commit";
pub(crate) const WORK: &str = "work";
pub(crate) const CRASH: &str = "crash";

/// Before an instant of the run, counted from its start.
const AT: &str = "at:";
const MILLIS: u64 = 1_000_000;

/// The verb, and the words behind the name.
pub(crate) fn write(call: &ConsumerCall) -> (&'static str, Vec<Str>) {
    let named = |partitions: &[TopicPartition]| partitions.iter().map(text).collect::<Vec<Str>>();
    match call {
        ConsumerCall::Seek { partitions, to } => {
            let to = match to {
                SeekTo::Begin => "begin".into(),
                SeekTo::End => "end".into(),
                SeekTo::Offset(offset) => text(offset),
                SeekTo::Time(at) => {
                    let millis = at.0.saturating_sub(sim::wall(Time::ZERO).0).max(0) as u64;
                    format!("{AT}{}", span_text(millis.saturating_mul(MILLIS))).into()
                }
            };
            (SEEK, [to].into_iter().chain(named(partitions)).collect())
        }
        ConsumerCall::Pause(partitions) => (PAUSE, named(partitions)),
        ConsumerCall::Resume(partitions) => (RESUME, named(partitions)),
        ConsumerCall::Commit { partition, offset } => (COMMIT, vec![text(partition), text(offset)]),
        ConsumerCall::Work(span) => (WORK, vec![span_text(span.0).into()]),
        ConsumerCall::Crash(CrashAt::BeforeCommit) => (CRASH, vec!["before-commit".into()]),
        ConsumerCall::Crash(CrashAt::AfterCommit) => (CRASH, vec!["after-commit".into()]),
        ConsumerCall::Crash(CrashAt::FailedWrite) => (CRASH, vec!["failed-write".into()]),
    }
}

/// As it is displayed.
fn text(value: &impl std::fmt::Display) -> Str {
    value.to_string().into()
}

/// What is wrong with the words, as `TextError` says it.
pub(crate) enum Wrong {
    Missing(&'static str),
    Bad(&'static str, Str),
}

/// Reads what [`write`] writes; `None` where the verb is none of these.
pub(crate) fn read(verb: &str, words: &[Str]) -> Option<Result<ConsumerCall, Wrong>> {
    Some(match verb {
        SEEK => seek(words),
        PAUSE => partitions(words).map(ConsumerCall::Pause),
        RESUME => partitions(words).map(ConsumerCall::Resume),
        COMMIT => commit(words),
        WORK => {
            one(words, "a time such as 100ms", |word| parse_span(word).map(|nanos| ConsumerCall::Work(Span(nanos))))
        }
        CRASH => one(words, "before-commit, after-commit or failed-write", |word| match word {
            "before-commit" => Some(ConsumerCall::Crash(CrashAt::BeforeCommit)),
            "after-commit" => Some(ConsumerCall::Crash(CrashAt::AfterCommit)),
            "failed-write" => Some(ConsumerCall::Crash(CrashAt::FailedWrite)),
            _neither => None,
        }),
        _another => return None,
    })
}

fn seek(words: &[Str]) -> Result<ConsumerCall, Wrong> {
    let what = "an offset, begin, end or a time such as at:30s";
    let (first, rest) = words.split_first().ok_or(Wrong::Missing(what))?;
    let to = match &**first {
        "begin" => Some(SeekTo::Begin),
        "end" => Some(SeekTo::End),
        other => match other.strip_prefix(AT) {
            Some(time) => parse_span(time).map(|nanos| SeekTo::Time(since(nanos))),
            None => other.parse().ok().map(|offset| SeekTo::Offset(Offset(offset))),
        },
    };
    let to = to.ok_or_else(|| Wrong::Bad(what, first.clone()))?;
    Ok(ConsumerCall::Seek { partitions: partitions(rest)?, to })
}

/// What wall clocks show so long after the start.
fn since(nanos: u64) -> Timestamp {
    sim::wall(Time(nanos))
}

fn commit(words: &[Str]) -> Result<ConsumerCall, Wrong> {
    let what = "a partition such as orders-0 and an offset";
    match words {
        [named, offset] => {
            let partition = partition(named)?;
            let offset = offset.parse().map_err(|_| Wrong::Bad("an offset", offset.clone()))?;
            Ok(ConsumerCall::Commit { partition, offset: Offset(offset) })
        }
        [_, _, other, ..] => Err(Wrong::Bad(what, other.clone())),
        [] | [_] => Err(Wrong::Missing(what)),
    }
}

/// A verb with one word.
fn one(
    words: &[Str],
    what: &'static str,
    read: impl FnOnce(&str) -> Option<ConsumerCall>,
) -> Result<ConsumerCall, Wrong> {
    match words {
        [word] => read(word).ok_or_else(|| Wrong::Bad(what, word.clone())),
        [_, other, ..] => Err(Wrong::Bad(what, other.clone())),
        [] => Err(Wrong::Missing(what)),
    }
}

fn partitions(words: &[Str]) -> Result<Vec<TopicPartition>, Wrong> {
    words.iter().map(partition).collect()
}

/// Topics may have dashes: the last one parts.
fn partition(word: &Str) -> Result<TopicPartition, Wrong> {
    let parts = word.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse::<u16>().ok()?)));
    let (topic, number) = parts.ok_or_else(|| Wrong::Bad("a partition such as orders-0", word.clone()))?;
    Ok(TopicPartition::new(topic, i32::from(number)))
}
