//! What a producer's application does and how its batches fill and close, read from the producer itself.

use client::Producer;
use port::{BatchClosing, Work};
use records::Compression;
use sim::time_of_work;

use super::clients::NAMED;
use super::{Look, property, section, toned};
use crate::{PropertyView, SectionView, Tone};

/// The sections behind what the client counts by itself.
pub(super) fn sections(look: &Look<'_>, producer: &Producer) -> Vec<SectionView> {
    let words = &look.text.producing;
    let parts =
        [section(words.application, application(look, producer)), section(words.batches, batches(look, producer))];
    parts.into_iter().flatten().collect()
}

/// How it sends, how long that took, and what held it up.
fn application(look: &Look<'_>, producer: &Producer) -> Vec<PropertyView> {
    let (words, course) = (&look.text.producing, producer.course());
    let mut rows = Vec::new();
    if let Some(sending) = producer.workload().application().sending {
        let waits = sending == config::Sending::Waiting;
        rows.push(property(words.sends, if waits { words.waits } else { words.sends_on }));
    }
    let load = &producer.workload().application().load;
    if *load != config::application::Load::default() {
        rows.push(property(words.load_name, (words.load)(load)));
    }
    rows.extend(course.took().map(|took| {
        let ended = course.acked + course.failed;
        property(words.answered, (words.took)((ended, producer.workload().limit()), took))
    }));
    if let Some(since) = producer.blocked_since() {
        let told = (words.blocked_since)(since, look.world.now().since(since));
        rows.push(toned(words.blocked_name, told, Tone::Warning));
    }
    if course.blocked.calls > 0 {
        rows.push(property(words.blocked_name, (words.blocked)(course.blocked)));
    }
    let headers = &producer.workload().application().headers;
    if !headers.is_empty() {
        rows.push(property(words.headers, config::application::spelled(headers)));
    }
    rows
}

/// Each partition's open batch and its last closed one, then all that have closed, and what compressing them did.
fn batches(look: &Look<'_>, producer: &Producer) -> Vec<PropertyView> {
    let (words, course) = (&look.text.producing, producer.course());
    let linger = producer.config().linger;
    let mut rows = Vec::new();
    for (partition, queue) in
        producer.queues().filter(|(_, queue)| queue.closed().is_some() || queue.open_batch().is_some()).take(NAMED)
    {
        if let Some(open) = queue.open_batch() {
            let told = (words.open)(open.record_count(), (open.size(), open.capacity), open.created + linger);
            let share = u64::from(open.size()) * 100 / u64::from(open.capacity.max(1));
            rows.push(PropertyView { share: Some(share.min(100) as u8), ..property(&partition.to_string(), told) });
        }
        if let Some(closed) = queue.closed() {
            let told = (words.closed)((closed.records, closed.size), closed.why, closed.at);
            rows.push(property(&partition.to_string(), told));
        }
    }
    let counted = BatchClosing::ALL.into_iter().filter(|why| course.closed(*why) > 0);
    let counted: Vec<String> = counted.map(|why| format!("{} {}", course.closed(why), why.word())).collect();
    if !counted.is_empty() {
        rows.push(property(words.closings, counted.join(", ")));
    }
    if producer.compression() != Compression::None && course.packed.sent > 0 {
        let busy = time_of_work(Work::Compress(producer.compression()), course.packed.plain);
        let told = format!("{}: {}", producer.compression().name(), (words.packed)(course.packed, busy));
        rows.push(property(words.compression, told));
    }
    rows
}
