//! Producers and consumers, as they know themselves.

use client::network::Tally;
use client::{Consumer, Producer};
use sim::Slot;

use super::{Look, NONE, logged, producers, program, property, section, toned};
use crate::{PropertyView, SectionView, Tone};

/// Partitions that a producer's or consumer's list names.
pub(super) const NAMED: usize = 24;

/// A producer's state.
pub(super) fn of_producer(look: &Look<'_>, slot: &Slot) -> Vec<SectionView> {
    // It was never started: there is nothing to inspect.
    let Some(producer) = slot.process.as_ref().and_then(process::Process::producer) else { return Vec::new() };
    let words = &look.text.inspect;
    let title = if slot.liveness.is_up() { words.as_client_sees } else { words.as_client_saw };
    let counts = producer.counts();
    let mut rows = vec![
        property(words.idempotence, (look.text.states.idempotence)(producer.idempotence())),
        property(words.sent_acked_failed, (words.producer_counts)(&counts)),
        property(words.buffered, (words.bytes_of)(producer.buffered(), producer.config().buffer_memory.max(0) as u64)),
        property(words.blocked, producer.blocked_calls()),
        property(words.last_error, producer.last_error().map_or(NONE, base::ErrorCode::name)),
        property(words.metadata_of, metadata(look, producer)),
    ];
    rows.push(requests(look, producer.network().tally()));
    for (partition, queue) in producer.queues().take(NAMED) {
        let (waiting, in_flight) = queue.record_counts();
        if waiting + in_flight > 0 {
            rows.push(property(&partition.to_string(), (words.waiting_in_flight)(waiting, in_flight)));
        }
    }
    let parts = section(title, rows).into_iter().chain(producers::sections(look, producer));
    parts.chain(logged::section(look, slot)).collect()
}

/// Requests since it was started, by kind, the commonest first.
fn requests(look: &Look<'_>, tally: &Tally) -> PropertyView {
    let mut counts: Vec<_> = tally.sent().collect();
    base::sort_by(&mut counts, |(one, many), (other, more)| more.cmp(many).then(one.cmp(other)));
    let told = |(key, count): &(api::ApiKey, u64)| match (key, tally.empty_fetches()) {
        (api::ApiKey::Fetch, empty) if empty > 0 => (look.text.inspect.fetches)(*count, empty),
        (key, _) => format!("{} {count}", key.row().name),
    };
    let told: Vec<String> = counts.iter().map(told).collect();
    property(look.text.inspect.requests, if told.is_empty() { NONE.to_owned() } else { told.join(", ") })
}

/// When the client heard of leaders last.
fn metadata(look: &Look<'_>, producer: &Producer) -> String {
    let last = producer.network().refresh().last_success();
    last.map_or_else(|| look.text.inspect.never.to_owned(), |at| at.to_string())
}

/// A consumer's state.
pub(super) fn of_consumer(look: &Look<'_>, slot: &Slot) -> Vec<SectionView> {
    // It was never started: there is nothing to inspect.
    let Some(consumer) = slot.process.as_ref().and_then(process::Process::consumer) else { return Vec::new() };
    let words = &look.text.inspect;
    let title = if slot.liveness.is_up() { words.as_client_sees } else { words.as_client_saw };
    let parts = [
        section(title, membership(look, consumer)),
        section(words.reads, positions(look, consumer)),
        program::store(look, consumer),
        logged::section(look, slot),
    ];
    parts.into_iter().flatten().collect()
}

/// As the member believes; its coordinator may have moved on.
fn membership(look: &Look<'_>, consumer: &Consumer) -> Vec<PropertyView> {
    let words = &look.text.inspect;
    let membership = consumer.membership();
    let member = if membership.member_id.is_empty() { NONE } else { &membership.member_id };
    let mut rows = vec![
        property("group.id", &consumer.setup().group),
        property(words.phase, (look.text.states.phase)(membership.phase)),
        property(words.application, (look.text.states.application)(consumer.application())),
        property(
            words.generation,
            if membership.generation < 0 { NONE.to_owned() } else { membership.generation.to_string() },
        ),
        property(words.member_id, member),
        property(words.coordinator, membership.coordinator.map_or(NONE.to_owned(), |id| id.to_string())),
        property(words.delivered, consumer.delivered_count()),
    ];
    rows.push(requests(look, consumer.network().tally()));
    rows.extend(program::of_program(look, consumer));
    rows.extend(consumer.failure().map(|failure| toned(words.last_error, &failure.message, Tone::Bad)));
    rows
}

/// Position, committed, end and lag, which are four things: what it would read next, what its group goes on with, where the
/// log ends for readers as it heard last, and what is left from the first and from the second.
fn positions(look: &Look<'_>, consumer: &Consumer) -> Vec<PropertyView> {
    let words = &look.text.app;
    let row = |(partition, state): (&base::TopicPartition, &client::consumer::PartitionState)| {
        let place = (look.text.states.position)(state.position);
        let committed = state.committed.map_or(NONE.to_owned(), |offset| offset.to_string());
        let known = state.high_watermark.zip(state.lag());
        // As `kafka-consumer-groups.sh` has it: none where nothing is committed.
        let lag = state.committed.zip(state.high_watermark).map(|(from, end)| end.since(from).max(0).to_string());
        let lag = lag.as_deref().unwrap_or(NONE);
        let mut text = (words.reads)(&place, &committed, known.map(|(end, ahead)| (end.0, ahead, lag)));
        if consumer.program().paused().contains(partition) {
            text = [words.paused, &text].join(" · ");
        }
        property(&partition.to_string(), text)
    };
    consumer.partitions().take(NAMED).map(row).collect()
}
