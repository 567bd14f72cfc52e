//! Console consumers that a line of the terminal has started: each prints what it is given, as Kafka's does, until it has
//! printed enough, has waited too long or is ended.

use lab::Happening;
use script::Command;
use script::cli::{Ending, Output, Printer, Run};
use sim::{KafkaCommand, WorldCommand};
use view::Time;
use view::picture;
use view::text::Language;

use crate::terminal::shown;
use crate::{Answer, Asker, Session};

/// What has the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreground {
    Shell,
    /// A console producer reads what is typed, until Ctrl+D.
    Reads,
    /// A console consumer prints, or a producer is measured, until Ctrl+C.
    Prints,
}

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

    /// What has the terminal now.
    pub fn foreground(&self) -> Foreground {
        match (self.reads_input(), self.viewers.is_empty() && self.measured.is_empty()) {
            (true, _) => Foreground::Reads,
            (false, false) => Foreground::Prints,
            (false, true) => Foreground::Shell,
        }
    }

    /// What runs in the terminal goes on.
    pub(super) fn mind_the_terminal(&mut self, language: Language) {
        self.print_consoles(language);
        self.mind_the_writer(language);
        self.mind_the_measured(language);
        self.type_lines();
    }

    /// Prints what was given since the last look, however much time has passed since.
    fn print_consoles(&mut self, language: Language) {
        let Some(since) = self.viewers.iter().map(|viewer| viewer.until).min() else { return };
        let facts: Vec<Happening> = self.lab.history().since(since).cloned().collect();
        let (now, wall) = (self.lab.now(), sim::wall(self.lab.now()));
        // Who was started later than now is not there: the reader has gone back before it.
        self.viewers.retain(|viewer| viewer.since <= now);
        let (mut told, mut ended) = (Vec::new(), Vec::new());
        let world = &self.lab.run().world;
        for viewer in &mut self.viewers {
            let mut output = Output::default();
            let given = picture::delivered(world, &viewer.name, facts.iter(), viewer.until);
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
    pub(super) fn end_client(&mut self, name: &str, language: Language) {
        let command = Command::World(WorldCommand::Stop { name: name.into() });
        if let Err(error) = self.command(&command, Asker::Page, language) {
            self.answers.push(Answer { asker: Asker::Page, at: self.lab.now(), outcome: Err(error), tool: None });
        }
    }

    /// Ends the console consumers that print, each of which says how many records it has printed, and the console producer
    /// that reads.
    pub fn interrupt(&mut self, language: Language) {
        self.end_writer(language);
        self.end_measured(language);
        let names: Vec<String> = self.viewers.iter().map(|viewer| viewer.name.clone()).collect();
        names.iter().for_each(|name| self.end_client(name, language));
    }
}
