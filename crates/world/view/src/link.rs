//! Links between nodes that do not work as they should, each with what heals it.

use super::ProcessId;
use api::MessageKind;

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing passes.
    Cut,
    /// Everything takes so many milliseconds longer, rounded up.
    Delayed(u64),
    /// Nothing passes for so many milliseconds more, rounded up.
    Stalled(u64),
    /// Messages of this API wait until the link is healed.
    Held(MessageKind),
    /// So many more messages of this API are lost.
    Lost(MessageKind, u32),
}

/// Which way it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkWay {
    Both,
    /// From `from` to the other end only; what comes back passes.
    Onward,
    /// From the other end to `from` only.
    Backward,
}

/// The far end of a link, or of several that are equally bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    One(ProcessId),
    /// Every other broker.
    Brokers,
    /// Every other controller.
    Controllers,
    /// Every producer and consumer.
    Clients,
    /// Everybody on the stage.
    All,
}

/// A link, or all links of `from` to a kind of processes, with the same fault. An end may be the operators' client, which
/// has no place on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    pub from: ProcessId,
    pub to: LinkEnd,
    pub way: LinkWay,
    pub state: LinkState,
    /// On the link: "cut", "+400 ms", "stalled 3 s".
    pub words: String,
    /// The pairs to heal, each for one `Command::Heal`: afterwards all that this value speaks of works again.
    pub heal: Vec<(ProcessId, ProcessId)>,
    /// "Heal the link 1 – 2"
    pub heal_label: String,
    /// "The link 1 – 2 is cut.", "Broker 2 is cut off from all."
    pub label: String,
}
