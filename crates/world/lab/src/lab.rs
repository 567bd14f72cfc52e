//! The laboratory's door. Intents and the reader's time go in; frames come out.

use crate::acts::Acts;
use crate::allowance::Allowance;
use crate::budget::Budget;
use crate::history::{History, Progress, Refused};
use crate::intent::{Done, Intent, LabError};
use crate::journey::{Distance, JUMP, LOOK_AHEAD_EVENTS, Travel};
use crate::linking::Linking;
use crate::marks::Saying;
use crate::pace::LOOK_AHEAD;
use crate::playback::{Playback, Stops, Tempo, Tempometer};
use crate::purse::Purse;
use crate::run::{Happening, Run};
use base::{Digest, Str, Time};
use script::PlacedCommand;
use script::Scenario;
use script::cli;
use script::limits::{self, Beyond, LONGEST_RUN};
use script::link::{Link, LinkTooLong};
use sim::Command;

/// Events that playing on to the next round instant may take before an act is carried out where it is.
const ROUNDING: u64 = 500;
/// Facts of so many seconds of presentation time make the picture.
pub const RECENT: f64 = 0.4;
/// The same where motion is reduced.
pub const RECENT_REDUCED: f64 = crate::history::RECENT;

/// One picture's worth of state. The picture is a pure function of it.
#[derive(Clone, Debug)]
pub struct Frame {
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
    pub(crate) history: History,
    playback: Playback,
    pub(crate) purse: Purse,
}

impl Lab {
    /// Runs the scenario up to where its scene opens, and stands there, paused.
    pub fn new(scenario: Scenario) -> Lab {
        let mut lab = Lab::begin(scenario);
        while lab.travel(&mut Allowance::events(u64::MAX)) == Travel::UnderWay {}
        lab
    }

    /// Stands at the scenario's very beginning, paused, and sets out for where its scene opens:
    /// [`travel`](Self::travel) goes there, a slice at a time.
    pub fn begin(scenario: Scenario) -> Lab {
        let mut history = History::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        history.set_out(scenario.opens_at);
        Lab::with_history(scenario, history)
    }

    /// The pace leaves time to read what `saying` says. Before anything has happened.
    #[must_use]
    pub fn telling(mut self, saying: Saying) -> Lab {
        self.history.tell(saying);
        self
    }

    /// Goes on with the way that an intent has begun, as far as is allowed. Where a budget is used up it ends.
    pub fn travel(&mut self, allowance: &mut Allowance<'_>) -> Travel {
        let travel = self.history.travel(allowance);
        // What is known already costs nothing that was not spent before.
        let is_new = self.now() >= self.history.branch().marks.known();
        if travel == Travel::UnderWay && is_new && self.purse.look(&self.history) {
            self.history.stop();
            return Travel::Arrived;
        }
        if travel == Travel::Arrived && self.purse.spent().is_some() {
            self.purse.look(&self.history);
        }
        travel
    }

    /// What may be spent; a fresh laboratory has the usual [`Budget`].
    pub fn set_budget(&mut self, budget: Budget) {
        self.purse = self.purse.with(budget);
    }

    /// The whole page takes so many bytes: nothing here can know that.
    pub fn set_memory(&mut self, bytes: u64) {
        self.purse.set_memory(bytes);
    }

    /// What is spent, and what the reader chose to do about it.
    pub fn purse(&self) -> &Purse {
        &self.purse
    }

    /// How far the way has been gone; `None`: nobody is on any.
    pub fn distance(&self) -> Option<Distance> {
        self.history.distance()
    }

    /// About how many events are left of the way, where that can be told beforehand: within what is known.
    pub fn events_left(&self) -> Option<u64> {
        self.history.events_left()
    }

    /// Stays where the way has led so far.
    pub fn stop(&mut self) {
        self.history.stop();
    }

    /// Frees what was given up on the way here, and learns a little of what comes next, so that the pace here is known.
    /// True when it is.
    pub fn settle(&mut self, allowance: &mut Allowance<'_>) -> bool {
        self.history.let_go();
        if self.is_settled() {
            return true;
        }
        self.history.look_ahead(self.now() + LOOK_AHEAD, LOOK_AHEAD_EVENTS, allowance)
    }

