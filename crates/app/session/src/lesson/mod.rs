//! A lesson under way: what the reader has answered, where he is in it, and what its run has shown. Its text says what is
//! asked and when the run pauses; the run itself is the laboratory's, and nothing here touches it. What an opening without
//! a lesson calls is kept out of its callers (`inline(never)`), so that all of it can come after the first picture.

mod answers;
mod naming;
mod notes;
pub(crate) mod opening;
mod picture;
mod sharing;
#[cfg(test)]
mod tests;
mod turning;

use crate::{Answer, Asker, Session, complaint};
use answers::{Shown, short};
use lab::Intent;
pub use notes::Learned;
use notes::{Notes, Told};
use picture::Standing;
use script::Scenario;
use script::scenario::{Choices, Document, Lesson, Mark, Mistake, Question};
use view::text::{Language, Text};
use view::{Field, LessonStep, LessonView, Str, Time};

/// May time pass before the question is answered?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Gate {
    #[default]
    Open,
    Closed,
    /// Nothing is asked.
    Silent,
}

/// Where a lesson's text is from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// One of this site's: it is known by its name, and its words lie there in both languages.
    Site,
    /// A link's or a file's, as it was written.
    Text(Str),
}

/// What a reader does in a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonIntent {
    Go(LessonStep),
    /// An answer to `predict` that may still be changed; of choices its number from 1.
    Predict(String),
    /// It stands, and the run begins.
    Lock,
    PlayOn,
    /// To the next mark without watching the way.
    Skip,
    /// An answer to `check`.
    Check(String),
    HandIn,
    /// Another value of something that is varied: another run.
    Vary(Str, Str),
    /// Go on where it was left.
    Resume,
    /// By one step or mark, as a presenter's remote goes.
    TurnOn,
    TurnBack,
}

/// A lesson under way.
#[derive(Clone)]
pub(crate) struct Teaching {
    source: Source,
    document: Document,
    words: Lesson,
    language: Language,
    choices: Choices,
    /// Of the run at hand, in order of time.
    marks: Vec<Mark>,
    ends_at: Time,
    step: LessonStep,
    predicted: Option<String>,
    is_locked: bool,
    /// What the run shows to `predict`, and to `check`.
    shown: Shown,
    shown_after: Shown,
    checked: Option<String>,
    is_handed_in: bool,
    /// Runs that came to their end, and their counts.
    runs: Vec<(Choices, Vec<u64>)>,
    gate: Gate,
    /// Where it was left the last time, until the reader has decided.
    offered: Option<Box<Notes>>,
    told: Told,
}

impl Teaching {
    /// Reads a lesson's text, and what is to be run for its first values.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn read(text: &str, language: Language) -> Result<(Teaching, Scenario), Vec<Mistake>> {
        let document = Document::parse(text)?;
        let choices = document.first();
        let scenario = document.scenario(&choices)?;
        let mut teaching = Teaching {
            source: Source::Text(text.into()),
            words: words(&document, language),
            document,
            language,
            choices,
            marks: Vec::new(),
            ends_at: Time::ZERO,
            step: LessonStep::Predict,
            predicted: None,
            is_locked: false,
            shown: Shown::Unasked,
            shown_after: Shown::Unasked,
            checked: None,
            is_handed_in: false,
            runs: Vec::new(),
            gate: Gate::Open,
            offered: None,
            told: Told::default(),
        };
        if teaching.document.predict.is_none() {
            teaching.step = LessonStep::Run;
        }
        teaching.begin(&scenario);
        Ok((teaching, scenario))
    }

    /// Another run begins.
    fn begin(&mut self, scenario: &Scenario) {
        self.marks = scenario.marks.clone();
        base::sort_by_key(&mut self.marks, |mark| mark.at);
        self.ends_at = scenario.ends_at;
    }

    /// The mark of that name in the run at hand.
    fn mark(&self, name: &str) -> Option<Time> {
        match name {
            "start" => Some(Time::ZERO),
            "end" => Some(self.ends_at),
            _named => self.marks.iter().find(|mark| *mark.name == *name).map(|mark| mark.at),
        }
    }

    /// Where playing pauses next after an instant: a mark, or the end.
    fn next_stop(&self, after: Time) -> Option<Time> {
        let marks = self.marks.iter().map(|mark| mark.at).chain([self.ends_at]);
        marks.filter(|at| *at > after).min()
    }

    /// The question before the run is about the values of the run at hand.
    fn asks_about_this(&self, question: &Question) -> bool {
        self.document.asked_with(question) == self.choices
    }

    /// Has the text words in that language?
    fn speaks(&self, language: Language) -> bool {
        self.document.section(section(language)).is_some()
    }

    /// The reader's language, where it has words of it.
    pub(crate) fn speak(&mut self, language: Language) {
        if self.language != language && self.speaks(language) {
            self.set(language);
        }
    }

    /// Another language changes words and no answers.
    fn set(&mut self, language: Language) {
        self.language = language;
        self.words = words(&self.document, language);
    }
}

