//! Words of the inspector. Names that Kafka gives (configs, ISR, ELR) stay as they are.

use base::Time;
use check::Turn;
use client::producer::ProducerCounts;

/// Is a segment still written to?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentState {
    Active,
    Closed,
}

/// Titles and property names of the inspected things.
pub struct InspectText {
    pub broker: &'static str,
    pub controller: &'static str,
    pub producer: &'static str,
    pub consumer: &'static str,
    pub admin: &'static str,
    pub partition: &'static str,
    pub group: &'static str,
    /// "running since 3.102 s"
    pub state_since: fn(&str, Time) -> String,
    pub as_controllers_see: &'static str,
    pub as_broker_sees: fn(i32) -> String,
    /// It is down: what it knew when it went.
    pub as_broker_saw: fn(i32, Time) -> String,
    pub as_client_sees: &'static str,
    pub as_client_saw: &'static str,
    pub as_coordinator_sees: &'static str,
    pub quorum: &'static str,
    pub sessions: &'static str,
    pub registration: &'static str,
    pub fenced: &'static str,
    pub shutting_down: &'static str,
    pub let_in: &'static str,
    pub broker_epoch: &'static str,
    pub registered_at: &'static str,
    pub endpoint: &'static str,
    pub session: &'static str,
    /// Last contact, and when it is over.
    pub session_left: fn(Time, Time) -> String,
    pub session_over: &'static str,
    pub metadata_mark: &'static str,
    pub voted: &'static str,
    pub leads_of: &'static str,
    pub leads_count: fn(usize, usize) -> String,
    /// Produces and fetches that wait.
    pub parked_count: fn(u32, u32) -> String,
    /// Requests that came before the broker serves.
    pub held: &'static str,
    pub role: &'static str,
    pub nobody: &'static str,
    pub nothing: &'static str,
    pub never: &'static str,
    pub not_fetched: &'static str,
    pub adding: &'static str,
    pub removing: &'static str,
    /// Bytes, and whether it is the one that is written to.
    pub segment: fn(u64, SegmentState) -> String,
    pub idempotence: &'static str,
    pub producer_counts: fn(&ProducerCounts) -> String,
    pub buffered: &'static str,
    pub bytes_of: fn(u64, u64) -> String,
    pub blocked: &'static str,
    pub last_error: &'static str,
    pub metadata_of: &'static str,
    pub arrivals: &'static str,
    /// The numbers are whose.
    pub arrivals_caption: fn(&[&str]) -> String,
    /// "web 3", where it lies, and how it came.
    pub arrival: fn(&str, &str, Turn) -> String,
    /// How many came after a later one, and how many of those within a partition.
    pub inversions: fn(u64, u64) -> String,
    /// It is a sketch and says so.
    pub sketch: &'static str,
    /// Reader, can, gets, if all is pushed, if all is pushed at the slowest's pace.
    pub sketch_columns: [&'static str; 5],
    pub sketch_note: &'static str,
    pub requests: &'static str,
    /// What a client has written into its log.
    pub its_log: &'static str,
    pub older_lines: fn(u64) -> String,
    /// Fetches, and those that came back empty.
    pub fetches: fn(u64, u64) -> String,
    pub application: &'static str,
    pub delivered: &'static str,
    pub reads: &'static str,
    pub no_coordinator: &'static str,
    pub set_here: &'static str,
    pub set_by_brokers: &'static str,
    pub defaults: &'static str,
    pub quorum_role: &'static str,
    pub quorum_epoch: &'static str,
    pub quorum_leader: &'static str,
    pub metadata_end: &'static str,
    pub broker_state: &'static str,
    pub metadata_offset: &'static str,
    pub parked: &'static str,
    pub parked_fetches: &'static str,
    /// For which partition, how many more, since when, and for how many bytes.
    pub fetch_waits: fn(&str, usize, (Time, u64)) -> String,
    pub sent_acked_failed: &'static str,
    pub waiting_in_flight: fn(u64, u64) -> String,
    pub phase: &'static str,
    pub generation: &'static str,
    pub member_id: &'static str,
    pub coordinator: &'static str,
    pub leader: &'static str,
    pub follower: &'static str,
    pub on_broker: fn(&str, &str) -> String,
    pub leader_title: &'static str,
    pub preferred: fn(&str) -> String,
    pub replicas: &'static str,
    pub leader_epoch: &'static str,
    pub partition_epoch: &'static str,
    pub start_mark_end: &'static str,
    pub follower_end: fn(i32) -> String,
    pub from_offset: fn(i64) -> String,
    pub offset: &'static str,
    pub key: &'static str,
    pub value: &'static str,
    pub timestamp: &'static str,
    pub producer_epoch_sequence: &'static str,
    pub batch: &'static str,
    pub coordinated_by: fn(i32) -> String,
    pub group_state: &'static str,
    pub assignor: &'static str,
    pub group_leader: fn(&str) -> String,
}
