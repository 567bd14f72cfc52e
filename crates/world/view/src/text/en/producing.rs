//! English: what a producer and its application do.

use port::BatchClosing;

use crate::text::{ProducingText, load_name, span_of, thousands};

pub(super) const PRODUCING: ProducingText = ProducingText {
    application: "The application",
    batches: "Batches",
    sends: "After send()",
    sends_on: "goes on at once (app.send=on)",
    waits: "waits for the answer (app.send=wait)",
    load_name: "What it sends",
    load: |load| {
        let data = load.data.map(|pack| format!("values like {}", load_name(pack)));
        let skew = load.skew.map(|share| format!("{share} of 100 records of its first key"));
        let ramp = load.ramp.map(|ramp| {
            format!("in {} records to one every {}", thousands(u64::from(ramp.records)), span_of(ramp.to.0))
        });
        [data, skew, ramp].into_iter().flatten().collect::<Vec<_>>().join("; ")
    },
    took: |(ended, of), took| match of {
        Some(of) if ended < of => format!("{} of {} in {}", thousands(ended), thousands(of), span_of(took.0)),
        Some(_) | None => format!("{} in {}", thousands(ended), span_of(took.0)),
    },
    answered: "Records answered",
    headers: "Headers of each record",
    compression: "Compression",
    packed: |packed, busy| {
        let ratio = packed.plain * 10 / packed.sent.max(1);
        let (plain, sent) = (thousands(packed.plain), thousands(packed.sent));
        format!("{plain} B became {sent} B ({}.{} : 1), {} of its processor", ratio / 10, ratio % 10, span_of(busy.0))
    },
    blocked_since: |since, by_now| format!("since {since}, {} by now", span_of(by_now.0)),
    blocked: |blocked| {
        let (longest, total) = (span_of(blocked.longest.0), span_of(blocked.total.0));
        format!("{} so far, the longest {longest}, together {total}", thousands(blocked.calls))
    },
    blocked_name: "send() blocked",
    open: |records, (size, of), until| {
        format!("open: {records} in {size} of {of} B ({} %), until {until} at the latest", size * 100 / of.max(1))
    },
    closed: |(records, size), why, at| format!("last: {records} in {size} B, {}, {at}", (PRODUCING.closing)(why)),
    closing: |why| match why {
        BatchClosing::Full => "full (batch.size)",
        BatchClosing::Linger => "its time was over (linger.ms)",
        BatchClosing::Along => "went along with another",
        BatchClosing::Exhausted => "buffer.memory was full",
        BatchClosing::Flush => "flushed at the end",
    },
    closings: "Closed so far",
    wait: |batches| format!("{batches} wait"),
    closed_by: |why| match why {
        BatchClosing::Full => "was full",
        BatchClosing::Linger => "linger.ms",
        BatchClosing::Along => "went along",
        BatchClosing::Exhausted => "no memory",
        BatchClosing::Flush => "flushed",
    },
    spoken: |row| {
        let open = row.open.map_or("none open".to_owned(), |open| {
            format!("{} open in {} of {} B", open.records, open.size, open.capacity)
        });
        format!("{open}, {} waiting, {} in flight", row.waiting, row.in_flight)
    },
    buffer: "buffer",
    card_blocked: |since| format!("buffer full since {since}"),
    card_took: |records, took| {
        format!("{} in {}", super::plural(records as usize, "record", "records"), span_of(took.0))
    },
};
