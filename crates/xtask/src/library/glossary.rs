//! What words mean: the glossary as a visit fetches it, one language a file, and "The words" in the library. Whether the text
//! is right is judged by the page's own parser (`tests/glossary`); here its lines are placed.

use super::html::{coded, escaped};
use super::words::Words;

/// The text in one language: sections of others are left out.
pub fn in_language(text: &str, language: &str) -> String {
    let (mut kept, mut takes) = (String::new(), true);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        takes = match (line.starts_with("term "), line.strip_prefix("==")) {
            (true, _) => true,
            (false, Some(section)) => section.trim() == language,
            (false, None) => takes,
        };
        if takes {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A term's lines in one language.
struct Term<'a> {
    term: &'a str,
    lines: Vec<(&'a str, &'a str)>,
}

impl<'a> Term<'a> {
    /// Empty where the term has none.
    fn get(&self, name: &str) -> &'a str {
        self.lines.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// As it is called in this language.
    fn name(&self) -> &'a str {
        Some(self.get("name")).filter(|name| !name.is_empty()).unwrap_or(self.term)
    }
}

/// All terms, in the order of the text: neighbours are about the same.
pub fn section(text: &str, words: &Words) -> String {
    let text = in_language(text, words.language);
    let mut terms: Vec<Term<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(term) = line.strip_prefix("term ") {
            terms.push(Term { term, lines: Vec::new() });
        } else if let (Some(term), Some((name, value))) = (terms.last_mut(), line.split_once(':')) {
            term.lines.push((name, value.trim()));
        }
    }
    let entries: String = terms.iter().map(|term| entry(term, words)).collect();
    format!(
        "<section id=\"words\"><div class=\"row\"><h2>{}</h2><span class=\"muted\">{}</span></div><dl class=\"grid words\">{entries}</dl></section>",
        words.glossary, words.glossary_says
    )
}

/// One term, with an anchor that lessons link to.
fn entry(term: &Term<'_>, words: &Words) -> String {
    let english = if words.language == "en" || term.name() == term.term { "" } else { term.term };
    let also: Vec<&str> = [english, term.get("also")].into_iter().filter(|names| !names.is_empty()).collect();
    let also = also.join(if words.language == "zh" { "，" } else { ", " });
    let find = [term.term, term.name(), term.get("also"), term.get("says")].join(" ");
    format!(
        "<div class=\"card word\" data-find=\"{}\"><dt>{}{}</dt><dd>{}</dd><dd class=\"muted\">{}</dd></div>",
        escaped(&find.to_lowercase()),
        coded(term.name()),
        if also.is_empty() { String::new() } else { format!(" <span class=\"muted\">{}</span>", escaped(&also)) },
        coded(term.get("says")),
        escaped(term.get("source")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::words::{EN, ZH};
    use super::*;

    const TEXT: &str = "blumfeld glossary 1\n# remark\n\nterm ISR\nsource: KIP-966\n== en\nalso: in <sync>\nsays: Who `keeps` up.\n\
        == zh\nsays: 跟得上的。\nterm leader\nsource: s\n== en\nsays: Leads.\n== zh\nname: 领导\nsays: 领头。\n";

    #[test]
    fn each_language_gets_its_own_words() {
        let english = in_language(TEXT, "en");
        assert_eq!(
            english,
            "blumfeld glossary 1\nterm ISR\nsource: KIP-966\n== en\nalso: in <sync>\nsays: Who `keeps` up.\nterm leader\nsource: s\n== en\nsays: Leads.\n"
        );
        assert!(in_language(TEXT, "zh").contains("name: 领导") && !in_language(TEXT, "zh").contains("Who"));
    }

    #[test]
    fn the_librarys_words_say_all_of_it_and_cannot_become_markup() {
        let page = section(TEXT, &EN);
        assert!(
            page.contains(
                "<dt>ISR <span class=\"muted\">in &lt;sync&gt;</span></dt><dd>Who <code>keeps</code> up.</dd>"
            )
        );
        let chinese = section(TEXT, &ZH);
        assert!(chinese.contains("<dt>领导 <span class=\"muted\">leader</span></dt><dd>领头。</dd>"), "{chinese}");
        assert!(chinese.contains("<dt>ISR</dt>"));
    }
}
