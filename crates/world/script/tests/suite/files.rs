//! An experiment as a file: what is printed is read back as the same run, whatever it holds; what cannot be spelled is
//! said, and what is no experiment is refused with its place.

use base::{Draw, Endpoint, Rng, Str, Time};
use port::Roles;
use script::file::{FileError, link_of, read, scenario_of};
use script::link::{Link, Origin, SEMANTICS};
use script::png::{self, PngError};
use script::{Command, KafkaCommand, PlacedCommand, Scenario, Unspelled, WorldCommand, parse};
use sim::{ClusterPlan, Setup};

const LINES: &[&str] = &[
    "create-topic orders partitions=3 rf=3",
    "create-topic t assign=1,2,3/2,3,1 min.insync.replicas=2 timeout=5s",
    "alter-topic orders retention.ms=60000 delete=min.insync.replicas,cleanup.policy",
    "elect-leaders unclean orders-0 orders-1",
    "add-broker 4 rack=a",
    "add-producer web orders keys=A,B every=500ms size=20 limit=100 acks=all",
    "add-consumer billing-1 billing orders,payments work=2ms auto.offset.reset=earliest",
    "send web 'two words; and more' topic=orders partition=2",
    "send 店 值 key=键",
    "in west create-topic orders rf=1",
    "in west send shop x",
    "pace web 250ms",
    "read orders-0 from=5",
    "kill 2",
    "cut-one-way 1 web",
    "hold 2 1 Fetch",
    "lose 1 web Produce 3",
    "delay 1 2 20ms",
    "heal-all",
];
/// Letters that are something else in some part of the dialect.
const LETTERS: [&str; 16] =
    ["a", "値", "'", "\"", ";", " ", "#", "@", ":", "=", "\\", "----", "see ", ",", "\u{a0}", "--"];

fn word(rng: &mut Rng) -> Str {
    (0..rng.below(6)).map(|_| LETTERS[rng.below(LETTERS.len() as u32) as usize]).collect::<String>().into()
}

fn command(rng: &mut Rng) -> Command {
    match rng.below(4) {
        0 => Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: "web".into(),
                topic: None,
                partition: None,
                key: rng.chance(1, 2).then(|| word(rng)),
                value: Some(word(rng)),
                headers: base::Seldom(if rng.chance(1, 2) {
                    vec![(format!("h{}", word(rng)).into(), rng.chance(1, 2).then(|| word(rng)))]
                } else {
                    Vec::new()
                }),
                timestamp: base::Seldom(rng.chance(1, 3).then(|| base::Timestamp(i64::from(rng.below(u32::MAX)) << 9))),
            },
        ),
        1 => Command::World(WorldCommand::Kill { name: format!("n{}", word(rng)).into() }),
        _ => parse(LINES[rng.below(LINES.len() as u32) as usize]).expect("our own"),
    }
}

fn setup(rng: &mut Rng) -> Setup {
    let mut setup = match rng.below(3) {
        0 => Setup::combined(1 + rng.below(5) as i32),
        _ => Setup::new(1 + rng.below(9) as i32, 1 + rng.below(5) as i32),
    };
    if rng.chance(1, 3) {
        let west = ClusterPlan::further("west", 1 + rng.below(4) as i32, 1 + rng.below(2) as i32);
        setup = setup.and(if rng.chance(1, 3) { ClusterPlan::further("west", 2, 0).combined() } else { west });
    }
    if rng.chance(1, 3) {
        setup.first_mut().features.clear();
    }
    if rng.chance(1, 2) {
        setup = setup.with("min.insync.replicas", "2").with("log.retention.ms", "60000");
    }
    if rng.chance(1, 3) {
        setup.network.latency = base::Span(rng.below_u64(900_000_000));
        setup.network.jitter = base::Span(rng.below_u64(900_000_000));
    }
    if rng.chance(1, 3) {
        setup
            .first_mut()
            .nodes
            .iter_mut()
            .filter(|plan| plan.roles.is_broker())
            .for_each(|plan| plan.rack = Some("east".into()));
    }
    if rng.chance(1, 3) {
        listed(rng, &mut setup);
    }
    setup
}

