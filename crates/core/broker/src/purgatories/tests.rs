//! Produces and fetches without a broker: leaders whose other replica asks in its own time, clients that come and go.

use super::{Purgatories, Serving};
use crate::bench::{Bench, OTHER, at, batch};
use crate::replicas::{Opened, Replicas};
use crate::timer::Timer;
use crate::view::View;
use api::{
    Acks, Body, FetchPartition, FetchRequest, IsolationLevel, ProducePartition, ProduceRequest, ReplicaState, Response,
};
use base::{ConnectionId, Draw, LeaderEpoch, Offset, Span};
use metadata::{Image, MetadataRecord, PartitionRecord, PartitionRegistration};
use port::{Cx, ReplyTo};

const COUNT: i32 = 3;

struct Waiting {
    bench: Bench,
    machine: Purgatories,
    replicas: Replicas,
    image: Image,
    epoch: i32,
    /// One connection per client, which asks once.
    asked: i32,
    gone: Vec<i32>,
    /// Messages that were looked at.
    read: usize,
}

fn image() -> Image {
    let mut image = Image::default();
    image.apply(Offset(1), &MetadataRecord::Topic { name: "t".into(), id: at(0).topic });
    for partition in 0..COUNT {
        let both = Bench::assignment(1).replicas;
        let registration = PartitionRegistration::new(both.clone(), both);
        let record = PartitionRecord { topic: at(0).topic, partition, registration };
        image.apply(Offset(2 + i64::from(partition)), &MetadataRecord::Partition(record));
    }
    image
}

fn fetch(number: i32, offset: Offset, max_wait: Span) -> FetchRequest {
    FetchRequest {
        replica: None,
        cluster_id: None,
        max_wait,
        min_bytes: 1,
        max_bytes: 1 << 20,
        isolation: IsolationLevel::ReadUncommitted,
        session_id: 0,
        session_epoch: -1,
        partitions: vec![FetchPartition {
            topic: at(number).topic,
            partition: number,
            current_leader_epoch: LeaderEpoch::UNDEFINED,
            fetch_offset: offset,
            last_fetched_epoch: LeaderEpoch::UNDEFINED,
            log_start_offset: Offset::ZERO,
            max_bytes: 1 << 20,
        }],
        forgotten: Vec::new(),
        rack: None,
    }
}

