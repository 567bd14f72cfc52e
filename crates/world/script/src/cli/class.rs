//! `kafka-run-class.sh`, through which old tutorials call tools that have scripts today: classes by their names in 4.3.0, and what
//! Java says of one that is there no more.

use super::{CliError, Output, modern, old, tool_name};

/// The script of the tool that a class is.
const CLASSES: [(&str, &str); 14] = [
    ("TopicCommand", "kafka-topics"),
    ("GetOffsetShell", "kafka-get-offsets"),
    ("ConsoleProducer", "kafka-console-producer"),
    ("consumer.ConsoleConsumer", "kafka-console-consumer"),
    ("consumer.group.ConsumerGroupCommand", "kafka-consumer-groups"),
    ("DumpLogSegments", "kafka-dump-log"),
    ("GroupsCommand", "kafka-groups"),
    ("ConfigCommand", "kafka-configs"),
    ("LeaderElectionCommand", "kafka-leader-election"),
    ("DeleteRecordsCommand", "kafka-delete-records"),
    ("LogDirsCommand", "kafka-log-dirs"),
    ("BrokerApiVersionsCommand", "kafka-broker-api-versions"),
    ("ClusterTool", "kafka-cluster"),
    ("MetadataQuorumCommand", "kafka-metadata-quorum"),
];
/// Where they are, since 4.0.
const PACKAGE: &str = "org.apache.kafka.tools.";

/// A line that calls a class is one that calls its script.
///
/// # Errors
/// Java's words where there is no such class.
pub(super) fn by_script(words: &mut Vec<String>) -> Result<(), CliError> {
    if words.first().is_none_or(|first| tool_name(first) != "kafka-run-class") {
        return Ok(());
    }
    let mut printed = Output::default();
    let Some(class) = words.get(1).cloned() else {
        let usage = "USAGE: kafka-run-class.sh [-daemon] [-name servicename] [-loggc] classname [opts]";
        printed.out(usage).exit(1);
        return Err(CliError::Refused { words: usage.to_owned(), printed, instead: None });
    };
    let script =
        |name: &str| CLASSES.iter().find(|(known, _)| *known == name).map(|(_, script)| format!("{script}.sh"));
    if let Some(script) = class.strip_prefix(PACKAGE).and_then(script) {
        words.drain(..2);
        words.insert(0, script);
        return Ok(());
    }
    let last = class.rsplit('.').next().unwrap_or(&class);
    let today = CLASSES.iter().find(|(known, _)| known.rsplit('.').next() == Some(last));
    let instead = today.and_then(|(_, script)| {
        let line: Vec<String> = std::iter::once(format!("{script}.sh")).chain(words[2..].iter().cloned()).collect();
        // Some lines need no more than the script's name.
        let is_read = matches!(super::run(&shell_words::join(&line)), Ok(_) | Err(CliError::Files(_)));
        if is_read { Some(shell_words::join(&line)) } else { modern(&line) }
    });
    let instead = instead.or_else(|| match last {
        "ConsumerOffsetChecker" => old::instead("kafka-consumer-offset-checker", &words[2..]),
        "SimpleConsumerShell" => old::instead("kafka-simple-consumer-shell", &words[2..]),
        "PreferredReplicaLeaderElectionCommand" => old::instead("kafka-preferred-replica-election", &[]),
        _other => None,
    });
    let said = format!("Error: Could not find or load main class {class}");
    printed.err(&*said).err(format!("Caused by: java.lang.ClassNotFoundException: {class}")).exit(1);
    Err(CliError::Refused { words: said, printed, instead })
}
