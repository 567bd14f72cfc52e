//! Gathers the words that begin as what stands there already.

use super::names::Names;
use super::{Hint, MOST_OFFERS, Offer, OfferKind};
use crate::claim;
use crate::scenario::document::VERSION;
use crate::scenario::{self, BODY, draft, sections};
use crate::text::{IN, VERBS, options, takes_cluster};
use client::consumer::PROGRAM_SETTINGS;
use config::application::PRODUCER_SETTINGS;
use config::{AppSetting, ConfigKey, Kind, PartitionerClass, Scope, Valid};
use port::Fact;
use sim::meters::MeterKind;

/// See the module.
pub(super) struct Offers<'a> {
    /// The whole line so far.
    before: &'a str,
    found: Vec<Offer>,
}

impl<'a> Offers<'a> {
    pub(super) fn new(before: &'a str) -> Offers<'a> {
        Offers { before, found: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Vec<Offer> {
        self.found.truncate(MOST_OFFERS);
        self.found
    }

    /// The word under way: what stands behind the last space or one of these letters.
    fn begun(&self, parting: &[char]) -> &'a str {
        let is_parting = |letter: char| letter.is_whitespace() || parting.contains(&letter);
        self.before.rsplit(is_parting).next().unwrap_or_default()
    }

    fn offer(&mut self, begun: &str, kind: OfferKind, text: &str, hint: Hint) {
        let begins = text.get(..begun.len()).is_some_and(|start| start.eq_ignore_ascii_case(begun));
        let is_new = !self.found.iter().any(|offer| offer.text == text && offer.kind == kind);
        if begins && is_new && self.found.len() < MOST_OFFERS {
            self.found.push(Offer { text: text.to_owned(), kind, hint });
        }
    }

    fn plain<'n>(&mut self, parting: &[char], kind: OfferKind, words: impl IntoIterator<Item = &'n str>) {
        let begun = self.begun(parting);
        words.into_iter().for_each(|word| self.offer(begun, kind, word, Hint::Kind));
    }

    pub(super) fn version(&mut self) {
        self.offer(self.before.trim_start(), OfferKind::Version, VERSION, Hint::Kind);
    }

    pub(super) fn headers(&mut self) {
        let begun = self.begun(&[]);
        scenario::headers().for_each(|name| self.offer(begun, OfferKind::Header, &format!("{name}: "), Hint::Kind));
        self.tags();
    }

    /// `== en`: the whole line is the word.
    pub(super) fn tags(&mut self) {
        let begun = self.before.trim_start();
        sections::TAGS.iter().for_each(|tag| self.offer(begun, OfferKind::Words, &format!("== {tag}"), Hint::Kind));
    }

    pub(super) fn values_of_header(&mut self, name: &str, names: &Names) {
        match name {
            "scene" => self.plain(&[':'], OfferKind::Value, scenario::Scenario::builtins()),
            "set" => self.settings(Scope::Broker),
            "elr" => self.plain(&[':'], OfferKind::Value, draft::SWITCHED),
            "show" => self.shown(names),
            _listed => self.plain(&[':', ','], OfferKind::Value, scenario::values_of(name)),
        }
    }

    /// `row=orders-0`: options of the page, then their values where the text knows them.
    fn shown(&mut self, names: &Names) {
        let begun = self.begun(&[':']);
        if begun.starts_with("row=") {
            return self.plain(&['='], OfferKind::Name, names.partitions.iter().map(|name| &**name));
        }
        if begun.starts_with("cluster=") {
            return self.clusters(&['='], names);
        }
        scenario::values_of("show")
            .for_each(|name| self.offer(begun, OfferKind::Option, &format!("{name}="), Hint::Kind));
    }

    pub(super) fn lines_of_words(&mut self, names: impl Iterator<Item = &'static str>) {
        let begun = self.begun(&[]);
        for name in names {
            let text = if sections::is_keyed(name) { format!("{name} ") } else { format!("{name}: ") };
            self.offer(begun, OfferKind::Words, &text, Hint::Kind);
        }
        self.tags();
    }

    /// What stands between a line's name and its colon.
    pub(super) fn keys_of_words(&mut self, name: &str, names: &Names) {
        match name {
            "mark" => self.plain(&[], OfferKind::Mark, names.marks.iter().map(|mark| &**mark)),
            "vary" => self.plain(&[], OfferKind::Value, names.vary.iter().map(|vary| &*vary.name)),
            _free => {}
        }
    }

    /// `when NAME=VALUE|VALUE`.
    pub(super) fn conditions(&mut self, names: &Names) {
        let begun = self.begun(&[]);
        let Some((name, _)) = begun.split_once('=') else {
            return names.vary.iter().for_each(|vary| {
                let values: Vec<String> = vary.values.iter().map(ToString::to_string).collect();
                self.offer(begun, OfferKind::Option, &format!("{}=", vary.name), Hint::Values(values));
            });
        };
        let varied = names.vary.iter().filter(|vary| *vary.name == *name).flat_map(|vary| &vary.values);
        self.plain(&['=', '|'], OfferKind::Value, varied.map(|value| &**value));
    }

    /// What an act begins with; `when` only where nothing stands before it in its line, `in` only where there are several
    /// clusters.
    pub(super) fn acts(&mut self, is_first: bool, names: &Names) {
        let several = (!names.clusters.is_empty()).then_some(IN);
        several.into_iter().for_each(|word| self.plain(&[';'], OfferKind::Command, [word]));
        let begun = self.begun(&[';']);
        VERBS.iter().for_each(|(verb, form)| self.offer(begun, OfferKind::Command, verb, Hint::Form(form)));
        let words = BODY.into_iter().filter(|word| is_first || *word != "when");
        words.for_each(|word| self.offer(begun, OfferKind::Command, word, Hint::Kind));
    }

    /// Behind `in`.
    pub(super) fn clusters(&mut self, parting: &[char], names: &Names) {
        self.plain(parting, OfferKind::Name, names.clusters.iter().map(|name| &**name));
    }

    /// Behind `in west`: what is asked of a cluster.
    pub(super) fn commands(&mut self) {
        let begun = self.begun(&[]);
        let asked = VERBS.iter().filter(|(verb, _)| takes_cluster(verb));
        asked.for_each(|(verb, form)| self.offer(begun, OfferKind::Command, verb, Hint::Form(form)));
    }

    pub(super) fn command(&mut self, verb: &str, before: &[&str], names: &Names) {
        // No command begins so; the reader is told when the line is read.
        let Some((verb, form)) = VERBS.iter().find(|(known, _)| *known == verb) else { return };
        let begun = self.begun(&[]);
        let scope = scope_of(verb).filter(|_| form.contains("CONFIG=VALUE"));
        if let Some((name, _)) = begun.split_once('=') {
            let known = scope.map(|scope| values_of(scope, name)).unwrap_or_default();
            return self.plain(&['='], OfferKind::Value, known);
        }
        let place = before.iter().filter(|word| !word.contains('=')).count();
        self.of_form(place_of(form, place), names);
        options(verb).for_each(|name| self.offer(begun, OfferKind::Option, &format!("{name}="), Hint::Form(form)));
        if let Some(scope) = scope {
            self.settings(scope);
        }
    }

    /// What a word of a command's form stands for.
    fn of_form(&mut self, word: &str, names: &Names) {
        fn plain(names: &[base::Str]) -> impl Iterator<Item = &str> {
            names.iter().map(|name| &**name)
        }
        match word {
            "NAME" | "FROM" | "TO" => self.plain(&[], OfferKind::Name, names.processes()),
            "PRODUCER" => self.plain(&[], OfferKind::Name, plain(&names.producers)),
            "CONSUMER" => self.plain(&[], OfferKind::Name, plain(&names.consumers)),
            "TOPIC" | "TOPIC,…" => self.plain(&[','], OfferKind::Name, plain(&names.topics)),
            "STORE" => self.plain(&[], OfferKind::Name, plain(&names.stores)),
            "GROUP" => self.plain(&[], OfferKind::Name, plain(&names.groups)),
            "TOPIC-PARTITION" | "[TOPIC-PARTITION…]" => self.plain(&[], OfferKind::Name, plain(&names.partitions)),
            choice if choice.contains('|') && !choice.starts_with('[') => {
                let words = choice.split('|').filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
                self.plain(&[], OfferKind::Value, words);
            }
            _number_or_nothing => {}
        }
    }

    fn settings(&mut self, scope: Scope) {
        let begun = self.begun(&[':']);
        if let Some((name, _)) = begun.split_once('=') {
            return self.plain(&['='], OfferKind::Value, values_of(scope, name));
        }
        for one in application(scope) {
            self.offer(begun, OfferKind::Setting, &format!("{}=", one.name), Hint::Application(one));
        }
        for key in config::keys(scope).iter().filter(|key| !key.internal) {
            self.offer(begun, OfferKind::Setting, &format!("{}=", key.name), Hint::Setting(key));
        }
    }

    /// Behind `see`.
    pub(super) fn claim(&mut self, words: &[&str], names: &Names) {
        let begun = self.begun(&[]);
        match words {
            [] | ["no"] => {
                claim::subjects().for_each(|name| self.offer(begun, OfferKind::Subject, name, Hint::Kind));
                claim::BEGINNINGS.into_iter().for_each(|word| self.offer(begun, OfferKind::Subject, word, Hint::Kind));
            }
            ["meter"] => self.plain(&[], OfferKind::Value, MeterKind::ALL.into_iter().map(MeterKind::name)),
            ["fact" | "count"] | ["no", "fact"] => self.plain(&[], OfferKind::Fact, Fact::kinds()),
            [.., word] if *word == IN => self.clusters(&[], names),
            [.., "on"] => self.plain(&[], OfferKind::Name, names.processes()),
            ["fact" | "count", ..] | ["no", "fact", ..] => {
                self.plain(&[], OfferKind::Name, names.all());
                self.plain(&[], OfferKind::Subject, claim::WINDOWS);
            }
            _subject => {
                self.plain(&[], OfferKind::Name, names.all());
                self.plain(&[], OfferKind::Subject, claim::VERBS);
            }
        }
    }
}

/// The word of a command's form at a place among those that are no options; behind the last one it is that one again
/// where it may be repeated.
fn place_of(form: &'static str, place: usize) -> &'static str {
    let mut words = form.split(' ').skip(1).filter(|word| !word.contains('='));
    let last = form.split(' ').skip(1).filter(|word| !word.contains('=')).last().filter(|word| word.ends_with("…]"));
    words.nth(place).or(last).unwrap_or_default()
}

/// Whose settings a command takes.
fn scope_of(verb: &str) -> Option<Scope> {
    match verb {
        "create-topic" | "alter-topic" => Some(Scope::Topic),
        "add-producer" => Some(Scope::Producer),
        "add-consumer" => Some(Scope::Consumer),
        _takes_none => None,
    }
}

/// Ours, of the application around a client.
fn application(scope: Scope) -> &'static [AppSetting] {
    match scope {
        Scope::Producer => &PRODUCER_SETTINGS,
        Scope::Consumer => &PROGRAM_SETTINGS,
        Scope::Broker | Scope::Topic | Scope::Admin => &[],
    }
}

/// What a setting of that name may be, where that is a word.
fn values_of(scope: Scope, name: &str) -> Vec<&'static str> {
    if let Some(ours) = application(scope).iter().find(|one| one.name == name) {
        return ours.words.to_vec();
    }
    if name == "partitioner.class" {
        return PartitionerClass::NAMED.into_iter().filter_map(PartitionerClass::class).collect();
    }
    config::key(scope, name).map(values).unwrap_or_default()
}

/// The values of a setting, where they are words.
fn values(key: &'static ConfigKey) -> Vec<&'static str> {
    match (&key.valid, key.kind) {
        (Valid::OneOf(values) | Valid::OneOfAnyCase(values) | Valid::ListOf { values, .. }, _) => values.clone(),
        (_, Kind::Boolean) => vec!["true", "false"],
        _any => Vec::new(),
    }
}
