//! The page's own state: what is open, what is selected, how large the window is. None of it is the cluster's.

use std::rc::Rc;

use session::visit::View;
use stage::{ClusterTabs, LessonColumn, Page, PageFrame, Sight, Terminal};
use view::meters::MetersChoice;
use view::picture::spacetime::Choice;
use view::text::Language;
use view::{BrokerId, Detail, FlatMap, FormError, InspectorTab, LinkFault, Pointed, Thing, TopicPartition};

use super::sharing::Sharing;
use crate::dialog::{Copying, SentMessage};
use crate::intent::{Dialog, Menu, Panel, SpacetimeIntent};
use crate::keeping::KeptList;
use crate::keys::KeyState;
use crate::options::Options;
use crate::stage::zoom::Anchor;
use session::{Draft, Playback, ShareView, TerminalLine, ViewOptions};

/// Messages of a form that are listed.
const MESSAGES: usize = 20;
/// By how much the stage is larger for a projector.
const PROJECTED: f64 = 1.2;
/// The meters' share of the window's height, as the style sheet has it.
const METERS: f64 = 0.5;
/// The reader's own zoom: one step, and the most.
const ZOOM_STEP: f64 = 1.25;
const ZOOM_MOST: f64 = 4.0;

/// A short message that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub number: u32,
    pub text: String,
    pub bad: bool,
}

/// What was done, undone or redone last, and the way back.
#[derive(Clone, Debug, PartialEq)]
pub struct ActToast {
    pub number: u32,
    pub text: String,
    /// Undo or redo.
    pub back: Playback,
}

/// A form that was sent off and whose answer has not come yet.
#[derive(Clone, Debug, PartialEq)]
pub struct SentForm {
    /// The act's number.
    pub act: u64,
    pub dialog: Dialog,
    pub draft: Rc<Draft>,
}

/// The page's own state.
pub struct PageState {
    pub language: Language,
    pub theme: usize,
    pub details: bool,
    pub internal: bool,
    pub selection: Option<Thing>,
    /// Who is selected as soon as there is somebody of that name: an address or a lesson wishes it.
    pub wished: Option<String>,
    pub pointed: Option<Pointed>,
    pub panel: Panel,
    pub panel_chosen: bool,
    pub side_open: bool,
    /// Two branches beside each other.
    pub compares: bool,
    pub tab: InspectorTab,
    pub menu: Option<Menu>,
    pub dialog: Option<Dialog>,
    pub drafts: FlatMap<&'static str, Rc<Draft>>,
    pub error: Option<FormError>,
    pub sent: Vec<SentForm>,
    /// Messages that were sent from the open form.
    pub messages: Rc<Vec<SentMessage>>,
    /// Links that had a fault since their dialog was opened.
    pub links: Rc<Vec<LinkFault>>,
    pub share: Rc<ShareView>,
    pub sharing: Sharing,
    pub copy: Copying,
    pub kept: Rc<KeptList>,
    /// Partitions that the search in the list has found beyond those on the stage.
    pub found: Rc<Vec<(Thing, String)>>,
    pub terminal_open: bool,
    /// The reader has opened or closed it.
    pub terminal_chosen: bool,
    pub terminal: Rc<Vec<TerminalLine>>,
    pub history: Rc<Vec<String>>,
    pub toasts: Vec<Toast>,
    pub act_toast: Option<ActToast>,
    pub toast_count: u32,
    pub partition: Option<TopicPartition>,
    pub single_keys: bool,
    pub window: (f64, f64),
    pub embed: bool,
    /// How much larger than it fits the reader wants the stage.
    pub zoom: f64,
    /// Brokers whose lanes are shown at full size in their place.
    pub opened: Vec<BrokerId>,
    /// How much the picture holds of each broker, as the stage has room for.
    pub detail: Detail,
    /// What has to stay in its place when the stage is drawn next.
    pub anchor: Option<Anchor>,
    /// The picture that the address asks for, or the reader has chosen.
    pub view: Option<View>,
    /// What is chosen in the space-time diagram.
    pub spacetime: Choice,
    /// What is chosen in the room of meters.
    pub meters: MetersChoice,
    /// Time has passed, or been stepped, since the page was opened.
    pub started: bool,
    pub lesson: LessonColumn,
    /// Of the run's clusters.
    pub tabs: ClusterTabs,
}

