//! Lines of the terminal, one after the other: each has its turn when the one before was answered by the cluster, or when
//! the reader is where it led him. So a paste of several lines does what the same lines do when they are typed slowly.

use std::collections::VecDeque;

use script::shell::{self, Join, ShellError};
use sim::ClusterIndex;
use view::text::Language;
use view::{Field, FormError, Time};

use crate::terminal::{TIME, failed};
use crate::way::Way;
use crate::{Answer, Asker, Foreground, LineKind, Session, TerminalLine, complaint};

/// Lines that may wait.
const MOST: usize = 1_000;

/// Lines that wait for their turn.
#[derive(Default)]
pub(super) struct Queue {
    lines: VecDeque<Entered>,
    /// The line whose answer is awaited, and when it was asked.
    asked: Option<(String, Time)>,
    /// What became of the line that was run last, as far as is known.
    pub(super) status: Status,
    /// The step before was not run, because the one before that had failed.
    is_passed_over: bool,
}

/// A line that waits.
struct Entered {
    /// The cluster that was shown when it was entered, which it means however long it waits.
    cluster: ClusterIndex,
    line: String,
    /// A step of a line, behind others; `None`: it was entered.
    join: Option<Join>,
}

/// What `$?` would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    #[default]
    Well,
    Failed,
}

impl Status {
    pub(super) fn of(is_well: bool) -> Status {
        if is_well { Status::Well } else { Status::Failed }
    }
}

impl Queue {
    /// What was typed for another world is not run in this one.
    pub(super) fn clear(&mut self) {
        *self = Queue::default();
    }
}

impl Session {
    /// Puts a line behind those that wait. It is run by [`take_turn`](Self::take_turn) once [`due`](Self::due) names it.
    ///
    /// # Errors
    /// When too many wait already.
    pub fn enter(&mut self, line: &str, language: Language) -> Result<(), FormError> {
        self.version += 1;
        if self.queue.lines.len() >= MOST {
            return Err(complaint(Field::Line, (language.text().acts.too_many_lines)(MOST)));
        }
        self.queue.lines.push_back(Entered { cluster: self.shown, line: line.to_owned(), join: None });
        Ok(())
    }

    /// The line whose turn it is; `None` while another is not done, or when there is none.
    pub fn due(&mut self, language: Language) -> Option<String> {
        self.mind_the_writer(language);
        if self.queue.lines.is_empty() && self.queue.asked.is_none() {
            return None;
        }
        if matches!(self.way, Some(Way::Walk)) {
            return None;
        }
        if self.queue.asked.is_some() {
            self.hear(language);
            self.mind_the_question(language);
        }
        let next = self.queue.lines.get(self.next_index()?);
        let is_free = self.queue.asked.is_none() && !self.is_ending();
        let may = |entered: &&Entered| is_free || self.lets_time_pass(&entered.line);
        next.filter(may).map(|entered| entered.line.clone())
    }

    /// What a tool reads goes before the steps that wait for its end; these wait also for what prints.
    fn next_index(&self) -> Option<usize> {
        let lines = &self.queue.lines;
        match self.foreground() {
            Foreground::Reads | Foreground::Prints => lines.iter().position(|entered| entered.join.is_none()),
            Foreground::Shell => Some(0),
        }
    }

    /// Runs the line whose turn it is. What is printed begins with the line itself.
    pub fn take_turn(&mut self, language: Language) -> Vec<TerminalLine> {
        // Nothing waits, or the one before is not answered.
        let next = self.due(language).and_then(|_| self.next_index());
        let Some(Entered { cluster, line, join }) = next.and_then(|index| self.queue.lines.remove(index)) else {
            return Vec::new();
        };
        self.version += 1;
        if self.reads_input() {
            let prompt = TerminalLine { kind: LineKind::Prompt, text: format!(">{line}") };
            return std::iter::once(prompt).chain(self.write(&line, language)).collect();
        }
        self.queue.is_passed_over = match join {
            // What stands behind it by the same sign is not run, either.
            Some(Join::IfWell) => self.queue.status == Status::Failed,
            Some(Join::WithFirst) => self.queue.is_passed_over,
            Some(Join::Then) | None => false,
        };
        if self.queue.is_passed_over {
            return Vec::new();
        }
        let prompt = TerminalLine { kind: LineKind::Prompt, text: format!("$ {}", line.trim()) };
        let mut printed: Vec<TerminalLine> = join.is_none().then_some(prompt).into_iter().collect();
        printed.extend(self.run_steps(&line, cluster, language));
        printed
    }

    /// Runs the first step of a line; the others wait for their turn before all else.
    fn run_steps(&mut self, line: &str, cluster: ClusterIndex, language: Language) -> Vec<TerminalLine> {
        let line = line.trim();
        let line = line.strip_prefix("$ ").map_or(line, str::trim_start);
        let mut steps = match shell::steps(line) {
            Ok(steps) => steps.into_iter(),
            Err(error) => return self.refused_by_shell(&error, language),
        };
        // A remark is nothing to be done.
        let Some(first) = steps.next() else { return Vec::new() };
        let rest: Vec<Entered> =
            steps.map(|step| Entered { cluster, line: step.source, join: Some(step.join) }).collect();
        rest.into_iter().rev().for_each(|entered| self.queue.lines.push_front(entered));
        self.queue.status = Status::Well;
        self.run_step(first, cluster, language)
    }

