//! Words of the meters.

use sim::meters::MeterKind;

/// See the module.
pub struct MetersText {
    /// In the menu of views, and above the charts.
    pub title: &'static str,
    pub kind: fn(MeterKind) -> &'static str,
    /// A name of a chart: told apart by nodes and clients.
    pub by_process: fn(&str) -> String,
    pub at: fn(&str) -> String,
    pub selected: fn(&str, &str) -> String,
    pub select: &'static str,
    pub play_only: &'static str,
    pub zoom: &'static str,
    pub whole: &'static str,
    pub copy: &'static str,
    pub more: &'static str,
    /// How often, from what.
    pub sampled: fn(&str) -> String,
    pub behind: fn(&str) -> String,
    pub forgotten: fn(&str) -> String,
    pub no_sample: &'static str,
    /// In a grey field: times of answers, and everything else.
    pub no_answer: &'static str,
    pub nobody: &'static str,
    pub sum: &'static str,
    pub left_out: fn(usize) -> String,
    /// Where under-replicated partitions mislead: a broker is down and in every ISR.
    pub still_in_isr: &'static str,
    /// Lag that is small because nothing can be read.
    pub unreadable: &'static str,
    /// A chart in a sentence: title, then names with values.
    pub label: fn(&str, &str, &str) -> String,
    /// Above the curve, and what moving a slider does.
    pub curve: &'static str,
    pub curve_note: &'static str,
    pub producer: &'static str,
    /// Of a line of the terminal: no such meter, no such word.
    pub no_meter: fn(&str) -> String,
    pub no_word: fn(&str) -> String,
}
