//! What an address asks of a visit: the option table of an embedded page, read and judged. Names and values are
//! read without regard to case, values may be percent-encoded. An unknown name, and a value that an option does not
//! take, change nothing and are complained about in one sentence; what campaigns and click counters append is somebody
//! else's. Nothing here touches a page.

mod allow;
pub mod ask;
mod host;
mod inbox;
mod named;
mod place;
mod words;

pub use allow::{Allow, Permit};
pub use host::{Host, Sender};
pub use inbox::{Chore, Inbox, Turn};
pub use named::{Named, names_lesson};
pub use place::{Place, mark_named, same_name};
pub use script::link::decoded;
pub use words::{AskError, LONGEST_LINK, forbidden, of_arrival, of_complaint};

use script::Scenario;
use view::meters::{ChartOf, MetersChoice};
use view::text::{Language, Terms};
use view::{LessonStep, TopicPartition};

/// The version of the messages between the page and a host, as semver has it: what both sides must share is the first
/// number, and the field `blumfeld` of every message is that number. New types and fields raise the second.
pub const PROTOCOL: &str = "1.1.0";
/// Themes in the order of the menu.
pub const THEMES: [&str; 5] = ["auto", "light", "dark", "projector", "contrast"];
/// Parts that `hide=` knows.
pub const PARTS: [&str; 8] = ["title", "ledger", "headline", "timeline", "inspector", "lesson", "story", "legend"];
/// A value is quoted up to here.
const QUOTED: usize = 40;
/// Longer values of what a lesson varies are cut: none is as long, in whatever words.
const LONGEST_VALUE: usize = 80;
/// Longer titles of hosts are cut.
const LONGEST_TITLE: usize = 120;

/// How much of the timeline is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Controls {
    #[default]
    Full,
    Step,
    None,
}

/// Which picture is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Brokers,
    /// One partition at a time, its replicas below each other.
    Partitions,
    /// Who sent what to whom, over time.
    SpaceTime,
    /// Brokers, and below them what monitoring would tell.
    Meters,
}

/// What becomes of a lesson's questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// They are not asked.
    Off,
    /// As it is where the address does not say.
    On,
    /// Time goes on only after the answer.
    Gate,
}

/// Something that an address asks for and does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// The option does not take the value; what it takes.
    Value { name: &'static str, value: String, takes: &'static str },
    /// `check=` or `step=` where nothing is asked.
    NoQuestions,
    /// `with=` where nothing is varied.
    NothingVaried,
    /// `with=` asks for a value that the lesson does not have; those that are nearest to it.
    NoValue { asked: String, near: Vec<String> },
    /// An option that nobody here knows.
    Unknown(String),
    /// `cluster=` names none of the run's; what they are called.
    NoCluster { asked: String, there: Vec<String> },
    /// `row=` names a partition that is not there.
    NoRow(String),
    /// No mark of that name is on the timeline.
    NoMark(String),
    /// `v=` names rules that this page does not have.
    OtherRules(u64),
    /// The next visible event was looked for and not found.
    NothingVisible,
    /// The text of a lesson that a link or a kept experiment names could not be had.
    NoLesson(String),
}

/// The options of a visit; `None` where the address leaves the choice to browser, storage or kind of page.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Visit {
    pub language: Option<Language>,
    /// An index into [`THEMES`].
    pub theme: Option<usize>,
    /// Inside another page: no chrome, starts paused, takes no focus.
    pub embed: bool,
    /// Nothing is loaded before a click; the page's starter reads it.
    pub click_to_load: bool,
    pub autoplay: Option<bool>,
    pub reduced_motion: Option<bool>,
    /// A built-in scenario's id.
    pub scenario: Option<String>,
    pub seed: Option<u64>,
    /// Where to stand at first.
    pub at: Option<Place>,
    /// Where playing stops by itself.
    pub until: Option<Place>,
    /// A manual tempo.
    pub speed: Option<f64>,
    pub view: Option<View>,
    /// The cluster that is shown, of several.
    pub cluster: Option<String>,
    /// The partition that is shown where there is room for one.
    pub row: Option<TopicPartition>,
    /// What is selected at first, by its name: a process, a partition, a record.
    pub select: Option<String>,
    /// The charts of the meters; empty where the address leaves the choice.
    pub meters: Vec<ChartOf>,
    pub controls: Controls,
    /// Parts of the page that are left out, of [`PARTS`].
    pub hide: Vec<&'static str>,
    /// What the reader may do to the cluster.
    pub allow: Allow,
    pub check: Option<Check>,
    /// Where in a lesson to begin.
    pub step: Option<LessonStep>,
    /// Of what a lesson varies the values to begin with: names and values, as they were typed.
    pub with: Vec<(String, String)>,
    /// What the host calls the experiment.
    pub title: Option<String>,
    pub terms: Option<Terms>,
    /// No links to elsewhere and no sharing.
    pub no_links: bool,
    pub no_fork: bool,
    /// The host whose messages may change something.
    pub api: Option<Host>,
    /// In the order of the address.
    pub complaints: Vec<Complaint>,
}

