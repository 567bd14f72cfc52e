//! docs/words.md lists every headline with its condition and its words in both languages. `BLESS=1` writes the list anew.

use base::{BrokerId, ErrorCode, Span, Time, TopicPartition};
use lab::Sums;
use view::text::{EN, ZH};
use view::{End, Gone, Gravity, Headline, Heirs, Informed, Missing, Names, NoCoordinator, Notice, Several, Unread};

use crate::words_page;

mod programs;

const BEGIN: &str = "<!-- headlines: written by `BLESS=1 cargo test -p blumfeld-view --test suite headline_words` -->";
const END: &str = "<!-- end of headlines -->";

/// How many headlines there are. The match has no wildcard, so that a new one does not compile without its number here
/// and fails without its sample.
fn number(headline: &Headline) -> usize {
    match headline {
        Headline::Lost { .. } => 0,
        Headline::NoBroker { .. } => 1,
        Headline::Died { .. } => 2,
        Headline::Silent { .. } => 3,
        Headline::Planned { .. } => 4,
        Headline::Chosen { .. } => 5,
        Headline::NobodyLetsIn { .. } => 6,
        Headline::NobodyChooses { .. } => 7,
        Headline::Offline { .. } => 8,
        Headline::LastLeader { .. } => 9,
        Headline::NoMajority { .. } => 10,
        Headline::Split { .. } => 11,
        Headline::Votes { .. } => 12,
        Headline::TakesCharge { .. } => 13,
        Headline::ElectionDue { .. } => 14,
        Headline::Gone(_) => 15,
        Headline::Starts(_) => 16,
        Headline::Fenced(_) => 17,
        Headline::Leaves { .. } => 18,
        Headline::Cut { .. } => 19,
        Headline::CutOneWay { .. } => 20,
        Headline::ControllerGone { .. } => 21,
        Headline::ControllerStale { .. } => 22,
        Headline::MinIsr { .. } => 23,
        Headline::NoCoordinator { .. } => 24,
        Headline::Joins { .. } => 25,
        Headline::Rebalances { .. } => 26,
        Headline::Shares { .. } => 27,
        Headline::MemberSilent { .. } => 28,
        Headline::Failed { .. } => 29,
        Headline::ClientGone { .. } => 30,
        Headline::Behind { .. } => 31,
        Headline::NewTopic { .. } => 32,
        Headline::NewMember { .. } => 33,
        Headline::StillLost { .. } => 34,
        Headline::Empty => 35,
        Headline::Flow => 36,
        Headline::Fine => 37,
        Headline::Undelivered { .. } => 38,
        Headline::OldSession { .. } => 39,
        Headline::PreVote { .. } => 40,
        Headline::NobodyInCharge => 41,
        Headline::SendFailed { .. } => 42,
        Headline::SendWaits { .. } => 43,
        Headline::Over(_) => 44,
        Headline::Crashed { .. } => 45,
        Headline::CommitThrew { .. } => 46,
        Headline::Sought { .. } => 47,
        Headline::Resumed { .. } => 48,
        Headline::Paused { .. } => 49,
        Headline::Store { .. } => 50,
        Headline::StoreFails { .. } => 51,
    }
}

const COUNT: usize = 52;

/// Partitions with the milliseconds that they were away; lost and twice.
fn over(away: &[(i32, u64)], (lost, twice): (u64, u64)) -> Headline {
    let away = away.iter().map(|(number, span)| (TopicPartition::new("orders", *number), Span::from_millis(*span)));
    Headline::Over(Sums { at: Time::ZERO, unavailable: away.collect(), lost, failed: 0, twice })
}

fn orders(more: usize) -> Several {
    Several { first: TopicPartition::new("orders", 1), more }
}

fn missing(end: End, orphans: Option<Several>) -> Missing {
    Missing { broker: BrokerId(2), end, orphans }
}

fn old_session(until: Option<Time>, orphans: Option<Several>) -> Headline {
    Headline::OldSession { broker: BrokerId(2), controller: "c1".into(), until, orphans }
}

