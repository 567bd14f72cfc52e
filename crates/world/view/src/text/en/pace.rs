//! English: the pace.

use super::plural;
use crate::text::{PaceText, duration, thousands};
use lab::Sums;

pub(super) const PACE: PaceText = PaceText {
    slow_motion: "slow motion",
    as_it_is: "as fast as in Kafka",
    fast: "faster than in Kafka",
    waiting: |span| format!("{span} of waiting"),
    sums,
    links_take: |least, most| format!("slow links: {least} to {most} one way"),
};

fn sums(sums: &Sums) -> String {
    let lost = match sums.lost {
        0 => "Nothing was lost.".to_owned(),
        1 => "1 acknowledged message was lost.".to_owned(),
        many => format!("{} acknowledged messages were lost.", thousands(many)),
    };
    let longest = sums.unavailable.iter().map(|(_, span)| *span).max().unwrap_or_default();
    let away = match sums.unavailable.as_slice() {
        [] => None,
        [(partition, span)] => Some(format!("{partition} was unavailable for {}", duration(*span))),
        [(first, _), rest @ ..] => {
            Some(format!("{first} and {} more were unavailable for up to {}", rest.len(), duration(longest)))
        }
    };
    let twice = (sums.twice > 0).then(|| format!("{} came twice", plural(sums.twice as usize, "message", "messages")));
    let failed = (sums.failed > 0).then(|| format!("{} failed", plural(sums.failed as usize, "message", "messages")));
    let parts: Vec<String> = away.into_iter().chain(twice).chain(failed).collect();
    if parts.is_empty() { lost } else { format!("{lost} {}.", parts.join("; ")) }
}
