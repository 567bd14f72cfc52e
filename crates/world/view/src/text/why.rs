//! The words of "why": a question, and one short sentence for each kind of step.

use crate::why::{Clause, Question};

/// Both are made from values that know all that the sentence needs.
pub struct WhyText {
    pub question: fn(&Question) -> String,
    pub clause: fn(&Clause) -> String,
    /// The way back to where the reader stood: `Back to 34.2 s`.
    pub back_to: fn(&str) -> String,
    pub show_moment: fn(&str) -> String,
}
