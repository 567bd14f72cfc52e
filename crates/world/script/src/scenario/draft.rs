//! Reads a scenario line by line.

use super::clusters::{ClusterDraft, Clusters};
use super::{Mark, Problem, Scenario, See, Typed};
use crate::limits::LONGEST_RUN;
use crate::{PlacedCommand, TextError, cli, parse, parse_span};
use base::{FlatMap, Span, Time};
use sim::{ClusterIndex, Command, Setup};

/// `latency` and `jitter` take at most so much.
const SLOWEST_LINK: Span = Span::from_secs(1);
/// The headers that a run needs, and a few for whoever knows them.
pub(super) const HEADERS: [&str; 17] = [
    "title",
    "title-zh",
    "source",
    "known-failure",
    "scene",
    "seed",
    "cluster",
    "brokers",
    "controllers",
    "combined",
    "node",
    "elr",
    "racks",
    "latency",
    "jitter",
    "open",
    "set",
];
/// What a header takes that switches something.
pub(super) const SWITCHED: [&str; 2] = ["on", "off"];

/// One line of a text.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// From 1.
    pub number: u32,
    /// As it stands there.
    pub written: &'a str,
    /// What is read of it, with values put in.
    pub text: &'a str,
    /// The byte of `written` where that begins.
    pub from: usize,
}

/// What is wrong, in which line, and from which byte on its word is found.
pub(super) struct Wrong {
    pub line: u32,
    pub at: usize,
    pub problem: Problem,
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Draft {
    /// The built-in scenario that this one goes on from.
    scene: Option<Scenario>,
    /// With the lines that they stand in.
    headers: FlatMap<String, (u32, String)>,
    /// The first one, and those that lines `cluster: NAME` have begun; the last takes what comes.
    clusters: Clusters,
    pub(super) commands: Vec<PlacedCommand>,
    lines: Vec<u32>,
    sees: Vec<See>,
    marks: Vec<Mark>,
    pub(super) typed: Vec<Typed>,
    now: Time,
    wrong: Vec<Wrong>,
}

impl<'a> Line<'a> {
    pub(super) fn plain(number: u32, written: &'a str) -> Line<'a> {
        Line { number, written, text: written, from: 0 }
    }

    /// The byte of the written line where a part of its text stands.
    fn byte_of(&self, part: &str) -> usize {
        let offset = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let there = self.from + offset;
        if self.written.get(there..).is_some_and(|tail| tail.starts_with(part)) { there } else { self.from }
    }
}

impl Draft {
    /// Takes the next line.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        let text = line.text.trim();
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        if text.starts_with(['@', '+']) {
            let (time, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            if let Err(problem) = self.pass(time) {
                self.refuse(line.number, line.byte_of(time), problem);
            }
            return self.acts(line, rest.trim());
        }
        match header_of(text) {
            Some((name, value)) => {
                if let Err(problem) = self.header(line.number, name, value) {
                    self.refuse(line.number, line.byte_of(text), problem);
                }
            }
            None => self.acts(line, text),
        }
    }

    fn refuse(&mut self, line: u32, at: usize, problem: Problem) {
        self.wrong.push(Wrong { line, at, problem });
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

    /// Takes a header of [`HEADERS`].
    pub(super) fn header(&mut self, line: u32, name: &str, value: &str) -> Result<(), Problem> {
        if !HEADERS.contains(&name) {
            return Err(Problem::NoHeader(name.to_owned()));
        }
        if name == "scene" {
            return self.go_on_from(value);
        }
        if name == "cluster" {
            return self.clusters.begin(line, value);
        }
        if ClusterDraft::takes(name) {
            return self.clusters.last().header(line, name, value);
        }
        let before = self.headers.insert(name.to_owned(), (line, value.to_owned()));
        before.map_or(Ok(()), |_| Err(Problem::Twice(name.to_owned())))
    }

    /// The scene's commands go first; its cluster and seed hold unless a header says otherwise.
    fn go_on_from(&mut self, id: &str) -> Result<(), Problem> {
        let scene = Scenario::builtin(id).filter(|_| self.commands.is_empty()).ok_or_else(|| bad("scene", id))?;
        self.commands = scene.commands.clone();
        self.lines = vec![0; self.commands.len()];
        self.now = scene.commands.last().map_or(self.now, |last| last.after.max(self.now));
        self.scene = Some(scene);
        Ok(())
    }

    /// What happens or is looked at now.
    fn acts(&mut self, line: &Line<'_>, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let part;
            (part, rest) = first_part(rest);
            if let Err(problem) = self.act(line, part) {
                // A single word that is no verb may have been meant for anything.
                let is_lone =
                    matches!(&problem, Problem::Command(TextError::UnknownVerb(word)) if word == line.text.trim());
                let problem = if is_lone { Problem::NoLine(part.to_owned()) } else { problem };
                self.refuse(line.number, line.byte_of(part), problem);
            }
        }
    }

    fn act(&mut self, line: &Line<'_>, part: &str) -> Result<(), Problem> {
        if let Some(claim) = part.strip_prefix("see ") {
            self.look(line, claim.trim());
        } else if part == "remember" {
            self.look(line, part);
        } else if let Some(name) = part.strip_prefix("mark ") {
            return self.mark(line.number, name.trim());
        } else if cli::is_kafka(part) {
            return self.tool(line.number, part);
        } else {
            let command = parse(part).map_err(Problem::Command)?;
            self.command(line.number, command);
        }
        Ok(())
    }

    /// Something is done now.
    pub(super) fn command(&mut self, line: u32, command: Command) {
        self.commands.push(PlacedCommand { after: self.free(), command });
        self.lines.push(line);
    }

