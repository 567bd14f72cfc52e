//! A second family of processes in the world: it needs nothing of Kafka's, every act on processes and links works on it,
//! and a cluster beside it runs as it does alone.

mod family;

use api::MessageKind;
use base::{FlatMap, ProcessId, Span, Str, Time};
use family::{PING, PONG, client, say_more, server, told};
use port::{Fact, KafkaFact, OtherFact, WorldFact};
use sim::{Command, CommandError, KafkaCommand, LinkRule, Liveness, NoFacts, Setup, World, WorldCommand};

type Facts = Vec<(Time, ProcessId, Fact)>;

const SECOND: Span = Span::from_secs(1);

/// No cluster; a server and a client with that many words, just started.
fn alone(words: u64) -> World {
    let nobody = Setup { clusters: Vec::new(), ..Setup::new(1, 1) };
    let mut world = World::new(&nobody, 7);
    act(&mut world, server("echo"));
    act(&mut world, client("caller", words));
    world
}

fn act(world: &mut World, command: impl Into<Command>) {
    let command = command.into();
    world.apply(&command, &mut NoFacts).unwrap_or_else(|error| panic!("{command:?}: {error}"));
}

fn pass(world: &mut World, time: Span) -> Facts {
    let mut facts = Facts::new();
    world.run_until(world.now() + time, &mut facts);
    facts
}

/// What the family told of that kind, by its numbers.
fn numbers(facts: &Facts, what: &str) -> Vec<u64> {
    let of_family = |(_, _, fact): &(Time, ProcessId, Fact)| match fact {
        Fact::Other(OtherFact { what: told, number, .. }) if &**told == what => Some(*number),
        Fact::Other(_) | Fact::World(_) | Fact::Kafka(_) => None,
    };
    facts.iter().filter_map(of_family).collect()
}

fn heard(facts: &Facts) -> Vec<u64> {
    numbers(facts, "heard")
}

fn names() -> (Str, Str) {
    ("caller".into(), "echo".into())
}

#[test]
fn it_runs_without_a_cluster() {
    let mut world = alone(10);
    let facts = pass(&mut world, Span::from_secs(2));
    assert_eq!(heard(&facts), (0..10).collect::<Vec<_>>());
    assert_eq!(numbers(&facts, "echoed"), (0..10).collect::<Vec<_>>());
    let alien = facts.iter().find(|(_, _, fact)| matches!(fact, Fact::Kafka(_)));
    assert_eq!(alien, None, "nobody is there who could tell it");
    assert!(world.clusters().next().is_none());
    assert_eq!(world.next_time(), None, "nobody has anything more to say");

    act(&mut world, say_more("caller", 2));
    assert_eq!(heard(&pass(&mut world, SECOND)), [10, 11]);
}

#[test]
fn a_world_without_a_cluster_takes_no_command_of_kafkas() {
    let world = alone(1);
    let refused = world.check(&KafkaCommand::ListTopics.into());
    assert!(matches!(refused, Err(CommandError::Unstartable(_))), "{refused:?}");
}

#[test]
fn whoever_is_asked_for_what_is_not_its_own_is_named() {
    let world = alone(1);
    let taken = world.check(&server("second"));
    assert_eq!(taken, Err(CommandError::NameTaken("echo:7".into())), "one server on one port");
    assert_eq!(world.check(&client("caller", 1)), Err(CommandError::NameTaken("caller".into())));
    let unknown = WorldCommand::Hold { from: "caller".into(), to: "echo".into(), api: "Shout".into() };
    assert!(matches!(world.check(&unknown.into()), Err(CommandError::Malformed { .. })));
    let cluster = World::new(&Setup::new(1, 1), 1);
    let refused = cluster.check(&say_more("1", 1));
    assert!(matches!(refused, Err(CommandError::WrongKind { .. })), "{refused:?}");
}

#[test]
fn it_is_killed_and_started_again() {
    let mut world = alone(100);
    let before = heard(&pass(&mut world, SECOND));
    act(&mut world, WorldCommand::Kill { name: "echo".into() });
    let down = pass(&mut world, SECOND);
    assert_eq!(heard(&down), []);
    assert!(!numbers(&down, "refused").is_empty(), "it goes on trying: {down:?}");
    act(&mut world, WorldCommand::Start { name: "echo".into() });
    let after = heard(&pass(&mut world, SECOND));
    assert_eq!(after.first(), Some(&(before.len() as u64)), "no word is skipped");
    assert!(after.len() > 5);

    // What a process knows ends with it, and its disk has nothing of the client's.
    act(&mut world, WorldCommand::PowerOff { name: "caller".into() });
    act(&mut world, WorldCommand::Start { name: "caller".into() });
    assert_eq!(heard(&pass(&mut world, SECOND)).first(), Some(&0));
}

