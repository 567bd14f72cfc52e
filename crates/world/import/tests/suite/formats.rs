//! Files as they are in use: what is understood, what is kept and why, and that the cluster comes up.

use base::{Draw, Rng};
use import::{Assumed, Found, Imported, Shape, Trial, Why, import, read};
use port::Roles;
use script::Scenario;
use sim::ClusterIndex;

const COMPOSE: &str = include_str!("texts/compose.yaml");
const STRIMZI: &str = include_str!("texts/strimzi.yaml");
const PROPERTIES: &str = include_str!("texts/server.properties");
const GROUPS: &str = include_str!("texts/groups.txt");
const REASSIGNMENT: &str = include_str!("texts/reassignment.json");
const ALL: [&str; 5] = [COMPOSE, STRIMZI, PROPERTIES, GROUPS, REASSIGNMENT];

fn kept(imported: &Imported) -> Vec<(u32, &str)> {
    let kept = imported.report.texts.iter().flat_map(|text| &text.kept);
    kept.map(|kept| (kept.line, kept.text.as_str())).collect()
}

fn comes_up(imported: &Imported) {
    assert_eq!(imported.scenario.setup.check(), Ok(()));
    let mut trial = Trial::new(&imported.scenario, 3_000_000);
    while trial.go(100_000) {}
    assert_eq!(trial.player().and_then(|player| player.failure()), None);
    assert_eq!(trial.unreached(), Vec::new());
}

fn roles(imported: &Imported) -> Vec<(i32, Roles)> {
    imported.plan.cluster.nodes.iter().map(|plan| (plan.node, plan.roles)).collect()
}

#[test]
fn a_compose_file_is_read() {
    let imported = import([("docker-compose.yaml", COMPOSE)], "t");
    let expected = [1, 2, 3].map(|id| (id, Roles::Controller)).into_iter().chain([4, 5].map(|id| (id, Roles::Broker)));
    assert_eq!(roles(&imported), expected.collect::<Vec<_>>());
    let broker = imported.plan.cluster.nodes.iter().find(|plan| plan.node == 4).expect("it is a service");
    assert_eq!(broker.rack.as_deref(), Some("east"));
    let listeners = imported.plan.cluster.listeners_of(broker).expect("Kafka takes them").expect("there are two");
    let told = |at: &config::BrokerListener| at.advertised.as_ref().map(ToString::to_string);
    let told: Vec<_> = listeners.all.iter().map(|each| (&*each.name, told(each).unwrap_or_default())).collect();
    let wanted = [("PLAINTEXT", "broker-1:19092"), ("PLAINTEXT_HOST", "localhost:29092")];
    assert_eq!(told, wanted.map(|(name, at)| (name, at.to_owned())));
    assert_eq!(&*listeners.inter_broker, "PLAINTEXT");
    assert_eq!(broker.overrides.get("group.initial.rebalance.delay.ms").map(|value| &**value), Some("0"));
    let kept = kept(&imported);
    assert!(kept.contains(&(50, "no.such.thing=7")), "{kept:?}");
    assert!(kept.iter().any(|(_, text)| *text == "ui"), "{kept:?}");
    comes_up(&imported);
}

