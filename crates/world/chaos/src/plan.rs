//! What one seed means: a cluster, clients, and commands at their times.

use crate::{faults, policies};
use base::{Draw, FlatMap, Rng, Span, Str, Time};
use port::Roles;
use sim::{Command, KafkaCommand, NodePlan, Setup};

/// When topics and clients are there and faults begin.
pub const QUIET: Time = Time(8_000_000_000);

/// A run before its first event.
#[derive(Clone)]
pub struct Plan {
    pub seed: u64,
    pub setup: Setup,
    /// In the order of their times. Those that fall together are carried out a nanosecond apart.
    pub commands: Vec<(Time, Command)>,
    /// When everything heals.
    pub heal_at: Time,
    pub flavour: Flavour,
    pub topics: Vec<Str>,
    pub brokers: Vec<Str>,
    pub controllers: Vec<Str>,
    pub producers: Vec<Str>,
    pub consumers: Vec<Str>,
}

/// What a seed is most unkind to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    Everything,
    Controllers,
    Replication,
    Groups,
    /// Elections of the quorum in which a voter is restarted between two candidates' requests.
    Votes,
    /// Disks lose what was not flushed, or elections may be unclean: fewer promises hold.
    Loss,
    /// All brokers die, and unclean elections are asked for or allowed while they come back: what is left is promised.
    Unclean,
    /// Applications that commit in ways of their own, seek, pause, and die at their commits.
    Policies,
}

impl Flavour {
    /// In the order in which a run without a flavour goes through them.
    pub const ALL: [Flavour; 6] = [
        Flavour::Everything,
        Flavour::Controllers,
        Flavour::Replication,
        Flavour::Groups,
        Flavour::Votes,
        Flavour::Loss,
    ];

    /// `replication`, in any case.
    pub fn named(name: &str) -> Option<Flavour> {
        Flavour::ALL
            .into_iter()
            .chain([Flavour::Unclean, Flavour::Policies])
            .find(|flavour| format!("{flavour:?}").eq_ignore_ascii_case(name))
    }
}

impl Plan {
    /// The plan of a seed; its last digit says what it is most unkind to.
    pub fn random(seed: u64) -> Plan {
        let flavours = [
            Flavour::Everything,
            Flavour::Replication,
            Flavour::Groups,
            Flavour::Controllers,
            Flavour::Everything,
            Flavour::Replication,
            Flavour::Groups,
            Flavour::Loss,
            Flavour::Votes,
            Flavour::Unclean,
        ];
        Plan::of(seed, flavours[(seed % 10) as usize])
    }

    /// The same seed and flavour give the same plan on every machine.
    pub fn of(seed: u64, flavour: Flavour) -> Plan {
        let mut rng = Rng::new(seed, 77);
        let setup = setup(&mut rng, flavour);
        let names = |test: fn(Roles) -> bool| -> Vec<Str> {
            setup.first().nodes.iter().filter(|plan| test(plan.roles)).map(|plan| plan.name.clone()).collect()
        };
        let (brokers, controllers) = (names(Roles::is_broker), names(Roles::is_controller));
        let topics: Vec<Str> = (1..=1 + rng.below(2)).map(|number| format!("topic{number}").into()).collect();
        let mut plan = Plan {
            seed,
            setup,
            commands: Vec::new(),
            heal_at: QUIET + Span::from_secs(u64::from(50 + rng.below(30))),
            flavour,
            topics,
            brokers,
            controllers,
            producers: Vec::new(),
            consumers: Vec::new(),
        };
        plan.add_topics(&mut rng);
        plan.add_clients(&mut rng);
        faults::add(&mut plan, &mut rng);
        if flavour == Flavour::Policies {
            policies::add(&mut plan, &mut rng);
        }
        plan.commands.sort_by_key(|(at, _)| *at);
        plan
    }

    /// One more act at that instant.
    pub fn at(&mut self, at: Time, command: Command) {
        self.commands.push((at, command));
    }

    /// Few partitions with several copies: more of them would spread the faults too thin.
    fn add_topics(&mut self, rng: &mut Rng) {
        for name in self.topics.clone() {
            let command = Command::Kafka(
                None,
                KafkaCommand::CreateTopic {
                    name,
                    partitions: Some(1 + rng.below(4) as i32),
                    replication_factor: Some(3),
                    assignments: Vec::new(),
                    configs: FlatMap::new(),
                    timeout_ms: None,
                },
            );
            self.at(Time(4_000_000_000), command);
        }
    }

