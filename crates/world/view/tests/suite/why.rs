//! Why things are as they are, one run per reason, in both languages. Each step of an answer rests on a fact that was
//! told, or on what is so at its instant. What is said is kept in `why.txt`; `BLESS=1` writes it anew.

use base::{Span, Str, TopicPartition};
use lab::{Intent, Lab};
use script::Scenario;
use view::Thing;
use view::picture::Look;
use view::picture::why::whys;
use view::text::{EN, Text, ZH};
use view::why::{Rests, Why};

/// The opening scene, and then lines; `@5s` lets time go on.
fn run(lines: &[&str]) -> Lab {
    run_of(Scenario::opening(), lines)
}

fn run_of(scenario: Scenario, lines: &[&str]) -> Lab {
    let mut lab = Lab::new(scenario);
    for line in lines {
        match line.strip_prefix('@') {
            Some(wait) => {
                let wait: u64 = wait.strip_suffix("ms").and_then(|wait| wait.parse().ok()).expect("milliseconds");
                lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(wait))).expect("time goes on");
            }
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
    lab
}

fn look<'a>(lab: &'a Lab, thing: &'a Thing, text: &'static Text) -> Look<'a> {
    Look {
        selection: Some(thing),
        first_visit: true,
        ..Look::plain(
            &lab.run().world,
            lab.history().branch().marks.told(lab.now()),
            view::picture::Account::default(),
            text,
        )
    }
}

fn process(lab: &Lab, name: &str) -> Thing {
    Thing::Process(lab.run().world.find(name).expect("a process of that name").id)
}

fn replica(lab: &Lab, broker: &str, topic: &str, number: i32) -> Thing {
    let process = lab.run().world.find(broker).expect("a broker of that name").id;
    Thing::Replica { process, partition: TopicPartition::new(topic, number) }
}

fn group(name: &str) -> Thing {
    Thing::Group(Str::from(name))
}

/// All answers about a thing, each as its question and then its steps.
fn answers(lab: &Lab, thing: &Thing, text: &'static Text) -> Vec<Vec<String>> {
    let whys = whys(&look(lab, thing, text));
    for why in &whys {
        check(lab, why);
    }
    let told = whys.iter().map(|why| why.told(lab.now(), text));
    told.map(|told| {
        let steps = told.steps.iter().map(|step| format!("{} {}", step.time_text, step.sentence));
        std::iter::once(told.question.clone()).chain(steps).collect()
    })
    .collect()
}

/// What must be so for every answer.
fn check(lab: &Lab, why: &Why) {
    let told = lab.history().branch().marks.told(lab.now());
    assert!((1..=5).contains(&why.steps.len()), "{why:?}");
    assert!(why.steps.windows(2).all(|pair| pair[0].at <= pair[1].at), "{why:?}");
    for step in &why.steps {
        assert!(step.at <= lab.now() || matches!(step.rests_on, Rests::Fact { .. }), "{step:?}");
        if let Rests::Fact { process, at } = step.rests_on {
            assert!(told.iter().any(|fact| fact.at == at && fact.process == process), "{step:?} rests on nothing");
            assert!(at <= lab.now(), "{step:?}");
        }
    }
}

