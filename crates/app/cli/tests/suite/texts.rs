//! `blumfeld run` and `blumfeld lint` as a person calls them: what they print and how they leave.

use std::path::PathBuf;
use std::process::{Command, Output};

const TEXT: &str = "\
blumfeld 1
title: A leader dies
brokers: 3
controllers: 1
vary: who = 1 | 2
predict: number of acked at sent

@8s create-topic orders assign=1,2,3
+500ms add-producer web orders acks=all
@9s see leader orders-0 is 1 [semantics 7.1]
send web a
@10s mark sent
kill $who
@30s
when who=1: see leader orders-0 is 2 [semantics 7.2]
when who=2: see leader orders-0 is 1 [semantics 7.2]
";

fn blumfeld(arguments: &[&str]) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_blumfeld"));
    let output: Output = program.args(arguments).stdin(std::process::Stdio::null()).output().expect("it starts");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), words(&output.stdout), words(&output.stderr))
}

/// A file of its own, named after the test that needs it.
fn file(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_text_is_run_for_every_choice() {
    let path = file("run.txt", TEXT);
    let (code, out, err) = blumfeld(&["run", &path]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("run.txt who=1\n") && out.contains("run.txt who=2\n"), "{out}");
    assert!(out.contains("held    line 15, 30.000 s: see leader orders-0 is 2 [semantics 7.2]\n"), "{out}");
    assert!(out.contains("read    acked at sent: 1\n") && out.contains("\nledger: sent 1 acked 1 "), "{out}");
    let (code, one, _) = blumfeld(&["run", &path, "--with", "who=2", "--lang", "zh"]);
    assert!(code == 0 && one.matches("== ").count() == 1 && one.contains("Broker 2"), "{one}");
    let (code, all, _) = blumfeld(&["run", &path, "--with", "who=1", "--all"]);
    assert!(code == 0 && all.contains("BrokerFenced 1 SessionExpired"), "{all}");
    let (code, _, err) = blumfeld(&["run", &path, "--with", "who=3"]);
    assert!(code == 2 && err.contains("who is not varied to '3'"), "{err}");
}

/// A link that holds a text is run, linted and replayed as its file is; with a run beside it that run is replayed.
#[test]
fn a_link_with_a_text_is_run_as_its_file() {
    let link = script::link::lesson::of_text(TEXT).expect("it is short");
    let lines = |(code, out, err): (i32, String, String)| {
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        out.lines().skip(1).filter(|line| !line.starts_with("== ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let path = file("linked.txt", TEXT);
    let alone = file("link.txt", &format!("https://page.example/?lang=zh{link}\n"));
    for named in [link.as_str(), alone.as_str()] {
        assert_eq!(
            lines(blumfeld(&["run", named, "--with", "who=1"])),
            lines(blumfeld(&["run", &path, "--with", "who=1"]))
        );
        assert_eq!(lines(blumfeld(&["replay", named])), lines(blumfeld(&["replay", &path])), "{named}");
    }
    let run = script::file::open(TEXT.replace("blumfeld 1\n", "").as_bytes()).and_then(script::file::Held::run);
    let beside = script::link::lesson::beside(&link, &run.map(|run| run.write()).expect("a run"));
    let (code, out, err) = blumfeld(&["replay", &beside]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let (code, _, err) = blumfeld(&["run", &link[..60]]);
    assert!(code != 0 && err.contains("the link holds a text that cannot be read"), "{err}");
}

#[test]
fn what_does_not_hold_is_told_with_what_was_there() {
    let path = file("fails.txt", &TEXT.replace("see leader orders-0 is 2", "see leader orders-0 is 3"));
    let (code, out, _) = blumfeld(&["run", &path]);
    assert_eq!(code, 1, "{out}");
    let told = "failed  line 15, 30.000 s: see leader orders-0 is 3 [semantics 7.2]\n        \
                leader orders-0 is '2 epoch 1' (looked for '3')\n";
    assert!(out.contains(told), "{out}");
    let (code, out, _) = blumfeld(&["run", &path, "--json"]);
    let runs: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((code, runs.len()), (1, 2));
    let run = &runs[0];
    assert_eq!((&run["ok"], &run["with"]["who"], &run["ledger"]["acked"]), (&false.into(), &"1".into(), &1.into()));
    assert_eq!((&run["see"][1]["state"], &run["see"][1]["line"]), (&"failed".into(), &15.into()));
    assert_eq!(run["see"][1]["instead"], "leader orders-0 is '2 epoch 1' (looked for '3')");
    assert_eq!((&run["read"][0]["value"], &runs[1]["ok"]), (&"1".into(), &true.into()));
}

#[test]
fn a_run_that_cannot_go_on_says_at_which_line() {
    let path = file("stops.txt", &TEXT.replace("kill $who", "kill 9"));
    let (code, out, _) = blumfeld(&["run", &path, "--with", "who=1"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("\nstopped: line 13, ") && out.contains("not run line 15"), "{out}");
}

#[test]
fn every_mistake_of_a_text_is_told_with_its_place() {
    let path = file(
        "wrong.txt",
        &TEXT.replace("kill $who", "kil $whom; see leadr orders-0 is 1").replace("brokers", "brokrs"),
    );
    let (code, out, err) = blumfeld(&["run", &path]);
    assert_eq!((code, out.as_str()), (2, ""));
    for told in [
        "line 3, column 1: there is no header 'brokrs'; the nearest is 'brokers'",
        "line 13, column 6: nothing is varied under the name 'whom'; the nearest is 'who'",
    ] {
        assert!(err.contains(told), "{err}");
    }
    let (code, out, _) = blumfeld(&["lint", &path]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("wrong.txt:3:1: error: there is no header 'brokrs' (nearest: brokers)\n"), "{out}");
}

#[test]
fn what_a_lesson_lacks_is_told() {
    let words = "\n== en\ntitle: Who leads?\nterms: ISR, ISSR\ngoal: ".to_owned() + &"x".repeat(121);
    let path = file("lacks.txt", &(TEXT.to_owned() + &words));
    let (code, out, _) = blumfeld(&["lint", &path]);
    assert_eq!(code, 1, "{out}");
    for told in [
        "'== zh' is missing in zh",
        "'goal' has 121 letters, at most 120 fit",
        "'mark sent' is missing in en",
        "remark: the glossary does not know 'ISSR'",
        "'check' is missing in the headers",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    let (code, out, err) =
        blumfeld(&["lint", &file("well.txt", &TEXT.replace("predict: number of acked at sent\n", ""))]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    assert_eq!(blumfeld(&["lint"]).0, 2);
}
