//! Neutral names on the way out: nothing that its owner has named stands in any text, the same thing has the same name in all of
//! them, and what is read again is the same cluster.

use base::{Draw, Rng};
use import::export::Run;
use import::{Imported, import};
use play::{Going, Player};
use script::{PlacedCommand, Scenario, parse};
use sim::ClusterIndex;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Begins every name of the owner's, and no word of Kafka's or of ours.
const OWN: &str = "zq";

/// A line of every command that holds a name, a value or a setting, and of every question.
const LINES: &[&str] = &[
    // Two underscores make no topic Kafka's own.
    "create-topic __zqheartbeat partitions=1 rf=1",
    "create-topic zqnew partitions=2 rf=1 retention.ms=60000",
    "alter-topic zqt0 retention.ms=60000 delete=cleanup.policy",
    "add-partitions zqt0 9",
    "delete-topic zqt0",
    "elect-leaders preferred zqt0-0 zqt1-0",
    "elect-leaders unclean",
    "add-broker 40 rack=zqrack",
    "add-producer zqweb zqt0 keys=zqanna,zqbert every=500ms client.id=zqid app.headers=zqh:zqv",
    "add-producer zqapp zqt1 partitioner.class=blumfeld.TablePartitioner app.partitions=zqanna:0,zqbert:1",
    "add-consumer zqread zqgroup zqt0,zqt1 group.instance.id=zqmember client.rack=zqrack app.sink=zqstore app.sink.id=key",
    "add-consumer zqalone zqgroup2 zqt0 app.assign=zqt0-0,zqt0-1@5",
    "send zqweb 'zqsecret words' key=zqanna topic=zqt1 headers=zqh:zqv",
    "pace zqweb 250ms",
    "read zqt0-0 from=5",
    "stop zqread",
    "leave zqread",
    "pause zqread",
    "resume zqread",
    "kill zqread",
    "start zqread",
    "power-off 1",
    "cut zqweb 1",
    "cut-one-way 1 zqweb",
    "hold 1 zqweb Fetch",
    "lose zqweb 1 Produce 3",
    "delay zqweb zqread 20ms",
    "stall zqweb 1 20ms",
    "reset zqweb 1",
    "heal zqweb 1",
    "slow-store zqstore 2s",
    "fail-store zqstore",
    "heal-store zqstore",
    "seek zqread 5 zqt0-0",
    "pause-partitions zqread zqt0-0",
    "resume-partitions zqread zqt0-0",
    "commit zqread zqt0-0 7",
    "in zqwest create-topic zqt0 rf=1",
    "ask describe-topics zqt0 zqt1",
    "ask list-offsets latest these topic zqt0 partition zqt1 0",
    "ask describe-configs topic zqt0",
    "ask alter-configs topic zqt0 set retention.ms to 5",
    "ask describe-groups offsets zqgroup",
    "ask delete-groups zqgroup",
    "ask remove-members zqgroup zqmember",
    "ask describe-log-dirs topics zqt0",
];

fn player(text: &str) -> Player {
    let mut player =
        Player::new(Scenario::parse(text).unwrap_or_else(|why| panic!("{why:?}\n{text}"))).expect("no looks");
    while player.go(100_000) == Going::UnderWay {}
    player
}

/// A cluster whose owner has named everything, and what its producers and groups have done.
fn history(rng: &mut Rng) -> String {
    let brokers = 1 + rng.below(4);
    let several = rng.chance(1, 3);
    let mut text = "blumfeld 1\n".to_owned();
    if several {
        text.push_str("set: listeners=INTERNAL://:29092,zqvpn://:9092\nset: inter.broker.listener.name=INTERNAL\n");
        text.push_str("set: listener.security.protocol.map=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,zqvpn:PLAINTEXT\n");
    }
    for id in 1..=brokers {
        let rack = if rng.chance(1, 2) { format!(" rack=zqrack{}", rng.below(2)) } else { String::new() };
        let at = match rng.below(4) {
            _named if several => {
                format!(" advertised.listeners=INTERNAL://zqhost{id}:29092,zqvpn://localhost:{}", 9_090 + id)
            }
            0 => format!(" advertised=zqhost{id}.example:9092"),
            1 => " advertised=localhost:9092".to_owned(),
            _ => String::new(),
        };
        writeln!(text, "node: {id} broker{rack}{at} log.dirs=/srv/zqdisk num.partitions={}", 1 + rng.below(5)).unwrap();
    }
    writeln!(text, "node: 9 controller name=zqboss\nset: offsets.topic.replication.factor=1").unwrap();
    let topics = 1 + rng.below(4);
    // Not in the order of their names.
    for topic in (0..topics).rev() {
        let partitions = 1 + rng.below(4);
        writeln!(text, "@{}s create-topic zq.T_{topic} partitions={partitions} rf=1 retention.ms=7200000", 19 - topic)
            .unwrap();
    }
    let count = 1 + rng.below(30);
    writeln!(text, "@20s add-producer zqweb zq.T_0 keys=zqa,zqb,zqc every=20ms limit={count}").unwrap();
    writeln!(text, "@21s add-consumer zqreader zqgroup zq.T_0 auto.offset.reset=earliest").unwrap();
    if rng.chance(1, 2) {
        writeln!(text, "@22s add-consumer zqother zqgroup zq.T_0 group.instance.id=zqinstance").unwrap();
    }
    if rng.chance(1, 2) {
        writeln!(text, "@40s kill {}\n@41s stop zqreader", 1 + rng.below(brokers)).unwrap();
    }
    text + "@60s\n"
}

