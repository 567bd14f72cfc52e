//! Worlds under random faults, listened to: each message is told once, and listening changes nothing.

use super::{Journal, Outcome, Passing, Refused, Standing, Told};
use crate::{Command, FactSink, KafkaCommand, NoFacts, Setup, World, WorldCommand};
use base::{Digest, FlatMap, FlatSet, ProcessId, Rng, Span, Time};
use port::{Fact, WorldFact};

const SEEDS: u64 = 16;
const NODES: [&str; 4] = ["1", "2", "3", "web"];

/// The journal, and beside it what was told one by one, and the facts.
#[derive(Default)]
struct Both {
    journal: Journal,
    facts: Vec<Fact>,
    sent: FlatSet<super::MessageId>,
    ended: FlatSet<super::MessageId>,
    refused: usize,
}

impl FactSink for Both {
    fn fact(&mut self, _at: Time, _process: ProcessId, fact: Fact) {
        self.facts.push(fact);
    }

    fn wants_messages(&self) -> bool {
        true
    }

    fn message(&mut self, passing: &Passing<'_>) {
        self.journal.message(passing);
        match passing {
            Passing::Sent(sent) => assert!(self.sent.insert(sent.id), "{:?} is told as sent twice", sent.id),
            Passing::Ended { id, .. } => {
                assert!(self.sent.contains(id), "{id:?} ends and was never sent");
                assert!(self.ended.insert(*id), "{id:?} ends twice");
            }
            Passing::Refused { .. } => self.refused += 1,
        }
    }
}

/// Three brokers that are controllers too; a topic at 4 s, a producer at 5 s, a consumer at 6 s.
fn world(seed: u64, sink: &mut impl FactSink) -> World {
    let mut world = World::new(&Setup::new(3, 3), seed);
    let topic = KafkaCommand::CreateTopic {
        name: "orders".into(),
        partitions: Some(3),
        replication_factor: Some(3),
        assignments: Vec::new(),
        configs: FlatMap::new(),
        timeout_ms: None,
    };
    let producer = KafkaCommand::AddProducer {
        name: "web".into(),
        topic: "orders".into(),
        keys: Vec::new(),
        random_keys: None,
        interval: Some(20_000_000),
        value_size: 100,
        limit: None,
        configs: FlatMap::new(),
    };
    let consumer = KafkaCommand::AddConsumer {
        name: "billing-1".into(),
        group: "billing".into(),
        topics: vec!["orders".into()],
        processing: 0,
        configs: FlatMap::new(),
    };
    for (second, command) in [(4, topic), (5, producer), (6, consumer)] {
        world.run_until(at(second * 1_000), sink);
        world.apply(&Command::Kafka(None, command), sink).expect("it makes sense");
    }
    world.run_until(at(8_000), sink);
    world
}

fn at(millis: u64) -> Time {
    Time::ZERO + Span::from_millis(millis)
}

/// Some fault, or some healing; a world may find that it makes no sense.
fn fault(rng: &mut Rng) -> Command {
    let a = NODES[rng.below_u64(4) as usize];
    let b = NODES[rng.below_u64(3) as usize];
    let api = ["Produce", "Fetch", "Metadata", "AlterPartition"][rng.below_u64(4) as usize];
    let (name, to): (base::Str, base::Str) = (a.into(), b.into());
    let (x, y) = (name.clone(), to.clone());
    Command::World(match rng.below_u64(14) {
        0 => WorldCommand::Kill { name },
        1 => WorldCommand::PowerOff { name },
        2 => WorldCommand::Stop { name },
        3 | 4 => WorldCommand::Start { name },
        5 => WorldCommand::Pause { name },
        6 => WorldCommand::Resume { name },
        7 => WorldCommand::Cut { a: x, b: y },
        8 => WorldCommand::CutOneWay { from: x, to: y },
        9 => WorldCommand::Delay { a: x, b: y, by: rng.below_u64(50_000_000) },
        10 => WorldCommand::Hold { from: x, to: y, api: api.into() },
        11 => WorldCommand::Lose { from: x, to: y, api: api.into(), count: 1 + rng.below_u64(5) as u32 },
        12 => WorldCommand::Reset { a: x, b: y },
        _heal => WorldCommand::HealAll,
    })
}

/// Twelve seconds with a fault every 400 ms at most.
fn trouble(world: &mut World, seed: u64, sink: &mut impl FactSink) {
    let mut rng = Rng::new(seed, 77);
    let end = world.now() + Span::from_secs(12);
    while world.now() < end {
        world.run_until(world.now() + Span(1 + rng.below_u64(400_000_000)), sink);
        // What makes no sense there changes nothing, whoever listens.
        let _refused = world.apply(&fault(&mut rng), sink);
    }
}

fn digests(world: &World) -> [Digest; 2] {
    [world.run_digest(), world.state_digest()]
}

fn ended(told: &[&Told], wanted: Outcome) -> usize {
    told.iter().filter(|told| told.end.is_some_and(|(_, outcome)| outcome == wanted)).count()
}

fn facts(sink: &Both, is_meant: impl Fn(&WorldFact) -> bool) -> usize {
    sink.facts.iter().filter(|fact| matches!(fact, Fact::World(fact) if is_meant(fact))).count()
}

