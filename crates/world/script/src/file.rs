//! What somebody opens from a file: a scenario's text, a PNG that carries a link or such a text, or a link alone. All of
//! them come to a [`Link`], so that whatever a file asks for is opened, held to the limits and told as a link is.

use crate::limits::{self, Beyond, STEPS};
use crate::link::{self, Broken, Link, Origin, SEMANTICS};
use crate::png::{self, PngError};
use crate::scenario::{Mistake, Scenario};
use base::{Digest, FlatMap};

/// Bytes of a file that is opened; pictures are large.
pub const LONGEST: usize = 32 << 20;
pub use crate::scenario::LONGEST_TEXT;

/// Why a file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// More bytes than are read.
    TooLarge {
        limit: usize,
    },
    Png(PngError),
    /// Neither a PNG nor a text.
    Foreign,
    /// The first line that is wrong.
    Line(Mistake),
    /// It asks for more than one experiment may.
    Beyond(Beyond),
    /// A link in it that cannot be opened as it is.
    Link(Box<Broken>),
}

/// The experiment that a file holds, without hashes unless it is a link's.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read(bytes: &[u8]) -> Result<Link, FileError> {
    if bytes.len() > LONGEST {
        return Err(FileError::TooLarge { limit: LONGEST });
    }
    let text = match png::is_png(bytes) {
        true => png::text(bytes).map_err(FileError::Png)?,
        false => std::str::from_utf8(bytes).map_err(|_| FileError::Foreign)?,
    };
    read_text(text.trim_start_matches('\u{feff}'))
}

fn read_text(text: &str) -> Result<Link, FileError> {
    let alone = text.trim();
    if link::is_link(alone) && !alone.contains(char::is_whitespace) {
        return Link::read(alone).map_err(|broken| FileError::Link(Box::new(broken)));
    }
    // Without a word it would be a cluster in which nothing happens.
    if alone.is_empty() {
        return Err(FileError::Foreign);
    }
    if text.len() > LONGEST_TEXT {
        return Err(FileError::TooLarge { limit: LONGEST_TEXT });
    }
    // Some pictures and programs are text by accident.
    let refused = |error| if alone.contains('\0') { FileError::Foreign } else { FileError::Line(error) };
    let scenario = Scenario::parse(text).map_err(refused)?;
    scenario.commands.iter().try_for_each(|placed| limits::check(&placed.command)).map_err(FileError::Beyond)?;
    if scenario.commands.len() > STEPS {
        return Err(FileError::Beyond(Beyond { what: "steps", limit: STEPS as u64 }));
    }
    Ok(link_of(scenario))
}

/// A run of the scenario as a link without hashes: up to its last line, the reader where its scene opens.
pub fn link_of(scenario: Scenario) -> Link {
    let end = scenario.ends_at.max(scenario.opens_at);
    let scene = Scenario::builtins()
        .filter_map(Scenario::builtin)
        .find(|scene| scene.setup == scenario.setup && scenario.commands.starts_with(&scene.commands));
    let (origin, commands) = match scene {
        Some(scene) => (scene.origin(Vec::new()), scenario.commands[scene.commands.len()..].to_vec()),
        None => (Origin::Setup(Box::new(scenario.setup)), scenario.commands),
    };
    Link {
        semantics: SEMANTICS,
        seed: scenario.seed,
        origin,
        commands,
        end,
        playhead: scenario.opens_at,
        events: 0,
        run_digest: Digest(0),
        state_digest: Digest(0),
    }
}

/// The scenario whose run a link is, every act of it spelt out; `None` when it begins with one that this build lacks.
pub fn scenario_of(link: &Link, title: &str) -> Option<Scenario> {
    let (setup, commands) = match &link.origin {
        Origin::Setup(setup) => ((**setup).clone(), link.commands.clone()),
        Origin::Scenario(_) | Origin::Without(..) => {
            let (id, without) = link.origin.scenario()?;
            let scene = Scenario::builtin(id)?;
            let left = (0..).zip(scene.commands).filter(|(index, _)| !without.contains(index));
            (scene.setup, left.map(|(_, placed)| placed).chain(link.commands.iter().cloned()).collect())
        }
    };
    let last = commands.last().map_or(base::Time::ZERO, crate::PlacedCommand::at);
    Some(Scenario {
        id: None,
        title: title.trim().into(),
        seed: link.seed,
        setup,
        commands,
        opens_at: link.playhead,
        ends_at: link.end.max(last),
        headers: FlatMap::new(),
        sees: Vec::new(),
        marks: Vec::new(),
        lines: Vec::new(),
    })
}
