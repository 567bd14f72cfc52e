//! A text of unknown kind: it is recognised by what stands in it, and never refused as a whole.

use crate::compose;
use crate::found::Found;
use crate::lines;
use crate::reassignment;
use crate::report::{Format, Notebook, TextReport, Why};
use crate::strimzi::Resources;
use crate::yaml::{BadYaml, Yaml};

/// What kind of text it is.
pub fn recognise(text: &str) -> Format {
    let begins = |name: &str| text.lines().any(|line| line.starts_with(name));
    if text.trim_start().starts_with('{') {
        Format::Reassignment
    } else if begins("apiVersion:") && text.contains("kafka.strimzi.io") {
        Format::Strimzi
    } else if begins("services:") {
        Format::Compose
    } else {
        Format::Lines
    }
}

/// Takes what it says over what was found before.
pub fn read(found: &mut Found, name: &str, text: &str) -> TextReport {
    let format = recognise(text);
    let mut notebook = Notebook::new(name, format);
    let whole = text;
    let text = cut(text);
    match format {
        Format::Lines => lines::read(found, &mut notebook, text),
        Format::Reassignment => reassignment::read(found, &mut notebook, (1, text)),
        Format::Compose | Format::Strimzi => yaml(found, &mut notebook, (text, format)),
    }
    if text.len() < whole.len() {
        let line = text.lines().count() as u32 + 1;
        notebook.keep(line, "…", Why::TooMuch("bytes"));
    }
    notebook.finish()
}

/// The beginning, where a text is longer than what is taken.
fn cut(text: &str) -> &str {
    if text.len() <= crate::LONGEST {
        return text;
    }
    let mut end = crate::LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn yaml(found: &mut Found, notebook: &mut Notebook, (text, format): (&str, Format)) {
    match Yaml::read(text) {
        Ok(documents) if format == Format::Strimzi => Resources::new(found, notebook, text).read(&documents),
        Ok(documents) => documents.iter().for_each(|root| compose::read(found, notebook, root)),
        Err(BadYaml { line, why }) => {
            let written = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
            notebook.keep(line, written, Why::Syntax(why));
        }
    }
}
