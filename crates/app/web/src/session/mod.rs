//! The page's one door to the laboratory: intents go in, frames come out. Components see a `Frame` and nothing
//! behind it. What was asked of the cluster is answered in some later frame, because the cluster answers in its
//! own time.

mod asking;
mod budget;
mod links;
mod terminal;
mod way;

use std::rc::Rc;

use lab::command::link::LinkError;
use lab::text::{Language, Terms};
use lab::view::build::story::Wanted;
use lab::view::build::{self, Look, Memory, Recent};
use lab::view::{
    BudgetView, CompareView, ErrorView, Field, FormError, InspectorView, LedgerView, MotionView, NoticeView,
    SafetyView, StageView, StoryView, Thing, Time, TimelineView, TopicPartition,
};
use lab::visit::{Allow, Complaint, Place};
use lab::{Beside, Intent, Lab, LabError, Linking, Scenario, Tempo};

pub use asking::{Answer, Asker, Outcome};
use asking::{Asked, Hint};
pub use lab::view::Choices;
pub use links::ShareView;
use links::{Card, Doings, Kept};
pub use terminal::{LineKind, TerminalLine, printed};
use way::Way;
pub use way::WayView;

use crate::api::State;
use crate::intent::Playback;
use crate::options::Options;

/// Milliseconds of a frame that events may take.
const FRAME: f64 = 12.0;
/// Events that one frame runs on the branch which is compared with.
const BESIDE: u64 = 4_000;
/// Lines of the story that are listed.
const STORY: usize = 10;
/// Partitions that a search lists.
const FOUND: usize = 60;
/// Paces of the slower and faster buttons.
const PACES: [f64; 3] = [1.0, 2.0, 5.0];

/// How the reader wants the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewOptions {
    pub language: Language,
    pub details: bool,
    pub internal: bool,
    pub selection: Option<Thing>,
    /// The partition that a narrow stage shows.
    pub partition: Option<TopicPartition>,
    /// The letter of the key under the pointer.
    pub lit_key: Option<char>,
    pub reduced_motion: bool,
    /// Two branches' ledgers beside each other.
    pub compare: bool,
}

/// One picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub title: String,
    pub subtitle: String,
    pub stage: Rc<StageView>,
    pub timeline: Rc<TimelineView>,
    pub ledger: Rc<LedgerView>,
    pub story: Rc<StoryView>,
    pub inspector: Option<Rc<InspectorView>>,
    pub compare: Option<Rc<CompareView>>,
    pub choices: Rc<Choices>,
    pub notice: Option<Rc<NoticeView>>,
    /// The newest thing that has gone wrong in this run.
    pub safety: Option<Rc<SafetyView>>,
    /// A limit of what an experiment may cost is reached.
    pub budget: Option<Rc<BudgetView>>,
    /// While something takes more than one frame.
    pub way: Option<WayView>,
    /// Answers since the last frame.
    pub answers: Vec<Answer>,
}

/// The experiment behind the page.
pub struct Session {
    lab: Lab,
    memory: Memory,
    way: Option<Way>,
    /// Where to stand once the experiment is there.
    at: Option<Place>,
    /// Where playing stops by itself.
    until: Option<Place>,
    /// A manual tempo that the address asks for.
    speed: Option<f64>,
    allow: Allow,
    terms: Option<Terms>,
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
    recent: Vec<Recent>,
    branch: usize,
    story: Option<(StoryKey, Rc<StoryView>)>,
    kept: Option<Kept>,
    /// A link that is being written.
    sharing: Option<Linking>,
    /// Why the last way could not be gone.
    refusal: Option<LabError>,
    /// Counts changes, so that a still picture costs nothing.
    version: u64,
    last: Option<(u64, ViewOptions, Frame)>,
    /// What programs were told last.
    told: Option<(u64, Language, Rc<State>)>,
    /// The branch that the shown one is compared with.
    beside: Option<Beside>,
    /// Somebody has done something to this world.
    pub touched: bool,
}

/// What the story depends on: branch, how much is told, language, and whether it waits.
type StoryKey = (usize, usize, Language, Option<String>, bool);

