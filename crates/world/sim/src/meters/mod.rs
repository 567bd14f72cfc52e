//! Meters: what monitoring tells of a real cluster, counted every 200 ms of Kafka's time while somebody listens to a run.
//! They are a listener like the journal: nothing of them is in the world, a run costs and digests the same without them,
//! and whoever wants those of a stretch that is past runs it again (decision 047).
//!
//! What nobody answers for has no number: a node that is down tells nothing, and where no request was answered there is
//! no time that it took. They are no account of what became of records; that is the ledger.

mod kind;
mod look;
mod reading;
mod requests;
mod series;

pub use kind::{Label, Measure, MeterKind};
pub use reading::{Asked, Misread, Percentile, Told};
pub use requests::names as request_names;
pub use series::{Key, MOST_POINTS};

use crate::journal::Passing;
use crate::world::World;
use base::{FlatMap, Meter, ProcessId, Span, Str, Time, TopicId, TopicPartition};
use port::{Fact, KafkaFact, RecordRef, WorldFact};
use records::Trace;
use requests::Requests;
use series::{Samples, bucket};
use std::collections::VecDeque;

/// Records of a producer whose instants of sending are kept; of older ones nobody knows how long they took.
const SENT_KEPT: usize = 16_384;

/// Topics, requests and groups by number.
#[derive(Clone, Debug)]
pub struct Names {
    names: Vec<Str>,
    numbers: FlatMap<Str, u32>,
}

impl Names {
    /// No name, where a meter has none.
    pub const NONE: u32 = 0;
    /// Of what is not told apart any more.
    pub const OTHERS: u32 = 1;

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let (number, name) = (self.names.len() as u32, Str::from(name));
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    pub fn name(&self, number: u32) -> &Str {
        &self.names[number as usize]
    }
}

impl Default for Names {
    fn default() -> Names {
        let mut names = Names { names: Vec::new(), numbers: FlatMap::new() };
        names.number("");
        names.number("…");
        names
    }
}

/// A consumer's application at work: since when, as far as that is not counted yet, and until when.
#[derive(Clone, Copy, Debug)]
struct AtWork {
    from: Time,
    until: Time,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Meters {
    samples: Samples,
    names: Names,
    /// The first whole sample begins there.
    from: Time,
    /// Samples are whole up to here.
    until: Time,
    requests: Requests,
    topics: FlatMap<TopicId, Str>,
    /// Proposed sizes of ISRs, before and after.
    proposed: FlatMap<(ProcessId, TopicPartition), (usize, usize)>,
    /// When each producer's latest records were sent; the first one's running number.
    sent: FlatMap<ProcessId, (u64, VecDeque<Time>)>,
    at_work: FlatMap<ProcessId, AtWork>,
    /// Work for a record, by consumer.
    work: FlatMap<ProcessId, Span>,
    /// Nodes among processes, by their numbers.
    nodes: Vec<bool>,
}

impl Meters {
    /// A sample, where there are not too many.
    pub const STEP: Span = Meter::STEP;

    /// Listens from here on. The world has come to `at`.
    pub fn begin(world: &World, at: Time) -> Meters {
        let from = Time(at.0.div_ceil(Meters::STEP.0) * Meters::STEP.0);
        let mut meters = Meters {
            samples: Samples::new(Meters::STEP),
            names: Names::default(),
            from,
            until: from,
            requests: Requests::of(world),
            topics: FlatMap::new(),
            proposed: FlatMap::new(),
            sent: FlatMap::new(),
            at_work: FlatMap::new(),
            work: FlatMap::new(),
            nodes: Vec::new(),
        };
        meters.meet(world);
        meters.see_who_works(world, at);
        meters
    }

    /// The first instant that is told of.
    pub fn from(&self) -> Time {
        self.from
    }

    /// Everything up to here is told.
    pub fn until(&self) -> Time {
        self.until
    }

    /// How long a sample is now.
    pub fn step(&self) -> Span {
        self.samples.step
    }

    /// Bytes that they take, about.
    pub fn size(&self) -> usize {
        let sent: usize = self.sent.values().map(|(_, times)| times.len()).sum();
        self.samples.size() + sent * size_of::<Time>()
    }

