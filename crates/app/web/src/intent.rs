//! What a person wants: the only thing that components send. A gesture, a key and a menu entry become the
//! same intent; the session turns those about the world into commands and the page keeps the rest.

use lab::Remedy;
use session::{Act, LessonIntent, Playback};
use view::Str;
use view::meters::ChartOf;
use view::share::{Begins, Wish};
use view::spacetime::{Family, MessageId};
use view::{BrokerId, ClusterIndex, FormError, InspectorTab, NoticeAction, Thing, Time, TopicPartition};

/// Anything that a person can ask of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Playback(Playback),
    Act(Act),
    /// A line for the terminal.
    Line(String),
    Page(PageIntent),
}

/// The dialogs.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Topic,
    Producer,
    Message,
    Consumer,
    Broker,
    Faults,
    Share,
    Keys,
    NotModelled,
    List,
    Kept,
}

impl Dialog {
    /// Its name in the document.
    pub fn name(&self) -> &'static str {
        match self {
            Dialog::Topic => "topic",
            Dialog::Producer => "producer",
            Dialog::Message => "message",
            Dialog::Consumer => "consumer",
            Dialog::Broker => "broker",
            Dialog::Faults => "faults",
            Dialog::Share => "share",
            Dialog::Keys => "keys",
            Dialog::NotModelled => "not-modelled",
            Dialog::List => "list",
            Dialog::Kept => "kept",
        }
    }
}

/// What the side column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Panel {
    #[default]
    Legend,
    Story,
    Inspector,
    Lesson,
}

/// The menus of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    Add,
    Faults,
    View,
    Theme,
    Ledger,
    Tempo,
    /// Acts that are still to come.
    Ahead,
}

impl Menu {
    /// Its name in style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Menu::Add => "add",
            Menu::Faults => "faults",
            Menu::View => "view",
            Menu::Theme => "theme",
            Menu::Ledger => "ledger",
            Menu::Tempo => "tempo",
            Menu::Ahead => "ahead",
        }
    }
}

/// What concerns the page alone.
#[derive(Clone, Debug, PartialEq)]
pub enum PageIntent {
    Open(Dialog),
    Close,
    ToggleMenu(Menu),
    Show(Panel),
    ToggleSide,
    /// Two branches beside each other, or the shown one alone.
    ToggleCompare,
    /// Done in another branch than the shown one, which is shown for it.
    InBranch(usize, Box<Intent>),
    Select(Option<Thing>),
    Inspect,
    Tab(InspectorTab),
    /// Along the keys of what has the focus.
    AlongKeys(i32),
    /// What is pointed at is not there any more: the stage was scrolled.
    PointAtNothing,
    /// The space-time diagram.
    Spacetime(SpacetimeIntent),
    /// The room of meters.
    Meters(MetersIntent),
    ToggleDetails,
    ToggleInternal,
    ToggleTerminal,
    Theme(usize),
    SwitchLanguage,
    Partition(TopicPartition),
    /// Another of the run's clusters is shown.
    ShowCluster(ClusterIndex),
    CopyLink,
    Share(ShareIntent),
    /// Opens a broker's lane at full size in its place, or closes it.
    OpenLane(BrokerId),
    /// The stage larger (above 0), smaller (below 0) or as it fits (0).
    Zoom(i8),
    /// Copies a command line.
    Copy(String),
    StopOpening,
    /// The same moment in a tab of its own.
    OpenFull,
    Notice(NoticeAction),
    /// A link that was pasted.
    OpenLink(String),
    /// Shows that moment, paused; `ReturnBack` leads back to where the reader stood.
    LookAt(Time),
    ReturnBack,
    /// What helps against a limit that is reached.
    Remedy(Remedy),
    DismissToast(u32),
    /// The selection moves by rows and cells.
    Walk(i32, i32),
    /// Stop or start whatever is selected.
    SwitchSelection,
    ToggleSingleKeys,
    /// Typing in a dialog's field.
    Type(&'static str, String),
    /// A dialog's form, read; or what is wrong with it.
    Submit(Result<Act, FormError>),
    CloseTerminal,
    /// How a line of the terminal could go on.
    ListOffers(session::Completed),
    /// The terminal's waiting lines are not run, and what runs there ends.
    DropLines,
    /// What is typed into the terminal has an end.
    EndInput,
    Kept(KeptIntent),
    /// What a reader does in a lesson.
    Learn(LessonIntent),
    /// All lessons.
    Library,
}

/// What is done in the room of meters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetersIntent {
    /// Opens it below the brokers, or closes it.
    Toggle,
    /// Values are read there; where the reader stands.
    Point(Option<Time>),
    Stretch(Time, Time),
    /// Plays the chosen stretch.
    Play,
    /// Draws the chosen stretch alone; all of it again.
    Zoom,
    Whole,
    /// As CSV.
    Copy,
    /// Shows a chart or takes it away.
    Chart(ChartOf),
    /// Another producer's settings are to be changed.
    Producer(Str),
    /// The chosen producer goes on with these: `linger.ms`, `batch.size`.
    Tune(u32, u32),
}

/// What is done with the space-time diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpacetimeIntent {
    /// Shows it in place of the brokers, or the brokers again.
    Toggle,
    /// A longer stretch (above 0) or a shorter one.
    Stretch(i8),
    /// Messages of that family only; of all.
    Family(Option<Family>),
    /// Says what that message is.
    Message(MessageId),
    /// Shows its bytes, too, or no longer.
    Bytes(MessageId),
}

/// What is chosen and asked for where something is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareIntent {
    Begin(Begins),
    Wish(Wish),
    /// Of `view::share::HOSTS`.
    Host(usize),
    /// Pixels of a frame.
    Height(u16),
    /// Copies the snippet.
    Snippet,
    /// Saves the experiment as text, the stage as a picture that holds it, and as a picture alone.
    File,
    Png,
    Svg,
}

/// What can be copied where something is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Link,
    Snippet,
}

/// What becomes of a kept experiment, by its id.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptIntent {
    Open(String),
    /// Its new name.
    Rename(String, String),
    Delete(String),
    /// What was deleted last.
    PutBack,
}

impl From<Playback> for Intent {
    fn from(playback: Playback) -> Intent {
        Intent::Playback(playback)
    }
}

impl From<Act> for Intent {
    fn from(act: Act) -> Intent {
        Intent::Act(act)
    }
}

impl From<LessonIntent> for Intent {
    fn from(learn: LessonIntent) -> Intent {
        Intent::Page(PageIntent::Learn(learn))
    }
}

impl From<PageIntent> for Intent {
    fn from(page: PageIntent) -> Intent {
        Intent::Page(page)
    }
}
