//! The lines of a YAML text: how far each is indented, without comments and empty lines.

use super::BadYaml;
use super::flow::{Brackets, quoted};

/// A line that says something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// From 1.
    pub number: u32,
    /// Columns before it.
    pub indent: usize,
    /// Without indentation and comment.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// Does it begin with a hyphen?
    pub(super) fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }

    /// What stands behind the hyphen, as a line of its own.
    pub(super) fn item(&self) -> Line<'a> {
        let rest = &self.text[1..];
        let text = rest.trim_start();
        Line { indent: self.indent + 1 + rest.len() - text.len(), text, ..*self }
    }

    /// Name and what stands behind its colon.
    pub(super) fn key(&self) -> Option<(String, &'a str)> {
        if self.text.starts_with(['"', '\'']) {
            let (name, rest) = quoted(self.text, self.number).ok()?;
            let rest = rest.trim_start().strip_prefix(':')?;
            return (rest.is_empty() || rest.starts_with(' ')).then(|| (name, rest.trim()));
        }
        if self.text.starts_with(['[', '{', '&', '*', '!', '|', '>', '#']) {
            return None;
        }
        let at = self.text.match_indices(':').map(|(at, _)| at);
        let mut ends = at.filter(|at| self.text[at + 1..].starts_with(' ') || at + 1 == self.text.len());
        let at = ends.next()?;
        Some((self.text[..at].trim_end().to_owned(), self.text[at + 1..].trim()))
    }
}

/// All lines of a text, and how far they were read.
pub(super) struct Lines<'a> {
    /// As they were written, for texts in blocks.
    written: Vec<&'a str>,
    lines: Vec<Line<'a>>,
    next: usize,
    /// The rest of a line whose hyphen was taken.
    rest: Option<Line<'a>>,
    /// Where the document ends that is being read.
    end: usize,
}

/// The marks between documents.
fn is_mark(line: &str) -> bool {
    line == "---" || line == "..." || line.starts_with("--- ")
}

/// What stands before a comment: `#` begins one at the line's start and behind a space, outside of quotation marks.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return text[..at].trim_end(),
            (None, '"' | '\'') if before.is_whitespace() || "[{,:".contains(before) => quote = Some(letter),
            (Some(open), _) if open == letter && before != '\\' => quote = None,
            _other => {}
        }
        before = letter;
    }
    text.trim_end()
}

impl<'a> Lines<'a> {
    pub(super) fn read(text: &'a str) -> Result<Lines<'a>, BadYaml> {
        let written: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(&written) {
            let body = line.trim_start_matches(' ');
            if body.starts_with('\t') && !body.trim().is_empty() {
                return Err(BadYaml { line: number, why: "a tab stands where YAML takes only spaces" });
            }
            let text = without_comment(body);
            if !text.is_empty() {
                lines.push(Line { number, indent: line.len() - body.len(), text });
            }
        }
        Ok(Lines { written, lines, next: 0, rest: None, end: 0 })
    }

    /// Goes to the next document that says something.
    pub(super) fn next_document(&mut self) -> Option<Line<'a>> {
        let is_mark_at = |line: &Line<'_>| line.indent == 0 && is_mark(line.text);
        while self.lines.get(self.next).is_some_and(is_mark_at) {
            self.next += 1;
        }
        let first = *self.lines.get(self.next)?;
        let length = self.lines[self.next..].iter().position(is_mark_at);
        self.end = length.map_or(self.lines.len(), |length| self.next + length);
        Some(first)
    }

    pub(super) fn peek(&self) -> Option<Line<'a>> {
        self.rest.or_else(|| self.lines.get(self.next).copied().filter(|_| self.next < self.end))
    }

    pub(super) fn take(&mut self) {
        if self.rest.take().is_none() {
            self.next += 1;
        }
    }

    /// What stands behind a hyphen is read as a line of its own.
    pub(super) fn put_back(&mut self, line: Line<'a>) {
        self.rest = Some(line);
    }

    /// A text in a block: the lines below that are indented further, as they were written.
    pub(super) fn literal(&mut self, indent: usize, folded: bool) -> String {
        let from = self.lines.get(self.next.wrapping_sub(1)).map_or(0, |line| line.number as usize);
        let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let rest = self.written.get(from..).unwrap_or_default();
        let inside = rest.iter().take_while(|line| line.trim().is_empty() || depth(line) > indent);
        let block: Vec<&str> = inside.copied().collect();
        let least = block.iter().filter(|line| !line.trim().is_empty()).map(|line| depth(line)).min().unwrap_or(0);
        let last = from + block.len();
        while self.lines.get(self.next).is_some_and(|line| line.number as usize <= last) {
            self.next += 1;
        }
        let lines: Vec<&str> = block.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
        lines.join(if folded { " " } else { "\n" }).trim_end().to_owned()
    }

    /// A text in brackets, with the lines that it goes on in.
    pub(super) fn bracketed(&mut self, first: &str) -> String {
        let mut whole = first.to_owned();
        let mut brackets = Brackets::default();
        brackets.go_on(first);
        while !brackets.is_closed() {
            let Some(line) = self.peek() else { break };
            self.take();
            brackets.go_on(line.text);
            whole.push(' ');
            whole.push_str(line.text);
        }
        whole
    }
}