/// What is not told as ended is what the network holds, no more and no less; what the world's own facts say of lost
/// messages is what is told of them.
#[test]
fn each_message_is_told_once_with_its_end() {
    let mut sum = FlatMap::<Outcome, usize>::new();
    for seed in 0..SEEDS {
        let mut sink = Both::default();
        let mut world = World::new(&Setup::new(3, 3), seed);
        // Nodes are booted before anybody can listen: what they sent then is under way.
        assert!(Journal::of(&world).is_empty(), "nothing is sent before a connection is open");
        world = self::world(seed, &mut sink);
        trouble(&mut world, seed, &mut sink);
        let told = sink.journal.between(Time::ZERO, Time::MAX);
        assert_eq!(told.len(), sink.sent.len() + sink.refused, "seed {seed}");
        let lanes = world.network().connections().flat_map(|(_, connection)| &connection.lanes);
        let in_flight: usize = lanes.map(|lane| lane.in_flight.len()).sum();
        assert_eq!(sink.sent.len() - sink.ended.len(), in_flight, "seed {seed}");
        assert_eq!(told.iter().filter(|told| told.end.is_none()).count(), in_flight, "seed {seed}");
        let (lost, reset) = (ended(&told, Outcome::Lost), ended(&told, Outcome::Reset));
        assert_eq!(facts(&sink, |fact| matches!(fact, WorldFact::ChosenMessageLost { .. })), lost, "seed {seed}");
        let lost_facts = facts(&sink, |fact| matches!(fact, WorldFact::MessageLost { .. }));
        assert!((lost..=lost + reset).contains(&lost_facts), "seed {seed}: {lost_facts} of {lost} and {reset}");
        assert!(told.windows(2).all(|pair| pair[0].sent <= pair[1].sent), "seed {seed}: in the order of sending");
        for told in told {
            assert!(told.end.is_none_or(|(end, _)| end >= told.sent), "seed {seed}: {told:?}");
            if let Some((_, outcome)) = told.end {
                *sum.entry(outcome).or_default() += 1;
            }
        }
    }
    let kinds: Vec<Outcome> = sum.keys().copied().collect();
    let all = [Outcome::Arrived, Outcome::Lost, Outcome::Unread, Outcome::Reset];
    assert!(all.iter().all(|kind| kinds.contains(kind)), "something of each kind happened: {sum:?}");
    assert!(kinds.contains(&Outcome::Refused(Refused::Unheard)), "{sum:?}");
}

#[test]
fn listening_changes_nothing() {
    for seed in 0..SEEDS {
        let mut unheard = world(seed, &mut NoFacts);
        trouble(&mut unheard, seed, &mut NoFacts);
        let mut journal = Journal::default();
        let mut heard = world(seed, &mut journal);
        trouble(&mut heard, seed, &mut journal);
        assert!(journal.len() > 1_000, "seed {seed}: {}", journal.len());
        assert_eq!(digests(&heard), digests(&unheard), "seed {seed}");
    }
}

/// A journal that begins in the middle tells of what comes then, and of what is under way, what one from the beginning
/// tells. Only when a message was to arrive may be told otherwise, where its link was let go just before.
#[test]
fn where_a_journal_begins_does_not_matter() {
    for seed in 0..SEEDS {
        let mut whole = Journal::default();
        let mut world = world(seed, &mut whole);
        let (from, mut later) = (world.now(), Journal::of(&world));
        let mut copy = world.clone();
        trouble(&mut world, seed, &mut whole);
        trouble(&mut copy, seed, &mut later);
        let (one, other) = (whole.between(from, world.now()), later.between(from, copy.now()));
        let without_due = |told: &[&Told]| -> Vec<Told> {
            told.iter().map(|told| Told { due: Time::ZERO, ..(*told).clone() }).collect()
        };
        assert!(without_due(&one) == without_due(&other), "seed {seed}");
        let all = whole.len();
        whole.forget_before(from);
        assert!(whole.len() < all);
        assert!(without_due(&whole.between(from, world.now())) == without_due(&other), "seed {seed}");
    }
}

fn act(world: &mut World, command: WorldCommand, journal: &mut Journal) {
    world.apply(&Command::World(command), journal).expect("it makes sense");
}

#[test]
fn a_held_message_is_told_as_held_and_then_as_late() {
    let mut journal = Journal::default();
    let mut world = world(1, &mut journal);
    for broker in ["1", "2", "3"] {
        let (from, to) = ("web".into(), broker.into());
        act(&mut world, WorldCommand::Hold { from, to, api: "Produce".into() }, &mut journal);
    }
    let since = world.now();
    world.run_until(since + Span::from_millis(300), &mut journal);
    let held = |journal: &Journal, now: Time| {
        let all = journal.between(since, now);
        all.iter().filter(|told| told.standing(now) == Standing::Held).count()
    };
    assert!(held(&journal, world.now()) > 0);
    act(&mut world, WorldCommand::HealAll, &mut journal);
    let healed = world.now();
    world.run_until(healed + Span::from_millis(300), &mut journal);
    assert_eq!(held(&journal, world.now()), 0);
    let late = journal.between(since, healed);
    let late: Vec<&&Told> = late.iter().filter(|told| told.delayed_by() > Span::ZERO).collect();
    assert!(!late.is_empty() && late.iter().all(|told| told.standing(healed) == Standing::Held), "{late:?}");
}

#[test]
fn a_request_and_its_answer_share_connection_and_correlation_id() {
    let mut journal = Journal::default();
    let world = world(1, &mut journal);
    let all = journal.between(at(7_000), world.now());
    let produce = |is_request: bool| {
        all.iter().filter(move |told| told.kind.name() == "Produce" && told.is_request == is_request)
    };
    assert!(produce(true).count() > 10);
    for answer in produce(false) {
        let whole = journal.between(Time::ZERO, world.now());
        let asked = whole.iter().find(|told| {
            told.is_request && (told.connection, told.correlation_id) == (answer.connection, answer.correlation_id)
        });
        let asked = asked.expect("whoever answers was asked");
        assert_eq!((asked.to, Some(asked.from)), (Some(answer.from), answer.to));
        assert_eq!((asked.version, answer.version), (Some(13), None));
        assert!(asked.end.expect("it arrived").0 < answer.sent && asked.bytes > 100);
    }
}
