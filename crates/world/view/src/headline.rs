//! The one line over the stage as a value: what is said, about whom, and how grave it is. Words are made from it
//! (`text::HeadlineText`); whether it is so is asked of a moment (`picture::holds`), never of how it was chosen.
//! docs/words.md lists every one with its condition and its words.

use base::{BrokerId, ErrorCode, GroupId, Offset, Span, Str, Time, TopicPartition};
use lab::Sums;
use port::CrashAt;

/// How grave a condition is, the worst first. The headline is of the worst that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Acknowledged messages were found missing a moment ago.
    Lost,
    /// A partition has no leader.
    Leaderless,
    /// No controller is in charge.
    NoController,
    /// An accident is over since a moment ago.
    Over,
    /// A broker or controller is gone, hangs, is cut off, is not let in yet, or leaves; a link is cut.
    Node,
    /// A partition has fewer copies in sync than `min.insync.replicas`.
    MinIsr,
    /// A group has no coordinator, or its members have no plan.
    Group,
    /// A client is down, with an error or without, or cannot send.
    Client,
    /// A replica is not in sync.
    Replica,
    /// A topic or a member is newly there, or a program was told where to read and what to leave.
    News,
    /// Acknowledged messages are lost; it was told before.
    StillLost,
    /// A store outside Kafka has something twice, or lacks what its group has done with.
    Store,
    /// Nothing is wrong.
    Fine,
}

/// How a process came to be out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Killed,
    PoweredOff,
    /// It stopped in order, or by itself.
    Stopped,
    /// It hangs and keeps its connections.
    Hangs,
    /// It runs; the link between it and the controller in charge is cut.
    CutOff,
}

/// Partitions by the first one and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Several {
    pub first: TopicPartition,
    pub more: usize,
}

/// Names by the first one and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names {
    pub first: Str,
    pub more: usize,
}

/// A broker that the controller has not given up yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Missing {
    pub broker: BrokerId,
    pub end: End,
    /// Partitions without a leader because of it.
    pub orphans: Option<Several>,
}

/// Who notices at once that a broker is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Those connected to it: their connections are reset.
    Clients,
    /// Its connections are reset, and no client had one, or none hears of it behind a cut.
    NoClient,
    /// Its connections stay, or nobody is told that they do not.
    Nobody,
}

/// What clients make of it that a broker is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Informed {
    /// These still take it for the leader of something.
    Looking(Names),
    /// All that use what another leads now know the new leader, and somebody does use it.
    Know,
    /// Nobody needs it at present.
    Unsaid,
}

/// Why a broker that runs has not read that it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unread {
    /// Its link to the controller in charge is cut.
    CutOff,
    /// There is no controller in charge to read from.
    NobodyInCharge,
}

/// Who of a group reads the topics of a member that does not run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Heirs {
    /// No other member runs.
    Nobody,
    /// Others run, and none of them reads that topic.
    NoReader { topic: Str },
    /// So many others have all partitions of these topics.
    Share { others: usize, topics: Names },
    /// Not all partitions have been given to others.
    Unsettled,
}

/// A broker that nobody counts on any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gone {
    pub broker: BrokerId,
    pub end: End,
    /// How many other brokers are out of reach.
    pub others: usize,
    /// What it led and another leads now.
    pub moved: Option<(Several, BrokerId)>,
    pub clients: Informed,
    /// Partitions with fewer copies in sync than `min.insync.replicas`.
    pub short: Option<Several>,
}

/// Why a group has no coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NoCoordinator {
    /// `__consumer_offsets` is not there yet.
    NoTopic,
    /// Its partition has no leader that runs.
    NoLeader(TopicPartition),
    /// The broker that leads its partition hangs.
    Hangs(BrokerId),
    /// The broker that leads its partition reads it.
    Loading(BrokerId),
}

