//! A lesson under way: what the reader has answered, where he is in it, and what its run has shown. Its text says what is
//! asked and when the run pauses; the run itself is the laboratory's, and nothing here touches it. What an opening without
//! a lesson calls is kept out of its callers (`inline(never)`), so that all of it can come after the first picture.

mod picture;
#[cfg(test)]
mod tests;
mod turning;

use crate::links::Card;
use crate::visit::{self, Visit};
use crate::{Answer, Asker, Session, complaint};
use lab::{Intent, Lab, Tempo};
use picture::Standing;
use play::Player;
use script::Scenario;
use script::scenario::{Answer as Right, Asks, Choices, Document, Lesson, Mark, Mistake, Question};
use view::text::{Language, Text};
use view::{Field, LessonStep, LessonView, Str, Time};

/// Letters of an answer.
const LONGEST_ANSWER: usize = 200;

/// May time pass before the question is answered?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Gate {
    #[default]
    Open,
    Closed,
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
    /// By one step or mark, as a presenter's remote goes.
    TurnOn,
    TurnBack,
}

/// A lesson under way.
pub(crate) struct Teaching {
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
    /// What a run with the values that the question is about showed where it is answered.
    shown: Option<String>,
    checked: Option<String>,
    is_handed_in: bool,
    /// Runs that came to their end, and their counts.
    runs: Vec<(Choices, Vec<u64>)>,
    gate: Gate,
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
            words: words(&document, language),
            document,
            language,
            choices,
            marks: Vec::new(),
            ends_at: Time::ZERO,
            step: LessonStep::Predict,
            predicted: None,
            is_locked: false,
            shown: None,
            checked: None,
            is_handed_in: false,
            runs: Vec::new(),
            gate: Gate::Open,
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

    /// The right answer as far as it is known; a number that the run tells is not before the run has told it.
    fn right(&self, question: &Question) -> Option<String> {
        match &question.asks {
            Asks::Choice { right, .. } => Some(right.to_string()),
            Asks::Number(Right::Given(value)) | Asks::Name(Right::Given(value)) => Some(value.to_string()),
            Asks::Number(Right::Read { .. }) | Asks::Name(Right::Read { .. }) => self.shown.clone(),
        }
    }

    /// Is it so? Unknown as long as the run has not shown it.
    fn judge(&self, question: &Question, answer: &str) -> Option<bool> {
        let right = self.right(question)?;
        Some(match question.asks {
            Asks::Choice { .. } => right == answer,
            Asks::Number(_) => typed_number(answer).is_some_and(|number| play::number_in(&right) == Some(number)),
            Asks::Name(_) => same_name(&right, answer),
        })
    }

    /// What the text's own run shows where the question is answered, once the run at hand has come there.
    fn told_by(&self, now: Time) -> Option<String> {
        let question = self.document.predict.as_ref().filter(|question| self.asks_about_this(question))?;
        let (Asks::Number(Right::Read { subject, mark }) | Asks::Name(Right::Read { subject, mark })) = &question.asks
        else {
            return None;
        };
        if self.mark(mark).is_none_or(|at| now < at) {
            return None;
        }
        let mut player = Player::new(self.document.scenario(&self.choices).ok()?).ok()?;
        player.read_at(mark, subject);
        let player = player.to_end();
        player.readings().first()?.words.clone()?.ok()
    }

    fn set(&mut self, language: Language) {
        self.language = language;
        self.words = words(&self.document, language);
    }

