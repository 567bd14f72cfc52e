//! Lines of the terminal that are entered at one instant: one after the other, each when the one before was answered.

use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, TerminalLine, ViewOptions, pasted};
use view::Time;
use view::text::Language;

const EN: Language = Language::English;

fn session() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&options()).way.is_some() {
        session.advance(16.0, EN);
    }
    session
}

fn options() -> ViewOptions {
    ViewOptions {
        language: EN,
        details: false,
        internal: false,
        selection: None,
        partition: None,
        pointed: None,
        reduced_motion: false,
        compare: false,
        ..ViewOptions::default()
    }
}

/// As the page does it: all lines at once, then frame by frame whatever has its turn.
fn run(session: &mut Session, lines: &[String], frames: u32) -> Vec<String> {
    let mut printed = Vec::new();
    for line in lines {
        session.enter(line, EN).expect("there is room");
    }
    for _ in 0..=frames {
        while session.due(EN).is_some() {
            printed.extend(session.take_turn(EN));
        }
        session.advance(16.0, EN);
        let frame = session.frame(&options());
        printed.extend(frame.answers.iter().flat_map(|answer| match &answer.asker {
            session::Asker::Line(line) => session::printed(line, answer),
            session::Asker::Page | session::Asker::Act(_) | session::Asker::Text | session::Asker::Gesture => {
                Vec::new()
            }
        }));
    }
    printed.into_iter().map(|line: TerminalLine| line.text).collect()
}

fn acts(session: &Session) -> Vec<(String, Time)> {
    let link = script::link::Link::read(&session.link_at_once()).expect("it opens");
    link.commands.iter().map(|act| (script::print(&act.command), act.after)).collect()
}

fn topics(session: &Session, topic: &str) -> usize {
    session.partitions_named(&format!("{topic}-")).len()
}

/// One row for each way in which lines given at one instant could race.
#[test]
fn lines_of_one_instant_happen_one_after_the_other() {
    let rows: [(&[&str], &str, usize); 4] = [
        // The consumer would have the topic created as 1 × 1.
        (&["create-topic mix assign=1/2/3", "add-consumer c g mix"], "mix", 3),
        (&["create-topic mix partitions=2 rf=1", "add-partitions mix 4"], "mix", 4),
        (&["create-topic mix partitions=2 rf=1", "delete-topic mix", "create-topic mix partitions=5 rf=1"], "mix", 5),
        (
            &[
                "create-topic mix partitions=2 rf=9",
                "create-topic mix partitions=3 rf=1",
                "add-producer p mix keys=a every=1s",
            ],
            "mix",
            3,
        ),
    ];
    for (lines, topic, partitions) in rows {
        let mut session = session();
        session.play(Playback::Toggle);
        let lines = pasted(&lines.join("\n"));
        let printed = run(&mut session, &lines, 6_000);
        assert_eq!(topics(&session, topic), partitions, "{printed:#?}");
        assert_eq!(acts(&session).len(), lines.len(), "{printed:#?}");
        assert_eq!(session.waiting(EN), None);
        let prompts: Vec<&String> = printed.iter().filter(|line| line.starts_with("$ ")).collect();
        assert_eq!(prompts.len(), lines.len());
        let answered = printed.iter().position(|line| line == "Created topic mix.").expect("it is answered");
        let next = printed.iter().rposition(|line| line.starts_with("$ ")).expect("it is run");
        assert!(answered < next, "{printed:#?}");
    }
}

#[test]
fn while_time_stands_still_the_reader_is_told_to_let_it_pass() {
    let mut session = session();
    let lines = ["create-topic mix assign=1/2/3".to_owned(), "add-consumer c g mix".to_owned()];
    run(&mut session, &lines, 100);
    assert_eq!(acts(&session).len(), 1);
    let told = session.frame(&options()).waiting_line.expect("a sign");
    assert_eq!(
        told,
        "… waiting for the answer to create-topic mix assign=1/2/3 (1 line after it). Time stands still: press play."
    );
    let chinese = session.waiting(Language::Chinese).expect("a sign");
    assert!(chinese.contains("create-topic mix") && chinese.contains("时间停着"), "{chinese}");
    session.play(Playback::Toggle);
    let told = session.waiting(EN).expect("a sign");
    assert_eq!(told, "… waiting for the answer to create-topic mix assign=1/2/3 (1 line after it)");
    run(&mut session, &[], 4_000);
    assert_eq!((topics(&session, "mix"), acts(&session).len(), session.waiting(EN)), (3, 2, None));
}

