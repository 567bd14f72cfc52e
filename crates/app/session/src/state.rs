//! The state as programs see it: the page's `getState` and the library for scripts answer with the same value.

use base::{Digest, Time};
use lab::Run;
use view::picture;
use view::text::Language;

/// See the module. Instants and counts are texts, because they do not fit a JavaScript number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Nanoseconds.
    pub now: String,
    pub now_text: String,
    pub playing: bool,
    pub events: String,
    pub hash: String,
    pub ledger: Vec<(String, String)>,
    pub link: String,
}

impl State {
    /// Of all clusters of a run at an instant, whose state has this digest; nothing plays, and nobody has linked it.
    pub fn of((run, now): (&Run, Time), state: Digest, language: Language) -> State {
        let rows = picture::ledger(run, None, now, language.text()).all.into_iter();
        State {
            now: now.0.to_string(),
            now_text: now.to_string(),
            playing: false,
            events: run.world.events().to_string(),
            hash: picture::short_digest(state),
            ledger: rows.map(|row| (row.name.to_owned(), row.text)).collect(),
            link: String::new(),
        }
    }
}
