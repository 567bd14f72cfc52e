//! Chinese: the pace.

use crate::text::PaceText;

pub(super) const PACE: PaceText = PaceText {
    slow_motion: "慢动作",
    as_it_is: "与 Kafka 同速",
    fast: "快进，没有可看的",
    waiting: |span| format!("等待 {span}"),
    links_take: |least, most| format!("慢速链路：单程 {least} 到 {most}"),
};
