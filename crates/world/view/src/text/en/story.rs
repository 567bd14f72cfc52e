//! English: the sentences of the story.

use base::Span;
use port::{ChangeCause, Chosen, CrashAt, OnFailedWrite, StoreCondition};

use super::plural;
use crate::Actor;
use crate::text::{Asker, Contact, Disk, Doing, Dropping, Jump, Leaving, Silence, StoryText, span_of};

/// `You killed Broker 2.`
fn done(actor: Actor, name: &str, verb: &str) -> String {
    match actor {
        Actor::You => format!("You {verb} {name}."),
        Actor::Other => format!("Somebody {verb} {name}."),
    }
}

fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::You => "You",
        Actor::Other => "Somebody",
    }
}

fn of_cause(cause: &ChangeCause, actor: Actor) -> String {
    match cause {
        ChangeCause::SessionExpired(broker) => format!("Broker {broker} was silent for too long."),
        ChangeCause::ShutDown(broker) => format!("Broker {broker} shuts down and hands over."),
        ChangeCause::CameIn(broker) => format!("Broker {broker} is back."),
        ChangeCause::Restarted(broker) => format!("Broker {broker} has started anew."),
        ChangeCause::LeaderAsked(broker) => format!("Leader {broker} asked for it."),
        ChangeCause::PreferredAsked => format!("{} asked for the preferred leader.", who(actor)),
        ChangeCause::UncleanAsked => format!("{} asked for a leader from out of sync.", who(actor)),
        ChangeCause::PreferredDue => {
            "Its first replica can lead again (leader.imbalance.check.interval.seconds).".to_owned()
        }
        ChangeCause::UncleanDue => "unclean.leader.election.enable allows it.".to_owned(),
    }
}

fn jump(member: &str, partition: &str, to: i64, jump: Jump) -> (String, String) {
    let (from, why) = match jump {
        Jump::Start => {
            let strong = format!("{member} begins {partition} at offset {to}.");
            let left = plural(to as usize, "earlier offset is", "earlier offsets are");
            return (strong, format!("Its group had committed nothing there; {left} left out."));
        }
        Jump::OutOfRange(from) => (from, "The log does not hold its offset; auto.offset.reset decided."),
        Jump::Truncated(from) => (from, "The new leader's log ends before its offset."),
    };
    let strong = format!("{member} goes on in {partition} at {to} instead of {from}.");
    let rest = match to - from {
        skipped @ 1.. => format!("{why} It skips {}.", plural(skipped as usize, "record", "records")),
        _back => format!("{why} What comes there it reads as new."),
    };
    (strong, rest)
}

fn program(member: &str, doing: Doing<'_>) -> (String, String) {
    match doing {
        Doing::Threw(error) => (format!("The commit of {member} threw {error}."), plainly(error).to_owned()),
        Doing::Seeks(partition, from, to) => {
            let strong = format!("{member} seeks to {to} in {partition}.");
            let rest = match from.map(|from| to - from) {
                Some(skipped @ 1..) => format!("It skips {}.", plural(skipped as usize, "offset", "offsets")),
                Some(0) => "It was there.".to_owned(),
                Some(back) => format!("It reads {} again.", plural(back.unsigned_abs() as usize, "offset", "offsets")),
                None => String::new(),
            };
            (strong, rest)
        }
        Doing::Pauses(partition) => {
            (format!("{member} pauses {partition}."), "It polls on and stays a member.".to_owned())
        }
        Doing::Resumes(partition) => (format!("{member} resumes {partition}."), String::new()),
        Doing::Works(work) => (format!("{member} works {work} per record from now on."), String::new()),
        Doing::FailsToWrite(store, record, then) => {
            let then = match then {
                OnFailedWrite::Die => "Nobody catches the exception: the program ends.",
                OnFailedWrite::Retry => "It writes again until the store takes it, and does not poll meanwhile.",
                OnFailedWrite::Skip => "It goes on with the next record: this one will have no row.",
            };
            (format!("Store {store} does not take {record} of {member}."), then.to_owned())
        }
    }
}

fn crashed(member: &str, at: CrashAt) -> String {
    match at {
        CrashAt::BeforeCommit => format!("{member} crashed right before its commit."),
        CrashAt::AfterCommit => format!("{member} crashed right after its commit."),
        CrashAt::FailedWrite => {
            format!("{member} ended: its store did not take a row, and nobody caught the exception.")
        }
    }
}

