//! Words about experiments that the browser keeps.

/// The list, its buttons, and what is said when nothing can be kept.
pub struct KeptText {
    pub title: &'static str,
    pub intro: &'static str,
    pub none: &'static str,
    /// Over the next two.
    pub not_kept: &'static str,
    /// The browser lets the page keep nothing.
    pub forbidden: &'static str,
    /// There is no room.
    pub full: &'static str,
    /// It is more than a link may hold.
    pub too_long: &'static str,
    pub open: &'static str,
    pub open_label: fn(&str) -> String,
    pub name: &'static str,
    pub delete: &'static str,
    pub delete_label: fn(&str) -> String,
    pub deleted: fn(&str) -> String,
    pub put_back: &'static str,
    pub acts: fn(u64) -> String,
    /// The one that is on the stage.
    pub here: &'static str,
    /// Producers, brokers, consumers.
    pub picture: fn(usize, usize, usize) -> String,
}
