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

/// What stands between a step and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Nothing, `;` or a new line: it comes whatever became of the one before.
    Then,
    /// `&&`: it comes if the one before went well.
    IfWell,
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
    read(line, &mut steps)?;
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

fn read(line: &str, steps: &mut Vec<Step>) -> Result<(), ShellError> {
    let tokens = tokens(line)?;
    let mut rest = &tokens[..];
    let mut join = Join::Then;
    while let Some(first) = rest.first() {
        let (own, separator, behind) = loops::pipeline_of(rest);
        if own.is_empty() {
            return Err(ShellError::Incomplete(first.op().map_or("", Op::text)));
        }
        add(line, own, join, steps)?;
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
fn add(line: &str, own: &[Token], join: Join, steps: &mut Vec<Step>) -> Result<(), ShellError> {
    let source = lex::source(line, own);
    match loops::lone(line, own)? {
        Some(turns) => {
            let first = steps.len();
            for turn in turns {
                read(&turn, steps)?;
            }
            steps.get_mut(first).into_iter().for_each(|step| step.join = join);
        }
        None => {
            let pipeline = pipeline::read(line, own)?;
            steps.push(Step { join, source: source.to_owned(), pipeline });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
