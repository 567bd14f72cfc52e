use crate::text::CardsText;

pub(super) const CARDS: CardsText = CardsText {
    leader_down: |broker| format!("Leader {broker} 停了"),
    leader_hangs: |broker| format!("Leader {broker} 挂起"),
    leader_cut_off: |broker| format!("连不上 Leader {broker}"),
    knows_no_leader: "不知道 Leader",
    leaving: "离开中",
};
