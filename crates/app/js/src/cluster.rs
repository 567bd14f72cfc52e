//! A cluster that goes forward: acts, events, facts. It has no past to go back to, so that it can run for as long as a script
//! likes; what it spends is bounded by the same budgets as in the page, and the links that it writes are the page's.

use crate::given::{Given, Source};
use crate::heard::{Heard, Interest, News};
use base::Time;
use lab::branch::{Branch, Cursor, Moved};
use lab::budget::{Budget, Spent};
use lab::{LabError, Outcome, Run};
use port::OperatorAnswer;
use script::cli::{self, CliError, Output};
use script::limits::{self, Beyond, LONGEST_RUN};
use script::link::Link;
use script::{Command, PlacedCommand, Scenario, WorldCommand};
use serde::Serialize;
use session::State;
use session::visit::Place;
use view::picture;
use view::program::Impossible;
use view::text::Language;

/// Events between two looks at what has been spent, and the most that happens before listeners hear of it.
pub const SLICE: u64 = 4_096;
/// So far a copy of the run is waited on for the cluster's answer to an act…
const PATIENCE: u64 = 2_000_000_000;
/// …and so many events.
const REHEARSED: u32 = 5_000;

/// See the module.
pub struct Cluster {
    scenario: Scenario,
    branch: Branch,
    cursor: Cursor,
    language: Language,
    news: News,
    remark: Option<String>,
    budget: Budget,
}

/// What came of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acted {
    /// It was done, and nobody is going to refuse it.
    pub ok: bool,
    /// Why not, in Kafka's words where they are Kafka's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What the cluster will answer, where it is asked something and answers soon.
    pub answer: Vec<String>,
    /// What one of Kafka's tools prints of it, both streams; nothing for lines of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<Vec<String>>,
    /// The tool's exit code, as far as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
}

/// A command with the cluster's answer, where there is one.
type Carried = Option<(Command, OperatorAnswer)>;

/// How far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    UnderWay,
    Arrived,
}

impl Cluster {
    /// Stands where the text or the link opens: texts without `open:` before their first event.
    ///
    /// # Errors
    /// What is wrong with what it is made of, or what it would cost to get there.
    pub fn new(given: &Given) -> Result<Cluster, Impossible> {
        match given.source()? {
            Source::Scenario(scenario) => {
                let mut cluster = Cluster::at_the_beginning(*scenario, given.language);
                cluster.hurry(cluster.scenario.opens_at)?;
                Ok(cluster)
            }
            Source::Link(link) => Cluster::of_link(&link, given.language),
        }
    }

    fn at_the_beginning(scenario: Scenario, language: Language) -> Cluster {
        let branch = Branch::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        let cursor = branch.nearest(Time::ZERO);
        Cluster { scenario, branch, cursor, language, news: News::default(), remark: None, budget: Budget::default() }
    }

    fn of_link(link: &Link, language: Language) -> Result<Cluster, Impossible> {
        let unknown = || {
            let id = link.origin.scenario().map_or_else(Default::default, |(id, _)| id.clone());
            let broken = script::link::Broken { error: script::link::LinkError::UnknownScenario(id), partial: None };
            let view = picture::of_link(&broken, language.text());
            Impossible::Link(format!("{}. {}", view.title, view.text))
        };
        let mut cluster = Cluster::at_the_beginning(lab::scenario_of(link).ok_or_else(unknown)?, language);
        let without = link.origin.scenario().map_or(&[][..], |(_, without)| without);
        cluster.branch.acts.append_recorded(&link.commands, without);
        cluster.hurry(link.playhead)?;
        cluster.remark = cluster.differs(link);
        Ok(cluster)
    }

    /// What there is to say where a link's run went otherwise than the one that was shared.
    fn differs(&self, link: &Link) -> Option<String> {
        let world = &self.run().world;
        if !link.has_hashes() || link.playhead != link.end || world.run_digest() == link.run_digest {
            return None;
        }
        let expected = lab::Digests { run: link.run_digest, state: link.state_digest };
        let got = lab::Digests { run: world.run_digest(), state: world.state_digest() };
        let view = picture::of_outcome(&Outcome::Differs { expected, got }, got.state, self.language.text());
        Some(format!("{}. {}", view.title, view.text))
    }

