//! A line from its first connection to its end, and what comes too late.

use crate::{Answer, Backoff, InFlight, Jitter, Late, LineState, LineTimer, Lines, Outgoing, Pause, Rules, Wait};
use api::{HeartbeatRequest, Request};
use base::{BrokerId, ConnectionId, Draw, Endpoint, FlatMap, Rng, Span, Time, TimerTable, Timestamp};
use port::{Cx, Effect, MemoryStore, Outbox, Owner, TestSwitches};

const THERE: BrokerId = BrokerId(2);
const PATIENCE: Span = Span::from_millis(300);

/// One owner of lines, at one instant after the other. Purposes are numbers.
struct Bench {
    now: Time,
    rng: Rng,
    store: MemoryStore,
    outbox: Outbox,
    timers: TimerTable<LineTimer<BrokerId>>,
    lines: Lines<BrokerId, u32>,
}

fn rules(pause: Pause) -> Rules {
    let reconnect = Backoff::exact(Span::from_millis(50), Span::from_millis(1_000));
    Rules { reconnect, setup: Some(Backoff::always(Span::from_secs(10))), in_flight_max: 3, pause }
}

fn endpoint(port: u16) -> Endpoint {
    Endpoint { host: "there".into(), port }
}

/// A request that says nothing.
fn request() -> Request {
    Request::Heartbeat(HeartbeatRequest {
        group: "g".into(),
        generation: 1,
        member_id: "m".into(),
        group_instance_id: None,
    })
}

impl Bench {
    fn new(pause: Pause) -> Bench {
        Bench::with(pause, TestSwitches::default())
    }

    fn with(pause: Pause, switches: TestSwitches) -> Bench {
        let (mut rng, mut store, mut outbox) = (Rng::new(1, 1), MemoryStore::new(), Outbox::default());
        outbox.begin(10);
        let cx = Cx { now: Time(1), wall: Timestamp(0), rng: &mut rng, store: &mut store, outbox: &mut outbox };
        let mut lines = Lines::new(&cx, 7, switches);
        lines.know(THERE, &endpoint(2), rules(pause));
        Bench { now: Time(1), rng, store, outbox, timers: TimerTable::default(), lines }
    }

    fn with_cx<T>(
        &mut self,
        act: impl FnOnce(&mut Lines<BrokerId, u32>, &mut Cx<'_>, &mut TimerTable<LineTimer<BrokerId>>) -> T,
    ) -> T {
        let mut cx = Cx {
            now: self.now,
            wall: Timestamp(0),
            rng: &mut self.rng,
            store: &mut self.store,
            outbox: &mut self.outbox,
        };
        act(&mut self.lines, &mut cx, &mut self.timers)
    }

    fn pass(&mut self, millis: u64) {
        self.now = self.now + Span::from_millis(millis);
    }

    fn ready(&mut self) -> bool {
        self.with_cx(|lines, cx, timers| lines.ready(cx, timers, THERE))
    }

    /// Sends and tells the request's number.
    fn send(&mut self, purpose: u32, patience: Span) -> i32 {
        assert!(self.ready());
        let outgoing = Outgoing { client_id: "c".into(), request: request(), wait: Wait::Within(patience, purpose) };
        self.with_cx(|lines, cx, timers| lines.send(cx, timers, THERE, outgoing));
        self.lines.get(THERE).and_then(|line| line.in_flight.back()).map(|sent| sent.correlation_id).expect("sent")
    }

    fn answer(&mut self, connection: ConnectionId, number: i32) -> Answer<u32> {
        self.with_cx(|lines, _, timers| lines.on_answer(timers, THERE, connection, number))
    }

    fn connected(&mut self, connection: ConnectionId) -> Result<(), Late> {
        self.with_cx(|lines, _, timers| lines.on_connected(timers, THERE, connection))
    }

    fn closed(&mut self, connection: ConnectionId) -> Result<Vec<u32>, Late> {
        self.with_cx(|lines, cx, timers| lines.on_closed(cx, timers, THERE, connection)).map(purposes)
    }

    fn give_up(&mut self) -> Option<Vec<u32>> {
        self.with_cx(|lines, cx, timers| lines.give_up(cx, timers, THERE)).map(purposes)
    }

    /// Asks for a connection and tells its number.
    fn connect(&mut self) -> ConnectionId {
        assert!(!self.ready());
        let mut asked = self.outbox.effects.drain(..).filter_map(|effect| match effect {
            Effect::Connect(connection, owner, _) => {
                assert_eq!(owner, Owner::Quorum(THERE), "the owner travels with the connection");
                Some(connection)
            }
            _ => None,
        });
        asked.next_back().expect("it connects")
    }

    fn open(&mut self) -> ConnectionId {
        let connection = self.connect();
        self.connected(connection).expect("it is the line's");
        connection
    }

    fn due(&mut self) -> Option<LineTimer<BrokerId>> {
        self.timers.pop_due(self.now)
    }
}

fn purposes(lost: std::collections::VecDeque<InFlight<u32>>) -> Vec<u32> {
    lost.into_iter().map(|request| request.purpose).collect()
}

#[test]
fn each_answer_finds_its_request_and_no_other() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    let first = bench.send(1, PATIENCE);
    let second = bench.send(2, PATIENCE);
    assert_eq!((first, second), (7, 8));
    assert_eq!(bench.answer(connection, second), Answer::OutOfTurn, "answers come in the order of requests");
    assert_eq!(bench.answer(connection, first), Answer::To(1));
    assert_eq!(bench.answer(connection, first), Answer::OutOfTurn, "once");
    assert_eq!(bench.answer(connection, second), Answer::To(2));
    assert_eq!(bench.timers.next_deadline(), None);
}

