//! When our own assertion fails, the experiment must survive: the newest link is kept where a panic can reach it,
//! and the page shows it with one sentence and a button.

use std::cell::RefCell;

use lab::text::Language;

thread_local! {
    static LINK: RefCell<(String, Language)> = RefCell::default();
}

/// Remembers the link to what there is now; called after each act, whoever did it.
pub fn keep(link: &str, language: Language) {
    LINK.with_borrow_mut(|kept| *kept = (link.to_owned(), language));
}

/// The card is to speak another language.
pub fn speak(language: Language) {
    LINK.with_borrow_mut(|kept| kept.1 = language);
}

/// Shows the static rescue card instead of a dead page.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let (link, language) = LINK.with(|kept| kept.try_borrow().map(|kept| kept.clone()).unwrap_or_default());
        let page = &language.text().page;
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
        let put = |id: &str, text: &str| {
            if let Some(element) = document.get_element_by_id(id) {
                element.set_text_content(Some(text));
            }
        };
        put("rescue-title", page.panic_title);
        put("rescue-text", page.panic_text);
        put("rescue-reload", page.reload);
        put("rescue-link", &link);
        put("rescue-detail", &info.to_string());
        if let Some(element) = document.get_element_by_id("rescue-reload") {
            let _ = element.set_attribute("href", &link);
        }
        if let Some(element) = document.get_element_by_id("rescue") {
            let _ = element.remove_attribute("hidden");
        }
    }));
}
