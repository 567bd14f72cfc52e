//! Console consumers that a line of the terminal or of a text has started: each prints what it is given, as Kafka's does, until it
//! has printed enough, has waited too long or is ended. Whoever goes back sees it print again.

use lab::Happening;
use script::Command;
use script::cli::{Consumed, Ending, Output, Printed, Printer, Run};
use script::shell::Pipe;
use sim::{KafkaCommand, World, WorldCommand};
use view::Time;
use view::picture::{self, ConsoleEnd, Delivered, Kept};
use view::text::{Language, Text};

use crate::terminal::{comment, shown};
use crate::{Answer, Asker, Session, TerminalLine};

/// What has the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreground {
    Shell,
    /// A console producer reads what is typed, until Ctrl+D.
    Reads,
    /// A console consumer prints, or a producer is measured, until Ctrl+C.
    Prints,
}

/// Consoles that are remembered, also those that have ended: whoever goes back sees them print again.
const KEPT: usize = 64;

/// One that prints.
pub(super) struct Viewer {
    /// `None`: a text has typed it.
    line: Option<String>,
    name: String,
    printer: Printer,
    /// What it prints goes through, as it was at first and as it is.
    fresh: Pipe,
    pipe: Pipe,
    /// When it was started, and how far it has looked.
    since: Time,
    until: Time,
    /// Records that it was given by then, and of these those that came at that very instant.
    given: u64,
    at_until: usize,
    /// When it was seen that it has ended.
    ended: Option<Time>,
    /// Nobody takes what it prints any more: it ends as by Ctrl+C.
    unread: bool,
    /// Its client was closed for that, which the run holds: whoever sees it again closes nothing.
    closed: bool,
}

impl Viewer {
    fn is_there(&self, now: Time) -> bool {
        self.since <= now && self.ended.is_none_or(|ended| now < ended)
    }

    /// It stands at another instant than it has looked to: the reader has gone back, or another client has its name.
    fn stand_at(&mut self, at: Time, given: u64) {
        // All that came at this very instant is among what was given.
        (self.until, self.given, self.at_until, self.ended) = (at, given, usize::MAX, None);
        self.unread = false;
        self.printer.go_back(given);
        self.pipe.clone_from(&self.fresh);
    }

    /// Takes what was given since the last look. What the run has gone past without telling it, or no log holds any more, is
    /// counted.
    fn look(&mut self, world: &World, facts: &[Happening], now: Time, text: &Text) -> Vec<TerminalLine> {
        let total = picture::delivered_count(world, &self.name);
        if now < self.until || total.is_some_and(|total| total < self.given) {
            self.stand_at(now, total.unwrap_or(0));
        }
        let mut news = picture::delivered(world, &self.name, facts.iter(), before(self.until));
        let known = news.iter().take_while(|one| one.at == self.until).count().min(self.at_until);
        news.drain(..known);
        let (mut output, wall) = (Output::default(), sim::wall(now));
        let count = news.len() as u64;
        let passed = total.map_or(0, |total| total.saturating_sub(self.given + count));
        let lost = news.iter().filter(|one| one.kept.is_none()).count() as u64;
        let mut lines = Vec::new();
        let unseen = self.printer.pass_over(passed + lost);
        if unseen > 0 {
            lines.push(comment((text.refusal.unseen)(unseen)));
        }
        let last = news.iter().rev().take_while(|one| one.at == now).count();
        self.at_until = if self.until == now { known + last } else { last };
        (self.until, self.given) = (now, total.unwrap_or(self.given + count));
        for Delivered { partition, kept, .. } in &news {
            let mut printed = Output::default();
            kept.iter().for_each(|kept| self.printer.print(&consumed(partition, kept), &mut printed));
            if self.pipe.is_closed() && !printed.lines.is_empty() {
                output.lines.push(Printed::Err("Unable to write to standard out, closing consumer.".to_owned()));
                self.unread = true;
                break;
            }
            self.pipe.through(&mut printed);
            output.lines.extend(printed.lines);
        }
        if let Some(ending) = if self.unread { Some(Ending::Done) } else { self.ending(world) } {
            self.printer.end(&ending, &mut output);
            output.lines.extend(self.pipe.end().into_iter().map(Printed::Out));
            self.ended = Some(now);
        }
        lines.extend(shown(&output, wall));
        lines
    }

