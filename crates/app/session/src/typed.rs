//! Lines of Kafka's tools that a text types: they come in the terminal when the run comes to them, with what each tool prints of
//! the cluster's answer. Whoever goes back before the first of them sees them again.

use base::Time;
use script::cli::{self, CliError, Run};
use script::scenario::Typed;

use crate::terminal::{self, shown};
use crate::{Answer, Asker, LineKind, Session, TerminalLine};

/// What was told of the lines of a text.
#[derive(Default)]
pub(super) struct Told {
    /// Of which text.
    of: Vec<Typed>,
    /// So many lines have come.
    count: usize,
    /// Whose answers have not.
    open: Vec<(Run, Time)>,
}

impl Session {
    /// Prints the lines that the run has come to, and the answers that have come since.
    pub(super) fn type_lines(&mut self) {
        let lines = &self.lab.scenario().typed;
        if lines.is_empty() {
            return;
        }
        let now = self.lab.now();
        if self.typed.of != *lines || lines.first().is_some_and(|first| now < first.at) {
            self.typed = Told { of: lines.clone(), ..Told::default() };
        }
        self.hear_typed();
        while let Some(typed) = self.typed.of.get(self.typed.count).filter(|typed| typed.at <= now).cloned() {
            self.typed.count += 1;
            self.type_line(&typed);
            self.hear_typed();
        }
    }

    /// One line comes, with what its tool prints before it asks.
    fn type_line(&mut self, typed: &Typed) {
        let text = typed.text.clone();
        let mut printed = vec![TerminalLine { kind: LineKind::Prompt, text: format!("$ {text}") }];
        let wall = sim::wall(typed.at);
        match cli::run(&text) {
            Ok(mut run) => {
                run.begin();
                match run.resolved(&self.lab.run().world) {
                    Ok(warned) => printed.extend(shown(&warned, wall)),
                    Err(ended) => {
                        printed.extend(shown(&ended, wall));
                        return self.tell_typed(typed.at, printed);
                    }
                }
                let mut before = run.at_once();
                run.pipe.through(&mut before);
                printed.extend(shown(&before, wall));
                let command = typed.asks.and_then(|index| self.lab.scenario().commands.get(index));
                // The reader may have left it out.
                let placed = command.and_then(|wanted| {
                    let from = self.lab.commands().iter().filter(|placed| placed.after >= typed.at);
                    from.into_iter().find(|placed| placed.command == wanted.command)
                });
                let placed = placed.map(|placed| (placed.command.clone(), placed.at()));
                if let Some((command, at)) = &placed {
                    run.command.clone_from(command);
                    self.view_console(None, &run, *at);
                }
                self.typed.open.extend(placed.map(|(_, at)| (run, at)));
            }
            Err(CliError::Files(dump)) => printed.extend(shown(&dump.print(&self.cluster()), wall)),
            Err(error) => printed.extend(error.printed().map(|output| shown(output, wall)).unwrap_or_default()),
        }
        self.tell_typed(typed.at, printed);
    }

    fn hear_typed(&mut self) {
        let run = self.lab.run();
        let mut heard = Vec::new();
        self.typed.open.retain_mut(|(tool, at)| {
            let Some(answer) = run.answer_to(*at) else { return true };
            let told = terminal::told((tool, *at), answer, &run.world);
            heard.extend(told.map(|(lines, _)| (answer.at, lines)));
            false
        });
        heard.into_iter().for_each(|(at, lines)| self.tell_typed(at, lines));
    }

    fn tell_typed(&mut self, at: Time, lines: Vec<TerminalLine>) {
        self.answers.push(Answer { asker: Asker::Text, at, outcome: Ok(Vec::new()), tool: Some(lines) });
    }
}
