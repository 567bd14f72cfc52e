//! Filters behind a pipe: each takes lines one by one, as they come, and says at the end what it has kept back.

use super::ShellError;
use super::error::ShellError as Error;
use super::search::{Case, Search, Syntax};
use crate::cli::{Output, Printed};
use std::collections::VecDeque;

/// Lines and bytes that a filter keeps.
const KEPT: (usize, usize) = (20_000, 4_000_000);
pub(super) const NAMES: [&str; 6] = ["grep", "head", "tail", "wc", "sort", "uniq"];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Filter {
    Grep {
        search: Search,
        wanted: Wanted,
        shown: Shown,
        found: usize,
    },
    Head {
        left: usize,
    },
    /// The last so many.
    Tail {
        most: usize,
        kept: VecDeque<String>,
    },
    /// From that one on, counted from 1.
    From {
        first: usize,
        seen: usize,
    },
    Count {
        lines: usize,
        of: Option<String>,
    },
    Sort {
        order: Order,
        kept: Vec<String>,
        bytes: usize,
    },
    Uniq {
        shown: Shown,
        last: Option<(String, usize)>,
    },
}

/// Lines that fit, or the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Fitting,
    Others,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Lines,
    Count,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Order {
    numeric: bool,
    reverse: bool,
    unique: bool,
}

/// All filters behind a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipe {
    filters: Vec<Filter>,
}

impl Pipe {
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// Nobody reads any more: a `head` has all that it prints.
    pub fn is_closed(&self) -> bool {
        self.filters.iter().any(|filter| matches!(filter, Filter::Head { left: 0 }))
    }

    /// Did it go well, if the command before it did or did not?
    pub fn is_well(&self, command: bool) -> bool {
        match self.filters.last() {
            None => command,
            Some(Filter::Grep { found, .. }) => *found > 0,
            Some(_) => true,
        }
    }

    /// What comes out for what a command prints; a text may be several lines.
    pub fn take(&mut self, text: &str) -> Vec<String> {
        if self.is_empty() {
            return vec![text.to_owned()];
        }
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        for filter in &mut self.filters {
            let mut next = Vec::new();
            lines.into_iter().for_each(|line| filter.take(line, &mut next));
            lines = next;
        }
        lines
    }

    /// What the filters have kept back until the command's end.
    pub fn end(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        for filter in &mut self.filters {
            let mut next = Vec::new();
            lines.into_iter().for_each(|line| filter.take(line, &mut next));
            filter.end(&mut next);
            lines = next;
        }
        lines
    }

    /// What is left of all lines of a command.
    pub fn lines(&mut self, said: Vec<String>) -> Vec<String> {
        let mut left: Vec<String> = said.iter().flat_map(|line| self.take(line)).collect();
        left.extend(self.end());
        left
    }

    /// What is left of standard output; the other stream goes past.
    pub fn through(&mut self, output: &mut Output) {
        if self.is_empty() {
            return;
        }
        let mut lines = Vec::new();
        for line in std::mem::take(&mut output.lines) {
            match line {
                Printed::Out(text) => lines.extend(self.take(&text).into_iter().map(Printed::Out)),
                other => lines.push(other),
            }
        }
        output.lines = lines;
    }

    /// The same of all that a command prints.
    pub fn all(mut self, mut output: Output) -> Output {
        if self.is_empty() {
            return output;
        }
        self.through(&mut output);
        output.lines.extend(self.end().into_iter().map(Printed::Out));
        output.exit = if self.is_well(output.exit == 0) { 0 } else { 1 };
        output
    }

    /// One filter more, and the files that it names.
    pub(super) fn add(&mut self, words: &[String]) -> Result<Vec<String>, ShellError> {
        let (filter, files) = read(words)?;
        self.filters.push(filter);
        Ok(files)
    }
}

impl Filter {
    fn take(&mut self, line: String, next: &mut Vec<String>) {
        match self {
            Filter::Grep { search, wanted, shown, found } => {
                if search.is_in(&line) == (*wanted == Wanted::Fitting) {
                    *found += 1;
                    next.extend((*shown == Shown::Lines).then_some(line));
                }
            }
            Filter::Head { left } => {
                if *left > 0 {
                    *left -= 1;
                    next.push(line);
                }
            }
            Filter::Tail { most, kept } => {
                kept.push_back(line);
                while kept.len() > (*most).min(KEPT.0) {
                    kept.pop_front();
                }
            }
            Filter::From { first, seen } => {
                *seen += 1;
                next.extend((seen >= first).then_some(line));
            }
            Filter::Count { lines, .. } => *lines += 1,
            Filter::Sort { kept, bytes, .. } => {
                if kept.len() < KEPT.0 && *bytes < KEPT.1 {
                    *bytes += line.len();
                    kept.push(line);
                }
            }
            Filter::Uniq { shown, last } => match last.as_mut() {
                Some((known, count)) if *known == line => *count += 1,
                _other => {
                    next.extend(last.replace((line, 1)).map(|(known, count)| told(known, count, *shown)));
                }
            },
        }
    }

