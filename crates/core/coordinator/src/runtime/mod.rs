//! The runtime of a coordinator whose state is records of an internal topic: which partitions are led
//! here, what is written and not committed yet, whose answers wait for that, and the timers.
//!
//! What a coordinator decides is its [`Machine`]'s business; a runtime knows nothing of groups. It never
//! touches a log: what is to be written leaves as [`Append`], and whoever has the log tells whether it was
//! appended and how far the high watermark is.
//!
//! Kafka: `CoordinatorRuntime` with its contexts, `SnapshottableCoordinator`, the deferred event queue
//! (4.3.0). Batches do not linger here (`group.coordinator.append.linger.ms`).

mod machine;
mod shard;
mod verify;

pub use machine::{Awaiting, Decision, KeyValue, Machine, Scope, TimerPlace, Write, WriteTimer};
pub use shard::Shard;

use ::records::Batch;
use base::{ConnectionId, ErrorCode, FlatMap, LeaderEpoch, Offset, PartitionId, Shared, Time, TimerTable};
use port::{Cx, TestSwitches};

/// Records to be appended as one batch to a partition that this broker leads, with acks=all. What came of
/// it is told under its token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Append {
    pub token: u64,
    pub partition: PartitionId,
    pub records: Vec<KeyValue>,
}

/// A partition that this broker begins to lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Led {
    pub partition: PartitionId,
    pub epoch: LeaderEpoch,
    /// Of its log, as far as the new leader knows.
    pub high_watermark: Offset,
}

/// What this broker has of a partition that it leads.
#[derive(Clone, Debug, Hash)]
enum Slot<M: Machine> {
    /// Its log is being read.
    Loading(LeaderEpoch),
    Active(Shared<Shard<M>>),
}

/// All partitions of one coordinator on one broker.
#[derive(Clone, Debug, Hash)]
pub struct Runtime<M: Machine> {
    config: Shared<M::Config>,
    switches: TestSwitches,
    slots: Shared<FlatMap<PartitionId, Slot<M>>>,
    timers: Shared<TimerTable<M::Timer>>,
    /// Where each write went that is not done yet.
    writes: Shared<FlatMap<u64, PartitionId>>,
    next_token: u64,
    appends: Vec<Append>,
}

impl<M: Machine> Runtime<M> {
    /// A coordinator that leads nothing yet.
    pub fn new(config: M::Config, switches: TestSwitches) -> Runtime<M> {
        Runtime {
            config: Shared::new(config),
            switches,
            slots: Shared::default(),
            timers: Shared::default(),
            writes: Shared::default(),
            next_token: 0,
            appends: Vec::new(),
        }
    }

    /// The broker leads the partition and will read its log: requests are told so meanwhile
    /// (`CoordinatorState.LOADING`). A broker whose disk takes its time calls it when the reading begins.
    pub fn start_loading(&mut self, partition: PartitionId, epoch: LeaderEpoch) {
        self.slots.entry(partition).or_insert(Slot::Loading(epoch));
    }

    /// Builds the partition's state from its log. What lies above the high watermark is written and not committed:
    /// whoever asks waits for it (`CoordinatorLoaderImpl`). A partition that is loaded already only learns its
    /// new epoch.
    pub fn load(&mut self, cx: &mut Cx<'_>, led: Led, batches: &mut dyn Iterator<Item = Batch>) {
        if let Some(Slot::Active(shard)) = self.slots.get_mut(&led.partition) {
            return shard.raise_epoch(led.epoch);
        }
        self.start_loading(led.partition, led.epoch);
        let shard = Shard::of_log(led, self.next_token, batches);
        for token in shard.tokens() {
            self.writes.insert(token, led.partition);
            self.next_token = token + 1;
        }
        self.slots.insert(led.partition, Slot::Active(Shared::new(shard)));
        self.run(cx, led.partition, |shard, scope| shard.loaded(scope, led.partition));
    }

    /// The broker leads the partition no longer: everybody who waits is sent away, and what was ahead is
    /// dropped. The log says what became of it to whoever leads next.
    pub fn unload(&mut self, cx: &mut Cx<'_>, partition: PartitionId) {
        // Followers that take another leader's epoch resign without having led.
        let Some(slot) = self.slots.remove(&partition) else { return };
        if let Slot::Active(mut shard) = slot {
            shard.unload(&mut Scope::<M> { cx, config: &self.config, timers: &mut self.timers });
        }
        self.writes.retain(|_, of| *of != partition);
        self.appends.retain(|append| append.partition != partition);
    }

    /// Lets the machine decide about a request.
    ///
    /// # Panics
    /// When the partition is not loaded: ask [`Runtime::is_active`] before.
    pub fn request(&mut self, cx: &mut Cx<'_>, partition: PartitionId, request: M::Request<'_>) {
        self.run(cx, partition, |shard, scope| shard.decide(scope, request));
    }

    /// Hands out what was decided and parks the answer behind everything written so far.
    fn run(
        &mut self,
        cx: &mut Cx<'_>,
        partition: PartitionId,
        act: impl FnOnce(&mut Shard<M>, &mut Scope<'_, '_, M>) -> Decision<M>,
    ) {
        let slot = self.slots.get_mut(&partition);
        let Some(Slot::Active(shard)) = slot else { panic!("partition {partition} is not led here") };
        let mut scope = Scope::<M> { cx, config: &self.config, timers: &mut self.timers };
        let Decision { writes, reply } = act(shard, &mut scope);
        for write in writes {
            let token = self.next_token;
            self.next_token += 1;
            self.writes.insert(token, partition);
            let records = write.records.iter().map(M::encode).collect();
            self.appends.push(Append { token, partition, records });
            shard.write(&mut scope, token, write);
        }
        if let Some(awaiting) = reply {
            shard.park(&mut scope, awaiting, self.switches);
        }
        assert!(shard.is_in_step(), "nothing is pending, and yet something is ahead of what is committed");
    }

