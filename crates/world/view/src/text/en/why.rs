//! English: why.

use base::{BrokerId, ErrorCode, Offset, Span, Time};
use port::{Chosen, CrashAt, GroupState, LeaveReason};

use super::plural;
use crate::text::WhyText;
use crate::why::{
    Clause, FailedBy, Fell, IsrExit, OfBroker, OfConsumer, OfProcess, OfProducer, OfReplica, Question, Return,
};

pub(super) const WHY: WhyText =
    WhyText { question, clause, back_to: |time| format!("Back to {time}"), show_moment: |time| format!("Show {time}") };

fn question(question: &Question) -> String {
    match question {
        Question::Fenced(broker) => format!("Why is broker {broker} fenced?"),
        Question::NotYetFenced(broker) => format!("Why does nobody replace broker {broker} yet?"),
        Question::NotServing(broker) => format!("Why does broker {broker} not serve yet?"),
        Question::Leaderless(partition) => format!("Why does {partition} have no leader?"),
        Question::NotInIsr(broker, partition) => format!("Why is {broker} not in the ISR of {partition}?"),
        Question::Eligible(broker, partition) => format!("Why is {broker} in the ELR of {partition}?"),
        Question::BackInIsr(broker, partition) => format!("How did {broker} come back into the ISR of {partition}?"),
        Question::MarkStands(_, mark) => format!("Why does HW stay at {mark}?"),
        Question::Waits(name) => format!("What does {name} wait for?"),
        Question::SendFailed(name) => format!("Why could {name} not send?"),
        Question::Idle(name) => format!("Why does {name} read nothing?"),
        Question::CommitRefused(name) => format!("Why could {name} not commit?"),
        Question::WrittenTwice(store) => format!("Why does {store} have records more than once?"),
        Question::GroupStands(group) => format!("Why does nobody of {group} read?"),
    }
}

