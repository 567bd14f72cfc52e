//! Words around a lesson's own.

/// The column of a lesson.
pub struct LessonText {
    /// Lesson, of how many, and its topic.
    pub place: fn(u32, &str) -> String,
    pub column: &'static str,
    pub predict: &'static str,
    pub run: &'static str,
    pub check: &'static str,
    pub lock: &'static str,
    pub lock_hint: &'static str,
    pub you_said: &'static str,
    pub said_nothing: &'static str,
    pub play: &'static str,
    pub play_on: &'static str,
    pub skip: &'static str,
    pub pauses: &'static str,
    pub to_check: &'static str,
    pub right: &'static str,
    pub wrong: &'static str,
    /// After a wrong answer to the second question.
    pub again: &'static str,
    /// Not there yet: which mark tells.
    pub not_yet: &'static str,
    /// The text's own run breaks off before, or lacks what is asked about.
    pub untold: &'static str,
    pub show: fn(&str) -> String,
    pub without: &'static str,
    pub hand_in: &'static str,
    pub answer: &'static str,
    pub click_or_type: &'static str,
    pub runs: &'static str,
    pub not_run: &'static str,
    pub terms: &'static str,
    /// Of a term's card.
    pub term_fetching: &'static str,
    pub term_not_fetched: &'static str,
    pub term_unknown: &'static str,
    pub term_source: fn(&str) -> String,
    pub done: &'static str,
    pub library: &'static str,
    /// The file of the page that lists them.
    pub library_page: &'static str,
    /// Topics by the name that scenarios give them.
    pub topics: [(&'static str, &'static str); 12],
    /// A scenario's text that cannot be read: how many mistakes it has, and what to do.
    pub mistakes: fn(usize) -> String,
    pub mend: &'static str,
    pub gate: &'static str,
    /// Where the lesson was left: which of its steps.
    pub resume: fn(usize) -> String,
}

impl LessonText {
    pub fn topic(&self, name: &str) -> &'static str {
        self.topics.iter().find(|(topic, _)| *topic == name).map_or("", |(_, words)| words)
    }
}