/// Nodes that no counts make: numbers, racks, addresses and settings of their own.
fn listed(rng: &mut Rng, setup: &mut Setup) {
    // Several listeners are settings like others.
    let named = setup.first().nodes.iter().all(|plan| plan.roles != Roles::Combined) && rng.chance(1, 3);
    if named {
        let told = [
            ("listeners", "INTERNAL://:29092,EXTERNAL://:9092"),
            ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT"),
            ("inter.broker.listener.name", "INTERNAL"),
        ];
        setup.first_mut().overrides.extend(told.map(|(name, value)| (name.into(), value.into())));
    }
    for plan in setup.first_mut().nodes.iter_mut().filter(|plan| plan.roles == Roles::Broker) {
        plan.node += 10;
        plan.name = plan.node.to_string().into();
        plan.rack = rng.chance(1, 2).then(|| "a rack".into());
        if rng.chance(1, 2) {
            plan.overrides.insert("num.partitions".into(), (1 + rng.below(5)).to_string().into());
        }
        let host = ["localhost", "kafka-1.example", "::1"][rng.below(3) as usize];
        if named {
            let told = format!("INTERNAL://kafka{0}:29092,EXTERNAL://localhost:{0}", 9_000 + plan.node);
            plan.overrides.insert("advertised.listeners".into(), told.into());
            continue;
        }
        plan.advertised = rng.chance(1, 2).then(|| Endpoint { host: host.into(), port: 9_000 + plan.node as u16 });
    }
}

fn run(rng: &mut Rng) -> Link {
    let mut now = Time(20_000_000_000 + rng.below_u64(30_000_000_000));
    let mut commands = Vec::new();
    for _ in 0..rng.below(20) {
        commands.push(PlacedCommand { after: now, command: command(rng) });
        // Some at the very same moment.
        now = Time(now.0 + 1 + if rng.chance(1, 4) { 0 } else { rng.below_u64(5_000_000_000) });
    }
    let origin = match rng.below(3) {
        0 => Origin::Scenario("opening".into()),
        1 => Origin::Without("opening".into(), vec![1]),
        _ => Origin::Setup(Box::new(setup(rng))),
    };
    let end = Time(now.0 + rng.below_u64(9_000_000_000));
    let zero = base::Digest(0);
    Link {
        semantics: SEMANTICS,
        seed: rng.next_u64() >> rng.below(64),
        origin,
        commands,
        end,
        playhead: Time(rng.below_u64(end.0 + 1)),
        events: 0,
        run_digest: zero,
        state_digest: zero,
    }
}

#[test]
fn every_run_comes_back() {
    for round in 0..2_000 {
        let rng = &mut Rng::new(7, round);
        let link = run(rng);
        let scenario = scenario_of(&link, "A run; its title: # 一").expect("a scenario of this build");
        let text = scenario.text().unwrap_or_else(|error| panic!("{error}: {scenario:?}"));
        let again = Scenario::parse(&text).expect("it was read before it was given");
        assert_eq!((again.seed, &again.setup, &again.commands), (link.seed, &scenario.setup, &scenario.commands));
        assert_eq!((again.opens_at, again.ends_at, &again.title), (link.playhead, scenario.ends_at, &scenario.title));
        let opened = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}:\n{text}"));
        assert_eq!(opened, link_of(scenario));
        match &link.origin {
            // Its name is shorter than its acts.
            Origin::Scenario(_) => assert_eq!((opened.origin, &opened.commands), (link.origin, &link.commands)),
            Origin::Without(..) | Origin::Setup(_) => assert_eq!(opened.end, link.end.max(link.playhead)),
        }
    }
}

