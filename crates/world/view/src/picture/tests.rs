//! A real cluster's picture, read as text.

use base::{Span, Time};
use sim::{Command, KafkaCommand, NoFacts, Setup, World, WorldCommand};

use super::{Account, Look, Memory, Recent, motion, stage};
use crate::text::EN;
use crate::{BadgeView, CellState, ControllerRole, OutlineView, PacketFate, StageView};

fn act(world: &mut World, command: Command) {
    world.apply(&command, &mut NoFacts).expect("the command fits this world");
}

/// Three brokers, three controllers, `orders` with three partitions, three producers, three consumers.
fn opening() -> World {
    let mut world = World::new(&Setup::new(3, 3), 42);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut NoFacts);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(3),
            replication_factor: Some(3),
            assignments: Vec::new(),
            configs: [("min.insync.replicas".into(), "2".into())].into(),
            timeout_ms: None,
        },
    );
    act(&mut world, topic);
    world.run_until(Time::ZERO + Span::from_secs(6), &mut NoFacts);
    let producers =
        [("web", ["order-1", "order-2"]), ("app", ["order-7", "order-3"]), ("shop", ["order-4", "order-5"])];
    for (name, keys) in producers {
        act(
            &mut world,
            Command::Kafka(
                None,
                KafkaCommand::AddProducer {
                    name: name.into(),
                    topic: "orders".into(),
                    keys: keys.map(Into::into).to_vec(),
                    random_keys: None,
                    interval: Some(Span::from_millis(700).0),
                    value_size: 0,
                    limit: None,
                    configs: Default::default(),
                },
            ),
        );
    }
    for number in 1..=3 {
        act(
            &mut world,
            Command::Kafka(
                None,
                KafkaCommand::AddConsumer {
                    name: format!("billing-{number}").into(),
                    group: "billing".into(),
                    topics: vec!["orders".into()],
                    processing: 0,
                    configs: Default::default(),
                },
            ),
        );
    }
    world
}

fn look<'a>(world: &'a World, recent: &'a [Recent]) -> Look<'a> {
    Look { recent, details: true, ..Look::plain(world, &[], Account::default(), &EN) }
}

fn picture(world: &World) -> StageView {
    stage(&look(world, &[]), &mut Memory::default())
}

#[test]
fn the_opening_scene_shows_who_leads_and_who_reads() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    let view = picture(&world);
    assert_eq!((view.brokers.len(), view.producers.len(), view.groups.len()), (3, 3, 1));
    for broker in &view.brokers {
        let leading = broker.rows.iter().filter(|row| row.badge == BadgeView::Leader).count();
        assert_eq!((broker.rows.len(), leading), (3, 1), "{}", broker.label);
        assert!(broker.rows.iter().all(|row| !row.cells.is_empty()), "{}", broker.label);
    }
    let owned: usize = view.groups[0].members.iter().map(|member| member.owned.len()).sum();
    assert_eq!(owned, 3, "{:?}", view.groups[0]);
    assert_eq!(view.groups[0].state_text, "Stable, gen 1");
    assert_eq!(view.ribbons.len(), 3);
    assert!(view.controllers.line.starts_with("epoch "), "{}", view.controllers.line);
    assert_eq!(view.controllers.sessions.len(), 3);
}

#[test]
fn a_killed_leader_is_greyed_and_another_takes_over() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    act(&mut world, Command::World(WorldCommand::Kill { name: "2".into() }));
    world.run_until(Time::ZERO + Span::from_secs(25), &mut NoFacts);
    let waiting = picture(&world);
    assert_eq!(waiting.brokers[1].stamp, "STOPPED");
    assert!(waiting.brokers[1].rows.iter().all(|row| row.cells.iter().all(|cell| cell.state == CellState::Gone)));
    assert!(
        waiting.producers.iter().any(|producer| producer.lines[0].text.contains(" wait: ")),
        "{:?}",
        waiting.producers
    );
    world.run_until(Time::ZERO + Span::from_secs(40), &mut NoFacts);
    let after = picture(&world);
    assert_eq!(after.brokers[1].line, "stopped, fenced");
    let leading = |index: usize| after.brokers[index].rows.iter().filter(|row| row.leads()).count();
    assert_eq!(leading(0) + leading(2), 3);
    assert!(after.controllers.log.iter().any(|cell| cell.text.contains("fenced")) || !after.controllers.log.is_empty());
}

