//! Whoever has the log of a coordinator's partition: it takes or refuses what is to be appended, moves its high
//! watermark, gives its leadership away and forgets what was not committed, as it is told (`harness`) or by dice.
//! After each step by dice the coordinator's images are held against the log itself.

use base::{Digest, ErrorCode, LeaderEpoch, Offset, PartitionId, Rng, Span, Time, Timestamp};
use coordinator::runtime::{Append, Led, Machine, Runtime};
use coordinator::{GroupCoordinator, Groups};
use port::{Cx, Effect, MemoryStore, Outbox};
use records::{Batch, BatchBuilder, NewRecord};

/// The only partition, if no other is chosen.
pub const PARTITION: PartitionId = 0;

/// Something that a runtime carries.
pub trait Carried {
    type Machine: Machine;
    fn runtime(&self) -> &Runtime<Self::Machine>;
    fn runtime_mut(&mut self) -> &mut Runtime<Self::Machine>;
}

impl<M: Machine> Carried for Runtime<M> {
    type Machine = M;
    fn runtime(&self) -> &Runtime<M> {
        self
    }
    fn runtime_mut(&mut self) -> &mut Runtime<M> {
        self
    }
}

impl Carried for GroupCoordinator {
    type Machine = Groups;
    fn runtime(&self) -> &Runtime<Groups> {
        GroupCoordinator::runtime(self)
    }
    fn runtime_mut(&mut self) -> &mut Runtime<Groups> {
        GroupCoordinator::runtime_mut(self)
    }
}

pub struct Rig<C: Carried> {
    pub coordinator: C,
    /// Correlation id and answer, in order.
    pub answers: Vec<(i32, api::Response)>,
    /// Requests so far: their numbers are their correlation ids.
    pub asked: i32,
    pub dice: Rng,
    pub now: Time,
    /// What the log holds.
    pub log: Vec<Batch>,
    pub partition: PartitionId,
    high_watermark: Offset,
    epoch: i32,
    rng: Rng,
    store: MemoryStore,
}

impl<C: Carried> Rig<C> {
    /// Leads the partition, whose log is empty.
    pub fn new(coordinator: C, seed: u64) -> Rig<C> {
        Rig::with_log(coordinator, (PARTITION, Vec::new()), Offset::ZERO, seed)
    }

    /// Leads the partition and has loaded this log; of more than that it does not know that it is committed.
    pub fn with_log(
        coordinator: C,
        (partition, log): (PartitionId, Vec<Batch>),
        high_watermark: Offset,
        seed: u64,
    ) -> Rig<C> {
        let mut rig = Rig {
            coordinator,
            answers: Vec::new(),
            asked: 0,
            dice: Rng::new(seed, 1),
            now: Time::ZERO,
            log,
            partition,
            high_watermark,
            epoch: 0,
            rng: Rng::new(seed, 2),
            store: MemoryStore::new(),
        };
        rig.load();
        rig
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.dice.below_u64(bound)
    }

    /// Runs one call and collects its answers.
    pub fn act(&mut self, call: impl FnOnce(&mut C, &mut Cx<'_>)) {
        let mut outbox = Outbox::default();
        let wall = Timestamp((self.now.0 / 1_000_000) as i64);
        let (rng, store) = (&mut self.rng, &mut self.store);
        call(&mut self.coordinator, &mut Cx { now: self.now, wall, rng, store, outbox: &mut outbox });
        for effect in outbox.effects {
            if let Effect::Send(_, message) = effect
                && let api::Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message)
                && let api::Body::Response(response) = message.body
            {
                self.answers.push((message.correlation_id, response));
            }
        }
    }

    /// What happens to a log and its leader, by dice.
    pub fn happen(&mut self) {
        match self.below(60) {
            0 => self.change_leader(),
            1..=9 => self.pass(Span::from_millis(700)),
            10..=12 => self.pass(Span::from_secs(7)),
            13..=35 => self.commit_some(),
            _ => {}
        }
        let refused = if self.below(4) == 0 { 3 } else { 0 };
        self.carry(refused);
        self.check();
    }

    /// Appends what is to be appended; of ten batches so many are refused.
    pub fn carry(&mut self, refused: u64) {
        while self.coordinator.runtime().has_appends() {
            for append in self.coordinator.runtime_mut().take_appends() {
                if !self.coordinator.runtime().expects(append.token) {
                } else if self.below(10) < refused {
                    let error = ErrorCode::NotEnoughReplicas;
                    self.act(|carried, cx| carried.runtime_mut().on_refused(cx, append.token, error));
                } else {
                    self.append(append);
                }
            }
        }
    }

