//! English: a page inside another page, and answers to its programs.

use crate::text::EmbedText;

pub(super) const EMBED: EmbedText = EmbedText {
    open_full: "open full",
    open_full_label: |title| format!("Open full: {title}, in a tab of its own"),
    no_new_tab: "The page around this one forbids new tabs. Copy the link instead.",
    choose_partition: "Partition",
    ledger_label: "Ledger",
    bad_value: |name, value, takes| format!("{name} does not take “{value}”; it takes {takes}."),
    no_questions: "This experiment asks no questions; check= and step= do nothing.",
    unknown_option: |name| format!("The address has an option “{name}” that this page does not know."),
    no_cluster: |name, there| format!("This run has no cluster “{name}”; cluster= takes {there}."),
    no_row: |name| format!("There is no partition {name} at this moment."),
    no_mark: |name| format!("The timeline has no mark “{name}”."),
    nothing_varied: "This experiment varies nothing; with= does nothing.",
    no_value: |asked, near| format!("The lesson has no variant “{asked}”; with= takes {near}."),
    no_lesson: |id| {
        format!("The text of lesson {id} could not be fetched. This is what was done in it, without its words.")
    },
    other_rules: |asked, there| format!("The address asks for engine rules {asked}; this page has rules {there}."),
    reached: |place| format!("Paused at {place}."),
    only_these: |names| format!("This page only allows: {names}."),
    only_looking: "This page is for looking; the cluster cannot be changed here.",
    starting: "The cluster starts.",
    going: |to| format!("Going to {to}"),
    looking: "Looking for the next visible event",
    nothing_visible: "Nothing visible comes for a long time.",
    bad_argument: |method, takes| format!("{method} takes {takes}."),
    takes_text: "a link as text",
    takes_instant: "an instant such as \"12.5s\", whole nanoseconds from 0 on, or a mark such as \"mark:2-fenced\"",
    too_long: |limit| format!("The link is longer than {limit} characters."),
    too_far: "No run lasts longer than a week.",
    forbidden: "Only the page named by api= may ask for this.",
    bad_id: "An id is text or a number.",
    busy: "Something else is still under way.",
};