/// `1, 3`, or `nobody`.
fn ids(brokers: &[BrokerId]) -> String {
    if brokers.is_empty() {
        return "nobody".to_owned();
    }
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `9 s`, `1500 ms`.
fn span(span: Span) -> String {
    let milliseconds = span.as_millis();
    if milliseconds > 0 && milliseconds.is_multiple_of(1_000) {
        format!("{} s", milliseconds / 1_000)
    } else {
        format!("{milliseconds} ms")
    }
}

fn until(time: Option<Time>) -> String {
    time.map_or_else(String::new, |time| format!(", until {time} at the latest"))
}

fn fell(name: &str, how: Fell) -> String {
    match how {
        Fell::Killed => format!("{name} was killed."),
        Fell::PoweredOff => format!("{name} lost its power."),
        Fell::Stopped => format!("{name} stopped in order."),
        Fell::Hung => format!("{name} hung: connected, but silent."),
    }
}

fn left(broker: BrokerId, isr: &[BrokerId], exit: IsrExit) -> String {
    let left = match exit {
        IsrExit::Fenced => format!("{broker} was fenced and left the ISR"),
        IsrExit::ShutDown => format!("{broker} shut down and left the ISR"),
        IsrExit::Restarted => format!("{broker} registered anew and left the ISR"),
        IsrExit::Lagging(limit) => {
            format!("{broker} lagged longer than replica.lag.time.max.ms = {} and left the ISR", span(limit))
        }
        IsrExit::Unclean => format!("Another was elected uncleanly; {broker} left the ISR"),
        IsrExit::Unknown => format!("The controller took {broker} out of the ISR"),
    };
    format!("{left}: now {}.", ids(isr))
}

fn elected(broker: BrokerId, isr: &[BrokerId], chosen: Chosen) -> String {
    let isr = ids(isr);
    match chosen {
        Chosen::InSync => format!("{broker} was elected from the ISR: ISR {isr}."),
        Chosen::Eligible => format!("{broker} was elected from the ELR, with all that was committed: ISR {isr}."),
        Chosen::LastKnown => {
            format!("{broker}, which led last, was elected: ISR {isr}. Records may be lost.")
        }
        Chosen::OutOfSync => format!("{broker} was elected out of sync: ISR {isr}. Records may be lost."),
    }
}

fn clause(clause: &Clause) -> String {
    match clause {
        Clause::Process(clause) => of_process(clause),
        Clause::Broker(clause) => of_broker(clause),
        Clause::Replica(clause) => of_replica(clause),
        Clause::Producer(clause) => of_producer(clause),
        Clause::Consumer(clause) => of_consumer(clause),
    }
}

fn of_process(clause: &OfProcess) -> String {
    match clause {
        OfProcess::FellSilent { name, how } => fell(name, *how),
        OfProcess::EndedWith { name, error } => format!("{name} ended by itself: {error}."),
        OfProcess::Cut { one, other } => format!("The link {one} to {other} was cut."),
        OfProcess::CutOneWay { from, to } => format!("The way from {from} to {to} was cut."),
        OfProcess::Healed { one, other } => format!("The link {one} to {other} was healed."),
        OfProcess::SlowLink { one, other, by } => {
            format!("Messages between {one} and {other} take {} longer.", span(*by))
        }
        OfProcess::Started { name } => format!("{name} started."),
        OfProcess::Woke { name } => format!("{name} woke up."),
        OfProcess::AskedToStop { name } => format!("{name} was asked to stop."),
        OfProcess::UncleanElectionAsked => "A leader was asked for, in sync or not.".to_owned(),
    }
}

fn of_broker(clause: &OfBroker) -> String {
    match clause {
        OfBroker::LastHeard { controller, broker } => format!("{controller} heard broker {broker} for the last time."),
        OfBroker::SessionGranted { controller, broker } => {
            format!("{controller} took charge and gave broker {broker} a new session.")
        }
        OfBroker::SessionOver { timeout } => {
            format!("No heartbeat for broker.session.timeout.ms = {}: its session is over.", span(*timeout))
        }
        OfBroker::SessionRuns { controller, until, timeout } => {
            let timeout = span(*timeout);
            format!("{controller} waits until {until}: broker.session.timeout.ms is {timeout}.")
        }
        OfBroker::Fenced { controller, broker } => {
            format!("{controller} looked at the sessions and fenced broker {broker}.")
        }
        OfBroker::FencedAsAsked { controller, broker } => {
            format!("{controller} fenced broker {broker} at its own word.")
        }
        OfBroker::Unfenced { controller, broker } => format!("{controller} let broker {broker} in again."),
        OfBroker::NobodyInCharge => "No controller is in charge, so nobody decides.".to_owned(),
        OfBroker::NotRegistered { broker } => format!("Broker {broker} runs; its registration is not through yet."),
        OfBroker::OldSession { controller, broker, until } => {
            format!(
                "{controller} keeps the old session of broker {broker} until {until} and registers nobody else as {broker}."
            )
        }
        OfBroker::ReadsMetadata { broker, at, needs } => {
            format!("Broker {broker} reads the metadata log: {at}, and must reach {needs}.")
        }
    }
}

fn of_replica(clause: &OfReplica) -> String {
    match clause {
        OfReplica::LeftIsr { broker, isr, exit } => left(*broker, isr, *exit),
        OfReplica::JoinedIsr { broker, isr } => format!("The leader found {broker} caught up: ISR {}.", ids(isr)),
        OfReplica::ElectedIntoIsr { broker, isr, chosen } => elected(*broker, isr, *chosen),
        OfReplica::TakenIn { broker, isr } => format!("The controller took {broker} in: ISR {}.", ids(isr)),
        OfReplica::CaughtUpLast { leader, broker } => {
            format!("Leader {leader} saw {broker} caught up for the last time.")
        }
        OfReplica::FetchesRest { broker, has, of } => {
            format!("{broker} has offsets up to {has}; the leader’s log ends at {of}.")
        }
        OfReplica::NeverFetched { broker, leader } => format!("{broker} has not fetched from leader {leader} yet."),
        OfReplica::IsrProposed { leader, broker } => {
            format!("{broker} has caught up; leader {leader} asks the controller to take it in.")
        }
        OfReplica::MayNotJoin { broker } => format!("{broker} is fenced, and a fenced broker may not be in an ISR."),
        OfReplica::NobodyToJoin => "Without a leader nobody can be taken in.".to_owned(),
        OfReplica::Truncated { broker, from, to } => {
            format!("{broker} cut its log from {from} to {to}, where the leader’s parts from it.")
        }
        OfReplica::BecameEligible { broker, min } => {
            format!("The ISR fell below min.insync.replicas = {min}: {broker} stays eligible, it has all committed.")
        }
        OfReplica::Returns { broker, how: Return::Leads } => {
            format!("When {broker} is let in again, it leads at once.")
        }
        OfReplica::Returns { broker, how: Return::CatchesUp } => {
            format!("Once let in and caught up, {broker} is in the ISR again.")
        }
        OfReplica::Returns { broker, how: Return::LosesPlace } => {
            format!("If {broker} starts, it is eligible no more: its log may have lost records.")
        }
        OfReplica::Leaderless { isr, elr } => {
            format!("Nobody eligible was let in, so nobody leads: ISR {}, ELR {}.", ids(isr), ids(elr))
        }
        OfReplica::WaitsFor { brokers } => {
            format!("It waits for {}: others may lack committed records.", ids(brokers))
        }
        OfReplica::WaitsForLast { leader } => {
            format!("All eligible died; {leader}, which led last, may lead once the ELR is empty.")
        }
        OfReplica::OnlyUncleanly => "Nobody eligible is left: only an unclean election helps.".to_owned(),
        OfReplica::AnybodyMayLead => "It waits for any replica: unclean.leader.election.enable is true.".to_owned(),
        OfReplica::MarkWaitsFor { broker } => format!("{broker} is still in the ISR: HW waits for every member."),
        OfReplica::MarkUnderMin { members, min } => {
            format!("The ISR has {members} of min.insync.replicas = {min}: HW does not move.")
        }
    }
}

fn of_producer(clause: &OfProducer) -> String {
    match clause {
        OfProducer::NoMetadata { topic, until } => {
            format!("send() waits for metadata of {topic}, until {until} (max.block.ms).")
        }
        OfProducer::NobodyReachable => "It is connected to no broker.".to_owned(),
        OfProducer::BufferFull { used, of } => {
            format!("send() waits for memory: {used} of buffer.memory = {of} are used.")
        }
        OfProducer::NoProducerId => "It has no producer id yet; idempotence needs one.".to_owned(),
        OfProducer::Lingers { until, linger } => {
            format!("The batch waits for more records until {until} (linger.ms = {}).", span(*linger))
        }
        OfProducer::Retries { error, attempts, until } => {
            let tries = plural(*attempts as usize, "try", "tries");
            let error = error.map_or("No answer", ErrorCode::name);
            format!("{error} after {tries}; it tries again at {until}.")
        }
        OfProducer::NoLeaderKnown { partition } => format!("It knows no leader of {partition} and asks again."),
        OfProducer::StaleLeader { believed, leader, told } => {
            let told = told.map_or_else(String::new, |told| format!(", as it last heard at {told}"));
            format!("It believes in leader {believed}{told}; the leader is {leader}.")
        }
        OfProducer::SentUnanswered { partition, leader, records, until: deadline } => {
            let records = plural(*records as usize, "record", "records");
            format!("{records} of {partition} went to broker {leader}; no answer yet{}.", until(*deadline))
        }
        OfProducer::AcksAllWaits { leader, silent: Some(silent) } => {
            format!("acks=all: leader {leader} answers when {silent} has it, too.")
        }
        OfProducer::AcksAllWaits { leader, silent: None } => {
            format!("acks=all: leader {leader} answers when the whole ISR has it.")
        }
        OfProducer::IsrTooSmall { isr, min } => {
            format!("The ISR is {}, and min.insync.replicas = {min}: acks=all is refused.", ids(isr))
        }
        OfProducer::Failed { by, error, records } => {
            let records = plural(*records as usize, "record", "records");
            match by {
                FailedBy::Client(name) => format!("{name} itself gave up {records}: {}.", error.name()),
                FailedBy::Broker(name) => format!("{name} refused {records}: {}.", error.name()),
            }
        }
    }
}

fn state(state: GroupState) -> &'static str {
    match state {
        GroupState::Empty => "has no members",
        GroupState::PreparingRebalance => "began to share out anew: all must join again",
        GroupState::CompletingRebalance => "is complete; its leader makes the plan",
        GroupState::Stable => "has a plan",
        GroupState::Dead => "is gone",
    }
}

