//! What somebody opens from a file: a scenario's text, a PNG that carries a link or such a text, or a link alone. All of
//! them come to a [`Link`], so that whatever a file asks for is opened, held to the limits and told as a link is; but a
//! text that teaches stays a text, because a link has no words.

use crate::limits::{self, Beyond, STEPS};
use crate::link::{self, Broken, Link, Origin, SEMANTICS, lesson};
use crate::png::{self, PngError};
use crate::scenario::{Document, END, Mistake, Scenario};
use base::{Digest, FlatMap};

/// Bytes of a file that is opened; pictures are large.
pub const LONGEST: usize = 32 << 20;
pub use crate::scenario::LONGEST_TEXT;
/// How the line with the run begins that was made of a text.
const DONE: &str = "done ";
/// And the one that says where its reader has left it.
const LEFT: &str = "left ";

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

/// What somebody has handed over: a run, or a lesson's text with its words and questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Run(Box<Link>),
    Lesson {
        text: String,
        /// What a reader has done in it.
        run: Option<Box<Link>>,
        /// Where he has left it, in the words of whoever teaches; only a file holds it.
        left: Option<String>,
    },
}

impl Held {
    /// The run alone: of a lesson what was done in it, else its own up to its last line.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn run(self) -> Result<Link, FileError> {
        match self {
            Held::Run(run) | Held::Lesson { run: Some(run), .. } => Ok(*run),
            Held::Lesson { text, run: None, .. } => Scenario::parse(&text).map(link_of).map_err(FileError::Line),
        }
    }
}

/// The experiment that a file holds, without hashes unless it is a link's.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read(bytes: &[u8]) -> Result<Link, FileError> {
    open(bytes)?.run()
}

/// What a file holds.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn open(bytes: &[u8]) -> Result<Held, FileError> {
    if bytes.len() > LONGEST {
        return Err(FileError::TooLarge { limit: LONGEST });
    }
    let text = match png::is_png(bytes) {
        true => png::text(bytes).map_err(FileError::Png)?,
        false => std::str::from_utf8(bytes).map_err(|_| FileError::Foreign)?,
    };
    let text = text.trim_start_matches('\u{feff}');
    let alone = text.trim();
    if link::opens(alone) && !alone.contains(char::is_whitespace) {
        return of_fragment(alone);
    }
    // Without a word it would be a cluster in which nothing happens.
    if alone.is_empty() {
        return Err(FileError::Foreign);
    }
    let (text, done) = parted(text);
    if text.len() > LONGEST_TEXT {
        return Err(FileError::TooLarge { limit: LONGEST_TEXT });
    }
    // Some pictures and programs are text by accident.
    let accident = |error| if alone.contains('\0') { FileError::Foreign } else { error };
    let run = done.run.map(Link::read).transpose().map_err(|broken| FileError::Link(Box::new(broken)))?;
    let held = of_text(text, run.map(Box::new)).map_err(accident)?;
    Ok(match held {
        Held::Lesson { text, run: Some(run), .. } => {
            Held::Lesson { text, run: Some(run), left: done.left.map(str::to_owned) }
        }
        held @ (Held::Run(_) | Held::Lesson { run: None, .. }) => held,
    })
}

/// What a file says below its text of what was done in it.
#[derive(Default)]
struct Done<'a> {
    run: Option<&'a str>,
    left: Option<&'a str>,
}

/// A text, and what was done in it: below the line that ends a text, where nobody else reads, a line begins with
/// [`DONE`]. A text without such a line is whole.
fn parted(text: &str) -> (&str, Done<'_>) {
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == END {
            let value = |name: &str| text[place..].lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            if let Some(run) = value(DONE) {
                return (&text[..place], Done { run: Some(run), left: value(LEFT) });
            }
            break;
        }
        place += line.len();
    }
    (text, Done::default())
}

/// A text's file with what was done in it: a run's link, and where it was left (one line, or empty). Whoever knows nothing
/// of it reads the text alone. What stood below the text's own end goes.
pub fn with_done(text: &str, run: &str, left: &str) -> String {
    let is_end = |line: &&str| line.trim_end() == END;
    let own: String = text.split_inclusive('\n').take_while(|line| !is_end(line)).collect();
    let left = if left.is_empty() { String::new() } else { format!("{LEFT}{left}\n") };
    format!("{}\n\n{END}\n# What was done in it, as a link.\n{DONE}{run}\n{left}", own.trim_end())
}

/// What the fragment of an address holds: a run, or a text and perhaps a run of it.
///
/// # Errors
/// What is wrong with the link, or with the text in it.
#[inline(never)]
pub fn of_fragment(fragment: &str) -> Result<Held, FileError> {
    let broken = |broken| FileError::Link(Box::new(broken));
    if !lesson::is_text(fragment) {
        return Link::read(fragment).map(|link| Held::Run(Box::new(link))).map_err(broken);
    }
    let text = lesson::read_text(fragment).map_err(|error| broken(error.into()))?;
    let run = lesson::run_beside(fragment).map(|run| Link::read(&run)).transpose().map_err(broken)?;
    of_text(&text, run.map(Box::new))
}

/// A text, held to what an experiment may ask for. One that teaches nothing is its run.
fn of_text(text: &str, run: Option<Box<Link>>) -> Result<Held, FileError> {
    let scenario = Scenario::parse(text).map_err(FileError::Line)?;
    scenario.commands.iter().try_for_each(|placed| limits::check(&placed.command)).map_err(FileError::Beyond)?;
    if scenario.commands.len() > STEPS {
        return Err(FileError::Beyond(Beyond { what: "steps", limit: STEPS as u64 }));
    }
    let teaches = Document::parse(text).is_ok_and(|document| document.is_lesson());
    Ok(match (teaches, run) {
        (true, run) => Held::Lesson { text: text.to_owned(), run, left: None },
        (false, Some(run)) => Held::Run(run),
        (false, None) => Held::Run(Box::new(link_of(scenario))),
    })
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
        typed: Vec::new(),
        lines: Vec::new(),
    })
}
