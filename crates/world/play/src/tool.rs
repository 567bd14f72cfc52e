//! A line of one of Kafka's tools in a scenario, and what the tool prints. What a console consumer prints after its first lines
//! is not here: whoever looks at it looks at what it was given.

use crate::sight::Sight;
use base::{Time, Timestamp};
use script::cli::{self, CliError, Output};
use script::scenario::Typed;

/// A line that was typed.
#[derive(Clone, Debug)]
pub struct Tool {
    pub at: Time,
    pub text: String,
    /// What the tool makes of the answer, and which answer that is; `None`: it asks nothing.
    asked: Option<(cli::Run, u64)>,
    /// What it has printed before it asked.
    before: Output,
    /// Which of the scenario's commands it gives.
    asks: Option<usize>,
    /// Commands that are not given, because its client could not be made.
    unmade: Option<std::ops::Range<usize>>,
}

impl Tool {
    pub(crate) fn new(typed: &Typed, cluster: &sim::Cluster<'_>) -> Tool {
        let mut unmade = None;
        let before = match cli::run(&typed.text) {
            Ok(run) => match run.resolved(cluster.world()) {
                Ok(warned) => {
                    let at_once = run.at_once();
                    Output { lines: [warned.lines, at_once.lines].concat(), exit: at_once.exit }
                }
                Err(ended) => {
                    unmade = Some(typed.after_commands..typed.until_commands);
                    ended
                }
            },
            Err(CliError::Files(dump)) => dump.print(cluster),
            Err(error) => error.printed().cloned().unwrap_or_default(),
        };
        Tool { at: typed.at, text: typed.text.clone(), asked: None, before, asks: typed.asks, unmade }
    }

    /// The command with that index was carried out, and the cluster has been asked.
    pub(crate) fn ask(&mut self, index: usize, ticket: u64) {
        if self.asks == Some(index) {
            let asking = |mut run: cli::Run| {
                run.begin();
                (run, ticket)
            };
            self.asked = cli::run(&self.text).ok().map(asking);
        }
    }

    /// Is that command given, or has the tool ended before?
    pub(crate) fn gives(&self, index: usize) -> bool {
        self.unmade.as_ref().is_none_or(|unmade| !unmade.contains(&index))
    }

    /// Everything that it has printed up to now.
    pub fn printed(&self, sight: &Sight<'_>) -> Output {
        let mut output = self.before.clone();
        let pipe = cli::run(&self.text).map(|run| run.pipe).unwrap_or_default();
        let answer = self.asked.as_ref().and_then(|(run, ticket)| Some((run, sight.answer_at(*ticket)?)));
        if let Some((run, _)) = answer {
            output.lines.extend(run.logged(sight.world, self.at).lines);
        }
        if let Some(after) = answer.and_then(|(run, (at, answer))| run.answered(answer, sim::wall(at))) {
            output.lines.extend(after.lines);
            output.exit = after.exit;
        }
        pipe.all(output)
    }

    /// The time of day that its log lines begin with.
    pub fn wall(&self) -> Timestamp {
        sim::wall(self.at)
    }
}