#[test]
fn no_more_is_in_flight_than_the_rules_allow() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    let first = bench.send(1, PATIENCE);
    bench.send(2, PATIENCE);
    bench.send(3, PATIENCE);
    assert!(!bench.ready());
    assert_eq!(bench.answer(connection, first), Answer::To(1));
    assert!(bench.ready());
}

#[test]
fn the_earliest_deadline_counts_whoever_was_sent_first() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    let patient = bench.send(1, Span::from_millis(900));
    bench.send(2, PATIENCE);
    assert_eq!(bench.timers.deadline(&LineTimer::Answer(THERE)), Some(bench.now + PATIENCE));
    assert_eq!(bench.answer(connection, patient), Answer::To(1));
    assert_eq!(bench.timers.deadline(&LineTimer::Answer(THERE)), Some(bench.now + PATIENCE));
    bench.pass(300);
    assert_eq!(bench.due(), Some(LineTimer::Answer(THERE)));
    assert_eq!(bench.give_up(), Some(vec![2]));
    assert!(matches!(bench.outbox.effects.last(), Some(Effect::Close(closed)) if *closed == connection));
}

#[test]
fn what_was_in_flight_on_a_lost_connection_is_given_back_in_order() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    bench.send(1, PATIENCE);
    bench.send(2, PATIENCE);
    assert_eq!(bench.closed(connection), Ok(vec![1, 2]));
    assert_eq!(bench.timers.deadline(&LineTimer::Answer(THERE)), None, "nobody waits any more");
}

#[test]
fn a_line_waits_longer_after_each_failure_and_not_after_a_success() {
    let mut bench = Bench::new(Pause::UntilTimer);
    for wait in [50, 100, 200, 400, 800, 1_000, 1_000] {
        let connection = bench.connect();
        assert_eq!(bench.closed(connection), Ok(Vec::new()));
        assert_eq!(bench.timers.next_deadline(), Some(bench.now + Span::from_millis(wait)));
        assert!(!bench.ready() && bench.outbox.effects.is_empty(), "it does not connect before");
        bench.pass(wait);
        assert_eq!(bench.due(), Some(LineTimer::Retry(THERE)));
    }
    let connection = bench.open();
    assert_eq!(bench.closed(connection), Ok(Vec::new()));
    assert_eq!(bench.timers.next_deadline(), Some(bench.now + Span::from_millis(50)));
}

#[test]
fn whoever_only_connects_when_asked_sets_no_timer_before() {
    let mut bench = Bench::new(Pause::UntilAsked);
    let connection = bench.connect();
    assert_eq!(bench.closed(connection), Ok(Vec::new()));
    assert_eq!(bench.timers.next_deadline(), None);
    assert!(!bench.ready());
    assert_eq!(bench.timers.next_deadline(), Some(bench.now + Span::from_millis(50)));
    bench.pass(50);
    bench.connect();
    assert_eq!(bench.timers.deadline(&LineTimer::Retry(THERE)), None);
}

#[test]
fn an_attempt_that_nobody_answers_is_given_up() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.connect();
    bench.pass(10_000);
    assert_eq!(bench.due(), Some(LineTimer::Setup(THERE)));
    assert_eq!(bench.give_up(), Some(Vec::new()));
    assert_eq!(bench.connected(connection), Err(Late::GivenUp), "it opened too late");
    assert_eq!(bench.give_up(), None);
}