impl PageState {
    pub fn new(options: &Options) -> PageState {
        let mut state = PageState {
            language: options.language,
            theme: options.theme,
            details: false,
            internal: false,
            selection: None,
            pointed: None,
            panel: Panel::Legend,
            panel_chosen: false,
            side_open: false,
            compares: false,
            tab: InspectorTab::State,
            menu: None,
            dialog: None,
            drafts: FlatMap::new(),
            error: None,
            sent: Vec::new(),
            messages: Rc::default(),
            links: Rc::default(),
            share: Rc::default(),
            sharing: Sharing::default(),
            copy: Copying::default(),
            kept: Rc::default(),
            found: Rc::default(),
            terminal_open: false,
            terminal_chosen: false,
            terminal: Rc::default(),
            history: Rc::default(),
            toasts: Vec::new(),
            act_toast: None,
            toast_count: 0,
            partition: options.visit.row.clone(),
            wished: options.visit.select.clone(),
            single_keys: crate::storage::get("keys").as_deref() != Some("off"),
            window: (1440.0, 900.0),
            embed: options.visit.embed,
            zoom: 1.0,
            opened: Vec::new(),
            detail: Detail::Cells,
            anchor: None,
            view: options.visit.view,
            spacetime: Choice::default(),
            meters: MetersChoice::of(&options.visit.meters),
            started: false,
            lesson: LessonColumn::Absent,
            tabs: ClusterTabs::Absent,
        };
        state.measure();
        state
    }

    /// Opens a broker's lane, or closes it.
    pub fn open_lane(&mut self, broker: BrokerId) {
        match self.opened.iter().position(|opened| *opened == broker) {
            Some(at) => drop(self.opened.remove(at)),
            None => self.opened.push(broker),
        }
    }

    /// More is said on the stage, or less.
    pub fn toggle_details(&mut self) {
        self.details = !self.details;
        self.menu = None;
    }

    /// Kafka's own topics are shown, or not.
    pub fn toggle_internal(&mut self) {
        self.internal = !self.internal;
        self.menu = None;
    }

    /// Is the space-time diagram shown?
    pub fn shows_spacetime(&self) -> bool {
        self.view == Some(View::SpaceTime) && !self.compares
    }

    /// Does what is asked of the space-time diagram.
    pub fn in_spacetime(&mut self, intent: SpacetimeIntent) {
        match intent {
            SpacetimeIntent::Toggle => {
                self.view = if self.shows_spacetime() { Some(View::Brokers) } else { Some(View::SpaceTime) };
                self.compares = false;
                self.menu = None;
            }
            SpacetimeIntent::Stretch(steps) => self.spacetime = self.spacetime.stretched(steps),
            SpacetimeIntent::Family(family) => self.spacetime.family = family,
            SpacetimeIntent::Message(message) => self.spacetime.message = Some(message),
            SpacetimeIntent::Bytes(message) => {
                self.spacetime.message = Some(message);
                self.spacetime.opened = Some(message).filter(|_| self.spacetime.opened != Some(message));
            }
        }
    }

    /// Is the room of meters open?
    pub fn shows_meters(&self) -> bool {
        self.view == Some(View::Meters) && !self.compares
    }

    /// Opens the room of meters, or closes it.
    pub fn toggle_meters(&mut self) {
        self.view = if self.shows_meters() { Some(View::Brokers) } else { Some(View::Meters) };
        self.compares = false;
        self.menu = None;
    }

    /// Another cluster is shown: names and numbers of this one mean nothing there.
    pub fn leave_cluster(&mut self) {
        (self.selection, self.partition, self.pointed) = (None, None, None);
        self.spacetime.message = None;
        (self.opened, self.found, self.links) = (Vec::new(), Rc::default(), Rc::default());
        (self.drafts, self.error, self.menu) = (FlatMap::new(), None, None);
        if self.panel == Panel::Inspector {
            self.panel = Panel::Story;
        }
    }

    /// One step larger or smaller, or as it fits.
    pub fn zoom_by(&mut self, steps: i8) {
        self.anchor = Anchor::middle();
        self.zoom = match steps {
            0 => 1.0,
            1.. => (self.zoom * ZOOM_STEP).min(ZOOM_MOST),
            _ => (self.zoom / ZOOM_STEP).max(1.0),
        };
    }

    /// Reads the window's size.
    pub fn measure(&mut self) {
        // Without a window the sizes stay.
        let Some(window) = web_sys::window() else { return };
        let read = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
        if let (Some(width), Some(height)) = (read(window.inner_width()), read(window.inner_height())) {
            self.window = (width, height);
        }
    }

    /// The page around the stage.
    pub fn page(&self) -> Page {
        Page {
            window: self.window,
            frame: if self.embed { PageFrame::Embedded } else { PageFrame::Own },
            enlarged: if crate::options::THEMES[self.theme] == "projector" { PROJECTED } else { 1.0 },
            zoom: self.zoom,
            sight: self.view.map(|view| match view {
                View::Partitions => Sight::OnePartition,
                View::Brokers | View::SpaceTime | View::Meters => Sight::Whole,
            }),
            partition: self.partition.clone(),
            opened: self.opened.clone(),
            language: self.language,
            terminal: match (self.terminal_open, self.compares) {
                (false, _) => Terminal::Closed,
                (true, false) => Terminal::Open,
                (true, true) => Terminal::Sheet,
            },
            below: if self.shows_meters() { self.window.1 * METERS } else { 0.0 },
            lesson: self.lesson,
            tabs: self.tabs,
        }
    }

