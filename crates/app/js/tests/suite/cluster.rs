//! The library's cluster without JavaScript: it is the page's cluster, and nothing that a script says stops it.

use blumfeld_js::cluster::{Cluster, Going};
use blumfeld_js::given::Given;
use blumfeld_js::heard::{Heard, Interest, STORY, kinds};
use lab::{Intent, Lab};
use script::Scenario;
use session::visit::Place;
use view::Time;
use view::text::Language;

const TEXT: &str = "blumfeld 1
brokers: 3
controllers: 3
seed: 11

@8s create-topic orders partitions=1 min.insync.replicas=2
+500ms add-producer web orders acks=all
@12s mark sent
send web a
@20s
";

fn of_text(text: &str) -> Cluster {
    cluster(&Given { text: Some(text.to_owned()), ..Given::default() })
}

#[track_caller]
fn cluster(given: &Given) -> Cluster {
    match Cluster::new(given) {
        Ok(cluster) => cluster,
        Err(error) => panic!("{}", error.sentence(Language::English)),
    }
}

#[track_caller]
fn refused(given: &Given) -> String {
    match Cluster::new(given) {
        Ok(_) => panic!("{given:?} was taken"),
        Err(error) => format!("{}: {}", error.name(), error.sentence(given.language)),
    }
}

fn play(cluster: &mut Cluster, seconds: u64, interests: &[Interest]) -> Vec<Heard> {
    let mut heard = Vec::new();
    loop {
        let going = cluster.go(Time(seconds * 1_000_000_000)).expect("within its budget");
        heard.extend(cluster.heard(interests));
        if going == Going::Arrived {
            return heard;
        }
    }
}

#[test]
fn a_text_begins_before_its_first_event_and_its_acts_come() {
    let mut cluster = of_text(TEXT);
    assert_eq!((cluster.now(), cluster.run().world.events()), (Time::ZERO, 0));
    let heard = play(&mut cluster, 20, &[Interest::Everything]);
    assert_eq!(cluster.ledger().iter().find(|(name, _)| *name == "acked"), Some(&("acked", 1)));
    assert!(heard.iter().any(|heard| heard.kind == "BecameLeader" && heard.text.contains("orders-0")), "{heard:?}");
    let acts = heard.iter().filter(|heard| heard.by == Some("scene")).count();
    assert!(acts >= 3, "the text's acts are the scene's");
    let story: Vec<&str> = heard.iter().filter(|heard| heard.kind == STORY).map(|heard| &*heard.text).collect();
    assert!(story.iter().any(|line| line.contains("orders")), "{story:?}");
    let mark = cluster.instant(&Place::Mark("sent".to_owned()));
    assert!(mark.is_err_and(|error| error.sentence(Language::English).contains("forward only")));
}

#[test]
fn what_is_done_is_what_the_page_does() {
    let mut cluster = cluster(&Given::default());
    let mut lab = Lab::new(Scenario::opening());
    assert_eq!(cluster.now(), lab.now());
    for line in ["kill 2", "create-topic more partitions=2"] {
        assert!(cluster.act(line).ok, "{line}");
        lab.dispatch(Intent::Line(line.to_owned())).expect("the page takes it too");
        assert_eq!(cluster.now(), lab.now());
        let to = Time(lab.now().0 + 5_000_000_000);
        lab.dispatch(Intent::Seek(to)).expect("a seek");
        while cluster.go(to).expect("within its budget") == Going::UnderWay {}
    }
    assert_eq!(cluster.digest(), lab.run().world.run_digest().to_string());
    assert_eq!(Ok(cluster.link().expect("it fits")), lab.share());
    let state = cluster.state();
    assert_eq!(state.hash, view::picture::short_digest(lab.state_digest()));
    assert_eq!((state.now.as_str(), state.playing), (lab.now().0.to_string().as_str(), false));
}

#[test]
fn a_link_leads_to_the_same_moment() {
    let mut first = of_text(TEXT);
    play(&mut first, 13, &[]);
    assert!(first.act("kill 1").ok);
    play(&mut first, 25, &[]);
    let link = format!("https://example.org/?x=1{}", first.link().expect("it fits"));
    let mut second = cluster(&Given { link: Some(link), ..Given::default() });
    assert_eq!((second.now(), second.digest(), second.remark()), (first.now(), first.digest(), None));
    play(&mut first, 30, &[]);
    play(&mut second, 30, &[]);
    assert_eq!(second.digest(), first.digest());
}

