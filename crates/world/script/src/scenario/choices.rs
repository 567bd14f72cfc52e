//! What a reader may change between runs, and what a text is for one choice of it.

use super::{Mistake, Problem};
use crate::near::nearest;
use base::Str;
use std::borrow::Cow;

/// So much may be varied, with so many values together; that is 27 runs at most.
const MOST_VARIED: usize = 3;
/// As many as a menu of a lesson holds.
const MOST_VALUES: usize = 9;
/// Letters of a value.
const LONGEST_VALUE: usize = 60;

/// Something that differs between runs: `vary: NAME = VALUE | VALUE …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vary {
    pub name: Str,
    /// The first is what it opens with.
    pub values: Vec<Str>,
    /// From 1.
    pub line: u32,
}

/// Of everything that is varied one value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Choices(Vec<(Str, Str)>);

/// `NAME=VALUE|VALUE`: the values with which something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub name: Str,
    pub values: Vec<Str>,
}

impl Choices {
    /// The values in the order in which the text varies them.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// What was chosen of it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Nothing is varied.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same with other values where conditions name them; the first of several.
    #[must_use]
    pub fn under(&self, conditions: &[Condition]) -> Choices {
        let mut choices = self.clone();
        for (name, value) in &mut choices.0 {
            let condition = conditions.iter().find(|condition| condition.name == *name);
            if let Some(wanted) = condition.and_then(|condition| condition.values.first()) {
                *value = wanted.clone();
            }
        }
        choices
    }

    /// Does a line with these conditions belong to this run?
    pub(super) fn fit(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| {
            self.get(&condition.name).is_some_and(|value| condition.values.iter().any(|known| **known == *value))
        })
    }

    /// A text with `$NAME` put in by its value. Where nothing is varied a dollar is a letter like any other; where
    /// something is, `$$` is one.
    ///
    /// # Errors
    /// A name under which nothing is varied.
    pub(super) fn put_in<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, String> {
        if self.is_empty() || !text.contains('$') {
            return Ok(Cow::Borrowed(text));
        }
        let mut put = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            put.push_str(before);
            let end = behind.find(|letter: char| !is_letter(letter)).unwrap_or(behind.len());
            let (name, tail) = behind.split_at(end);
            if let Some(escaped) = behind.strip_prefix('$') {
                put.push('$');
                rest = escaped;
                continue;
            }
            put.push_str(self.get(name).ok_or_else(|| name.to_owned())?);
            rest = tail;
        }
        put.push_str(rest);
        Ok(Cow::Owned(put))
    }
}

impl std::fmt::Display for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<String> = self.pairs().map(|(name, value)| format!("{name}={value}")).collect();
        f.write_str(&words.join(" "))
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit()
}

impl Vary {
    /// Reads `NAME = VALUE | VALUE`.
    pub(super) fn read(line: u32, text: &str) -> Result<Vary, Problem> {
        let bad = || Problem::BadHeader { name: "vary".into(), value: text.to_owned() };
        let (name, values) = text.split_once('=').ok_or_else(bad)?;
        let (name, values): (&str, Vec<&str>) = (name.trim(), values.split('|').map(str::trim).collect());
        let is_value = |value: &&str| {
            !value.is_empty() && value.len() <= LONGEST_VALUE && !value.contains([' ', '\t', ':', ';', '=', '$'])
        };
        if name.is_empty() || !name.chars().all(is_letter) || values.len() < 2 || !values.iter().all(is_value) {
            return Err(bad());
        }
        match (1..values.len()).find(|index| values[..*index].contains(&values[*index])) {
            Some(twice) => Err(Problem::Twice(values[twice].to_owned())),
            None => Ok(Vary { name: name.into(), values: values.into_iter().map(Str::from).collect(), line }),
        }
    }
}

/// May there be one more?
pub(super) fn add(all: &mut Vec<Vary>, vary: Vary) -> Result<(), Problem> {
    if all.iter().any(|known| known.name == vary.name) {
        return Err(Problem::Twice(vary.name.to_string()));
    }
    let values: usize = all.iter().chain([&vary]).map(|vary| vary.values.len()).sum();
    if all.len() == MOST_VARIED || values > MOST_VALUES {
        return Err(Problem::TooVaried);
    }
    all.push(vary);
    Ok(())
}

/// Every choice that there is; the first is what a text opens with, the last name changes fastest.
pub(super) fn all(varied: &[Vary]) -> Vec<Choices> {
    varied.iter().fold(vec![Choices::default()], |before, vary| {
        let with = |choices: &Choices, value: &Str| {
            let mut pairs = choices.0.clone();
            pairs.push((vary.name.clone(), value.clone()));
            Choices(pairs)
        };
        before.iter().flat_map(|choices| vary.values.iter().map(move |value| with(choices, value))).collect()
    })
}

/// Reads `NAME=VALUE|VALUE`, several between spaces, of what is varied.
pub(super) fn conditions(varied: &[Vary], text: &str) -> Result<Vec<Condition>, (Problem, Vec<String>)> {
    text.split_whitespace().map(|word| condition(varied, word)).collect()
}

fn condition(varied: &[Vary], word: &str) -> Result<Condition, (Problem, Vec<String>)> {
    let (name, values) = word.split_once('=').unwrap_or((word, ""));
    let names = || varied.iter().map(|vary| &*vary.name);
    let vary = varied.iter().find(|vary| *vary.name == *name);
    let vary = vary.ok_or_else(|| (Problem::NoVary(name.to_owned()), nearest(name, names())))?;
    let value = |value: &str| {
        let known = vary.values.iter().find(|known| ***known == *value).cloned();
        known.ok_or_else(|| {
            let near = nearest(value, vary.values.iter().map(|value| &**value));
            (Problem::NoValue { name: name.to_owned(), value: value.to_owned() }, near)
        })
    };
    Ok(Condition { name: vary.name.clone(), values: values.split('|').map(value).collect::<Result<_, _>>()? })
}

/// Of everything the value that is asked for, and the first where none is.
///
/// # Errors
/// Something is not varied, or not to that value.
pub(super) fn choose(varied: &[Vary], wanted: &[(String, String)]) -> Result<Choices, Mistake> {
    let mut conditions = Vec::new();
    for (name, value) in wanted {
        let read = condition(varied, &format!("{name}={value}"));
        conditions.push(read.map_err(|(problem, near)| Mistake::new(1, 1, problem).near(near))?);
    }
    Ok(all(varied).swap_remove(0).under(&conditions))
}
