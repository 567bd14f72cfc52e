//! The space-time diagram (Lamport, "Time, Clocks, and the Ordering of Events", 1978): one lane for each process, time
//! to the right, a slanted line for each message. Places are shares of the stretch and thousandths of a lane, so that
//! whoever draws has only to multiply.

use crate::HexLine;
use crate::text::Text;
use api::{ApiKey, MessageKind};
use base::{ProcessId, Span};
pub use sim::journal::MessageId;

/// A place in the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SpacetimePoint {
    /// From the beginning of the stretch (0) to its end ([`SpacetimeView::WIDE`]).
    pub x: u32,
    /// Lanes below each other, [`SpacetimeView::LANE`] apart: 0 is on the first.
    pub y: u32,
}

/// What a message is about. Legend and filter go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Produce,
    /// Of consumers, followers, and of the metadata log.
    Fetch,
    /// Group coordinators and committed offsets.
    Groups,
    /// What brokers and controllers tell each other: registration, heartbeats, ISRs, votes.
    Control,
    /// What clients ask before they can do anything: metadata, coordinators, offsets, producer ids.
    Asking,
    /// What operators ask.
    Admin,
    /// Another family of processes'.
    Other,
}

impl Family {
    pub const ALL: [Family; 7] =
        [Family::Produce, Family::Fetch, Family::Groups, Family::Control, Family::Asking, Family::Admin, Family::Other];

    pub fn of(kind: MessageKind) -> Family {
        let MessageKind::Kafka(api) = kind else { return Family::Other };
        match api {
            ApiKey::Produce => Family::Produce,
            ApiKey::Fetch => Family::Fetch,
            ApiKey::OffsetCommit
            | ApiKey::OffsetFetch
            | ApiKey::JoinGroup
            | ApiKey::Heartbeat
            | ApiKey::LeaveGroup
            | ApiKey::SyncGroup => Family::Groups,
            ApiKey::Vote
            | ApiKey::BeginQuorumEpoch
            | ApiKey::EndQuorumEpoch
            | ApiKey::AlterPartition
            | ApiKey::BrokerRegistration
            | ApiKey::BrokerHeartbeat
            | ApiKey::AllocateProducerIds
            | ApiKey::Envelope => Family::Control,
            ApiKey::ListOffsets
            | ApiKey::Metadata
            | ApiKey::FindCoordinator
            | ApiKey::InitProducerId
            | ApiKey::OffsetForLeaderEpoch
            | ApiKey::ApiVersions => Family::Asking,
            ApiKey::DescribeGroups
            | ApiKey::CreateTopics
            | ApiKey::DeleteTopics
            | ApiKey::CreatePartitions
            | ApiKey::ElectLeaders
            | ApiKey::IncrementalAlterConfigs
            | ApiKey::ListGroups
            | ApiKey::DeleteRecords
            | ApiKey::DescribeConfigs
            | ApiKey::DescribeLogDirs
            | ApiKey::DeleteGroups
            | ApiKey::OffsetDelete
            | ApiKey::DescribeQuorum
            | ApiKey::DescribeCluster
            | ApiKey::UnregisterBroker
            | ApiKey::DescribeTopicPartitions => Family::Admin,
        }
    }

    /// In the reader's language, a few words.
    pub fn name(self, text: &Text) -> &'static str {
        let families = &text.spacetime.families;
        match self {
            Family::Produce => families[0],
            Family::Fetch => families[1],
            Family::Groups => families[2],
            Family::Control => families[3],
            Family::Asking => families[4],
            Family::Admin => families[5],
            Family::Other => families[6],
        }
    }
}

/// What stands at the end of a message's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// It has arrived.
    Arrow,
    /// It will never.
    Cross,
    /// It is still on its way, or its end lies behind the end of the stretch.
    Open,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    Plain,
    /// A rule of its link held it, or one before it on its connection.
    Dashed,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacetimeMessage {
    pub id: MessageId,
    pub family: Family,
    pub is_request: bool,
    pub from: SpacetimePoint,
    pub to: SpacetimePoint,
    pub end: LineEnd,
    pub style: LineStyle,
    /// Kafka's name of the API: "Produce".
    pub name: &'static str,
    /// "web → Broker 1"
    pub between: String,
    /// "Produce request, version 13"
    pub what: String,
    /// "136 bytes, connection 12, correlation id 45"
    pub details: String,
    /// "sent 14.200123 s"
    pub sent: String,
    /// "arrived at 14.200823 s, after 0.7 ms"
    pub outcome: String,
}

impl SpacetimeMessage {
    /// All of it as one sentence, for a card and for those who hear it.
    pub fn sentence(&self, text: &Text) -> String {
        (text.spacetime.sentence)([&self.between, &self.what, &self.details, &self.sent, &self.outcome])
    }
}

/// One process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacetimeLane {
    pub process: ProcessId,
    pub name: String,
    /// "controller", "broker", "producer", …
    pub role: &'static str,
    /// Since when it is in its present state, where that lies in the stretch.
    pub since: Option<u32>,
    /// What it was before that: down where it runs now, running where it does not.
    pub was: LaneState,
    pub state: LaneState,
}

/// What a process is at the reader's instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneState {
    Runs,
    Hangs,
    /// Stopped, killed or without power.
    Down,
}

/// An instant on the scale of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacetimeTick {
    pub x: u32,
    /// "14.25"
    pub label: String,
}

/// An entry of the legend, and of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyView {
    pub family: Family,
    pub name: &'static str,
    /// Messages of it in the stretch, drawn or not.
    pub count: u32,
    /// Is it, and only it, shown?
    pub is_chosen: bool,
}

/// A message's bytes as they lie on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FrameView {
    /// "Produce request: 144 bytes on the wire", or why there are none.
    pub title: String,
    /// A row for each field, long ones with several; behind the bytes stands what they say.
    pub lines: Vec<HexLine>,
    /// What is left out; empty where nothing is.
    pub note: String,
}

/// The diagram of a stretch. Another one only where something else is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacetimeView {
    pub lanes: Vec<SpacetimeLane>,
    /// In the order in which they were sent.
    pub messages: Vec<SpacetimeMessage>,
    pub ticks: Vec<SpacetimeTick>,
    /// The reader's instant.
    pub now: u32,
    pub now_text: String,
    pub families: Vec<FamilyView>,
    /// What the diagram is called, with what it holds.
    pub label: String,
    /// "from 14.200 s to 14.300 s"
    pub stretch: String,
    /// What is left out, not told yet, or that there is nothing.
    pub notes: Vec<String>,
    /// The message that was chosen, in one sentence; empty: none is, or it is not in the stretch.
    pub chosen: Option<(MessageId, String)>,
    /// The bytes of one message, where somebody has asked for them.
    pub frame: Option<FrameView>,
}

impl SpacetimeView {
    /// The end of the stretch.
    pub const WIDE: u32 = 10_000;
    /// From one lane to the next.
    pub const LANE: u32 = 1_000;
    /// Messages that are drawn at most, the newest.
    pub const MOST: usize = 240;
    /// Processes that have a lane at most.
    pub const LANES: usize = 40;
}

/// Stretches that can be chosen, the shortest first.
pub const STRETCHES: [Span; 10] = [
    Span::from_millis(10),
    Span::from_millis(20),
    Span::from_millis(50),
    Span::from_millis(100),
    Span::from_millis(200),
    Span::from_millis(500),
    Span::from_secs(1),
    Span::from_secs(2),
    Span::from_secs(5),
    Span::from_secs(10),
];

/// The usual one's place.
pub const USUAL_STRETCH: usize = 5;