#[test]
fn refusals_are_kafkas_words() {
    let mut cluster = of_text(TEXT);
    play(&mut cluster, 10, &[]);
    let copies = cluster.act("create-topic x rf=9");
    assert!(
        !copies.ok && copies.error.as_deref().is_some_and(|error| error.starts_with("INVALID_REPLICATION_FACTOR")),
        "{copies:?}"
    );
    let taken = cluster.act("kafka-topics.sh --bootstrap-server broker-1:9092 --create --topic orders");
    assert!(taken.error.as_deref().is_some_and(|error| error.starts_with("TOPIC_ALREADY_EXISTS")), "{taken:?}");
    for line in ["", "explode", "kill", "kill nobody", "kill '1", "step", "值 值 值", &"x ".repeat(100_000)] {
        let acted = cluster.act(line);
        assert!(!acted.ok && acted.error.is_some_and(|error| !error.is_empty()), "{line:.20}");
    }
    let listed = cluster.act("list-topics");
    assert_eq!((listed.ok, listed.answer.contains(&"orders".to_owned())), (true, true), "{listed:?}");
}

/// A tool's client is made, its pipe is read to its end, and it asks as often as it needs to.
#[test]
fn a_line_of_a_tool_does_all_that_the_tool_does() {
    let mut cluster = of_text(TEXT);
    play(&mut cluster, 10, &[]);
    let server = "--bootstrap-server broker-1:9092";
    let before = cluster.ledger().iter().find(|(name, _)| *name == "acked").map_or(0, |(_, count)| *count);
    let sent = cluster.act(&format!("seq 5 | kafka-console-producer.sh {server} --topic orders"));
    assert!(sent.ok, "{sent:?}");
    play(&mut cluster, 20, &[]);
    assert!(cluster.ledger().iter().any(|(name, count)| *name == "acked" && *count >= before + 5), "all five");
    let assignment = "--replica-assignment 1,1,1,1,1,1";
    let altered = cluster.act(&format!("kafka-topics.sh {server} --alter --topic orders --partitions 6 {assignment}"));
    assert!(altered.ok, "{altered:?}");
    play(&mut cluster, 30, &[]);
    let seen = cluster.act("kcat -L -b broker-1:9092 -t orders").printed.unwrap_or_default();
    assert!(seen.iter().any(|line| line == "  topic \"orders\" with 6 partitions:"), "{seen:?}");
}

#[test]
fn who_listens_to_a_kind_hears_nothing_else() {
    let mut cluster = of_text(TEXT);
    let kind = Interest::in_kind("BecameLeader").expect("a kind");
    let heard = play(&mut cluster, 15, std::slice::from_ref(&kind));
    assert!(!heard.is_empty() && heard.iter().all(|heard| heard.kind == "BecameLeader"));
    assert_eq!(Interest::in_kind("Explosion"), None);
    assert!(kinds().all(|name| Interest::in_kind(name).is_some()));
    // What happened while nobody listened is not told later.
    play(&mut cluster, 18, &[]);
    assert!(cluster.heard(&[Interest::Everything]).is_empty());
}

#[test]
fn the_story_is_told_once_whatever_the_steps() {
    let tell = |steps: &[u64]| {
        let mut cluster = of_text(TEXT);
        let interest = [Interest::Kind(STORY)];
        let parts = steps.iter().flat_map(|to| play(&mut cluster, *to, &interest)).collect::<Vec<_>>();
        parts.into_iter().map(|heard| (heard.now, heard.text)).collect::<Vec<_>>()
    };
    let whole = tell(&[20]);
    assert_eq!(tell(&(1..=20).collect::<Vec<_>>()), whole);
    assert!(whole.len() > 5);
}

#[test]
fn steps_lead_as_far_as_playing() {
    let (mut stepped, mut played) = (of_text(TEXT), of_text(TEXT));
    play(&mut played, 9, &[]);
    while stepped.run().world.events() < played.run().world.events() {
        assert!(stepped.step().expect("within its budget"));
    }
    assert_eq!(stepped.digest(), played.digest());
}

