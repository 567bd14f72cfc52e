//! Fetch requests of consumers and followers: what may be read, waiting until there is enough, and
//! the leader's side of replication.
//!
//! Kafka: `KafkaApis.handleFetchRequest`, `ReplicaManager.fetchMessages`, `DelayedFetch`; semantics
//! §5. As in Kafka the answer carries the HW from before this fetch moved it.

use crate::broker::Broker;
use crate::fetch_session::{FetchSession, ParkedFetch, Turn, Watched};
use crate::hints::{endpoints_of, leader_hint, missing_partition};
use crate::partition::{FollowerFetch, Partition};
use crate::timer::Timer;
use api::{
    EpochEndOffset, FetchPartitionResponse, FetchRequest, FetchResponse, IsolationLevel, ReplicaState, Response,
};
use base::{ConnectionId, ErrorCode, Offset, Span, TopicIdPartition};
use log::{FirstBatch, ReadError, ReadLimits, diverging_epoch};
use port::{Cx, ReplyTo};
use records::Batch;

/// Who reads.
#[derive(Clone, Copy)]
enum Reader {
    Consumer(IsolationLevel),
    Follower(ReplicaState),
}

/// What a look at one partition shows a reader.
#[derive(Clone, Copy)]
enum Visit {
    Error(ErrorCode),
    Diverging(EpochEndOffset),
    /// There are whole batches before this offset.
    Readable(Offset),
    Idle,
}

impl Reader {
    fn of(session: &FetchSession) -> Reader {
        match session.replica {
            Some(replica) => Reader::Follower(replica),
            None => Reader::Consumer(session.isolation),
        }
    }

    /// Where what it may read ends.
    fn bound(self, partition: &Partition) -> Offset {
        match self {
            Reader::Follower(_) => partition.log_end(),
            Reader::Consumer(IsolationLevel::ReadUncommitted) => partition.high_watermark(),
            Reader::Consumer(IsolationLevel::ReadCommitted) => partition.log().last_stable_offset(),
        }
    }
}

impl Broker {
    pub(crate) fn on_fetch(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: FetchRequest) {
        self.fetches.superseded(&request).into_iter().for_each(|waits| cx.abandon(waits));
        let id = match self.fetches.open(&request, reply.connection) {
            Ok(id) => id,
            Err(error) => return respond(cx, reply, error, 0, Vec::new()),
        };
        self.fetches.update(id, &request, cx.now);
        let Some(session) = self.fetches.get(id) else { return };
        let (reader, turns) = (Reader::of(session), session.in_turn());
        let parked = ParkedFetch {
            reply,
            min_bytes: request.min_bytes.max(0) as u64,
            max_bytes: request.max_bytes.max(0) as u64,
        };
        let mut is_ready = request.max_wait == Span::ZERO || session.partitions.is_empty();
        let (mut bytes, mut visits) = (0, Vec::with_capacity(turns.len()));
        for (at, watched) in &turns {
            let visit = self.visit(*at, watched, reader);
            match visit {
                Visit::Error(_) | Visit::Diverging(_) => is_ready = true,
                Visit::Readable(bound) => bytes += self.readable_bytes(*at, watched, bound, parked.min_bytes),
                Visit::Idle => {}
            }
            visits.push(visit);
        }
        let visited = || turns.iter().zip(&visits);
        if is_ready || bytes >= parked.min_bytes {
            self.answer_fetch(cx, id, parked, &turns);
            return self.note_follower_fetches(cx, reader, visited());
        }
        self.note_follower_fetches(cx, reader, visited());
        if let Some(before) = self.fetches.get(id).and_then(|session| session.parked) {
            cx.abandon(before.reply);
        }
        self.wires.timers.set(Timer::FetchWait(id), cx.now + request.max_wait);
        self.park_fetch(id, parked, visited());
    }

