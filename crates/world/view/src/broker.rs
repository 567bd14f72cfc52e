//! A broker's lane and the replicas in it, each as a strip of cells. What a row shows is this
//! broker's own knowledge (its log, its high watermark, the ISR as its leader knows it), never
//! a view from above.

use std::rc::Rc;

use super::{BrokerId, Glyph, LoadView, Marks, Offset, Permille, ProcessId, Tone, TopicPartition};

/// Whether the machine works and what the cluster thinks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    Running,
    /// Runs, but the controller has fenced it or not yet let it in.
    Fenced,
    /// Hung: keeps its connections and answers nothing.
    Paused,
    /// Hands over its leaderships before it stops.
    ShuttingDown,
    Stopped,
}

/// How a record is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// On the leader, below its high watermark.
    Leader,
    /// On a follower, below its high watermark.
    Follower,
    /// Above this replica's high watermark.
    Open,
    /// On a broker that is down.
    Gone,
}

/// One record of one replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellView {
    pub offset: Offset,
    pub glyph: Glyph,
    pub state: CellState,
    /// 1000 once the record has landed.
    pub landed: Permille,
    /// Lit because its key is under the pointer; `Some(false)` is dimmed.
    pub lit: Option<bool>,
}

/// The letter in front of a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadgeView {
    Leader,
    Follower,
    /// The L is on its way here.
    Arriving,
    /// On a stopped broker: the role that it had.
    GoneLeader,
    GoneFollower,
}

/// Preferred replica: leads, or could lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StarView {
    Leads,
    Waits,
}

/// One replica of the ISR dots, in replica order, as the leader of the row knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsrDotState {
    In,
    /// A change has been asked for and not yet been confirmed (KIP-497).
    Pending,
    Out,
    /// In the ISR but silent.
    Silent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsrDotView {
    pub broker: BrokerId,
    pub state: IsrDotState,
}

/// A leader epoch starts at this offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochTickView {
    pub offset: Offset,
    pub text: String,
}

/// The tone of the word beside a follower's badge is the word's second sign.
pub type RowNoteTone = Tone;

/// A replica: one row of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    pub partition: TopicPartition,
    /// Which of the five topic hues.
    pub hue: u8,
    pub badge: BadgeView,
    pub star: Option<StarView>,
    /// On leaders only.
    pub isr: Vec<IsrDotView>,
    /// "in sync", "1 behind", "out", "no leader": on followers only.
    pub note: String,
    pub note_tone: RowNoteTone,
    /// The newest records, oldest first.
    pub cells: Vec<CellView>,
    /// Records that exist before the first cell.
    pub hidden_before: u64,
    pub log_start: Offset,
    pub high_watermark: Offset,
    /// While the mark slides: where it was, and how far it has come.
    pub high_watermark_from: Option<(Offset, Permille)>,
    pub log_end: Offset,
    pub epochs: Vec<EpochTickView>,
    pub selected: bool,
    pub label: String,
}

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerView {
    pub process: ProcessId,
    pub id: BrokerId,
    pub name: String,
    pub state: BrokerState,
    /// "leads orders-0", or why it does not: "stopped at 14.200 s".
    pub line: String,
    pub line_tone: Tone,
    /// The stamp on a stopped or hung broker.
    pub stamp: String,
    /// Groups that it coordinates; "2 parked"; "meta 186": all empty without details.
    pub coordinates: String,
    pub parked: String,
    pub metadata_offset: String,
    pub rows: Vec<Rc<RowView>>,
    /// Each replica as a mark, leaders first, by topic and partition; filled where lanes are one line each.
    pub marks: Marks,
    pub load: LoadView,
    /// It is shown at full size, whatever the others are.
    pub opened: bool,
    /// "… and 4,800 more partitions (not drawn)"; empty where all are.
    pub more: String,
    pub selected: bool,
    /// The ✕ (or ↻) is the thing to try.
    pub tried: bool,
    pub label: String,
    /// What the ✕ or ↻ does, in words.
    pub switch_label: String,
}

impl RowView {
    /// Whether this replica leads as far as its own broker knows.
    pub fn leads(&self) -> bool {
        match self.badge {
            BadgeView::Leader | BadgeView::Arriving | BadgeView::GoneLeader => true,
            BadgeView::Follower | BadgeView::GoneFollower => false,
        }
    }
}