#[test]
fn wrong_options_are_told_in_a_sentence() {
    let given = |text: Option<&str>, link: Option<&str>, seed| Given {
        text: text.map(str::to_owned),
        link: link.map(str::to_owned),
        seed,
        ..Given::default()
    };
    let told = refused(&given(Some("blumfeld 1\nbrokrs: 3\n"), None, None));
    assert_eq!(told, "bad-text: Line 2, column 1: there is no header 'brokrs'; the nearest is 'brokers'.");
    assert!(refused(&given(Some(TEXT), Some("#b1.x"), None)).starts_with("bad-argument: Either text or link"));
    assert!(refused(&given(None, Some("#b1.x"), Some(1))).starts_with("bad-argument: Either link or seed"));
    for link in ["", "hello", "#b1.", "#b9.AAAA", "#b1.💥", &"#b1.".repeat(40_000)] {
        let told = refused(&given(None, Some(link), None));
        assert!(told.starts_with("bad-link: ") && told.len() > 20, "{told}");
    }
    let varied = Given {
        text: Some(TEXT.to_owned()),
        with: vec![("slow".to_owned(), "yes".to_owned())],
        language: Language::Chinese,
        ..Given::default()
    };
    assert!(refused(&varied).contains("slow"));
    // What varies nothing takes no values: neither the opening scene, nor a run, nor a few lines without a version.
    let run = cluster(&Given::default()).link().expect("a link");
    for (text, link) in [(None, None), (None, Some(run)), (Some("brokers: 3\n@1s create-topic a\n".to_owned()), None)] {
        let told = refused(&Given { text, link, language: Language::English, ..varied.clone() });
        assert!(told.starts_with("bad-argument: 'with' chooses among"), "{told}");
    }
}

#[test]
fn a_sentence_quotes_no_whole_text() {
    let long = "heal-all".repeat(5_000);
    for text in [
        format!("blumfeld 1\nbrokers: 3\n@1s ;{long}\n"),
        format!("blumfeld 1\n{long}: 3\n"),
        format!("blumfeld 1\n{long}\n"),
        format!("blumfeld 1\nseed: {long}\n"),
        format!("blumfeld 1\n@{long} kill 1\n"),
        format!("blumfeld 1\n@1s see {long}\n"),
        format!("blumfeld 1\n@1s kill 1\n== en\n{long}: x\n"),
    ] {
        for language in [Language::English, Language::Chinese] {
            let told = refused(&Given { text: Some(text.clone()), language, ..Given::default() });
            assert!(told.starts_with("bad-text: ") && told.chars().count() < 500, "{} letters", told.chars().count());
        }
    }
    let told = of_text(TEXT).act(&long).error.expect("no command");
    assert!(told.chars().count() < 500, "{} letters", told.chars().count());
}

#[test]
fn other_dice_are_another_run() {
    let seeded = |seed| {
        let mut cluster = cluster(&Given { text: Some(TEXT.to_owned()), seed, ..Given::default() });
        play(&mut cluster, 15, &[]);
        cluster.digest()
    };
    assert_eq!(seeded(Some(11)), seeded(None));
    assert_ne!(seeded(Some(12)), seeded(None));
}

/// Of several clusters facts are told with names of processes, which are the world's, and sentences with whose they are.
#[test]
fn a_run_of_two_clusters_is_told_with_names() {
    let text = "brokers: 1\ncontrollers: 1\ncluster: west\nbrokers: 1\ncontrollers: 1\n\n@6s list-topics\n";
    let scenario = script::Scenario::parse(text).expect("a scenario");
    let link = lab::Lab::new(scenario).share().expect("it fits into a link");
    for given in
        [Given { text: Some(text.to_owned()), ..Given::default() }, Given { link: Some(link), ..Given::default() }]
    {
        let mut cluster = cluster(&given);
        let heard = play(&mut cluster, 8, &[Interest::Everything]);
        assert!(heard.iter().any(|heard| heard.at.as_deref() == Some("west-1")), "{heard:?}");
        let done = cluster.act("in west create-topic orders partitions=1 rf=1");
        assert!(done.ok, "{done:?}");
        let heard = play(&mut cluster, 10, &[Interest::Kind("story")]);
        assert!(heard.iter().any(|heard| heard.text.starts_with("west: ")), "{heard:?}");
        assert!(heard.iter().all(|heard| !heard.text.starts_with("blumfeld: ")), "{heard:?}");
    }
}