    /// What a follower's fetch told is noted by now; it changes nothing of what the visits found.
    fn park_fetch<'a>(&mut self, id: i32, parked: ParkedFetch, visits: impl Iterator<Item = (&'a Turn, &'a Visit)>) {
        let Some(session) = self.fetches.get_mut(id) else { return };
        let reader = Reader::of(session);
        session.parked = Some(parked);
        for ((at, watched), visit) in visits {
            let partition = self.replicas.get(*at);
            if partition.is_some_and(|partition| is_settled(partition, (watched.told, reader), visit)) {
                session.dirty.remove(at);
            }
        }
    }

    /// What one partition has for a reader at its offset.
    fn visit(&self, at: TopicIdPartition, watched: &Watched, reader: Reader) -> Visit {
        match self.replicas.get(at) {
            Some(partition) => look(partition, watched, reader),
            None => Visit::Error(missing_partition(&self.image, at)),
        }
    }

    fn readable_bytes(&self, at: TopicIdPartition, watched: &Watched, bound: Offset, enough: u64) -> u64 {
        let Some(partition) = self.replicas.get(at) else { return 0 };
        let bytes = partition.log().bytes_between(watched.fetch_offset, bound, enough);
        bytes.min(watched.max_bytes.max(0) as u64)
    }

    /// A follower has what lies before the offsets it asks for, where it may ask.
    fn note_follower_fetches<'a>(
        &mut self,
        cx: &mut Cx<'_>,
        reader: Reader,
        visits: impl Iterator<Item = (&'a Turn, &'a Visit)>,
    ) {
        let Reader::Follower(replica) = reader else { return };
        for ((at, watched), _) in visits.filter(|(_, visit)| matches!(visit, Visit::Readable(_) | Visit::Idle)) {
            let fetch = FollowerFetch {
                offset: watched.fetch_offset,
                log_start: watched.log_start,
                broker_epoch: replica.epoch,
                at: cx.now,
            };
            let wanted = self.replicas.follower_fetched(cx, *at, replica.id, fetch);
            self.propose_isr(cx, wanted);
        }
    }

    /// A partition changed: whoever watches it has to look again, now or with its next fetch.
    pub(crate) fn mark_news(&mut self, at: TopicIdPartition) {
        self.fetches.mark_news(at);
    }

    /// A partition changed: parked fetches may have enough now.
    pub(crate) fn wake_fetches(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        for (id, min_bytes) in self.fetches.parked_on(at) {
            if self.has_enough(id, at, min_bytes) {
                self.complete_fetch(cx, id);
            }
        }
    }

    /// Is a parked fetch complete now that `at` changed?
    pub(crate) fn has_enough(&self, id: i32, at: TopicIdPartition, min_bytes: u64) -> bool {
        let Some(session) = self.fetches.get(id) else { return false };
        let Some(watched) = session.partitions.get(&at) else { return false };
        let reader = Reader::of(session);
        match self.visit(at, watched, reader) {
            Visit::Error(_) | Visit::Diverging(_) => true,
            Visit::Idle => false,
            Visit::Readable(_) if min_bytes <= 1 => true,
            Visit::Readable(_) => {
                let bytes = |(at, watched): &(TopicIdPartition, Watched)| match self.visit(*at, watched, reader) {
                    Visit::Readable(bound) => self.readable_bytes(*at, watched, bound, min_bytes),
                    Visit::Error(_) | Visit::Diverging(_) | Visit::Idle => 0,
                };
                session.in_turn().iter().map(bytes).sum::<u64>() >= min_bytes
            }
        }
    }

    fn complete_fetch(&mut self, cx: &mut Cx<'_>, id: i32) {
        self.wires.timers.cancel(&Timer::FetchWait(id));
        let Some(session) = self.fetches.get_mut(id) else { return };
        if let Some(parked) = session.parked.take() {
            let turns = session.in_turn();
            self.answer_fetch(cx, id, parked, &turns);
        }
    }

    /// `max_wait_ms` is over: what there is is the answer.
    pub(crate) fn fetch_waited(&mut self, cx: &mut Cx<'_>, id: i32) {
        self.complete_fetch(cx, id);
    }

    fn answer_fetch(&mut self, cx: &mut Cx<'_>, id: i32, parked: ParkedFetch, turns: &[Turn]) {
        let Some(session) = self.fetches.get(id) else { return };
        let (reader, in_full) = (Reader::of(session), session.answers_in_full);
        let mut budget = Budget::new(parked.max_bytes.min(self.wires.config.fetch_max_bytes.max(0) as u64));
        let mut answers = Vec::with_capacity(turns.len());
        for (at, watched) in turns {
            let partition = self.replicas.get(*at);
            let (answer, visit) = self.read_partition(cx, (*at, partition, watched), reader, &mut budget);
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
            if id > 0
                && let Some(session) = self.fetches.get_mut(id)
            {
                session.answered(*at, (is_news.then_some(told), !answer.records.is_empty()), is_settled);
            }
            if is_news {
                answers.push(answer);
            }
        }
        self.send_fetch_answer(cx, id, parked.reply, answers);
    }

    fn send_fetch_answer(&mut self, cx: &mut Cx<'_>, id: i32, reply: ReplyTo, answers: Vec<FetchPartitionResponse>) {
        if id < 0 {
            self.fetches.remove(id);
        } else if let Some(session) = self.fetches.get_mut(id) {
            session.answers_in_full = false;
        }
        let node_endpoints = endpoints_of(&self.image, answers.iter().map(|answer| answer.current_leader));
        let response =
            FetchResponse { error: ErrorCode::None, session_id: id.max(0), partitions: answers, node_endpoints };
        cx.respond(reply, Response::Fetch(response));
    }

    fn read_partition(
        &self,
        cx: &Cx<'_>,
        (at, partition, watched): (TopicIdPartition, Option<&Partition>, &Watched),
        reader: Reader,
        budget: &mut Budget,
    ) -> (FetchPartitionResponse, Visit) {
        let mut answer = unanswered(at);
        let Some(partition) = partition else {
            answer.error = missing_partition(&self.image, at);
            answer.current_leader = leader_hint(&self.image, at, answer.error);
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
                answer.current_leader = leader_hint(&self.image, at, error);
            }
        }
        (answer, visit)
    }

    pub(crate) fn forget_fetches_of(&mut self, connection: ConnectionId) {
        for id in self.fetches.remove_of_connection(connection) {
            self.wires.timers.cancel(&Timer::FetchWait(id));
        }
    }
}