impl Session {
    /// Opens the experiment of a link's fragment, or the opening scene. Neither is there yet: `advance` runs it.
    pub fn open(options: &Options) -> Session {
        let visit = &options.visit;
        let known = visit.scenario.as_deref().map(Scenario::builtin);
        let unknown = known.as_ref().is_some_and(Option::is_none);
        let mut scenario = known.flatten().unwrap_or_else(Scenario::opening);
        if let Some(seed) = visit.seed {
            scenario.seed = seed;
        }
        let mut session = Session {
            lab: Lab::begin(scenario),
            memory: Memory::default(),
            way: Some(Way::Start),
            at: visit.at.clone(),
            until: visit.until.clone(),
            speed: visit.speed,
            allow: visit.allow.clone(),
            terms: visit.terms,
            complaints: visit.complaints.clone(),
            card: None,
            opened: None,
            asked: Vec::new(),
            acts: 0,
            hint: None,
            answers: Vec::new(),
            recent: Vec::new(),
            branch: 0,
            story: None,
            kept: None,
            sharing: None,
            refusal: None,
            version: 0,
            last: None,
            told: None,
            beside: None,
            touched: false,
        };
        if let Some(rate) = visit.speed {
            let _ = session.lab.set_about(Intent::Tempo(Tempo::manual(rate)));
        }
        if let Some(id) = visit.scenario.as_deref().filter(|_| unknown) {
            session.card = Some(Card::Broken(LinkError::UnknownScenario(id.into()).into()));
        }
        if !options.fragment.is_empty() {
            session.load(&options.fragment);
        }
        if options.autoplay && !matches!(session.way, Some(Way::Link(..))) {
            let _ = session.lab.set_about(Intent::Play);
        }
        session
    }

    fn send(&mut self, intent: Intent) {
        self.be_there();
        self.version += 1;
        // A step or an undo where there is nothing more to step to changes nothing, and needs no words.
        if let Err(error @ LabError::Forgotten(_)) = self.lab.set_about(intent) {
            self.refusal = Some(error);
        }
        if !matches!(self.way, Some(Way::Link(..))) {
            self.set_foot();
        }
    }

    /// Applies what changes the playhead.
    pub fn play(&mut self, playback: Playback) {
        match playback {
            Playback::Toggle => self.send(Intent::TogglePlay),
            Playback::Step => self.still(Intent::Step),
            Playback::StepBack => self.still(Intent::StepBack),
            Playback::NextVisible => self.still(Intent::NextVisible),
            Playback::PreviousVisible => self.still(Intent::PreviousVisible),
            Playback::NextMark => self.move_to_mark(|mark, now| mark > now),
            Playback::PreviousMark => self.move_to_earlier_mark(),
            Playback::Start => self.send(Intent::SeekStart),
            Playback::Latest => self.send(Intent::SeekEnd),
            Playback::Seek(time) => self.go_to(&Place::At(time)),
            Playback::Scrub(place) => self.go_to(&Place::At(build::timeline::instant(&self.lab, place))),
            Playback::Slower => self.pace(-1),
            Playback::Faster => self.pace(1),
            Playback::Auto => self.send(Intent::Tempo(Tempo::Auto)),
            Playback::SetMark => {
                let count = self.lab.history().branch().own_marks.len() + 1;
                self.send(Intent::Mark(format!("M{count}").as_str().into()));
            }
            Playback::Fork => self.send(Intent::Fork),
            Playback::ForkAt(time) => {
                // At once: the fork must be there and nowhere else.
                let _ = self.lab.set_about(Intent::Pause);
                if self.lab.dispatch(Intent::Seek(time)).is_ok() {
                    self.send(Intent::Fork);
                }
            }
            Playback::ShowBranch(index) => self.send(Intent::SwitchBranch(index)),
            Playback::Undo => self.send(Intent::Undo),
            Playback::Redo => self.send(Intent::Redo),
        }
    }

    /// A step also stops time: whoever steps wants to look.
    fn still(&mut self, intent: Intent) {
        self.send(Intent::Pause);
        self.send(intent);
    }

    fn move_to_mark(&mut self, after: impl Fn(Time, Time) -> bool) {
        let now = self.lab.now();
        let marks = build::timeline::marks(&self.lab, Language::English.text());
        match marks.into_iter().map(|(at, ..)| at).find(|at| after(*at, now)) {
            Some(at) => self.send(Intent::Seek(at)),
            None => self.send(Intent::SeekEnd),
        }
    }

    fn move_to_earlier_mark(&mut self) {
        let now = self.lab.now();
        let marks = build::timeline::marks(&self.lab, Language::English.text());
        match marks.into_iter().map(|(at, ..)| at).rfind(|at| *at < now) {
            Some(at) => self.send(Intent::Seek(at)),
            None => self.send(Intent::SeekStart),
        }
    }

