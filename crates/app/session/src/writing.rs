//! A console producer that reads what is typed, with a prompt of its own, or what comes through a pipe behind its first line. Every
//! line is a record at the instant at which it is entered; nobody waits for its answer, as in Kafka's tool.

use script::cli::{Input, Reader, Run};
use script::{Command, KafkaCommand, WorldCommand};
use view::text::Language;
use view::{FormError, Time};

use crate::asking::Part;
use crate::terminal::shown;
use crate::{Asker, LineKind, Session, TerminalLine};

/// A console producer that runs.
pub(super) struct Writer {
    reader: Reader,
    /// When it was started: who goes back before that has not started it.
    since: Time,
    phase: Phase,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Reads,
    /// Its input has ended. Kafka's tool comes to that end only when every `send` before it has returned, and those wait for
    /// metadata.
    Sends,
    Closes,
}

impl Session {
    /// Does a console producer read what is typed? Then the next line is a record.
    pub fn reads_input(&self) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.phase == Phase::Reads)
    }

    /// A shell reads the next line when the tool has ended.
    pub(super) fn is_ending(&self) -> bool {
        self.writer.is_some() && !self.reads_input()
    }

    /// A console producer is a client of its own, which is there when its line is run. Whether its command is done by that.
    ///
    /// # Errors
    /// When it cannot be made or started.
    pub(super) fn with_producer(&mut self, run: &Run, language: Language) -> Result<bool, FormError> {
        let (name, add, is_all) = match (&run.command, run.producer()) {
            (_, Some((name, add))) => (name.clone(), add, false),
            (Command::Kafka(_, KafkaCommand::AddProducer { name, .. }), None) if run.input.is_some() => {
                (name.clone(), run.command.clone(), true)
            }
            _other => return Ok(false),
        };
        let command = match self.lab.run().world.find(&name).map(|slot| slot.liveness.is_up()) {
            Some(true) => return Ok(is_all),
            Some(false) => Command::World(WorldCommand::Start { name }),
            None => add,
        };
        self.command(&command, Asker::Page, language).map(|_| is_all)
    }

    /// The tool goes on reading: what a pipe has left, or what is typed from now on.
    pub(super) fn read_on(&mut self, input: Input, language: Language) -> Vec<TerminalLine> {
        self.writer = Some(Writer { reader: input.reader, since: self.lab.now(), phase: Phase::Reads });
        let Some(piped) = input.piped else { return Vec::new() };
        // They are all handed over at the instant of the first.
        self.part = Part::GoesOn;
        let mut printed = Vec::new();
        for line in &piped {
            printed.extend(self.write(line, language));
        }
        self.part = Part::Begins;
        self.end_reading(language);
        printed
    }

    /// One line more for the console producer.
    pub(super) fn write(&mut self, line: &str, language: Language) -> Vec<TerminalLine> {
        // It has come to its end.
        let Some(writer) = self.writer.as_mut().filter(|writer| writer.phase == Phase::Reads) else {
            return Vec::new();
        };
        match writer.reader.read(line) {
            Ok(run) => match self.ask_as(Asker::Line(line.to_owned()), run, language) {
                Ok(_asked) => Vec::new(),
                Err(error) => crate::terminal::complaint(&error),
            },
            Err(output) => {
                self.end_reading(language);
                shown(&output, self.lab.run().world.wall())
            }
        }
    }

    /// Ctrl+D: the tool sends what it has and ends.
    pub fn end_input(&mut self, language: Language) -> Vec<TerminalLine> {
        if !self.reads_input() {
            return Vec::new();
        }
        self.end_reading(language);
        vec![TerminalLine { kind: LineKind::Prompt, text: ">".to_owned() }]
    }

    fn end_reading(&mut self, language: Language) {
        if let Some(writer) = &mut self.writer {
            writer.phase = Phase::Sends;
        }
        self.version += 1;
        self.mind_the_writer(language);
    }

    /// The tool ends when it has sent all. Whoever has gone back before it was started, or whose client has ended, types no
    /// records any more.
    pub(super) fn mind_the_writer(&mut self, language: Language) {
        // Nothing runs.
        let Some(writer) = &mut self.writer else { return };
        let (now, slot) = (self.lab.now(), self.lab.run().world.find(&writer.reader.producer));
        let Some(slot) = slot.filter(|slot| slot.liveness.is_up() && now >= writer.since) else {
            self.writer = None;
            return;
        };
        let producer = slot.process.as_ref().and_then(|process| process.producer());
        // One that has sent all that came through its pipe closes by itself; of that something may have been undone.
        if writer.phase == Phase::Sends && producer.is_some_and(|one| one.blocked_calls() == 0 && one.takes_records()) {
            writer.phase = Phase::Closes;
            let name = writer.reader.producer.clone();
            self.end_client(&name, language);
        }
    }

    /// Ctrl+C: the tool ends at once, whatever it still has.
    pub(super) fn end_writer(&mut self, language: Language) {
        if let Some(writer) = &mut self.writer {
            writer.phase = Phase::Closes;
            let name = writer.reader.producer.clone();
            self.end_client(&name, language);
        }
    }
}
