//! Options as joptsimple reads them for Kafka's tools: `--name value`, `--name=value`, whole names only
//! (`CommandDefaultOptions` allows no beginnings), and words that belong to nobody.

use super::output::Fault;
use super::{Refusal, words};
use base::FlatMap;

/// The options of one line.
pub(crate) struct Options {
    /// In the order in which they were given; an option may stand without a value.
    given: Vec<(&'static str, Option<String>)>,
    /// Words without an option.
    pub(crate) words: Vec<String>,
    /// What the line pipes into the tool.
    pub(crate) input: Option<String>,
    /// All that stands behind the tool's name.
    pub(crate) line: Vec<String>,
}

/// What comes after an option's name: a table spells it behind the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `list`
    Nothing,
    /// `topic=`
    Value,
    /// `state?`
    Perhaps,
}

impl Options {
    /// Reads the words behind a tool's name by its table: names with `=` where a value must follow and `?` where it may.
    pub(crate) fn read(table: &'static str, line: &[String], input: Option<String>) -> Result<Options, Fault> {
        let mut options = Options { given: Vec::new(), words: Vec::new(), input, line: line.to_vec() };
        if table.is_empty() {
            return Ok(options);
        }
        let mut words = line.iter().peekable();
        while let Some(word) = words.next() {
            if word == "--" {
                options.words.extend(words.cloned());
                break;
            }
            if !looks_like_option(word) {
                options.words.push(word.clone());
                continue;
            }
            let dashes = if word.starts_with("--") { 2 } else { 1 };
            let (name, attached) =
                word[dashes..].split_once('=').map_or((&word[dashes..], None), |(n, v)| (n, Some(v)));
            let (name, takes) = find(table, name, dashes)?;
            let value = match (takes, attached.filter(|value| !value.is_empty())) {
                (Takes::Nothing, _) => None,
                (_, Some(attached)) => Some(attached.to_owned()),
                (Takes::Perhaps, None) => words.next_if(|next| !looks_like_option(next)).cloned(),
                (Takes::Value, None) => {
                    let missing = || {
                        let class = "joptsimple.OptionMissingRequiredArgumentException";
                        Fault::new(class, format!("Option {name} requires an argument"))
                    };
                    Some(words.next().cloned().ok_or_else(missing)?)
                }
            };
            options.given.push((name, value));
        }
        Ok(options)
    }

    /// Was it given, with a value or without?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// Every value, in the order in which they were given.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.given.iter().filter(|(given, _)| *given == name).filter_map(|(_, value)| value.as_deref()).collect()
    }

    /// The text of the file that an option names: what comes in through `/dev/stdin`, or, as there are no files here, the
    /// option's own value.
    pub(crate) fn file(&self, name: &str) -> Result<Option<&str>, Refusal> {
        Ok(self.value(name)?.map(|file| match (file, &self.input) {
            ("/dev/stdin" | "-", Some(input)) => input,
            ("/dev/stdin", None) => "",
            (file, _) => file,
        }))
    }

    /// The names that were given, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.given.iter().map(|(name, _)| *name)
    }

    /// The value of an option that may be given once (`OptionSet.valueOf`).
    pub(crate) fn value(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let all = self.all(name);
        if all.len() > 1 {
            let words = format!("Found multiple arguments for option {name}, but you asked for only one");
            return Err(Refusal::Value(Fault::new("joptsimple.MultipleArgumentsForOptionException", words)));
        }
        Ok(all.first().copied())
    }

    /// `joptsimple`'s complaint where it is none.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        // Not given: what holds then its command decides.
        let Some(text) = self.value(name)? else { return Ok(None) };
        let bad = |_| Refusal::Value(unreadable(text, name));
        text.parse().map(Some).map_err(bad)
    }

    /// `CommandLineUtils.checkRequiredArgs`.
    pub(crate) fn require(&self, names: &[&str]) -> Result<(), Refusal> {
        match names.iter().find(|name| !self.has(name)) {
            Some(name) => Err(Refusal::Usage(format!("Missing required argument \"[{name}]\""))),
            None => Ok(()),
        }
    }

    /// `CommandLineUtils.checkInvalidArgs`: none of `others` beside `used`.
    pub(crate) fn exclude(&self, used: &str, others: &[&str]) -> Result<(), Refusal> {
        match others.iter().find(|other| self.has(used) && self.has(other)) {
            Some(other) => Err(Refusal::Usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\""))),
            None => Ok(()),
        }
    }

    /// How many of these are given.
    pub(crate) fn count(&self, names: &[&str]) -> usize {
        names.iter().filter(|name| self.has(name)).count()
    }

    /// The first of these options that is given is not built here.
    pub(crate) fn absent(&self, names: &[&str]) -> Result<(), Refusal> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(Refusal::NotHere(format!("--{name}"))),
            None => Ok(()),
        }
    }

    /// `name=value` pairs of an option that may come often; a later one wins (`CommandLineUtils.parseKeyValueArgs`).
    pub(crate) fn pairs(&self, names: &[&str]) -> FlatMap<String, String> {
        let texts = names.iter().flat_map(|name| self.all(name));
        texts
            .map(|text| text.split_once('=').unwrap_or((text, "")))
            .map(|(name, value)| (name.trim().to_owned(), value.to_owned()))
            .collect()
    }

    /// Options that may only stand beside one of others (`availableIf`); nobody minds them where help is asked for.
    pub(crate) fn available(&self, rows: &[(&'static str, &[&str])]) -> Result<(), Refusal> {
        let alone: Vec<&str> = rows
            .iter()
            .filter(|(name, beside)| self.has(name) && self.count(beside) == 0)
            .map(|(name, _)| *name)
            .collect();
        if alone.is_empty() || self.count(&["help", "version"]) > 0 {
            return Ok(());
        }
        let words = format!("Option(s) [{}] are unavailable given other options on the command line", alone.join(", "));
        Err(Refusal::Parse(Fault::new("joptsimple.UnavailableOptionException", words)))
    }
}

/// `OptionArgumentConversionException`.
pub(crate) fn unreadable(text: &str, name: &str) -> Fault {
    let words = format!("Cannot parse argument '{text}' of option {name}");
    Fault::new("joptsimple.OptionArgumentConversionException", words)
}

/// A table's names with what they take.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Takes)> {
    table.split(' ').chain(["help", "version"]).map(|row| match row.as_bytes().last() {
        Some(b'=') => (&row[..row.len() - 1], Takes::Value),
        Some(b'?') => (&row[..row.len() - 1], Takes::Perhaps),
        _flag => (row, Takes::Nothing),
    })
}

/// The options of a table as they are typed.
pub(crate) fn typed(table: &'static str) -> impl Iterator<Item = String> {
    rows(table).map(|(name, _)| format!("--{name}"))
}

/// By its whole name.
fn find(table: &'static str, name: &str, dashes: usize) -> Result<(&'static str, Takes), Fault> {
    if let Some(found) = rows(table).find(|(known, _)| *known == name) {
        return Ok(found);
    }
    // joptsimple takes one dash for a bundle of one-letter options.
    let said = if dashes == 1 { &name[..name.chars().next().map_or(0, char::len_utf8)] } else { name };
    Err(Fault::new("joptsimple.UnrecognizedOptionException", format!("{said} is not a recognized option")))
}

/// `OptionParser.looksLikeAnOption`.
fn looks_like_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

/// `name=value` that must be a pair.
pub(crate) fn pair(text: &str, said: &str) -> Result<(String, String), Refusal> {
    match text.split_once('=') {
        Some((name, value)) if !value.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _one_part => words(said),
    }
}
