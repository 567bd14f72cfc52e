//! The picture of a moment: everything that the page draws, in one value.

use std::rc::Rc;

use crate::clusters::shown_of;
use crate::console::Foreground;
use crate::visit::Permit;
use crate::way::{Way, WayKind, WayView};
use crate::{Answer, Asker, BackView, Session, refused};
use script::{PlacedCommand, Scenario};
use view::meters::{MetersChoice, MetersView};
use view::picture::spacetime::Choice;
use view::picture::story::Wanted;
use view::picture::{self, Account, Look, Memory};
use view::spacetime::SpacetimeView;
use view::text::{Language, Text};
use view::{
    AheadView, BrokerId, BudgetView, Choices, ClustersView, CompareView, Detail, InspectorView, KeyCardView,
    LedgerView, LessonView, MotionView, NoticeView, Pointed, SafetyView, Shape, StageView, StoryView, Thing, Time,
    TimelineView, TopicPartition,
};

/// Lines of the story that are listed.
const STORY: usize = 10;

/// How the reader wants the picture.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ViewOptions {
    pub language: Language,
    pub details: bool,
    /// How much the lanes hold.
    pub detail: Detail,
    /// Lanes at full size, whatever the detail.
    pub opened: Vec<BrokerId>,
    pub internal: bool,
    pub selection: Option<Thing>,
    /// The partition that a narrow stage shows.
    pub partition: Option<TopicPartition>,
    /// What lies under the pointer, or was gone to by keys: its key is lit everywhere and has a card.
    pub pointed: Option<Pointed>,
    pub reduced_motion: bool,
    /// Two branches beside each other.
    pub compare: bool,
    /// The space-time diagram, of what is chosen there.
    pub spacetime: Option<Choice>,
    /// The room of meters, with what is chosen there.
    pub meters: Option<MetersChoice>,
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
    /// While the reader looks at another moment than where he stood.
    pub back: Option<BackView>,
    pub inspector: Option<Rc<InspectorView>>,
    /// Beside what is pointed at.
    pub key_card: Option<Rc<KeyCardView>>,
    /// The tabs of the run's clusters, where there are several.
    pub clusters: Option<Rc<ClustersView>>,
    pub compare: Option<Rc<CompareView>>,
    /// The other branch's stage at the same instant, while two are compared and it stands there.
    pub beside: Option<Rc<StageView>>,
    /// Who sent what to whom, while that is shown.
    pub spacetime: Option<Rc<SpacetimeView>>,
    /// While their room is open.
    pub meters: Option<Rc<MetersView>>,
    pub choices: Rc<Choices>,
    pub notice: Option<Rc<NoticeView>>,
    /// The newest thing that has gone wrong in this run.
    pub safety: Option<Rc<SafetyView>>,
    /// A lesson is under way.
    pub lesson: Option<Rc<LessonView>>,
    /// A limit of what an experiment may cost is reached.
    pub budget: Option<Rc<BudgetView>>,
    /// While something takes more than one frame.
    pub way: Option<WayView>,
    /// Answers since the last frame.
    pub answers: Vec<Answer>,
    /// Why the terminal's next line waits.
    pub waiting_line: Option<String>,
    pub foreground: Foreground,
}

/// What the story depends on: which run it is of, how much is told and summed up, language, and whether it waits.
pub(super) type StoryKey = (u64, [usize; 2], Language, Option<String>, bool);

impl Session {
    /// How much of the past is shown beside now, by the pace.
    pub(super) fn window(options: &ViewOptions) -> f64 {
        if options.reduced_motion { lab::RECENT_REDUCED } else { lab::RECENT }
    }

    /// The picture of this moment.
    pub fn frame(&mut self, options: &ViewOptions) -> Frame {
        if let Some((_, _, frame)) = self.last.as_ref().filter(|(_, of, _)| self.drawing && of == options) {
            let way = Some(WayView { share: 0, label: String::new(), kind: WayKind::Start });
            return Frame { way, ..self.once_more(frame.clone(), options) };
        }
        let walks = matches!(self.way, Some(Way::Walk));
        let version = self.version;
        let is_known = |(known, of, _): &&(u64, ViewOptions, Frame)| (walks || *known == version) && of == options;
        if let Some((_, _, frame)) = self.last.as_ref().filter(is_known) {
            return self.once_more(frame.clone(), options);
        }
        self.follow(options);
        self.tell_messages(options);
        self.tell_meters(options);
        if let Some((_, of, last)) = self.last.take_if(|(_, of, _)| of == options) {
            let waits = self.waits_for_the_other(&last);
            self.last = Some((version, of, last.clone()));
            if waits {
                return self.once_more(last, options);
            }
        }
        let start = (self.around.clock)();
        let frame = self.picture(options);
        // The longest of late: the engine leaves that much of a frame free.
        self.picturing = ((self.around.clock)() - start).max(self.picturing * 0.95);
        self.last = Some((version, options.clone(), frame.clone()));
        frame
    }

