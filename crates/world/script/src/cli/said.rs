//! What tools print before they have asked anything, as the classes of 4.3.0 printed it when they were run with these
//! arguments; a stack trace is one line.

use super::*;

/// `O` standard output, `E` standard error, `H` the list of options.
fn printed(line: &str) -> (Vec<String>, u8) {
    let error = run(line).expect_err(line);
    let output = error.printed().unwrap_or_else(|| panic!("{line}: {error:?}"));
    let line = |line: &Printed| match line {
        Printed::Out(text) => format!("O {text}"),
        Printed::Err(text) => format!("E {text}"),
        Printed::Log(text) => format!("E [] {text}"),
        Printed::Options(tool) => format!("H {tool}"),
    };
    (output.lines.iter().map(line).collect(), output.exit)
}

#[test]
fn each_tool_prints_an_unknown_option_in_its_own_way() {
    let refused = "x is not a recognized option";
    let class = "joptsimple.UnrecognizedOptionException";
    let thrown = thrown(class, refused);
    let main = vec![format!("E Exception in thread \"main\" {class}: {refused}"), format!("E {FRAMES}")];
    for (tool, lines) in [
        ("kafka-topics", thrown.clone()),
        ("kafka-configs", vec![format!("E {refused}")]),
        ("kafka-leader-election", thrown.clone()),
        ("kafka-delete-records", thrown.clone()),
        ("kafka-log-dirs", thrown.clone()),
        ("kafka-broker-api-versions", thrown),
        ("kafka-console-producer", usage(refused, "kafka-console-producer")),
        ("kafka-console-consumer", usage(refused, "kafka-console-consumer")),
        ("kafka-get-offsets", vec![format!("E Error occurred: {refused}")]),
        ("kafka-consumer-groups", main),
    ] {
        assert_eq!(printed(&format!("{tool}.sh --x")), (lines, 1), "{tool}");
    }
}

/// As tools print what ends them.
fn thrown(class: &str, words: &str) -> Vec<String> {
    vec![format!("E {words}"), format!("E {class}: {words}"), format!("E {FRAMES}"), "E ".to_owned()]
}

fn usage(words: &str, tool: &str) -> Vec<String> {
    vec![format!("E {words}"), format!("H {tool}")]
}

#[test]
fn each_tool_prints_a_refusal_in_its_own_way() {
    let unknown = "joptsimple.UnrecognizedOptionException";
    let rows: Vec<(&str, Vec<String>, u8)> = vec![
        ("kafka-topics.sh --boot b:1 --list", thrown(unknown, "boot is not a recognized option"), 1),
        (
            "kafka-consumer-groups --bootstrap-server x:1 --list --members",
            vec![
                "E Exception in thread \"main\" joptsimple.UnavailableOptionException: Option(s) [members] are unavailable \
                 given other options on the command line"
                    .to_owned(),
                format!("E {FRAMES}"),
            ],
            1,
        ),
        (
            "kafka-topics --bootstrap-server localhost:1 --create --topic a --topic b",
            vec![
                "O Error while executing topic command : Found multiple arguments for option topic, but you asked for \
                 only one"
                    .to_owned(),
                "E [] ERROR joptsimple.MultipleArgumentsForOptionException: Found multiple arguments for option topic, \
                 but you asked for only one"
                    .to_owned(),
                format!("E {FRAMES}"),
                "E  (org.apache.kafka.tools.TopicCommand)".to_owned(),
            ],
            1,
        ),
        (
            "kafka-leader-election --bootstrap-server x:1",
            thrown(
                "org.apache.kafka.tools.AdminCommandFailedException",
                "Missing required option(s): election-type",
            ),
            1,
        ),
        ("kafka-log-dirs --describe", usage("Missing required argument \"[bootstrap-server]\"", "kafka-log-dirs"), 1),
        (
            "kafka-cluster cluster-id",
            vec![
                "H kafka-cluster.cluster-id.usage".to_owned(),
                "E kafka-cluster: error: one of the arguments --bootstrap-server/-b --bootstrap-controller/-C is required"
                    .to_owned(),
            ],
            1,
        ),
        (
            "kafka-metadata-quorum --bootstrap-server x:1 describe",
            vec!["E One of --status or --replication must be specified with describe sub-command".to_owned()],
            1,
        ),
        ("kafka-topics --version", vec!["O 4.3.0".to_owned()], 0),
    ];
    for (line, lines, exit) in rows {
        assert_eq!(printed(line), (lines, exit), "{line}");
    }
}

/// Whatever stands in a line, it is taken or refused in words, and nothing overflows.
#[test]
fn odd_values_are_refused_in_words() {
    let group = "kafka-consumer-groups --bootstrap-server b:1 --reset-offsets --group g --all-topics --dry-run";
    let offsets = "kafka-get-offsets --bootstrap-server b:1";
    let (big, small) = (i64::MAX, i64::MIN);
    for line in [
        format!("{group} --to-datetime {big}-01-01T00:00:00"),
        format!("{group} --to-datetime 2026-01-01T{big}:00:00"),
        format!("{group} --to-datetime 2026-01-01T00:00:00+{big}"),
        format!("{group} --to-datetime 2026-01-01T00:00:00.{big}Z"),
        format!("{group} --by-duration P{big}DT{big}H"),
        format!("{group} --shift-by {small}"),
        format!("{offsets} --topic-partitions t:{}", i32::MAX),
        format!("{offsets} --topic t --partitions {}", i32::MAX),
        format!("{offsets} --time {small}"),
        format!("{offsets} --topic '((((('"),
        "kafka-delete-records --bootstrap-server b:1 --offset-json-file ''".to_owned(),
        "kafka-console-consumer --bootstrap-server b:1 --topic t --property key.deserializer=".to_owned(),
    ] {
        if let Err(error) = parse(&line) {
            assert!(!error.to_string().trim().is_empty(), "{line}");
        }
    }
}

/// Kafka's tools take no beginnings of options, and whatever follows an option that wants a value is its value.
#[test]
fn options_are_whole_words() {
    let options = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Options::read("list state? topic=", &words, None)
    };
    let read = options(&["--topic", "--list", "--state", "--list", "--state", "Stable", "-list", "--", "--x"]);
    let read = read.unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(read.all("topic"), ["--list"]);
    assert_eq!((read.all("state"), read.has("list")), (vec!["Stable"], true));
    assert_eq!(read.words, ["--x"]);
    for (words, said) in [
        (vec!["--topi", "t"], "topi is not a recognized option"),
        (vec!["--topic"], "Option topic requires an argument"),
        (vec!["-xyz"], "x is not a recognized option"),
    ] {
        assert_eq!(options(&words).err().map(|fault| fault.words).as_deref(), Some(said));
    }
}
