//! The laboratory's door. Intents and the reader's time go in; frames come out.

use crate::branch::PlacedCommand;
use crate::command::link::{Link, Origin, SEMANTICS};
use crate::command::{TextError, cli};
use crate::history::{History, Progress};
use crate::pace::LOOK_AHEAD;
use crate::playback::{Playback, Stops, Tempo, Tempometer};
use crate::run::{Happening, Run};
use crate::scenario::Scenario;
use base::{Digest, Str, Time};
use check::Counts;
use sim::{Command, CommandError};

/// Facts of so many seconds of presentation time make the picture.
pub const RECENT: f64 = 0.4;
/// The same where motion is reduced.
pub const RECENT_REDUCED: f64 = crate::history::RECENT;

/// Anything that a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Play,
    Pause,
    TogglePlay,
    /// One event or command on.
    Step,
    StepBack,
    NextVisible,
    PreviousVisible,
    Seek(Time),
    /// To where the scene opens.
    SeekStart,
    /// To the latest instant seen on this branch.
    SeekEnd,
    Tempo(Tempo),
    Fork,
    /// Shows the branch with this index.
    SwitchBranch(usize),
    Undo,
    Redo,
    /// Sets a mark here.
    Mark(Str),
    Command(Command),
    /// A line of text, ours or of Kafka's own tools.
    Line(String),
}

/// What came of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The playhead, the pace or the branches changed.
    Moved,
    /// A command was carried out. With a ticket the cluster will answer later (`Run::answer`).
    Carried { command: Command, ticket: Option<u64> },
}

/// Why an intent came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabError {
    /// The world does not take the command.
    Command(CommandError),
    Text(TextError),
    Cli(cli::CliError),
    NoSuchBranch,
    /// There is nothing to go back to, to repeat or to go on to.
    Nothing,
}

impl std::fmt::Display for LabError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LabError::Command(error) => error.fmt(f),
            LabError::Text(error) => error.fmt(f),
            LabError::Cli(error) => error.fmt(f),
            LabError::NoSuchBranch => f.write_str("there is no such branch"),
            LabError::Nothing => f.write_str("there is nothing there"),
        }
    }
}

impl std::error::Error for LabError {}

/// One picture's worth of state. The picture is a pure function of it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// A handle that copies on write.
    pub run: Run,
    pub now: Time,
    /// Presentation time in seconds.
    pub tau: f64,
    /// Visible facts of the last moments with their age in seconds of presentation time, oldest
    /// first.
    pub recent: Vec<(f64, Happening)>,
    pub branch: BranchInfo,
    pub playing: bool,
    pub tempo: Tempometer,
    /// The last frame could not do all that its tempo asked for.
    pub behind: bool,
}

/// Where the reader stands among branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchInfo {
    pub index: usize,
    pub count: usize,
    pub name: Str,
    pub seen_until: Time,
    pub opens_at: Time,
    pub can_undo: bool,
    pub can_redo: bool,
}

/// A world, its history and its playback.
#[derive(Clone, Debug)]
pub struct Lab {
    scenario: Scenario,
    history: History,
    playback: Playback,
}

impl Lab {
    /// Runs the scenario up to where its scene opens, and stands there, paused.
    pub fn new(scenario: Scenario) -> Lab {
        let mut history = History::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        history.seek(scenario.opens_at);
        Lab::with_history(scenario, history)
    }

    /// Stands at the scenario's very beginning, paused: [`go_on`](Self::go_on) runs it up to where its scene opens,
    /// a slice at a time.
    pub fn begin(scenario: Scenario) -> Lab {
        let history = History::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        Lab::with_history(scenario, history)
    }

    /// Goes on towards an instant with at most `budget` events, whether it plays or not.
    pub fn go_on(&mut self, to: Time, budget: u64) -> Progress {
        self.history.run_to(to, budget)
    }

    /// When the next visible event comes, after at most `budget` events of looking ahead. The reader stays where he is.
    pub fn find_visible(&mut self, budget: u64) -> Option<Time> {
        self.history.find_visible(budget)
    }

