//! `kafka-metadata-quorum.sh describe --status`: who the voters are.

use crate::found::Found;

/// The labels of its lines.
const LABELS: [&str; 8] = [
    "ClusterId:",
    "LeaderId:",
    "LeaderEpoch:",
    "HighWatermark:",
    "MaxFollowerLag:",
    "MaxFollowerLagTimeMs:",
    "CurrentVoters:",
    "CurrentObservers:",
];

/// Takes such a line; `false`: it is none.
pub(crate) fn read(found: &mut Found, text: &str) -> bool {
    let text = text.trim();
    let Some(label) = LABELS.iter().find(|label| text.starts_with(**label)) else { return false };
    let value = text[label.len()..].trim();
    match *label {
        "CurrentVoters:" => found.voters = ids(value),
        "CurrentObservers:" => ids(value).into_iter().for_each(|id| {
            found.nodes.entry(id).or_default();
        }),
        _not_needed => {}
    }
    true
}

/// `[1,2,3]`, or since 3.9 `[{"id": 1, "endpoints": […]}, …]`.
fn ids(text: &str) -> Vec<i32> {
    let number = |text: &str| {
        let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i32>().ok()
    };
    let ids: Vec<i32> = if text.contains("\"id\"") {
        text.split("\"id\":").skip(1).filter_map(number).take(crate::MOST_NODES).collect()
    } else {
        let inside = text.trim_start_matches('[').trim_end_matches(']');
        inside.split(',').filter_map(number).take(crate::MOST_NODES).collect()
    };
    ids
}