    /// A text types into the terminal: it is opened where it has a room of its own, unless the reader has closed it.
    pub fn show_terminal(&mut self) {
        let page = Page { terminal: Terminal::Open, ..self.page() };
        self.terminal_open |= !self.terminal_chosen && !self.compares && page.has_terminal_beside();
    }

    /// What the picture has to know of the page.
    pub fn view_options(&self, options: &Options) -> ViewOptions {
        ViewOptions {
            language: self.language,
            details: self.details,
            detail: self.detail,
            opened: self.opened.clone(),
            internal: self.internal,
            selection: self.selection.clone(),
            partition: self.partition.clone(),
            pointed: self.pointed.clone(),
            reduced_motion: options.reduced_motion,
            compare: self.compares,
            spacetime: self.shows_spacetime().then(|| self.spacetime.clone()),
            meters: self.shows_meters().then(|| self.meters.clone()),
        }
    }

    /// What the meaning of keys depends on.
    pub fn key_state(&self) -> KeyState {
        KeyState { selected: self.selection.is_some(), letters: self.single_keys, dialog_open: self.dialog.is_some() }
    }

    /// The draft of the open form.
    pub fn draft(&self) -> Rc<Draft> {
        self.dialog.as_ref().and_then(|dialog| self.drafts.get(draft_name(dialog)).cloned()).unwrap_or_default()
    }

    /// Changes a field of the open form.
    pub fn type_into(&mut self, field: &'static str, text: String) {
        if let Some(dialog) = &self.dialog {
            Rc::make_mut(self.drafts.entry(draft_name(dialog)).or_default()).set(field, text);
            self.error = None;
            self.copy = Copying::Open;
        }
    }

    /// A message has left the form, which stays as it is for the next one.
    pub fn send_message(&mut self, act: u64, key: Option<String>, value: String) {
        let messages = Rc::make_mut(&mut self.messages);
        messages.push(SentMessage { act, key, value, answer: None });
        let old = messages.len().saturating_sub(MESSAGES);
        messages.drain(..old);
    }

    /// The cluster's answer to one of them. Whether the reader sees it.
    pub fn answer_message(&mut self, act: u64, answer: &Result<Vec<String>, FormError>) -> bool {
        // The reader has closed it.
        let Some(place) = self.messages.iter().position(|message| message.act == act) else { return false };
        Rc::make_mut(&mut self.messages)[place].answer = Some(match answer {
            Ok(said) => Ok(said.join(" ")),
            Err(error) => Err(format!("{} {}", error.error.name, error.error.sentence)),
        });
        self.dialog == Some(Dialog::Message)
    }

    /// Links with a fault that the open dialog has not listed yet.
    pub fn list_links(&mut self, faults: &[LinkFault]) {
        let is_new = |fault: &&LinkFault| self.links.iter().all(|known| known.ends() != fault.ends());
        let new: Vec<LinkFault> = faults.iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            Rc::make_mut(&mut self.links).extend(new);
        }
    }

    /// Empties the open form and closes it.
    pub fn finish_form(&mut self) {
        if let Some(dialog) = self.dialog.take() {
            self.drafts.remove(draft_name(&dialog));
        }
    }

    /// Closes the open form until its answer comes; what was typed is kept.
    pub fn send_form(&mut self, act: u64) {
        let draft = self.draft();
        if let Some(dialog) = self.dialog.take() {
            self.sent.push(SentForm { act, dialog, draft });
        }
    }

    /// The answer to a form: accepted, it is emptied; refused, it is there again with the complaint, as it was typed.
    /// Whether the reader sees the answer by that.
    pub fn answer_form(&mut self, act: u64, refused: Option<&FormError>) -> bool {
        // It was sent from elsewhere.
        let Some(place) = self.sent.iter().position(|sent| sent.act == act) else { return false };
        let sent = self.sent.remove(place);
        let name = draft_name(&sent.dialog);
        if self.drafts.get(name).cloned().unwrap_or_default() != sent.draft {
            return false;
        }
        let Some(refused) = refused else {
            self.drafts.remove(name);
            return false;
        };
        // Whoever types into another form is not interrupted.
        if self.dialog.as_ref().is_some_and(|open| *open != sent.dialog) {
            return false;
        }
        self.dialog = Some(sent.dialog);
        self.error = Some(refused.clone());
        true
    }

    /// Only this one: another may have come since.
    pub fn drop_toast(&mut self, number: u32) -> bool {
        let before = self.toasts.len();
        self.toasts.retain(|toast| toast.number != number);
        let over = self.act_toast.take_if(|toast| toast.number == number);
        self.toasts.len() != before || over.is_some()
    }
}

/// Under which name what is typed is kept while the dialog is closed.
fn draft_name(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Topic => "topic",
        Dialog::Producer => "producer",
        Dialog::Message => "message",
        Dialog::Consumer => "consumer",
        Dialog::Broker => "broker",
        Dialog::Faults => "faults",
        Dialog::Share | Dialog::Keys | Dialog::NotModelled | Dialog::Kept => "none",
        Dialog::List => "list",
    }
}
