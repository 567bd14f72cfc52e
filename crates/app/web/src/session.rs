//! The page's one door to the laboratory: intents go in, frames come out. Components see a `Frame` and nothing
//! behind it. What was asked of the cluster is answered in some later frame, because the cluster answers in its
//! own time.

use std::rc::Rc;

use lab::text::Language;
use lab::view::{
    ErrorView, FormError, InspectorView, LedgerView, MotionView, NoticeView, StageView, StoryView, Thing, TimelineView,
};

use crate::fixture::Fixture;
use crate::intent::{Act, NodeChoice, Playback};

/// How the reader wants the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewOptions {
    pub language: Language,
    pub details: bool,
    pub internal: bool,
    pub selection: Option<Thing>,
    /// The letter of the key under the pointer.
    pub lit_key: Option<char>,
    pub reduced_motion: bool,
}

/// What forms and menus can offer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Choices {
    /// Topics with their partition counts.
    pub topics: Vec<(String, i32)>,
    pub nodes: Vec<NodeChoice>,
    pub groups: Vec<String>,
    /// Pairs of nodes whose link is cut.
    pub cuts: Vec<(NodeChoice, NodeChoice)>,
    pub next_broker: i32,
}

/// The cluster's answer to an act that a form has asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub ticket: u64,
    pub outcome: Result<String, FormError>,
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
    pub choices: Rc<Choices>,
    pub notice: Option<Rc<NoticeView>>,
    /// While a link is being replayed: how far, in thousandths.
    pub opening: Option<u16>,
    /// Answers since the last frame.
    pub answers: Vec<Answer>,
}

/// A line of the terminal's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalLine {
    pub kind: LineKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Prompt,
    Output,
    Error,
    Comment,
}

/// A link to the present moment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ShareView {
    pub link: String,
    pub now_text: String,
    pub hash: String,
    /// The experiment as command lines.
    pub script: String,
}

/// What came of an intent at once.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Done,
    /// The cluster will answer under this number.
    Asked(u64),
    Refused(FormError),
}

/// The experiment behind the page.
pub struct Session {
    fixture: Fixture,
}

impl Session {
    /// Opens the experiment of a link's fragment, or the opening scene.
    pub fn open(fragment: &str) -> Session {
        Session { fixture: Fixture::open(fragment) }
    }

    /// Applies what changes the playhead.
    pub fn play(&mut self, playback: Playback) {
        self.fixture.play(playback);
    }

    /// Applies an act on the world.
    pub fn act(&mut self, act: &Act) -> Outcome {
        self.fixture.act(act)
    }

    /// Lets `wall_milliseconds` of the reader's time pass.
    pub fn advance(&mut self, wall_milliseconds: f64) {
        self.fixture.advance(wall_milliseconds);
    }

    /// The picture of this moment.
    pub fn frame(&mut self, options: &ViewOptions) -> Frame {
        self.fixture.frame(options)
    }

    /// What moves in this moment; cheap, asked for in every frame.
    pub fn motion(&mut self, options: &ViewOptions) -> MotionView {
        self.fixture.motion(options)
    }

    /// Runs a terminal line.
    pub fn line(&mut self, line: &str, language: Language) -> Vec<TerminalLine> {
        let text = if line.trim() == "help" {
            "kill, stop, start, create-topic, send"
        } else {
            language.text().form.unknown_line
        };
        vec![TerminalLine { kind: LineKind::Output, text: text.to_owned() }]
    }

    /// What the terminal's Tab offers for a line.
    pub fn complete(&self, line: &str) -> Vec<String> {
        ["kill broker-", "start broker-", "stop broker-", "create-topic ", "send "]
            .into_iter()
            .filter(|command| command.starts_with(line))
            .map(str::to_owned)
            .collect()
    }

    /// A link to this moment.
    pub fn share(&mut self) -> ShareView {
        ShareView {
            link: "#b1.sample".to_owned(),
            now_text: "4.812 s".to_owned(),
            hash: "7c1f·90ab·e4d2".to_owned(),
            script: String::new(),
        }
    }

    /// Opens another experiment in place of this one.
    pub fn load(&mut self, link: &str) {
        self.fixture = Fixture::open(link);
    }

    /// Goes on from a notice.
    pub fn notice(&mut self, action: lab::view::NoticeAction) {
        let _ = action;
    }

    /// Stops replaying a link and shows what has been reached.
    pub fn stop_opening(&mut self) {}

    /// The partition that a record with this key would go to, as `orders-1`.
    pub fn partition_of(&self, topic: &str, key: &str) -> Option<String> {
        (!key.is_empty()).then(|| format!("{topic}-{}", key.len() % 3))
    }
}

/// A complaint of ours about something typed.
pub fn complaint(field: lab::view::Field, sentence: impl Into<String>) -> FormError {
    let error =
        ErrorView { name: String::new(), source: String::new(), text: String::new(), sentence: sentence.into() };
    FormError { field: Some(field), error }
}