impl Visit {
    /// Reads the part of an address from `?` on.
    pub fn read(search: &str) -> Visit {
        let mut visit = Visit::default();
        for pair in search.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            visit.option(&decoded(name).to_ascii_lowercase(), &decoded(value));
        }
        visit.judge();
        visit
    }

    /// One part of the address. What is not understood is kept as a complaint: an address should not fail in silence.
    fn option(&mut self, name: &str, value: &str) {
        let low = value.to_ascii_lowercase();
        match name {
            "embed" => self.embed = self.flag("embed", &low).unwrap_or(false),
            "ctl" => self.click_to_load = self.flag("ctl", &low).unwrap_or(false),
            "autoplay" => self.autoplay = self.flag("autoplay", &low),
            "readonly" => {
                if self.flag("readonly", &low) == Some(true) {
                    self.allow = Allow::nothing();
                }
            }
            "links" => self.no_links = self.flag("links", &low) == Some(false),
            "fork" => self.no_fork = self.flag("fork", &low) == Some(false),
            "s" => self.scenario = Some(low),
            "seed" => self.seed = self.number("seed", &low),
            "v" => {
                let rules = self.number("v", &low);
                if let Some(rules) = rules.filter(|rules| *rules != script::link::SEMANTICS) {
                    self.complaints.push(Complaint::OtherRules(rules));
                }
            }
            "row" => self.row(value),
            "select" => self.select = Some(quoted(value.trim())).filter(|name| !name.is_empty()),
            "cluster" => self.cluster = Some(quoted(value.trim())).filter(|name| !name.is_empty()),
            "with" => self.with(value),
            "meters" => self.meters(value),
            "title" => self.title = Some(titled(value)).filter(|title| !title.is_empty()),
            "at" => self.at = self.place("at", value),
            "until" => self.until = self.place("until", value),
            "speed" => self.speed = self.speed(&low),
            "api" => match Host::parse(value) {
                Some(host) => self.api = Some(host),
                None => self.refuse("api", value, host::TAKES),
            },
            _other => self.word(name, &low),
        }
    }

    /// Options that take words from a list.
    fn word(&mut self, name: &str, value: &str) {
        match name {
            "lang" => match value {
                "auto" => self.language = None,
                zh if zh.starts_with("zh") => self.language = Some(Language::Chinese),
                en if en.starts_with("en") => self.language = Some(Language::English),
                _other => self.refuse("lang", value, "zh en auto"),
            },
            "theme" => match THEMES.iter().position(|theme| *theme == value) {
                Some(theme) => self.theme = Some(theme),
                None => self.refuse("theme", value, "auto light dark projector contrast"),
            },
            "motion" => match value {
                "auto" => self.reduced_motion = None,
                "reduce" => self.reduced_motion = Some(true),
                _other => self.refuse("motion", value, "auto reduce"),
            },
            "controls" => match value {
                "full" => self.controls = Controls::Full,
                "step" => self.controls = Controls::Step,
                "none" => self.controls = Controls::None,
                _other => self.refuse("controls", value, "full step none"),
            },
            "hide" => self.parts(value),
            "allow" => self.allow(value),
            _other => self.lesson(name, value),
        }
    }

    /// Options of teachers.
    fn lesson(&mut self, name: &str, value: &str) {
        match name {
            "view" => match value {
                "brokers" | "cluster" => self.view = Some(View::Brokers),
                "partitions" => self.view = Some(View::Partitions),
                "spacetime" => self.view = Some(View::SpaceTime),
                "meters" => self.view = Some(View::Meters),
                _other => self.refuse("view", value, "brokers partitions spacetime meters"),
            },
            "check" => match value {
                "off" => self.check = Some(Check::Off),
                "on" => self.check = Some(Check::On),
                "gate" => self.check = Some(Check::Gate),
                _other => self.refuse("check", value, "on off gate"),
            },
            "step" => match LessonStep::named(value) {
                Some(step) => self.step = Some(step),
                None => self.refuse("step", value, "predict run check"),
            },
            "terms" => match value {
                "zh" => self.terms = Some(Terms::Chinese),
                "en" => self.terms = Some(Terms::English),
                "both" => self.terms = Some(Terms::Both),
                _other => self.refuse("terms", value, "zh en both"),
            },
            // What campaigns and click counters append to an address is theirs.
            foreign if foreign.is_empty() || foreign.starts_with("utm_") || foreign.ends_with("clid") => {}
            unknown => self.complaints.push(Complaint::Unknown(quoted(unknown))),
        }
    }

    /// `NAME:VALUE`, several between semicolons, because no value holds one. Which there are is the lesson's.
    fn with(&mut self, value: &str) {
        for pair in value.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let parts = pair.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
            match parts.filter(|(name, value)| !name.is_empty() && !value.is_empty()) {
                Some((name, value)) => self.with.push((quoted(name), value.chars().take(LONGEST_VALUE).collect())),
                None => self.refuse("with", pair, "acks:all"),
            }
        }
    }

    /// Charts, which open the room.
    fn meters(&mut self, value: &str) {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match MetersChoice::named(name) {
                Some(of) if self.meters.len() < MetersChoice::MOST && !self.meters.contains(&of) => {
                    self.meters.push(of)
                }
                Some(_) => {}
                None => self.refuse("meters", name, "TotalTimeMs MessagesInPerSec:node"),
            }
        }
        self.view = self.view.or(Some(View::Meters).filter(|_| !self.meters.is_empty()));
    }

    /// What is opened at once.
    fn row(&mut self, value: &str) {
        let parts = value.trim().rsplit_once('-').filter(|(topic, _)| !topic.is_empty());
        let row = parts.and_then(|(topic, number)| Some(TopicPartition::new(topic, number.parse().ok()?)));
        if row.is_none() {
            self.refuse("row", value, "orders-1");
        }
        self.row = row;
    }

    /// What is understood and still not there.
    fn judge(&mut self) {
        // Questions come with lessons; of the scenarios that are built in none asks any.
        let asks = self.scenario.as_deref().is_some_and(|id| Scenario::builtin(id).is_none());
        let expects = matches!(self.check, Some(Check::On | Check::Gate)) || self.step.is_some();
        if !asks && expects {
            self.complaints.push(Complaint::NoQuestions);
        }
        if !asks && !self.with.is_empty() {
            self.complaints.push(Complaint::NothingVaried);
        }
    }

    /// Parts of the page that are left out.
    fn parts(&mut self, value: &str) {
        for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match PARTS.iter().find(|known| **known == part) {
                Some(known) => self.hide.push(known),
                None => self.refuse("hide", part, "title ledger headline timeline inspector lesson story legend"),
            }
        }
    }

    fn allow(&mut self, value: &str) {
        // `readonly=1` is stricter, whichever comes first.
        let before = std::mem::take(&mut self.allow);
        let mut permits = Vec::new();
        for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match Permit::named(word) {
                Some(permit) => permits.push(permit),
                None => self.refuse("allow", word, Permit::LIST),
            }
        }
        let is_vain = permits.is_empty() && !value.trim().is_empty();
        self.allow = if is_vain || before == Allow::nothing() { before } else { Allow::only(permits) };
    }

    /// `1` or `0`.
    fn flag(&mut self, name: &'static str, value: &str) -> Option<bool> {
        match value {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _other => {
                self.refuse(name, value, "0 1");
                None
            }
        }
    }

    fn number(&mut self, name: &'static str, value: &str) -> Option<u64> {
        let number = value.parse().ok();
        if number.is_none() {
            self.refuse(name, value, "0 … 18446744073709551615");
        }
        number
    }

    /// Virtual seconds for a real one.
    fn speed(&mut self, value: &str) -> Option<f64> {
        let number = base::parse_double(value.trim_start_matches(['x', '×']));
        let speed = number.filter(|speed| (lab::SLOWEST_TEMPO..=lab::FASTEST_TEMPO).contains(speed));
        if speed.is_none() {
            self.refuse("speed", value, "0.0001 … 1000");
        }
        speed
    }

    /// Where the run shall stand: an instant or a mark.
    fn place(&mut self, name: &'static str, value: &str) -> Option<Place> {
        let place = Place::parse(value);
        if place.is_none() {
            self.refuse(name, value, "12.5s mark:NAME");
        }
        place
    }

    /// A complaint with what would have been understood.
    fn refuse(&mut self, name: &'static str, value: &str, takes: &'static str) {
        self.complaints.push(Complaint::Value { name, value: quoted(value), takes });
    }
}

/// Another page's words, in one line.
fn titled(text: &str) -> String {
    let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.trim().chars().take(LONGEST_TITLE).map(blank).collect()
}

/// The experiment in an address's fragment, without `#` and without what others have done to it: chat programs escape
/// letters, WordPress appends its own `#?secret=…` to a frame's address.
pub fn own_fragment(hash: &str) -> String {
    let text = decoded(hash);
    text.trim_start_matches('#').split(['#', '?']).next().unwrap_or("").to_owned()
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

#[cfg(test)]
mod tests;