    /// Producers with every kind of acks, idempotent and not, and groups that read what they write.
    fn add_clients(&mut self, rng: &mut Rng) {
        // R15 is about acks=all alone; where another producer is beside it the run as a whole promises less.
        let only_all = rng.chance(1, 3);
        for number in 1..=2 + rng.below(2) {
            let name: Str = format!("producer{number}").into();
            let topic = pick(rng, &self.topics);
            let acks = if only_all { "all" } else { ["all", "all", "1", "0"][rng.below(4) as usize] };
            let mut configs = FlatMap::from([
                ("acks".into(), acks.into()),
                ("delivery.timeout.ms".into(), "20000".into()),
                ("request.timeout.ms".into(), "4000".into()),
                ("max.block.ms".into(), "10000".into()),
            ]);
            // Idempotence needs acks=all, and Kafka refuses the rest.
            if acks != "all" {
                configs.insert("enable.idempotence".into(), "false".into());
            }
            let keys = if rng.chance(1, 2) { vec!["key".into()] } else { Vec::new() };
            let random_keys = (!keys.is_empty()).then_some(20);
            let interval = Some(20_000_000 + u64::from(rng.below(150)) * 1_000_000);
            let command = Command::Kafka(
                None,
                KafkaCommand::AddProducer {
                    name: name.clone(),
                    topic,
                    keys,
                    random_keys,
                    interval,
                    value_size: 0,
                    limit: None,
                    configs,
                },
            );
            self.at(Time(5_000_000_000), command);
            self.producers.push(name);
        }
        let groups = 1 + rng.below(2);
        let members = if matches!(self.flavour, Flavour::Groups | Flavour::Policies) { 3 } else { 1 + rng.below(3) };
        for (group, member) in (1..=groups).flat_map(|group| (1..=members).map(move |member| (group, member))) {
            self.add_consumer(rng, group, member);
        }
    }

    /// A member of a group, some of them static (KIP-345).
    fn add_consumer(&mut self, rng: &mut Rng, group: u32, member: u32) {
        let name: Str = format!("g{group}-{member}").into();
        let mut configs: FlatMap<Str, Str> = FlatMap::from([
            ("auto.offset.reset".into(), "earliest".into()),
            ("auto.commit.interval.ms".into(), "800".into()),
            ("session.timeout.ms".into(), "5000".into()),
            ("heartbeat.interval.ms".into(), "700".into()),
            ("max.poll.interval.ms".into(), "9000".into()),
            ("request.timeout.ms".into(), "6000".into()),
            ("metadata.max.age.ms".into(), "8000".into()),
        ]);
        if rng.chance(1, 3) {
            configs.insert("group.instance.id".into(), name.clone());
        }
        if self.flavour == Flavour::Policies {
            policies::draw(rng, &mut configs);
        }
        let command = Command::Kafka(
            None,
            KafkaCommand::AddConsumer {
                name: name.clone(),
                group: format!("g{group}").into(),
                topics: self.topics.clone(),
                processing: u64::from(rng.below(3)) * 500_000,
                configs,
            },
        );
        self.at(Time(6_000_000_000) + Span::from_millis(u64::from(rng.below(1_500))), command);
        self.consumers.push(name);
    }
}

/// One of a list that is not empty.
pub fn pick<T: Clone>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.below(from.len() as u32) as usize].clone()
}

/// Small clusters with short time-outs: an election that takes a minute would leave no time for others.
fn setup(rng: &mut Rng, flavour: Flavour) -> Setup {
    let brokers = 3 + rng.below(3) as i32;
    let controllers = if flavour == Flavour::Controllers || rng.chance(1, 2) { 3 } else { 1 };
    let mut setup = if flavour == Flavour::Votes {
        Setup::new(brokers, 3)
    } else if rng.chance(1, 3) {
        let mut combined = Setup::combined(3);
        let more = (4..=brokers).map(|node| NodePlan::new(node.to_string(), node, Roles::Broker));
        combined.first_mut().nodes.extend(more);
        combined
    } else {
        Setup::new(brokers, controllers)
    };
    let min_isr = if rng.chance(4, 5) { "2" } else { "1" };
    let mut settings = vec![
        ("min.insync.replicas", min_isr),
        ("default.replication.factor", "3"),
        ("offsets.topic.num.partitions", "6"),
        ("offsets.topic.replication.factor", "3"),
        ("group.initial.rebalance.delay.ms", "300"),
        ("group.min.session.timeout.ms", "2000"),
        ("broker.session.timeout.ms", "4000"),
        ("broker.heartbeat.interval.ms", "700"),
        ("replica.lag.time.max.ms", if flavour == Flavour::Replication { "1500" } else { "4000" }),
        ("leader.imbalance.check.interval.seconds", "7"),
    ];
    if matches!(flavour, Flavour::Loss | Flavour::Unclean) && rng.chance(1, 2) {
        settings.push(("unclean.leader.election.enable", "true"));
    }
    setup.first_mut().overrides = settings.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    setup
}
