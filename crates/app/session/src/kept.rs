//! An experiment as a browser keeps it: when, how it is called, a small picture, and its link. One text per
//! experiment, read strictly, because a browser's storage is not ours alone. Which of them are kept, and who may
//! overwrite which, is decided here; the storage itself is the page's.

use base::Str;
use script::file::{FileError, of_fragment};
use script::link;

use crate::visit::{Named, names_lesson};

/// Why a value was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The browser lets the page keep nothing.
    Forbidden,
    Full,
    /// What is to be kept could not be opened again: it has grown beyond what a link may hold.
    TooLong,
}

/// So many are kept; the oldest make room.
pub const MOST: usize = 10;
/// A name is cut here, in characters.
pub const NAME: usize = 60;
/// A text that is longer was not written by us: a link has at most 64 Ki characters, a text with a run twice as many.
const LONGEST: usize = 160_000;
/// The first line of each text.
const VERSION: &str = "kept 1";
/// The first line where a lesson is kept: two more lines follow, its name on this site and where it was left.
const OF_LESSON: &str = "kept 2";

/// What of an experiment has to be kept so that it opens as it was.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Keepsake {
    /// A fragment: a run, or the text of a lesson with its run.
    pub link: String,
    /// The lesson of this site in which the run was done; its text lies there.
    pub site: Option<Str>,
    /// Where its reader has left the lesson, as one line; empty where there is none.
    pub left: String,
}

impl Keepsake {
    /// The lesson of this site that has to be fetched first, and what was done in it.
    pub fn named(&self) -> Option<Named> {
        let id = self.site.as_deref().filter(|id| names_lesson(id))?.to_owned();
        Some(Named { id, step: None, fragment: self.link.clone(), left: self.left.clone() })
    }
}

/// A kept experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// When it was saved, in milliseconds of the browser's clock.
    pub saved: u64,
    /// How many acts it holds.
    pub acts: u64,
    /// What the reader calls it; empty until he does.
    pub name: String,
    /// The scene's own title.
    pub title: String,
    /// [`PosterView`](view::PosterView) in letters.
    pub poster: String,
    pub of: Keepsake,
}

/// What stands between the lines is one line.
fn line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(NAME).collect::<String>().trim().to_owned()
}

impl Kept {
    /// As one text.
    pub fn write(&self) -> String {
        let (name, title) = (line(&self.name), line(&self.title));
        let Keepsake { link, site, left } = &self.of;
        let is_bare = site.is_none() && left.is_empty();
        let version = if is_bare { VERSION } else { OF_LESSON };
        let head = format!("{version}\n{}\n{}\n{name}\n{title}\n{}\n{link}", self.saved, self.acts, self.poster);
        if is_bare { head } else { format!("{head}\n{}\n{left}", site.as_deref().unwrap_or_default()) }
    }

    /// From a text, if it is one of ours and its link can be opened, at least in part.
    pub fn read(text: &str) -> Option<Kept> {
        Kept::leaf(text).filter(|kept| opens(&kept.of.link))
    }

    /// From a text that looks like one of ours. Whether its link can be opened takes as long as opening it, and nobody
    /// who only makes a list needs to know.
    pub fn leaf(text: &str) -> Option<Kept> {
        if text.len() > LONGEST {
            return None;
        }
        let mut lines = text.split('\n');
        let mut next = || lines.next();
        let is_lesson = match next()? {
            VERSION => false,
            OF_LESSON => true,
            _foreign => return None,
        };
        let (saved, acts) = (next()?.parse().ok()?, next()?.parse().ok()?);
        let mut owned = || next().map(str::to_owned);
        let (name, title, poster, link) = (owned()?, owned()?, owned()?, owned()?);
        let mut of = Keepsake { link, ..Keepsake::default() };
        if is_lesson {
            of.site = owned().map(Str::from).filter(|site| !site.is_empty());
            of.left = owned()?;
        }
        let own = lines.next().is_none() && line(&name) == name && line(&title) == title;
        (own && link::opens(&of.link)).then_some(Kept { saved, acts, name, title, poster, of })
    }

    /// A link of an older page, which kept one experiment and nothing else of it.
    pub fn of_link(link: &str, title: &str) -> Option<Kept> {
        let link = link.get(link.find('#')?..)?;
        let empty = String::new();
        let kept = Kept {
            saved: 0,
            acts: 0,
            name: empty.clone(),
            title: title.to_owned(),
            poster: empty,
            of: Keepsake { link: link.to_owned(), ..Keepsake::default() },
        };
        (link.len() < LONGEST && opens(link)).then_some(kept)
    }

    /// What it is called.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.title } else { &self.name }
    }
}

