//! Texts of which each line says itself what it is. One paste may hold several outputs, one below the other.

use crate::found::{Assumed, Found};
use crate::groups::Columns;
use crate::report::{Notebook, Why};
use crate::{properties, quorum, reassignment, topics};
use properties::Sheet;

/// A line with what goes on from it, and where it begins.
struct Logical {
    number: u32,
    text: String,
}

/// Long lines come in pieces: terminals break them, and properties go on behind a backslash.
fn logical(text: &str) -> Vec<Logical> {
    let mut lines: Vec<Logical> = Vec::new();
    let mut goes_on = false;
    for (number, text) in (1..).zip(text.lines()) {
        let text = text.trim_end_matches('\r');
        let joins = goes_on || topics::is_rest(text) && lines.last().is_some_and(|last| topics::is_line(&last.text));
        let is_comment = text.trim_start().starts_with(['#', '!']);
        goes_on = !is_comment && text.chars().rev().take_while(|letter| *letter == '\\').count() % 2 == 1;
        let piece = if goes_on { &text[..text.len() - 1] } else { text };
        match lines.last_mut().filter(|_| joins) {
            Some(last) => {
                last.text.push(if topics::is_rest(text) { '\t' } else { ' ' });
                last.text.push_str(piece.trim_start());
            }
            None => lines.push(Logical { number, text: piece.to_owned() }),
        }
    }
    lines
}

/// What `kafka-reassign-partitions.sh` prints: where copies are, and where they would go.
#[derive(Default)]
struct Proposals {
    has_current: bool,
    is_proposed: bool,
}

impl Proposals {
    /// Is it one of the tool's headings?
    fn heads(&mut self, line: &str) -> bool {
        match line {
            "Current partition replica assignment" => (self.has_current, self.is_proposed) = (true, false),
            "Proposed partition reassignment configuration" => self.is_proposed = true,
            _other => return false,
        }
        true
    }

    /// Is the assignment below the last heading where copies are, as far as the text says?
    fn stands(&self) -> bool {
        !(self.is_proposed && self.has_current)
    }
}

/// Reads them all.
pub(crate) fn read(found: &mut Found, notebook: &mut Notebook, text: &str) {
    let (mut columns, mut sheet) = (Columns::default(), Sheet::default());
    let mut proposals = Proposals::default();
    for Logical { number, text } in logical(text) {
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', '!']) {
            columns.close();
            sheet.silent(&text);
        } else if topics::is_line(&text) {
            topics::read(found, notebook, (number, &text));
        } else if columns.head(&text) || columns.says(found, &text) || quorum::read(found, &text) {
            notebook.understood(number);
        } else if columns.is_open() {
            columns.row(found, notebook, (number, &text));
        } else if proposals.heads(trimmed) {
            notebook.understood(number);
        } else if trimmed.starts_with('{') && trimmed.contains("\"partitions\"") {
            if proposals.stands() {
                reassignment::read(found, notebook, (number, trimmed));
            } else {
                notebook.understood(number);
                found.notes.push(Assumed::NotTheProposed);
            }
        } else if properties::is_line(&text) {
            if !sheet.line(number, &text) {
                std::mem::take(&mut sheet).finish(found, notebook);
                sheet.line(number, &text);
            }
        } else {
            notebook.keep(number, &text, Why::NotUnderstood);
        }
    }
    if !sheet.is_empty() {
        sheet.finish(found, notebook);
    }
}