/// Listeners as tutorials write them: what comes of the lines, and how many are kept with a reason.
#[test]
fn listeners_of_tutorials_are_read() {
    let all = "INTERNAL@29092=kafka1:29092 EXTERNAL@9092=localhost:9092";
    let cases = [
        // With ZooKeeper, and an image that binds what is advertised.
        (
            "KAFKA_BROKER_ID: 1\n      KAFKA_ADVERTISED_LISTENERS: INTERNAL://kafka1:29092,EXTERNAL://localhost:9092\n      \
             KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT\n      \
             KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL",
            all,
            0,
        ),
        // Both roles in one container.
        (
            "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker,controller\n      KAFKA_CONTROLLER_LISTENER_NAMES: CONTROLLER\n      \
             KAFKA_LISTENERS: INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092,CONTROLLER://kafka1:9093\n      \
             KAFKA_ADVERTISED_LISTENERS: INTERNAL://kafka1:29092,EXTERNAL://localhost:9092\n      \
             KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT\n      \
             KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL",
            all,
            0,
        ),
        // The usual one, as it stands in Kafka's own example: nothing has a name.
        (
            "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker\n      KAFKA_LISTENERS: PLAINTEXT://:9092\n      \
             KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://kafka1:9092",
            "",
            0,
        ),
        // What Kafka refuses, and what is not here, is kept.
        (
            "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker\n      KAFKA_LISTENERS: PLAINTEXT://:9092,EXTERNAL://:9094",
            "",
            1,
        ),
        (
            "KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker\n      KAFKA_LISTENERS: SASL_SSL://:9092\n      \
             KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: SASL_SSL:SASL_SSL,CONTROLLER:SASL_SSL\n      \
             KAFKA_INTER_BROKER_LISTENER_NAME: SASL_SSL",
            "",
            1,
        ),
    ];
    for (environment, wanted, refused) in cases {
        let text = format!("services:\n  kafka1:\n    image: kafka\n    environment:\n      {environment}\n");
        let imported = import([("", text.as_str())], "t");
        let cluster = &imported.plan.cluster;
        let broker = cluster.nodes.iter().find(|plan| plan.node == 1).expect("it is a service");
        let listeners = cluster.listeners_of(broker).expect("Kafka takes them");
        let one = |each: &config::BrokerListener| {
            let told = each.advertised.as_ref().map_or(String::new(), |at| format!("={at}"));
            format!("{}@{}{told}", each.name, each.port)
        };
        let all: Vec<String> = listeners.iter().flat_map(|all| &all.all).map(one).collect();
        assert_eq!(all.join(" "), wanted, "{text}");
        let kept = imported.report.texts.iter().flat_map(|text| &text.kept);
        assert_eq!(kept.filter(|kept| matches!(kept.why, import::Why::Refused(_))).count(), refused, "{text}");
        assert_eq!(imported.scenario.setup.check(), Ok(()), "{text}");
    }
}

#[test]
fn resources_of_strimzi_are_read() {
    let imported = import([("", STRIMZI)], "t");
    let brokers = roles(&imported).iter().filter(|(_, roles)| *roles == Roles::Broker).count();
    assert_eq!((roles(&imported).len(), brokers), (7, 4));
    let topic = &imported.plan.topics[0];
    assert_eq!(topic.shape, Shape::Counted { partitions: Some(6), replication_factor: Some(3) });
    assert_eq!(topic.configs.len(), 2);
    let kept = kept(&imported);
    assert!(kept.contains(&(38, "cleanup.everything: yes")), "{kept:?}");
    assert!(kept.iter().any(|(_, text)| *text == "entityOperator"), "{kept:?}");
    comes_up(&imported);
}

#[test]
fn properties_are_read_as_java_reads_them_and_stay_as_they_are() {
    let imported = import([("server.properties", PROPERTIES)], "t");
    assert_eq!(roles(&imported), [(1, Roles::Combined)]);
    let node = &imported.plan.cluster.nodes[0];
    let setting = |name: &str| node.overrides.get(name).map(|value| &**value);
    assert_eq!(setting("log.retention.hours"), Some("168"));
    assert_eq!(setting("offsets.topic.replication.factor"), Some("1"));
    assert_eq!(setting("log.segment.bytes"), Some("1073741824"));
    assert_eq!(node.advertised.as_ref().map(|endpoint| &*endpoint.host), Some("localhost"));
    let kept = &imported.report.texts[0].kept;
    assert_eq!(kept.iter().map(|kept| kept.line).collect::<Vec<_>>(), [19, 20]);
    assert_eq!(kept[0].why, Why::UnknownSetting);
    assert!(matches!(&kept[1].why, Why::Refused(words) if words.contains("num.io.threads")), "{kept:?}");
    let file = &imported.plan.files[&1];
    assert!(file[0].starts_with("# Licensed") && file.iter().any(|line| line == "my.own.setting=kept"));
}

#[test]
fn outputs_of_several_tools_may_stand_in_one_paste() {
    let imported = import([("", GROUPS)], "t");
    assert_eq!(imported.report.kept(), 0, "{:?}", imported.report.texts);
    assert_eq!(roles(&imported)[0], (9, Roles::Controller));
}

#[test]
fn a_reassignment_says_where_copies_go() {
    let imported = import([("", REASSIGNMENT)], "t");
    assert_eq!((imported.report.understood(), imported.report.kept()), (2, 0));
    comes_up(&imported);
    let broken = import([("", REASSIGNMENT.replace("]}\n ]", "]},\n ]").as_str())], "t");
    assert!(matches!(broken.report.texts[0].kept[0], import::Kept { line: 5, why: Why::Syntax(_), .. }));
    let twice = import([("", REASSIGNMENT.replace("[1,3]", "[1,1]").as_str())], "t");
    assert_eq!(twice.report.texts[0].kept[0].why, Why::BadNumbers);
}

