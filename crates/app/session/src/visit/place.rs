//! A place in a run as addresses and programs name it: an instant such as `12.5s`, or a mark of the timeline such as
//! `mark:2-fenced`. A mark's name is what stands at the timeline, in either language; case does not matter, and what
//! is neither letter nor digit counts as one hyphen.

use base::Time;

use lab::Lab;
use script::parse_span;
use view::picture::timeline;
use view::text::{EN, ZH};

/// No run lasts longer: a week.
const LONGEST: Time = Time(7 * 24 * 3_600_000_000_000);
/// Longer names are nobody's.
const NAME: usize = 120;

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    At(Time),
    Mark(String),
}

impl Place {
    /// Reads `12.5s`, `250ms` or `mark:NAME`. An instant needs its unit and is not later than a week.
    pub fn parse(text: &str) -> Option<Place> {
        if let Some(name) = text.get(..5).filter(|start| start.eq_ignore_ascii_case("mark:")).map(|_| &text[5..]) {
            return (!slug(name).is_empty() && name.len() <= NAME).then(|| Place::Mark(name.trim().to_owned()));
        }
        let text = text.trim();
        let has_unit = text.ends_with(|last: char| last.is_ascii_alphabetic());
        let span = parse_span(&text.to_ascii_lowercase()).filter(|_| has_unit);
        span.map(Time).filter(|at| *at <= LONGEST).map(Place::At)
    }

    /// The same for programs, which may also give nanoseconds in digits.
    pub fn parse_exact(text: &str) -> Option<Place> {
        if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
            return text.parse().ok().map(Time).filter(|at| *at <= LONGEST).map(Place::At);
        }
        Place::parse(text)
    }
}

/// The first mark of that name after an instant, whichever cluster it is of, as far as the run has been seen.
pub fn mark_named(lab: &Lab, name: &str, after: Option<Time>) -> Option<Time> {
    let found = |cluster| {
        let of_cluster = [&EN, &ZH].into_iter().filter_map(move |text| {
            let marks = timeline::marks_after(lab, cluster, text, after);
            marks.into_iter().find(|(_, _, words)| same_name(words, name)).map(|(at, ..)| at)
        });
        of_cluster.min()
    };
    lab.scenario().setup.clusters().filter_map(|(cluster, _)| found(cluster)).min()
}

/// Do both name the same mark?
pub fn same_name(one: &str, other: &str) -> bool {
    let slug_of_one = slug(one);
    !slug_of_one.is_empty() && slug_of_one == slug(other)
}

fn slug(text: &str) -> String {
    // Without std's tables of all letters: they are kilobytes of the page.
    let is_letter = |letter: char| {
        letter.is_ascii_alphanumeric() || (!letter.is_ascii() && !('\u{2000}'..='\u{206f}').contains(&letter))
    };
    let words = text.split(|letter: char| !is_letter(letter)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}
