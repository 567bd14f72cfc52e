//! Fetch requests of consumers and followers: what may be read, waiting until there is enough, and
//! the leader's side of replication.
//!
//! Kafka: `KafkaApis.handleFetchRequest`, `ReplicaManager.fetchMessages`, `DelayedFetch`; semantics
//! §5. As in Kafka the answer carries the HW from before this fetch moved it.

use crate::broker::Broker;
use crate::fetch_session::{FetchSession, ParkedFetch, Watched};
use crate::partition::{FollowerFetch, Partition};
use crate::timer::Timer;
use api::{
    EpochEndOffset, FetchPartitionResponse, FetchRequest, FetchResponse, IsolationLevel, ReplicaState, Response,
};
use base::{ConnectionId, ErrorCode, Offset, Span, TopicIdPartition};
use log::{FirstBatch, ReadLimits, diverging_epoch};
use port::{Cx, ReplyTo};
use records::Batch;

/// Who reads.
#[derive(Clone, Copy)]
enum Reader {
    Consumer(IsolationLevel),
    Follower(ReplicaState),
}

/// What a look at one partition shows a reader.
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
        let id = match self.fetches.open(&request, reply.connection) {
            Ok(id) => id,
            Err(error) => return respond(cx, reply, error, 0, Vec::new()),
        };
        self.fetches.update(id, &request, cx.now);
        let Some(session) = self.fetches.get(id) else { return };
        let (reader, dirty) = (Reader::of(session), session.in_turn());
        let parked = ParkedFetch {
            reply,
            min_bytes: request.min_bytes.max(0) as u64,
            max_bytes: request.max_bytes.max(0) as u64,
        };
        let mut is_ready = request.max_wait == Span::ZERO || session.partitions.is_empty();
        let (mut bytes, mut fetched) = (0, Vec::new());
        for (at, watched) in &dirty {
            match self.visit(*at, watched, reader) {
                Visit::Error(_) | Visit::Diverging(_) => is_ready = true,
                Visit::Readable(bound) => {
                    bytes += self.readable_bytes(*at, watched, bound, parked.min_bytes);
                    fetched.push((*at, *watched));
                }
                Visit::Idle => fetched.push((*at, *watched)),
            }
        }
        if is_ready || bytes >= parked.min_bytes {
            self.answer_fetch(cx, id, parked);
            return self.note_follower_fetches(cx, reader, &fetched);
        }
        self.note_follower_fetches(cx, reader, &fetched);
        self.park_fetch(cx, id, parked, request.max_wait);
    }

    fn park_fetch(&mut self, cx: &mut Cx<'_>, id: i32, parked: ParkedFetch, max_wait: Span) {
        self.timers.set(Timer::FetchWait(id), cx.now + max_wait);
        let Some(session) = self.fetches.get(id) else { return };
        let reader = Reader::of(session);
        let settled: Vec<TopicIdPartition> = session
            .in_turn()
            .iter()
            .filter(|(at, watched)| self.is_settled(*at, watched, reader))
            .map(|(at, _)| *at)
            .collect();
        let Some(session) = self.fetches.get_mut(id) else { return };
        session.parked = Some(parked);
        for at in settled {
            session.dirty.remove(&at);
        }
    }

    /// What one partition has for a reader at its offset.
    fn visit(&self, at: TopicIdPartition, watched: &Watched, reader: Reader) -> Visit {
        let Some(partition) = self.partitions.get(&at) else { return Visit::Error(self.missing_partition(at)) };
        match look(partition, watched, reader) {
            Ok(visit) => visit,
            Err(error) => Visit::Error(error),
        }
    }

    /// Is there nothing more to say about this partition until it changes? A follower outside the
    /// ISR is looked at with every fetch, since each may bring it in.
    fn is_settled(&self, at: TopicIdPartition, watched: &Watched, reader: Reader) -> bool {
        let Some(partition) = self.partitions.get(&at) else { return false };
        let told = (partition.high_watermark(), partition.log().log_start());
        let is_in_sync = match reader {
            Reader::Consumer(_) => true,
            Reader::Follower(replica) => partition.isr().contains(&replica.id),
        };
        is_in_sync && watched.told == Some(told) && matches!(self.visit(at, watched, reader), Visit::Idle)
    }

    fn readable_bytes(&self, at: TopicIdPartition, watched: &Watched, bound: Offset, enough: u64) -> u64 {
        let Some(partition) = self.partitions.get(&at) else { return 0 };
        let bytes = partition.log().bytes_between(watched.fetch_offset, bound, enough);
        bytes.min(watched.max_bytes.max(0) as u64)
    }

    /// A follower has what lies before the offsets it asks for.
    fn note_follower_fetches(&mut self, cx: &mut Cx<'_>, reader: Reader, fetched: &[(TopicIdPartition, Watched)]) {
        let Reader::Follower(replica) = reader else { return };
        for (at, watched) in fetched {
            let fetch = FollowerFetch {
                offset: watched.fetch_offset,
                log_start: watched.log_start,
                broker_epoch: replica.epoch,
                at: cx.now,
            };
            let Some(partition) = self.partitions.get_mut(at) else { continue };
            if let Ok(change) = partition.follower_fetched(cx, replica.id, fetch) {
                self.note_change(cx, *at, change);
            }
        }
    }

    /// Followers of an idle partition do not name it in their fetches. Before the log end moves,
    /// their last fetches count as fetches of it.
    pub(crate) fn note_idle_followers(&mut self, at: TopicIdPartition) {
        let followers = self.fetches.followers_of(at);
        if followers.is_empty() {
            return;
        }
        if let Some(partition) = self.partitions.get_mut(&at) {
            for (replica, heard) in followers {
                partition.follower_idled(replica, heard);
            }
        }
    }

    /// A partition changed: whoever watches it looks again.
    pub(crate) fn wake_fetches(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        for id in self.fetches.watchers_of(at) {
            let Some(session) = self.fetches.get_mut(id) else { continue };
            session.dirty.insert(at);
            let Some(parked) = session.parked else { continue };
            if self.has_enough(id, at, parked.min_bytes) {
                self.complete_fetch(cx, id);
            }
        }
    }

    /// Is a parked fetch complete now that `at` changed?
    fn has_enough(&self, id: i32, at: TopicIdPartition, min_bytes: u64) -> bool {
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
        self.timers.cancel(&Timer::FetchWait(id));
        let parked = self.fetches.get_mut(id).and_then(|session| session.parked.take());
        if let Some(parked) = parked {
            self.answer_fetch(cx, id, parked);
        }
    }

    /// `max_wait_ms` is over: what there is is the answer.
    pub(crate) fn fetch_waited(&mut self, cx: &mut Cx<'_>, id: i32) {
        self.complete_fetch(cx, id);
    }

    fn answer_fetch(&mut self, cx: &mut Cx<'_>, id: i32, parked: ParkedFetch) {
        let Some(session) = self.fetches.get(id) else { return };
        let (reader, in_full, turns) = (Reader::of(session), session.answers_in_full, session.in_turn());
        let mut budget = Budget::new(parked.max_bytes.min(self.config.fetch_max_bytes.max(0) as u64));
        let mut answers = Vec::new();
        for (at, watched) in turns {
            let answer = self.read_partition(cx, (at, watched), reader, &mut budget);
            let told = (answer.high_watermark, answer.log_start_offset);
            let is_news = in_full
                || answer.error.is_error()
                || answer.diverging.is_some()
                || !answer.records.is_empty()
                || watched.told != Some(told);
            let Some(session) = self.fetches.get_mut(id) else { return };
            if is_news {
                session.told(at, told.0, told.1);
                if !answer.records.is_empty() {
                    session.goes_last(at);
                }
                answers.push(answer);
            }
            let is_settled =
                self.is_settled(at, &Watched { told: is_news.then_some(told).or(watched.told), ..watched }, reader);
            if let (true, Some(session)) = (is_settled, self.fetches.get_mut(id)) {
                session.dirty.remove(&at);
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
        let node_endpoints = self.endpoints_of(answers.iter().map(|answer| answer.current_leader));
        let response =
            FetchResponse { error: ErrorCode::None, session_id: id.max(0), partitions: answers, node_endpoints };
        cx.respond(reply, Response::Fetch(response));
    }

    fn read_partition(
        &self,
        cx: &Cx<'_>,
        (at, watched): (TopicIdPartition, Watched),
        reader: Reader,
        budget: &mut Budget,
    ) -> FetchPartitionResponse {
        let mut answer = FetchPartitionResponse {
            topic: at.topic,
            partition: at.partition,
            error: ErrorCode::None,
            high_watermark: Offset::UNDEFINED,
            last_stable_offset: Offset::UNDEFINED,
            log_start_offset: Offset::UNDEFINED,
            diverging: None,
            current_leader: None,
            records: Vec::new(),
        };
        let read = match self.visit(at, &watched, reader) {
            Visit::Error(error) => Err(error),
            Visit::Diverging(diverging) => {
                answer.diverging = Some(diverging);
                Ok(Vec::new())
            }
            Visit::Readable(bound) => self.read_batches(cx, at, &watched, (bound, budget)),
            Visit::Idle => Ok(Vec::new()),
        };
        match (read, self.partitions.get(&at)) {
            (Ok(records), Some(partition)) => {
                answer.records = records;
                answer.high_watermark = partition.high_watermark();
                answer.last_stable_offset = partition.log().last_stable_offset();
                answer.log_start_offset = partition.log().log_start();
            }
            (Ok(_), None) => answer.error = ErrorCode::UnknownTopicOrPartition,
            (Err(error), _) => {
                answer.error = error;
                answer.current_leader = self.leader_hint(at, error);
            }
        }
        answer
    }

    fn read_batches(
        &self,
        cx: &Cx<'_>,
        at: TopicIdPartition,
        watched: &Watched,
        (bound, budget): (Offset, &mut Budget),
    ) -> Result<Vec<Batch>, ErrorCode> {
        let Some(partition) = self.partitions.get(&at) else { return Err(ErrorCode::UnknownTopicOrPartition) };
        let limits = ReadLimits {
            max_bytes: budget.left.min(watched.max_bytes.max(0) as u64),
            up_to: bound,
            first_batch: budget.first_batch,
        };
        let data = partition.log().read(cx.store, watched.fetch_offset, limits)?;
        budget.spend(data.size);
        Ok(data.batches)
    }

    pub(crate) fn forget_fetches_of(&mut self, connection: ConnectionId) {
        for id in self.fetches.remove_of_connection(connection) {
            self.timers.cancel(&Timer::FetchWait(id));
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

/// The checks of `Partition.fetchRecords`, in Kafka's order.
fn look(partition: &Partition, watched: &Watched, reader: Reader) -> Result<Visit, ErrorCode> {
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
        return Err(ErrorCode::OffsetOutOfRange);
    }
    let bound = reader.bound(partition);
    let first = log.batches_from(offset).next();
    let is_readable = first.is_some_and(|first| first.last_offset < bound);
    Ok(if is_readable { Visit::Readable(bound) } else { Visit::Idle })
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
