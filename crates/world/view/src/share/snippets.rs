//! Lines that put an experiment into another page, one for each kind of host: one table of templates. Title, height and
//! language are filled in, each as its language wants it escaped.

use super::{Wish, tag, with_options};
use crate::text::Language;

/// Pixels that a frame may be high: a phone's, a page's, a whole screen's.
pub const HEIGHTS: [u16; 3] = [480, 560, 720];

/// What a template is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Embedding<'a> {
    /// A link to the page of its own, without options.
    pub link: &'a str,
    /// What a screen reader says of the frame.
    pub title: &'a str,
    pub language: Language,
    pub wish: Wish,
    /// Pixels.
    pub height: u16,
}

/// A kind of page that an experiment can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    Html,
    Element,
    Markdown,
    MdBook,
    Docusaurus,
    VuePress,
    Hugo,
    Myst,
    Moodle,
    WordPress,
}

/// How a text is spelled where it goes.
#[derive(Clone, Copy)]
enum Spelling {
    /// In an attribute of HTML.
    Html,
    /// In a string of JavaScript.
    Script,
    /// In Markdown's text.
    Markdown,
    /// Between the quotes of a shortcode.
    Quoted,
    /// One line as it is.
    Plain,
}

/// One row of the table.
struct Recipe {
    host: Host,
    name: &'static str,
    spelling: Spelling,
    template: &'static str,
}

/// In the order in which they are offered.
pub const HOSTS: [Host; 10] = {
    let mut hosts = [Host::Html; 10];
    let mut index = 0;
    while index < hosts.len() {
        hosts[index] = RECIPES[index].host;
        index += 1;
    }
    hosts
};

/// `SRC` is the frame's address, `LINK` the page's own, `PAGE` where the page lies.
const RECIPES: [Recipe; 10] = [
    Recipe { host: Host::Html, name: "HTML", spelling: Spelling::Html, template: FRAME },
    Recipe {
        host: Host::Element,
        name: "<blumfeld-player>",
        spelling: Spelling::Html,
        template: "<script src=\"{PAGE}player/player.js\" async></script>\n<blumfeld-player src=\"{LINK}\" lang=\"{LANG}\" \
                   height=\"{HEIGHT}\" title=\"{TITLE}\"></blumfeld-player>",
    },
    Recipe {
        host: Host::Markdown,
        name: "Markdown",
        spelling: Spelling::Markdown,
        template: "[![{TITLE}](blumfeld.png)]({LINK})",
    },
    Recipe { host: Host::MdBook, name: "mdBook", spelling: Spelling::Html, template: FRAME },
    Recipe {
        host: Host::Docusaurus,
        name: "Docusaurus",
        spelling: Spelling::Script,
        template: "<iframe src={\"{SRC}\"} title={\"{TITLE}\"} width=\"100%\" height=\"{HEIGHT}\" \
                   sandbox=\"allow-scripts\" loading=\"lazy\" />",
    },
    Recipe {
        host: Host::VuePress,
        name: "VuePress",
        spelling: Spelling::Html,
        template: "<ClientOnly>\n<iframe src=\"{SRC}\" title=\"{TITLE}\" width=\"100%\" height=\"{HEIGHT}\" \
                   sandbox=\"allow-scripts\" loading=\"lazy\"></iframe>\n</ClientOnly>",
    },
    Recipe {
        host: Host::Hugo,
        name: "Hugo",
        spelling: Spelling::Quoted,
        template: "{{< blumfeld src=\"{SRC}\" title=\"{TITLE}\" height=\"{HEIGHT}\" >}}\n\n\
                   layouts/shortcodes/blumfeld.html:\n\
                   <iframe src=\"{{ .Get \"src\" }}\" title=\"{{ .Get \"title\" }}\" width=\"100%\" height=\"{{ .Get \
                   \"height\" }}\" sandbox=\"allow-scripts\" loading=\"lazy\"></iframe>",
    },
    Recipe {
        host: Host::Myst,
        name: "MyST",
        spelling: Spelling::Plain,
        template: ":::{iframe} {SRC}\n:width: 100%\n:title: {TITLE}\n:placeholder: blumfeld.png\n:::",
    },
    Recipe { host: Host::Moodle, name: "Moodle", spelling: Spelling::Html, template: FRAME },
    Recipe {
        host: Host::WordPress,
        name: "WordPress",
        spelling: Spelling::Html,
        template: "<!-- wp:html -->\n<iframe src=\"{SRC}\" title=\"{TITLE}\" width=\"100%\" height=\"{HEIGHT}\" \
                   sandbox=\"allow-scripts\" loading=\"lazy\"></iframe>\n<!-- /wp:html -->",
    },
];

