//! What the tests of whole clusters share: a world with every safety check on.

#[allow(dead_code, reason = "each test binary uses a part of it")]
pub mod stage;