    fn is_done(&self) -> bool {
        let answered = |question: Option<&Question>, answer: Option<&String>, is_in: bool| match (question, answer) {
            (Some(question), Some(answer)) => is_in && self.judge(question, answer) == Some(true),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let check = answered(self.document.check.as_ref(), self.checked.as_ref(), self.is_handed_in);
        check && (self.document.predict.is_none() || self.is_locked)
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

/// A number as people type it: `1,000`, `８`, `8 条`; only one.
fn typed_number(answer: &str) -> Option<u64> {
    let plain = |letter: char| match letter {
        '０'..='９' => char::from_digit(letter as u32 - '０' as u32, 10).unwrap_or(letter),
        other => other,
    };
    let text: String = answer.chars().filter(|letter| ![',', '，'].contains(letter)).map(plain).collect();
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let number = numbers.next()?.parse().ok();
    if numbers.next().is_some() || text.contains('-') { None } else { number }
}

/// Names are compared as people type them; what was read may say more than the name, as in `2 epoch 1`.
fn same_name(right: &str, answer: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().next().unwrap_or_default().to_lowercase();
    !plain(answer).is_empty() && plain(right) == plain(answer)
}

impl Session {
    /// Opens a scenario's text in place of what is shown: at 0 s or where it says, paused.
    ///
    /// # Errors
    /// Everything that is wrong with it; then nothing has changed.
    pub fn open_text(&mut self, text: &str, language: Language) -> Result<(), Vec<Mistake>> {
        let (teaching, scenario) = Teaching::read(text, language)?;
        self.set_up(scenario);
        self.lesson = teaching.document.is_lesson().then_some(teaching);
        Ok(())
    }

    /// Opens the scenario that the address names, as the address wants it.
    #[inline(never)]
    pub(crate) fn open_asked(&mut self, text: &str, language: Language, visit: &Visit) {
        if let Err(mistakes) = self.open_text(text, language) {
            self.card = Some(Card::Mistaken(mistakes));
            return;
        }
        // An embedded page has no column in which he could answer.
        let closed = visit.check == visit::Check::Gate && !visit.embed;
        self.set_gate(if closed { Gate::Closed } else { Gate::Open });
        if let Some(step) = visit.step {
            self.learn(LessonIntent::Go(step));
        }
    }

    /// Whether a lesson is under way, and how far it has been gone: its id, and a step's name or `done`.
    pub fn lesson_progress(&self) -> Option<(Str, &'static str)> {
        let lesson = self.lesson.as_ref()?;
        let id = lesson.document.id.clone()?;
        Some((id, if lesson.is_done() { "done" } else { lesson.step.name() }))
    }

    /// The text of the same lesson in another language.
    pub fn translate_lesson(&mut self, text: &str, language: Language) {
        let Some(lesson) = &mut self.lesson else { return };
        if let Ok(document) = Document::parse(text)
            && document.id == lesson.document.id
        {
            lesson.document.sections = document.sections;
            lesson.set(language);
            self.version += 1;
        }
    }

    /// Whether the lesson at hand has words of that language.
    pub fn lesson_speaks(&self, language: Language) -> bool {
        self.lesson.as_ref().is_none_or(|lesson| lesson.document.section(section(language)).is_some())
    }

    /// With `check=gate` time passes only after the answer.
    pub fn set_gate(&mut self, gate: Gate) {
        if let Some(lesson) = &mut self.lesson {
            lesson.gate = gate;
        }
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
        let Some(lesson) = &mut self.lesson else { return self.turn_without_lesson(&intent) };
        match intent {
            LessonIntent::Go(step) => {
                if lesson.may_go(step) {
                    lesson.step = step;
                }
            }
            LessonIntent::Predict(answer) => {
                if !lesson.is_locked {
                    lesson.predicted = short(answer);
                }
            }
            LessonIntent::Lock => {
                if lesson.predicted.is_some() {
                    lesson.is_locked = true;
                    lesson.step = LessonStep::Run;
                    self.send(Intent::Play);
                }
            }
            LessonIntent::PlayOn => {
                if !self.is_gated() {
                    self.go_to_run();
                    self.send(Intent::Play);
                }
            }
            LessonIntent::Skip => {
                if let Some(at) = lesson.next_stop(self.lab.now()).filter(|_| !self.is_gated()) {
                    self.go_to_run();
                    let _ = self.lab.set_about(Intent::Pause);
                    self.seek(at);
                }
            }
            LessonIntent::Check(answer) => {
                lesson.checked = short(answer);
                lesson.is_handed_in = false;
            }
            LessonIntent::HandIn => lesson.is_handed_in = lesson.checked.is_some(),
            LessonIntent::Vary(name, value) => self.vary(&name, &value),
            LessonIntent::TurnOn => self.turn_on(),
            LessonIntent::TurnBack => self.turn_back(),
        }
    }

    fn go_to_run(&mut self) {
        if let Some(lesson) = &mut self.lesson
            && lesson.step == LessonStep::Predict
        {
            lesson.step = LessonStep::Run;
        }
    }

    /// Another run, from its beginning.
    fn vary(&mut self, name: &str, value: &str) {
        let Some(lesson) = &self.lesson else { return };
        let changed = lesson
            .choices
            .pairs()
            .map(|(known, old)| (known.to_owned(), if known == name { value.to_owned() } else { old.to_owned() }));
        let changed: Vec<(String, String)> = changed.collect();
        let Ok(choices) = lesson.document.choose(&changed) else { return };
        let Ok(scenario) = lesson.document.scenario(&choices) else { return };
        let Some(mut lesson) = self.lesson.take() else { return };
        lesson.choices = choices;
        lesson.begin(&scenario);
        self.set_up(scenario);
        self.lesson = Some(lesson);
    }

    /// Another world takes the place of what is shown.
    fn set_up(&mut self, scenario: Scenario) {
        self.lab = Lab::begin(scenario).telling(view::picture::saying);
        self.leave_experiment();
        self.card = None;
        if let Some(rate) = self.speed {
            let _ = self.lab.set_about(Intent::Tempo(Tempo::manual(rate)));
        }
        self.way = Some(crate::way::Way::Start);
        self.version += 1;
    }

    /// Pauses at the first mark that the last frame has passed, and looks at what the question asks for.
    #[inline(never)]
    pub(crate) fn mind_the_marks(&mut self, before: Time) {
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
        let Some(lesson) = &self.lesson else { return };
        let counts = (now == lesson.ends_at && !self.touched).then(|| self.tally(&lesson.document.tally));
        let Some(lesson) = &mut self.lesson else { return };
        if lesson.shown.is_none() {
            lesson.shown = lesson.told_by(now);
        }
        if let Some(counts) = counts.filter(|counts| !counts.is_empty()) {
            lesson.runs.retain(|(choices, _)| *choices != lesson.choices);
            lesson.runs.push((lesson.choices.clone(), counts));
        }
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
        if self.is_gated() {
            self.version += 1;
            let language = self.lesson.as_ref().map(|lesson| lesson.language).unwrap_or_default();
            let outcome = Err(complaint(Field::Line, language.text().lesson.gate));
            self.answers.push(Answer { asker: Asker::Page, at: self.lab.now(), outcome });
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
    /// One can always go back; to the check only after the run has begun.
    fn may_go(&self, step: LessonStep) -> bool {
        match step {
            LessonStep::Predict => self.document.predict.is_some(),
            LessonStep::Run => self.gate == Gate::Open || self.is_locked || self.document.predict.is_none(),
            LessonStep::Check => self.is_locked || self.document.predict.is_none(),
        }
    }
}

/// An answer that says something and is no longer than answers are.
fn short(answer: String) -> Option<String> {
    let text: String = answer.trim().chars().take(LONGEST_ANSWER).collect();
    (!text.is_empty()).then_some(text)
}

impl Visit {
    /// What a scenario's text wants to be looked at, and lets be done, where the address leaves the choice.
    #[inline(never)]
    pub fn take_wishes(&mut self, text: &str) {
        let (document, _) = Document::read(text);
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
        if self.allow == visit::Allow::default() {
            self.allow = wished.allow;
        }
    }
}
