//! A consumer group: its state and generation as the coordinator knows them, its members, and what
//! each member itself believes to own.

use std::rc::Rc;

use super::{Glyph, LagView, Offset, ProcessId, Str, TopicPartition};

/// The coordinator's state of a classic group (`ClassicGroupState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
    /// No coordinator answers for it at present.
    Unknown,
}

/// What is said of a group's state; its words are made from this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupLine {
    /// No running broker coordinates it.
    NoCoordinator,
    /// So many members have asked to join, of all that there are.
    Joining {
        joined: usize,
        all: usize,
    },
    /// The plan of this generation is being made.
    Syncing {
        generation: i32,
    },
    Stable {
        generation: i32,
    },
    /// Its coordinator counts no member.
    Empty,
}

/// What a member does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberState {
    Reading,
    /// In the group, without a partition.
    Idle,
    /// Has let go of its partitions and waits for the new plan.
    Paused,
    /// Is in no generation yet, or no more: asks for its coordinator, or to join.
    Waiting,
    /// Closes: it commits what it has read and leaves.
    Leaving,
    Stopped,
    Hung,
}

/// What is said of a partition that a member owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnedLine {
    /// No broker that is up leads it.
    NoLeader,
    /// So many records between the member's position and its leader's high watermark.
    Lag(i64),
    /// The member does not know yet where to read.
    NoPosition,
    /// The member is gone, and nobody else has the partition yet.
    Nobody,
}

/// One partition that a member owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedView {
    pub partition: TopicPartition,
    pub hue: u8,
    pub said: OwnedLine,
    /// "lag 0", "no leader".
    pub note: String,
    /// The slot is greyed: owned, but nothing comes, or the member is gone and nobody else has the partition yet.
    pub cut_off: bool,
    pub label: String,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    pub process: ProcessId,
    pub name: String,
    pub state: MemberState,
    /// The error that it ended with, by Kafka's name.
    pub error: Option<Str>,
    /// "idle: no partition left", "paused", "waiting"; empty while it reads.
    pub state_text: String,
    /// How many more it owns than are drawn, and the same in words; empty where that is none.
    pub undrawn: usize,
    pub more: String,
    /// Its position in the partition that it read last, or in the first.
    pub at: Option<(TopicPartition, Offset)>,
    /// "offset 5"
    pub position: String,
    pub is_new: bool,
    pub new_text: String,
    pub owned: Vec<OwnedView>,
    pub read_title: String,
    /// The newest records that it has read, oldest first; `None` in `lit` is neither lit nor dimmed.
    pub read: Vec<(Glyph, Option<bool>)>,
    pub selected: bool,
    pub label: String,
    pub switch_label: String,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    pub name: Str,
    pub title: String,
    pub state: GroupState,
    pub said: GroupLine,
    /// "Stable, gen 4", "Joining 2/3, gen 4"; empty on a first visit.
    pub state_text: String,
    /// Empty where they are folded.
    pub members: Vec<Rc<MemberView>>,
    /// How many it has, folded ones too.
    pub member_count: usize,
    /// Partitions of the topics that it reads: as many as one member could own.
    pub reads: usize,
    /// "12 members, 25 partitions each", where they are folded or may be; empty otherwise.
    pub folded: String,
    /// "40 members, 2 stopped, 1 hangs": what is to be known of members that are folded; empty where all of them run.
    pub trouble: String,
    pub lag: LagView,
    pub selected: bool,
    pub label: String,
}

impl GroupView {
    /// So many members are not one too many for a card each.
    pub const FEW: usize = 4;

    /// Its members are shown each by itself, because it or one of them is selected.
    pub fn is_open(&self) -> bool {
        self.selected || self.members.iter().any(|member| member.selected)
    }
}

impl GroupState {
    /// Whether the plan is being changed.
    pub fn is_busy(self) -> bool {
        match self {
            GroupState::PreparingRebalance | GroupState::CompletingRebalance => true,
            GroupState::Empty | GroupState::Stable | GroupState::Dead | GroupState::Unknown => false,
        }
    }
}