    fn look(&mut self, line: &Line<'_>, text: &str) {
        let before = line.written.get(..line.byte_of(text)).unwrap_or_default();
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        let (at, after_commands) = (self.free(), self.commands.len());
        self.sees.push(See { at, after_commands, line: line.number, column, text: text.to_owned() });
    }

    fn mark(&mut self, line: u32, name: &str) -> Result<(), Problem> {
        if !is_mark(name) {
            return Err(Problem::BadMark(name.to_owned()));
        }
        if self.marks.iter().any(|mark| &*mark.name == name) {
            return Err(Problem::Twice(name.to_owned()));
        }
        self.marks.push(Mark { name: name.into(), at: self.free(), after_commands: self.commands.len(), line });
        Ok(())
    }

    /// Now, or the instant of the last command when several share a line's instant.
    pub(super) fn free(&self) -> Time {
        self.now.max(self.commands.last().map_or(Time::ZERO, PlacedCommand::at))
    }

    /// What a header says, if it can be read so.
    fn take<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (line, value) = self.headers.remove(name)?;
        let taken = read(&value);
        if taken.is_none() {
            self.refuse(line, 0, bad(name, &value));
        }
        taken
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str, otherwise: T) -> T {
        self.take(name, |value| value.parse().ok()).unwrap_or(otherwise)
    }

    /// How long messages are on their way, where a header says so.
    fn network(&mut self, setup: &mut Setup) {
        let span = |value: &str| parse_span(value).map(Span).filter(|span| *span <= SLOWEST_LINK);
        setup.network.latency = self.take("latency", span).unwrap_or(setup.network.latency);
        setup.network.jitter = self.take("jitter", span).unwrap_or(setup.network.jitter);
    }

    fn setup(&mut self) -> Setup {
        let Clusters { first, further } = std::mem::take(&mut self.clusters);
        let mut line = first.line();
        let mut setup = match self.scene.as_ref().filter(|_| line.is_none()) {
            Some(scene) => {
                let mut setup = scene.setup.clone();
                first.change(setup.first_mut());
                setup
            }
            None => Setup::of(first.plan(ClusterIndex::FIRST, &mut self.wrong)),
        };
        for cluster in further {
            line = cluster.line().or(line);
            let index = ClusterIndex(u16::try_from(setup.clusters.len()).expect("there are a few: Clusters::begin"));
            setup = setup.and(cluster.plan(index, &mut self.wrong));
        }
        self.network(&mut setup);
        self.startable(line.unwrap_or(1), setup)
    }

    fn startable(&mut self, line: u32, setup: Setup) -> Setup {
        if let Err(error) = setup.check() {
            self.refuse(line, 0, Problem::Cluster(error.to_string().into()));
        }
        setup
    }

    /// Where the scene opens: where it says so, or where its last act is done.
    fn opens_at(&mut self) -> Time {
        let otherwise = self.commands.last().map_or(Time::ZERO, PlacedCommand::at);
        let Some((line, value)) = self.headers.remove("open") else { return otherwise };
        let read = parse_span(&value).ok_or_else(|| bad("open", &value)).and_then(|nanos| early_enough(nanos, &value));
        read.unwrap_or_else(|problem| {
            self.refuse(line, 0, problem);
            otherwise
        })
    }

    /// So much is wrong so far.
    pub(super) fn mistakes(&self) -> usize {
        self.wrong.len()
    }

    /// The scenario, as far as it could be read, and everything that is wrong with it, when there is nothing more to read.
    pub(super) fn finish(mut self) -> (Scenario, Vec<Wrong>) {
        let setup = self.setup();
        self.call_nodes(setup.first());
        let seed = self.scene.as_ref().map_or(1, |scene| scene.seed);
        let seed = self.number("seed", seed);
        let opens_at = self.opens_at();
        let ends_at = self.free();
        let title = self.headers.remove("title").map(|(_, title)| title).unwrap_or_default().into();
        let Draft { headers, commands, lines, sees, marks, typed, wrong, .. } = self;
        let headers = headers.into_iter().map(|(name, (_, value))| (name, value)).collect();
        let scenario =
            Scenario { id: None, title, seed, setup, commands, lines, opens_at, ends_at, headers, sees, marks, typed };
        (scenario, wrong)
    }
}

/// Name and value of a header.
pub(super) fn header_of(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(':')?;
    is_name(name).then(|| (name.trim(), value.trim()))
}

/// Marks are named as links name them; two of them have no line.
pub(super) fn is_mark(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_letter) && !["start", "end"].contains(&name)
}

/// Could it be a header's name? Commands have a verb and more before a colon.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// What stands before the first semicolon, and what behind it. In a command quotes enclose semicolons, behind `see` the
/// brackets around its source do.
pub(super) fn first_part(text: &str) -> (&str, &str) {
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
    // A loop's own signs do not end it.
    let loops = if text.starts_with("for ") { text.find(" done").unwrap_or(0) } else { 0 };
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            // What a backslash stands before is no quote, outside of single quotes.
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ';') if at >= loops && ends(text, at) => return at,
            _inside => {}
        }
    }
    text.len()
}

/// As far as a link may reach.
fn early_enough(nanos: u64, text: &str) -> Result<Time, Problem> {
    if nanos > LONGEST_RUN.0 { Err(Problem::TooLate(text.to_owned())) } else { Ok(Time(nanos)) }
}

pub(super) fn bad(name: &str, value: &str) -> Problem {
    Problem::BadHeader { name: name.to_owned(), value: value.to_owned() }
}