/// Letters that mean something in some of the formats.
const SIGNS: [&str; 20] = [
    ":",
    " ",
    "\n",
    "\t",
    "-",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ",",
    "=",
    "\\",
    "#",
    "&",
    "*",
    "<<: *env",
    "9999999999",
    "値",
];

fn mutated(rng: &mut Rng) -> String {
    let mut text: Vec<char> = ALL[rng.below(5) as usize].chars().collect();
    for _ in 0..1 + rng.below(6) {
        let at = rng.below(text.len() as u32 + 1) as usize;
        let to = (at + rng.below(60) as usize).min(text.len());
        match rng.below(4) {
            0 => drop(text.drain(at..to)),
            1 => {
                let copy: Vec<char> = text[at..to].to_vec();
                let place = rng.below(text.len() as u32 + 1) as usize;
                text.splice(place..place, copy);
            }
            _ => drop(text.splice(at..at, SIGNS[rng.below(20) as usize].chars())),
        }
    }
    text.into_iter().collect()
}

fn random(rng: &mut Rng) -> String {
    (0..rng.below(60)).map(|_| SIGNS[rng.below(20) as usize]).collect()
}

#[test]
fn texts_of_strangers_are_answered_for() {
    let runs = std::env::var("SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(3_000);
    for seed in 0..runs {
        let rng = &mut Rng::new(seed, 2);
        let text = if rng.chance(1, 5) { random(rng) } else { mutated(rng) };
        let imported = import([("", text.as_str())], "t");
        let says = text
            .lines()
            .any(|line| !line.trim_matches(['\\', ' ', '\t']).is_empty() && !line.trim_start().starts_with(['#', '!']));
        let lines = text.lines().count() as u32 + 1;
        let report = &imported.report;
        assert!(report.texts[0].kept.iter().all(|kept| kept.line <= lines), "{seed}: {report:?}");
        if says && imported.report.texts[0].format == import::Format::Lines {
            assert!(report.understood() + report.kept() > 0, "{seed}: {text:?}");
        }
        // Either the cluster is refused in words, or the run has a text that reads back.
        if imported.scenario.setup.check().is_ok()
            && let Ok(written) = imported.scenario.text()
        {
            assert_eq!(Scenario::parse(&written).expect("it was read").commands, imported.scenario.commands, "{seed}");
        }
    }
}

#[test]
fn what_is_too_long_is_cut_and_said() {
    let text = "my.setting=1\n".repeat(60_000);
    let mut found = Found::default();
    let report = read(&mut found, "", &text);
    assert!(report.kept.len() <= import::MOST_KEPT && report.unlisted > 0);
    let deep = "{\"partitions\":".repeat(10_000);
    read(&mut found, "", &deep);
    let deep =
        format!("services:\n{}", (1..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>());
    read(&mut found, "", &deep);
}

#[test]
fn what_is_exported_is_read_again() {
    for text in [COMPOSE, STRIMZI, PROPERTIES] {
        let first = import([("", text)], "t");
        let cluster = &first.plan.cluster;
        let compose = import([("", import::export::compose(cluster).text.as_str())], "t");
        let files = import::export::properties(cluster, &first.plan.files);
        let files = import(files.iter().map(|file| (file.name.as_str(), file.text.as_str())), "t");
        for again in [&compose, &files] {
            let nodes = |imported: &Imported| -> Vec<_> {
                let cluster = &imported.plan.cluster;
                cluster
                    .nodes
                    .iter()
                    .map(|plan| (plan.node, plan.roles, plan.rack.clone(), cluster.settings_of(plan)))
                    .collect()
            };
            assert_eq!(nodes(again), nodes(&first));
        }
        // A file that was given comes back as it was.
        for (id, file) in &first.plan.files {
            assert_eq!(&files.plan.files[id][..file.len()], file.as_slice());
        }
    }
}

#[test]
fn resources_that_are_exported_are_read_again() {
    let described = "\
Topic: My_topic\tTopicId: x\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: retention.ms=7200000
\tTopic: My_topic\tPartition: 0\tLeader: 4\tReplicas: 4\tIsr: 4
\tTopic: My_topic\tPartition: 1\tLeader: 5\tReplicas: 5\tIsr: 5
";
    for text in [COMPOSE, STRIMZI, PROPERTIES] {
        let first = import([("", text), ("", described)], "t");
        let mut trial = Trial::new(&first.scenario, 3_000_000);
        while trial.go(100_000) {}
        let player = trial.player().expect("it begins");
        let topics = import::state::topics(&player.world.cluster(ClusterIndex::FIRST).expect("it stands"));
        let written = import::export::strimzi(&first.plan.cluster, &topics);
        let again = import([("strimzi.yaml", written.text.as_str())], "t");
        let sorted = |imported: &Imported| {
            let mut roles: Vec<_> = roles(imported).into_iter().map(|(id, roles)| (id, format!("{roles:?}"))).collect();
            roles.sort();
            roles
        };
        assert_eq!(sorted(&again), sorted(&first), "{}", written.text);
        assert_eq!(again.plan.cluster.overrides, first.plan.cluster.overrides);
        let plan = again.plan.topics.iter().find(|topic| &*topic.name == "My_topic").expect("it is named inside");
        assert_eq!(plan.shape, Shape::Counted { partitions: Some(2), replication_factor: Some(1) });
        assert_eq!(plan.configs.get("retention.ms").map(|value| &**value), Some("7200000"));
        assert!(!again.report.assumed.contains(&Assumed::PoolNumbers), "it says its numbers");
    }
}

#[test]
fn neutral_names_say_nothing_of_the_owner() {
    let texts = [("", GROUPS), ("", STRIMZI)];
    let plain = import(texts, "t");
    let neutral = import::import_named(texts, "t", import::Naming::Neutral);
    let text = neutral.scenario.text().expect("it has a text");
    for name in ["live", "m1", "my-topic"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    assert_eq!(plain.scenario.commands.len(), neutral.scenario.commands.len());
    comes_up(&import::import_named([("", GROUPS)], "t", import::Naming::Neutral));
}

#[test]
fn a_script_repeats_what_was_done() {
    let imported = import([("", GROUPS)], "t");
    let text = import::export::script(&imported.plan.cluster, &imported.scenario.commands).text;
    for part in [
        "tool kafka-topics.sh --bootstrap-server broker-1:9092,broker-2:9092,broker-3:9092 --create --topic t ",
        "client m1 ",
        "docker stop ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// Records by hand go through the console's producer, as far as that can say them.
#[test]
fn a_script_sends_what_was_sent_by_hand() {
    let text = "blumfeld 1\nbrokers: 1\ncontrollers: 1\n@8s create-topic orders partitions=1\n@9s add-producer web orders\n\
                @10s send web v key=k\n@11s send web \"two words\"\n@12s send web key=k\n@13s send web v key=k partition=0\n@14s\n";
    let scenario = script::Scenario::parse(text).expect("it is right");
    let text = import::export::script(&scenario.setup.clusters[0], &scenario.commands).text;
    let ends = " | tool kafka-console-producer.sh --bootstrap-server broker-1:9092 --topic orders";
    for part in [
        format!("printf '%s\\t%s\\n' k v{ends} --reader-property parse.key=true\n"),
        format!("printf '%s\\n' 'two words'{ends}\n"),
        format!("{ends} --reader-property parse.key=true --reader-property null.marker=no-value\n"),
        "# not repeated: send web".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} in {text}");
    }
}

/// What compose puts in where a variable is not set around it, and what stands for nothing in the model.
#[test]
fn variables_of_a_compose_file_have_their_defaults() {
    let file = |value: &str| {
        format!(
            "services:\n  kafka:\n    environment:\n      CLUSTER_ID: abc\n      KAFKA_NODE_ID: 1\n      \
             KAFKA_PROCESS_ROLES: broker,controller\n      KAFKA_BROKER_RACK: {value}\n"
        )
    };
    for (written, rack, unset) in [
        ("plain", Some("plain"), None),
        ("${RACK:-east}", Some("east"), Some(("RACK", "east"))),
        ("${RACK-east}-1", Some("east-1"), Some(("RACK", "east"))),
        ("${RACK:-${OTHER:-north}}", Some("north"), Some(("OTHER", "north"))),
        ("a$RACK", Some("a"), Some(("RACK", ""))),
        ("a$$b", Some("a$b"), None),
        ("a${b", Some("a${b"), None),
    ] {
        let text = file(written);
        let imported = import([("docker-compose.yaml", text.as_str())], "t");
        assert_eq!(imported.plan.cluster.nodes[0].rack.as_deref(), rack, "{written}");
        assert_eq!(kept(&imported), [], "{written}");
        let told = |name: &str, default: &str| {
            imported.report.assumed.contains(&Assumed::Unset { name: name.into(), default: default.into() })
        };
        assert!(unset.is_none_or(|(name, default)| told(name, default)), "{written}: {:?}", imported.report.assumed);
    }
}

/// The line that names ZooKeeper is the one that is told, whatever the service begins with.
#[test]
fn zookeeper_is_told_of_its_own_line() {
    let text = "x-common: &common\n  image: kafka\nservices:\n  kafka:\n    <<: *common\n    environment:\n      \
                KAFKA_BROKER_ID: 1\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n";
    let imported = import([("docker-compose.yaml", text)], "t");
    let kept = &imported.report.texts[0].kept;
    assert_eq!(kept.iter().map(|kept| (kept.line, kept.why.clone())).collect::<Vec<_>>(), [(8, Why::ZooKeeper)]);
}

/// `kafka-reassign-partitions.sh --generate` prints where copies are and where they could be.
#[test]
fn the_current_assignment_stands_and_not_the_proposed_one() {
    let json = |replicas: &str| {
        format!("{{\"version\":1,\"partitions\":[{{\"topic\":\"t\",\"partition\":0,\"replicas\":[{replicas}]}}]}}")
    };
    let (current, proposed) = ("Current partition replica assignment", "Proposed partition reassignment configuration");
    let both = format!("{current}\n{}\n\n{proposed}\n{}\n", json("1,2"), json("3,4"));
    let one = format!("{proposed}\n{}\n", json("3,4"));
    for (text, replicas, told) in [(both, [1, 2], true), (one, [3, 4], false)] {
        let imported = import([("", text.as_str())], "t");
        let Shape::Placed(partitions) = &imported.plan.topics[0].shape else { panic!("it is placed") };
        assert_eq!(partitions[0].replicas, replicas);
        assert_eq!(kept(&imported), []);
        assert_eq!(imported.report.assumed.contains(&Assumed::NotTheProposed), told);
    }
}

/// Brokers reach each other by one listener: texts that give it to some of them only, or otherwise than the roles that come
/// out, give each broker one, and that is told.
#[test]
fn listeners_that_do_not_fit_together_are_one() {
    let two = "listeners=INTERNAL://:29092,EXTERNAL://:9092\nadvertised.listeners=INTERNAL://a:29092,EXTERNAL://localhost:9092\n\
               listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
               inter.broker.listener.name=INTERNAL\n";
    let described = "Topic: t\tPartitionCount: 1\tReplicationFactor: 3\n\tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\n";
    let one_of_three = format!("{described}\nnode.id=1\nprocess.roles=broker\n{two}");
    let without_roles = format!("node.id=1\ncontroller.quorum.voters=1@a:9093\n{two}");
    for text in [one_of_three, without_roles] {
        let imported = import([("", text.as_str())], "t");
        assert!(imported.report.assumed.contains(&Assumed::OneListener), "{text} {:?}", imported.report);
        comes_up(&imported);
    }
    let alone = format!("node.id=1\nprocess.roles=broker\n{two}");
    let imported = import([("", alone.as_str())], "t");
    assert!(!imported.report.assumed.contains(&Assumed::OneListener), "{:?}", imported.report);
    comes_up(&imported);
}

/// What a text makes of variables has an end.
#[test]
fn variables_without_end_have_an_end() {
    let names = (0..20_000).map(|number| format!("$a{number}")).collect::<String>();
    for value in ["${".repeat(100_000), "${a:-".repeat(100_000), names] {
        let text = format!(
            "services:\n  kafka:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_BROKER_RACK: 'x{value}'\n"
        );
        let imported = import([("docker-compose.yaml", text.as_str())], "t");
        assert!(imported.report.assumed.len() <= import::MOST_KEPT + 10, "{}", imported.report.assumed.len());
    }
}

/// The neutral report tells no name, either.
#[test]
fn what_had_to_be_assumed_is_told_of_new_names() {
    let text = "Topic: secret\tPartitionCount: 1\tReplicationFactor: 2\n\
                \tTopic: secret\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tAdding Replicas: 2\n";
    let imported = import::import_named([("", text)], "t", import::Naming::Neutral);
    let told = format!("{:?}", imported.report.assumed);
    assert!(told.contains("Reassigned") && !told.contains("secret"), "{told}");
}

/// What the console's clients have options for, and what is no setting of theirs.
#[test]
fn a_script_gives_the_programs_bounds_as_options() {
    let text = "blumfeld 1\nbrokers: 1\ncontrollers: 1\n@8s create-topic orders partitions=1\n\
                @9s add-consumer one g orders app.assign=orders-0@5 app.max.messages=3\n@10s add-producer web orders\n\
                @11s send web 'localhost:9092'\n@12s\n";
    let scenario = script::Scenario::parse(text).expect("it is right");
    let text = import::export::script(&scenario.setup.clusters[0], &scenario.commands).text;
    for part in [" --max-messages 3", " --partition 0 --offset 5", "printf '%s\\n' localhost:9092 |"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("app."), "{text}");
}
