//! What stands between a page and the laboratory: intents go in, frames come out. A page sees a [`Frame`] and nothing
//! behind it. What was asked of the cluster is answered in some later frame, because the cluster answers in its own
//! time. Nothing here knows a browser: its clock, its address and its memory come in as arguments, so that all of it
//! runs in native tests.

mod act;
mod asking;
mod beside;
mod budget;
mod clusters;
mod completing;
mod console;
mod form;
pub mod kept;
mod lesson;
mod links;
mod looking;
mod measuring;
mod meters;
mod picture;
mod playback;
mod queue;
mod shell;
mod spacetime;
mod state;
mod terminal;
pub mod texts;
mod typed;
pub mod visit;
mod way;
mod writing;

use std::cell::RefCell;
use std::rc::Rc;

use lab::{Intent, Lab, LabError};
use script::Scenario;
use script::file::Held;
use script::link::LinkError;
use script::link::lesson::is_text;
use view::picture::{Memory, Question};
use view::text::{Language, Terms};
use view::{ErrorView, Field, FormError, LessonStep, StoryView, Str, Thing, TopicPartition, WhereView};

pub use act::{Acks, Act};
pub use asking::{Answer, Asker, Outcome, Preview};
use asking::{Asked, Hint};
use clusters::RecentFacts;
pub use completing::Completed;
pub use console::Foreground;
pub use form::{Draft, Form, KEYS, RATE, VALUE, number};
pub use kept::Refusal;
pub use lesson::{Learned, LessonIntent};
use links::{Card, Doings, Kept, Sharing};
pub use links::{OtherBranch, ShareView};
pub use looking::BackView;
use picture::StoryKey;
pub use picture::{Frame, ViewOptions};
pub use playback::Playback;
use queue::Queue;
pub use queue::pasted;
pub use state::State;
pub use terminal::{LineKind, TerminalLine, printed};
use visit::{Allow, Complaint, Place, Visit};
use way::Way;
pub use way::{WayKind, WayView};

/// Milliseconds of a frame that events may take.
const FRAME: f64 = 12.0;
/// What the engine has of a frame whatever pictures cost, or while another branch has to come along.
const LEAST: f64 = 4.0;
/// Partitions that a search lists.
const FOUND: usize = 60;

/// What a session needs to know of the place where it runs.
pub struct Surroundings {
    /// Milliseconds of a clock that only goes forward: how long a slice has taken.
    pub clock: fn() -> f64,
    /// Where the page is, without what follows `?` or `#`: links begin with it.
    pub address: String,
}

/// What a visit begins with.
#[derive(Default)]
pub struct Start {
    pub visit: Visit,
    /// The experiment in the address, without `#`; empty: none.
    pub fragment: String,
    /// Does it play by itself?
    pub autoplay: bool,
    /// The text of the scenario that the address names, in the reader's language.
    pub text: Option<String>,
    pub language: Language,
}

/// The experiment behind the page.
pub struct Session {
    lab: Lab,
    around: Surroundings,
    memory: Memory,
    way: Option<Way>,
    tread: way::Tread,
    /// Where to stand once the experiment is there.
    at: Option<Place>,
    /// Where playing stops by itself.
    until: Option<Place>,
    /// A manual tempo that the address asks for.
    speed: Option<f64>,
    allow: Allow,
    terms: Option<Terms>,
    /// The partition that the address asks for, until it has been looked for.
    row: Option<TopicPartition>,
    /// The cluster that the address asks for, until it has been looked for.
    cluster_asked: Option<String>,
    /// Which one is shown.
    shown: sim::ClusterIndex,
    /// The address asks for a link to play by itself.
    autoplay: bool,
    /// What the address asked for in vain and nobody has been told.
    complaints: Vec<Complaint>,
    card: Option<Card>,
    /// What a link had brought when it was opened: no work of the reader's own.
    opened: Option<Doings>,
    /// Questions to the cluster whose answers are awaited.
    asked: Vec<Asked>,
    /// Acts so far: each has a number.
    acts: u64,
    /// What the cluster would say to the form that is open.
    hint: Option<Hint>,
    answers: Vec<Answer>,
    /// Is the next command a part of the act that is being carried out?
    part: asking::Part,
    /// Lines of the terminal.
    queue: Queue,
    /// Console consumers that print.
    viewers: Vec<console::Viewer>,
    /// A console producer that reads what is typed.
    writer: Option<writing::Writer>,
    /// Producers that are measured.
    measured: Vec<measuring::Measuring>,
    /// What was told of the lines that a text types.
    typed: typed::Told,
    recent: RecentFacts,
    /// Of the run whose records are remembered.
    edition: u64,
    story: Option<(StoryKey, Rc<StoryView>)>,
    /// Where the reader stood before he looked elsewhere.
    place: Option<looking::Place>,
    kept: Option<Kept>,
    /// The link that a program asks for, read when that was judged.
    judged: RefCell<Option<(String, Box<Held>)>>,
    /// A link that is being written.
    sharing: Option<Sharing>,
    /// Where it begins.
    shares: view::share::Begins,
    /// Why the last way could not be gone.
    refusal: Option<LabError>,
    /// Counts changes, so that a still picture costs nothing.
    version: u64,
    /// Milliseconds that pictures have taken of late.
    picturing: f64,
    last: Option<(u64, ViewOptions, Frame)>,
    /// Somebody has stopped the opening of a link: that is answered first, and what was reached is drawn in the next frame.
    drawing: bool,
    /// What programs were told last.
    told: Option<(u64, Language, Rc<State>)>,
    /// The branch that the shown one is compared with, and what its picture is made of.
    beside: beside::Other,
    /// The messages of the space-time diagram, while it is open.
    messages: spacetime::Messages,
    /// The meters, while their room is open.
    meters: meters::Told,
    /// Somebody has done something to this world.
    touched: bool,
    /// The address of a link that has been set out for and that nobody has been told of.
    came_by: Option<String>,
    lesson: Option<lesson::Teaching>,
    /// The lesson of the run that is being opened.
    coming: Option<Box<lesson::Teaching>>,
    /// What has come of its questions and nobody has been told.
    learned: Vec<(Str, Learned)>,
    /// Where in a lesson the address wants to begin.
    step: Option<LessonStep>,
    /// With which values of what a lesson varies.
    with: Vec<(String, String)>,
    /// What the address asks for, and the same with what the lesson at hand wishes.
    visit: Rc<Visit>,
    wished: Rc<Visit>,
    /// The reader's, as far as is known.
    language: Language,
}

