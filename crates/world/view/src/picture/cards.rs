//! The words of cards, each made from its value alone.

use base::TopicPartition;

use super::producers::short;
use crate::text::Text;
use crate::{BrokerLine, End, Glyph, GroupLine, MemberState, OwnedLine, Status, short_name};

/// Characters of a partition's name that a card has room for.
const NAME: usize = 9;

/// A line of a producer's card.
pub(super) fn status(said: &Status, text: &Text) -> String {
    let (words, own) = (&text.stage, &text.cards);
    match said {
        Status::Stopped => words.member_stopped.to_owned(),
        Status::Hangs => words.member_hung.to_owned(),
        Status::Waits { records, partition } => (words.waiting_for)(&short(*records), &short_name(partition, NAME - 1)),
        Status::Unreachable { leader, end } => match end {
            End::Killed | End::PoweredOff | End::Stopped => (own.leader_down)(leader.0),
            End::Hangs => (own.leader_hangs)(leader.0),
            End::CutOff => (own.leader_cut_off)(leader.0),
        },
        Status::Stale { leader } => (words.stale_leader)(leader.0),
        Status::KnowsNoLeader => own.knows_no_leader.to_owned(),
        Status::InFlight { sequences, more } => {
            let sequences: Vec<String> = sequences.iter().map(ToString::to_string).collect();
            let rest = if *more > 0 { " …" } else { "" };
            (words.in_flight_sequence)(&(sequences.join(", ") + rest))
        }
        Status::Unnumbered { batches: 0 } => words.in_flight_none.to_owned(),
        Status::Unnumbered { batches } => (words.in_flight)(*batches),
        Status::Acked(records) => (words.acked)(*records),
        Status::Target { keys, partition } => {
            let letters: Vec<String> = keys.iter().filter_map(letter).collect();
            let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
            (words.keys_to)(&letters, &short_name(partition, NAME))
        }
        Status::Blocked { since } => (text.producing.card_blocked)(*since),
        Status::Took { records, time } => (text.producing.card_took)(*records, *time),
        Status::NoTargetYet { topic } => (words.key_to)("…", topic),
    }
}

fn letter(key: &Glyph) -> Option<String> {
    match key {
        Glyph::Keyless => None,
        Glyph::Key { letter, .. } => Some(letter.to_string()),
    }
}

/// A group's state.
pub(super) fn group(said: GroupLine, text: &Text) -> String {
    let words = &text.stage;
    match said {
        GroupLine::NoCoordinator => words.group_unknown.to_owned(),
        GroupLine::Joining { joined, all } => (words.group_joining)(joined, all),
        GroupLine::Syncing { generation } => (words.group_syncing)(generation),
        GroupLine::Stable { generation } => (words.group_stable)(generation),
        GroupLine::Empty => words.group_empty.to_owned(),
    }
}

/// What a member does, if that needs a word; the error that it ended with, by Kafka's name.
pub(super) fn member(state: MemberState, error: Option<&str>, text: &Text) -> String {
    let words = &text.stage;
    match (state, error) {
        (MemberState::Stopped, Some(error)) => (text.story.ended_with)(error),
        (MemberState::Stopped, None) => words.member_stopped.to_owned(),
        (MemberState::Reading, _) => String::new(),
        (MemberState::Idle, _) => words.idle.to_owned(),
        (MemberState::Paused, _) => words.paused.to_owned(),
        (MemberState::Waiting, _) => words.waiting.to_owned(),
        (MemberState::Leaving, _) => text.cards.leaving.to_owned(),
        (MemberState::Hung, _) => words.member_hung.to_owned(),
    }
}

/// What is said of a partition that a member owns.
pub(super) fn owned(said: OwnedLine, text: &Text) -> String {
    match said {
        OwnedLine::NoLeader => text.stage.no_leader.to_owned(),
        OwnedLine::Lag(records) => (text.stage.lag)(records),
        OwnedLine::NoPosition => String::new(),
        OwnedLine::Nobody => text.stage.nobody_reads.to_owned(),
    }
}

/// What stands beside a broker's name.
pub(super) fn broker(said: &BrokerLine, text: &Text) -> String {
    let words = &text.stage;
    match said {
        BrokerLine::Leads(names) => {
            let names: Vec<String> = names.iter().map(TopicPartition::to_string).collect();
            (words.leads)(&names.join(", "))
        }
        BrokerLine::LeadsMany(count) => (words.leads_many)(*count),
        BrokerLine::LeadsNothing => words.leads_nothing.to_owned(),
        BrokerLine::Starting => words.starting.to_owned(),
        BrokerLine::Fenced => words.fenced_state.to_owned(),
        BrokerLine::Hangs => words.paused_state.to_owned(),
        BrokerLine::HandsOver => words.shutting_down.to_owned(),
        BrokerLine::StoppedFenced => words.stopped_fenced.to_owned(),
        BrokerLine::StoppedAt(at) => (words.stopped_at)(&at.to_string()),
    }
}