    /// The line is more than the terminal's shell takes.
    pub(super) fn refused_by_shell(&mut self, error: &ShellError, language: Language) -> Vec<TerminalLine> {
        self.queue.status = Status::Failed;
        vec![failed((language.text().refusal.of_shell)(error))]
    }

    /// The line that was just run has asked the cluster something.
    pub(super) fn await_answer(&mut self, line: &str) {
        self.queue.asked = Some((line.to_owned(), self.lab.now()));
    }

    /// Enters a line and runs those whose turn it is; what is printed by that.
    pub fn line(&mut self, line: &str, language: Language) -> Vec<TerminalLine> {
        if let Err(error) = self.enter(line, language) {
            return vec![TerminalLine { kind: LineKind::Error, text: error.error.sentence }];
        }
        let mut printed = Vec::new();
        while self.due(language).is_some() {
            printed.extend(self.take_turn(language));
        }
        printed
    }

    /// Forgets the lines that wait; how many there were.
    pub fn drop_lines(&mut self) -> usize {
        self.version += 1;
        let count = self.queue.lines.len();
        self.queue.clear();
        count
    }

    /// Why the next line waits, in words; `None` when none does and no answer is awaited.
    pub fn waiting(&self, language: Language) -> Option<String> {
        let (words, behind) = (&language.text().acts, self.queue.lines.len());
        let ends = self.is_ending().then(|| ("^D".to_owned(), self.lab.now()));
        match self.queue.asked.as_ref().or(ends.as_ref()) {
            Some((line, _)) if self.lab.playback().playing => Some((words.waits_for_answer)(line, behind)),
            Some((line, _)) => Some((words.waits_for_time)(line, behind)),
            None if behind > 0 && self.foreground() != Foreground::Shell => Some((words.waits_for_end)(behind)),
            None => (behind > 0).then(|| (words.waits_for_way)(behind)),
        }
    }

    /// A line about time waits for no answer while time stands still, because none would come; and stopping never waits.
    fn lets_time_pass(&self, line: &str) -> bool {
        match line.split_whitespace().next().filter(|_| !self.reads_input()) {
            Some("halt") => true,
            Some(word) => !self.lab.playback().playing && TIME.contains(&word),
            None => false,
        }
    }

    /// Has the awaited answer come, or can it not come any more because its question was taken back?
    fn mind_the_question(&mut self, language: Language) {
        // No answer is awaited.
        let Some((line, at)) = &self.queue.asked else { return };
        let commands = self.lab.commands();
        match self.asked.iter().find(|asked| asked.at == *at) {
            Some(asked) if asked.is_in(commands) => return,
            // It was answered.
            None => {
                self.queue.asked = None;
                self.version += 1;
                return;
            }
            Some(_taken_back) => {}
        }
        let asker = Asker::Line(line.clone());
        let count = self.drop_lines();
        if count > 0 {
            let said = (language.text().acts.not_run)(count);
            self.answers.push(Answer { asker, at: self.lab.now(), outcome: Ok(vec![said]), tool: None });
        }
    }
}

/// The lines of a text that was pasted, as a shell takes them: a line goes on where it ends with a backslash, prompts and
/// comments are left out.
pub fn pasted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in text.lines() {
        let trimmed = part.trim();
        let trimmed = trimmed.strip_prefix("$ ").or_else(|| trimmed.strip_prefix('>')).unwrap_or(trimmed).trim();
        let (text, more) = match trimmed.strip_suffix('\\') {
            Some(head) => (head.trim_end(), true),
            None => (trimmed, false),
        };
        match lines.last_mut().filter(|_| goes_on) {
            Some(line) if !text.is_empty() => {
                line.push(' ');
                line.push_str(text);
            }
            Some(_) => {}
            None if text.is_empty() || text.starts_with('#') => continue,
            None => lines.push(text.to_owned()),
        }
        goes_on = more;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::pasted;

    #[test]
    fn a_paste_is_taken_as_a_shell_takes_it() {
        for (text, lines) in [
            ("kill 2\nstart 2", vec!["kill 2", "start 2"]),
            ("kill 2\r\n\r\n  start 2  \r\n", vec!["kill 2", "start 2"]),
            (
                "# first\n$ bin/kafka-topics.sh --create \\\n  --topic a \\\n  --partitions 3\nlist-topics",
                vec!["bin/kafka-topics.sh --create --topic a --partitions 3", "list-topics"],
            ),
            ("kill 2 \\", vec!["kill 2"]),
            (
                "$ kafka-console-producer.sh --topic t\n>one\n>two",
                vec!["kafka-console-producer.sh --topic t", "one", "two"],
            ),
            ("\\\nkill 2", vec!["kill 2"]),
            ("", vec![]),
        ] {
            assert_eq!(pasted(text), lines, "{text:?}");
        }
    }
}
