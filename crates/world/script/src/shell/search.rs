//! What `grep` looks for: basic and extended patterns of POSIX, as far as letters, classes, counts and branches go.

use super::ShellError;
use crate::cli::java::{Pattern, found};

/// Letters of a line that are looked at.
const LONGEST: usize = 4_000;

/// A pattern that is looked for in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    /// Each with whether it stands at the beginning and at the end of a line.
    branches: Vec<Branch>,
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Told,
    Any,
}

/// How a pattern is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `grep`
    Basic,
    /// `grep -E`
    Extended,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Branch {
    pattern: Vec<char>,
    from_start: bool,
    to_end: bool,
}

/// Letters of a pattern.
const LONGEST_PATTERN: usize = 250;

/// Signs that a backslash makes of letters, or letters of signs.
const SIGNS: &str = "|+?(){}";

impl Search {
    pub(super) fn read(text: &str, syntax: Syntax, case: Case) -> Result<Search, ShellError> {
        let wrong = || ShellError::Pattern(text.to_owned());
        if text.chars().count() > LONGEST_PATTERN || has_escaped_letter(text) {
            return Err(wrong());
        }
        let folded = if case == Case::Any { folded(text) } else { text.to_owned() };
        let extended: String = match syntax {
            Syntax::Extended => folded,
            Syntax::Basic => of_basic(&folded),
        };
        let mut branches = Vec::new();
        for branch in branches_of(&extended) {
            let (branch, from_start) = branch.strip_prefix('^').map_or((branch, false), |rest| (rest, true));
            let end = branch.strip_suffix('$').filter(|rest| !rest.ends_with('\\'));
            let (branch, to_end) = end.map_or((branch, false), |rest| (rest, true));
            // Counts in braces are read by nobody here, nor are classes by their names.
            if !Pattern::is_regex(branch) || has_bare(branch, "{^$") || branch.contains("[:") {
                return Err(wrong());
            }
            branches.push(Branch { pattern: branch.chars().collect(), from_start, to_end });
        }
        Ok(Search { branches, case })
    }

    pub(super) fn is_in(&self, line: &str) -> bool {
        let line: Vec<char> = match self.case {
            Case::Any => line.to_lowercase().chars().take(LONGEST).collect(),
            Case::Told => line.chars().take(LONGEST).collect(),
        };
        self.branches.iter().any(|branch| found(&branch.pattern, &line, (branch.from_start, branch.to_end)))
    }
}

/// What a backslash makes of other letters than `w` is read by nobody here: `\b`, `\s`, `\<`.
fn has_escaped_letter(text: &str) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.next() } else { None };
        if escaped.is_some_and(|is| is.is_alphanumeric() && !"wW".contains(is) || "<>".contains(is)) {
            return true;
        }
    }
    false
}

/// In small letters, but for what a backslash makes of them.
fn folded(text: &str) -> String {
    let mut said = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        said.extend(letter.to_lowercase());
        if letter == '\\' {
            said.extend(letters.next());
        }
    }
    said
}

/// In a basic pattern the backslash makes the signs.
fn of_basic(text: &str) -> String {
    let (mut said, mut letters) = (String::new(), text.chars().peekable());
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if !in_class && letters.peek().is_some_and(|next| SIGNS.contains(*next)) => {
                said.extend(letters.next())
            }
            '*' if said.is_empty() || said == "^" => said.push_str("\\*"),
            sign if SIGNS.contains(sign) && !in_class => said.extend(['\\', sign]),
            other => {
                in_class = (in_class || other == '[') && other != ']';
                said.push(other);
            }
        }
    }
    said
}

/// Is one of these letters a sign in it?
fn has_bare(text: &str, signs: &str) -> bool {
    let (mut letters, mut in_class) = (text.chars(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            sign if signs.contains(sign) && !in_class => return true,
            _letter => {}
        }
    }
    false
}

/// What stands between the outermost bars.
fn branches_of(text: &str) -> Vec<&str> {
    let (mut branches, mut from, mut depth, mut in_class) = (Vec::new(), 0, 0_i32, false);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            '|' if !in_class && depth == 0 => {
                branches.push(&text[from..at]);
                from = at + 1;
            }
            _letter => {}
        }
    }
    branches.push(&text[from..]);
    branches
}
