//! A run of several clusters, of which the stage shows one: pictures are of that one alone, gestures and lines go to it,
//! its address names it, and everything that opens a run opens it.

use script::Scenario;
use session::visit::{Visit, of_complaint};
use session::{Act, Asker, Frame, Outcome, Playback, Session, Start, Surroundings, ViewOptions};
use sim::ClusterIndex;
use view::share::Begins;
use view::text::{Language, ZH};
use view::{Thing, Time, Tone};

const EN: Language = Language::English;
const FIRST: ClusterIndex = ClusterIndex::FIRST;
const WEST: ClusterIndex = ClusterIndex(1);
const TEXT: &str = "blumfeld 1\ntitle: Two\nseed: 5\nbrokers: 3\ncontrollers: 1\ncluster: west\nbrokers: 2\n\
    controllers: 1\nset: offsets.topic.replication.factor=1\n\n\
    @6s create-topic orders partitions=2 rf=3\nin west create-topic orders partitions=3 rf=2\n\
    @7s add-producer web orders acks=all keys=a,b every=50ms\nadd-consumer billing-1 billing orders\n\
    in west add-producer shop orders acks=all keys=b,c,d every=70ms\nin west add-consumer bank-1 billing orders\n\
    @14s mark ready\n@20s kill west-2\n@40s start west-2\n";

