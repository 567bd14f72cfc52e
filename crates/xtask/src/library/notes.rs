//! "Which note is right?": what people write about Kafka, as cards. A card hides its verdict until somebody has guessed or
//! asked for it, and leads to the lesson that tests it. The text is judged by the page's own parser (`tests/notes`); here a
//! few of its lines are placed.

use super::html::{coded, escaped};
use super::words::Words;

/// Lines of one note: its name (or `note`) and its value, in one language.
struct Note<'a> {
    number: &'a str,
    lines: Vec<(&'a str, &'a str)>,
}

impl<'a> Note<'a> {
    fn get(&self, name: &str) -> &'a str {
        self.lines.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

/// The notes as they are said in a language.
fn read<'a>(text: &'a str, language: &str) -> Vec<Note<'a>> {
    let mut notes: Vec<Note<'a>> = Vec::new();
    let mut section = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(number) = line.strip_prefix("note ") {
            notes.push(Note { number, lines: Vec::new() });
            section = None;
        } else if let Some(name) = line.strip_prefix("==") {
            section = Some(name.trim());
        } else if let (Some(note), Some((name, value))) = (notes.last_mut(), line.split_once(':'))
            && section.is_none_or(|section| section == language)
        {
            note.lines.push((name, value.trim()));
        }
    }
    notes
}

/// All cards, those beside each other that contradict each other.
pub fn section(text: &str, words: &Words) -> String {
    let mut notes = read(text, words.language);
    let mut ordered: Vec<Note<'_>> = Vec::new();
    while !notes.is_empty() {
        let note = notes.remove(0);
        let against = notes.iter().position(|other| other.number == note.get("against"));
        ordered.push(note);
        ordered.extend(against.map(|at| notes.remove(at)));
    }
    let cards: String = ordered.iter().map(|note| card(note, words)).collect();
    format!(
        "<section id=\"notes\"><div class=\"row\"><h2>{}</h2><span class=\"muted\">{}</span></div><ul class=\"grid notes\">{cards}</ul></section>",
        words.notes, words.notes_say
    )
}

fn card(note: &Note<'_>, words: &Words) -> String {
    let verdict = note.get("verdict");
    let stamp = words.verdicts.iter().find(|(name, _)| *name == verdict).map_or("", |(_, stamp)| stamp);
    let guesses: String = words
        .verdicts
        .iter()
        .map(|(name, stamp)| format!("<button type=\"button\" class=\"btn\" data-guess=\"{name}\">{stamp}</button>"))
        .collect();
    let find = [note.get("claim"), note.get("says"), note.get("topic"), words.topic(note.get("topic"))].join(" ");
    format!(
        "<li class=\"card note\" id=\"note-{number}\" data-note=\"{number}\" data-verdict=\"{verdict}\" data-find=\"{find}\">\
         <h3>“{claim}”</h3>{against}<div class=\"guesses\" role=\"group\" aria-label=\"{guess}\">{guesses}</div>\
         <details><summary>{show}</summary><p><b class=\"stamp {verdict}\">{stamp}</b> <span class=\"guessed\" data-right=\"{right}\" data-wrong=\"{wrong}\"></span></p>\
         <p>{says}</p>{seen}<p class=\"muted\">{era}</p></details>{test}</li>",
        number = escaped(note.number),
        find = escaped(&find.to_lowercase()),
        claim = coded(note.get("claim")),
        against = against(note, words),
        guess = words.guess,
        show = words.show_verdict,
        right = words.guessed_right,
        wrong = words.guessed_wrong,
        says = coded(note.get("says")),
        seen = paragraph(note.get("seen")),
        era = escaped(&format!("{} {} · {}", words.era, said_era(note.get("era"), words), note.get("source"))),
        test = test(note, words),
    )
}

fn paragraph(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<p>{}</p>", coded(text)) }
}

fn against(note: &Note<'_>, words: &Words) -> String {
    match note.get("against") {
        "" => String::new(),
        other => format!(
            "<p class=\"muted\"><a href=\"#note-{other}\">{} {other}</a></p>",
            words.against,
            other = escaped(other)
        ),
    }
}

/// `always`, `never`, `up to 3.9`, `since 2.0`, `0.8 to 2.3`, in the reader's language.
fn said_era(era: &str, words: &Words) -> String {
    match era {
        "always" => words.always.to_owned(),
        "never" => words.never.to_owned(),
        releases if words.language == "zh" => {
            let plain = releases.replace("since ", "自 ").replace("up to ", "到 ").replace(" to ", " 到 ");
            if releases.starts_with("since ") { plain + " 起" } else { plain }
        }
        releases => releases.to_owned(),
    }
}

/// The lessons that test it, or what that waits for.
fn test(note: &Note<'_>, words: &Words) -> String {
    let lessons = note.get("test").split_whitespace().filter(|word| !["hand", "text"].contains(word));
    let links: String = lessons
        .map(|id| {
            format!(
                "<a class=\"btn quiet\" href=\"./?s={id}&amp;lang={}\">{} {id}</a>",
                words.language,
                words.test,
                id = escaped(id)
            )
        })
        .collect();
    if links.is_empty() { String::new() } else { format!("<div class=\"foot\">{links}</div>") }
}

#[cfg(test)]
mod tests {
    use super::super::words::EN;
    use super::*;

    #[test]
    fn contradicting_notes_stand_beside_each_other_and_verdicts_are_hidden() {
        let text = "blumfeld notes 1\nnote 1\ntopic: log\nverdict: wrong\nera: never\nagainst: 3\ntest: m8\n== en\nclaim: <a>\nsays: b\n\
                    == zh\nclaim: 甲\nsays: 乙\nnote 2\nverdict: dated\n== en\nclaim: two\nnote 3\nverdict: true\nagainst: 1\n== en\nclaim: three\n";
        let section = section(text, &EN);
        let places: Vec<usize> =
            ["note-1\"", "note-3\"", "note-2\""].map(|id| section.find(&format!("id=\"{id}")).expect(id)).to_vec();
        assert!(places.is_sorted(), "{places:?}");
        assert!(section.contains("“&lt;a&gt;”") && section.contains("./?s=m8&amp;lang=en") && !section.contains('甲'));
        assert!(section.find("<details>") < section.find("class=\"stamp wrong\""));
    }
}
