//! Reads a scenario line by line.

use super::{Problem, Scenario, See};
use crate::limits::LONGEST_RUN;
use crate::{PlacedCommand, TextError, parse, parse_span};
use base::{FlatMap, Span, Str, Time};
use port::Feature;
use sim::Setup;

/// The most nodes of one kind to start with; separate controllers are numbered from 101 on.
const MOST_NODES: i32 = 100;
/// `latency` and `jitter` take at most so much.
const SLOWEST_LINK: Span = Span::from_secs(1);
/// What may stand before a colon.
const HEADERS: [&str; 15] = [
    "title",
    "title-zh",
    "source",
    "known-failure",
    "scene",
    "seed",
    "brokers",
    "controllers",
    "combined",
    "elr",
    "racks",
    "latency",
    "jitter",
    "open",
    "set",
];

/// What was read so far.
#[derive(Default)]
pub(super) struct Draft {
    /// The built-in scenario that this one goes on from.
    scene: Option<Scenario>,
    headers: FlatMap<String, String>,
    settings: FlatMap<Str, Str>,
    commands: Vec<PlacedCommand>,
    sees: Vec<See>,
    now: Time,
}

impl Draft {
    /// Takes the next line, with its number from 1.
    pub(super) fn line(&mut self, number: u32, written: &str) -> Result<(), Problem> {
        let line = written.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.starts_with(['@', '+']) {
            let (time, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            self.pass(time)?;
            return self.acts((number, written), rest.trim());
        }
        match line.split_once(':') {
            Some((name, value)) if is_name(name) => self.header(name.trim(), value.trim()),
            _no_header => self.acts((number, written), line).map_err(|problem| {
                // A single word that is no verb may have been meant for anything.
                let is_lone = matches!(&problem, Problem::Command(TextError::UnknownVerb(word)) if word == line);
                if is_lone { Problem::NoLine(line.to_owned()) } else { problem }
            }),
        }
    }

    /// `@30s` is an instant of the run, `+30s` so much later.
    fn pass(&mut self, time: &str) -> Result<(), Problem> {
        let (sign, span) = time.split_at(1);
        let nanos = parse_span(span).ok_or_else(|| Problem::BadTime(span.to_owned()))?;
        let nanos = if sign == "+" { nanos.saturating_add(self.now.0) } else { nanos };
        let at = early_enough(nanos, span)?;
        if at < self.now {
            return Err(Problem::Backwards);
        }
        self.now = at;
        Ok(())
    }

    fn header(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        if !HEADERS.contains(&name) {
            return Err(Problem::NoHeader(name.to_owned()));
        }
        if name == "scene" {
            return self.go_on_from(value);
        }
        if name != "set" {
            self.headers.insert(name.to_owned(), value.to_owned());
            return Ok(());
        }
        let (key, setting) = value.split_once('=').ok_or_else(|| bad(name, value))?;
        self.settings.insert(key.trim().into(), setting.trim().into());
        config::BrokerConfig::resolve(&self.settings).map_err(|error| Problem::Setting(error.message))?;
        let lacking = config::not_modelled(config::Scope::Broker, &self.settings);
        lacking.map_or(Ok(()), |lacking| Err(Problem::Setting(lacking.to_string().into())))
    }

    /// The scene's commands go first; its cluster and seed hold unless a header says otherwise.
    fn go_on_from(&mut self, id: &str) -> Result<(), Problem> {
        let scene = Scenario::builtin(id).filter(|_| self.commands.is_empty()).ok_or_else(|| bad("scene", id))?;
        self.commands = scene.commands.clone();
        self.now = scene.commands.last().map_or(self.now, |last| last.after.max(self.now));
        self.scene = Some(scene);
        Ok(())
    }

    /// What happens or is looked at now.
    fn acts(&mut self, (number, written): (u32, &str), text: &str) -> Result<(), Problem> {
        if text.is_empty() {
            return Ok(());
        }
        let mut rest = text;
        while !rest.is_empty() {
            let part;
            (part, rest) = first_part(rest);
            if let Some(claim) = part.strip_prefix("see ") {
                self.look((number, written), claim.trim());
                continue;
            }
            if part == "remember" {
                self.look((number, written), part);
                continue;
            }
            let command = parse(part).map_err(Problem::Command)?;
            self.commands.push(PlacedCommand { after: self.free(), command });
        }
        Ok(())
    }

    fn look(&mut self, (line, written): (u32, &str), text: &str) {
        let before = written.rfind(text).unwrap_or(0);
        let column = u32::try_from(written[..before].chars().count() + 1).unwrap_or(u32::MAX);
        let (at, after_commands) = (self.free(), self.commands.len());
        self.sees.push(See { at, after_commands, line, column, text: text.to_owned() });
    }

    /// Now, or the instant of the last command when several share a line's instant.
    fn free(&self) -> Time {
        self.now.max(self.commands.last().map_or(Time::ZERO, PlacedCommand::at))
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str, otherwise: T) -> Result<T, Problem> {
        let Some(value) = self.headers.remove(name) else { return Ok(otherwise) };
        value.parse().map_err(|_| bad(name, &value))
    }

    /// How long messages are on their way, where a header says so.
    fn network(&mut self, setup: &mut Setup) -> Result<(), Problem> {
        setup.network.latency = self.span("latency", setup.network.latency)?;
        setup.network.jitter = self.span("jitter", setup.network.jitter)?;
        Ok(())
    }

    fn span(&mut self, name: &str, otherwise: Span) -> Result<Span, Problem> {
        let Some(value) = self.headers.remove(name) else { return Ok(otherwise) };
        match parse_span(&value).filter(|nanos| Span(*nanos) <= SLOWEST_LINK) {
            Some(nanos) => Ok(Span(nanos)),
            None => Err(bad(name, &value)),
        }
    }

    fn setup(&mut self) -> Result<Setup, Problem> {
        let plain =
            ["combined", "brokers", "controllers", "elr", "racks"].iter().all(|name| !self.headers.contains_key(*name));
        if let Some(scene) = self.scene.as_ref().filter(|_| plain) {
            let mut setup = scene.setup.clone();
            self.network(&mut setup)?;
            setup.overrides.extend(std::mem::take(&mut self.settings));
            return startable(setup);
        }
        let combined: i32 = self.number("combined", 0)?;
        let (brokers, controllers) = (self.number("brokers", 3)?, self.number("controllers", 3)?);
        // Before any is made.
        for (name, count) in [("combined", combined), ("brokers", brokers), ("controllers", controllers)] {
            if !(0..=MOST_NODES).contains(&count) {
                return Err(bad(name, &count.to_string()));
            }
        }
        let mut setup = if combined > 0 { Setup::combined(combined) } else { Setup::new(brokers, controllers) };
        if let Some(value) = self.headers.remove("elr") {
            match &*value {
                "on" => {}
                "off" => drop(setup.features.remove(&Feature::EligibleLeaderReplicas)),
                _neither => return Err(bad("elr", &value)),
            }
        }
        self.racks(&mut setup)?;
        self.network(&mut setup)?;
        setup.overrides = std::mem::take(&mut self.settings);
        startable(setup)
    }

    /// `racks: a,b,c` deals the brokers out, the first of them to the first rack.
    fn racks(&mut self, setup: &mut Setup) -> Result<(), Problem> {
        let Some(value) = self.headers.remove("racks") else { return Ok(()) };
        let racks: Vec<&str> = value.split(',').map(str::trim).collect();
        if racks.iter().any(|rack| rack.is_empty()) {
            return Err(bad("racks", &value));
        }
        let brokers = || setup.nodes.iter().filter(|plan| plan.roles.is_broker()).count();
        let each = brokers().div_ceil(racks.len()).max(1);
        let named = setup.nodes.iter_mut().filter(|plan| plan.roles.is_broker()).enumerate();
        named.for_each(|(index, plan)| plan.rack = racks.get(index / each).map(|rack| (*rack).into()));
        Ok(())
    }

    /// The scenario, when there is nothing more to read.
    pub(super) fn finish(mut self) -> Result<Scenario, Problem> {
        let setup = self.setup()?;
        let seed = self.number("seed", self.scene.as_ref().map_or(1, |scene| scene.seed))?;
        let opens_at = match self.headers.remove("open") {
            Some(text) => early_enough(parse_span(&text).ok_or_else(|| bad("open", &text))?, &text)?,
            None => self.commands.last().map_or(Time::ZERO, PlacedCommand::at),
        };
        let ends_at = self.free();
        let title = self.headers.remove("title").unwrap_or_default().into();
        let Draft { headers, commands, sees, .. } = self;
        Ok(Scenario { id: None, title, seed, setup, commands, opens_at, ends_at, headers, sees })
    }
}

fn startable(setup: Setup) -> Result<Setup, Problem> {
    setup.check().map_err(|error| Problem::Setting(error.to_string().into()))?;
    Ok(setup)
}

/// Could it be a header's name? Commands have a verb and more before a colon.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// What stands before the first semicolon, and what behind it. In a command quotes enclose semicolons, behind `see` the
/// brackets around its source do.
fn first_part(text: &str) -> (&str, &str) {
    let end = if text.starts_with("see ") { end_of_claim(text) } else { end_of_command(text) };
    (text[..end].trim(), text[end..].strip_prefix(';').unwrap_or_default().trim_start())
}

fn ends(text: &str, at: usize) -> bool {
    text[at + 1..].starts_with(char::is_whitespace) || at + 1 == text.len()
}

fn end_of_claim(text: &str) -> usize {
    let mut inside = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' | ']' => inside = letter == '[',
            ';' if !inside && ends(text, at) => return at,
            _inside => {}
        }
    }
    text.len()
}

fn end_of_command(text: &str) -> usize {
    let mut quote = None;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            // What a backslash stands before is no quote, outside of single quotes.
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ';') if ends(text, at) => return at,
            _inside => {}
        }
    }
    text.len()
}

/// As far as a link may reach.
fn early_enough(nanos: u64, text: &str) -> Result<Time, Problem> {
    if nanos > LONGEST_RUN.0 { Err(Problem::TooLate(text.to_owned())) } else { Ok(Time(nanos)) }
}

fn bad(name: &str, value: &str) -> Problem {
    Problem::BadHeader { name: name.to_owned(), value: value.to_owned() }
}
