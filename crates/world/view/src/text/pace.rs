//! Words of the pace, of the network it shows, and of what an accident came to.

use lab::Sums;

/// See the module.
pub struct PaceText {
    pub slow_motion: &'static str,
    pub as_it_is: &'static str,
    pub fast: &'static str,
    /// With how long it usually takes.
    pub waiting: fn(&str) -> String,
    /// "Nothing was lost. orders-1 was unavailable for 8.6 s; 2 messages came twice."
    pub sums: fn(&Sums) -> String,
    /// One way through the network takes so long, at least and at most.
    pub links_take: fn(&str, &str) -> String,
}
