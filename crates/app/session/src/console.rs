//! Console consumers that a line of the terminal has started: each prints what it is given, as Kafka's does, until it has
//! printed enough, has waited too long or is ended.

use lab::Happening;
use script::Command;
use script::cli::{self, Ending, Output, Printer, Run};
use sim::{KafkaCommand, WorldCommand};
use view::picture;
use view::text::Language;
use view::{FormError, Time};

use crate::terminal::shown;
use crate::{Answer, Asker, Session};

/// Names of Kafka's own, for whoever has none.
const NAME: &str = "console-consumer";

/// One that prints.
pub(super) struct Viewer {
    line: String,
    name: String,
    printer: Printer,
    /// When it was started, how far it has looked, and when it last got something.
    since: Time,
    until: Time,
    heard: Time,
}

impl Session {
    /// Each console consumer is a client of its own, in a group of its own where its line names none; whoever comes second
    /// has another name on the stage.
    pub(super) fn with_own_names(&self, run: &mut Run) {
        let Command::Kafka(_, KafkaCommand::AddConsumer { name, group, .. }) = &mut run.command else { return };
        let world = &self.lab.run().world;
        if **group == *NAME {
            // As many digits as Kafka draws at random; here two runs of the same acts are the same.
            let drawn = self.lab.now().0 / 1_000 % 100_000;
            *group = format!("{NAME}-{drawn}").into();
        }
        if world.find(name).is_some() {
            let free = (2..).map(|number| format!("{name}-{number}")).find(|name| world.find(name).is_none());
            *name = free.unwrap_or_default().into();
        }
    }

    /// A console producer is a client of its own, which is there when its line is run.
    ///
    /// # Errors
    /// When it cannot be made or started.
    pub(super) fn with_producer(&mut self, run: &Run, language: Language) -> Result<(), FormError> {
        let Command::Kafka(cluster, KafkaCommand::Send { producer, topic: Some(topic), .. }) = &run.command else {
            return Ok(());
        };
        let (cluster, name) = (cluster.clone(), producer.clone());
        let command = match self.lab.run().world.find(&name).map(|slot| slot.liveness.is_up()) {
            Some(true) => return Ok(()),
            Some(false) => Command::World(WorldCommand::Start { name }),
            None => match cli::console_producer(&name, topic) {
                Command::Kafka(_, add) => Command::Kafka(cluster, add),
                other => other,
            },
        };
        self.command(&command, Asker::Page, language).map(drop)
    }

    /// From now on what the client of a run is given is printed.
    pub(super) fn view_console(&mut self, line: &str, run: &Run) {
        let (Some(printer), Command::Kafka(_, KafkaCommand::AddConsumer { name, .. })) = (&run.printer, &run.command)
        else {
            return;
        };
        let now = self.lab.now();
        self.viewers.push(Viewer {
            line: line.to_owned(),
            name: name.to_string(),
            printer: printer.clone(),
            since: now,
            until: now,
            heard: now,
        });
    }

    /// Does a console consumer print? Then Ctrl+C ends it.
    pub fn has_viewers(&self) -> bool {
        !self.viewers.is_empty()
    }

    /// Prints what was given since the last look.
    pub(super) fn print_consoles(&mut self, facts: &[(f64, Happening)], language: Language) {
        let (now, wall) = (self.lab.now(), sim::wall(self.lab.now()));
        // Who was started later than now is not there: the reader has gone back before it.
        self.viewers.retain(|viewer| viewer.since <= now);
        let (mut told, mut ended) = (Vec::new(), Vec::new());
        let world = &self.lab.run().world;
        for viewer in &mut self.viewers {
            let mut output = Output::default();
            let happenings = facts.iter().map(|(_, happening)| happening);
            let given = picture::delivered(world, &viewer.name, happenings, viewer.until);
            if !given.is_empty() {
                viewer.heard = now;
            }
            given.iter().for_each(|(partition, record)| viewer.printer.print(partition, record, &mut output));
            viewer.until = viewer.until.max(now);
            let is_up = world.find(&viewer.name).is_some_and(|slot| slot.liveness.is_up());
            let waited = now.since(viewer.heard).as_millis();
            let ending = match viewer.printer.timeout_ms {
                _enough if viewer.printer.is_done() || !is_up => Some(Ending::Done),
                Some(longest) if waited > longest => Some(Ending::TimedOut),
                Some(_) | None => None,
            };
            if let Some(ending) = ending {
                viewer.printer.end(ending, &mut output);
                ended.push((viewer.name.clone(), is_up));
            }
            if !output.lines.is_empty() {
                told.push((viewer.line.clone(), shown(&output, wall)));
            }
        }
        self.viewers.retain(|viewer| !ended.iter().any(|(name, _)| *name == viewer.name));
        for (line, lines) in told {
            let (asker, outcome) = (Asker::Line(line), Ok(Vec::new()));
            self.answers.push(Answer { asker, at: now, outcome, tool: Some(lines) });
        }
        ended.into_iter().filter(|(_, is_up)| *is_up).for_each(|(name, _)| self.end_client(&name, language));
    }

    /// As Ctrl+C does: the client closes.
    fn end_client(&mut self, name: &str, language: Language) {
        let command = Command::World(WorldCommand::Stop { name: name.into() });
        if let Err(error) = self.command(&command, Asker::Page, language) {
            self.answers.push(Answer { asker: Asker::Page, at: self.lab.now(), outcome: Err(error), tool: None });
        }
    }

    /// Ends the console consumers that print; each says how many records it has printed.
    pub fn interrupt(&mut self, language: Language) {
        let names: Vec<String> = self.viewers.iter().map(|viewer| viewer.name.clone()).collect();
        names.iter().for_each(|name| self.end_client(name, language));
    }
}
