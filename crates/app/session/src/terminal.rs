//! The terminal: the same commands as the gestures, Kafka's own tools, and words about time.

use crate::visit::Place;
use base::Timestamp;
use lab::journal::{self, Bounds};
use lab::{Intent, LabError};
use script::cli::{self, CliError, Output, Printed};
use script::shell::{Pipe, Pipeline, ShellError, Step};
use script::text::VERBS;
use script::{Command, parse, parse_span};
use sim::ClusterIndex;
use sim::journal::Told;
use view::picture::Question;
use view::picture::spacetime::{frame, journal_lines, no_journal, unknown_word};
use view::text::Language;
use view::{FormError, Time, WhereRow};

use crate::Playback;
use crate::asking::Part;
use crate::queue::Status;
use crate::shell::Shell;
use crate::{Answer, Asker, Session, refused};

/// A line of the terminal's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalLine {
    pub kind: LineKind,
    pub text: String,
}

/// What a line of the terminal is, by which it is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Prompt,
    /// A line that a gesture has done the work of.
    Echo,
    Output,
    Error,
    Comment,
    /// Kafka's list of a tool's options stands here; the text is the tool's name.
    Options,
    /// A line that does what was meant, to be run with one click.
    Offer,
}

/// Words about time; they are no commands and are not recorded.
pub(super) const TIME: [&str; 9] = ["play", "halt", "step", "back", "seek", "fork", "undo", "redo", "help"];
/// A question about keys; it asks no broker, and is not recorded.
const WHERE: &str = "where [TOPIC] [key=KEY]";
/// A question about messages; it runs a part of the past again, and is not recorded.
const JOURNAL: &str = "journal [FROM] [UNTIL] [api=NAME] [node=NAME] [cluster=ID]";
/// The bytes of the newest of them; the same.
const FRAME: &str = "frame [request|response] [FROM] [UNTIL] [api=NAME] [node=NAME] [cluster=ID]";
/// A question about numbers; the same.
const METERS: &str = "meters [NAME] [topic=|request=|group=NAME] [node=NAME] [p50|p99] [over=10s]";
/// What one such line may cost: about a quarter of a second in a page, and what somebody scrolls through.
const JOURNAL_BOUNDS: Bounds = Bounds { events: 30_000, messages: 200 };
/// Their first words, for completion.
pub(super) const QUESTIONS: [&str; 4] = ["where ", "journal ", "frame ", "meters "];
pub(super) fn output(text: impl Into<String>) -> TerminalLine {
    TerminalLine { kind: LineKind::Output, text: text.into() }
}

pub(super) fn comment(text: impl Into<String>) -> TerminalLine {
    TerminalLine { kind: LineKind::Comment, text: text.into() }
}

/// One command's form, or the options of one of Kafka's tools.
fn help(about: &str, language: Language) -> Vec<TerminalLine> {
    let forms = VERBS.iter().map(|(verb, form)| (*verb, *form));
    let questions = [WHERE, JOURNAL, FRAME, METERS].map(|form| (form.split(' ').next().unwrap_or_default(), form));
    let found: Vec<TerminalLine> =
        forms.chain(questions).filter(|(verb, _)| *verb == about).map(|(_, form)| output(form)).collect();
    if !found.is_empty() {
        return found;
    }
    match cli::run(&format!("{about} --help")) {
        Err(CliError::Told(printed) | CliError::Refused { printed, .. }) if cli::is_kafka(about) => {
            shown(&printed, Timestamp(0))
        }
        Ok(_) | Err(_) => vec![failed(language.text().form.unknown_line.to_owned())],
    }
}

/// The line of today, in words and to be clicked.
fn offer(line: Option<&str>, language: Language) -> Vec<TerminalLine> {
    // There is none.
    let Some(line) = line else { return Vec::new() };
    let words = comment((language.text().refusal.instead)(line));
    vec![words, TerminalLine { kind: LineKind::Offer, text: line.to_owned() }]
}