    fn end(&mut self, next: &mut Vec<String>) {
        match self {
            Filter::Grep { shown: Shown::Count, found, .. } => next.push(found.to_string()),
            Filter::Tail { kept, .. } => next.extend(std::mem::take(kept)),
            Filter::Count { lines, of: Some(file) } => next.push(format!("{lines} {file}")),
            Filter::Count { lines, of: None } => next.push(lines.to_string()),
            Filter::Sort { order, kept, .. } => next.extend(sorted(std::mem::take(kept), *order)),
            Filter::Uniq { shown, last } => {
                next.extend(last.take().map(|(known, count)| told(known, count, *shown)));
            }
            Filter::Grep { shown: Shown::Lines, .. } | Filter::Head { .. } | Filter::From { .. } => {}
        }
    }
}

/// `uniq -c` writes how often before it.
fn told(line: String, count: usize, shown: Shown) -> String {
    if shown == Shown::Count { format!("{count:>7} {line}") } else { line }
}

fn sorted(mut lines: Vec<String>, order: Order) -> Vec<String> {
    let number = |line: &String| -> i64 {
        let line = line.trim_start();
        let (minus, digits) = line.strip_prefix('-').map_or((1, line), |digits| (-1, digits));
        let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<i64>().unwrap_or(if end == 0 { 0 } else { i64::MAX }) * minus
    };
    base::sort_by(&mut lines, |one, other| {
        let by_number = if order.numeric { number(one).cmp(&number(other)) } else { std::cmp::Ordering::Equal };
        let ordered = by_number.then_with(|| one.cmp(other));
        if order.reverse { ordered.reverse() } else { ordered }
    });
    if order.unique {
        lines.dedup_by(|one, other| if order.numeric { number(one) == number(other) } else { one == other });
    }
    lines
}

fn wrong<T>(filter: &'static str, word: &str) -> Result<T, Error> {
    Err(Error::Option { filter, word: word.to_owned() })
}

/// A filter with its options, and its files.
fn read(words: &[String]) -> Result<(Filter, Vec<String>), ShellError> {
    let (name, rest) = words.split_first().map_or(("", words), |(name, rest)| (name.as_str(), rest));
    match name {
        "grep" => grep(rest),
        "head" => ends("head", rest),
        "tail" => ends("tail", rest),
        "wc" => {
            let (flags, files) = flags("wc", "l", rest)?;
            if flags.is_empty() {
                return wrong("wc", "");
            }
            Ok((Filter::Count { lines: 0, of: files.first().cloned() }, files))
        }
        "sort" => {
            let (flags, files) = flags("sort", "rnu", rest)?;
            let has = |flag: char| flags.contains(flag);
            let order = Order { numeric: has('n'), reverse: has('r'), unique: has('u') };
            Ok((Filter::Sort { order, kept: Vec::new(), bytes: 0 }, files))
        }
        "uniq" => {
            let (flags, files) = flags("uniq", "c", rest)?;
            let shown = if flags.is_empty() { Shown::Lines } else { Shown::Count };
            Ok((Filter::Uniq { shown, last: None }, files))
        }
        other => Err(Error::Filter(other.to_owned())),
    }
}

/// Letters behind dashes, and what stands behind them.
fn flags(filter: &'static str, known: &str, words: &[String]) -> Result<(String, Vec<String>), ShellError> {
    let (mut flags, mut files) = (String::new(), Vec::new());
    for word in words {
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some(letters) if letters.chars().all(|letter| known.contains(letter)) => flags.push_str(letters),
            Some(_) => return wrong(filter, word),
            None => files.push(word.clone()),
        }
    }
    Ok((flags, files))
}

fn grep(words: &[String]) -> Result<(Filter, Vec<String>), ShellError> {
    let (mut letters, mut pattern, mut files) = (String::new(), None, Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            Some("e") if pattern.is_none() => pattern = words.next().cloned(),
            Some(given) if given.chars().all(|letter| "vicE".contains(letter)) => letters.push_str(given),
            Some(_) => return wrong("grep", word),
            None if pattern.is_none() => pattern = Some(word.clone()),
            None => files.push(word.clone()),
        }
    }
    let has = |letter: char| letters.contains(letter);
    let Some(pattern) = pattern else { return wrong("grep", "") };
    let case = if has('i') { Case::Any } else { Case::Told };
    let syntax = if has('E') { Syntax::Extended } else { Syntax::Basic };
    let search = Search::read(&pattern, syntax, case)?;
    let wanted = if has('v') { Wanted::Others } else { Wanted::Fitting };
    let shown = if has('c') { Shown::Count } else { Shown::Lines };
    Ok((Filter::Grep { search, wanted, shown, found: 0 }, files))
}

/// `head` and `tail`: ten lines unless another number is said.
fn ends(filter: &'static str, words: &[String]) -> Result<(Filter, Vec<String>), ShellError> {
    let (mut count, mut files) = ("10".to_owned(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            Some("n") => match words.next() {
                Some(next) => count.clone_from(next),
                None => return wrong(filter, word),
            },
            Some(attached) => count = attached.strip_prefix('n').unwrap_or(attached).to_owned(),
            None => files.push(word.clone()),
        }
    }
    let (first, digits) = count.strip_prefix('+').map_or((false, count.as_str()), |digits| (true, digits));
    let Ok(number) = digits.parse::<usize>() else { return wrong(filter, &count) };
    let filter = match (filter, first) {
        ("head", false) => Filter::Head { left: number },
        ("head", true) => return wrong("head", &count),
        (_, true) => Filter::From { first: number, seen: 0 },
        (_, false) => Filter::Tail { most: number, kept: VecDeque::new() },
    };
    Ok((filter, files))
}
