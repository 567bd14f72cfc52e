//! What a sentence quotes of somebody's text. A line may be as long as the whole text; a sentence about it is not.

use std::fmt::{Display, Formatter, Result};

/// Letters that are quoted.
const LETTERS: usize = 60;
/// Letters of a sentence that is not ours and quotes a value itself.
const SENTENCE: usize = 400;

/// The text, or its beginning and an ellipsis.
pub fn brief(text: &str) -> impl Display + '_ {
    Brief { text, letters: LETTERS }
}

/// The same of somebody else's sentence.
pub fn brief_sentence(text: &str) -> impl Display + '_ {
    Brief { text, letters: SENTENCE }
}

struct Brief<'a> {
    text: &'a str,
    letters: usize,
}

impl Display for Brief<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.text.char_indices().nth(self.letters) {
            Some((end, _)) => write!(f, "{}…", self.text.get(..end).unwrap_or_default()),
            None => f.write_str(self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_cut_between_letters() {
        let fits = "界".repeat(LETTERS);
        assert_eq!((brief("").to_string(), brief(&fits).to_string()), (String::new(), fits.clone()));
        assert_eq!(brief(&format!("{fits}x")).to_string(), format!("{fits}…"));
    }
}