/// What the headline says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Headline {
    /// So many acknowledged messages are lost; one was found missing on this partition a moment ago.
    Lost { records: u64, partition: TopicPartition },
    /// No broker is up, of so many.
    NoBroker { all: usize },
    /// A broker is out of reach, and no heartbeat of it is due yet.
    Died { missing: Missing, notice: Notice },
    /// The controller misses its heartbeats, and waits until it finds its session over.
    Silent { missing: Missing, controller: Str, timeout: Span },
    /// A leader is chosen and has not taken over yet; why: so long a silence of another broker.
    Chosen { orphans: Several, controller: Str, leader: BrokerId, silence: Option<(BrokerId, Span)> },
    /// That controller chose a leader that runs and cannot read it.
    Undelivered { orphans: Several, controller: Option<Str>, leader: BrokerId, why: Unread },
    /// A broker has started anew, and the controller still keeps the session of its life before until then; `None`: the
    /// session is over, and the controller has not looked. Partitions that have no leader because of it.
    OldSession { broker: BrokerId, controller: Str, until: Option<Time>, orphans: Option<Several> },
    /// Its leader has started anew, and no controller is in charge to let it in.
    NobodyLetsIn { orphans: Several, leader: BrokerId },
    /// Its leader is down, and no controller is in charge to choose another.
    NobodyChooses { orphans: Several, leader: BrokerId },
    /// Only these may lead, and none of them can now; each holds all that was committed, but for one that lost its
    /// power: it may lack what it had not flushed.
    Offline { orphans: Several, candidates: Vec<BrokerId>, torn: Option<BrokerId> },
    /// Nobody surely holds all that was committed; this one led last.
    LastLeader { orphans: Several, broker: Option<BrokerId> },
    /// Too few controllers run to elect one: so many answer.
    NoMajority { running: usize, all: usize },
    /// Enough run, and cut links leave no majority together.
    Split { running: usize, all: usize },
    /// One stands for election and has so many votes.
    Votes { candidate: Str, have: usize, all: usize },
    /// It has won the election, and has not begun yet.
    TakesCharge { name: Str },
    /// One asks whether it would be elected (KIP-996).
    PreVote { name: Str },
    /// Nobody stands for election yet; this one is the first to, at that instant, if it hears of no leader.
    ElectionDue { name: Str, at: Time },
    /// Nobody stands for election, and nobody is about to.
    NobodyInCharge,
    /// Everybody has caught up after a broker's end a moment ago: what it came to.
    Over(Sums),
    /// A broker that the controller has given up, or that has left.
    Gone(Gone),
    /// A broker runs and is not let in yet: it starts.
    Starts(BrokerId),
    /// A broker runs, and the controller has it fenced.
    Fenced(BrokerId),
    /// A broker hands over, and then stops; it leads so many partitions still.
    Leaves { broker: BrokerId, leads: usize },
    /// Nothing passes between these two, and on so many other links.
    Cut { a: Str, b: Str, others: usize },
    /// Nothing passes from the first to the second, and on so many other links.
    CutOneWay { from: Str, to: Str, others: usize },
    /// A controller does not run; another is in charge.
    ControllerGone { name: Str, end: End, active: Str },
    /// A controller takes itself for the one in charge; a majority follows another.
    ControllerStale { name: Str, active: Str },
    /// Its leader refuses acks=all: so few copies are in sync, and so many are needed.
    MinIsr { partitions: Several, have: usize, need: u32 },
    /// A group has members and no coordinator.
    NoCoordinator { group: GroupId, why: NoCoordinator },
    /// A member is not in its group yet: it has not joined, or has not got its plan.
    Joins { group: GroupId, member: Str },
    /// The group is stable, and its plan has not reached every member.
    Planned { group: GroupId },
    /// All members give up what they have and join again; so many of them have.
    Rebalances { group: GroupId, joined: usize, all: usize },
    /// A member shares the partitions out.
    Shares { group: GroupId, leader: Str },
    /// A member does not run and its coordinator still counts on it; nobody reads what it has.
    MemberSilent { group: GroupId, member: Str, coordinator: BrokerId, timeout: Span, unread: Option<Several> },
    /// A consumer's program died around its commit and does not run. So many records that it had worked on will be given to its
    /// group again, and so many are committed that it had not worked on.
    Crashed { client: Str, at: CrashAt, again: u64, never: u64 },
    /// A commit of a program's own has thrown that exception a moment ago.
    CommitThrew { client: Str, error: Str },
    /// A client ended with an error.
    Failed { client: Str, error: ErrorCode },
    /// A client does not run.
    /// For a consumer its group, and who reads in its place.
    ClientGone { client: Str, end: End, group: Option<(GroupId, Heirs)> },
    /// What a producer sent last was not written.
    SendFailed { client: Str, error: ErrorCode },
    /// A producer has heard nothing of what it sent, or waits to send, for longer than that.
    SendWaits { client: Str, over: Span },
    /// A copy is not in sync.
    Behind { broker: BrokerId, partitions: Several },
    /// A topic has been created a moment ago.
    NewTopic { topic: Str, partitions: usize, copies: usize },
    /// A member has joined a moment ago, and reads these; none: it is idle.
    NewMember { group: GroupId, member: Str, reads: Option<Several> },
    /// A program was told a moment ago to read there, of the first partition; so many offsets again, or not at all.
    Sought { client: Str, partitions: Several, to: Option<Offset>, again: u64, skipped: u64 },
    /// A program was told a moment ago to read these again that it had paused.
    Resumed { client: Str, partitions: Several },
    /// A program does not read these, because it wants it so; so many records wait there for it.
    Paused { client: Str, partitions: Several, waiting: u64 },
    /// A store outside Kafka has more than one row of so many records, and will have none of so many.
    Store { store: Str, twice: u64, never: u64 },
    /// A store outside Kafka is out of order, and a program that writes there again and again reads nothing meanwhile; so many
    /// more wait as it does.
    StoreFails { store: Str, client: Str, more: usize },
    /// So many acknowledged messages are lost.
    StillLost { records: u64 },
    /// There is no broker yet.
    Empty,
    /// Nothing is wrong, somebody sends, and every broker holds copies.
    Flow,
    /// Nothing is wrong.
    Fine,
}