#[test]
fn it_stops_in_order_and_hangs() {
    let mut world = alone(100);
    pass(&mut world, SECOND);
    act(&mut world, WorldCommand::Pause { name: "echo".into() });
    let hanging = pass(&mut world, Span::from_secs(2));
    assert_eq!(heard(&hanging), []);
    assert!(numbers(&hanging, "gave up waiting").len() > 2);
    act(&mut world, WorldCommand::Resume { name: "echo".into() });
    assert!(!heard(&pass(&mut world, SECOND)).is_empty());
    act(&mut world, WorldCommand::Stop { name: "echo".into() });
    let stopped = pass(&mut world, SECOND);
    assert_eq!(world.find("echo").map(|slot| slot.liveness), Some(Liveness::Stopped));
    assert_eq!(heard(&stopped), []);
}

#[test]
fn links_are_cut_slowed_stalled_reset_and_healed() {
    let mut world = alone(1_000);
    pass(&mut world, SECOND);
    let (a, b) = names();
    let acts = [
        (WorldCommand::Cut { a: a.clone(), b: b.clone() }, 0..1),
        (WorldCommand::CutOneWay { from: b.clone(), to: a.clone() }, 0..1),
        (WorldCommand::Delay { a: a.clone(), b: b.clone(), by: 200_000_000 }, 1..6),
        (WorldCommand::Stall { a: a.clone(), b: b.clone(), time: 400_000_000 }, 12..18),
        (WorldCommand::Reset { a: a.clone(), b: b.clone() }, 11..20),
    ];
    for (command, expected) in acts {
        act(&mut world, command.clone());
        let count = heard(&pass(&mut world, Span::from_secs(2))).len();
        assert!(expected.contains(&count), "{command:?}: {count} words, not {expected:?}");
        act(&mut world, WorldCommand::Heal { a: a.clone(), b: b.clone() });
        let after = heard(&pass(&mut world, Span::from_secs(2))).len();
        assert!(after > 8, "{command:?} is over: {after} words");
    }
}

#[test]
fn its_messages_are_held_and_lost_by_name() {
    let mut world = alone(1_000);
    pass(&mut world, SECOND);
    let (from, to) = names();
    act(&mut world, WorldCommand::Hold { from: to.clone(), to: from.clone(), api: PONG.into() });
    let held = pass(&mut world, SECOND);
    assert_eq!(heard(&held), []);
    assert!(!numbers(&held, "echoed").is_empty(), "the words arrive, the answers wait");
    let rules: Vec<_> = world.network().link_rules().map(|(.., rule)| rule).collect();
    assert_eq!(rules, [LinkRule::Held(MessageKind::Other(PONG))]);
    act(&mut world, WorldCommand::HealAll);
    assert!(!heard(&pass(&mut world, SECOND)).is_empty());

    act(&mut world, WorldCommand::Lose { from, to, api: PING.into(), count: 2 });
    let lost = pass(&mut world, Span::from_secs(2));
    let chosen = |fact: &Fact| matches!(fact, Fact::World(WorldFact::ChosenMessageLost { api: MessageKind::Other(kind), .. }) if *kind == PING);
    assert_eq!(lost.iter().filter(|(_, _, fact)| chosen(fact)).count(), 2);
    assert_eq!(numbers(&lost, "gave up waiting").len(), 2, "each is said again");
    let all = heard(&lost);
    assert!(all.windows(2).all(|pair| pair[1] == pair[0] + 1) && all.len() > 5, "{all:?}");
}

/// A cluster of two brokers that serves a producer and a consumer. Whoever is beside it comes after its clients, because
/// a process's number is its place in the order of coming.
fn cluster() -> World {
    let mut world = World::new(&Setup::new(2, 1).with("offsets.topic.replication.factor", "2"), 3);
    pass(&mut world, Span::from_secs(5));
    let (name, topic) = (Str::from("web"), Str::from("orders"));
    act(
        &mut world,
        KafkaCommand::CreateTopic {
            name: topic.clone(),
            partitions: Some(2),
            replication_factor: Some(2),
            assignments: Vec::new(),
            configs: FlatMap::new(),
            timeout_ms: None,
        },
    );
    act(
        &mut world,
        KafkaCommand::AddProducer {
            name,
            topic: topic.clone(),
            keys: Vec::new(),
            random_keys: None,
            interval: Some(50_000_000),
            value_size: 20,
            limit: None,
            configs: FlatMap::new(),
        },
    );
    act(
        &mut world,
        KafkaCommand::AddConsumer {
            name: "reader".into(),
            group: "readers".into(),
            topics: vec![topic],
            processing: 0,
            configs: FlatMap::new(),
        },
    );
    world
}

