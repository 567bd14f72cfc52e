//! Links: short, exact, and never trusted.

use base::{Digest, Draw, Rng, Time};
use lab::{Intent, Lab, Outcome, Replay};
use script::link::{Link, LinkError, Origin, SEMANTICS, is_link};
use script::{PlacedCommand, Scenario};
use script::{parse, print};
use sim::{Command, KafkaCommand, WorldCommand};

const LINES: &[&str] = &[
    "kill 2",
    "start 2",
    "send web hello key=order-1",
    "send app v2 key=order-3",
    "stop billing-1",
    "start billing-1",
    "create-topic payments partitions=6 rf=3 min.insync.replicas=2",
    "add-producer p1 payments keys=A,B every=500ms acks=all",
    "add-consumer c-1 audit payments,orders work=2ms",
    "cut 1 3",
    "heal 1 3",
    "stall web 1 200ms",
    "pace web 250ms",
    "pause 3",
    "resume 3",
    "power-off 1",
    "start 1",
    "elect-leaders preferred",
    "alter-topic orders retention.ms=60000",
    "add-partitions orders 6",
    "read orders-0 from=5",
    "list-topics",
    "delete-topic payments",
    "add-broker 4 rack=a",
    "delay 1 2 20ms",
    "reset 1 2",
    "cut-one-way 1 web",
    "hold 2 1 Fetch",
    "lose 1 web Produce 3",
    "seek billing-1 begin",
    "seek billing-1 7 orders-0 orders-1",
    "seek billing-1 at:1500ms orders-0",
    "pause-partitions billing-1",
    "resume-partitions billing-1 orders-0",
    "commit billing-1 orders-0 4",
    "work billing-1 100ms",
    "crash billing-1 before-commit",
    "crash billing-1 after-commit",
    "crash billing-1 failed-write",
    "slow-store db 200ms",
    "fail-store db",
    "heal-store db",
    "heal-all",
    "leave billing-2",
    "send shop 值 key=键",
    "ask describe-topics payments",
    "via broker-2:9092 list-topics",
];

fn link(commands: Vec<PlacedCommand>) -> Link {
    Link {
        semantics: SEMANTICS,
        seed: 7,
        origin: Origin::Scenario("opening".into()),
        end: commands.last().map_or(Time(16_000_000_000), |last| Time(last.at().0 + 2_345_678_901)),
        playhead: Time(16_000_000_000),
        commands,
        events: 123_456,
        run_digest: Digest(0x0123_4567_89ab_cdef),
        state_digest: Digest(0xfedc_ba98_7654_3210),
    }
}

/// Actions as a person makes them while auto tempo plays: some on frames of about 100 µs, some while
/// it glides.
fn actions(count: usize, kinds: &[&str], rng: &mut Rng) -> Vec<PlacedCommand> {
    let mut now = 16_000_000_000u64;
    let mut commands: Vec<PlacedCommand> = Vec::new();
    for _ in 0..count {
        let unit = if rng.below(3) == 0 { 100_000_000 } else { 100_000 };
        now = (now / unit + 1 + u64::from(rng.below(400))) * unit;
        let command = parse(kinds[rng.below(kinds.len() as u32) as usize]).expect("a line of ours");
        commands.push(PlacedCommand { after: Time(now), command });
    }
    commands
}

#[test]
fn every_command_comes_back() {
    let mut rng = Rng::new(1, 1);
    for round in 0..200 {
        let mut commands = actions(round % 60, LINES, &mut rng);
        // Some at the very same moment, some at no round instant.
        for index in 1..commands.len() {
            if rng.below(4) == 0 {
                commands[index].after = commands[index - 1].at();
            } else {
                let odd = Time(commands[index].after.0.max(commands[index - 1].at().0) + u64::from(rng.below(3)));
                commands[index].after = odd;
            }
        }
        let link = link(commands);
        assert_eq!(Link::read(&link.write()), Ok(link));
    }
    let all =
        LINES.iter().zip(0..).map(|(line, at)| PlacedCommand { after: Time(at * 5), command: parse(line).unwrap() });
    let mut own = link(all.collect());
    own.playhead = own.end;
    for setup in [sim::Setup::combined(3), sim::Setup::new(5, 1).with("min.insync.replicas", "2")] {
        own.origin = Origin::Setup(Box::new(setup));
        assert_eq!(Link::read(&own.write()), Ok(own.clone()));
    }
}