fn plainly(name: &str) -> &'static str {
    match name {
        "FENCED_INSTANCE_ID" => "Another member has its group.instance.id now.",
        "INVALID_SESSION_TIMEOUT" => "Its session.timeout.ms is outside what the brokers allow.",
        "GROUP_MAX_SIZE_REACHED" => "The group is full.",
        "INCONSISTENT_GROUP_PROTOCOL" => "It shares no assignor with its group.",
        "NoOffsetForPartitionException" => "Its group committed nothing there, and auto.offset.reset is none.",
        "OffsetOutOfRangeException" => "The log does not hold its offset, and auto.offset.reset is none.",
        "CommitFailedException" | "UNKNOWN_MEMBER_ID" => "The group has gone on without it.",
        "ILLEGAL_GENERATION" => "The group is in a later generation.",
        "RebalanceInProgressException" | "REBALANCE_IN_PROGRESS" => "The group is sharing out at this moment.",
        "NOT_COORDINATOR" | "COORDINATOR_NOT_AVAILABLE" | "COORDINATOR_LOAD_IN_PROGRESS" => {
            "Another broker coordinates the group, or none."
        }
        "RetriableCommitFailedException" => "commitAsync does not try again; the next commit says more.",
        "NETWORK_EXCEPTION" => "The connection broke before an answer came.",
        "TimeoutException" | "REQUEST_TIMED_OUT" => "Nobody answered in time.",
        "CORRUPT_MESSAGE" => "What it fetched cannot be read.",
        _ => "The cluster refused it.",
    }
}

