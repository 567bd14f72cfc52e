//! The program around a consumer: when it commits, what it has in its hands, and what its store outside Kafka holds.

use base::Span;
use client::Consumer;
use client::consumer::{Commits, Mode, Program};
use port::{ConsumerCall, CrashAt, SeekTo, Written};
use sim::{Sink, Slot, WorldCommand};

use super::{Look, property, section, toned};
use crate::text::{AppText, span_of};
use crate::{CallView, PropertyView, SectionView, StoreActView, Tone};

/// Rows of a store that are shown.
const ROWS: usize = 12;
/// What a press makes a store take for a row, and at most after several; lines say more.
const SOME_TIME: u64 = 500_000_000;
const MOST_TIME: u64 = 600_000_000_000;

/// What the program is set to do, and what it is told to.
pub(super) fn of_program(look: &Look<'_>, consumer: &Consumer) -> Vec<PropertyView> {
    let (words, program) = (&look.text.app, consumer.program());
    let policy = program.policy();
    let mut rows = Vec::new();
    if policy.commits != Commits::Auto {
        rows.push(property(words.commits, commits(words, program)));
    }
    let work = consumer.setup().processing_time;
    if work > Span::ZERO {
        rows.push(property(words.work, span_of(work.0)));
    }
    if program.work().len() > 0 {
        rows.push(property(words.in_hand, program.work().len()));
    }
    if let Some(sink) = &policy.sink
        && let Some(then) = *sink.on_error
    {
        rows.push(property(words.on_error, (words.on_error_does)(then)));
    }
    if let Some(at) = program.crash() {
        rows.push(toned(words.crash, (words.crash_at)(at), Tone::Warning));
    }
    rows
}

fn commits(words: &AppText, program: &Program) -> String {
    let policy = program.policy();
    match policy.commits {
        Commits::Auto | Commits::Never => (words.commit_policy)(policy.commits).to_owned(),
        Commits::Before | Commits::After => {
            let call = if policy.mode == Mode::Sync { "commitSync" } else { "commitAsync" };
            format!("{} ({call})", (words.commit_policy)(policy.commits))
        }
        Commits::Every(count) => (words.every)(count),
    }
}

/// What a running one can be told by a press; lines say more.
pub(super) fn calls(look: &Look<'_>, slot: &Slot) -> Vec<CallView> {
    let running = slot.process.as_ref().filter(|_| slot.liveness.is_up());
    // There is nobody to be told.
    let Some(consumer) = running.and_then(process::Process::consumer) else { return Vec::new() };
    let seek = |to| ConsumerCall::Seek { partitions: Vec::new(), to };
    let pause = match consumer.program().paused().is_empty() {
        true => ConsumerCall::Pause(Vec::new()),
        false => ConsumerCall::Resume(Vec::new()),
    };
    let work = consumer.setup().processing_time.0;
    let works = match work {
        0 => vec![100_000_000],
        work => vec![work.saturating_mul(2), work / 2],
    };
    let calls = [seek(SeekTo::Begin), seek(SeekTo::End), pause].into_iter();
    let calls = calls.chain(works.into_iter().map(|work| ConsumerCall::Work(Span(work))));
    let crashes = [CrashAt::BeforeCommit, CrashAt::AfterCommit].map(ConsumerCall::Crash);
    calls.chain(crashes).map(|call| CallView { label: (look.text.app.call)(&call), call }).collect()
}

/// What can be done to the store that it writes to.
pub(super) fn store_acts(look: &Look<'_>, slot: &Slot) -> Vec<StoreActView> {
    let sink = slot.process.as_ref().and_then(process::Process::consumer);
    let Some(sink) = sink.and_then(|consumer| consumer.program().policy().sink.as_ref()) else { return Vec::new() };
    let condition = look.world.store_condition(&sink.name);
    let store = || sink.name.clone();
    let order = match condition.is_down {
        true => WorldCommand::HealStore { store: store() },
        false => WorldCommand::FailStore { store: store() },
    };
    let slow = |time| WorldCommand::SlowStore { store: store(), time };
    let pace = match condition.time {
        Span::ZERO => vec![slow(SOME_TIME)],
        Span(time) => vec![slow(time.saturating_mul(2).min(MOST_TIME)), slow(0)],
    };
    let acts = [order].into_iter().chain(pace);
    acts.map(|command| StoreActView { label: (look.text.app.store_act)(&command), command }).collect()
}

/// What a store has, what it lacks, and its newest rows.
pub(super) fn store(look: &Look<'_>, consumer: &Consumer) -> Option<SectionView> {
    let name = &consumer.program().policy().sink.as_ref()?.name;
    let words = &look.text.app;
    let sink = look.world.sink(name);
    let done = look.account.ledger.map(|ledger| check::done(look.cluster, ledger, name, sink)).unwrap_or_default();
    let tone = |count| if count > 0 { Tone::Bad } else { Tone::Plain };
    let mut rows = vec![
        property(words.rows, done.rows),
        toned(words.twice, done.twice, tone(done.twice)),
        toned(words.never, done.never, tone(done.never)),
    ];
    if done.same > 0 {
        rows.push(property(words.same, done.same));
    }
    if done.failed > 0 {
        rows.push(property(words.failed_writes, done.failed));
    }
    let condition = look.world.store_condition(name);
    let stands = (words.store_stands)(condition, 0);
    if !stands.is_empty() {
        rows.push(toned(words.stands, stands, if condition.is_down { Tone::Bad } else { Tone::Warning }));
    }
    rows.extend(sink.into_iter().flat_map(|sink| newest(words, sink)));
    section(&(words.store)(name), rows)
}

fn newest(words: &AppText, sink: &Sink) -> impl Iterator<Item = PropertyView> {
    sink.newest().rev().take(ROWS).map(|kept| {
        let bytes = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).into_owned();
        let key = kept.row.key.as_deref().map(bytes).unwrap_or_default();
        let value = kept.row.value.as_ref().map(|value| bytes(&value.plain())).unwrap_or_default();
        let gap = if key.is_empty() || value.is_empty() { "" } else { ": " };
        let text = format!("{key}{gap}{value} · {}", (words.written)(kept.how));
        let tone = match kept.how {
            Written::New | Written::Same => Tone::Plain,
            Written::Again | Written::Refused => Tone::Bad,
        };
        toned(&format!("{}@{}", kept.row.partition, kept.row.offset), text, tone)
    })
}
