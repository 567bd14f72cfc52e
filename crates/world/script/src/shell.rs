//! What a shell makes of a line before any command sees it: steps one after the other, and in each a pipeline of what is
//! fed into a command, the command, and filters behind it. Nothing is run here, and there is no language behind it: what
//! it does not take is refused in words, never handed to a command as if it were its own.

mod error;
mod feed;
mod filter;
mod lex;
mod loops;
mod pipeline;
mod search;

pub use error::{ShellError, takes};
pub use filter::Pipe;
pub use pipeline::Pipeline;

use lex::{Op, Token, tokens};

/// Steps of one line, and lines that may be fed into a command.
const MOST: usize = 1_000;

/// Bytes of all that loops make of a line, and of what is fed into a command.
const MOST_BYTES: usize = 256 << 10;
/// Loops within each other.
const DEEPEST: usize = 8;

/// What a line may still cost: loops within loops make much of a short one.
struct Budget {
    turns: usize,
    bytes: usize,
    depth: usize,
}

impl Budget {
    fn new() -> Budget {
        Budget { turns: MOST, bytes: MOST_BYTES, depth: 0 }
    }

    /// A turn of a loop whose body is that long.
    fn spend(&mut self, bytes: usize) -> Result<(), ShellError> {
        let left = self.turns.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        (self.turns, self.bytes) = left.ok_or(ShellError::TooLong(MOST))?;
        Ok(())
    }

    /// What is within a loop.
    fn within<T>(&mut self, work: impl FnOnce(&mut Budget) -> Result<T, ShellError>) -> Result<T, ShellError> {
        if self.depth == DEEPEST {
            return Err(ShellError::TooLong(MOST));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }
}

/// What stands between a step and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Nothing, `;` or a new line: it comes whatever became of the one before.
    Then,
    /// `&&`: it comes if the one before went well.
    IfWell,
    /// It belongs to a loop behind `&&`, and comes if the loop's first step did.
    WithFirst,
}

/// One pipeline of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub join: Join,
    /// As it was typed; of a loop with its variable's value.
    pub source: String,
    pub pipeline: Pipeline,
}

/// Reads a line; a loop without a pipe is as many steps as it has turns.
///
/// # Errors
/// What no shell takes, and what this one does not.
pub fn steps(line: &str) -> Result<Vec<Step>, ShellError> {
    let mut steps = Vec::new();
    read(line, &mut steps, &mut Budget::new())?;
    Ok(steps)
}

/// The only step of a line that stands where one command is meant.
///
/// # Errors
/// Also where there are several.
pub fn only(line: &str) -> Result<Step, ShellError> {
    let mut steps = steps(line)?;
    match steps.len() {
        1 => Ok(steps.remove(0)),
        0 => Err(ShellError::Incomplete("")),
        _several => Err(ShellError::Several),
    }
}

fn read(line: &str, steps: &mut Vec<Step>, budget: &mut Budget) -> Result<(), ShellError> {
    let tokens = tokens(line)?;
    let mut rest = &tokens[..];
    let mut join = Join::Then;
    while let Some(first) = rest.first() {
        let (own, separator, behind) = loops::pipeline_of(rest);
        if own.is_empty() {
            return Err(ShellError::Incomplete(first.op().map_or("", Op::text)));
        }
        add((line, own), join, steps, budget)?;
        (join, rest) = match separator {
            Some(Op::And) if behind.is_empty() => return Err(ShellError::Incomplete("&&")),
            Some(Op::And) => (Join::IfWell, behind),
            Some(_) | None => (Join::Then, behind),
        };
        if steps.len() > MOST {
            return Err(ShellError::TooLong(MOST));
        }
    }
    Ok(())
}

/// One pipeline more: as it stands, or once for each turn of its loop.
fn add(
    (line, own): (&str, &[Token]),
    join: Join,
    steps: &mut Vec<Step>,
    budget: &mut Budget,
) -> Result<(), ShellError> {
    let source = lex::source(line, own);
    match loops::lone(line, own)? {
        Some(its) => {
            let first = steps.len();
            its.turns(budget, |turn, budget| read(turn, steps, budget))?;
            let mut all = steps[first..].iter_mut();
            all.next().into_iter().for_each(|step| step.join = join);
            if join != Join::Then {
                all.filter(|step| step.join == Join::Then).for_each(|step| step.join = Join::WithFirst);
            }
        }
        None => {
            let pipeline = pipeline::read(line, own, budget)?;
            steps.push(Step { join, source: source.to_owned(), pipeline });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