/// What one of Kafka's tools prints; the time is the one that its log lines begin with.
pub(super) fn shown(output: &Output, wall: Timestamp) -> Vec<TerminalLine> {
    let line = |line: &Printed| match line {
        Printed::Out(text) => self::output(text),
        Printed::Err(text) => failed(text.clone()),
        Printed::Log(text) => failed(format!("[{}] {text}", cli::log_time(wall.0))),
        Printed::Options(tool) => TerminalLine { kind: LineKind::Options, text: (*tool).to_owned() },
    };
    output.lines.iter().map(line).collect()
}

/// What a tool prints of the answer, through its pipe, and whether it ends well; `None`: it says nothing.
pub(super) fn told(
    (run, since): (&mut cli::Run, Time),
    answer: &lab::Answer,
    world: &sim::World,
) -> Option<(Vec<TerminalLine>, bool)> {
    let wall = sim::wall(answer.at);
    let warned = shown(&run.logged(world, since), wall);
    let mut output = run.answered(&answer.answer, wall)?;
    run.pipe.through(&mut output);
    let mut lines = [warned, shown(&output, wall)].concat();
    if run.next(&answer.answer).is_none() {
        lines.extend(run.pipe.end().into_iter().map(self::output));
    }
    Some((lines, run.pipe.is_well(output.exit == 0)))
}

/// What filters let through of a line's output.
pub(super) fn through(lines: Vec<TerminalLine>, pipe: &mut Pipe) -> Vec<TerminalLine> {
    let mut left = Vec::new();
    for line in lines {
        match line.kind {
            LineKind::Output if !pipe.is_empty() => left.extend(pipe.take(&line.text).into_iter().map(output)),
            LineKind::Output
            | LineKind::Prompt
            | LineKind::Echo
            | LineKind::Error
            | LineKind::Comment
            | LineKind::Options
            | LineKind::Offer => left.push(line),
        }
    }
    left
}

/// A line that is fit to be carried out.
enum Understood {
    Ours(Command),
    /// Of a tool of Kafka's, which has something to say to the answer.
    Kafkas(Box<cli::Run>),
}

impl Session {
    /// Runs a step of a terminal line at once; that cluster is meant where it names none.
    pub(super) fn run_step(&mut self, step: Step, cluster: ClusterIndex, language: Language) -> Vec<TerminalLine> {
        let Step { source, pipeline: Pipeline { feed, command: line, mut pipe }, .. } = step;
        if line.is_empty() {
            return feed.unwrap_or_default().lines().map(output).collect();
        }
        if let Some(told) = self.told_by(&line, language) {
            return self.piped(told, &mut pipe);
        }
        let (mut before, run) = match self.understood((&line, &source), language) {
            Ok(_) if feed.is_some() && !cli::is_kafka(&line) => {
                return self.refused_by_shell(&ShellError::Filter(line), language);
            }
            Ok((before, understood)) => (before, understood),
            Err(lines) => return lines,
        };
        let refusal = &language.text().refusal;
        let asker = Asker::Line(source.clone());
        let asked = match run {
            Understood::Ours(command) => {
                self.command(&self.meant(&line, cluster, command), asker, language).inspect(|asked| {
                    if *asked {
                        self.print_through(pipe);
                    }
                })
            }
            Understood::Kafkas(mut run) => {
                let is_named =
                    self.lab.run().world.cluster(cluster).is_some_and(|cluster| run.for_node(cluster.plan()));
                if !cli::is_for_first(&line) {
                    run.send_to(self.cluster_name(cluster));
                }
                if !is_named {
                    run.command = self.meant(&line, cluster, run.command);
                }
                let world = &self.lab.run().world;
                run.begin();
                match run.resolved(world) {
                    Ok(warned) => before.extend(shown(&warned, world.wall())),
                    Err(ended) => {
                        let lines = [before, shown(&ended, world.wall())].concat();
                        self.queue.status = Status::Failed;
                        return lines;
                    }
                }
                run.name_at(self.lab.now(), |known| known.is_in(world));
                match self.run_tool(&source, *run, language) {
                    Ok((asked, printed)) => {
                        before.extend(printed);
                        Ok(asked)
                    }
                    Err(error) => Err(error),
                }
            }
        };
        match asked {
            Ok(false) => [before, vec![comment(format!("{} {}", refusal.done, self.lab.now()))]].concat(),
            Ok(true) => {
                self.await_answer(&source);
                [before, vec![comment(format!("{} {}", refusal.later, self.lab.now()))]].concat()
            }
            Err(error) => {
                self.queue.status = Status::Failed;
                complaint(&error)
            }
        }
    }

