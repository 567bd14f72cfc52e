//! What those need who work with scenarios' texts outside of the page, the command line and the library for scripts: a
//! run's story as the page tells it, and the glossary.

use base::{FlatSet, Time};
use lab::{Author, Happening, is_lasting};
use play::Player;
use script::Glossary;
use view::picture::story::{Wanted, story_of_all};
use view::text::Language;

/// The words that have cards.
const GLOSSARY: &str = include_str!("../../../../www/glossary/glossary.txt");

/// The glossary in both languages. One that cannot be read would be a mistake of ours, which `tests/glossary.rs` finds.
pub fn glossary() -> Glossary {
    Glossary::read(GLOSSARY, &["en", "zh"]).unwrap_or_default()
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
    let lines = story_of_all(&player.world, &told, wanted).into_iter();
    lines.map(|line| (line.time, format!("{} {}", line.strong, line.rest).trim_end().to_owned())).collect()
}