    /// Is the pace here known, and nothing left to be freed?
    pub fn is_settled(&self) -> bool {
        // Where the clock stands still, what comes next is never known.
        let known = self.history.branch().marks.known();
        let is_known = known >= (self.now() + LOOK_AHEAD).min(LONGEST_RUN) || self.history.standstill().is_some();
        is_known && !self.history.branch().holds_given_up()
    }

    pub(crate) fn with_purse(self, purse: Purse) -> Lab {
        Lab { purse, ..self }
    }

    pub(crate) fn with_history(scenario: Scenario, history: History) -> Lab {
        Lab { scenario, history, playback: Playback::default(), purse: Purse::default() }
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

    /// Does what is asked for, however long the way is; only into the unknown it goes no further than so many events
    /// lead.
    ///
    /// # Errors
    /// As [`set_about`](Self::set_about).
    pub fn dispatch(&mut self, intent: Intent) -> Result<Done, LabError> {
        let done = self.set_about(intent)?;
        let mut travel = self.travel(&mut Allowance::events(JUMP));
        if travel == Travel::UnderWay && self.now() >= self.history.branch().marks.known() {
            self.history.set_out(self.now());
        }
        while travel == Travel::UnderWay {
            travel = self.travel(&mut Allowance::events(u64::MAX));
        }
        self.settle(&mut Allowance::events(LOOK_AHEAD_EVENTS));
        if travel == Travel::InVain { Err(LabError::Nothing) } else { Ok(done) }
    }

    /// Does what is asked for if it is done in no time, and sets out for it otherwise: then [`travel`](Self::travel)
    /// goes on.
    ///
    /// # Errors
    /// Why it came to nothing; then nothing has changed, except that the playhead may have gone on to
    /// the next round instant.
    pub fn set_about(&mut self, intent: Intent) -> Result<Done, LabError> {
        if !matches!(intent, Intent::Play | Intent::Pause | Intent::TogglePlay | Intent::Mark(_)) {
            self.playback.begin_reading();
        }
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
            Intent::Command(command) => return self.command(command),
            Intent::Line(line) => return self.command(read_line(&line)?),
            Intent::Mark(name) => {
                self.history.mark(&name);
                Some(())
            }
            Intent::Step
            | Intent::StepBack
            | Intent::NextVisible
            | Intent::PreviousVisible
            | Intent::Seek(_)
            | Intent::SeekStart
            | Intent::SeekEnd
            | Intent::Fork
            | Intent::SwitchBranch(_)
            | Intent::Undo
            | Intent::Redo
            | Intent::LeaveOut(_)
            | Intent::PutBack(_) => return self.walk(intent),
        };
        moved.map(|()| Done::Moved).ok_or(LabError::Nothing)
    }

    /// Whoever is on a way stops where he is and goes another.
    fn walk(&mut self, intent: Intent) -> Result<Done, LabError> {
        if intent.is_relative() && self.history.leads_to_the_known() {
            // From where he is going to, not from somewhere on the way.
            while self.history.travel(&mut Allowance::events(u64::MAX)) == Travel::UnderWay {}
        }
        if let Some(begin) = self.is_forgotten(&intent) {
            self.history.stop();
            return Err(LabError::Forgotten(begin));
        }
        if matches!(intent, Intent::Redo | Intent::PutBack(_)) {
            self.has_room()?;
        }
        if !intent.changes_acts() {
            self.history.stop();
        }
        let history = &mut self.history;
        let moved = match intent {
            Intent::Step => history.step().map(drop),
            Intent::StepBack => history.set_out_back().map(drop),
            Intent::NextVisible => {
                history.set_out_for_visible();
                Some(())
            }
            Intent::PreviousVisible => history.set_out_for_earlier_visible(),
            Intent::Seek(to) => self.seek(to),
            Intent::SeekStart => self.seek(self.scenario.opens_at),
            Intent::SeekEnd => self.seek(self.history.branch().seen_until),
            Intent::Fork => {
                history.fork();
                Some(())
            }
            Intent::SwitchBranch(index) => {
                history.switch(index).ok_or(LabError::NoSuchBranch)?;
                Some(())
            }
            Intent::Undo => history.undo().map(drop),
            Intent::Redo => history.redo().map(drop),
            Intent::LeaveOut(id) => history.leave_out(id).map(drop),
            Intent::PutBack(id) => history.put_back(id).map(drop),
            Intent::Play
            | Intent::Pause
            | Intent::TogglePlay
            | Intent::Tempo(_)
            | Intent::Mark(_)
            | Intent::Command(_)
            | Intent::Line(_) => return self.set_about(intent),
        };
        if self.purse.spent().is_some() {
            // Elsewhere it may be another, or none.
            self.purse.look(&self.history);
        }
        moved.map(|()| Done::Moved).ok_or(LabError::Nothing)
    }

