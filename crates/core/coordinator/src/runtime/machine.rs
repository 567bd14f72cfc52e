//! What a coordinator is, apart from the runtime that carries it: an image that its records build, soft
//! state beside it, and decisions.

use api::Response;
use base::{ConnectionId, ErrorCode, PartitionId, Span, TimerKey, TimerTable};
use bytes::Bytes;
use port::{Cx, ReplyTo};
use std::fmt::Debug;
use std::hash::Hash;

/// A record's key and value; without a value it is a tombstone.
pub type KeyValue = (Bytes, Option<Bytes>);

/// One kind of coordinator. The value itself is what no record keeps: members' sessions, parked requests,
/// rounds under way. It is gone when the partition is led elsewhere.
///
/// Kafka: `CoordinatorShard`, `CoordinatorPlayback`; what it decides is a `CoordinatorResult`.
pub trait Machine: Clone + Debug + Default + Hash {
    type Config: Clone + Debug + Hash;
    /// What the records say. Nothing but [`Machine::apply`] writes it.
    type Image: Clone + Debug + Default + Hash;
    /// One change of the image.
    type Record: Clone + Debug + Hash;
    type Request<'a>;
    /// An answer that waits for what it rests on to be committed.
    type Reply: Clone + Debug + Hash;
    /// What else happens once a write is committed or lost (`CoordinatorResult.appendFuture`).
    type After: Clone + Debug + Default + Hash;
    type Timer: TimerKey + Debug + Hash + From<WriteTimer>;

    /// The record as its log holds it.
    fn encode(record: &Self::Record) -> KeyValue;

    /// What a record of the log says. `None`: this coordinator does not know such records and skips it.
    fn decode(key: &Bytes, value: Option<&Bytes>) -> Option<Self::Record>;

    /// Live, loading and going back to what is committed, all the same.
    fn apply(image: &mut Self::Image, record: &Self::Record);

    /// What a request comes to, judged by everything decided so far, committed or not.
    fn decide(
        &mut self,
        scope: &mut Scope<'_, '_, Self>,
        ahead: &Self::Image,
        request: Self::Request<'_>,
    ) -> Decision<Self>;

    /// One of the machine's own timers fired.
    fn fire(&mut self, scope: &mut Scope<'_, '_, Self>, ahead: &Self::Image, timer: Self::Timer) -> Decision<Self>;

    /// The log of the partition has been read: soft state begins.
    fn loaded(
        &mut self,
        scope: &mut Scope<'_, '_, Self>,
        partition: PartitionId,
        image: &Self::Image,
    ) -> Decision<Self>;

    /// The partition is led elsewhere: whoever waits in soft state is sent away.
    fn unloaded(&mut self, scope: &mut Scope<'_, '_, Self>);

    /// A write is committed, and the image says so.
    fn committed(&mut self, scope: &mut Scope<'_, '_, Self>, write: Write<Self>) -> Decision<Self>;

    /// A write is lost: `ahead` is without it again. Soft state follows.
    fn lost(
        &mut self,
        scope: &mut Scope<'_, '_, Self>,
        ahead: &Self::Image,
        write: Write<Self>,
        error: ErrorCode,
    ) -> Decision<Self>;

    /// Nobody waits longer for a write. It stays in the log and may still be committed, and `then` is what
    /// is left to do in that case.
    fn overdue(&mut self, scope: &mut Scope<'_, '_, Self>, then: &mut Self::After) -> Decision<Self>;

    /// The answer once everything that it rests on is committed, or that cannot be.
    fn answer(reply: Self::Reply, result: Result<(), ErrorCode>) -> Response;

    /// How long answers wait for a write.
    fn write_timeout(config: &Self::Config) -> Span;

    /// Whose timer this is.
    fn place(config: &Self::Config, timer: &Self::Timer) -> TimerPlace;

    /// Requests that wait in soft state.
    fn parked(&self) -> u32;

    /// Does a request of this connection wait in soft state?
    fn waits_on(&self, connection: ConnectionId) -> bool;

    /// Forgets the reply addresses on a closed connection.
    fn forget_connection(&mut self, connection: ConnectionId);
}

/// The answers to a write do not wait longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteTimer(pub u64);

impl TimerKey for WriteTimer {}

/// Whose a timer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerPlace {
    /// The runtime's own, about the write with this token.
    Write(u64),
    /// The machine's, of this partition.
    Shard(PartitionId),
}

/// Time, dice, outbox, settings and timers for one call.
pub struct Scope<'a, 'b, M: Machine> {
    pub cx: &'a mut Cx<'b>,
    pub config: &'a M::Config,
    pub timers: &'a mut TimerTable<M::Timer>,
}

impl<M: Machine> Scope<'_, '_, M> {
    pub fn set_timer(&mut self, timer: M::Timer, after: Span) {
        let at = self.cx.now + after;
        self.timers.set(timer, at);
    }
}

/// Records that take effect together, as one batch.
#[derive(Clone, Debug, Hash)]
pub struct Write<M: Machine> {
    pub records: Vec<M::Record>,
    pub then: M::After,
}

/// What was decided: what is to be written, in order, and an answer that waits for all of it and for whatever
/// was written before, because it was read from there.
#[derive(Clone, Debug, Hash)]
pub struct Decision<M: Machine> {
    pub writes: Vec<Write<M>>,
    pub reply: Option<Awaiting<M::Reply>>,
}

/// An answer and where it goes.
#[derive(Clone, Debug, Hash)]
pub struct Awaiting<R> {
    pub to: ReplyTo,
    pub reply: R,
}

impl<M: Machine> Decision<M> {
    /// Nothing to write and nobody to answer.
    pub fn nothing() -> Decision<M> {
        Decision { writes: Vec::new(), reply: None }
    }
}