/// Can this version open it? What cannot be opened is still kept: a later one may.
fn opens(fragment: &str) -> bool {
    match of_fragment(fragment) {
        Ok(_) => true,
        Err(FileError::Link(broken)) => broken.partial.is_some(),
        Err(_) => false,
    }
}

/// Newest first; of equal ages the larger name.
pub fn by_age(mut all: Vec<(String, Kept)>) -> Vec<(String, Kept)> {
    base::sort_by_key(&mut all, |(id, kept)| (std::cmp::Reverse(kept.saved), std::cmp::Reverse(id.clone())));
    all
}

/// What stands where a page wants to keep its experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    Nothing,
    /// What the page has put there itself, under a name that may have been changed since, perhaps in another tab.
    Own(String),
    /// Somebody else's: of another tab, or not of ours at all. It stays.
    Foreign,
}

/// What `there` is to a page that has put `put` there last.
pub fn stands(there: Option<&str>, put: Option<&Kept>) -> Stands {
    let Some(there) = there else { return Stands::Nothing };
    match (Kept::leaf(there), put) {
        (Some(there), Some(put)) if there.saved == put.saved && there.of.link == put.of.link => Stands::Own(there.name),
        (Some(_) | None, _) => Stands::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::Lab;
    use script::Scenario;

    fn kept(saved: u64) -> Kept {
        let link = Lab::new(Scenario::opening()).share().expect("it fits into a link");
        let (name, title) = ("日志 \"x\" <b>".to_owned(), "Three".to_owned());
        let of = Keepsake { link, ..Keepsake::default() };
        Kept { saved, acts: 2, name, title, poster: "3|r0L|3".to_owned(), of }
    }

    #[test]
    fn what_is_written_is_read() {
        let kept = kept(1_764_286_000_000);
        assert_eq!(Kept::read(&kept.write()), Some(kept.clone()));
        assert!(kept.write().len() < 400, "{} bytes", kept.write().len());
        assert_eq!(kept.called(), kept.name);
        let long = Kept { name: "x\n\u{7}".repeat(1_000), ..kept };
        assert_eq!(Kept::read(&long.write()).map(|kept| kept.name), Some("x".repeat(NAME)));
    }

    #[test]
    fn a_lesson_is_kept_with_its_name_and_where_it_was_left() {
        let bare = kept(7);
        assert!(bare.write().starts_with("kept 1\n"), "a page of before reads it");
        for (site, left) in [(Some("m12".into()), "lesson 1\trun\t5"), (None, "lesson 1"), (Some("m1".into()), "")] {
            let of = Keepsake { site, left: left.to_owned(), ..bare.of.clone() };
            let kept = Kept { of, ..bare.clone() };
            assert_eq!(Kept::read(&kept.write()), Some(kept.clone()));
            assert_eq!(Kept::read(&format!("{}\n", kept.write())), None);
        }
    }

    #[test]
    fn what_others_have_written_is_not() {
        let good = kept(5).write();
        for text in ["", "{}", "kept 1", "kept 2\n0\n0\n\n\n\n#b1.", &good.replace("\n5\n", "\n-5\n")] {
            assert_eq!(Kept::read(text), None, "{text}");
        }
        assert_eq!(Kept::read(&format!("{good}\n")), None);
        assert_eq!(Kept::read(&good[..good.find("#b").expect("a link")]), None);
        assert_eq!(Kept::read(&"x".repeat(1_000_000)), None);
        for end in 0..good.len() {
            let _ = good.get(..end).map(Kept::read);
        }
    }

    #[test]
    fn an_older_page_kept_a_whole_address() {
        let link = kept(0).of.link;
        let found = Kept::of_link(&format!("https://x.example/p?a=1{link}"), "Opening").expect("a link");
        assert_eq!((found.of.link.as_str(), found.called()), (link.as_str(), "Opening"));
        assert_eq!(Kept::of_link("{}", ""), None);
        assert_eq!(Kept::of_link("#b7.AAAA", ""), None);
    }

    #[test]
    fn the_newest_come_first_and_nobody_elses_is_overwritten() {
        let all = [("a", 1), ("b", 3), ("c", 3)].map(|(id, saved)| (id.to_owned(), kept(saved)));
        let ids: Vec<String> = by_age(all.to_vec()).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["c", "b", "a"]);
        let (put, other) = (kept(1), kept(2));
        let renamed = Kept { name: "mine".to_owned(), ..put.clone() };
        assert_eq!(stands(None, Some(&put)), Stands::Nothing);
        assert_eq!(stands(Some(&renamed.write()), Some(&put)), Stands::Own("mine".to_owned()));
        for (there, put) in [(other.write(), Some(&put)), (put.write(), None), ("x".to_owned(), Some(&put))] {
            assert_eq!(stands(Some(&there), put), Stands::Foreign);
        }
    }
}
