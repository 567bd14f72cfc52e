//! What is told of a run: one program, because each further one compiles and links everything again.

mod budget;
mod clusters;
mod contents;
mod dense_cases;
mod headline_cases;
mod headline_words;
mod keycard;
mod lane_cases;
mod ledger;
mod links;
mod matters;
mod memory;
mod producing;
mod pull;
mod reason_words;
mod refusals;
mod safety;
mod share;
mod spacetime;
mod stories;
mod sums;
mod tempo;
mod truths;
mod why;
mod words;
mod words_page;
