//! Fetch requests of consumers and followers: what may be read, waiting until there is enough, and
//! the leader's side of replication.
//!
//! Kafka: `KafkaApis.handleFetchRequest`, `ReplicaManager.fetchMessages`, `DelayedFetch`; semantics
//! §5. As in Kafka the answer carries the HW from before this fetch moved it.

use super::look::{Reader, Visit, is_settled, look};
use super::{Purgatories, Serving};
use crate::fetch_session::{FetchSession, ParkedFetch, Turn, Watched};
use crate::hints::{endpoints_of, leader_hint, missing_partition};
use crate::partition::{FollowerFetch, Partition};
use crate::timer::Timer;
use crate::view::View;
use crate::wires::Wires;
use api::{FetchPartitionResponse, FetchRequest, FetchResponse, Response};
use base::{BrokerId, ConnectionId, ErrorCode, Offset, Span, Time, TopicIdPartition};
use log::{FirstBatch, ReadLimits};
use port::{Cx, ReplyTo};
use records::Batch;

/// A fetch and what a look at its partitions showed. What a follower's tells is to be noted
/// ([`follower_fetches`](Self::follower_fetches)); one that is not answered is to be [parked](Purgatories::park_fetch)
/// then.
#[must_use]
pub(crate) struct Looked {
    session: i32,
    reader: Reader,
    /// How long and for what it waits; `None`: it is answered.
    waits: Option<(Span, ParkedFetch)>,
    turns: Vec<Turn>,
    visits: Vec<Visit>,
}

/// A fetch that is answered now.
struct Due<'a> {
    session: i32,
    parked: ParkedFetch,
    turns: &'a [Turn],
}

impl Looked {
    /// The follower that asked has what lies before the offsets it asks for, where it may ask.
    pub(crate) fn follower_fetches(
        &self,
        now: Time,
    ) -> impl Iterator<Item = (TopicIdPartition, BrokerId, FollowerFetch)> {
        let replica = match self.reader {
            Reader::Follower(replica) => Some(replica),
            Reader::Consumer(_) => None,
        };
        let visited = self.turns.iter().zip(&self.visits);
        let may = visited.filter(|(_, visit)| matches!(visit, Visit::Readable(_) | Visit::Idle));
        let told = may.map(move |((at, watched), _)| {
            let replica = replica?;
            let (offset, log_start) = (watched.fetch_offset, watched.log_start);
            Some((*at, replica.id, FollowerFetch { offset, log_start, broker_epoch: replica.epoch, at: now }))
        });
        told.map_while(|told| told)
    }
}

impl Purgatories {
    /// Looks at what a fetch asks for, and answers if there is enough, or if it does not wait. `None`: its session does not
    /// go on, and it has been told so.
    pub(crate) fn on_fetch(
        &mut self,
        cx: &mut Cx<'_>,
        serving: &Serving<'_>,
        reply: ReplyTo,
        request: &FetchRequest,
    ) -> Option<Looked> {
        self.fetches.superseded(request).into_iter().for_each(|waits| cx.abandon(waits));
        let id = match self.fetches.open(request, reply.connection) {
            Ok(id) => id,
            Err(error) => {
                respond(cx, reply, error);
                return None;
            }
        };
        self.fetches.update(id, request, cx.now);
        let session = self.fetches.get(id).expect("it was opened just now");
        let (reader, turns) = (Reader::of(session), session.in_turn());
        let parked = ParkedFetch {
            reply,
            min_bytes: request.min_bytes.max(0) as u64,
            max_bytes: request.max_bytes.max(0) as u64,
        };
        let view = serving.view();
        let mut is_ready = request.max_wait == Span::ZERO || session.partitions.is_empty();
        let (mut bytes, mut visits) = (0, Vec::with_capacity(turns.len()));
        for (at, watched) in &turns {
            let visit = view.visit(*at, watched, reader);
            match visit {
                Visit::Error(_) | Visit::Diverging(_) => is_ready = true,
                Visit::Readable(bound) => bytes += view.readable_bytes(*at, watched, bound, parked.min_bytes),
                Visit::Idle => {}
            }
            visits.push(visit);
        }
        let is_answered = is_ready || bytes >= parked.min_bytes;
        if is_answered {
            self.answer_fetch(cx, serving, Due { session: id, parked, turns: &turns });
        }
        let waits = (!is_answered).then_some((request.max_wait, parked));
        Some(Looked { session: id, reader, waits, turns, visits })
    }

