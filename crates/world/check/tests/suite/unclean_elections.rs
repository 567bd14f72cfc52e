//! An unclean election that was asked for or allowed loses records, and breaks no promise.

use base::{ErrorCode, FlatMap, ProcessId, Span, Time};
use check::{Checks, Ledger};
use port::{Fact, KafkaFact, OperatorAnswer};
use sim::{Command, Election, KafkaCommand, Setup, Step, World, WorldCommand};

/// A world with everything that watches it.
struct Watched {
    world: World,
    checks: Checks,
    ledger: Ledger,
    answers: Vec<OperatorAnswer>,
}

impl Watched {
    /// A topic on three brokers and ten records a second, ten seconds old.
    fn new(setup: &Setup) -> Watched {
        let world = World::new(setup, 3);
        let mut watched = Watched { world, checks: Checks::default(), ledger: Ledger::default(), answers: Vec::new() };
        watched.until(6);
        watched.act(Command::Kafka(
            None,
            KafkaCommand::CreateTopic {
                name: "orders".into(),
                partitions: None,
                replication_factor: None,
                assignments: vec![vec![1, 2, 3]],
                configs: FlatMap::new(),
                timeout_ms: None,
            },
        ));
        watched.until(7);
        watched.act(Command::Kafka(
            None,
            KafkaCommand::AddProducer {
                name: "web".into(),
                topic: "orders".into(),
                keys: Vec::new(),
                random_keys: None,
                interval: Some(100_000_000),
                value_size: 0,
                limit: None,
                configs: FlatMap::new(),
            },
        ));
        watched.until(10);
        watched
    }

    fn look(&mut self, step: Step, facts: &[(Time, ProcessId, Fact)]) {
        for (at, process, fact) in facts {
            self.ledger.note(*at, (*process, self.world.cluster_of(*process)), fact);
            if let Fact::Kafka(KafkaFact::OperatorAnswered { answer, .. }) = fact {
                self.answers.push(answer.clone());
            }
        }
        let outcome = self.checks.on_step(&self.world, step, facts);
        assert_eq!(outcome, Ok(()), "a promise is broken at {}", self.world.now());
    }

    fn act(&mut self, command: Command) {
        let mut facts = Vec::new();
        self.world.apply(&command, &mut facts).expect("makes sense");
        self.look(Step { at: self.world.now(), process: self.world.first_cluster().admin() }, &facts);
    }

    fn kill(&mut self, name: &str) {
        self.act(Command::World(WorldCommand::Kill { name: name.into() }));
    }

    fn start(&mut self, name: &str) {
        self.act(Command::World(WorldCommand::Start { name: name.into() }));
    }

    fn until(&mut self, second: u64) {
        loop {
            let mut facts = Vec::new();
            let Some(step) = self.world.step_until(Time::ZERO + Span::from_secs(second), &mut facts) else { return };
            self.look(step, &facts);
        }
    }

    fn leader(&self) -> Option<i32> {
        let broker = |name| self.world.find(name)?.process.as_ref()?.node()?.broker();
        let image = broker("3").or_else(|| broker("2"))?.image();
        image.topic_by_name("orders")?.partitions[&0].leader.map(|leader| leader.0)
    }

    fn lost(&self) -> u64 {
        self.ledger.counts().lost
    }
}

/// Broker 1 alone has the newest records and is dead; 2 and 3 are back in the cluster.
fn records_only_on_a_dead_broker(setup: &Setup) -> Watched {
    let mut all = Watched::new(setup);
    all.kill("2");
    all.kill("3");
    all.until(30);
    all.kill("1");
    all.until(45);
    all.start("2");
    all.start("3");
    all.until(52);
    all
}

#[test]
fn an_election_that_somebody_asked_for_loses_records_and_breaks_nothing() {
    let mut all = records_only_on_a_dead_broker(&Setup::new(3, 1));
    assert_eq!(all.leader(), None, "nobody asked yet");
    assert_eq!(all.lost(), 0);
    all.act(Command::Kafka(
        None,
        KafkaCommand::ElectLeaders { election: Election::Unclean, partitions: vec!["orders-0".into()] },
    ));
    all.until(55);
    let Some(OperatorAnswer::Elected(results)) = all.answers.last() else { panic!("{:?}", all.answers) };
    assert_eq!(results.iter().map(|(_, error, _)| *error).collect::<Vec<_>>(), [ErrorCode::None]);
    assert!(all.leader().is_some_and(|leader| leader != 1));
    assert!(all.lost() > 100, "{:?}", all.ledger.counts());
    all.start("1");
    all.until(80);
    assert_eq!(all.checks.at_end(&all.world), Ok(()));
    for id in ["R12", "R13", "G1"] {
        let promised = all.checks.promised().into_iter().find(|(name, _)| name.starts_with(id));
        assert!(promised.is_some_and(|(_, promised)| promised), "{id} is still promised");
    }
    // What follows is as safe as ever: another leader takes over and has everything.
    let (lost, leader) = (all.lost(), all.leader().expect("there is one"));
    all.kill(&leader.to_string());
    all.until(100);
    assert!(all.leader().is_some_and(|next| next != leader));
    assert_eq!(all.lost(), lost);
}

#[test]
fn an_election_that_the_settings_allow_loses_records_and_breaks_nothing() {
    let mut all = records_only_on_a_dead_broker(&Setup::new(3, 1).with("unclean.leader.election.enable", "true"));
    assert!(all.leader().is_some_and(|leader| leader != 1));
    assert!(all.lost() > 100, "{:?}", all.ledger.counts());
    all.start("1");
    all.until(80);
    assert_eq!(all.checks.at_end(&all.world), Ok(()));
}

/// The leader lives on behind a cut and goes on committing alone, while another one is elected uncleanly.
#[test]
fn a_replaced_leader_may_commit_for_a_while_what_is_lost() {
    let mut all = Watched::new(&Setup::new(3, 1));
    all.kill("2");
    all.kill("3");
    all.until(25);
    for (a, b) in [("1", "c1"), ("1", "2"), ("1", "3"), ("web", "2"), ("web", "3"), ("admin", "1")] {
        all.act(Command::World(WorldCommand::Cut { a: a.into(), b: b.into() }));
    }
    all.until(40);
    all.start("2");
    all.start("3");
    all.until(45);
    all.act(Command::Kafka(None, KafkaCommand::ElectLeaders { election: Election::Unclean, partitions: Vec::new() }));
    // The request goes to broker 1 first and is sent again elsewhere when nobody has answered for 30 s.
    all.until(90);
    assert!(all.leader().is_some_and(|leader| leader != 1), "{:?}", all.answers);
    all.act(Command::World(WorldCommand::HealAll));
    all.until(120);
    assert!(all.lost() > 100, "{:?}", all.ledger.counts());
    assert_eq!(all.checks.at_end(&all.world), Ok(()));
}
