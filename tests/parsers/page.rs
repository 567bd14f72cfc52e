//! What a page is handed beside texts: requests of the programs around it, the fragment of its address, and what it has
//! written itself and somebody else may have changed (storage, attributes of its elements).

use crate::corpus;
use crate::mutate::{mutate, noise, pick};
use crate::targets::{a_link, a_text_link, from, same, valid, worded};
use base::{Draw, Rng};
use script::file::of_fragment;
use session::kept::{Keepsake, Kept};
use session::visit::ask::{self, Kind, Value};
use session::visit::{LONGEST_LINK, own_fragment};
use view::picture::of_file;
use view::text::{EN, ZH};
use view::{PosterView, pointed as place};

pub fn a_kept(rng: &mut Rng) -> String {
    let link = if rng.chance(1, 2) { corpus::LINK.to_owned() } else { valid(rng).write() };
    let name = from(rng, corpus::LINES);
    let left = if rng.below(2) == 0 { String::new() } else { "lesson 1\trun\t5\t10\t2\t\t".to_owned() };
    let of = Keepsake { link, site: (rng.below(2) == 0).then(|| "m12".into()), left };
    let kept = Kept { saved: rng.next_u64(), acts: 3, name, title: "值".into(), poster: "3:1,2".into(), of };
    if rng.chance(1, 4) { kept.write() } else { mutate(rng, &kept.write(), corpus::OPTIONS) }
}

pub fn kept(text: &str) -> Result<bool, String> {
    // Storage is read in silence: what is not ours is not shown.
    let Some(kept) = Kept::read(text) else { return Ok(false) };
    same(&Kept::read(&kept.write()), &Some(kept)).map(|()| true)
}

/// A field of a request as the line of an input says it: its name, a letter for its kind, its text.
#[derive(Clone)]
struct Plain<'a> {
    kind: Kind,
    text: &'a str,
}

impl Value for Plain<'_> {
    fn kind(&self) -> Kind {
        self.kind
    }
    fn text(&self) -> String {
        assert!(matches!(self.kind, Kind::Text(_) | Kind::Big), "the text of a {:?} is asked for", self.kind);
        assert!(self.text.len() <= LONGEST_LINK as usize * 4, "a text that is too long is copied");
        self.text.to_owned()
    }
}

fn field<'a>(text: &'a str, name: &str) -> Plain<'a> {
    let said = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_default();
    let (kind, text) = said.split_at(said.chars().next().map_or(0, char::len_utf8));
    let kind = match kind {
        "n" => Kind::Number(text.parse().unwrap_or(f64::NAN)),
        "b" => Kind::Big,
        "t" => Kind::Text(text.encode_utf16().count() as u32),
        "o" => Kind::Other,
        _nothing => Kind::Nothing,
    };
    Plain { kind, text }
}

/// Mostly one that is for us, each of its fields of any kind.
pub fn a_request(rng: &mut Rng) -> String {
    const TYPES: &[&str] = &["play", "pause", "step", "back", "getState", "seek", "load", "explode"];
    const KINDS: &[&str] = &["t", "t", "t", "n", "b", "o", ""];
    let mut any = |examples: &[&str]| match rng.below(4) {
        0 => noise(rng).replace('\n', " "),
        1 => format!("{}{}", pick(rng, KINDS), from(rng, examples).replace('\n', " ")),
        _ => format!("{}{}", pick(rng, KINDS), pick(rng, examples)),
    };
    let (id, at, link) = (any(corpus::PLACES), any(corpus::INSTANTS), any(&[corpus::LINK, "#t1.", "x"]));
    let kind = if rng.chance(7, 8) { format!("t{}", pick(rng, TYPES)) } else { noise(rng) };
    let text = format!("blumfeld n1\ntype {kind}\nid {id}\nat {at}\nlink {link}\n");
    if rng.chance(1, 4) { mutate(rng, &text, corpus::INSTANTS) } else { text }
}

/// What is asked for in vain is said in both languages; an instant is one that can be reached.
pub fn request(text: &str) -> Result<bool, String> {
    let Some(read) = ask::read(|name| field(text, name)) else { return Ok(false) };
    match read {
        Ok(asked) => {
            let again = ask::read(|name| field(text, name));
            let is_same = again.is_some_and(|again| again.is_ok_and(|again| again.request == asked.request));
            if is_same { Ok(true) } else { Err(format!("{asked:?} is read as another the second time")) }
        }
        Err((_id, error)) => {
            worded(error.name())?;
            [&EN, &ZH].iter().try_for_each(|text| worded(&error.sentence(text))).map(|()| false)
        }
    }
}

/// A link as it comes out of a chat program, a course system or a tired hand.
pub fn an_address(rng: &mut Rng) -> String {
    let link = if rng.chance(1, 2) { a_link(rng) } else { a_text_link(rng) };
    match rng.below(4) {
        0 => link.replace('#', "%23").replace('-', "%2D").replace('_', "%255F"),
        1 => format!("{link}#?secret={}", noise(rng)),
        2 => format!("#{}", mutate(rng, &link, corpus::OPTIONS)),
        _ => link,
    }
}

pub fn fragment(hash: &str) -> Result<bool, String> {
    let own = own_fragment(hash);
    if own.contains(['#', '?']) || own.len() > hash.len() {
        return Err(format!("{own:?} is not what stands before the first sign of others"));
    }
    match of_fragment(&own) {
        Ok(held) => held.run().map(|_run| true).or_else(|error| worded(&of_file(&error, &EN).title).map(|()| false)),
        Err(error) => [&EN, &ZH].iter().try_for_each(|text| worded(&of_file(&error, text).title)).map(|()| false),
    }
}

/// Only what would be written is taken, so that storage cannot make a drawing large.
pub fn poster(text: &str) -> Result<bool, String> {
    let Some(view) = PosterView::read(text) else { return Ok(false) };
    same(&view.write().as_str(), &text).map(|()| true)
}

pub fn pointed(text: &str) -> Result<bool, String> {
    let Some(pointed) = place::parse(text) else { return Ok(false) };
    same(&place::parse(&place::spell(&pointed)), &Some(pointed)).map(|()| true)
}