    /// Keeps a fetch that is not answered. What a follower's told is noted by now; it changes nothing of what the visits
    /// found.
    pub(crate) fn park_fetch(&mut self, cx: &mut Cx<'_>, serving: &mut Serving<'_>, looked: &Looked) {
        // It was answered at the first look.
        let Some((max_wait, parked)) = looked.waits else { return };
        let id = looked.session;
        if let Some(before) = self.fetches.get(id).and_then(|session| session.parked) {
            cx.abandon(before.reply);
        }
        serving.wires.timers.set(Timer::FetchWait(id), cx.now + max_wait);
        let session = self.fetches.get_mut(id).expect("whoever waits has a session");
        session.parked = Some(parked);
        // From the last one: what goes from the end of a list of thousands moves nothing.
        for ((at, watched), visit) in looked.turns.iter().zip(&looked.visits).rev() {
            let partition = serving.replicas.get(*at);
            if partition.is_some_and(|partition| is_settled(partition, (watched.told, looked.reader), visit)) {
                session.dirty.remove(at);
            }
        }
    }

    /// A partition changed: parked fetches may have enough now.
    pub(crate) fn wake_fetches(&mut self, cx: &mut Cx<'_>, serving: &mut Serving<'_>, at: TopicIdPartition) {
        let (view, partition) = (serving.view(), serving.replicas.get(at));
        let parked = self.fetches.parked_on(at);
        let enough: Vec<i32> = parked
            .filter(|(_, session, parked)| view.has_enough(session, (at, partition), parked.min_bytes))
            .map(|(id, ..)| id)
            .collect();
        for id in enough {
            self.complete_fetch(cx, serving, id);
        }
    }

    /// Answers a parked fetch with what there is: there is enough, or its `max_wait_ms` is over.
    pub(crate) fn complete_fetch(&mut self, cx: &mut Cx<'_>, serving: &mut Serving<'_>, id: i32) {
        serving.wires.timers.cancel(&Timer::FetchWait(id));
        // Its time is up, but a later request of its reader has ended the session, and the wait with it.
        let Some(session) = self.fetches.get_mut(id) else { return };
        if let Some(parked) = session.parked.take() {
            let turns = session.in_turn();
            self.answer_fetch(cx, serving, Due { session: id, parked, turns: &turns });
        }
    }

    /// Partitions in turn until the budget is spent; in a session those without news are not named (KIP-227).
    fn answer_fetch(&mut self, cx: &mut Cx<'_>, serving: &Serving<'_>, due: Due<'_>) {
        let Due { session: id, parked, turns } = due;
        let session = self.fetches.get_mut(id).expect("whoever is answered has a session");
        let (reader, in_full) = (Reader::of(session), session.answers_in_full);
        let mut budget = Budget::new(parked.max_bytes.min(serving.wires.config.fetch_max_bytes.max(0) as u64));
        let mut answers = Vec::with_capacity(turns.len());
        for (at, watched) in turns {
            let partition = serving.replicas.get(*at);
            let (answer, visit) = serving.view().read_partition(cx, (*at, partition, watched), reader, &mut budget);
            // Who is told to cut its log does not look at the HW beside it: that has to be named again.
            let told = match answer.diverging {
                Some(_) => (Offset::UNDEFINED, Offset::UNDEFINED),
                None => (answer.high_watermark, answer.log_start_offset),
            };
            let is_news = in_full
                || answer.error.is_error()
                || answer.diverging.is_some()
                || !answer.records.is_empty()
                || watched.told != Some(told);
            let last_told = if is_news { Some(told) } else { watched.told };
            let is_settled = partition.is_some_and(|partition| is_settled(partition, (last_told, reader), &visit));
            // A passing session ends with this answer: nobody will look at its books.
            if id > 0 {
                session.answered(*at, (is_news.then_some(told), !answer.records.is_empty()), is_settled);
            }
            if is_news {
                answers.push(answer);
            }
        }
        session.answers_in_full = false;
        if id < 0 {
            self.fetches.remove(id);
        }
        let listener = serving.wires.listeners.name(parked.reply.listener);
        let node_endpoints =
            endpoints_of((serving.image, listener), answers.iter().map(|answer| answer.current_leader));
        let response =
            FetchResponse { error: ErrorCode::None, session_id: id.max(0), partitions: answers, node_endpoints };
        cx.respond(parked.reply, Response::Fetch(response));
    }

    /// Sessions end with their connection; Kafka keeps them until somebody needs the slot.
    pub(super) fn forget_fetches_of(&mut self, wires: &mut Wires, connection: ConnectionId) {
        for id in self.fetches.remove_of_connection(connection) {
            wires.timers.cancel(&Timer::FetchWait(id));
        }
    }
}