    /// To the next pace of 1, 2, 5, 10, …
    fn pace(&mut self, by: i32) {
        let rate = self.lab.frame(lab::RECENT).tempo.rate.max(1e-4);
        let ladder: Vec<f64> = (-4..=3).flat_map(|power| PACES.map(|pace| pace * 10_f64.powi(power))).collect();
        let next = if by > 0 {
            ladder.iter().find(|pace| **pace > rate * 1.01)
        } else {
            ladder.iter().rev().find(|pace| **pace < rate * 0.99)
        };
        if let Some(next) = next {
            self.send(Intent::Tempo(Tempo::manual(*next)));
        }
    }

    /// Lets `wall_milliseconds` of the reader's time pass.
    pub fn advance(&mut self, wall_milliseconds: f64, language: Language) {
        if let Some(bytes) = budget::memory() {
            self.lab.set_memory(bytes);
        }
        if self.way.is_some() {
            self.go_on_way();
        } else if self.lab.playback().playing {
            self.version += 1;
            let before = self.lab.now();
            let lab = &mut self.lab;
            way::slice(FRAME, |allowance| lab.advance_within(wall_milliseconds / 1_000.0, allowance));
            self.mind_the_end(before, language.text());
        } else if !self.lab.is_settled() {
            let lab = &mut self.lab;
            way::slice(FRAME, |allowance| lab.settle(allowance));
            self.version += 1;
        }
    }

