//! The keyboard. Single letters work only while the stage or the timeline has the focus, and can be switched off.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::intent::{Dialog, Intent, PageIntent, Panel};
use session::Playback;

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    /// In a field or an open dialog or menu: keys belong to it.
    Taken,
    /// On a button or link: Space and Enter belong to it.
    Button,
    Stage,
}

/// What the page knows that matters for keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyState {
    pub selected: bool,
    pub letters: bool,
    pub dialog_open: bool,
}

fn focus(event: &KeyboardEvent) -> Focus {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let inside =
        |selector: &str| element.as_ref().is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))));
    if inside("input, select, textarea, dialog, .terminal") {
        Focus::Taken
    } else if inside("button, a, [role=button], [role=tab], summary") {
        Focus::Button
    } else {
        Focus::Stage
    }
}

/// The intent of a key; `None` leaves the key to the browser.
pub fn intent(event: &KeyboardEvent, state: KeyState) -> Option<Intent> {
    let key = event.key();
    if key == "Escape" && !state.dialog_open {
        return Some(PageIntent::Close.into());
    }
    let focus = focus(event);
    if focus == Focus::Taken || state.dialog_open || event.ctrl_key() || event.meta_key() {
        return None;
    }
    if let Some(intent) = moves(event, &key, state) {
        return Some(intent);
    }
    match key.as_str() {
        " " if focus == Focus::Stage => Some(Playback::Toggle.into()),
        "." => Some(Playback::Toggle.into()),
        "Enter" if focus == Focus::Stage && state.selected => Some(PageIntent::Inspect.into()),
        "Delete" if state.selected => Some(PageIntent::SwitchSelection.into()),
        _ if state.letters && !event.alt_key() => letter(&key, event.shift_key()),
        _ => None,
    }
}

fn moves(event: &KeyboardEvent, key: &str, state: KeyState) -> Option<Intent> {
    let time = !state.selected || event.alt_key() || event.shift_key();
    let playback = match (key, event.shift_key()) {
        ("ArrowRight", true) => Playback::NextVisible,
        ("ArrowLeft", true) => Playback::PreviousVisible,
        ("ArrowRight", false) if time => Playback::Step,
        ("ArrowLeft", false) if time => Playback::StepBack,
        ("Home", _) => Playback::Start,
        ("End", _) => Playback::Latest,
        ("ArrowRight", false) => return Some(PageIntent::Walk(0, 1).into()),
        ("ArrowLeft", false) => return Some(PageIntent::Walk(0, -1).into()),
        ("ArrowDown", _) if state.selected => return Some(PageIntent::Walk(1, 0).into()),
        ("ArrowUp", _) if state.selected => return Some(PageIntent::Walk(-1, 0).into()),
        _ => return None,
    };
    Some(playback.into())
}

fn letter(key: &str, shift: bool) -> Option<Intent> {
    let intent: Intent = match key.to_ascii_lowercase().as_str() {
        "]" => Playback::NextMark.into(),
        "[" => Playback::PreviousMark.into(),
        "s" => Playback::Slower.into(),
        "w" => Playback::Faster.into(),
        "0" => Playback::Auto.into(),
        "f" => Playback::Fork.into(),
        "1" => Playback::ShowBranch(0).into(),
        "2" => Playback::ShowBranch(1).into(),
        "3" => PageIntent::Show(Panel::Compare).into(),
        "m" => Playback::SetMark.into(),
        "z" if shift => Playback::Redo.into(),
        "z" => Playback::Undo.into(),
        "?" => PageIntent::Open(Dialog::Keys).into(),
        "/" | "v" => PageIntent::Open(Dialog::List).into(),
        "t" => PageIntent::ToggleTerminal.into(),
        "l" => PageIntent::Show(Panel::Legend).into(),
        "i" => PageIntent::Inspect.into(),
        "d" => PageIntent::ToggleDetails.into(),
        "b" => PageIntent::Open(Dialog::Broker).into(),
        "p" => PageIntent::Open(Dialog::Producer).into(),
        "c" => PageIntent::Open(Dialog::Consumer).into(),
        "o" => PageIntent::Open(Dialog::Topic).into(),
        "k" => PageIntent::SwitchSelection.into(),
        "n" => PageIntent::Open(Dialog::Faults).into(),
        _ => return None,
    };
    Some(intent)
}