    /// The log has it.
    pub fn append(&mut self, append: Append) {
        let mut builder = BatchBuilder::new().at(self.end(), LeaderEpoch(self.epoch));
        for (key, value) in append.records {
            builder.append(&NewRecord { key: Some(key), value, ..NewRecord::default() });
        }
        self.log.push(builder.build());
        let required = self.end();
        self.coordinator.runtime_mut().on_appended(append.token, required);
    }

    pub fn end(&self) -> Offset {
        self.log.last().map_or(Offset::ZERO, Batch::next_offset)
    }

    fn commit_some(&mut self) {
        let uncommitted = self.log.iter().map(Batch::next_offset).filter(|end| *end > self.high_watermark);
        let ends: Vec<Offset> = uncommitted.collect();
        if !ends.is_empty() {
            let to = self.below(ends.len() as u64) as usize;
            self.commit_to(ends[to]);
        }
    }

    pub fn commit_to(&mut self, high_watermark: Offset) {
        self.high_watermark = high_watermark;
        let partition = self.partition;
        self.act(|carried, cx| carried.runtime_mut().on_high_watermark(cx, partition, high_watermark));
    }

    /// Lets time pass; timers fire at their own instants.
    pub fn pass(&mut self, span: Span) {
        let end = self.now + span;
        while self.comes_to_timer(end) {
            self.act(|carried, cx| carried.runtime_mut().on_deadline(cx));
            self.carry(0);
        }
        self.now = end;
    }

    /// Lets time pass up to the next timer, if one is due by then.
    pub fn comes_to_timer(&mut self, end: Time) -> bool {
        let due = self.coordinator.runtime().next_deadline().filter(|at| *at <= end);
        self.now = due.unwrap_or(self.now);
        due.is_some()
    }

    /// Leadership goes, and with it some of what was not committed. It comes back.
    fn change_leader(&mut self) {
        let partition = self.partition;
        self.act(|carried, cx| carried.runtime_mut().unload(cx, partition));
        let runtime = self.coordinator.runtime();
        assert_eq!((runtime.pending_writes(), runtime.next_deadline()), (0, None), "nothing is left behind");
        assert_eq!(self.answers.len() as i32, self.asked, "everybody was sent away");
        let high_watermark = self.high_watermark;
        let kept = self.log.iter().filter(|batch| batch.next_offset() <= high_watermark).count();
        let kept = kept + self.below((self.log.len() - kept) as u64 + 1) as usize;
        self.log.truncate(kept);
        self.load();
    }

    fn load(&mut self) {
        self.epoch += 1;
        let (epoch, log) = (LeaderEpoch(self.epoch), self.log.clone());
        let led = Led { partition: self.partition, epoch, high_watermark: self.high_watermark };
        self.act(|carried, cx| carried.runtime_mut().load(cx, led, &mut log.into_iter()));
    }

    /// What the log says up to there.
    pub fn image(&self, end: Offset) -> <C::Machine as Machine>::Image {
        let mut image = Default::default();
        for record in self.records(end) {
            C::Machine::apply(&mut image, &record);
        }
        image
    }

    /// What is committed, in order.
    pub fn committed(&self) -> Vec<<C::Machine as Machine>::Record> {
        self.records(self.high_watermark)
    }

    fn records(&self, end: Offset) -> Vec<<C::Machine as Machine>::Record> {
        let batches = self.log.iter().filter(|batch| batch.next_offset() <= end);
        let records = batches.flat_map(|batch| batch.records().expect("they were written a moment ago"));
        let read = |record: &records::Record| C::Machine::decode(record.key.as_ref()?, record.value.as_ref());
        records.filter_map(|record| read(&record)).collect()
    }

    /// Images are what the log says, and nobody is answered twice.
    pub fn check(&self) {
        let shard = self.coordinator.runtime().shard(self.partition).expect("it is led here");
        shard.verify();
        assert_eq!(Digest::of(shard.committed()), Digest::of(&self.image(self.high_watermark)), "as committed");
        assert_eq!(Digest::of(shard.ahead()), Digest::of(&self.image(self.end())), "as written");
        let mut answered: Vec<i32> = self.answers.iter().map(|(id, _)| *id).collect();
        answered.sort_unstable();
        assert!(answered.is_sorted_by(|one, next| one < next), "one answer for each");
    }

    /// From now on everything is written and committed: whoever asked is answered.
    pub fn settle(&mut self) {
        for _ in 0..400 {
            self.carry(0);
            self.commit_to(self.end());
            self.check();
            if self.answers.len() as i32 == self.asked {
                return;
            }
            self.pass(Span::from_secs(5));
        }
        let waiting = (0..self.asked).filter(|id| self.answers.iter().all(|(answered, _)| answered != id));
        panic!("not answered: {:?}", waiting.collect::<Vec<i32>>());
    }
}
