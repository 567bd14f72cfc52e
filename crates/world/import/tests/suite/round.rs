//! Describe → world → describe: random clusters are brought into random states, told, read, brought there anew and told
//! again. Where the two texts differ the trial has said so.

use base::{Draw, Rng};
use import::{Trial, import, state};
use play::{Going, Player};
use script::Scenario;
use sim::ClusterIndex;
use std::fmt::Write as _;

/// A cluster that has been through something, as a text.
fn history(rng: &mut Rng) -> String {
    let brokers = 1 + rng.below(5);
    let mut text = format!("blumfeld 1\nbrokers: {brokers}\ncontrollers: 1\n");
    if rng.chance(1, 4) {
        text.push_str("elr: off\n");
    }
    let mut now = 8;
    for topic in 0..1 + rng.below(3) {
        let copies = 1 + rng.below(brokers.min(3));
        let mut lists = Vec::new();
        for _ in 0..1 + rng.below(4) {
            let first = rng.below(brokers);
            let mut ids: Vec<String> = (0..copies).map(|step| (1 + (first + step) % brokers).to_string()).collect();
            if rng.chance(1, 3) {
                ids.reverse();
            }
            lists.push(ids.join(","));
        }
        let min = 1 + rng.below(copies);
        writeln!(text, "@{now}s create-topic t{topic} assign={} min.insync.replicas={min}", lists.join("/")).unwrap();
        now += 1;
    }
    if rng.chance(1, 3) {
        now = clients(rng, &mut text, now);
    }
    let mut down = Vec::new();
    for _ in 0..rng.below(4) {
        now += 15;
        let id = 1 + rng.below(brokers);
        if let Some(at) = down.iter().position(|each| *each == id) {
            down.remove(at);
            writeln!(text, "@{now}s start {id}").unwrap();
        } else if (down.len() as u32) < brokers {
            down.push(id);
            let verb = if rng.chance(1, 2) { "kill" } else { "stop" };
            writeln!(text, "@{now}s {verb} {id}").unwrap();
        }
    }
    if rng.chance(1, 3) {
        now += 15;
        writeln!(text, "@{now}s elect-leaders preferred").unwrap();
    }
    writeln!(text, "@{}s", now + 20).unwrap();
    text
}

/// Records and a group that has read some of them.
fn clients(rng: &mut Rng, text: &mut String, now: u32) -> u32 {
    let count = 1 + rng.below(40);
    writeln!(text, "@{now}s add-producer web t0 keys=a,b,c,d,e every=20ms limit={count}").unwrap();
    writeln!(text, "@{}s add-consumer g-1 billing t0 auto.offset.reset=earliest", now + 1).unwrap();
    if rng.chance(1, 2) {
        writeln!(text, "@{}s add-consumer g-2 billing t0 auto.offset.reset=earliest", now + 1).unwrap();
        writeln!(text, "@{}s stop g-2", now + 17).unwrap();
    }
    if rng.chance(1, 2) {
        writeln!(text, "@{}s stop g-1", now + 20).unwrap();
        writeln!(text, "@{}s add-producer app t0 keys=a,b,c,d,e every=20ms limit={count}", now + 22).unwrap();
    }
    now + 25
}

fn told(player: &Player) -> String {
    state::described(&player.world.cluster(ClusterIndex::FIRST).expect("the only one"))
}

/// The controller draws the ids of topics, and coordinators those of members.
fn without_ids(text: &str) -> String {
    let drawn =
        |word: &str| word.len() > 37 && word.as_bytes()[word.len() - 37] == b'-' && word.matches('-').count() > 4;
    let word = |word: &str| if drawn(word) { "<member>".to_owned() } else { word.to_owned() };
    let line = |line: &str| match (line.find("\tTopicId: "), line.find("\tPartitionCount")) {
        (Some(from), Some(to)) => format!("{}{}", &line[..from], &line[to..]),
        _other if line.starts_with("billing") => line.split_whitespace().map(word).collect::<Vec<_>>().join(" "),
        _other => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_told_comes_to_stand_and_is_told_again() {
    let (mut same, mut missed) = (0, Vec::new());
    let runs = std::env::var("SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(60);
    for seed in 0..runs {
        let text = history(&mut Rng::new(seed, 1));
        let mut player = Player::new(Scenario::parse(&text).expect("ours")).expect("no looks");
        while player.go(100_000) == Going::UnderWay {}
        assert!(player.failure().is_none(), "{seed}: {:?}\n{text}", player.failure());
        let first = told(&player);
        let imported = import([("", first.as_str())], "again");
        assert_eq!(imported.report.kept(), 0, "{seed}: {:?}\n{first}", imported.report);
        let mut trial = Trial::new(&imported.scenario, 3_000_000);
        while trial.go(100_000) {}
        let second = told(trial.player().expect("it begins"));
        let is_same = without_ids(&first) == without_ids(&second);
        if is_same {
            same += 1;
            assert_eq!(trial.unreached(), Vec::new(), "{seed}");
        } else {
            // Nobody is told that all is well where it is not.
            assert!(!trial.unreached().is_empty(), "{seed}: silent difference\n{text}\n{first}\n{second}");
            missed.push(format!("{seed}:\n{text}\n{first}\n{second}\n{:?}", trial.unreached()));
        }
        // What it leads to can be handed on.
        let written = imported.scenario.text().expect("every imported run has a text");
        assert_eq!(Scenario::parse(&written).expect("it is read again").commands, imported.scenario.commands);
    }
    if std::env::var("MISSED").is_ok() {
        println!("{}", missed.join("\n----\n"));
    }
    println!("{same} of {runs}");
    assert!(same * 10 >= runs * 9, "{same} of {runs}");
}