    /// Lines that ask no cluster and are no act; `None`: it is none of them.
    fn told_by(&mut self, line: &str, language: Language) -> Option<Vec<TerminalLine>> {
        if line.eq_ignore_ascii_case("help") {
            let mut lines: Vec<TerminalLine> = VERBS.iter().map(|(_, form)| output(*form)).collect();
            lines.extend([WHERE, JOURNAL, FRAME, METERS].map(output));
            lines.push(comment(language.text().page.terminal_help));
            lines.push(comment(cli::scripts().collect::<Vec<_>>().join(" ")));
            return Some(lines);
        }
        if let Some(("help", about)) = line.split_once(' ') {
            return Some(help(about.trim(), language));
        }
        let asked = self.about_time(line).or_else(|| self.about_keys(line, language));
        let asked = asked.or_else(|| self.about_messages(line, language));
        let asked = asked.or_else(|| self.about_bytes(line, language));
        asked.or_else(|| self.about_meters(line, language)).or_else(|| match self.of_shell(line) {
            Some(Shell::Told(lines)) => Some(lines),
            Some(Shell::Does(_)) | None => None,
        })
    }

    /// All that a line prints goes through the filters behind it; only errors and remarks go past.
    fn piped(&mut self, lines: Vec<TerminalLine>, pipe: &mut Pipe) -> Vec<TerminalLine> {
        let is_well = lines.iter().all(|line| line.kind != LineKind::Error);
        let mut lines = through(lines, pipe);
        lines.extend(pipe.end().into_iter().map(output));
        self.queue.status = Status::of(pipe.is_well(is_well));
        lines
    }

    /// Carries out what one of Kafka's tools asks for; whether the cluster has been asked, and what is printed at once.
    fn run_tool(
        &mut self,
        line: &str,
        run: cli::Run,
        language: Language,
    ) -> Result<(bool, Vec<TerminalLine>), FormError> {
        let before = self.lab.commands().len();
        let is_done = self.with_producer(&run, language)?;
        // The client that was made for its line sends at that instant.
        self.part = if self.lab.commands().len() > before { Part::GoesOn } else { Part::Begins };
        let asked = if is_done { Ok(false) } else { self.ask_as(Asker::Line(line.to_owned()), run.clone(), language) };
        self.part = Part::Begins;
        let asked = asked?;
        self.view_console(Some(line), &run, self.lab.now());
        self.measure(line, &run);
        let printed = run.input.map(|input| self.read_on(input, language)).unwrap_or_default();
        Ok((asked, printed))
    }

    /// What a line gives to be done, and what its tool prints before; else why nothing is done.
    fn understood(
        &mut self,
        (line, source): (&str, &str),
        language: Language,
    ) -> Result<(Vec<TerminalLine>, Understood), Vec<TerminalLine>> {
        let wall = self.lab.run().world.wall();
        if let Some(Shell::Does(command)) = self.of_shell(line) {
            return Ok((Vec::new(), Understood::Ours(command)));
        }
        if !cli::is_kafka(line) {
            return parse(line).map(|command| (Vec::new(), Understood::Ours(command))).map_err(|error| {
                self.queue.status = Status::Failed;
                complaint(&refused(&LabError::Text(error), language))
            });
        }
        let error = match cli::run(source) {
            Ok(mut run) => {
                let mut before = run.before.clone();
                run.pipe.through(&mut before);
                return Ok((shown(&before, wall), Understood::Kafkas(Box::new(run))));
            }
            Err(CliError::Files(dump)) => {
                let printed = dump.print(&self.cluster());
                self.queue.status = Status::of(printed.exit == 0);
                return Err(shown(&printed, wall));
            }
            Err(error) => error,
        };
        self.queue.status = Status::of(error.printed().is_some_and(|output| output.exit == 0));
        let Some(output) = error.printed() else {
            let instead = error.instead().map(|line| self.spelled(line));
            let mut lines = complaint(&refused(&LabError::Cli(error), language));
            lines.extend(instead.map(|text| TerminalLine { kind: LineKind::Offer, text }));
            return Err(lines);
        };
        let mut lines = shown(output, wall);
        let instead = error.instead().map(|line| self.spelled(line));
        lines.extend(offer(instead.as_deref(), language));
        Err(lines)
    }

