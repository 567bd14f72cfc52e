//! Words on the stage.

use crate::Decision;
use base::Span;

/// Names, states and second lines of everything that stands on the stage.
pub struct StageText {
    /// Partitions of a lane, and of a member, that are not drawn.
    pub more_rows: fn(u64) -> String,
    pub more_owned: fn(u64) -> String,
    pub controllers: &'static str,
    pub decide: &'static str,
    pub epoch_active: fn(i32, &str) -> String,
    pub epoch_nobody: fn(i32) -> String,
    pub committed_up_to: fn(i64) -> String,
    pub metadata_offset: fn(i64) -> String,
    /// Who is in charge, and who stands by.
    pub in_charge: fn(&str, &[&str]) -> String,
    pub nobody_in_charge: &'static str,
    /// How often brokers report.
    pub report: fn(&str) -> String,
    pub last_heard_from: &'static str,
    pub metadata_log: &'static str,
    pub no_op: &'static str,
    pub more_records: fn(usize) -> String,
    pub fenced: &'static str,
    /// Active, follower, prospective, candidate, unattached, resigned, stopped, paused, stale.
    pub roles: [&'static str; 9],
    /// The tally of a nominee: by name; granted of all; how many are needed.
    pub votes_for: fn(&str) -> String,
    pub trial_votes_for: fn(&str) -> String,
    pub votes_of: fn(usize, usize) -> String,
    pub votes_needed: fn(usize) -> String,
    pub votes_majority: &'static str,
    /// Below a controller that has just decided.
    pub decides_word: &'static str,

    pub broker: fn(i32) -> String,
    pub leads: fn(&str) -> String,
    /// Beside a badge where there is room for one word.
    pub leads_word: &'static str,
    pub leads_many: fn(usize) -> String,
    pub leads_nothing: &'static str,
    pub stopped_at: fn(&str) -> String,
    pub stopped_fenced: &'static str,
    pub fenced_state: &'static str,
    pub paused_state: &'static str,
    pub shutting_down: &'static str,
    pub starting: &'static str,
    pub stamp_stopped: &'static str,
    pub stamp_paused: &'static str,
    pub parked: fn(usize) -> String,
    /// On a fetch's tag, and on that of an answer without records.
    pub fetch: &'static str,
    pub fetch_empty: &'static str,
    /// How long it has waited, and for how many bytes.
    pub fetch_waits: fn(Span, u64) -> String,
    pub meta: fn(i64) -> String,
    pub in_sync: &'static str,
    pub behind: fn(i64) -> String,
    pub out: &'static str,
    pub no_leader: &'static str,
    /// What a replica on a stopped broker was.
    pub gone_leader: &'static str,
    pub gone_follower: &'static str,
    pub kill_broker: fn(i32) -> String,
    pub start_broker: fn(i32) -> String,
    pub high_watermark: &'static str,
    pub log_end: &'static str,
    pub epoch_tick: fn(i32) -> String,
    /// A new leader's epoch and where it begins.
    pub epoch_from: fn(i32, i64) -> String,
    pub mark_stays: fn(i64) -> String,

    /// Over the lines of brokers: what they lead, what they copy, what they have to do.
    pub columns: [&'static str; 3],
    /// Copies that are out of the ISR.
    pub missing_copies: &'static str,
    /// Shows a lane at full size, and as one of many again.
    pub open_lane: fn(i32) -> String,
    pub close_lane: fn(i32) -> String,

    pub sends: &'static str,
    /// Lines of a card: at most 18 characters of English, 9 wide ones of Chinese. A key and the topic that it goes to; keys
    /// and the partition, whose name has at most 9 characters.
    pub key_to: fn(&str, &str) -> String,
    pub keys_to: fn(&[&str], &str) -> String,
    pub in_flight: fn(usize) -> String,
    /// Sequence numbers with commas between; as many of them as there is room for.
    pub in_flight_sequence: fn(&str) -> String,
    pub in_flight_none: &'static str,
    pub acked: fn(u64) -> String,
    /// How many wait, in at most 3 characters, for which partition, in at most 8.
    pub waiting_for: fn(&str, &str) -> String,
    pub stale_leader: fn(i32) -> String,
    pub believes: fn(&str, i32) -> String,

    pub group: fn(&str) -> String,
    /// Joining 2 of 3. Short: it stands beside the group's name, over the narrowest frame.
    pub group_joining: fn(usize, usize) -> String,
    pub group_syncing: fn(i32) -> String,
    pub group_stable: fn(i32) -> String,
    pub group_empty: &'static str,
    pub group_unknown: &'static str,
    pub offset: fn(i64) -> String,
    pub lag: fn(i64) -> String,
    pub read: &'static str,
    pub idle: &'static str,
    pub paused: &'static str,
    pub waiting: &'static str,
    pub member_stopped: &'static str,
    pub member_hung: &'static str,
    pub new_member: &'static str,
    pub nobody_reads: &'static str,
    pub nobody_sends: &'static str,
    pub stop_client: fn(&str) -> String,
    pub start_client: fn(&str) -> String,

    pub left_right: &'static str,
    pub up_down: &'static str,
    pub copy_for: fn(i32) -> String,
    pub again: fn(i32) -> String,
    pub heartbeat: fn(i32) -> String,
    pub vote: &'static str,
    pub yes: &'static str,
    pub undelivered: &'static str,
    pub cluster_label: fn(usize, usize, usize) -> String,

    /// A record of the metadata log in few words.
    pub decision: fn(&Decision) -> String,
}

/// The beginning of a list or name in at most `most` characters, cut after a comma where there is one.
pub(super) fn beginning(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most - 1).collect();
    let kept = match short.rfind(',') {
        Some(comma) => &short[..comma],
        None => &short,
    };
    format!("{kept}…")
}

/// A broker, or a dash.
pub(super) fn known(broker: Option<base::BrokerId>) -> String {
    broker.map_or("–".to_owned(), |broker| broker.to_string())
}

/// Brokers with spaces between.
pub(super) fn spaced(brokers: &[base::BrokerId]) -> String {
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::beginning;
    use crate::text::{EN, Text, ZH, short};

    /// Widths in half characters: what is not ASCII is twice as wide where Chinese is written.
    fn half_widths(text: &str, words: &Text) -> usize {
        let wide = words.tag == "zh";
        text.chars().map(|letter| if letter.is_ascii() { 1 } else { 1 + usize::from(wide) }).sum()
    }

    #[test]
    fn a_list_is_cut_between_its_items() {
        assert_eq!(
            ["10, 11", "10, 11, 12", "123456789"].map(|text| beginning(text, 8)),
            ["10, 11", "10, 11…", "1234567…"]
        );
    }

    #[test]
    fn lines_of_a_card_have_room_on_it() {
        for words in [&EN, &ZH] {
            let stage = &words.stage;
            let fits = |line: String| assert!(half_widths(&line, words) <= 18, "{line}");
            let names = ["orders-1", "o-99999", "ord…-123"];
            for count in 0..=99_999 {
                fits((stage.waiting_for)(&short(count), names[count as usize % 3]));
                fits((stage.in_flight)(count as usize));
            }
            for count in (0..=99_999).chain([999_999, 1_000_000, 999_999_999, u64::from(u32::MAX), 1 << 40]) {
                fits((stage.acked)(count));

                fits((stage.in_flight_sequence)(&format!("{count}, {}, {}, {}", count + 1, count + 2, count + 3)));
            }
            assert_eq!(short(99_999), "99k");
            (0..1_000).for_each(|broker| fits((stage.stale_leader)(broker)));
            for keys in [&["A"][..], &["A", "B"], &["A", "B", "C"], &["A", "B", "C", "D"]] {
                fits((stage.keys_to)(keys, "payme…-12"));
            }
            fits((stage.key_to)("…", "a.very.long.name.of.a.topic"));
            fits(stage.in_flight_none.to_owned());
            fits(stage.member_stopped.to_owned());
        }
    }

    #[test]
    fn words_beside_a_badge_are_short() {
        for words in [&EN, &ZH] {
            let (lanes, stage) = (&words.lanes, &words.stage);
            let fixed = [
                stage.leads_word,
                stage.in_sync,
                stage.out,
                stage.no_leader,
                lanes.named,
                lanes.believes,
                lanes.hung_leader,
                lanes.hung,
                lanes.out_leaderless,
                lanes.eligible,
                lanes.on_disk,
                lanes.empty,
            ];
            for word in fixed {
                assert!(half_widths(word, words) <= 17, "{word}");
            }
            for count in 0..=99_999 {
                let (behind, catches_up) = ((stage.behind)(count), (lanes.catches_up)(count.unsigned_abs()));
                assert!(
                    half_widths(&behind, words) <= 17 && half_widths(&catches_up, words) <= 17,
                    "{behind}, {catches_up}"
                );
            }
        }
    }
}
