use super::*;
use import::import;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

const TEXT: &str = "\
[2026-11-27 09:14:02,118] WARN [AdminClient clientId=adminclient-1] Connection to node -1 could not be established.
Topic: orders\tTopicId: 3Kq0ZJ1vQxC8mJt0N7dYbA\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: min.insync.replicas=2,cleanup.policy=compact
\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3
\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,3,4\tIsr: 2,3
\tTopic: orders\tPartition: 2\tLeader: 3\tReplicas: 3,4,1\tIsr: 3,1
";

#[test]
fn a_paste_is_answered_for_line_by_line() {
    let imported = import([("", TEXT)], "t");
    let words = |language| -> Vec<(Option<u32>, String)> {
        report_lines(&imported.report, language).into_iter().map(|line| (line.line, line.words)).collect()
    };
    let english = words(Language::English);
    assert_eq!(english[0].1, "4 lines understood, 2 not understood and kept");
    assert_eq!(english[1].0, Some(1));
    assert!(english[2].1.starts_with("cleanup.policy=compact: "), "{english:?}");
    assert!(english.iter().any(|(_, words)| words == "Broker 4 is down: it is a replica and nowhere in sync."));
    let chinese = words(Language::Chinese);
    assert_eq!(chinese.len(), english.len());
    assert_eq!(chinese[0].1, "读懂 4 行，另有 2 行没读懂，原样保留");
}

/// What a reader of JSON or YAML has against a text is there in both languages.
#[test]
fn complaints_about_syntax_are_told_in_both_languages() {
    let sources = [
        include_str!("../../../import/src/json.rs"),
        include_str!("../../../import/src/yaml.rs"),
        include_str!("../../../import/src/yaml/flow.rs"),
        include_str!("../../../import/src/yaml/lines.rs"),
    ];
    let mut count = 0;
    for source in sources {
        let complaints = source.split("bad(").skip(1).chain(source.split("why: \"").skip(1));
        let quoted = complaints.filter_map(|rest| {
            let rest = rest.split(')').next()?;
            let words = rest.trim_start_matches('"').split('"').collect::<Vec<_>>();
            words.into_iter().find(|words| words.contains(' ') && !words.contains([':', ',', '&', '.', '(', '|']))
        });
        for words in quoted {
            count += 1;
            let words: &'static str = words.to_owned().leak();
            let chinese = why(&Why::Syntax(words), Language::Chinese);
            assert!(!chinese.contains(words), "no Chinese for '{words}'");
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn whatever_is_assumed_has_a_sentence_of_its_language() {
    let said = [Answer::Controllers(1), Answer::Brokers(4), Answer::Up(4), Answer::AtWork("g".into())];
    let all = [
        Assumed::Controllers(3),
        Assumed::AlsoBroker(1),
        Assumed::Brokers(3),
        Assumed::Down(1),
        Assumed::Away(1),
        Assumed::Cut { leader: 1, follower: 2 },
        Assumed::InSync("t".into()),
        Assumed::Placed("t".into()),
        Assumed::TopicOf { topic: "t".into(), partitions: 3 },
        Assumed::Slow("g".into()),
        Assumed::Shifted { topic: "t".into(), partition: 0, from: 9, to: 1 },
        Assumed::Shortened { topic: "t".into(), partition: 0, from: 9, to: 1 },
        Assumed::OffsetsFactor(1),
        Assumed::NoElr,
        Assumed::Renamed { from: "c1".into(), to: "c1-2".into() },
        Assumed::Reassigned { topic: "t".into(), partition: 0 },
        Assumed::NotTheProposed,
        Assumed::Unset { name: "HOST".into(), default: "kafka".into() },
        Assumed::Unset { name: "HOST".into(), default: "".into() },
        Assumed::Listener(1, "PLAINTEXT".into()),
        Assumed::PoolNumbers,
        Assumed::OneListener,
        Assumed::DrawnIds,
    ];
    let answered = said.map(Assumed::Answered);
    for each in all.iter().chain(&answered) {
        for language in LANGUAGES {
            let mut own: Vec<String> = offers(each, language).into_iter().map(|offer| offer.words).collect();
            assert!(own.iter().all(|words| !words.is_empty()));
            own.dedup();
            assert_eq!(own.len(), offers(each, language).len(), "two buttons of {each:?} say the same");
        }
        let [english, chinese] = LANGUAGES.map(|language| assumed(each, language));
        assert!(english.is_ascii() || english.contains('’'), "{english}");
        assert!(english.ends_with('.') && chinese.ends_with('。'), "{english} {chinese}");
    }
}
