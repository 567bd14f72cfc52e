//! A scenario file as data: header, lines with their times, and the blessed part below the line.

use crate::command;
use base::{Span, Time};
use port::Feature;
use sim::{Command, Setup};

/// Divides what a person wrote from what was blessed.
pub const LINE: &str = "----";

/// One scenario file.
pub struct Script {
    pub setup: Setup,
    pub seed: u64,
    pub known_failure: Option<String>,
    pub lines: Vec<Line>,
    /// What stands above the dividing line, as it was read.
    pub above: String,
    /// What stands below it.
    pub blessed: String,
}

/// One line that does something, at its instant.
pub struct Line {
    pub number: usize,
    pub at: Time,
    pub act: Act,
}

/// What a line does.
pub enum Act {
    Command(Command),
    /// A claim, without its citation.
    See(String),
    /// Later claims compare with this instant.
    Remember,
    /// Only time passes.
    Wait,
}

impl Script {
    /// # Errors
    /// The first line that is not understood.
    pub fn parse(text: &str) -> Result<Script, String> {
        let (above, blessed) = match text.split_once(&format!("\n{LINE}\n")) {
            Some((above, blessed)) => (format!("{above}\n"), blessed.to_owned()),
            None => (format!("{}\n", text.trim_end()), String::new()),
        };
        let mut script = Script {
            setup: Setup::new(3, 1),
            seed: 1,
            known_failure: None,
            lines: Vec::new(),
            above: above.clone(),
            blessed,
        };
        let (mut titled, mut now) = (false, Time::ZERO);
        for (index, line) in above.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let outcome = match line.split_once(": ") {
                Some(("title", _)) => {
                    titled = true;
                    Ok(())
                }
                Some(("known-failure", why)) => {
                    script.known_failure = Some(why.to_owned());
                    Ok(())
                }
                Some(("setup", words)) => script.read_setup(words),
                _no_header => script.read_line(index + 1, line, &mut now),
            };
            outcome.map_err(|error| format!("  line {}: {error}", index + 1))?;
        }
        if titled { Ok(script) } else { Err("  there is no title".into()) }
    }

    pub fn seen(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.act, Act::See(_))).count()
    }

    pub fn commands(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.act, Act::Command(_))).count()
    }

    fn read_setup(&mut self, words: &str) -> Result<(), String> {
        let (mut brokers, mut controllers, mut combined) = (3, 1, 0);
        let (mut configs, mut elr) = (Vec::new(), true);
        for word in words.split_whitespace() {
            let (name, value) = word.split_once('=').ok_or_else(|| format!("'{word}' is no setting"))?;
            let number = || value.parse::<i32>().map_err(|_| format!("'{value}' is no number"));
            match (name, value) {
                ("brokers", _) => brokers = number()?,
                ("controllers", _) => controllers = number()?,
                ("combined", _) => combined = number()?,
                ("seed", _) => self.seed = value.parse().map_err(|_| format!("'{value}' is no seed"))?,
                ("features", "-elr") => elr = false,
                (name, value) => configs.push((name, value)),
            }
        }
        self.setup = if combined > 0 { Setup::combined(combined) } else { Setup::new(brokers, controllers) };
        for (name, value) in configs {
            self.setup = self.setup.clone().with(name, value);
        }
        if !elr {
            self.setup.features.remove(&Feature::EligibleLeaderReplicas);
        }
        config::BrokerConfig::resolve(&self.setup.overrides)
            .map(drop)
            .map_err(|error| format!("{}: {}", error.name, error.message))
    }

    /// `@12s kill 1; kill 2`, `+500ms see …`, or without a time: at the instant of the line before.
    fn read_line(&mut self, number: usize, line: &str, now: &mut Time) -> Result<(), String> {
        let is_time = line.starts_with(['@', '+']);
        let (time, rest) = if is_time { line.split_once(' ').unwrap_or((line, "")) } else { ("+0ms", line) };
        let (sign, span) = time.split_at(1);
        let span = Span(command::parse_span(span).ok_or_else(|| format!("'{time}' is no time"))?);
        let at = if sign == "@" { Time::ZERO + span } else { *now + span };
        if at < *now {
            return Err(format!("{time} is before the line above"));
        }
        *now = at;
        let acts: Vec<&str> = if rest.starts_with("see ") { vec![rest] } else { rest.split("; ").collect() };
        for act in acts {
            self.lines.push(Line { number, at, act: read_act(act.trim())? });
        }
        Ok(())
    }
}

fn read_act(text: &str) -> Result<Act, String> {
    if text.is_empty() {
        return Ok(Act::Wait);
    }
    if text == "remember" {
        return Ok(Act::Remember);
    }
    let Some(claim) = text.strip_prefix("see ") else {
        return command::parse(text).map(Act::Command).map_err(|error| error.to_string());
    };
    let cited = claim.strip_suffix(']').and_then(|claim| claim.rsplit_once(" ["));
    let (claim, citation) = cited.ok_or("a see line ends with [where it is written]")?;
    if citation.trim().is_empty() {
        return Err("a see line ends with [where it is written]".into());
    }
    Ok(Act::See(claim.trim().to_owned()))
}
