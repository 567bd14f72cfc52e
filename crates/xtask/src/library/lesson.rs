//! The few lines of a lesson's text that the library shows, and the text in one language.

/// A lesson's text, cut at its sections.
pub struct Lesson {
    pub id: String,
    /// It has a drawn picture.
    pub drawn: bool,
    /// Headers and body.
    plain: String,
    /// Language and words.
    sections: Vec<(String, String)>,
}

impl Lesson {
    /// As much as pages need; whether the text is right its own test says.
    pub fn read(id: &str, text: &str) -> Lesson {
        let mut lesson = Lesson { id: id.to_owned(), drawn: false, plain: String::new(), sections: Vec::new() };
        for line in text.lines() {
            if let Some(language) = line.strip_prefix("== ") {
                lesson.sections.push((language.trim().to_owned(), String::new()));
                continue;
            }
            let part = lesson.sections.last_mut().map_or(&mut lesson.plain, |(_, words)| words);
            part.push_str(line);
            part.push('\n');
        }
        lesson
    }

    /// What a visit in this language needs of it.
    pub fn in_language(&self, language: &str) -> String {
        let words = self.words(language);
        if words.is_empty() { self.plain.clone() } else { format!("{}== {language}\n{words}", self.plain) }
    }

    /// The section in that language.
    fn words(&self, language: &str) -> &str {
        self.sections.iter().find(|(of, _)| of == language).map_or("", |(_, words)| words)
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.plain.lines().find_map(|line| value(line, name))
    }

    /// The values of all headers of a name.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.plain.lines().filter_map(move |line| value(line, name))
    }

    /// What stands behind a name in its lines of words: `waits` and `done` of `mark waits: …` and `mark done: …`.
    pub fn keys(&self, language: &str, name: &str) -> Vec<&str> {
        let heads =
            self.words(language).lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.split_once(':'));
        heads.map(|(key, _)| key.trim()).collect()
    }

    /// What may be chosen below a line of words.
    pub fn choices(&self, language: &str, name: &str) -> Vec<String> {
        let join = if language == "zh" { "" } else { " " };
        let mut choices: Vec<String> = Vec::new();
        for line in self.words(language).lines().skip_while(|line| value(line, name).is_none()).skip(1) {
            match (line.strip_prefix("- "), choices.last_mut()) {
                (Some(choice), _) => choices.push(choice.trim().to_owned()),
                (None, Some(last)) if line.starts_with("  ") => *last += &format!("{join}{}", line.trim()),
                (None, None) if line.starts_with("  ") => {}
                (None, _) => break,
            }
        }
        choices
    }

    /// A line of words, with the lines that go on with it.
    pub fn said(&self, language: &str, name: &str) -> Option<String> {
        let mut lines = self.words(language).lines().skip_while(|line| value(line, name).is_none());
        let first = value(lines.next()?, name)?;
        let more = lines.take_while(|line| line.starts_with("  ")).map(str::trim);
        let join = if language == "zh" { "" } else { " " };
        Some(std::iter::once(first).chain(more).collect::<Vec<_>>().join(join))
    }

    /// Its place in the course; what has none comes after all that have one.
    pub fn place(&self) -> (u32, u32, String) {
        let number = |text: &str| text.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(u32::MAX);
        (self.course().unwrap_or(u32::MAX), number(&self.id), self.id.clone())
    }

    /// The number of the lesson that it belongs to.
    pub fn course(&self) -> Option<u32> {
        self.header("course")?.parse().ok()
    }
}

fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.strip_prefix(name)?.strip_prefix(':').map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "blumfeld 1\ncourse: 6\n@8s kill 1\n== en\ntitle: Who\n  waits?\ngoal: g\n== zh\ntitle: 谁在\n  等？\n";

    #[test]
    fn each_language_gets_its_own_words() {
        let lesson = Lesson::read("m12", TEXT);
        let english = lesson.in_language("en");
        assert_eq!(english, "blumfeld 1\ncourse: 6\n@8s kill 1\n== en\ntitle: Who\n  waits?\ngoal: g\n");
        assert_eq!(lesson.in_language("zh"), "blumfeld 1\ncourse: 6\n@8s kill 1\n== zh\ntitle: 谁在\n  等？\n");
        assert_eq!(lesson.said("en", "title").as_deref(), Some("Who waits?"));
        assert_eq!(lesson.said("zh", "title").as_deref(), Some("谁在等？"));
        assert_eq!((lesson.course(), lesson.said("zh", "goal")), (Some(6), None));
    }

    #[test]
    fn choices_belong_to_the_line_above_them() {
        let text = "blumfeld 1\nvary: a = 1 | 2\nvary: b = 3\n== en\npredict: Which\n  one?\n- first\n- second\n  half\nmark x: y\n- z\n";
        let lesson = Lesson::read("m1", text);
        assert_eq!(lesson.choices("en", "predict"), ["first", "second half"]);
        assert_eq!((lesson.choices("en", "check"), lesson.keys("en", "mark")), (vec![], vec!["x"]));
        assert_eq!(lesson.headers("vary").collect::<Vec<_>>(), ["a = 1 | 2", "b = 3"]);
    }

    #[test]
    fn the_course_is_in_order() {
        let at = |id: &str, course: &str| Lesson::read(id, &format!("blumfeld 1\n{course}")).place();
        assert!(at("m9", "course: 1\n") < at("m12", "course: 1\n"));
        assert!(at("m30", "course: 2\n") < at("matrix", ""));
    }
}