    /// The last picture again. While something is under way it stands still and only its share changes: nobody is shown
    /// the instants that he is led through.
    fn once_more(&self, frame: Frame, options: &ViewOptions) -> Frame {
        let (way, waiting_line) = (self.way_view(options.language.text()), self.waiting(options.language));
        Frame { answers: Vec::new(), way, waiting_line, foreground: self.foreground(), ..frame }
    }

    /// Made anew only where something has changed: rows that are the same are shared with the frame before.
    fn picture(&mut self, options: &ViewOptions) -> Frame {
        let text = options.language.text();
        if let Some(lesson) = &mut self.lesson {
            lesson.speak(options.language);
            self.look_for_answers();
        }
        let frame = self.lab.frame(Session::window(options));
        if self.lab.history().edition() != self.edition {
            self.edition = self.lab.history().edition();
            self.memory.forget_records();
        }
        self.recent = self.recent_of(&frame.recent);
        self.hear(options.language);
        self.mind_the_terminal(options.language);
        self.tell_refusal(frame.now, options.language);
        let waiting = picture::timeline::waiting(&frame.tempo, text).filter(|_| frame.playing);
        let waited = waiting.as_ref().and_then(|_| picture::timeline::waited(&frame.tempo));
        let story = self.kept_story(options.language).unwrap_or_else(|| self.story(options.language, waited));
        let (mut stage, inspector, key_card) = self.look(options, |look, memory| {
            let pointed = options.pointed.as_ref();
            let card = pointed.and_then(|pointed| picture::key_card(look, memory, pointed));
            let key = card.as_ref().and_then(|card| card.facts.key.as_deref());
            let look = &Look { lit_key: key.and_then(|key| picture::letter_of(look, key)), ..*look };
            (picture::stage(look, memory), picture::inspector(look, memory), card)
        });
        let inspector = self.with_kept_answers(inspector, options);
        stage.waiting = waiting;
        // What may not be done, or has nothing to press, is not something to try.
        stage.hint.take_if(|_| !self.allow.has(Permit::Kill) || options.spacetime.is_some());
        if self.way.is_some() && frame.now == Time::ZERO {
            stage.headline = text.embed.starting.to_owned();
            stage.hint = None;
        }
        if let Some(terms) = self.terms {
            picture::put_terms_on_stage(&mut stage, text, terms);
        }
        let beside = self.stage_beside(options);
        let ledger = match self.beside.arrived() {
            Some(beside) => picture::ledger_of_both(&self.lab, beside, self.shown, text),
            None => picture::ledger(self.lab.run(), Some(self.shown), frame.now, text),
        };
        let scenario = self.lab.scenario();
        Frame {
            title: title(scenario, options.language, &stage.summary.title),
            subtitle: subtitle(scenario, text),
            stage: Rc::new(stage),
            timeline: Rc::new(self.timeline(&frame, text)),
            ledger: Rc::new(ledger),
            story,
            back: self.way_back(text),
            inspector: inspector.map(Rc::new),
            key_card: key_card.map(Rc::new),
            clusters: self.clusters_view(text).map(Rc::new),
            compare: self.compare(options).map(Rc::new),
            beside: beside.map(Rc::new),
            spacetime: self.spacetime(options).map(Rc::new),
            meters: self.meters(options).map(Rc::new),
            choices: Rc::new(picture::choices(self.cluster())),
            lesson: self.lesson.is_some().then(|| self.lesson_view(text)).flatten().map(Rc::new),
            budget: self.budget_view(text).map(Rc::new),
            safety: picture::safety(self.lab.run(), frame.now, text).map(Rc::new),
            notice: self.card.as_ref().map(|card| Rc::new(card.view(text))),
            way: self.way_view(text),
            answers: std::mem::take(&mut self.answers),
            waiting_line: self.waiting(options.language),
            foreground: self.foreground(),
        }
    }

