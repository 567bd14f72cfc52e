//! Kafka's nouns in the language that a visit asks for.

use crate::text::{Terms, Text, with_terms};
use crate::{StageView, StoryLine, StoryView};

/// The headline with Kafka's nouns as asked for.
pub fn put_terms_on_stage(stage: &mut StageView, text: &Text, terms: Terms) {
    stage.headline = with_terms(&stage.headline, text.language, terms);
}

/// The story with Kafka's nouns as asked for.
pub fn put_terms_in_story(story: &mut StoryView, text: &Text, terms: Terms) {
    for line in &mut story.lines {
        put_terms_in_line(line, text, terms);
        line.more.iter_mut().for_each(|one| put_terms_in_line(one, text, terms));
    }
    story.moral = with_terms(&story.moral, text.language, terms);
}

fn put_terms_in_line(line: &mut StoryLine, text: &Text, terms: Terms) {
    line.strong = with_terms(&line.strong, text.language, terms);
    line.rest = with_terms(&line.rest, text.language, terms);
}