impl Headline {
    /// How grave it is.
    pub fn gravity(&self) -> Gravity {
        match self {
            Headline::Lost { .. } => Gravity::Lost,
            Headline::NoBroker { .. }
            | Headline::Chosen { .. }
            | Headline::Undelivered { .. }
            | Headline::NobodyLetsIn { .. }
            | Headline::NobodyChooses { .. }
            | Headline::Offline { .. }
            | Headline::LastLeader { .. } => Gravity::Leaderless,
            Headline::Died { missing, .. } | Headline::Silent { missing, .. } => {
                if missing.orphans.is_some() {
                    Gravity::Leaderless
                } else {
                    Gravity::Node
                }
            }
            Headline::OldSession { orphans: Some(_), .. } => Gravity::Leaderless,
            Headline::NoMajority { .. }
            | Headline::Split { .. }
            | Headline::Votes { .. }
            | Headline::TakesCharge { .. }
            | Headline::PreVote { .. }
            | Headline::ElectionDue { .. }
            | Headline::NobodyInCharge => Gravity::NoController,
            Headline::Over(_) => Gravity::Over,
            Headline::Gone(_)
            | Headline::OldSession { orphans: None, .. }
            | Headline::Starts(_)
            | Headline::Fenced(_)
            | Headline::Leaves { .. }
            | Headline::Cut { .. }
            | Headline::CutOneWay { .. }
            | Headline::ControllerGone { .. }
            | Headline::ControllerStale { .. } => Gravity::Node,
            Headline::MinIsr { .. } => Gravity::MinIsr,
            Headline::NoCoordinator { .. }
            | Headline::Joins { .. }
            | Headline::Planned { .. }
            | Headline::Rebalances { .. }
            | Headline::Shares { .. }
            | Headline::MemberSilent { .. }
            | Headline::Crashed { .. }
            | Headline::CommitThrew { .. } => Gravity::Group,
            Headline::Failed { .. }
            | Headline::ClientGone { .. }
            | Headline::SendFailed { .. }
            | Headline::SendWaits { .. } => Gravity::Client,
            Headline::Behind { .. } => Gravity::Replica,
            Headline::NewTopic { .. }
            | Headline::NewMember { .. }
            | Headline::Sought { .. }
            | Headline::Resumed { .. }
            | Headline::Paused { .. } => Gravity::News,
            Headline::StillLost { .. } => Gravity::StillLost,
            Headline::Store { .. } | Headline::StoreFails { .. } => Gravity::Store,
            Headline::Empty | Headline::Flow | Headline::Fine => Gravity::Fine,
        }
    }
}

impl Several {
    /// Whichever they are.
    pub(crate) fn some() -> Several {
        Several { first: TopicPartition::new("", 0), more: 0 }
    }

    /// The first of them and the number of the others; `None` when there are none.
    pub(crate) fn of<'a>(all: impl IntoIterator<Item = &'a TopicPartition>) -> Option<Several> {
        let mut all = all.into_iter();
        let first = all.next()?.clone();
        Some(Several { first, more: all.count() })
    }
}