#[test]
fn lines_about_time_have_their_turn_too() {
    let mut session = session();
    let lines =
        pasted("create-topic mix assign=1/2/3\nseek 40s\nkill 2\nseek 50s\nkill 3\nundo\nseek 30s\nfork\nkill 1\nplay");
    let printed = run(&mut session, &lines, 600);
    let done: Vec<(String, u64)> = acts(&session).into_iter().map(|(line, at)| (line, at.0 / 1_000_000_000)).collect();
    let expected = [("create-topic mix assign=1/2/3", 24), ("kill 1", 30), ("kill 2", 40)];
    assert_eq!(done, expected.map(|(line, at)| (line.to_owned(), at)), "{printed:#?}");
    assert!(session.frame(&options()).timeline.playing);
}

#[test]
fn lines_whose_question_is_taken_back_are_not_run() {
    let mut session = session();
    let lines = ["create-topic mix assign=1/2/3".to_owned(), "add-consumer c g mix".to_owned()];
    run(&mut session, &lines, 1);
    session.play(Playback::Undo);
    let printed = run(&mut session, &[], 10);
    assert_eq!(printed.last().map(String::as_str), Some("What they waited for was taken back: 1 line not run."));
    assert_eq!((acts(&session).len(), session.waiting(EN)), (0, None));
    run(&mut session, &lines, 1);
    assert_eq!((session.drop_lines(), session.waiting(EN)), (1, None), "and whoever changes his mind drops them");
    for _ in 0..1_000 {
        session.enter("list-topics", EN).expect("there is room");
    }
    session.enter("list-topics", EN).expect_err("there is an end to it");
}

/// Nothing is done by the question, and what was asked of the cluster before is awaited as by any line.
#[test]
fn where_a_key_goes_is_asked_without_sending() {
    let mut session = session();
    let before = (session.link_at_once(), session.counts());
    let lines = |session: &mut Session, line: &str, language| {
        let printed = session.line(line, language).into_iter().skip(1);
        printed.map(|line| line.text).collect::<Vec<_>>()
    };
    let told = lines(&mut session, "where orders key=order-1", EN);
    let reckoning = "murmur2(order-1) = 1221710326, & 0x7fffffff = 1221710326, % 3 = 1";
    assert_eq!(told, [reckoning, "orders-1; broker 2 leads it."]);
    assert_eq!(lines(&mut session, "where key=order-1", EN), told, "there is one topic");
    let chinese = lines(&mut session, "where orders key=order-1", Language::Chinese);
    assert_eq!(chinese, [reckoning, "orders-1，Leader 是 2。"]);
    let spaced = lines(&mut session, "where orders key=\"a b\"", EN);
    assert!(spaced[0].starts_with("murmur2(a b) = "), "{spaced:?}");
    let keyless = lines(&mut session, "where orders", EN);
    assert!(keyless.len() == 1 && keyless[0].contains("sticky"), "{keyless:?}");
    let empty = lines(&mut session, "where orders key=", EN);
    assert!(empty[0].starts_with("murmur2() = "), "an empty key is a key: {empty:?}");
    assert_eq!(lines(&mut session, "where nope key=a", EN), ["There is no topic nope."]);
    for wrong in ["where orders payments", "where key=a key=b", "where orders key=a b"] {
        let told = lines(&mut session, wrong, EN);
        assert!(told.len() == 1 && told[0].contains("where [TOPIC] [key=KEY]"), "{told:?}");
    }
    assert_eq!((session.link_at_once(), session.counts()), before);
    session.play(Playback::Toggle);
    let pasted = pasted("create-topic mix partitions=4 rf=1\nwhere mix key=order-1");
    let printed = run(&mut session, &pasted, 2_000);
    assert!(printed.iter().any(|line| line.ends_with("% 4 = 2")), "{printed:#?}");
}

