//! One topic that is deleted takes no promise from the others, nor from a topic of its own name.

use base::{FlatMap, Span, Time};
use check::Checks;
use sim::{Command, KafkaCommand, Setup, Step, World, WorldCommand};

struct Watched {
    world: World,
    checks: Checks,
}

impl Watched {
    fn act(&mut self, command: &Command) {
        let mut facts = Vec::new();
        self.world.apply(command, &mut facts).expect("makes sense");
        let step = Step { at: self.world.now(), process: self.world.first_cluster().admin() };
        assert_eq!(self.checks.on_step(&self.world, step, &facts), Ok(()));
    }

    fn until(&mut self, second: u64) {
        loop {
            let mut facts = Vec::new();
            let Some(step) = self.world.step_until(Time::ZERO + Span::from_secs(second), &mut facts) else { return };
            assert_eq!(self.checks.on_step(&self.world, step, &facts), Ok(()), "at {}", self.world.now());
        }
    }
}

fn topic(name: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: name.into(),
            partitions: None,
            replication_factor: None,
            assignments: vec![vec![1, 2, 3]],
            configs: FlatMap::new(),
            timeout_ms: None,
        },
    )
}

fn producer(name: &str, topic: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: name.into(),
            topic: topic.into(),
            keys: Vec::new(),
            random_keys: None,
            interval: Some(100_000_000),
            value_size: 0,
            limit: None,
            configs: FlatMap::new(),
        },
    )
}

#[test]
fn a_deleted_topic_takes_no_promise_away() {
    let setup = Setup::new(3, 1).with("min.insync.replicas", "2");
    let mut watched = Watched { world: World::new(&setup, 3), checks: Checks::default() };
    watched.until(6);
    watched.act(&topic("orders"));
    watched.act(&topic("payments"));
    watched.until(7);
    watched.act(&producer("web", "orders"));
    watched.act(&producer("shop", "payments"));
    watched.until(10);
    // It hears of the deletion, and of the new topic of the same name, only when it goes on.
    watched.act(&Command::World(WorldCommand::Pause { name: "3".into() }));
    watched.until(11);
    watched.act(&Command::Kafka(None, KafkaCommand::DeleteTopic { name: "orders".into() }));
    watched.until(12);
    watched.act(&topic("orders"));
    watched.until(14);
    watched.act(&Command::World(WorldCommand::Resume { name: "3".into() }));
    watched.until(20);
    watched.act(&Command::World(WorldCommand::Kill { name: "1".into() }));
    watched.until(40);
    assert!(watched.checks.promised().iter().all(|(_, promised)| *promised), "{:?}", watched.checks.promised());
    assert_eq!(watched.checks.at_end(&watched.world), Ok(()));
}
