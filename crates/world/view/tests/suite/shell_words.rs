//! What the terminal's shell and this page say of a line of Kafka's tools, in both languages; Kafka's own words stay as they are.

use lab::LabError;
use script::cli::{CliError, Lack};
use script::shell::ShellError;
use view::picture;
use view::text::Language;

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

fn said(error: CliError, language: Language) -> String {
    let view = picture::of_lab(&LabError::Cli(error), language.text()).error;
    format!("{} {}", view.text, view.sentence).trim().to_owned()
}

#[test]
fn what_is_not_here_is_said_in_both_languages() {
    for lack in Lack::ALL {
        let error = || CliError::NotHere { tool: "kafka-topics", what: "--x".to_owned(), lack, instead: None };
        let (english, chinese) = (said(error(), Language::English), said(error(), Language::Chinese));
        assert!(english.contains("kafka-topics --x: Kafka can, this page cannot") && english.contains(lack.said()));
        assert!(!is_chinese(&english), "{english}");
        assert!(chinese.contains("kafka-topics --x") && is_chinese(&chinese), "{chinese}");
        assert!(lack == Lack::Nothing || !chinese.contains(lack.said()), "{chinese}");
    }
    let word = || "w".to_owned();
    for error in [
        ShellError::Quotes,
        ShellError::Incomplete("|"),
        ShellError::Redirect,
        ShellError::HereDocument,
        ShellError::Background,
        ShellError::Or,
        ShellError::Substitution,
        ShellError::Variable(word()),
        ShellError::Glob(word()),
        ShellError::Feed(word()),
        ShellError::Filter(word()),
        ShellError::Option { filter: "grep", word: word() },
        ShellError::Pattern(word()),
        ShellError::Loop,
        ShellError::Keyword(word()),
        ShellError::TooLong(9),
        ShellError::Several,
    ] {
        let english = said(CliError::Shell(error.clone()), Language::English);
        let chinese = said(CliError::Shell(error.clone()), Language::Chinese);
        assert_eq!(english, error.to_string());
        assert!(is_chinese(&chinese) && !is_chinese(&english), "{chinese}");
    }
    // What bash itself says is nobody's to translate.
    let file = ShellError::NoFile(word());
    assert_eq!((Language::Chinese.text().refusal.of_shell)(&file), file.to_string());
}

/// Lines of which this page says that it cannot: in either language no half of another.
#[test]
fn every_such_line_is_told_in_the_readers_language() {
    for line in [
        "kafka-reassign-partitions.sh --bootstrap-server b:9092 --list",
        "kafka-acls.sh --list",
        "kafka-storage.sh random-uuid",
        "kafka-storage.sh format --standalone -t $KAFKA_CLUSTER_ID -c config/server.properties",
        "KAFKA_CLUSTER_ID=\"$(bin/kafka-storage.sh random-uuid)\"",
        "kafka-console-consumer.sh --bootstrap-server b:9092 --include or.*",
        "kafka-configs.sh --bootstrap-server b:9092 --describe --entity-type users",
        "kafka-configs.sh --bootstrap-server b:9092 --describe --entity-type groups --entity-name g",
        "kafka-configs.sh --bootstrap-server b:9092 --describe --entity-type client-metrics",
        "kafka-configs.sh --bootstrap-server b:9092 --describe --entity-type broker-loggers --entity-name 1",
        "kafka-server-start.sh config/server.properties",
        "kafka-server-stop.sh",
        "kafka-get-offsets.sh --bootstrap-server b:9092 --topic t --time earliest-local",
        "kcat -b b:9092 -t t -e -J",
        "kcat -b b:9092 -C -t t -o stored",
    ] {
        let error = script::cli::run(line).expect_err(line);
        assert!(matches!(error, CliError::NotHere { .. }), "{line}: {error:?}");
        let chinese = said(error.clone(), Language::Chinese);
        assert!(is_chinese(&chinese) && !chinese.contains("cannot"), "{line}: {chinese}");
        assert!(said(error, Language::English).contains("this page cannot"), "{line}");
    }
}
