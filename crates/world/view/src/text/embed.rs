//! Words of a page inside another page, and answers to its programs.

/// The title bar, what an address asks for in vain, and what a program did wrong.
pub struct EmbedText {
    /// The link to a tab of its own, and what it says of itself.
    pub open_full: &'static str,
    pub open_full_label: fn(&str) -> String,
    /// The frame forbids new tabs.
    pub no_new_tab: &'static str,
    pub choose_partition: &'static str,
    pub ledger_label: &'static str,
    /// Option, value, what it takes.
    pub bad_value: fn(&str, &str, &str) -> String,
    pub no_questions: &'static str,
    pub unknown_option: fn(&str) -> String,
    /// `row=` names a partition that is not there.
    /// `cluster=` names none of the run's; those that there are.
    pub no_cluster: fn(&str, &str) -> String,
    pub no_row: fn(&str) -> String,
    pub no_mark: fn(&str) -> String,
    /// Asked for, and there.
    pub other_rules: fn(u64, u64) -> String,
    pub no_lesson: fn(&str) -> String,
    pub nothing_varied: &'static str,
    /// What `with=` asks for, and what is nearest to it.
    pub no_value: fn(&str, &str) -> String,
    /// Playing stopped at a place that the address names.
    pub reached: fn(&str) -> String,
    /// Which acts remain.
    pub only_these: fn(&str) -> String,
    pub only_looking: &'static str,
    /// The headline while the first scene's past is run.
    pub starting: &'static str,
    pub going: fn(&str) -> String,
    /// Until something is to be seen.
    pub looking: &'static str,
    pub nothing_visible: &'static str,
    /// The method, and what it takes.
    pub bad_argument: fn(&str, &str) -> String,
    pub takes_text: &'static str,
    pub takes_instant: &'static str,
    pub too_long: fn(u64) -> String,
    pub too_far: &'static str,
    pub forbidden: &'static str,
    pub bad_id: &'static str,
    pub busy: &'static str,
}