impl Session {
    /// Opens the experiment of a link's fragment, or the opening scene. Neither is there yet: `advance` runs it.
    pub fn open(start: &Start, around: Surroundings) -> Session {
        let visit = &start.visit;
        let known = visit.scenario.as_deref().map(Scenario::builtin);
        let unknown = known.as_ref().is_some_and(Option::is_none);
        let mut scenario = known.flatten().unwrap_or_else(Scenario::opening);
        scenario.seed = visit.seed.unwrap_or(scenario.seed);
        let mut session = Session::before(start, around, scenario);
        session.keep_tempo();
        if let Some(text) = &start.text {
            session.open_asked(text, start.language);
        } else if let Some(id) = visit.scenario.as_deref().filter(|_| unknown) {
            session.card = Some(Card::Broken(LinkError::UnknownScenario(id.into()).into()));
        }
        session.read_first(&start.fragment);
        if start.autoplay && !session.is_opening() && !session.is_gated() {
            let _ = session.lab.set_about(Intent::Play);
        }
        session
    }

    /// Nothing of it has been run.
    fn before(start: &Start, around: Surroundings, scenario: Scenario) -> Session {
        let (asked, visit) = (Rc::new(start.visit.clone()), &start.visit);
        Session {
            shown: clusters::asked_of(&scenario, visit),
            lab: Lab::begin(scenario).telling(view::picture::saying),
            around,
            memory: Memory::default(),
            way: Some(Way::Start),
            tread: way::Tread::default(),
            at: visit.at.clone(),
            until: visit.until.clone(),
            speed: visit.speed,
            allow: visit.allow.clone(),
            terms: visit.terms,
            row: visit.row.clone(),
            cluster_asked: visit.cluster.clone(),
            autoplay: visit.autoplay == Some(true),
            complaints: visit.complaints.clone(),
            card: None,
            opened: None,
            asked: Vec::new(),
            acts: 0,
            hint: None,
            answers: Vec::new(),
            part: asking::Part::default(),
            queue: Queue::default(),
            viewers: Vec::new(),
            writer: None,
            measured: Vec::new(),
            typed: typed::Told::default(),
            recent: RecentFacts::default(),
            edition: 0,
            story: None,
            place: None,
            kept: None,
            judged: RefCell::default(),
            sharing: None,
            shares: view::share::Begins::Moment,
            refusal: None,
            version: 0,
            picturing: 0.0,
            last: None,
            drawing: false,
            told: None,
            beside: beside::Other::default(),
            messages: spacetime::Messages::default(),
            meters: meters::Told::default(),
            touched: false,
            came_by: None,
            lesson: None,
            coming: None,
            learned: Vec::new(),
            step: visit.step,
            with: visit.with.clone(),
            wished: asked.clone(),
            visit: asked,
            language: start.language,
        }
    }

    /// What the address holds besides its options is read before anything is run.
    fn read_first(&mut self, fragment: &str) {
        if fragment.is_empty() {
            return;
        }
        // A text may ask what no scenario of this build asks.
        let by_name = |one: &Complaint| matches!(one, Complaint::NoQuestions | Complaint::NothingVaried);
        self.complaints.retain(|one| !by_name(one) || !is_text(fragment));
        self.way = Some(Way::Read(fragment.to_owned()));
    }

