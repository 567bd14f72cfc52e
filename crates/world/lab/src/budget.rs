//! What an experiment may cost, in one table, and what to do when it costs more.
//!
//! | what | limit | where it is looked after |
//! |---|---|---|
//! | nodes, processes, partitions, replicas, records and bytes per second of one world | `sim::Limits` | when a command asks for it |
//! | the length of a run, characters, steps and names of a link | `lab::limits` | when somebody acts, and when it is read |
//! | events of a run | [`Budget::events`] | while it plays |
//! | bytes on all disks, as processes see them | [`Budget::disk_bytes`] | while it plays |
//! | bytes that the world holds for its disks | [`Budget::world`] | while it plays |
//! | bytes of the past: checkpoints and marks | [`Budget::past`] | while it plays; checkpoints thin themselves out long before |
//! | bytes of the whole page | [`Budget::memory`] | while it plays, where the page can tell; half of the checkpoints go by themselves from seven eighths on |
//! | events while the clock stands still | the world, which says so | while it plays |
//!
//! Reaching one is no error: play pauses, and [`Spent`] says which, through whom and what would help. Sizes are counted
//! as things change, and but for what LZ4 makes of old bytes they are the same on every machine; only the memory of the
//! page is measured. Nothing here changes a run.

use crate::branch::Branch;
use crate::history::History;
use crate::lab::Lab;
use base::{FlatMap, Str, Time};
use port::{KafkaSetup, ProcessConfig, Size};
use sim::{Slot, World};

/// How much one experiment may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Of one run.
    pub events: u64,
    /// As processes see them, all replicas.
    pub disk_bytes: u64,
    /// Held for the present world's disks.
    pub world: u64,
    /// Checkpoints and marks of all branches.
    pub past: u64,
    /// Of the whole page: the engine, and what a browser takes to show it.
    pub memory: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { events: 100_000_000, disk_bytes: 64 << 30, world: 160 << 20, past: 96 << 20, memory: 300 << 20 }
    }
}

/// What an experiment costs at present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    pub events: u64,
    pub disks: Size,
    pub past: u64,
    /// Of the whole page, where it can be told.
    pub memory: Option<u64>,
    /// Events since the clock last moved on, when the world finds that there are too many.
    pub standstill: Option<(Time, u64)>,
}

impl Measured {
    /// What playing this history costs; cheap enough for every frame.
    pub fn of(history: &History, memory: Option<u64>) -> Measured {
        let world = &history.cursor().run.world;
        let parting = |index| history.parting(index).unwrap_or(Time::ZERO);
        let branches = history.branches().iter().enumerate();
        let past = branches.map(|(index, branch)| branch.past_size(parting(index))).sum();
        Measured { events: world.events(), disks: world.disks(), past, memory, standstill: None }
    }
}

/// Which budget is used up, and how much of it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    Events {
        count: u64,
    },
    /// Bytes as processes see them.
    DiskBytes {
        bytes: u64,
    },
    /// Bytes that the world holds.
    World {
        bytes: u64,
    },
    History {
        bytes: u64,
    },
    Memory {
        bytes: u64,
    },
    /// So many events happened and the clock did not move.
    Standstill {
        at: Time,
        events: u64,
    },
}

impl Budget {
    /// The budget that is used up, the most pressing first.
    pub fn check(&self, measured: &Measured) -> Option<Spent> {
        let over = |used: u64, limit: u64, spent: Spent| (used > limit).then_some(spent);
        let Measured { events, disks, past, memory, standstill } = *measured;
        let stands_still = standstill.map(|(at, events)| Spent::Standstill { at, events });
        let bytes = memory.unwrap_or_default();
        stands_still
            .or_else(|| over(disks.held, self.world, Spent::World { bytes: disks.held }))
            .or_else(|| over(past, self.past, Spent::History { bytes: past }))
            .or_else(|| over(bytes, self.memory, Spent::Memory { bytes }))
            .or_else(|| over(disks.used, self.disk_bytes, Spent::DiskBytes { bytes: disks.used }))
            .or_else(|| over(events, self.events, Spent::Events { count: events }))
    }

    /// The same with half as much again of what is used up, for who goes on all the same.
    pub fn raised(self, spent: Spent) -> Budget {
        let more = |limit: u64, used: u64| limit.max(used) / 2 * 3;
        match spent {
            Spent::Events { count } => Budget { events: more(self.events, count), ..self },
            Spent::DiskBytes { bytes } => Budget { disk_bytes: more(self.disk_bytes, bytes), ..self },
            Spent::World { bytes } => Budget { world: more(self.world, bytes), ..self },
            Spent::History { bytes } => Budget { past: more(self.past, bytes), ..self },
            Spent::Memory { bytes } => Budget { memory: more(self.memory, bytes), ..self },
            Spent::Standstill { .. } => self,
        }
    }
}

/// Who made it so much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The topic with most bytes, all its copies together.
    pub topic: Option<(Str, u64)>,
    /// The producer that wrote most bytes, and how many records.
    pub producer: Option<(Str, u64)>,
}