    /// Is there anything to append?
    pub fn has_appends(&self) -> bool {
        !self.appends.is_empty()
    }

    /// What is to be appended since the last call, in order. Of each, ask [`Runtime::expects`] first: a
    /// refused one takes those with it that were decided on top of it.
    pub fn take_appends(&mut self) -> Vec<Append> {
        std::mem::take(&mut self.appends)
    }

    /// Is this write still to be done?
    pub fn expects(&self, token: u64) -> bool {
        self.writes.contains_key(&token)
    }

    /// How many writes are not committed yet.
    pub fn pending_writes(&self) -> u32 {
        self.writes.len() as u32
    }

    /// Where a write belongs that is still to be done.
    fn shard_of(&mut self, token: u64) -> (PartitionId, &mut Shard<M>) {
        let partition = *self.writes.get(&token).expect("the write is still to be done");
        match self.slots.get_mut(&partition) {
            Some(Slot::Active(shard)) => (partition, shard),
            Some(Slot::Loading(_)) | None => unreachable!("a partition that is not led here has no writes"),
        }
    }

    /// The log has the write; a high watermark of `required` commits it.
    pub fn on_appended(&mut self, token: u64, required: Offset) {
        self.shard_of(token).1.appended(token, required);
    }

    /// The log did not take the write: it is as if it, and whatever was decided after it, had never been.
    pub fn on_refused(&mut self, cx: &mut Cx<'_>, token: u64, error: ErrorCode) {
        let switches = self.switches;
        let (partition, shard) = self.shard_of(token);
        let lost = shard.drop_from(token, switches);
        for write in &lost {
            self.writes.remove(&write.token);
        }
        let writes = &self.writes;
        self.appends.retain(|append| writes.contains_key(&append.token));
        for write in lost {
            self.run(cx, partition, |shard, scope| shard.lose(scope, write, error));
        }
    }

    /// The partition's high watermark is here: what lies below it is committed, in the order of the log.
    pub fn on_high_watermark(&mut self, cx: &mut Cx<'_>, partition: PartitionId, high_watermark: Offset) {
        while let Some(token) = self.shard(partition).and_then(|shard| shard.committed_by(high_watermark)) {
            self.writes.remove(&token);
            self.run(cx, partition, Shard::commit_next);
        }
    }

    /// Fires every timer that is due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        while let Some(timer) = self.pop_due(cx.now) {
            match M::place(&self.config, &timer) {
                TimerPlace::Shard(partition) => self.run(cx, partition, |shard, scope| shard.fire(scope, timer)),
                TimerPlace::Write(token) => {
                    let partition = self.shard_of(token).0;
                    self.run(cx, partition, |shard, scope| shard.overdue(scope, token));
                }
            }
        }
    }

    fn pop_due(&mut self, now: Time) -> Option<M::Timer> {
        if self.timers.next_deadline()? > now { None } else { self.timers.pop_due(now) }
    }

    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Parked answers on this connection have nowhere to go.
    pub fn on_closed(&mut self, connection: ConnectionId) {
        let waits = |slot: &Slot<M>| match slot {
            Slot::Loading(_) => false,
            Slot::Active(shard) => shard.waits_on(connection),
        };
        let waiting = self.slots.iter().filter(|(_, slot)| waits(slot)).map(|(partition, _)| *partition);
        for partition in waiting.collect::<Vec<PartitionId>>() {
            if let Some(Slot::Active(shard)) = self.slots.get_mut(&partition) {
                shard.forget_connection(connection);
            }
        }
    }

    pub fn config(&self) -> &M::Config {
        &self.config
    }

    /// All timers as they stand.
    pub fn timers(&self) -> &TimerTable<M::Timer> {
        &self.timers
    }

    /// Does this broker lead the partition, loaded or not?
    pub fn leads(&self, partition: PartitionId) -> bool {
        self.slots.contains_key(&partition)
    }

    /// May requests come to the partition?
    ///
    /// # Errors
    /// `CoordinatorLoadInProgress`, `NotCoordinator`.
    pub fn is_active(&self, partition: PartitionId) -> Result<(), ErrorCode> {
        match self.slots.get(&partition) {
            Some(Slot::Active(_)) => Ok(()),
            Some(Slot::Loading(_)) => Err(ErrorCode::CoordinatorLoadInProgress),
            None => Err(ErrorCode::NotCoordinator),
        }
    }

    /// The partitions that this broker leads, and their state once loaded.
    pub fn partitions(&self) -> impl Iterator<Item = (PartitionId, Option<&Shard<M>>)> {
        self.slots.iter().map(|(partition, slot)| match slot {
            Slot::Loading(_) => (*partition, None),
            Slot::Active(shard) => (*partition, Some(&**shard)),
        })
    }

    /// One loaded partition.
    pub fn shard(&self, partition: PartitionId) -> Option<&Shard<M>> {
        match self.slots.get(&partition)? {
            Slot::Loading(_) => None,
            Slot::Active(shard) => Some(shard),
        }
    }
}