/// What `see` lines look at stays where it was.
#[test]
fn looks_come_back() {
    let text = "blumfeld 1\ntitle: t\nsource: x\nbrokers: 3\ncontrollers: 3\nseed: 4\nopen: 3s\n@1s kill 1\n@2s see lost 0 [a; b]\n\
                @2s remember\n@2s mark here\n@3s start 1\n@5s\n";
    let scenario = Scenario::parse(text).expect("read");
    assert_eq!(scenario.text().as_deref(), Ok(text));
}

#[test]
fn what_one_line_cannot_spell_is_said() {
    let mut link = run(&mut Rng::new(1, 1));
    link.origin = Origin::Setup(Box::new(Setup::new(3, 3)));
    link.commands =
        ["kill 1", "kill 2"].map(|line| parse(line).expect("ours")).into_iter().zip(1..).map(placed).collect();
    let text = |link: &Link| scenario_of(link, "t").expect("of this build").text();
    assert!(text(&link).is_ok());
    link.commands.push(placed((Command::World(WorldCommand::Kill { name: "a\nb".into() }), 9)));
    assert_eq!(text(&link), Err(Unspelled::Command(2)));
    link.commands.pop();
    let mut setup = Setup::new(3, 3);
    setup.first_mut().cluster_id = "mine".into();
    link.origin = Origin::Setup(Box::new(setup.clone()));
    assert_eq!(text(&link), Err(Unspelled::Cluster));
    setup.first_mut().cluster_id = Setup::new(1, 1).first().cluster_id.clone();
    setup.first_mut().nodes[0].name = "two\nlines".into();
    link.origin = Origin::Setup(Box::new(setup));
    assert_eq!(text(&link), Err(Unspelled::Cluster));
    let scenario = scenario_of(&run(&mut Rng::new(1, 1)), "two\nlines").expect("of this build");
    assert_eq!(scenario.text(), Err(Unspelled::Words));
}

fn placed((command, at): (Command, u64)) -> PlacedCommand {
    PlacedCommand { after: Time(at * 1_000_000_000), command }
}

#[test]
fn files_that_are_none_are_told_apart() {
    assert!(matches!(read(b"\xff\xfe\x00"), Err(FileError::Foreign)));
    assert!(matches!(read(b"GIF89a\0\0\0"), Err(FileError::Foreign)));
    assert!(matches!(read(b""), Err(FileError::Foreign)));
    assert!(matches!(read(b" \r\n"), Err(FileError::Foreign)));
    assert!(matches!(read(b"\x89PNG\r\n\x1a\n"), Err(FileError::Png(PngError::Empty))));
    assert!(matches!(read(&vec![b'a'; script::file::LONGEST + 1]), Err(FileError::TooLarge { .. })));
    assert!(matches!(read(&vec![b'#'; script::file::LONGEST_TEXT + 1]), Err(FileError::TooLarge { .. })));
    assert!(matches!(read(b"#b1.AAAA"), Err(FileError::Link(_))));
    match read(b"brokers: 3\n\n@2s kil 1\n") {
        Err(FileError::Line(error)) => assert_eq!(error.line, 3),
        other => panic!("{other:?}"),
    }
    let many = "@1s list-topics\n".repeat(20_001);
    assert!(matches!(read(many.as_bytes()), Err(FileError::Beyond(beyond)) if beyond.what == "steps"));
    // With what editors of Windows leave in it.
    assert!(read("\u{feff}brokers: 3\r\n@2s kill 1\r\n".as_bytes()).is_ok());
}

#[test]
fn a_picture_opens_as_its_link_or_text() {
    let pixel = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
    let link = run(&mut Rng::new(3, 3));
    let with = |text: &str| read(&png::with_text(pixel, text).expect("a PNG"));
    assert_eq!(with(&format!("https://a.b/?readonly=1{}", link.write())), Ok(link.clone()));
    let scenario = scenario_of(&link, "t").expect("of this build");
    assert_eq!(with(&scenario.text().expect("spelled")), Ok(link_of(scenario)));
    assert!(matches!(read(pixel), Err(FileError::Png(PngError::Empty))));
}