fn run_of(player: &Player, commands: Vec<PlacedCommand>) -> Run {
    Run::of(&player.world.cluster(ClusterIndex::FIRST).expect("the only one"), commands)
}

/// No text of it, by any name.
fn names_nobody(run: &Run) {
    for file in run.clone().neutral().written() {
        let found = file.text.lines().chain([file.name.as_str()]).find(|line| line.contains(OWN));
        assert_eq!(found, None, "{}:\n{}", file.name, file.text);
    }
}

/// What is read of all files of a run that are read at all.
fn again(run: &Run) -> Imported {
    let read = ["described.txt", "docker-compose.yaml", "strimzi.yaml"];
    let files: Vec<_> = run.written().into_iter().filter(|file| read.contains(&file.name.as_str())).collect();
    import(files.iter().map(|file| (file.name.as_str(), file.text.as_str())), "t")
}

/// Everything but names: nodes, partitions of topics and rows of groups, each in the order of the text.
fn shape(run: &Run, imported: &Imported) -> String {
    let mut racks: Vec<_> = Vec::new();
    let mut text = String::new();
    for plan in &imported.plan.cluster.nodes {
        let rack = plan.rack.as_ref().map(|rack| {
            let known = racks.iter().position(|each| each == rack);
            known.unwrap_or_else(|| {
                racks.push(rack.clone());
                racks.len() - 1
            })
        });
        let told = |name: &str| name == "log.dirs" || config::LISTENER_SETTINGS.contains(&name);
        let settings = imported.plan.cluster.settings_of(plan).into_iter();
        let settings: Vec<_> = settings.filter(|(name, _)| !told(name)).collect();
        let listeners = imported.plan.cluster.listeners_of(plan).expect("Kafka takes them");
        let ports: Vec<_> = listeners
            .iter()
            .flat_map(|all| &all.all)
            .map(|each| (each.port, each.advertised.as_ref().map(|at| (at.port, &*at.host == "localhost"))))
            .collect();
        writeln!(text, "{} {:?} {rack:?} {settings:?} {ports:?}", plan.node, plan.roles).unwrap();
    }
    for topic in &run.topics {
        let plan = imported.plan.topics.iter().find(|plan| plan.name == topic.name).expect("it is read");
        writeln!(text, "{:?} {:?}", plan.shape, plan.configs).unwrap();
    }
    for group in run.groups.keys() {
        let Some(group) = imported.plan.groups.get(group) else { continue };
        let rows =
            group.rows.iter().map(|((_, partition), row)| (*partition, row.current, row.end, row.member.is_some()));
        writeln!(text, "{:?} {}", rows.collect::<Vec<_>>(), group.idle.len()).unwrap();
    }
    text
}

#[test]
fn no_command_tells_a_name_of_its_owners() {
    let player = player("blumfeld 1\nbrokers: 1\ncontrollers: 1\n@20s\n");
    for line in LINES {
        let command = parse(line).unwrap_or_else(|why| panic!("{line}: {why:?}"));
        names_nobody(&run_of(&player, vec![PlacedCommand { after: base::Time(0), command }]));
    }
}

#[test]
fn every_thing_has_one_new_name_in_all_texts() {
    for seed in 0..40 {
        let text = history(&mut Rng::new(seed, 3));
        let player = player(&text);
        let run = run_of(&player, Scenario::parse(&text).expect("ours").commands);
        assert!(run.written().iter().all(|file| file.name != "described.txt" || file.text.contains(OWN)));
        names_nobody(&run);
        let neutral = run.clone().neutral();
        assert_eq!(shape(&run, &again(&run)), shape(&neutral, &again(&neutral)), "{seed}\n{text}");
        // Old and new names are one to one, and the same in what commands say.
        let pairs: BTreeMap<_, _> = run.topics.iter().zip(&neutral.topics).map(|(a, b)| (&*a.name, &*b.name)).collect();
        for (old, new) in &pairs {
            let line = |run: &Run, name: &str| {
                let text = run.written().into_iter().find(|file| file.name == "repeat.sh").expect("there is one").text;
                text.lines().filter(|line| line.contains(&format!(" {name} "))).count()
            };
            assert_eq!(line(&run, old), line(&neutral, new), "{old} {new}");
        }
        assert_eq!(pairs.values().collect::<std::collections::BTreeSet<_>>().len(), pairs.len());
    }
}

#[test]
fn files_that_were_given_stay_where_they_are() {
    let player = player("blumfeld 1\nbrokers: 1\ncontrollers: 1\n@20s\n");
    let mut run = run_of(&player, Vec::new());
    run.files.insert(1, vec!["# of zqacme".to_owned(), "node.id=1".to_owned(), "zq.own=1".to_owned()]);
    assert!(run.written().iter().any(|file| file.text.contains("zq.own=1")));
    names_nobody(&run);
}