fn reason(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "it said so",
        LeaveReason::SessionExpired => "no heartbeat for session.timeout.ms",
        LeaveReason::DidNotRejoin => "it did not join again in time",
        LeaveReason::DidNotSync => "it did not fetch its plan in time",
        LeaveReason::Replaced => "another has its group.instance.id",
    }
}

fn of_consumer(clause: &OfConsumer) -> String {
    match clause {
        OfConsumer::NoCoordinator { group } => format!("No broker coordinates {group}: nobody can join it."),
        OfConsumer::Rebalances { group, state: now } => format!("{group} {}.", state(*now)),
        OfConsumer::GroupWaitsFor { members, until: deadline } if members.is_empty() => {
            format!("The coordinator waits whether others come{}.", until(*deadline))
        }
        OfConsumer::GroupWaitsFor { members, until: deadline } => {
            let members: Vec<&str> = members.iter().map(|name| &**name).collect();
            format!("The coordinator waits for {}{}.", super::list(&members), until(*deadline))
        }
        OfConsumer::MemberLeft { member, group, reason: why } => format!("{member} left {group}: {}.", reason(*why)),
        OfConsumer::MemberJoined { member, group } => format!("{member} joined {group}."),
        OfConsumer::Shared { group, generation } => format!("{group} was shared out: generation {generation}."),
        OfConsumer::NoneLeft { members, partitions } => {
            let partitions = plural(*partitions, "partition", "partitions");
            format!("{members} members share {partitions}; each has one reader, so none is left.")
        }
        OfConsumer::NoSuchTopic { topic } => format!("There is no topic {topic}."),
        OfConsumer::EmptyTopic { topic } => format!("{topic} is empty: there is nothing to read."),
        OfConsumer::EmptyPartition { partition } => format!("{partition} is empty: there is nothing to read."),
        OfConsumer::ReadAll { offset, partition } => {
            format!("It has read all that is committed; {partition} ends at {offset}.")
        }
        OfConsumer::NotCommitted { partition, mark, end } if *mark == Offset::ZERO => {
            format!("Nothing of {partition} is committed yet: its log ends at {end}, HW is 0.")
        }
        OfConsumer::NotCommitted { partition, mark, end } => {
            format!("It has read all that is committed of {partition}: its log ends at {end}, HW is {mark}.")
        }
        OfConsumer::AsksPosition { partition } => format!("It asks where its group had come to in {partition}."),
        OfConsumer::Works { until: deadline } => match deadline {
            Some(time) => format!("Its application works on records and polls again at {time}."),
            None => "Its application works on records.".to_owned(),
        },
        OfConsumer::NoMembers { group } => format!("{group} has no members; what it committed is kept."),
        of_a_program => of_program(of_a_program),
    }
}

