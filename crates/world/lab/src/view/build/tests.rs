//! A real cluster's picture, read as text.

use base::{Span, Time};
use sim::{Command, NoFacts, Setup, World};

use super::{Look, Memory, Recent, motion, stage};
use crate::text::EN;
use crate::view::{BadgeView, CellState, StageView};

fn act(world: &mut World, command: Command) {
    world.apply(&command, &mut NoFacts).expect("the command fits this world");
}

/// Three brokers, three controllers, `orders` with three partitions, three producers, three consumers.
fn opening() -> World {
    let mut world = World::new(&Setup::new(3, 3), 42);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut NoFacts);
    let topic = Command::CreateTopic {
        name: "orders".into(),
        partitions: Some(3),
        replication_factor: Some(3),
        assignments: Vec::new(),
        configs: [("min.insync.replicas".into(), "2".into())].into(),
        timeout_ms: None,
    };
    act(&mut world, topic);
    world.run_until(Time::ZERO + Span::from_secs(6), &mut NoFacts);
    let producers =
        [("web", ["order-1", "order-2"]), ("app", ["order-7", "order-3"]), ("shop", ["order-4", "order-5"])];
    for (name, keys) in producers {
        act(
            &mut world,
            Command::AddProducer {
                name: name.into(),
                topic: "orders".into(),
                keys: keys.map(Into::into).to_vec(),
                random_keys: None,
                interval: Some(Span::from_millis(700).0),
                value_size: 0,
                limit: None,
                configs: Default::default(),
            },
        );
    }
    for number in 1..=3 {
        act(
            &mut world,
            Command::AddConsumer {
                name: format!("billing-{number}").into(),
                group: "billing".into(),
                topics: vec!["orders".into()],
                processing: 0,
                configs: Default::default(),
            },
        );
    }
    world
}

fn look<'a>(world: &'a World, recent: &'a [Recent]) -> Look<'a> {
    Look {
        world,
        recent,
        told: &[],
        text: &EN,
        details: true,
        internal: false,
        selection: None,
        lit_key: None,
        first_visit: false,
    }
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
    act(&mut world, Command::Kill { name: "2".into() });
    world.run_until(Time::ZERO + Span::from_secs(25), &mut NoFacts);
    let waiting = picture(&world);
    assert_eq!(waiting.brokers[1].stamp, "STOPPED");
    assert!(waiting.brokers[1].rows.iter().all(|row| row.cells.iter().all(|cell| cell.state == CellState::Gone)));
    assert!(
        waiting.producers.iter().any(|producer| producer.lines[0].text.contains("wait: ")),
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
    let mut memory = Memory::default();
    let mut seen = 0;
    for _ in 0..4_000 {
        world.step(&mut NoFacts);
        seen +=
            motion(&look(&world, &[]), &mut memory).packets.iter().filter(|packet| !packet.glyphs.is_empty()).count();
    }
    assert!(seen > 10, "{seen}");
}