#[test]
fn a_journal_tells_the_messages_of_a_stretch_and_changes_nothing() {
    let mut session = session();
    let before = (session.link_at_once(), session.counts());
    let lines = |session: &mut Session, line: &str, language| {
        let printed = session.line(line, language).into_iter().skip(1);
        printed.map(|line| line.text).collect::<Vec<_>>()
    };
    let told = lines(&mut session, "journal api=Produce", EN);
    assert!(told.len() > 2 && told[0].contains(" messages from "), "{told:?}");
    let request = told.iter().find(|line| line.contains("Produce request, version 13, ")).expect("somebody writes");
    assert!(request.contains(" → Broker ") && request.contains("correlation id "), "{request}");
    assert!(request.contains(" bytes, connection ") && request.contains("; sent at "), "{request}");
    assert!(told.iter().any(|line| line.contains("Produce response") && line.contains("arrived at ")), "{told:?}");
    let chinese = lines(&mut session, "journal api=produce", Language::Chinese);
    assert_eq!(chinese.len(), told.len());
    assert!(chinese[1].contains("Produce") && chinese[1].contains("发出"), "{chinese:?}");
    for (line, wanted) in [
        ("journal soon", "'soon' is no instant such as 12.5s, and neither api=NAME nor node=NAME."),
        ("journal api=Fetched", "There is no API 'Fetched'."),
        ("journal node=99", "There is no process '99'."),
        ("journal 2s 1s", "The stretch ends before it begins."),
    ] {
        assert_eq!(lines(&mut session, line, EN), [wanted]);
    }
    let future = lines(&mut session, "journal 1s 500s", EN);
    assert!(future.len() == 1 && future[0].ends_with("nothing is told of what has not happened yet."), "{future:?}");
    let much = lines(&mut session, "journal 0s", EN);
    assert!(much.len() == 1 && much[0].starts_with("Too much: "), "{much:?}");
    let frame = lines(&mut session, "frame request api=Produce", EN);
    assert!(frame[0].starts_with("Produce request, version 13: ") && frame[1].contains("size = "), "{frame:?}");
    assert_eq!(lines(&mut session, "frame api=CreateTopics", EN), ["No such message."]);
    assert_eq!(lines(&mut session, "frame api=Fetched", EN), ["There is no API 'Fetched'."]);
    let votes = lines(&mut session, "frame api=BrokerHeartbeat 0s 2s", EN);
    assert_eq!(votes, ["Bytes of this BrokerHeartbeat message are not laid out."]);
    assert!(session.line("help", EN).iter().any(|line| line.text.starts_with("journal [FROM]")));
    let settings = ["app.sink=", "app.sink.id=", "app.sink.error="];
    assert_eq!(
        session.complete("add-consumer w readers orders app.s"),
        settings.map(|setting| format!("add-consumer w readers orders {setting}"))
    );
    assert_eq!(
        session.complete("add-consumer w readers orders app.commit=e"),
        ["add-consumer w readers orders app.commit=every:"]
    );
    assert_eq!(
        session.complete("add-producer p orders app.send="),
        ["on", "wait"].map(|word| format!("add-producer p orders app.send={word}"))
    );
    assert_eq!(session.complete("add-producer p orders lin"), ["add-producer p orders linger.ms="]);
    assert!(session.complete("add-producer p orders ").iter().all(|line| !line.ends_with('=')), "names alone");
    assert_eq!(session.complete("jou"), ["journal "]);
    assert_eq!(session.complete("journal 1s api=Prod"), ["journal 1s api=Produce"]);
    assert_eq!(session.complete("journal n"), ["journal node="]);
    assert!(session.complete("journal node=").contains(&"journal node=web".to_owned()));
    assert_eq!((session.link_at_once(), session.counts()), before);
}
