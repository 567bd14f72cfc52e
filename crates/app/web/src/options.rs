//! What the address and the browser say about how the page is to look and behave: the option table of `session::visit`,
//! and the browser's own wishes where the address leaves the choice.

use session::Start;
use session::visit::Visit;
use view::text::Language;

pub use session::visit::{Controls, THEMES, own_fragment};

/// The options of this visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// What the address says.
    pub visit: Visit,
    pub language: Language,
    pub theme: usize,
    pub autoplay: bool,
    pub reduced_motion: bool,
    /// The experiment in the address, without `#`.
    pub fragment: String,
}

/// The page's own address without what follows it.
pub fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    let origin = part(web_sys::Location::origin);
    // A sandboxed frame's origin is the word `null`; its address is still a place to go to.
    match origin.as_str() {
        "" | "null" => part(web_sys::Location::href).split(['?', '#']).next().unwrap_or_default().to_owned(),
        _ => origin + &part(web_sys::Location::pathname),
    }
}

impl Options {
    /// What a session begins with; `text`: of the scenario that the address names. A lesson waits for its reader.
    pub fn start(&self, text: Option<String>) -> Start {
        let autoplay = self.autoplay && (text.is_none() || self.visit.autoplay == Some(true));
        Start { visit: self.visit.clone(), fragment: self.fragment.clone(), autoplay, text, language: self.language }
    }

    /// The file of the scenario that the address names, where this build has none of that name.
    pub fn asked_file(&self) -> Option<String> {
        let id = self.visit.scenario.as_deref()?;
        session::visit::names_lesson(id).then(|| crate::later::lesson_file(id, self.language))
    }

    /// Reads address, storage and browser.
    pub fn read() -> Options {
        let window = web_sys::window();
        let location = window.as_ref().map(web_sys::Window::location);
        let search = location.as_ref().and_then(|location| location.search().ok()).unwrap_or_default();
        let fragment = location.as_ref().and_then(|location| location.hash().ok()).unwrap_or_default();
        let visit = Visit::read(&search);
        Options {
            language: visit.language.unwrap_or_else(language_of_browser),
            theme: visit.theme.or_else(kept_theme).unwrap_or(0),
            autoplay: visit.autoplay.unwrap_or(!visit.embed),
            reduced_motion: visit.reduced_motion.unwrap_or_else(|| prefers("(prefers-reduced-motion: reduce)")),
            fragment: own_fragment(&fragment),
            visit,
        }
    }
}

/// The first that it names and that there is.
fn language_of_browser() -> Language {
    let browser = || web_sys::window().and_then(|window| window.navigator().language());
    Language::from_tag(&crate::storage::get("lang").or_else(browser).unwrap_or_default())
}

/// What the reader chose here before.
fn kept_theme() -> Option<usize> {
    let kept = crate::storage::get("theme")?;
    THEMES.iter().position(|name| *name == kept)
}

/// Whether a media query holds.
pub fn prefers(media: &str) -> bool {
    let window = web_sys::window();
    window.and_then(|window| window.match_media(media).ok()?).is_some_and(|list| list.matches())
}

/// Puts theme and language on the document.
pub fn apply(theme: usize, language: Language) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    // Without a document there is nothing to mark.
    let Some(root) = root else { return };
    let name = match THEMES.get(theme) {
        Some(&"auto") | None => {
            if prefers("(prefers-color-scheme: dark)") {
                "dark"
            } else {
                "light"
            }
        }
        Some(name) => name,
    };
    let _ = root.set_attribute("data-theme", name);
    let _ = root.set_attribute("lang", language.text().tag);
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(language.text().page.product);
    }
}
