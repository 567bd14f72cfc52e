//! What administrators do on purpose breaks no promise: records that they delete are not lost, and a group whose offsets they
//! move has gone back for no fault of the cluster's.

use base::{FlatMap, Offset, Span, Time, TopicPartition};
use check::{Checks, Ledger};
use port::{Act, Ask, ResetTo, Which};
use sim::{Command, KafkaCommand, Setup, Step, World, WorldCommand};

struct Watched {
    world: World,
    checks: Checks,
    ledger: Ledger,
}

impl Watched {
    fn act(&mut self, command: impl Into<Command>) {
        let mut facts = Vec::new();
        self.world.apply(&command.into(), &mut facts).expect("makes sense");
        let step = Step { at: self.world.now(), process: self.world.first_cluster().admin() };
        self.look(step, &facts);
    }

    fn ask(&mut self, ask: Ask, until: u64) {
        self.act(KafkaCommand::Ask(Box::new(ask)));
        self.until(until);
    }

    fn until(&mut self, second: u64) {
        loop {
            let mut facts = Vec::new();
            let Some(step) = self.world.step_until(Time::ZERO + Span::from_secs(second), &mut facts) else { return };
            self.look(step, &facts);
        }
    }

    fn look(&mut self, step: Step, facts: &[(Time, base::ProcessId, port::Fact)]) {
        for (at, process, fact) in facts {
            self.ledger.note(*at, (*process, self.world.cluster_of(*process)), fact);
        }
        assert_eq!(self.checks.on_step(&self.world, step, facts), Ok(()), "at {}", self.world.now());
    }
}

#[test]
fn what_is_taken_away_on_purpose_is_not_lost() {
    let setup = Setup::new(3, 1).with("min.insync.replicas", "2");
    let mut watched = Watched { world: World::new(&setup, 5), checks: Checks::default(), ledger: Ledger::default() };
    watched.until(8);
    watched.act(KafkaCommand::CreateTopic {
        name: "orders".into(),
        partitions: None,
        replication_factor: None,
        assignments: vec![vec![1, 2, 3]],
        configs: FlatMap::new(),
        timeout_ms: None,
    });
    watched.until(9);
    watched.act(KafkaCommand::AddProducer {
        name: "web".into(),
        topic: "orders".into(),
        keys: Vec::new(),
        random_keys: None,
        interval: Some(100_000_000),
        value_size: 0,
        limit: Some(60),
        configs: FlatMap::new(),
    });
    watched.act(KafkaCommand::AddConsumer {
        name: "reader".into(),
        group: "billing".into(),
        topics: vec!["orders".into()],
        processing: 0,
        configs: FlatMap::from([("auto.offset.reset".into(), "earliest".into())]),
    });
    watched.until(13);
    // A follower that is down meanwhile begins anew where the leader's log begins now.
    watched.act(WorldCommand::Kill { name: "3".into() });
    watched.until(24);
    let all = vec![(TopicPartition::new("orders", 0), Offset(-1))];
    watched.ask(Ask::DeleteRecords(all), 30);
    watched.act(WorldCommand::Start { name: "3".into() });
    watched.until(50);
    watched.act(WorldCommand::Stop { name: "reader".into() });
    watched.until(52);
    let reset = |to| Ask::ResetOffsets { group: "billing".into(), of: Which::All, to, act: Act::Execute };
    watched.ask(reset(ResetTo::Earliest), 53);
    watched.ask(reset(ResetTo::Exactly(vec![(TopicPartition::new("orders", 0), Offset(0))])), 54);
    watched.ask(Ask::DeleteGroups(vec!["billing".into()]), 55);
    watched.act(WorldCommand::Kill { name: "1".into() });
    watched.until(75);
    let counts = watched.ledger.counts();
    assert_eq!((counts.acked, counts.lost), (60, 0));
}
