//! A broker's lane and the replicas in it, each as a strip of cells. What a row shows is this
//! broker's own knowledge (its log, its high watermark, the ISR as its leader knows it), never
//! a view from above.

use std::rc::Rc;

use base::{LeaderEpoch, Str};

use super::{BrokerId, Glyph, LoadView, Marks, Offset, Permille, ProcessId, Time, Tone, TopicPartition};

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

/// What is said beside a broker's name; its words are made from this alone. Partitions are those that are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokerLine {
    /// It leads these, as far as it knows itself.
    Leads(Vec<TopicPartition>),
    /// It leads so many.
    LeadsMany(usize),
    LeadsNothing,
    /// The process has not been registered by the controllers.
    Starting,
    /// Registered, and not let in.
    Fenced,
    Hangs,
    /// Hands over its leaderships before it stops.
    HandsOver,
    /// Not there, and the controllers know.
    StoppedFenced,
    /// Not there, and the controllers do not know yet.
    StoppedAt(Time),
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
    /// On the disk of a broker that has not taken it up yet.
    Stored,
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

/// The part that a replica plays, judged by what the controllers have decided and by whether its broker runs. Each has its
/// own shape; [`BadgeView::letter`] is its letter and [`RowView::note`] its word. At most one replica of a partition is
/// [`BadgeView::counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadgeView {
    /// Leads: the controllers named it, it has read so, it runs and is not fenced.
    Leader,
    /// The same, and the L is on its way here.
    Arriving,
    /// The controllers named it, and it has not read so yet.
    Named,
    /// Takes itself for the leader; the controllers have fenced it, or named another, or nobody.
    Believes,
    /// Named, but the process hangs: nobody answers.
    HungLeader,
    /// In the ISR and not more than one record behind.
    Follower,
    /// In the ISR, and so many records behind.
    Behind(u64),
    /// Out of the ISR; copies, and lacks so many records.
    CatchingUp(u64),
    /// Out of the ISR, and does not copy: fenced, cut off from its leader, or there is none.
    Out,
    /// Out of the ISR, yet known to have everything that is committed (KIP-966): may be elected.
    Eligible,
    /// In the ISR of a partition that nobody leads.
    NoLeader,
    /// The process hangs; it follows, or took itself for the leader.
    Hung,
    /// The broker runs and has not read yet what it is to do with this log: neither leads nor follows.
    OnDisk,
    /// Assigned to this broker, which has no log of it yet.
    Empty,
    /// On a stopped broker: the role that it had.
    GoneLeader,
    GoneFollower,
    /// On a stopped broker that had not read what it was to do with this log.
    GoneDisk,
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
    /// "preferred", "preferred, does not lead"; empty without a star.
    pub star_text: String,
    /// On leaders only.
    pub isr: Vec<IsrDotView>,
    /// On the leader that counts: the replicas that are out of its ISR, in replica order.
    pub out: Vec<BrokerId>,
    /// "out: 2, 3"; empty where none is.
    pub out_text: String,
    /// The badge's word: "leads", "in sync", "3 behind", "out", "no leader", "on disk".
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
    /// The leader epoch that this replica has read of; `None` on a log whose broker has read of none.
    pub epoch: Option<LeaderEpoch>,
    /// "epoch 5"; empty where there is none.
    pub epoch_text: String,
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
    /// `broker.rack`; `None` where it is not set.
    pub rack: Option<Str>,
    /// "rack a"; empty where it is not set.
    pub rack_text: String,
    pub state: BrokerState,
    pub said: BrokerLine,
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

impl BadgeView {
    /// Whether this is the leader of the partition, for everybody.
    pub fn counts(self) -> bool {
        matches!(self, BadgeView::Leader | BadgeView::Arriving)
    }

    /// Its letter, the same in all languages: an L stands only where the replica [counts](BadgeView::counts).
    pub fn letter(self) -> &'static str {
        match self {
            BadgeView::Leader | BadgeView::Arriving => "L",
            BadgeView::Named => "N",
            BadgeView::Believes => "?",
            BadgeView::HungLeader | BadgeView::Hung => "H",
            BadgeView::Follower | BadgeView::Behind(_) => "F",
            BadgeView::CatchingUp(_) => "C",
            BadgeView::Out => "O",
            BadgeView::Eligible => "E",
            BadgeView::NoLeader => "–",
            BadgeView::OnDisk | BadgeView::GoneDisk => "D",
            BadgeView::Empty => "·",
            BadgeView::GoneLeader | BadgeView::GoneFollower => "×",
        }
    }
}

impl RowView {
    /// Whether this replica leads, for everybody.
    pub fn leads(&self) -> bool {
        self.badge.counts()
    }
}