    /// Lines that move the clock instead of the cluster.
    fn about_time(&mut self, line: &str) -> Option<Vec<TerminalLine>> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, rest.trim()) {
            ("play", "") => {
                if self.may_time_pass() {
                    self.send(Intent::Play);
                }
            }
            ("halt", "") => self.send(Intent::Pause),
            ("step", "") => self.play(Playback::Step),
            ("back", "") => self.play(Playback::StepBack),
            ("fork", "") => self.play(Playback::Fork),
            ("undo", "") => self.play(Playback::Undo),
            ("redo", "") => self.play(Playback::Redo),
            ("seek", at) => {
                let place = Place::parse(at).or_else(|| parse_span(at).map(|at| Place::At(Time(at))))?;
                self.go_to(&place);
            }
            _other => return None,
        }
        Some(vec![comment(self.lab.now().to_string())])
    }

    /// `where orders key=order-1`: which partition the key would hit, of one topic or of all.
    fn about_keys(&self, line: &str, language: Language) -> Option<Vec<TerminalLine>> {
        let words = script::words(line).ok().filter(|words| words.first().is_some_and(|first| first == "where"))?;
        let (mut topic, mut key) = (None, None);
        for word in &words[1..] {
            match (word.strip_prefix("key="), topic) {
                (Some(named), _) if key.is_none() => key = Some(named),
                (None, None) => topic = Some(word.as_str()),
                (Some(_), _) | (None, Some(_)) => {
                    return Some(vec![failed((language.text().key_card.usage)(word))]);
                }
            }
        }
        let answer = self.where_to(&Question { topic, key, sender: None }, language);
        let rows = answer.rows.iter().filter(|row| topic.is_none_or(|topic| *row.topic == *topic));
        let mut lines: Vec<TerminalLine> = rows.flat_map(told_where).collect();
        if topic.is_none() && !answer.more.is_empty() {
            lines.push(comment(answer.more));
        }
        if !answer.nothing.is_empty() {
            lines.push(failed(answer.nothing));
        }
        Some(lines)
    }

    /// `journal 12s 12.5s api=Fetch node=broker-1`: who sent what to whom, and what became of it.
    fn about_messages(&self, line: &str, language: Language) -> Option<Vec<TerminalLine>> {
        let mut words = line.split_whitespace();
        words.next().filter(|first| *first == "journal")?;
        let (words, text): (Vec<&str>, _) = (words.collect(), language.text());
        let asked = match journal::asked(&words, &self.lab.run().world, self.lab.now()) {
            Ok(asked) => asked,
            Err(word) => return Some(vec![failed(unknown_word(&word, text))]),
        };
        let branch = self.lab.history().branch();
        Some(match journal::journal(branch, self.lab.now(), &asked, JOURNAL_BOUNDS) {
            Ok(messages) => {
                let (head, lines) = journal_lines(&messages, text);
                std::iter::once(comment(head)).chain(lines.into_iter().map(output)).collect()
            }
            Err(why) => vec![failed(no_journal(&why, text))],
        })
    }

    /// `frame request api=Produce node=web`: the newest such message as bytes.
    fn about_bytes(&self, line: &str, language: Language) -> Option<Vec<TerminalLine>> {
        let mut words = line.split_whitespace();
        words.next().filter(|first| *first == "frame")?;
        let (words, text): (Vec<&str>, _) = (words.collect(), language.text());
        let wants = |word: &str| words.contains(&word);
        let takes = |told: &Told| wants("request") == wants("response") || told.is_request == wants("request");
        let others: Vec<&str> = words.iter().copied().filter(|word| !["request", "response"].contains(word)).collect();
        let asked = match journal::asked(&others, &self.lab.run().world, self.lab.now()) {
            Ok(asked) => asked,
            Err(word) => return Some(vec![failed(unknown_word(&word, text))]),
        };
        let branch = self.lab.history().branch();
        let bounds = Bounds { messages: usize::MAX, ..JOURNAL_BOUNDS };
        let told = match journal::journal(branch, self.lab.now(), &asked, bounds) {
            Ok(messages) => messages.told.into_iter().rev().find(takes),
            Err(why) => return Some(vec![failed(no_journal(&why, text))]),
        };
        let Some(told) = told else { return Some(vec![failed(text.spacetime.none_fits.to_owned())]) };
        Some(match journal::message(branch, (told.id, told.sent), JOURNAL_BOUNDS.events) {
            Ok(Some(message)) => {
                let view = frame(&message, text);
                let lines =
                    view.lines.iter().map(|line| output(format!("{}  {:<23}  {}", line.at, line.hex, line.letters)));
                std::iter::once(comment(view.title)).chain(lines).collect()
            }
            Ok(None) => vec![failed(text.spacetime.lost_frame.to_owned())],
            Err(why) => vec![failed(no_journal(&why, text))],
        })
    }
}