impl Waiting {
    fn new(seed: u64) -> Waiting {
        let mut waiting = Waiting {
            bench: Bench::new(seed),
            machine: Purgatories::default(),
            replicas: Replicas::default(),
            image: image(),
            epoch: 1,
            asked: 0,
            gone: Vec::new(),
            read: 0,
        };
        for number in 0..COUNT {
            assert_eq!(waiting.bench.open(&mut waiting.replicas, number), Opened::There);
            waiting.bench.lead(&mut waiting.replicas, number, 1);
        }
        waiting.settle();
        waiting
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut Purgatories, &mut Cx<'_>, &mut Serving<'_>) -> T) -> T {
        let (machine, replicas, image) = (&mut self.machine, &mut self.replicas, &self.image);
        self.bench.with(|cx, wires, _| act(machine, cx, &mut Serving { wires, replicas, image }))
    }

    fn settle(&mut self) {
        while self.replicas.has_touched() {
            let touched = self.replicas.take_touched();
            touched.iter().for_each(|at| self.machine.mark_news(*at));
            for at in &touched {
                self.with(|waiting, cx, serving| waiting.complete_produces(cx, serving, *at));
                self.with(|waiting, cx, serving| waiting.wake_fetches(cx, serving, *at));
            }
        }
        let view = View { replicas: &self.replicas, image: &self.image };
        self.machine.verify(view, &self.bench.wires.timers);
        self.replicas.verify(self.bench.now);
    }

    fn reply(&mut self) -> ReplyTo {
        self.asked += 1;
        ReplyTo::new(ConnectionId(self.asked as u64), self.asked)
    }

    fn produce(&mut self, number: i32) {
        let reply = self.reply();
        let partition = ProducePartition { topic: at(number).topic, partition: number, batch: batch(0, 0) };
        let request = ProduceRequest { acks: Acks::ALL, timeout: Span::from_secs(1), partitions: vec![partition] };
        self.with(|waiting, cx, serving| waiting.on_produce(cx, serving, reply, &request));
    }

    fn fetch(&mut self, request: &FetchRequest) {
        let reply = self.reply();
        let looked = self.with(|waiting, cx, serving| waiting.on_fetch(cx, serving, reply, request));
        let looked = looked.expect("a fetch outside of sessions is looked at");
        for (at, replica, told) in looked.follower_fetches(self.bench.now) {
            let replicas = &mut self.replicas;
            let wanted = self.bench.with(|cx, _, _| replicas.follower_fetched(cx, at, replica, told));
            assert_eq!(wanted, None, "it is in sync");
        }
        self.with(|waiting, cx, serving| waiting.park_fetch(cx, serving, &looked));
    }

    /// A consumer that has read all that it may.
    fn consume(&mut self, number: i32) {
        let high_watermark = self.replicas.get(at(number)).expect("it is open").high_watermark();
        self.fetch(&fetch(number, high_watermark, Span::from_millis(500)));
    }

    /// The other replica asks for what comes after some of what there is.
    fn copy(&mut self, number: i32) {
        let log = self.replicas.get(at(number)).expect("it is open").log();
        let missing = (log.log_end().0 - log.high_watermark().0) as u32;
        let offset = Offset(log.high_watermark().0 + i64::from(self.bench.rng.below(missing + 1)));
        let replica = Some(ReplicaState { id: OTHER, epoch: 9 });
        self.fetch(&FetchRequest { replica, ..fetch(number, offset, Span::ZERO) });
    }

    fn close(&mut self) {
        let client = 1 + self.bench.rng.below(self.asked.max(1) as u32) as i32;
        self.gone.push(client);
        self.with(|waiting, _, serving| waiting.on_closed(serving.wires, ConnectionId(client as u64)));
    }

    fn pass(&mut self, span: Span) {
        self.bench.pass(span);
        while let Some(timer) = self.bench.wires.timers.pop_due(self.bench.now) {
            self.with(|waiting, cx, serving| match timer {
                Timer::Produce(number) => {
                    waiting.produce_timed_out(cx, (serving.image, &serving.wires.listeners), number)
                }
                Timer::FetchWait(session) => waiting.complete_fetch(cx, serving, session),
                other => panic!("nobody set {other:?}"),
            });
        }
    }

    /// The leader changes, and comes back.
    fn elect(&mut self, number: i32) {
        self.epoch += 1;
        if self.replicas.get(at(number)).is_some_and(|partition| partition.is_leader()) {
            self.bench.follow(&mut self.replicas, number, self.epoch);
        } else {
            self.bench.lead(&mut self.replicas, number, self.epoch);
        }
    }

    /// No answer since the last look says more than the replicas know.
    fn judge(&mut self) {
        let new = self.bench.sent().skip(self.read);
        for message in new {
            let Body::Response(Response::Produce(answer)) = &message.body else { continue };
            for part in answer.partitions.iter().filter(|part| !part.error.is_error()) {
                let partition = self.replicas.get(at(part.partition)).expect("it is open");
                assert!(partition.high_watermark() > part.base_offset, "{part:?} is not on all replicas");
            }
        }
        self.read = self.bench.sent().count();
    }
}

/// acks=all is answered when the high watermark has come and not before, a fetch when there is something to read; both at
/// the latest when their time is up, each once, and nobody whose connection is gone.
#[test]
fn whoever_waits_is_answered_once() {
    for seed in 0..150 {
        let mut waiting = Waiting::new(seed);
        for _ in 0..120 {
            let number = waiting.bench.rng.below(COUNT as u32) as i32;
            match waiting.bench.rng.below(10) {
                0..3 => waiting.produce(number),
                3..5 => waiting.consume(number),
                5..7 => waiting.copy(number),
                7 => {
                    let millis = u64::from(waiting.bench.rng.below(400));
                    waiting.pass(Span::from_millis(millis));
                }
                8 => waiting.close(),
                _ => waiting.elect(number),
            }
            waiting.settle();
            waiting.judge();
        }
        waiting.pass(Span::from_secs(2));
        waiting.settle();
        assert_eq!(waiting.machine.owed().count(), 0, "seed {seed}");
        for client in 1..=waiting.asked {
            let answers = waiting.bench.sent().filter(|message| message.correlation_id == client).count();
            let is_right = answers == 1 || (answers == 0 && waiting.gone.contains(&client));
            assert!(is_right, "seed {seed}: client {client} was answered {answers} times");
        }
    }
}
