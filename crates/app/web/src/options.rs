//! What the address and the browser say about how the page is to look and behave. Names and values are read without
//! regard to case; unknown ones are ignored.

use lab::text::Language;
use lab::view::Time;

/// Themes in the order of the menu.
pub const THEMES: [&str; 5] = ["auto", "light", "dark", "projector", "contrast"];

/// How much of the timeline is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Controls {
    #[default]
    Full,
    Step,
    None,
}

/// The options of this visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub language: Language,
    pub theme: usize,
    /// Inside another page: no chrome, starts paused, takes no focus.
    pub embed: bool,
    pub autoplay: bool,
    pub reduced_motion: bool,
    pub read_only: bool,
    /// A built-in scenario's id.
    pub scenario: Option<String>,
    pub seed: Option<u64>,
    /// Where to stand at first.
    pub at: Option<Time>,
    /// A manual tempo.
    pub speed: Option<f64>,
    pub controls: Controls,
    /// Parts of the page that are left out: ledger, inspector, timeline, headline.
    pub hide: Vec<String>,
    /// The host whose messages may change something.
    pub api: Option<String>,
    /// Links to elsewhere and sharing are offered.
    pub links: bool,
    pub fork: bool,
    /// The experiment in the address, without `#`.
    pub fragment: String,
}

impl Options {
    /// Reads address, storage and browser.
    pub fn read() -> Options {
        let window = web_sys::window();
        let location = window.as_ref().map(web_sys::Window::location);
        let search = location.as_ref().and_then(|location| location.search().ok()).unwrap_or_default();
        let fragment = location.as_ref().and_then(|location| location.hash().ok()).unwrap_or_default();
        let browser = window.as_ref().and_then(|window| window.navigator().language()).unwrap_or_default();
        let asked = |name: &str| query(&search, name);
        let language =
            asked("lang").filter(|tag| tag != "auto").or_else(|| crate::storage::get("lang")).unwrap_or(browser);
        let theme = asked("theme").or_else(|| crate::storage::get("theme")).unwrap_or_default();
        let embed = asked("embed").as_deref() == Some("1");
        let motion = asked("motion").as_deref() == Some("reduce") || prefers("(prefers-reduced-motion: reduce)");
        Options {
            language: Language::from_tag(&language),
            theme: THEMES.iter().position(|name| *name == theme).unwrap_or(0),
            embed,
            autoplay: asked("autoplay").map_or(!embed, |value| value == "1"),
            reduced_motion: motion,
            read_only: asked("readonly").as_deref() == Some("1"),
            scenario: asked("s"),
            seed: asked("seed").and_then(|seed| seed.parse().ok()),
            at: asked("at").and_then(|at| lab::command::parse_span(&at)).map(Time),
            speed: asked("speed").and_then(|speed| speed.trim_start_matches(['x', '×']).parse().ok()),
            controls: match asked("controls").as_deref() {
                Some("none") => Controls::None,
                Some("step") => Controls::Step,
                Some(_) | None => Controls::Full,
            },
            hide: asked("hide").map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default(),
            api: asked("api").map(|origin| origin.replace("%3a", ":").replace("%2f", "/")),
            links: asked("links").as_deref() != Some("0"),
            fork: asked("fork").as_deref() != Some("0"),
            fragment: own_fragment(&fragment),
        }
    }
}

/// The fragment without what others have added: WordPress appends its own `#?secret=…` to a frame's address.
pub fn own_fragment(hash: &str) -> String {
    hash.trim_start_matches('#').split(['#', '?']).next().unwrap_or("").to_owned()
}

fn query(search: &str, name: &str) -> Option<String> {
    let pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next_back();
    value.map(str::to_ascii_lowercase)
}

/// Whether a media query holds.
pub fn prefers(media: &str) -> bool {
    let window = web_sys::window();
    window.and_then(|window| window.match_media(media).ok()?).is_some_and(|list| list.matches())
}

/// Puts theme and language on the document.
pub fn apply(theme: usize, language: Language) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
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
