//! The sentences of the story. The instant stands beside each line, so it is not repeated inside.

/// One function per kind of event; each gives the bold part and the rest.
pub struct StoryText {
    pub you_killed: fn(&str) -> String,
    pub you_cut_power: fn(&str) -> String,
    pub you_asked_to_stop: fn(&str) -> (String, String),
    pub stopped_as_asked: fn(&str) -> String,
    /// Nobody asked it to.
    pub stopped_by_itself: fn(&str) -> String,
    pub you_started: fn(&str) -> (String, String),
    pub you_paused: fn(&str) -> (String, String),
    pub you_resumed: fn(&str) -> (String, String),
    pub it_led: fn(&str) -> String,
    pub it_read: fn(&str) -> String,
    pub connections_closed: fn(&str, usize) -> (String, String),
    /// By whom, whom, and how long ago its last heartbeat came.
    pub fenced: fn(&str, i32, Option<&str>) -> (String, String),
    pub unfenced: fn(&str, i32) -> (String, String),
    pub leader_decided: fn(&str, i32, i32, i32) -> (String, String),
    pub leader_found: fn(&str, i32, i32) -> (String, String),
    pub leaderless: fn(&str) -> (String, String),
    pub leads_from: fn(i32, &str, i32, i64) -> (String, String),
    pub isr_shrank: fn(&str, &str, i32) -> (String, String),
    pub isr_grew: fn(&str, &str) -> (String, String),
    pub truncated: fn(i32, &str, i64, i64) -> (String, String),
    pub duplicate_ignored: fn(i32, &str) -> (String, String),
    pub refused: fn(&str, &str) -> (String, String),
    pub topic_created: fn(&str, usize, usize) -> (String, String),
    pub candidate: fn(&str, i32) -> (String, String),
    pub active: fn(&str, i32) -> (String, String),
    /// Who joins what, and who lets it in.
    pub joined: fn(&str, &str, &str) -> (String, String),
    pub leaves: fn(&str, &str) -> (String, String),
    /// Who drops whom from what, and how long ago that one stopped.
    pub expired: fn(&str, &str, &str, Option<&str>) -> (String, String),
    pub rebalancing: fn(&str, i32) -> (String, String),
    /// Group, generation, and who made the plan.
    pub assigned: fn(&str, i32, Option<&str>) -> (String, String),
    pub owns: fn(&str, &str) -> (String, String),
    /// Member, partition, and who read it before.
    pub takes_over: fn(&str, &str, &str) -> (String, String),
    pub link_cut: fn(&str, &str) -> (String, String),
    pub link_healed: fn(&str, &str) -> (String, String),
    pub link_reset: fn(&str, &str) -> (String, String),
    pub and_more: fn(usize) -> String,
    pub moral_role: &'static str,
    pub moral_waiting: fn(&str) -> String,
    pub mark_stopped: fn(&str) -> String,
    pub mark_started: fn(&str) -> String,
    pub mark_paused: fn(&str) -> String,
    pub mark_fenced: fn(&str) -> String,
    pub mark_leads: fn(&str) -> String,
    pub mark_topic: fn(&str) -> String,
    pub mark_active: fn(&str) -> String,
    pub mark_generation: fn(i32) -> String,
    pub mark_cut: fn(&str, &str) -> String,
}
