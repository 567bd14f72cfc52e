//! Lines of Kafka's tools in a scenario: what the terminal does with one that is typed there, as far as it can be known before
//! anything runs. A line that is refused asks for nothing; what it prints can be looked at all the same.

use super::draft::Draft;
use super::{Problem, Typed};
use crate::cli::{self, CliError, Known};
use config::application::MOST;
use sim::{ClusterPlan, Command, KafkaCommand};

impl Draft {
    /// A line of a tool comes now.
    pub(super) fn tool(&mut self, line: u32, text: &str) -> Result<(), Problem> {
        let mut run = match cli::run(text) {
            Ok(run) => Some(run),
            Err(error) if error.printed().is_some() || matches!(error, CliError::Files(_)) => None,
            Err(CliError::UnknownTool { name, .. }) => {
                return Err(Problem::Tool(format!("{name}: command not found").into()));
            }
            Err(error) => return Err(Problem::Tool(error.to_string().into())),
        };
        if run.as_ref().is_some_and(cli::Run::asks_on) {
            return Err(Problem::Tool("this line asks twice; a text holds one question in a line".into()));
        }
        let (at, after_commands) = (self.free(), self.commands.len());
        if let Some(run) = &mut run {
            run.begin();
            run.name_at(at, |known| self.has(known));
            let producer = run.producer().filter(|(name, _)| !self.has(Known::Client(name))).map(|(_, add)| add);
            producer.into_iter().for_each(|add| self.command(line, add));
        }
        let asks = run.map(|run| {
            self.command(line, run.command);
            let asks = self.commands.len() - 1;
            // What else comes through its pipe.
            let more = run.input.map(|input| input.rest().0).unwrap_or_default();
            more.into_iter().for_each(|run| self.command(line, run.command));
            asks
        });
        let until_commands = self.commands.len();
        self.typed.push(Typed { at, after_commands, asks, until_commands, line, text: text.to_owned() });
        Ok(())
    }

    /// Scripts that start and stop servers name them by `node.id`; what they are called here is known when the whole text is read.
    pub(super) fn call_nodes(&mut self, plan: &ClusterPlan) {
        for typed in &self.typed {
            let placed = typed.asks.and_then(|index| self.commands.get_mut(index));
            let Some(placed) = placed.filter(|placed| matches!(placed.command, Command::World(_))) else { continue };
            if let Ok(mut run) = cli::run(&typed.text)
                && run.for_node(plan)
            {
                placed.command = run.command;
            }
        }
    }

    /// Has a line above made that client, or one in that group?
    fn has(&self, known: Known<'_>) -> bool {
        self.commands.iter().any(|placed| match (&placed.command, known) {
            (
                Command::Kafka(of, KafkaCommand::AddProducer { name: made, configs, .. }),
                Known::Other { name, cluster, settings },
                // Whether one that closes by itself has done so is not known before the run.
            ) => {
                let is_same = of.as_deref() == cluster && configs == settings;
                **made == *name && (!is_same || settings.contains_key(MOST))
            }
            (
                Command::Kafka(
                    _,
                    KafkaCommand::AddProducer { name: made, .. } | KafkaCommand::AddConsumer { name: made, .. },
                ),
                Known::Client(name),
            )
            | (Command::Kafka(_, KafkaCommand::AddConsumer { name: made, .. }), Known::Other { name, .. }) => {
                **made == *name
            }
            (Command::Kafka(_, KafkaCommand::AddConsumer { group: made, .. }), Known::Group(name)) => **made == *name,
            _other => false,
        })
    }
}