const FRAME: &str = "<iframe src=\"{SRC}\" title=\"{TITLE}\" width=\"100%\" height=\"{HEIGHT}\" \
                     sandbox=\"allow-scripts\" loading=\"lazy\"></iframe>";

impl Host {
    fn recipe(self) -> &'static Recipe {
        &RECIPES[self as usize]
    }

    /// As it calls itself.
    pub fn name(self) -> &'static str {
        self.recipe().name
    }

    /// Does it need the picture beside it?
    pub fn wants_picture(self) -> bool {
        matches!(self, Host::Markdown | Host::Myst)
    }

    /// The lines to copy.
    pub fn snippet(self, embedding: &Embedding<'_>) -> String {
        let recipe = self.recipe();
        let spell = |text: &str| spelled(text, recipe.spelling);
        let (mut text, mut rest) = (String::new(), recipe.template);
        while let Some((before, name, after)) = next_slot(rest) {
            text.push_str(before);
            match name {
                "SRC" => text.push_str(&spell(&embedding.frame())),
                // A link in Markdown's brackets needs nothing escaped but brackets, and has none.
                "LINK" if self == Host::Markdown => text.push_str(&embedding.own()),
                "LINK" => text.push_str(&spell(&embedding.own())),
                "PAGE" => text.push_str(&spell(embedding.folder())),
                "LANG" => text.push_str(tag(embedding.language)),
                "HEIGHT" => text.push_str(&embedding.height.to_string()),
                _title => text.push_str(&spell(&one_line(embedding.title))),
            }
            rest = after;
        }
        text + rest
    }
}

/// What stands before the first slot of a template, the slot's name, and the rest.
fn next_slot(template: &str) -> Option<(&str, &str, &str)> {
    let names = ["SRC", "LINK", "PAGE", "LANG", "HEIGHT", "TITLE"];
    template.match_indices('{').find_map(|(at, _)| {
        let (name, after) = template[at + 1..].split_once('}')?;
        names.contains(&name).then_some((&template[..at], name, after))
    })
}

impl Embedding<'_> {
    /// The address of a frame: nothing is compiled before a click.
    pub fn frame(&self) -> String {
        let fixed = [("embed", "1"), ("lang", tag(self.language)), ("ctl", "1")];
        with_options(self.link, fixed.into_iter().chain(self.wish.options()))
    }

    /// The page's own, in a language.
    fn own(&self) -> String {
        let link = with_options(self.link, [("lang", tag(self.language))].into_iter().chain(self.wish.options()));
        link.replace('(', "%28").replace(')', "%29")
    }

    /// Where the page and its files lie, with a slash at the end.
    fn folder(&self) -> &str {
        let page = self.link.split(['?', '#']).next().unwrap_or_default();
        page.rfind('/').map_or("", |slash| &page[..=slash])
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spelled(text: &str, spelling: Spelling) -> String {
    let mut spelled = String::with_capacity(text.len());
    for letter in text.chars() {
        match (spelling, letter) {
            (Spelling::Html, '&') => spelled.push_str("&amp;"),
            (Spelling::Html, '<') => spelled.push_str("&lt;"),
            (Spelling::Html, '>') => spelled.push_str("&gt;"),
            (Spelling::Html, '"') => spelled.push_str("&quot;"),
            // Generators of pages put something else in place of two of them.
            (Spelling::Html, '{') => spelled.push_str("&#123;"),
            (Spelling::Script | Spelling::Quoted, '"' | '\\') => spelled.extend(['\\', letter]),
            (Spelling::Markdown, letter) if letter.is_ascii_punctuation() && letter != ',' && letter != '.' => {
                spelled.extend(['\\', letter]);
            }
            _as_it_is => spelled.push(letter),
        }
    }
    spelled
}
