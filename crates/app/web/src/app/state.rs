//! The page's own state: what is open, what is selected, how large the window is. None of it is the cluster's.

use std::rc::Rc;

use session::visit::View;
use view::text::Language;
use view::{FlatMap, FormError, InspectorTab, StageView, Thing, TopicPartition};

use crate::dialog::Copying;
use crate::dialog::Draft;
use crate::intent::{Dialog, Menu, Panel};
use crate::keeping::KeptList;
use crate::keys::KeyState;
use crate::options::Options;
use crate::stage::layout::Layout;
use crate::stage::phone::{self, Room};
use session::{Playback, ShareView, TerminalLine, ViewOptions};

/// Below this width one partition is shown at a time.
const PHONE: f64 = 720.0;
/// From this width on a side column is reserved.
const COLUMN: f64 = 1440.0;

/// An embedded page's title bar, its low and its high transport, and its headline over one partition, in CSS pixels.
const TITLE: f64 = 40.0;
const LOW_TRANSPORT: f64 = 46.0;
const TRANSPORT: f64 = 88.0;
const HEADLINE: f64 = 44.0;
/// A frame lower than this has no room for headline and controllers.
const LOW: f64 = 480.0;

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
    pub lit_key: Option<char>,
    pub panel: Panel,
    pub panel_chosen: bool,
    pub side_open: bool,
    pub tab: InspectorTab,
    pub menu: Option<Menu>,
    pub dialog: Option<Dialog>,
    pub drafts: FlatMap<&'static str, Rc<Draft>>,
    pub error: Option<FormError>,
    pub sent: Vec<SentForm>,
    pub share: Rc<ShareView>,
    pub copy: Copying,
    pub kept: Rc<KeptList>,
    /// Partitions that the search in the list has found beyond those on the stage.
    pub found: Rc<Vec<(Thing, String)>>,
    pub terminal_open: bool,
    pub terminal: Rc<Vec<TerminalLine>>,
    pub history: Rc<Vec<String>>,
    pub toasts: Vec<Toast>,
    pub act_toast: Option<ActToast>,
    pub toast_count: u32,
    pub partition: Option<TopicPartition>,
    pub single_keys: bool,
    pub window: (f64, f64),
    pub embed: bool,
    /// The picture that the address asks for.
    pub view: Option<View>,
    /// Time has passed, or been stepped, since the page was opened.
    pub started: bool,
}

impl PageState {
    pub fn new(options: &Options) -> PageState {
        let mut state = PageState {
            language: options.language,
            theme: options.theme,
            details: false,
            internal: false,
            selection: None,
            lit_key: None,
            panel: Panel::Legend,
            panel_chosen: false,
            side_open: false,
            tab: InspectorTab::State,
            menu: None,
            dialog: None,
            drafts: FlatMap::new(),
            error: None,
            sent: Vec::new(),
            share: Rc::default(),
            copy: Copying::default(),
            kept: Rc::default(),
            found: Rc::default(),
            terminal_open: false,
            terminal: Rc::default(),
            history: Rc::default(),
            toasts: Vec::new(),
            act_toast: None,
            toast_count: 0,
            partition: options.visit.row.clone(),
            single_keys: crate::storage::get("keys").as_deref() != Some("off"),
            window: (1440.0, 900.0),
            embed: options.visit.embed,
            view: options.visit.view,
            started: false,
        };
        state.measure();
        state
    }

    /// Reads the window's size.
    pub fn measure(&mut self) {
        let Some(window) = web_sys::window() else { return };
        let read = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
        if let (Some(width), Some(height)) = (read(window.inner_width()), read(window.inner_height())) {
            self.window = (width, height);
        }
    }

    pub fn is_phone(&self) -> bool {
        self.window.0 < PHONE
    }

    /// Whether one partition is shown at a time, and in how much room.
    pub fn room(&self) -> Option<Room> {
        let one = self.is_phone() || self.view == Some(View::Partitions) || (self.view.is_none() && self.is_tight());
        match (one, self.embed) {
            (false, _) => None,
            (true, false) => Some(Room::Phone),
            (true, true) if self.window.1 < LOW => Some(Room::Low),
            (true, true) => Some(Room::Frame),
        }
    }

    /// A frame in which the whole stage could not be read.
    fn is_tight(&self) -> bool {
        self.embed && (self.window.0 < 760.0 || self.window.1 < 640.0)
    }

    /// A frame in which the transport is one low line.
    pub fn is_compact(&self) -> bool {
        self.embed && (self.window.0 < 1000.0 || self.window.1 < LOW)
    }

    /// The height that an embedded page's bars leave.
    fn framed(&self) -> f64 {
        self.window.1 - TITLE - if self.is_compact() { LOW_TRANSPORT } else { TRANSPORT }
    }

    pub fn has_column(&self) -> bool {
        self.window.0 >= COLUMN
    }

    /// CSS pixels per stage unit: 1 where there is room, less on narrower windows.
    pub fn scale(&self, width: f64, height: f64) -> f64 {
        let (across, down) = self.window;
        match self.room() {
            Some(Room::Low) => (across / width).min(self.framed() / height).clamp(0.6, 2.0),
            Some(Room::Frame) => (across / width).min((self.framed() - HEADLINE) / height).clamp(0.6, 2.0),
            Some(Room::Phone) if self.is_phone() => across / width,
            Some(Room::Phone) => ((across - self.side()) / width).min((down - 220.0) / height).clamp(0.8, 2.0),
            None if self.embed => (across / width).min((self.framed() - 56.0) / height).clamp(0.3, 1.0),
            // The headline stands in the stage's empty top and keeps its own height.
            None => {
                let by_height = ((down - 200.0) / (height - 56.0)).max(0.8);
                ((across - self.side()) / width).min(by_height).min(1.0)
            }
        }
    }

    fn side(&self) -> f64 {
        if self.has_column() { 320.0 } else { 0.0 }
    }

    /// The places of everything for this window.
    pub fn layout(&self, stage: &StageView) -> Layout {
        match (self.shown_partition(stage), self.room()) {
            (Some(partition), Some(room)) => phone::layout(stage, &partition, room),
            _ => Layout::of(stage),
        }
    }

    /// The partition that the narrow stage shows. A teacher's frame shows the one that matters until the reader chooses.
    pub fn shown_partition(&self, stage: &StageView) -> Option<TopicPartition> {
        let known = |wanted: &&TopicPartition| stage.partitions.iter().any(|(name, _)| name == *wanted);
        let matters = stage.matters.as_ref().filter(|_| self.embed).filter(known);
        let first = || stage.partitions.first().map(|(name, _)| name);
        self.partition.as_ref().filter(known).or(matters).or_else(first).cloned()
    }

    pub fn view_options(&self, options: &Options) -> ViewOptions {
        ViewOptions {
            language: self.language,
            details: self.details,
            detail: view::Detail::Cells,
            opened: Vec::new(),
            internal: self.internal,
            selection: self.selection.clone(),
            partition: self.partition.clone(),
            lit_key: self.lit_key,
            reduced_motion: options.reduced_motion,
            compare: self.panel == Panel::Compare,
        }
    }

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

    pub fn drop_toast(&mut self, number: u32) -> bool {
        let before = self.toasts.len();
        self.toasts.retain(|toast| toast.number != number);
        let over = self.act_toast.take_if(|toast| toast.number == number);
        self.toasts.len() != before || over.is_some()
    }
}

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
