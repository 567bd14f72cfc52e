//! A lesson's column: what is asked before the run, what there is to see on the way, and what came of it. Its sentences
//! are the lesson's own, in the reader's language; the numbers beside them are read from the run.

use super::{Str, Time};

/// Where in a lesson the reader is. Predict, run, check: predicting first is what makes the run remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LessonStep {
    #[default]
    Predict,
    Run,
    Check,
}

impl LessonStep {
    pub const ALL: [LessonStep; 3] = [LessonStep::Predict, LessonStep::Run, LessonStep::Check];

    /// As in `step=` and in the browser's storage.
    pub fn name(self) -> &'static str {
        match self {
            LessonStep::Predict => "predict",
            LessonStep::Run => "run",
            LessonStep::Check => "check",
        }
    }

    pub fn named(name: &str) -> Option<LessonStep> {
        LessonStep::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// Words with code in them, as `` `acks=all` ``.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Worded(pub Vec<(Style, String)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Code,
}

impl Worded {
    /// Reads a text in which backticks stand around code.
    pub fn read(text: &str) -> Worded {
        let part =
            |(index, part): (usize, &str)| (if index % 2 == 1 { Style::Code } else { Style::Plain }, part.to_owned());
        Worded(text.split('`').enumerate().map(part).filter(|(_, part)| !part.is_empty()).collect())
    }

    /// Without signs of code.
    pub fn plain(&self) -> String {
        self.0.iter().map(|(_, part)| part.as_str()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerField {
    Choices(Vec<ChoiceView>),
    /// A whole number.
    Number(String),
    /// Something on the stage, typed or clicked.
    Name(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceView {
    /// From 1.
    pub number: u32,
    pub text: Worded,
    pub chosen: bool,
    pub mark: ChoiceMark,
}

/// What is known of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ChoiceMark {
    #[default]
    Open,
    Right,
    /// The reader's, and wrong.
    Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionView {
    pub text: Worded,
    pub field: AnswerField,
    /// It can be answered and is not yet.
    pub open: bool,
    /// The label of what hands the answer in; it can be pressed once there is one.
    pub submit: &'static str,
    pub answered: bool,
}

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictView {
    pub right: bool,
    pub strong: &'static str,
    pub text: Worded,
    /// Where the run shows it: the instant, and what stands on the way there.
    pub show: Option<(Time, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    Before,
    Here,
    Ahead,
}

/// Something to look at on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonMark {
    pub at: Time,
    pub at_text: String,
    pub text: Worded,
    pub passed: Passed,
}

/// Something that the reader may change between runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaryView {
    pub name: Str,
    pub called: Worded,
    /// Value, what it is called, and whether it is the present one.
    pub values: Vec<(Str, Worded, bool)>,
}

/// What the runs so far came to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TallyTable {
    pub heads: Vec<String>,
    /// A run's values, and its counts; none where it has not been run.
    pub rows: Vec<(String, Option<Vec<u64>>)>,
}

/// A term, and what the glossary says of it once that has been fetched.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TermView {
    pub name: String,
    /// Other names that people use.
    pub also: String,
    pub says: String,
    /// Where it is written.
    pub source: String,
}

/// The column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonView {
    pub id: Str,
    /// `Lesson 6 of 12, acknowledgements`
    pub place: String,
    pub title: Worded,
    pub goal: Worded,
    pub step: LessonStep,
    /// The three steps with their names and whether one can go there.
    pub steps: Vec<(LessonStep, String, bool)>,
    pub before: Worded,
    pub predict: Option<QuestionView>,
    /// `You said: 2`, once that is handed in.
    pub said: Option<(&'static str, Worded)>,
    pub vary: Vec<VaryView>,
    pub marks: Vec<LessonMark>,
    /// What playing on is called here; nothing where the run is over.
    pub play: Option<&'static str>,
    /// What going to the next mark at once is called.
    pub skip: Option<&'static str>,
    /// The next step's name, where it is time for it.
    pub on: Option<(LessonStep, &'static str)>,
    pub tally: Option<TallyTable>,
    pub verdict: Option<VerdictView>,
    pub check: Option<QuestionView>,
    pub checked: Option<VerdictView>,
    pub terms: Vec<TermView>,
    /// Everything is answered.
    pub done: bool,
    /// What going on is called, where the lesson was left before and the reader has not decided.
    pub resume: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_words() {
        let read = Worded::read("`acks=all` waits for the `ISR`.");
        let parts: Vec<(Style, &str)> = read.0.iter().map(|(style, part)| (*style, part.as_str())).collect();
        let expected =
            [(Style::Code, "acks=all"), (Style::Plain, " waits for the "), (Style::Code, "ISR"), (Style::Plain, ".")];
        assert_eq!(parts, expected);
        assert_eq!(read.plain(), "acks=all waits for the ISR.");
        assert!(Worded::read("").is_empty());
    }

    #[test]
    fn steps_have_names() {
        for step in LessonStep::ALL {
            assert_eq!(LessonStep::named(step.name()), Some(step));
        }
        assert_eq!(LessonStep::named("nothing"), None);
    }
}