#[test]
fn links_are_short() {
    let mut rng = Rng::new(5, 2);
    let guided = link(actions(15, &LINES[..9], &mut rng)).write().len();
    let mut free = |count: usize| link(actions(count, LINES, &mut rng)).write().len();
    let (free, many) = (free(500), free(2_000));
    println!("15 guided lines: {guided} characters; 500 free actions: {free}; 2,000: {many}");
    assert!(guided <= 350, "{guided}");
    // Among the lines are ever more that say much: 4 letters an act.
    assert!(free <= 2_050, "{free}");
    assert!(many <= 6_500, "{many}");
}

#[test]
fn what_others_append_does_no_harm() {
    let link = link(actions(5, LINES, &mut Rng::new(3, 3)));
    let text = link.write();
    for suffix in ["#?secret=abc123", "?secret=x", "&utm_source=mail", ".", ")", " ", "\n"] {
        assert_eq!(Link::read(&format!("{text}{suffix}")), Ok(link.clone()), "{suffix}");
    }
    assert_eq!(Link::read(&format!("https://example.org/embed.html?embed=1{text}")), Ok(link.clone()));
    assert_eq!(Link::read(&text[1..]), Ok(link));
}

#[test]
fn a_link_that_somebody_escaped_is_read() {
    let link = link(actions(40, LINES, &mut Rng::new(3, 3)));
    let text = link.write();
    let escaped = |text: &str| -> String {
        let one = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("%{:02X}", c as u32) };
        text.chars().map(one).collect()
    };
    let (once, twice) = (escaped(&text), escaped(&escaped(&text)));
    assert!(once.starts_with("%23b1%2E") && twice.starts_with("%2523b1"), "{once}");
    for text in [once, twice, format!("https://a.b/%23{}", &text[1..])] {
        assert!(is_link(&text), "{text}");
        assert_eq!(Link::read(&text), Ok(link.clone()), "{text}");
    }
    assert_eq!(Link::read("#100%").expect_err("no link").error, LinkError::Foreign);
}

/// A new command does not compile here until it has a number, and then wants a line above.
fn number(command: &Command) -> usize {
    match command {
        Command::Kafka(_, KafkaCommand::CreateTopic { .. }) => 0,
        Command::Kafka(_, KafkaCommand::DeleteTopic { .. }) => 1,
        Command::Kafka(_, KafkaCommand::AddPartitions { .. }) => 2,
        Command::Kafka(_, KafkaCommand::AlterTopicConfig { .. }) => 3,
        Command::Kafka(_, KafkaCommand::ElectLeaders { .. }) => 4,
        Command::Kafka(_, KafkaCommand::AddBroker { .. }) => 5,
        Command::Kafka(_, KafkaCommand::AddProducer { .. }) => 6,
        Command::Kafka(_, KafkaCommand::AddConsumer { .. }) => 7,
        Command::Kafka(_, KafkaCommand::Send { .. }) => 8,
        Command::Kafka(_, KafkaCommand::SetInterval { .. }) => 9,
        Command::Kafka(_, KafkaCommand::Read { .. }) => 10,
        Command::Kafka(_, KafkaCommand::ListTopics) => 11,
        Command::World(WorldCommand::Kill { .. }) => 12,
        Command::World(WorldCommand::Stop { .. }) => 13,
        Command::World(WorldCommand::Start { .. }) => 14,
        Command::World(WorldCommand::Pause { .. }) => 15,
        Command::World(WorldCommand::Resume { .. }) => 16,
        Command::World(WorldCommand::PowerOff { .. }) => 17,
        Command::World(WorldCommand::Cut { .. }) => 18,
        Command::World(WorldCommand::CutOneWay { .. }) => 19,
        Command::World(WorldCommand::Delay { .. }) => 20,
        Command::World(WorldCommand::Stall { .. }) => 21,
        Command::World(WorldCommand::Reset { .. }) => 22,
        Command::World(WorldCommand::Heal { .. }) => 23,
        Command::World(WorldCommand::HealAll) => 24,
        Command::Kafka(_, KafkaCommand::Leave { .. }) => 25,
        Command::Kafka(_, KafkaCommand::Ask(_)) => 28,
        Command::Kafka(_, KafkaCommand::Call { .. }) => 29,
        Command::Kafka(_, KafkaCommand::Via { .. }) => 33,
        Command::World(WorldCommand::Hold { .. }) => 26,
        Command::World(WorldCommand::Lose { .. }) => 27,
        Command::World(WorldCommand::SlowStore { .. }) => 30,
        Command::World(WorldCommand::FailStore { .. }) => 31,
        Command::World(WorldCommand::HealStore { .. }) => 32,
        Command::Other(_) => panic!("no link holds it"),
    }
}

