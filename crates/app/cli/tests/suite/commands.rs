//! The program as a person calls it: what it prints and how it leaves.

use base::{Span, Time};
use lab::{Intent, Lab};
use script::link::{Link, Origin};
use script::{PlacedCommand, Scenario};
use sim::{NetworkSetup, ServiceTimes, Setup};
use std::path::PathBuf;
use std::process::{Command, Output};

const EXPERIMENT: &str = "\
title: A leader dies while records are written
seed: 11
brokers: 3
controllers: 3
open: 20s
@3s create-topic orders assign=1,2,3/2,3,1 min.insync.replicas=2
@10s add-producer web orders keys=A,B every=200ms acks=all
";

fn blumfeld(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_blumfeld"));
    program.args(arguments).stdin(std::process::Stdio::null()).output().expect("it starts")
}

fn text(output: &Output) -> (i32, String, String) {
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), words(&output.stdout), words(&output.stderr))
}

/// A file of its own, named after the test that needs it.
fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written");
    path
}

fn link() -> String {
    let mut lab = Lab::new(Scenario::parse(EXPERIMENT).expect("our own"));
    lab.dispatch(Intent::Line("kill 1".into())).expect("kills");
    lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(15))).expect("time goes on");
    lab.share().expect("it fits into a link")
}

#[test]
fn a_shared_run_matches_wherever_its_link_stands() {
    let link = link();
    let alone = file("alone.txt", &format!("{link}\n"));
    let address = format!("https://example.org/blumfeld/?lang=en{link}");
    for named in [link.as_str(), address.as_str(), &alone.to_string_lossy()] {
        let (code, out, err) = text(&blumfeld(&["replay", named]));
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.contains("> kill 1") && out.contains("BrokerFenced"), "{out}");
        assert!(
            out.contains("\nledger        sent ") && out.ends_with("It matches: every event was the same.\n"),
            "{out}"
        );
    }
}

#[test]
fn a_forged_digest_is_told_with_both_numbers() {
    let mut forged = Link::read(&link()).expect("our own");
    let true_one = forged.state_digest;
    forged.state_digest.0 ^= 1;
    let (code, out, _) = text(&blumfeld(&["replay", &forged.write(), "--events", "none"]));
    assert_eq!(code, 1, "{out}");
    let line = format!("state digest  {true_one}  the link says {}", forged.state_digest);
    assert!(out.contains(&line) && out.contains("It differs"), "{out}");
    assert!(!out.contains("> kill 1"));
}

#[test]
fn a_scenario_is_run_and_json_says_the_same() {
    let scenario = file("scenario.txt", EXPERIMENT).to_string_lossy().into_owned();
    let (code, out, _) = text(&blumfeld(&["replay", &scenario, "--until", "30s", "--json"]));
    assert_eq!(code, 0, "{out}");
    let json: serde_json::Value = serde_json::from_str(&out).expect("one object");
    assert_eq!(json["outcome"], "unchecked");
    assert_eq!(json["endNanos"], Time(30_000_000_000).0);
    assert_eq!(json["ledger"]["lost"], 0);
    assert!(json["ledger"]["acked"].as_u64().is_some_and(|acked| acked > 50), "{out}");
    let (_, lines, _) = text(&blumfeld(&["replay", &scenario, "--until", "30s", "--events", "none"]));
    assert!(lines.contains(json["state"].as_str().expect("a digest")), "{lines}");
}

/// Nodes that need no time for anything, and a consumer that never waits: a nanosecond per event.
#[test]
fn a_run_without_an_end_is_stopped() {
    let zero = Span(0);
    let mut setup = Setup::new(1, 1).with("offsets.topic.replication.factor", "1");
    setup.network = NetworkSetup { latency: zero, jitter: zero, per_kib: zero, ..NetworkSetup::default() };
    setup.service = ServiceTimes { per_event: zero, per_kib: zero };
    let lines = ["create-topic orders assign=1", "add-consumer c g orders fetch.max.wait.ms=0"];
    let commands = (5u64..).zip(lines).map(|(second, line)| PlacedCommand {
        after: Time(second * 1_000_000_000),
        command: script::parse(line).expect("a line"),
    });
    let mut link = Link::read(&link()).expect("our own");
    (link.commands, link.origin) = (commands.collect(), Origin::Setup(Box::new(setup)));
    let (code, out, err) = text(&blumfeld(&["replay", &link.write(), "--events", "none"]));
    assert_eq!(code, 1, "{out} {err}");
    assert!(out.contains("Stopped before its end: the clock stands still at 9."), "{out}");
}

