//! The sentences of the story. The instant stands beside each line, so it is not repeated inside.

use port::{ChangeCause, Chosen, CrashAt, OnFailedWrite, StoreCondition};

use crate::Actor;

/// The bold part and the rest.
pub type Said = (String, String);

/// What a started node finds on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    /// Everything that it wrote.
    Whole,
    /// Its machine lost power: only what was flushed is certain.
    Flushed,
}

/// Why a member left its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    SaidSo,
    /// It was asked to stop.
    Asked,
    PolledTooLate,
}

/// Why a coordinator drops a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropping {
    SessionOver,
    DidNotRejoin,
    DidNotSync,
}

/// Why nobody heard from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    Stopped,
    Hung,
    CutOff,
    /// It runs again, and has no session of its own yet.
    StartedAnew,
}

/// What a controller knew last of a broker whose session is over, and how long before that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact<'a> {
    /// A heartbeat came.
    Heard(&'a str),
    /// It took charge and gave the broker a new session; nothing came since.
    TookCharge(&'a str),
    Never,
}

/// Who wanted a topic to come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker<'a> {
    Operator(Actor),
    /// A client that found it missing.
    Client(&'a str),
    /// Nothing more is known of it than its name.
    Named(&'a str),
}

/// Why a reader goes on somewhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The group had never committed there.
    Start,
    /// The log does not hold the offset.
    OutOfRange(i64),
    /// The new leader's log ends before it.
    Truncated(i64),
}

/// What the application around a consumer does, with the partition that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing<'a> {
    /// A commit of its own threw the exception of that name.
    Threw(&'a str),
    /// It seeks: from where, where that was known, to where.
    Seeks(&'a str, Option<i64>, i64),
    Pauses(&'a str),
    Resumes(&'a str),
    /// So much work per record from now on.
    Works(&'a str),
    /// Its store, and where the record lies whose row that did not take; what it does then.
    FailsToWrite(&'a str, &'a str, OnFailedWrite),
}

/// One function per kind of event.
pub struct StoryText {
    pub killed: fn(Actor, &str) -> String,
    pub power_cut: fn(Actor, &str) -> String,
    pub asked_to_stop: fn(Actor, &str) -> Said,
    pub stopped_as_asked: fn(Actor, &str) -> String,
    /// Nobody asked it to.
    pub stopped_by_itself: fn(&str) -> String,
    pub registration_gave_up: &'static str,
    pub started: fn(Actor, &str) -> String,
    pub found_on_disk: fn(Disk) -> &'static str,
    pub paused: fn(Actor, &str) -> Said,
    pub resumed: fn(Actor, &str) -> String,
    pub it_led: fn(&str) -> String,
    pub it_read: fn(&str) -> String,
    pub connections_closed: fn(&str, usize) -> Said,
    /// It hands over what it leads before it stops.
    pub shuts_down: fn(&str) -> Said,
    /// By whom, whom, and when it had last heard of it.
    pub fenced: fn(&str, i32, Contact<'_>) -> Said,
    pub silence: fn(Silence) -> &'static str,
    pub fenced_as_asked: fn(&str, i32) -> Said,
    pub fenced_as_new: fn(&str, i32) -> Said,
    pub unfenced: fn(&str, i32) -> Said,
    pub leader_decided: fn(&str, i32, i32, i32) -> String,
    /// Out of a state without a leader; it led before.
    pub leader_again: fn(&str, i32, i32) -> String,
    /// Out of a state without a leader.
    pub leader_found: fn(&str, i32, i32) -> String,
    /// Why the controller changed a partition, and who asked if somebody did.
    pub cause: fn(&ChangeCause, Actor) -> String,
    /// The session was of the broker's life before.
    pub old_session_over: fn(i32) -> String,
    /// What is to be known of a leader that was taken from outside the ISR.
    pub chosen: fn(Chosen) -> &'static str,
    /// A setting made an unclean election possible.
    pub unclean_allowed: &'static str,
    pub only_decided: &'static str,
    /// A broker that shuts down keeps what nobody else may lead.
    pub nobody_to_hand_over_to: fn(i32) -> String,
    /// The partition, and who may lead it again.
    pub leaderless: fn(&str, &str) -> Said,
    pub leads_from: fn(i32, &str, i32, i64) -> Said,
    /// Who follows whom, with what on its disk.
    pub follows_from: fn(i32, &str, i64, Option<i32>) -> Said,
    pub isr_shrank: fn(&str, &str) -> String,
    pub isr_grew: fn(&str, &str) -> String,
    /// The leader, and who has not caught up.
    pub lagged: fn(i32, &str) -> String,
    /// Who has caught up with the leader.
    pub caught_up: fn(&str, i32) -> String,
    pub truncated: fn(i32, &str, i64, i64) -> Said,
    pub duplicate_ignored: fn(i32, &str) -> Said,
    /// Who could not send how many messages to which partition, and why.
    pub send_failed: fn(&str, usize, &str, &str) -> String,
    pub topic_created: fn(&str, usize, usize) -> Said,
    pub topic_deleted: fn(&str) -> String,
    pub partitions_added: fn(&str, i32, i32) -> String,
    pub asker: fn(Asker<'_>) -> String,
    /// All partitions where none is named.
    pub asked_for_preferred: fn(Actor, &str) -> Said,
    pub asked_for_unclean: fn(Actor, &str) -> Said,
    pub candidate: fn(&str, i32) -> Said,
    pub active: fn(&str, i32) -> Said,
    pub resigned: fn(&str) -> String,
    /// Who joins what, and who lets it in.
    pub joined: fn(&str, &str, &str) -> Said,
    pub leaves: fn(&str, &str, Leaving) -> Said,
    /// Who drops whom from what.
    pub dropped: fn(&str, &str, &str) -> String,
    pub dropping: fn(Dropping) -> &'static str,
    /// How long it has been silent, and how that came.
    pub silent_for: fn(Silence, &str) -> String,
    /// Another process has its `group.instance.id` now.
    pub replaced: fn(&str, &str) -> Said,
    pub polled_too_late: fn(&str, &str, &str) -> Said,
    pub rebalancing: fn(&str, i32) -> Said,
    /// Group, generation, and who made the plan.
    pub assigned: fn(&str, i32, Option<&str>) -> Said,
    pub nobody_left: fn(&str) -> Said,
    pub owns: fn(&str, &str) -> Said,
    /// Member, partition, and who read it before.
    pub takes_over: fn(&str, &str, &str) -> Said,
    pub commit_refused: fn(&str, &str) -> String,
    /// The plain sentence for what ended a client or a commit, by Kafka's name.
    pub plainly: fn(&str) -> &'static str,
    /// On the client's card.
    pub ended_with: fn(&str) -> String,
    pub client_failed: fn(&str, &str) -> String,
    pub program: fn(&str, Doing<'_>) -> Said,
    /// It died at a commit.
    pub crashed: fn(&str, CrashAt) -> String,
    /// Member, partition and offset; a start or a jump.
    pub jumps: fn(&str, &str, i64, Jump) -> Said,
    pub link_cut: fn(Actor, &str, &str) -> Said,
    /// From the first to the second; the other way is as it was.
    pub link_cut_one_way: fn(Actor, &str, &str) -> Said,
    pub link_healed: fn(Actor, &str, &str) -> Said,
    pub link_reset: fn(Actor, &str, &str) -> Said,
    /// From, to, and Kafka's name of the API.
    pub messages_held: fn(Actor, [&str; 2], &str) -> Said,
    /// With how many.
    /// How a store outside Kafka stands from now on.
    pub store_changed: fn(Actor, &str, StoreCondition) -> Said,
    pub messages_to_be_lost: fn(Actor, [&str; 2], (&str, u32)) -> Said,
    pub chosen_message_lost: fn([&str; 2], &str) -> Said,
    /// After a list that names only the first few.
    pub and_others: fn(usize) -> String,
    pub and_more: fn(usize) -> String,
    pub show_all: fn(usize) -> String,
    pub moral_role: &'static str,
    pub moral_waiting: fn(&str) -> String,
    pub mark_stopped: fn(&str) -> String,
    pub mark_started: fn(&str) -> String,
    pub mark_paused: fn(&str) -> String,
    pub mark_fenced: fn(&str) -> String,
    pub mark_leads: fn(&str) -> String,
    pub mark_topic: fn(&str) -> String,
    pub mark_active: fn(&str) -> String,
    pub mark_generation: fn(i32) -> String,
    pub mark_cut: fn(&str, &str) -> String,
    /// Nothing passes from the first to the second.
    pub mark_cut_one_way: fn(&str, &str) -> String,
}
