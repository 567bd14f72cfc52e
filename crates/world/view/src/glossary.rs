//! A term's card: what the glossary says of it, in the reader's language. The glossary's text is fetched by whoever shows the
//! card; a text that did not come, or has no such term, is said in words.

use crate::TermView;
use crate::text::{Language, Text};
use script::Glossary;

/// What a card shows of a term; `text` is the glossary in the reader's language, `None` if it could not be fetched.
#[inline(never)]
pub fn explained(name: &str, text: Option<&str>, words: &Text) -> TermView {
    let (tag, comma) = match words.language {
        Language::English => ("en", ", "),
        Language::Chinese => ("zh", "，"),
    };
    let told = |says: &str| TermView { name: name.to_owned(), says: says.to_owned(), ..TermView::default() };
    let Some(text) = text else { return told(words.lesson.term_not_fetched) };
    let glossary = Glossary::read(text, &[tag]).unwrap_or_default();
    let Some((term, said)) = glossary.find(name).and_then(|term| Some((term, term.in_language(tag)?))) else {
        return told(words.lesson.term_unknown);
    };
    // The English name is what documentation and error messages have.
    let english = Some(&term.name).filter(|english| **english != said.name);
    let also: Vec<&str> = english.into_iter().chain(&said.also).map(|name| &**name).collect();
    TermView {
        name: said.name.to_string(),
        also: also.join(comma),
        says: said.says.to_string(),
        source: (words.lesson.term_source)(&term.source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str =
        "blumfeld glossary 1\nterm ISR\nsource: KIP-966\n== en\nalso: in-sync replicas\nsays: Who keeps up.\n";
    const CHINESE: &str = "blumfeld glossary 1\nterm leader election\nsource: KIP-631\n== zh\nname: Leader 选举\nalso: 选主\nsays: 另选一个。\n";

    #[test]
    fn a_card_says_what_the_glossary_says() {
        let card = explained("in-sync replicas", Some(ENGLISH), Language::English.text());
        assert_eq!((&*card.name, &*card.also, &*card.says), ("ISR", "in-sync replicas", "Who keeps up."));
        assert_eq!(card.source, "Source: KIP-966");
        let card = explained("Leader 选举", Some(CHINESE), Language::Chinese.text());
        assert_eq!((&*card.also, &*card.says, &*card.source), ("leader election，选主", "另选一个。", "出处：KIP-631"));
    }

    #[test]
    fn what_is_not_there_is_said() {
        for language in [Language::English, Language::Chinese] {
            let words = language.text();
            assert_eq!(explained("ISR", None, words).says, words.lesson.term_not_fetched);
            for text in ["", "<html>", "blumfeld glossary 1\n"] {
                let card = explained("ISR", Some(text), words);
                assert_eq!((&*card.name, &*card.says), ("ISR", words.lesson.term_unknown), "{text}");
            }
        }
    }
}
