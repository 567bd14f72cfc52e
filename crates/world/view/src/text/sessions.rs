//! Words that sum up brokers' sessions with the controller.

/// All sessions in one line.
pub struct SessionsText {
    /// How many are fresh, of how many; brokers that are fenced.
    pub sum: fn(usize, usize, &[i32]) -> String,
}
