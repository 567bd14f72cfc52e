//! What the sentences about single facts need besides the facts.

use base::ProcessId;

/// Who is who.
pub struct Names<'a> {
    /// `2`, `c1`, `web`.
    pub process: &'a dyn Fn(ProcessId) -> String,
}
