//! What clients have asked for, what waits at a broker, and in which order readers were given records.

use crate::instead::{Kind, Unseen};
use crate::sight::Sight;
use crate::subject::not_a;
use api::ApiKey;
use base::Span;
use broker::{Broker, FetchSession};
use check::{Arrivals, Pushed};
use client::network::Tally;
use port::{Fact, KafkaFact};
use script::claim::ClaimProblem;
use sim::Slot;

/// How many requests of a kind a client has sent since it was started.
pub(crate) fn requests(slot: &Slot, kind: &str) -> Result<String, Unseen> {
    let key = ApiKey::ALL.iter().find(|key| key.row().name == kind);
    let key = key.ok_or_else(|| Unseen::Claim(ClaimProblem::NoSubject(kind.to_owned())))?;
    tally(slot).map(|tally| tally.of(*key).to_string())
}

/// How many of its fetches came back without a record.
pub(crate) fn empty_fetches(slot: &Slot) -> Result<String, Unseen> {
    tally(slot).map(|tally| tally.empty_fetches().to_string())
}

/// Consumers' fetches that wait at a broker.
pub(crate) fn parked(broker: &Broker) -> usize {
    let waits = |session: &FetchSession| session.replica.is_none() && session.parked.is_some();
    broker.fetches().iter().filter(|(_, session)| waits(session)).count()
}

/// How many records a reader was given after a later one of the same producer.
pub(crate) fn inversions(sight: &Sight<'_>, slot: &Slot) -> Result<String, Unseen> {
    let mut arrivals = Arrivals::default();
    for (at, process, fact) in sight.facts.ok_or(Unseen::NotKept)? {
        if *process == slot.id && Arrivals::concerns(fact) {
            arrivals.note((*at, *process), fact);
        }
    }
    Ok(arrivals.of(slot.id).map_or(0, |strip| strip.inversions()).to_string())
}

/// The stretch of which the sketch of a pushing broker is reckoned.
const LATELY: Span = Span::from_secs(2);

/// How busy the reader would be if the broker pushed what is written now, and how many records a second it could not take.
pub(crate) fn pushed(sight: &Sight<'_>, name: &str, slot: &Slot) -> Result<String, Unseen> {
    let consumer = slot.process.as_ref().and_then(process::Process::consumer);
    let consumer = consumer.ok_or_else(|| not_a(name, Kind::Consumer))?;
    let now = sight.world.now();
    let written = sight.facts.ok_or(Unseen::NotKept)?.iter().rev().take_while(|(at, ..)| now.since(*at) <= LATELY);
    let own = written.filter_map(|(_, _, fact)| match fact {
        Fact::Kafka(KafkaFact::Appended { partition, base, last, records: Some(_), .. }) => {
            let is_own = consumer.assignment().any(|own| own == partition);
            is_own.then_some((last.0 - base.0 + 1).max(0).unsigned_abs())
        }
        _another => None,
    });
    let pushed = Pushed::of(own.sum::<u64>() * 500, consumer.setup().processing_time);
    Ok(format!("busy {}% over {}", pushed.busy() / 10, pushed.over() / 1_000))
}

fn tally(slot: &Slot) -> Result<&Tally, Unseen> {
    let process = slot.process.as_ref().ok_or_else(|| not_a(&slot.name, Kind::Client))?;
    let producer = process.producer().map(|producer| producer.network().tally());
    let consumer = process.consumer().map(|consumer| consumer.network().tally());
    producer.or(consumer).ok_or_else(|| not_a(&slot.name, Kind::Client))
}
