//! The fetchers without a broker, from a leader that is a list of records.

use super::{Answered, Following, ReplicaFetchers, Sense};
use crate::bench::{Bench, OTHER, SELF, at, batch, endpoint};
use crate::replicas::{Opened, Replicas};
use crate::timer::Timer;
use api::{
    Body, FetchPartitionResponse, FetchRequest, FetchResponse, ListOffsetsPartitionResponse, ListOffsetsResponse,
    OffsetSpec, ReplicaState, Request, Response,
};
use base::{Draw, Endpoints, ErrorCode, FlatMap, LeaderEpoch, Offset, PartitionId, Span};
use metadata::{Image, MetadataRecord, RegisterBroker};
use net::{Answer, LineState};
use port::{BrokerLine, Cx};

const COUNT: i32 = 3;
const LINE: BrokerLine = BrokerLine::Leader(OTHER);

struct Copying {
    bench: Bench,
    machine: ReplicaFetchers,
    replicas: Replicas,
    image: Image,
    /// Where the leader's logs end.
    ends: FlatMap<PartitionId, i64>,
    /// What the leader's session holds, and its number.
    session: (i32, FlatMap<PartitionId, i64>),
}

/// A cluster in which broker 2 is registered and has the topic.
fn image() -> Image {
    let mut image = Image::default();
    let broker = RegisterBroker {
        broker: OTHER,
        incarnation: 1,
        broker_epoch: 9,
        endpoints: Endpoints::plaintext(endpoint(2)),
        rack: None,
        fenced: false,
        in_controlled_shutdown: false,
        log_dirs: Vec::new(),
    };
    image.apply(Offset(1), &MetadataRecord::RegisterBroker(broker));
    image.apply(Offset(2), &MetadataRecord::Topic { name: "t".into(), id: at(0).topic });
    image
}

impl Copying {
    fn new(seed: u64) -> Copying {
        let mut copying = Copying {
            bench: Bench::new(seed),
            machine: ReplicaFetchers::default(),
            replicas: Replicas::default(),
            image: image(),
            ends: FlatMap::new(),
            session: (0, FlatMap::new()),
        };
        for number in 0..COUNT {
            assert_eq!(copying.bench.open(&mut copying.replicas, number), Opened::There);
            copying.bench.follow(&mut copying.replicas, number, 1);
            copying.follow(number);
        }
        copying.with(|fetchers, cx, following| fetchers.pump_all(cx, following));
        copying
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut ReplicaFetchers, &mut Cx<'_>, &mut Following<'_>) -> T) -> T {
        let (machine, replicas, image) = (&mut self.machine, &mut self.replicas, &self.image);
        self.bench.with(|cx, wires, _| {
            let replica = ReplicaState { id: SELF, epoch: 5 };
            act(machine, cx, &mut Following { wires, replicas, image, replica })
        })
    }

    fn follow(&mut self, number: i32) {
        self.with(|fetchers, _, following| fetchers.follow(following.wires, at(number), OTHER, LeaderEpoch(1)));
    }

    fn connect(&mut self) {
        let state = self.bench.wires.lines.get(LINE).map(|line| line.state);
        let Some(LineState::Connecting(connection)) = state else { return };
        self.session = (0, FlatMap::new());
        self.with(|fetchers, cx, following| {
            let wires = &mut *following.wires;
            wires.lines.on_connected(&mut wires.timers, LINE, connection).expect("is its own");
            fetchers.pump(cx, following, OTHER);
        });
    }

    fn lose(&mut self) {
        let connection = self.bench.wires.lines.get(LINE).and_then(|line| line.connection());
        let Some(connection) = connection else { return };
        self.with(|fetchers, cx, following| {
            let wires = &mut *following.wires;
            wires.lines.on_closed(cx, &mut wires.timers, LINE, connection).expect("is its own");
            fetchers.disconnected(OTHER);
        });
    }

    /// The leader answers; `error` for each partition that it names.
    fn answer(&mut self, error: ErrorCode) {
        let line = self.bench.wires.lines.get(LINE);
        let Some((connection, number)) =
            line.and_then(|line| Some((line.connection()?, line.in_flight.front()?.correlation_id)))
        else {
            return;
        };
        let request = self.bench.sent().filter(|message| message.correlation_id == number).last();
        let Some(Body::Request(request)) = request.map(|message| message.body.clone()) else { panic!("it was sent") };
        let response = match request {
            Request::Fetch(request) => Response::Fetch(self.serve(&request, error)),
            Request::ListOffsets(request) => {
                let partitions = request.partitions.iter().map(|asked| ListOffsetsPartitionResponse {
                    topic: asked.topic.clone(),
                    partition: asked.partition,
                    error: ErrorCode::None,
                    timestamp: None,
                    offset: Offset(if asked.spec == OffsetSpec::Latest { self.end(asked.partition) } else { 0 }),
                    leader_epoch: LeaderEpoch(1),
                });
                Response::ListOffsets(ListOffsetsResponse { partitions: partitions.collect() })
            }
            other => panic!("a fetcher does not ask {other:?}"),
        };
        let sense = self.with(|fetchers, cx, following| {
            let wires = &mut *following.wires;
            let answer = wires.lines.on_answer(&mut wires.timers, LINE, connection, number);
            let Answer::To(asked) = answer else { panic!("{answer:?}") };
            fetchers.on_answer(cx, following, OTHER, Answered { to: asked, response: &response })
        });
        assert_eq!(sense, Sense::Made);
    }

    fn end(&self, number: PartitionId) -> i64 {
        self.ends.get(&number).copied().unwrap_or(0)
    }

    /// As a leader with sessions: what was not named is where it was.
    fn serve(&mut self, request: &FetchRequest, error: ErrorCode) -> FetchResponse {
        let whole = |error| FetchResponse { error, session_id: 0, partitions: Vec::new(), node_endpoints: Vec::new() };
        if error == ErrorCode::FetchSessionIdNotFound
            || (request.session_epoch > 0 && request.session_id != self.session.0)
        {
            self.session = (0, FlatMap::new());
            return whole(ErrorCode::FetchSessionIdNotFound);
        }
        if request.session_epoch == 0 {
            self.session = (self.session.0 + 1, FlatMap::new());
        }
        for named in &request.partitions {
            self.session.1.insert(named.partition, named.fetch_offset.0);
        }
        for (_, number) in &request.forgotten {
            self.session.1.remove(number);
        }
        let part = |(number, offset): (&PartitionId, &i64)| FetchPartitionResponse {
            topic: at(0).topic,
            partition: *number,
            error,
            high_watermark: Offset(*offset),
            last_stable_offset: Offset(*offset),
            log_start_offset: Offset::ZERO,
            diverging: None,
            current_leader: None,
            records: if error.is_error() || *offset >= self.end(*number) {
                Vec::new()
            } else {
                vec![batch(*offset, 1)]
            },
        };
        let partitions = self.session.1.iter().map(part).collect();
        FetchResponse { session_id: self.session.0, partitions, ..whole(ErrorCode::None) }
    }

    fn fire(&mut self) {
        while let Some(timer) = self.bench.wires.timers.pop_due(self.bench.now) {
            match timer {
                Timer::FetcherRetry(leader) => {
                    self.with(|fetchers, cx, following| fetchers.pump(cx, following, leader))
                }
                Timer::FetchBackoff(at) => {
                    self.with(|fetchers, cx, following| fetchers.backoff_over(cx, following, at))
                }
                Timer::FetcherTimeout(_) => self.lose(),
                other => panic!("nobody set {other:?}"),
            }
        }
    }

    fn verify(&mut self) {
        let _ = self.replicas.take_touched();
        self.machine.verify(&self.bench.wires);
        self.machine.verify_carried_out(&self.bench.wires, &self.replicas, &self.image);
        self.replicas.verify(self.bench.now);
    }
}

