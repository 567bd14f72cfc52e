//! Experiments that ask for as much as the limits allow, as links for the browser tests and the bench: each opens in
//! slices, can be stopped, and leaves a page that answers. `BLESS=1` writes them anew.

use base::Time;
use script::link::{Link, Origin, SEMANTICS};
use script::parse;
use script::{PlacedCommand, Scenario};
use std::collections::BTreeMap;
use std::fmt::Write;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/heavy.json");

/// Acts at seconds, after a cluster's own headers.
fn link(headers: &str, acts: &[(u64, String)], end: u64) -> String {
    let setup = Scenario::parse(headers).expect("our own").setup;
    let mut free = Time::ZERO;
    let placed = acts.iter().map(|(seconds, line)| {
        let after = Time(seconds * 1_000_000_000).max(free);
        let placed = PlacedCommand { after, command: parse(line).unwrap_or_else(|error| panic!("{line}: {error}")) };
        free = placed.at();
        placed
    });
    let commands = placed.collect();
    let (end, zero) = (Time(end * 1_000_000_000), base::Digest(0));
    let origin = Origin::Setup(Box::new(setup));
    let link = Link {
        semantics: SEMANTICS,
        seed: 1,
        origin,
        commands,
        end,
        playhead: end,
        events: 0,
        run_digest: zero,
        state_digest: zero,
    };
    link.text().unwrap_or_else(|error| panic!("{error}"))
}

fn heavy() -> BTreeMap<&'static str, String> {
    let alone = "combined: 1\nset: offsets.topic.replication.factor=1";
    let line = |seconds: u64, text: &str| (seconds, text.to_owned());
    let list = |count: u64| (0..count).map(|_| line(8, "list-topics")).collect::<Vec<_>>();
    let topics = |count: u64| -> Vec<_> {
        (0..count).map(|topic| (5 + topic / 200, format!("create-topic t{topic} partitions=1 rf=1"))).collect()
    };
    let many = [line(5, "create-topic wide partitions=4900 rf=3")];
    let big = [
        line(5, "create-topic orders partitions=1 rf=1"),
        line(6, "add-producer web orders every=62500us size=1000000 max.request.size=2000000"),
    ];
    let mut largest = vec![line(5, "create-topic orders partitions=3 rf=1"), line(6, "add-producer web orders")];
    largest.extend((0..15_000).map(|send| (7 + send / 100, format!("send web {} key=k{}", send % 300, send % 7))));
    BTreeMap::from([
        ("five-days-with-an-act-in-the-last-second", link(alone, &[line(432_000, "kill 1")], 432_001)),
        ("twenty-thousand-questions-at-one-instant", link(alone, &list(19_000), 9)),
        ("four-thousand-topics", link(alone, &topics(4_000), 60)),
        ("4900-partitions", link("brokers: 3\ncontrollers: 1", &many, 12)),
        ("a-megabyte-sixteen-times-a-second", link(alone, &big, 3_600)),
        ("fifteen-thousand-messages", link(alone, &largest, 160)),
    ])
}

/// A cluster of so many brokers and partitions in racks, with groups that read and 1,000 records a second.
fn sized(brokers: u64, partitions: u64, groups: u64) -> String {
    let controllers = if brokers > 20 { 5 } else { 3 };
    let headers = format!("brokers: {brokers}\ncontrollers: {controllers}\nracks: a,b,c");
    let topics = 5;
    let names = ["orders", "payments", "clicks", "metrics", "audit"];
    let mut acts: Vec<(u64, String)> = Vec::new();
    for topic in names {
        acts.push((6, format!("create-topic {topic} partitions={} rf=3", partitions / topics)));
    }
    for producer in 0..10u64 {
        let topic = names[(producer % topics) as usize];
        acts.push((12, format!("add-producer {topic}-{producer} {topic} random-keys=500 every=10ms")));
    }
    for group in 0..groups {
        let topic = names[(group % topics) as usize];
        for member in 0..2u64 {
            acts.push((14, format!("add-consumer g{group}-{member} group-{group:02} {topic}")));
        }
    }
    link(&headers, &acts, 20)
}

const SIZES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/sizes.json");

#[test]
fn links_of_sizes_are_those_of_the_bench() {
    let sizes = [("10-60-2", sized(10, 60, 2)), ("20-200-5", sized(20, 200, 5)), ("50-500-20", sized(50, 500, 20))];
    let lines: Vec<String> = sizes.iter().map(|(name, link)| format!("  \"{name}\": \"{link}\"")).collect();
    let text = format!("{{\n{}\n}}\n", lines.join(",\n"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(SIZES, &text).expect("the folder of the browser tests can be written");
    }
    assert_eq!(std::fs::read_to_string(SIZES).unwrap_or_default(), text, "BLESS=1 writes them anew");
}

#[test]
fn heavy_links_are_those_of_the_browser_tests() {
    let mut text = String::from("{\n");
    for (index, (name, link)) in heavy().iter().enumerate() {
        let comma = if index == 0 { "" } else { ",\n" };
        write!(text, "{comma}  \"{name}\": \"{link}\"").expect("a string takes it");
        println!("{name}: {} characters", link.len());
    }
    text.push_str("\n}\n");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(FILE, &text).expect("the folder of the browser tests can be written");
    }
    assert_eq!(std::fs::read_to_string(FILE).unwrap_or_default(), text, "BLESS=1 writes them anew");
}