    /// Chooses what playing does at an unsafe step; by default it pauses there.
    pub fn set_stops(&mut self, stops: Stops) {
        self.playback.stops = stops;
    }

    /// Lets `seconds` of the reader's time pass with at most `budget` events. Does nothing while
    /// paused; pauses at an unsafe step and where a budget is used up.
    pub fn advance(&mut self, seconds: f64, budget: u64) -> Progress {
        self.advance_within(seconds, &mut Allowance::events(budget))
    }

    /// The same, as far as is allowed.
    pub fn advance_within(&mut self, seconds: f64, allowance: &mut Allowance<'_>) -> Progress {
        if !self.playback.playing || self.history.journey.is_some() {
            return Progress::NONE;
        }
        let mut playback = self.playback;
        let progress = playback.advance(&mut self.history, seconds, allowance);
        self.history.let_go();
        self.purse.spare(&mut self.history);
        playback.playing &= !self.purse.look(&self.history);
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
            now: cursor.at,
            tau,
            recent: history.recent(window).map(|fact| (self.age(tau, cursor.at, fact.at), fact.clone())).collect(),
            branch,
            playing: self.playback.playing,
            tempo: self.playback.tempometer(history),
            behind: self.playback.behind,
        }
    }

    /// Seconds of Kafka per second of the reader's time where he stands, on average over what he just saw: what depends
    /// on it shall not flicker.
    pub fn rate(&self) -> f64 {
        match self.playback.tempo {
            Tempo::Auto => self.history.branch().marks.pace().rate_over(RECENT, self.now()),
            Tempo::Manual(rate) => rate,
        }
    }

    /// How long ago in seconds of presentation time.
    pub(crate) fn age(&self, tau: f64, now: Time, at: Time) -> f64 {
        match self.playback.tempo {
            Tempo::Auto => tau - self.history.branch().marks.pace().tau(at),
            Tempo::Manual(rate) => now.since(at).0 as f64 / 1e9 / rate,
        }
    }

    /// A link to this moment; [`Linking`] writes it in parts.
    pub fn link(&self) -> Link {
        let mut linking = Linking::of(self);
        loop {
            if let Some(link) = linking.advance(&mut Allowance::events(u64::MAX)) {
                return link;
            }
        }
    }

    /// The same without hashes, which cost a walk over all of the state: nobody can say whether its run comes out the
    /// same, but nothing is lost.
    pub fn draft(&self) -> Link {
        self.draft_of_acts(&self.history.branch().acts, self.now())
    }

    /// The same of another branch, up to where it has been seen.
    pub fn draft_of(&self, branch: usize) -> Option<Link> {
        let branch = self.history.branches().get(branch)?;
        Some(self.draft_of_acts(&branch.acts, branch.seen_until))
    }

    fn draft_of_acts(&self, acts: &Acts, now: Time) -> Link {
        crate::linking::draft(&self.scenario, acts, now)
    }

    /// The link as a fragment; it has been read again.
    ///
    /// # Errors
    /// What no link could hold, and what takes the most room.
    pub fn share(&self) -> Result<String, LinkTooLong> {
        self.link().text()
    }

    /// The digest over every field of the state, as the page shows it.
    pub fn state_digest(&self) -> Digest {
        self.run().world.state_digest()
    }

    /// The experiment as command lines.
    pub fn script(&self) -> String {
        let own: Vec<PlacedCommand> = self.history.branch().acts.own().cloned().collect();
        Scenario::script(&own)
    }

    /// All commands of this branch.
    pub fn commands(&self) -> &[PlacedCommand] {
        self.history.branch().commands()
    }

    fn play(&mut self, playing: bool) -> Option<()> {
        self.playback.playing = playing;
        Some(())
    }

    /// Where rewinding ends, if an intent leads further back.
    fn is_forgotten(&self, intent: &Intent) -> Option<Time> {
        let (branch, now) = (self.history.branch(), self.now());
        let behind = |after: Time| Some(after).filter(|after| *after < self.history.standing());
        let begin = branch.rewinds_to();
        let to = match intent {
            Intent::Seek(to) => Some(*to),
            Intent::SeekStart => Some(self.scenario.opens_at),
            Intent::Undo => branch.acts.last_done().and_then(|act| behind(act.after)),
            Intent::Redo => branch.acts.last_undone().and_then(|act| behind(act.after)),
            Intent::LeaveOut(id) | Intent::PutBack(id) => branch.acts.find(*id).and_then(|(after, _)| behind(after)),
            Intent::StepBack => Some(Time(self.run().world.now().0.saturating_sub(1))),
            Intent::PreviousVisible => branch.marks.previous(now),
            Intent::SwitchBranch(index) => {
                let other = self.history.branches().get(*index)?;
                let at = now.min(other.seen_until);
                return (at < other.rewinds_to()).then(|| other.rewinds_to());
            }
            Intent::Step
            | Intent::NextVisible
            | Intent::SeekEnd
            | Intent::Fork
            | Intent::Play
            | Intent::Pause
            | Intent::TogglePlay
            | Intent::Tempo(_)
            | Intent::Mark(_)
            | Intent::Command(_)
            | Intent::Line(_) => None,
        };
        to.filter(|to| *to < begin && begin > Time::ZERO).map(|_| begin)
    }

    fn seek(&mut self, to: Time) -> Option<()> {
        self.history.set_out(to);
        Some(())
    }

    fn command(&mut self, command: Command) -> Result<Done, LabError> {
        limits::check(&command).map_err(LabError::Beyond)?;
        self.history.stop();
        let after = self.playback.effect_after(self.now());
        self.carry_out(command, after)
    }

    /// One command more of an act that is under way: right behind the one before, at whatever pace time passes.
    ///
    /// # Errors
    /// As [`set_about`](Self::set_about).
    pub fn go_on_with(&mut self, command: Command) -> Result<Done, LabError> {
        limits::check(&command).map_err(LabError::Beyond)?;
        let now = self.now();
        self.carry_out(command, now)
    }

    fn carry_out(&mut self, command: Command, after: Time) -> Result<Done, LabError> {
        if after > self.now() && after < LONGEST_RUN {
            self.history.run_to(after, &mut Allowance::events(ROUNDING));
        }
        if self.now() >= LONGEST_RUN {
            return Err(LabError::TheEnd);
        }
        self.has_room()?;
        let ticket = self.history.command(&command).map_err(|refused| match refused {
            Refused::ByWorld(error) => LabError::Command(error),
            Refused::ByCluster { by, error, message } => {
                LabError::Cluster { command: Box::new(command.clone()), by, error, message }
            }
        })?;
        Ok(Done::Carried { command, ticket })
    }

    /// Is one act more not too many?
    fn has_room(&self) -> Result<(), LabError> {
        if self.history.branch().acts.all().len() >= limits::STEPS {
            return Err(LabError::Beyond(Beyond { what: "steps", limit: limits::STEPS as u64 }));
        }
        Ok(())
    }
}

/// A line of ours or of Kafka's own tools.
fn read_line(line: &str) -> Result<Command, LabError> {
    if cli::is_kafka(line) {
        let mut run = cli::run(line).map_err(LabError::Cli)?;
        run.begin();
        return Ok(run.command);
    }
    script::parse(line).map_err(LabError::Text)
}
