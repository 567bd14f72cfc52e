//! Sentences of an embedded page: what its address asks for in vain, what its reader may not do, what a program did
//! wrong.

use base::Time;
use sim::Command;

use super::{Allow, Complaint, Place};
use script::file::FileError;
use script::link::SEMANTICS;
use view::text::Text;
use view::{ErrorView, FormError};

/// The longest link that is looked at, in characters.
pub const LONGEST_LINK: u32 = 64 << 10;

/// Why a program's request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// `load` got no text.
    NoText,
    /// `seek` got no instant.
    NoInstant,
    /// The link has too many characters.
    TooLong,
    NoMark(String),
    /// The asker may only look.
    Forbidden,
    BadId,
    /// One request at a time.
    Busy,
    /// It cannot be opened, or the text in it cannot.
    Link(Box<FileError>),
}

impl AskError {
    /// What a program can compare with.
    pub fn name(&self) -> &'static str {
        match self {
            AskError::NoText | AskError::NoInstant | AskError::BadId => "bad-argument",
            AskError::TooLong => "too-long",
            AskError::NoMark(_) => "no-such-mark",
            AskError::Forbidden => "forbidden",
            AskError::Busy => "busy",
            AskError::Link(_) => "bad-link",
        }
    }

    /// One plain sentence.
    pub fn sentence(&self, text: &Text) -> String {
        let words = &text.embed;
        match self {
            AskError::NoText => (words.bad_argument)("load", words.takes_text),
            AskError::NoInstant => (words.bad_argument)("seek", words.takes_instant),
            AskError::TooLong => (words.too_long)(u64::from(LONGEST_LINK)),
            AskError::NoMark(name) => (words.no_mark)(name),
            AskError::Forbidden => words.forbidden.to_owned(),
            AskError::BadId => words.bad_id.to_owned(),
            AskError::Busy => words.busy.to_owned(),
            AskError::Link(error) => {
                let view = match &**error {
                    FileError::Line(mistake) => view::picture::of_mistakes(std::slice::from_ref(mistake), text),
                    error => view::picture::of_file(error, text),
                };
                format!("{}. {}", view.title, view.text)
            }
        }
    }
}

/// What an address asks for in vain.
pub fn of_complaint(complaint: &Complaint, text: &Text) -> String {
    let words = &text.embed;
    match complaint {
        Complaint::Value { name, value, takes } => (words.bad_value)(name, value, takes),
        Complaint::NoQuestions => words.no_questions.to_owned(),
        Complaint::NothingVaried => words.nothing_varied.to_owned(),
        Complaint::NoValue { asked, near } => (words.no_value)(asked, &near.join(", ")),
        Complaint::Unknown(name) => (words.unknown_option)(name),
        Complaint::NoCluster { asked, there } => (words.no_cluster)(asked, &there.join(", ")),
        Complaint::NoRow(name) => (words.no_row)(name),
        Complaint::NoMark(name) => (words.no_mark)(name),
        Complaint::NoLesson(id) => (words.no_lesson)(id),
        Complaint::NothingVisible => words.nothing_visible.to_owned(),
        Complaint::OtherRules(rules) => (words.other_rules)(*rules, SEMANTICS),
    }
}

/// Playing stopped where the address says.
pub fn of_arrival(place: &Place, at: Time, text: &Text) -> String {
    match place {
        Place::At(_) => (text.embed.reached)(&at.to_string()),
        Place::Mark(name) => (text.embed.reached)(&format!("{name}, {at}")),
    }
}

/// What a reader may not do here; `None` when he may.
pub fn forbidden(command: &Command, allow: &Allow, text: &Text) -> Option<FormError> {
    if allow.permits(command) {
        return None;
    }
    let words = &text.embed;
    let sentence = if allow.is_nothing() { words.only_looking.to_owned() } else { (words.only_these)(&allow.names()) };
    let error = ErrorView { sentence, ..ErrorView::default() };
    Some(FormError { field: None, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Permit;
    use script::link::Link;
    use script::parse;
    use view::text::{EN, ZH};

    #[test]
    fn programs_are_answered_in_plain_sentences() {
        let broken = Link::read("#hello").expect_err("this is no link");
        for (error, name, words) in [
            (AskError::NoText, "bad-argument", "load takes a link as text."),
            (AskError::TooLong, "too-long", "The link is longer than 65536 characters."),
            (AskError::NoMark("x".into()), "no-such-mark", "The timeline has no mark “x”."),
            (AskError::Forbidden, "forbidden", "Only the page named by api= may ask for this."),
            (
                AskError::Link(Box::new(FileError::Link(Box::new(broken)))),
                "bad-link",
                "This is not a link of Blumfeld. The address holds something else. Here is the opening scene.",
            ),
        ] {
            assert_eq!((error.name(), error.sentence(&EN).as_str()), (name, words));
            assert_ne!(error.sentence(&ZH), words);
        }
    }

    #[test]
    fn a_forbidden_act_says_what_remains() {
        let kill = parse("kill 2").expect("a line");
        assert_eq!(forbidden(&kill, &Allow::default(), &EN), None);
        let only = |permits| forbidden(&kill, &Allow::only(permits), &EN).map(|refused| refused.error.sentence);
        assert_eq!(only(vec![Permit::Kill]), None);
        assert_eq!(only(vec![Permit::Join]).as_deref(), Some("This page only allows: join."));
        assert_eq!(only(vec![]).as_deref(), Some("This page is for looking; the cluster cannot be changed here."));
    }
}
