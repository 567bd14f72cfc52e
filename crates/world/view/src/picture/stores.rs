//! Stores on the stage: which there are follows from how programs were set up, what they have from the stores themselves
//! and from what the ledger saw handed out.

use base::{FlatMap, FlatSet, GroupId, ProcessId, Str};
use client::consumer::Application;
use port::{KafkaSetup, ProcessConfig};
use sim::Slot;

use super::Look;
use crate::StoreView;

/// The setting by which a program says where it writes.
const SINK: &str = "app.sink";

/// Who writes into one store.
type Writers<'a> = Vec<(&'a Slot, &'a GroupId)>;

/// Stores that programs are set to write to, by name.
fn named<'a>(look: &Look<'a>) -> FlatMap<Str, Writers<'a>> {
    let mut stores: FlatMap<Str, Writers<'a>> = FlatMap::new();
    for slot in look.slots() {
        if let ProcessConfig::Kafka(KafkaSetup::Consumer(client, setup)) = &slot.config
            && let Some(name) = client.overrides.get(SINK)
        {
            stores.entry(name.trim().into()).or_default().push((slot, &setup.group));
        }
    }
    stores
}

/// Stores that programs of the world are set to write to, by name.
pub fn store_names(world: &sim::World) -> Vec<String> {
    let named = |slot: &Slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Consumer(client, _)) => {
            client.overrides.get(SINK).map(|name| name.trim().into())
        }
        ProcessConfig::Kafka(_) | ProcessConfig::Other(_) => None,
    };
    world.slots().filter_map(named).collect::<FlatSet<String>>().into_iter().collect()
}

/// How many there are.
pub(super) fn count(look: &Look<'_>) -> usize {
    named(look).len()
}

/// All of them.
pub(super) fn stores(look: &Look<'_>) -> Vec<StoreView> {
    named(look).iter().map(|(name, writers)| store(look, name, writers)).collect()
}

// A function of its own, so that it can come after the opening, which has none.
#[inline(never)]
fn store(look: &Look<'_>, name: &Str, writers: &Writers<'_>) -> StoreView {
    let words = &look.text.app;
    let sink = look.world.sink(name);
    let done = look.account.ledger.map(|ledger| check::done(look.cluster, ledger, name, sink)).unwrap_or_default();
    let works = writers.iter().any(|(slot, _)| has_work(slot));
    let never = if works { 0 } else { done.never };
    let groups: FlatSet<Str> = writers.iter().map(|(_, group)| (*group).clone()).collect();
    let (rows_text, text) = ((words.store_rows)(done.rows), (words.store_told)(done.twice, never));
    let condition = look.world.store_condition(name);
    let stands = (words.store_stands)(condition, writers.iter().filter(|(slot, _)| waits(slot)).count());
    let gap = if stands.is_empty() { "" } else { "; " };
    StoreView {
        writers: writers.iter().map(|(slot, _)| slot.id).collect::<Vec<ProcessId>>(),
        groups: groups.into_iter().collect(),
        rows: done.rows,
        twice: done.twice,
        never,
        label: format!("{}: {rows_text}, {text}{gap}{stands}", (words.store)(name)),
        is_down: condition.is_down,
        stands,
        rows_text,
        text,
        outside: words.outside,
        name: name.clone(),
    }
}

/// Has the program written a row that the store has not taken yet?
fn waits(slot: &Slot) -> bool {
    let running = slot.process.as_ref().filter(|_| slot.liveness.is_up()).and_then(process::Process::consumer);
    running.is_some_and(|consumer| consumer.application() == Application::Writing)
}

/// Has the program records in its hands that may still come into the store?
fn has_work(slot: &Slot) -> bool {
    let running = slot.process.as_ref().filter(|_| slot.liveness.is_up()).and_then(process::Process::consumer);
    running.is_some_and(|consumer| consumer.program().work().next().is_some())
}
