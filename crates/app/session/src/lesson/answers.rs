//! What is right, and how people spell it. What the right answer is stands in the lesson's text, or is read from the
//! text's own run; nothing that a reader does changes it.

use super::Teaching;
use play::Player;
use script::scenario::{Answer as Right, Asks, Question};
use view::Time;

/// Letters of an answer.
const LONGEST: usize = 200;
/// Events and lines of the text's own run that one picture waits for, at most.
const PART: u32 = 16_384;

/// What a run with the values that the question is about shows where it is answered. Somebody else's text may take long
/// over it, so it is looked up in parts.
#[derive(Clone, Default)]
pub(super) enum Shown {
    #[default]
    Unasked,
    Reading(Box<Player>),
    Told(String),
    /// The run breaks off before, or there is no such thing in it.
    Nothing,
}

impl Teaching {
    /// The right answer as far as it is known; a number that the run tells is not before the run has told it.
    pub(super) fn right(&self, question: &Question) -> Option<String> {
        match &question.asks {
            Asks::Choice { right, .. } => Some(right.to_string()),
            Asks::Number(Right::Given(value)) | Asks::Name(Right::Given(value)) => Some(value.to_string()),
            Asks::Number(Right::Read { .. }) | Asks::Name(Right::Read { .. }) => match self.shown_to(question) {
                Shown::Told(words) => Some(words.clone()),
                Shown::Unasked | Shown::Reading(_) | Shown::Nothing => None,
            },
        }
    }

    /// Is it so? Unknown as long as the run has not shown it.
    pub(super) fn judge(&self, question: &Question, answer: &str) -> Option<bool> {
        let right = self.right(question)?;
        Some(match question.asks {
            Asks::Choice { .. } => right == answer,
            Asks::Number(_) => typed_number(answer).is_some_and(|number| play::number_in(&right) == Some(number)),
            Asks::Name(_) => same_name(&right, answer),
        })
    }

    /// Goes on looking up what the text's own run shows where the question is answered, once the run at hand has come
    /// there. `may_go_on` is asked after every event. It is looked up once, whatever comes of it.
    pub(super) fn look_up(&mut self, now: Time, may_go_on: &mut dyn FnMut() -> bool) {
        if matches!(self.shown, Shown::Unasked) {
            self.shown = self.begin_to_look(now, self.document.predict.as_ref()).unwrap_or_default();
        }
        if matches!(self.shown_after, Shown::Unasked) {
            self.shown_after = self.begin_to_look(now, self.document.check.as_ref()).unwrap_or_default();
        }
        self.shown.go_on(may_go_on);
        self.shown_after.go_on(may_go_on);
    }

    /// Answers are looked up in a run beside the one on the stage, in small parts between frames.
    fn begin_to_look(&self, now: Time, question: Option<&Question>) -> Option<Shown> {
        let question = question.filter(|question| self.asks_about_this(question))?;
        let (subject, mark) = question.reads()?;
        self.mark(mark).filter(|at| now >= *at)?;
        let scenario = self.document.scenario(&self.choices).ok();
        let player = scenario.and_then(|scenario| Player::reading(scenario, mark, subject).ok());
        Some(player.map_or(Shown::Nothing, |player| Shown::Reading(Box::new(player))))
    }

    /// Is the right answer being looked up?
    pub(super) fn is_looking_up(&self) -> bool {
        [&self.shown, &self.shown_after].into_iter().any(|shown| matches!(shown, Shown::Reading(_)))
    }

    /// Nobody is ever going to know what was right.
    pub(super) fn tells_nothing(&self, question: &Question) -> bool {
        matches!(self.shown_to(question), Shown::Nothing)
    }

    /// What the run has shown for a question: each stands in a line of its own.
    fn shown_to(&self, question: &Question) -> &Shown {
        let is_check = self.document.check.as_ref().is_some_and(|check| check.line == question.line);
        if is_check { &self.shown_after } else { &self.shown }
    }

    /// Everything that is asked has been answered, and the check rightly.
    pub(super) fn is_done(&self) -> bool {
        let answered = |question: Option<&Question>, answer: Option<&String>, is_in: bool| match (question, answer) {
            (Some(question), Some(answer)) => is_in && self.judge(question, answer) == Some(true),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let check = answered(self.document.check.as_ref(), self.checked.as_ref(), self.is_handed_in);
        check && (self.document.predict.is_none() || self.is_locked)
    }
}

impl Shown {
    /// Goes on with what is being looked up, by a part of it.
    fn go_on(&mut self, may_go_on: &mut dyn FnMut() -> bool) {
        let Shown::Reading(player) = self else { return };
        for _ in 0..PART {
            if player.go(1) == play::Going::Done {
                let words = player.readings().first().and_then(|reading| reading.words.clone());
                *self = words.and_then(Result::ok).map_or(Shown::Nothing, Shown::Told);
                return;
            }
            if !may_go_on() {
                return;
            }
        }
    }
}

/// A number as people type it: `1,000`, `８`, `8 条`; only one.
pub(super) fn typed_number(answer: &str) -> Option<u64> {
    let text: String = answer.chars().filter(|letter| ![',', '，'].contains(letter)).map(narrow).collect();
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let number = numbers.next()?.parse().ok();
    if numbers.next().is_some() || text.contains('-') { None } else { number }
}

/// What people put before a name.
const KINDS: [&str; 9] = ["broker", "controller", "node", "partition", "topic", "控制器", "节点", "分区", "主题"];

/// Names are compared as people type them (`2`, `Broker 2`, `２`); what was read may say more than the name, as in
/// `2 epoch 1`. Two names are no answer.
pub(super) fn same_name(right: &str, answer: &str) -> bool {
    let small = |text: &str| -> Vec<String> {
        text.split_whitespace().map(|word| word.chars().map(narrow).collect::<String>().to_lowercase()).collect()
    };
    let (right, mut answer) = (small(right), small(answer));
    if answer.len() > 1 && KINDS.contains(&answer[0].as_str()) {
        answer.remove(0);
    }
    !answer.is_empty() && (answer[..] == right[..1.min(right.len())] || answer == right)
}

/// A digit as an input method for Chinese may write it.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_digit(letter as u32 - '０' as u32, 10).unwrap_or(letter),
        other => other,
    }
}

/// An answer that says something and is no longer than answers are.
pub(super) fn short(answer: String) -> Option<String> {
    let text: String = answer.trim().chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}
