//! Where a tool's client begins (`--bootstrap-server`): what is told to it, and what the tool prints where there is no such
//! host, or nobody who listens. Kafka: `ClientUtils.parseAndValidateAddresses`, `NetworkClient`.

use super::output::{FRAMES, Output, Printed};
use super::table::Manner;
use super::{Run, TOOLS};
use crate::logged::Logs;
use base::Time;
use sim::{ClusterIndex, Command, KafkaCommand, World};

const SERVERS: &str = "bootstrap.servers";
const CONFIG: &str = "org.apache.kafka.common.config.ConfigException";

impl Run {
    /// The client of the tool begins where its line says: an admin client of its own, or a client with that setting.
    pub fn begin(&mut self) {
        let Some(servers) = self.servers.clone() else { return };
        let Command::Kafka(_, command) = &mut self.command else { return };
        if let KafkaCommand::AddProducer { configs, .. } | KafkaCommand::AddConsumer { configs, .. } = command {
            configs.insert(SERVERS.into(), servers.clone());
        }
        if let Some(input) = &mut self.input {
            input.settings.insert(SERVERS.into(), servers.clone());
        }
        if command.is_for_admin() {
            let asked = Box::new(std::mem::replace(command, KafkaCommand::ListTopics));
            *command = KafkaCommand::Via { servers, command: asked };
        }
    }

    /// What the tool prints of hosts that have no address, and whether it ends with that.
    pub fn resolved(&self, world: &World) -> Result<Output, Output> {
        let mut output = Output::default();
        let Some(servers) = &self.servers else { return Ok(output) };
        for (url, host) in world.unresolved(servers) {
            output.log(format!(
                "WARN Couldn't resolve server {url} from {SERVERS} as DNS resolution failed for {host} \
                 (org.apache.kafka.clients.ClientUtils)"
            ));
        }
        match world.unreachable(self.cluster(world), servers) {
            None => Ok(output),
            Some(why) => {
                self.not_made(&why, &mut output);
                Err(output)
            }
        }
    }

    /// As the tool prints that its client could not be made.
    fn not_made(&self, why: &str, output: &mut Output) {
        let cause = format!("Caused by: {CONFIG}: {why}");
        let client = match self.tool {
            "kafka-console-producer" | "kafka-producer-perf-test" => "Failed to construct kafka producer",
            "kafka-console-consumer" => "Failed to construct kafka consumer",
            _of_administration => "Failed to create new KafkaAdminClient",
        };
        let thrown = format!("org.apache.kafka.common.KafkaException: {client}");
        let manner = TOOLS.iter().find(|tool| tool.name == self.tool).map(|tool| tool.wrong);
        match (self.tool, manner) {
            ("kcat", _) => {
                // librdkafka goes on trying.
                let servers = self.servers.clone().unwrap_or_default();
                output.err(format!("% ERROR: Failed to resolve '{servers}': Name or service not known")).exit(1);
                return;
            }
            ("kafka-console-consumer", _) => {
                output.log(
                    "ERROR Unknown error when running consumer:  (org.apache.kafka.tools.consumer.ConsoleConsumer)",
                );
                output.err(thrown);
            }
            ("kafka-console-producer", _) => _ = output.err(thrown),
            (_, Some(Manner::Group)) => {
                output.out("").out(format!("Error: Executing consumer group command failed due to {client}"));
                output.err(thrown).err(FRAMES).err(cause).err(FRAMES);
                return;
            }
            (_, Some(Manner::Occurred)) => _ = output.err(format!("Error occurred: {client}")).err(thrown),
            (_, Some(Manner::Main)) => _ = output.err(format!("Exception in thread \"main\" {thrown}")),
            (_, Some(Manner::Usage | Manner::Words | Manner::Thrown | Manner::Topic) | None) => {
                _ = output.err(client).err(thrown);
            }
        }
        output.err(FRAMES).err(cause).err(FRAMES).exit(1);
    }

    /// What the tool's own client has logged since it was asked, with the time of each line: warnings of servers that were
    /// not reached. A client that tools share has nothing to say to one of them.
    pub fn logged(&self, world: &World, since: Time) -> Output {
        let mut output = Output::default();
        let Command::Kafka(_, KafkaCommand::Via { servers, .. }) = &self.command else { return output };
        let logs = world.tool_at(self.cluster(world), servers).and_then(Logs::of_tool);
        output.lines.extend(logs.into_iter().flat_map(|logs| logs.warnings(since)).map(Printed::Err));
        output
    }

    /// Whose cluster is asked.
    fn cluster(&self, world: &World) -> ClusterIndex {
        let named = match &self.command {
            Command::Kafka(named, _) => named.as_ref(),
            Command::World(_) | Command::Other(_) => None,
        };
        let found = world.clusters().find(|cluster| cluster.command_name().as_ref() == named);
        found.map_or(ClusterIndex::FIRST, |cluster| cluster.index())
    }
}
