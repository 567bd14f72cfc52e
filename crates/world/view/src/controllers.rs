//! The metadata lane: who may decide, who is in charge, whose heartbeat is how old, and the newest
//! end of the metadata log (KRaft). Epochs and offsets are those of the active controller, or of the
//! most advanced live one while nobody is in charge.

use super::{Permille, ProcessId, Str, Tone, TopicPartition};
use base::BrokerId;

/// What one controller is at the moment (KIP-595 roles).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControllerRole {
    Active,
    Follower,
    /// Asks for pre-votes (KIP-996); its epoch is unchanged.
    Prospective,
    Candidate,
    /// Knows no leader.
    Unattached,
    Resigned,
    Stopped,
    /// Hung: keeps its connections and answers nothing.
    Paused,
    /// Takes itself for the leader, and no majority follows.
    Stale,
}

/// One controller of the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControllerView {
    pub process: ProcessId,
    /// Short name inside the circle, such as `c2`.
    pub name: String,
    pub role: ControllerRole,
    /// The role in words, for the opened lane and for screen readers.
    pub role_text: String,
    pub epoch: String,
    /// Votes that it holds and that it needs, while it stands for election.
    pub votes: Option<(u32, u32)>,
    /// How much of its fetch or election timeout is left, while nobody is in charge.
    pub timer: Option<Permille>,
    pub timer_low: bool,
    /// The same in seconds, or that it decides; empty mostly.
    pub below: String,
    /// It has just decided something, and brokers are about to read it.
    pub decides: bool,
    pub label: String,
}

/// How a voter has answered a nominee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteState {
    Granted,
    Rejected,
    /// It has not answered.
    Open,
}

/// The tally of whoever stands for election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyView {
    /// "votes for c3".
    pub title: String,
    pub votes: Vec<VoteState>,
    /// "1 of 3".
    pub strong: String,
    /// "2 needed", "majority".
    pub rest: String,
}

/// One broker's session as the active controller knows it; the ring is its real deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    pub process: ProcessId,
    pub name: String,
    /// How much of the session is left; `None` when the broker is fenced and no session runs.
    pub left: Option<Permille>,
    /// Below two fifths.
    pub low: bool,
    pub is_fenced: bool,
    /// Seconds since the last heartbeat, or "fenced".
    pub text: String,
    pub tone: Tone,
}

/// A record of the metadata log that is worth its own cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Registers(BrokerId),
    Fenced(BrokerId),
    Unfenced(BrokerId),
    /// It is in controlled shutdown.
    Leaves(BrokerId),
    Topic(Str),
    /// A topic, if its name is still known.
    Deleted(Option<Str>),
    /// Partition, old and new leader, new epoch.
    Leader(TopicPartition, Option<BrokerId>, Option<BrokerId>, i32),
    Isr(TopicPartition, Vec<BrokerId>),
    /// A resource was configured.
    Set(Str),
    ProducerIds,
}

/// How far a metadata record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionState {
    /// A record without news, such as a no-op.
    Quiet,
    /// Written by the active controller, not yet on a majority.
    Open,
    /// Committed a moment ago.
    Fresh,
    Committed,
}

/// One cell of the metadata log's tail: one record, or several summed up ("+51 more").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionView {
    pub text: String,
    /// `132` or `134-184`.
    pub offsets: String,
    pub state: DecisionState,
}

/// The whole lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControllersView {
    pub title: String,
    /// "epoch 5, active c2"; on a first visit "decide who leads".
    pub line: String,
    /// "committed up to 186"; empty on a first visit.
    pub line_quiet: String,
    pub controllers: Vec<ControllerView>,
    /// The crown has no living holder; the place in the row where it was last seen.
    pub crown_lost_at: Option<usize>,
    pub nobody_text: String,
    pub tally: Option<TallyView>,
    /// Shown with details only; empty otherwise.
    pub sessions_title: String,
    pub sessions: Vec<SessionView>,
    /// All sessions in one line: "49 of 50 sessions fresh, 17 fenced"; empty while nobody is in charge.
    pub sessions_sum: String,
    pub sessions_tone: Tone,
    pub log_title: String,
    pub log: Vec<DecisionView>,
    /// Two lines in place of sessions and log on a first visit.
    pub note: Option<(String, String)>,
}