#[test]
fn what_comes_on_a_connection_that_was_given_up_touches_nothing() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let old = bench.open();
    let number = bench.send(1, PATIENCE);
    assert_eq!(bench.give_up(), Some(vec![1]));
    bench.pass(50);
    assert_eq!(bench.due(), Some(LineTimer::Retry(THERE)));
    let new = bench.open();
    let repeated = bench.send(1, PATIENCE);
    assert_eq!(bench.answer(old, number), Answer::Late(Late::GivenUp));
    assert_eq!(bench.answer(old, repeated), Answer::Late(Late::GivenUp), "not even with the right number");
    assert_eq!(bench.closed(old), Err(Late::GivenUp));
    assert_eq!(bench.lines.get(THERE).map(|line| line.state), Some(LineState::Connected(new)));
    assert_eq!(bench.answer(new, repeated), Answer::To(1));
    assert_eq!(bench.answer(ConnectionId(4), 0), Answer::Late(Late::FormerLife));
}

#[test]
#[should_panic(expected = "never gave it up")]
fn an_event_of_a_connection_that_nobody_had_is_a_bug() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    let _ = bench.closed(ConnectionId(connection.0 + 2));
}

#[test]
fn a_forgotten_request_makes_room_and_its_answer_is_known_for_what_it_is() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    let forgotten = bench.send(1, PATIENCE);
    bench.with_cx(|lines, _, timers| lines.forget_requests(timers, THERE));
    assert!(!bench.lines.any_in_flight() && bench.timers.next_deadline().is_none());
    let wanted = bench.send(2, PATIENCE);
    assert_eq!(bench.answer(connection, forgotten), Answer::Forgotten);
    assert_eq!(bench.answer(connection, wanted), Answer::To(2));
    assert_eq!(bench.answer(connection, wanted), Answer::OutOfTurn);
}

#[test]
fn a_new_beginning_forgets_failures_and_pauses() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.connect();
    assert_eq!(bench.closed(connection), Ok(Vec::new()));
    bench.with_cx(|lines, cx, timers| lines.begin_anew(cx, timers, THERE));
    assert_eq!(bench.timers.next_deadline(), None);
    let connection = bench.open();
    bench.send(5, PATIENCE);
    bench.lines.know(THERE, &endpoint(9), rules(Pause::UntilTimer));
    let lost = bench.with_cx(|lines, cx, timers| lines.begin_anew(cx, timers, THERE));
    assert_eq!(purposes(lost), [5]);
    assert_eq!(bench.closed(connection), Err(Late::GivenUp));
    assert!(!bench.ready());
    let asked = bench.outbox.effects.last();
    assert!(matches!(asked, Some(Effect::Connect(_, _, to)) if *to == endpoint(9)), "where it was told: {asked:?}");
}

#[test]
fn who_removes_or_closes_lines_hears_no_more_of_them() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    bench.with_cx(|lines, cx, timers| lines.remove(cx, timers, THERE));
    assert_eq!(bench.answer(connection, 7), Answer::Late(Late::GivenUp));
    bench.lines.know(THERE, &endpoint(2), rules(Pause::UntilTimer));
    let connection = bench.open();
    bench.with_cx(|lines, cx, _| lines.close_all(cx));
    assert_eq!(bench.closed(connection), Err(Late::GivenUp));
    assert!(bench.lines.is_empty());
}

#[test]
fn a_peer_that_talks_nonsense_is_left_once() {
    let mut bench = Bench::new(Pause::UntilTimer);
    let connection = bench.open();
    bench.send(1, PATIENCE);
    let nonsense = |bench: &mut Bench| {
        bench.with_cx(|lines, cx, timers| lines.on_nonsense(cx, timers, THERE, connection)).map(purposes)
    };
    assert_eq!(nonsense(&mut bench), Ok(vec![1]));
    assert!(matches!(bench.outbox.effects.pop(), Some(Effect::Close(closed)) if closed == connection));
    assert_eq!(nonsense(&mut bench), Err(Late::GivenUp));
    assert_eq!(bench.timers.next_deadline(), Some(bench.now + Span::from_millis(50)));
}

#[test]
fn jitter_is_drawn_for_those_who_want_it() {
    let backoff = Backoff { jitter: Jitter::Fifth, ..Backoff::exact(Span(1_000_000), Span(9_000_000)) };
    let mut rng = Rng::new(2, 2);
    let waits: Vec<Span> = (0..8).map(|_| backoff.after(0, &mut rng)).collect();
    assert!(waits.iter().any(|wait| *wait != waits[0]));
}