#[test]
fn messages_in_flight_have_tags() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    let mut seen = 0;
    for _ in 0..4_000 {
        world.step(&mut NoFacts);
        seen += motion(&look(&world, &[]), &mut Memory::default())
            .packets
            .iter()
            .filter(|packet| !packet.glyphs.is_empty())
            .count();
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn a_stopped_broker_s_rows_say_what_they_were_and_members_read_without_gaps() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    act(&mut world, Command::World(WorldCommand::Kill { name: "2".into() }));
    let view = picture(&world);
    let labels: Vec<&str> = view.brokers[1].rows.iter().map(|row| &*row.label).collect();
    assert_eq!(labels.iter().filter(|label| label.contains(", Broker 2, stopped, led, ")).count(), 1, "{labels:?}");
    let members = view.groups[0].members.iter().map(|member| &member.label);
    let all: Vec<&str> = labels.into_iter().chain(members.map(|label| &**label)).collect();
    assert!(all.iter().all(|label| !label.contains(", ,") && !label.contains("  ")), "{all:?}");
    assert!(view.controllers.sessions.iter().any(|session| session.name == "2"), "who is silent is shown at once");
    assert!(view.controllers.note.is_none());
}

/// The active controller dies: rings run down on the others, one collects votes, and the crown moves.
#[test]
fn an_election_shows_its_deadlines_and_its_votes() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    let named = |view: &StageView| {
        view.controllers.controllers.iter().find(|one| one.role == ControllerRole::Active).map(|one| one.name.clone())
    };
    let active = named(&picture(&world)).expect("somebody is in charge");
    act(&mut world, Command::World(WorldCommand::Kill { name: active.as_str().into() }));
    let waiting = picture(&world);
    assert_eq!(waiting.controllers.controllers.iter().filter(|one| one.timer.is_some()).count(), 2);
    let mut tallies = Vec::new();
    while named(&picture(&world)).is_none() {
        world.step(&mut NoFacts);
        let tally = picture(&world).controllers.tally.clone();
        tallies.extend(tally.map(|tally| (tally.strong, tally.rest)));
        tallies.dedup();
    }
    assert!(tallies.contains(&("1 of 3".to_owned(), "2 needed".to_owned())), "{tallies:?}");
}

/// The lost message of a kill falls from where it was on its way.
#[test]
fn lost_messages_fall_from_where_they_were() {
    let mut world = opening();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    let web = world.find("web").expect("it is there").id;
    let midway = |world: &World| {
        let now = world.now();
        let own = world.network().connections().filter(|(_, connection)| connection.ends[0].process == web);
        own.flat_map(|(_, connection)| &connection.lanes[0].in_flight).any(|one| one.sent < now && now < one.arrives)
    };
    while !midway(&world) {
        world.step(&mut NoFacts);
    }
    let mut facts = Facts::default();
    world.apply(&Command::World(WorldCommand::Kill { name: "web".into() }), &mut facts).expect("it runs");
    let recent: Vec<Recent> =
        facts.0.into_iter().map(|(at, process, fact)| Recent { at, process, fact, age: 10.0 }).collect();
    let motion = motion(&look(&world, &recent), &mut Memory::default());
    let lost = motion.packets.iter().filter(|packet| packet.fate == PacketFate::Lost);
    let places: Vec<f32> = lost.map(|packet| packet.progress).collect();
    assert!(places.iter().any(|place| *place > 0.0 && *place < 1.0), "{places:?}");
}

#[derive(Default)]
struct Facts(Vec<(Time, base::ProcessId, port::Fact)>);