    pub(crate) fn with_history(scenario: Scenario, history: History) -> Lab {
        Lab { scenario, history, playback: Playback::default() }
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
    pub fn history(&self) -> &History {
        &self.history
    }
    pub fn run(&self) -> &Run {
        &self.history.cursor().run
    }
    pub fn now(&self) -> Time {
        self.history.cursor().at
    }
    pub fn playback(&self) -> Playback {
        self.playback
    }

    /// Does what is asked for.
    ///
    /// # Errors
    /// Why it came to nothing; then nothing has changed, except that the playhead may have gone on to
    /// the next round instant.
    pub fn dispatch(&mut self, intent: Intent) -> Result<Done, LabError> {
        let moved = match intent {
            Intent::Play => self.play(true),
            Intent::Pause => self.play(false),
            Intent::TogglePlay => self.play(!self.playback.playing),
            Intent::Tempo(tempo) => {
                self.playback.tempo = match tempo {
                    Tempo::Auto => Tempo::Auto,
                    Tempo::Manual(rate) => Tempo::manual(rate),
                };
                Some(())
            }
            Intent::Step => self.history.step().map(drop),
            Intent::StepBack => self.history.step_back().map(drop),
            Intent::NextVisible => self.history.next_visible().map(drop),
            Intent::PreviousVisible => self.history.previous_visible().map(drop),
            Intent::Seek(to) => self.seek(to),
            Intent::SeekStart => self.seek(self.scenario.opens_at),
            Intent::SeekEnd => self.seek(self.history.branch().seen_until),
            Intent::Fork => {
                self.history.fork();
                Some(())
            }
            Intent::SwitchBranch(index) => {
                self.history.switch(index).ok_or(LabError::NoSuchBranch)?;
                Some(())
            }
            Intent::Undo => self.history.undo().map(drop),
            Intent::Redo => self.history.redo().map(drop),
            Intent::Mark(name) => {
                self.history.mark(&name);
                Some(())
            }
            Intent::Command(command) => return self.command(command),
            Intent::Line(line) => return self.command(read_line(&line)?),
        };
        self.history.look_ahead(self.now() + LOOK_AHEAD, 5_000);
        moved.map(|()| Done::Moved).ok_or(LabError::Nothing)
    }

    /// Chooses what playing does at an unsafe step; by default it pauses there.
    pub fn set_stops(&mut self, stops: Stops) {
        self.playback.stops = stops;
    }

    /// Lets `seconds` of the reader's time pass with at most `budget` events. Does nothing while
    /// paused; pauses at an unsafe step.
    pub fn advance(&mut self, seconds: f64, budget: u64) -> Progress {
        if !self.playback.playing {
            return Progress { events: 0, arrived: true };
        }
        let mut playback = self.playback;
        let progress = playback.advance(&mut self.history, seconds, budget);
        self.playback = playback;
        progress
    }

    /// The picture of this moment, with facts of the last `window` seconds of presentation time
    /// ([`RECENT`] or [`RECENT_REDUCED`]).
    pub fn frame(&self, window: f64) -> Frame {
        let (history, cursor) = (&self.history, self.history.cursor());
        let pace = history.branch().marks.pace();
        let tau = pace.tau(cursor.at);
        let branch = BranchInfo {
            index: history.current(),
            count: history.branches().len(),
            name: history.branch().name.clone(),
            seen_until: history.branch().seen_until,
            opens_at: self.scenario.opens_at,
            can_undo: history.can_undo(),
            can_redo: history.can_redo(),
        };
        Frame {
            run: cursor.run.clone(),
            now: cursor.at,
            tau,
            recent: history.recent(window).map(|fact| (self.age(tau, cursor.at, fact.at), fact.clone())).collect(),
            branch,
            playing: self.playback.playing,
            tempo: self.playback.tempometer(history),
            behind: self.playback.behind,
        }
    }

    /// How long ago in seconds of presentation time.
    fn age(&self, tau: f64, now: Time, at: Time) -> f64 {
        match self.playback.tempo {
            Tempo::Auto => tau - self.history.branch().marks.pace().tau(at),
            Tempo::Manual(rate) => now.since(at).0 as f64 / 1e9 / rate,
        }
    }

    /// A link to this moment: the whole experiment of this branch.
    pub fn link(&self) -> Link {
        let (history, cursor) = (&self.history, self.history.cursor());
        let commands = history.branch().commands[history.prelude()..].to_vec();
        let end = commands.last().map_or(cursor.at, |last| last.at().max(cursor.at));
        let state = history.state_of(history.current(), end).unwrap_or_else(|| cursor.clone());
        Link {
            semantics: SEMANTICS,
            seed: self.scenario.seed,
            origin: self.scenario.origin(),
            commands: match self.scenario.origin() {
                Origin::Scenario(_) => commands,
                Origin::Setup(_) => history.branch().commands.clone(),
            },
            end,
            playhead: cursor.at,
            events: state.run.world.events(),
            run_digest: state.run.world.run_digest(),
            state_digest: state.run.world.state_digest(),
        }
    }

    /// The link as a fragment; also what autosave keeps.
    pub fn share(&self) -> String {
        self.link().write()
    }

    /// The digest over every field of the state, as the page shows it.
    pub fn state_digest(&self) -> Digest {
        self.run().world.state_digest()
    }

    /// The experiment as command lines.
    pub fn script(&self) -> String {
        Scenario::script(&self.history.branch().commands, self.history.prelude())
    }

    /// The ledgers of two branches at this instant.
    pub fn compare(&self, a: usize, b: usize) -> Option<(Counts, Counts)> {
        self.history.counts_of_both(a, b, self.now())
    }

    /// All commands of this branch.
    pub fn commands(&self) -> &[PlacedCommand] {
        &self.history.branch().commands
    }

    fn play(&mut self, playing: bool) -> Option<()> {
        self.playback.playing = playing;
        Some(())
    }

    fn seek(&mut self, to: Time) -> Option<()> {
        self.history.seek(to);
        Some(())
    }

    fn command(&mut self, command: Command) -> Result<Done, LabError> {
        let after = self.playback.effect_after(self.now());
        if after > self.now() {
            self.history.run_to(after, u64::MAX);
        }
        let ticket = self.history.command(&command).map_err(LabError::Command)?;
        self.history.look_ahead(self.now() + LOOK_AHEAD, 5_000);
        Ok(Done::Carried { command, ticket })
    }
}

/// A line of ours or of Kafka's own tools.
fn read_line(line: &str) -> Result<Command, LabError> {
    if cli::is_kafka(line) {
        return cli::parse(line).map_err(LabError::Cli);
    }
    crate::command::parse(line).map_err(LabError::Text)
}