    /// What the page asked for and was not done.
    fn tell_refusal(&mut self, now: Time, language: Language) {
        if let Some(error) = self.refusal.take() {
            let outcome = Err(refused(&error, language));
            self.answers.push(Answer { asker: Asker::Page, at: now, outcome, tool: None });
        }
    }

    /// What the reader may not do he is not offered to take back or to leave out.
    fn timeline(&self, frame: &lab::Frame, text: &Text) -> TimelineView {
        let mut timeline = picture::timeline::timeline(&self.lab, self.shown, frame, text);
        let acts = &self.lab.history().branch().acts;
        let may = |act: Option<&PlacedCommand>| act.is_some_and(|act| self.allow.permits(&act.command));
        timeline.undo.take_if(|_| !may(acts.last_done()));
        timeline.redo.take_if(|_| !may(acts.last_undone()));
        if self.allow.is_nothing() {
            timeline.ahead = AheadView::default();
        }
        timeline
    }

    /// Lends the picture all that it is made of.
    pub(super) fn look<T>(&mut self, options: &ViewOptions, make: impl FnOnce(&Look<'_>, &mut Memory) -> T) -> T {
        let run = self.lab.run();
        let pace = self.lab.history().branch().marks.pace();
        let look = Look {
            world: &run.world,
            cluster: shown_of(&self.lab, self.shown),
            account: Account { rate: self.lab.rate(), ..Account::of_cluster((run, self.shown), pace, self.lab.now()) },
            recent: &self.recent.facts,
            recent_since: self.recent.since,
            told: self.lab.history().branch().marks.told_of(self.shown, self.lab.now()),
            text: options.language.text(),
            details: options.details,
            detail: options.detail,
            opened: &options.opened,
            internal: options.internal,
            selection: options.selection.as_ref(),
            partition: options.partition.as_ref(),
            lit_key: None,
            first_visit: !self.touched && self.allow.has(Permit::Kill),
            reduced: options.reduced_motion,
        };
        make(&look, &mut self.memory)
    }

    /// The story, told again only when there is more or less to tell.
    fn story(&mut self, language: Language, waiting: Option<String>) -> Rc<StoryView> {
        let told = self.lab.history().branch().marks.told_of(self.shown, self.lab.now());
        let sums = self.lab.run().books(self.shown).accidents().sums();
        let key = (
            self.lab.history().edition(),
            [told.len(), sums.len()],
            language,
            waiting,
            self.lab.now() < self.lab.scenario().opens_at,
        );
        if let Some((known, story)) = &self.story
            && *known == key
        {
            return story.clone();
        }
        let opens_at = self.lab.scenario().opens_at;
        let since = if self.lab.now() < opens_at { Time::ZERO } else { opens_at };
        let wanted = Wanted { text: language.text(), most: STORY, since, waiting: key.3.as_deref(), sums };
        let mut story = picture::story::story(self.cluster(), told, wanted);
        if let Some(terms) = self.terms {
            picture::put_terms_in_story(&mut story, language.text(), terms);
        }
        let story = Rc::new(story);
        self.story = Some((key, story.clone()));
        story
    }

    /// Who is there, to choose how much a picture is to hold; cheap.
    pub fn shape(&mut self, options: &ViewOptions) -> Shape {
        self.look(options, picture::shape)
    }

    /// What moves in this moment; cheap, asked for in every frame after `frame`.
    pub fn motion(&mut self, options: &ViewOptions) -> MotionView {
        self.look(options, picture::motion)
    }
}

/// The seed, and how slow the network is where it is not as usual.
fn subtitle(scenario: &Scenario, text: &Text) -> String {
    let seed = (text.page.seed_line)(scenario.seed);
    match picture::links_take(&scenario.setup.network, text) {
        Some(links) => format!("{seed} · {links}"),
        None => seed,
    }
}

/// A cluster of one's own that nobody has named is called by what it is.
fn title(scenario: &Scenario, language: Language, what: &str) -> String {
    let own = match language {
        Language::English => None,
        Language::Chinese => scenario.headers.get("title-zh").cloned(),
    };
    let title = own.unwrap_or_else(|| scenario.title.to_string()).replace('`', "");
    match (title.is_empty(), scenario.id.is_some() || what.is_empty()) {
        (false, _) => title,
        (true, true) => language.text().page.opening_title.to_owned(),
        (true, false) => what.to_owned(),
    }
}