    /// What the address asked for in vain; told once.
    pub fn complaints(&mut self) -> Vec<Complaint> {
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

    /// Digest and link are dear: they go over the whole state.
    fn state_now(&self, language: Language) -> State {
        let text = language.text();
        let run = self.lab.run();
        let rows = build::ledger(&run.ledger.counts(), text).all.into_iter();
        State {
            now: self.lab.now().0.to_string(),
            now_text: self.lab.now().to_string(),
            playing: self.lab.playback().playing,
            events: run.world.events().to_string(),
            hash: build::short_digest(self.lab.state_digest()),
            ledger: rows.map(|row| (row.name.to_owned(), row.text)).collect(),
            link: self.link_here(),
        }
    }

    fn window(options: &ViewOptions) -> f64 {
        if options.reduced_motion { lab::RECENT_REDUCED } else { lab::RECENT }
    }

    /// The picture of this moment.
    pub fn frame(&mut self, options: &ViewOptions) -> Frame {
        if let Some((version, known, frame)) = &self.last
            && *version == self.version
            && known == options
        {
            // While something is under way the picture stands still and only its share changes.
            return Frame { answers: Vec::new(), way: self.way_view(options.language.text()), ..frame.clone() };
        }
        let version = self.version;
        let frame = self.picture(options);
        self.last = Some((version, options.clone(), frame.clone()));
        frame
    }

    fn picture(&mut self, options: &ViewOptions) -> Frame {
        let text = options.language.text();
        let frame = self.lab.frame(Session::window(options));
        if frame.branch.index != self.branch {
            self.branch = frame.branch.index;
            self.memory.forget_records();
        }
        self.recent = frame.recent.iter().map(|(age, happening)| recent(*age, happening)).collect();
        self.hear(options.language);
        if let Some(error) = self.refusal.take() {
            let outcome = Err(refused(&error, options.language));
            self.answers.push(Answer { asker: Asker::Page, at: frame.now, outcome });
        }
        let waiting = build::timeline::waiting(&frame.tempo, text).filter(|_| frame.playing);
        let factor = waiting.as_ref().and_then(|_| build::timeline::waiting_factor(&frame.tempo));
        let story = self.story(options.language, factor);
        let (mut stage, inspector) =
            self.look(options, |look, memory| (build::stage(look, memory), build::inspector(look, memory)));
        stage.waiting = waiting;
        if self.way.is_some() && frame.now == Time::ZERO {
            stage.headline = text.embed.starting.to_owned();
            stage.hint = None;
        }
        if let Some(terms) = self.terms {
            build::put_terms_on_stage(&mut stage, text, terms);
        }
        let compare = self.compare(options);
        let ledger = match &self.beside {
            Some(beside) => build::ledger_of_both(&self.lab, beside, text),
            None => build::ledger(&frame.run.ledger.counts(), text),
        };
        let scenario = self.lab.scenario();
        Frame {
            title: title(scenario, options.language),
            subtitle: (text.page.seed_line)(scenario.seed),
            stage: Rc::new(stage),
            timeline: Rc::new(build::timeline::timeline(&self.lab, &frame, text)),
            ledger: Rc::new(ledger),
            story,
            inspector: inspector.map(Rc::new),
            compare: compare.map(Rc::new),
            choices: Rc::new(build::choices(&frame.run.world)),
            budget: self.budget_view(text).map(Rc::new),
            safety: build::safety(&frame.run, frame.now, text).map(Rc::new),
            notice: self.card.as_ref().map(|card| Rc::new(card.view(text))),
            way: self.way_view(text),
            answers: std::mem::take(&mut self.answers),
        }
    }

    fn look<T>(&mut self, options: &ViewOptions, make: impl FnOnce(&Look<'_>, &mut Memory) -> T) -> T {
        let look = Look {
            world: &self.lab.run().world,
            recent: &self.recent,
            told: self.lab.history().branch().marks.told(self.lab.now()),
            text: options.language.text(),
            details: options.details,
            internal: options.internal,
            selection: options.selection.as_ref(),
            partition: options.partition.as_ref(),
            lit_key: options.lit_key,
            first_visit: !self.touched,
            reduced: options.reduced_motion,
        };
        make(&look, &mut self.memory)
    }

    /// Brings the other branch to the reader's instant, a part in each frame, and compares.
    fn compare(&mut self, options: &ViewOptions) -> Option<CompareView> {
        let kept = self.beside.take().filter(|_| options.compare);
        if options.compare {
            self.beside = Beside::follow(kept, self.lab.history(), BESIDE);
        }
        let beside = self.beside.as_ref()?;
        if !beside.has_arrived() {
            self.version += 1;
        }
        Some(build::compare(&self.lab, beside, options.language.text()))
    }

    /// The story, told again only when there is more or less to tell.
    fn story(&mut self, language: Language, waiting: Option<String>) -> Rc<StoryView> {
        let told = self.lab.history().branch().marks.told(self.lab.now());
        let key = (self.branch, told.len(), language, waiting, self.lab.now() < self.lab.scenario().opens_at);
        if let Some((known, story)) = &self.story
            && *known == key
        {
            return story.clone();
        }
        let world = &self.lab.run().world;
        let opens_at = self.lab.scenario().opens_at;
        let since = if self.lab.now() < opens_at { Time::ZERO } else { opens_at };
        let wanted = Wanted { text: language.text(), most: STORY, since, waiting: key.3.as_deref() };
        let mut story = build::story::story(world, told, wanted);
        if let Some(terms) = self.terms {
            build::put_terms_in_story(&mut story, language.text(), terms);
        }
        let story = Rc::new(story);
        self.story = Some((key, story.clone()));
        story
    }

    /// What moves in this moment; cheap, asked for in every frame after `frame`.
    pub fn motion(&mut self, options: &ViewOptions) -> MotionView {
        self.look(options, build::motion)
    }

    /// Partitions by a part of their name, for a list that cannot show all of them.
    pub fn partitions_named(&self, part: &str) -> Vec<(Thing, String)> {
        build::partitions_named(&self.lab.run().world, part, FOUND)
    }

    /// The partition that a record with this key would go to, as `orders-1`.
    pub fn partition_of(&self, topic: &str, key: &str) -> Option<String> {
        build::partition_of(&self.lab.run().world, topic, key)
    }
}

fn recent(age: f64, happening: &lab::Happening) -> Recent {
    let age = (age * 1_000.0) as f32;
    Recent { at: happening.at, process: happening.process, fact: happening.fact.clone(), age }
}

fn title(scenario: &Scenario, language: Language) -> String {
    let own = match language {
        Language::English => None,
        Language::Chinese => scenario.headers.get("title-zh").cloned(),
    };
    let title = own.unwrap_or_else(|| scenario.title.to_string());
    if title.is_empty() { language.text().page.opening_title.to_owned() } else { title }
}

/// A complaint of ours about something typed.
pub fn complaint(field: Field, sentence: impl Into<String>) -> FormError {
    let error =
        ErrorView { name: String::new(), source: String::new(), text: String::new(), sentence: sentence.into() };
    FormError { field: Some(field), error }
}

/// Why a line came to nothing, in words.
fn refused(error: &LabError, language: Language) -> FormError {
    build::of_lab(error, language.text())
}