/// Sessions that are lost, errors, connections that break, partitions that come and go: whatever comes, in the end the
/// replicas have what the leader has, and something always makes the fetcher go on.
#[test]
fn whatever_comes_between_copies_get_there() {
    const ERRORS: [ErrorCode; 4] = [
        ErrorCode::UnknownLeaderEpoch,
        ErrorCode::OffsetOutOfRange,
        ErrorCode::NotLeaderOrFollower,
        ErrorCode::FetchSessionIdNotFound,
    ];
    for seed in 0..150 {
        let mut copying = Copying::new(seed);
        for _ in 0..150 {
            let number = copying.bench.rng.below(COUNT as u32) as i32;
            match copying.bench.rng.below(12) {
                0 | 1 => *copying.ends.entry(number).or_default() += 1,
                2 | 3 => copying.connect(),
                4 if copying.bench.rng.chance(1, 3) => copying.lose(),
                5 => {
                    let error = ERRORS[copying.bench.rng.below(4) as usize];
                    copying.answer(error);
                }
                6 => {
                    copying.with(|fetchers, _, following| fetchers.unfollow(following.wires, at(number)));
                    copying.follow(number);
                    copying.with(|fetchers, cx, following| fetchers.pump_all(cx, following));
                }
                7 => {
                    copying.bench.pass(Span::from_millis(700));
                    copying.fire();
                }
                _ => copying.answer(ErrorCode::None),
            }
            copying.verify();
        }
        for _ in 0..200 {
            copying.bench.pass(Span::from_millis(200));
            copying.fire();
            copying.connect();
            copying.answer(ErrorCode::None);
        }
        for number in 0..COUNT {
            let end = copying.replicas.get(at(number)).expect("it is open").log_end();
            assert_eq!(end, Offset(copying.end(number)), "seed {seed}: partition {number}");
        }
    }
}