impl Cause {
    pub fn of(world: &World) -> Cause {
        let mut topics: FlatMap<Str, u64> = FlatMap::new();
        let brokers = world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
        for partition in brokers.flat_map(|broker| broker.partitions().values()) {
            *topics.entry(partition.name().topic.clone()).or_default() += partition.log().size();
        }
        let most = topics.into_iter().filter(|(_, bytes)| *bytes > 0).max_by_key(|(_, bytes)| *bytes);
        let producers = world.slots().filter_map(|slot| Some((slot, written(slot)?)));
        let producer =
            producers.max_by_key(|(_, (_, bytes))| *bytes).map(|(slot, (made, _))| (slot.name.clone(), made));
        Cause { topic: most, producer }
    }
}

/// Records that a producer has made, and about how many bytes.
fn written(slot: &Slot) -> Option<(u64, u64)> {
    /// Of a record besides its value.
    const BESIDES: u64 = 80;
    let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &slot.config else { return None };
    let made = slot.process.as_ref()?.producer()?.workload().made();
    (made > 0).then_some((made, made * (u64::from(setup.value_size) + BESIDES)))
}

/// What helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Keep every second checkpoint: going back takes longer ([`History::thin_past`]).
    ThinPast,
    /// Forget what came before ([`History::forget_before`]); the link still holds everything.
    GoOnWithoutRewinding { before: Time },
    /// Let this producer write less, or more seldom.
    SmallerValues { producer: Str },
    /// `retention.bytes` or `retention.ms` of this topic.
    ShorterRetention { topic: Str },
    /// Half as much again ([`Budget::raised`]).
    GoOn,
}

impl Remedy {
    /// Can a button do it? Otherwise it is advice: how to is the reader's choice.
    pub fn is_done_here(&self) -> bool {
        match self {
            Remedy::ThinPast | Remedy::GoOnWithoutRewinding { .. } | Remedy::GoOn => true,
            Remedy::SmallerValues { .. } | Remedy::ShorterRetention { .. } => false,
        }
    }
}

/// What helps against `spent`, best first. Never empty.
pub fn remedies(spent: Spent, cause: &Cause, history: &History) -> Vec<Remedy> {
    let thinner = history.branch().can_be_thinned().then_some(Remedy::ThinPast);
    let before = history.branch().middle();
    let forget = (before > history.branch().rewinds_to()).then_some(Remedy::GoOnWithoutRewinding { before });
    let smaller = cause.producer.clone().map(|(producer, _)| Remedy::SmallerValues { producer });
    let shorter = cause.topic.clone().map(|(topic, _)| Remedy::ShorterRetention { topic });
    let found: Vec<Remedy> = match spent {
        Spent::History { .. } => [thinner, forget].into_iter().flatten().collect(),
        Spent::Memory { .. } => [forget, thinner, smaller].into_iter().flatten().collect(),
        Spent::World { .. } | Spent::DiskBytes { .. } => [smaller, shorter].into_iter().flatten().collect(),
        Spent::Standstill { .. } => return vec![Remedy::GoOn],
        Spent::Events { .. } => forget.into_iter().collect(),
    };
    found.into_iter().chain([Remedy::GoOn]).collect()
}

impl History {
    /// Keeps every second checkpoint of every branch. Everything can still be gone back to; it takes longer.
    pub fn thin_past(&mut self) {
        self.branches.iter_mut().for_each(Branch::thin);
    }

    /// Does so on branches that have many of them. True when something went.
    pub(crate) fn spare_checkpoints(&mut self) -> bool {
        self.branches.iter_mut().fold(false, |any, branch| branch.spare() | any)
    }

    /// Forgets what came before `at`, or before the last checkpoint not after it: nobody can go back there any more.
    /// Returns where rewinding ends now on the branch that is shown. The acts are kept, so a link still holds everything.
    pub fn forget_before(&mut self, at: Time) -> Time {
        let at = at.min(self.cursor().at);
        self.branches.iter_mut().for_each(|branch| branch.forget_before(at));
        self.branch().rewinds_to()
    }
}

/// Playing pauses when [`Budget::check`] says so; these are what the buttons of the card do.
impl Lab {
    /// What the experiment costs, with the memory of the page where it can be told.
    pub fn measured(&self, memory: Option<u64>) -> Measured {
        Measured::of(self.history(), memory)
    }

    /// [`History::thin_past`].
    pub fn thin_past(&mut self) {
        self.history.thin_past();
    }

    /// [`History::forget_before`].
    pub fn forget_before(&mut self, at: Time) -> Time {
        self.history.forget_before(at)
    }

    /// Does what the reader has chosen; advice is his own to follow.
    pub fn relieve(&mut self, remedy: &Remedy) {
        match remedy {
            Remedy::ThinPast => self.thin_past(),
            Remedy::GoOnWithoutRewinding { before } => drop(self.forget_before(*before)),
            Remedy::SmallerValues { .. } | Remedy::ShorterRetention { .. } | Remedy::GoOn => {}
        }
        self.purse.relieve(remedy);
    }
}
