//! What is handed on, as words and letters: how long a link is and where it fits, what it begins with, its QR code, and
//! the lines that put it into another page. Nothing here asks for a browser; what an address may say is in
//! `docs/embedding.md`.

mod snippets;

pub use snippets::{Embedding, HEIGHTS, HOSTS, Host};

use crate::Permille;
use crate::meters::{ChartOf, MetersChoice};
use crate::text::{Language, Text, thousands};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// Where a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Begins {
    /// Where the scene opens; everything that was done is still to come.
    Start,
    /// Before what was done last, which whoever opens it can do himself.
    BeforeLast,
    #[default]
    Moment,
}

/// All of them, as they are offered.
pub const BEGINNINGS: [Begins; 3] = [Begins::Start, Begins::BeforeLast, Begins::Moment];

/// What a link asks of the page that opens it, besides its experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Wish {
    /// Play by itself, which links do not otherwise.
    pub plays: bool,
    /// The reader may do nothing to the cluster.
    pub reads_only: bool,
}

impl Wish {
    fn options(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let plays = self.plays.then_some(("autoplay", "1"));
        plays.into_iter().chain(self.reads_only.then_some(("readonly", "1")))
    }
}

/// The link with a wish in its address.
pub fn address(link: &str, wish: Wish) -> String {
    with_options(link, wish.options())
}

/// The link with the cluster in its address that is to be shown. Names of further clusters need no escaping.
pub fn showing(link: &str, cluster: &str) -> String {
    with_options(link, [("cluster", cluster)].into_iter())
}

/// The link with what is selected in its address, and with the charts of the meters that are open. Names may hold what an
/// address gives a meaning of its own.
pub fn looking(link: &str, selected: Option<&str>, charts: &[ChartOf]) -> String {
    let charts: Vec<String> = charts.iter().copied().map(MetersChoice::spelled).collect();
    let charts = Some(charts.join(",")).filter(|charts| !charts.is_empty());
    let selected = selected.map(|name| ("select", escaped(name)));
    let options: Vec<_> = selected.into_iter().chain(charts.map(|charts| ("meters", charts))).collect();
    with_options(link, options.iter().map(|(name, value)| (*name, value.as_str())))
}

/// What a query takes as it stands stays as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                escaped.push(char::from(byte))
            }
            other => {
                let _cannot_fail = write!(escaped, "%{other:02X}");
            }
        }
    }
    escaped
}

/// A query before the `#`, behind one that may be there; of names and values that need no escaping.
fn with_options<'a>(link: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let (page, fragment) = link.split_at(link.find('#').unwrap_or(link.len()));
    let mut text = page.to_owned();
    for (name, value) in options {
        let between = if text.contains('?') { '&' } else { '?' };
        let _cannot_fail = write!(text, "{between}{name}={value}");
    }
    text + fragment
}

/// Where a link fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Also in print, as a QR code that any telephone reads.
    Everywhere,
    Chats,
    /// Some chats cut it.
    Mails,
    /// A file or a picture is better.
    Nowhere,
}

/// Characters of a link that still fits into print, chats, mails.
pub const FITS: [usize; 3] = [300, 2_000, 8_000];
/// Where these stand on the scale, in thousandths.
const STANDS: [usize; 3] = [300, 700, 1_000];

/// How long a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterView {
    pub fit: Fit,
    /// How far along the scale.
    pub share: Permille,
    /// "141 characters."
    pub count: String,
    /// Where it fits, or what to hand on instead.
    pub words: &'static str,
}

/// How long a link is and where it fits.
pub fn meter(link: &str, text: &Text) -> MeterView {
    let count = link.chars().count();
    let [print, chat, mail] = FITS;
    let (fit, words) = match count {
        _ if count < print => (Fit::Everywhere, text.share.fits[0]),
        _ if count < chat => (Fit::Chats, text.share.fits[1]),
        _ if count <= mail => (Fit::Mails, text.share.fits[2]),
        _longer => (Fit::Nowhere, text.share.fits[3]),
    };
    MeterView { fit, share: stands(count), count: (text.share.characters)(&thousands(count as u64)), words }
}

fn stands(count: usize) -> Permille {
    let (mut from, mut at) = (0, 0);
    for (to, place) in FITS.into_iter().zip(STANDS) {
        if count < to {
            return (at + (count - from) * (place - at) / (to - from)) as Permille;
        }
        (from, at) = (to, place);
    }
    1_000
}

/// The most that a QR code holds of a link, in characters.
pub const QR_MOST: usize = 2_953;
/// White modules around it, which readers need.
const QUIET: i32 = 4;

/// A QR code, in modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrView {
    /// Modules of a side, with the quiet zone.
    pub side: u16,
    /// The dark ones, as a path of SVG.
    pub path: String,
}

/// The QR code of a link; `None` where none holds it.
pub fn qr(link: &str) -> Option<QrView> {
    let code = Some(link).filter(|link| link.len() <= QR_MOST)?;
    let code = QrCode::encode_text(code, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let _cannot_fail = write!(path, "M{} {}h{}v1h-{}z", from + QUIET, y + QUIET, x - from, x - from);
            }
            x += 1;
        }
    }
    Some(QrView { side: (code.size() + 2 * QUIET) as u16, path })
}

/// The name under which something is saved: the title without what file systems do not take.
pub fn file_name(title: &str, ending: &str) -> String {
    let takes = |c: char| c.is_alphanumeric() || " -_.,()，。、".contains(c);
    let name: String = title.chars().map(|c| if takes(c) { c } else { ' ' }).take(80).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(['.', ' ']);
    format!("{}.{ending}", if name.is_empty() { "blumfeld" } else { name })
}

/// For `lang=`.
fn tag(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Chinese => "zh",
    }
}
