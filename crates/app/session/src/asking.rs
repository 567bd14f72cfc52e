//! Acts on the cluster. Each is carried out as it is, and what the cluster says to it is heard when its answer has
//! arrived, not before: a request may be lost, and what would have been answered now may be wrong by then.

use std::rc::Rc;

use lab::{Done, Intent};
use script::cli::{self, Run};
use script::shell::Pipe;
use script::{Command, PlacedCommand};
use view::picture::{self, Foreseen};
use view::text::Language;
use view::{Field, FormError, PlacedView, Time};

use crate::queue::Status;
use crate::{Act, LineKind, TerminalLine, terminal};
use crate::{Session, complaint};

/// Questions that may be open at a time; older ones are no longer waited for.
const OPEN: usize = 256;

/// Who is to hear an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Asker {
    /// Nobody asked: the page says something by itself.
    Page,
    /// An act, by the number that it was given.
    Act(u64),
    /// A line of the terminal.
    Line(String),
    /// A line that a text types.
    Text,
    /// Nobody asks: a gesture has done what a line would do, which is told.
    Gesture,
}

/// The cluster's answer to an act of a while ago.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub asker: Asker,
    /// When it arrived.
    pub at: Time,
    pub outcome: Result<Vec<String>, FormError>,
    /// What one of Kafka's tools prints of it, where such a line has asked and its tool says something.
    pub tool: Option<Vec<TerminalLine>>,
}

/// What came of an act at once.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Done,
    /// The cluster will answer the act of this number, if it ever does.
    Asked(u64),
    Refused(FormError),
}

/// One line may be several commands: all of them come at one instant, however fast time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    Begins,
    GoesOn,
}

/// A question to the cluster.
pub(super) struct Asked {
    asker: Asker,
    /// The tool of Kafka's that has asked, if one has.
    run: Option<Run>,
    /// What the answer's lines go through where no tool has asked.
    pipe: Pipe,
    /// Its place on the branch; another branch may have another question there.
    pub(super) at: Time,
    command: Command,
}

impl Asked {
    /// Is it asked in a run of these commands?
    pub(super) fn is_in(&self, commands: &[PlacedCommand]) -> bool {
        let place = commands.partition_point(|placed| placed.at() < self.at);
        commands.get(place).is_some_and(|placed| placed.at() == self.at && placed.command == self.command)
    }
}

/// What is known beforehand about a form that is still being typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// The cluster would refuse it.
    Refused(FormError),
    /// Where a topic's leaders and copies would go at this very instant, while time stands still.
    Placed(Rc<Vec<PlacedView>>),
    /// They would be drawn when the controller is asked: time goes on.
    Later,
    Nothing,
}

/// What the cluster would say to the form as it stands, to which command, and at which instant where that matters.
pub(super) struct Hint {
    command: Command,
    language: Language,
    at: Option<Time>,
    preview: Preview,
}

impl Session {
    /// Applies an act on the world.
    pub fn act(&mut self, act: &Act, language: Language) -> Outcome {
        let choices = picture::choices(self.cluster());
        self.acts += 1;
        let number = self.acts;
        let command = act.command(&choices);
        match self.command(&command, Asker::Act(number), language) {
            Ok(is_asked) => {
                self.echo(&command, language);
                if is_asked { Outcome::Asked(number) } else { Outcome::Done }
            }
            Err(error) => Outcome::Refused(error),
        }
    }

    /// The line that does what a gesture has just done, for the terminal; it is not run. What is undone, done again or seen
    /// again is no gesture.
    pub(super) fn echo(&mut self, command: &Command, language: Language) {
        let line = cli::print(command).unwrap_or_else(|| script::print(command));
        let at = self.lab.now();
        let text = format!("$ {line}  # {}", (language.text().acts.by_gesture)(&at.to_string()));
        let tool = Some(vec![TerminalLine { kind: LineKind::Echo, text }]);
        self.answers.push(Answer { asker: Asker::Gesture, at, outcome: Ok(Vec::new()), tool });
    }

