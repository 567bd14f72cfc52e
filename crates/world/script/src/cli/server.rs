//! The scripts that start and stop a server.

use super::options::Options;
use super::{Begun, Lack, Refusal, words};
use base::Str;
use sim::{Command, WorldCommand};

/// `kafka-server-start.sh`.
pub(crate) const START: &str = "daemon override=";

/// `kafka-server-stop.sh`.
pub(crate) const STOP: &str = "node-id= process-role=";

/// `kafka-server-start.sh config/server-2.properties` or with `--override node.id=2`.
pub(crate) fn start(options: &Options) -> Result<Begun, Refusal> {
    let Some(file) = options.words.first() else {
        return words("USAGE: kafka-server-start.sh [-daemon] server.properties [--override property=value]*");
    };
    let settings = options.pairs(&["override"]);
    let from_file: String = file.rsplit('/').next().unwrap_or(file).chars().filter(char::is_ascii_digit).collect();
    let number = settings.get("node.id").cloned().unwrap_or(from_file);
    let Ok(node) = number.parse() else {
        return Err(Refusal::Lacking(file.clone(), Lack::WhichNode));
    };
    let name = name(node, file.contains("controller"));
    Ok(of_node(node, Command::World(WorldCommand::Start { name })))
}

/// KIP-979: `--node-id=2`, or `--process-role=controller --node-id=101` for `c1`.
pub(crate) fn stop(options: &Options) -> Result<Begun, Refusal> {
    let Some(node) = options.number::<i32>("node-id")? else {
        return Err(Refusal::Lacking(String::new(), Lack::EveryServer));
    };
    let name = name(node, options.value("process-role")? == Some("controller"));
    Ok(of_node(node, Command::World(WorldCommand::Stop { name })))
}

/// What a node is called as long as nobody has looked in its cluster.
fn name(node: i32, is_controller: bool) -> Str {
    match node {
        101.. if is_controller => format!("c{}", node - 100).into(),
        node => node.to_string().into(),
    }
}

fn of_node(node: i32, command: Command) -> Begun {
    Begun { node: Some(node), ..Begun::from(command) }
}
