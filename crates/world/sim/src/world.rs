//! The world as one value: it executes exactly one event per step.

use crate::agenda::{Agenda, Due, Entry};
use crate::cluster::Cluster;
use crate::network::Network;
use crate::rows::{Sink, Sinks};
use crate::setup::{ClusterIndex, Setup};
use crate::sink::{FactSink, NoFacts};
use crate::slot::{Delivery, Liveness, Slot, Slots};
use crate::standstill::{Crowding, Standstill};
use crate::state_digest::StateDigest;
use crate::stores::Stores;
use crate::toil::Toil;
use crate::work::time_of;
use base::{Digest, FlatMap, ProcessId, Rng, Seldom, Shared, Span, StableHasher, Str, Time, Timestamp, Witness};
use port::{AdminSetup, Cx, Event, KafkaSetup, Outbox, Pool, ProcessConfig};
use process::Process;

/// The number of no process.
pub(crate) const NOBODY: ProcessId = ProcessId(u32::MAX);
/// Wall clocks start on 2026-01-01.
const WALL_START: i64 = 1_767_225_600_000;

/// What wall clocks show at an instant: milliseconds since 1970.
pub fn wall(at: Time) -> Timestamp {
    Timestamp(WALL_START + (at.0 / 1_000_000) as i64)
}

/// Clusters, their clients, the network and the disks at one instant. Cloning costs pointers: one per process and
/// connection, and what is due.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) now: Time,
    pub(crate) seed: u64,
    pub(crate) setup: Shared<Setup>,
    pub(crate) slots: Slots,
    pub(crate) names: Shared<FlatMap<Str, ProcessId>>,
    /// What every event writes to lies in the world itself: shared, it would be looked at for sharers each time.
    pub(crate) network: Network,
    pub(crate) agenda: Agenda,
    pub(crate) rng: Rng,
    /// Who carries out what operators ask, by cluster.
    pub(crate) admins: Shared<Vec<ProcessId>>,
    pub(crate) next_ticket: u64,
    /// What applications have written outside Kafka.
    pub(crate) sinks: Sinks,
    /// How these stores stand, and what is on its way into them.
    pub(crate) stores: Seldom<Stores>,
    digest: Digest,
    events: u64,
    /// Watched, and no part of the state.
    crowding: Crowding,
    pub(crate) toil: Toil,
    pub(crate) scratch: Scratch,
}

/// Buffers reused between events; no part of the state.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    outbox: Outbox,
    pub(crate) pool: Pool,
    hasher: StableHasher,
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Scratch::default()
    }
}

/// One executed event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Time,
    pub process: ProcessId,
}

impl World {
    /// Clusters at their first instant: all nodes are started at once, and for each cluster an admin client that
    /// carries out operators' requests. Without clusters it is a world for processes of other families.
    pub fn new(setup: &Setup, seed: u64) -> World {
        let mut world = World {
            now: Time::ZERO,
            seed,
            setup: Shared::new(setup.clone()),
            slots: Slots::default(),
            names: Shared::default(),
            network: Network::default(),
            agenda: Agenda::default(),
            rng: Rng::new(seed, 0),
            admins: Shared::default(),
            next_ticket: 1,
            sinks: Sinks::default(),
            stores: Seldom::default(),
            digest: Digest(seed),
            events: 0,
            crowding: Crowding::new(),
            toil: Toil::default(),
            scratch: Scratch::default(),
        };
        for (cluster, plan) in setup.clusters() {
            plan.nodes.iter().for_each(|node| {
                world.add_node(cluster, node);
            });
            let name = setup.admin_name(cluster);
            let client = world.client_setup(cluster, &name, FlatMap::new());
            let admin =
                world.add_slot(cluster, name, ProcessConfig::Kafka(KafkaSetup::Admin(client, AdminSetup::default())));
            world.admins.push(admin);
        }
        let everybody: Vec<ProcessId> = world.slots.values().map(|slot| slot.id).collect();
        for process in everybody {
            world.boot(process, &mut NoFacts);
        }
        world
    }

    /// Executes the next event. `None` when nothing will ever happen again by itself.
    pub fn step(&mut self, facts: &mut impl FactSink) -> Option<Step> {
        loop {
            let entry = self.agenda.pop()?;
            if let Some(step) = self.handle(entry, facts) {
                return Some(step);
            }
        }
    }

