//! What a cluster is made of, as a program says it.

use script::file::{Held, of_fragment};
use script::link::Link;
use script::{Document, Scenario};
use session::visit::{AskError, LONGEST_LINK};
use view::program::Impossible;
use view::text::Language;

/// The names of all options.
pub const OPTIONS: [&str; 5] = ["text", "link", "seed", "lang", "with"];

/// See the module. Nothing: the opening scene.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// A scenario or a lesson.
    pub text: Option<String>,
    /// With or without an address before it.
    pub link: Option<String>,
    /// Other dice than those of the text.
    pub seed: Option<u64>,
    pub language: Language,
    /// Values of what the text varies.
    pub with: Vec<(String, String)>,
}

/// A run before its first event.
pub enum Source {
    Scenario(Box<Scenario>),
    Link(Box<Link>),
}

impl Given {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn source(&self) -> Result<Source, Impossible> {
        let mut scenario = match (&self.text, &self.link) {
            (Some(_), Some(_)) => return Err(Impossible::NotBoth("text", "link")),
            (None, Some(_)) if self.seed.is_some() => return Err(Impossible::NotBoth("link", "seed")),
            (None, Some(link)) => return self.link(link),
            (Some(text), None) => scenario(text, &self.with)?,
            (None, None) => {
                nothing_varied(&self.with)?;
                Scenario::opening()
            }
        };
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        Ok(Source::Scenario(Box::new(scenario)))
    }

    fn link(&self, link: &str) -> Result<Source, Impossible> {
        if link.len() > LONGEST_LINK as usize {
            return Err(self.of_link(&AskError::TooLong));
        }
        let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
        Ok(match of_fragment(fragment).map_err(|broken| self.of_link(&AskError::Link(Box::new(broken))))? {
            Held::Run(link) | Held::Lesson { run: Some(link), .. } => {
                nothing_varied(&self.with)?;
                Source::Link(link)
            }
            Held::Lesson { text, run: None, .. } => Source::Scenario(Box::new(scenario(&text, &self.with)?)),
        })
    }

    fn of_link(&self, error: &AskError) -> Impossible {
        Impossible::Link(error.sentence(self.language.text()))
    }
}

/// A text's run for these values.
///
/// # Errors
/// Its first mistake.
pub fn scenario(text: &str, with: &[(String, String)]) -> Result<Scenario, Impossible> {
    // A few lines without a version are a scenario too.
    let (document, mistakes) = match text.trim_start().starts_with("blumfeld ") {
        true => Document::read(text),
        false => {
            nothing_varied(with)?;
            return Scenario::parse(text).map_err(|first| mistaken(vec![first]));
        }
    };
    if !mistakes.is_empty() {
        return Err(mistaken(mistakes));
    }
    let choices = document.choose(with).map_err(|first| mistaken(vec![first]))?;
    document.scenario(&choices).map_err(mistaken)
}

/// Runs and texts without a version vary nothing: no value of theirs can be chosen.
fn nothing_varied(with: &[(String, String)]) -> Result<(), Impossible> {
    if with.is_empty() { Ok(()) } else { Err(Impossible::NothingVaried) }
}

/// What is wrong with a text, as its first mistake.
pub fn mistaken(mistakes: Vec<script::Mistake>) -> Impossible {
    let count = mistakes.len();
    let first = mistakes.into_iter().next();
    let none =
        || script::Mistake { line: 1, column: 1, problem: script::Problem::NoLine(String::new()), nearest: Vec::new() };
    Impossible::Text { first: Box::new(first.unwrap_or_else(none)), count }
}
