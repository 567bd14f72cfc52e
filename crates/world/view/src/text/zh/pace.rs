//! Chinese: the pace.

use crate::text::{PaceText, duration, thousands};
use lab::Sums;

pub(super) const PACE: PaceText = PaceText {
    slow_motion: "慢动作",
    as_it_is: "与 Kafka 同速",
    fast: "比 Kafka 快",
    waiting: |span| format!("等待 {span}"),
    sums,
    links_take: |least, most| format!("慢速链路：单程 {least} 到 {most}"),
};

fn sums(sums: &Sums) -> String {
    let lost = match sums.lost {
        0 => "没有丢失消息。".to_owned(),
        many => format!("丢失了 {} 条已确认的消息。", thousands(many)),
    };
    let longest = sums.unavailable.iter().map(|(_, span)| *span).max().unwrap_or_default();
    let away = match sums.unavailable.as_slice() {
        [] => None,
        [(partition, span)] => Some(format!("{partition} 有 {} 不可用", duration(*span))),
        [(first, _), rest @ ..] => {
            Some(format!("{first} 等 {} 个分区最长有 {} 不可用", rest.len() + 1, duration(longest)))
        }
    };
    let twice = (sums.twice > 0).then(|| format!("{} 条消息重复送达", thousands(sums.twice)));
    let failed = (sums.failed > 0).then(|| format!("{} 条消息发送失败", thousands(sums.failed)));
    let parts: Vec<String> = away.into_iter().chain(twice).chain(failed).collect();
    if parts.is_empty() { lost } else { format!("{lost}{}。", parts.join("；")) }
}
