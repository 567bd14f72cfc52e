//! Why something is as it is: a question about one thing, and the few short steps that led there. Steps are values, not
//! sentences, so that both languages say the same and each can be held against the run: it rests on a fact that was
//! told, or on the state at its instant.

use base::{BrokerId, ErrorCode, Offset, ProcessId, Span, Str, Time, TopicPartition};
use port::{Chosen, CrashAt, GroupState, LeaveReason};

/// Steps of an answer, at most.
pub const MOST_STEPS: usize = 5;

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The controllers fenced the broker.
    Fenced(BrokerId),
    /// A broker is silent and nobody has decided anything yet.
    NotYetFenced(BrokerId),
    /// It runs and the controllers do not know it by its new registration.
    NotServing(BrokerId),
    Leaderless(TopicPartition),
    NotInIsr(BrokerId, TopicPartition),
    /// An eligible leader replica (KIP-966).
    Eligible(BrokerId, TopicPartition),
    BackInIsr(BrokerId, TopicPartition),
    /// The high watermark does not follow the log's end.
    MarkStands(TopicPartition, Offset),
    /// A producer has records that are not acknowledged.
    Waits(Str),
    /// A producer's records failed.
    SendFailed(Str),
    /// A consumer reads nothing.
    Idle(Str),
    /// A commit of a consumer's program has thrown.
    CommitRefused(Str),
    /// A store outside Kafka has records more than once.
    WrittenTwice(Str),
    /// A group that does not read.
    GroupStands(Str),
}

/// How a process fell silent, or a client ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fell {
    Killed,
    PoweredOff,
    /// It stopped in order.
    Stopped,
    Hung,
}

/// Why a replica left the ISR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsrExit {
    /// Its broker was fenced: no heartbeat for the whole session.
    Fenced,
    /// Its broker asked for a controlled shutdown.
    ShutDown,
    /// Its broker registered anew.
    Restarted,
    /// The leader asked: it had not caught up within `replica.lag.time.max.ms`.
    Lagging(Span),
    /// It is not in the ISR that an unclean election left.
    Unclean,
    /// The cause is not known any more.
    Unknown,
}

/// How an eligible replica comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// There is no leader: it leads as soon as it is let in.
    Leads,
    /// There is a leader: it has to catch up with it.
    CatchesUp,
    /// It was killed: as it registers anew it is eligible no more, for its log may have lost records.
    LosesPlace,
}

/// One step of an answer. Names are as on the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    Process(OfProcess),
    Broker(OfBroker),
    Replica(OfReplica),
    Producer(OfProducer),
    Consumer(OfConsumer),
}

/// What happened to a process or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfProcess {
    FellSilent {
        name: Str,
        how: Fell,
    },
    /// Nobody asked for it.
    EndedWith {
        name: Str,
        error: Str,
    },
    Cut {
        one: Str,
        other: Str,
    },
    /// The other way is as it was.
    CutOneWay {
        from: Str,
        to: Str,
    },
    Healed {
        one: Str,
        other: Str,
    },
    /// Every message between the two takes so much longer.
    SlowLink {
        one: Str,
        other: Str,
        by: Span,
    },
    Started {
        name: Str,
    },
    Woke {
        name: Str,
    },
    AskedToStop {
        name: Str,
    },
    /// Somebody asked for leaders from outside the ISR.
    UncleanElectionAsked,
}

impl From<OfProcess> for Clause {
    fn from(clause: OfProcess) -> Clause {
        Clause::Process(clause)
    }
}