/// Text and link bytes spell the same value, for every command that there is.
#[test]
fn every_sort_of_command_has_all_its_spellings() {
    let mut seen = [false; 34];
    for line in LINES {
        let command = parse(line).expect("a line of ours");
        seen[number(&command)] = true;
        assert_eq!(parse(&print(&command)), Ok(command.clone()), "{line}");
        let link = link(vec![PlacedCommand { after: Time(16_000_000_000), command }]);
        assert_eq!(Link::read(&link.write()), Ok(link), "{line}");
    }
    assert_eq!(seen.iter().position(|seen| !seen), None, "a sort of command without a line");
}

#[test]
fn damage_is_named_and_the_rest_is_read() {
    let link = link(actions(200, LINES, &mut Rng::new(9, 9)));
    let text = link.write();
    let broken = Link::read(&text[..text.len() * 3 / 4]).expect_err("cut off");
    let LinkError::Truncated { readable_steps, total_steps } = broken.error else { panic!("{:?}", broken.error) };
    println!("cut off: {readable_steps} of {total_steps:?}");
    assert_eq!(total_steps, Some(200));
    assert!((80..200).contains(&readable_steps));
    let partial = broken.partial.expect("steps");
    assert_eq!(partial.commands[..], link.commands[..partial.commands.len()]);

    let mut stranger = text.clone();
    stranger.replace_range(412..413, "*");
    let broken = Link::read(&stranger).expect_err("a foreign character");
    assert!(matches!(broken.error, LinkError::Damaged { after_char: 408 | 412, .. }), "{:?}", broken.error);

    let mut right = 0;
    for at in (60..text.len()).step_by(11) {
        let mut other = text.clone();
        let swapped = if &text[at..=at] == "A" { "B" } else { "A" };
        other.replace_range(at..=at, swapped);
        if let Err(Broken { error: LinkError::Damaged { .. } | LinkError::Truncated { .. }, partial }) =
            Link::read(&other)
        {
            let rows = partial
                .map_or(0, |partial| partial.commands.iter().zip(&link.commands).take_while(|(a, b)| a == b).count());
            right += usize::from(rows > 0);
        }
    }
    println!("of {} single changes, {right} left steps to play", (text.len() - 60) / 11);
}

use script::link::Broken;

#[test]
fn strangers_and_the_future_are_told_apart() {
    let error = |text: &str| Link::read(text).expect_err("no link").error;
    assert_eq!(error("#hello"), LinkError::Foreign);
    assert_eq!(error("#b2.AAAA"), LinkError::Future { version: 2 });
    assert!(matches!(error("#b1."), LinkError::Truncated { .. } | LinkError::Damaged { .. }));
    assert!(matches!(error(&format!("#b1.{}", "A".repeat(70_000))), LinkError::TooLarge { .. }));
    let mut other = link(Vec::new());
    other.semantics = 9;
    assert_eq!(error(&other.write()), LinkError::OtherSemantics { semantics: 9 });
    other = link(Vec::new());
    other.origin = Origin::Scenario("gone".into());
    assert_eq!(error(&other.write()), LinkError::UnknownScenario("gone".into()));
}

