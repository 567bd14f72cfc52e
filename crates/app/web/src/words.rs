//! The reader's language as a property that components can compare.

use std::ops::Deref;

use view::text::{Language, Text};

/// All words of one language.
#[derive(Clone, Copy)]
pub struct Words(pub &'static Text);

impl Words {
    /// The tables of `view`; the page has no sentence of its own.
    pub fn of(language: Language) -> Words {
        Words(language.text())
    }
}

impl Deref for Words {
    type Target = Text;
    fn deref(&self) -> &Text {
        self.0
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Words) -> bool {
        self.0.language == other.0.language
    }
}