/// A broker, as the controllers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfBroker {
    /// The controller's last heartbeat of it.
    LastHeard {
        controller: Str,
        broker: BrokerId,
    },
    /// The controller took charge and gave every broker a new session.
    SessionGranted {
        controller: Str,
        broker: BrokerId,
    },
    SessionOver {
        timeout: Span,
    },
    /// The controller looks again at the latest at that instant.
    SessionRuns {
        controller: Str,
        until: Time,
        timeout: Span,
    },
    Fenced {
        controller: Str,
        broker: BrokerId,
    },
    /// It was fenced at its own request, or as it registered anew.
    FencedAsAsked {
        controller: Str,
        broker: BrokerId,
    },
    Unfenced {
        controller: Str,
        broker: BrokerId,
    },
    NobodyInCharge,
    /// It runs, and a new session is not begun before its registration is through.
    NotRegistered {
        broker: BrokerId,
    },
    /// It has started anew, and the controller refuses its registration while the session of its life before runs.
    OldSession {
        controller: Str,
        broker: BrokerId,
        until: Time,
    },
    /// It must first have replayed its own registration.
    ReadsMetadata {
        broker: BrokerId,
        at: Offset,
        needs: Offset,
    },
}

impl From<OfBroker> for Clause {
    fn from(clause: OfBroker) -> Clause {
        Clause::Broker(clause)
    }
}

/// ISR, ELR, leaders and the high watermark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfReplica {
    LeftIsr {
        broker: BrokerId,
        isr: Vec<BrokerId>,
        exit: IsrExit,
    },
    /// Its leader asked for it.
    JoinedIsr {
        broker: BrokerId,
        isr: Vec<BrokerId>,
    },
    /// It was made the leader though it was not in the ISR, and with that came in.
    ElectedIntoIsr {
        broker: BrokerId,
        isr: Vec<BrokerId>,
        chosen: Chosen,
    },
    /// The controller took it in for a cause that is not known any more.
    TakenIn {
        broker: BrokerId,
        isr: Vec<BrokerId>,
    },
    /// What the leader knows of it.
    CaughtUpLast {
        leader: BrokerId,
        broker: BrokerId,
    },
    FetchesRest {
        broker: BrokerId,
        has: Offset,
        of: Offset,
    },
    NeverFetched {
        broker: BrokerId,
        leader: BrokerId,
    },
    /// It has caught up; the leader has asked and the controller has not written it yet.
    IsrProposed {
        leader: BrokerId,
        broker: BrokerId,
    },
    /// A fenced broker may not be in an ISR.
    MayNotJoin {
        broker: BrokerId,
    },
    NobodyToJoin,
    Truncated {
        broker: BrokerId,
        from: Offset,
        to: Offset,
    },
    /// It stays eligible, as the ISR without it was smaller than `min`.
    BecameEligible {
        broker: BrokerId,
        min: u32,
    },
    /// What brings it back.
    Returns {
        broker: BrokerId,
        how: Return,
    },
    Leaderless {
        isr: Vec<BrokerId>,
        elr: Vec<BrokerId>,
    },
    /// Only these may lead.
    WaitsFor {
        brokers: Vec<BrokerId>,
    },
    /// All that were eligible died; the last leader that is known may lead once nobody is left in the ELR.
    WaitsForLast {
        leader: BrokerId,
    },
    OnlyUncleanly,
    /// Any replica may lead, and records can be lost (`unclean.leader.election.enable`).
    AnybodyMayLead,
    /// The high watermark waits for every member of the ISR.
    MarkWaitsFor {
        broker: BrokerId,
    },
    MarkUnderMin {
        members: u32,
        min: u32,
    },
}

impl From<OfReplica> for Clause {
    fn from(clause: OfReplica) -> Clause {
        Clause::Replica(clause)
    }
}

