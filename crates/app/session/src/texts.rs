//! What those need who work with scenarios' texts outside of the page, the command line and the library for scripts: a
//! run's story as the page tells it, and whether the glossary has a term.

use base::{FlatSet, Time};
use lab::{Author, Happening, is_lasting};
use play::Player;
use view::picture::story::{Wanted, story};
use view::text::Language;

/// The words that the documentation explains.
const GLOSSARY: &str = include_str!("../../../../docs/glossary.md");

/// Does the glossary have the term, in either language?
pub fn knows(term: &str) -> bool {
    let rows = GLOSSARY.lines().filter(|line| line.starts_with('|'));
    let mut words = rows.flat_map(|row| row.split('|').skip(1).take(2).flat_map(|cell| cell.split(',')));
    words.any(|word| word.trim().eq_ignore_ascii_case(term))
}

/// The page's story of a run that was played, line by line with its instants.
pub fn told(player: &Player, language: Language) -> Vec<(Time, String)> {
    let acts: FlatSet<Time> = player.scenario().commands.iter().map(|placed| placed.at()).collect();
    let lasting = player.facts.iter().filter(|(_, _, fact)| is_lasting(fact));
    let told: Vec<Happening> = lasting
        .map(|(at, process, fact)| {
            let by = acts.contains(at).then_some(Author::Scene);
            Happening { at: *at, process: *process, fact: fact.clone(), by }
        })
        .collect();
    let wanted = Wanted { text: language.text(), most: usize::MAX, since: Time::ZERO, waiting: None, sums: &[] };
    let lines = story(&player.world, &told, wanted).lines.into_iter();
    lines.map(|line| (line.time, format!("{} {}", line.strong, line.rest).trim_end().to_owned())).collect()
}
