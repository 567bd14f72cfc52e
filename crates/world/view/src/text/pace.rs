//! Words of the pace and of the network it shows.

/// See the module.
pub struct PaceText {
    pub slow_motion: &'static str,
    pub as_it_is: &'static str,
    pub fast: &'static str,
    /// With how long it usually takes.
    pub waiting: fn(&str) -> String,
    /// One way through the network takes so long, at least and at most.
    pub links_take: fn(&str, &str) -> String,
}
