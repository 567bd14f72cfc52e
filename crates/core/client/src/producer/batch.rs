//! Records of one partition that travel together: open while records join, sealed when it is first
//! sent. Kafka: `ProducerBatch`.

use base::{Offset, ProcessId, ProducerId, Seldom, Span, Time, Timestamp};
use bytes::Bytes;
use records::{Batch, BatchBuilder, Compression, Header, NewRecord, Trace, increment_sequence};

/// An idempotent producer's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    pub id: ProducerId,
    pub epoch: i16,
}

/// What an application gives to `send`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Given {
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Seldom<Vec<Header>>,
    /// `None`: when it is sent (`ProducerRecord.timestamp`).
    pub timestamp: Seldom<Option<Timestamp>>,
}

/// A record on its way into a batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutgoingRecord {
    /// Its running number in this process.
    pub index: u64,
    /// Whom to tell how it ended.
    pub ticket: Option<u64>,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Seldom<Vec<Header>>,
    /// `None`: when it is sent (`ProducerRecord.timestamp`).
    pub timestamp: Seldom<Option<Timestamp>>,
}

impl OutgoingRecord {
    /// As it goes into a batch at that time of day.
    fn stamped(&self, now: Timestamp) -> NewRecord {
        let timestamp = self.timestamp.unwrap_or(now);
        let (key, value) = (self.key.clone(), self.value.clone());
        NewRecord { timestamp, key, value, headers: self.headers.0.clone() }
    }
}

/// Records are built into the wire format as they come; once sent, they stay as they are.
#[derive(Clone, Debug, Hash)]
enum Content {
    Open { builder: BatchBuilder, indexes: Vec<u64> },
    Sealed(Batch),
}

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct ProducerBatch {
    /// Names the batch between its request and the answer.
    pub id: u64,
    content: Content,
    pub(crate) tickets: Vec<(u32, u64)>,
    pub created: Time,
    /// Bytes of `buffer.memory` it takes; no record joins beyond them.
    pub capacity: u32,
    /// No more records join.
    pub closed: bool,
    /// How often it was sent.
    pub attempts: u32,
    /// A retry waits until then.
    pub not_before: Time,
    /// Leader epoch that it was last sent under; a new leader needs no backoff (KIP-951).
    pub(crate) sent_epoch: i32,
    /// Identity and base sequence once they are fixed; kept over retries.
    pub sequence: Option<(Identity, i32)>,
    /// The sequence was given anew after an epoch bump.
    pub(crate) sequence_reset: bool,
}

impl ProducerBatch {
    /// Room for `capacity` bytes, which count as memory whether they are used or not (`BufferPool`).
    pub(crate) fn new(id: u64, created: Time, capacity: u32) -> ProducerBatch {
        ProducerBatch {
            id,
            content: Content::Open { builder: BatchBuilder::new(), indexes: Vec::new() },
            tickets: Vec::new(),
            created,
            capacity,
            closed: false,
            attempts: 0,
            not_before: Time::ZERO,
            sent_epoch: -1,
            sequence: None,
            sequence_reset: false,
        }
    }

    /// Bytes, uncompressed until it is sealed.
    pub fn size(&self) -> u32 {
        match &self.content {
            Content::Open { builder, .. } => builder.size(),
            Content::Sealed(batch) => batch.size(),
        }
    }

    /// How many records it holds.
    pub fn record_count(&self) -> u32 {
        match &self.content {
            Content::Open { builder, .. } => builder.record_count(),
            Content::Sealed(batch) => batch.record_count() as u32,
        }
    }

