//! A run of a lesson of a site, as an address names it: `?s=m12&step=run#b1.…`. The fragment alone is the run without its
//! words; the lesson's text lies on the site and has to be fetched.

use super::{Visit, own_fragment};
use script::Scenario;
use view::LessonStep;

/// Letters of a lesson's name.
const LONGEST_NAME: usize = 40;

/// Such a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    pub step: Option<LessonStep>,
    /// The run, with its `#`.
    pub fragment: String,
    /// Where its reader has left it, as [`Keepsake`](crate::kept::Keepsake) has it; of an address empty.
    pub left: String,
}

/// May a scenario that this build lacks lie under that name beside the page?
pub fn names_lesson(id: &str) -> bool {
    let letters = id.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
    letters && (1..=LONGEST_NAME).contains(&id.len()) && Scenario::builtin(id).is_none()
}

impl Named {
    /// Reads what somebody has pasted, if it is an address that names a lesson and holds a run. Whose site it is does not
    /// matter: the lesson of that name here is taken if the run is one of it.
    #[inline(never)]
    pub fn read(address: &str) -> Option<Named> {
        let (before, hash) = address.trim().split_once('#')?;
        let visit = Visit::read(before.split_once('?')?.1);
        let fragment = format!("#{}", own_fragment(hash));
        let id = visit.scenario.filter(|id| names_lesson(id) && script::link::is_link(&fragment))?;
        Some(Named { id, step: visit.step, fragment, left: String::new() })
    }

    /// What stands behind the page's address.
    pub(crate) fn address(&self) -> String {
        let step = self.step.map(|step| format!("&step={}", step.name())).unwrap_or_default();
        format!("?s={}{step}{}", self.id, self.fragment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_lesson_and_a_run_names_both() {
        let read = |address: &str| Named::read(address).map(|named| named.address());
        for (address, is) in [
            ("https://x.example/?s=m12&step=run#b1.AAAA", Some("?s=m12&step=run#b1.AAAA")),
            (" http://x/y/index.html?lang=zh&s=M12#b1.AAAA?secret=1 ", Some("?s=m12#b1.AAAA")),
            ("https://x/?s=opening#b1.AAAA", None),
            ("https://x/?s=../m12#b1.AAAA", None),
            ("https://x/?s=m12", None),
            ("https://x/?s=m12#t1.AAAA", None),
            ("https://x/#b1.AAAA?s=m12", None),
            ("#b1.AAAA", None),
            ("", None),
        ] {
            assert_eq!(read(address).as_deref(), is, "{address}");
        }
    }
}
