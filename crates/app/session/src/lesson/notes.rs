//! What is remembered of a lesson that was left: step, answers, values and instant, as one text that the browser keeps.
//! It is read strictly, because a browser's storage is not ours alone, and only offered: whoever begins anew is not led
//! back. And what programs are told of a lesson.

use super::{Gate, LessonIntent, Source, Teaching};
use crate::Session;
use lab::Intent;
use script::scenario::Choices;
use view::text::Text;
use view::{LessonStep, Str, Time};

/// The first line of each text.
const VERSION: &str = "lesson 1";
/// No notes are as long.
const LONGEST: usize = 4_000;

/// Where somebody left a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notes {
    step: LessonStep,
    now: Time,
    /// What stood, and was handed in.
    stands: [bool; 2],
    predicted: Option<String>,
    checked: Option<String>,
    choices: Choices,
}

/// What has come of a lesson's questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// A question was answered, rightly or not.
    Answered { step: LessonStep, right: bool },
    /// Everything that it asks is, the question after the run rightly.
    Complete,
}

/// What of it has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Told {
    predicted: bool,
    complete: bool,
    /// A check was handed in, and the run has not told yet whether rightly.
    is_check_due: bool,
}

impl Notes {
    /// One line for each note, so that an older version reads what it knows.
    fn write(&self) -> String {
        let line = |answer: &Option<String>| answer.as_deref().unwrap_or_default().replace(char::is_control, " ");
        let stands: String = self.stands.map(|is| if is { '1' } else { '0' }).into_iter().collect();
        let (predicted, checked) = (line(&self.predicted), line(&self.checked));
        let head = format!("{VERSION}\n{}\n{}\n{stands}", self.step.name(), self.now.0);
        format!("{head}\n{predicted}\n{checked}\n{}", self.choices)
    }

    /// `None`: it is of another lesson, or of another text of this one.
    fn read(text: &str, lesson: &Teaching) -> Option<Notes> {
        if text.len() > LONGEST {
            return None;
        }
        let lines: Vec<&str> = text.split(['\n', '\t']).collect();
        let [VERSION, step, now, stands, predicted, checked, choices] = lines[..] else { return None };
        let stands = match stands {
            "00" => [false, false],
            "10" => [true, false],
            "01" => [false, true],
            "11" => [true, true],
            _other => return None,
        };
        let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let pairs: Option<Vec<(String, String)>> = choices.split_whitespace().map(pair).collect();
        Some(Notes {
            step: LessonStep::named(step).filter(|step| lesson.has(*step))?,
            now: Time(now.parse().ok()?),
            stands,
            predicted: super::short(predicted.to_owned()),
            checked: super::short(checked.to_owned()),
            choices: lesson.document.choose(&pairs?).ok()?,
        })
    }
}

impl Session {
    /// What is to be kept of the lesson at hand: its id and a text; nothing as long as somebody is asked whether to go on
    /// with what was kept.
    #[inline(never)]
    pub fn lesson_notes(&self) -> Option<(Str, String)> {
        let (id, _) = self.lesson_progress()?;
        let lesson = self.lesson.as_ref().filter(|lesson| lesson.offered.is_none() && lesson.is_begun())?;
        Some((id, lesson.notes(self.lab.now()).write()))
    }

    /// Where the lesson at hand stands, as one line that [`take_up`](Teaching::take_up) reads; empty without one, or
    /// where nothing was answered.
    #[inline(never)]
    pub(crate) fn left(&self) -> String {
        let lesson = self.lesson.as_ref().filter(|lesson| lesson.is_begun());
        lesson.map(|lesson| lesson.notes(self.lab.now()).write().replace('\n', "\t")).unwrap_or_default()
    }

    /// Offers to go on where somebody has left the lesson at hand. What cannot be read, or leads nowhere, is passed over.
    #[inline(never)]
    pub fn offer_notes(&mut self, text: &str) {
        // Notes are kept of the site's own lessons only.
        let Some(lesson) = self.lesson.as_mut().filter(|lesson| lesson.source == Source::Site) else { return };
        let is_asked = lesson.gate != Gate::Silent && !lesson.is_begun();
        if let Some(notes) = Notes::read(text, lesson).filter(|_| is_asked) {
            lesson.offered = Some(Box::new(notes));
            self.version += 1;
        }
    }

    /// Goes on where the lesson was left, with the answers that were given.
    pub(super) fn resume(&mut self) {
        // Nothing is offered: it was taken up, or sent away.
        let Some(notes) = self.lesson.as_mut().and_then(|lesson| lesson.offered.take()) else { return };
        let mut lesson = self.lesson.take().expect("its notes were taken just now");
        let Ok(scenario) = lesson.document.scenario(&notes.choices) else { return self.lesson = Some(lesson) };
        let (is_other, now) = (lesson.choices != notes.choices, notes.now);
        lesson.choices = notes.choices.clone();
        lesson.begin(&scenario);
        let to = now.min(lesson.ends_at);
        lesson.stand_as(*notes, to);
        if is_other {
            self.set_up(scenario, Some(lesson));
        } else {
            self.lesson = Some(lesson);
        }
        if to > self.lab.scenario().opens_at {
            let _ = self.lab.set_about(Intent::Pause);
            self.seek(to);
        }
    }