/// What is asked, about whom (`2`, `2 orders-0`, `=billing`), after which lines.
#[rustfmt::skip]
const CASES: &[(&str, &str, &[&str])] = &[
    ("broker killed and fenced", "2", &["kill 2", "@12000ms"]),
    ("broker silent, not yet fenced", "2", &["kill 2", "@3000ms"]),
    ("broker hung", "2", &["pause 2", "@12000ms"]),
    ("broker without power", "2", &["power-off 2", "@12000ms"]),
    ("broker stopped in order", "2", &["stop 2", "@12000ms"]),
    ("broker cut off from the controllers", "2", &["cut 2 c1", "cut 2 c2", "cut 2 c3", "@12000ms"]),
    ("broker started again", "2", &["kill 2", "@12000ms", "start 2", "@10ms"]),
    ("broker and no controller in charge", "2", &["kill 2", "kill c1", "kill c2", "@12000ms", "start 2", "@1000ms"]),
    ("broker whose controller was replaced", "2", &["kill c1", "@1000ms", "kill 2", "@20000ms"]),
    ("out of the ISR: fenced", "2 orders-0", &["kill 2", "@12000ms"]),
    ("out of the ISR, seen from its leader", "1 orders-0", &["kill 2", "@12000ms"]),
    ("out of the ISR: hung", "2 orders-0", &["pause 2", "@12000ms"]),
    ("out of the ISR: cut off from its leader", "2 orders-0", &["cut 2 1", "@40000ms"]),
    ("out of the ISR: slow link", "2 orders-0", &["delay 2 1 20s", "@60000ms"]),
    ("out of the ISR: stopped in order", "2 orders-0", &["stop 2", "@12000ms"]),
    ("out of the ISR: started again, cut off from its leader", "2 orders-0", &["kill 2", "@12000ms", "cut 2 1", "start 2", "@5000ms"]),
    ("out of the ISR: started again, no controller", "2 orders-0", &["kill 2", "@12000ms", "kill c1", "kill c2", "start 2", "@5000ms"]),
    ("back in the ISR", "2 orders-0", &["kill 2", "@30000ms", "start 2", "@15000ms"]),
    ("back in the ISR with less", "2 t-0", &["create-topic t assign=2,1,3", "@500ms", "add-producer tp t keys=a every=200ms acks=1", "@1000ms", "cut 2 1", "cut 2 3", "cut 2 c1", "cut 2 c2", "cut 2 c3", "@15000ms", "heal-all", "@20000ms"]),
    ("no leader: the last was killed", "3 orders-0", &["kill 1", "@12000ms", "kill 2", "@12000ms", "kill 3", "@20000ms"]),
    ("no leader: another is back", "1 orders-0", &["kill 1", "@12000ms", "kill 2", "@12000ms", "kill 3", "@20000ms", "start 1", "@20000ms"]),
    ("no leader: the last hangs", "3 orders-0", &["kill 1", "@12000ms", "kill 2", "@12000ms", "pause 3", "@20000ms"]),
    ("in the ELR: killed", "2 m-0", &["create-topic m partitions=1 rf=3 min.insync.replicas=3", "@1000ms", "kill 2", "@12000ms"]),
    ("in the ELR: hangs", "2 m-0", &["create-topic m partitions=1 rf=3 min.insync.replicas=3", "@1000ms", "pause 2", "@12000ms"]),
    ("high watermark stands", "1 orders-0", &["kill 3", "@3000ms"]),
    ("producer: no broker", "web", &["kill 1", "kill 2", "kill 3", "@3000ms"]),
    ("producer: acks=all", "web", &["pause 3", "@3000ms"]),
    ("producer: ISR below min.insync.replicas", "web", &["kill 3", "@12000ms", "kill 2", "@12000ms", "kafka-configs.sh --bootstrap-server broker-1:9092 --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=2", "@5000ms"]),
    ("producer: no metadata", "late", &["kill 1", "kill 2", "kill 3", "@1000ms", "add-producer late orders", "send late hi key=a", "@3000ms"]),
    ("producer: linger.ms", "slow", &["add-producer slow orders linger.ms=5000", "@2000ms", "send slow hi key=a", "@1000ms"]),
    ("producer: buffer full", "big", &["add-producer big orders keys=a,b every=10ms size=1000 buffer.memory=40000", "@500ms", "pause 1", "pause 2", "pause 3", "@2000ms"]),
    ("producer: stale metadata", "p2", &["create-topic solo assign=2,3", "@500ms", "add-producer p2 solo keys=a", "@100ms", "send p2 hi", "@300ms", "cut p2 1", "cut p2 3", "kill 2", "@10ms", "send p2 hi", "@12000ms"]),
    ("producer: no leader", "p2", &["create-topic solo assign=2", "@500ms", "add-producer p2 solo keys=a", "@100ms", "send p2 hi", "@300ms", "kill 2", "@10ms", "send p2 hi", "@12000ms"]),
    ("producer: cut off", "web", &["cut web 1", "@12000ms"]),
    ("producer: hangs", "web", &["pause web", "@1000ms"]),
    ("send failed: too few in sync", "one", &["create-topic mi partitions=1 rf=3 min.insync.replicas=2", "@500ms", "add-producer one mi retries=2", "kill 2", "kill 3", "@20000ms", "send one hello", "@10000ms"]),
    ("send failed: too large for the producer", "one", &["add-producer one orders max.request.size=100", "@1000ms", "send one aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "@1000ms"]),
    ("send failed: nobody answers", "one", &["add-producer one orders keys=a delivery.timeout.ms=8000 request.timeout.ms=3000 linger.ms=0", "@1000ms", "send one hi key=a", "@1000ms", "pause 1", "pause 2", "pause 3", "send one hi key=a", "@20000ms"]),
    ("consumer: more members than partitions", "billing-4", &["add-consumer billing-4 billing orders", "@15000ms"]),
    ("consumer: killed", "billing-2", &["kill billing-2", "@1000ms"]),
    ("consumer: rebalance", "billing-4", &["kill billing-2", "@1000ms", "add-consumer billing-4 billing orders", "@5000ms"]),
    ("consumer: empty topic", "v", &["create-topic void partitions=1 rf=1", "@500ms", "add-consumer v void-group void", "@10000ms"]),
    ("consumer: no broker left", "billing-1", &["kill 1", "kill 2", "kill 3", "@60000ms"]),
    ("consumer: works", "w", &["add-consumer w slow-group orders work=5s auto.offset.reset=earliest", "@10000ms"]),
    ("consumer: ended by an error", "old", &["add-consumer old g2 orders group.instance.id=one", "@10000ms", "add-consumer new g2 orders group.instance.id=one", "@10000ms"]),
    ("group: rebalance", "=billing", &["kill billing-2", "@1000ms", "add-consumer billing-4 billing orders", "@5000ms"]),
    ("group: empty", "=billing", &["stop billing-1", "stop billing-2", "stop billing-3", "@5000ms"]),
    ("group: no coordinator", "=billing", &["kill 1", "kill 2", "kill 3", "@60000ms"]),
];

fn thing(lab: &Lab, name: &str) -> Thing {
    match (name.strip_prefix('='), name.split_once(' ')) {
        (Some(name), _) => group(name),
        (None, Some((broker, partition))) => {
            let (topic, number) = partition.rsplit_once('-').expect("a partition");
            replica(lab, broker, topic, number.parse().expect("a number"))
        }
        (None, None) => process(lab, name),
    }
}

#[test]
fn each_reason_is_told() {
    let mut said = String::new();
    for (name, about, lines) in CASES {
        let lab = run(lines);
        let thing = thing(&lab, about);
        said.push_str(&format!("== {name}, at {}\n", lab.now()));
        for text in [&EN, &ZH] {
            let answers = answers(&lab, &thing, text);
            assert!(!answers.is_empty(), "{name}: nothing to ask");
            for answer in answers {
                said.push_str(&format!("{}\n", answer.join("\n    ")));
            }
        }
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/why.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &said).expect("the file can be written");
    }
    let blessed = std::fs::read_to_string(&file).unwrap_or_default();
    let first = said.lines().zip(blessed.lines()).find(|(now, then)| now != then);
    assert!(said == blessed, "why.txt says otherwise, first: {first:?}");
}

#[test]
fn nothing_is_asked_where_all_is_well() {
    let lab = run(&["@10000ms"]);
    for about in ["1", "2", "3", "1 orders-1", "2 orders-1", "=billing", "c1"] {
        let whys = answers(&lab, &thing(&lab, about), &EN);
        assert!(whys.iter().all(|why| why[0].starts_with("How did")), "{about}: {whys:?}");
    }
}

/// A run with all that happens in it, heartbeats and all.
#[test]
fn every_fact_has_words_in_both_languages() {
    let names = view::text::Names { process: &|process| process.to_string() };
    let mut facts: Vec<(base::Time, base::ProcessId, port::Fact)> = Vec::new();
    for (_, _, lines) in CASES {
        let mut world = run(&[]).run().world.clone();
        for line in *lines {
            match line.strip_prefix('@').and_then(|wait| wait.strip_suffix("ms")) {
                Some(wait) => {
                    let until = world.now() + Span::from_millis(wait.parse().expect("milliseconds"));
                    world.run_until(until, &mut facts);
                }
                None if script::cli::is_kafka(line) => {}
                None => drop(world.apply(&script::parse(line).expect("a line"), &mut facts).expect("it can be done")),
            }
        }
    }
    let mut kinds: Vec<&str> = Vec::new();
    for (_, _, fact) in &facts {
        let kind = fact.kind();
        if kinds.contains(&kind) {
            continue;
        }
        let [en, zh] = [&EN, &ZH].map(|text| (text.facts)(fact, &names));
        assert!(!en.is_empty() && !zh.is_empty(), "{fact:?}");
        assert!(zh.chars().any(|letter| letter > '\u{2e80}'), "{zh}");
        kinds.push(kind);
    }
    assert!(kinds.len() > 45, "only {} kinds of facts happened", kinds.len());
}