pub(super) const STORY: StoryText = StoryText {
    killed: |actor, name| done(actor, name, "killed"),
    power_cut: |actor, name| done(actor, &format!("the power of {name}"), "cut"),
    asked_to_stop: |actor, name| {
        (format!("{} asked {name} to stop.", who(actor)), "It ends its work first.".to_owned())
    },
    stopped_as_asked: |actor, name| match actor {
        Actor::You => format!("{name} has stopped, as you asked."),
        Actor::Other => format!("{name} has stopped, as it was asked to."),
    },
    stopped_by_itself: |name| format!("{name} stopped by itself."),
    registration_gave_up: "No controller took its registration (initial.broker.registration.timeout.ms).",
    started: |actor, name| match actor {
        Actor::You => format!("You started {name}."),
        Actor::Other => format!("{name} starts."),
    },
    found_on_disk: |disk| match disk {
        Disk::Whole => "All that it wrote is on its disk.",
        Disk::Flushed => "What it had not flushed may be missing on its disk.",
    },
    paused: |actor, name| (done(actor, name, "hung"), "It keeps its connections and answers nothing.".to_owned()),
    resumed: |actor, name| done(actor, name, "woke"),
    it_led: |what| format!("It led {what}."),
    it_read: |what| format!("It read {what}."),
    connections_closed: |name, lost| {
        let rest = match lost {
            0 => "Nothing was on its way.".to_owned(),
            1 => "One message was on its way.".to_owned(),
            _ => format!("{lost} messages were on their way."),
        };
        (format!("Connections to {name} closed."), rest)
    },
    shuts_down: |name| {
        (format!("{name} shuts down in order."), "It hands over what it leads before it stops.".to_owned())
    },
    fenced: |controller, broker, contact| {
        let rest = match contact {
            Contact::Heard(before) => format!("Its last heartbeat had come {before} before."),
            Contact::TookCharge(before) => {
                format!("None of its heartbeats had come since {controller} took charge, {before} before.")
            }
            Contact::Never => "It never sent a heartbeat.".to_owned(),
        };
        (format!("Controller {controller} fenced broker {broker}."), rest)
    },
    silence: |silence| match silence {
        Silence::Stopped => "It had stopped.",
        Silence::Hung => "It hung.",
        Silence::CutOff => "It was cut off.",
        Silence::StartedAnew => "It has started anew; this was its old session.",
    },
    fenced_as_asked: |controller, broker| {
        (format!("Controller {controller} fenced broker {broker}."), "It leads nothing more and may stop.".to_owned())
    },
    fenced_as_new: |controller, broker| {
        let rest = "It registered anew before its old session was over.";
        (format!("Controller {controller} fenced broker {broker}."), rest.to_owned())
    },
    unfenced: |controller, broker| {
        (format!("Controller {controller} let broker {broker} in."), "It has caught up with the metadata.".to_owned())
    },
    leader_decided: |partition, from, to, epoch| format!("{partition}: leader {from} to {to}, epoch {epoch}."),
    leader_again: |partition, to, epoch| format!("{partition}: leader {to} again, epoch {epoch}."),
    leader_found: |partition, to, epoch| format!("{partition} has a leader again: {to}, epoch {epoch}."),
    cause: of_cause,
    old_session_over: |broker| format!("The old session of broker {broker}, which has started anew, was over."),
    chosen: |chosen| match chosen {
        Chosen::InSync => "It is in sync.",
        Chosen::Eligible => "It is from the ELR: all that was committed is there.",
        Chosen::LastKnown => "Nobody is left in ISR and ELR; it led last, and records may be lost.",
        Chosen::OutOfSync => "It was out of sync: records may be lost.",
    },
    unclean_allowed: "unclean.leader.election.enable allows it.",
    only_decided: "It takes effect when the new leader has read it.",
    nobody_to_hand_over_to: |broker| format!("Broker {broker} shuts down and can hand over to nobody."),
    leaderless: |partition, waits| {
        let rest = match waits {
            "" => "Nobody in ISR and ELR is left.".to_owned(),
            waits => format!("Nobody else may lead; it waits for {waits}."),
        };
        (format!("{partition} has no leader."), rest)
    },
    leads_from: |broker, partition, epoch, offset| {
        (format!("Broker {broker} leads {partition}, epoch {epoch}."), format!("Its log ends at offset {offset}."))
    },
    follows_from: |broker, partition, end, leader| {
        let rest = match leader {
            Some(leader) => format!("It asks leader {leader} for what follows."),
            None => "Nobody leads it at present.".to_owned(),
        };
        (format!("Broker {broker} finds {partition} on its disk, ending at offset {end}."), rest)
    },
    isr_shrank: |partition, isr| format!("The ISR of {partition} shrank to {isr}."),
    isr_grew: |partition, isr| format!("The ISR of {partition} grew to {isr}."),
    lagged: |leader, gone| {
        format!("Leader {leader} asked for it: {gone} had not caught up in replica.lag.time.max.ms.")
    },
    caught_up: |new, leader| format!("Leader {leader} asked for it: {new} has caught up."),
    truncated: |broker, partition, from, to| {
        (
            format!("Broker {broker} cut {partition} back from {from} to {to}."),
            "The new leader does not have that part.".to_owned(),
        )
    },
    duplicate_ignored: |broker, partition| {
        (format!("Broker {broker} has that batch of {partition} already."), "It answers and writes nothing.".to_owned())
    },
    send_failed: |name, count, partition, error| {
        format!("{name} could not send {} to {partition}: {error}.", plural(count, "message", "messages"))
    },
    topic_created: |topic, partitions, copies| {
        (
            format!("Topic {topic} exists."),
            format!("{}, {} each.", plural(partitions, "partition", "partitions"), plural(copies, "copy", "copies")),
        )
    },
    topic_deleted: |topic| format!("Topic {topic} is deleted."),
    partitions_added: |topic, from, to| format!("Topic {topic} has {to} partitions instead of {from}."),
    asker: |asker| match asker {
        Asker::Operator(actor) => format!("{} asked for it.", who(actor)),
        Asker::Client(name) => format!("{name} wanted it (auto.create.topics.enable)."),
        Asker::Named(name) => format!("{name} asked for it."),
    },
    asked_for_preferred: |actor, partitions| {
        let of = if partitions.is_empty() { "all partitions" } else { partitions };
        (format!("{} asked for the preferred leader of {of}.", who(actor)), String::new())
    },
    asked_for_unclean: |actor, partitions| {
        let of = if partitions.is_empty() { "all leaderless partitions" } else { partitions };
        let rest = "Records may be lost by it.".to_owned();
        (format!("{} asked for any leader of {of}, in sync or not.", who(actor)), rest)
    },
    candidate: |name, epoch| (format!("{name} asks for votes."), format!("It raised its epoch to {epoch}.")),
    active: |name, epoch| (format!("{name} is in charge."), format!("A majority voted for it in epoch {epoch}.")),
    resigned: |name| format!("{name} is no longer in charge."),
    joined: |member, group, coordinator| {
        (format!("{member} joins {group}."), format!("{coordinator} coordinates the group."))
    },
    leaves: |member, group, how| {
        let rest = match how {
            Leaving::SaidSo => "It said so; nobody has to wait.",
            Leaving::Asked => "It was asked to stop and said so; nobody has to wait.",
            Leaving::PolledTooLate => "It did not poll within max.poll.interval.ms and said so.",
        };
        (format!("{member} leaves {group}."), rest.to_owned())
    },
    dropped: |coordinator, member, group| format!("{coordinator} drops {member} from {group}."),
    dropping: |dropping| match dropping {
        Dropping::SessionOver => "Its session is over (session.timeout.ms).",
        Dropping::DidNotRejoin => "It did not join again in time (max.poll.interval.ms).",
        Dropping::DidNotSync => "It did not ask for its partitions in time (max.poll.interval.ms).",
    },
    silent_for: |silence, time| match silence {
        Silence::Stopped => format!("It had stopped {time} before."),
        Silence::Hung => format!("It had hung for {time} by then."),
        Silence::CutOff => format!("It had been cut off for {time} by then."),
        Silence::StartedAnew => format!("It had started anew {time} before."),
    },
    replaced: |member, group| {
        let rest = "Another process joined with its group.instance.id.";
        (format!("{member} loses its place in {group}."), rest.to_owned())
    },
    polled_too_late: |member, group, time| {
        (format!("{member} did not poll for {time}."), format!("max.poll.interval.ms is over; it gives up {group}."))
    },
    rebalancing: |group, generation| {
        (format!("{group} shares out again."), format!("Generation {generation} is being made."))
    },
    assigned: |group, generation, leader| {
        let rest = match leader {
            Some(leader) => format!("Generation {generation}; {leader} made the plan."),
            None => format!("Generation {generation}."),
        };
        (format!("{group} is stable."), rest)
    },
    nobody_left: |group| (format!("{group} has no members."), "What it committed is kept.".to_owned()),
    owns: |member, partition| (format!("{member} reads {partition}."), String::new()),
    takes_over: |member, partition, before| {
        (format!("{member} takes over {partition}."), format!("{before} read it before."))
    },
    commit_refused: |member, error| format!("{member} could not commit: {error}."),
    plainly,
    ended_with: |error| format!("ended: {error}"),
    client_failed: |name, error| format!("{name} ended with {error}."),
    program,
    crashed,
    jumps: jump,
    link_cut: |actor, one, other| {
        (done(actor, &format!("the link {one} to {other}"), "cut"), "Both sides hear silence.".to_owned())
    },
    link_cut_one_way: |actor, from, to| {
        let strong = done(actor, &format!("the way from {from} to {to}"), "cut");
        (strong, format!("{to} hears nothing of {from}; the other way is as it was."))
    },
    link_healed: |actor, one, other| (done(actor, &format!("the link {one} to {other}"), "healed"), String::new()),
    link_reset: |actor, one, other| {
        let strong = done(actor, &format!("the connections {one} to {other}"), "broke");
        (strong, "What was on its way is gone.".to_owned())
    },
    messages_held: |actor, [from, to], api| {
        let strong = done(actor, &format!("{api} messages from {from} to {to}"), "held back");
        (strong, "What follows them on their connection waits with them, until the link is healed.".to_owned())
    },
    store_changed: |actor, store, stands| match stands {
        StoreCondition { is_down: true, .. } => (
            format!("{} put store {store} out of order.", who(actor)),
            "Whoever writes there gets an exception.".to_owned(),
        ),
        StoreCondition { time: Span::ZERO, .. } => {
            (format!("{} let store {store} take rows at once.", who(actor)), String::new())
        }
        StoreCondition { time, .. } => {
            let strong = format!("{} let store {store} take {} a row.", who(actor), span_of(time.0));
            (strong, "Whoever writes there waits, and does not poll meanwhile.".to_owned())
        }
    },
    messages_to_be_lost: |actor, [from, to], (api, left)| {
        let what =
            if left == 1 { format!("the next {api} message") } else { format!("the next {left} {api} messages") };
        let strong = done(actor, &format!("the link {from} to {to}"), "changed");
        (strong, format!("It loses {what}, and neither side is told."))
    },
    chosen_message_lost: |[from, to], api| {
        let strong = format!("A {api} message from {from} to {to} is lost.");
        (strong, "Its connection lives on: who waits for it waits until a timeout.".to_owned())
    },
    and_others: |count| format!(" and {count} more"),
    and_more: |count| format!("{} more at the same instant.", count),
    show_all: |count| format!("all {count}"),
    moral_role: "A role moves when the broker that gets it has read the decision, not when it was taken.",
    moral_waiting: |span| {
        format!("Kafka waits here, usually for {span}. Nothing else happens, so that passes quickly.")
    },
    mark_stopped: |name| format!("{name} stopped"),
    mark_started: |name| format!("{name} started"),
    mark_paused: |name| format!("{name} hangs"),
    mark_fenced: |name| format!("{name} fenced"),
    mark_leads: |partition| format!("{partition} moves"),
    mark_topic: |name| format!("topic {name}"),
    mark_active: |name| format!("{name} in charge"),
    mark_generation: |generation| format!("gen {generation}"),
    mark_cut: |one, other| format!("{one} – {other} cut"),
    mark_cut_one_way: |from, to| format!("{from} → {to} cut"),
};
