//! How a lesson comes onto the stage: by its name in the address, from a file or a link that holds its text, and with
//! what a reader has done in it. What its text wishes to be seen and lets be done holds as long as it is there, and goes
//! with it.

use super::{Gate, Source, Teaching};
use crate::Session;
use crate::links::Card;
use crate::visit::{Check, Visit};
use crate::way::Way;
use lab::{Intent, Lab, Replay, Tempo};
use script::Scenario;
use script::file::{FileError, Held};
use script::link::Link;
use script::scenario::{Choices, Document, Mistake};
use std::rc::Rc;
use view::LessonStep;
use view::text::Language;

impl Session {
    /// Opens a scenario's text in place of what is shown: at 0 s or where it says, paused.
    ///
    /// # Errors
    /// Everything that is wrong with it; then nothing has changed.
    pub fn open_text(&mut self, text: &str, language: Language) -> Result<(), Vec<Mistake>> {
        let (teaching, scenario) = Teaching::read(text, language)?;
        let teaches = teaching.document.is_lesson();
        self.set_up(scenario, teaches.then_some(teaching));
        Ok(())
    }

    /// Opens the scenario that the address names, as the address wants it.
    #[inline(never)]
    pub(crate) fn open_asked(&mut self, text: &str, language: Language) {
        if let Err(mistakes) = self.open_text(text, language) {
            self.card = Some(Card::Mistaken(mistakes));
        } else if let Some(lesson) = &mut self.lesson {
            lesson.source = Source::Site;
        }
    }

    /// Opens what a file or a link holds: the text of a lesson with its column, and what was done in it.
    #[inline(never)]
    pub(crate) fn open_held(&mut self, held: Held) {
        let (text, run) = match held {
            Held::Run(link) => return self.open_run(&link),
            Held::Lesson { text, run } => (text, run),
        };
        match Teaching::read(&text, self.language) {
            Err(mistakes) => self.card = Some(Card::Mistaken(mistakes)),
            Ok((mut teaching, scenario)) => {
                teaching.source = Source::Text(text.into());
                match run {
                    None => self.set_up(scenario, Some(teaching)),
                    Some(link) => self.open_beside(&link, teaching),
                }
                if std::mem::take(&mut self.autoplay) && !self.is_opening() && !self.is_gated() {
                    let _ = self.lab.set_about(Intent::Play);
                }
            }
        }
    }

    /// A run; of the lesson at hand it is one in it, and the column stays.
    #[inline(never)]
    pub(crate) fn open_run(&mut self, link: &Link) {
        let replay = self.lesson.as_ref().and_then(|lesson| lesson.replay(link).map(|found| (lesson.clone(), found)));
        match replay {
            Some((lesson, (choices, scenario, replay))) => self.come(link, lesson.with(choices, &scenario), replay),
            None => self.set_out(link, Replay::new(link).map(crate::links::telling)),
        }
    }

    /// A run beside the text that it was done in. Another's run is shown by itself: the text would explain what is not there.
    fn open_beside(&mut self, link: &Link, teaching: Teaching) {
        match teaching.replay(link) {
            Some((choices, scenario, replay)) => self.come(link, teaching.with(choices, &scenario), replay),
            None => self.set_out(link, Replay::new(link).map(crate::links::telling)),
        }
    }

    fn come(&mut self, link: &Link, teaching: Teaching, replay: Replay) {
        self.set_out(link, Some(crate::links::telling(replay)));
        self.coming = Some(Box::new(teaching));
    }

    /// Another world takes the place of what is shown, and its lesson, if it has one.
    pub(super) fn set_up(&mut self, scenario: Scenario, teaching: Option<Teaching>) {
        self.lab = Lab::begin(scenario).telling(view::picture::saying);
        self.leave_experiment();
        self.teach(teaching);
        self.card = None;
        self.keep_tempo();
        self.way = Some(Way::Start);
        self.version += 1;
    }

    /// The tempo that the address or the lesson asks for.
    pub(crate) fn keep_tempo(&mut self) {
        if let Some(rate) = self.speed {
            let _ = self.lab.set_about(Intent::Tempo(Tempo::manual(rate)));
        }
    }

