//! Options as joptsimple reads them: `--name value`, `--name=value`, unambiguous beginnings of a
//! name, and words that belong to nobody.

use super::Refusal;
use base::FlatMap;

/// What comes after an option's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    /// One value; giving it twice is refused when it is read.
    Value,
    /// A value that changes nothing here (timeouts of the tool, files on the reader's disk).
    Ignored,
}

/// The options of one line.
pub(crate) struct Options {
    given: FlatMap<&'static str, Vec<String>>,
    /// Words without an option.
    pub(crate) words: Vec<String>,
    /// What the line pipes into the tool.
    pub(crate) input: Option<String>,
    pub(crate) empty: bool,
}

impl Options {
    pub(crate) fn read(
        table: &'static [(&'static str, Takes)],
        words: &[String],
        input: Option<String>,
    ) -> Result<Options, Refusal> {
        let mut options = Options { given: FlatMap::new(), words: Vec::new(), input, empty: words.is_empty() };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            let dashes = word.len() - word.trim_start_matches('-').len();
            if dashes == 0 || word.len() == dashes {
                options.words.push(word.clone());
                continue;
            }
            let (name, attached) =
                word[dashes..].split_once('=').map_or((&word[dashes..], None), |(n, v)| (n, Some(v)));
            let (name, takes) = find(table, name, dashes)?;
            let values = options.given.entry(name).or_default();
            if takes == Takes::Nothing {
                continue;
            }
            let value = attached.map(str::to_owned).or_else(|| words.next_if(|next| !is_option(table, next)).cloned());
            values.push(value.ok_or_else(|| Refusal::Words(format!("Option {name} requires an argument")))?);
        }
        Ok(options)
    }

    /// Was it given, with a value or without?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Every value, in the order in which they were given.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of an option that may be given once.
    pub(crate) fn value(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.all(name) {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _many => {
                let words = format!("Found multiple arguments for option {name}, but you asked for only one");
                Err(Refusal::Words(words))
            }
        }
    }

    /// `joptsimple`'s complaint where it is none.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        // Not given: what holds then its command decides.
        let Some(text) = self.value(name)? else { return Ok(None) };
        let bad = |_| Refusal::Words(format!("Cannot parse argument '{text}' of option {name}"));
        text.parse().map(Some).map_err(bad)
    }

    /// `CommandLineUtils.checkRequiredArgs`.
    pub(crate) fn require(&self, names: &[&str]) -> Result<(), Refusal> {
        match names.iter().find(|name| !self.has(name)) {
            Some(name) => Err(Refusal::Words(format!("Missing required argument \"[{name}]\""))),
            None => Ok(()),
        }
    }

    /// `CommandLineUtils.checkInvalidArgs`: none of `others` beside `used`.
    pub(crate) fn exclude(&self, used: &str, others: &[&str]) -> Result<(), Refusal> {
        match others.iter().find(|other| self.has(used) && self.has(other)) {
            Some(other) => Err(Refusal::Words(format!("Option \"[{used}]\" can't be used with option \"[{other}]\""))),
            None => Ok(()),
        }
    }

    /// The first of these options that is given is not built here.
    pub(crate) fn absent(&self, names: &[&str]) -> Result<(), Refusal> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(Refusal::NotHere(format!("--{name}"))),
            None => Ok(()),
        }
    }

    /// `name=value` pairs of an option that may come often; a later one wins.
    pub(crate) fn pairs(&self, names: &[&str]) -> Result<FlatMap<String, String>, Refusal> {
        let texts = names.iter().flat_map(|name| self.all(name));
        texts
            .map(|text| text.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.to_owned())))
            .collect::<Option<_>>()
            .ok_or_else(|| Refusal::Words("Missing value for key".to_owned()))
    }
}

/// By its whole name, or by a beginning that no other option has, as `joptsimple` takes them.
fn find(table: &'static [(&'static str, Takes)], name: &str, dashes: usize) -> Result<(&'static str, Takes), Refusal> {
    let exact = table.iter().find(|(known, _)| *known == name);
    let mut beginnings = table.iter().filter(|(known, _)| dashes > 1 && known.starts_with(name));
    let only = beginnings.next().filter(|_| beginnings.next().is_none());
    if let Some(found) = exact.or(only) {
        return Ok(*found);
    }
    // joptsimple takes one dash for a bundle of one-letter options.
    let said = if dashes == 1 { &name[..name.chars().next().map_or(0, char::len_utf8)] } else { name };
    Err(Refusal::Words(format!("{said} is not a recognized option")))
}

/// Would `joptsimple` take the word for an option?
fn is_option(table: &[(&str, Takes)], word: &str) -> bool {
    let name = word.trim_start_matches('-');
    let name = name.split_once('=').map_or(name, |(name, _)| name);
    word.starts_with("--") && table.iter().any(|(known, _)| *known == name)
}
