//! Words on the stage.

use crate::Decision;

/// Names, states and second lines of everything that stands on the stage.
pub struct StageText {
    /// Partitions of a lane, and of a member, that are not drawn.
    pub more_rows: fn(u64) -> String,
    pub more_owned: fn(u64) -> String,
    pub controllers: &'static str,
    pub decide: &'static str,
    pub epoch_active: fn(i32, &str) -> String,
    pub epoch_nobody: fn(i32) -> String,
    pub committed_up_to: fn(i64) -> String,
    pub metadata_offset: fn(i64) -> String,
    /// Who is in charge, and who stands by.
    pub in_charge: fn(&str, &[&str]) -> String,
    pub nobody_in_charge: &'static str,
    /// How often brokers report.
    pub report: fn(&str) -> String,
    pub last_heard_from: &'static str,
    pub metadata_log: &'static str,
    pub no_op: &'static str,
    pub more_records: fn(usize) -> String,
    pub fenced: &'static str,
    /// Active, follower, prospective, candidate, unattached, resigned, stopped, paused, stale.
    pub roles: [&'static str; 9],
    /// The tally of a nominee: by name; granted of all; how many are needed.
    pub votes_for: fn(&str) -> String,
    pub trial_votes_for: fn(&str) -> String,
    pub votes_of: fn(usize, usize) -> String,
    pub votes_needed: fn(usize) -> String,
    pub votes_majority: &'static str,
    /// Below a controller that has just decided.
    pub decides_word: &'static str,

    pub broker: fn(i32) -> String,
    pub leads: fn(&str) -> String,
    /// Beside a badge where there is room for one word.
    pub leads_word: &'static str,
    pub leads_many: fn(usize) -> String,
    pub leads_nothing: &'static str,
    pub stopped_at: fn(&str) -> String,
    pub stopped_fenced: &'static str,
    pub fenced_state: &'static str,
    pub paused_state: &'static str,
    pub shutting_down: &'static str,
    pub starting: &'static str,
    pub stamp_stopped: &'static str,
    pub stamp_paused: &'static str,
    pub parked: fn(usize) -> String,
    pub meta: fn(i64) -> String,
    pub in_sync: &'static str,
    pub behind: fn(i64) -> String,
    pub out: &'static str,
    pub no_leader: &'static str,
    /// What a replica on a stopped broker was.
    pub gone_leader: &'static str,
    pub gone_follower: &'static str,
    pub kill_broker: fn(i32) -> String,
    pub start_broker: fn(i32) -> String,
    pub high_watermark: &'static str,
    pub log_end: &'static str,
    pub epoch_tick: fn(i32) -> String,
    /// A new leader's epoch and where it begins.
    pub epoch_from: fn(i32, i64) -> String,
    pub mark_stays: fn(i64) -> String,
    pub still_in_isr: fn(i32) -> String,

    /// Over the lines of brokers: what they lead, what they copy, what they have to do.
    pub columns: [&'static str; 3],
    /// Copies that are out of the ISR.
    pub missing_copies: &'static str,
    /// Shows a lane at full size, and as one of many again.
    pub open_lane: fn(i32) -> String,
    pub close_lane: fn(i32) -> String,

    pub sends: &'static str,
    /// A key and the partition that it goes to.
    pub key_to: fn(&str, &str) -> String,
    pub keys_to: fn(&[&str], &str) -> String,
    pub in_flight: fn(usize) -> String,
    pub in_flight_sequence: fn(&str) -> String,
    pub in_flight_none: &'static str,
    pub acked: fn(u64) -> String,
    pub waiting_for: fn(&str, &str) -> String,
    pub stale_leader: fn(i32) -> String,
    pub believes: fn(&str, i32) -> String,

    pub group: fn(&str) -> String,
    /// Joining 2 of 3. Short: it stands beside the group's name, over the narrowest frame.
    pub group_joining: fn(usize, usize) -> String,
    pub group_syncing: fn(i32) -> String,
    pub group_stable: fn(i32) -> String,
    pub group_empty: &'static str,
    pub group_unknown: &'static str,
    pub offset: fn(i64) -> String,
    pub lag: fn(i64) -> String,
    pub read: &'static str,
    pub idle: &'static str,
    pub paused: &'static str,
    pub waiting: &'static str,
    pub member_stopped: &'static str,
    pub member_hung: &'static str,
    pub new_member: &'static str,
    pub nobody_reads: &'static str,
    pub nobody_sends: &'static str,
    pub stop_client: fn(&str) -> String,
    pub start_client: fn(&str) -> String,

    pub left_right: &'static str,
    pub up_down: &'static str,
    pub copy_for: fn(i32) -> String,
    pub again: fn(i32) -> String,
    pub heartbeat: fn(i32) -> String,
    pub vote: &'static str,
    pub yes: &'static str,
    pub undelivered: &'static str,
    pub cluster_label: fn(usize, usize, usize) -> String,

    /// A record of the metadata log in few words.
    pub decision: fn(&Decision) -> String,
}

/// A broker, or a dash.
pub(super) fn known(broker: Option<base::BrokerId>) -> String {
    broker.map_or("–".to_owned(), |broker| broker.to_string())
}

/// Brokers with spaces between.
pub(super) fn spaced(brokers: &[base::BrokerId]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