    /// What has come of the lesson's questions since this was asked last: its id, and what.
    pub fn learned(&mut self) -> Vec<(Str, Learned)> {
        std::mem::take(&mut self.learned)
    }

    /// Looks at what has been answered, once more.
    #[inline(never)]
    pub(super) fn mind_the_answers(&mut self, handed_in: Option<LessonIntent>) {
        let now = self.lab.now();
        // No lesson is under way.
        let Some(lesson) = &mut self.lesson else { return };
        let id = lesson.document.id.clone().unwrap_or_default();
        let mut news = Vec::new();
        news.extend(lesson.predicted_news(now));
        lesson.told.is_check_due |= handed_in == Some(LessonIntent::HandIn);
        if lesson.told.is_check_due {
            let checked = lesson.checked_news();
            lesson.told.is_check_due = checked.is_none();
            news.extend(checked);
        }
        if lesson.is_complete(now) && !std::mem::replace(&mut lesson.told.complete, true) {
            news.push(Learned::Complete);
        }
        self.learned.extend(news.into_iter().map(|learned| (id.clone(), learned)));
    }
}

impl Teaching {
    /// As it was left, with the answers that were given; the values are the run's. The instant at which its reader stood.
    /// What cannot be read is passed over.
    #[inline(never)]
    pub(super) fn take_up(&mut self, left: &str) -> Option<Time> {
        let notes = Notes::read(left, self)?;
        let now = notes.now;
        self.stand_as(notes, now);
        Some(now)
    }

    /// With what stands in the notes, in a run that has come to `now`.
    fn stand_as(&mut self, notes: Notes, now: Time) {
        (self.step, self.predicted, self.checked) = (notes.step, notes.predicted, notes.checked);
        self.is_locked = notes.stands[0] && self.predicted.is_some();
        self.is_handed_in = notes.stands[1] && self.checked.is_some();
        // What was answered before is not told again.
        self.told =
            Told { predicted: self.is_prediction_shown(now), complete: self.is_complete(now), is_check_due: false };
    }

    /// Where the reader stands and what he has answered.
    fn notes(&self, now: Time) -> Notes {
        Notes {
            step: self.step,
            now,
            stands: [self.is_locked, self.is_handed_in],
            predicted: self.predicted.clone(),
            checked: self.checked.clone(),
            choices: self.choices.clone(),
        }
    }

    /// Has anything been answered, or the run been gone to?
    fn is_begun(&self) -> bool {
        let first = if self.has(LessonStep::Predict) { LessonStep::Predict } else { LessonStep::Run };
        self.step != first || self.predicted.is_some() || self.checked.is_some()
    }

    /// Does the lesson wait for a prediction?
    fn is_asking(&self) -> bool {
        self.document.predict.is_some() || self.document.check.is_some()
    }

    /// Of a prediction that stands: has the run at hand come to where it is seen to be wrong, or to its end? What is right
    /// may be known before, but nobody is told what he has not seen.
    fn is_prediction_shown(&self, now: Time) -> bool {
        // Nothing was asked, or nothing answered.
        let Some((question, answer)) = self.document.predict.as_ref().zip(self.predicted.as_deref()) else {
            return false;
        };
        let at = self.refuting(question, answer).map_or(self.ends_at, |at| at.min(self.ends_at));
        self.is_locked && now >= at
    }

    /// Everything that is asked has been answered as it has to be: the check rightly, the prediction in any way; where
    /// nothing is asked after the run, the run has been seen as well.
    fn is_complete(&self, now: Time) -> bool {
        let is_seen = self.document.check.is_some() || self.is_prediction_shown(now) && !self.is_looking_up();
        self.is_asking() && self.is_done() && is_seen
    }

    /// What is to be told of a prediction, once.
    fn predicted_news(&mut self, now: Time) -> Option<Learned> {
        let is_due = self.is_prediction_shown(now) && !self.told.predicted;
        let question = self.document.predict.as_ref().filter(|_| is_due)?;
        let right = self.judge(question, self.predicted.as_deref()?)?;
        self.told.predicted = true;
        Some(Learned::Answered { step: LessonStep::Predict, right })
    }

    /// What is to be told of an answer to the question at the end.
    fn checked_news(&self) -> Option<Learned> {
        let question = self.document.check.as_ref().filter(|_| self.is_handed_in)?;
        let right = self.judge(question, self.checked.as_deref()?)?;
        Some(Learned::Answered { step: LessonStep::Check, right })
    }

    /// What going on is called, while it is offered.
    pub(super) fn going_on(&self, text: &Text) -> Option<String> {
        let notes = self.offered.as_ref()?;
        let place = LessonStep::ALL.into_iter().filter(|step| self.has(*step)).position(|step| step == notes.step)?;
        Some((text.lesson.resume)(place + 1))
    }
}
