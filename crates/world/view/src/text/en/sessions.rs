//! English: brokers' sessions in one line.

use super::list;
use crate::text::SessionsText;

pub(super) const SESSIONS: SessionsText = SessionsText {
    sum: |fresh, all, fenced| {
        let sessions = if all == 1 { "session" } else { "sessions" };
        let names: Vec<String> = fenced.iter().map(ToString::to_string).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.len() {
            0 => format!("{fresh} of {all} {sessions} fresh"),
            1..=3 => format!("{fresh} of {all} {sessions} fresh, {} fenced", list(&names)),
            count => format!("{fresh} of {all} {sessions} fresh, {count} brokers fenced"),
        }
    },
};