    /// Carries out a command; whether the cluster has been asked something by it.
    pub(super) fn command(&mut self, command: &Command, asker: Asker, language: Language) -> Result<bool, FormError> {
        let text = language.text();
        if let Some(refused) = crate::visit::forbidden(command, &self.allow, text) {
            return Err(refused);
        }
        self.be_there();
        if self.is_opening() {
            return Err(complaint(Field::Line, text.embed.busy));
        }
        self.version += 1;
        self.hint = None;
        let carried = match self.part {
            Part::Begins => self.lab.set_about(Intent::Command(command.clone())),
            Part::GoesOn => self.lab.go_on_with(command.clone()),
        };
        // Whoever was on his way acts where he has got to.
        self.set_foot();
        let carried = carried.map_err(|error| picture::of_lab(&error, text))?;
        self.touched = true;
        self.forget_the_place();
        let Done::Carried { ticket: Some(_), .. } = carried else { return Ok(false) };
        let at = self.lab.now();
        // It may have been asked there before, and taken back.
        self.asked.retain(|known| known.at != at || known.command != *command);
        self.asked.push(Asked { asker, run: None, pipe: Pipe::default(), at, command: command.clone() });
        let old = self.asked.len().saturating_sub(OPEN);
        self.asked.drain(..old);
        Ok(true)
    }

    /// What the cluster has answered meanwhile to what was asked on this branch.
    pub(super) fn hear(&mut self, language: Language) {
        let (run, commands) = (self.lab.run(), self.lab.commands());
        let (mut heard, mut next) = (Vec::new(), Vec::new());
        let mut status = None;
        self.asked.retain_mut(|asked| {
            let Some(answer) = run.answer_to(asked.at).filter(|_| asked.is_in(commands)) else { return true };
            let outcome = picture::answered(&asked.command, &answer.answer, language.text());
            let outcome = outcome.map(|said| asked.pipe.lines(said));
            let told = asked.run.as_mut().and_then(|tool| terminal::told((tool, asked.at), answer, &run.world));
            let well = told.as_ref().map_or_else(|| asked.pipe.is_well(outcome.is_ok()), |(_, is_well)| *is_well);
            if matches!(asked.asker, Asker::Line(_)) {
                status = Some(Status::of(well));
            }
            let tool = told.map(|(lines, _)| lines);
            // A console producer says nothing of a record that has arrived.
            if tool.is_none() && outcome.is_ok() && asked.run.as_ref().is_some_and(Run::is_silent) {
                return false;
            }
            let more = asked.run.as_ref().and_then(|tool| tool.next(&answer.answer));
            next.extend(more.map(|run| (asked.asker.clone(), run)));
            heard.push(Answer { asker: asked.asker.clone(), at: answer.at, outcome, tool });
            false
        });
        self.queue.status = status.unwrap_or(self.queue.status);
        self.answers.extend(heard);
        for (asker, run) in next {
            self.ask_on(asker, run, language);
        }
    }

    /// A tool of Kafka's that needs several answers asks for the next.
    fn ask_on(&mut self, asker: Asker, run: Run, language: Language) {
        let outcome = match self.ask_as(asker.clone(), run, language) {
            Ok(true) => {
                if let Asker::Line(line) = &asker {
                    self.await_answer(line);
                }
                return;
            }
            Ok(false) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        self.answers.push(Answer { asker, at: self.lab.now(), outcome, tool: None });
    }

    /// Carries out what a tool of Kafka's asks for, and remembers the tool for the answer.
    pub(super) fn ask_as(&mut self, asker: Asker, mut run: Run, language: Language) -> Result<bool, FormError> {
        run.command = self.lab.run().world.shared(&run.command).into_owned();
        let is_asked = self.command(&run.command, asker, language)?;
        if let Some(asked) = self.asked.last_mut().filter(|_| is_asked) {
            asked.run = Some(run);
        }
        Ok(is_asked)
    }

    /// What was asked last is printed through filters.
    pub(super) fn print_through(&mut self, pipe: Pipe) {
        self.asked.last_mut().into_iter().for_each(|asked| asked.pipe = pipe.clone());
    }

    /// What the cluster would say if it were asked now, for a form that is still being typed. The run stays as it
    /// is; the answer that counts is the one that the cluster gives.
    pub fn foresee(&mut self, act: &Act, language: Language) -> Preview {
        let command = act.command(&picture::choices(self.cluster()));
        let at = (!self.lab.playback().playing).then(|| self.lab.now());
        let key = (&command, language, at);
        if let Some(known) = self.hint.as_ref().filter(|known| (&known.command, known.language, known.at) == key) {
            return known.preview.clone();
        }
        let preview = match picture::foreseen(self.lab.run(), self.lab.now(), &command, language.text()) {
            Foreseen::Refused(refused) => Preview::Refused(refused),
            Foreseen::Placed(placed) if at.is_some() => Preview::Placed(Rc::new(placed)),
            Foreseen::Placed(_) => Preview::Later,
            Foreseen::Unknown => Preview::Nothing,
        };
        self.hint = Some(Hint { command, language, at, preview: preview.clone() });
        preview
    }
}
