//! Every kind of refusal that an act can meet: who refused, Kafka's name and sentence, and one plain sentence that fits
//! the case, in both languages. What is said is kept in `refusals.txt`; `BLESS=1` writes it anew.

use base::Span;
use lab::{Done, Intent, Lab};
use script::Scenario;
use view::ErrorView;
use view::picture::{answered, of_lab};
use view::text::{EN, Text, ZH};

/// What is done before, and the line that is refused; `@5000` lets milliseconds go by.
#[rustfmt::skip]
const CASES: &[(&[&str], &str)] = &[
    (&[], "create-topic orders partitions=1 rf=1"),
    (&["create-topic a.b partitions=1 rf=1"], "create-topic a_b partitions=1 rf=1"),
    (&[], "create-topic a/b partitions=1 rf=1"),
    (&[], "create-topic p partitions=0 rf=1"),
    (&[], "create-topic p partitions=-4 rf=1"),
    (&[], "create-topic p partitions=1 rf=0"),
    (&[], "create-topic p partitions=1 rf=4"),
    (&[], "create-topic __cluster_metadata partitions=1 rf=1"),
    (&[], "create-topic p assign=1,9"),
    (&[], "create-topic p assign=1,1"),
    (&[], "create-topic p assign=1,2/3"),
    (&["kill 2", "@12000"], "create-topic p assign=2"),
    (&[], "create-topic p partitions=1 rf=1 min.insync.replicas=0"),
    (&[], "create-topic p partitions=1 rf=1 no.such.setting=0"),
    (&[], "kafka-topics.sh --bootstrap-server broker-1:9092 --alter --topic orders --partitions 2"),
    (&[], "kafka-topics.sh --bootstrap-server broker-1:9092 --alter --topic orders --partitions 3"),
    (&[], "kafka-topics.sh --bootstrap-server broker-1:9092 --alter --topic nosuch --partitions 3"),
    (&[], "delete-topic nosuch"),
    (&[], "kafka-configs.sh --bootstrap-server broker-1:9092 --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=0"),
    (&[], "kafka-configs.sh --bootstrap-server broker-1:9092 --alter --entity-type topics --entity-name nosuch --add-config min.insync.replicas=1"),
    (&["kill c1", "kill c2", "@3000"], "create-topic late partitions=1 rf=1"),
    (&["kill 1", "kill 2", "kill 3", "@1000"], "create-topic late partitions=1 rf=1"),
    (&["pause 1", "pause 2", "pause 3"], "create-topic late partitions=1 rf=1"),
    (&["create-topic mi partitions=1 rf=3 min.insync.replicas=2", "@500", "add-producer one mi retries=2", "kill 2", "kill 3", "@12000"], "send one hello"),
    (&["add-producer one orders max.request.size=100", "@500"], "send one aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    (&["create-topic small partitions=1 rf=1 max.message.bytes=100", "@500", "add-producer one small", "@500"], "send one aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    (&["add-producer one orders max.block.ms=2000", "@500"], "send one hi partition=77"),
    (&["kill 1", "kill 2", "kill 3", "@500", "add-producer one orders max.block.ms=2000"], "send one hi"),
    (&["add-producer one orders delivery.timeout.ms=4000 request.timeout.ms=2000 linger.ms=0", "@500", "send one hi", "@500", "pause 1", "pause 2", "pause 3"], "send one hi"),
    (&[], "elect-leaders preferred orders-0"),
    (&[], "elect-leaders unclean orders-0"),
    (&[], "elect-leaders preferred nope-7"),
    (&[], "elect-leaders preferred orders-77"),
    (&["kill 1", "@12000"], "elect-leaders preferred orders-0"),
    (&["kill 1", "@12000"], "elect-leaders preferred"),
    (&["create-topic far assign=2,1", "@1000", "kill 2", "@12000", "start 2", "@12000"], "elect-leaders preferred far-0 orders-0 orders-1"),
    (&["create-topic solo assign=2", "@1000", "kill 2", "@12000"], "elect-leaders unclean solo-0 orders-0"),
    (&[], "read orders-0 from=900"),
    (&[], "read nosuch-0 from=0"),
    (&[], "kill nobody"),
    (&[], "add-producer web orders"),
];

fn run(before: &[&str]) -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    for line in before {
        match line.strip_prefix('@') {
            Some(wait) => wait_for(&mut lab, wait.parse().expect("milliseconds")),
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
    lab
}

fn wait_for(lab: &mut Lab, milliseconds: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(milliseconds))).expect("time goes on");
}

/// How a line is refused, at once or when the answer has come.
fn refused(lab: &mut Lab, line: &str) -> Vec<(ErrorView, &'static Text)> {
    let both = [&EN, &ZH];
    let command = if script::cli::is_kafka(line) {
        script::cli::parse(line).map_err(lab::LabError::Cli)
    } else {
        script::parse(line).map_err(lab::LabError::Text)
    };
    let done = lab.dispatch(Intent::Line(line.into()));
    let ticket = match done {
        Ok(Done::Carried { ticket: Some(ticket), .. }) => ticket,
        Ok(other) => panic!("{line}: {other:?}"),
        Err(error) => return both.map(|text| (of_lab(&error, text).error, text)).into(),
    };
    for _ in 0..80 {
        if lab.run().answer(ticket).is_some() {
            break;
        }
        wait_for(lab, 1_000);
    }
    let answer = lab.run().answer(ticket).unwrap_or_else(|| panic!("{line}: no answer")).answer.clone();
    let command = command.expect("it was carried out");
    let said = |text| match answered(&command, &answer, text) {
        Err(error) => (error.error, text),
        Ok(lines) => panic!("{line} is not refused: {lines:?}"),
    };
    both.map(said).into()
}

#[test]
fn each_refusal_says_by_whom_and_why() {
    let mut said = String::new();
    for (before, line) in CASES {
        let mut lab = run(before);
        said.push_str(&format!("== {}\n", [before, &[*line][..]].concat().join("; ")));
        for (error, text) in refused(&mut lab, line) {
            let ours = error.name.is_empty();
            assert_eq!(error.source.is_empty(), ours, "{line}: {error:?}");
            assert!(
                !error.sentence.is_empty() && error.sentence != (text.refused.plainly)(view::text::Refused::Other),
                "{line}: {error:?}"
            );
            let parts = [&error.source, &error.name, &error.text, &error.sentence];
            let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
            said.push_str(&format!("{}\n", parts.join("\n    ")));
        }
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refusals.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &said).expect("the file can be written");
    }
    let blessed = std::fs::read_to_string(&file).unwrap_or_default();
    let first = said.lines().zip(blessed.lines()).find(|(now, then)| now != then);
    assert!(said == blessed, "refusals.txt says otherwise, first: {first:?}");
}
