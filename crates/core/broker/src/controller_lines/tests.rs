//! The lines to the controller without a broker.

use super::{ControllerLines, Present, Proposing, Purpose, Told};
use crate::bench::{Bench, at, endpoint};
use crate::lifecycle::Lifecycle;
use crate::replicas::{IsrWanted, Opened, Replicas};
use crate::timer::Timer;
use crate::wires::Asked;
use api::{
    AlterPartitionResponse, Body, BrokerHeartbeatResponse, CreateTopicsRequest, EnvelopeResponse, Incoming, Request,
    Response,
};
use base::{BrokerId, ConnectionId, Draw, ErrorCode, Offset, Span, TopicIdPartition};
use net::{Answer, LineState};
use port::{BrokerLine, ChannelKind, Cx, ReplyTo};

const KINDS: [ChannelKind; 3] = [ChannelKind::Lifecycle, ChannelKind::Partitions, ChannelKind::Forwarding];

/// The machine, and what it sees of a broker that leads some partitions.
struct Lines {
    bench: Bench,
    machine: ControllerLines,
    lifecycle: Lifecycle,
    replicas: Replicas,
    /// Clients' requests that were passed on.
    passed: i32,
}

impl Lines {
    fn new(seed: u64) -> Lines {
        let lifecycle = Lifecycle::boot(5, None);
        let mut lines = Lines {
            bench: Bench::new(seed),
            machine: ControllerLines::default(),
            lifecycle,
            replicas: Replicas::default(),
            passed: 0,
        };
        lines.controller(100);
        lines
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut ControllerLines, &mut Cx<'_>, &mut Present<'_>) -> T) -> T {
        let (lifecycle, replicas, machine) = (&self.lifecycle, &self.replicas, &mut self.machine);
        self.bench.with(|cx, wires, setup| {
            let published = Offset::ZERO;
            act(machine, cx, &mut Present { wires, setup, lifecycle, replicas, published })
        })
    }

    fn controller(&mut self, id: i32) {
        let controller = Some((BrokerId(id), endpoint(id as u16)));
        self.with(|lines, cx, present| lines.on_controller_changed(cx, present, controller));
    }

    fn ask(&mut self, purpose: Purpose) {
        self.with(|lines, cx, present| lines.ask(cx, present, purpose));
    }

    fn pass_on(&mut self) {
        let reply = ReplyTo::new(ConnectionId(1), self.passed);
        self.passed += 1;
        let timeout = Span::from_secs(600);
        let request = CreateTopicsRequest { topics: Vec::new(), timeout, validate_only: false };
        let request = Incoming::new("client".into(), Request::CreateTopics(request));
        self.with(|lines, cx, present| lines.forward(cx, present, reply, request));
    }

    fn state(&self, kind: ChannelKind) -> Option<LineState> {
        self.bench.wires.lines.get(BrokerLine::Controller(kind)).map(|line| line.state)
    }

    /// The network opens what is being opened on this line.
    fn connect(&mut self, kind: ChannelKind) {
        let Some(LineState::Connecting(connection)) = self.state(kind) else { return };
        self.with(|lines, cx, present| {
            let wires = &mut *present.wires;
            wires.lines.on_connected(&mut wires.timers, BrokerLine::Controller(kind), connection).expect("is its own");
            lines.pump(cx, present, kind);
        });
    }

    fn lose(&mut self, kind: ChannelKind) {
        let line = BrokerLine::Controller(kind);
        let Some(connection) = self.bench.wires.lines.get(line).and_then(|line| line.connection()) else { return };
        self.with(|lines, cx, present| {
            let wires = &mut *present.wires;
            let lost = wires.lines.on_closed(cx, &mut wires.timers, line, connection).expect("is its own");
            lines.lost(lost, wires.switches);
        });
    }

    /// The controller answers what was asked first on this line.
    fn answer(&mut self, kind: ChannelKind, response: impl FnOnce(Purpose) -> Response) -> Option<Told> {
        let line = BrokerLine::Controller(kind);
        let known = self.bench.wires.lines.get(line)?;
        let (connection, number) = (known.connection()?, known.in_flight.front()?.correlation_id);
        let (machine, replicas) = (&mut self.machine, &mut self.replicas);
        let told = self.bench.with(|cx, wires, _| {
            let answer = wires.lines.on_answer(&mut wires.timers, line, connection, number);
            let Answer::To(Asked::Controller(purpose)) = answer else { panic!("{answer:?}") };
            let told = machine.on_answer(cx, wires, purpose, response(purpose));
            if let Told::Proposals(answer) = &told {
                machine.proposals_answered(cx, wires, replicas, answer);
            }
            told
        });
        match told {
            Told::NotController => {}
            Told::Nothing | Told::Registration(_) | Told::Heartbeat(_) | Told::LifecycleFailed | Told::Proposals(_) => {
                self.with(|lines, cx, present| lines.send_proposals(cx, present));
                self.with(|lines, cx, present| lines.pump(cx, present, kind));
            }
        }
        Some(told)
    }

    /// Timers that are due, as the broker would route them.
    fn fire(&mut self) {
        while let Some(timer) = self.bench.wires.timers.pop_due(self.bench.now) {
            match timer {
                Timer::ChannelRetry(kind) => self.with(|lines, cx, present| lines.pump(cx, present, kind)),
                Timer::ChannelTimeout(kind) => self.with(|lines, cx, present| lines.begin_anew(cx, present, kind)),
                Timer::AlterPartitionRetry => self.with(|lines, cx, present| lines.send_proposals(cx, present)),
                other => panic!("nobody set {other:?}"),
            }
        }
    }

    /// How often each request that was passed on has been answered.
    fn answers(&self) -> Vec<usize> {
        let answers = self.bench.sent().filter(|message| matches!(message.body, Body::Response(_)));
        let answers: Vec<i32> = answers.map(|message| message.correlation_id).collect();
        (0..self.passed).map(|number| answers.iter().filter(|each| **each == number).count()).collect()
    }

    /// Partitions that the latest AlterPartition names.
    fn proposed(&self) -> Vec<TopicIdPartition> {
        let requests = self.bench.sent().filter_map(|message| match &message.body {
            Body::Request(Request::AlterPartition(request)) => Some(request),
            Body::Request(_) | Body::Response(_) => None,
        });
        let last = requests.last().expect("it asked");
        let id = |item: &api::AlterPartitionItem| TopicIdPartition { topic: item.topic, partition: item.partition };
        last.partitions.iter().map(id).collect()
    }
}

