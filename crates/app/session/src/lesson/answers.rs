//! What is right, and how people spell it. What the right answer is stands in the lesson's text, or is read from the
//! text's own run; nothing that a reader does changes it.

use super::Teaching;
use play::Player;
use script::scenario::{Answer as Right, Asks, Question};
use view::Time;

/// Letters of an answer.
const LONGEST: usize = 200;

impl Teaching {
    /// The right answer as far as it is known; a number that the run tells is not before the run has told it.
    pub(super) fn right(&self, question: &Question) -> Option<String> {
        match &question.asks {
            Asks::Choice { right, .. } => Some(right.to_string()),
            Asks::Number(Right::Given(value)) | Asks::Name(Right::Given(value)) => Some(value.to_string()),
            Asks::Number(Right::Read { .. }) | Asks::Name(Right::Read { .. }) => self.shown.clone(),
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

    /// What the text's own run shows where the question is answered, once the run at hand has come there.
    pub(super) fn told_by(&self, now: Time) -> Option<String> {
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

/// A number as people type it: `1,000`, `８`, `8 条`; only one.
pub(super) fn typed_number(answer: &str) -> Option<u64> {
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

/// An answer that says something and is no longer than answers are.
pub(super) fn short(answer: String) -> Option<String> {
    let text: String = answer.trim().chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}