    /// The lesson is under way, as the address wants it.
    #[inline(never)]
    pub(crate) fn teach(&mut self, teaching: Option<Teaching>) {
        let Some(mut lesson) = teaching else { return };
        let mut wished = (*self.visit).clone();
        wished.take_wishes_of(&lesson.document);
        let hidden = wished.hide.contains(&"lesson");
        lesson.gate = match wished.check {
            Some(Check::Off) => Gate::Silent,
            // Who cannot see a question cannot answer it.
            Some(Check::Gate) if !hidden => Gate::Closed,
            Some(Check::Gate | Check::On) | None => Gate::Open,
        };
        if lesson.gate == Gate::Silent {
            lesson.ask_nothing();
        }
        if let Some(step) = self.step.take() {
            lesson.stand_at(step);
        }
        self.wear(Rc::new(wished));
        self.lesson = Some(lesson);
    }

    /// What is to be seen and may be done from now on.
    pub(crate) fn wear(&mut self, wished: Rc<Visit>) {
        self.allow = wished.allow.clone();
        self.speed = wished.speed;
        self.wished = wished;
    }

    /// What the address asks for, with what the lesson at hand wishes.
    pub fn wished(&self) -> &Rc<Visit> {
        &self.wished
    }
}

impl Teaching {
    /// A run of it, with the values that it is of: those with which the least was done otherwise than the text says.
    fn replay(&self, link: &Link) -> Option<(Choices, Scenario, Replay)> {
        let run = |choices: Choices| {
            let scenario = self.document.scenario(&choices).ok()?;
            let replay = Replay::of_scenario(link, scenario.clone())?;
            Some((choices, scenario, replay))
        };
        self.document.choices().into_iter().filter_map(run).min_by_key(|(_, _, replay)| replay.changes())
    }

    /// The same lesson with other values.
    fn with(mut self, choices: Choices, scenario: &Scenario) -> Teaching {
        self.choices = choices;
        self.begin(scenario);
        self
    }

    /// Its words and marks stay, its questions go.
    fn ask_nothing(&mut self) {
        (self.document.predict, self.document.check) = (None, None);
        self.step = LessonStep::Run;
    }

    /// Where the address wants it to stand, as far as there is such a step and nothing has to be answered first.
    pub(super) fn stand_at(&mut self, step: LessonStep) {
        let is_there = self.has(step);
        let waits = self.gate == Gate::Closed && self.document.predict.is_some();
        if is_there && !(waits && step != LessonStep::Predict) {
            self.step = step;
        }
    }

    /// Is there such a step?
    pub(super) fn has(&self, step: LessonStep) -> bool {
        let (predict, check) = (self.document.predict.is_some(), self.document.check.is_some());
        match step {
            LessonStep::Predict => predict,
            LessonStep::Run => true,
            LessonStep::Check => predict || check,
        }
    }
}

impl Visit {
    /// What a scenario's text wants to be looked at, and lets be done, where the address leaves the choice.
    pub(super) fn take_wishes_of(&mut self, document: &Document) {
        let mut search = String::from("?");
        for (name, value) in &document.show {
            match &**name {
                "tempo" if &**value == "auto" => {}
                "tempo" => search = format!("{search}&speed={value}"),
                name => search = format!("{search}&{name}={value}"),
            }
        }
        if let Some(allow) = &document.allow {
            search = format!("{search}&allow={}", allow.join(","));
        }
        let wished = Visit::read(&search);
        self.row = self.row.take().or(wished.row);
        self.view = self.view.or(wished.view);
        self.speed = self.speed.or(wished.speed);
        self.hide.extend(wished.hide);
        if self.allow == crate::visit::Allow::default() {
            self.allow = wished.allow;
        }
    }
}

/// How a link's or a file's complaint is told.
pub(crate) fn card_of(error: FileError, of: From) -> Card {
    match (error, of) {
        (FileError::Link(broken), _) => Card::Broken(*broken),
        (FileError::Line(mistake), From::Link) => Card::Mistaken(vec![mistake]),
        (error, From::Link | From::File) => Card::BadFile(error),
    }
}

/// Where something was opened from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Link,
    File,
}