#[test]
fn noise_never_panics() {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*?# .\xc3\xa9";
    let mut rng = Rng::new(4, 4);
    for _ in 0..20_000 {
        let length = rng.below(120);
        let bytes: Vec<u8> = (0..length).map(|_| digits[rng.below(digits.len() as u32) as usize]).collect();
        let text = format!("#b1.{}", String::from_utf8_lossy(&bytes));
        let _ = Link::read(&text);
    }
    // Bytes that inflate well and then mean anything.
    for _ in 0..20_000 {
        let mut text = link(actions(20, LINES, &mut rng)).write().into_bytes();
        for _ in 0..=rng.below(3) {
            let at = 4 + rng.below(text.len() as u32 - 4) as usize;
            text[at] = digits[rng.below(64) as usize];
        }
        if let Err(broken) = Link::read(&String::from_utf8_lossy(&text)) {
            let _ = broken.partial.map(|partial| assert!(partial.commands.len() <= 20_000));
        }
    }
}

/// A repeated command costs two bytes in a link, but memory each time it is read.
#[test]
fn a_short_link_does_not_unfold_to_gigabytes() {
    let heavy = Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "audit-1".into(),
            group: "audit".into(),
            topics: vec!["orders".into(); 5_000],
            processing: 0,
            configs: Default::default(),
        },
    );
    let many = |count: u64| {
        let placed = |at| PlacedCommand { after: Time(at), command: heavy.clone() };
        link((1..=count).map(|second| placed(second * 1_000_000_000)).collect()).write()
    };
    assert!(Link::read(&many(3)).is_ok(), "a few are welcome");
    let bomb = many(5_000);
    assert!(bomb.len() < 20_000, "{} characters", bomb.len());
    let broken = Link::read(&bomb).expect_err("25 million names");
    let readable = broken.partial.map_or(0, |link| link.commands.len());
    assert!(readable < 200, "{readable} of them were unfolded");
}

/// Bytes of today stay readable; version 0 promises nothing yet, but a change shows here.
#[test]
fn golden_links_are_read() {
    let link = link(vec![
        PlacedCommand { after: Time(16_000_300_000), command: parse("kill 2").unwrap() },
        PlacedCommand { after: Time(30_000_000_000), command: parse("send web hello key=order-1").unwrap() },
    ]);
    println!("{}", link.write());
    assert_eq!(Link::read(GOLDEN), Ok(link));
}
const GOLDEN: &str = "#b1.AT0Awv8ABwA1tsjPv3i2iJ3yPMDEB-_Nq4lnRSMBEDJUdpi63P4CogACFe85IFqMzBhWb5wqsfHDQTYOHfFDOJwA";

/// A scene of which some acts are left out is named with their places: one way to write each, none that does not exist.
#[test]
fn acts_of_the_scene_can_be_left_out() {
    let acts = Scenario::opening().commands.len() as u32;
    let with = |without: Vec<u32>| Link { origin: Origin::Without("opening".into(), without), ..link(Vec::new()) };
    for without in [vec![0], vec![acts - 1], vec![1, 2, 4], (0..acts).collect::<Vec<u32>>()] {
        let link = with(without);
        assert_eq!(Link::read(&link.write()), Ok(link));
    }
    for wrong in [vec![], vec![acts], vec![0, acts], vec![u32::MAX], vec![2, 1], vec![1, 1]] {
        let link = with(wrong.clone());
        assert!(link.text().is_err(), "{wrong:?}");
        assert!(Link::read(&link.write()) != Ok(link), "{wrong:?}");
    }
    let stranger = Link { origin: Origin::Without("gone".into(), vec![3]), ..link(Vec::new()) };
    let error = Link::read(&stranger.write()).expect_err("no such scene").error;
    assert_eq!(error, LinkError::UnknownScenario("gone".into()));
    // The format as it stands.
    println!("{}", with(vec![1, 2, 4]).write());
    assert_eq!(Link::read(GOLDEN_WITHOUT), Ok(with(vec![1, 2, 4])));
}
const GOLDEN_WITHOUT: &str = "#b1.ASsA1P8ABwI1AwEAAYDAss07AMDEB-_Nq4lnRSMBEDJUdpi63P4AhxTVg3IqeHkA";

