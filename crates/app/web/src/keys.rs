//! The keyboard. Single letters work only while the stage or the timeline has the focus, and can be switched off. What a
//! key means is a plain function of the key and of where the focus is; `focus` sees to it that a pointer leaves it nowhere
//! where Space would mean something else than it says in the list of keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::intent::{Dialog, Intent, MetersIntent, PageIntent, Panel};
use session::{LessonIntent, Playback};

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    /// In a field or an open dialog or menu: keys belong to it.
    Taken,
    /// On a button or link: Space and Enter belong to it.
    Button,
    /// On a replica's row: a button with keys in it, along which arrows go unless something is selected.
    Row,
    /// On a client's card: the same, whatever is selected.
    Card,
    /// In what the terminal has printed: letters that are typed there are not meant for the stage.
    Output,
    Stage,
}

/// A key that is pressed, as far as it matters.
struct Press<'a> {
    key: &'a str,
    shift: bool,
    alt: bool,
    /// Ctrl, or the Mac's command key.
    command: bool,
    focus: Focus,
}

/// What the page knows that matters for keys.
#[derive(Clone, Copy, Debug)]
pub struct KeyState {
    pub selected: bool,
    pub letters: bool,
    pub dialog_open: bool,
}

/// By what is around it: a letter in a field is no shortcut.
fn focus(event: &KeyboardEvent) -> Focus {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let inside =
        |selector: &str| element.as_ref().is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))));
    if inside("input:not([type=checkbox]), select, textarea, dialog") {
        Focus::Taken
    } else if inside("[data-thing^=row-]") {
        Focus::Row
    } else if inside("[data-thing^=producer-], [data-thing^=member-]") {
        Focus::Card
    } else if inside("button, a, [role=button], [role=tab], summary, input") {
        Focus::Button
    } else if inside(".terminal") {
        Focus::Output
    } else {
        Focus::Stage
    }
}

/// Is the focus in a column that is higher than its place? There PageDown and PageUp scroll.
#[inline(never)]
fn scrolls(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let column = element.and_then(|element| element.closest(".side-body").ok().flatten());
    column.is_some_and(|column| column.scroll_height() > column.client_height())
}

/// The intent of a key; `None` leaves the key to the browser.
pub fn intent(event: &KeyboardEvent, state: KeyState) -> Option<Intent> {
    let key = event.key();
    if key.starts_with("Page") && scrolls(event) {
        return None;
    }
    let press = Press {
        key: &key,
        shift: event.shift_key(),
        alt: event.alt_key(),
        command: event.ctrl_key() || event.meta_key(),
        focus: focus(event),
    };
    decide(&press, state)
}

/// In order of who has the first claim on a key: dialogs and fields, then time, then letters.
fn decide(press: &Press<'_>, state: KeyState) -> Option<Intent> {
    if press.key == "Escape" && !state.dialog_open {
        return Some(PageIntent::Close.into());
    }
    // A field takes back what is typed into it by itself.
    if press.focus == Focus::Taken || state.dialog_open {
        return None;
    }
    if press.command {
        return commanded(press);
    }
    let is_button = matches!(press.focus, Focus::Button | Focus::Row | Focus::Card);
    match press.key {
        " " if !is_button => Some(Playback::Toggle.into()),
        "." => Some(Playback::Toggle.into()),
        _ if press.focus == Focus::Output => None,
        "Enter" if !is_button && state.selected => Some(PageIntent::Inspect.into()),
        "Delete" if state.selected => Some(PageIntent::SwitchSelection.into()),
        _ => moves(press, state).or_else(|| letter(press.key, press.shift).filter(|_| state.letters && !press.alt)),
    }
}

/// With Ctrl or the command key.
fn commanded(press: &Press<'_>) -> Option<Intent> {
    match (press.key, press.shift) {
        _ if press.alt => None,
        ("z" | "Z", false) => Some(Playback::Undo.into()),
        ("z" | "Z", true) | ("y" | "Y", false) => Some(Playback::Redo.into()),
        _ => None,
    }
}

