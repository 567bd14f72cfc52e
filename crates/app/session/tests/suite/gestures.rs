//! What gestures leave in the terminal, what Tab makes of a line, files of nodes, and words in both languages.

use super::tools::{printed, session};
use session::{Act, Asker, LineKind, Playback, Session, ViewOptions};
use view::text::Language;

const EN: Language = Language::English;

/// Lines that gestures have left since the last time.
fn echoes(session: &mut Session) -> Vec<String> {
    let frame = session.frame(&ViewOptions { language: EN, ..ViewOptions::default() });
    let of_gestures = frame.answers.iter().filter(|answer| answer.asker == Asker::Gesture);
    let lines = of_gestures.flat_map(|answer| answer.tool.clone().unwrap_or_default());
    lines.inspect(|line| assert_eq!(line.kind, LineKind::Echo)).map(|line| line.text).collect()
}

/// Whatever is done by hand is told as the line that does the same: read again, it is the same command. It is told once.
#[test]
fn a_gesture_is_told_as_its_line() {
    let mut session = session();
    let choices = session.frame(&ViewOptions { language: EN, ..ViewOptions::default() }).choices.clone();
    let process = |name: &str| choices.nodes.iter().find(|node| &*node.name == name).expect("it is there").process;
    let acts = [
        Act::Kill(process("2")),
        Act::Start(process("2")),
        Act::Pause(process("web")),
        Act::Cut(process("1"), process("3")),
        Act::HealAll,
        Act::Call(process("billing-1"), view::ConsumerCall::Pause(Vec::new())),
        Act::AddProducer {
            name: "x".to_owned(),
            topic: "orders".to_owned(),
            keys: Vec::new(),
            rate: 5,
            acks: session::Acks::All,
            settings: Vec::new(),
        },
    ];
    for act in acts {
        let outcome = session.act(&act, EN);
        let told = echoes(&mut session);
        if matches!(outcome, session::Outcome::Refused(_)) {
            assert!(told.is_empty(), "{act:?}: {told:?}");
            continue;
        }
        let [line] = told.as_slice() else { panic!("{act:?}: {told:?}") };
        let line = line.strip_prefix("$ ").expect("a prompt");
        let command = act.command(&choices);
        let own = script::cli::is_kafka(line).then(|| script::cli::parse(line).expect(line));
        let step = script::shell::only(line).expect(line);
        let read = own.unwrap_or_else(|| script::parse(&step.pipeline.command).expect(line));
        assert_eq!(script::print(&read), script::print(&command), "{line}");
    }
    for back in [Playback::Undo, Playback::Redo, Playback::StepBack, Playback::Step] {
        session.play(back);
        assert_eq!(echoes(&mut session), Vec::<String>::new(), "{back:?}");
    }
    printed(&mut session, "kill 3", 0);
    assert_eq!(echoes(&mut session), Vec::<String>::new());
}

#[test]
fn tab_goes_on_or_lists() {
    let session = session();
    let tool = |rest: &str| format!("kafka-configs.sh --bootstrap-server localhost:9092 {rest}");
    for (line, becomes, listed) in [
        (tool("--entity-type top"), tool("--entity-type topics"), ""),
        (
            tool("--alter --entity-type topics --add-config retention.m"),
            tool("--alter --entity-type topics --add-config retention.ms="),
            "",
        ),
        (tool("--add-config a=1,retention.m"), tool("--add-config a=1,retention.ms="), ""),
        (tool("--de"), tool("--de"), "--delete-config --describe"),
        (
            "kafka-leader-election.sh --election-type pref".to_owned(),
            "kafka-leader-election.sh --election-type preferred".to_owned(),
            "",
        ),
        ("kill bro".to_owned(), "kill bro".to_owned(), "1 2 3"),
        ("kill broker-2".to_owned(), "kill 2".to_owned(), ""),
        ("cat config/server-1".to_owned(), "cat config/server-1.properties".to_owned(), ""),
        ("cat logs/w".to_owned(), "cat logs/web.log".to_owned(), ""),
        ("jps; cat logs/w".to_owned(), "jps; cat logs/web.log".to_owned(), ""),
        ("ls /kafka-logs-1/order".to_owned(), "ls /kafka-logs-1/orders-".to_owned(), ""),
        ("nothing-like-it".to_owned(), "nothing-like-it".to_owned(), ""),
    ] {
        let completed = session.completed(&line);
        assert_eq!((completed.text, completed.listed.join(" ")), (becomes, listed.to_owned()), "{line}");
    }
    let classes = session.completed("add-producer p orders partitioner.class=").listed;
    assert!(classes.len() > 1 && classes.iter().any(|class| class.ends_with("RoundRobinPartitioner")), "{classes:?}");
}

#[test]
fn files_of_nodes_are_read_and_processes_listed() {
    let mut session = session();
    for (line, wanted) in [
        ("ls /kafka-logs-1 | grep -c '^meta.properties$'", "1"),
        ("cat /kafka-logs-1/meta.properties | grep node.id", "node.id=1"),
        ("cat /kafka-logs-1/nothing", "cat: /kafka-logs-1/nothing: No such file or directory"),
        ("cat /kafka-logs-1/orders-0", "cat: /kafka-logs-1/orders-0: Is a directory"),
        ("ls -l", "bin  config  data  logs"),
        ("ls -la logs | grep web", "web.log"),
        ("jps -l | head -1 | grep -c 'kafka.Kafka$'", "1"),
        ("jps -m | grep server-2 | grep -c 'Kafka config/server-2.properties'", "1"),
        ("help add-producer", "add-producer NAME"),
        ("help kafka-topics.sh", "This tool helps to create"),
        ("help nothing", "No such command"),
    ] {
        let lines = printed(&mut session, line, 0);
        assert!(lines.first().is_some_and(|first| first.starts_with(wanted)), "{line}: {lines:?}");
    }
    let log = printed(&mut session, "cat /kafka-logs-1/orders-0/00000000000000000000.log", 0);
    assert!(log[0].contains("kafka-dump-log.sh"), "{log:?}");
    // Each text file that is listed can be read.
    for file in printed(&mut session, "ls /kafka-logs-1 | grep -E 'checkpoint|properties'", 0) {
        let lines = printed(&mut session, &format!("cat /kafka-logs-1/{file}"), 0);
        assert!(lines.len() > 1, "{file}: {lines:?}");
    }
}