/// What a cluster goes through, whoever is beside it.
fn troubles(world: &mut World) -> Facts {
    let mut facts = pass(world, Span::from_secs(8));
    act(world, WorldCommand::Kill { name: "2".into() });
    facts.extend(pass(world, Span::from_secs(15)));
    act(world, WorldCommand::Start { name: "2".into() });
    facts.extend(pass(world, Span::from_secs(10)));
    facts
}

#[test]
fn a_cluster_beside_it_runs_as_it_does_alone() {
    let (mut without, mut with) = (cluster(), cluster());
    act(&mut with, server("echo"));
    act(&mut with, client("caller", 1_000));
    let strangers = [with.find("echo"), with.find("caller")].map(|slot| slot.expect("just added").id);
    let (expected, beside) = (troubles(&mut without), troubles(&mut with));
    assert!(heard(&beside).len() > 100, "they are no idle guests");
    let of_cluster: Facts = beside.into_iter().filter(|(_, process, _)| !strangers.contains(process)).collect();
    let kafkas = expected.iter().filter(|(_, _, fact)| matches!(fact, Fact::Kafka(_))).count();
    assert!(kafkas > 1_000, "{kafkas} facts of Kafka's");
    let different = expected.iter().zip(&of_cluster).find(|(one, other)| one != other);
    assert_eq!(different, None);
    assert_eq!(expected.len(), of_cluster.len());
}

#[test]
fn a_stranger_at_kafkas_door_is_turned_away() {
    let mut world = cluster();
    pass(&mut world, Span::from_secs(8));
    act(&mut world, family::stranger("stranger", "broker-1", 9092));
    let facts = pass(&mut world, Span::from_secs(2));
    assert!(numbers(&facts, "line broke").len() > 2, "the broker closes, and it tries again: {facts:?}");
    assert_eq!(heard(&facts), []);
    let delivered = facts.iter().filter(|(_, _, fact)| matches!(fact, Fact::Kafka(KafkaFact::Delivered { .. })));
    assert!(delivered.count() > 10, "the cluster goes on");
}

#[test]
fn a_kafka_client_at_its_door_is_turned_away() {
    let mut world = cluster();
    act(&mut world, server("echo"));
    let configs: FlatMap<Str, Str> = [("bootstrap.servers".into(), "echo:7".into())].into();
    act(
        &mut world,
        KafkaCommand::AddConsumer {
            name: "lost".into(),
            group: "lost".into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs,
        },
    );
    let facts = pass(&mut world, Span::from_secs(2));
    assert!(numbers(&facts, "not understood").len() > 2, "it asks again and again");
}

#[test]
fn two_runs_with_one_seed_are_one() {
    let run = |_| {
        let mut world = cluster();
        act(&mut world, server("echo"));
        act(&mut world, client("caller", 50));
        troubles(&mut world);
        (world.run_digest(), world.state_digest())
    };
    let [first, second] = [0, 1].map(run);
    assert_eq!(first, second);
}

#[test]
fn its_state_counts_in_the_digest() {
    let [mut one, mut other] = [alone(3), alone(3)];
    pass(&mut one, SECOND);
    pass(&mut other, SECOND);
    assert_eq!(one.state_digest(), other.state_digest());
    act(&mut other, say_more("caller", 0));
    act(&mut one, say_more("caller", 1));
    pass(&mut one, SECOND);
    pass(&mut other, SECOND);
    assert_ne!(one.state_digest(), other.state_digest());
    assert_ne!(one.run_digest(), other.run_digest());
}

#[test]
fn a_checkpoint_in_the_middle_goes_on_alike() {
    let mut world = alone(100);
    act(&mut world, WorldCommand::Delay { a: "caller".into(), b: "echo".into(), by: 30_000_000 });
    pass(&mut world, Span::from_millis(1_234));
    let mut checkpoint = world.clone();
    let (there, here) = (pass(&mut world, SECOND), pass(&mut checkpoint.clone(), SECOND));
    assert!(there.iter().any(|(_, _, fact)| matches!(fact, Fact::Other(_))));
    assert_eq!(there, here);
    // What goes on in one does not reach the other.
    let heard_by_then = heard(&there).len();
    assert_eq!(heard(&pass(&mut checkpoint, SECOND)).len(), heard_by_then);
    assert_eq!((world.run_digest(), world.state_digest()), (checkpoint.run_digest(), checkpoint.state_digest()));
}

#[test]
fn its_facts_have_a_kind_of_their_own() {
    assert_eq!(Fact::from(told("heard", 1)).kind(), "Other");
}
