//! The inspector of one selected thing: its state, its log, what happened to it.

use sim::WorldCommand;

use super::{
    ArrivalsView, CellView, ConsumerCall, ContentsView, Offset, ProcessId, SketchView, StoryLine, Thing, Tone,
    TopicPartition, WhyView,
};

/// Kafka's name for the metadata log. Of its records every node has a copy, and no topic stands on the stage.
pub const METADATA_LOG: &str = "__cluster_metadata";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum InspectorTab {
    #[default]
    State,
    Log,
    Config,
    Events,
}

/// A name and a value, both as Kafka would print them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyView {
    pub name: String,
    pub value: String,
    pub tone: Tone,
    /// How much of it is used, in percent, where there is a most: drawn as a bar.
    pub share: Option<u8>,
}

/// A part of a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionView {
    pub title: String,
    pub rows: Vec<PropertyView>,
}

/// One segment of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentView {
    /// `00000000000000000008.log`
    pub file: String,
    /// "active, 435 B"
    pub note: String,
    pub active: bool,
    pub cells: Vec<CellView>,
    /// Records in it that are not drawn.
    pub hidden: u64,
}

/// A group that reads the partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderView {
    pub group: String,
    pub committed: String,
    pub position: String,
    pub lag: String,
}

/// Where the log lies that a tab shows: whose record a cell of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPlace {
    pub process: ProcessId,
    pub partition: TopicPartition,
}

/// What a consumer's application can be told, with what stands on the button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    pub label: String,
    pub call: ConsumerCall,
}

/// What can be done to the store that its application writes to, with what stands on the button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreActView {
    pub label: String,
    pub command: WorldCommand,
}

/// Everything about one thing. Tabs without content are not offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectorView {
    pub thing: Thing,
    /// "Partition", "Broker".
    pub kind: String,
    pub title: String,
    pub subtitle: String,
    pub hue: u8,
    pub tabs: Vec<InspectorTab>,
    /// By whom it is seen so: the controllers, itself. The timers of a process come last.
    pub state: Vec<SectionView>,
    /// Of a reader: what it was given.
    pub arrivals: Option<ArrivalsView>,
    /// What it would have to bear if the broker pushed.
    pub sketch: Option<SketchView>,
    /// What can be asked about it, with the answers; the gravest first.
    pub whys: Vec<WhyView>,
    pub config: Vec<SectionView>,
    /// Whose log it is, where there is one.
    pub place: Option<LogPlace>,
    /// What of it survives a power-off for certain.
    pub flushed: String,
    pub segments: Vec<SegmentView>,
    pub high_watermark: Option<Offset>,
    pub epochs: Vec<PropertyView>,
    /// The record that is chosen, or else the newest.
    pub contents: Option<ContentsView>,
    pub readers: Vec<ReaderView>,
    pub events: Vec<StoryLine>,
    /// What can be done with it.
    pub can_stop: bool,
    pub can_start: bool,
    /// What its application can be told.
    pub calls: Vec<CallView>,
    pub store_acts: Vec<StoreActView>,
}