    /// Where the run has to stand still to be looked at next: whoever plays it calls [`look`](Self::look) there.
    pub fn next_look(&self) -> Time {
        Time((self.until.0 / Meters::STEP.0 + 1) * Meters::STEP.0)
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The sample of an instant. What happens at the very end of one belongs to it.
    fn sample(&self, at: Time) -> u32 {
        (at.0.saturating_sub(1) / self.samples.step.0) as u32
    }

    fn count(&mut self, (kind, process): (MeterKind, ProcessId), label: u32, at: Time, value: u64) {
        if value > 0 {
            let sample = self.sample(at);
            self.samples.add(Key { kind, process, label }, (sample, 0), value);
        }
    }

    fn took(&mut self, (kind, process): (MeterKind, ProcessId), label: u32, at: Time, span: Span) {
        let sample = self.sample(at);
        self.samples.add(Key { kind, process, label }, (sample, bucket(span)), 1);
    }

    fn of_kafka(&mut self, at: Time, process: ProcessId, fact: &KafkaFact) {
        match fact {
            KafkaFact::Appended { partition, base, last, bytes, .. } => {
                let label = self.names.number(&partition.topic);
                let records = last.since(*base).max(0).unsigned_abs() + 1;
                self.count((MeterKind::MessagesInPerSec, process), label, at, records);
                self.count((MeterKind::BytesInPerSec, process), label, at, u64::from(*bytes));
            }
            KafkaFact::IsrChangeProposed { partition, from, to } => {
                self.proposed.insert((process, partition.clone()), (from.len(), to.len()));
            }
            KafkaFact::IsrChanged { partition, isr } => self.isr_changed(at, process, partition, isr.len()),
            KafkaFact::RecordSent { record, .. } => self.sent(at, *record),
            KafkaFact::BatchSent { records, .. } => {
                let count = records.indexes.len() as u64;
                self.count((MeterKind::RecordSendRate, process), Names::NONE, at, count);
            }
            KafkaFact::RecordsAcked { records, .. } => self.acked(at, process, records),
            KafkaFact::Delivered { group, record, .. } => {
                let label = self.names.number(group);
                self.count((MeterKind::RecordsConsumedRate, process), label, at, 1);
                if let Some(sent) = record.and_then(|record| self.when_sent(record)) {
                    self.took((MeterKind::EndToEndLatency, process), label, at, at.since(sent));
                }
                self.works_on(at, process);
            }
            KafkaFact::WorkChanged { work, .. } => self.work_changed(at, process, *work),
            _uncounted => {}
        }
    }

    /// Each record takes as long from here on, and what is left of the present work shrinks or grows with it.
    fn work_changed(&mut self, at: Time, process: ProcessId, work: Span) {
        let before = self.work.insert(process, work).unwrap_or_default();
        if let Some(now) = self.at_work.get_mut(&process) {
            let left = u128::from(now.until.since(at).0) * u128::from(work.0) / u128::from(before.0.max(1));
            now.until = now.until.min(at) + Span(left as u64);
        }
    }

    /// A leader took over what the controller answered (`IsrChangeListener`).
    fn isr_changed(&mut self, at: Time, process: ProcessId, partition: &TopicPartition, size: usize) {
        // Nobody here had proposed it.
        let Some((before, after)) = self.proposed.remove(&(process, partition.clone())) else { return };
        let kind = match (size == after, after < before) {
            (true, true) => MeterKind::IsrShrinksPerSec,
            (true, false) => MeterKind::IsrExpandsPerSec,
            (false, _) => return,
        };
        self.count((kind, process), Names::NONE, at, 1);
    }

    fn sent(&mut self, at: Time, record: RecordRef) {
        let (first, times) = self.sent.entry(record.producer).or_insert((record.index, VecDeque::new()));
        // Whoever was started anew counts on; what failed at once has a number and was not sent.
        let missing = record.index.saturating_sub(*first + times.len() as u64);
        if missing > SENT_KEPT as u64 {
            (*first, *times) = (record.index, VecDeque::new());
        } else {
            times.extend((0..missing).map(|_| at));
        }
        times.push_back(at);
        while times.len() > SENT_KEPT {
            times.pop_front();
            *first += 1;
        }
    }

    fn when_sent(&self, record: RecordRef) -> Option<Time> {
        let (first, times) = self.sent.get(&record.producer)?;
        times.get(usize::try_from(record.index.checked_sub(*first)?).ok()?).copied()
    }

    fn acked(&mut self, at: Time, process: ProcessId, records: &Trace) {
        for index in records.indexes.iter() {
            let record = RecordRef { producer: records.producer, index: *index };
            if let Some(sent) = self.when_sent(record) {
                self.took((MeterKind::ProducerLatency, process), Names::NONE, at, at.since(sent));
            }
        }
    }

    /// The application has one more record to work on before it polls again.
    fn works_on(&mut self, at: Time, process: ProcessId) {
        // It needs no time for them.
        let Some(work) = self.work.get(&process).copied().filter(|work| work.0 > 0) else { return };
        let known = self.at_work.get(&process).copied().unwrap_or(AtWork { from: at, until: at });
        let begun = if known.until > at {
            known
        } else {
            self.count_work(process, known, at);
            AtWork { from: at, until: at }
        };
        self.at_work.insert(process, AtWork { until: begun.until + work, ..begun });
    }

    /// What of somebody's work lies before `at` and is not counted yet.
    fn count_work(&mut self, process: ProcessId, work: AtWork, at: Time) {
        let done = work.until.min(at).since(work.from);
        self.count((MeterKind::Busy, process), Names::NONE, work.until.min(at), done.0);
    }

    fn stopped(&mut self, at: Time, process: ProcessId) {
        if let Some(work) = self.at_work.remove(&process) {
            self.count_work(process, work, at);
        }
    }
}

impl Meters {
    /// A fact was told.
    pub(crate) fn note(&mut self, at: Time, process: ProcessId, fact: &Fact) {
        match fact {
            Fact::Kafka(fact) => self.of_kafka(at, process, fact),
            Fact::World(WorldFact::ProcessStopped { .. } | WorldFact::ProcessPaused) => self.stopped(at, process),
            Fact::World(_) | Fact::Other(_) => {}
        }
    }

    /// Something happened to a message.
    pub(crate) fn note_message(&mut self, passing: &Passing<'_>) {
        // It is a request, or comes to nothing.
        let Some(answered) = self.requests.note(passing) else { return };
        let (label, node) = (self.names.number(answered.name), answered.node);
        self.count((MeterKind::RequestsPerSec, node), label, answered.at, 1);
        if let Some(after) = answered.after {
            self.took((MeterKind::TotalTimeMs, node), label, answered.at, after);
        }
        if let Passing::Sent(sent) = passing
            && !self.is_node(sent.to)
        {
            for (topic, bytes) in requests::bytes_of(sent.message) {
                let name = self.topics.get(&topic).cloned();
                let label = name.map_or(Names::OTHERS, |name| self.names.number(&name));
                self.count((MeterKind::BytesOutPerSec, sent.from), label, sent.sent, bytes);
            }
        }
    }
}
