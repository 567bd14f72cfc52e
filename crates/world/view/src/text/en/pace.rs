//! English: the pace.

use crate::text::PaceText;

pub(super) const PACE: PaceText = PaceText {
    slow_motion: "slow motion",
    as_it_is: "as fast as in Kafka",
    fast: "quickly, nothing to see",
    waiting: |span| format!("{span} of waiting"),
    links_take: |least, most| format!("slow links: {least} to {most} one way"),
};