impl View<'_> {
    /// What one partition has for a reader at its offset.
    fn visit(self, at: TopicIdPartition, watched: &Watched, reader: Reader) -> Visit {
        match self.replicas.get(at) {
            Some(partition) => look(partition, watched, reader),
            None => Visit::Error(missing_partition(self.image, at)),
        }
    }

    /// Is a parked fetch complete now that one partition of its session changed?
    pub(super) fn has_enough(
        self,
        session: &FetchSession,
        (at, partition): (TopicIdPartition, Option<&Partition>),
        min_bytes: u64,
    ) -> bool {
        let watched = session.partitions.get(&at).expect("sessions hear of what they watch");
        let reader = Reader::of(session);
        let visit = match partition {
            Some(partition) => look(partition, watched, reader),
            None => Visit::Error(missing_partition(self.image, at)),
        };
        match visit {
            Visit::Error(_) | Visit::Diverging(_) => true,
            Visit::Idle => false,
            Visit::Readable(_) if min_bytes <= 1 => true,
            Visit::Readable(_) => {
                let bytes = |(at, watched): &Turn| match self.visit(*at, watched, reader) {
                    Visit::Readable(bound) => self.readable_bytes(*at, watched, bound, min_bytes),
                    Visit::Error(_) | Visit::Diverging(_) | Visit::Idle => 0,
                };
                session.in_turn().iter().map(bytes).sum::<u64>() >= min_bytes
            }
        }
    }

    /// What counts for `min_bytes`: up to the bound and the partition's own limit.
    fn readable_bytes(self, at: TopicIdPartition, watched: &Watched, bound: Offset, enough: u64) -> u64 {
        let partition = self.replicas.get(at).expect("only what is here was found readable");
        let bytes = partition.log().bytes_between(watched.fetch_offset, bound, enough);
        bytes.min(watched.max_bytes.max(0) as u64)
    }

    /// One partition's part: an error, a place to cut at, or batches.
    fn read_partition(
        self,
        cx: &Cx<'_>,
        (at, partition, watched): (TopicIdPartition, Option<&Partition>, &Watched),
        reader: Reader,
        budget: &mut Budget,
    ) -> (FetchPartitionResponse, Visit) {
        let mut answer = unanswered(at);
        let Some(partition) = partition else {
            answer.error = missing_partition(self.image, at);
            answer.current_leader = leader_hint(self.image, at, answer.error);
            let visit = Visit::Error(answer.error);
            return (answer, visit);
        };
        let visit = look(partition, watched, reader);
        let read = match visit {
            Visit::Error(error) => Err(error),
            Visit::Diverging(diverging) => {
                answer.diverging = Some(diverging);
                Ok(Vec::new())
            }
            Visit::Readable(bound) => read_batches(cx, partition, watched, (bound, budget)),
            Visit::Idle => Ok(Vec::new()),
        };
        match read {
            Ok(records) => {
                answer.records = records;
                answer.high_watermark = partition.high_watermark();
                answer.last_stable_offset = partition.log().last_stable_offset();
                answer.log_start_offset = partition.log().log_start();
            }
            Err(error) => {
                answer.error = error;
                answer.current_leader = leader_hint(self.image, at, error);
            }
        }
        (answer, visit)
    }
}

/// Bytes that one answer may still hold; its first batch goes in whatever its size.
struct Budget {
    left: u64,
    first_batch: FirstBatch,
}

impl Budget {
    /// response max_bytes, but at least one batch.
    fn new(bytes: u64) -> Budget {
        Budget { left: bytes, first_batch: FirstBatch::Always }
    }

    /// After the first batch limits hold (`KafkaApis.handleFetchRequest`, hardMaxBytesLimit).
    fn spend(&mut self, bytes: u64) {
        if bytes > 0 {
            self.left = self.left.saturating_sub(bytes);
            self.first_batch = FirstBatch::WithinLimit;
        }
    }
}

/// Whole batches: a reader skips what it has.
fn read_batches(
    cx: &Cx<'_>,
    partition: &Partition,
    watched: &Watched,
    (bound, budget): (Offset, &mut Budget),
) -> Result<Vec<Batch>, ErrorCode> {
    let limits = ReadLimits {
        max_bytes: budget.left.min(watched.max_bytes.max(0) as u64),
        up_to: bound,
        first_batch: budget.first_batch,
    };
    let data = partition.log().read(cx.store, watched.fetch_offset, limits)?;
    budget.spend(data.size);
    Ok(data.batches)
}

/// The undefined values of FetchResponse.json.
fn unanswered(at: TopicIdPartition) -> FetchPartitionResponse {
    FetchPartitionResponse {
        topic: at.topic,
        partition: at.partition,
        error: ErrorCode::None,
        high_watermark: Offset::UNDEFINED,
        last_stable_offset: Offset::UNDEFINED,
        log_start_offset: Offset::UNDEFINED,
        diverging: None,
        current_leader: None,
        records: Vec::new(),
    }
}

/// A fetch outside of any session that could go on.
fn respond(cx: &mut Cx<'_>, reply: ReplyTo, error: ErrorCode) {
    let response = FetchResponse { error, session_id: 0, partitions: Vec::new(), node_endpoints: Vec::new() };
    cx.respond(reply, Response::Fetch(response));
}