    /// Goes there at once; nobody listens yet.
    fn hurry(&mut self, to: Time) -> Result<(), Impossible> {
        while self.go(to)? == Going::UnderWay {
            self.news.tell(&self.cursor.run, &[], self.language);
        }
        self.news.tell(&self.cursor.run, &[], self.language);
        Ok(())
    }

    pub fn run(&self) -> &Run {
        &self.cursor.run
    }

    pub fn now(&self) -> Time {
        self.cursor.at
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Something about the link that it was made of.
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// The instant that a program names.
    ///
    /// # Errors
    /// The text has no such mark, or it is over.
    pub fn instant(&self, place: &Place) -> Result<Time, Impossible> {
        let at = match place {
            Place::At(at) => *at,
            Place::Mark(name) => {
                let mark = self.scenario.mark(name);
                mark.map(|mark| mark.at).ok_or_else(|| Impossible::NoMark(name.clone()))?
            }
        };
        if at < self.now() { Err(Impossible::Behind { now: self.now() }) } else { Ok(at) }
    }

    /// Goes on to `to`, by [`SLICE`] events at most. A script may go in pieces as small as it likes, so each looks at what
    /// has been spent.
    ///
    /// # Errors
    /// A budget is used up.
    pub fn go(&mut self, to: Time) -> Result<Going, Impossible> {
        let mut moves = (0..SLICE).map(|_| self.branch.advance(&mut self.cursor, to, &mut self.news.fresh));
        let going = if moves.any(|moved| moved == Moved::Nothing) { Going::Arrived } else { Going::UnderWay };
        // Nobody goes back.
        self.branch.forget_before(self.cursor.at);
        self.spent().map_or(Ok(going), |spent| Err(Impossible::Spent(spent)))
    }

    /// One event or act. False: nothing will ever happen again.
    ///
    /// # Errors
    /// A budget is used up.
    pub fn step(&mut self) -> Result<bool, Impossible> {
        if let Some(spent) = self.spent() {
            return Err(Impossible::Spent(spent));
        }
        let moved = self.branch.advance(&mut self.cursor, Time::MAX, &mut self.news.fresh);
        if self.run().world.events().is_multiple_of(SLICE) {
            self.branch.forget_before(self.cursor.at);
        }
        Ok(moved != Moved::Nothing)
    }

    fn spent(&self) -> Option<Spent> {
        let (world, budget) = (&self.run().world, self.budget);
        let (events, disks) = (world.events(), world.disks());
        if let Some(standstill) = world.standstill() {
            return Some(Spent::Standstill { at: standstill.since, events: standstill.events });
        }
        if events > budget.events {
            return Some(Spent::Events { count: events });
        }
        if disks.used > budget.disk_bytes {
            return Some(Spent::DiskBytes { bytes: disks.used });
        }
        (disks.held > budget.world).then_some(Spent::World { bytes: disks.held })
    }

    /// Carries out a line as the terminal does, ours or of Kafka's own tools. What the cluster is asked by it is under way
    /// then; a copy of the run tells what it will answer, if nothing comes between.
    pub fn act(&mut self, line: &str) -> Acted {
        let mut acted = Acted { ok: true, error: None, answer: Vec::new(), printed: None, exit: None };
        let carried = if cli::is_kafka(line) {
            let (output, carried) = self.act_of_tool(line);
            (acted.printed, acted.exit) = (output.as_ref().map(Output::plain), output.map(|output| output.exit));
            carried
        } else {
            let command = script::parse(line).map_err(LabError::Text);
            command.and_then(|command| Ok(self.place(&command)?.map(|answer| (command, answer))))
        };
        let text = self.language.text();
        let answered =
            carried.map(|carried| carried.map(|(command, answer)| picture::answered(&command, &answer, text)));
        match answered {
            Ok(Some(Ok(said))) => acted.answer = said,
            Ok(None) => {}
            Ok(Some(Err(refused))) => (acted.ok, acted.error) = (false, Some(said(&refused.error))),
            Err(error) => (acted.ok, acted.error) = (false, Some(said(&picture::of_lab(&error, text).error))),
        }
        acted
    }

    /// What one of Kafka's tools prints, and its last question with the answer.
    fn act_of_tool(&mut self, line: &str) -> (Option<Output>, Result<Carried, LabError>) {
        let run = match cli::run(line) {
            Ok(run) => run,
            // It has printed what was asked for, and asks nobody.
            Err(CliError::Told(output)) => return (Some(output), Ok(None)),
            Err(CliError::Files(dump)) => return (Some(dump.print(&self.run().world.first_cluster())), Ok(None)),
            Err(error) => return (error.printed().cloned(), Err(LabError::Cli(error))),
        };
        let pipe = run.pipe.clone();
        let (output, carried) = self.run_tool(run);
        (output.map(|output| pipe.all(output)), carried)
    }

    fn run_tool(&mut self, mut run: cli::Run) -> (Option<Output>, Result<Carried, LabError>) {
        let mut output = run.at_once();
        let world = &self.run().world;
        // A line that names no node stays as it is.
        let _is_named = run.for_node(world.first_cluster().plan());
        run.begin();
        match run.resolved(world) {
            Ok(warned) => output.lines.splice(0..0, warned.lines).for_each(drop),
            Err(ended) => return (Some(ended), Ok(None)),
        }
        run.name_at(self.now(), |known| known.is_in(world));
        if let Err(error) = self.with_producer(&run) {
            return (Some(output), Err(error));
        }
        loop {
            let answer = match self.place(&run.command) {
                Ok(Some(answer)) => answer,
                Ok(None) if run.asks_on() => return (Some(output), Err(unanswered())),
                Ok(None) => return (Some(output), self.pipe(run).map(|()| None)),
                Err(error) => return (Some(output), Err(error)),
            };
            if let Some(more) = run.answered(&answer, sim::wall(self.now())) {
                output.lines.extend(more.lines);
                output.exit = more.exit;
            }
            match run.next(&answer) {
                Some(next) => run = next,
                None => {
                    let command = run.command.clone();
                    return (Some(output), self.pipe(run).map(|()| Some((command, answer))));
                }
            }
        }
    }

    /// A console producer is a client of its own, which is there when its line is run.
    fn with_producer(&mut self, run: &cli::Run) -> Result<(), LabError> {
        let Some((name, add)) = run.producer() else { return Ok(()) };
        let start = || Command::World(WorldCommand::Start { name: name.clone() });
        match self.run().world.find(name).map(|slot| slot.liveness.is_up()) {
            Some(true) => Ok(()),
            Some(false) => self.place(&start()).map(drop),
            None => self.place(&add).map(drop),
        }
    }

    /// What else comes through the line's pipe.
    fn pipe(&mut self, run: cli::Run) -> Result<(), LabError> {
        let more = run.input.map(|input| input.rest().0).unwrap_or_default();
        more.iter().try_for_each(|run| self.put(&run.command).map(drop))
    }

    /// Carries out a command; the answer that a copy of the run gives, where the cluster is asked and answers soon.
    fn place(&mut self, command: &Command) -> Result<Option<OperatorAnswer>, LabError> {
        let (copy, ticket) = self.put(command)?;
        Ok(ticket.and_then(|ticket| self.rehearsed(copy, ticket)))
    }

    /// Carries out a command, on a copy as well.
    fn put(&mut self, command: &Command) -> Result<(Run, Option<u64>), LabError> {
        self.has_room(command)?;
        let placed = PlacedCommand { after: self.cursor.at, command: command.clone() };
        let mut copy = self.cursor.run.clone();
        let ticket = copy.apply(placed.at(), &placed.command, &mut Vec::new()).map_err(LabError::Command)?;
        self.branch.truncate(placed.after);
        self.branch.acts.add(placed.clone());
        self.branch.advance(&mut self.cursor, placed.at(), &mut self.news.fresh);
        Ok((copy, ticket))
    }

    /// Is it an act that a link holds, and is there room for it?
    fn has_room(&self, command: &Command) -> Result<(), LabError> {
        limits::check(command).map_err(LabError::Beyond)?;
        if self.branch.acts.all().len() >= limits::STEPS {
            return Err(LabError::Beyond(Beyond { what: "steps", limit: limits::STEPS as u64 }));
        }
        if self.now() >= LONGEST_RUN { Err(LabError::TheEnd) } else { Ok(()) }
    }

    /// The cluster's answer on a copy of the run, if it comes soon and before the next act.
    fn rehearsed(&self, mut copy: Run, ticket: u64) -> Option<OperatorAnswer> {
        let next = self.branch.acts.all().get(self.branch.acts.next_index(self.now())).map(|act| act.after);
        let until = next.unwrap_or(Time::MAX).min(Time(self.now().0.saturating_add(PATIENCE)));
        let mut facts = Vec::new();
        for _ in 0..REHEARSED {
            if let Some(answer) = copy.answer(ticket) {
                return Some(answer.answer.clone());
            }
            facts.clear();
            copy.step(until, &mut facts)?;
        }
        None
    }

    /// What has happened since it was last asked, for those who listen.
    pub fn heard(&mut self, interests: &[Interest]) -> Vec<Heard> {
        self.news.tell(&self.cursor.run, interests, self.language)
    }

    /// The page's `getState`. Its link has no address before it, and is empty where no link holds it.
    pub fn state(&self) -> State {
        let run = self.run();
        let state = run.world.state_digest();
        let link = Link { state_digest: state, ..self.unhashed() };
        State { link: link.text().unwrap_or_default(), ..State::of((run, self.now()), state, self.language) }
    }

    /// The experiment up to now, as `#b1.…`.
    ///
    /// # Errors
    /// What no link could hold.
    pub fn link(&self) -> Result<String, Impossible> {
        let link = Link { state_digest: self.run().world.state_digest(), ..self.unhashed() };
        link.text().map_err(|error| {
            let view = picture::of_too_long(&error, self.language.text());
            Impossible::Unlinked(format!("{}. {}", view.title, view.text))
        })
    }

    fn unhashed(&self) -> Link {
        let world = &self.run().world;
        let draft = lab::draft(&self.scenario, &self.branch.acts, self.now());
        Link { events: world.events(), run_digest: world.run_digest(), ..draft }
    }

    /// What clients saw, by the names that texts use (`see acked 3`).
    pub fn ledger(&self) -> Vec<(&'static str, u64)> {
        self.run().ledger.counts().named().into_iter().collect()
    }

    /// Of every event so far: two runs with the same one are the same.
    pub fn digest(&self) -> String {
        self.run().world.run_digest().to_string()
    }
}

/// A tool needs an answer before it knows what it asks for.
fn unanswered() -> LabError {
    let what = "that asks on and hears nothing soon".to_owned();
    LabError::Cli(CliError::NotHere { tool: "a tool", what, lack: cli::Lack::Nothing, instead: None })
}

/// Kafka's words where there are any, else our sentence.
fn said(error: &view::ErrorView) -> String {
    let kafka = [error.name.as_str(), error.text.as_str()].into_iter().filter(|part| !part.is_empty());
    let kafka = kafka.collect::<Vec<_>>().join(": ");
    if kafka.is_empty() { error.sentence.clone() } else { kafka }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "seed: 2\ncombined: 1\n@1s create-topic orders partitions=1 rf=1\n\
        @1500ms add-producer web orders every=10ms size=100000\n";

    fn cluster() -> Cluster {
        let given = Given { text: Some(TEXT.to_owned()), ..Given::default() };
        let Ok(mut cluster) = Cluster::new(&given) else { panic!("our own text") };
        cluster.budget = Budget { disk_bytes: 20_000_000, ..Budget::default() };
        cluster
    }

    /// A page that plays a little in each frame never gets as far as a whole slice.
    #[test]
    fn small_pieces_are_bounded_as_one_long_way_is() {
        let mut cluster = cluster();
        let mut spent = None;
        for piece in 1..1_000 {
            match cluster.go(Time(piece * 16_000_000)) {
                Ok(going) => assert_eq!(going, Going::Arrived, "each is smaller than a slice"),
                Err(error) => {
                    spent = Some(error);
                    break;
                }
            }
            let (many, near) = cluster.branch.checkpoint_count();
            assert!(many + near < 20, "{many} and {near} checkpoints: nobody goes back");
        }
        assert!(matches!(spent, Some(Impossible::Spent(Spent::DiskBytes { .. }))), "{spent:?}");
    }
}
