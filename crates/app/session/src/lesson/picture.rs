//! A lesson's column in words. What is right or wrong is decided by the lesson's text and by its run; here it is only said.

use super::{Gate, Teaching};
use script::scenario::{Asked, Asks, Choices, Question};
use view::text::Text;
use view::{
    AnswerField, ChoiceMark, ChoiceView, LessonMark, LessonStep, LessonView, Passed, QuestionView, TallyTable,
    TermView, Time, VaryView, VerdictView, Worded,
};

/// Where the reader stands, and whether time passes.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub now: Time,
    pub playing: bool,
}

impl Teaching {
    /// The column at this moment.
    pub(crate) fn view(&self, standing: Standing, text: &Text) -> LessonView {
        let (words, document, own) = (&self.words, &self.document, &text.lesson);
        let topic = document.topic.as_deref().map_or("", |topic| own.topic(topic));
        let predict = document.predict.as_ref();
        let verdict = predict.filter(|_| self.is_judged()).map(|question| self.predicted_so(question, text));
        let checked =
            document.check.as_ref().filter(|_| self.is_handed_in).map(|question| self.checked_so(question, text));
        LessonView {
            id: document.id.clone().unwrap_or_default(),
            place: document.course.map_or_else(|| topic.to_owned(), |number| (own.place)(number, topic)),
            title: Worded::read(&words.title),
            goal: Worded::read(&words.goal),
            step: self.step,
            steps: self.steps(text),
            before: Worded::read(&words.before),
            predict: predict.map(|question| self.prediction(question, text)),
            said: self.is_locked.then(|| (own.you_said, self.said(predict, &words.predict))),
            vary: self.varied(),
            marks: self.marks_at(standing.now),
            play: self.playing_on(standing, text),
            skip: self.next_stop(standing.now).filter(|_| self.step != LessonStep::Predict).map(|_| text.lesson.skip),
            on: self.goes_on(standing, text),
            tally: self.tally_table(text),
            verdict,
            check: document.check.as_ref().map(|question| self.question(question, text)),
            checked,
            terms: words.terms.iter().map(|name| TermView { name: name.to_string(), ..TermView::default() }).collect(),
            done: self.is_done(),
            resume: self.going_on(text),
        }
    }

    /// Who comes to the check by a link has predicted nothing.
    fn is_judged(&self) -> bool {
        self.step == LessonStep::Check && self.predicted.is_some()
    }

    /// The steps with their names, and which of them can be gone to.
    fn steps(&self, text: &Text) -> Vec<(LessonStep, String, bool)> {
        let own = &text.lesson;
        let there = LessonStep::ALL.into_iter().filter(|step| self.has(*step));
        let named = (1..).zip(there).map(|(number, step)| {
            let name = match step {
                LessonStep::Predict => own.predict,
                LessonStep::Run => own.run,
                LessonStep::Check => own.check,
            };
            (step, format!("{number} {name}"), self.may_go(step))
        });
        named.collect()
    }

    /// The question before the run; after it, what was right.
    fn prediction(&self, question: &Question, text: &Text) -> QuestionView {
        let tells = self.step == LessonStep::Check;
        let answer = self.predicted.as_deref();
        QuestionView {
            text: Worded::read(&self.words.predict.text),
            field: self.field(question, &self.words.predict, (answer, tells)),
            open: !self.is_locked,
            submit: text.lesson.lock,
            answered: answer.is_some(),
        }
    }

    /// A question as it is asked now, with what was answered.
    fn question(&self, question: &Question, text: &Text) -> QuestionView {
        let answer = self.checked.as_deref();
        QuestionView {
            text: Worded::read(&self.words.check.text),
            field: self.field(question, &self.words.check, (answer, self.is_handed_in)),
            open: true,
            submit: text.lesson.hand_in,
            answered: answer.is_some(),
        }
    }

    /// How an answer is given: chosen, typed, or pointed at.
    fn field(&self, question: &Question, asked: &Asked, (answer, tells): (Option<&str>, bool)) -> AnswerField {
        let typed = answer.unwrap_or_default().to_owned();
        match question.asks {
            Asks::Number(_) => AnswerField::Number(typed),
            Asks::Name(_) => AnswerField::Name(typed),
            Asks::Choice { .. } => {
                let right = self.right(question);
                let choice = |(number, words): (u32, &view::Str)| {
                    let own = number.to_string();
                    let chosen = answer == Some(&own);
                    let mark = match (tells, right.as_ref() == Some(&own), chosen) {
                        (true, true, _) => ChoiceMark::Right,
                        (true, false, true) => ChoiceMark::Wrong,
                        (true, false, false) | (false, _, _) => ChoiceMark::Open,
                    };
                    ChoiceView { number, text: Worded::read(words), chosen, mark }
                };
                AnswerField::Choices((1..).zip(&asked.choices).map(choice).collect())
            }
        }
    }

    /// An answer as the reader gave it.
    fn said(&self, question: Option<&Question>, asked: &Asked) -> Worded {
        let answer = self.predicted.as_deref().unwrap_or_default();
        let chosen = question.filter(|question| matches!(question.asks, Asks::Choice { .. }));
        let words = chosen.and_then(|_| asked.choices.get(answer.parse::<usize>().ok()?.checked_sub(1)?));
        Worded::read(words.map_or(answer, |words| words))
    }

