//! How a lesson comes onto the stage: by its name in the address, from a file or a link that holds its text, and with
//! what a reader has done in it. What its text wishes to be seen and lets be done holds as long as it is there, and goes
//! with it.

use super::{Gate, Source, Teaching};
use crate::Session;
use crate::links::Card;
use crate::visit::{Check, Complaint, Named, Place, Visit};
use crate::way::Way;
use lab::{Intent, Lab, Replay, Tempo};
use script::Scenario;
use script::file::{FileError, Held};
use script::link::Link;
use script::scenario::{Choices, Document, Mistake, Vary};
use std::rc::Rc;
use view::LessonStep;
use view::text::Language;

impl Session {
    /// Opens a scenario's text in place of what is shown: at 0 s or where it says, paused.
    ///
    /// # Errors
    /// Everything that is wrong with it; then nothing has changed.
    pub fn open_text(&mut self, text: &str, language: Language) -> Result<(), Vec<Mistake>> {
        let (mut teaching, mut scenario) = Teaching::read(text, language)?;
        if !self.with.is_empty() {
            scenario = self.take_values(&mut teaching)?;
        }
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

    /// The run with the values that the address asks for, once; what the lesson does not have is complained about.
    #[inline(never)]
    fn take_values(&mut self, teaching: &mut Teaching) -> Result<Scenario, Vec<Mistake>> {
        let mut wanted = Vec::new();
        for (name, value) in std::mem::take(&mut self.with) {
            match teaching.value(&name, &value) {
                Ok(pair) => wanted.push(pair),
                Err(complaint) => self.complaints.push(complaint),
            }
        }
        if let Ok(choices) = teaching.document.choose(&wanted) {
            teaching.choices = choices;
        }
        let scenario = teaching.document.scenario(&teaching.choices)?;
        teaching.begin(&scenario);
        Ok(scenario)
    }

    /// Opens what a file or a link holds: the text of a lesson with its column, and what was done in it.
    #[inline(never)]
    pub(crate) fn open_held(&mut self, held: Held) {
        let (text, run, left) = match held {
            Held::Run(link) => return self.open_run(&link),
            Held::Lesson { text, run, left } => (text, run, left),
        };
        match Teaching::read(&text, self.language) {
            Err(mistakes) => self.card = Some(Card::Mistaken(mistakes)),
            Ok((mut teaching, scenario)) => {
                teaching.source = Source::Text(text.into());
                match run {
                    None if self.with.is_empty() => self.set_up(scenario, Some(teaching)),
                    None => match self.take_values(&mut teaching) {
                        Ok(scenario) => self.set_up(scenario, Some(teaching)),
                        Err(mistakes) => self.card = Some(Card::Mistaken(mistakes)),
                    },
                    Some(link) => {
                        self.open_beside(&link, teaching);
                        // Its link says at which instant.
                        // The address names no lesson, so that there is nothing to take up.
                        if let Some(lesson) = &mut self.coming {
                            lesson.take_up(&left.unwrap_or_default());
                        }
                    }
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

    /// Opens a lesson of this site that somebody has named together with what was done in it: a pasted link, or what the
    /// browser keeps. `text`: of the lesson, where it could be fetched; without it the run is shown alone, and that is said.
    #[inline(never)]
    pub fn open_named(&mut self, named: &Named, text: Option<&str>) {
        let read = text.map(|text| Teaching::read(text, self.language)).and_then(Result::ok);
        let Some((mut teaching, _)) = read else {
            self.complaints.push(Complaint::NoLesson(named.id.clone()));
            return self.load(&named.fragment);
        };
        self.version += 1;
        self.card = None;
        teaching.source = Source::Site;
        match Link::read(&named.fragment) {
            Err(broken) => self.card = Some(Card::Broken(broken)),
            Ok(link) => {
                self.step = named.step;
                self.came_by = Some(self.address_of(&named.address()));
                self.open_beside(&link, teaching);
                self.stand_where_left(&named.left);
            }
        }
    }

    /// The lesson whose run is being opened stands as somebody has left it.
    #[inline(never)]
    pub fn stand_where_left(&mut self, left: &str) {
        // No lesson comes along with what is opened: there is nothing that could have been left.
        let Some(lesson) = &mut self.coming else { return };
        if let Some(at) = lesson.take_up(left) {
            // A damaged note must not lead beyond the run.
            self.at = Some(Place::At(at.min(lesson.ends_at)));
        }
    }

    /// Is a lesson on the stage?
    pub fn is_in_lesson(&self) -> bool {
        self.lesson.is_some() && !self.is_opening()
    }

    /// A run beside the text that it was done in. Another's run is shown by itself: the text would explain what is not there.
    fn open_beside(&mut self, link: &Link, teaching: Teaching) {
        match teaching.replay(link) {
            Some((choices, scenario, replay)) => self.come(link, teaching.with(choices, &scenario), replay),
            None => self.set_out(link, Replay::new(link).map(crate::links::telling)),
        }
    }

    /// Its run is played up to where the reader shall stand, while he sees that it is.
    fn come(&mut self, link: &Link, teaching: Teaching, replay: Replay) {
        self.set_out(link, Some(crate::links::telling(replay)));
        self.coming = self.is_opening().then(|| Box::new(teaching));
    }

    /// Another world takes the place of what is shown, and its lesson, if it has one.
    pub(super) fn set_up(&mut self, scenario: Scenario, teaching: Option<Teaching>) {
        self.lab = Lab::begin(scenario).telling(view::picture::saying);
        self.leave_experiment();
        self.teach(teaching);
        self.turn_to_asked();
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
        // An address without a lesson opens the laboratory.
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
        if lesson.gate == Gate::Closed && lesson.document.predict.is_some() && !lesson.is_locked {
            lesson.step = LessonStep::Predict;
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

    /// What is varied and its value, by their names in the text or by what the words call them.
    fn value(&self, name: &str, value: &str) -> Result<(String, String), Complaint> {
        let same = |called: &str, asked: &str| plain(called).eq_ignore_ascii_case(&plain(asked));
        let varied = || self.document.vary.iter().zip(&self.words.varied);
        let named = varied().find(|(vary, words)| same(&vary.name, name) || same(&words.called, name));
        let values = named.and_then(|(vary, words)| {
            let place = vary.values.iter().position(|known| same(known, value));
            let place = place.or_else(|| words.values.iter().position(|called| same(called, value)))?;
            Some((vary.name.to_string(), vary.values.get(place)?.to_string()))
        });
        let asked = format!("{name}:{value}");
        let of_name = |vary: &Vary| named.is_none_or(|(known, _)| known.name == vary.name);
        let near = self.document.vary.iter().filter(|vary| of_name(vary));
        let near = near.flat_map(|vary| vary.values.iter().map(|value| format!("{}:{value}", vary.name))).collect();
        values.ok_or(match self.document.vary.is_empty() {
            true => Complaint::NothingVaried,
            false => Complaint::NoValue { asked, near },
        })
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

/// A name without what marks code in it.
fn plain(called: &str) -> String {
    called.replace('`', "").trim().to_owned()
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
        self.select = self.select.take().or(wished.select);
        self.view = self.view.or(wished.view);
        if self.meters.is_empty() {
            self.meters = wished.meters;
        }
        self.cluster = self.cluster.take().or(wished.cluster);
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
