//! What moves in this very frame. All of it is a pure function of messages in flight (sent and arrives
//! instants), of facts less than 400 ms old and of the presentation time; nothing here has a memory.

use super::{Glyph, Offset, ProcessId, TopicPartition};

/// Where a wire or a packet begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    Producer(ProcessId),
    /// A broker's lane as a whole, on the clients' side.
    Broker(ProcessId),
    /// A replica's row, on the producers' side.
    RowIn(ProcessId, TopicPartition),
    /// A replica's row, on the consumers' side.
    RowOut(ProcessId, TopicPartition),
    /// A replica's row, in the replication channel.
    RowCopy(ProcessId, TopicPartition),
    Controller(ProcessId),
    /// Where decisions come down from the metadata lane to a broker.
    Lane(ProcessId),
    Member(ProcessId),
    /// A member's slot for a partition.
    Slot(ProcessId, TopicPartition),
}

/// What a message is, as the tag shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketKind {
    /// Records on their way to a leader, a follower or a reader.
    Data,
    /// Metadata: decisions, votes, heartbeats of brokers.
    Metadata,
    /// An answer that says yes.
    Acknowledgement,
    /// An answer with an error.
    Refusal,
    /// A reader asks for records, or is answered without any.
    Fetch,
    /// Everything else that clients and brokers ask and answer.
    Control,
}

/// Whether the message will arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketFate {
    Arrives,
    /// Its connection is gone; it falls.
    Lost,
    /// Held back by a person or a stalled link.
    Held,
    /// It has arrived, and waits there to be answered.
    Parked,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq)]
pub struct PacketView {
    pub number: u64,
    pub from: Port,
    pub to: Port,
    pub kind: PacketKind,
    pub fate: PacketFate,
    pub hue: u8,
    /// The keys of its first records; at most three are drawn.
    pub glyphs: Vec<Glyph>,
    /// "54", "vote?": in place of glyphs.
    pub text: String,
    /// "again, seq 6", "a copy for broker 3": beside the tag; empty mostly.
    pub remark: String,
    /// 0 when sent, 1 when it arrives; for a lost one how far it came.
    pub progress: f32,
    /// For a lost one: how far it has fallen, 0 to 1.
    pub fallen: f32,
}

/// A role that travels. `progress` runs from 0 to 1 and backwards when time does.
#[derive(Clone, Debug, PartialEq)]
pub enum TweenView {
    /// The L badge, from the old leader's row to the new one's.
    Leadership {
        partition: TopicPartition,
        hue: u8,
        from: ProcessId,
        to: ProcessId,
        progress: f32,
    },
    Crown {
        from: ProcessId,
        to: ProcessId,
        progress: f32,
    },
    /// A ribbon's end, from one member (or nobody) to another.
    Ribbon {
        partition: TopicPartition,
        hue: u8,
        broker: ProcessId,
        from: Option<ProcessId>,
        to: Option<ProcessId>,
        progress: f32,
    },
    /// A wire that re-attaches from one broker to another.
    Wire {
        producer: ProcessId,
        partition: TopicPartition,
        from: ProcessId,
        to: ProcessId,
        progress: f32,
    },
    /// A wire that snaps open.
    Snap {
        producer: ProcessId,
        broker: ProcessId,
        partition: Option<TopicPartition>,
        progress: f32,
    },
}

/// Something that has just changed, outlined where motion is reduced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutlineView {
    Row(ProcessId, TopicPartition),
    /// Records of a replica that have landed or become readable.
    Cells(ProcessId, TopicPartition, CellsView),
    Broker(ProcessId),
    Controller(ProcessId),
    /// A producer's or a member's card.
    Client(ProcessId),
}

/// Some records of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellsView {
    pub from: Offset,
    /// The first that is not one of them.
    pub to: Offset,
    /// The replica's newest cells: the first that a strip could show, and where its log ends.
    pub first: Offset,
    pub end: Offset,
}

/// Records that pass by too quickly to be followed one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowView {
    pub from: Port,
    pub to: Port,
    pub hue: u8,
    /// Records per second of Kafka.
    pub rate: f32,
    /// In stage units; it grows with the root of the rate.
    pub width: f32,
}

/// Everything that moves.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MotionView {
    pub packets: Vec<PacketView>,
    /// In place of packets with records, where those cannot be followed.
    pub flows: Vec<FlowView>,
    pub tweens: Vec<TweenView>,
    /// Empty unless motion is reduced.
    pub outlines: Vec<OutlineView>,
}
