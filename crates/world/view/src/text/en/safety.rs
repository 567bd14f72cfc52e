use crate::text::SafetyText;

pub(super) const SAFETY: SafetyText = SafetyText {
    title: "Stopped at an unsafe step",
    lost: "Lost write",
    lost_at: |partition, offset, since| {
        format!("in {partition}: offset {offset} was acknowledged; its leader has not had it since {since}.")
    },
    lost_unwritten: |partition, since| {
        format!("in {partition}: a record was reported as sent at {since} or before; no leader ever wrote it.")
    },
    lost_check: "acknowledged records stay readable",
    broken: "Broken promise",
    promise: |number| match number {
        "R2" => "A fenced broker never leads and leaves the ISR.",
        "R3" => "ISR and ELR are separate parts of the replicas; the leader is in the ISR.",
        "R4" => "Leader epoch and partition epoch never go back.",
        "R5" => "At most one broker leads a partition in one leader epoch.",
        "R6" => "A leader's high watermark never goes back within its epoch.",
        "R12" => "A new leader holds every committed record.",
        "R13" => "Below the high watermark all replicas hold the same records.",
        "R15" => "A record acknowledged with acks=all is committed.",
        "R20" => "A follower appends only in the epoch that it has taken up.",
        "K1" => "At most one controller wins an epoch.",
        "G1" => "Within one generation a partition has one owner.",
        "G2" => "A coordinator takes commits from the present generation only.",
        _other => "Something that Kafka promises did not hold.",
    },
    check: |name| format!("check: {name}"),
    go_on: "Go on",
    step_before: "Go back one step",
    fork_before: "Fork before it",
    since: |time| format!("unsafe since {time}"),
};