/// What may come of a request, by the book: the test's own account of what the wire carries.
#[derive(Default)]
struct Wire {
    /// Numbers and purposes of unanswered requests per connection, oldest first; `None`: forgotten by its sender.
    unanswered: FlatMap<ConnectionId, Vec<(i32, Option<u32>)>>,
}

/// Random sequences of everything that can happen to one line: each request is answered or given back exactly once,
/// under its own purpose, and nothing that comes late changes the line.
#[test]
fn no_request_is_lost_doubled_or_mixed_up() {
    for seed in 0..2_000 {
        let pause = if seed % 2 == 0 { Pause::UntilTimer } else { Pause::UntilAsked };
        let mut bench = Bench::new(pause);
        let mut dice = Rng::new(seed, 3);
        let mut wire = Wire::default();
        let mut next = 0;
        for _ in 0..120 {
            step(&mut bench, &mut wire, &mut dice, &mut next);
        }
    }
}

fn step(bench: &mut Bench, wire: &mut Wire, dice: &mut Rng, next: &mut u32) {
    let now = bench.lines.get(THERE).and_then(|line| line.connection());
    match dice.below(8) {
        0 | 1 if bench.ready() => {
            let number = bench.send(*next, Span::from_millis(1 + u64::from(dice.below(400))));
            wire.unanswered.entry(now.expect("ready")).or_default().push((number, Some(*next)));
            *next += 1;
        }
        2 | 3 => answer_any(bench, wire, dice, now),
        4 => match now.map(|connection| (connection, bench.lines.is_connected(THERE))) {
            Some((connection, false)) => bench.connected(connection).expect("asked for"),
            Some((connection, true)) if dice.chance(1, 4) => {
                let lost = bench.closed(connection).expect("it was open");
                assert_eq!(lost, still_wanted(wire.unanswered.remove(&connection)));
            }
            Some(_) | None => {}
        },
        5 if dice.chance(1, 4) => {
            bench.with_cx(|lines, _, timers| lines.forget_requests(timers, THERE));
            if let Some(sent) = now.and_then(|connection| wire.unanswered.get_mut(&connection)) {
                sent.iter_mut().for_each(|(_, purpose)| *purpose = None);
            }
        }
        _ => {
            bench.pass(u64::from(dice.below(60)));
            while let Some(timer) = bench.due() {
                if timer != LineTimer::Retry(THERE) {
                    give_up(bench, wire);
                }
            }
            bench.ready();
        }
    }
}

/// The line's peer is too slow; what it was asked stays on the wire.
fn give_up(bench: &mut Bench, wire: &mut Wire) {
    let Some(connection) = bench.lines.get(THERE).and_then(|line| line.connection()) else { return };
    let lost = bench.give_up().expect("it had a connection");
    assert_eq!(lost, still_wanted(wire.unanswered.get(&connection).cloned()));
}

/// An answer to the oldest request of any connection, that of the line or one that it gave up.
fn answer_any(bench: &mut Bench, wire: &mut Wire, dice: &mut Rng, now: Option<ConnectionId>) {
    let open: Vec<ConnectionId> = wire.unanswered.keys().copied().collect();
    if open.is_empty() {
        return;
    }
    let connection = open[dice.below(open.len() as u32) as usize];
    let sent = wire.unanswered.get_mut(&connection).expect("it is one of them");
    if sent.is_empty() {
        wire.unanswered.remove(&connection);
        return;
    }
    let (number, purpose) = sent.remove(0);
    let expected = match (Some(connection) == now, purpose) {
        (true, Some(purpose)) => Answer::To(purpose),
        (true, None) => Answer::Forgotten,
        (false, _) => Answer::Late(Late::GivenUp),
    };
    assert_eq!(bench.answer(connection, number), expected);
}

fn still_wanted(sent: Option<Vec<(i32, Option<u32>)>>) -> Vec<u32> {
    sent.into_iter().flatten().filter_map(|(_, purpose)| purpose).collect()
}

/// A planted bug: the owner of an old connection counts for the new one.
#[cfg(feature = "mutants")]
#[test]
#[should_panic(expected = "loses what it has")]
fn a_stale_owner_is_noticed() {
    let overrides = FlatMap::from([("blumfeld.mutant".into(), port::Mutant::StaleOwner.name().into())]);
    let mut bench = Bench::with(Pause::UntilTimer, TestSwitches::from_overrides(&overrides));
    let old = bench.open();
    bench.give_up();
    bench.pass(50);
    bench.due();
    bench.open();
    let _ = bench.closed(old);
}
