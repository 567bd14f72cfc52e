//! `blumfeld import` and `blumfeld export` as a person calls them.

use std::path::{Path, PathBuf};
use std::process::Command;

const PASTE: &str = "\
[2026-11-27 09:14:02,118] WARN [AdminClient clientId=adminclient-1] Connection to node -1 could not be established.
Topic: orders\tTopicId: 3Kq0ZJ1vQxC8mJt0N7dYbA\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: min.insync.replicas=2
\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: 
\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,3,4\tIsr: 2,3\tElr: \tLastKnownElr: 
";

fn blumfeld(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_blumfeld")).args(arguments).output().expect("it starts");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), words(&output.stdout), words(&output.stderr))
}

fn file(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_paste_becomes_a_run_and_comes_out_again() {
    let paste = file("own-paste.txt", PASTE);
    let (code, text, report) = blumfeld(&["import", &paste, "--title", "Ours"]);
    assert_eq!(code, 0, "{report}");
    assert!(
        report.starts_with("3 lines understood, 1 not understood and kept\n? ")
            && report.contains("own-paste.txt:1: [2026"),
        "{report}"
    );
    assert!(report.contains("= Broker 4 is down: it is a replica and nowhere in sync.\n"), "{report}");
    assert!(text.starts_with("blumfeld 1\ntitle: Ours\n"), "{text}");
    let run = file("own-run.txt", &text);
    let (code, told, _) = blumfeld(&["run", &run]);
    assert!(code == 0 && told.contains("held"), "{told}");
    let (code, described, _) = blumfeld(&["export", &run]);
    assert_eq!(code, 0);
    let partitions =
        |text: &str| text.lines().filter(|line| line.starts_with('\t')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(partitions(&described), partitions(PASTE));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-files");
    let (code, files, _) = blumfeld(&["export", &run, "--to", &folder.to_string_lossy()]);
    assert!(code == 0 && files.contains("repeat.sh") && files.contains("docker-compose.yaml"), "{files}");
    // The cluster's own files say the same cluster again.
    let (code, _, report) =
        blumfeld(&["import", &folder.join("docker-compose.yaml").to_string_lossy(), "--lang", "zh"]);
    assert!(code == 0 && report.starts_with("读懂 "), "{report}");
}

#[test]
fn what_cannot_be_reached_is_said() {
    let text = "\
Topic: a\tTopicId: x\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: 
\tTopic: a\tPartition: 0\tLeader: 2\tReplicas: 1,2\tIsr: 1,2\tElr: \tLastKnownElr: 
\tTopic: a\tPartition: 1\tLeader: 1\tReplicas: 2,1\tIsr: 2,1\tElr: \tLastKnownElr: 
";
    let (code, _, report) = blumfeld(&["import", &file("own-crossed.txt", text)]);
    assert!(code == 1 && report.contains("! Not reached: "), "{report}");
    let (code, _, report) = blumfeld(&["import", "/no/such/file"]);
    assert!(code == 1 && report.contains("cannot be read"), "{report}");
}
