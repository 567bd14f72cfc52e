//! The scripts that start and stop a server.

use super::options::Options;
use super::{Begun, Refusal, words};
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
    if number.is_empty() {
        return Err(Refusal::NotHere(format!("{file} (which node is that? write start 1)")));
    }
    let controller = file.contains("controller");
    let name = if controller { format!("c{number}").into() } else { number.into() };
    Ok(Command::World(WorldCommand::Start { name }).into())
}

/// KIP-979: `--node-id=2`, or `--process-role=controller --node-id=101` for `c1`.
pub(crate) fn stop(options: &Options) -> Result<Begun, Refusal> {
    let Some(node) = options.number::<u32>("node-id")? else {
        return Err(Refusal::NotHere("without --node-id (it would stop every server)".to_owned()));
    };
    let controller = options.value("process-role")? == Some("controller") && node > 100;
    let name = if controller { format!("c{}", node - 100).into() } else { node.to_string().into() };
    Ok(Command::World(WorldCommand::Stop { name }).into())
}