    /// What the run says to the prediction.
    fn predicted_so(&self, question: &Question, text: &Text) -> VerdictView {
        let answer = self.predicted.as_deref().unwrap_or_default();
        match self.judge(question, answer) {
            None => {
                let (_, show) = self.refuted(question, answer, text);
                let why = if self.tells_nothing(question) { text.lesson.untold } else { text.lesson.not_yet };
                VerdictView { right: false, strong: "", text: Worded::read(why), show }
            }
            Some(true) => VerdictView {
                right: true,
                strong: text.lesson.right,
                text: Worded::read(&self.words.right),
                show: None,
            },
            Some(false) => {
                let (against, show) = self.refuted(question, answer, text);
                VerdictView { right: false, strong: text.lesson.wrong, text: Worded::read(&against), show }
            }
        }
    }

    fn checked_so(&self, question: &Question, text: &Text) -> VerdictView {
        let answer = self.checked.as_deref().unwrap_or_default();
        match self.judge(question, answer) {
            Some(true) => {
                VerdictView { right: true, strong: text.lesson.right, text: Worded::read(&self.words.why), show: None }
            }
            Some(false) => {
                let (_, show) = self.refuted(question, answer, text);
                VerdictView { right: false, strong: text.lesson.wrong, text: Worded::read(text.lesson.again), show }
            }
            None => {
                let why = if self.tells_nothing(question) { text.lesson.untold } else { text.lesson.not_yet };
                VerdictView { right: false, strong: "", text: Worded::read(why), show: None }
            }
        }
    }

    /// What the run shows against an answer, and where.
    fn refuted(&self, question: &Question, answer: &str, text: &Text) -> (String, Option<(Time, String)>) {
        let at = self.refuting(question, answer);
        (
            self.words.against(chosen(question, answer)).to_string(),
            at.map(|at| (at, (text.lesson.show)(&at.to_string()))),
        )
    }

    /// Where the run at hand shows something against an answer.
    pub(super) fn refuting(&self, question: &Question, answer: &str) -> Option<Time> {
        // Another run's instants show something else.
        let at = question.refuted_at(chosen(question, answer)).filter(|_| self.asks_about_this(question));
        at.and_then(|mark| self.mark(mark))
    }

    /// What can be varied, with what was chosen.
    fn varied(&self) -> Vec<VaryView> {
        let varied = self.document.vary.iter().zip(&self.words.varied);
        let view = |(vary, words): (&script::scenario::Vary, &script::scenario::Varied)| VaryView {
            name: vary.name.clone(),
            called: Worded::read(&words.called),
            values: std::iter::zip(&vary.values, &words.values)
                .map(|(value, called)| {
                    (value.clone(), Worded::read(called), self.choices.get(&vary.name) == Some(&**value))
                })
                .collect(),
        };
        varied.map(view).collect()
    }

    /// Those that the run has passed, so that nothing is given away.
    fn marks_at(&self, now: Time) -> Vec<LessonMark> {
        let mark = |mark: &script::scenario::Mark| {
            let passed = match mark.at.cmp(&now) {
                std::cmp::Ordering::Less => Passed::Before,
                std::cmp::Ordering::Equal => Passed::Here,
                std::cmp::Ordering::Greater => Passed::Ahead,
            };
            let text = Worded::read(self.words.at(&mark.name).map_or(&*mark.name, |text| text));
            LessonMark { at: mark.at, at_text: mark.at.to_string(), text, passed }
        };
        self.marks.iter().map(mark).collect()
    }

    /// What the button says that goes on.
    fn playing_on(&self, standing: Standing, text: &Text) -> Option<&'static str> {
        let waits = self.gate == Gate::Closed && self.step == LessonStep::Predict && !self.is_locked;
        if standing.playing || waits {
            return None;
        }
        self.next_stop(standing.now)?;
        Some(if standing.now == Time::ZERO { text.lesson.play } else { text.lesson.play_on })
    }

    /// The check, once the run has shown what it is about or is over.
    fn goes_on(&self, standing: Standing, text: &Text) -> Option<(LessonStep, &'static str)> {
        let known = self.document.predict.as_ref().is_some_and(|question| {
            let answer = self.predicted.as_deref().unwrap_or_default();
            let at = self.refuted(question, answer, text).1.map(|(at, _)| at);
            self.judge(question, answer).is_some() && at.is_some_and(|at| standing.now >= at)
        });
        let over = standing.now >= self.ends_at;
        let ready = self.step == LessonStep::Run && self.may_go(LessonStep::Check) && (known || over);
        ready.then_some((LessonStep::Check, text.lesson.to_check))
    }

    /// Counts of the runs so far; a row for each choice.
    fn tally_table(&self, text: &Text) -> Option<TallyTable> {
        let names = &self.document.tally;
        if names.is_empty() || self.runs.is_empty() {
            return None;
        }
        let row = |choices: Choices| {
            let counts = self.runs.iter().find(|(known, _)| *known == choices).map(|(_, counts)| counts.clone());
            (self.called(&choices), counts)
        };
        let heads = names.iter().map(|name| view::picture::ledger_name(name, text).to_owned()).collect();
        Some(TallyTable { heads, rows: self.document.choices().into_iter().map(row).collect() })
    }

    /// A run's values as its words call them.
    fn called(&self, choices: &Choices) -> String {
        let of = |(name, value): (&str, &str)| {
            let varied = self.words.varied.iter().zip(&self.document.vary).find(|(_, vary)| *vary.name == *name);
            let called = varied.and_then(|(words, vary)| {
                let place = vary.values.iter().position(|known| **known == *value)?;
                words.values.get(place).map(|words| Worded::read(words).plain())
            });
            called.unwrap_or_else(|| value.to_owned())
        };
        choices.pairs().map(of).collect::<Vec<_>>().join(" · ")
    }
}

/// The number of the choice that an answer is, where choices are asked for.
fn chosen(question: &Question, answer: &str) -> Option<u32> {
    matches!(question.asks, Asks::Choice { .. }).then(|| answer.parse().ok()).flatten()
}
