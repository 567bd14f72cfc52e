//! Words of large clusters: what is summed up, what needs attention, loads, lags, cards of many producers.

use base::Span;

use crate::Trouble;

/// See the module.
pub struct DenseText {
    /// Brokers and partitions.
    pub title: fn(usize, usize) -> String,
    /// Brokers that are stopped, that hang, that are cut off; copies that are missing; records that are lost.
    pub stopped: fn(usize) -> String,
    pub hang: fn(usize) -> String,
    pub cut_off: fn(usize) -> String,
    pub missing: fn(u64) -> String,
    pub lost: fn(u64) -> String,
    /// Running, and not counted on by the controllers.
    pub not_in: fn(usize) -> String,
    pub all_run: &'static str,
    pub none_missing: &'static str,
    pub nothing_lost: &'static str,
    /// Between the parts of a sum.
    pub comma: &'static str,

    pub trouble: fn(&Trouble) -> String,
    /// For so long.
    pub since: fn(Span) -> String,
    /// How many times as much as the others.
    pub times: fn(u64) -> String,

    /// A broker that is hot, and how much: of its label.
    pub hot: fn(&str) -> String,
    /// Bytes and records per second; each is spelled before.
    pub rates: fn(&str, &str) -> String,
    pub rate: fn(&str) -> String,

    pub producers: fn(usize) -> String,
    /// Of clients that share a card: stopped, hanging, blocked in `send`.
    pub troubled: fn([usize; 3]) -> String,
    pub producers_stopped: fn(usize, usize) -> String,
    /// The busiest partition and its share in percent.
    pub skew: fn(&str, u16) -> String,
    pub waiting: fn(&str) -> String,

    pub unknown_lag: &'static str,
    /// Of some partitions the lag is known, and comes to this.
    pub partly_unknown_lag: fn(&str) -> String,
    pub unknown_partitions: fn(usize) -> String,
    /// The partition with the longest lag, and that.
    pub worst: fn(&str, &str) -> String,
    /// Members that run and that are stopped, and how many partitions those have: the fewest and the most.
    pub members: fn((usize, usize), usize, usize) -> String,
}