fn opened(search: &str, fragment: &str, text: Option<&str>) -> Session {
    let (visit, text) = (Visit::read(search), text.map(str::to_owned));
    let start = Start { visit, fragment: fragment.to_owned(), text, ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    settle(&mut session);
    session
}

/// What a browser does with an address.
fn visited(address: &str) -> Session {
    let rest = address.strip_prefix("https://page.example/").expect("the page");
    let (search, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    opened(search, fragment, None)
}

fn two(search: &str) -> Session {
    opened(search, "", Some(TEXT))
}

fn settle(session: &mut Session) {
    while session.frame(&ViewOptions::default()).way.is_some() {
        session.advance(16.0, EN);
    }
}

fn at(session: &mut Session, seconds: u64) -> Frame {
    session.play(Playback::Seek(Time(seconds * 1_000_000_000)));
    settle(session);
    frame(session)
}

fn frame(session: &mut Session) -> Frame {
    session.frame(&ViewOptions::default())
}

fn names(frame: &Frame) -> Vec<String> {
    frame.choices.nodes.iter().map(|node| node.name.to_string()).collect()
}

/// Numbers of all processes that a value speaks of.
fn spoken(value: &impl std::fmt::Debug) -> Vec<u32> {
    let text = format!("{value:?}");
    let numbers = text.split("ProcessId(").skip(1).filter_map(|rest| rest.split(')').next()?.parse().ok());
    numbers.collect()
}

/// Nothing in the picture is of another cluster than the shown one.
#[track_caller]
fn is_pure(session: &mut Session, options: &ViewOptions) -> usize {
    let shown = session.shown_cluster();
    let (frame, motion) = (session.frame(options), session.motion(options));
    let whole = (&frame.stage, &frame.story, &frame.inspector, &frame.key_card, &frame.choices.nodes, &motion);
    let all = spoken(&whole);
    for process in &all {
        let of = session.cluster_of(view::ProcessId(*process));
        assert_eq!(of, shown, "{process} at {}", frame.timeline.now_text);
    }
    all.len()
}

#[test]
fn the_first_cluster_is_shown_and_tabs_lead_to_the_other() {
    let mut session = two("");
    let frame = at(&mut session, 14);
    let tabs = frame.clusters.clone().expect("there are two");
    let said: Vec<_> = tabs.tabs.iter().map(|tab| (&*tab.name, tab.shown, tab.tone)).collect();
    assert_eq!(said, [("blumfeld", true, Tone::Plain), ("west", false, Tone::Plain)]);
    assert_eq!(names(&frame), ["1", "2", "3", "web", "billing-1", "c1"]);
    assert_eq!((frame.stage.brokers.len(), frame.stage.partitions.len()), (3, 2));
    session.show_cluster(WEST);
    let west = self::frame(&mut session);
    assert_eq!(names(&west), ["west-1", "west-2", "shop", "bank-1", "west-c1"]);
    assert_eq!((west.stage.brokers.len(), west.stage.partitions.len()), (2, 3));
    assert_ne!(west.ledger, frame.ledger);
    assert_ne!(west.story, frame.story);
    let tabs = &west.clusters.as_ref().expect("there are two").tabs;
    assert_eq!(tabs.iter().map(|tab| tab.shown).collect::<Vec<_>>(), [false, true]);
    session.show_cluster(ClusterIndex(2));
    assert_eq!(session.shown_cluster(), WEST, "there is no third");
    session.show_cluster(FIRST);
    assert_eq!(self::frame(&mut session).stage, frame.stage);
    assert_eq!(opened("", "", None).frame(&ViewOptions::default()).clusters, None, "one cluster has no tabs");
}

#[test]
fn what_goes_wrong_behind_the_shown_cluster_is_seen_at_its_tab() {
    let mut session = two("");
    for (seconds, tone, state) in [(14, Tone::Plain, ""), (21, Tone::Bad, "needs attention")] {
        let frame = at(&mut session, seconds);
        let tabs = &frame.clusters.as_ref().expect("there are two").tabs;
        assert_eq!((tabs[1].tone, tabs[1].state), (tone, state), "{}", tabs[1].headline);
        assert_eq!((tabs[0].tone, &tabs[0].headline), (Tone::Plain, &frame.stage.headline));
    }
    session.show_cluster(WEST);
    let west = frame(&mut session);
    assert_eq!(west.clusters.expect("there are two").tabs[1].headline, west.stage.headline);
    let chinese = ViewOptions { language: Language::Chinese, ..ViewOptions::default() };
    let tabs = session.frame(&chinese).clusters.expect("there are two");
    assert_eq!((tabs.label, tabs.tabs[1].state), ("集群", "需要关注"));
}

/// Stage, motion, story, inspector, key card and names, at many instants, with and without details and reduced motion.
#[test]
fn a_picture_speaks_of_no_process_of_another_cluster() {
    let mut session = two("");
    let mut spoken = 0;
    for (step, seconds) in [8, 10, 14, 20, 21, 25, 30, 40, 41, 45].into_iter().enumerate() {
        at(&mut session, seconds);
        for cluster in [FIRST, WEST] {
            session.show_cluster(cluster);
            let process = frame(&mut session).stage.brokers[0].process;
            let options = ViewOptions {
                details: step % 2 == 0,
                internal: step % 3 == 0,
                reduced_motion: step % 4 == 0,
                selection: Some(Thing::Process(process)),
                ..ViewOptions::default()
            };
            for _ in 0..20 {
                session.play(Playback::NextVisible);
                settle(&mut session);
                spoken += is_pure(&mut session, &options);
            }
        }
    }
    assert!(spoken > 10_000, "{spoken}");
}

/// The same at instants of any seed while both are at work: packets, flows and glyphs among it.
#[test]
fn pictures_stay_apart_whatever_the_dice() {
    for seed in 0..6 {
        let mut session = two(&format!("?seed={seed}&speed=0.05"));
        at(&mut session, 13 + seed);
        session.play(Playback::Toggle);
        for step in 0..120 {
            session.show_cluster(if step % 7 < 3 { WEST } else { FIRST });
            session.advance(16.0, EN);
            is_pure(&mut session, &ViewOptions::default());
        }
    }
}

#[test]
fn gestures_and_lines_go_to_the_shown_cluster() {
    let mut session = two("");
    at(&mut session, 14);
    session.show_cluster(WEST);
    let topic = |name: &str| Act::CreateTopic { name: name.into(), partitions: 1, copies: 1, configs: Vec::new() };
    let choices = frame(&mut session).choices;
    assert_eq!(
        topic("gifts").line(&choices),
        "kafka-topics.sh --bootstrap-server broker-1.west:9092 --create --topic gifts --partitions 1 --replication-factor 1"
    );
    assert!(matches!(session.act(&topic("gifts"), EN), Outcome::Asked(_)));
    assert_eq!(session.act(&Act::AddBroker, EN), Outcome::Done);
    assert_eq!(
        session
            .act(&Act::AddConsumer { group: "bank".into(), topic: "orders".into(), work: 0, settings: Vec::new() }, EN),
        Outcome::Done
    );
    for (line, kept) in [
        ("create-topic toys rf=1", "in west create-topic toys rf=1"),
        ("in blumfeld create-topic bread rf=1", "in blumfeld create-topic bread rf=1"),
        ("kafka-topics.sh --bootstrap-server localhost:9092 --create --topic milk", "in west create-topic milk"),
        ("kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic salt", "create-topic salt"),
        ("kafka-topics.sh --bootstrap-server broker-2.west:9092 --create --topic tea", "in west create-topic tea"),
        ("send web x", "send web x"),
        ("pace shop off", "pace shop off"),
        ("kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic rice", "create-topic rice"),
        ("kafka-topics.sh --bootstrap-server=broker-1:9092 --create --topic flour", "create-topic flour"),
        ("kafka-server-stop.sh --node-id=1", "stop west-1"),
        ("kill 1", "kill 1"),
    ] {
        let now = frame(&mut session).timeline.now;
        session.play(Playback::Seek(Time(now.0 + 600_000_000)));
        settle(&mut session);
        let printed = session.line(line, EN);
        session.drop_lines();
        let last = session.last_done(EN).expect("something was done");
        let share = session.share(Begins::Moment, EN);
        assert_eq!(share.last, kept, "{line}: {printed:?}, {last:?}");
    }
    let frame = at(&mut session, 30);
    let topics = |frame: &Frame| frame.choices.topics.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(topics(&frame), ["gifts", "milk", "orders", "tea", "toys"]);
    assert!(names(&frame).contains(&"west-3".to_owned()) && names(&frame).contains(&"bank-2".to_owned()));
    session.show_cluster(FIRST);
    assert_eq!(topics(&self::frame(&mut session)), ["bread", "flour", "orders", "rice", "salt"]);
}

#[test]
fn a_line_means_the_cluster_that_was_shown_when_it_was_typed() {
    let mut session = two("?speed=1");
    at(&mut session, 14);
    session.show_cluster(WEST);
    for line in ["create-topic gifts rf=1", "create-topic toys rf=1"] {
        session.enter(line, EN).expect("there is room");
    }
    session.take_turn(EN);
    session.show_cluster(FIRST);
    session.play(Playback::Toggle);
    for _ in 0..600 {
        session.advance(16.0, EN);
        session.take_turn(EN);
    }
    session.play(Playback::Toggle);
    let topics = |session: &mut Session| {
        let frame = frame(session);
        frame.choices.topics.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(topics(&mut session), ["orders"]);
    session.show_cluster(WEST);
    assert_eq!(topics(&mut session), ["gifts", "orders", "toys"]);
}

/// West has two brokers; the first cluster's third is none of its own.
#[test]
fn a_tool_never_stops_a_node_of_another_cluster() {
    let mut session = two("");
    at(&mut session, 14);
    session.show_cluster(WEST);
    let printed = session.line("kafka-server-stop.sh --node-id=3", EN);
    assert!(printed.iter().any(|line| line.text.contains("west-3")), "{printed:?}");
    assert_ne!(session.share(Begins::Moment, EN).last, "stop 3");
}

#[test]
fn the_terminal_offers_clusters_and_their_names() {
    let mut session = two("");
    at(&mut session, 14);
    let offers = |session: &Session, line: &str| session.complete(line);
    assert_eq!(offers(&session, "i"), ["in "]);
    assert_eq!(offers(&session, "in "), ["in blumfeld ", "in west "]);
    assert_eq!(offers(&session, "in w"), ["in west "]);
    assert_eq!(offers(&session, "in west add-p"), ["in west add-partitions ", "in west add-producer "]);
    assert!(offers(&session, "in west k").is_empty(), "kill names a process, whatever cluster it is in");
    assert_eq!(
        offers(&session, "in west add-consumer bank-9 b"),
        ["bank-1", "billing", "bootstrap.servers="].map(|name| format!("in west add-consumer bank-9 {name}"))
    );
    assert!(offers(&session, "kafka-t")[0].contains("broker-1:9092"));
    session.show_cluster(WEST);
    assert!(offers(&session, "kafka-t")[0].contains("broker-1.west:9092"));
    assert_eq!(offers(&session, "kill w"), ["kill west-1", "kill west-2", "kill west-c1"]);
    assert!(opened("", "", None).complete("in").is_empty(), "one cluster needs no name");
}

#[test]
fn an_address_names_the_cluster_that_is_shown() {
    let mut session = two("?cluster=WEST");
    assert_eq!((session.shown_cluster(), session.complaints()), (WEST, Vec::new()));
    assert!(names(&at(&mut session, 14)).contains(&"west-1".to_owned()));
    let mut wrong = two("?cluster=north");
    let complaints = wrong.complaints();
    let said = |complaint| of_complaint(complaint, EN.text());
    let [complaint] = &complaints[..] else { panic!("{complaints:?}") };
    assert_eq!(said(complaint), "This run has no cluster “north”; cluster= takes blumfeld, west.");
    assert_eq!(of_complaint(complaint, &ZH), "这次运行里没有集群“north”，cluster= 可以写：blumfeld, west。");
    assert_eq!((wrong.shown_cluster(), wrong.complaints().len()), (FIRST, 0));
    let wish = TEXT.replace("seed: 5\n", "seed: 5\nshow: cluster=west\n");
    let lesson = format!("{wish}\n== en\ntitle: Two\nbefore: Look.\n\n== zh\ntitle: 两个\nbefore: 看。\n");
    assert_eq!(opened("", "", Some(&lesson)).shown_cluster(), WEST, "a lesson wishes it");
    assert_eq!(opened("?cluster=blumfeld", "", Some(&lesson)).shown_cluster(), FIRST, "the address counts more");
    let mistakes = script::Document::read(&wish.replace("show: cluster=west", "show: cluster=north")).1;
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
}

#[test]
fn what_is_shared_opens_with_the_same_cluster_and_comes_out_the_same() {
    let mut session = two("");
    at(&mut session, 22);
    session.show_cluster(WEST);
    let before = frame(&mut session);
    let link = session.share(Begins::Moment, EN).link;
    assert!(link.starts_with("https://page.example/?cluster=west#"), "{link}");
    let mut again = visited(&link);
    let after = frame(&mut again);
    assert_eq!(again.shown_cluster(), WEST);
    let told = |frame: &Frame| {
        let stage = &frame.stage;
        (stage.headline.clone(), stage.groups.clone(), stage.controllers.clone(), stage.producers.clone())
    };
    assert_eq!((told(&after), after.ledger), (told(&before), before.ledger));
    assert_eq!(after.notice.expect("it is said").kind, view::NoticeKind::HashesMatch);
    session.show_cluster(FIRST);
    assert!(!session.share(Begins::Moment, EN).link.contains("cluster="));
    let text = session.file_text(&link, "Two", EN).expect("a file holds it");
    let mut filed = opened("", "", None);
    assert!(filed.open_file(text.as_bytes()), "{text}");
    settle(&mut filed);
    assert_eq!(frame(&mut filed).clusters.expect("both are there").tabs.len(), 2);
    filed.load(&Scenario::opening().title);
    assert_eq!(filed.shown_cluster(), FIRST);
}

#[test]
fn two_branches_are_compared_in_the_shown_cluster() {
    let mut session = two("");
    at(&mut session, 16);
    session.play(Playback::Fork);
    session.show_cluster(WEST);
    session.line("kill west-1", EN);
    let options = ViewOptions { compare: true, ..ViewOptions::default() };
    session.play(Playback::Seek(Time(18_000_000_000)));
    for _ in 0..2_000 {
        session.advance(16.0, EN);
        let frame = session.frame(&options);
        if frame.way.is_none() && frame.beside.is_some() {
            break;
        }
    }
    let west = session.frame(&options);
    let beside = west.beside.clone().expect("the other branch has come along");
    assert_eq!((beside.brokers.len(), west.stage.brokers.len()), (2, 2));
    let west_differs = west.compare.clone().expect("compared").headline.clone();
    session.show_cluster(FIRST);
    let first = session.frame(&options);
    assert_eq!(first.beside.as_ref().map(|stage| stage.brokers.len()), Some(3));
    assert_ne!(first.compare.expect("compared").headline, west_differs);
}

/// The way back from a moment that is looked at outlives the tabs; what was told there does not.
#[test]
fn whoever_looks_back_may_change_the_cluster() {
    let mut session = two("");
    at(&mut session, 22);
    session.look_at(Time(15_000_000_000));
    settle(&mut session);
    session.show_cluster(WEST);
    let frame = frame(&mut session);
    assert!(frame.back.is_some());
    is_pure(&mut session, &ViewOptions::default());
    session.return_back();
    settle(&mut session);
    assert_eq!(self::frame(&mut session).timeline.now, Time(22_000_000_000));
    let answers = self::frame(&mut session).answers;
    assert!(answers.iter().all(|answer| answer.asker != Asker::Page), "{answers:?}");
}