    /// An intent of the session's own.
    fn send(&mut self, intent: Intent) {
        self.be_there();
        self.version += 1;
        if matches!(intent, Intent::Undo | Intent::Redo | Intent::Fork | Intent::SwitchBranch(_)) {
            self.forget_the_place();
        }
        // A step or an undo where there is nothing more to step to changes nothing, and needs no words.
        if let Err(error @ (LabError::Forgotten(_) | LabError::Beyond(_))) = self.lab.set_about(intent) {
            self.refusal = Some(error);
        }
        if !self.is_opening() {
            self.set_foot();
        }
    }

    /// Lets `wall_milliseconds` of the reader's time pass.
    pub fn advance(&mut self, wall_milliseconds: f64, language: Language) {
        self.language = language;
        if std::mem::take(&mut self.drawing) {
            return;
        }
        if self.way.is_some() {
            self.go_on_way();
        } else if self.lab.playback().playing {
            self.version += 1;
            if self.beside.is_behind() {
                return;
            }
            let before = self.lab.now();
            let left = if self.beside.is_followed() { LEAST } else { (FRAME - self.picturing).max(LEAST) };
            let lab = &mut self.lab;
            way::slice(self.around.clock, left, |allowance| lab.advance_within(wall_milliseconds / 1_000.0, allowance));
            self.mind_the_end(before, language.text());
            if self.lesson.is_some() {
                self.mind_the_marks(before);
            }
            self.mind_the_place();
        } else if !self.lab.is_settled() {
            let lab = &mut self.lab;
            way::slice(self.around.clock, FRAME, |allowance| lab.settle(allowance));
            self.version += 1;
        }
    }

    /// The page takes so many bytes.
    pub fn set_memory(&mut self, bytes: u64) {
        self.lab.set_memory(bytes);
        if let Some(Way::Link(replay, _)) = &mut self.way {
            replay.set_memory(bytes);
        }
    }

    /// Nothing comes of letting time pass: it is paused and everything that was asked for has been done.
    pub fn is_at_rest(&self) -> bool {
        let works = self.way.is_some() || self.sharing.is_some() || self.drawing || self.beside.is_behind();
        let works = works || self.is_looking_up() || self.messages.is_behind() || self.meters.is_behind();
        !works && !self.lab.playback().playing && self.lab.is_settled()
    }

    /// Has somebody done something to this world?
    pub fn is_touched(&self) -> bool {
        self.touched
    }

    /// What the address asked for in vain; told once.
    pub fn complaints(&mut self) -> Vec<Complaint> {
        if self.way.is_none() {
            self.mind_the_cluster();
        }
        if self.way.is_none()
            && let Some(row) = self.row.take().map(|row| row.to_string())
        {
            let known = view::picture::partitions_named(self.cluster(), &row.to_ascii_lowercase(), usize::MAX);
            if !known.iter().any(|(_, name)| *name == row) {
                self.complaints.push(Complaint::NoRow(row));
            }
        }
        std::mem::take(&mut self.complaints)
    }

    /// The state as programs see it.
    pub fn state(&mut self, language: Language) -> Rc<State> {
        if let Some((version, known, state)) = &self.told
            && (*version, *known) == (self.version, language)
        {
            return state.clone();
        }
        let state = Rc::new(self.state_now(language));
        self.told = Some((self.version, language, state.clone()));
        state
    }

    /// Digest and link are one walk over the whole state.
    fn state_now(&self, language: Language) -> State {
        let link = self.lab.link();
        let address = link.text().map(|text| self.leads_to(&link, &text)).unwrap_or_default();
        let playing = self.lab.playback().playing;
        State { playing, link: address, ..State::of((self.lab.run(), self.lab.now()), link.state_digest, language) }
    }

    /// What clients saw so far.
    pub fn counts(&self) -> lab::Counts {
        self.lab.run().ledger.counts()
    }

    /// Partitions by a part of their name, for a list that cannot show all of them.
    pub fn partitions_named(&self, part: &str) -> Vec<(Thing, String)> {
        view::picture::partitions_named(self.cluster(), part, FOUND)
    }

    /// The process, partition or record that an address names, once it is there.
    pub fn thing_named(&self, name: &str) -> Option<Thing> {
        view::picture::thing_named(self.cluster(), name)
    }

    /// Which partition a key would hit, of every topic; nothing is sent.
    pub fn where_to(&self, question: &Question<'_>, language: Language) -> WhereView {
        view::picture::where_to(self.cluster(), question, language.text())
    }
}

/// A complaint of ours about something typed.
pub fn complaint(field: Field, sentence: impl Into<String>) -> FormError {
    let error = ErrorView { sentence: sentence.into(), ..ErrorView::default() };
    FormError { field: Some(field), error }
}

/// Why a line came to nothing, in words.
fn refused(error: &LabError, language: Language) -> FormError {
    view::picture::of_lab(error, language.text())
}