#[test]
fn a_link_replays_to_the_same_state() {
    let mut lab = Lab::new(Scenario::opening());
    lab.dispatch(Intent::Play).expect("plays");
    for frame in 0..400 {
        lab.advance(1.0 / 60.0, 50_000);
        match frame {
            30 => drop(lab.dispatch(Intent::Line("send web hello key=order-1".into())).expect("sends")),
            90 => drop(lab.dispatch(Intent::Line("kill 2".into())).expect("kills")),
            350 => drop(lab.dispatch(Intent::Line("start 2".into())).expect("starts")),
            _other => {}
        }
    }
    lab.dispatch(Intent::Undo).expect("undoes");
    lab.dispatch(Intent::Redo).expect("redoes");
    lab.dispatch(Intent::Seek(Time(lab.now().0 - 500_000_000))).expect("seeks");
    let text = lab.share().expect("it fits into a link");
    println!("{} characters: {text}", text.len());
    let link = Link::read(&text).expect("our own");
    let mut replay = Replay::new(&link).expect("opens");
    while !replay.advance(1_000) {
        assert!(replay.permille() <= 1_000);
    }
    let (again, outcome) = replay.finish();
    assert!(matches!(outcome, Outcome::Matches { events } if events == link.events), "{outcome:?}");
    assert_eq!((again.now(), again.state_digest()), (lab.now(), lab.state_digest()));
    assert!(again.frame(0.4).branch.can_undo, "the tail came along");

    let mut forged = link.clone();
    forged.state_digest = Digest(1);
    let mut replay = Replay::new(&forged).expect("opens");
    while !replay.advance(100_000) {}
    assert!(matches!(replay.finish().1, Outcome::Differs { .. }));
    let mut stopped = Replay::new(&link).expect("opens");
    stopped.advance(100);
    assert!(matches!(stopped.finish().1, Outcome::Stopped { .. }));
}

/// The largest and smallest numbers that a line can name come back as they are.
#[test]
fn extreme_numbers_come_back() {
    for text in [
        "pace web 18446744073709551615ns",
        "pace web 0ns",
        "delay 1 2 18446744073709551615ns",
        "stall 1 2 18446744073709551615ns",
        "add-producer p t every=18446744073709551615ns limit=18446744073709551615 size=4294967295 keys=k random-keys=4294967295",
        "add-consumer c g t work=18446744073709551615ns",
        "create-topic t partitions=2147483647 rf=32767",
        "create-topic t partitions=-2147483648 rf=-32768",
        "add-partitions t 2147483647",
        "read t-2147483647 from=9223372036854775807",
        "read t-0 from=-9223372036854775808",
        "send web x partition=2147483647",
        "send web x timestamp=9223372036854775807",
        "send web x key=a headers=trace:7 timestamp=0",
        "send web x partition=-2147483648",
        "add-broker 2147483647",
    ] {
        let command = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parse(&print(&command)), Ok(command.clone()), "{text}");
        for after in [Time::ZERO, Time(1), script::limits::LONGEST_RUN - base::Span(1)] {
            let link = link(vec![PlacedCommand { after, command: command.clone() }]);
            let link =
                Link { seed: u64::MAX, events: u64::MAX, end: script::limits::LONGEST_RUN, playhead: after, ..link };
            assert_eq!(Link::read(&link.write()), Ok(link), "{text}");
        }
    }
}