fn some_answer(purpose: Purpose, error: ErrorCode) -> Response {
    match purpose {
        Purpose::Forward(_) => Response::Envelope(EnvelopeResponse { error, response: None }),
        Purpose::Register | Purpose::Heartbeat | Purpose::AlterPartition | Purpose::AllocateProducerIds => {
            Response::BrokerHeartbeat(BrokerHeartbeatResponse {
                error,
                is_caught_up: true,
                is_fenced: false,
                should_shut_down: false,
            })
        }
    }
}

/// Whatever comes between, what a client wanted passed on is answered once; nothing that waits is forgotten
/// ([`ControllerLines::verify`] after each act).
#[test]
fn what_is_passed_on_is_answered_once() {
    for seed in 0..200 {
        let mut lines = Lines::new(seed);
        for _ in 0..120 {
            let kind = KINDS[lines.bench.rng.below(3) as usize];
            match lines.bench.rng.below(9) {
                0 | 1 => lines.pass_on(),
                2 => lines.ask(Purpose::Heartbeat),
                3 | 4 => lines.connect(kind),
                5 => lines.lose(kind),
                6 => _ = lines.answer(kind, |purpose| some_answer(purpose, ErrorCode::RequestTimedOut)),
                7 => _ = lines.answer(kind, |purpose| some_answer(purpose, ErrorCode::NotController)),
                _ => {
                    let id = 100 + lines.bench.rng.below(2) as i32;
                    lines.controller(id);
                    let millis = u64::from(lines.bench.rng.below(300));
                    lines.bench.pass(Span::from_millis(millis));
                    lines.fire();
                }
            }
            lines.machine.verify(&lines.bench.wires.lines, &lines.bench.wires.timers);
        }
        for _ in 0..200 {
            lines.bench.pass(Span::from_secs(1));
            lines.fire();
            lines.connect(ChannelKind::Forwarding);
            lines.answer(ChannelKind::Forwarding, |purpose| some_answer(purpose, ErrorCode::RequestTimedOut));
        }
        assert!(lines.answers().iter().all(|count| *count == 1), "seed {seed}: {:?}", lines.answers());
    }
}

/// `DefaultAlterPartitionManager`: one request under way, one proposal per partition, what is not answered goes again.
#[test]
fn proposals_wait_for_one_another() {
    let mut lines = Lines::new(1);
    for number in 0..2 {
        assert_eq!(lines.bench.open(&mut lines.replicas, number), Opened::There);
        lines.bench.lead(&mut lines.replicas, number, 1);
    }
    lines.bench.pass(Span::from_secs(40));
    for number in 0..2 {
        let replicas = &mut lines.replicas;
        let wanted = lines.bench.with(|cx, _, _| replicas.shrink_isr(cx, at(number), std::iter::empty()));
        assert_eq!(wanted, Some(IsrWanted(at(number))));
        let said = lines.with(|lines, cx, present| lines.propose(cx, present, at(number)));
        assert_eq!(said, Proposing::Asked);
        lines.connect(ChannelKind::Partitions);
    }
    assert_eq!(lines.proposed(), [at(0)], "the other came when this was under way");
    let again = lines.with(|lines, cx, present| lines.propose(cx, present, at(0)));
    assert_eq!(again, Proposing::Busy);
    let nothing = AlterPartitionResponse { error: ErrorCode::None, partitions: Vec::new() };
    let told = lines.answer(ChannelKind::Partitions, |_| Response::AlterPartition(nothing));
    assert!(matches!(told, Some(Told::Proposals(_))));
    lines.bench.pass(Span::from_millis(50));
    lines.fire();
    assert_eq!(lines.proposed(), [at(0), at(1)], "the answer left it out");
}
