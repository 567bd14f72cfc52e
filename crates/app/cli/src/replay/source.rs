//! What is to be replayed: a link (by itself, in an address, in a file, on standard input) or a scenario's text, which a
//! link may hold too.

use anyhow::{Context, Result, bail};
use base::Time;
use lab::Acts;
use script::link::lesson::{is_text, read_text, run_beside};
use script::link::{Link, Origin, is_link, opens};
use script::{PlacedCommand, Scenario};
use sim::Setup;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// No link and no scenario is as long.
const LONGEST: u64 = 4 << 20;

/// One run before its first event.
pub struct Source {
    pub setup: Setup,
    pub seed: u64,
    pub commands: Vec<PlacedCommand>,
    pub end: Time,
    /// What the run should come to. `None`: nobody has said; a link that was kept in a hurry says nothing either.
    pub expected: Option<Expected>,
    /// What a scenario claims with `see` lines; the tests look at them, a replay does not.
    pub claims: usize,
    /// What was wrong with the link; the run is what could still be read of it.
    pub damage: Option<String>,
}

/// What a link says of its run.
pub struct Expected {
    pub events: u64,
    pub run: base::Digest,
    pub state: base::Digest,
}

impl Source {
    /// A scenario runs until `until`, else as far as its lines go, or until its scene opens.
    pub fn open(named: &str, until: Option<Time>) -> Result<Source> {
        let text = text(named)?;
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let (first, rest) = (lines.next().unwrap_or_default(), lines.next());
        let run = Some(first).filter(|_| rest.is_none()).and_then(run_of);
        if let Some(run) = run {
            if until.is_some() {
                bail!("--until is for scenarios; a link says itself how far its run goes");
            }
            return Source::of_link(&run);
        }
        let text = if rest.is_none() && is_text(first) { lesson_of(first)? } else { text };
        if text.trim().is_empty() {
            bail!("there is nothing in it: neither a link nor a scenario");
        }
        let scenario = Scenario::parse(&text).with_context(|| format!("{named} is no link and no scenario"))?;
        script::claims(&scenario).with_context(|| format!("{named} claims what cannot be looked up"))?;
        Ok(Source {
            end: until.unwrap_or(scenario.ends_at.max(scenario.opens_at)),
            claims: scenario.sees.iter().filter(|see| see.text != "remember").count(),
            setup: scenario.setup,
            seed: scenario.seed,
            commands: scenario.commands,
            expected: None,
            damage: None,
        })
    }

    /// An address, or what stands behind its `#`.
    fn of_link(text: &str) -> Result<Source> {
        match Link::read(text) {
            Ok(link) => {
                let expected = Expected { events: link.events, run: link.run_digest, state: link.state_digest };
                let expected = link.has_hashes().then_some(expected);
                Ok(Source { expected, ..Source::of_run(link)? })
            }
            Err(broken) => {
                let damage = broken.error.to_string();
                let Some(partial) = broken.partial else { bail!("{damage}, and nothing of it can be played") };
                Ok(Source { damage: Some(damage), ..Source::of_run(*partial)? })
            }
        }
    }

    fn of_run(link: Link) -> Result<Source> {
        let (setup, scene) = match &link.origin {
            Origin::Scenario(id) | Origin::Without(id, _) => {
                let scenario = Scenario::builtin(id);
                let scenario = scenario.with_context(|| format!("this build lacks the scenario '{id}'"))?;
                (scenario.setup, scenario.commands)
            }
            Origin::Setup(setup) => ((**setup).clone(), Vec::new()),
        };
        let mut acts = Acts::of_scene(scene);
        acts.append_recorded(&link.commands, link.origin.scenario().map_or(&[], |(_, without)| without));
        let commands = acts.all().to_vec();
        Ok(Source { setup, seed: link.seed, commands, end: link.end, claims: 0, expected: None, damage: None })
    }
}

/// The run of a link: it itself, or what stands beside a text.
fn run_of(link: &str) -> Option<String> {
    if is_link(link) { Some(link.to_owned()) } else { run_beside(link) }
}

/// The text in a link.
pub fn lesson_of(link: &str) -> Result<String> {
    read_text(link).context("the link holds a text that cannot be read")
}

/// A file of that name, standard input, or the word itself.
fn text(named: &str) -> Result<String> {
    if named == "-" {
        return bounded(std::io::stdin().lock(), "standard input");
    }
    if !Path::new(named).exists() && opens(named) {
        return Ok(named.to_owned());
    }
    let file =
        File::open(named).with_context(|| format!("'{named}' is no link (#b1.… or #t1.…), and cannot be read"))?;
    bounded(file, named)
}

/// A file that is no scenario may be large.
fn bounded(from: impl Read, name: &str) -> Result<String> {
    let mut text = String::new();
    from.take(LONGEST + 1).read_to_string(&mut text).with_context(|| format!("{name} cannot be read as text"))?;
    if text.len() as u64 > LONGEST {
        bail!("{name} is longer than any scenario");
    }
    Ok(text)
}
