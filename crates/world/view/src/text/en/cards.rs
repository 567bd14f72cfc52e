use crate::text::CardsText;

pub(super) const CARDS: CardsText = CardsText {
    leader_down: |broker| format!("leader {broker} is down"),
    leader_hangs: |broker| format!("leader {broker} hangs"),
    leader_cut_off: |broker| format!("leader {broker} cut off"),
    knows_no_leader: "knows no leader",
    leaving: "leaves",
};