    /// Its client has closed: by itself, or because somebody has ended it.
    fn ending(&self, world: &World) -> Option<Ending> {
        Some(match picture::console_end(world, &self.name)? {
            ConsoleEnd::Silence => Ending::TimedOut,
            ConsoleEnd::Failed(failure) => Ending::failed(&failure.name, failure.error, &failure.message),
            ConsoleEnd::Other => Ending::Done,
        })
    }
}

/// As a tool prints it.
fn consumed<'a>(partition: &'a base::TopicPartition, kept: &'a Kept) -> Consumed<'a> {
    Consumed { partition, record: &kept.record, broker: kept.broker, stamp: kept.stamp }
}

/// Just before an instant.
fn before(at: Time) -> Time {
    Time(at.0.saturating_sub(1))
}

impl Session {
    /// From now on what the client of a run is given is printed.
    pub(super) fn view_console(&mut self, line: Option<&str>, run: &Run, since: Time) {
        let Command::Kafka(_, KafkaCommand::AddConsumer { name, .. }) = &run.command else { return };
        let Some(printer) = &run.printer else { return };
        self.viewers.retain(|viewer| *viewer.name != **name);
        if self.viewers.len() >= KEPT {
            let ended = self.viewers.iter().position(|viewer| viewer.ended.is_some());
            self.viewers.remove(ended.unwrap_or(0));
        }
        self.viewers.push(Viewer {
            line: line.map(str::to_owned),
            name: name.to_string(),
            printer: printer.clone(),
            fresh: run.pipe.clone(),
            pipe: run.pipe.clone(),
            since,
            until: since,
            given: 0,
            at_until: 0,
            ended: None,
            unread: false,
            closed: line.is_none(),
        });
    }

    /// Those that have the terminal now.
    fn consoles(&self) -> impl Iterator<Item = &Viewer> {
        let now = self.lab.now();
        self.viewers.iter().filter(move |viewer| viewer.line.is_some() && viewer.is_there(now))
    }

    /// What has the terminal now.
    pub fn foreground(&self) -> Foreground {
        match (self.reads_input(), self.consoles().next().is_none() && self.measured.is_empty()) {
            (true, _) => Foreground::Reads,
            (false, false) => Foreground::Prints,
            (false, true) => Foreground::Shell,
        }
    }

    /// What runs in the terminal goes on.
    pub(super) fn mind_the_terminal(&mut self, language: Language) {
        self.type_lines();
        self.print_consoles(language);
        self.mind_the_writer(language);
        self.mind_the_measured();
    }

    /// Prints what was given since the last look, however much time has passed since.
    fn print_consoles(&mut self, language: Language) {
        let now = self.lab.now();
        // Nobody knows what its client will be given: that has not happened yet.
        let later = self.viewers.iter_mut().filter(|viewer| now < viewer.since);
        later.for_each(|viewer| viewer.stand_at(viewer.since, 0));
        let there = || self.viewers.iter().filter(|viewer| viewer.is_there(now));
        let Some(since) = there().map(|viewer| viewer.until).min() else { return };
        let facts: Vec<Happening> = self.lab.history().since(before(since)).cloned().collect();
        let (mut told, mut left) = (Vec::new(), Vec::new());
        let world = &self.lab.run().world;
        self.viewers.retain(|viewer| viewer.since > now || world.find(&viewer.name).is_some());
        for viewer in self.viewers.iter_mut().filter(|viewer| viewer.is_there(now)) {
            let lines = viewer.look(world, &facts, now, language.text());
            if !lines.is_empty() {
                told.push((viewer.line.clone(), lines));
            }
            if viewer.unread && !std::mem::replace(&mut viewer.closed, true) {
                left.push(viewer.name.clone());
            }
        }
        for (line, lines) in told {
            let (asker, outcome) = (line.map_or(Asker::Text, Asker::Line), Ok(Vec::new()));
            self.answers.push(Answer { asker, at: now, outcome, tool: Some(lines) });
        }
        left.iter().for_each(|name| self.end_client(name, language));
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
        let names: Vec<String> = self.consoles().map(|viewer| viewer.name.clone()).collect();
        names.iter().for_each(|name| self.end_client(name, language));
    }
}
