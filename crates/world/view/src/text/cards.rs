//! Words of producers' and members' cards that are about nothing else on the stage.

/// Each has at most 18 letters of English or 9 full-width ones of Chinese: a card has no more room.
pub struct CardsText {
    /// A leader that a producer cannot reach: it is not there, hangs, or nothing passes between the two.
    pub leader_down: fn(i32) -> String,
    pub leader_hangs: fn(i32) -> String,
    pub leader_cut_off: fn(i32) -> String,
    pub knows_no_leader: &'static str,
    /// A member that closes.
    pub leaving: &'static str,
}