fn of_program(clause: &OfConsumer) -> String {
    match clause {
        OfConsumer::Crashed { name, at: CrashAt::BeforeCommit } => format!("{name} crashed right before its commit."),
        OfConsumer::Crashed { name, at: CrashAt::AfterCommit } => format!("{name} crashed right after its commit."),
        OfConsumer::Crashed { name, at: CrashAt::FailedWrite } => {
            format!("{name} ended: its store did not take a row, and nobody caught the exception.")
        }
        OfConsumer::Toll { again: 0, never: 0 } => {
            "What is committed is what it had worked on: nothing comes twice, nothing is left out.".to_owned()
        }
        OfConsumer::Toll { again, never: 0 } => {
            format!("Worked on and not committed: {again}. Whoever reads on begins with them.")
        }
        OfConsumer::Toll { again: 0, never } => {
            format!("Committed and not worked on: {never}. Whoever reads on begins behind them.")
        }
        OfConsumer::Toll { again, never } => {
            format!("Worked on and not committed: {again}; committed and not worked on: {never}.")
        }
        OfConsumer::Paused { partition, waiting } => {
            format!(
                "Its program has paused {partition}, so it lags by wish. It polls and stays a member; unread: {waiting}."
            )
        }
        OfConsumer::PolledTooLate { name, after } => {
            format!("{name} had not polled for max.poll.interval.ms = {} and left its group.", span(*after))
        }
        OfConsumer::Threw { name, error } => format!("The commit of {name} threw {error}."),
        OfConsumer::Sought { name, partition, to } => format!("{name} went back to offset {to} of {partition}."),
        OfConsumer::Twice { store, records, partition, first } => {
            format!(
                "{store} has no ids, so each write is a row: {records} have several, from {partition} offset {first}."
            )
        }
        _told_before => String::new(),
    }
}