fn gone(end: End) -> Gone {
    Gone { broker: BrokerId(2), end, others: 0, moved: None, clients: Informed::Unsaid, short: None }
}

type Row = (&'static str, Vec<Headline>);

fn samples() -> Vec<Row> {
    let mut rows = of_partitions();
    rows.extend(of_new_leaders());
    rows.extend(of_controllers());
    rows.push(of_gone());
    rows.extend(of_nodes());
    rows.extend(of_links());
    rows.extend(of_groups());
    rows.extend(programs::of_deaths());
    rows.extend(of_clients());
    rows.extend(of_the_rest());
    rows.extend(programs::of_positions());
    rows.push(("the ledger counts that many lost", vec![Headline::StillLost { records: 3 }]));
    rows.extend(programs::of_stores());
    rows.extend(when_nothing_happens());
    rows
}

fn of_partitions() -> Vec<Row> {
    let timeout = Span::from_secs(9);
    let silent = |missing| Headline::Silent { missing, controller: "c2".into(), timeout };
    vec![
        (
            "the ledger counts that many lost; one was found missing on that partition within the last 6 s of the reader's time",
            vec![
                Headline::Lost { records: 1, partition: TopicPartition::new("orders", 1) },
                Headline::Lost { records: 1_204, partition: TopicPartition::new("orders", 1) },
            ],
        ),
        ("no broker's process is up", vec![Headline::NoBroker { all: 1 }, Headline::NoBroker { all: 3 }]),
        (
            "a broker is out of reach since no longer than one and a half heartbeat intervals; the controller in charge keeps its session and has heard of it as recently; those partitions have it for leader and nobody leads them. Clients notice when connections of theirs are reset: it was killed or stopped, and nothing is cut between it and one that was connected",
            vec![
                Headline::Died { missing: missing(End::Killed, Some(orders(0))), notice: Notice::Clients },
                Headline::Died { missing: missing(End::Stopped, None), notice: Notice::NoClient },
                Headline::Died { missing: missing(End::PoweredOff, Some(orders(3))), notice: Notice::Nobody },
                Headline::Died { missing: missing(End::Hangs, None), notice: Notice::Nobody },
            ],
        ),
        (
            "the same, and it has been silent or out of reach for longer than that; it is given up at the first look after `broker.session.timeout.ms`",
            vec![
                silent(missing(End::Killed, Some(orders(3)))),
                silent(missing(End::Hangs, None)),
                silent(missing(End::CutOff, None)),
            ],
        ),
    ]
}

fn of_new_leaders() -> Vec<Row> {
    let silence = Some((BrokerId(2), Span::from_millis(9_400)));
    vec![
        (
            "that controller has decided on a leader that runs and does not lead yet, and a controller is in charge; the silence is that of the `BrokerFenced` fact at the instant of the `PartitionChanged` fact that chose it, unless its controller had taken charge since the broker's last heartbeat",
            vec![
                Headline::Chosen { orphans: orders(0), controller: "c2".into(), leader: BrokerId(3), silence },
                Headline::Chosen { orphans: orders(0), controller: "c2".into(), leader: BrokerId(3), silence: None },
            ],
        ),
        (
            "that controller has decided on a leader that runs; its link to the controller in charge is cut, or there is none",
            [(Some("c1".into()), Unread::CutOff), (Some("c1".into()), Unread::NobodyInCharge), (None, Unread::CutOff)]
                .map(|(controller, why)| Headline::Undelivered {
                    orphans: orders(0),
                    controller,
                    leader: BrokerId(3),
                    why,
                })
                .into(),
        ),
        (
            "a broker runs with another broker epoch than the registered one, which is not fenced; its session at the controller in charge runs, or is over; those partitions have it for leader and nobody leads them",
            vec![
                old_session(Some(Time(32_000_000_000)), Some(orders(0))),
                old_session(None, Some(orders(0))),
                old_session(Some(Time(32_000_000_000)), None),
            ],
        ),
        (
            "nobody leads the partition; its leader runs and is not let in yet, and no controller is in charge",
            vec![Headline::NobodyLetsIn { orphans: orders(0), leader: BrokerId(3) }],
        ),
        (
            "the decided leader is not up or hangs, and no controller is in charge",
            vec![Headline::NobodyChooses { orphans: orders(0), leader: BrokerId(3) }],
        ),
        (
            "nobody leads the partition and nobody is about to; its ISR and ELR are these brokers; one that lost its power and was not let in since may lack records",
            vec![
                Headline::Offline { orphans: orders(0), candidates: vec![BrokerId(1)], torn: None },
                Headline::Offline { orphans: orders(1), candidates: vec![BrokerId(1), BrokerId(5)], torn: None },
                Headline::Offline { orphans: orders(0), candidates: vec![BrokerId(1)], torn: Some(BrokerId(1)) },
                Headline::Offline {
                    orphans: orders(0),
                    candidates: vec![BrokerId(1), BrokerId(5)],
                    torn: Some(BrokerId(5)),
                },
            ],
        ),
        (
            "nobody leads the partition; its ISR and ELR are empty, and this is its last known leader",
            vec![
                Headline::LastLeader { orphans: orders(0), broker: Some(BrokerId(5)) },
                Headline::LastLeader { orphans: orders(0), broker: None },
            ],
        ),
    ]
}

fn of_controllers() -> Vec<Row> {
    vec![
        (
            "nobody is in charge, and half of the controllers or fewer run",
            vec![Headline::NoMajority { running: 1, all: 3 }, Headline::NoMajority { running: 2, all: 5 }],
        ),
        (
            "nobody is in charge, more than half run, and cut or stalled links let none of them reach more than half",
            vec![Headline::Split { running: 3, all: 3 }],
        ),
        (
            "nobody is in charge; that controller is a candidate with so many votes",
            vec![Headline::Votes { candidate: "c3".into(), have: 1, all: 3 }],
        ),
        (
            "nobody is in charge; that controller leads the quorum, a majority can follow it, and it is not active yet",
            vec![Headline::TakesCharge { name: "c3".into() }],
        ),
        (
            "nobody is in charge, nobody is a candidate, and that controller is prospective (KIP-996)",
            vec![Headline::PreVote { name: "c3".into() }],
        ),
        (
            "nobody is in charge, a majority can come together, and nobody stands for election; the first timer of one that follows or is unattached",
            vec![Headline::ElectionDue { name: "c3".into(), at: Time(26_084_000_000) }],
        ),
        ("the same, and no such timer runs", vec![Headline::NobodyInCharge]),
    ]
}

fn of_gone() -> Row {
    let moved = || Some((orders(0), BrokerId(3)));
    let clients = |more| Informed::Looking(Names { first: "web".into(), more });
    (
        "a broker is out of reach, and the controller in charge has fenced it or keeps no session of it. What it led and others lead: `PartitionChanged` facts since it went, and who leads now. Who looks for it: clients that run, take it for the leader of what another leads, and have something to send there or to read. Its clients know: some read it or write to its topic, and all of them have the new leader",
        vec![
            Headline::Gone(Gone { moved: moved(), clients: clients(1), ..gone(End::Killed) }),
            Headline::Gone(Gone { moved: moved(), clients: Informed::Know, ..gone(End::Killed) }),
            Headline::Gone(Gone { moved: moved(), ..gone(End::Killed) }),
            Headline::Gone(gone(End::Stopped)),
            Headline::Gone(Gone { moved: moved(), clients: clients(0), ..gone(End::Hangs) }),
            Headline::Gone(Gone { moved: moved(), clients: clients(0), ..gone(End::CutOff) }),
            Headline::Gone(Gone { others: 1, clients: clients(0), ..gone(End::Killed) }),
            Headline::Gone(Gone { others: 2, short: Some(orders(1)), ..gone(End::PoweredOff) }),
        ],
    )
}

fn of_nodes() -> Vec<Row> {
    vec![
        (
            "a broker that led something ended or hung, and a moment ago everybody had caught up: each partition is led again, and as few messages are under way as before; times are those between the facts, numbers those of the ledger since",
            vec![over(&[(1, 8_600)], (0, 2)), over(&[(0, 9_100), (2, 8_300)], (0, 0)), over(&[(1, 31_000)], (3, 1))],
        ),
        ("a broker runs and is starting, or has caught up and is still fenced", vec![Headline::Starts(BrokerId(2))]),
        ("a broker runs and takes itself for let in, and is fenced", vec![Headline::Fenced(BrokerId(2))]),
        (
            "a broker is in its controlled shutdown and is to lead so many partitions",
            vec![
                Headline::Leaves { broker: BrokerId(2), leads: 2 },
                Headline::Leaves { broker: BrokerId(2), leads: 0 },
            ],
        ),
    ]
}

fn of_links() -> Vec<Row> {
    vec![
        (
            "the link between two processes that are up is cut or stalled, both ways",
            vec![
                Headline::Cut { a: "1".into(), b: "2".into(), others: 0 },
                Headline::Cut { a: "1".into(), b: "c2".into(), others: 2 },
            ],
        ),
        ("the same, one way", vec![Headline::CutOneWay { from: "web".into(), to: "2".into(), others: 1 }]),
        (
            "a controller does not run, and another is in charge",
            vec![
                Headline::ControllerGone { name: "c1".into(), end: End::Killed, active: "c2".into() },
                Headline::ControllerGone { name: "c1".into(), end: End::Hangs, active: "c2".into() },
            ],
        ),
        (
            "a controller that runs takes itself for the leader of the quorum, and another is in charge",
            vec![Headline::ControllerStale { name: "c1".into(), active: "c2".into() }],
        ),
        (
            "the leader's ISR is smaller than `min.insync.replicas` (at most the number of replicas)",
            vec![
                Headline::MinIsr { partitions: orders(0), have: 1, need: 2 },
                Headline::MinIsr { partitions: orders(2), have: 1, need: 2 },
            ],
        ),
    ]
}

fn of_groups() -> Vec<Row> {
    let group = || "billing".into();
    let without = |why| Headline::NoCoordinator { group: group(), why };
    let silent = |unread| Headline::MemberSilent {
        group: group(),
        member: "billing-2".into(),
        coordinator: BrokerId(1),
        timeout: Span::from_secs(45),
        unread,
    };
    vec![
        (
            "a consumer of the group runs, and no running broker has loaded the group's partition of `__consumer_offsets`",
            vec![
                without(NoCoordinator::NoTopic),
                without(NoCoordinator::NoLeader(TopicPartition::new("__consumer_offsets", 12))),
                without(NoCoordinator::Hangs(BrokerId(1))),
                without(NoCoordinator::Loading(BrokerId(1))),
            ],
        ),
        (
            "a consumer runs, and its group does not count it or it has not got its plan",
            vec![Headline::Joins { group: group(), member: "billing-2".into() }],
        ),
        (
            "the group is `Stable`, and a running consumer that it counts has not got its plan",
            vec![Headline::Planned { group: group() }],
        ),
        (
            "the group is `PreparingRebalance`; so many of its members wait for their join to be answered",
            vec![Headline::Rebalances { group: group(), joined: 2, all: 3 }],
        ),
        (
            "the group is `CompletingRebalance`, and that member leads it",
            vec![Headline::Shares { group: group(), leader: "billing-1".into() }],
        ),
        (
            "the group is `Stable` and counts a member that no running consumer is; `session.timeout.ms` and assignment of it",
            vec![silent(Some(orders(0))), silent(None)],
        ),
    ]
}

fn of_clients() -> Vec<Row> {
    let group = || "billing".into();
    vec![
        (
            "a client does not run, and ended with that error",
            vec![Headline::Failed { client: "billing-2".into(), error: ErrorCode::FencedInstanceId }],
        ),
        (
            "a client does not run; for a consumer, who of its group is to read its topics, and has all their partitions",
            {
                let share = |others, more| {
                    Some((group(), Heirs::Share { others, topics: Names { first: "orders".into(), more } }))
                };
                let gone = |client: &str, end, group| Headline::ClientGone { client: client.into(), end, group };
                vec![
                    gone("web", End::Stopped, None),
                    gone("web", End::Hangs, None),
                    gone("billing-2", End::Killed, share(2, 0)),
                    gone("billing-2", End::Killed, share(1, 0)),
                    gone("billing-2", End::Killed, share(1, 1)),
                    gone("billing-2", End::Killed, Some((group(), Heirs::NoReader { topic: "orders".into() }))),
                    gone("billing-2", End::Killed, Some((group(), Heirs::Nobody))),
                    gone("billing-2", End::Killed, Some((group(), Heirs::Unsettled))),
                ]
            },
        ),
        (
            "the ledger's last word of a producer that runs is no success; it works by itself, or that was within the last 10 s",
            vec![Headline::SendFailed { client: "web".into(), error: ErrorCode::MessageTooLarge }],
        ),
        (
            "a producer that runs has heard of nothing that it sent, or stands in `send`, for so long; `linger.ms` aside",
            vec![Headline::SendWaits { client: "web".into(), over: Span::from_secs(5) }],
        ),
        ("a partition's ISR lacks a replica", vec![Headline::Behind { broker: BrokerId(2), partitions: orders(1) }]),
    ]
}

fn of_the_rest() -> Vec<Row> {
    let new = |reads| Headline::NewMember { group: "billing".into(), member: "billing-4".into(), reads };
    vec![
        (
            "`TopicCreated` within the last 4 s of the reader's time, and the topic is there",
            vec![Headline::NewTopic { topic: "orders".into(), partitions: 3, copies: 3 }],
        ),
        (
            "a consumer was started and got its plan within the last 4 s of the reader's time, and reads that",
            vec![new(Some(orders(0))), new(None)],
        ),
    ]
}

fn when_nothing_happens() -> Vec<Row> {
    vec![
        ("there is no broker", vec![Headline::Empty]),
        (
            "nothing of all this; a producer that runs by itself sends to a topic with copies and had a success within the last 10 s, and every broker holds copies",
            vec![Headline::Flow],
        ),
        ("nothing of all this", vec![Headline::Fine]),
    ]
}

fn table() -> String {
    let mut text = String::from("| gravity | headline | is so when | English | 中文 |\n|---|---|---|---|---|\n");
    for (condition, headlines) in samples() {
        let mut condition = condition;
        for headline in headlines {
            let name = words_page::name(&headline);
            let (gravity, en, zh) = (headline.gravity(), (EN.headline.say)(&headline), (ZH.headline.say)(&headline));
            text.push_str(&format!("| {gravity:?} | {name} | {condition} | {en} | {zh} |\n"));
            condition = "";
        }
    }
    text
}

#[test]
fn every_headline_is_listed_with_its_condition_and_its_words() {
    let mut seen = [false; COUNT];
    samples().iter().flat_map(|(_, headlines)| headlines).for_each(|headline| seen[number(headline)] = true);
    assert!(seen.iter().all(|seen| *seen), "some have no sample: {seen:?}");
    words_page::holds(BEGIN, END, &table());
}

/// Not too long to be read in the time that a headline stands, and whole sentences in both languages.
#[test]
fn headlines_are_short_sentences() {
    for headline in samples().into_iter().flat_map(|(_, headlines)| headlines) {
        let (en, zh) = ((EN.headline.say)(&headline), (ZH.headline.say)(&headline));
        assert!(en.ends_with('.') && zh.ends_with('。'), "{en} {zh}");
        assert!(!en.contains("  ") && !zh.contains(".。"), "{en} {zh}");
        assert!(en.split_whitespace().count() <= 21, "{} words: {en}", en.split_whitespace().count());
        assert!(zh.chars().count() <= 62, "{}", zh);
    }
}

/// The order of the list is that of gravity: no sample of it comes before a graver one of the next kind.
#[test]
fn gravities_are_in_the_order_of_the_issue() {
    let order = [
        Gravity::Lost,
        Gravity::Leaderless,
        Gravity::NoController,
        Gravity::Node,
        Gravity::MinIsr,
        Gravity::Group,
        Gravity::Client,
        Gravity::Replica,
        Gravity::News,
        Gravity::StillLost,
        Gravity::Store,
        Gravity::Fine,
    ];
    assert!(order.is_sorted());
}
