//! English: two branches side by side.

use crate::text::{CompareText, span_of, thousands};
use crate::{Compared, Measure, Pair, Part, Str};

pub(super) const COMPARE: CompareText = CompareText {
    say,
    measure,
    pair,
    part: |part, number| match part {
        Part::Sent => format!("{number} sent"),
        Part::Kept => format!("{number} acknowledged and not lost"),
        Part::Lost => format!("{number} lost"),
        Part::Waiting => format!("{number} under way"),
        Part::Failed => format!("{number} failed"),
        Part::Unanswered => format!("{number} never answered"),
    },
    comma: ", ",
    semicolon: "; ",
    no_difference: |list| format!("{list}: no difference"),
    and: |one, other| format!("{one} and {other}"),
    without: |act| format!("without: {act}"),
    as_it_was: "as it was",
    done_at: |at| format!("at {at}"),
    not_done: |at| format!("not done at {at}"),
    difference: |a, b| format!("{b} − {a}"),
    nothing_done: "Nothing else was done.",
    unwatched: |name, at| format!("{name} was watched up to {at}; from there it runs on and nobody acts."),
    first_difference: |event| format!("first difference: event {event}"),
    go_to_difference: "Go to the first difference",
    reports: |who, what| format!("{who}: {what}"),
    not_yet: |at, next| format!("Not yet. Next, at {at}: {next}"),
    nothing_more: "Nothing more so far.",
    looking: |at| format!("Looking for the first difference; none up to {at}."),
    alike: |at| format!("No difference up to {at}."),
    past_forgotten: "The past in which they part is given up.",
    drawn_short: |span| format!("{span}, drawn short"),
    copy: "Copy ledger",
    copied: "Ledger copied.",
    ledger_at: |at| format!("ledger at {at}"),
    one_clock: "One clock moves both runs. Click an event: both stages go to that instant.",
    only_one: "There is one branch so far. Fork here (F), change something, and compare.",
    both: |a, b| format!("{a} | {b}"),
    both_label: |both| format!("{both}, both stages side by side"),
};

/// Small counts as words, for a headline.
fn spelled(count: u64) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    usize::try_from(count)
        .ok()
        .and_then(|count| WORDS.get(count))
        .map_or_else(|| thousands(count), |word| (*word).to_owned())
}

/// Alone at the end of a clause.
fn or_none(count: u64) -> String {
    if count == 0 { "none".to_owned() } else { spelled(count) }
}

fn messages(count: u64) -> String {
    format!("{} {}", spelled(count), if count == 1 { "message" } else { "messages" })
}

fn say(said: &Compared, names: &[Str; 2]) -> String {
    let [a, b] = names;
    match said {
        Compared::Behind { name, at } => format!("{name} is being replayed; it is at {at}."),
        Compared::Forgotten { name, from } => {
            format!("The past of {name} before {from} is given up; nothing is compared here.")
        }
        Compared::Differ { pair, by, also } => {
            let first = differ(pair, by.as_ref(), names);
            also.as_ref().map_or(first.clone(), |also| format!("{first} {}", price(also, names)))
        }
        Compared::SameNumbers => format!("{a} and {b} came to the same numbers so far."),
        Compared::Alike => format!("{a} and {b} are alike so far."),
    }
}

/// The worse first.
fn differ(pair: &Pair, by: Option<&Str>, names: &[Str; 2]) -> String {
    let [worse, better] = pair.ranked().unwrap_or([0, 1]);
    let (w, b) = (&names[worse], &names[better]);
    let [x, y] = [worse, better].map(|place| pair.values[place].unwrap_or_default());
    let believed = |by: Option<&Str>| match (by, x) {
        (Some(by), 1) => format!("one message that {by} believes is safe"),
        (Some(by), _) => format!("{} that {by} believes are safe", messages(x)),
        (None, _) => format!("{} whose success was reported", messages(x)),
    };
    match pair.measure {
        Measure::Lost => format!("{w} lost {}; {b} lost {}.", believed(by), or_none(y)),
        Measure::Failed => format!("In {w} {} failed; in {b} {}.", messages(x), or_none(y)),
        Measure::Unanswered => format!("In {w} nobody will be told of {}; in {b} of {}.", messages(x), or_none(y)),
        Measure::Skipped => format!("Readers jumped over {} in {w} and over {} in {b}.", messages(x), or_none(y)),
        Measure::Twice => format!("{w} delivered messages again {}; {b} {}.", times(x), times(y)),
        Measure::Reordered => format!("{w} delivered messages out of order {}; {b} {}.", times(x), times(y)),
        Measure::Leaderless if y == 0 => {
            format!("A partition had no leader for {} in {w}; in {b} none did without.", span_of(x))
        }
        Measure::Leaderless => format!("Without a leader for up to {} in {w}, and {} in {b}.", span_of(x), span_of(y)),
        Measure::Delivered => format!("{w} has delivered {}, {b} {}.", messages(x), spelled(y)),
        Measure::Answers => {
            format!("Half of the answers come within {} in {w}, and within {} in {b}.", span_of(x), span_of(y))
        }
        Measure::Waiting if x == 1 => format!("In {w} one message waits for an answer, in {b} {}.", or_none(y)),
        Measure::Waiting => format!("In {w} {} wait for an answer, in {b} {}.", messages(x), or_none(y)),
        Measure::Acked => format!("{w} has acknowledged {}, {b} {}.", messages(x), spelled(y)),
        Measure::Committed => format!("In {w} {} can be read, in {b} {}.", messages(x), spelled(y)),
        Measure::Sent => format!("{w} has sent {}, {b} {}.", messages(x), spelled(y)),
    }
}

/// "once", "3 times", "never".
fn times(count: u64) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{} times", spelled(count)),
    }
}

fn price(pair: &Pair, names: &[Str; 2]) -> String {
    // Both take as long, or one has no answers.
    let Some([slow, quick]) = pair.ranked() else { return String::new() };
    let [x, y] = [slow, quick].map(|place| pair.values[place].unwrap_or_default());
    format!("{}'s median answer takes {} longer.", names[slow], span_of(x.saturating_sub(y)))
}

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Lost => "acknowledged and gone",
        Measure::Failed => "failed",
        Measure::Unanswered => "never answered",
        Measure::Skipped => "jumped over",
        Measure::Twice => "delivered again",
        Measure::Reordered => "out of order",
        Measure::Leaderless => "longest without a leader",
        Measure::Delivered => "delivered",
        Measure::Answers => "median answer time",
        Measure::Waiting => "under way",
        Measure::Acked => "acknowledged",
        Measure::Committed => "readable",
        Measure::Sent => "sent",
    }
}

fn pair(pair: &Pair, names: &[Str; 2]) -> String {
    let [a, b] = names;
    match pair.values {
        [Some(x), Some(y)] if x == y => same(pair.measure, x),
        [Some(_), Some(_)] => differ(pair, None, names),
        [Some(_), None] => format!("No answer has come in {b} so far."),
        [None, Some(_)] => format!("No answer has come in {a} so far."),
        [None, None] => "No answer has come in either so far.".to_owned(),
    }
}

fn same(measure: Measure, value: u64) -> String {
    let sentence = match (measure, value) {
        (Measure::Lost, 0) => "Neither lost a message whose success was reported.",
        (Measure::Leaderless, 0) => "Neither had a partition without a leader.",
        (_, 0) => "None in either.",
        (_, _) => "The same in both.",
    };
    sentence.to_owned()
}