pub(super) fn failed(text: String) -> TerminalLine {
    TerminalLine { kind: LineKind::Error, text }
}

/// The reckoning, where the key goes, and who reckons otherwise.
fn told_where(row: &WhereRow) -> Vec<TerminalLine> {
    let reckoning = (!row.formula.is_empty()).then(|| comment(row.formula.join(", ")));
    let notes = row.notes.iter().map(|note| comment(note.as_str()));
    reckoning.into_iter().chain([output(row.sentence.as_str())]).chain(notes).collect()
}

/// An answer as the terminal prints it: when it came and to which line, then the answer itself.
pub fn printed(line: &str, answer: &Answer) -> Vec<TerminalLine> {
    let mut lines = vec![comment(format!("{} {line}", answer.at))];
    // A tool that goes on printing says not again which it is.
    if answer.outcome.as_ref().is_ok_and(Vec::is_empty) {
        lines.clear();
    }
    if let Some(tool) = &answer.tool {
        lines.extend(tool.iter().cloned());
        let sentence = answer.outcome.as_ref().err().map(|error| error.error.sentence.clone());
        lines.extend(sentence.filter(|sentence| !sentence.is_empty()).map(comment));
        return lines;
    }
    match &answer.outcome {
        Ok(said) => lines.extend(said.iter().map(String::as_str).map(output)),
        Err(error) => lines.extend(complaint(error)),
    }
    lines
}

/// Kafka's words first, then the sentence.
pub(super) fn complaint(error: &FormError) -> Vec<TerminalLine> {
    let error = &error.error;
    let kafka = [error.name.as_str(), error.text.as_str()].into_iter().filter(|part| !part.is_empty());
    let kafka = kafka.collect::<Vec<_>>().join(": ");
    let mut lines = Vec::new();
    if !error.source.is_empty() {
        lines.push(comment(error.source.clone()));
    }
    let is_ours = kafka.is_empty();
    if !is_ours {
        lines.push(TerminalLine { kind: LineKind::Error, text: kafka });
    }
    match (error.sentence.is_empty(), is_ours) {
        (true, _) => {}
        (false, true) => lines.push(TerminalLine { kind: LineKind::Error, text: error.sentence.clone() }),
        (false, false) => lines.push(comment(error.sentence.clone())),
    }
    lines
}
