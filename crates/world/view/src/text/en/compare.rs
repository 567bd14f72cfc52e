//! English: two branches side by side.

use crate::text::CompareText;

pub(super) const COMPARE: CompareText = CompareText {
    title: |a, b, now| format!("{a} and {b} at {now}"),
    parted: |at| format!("They part at {at}."),
    difference: |a, b| format!("{b} − {a}"),
    nothing_done: "Nothing else was done.",
    lost: |branch, at, partition, offset| {
        format!("Lost write in {branch} at {at}: offset {offset} of {partition} was acknowledged and is gone.")
    },
    nothing_lost: "Nothing was lost.",
    same: "Both ledgers are the same so far.",
    behind: |branch, at| format!("{branch} is still being replayed; it is at {at}."),
    only_one: "There is one branch so far. Fork here (F), change something, and compare.",
    both: |a, b| format!("{a} | {b}"),
    both_label: |both| format!("{both}, both ledgers side by side"),
};