impl sim::FactSink for Facts {
    fn fact(&mut self, at: Time, process: base::ProcessId, fact: port::Fact) {
        self.0.push((at, process, fact));
    }
}

/// Reduced motion: nothing is half-way, and what has changed is outlined.
#[test]
fn reduced_motion_outlines_what_changed() {
    let mut world = opening();
    let mut facts = Facts::default();
    world.run_until(Time::ZERO + Span::from_secs(20), &mut facts);
    let newest = facts.0.split_off(facts.0.len() - 400);
    let recent: Vec<Recent> =
        newest.into_iter().map(|(at, process, fact)| Recent { at, process, fact, age: 100.0 }).collect();
    let reduced = Look { reduced: true, ..look(&world, &recent) };
    let motion = motion(&reduced, &mut Memory::default());
    let landed = |changed: &OutlineView| matches!(changed, OutlineView::Cells(_, _, cells) if cells.to > cells.first);
    assert!(motion.outlines.iter().any(landed), "{:?}", motion.outlines);
    let stage = stage(&reduced, &mut Memory::default());
    assert!(
        stage
            .brokers
            .iter()
            .flat_map(|broker| &broker.rows)
            .flat_map(|row| &row.cells)
            .all(|cell| cell.landed == 1_000)
    );
}

/// A picture of thousands of partitions is as large as one of a hundred, says what it leaves out, and shows what the
/// reader has chosen.
#[test]
fn a_large_cluster_is_drawn_in_part() {
    let mut world = opening();
    let many = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "many".into(),
            partitions: Some(1_000),
            replication_factor: Some(1),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        },
    );
    act(&mut world, many);
    let reader = Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "reader".into(),
            group: "readers".into(),
            topics: vec!["many".into()],
            processing: 0,
            configs: Default::default(),
        },
    );
    act(&mut world, reader);
    world.run_until(Time::ZERO + Span::from_secs(20), &mut NoFacts);
    let stage = stage(&look(&world, &[]), &mut Memory::default());
    let rows: usize = stage.brokers.iter().map(|broker| broker.rows.len()).sum();
    assert!((100..=300).contains(&rows), "{rows} rows");
    assert_eq!((stage.partitions.len(), stage.more), (100, 903));
    let small = stage.partitions.iter().filter(|(name, _)| &*name.topic == "orders").count();
    assert_eq!(small, 3, "a large topic leaves room for the others");
    assert!(stage.ribbons.len() <= 100 && stage.wires.len() <= 40, "{} ribbons", stage.ribbons.len());
    let held = [1, 2, 3].map(|id| {
        world
            .first_cluster()
            .node(base::BrokerId(id))
            .and_then(super::cluster::broker)
            .expect("runs")
            .partitions()
            .len()
    });
    for (broker, held) in stage.brokers.iter().zip(held) {
        let hidden = broker.more.split(" ").nth(2).and_then(|count| count.parse::<usize>().ok()).expect("a number");
        assert!(hidden + broker.rows.len() <= held && hidden > 200, "{}: {}", broker.name, broker.more);
    }
    let member = stage.groups.iter().flat_map(|group| &group.members).find(|member| member.name == "reader");
    let member = member.expect("the reader");
    assert!(member.owned.len() <= 100 && member.more.starts_with("and 9"), "{} {}", member.owned.len(), member.more);

    let chosen = base::TopicPartition::new("many", 999);
    let found = super::partitions_named(world.first_cluster(), "many-999", 10);
    let [(thing, _)] = &found[..] else { panic!("{found:?}") };
    let shown = super::stage(&Look { selection: Some(thing), ..look(&world, &[]) }, &mut Memory::default());
    let is_chosen = |row: &std::rc::Rc<crate::RowView>| row.partition == chosen && row.selected;
    assert!(shown.brokers.iter().flat_map(|broker| &broker.rows).any(is_chosen), "the chosen one is not drawn");
    assert_eq!(super::partitions_named(world.first_cluster(), "many-", 10).len(), 10);
}