/// What a producer waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfProducer {
    NoMetadata {
        topic: Str,
        until: Time,
    },
    NobodyReachable,
    BufferFull {
        used: u64,
        of: u64,
    },
    NoProducerId,
    Lingers {
        until: Time,
        linger: Span,
    },
    Retries {
        error: Option<ErrorCode>,
        attempts: u32,
        until: Time,
    },
    NoLeaderKnown {
        partition: TopicPartition,
    },
    /// It believes in a leader that is not the leader any more.
    StaleLeader {
        believed: BrokerId,
        leader: BrokerId,
        told: Option<Time>,
    },
    SentUnanswered {
        partition: TopicPartition,
        leader: BrokerId,
        records: u64,
        until: Option<Time>,
    },
    /// acks=all: the leader answers when every member of the ISR has it.
    AcksAllWaits {
        leader: BrokerId,
        silent: Option<BrokerId>,
    },
    IsrTooSmall {
        isr: Vec<BrokerId>,
        min: u32,
    },
    Failed {
        by: FailedBy,
        error: ErrorCode,
        records: u64,
    },
}

impl From<OfProducer> for Clause {
    fn from(clause: OfProducer) -> Clause {
        Clause::Producer(clause)
    }
}

/// What a consumer or its group waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfConsumer {
    NoCoordinator {
        group: Str,
    },
    Rebalances {
        group: Str,
        state: GroupState,
    },
    /// The coordinator waits for these members.
    GroupWaitsFor {
        members: Vec<Str>,
        until: Option<Time>,
    },
    MemberLeft {
        member: Str,
        group: Str,
        reason: LeaveReason,
    },
    MemberJoined {
        member: Str,
        group: Str,
    },
    Shared {
        group: Str,
        generation: i32,
    },
    /// More members than partitions.
    NoneLeft {
        members: usize,
        partitions: usize,
    },
    NoSuchTopic {
        topic: Str,
    },
    EmptyTopic {
        topic: Str,
    },
    /// Others of the topic have records.
    EmptyPartition {
        partition: TopicPartition,
    },
    ReadAll {
        offset: Offset,
        partition: TopicPartition,
    },
    /// It has read all that is committed; the log has more.
    NotCommitted {
        partition: TopicPartition,
        mark: Offset,
        end: Offset,
    },
    AsksPosition {
        partition: TopicPartition,
    },
    Works {
        until: Option<Time>,
    },
    NoMembers {
        group: Str,
    },
    /// Its program died around its commit, and so many records come again.
    Crashed {
        name: Str,
        at: CrashAt,
    },
    /// The same records: had been worked on and will be given again, or are committed and had not been.
    Toll {
        again: u64,
        never: u64,
    },
    /// Its program wants it so; so many records wait there.
    Paused {
        partition: TopicPartition,
        waiting: u64,
    },
    /// It had not called `poll` for longer than max.poll.interval.ms.
    PolledTooLate {
        name: Str,
        after: Span,
    },
    /// A commit of its program's own.
    Threw {
        name: Str,
        error: Str,
    },
    /// Its program moved its position.
    Sought {
        name: Str,
        partition: TopicPartition,
        to: Offset,
    },
    /// A store counts so many.
    Twice {
        store: Str,
        records: u64,
        partition: TopicPartition,
        first: Offset,
    },
}

impl From<OfConsumer> for Clause {
    fn from(clause: OfConsumer) -> Clause {
        Clause::Consumer(clause)
    }
}

/// Who found that records cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailedBy {
    /// The producer itself.
    Client(Str),
    /// A broker's answer, passed on by the producer.
    Broker(Str),
}

/// What a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// A fact that `process` reported at `at`.
    Fact { process: ProcessId, at: Time },
    /// What processes know at the reader's instant.
    State,
}

/// A step with its instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Time,
    pub clause: Clause,
    pub rests_on: Rests,
}

/// A question and its answer, in no language yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    pub question: Question,
    /// One to five, in order of time.
    pub steps: Vec<Step>,
}

/// One step, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyStep {
    pub at: Time,
    /// `14.200 s`
    pub time_text: String,
    pub sentence: String,
    pub rests_on: Rests,
    /// The last step that is not after the reader's instant.
    pub here: bool,
}

/// A question and its answer, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyView {
    pub question: String,
    pub steps: Vec<WhyStep>,
}
