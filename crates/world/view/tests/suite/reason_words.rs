//! docs/words.md lists every reason with its condition: the steps of the answers to "Why?" with their words in both
//! languages, and the kinds of causes that lines of the story rest on. `BLESS=1` writes the lists anew.

use base::{BrokerId, ErrorCode, Offset, Span, Str, Time, TopicPartition};
use port::{Chosen, CrashAt, GroupState, LeaveReason};
use view::Because;
use view::text::{EN, ZH};
use view::why::{Clause, FailedBy, Fell, IsrExit, OfBroker, OfConsumer, OfProcess, OfProducer, OfReplica, Return};

use crate::words_page;

const BEGIN: &str = "<!-- reasons: written by `BLESS=1 cargo test -p blumfeld-view --test suite reason_words` -->";
const END: &str = "<!-- end of reasons -->";
const CAUSES: &str = "<!-- causes: written by `BLESS=1 cargo test -p blumfeld-view --test suite reason_words` -->";
const END_OF_CAUSES: &str = "<!-- end of causes -->";

/// Steps of one kind: when they are given, and one for each wording.
type Row = (&'static str, Vec<Clause>);

fn two() -> BrokerId {
    BrokerId(2)
}

fn name(name: &str) -> Str {
    Str::from(name)
}

fn orders() -> TopicPartition {
    TopicPartition::new("orders", 1)
}

fn seconds(seconds: u64) -> Time {
    Time(seconds * 1_000_000_000)
}

fn all<T>(clauses: impl IntoIterator<Item = T>) -> Vec<Clause>
where
    Clause: From<T>,
{
    clauses.into_iter().map(Clause::from).collect()
}

fn of_processes() -> Vec<Row> {
    let fell = [Fell::Killed, Fell::PoweredOff, Fell::Stopped, Fell::Hung];
    let (one, other) = (name("2"), name("c1"));
    vec![
        (
            "the last of `ProcessStopped`, `ProcessPaused` and their ends says so; a process that could not be reached \
             or does not run",
            all(fell.map(|how| OfProcess::FellSilent { name: name("Broker 2"), how })),
        ),
        ("`ClientFailed`", all([OfProcess::EndedWith { name: name("billing-2"), error: name("FENCED_INSTANCE_ID") }])),
        ("`LinkCut`, and not healed since", all([OfProcess::Cut { one: one.clone(), other: other.clone() }])),
        (
            "`LinkCut` one way, and not healed since",
            all([OfProcess::CutOneWay { from: other.clone(), to: one.clone() }]),
        ),
        ("`LinkHealed`", all([OfProcess::Healed { one: one.clone(), other: other.clone() }])),
        ("the link between the two has that delay", all([OfProcess::SlowLink { one, other, by: Span::from_secs(20) }])),
        ("`ProcessStarted`", all([OfProcess::Started { name: name("Broker 2") }])),
        ("`ProcessResumed`", all([OfProcess::Woke { name: name("Broker 2") }])),
        ("`StopRequested`", all([OfProcess::AskedToStop { name: name("Broker 2") }])),
        ("`UncleanElectionAsked`, and the decision names it as its cause", all([OfProcess::UncleanElectionAsked])),
    ]
}

fn of_brokers() -> Vec<Row> {
    let (controller, broker, timeout) = (name("c1"), two(), Span::from_secs(9));
    let c1 = || controller.clone();
    vec![
        (
            "`BrokerFenced` names the last heartbeat; before it the active controller's session does",
            all([OfBroker::LastHeard { controller: c1(), broker }]),
        ),
        (
            "the last contact is the instant of `BecameActiveController`",
            all([OfBroker::SessionGranted { controller: c1(), broker }]),
        ),
        ("`BrokerFenced`, session over: last contact and time-out", all([OfBroker::SessionOver { timeout }])),
        (
            "the active controller's session of a silent broker runs",
            all([OfBroker::SessionRuns { controller: c1(), until: seconds(33), timeout }]),
        ),
        ("`BrokerFenced`, session over", all([OfBroker::Fenced { controller: c1(), broker }])),
        ("`BrokerFenced`, asked for or registered anew", all([OfBroker::FencedAsAsked { controller: c1(), broker }])),
        ("`BrokerUnfenced`", all([OfBroker::Unfenced { controller: c1(), broker }])),
        ("no controller is active", all([OfBroker::NobodyInCharge])),
        ("the broker's epoch is not the registered one", all([OfBroker::NotRegistered { broker }])),
        (
            "the same, and the active controller's session of the registered one runs (DUPLICATE_BROKER_REGISTRATION)",
            all([OfBroker::OldSession { controller: c1(), broker, until: seconds(33) }]),
        ),
        (
            "the broker has not replayed its own registration",
            all([OfBroker::ReadsMetadata { broker, at: Offset(120), needs: Offset(131) }]),
        ),
    ]
}

fn of_the_isr() -> Vec<Row> {
    let (broker, leader, isr) = (two(), BrokerId(1), vec![BrokerId(1), BrokerId(3)]);
    let exits = [
        IsrExit::Fenced,
        IsrExit::ShutDown,
        IsrExit::Restarted,
        IsrExit::Lagging(Span::from_secs(30)),
        IsrExit::Unclean,
        IsrExit::Unknown,
    ];
    vec![
        (
            "`PartitionChanged` took it out; the change names its cause",
            all(exits.map(|exit| OfReplica::LeftIsr { broker, isr: isr.clone(), exit })),
        ),
        (
            "`PartitionChanged` took it in, as its leader had asked",
            all([OfReplica::JoinedIsr { broker, isr: isr.clone() }]),
        ),
        (
            "`PartitionChanged` took it in as the new leader from outside the ISR",
            all([Chosen::Eligible, Chosen::LastKnown, Chosen::OutOfSync].map(|chosen| OfReplica::ElectedIntoIsr {
                broker,
                isr: vec![broker],
                chosen,
            })),
        ),
        ("`PartitionChanged` took it in, without a cause", all([OfReplica::TakenIn { broker, isr: isr.clone() }])),
        ("the leader's books: caught up last then", all([OfReplica::CaughtUpLast { leader, broker }])),
        (
            "the leader's books: its end is before the leader's",
            all([OfReplica::FetchesRest { broker, has: Offset(9), of: Offset(14) }]),
        ),
        ("the leader's books: no fetch in this epoch", all([OfReplica::NeverFetched { broker, leader }])),
        ("the leader's proposal waits for its answer", all([OfReplica::IsrProposed { leader, broker }])),
        ("caught up, and fenced", all([OfReplica::MayNotJoin { broker }])),
        ("there is no leader", all([OfReplica::NobodyToJoin])),
        ("`Truncated`", all([OfReplica::Truncated { broker, from: Offset(9), to: Offset(7) }])),
    ]
}

fn of_replicas() -> Vec<Row> {
    let (broker, leader) = (two(), BrokerId(1));
    let returns = [Return::Leads, Return::CatchesUp, Return::LosesPlace];
    vec![
        ("`PartitionChanged` put it into the ELR", all([OfReplica::BecameEligible { broker, min: 2 }])),
        (
            "it is in the ELR; there is no leader, there is one, or its process was killed",
            all(returns.map(|how| OfReplica::Returns { broker, how })),
        ),
        (
            "`PartitionChanged` left it without a leader",
            all([OfReplica::Leaderless { isr: Vec::new(), elr: vec![broker] }]),
        ),
        ("no leader: who is in the ISR or the ELR", all([OfReplica::WaitsFor { brokers: vec![broker, leader] }])),
        ("no leader, all eligible were killed, last known", all([OfReplica::WaitsForLast { leader }])),
        ("no leader, and nobody is eligible", all([OfReplica::OnlyUncleanly])),
        ("no leader, and the topic allows unclean elections", all([OfReplica::AnybodyMayLead])),
        ("HW is behind the log's end; a member of the ISR lacks the rest", all([OfReplica::MarkWaitsFor { broker }])),
        ("the ISR is smaller than `min.insync.replicas`", all([OfReplica::MarkUnderMin { members: 1, min: 2 }])),
    ]
}

fn of_buffers() -> Vec<Row> {
    let until = seconds(33);
    vec![
        ("a send waits for metadata", all([OfProducer::NoMetadata { topic: name("orders"), until }])),
        ("it has no connection", all([OfProducer::NobodyReachable])),
        ("a send waits for memory", all([OfProducer::BufferFull { used: 39_800, of: 40_000 }])),
        ("idempotent, and no producer id", all([OfProducer::NoProducerId])),
        ("the batch is not due yet", all([OfProducer::Lingers { until, linger: Span::from_secs(5) }])),
        (
            "a batch is to be sent again, and why",
            all([Some(ErrorCode::NotEnoughReplicas), None].map(|error| OfProducer::Retries {
                error,
                attempts: 2,
                until,
            })),
        ),
    ]
}

fn of_producers() -> Vec<Row> {
    let (leader, partition) = (BrokerId(1), orders());
    let by = [FailedBy::Client(name("web")), FailedBy::Broker(name("Broker 1"))];
    vec![
        ("its metadata has no leader", all([OfProducer::NoLeaderKnown { partition: partition.clone() }])),
        (
            "its metadata names another leader than the controllers",
            all([OfProducer::StaleLeader { believed: two(), leader, told: Some(seconds(24)) }]),
        ),
        (
            "a request is on its way or waits at the broker",
            all([OfProducer::SentUnanswered { partition, leader, records: 3, until: Some(seconds(54)) }]),
        ),
        (
            "`acks=all`, the leader has it, a member of the ISR does not",
            all([Some(two()), None].map(|silent| OfProducer::AcksAllWaits { leader, silent })),
        ),
        (
            "`acks=all`, the ISR is smaller than `min.insync.replicas`",
            all([OfProducer::IsrTooSmall { isr: vec![leader], min: 2 }]),
        ),
        (
            "`RecordsFailed` or `SendFailed`, which says who refused them",
            all(by.map(|by| OfProducer::Failed { by, error: ErrorCode::NotEnoughReplicas, records: 3 })),
        ),
    ]
}

fn of_groups() -> Vec<Row> {
    let (group, member) = (name("billing"), name("billing-2"));
    let states = [
        GroupState::Empty,
        GroupState::PreparingRebalance,
        GroupState::CompletingRebalance,
        GroupState::Stable,
        GroupState::Dead,
    ];
    let reasons = [
        LeaveReason::Left,
        LeaveReason::SessionExpired,
        LeaveReason::DidNotRejoin,
        LeaveReason::DidNotSync,
        LeaveReason::Replaced,
    ];
    let of = || group.clone();
    vec![
        ("no running broker has loaded the group's partition", all([OfConsumer::NoCoordinator { group: of() }])),
        ("`GroupStateChanged`", all(states.map(|state| OfConsumer::Rebalances { group: of(), state }))),
        (
            "the coordinator has not heard of them in this phase, or waits a first time",
            all([vec![member.clone()], Vec::new()]
                .map(|members| OfConsumer::GroupWaitsFor { members, until: Some(seconds(45)) })),
        ),
        (
            "`MemberLeft` says why",
            all(reasons.map(|reason| OfConsumer::MemberLeft { member: member.clone(), group: of(), reason })),
        ),
        ("`MemberJoined`", all([OfConsumer::MemberJoined { member: member.clone(), group: of() }])),
        ("`GroupStateChanged` to `Stable`", all([OfConsumer::Shared { group: of(), generation: 2 }])),
        ("the group has no member", all([OfConsumer::NoMembers { group: of() }])),
    ]
}

fn of_consumers() -> Vec<Row> {
    let partition = orders();
    vec![
        ("more members than partitions", all([OfConsumer::NoneLeft { members: 4, partitions: 3 }])),
        ("the controllers know no such topic", all([OfConsumer::NoSuchTopic { topic: name("orders") }])),
        ("every log of the topic ends at 0", all([OfConsumer::EmptyTopic { topic: name("orders") }])),
        (
            "the logs of all that it reads end at 0, others of the topic do not",
            all([OfConsumer::EmptyPartition { partition: partition.clone() }]),
        ),
        (
            "its position is HW of all that it reads, and every log ends there",
            all([OfConsumer::ReadAll { offset: Offset(9), partition: partition.clone() }]),
        ),
        (
            "its position is HW of all that it reads, and a log goes on beyond",
            all([Offset::ZERO, Offset(9)].map(|mark| OfConsumer::NotCommitted {
                partition: partition.clone(),
                mark,
                end: Offset(12),
            })),
        ),
        ("it has no position yet", all([OfConsumer::AsksPosition { partition }])),
        (
            "its application has records and has not polled",
            all([Some(seconds(33)), None].map(|until| OfConsumer::Works { until })),
        ),
    ]
}

/// Of the programs around consumers.
fn of_programs() -> Vec<Row> {
    let partition = TopicPartition::new("orders", 1);
    let reader = || name("billing-2");
    vec![
        (
            "`Crashed`",
            all([CrashAt::BeforeCommit, CrashAt::AfterCommit].map(|at| OfConsumer::Crashed { name: reader(), at })),
        ),
        (
            "it died at its commit: how far it had worked, what it had committed, and where its group goes on",
            all([(10, 0), (0, 10), (3, 2), (0, 0)].map(|(again, never)| OfConsumer::Toll { again, never })),
        ),
        (
            "`ReadingPaused`, and not resumed since; records between its position and HW",
            all([OfConsumer::Paused { partition: partition.clone(), waiting: 12 }]),
        ),
        (
            "`PollIntervalExceeded` before its commit threw",
            all([OfConsumer::PolledTooLate { name: reader(), after: Span::from_secs(300) }]),
        ),
        ("`CommitThrew`", all([OfConsumer::Threw { name: reader(), error: name("CommitFailedException") }])),
        (
            "`Sought`, back in the partition that a store has twice",
            all([OfConsumer::Sought { name: reader(), partition: partition.clone(), to: Offset(0) }]),
        ),
        (
            "a store without ids was written to more than once for so many records",
            all([OfConsumer::Twice { store: name("db"), records: 10, partition, first: Offset(3) }]),
        ),
    ]
}

/// All steps, in the order of their types.
fn samples() -> Vec<Row> {
    [
        of_processes(),
        of_brokers(),
        of_the_isr(),
        of_replicas(),
        of_buffers(),
        of_producers(),
        of_groups(),
        of_consumers(),
        of_programs(),
    ]
    .concat()
}

/// The variant inside. Its name is the list's.
fn inner(clause: &Clause) -> String {
    match clause {
        Clause::Process(clause) => words_page::name(clause),
        Clause::Broker(clause) => words_page::name(clause),
        Clause::Replica(clause) => words_page::name(clause),
        Clause::Producer(clause) => words_page::name(clause),
        Clause::Consumer(clause) => words_page::name(clause),
    }
}

fn table() -> String {
    let mut text = String::from("| reason | is given when | English | 中文 |\n|---|---|---|---|\n");
    for (condition, clauses) in samples() {
        let mut condition = condition;
        for clause in clauses {
            let (en, zh) = ((EN.why.clause)(&clause), (ZH.why.clause)(&clause));
            text.push_str(&format!("| {} | {condition} | {en} | {zh} |\n", inner(&clause)));
            condition = "";
        }
    }
    text
}

/// How many variants the types of steps have, read from their source: a new one fails until it has its sample.
fn variants() -> usize {
    let source = include_str!("../../src/why.rs");
    let types = ["OfProcess", "OfBroker", "OfReplica", "OfProducer", "OfConsumer"];
    let bodies = types.map(|name| {
        let (_, rest) = source.split_once(&format!("pub enum {name} {{\n")).expect("the type is there");
        rest.split_once("\n}").expect("it ends").0
    });
    let starts = |line: &&str| line.starts_with("    ") && line[4..].starts_with(|each: char| each.is_uppercase());
    bodies.iter().map(|body| body.lines().filter(starts).count()).sum()
}

/// One test for both lists: they are in one file, and `BLESS=1` writes it.
#[test]
fn every_reason_is_listed_with_its_condition_and_its_words() {
    let mut names: Vec<String> = samples().iter().flat_map(|(_, clauses)| clauses).map(inner).collect();
    names.dedup();
    assert_eq!(names.len(), variants(), "each variant has one row: {names:?}");
    words_page::holds(BEGIN, END, &table());
    words_page::holds(CAUSES, END_OF_CAUSES, &causes());
}

/// Short, and whole sentences in both languages.
#[test]
fn reasons_are_short_sentences() {
    for clause in samples().iter().flat_map(|(_, clauses)| clauses) {
        let (en, zh) = ((EN.why.clause)(clause), (ZH.why.clause)(clause));
        assert!(en.ends_with('.') && zh.ends_with('。'), "{en} {zh}");
        assert!(en.split_whitespace().count() <= 18, "{en}");
        assert!(zh.chars().count() <= 60, "{zh}");
    }
}

/// What a kind of cause rests on. Without a wildcard: a new kind does not compile without its fact.
fn fact_of(because: Because) -> &'static str {
    match because {
        Because::Stopped => "`ProcessStopped`: killed, without power, or ended",
        Because::Hung => "`ProcessPaused`",
        Because::Woke => "`ProcessResumed`",
        Because::Started => "`ProcessStarted`",
        Because::AskedToStop => "`StopRequested`",
        Because::ShutsDown => "`ControlledShutdownStarted`",
        Because::ClientFailed => "`ClientFailed`",
        Because::RegistrationGaveUp => "`RegistrationGaveUp`",
        Because::LinkCut => "`LinkCut`",
        Because::LinkHealed => "`LinkHealed`",
        Because::LinkReset => "`LinkReset`",
        Because::PreferredElectionAsked => "`PreferredElectionAsked`",
        Because::UncleanElectionAsked => "`UncleanElectionAsked`",
        Because::TopicAsked => "`TopicAsked`",
        Because::TopicWanted => "`TopicWanted`: a client named a topic that was not there",
        Because::TopicDeletionAsked => "`TopicDeletionAsked`",
        Because::PartitionsAsked => "`PartitionsAsked`",
        Because::AskedForVotes => "`QuorumRoleChanged` to candidate",
        Because::Resigned => "`ResignedController`",
        Because::Decided => "`PartitionChanged`",
        Because::IsrProposed => "`IsrChangeProposed`",
        Because::MemberJoined => "`MemberJoined`",
        Because::MemberLeft => "`MemberLeft`",
        Because::Rebalances => "`GroupStateChanged` to `PreparingRebalance`",
        Because::Planned => "`GroupStateChanged` to `Stable`",
        Because::PolledTooLate => "`PollIntervalExceeded`",
        Because::PositionLost => "`PositionLost`",
    }
}

const KINDS: [Because; 27] = [
    Because::Stopped,
    Because::Hung,
    Because::Woke,
    Because::Started,
    Because::AskedToStop,
    Because::ShutsDown,
    Because::ClientFailed,
    Because::RegistrationGaveUp,
    Because::LinkCut,
    Because::LinkHealed,
    Because::LinkReset,
    Because::PreferredElectionAsked,
    Because::UncleanElectionAsked,
    Because::TopicAsked,
    Because::TopicWanted,
    Because::TopicDeletionAsked,
    Because::PartitionsAsked,
    Because::AskedForVotes,
    Because::Resigned,
    Because::Decided,
    Because::IsrProposed,
    Because::MemberJoined,
    Because::MemberLeft,
    Because::Rebalances,
    Because::Planned,
    Because::PolledTooLate,
    Because::PositionLost,
];

fn causes() -> String {
    let mut text = String::from("| cause | rests on the fact |\n|---|---|\n");
    for because in KINDS {
        text.push_str(&format!("| {because:?} | {} |\n", fact_of(because)));
    }
    text
}