/// There is one way to write each link: whatever is added to it, or written otherwise, is no link of ours.
#[test]
fn nothing_is_left_over() {
    let mut rng = Rng::new(6, 6);
    for round in 0..40 {
        let link = link(actions(round, LINES, &mut rng));
        let text = link.write();
        for more in ["A", "AA", "AAA", "AAAA", "AAAAAAAA", "BBBB", "____"] {
            let longer = format!("{text}{more}");
            assert!(Link::read(&longer).is_err(), "{longer}");
        }
        for version in ["#b01.", "#b001.", "#b+1.", "#B1."] {
            assert!(Link::read(&text.replace("#b1.", version)).is_err(), "{version}");
        }
        // The last digit may hold bits that belong to no byte, and the packed stream ends within one.
        let last = text.chars().last().expect("a digit");
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for other in digits.chars().filter(|digit| *digit != last) {
            let changed = format!("{}{other}", &text[..text.len() - 1]);
            assert!(Link::read(&changed).is_ok_and(|read| read == link) || Link::read(&changed).is_err(), "{changed}");
        }
    }
}

/// Sessions on the edge of what a link holds: each is either handed on and opens as it is, or refused before with what
/// to leave out.
#[test]
fn whatever_is_shared_opens() {
    let mut rng = Rng::new(12, 1);
    let mut noise = |bytes: usize| -> String { (0..bytes).map(|_| char::from(b'!' + rng.below(90) as u8)).collect() };
    let send = |value: String| {
        Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: "web".into(),
                topic: None,
                partition: None,
                key: None,
                value: Some(value.as_str().into()),
                headers: Default::default(),
                timestamp: base::Seldom(
                    value.starts_with('a').then_some(base::Timestamp(value.len() as i64 * 1_700_000_000)),
                ),
            },
        )
    };
    let repeated = |count: u64, command: &dyn Fn(u64) -> Command| -> Vec<PlacedCommand> {
        (0..count).map(|at| PlacedCommand { after: Time(at * 10), command: command(at) }).collect()
    };
    let keys: Vec<base::Str> = (0..5_000).map(|key| format!("k{key}").as_str().into()).collect();
    let producer = Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "p".into(),
            topic: "t".into(),
            keys,
            random_keys: None,
            interval: None,
            value_size: 0,
            limit: None,
            configs: Default::default(),
        },
    );
    let values: Vec<String> = (0..4).map(|_| noise(16_000)).collect();
    let cases = [
        (repeated(4, &|at| send(values[at as usize].clone())), Some("send")),
        (repeated(2, &|at| send(values[at as usize].clone())), None),
        (repeated(4_100, &|at| send(format!("value {at}"))), None),
        (repeated(20_000, &|at| send(format!("{}", at % 7))), None),
        (repeated(20_000, &|at| send(format!("{at}"))), Some("send")),
        (repeated(20_001, &|_| Command::Kafka(None, KafkaCommand::ListTopics)), Some("list-topics")),
        (repeated(20_000, &|_| Command::Kafka(None, KafkaCommand::ListTopics)), None),
        (repeated(1, &|_| producer.clone()), None),
        (repeated(300, &|_| send("x".repeat(16_000))), Some("send")),
    ];
    for (commands, heaviest) in cases {
        let link = link(commands);
        let link = Link { playhead: link.end, ..link };
        match (link.text(), heaviest) {
            (Ok(text), None) => {
                assert_eq!(Link::read(&text), Ok(link));
                println!("{} characters", text.len());
            }
            (Err(error), Some(verb)) => {
                println!("{error}");
                assert_eq!(error.heaviest[0].verb, verb);
                for text in [&view::text::EN, &view::text::ZH] {
                    let card = view::picture::of_too_long(&error, text);
                    assert!(card.text.contains(&error.limit.to_string()) && card.detail.contains(verb), "{card:?}");
                }
            }
            (Ok(text), Some(verb)) => panic!("{verb}: {} characters", text.len()),
            (Err(error), None) => panic!("{error}"),
        }
    }
}