/// Arrows are time unless something is selected, and with Shift or Alt always.
fn moves(press: &Press<'_>, state: KeyState) -> Option<Intent> {
    let has_keys = press.focus == Focus::Card || (press.focus == Focus::Row && !state.selected);
    let along = has_keys && !press.alt && !press.shift;
    let time = !state.selected || press.alt || press.shift;
    let playback = match (press.key, press.shift) {
        ("ArrowRight", _) if along => return Some(PageIntent::AlongKeys(1).into()),
        ("ArrowLeft", _) if along => return Some(PageIntent::AlongKeys(-1).into()),
        ("ArrowRight", true) => Playback::NextVisible,
        ("ArrowLeft", true) => Playback::PreviousVisible,
        ("ArrowRight", false) if time => Playback::Step,
        ("ArrowLeft", false) if time => Playback::StepBack,
        ("PageDown", false) => return Some(LessonIntent::TurnOn.into()),
        ("PageUp", false) => return Some(LessonIntent::TurnBack.into()),
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

/// Letters can be switched off (WCAG 2.1.4), all of them.
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
        "3" => PageIntent::ToggleCompare.into(),
        "m" => Playback::SetMark.into(),
        "+" | "=" => PageIntent::Zoom(1).into(),
        "-" => PageIntent::Zoom(-1).into(),
        "z" if shift => Playback::Redo.into(),
        "z" => Playback::Undo.into(),
        "?" => PageIntent::Open(Dialog::Keys).into(),
        "/" | "v" => PageIntent::Open(Dialog::List).into(),
        "t" => PageIntent::ToggleTerminal.into(),
        "g" => PageIntent::Meters(MetersIntent::Toggle).into(),
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

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: KeyState = KeyState { selected: false, letters: true, dialog_open: false };

    fn press(key: &str, focus: Focus) -> Press<'_> {
        Press { key, shift: false, alt: false, command: false, focus }
    }

    fn plays(focus: Focus, state: KeyState) -> bool {
        [" ", "."].into_iter().all(|key| decide(&press(key, focus), state) == Some(Playback::Toggle.into()))
    }

    #[test]
    fn space_plays_unless_it_belongs_to_what_has_the_focus() {
        assert!(plays(Focus::Stage, STATE) && plays(Focus::Output, STATE));
        assert!(plays(Focus::Stage, KeyState { letters: false, selected: true, ..STATE }));
        assert_eq!(decide(&press(" ", Focus::Button), STATE), None, "the button is pressed");
        for key in [" ", ".", "z", "Home"] {
            assert_eq!(decide(&press(key, Focus::Taken), STATE), None);
            assert_eq!(decide(&press(key, Focus::Stage), KeyState { dialog_open: true, ..STATE }), None);
        }
        assert_eq!(decide(&press("k", Focus::Output), STATE), None, "what is typed there is meant for the terminal");
    }

    #[test]
    fn arrows_go_along_keys_where_there_are_some() {
        let go = |key, focus, selected| decide(&press(key, focus), KeyState { selected, ..STATE });
        let along = |steps| Some(PageIntent::AlongKeys(steps).into());
        for (focus, selected) in [(Focus::Row, false), (Focus::Card, false), (Focus::Card, true)] {
            assert_eq!((go("ArrowRight", focus, selected), go("ArrowLeft", focus, selected)), (along(1), along(-1)));
            let timed = decide(&Press { alt: true, ..press("ArrowRight", focus) }, STATE);
            assert_eq!(timed, Some(Playback::Step.into()), "Alt still means time");
            let shifted = decide(&Press { shift: true, ..press("ArrowRight", focus) }, STATE);
            assert_eq!(shifted, Some(Playback::NextVisible.into()));
        }
        assert_eq!(go("ArrowRight", Focus::Row, true), Some(PageIntent::Walk(0, 1).into()));
        assert_eq!(go("ArrowRight", Focus::Button, false), Some(Playback::Step.into()));
        assert_eq!(go("Enter", Focus::Row, true), None, "the row itself is pressed");
    }

    #[test]
    fn a_presenters_remote_plays_and_turns_over() {
        // Without single letters, too, and wherever the last press has left the focus.
        let state = KeyState { letters: false, ..STATE };
        for focus in [Focus::Stage, Focus::Button, Focus::Row, Focus::Card] {
            assert_eq!(decide(&press(".", focus), state), Some(Playback::Toggle.into()));
            assert_eq!(decide(&press("PageDown", focus), state), Some(LessonIntent::TurnOn.into()));
            assert_eq!(decide(&press("PageUp", focus), state), Some(LessonIntent::TurnBack.into()));
        }
        for focus in [Focus::Taken, Focus::Output] {
            assert_eq!(decide(&press("PageDown", focus), state), None, "there it scrolls");
        }
        assert_eq!(
            decide(&press("b", Focus::Stage), STATE),
            Some(PageIntent::Open(Dialog::Broker).into()),
            "a form, no act"
        );
        assert_eq!(decide(&press("F5", Focus::Stage), STATE), None);
    }

    #[test]
    fn undo_and_redo_have_the_keys_that_hands_know() {
        let commanded = |key, shift, focus| decide(&Press { shift, command: true, ..press(key, focus) }, STATE);
        let (undo, redo) = (Some(Playback::Undo.into()), Some(Playback::Redo.into()));
        for focus in [Focus::Stage, Focus::Button, Focus::Output] {
            assert_eq!(commanded("z", false, focus), undo);
            // Some systems report the letter as it would be typed.
            assert_eq!((commanded("z", true, focus), commanded("Z", true, focus)), (redo.clone(), redo.clone()));
            assert_eq!(commanded("y", false, focus), redo);
        }
        assert_eq!(commanded("z", false, Focus::Taken), None, "a field takes back what was typed into it");
        assert_eq!((commanded("s", false, Focus::Stage), commanded("y", true, Focus::Stage)), (None, None));
        assert_eq!(decide(&press("z", Focus::Stage), STATE), undo);
        assert_eq!(decide(&Press { shift: true, ..press("Z", Focus::Stage) }, STATE), redo);
        assert_eq!(decide(&press("z", Focus::Stage), KeyState { letters: false, ..STATE }), None);
    }
}
