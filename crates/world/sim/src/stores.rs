//! How stores outside Kafka stand: how long each takes for a row, whether it is out of order, and what is on its way into
//! them. A store is no process, and nothing between it and a program is a network: a write is one call, whose end the world
//! knows. What lies in a store is in `rows`.

use crate::agenda::Due;
use crate::error::CommandError;
use crate::sink::FactSink;
use crate::slot::{Delivery, Slot};
use crate::world::World;
use base::{FlatMap, ProcessId, Shared, Str, Time};
use port::{Fact, KafkaSetup, ProcessConfig, Row, StoreCondition, Stored, WorldFact};
use std::hash::{Hash, Hasher};

/// The setting by which a consumer's program says where it writes.
const SINK: &str = "app.sink";

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stores {
    /// Of those that do not take rows at once.
    pub(crate) conditions: Shared<FlatMap<Str, StoreCondition>>,
    /// Writes that are not answered, by their numbers.
    on_way: Shared<FlatMap<u64, OnWay>>,
    next: u64,
}

/// A write that somebody waits for, or did before it died: the row comes into the store all the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OnWay {
    by: ProcessId,
    /// The writer's; one that was started again waits for nothing.
    life: u32,
    row: Row,
}

/// By what they hold: pointers to nothing differ, too.
impl PartialEq for Stores {
    fn eq(&self, other: &Self) -> bool {
        *self.conditions == *other.conditions && *self.on_way == *other.on_way && self.next == other.next
    }
}

impl Hash for Stores {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.conditions, &self.on_way, self.next).hash(state);
    }
}

impl Stores {
    /// Does every store take rows at once, and did it always?
    pub(crate) fn is_default(&self) -> bool {
        *self == Stores::default()
    }
}

impl World {
    /// How the store of that name stands.
    pub fn store_condition(&self, name: &str) -> StoreCondition {
        self.stores.conditions.get(name).copied().unwrap_or_default()
    }

    /// A program writes a row.
    pub(crate) fn write(&mut self, by: ProcessId, leave: Time, row: Box<Row>, facts: &mut impl FactSink) {
        let Some(condition) = self.stores.conditions.get(&row.sink) else {
            return self.write_row((self.now, by), &row, facts);
        };
        let (write, until) = (self.stores.next, leave + condition.time);
        let life = self.slots[&by].life;
        self.stores.next += 1;
        self.stores.on_way.insert(write, OnWay { by, life, row: *row });
        self.agenda.add(until, Due::Stored { write });
    }

    /// Its time is over. How the store stands now decides; whoever waits is told.
    pub(crate) fn on_stored(
        &mut self,
        at: Time,
        write: u64,
        facts: &mut impl FactSink,
    ) -> Option<(ProcessId, Delivery)> {
        let OnWay { by, life, row } = self.stores.on_way.remove(&write)?;
        let stored = if self.store_condition(&row.sink).is_down { Stored::Failed } else { Stored::Taken };
        match stored {
            Stored::Taken => self.write_row((at, by), &row, facts),
            Stored::Failed => self.fail_row(&row),
        }
        (self.slots.get(&by)?.life == life).then_some((by, Delivery::Stored(stored)))
    }

    /// Another condition for a store; one that takes rows at once has none.
    pub(crate) fn set_store(
        &mut self,
        store: &Str,
        facts: &mut impl FactSink,
        change: impl FnOnce(&mut StoreCondition),
    ) {
        let mut condition = self.store_condition(store);
        change(&mut condition);
        match condition == StoreCondition::default() {
            true => _ = self.stores.conditions.remove(store),
            false => _ = self.stores.conditions.insert(store.clone(), condition),
        }
        // `check` has seen that there is one.
        let Some(writer) = self.writer_of(store) else { return };
        facts.fact(self.now, writer, Fact::World(WorldFact::StoreChanged { store: store.clone(), condition }));
    }

    /// A store is there where somebody is set up to write to it.
    pub(crate) fn require_store(&self, store: &Str) -> Result<(), CommandError> {
        self.writer_of(store).map(drop).ok_or_else(|| CommandError::NoSuchStore(store.clone()))
    }

    /// The first whose program is set up to write there.
    fn writer_of(&self, store: &Str) -> Option<ProcessId> {
        let writes = |slot: &&Slot| match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Consumer(client, _)) => {
                client.overrides.get(SINK).is_some_and(|sink| *sink.trim() == **store)
            }
            ProcessConfig::Kafka(_) | ProcessConfig::Other(_) => false,
        };
        self.slots().find(writes).map(|slot| slot.id)
    }
}
