//! Smaller tools that look at a cluster: `kafka-get-offsets`, `kafka-delete-records`, `kafka-log-dirs`,
//! `kafka-broker-api-versions`, `kafka-cluster` and `kafka-metadata-quorum`. Kafka: `GetOffsetShell`, `DeleteRecordsCommand`,
//! `LogDirsCommand`, `BrokerApiVersionsCommand`, `ClusterTool`, `MetadataQuorumCommand`.

use super::argparse::{Expected, Parser};
use super::options::Options;
use super::{Begun, Refusal, admin, console, words};

/// `kafka-get-offsets.sh`.
pub(crate) const OFFSETS: &str =
    "bootstrap-server= command-config= exclude-internal-topics partitions= time= topic= topic-partitions=";
/// `kafka-delete-records.sh`.
pub(crate) const RECORDS: &str = "bootstrap-server= command-config= offset-json-file=";
/// `kafka-log-dirs.sh`.
pub(crate) const DIRS: &str = "bootstrap-server= broker-list= command-config= describe topic-list=";
/// `kafka-broker-api-versions.sh`.
pub(crate) const VERSIONS: &str = "bootstrap-server= command-config=";

const SERVERS: &str = "b/bootstrap-server= C/bootstrap-controller= config= c/command-config=";
const CLUSTER: Parser =
    Parser { tool: "kafka-cluster", table: "help", help: "kafka-cluster", usage: "kafka-cluster.usage" };
const CLUSTER_ID: Parser =
    Parser { table: SERVERS, help: "kafka-cluster.cluster-id", usage: "kafka-cluster.cluster-id.usage", ..CLUSTER };
const ENDPOINTS: Parser = Parser {
    table: "b/bootstrap-server= C/bootstrap-controller= config= c/command-config= include-fenced-brokers",
    help: "kafka-cluster.list-endpoints",
    usage: "kafka-cluster.list-endpoints.usage",
    ..CLUSTER
};
const UNREGISTER: Parser = Parser {
    table: "b/bootstrap-server= C/bootstrap-controller= config= c/command-config= i/id=",
    help: "kafka-cluster.unregister",
    usage: "kafka-cluster.unregister.usage",
    ..CLUSTER
};
const QUORUM: Parser = Parser {
    tool: "kafka-metadata-quorum",
    table: "bootstrap-server= bootstrap-controller= command-config=",
    help: "kafka-metadata-quorum",
    usage: "kafka-metadata-quorum.usage",
};
const QUORUM_DESCRIBE: Parser = Parser {
    table: "status replication human-readable",
    help: "kafka-metadata-quorum.describe",
    usage: "kafka-metadata-quorum.describe.usage",
    ..QUORUM
};

/// Complaints in the order of `GetOffsetShellOptions` and `fetchOffsets`.
pub(crate) fn offsets(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server"])?;
    console::addresses(options)?;
    if options.has("topic-partitions") && options.count(&["topic", "partitions"]) > 0 {
        return words("Error occurred: --topic-partitions cannot be used with --topic or --partitions");
    }
    Err(Refusal::NotHere(String::new()))
}

pub(crate) fn records(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server", "offset-json-file"])?;
    admin::connect(options)?;
    Err(Refusal::NotHere(String::new()))
}

pub(crate) fn dirs(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server", "describe"])?;
    admin::connect(options)?;
    Err(Refusal::NotHere(String::new()))
}

pub(crate) fn versions(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server"])?;
    admin::connect(options)?;
    Err(Refusal::NotHere(String::new()))
}

/// `kafka-cluster.sh`.
pub(crate) fn cluster(options: &Options) -> Result<Begun, Refusal> {
    let given = CLUSTER.read(&options.line, Expected::SubCommand)?;
    let parser = match given.command.as_deref() {
        None => return Err(CLUSTER.error("too few arguments")),
        Some("cluster-id") => CLUSTER_ID,
        Some("list-endpoints") => ENDPOINTS,
        Some("unregister") => UNREGISTER,
        Some(other) => {
            let words = format!("invalid choice: '{other}' (choose from 'cluster-id', 'unregister', 'list-endpoints')");
            return Err(CLUSTER.error(&words));
        }
    };
    let own = parser.read(&given.rest, Expected::Nothing)?;
    if parser.help == UNREGISTER.help && !own.has("id") {
        return Err(parser.error("argument --id/-i is required"));
    }
    own.servers(["--bootstrap-server/-b", "--bootstrap-controller/-C"])?;
    Err(Refusal::NotHere(given.command.unwrap_or_default()))
}

/// `kafka-metadata-quorum.sh`.
pub(crate) fn quorum(options: &Options) -> Result<Begun, Refusal> {
    let given = QUORUM.read(&options.line, Expected::SubCommand)?;
    match given.command.as_deref() {
        None => return Err(QUORUM.error("too few arguments")),
        Some("describe") => {}
        Some(other @ ("add-controller" | "remove-controller")) => {
            return Err(Refusal::NotHere(other.to_owned()));
        }
        Some(other) => {
            let words =
                format!("invalid choice: '{other}' (choose from 'describe', 'add-controller', 'remove-controller')");
            return Err(QUORUM.error(&words));
        }
    }
    let own = QUORUM_DESCRIBE.read(&given.rest, Expected::Nothing)?;
    given.servers(["--bootstrap-server", "--bootstrap-controller"])?;
    match (own.has("status"), own.has("replication")) {
        (true, true) => words("Only one of --status or --replication should be specified with describe sub-command"),
        (false, false) => words("One of --status or --replication must be specified with describe sub-command"),
        (true, false) if own.has("human-readable") => {
            words("The option --human-readable is only supported along with --replication")
        }
        (true, false) | (false, true) => Err(Refusal::NotHere("describe".to_owned())),
    }
}
