//! What may stand at a place of a text, for whoever writes one: the words that its readers know, out of the readers' own
//! tables, and the names that the text itself has made. Nothing here judges a text, and what is offered need not be all
//! that is right there: free texts, numbers and times are not.

mod names;
mod offers;

use super::draft::{first_part, header_of};
use super::{Document, END, LONGEST_TEXT, sections};
use crate::text::IN;
use config::{AppSetting, ConfigKey};
use names::Names;
use offers::Offers;

/// Offers for one place.
pub const MOST_OFFERS: usize = 100;

/// One word that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The whole word: it takes the place of what of it is there already.
    pub text: String,
    pub kind: OfferKind,
    pub hint: Hint,
}

/// What is told beside a word; worded in `view`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Its kind says enough.
    Kind,
    /// The form of the command that begins with it or takes it, as [`VERBS`](crate::text::VERBS) has it.
    Form(&'static str),
    /// What it may be.
    Values(Vec<String>),
    /// One of Kafka's: type, what is valid, default.
    Setting(&'static ConfigKey),
    /// One of the application around a client, which is ours.
    Application(&'static AppSetting),
}

/// What sort of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferKind {
    Version,
    Header,
    /// Of a header, an option or a setting.
    Value,
    Command,
    /// Of a command, ours.
    Option,
    /// One of Kafka's.
    Setting,
    /// Of a node, a client, a topic, a partition or a group.
    Name,
    /// What a `see` line looks at.
    Subject,
    Fact,
    Mark,
    /// A section of words, or a line in it.
    Words,
}

impl OfferKind {
    pub const ALL: [OfferKind; 11] = [
        OfferKind::Version,
        OfferKind::Header,
        OfferKind::Value,
        OfferKind::Command,
        OfferKind::Option,
        OfferKind::Setting,
        OfferKind::Name,
        OfferKind::Subject,
        OfferKind::Fact,
        OfferKind::Mark,
        OfferKind::Words,
    ];

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            OfferKind::Version => "version",
            OfferKind::Header => "header",
            OfferKind::Value => "value",
            OfferKind::Command => "command",
            OfferKind::Option => "option",
            OfferKind::Setting => "setting",
            OfferKind::Name => "name",
            OfferKind::Subject => "subject",
            OfferKind::Fact => "fact",
            OfferKind::Mark => "mark",
            OfferKind::Words => "words",
        }
    }
}

/// Which part of the text a line stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    BeforeVersion,
    Headers,
    Body,
    Words,
    /// Below the line that ends the text.
    Behind,
}

/// What may stand where `before` ends: the beginning of the line with that number, from 1, up to the writer's place.
pub fn complete(text: &str, line: u32, before: &str) -> Vec<Offer> {
    let above = text.lines().take(line.saturating_sub(1) as usize).fold(Stands::BeforeVersion, Stands::behind);
    let mut offers = Offers::new(before);
    if text.len() > LONGEST_TEXT || before.trim_start().starts_with('#') {
        return offers.finish();
    }
    match above {
        Stands::Behind => {}
        Stands::BeforeVersion => offers.version(),
        Stands::Words => of_words(&mut offers, before, text),
        Stands::Headers => match (header_of(before), before.trim_start()) {
            (Some((name, _)), _) => offers.values_of_header(name, &Names::of(text)),
            (None, word) if word.starts_with("==") => offers.tags(),
            (None, word) => {
                if !word.contains(char::is_whitespace) {
                    offers.headers();
                }
                of_body(&mut offers, before, text);
            }
        },
        Stands::Body => of_body(&mut offers, before, text),
    }
    offers.finish()
}

/// How the last word of a command's line may go on as one of its options or settings, or as a value of one: whole words, for
/// a terminal, which knows the names of its world by itself.
pub fn settings(line: &str) -> Vec<String> {
    let mut offers = Offers::new(line);
    of_body(&mut offers, line, "");
    let last = line.rsplit(' ').next().unwrap_or_default();
    let named = last.split_once('=').map(|(name, _)| name);
    let word = |offer: Offer| match (offer.kind, named) {
        (OfferKind::Option | OfferKind::Setting, None) => Some(offer.text),
        (OfferKind::Value, Some(name)) => Some(format!("{name}={}", offer.text)),
        _a_name => None,
    };
    offers.finish().into_iter().filter_map(word).collect()
}

impl Stands {
    /// Where the line after this one stands.
    fn behind(self, line: &str) -> Stands {
        let text = line.trim();
        match self {
            Stands::Behind => Stands::Behind,
            _inside if line.trim_end() == END => Stands::Behind,
            _inside if text.starts_with("== ") => Stands::Words,
            Stands::BeforeVersion if text.is_empty() || text.starts_with('#') => Stands::BeforeVersion,
            Stands::BeforeVersion => Stands::Headers,
            Stands::Headers if text.is_empty() || text.starts_with('#') || header_of(text).is_some() => Stands::Headers,
            Stands::Headers | Stands::Body => Stands::Body,
            Stands::Words => Stands::Words,
        }
    }
}

fn of_words(offers: &mut Offers<'_>, before: &str, text: &str) {
    if before.starts_with("==") {
        return offers.tags();
    }
    if before.contains(':') || before.starts_with([' ', '\t', '-']) {
        return;
    }
    match before.split_once(' ') {
        None => offers.lines_of_words(sections::names()),
        Some((name, _)) => offers.keys_of_words(name, &Names::of(text)),
    }
}

fn of_body(offers: &mut Offers<'_>, before: &str, text: &str) {
    let line = before.trim_start();
    if line.starts_with("==") {
        return offers.tags();
    }
    let line = match line.strip_prefix("when ").map(|behind| behind.split_once(':')) {
        Some(None) => return offers.conditions(&Names::of(text)),
        Some(Some((_, rest))) => rest.trim_start(),
        None => line,
    };
    let is_first = line.len() == before.trim_start().len();
    let (time, act) = match line.starts_with(['@', '+']) {
        true => line.split_once(char::is_whitespace).map_or((line, None), |(time, act)| (time, Some(act))),
        false => ("", Some(line)),
    };
    // A time is being written, and of those there are too many to offer.
    let Some(part) = act.map(last_part) else { return };
    let words: Vec<&str> = part.split_whitespace().collect();
    // The word under way is not one of them; behind a space none is.
    let done = if part.ends_with(char::is_whitespace) { words.len() } else { words.len().saturating_sub(1) };
    match words.get(..done).unwrap_or_default() {
        [] => offers.acts(is_first && time.is_empty() && part.len() == line.len(), &Names::of(text)),
        [word] if *word == IN => offers.clusters(&[], &Names::of(text)),
        [word, _cluster] if *word == IN => offers.commands(),
        [word, _cluster, verb, rest @ ..] if *word == IN => offers.command(verb, rest, &Names::of(text)),
        ["see", claim @ ..] => offers.claim(claim, &Names::of(text)),
        ["mark" | "remember" | "when", ..] => {}
        [verb, rest @ ..] => offers.command(verb, rest, &Names::of(text)),
    }
}

/// What stands behind the last semicolon that parts two acts.
fn last_part(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let (_, behind) = first_part(rest);
        let is_open = rest.trim_end().ends_with(';') && behind.is_empty();
        match behind {
            "" if is_open && !rest.ends_with(';') => return "",
            "" => return rest,
            _more => rest = behind,
        }
    }
}

#[cfg(test)]
mod tests;