    /// Executes the next event if its own instant is not after `until`. `None`: nothing (more) happens
    /// until then. Stopping and going on never changes a run: entries are taken in the same order.
    pub fn step_until(&mut self, until: Time, facts: &mut impl FactSink) -> Option<Step> {
        while self.agenda.next_time().is_some_and(|at| self.instant_of(at) <= until) {
            let entry = self.agenda.pop()?;
            if let Some(step) = self.handle(entry, facts) {
                return Some(step);
            }
        }
        None
    }

    /// When the next event may come; nothing happens before.
    pub fn next_time(&self) -> Option<Time> {
        self.agenda.next_time()
    }

    /// Executes every event up to and including `until`.
    pub fn run_until(&mut self, until: Time, facts: &mut impl FactSink) {
        while self.step_until(until, facts).is_some() {}
    }

    /// Virtual nanoseconds since the start.
    pub fn now(&self) -> Time {
        self.now
    }
    /// All chance comes from it.
    pub fn seed(&self) -> u64 {
        self.seed
    }
    /// As it was set up; what changed since is in the places.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }
    /// H over every event so far: the same scenario and seed give the same digest everywhere.
    pub fn run_digest(&self) -> Digest {
        self.digest
    }
    /// Events executed so far.
    pub fn events(&self) -> u64 {
        self.events
    }
    /// Connections, listeners and what is wrong with the links.
    pub fn network(&self) -> &Network {
        &self.network
    }
    /// Every place, in the order in which they came to be.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.values().map(|slot| &**slot)
    }
    /// By its number.
    pub fn slot(&self, process: ProcessId) -> Option<&Slot> {
        self.slots.get(&process).map(|slot| &**slot)
    }
    /// By its name.
    pub fn find(&self, name: &str) -> Option<&Slot> {
        self.slot(*self.names.get(name)?)
    }
    /// What runs there, or ran last.
    pub fn process(&self, process: ProcessId) -> Option<&Process> {
        self.slot(process)?.process.as_ref()
    }
    /// One of its clusters; `None` when there are not so many.
    pub fn cluster(&self, index: ClusterIndex) -> Option<Cluster<'_>> {
        Cluster::of(self, index)
    }
    /// The cluster that commands are for that name none.
    pub fn first_cluster(&self) -> Cluster<'_> {
        self.cluster(ClusterIndex::FIRST).expect("a world has a cluster: Setup::check")
    }
    /// The cluster that a process belongs to.
    pub fn cluster_of(&self, process: ProcessId) -> ClusterIndex {
        self.slot(process).map_or(ClusterIndex::FIRST, |slot| slot.cluster)
    }
    /// Every cluster in the order of the setup.
    pub fn clusters(&self) -> impl Iterator<Item = Cluster<'_>> {
        self.setup.clusters().filter_map(|(index, _)| self.cluster(index))
    }
    /// Stores outside Kafka by name: there is one as soon as an application has written into it.
    pub fn sinks(&self) -> impl Iterator<Item = (&Str, &Sink)> {
        self.sinks.iter().map(|(name, sink)| (name, &**sink))
    }
    /// The store of that name.
    pub fn sink(&self, name: &str) -> Option<&Sink> {
        self.sinks.get(name).map(|sink| &**sink)
    }
    /// A node's wall clock.
    pub fn wall(&self) -> Timestamp {
        wall(self.now)
    }

    /// A digest over every field of the state; costs a walk over all of it ([`StateDigest`] makes it in parts).
    pub fn state_digest(&self) -> Digest {
        let mut parts = StateDigest::of(self);
        loop {
            if let Some(digest) = parts.step() {
                return digest;
            }
        }
    }

    /// What the processes have done lately; watched, and no part of the state.
    pub fn toil(&self) -> &Toil {
        &self.toil
    }

    /// Knows the process's place again until anything about it changes.
    pub fn witness(&self, process: ProcessId) -> Option<Witness<Slot>> {
        self.slots.get(&process).map(Shared::witness)
    }

    /// Has the witness seen the process's place as it is?
    pub fn is_seen_by(&self, process: ProcessId, witness: &Witness<Slot>) -> bool {
        self.slots.get(&process).is_some_and(|slot| witness.saw(slot))
    }

    /// Does the clock stand still while events rise?
    pub fn standstill(&self) -> Option<Standstill> {
        self.crowding.standstill()
    }

    /// The instant that whatever is due at `at` gets for itself: no two events share one.
    fn instant_of(&self, at: Time) -> Time {
        at.max(Time(self.now.0 + 1))
    }

    /// Whose random numbers tell how long a process's messages travel.
    pub(crate) fn dice(&mut self, process: ProcessId) -> &mut Rng {
        match self.slots.get_mut(&process) {
            Some(slot) if !slot.is_kafka() => &mut slot.rng,
            Some(_) | None => &mut self.rng,
        }
    }

    /// The clock goes to the instant, or a little beyond: no two events share one.
    pub(crate) fn advance_to(&mut self, at: Time) {
        self.now = self.instant_of(at);
    }

    /// What the run's digest depends on: everything that happens, in order.
    pub(crate) fn chain(&mut self, value: &impl std::hash::Hash) {
        self.digest = self.digest.chain(&mut self.scratch.hasher, value);
    }

    /// An entry that is due; void ones make no step.
    fn handle(&mut self, entry: Entry, facts: &mut impl FactSink) -> Option<Step> {
        match entry.due {
            Due::Free { process, life } => self.on_free(entry.at, process, life, facts),
            Due::Deadline { process, life } => {
                let slot = self.slots.get_mut(&process)?;
                if slot.life != life || slot.called_at != Some(entry.at) {
                    return None;
                }
                slot.called_at = None;
                self.deliver(entry.at, process, Delivery::Deadline, facts)
            }
            Due::Stored { write } => {
                let (process, delivery) = self.on_stored(self.instant_of(entry.at), write, facts)?;
                self.deliver(entry.at, process, delivery, facts)
            }
            Due::Arrival { .. }
            | Due::Connecting { .. }
            | Due::Connected { .. }
            | Due::Release { .. }
            | Due::Closing { .. } => {
                let (process, delivery) = self.on_network(entry, facts)?;
                self.deliver(entry.at, process, delivery, facts)
            }
        }
    }

    /// Hands something to a process: now if it is free, when it is free otherwise.
    pub(crate) fn deliver(
        &mut self,
        at: Time,
        process: ProcessId,
        delivery: Delivery,
        facts: &mut impl FactSink,
    ) -> Option<Step> {
        let slot = self.slots.get(&process)?;
        let free = match slot.liveness {
            Liveness::Running => slot.busy_until <= at && slot.inbox.is_empty(),
            Liveness::Paused => false,
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => return None,
        };
        if free {
            return self.execute(at, process, delivery, facts);
        }
        let slot = &mut **self.slots.get_mut(&process)?;
        slot.inbox.push_back(delivery);
        if slot.liveness == Liveness::Running && slot.inbox.len() == 1 {
            let due = Due::Free { process, life: slot.life };
            let at = slot.busy_until;
            self.agenda.add(at, due);
        }
        None
    }

    /// The process is done with what it did: the next of what waits for it.
    fn on_free(&mut self, at: Time, process: ProcessId, life: u32, facts: &mut impl FactSink) -> Option<Step> {
        let slot = self.slots.get_mut(&process)?;
        // A process that was paused and resumed has two such entries; the one that comes too early is void.
        if slot.life != life || slot.liveness != Liveness::Running || slot.busy_until > at {
            return None;
        }
        let delivery = slot.inbox.pop_front()?;
        let step = self.execute(at, process, delivery, facts);
        let slot = self.slots.get(&process)?;
        if slot.liveness == Liveness::Running && !slot.inbox.is_empty() {
            let due = Due::Free { process, life };
            let at = slot.busy_until.max(at);
            self.agenda.add(at, due);
        }
        step
    }

    /// One event: work that takes time, then its effects.
    fn execute(&mut self, at: Time, process: ProcessId, delivery: Delivery, facts: &mut impl FactSink) -> Option<Step> {
        let due =
            |slot: &Slot, now: Time| slot.process.as_ref().and_then(Process::next_deadline).is_some_and(|at| at <= now);
        let now = self.instant_of(at);
        let bytes = delivery.bytes();
        let cost = self.setup.service.cost(bytes);
        let event = match delivery {
            Delivery::Deadline => {
                // A timer may have been moved while this call waited.
                if !self.slots.get(&process).is_some_and(|slot| due(slot, now)) {
                    self.call_when_due(process);
                    return None;
                }
                Event::DeadlineReached
            }
            Delivery::Connected(number, owner) => Event::Connected(number, owner),
            Delivery::Accepted(number, listener) => Event::Accepted(number, listener),
            Delivery::Closed(number, owner, reason) => Event::Closed(number, owner, reason),
            Delivery::Received(number, owner, message) => Event::Received(number, owner, message),
            Delivery::Operator(request) => Event::Operator(request),
            Delivery::Stored(stored) => Event::Stored(stored),
        };
        self.now = now;
        self.events += 1;
        self.crowding.note(now, process);
        self.toil.worked(now, process, (bytes, cost));
        self.digest = self.digest.chain(&mut self.scratch.hasher, &(now, process, &event));
        let leave = now + cost;
        self.run(process, (event, leave), facts);
        let leave = self.work_off(process, leave);
        self.carry_out(process, leave, facts);
        self.call_when_due(process);
        Some(Step { at: now, process })
    }

    /// Starts (again) whatever belongs into this place.
    pub(crate) fn boot(&mut self, process: ProcessId, facts: &mut impl FactSink) {
        let (now, wall, wants_facts) = (self.now, self.wall(), facts.wants_facts());
        let slot = self.slots.get_mut(&process).expect("only who has a place is started");
        slot.life += 1;
        slot.liveness = Liveness::Running;
        slot.since = now;
        slot.inbox.clear();
        slot.called_at = None;
        slot.busy_until = now;
        let outbox = &mut self.scratch.outbox;
        outbox.begin(slot.next_connection);
        outbox.wants_facts = wants_facts;
        outbox.stores = self.stores.conditions.clone();
        let slot = &mut **slot;
        let mut cx = Cx { now, wall, rng: &mut slot.rng, store: &mut slot.store, outbox };
        let former = slot.process.take();
        let booted = slot.process.insert(Process::boot(&slot.config, &mut cx));
        former.iter().for_each(|former| booted.count_on_from(former));
        slot.next_connection = outbox.next_connection;
        self.carry_out(process, now, facts);
        self.call_when_due(process);
    }

    /// Gives the process the event, with its own dice, disk and clock; it is busy until `leave`.
    #[inline]
    fn run(&mut self, process: ProcessId, (event, leave): (Event, Time), facts: &impl FactSink) {
        let (now, wall) = (self.now, self.wall());
        let slot = &mut **self.slots.get_mut(&process).expect("events come to who has a place");
        slot.busy_until = leave;
        let running = slot.process.as_mut().expect("events come to who was started");
        let outbox = &mut self.scratch.outbox;
        outbox.begin(slot.next_connection);
        outbox.wants_facts = facts.wants_facts();
        if !self.stores.conditions.is_empty() || !outbox.stores.is_empty() {
            outbox.stores = self.stores.conditions.clone();
        }
        let mut cx = Cx { now, wall, rng: &mut slot.rng, store: &mut slot.store, outbox };
        running.on_event(&mut cx, event);
        slot.next_connection = outbox.next_connection;
    }

    /// What the event has to be worked on takes its time before anything leaves.
    #[inline]
    fn work_off(&mut self, process: ProcessId, leave: Time) -> Time {
        if self.scratch.outbox.work.is_empty() {
            return leave;
        }
        let took = self.scratch.outbox.work.drain(..).fold(Span(0), |sum, (work, bytes)| sum + time_of(work, bytes));
        let slot = &mut **self.slots.get_mut(&process).expect("whoever has worked has a place");
        slot.busy_until = leave + took;
        self.toil.worked(self.now, process, (0, took));
        leave + took
    }

    /// Puts the effects of the last event into the world, at the instant its service ends.
    fn carry_out(&mut self, process: ProcessId, leave: Time, facts: &mut impl FactSink) {
        let mut effects = std::mem::take(&mut self.scratch.outbox.effects);
        for effect in effects.drain(..) {
            self.on_effect(process, leave, effect, facts);
        }
        self.scratch.outbox.effects = effects;
    }

    /// Keeps one agenda entry at the process's next deadline.
    pub(crate) fn call_when_due(&mut self, process: ProcessId) {
        let now = self.now;
        let shared = self.slots.get_mut(&process).expect("only who has a place is called");
        if !shared.liveness.is_up() {
            return;
        }
        // It waits for nothing: only an event from outside wakes it.
        let Some(at) = shared.process.as_ref().and_then(Process::next_deadline) else { return };
        let at = at.max(now);
        if shared.called_at.is_none_or(|called| at < called) {
            let slot = &mut **shared;
            slot.called_at = Some(at);
            let due = Due::Deadline { process, life: slot.life };
            self.agenda.add(at, due);
        }
    }

    /// A new place, at the end: numbers of places never change.
    pub(crate) fn add_slot(&mut self, cluster: ClusterIndex, name: Str, config: ProcessConfig) -> ProcessId {
        let id = self.next_process();
        let mut slot = Slot::new(id, name.clone(), config, self.seed);
        slot.since = self.now;
        slot.cluster = cluster;
        self.slots.push(slot);
        self.names.insert(name, id);
        id
    }

    /// The number of the next place.
    pub(crate) fn next_process(&self) -> ProcessId {
        ProcessId(self.slots.len() as u32)
    }
}
