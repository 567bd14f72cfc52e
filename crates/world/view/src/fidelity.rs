//! What is modelled, simplified and not modelled: `docs/fidelity.md`, read as it stands by whoever has it. Its sections are
//! tables whose rows hold a subject, an English and a Chinese sentence; in the last one the names of settings follow.

use crate::text::Language;

/// Lists of sentences.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FidelityView<'a> {
    pub modelled: Vec<&'a str>,
    pub simplified: Vec<&'a str>,
    pub missing: Vec<&'a str>,
    /// Settings that are taken and change nothing: why, and their names; `*` stands for any part of a name.
    pub without_effect: Vec<(&'a str, &'a str)>,
}

/// The lists of the document in one language.
pub fn fidelity(source: &str, language: Language) -> FidelityView<'_> {
    let column = match language {
        Language::English => 2,
        Language::Chinese => 3,
    };
    let mut view = FidelityView::default();
    let mut section = "";
    for line in source.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.trim();
            continue;
        }
        let mut cells = line.split('|').map(str::trim);
        let row = cells.nth(column).filter(|cell| line.starts_with('|') && !is_head(line, cell));
        // Text between the tables, or a table's head.
        let Some(cell) = row else { continue };
        match list(&mut view, section) {
            Some(list) => list.push(cell),
            None => view.without_effect.push((cell, cells.nth(3 - column).unwrap_or_default())),
        }
    }
    view
}

fn list<'v, 'a>(view: &'v mut FidelityView<'a>, section: &str) -> Option<&'v mut Vec<&'a str>> {
    match section {
        "Modelled" => Some(&mut view.modelled),
        "Simplified" => Some(&mut view.simplified),
        "Not modelled" => Some(&mut view.missing),
        _another => None,
    }
}

/// The table's title row and the rule below it.
fn is_head(line: &str, cell: &str) -> bool {
    line.starts_with("| what |") || cell.starts_with("---") || cell.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../../../docs/fidelity.md");

    #[test]
    fn every_row_has_both_languages() {
        let (english, chinese) = (fidelity(SOURCE, Language::English), fidelity(SOURCE, Language::Chinese));
        let counts = |view: &FidelityView| (view.modelled.len(), view.simplified.len(), view.missing.len());
        let names =
            |view: &FidelityView<'static>| view.without_effect.iter().map(|(_, names)| *names).collect::<Vec<_>>();
        assert_eq!(names(&english), names(&chinese));
        assert!(names(&english).iter().any(|names| names.contains("num.io.threads")), "{english:?}");
        assert!(chinese.without_effect.iter().all(|(why, names)| !why.is_ascii() && names.is_ascii()));
        assert_eq!(counts(&english), counts(&chinese));
        assert!(counts(&english).0 >= 5 && counts(&english).1 >= 5 && counts(&english).2 >= 5, "{english:?}");
        assert!(english.missing.iter().any(|line| line.contains("read_committed")));
        assert!(chinese.missing.iter().all(|line| !line.is_ascii() && !line.starts_with('-')));
    }
}