/// Its words in that language, or in whatever language it has.
fn words(document: &Document, language: Language) -> Lesson {
    let other = match language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    document.lesson(section(language)).or_else(|| document.lesson(section(other))).unwrap_or_default()
}

/// How a text calls the words of a language.
fn section(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Chinese => "zh",
    }
}

impl Session {
    /// How far a lesson of this site has been gone: its id, and a step's name or `done`. A stranger's text may call itself
    /// what it likes, and one that asks nothing is never done.
    pub fn lesson_progress(&self) -> Option<(Str, &'static str)> {
        let known = |lesson: &&Teaching| lesson.source == Source::Site && lesson.gate != Gate::Silent;
        let lesson = self.lesson.as_ref().filter(known)?;
        let id = lesson.document.id.clone()?;
        Some((id, if lesson.is_done() { "done" } else { lesson.step.name() }))
    }

    /// The text of the same lesson in another language.
    pub fn translate_lesson(&mut self, text: &str, language: Language) {
        // It was closed while its text was on its way.
        let Some(lesson) = &mut self.lesson else { return };
        if let Ok(document) = Document::parse(text)
            && document.id == lesson.document.id
        {
            lesson.document.sections = document.sections;
            lesson.set(language);
            self.version += 1;
        }
    }

    /// Whether the lesson at hand has words of that language, or nobody knows where to get them.
    pub fn lesson_speaks(&self, language: Language) -> bool {
        let lacks = |lesson: &Teaching| lesson.source == Source::Site && !lesson.speaks(language);
        self.lesson.as_ref().is_none_or(|lesson| !lacks(lesson))
    }

    /// The id of a lesson whose words lie on this site.
    pub fn lesson_of_site(&self) -> Option<Str> {
        self.lesson.as_ref().filter(|lesson| lesson.source == Source::Site)?.document.id.clone()
    }

    /// Is a right answer being looked up, a part in each picture?
    pub(crate) fn is_looking_up(&self) -> bool {
        self.lesson.as_ref().is_some_and(Teaching::is_looking_up)
    }

    /// Whether playing has to wait for an answer.
    pub(crate) fn is_gated(&self) -> bool {
        self.lesson.as_ref().is_some_and(|lesson| {
            lesson.gate == Gate::Closed && lesson.step == LessonStep::Predict && !lesson.is_locked
        })
    }

    /// Does what a reader does in a lesson.
    #[inline(never)]
    pub fn learn(&mut self, intent: LessonIntent) {
        self.version += 1;
        if self.lesson.is_none() {
            return self.turn_without_lesson(&intent);
        }
        let handed_in = Some(intent.clone()).filter(|intent| *intent == LessonIntent::HandIn);
        match intent {
            LessonIntent::Resume => self.resume(),
            // Each is one of the others.
            LessonIntent::TurnOn => return self.turn_on(),
            LessonIntent::TurnBack => return self.turn_back(),
            LessonIntent::PlayOn | LessonIntent::Skip | LessonIntent::Lock | LessonIntent::Vary(..) => self.run(intent),
            answer => {
                if let Some(lesson) = &mut self.lesson {
                    lesson.answer(answer);
                }
            }
        }
        if let Some(lesson) = &mut self.lesson {
            // Whoever begins anew has decided.
            lesson.offered = None;
        }
        self.mind_the_answers(handed_in);
    }

    /// What lets time pass, or begins another run.
    fn run(&mut self, intent: LessonIntent) {
        let waits = self.is_gated();
        // No lesson is under way.
        let Some(lesson) = &mut self.lesson else { return };
        match intent {
            LessonIntent::Lock if lesson.predicted.is_some() => {
                (lesson.is_locked, lesson.step) = (true, LessonStep::Run);
                self.send(Intent::Play);
            }
            LessonIntent::PlayOn if !waits => {
                self.go_to_run();
                self.send(Intent::Play);
            }
            LessonIntent::Skip if !waits => {
                if let Some(at) = lesson.next_stop(self.lab.now()) {
                    self.go_to_run();
                    let _ = self.lab.set_about(Intent::Pause);
                    self.seek(at);
                }
            }
            LessonIntent::Vary(name, value) => self.vary(&name, &value),
            _waits => {}
        }
    }

    /// A prediction is not asked for twice: from here on it stands.
    fn go_to_run(&mut self) {
        if let Some(lesson) = &mut self.lesson
            && lesson.step == LessonStep::Predict
        {
            lesson.step = LessonStep::Run;
        }
    }

