//! The whole stage as structure: who stands where, who is connected to whom, who owns what.

use std::rc::Rc;

use super::{
    AttentionView, BrokerView, ControllersView, CrowdView, Detail, GroupView, Headline, LinkView, OneView, ProcessId,
    ProducerView, StoreView, StreamView, SummaryView, TopicPartition,
};

/// Which of a broker's signs is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintSign {
    Stop,
    Start,
}

/// "Try: ✕ on a broker", cut around the symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintView {
    pub before: String,
    pub sign: HintSign,
    pub after: String,
}

/// How a connection between a client and a broker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireState {
    Idle,
    /// Carries something now.
    Live,
    /// Was closed a moment ago.
    Closed,
    /// The client believes in this leader and cannot reach it.
    Stale,
    /// Re-attached a moment ago.
    New,
}

/// A producer's connection to a broker, drawn to the row of the partition that it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireView {
    pub producer: ProcessId,
    pub broker: ProcessId,
    /// `None`: to the lane as a whole (dense worlds).
    pub partition: Option<TopicPartition>,
    pub hue: u8,
    pub state: WireState,
}

/// Who reads a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RibbonState {
    /// From the leader's row to the member's slot.
    Owned { broker: ProcessId, member: ProcessId },
    /// Owned, but no leader answers: the ribbon hangs on the member's side.
    NoLeader { member: ProcessId },
    /// Owned by nobody: the ribbon hangs on the broker's side.
    Nobody { broker: ProcessId },
}

/// A partition's ribbon for one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RibbonView {
    pub partition: TopicPartition,
    pub hue: u8,
    pub state: RibbonState,
    /// "nobody reads", "nobody sends"; empty while it is owned and led.
    pub text: String,
}

/// A replica that copies from its leader right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyView {
    pub partition: TopicPartition,
    pub hue: u8,
    pub leader: ProcessId,
    pub follower: ProcessId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalloutTone {
    Plain,
    Warning,
    Metadata,
}

/// A short remark at a row: "HW stays at 9: 2 is still in the ISR".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalloutView {
    pub broker: ProcessId,
    pub partition: TopicPartition,
    pub tone: CalloutTone,
    pub strong: String,
    pub rest: String,
}

/// The stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageView {
    pub headline: String,
    /// What the headline says, as a value; its words may have other nouns by now.
    pub said: Headline,
    pub hint: Option<HintView>,
    pub label: String,
    pub controllers: Rc<ControllersView>,
    pub producers: Vec<Rc<ProducerView>>,
    pub brokers: Vec<Rc<BrokerView>>,
    pub groups: Vec<Rc<GroupView>>,
    pub wires: Vec<WireView>,
    pub ribbons: Vec<RibbonView>,
    pub copies: Vec<CopyView>,
    pub callouts: Vec<CalloutView>,
    /// Links that do not work as they should. One may be told twice where both its ends are cut off from everybody.
    pub links: Vec<LinkView>,
    /// "9 s of waiting, ×900".
    pub waiting: Option<String>,
    /// Details are switched on.
    pub details: bool,
    /// Every partition that the stage shows, in order: the phone's one-row-at-a-time choice.
    pub partitions: Vec<(TopicPartition, u8)>,
    /// The one to look at where there is room for one: without a leader, or the last whose leader changed.
    pub matters: Option<TopicPartition>,
    /// The one that is chosen, else the one that matters, else the first, with everybody beside it; only where lanes
    /// hold cells.
    pub one: Option<OneView>,
    /// How many more there are.
    pub more: usize,
    /// How much the lanes hold.
    pub detail: Detail,
    /// Producers, alike ones together; all of them.
    pub crowds: Vec<Rc<CrowdView>>,
    /// In place of wires and ribbons where lanes are one line each; empty otherwise.
    pub streams: Vec<StreamView>,
    /// Where consumers' programs write, by name.
    pub stores: Vec<StoreView>,
    pub summary: SummaryView,
    /// Worst first.
    pub attention: Vec<AttentionView>,
}

impl StageView {
    /// Whether there is anything to look at.
    pub fn is_empty(&self) -> bool {
        self.brokers.is_empty() && self.producers.is_empty() && self.groups.is_empty()
    }
}
