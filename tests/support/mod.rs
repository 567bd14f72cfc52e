//! What the tests of whole clusters share: a world with every safety check on.

pub mod stage;
