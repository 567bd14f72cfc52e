//! Words of the frame around the stage: header, ledger, legend, timeline, panels, help.

/// Header, timeline, panels and small notices.
pub struct PageText {
    /// The product's full name, for the document's title.
    pub product: &'static str,
    pub opening_title: &'static str,
    pub seed_line: fn(u64) -> String,
    pub add: &'static str,
    pub add_topic: &'static str,
    pub add_producer: &'static str,
    pub add_consumer: &'static str,
    pub add_broker: &'static str,
    pub send_message: &'static str,
    pub faults: &'static str,
    pub faults_cut: &'static str,
    pub faults_heal: &'static str,
    pub faults_stop: &'static str,
    pub faults_start: &'static str,
    pub view: &'static str,
    pub view_brokers: &'static str,
    /// One partition at a time.
    pub view_partitions: &'static str,
    pub view_details: &'static str,
    pub view_internal: &'static str,
    pub view_legend: &'static str,
    pub view_story: &'static str,
    pub view_list: &'static str,
    pub terminal: &'static str,
    pub theme: &'static str,
    pub theme_names: [&'static str; 5],
    /// The other language, in its own words.
    pub other_language: &'static str,
    pub other_language_label: &'static str,
    pub share: &'static str,
    pub close: &'static str,
    pub more_numbers: &'static str,
    pub skip_to_stage: &'static str,
    pub try_word: &'static str,

    pub play: &'static str,
    pub pause: &'static str,
    pub step: &'static str,
    pub step_back: &'static str,
    pub to_start: &'static str,
    pub fork: &'static str,
    pub timeline: &'static str,
    pub tempo: &'static str,
    pub tempo_auto: &'static str,
    /// The pace beside it, such as `×0.01`.
    pub tempo_auto_line: fn(&str) -> String,
    pub tempo_manual_line: fn(&str) -> String,
    pub paused: &'static str,
    pub slower: &'static str,
    pub faster: &'static str,
    pub undo: &'static str,
    pub redo: &'static str,
    pub event: fn(&str) -> String,
    pub position_of: fn(&str, &str) -> String,
    pub branches: &'static str,
    pub branch: fn(&str) -> String,
    pub mark_here: &'static str,

    pub side_panel: &'static str,
    pub open_side: &'static str,
    pub needs_attention: &'static str,
    pub zoom_title: &'static str,
    /// Smaller, as it fits, larger.
    pub zoom: [&'static str; 3],
    pub what_happened: &'static str,
    pub nothing_happened: &'static str,
    pub earlier: fn(u32) -> String,
    pub why: &'static str,
    pub go_there: fn(&str) -> String,
    pub inspector: &'static str,
    pub inspector_tabs: [&'static str; 4],
    pub chain: &'static str,
    pub segments: &'static str,
    pub leader_epochs: &'static str,
    pub readers: &'static str,
    pub reader_columns: [&'static str; 4],
    pub timers: &'static str,
    pub stop: &'static str,
    pub start: &'static str,
    pub select_something: &'static str,
    pub rows_of: fn(usize, usize) -> String,
    pub list_title: &'static str,
    /// Partitions that only a search finds.
    pub list_more: fn(u64) -> String,
    pub list_columns: [&'static str; 5],

    pub not_scripted: &'static str,
    pub not_modelled_link: &'static str,
    pub keys_word: &'static str,
    pub play_word: &'static str,
    pub step_word: &'static str,
    pub space_key: &'static str,

    pub terminal_note: &'static str,
    pub terminal_input: &'static str,
    pub terminal_output: &'static str,
    pub terminal_hello: &'static str,

    pub terminal_help: &'static str,
    pub share_title: &'static str,
    pub share_link: fn(&str) -> String,
    pub copy: &'static str,
    pub copied: &'static str,
    pub copy_failed: &'static str,
    pub same_for_everyone: &'static str,
    pub state_hash: fn(&str) -> String,
    pub stays_in_browser: &'static str,
    pub opening_link: &'static str,
    pub stop_opening: &'static str,
    pub writing_link: &'static str,
    pub forked_here: fn(&str, &str) -> String,
    pub mark_set: fn(&str) -> String,
}

/// The ledger's names and meanings: sent, waiting, acked, committed, delivered, duplicated, reordered, skipped, refused,
/// unanswered, lost.
pub struct LedgerText {
    pub title: &'static str,
    pub names: [&'static str; 11],
    pub meanings: [&'static str; 11],
}

/// "How to read it": six entries, each a bold part and the rest.
pub struct LegendText {
    pub title: &'static str,
    pub entries: [(&'static str, &'static str); 6],
    pub details: [(&'static str, &'static str); 7],
    /// Where brokers are one line each.
    pub dense: [(&'static str, &'static str); 4],
    pub dense_note: &'static str,
    pub details_title: &'static str,
}

/// One line of the list of keys.
pub struct KeyText {
    pub keys: &'static str,
    pub does: &'static str,
}

/// The list of keys, and what is not modelled.
pub struct HelpText {
    pub title: &'static str,
    pub intro: &'static str,
    pub keys: [KeyText; 28],
    pub single_keys: &'static str,
    pub modelled_title: &'static str,
    pub modelled_intro: &'static str,
    pub modelled: &'static str,
    pub simplified_title: &'static str,
    pub missing_title: &'static str,
    /// Until the lists are there.
    pub fetching: &'static str,
    /// They cannot be had.
    pub not_fetched: &'static str,
}
