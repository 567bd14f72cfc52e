//! What the page shows, as small plain values: every derived number and every sentence is in here,
//! already in the reader's language, so that it can be tested without a browser. The page's components
//! only place these values; they hold no truth of their own. Nothing here knows pixels, colours or
//! the DOM, and nothing here changes a world.
//!
//! Structure (`StageView` and what it holds) changes only when something happened and compares with
//! `==`; what moves in every frame (`MotionView`) is kept apart and is drawn outside the virtual DOM.

mod application;
mod arrivals;
mod attention;
mod batches;
mod broker;
mod budget;
mod choices;
mod clusters;
mod compare;
mod contents;
mod controllers;
mod detail;
mod fidelity;
mod form;
mod glossary;
mod glyph;
mod group;
mod headline;
pub mod importing;
mod inspector;
mod keycard;
mod ledger;
mod lesson;
mod link;
mod looked;
pub mod meters;
mod mistake;
mod motion;
mod notice;
mod offered;
mod one;
pub mod picture;
mod placement;
pub mod pointed;
mod poster;
mod producer;
pub mod program;
pub mod report;
mod safety;
mod settings;
pub mod share;
mod short;
mod sketch;
pub mod spacetime;
mod stage;
mod store;
mod story;
pub mod text;
mod timeline;
mod tracks;
pub mod why;

pub use application::{AppField, consumer_fields, producer_fields};
pub use arrivals::{ArrivalCell, ArrivalsView};
pub use attention::{AttentionView, Trouble};
pub use base::{BrokerId, Digest, FlatMap, FlatSet, Offset, ProcessId, Str, Time, TopicPartition};
pub use batches::{BatchRow, BatchesView, BufferView, OpenBatch};
pub use broker::{
    BadgeView, BrokerLine, BrokerState, BrokerView, CellState, CellView, EpochTickView, IsrDotState, IsrDotView,
    RowNoteTone, RowView, StarView,
};
pub use budget::BudgetView;
pub use choices::{Choices, LinkFault, LinkTrouble, NodeChoice};
pub use clusters::{ClusterTab, ClustersView};
pub use compare::{
    Better, CompareSide, CompareView, Compared, DifferenceView, Measure, Pair, PairView, Part, Relation, Sum, SumView,
};
pub use contents::{BytesView, ContentsView, HexLine};
pub use controllers::{
    ControllerRole, ControllerView, ControllersView, Decision, DecisionState, DecisionView, SessionView, TallyView,
    VoteState,
};
pub use detail::{
    CrowdView, Detail, GroupShape, Heat, LagView, LaneShape, LoadView, MarkRole, Marks, ReplicaMark, Shape, StreamEnd,
    StreamView, SummaryView,
};
pub use fidelity::{FidelityView, fidelity};
pub use form::{ErrorView, Field, FormError};
pub use glossary::explained;
pub use glyph::{Glyph, KeyShape};
pub use group::{GroupLine, GroupState, GroupView, MemberState, MemberView, OwnedLine, OwnedView};
pub use headline::{
    End, Gone, Gravity, Headline, Heirs, Informed, Missing, Names, NoCoordinator, Notice, Several, Unread,
};
pub use inspector::{
    CallView, InspectorTab, InspectorView, LogPlace, METADATA_LOG, PropertyView, ReaderView, SectionView, SegmentView,
    StoreActView,
};
pub use keycard::{
    Chooser, CopyState, Counted, JavaHash, KeyCardView, KeyFacts, KeyHash, OtherSum, ReadState, RecordFacts,
    TableEntry, WhereRow, WhereView,
};
pub use ledger::{LedgerRow, LedgerView};
pub use lesson::{
    AnswerField, ChoiceMark, ChoiceView, LessonMark, LessonStep, LessonView, Passed, QuestionView, Style, TallyTable,
    TermView, VaryView, VerdictView, Worded,
};
pub use link::{LinkEnd, LinkState, LinkView, LinkWay};
pub use looked::{instead, stopped, unseen};
pub use mistake::{mistake, text_error};
pub use motion::{CellsView, FlowView, MotionView, OutlineView, PacketFate, PacketKind, PacketView, Port, TweenView};
pub use notice::{NoticeAction, NoticeKind, NoticeView};
pub use offered::hint;
pub use one::OneView;
pub use placement::PlacedView;
pub use pointed::Pointed;
pub use port::ConsumerCall;
pub use poster::{PosterLane, PosterRow, PosterView};
pub use producer::{ProducerView, Status, StatusLine};
pub use safety::{SafetyAction, SafetyKind, SafetyView};
pub use settings::{Obeyed, SettingView, topic_settings};
pub use short::short_name;
pub use sim::ClusterIndex;
pub use sketch::{SketchRow, SketchView};
pub use stage::{
    CalloutTone, CalloutView, CopyView, HintSign, HintView, RibbonState, RibbonView, StageView, WireState, WireView,
};
pub use store::StoreView;
pub use story::{Actor, Because, Reason, StoryKind, StoryLine, StoryView};
pub use timeline::{AheadAct, AheadView, BranchView, MarkKind, MarkView, TempoView, TimelineView, WaitView};
pub use tracks::{ShortView, TrackView, TracksView};

pub use why::{WhyStep, WhyView};

/// A share of something from 0 to 1000. An integer, so that views stay `Eq` and compare by pointer first.
pub type Permille = u16;

/// What colour a word may have besides plain ink. Never the only sign of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Quiet,
    Good,
    Warning,
    Bad,
    Metadata,
}

/// A thing on the stage that can be selected, inspected and acted upon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A controller, broker, producer or consumer: one process of the world.
    Process(ProcessId),
    /// One replica: a partition's row in one broker's lane.
    Replica {
        process: ProcessId,
        partition: TopicPartition,
    },
    /// One record of one replica.
    Record {
        process: ProcessId,
        partition: TopicPartition,
        offset: Offset,
    },
    Group(Str),
    Topic(Str),
    /// A message in flight, by the number that the world gave it.
    Packet(u64),
}