/// Bytes that one answer may still hold; its first batch goes in whatever its size.
struct Budget {
    left: u64,
    first_batch: FirstBatch,
}

impl Budget {
    fn new(bytes: u64) -> Budget {
        Budget { left: bytes, first_batch: FirstBatch::Always }
    }

    fn spend(&mut self, bytes: u64) {
        if bytes > 0 {
            self.left = self.left.saturating_sub(bytes);
            self.first_batch = FirstBatch::WithinLimit;
        }
    }
}

/// What a reader finds, or why it may not read.
fn look(partition: &Partition, watched: &Watched, reader: Reader) -> Visit {
    check_and_look(partition, watched, reader).unwrap_or_else(Visit::Error)
}

/// The checks of `Partition.fetchRecords`, in Kafka's order.
fn check_and_look(partition: &Partition, watched: &Watched, reader: Reader) -> Result<Visit, ErrorCode> {
    let log = partition.log();
    match reader {
        Reader::Follower(replica) => {
            partition.leader_in(watched.leader_epoch)?;
            partition.check_follower(replica.id, replica.epoch)?;
        }
        // Consumers may read from followers as well (KIP-392).
        Reader::Consumer(_) => partition.check_leader_epoch(watched.leader_epoch)?,
    }
    let (start, end, offset) = (log.log_start(), log.log_end(), watched.fetch_offset);
    if let Some(diverging) = diverging_epoch(log.epochs(), start, end, watched.last_fetched_epoch, offset)? {
        return Ok(Visit::Diverging(EpochEndOffset { epoch: diverging.epoch, end_offset: diverging.end }));
    }
    if offset < start || offset > end {
        return Err(ReadError::OutOfRange { asked: offset, start, end }.into());
    }
    if offset == end {
        return Ok(Visit::Idle);
    }
    let bound = reader.bound(partition);
    let first = log.batches_from(offset).next();
    let is_readable = first.is_some_and(|first| first.last_offset < bound);
    Ok(if is_readable { Visit::Readable(bound) } else { Visit::Idle })
}

/// Is there nothing more to say about this partition until it changes? A follower outside the
/// ISR is looked at with every fetch, since each may bring it in.
fn is_settled(partition: &Partition, (told, reader): (Option<(Offset, Offset)>, Reader), visit: &Visit) -> bool {
    let is_in_sync = match reader {
        Reader::Consumer(_) => true,
        Reader::Follower(replica) => partition.isr().contains(&replica.id),
    };
    let present = (partition.high_watermark(), partition.log().log_start());
    is_in_sync && told == Some(present) && matches!(visit, Visit::Idle)
}

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

fn respond(
    cx: &mut Cx<'_>,
    reply: ReplyTo,
    error: ErrorCode,
    session_id: i32,
    partitions: Vec<FetchPartitionResponse>,
) {
    let response = FetchResponse { error, session_id, partitions, node_endpoints: Vec::new() };
    cx.respond(reply, Response::Fetch(response));
}
