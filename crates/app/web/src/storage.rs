//! The browser's storage, where it exists. A sandboxed frame forbids it, and elsewhere it may be full; then nothing is
//! kept, and whoever wanted to keep something is told which of the two it is.

use session::Refusal;
use web_sys::Storage;

/// Browsers may refuse it, in private windows or by settings; the page works without.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What lasts as long as the tab, over reloads.
fn of_tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Other pages of the same site keep things, too.
fn key(name: &str) -> String {
    format!("blumfeld.{name}")
}

/// What was kept under the name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok()?
}

/// Keeps a value.
pub fn set(name: &str, value: &str) -> Result<(), Refusal> {
    storage().ok_or(Refusal::Forbidden)?.set_item(&key(name), value).map_err(|_| Refusal::Full)
}

/// What is not there is removed already.
pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(name));
    }
}

/// What follows `start` in the names that begin with it.
pub fn names(start: &str) -> Vec<String> {
    // A browser that keeps nothing has nothing kept.
    let Some(storage) = storage() else { return Vec::new() };
    let start = key(start);
    let all = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    all.filter_map(|name| name.strip_prefix(&start).map(str::to_owned)).collect()
}

/// Why nothing could be kept at present, if so.
pub fn refusal() -> Option<Refusal> {
    storage().is_none().then_some(Refusal::Forbidden)
}

/// What this tab has noted.
pub fn noted(name: &str) -> Option<String> {
    of_tab()?.get_item(&key(name)).ok()?
}

/// Notes something for this tab, where that is possible.
pub fn note(name: &str, value: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(&key(name), value);
    }
}