    /// Another run, from its beginning.
    fn vary(&mut self, name: &str, value: &str) {
        // No lesson is under way.
        let Some(lesson) = &self.lesson else { return };
        let changed = lesson
            .choices
            .pairs()
            .map(|(known, old)| (known.to_owned(), if known == name { value.to_owned() } else { old.to_owned() }));
        let changed: Vec<(String, String)> = changed.collect();
        // Whoever asks for what the lesson does not offer asks for nothing.
        let Ok(choices) = lesson.document.choose(&changed) else { return };
        // Its text was read as a whole, with all that can be chosen.
        let Ok(scenario) = lesson.document.scenario(&choices) else { return };
        let mut lesson = self.lesson.take().expect("it was looked at just now");
        lesson.choices = choices;
        lesson.begin(&scenario);
        self.set_up(scenario, Some(lesson));
    }

    /// Pauses at the first mark that the last frame has passed, and looks at what the question asks for.
    #[inline(never)]
    pub(crate) fn mind_the_marks(&mut self, before: Time) {
        // No lesson is under way.
        let Some(lesson) = &self.lesson else { return };
        let now = self.lab.now();
        if let Some(at) = lesson.next_stop(before).filter(|at| *at <= now) {
            let _ = self.lab.set_about(Intent::Pause);
            self.seek(at);
        }
    }

    /// Where the run has come to the mark of the question, its answer is what the text's own run shows there: acts of the
    /// reader's do not change what is right. Counts are those of a run at its end that nobody has touched.
    #[inline(never)]
    pub(crate) fn look_for_answers(&mut self) {
        let now = self.lab.now();
        // No lesson is under way.
        let Some(lesson) = &self.lesson else { return };
        let counts = (now == lesson.ends_at && !self.touched).then(|| self.tally(&lesson.document.tally));
        let playing = self.lab.playback().playing;
        let (clock, milliseconds) = (self.around.clock, if playing { crate::LEAST } else { crate::FRAME });
        let lesson = self.lesson.as_mut().expect("it was looked at just now");
        let end = clock() + milliseconds;
        lesson.look_up(now, &mut || clock() < end);
        if lesson.is_looking_up() {
            // The next picture goes on.
            self.version += 1;
        }
        if let Some(counts) = counts.filter(|counts| !counts.is_empty()) {
            lesson.runs.retain(|(choices, _)| *choices != lesson.choices);
            lesson.runs.push((lesson.choices.clone(), counts));
        }
        self.mind_the_answers(None);
    }

    /// The column, if a lesson is under way.
    #[inline(never)]
    pub(crate) fn lesson_view(&self, text: &Text) -> Option<LessonView> {
        let standing = Standing { now: self.lab.now(), playing: self.lab.playback().playing };
        self.lesson.as_ref().map(|lesson| lesson.view(standing, text))
    }

    /// Whoever plays has answered, if he has chosen; where he has to answer first he is told so, and time stands still.
    pub(crate) fn may_time_pass(&mut self) -> bool {
        if let Some(lesson) = &mut self.lesson
            && lesson.step == LessonStep::Predict
            && lesson.predicted.is_some()
        {
            (lesson.is_locked, lesson.step) = (true, LessonStep::Run);
        }
        if let Some(lesson) = &mut self.lesson {
            lesson.offered = None;
        }
        if self.is_gated() {
            self.version += 1;
            let language = self.lesson.as_ref().map(|lesson| lesson.language).unwrap_or_default();
            let outcome = Err(complaint(Field::Line, language.text().lesson.gate));
            self.answers.push(Answer { asker: Asker::Page, at: self.lab.now(), outcome, tool: None });
            return false;
        }
        true
    }

    /// Counts of the ledger by their names.
    fn tally(&self, names: &[Str]) -> Vec<u64> {
        let counts = self.lab.run().ledger.counts().named();
        let count = |name: &Str| counts.iter().find(|(known, _)| **known == **name).map_or(0, |(_, count)| *count);
        names.iter().map(count).collect()
    }
}

impl Teaching {
    /// What leaves the run as it is.
    fn answer(&mut self, intent: LessonIntent) {
        match intent {
            LessonIntent::Go(step) if self.may_go(step) => self.step = step,
            LessonIntent::Predict(answer) if !self.is_locked => self.predicted = short(answer),
            LessonIntent::Check(answer) => (self.checked, self.is_handed_in) = (short(answer), false),
            LessonIntent::HandIn => self.is_handed_in = self.checked.is_some(),
            _no_answer => {}
        }
    }

    /// One can always go back; to the check only after the run has begun.
    fn may_go(&self, step: LessonStep) -> bool {
        match step {
            LessonStep::Predict => self.has(step),
            LessonStep::Run => self.gate != Gate::Closed || self.is_locked || self.document.predict.is_none(),
            LessonStep::Check => self.has(step) && (self.is_locked || self.document.predict.is_none()),
        }
    }
}
