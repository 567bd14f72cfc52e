//! One's own work: experiments that this browser keeps, each under a name of its own. A page keeps what was done in it
//! and nothing else: opening a link starts a new one, another tab's stays as it is. What a kept experiment is stands in
//! `session::kept`.

use js_sys::{Date, Math};
use session::Refusal;
use session::kept::{Kept, MOST, Stands, by_age, stands};
use view::PosterView;
use view::text::Text;

use crate::storage;

/// Each experiment has an entry of its own, so that two tabs do not overwrite each other's list (decision 018).
const START: &str = "kept.";
/// The tab's own experiment, for the time after a reload.
const OWN: &str = "own";
/// Where pages of before kept one link.
const OLD: &str = "last";

/// Milliseconds of the browser's clock.
pub fn today() -> u64 {
    Date::now() as u64
}

/// An experiment of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRow {
    pub id: String,
    pub called: String,
    pub when: String,
    pub acts: String,
    pub poster: Option<PosterView>,
    /// It is the one on the stage.
    pub here: bool,
}

/// The list as it is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct KeptList {
    pub rows: Vec<KeptRow>,
    /// What was deleted last, and can be put back: its id, its text and its name.
    pub deleted: Option<(String, String, String)>,
    pub refusal: Option<Refusal>,
}

/// What this page keeps.
#[derive(Default)]
pub struct Keeper {
    /// Where the experiment on the stage is kept, and what was put there last.
    own: Option<(String, Kept)>,
}

impl Keeper {
    /// Keeps the experiment on the stage.
    pub fn save(&mut self, mut kept: Kept) -> Result<(), Refusal> {
        if let Some((_, put)) = self.own.as_ref().filter(|(_, put)| put.of == kept.of) {
            kept.saved = put.saved;
            return Ok(());
        }
        let there = self.own.as_ref().and_then(|(id, _)| storage::get(&(START.to_owned() + id)));
        let id = match (stands(there.as_deref(), self.own.as_ref().map(|(_, put)| put)), &self.own) {
            (Stands::Own(name), Some((id, _))) => {
                kept.name = name;
                id.clone()
            }
            (Stands::Nothing, Some((id, _))) => id.clone(),
            (Stands::Foreign, _) | (_, None) => fresh(),
        };
        let text = kept.write();
        if Kept::read(&text).is_none() {
            return Err(Refusal::TooLong);
        }
        storage::set(&(START.to_owned() + &id), &text)?;
        storage::note(OWN, &id);
        self.own = Some((id, kept));
        make_room();
        Ok(())
    }

    /// Keeps an experiment beside the one on the stage, such as another branch of it.
    pub fn put_aside(&self, kept: &Kept) -> Result<(), Refusal> {
        // What is there already is not kept twice.
        if all().iter().any(|(_, there)| there.of == kept.of) {
            return Ok(());
        }
        storage::set(&(START.to_owned() + &fresh()), &kept.write())?;
        make_room();
        Ok(())
    }

    /// Another experiment is on the stage; what was kept stays.
    pub fn start_anew(&mut self) {
        self.own = None;
    }

    /// The kept experiment is on the stage; what is done to it from now on is kept in its place.
    pub fn go_on_with(&mut self, id: String, kept: Kept) {
        storage::note(OWN, &id);
        self.own = Some((id, kept));
    }

    /// Does it hold the experiment on the stage, with as many acts?
    pub fn holds(&self, acts: u64) -> bool {
        self.own.as_ref().is_some_and(|(_, kept)| kept.acts == acts)
    }

    /// The list, in words.
    pub fn list(&self, deleted: Option<(String, String, String)>, text: &Text) -> KeptList {
        let row = |(id, kept): (String, Kept)| KeptRow {
            called: kept.called().to_owned(),
            when: if kept.saved == 0 { String::new() } else { when(kept.saved, text) },
            acts: if kept.saved == 0 { String::new() } else { (text.kept.acts)(kept.acts) },
            poster: PosterView::read(&kept.poster),
            here: self.own.as_ref().is_some_and(|(own, _)| *own == id),
            id,
        };
        KeptList { rows: all().into_iter().map(row).collect(), deleted, refusal: storage::refusal() }
    }
}

/// What pages of before kept becomes one of the list.
pub fn adopt(title: &str) {
    // Nothing was kept by earlier versions.
    let Some(last) = storage::get(OLD) else { return };
    let taken = Kept::of_link(&last, title).map(|kept| storage::set(&(START.to_owned() + &fresh()), &kept.write()));
    // Without room it stays where it was; what cannot be opened is of no use to anybody.
    if taken != Some(Err(Refusal::Full)) {
        storage::remove(OLD);
    }
}

/// The experiment to offer to a visitor: this tab's own, else the newest.
pub fn offered() -> Option<String> {
    let own = storage::noted(OWN).filter(|id| read(id).is_some());
    own.or_else(|| all().into_iter().map(|(id, _)| id).find(|id| read(id).is_some()))
}

/// `None`: it is gone, or nobody can read it.
pub fn read(id: &str) -> Option<Kept> {
    Kept::read(&storage::get(&(START.to_owned() + id))?)
}

/// Gives it another name.
pub fn rename(id: &str, name: &str) -> Result<(), Refusal> {
    // Another tab has removed it.
    let Some(kept) = read(id) else { return Ok(()) };
    storage::set(&(START.to_owned() + id), &Kept { name: name.to_owned(), ..kept }.write())
}

/// Takes it out of the list; its text and name.
pub fn delete(id: &str) -> Option<(String, String)> {
    let text = storage::get(&(START.to_owned() + id))?;
    let name = Kept::read(&text)?.called().to_owned();
    storage::remove(&(START.to_owned() + id));
    Some((text, name))
}

/// What was deleted comes back as it was.
pub fn put_back(id: &str, text: &str) -> Result<(), Refusal> {
    storage::set(&(START.to_owned() + id), text)
}

/// The oldest go.
fn make_room() {
    for (old, _) in all().iter().skip(MOST) {
        storage::remove(&(START.to_owned() + old));
    }
}

/// All that look like ours, newest first; whether one opens is seen when it is opened.
fn all() -> Vec<(String, Kept)> {
    let leaf = |id: &String| Kept::leaf(&storage::get(&(START.to_owned() + id))?);
    by_age(storage::names(START).into_iter().filter_map(|id| leaf(&id).map(|kept| (id, kept))).collect())
}

/// A name that no other tab takes.
fn fresh() -> String {
    format!("{:x}-{:x}", today(), (Math::random() * f64::from(u32::MAX)) as u32)
}

/// As somebody would say it.
fn when(saved: u64, text: &Text) -> String {
    let date = Date::new(&(saved as f64).into());
    String::from(date.to_locale_string(text.tag, &wasm_bindgen::JsValue::UNDEFINED))
}