    /// Was it sent, or made ready for that?
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.content, Content::Sealed(_))
    }

    /// Nothing more goes in: it is sent without lingering.
    pub fn is_full(&self) -> bool {
        self.closed || self.capacity <= self.size()
    }

    /// Which of the process's records these are.
    pub fn trace(&self, producer: ProcessId) -> Trace {
        match &self.content {
            Content::Open { indexes, .. } => Trace { producer, indexes: indexes[..].into() },
            Content::Sealed(batch) => batch.trace().cloned().expect("sealed with its trace"),
        }
    }

    /// Would [`try_append`](Self::try_append) take the record?
    pub(crate) fn has_room(&self, record: &OutgoingRecord, timestamp: Timestamp) -> bool {
        let Content::Open { builder, .. } = &self.content else { return false };
        let more = builder.size_of(&record.stamped(timestamp));
        !self.closed && (builder.record_count() == 0 || builder.size() + more <= self.capacity)
    }

    /// Appends the record, if there is room; says how many bytes it took. The first always fits.
    pub(crate) fn try_append(&mut self, record: &OutgoingRecord, timestamp: Timestamp) -> Option<u32> {
        // What was sent once is sent again as it is, or its sequence numbers would lie.
        let Content::Open { builder, indexes } = &mut self.content else { return None };
        let new = record.stamped(timestamp);
        let before = builder.size();
        let more = builder.size_of(&new);
        if self.closed || (builder.record_count() > 0 && before + more > self.capacity) {
            self.closed = true;
            return None;
        }
        builder.append(&new);
        if let Some(ticket) = record.ticket {
            self.tickets.push((indexes.len() as u32, ticket));
        }
        indexes.push(record.index);
        Some(builder.size() - before)
    }

    /// The batch as it is to be sent now, under its identity and sequence if it has them.
    pub(crate) fn seal(&mut self, producer: ProcessId, compression: Compression) -> Batch {
        self.closed = true;
        let sealed = match &mut self.content {
            Content::Open { builder, indexes } => {
                let trace = Trace { producer, indexes: indexes[..].into() };
                let builder = std::mem::take(builder).trace(Some(trace));
                stamp(builder, self.sequence, compression).build()
            }
            Content::Sealed(batch) if is_stamped(batch, self.sequence) => batch.clone(),
            Content::Sealed(batch) => stamp(rebuild(batch), self.sequence, compression).build(),
        };
        self.content = Content::Sealed(sealed.clone());
        sealed
    }

    /// The sequence of its last record.
    pub(crate) fn last_sequence(&self) -> Option<i32> {
        self.sequence.map(|(_, base)| increment_sequence(base, self.record_count() as i32 - 1))
    }

    /// delivery.timeout.ms counts from the moment that the batch was opened, over all tries.
    pub(crate) fn has_expired(&self, now: Time, delivery_timeout: Span) -> bool {
        now >= self.created + delivery_timeout
    }

    /// Two batches with half of the records each; for a leader that found this one too large. The
    /// new batches have no sequence yet. `ids` name them.
    pub(crate) fn split(&self, ids: [u64; 2]) -> Option<[ProducerBatch; 2]> {
        let Content::Sealed(batch) = &self.content else { unreachable!("no leader refuses what was not sent") };
        let records = batch.records().ok().filter(|records| records.len() > 1)?;
        let indexes = &batch.trace()?.indexes;
        let half = records.len() / 2;
        let part = |id: u64, range: std::ops::Range<usize>| {
            let mut part = ProducerBatch::new(id, self.created, u32::MAX);
            for at in range {
                let ticket = self.tickets.iter().find(|(of, _)| *of as usize == at).map(|(_, ticket)| *ticket);
                let (key, value) = (records[at].key.clone(), records[at].value.clone());
                let headers = Seldom(records[at].headers.clone());
                let record =
                    OutgoingRecord { index: indexes[at], ticket, key, value, headers, timestamp: Seldom::default() };
                part.try_append(&record, records[at].timestamp);
            }
            part.closed = true;
            part.capacity = part.size();
            part
        };
        Some([part(ids[0], 0..half), part(ids[1], half..records.len())])
    }
}

/// Does the sealed batch carry that identity and sequence already?
fn is_stamped(batch: &Batch, sequence: Option<(Identity, i32)>) -> bool {
    let (identity, base) = sequence.unwrap_or((Identity { id: ProducerId::NONE, epoch: -1 }, -1));
    (batch.producer_id(), batch.producer_epoch(), batch.base_sequence()) == (identity.id, identity.epoch, base)
}

/// The producer's id, epoch and first sequence, by which a leader recognises a repetition (KIP-98).
fn stamp(builder: BatchBuilder, sequence: Option<(Identity, i32)>, compression: Compression) -> BatchBuilder {
    let builder = match sequence {
        Some((identity, base)) => builder.producer(identity.id, identity.epoch, base),
        None => builder,
    };
    builder.compression(compression).expect("the codec was looked at when the producer was made")
}

/// The records of a sealed batch again, to be stamped anew.
fn rebuild(batch: &Batch) -> BatchBuilder {
    let mut builder = BatchBuilder::new().at(Offset::ZERO, batch.leader_epoch()).trace(batch.trace().cloned());
    for record in batch.records().expect("records that this process wrote") {
        let (key, value) = (record.key, record.value);
        builder.append(&NewRecord { timestamp: record.timestamp, key, value, headers: record.headers });
    }
    builder
}