#[test]
fn what_cannot_be_replayed_is_said_in_words() {
    let link = link();
    let half = &link[..link.len() * 3 / 4];
    let empty = file("empty.txt", "\n").to_string_lossy().into_owned();
    let noise = file("noise.txt", "seed: 1\n@2s explode\n").to_string_lossy().into_owned();
    for (arguments, expected, words) in [
        (vec!["replay", half], 1, "cut off"),
        (vec!["replay", "#b7.AAAA"], 1, "format 7, which is newer"),
        (vec!["replay", "no-such-file"], 1, "'no-such-file' is no link (#b1.… or #t1.…), and cannot be read"),
        (vec!["replay", &empty], 1, "neither a link nor a scenario"),
        (vec!["replay", &noise], 1, "line 2, column 5: there is no command 'explode'"),
        (vec!["replay", &link, "--until", "3s"], 1, "--until is for scenarios"),
        (vec!["replay"], 2, "replay needs a link or a file"),
        (vec!["replay", &link, "again"], 2, "again"),
        (vec!["replay", &link, "--events", "some"], 2, "--events takes none, major or all, not 'some'"),
        (vec!["replay", &empty, "--until", "soon"], 2, "--until needs a time such as 90s, not 'soon'"),
        (vec!["fuzz", "--seeds", "0"], 2, "--seeds needs a number from 1 on, not '0'"),
        (vec!["fuzz", "--first", "-1"], 2, "--first needs a number from 0 on, not '-1'"),
        (vec!["fuzz", "--flavour", "mint"], 2, "there is no kind of faults 'mint'"),
        (vec!["fuzz", "--seed", "1"], 2, "--seed"),
        (vec!["bench", "nothing"], 2, "there is no measurement 'nothing'"),
        (vec!["explode"], 2, "there is no command 'explode'"),
        (vec![], 2, "what shall it do?"),
    ] {
        let (code, out, err) = text(&blumfeld(&arguments));
        assert_eq!(code, expected, "{arguments:?}: {out} {err}");
        assert!(err.contains(words) || out.contains(words), "{arguments:?}: {out} {err}");
        assert_eq!(code == 2, err.contains("blumfeld <command>"), "{arguments:?}: usage goes with a wrong question");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[test]
fn random_faults_run_from_the_command_line() {
    let (code, out, err) = text(&blumfeld(&["fuzz", "--seeds", "2", "--first", "3", "--jobs", "1"]));
    assert_eq!(code, 0, "{out} {err}");
    assert!(out.ends_with("2 runs from seed 3 on, 0 failed\n"), "{out}");
}

#[cfg(not(feature = "mutants"))]
#[test]
fn a_build_without_planted_bugs_says_so() {
    let (code, _, err) = text(&blumfeld(&["fuzz", "--mutants"]));
    assert_eq!(code, 1);
    assert!(err.contains("built without planted bugs") && err.contains("--features mutants"), "{err}");
}

#[test]
fn a_journal_tells_who_sent_what_to_whom() {
    let link = link();
    let stretch = ["--from", "15s", "--until", "17s"];
    let (code, out, err) = text(&blumfeld(&[&["journal", &link], &stretch[..], &["--api", "Produce"]].concat()));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines.len() > 10, "{out}");
    assert!(lines[0].starts_with("web → Broker ") && lines[0].contains(": Produce request, version 13, "), "{out}");
    let last = lines[lines.len() - 1];
    assert_eq!(last, format!("{} messages from 15.000000 s to 17.000000 s", lines.len() - 1));
    let (code, json, _) =
        text(&blumfeld(&[&["journal", &link], &stretch[..], &["--api", "Produce", "--json"]].concat()));
    let objects: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!((code, objects.len()), (0, lines.len() - 1));
    assert!(objects.iter().all(|object| object["api"] == "Produce" && object["sentNanos"].is_u64()));
    let asked = objects.iter().find(|object| object["kind"] == "request").expect("web writes");
    assert_eq!((&asked["from"], &asked["version"], &asked["outcome"]), (&"web".into(), &13.into(), &"arrived".into()));
    let (_, of_node, _) =
        text(&blumfeld(&[&["journal", &link], &stretch[..], &["--node", "broker-2", "--json"]].concat()));
    assert!(of_node.lines().count() > 10 && of_node.lines().all(|line| line.contains("\"2\"")), "{of_node}");
    for (option, value, said) in [
        ("--api", "Fetched", "There is no API 'Fetched'."),
        ("--node", "broker-9", "There is no process 'broker-9'."),
        ("--until", "10000s", "nothing is told of what has not happened yet."),
    ] {
        let (code, _, err) = text(&blumfeld(&["journal", &link, option, value]));
        assert!(code == 1 && err.contains(said), "{err}");
    }
    assert_eq!(text(&blumfeld(&["journal"])).0, 2);
}
