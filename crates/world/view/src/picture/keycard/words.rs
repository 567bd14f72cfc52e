//! A key's card in words.

use base::{BrokerId, ProcessId, TopicPartition};

use super::super::Look;
use super::super::cluster::Cluster;
use crate::{Chooser, CopyState, KeyCardView, KeyFacts, PropertyView, ReadState, RecordFacts, StatusLine, Tone};

/// Letters of a key that are shown; the rest is a matter for the inspector.
const KEY: usize = 28;

/// The card of what was found.
pub(super) fn told(look: &Look<'_>, cluster: &Cluster<'_>, facts: KeyFacts) -> KeyCardView {
    let words = &look.text.key_card;
    let title = facts.key.as_deref().map_or(words.no_key.to_owned(), shown);
    let count = (words.count)(facts.here, facts.on_its_way);
    let (formula, sentences) = (formula(&facts.chooser, &title), sentences(look, &facts));
    let rows = facts.record.as_ref().map(|record| rows(look, record)).unwrap_or_default();
    let lines = facts.record.as_ref().map(|record| lines(look, cluster, record)).unwrap_or_default();
    let place = facts.record.as_ref().map(|record| (look.text.stage.offset)(record.offset.0));
    let named = facts.record.as_ref().map(|record| record.partition.to_string());
    let head = [title.clone(), count.clone()].into_iter().chain(named).chain(place).collect::<Vec<_>>().join(", ");
    let said = sentences.iter().cloned().chain(lines.iter().map(|line| line.text.clone()));
    let label = std::iter::once(head).chain(formula.iter().cloned()).chain(said).collect::<Vec<_>>().join(" · ");
    let glyph = look.glyph_of(facts.key.as_deref());
    KeyCardView { glyph, title, count, formula, sentences, rows, lines, label, facts }
}

/// A key as people read it, made short.
pub(super) fn shown(key: &[u8]) -> String {
    let whole = String::from_utf8_lossy(key);
    let mut short: String = whole.chars().take(KEY).collect();
    if short.len() < whole.len() {
        short.push('…');
    }
    short
}

pub(super) fn formula(chooser: &Chooser, key: &str) -> Vec<String> {
    match chooser {
        Chooser::Key(hash) => hash.lines(key).into(),
        Chooser::JavaHash(hash) => hash.lines(key).into(),
        Chooser::Sum(sum) => sum.lines(key).into(),
        Chooser::Table(entry) => entry.lines().into(),
        Chooser::Ignored { .. }
        | Chooser::Anywhere { .. }
        | Chooser::Turns { .. }
        | Chooser::PerBatch { .. }
        | Chooser::Sticky { .. }
        | Chooser::Keyless
        | Chooser::Unknown => Vec::new(),
    }
}

fn sentences(look: &Look<'_>, facts: &KeyFacts) -> Vec<String> {
    let words = &look.text.key_card;
    let names = |producer: ProcessId| look.world.slot(producer).map_or("", |slot| &*slot.name);
    let Chooser::Key(hash) = &facts.chooser else {
        return vec![chosen(&facts.chooser, &facts.topic, (look.text, &names))];
    };
    let goes = TopicPartition::new(facts.topic.clone(), hash.partition);
    let elsewhere = facts.record.as_ref().filter(|record| record.partition != goes);
    let bound_elsewhere = facts.bound_for.as_ref().filter(|partition| **partition != goes);
    let mut said = vec![(words.goes_to)(&goes.to_string())];
    said.extend(elsewhere.map(|record| (words.lies_elsewhere)(&record.partition.to_string())));
    said.extend(bound_elsewhere.map(|partition| (words.bound_elsewhere)(&partition.to_string())));
    said
}

/// How the partition is chosen where no hash does.
pub(super) fn chosen<'a>(
    chooser: &Chooser,
    topic: &str,
    (text, name): (&crate::text::Text, &dyn Fn(ProcessId) -> &'a str),
) -> String {
    let words = &text.key_card;
    let now = |current: Option<i32>| current.map(|current| TopicPartition::new(topic, current).to_string());
    match chooser {
        Chooser::Ignored { producer, current } => (words.ignored)(name(*producer), now(*current).as_deref()),
        Chooser::Table(entry) => (words.table)(now(entry.place()).as_deref()),
        Chooser::Sticky { producer, batch_size, current } => {
            (words.sticky)(name(*producer), *batch_size, now(*current).as_deref())
        }
        Chooser::JavaHash(hash) => (words.java_hash)(now(hash.place()).as_deref()),
        Chooser::Sum(sum) => (words.other_sum)(sum.name, &TopicPartition::new(topic, sum.partition).to_string()),
        Chooser::Anywhere { producer } => (words.anywhere)(name(*producer)),
        Chooser::Turns { producer, next } => (words.turns)(name(*producer), now(*next).as_deref()),
        Chooser::PerBatch { producer, current } => (words.per_batch)(name(*producer), now(*current).as_deref()),
        Chooser::Keyless => words.keyless.to_owned(),
        Chooser::Key(_) | Chooser::Unknown => (words.unknown)(topic),
    }
}

fn row(name: &str, value: String) -> PropertyView {
    PropertyView { name: name.to_owned(), value, tone: Tone::Plain, share: None }
}

fn rows(look: &Look<'_>, record: &RecordFacts) -> Vec<PropertyView> {
    let (words, names) = (&look.text.key_card, &look.text.inspect);
    vec![
        row(words.partition, record.partition.to_string()),
        row(names.offset, record.offset.to_string()),
        row(names.leader_epoch, record.epoch.to_string()),
        row(names.timestamp, record.timestamp.to_string()),
        row(words.size, (words.sizes)(record.sizes)),
    ]
}

fn lines(look: &Look<'_>, cluster: &Cluster<'_>, record: &RecordFacts) -> Vec<StatusLine> {
    let words = &look.text.key_card;
    let line = |text: String, tone: Tone| StatusLine { text, tone, strong: false };
    let in_state = |state: CopyState| -> Vec<String> {
        let these = record.copies.iter().filter(|(_, own)| *own == state);
        these.map(|(broker, _): &(BrokerId, CopyState)| broker.to_string()).collect()
    };
    let states = [
        (CopyState::Committed, Tone::Good),
        (CopyState::AboveMark, Tone::Warning),
        (CopyState::OnDisk, Tone::Quiet),
        (CopyState::Unopened, Tone::Quiet),
        (CopyState::Missing, Tone::Warning),
        (CopyState::Another, Tone::Bad),
    ];
    let copies = states.into_iter().map(|(state, tone)| (state, in_state(state), tone));
    let copies = copies.filter(|(_, brokers, _)| !brokers.is_empty());
    let copies = copies.map(|(state, brokers, tone)| line((words.copies)(state, &brokers.join(", ")), tone));
    let readers = record.readers.iter().map(|(group, state)| match *state {
        ReadState::By(member) => line((words.read_by)(group, cluster.name(member)), Tone::Good),
        ReadState::Past => line((words.read_past)(group), Tone::Good),
        ReadState::Before(count) => line((words.read_later)(group, count), Tone::Plain),
        ReadState::Unknown => line((words.read_unknown)(group), Tone::Quiet),
    });
    copies.chain(readers).collect()
}
